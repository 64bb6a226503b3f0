"""Planar data classification with one hidden layer (course 1, week 3).

A hidden layer of n_h tanh units bends the plane; the output neuron is logistic regression on what
they say:

    forward     Z1 = W1 X + b1,   A1 = tanh(Z1),   Z2 = W2 A1 + b2,   A2 = sigmoid(Z2)
    cost        J = -1/m sum_i [ y_i log a2_i + (1 - y_i) log(1 - a2_i) ]
    backward    dZ2 = A2 - Y,   dW2 = 1/m dZ2 A1^T,   db2 = 1/m sum dZ2
                dZ1 = W2^T dZ2 * (1 - A1^2),   dW1 = 1/m dZ1 X^T,   db1 = 1/m sum dZ1
    update      theta := theta - alpha dtheta   for W1, b1, W2, b2

Notation: m examples are the columns of X (n_x, m); labels Y (n_y, m) are 0 or 1; W1 is (n_h, n_x),
b1 (n_h, 1), W2 (n_y, n_h), b2 (n_y, 1); * is elementwise.
"""

from collections.abc import Iterator
from itertools import islice

import numpy as np

from dlspec._validation import (
    check_array,
    check_binary,
    check_count,
    check_examples,
    check_keys,
    check_positive,
    check_probabilities,
)
from dlspec.nn_basics.logistic_regression import cross_entropy
from dlspec.nn_basics.numpy_basics import _sigmoid

__all__ = [
    "backward_propagation",
    "compute_cost",
    "forward_propagation",
    "gradient_descent",
    "initialize_parameters",
    "layer_sizes",
    "nn_model",
    "predict",
    "update_parameters",
]

PARAMETERS = ("W1", "b1", "W2", "b2")


def layer_sizes(X: np.ndarray, Y: np.ndarray) -> tuple[int, int, int]:
    """Read the layer sizes off the data; the hidden layer has 4 units, as in the exercise.

    Args:
        X: inputs (n_x, m).
        Y: labels (n_y, m).

    Returns:
        (n_x, 4, n_y).

    Raises:
        TypeError: not numbers.
        ValueError: not two matrices with the same number of columns, NaN or infinity.

    Example:
        >>> layer_sizes(np.zeros((2, 400)), np.zeros((1, 400)))
        (2, 4, 1)

    Source: course 1, week 3.
    """
    X = check_array("X", X, ("n_x", "m"))
    Y = check_array("Y", Y, ("n_y", ("m", X.shape[1])), because=_sets("X", X, "m", 1))
    return X.shape[0], 4, Y.shape[0]


def initialize_parameters(
    n_x: int, n_h: int, n_y: int, *, seed: int | None = None
) -> dict[str, np.ndarray]:
    """Small random weights, zero biases: W = 0.01 randn.

    Equal weights would keep all hidden units equal for ever, large ones would start on the flat
    ends of tanh.

    Args:
        n_x: inputs, at least 1.
        n_h: hidden units, at least 1.
        n_y: outputs, at least 1.
        seed: as for `np.random.seed`, without touching the global generator.  With None the numbers
            come from the global generator, which the exercise seeds before the call.

    Returns:
        {"W1": (n_h, n_x), "b1": (n_h, 1), "W2": (n_y, n_h), "b2": (n_y, 1)}, float64.

    Raises:
        TypeError, ValueError: a size that is not a whole number of at least 1; a negative seed.

    Example:
        >>> np.random.seed(2)
        >>> initialize_parameters(2, 4, 1)["W1"].shape
        (4, 2)

    Source: course 1, week 3.
    """
    n_x, n_h, n_y = check_count("n_x", n_x), check_count("n_h", n_h), check_count("n_y", n_y)
    randn = np.random.randn
    if seed is not None:
        randn = np.random.RandomState(check_count("seed", seed, minimum=0)).randn
    return {
        "W1": randn(n_h, n_x) * 0.01,
        "b1": np.zeros((n_h, 1)),
        "W2": randn(n_y, n_h) * 0.01,
        "b2": np.zeros((n_y, 1)),
    }


def _check_parameters(parameters, X=None):
    """The four arrays, each of the shape that its neighbours (and `X`, if given) ask for."""
    own = check_keys("parameters", parameters, dict.fromkeys(PARAMETERS))
    n_x, because = ("n_x", "") if X is None else (("n_x", len(X)), _sets("X", X, "n_x", 0))
    own["W1"] = check_array("parameters['W1']", own["W1"], ("n_h", n_x), because=because)
    n_h, because = ("n_h", len(own["W1"])), _sets("parameters['W1']", own["W1"], "n_h", 0)
    own["b1"] = check_array("parameters['b1']", own["b1"], (n_h, 1), because=because)
    own["W2"] = check_array("parameters['W2']", own["W2"], ("n_y", n_h), because=because)
    n_y, because = ("n_y", len(own["W2"])), _sets("parameters['W2']", own["W2"], "n_y", 0)
    own["b2"] = check_array("parameters['b2']", own["b2"], (n_y, 1), because=because)
    return own


def _sets(name, array, letter, axis):
    return f"`{name}` of shape {array.shape} sets {letter}={array.shape[axis]}"


def forward_propagation(
    X: np.ndarray, parameters: dict[str, np.ndarray]
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """From inputs to probabilities: A2 = sigmoid(W2 tanh(W1 X + b1) + b2).

    Args:
        X: inputs (n_x, m).
        parameters: {"W1", "b1", "W2", "b2"}.

    Returns:
        A2: probabilities (n_y, m).
        cache: {"Z1", "A1", "Z2", "A2"}, (n_h, m) and (n_y, m), for the backward pass.

    Raises:
        TypeError: not numbers.
        ValueError: a missing key, shapes that do not fit, NaN or infinity.

    Example:
        >>> zeros = {"W1": np.zeros((4, 2)), "b1": np.zeros((4, 1)),
        ...          "W2": np.zeros((1, 4)), "b2": np.zeros((1, 1))}
        >>> A2, cache = forward_propagation(np.ones((2, 3)), zeros)
        >>> A2
        array([[0.5, 0.5, 0.5]])

    Source: course 1, week 3.
    """
    X = check_array("X", X, ("n_x", "m"))
    cache = _forward(X, _check_parameters(parameters, X))
    return cache["A2"], cache


def _forward(X, parameters):
    Z1 = parameters["W1"] @ X + parameters["b1"]
    A1 = np.tanh(Z1)
    Z2 = parameters["W2"] @ A1 + parameters["b2"]
    return {"Z1": Z1, "A1": A1, "Z2": Z2, "A2": _sigmoid(Z2)}


def compute_cost(A2: np.ndarray, Y: np.ndarray) -> float:
    """Cross-entropy: J = -1/m sum [ y log a2 + (1 - y) log(1 - a2) ].

    Args:
        A2: probabilities (n_y, m).
        Y: labels 0 or 1, (n_y, m).

    Returns:
        The cost in nats: a sum over outputs, a mean over examples.

    Raises:
        TypeError: not numbers.
        ValueError: shapes that differ, probabilities outside [0, 1], labels other than 0 and 1, NaN
            or infinity.

    Example:
        >>> round(compute_cost(np.array([[0.5, 0.5]]), np.array([[1, 0]])), 6)
        0.693147

    Source: course 1, week 3.
    """
    A2 = check_probabilities("A2", check_array("A2", A2, ("n_y", "m")))
    return _cost(A2, _check_labels(Y, "A2", A2))


def _cost(A2, Y):
    return float(cross_entropy(A2, Y).sum() / Y.shape[1])


def _check_labels(Y, name, like):
    because = f"`{name}` of shape {like.shape} sets n_y={like.shape[0]}, m={like.shape[1]}"
    shape = (("n_y", like.shape[0]), ("m", like.shape[1]))
    return check_binary("Y", check_array("Y", Y, shape, because=because))


def backward_propagation(
    parameters: dict[str, np.ndarray],
    cache: dict[str, np.ndarray],
    X: np.ndarray,
    Y: np.ndarray,
) -> dict[str, np.ndarray]:
    """Gradients of the cost for all four parameters; the equations stand at the top of the module.

    Args:
        parameters: {"W1", "b1", "W2", "b2"}.
        cache: {"A1", "A2", ...} as `forward_propagation` returns it.
        X: inputs (n_x, m).
        Y: labels 0 or 1, (n_y, m).

    Returns:
        {"dW1", "db1", "dW2", "db2"}, each of the shape of its parameter; means over the examples.

    Raises:
        TypeError: not numbers, or not a dictionary.
        ValueError: a missing key, shapes that do not fit, labels other than 0 and 1, NaN or
            infinity.

    Example:
        >>> X, Y = np.ones((2, 3)), np.array([[1, 0, 1]])
        >>> np.random.seed(2)
        >>> parameters = initialize_parameters(2, 4, 1)
        >>> A2, cache = forward_propagation(X, parameters)
        >>> sorted(backward_propagation(parameters, cache, X, Y))
        ['dW1', 'dW2', 'db1', 'db2']

    Source: course 1, week 3.
    """
    X = check_array("X", X, ("n_x", "m"))
    parameters = _check_parameters(parameters, X)
    (n_y, n_h), m = parameters["W2"].shape, X.shape[1]
    shapes = {"A1": (("n_h", n_h), ("m", m)), "A2": (("n_y", n_y), ("m", m))}
    cache = check_keys("cache", cache, shapes)
    return _backward(parameters, cache, X, _check_labels(Y, "A2", cache["A2"]))


def _backward(parameters, cache, X, Y):
    m = X.shape[1]
    dZ2 = cache["A2"] - Y
    dZ1 = (parameters["W2"].T @ dZ2) * (1 - cache["A1"] ** 2)
    return {
        "dW1": dZ1 @ X.T / m,
        "db1": dZ1.sum(axis=1, keepdims=True) / m,
        "dW2": dZ2 @ cache["A1"].T / m,
        "db2": dZ2.sum(axis=1, keepdims=True) / m,
    }


def update_parameters(
    parameters: dict[str, np.ndarray], grads: dict[str, np.ndarray], learning_rate: float = 1.2
) -> dict[str, np.ndarray]:
    """One step downhill: theta := theta - alpha dtheta.

    Args:
        parameters: {"W1", "b1", "W2", "b2"}.
        grads: {"dW1", "db1", "dW2", "db2"}, of the same shapes.
        learning_rate: alpha, above 0.

    Returns:
        A new dictionary with the keys of `parameters`; the arguments stay as they are.

    Raises:
        TypeError: not numbers, or not a dictionary.
        ValueError: a missing key, shapes that do not fit, a learning rate that is not positive.

    Example:
        >>> ones = {"W1": np.ones((4, 2)), "b1": np.ones((4, 1)),
        ...         "W2": np.ones((1, 4)), "b2": np.ones((1, 1))}
        >>> grads = {f"d{name}": value for name, value in ones.items()}
        >>> update_parameters(ones, grads, learning_rate=0.25)["W2"]
        array([[0.75, 0.75, 0.75, 0.75]])

    Source: course 1, week 3.
    """
    parameters = _check_parameters(parameters)
    shapes = {f"d{name}": parameters[name].shape for name in PARAMETERS}
    grads = check_keys("grads", grads, shapes)
    return _update(parameters, grads, check_positive("learning_rate", learning_rate))


def _update(parameters, grads, learning_rate):
    return {name: parameters[name] - learning_rate * grads[f"d{name}"] for name in PARAMETERS}


def gradient_descent(
    parameters: dict[str, np.ndarray], X: np.ndarray, Y: np.ndarray, learning_rate: float = 1.2
) -> Iterator[tuple[dict[str, np.ndarray], float]]:
    """Yield (parameters, cost) after each step, for ever.

    Args:
        parameters: {"W1", "b1", "W2", "b2"} to start from.
        X: inputs (n_x, m).
        Y: labels 0 or 1, (n_y, m).
        learning_rate: alpha, above 0.

    Yields:
        parameters: after the step; a new dictionary each time.
        cost: before the step, in nats.

    Raises:
        TypeError, ValueError: as `forward_propagation`, `compute_cost` and `update_parameters`; at
            once, not at the first step.

    Example:
        >>> np.random.seed(3)
        >>> X, Y = np.array([[-1.0, 1.0]]), np.array([[0, 1]])
        >>> steps = gradient_descent(initialize_parameters(1, 2, 1), X, Y)
        >>> costs = [cost for parameters, cost in islice(steps, 100)]
        >>> costs[0] > costs[-1]
        True

    Source: course 1, week 3.
    """
    X = check_array("X", X, ("n_x", "m"))
    parameters = _check_parameters(parameters, X)
    shape = (("n_y", parameters["W2"].shape[0]), ("m", X.shape[1]))
    Y = check_binary("Y", check_array("Y", Y, shape, because=_sets("X", X, "m", 1)))
    return _gradient_descent(parameters, X, Y, check_positive("learning_rate", learning_rate))


def _gradient_descent(parameters, X, Y, learning_rate):
    while True:
        cache = _forward(X, parameters)
        cost = _cost(cache["A2"], Y)
        parameters = _update(parameters, _backward(parameters, cache, X, Y), learning_rate)
        yield parameters, cost


def nn_model(
    X: np.ndarray, Y: np.ndarray, n_h: int, num_iterations: int = 10000, print_cost: bool = False
) -> dict[str, np.ndarray]:
    """Train a network with `n_h` hidden units at learning rate 1.2.

    The weights start from the numbers that `np.random.seed(3)` gives, as in the exercise, without
    touching the global generator.

    Args:
        X: inputs (n_x, m).
        Y: labels 0 or 1, (n_y, m).
        n_h: hidden units, at least 1.
        num_iterations: number of steps, at least 0.
        print_cost: print the cost of every thousandth iteration.

    Returns:
        {"W1", "b1", "W2", "b2"} after the last step.

    Raises:
        TypeError, ValueError: data that do not fit, sizes or iteration counts out of range.

    Example:
        >>> X, Y = np.array([[-1.0, 1.0]]), np.array([[0, 1]])
        >>> predict(nn_model(X, Y, n_h=2, num_iterations=100), X)
        array([[False,  True]])

    Source: course 1, week 3.
    """
    n_x, _, n_y = layer_sizes(X, Y)
    X, Y = check_examples(X, Y, n_y)
    num_iterations = check_count("num_iterations", num_iterations, minimum=0)
    parameters = initialize_parameters(n_x, n_h, n_y, seed=3)
    steps = gradient_descent(parameters, X, Y)
    for i, (parameters, cost) in enumerate(islice(steps, num_iterations)):
        if print_cost and i % 1000 == 0:
            print(f"Cost after iteration {i}: {cost:.6f}")
    return parameters


def predict(parameters: dict[str, np.ndarray], X: np.ndarray) -> np.ndarray:
    """True where the probability is strictly above one half.

    Args:
        parameters: {"W1", "b1", "W2", "b2"}.
        X: inputs (n_x, m).

    Returns:
        bool of shape (n_y, m).

    Raises:
        TypeError, ValueError: as `forward_propagation`.

    Example:
        >>> parameters = {"W1": np.ones((1, 1)), "b1": np.zeros((1, 1)),
        ...               "W2": np.ones((1, 1)), "b2": np.zeros((1, 1))}
        >>> predict(parameters, np.array([[-1.0, 0.0, 1.0]]))
        array([[False, False,  True]])

    Source: course 1, week 3.
    """
    A2, _ = forward_propagation(X, parameters)
    return A2 > 0.5
