"""The deep network: the course's values, loops, other libraries, numerical gradients, bad input."""

import math
from itertools import islice, pairwise, product

import numpy as np
import pytest
import scipy.special
import sklearn.metrics

from dlspec.nn_basics import logistic_regression, planar_classification
from dlspec.nn_basics.deep_network import (
    L_model_backward,
    L_model_forward,
    compute_cost,
    gradient_descent,
    initialize_parameters,
    initialize_parameters_deep,
    linear_activation_backward,
    linear_activation_forward,
    linear_backward,
    linear_forward,
    update_parameters,
)
from dlspec.testing import assert_close, gradient_check
from tests.complaints import complaints_test

HIDDEN = ("relu", "sigmoid", "tanh", "leaky_relu")
OUTPUT = ("sigmoid", "softmax")
ACTIVATIONS = (*HIDDEN, "softmax")
NETWORKS = list(product(HIDDEN, OUTPUT))

A2 = np.array([[1.0, -2.0, 0.5], [0.25, 3.0, -1.0]])  # n_prev=2, m=3
W2, B2 = np.array([[1.0, 2.0]]), np.array([[0.5]])
LINEAR_CACHE = (A2, W2, B2)
CACHE = (LINEAR_CACHE, np.array([[2.0, 4.5, -1.0]]))
SMALL = {"W1": np.ones((3, 2)), "b1": np.zeros((3, 1)), "W2": np.ones((1, 3)), "b2": B2}
GRADS = {f"d{name}": value for name, value in SMALL.items()}
LABELS = np.array([[1, 0, 1]])
AL_SMALL, CACHES = L_model_forward(A2, SMALL)

PURE_CALLS = {
    "L_model_backward": (AL_SMALL, LABELS, CACHES),
    "L_model_forward": (A2, SMALL),
    "compute_cost": (AL_SMALL, LABELS),
    "gradient_descent": (SMALL, A2, LABELS, 0.1),
    "initialize_parameters": (2, 3, 1),
    "initialize_parameters_deep": ([2, 3, 1],),
    "linear_activation_backward": (np.ones((1, 3)), CACHE, "tanh"),
    "linear_activation_forward": (A2, W2, B2, "relu"),
    "linear_backward": (np.ones((1, 3)), LINEAR_CACHE),
    "linear_forward": (A2, W2, B2),
    "update_parameters": (SMALL, GRADS, 0.1),
}


def random_network(sizes, output="sigmoid", m=6, seed=0):
    """Weights of ordinary size, nonzero biases, inputs and labels."""
    random = np.random.default_rng(seed)
    parameters = {}
    for l, (n_prev, n) in enumerate(pairwise(sizes), start=1):
        parameters[f"W{l}"] = random.normal(size=(n, n_prev))
        parameters[f"b{l}"] = random.normal(size=(n, 1))
    X = random.normal(size=(sizes[0], m))
    if output == "sigmoid":
        return parameters, X, random.integers(0, 2, size=(sizes[-1], m))
    return parameters, X, np.eye(sizes[-1])[:, random.integers(0, sizes[-1], size=m)]


def random_layer(seed=0):
    """dA, ((A_prev, W, b), Z) of a layer 4 -> 3 with 5 examples."""
    random = np.random.default_rng(seed)
    A_prev, W, b = (random.normal(size=shape) for shape in ((4, 5), (3, 4), (3, 1)))
    return random.normal(size=(3, 5)), ((A_prev, W, b), W @ A_prev + b)


# --- The course's values (editions 2017-2020) -----------------------------------------------------


def test_initialize_parameters_course_values():
    assert_close(
        initialize_parameters(3, 2, 1),
        {
            "W1": [[0.01624345, -0.00611756, -0.00528172], [-0.01072969, 0.00865408, -0.02301539]],
            "b1": [[0.0], [0.0]],
            "W2": [[0.01744812, -0.00761207]],
            "b2": [[0.0]],
        },
        atol=5.1e-9,
    )


def test_initialize_parameters_deep_course_values():
    assert_close(
        initialize_parameters_deep([5, 4, 3]),
        {
            "W1": [
                [0.01788628, 0.0043651, 0.00096497, -0.01863493, -0.00277388],
                [-0.00354759, -0.00082741, -0.00627001, -0.00043818, -0.00477218],
                [-0.01313865, 0.00884622, 0.00881318, 0.01709573, 0.00050034],
                [-0.00404677, -0.0054536, -0.01546477, 0.00982367, -0.01101068],
            ],
            "b1": np.zeros((4, 1)),
            "W2": [
                [-0.01185047, -0.0020565, 0.01486148, 0.00236716],
                [-0.01023785, -0.00712993, 0.00625245, -0.00160513],
                [-0.00768836, -0.00230031, 0.00745056, 0.01976111],
            ],
            "b2": np.zeros((3, 1)),
        },
        atol=5.1e-9,
    )


def test_initialisations_leave_the_global_generator_alone():
    before = np.random.get_state()[1].copy()
    initialize_parameters(3, 2, 1)
    initialize_parameters_deep([3, 2, 1])
    assert_close(np.random.get_state()[1], before, rtol=0)


def test_linear_forward_course_values():
    randn = np.random.RandomState(1).randn
    A, W, b = randn(3, 2), randn(1, 3), randn(1, 1)
    Z, cache = linear_forward(A, W, b)
    assert_close(Z, [[3.26295337, -1.23429987]], atol=5.1e-9)
    assert_close(cache, (A, W, b), rtol=0)


@pytest.mark.parametrize(
    ("activation", "published"),
    [("sigmoid", [[0.96890023, 0.11013289]]), ("relu", [[3.43896131, 0.0]])],
)
def test_linear_activation_forward_course_values(activation, published):
    randn = np.random.RandomState(2).randn
    A_prev, W, b = randn(3, 2), randn(1, 3), randn(1, 1)
    A, cache = linear_activation_forward(A_prev, W, b, activation)
    assert_close(A, published, atol=5.1e-9)
    assert_close(cache, ((A_prev, W, b), W @ A_prev + b), rtol=1e-14)


def test_L_model_forward_course_values():
    randn = np.random.RandomState(6).randn
    X, parameters = randn(5, 4), {}
    for l, (n_prev, n) in enumerate(pairwise([5, 4, 3, 1]), start=1):
        parameters |= {f"W{l}": randn(n, n_prev), f"b{l}": randn(n, 1)}
    AL, caches = L_model_forward(X, parameters)
    assert_close(AL, [[0.03921668, 0.70498921, 0.19734387, 0.04728177]], atol=5.1e-9)
    assert len(caches) == 3


def test_compute_cost_course_value():
    assert_close(compute_cost([[0.8, 0.9, 0.4]], [[1, 1, 0]]), 0.2797765635793422, rtol=1e-15)


def test_linear_backward_course_values():
    randn = np.random.RandomState(1).randn
    dZ = randn(3, 4)
    dA_prev, dW, db = linear_backward(dZ, (randn(5, 4), randn(3, 5), randn(3, 1)))
    published = (
        [
            [-1.15171336, 0.06718465, -0.3204696, 2.09812712],
            [0.60345879, -3.72508701, 5.81700741, -3.84326836],
            [-0.4319552, -1.30987417, 1.72354705, 0.05070578],
            [-0.38981415, 0.60811244, -1.25938424, 1.47191593],
            [-2.52214926, 2.67882552, -0.67947465, 1.48119548],
        ],
        [
            [0.07313866, -0.0976715, -0.87585828, 0.73763362, 0.00785716],
            [0.85508818, 0.37530413, -0.59912655, 0.71278189, -0.58931808],
            [0.97913304, -0.24376494, -0.08839671, 0.55151192, -0.10290907],
        ],
        [[-0.14713786], [-0.11313155], [-0.13209101]],
    )
    assert_close((dA_prev, dW, db), published, atol=5.1e-9)


@pytest.mark.parametrize(
    ("activation", "published"),
    [
        (
            "sigmoid",
            (
                [[0.11017994, 0.01105339], [0.09466817, 0.00949723], [-0.05743092, -0.00576154]],
                [[0.10266786, 0.09778551, -0.01968084]],
                [[-0.05729622]],
            ),
        ),
        (
            "relu",
            (
                [[0.44090989, 0.0], [0.37883606, 0.0], [-0.2298228, 0.0]],
                [[0.44513824, 0.37371418, -0.10478989]],
                [[-0.20837892]],
            ),
        ),
    ],
)
def test_linear_activation_backward_course_values(activation, published):
    """Z is not W A_prev + b here: the backward pass believes the cache."""
    randn = np.random.RandomState(2).randn
    dA = randn(1, 2)
    linear_cache, Z = (randn(3, 2), randn(1, 3), randn(1, 1)), randn(1, 2)
    assert_close(
        linear_activation_backward(dA, (linear_cache, Z), activation), published, atol=5.1e-9
    )


def test_L_model_backward_course_values():
    """AL is neither sigmoid(Z2) nor a probability here; the caches come as tuples."""
    randn = np.random.RandomState(3).randn
    AL, Y = randn(1, 2), [[1, 0]]
    first = ((randn(4, 2), randn(3, 4), randn(3, 1)), randn(3, 2))
    second = ((randn(3, 2), randn(1, 3), randn(1, 1)), randn(1, 2))
    grads = L_model_backward(AL, Y, (first, second))
    published = {
        "dW1": [
            [0.41010002, 0.07807203, 0.13798444, 0.10502167],
            [0.0, 0.0, 0.0, 0.0],
            [0.05283652, 0.01005865, 0.01777766, 0.0135308],
        ],
        "db1": [[-0.22007063], [0.0], [-0.02835349]],
        "dA1": [[0.12913162, -0.44014127], [-0.14175655, 0.48317296], [0.01663708, -0.05670698]],
    }
    assert_close({name: grads[name] for name in published}, published, atol=5.1e-9)
    assert set(grads) == {"dA0", "dW1", "db1", "dA1", "dW2", "db2"}


def test_update_parameters_course_values():
    shapes = {"W1": (3, 4), "b1": (3, 1), "W2": (1, 3), "b2": (1, 1)}
    randn = np.random.RandomState(2).randn
    parameters = {name: randn(*shape) for name, shape in shapes.items()}
    randn = np.random.RandomState(3).randn
    grads = {f"d{name}": randn(*shape) for name, shape in shapes.items()}
    published = {
        "W1": [
            [-0.59562069, -0.09991781, -2.14584584, 1.82662008],
            [-1.76569676, -0.80627147, 0.51115557, -1.18258802],
            [-1.0535704, -0.86128581, 0.68284052, 2.20374577],
        ],
        "b1": [[-0.04659241], [-1.28888275], [0.53405496]],
        "W2": [[-0.55569196, 0.0354055, 1.32964895]],
        "b2": [[-0.84610769]],
    }
    assert_close(update_parameters(parameters, grads, 0.1), published, atol=5.1e-9)


# --- A second route -------------------------------------------------------------------------------


def test_initialisations_draw_weights_alone_layer_by_layer():
    """Legacy generators draw row by row: the weights are one long draw, the biases take none."""
    for parameters, seed in (
        (initialize_parameters(4, 3, 2), 1),
        (initialize_parameters_deep([4, 3, 2, 5]), 3),
    ):
        weights = [value.ravel() for name, value in parameters.items() if name[0] == "W"]
        drawn = np.concatenate(weights)
        assert_close(drawn, 0.01 * np.random.RandomState(seed).randn(drawn.size), rtol=1e-15)
        assert not any(value.any() for name, value in parameters.items() if name[0] == "b")


def test_linear_forward_equals_the_loops():
    _, ((A, W, b), _) = random_layer()
    Z = [[sum(W[i, k] * A[k, j] for k in range(4)) + b[i, 0] for j in range(5)] for i in range(3)]
    assert_close(linear_forward(A, W, b)[0], Z, rtol=1e-13)


SCALAR_FORWARD = {
    "relu": lambda z: max(0.0, z),
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "tanh": math.tanh,
    "leaky_relu": lambda z: z if z > 0 else 0.01 * z,
}

SCALAR_SLOPE = {
    "relu": lambda z: 1.0 if z > 0 else 0.0,
    "sigmoid": lambda z: math.exp(-z) / (1 + math.exp(-z)) ** 2,
    "tanh": lambda z: 1 / math.cosh(z) ** 2,
    "leaky_relu": lambda z: 1.0 if z > 0 else 0.01,
}


@pytest.mark.parametrize("activation", HIDDEN)
def test_activations_equal_the_scalar_formulas(activation):
    _, ((A_prev, W, b), Z) = random_layer()
    A, _ = linear_activation_forward(A_prev, W, b, activation)
    assert_close(A, np.vectorize(SCALAR_FORWARD[activation])(Z), rtol=1e-13)


def test_softmax_equals_scipy():
    _, ((A_prev, W, b), Z) = random_layer()
    A, _ = linear_activation_forward(A_prev, W, b, "softmax")
    assert_close(A, scipy.special.softmax(Z, axis=0), rtol=1e-13)


def test_linear_backward_equals_the_loops():
    """Summed example by example: dW gets dz a^T / m and db dz / m; dA_prev is each one's own."""
    dZ, ((A_prev, W, b), _) = random_layer()
    dA_prev, dW, db = np.zeros((4, 5)), np.zeros((3, 4)), np.zeros((3, 1))
    for j, i in product(range(5), range(3)):
        db[i, 0] += dZ[i, j] / 5
        for k in range(4):
            dW[i, k] += dZ[i, j] * A_prev[k, j] / 5
            dA_prev[k, j] += W[i, k] * dZ[i, j]
    assert_close(linear_backward(dZ, (A_prev, W, b)), (dA_prev, dW, db), rtol=1e-12)


@pytest.mark.parametrize("activation", HIDDEN)
def test_linear_activation_backward_equals_the_scalar_slopes(activation):
    dA, (linear_cache, Z) = random_layer()
    expected = linear_backward(dA * np.vectorize(SCALAR_SLOPE[activation])(Z), linear_cache)
    actual = linear_activation_backward(dA, (linear_cache, Z), activation)
    assert_close(actual, expected, rtol=1e-12)


def test_softmax_backward_equals_the_whole_jacobian():
    """da_i/dz_j = a_i ([i = j] - a_j), one matrix per example."""
    dA, (linear_cache, Z) = random_layer()
    dZ = np.zeros_like(Z)
    for j, a in enumerate(scipy.special.softmax(Z, axis=0).T):
        dZ[:, j] = (np.diag(a) - np.outer(a, a)).T @ dA[:, j]
    actual = linear_activation_backward(dA, (linear_cache, Z), "softmax")
    assert_close(actual, linear_backward(dZ, linear_cache), rtol=1e-12)


@pytest.mark.parametrize("activation", ["relu", "leaky_relu"])
def test_slope_at_zero_is_the_one_below(activation):
    Z, below = np.array([[0.0]]), {"relu": 0.0, "leaky_relu": 0.01}[activation]
    cache = ((np.ones((1, 1)), np.ones((1, 1)), np.zeros((1, 1))), Z)
    assert_close(linear_activation_backward([[1.0]], cache, activation)[1], [[below]])


@pytest.mark.parametrize(("hidden", "output"), NETWORKS)
def test_L_model_forward_is_a_chain_of_layers(hidden, output):
    parameters, X, _ = random_network([4, 5, 3, 2])
    A, caches = X, []
    for l, activation in enumerate([hidden, hidden, output], start=1):
        A, cache = linear_activation_forward(
            A, parameters[f"W{l}"], parameters[f"b{l}"], activation
        )
        caches.append(cache)
    AL, own_caches = L_model_forward(X, parameters, hidden=hidden, output=output)
    assert_close((AL, *own_caches), (A, *caches), rtol=1e-15)
    assert isinstance(own_caches, list)


@pytest.mark.parametrize(("hidden", "output"), NETWORKS)
def test_L_model_backward_equals_the_course_form(hidden, output):
    """The long way round, with dAL: -Y/AL + (1 - Y)/(1 - AL), or -Y/AL for softmax."""
    parameters, X, Y = random_network([4, 5, 3, 2], output)
    AL, caches = L_model_forward(X, parameters, hidden=hidden, output=output)
    dA = -Y / AL + (1 - Y) / (1 - AL) if output == "sigmoid" else -Y / AL
    expected = {}
    for l, activation in ((3, output), (2, hidden), (1, hidden)):
        dA, dW, db = linear_activation_backward(dA, caches[l - 1], activation)
        expected |= {f"dA{l - 1}": dA, f"dW{l}": dW, f"db{l}": db}
    grads = L_model_backward(AL, Y, caches, hidden=hidden, output=output)
    assert_close(grads, expected, rtol=1e-10, atol=1e-14)


def test_relu_and_sigmoid_are_the_defaults():
    parameters, X, Y = random_network([4, 5, 3, 2])
    named = {"hidden": "relu", "output": "sigmoid"}
    AL, caches = L_model_forward(X, parameters)
    assert_close(AL, L_model_forward(X, parameters, **named)[0], rtol=0)
    assert compute_cost(AL, Y) == compute_cost(AL, Y, output="sigmoid")
    assert_close(L_model_backward(AL, Y, caches), L_model_backward(AL, Y, caches, **named), rtol=0)
    step = next(gradient_descent(parameters, X, Y, 0.1))
    assert_close(step, next(gradient_descent(parameters, X, Y, 0.1, **named)), rtol=0)


def test_sigmoid_cost_equals_the_loop_and_sums_over_outputs():
    parameters, X, Y = random_network([4, 3])
    AL, _ = L_model_forward(X, parameters)
    total = 0.0
    for i, j in product(range(3), range(6)):
        total -= math.log(AL[i, j]) if Y[i, j] else math.log(1 - AL[i, j])
    assert_close(compute_cost(AL, Y), total / 6, rtol=1e-12)
    assert isinstance(compute_cost(AL, Y), float)


def test_softmax_cost_equals_scipy_and_sklearn():
    parameters, X, Y = random_network([4, 3], "softmax")
    AL, ((_, Z),) = L_model_forward(X, parameters, output="softmax")
    cost = compute_cost(AL, Y, output="softmax")
    assert_close(cost, -(Y * scipy.special.log_softmax(Z, axis=0)).sum() / 6, rtol=1e-12)
    assert_close(cost, sklearn.metrics.log_loss(Y.argmax(axis=0), AL.T), rtol=1e-12)


def test_update_parameters_equals_the_loop_and_ignores_further_keys():
    parameters, _, _ = random_network([3, 2, 1])
    grads = {f"d{name}": np.cos(value) for name, value in parameters.items()}
    updated = update_parameters(parameters, grads | {"dA0": np.ones((3, 6))}, 0.3)
    assert list(updated) == list(parameters)
    for name, before in parameters.items():
        for index, theta in np.ndenumerate(before):
            assert updated[name][index] == theta - 0.3 * math.cos(theta)


@pytest.mark.parametrize(("n_x", "m"), [(4, 6), (9, 2)], ids=["many examples", "many inputs"])
@pytest.mark.parametrize(("hidden", "output"), NETWORKS)
def test_gradient_descent_composes_the_graded_functions(hidden, output, n_x, m):
    start, X, Y = random_network([n_x, 5, 3, 2], output, m)
    functions = {"hidden": hidden, "output": output}
    expected, steps = start, gradient_descent(start, X, Y, 0.3, **functions)
    for _ in range(6):
        AL, caches = L_model_forward(X, expected, **functions)
        expected = update_parameters(expected, L_model_backward(AL, Y, caches, **functions), 0.3)
        parameters, cost = next(steps)
        assert_close(cost, compute_cost(AL, Y, output=output), rtol=1e-11)
        assert_close(parameters, expected, rtol=1e-9, atol=1e-12)


def test_gradient_descent_changes_its_own_copy_and_yields_it_again():
    start, X, Y = random_network([4, 3, 1])
    kept = {name: value.copy() for name, value in start.items()}
    (first, _), (second, _) = islice(gradient_descent(start, X, Y, 0.3), 2)
    assert first is second
    assert_close(start, kept, rtol=0)


@pytest.mark.parametrize(("n_x", "m"), [(4, 6), (9, 2)], ids=["many examples", "many inputs"])
def test_one_layer_is_logistic_regression(n_x, m):
    parameters, X, Y = random_network([n_x, 1], m=m)
    AL, caches = L_model_forward(X, parameters)
    grads = L_model_backward(AL, Y, caches)
    w, b = parameters["W1"].T, float(parameters["b1"][0, 0])
    expected, cost = logistic_regression.propagate(w, b, X, Y)
    assert_close(compute_cost(AL, Y), cost, rtol=1e-12)
    assert_close(
        {"dw": grads["dW1"].T, "db": grads["db1"]},
        {"dw": expected["dw"], "db": [[expected["db"]]]},
        rtol=1e-12,
    )
    descents = (
        gradient_descent(parameters, X, Y, 0.5),
        logistic_regression.gradient_descent(w, b, X, Y, 0.5),
    )
    for _ in range(20):
        (own, own_cost), (other, _, other_cost) = (next(descent) for descent in descents)
    assert_close((own["W1"].T, own_cost), (other["w"], other_cost), rtol=1e-11)
    assert_close(own["b1"], [[other["b"]]], rtol=1e-11)


def test_two_tanh_layers_are_the_planar_network():
    parameters, X, Y = random_network([2, 4, 1])
    AL, caches = L_model_forward(X, parameters, hidden="tanh")
    A2, cache = planar_classification.forward_propagation(X, parameters)
    assert_close(AL, A2, rtol=1e-14)
    assert_close(compute_cost(AL, Y), planar_classification.compute_cost(A2, Y), rtol=1e-13)
    grads = L_model_backward(AL, Y, caches, hidden="tanh")
    expected = planar_classification.backward_propagation(parameters, cache, X, Y)
    assert_close({name: grads[name] for name in expected}, expected, rtol=1e-11)
    descents = (
        gradient_descent(parameters, X, Y, 1.2, hidden="tanh"),
        planar_classification.gradient_descent(parameters, X, Y, 1.2),
    )
    for _ in range(20):
        own, other = (next(descent) for descent in descents)
    assert_close(own, other, rtol=1e-9)


# --- Numerical gradients --------------------------------------------------------------------------


def assert_no_kink_near(caches):
    """Two-sided differences of 1e-5 stay on one side of every ReLU."""
    assert min(np.abs(Z).min() for _, Z in caches) > 1e-3


def test_linear_backward_passes_the_gradient_check():
    """The summed loss sum(R * Z) has dZ = R; dW and db are means, dA_prev is not."""
    R, (linear_cache, _) = random_layer()
    dA_prev, dW, db = linear_backward(R, linear_cache)
    gradient_check(
        lambda p: float((R * linear_forward(p["A_prev"], p["W"], p["b"])[0]).sum()),
        dict(zip(("A_prev", "W", "b"), linear_cache, strict=True)),
        {"dA_prev": dA_prev, "dW": 5 * dW, "db": 5 * db},
    )


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_linear_activation_backward_passes_the_gradient_check(activation):
    R, cache = random_layer()
    assert_no_kink_near([cache])
    dA_prev, dW, db = linear_activation_backward(R, cache, activation)

    def summed_loss(p):
        return float((R * linear_activation_forward(**p, activation=activation)[0]).sum())

    gradient_check(
        summed_loss,
        dict(zip(("A_prev", "W", "b"), cache[0], strict=True)),
        {"dA_prev": dA_prev, "dW": 5 * dW, "db": 5 * db},
    )


@pytest.mark.parametrize(("hidden", "output"), NETWORKS)
def test_L_model_backward_passes_the_gradient_check(hidden, output):
    """For all parameters and the inputs; dA0 is of the sum, m times that of the mean cost."""
    parameters, X, Y = random_network([4, 5, 3, 2], output)
    functions = {"hidden": hidden, "output": output}
    AL, caches = L_model_forward(X, parameters, **functions)
    assert_no_kink_near(caches)
    grads = L_model_backward(AL, Y, caches, **functions)

    def cost(p):
        own = {name: p[name] for name in parameters}
        return compute_cost(L_model_forward(p["A0"], own, **functions)[0], Y, output=output)

    gradient_check(cost, parameters | {"A0": X}, grads | {"dA0": grads["dA0"] / 6})


@pytest.mark.parametrize(("hidden", "output"), NETWORKS)
@pytest.mark.parametrize("l", [1, 2])
def test_dA_between_layers_passes_the_gradient_check(hidden, output, l):
    """The cost as a function of A[l]: a network of the remaining layers."""
    parameters, X, Y = random_network([4, 5, 3, 2], output)
    functions = {"hidden": hidden, "output": output}
    AL, caches = L_model_forward(X, parameters, **functions)
    grads = L_model_backward(AL, Y, caches, **functions)
    rest = {f"{p}{k - l}": parameters[f"{p}{k}"] for k in range(l + 1, 4) for p in "Wb"}
    gradient_check(
        lambda p: compute_cost(L_model_forward(p["A"], rest, **functions)[0], Y, output=output),
        {"A": caches[l][0][0]},
        {"dA": grads[f"dA{l}"] / 6},
    )


# --- Saturation -----------------------------------------------------------------------------------

IDENTITY = np.eye(2), np.zeros((2, 1))
FAR = np.array([[1000.0, -1000.0], [-1000.0, 1000.0]])


@pytest.mark.parametrize(
    ("activation", "expected"),
    [
        ("relu", [[1000.0, 0.0], [0.0, 1000.0]]),
        ("sigmoid", [[1.0, 0.0], [0.0, 1.0]]),
        ("tanh", [[1.0, -1.0], [-1.0, 1.0]]),
        ("leaky_relu", [[1000.0, -10.0], [-10.0, 1000.0]]),
        ("softmax", [[1.0, 0.0], [0.0, 1.0]]),
    ],
)
def test_activations_of_large_numbers(activation, expected):
    assert_close(linear_activation_forward(FAR, *IDENTITY, activation)[0], expected, rtol=1e-15)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "softmax"])
def test_saturated_activations_pass_no_gradient_on(activation):
    _, cache = linear_activation_forward(FAR, *IDENTITY, activation)
    dA_prev, _, _ = linear_activation_backward(np.ones((2, 2)), cache, activation)
    assert_close(dA_prev, np.zeros((2, 2)))


def test_costs_of_confident_mistakes_stay_finite():
    """Beside 1 the largest loss is 54 log 2, beside 0 it is 1074 log 2; a right answer costs 0."""
    assert_close(compute_cost([[1.0]], [[0]]), 54 * math.log(2), rtol=1e-14)
    assert_close(compute_cost([[0.0]], [[1]]), 1074 * math.log(2), rtol=1e-14)
    assert_close(
        compute_cost([[1.0], [0.0]], [[0], [1]], output="softmax"), 1074 * math.log(2), rtol=1e-14
    )
    for output in OUTPUT:
        assert compute_cost([[1.0], [0.0]], [[1], [0]], output=output) == 0.0


@pytest.mark.parametrize("output", OUTPUT)
def test_gradient_of_saturated_outputs_is_exact(output):
    """AL is exactly 0 and 1, right in the first column and wrong in the second: dZ = AL - Y."""
    W, b = np.array([[1.0, 2.0], [3.0, 4.0]]), np.zeros((2, 1))
    X = np.array([[1000.0, 1000.0], [-1000.0, -1000.0]])
    caches = [((X, W, b), FAR[:, :1] * np.ones((1, 2)))]
    AL, Y = np.array([[1.0, 1.0], [0.0, 0.0]]), np.array([[1, 0], [0, 1]])
    grads = L_model_backward(AL, Y, caches, output=output)
    dZ = np.array([[0.0, 1.0], [0.0, -1.0]])
    expected = {
        "dA0": [[0.0, 1.0 - 3.0], [0.0, 2.0 - 4.0]],
        "dW1": [[500.0, -500.0], [-500.0, 500.0]],
        "db1": [[0.5], [-0.5]],
    }
    assert_close(grads, expected, rtol=1e-15)
    assert_close(grads["dA0"], W.T @ dZ, rtol=1e-15)


@pytest.mark.parametrize("label", [0, 1])
def test_gradient_is_AL_minus_Y_from_one_end_of_the_sigmoid_to_the_other(label):
    """Through the subnormal numbers near -740 and the rounding to 1 near 37."""
    X = np.linspace(-800, 800, 3201)[None]
    AL, caches = L_model_forward(X, {"W1": np.ones((1, 1)), "b1": np.zeros((1, 1))})
    Y = np.full_like(X, label)
    assert_close(L_model_backward(AL, Y, caches)["dA0"], AL - Y, rtol=1e-15)


@pytest.mark.parametrize(("output", "loss"), [("sigmoid", 1000.0), ("softmax", 2000.0)])
def test_gradient_descent_learns_from_a_confident_mistake(output, loss):
    """Logits 1000 and -1000 against labels 0 and 1: -log p is |z| each, or z_1 - z_2."""
    parameters = {"W1": np.array([[1.0], [-1.0]]), "b1": np.zeros((2, 1))}
    steps = gradient_descent(parameters, [[1000.0]], [[0], [1]], 1e-3, output=output)
    updated, cost = next(steps)
    assert_close(cost, 2 * loss if output == "sigmoid" else loss, rtol=1e-15)
    assert_close(updated, {"W1": [[0.0], [0.0]], "b1": [[-0.001], [0.001]]}, atol=1e-15)


# --- Bad input ------------------------------------------------------------------------------------

NAN = np.array([[1.0, np.nan, 2.0], [0.0, 0.0, np.inf]])
NOT_FINITE = (
    "must hold finite numbers only. Received: 1 NaN and 1 infinite of 6 values, the first at "
    "[0, 1]. Remove or replace them."
)
KNOWN = "Known: relu, sigmoid, tanh, leaky_relu"


def without(mapping, key):
    return {name: value for name, value in mapping.items() if name != key}


def test_initial_weights_follow_the_seed_and_leave_the_global_generator_alone():
    before = np.random.get_state()[1].copy()
    assert_close(
        initialize_parameters(3, 2, 1, seed=5)["W1"],
        0.01 * np.random.RandomState(5).randn(2, 3),
        rtol=0,
    )
    assert_close(
        initialize_parameters_deep([3, 2, 1], seed=5),
        initialize_parameters(3, 2, 1, seed=5),
        rtol=0,
    )
    np.testing.assert_array_equal(np.random.get_state()[1], before)


COMPLAINTS = [
    # sizes
    (
        lambda folder: initialize_parameters(0, 2, 1),
        ValueError,
        "`n_x` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: initialize_parameters(3, 2.0, 1),
        TypeError,
        "`n_h` must be a whole number. Received: 2.0 (float).",
    ),
    (
        lambda folder: initialize_parameters(3, 2, True),
        TypeError,
        "`n_y` must be a whole number. Received: True (bool).",
    ),
    (
        lambda folder: initialize_parameters_deep("543"),
        TypeError,
        "`layer_dims` must be a list of layer sizes. Received: '543' (str).",
    ),
    (
        lambda folder: initialize_parameters_deep(5),
        TypeError,
        "`layer_dims` must be a list of layer sizes. Received: 5 (int).",
    ),
    (
        lambda folder: initialize_parameters_deep([5]),
        ValueError,
        "`layer_dims` must hold the inputs and at least 1 layer. Received: [5].",
    ),
    (
        lambda folder: initialize_parameters_deep([5, 0, 1]),
        ValueError,
        "`layer_dims[1]` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: initialize_parameters_deep([5, 4, "1"]),
        TypeError,
        "`layer_dims[2]` must be a whole number. Received: '1' (str).",
    ),
    # linear_forward
    (
        lambda folder: linear_forward(A2[0], W2, B2),
        ValueError,
        "`A` must have shape (n_prev, m). Received: (3,).",
    ),
    (
        lambda folder: linear_forward(A2, W2.T, B2),
        ValueError,
        "`W` must have shape (n, n_prev=2). Received: (2, 1). "
        "`A` of shape (2, 3) sets n_prev=2; use W.T.",
    ),
    (
        lambda folder: linear_forward(A2, W2[0], B2),
        ValueError,
        "`W` must have shape (n, n_prev=2). Received: (2,). `A` of shape (2, 3) sets n_prev=2.",
    ),
    (
        lambda folder: linear_forward(A2, np.ones((4, 2)), np.ones(4)),
        ValueError,
        "`b` must have shape (n=4, 1). Received: (4,). "
        "`W` of shape (4, 2) sets n=4; use b.reshape(-1, 1).",
    ),
    (
        lambda folder: linear_forward(A2, W2, "0.5"),
        TypeError,
        "`b` must be an array of real numbers. Received: str.",
    ),
    (
        lambda folder: linear_forward(NAN, W2, B2),
        ValueError,
        f"`A` {NOT_FINITE}",
    ),
    # linear_activation_forward
    (
        lambda folder: linear_activation_forward(A2, W2, B2, "rleu"),
        ValueError,
        "`activation` must be a known name. Received: 'rleu'. "
        f"Did you mean relu? {KNOWN}, softmax.",
    ),
    (
        lambda folder: linear_activation_forward(A2, W2, B2, None),
        ValueError,
        f"`activation` must be a known name. Received: None. {KNOWN}, softmax.",
    ),
    (
        lambda folder: linear_activation_forward(NAN, W2, B2, "relu"),
        ValueError,
        f"`A_prev` {NOT_FINITE}",
    ),
    (
        lambda folder: linear_activation_forward(A2, np.ones((1, 3)), B2, "relu"),
        ValueError,
        "`W` must have shape (n, n_prev=2). Received: (1, 3). "
        "`A_prev` of shape (2, 3) sets n_prev=2.",
    ),
    (
        lambda folder: linear_activation_forward(A2, W2, np.ones((2, 1)), "relu"),
        ValueError,
        "`b` must have shape (n=1, 1). Received: (2, 1). `W` of shape (1, 2) sets n=1.",
    ),
    # L_model_forward
    (
        lambda folder: L_model_forward(A2[0], SMALL),
        ValueError,
        "`X` must have shape (n_x, m). Received: (3,).",
    ),
    (
        lambda folder: L_model_forward(NAN, SMALL),
        ValueError,
        f"`X` {NOT_FINITE}",
    ),
    (
        lambda folder: L_model_forward([["a"]], SMALL),
        TypeError,
        "`X` must be an array of real numbers. Received: list of dtype <U1.",
    ),
    (
        lambda folder: L_model_forward(A2, [np.ones((3, 2)), np.ones((3, 1))]),
        TypeError,
        "`parameters` must be a dictionary. Received: list.",
    ),
    (
        lambda folder: L_model_forward(A2, {}),
        ValueError,
        "`parameters` must have the keys W1, b1. Received: an empty dictionary. Missing: W1, b1.",
    ),
    (
        lambda folder: L_model_forward(A2, without(SMALL, "b2")),
        ValueError,
        "`parameters` must have the keys W1, b1, W2, b2. Received: W1, b1, W2. Missing: b2.",
    ),
    (
        lambda folder: L_model_forward(A2, SMALL | {"W2": np.ones((1, 4))}),
        ValueError,
        "`parameters['W2']` must have shape (n, n_prev=3). Received: (1, 4). "
        "`parameters['W1']` of shape (3, 2) sets n_prev=3.",
    ),
    (
        lambda folder: L_model_forward(A2, SMALL | {"b1": np.ones((1, 3))}),
        ValueError,
        "`parameters['b1']` must have shape (n=3, 1). Received: (1, 3). `parameters['W1']` of"
        " shape (3, 2) sets n=3; use parameters['b1'].T.",
    ),
    (
        lambda folder: L_model_forward(A2, SMALL | {"b2": [[np.inf]]}),
        ValueError,
        "`parameters['b2']` must hold finite numbers only. Received: 0 NaN and 1 infinite of 1 "
        "values, the first at [0, 0]. Remove or replace them.",
    ),
    (
        lambda folder: L_model_forward(A2, SMALL, hidden="softmax"),
        ValueError,
        f"`hidden` must be a known name. Received: 'softmax'. {KNOWN}.",
    ),
    (
        lambda folder: L_model_forward(A2, SMALL, output="sigmod"),
        ValueError,
        "`output` must be a known name. Received: 'sigmod'. "
        "Did you mean sigmoid? Known: sigmoid, softmax.",
    ),
    # compute_cost
    (
        lambda folder: compute_cost([0.5, 0.5], [1, 0]),
        ValueError,
        "`AL` must have shape (n_y, m). Received: (2,).",
    ),
    (
        lambda folder: compute_cost([[0.5, np.nan]], [[1, 0]]),
        ValueError,
        "`AL` must hold finite numbers only. Received: 1 NaN and 0 infinite of 2 values, the first "
        "at [0, 1]. Remove or replace them.",
    ),
    (
        lambda folder: compute_cost([[0.5, 0.5]], [1, 0]),
        ValueError,
        "`Y` must have shape (n_y=1, m=2). Received: (2,). "
        "`AL` of shape (1, 2) sets n_y=1, m=2; use Y.reshape(1, -1).",
    ),
    (
        lambda folder: compute_cost([[0.5, 0.5]], [[1], [0]]),
        ValueError,
        "`Y` must have shape (n_y=1, m=2). Received: (2, 1). "
        "`AL` of shape (1, 2) sets n_y=1, m=2; use Y.T.",
    ),
    (
        lambda folder: compute_cost([[0.5, 0.5]], [[1, 0, 1]]),
        ValueError,
        "`Y` must have shape (n_y=1, m=2). Received: (1, 3). `AL` of shape (1, 2) sets n_y=1, m=2.",
    ),
    (
        lambda folder: compute_cost([[0.5, 0.5]], [[1, -1]]),
        ValueError,
        "`Y` must hold only 0 and 1. Received: 1 other value such as -1. Labels -1 and 1 "
        "become 0 and 1 with (Y + 1) / 2.",
    ),
    (
        lambda folder: compute_cost([[0.5, 0.4], [0.5, 0.6]], [[1, 1], [0, 1]], output="softmax"),
        ValueError,
        "`Y` must hold exactly one 1 per column. Received: 2 in column 1.",
    ),
    (
        lambda folder: compute_cost([[0.5]], [[1]], output="relu"),
        ValueError,
        "`output` must be a known name. Received: 'relu'. Known: sigmoid, softmax.",
    ),
    # linear_backward
    (
        lambda folder: linear_backward(np.ones((1, 3)), (A2, W2)),
        TypeError,
        "`cache` must be (A_prev, W, b). Received: tuple of length 2.",
    ),
    (
        lambda folder: linear_backward(np.ones((1, 3)), 3),
        TypeError,
        "`cache` must be (A_prev, W, b). Received: int.",
    ),
    (
        lambda folder: linear_backward(np.ones((1, 3)), (A2[0], W2, B2)),
        ValueError,
        "`cache[0]` must have shape (n_prev, m). Received: (3,).",
    ),
    (
        lambda folder: linear_backward(np.ones((1, 3)), (A2, np.ones((1, 3)), B2)),
        ValueError,
        "`cache[1]` must have shape (n, n_prev=2). Received: (1, 3). "
        "`cache[0]` of shape (2, 3) sets n_prev=2.",
    ),
    (
        lambda folder: linear_backward(np.ones((1, 3)), (A2, W2, np.ones(1))),
        ValueError,
        "`cache[2]` must have shape (n=1, 1). Received: (1,). "
        "`cache[1]` of shape (1, 2) sets n=1; use cache[2].reshape(1, -1).",
    ),
    (
        lambda folder: linear_backward(np.ones((3, 1)), LINEAR_CACHE),
        ValueError,
        "`dZ` must have shape (n=1, m=3). Received: (3, 1). `cache` holds W of shape (1, 2) and "
        "A_prev of shape (2, 3); use dZ.T.",
    ),
    (
        lambda folder: linear_backward([[1.0, np.inf, 0.0]], LINEAR_CACHE),
        ValueError,
        "`dZ` must hold finite numbers only. Received: 0 NaN and 1 infinite of 3 values, the first "
        "at [0, 1]. Remove or replace them.",
    ),
    # linear_activation_backward
    (
        lambda folder: linear_activation_backward(np.ones((1, 3)), CACHE, "tahn"),
        ValueError,
        "`activation` must be a known name. Received: 'tahn'. "
        f"Did you mean tanh? {KNOWN}, softmax.",
    ),
    (
        lambda folder: linear_activation_backward(np.ones((1, 3)), LINEAR_CACHE, "relu"),
        TypeError,
        "`cache` must be ((A_prev, W, b), Z). Received: tuple of length 3.",
    ),
    (
        lambda folder: linear_activation_backward(np.ones((1, 3)), ((A2, W2), CACHE[1]), "relu"),
        TypeError,
        "`cache[0]` must be (A_prev, W, b). Received: tuple of length 2.",
    ),
    (
        lambda folder: linear_activation_backward(
            np.ones((1, 3)), ((A2, W2.T, B2), CACHE[1]), "relu"
        ),
        ValueError,
        "`cache[0][1]` must have shape (n, n_prev=2). Received: (2, 1). "
        "`cache[0][0]` of shape (2, 3) sets n_prev=2; use cache[0][1].T.",
    ),
    (
        lambda folder: linear_activation_backward(
            np.ones((1, 3)), (LINEAR_CACHE, np.ones(3)), "relu"
        ),
        ValueError,
        "`cache[1]` must have shape (n=1, m=3). Received: (3,). `cache[0]` holds W of shape (1, 2) "
        "and A_prev of shape (2, 3); use cache[1].reshape(1, -1).",
    ),
    (
        lambda folder: linear_activation_backward(np.ones((2, 3)), CACHE, "relu"),
        ValueError,
        "`dA` must have shape (n=1, m=3). Received: (2, 3). `cache[0]` holds W of shape (1, 2) and "
        "A_prev of shape (2, 3).",
    ),
    (
        lambda folder: linear_activation_backward(["a"], CACHE, "relu"),
        TypeError,
        "`dA` must be an array of real numbers. Received: list of dtype <U1.",
    ),
    # L_model_backward
    (
        lambda folder: L_model_backward(AL_SMALL, LABELS, []),
        ValueError,
        "`caches` must hold one cache per layer. Received: an empty list.",
    ),
    (
        lambda folder: L_model_backward(AL_SMALL, LABELS, {"Z1": 0}),
        TypeError,
        "`caches` must be a list with one cache per layer. Received: dict.",
    ),
    (
        lambda folder: L_model_backward(AL_SMALL, LABELS, "caches"),
        TypeError,
        "`caches` must be a list with one cache per layer. Received: str.",
    ),
    (
        lambda folder: L_model_backward(AL_SMALL, LABELS, [CACHES[0], CACHES[1][0]]),
        TypeError,
        "`caches[1]` must be ((A_prev, W, b), Z). Received: tuple of length 3.",
    ),
    (
        lambda folder: L_model_backward(AL_SMALL, LABELS, [((A2, W2), CACHE[1]), CACHES[1]]),
        TypeError,
        "`caches[0][0]` must be (A_prev, W, b). Received: tuple of length 2.",
    ),
    (
        lambda folder: L_model_backward(AL_SMALL, LABELS, [CACHES[0], (CACHES[1][0], A2)]),
        ValueError,
        "`caches[1][1]` must have shape (n=1, m=3). Received: (2, 3). `caches[1][0]` holds W of "
        "shape (1, 3) and A_prev of shape (3, 3).",
    ),
    (
        lambda folder: L_model_backward(AL_SMALL, LABELS, [CACHE, CACHES[1]]),
        ValueError,
        "`caches[1][0][0]` must have shape (n_prev=1, m=3). Received: (3, 3). "
        "`caches[0][1]` has shape (1, 3).",
    ),
    (
        lambda folder: L_model_backward(AL_SMALL, LABELS, CACHES, hidden="lekay_relu"),
        ValueError,
        f"`hidden` must be a known name. Received: 'lekay_relu'. Did you mean leaky_relu? {KNOWN}.",
    ),
    (
        lambda folder: L_model_backward(AL_SMALL, LABELS, CACHES, output="tanh"),
        ValueError,
        "`output` must be a known name. Received: 'tanh'. Known: sigmoid, softmax.",
    ),
    (
        lambda folder: L_model_backward(AL_SMALL[0], LABELS, CACHES),
        ValueError,
        "`AL` must have shape (n_y, m). Received: (3,).",
    ),
    (
        lambda folder: L_model_backward([[0.5, 0.5]], [[1, 0]], CACHES),
        ValueError,
        "`AL` must have shape (n=1, m=3). Received: (1, 2). `caches[1][0]` holds W of shape (1, 3) "
        "and A_prev of shape (3, 3).",
    ),
    (
        lambda folder: L_model_backward(AL_SMALL, LABELS[0], CACHES),
        ValueError,
        "`Y` must have shape (n_y=1, m=3). Received: (3,). "
        "`AL` of shape (1, 3) sets n_y=1, m=3; use Y.reshape(1, -1).",
    ),
    (
        lambda folder: L_model_backward(AL_SMALL, [[0.5, 0, 2]], CACHES),
        ValueError,
        "`Y` must hold only 0 and 1. Received: 2 other values such as 0.5, 2.",
    ),
    (
        lambda folder: L_model_backward(AL_SMALL, LABELS, CACHES, output="softmax"),
        ValueError,
        "`Y` must hold exactly one 1 per column. Received: 0 in column 1.",
    ),
    # update_parameters
    (
        lambda folder: update_parameters([1, 2], GRADS, 0.1),
        TypeError,
        "`params` must be a dictionary. Received: list.",
    ),
    (
        lambda folder: update_parameters(without(SMALL, "W1"), GRADS, 0.1),
        ValueError,
        "`params` must have the keys W1, b1, W2, b2. Received: b1, W2, b2. Missing: W1.",
    ),
    (
        lambda folder: update_parameters(SMALL | {"W2": np.ones((1, 2))}, GRADS, 0.1),
        ValueError,
        "`params['W2']` must have shape (n, n_prev=3). Received: (1, 2). `params['W1']` of "
        "shape (3, 2) sets n_prev=3.",
    ),
    (
        lambda folder: update_parameters(SMALL, None, 0.1),
        TypeError,
        "`grads` must be a dictionary. Received: NoneType.",
    ),
    (
        lambda folder: update_parameters(SMALL, without(GRADS, "db2"), 0.1),
        ValueError,
        "`grads` must have the keys dW1, db1, dW2, db2. Received: dW1, db1, dW2. Missing: db2.",
    ),
    (
        lambda folder: update_parameters(SMALL, GRADS | {"dW1": np.ones((2, 3))}, 0.1),
        ValueError,
        "`grads['dW1']` must have shape (3, 2). Received: (2, 3). Use grads['dW1'].T.",
    ),
    (
        lambda folder: update_parameters(SMALL, GRADS, 0.0),
        ValueError,
        "`learning_rate` must be a positive finite number. Received: 0.0.",
    ),
    (
        lambda folder: update_parameters(SMALL, GRADS, "0.1"),
        TypeError,
        "`learning_rate` must be a real number. Received: '0.1' (str).",
    ),
    # gradient_descent complains at once: no row asks for a step
    (
        lambda folder: gradient_descent(SMALL, A2[0], LABELS, 0.1),
        ValueError,
        "`X` must have shape (n_x, m). Received: (3,).",
    ),
    (
        lambda folder: gradient_descent({}, A2, LABELS, 0.1),
        ValueError,
        "`parameters` must have the keys W1, b1. Received: an empty dictionary. Missing: W1, b1.",
    ),
    (
        lambda folder: gradient_descent(SMALL, A2, LABELS[0], 0.1),
        ValueError,
        "`Y` must have shape (n_y=1, m=3). Received: (3,). "
        "`parameters` and `X` of shape (2, 3) set n_y=1, m=3; use Y.reshape(1, -1).",
    ),
    (
        lambda folder: gradient_descent(SMALL, A2, [[1, 2, 3]], 0.1),
        ValueError,
        "`Y` must hold only 0 and 1. Received: 2 other values such as 2, 3.",
    ),
    (
        lambda folder: gradient_descent(SMALL, A2, LABELS, 0.1, output="softmax"),
        ValueError,
        "`Y` must hold exactly one 1 per column. Received: 0 in column 1.",
    ),
    (
        lambda folder: gradient_descent(SMALL, A2, LABELS, np.inf),
        ValueError,
        "`learning_rate` must be a positive finite number. Received: inf.",
    ),
    (
        lambda folder: gradient_descent(SMALL, A2, LABELS, True),
        TypeError,
        "`learning_rate` must be a real number. Received: True (bool).",
    ),
    (
        lambda folder: gradient_descent(SMALL, A2, LABELS, 0.1, hidden="rel"),
        ValueError,
        f"`hidden` must be a known name. Received: 'rel'. Did you mean relu? {KNOWN}.",
    ),
    (
        lambda folder: gradient_descent(SMALL, A2, LABELS, 0.1, output="linear"),
        ValueError,
        "`output` must be a known name. Received: 'linear'. Known: sigmoid, softmax.",
    ),
    (
        lambda folder: compute_cost([[-3.0, 2.0]], [[1, 0]]),
        ValueError,
        "`AL` must lie in [0, 1]. Received: 2 other values such as -3, 2. "
        "Logits become probabilities by sigmoid or softmax.",
    ),
    (
        lambda folder: initialize_parameters(3, 2, 1, seed=-1),
        ValueError,
        "`seed` must be at least 0. Received: -1.",
    ),
    (
        lambda folder: initialize_parameters_deep(np.array(5)),
        TypeError,
        "`layer_dims` must be a list of layer sizes. Received: array(5) (ndarray).",
    ),
    (
        lambda folder: L_model_forward(np.ones((1, 2)), {"W1": [[1]], "b1": [[0]], "rate": 1}),
        ValueError,
        "`parameters` must have the keys W1, b1 and no others. Received: W1, b1, rate.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
