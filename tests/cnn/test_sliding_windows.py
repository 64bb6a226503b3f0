"""Localisation, landmarks, and one convolution for all windows."""

import keras
import numpy as np
import pytest

from dlspec.cnn.sliding_windows import (
    WindowClassifier,
    as_convolutions,
    landmark_head,
    localization_head,
    localization_loss,
    slide_window,
    window_corners,
)
from dlspec.testing import layer_table
from tests.backends import Call, outputs_on
from tests.complaints import complaints_test

SMALL = {"input_shape": [14, 14, 3], "classes": 4, "units": 20}
MODEL = WindowClassifier(**SMALL)
Y = np.array([[1, 0.5, 0.5, 0.2, 0.4, 0, 1], [0, 9, 9, 9, 9, 9, 9.0]])
P = np.array([[0.9, 0.4, 0.5, 0.2, 0.2, 0.25, 0.75], [0.1, 0, 0, 0, 0, 0.5, 0.5]])

PURE_CALLS = {
    "localization_head": (keras.Input((8,)), 3),
    "landmark_head": (keras.Input((8,)), 4),
    "localization_loss": (Y, P),
    "WindowClassifier": ((14, 14, 3), 4, 5),
    "as_convolutions": (MODEL,),
    "window_corners": ((16, 16), (14, 14), 2),
    "slide_window": (MODEL, np.zeros((1, 16, 16, 3)), 2),
}


class Loss:
    """Not a network, but called like one by `outputs_on`."""

    def set_weights(self, weights):
        pass

    def __call__(self, inputs, training=False):
        return [localization_loss(*inputs), localization_loss(*inputs, kind="mixed")]


def pictures(side, m=2):
    return np.random.default_rng(side).random((m, side, side, 3), np.float32)


# --- One object -----------------------------------------------------------------------------------


def test_loss_by_hand():
    """Squares of what differs; nothing but p_c where there is no object."""
    squared = [0.1**2 + 0.1**2 + 0.2**2 + 2 * 0.25**2, 0.1**2]
    np.testing.assert_allclose(localization_loss(Y, P), squared, rtol=1e-6)
    mixed = [-np.log(0.9) + 0.1**2 + 0.2**2 - np.log(0.75), -np.log(0.9)]
    np.testing.assert_allclose(localization_loss(Y, P, "mixed"), mixed, rtol=1e-5)


def test_heads_give_probabilities_and_train():
    """The lecture's 64 landmarks make 129 outputs."""
    keras.utils.set_random_seed(0)
    assert landmark_head(keras.Input((8,)), 64).shape == (None, 129)
    inputs = keras.Input((8,))
    model = keras.Model(inputs, localization_head(inputs, 2))
    x = np.random.default_rng(0).normal(size=(2, 8))
    y = model.predict_on_batch(x)
    assert y.shape == (2, 7)
    np.testing.assert_allclose(y[:, 5:].sum(axis=1), [1, 1], rtol=1e-6)
    assert y.min() > 0
    assert y.max() < 1
    model.compile(keras.optimizers.Adam(0.05), localization_loss)
    losses = [model.train_on_batch(x, np.minimum(Y, 1)) for _ in range(10)]
    assert losses[-1] < losses[0]


# --- Windows --------------------------------------------------------------------------------------


def test_the_lecture_s_shapes():
    table = [shape for _, _, shape, _ in layer_table(WindowClassifier())]
    assert table[1:3] == [(10, 10, 16), (5, 5, 16)]
    assert table[-3:] == [(400,), (400,), (4,)]
    wide = WindowClassifier(units=400)
    for side, windows in ((14, 1), (16, 2), (28, 8)):
        model = as_convolutions(wide, (side, side, 3))
        assert model.output_shape == (None, windows, windows, 4)
        assert model.count_params() == wide.count_params()


@pytest.mark.parametrize("side", [14, 16, 28])
def test_one_pass_gives_what_every_window_gives_by_itself(side):
    x = pictures(side)
    at_once = keras.ops.convert_to_numpy(as_convolutions(MODEL)(x))
    np.testing.assert_allclose(slide_window(MODEL, x, 2), at_once, rtol=1e-4, atol=1e-6)
    if side == 14:
        np.testing.assert_allclose(MODEL(x), at_once[:, 0, 0], rtol=1e-4, atol=1e-6)


def test_windows_that_are_not_square():
    model = WindowClassifier((10, 14, 1), 3, 7)
    x = np.random.default_rng(0).random((1, 14, 20, 1))
    at_once = keras.ops.convert_to_numpy(as_convolutions(model)(x))
    assert at_once.shape == (1, 3, 4, 3)
    np.testing.assert_allclose(slide_window(model, x, 2), at_once, rtol=1e-4, atol=1e-6)


def test_corners_row_by_row():
    expected = [[[0, 0, 14, 14], [0, 2, 14, 16]], [[2, 0, 16, 14], [2, 2, 16, 16]]]
    assert window_corners((16, 16), (14, 14), 2).tolist() == expected


def test_the_given_model_is_left_alone_and_names_stay():
    names = [layer.name for layer in MODEL.layers]
    new = as_convolutions(MODEL)
    assert [layer.name for layer in new.layers] == [n for n in names if "flatten" not in n]
    assert [layer.name for layer in MODEL.layers] == names
    assert names == [layer.name for layer in WindowClassifier(**SMALL).layers]


def test_save_load_and_a_training_step(tmp_path):
    model = keras.models.clone_model(MODEL)
    model.compile("adam", "sparse_categorical_crossentropy")
    before = model.get_weights()
    assert np.isfinite(model.train_on_batch(pictures(14), np.array([0, 3])))
    assert all(np.any(a != b) for a, b in zip(before, model.get_weights(), strict=True))
    model.save(tmp_path / "window.keras")
    loaded = keras.saving.load_model(tmp_path / "window.keras")
    np.testing.assert_allclose(loaded(pictures(14)), model(pictures(14)), rtol=1e-6)


def test_jax_gives_the_same(tmp_path):
    calls = [
        Call(
            "dlspec.cnn.sliding_windows.WindowClassifier",
            SMALL,
            MODEL.get_weights(),
            [pictures(14)],
        ),
        Call("tests.cnn.test_sliding_windows.Loss", {}, [], [Y, P]),
    ]
    [of_model], losses = outputs_on("jax", calls, tmp_path)
    np.testing.assert_allclose(of_model, MODEL(pictures(14)), rtol=1e-4, atol=1e-6)
    for a, b in zip(losses, Loss()([Y, P]), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5)


# --- Complaints -----------------------------------------------------------------------------------


def two_dense():
    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])


COMPLAINTS = [
    (
        lambda folder: localization_head([1], 3),
        TypeError,
        "`x` must be a Keras tensor. Received: list.",
    ),
    (
        lambda folder: landmark_head(keras.Input((4, 4, 8)), 3),
        ValueError,
        "`x` must have shape (m, n). Received: (None, 4, 4, 8). Flatten or pool the maps first.",
    ),
    (
        lambda folder: localization_head(keras.Input((8,)), 1),
        ValueError,
        "`classes` must be at least 2. Received: 1.",
    ),
    (
        lambda folder: landmark_head(keras.Input((8,)), 0),
        ValueError,
        "`landmarks` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: localization_loss(Y, P, "cubed"),
        ValueError,
        "`kind` must be a known name. Received: 'cubed'. Did you mean squared? Known: squared, "
        "mixed.",
    ),
    (
        lambda folder: localization_loss(Y[:, :5], P),
        ValueError,
        "`y_true` must have shape (m, 5 + K). Received: (2, 5).",
    ),
    (
        lambda folder: localization_loss(Y, P[:, :6]),
        ValueError,
        "`y_pred` must have the shape of `y_true`, (2, 7). Received: (2, 6).",
    ),
    (
        lambda folder: WindowClassifier(14),
        TypeError,
        "`input_shape` must be (height, width, channels). Received: 14 (int).",
    ),
    (
        lambda folder: WindowClassifier((5, 14, 3)),
        ValueError,
        "`input_shape` must be at least 6 pixels high and wide. Received: (5, 14, 3). "
        "Smaller maps would vanish on their way through the network.",
    ),
    (
        lambda folder: WindowClassifier((14, 5, 3)),
        ValueError,
        "`input_shape` must be at least 6 pixels high and wide. Received: (14, 5, 3). "
        "Smaller maps would vanish on their way through the network.",
    ),
    (
        lambda folder: WindowClassifier((14, 14, 0)),
        ValueError,
        "`input_shape[2]` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: WindowClassifier(classes=1),
        ValueError,
        "`classes` must be at least 2. Received: 1.",
    ),
    (
        lambda folder: WindowClassifier(units=0),
        ValueError,
        "`units` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: as_convolutions("model"),
        TypeError,
        "`model` must be a Keras model. Received: str.",
    ),
    (
        lambda folder: as_convolutions(two_dense()),
        ValueError,
        "`model` must be one chain of layers with one Flatten, right before the first Dense. "
        "Received: Dense.",
    ),
    (
        lambda folder: window_corners((16.5, 16), (14, 14), 2),
        TypeError,
        "`size[0]` must be a whole number. Received: 16.5 (float).",
    ),
    (
        lambda folder: window_corners((16, 16), (14, 0), 2),
        ValueError,
        "`window[1]` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: window_corners((16, 16), (14, 14), 0),
        ValueError,
        "`stride` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: window_corners((12, 16), (14, 14), 2),
        ValueError,
        "`window` must be at most as large as the picture, 12 x 16. Received: 14 x 14.",
    ),
    (
        lambda folder: slide_window(MODEL, np.zeros((16, 16, 3)), 2),
        ValueError,
        "`images` must have shape (m, H, W, channels). Received: (16, 16, 3).",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
