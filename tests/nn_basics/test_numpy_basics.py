"""Python basics with NumPy: the course's values, loops, scipy, numerical slopes, bad input."""

import math

import numpy as np
import pytest
import scipy.special
import sklearn.metrics
import sklearn.preprocessing

from dlspec.nn_basics import numpy_basics
from dlspec.nn_basics.numpy_basics import (
    L1,
    L2,
    LOOP_AND_VECTOR,
    basic_sigmoid,
    dot_loop,
    dot_vectorized,
    elementwise_loop,
    elementwise_vectorized,
    image2vector,
    leaky_relu,
    leaky_relu_derivative,
    matvec_loop,
    matvec_vectorized,
    normalize_rows,
    normalizeRows,
    outer_loop,
    outer_vectorized,
    relu,
    relu_derivative,
    sigmoid,
    sigmoid_derivative,
    softmax,
    tanh,
    tanh_derivative,
)
from dlspec.testing import assert_close, gradient_check
from tests.complaints import complaints_test

VECTOR, OTHER = np.array([1.0, -2.0, 3.0]), np.array([0.5, 0.25, -1.0])
MATRIX = np.array([[1.0, 2.0, -3.0], [0.0, 0.5, 4.0]])
IMAGE = np.arange(12.0).reshape(2, 3, 2)

PURE_CALLS = {
    "L1": (VECTOR, OTHER),
    "L2": (VECTOR, OTHER),
    "basic_sigmoid": (0.5,),
    "dot_loop": (VECTOR, OTHER),
    "dot_vectorized": (VECTOR, OTHER),
    "elementwise_loop": (VECTOR, OTHER),
    "elementwise_vectorized": (VECTOR, OTHER),
    "image2vector": (IMAGE,),
    "leaky_relu": (MATRIX,),
    "leaky_relu_derivative": (MATRIX,),
    "matvec_loop": (MATRIX, VECTOR),
    "matvec_vectorized": (MATRIX, VECTOR),
    "normalizeRows": (MATRIX,),
    "normalize_rows": (MATRIX,),
    "outer_loop": (VECTOR, OTHER),
    "outer_vectorized": (VECTOR, OTHER),
    "relu": (MATRIX,),
    "relu_derivative": (MATRIX,),
    "sigmoid": (MATRIX,),
    "sigmoid_derivative": (MATRIX,),
    "softmax": (MATRIX,),
    "tanh": (MATRIX,),
    "tanh_derivative": (MATRIX,),
}

ELEMENTWISE = {
    sigmoid: lambda x: 1 / (1 + math.exp(-x)),
    sigmoid_derivative: lambda x: math.exp(-x) / (1 + math.exp(-x)) ** 2,
    tanh: lambda x: (math.exp(x) - math.exp(-x)) / (math.exp(x) + math.exp(-x)),
    tanh_derivative: lambda x: 4 / (math.exp(x) + math.exp(-x)) ** 2,
    relu: lambda x: x if x > 0 else 0.0,
    relu_derivative: lambda x: 1.0 if x > 0 else 0.0,
    leaky_relu: lambda x: x if x > 0 else 0.01 * x,
    leaky_relu_derivative: lambda x: 1.0 if x > 0 else 0.01,
}


@pytest.fixture
def random():
    return np.random.default_rng(0)


def random_away_from_zero(shape):
    """Two-sided differences of 1e-5 stay on one side of the kink of a ReLU."""
    x = np.random.default_rng(0).normal(size=shape)
    assert np.abs(x).min() > 1e-3
    return x


# --- The course's values (week 2, editions 2017-2020) ---------------------------------------------


def test_basic_sigmoid_course_value():
    assert_close(basic_sigmoid(3), 0.9525741268224334, rtol=1e-15)
    assert isinstance(basic_sigmoid(3), float)


def test_sigmoid_course_values():
    assert_close(sigmoid(np.array([1, 2, 3])), [0.73105858, 0.88079708, 0.95257413], atol=5.1e-9)


def test_sigmoid_derivative_course_values():
    published = [0.19661193, 0.10499359, 0.04517666]
    assert_close(sigmoid_derivative(np.array([1, 2, 3])), published, atol=5.1e-9)


def test_image2vector_course_values():
    numbers = [
        0.67826139, 0.29380381, 0.90714982, 0.52835647, 0.4215251, 0.45017551,
        0.92814219, 0.96677647, 0.85304703, 0.52351845, 0.19981397, 0.27417313,
        0.60659855, 0.00533165, 0.10820313, 0.49978937, 0.34144279, 0.94630077,
    ]  # fmt: skip
    image = np.array(numbers).reshape(3, 3, 2)
    assert_close(image2vector(image), [[number] for number in numbers], rtol=0)


def test_normalize_rows_course_values():
    published = [[0.0, 0.6, 0.8], [0.13736056, 0.82416338, 0.54944226]]
    assert_close(normalize_rows([[0, 3, 4], [1, 6, 4]]), published, atol=5.1e-9)


def test_softmax_course_values():
    published = [
        [9.80897665e-01, 8.94462891e-04, 1.79657674e-02, 1.21052389e-04, 1.21052389e-04],
        [8.78679856e-01, 1.18916387e-01, 8.01252314e-04, 8.01252314e-04, 8.01252314e-04],
    ]
    assert_close(softmax([[9, 2, 5, 0, 0], [7, 5, 0, 0, 0]]), published, rtol=6e-9)


def test_L1_and_L2_course_values():
    yhat, y = np.array([0.9, 0.2, 0.1, 0.4, 0.9]), np.array([1, 0, 0, 1, 1])
    assert_close(L1(yhat, y), 1.1, rtol=1e-15)
    assert_close(L2(yhat, y), 0.43, rtol=1e-15)
    assert isinstance(L1(yhat, y), float)
    assert isinstance(L2(yhat, y), float)


# --- A second route -------------------------------------------------------------------------------


def test_the_old_course_name_is_the_same_function():
    assert normalizeRows is normalize_rows


@pytest.mark.parametrize("function", ELEMENTWISE, ids=lambda f: f.__name__)
@pytest.mark.parametrize("shape", [(), (7,), (3, 4), (2, 3, 4)])
def test_elementwise_functions_equal_the_scalar_formulas(function, shape):
    x = random_away_from_zero(shape)
    y = function(x)
    assert_close(y, np.vectorize(ELEMENTWISE[function])(x), rtol=1e-13)
    assert y.dtype == np.float64


@pytest.mark.parametrize("function", ELEMENTWISE, ids=lambda f: f.__name__)
def test_elementwise_functions_take_integers_lists_and_float32(function):
    expected = function(np.array([-3.0, 0.0, 2.0]))
    for x in ([-3, 0, 2], np.array([-3, 0, 2]), np.array([-3, 0, 2], dtype=np.float32)):
        assert_close(function(x), expected, rtol=0)
        assert function(x).dtype == np.float64


@pytest.mark.parametrize("x", [-1000, -3.5, -1e-9, 0, 0.25, 40, 1000])
def test_basic_sigmoid_equals_sigmoid(x):
    assert_close(basic_sigmoid(x), sigmoid(np.array(float(x))), rtol=1e-15)


def test_sigmoid_equals_scipy():
    x = np.linspace(-700, 700, 1401)
    assert_close(sigmoid(x), scipy.special.expit(x), rtol=1e-15)


@pytest.mark.parametrize(
    ("function", "derivative"),
    [
        (sigmoid, sigmoid_derivative),
        (tanh, tanh_derivative),
        (relu, relu_derivative),
        (leaky_relu, leaky_relu_derivative),
    ],
)
def test_derivatives_pass_the_gradient_check(function, derivative):
    x = random_away_from_zero((3, 4))
    gradient_check(lambda p: float(function(p["x"]).sum()), {"x": x}, {"dx": derivative(x)})


def test_activations_and_slopes_at_zero():
    """s(0) = 1/2 with slope 1/4, t(0) = 0 with slope 1; at the kinks we take the slope below."""
    zero = np.zeros((1, 1))
    values = {function: function(zero).item() for function in ELEMENTWISE}
    assert values == {
        sigmoid: 0.5,
        sigmoid_derivative: 0.25,
        tanh: 0.0,
        tanh_derivative: 1.0,
        relu: 0.0,
        relu_derivative: 0.0,
        leaky_relu: 0.0,
        leaky_relu_derivative: 0.01,
    }


@pytest.mark.parametrize("alpha", [0.0, 0.2, 1.0])
def test_leaky_relu_takes_its_slope(alpha):
    """For 0 <= alpha <= 1 it is max(alpha x, x)."""
    x = random_away_from_zero((3, 4))
    assert_close(leaky_relu(x, alpha), np.maximum(alpha * x, x), rtol=0)
    assert_close(leaky_relu_derivative(x, alpha=alpha), np.where(x > 0, 1, alpha), rtol=0)


def test_leaky_relu_with_a_slope_above_one():
    """Then max(alpha x, x) would be another function."""
    assert_close(leaky_relu([-1.0, 1.0], 2.0), [-2.0, 1.0])


def test_image2vector_runs_depth_fastest_and_copies(random):
    image = random.normal(size=(2, 3, 4))
    expected = [[image[i, j, k]] for i in range(2) for j in range(3) for k in range(4)]
    column = image2vector(image)
    assert_close(column, expected, rtol=0)
    column[0] = 99
    assert image[0, 0, 0] == expected[0][0] != 99
    assert image2vector(np.zeros((64, 64, 3), dtype=np.uint8)).dtype == np.float64


def test_normalize_rows_equals_sklearn(random):
    x = random.normal(size=(5, 3))
    x[2] = 0
    assert_close(normalize_rows(x), sklearn.preprocessing.normalize(x), rtol=1e-15)
    assert_close(normalize_rows(x)[2], np.zeros(3))


def test_softmax_equals_scipy_and_sums_to_one(random):
    x = 10 * random.normal(size=(6, 4))
    assert_close(softmax(x), scipy.special.softmax(x, axis=1), rtol=1e-14)
    assert_close(softmax(x).sum(axis=1), np.ones(6), rtol=1e-15)


def test_losses_are_sums_over_any_shape(random):
    yhat, y = random.normal(size=(3, 4)), random.normal(size=(3, 4))
    pairs = list(zip(yhat.ravel(), y.ravel(), strict=True))
    assert_close(L1(yhat, y), math.fsum(abs(a - b) for a, b in pairs), rtol=1e-14)
    assert_close(L2(yhat, y), math.fsum((a - b) ** 2 for a, b in pairs), rtol=1e-14)
    assert_close(L1(yhat, y), 12 * sklearn.metrics.mean_absolute_error(y, yhat), rtol=1e-14)
    assert_close(L2(yhat, y), 12 * sklearn.metrics.mean_squared_error(y, yhat), rtol=1e-14)
    assert L1(2.0, -1.0) == 3.0


@pytest.mark.parametrize("dot", [dot_loop, dot_vectorized])
def test_dot_by_hand(dot):
    assert dot(VECTOR, OTHER) == 0.5 - 0.5 - 3.0
    assert isinstance(dot(VECTOR, OTHER), float)


@pytest.mark.parametrize("outer", [outer_loop, outer_vectorized])
def test_outer_by_hand(outer):
    assert_close(outer(VECTOR, [2.0, 10.0]), [[2.0, 10.0], [-4.0, -20.0], [6.0, 30.0]], rtol=0)


@pytest.mark.parametrize("elementwise", [elementwise_loop, elementwise_vectorized])
def test_elementwise_by_hand(elementwise):
    assert_close(elementwise(VECTOR, OTHER), [0.5, -0.5, -3.0], rtol=0)


@pytest.mark.parametrize("matvec", [matvec_loop, matvec_vectorized])
def test_matvec_by_hand(matvec):
    assert_close(matvec(MATRIX, VECTOR), [1.0 - 4.0 - 9.0, -1.0 + 12.0], rtol=0)


def test_loop_and_vector_pairs_are_complete_and_agree(random):
    x, y, A = random.normal(size=7), random.normal(size=7), random.normal(size=(5, 7))
    assert {
        "dot": (dot_loop, dot_vectorized),
        "outer": (outer_loop, outer_vectorized),
        "elementwise": (elementwise_loop, elementwise_vectorized),
        "matrix-vector": (matvec_loop, matvec_vectorized),
    } == LOOP_AND_VECTOR
    for name, (loop, vectorized) in LOOP_AND_VECTOR.items():
        arguments = (A, x) if name == "matrix-vector" else (x, y)
        assert_close(vectorized(*arguments), loop(*arguments), rtol=1e-13)


def test_every_public_name_has_a_pure_call():
    assert set(PURE_CALLS) == set(numpy_basics.__all__)


# --- Saturation -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (sigmoid, [0.0, 1.0]),
        (sigmoid_derivative, [0.0, 0.0]),
        (tanh, [-1.0, 1.0]),
        (tanh_derivative, [0.0, 0.0]),
        (relu, [0.0, 1000.0]),
        (relu_derivative, [0.0, 1.0]),
        (leaky_relu, [-10.0, 1000.0]),
        (leaky_relu_derivative, [0.01, 1.0]),
    ],
)
def test_activations_of_large_numbers(function, expected):
    assert_close(function(np.array([-1000, 1000])), expected, rtol=1e-15)
    assert np.isfinite(function(np.array([-1e308, 1e308]))).all()


def test_basic_sigmoid_of_large_numbers():
    assert basic_sigmoid(-1000) == 0.0
    assert basic_sigmoid(1000) == 1.0
    assert_close(basic_sigmoid(-700), math.exp(-700), rtol=1e-15)


def test_softmax_of_large_numbers():
    """Only differences count, and a difference of 2000 leaves nothing."""
    x = [[1000.0, 1000.0], [-1000.0, 1000.0], [-1000.0, -1000.0]]
    assert_close(softmax(x), [[0.5, 0.5], [0.0, 1.0], [0.5, 0.5]], rtol=0)
    odds = math.exp(1)
    assert_close(softmax([[1001.0, 1000.0]]), [[odds / (1 + odds), 1 / (1 + odds)]], rtol=1e-14)


def test_normalize_rows_of_very_large_and_very_small_numbers():
    x = [[3e200, 4e200], [3e-200, 4e-200], [-3e300, 4e300]]
    assert_close(normalize_rows(x), [[0.6, 0.8], [0.6, 0.8], [-0.6, 0.8]], rtol=1e-15)


# --- Bad input ------------------------------------------------------------------------------------

ONE_NAN = (
    "must hold finite numbers only. Received: 1 NaN and 0 infinite of 2 values, the first at [1]. "
    "Remove or replace them."
)


def elementwise_rows(function):
    """Text and NaN, refused by all functions of any array."""
    return [
        (
            lambda folder: function(["a"]),
            TypeError,
            "`x` must be an array of real numbers. Received: list of dtype <U1.",
        ),
        (
            lambda folder: function([0.0, np.nan]),
            ValueError,
            f"`x` {ONE_NAN}",
        ),
        (
            lambda folder: function(np.array([1j])),
            TypeError,
            "`x` must be an array of real numbers. Received: ndarray of dtype complex128.",
        ),
    ]


def matrix_rows(function):
    """A vector, an empty matrix, text and NaN, refused by all functions of rows."""
    return [
        (
            lambda folder: function(VECTOR),
            ValueError,
            "`x` must have shape (n, m). Received: (3,).",
        ),
        (
            lambda folder: function(np.zeros((3, 0))),
            ValueError,
            "`x` must hold at least one number. Received: shape (3, 0).",
        ),
        (
            lambda folder: function([["a"]]),
            TypeError,
            "`x` must be an array of real numbers. Received: list of dtype <U1.",
        ),
        (
            lambda folder: function([[np.inf, 1.0]]),
            ValueError,
            "`x` must hold finite numbers only. Received: 0 NaN and 1 infinite of 2 values, the "
            "first at [0, 0]. Remove or replace them.",
        ),
    ]


def loss_rows(function):
    return [
        (
            lambda folder: function([1.0, 2.0], [1.0, 2.0, 3.0]),
            ValueError,
            "`yhat` must have the shape of `y`, (3,). Received: (2,).",
        ),
        (
            lambda folder: function([[1.0], [2.0]], [1.0, 2.0]),
            ValueError,
            "`yhat` must have the shape of `y`, (2,). Received: (2, 1).",
        ),
        (
            lambda folder: function([1.0, np.nan], [1.0, 2.0]),
            ValueError,
            f"`yhat` {ONE_NAN}",
        ),
        (
            lambda folder: function([1.0, 2.0], [1.0, np.nan]),
            ValueError,
            f"`y` {ONE_NAN}",
        ),
        (
            lambda folder: function(["cat"], [1.0]),
            TypeError,
            "`yhat` must be an array of real numbers. Received: list of dtype <U3.",
        ),
        (
            lambda folder: function([1.0], None),
            TypeError,
            "`y` must be an array of real numbers. Received: NoneType.",
        ),
    ]


def same_length_rows(function):
    return [
        (
            lambda folder: function(VECTOR, [1.0, 2.0]),
            ValueError,
            "`y` must have shape (n=3,). Received: (2,). `x` of shape (3,) sets n=3.",
        ),
        (
            lambda folder: function(MATRIX, VECTOR),
            ValueError,
            "`x` must have shape (n,). Received: (2, 3).",
        ),
        (
            lambda folder: function([0.0, np.nan], [1.0, 2.0]),
            ValueError,
            f"`x` {ONE_NAN}",
        ),
        (
            lambda folder: function([1.0, 2.0], ["a", "b"]),
            TypeError,
            "`y` must be an array of real numbers. Received: list of dtype <U1.",
        ),
    ]


def outer_rows(function):
    return [
        (
            lambda folder: function(2.0, VECTOR),
            ValueError,
            "`x` must have shape (n,). Received: ().",
        ),
        (
            lambda folder: function(VECTOR, MATRIX),
            ValueError,
            "`y` must have shape (m,). Received: (2, 3).",
        ),
        (
            lambda folder: function([], VECTOR),
            ValueError,
            "`x` must hold at least one number. Received: shape (0,).",
        ),
        (
            lambda folder: function(VECTOR, [0.0, np.nan]),
            ValueError,
            f"`y` {ONE_NAN}",
        ),
    ]


def matvec_rows(function):
    return [
        (
            lambda folder: function(VECTOR, VECTOR),
            ValueError,
            "`A` must have shape (n, m). Received: (3,).",
        ),
        (
            lambda folder: function(MATRIX, [1.0, 2.0]),
            ValueError,
            "`x` must have shape (m=3,). Received: (2,). `A` of shape (2, 3) sets m=3.",
        ),
        (
            lambda folder: function(MATRIX, VECTOR[:, None]),
            ValueError,
            "`x` must have shape (m=3,). Received: (3, 1). `A` of shape (2, 3) sets m=3.",
        ),
        (
            lambda folder: function([["a"]], [1.0]),
            TypeError,
            "`A` must be an array of real numbers. Received: list of dtype <U1.",
        ),
    ]


def slope_rows(function):
    return [
        (
            lambda folder: function(VECTOR, alpha="0.01"),
            TypeError,
            "`alpha` must be a real number. Received: '0.01' (str).",
        ),
        (
            lambda folder: function(VECTOR, alpha=np.inf),
            ValueError,
            "`alpha` must be a finite number. Received: inf.",
        ),
    ]


COMPLAINTS = [
    (
        lambda folder: basic_sigmoid([1, 2, 3]),
        TypeError,
        "`x` must be a real number. Received: [1, 2, 3] (list).",
    ),
    (
        lambda folder: basic_sigmoid("3"),
        TypeError,
        "`x` must be a real number. Received: '3' (str).",
    ),
    (
        lambda folder: basic_sigmoid(True),
        TypeError,
        "`x` must be a real number. Received: True (bool).",
    ),
    (
        lambda folder: basic_sigmoid(np.array([1.0, 2.0])),
        TypeError,
        "`x` must be a real number. Received: array([1., 2.]) (ndarray).",
    ),
    (
        lambda folder: basic_sigmoid(math.nan),
        ValueError,
        "`x` must be a finite number. Received: nan.",
    ),
    (
        lambda folder: image2vector(MATRIX),
        ValueError,
        "`image` must have shape (length, height, depth). Received: (2, 3).",
    ),
    (
        lambda folder: image2vector(np.zeros((5, 64, 64, 3))),
        ValueError,
        "`image` must have shape (length, height, depth). Received: (5, 64, 64, 3).",
    ),
    (
        lambda folder: image2vector(np.zeros((64, 0, 3))),
        ValueError,
        "`image` must hold at least one number. Received: shape (64, 0, 3).",
    ),
    (
        lambda folder: image2vector("cat.jpg"),
        TypeError,
        "`image` must be an array of real numbers. Received: str.",
    ),
    (
        lambda folder: image2vector([[[1.0, np.nan]]]),
        ValueError,
        "`image` must hold finite numbers only. Received: 1 NaN and 0 infinite of 2 values, the "
        "first at [0, 0, 1]. Remove or replace them.",
    ),
    *(row for function in ELEMENTWISE for row in elementwise_rows(function)),
    *(row for function in (leaky_relu, leaky_relu_derivative) for row in slope_rows(function)),
    *(row for function in (normalize_rows, softmax) for row in matrix_rows(function)),
    *(row for function in (L1, L2) for row in loss_rows(function)),
    *(
        row
        for function in (dot_loop, dot_vectorized, elementwise_loop, elementwise_vectorized)
        for row in same_length_rows(function)
    ),
    *(row for function in (outer_loop, outer_vectorized) for row in outer_rows(function)),
    *(row for function in (matvec_loop, matvec_vectorized) for row in matvec_rows(function)),
]

test_complaints = complaints_test(COMPLAINTS)
