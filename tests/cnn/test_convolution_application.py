"""Two first convolutional networks and a deeper one: tables, NumPy, JAX, bad input."""

import keras
import numpy as np
import pytest

from dlspec.cnn.convolution_application import SmileNetwork, convolutional_model, happyModel
from dlspec.testing import assert_close, layer_table
from tests.backends import Call, outputs_on
from tests.complaints import complaints_test

PURE_CALLS = {
    "happyModel": (),
    "convolutional_model": ([8, 8, 3],),
    "SmileNetwork": ([16, 16, 3],),
}

BUILDERS = {
    "happyModel": (happyModel, {}, (64, 64, 3), 1),
    "convolutional_model": (convolutional_model, {"input_shape": [9, 13, 2]}, (9, 13, 2), 6),
    "SmileNetwork": (SmileNetwork, {"input_shape": [16, 20, 2], "dropout": 0.2}, (16, 20, 2), 1),
}
each = pytest.mark.parametrize("name", BUILDERS)


@pytest.fixture(scope="module")
def models():
    """One of each, with weights none of which is 0 or 1, moving averages included."""
    built = {name: build(**kwargs) for name, (build, kwargs, _, _) in BUILDERS.items()}
    random = np.random.default_rng(0)
    for model in built.values():
        model.set_weights(
            [
                random.normal(size=w.shape) / np.sqrt(np.prod(w.shape[:-1]))
                if w.ndim > 1
                else random.uniform(0.2, 1, w.shape)
                for w in model.get_weights()
            ]
        )
    return built


def pictures(name, m=4):
    return np.random.default_rng(1).random((m, *BUILDERS[name][2]), dtype=np.float32)


# --- Tables ---------------------------------------------------------------------------------------


def test_the_happy_model_is_the_courses():
    """The expected output of the exercise, layer by layer."""
    model = happyModel()
    assert isinstance(model, keras.Sequential)
    kinds = [(kind, shape, count) for _, kind, shape, count in layer_table(model)]
    assert [row for row in kinds if row[0] != "InputLayer"] == [
        ("ZeroPadding2D", (70, 70, 3), 0),
        ("Conv2D", (64, 64, 32), 4736),
        ("BatchNormalization", (64, 64, 32), 128),
        ("ReLU", (64, 64, 32), 0),
        ("MaxPooling2D", (32, 32, 32), 0),
        ("Flatten", (32768,), 0),
        ("Dense", (1,), 32769),
    ]
    assert model.count_params() == 37633
    assert sum(int(np.prod(w.shape)) for w in model.trainable_weights) == 37569


def test_the_convolutional_model_is_the_courses():
    """The expected output of the exercise, layer by layer."""
    model = convolutional_model((64, 64, 3))
    assert [(kind, shape, count) for _, kind, shape, count in layer_table(model)] == [
        ("InputLayer", (64, 64, 3), 0),
        ("Conv2D", (64, 64, 8), 392),
        ("ReLU", (64, 64, 8), 0),
        ("MaxPooling2D", (8, 8, 8), 0),
        ("Conv2D", (8, 8, 16), 528),
        ("ReLU", (8, 8, 16), 0),
        ("MaxPooling2D", (2, 2, 16), 0),
        ("Flatten", (64,), 0),
        ("Dense", (6,), 390),
    ]
    assert model.count_params() == 1310


def test_the_smile_network_by_hand():
    kernels = [25 * 3 * 16, 9 * 16 * 32, 9 * 32 * 64, 9 * 64 * 64]
    channels = 16 + 32 + 64 + 64
    model = SmileNetwork()
    assert model.count_params() == sum(kernels) + 4 * channels + 4 * 4 * 64 + 1 == 62833
    assert sum(int(np.prod(w.shape)) for w in model.non_trainable_weights) == 2 * channels == 352
    planes = [shape for name, _, shape, _ in layer_table(model) if name.endswith("pooling")]
    assert planes == [(32, 32, 16), (16, 16, 32), (8, 8, 64), (4, 4, 64)]
    assert model.get_layer("output_1_dropout").rate == 0.4


def test_pictures_that_no_pooling_divides_are_padded():
    """Nine pixels in steps of eight are two windows, two in steps of four one."""
    shapes = {name: shape for name, _, shape, _ in layer_table(convolutional_model((9, 13, 2)))}
    assert shapes["stage_1_pooling"] == (2, 2, 8)
    assert shapes["stage_2_pooling"] == (1, 1, 16)


@each
def test_building_twice_gives_the_same_names(name, models):
    build, kwargs, _, _ = BUILDERS[name]
    first, second = models[name], build(**kwargs)
    assert first.name == second.name
    assert [layer.name for layer in first.layers] == [layer.name for layer in second.layers]
    assert [w.path for w in first.weights] == [w.path for w in second.weights]


# --- Numbers --------------------------------------------------------------------------------------


@each
def test_forward_gives_probabilities(name, models):
    outputs = models[name](pictures(name)).numpy()
    assert outputs.shape == (4, BUILDERS[name][3])
    assert outputs.dtype == np.float32
    assert outputs.min() >= 0
    assert outputs.max() <= 1
    if outputs.shape[1] > 1:
        assert_close(outputs.sum(axis=1), np.ones(4), rtol=1e-6)


def convolve(x, kernel):
    """Windows of a padded batch times a kernel (f, f, c, k): no Keras in it."""
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel.shape[:2], axis=(1, 2))
    return np.einsum("mhwcij,ijck->mhwk", windows, kernel)


def pool(x, side):
    m, h, w, c = x.shape
    return x.reshape(m, h // side, side, w // side, side, c).max(axis=(2, 4))


def normalise(x, gamma, beta, mean, variance, epsilon=1e-3):
    return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def test_the_happy_model_in_numpy(models):
    kernel, bias, *norm, w, b = (a.astype(float) for a in models["happyModel"].get_weights())
    x = pictures("happyModel", 1)
    z = convolve(np.pad(x, ((0, 0), (3, 3), (3, 3), (0, 0))), kernel) + bias
    a = pool(np.maximum(normalise(z, *norm), 0), 2)
    expected = sigmoid(a.reshape(1, -1) @ w + b)
    assert_close(models["happyModel"](x).numpy().astype(float), expected, rtol=1e-4, atol=1e-6)


def test_the_convolutional_model_in_numpy():
    """Even filters: "same" puts the smaller half of the border before."""
    model, x = convolutional_model((32, 32, 3)), np.random.default_rng(2).random((2, 32, 32, 3))
    first, b1, second, b2, w, b = (a.astype(float) for a in model.get_weights())
    a = np.maximum(convolve(np.pad(x, ((0, 0), (1, 2), (1, 2), (0, 0))), first) + b1, 0)
    a = pool(a, 8)
    a = np.maximum(convolve(np.pad(a, ((0, 0), (0, 1), (0, 1), (0, 0))), second) + b2, 0)
    z = pool(a, 4).reshape(2, -1) @ w + b
    expected = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    assert_close(model(x.astype("float32")).numpy().astype(float), expected, rtol=1e-5)


def test_the_smile_network_in_numpy():
    model, x = SmileNetwork((16, 16, 2)), pictures("SmileNetwork", 2)[:, :, :16]
    weights = [a.astype(float) for a in model.get_weights()]
    a = x.astype(float)
    for i in range(4):
        kernel, *norm = weights[5 * i : 5 * i + 5]
        r = kernel.shape[0] // 2
        z = convolve(np.pad(a, ((0, 0), (r, r), (r, r), (0, 0))), kernel)
        a = pool(np.maximum(normalise(z, *norm), 0), 2)
    expected = sigmoid(a.reshape(2, -1) @ weights[-2] + weights[-1])
    assert_close(model(x).numpy().astype(float), expected, rtol=1e-5)


@each
def test_jax_gives_the_same_outputs(name, on_jax, models):
    assert_close(on_jax[name], models[name](pictures(name)).numpy(), rtol=1e-4, atol=1e-6)


@pytest.fixture(scope="module")
def on_jax(models, tmp_path_factory):
    calls = [
        Call(
            f"dlspec.cnn.convolution_application.{name}",
            BUILDERS[name][1],
            model.get_weights(),
            [pictures(name)],
        )
        for name, model in models.items()
    ]
    outputs = outputs_on("jax", calls, tmp_path_factory.mktemp("jax"))
    return {name: output for name, (output,) in zip(models, outputs, strict=True)}


@each
def test_save_and_load(name, models, tmp_path):
    models[name].save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras", compile=False)
    assert layer_table(loaded) == layer_table(models[name])
    x = pictures(name)
    assert_close(loaded(x).numpy(), models[name](x).numpy(), rtol=1e-6)


@each
def test_a_training_step_moves_every_weight(name):
    build, kwargs, _, classes = BUILDERS[name]
    keras.utils.set_random_seed(0)
    model = build(**kwargs)
    before = model.get_weights()
    loss = "binary_crossentropy" if classes == 1 else "sparse_categorical_crossentropy"
    model.compile("adam", loss, run_eagerly=True)
    assert np.isfinite(model.train_on_batch(pictures(name), np.array([0, 1, 1, 0])))
    for old, new, weight in zip(before, model.get_weights(), model.weights, strict=True):
        assert (old != new).any(), weight.path


# --- Bad input ------------------------------------------------------------------------------------

COMPLAINTS = [
    (
        lambda folder: convolutional_model((64, 64)),
        ValueError,
        "`input_shape` must be (height, width, channels). Received: (64, 64).",
    ),
    (
        lambda folder: convolutional_model(64),
        TypeError,
        "`input_shape` must be (height, width, channels). Received: 64 (int).",
    ),
    (
        lambda folder: convolutional_model((64, 0, 3)),
        ValueError,
        "`input_shape[1]` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: convolutional_model((64, 64.0, 3)),
        TypeError,
        "`input_shape[1]` must be a whole number. Received: 64.0 (float).",
    ),
    (
        lambda folder: SmileNetwork((64, 15, 3)),
        ValueError,
        "`input_shape` must be at least 16 pixels high and wide. Received: (64, 15, 3). "
        "Smaller maps would vanish on their way through the network.",
    ),
    (
        lambda folder: SmileNetwork(dropout=1),
        ValueError,
        "`dropout` must be in [0, 1). Received: 1.",
    ),
    (
        lambda folder: SmileNetwork(dropout="0.3"),
        TypeError,
        "`dropout` must be a real number. Received: '0.3' (str).",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
