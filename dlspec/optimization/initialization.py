"""Initialization (course 2, week 1): where gradient descent starts decides where it gets.

Each layer multiplies the signal by W[l].  For random weights of mean 0, n[l-1] inputs and ReLU, the
mean square of a layer's outputs is that of its inputs times 1/2 n[l-1] Var(W[l]), so

    zeros     W = 0                               all units of a layer stay equal for ever
    random    W = 10 randn                        the sigmoid saturates, learning starts late
    He        W = sqrt(2 / n[l-1]) randn          keeps the signal through ReLU
    Xavier    W = sqrt(1 / n[l-1]) randn          keeps it through tanh, near 0
    Glorot    W = sqrt(2 / (n[l-1] + n[l])) randn    between what forward and backward ask for

Biases start at 0.  Notation as in `nn_basics.deep_network`: W[l] is (n[l], n[l-1]), b[l] (n[l], 1).

Names are loose in the literature: the course calls sqrt(1 / n[l-1]) Xavier's, and Glorot's first
name is Xavier.  Some notes have sqrt(1 / (n[l-1] + n[l])) for Glorot; the paper's variance is
2 / (n[l-1] + n[l]).

Sources: LeCun et al., "Efficient BackProp", 1998; Glorot and Bengio, "Understanding the difficulty
of training deep feedforward neural networks", 2010; He et al., "Delving deep into rectifiers",
arXiv:1502.01852, 2015.
"""

from collections.abc import Sequence

import numpy as np

from dlspec._validation import check_choice, check_count, check_examples, check_layer_sizes
from dlspec.nn_basics.deep_network import _random_parameters, gradient_descent
from dlspec.optimization._training import follow

__all__ = [
    "initialize_parameters_glorot",
    "initialize_parameters_he",
    "initialize_parameters_random",
    "initialize_parameters_xavier",
    "initialize_parameters_zeros",
    "model",
]

HIDDEN_UNITS = (10, 5)
"""The exercise's network has two hidden layers."""


def initialize_parameters_zeros(layers_dims: Sequence[int]) -> dict[str, np.ndarray]:
    """W[l] = 0: every unit of a layer computes the same, gets the same gradient and stays the same.

    Args:
        layers_dims: units of every layer, the inputs first; at least two numbers.

    Returns:
        {"W1": (n1, n0), "b1": (n1, 1), ...}, float64.

    Raises:
        TypeError, ValueError: not a list of at least two whole numbers of at least 1.

    Example:
        >>> initialize_parameters_zeros([2, 1])
        {'W1': array([[0., 0.]]), 'b1': array([[0.]])}

    Source: course 2, week 1.
    """
    sizes = check_layer_sizes("layers_dims", layers_dims)
    parameters = {}
    for l in range(1, len(sizes)):
        parameters[f"W{l}"] = np.zeros((sizes[l], sizes[l - 1]))
        parameters[f"b{l}"] = np.zeros((sizes[l], 1))
    return parameters


def initialize_parameters_random(
    layers_dims: Sequence[int], *, seed: int = 3
) -> dict[str, np.ndarray]:
    """W[l] = 10 randn, far too large: the exercise's example of a bad start.

    Args:
        layers_dims: units of every layer, the inputs first; at least two numbers.
        seed: as for `np.random.seed`, without touching the global generator; the course's is 3.

    Returns:
        {"W1": (n1, n0), "b1": (n1, 1), ...}, float64.

    Raises:
        TypeError, ValueError: not a list of at least two whole numbers of at least 1; a negative
            seed.

    Example:
        >>> initialize_parameters_random([2, 1])["W1"].round(8)
        array([[17.88628473,  4.36509851]])

    Source: course 2, week 1.
    """
    return _draw(layers_dims, seed, lambda n_prev, n: 10)


def initialize_parameters_he(layers_dims: Sequence[int], *, seed: int = 3) -> dict[str, np.ndarray]:
    """W[l] = sqrt(2 / n[l-1]) randn, for ReLU.

    Args:
        layers_dims: units of every layer, the inputs first; at least two numbers.
        seed: as for `np.random.seed`, without touching the global generator; the course's is 3.

    Returns:
        {"W1": (n1, n0), "b1": (n1, 1), ...}, float64.

    Raises:
        TypeError, ValueError: not a list of at least two whole numbers of at least 1; a negative
            seed.

    Example:
        >>> initialize_parameters_he([2, 1])["W1"].round(8)
        array([[1.78862847, 0.43650985]])

    Source: course 2, week 1; He et al., 2015, equation 10.
    """
    return _draw(layers_dims, seed, lambda n_prev, n: np.sqrt(2 / n_prev))


def initialize_parameters_xavier(
    layers_dims: Sequence[int], *, seed: int = 3
) -> dict[str, np.ndarray]:
    """W[l] = sqrt(1 / n[l-1]) randn, for tanh.

    Args:
        layers_dims: units of every layer, the inputs first; at least two numbers.
        seed: as for `np.random.seed`, without touching the global generator; the course's is 3.

    Returns:
        {"W1": (n1, n0), "b1": (n1, 1), ...}, float64.

    Raises:
        TypeError, ValueError: not a list of at least two whole numbers of at least 1; a negative
            seed.

    Example:
        >>> initialize_parameters_xavier([4, 1])["W1"].round(6)
        array([[ 0.894314,  0.218255,  0.048249, -0.931746]])

    Source: course 2, week 1, lecture; LeCun et al., 1998.
    """
    return _draw(layers_dims, seed, lambda n_prev, n: np.sqrt(1 / n_prev))


def initialize_parameters_glorot(
    layers_dims: Sequence[int], *, seed: int = 3
) -> dict[str, np.ndarray]:
    """W[l] = sqrt(2 / (n[l-1] + n[l])) randn.

    Args:
        layers_dims: units of every layer, the inputs first; at least two numbers.
        seed: as for `np.random.seed`, without touching the global generator; the course's is 3.

    Returns:
        {"W1": (n1, n0), "b1": (n1, 1), ...}, float64.

    Raises:
        TypeError, ValueError: not a list of at least two whole numbers of at least 1; a negative
            seed.

    Example:
        >>> initialize_parameters_glorot([1, 1])["W1"].round(8)
        array([[1.78862847]])

    Source: course 2, week 1, lecture; Glorot and Bengio, 2010, equation 12.
    """
    return _draw(layers_dims, seed, lambda n_prev, n: np.sqrt(2 / (n_prev + n)))


def _draw(layers_dims, seed, scale):
    """W[l] = scale(n[l-1], n[l]) randn."""
    sizes = check_layer_sizes("layers_dims", layers_dims)
    parameters = _random_parameters(sizes, seed, lambda n_prev: 1)
    for l in range(1, len(sizes)):
        parameters[f"W{l}"] *= scale(sizes[l - 1], sizes[l])
    return parameters


INITIALIZATIONS = {
    "zeros": initialize_parameters_zeros,
    "random": initialize_parameters_random,
    "he": initialize_parameters_he,
    "xavier": initialize_parameters_xavier,
    "glorot": initialize_parameters_glorot,
}


def model(
    X: np.ndarray,
    Y: np.ndarray,
    learning_rate: float = 0.01,
    num_iterations: int = 15000,
    print_cost: bool = True,
    initialization: str = "he",
) -> dict[str, np.ndarray]:
    """Train ReLU layers of 10 and 5 units and a sigmoid output by gradient descent.

    Ctrl-C ends the training and returns what was learned so far.  The course's first cost from
    random weights is inf, the logarithm of a probability rounded to 0; ours comes from the logits
    and is finite.

    Args:
        X: inputs (n_x, m).
        Y: labels 0 or 1, (1, m).
        learning_rate: alpha, above 0.
        num_iterations: number of steps, at least 0.
        print_cost: print the cost of every thousandth iteration.
        initialization: "zeros", "random", "he", "xavier" or "glorot".

    Returns:
        {"W1", "b1", "W2", "b2", "W3", "b3"} after the last step.

    Raises:
        TypeError, ValueError: data that do not fit, an unknown initialization, a rate or a count
            out of range.

    Example:
        >>> X, Y = np.array([[-1.0, 1.0]]), np.array([[0, 1]])
        >>> parameters = model(X, Y, num_iterations=1, initialization="zeros")
        Cost after iteration 0: 0.693147

    Source: course 2, week 1.
    """
    check_choice("initialization", initialization, list(INITIALIZATIONS))
    X, Y = check_examples(X, Y)
    num_iterations = check_count("num_iterations", num_iterations, minimum=0)
    start = INITIALIZATIONS[initialization]([len(X), *HIDDEN_UNITS, 1])
    steps = gradient_descent(start, X, Y, learning_rate)
    # Copies, because the engine goes on changing what it yields, and Ctrl-C may come mid-step.
    whole = (({name: p.copy() for name, p in state.items()}, cost) for state, cost in steps)
    return follow(whole, start, num_iterations, 1000 if print_cost else 0)
