"""The tools that other tests lean on must themselves be able to fail."""

import numpy as np
import pytest

from dlspec.testing import assert_close, gradient_check, numerical_gradients
from tests.complaints import complaints_test


def cubic(p):
    """J = sum a^3 + 2 sum b, so dJ/da = 3 a^2 and dJ/db = 2."""
    return float((p["a"] ** 3).sum() + 2 * p["b"].sum())


A, B = np.array([[1.0, -2.0], [0.5, 3.0]]), np.array([4.0])
PARAMETERS = {"a": A, "b": B}
GRADIENTS = {"da": 3 * A**2, "db": np.array([2.0])}


def test_numerical_gradients_of_a_cubic():
    found = numerical_gradients(cubic, PARAMETERS)
    assert_close(found, GRADIENTS, rtol=1e-9)


def test_gradient_check_passes_the_truth_and_returns_the_difference():
    assert 0 <= gradient_check(cubic, PARAMETERS, GRADIENTS) < 1e-9


def test_gradient_check_ignores_further_gradients_and_leaves_parameters_alone():
    before = A.copy()
    A.flags.writeable = False
    gradient_check(cubic, PARAMETERS, GRADIENTS | {"dA0": np.ones(3)})
    assert_close(A, before, rtol=0)


def test_gradient_check_names_the_worst_parameter_first():
    wrong = {"da": GRADIENTS["da"] * (1 + 1e-5), "db": GRADIENTS["db"] * 2}
    with pytest.raises(AssertionError) as caught:
        gradient_check(cubic, PARAMETERS, wrong)
    assert str(caught.value) == ("Gradients differ by more than 1e-07: db 3.33e-01, da 5.00e-06.")


def test_gradient_check_refuses_a_cost_that_is_not_a_number():
    with pytest.raises(AssertionError, match="nan"):
        gradient_check(lambda p: float("nan"), PARAMETERS, GRADIENTS)


def test_gradient_check_of_a_gradient_lost_in_the_rounding_of_the_cost():
    """J = 1 + 1e-9 w: the rounding of J near 1 hides all but the first digits of the slope."""
    gradient_check(lambda p: 1 + 1e-9 * float(p["w"][0]), {"w": np.ones(1)}, {"dw": [1e-9]})
    with pytest.raises(AssertionError):
        gradient_check(lambda p: 1 + 1e-9 * float(p["w"][0]), {"w": np.ones(1)}, {"dw": [1.2e-9]})


def test_gradient_check_of_a_constant():
    gradient_check(lambda p: 1.0, {"w": np.ones(2)}, {"dw": np.zeros(2)})


@pytest.mark.parametrize(
    ("actual", "expected", "text"),
    [
        ({"dw": 1.0}, {"dw": 1.0, "db": 2.0}, "result: expected keys ['db', 'dw'], found ['dw']"),
        (3.0, {"dw": 1.0}, "result: expected keys ['dw'], found float"),
        ((1.0,), (1.0, 2.0), "result: expected a tuple of 2, found 1"),
        ([1.0, 2.0], (1.0, 2.0), "result: expected a tuple of 2, found a list"),
        (
            {"g": np.ones((1, 2))},
            {"g": [1.0, 1.0]},
            "result['g']: expected shape (2,), found (1, 2)",
        ),
    ],
)
def test_assert_close_says_where_the_structure_differs(actual, expected, text):
    with pytest.raises(AssertionError) as caught:
        assert_close(actual, expected)
    assert str(caught.value) == text


def test_assert_close_says_where_numbers_differ():
    with pytest.raises(AssertionError, match=r"result\[1\]\['w'\]"):
        assert_close((1.0, {"w": np.array([1.0, 2.0])}), (1.0, {"w": [1.0, 2.1]}))
    assert_close((1.0, {"w": np.array([1.0, 2.0])}), (1.0, {"w": [1.0, 2.1]}), atol=0.11)


COMPLAINTS = [
    (
        lambda folder: gradient_check(cubic, PARAMETERS, {"da": A}),
        ValueError,
        "`gradients` must have the keys da, db. Received: da. Missing: db.",
    ),
    (
        lambda folder: gradient_check(cubic, PARAMETERS, {"da": A[0], "db": B}),
        ValueError,
        "`gradients['da']` must have shape (2, 2). Received: (2,).",
    ),
    (
        lambda folder: numerical_gradients(cubic, PARAMETERS, epsilon=0.0),
        ValueError,
        "`epsilon` must be a positive finite number. Received: 0.0.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
