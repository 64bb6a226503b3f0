"""Batch normalisation: by hand, step by step, against Keras, numerical gradients, a network."""

from itertools import islice

import numpy as np
import pytest
from sklearn.datasets import load_digits

from dlspec.optimization import softmax_regression
from dlspec.optimization.batch_normalization import (
    EPSILON,
    batch_norm_backward,
    batch_norm_forward,
    batch_norm_inference,
    gradient_descent,
    initialize_parameters,
    initialize_statistics,
    predict,
    propagate,
    update_statistics,
)
from dlspec.optimization.softmax_regression import one_hot
from dlspec.testing import assert_close, gradient_check, numerical_gradients
from tests.complaints import complaints_test

Z = np.array([[1.0, 2.0, 6.0, 3.0], [0.0, -1.0, 4.0, 1.0]])
GAMMA, BETA = np.array([[1.5], [-0.5]]), np.array([[0.25], [2.0]])
CACHE = batch_norm_forward(Z, GAMMA, BETA)[1]
STATISTICS = update_statistics(initialize_statistics(2), Z)

X = np.array([[1.0, -2.0, 0.5, 3.0, -1.0], [0.0, 1.0, -1.0, 2.0, 0.3]])
Y = np.array([[1, 0, 0, 1, 0], [0, 1, 0, 0, 1], [0, 0, 1, 0, 0]])
NETWORK = initialize_parameters([2, 4, 3, 3])
PLAIN = initialize_parameters([2, 4, 3, 3], batch_norm=False)
NETWORK_STATISTICS = [
    update_statistics(initialize_statistics(4), np.arange(8.0).reshape(4, 2)),
    update_statistics(initialize_statistics(3), np.arange(6.0).reshape(3, 2)),
]

PURE_CALLS = {
    "batch_norm_forward": (Z, GAMMA, BETA),
    "batch_norm_backward": (Z**2, CACHE),
    "batch_norm_inference": (Z, GAMMA, BETA, STATISTICS),
    "initialize_statistics": (2,),
    "update_statistics": (STATISTICS, Z),
    "initialize_parameters": ([2, 3, 2],),
    "propagate": (NETWORK, X, Y),
    "gradient_descent": (NETWORK, X, Y, 0.1),
    "predict": (NETWORK, X, NETWORK_STATISTICS),
}


@pytest.fixture
def batch():
    """A batch of random numbers and a random gradient behind the layer."""
    random = np.random.default_rng(0)
    return {
        "Z": random.normal(3, 2, size=(4, 9)),
        "gamma": random.normal(size=(4, 1)),
        "beta": random.normal(size=(4, 1)),
    }, random.normal(size=(4, 9))


def with_random_shifts(parameters, seed=0):
    """Fresh gammas are 1 and betas and biases 0, which would hide a mistake."""
    random = np.random.default_rng(seed)
    return {name: p + random.normal(size=p.shape) / 2 for name, p in parameters.items()}


# --- The layer ------------------------------------------------------------------------------------


def test_forward_by_hand():
    """The mean of 1, 2, 3, 6 is 3 and the variance (4 + 1 + 0 + 9) / 4 = 3.5; epsilon makes 4."""
    Z_tilde, cache = batch_norm_forward(Z[:1], GAMMA[:1], BETA[:1], epsilon=0.5)
    assert_close(Z_tilde, [[-1.25, -0.5, 2.5, 0.25]], rtol=1e-15)
    assert_close(cache["Z_norm"], [[-1.0, -0.5, 1.5, 0.0]], rtol=1e-15)
    assert_close(cache["deviation"], [[2.0]], rtol=1e-15)


def test_gamma_is_the_deviation_and_beta_the_mean_that_comes_out(batch):
    given, _ = batch
    Z_tilde, _ = batch_norm_forward(**given, epsilon=1e-30)
    assert_close(Z_tilde.mean(axis=1, keepdims=True), given["beta"], rtol=1e-13)
    assert_close(Z_tilde.std(axis=1, keepdims=True), np.abs(given["gamma"]), rtol=1e-13)


def test_a_bias_before_it_vanishes(batch):
    given, _ = batch
    biased = given | {"Z": given["Z"] + np.arange(4.0)[:, None]}
    assert_close(batch_norm_forward(**biased)[0], batch_norm_forward(**given)[0], rtol=1e-11)


def test_equal_examples_come_out_as_beta():
    Z_tilde, cache = batch_norm_forward(np.full((2, 3), 7.0), GAMMA, BETA)
    assert_close(Z_tilde, np.repeat(BETA, 3, axis=1), rtol=0)
    assert_close(cache["deviation"], np.full((2, 1), np.sqrt(EPSILON)), rtol=1e-15)


def test_backward_equals_the_computation_graph_step_by_step(batch):
    """The paper's section 3: one gradient per arrow, added where arrows meet."""
    given, dZ_tilde = batch
    Z, gamma, m = given["Z"], given["gamma"], 9
    centred = Z - Z.mean(axis=1, keepdims=True)
    deviation = np.sqrt((centred**2).mean(axis=1, keepdims=True) + EPSILON)
    dbeta = dZ_tilde.sum(axis=1, keepdims=True)
    dgamma = (dZ_tilde * centred / deviation).sum(axis=1, keepdims=True)
    dZ_norm = dZ_tilde * gamma
    dvariance = (dZ_norm * centred).sum(axis=1, keepdims=True) * -0.5 / deviation**3
    dmu = -(dZ_norm / deviation).sum(axis=1, keepdims=True)
    dmu += dvariance * (-2 * centred).mean(axis=1, keepdims=True)
    dZ = dZ_norm / deviation + dvariance * 2 * centred / m + dmu / m
    _, cache = batch_norm_forward(**given)
    assert_close(batch_norm_backward(dZ_tilde, cache), (dZ, dgamma, dbeta), rtol=1e-11)


def test_backward_passes_the_gradient_check(batch):
    given, dZ_tilde = batch
    _, cache = batch_norm_forward(**given)
    dZ, dgamma, dbeta = batch_norm_backward(dZ_tilde, cache)
    gradient_check(
        lambda p: float((dZ_tilde * batch_norm_forward(**p)[0]).sum()),
        given,
        {"dZ": dZ, "dgamma": dgamma, "dbeta": dbeta},
    )


def test_neither_a_shift_nor_a_stretch_of_the_batch_matters(batch):
    """So the gradient is orthogonal to both; a stretch is felt through epsilon only."""
    given, dZ_tilde = batch
    _, cache = batch_norm_forward(**given, epsilon=1e-30)
    dZ, _, _ = batch_norm_backward(dZ_tilde, cache)
    assert_close(dZ.sum(axis=1), np.zeros(4), atol=1e-14)
    assert_close((dZ * cache["Z_norm"]).sum(axis=1), np.zeros(4), atol=1e-14)


# --- Keras ----------------------------------------------------------------------------------------


def keras_layer(batch, **options):
    """`keras.layers.BatchNormalization` in float64 with our gamma and beta; rows are examples."""
    import keras

    layer = keras.layers.BatchNormalization(dtype="float64", epsilon=EPSILON, **options)
    layer.build((None, 4))
    layer.gamma.assign(batch["gamma"][:, 0])
    layer.beta.assign(batch["beta"][:, 0])
    return layer


def test_training_equals_keras_with_all_gradients(batch):
    import tensorflow as tf

    given, dZ_tilde = batch
    layer, x = keras_layer(given), tf.Variable(given["Z"].T)
    with tf.GradientTape() as tape:
        out = layer(x, training=True)
        cost = tf.reduce_sum(dZ_tilde.T * out)
    weights = [layer.gamma.value, layer.beta.value]
    dx, *others = tape.gradient(cost, [x, *weights])
    Z_tilde, cache = batch_norm_forward(**given)
    assert_close(Z_tilde, out.numpy().T, rtol=1e-10)
    expected = (dx.numpy().T, *(d.numpy()[:, None] for d in others))
    assert_close(batch_norm_backward(dZ_tilde, cache), expected, rtol=1e-9, atol=1e-13)


def test_inference_equals_keras_with_its_conventions(batch):
    """No bias correction, the biased variance, momentum 0.99, epsilon 1e-3 where not set."""
    given, _ = batch
    layer, random = keras_layer(given), np.random.default_rng(1)
    assert layer.momentum == 0.99
    assert type(layer)().epsilon == 1e-3
    statistics = initialize_statistics(4, bias_correction=False)
    for _ in range(5):
        Z = random.normal(2, 3, size=(4, 8))
        layer(Z.T, training=True)
        statistics = update_statistics(statistics, Z, unbiased=False)
    assert_close(statistics["mean"][:, 0], layer.moving_mean.numpy(), rtol=1e-12)
    assert_close(statistics["variance"][:, 0], layer.moving_variance.numpy(), rtol=1e-12)
    expected = layer(given["Z"].T, training=False).numpy().T
    assert_close(batch_norm_inference(**given, statistics=statistics), expected, rtol=1e-11)


# --- Running statistics ---------------------------------------------------------------------------


def test_statistics_by_hand():
    """Batches with means 2 and 6 and unbiased variances 2 and 8, half of the old kept."""
    statistics = initialize_statistics(1)
    assert_close(statistics, {"mean": [[0.0]], "variance": [[0.0]], "weight": [[0.0]]})
    statistics = update_statistics(statistics, [[1.0, 3.0]], 0.5)
    assert_close(statistics, {"mean": [[1.0]], "variance": [[1.0]], "weight": [[0.5]]})
    statistics = update_statistics(statistics, [[4.0, 8.0]], 0.5)
    assert_close(statistics, {"mean": [[3.5]], "variance": [[4.5]], "weight": [[0.75]]})
    # The averages are 3.5 / 0.75 = 14/3 and 4.5 / 0.75 = 6.
    one, zero = np.ones((1, 1)), np.zeros((1, 1))
    at_the_mean = batch_norm_inference([[14 / 3, 14 / 3 + 3]], one, zero, statistics, epsilon=3.0)
    assert_close(at_the_mean, [[0.0, 1.0]], atol=1e-15)


def test_the_weight_is_the_bias_correction_of_week_2():
    statistics = initialize_statistics(2)
    for t in range(1, 8):
        statistics = update_statistics(statistics, Z, 0.9)
        assert_close(statistics["weight"], [[1 - 0.9**t]], rtol=1e-14)


def test_averages_of_equal_batches_are_right_from_the_first_on():
    """That is what bias correction is for; with m / (m - 1) the variance is the sample's."""
    for unbiased in (True, False):
        statistics = update_statistics(initialize_statistics(2), Z, unbiased=unbiased)
        variance = Z.var(axis=1, keepdims=True, ddof=int(unbiased))
        expected = GAMMA * (X[:, :1] - Z.mean(axis=1, keepdims=True)) / np.sqrt(variance + EPSILON)
        found = batch_norm_inference(X[:, :1], GAMMA, BETA, statistics)
        assert_close(found, expected + BETA, rtol=1e-13)


def test_the_paper_is_the_default():
    assert_close(update_statistics(STATISTICS, Z), update_statistics(STATISTICS, Z, 0.99))
    assert_close(
        update_statistics(STATISTICS, Z), update_statistics(STATISTICS, Z, unbiased=True), rtol=0
    )


def test_inference_sees_one_example_at_a_time(batch):
    given, _ = batch
    statistics = update_statistics(initialize_statistics(4), given["Z"])
    together = batch_norm_inference(**given, statistics=statistics)
    for i in range(9):
        alone = batch_norm_inference(**(given | {"Z": given["Z"][:, [i]]}), statistics=statistics)
        assert_close(alone, together[:, [i]], rtol=0)


# --- A network with and without -------------------------------------------------------------------


def test_both_kinds_start_with_the_same_he_weights():
    sizes = [400, 300, 10]
    normalised, plain = (initialize_parameters(sizes, 5, batch_norm=b) for b in (True, False))
    for l in (1, 2):
        assert_close(normalised[f"W{l}"], plain[f"W{l}"], rtol=0)
        scale = np.sqrt(2 / sizes[l - 1])
        assert_close(normalised[f"W{l}"].std(), scale, rtol=0.03)
    assert_close(normalised["gamma1"], np.ones((300, 1)))
    assert_close(normalised["beta1"], np.zeros((300, 1)))
    assert not plain["b1"].any()
    assert not np.array_equal(initialize_parameters(sizes, 6)["W1"], plain["W1"])


@pytest.mark.parametrize("parameters", [NETWORK, PLAIN], ids=["batch norm", "plain"])
def test_network_passes_the_gradient_check(parameters):
    parameters = with_random_shifts(parameters)
    grads, _ = propagate(parameters, X, Y)
    assert set(grads) == {f"d{name}" for name in parameters}
    gradient_check(lambda p: propagate(p, X, Y)[1], parameters, grads)


def test_network_equals_its_layers_one_by_one():
    p = with_random_shifts(NETWORK)
    A = X
    for l in (1, 2):
        A = np.maximum(0, batch_norm_forward(p[f"W{l}"] @ A, p[f"gamma{l}"], p[f"beta{l}"])[0])
    A = softmax_regression.softmax(p["W3"] @ A + p["b3"])
    _, cost = propagate(p, X, Y)
    assert_close(cost, softmax_regression.cross_entropy(A, Y).mean(), rtol=1e-13)


def test_without_hidden_layers_it_is_softmax_regression():
    parameters = with_random_shifts(initialize_parameters([2, 3]))
    grads, cost = propagate(parameters, X, Y)
    other, other_cost = softmax_regression.propagate(
        {"W": parameters["W1"], "b": parameters["b1"]}, X, Y
    )
    assert_close((grads, cost), ({"dW1": other["dW"], "db1": other["db"]}, other_cost), rtol=1e-13)


@pytest.mark.parametrize("parameters", [NETWORK, PLAIN], ids=["batch norm", "plain"])
def test_a_step_goes_down_the_numerical_gradient(parameters):
    """One batch of all examples; their order does not matter."""
    parameters = with_random_shifts(parameters)
    after, _, cost = next(gradient_descent(parameters, X, Y, 0.3, batch_size=5))
    slope = numerical_gradients(lambda p: propagate(p, X, Y)[1], parameters)
    expected = {name: p - 0.3 * slope[f"d{name}"] for name, p in parameters.items()}
    assert_close(after, expected, rtol=1e-7, atol=1e-9)
    assert_close(cost, propagate(parameters, X, Y)[1], rtol=1e-13)


def test_statistics_of_the_network_are_those_of_its_layers():
    parameters = with_random_shifts(NETWORK)
    Z1 = parameters["W1"] @ X
    A1 = np.maximum(0, batch_norm_forward(Z1, parameters["gamma1"], parameters["beta1"])[0])
    _, statistics, _ = next(gradient_descent(parameters, X, Y, 0.3, batch_size=5))
    expected = [
        update_statistics(initialize_statistics(4), Z1),
        update_statistics(initialize_statistics(3), parameters["W2"] @ A1),
    ]
    assert_close(tuple(statistics), tuple(expected), rtol=1e-12, atol=1e-17)


def test_predict_equals_the_layers_at_test_time():
    p = with_random_shifts(NETWORK)
    A = X = np.random.default_rng(3).normal(size=(2, 40)) * 10
    for l, statistics in enumerate(NETWORK_STATISTICS, start=1):
        Z = p[f"W{l}"] @ A
        A = np.maximum(0, batch_norm_inference(Z, p[f"gamma{l}"], p[f"beta{l}"], statistics))
    expected = (p["W3"] @ A + p["b3"]).argmax(axis=0)
    assert len(set(expected)) > 1
    assert_close(predict(p, X, NETWORK_STATISTICS), expected, rtol=0)
    alone = [predict(p, X[:, [i]], NETWORK_STATISTICS)[0] for i in range(40)]
    assert_close(alone, expected, rtol=0)


def test_every_pass_shows_every_example_once_in_another_order():
    """A linear network whose steps are too small to matter: its costs tell the batches apart."""
    random = np.random.default_rng(0)
    X, Y = random.normal(size=(2, 11)), one_hot(random.integers(0, 3, 11), 3)
    parameters = with_random_shifts(initialize_parameters([2, 3]))
    costs = [
        cost for _, _, cost in islice(gradient_descent(parameters, X, Y, 1e-12, batch_size=4), 4)
    ]
    whole = propagate(parameters, X, Y)[1]
    for first, second in (costs[:2], costs[2:]):  # 11 examples: a batch of 6 and one of 5
        assert_close((6 * first + 5 * second) / 11, whole, rtol=1e-9)
    assert costs[0] != costs[2]
    again = gradient_descent(parameters, X, Y, 1e-12, batch_size=4)
    assert_close([cost for _, _, cost in islice(again, 4)], costs, rtol=0)
    other = gradient_descent(parameters, X, Y, 1e-12, batch_size=4, seed=1)
    assert next(other)[2] != costs[0]


@pytest.mark.parametrize(("learning_rate", "gain"), [(0.03, 0.03), (0.3, 0.05), (1.0, 0.6)])
def test_handwritten_digits_are_learned_faster_and_at_larger_rates(learning_rate, gain):
    """Ten passes through four hidden layers, with and without, from the same weights."""
    digits = load_digits()
    X, labels = digits.data.T / 16, digits.target
    Y, right = one_hot(labels, 10), {}
    for batch_norm in (True, False):
        start = initialize_parameters([64, 32, 32, 32, 32, 10], batch_norm=batch_norm)
        steps = gradient_descent(start, X[:, :1400], Y[:, :1400], learning_rate)
        parameters, statistics, _ = next(islice(steps, 209, None))
        guesses = predict(parameters, X[:, 1400:], statistics)
        right[batch_norm] = np.mean(guesses == labels[1400:])
    assert right[True] > 0.8
    assert right[True] > right[False] + gain


# --- Bad input ------------------------------------------------------------------------------------

NOT_ALONE = "The variance of one example is 0; use batch_norm_inference."
N = "`Z` of shape (2, 4) sets n=2"

COMPLAINTS = [
    (
        lambda folder: batch_norm_forward(Z[:, :1], GAMMA, BETA),
        ValueError,
        f"`Z` must hold at least 2 examples. Received: 1. {NOT_ALONE}",
    ),
    (
        lambda folder: batch_norm_forward([1.0], GAMMA, BETA),
        ValueError,
        "`Z` must have shape (n, m). Received: (1,).",
    ),
    (
        lambda folder: batch_norm_forward(Z, GAMMA[:, 0], BETA),
        ValueError,
        f"`gamma` must have shape (n=2, 1). Received: (2,). {N}; use gamma.reshape(-1, 1).",
    ),
    (
        lambda folder: batch_norm_forward(Z, GAMMA, BETA.T),
        ValueError,
        f"`beta` must have shape (n=2, 1). Received: (1, 2). {N}; use beta.T.",
    ),
    (
        lambda folder: batch_norm_forward(Z, GAMMA, BETA, epsilon=0),
        ValueError,
        "`epsilon` must be a positive finite number. Received: 0.",
    ),
    (
        lambda folder: batch_norm_backward([1.0], CACHE),
        ValueError,
        "`dZ_tilde` must have shape (n, m). Received: (1,).",
    ),
    (
        lambda folder: batch_norm_backward(Z[:, :3], CACHE),
        ValueError,
        "`cache['Z_norm']` must have shape (n=2, m=3). Received: (2, 4).",
    ),
    (
        lambda folder: initialize_statistics(0),
        ValueError,
        "`n` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: update_statistics(STATISTICS, Z[:, :1]),
        ValueError,
        f"`Z` must hold at least 2 examples. Received: 1. {NOT_ALONE}",
    ),
    (
        lambda folder: update_statistics(STATISTICS, 1.0),
        ValueError,
        "`Z` must have shape (n, m). Received: ().",
    ),
    (
        lambda folder: update_statistics({"mean": 0}, Z),
        ValueError,
        "`statistics` must have the keys mean, variance, weight. Received: mean. "
        "Missing: variance, weight.",
    ),
    (
        lambda folder: update_statistics(STATISTICS, Z, momentum=1),
        ValueError,
        "`momentum` must lie in [0, 1). Received: 1.",
    ),
    (
        lambda folder: update_statistics(STATISTICS, Z, momentum="most"),
        TypeError,
        "`momentum` must be a real number. Received: 'most' (str).",
    ),
    (
        lambda folder: batch_norm_inference(Z, GAMMA, BETA, initialize_statistics(2)),
        ValueError,
        "`statistics` must come from at least 1 batch. Received: weight 0. "
        "Call update_statistics first.",
    ),
    (
        lambda folder: batch_norm_inference(Z, GAMMA, BETA, initialize_statistics(3)),
        ValueError,
        "`statistics['mean']` must have shape (n=2, 1). Received: (3, 1).",
    ),
    (
        lambda folder: batch_norm_inference(Z, GAMMA[:1], BETA, STATISTICS),
        ValueError,
        f"`gamma` must have shape (n=2, 1). Received: (1, 1). {N}.",
    ),
    (
        lambda folder: batch_norm_inference([["a"]], GAMMA, BETA, STATISTICS),
        TypeError,
        "`Z` must be an array of real numbers. Received: list of dtype <U1.",
    ),
    (
        lambda folder: batch_norm_inference(Z, GAMMA, BETA, STATISTICS, epsilon=-1),
        ValueError,
        "`epsilon` must be a positive finite number. Received: -1.",
    ),
    (
        lambda folder: initialize_parameters([64]),
        ValueError,
        "`layer_dims` must hold the inputs and at least 1 layer. Received: [64].",
    ),
    (
        lambda folder: initialize_parameters([64, 10], seed=-1),
        ValueError,
        "`seed` must be at least 0. Received: -1.",
    ),
    (
        lambda folder: propagate([NETWORK], X, Y),
        TypeError,
        "`parameters` must be a dictionary. Received: list.",
    ),
    (
        lambda folder: propagate({}, X, Y),
        ValueError,
        "`parameters` must have the keys W1. Received: an empty dictionary. Missing: W1.",
    ),
    (
        lambda folder: propagate({"W1": np.eye(2)}, X, Y),
        ValueError,
        "`parameters` must have the keys b1. Received: W1. Missing: b1.",
    ),
    (
        lambda folder: propagate(PLAIN | {"gamma1": np.ones((4, 1))}, X, Y),
        ValueError,
        "`parameters` must have the keys gamma1, beta1. "
        "Received: W1, b1, W2, b2, W3, b3, gamma1. Missing: beta1.",
    ),
    (
        lambda folder: propagate(NETWORK | {"W2": np.ones((3, 5))}, X, Y),
        ValueError,
        "`parameters['W2']` must have shape (n, n_prev=4). Received: (3, 5).",
    ),
    (
        lambda folder: propagate(NETWORK, X[:, :1], Y[:, :1]),
        ValueError,
        f"`X` must hold at least 2 examples. Received: 1. {NOT_ALONE}",
    ),
    (
        lambda folder: propagate(NETWORK, X[0], Y),
        ValueError,
        "`X` must have shape (n_x, m). Received: (5,).",
    ),
    (
        lambda folder: propagate(NETWORK, X, Y[:2]),
        ValueError,
        "`Y` must have shape (C=3, m=5). Received: (2, 5). The last layer sets C=3, `X` sets m=5.",
    ),
    (
        lambda folder: propagate(NETWORK, X, np.ones((3, 5))),
        ValueError,
        "`Y` must hold exactly one 1 per column. Received: 3 in column 0.",
    ),
    (
        lambda folder: gradient_descent(NETWORK, X, [[1]], 0.1),
        ValueError,
        "`Y` must have shape (C=3, m=5). Received: (1, 1). The last layer sets C=3, `X` sets m=5.",
    ),
    (
        lambda folder: gradient_descent(NETWORK, X, Y, 0),
        ValueError,
        "`learning_rate` must be a positive finite number. Received: 0.",
    ),
    (
        lambda folder: gradient_descent(NETWORK, X, Y, 0.1, batch_size=1),
        ValueError,
        "`batch_size` must be at least 2. Received: 1.",
    ),
    (
        lambda folder: gradient_descent(NETWORK, X, Y, 0.1, seed=0.5),
        TypeError,
        "`seed` must be a whole number. Received: 0.5 (float).",
    ),
    (
        lambda folder: predict(NETWORK, X),
        ValueError,
        "`statistics` must hold averages for 2 layers. Received: 0.",
    ),
    (
        lambda folder: predict(NETWORK, X, NETWORK_STATISTICS[::-1]),
        ValueError,
        "`statistics[0]['mean']` must have shape (n=4, 1). Received: (3, 1).",
    ),
    (
        lambda folder: predict(NETWORK, X, [initialize_statistics(n) for n in (4, 3)]),
        ValueError,
        "`statistics` must come from at least 1 batch. Received: weight 0. "
        "Call update_statistics first.",
    ),
    (
        lambda folder: predict(NETWORK, X.T, NETWORK_STATISTICS),
        ValueError,
        "`parameters['W1']` must have shape (n, n_prev=5). Received: (4, 2).",
    ),
    (
        lambda folder: predict(NETWORK, [1.0], NETWORK_STATISTICS),
        ValueError,
        "`X` must have shape (n_x, m). Received: (1,).",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
