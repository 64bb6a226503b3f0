"""Initialization: the course's values, statistics, Keras initializers, bad input."""

import itertools

import numpy as np
import pytest

from dlspec.datasets.circles_and_moons import make_circles
from dlspec.nn_basics.deep_network import L_model_forward
from dlspec.optimization.initialization import (
    initialize_parameters_glorot,
    initialize_parameters_he,
    initialize_parameters_random,
    initialize_parameters_xavier,
    initialize_parameters_zeros,
    model,
)
from dlspec.testing import assert_close
from tests.complaints import complaints_test

X, Y = np.array([[1.0, -2.0, 0.5], [0.25, 3.0, -1.0]]), np.array([[1, 0, 1]])

PURE_CALLS = {
    "initialize_parameters_glorot": ([2, 3, 1],),
    "initialize_parameters_he": ([2, 3, 1],),
    "initialize_parameters_random": ([2, 3, 1],),
    "initialize_parameters_xavier": ([2, 3, 1],),
    "initialize_parameters_zeros": ([2, 3, 1],),
    "model": (X, Y, 0.1, 3, False, "he"),
}


# --- The course's values --------------------------------------------------------------------------


def test_zeros_course_values():
    expected = {"W1": np.zeros((2, 3)), "b1": [[0], [0]], "W2": [[0, 0]], "b2": [[0]]}
    assert_close(initialize_parameters_zeros([3, 2, 1]), expected)


def test_random_course_values():
    expected = {
        "W1": [[17.88628473, 4.36509851, 0.96497468], [-18.63492703, -2.77388203, -3.54758979]],
        "b1": [[0], [0]],
        "W2": [[-0.82741481, -6.27000677]],
        "b2": [[0]],
    }
    assert_close(initialize_parameters_random([3, 2, 1]), expected, rtol=1e-7)


def test_he_course_values():
    expected = {
        "W1": [
            [1.78862847, 0.43650985],
            [0.09649747, -1.8634927],
            [-0.2773882, -0.35475898],
            [-0.08274148, -0.62700068],
        ],
        "b1": [[0]] * 4,
        "W2": [[-0.03098412, -0.33744411, -0.92904268, 0.62552248]],
        "b2": [[0]],
    }
    assert_close(initialize_parameters_he([2, 4, 1]), expected, atol=5e-9)


def accuracies(parameters):
    for X, Y in (make_circles(300, seed=1), make_circles(100, seed=2)):
        yield float(np.mean((L_model_forward(X, parameters)[0] > 0.5) == Y))


PUBLISHED_HE = {
    0: 0.8830537,
    1: 0.6879826,
    2: 0.6751286,
    5: 0.5304945,
    10: 0.1501556,
    14: 0.0735790,
}


@pytest.mark.parametrize(
    ("initialization", "train", "test"),
    [("zeros", 0.5, 0.5), ("random", 0.83, 0.86), ("he", 298 / 300, 0.96)],
)
def test_circles_give_the_course_accuracies(initialization, train, test, capsys):
    parameters = model(*make_circles(), initialization=initialization)
    assert_close([*accuracies(parameters)], [train, test], rtol=1e-12)
    costs = [float(line.split()[-1]) for line in capsys.readouterr().out.splitlines()]
    assert len(costs) == 15
    if initialization == "zeros":
        assert set(costs) == {0.693147}
    elif initialization == "random":
        assert np.isfinite(costs[0])  # inf in the course, from log 0
        assert_close(costs[1], 0.6242, atol=5e-5)
    else:
        assert_close([costs[i] for i in PUBLISHED_HE], [*PUBLISHED_HE.values()], atol=1e-6)


def test_zeros_keep_all_units_of_a_layer_equal():
    parameters = model(*make_circles(), 0.5, 50, False, "zeros")
    assert_close(parameters["W1"], np.zeros((10, 2)))
    assert (parameters["b1"] == parameters["b1"][0]).all()


# --- A second route -------------------------------------------------------------------------------

SCALES = {
    initialize_parameters_random: lambda n_prev, n: 10,
    initialize_parameters_he: lambda n_prev, n: (2 / n_prev) ** 0.5,
    initialize_parameters_xavier: lambda n_prev, n: (1 / n_prev) ** 0.5,
    initialize_parameters_glorot: lambda n_prev, n: (2 / (n_prev + n)) ** 0.5,
}


@pytest.mark.parametrize("initialize", SCALES)
def test_weights_are_the_legacy_generators_scaled(initialize):
    random = np.random.RandomState(4)
    sizes = [7, 5, 4, 2]
    parameters = initialize(sizes, seed=4)
    for l, (n_prev, n) in enumerate(itertools.pairwise(sizes), start=1):
        expected = random.randn(n, n_prev) * SCALES[initialize](n_prev, n)
        assert_close(parameters[f"W{l}"], expected, rtol=1e-15)
        assert_close(parameters[f"b{l}"], np.zeros((n, 1)))


@pytest.mark.parametrize(
    ("initialize", "twin"),
    [
        (initialize_parameters_he, ("fan_in", 2.0)),
        (initialize_parameters_xavier, ("fan_in", 1.0)),
        (initialize_parameters_glorot, ("fan_avg", 1.0)),
    ],
)
def test_weights_have_the_spread_of_keras_initializers(initialize, twin):
    """Standard deviations of 40,000 weights agree within 2 % (two errors of 0.35 %)."""
    import keras

    mode, scale = twin
    with np.errstate(all="ignore"):
        theirs = keras.initializers.VarianceScaling(scale, mode, "untruncated_normal", seed=1)
        kernel = keras.ops.convert_to_numpy(theirs((400, 100))).astype(float)
    assert_close(initialize([400, 100])["W1"].std(), kernel.std(), rtol=0.02)


def test_he_keeps_the_signal_through_many_relu_layers_and_xavier_halves_it():
    """The mean square after 10 layers of ReLU: the same with He, 2^-10 of it with Xavier."""
    X = np.random.default_rng(0).normal(size=(400, 200))
    for initialize, factor in ((initialize_parameters_he, 1), (initialize_parameters_xavier, 2)):
        _, caches = L_model_forward(X, initialize([400] * 11 + [1]))
        (A, _, _), _ = caches[-1]
        expected = factor**-10.0 * np.mean(X**2)  # E relu(z)^2 is half E z^2
        assert 0.6 < np.mean(A**2) * 1 / expected < 1.6


# --- The loop -------------------------------------------------------------------------------------


def test_model_prints_every_thousandth_cost_only_when_asked(capsys):
    model(X, Y, num_iterations=1001)
    assert [line.split()[3] for line in capsys.readouterr().out.splitlines()] == ["0:", "1000:"]
    model(X, Y, num_iterations=1, print_cost=False)
    assert capsys.readouterr().out == ""


def test_ctrl_c_ends_the_training_with_what_was_learned(monkeypatch, capsys):
    """The engine is stopped in the middle of a step; what comes back is of the step before."""
    from dlspec.optimization import initialization

    def stopped(parameters, X, Y, learning_rate):
        own = {name: p.copy() for name, p in parameters.items()}
        for _ in range(4):
            for p in own.values():
                p += 1
            yield own, 0.5
        own["W1"] += 1
        raise KeyboardInterrupt

    monkeypatch.setattr(initialization, "gradient_descent", stopped)
    parameters = model(X, Y, num_iterations=50)
    start = initialize_parameters_he([2, 10, 5, 1])
    assert_close(parameters, {name: p + 4 for name, p in start.items()}, rtol=1e-12)
    assert capsys.readouterr().out.splitlines()[-1] == (
        "Stopped after 4 of 50 iterations, with what was learned so far."
    )


def test_no_iterations_give_the_start():
    assert_close(model(X, Y, num_iterations=0), initialize_parameters_he([2, 10, 5, 1]))


COMPLAINTS = [
    (
        lambda folder: initialize_parameters_zeros([2]),
        ValueError,
        "`layers_dims` must hold the inputs and at least 1 layer. Received: [2].",
    ),
    (
        lambda folder: initialize_parameters_he([2, 0]),
        ValueError,
        "`layers_dims[1]` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: initialize_parameters_he([2, 1], seed=-1),
        ValueError,
        "`seed` must be at least 0. Received: -1.",
    ),
    (
        lambda folder: initialize_parameters_random("231"),
        TypeError,
        "`layers_dims` must be a list of layer sizes. Received: '231' (str).",
    ),
    (
        lambda folder: model(X, Y, initialization="xaver"),
        ValueError,
        "`initialization` must be a known name. Received: 'xaver'. Did you mean xavier? "
        "Known: zeros, random, he, xavier, glorot.",
    ),
    (
        lambda folder: model(X, [[1, 0, 1, 1]]),
        ValueError,
        "`Y` must have shape (1, m=3). Received: (1, 4). `X` of shape (2, 3) sets m=3.",
    ),
    (
        lambda folder: model(X, Y, num_iterations=-1),
        ValueError,
        "`num_iterations` must be at least 0. Received: -1.",
    ),
    (
        lambda folder: model(X, Y, learning_rate=0),
        ValueError,
        "`learning_rate` must be a positive finite number. Received: 0.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
