"""Deep neural network for image classification (course 1, week 4, assignment 2).

The parts of `deep_network` put to work on photos: is it a cat?

    two layers   X -> linear -> ReLU -> linear -> sigmoid
    L layers     X -> [linear -> ReLU] x (L - 1) -> linear -> sigmoid

Notation as in `deep_network`: m examples are the columns of X (n_x, m), labels Y (1, m) are 0 or 1.
A photo becomes a column by `reshape(m, -1).T / 255`.
"""

from collections.abc import Sequence
from itertools import islice

import numpy as np

from dlspec._complaints import InvalidValue, sentence
from dlspec._validation import check_array, check_count, check_examples, check_layer_sizes
from dlspec.nn_basics.deep_network import (
    L_model_forward,
    _random_parameters,
    gradient_descent,
    initialize_parameters,
)

__all__ = ["L_layer_model", "initialize_parameters_scaled", "predict", "two_layer_model"]

COST_EVERY = 100
"""The course notes the cost of every hundredth iteration, the first included."""


def initialize_parameters_scaled(layer_dims: Sequence[int], seed: int = 1) -> dict[str, np.ndarray]:
    """Random weights that keep the size of the signal: W[l] = randn / sqrt(n[l-1]), b[l] = 0.

    With 0.01 randn, as in `deep_network`, four layers pass on almost nothing and learn nothing for
    thousands of iterations; the exercise ships this initialisation without comment.

    Args:
        layer_dims: units of every layer, the inputs first; at least two numbers.
        seed: as for `np.random.seed`, without touching the global generator; the course's is 1.

    Returns:
        {"W1": (n1, n0), "b1": (n1, 1), ...}, float64.

    Raises:
        TypeError, ValueError: not a list of at least two whole numbers of at least 1; a negative
            seed.

    Example:
        >>> initialize_parameters_scaled([2, 1])["W1"].shape
        (1, 2)

    Source: course 1, week 4; LeCun et al., "Efficient BackProp", 1998.
    """
    sizes = check_layer_sizes("layer_dims", layer_dims)
    return _random_parameters(sizes, seed, lambda n_prev: 1 / np.sqrt(n_prev))


def two_layer_model(
    X: np.ndarray,
    Y: np.ndarray,
    layers_dims: Sequence[int],
    learning_rate: float = 0.0075,
    num_iterations: int = 3000,
    print_cost: bool = False,
) -> tuple[dict[str, np.ndarray], list[float]]:
    """Train linear -> ReLU -> linear -> sigmoid from `deep_network.initialize_parameters`.

    Args:
        X: inputs (n_x, m).
        Y: labels 0 or 1, (1, m).
        layers_dims: (n_x, n_h, 1).
        learning_rate: alpha, above 0.
        num_iterations: number of steps, at least 0.
        print_cost: print the cost of every hundredth iteration.

    Returns:
        parameters: {"W1", "b1", "W2", "b2"} after the last step.
        costs: mean cross-entropy in nats at iterations 0, 100, 200, ...

    Raises:
        TypeError: not numbers.
        ValueError: `layers_dims` that is not three sizes fitting the data, shapes that do not fit,
            labels other than 0 and 1, NaN, a rate or a count out of range.

    Example:
        >>> X, Y = np.array([[-1.0, 1.0]]), np.array([[0, 1]])
        >>> parameters, costs = two_layer_model(X, Y, (1, 3, 1), num_iterations=101)
        >>> len(costs)
        2

    Source: course 1, week 4.
    """
    sizes = _check_sizes(layers_dims, X, Y, minimum_layers=2)
    if len(sizes) != 3:
        raise InvalidValue(
            sentence("layers_dims", "be (n_x, n_h, n_y)", sizes, "L_layer_model takes any length.")
        )
    return _train(initialize_parameters(*sizes), X, Y, learning_rate, num_iterations, print_cost)


def L_layer_model(
    X: np.ndarray,
    Y: np.ndarray,
    layers_dims: Sequence[int],
    learning_rate: float = 0.0075,
    num_iterations: int = 3000,
    print_cost: bool = False,
) -> tuple[dict[str, np.ndarray], list[float]]:
    """Train [linear -> ReLU] x (L - 1) -> linear -> sigmoid from `initialize_parameters_scaled`.

    Args:
        X: inputs (n_x, m).
        Y: labels 0 or 1, (1, m).
        layers_dims: units of every layer, (n_x, ..., 1).
        learning_rate: alpha, above 0.
        num_iterations: number of steps, at least 0.
        print_cost: print the cost of every hundredth iteration.

    Returns:
        parameters: {"W1", "b1", ..., "WL", "bL"} after the last step.
        costs: mean cross-entropy in nats at iterations 0, 100, 200, ...

    Raises:
        TypeError, ValueError: as `two_layer_model`.

    Example:
        >>> X, Y = np.array([[-1.0, 1.0]]), np.array([[0, 1]])
        >>> parameters, costs = L_layer_model(X, Y, [1, 3, 3, 1], num_iterations=10)
        >>> sorted(parameters)
        ['W1', 'W2', 'W3', 'b1', 'b2', 'b3']

    Source: course 1, week 4.
    """
    sizes = _check_sizes(layers_dims, X, Y, minimum_layers=1)
    return _train(
        initialize_parameters_scaled(sizes), X, Y, learning_rate, num_iterations, print_cost
    )


def _check_sizes(layers_dims, X, Y, minimum_layers):
    sizes = check_layer_sizes("layers_dims", layers_dims, minimum_layers)
    X, Y = check_examples(X, Y)
    if sizes[0] != X.shape[0] or sizes[-1] != 1:
        expected = f"begin with n_x={X.shape[0]} and end with 1"
        raise InvalidValue(sentence("layers_dims", expected, sizes))
    return sizes


def _train(parameters, X, Y, learning_rate, num_iterations, print_cost):
    num_iterations = check_count("num_iterations", num_iterations, minimum=0)
    steps = gradient_descent(parameters, X, Y, learning_rate)
    costs = []
    for i, (parameters, cost) in enumerate(islice(steps, num_iterations)):
        if i % COST_EVERY == 0:
            costs.append(cost)
            if print_cost:
                print(f"Cost after iteration {i}: {cost:.6f}")
    return parameters, costs


def predict(
    X: np.ndarray, y: np.ndarray | None, parameters: dict[str, np.ndarray], *, verbose: bool = False
) -> np.ndarray:
    """Label 1 where the network's probability is strictly above one half.

    Args:
        X: inputs (n_x, m).
        y: true labels 0 or 1, (1, m), or None when they are not known.
        parameters: {"W1", "b1", ..., "WL", "bL"} with one output.
        verbose: print the accuracy, as the course's helper always does.

    Returns:
        float64 of shape (1, m), each 0 or 1.

    Raises:
        TypeError: not numbers.
        ValueError: shapes that do not fit, labels other than 0 and 1, NaN or infinity.

    Example:
        >>> parameters = {"W1": np.array([[1.0]]), "b1": np.array([[0.0]])}
        >>> predict(np.array([[-1.0, 1.0]]), np.array([[0, 1]]), parameters, verbose=True)
        Accuracy: 100.00%
        array([[0., 1.]])

    Source: course 1, week 4.
    """
    if y is None:
        X = check_array("X", X, ("n_x", "m"))
    else:
        X, y = check_examples(X, y, names=("X", "y"))
    AL, _ = L_model_forward(X, parameters)
    if len(AL) != 1:
        raise InvalidValue(sentence("parameters", "end in one output", f"{len(AL)} outputs"))
    p = (AL > 0.5).astype(np.float64)
    if verbose and y is not None:
        print(f"Accuracy: {np.mean(p == y):.2%}")
    return p
