"""Softmax regression: the lecture's values, scipy and scikit-learn, numerical gradients."""

import numpy as np
import pytest
from scipy import special
from sklearn.linear_model import LogisticRegression

from dlspec.nn_basics import logistic_regression
from dlspec.optimization.softmax_regression import (
    as_logistic_regression,
    cross_entropy,
    cross_entropy_from_logits,
    gradient_descent,
    hard_max,
    model,
    one_hot,
    predict,
    propagate,
    softmax,
    softmax_jacobian,
)
from dlspec.testing import assert_close, gradient_check, numerical_gradients
from tests.complaints import complaints_test

X = np.array([[1.0, -2.0, 0.5, 3.0], [0.0, 1.0, -1.0, 2.0]])
Y = np.array([[1, 0, 0, 1], [0, 1, 0, 0], [0, 0, 1, 0]])
PARAMETERS = {
    "W": np.array([[0.5, -1.0], [0.25, 2.0], [-1.5, 0.75]]),
    "b": np.array([[0.1], [-0.2], [0.3]]),
}

PURE_CALLS = {
    "softmax": (X,),
    "softmax_jacobian": (X[:, :1],),
    "hard_max": (X,),
    "one_hot": (np.array([0, 2, 1]), 3),
    "cross_entropy": (np.full((3, 4), 1 / 3), Y),
    "cross_entropy_from_logits": (np.ones((3, 4)), Y),
    "propagate": (PARAMETERS, X, Y),
    "gradient_descent": (PARAMETERS, X, Y, 0.1),
    "predict": (PARAMETERS, X),
    "model": (X, Y, 3),
    "as_logistic_regression": ({"W": np.eye(2), "b": np.ones((2, 1))},),
}


@pytest.fixture
def blobs():
    """Three overlapping classes: no line separates them, so the best weights are finite."""
    random = np.random.default_rng(0)
    labels = random.integers(0, 3, size=60)
    centres = np.array([[0.0, 1.5, -1.0], [1.0, -0.5, -1.0]])
    return centres[:, labels] + random.normal(size=(2, 60)), labels


# --- Softmax --------------------------------------------------------------------------------------


def test_softmax_lecture_values():
    """The lecture: z = (5, 2, -1, 3) gives (0.842, 0.042, 0.002, 0.114)."""
    A = softmax(np.array([[5.0], [2.0], [-1.0], [3.0]]))
    assert_close(A, [[0.842], [0.042], [0.002], [0.114]], atol=5e-4, rtol=0)


def test_softmax_by_hand():
    """e^log(n) = n: the probabilities are 1, 2, 3 and 4 tenths."""
    A = softmax(np.log([[1.0, 4.0], [2.0, 3.0], [3.0, 2.0], [4.0, 1.0]]))
    assert_close(A, [[0.1, 0.4], [0.2, 0.3], [0.3, 0.2], [0.4, 0.1]], rtol=1e-15)


def test_softmax_equals_scipy():
    Z = np.random.default_rng(0).normal(size=(5, 40)) * 20
    assert_close(softmax(Z), special.softmax(Z, axis=0), rtol=1e-13)


def test_softmax_of_huge_logits_is_exact():
    A = softmax(np.array([[1e4, -1e4, 0.0], [1e4, 0.0, -1e300]]))
    assert_close(A, [[0.5, 0.0, 1.0], [0.5, 1.0, 0.0]], rtol=0)


def test_jacobian_by_hand():
    """Three quarters and one quarter: a_0 a_1 = 3/16."""
    assert_close(
        softmax_jacobian(np.log([[3.0], [1.0]])),
        [[3 / 16, -3 / 16], [-3 / 16, 3 / 16]],
        rtol=1e-14,
    )


def test_jacobian_equals_numerical_gradients():
    z = np.random.default_rng(1).normal(size=(4, 1))
    jacobian = softmax_jacobian(z)
    for i in range(4):
        row = jacobian[i][:, None]
        gradient_check(lambda p, i=i: float(softmax(p["z"])[i, 0]), {"z": z}, {"dz": row})
    assert_close(jacobian.sum(axis=0), np.zeros(4), atol=1e-16)


def test_the_notes_derivative_of_softmax_is_the_diagonal_only():
    z = np.random.default_rng(1).normal(size=(4, 1))
    a, jacobian = softmax(z), softmax_jacobian(z)
    assert_close(np.diag(jacobian)[:, None], a * (1 - a), rtol=1e-14)
    assert (jacobian[~np.eye(4, dtype=bool)] < 0).all()


def test_jacobian_and_loss_multiply_to_a_minus_y():
    """The chain rule by hand: J^T (-y / a) = a - y."""
    z, y = np.random.default_rng(2).normal(size=(4, 1)), one_hot(np.array([2]), 4)
    a = softmax(z)
    assert_close(softmax_jacobian(z).T @ (-y / a), a - y, rtol=1e-13, atol=1e-16)


def test_hard_max_is_what_softmax_of_large_logits_becomes():
    Z = np.random.default_rng(0).normal(size=(5, 40))
    assert_close(hard_max(Z), softmax(Z * 1e9), atol=1e-12)


def test_hard_max_gives_a_tie_to_the_first():
    assert_close(hard_max([[1.0, 0.0], [2.0, 0.0], [2.0, 0.0]]), [[0.0, 1], [1, 0], [0, 0]])


def test_one_hot_equals_rows_of_the_identity():
    labels = np.random.default_rng(0).integers(0, 6, size=30)
    assert_close(one_hot(labels, 6), np.eye(6)[labels].T, rtol=0)
    assert one_hot(labels, 6).dtype == np.float64


# --- Loss -----------------------------------------------------------------------------------------


def test_cross_entropy_lecture_value():
    """The lecture: a cat (class 1) that got 0.2 costs -log 0.2."""
    A, y = np.array([[0.3], [0.2], [0.1], [0.4]]), np.array([[0], [1], [0], [0]])
    assert_close(cross_entropy(A, y), [[-np.log(0.2)]], rtol=1e-15)


def test_both_losses_equal_scipy():
    random = np.random.default_rng(0)
    Z, labels = random.normal(size=(5, 40)) * 3, random.integers(0, 5, size=40)
    expected = -special.log_softmax(Z, axis=0)[labels, np.arange(40)][None]
    y = one_hot(labels, 5)
    assert_close(cross_entropy_from_logits(Z, y), expected, rtol=1e-12)
    assert_close(cross_entropy(softmax(Z), y), expected, rtol=1e-12)


def test_confident_losses_stay_finite():
    y = np.array([[0.0], [1.0]])
    assert_close(cross_entropy_from_logits([[1e5], [0.0]], y), [[1e5]])
    assert_close(cross_entropy([[1.0], [0.0]], y), [[1074 * np.log(2)]], rtol=1e-14)
    assert_close(cross_entropy([[0.0], [1.0]], y), [[0.0]])


def test_gradient_of_the_loss_is_a_minus_y():
    random = np.random.default_rng(0)
    Z, y = random.normal(size=(5, 7)), one_hot(random.integers(0, 5, size=7), 5)
    gradient_check(
        lambda p: float(cross_entropy_from_logits(p["Z"], y).sum()),
        {"Z": Z},
        {"dZ": softmax(Z) - y},
    )


# --- Regression -----------------------------------------------------------------------------------


def test_propagate_by_hand():
    """From zeros every class gets 1/3: dW = 1/m (1/3 - Y) X^T, and the cost is log 3."""
    zeros = {"W": np.zeros((3, 2)), "b": np.zeros((3, 1))}
    grads, cost = propagate(zeros, X, Y)
    assert_close(cost, np.log(3), rtol=1e-15)
    # Row sums of X: 2.5 and 2; class 0 holds columns 0 and 3, sums 4 and 2.
    assert_close(grads["dW"][0], [(2.5 / 3 - 4) / 4, (2 / 3 - 2) / 4], rtol=1e-14)
    assert_close(grads["db"], [[(4 / 3 - 2) / 4], [(4 / 3 - 1) / 4], [(4 / 3 - 1) / 4]])


def test_propagate_passes_the_gradient_check():
    grads, _ = propagate(PARAMETERS, X, Y)
    gradient_check(lambda p: propagate(p, X, Y)[1], PARAMETERS, grads)


def test_propagate_equals_the_loop_over_examples():
    J, dW, db = 0.0, np.zeros((3, 2)), np.zeros((3, 1))
    for x, y in zip(X.T[:, :, None], Y.T[:, :, None], strict=True):
        t = np.exp(PARAMETERS["W"] @ x + PARAMETERS["b"])
        a = t / t.sum()
        J -= np.log(a[y == 1].item())
        dW += (a - y) @ x.T
        db += a - y
    grads, cost = propagate(PARAMETERS, X, Y)
    assert_close(cost, J / 4, rtol=1e-13)
    assert_close(grads, {"dW": dW / 4, "db": db / 4}, rtol=1e-12, atol=1e-16)


def test_a_step_goes_down_the_numerical_gradient():
    after, cost = next(gradient_descent(PARAMETERS, X, Y, 0.2))
    slope = numerical_gradients(lambda p: propagate(p, X, Y)[1], PARAMETERS)
    expected = {name: PARAMETERS[name] - 0.2 * slope[f"d{name}"] for name in PARAMETERS}
    assert_close(after, expected, rtol=1e-8)
    assert_close(cost, propagate(PARAMETERS, X, Y)[1], rtol=0)


def test_trained_probabilities_equal_sklearn(blobs):
    """Both stand at the bottom of the same convex bowl; adding a constant to all rows of W slides
    along its floor, so probabilities are compared, not weights."""
    inputs, labels = blobs
    parameters, costs = model(inputs, one_hot(labels, 3), 3000, 0.8)
    other = LogisticRegression(C=np.inf, tol=1e-10, max_iter=2000).fit(inputs.T, labels)
    A = softmax(parameters["W"] @ inputs + parameters["b"])
    assert_close(A, other.predict_proba(inputs.T).T, atol=1e-6)
    assert_close(predict(parameters, inputs), other.predict(inputs.T), rtol=0)
    assert (np.diff(costs) <= 1e-15).all()


def test_model_is_gradient_descent_from_zeros(blobs, capsys):
    inputs, labels = blobs
    y = one_hot(labels, 3)
    steps = gradient_descent({"W": np.zeros((3, 2)), "b": np.zeros((3, 1))}, inputs, y, 0.5)
    expected = [next(steps) for _ in range(102)]
    parameters, costs = model(inputs, y, 102, print_cost=True)
    assert_close(parameters, expected[-1][0], rtol=0)
    assert_close(costs, [cost for _, cost in expected], rtol=0)
    first, second = capsys.readouterr().out.splitlines()
    assert first == "Cost after iteration 0: 1.098612"
    assert second == f"Cost after iteration 100: {costs[100]:.6f}"


def test_model_without_iterations_returns_its_start(capsys):
    assert_close(model(X, Y, 0), ({"W": np.zeros((3, 2)), "b": np.zeros((3, 1))}, []))
    model(X, Y, 3)
    assert capsys.readouterr().out == ""


def test_two_classes_are_logistic_regression(blobs):
    """The same path, step by step, at twice the learning rate."""
    inputs, labels = blobs
    label = (labels == 1).astype(float)[None]
    parameters, costs = model(inputs, np.vstack([1 - label, label]), 50, 0.3)
    steps = logistic_regression.gradient_descent(np.zeros((2, 1)), 0.0, inputs, label, 0.6)
    for own, (other, _, cost) in zip(costs, steps, strict=False):  # the shorter one first
        assert_close(own, cost, rtol=1e-12)
    w, b = as_logistic_regression(parameters)
    assert_close({"w": w, "b": b}, other, rtol=1e-11)
    A = softmax(parameters["W"] @ inputs + parameters["b"])
    assert_close(A[1:], logistic_regression.sigmoid(w.T @ inputs + b), rtol=1e-12)


def test_predict_gives_the_row_of_the_largest_probability():
    Z = PARAMETERS["W"] @ X + PARAMETERS["b"]
    assert_close(predict(PARAMETERS, X), hard_max(softmax(Z)).argmax(axis=0), rtol=0)
    assert predict(PARAMETERS, X).shape == (4,)


# --- Bad input ------------------------------------------------------------------------------------

SETS = "`W` sets C=3, `X` sets m=4"

COMPLAINTS = [
    (
        lambda folder: softmax([5.0, 2.0]),
        ValueError,
        "`Z` must have shape (C, m). Received: (2,).",
    ),
    (
        lambda folder: softmax_jacobian(X),
        ValueError,
        "`z` must have shape (C, 1). Received: (2, 4).",
    ),
    (
        lambda folder: hard_max([["a"]]),
        TypeError,
        "`Z` must be an array of real numbers. Received: list of dtype <U1.",
    ),
    (
        lambda folder: one_hot([0, 3], 3),
        ValueError,
        "`labels` must hold whole numbers from 0 to 2. Received: 3 among others.",
    ),
    (
        lambda folder: one_hot([0, -1], 3),
        ValueError,
        "`labels` must hold whole numbers from 0 to 2. Received: -1 among others.",
    ),
    (
        lambda folder: one_hot([0.5, 1], 3),
        ValueError,
        "`labels` must hold whole numbers from 0 to 2. Received: 0.5 among others.",
    ),
    (
        lambda folder: one_hot([[0, 1]], 3),
        ValueError,
        "`labels` must have shape (m,). Received: (1, 2).",
    ),
    (
        lambda folder: one_hot([0], 0),
        ValueError,
        "`n_classes` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: cross_entropy([0.5, 0.5], Y),
        ValueError,
        "`A` must have shape (C, m). Received: (2,).",
    ),
    (
        lambda folder: cross_entropy([[1.5], [-0.5]], [[1], [0]]),
        ValueError,
        "`A` must lie in [0, 1]. Received: -0.5 to 1.5.",
    ),
    (
        lambda folder: cross_entropy([[0.5], [0.5]], [[1, 0]]),
        ValueError,
        "`Y` must have shape (C=2, m=1). Received: (1, 2). `A` of shape (2, 1) sets C=2, m=1; "
        "use Y.T.",
    ),
    (
        lambda folder: cross_entropy_from_logits([1.0], [1.0]),
        ValueError,
        "`Z` must have shape (C, m). Received: (1,).",
    ),
    (
        lambda folder: cross_entropy_from_logits(np.zeros((2, 3)), [[1, 0, 1], [0, 1, 1]]),
        ValueError,
        "`Y` must hold exactly one 1 per column. Received: 2 in column 2.",
    ),
    (
        lambda folder: cross_entropy_from_logits(np.zeros((2, 1)), [[0.3], [0.7]]),
        ValueError,
        "`Y` must hold only 0 and 1. Received: 2 other values such as 0.3, 0.7.",
    ),
    (
        lambda folder: propagate(PARAMETERS, X[0], Y),
        ValueError,
        "`X` must have shape (n_x, m). Received: (4,).",
    ),
    (
        lambda folder: propagate(PARAMETERS, X, Y[:2]),
        ValueError,
        f"`Y` must have shape (C=3, m=4). Received: (2, 4). {SETS}.",
    ),
    (
        lambda folder: propagate(PARAMETERS, X, np.zeros((3, 4))),
        ValueError,
        "`Y` must hold exactly one 1 per column. Received: 0 in column 0.",
    ),
    (
        lambda folder: gradient_descent({"W": np.eye(2)}, X, Y, 0.1),
        ValueError,
        "`parameters` must have the keys W, b. Received: W. Missing: b.",
    ),
    (
        lambda folder: gradient_descent(PARAMETERS, X, Y, 0),
        ValueError,
        "`learning_rate` must be a positive finite number. Received: 0.",
    ),
    (
        lambda folder: predict(PARAMETERS, X.T),
        ValueError,
        "`parameters['W']` must have shape (C, n_x=4). Received: (3, 2).",
    ),
    (
        lambda folder: predict(PARAMETERS, [1.0]),
        ValueError,
        "`X` must have shape (n_x, m). Received: (1,).",
    ),
    (
        lambda folder: predict(PARAMETERS | {"b": np.zeros((2, 1))}, X),
        ValueError,
        "`parameters['b']` must have shape (C=3, 1). Received: (2, 1).",
    ),
    (
        lambda folder: model(X, Y, -1),
        ValueError,
        "`num_iterations` must be at least 0. Received: -1.",
    ),
    (
        lambda folder: model(X, [0, 1, 2, 0]),
        ValueError,
        "`Y` must have shape (C, m). Received: (4,).",
    ),
    (
        lambda folder: model(X, Y[:, :3]),
        ValueError,
        f"`Y` must have shape (C=3, m=4). Received: (3, 3). {SETS}.",
    ),
    (
        lambda folder: as_logistic_regression(PARAMETERS),
        ValueError,
        "`parameters` must have two classes. Received: 3.",
    ),
    (
        lambda folder: as_logistic_regression([1]),
        TypeError,
        "`parameters` must be a dictionary. Received: list.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
