"""The regularised network and the schedules in Keras: tables, NumPy twins, JAX, bad input."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from dlspec.optimization import batch_normalization
from dlspec.optimization.models import (
    ExponentialDecay,
    InverseTimeDecay,
    RegularizedNetwork,
    SquareRootDecay,
    StaircaseDecay,
)
from dlspec.testing import assert_close, layer_table
from tests.backends import Call, outputs_on
from tests.complaints import complaints_test

PURE_CALLS = {"RegularizedNetwork": ([2, 3, 2],)}

OPTIONS = [
    {},
    {"output": "sigmoid"},
    {"l1": 0.01, "l2": 0.02},
    {"dropout": 0.4},
    {"batch_norm": True},
    {"batch_norm": True, "dropout": 0.25, "l2": 0.1, "initializer": "xavier", "name": "all"},
]
each_network = pytest.mark.parametrize("options", OPTIONS, ids=str)

SCHEDULES = [
    InverseTimeDecay(0.2, 7, 0.5),
    StaircaseDecay(0.2, 7, 0.5, 3),
    ExponentialDecay(0.2, 7, 0.9),
    SquareRootDecay(0.2, 7, 0.5),
]
each_schedule = pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda s: type(s).__name__)


def network(options):
    """A small one whose weights, moving averages included, are none of them 0 or 1."""
    model, random = RegularizedNetwork([4, 6, 5, 3], **options), np.random.default_rng(0)
    model.set_weights([random.uniform(0.2, 1, w.shape) for w in model.get_weights()])
    for layer in model.layers:
        if isinstance(layer, keras.layers.Dense):
            layer.kernel.assign(random.normal(size=layer.kernel.shape) / 2)
    return model


def examples(m=8, seed=1):
    return np.random.default_rng(seed).normal(size=(m, 4)).astype(keras.config.floatx())


# --- Network: tables ------------------------------------------------------------------------------


def test_parameter_counts_by_hand():
    plain = 6 * 5 + 5 * 7 + 3 * 6
    assert RegularizedNetwork([4, 6, 5, 3]).count_params() == plain
    assert RegularizedNetwork([4, 6, 5, 3], l1=1, dropout=0.5).count_params() == plain
    normalised = RegularizedNetwork([4, 6, 5, 3], batch_norm=True)
    assert normalised.count_params() == plain - 11 + 4 * 11
    assert sum(w.value.numpy().size for w in normalised.trainable_weights) == plain - 11 + 2 * 11


def test_table_of_the_plain_network():
    assert layer_table(RegularizedNetwork([4, 6, 3], output="sigmoid")) == [
        ("inputs", "InputLayer", (4,), 0),
        ("hidden_1_linear", "Dense", (6,), 30),
        ("hidden_1_activation", "Activation", (6,), 0),
        ("output_1_linear", "Dense", (3,), 21),
        ("output_1_activation", "Activation", (3,), 0),
    ]


def test_table_with_all_options():
    model = RegularizedNetwork([4, 6, 5, 3], batch_norm=True, dropout=0.5, l2=0.1)
    assert layer_table(model) == [
        ("inputs", "InputLayer", (4,), 0),
        ("hidden_1_linear", "Dense", (6,), 24),
        ("hidden_1_norm", "BatchNormalization", (6,), 24),
        ("hidden_1_activation", "Activation", (6,), 0),
        ("hidden_1_dropout", "Dropout", (6,), 0),
        ("hidden_2_linear", "Dense", (5,), 30),
        ("hidden_2_norm", "BatchNormalization", (5,), 20),
        ("hidden_2_activation", "Activation", (5,), 0),
        ("hidden_2_dropout", "Dropout", (5,), 0),
        ("output_1_linear", "Dense", (3,), 18),
        ("output_1_activation", "Activation", (3,), 0),
    ]


@each_network
def test_building_twice_gives_the_same_names(options):
    first, second = (RegularizedNetwork([4, 6, 5, 3], **options) for _ in range(2))
    assert first.name == second.name == options.get("name", "regularized_network")
    assert [layer.name for layer in first.layers] == [layer.name for layer in second.layers]
    assert [w.path for w in first.weights] == [w.path for w in second.weights]


@each_network
def test_forward_gives_probabilities(options):
    probabilities = network(options)(examples()).numpy()
    assert probabilities.shape == (8, 3)
    assert probabilities.dtype == np.float32
    assert probabilities.min() >= 0
    assert probabilities.max() <= 1
    if options.get("output") != "sigmoid":
        assert_close(probabilities.sum(axis=1), np.ones(8), rtol=1e-6)


def test_sigmoid_outputs_stand_each_on_its_own():
    model = network({"output": "sigmoid"})
    linear = keras.Model(model.input, model.get_layer("output_1_linear").output)
    expected = 1 / (1 + np.exp(-linear(examples()).numpy()))
    assert_close(model(examples()).numpy(), expected, rtol=1e-5)


# --- Network: options -----------------------------------------------------------------------------


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize("batch_norm", [True, False])
def test_network_equals_its_numpy_twin(batch_norm, monkeypatch):
    """The same cost and gradients on a batch; Keras' epsilon is 1e-3."""
    monkeypatch.setattr(batch_normalization, "EPSILON", 1e-3)
    model, x = network({"batch_norm": batch_norm}), examples()
    labels = np.random.default_rng(2).integers(0, 3, size=8)
    with tf.GradientTape() as tape:
        losses = keras.losses.sparse_categorical_crossentropy(labels, model(x, training=True))
        cost = tf.reduce_mean(losses)
    names = []
    for l in (1, 2, 3):
        names += [f"W{l}", f"gamma{l}", f"beta{l}"] if batch_norm and l < 3 else [f"W{l}", f"b{l}"]
    weights = model.trainable_weights

    def columns(name, value):
        return value.T if name[0] == "W" else value[:, None]

    parameters = {n: columns(n, w.numpy()) for n, w in zip(names, weights, strict=True)}
    gradients = tape.gradient(cost, [w.value for w in weights])
    expected = {f"d{n}": columns(n, d.numpy()) for n, d in zip(names, gradients, strict=True)}
    Y = np.eye(3)[:, labels]
    grads, own_cost = batch_normalization.propagate(parameters, x.T, Y)
    assert_close(own_cost, float(cost), rtol=1e-10)
    assert_close(grads, expected, rtol=1e-8, atol=1e-13)


@pytest.mark.usefixtures("float64")
def test_network_at_test_time_equals_its_numpy_twin(monkeypatch):
    monkeypatch.setattr(batch_normalization, "EPSILON", 1e-3)
    model, x = network({"batch_norm": True}), examples(40)
    parameters, statistics = {}, []
    for l in (1, 2):
        gamma, beta, mean, variance = (
            w[:, None] for w in model.get_layer(f"hidden_{l}_norm").get_weights()
        )
        parameters[f"W{l}"] = model.get_layer(f"hidden_{l}_linear").kernel.numpy().T
        parameters |= {f"gamma{l}": gamma, f"beta{l}": beta}
        statistics.append({"mean": mean, "variance": variance, "weight": np.ones((1, 1))})
    kernel, bias = model.get_layer("output_1_linear").get_weights()
    parameters |= {"W3": kernel.T, "b3": bias[:, None]}
    classes = model(x).numpy().argmax(axis=1)
    assert len(set(classes)) > 1
    assert_close(batch_normalization.predict(parameters, x.T, statistics), classes, rtol=0)


def test_penalties_are_sums_over_all_kernels():
    model = network({"l1": 0.01, "l2": 0.02})
    kernels = [w.numpy() for w in model.weights if w.name == "kernel"]
    assert len(kernels) == 3
    expected = sum(0.01 * np.abs(k).sum() + 0.02 * (k**2).sum() for k in kernels)
    assert_close(float(sum(model.losses)), expected, rtol=1e-6)
    assert not network({}).losses


def test_the_course_penalty_with_its_gradient():
    """J = lambda / (2 m) sum w^2 pulls at each weight with lambda / m w, and at no bias."""
    lambd, m = 0.7, 8
    model = network({"l2": lambd / (2 * m)})
    variables = [w.value for w in model.trainable_weights]
    with tf.GradientTape() as tape:
        penalty = tf.add_n(model.losses)
    for variable, pull in zip(variables, tape.gradient(penalty, variables), strict=True):
        if variable.shape.rank == 2:
            assert_close(pull.numpy(), lambd / m * variable.numpy(), rtol=1e-6)
        else:
            assert pull is None


def test_dropout_is_inverted_and_works_while_training_only():
    keras.utils.set_random_seed(0)
    model = RegularizedNetwork([4, 2000, 3], dropout=0.2)
    hidden = keras.Model(
        model.input, [model.get_layer(f"hidden_1_{r}").output for r in ("activation", "dropout")]
    )
    before, after = (a.numpy() for a in hidden(examples(), training=True))
    active = before > 0
    kept = after[active] > 0
    assert_close(kept.mean(), 0.8, atol=0.02)
    assert_close(after[active][kept], before[active][kept] / 0.8, rtol=1e-6)
    before, after = (a.numpy() for a in hidden(examples(), training=False))
    assert_close(after, before, rtol=0)


@pytest.mark.parametrize(
    ("initializer", "deviation"),
    [
        ("he", np.sqrt(2 / 400)),
        ("xavier", np.sqrt(1 / 400)),
        ("glorot", np.sqrt(2 / 700)),
        ("random", 10.0),
        ("zeros", 0.0),
    ],
)
def test_initialisers_have_the_deviation_of_their_formula(initializer, deviation):
    """120,000 normal numbers: deviation within 1 %, tails that a truncated one would lack."""
    keras.utils.set_random_seed(0)
    model = RegularizedNetwork([400, 300, 300, 1], initializer=initializer)
    W1, b1, W2 = model.get_weights()[:3]
    assert_close(W1.std(), np.float32(deviation), rtol=0.01)
    assert_close(np.mean(np.abs(W1) > 3 * deviation), 0.0027 * (deviation > 0), atol=0.0006)
    assert not b1.any()
    assert initializer == "zeros" or not np.array_equal(W1[:300], W2)


def test_he_is_the_default():
    keras.utils.set_random_seed(0)
    default = RegularizedNetwork([4, 3, 2]).get_weights()
    keras.utils.set_random_seed(0)
    he = RegularizedNetwork([4, 3, 2], initializer="he").get_weights()
    for own, other in zip(default, he, strict=True):
        assert_close(own, other, rtol=0)


# --- Network: what Keras does with it -------------------------------------------------------------


@each_network
def test_saved_and_loaded_models_answer_alike(options, tmp_path):
    model, x = network(options), examples()
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert_close(loaded(x).numpy(), model(x).numpy(), rtol=0)
    assert layer_table(loaded) == layer_table(model)
    assert_close([float(loss) for loss in loaded.losses], [float(loss) for loss in model.losses])


@each_network
def test_one_training_step_lowers_the_loss(options):
    """Dropout changes the question from step to step, so it is switched off here."""
    model, x = network(options | {"dropout": 0.0}), examples()
    y = np.eye(3)[np.random.default_rng(2).integers(0, 3, size=8)]
    sigmoid = options.get("output") == "sigmoid"
    loss = "binary_crossentropy" if sigmoid else "categorical_crossentropy"
    model.compile(keras.optimizers.SGD(1e-3), loss, run_eagerly=True)
    before, after = model.train_on_batch(x, y), model.train_on_batch(x, y)
    assert after < before


def test_jax_gives_the_same_outputs(tmp_path):
    calls, expected = [], []
    for options in OPTIONS:
        model, x = network(options), examples()
        kwargs = {"layer_dims": [4, 6, 5, 3], **options}
        name = "dlspec.optimization.models.RegularizedNetwork"
        calls.append(Call(name, kwargs, model.get_weights(), [x]))
        expected.append(model(x).numpy())
    for (output,), own in zip(outputs_on("jax", calls, tmp_path), expected, strict=True):
        assert_close(output, own, rtol=1e-5, atol=1e-7)


# --- Schedules ------------------------------------------------------------------------------------

FORMULAS = {
    "InverseTimeDecay": lambda epoch: 0.2 / (1 + 0.5 * epoch),
    "StaircaseDecay": lambda epoch: 0.2 / (1 + 0.5 * (epoch // 3)),
    "ExponentialDecay": lambda epoch: 0.2 * 0.9**epoch,
    "SquareRootDecay": lambda epoch: 0.2 * 0.5 / (epoch + 1) ** 0.5,
}


def rates(schedule, steps):
    return np.array([float(schedule(step)) for step in steps])


def test_the_lecture_on_inverse_time_decay():
    """alpha_0 = 0.2 and a decay rate of 1: 0.1, 0.067, 0.05, 0.04 in epochs 1 to 4."""
    found = rates(InverseTimeDecay(0.2, steps_per_epoch=1), range(1, 5))
    assert_close(found, [0.1, 0.067, 0.05, 0.04], atol=5e-4, rtol=0)


@each_schedule
def test_schedules_follow_their_formulas(schedule):
    steps = range(7 * 8)
    expected = np.array([FORMULAS[type(schedule).__name__](step // 7) for step in steps])
    assert_close(rates(schedule, steps), expected, rtol=1e-6)


@pytest.mark.parametrize("kind", [InverseTimeDecay, StaircaseDecay])
def test_the_decay_rate_is_1_unless_set(kind):
    assert kind(0.1, 5).decay_rate == 1.0


def test_other_defaults():
    assert StaircaseDecay(0.1, 5).time_interval == 1000
    assert ExponentialDecay(0.1, 5).base == 0.95
    assert SquareRootDecay(0.1, 5).k == 1.0


def test_schedules_equal_those_of_keras_with_a_staircase():
    theirs = keras.optimizers.schedules
    pairs = [
        (SCHEDULES[0], theirs.InverseTimeDecay(0.2, 7, 0.5, staircase=True)),
        (SCHEDULES[1], theirs.InverseTimeDecay(0.2, 21, 0.5, staircase=True)),
        (SCHEDULES[2], theirs.ExponentialDecay(0.2, 7, 0.9, staircase=True)),
    ]
    for own, other in pairs:
        assert_close(rates(own, range(50)), rates(other, range(50)), rtol=1e-6)


def test_epochs_are_exact_after_many_steps():
    """Beyond 2^24 float32 no longer knows every step."""
    schedule, step = ExponentialDecay(0.2, 2**24 + 1, 0.5), 2**24
    assert_close(rates(schedule, [step, step + 1]), [0.2, 0.1], rtol=1e-6)


@each_schedule
def test_schedules_survive_a_round_trip(schedule):
    written = keras.optimizers.schedules.serialize(schedule)
    assert written["registered_name"] == f"dlspec>{type(schedule).__name__}"
    again = keras.optimizers.schedules.deserialize(written)
    assert type(again) is type(schedule)
    assert again.get_config() == schedule.get_config()
    assert_close(rates(again, range(50)), rates(schedule, range(50)), rtol=0)
    assert vars(type(schedule)(**schedule.get_config())) == vars(schedule)


@each_schedule
def test_an_optimizer_steps_at_the_scheduled_rates(schedule, tmp_path):
    """With the gradient 1 every step of plain descent is the rate itself; saved with the model."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    model.compile(keras.optimizers.SGD(schedule), "mse")
    weight, path = model.weights[0], []
    for _ in range(24):
        path.append(float(weight.numpy()[0, 0]))
        model.optimizer.apply([tf.ones((1, 1))], [weight])
    assert_close(-np.diff(path), rates(schedule, range(23)), atol=1e-6, rtol=1e-5)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    rate, expected = loaded.optimizer.learning_rate, model.optimizer.learning_rate
    assert_close(float(rate), float(expected), rtol=0)
    assert_close(float(rate), float(schedule(24)), rtol=1e-6)


@each_schedule
def test_fit_takes_a_schedule(schedule):
    """In a compiled training step the number of the step is a tensor."""
    model = RegularizedNetwork([4, 3])
    model.compile(keras.optimizers.SGD(schedule), "sparse_categorical_crossentropy")
    model.fit(examples(16), np.zeros(16), batch_size=2, epochs=1, verbose=0)
    assert_close(float(model.optimizer.learning_rate), float(schedule(8)), rtol=1e-6)


# --- Bad input ------------------------------------------------------------------------------------


def options(**given):
    return lambda folder: RegularizedNetwork([4, 3, 2], **given)


COMPLAINTS = [
    (
        lambda folder: RegularizedNetwork([4]),
        ValueError,
        "`layer_dims` must hold the inputs and at least 1 layer. Received: [4].",
    ),
    (
        options(output="sotfmax"),
        ValueError,
        "`output` must be a known name. Received: 'sotfmax'. Did you mean softmax? "
        "Known: sigmoid, softmax.",
    ),
    (
        options(initializer="He"),
        ValueError,
        "`initializer` must be a known name. Received: 'He'. Did you mean he? "
        "Known: he, xavier, glorot, random, zeros.",
    ),
    (
        options(l1=-0.1),
        ValueError,
        "`l1` must be at least 0. Received: -0.1.",
    ),
    (
        options(l2="0.1"),
        TypeError,
        "`l2` must be a real number. Received: '0.1' (str).",
    ),
    (
        options(dropout=1.0),
        ValueError,
        "`dropout` must lie in [0, 1). Received: 1.0.",
    ),
    (
        options(dropout=-0.5),
        ValueError,
        "`dropout` must lie in [0, 1). Received: -0.5.",
    ),
    (
        options(dropout=None),
        TypeError,
        "`dropout` must be a real number. Received: None (NoneType).",
    ),
    (
        lambda folder: InverseTimeDecay(0, 10),
        ValueError,
        "`learning_rate0` must be a positive finite number. Received: 0.",
    ),
    (
        lambda folder: InverseTimeDecay(0.1, 0),
        ValueError,
        "`steps_per_epoch` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: InverseTimeDecay(0.1, 10, -1),
        ValueError,
        "`decay_rate` must be at least 0. Received: -1.",
    ),
    (
        lambda folder: StaircaseDecay(0.1, 10, -1),
        ValueError,
        "`decay_rate` must be at least 0. Received: -1.",
    ),
    (
        lambda folder: StaircaseDecay(0.1, 10, time_interval=0.5),
        TypeError,
        "`time_interval` must be a whole number. Received: 0.5 (float).",
    ),
    (
        lambda folder: ExponentialDecay(0.1, 10, 0),
        ValueError,
        "`base` must be a positive finite number. Received: 0.",
    ),
    (
        lambda folder: ExponentialDecay(0.1, 10, 1.05),
        ValueError,
        "`base` must be at most 1. Received: 1.05.",
    ),
    (
        lambda folder: SquareRootDecay(0.1, 10, -2),
        ValueError,
        "`k` must be a positive finite number. Received: -2.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
