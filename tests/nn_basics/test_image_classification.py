"""Two and L layers: a second route, bad input.  `test_real_input` holds the course's values."""

from itertools import pairwise

import numpy as np
import pytest

from dlspec.nn_basics.deep_network import (
    L_model_backward,
    L_model_forward,
    compute_cost,
    initialize_parameters,
    update_parameters,
)
from dlspec.nn_basics.image_classification import (
    L_layer_model,
    initialize_parameters_scaled,
    predict,
    two_layer_model,
)
from dlspec.testing import assert_close
from tests.complaints import complaints_test

X = np.array([[1.0, -2.0, 0.5], [0.25, 3.0, -1.0]])
Y = np.array([[1, 0, 1]])
SMALL = {"W1": np.ones((3, 2)), "b1": np.zeros((3, 1)), "W2": np.ones((1, 3)), "b2": [[0.0]]}

PURE_CALLS = {
    "L_layer_model": (X, Y, [2, 3, 2, 1], 0.1, 3),
    "initialize_parameters_scaled": ([2, 3, 1],),
    "predict": (X, Y, SMALL),
    "two_layer_model": (X, Y, (2, 3, 1), 0.1, 3),
}


def random_problem(n_x=5, m=12):
    random = np.random.default_rng(0)
    return random.normal(size=(n_x, m)), random.integers(0, 2, size=(1, m))


# --- A second route -------------------------------------------------------------------------------


def test_scaled_weights_are_seed_one_over_the_root_of_the_inputs():
    drawn, taken = np.random.RandomState(1).randn(5 * 4 + 4 * 3), 0
    parameters = initialize_parameters_scaled([5, 4, 3])
    for l, (n_prev, n) in enumerate(pairwise([5, 4, 3]), start=1):
        own = drawn[taken : taken + n * n_prev].reshape(n, n_prev)
        assert_close(parameters[f"W{l}"], own / np.sqrt(n_prev), rtol=1e-15)
        assert_close(parameters[f"b{l}"], np.zeros((n, 1)))
        taken += n * n_prev
    assert list(parameters) == ["W1", "b1", "W2", "b2"]


def test_scaled_weights_follow_their_seed_and_leave_the_global_generator_alone():
    before = np.random.get_state()[1].copy()
    own = initialize_parameters_scaled([2, 3], seed=7)["W1"]
    assert_close(np.random.get_state()[1], before, rtol=0)
    assert_close(own, np.random.RandomState(7).randn(3, 2) / np.sqrt(2), rtol=1e-15)


def test_scaled_weights_keep_the_size_of_the_signal():
    """Var(W x) = sum of n_prev terms of variance 1/n_prev: each unit answers with variance 1."""
    W = initialize_parameters_scaled([400, 1000])["W1"]
    x = np.random.default_rng(0).normal(size=(400, 50))
    assert_close(np.var(W @ x), 1.0, rtol=0.03)


def train_step_by_step(parameters, X, Y, learning_rate, steps):
    costs = []
    for i in range(steps):
        AL, caches = L_model_forward(X, parameters)
        if i % 100 == 0:
            costs.append(compute_cost(AL, Y))
        parameters = update_parameters(parameters, L_model_backward(AL, Y, caches), learning_rate)
    return parameters, np.array(costs)


@pytest.mark.parametrize(("n_x", "m"), [(5, 12), (40, 6)], ids=["many examples", "many inputs"])
def test_two_layer_model_composes_the_graded_functions(n_x, m):
    X, Y = random_problem(n_x, m)
    expected = train_step_by_step(initialize_parameters(n_x, 4, 1), X, Y, 0.3, 250)
    parameters, costs = two_layer_model(X, Y, (n_x, 4, 1), 0.3, 250)
    assert_close((parameters, np.array(costs)), expected, rtol=1e-9, atol=1e-12)
    assert len(costs) == 3
    assert all(isinstance(cost, float) for cost in costs)


@pytest.mark.parametrize(("n_x", "m"), [(5, 12), (40, 6)], ids=["many examples", "many inputs"])
def test_L_layer_model_composes_the_graded_functions(n_x, m):
    X, Y = random_problem(n_x, m)
    sizes = [n_x, 4, 3, 1]
    expected = train_step_by_step(initialize_parameters_scaled(sizes), X, Y, 0.1, 250)
    parameters, costs = L_layer_model(X, Y, sizes, 0.1, 250)
    assert_close((parameters, np.array(costs)), expected, rtol=1e-9, atol=1e-12)
    assert len(costs) == 3


@pytest.mark.parametrize(
    ("train", "start"),
    [
        (two_layer_model, initialize_parameters(5, 4, 1)),
        (L_layer_model, initialize_parameters_scaled([5, 4, 1])),
    ],
)
def test_defaults_are_3000_iterations_at_0_0075_and_silence(train, start, capsys):
    X, Y = random_problem()
    parameters, costs = train(X, Y, [5, 4, 1])
    assert_close(train(X, Y, [5, 4, 1], 0.0075, 3000), (parameters, np.array(costs)), rtol=0)
    assert len(costs) == 30
    assert capsys.readouterr().out == ""
    assert_close(train(X, Y, [5, 4, 1], num_iterations=0), (start, np.array([])), rtol=0)


@pytest.mark.parametrize("train", [two_layer_model, L_layer_model])
def test_models_print_every_hundredth_cost_when_asked(train, capsys):
    X, Y = random_problem()
    _, costs = train(X, Y, [5, 4, 1], num_iterations=201, print_cost=True)
    assert capsys.readouterr().out.splitlines() == [
        f"Cost after iteration {i}: {cost:.6f}"
        for i, cost in zip((0, 100, 200), costs, strict=True)
    ]


@pytest.mark.parametrize("train", [two_layer_model, L_layer_model])
def test_models_take_sizes_as_tuple_list_or_array(train):
    X, Y = random_problem()
    one, two, three = (
        train(X, Y, sizes, 0.1, 5)[0] for sizes in ((5, 4, 1), [5, 4, 1], np.array([5, 4, 1]))
    )
    assert_close(one, two, rtol=0)
    assert_close(one, three, rtol=0)


def test_a_network_of_one_layer_is_admitted():
    X, Y = random_problem()
    parameters, _ = L_layer_model(X, Y, [5, 1], num_iterations=1)
    assert list(parameters) == ["W1", "b1"]


def test_predict_needs_strictly_more_than_one_half():
    parameters = {"W1": np.array([[1.0]]), "b1": np.array([[0.0]])}
    p = predict(np.array([[-1e-9, 0.0, 1e-9]]), None, parameters)
    assert_close(p, [[0.0, 0.0, 1.0]])
    assert p.dtype == np.float64


def test_predict_is_the_sign_of_the_logit():
    X, Y = random_problem()
    parameters = initialize_parameters_scaled([5, 4, 1])
    A1 = np.maximum(0, parameters["W1"] @ X)
    expected = (parameters["W2"] @ A1 > 0).astype(float)
    assert 0 < expected.mean() < 1
    assert_close(predict(X, Y, parameters), expected)
    assert_close(predict(X, None, parameters), expected)


def test_predict_tells_the_accuracy_when_asked(capsys):
    parameters = {"W1": np.array([[1.0]]), "b1": np.array([[0.0]])}
    X, Y = np.array([[-1.0, 1.0, 2.0]]), np.array([[1, 1, 0]])
    predict(X, Y, parameters, verbose=True)
    assert capsys.readouterr().out == "Accuracy: 33.33%\n"
    predict(X, Y, parameters)
    predict(X, None, parameters, verbose=True)
    assert capsys.readouterr().out == ""


def test_saturated_networks_train_and_predict_without_a_warning():
    X, Y = np.array([[1000.0, -1000.0]]), np.array([[0, 1]])
    parameters = {"W1": np.array([[1.0]]), "b1": np.array([[0.0]])}
    assert_close(predict(X, Y, parameters), [[1.0, 0.0]])
    for train in (two_layer_model, L_layer_model):
        parameters, costs = train(X, Y, [1, 3, 1], 0.0075, 101)
        assert np.isfinite(costs).all()
        assert all(np.isfinite(value).all() for value in parameters.values())


# --- Bad input ------------------------------------------------------------------------------------

SETS_M = "`X` of shape (2, 3) sets m=3"
X_NAN = np.array([[1.0, np.nan, 2.0], [0.0, 0.0, np.inf]])
NOT_FINITE = (
    "`X` must hold finite numbers only. Received: 1 NaN and 1 infinite of 6 values, the first at "
    "[0, 1]. Remove or replace them."
)

COMPLAINTS = [
    # initialize_parameters_scaled
    (
        lambda folder: initialize_parameters_scaled(5),
        TypeError,
        "`layer_dims` must be a list of layer sizes. Received: 5 (int).",
    ),
    (
        lambda folder: initialize_parameters_scaled([5]),
        ValueError,
        "`layer_dims` must hold the inputs and at least 1 layer. Received: [5].",
    ),
    (
        lambda folder: initialize_parameters_scaled([5, 0]),
        ValueError,
        "`layer_dims[1]` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: initialize_parameters_scaled([5, 1], seed=-1),
        ValueError,
        "`seed` must be at least 0. Received: -1.",
    ),
    (
        lambda folder: initialize_parameters_scaled([5, 1], seed=None),
        TypeError,
        "`seed` must be a whole number. Received: None (NoneType).",
    ),
    # two_layer_model
    (
        lambda folder: two_layer_model(X, Y, "231"),
        TypeError,
        "`layers_dims` must be a list of layer sizes. Received: '231' (str).",
    ),
    (
        lambda folder: two_layer_model(X, Y, (2, 1)),
        ValueError,
        "`layers_dims` must hold the inputs and at least 2 layers. Received: [2, 1].",
    ),
    (
        lambda folder: two_layer_model(X, Y, [2, 3, 3, 1]),
        ValueError,
        "`layers_dims` must be (n_x, n_h, n_y). Received: [2, 3, 3, 1]. "
        "L_layer_model takes any length.",
    ),
    (
        lambda folder: two_layer_model(X, Y, (2, 3.5, 1)),
        TypeError,
        "`layers_dims[1]` must be a whole number. Received: 3.5 (float).",
    ),
    (
        lambda folder: two_layer_model(X, Y, (2, 0, 1)),
        ValueError,
        "`layers_dims[1]` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: two_layer_model(X, Y, (3, 4, 1)),
        ValueError,
        "`layers_dims` must begin with n_x=2 and end with 1. Received: [3, 4, 1].",
    ),
    (
        lambda folder: two_layer_model(X, Y, (2, 4, 2)),
        ValueError,
        "`layers_dims` must begin with n_x=2 and end with 1. Received: [2, 4, 2].",
    ),
    (
        lambda folder: two_layer_model(X[0], Y, (2, 3, 1)),
        ValueError,
        "`X` must have shape (n_x, m). Received: (3,).",
    ),
    (
        lambda folder: two_layer_model(X_NAN, Y, (2, 3, 1)),
        ValueError,
        NOT_FINITE,
    ),
    (
        lambda folder: two_layer_model(X, Y[0], (2, 3, 1)),
        ValueError,
        f"`Y` must have shape (1, m=3). Received: (3,). {SETS_M}; use Y.reshape(1, -1).",
    ),
    (
        lambda folder: two_layer_model(np.ones((5, 2)), np.ones((1, 5)), (2, 3, 1)),
        ValueError,
        "`Y` must have shape (1, m=2). Received: (1, 5). `X` of shape (5, 2) sets m=2; columns are "
        "examples, use X.T if each row of `X` is one.",
    ),
    (
        lambda folder: two_layer_model(X, [[1, -1, 1]], (2, 3, 1)),
        ValueError,
        "`Y` must hold only 0 and 1. Received: 1 other value such as -1. Labels -1 and 1 "
        "become 0 and 1 with (Y + 1) / 2.",
    ),
    (
        lambda folder: two_layer_model(X, Y, (2, 3, 1), learning_rate=0),
        ValueError,
        "`learning_rate` must be a positive finite number. Received: 0.",
    ),
    (
        lambda folder: two_layer_model(X, Y, (2, 3, 1), num_iterations=-1),
        ValueError,
        "`num_iterations` must be at least 0. Received: -1.",
    ),
    # L_layer_model
    (
        lambda folder: L_layer_model(X, Y, [2]),
        ValueError,
        "`layers_dims` must hold the inputs and at least 1 layer. Received: [2].",
    ),
    (
        lambda folder: L_layer_model(X, Y, {2: 1}),
        TypeError,
        "`layers_dims` must be a list of layer sizes. Received: {2: 1} (dict).",
    ),
    (
        lambda folder: L_layer_model(X, Y, [2, -3, 1]),
        ValueError,
        "`layers_dims[1]` must be at least 1. Received: -3.",
    ),
    (
        lambda folder: L_layer_model(X, Y, [4, 3, 1]),
        ValueError,
        "`layers_dims` must begin with n_x=2 and end with 1. Received: [4, 3, 1].",
    ),
    (
        lambda folder: L_layer_model(X, Y, [2, 3]),
        ValueError,
        "`layers_dims` must begin with n_x=2 and end with 1. Received: [2, 3].",
    ),
    (
        lambda folder: L_layer_model(X, Y.T, [2, 3, 1]),
        ValueError,
        f"`Y` must have shape (1, m=3). Received: (3, 1). {SETS_M}; use Y.T.",
    ),
    (
        lambda folder: L_layer_model([["a"]], Y, [2, 3, 1]),
        TypeError,
        "`X` must be an array of real numbers. Received: list of dtype <U1.",
    ),
    (
        lambda folder: L_layer_model(X, Y, [2, 3, 1], learning_rate=np.nan),
        ValueError,
        "`learning_rate` must be a positive finite number. Received: nan.",
    ),
    (
        lambda folder: L_layer_model(X, Y, [2, 3, 1], num_iterations=True),
        TypeError,
        "`num_iterations` must be a whole number. Received: True (bool).",
    ),
    # predict
    (
        lambda folder: predict(X[0], None, SMALL),
        ValueError,
        "`X` must have shape (n_x, m). Received: (3,).",
    ),
    (
        lambda folder: predict(X_NAN, Y, SMALL),
        ValueError,
        NOT_FINITE,
    ),
    (
        lambda folder: predict(X, Y[0], SMALL),
        ValueError,
        f"`y` must have shape (1, m=3). Received: (3,). {SETS_M}; use y.reshape(1, -1).",
    ),
    (
        lambda folder: predict(X, [[0, 1, 2]], SMALL),
        ValueError,
        "`y` must hold only 0 and 1. Received: 1 other value such as 2.",
    ),
    (
        lambda folder: predict(X, Y, {}),
        ValueError,
        "`parameters` must have the keys W1, b1. Received: an empty dictionary. Missing: W1, b1.",
    ),
    (
        lambda folder: predict(X, Y, SMALL | {"W2": np.ones((2, 3)), "b2": np.ones((2, 1))}),
        ValueError,
        "`parameters` must end in one output. Received: 2 outputs.",
    ),
    (
        lambda folder: predict(X, SMALL, Y),
        TypeError,
        "`y` must be an array of real numbers. Received: dict.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
