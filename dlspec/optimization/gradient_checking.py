"""Gradient checking (course 2, week 1): is the backward pass right?

The forward pass is easy to get right, so trust it, and measure slopes with it alone.  For every
number theta_i among the parameters

    gradapprox_i = (J(theta + eps e_i) - J(theta - eps e_i)) / (2 eps)
    difference   = ||grad - gradapprox|| / (||grad|| + ||gradapprox||)

Two-sided differences are wrong by about eps^2, one-sided ones by eps.  Rounding adds about
1e-16 J / eps, so that eps must not be too small either: with the course's eps = 1e-7 a difference
of 1e-7 is good, 1e-3 is a mistake.

Two things to know.  It costs two forward passes per parameter, so it is for debugging only.  And J
must be the function that was differentiated: with its penalty, with dropout switched off (or the
masks held fixed), and not where a ReLU stands at its kink.

First for J(theta) = theta x, then for three layers, ReLU, ReLU and sigmoid, whose caches are flat
tuples (Z1, A1, W1, b1, ..., Z3, A3, W3, b3); any number of layers works.

`backward_propagation_n` is correct here; in the exercise it first has two mistakes to be found.
"""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import check_array, check_finite, check_keys, check_positive
from dlspec.nn_basics.deep_network import _check_labels, _cost_from_logits
from dlspec.optimization._caches import (
    backward,
    check_network,
    forward,
    pack,
    unpack,
)
from dlspec.testing import numerical_gradients

__all__ = [
    "GradientReport",
    "backward_propagation",
    "backward_propagation_n",
    "check_gradients",
    "dictionary_to_vector",
    "forward_propagation",
    "forward_propagation_n",
    "gradient_check",
    "gradient_check_n",
    "gradients_to_vector",
    "vector_to_dictionary",
]

Arrays = dict[str, np.ndarray]

THRESHOLD = 2e-7
"""Differences up to here pass in the exercise."""

SHAPES = {"W1": (5, 4), "b1": (5, 1), "W2": (3, 5), "b2": (3, 1), "W3": (1, 3), "b3": (1, 1)}
"""Parameters of the exercise's network."""


# --- One parameter --------------------------------------------------------------------------------


def forward_propagation(x: float, theta: float) -> float:
    """The simplest model: J = theta x.

    Args:
        x: a number.
        theta: a number.

    Returns:
        J.

    Raises:
        TypeError, ValueError: not finite numbers.

    Example:
        >>> forward_propagation(2, 4)
        8.0

    Source: course 2, week 1.
    """
    return check_finite("x", x) * check_finite("theta", theta)


def backward_propagation(x: float, theta: float) -> float:
    """Its slope: dJ/dtheta = x.

    Args:
        x: a number.
        theta: a number; the slope does not depend on it.

    Returns:
        dJ/dtheta.

    Raises:
        TypeError, ValueError: not finite numbers.

    Example:
        >>> backward_propagation(2, 4)
        2.0

    Source: course 2, week 1.
    """
    check_finite("theta", theta)
    return check_finite("x", x)


def gradient_check(x: float, theta: float, epsilon: float = 1e-7, print_msg: bool = False) -> float:
    """Hold `backward_propagation` against the two-sided difference.

    Args:
        x: a number.
        theta: a number.
        epsilon: step, above 0.
        print_msg: print whether the difference passes.

    Returns:
        The relative difference; 0 where both slopes are 0.

    Raises:
        TypeError, ValueError: not finite numbers, an epsilon not above 0.

    Example:
        >>> gradient_check(2, 4, print_msg=True) < 1e-9
        The backward pass is right: difference 2.92e-10.
        True

    Source: course 2, week 1.
    """
    epsilon = check_positive("epsilon", epsilon)
    x, theta = check_finite("x", x), check_finite("theta", theta)
    above = forward_propagation(x, theta + epsilon)
    below = forward_propagation(x, theta - epsilon)
    gradapprox = np.array((above - below) / (2 * epsilon))
    return _judge(_difference(np.array(backward_propagation(x, theta)), gradapprox), print_msg)


def _difference(grad, gradapprox):
    scale = np.linalg.norm(grad) + np.linalg.norm(gradapprox)
    return float(np.linalg.norm(grad - gradapprox) / scale) if scale else 0.0


def _judge(difference, print_msg):
    if print_msg:
        verdict = "right" if difference <= THRESHOLD else "wrong"
        print(f"The backward pass is {verdict}: difference {difference:.2e}.")
    return difference


# --- Many parameters ------------------------------------------------------------------------------


def forward_propagation_n(X: np.ndarray, Y: np.ndarray, parameters: Arrays) -> tuple[float, tuple]:
    """Cost of ReLU layers with a sigmoid output: J = -1/m sum [ Y log AL + (1 - Y) log(1 - AL) ].

    Args:
        X: inputs (n_x, m).
        Y: labels 0 or 1, (n_y, m).
        parameters: {"W1", "b1", ..., "WL", "bL"}.

    Returns:
        cost: in nats, a mean over examples.
        cache: (Z1, A1, W1, b1, ..., ZL, AL, WL, bL).

    Raises:
        TypeError: not numbers, or not a dictionary.
        ValueError: a missing key, shapes that do not fit, labels other than 0 and 1, NaN or
            infinity.

    Example:
        >>> zeros = {name: np.zeros(shape) for name, shape in SHAPES.items()}
        >>> cost, cache = forward_propagation_n(np.ones((4, 3)), np.array([[1, 1, 0]]), zeros)
        >>> round(cost, 6), len(cache)
        (0.693147, 12)

    Source: course 2, week 1.
    """
    X, parameters = check_network(X, parameters)
    AL, caches = forward(X, parameters)
    because = f"`parameters` and `X` of shape {X.shape} set"
    Y = _check_labels(Y, AL.shape, because, "sigmoid")
    return _cost_from_logits(caches[-1][1], AL, Y, "sigmoid"), pack(AL, caches)


def backward_propagation_n(X: np.ndarray, Y: np.ndarray, cache: tuple) -> Arrays:
    """Gradients of that cost.

    Args:
        X: inputs (n_x, m).
        Y: labels 0 or 1, (n_y, m).
        cache: (Z1, A1, W1, b1, ..., ZL, AL, WL, bL), from `forward_propagation_n`.

    Returns:
        {"dZ3", "dW3", "db3", "dA2", "dZ2", ..., "db1"}; dZ[l] and dA[l] are of the sum over the
        examples.

    Raises:
        TypeError: not numbers, or a cache of another form.
        ValueError: shapes that do not fit, labels other than 0 and 1, NaN or infinity.

    Example:
        >>> zeros = {name: np.zeros(shape) for name, shape in SHAPES.items()}
        >>> X, Y = np.ones((4, 2)), np.array([[1, 1]])
        >>> cost, cache = forward_propagation_n(X, Y, zeros)
        >>> backward_propagation_n(X, Y, cache)["db3"]
        array([[-0.5]])

    Source: course 2, week 1.
    """
    layers, AL, _ = unpack(cache, X)
    Y = _check_labels(Y, AL.shape, f"`cache` holds AL of shape {AL.shape}:", "sigmoid")
    return backward(layers, AL, Y)


def gradient_check_n(
    parameters: Arrays,
    gradients: Arrays,
    X: np.ndarray,
    Y: np.ndarray,
    epsilon: float = 1e-7,
    print_msg: bool = False,
) -> float:
    """Hold gradients against two-sided differences of `forward_propagation_n`.

    Args:
        parameters: {"W1", "b1", ..., "WL", "bL"}.
        gradients: {"dW1", "db1", ...}, of the same shapes; further keys are ignored.
        X: inputs (n_x, m).
        Y: labels 0 or 1, (n_y, m).
        epsilon: step, above 0.
        print_msg: print whether the difference passes.

    Returns:
        The relative difference of all gradients as one vector.

    Raises:
        TypeError, ValueError: as `forward_propagation_n`; a missing gradient, an epsilon not above
            0.

    Example:
        >>> random = np.random.RandomState(0)
        >>> parameters = {name: random.randn(*shape) for name, shape in SHAPES.items()}
        >>> X, Y = random.randn(4, 3), np.array([[1, 1, 0]])
        >>> gradients = backward_propagation_n(X, Y, forward_propagation_n(X, Y, parameters)[1])
        >>> gradient_check_n(parameters, gradients, X, Y) < 1e-7
        True

    Source: course 2, week 1.
    """
    X, parameters = check_network(X, parameters)
    epsilon = check_positive("epsilon", epsilon)
    gradients = check_keys("gradients", gradients, _gradient_shapes(parameters))
    numerical = numerical_gradients(
        lambda theta: forward_propagation_n(X, Y, theta)[0], parameters, epsilon
    )
    difference = _difference(gradients_to_vector(gradients), gradients_to_vector(numerical))
    return _judge(difference, print_msg)


def _gradient_shapes(parameters):
    return {f"d{name}": np.shape(p) for name, p in parameters.items()}


class GradientReport(NamedTuple):
    """What `check_gradients` found.

    Attributes:
        difference: of all gradients as one vector.
        worst: name of the parameter whose gradient differs most.
        differences: {name: relative difference} of every parameter, the worst first.
    """

    difference: float
    worst: str
    differences: dict[str, float]


def check_gradients(
    cost_fn: Callable[[Arrays], float],
    parameters: Arrays,
    gradients: Arrays,
    epsilon: float = 1e-5,
) -> GradientReport:
    """Check the gradients of any cost, and say where they are wrong.

    `dlspec.testing.gradient_check` does the same and raises an error; it is made for tests.

    Args:
        cost_fn: maps a dictionary like `parameters` to one number.
        parameters: named arrays of any shape, at least one; they are not changed.
        gradients: "d<name>" for every name in `parameters`, of the same shapes; further keys are
            ignored.
        epsilon: step, above 0.

    Returns:
        (difference, worst, differences); differences are relative, 0 where both gradients are 0.

    Raises:
        TypeError: not numbers, not a dictionary, or a cost that is no function.
        ValueError: an empty dictionary, a missing gradient, shapes that do not fit, NaN or
            infinity, an epsilon not above 0.

    Example:
        >>> theta = {"W1": np.array([1.0, 2.0]), "b1": np.array([3.0])}
        >>> cost = lambda p: float((p["W1"] ** 2).sum() + p["b1"].item() ** 2)
        >>> report = check_gradients(cost, theta, {"dW1": 2 * theta["W1"], "db1": theta["b1"]})
        >>> report.worst, round(report.differences["b1"], 6)
        ('b1', 0.333333)

    Source: course 2, week 1, lecture.
    """
    if not callable(cost_fn):
        received = type(cost_fn).__name__
        raise InvalidType(sentence("cost_fn", "be a function of parameters", received))
    parameters = _check_named("parameters", parameters)
    gradients = check_keys("gradients", gradients, _gradient_shapes(parameters))
    numerical = numerical_gradients(cost_fn, parameters, check_positive("epsilon", epsilon))
    differences = {
        name: _difference(gradients[f"d{name}"], numerical[f"d{name}"]) for name in parameters
    }
    ranking = dict(sorted(differences.items(), key=lambda row: -row[1]))
    own = {name: gradients[name] for name in numerical}
    overall = _difference(_concatenate(own), _concatenate(numerical))
    return GradientReport(overall, next(iter(ranking)), ranking)


# --- Dictionaries and vectors ---------------------------------------------------------------------


def dictionary_to_vector(parameters: Arrays) -> tuple[np.ndarray, list[str]]:
    """All parameters as one column, array after array, row after row.

    Args:
        parameters: named arrays, at least one.

    Returns:
        theta: (n, 1), float64.
        keys: name of the array that each of the n numbers comes from.

    Raises:
        TypeError: not numbers, or not a dictionary.
        ValueError: an empty dictionary, NaN or infinity.

    Example:
        >>> theta, keys = dictionary_to_vector({"W1": np.array([[1, 2]]), "b1": np.array([[3]])})
        >>> theta.ravel(), keys
        (array([1., 2., 3.]), ['W1', 'W1', 'b1'])

    Source: course 2, week 1.
    """
    parameters = _check_named("parameters", parameters)
    keys = [name for name, values in parameters.items() for _ in range(values.size)]
    return _concatenate(parameters), keys


def _check_named(name, arrays):
    if isinstance(arrays, Mapping) and not arrays:
        raise InvalidValue(sentence(name, "hold at least one array", "an empty dictionary"))
    return check_keys(name, arrays, dict.fromkeys(arrays if isinstance(arrays, Mapping) else ()))


def _concatenate(arrays):
    return np.concatenate([values.reshape(-1, 1) for values in arrays.values()])


def vector_to_dictionary(
    theta: np.ndarray, *, shapes: Mapping[str, tuple[int, ...]] | None = None
) -> Arrays:
    """Back from one column to named arrays.

    Args:
        theta: (n, 1).
        shapes: {name: shape} in the order of the column; None takes the exercise's network with
            layers of 4, 5, 3 and 1 units (n=47).

    Returns:
        {name: array}, copies.

    Raises:
        TypeError: not numbers.
        ValueError: another number of numbers than the shapes hold, NaN or infinity.

    Example:
        >>> vector_to_dictionary(np.array([[1.0], [2.0]]), shapes={"W1": (1, 1), "b1": (1, 1)})
        {'W1': array([[1.]]), 'b1': array([[2.]])}

    Source: course 2, week 1.
    """
    shapes = SHAPES if shapes is None else shapes
    if not isinstance(shapes, Mapping):
        raise InvalidType(sentence("shapes", "be a dictionary", type(shapes).__name__))
    sizes = [int(np.prod(shape)) for shape in shapes.values()]
    theta = check_array("theta", theta, (("n", sum(sizes)), 1), because="The shapes set n")
    parts = np.split(theta[:, 0], np.cumsum(sizes)[:-1])
    return {
        name: part.reshape(shape).copy()
        for (name, shape), part in zip(shapes.items(), parts, strict=True)
    }


def gradients_to_vector(gradients: Arrays) -> np.ndarray:
    """Gradients as one column, in the order dW1, db1, dW2, db2, ...; dZ and dA are left out.

    Args:
        gradients: {"dW1", "db1", ..., "dWL", "dbL", ...}.

    Returns:
        (n, 1), float64.

    Raises:
        TypeError: not numbers, or not a dictionary.
        ValueError: a layer without its dW or db, NaN or infinity.

    Example:
        >>> gradients = {"db1": [[3.0]], "dA0": [[9.0]], "dW1": [[1.0, 2.0]]}
        >>> gradients_to_vector(gradients).ravel()
        array([1., 2., 3.])

    Source: course 2, week 1.
    """
    names = gradients if isinstance(gradients, Mapping) else ()
    layers = [re.fullmatch(r"d[Wb](\d+)", str(name)) for name in names]
    L = max([1, *(int(layer[1]) for layer in layers if layer)])
    wanted = [f"d{kind}{l}" for l in range(1, L + 1) for kind in "Wb"]
    return _concatenate(check_keys("gradients", gradients, dict.fromkeys(wanted)))
