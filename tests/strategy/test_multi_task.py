"""Several answers at once, some missing: loss and gradient by hand, on TensorFlow and on JAX."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from dlspec.strategy.multi_task import (
    MISSING,
    MaskedBinaryAccuracy,
    MaskedBinaryCrossentropy,
    MultiTaskNetwork,
    count_labels,
    labels_from_table,
)
from dlspec.testing import assert_close, layer_table
from tests.backends import Call, outputs_on
from tests.complaints import complaints_test

# The lecture's table: pedestrians, cars, stop signs, traffic lights.
TABLE = [["1", "0", "?", "1"], ["?", "1", "?", "0"], ["?", "?", "?", "?"], ["0", "0", "1", "1"]]
Y = np.array([[1, 0, -1, 1], [-1, 1, -1, 0], [-1, -1, -1, -1], [0, 0, 1, 1]], dtype=np.float32)
KNOWN = Y != -1
Z = np.random.default_rng(0).normal(scale=2, size=(4, 4)).astype(np.float32)
P = 1 / (1 + np.exp(-Z))
SMALL = {"input_shape": (8, 8, 3), "tasks": 4, "filters": (4,)}

PURE_CALLS = {
    "labels_from_table": (TABLE,),
    "count_labels": (Y,),
    "MultiTaskNetwork": ((8, 8, 1), 2),
}


def loss_by_hand(y, z):
    """One label after the other, in float64."""
    total, n = 0.0, 0
    for label, logit in zip(y.flat, z.flat, strict=True):
        if label != -1:
            p = 1 / (1 + np.exp(-np.float64(logit)))
            total += -np.log(p) if label == 1 else -np.log(1 - p)
            n += 1
    return total / n


def gradient_by_hand(y, z):
    """dJ/dz = (sigmoid(z) - y) / n where y is known, and nothing elsewhere."""
    known = y != -1
    return np.where(known, 1 / (1 + np.exp(-z.astype(np.float64))) - y, 0) / known.sum()


def value_and_gradient(loss, y, prediction):
    prediction = tf.Variable(prediction)
    with tf.GradientTape() as tape:
        value = loss(y, prediction)
    return float(value), tape.gradient(value, prediction).numpy()


# --- Loss -----------------------------------------------------------------------------------------


def test_loss_and_gradient_from_logits_by_hand():
    value, gradient = value_and_gradient(MaskedBinaryCrossentropy(from_logits=True), Y, Z)
    assert_close(value, loss_by_hand(Y, Z), rtol=1e-6)
    assert_close(gradient, gradient_by_hand(Y, Z), rtol=1e-5)
    assert (gradient[~KNOWN] == 0).all()
    assert (gradient[KNOWN] != 0).all()


def test_loss_and_gradient_from_probabilities_by_hand():
    value, gradient = value_and_gradient(MaskedBinaryCrossentropy(), Y, P)
    assert_close(value, loss_by_hand(Y, Z), rtol=1e-5)
    expected = gradient_by_hand(Y, Z) / (P * (1 - P))  # dz/dp
    assert_close(gradient, expected, rtol=1e-4)
    assert (gradient[~KNOWN] == 0).all()


def test_a_tiny_batch_on_paper():
    """Known: -log 0.8, -log(1 - 0.4), -log 0.5, three of four labels."""
    y, p = np.array([[1.0, 0.0], [-1.0, 1.0]]), np.array([[0.8, 0.4], [0.99, 0.5]])
    expected = (0.2231436 + 0.5108256 + 0.6931472) / 3
    assert_close(float(MaskedBinaryCrossentropy()(y, p)), expected, rtol=1e-6)


def test_with_all_labels_it_is_the_loss_of_keras():
    y = (Z > 0.5).astype(np.float32)
    for from_logits, prediction in [(True, Z), (False, P)]:
        theirs = keras.losses.BinaryCrossentropy(from_logits=from_logits)(y, prediction)
        ours = MaskedBinaryCrossentropy(from_logits=from_logits)(y, prediction)
        assert_close(float(ours), float(theirs), rtol=1e-5)


def test_what_is_predicted_for_a_missing_label_does_not_matter():
    loss = MaskedBinaryCrossentropy(from_logits=True)
    other = np.where(KNOWN, Z, 1e4).astype(np.float32)
    value, gradient = value_and_gradient(loss, Y, other)
    assert_close(value, float(loss(Y, Z)), rtol=0)
    assert (gradient[~KNOWN] == 0).all()


@pytest.mark.parametrize("from_logits", [True, False])
def test_a_batch_without_any_label_costs_nothing(from_logits):
    y = np.full((3, 2), MISSING)
    prediction = np.full((3, 2), 0.3, np.float32)
    value, gradient = value_and_gradient(MaskedBinaryCrossentropy(from_logits), y, prediction)
    assert value == 0
    assert_close(gradient, np.zeros((3, 2), np.float32), rtol=0)


def test_extreme_predictions_stay_finite_and_exact():
    """-log sigmoid(z) is -z for z = -200 and e^-z for z = 30; naive forms give inf and 0."""
    loss = MaskedBinaryCrossentropy(from_logits=True)
    for z, y, expected in [
        (-200, 1, 200),
        (30, 1, np.exp(-30)),
        (200, 0, 200),
        (-30, 0, np.exp(-30)),
    ]:
        found = float(loss(np.array([[y]]), np.array([[z]], np.float32)))
        assert_close(found, expected, rtol=1e-5)
    certain = MaskedBinaryCrossentropy()(np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]]))
    assert_close(float(certain), -np.log(1e-7), rtol=0.01)


def test_labels_may_be_whole_numbers():
    loss = MaskedBinaryCrossentropy(from_logits=True)
    assert_close(float(loss(Y.astype(np.int8), Z)), float(loss(Y, Z)), rtol=0)


def test_weights_of_examples():
    loss, weight = MaskedBinaryCrossentropy(from_logits=True), np.array([1.0, 0.5, 2.0, 0.0])
    whole = sum(
        w * loss_by_hand(y, z) * (y != -1).sum()
        for y, z, w in zip(Y, Z, weight, strict=True)
        if (y != -1).any()
    )
    assert_close(float(loss(Y, Z, weight)), whole / KNOWN.sum(), rtol=1e-6)


# --- Metric ---------------------------------------------------------------------------------------


def test_accuracy_counts_known_labels_over_batches():
    metric = MaskedBinaryAccuracy()
    assert float(metric.result()) == 0
    metric.update_state(np.full((2, 4), MISSING), np.ones((2, 4)))
    assert float(metric.result()) == 0
    metric.update_state(Y[:1], P[:1])
    metric.update_state(Y[1:], P[1:])
    right = ((P > 0.5) == Y)[KNOWN]
    assert 0 < right.mean() < 1
    assert_close(float(metric.result()), right.mean(), rtol=1e-6)


def test_accuracy_of_one_task_and_of_logits():
    for task in range(4):
        metric = MaskedBinaryAccuracy(threshold=0, task=task)
        metric.update_state(Y, Z)
        known = KNOWN[:, task]
        expected = ((Z > 0) == Y)[known, task].mean()
        assert_close(float(metric.result()), expected, rtol=1e-6)


def test_accuracy_with_weights():
    metric, weight = MaskedBinaryAccuracy(), np.array([1.0, 3.0, 1.0, 0.0])
    metric.update_state(Y, P, weight)
    right = ((P > 0.5) == Y) & KNOWN
    expected = (right * weight[:, None]).sum() / (KNOWN * weight[:, None]).sum()
    assert_close(float(metric.result()), expected, rtol=1e-6)


# --- Network --------------------------------------------------------------------------------------


def test_table():
    assert layer_table(MultiTaskNetwork((8, 8, 3), 4, filters=(5, 6), dropout=0.1)) == [
        ("inputs", "InputLayer", (8, 8, 3), 0),
        ("trunk_1_conv", "Conv2D", (8, 8, 5), 135),
        ("trunk_1_norm", "BatchNormalization", (8, 8, 5), 20),
        ("trunk_1_relu", "ReLU", (8, 8, 5), 0),
        ("trunk_1_pool", "MaxPooling2D", (4, 4, 5), 0),
        ("trunk_2_conv", "Conv2D", (4, 4, 6), 270),
        ("trunk_2_norm", "BatchNormalization", (4, 4, 6), 24),
        ("trunk_2_relu", "ReLU", (4, 4, 6), 0),
        ("trunk_2_pool", "MaxPooling2D", (2, 2, 6), 0),
        ("features_1_pool", "GlobalAveragePooling2D", (6,), 0),
        ("features_1_dropout", "Dropout", (6,), 0),
        ("output_1_linear", "Dense", (4,), 28),
        ("output_1_activation", "Activation", (4,), 0),
    ]


def test_a_task_more_costs_one_output_only():
    counts = [MultiTaskNetwork((16, 16, 3), k, filters=(4, 8)).count_params() for k in (1, 2, 5)]
    assert np.diff(counts).tolist() == [9, 27]


def test_building_twice_gives_the_same_names():
    first, second = MultiTaskNetwork(**SMALL), MultiTaskNetwork(**SMALL)
    assert [w.path for w in first.weights] == [w.path for w in second.weights]


@pytest.fixture(scope="module")
def pictures():
    return np.random.default_rng(1).uniform(size=(4, 8, 8, 3)).astype(np.float32)


@pytest.fixture(scope="module")
def trained(pictures):
    """One training step, and the weights before it."""
    keras.utils.set_random_seed(0)
    model = MultiTaskNetwork(**SMALL)
    before = model.get_weights()
    metrics = [MaskedBinaryAccuracy(), MaskedBinaryAccuracy(task=2, name="stop_signs")]
    model.compile(keras.optimizers.SGD(0.1), MaskedBinaryCrossentropy(), metrics=metrics)
    logs = model.train_on_batch(pictures, Y, return_dict=True)
    return model, before, logs


def test_one_training_step(trained):
    model, before, logs = trained
    assert set(logs) == {"loss", "masked_binary_accuracy", "stop_signs"}
    assert np.isfinite(list(logs.values())).all()
    for now, start in zip(model.get_weights(), before, strict=True):
        assert (now != start).any()


def test_saved_and_loaded_with_loss_and_metrics(trained, pictures, tmp_path):
    model = trained[0]
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert_close(loaded(pictures).numpy(), model(pictures).numpy(), rtol=0)
    found, expected = (m.evaluate(pictures, Y, verbose=0) for m in (loaded, model))
    assert_close(found, expected, rtol=1e-6)


def test_round_trips_of_loss_and_metric():
    loss = MaskedBinaryCrossentropy(from_logits=True, name="mine")
    written = keras.losses.serialize(loss)
    assert written["registered_name"] == "dlspec>MaskedBinaryCrossentropy"
    assert keras.losses.deserialize(written).get_config() == loss.get_config()
    metric = MaskedBinaryAccuracy(threshold=0.0, task=1)
    again = keras.metrics.deserialize(keras.metrics.serialize(metric))
    assert again.get_config() == metric.get_config()
    assert (again.threshold, again.task) == (0.0, 1)


def test_an_unlabelled_task_does_not_move_its_output(pictures):
    model = MultiTaskNetwork(**SMALL)
    kernel, bias = (w.copy() for w in model.get_layer("output_1_linear").get_weights())
    y = np.array([[1, -1, 0, -1]] * 4)
    model.compile(keras.optimizers.SGD(0.5), MaskedBinaryCrossentropy())
    model.train_on_batch(pictures, y)
    now_kernel, now_bias = model.get_layer("output_1_linear").get_weights()
    assert_close(now_kernel[:, [1, 3]], kernel[:, [1, 3]], rtol=0)
    assert (now_bias != bias).tolist() == [True, False, True, False]


class LossOnJax:
    """Value and gradient of the loss as if they were outputs of a model, for `outputs_on`."""

    def __init__(self, from_logits):
        self.loss = MaskedBinaryCrossentropy(from_logits=from_logits)

    def set_weights(self, weights):
        """There are none."""

    def __call__(self, inputs, training):
        import jax

        y, prediction = inputs
        value, gradient = jax.value_and_grad(lambda p: self.loss(y, p))(prediction)
        metric = MaskedBinaryAccuracy(threshold=0.0 if self.loss.from_logits else 0.5)
        metric.update_state(y, prediction)
        return [value, gradient, metric.result()]


def test_jax_gives_the_same_outputs_losses_and_gradients(tmp_path, pictures):
    model = MultiTaskNetwork(**SMALL)
    none = np.full_like(Y, MISSING)
    calls = [
        Call(
            f"{MultiTaskNetwork.__module__}.MultiTaskNetwork",
            SMALL,
            model.get_weights(),
            [pictures],
        ),
        Call(f"{__name__}.LossOnJax", {"from_logits": True}, [], [Y, Z]),
        Call(f"{__name__}.LossOnJax", {"from_logits": False}, [], [Y, P]),
        Call(f"{__name__}.LossOnJax", {"from_logits": True}, [], [none, Z]),
    ]
    [output], logits, probabilities, empty = outputs_on("jax", calls, tmp_path)
    assert_close(output, model(pictures).numpy(), rtol=1e-5)
    expected = gradient_by_hand(Y, Z)
    for (value, gradient, accuracy), dp in [(logits, 1), (probabilities, P * (1 - P))]:
        assert_close(value, loss_by_hand(Y, Z), rtol=1e-5)
        assert_close(gradient * dp, expected, rtol=1e-4)
        assert (gradient[~KNOWN] == 0).all()
        assert_close(accuracy, ((P > 0.5) == Y)[KNOWN].mean(), rtol=1e-6)
    assert empty[0] == empty[2] == 0
    assert_close(empty[1], np.zeros((4, 4)), rtol=0)


# --- Labels ---------------------------------------------------------------------------------------


def test_labels_of_the_lecture():
    labels = labels_from_table(TABLE)
    assert labels.dtype == np.float32
    assert_close(labels, Y, rtol=0)


def test_other_spellings():
    nan = float("nan")
    rows = [[" Yes", "NO", "", None], [True, False, nan, np.nan], [np.int64(1), 0.0, "true", "?"]]
    expected = [[1, 0, -1, -1], [1, 0, -1, -1], [1, 0, 1, -1]]
    assert_close(labels_from_table(rows), expected, rtol=0)
    assert_close(labels_from_table(np.array(TABLE)), Y, rtol=0)
    mine = labels_from_table([["fog", "clear", "n/a"]], yes=["fog"], no=["clear"], missing=["N/A"])
    assert_close(mine, [[1, 0, -1]], rtol=0)


def test_counts():
    counts = count_labels(Y, ["pedestrian", "car", "stop sign", "light"])
    assert counts.known == {"pedestrian": 2, "car": 3, "stop sign": 1, "light": 3}
    assert counts.yes == {"pedestrian": 1 / 2, "car": 1 / 3, "stop sign": 1.0, "light": 2 / 3}
    assert counts.used["labels known"] == 9
    assert counts.used["known for car"] == 3
    assert counts.used["yes for stop sign"] == "100 %"
    assert counts.conclusion.startswith("All other tasks together bring more")
    assert "stop sign" in str(counts)


def test_a_task_with_most_of_the_labels_gains_little():
    labels = np.array([[1, -1, -1], [0, 1, -1], [1, -1, -1]])
    counts = count_labels(labels, ["car", "fog", "deer"])
    assert counts.conclusion.startswith("car has at least as many labels as all other tasks")
    assert np.isnan(counts.yes["deer"])
    assert "yes for deer" not in counts.used
    assert count_labels(labels[:, :1]).conclusion == "There is one task: nothing to share."


# --- Bad input ------------------------------------------------------------------------------------


def network(**options):
    return lambda folder: MultiTaskNetwork(**({"input_shape": (32, 32, 3), "tasks": 2} | options))


COMPLAINTS = [
    (
        lambda folder: labels_from_table("1 0 ?"),
        TypeError,
        "`rows` must be a list of rows. Received: str.",
    ),
    (
        lambda folder: labels_from_table(["1", "0"]),
        TypeError,
        "`rows` must be a list of rows. Received: list.",
    ),
    (
        lambda folder: labels_from_table([]),
        ValueError,
        "`rows` must hold at least one answer. Received: none.",
    ),
    (
        lambda folder: labels_from_table([["1", "0"], ["1"]]),
        ValueError,
        "`rows[1]` must have 2 entries, as the first row. Received: 1.",
    ),
    (
        lambda folder: labels_from_table([["1", "0"], ["1", "2"]]),
        ValueError,
        "`rows[1][1]` must be one of 1, '1', 'yes', 'true', 0, '0', 'no', 'false', '?', '', None. "
        "Received: '2'.",
    ),
    (
        lambda folder: count_labels([["1"]]),
        TypeError,
        "`labels` must be numbers. Received: dtype <U1.",
    ),
    (
        lambda folder: count_labels([1, 0]),
        ValueError,
        "`labels` must have shape (m, k). Received: (2,).",
    ),
    (
        lambda folder: count_labels([[1, 0], [2, np.nan]]),
        ValueError,
        "`labels` must be 0, 1 or -1 (missing). Received: 2 others such as 2.0.",
    ),
    (
        lambda folder: count_labels([[1, 0]], ["car"]),
        ValueError,
        "`tasks` must be 2 different names. Received: ['car'].",
    ),
    (network(tasks=0), ValueError, "`tasks` must be at least 1. Received: 0."),
    (
        network(filters=16),
        TypeError,
        "`filters` must be a tuple of whole numbers. Received: 16.",
    ),
    (
        network(input_shape=[]),
        ValueError,
        "`input_shape` must be (height, width, channels). Received: ().",
    ),
    (network(filters=(16, 0)), ValueError, "`filters[1]` must be at least 1. Received: 0."),
    (
        network(input_shape=(7, 32, 3)),
        ValueError,
        "`input_shape` must be at least 8 pixels high and wide. Received: (7, 32, 3). "
        "Smaller maps would vanish on their way through the network.",
    ),
    (network(dropout=1.0), ValueError, "`dropout` must be in [0, 1). Received: 1.0."),
    (
        network(activation="softmax"),
        ValueError,
        "`activation` must be a known name. Received: 'softmax'. Known: sigmoid, linear.",
    ),
    (
        lambda folder: MaskedBinaryAccuracy(task=-1),
        ValueError,
        "`task` must be at least 0. Received: -1.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
