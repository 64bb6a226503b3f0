"""Candidates, what they cost, and the knobs: tables, bytes by hand, the lecture's cases, JAX."""

import json
import time

import keras
import numpy as np
import pytest

from dlspec.strategy import bird_recognition as exercise
from dlspec.strategy.bird_recognition import (
    AIMS,
    KNOBS,
    BirdNetwork,
    measure_run_time,
    model_memory,
    turn_knobs,
)
from dlspec.testing import assert_close, layer_table
from tests.backends import Call, outputs_on
from tests.complaints import complaints_test

OPTIONS = {
    "plain": {"input_shape": (12, 10, 3), "filters": (4, 5)},
    "regularised": {"input_shape": (9, 8, 1), "filters": (3,), "dropout": 0.5, "l2": 0.01},
}
each = pytest.mark.parametrize("name", OPTIONS)


@pytest.fixture(scope="module")
def networks():
    """Small ones whose weights, moving averages included, are none of them 0 or 1."""
    random, built = np.random.default_rng(0), {}
    for name, options in OPTIONS.items():
        model = BirdNetwork(**options)
        model.set_weights([random.uniform(0.2, 1, w.shape) for w in model.get_weights()])
        for layer in model.layers:
            if isinstance(layer, (keras.layers.Conv2D, keras.layers.Dense)):
                layer.kernel.assign(random.normal(size=layer.kernel.shape) / 2)
        built[name] = model
    return built


def pictures(name, m=5):
    shape = OPTIONS[name]["input_shape"]
    return np.random.default_rng(1).integers(0, 256, (m, *shape)).astype(np.float32)


SMALL = BirdNetwork((8, 8, 3), (2,))
IMAGES = np.zeros((3, 8, 8, 3), np.float32)
ERRORS = {"human": 0.01, "train": 0.08, "dev": 0.10}
TURNED = {"bigger network": {"train": 0.03, "dev": 0.05}}

PURE_CALLS = {
    "BirdNetwork": ([8, 8, 3], [4, 4]),
    "measure_run_time": (SMALL, IMAGES, 2),
    "model_memory": (SMALL,),
    "turn_knobs": (ERRORS, TURNED),
}


# --- Candidates -----------------------------------------------------------------------------------


def test_table_of_the_network():
    assert layer_table(BirdNetwork((12, 10, 3), (4, 5), dropout=0.1)) == [
        ("inputs", "InputLayer", (12, 10, 3), 0),
        ("input_1_scale", "Rescaling", (12, 10, 3), 0),
        ("stage_1_conv", "Conv2D", (12, 10, 4), 9 * 3 * 4),
        ("stage_1_norm", "BatchNormalization", (12, 10, 4), 4 * 4),
        ("stage_1_activation", "Activation", (12, 10, 4), 0),
        ("stage_1_pool", "MaxPooling2D", (6, 5, 4), 0),
        ("stage_2_conv", "Conv2D", (6, 5, 5), 9 * 4 * 5),
        ("stage_2_norm", "BatchNormalization", (6, 5, 5), 4 * 5),
        ("stage_2_activation", "Activation", (6, 5, 5), 0),
        ("stage_2_pool", "MaxPooling2D", (3, 2, 5), 0),
        ("head_1_pool", "GlobalMaxPooling2D", (5,), 0),
        ("head_1_dropout", "Dropout", (5,), 0),
        ("head_1_linear", "Dense", (1,), 6),
        ("head_1_activation", "Activation", (1,), 0),
    ]


@pytest.mark.parametrize(
    ("shape", "filters"), [((64, 64, 3), (8, 16, 32)), ((24, 24, 1), (5,)), ((48, 32, 3), (2, 3))]
)
def test_parameter_counts_by_hand(shape, filters):
    before = (shape[2], *filters[:-1])
    expected = (
        sum(9 * a * b + 4 * b for a, b in zip(before, filters, strict=True)) + filters[-1] + 1
    )
    assert BirdNetwork(shape, filters).count_params() == expected


def test_building_twice_gives_the_same_names():
    first, second = (BirdNetwork((8, 8, 3), (2, 3), name="candidate") for _ in range(2))
    assert first.name == "candidate"
    assert [w.path for w in first.weights] == [w.path for w in second.weights]


@each
def test_forward_gives_the_numbers_of_a_loop(networks, name):
    """The same equations in NumPy, one pixel after the other."""
    network, x = networks[name], pictures(name, m=2)
    values = {w.path: np.asarray(w.value, float) for w in network.weights}
    A = x.astype(float) / 255
    for l in range(1, len(OPTIONS[name]["filters"]) + 1):
        A = stage_by_hand(A, values, l)
    Z = A.max(axis=(1, 2)) @ values["head_1_linear/kernel"] + values["head_1_linear/bias"]
    assert_close(np.asarray(network(x)), 1 / (1 + np.exp(-Z)), rtol=2e-4, atol=1e-6)


def stage_by_hand(A, values, l):
    m, H, W, _ = A.shape
    kernel = values[f"stage_{l}_conv/kernel"]
    wide, Z = np.pad(A, ((0, 0), (1, 1), (1, 1), (0, 0))), np.empty((m, H, W, kernel.shape[3]))
    for h in range(H):
        for w in range(W):
            Z[:, h, w] = np.tensordot(wide[:, h : h + 3, w : w + 3], kernel, 3)
    mean, variance = (values[f"stage_{l}_norm/moving_{name}"] for name in ("mean", "variance"))
    Z = (Z - mean) / np.sqrt(variance + 1e-3)
    A = np.maximum(values[f"stage_{l}_norm/gamma"] * Z + values[f"stage_{l}_norm/beta"], 0)
    h, w = H // 2, W // 2
    return A[:, : 2 * h, : 2 * w].reshape(m, h, 2, w, 2, -1).max(axis=(2, 4))


def test_a_bird_counts_wherever_it_is():
    """Moved by a whole number of pooling windows, away from the border, the answer is the same."""
    network = BirdNetwork((24, 24, 3), (4, 4))
    x = np.full((2, 24, 24, 3), 40.0, np.float32)
    x[0, 8:12, 8:12], x[1, 12:16, 12:16] = 250.0, 250.0
    first, second = np.asarray(network(x))
    assert_close(first, second, rtol=1e-6)


@each
def test_saved_and_loaded_it_gives_the_same_answers(networks, name, tmp_path):
    networks[name].save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert_close(np.asarray(loaded(pictures(name))), np.asarray(networks[name](pictures(name))))


def test_one_training_step():
    network = BirdNetwork(**OPTIONS["regularised"])
    network.compile("sgd", "binary_crossentropy", run_eagerly=True)
    before = network.get_weights()
    loss = network.train_on_batch(pictures("regularised", 4), np.array([0, 1, 0, 1]))
    assert np.isfinite(loss)
    trained = {w.path for w in network.trainable_weights}
    for variable, old in zip(network.weights, before, strict=True):
        if variable.path in trained:
            assert not np.array_equal(variable.numpy(), old), variable.path


def test_the_penalty_is_l2_of_all_kernels():
    network = BirdNetwork((8, 8, 3), (2, 3), l2=0.5)
    kernels = [w.numpy() for w in network.trainable_weights if w.path.endswith("kernel")]
    assert len(kernels) == 3
    assert_close(float(sum(network.losses)), 0.5 * sum(np.sum(k**2) for k in kernels), rtol=1e-5)
    assert BirdNetwork((8, 8, 3), (2, 3)).losses == []


def test_the_same_on_jax(networks, tmp_path):
    calls = [
        Call(
            "dlspec.strategy.bird_recognition.BirdNetwork",
            OPTIONS[name],
            networks[name].get_weights(),
            [pictures(name)],
        )
        for name in OPTIONS
    ]
    for name, (y,) in zip(OPTIONS, outputs_on("jax", calls, tmp_path), strict=True):
        assert_close(y, np.asarray(networks[name](pictures(name))), rtol=1e-4, atol=1e-6)


# --- What a candidate costs -----------------------------------------------------------------------


def test_memory_by_hand():
    """Weights of 4 bytes; the largest output is that of the first convolution."""
    memory = model_memory(BirdNetwork((24, 20, 3), (8, 16)))
    weights = 9 * 3 * 8 + 4 * 8 + 9 * 8 * 16 + 4 * 16 + 17
    assert memory.weights == 4 * weights
    assert memory.largest_activation == 4 * 24 * 20 * 8
    assert memory.total == memory.weights + memory.largest_activation
    assert memory.used["numbers in weights"] == weights
    assert memory.used["largest output"] == "that of stage_1_conv"


def test_memory_counts_bytes_by_the_type_of_the_numbers():
    inputs = keras.Input((5, 2), name="inputs")
    outputs = keras.layers.Dense(3, dtype="float16")(inputs)
    memory = model_memory(keras.Model(inputs, outputs))
    assert memory.weights == 2 * (2 * 3 + 3)
    assert memory.largest_activation == max(4 * 5 * 2, 2 * 5 * 3)


class Slow(keras.layers.Layer):
    """Waits; counts its calls."""

    calls = 0

    def call(self, x):
        Slow.calls += 1
        time.sleep(0.02 if Slow.calls > 2 else 0.2)
        return x


def test_run_time_is_per_picture_and_leaves_out_the_first_calls():
    inputs = keras.Input((1,))
    model = keras.Model(inputs, Slow()(inputs))
    model.compile(run_eagerly=True)
    Slow.calls = 0
    measured = measure_run_time(model, np.zeros((4, 1)), repeats=5)
    assert Slow.calls == 2 + 5
    assert measured.batch_size == 4
    assert 5 <= measured.fastest <= measured.milliseconds <= measured.slowest
    assert measured.fastest < 40  # 20 ms for four; the first two calls took 200
    assert "4" in measured.conclusion
    assert measured.cannot_tell


def test_run_time_is_the_median(monkeypatch):
    ticks = iter([0, 1, 0, 2, 0, 9])
    monkeypatch.setattr(exercise.time, "perf_counter", lambda: next(ticks))
    measured = measure_run_time(SMALL, IMAGES[:2], repeats=3)
    assert (measured.fastest, measured.milliseconds, measured.slowest) == (500, 1000, 4500)


# --- Knobs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("errors", "aim", "gaps"),
    [
        ({"human": 0.01, "train": 0.08, "dev": 0.10}, "training set", [0.07, 0.02]),
        ({"human": 0.075, "train": 0.08, "dev": 0.10}, "dev set", [0.005, 0.02]),
        ({"human": 0, "train": 0.01, "dev": 0.02, "test": 0.1}, "test set", [0.01, 0.01, 0.08]),
        (
            {"human": 0, "train": 0.01, "dev": 0.02, "test": 0.03, "real use": 0.2},
            "real use",
            [0.01, 0.01, 0.01, 0.17],
        ),
        ({"human": 0.01, "train": 0.015, "dev": 0.02}, None, [0.005, 0.005]),
    ],
)
def test_the_largest_gap_names_the_knobs(errors, aim, gaps):
    """The lecture's numbers: human 1, train 8, dev 10 %; with human 7.5 % it is the other gap."""
    report = turn_knobs(errors)
    assert report.aim == aim
    assert_close(list(report.gaps.values()), gaps, rtol=1e-12)
    assert list(report.gaps) == list(AIMS[: len(gaps)])
    assert report.knobs == (KNOBS[aim] if aim else ())


@pytest.mark.parametrize(
    ("train", "dev", "closes", "opens"),
    [
        (0.03, 0.05, ["training set"], []),  # both fall alike: bias only
        (0.08, 0.09, [], []),  # within the noise of 1 point
        (0.08, 0.06, ["dev set"], []),  # the gap alone
        (0.05, 0.05, ["training set", "dev set"], []),  # train -3, gap -2
        (0.12, 0.11, ["dev set"], ["training set"]),  # early stopping: train +4, gap -3
        (0.04, 0.09, ["training set"], ["dev set"]),  # learnt by heart: train -4, gap +3
        (0.10, 0.14, [], ["training set", "dev set"]),
    ],
)
def test_which_gaps_a_knob_closes_and_opens(train, dev, closes, opens):
    (effect,) = turn_knobs(ERRORS, {"early stopping": {"train": train, "dev": dev}}).effects
    assert (list(effect.closes), list(effect.opens)) == (closes, opens)
    assert_close(effect.train, train - 0.08, rtol=1e-9, atol=1e-12)
    assert_close(effect.dev, dev - 0.10, rtol=1e-9, atol=1e-12)
    assert_close(sum(effect.moved.values()), effect.dev, rtol=1e-9, atol=1e-12)


def test_every_knob_is_meant_for_one_gap_and_early_stopping_for_none():
    knobs = [knob for names in KNOBS.values() for knob in names]
    assert len(set(knobs)) == len(knobs)
    turned = {knob: {"train": 0.08, "dev": 0.1} for knob in (*knobs, "early stopping")}
    meant = {effect.knob: effect.meant_for for effect in turn_knobs(ERRORS, turned).effects}
    assert meant.pop("early stopping") is None
    assert all(knob in KNOBS[aim] for knob, aim in meant.items())


def test_the_best_knob_comes_first_and_is_named():
    turned = {
        "early stopping": {"train": 0.12, "dev": 0.11},
        "regularization": {"train": 0.085, "dev": 0.09},
        **TURNED,
    }
    report = turn_knobs(ERRORS, turned)
    assert [e.knob for e in report.effects] == [
        "bigger network",
        "regularization",
        "early stopping",
    ]
    assert report.conclusion == (
        "The largest gap is that of the training set, 7 points: turn bigger network or longer "
        "training or better optimizer. Of those turned, bigger network brought the dev error "
        "lowest, to 5 %. Closed a gap and opened none: bigger network, regularization. Closed the "
        "gap of the dev set and opened that of the training set: early stopping."
    )


def test_conclusions_where_nothing_is_called_for_or_helps():
    calm = turn_knobs({"human": 0.01, "train": 0.015, "dev": 0.02})
    assert calm.conclusion == "No gap is more than noise: no knob is called for."
    worse = turn_knobs(ERRORS, {"regularization": {"train": 0.2, "dev": 0.21}})
    assert "None of those turned brought the dev error down." in worse.conclusion


def test_what_stays_open():
    texts = " ".join(turn_knobs({"train": 0.08, "dev": 0.1}, TURNED).cannot_tell)
    assert all(word in texts for word in ("human", "test", "real use", "seeds"))
    everything = {**ERRORS, "test": 0.1, "real use": 0.1}
    assert turn_knobs(everything).cannot_tell == ()


def test_the_tables_read_well():
    text = str(turn_knobs(ERRORS, TURNED))
    assert all(name in text for name in ("training set", "bigger network", "7 points", "-5.0"))
    assert len(turn_knobs(ERRORS).sections()) == 1


@pytest.mark.parametrize(
    "report",
    [turn_knobs(ERRORS, TURNED), model_memory(SMALL), measure_run_time(SMALL, IMAGES, 1)],
    ids=lambda report: type(report).__name__,
)
def test_reports_can_be_written_as_json(report):
    assert json.loads(json.dumps(report.to_dict()))["conclusion"] == report.conclusion
    assert report.conclusion.split()[0] in str(report)


# --- Bad input ------------------------------------------------------------------------------------

ANY_SIZE = keras.Sequential([keras.Input((None, None, 3)), keras.layers.ReLU(name="relu")])

COMPLAINTS = [
    (
        lambda folder: BirdNetwork((8, 8)),
        ValueError,
        "`input_shape` must be (height, width, channels). Received: (8, 8).",
    ),
    (
        lambda folder: BirdNetwork("64x64"),
        TypeError,
        "`input_shape` must be (height, width, channels). Received: '64x64' (str).",
    ),
    (
        lambda folder: BirdNetwork((8, 8, 3), 5),
        TypeError,
        "`filters` must be a list of whole numbers. Received: 5.",
    ),
    (
        lambda folder: BirdNetwork((8, 9, 3), (1, 2, 3, 4)),
        ValueError,
        "`filters` must have 1 to 3 stages, as often as 8 pixels can be halved. "
        "Received: 4 stages.",
    ),
    (
        lambda folder: BirdNetwork((8, 8, 3), []),
        ValueError,
        "`filters` must have 1 to 3 stages, as often as 8 pixels can be halved. "
        "Received: 0 stages.",
    ),
    (
        lambda folder: BirdNetwork((8, 8, 3), [4, 0]),
        ValueError,
        "`filters[1]` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: BirdNetwork(dropout=1.0),
        ValueError,
        "`dropout` must be in [0, 1). Received: 1.0.",
    ),
    (
        lambda folder: BirdNetwork(l2=-1),
        ValueError,
        "`l2` must be in [0, inf). Received: -1.",
    ),
    (
        lambda folder: measure_run_time(None, IMAGES),
        TypeError,
        "`model` must be a Keras model. Received: NoneType.",
    ),
    (
        lambda folder: measure_run_time(SMALL, IMAGES[0]),
        ValueError,
        "`images` must have shape (m, 8, 8, 3), as the model's input. Received: (8, 8, 3).",
    ),
    (
        lambda folder: measure_run_time(SMALL, IMAGES[:0]),
        ValueError,
        "`images` must have shape (m, 8, 8, 3), as the model's input. Received: (0, 8, 8, 3).",
    ),
    (
        lambda folder: measure_run_time(SMALL, IMAGES, 0),
        ValueError,
        "`repeats` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: model_memory("model.keras"),
        TypeError,
        "`model` must be a Keras model. Received: str.",
    ),
    (
        lambda folder: model_memory(ANY_SIZE),
        ValueError,
        "`model` must have inputs of fixed sizes. Received: (None, None, None, 3) at relu.",
    ),
    (
        lambda folder: turn_knobs([0.1, 0.2]),
        TypeError,
        "`errors` must be a dictionary such as {'train': 0.08, 'dev': 0.1}. Received: list.",
    ),
    (
        lambda folder: turn_knobs({"train": 0.1, "dve": 0.2}),
        ValueError,
        "`errors` must name known errors. Received: 'dve'. Did you mean dev? "
        "Known: human, train, dev, test, real use.",
    ),
    (
        lambda folder: turn_knobs({"train": 0.1}),
        ValueError,
        "`errors` must hold train and dev. Received: train.",
    ),
    (
        lambda folder: turn_knobs({"train": 8, "dev": 0.1}),
        ValueError,
        "`errors['train']` must be a fraction in [0, 1]. Received: 8. 8 % is 0.08.",
    ),
    (
        lambda folder: turn_knobs(ERRORS, noise=-0.1),
        ValueError,
        "`noise` must be a fraction in [0, 1]. Received: -0.1.",
    ),
    (
        lambda folder: turn_knobs(ERRORS, ["bigger network"]),
        TypeError,
        "`turned` must be a dictionary {knob: {'train': error, 'dev': error}}. Received: list.",
    ),
    (
        lambda folder: turn_knobs(ERRORS, {"dropout": {"train": 0.1}}),
        ValueError,
        "`turned['dropout']` must hold train and dev. Received: train.",
    ),
]
test_complaints = complaints_test(COMPLAINTS)
