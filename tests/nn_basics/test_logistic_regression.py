"""Logistic regression: the course's values, a second route, numerical gradients, bad input."""

import numpy as np
import pytest

from dlspec.datasets import load_cats
from dlspec.nn_basics.logistic_regression import (
    cross_entropy,
    cross_entropy_from_logits,
    gradient_descent,
    initialize_with_zeros,
    model,
    optimize,
    predict,
    propagate,
    sigmoid,
)
from dlspec.testing import assert_close, gradient_check
from tests.complaints import complaints_test

# The course's check of one pass (week 2, edition 2017-2020).
W, B = np.array([[1.0], [2.0]]), 2.0
X, Y = np.array([[1.0, 2.0, -1.0], [3.0, 4.0, -3.2]]), np.array([[1, 0, 1]])

PURE_CALLS = {
    "sigmoid": (X,),
    "cross_entropy": (np.array([[0.2, 0.7]]), np.array([[0, 1]])),
    "cross_entropy_from_logits": (np.array([[-3.0, 0.7]]), np.array([[0, 1]])),
    "initialize_with_zeros": (3,),
    "propagate": (W, B, X, Y),
    "gradient_descent": (W, B, X, Y, 0.1),
    "optimize": (W, B, X, Y, 3),
    "predict": (W, B, X),
    "model": (X, Y, X, Y, 3),
}


@pytest.fixture
def random_problem():
    random = np.random.default_rng(0)
    X = random.normal(size=(5, 12))
    Y = random.integers(0, 2, size=(1, 12))
    return random.normal(size=(5, 1)), 0.3, X, Y


def test_sigmoid_course_values():
    assert_close(sigmoid(np.array([0, 2])), [0.5, 0.88079708], rtol=1e-8)


def test_initialize_with_zeros_course_values():
    w, b = initialize_with_zeros(2)
    assert_close(w, [[0.0], [0.0]])
    assert b == 0.0
    assert isinstance(b, float)


def test_propagate_course_values():
    grads, cost = propagate(W, B, X, Y)
    assert_close(grads["dw"], [[0.99845601], [2.39507239]], rtol=1e-8)
    assert_close(grads["db"], 0.00145557813678, rtol=1e-11)
    # The published cost comes from log(1 - A), which keeps 13 digits for A this near to 1.
    assert_close(cost, 5.801545319394553, rtol=1e-13)


def test_predict_course_values():
    w = np.array([[0.1124579], [0.23106775]])
    X = np.array([[1.0, -1.1, -3.2], [1.2, 2.0, 0.1]])
    assert_close(predict(w, -0.3, X), [[1.0, 1.0, 0.0]])


def test_predict_needs_strictly_more_than_one_half():
    assert_close(predict(np.zeros((2, 1)), 0.0, X), np.zeros((1, 3)))


def test_propagate_equals_the_loop_over_examples(random_problem):
    """Algorithm 1.2 of the lectures: one example at a time."""
    w, b, X, Y = random_problem
    n_x, m = X.shape
    J, dw, db = 0.0, np.zeros((n_x, 1)), 0.0
    for i in range(m):
        z = sum(w[j, 0] * X[j, i] for j in range(n_x)) + b
        a = 1 / (1 + np.exp(-z))
        J += -(Y[0, i] * np.log(a) + (1 - Y[0, i]) * np.log(1 - a))
        dz = a - Y[0, i]
        for j in range(n_x):
            dw[j, 0] += X[j, i] * dz
        db += dz
    grads, cost = propagate(w, b, X, Y)
    assert_close(cost, J / m, rtol=1e-13)
    assert_close(grads, {"dw": dw / m, "db": db / m}, rtol=1e-12)


def test_propagate_passes_the_gradient_check(random_problem):
    w, b, X, Y = random_problem
    grads, _ = propagate(w, b, X, Y)
    gradient_check(
        lambda p: propagate(p["w"], float(p["b"]), X, Y)[1],
        {"w": w, "b": np.array(b)},
        {"dw": grads["dw"], "db": np.array(grads["db"])},
    )


def test_optimize_equals_descent_in_the_span_of_the_examples(random_problem):
    """From w = 0 every w is X alpha; descending in alpha only needs the products X^T X."""
    _, _, X, Y = random_problem
    m = X.shape[1]
    products, alpha, b = X.T @ X, np.zeros((m, 1)), 0.0
    for _ in range(250):
        residual = 1 / (1 + np.exp(-(products @ alpha + b))) - Y.T
        alpha, b = alpha - 0.1 * residual / m, b - 0.1 * residual.mean()
    params, _, costs = optimize(np.zeros((5, 1)), 0.0, X, Y, 250, 0.1)
    assert_close(params, {"w": X @ alpha, "b": b}, rtol=1e-11)
    assert len(costs) == 3
    assert_close(costs[0], np.log(2), rtol=1e-14)


def test_optimize_is_gradient_descent_step_by_step(random_problem):
    w, b, X, Y = random_problem
    steps = gradient_descent(w, b, X, Y, 0.05)
    for _ in range(7):
        params, grads, _ = next(steps)
    assert_close(optimize(w, b, X, Y, 7, 0.05)[:2], (params, grads), rtol=0)
    before, _ = propagate(w, b, X, Y)
    assert_close(optimize(w, b, X, Y, 1, 0.05)[0]["w"], w - 0.05 * before["dw"], rtol=1e-15)


def test_optimize_without_iterations_returns_its_start(random_problem):
    w, b, X, Y = random_problem
    assert_close(optimize(w, b, X, Y, 0), ({"w": w, "b": b}, {}, np.array([])))


def test_optimize_prints_every_hundredth_cost_when_asked(capsys):
    zeros = np.zeros((2, 1))
    optimize(zeros, 0.0, X, Y, num_iterations=201, print_cost=True)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Cost after iteration 0: 0.693147"
    assert [line.split()[3] for line in lines] == ["0:", "100:", "200:"]
    optimize(zeros, 0.0, X, Y, num_iterations=201)
    assert capsys.readouterr().out == ""


def test_losses_agree_where_both_are_exact():
    Z = np.linspace(-8, 8, 41)[None]
    for label in (0, 1):
        Y = np.full_like(Z, label)
        assert_close(cross_entropy(sigmoid(Z), Y), cross_entropy_from_logits(Z, Y), rtol=1e-12)


def test_losses_of_confident_mistakes_stay_finite():
    assert_close(
        cross_entropy_from_logits(np.array([-1000.0, 1000.0]), np.array([1, 0])), [1000.0, 1000.0]
    )
    assert_close(
        cross_entropy(np.array([0.0, 1.0]), np.array([1, 0])),
        [1074 * np.log(2), 54 * np.log(2)],
        rtol=1e-14,
    )
    assert_close(cross_entropy(np.array([0.0, 1.0]), np.array([0, 1])), [0.0, 0.0])


def test_model_returns_what_the_course_returns(random_problem, capsys):
    _, _, X, Y = random_problem
    result = model(X, Y, X[:, :4], Y[:, :4], 150, 0.5, print_cost=True)
    assert set(result) == {
        "costs",
        "Y_prediction_test",
        "Y_prediction_train",
        "w",
        "b",
        "learning_rate",
        "num_iterations",
    }
    assert result["Y_prediction_test"].shape == (1, 4)
    assert_close(result["Y_prediction_train"], predict(result["w"], result["b"], X))
    share = np.mean(result["Y_prediction_train"] == Y)
    assert f"train accuracy: {share:.2%}" in capsys.readouterr().out


@pytest.mark.course_data
def test_model_on_the_course_photos(course_data):
    """2000 iterations at 0.005: train 99.04 %, test 70 %, and the published costs."""
    X_train, Y_train, X_test, Y_test = load_cats(course_data).as_columns()
    result = model(X_train, Y_train, X_test, Y_test, 2000, 0.005)
    published = {0: 0.693147, 1: 0.584508, 19: 0.140872}
    for i, cost in published.items():
        assert_close(result["costs"][i], cost, atol=5e-7)
    assert round(float(np.mean(result["Y_prediction_train"] == Y_train)), 4) == 0.9904
    assert np.mean(result["Y_prediction_test"] == Y_test) == 0.70


SETS_M = "`X` of shape (2, 3) sets m=3"

COMPLAINTS = [
    (
        lambda folder: propagate(W, B, X, np.array([1, 0, 1])),
        ValueError,
        f"`Y` must have shape (1, m=3). Received: (3,). {SETS_M}; use Y.reshape(1, -1).",
    ),
    (
        lambda folder: propagate(W, B, np.zeros((7, 3)), np.zeros((1, 7))),
        ValueError,
        "`Y` must have shape (1, m=3). Received: (1, 7). `X` of shape (7, 3) sets m=3; columns are "
        "examples, use X.T if each row of `X` is one.",
    ),
    (
        lambda folder: propagate(W, B, X, np.ones((1, 4))),
        ValueError,
        f"`Y` must have shape (1, m=3). Received: (1, 4). {SETS_M}.",
    ),
    (
        lambda folder: propagate(W, B, X, [[1, 2, -1]]),
        ValueError,
        "`Y` must hold only 0 and 1. Received: 2 other values such as -1, 2. "
        "Labels -1 and 1 become 0 and 1 with (Y + 1) / 2.",
    ),
    (
        lambda folder: propagate(np.ones(2), B, X, Y),
        ValueError,
        "`w` must have shape (n_x=2, 1). Received: (2,). `X` of shape (2, 3) sets n_x=2; "
        "use w.reshape(-1, 1).",
    ),
    (
        lambda folder: propagate(W, "2", X, Y),
        TypeError,
        "`b` must be a real number. Received: '2' (str).",
    ),
    (
        lambda folder: propagate(W, np.nan, X, Y),
        ValueError,
        "`b` must be a finite number. Received: nan.",
    ),
    (
        lambda folder: optimize(W, B, np.array([[1.0, np.nan, 2.0], [0, 0, np.inf]]), Y),
        ValueError,
        "`X` must hold finite numbers only. Received: 1 NaN and 1 infinite of 6 values, the first "
        "at [0, 1]. Remove or replace them.",
    ),
    (
        lambda folder: optimize(W, B, X, Y, num_iterations=-1),
        ValueError,
        "`num_iterations` must be at least 0. Received: -1.",
    ),
    (
        lambda folder: optimize(W, B, X, Y, num_iterations=2.5),
        TypeError,
        "`num_iterations` must be a whole number. Received: 2.5 (float).",
    ),
    (
        lambda folder: gradient_descent(W, B, X, Y, learning_rate=0),
        ValueError,
        "`learning_rate` must be a positive finite number. Received: 0.",
    ),
    (
        lambda folder: gradient_descent(W, B, X, [[1]], learning_rate=1),
        ValueError,
        f"`Y` must have shape (1, m=3). Received: (1, 1). {SETS_M}.",
    ),
    (
        lambda folder: initialize_with_zeros(0),
        ValueError,
        "`dim` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: predict(W, B, X.T),
        ValueError,
        "`w` must have shape (n_x=3, 1). Received: (2, 1). `X` of shape (3, 2) sets n_x=3.",
    ),
    (
        lambda folder: predict(W, B, np.array([["a", "b"]])),
        TypeError,
        "`X` must be an array of real numbers. Received: ndarray of dtype <U1.",
    ),
    (
        lambda folder: predict(W, B, np.zeros((2, 0))),
        ValueError,
        "`X` must hold at least one number. Received: shape (2, 0).",
    ),
    (
        lambda folder: sigmoid(["a"]),
        TypeError,
        "`x` must be an array of real numbers. Received: list of dtype <U1.",
    ),
    (
        lambda folder: cross_entropy([[0.5, 0.5]], [1, 0]),
        ValueError,
        "`Y` must have the shape of `A`, (1, 2). Received: (2,).",
    ),
    (
        lambda folder: cross_entropy_from_logits([["a"]], [[1]]),
        TypeError,
        "`Z` must be an array of real numbers. Received: list of dtype <U1.",
    ),
    (
        lambda folder: cross_entropy_from_logits([[0.5]], [[1, 0]]),
        ValueError,
        "`Y` must have the shape of `Z`, (1, 1). Received: (1, 2).",
    ),
    (
        lambda folder: cross_entropy(["a"], [1]),
        TypeError,
        "`A` must be an array of real numbers. Received: list of dtype <U1.",
    ),
    (
        lambda folder: model(X, [1, 0, 1], X, Y),
        ValueError,
        "`Y_train` must have shape (1, m=3). Received: (3,). `X_train` of shape (2, 3) sets m=3; "
        "use Y_train.reshape(1, -1).",
    ),
    (
        lambda folder: model(X, Y, np.ones((3, 2)), [[1, 0]]),
        ValueError,
        "`X_test` must have shape (n_x=2, m). Received: (3, 2). `X_train` of shape (2, 3) sets "
        "n_x=2; use X_test.T.",
    ),
    (
        lambda folder: model(X, Y, X, [[0.5, 0, 1]]),
        ValueError,
        "`Y_test` must hold only 0 and 1. Received: 1 other value such as 0.5.",
    ),
    (
        lambda folder: cross_entropy([[0.5, 1.5]], [[1, 0]]),
        ValueError,
        "`A` must lie in [0, 1]. Received: 1 other value such as 1.5. "
        "Logits become probabilities by sigmoid or softmax.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
