"""The sentence form, and what the checks return."""

import numpy as np
import pytest

from dlspec._complaints import Complaint, InvalidType, InvalidValue, near_miss, sentence
from dlspec._validation import (
    check_array,
    check_binary,
    check_choice,
    check_count,
    check_examples,
    check_finite,
    check_fraction,
    check_image_shape,
    check_keys,
    check_labels,
    check_layer_sizes,
    check_positive,
)
from tests.complaints import complaints_test


def test_sentence_without_and_with_advice():
    assert sentence("t", "be 1", 0) == "`t` must be 1. Received: 0."
    assert sentence("t", "be 1", 0, "Count from 1.") == "`t` must be 1. Received: 0. Count from 1."


def test_near_miss_suggests_only_what_is_near():
    assert near_miss("rleu", ["relu", "tanh"]).startswith("Did you mean relu?")
    assert near_miss("xyz", ["relu", "tanh"]) == "Known: relu, tanh."


def test_complaints_are_also_the_builtin_kinds():
    assert issubclass(InvalidValue, (Complaint, ValueError))
    assert issubclass(InvalidType, (Complaint, TypeError))
    assert not issubclass(InvalidType, ValueError)


@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int64, np.float32])
def test_check_array_converts_to_float64(dtype):
    array = check_array("X", np.ones((2, 3), dtype), ("n_x", "m"))
    assert array.dtype == np.float64
    assert array.shape == (2, 3)


def test_image_shapes_become_whole_numbers():
    assert check_image_shape("input_shape", [np.int64(32), 48, 3], 32, 16) == (32, 48, 3)


def test_check_array_does_not_copy_what_fits():
    X = np.ones((2, 3))
    assert check_array("X", X, ("n_x", "m")) is X


def test_check_array_can_admit_infinity():
    assert np.isinf(check_array("X", [np.inf], finite=False)).all()


def test_checks_return_plain_values():
    assert check_count("n", np.int64(3)) == 3
    assert type(check_count("n", np.int64(3))) is int
    assert type(check_positive("r", np.float32(0.5))) is float
    assert check_finite("b", np.array([[2.0]])) == 2.0
    assert check_choice("g", "relu", ["relu"]) == "relu"
    assert check_layer_sizes("sizes", np.array([3, 1])) == [3, 1]
    assert check_labels("labels", (True, False)).tolist() == [True, False]
    assert check_labels("labels", ["a"], ("truth", np.array(["b"]))).tolist() == ["a"]
    assert check_layer_sizes("sizes", (3, 1)) == [3, 1]


COMPLAINTS = [
    (
        lambda folder: check_array("X", [[1.0, 2.0]], (2, "m")),
        ValueError,
        "`X` must have shape (2, m). Received: (1, 2). Use X.T.",
    ),
    (
        lambda folder: check_array("x", [[1.0, 2.0]], ("n",)),
        ValueError,
        "`x` must have shape (n,). Received: (1, 2).",
    ),
    (
        lambda folder: check_array("X", [1j]),
        TypeError,
        "`X` must be an array of real numbers. Received: list of dtype complex128.",
    ),
    (
        lambda folder: check_array("X", [["a"], None]),
        ValueError,
        "`X` must be an array of real numbers. Received: list with rows of different lengths.",
    ),
    (
        lambda folder: check_binary("Y", np.array([[0.0, 2.0]])),
        ValueError,
        "`Y` must hold only 0 and 1. Received: 1 other value such as 2.",
    ),
    (
        lambda folder: check_keys("parameters", {}, {"W1": None}),
        ValueError,
        "`parameters` must have the keys W1. Received: an empty dictionary. Missing: W1.",
    ),
    (
        lambda folder: check_keys("parameters", [1], {"W1": None}),
        TypeError,
        "`parameters` must be a dictionary. Received: list.",
    ),
    (
        lambda folder: check_positive("learning_rate", "fast"),
        TypeError,
        "`learning_rate` must be a real number. Received: 'fast' (str).",
    ),
    (
        lambda folder: check_positive("learning_rate", np.inf),
        ValueError,
        "`learning_rate` must be a positive finite number. Received: inf.",
    ),
    (
        lambda folder: check_finite("b", True),
        TypeError,
        "`b` must be a real number. Received: True (bool).",
    ),
    (
        lambda folder: check_labels("labels", [[1], [1, 2]]),
        ValueError,
        "`labels` must have shape (m,). Received: rows of different lengths.",
    ),
    (
        lambda folder: check_labels("labels", ["cat", None]),
        TypeError,
        "`labels` must hold class numbers or class names. Received: list of dtype object.",
    ),
    (
        lambda folder: check_labels("labels", [[0, 1, 1]]),
        ValueError,
        "`labels` must have shape (m,). Received: (1, 3). Use np.ravel(labels).",
    ),
    (
        lambda folder: check_labels("labels", np.eye(2)),
        ValueError,
        "`labels` must have shape (m,). Received: (2, 2).",
    ),
    (
        lambda folder: check_labels("labels", []),
        ValueError,
        "`labels` must hold at least one label. Received: none.",
    ),
    (
        lambda folder: check_labels("predictions", [0.0, 0.7]),
        ValueError,
        "`predictions` must hold whole numbers. Received: 0.7. Probabilities become labels by a "
        "threshold, such as p > 0.5.",
    ),
    (
        lambda folder: check_labels("predictions", [0, 1], ("labels", np.ones(3))),
        ValueError,
        "`predictions` must have one label for each of the 3 in `labels`. Received: 2.",
    ),
    (
        lambda folder: check_labels("predictions", [0, 1], ("labels", np.array(["a", "b"]))),
        TypeError,
        "`predictions` must hold texts as `labels` does. Received: numbers.",
    ),
    (
        lambda folder: check_labels("predictions", ["a"], ("labels", np.ones(1))),
        TypeError,
        "`predictions` must hold numbers as `labels` does. Received: texts.",
    ),
    (
        lambda folder: check_fraction("dev", "10%"),
        TypeError,
        "`dev` must be a real number. Received: '10%' (str).",
    ),
    (
        lambda folder: check_fraction("dev", 8),
        ValueError,
        "`dev` must be a fraction in [0, 1]. Received: 8. 8 % is 0.08.",
    ),
    (
        lambda folder: check_fraction("dev", -0.5),
        ValueError,
        "`dev` must be a fraction in [0, 1]. Received: -0.5.",
    ),
    (
        lambda folder: check_fraction("dev", np.nan),
        ValueError,
        "`dev` must be a fraction in [0, 1]. Received: nan.",
    ),
    (
        lambda folder: check_fraction("dev", 101),
        ValueError,
        "`dev` must be a fraction in [0, 1]. Received: 101.",
    ),
    (
        lambda folder: check_count("n_x", True),
        TypeError,
        "`n_x` must be a whole number. Received: True (bool).",
    ),
    (
        lambda folder: check_choice("activation", "rleu", ["relu", "tanh"]),
        ValueError,
        "`activation` must be a known name. Received: 'rleu'. Did you mean relu? "
        "Known: relu, tanh.",
    ),
    (
        lambda folder: check_choice("activation", None, ["relu"]),
        ValueError,
        "`activation` must be a known name. Received: None. Known: relu.",
    ),
    (
        lambda folder: check_image_shape("input_shape", 32, 32),
        TypeError,
        "`input_shape` must be (height, width, channels). Received: 32 (int).",
    ),
    (
        lambda folder: check_image_shape("input_shape", (32, 32), 32),
        ValueError,
        "`input_shape` must be (height, width, channels). Received: (32, 32).",
    ),
    (
        lambda folder: check_image_shape("input_shape", (8, 32, 32, 3), 32),
        ValueError,
        "`input_shape` must be (height, width, channels). Received: (8, 32, 32, 3). The number of "
        "images is not part of it.",
    ),
    (
        lambda folder: check_image_shape("input_shape", (32, None, 3), 32),
        TypeError,
        "`input_shape[1]` must be a whole number. Received: None (NoneType).",
    ),
    (
        lambda folder: check_image_shape("input_shape", (32, 31, 3), 32),
        ValueError,
        "`input_shape` must be at least 32 pixels high and wide. Received: (32, 31, 3). Smaller "
        "maps would vanish on their way through the network.",
    ),
    (
        lambda folder: check_image_shape("input_size", (100, 120, 3), multiple_of=16),
        ValueError,
        "`input_size` must have a height and width that are multiples of 16. Received: "
        "(100, 120, 3). Use pictures of 96 x 128.",
    ),
    (
        lambda folder: check_layer_sizes("layer_dims", "5,4"),
        TypeError,
        "`layer_dims` must be a list of layer sizes. Received: '5,4' (str).",
    ),
    (
        lambda folder: check_layer_sizes("layer_dims", [5]),
        ValueError,
        "`layer_dims` must hold the inputs and at least 1 layer. Received: [5].",
    ),
    (
        lambda folder: check_layer_sizes("layer_dims", [5, 0, 1]),
        ValueError,
        "`layer_dims[1]` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: check_layer_sizes("layer_dims", [5, 2.5]),
        TypeError,
        "`layer_dims[1]` must be a whole number. Received: 2.5 (float).",
    ),
    (
        lambda folder: check_examples(np.ones((2, 3)), np.ones((2, 3)), 1),
        ValueError,
        "`Y` must have shape (1, m=3). Received: (2, 3). `X` of shape (2, 3) sets m=3.",
    ),
    (
        lambda folder: check_choice("activation", np.array(["relu", "tanh"]), ["relu", "tanh"]),
        ValueError,
        "`activation` must be a known name. Received: array(['relu', 'tanh'], dtype='<U4'). "
        "Known: relu, tanh.",
    ),
    (
        lambda folder: check_choice("activation", "ReLU", ["relu", "tanh"]),
        ValueError,
        "`activation` must be a known name. Received: 'ReLU'. Did you mean relu? "
        "Known: relu, tanh.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
