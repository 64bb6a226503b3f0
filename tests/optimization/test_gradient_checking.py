"""Gradient checking: the course's values, slopes known by hand, mistakes found, bad input."""

import numpy as np
import pytest

from dlspec.nn_basics.deep_network import L_model_backward, L_model_forward, compute_cost
from dlspec.optimization.gradient_checking import (
    SHAPES,
    backward_propagation,
    backward_propagation_n,
    check_gradients,
    dictionary_to_vector,
    forward_propagation,
    forward_propagation_n,
    gradient_check,
    gradient_check_n,
    gradients_to_vector,
    vector_to_dictionary,
)
from dlspec.testing import assert_close, numerical_gradients
from tests.complaints import complaints_test


def course_case():
    """The exercise's network and data (seed 1)."""
    random = np.random.RandomState(1)
    X, Y = random.randn(4, 3), np.array([[1, 1, 0]])
    return X, Y, {name: random.randn(*shape) for name, shape in SHAPES.items()}


X, Y, PARAMETERS = course_case()
CACHE = forward_propagation_n(X, Y, PARAMETERS)[1]
GRADS = backward_propagation_n(X, Y, CACHE)
BROKEN = GRADS | {"dW2": 2 * GRADS["dW2"], "db1": 4 * GRADS["db1"]}


def square(theta):
    return float(sum((values**2).sum() for values in theta.values()))


PURE_CALLS = {
    "backward_propagation": (2, 4),
    "backward_propagation_n": (X, Y, CACHE),
    "check_gradients": (square, PARAMETERS, {f"d{k}": 2 * p for k, p in PARAMETERS.items()}),
    "dictionary_to_vector": (PARAMETERS,),
    "forward_propagation": (2, 4),
    "forward_propagation_n": (X, Y, PARAMETERS),
    "gradient_check": (2, 4),
    "gradient_check_n": (PARAMETERS, GRADS, X, Y),
    "gradients_to_vector": (GRADS,),
    "vector_to_dictionary": (np.arange(47.0)[:, None],),
}


# --- One parameter --------------------------------------------------------------------------------


def test_one_parameter_course_values():
    assert forward_propagation(2, 4) == 8
    assert backward_propagation(2, 4) == 2
    assert_close(gradient_check(2, 4), 2.919335883291695e-10, rtol=1e-9)


def test_one_parameter_takes_single_numbers_in_arrays_and_slopes_of_zero():
    assert forward_propagation(np.array([2.0]), np.array([[4.0]])) == 8
    assert gradient_check(0, 4) == 0
    assert gradient_check(-3.0, 0.0) < 1e-9


def test_a_wrong_slope_is_called_wrong(monkeypatch, capsys):
    from dlspec.optimization import gradient_checking

    monkeypatch.setattr(gradient_checking, "backward_propagation", lambda x, theta: theta)
    assert_close(gradient_check(2, 4, print_msg=True), 2 / 6, rtol=1e-7)  # |4 - 2| / (4 + 2)
    assert capsys.readouterr().out == "The backward pass is wrong: difference 3.33e-01.\n"


# --- Many parameters ------------------------------------------------------------------------------


def test_three_layers_course_values(capsys):
    """The exercise's mistakes (dW2 twice, db1 four times too large) differ by 0.285093156776."""
    assert gradient_check_n(PARAMETERS, GRADS, X, Y, print_msg=True) < 1.2e-7
    assert_close(gradient_check_n(PARAMETERS, BROKEN, X, Y, print_msg=True), 0.28509316, rtol=1e-6)
    right, wrong = capsys.readouterr().out.splitlines()
    assert right.startswith("The backward pass is right: difference ")
    assert wrong == "The backward pass is wrong: difference 2.85e-01."


def test_nothing_is_printed_unless_asked(capsys):
    gradient_check(2, 4)
    gradient_check_n(PARAMETERS, GRADS, X, Y)
    assert capsys.readouterr().out == ""


def test_three_layers_by_hand():
    """The exercise's equations, written out."""
    W1, b1, W2, b2, W3, b3 = PARAMETERS.values()
    Z1 = W1 @ X + b1
    A1 = Z1 * (Z1 > 0)
    Z2 = W2 @ A1 + b2
    A2 = Z2 * (Z2 > 0)
    Z3 = W3 @ A2 + b3
    A3 = 1 / (1 + np.exp(-Z3))
    cost = -np.mean(Y * np.log(A3) + (1 - Y) * np.log(1 - A3))
    own_cost, cache = forward_propagation_n(X, Y, PARAMETERS)
    assert_close(own_cost, cost, rtol=1e-13)
    assert_close(cache, (Z1, A1, W1, b1, Z2, A2, W2, b2, Z3, A3, W3, b3), rtol=1e-13)
    dZ3 = A3 - Y
    dA2 = W3.T @ dZ3
    dZ2 = dA2 * (A2 > 0)
    dA1 = W2.T @ dZ2
    dZ1 = dA1 * (A1 > 0)
    expected = {"dZ3": dZ3, "dA2": dA2, "dZ2": dZ2, "dA1": dA1, "dZ1": dZ1}
    for l, (dZ, A) in enumerate([(dZ1, X), (dZ2, A1), (dZ3, A2)], start=1):
        expected[f"dW{l}"] = dZ @ A.T / 3
        expected[f"db{l}"] = dZ.sum(axis=1, keepdims=True) / 3
    assert_close(GRADS, expected, rtol=1e-12)
    assert [*GRADS][:4] == ["dZ3", "dW3", "db3", "dA2"]


@pytest.mark.parametrize("sizes", [[4, 1], [4, 3, 2], [4, 6, 5, 3, 2]])
def test_any_number_of_layers_agrees_with_the_engine_of_course_1(sizes):
    random = np.random.RandomState(2)
    parameters = {}
    for l in range(1, len(sizes)):
        parameters[f"W{l}"] = random.randn(sizes[l], sizes[l - 1])
        parameters[f"b{l}"] = random.randn(sizes[l], 1)
    labels = np.vstack([Y, 1 - Y])[: sizes[-1]]
    cost, cache = forward_propagation_n(X, labels, parameters)
    AL, caches = L_model_forward(X, parameters)
    assert_close(cost, compute_cost(AL, labels), rtol=1e-12)
    grads = backward_propagation_n(X, labels, cache)
    expected = L_model_backward(AL, labels, caches)
    assert_close(
        {k: grads[k] for k in expected if k != "dA0"},
        {k: v for k, v in expected.items() if k != "dA0"},
        rtol=1e-10,
    )
    assert gradient_check_n(parameters, grads, X, labels, epsilon=1e-5) < 1e-7


def test_the_report_names_the_worst_parameter():
    report = check_gradients(lambda p: forward_propagation_n(X, Y, p)[0], PARAMETERS, BROKEN)
    assert report.worst == "b1"
    assert [*report.differences][:2] == ["b1", "W2"]
    assert_close(report.differences["b1"], 0.6, rtol=1e-7)  # |4g - g| / (4|g| + |g|)
    assert_close(report.differences["W2"], 1 / 3, rtol=1e-7)
    assert max([*report.differences.values()][2:]) < 1e-7
    assert_close(report.difference, 0.28509316, rtol=1e-6)


def test_the_report_of_a_right_gradient_is_small_and_zero_slopes_count_as_equal():
    theta = {"W": np.array([[1.0, -2.0], [0.5, 3.0]]), "unused": np.array(1.0)}
    report = check_gradients(
        lambda p: float((p["W"] ** 2).sum()), theta, {"dW": 2 * theta["W"], "dunused": 0.0}
    )
    assert report.difference < 1e-9
    assert report.differences["unused"] == 0


# --- Vectors --------------------------------------------------------------------------------------


def test_vectors_and_dictionaries_convert_both_ways():
    theta, keys = dictionary_to_vector(PARAMETERS)
    assert theta.shape == (47, 1)
    assert keys == ["W1"] * 20 + ["b1"] * 5 + ["W2"] * 15 + ["b2"] * 3 + ["W3"] * 3 + ["b3"]
    assert_close(theta[:4, 0], PARAMETERS["W1"][0])
    assert_close(vector_to_dictionary(theta), PARAMETERS, rtol=0)
    small = {"b": np.array(3.0), "W": np.arange(6.0).reshape(1, 2, 3)}
    back = vector_to_dictionary(dictionary_to_vector(small)[0], shapes={"b": (), "W": (1, 2, 3)})
    assert_close(back, small)
    back["W"][...] = 0
    assert small["W"].sum() == 15


def test_gradients_stand_in_the_order_of_the_parameters():
    expected = dictionary_to_vector({k: GRADS[f"d{k}"] for k in PARAMETERS})[0]
    assert_close(gradients_to_vector(GRADS), expected, rtol=0)
    numerical = numerical_gradients(lambda p: forward_propagation_n(X, Y, p)[0], PARAMETERS)
    assert_close(gradients_to_vector(numerical), expected, atol=1e-9)


# --- Complaints -----------------------------------------------------------------------------------

FORM = "`cache` must be (Z1, A1, W1, b1, ..., ZL, AL, WL, bL). Received: "

COMPLAINTS = [
    (
        lambda folder: forward_propagation("2", 4),
        TypeError,
        "`x` must be a real number. Received: '2' (str).",
    ),
    (
        lambda folder: forward_propagation(2, np.nan),
        ValueError,
        "`theta` must be a finite number. Received: nan.",
    ),
    (
        lambda folder: backward_propagation(2, np.inf),
        ValueError,
        "`theta` must be a finite number. Received: inf.",
    ),
    (
        lambda folder: backward_propagation(np.inf, 2),
        ValueError,
        "`x` must be a finite number. Received: inf.",
    ),
    (
        lambda folder: gradient_check(np.inf, 2),
        ValueError,
        "`x` must be a finite number. Received: inf.",
    ),
    (
        lambda folder: gradient_check(2, 4, epsilon=0),
        ValueError,
        "`epsilon` must be a positive finite number. Received: 0.",
    ),
    (
        lambda folder: forward_propagation_n(X[:3], Y, PARAMETERS),
        ValueError,
        "`parameters['W1']` must have shape (n, n_prev=3). Received: (5, 4). `X` of shape (3, 3) "
        "sets n_prev=3.",
    ),
    (
        lambda folder: forward_propagation_n(X[0], Y, PARAMETERS),
        ValueError,
        "`X` must have shape (n_x, m). Received: (3,).",
    ),
    (
        lambda folder: forward_propagation_n(X, Y[:, :2], PARAMETERS),
        ValueError,
        "`Y` must have shape (n_y=1, m=3). Received: (1, 2). `parameters` and `X` of shape (4, 3) "
        "set n_y=1, m=3.",
    ),
    (
        lambda folder: backward_propagation_n(X[0], Y, CACHE),
        ValueError,
        "`X` must have shape (n_x, m). Received: (3,).",
    ),
    (
        lambda folder: backward_propagation_n(X, [[1, 0, 3]], CACHE),
        ValueError,
        "`Y` must hold only 0 and 1. Received: 1 other value such as 3.",
    ),
    (
        lambda folder: backward_propagation_n(X, Y[:, :2], CACHE),
        ValueError,
        "`Y` must have shape (n_y=1, m=3). Received: (1, 2). `cache` holds AL of shape (1, 3): "
        "n_y=1, m=3.",
    ),
    (lambda folder: backward_propagation_n(X, Y, {}), TypeError, FORM + "dict."),
    (lambda folder: backward_propagation_n(X, Y, CACHE[:-1]), ValueError, FORM + "11 entries."),
    (lambda folder: backward_propagation_n(X, Y, ()), ValueError, FORM + "0 entries."),
    (
        lambda folder: backward_propagation_n(X, Y, (*CACHE[:6], CACHE[6].T, *CACHE[7:])),
        ValueError,
        "`cache[6]` must have shape (n=3, n_prev=5). Received: (5, 3). `cache[6]` is W2; use "
        "cache[6].T.",
    ),
    (
        lambda folder: gradient_check_n({}, GRADS, X, Y),
        ValueError,
        "`parameters` must have the keys W1, b1. Received: an empty dictionary. Missing: W1, b1.",
    ),
    (
        lambda folder: gradient_check_n(PARAMETERS, {"dW1": GRADS["dW1"]}, X, Y),
        ValueError,
        "`gradients` must have the keys dW1, db1, dW2, db2, dW3, db3. Received: dW1. Missing: db1, "
        "dW2, db2, dW3, db3.",
    ),
    (
        lambda folder: gradient_check_n(PARAMETERS, GRADS, X, Y, epsilon=-1),
        ValueError,
        "`epsilon` must be a positive finite number. Received: -1.",
    ),
    (
        lambda folder: check_gradients(3.0, PARAMETERS, GRADS),
        TypeError,
        "`cost_fn` must be a function of parameters. Received: float.",
    ),
    (
        lambda folder: check_gradients(square, {}, {}),
        ValueError,
        "`parameters` must hold at least one array. Received: an empty dictionary.",
    ),
    (
        lambda folder: check_gradients(square, PARAMETERS, {}),
        ValueError,
        "`gradients` must have the keys dW1, db1, dW2, db2, dW3, db3. Received: an empty "
        "dictionary. Missing: dW1, db1, dW2, db2, dW3, db3.",
    ),
    (
        lambda folder: check_gradients(square, PARAMETERS, GRADS, 0),
        ValueError,
        "`epsilon` must be a positive finite number. Received: 0.",
    ),
    (
        lambda folder: dictionary_to_vector([1.0]),
        TypeError,
        "`parameters` must be a dictionary. Received: list.",
    ),
    (
        lambda folder: vector_to_dictionary(np.ones(47)),
        ValueError,
        "`theta` must have shape (n=47, 1). Received: (47,). The shapes set n; use "
        "theta.reshape(-1, 1).",
    ),
    (
        lambda folder: vector_to_dictionary(np.ones((2, 1)), shapes=[(2, 1)]),
        TypeError,
        "`shapes` must be a dictionary. Received: list.",
    ),
    (
        lambda folder: gradients_to_vector({"dW1": [[1.0]], "dW2": [[1.0]], "db2": [[1.0]]}),
        ValueError,
        "`gradients` must have the keys dW1, db1, dW2, db2. Received: dW1, dW2, db2. Missing: db1.",
    ),
    (
        lambda folder: gradients_to_vector([1.0]),
        TypeError,
        "`gradients` must be a dictionary. Received: list.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
