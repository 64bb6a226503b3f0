"""Softmax regression: logistic regression for C classes (course 2, week 3, lecture).

One linear unit per class; softmax turns the C logits of an example into probabilities:

    forward     Z = W X + b,   A = e^Z / (sum of e^Z over the classes)
    loss        L = -sum_j y_j log a_j,   which is -log of the probability of the true class
    cost        J = 1/m sum_i L_i
    backward    dZ = A - Y,   dW = 1/m dZ X^T,   db = 1/m sum_i dz_i
    update      W := W - alpha dW,   b := b - alpha db

Notation: m examples are the columns of X (n_x, m); Y (C, m) holds one 1 per column, in the row of
the true class; W is (C, n_x), b is (C, 1); alpha is the learning rate.

The notes this package started from call A (1 - A) the derivative of softmax.  That is its diagonal
only: a logit moves the probabilities of all classes, and the derivative is the matrix of
`softmax_jacobian`.  They also cut the digits of their example z = (2, 1, 0.1) off where they should
be rounded: softmax(z) = (0.66, 0.24, 0.10).
"""

from collections.abc import Iterator
from itertools import islice

import numpy as np

from dlspec._complaints import InvalidValue, sentence
from dlspec._validation import (
    check_array,
    check_binary,
    check_count,
    check_keys,
    check_positive,
)

__all__ = [
    "as_logistic_regression",
    "cross_entropy",
    "cross_entropy_from_logits",
    "gradient_descent",
    "hard_max",
    "model",
    "one_hot",
    "predict",
    "propagate",
    "softmax",
    "softmax_jacobian",
]


# --- Softmax --------------------------------------------------------------------------------------


def softmax(Z: np.ndarray) -> np.ndarray:
    """Probabilities of the classes, column by column: a_j = e^z_j / sum_k e^z_k.

    The largest logit of each column is subtracted first.  That changes nothing, since it cancels in
    the fraction, and no exponential can overflow.

    Args:
        Z: logits (C, m).

    Returns:
        float64 (C, m), in [0, 1]; every column sums to 1.

    Raises:
        TypeError: not numbers.
        ValueError: not two axes, NaN or infinity.

    Example:
        >>> softmax(np.array([[5.0], [2.0], [-1.0], [3.0]])).round(3)
        array([[0.842],
               [0.042],
               [0.002],
               [0.114]])

    Source: course 2, week 3.
    """
    return _softmax(check_array("Z", Z, ("C", "m")))


def _softmax(Z):
    T = np.exp(Z - Z.max(axis=0))
    return T / T.sum(axis=0)


def softmax_jacobian(z: np.ndarray) -> np.ndarray:
    """How every probability of one example answers to every logit: da_i/dz_j = a_i (1[i=j] - a_j).

    Args:
        z: logits of one example (C, 1).

    Returns:
        float64 (C, C), symmetric; row i belongs to a_i, and every row and column sums to 0, because
        the probabilities keep their sum.

    Raises:
        TypeError: not numbers.
        ValueError: not one column, NaN or infinity.

    Example:
        >>> softmax_jacobian(np.array([[0.0], [0.0]]))
        array([[ 0.25, -0.25],
               [-0.25,  0.25]])

    Source: derived from the definition in course 2, week 3.
    """
    a = _softmax(check_array("z", z, ("C", 1)))
    return np.diag(a[:, 0]) - a @ a.T


def hard_max(Z: np.ndarray) -> np.ndarray:
    """1 for the largest number of each column, 0 for the rest; the first of equals wins.

    Args:
        Z: logits or probabilities (C, m).

    Returns:
        float64 (C, m), one 1 per column.

    Raises:
        TypeError: not numbers.
        ValueError: not two axes, NaN or infinity.

    Example:
        >>> hard_max(np.array([[5.0], [2.0], [-1.0], [3.0]])).T
        array([[1., 0., 0., 0.]])

    Source: course 2, week 3.
    """
    Z = check_array("Z", Z, ("C", "m"))
    return one_hot(Z.argmax(axis=0), Z.shape[0])


def one_hot(labels: np.ndarray, n_classes: int) -> np.ndarray:
    """One column per label, with a 1 in the row of its class.

    Args:
        labels: class numbers (m,), whole numbers from 0 to `n_classes` - 1.
        n_classes: C, at least 1.

    Returns:
        float64 (C, m).

    Raises:
        TypeError: not numbers.
        ValueError: labels that are not whole or not in the range.

    Example:
        >>> one_hot(np.array([2, 0]), n_classes=3)
        array([[0., 1.],
               [0., 0.],
               [1., 0.]])

    Source: course 2, week 3.
    """
    n_classes = check_count("n_classes", n_classes)
    labels = check_array("labels", labels, ("m",))
    odd = labels[(labels % 1 != 0) | (labels < 0) | (labels >= n_classes)]
    if odd.size:
        expected = f"hold whole numbers from 0 to {n_classes - 1}"
        raise InvalidValue(sentence("labels", expected, f"{odd[0]:g} among others"))
    return (np.arange(n_classes)[:, None] == labels).astype(np.float64)


# --- Loss -----------------------------------------------------------------------------------------


def cross_entropy(A: np.ndarray, Y: np.ndarray) -> np.ndarray:
    """Loss of every example: -sum_j y_j log a_j.

    A probability that was rounded to exactly 0 would make the loss infinite.  In its place stands
    the smallest positive number, 2^-1074; `cross_entropy_from_logits` needs no such help.

    Args:
        A: probabilities (C, m), in [0, 1].
        Y: labels (C, m), one 1 per column.

    Returns:
        float64 (1, m), in nats, not negative.

    Raises:
        TypeError: not numbers.
        ValueError: shapes that differ, columns of `Y` without exactly one 1, numbers outside
            [0, 1].

    Example:
        >>> cross_entropy(np.array([[0.3], [0.2], [0.1], [0.4]]), np.array([[0], [1], [0], [0]]))
        array([[1.60943791]])

    Source: course 2, week 3.
    """
    A = check_array("A", A, ("C", "m"))
    if A.min() < 0 or A.max() > 1:
        raise InvalidValue(sentence("A", "lie in [0, 1]", f"{A.min():g} to {A.max():g}"))
    Y = _check_labels(
        "Y", Y, A.shape, f"`A` of shape {A.shape} sets C={A.shape[0]}, m={A.shape[1]}"
    )
    return -(Y * np.log(np.maximum(A, 2.0**-1074))).sum(axis=0, keepdims=True)


def cross_entropy_from_logits(Z: np.ndarray, Y: np.ndarray) -> np.ndarray:
    """The same loss computed before softmax, exact however confident the prediction.

    With a_j = e^z_j / sum_k e^z_k the loss of the true class y is

        log(sum_k e^z_k) - z_y

    and its gradient with respect to the logits is dZ = A - Y.

    Args:
        Z: logits (C, m).
        Y: labels (C, m), one 1 per column.

    Returns:
        float64 (1, m), in nats, not negative.

    Raises:
        TypeError: not numbers.
        ValueError: shapes that differ, columns of `Y` without exactly one 1.

    Example:
        >>> cross_entropy_from_logits(np.array([[1000.0], [0.0]]), np.array([[0], [1]]))
        array([[1000.]])

    Source: derived from the definitions in course 2, week 3.
    """
    Z = check_array("Z", Z, ("C", "m"))
    Y = _check_labels(
        "Y", Y, Z.shape, f"`Z` of shape {Z.shape} sets C={Z.shape[0]}, m={Z.shape[1]}"
    )
    return _cross_entropy_from_logits(Z, Y)


def _cross_entropy_from_logits(Z, Y):
    Z = Z - Z.max(axis=0)
    return np.log(np.exp(Z).sum(axis=0, keepdims=True)) - (Y * Z).sum(axis=0, keepdims=True)


def _check_labels(name, Y, shape, because):
    """One 1 per column, in the row of the class."""
    C, m = shape
    Y = check_binary(name, check_array(name, Y, (("C", C), ("m", m)), because=because))
    ones = Y.sum(axis=0)
    if (ones != 1).any():
        column = int(np.argmax(ones != 1))
        received = f"{ones[column]:g} in column {column}"
        raise InvalidValue(sentence(name, "hold exactly one 1 per column", received))
    return Y


# --- Regression -----------------------------------------------------------------------------------


def propagate(
    parameters: dict[str, np.ndarray], X: np.ndarray, Y: np.ndarray
) -> tuple[dict[str, np.ndarray], float]:
    """Forward and backward once: A = softmax(W X + b), dZ = A - Y, dW = 1/m dZ X^T, db = mean dZ.

    Args:
        parameters: {"W": (C, n_x), "b": (C, 1)}.
        X: inputs (n_x, m).
        Y: labels (C, m), one 1 per column.

    Returns:
        grads: {"dW": (C, n_x), "db": (C, 1)}, gradients of the cost.
        cost: mean cross-entropy in nats.

    Raises:
        TypeError: not numbers, or not a dictionary.
        ValueError: a missing key, shapes that do not fit, columns of `Y` without exactly one 1.

    Example:
        >>> parameters = {"W": np.zeros((2, 1)), "b": np.zeros((2, 1))}
        >>> grads, cost = propagate(parameters, np.array([[1.0, -1.0]]), np.eye(2))
        >>> grads["dW"].T, round(cost, 6)
        (array([[-0.5,  0.5]]), 0.693147)

    Source: course 2, week 3.
    """
    return _propagate(*_check_all(parameters, X, Y))


def _propagate(parameters, X, Y):
    m = X.shape[1]
    Z = parameters["W"] @ X + parameters["b"]
    cost = float(_cross_entropy_from_logits(Z, Y).sum() / m)
    dZ = _softmax(Z) - Y
    return {"dW": dZ @ X.T / m, "db": dZ.sum(axis=1, keepdims=True) / m}, cost


def _check_all(parameters, X, Y):
    X = check_array("X", X, ("n_x", "m"))
    parameters = _check_parameters(parameters, X)
    shape = (parameters["W"].shape[0], X.shape[1])
    because = f"`W` sets C={shape[0]}, `X` sets m={shape[1]}"
    return parameters, X, _check_labels("Y", Y, shape, because)


def _check_parameters(parameters, X="n_x"):
    n_x = X if isinstance(X, str) else ("n_x", X.shape[0])
    own = check_keys("parameters", parameters, {"W": ("C", n_x), "b": ("C", 1)})
    C = ("C", own["W"].shape[0])
    return own | check_keys("parameters", parameters, {"b": (C, 1)})


def gradient_descent(
    parameters: dict[str, np.ndarray], X: np.ndarray, Y: np.ndarray, learning_rate: float
) -> Iterator[tuple[dict[str, np.ndarray], float]]:
    """Yield (parameters, cost) after each step, for ever; the loop belongs to the caller.

    Args:
        parameters: {"W": (C, n_x), "b": (C, 1)} to start from.  Zeros will do: the cost is convex.
        X: inputs (n_x, m).
        Y: labels (C, m), one 1 per column.
        learning_rate: alpha, above 0.

    Yields:
        parameters: after the step; a new dictionary each time.
        cost: before the step, mean cross-entropy in nats.

    Raises:
        TypeError, ValueError: as `propagate`, and a learning rate that is not positive; at once,
            not at the first step.

    Example:
        >>> start = {"W": np.zeros((2, 1)), "b": np.zeros((2, 1))}
        >>> steps = gradient_descent(start, np.array([[1.0, -1.0]]), np.eye(2), learning_rate=1.0)
        >>> [round(cost, 3) for parameters, cost in islice(steps, 3)]
        [0.693, 0.313, 0.195]

    Source: course 2, week 3.
    """
    parameters, X, Y = _check_all(parameters, X, Y)
    return _gradient_descent(parameters, X, Y, check_positive("learning_rate", learning_rate))


def _gradient_descent(parameters, X, Y, learning_rate):
    while True:
        grads, cost = _propagate(parameters, X, Y)
        parameters = {name: parameters[name] - learning_rate * grads[f"d{name}"] for name in "Wb"}
        yield parameters, cost


def predict(parameters: dict[str, np.ndarray], X: np.ndarray) -> np.ndarray:
    """The class with the largest logit, which is the one with the largest probability.

    Args:
        parameters: {"W": (C, n_x), "b": (C, 1)}.
        X: inputs (n_x, m).

    Returns:
        int64 (m,), class numbers from 0 to C - 1; the first of equals.

    Raises:
        TypeError: not numbers, or not a dictionary.
        ValueError: a missing key, shapes that do not fit, NaN or infinity.

    Example:
        >>> parameters = {"W": np.array([[1.0], [-1.0]]), "b": np.zeros((2, 1))}
        >>> predict(parameters, np.array([[3.0, -3.0]]))
        array([0, 1])

    Source: course 2, week 3.
    """
    X = check_array("X", X, ("n_x", "m"))
    parameters = _check_parameters(parameters, X)
    return (parameters["W"] @ X + parameters["b"]).argmax(axis=0)


def model(
    X: np.ndarray,
    Y: np.ndarray,
    num_iterations: int = 1000,
    learning_rate: float = 0.5,
    print_cost: bool = False,
) -> tuple[dict[str, np.ndarray], list[float]]:
    """Train from zeros for a number of steps.

    Args:
        X: inputs (n_x, m).
        Y: labels (C, m), one 1 per column; `one_hot` makes them.
        num_iterations: number of steps, at least 0.
        learning_rate: alpha, above 0.
        print_cost: print the cost of every hundredth iteration.

    Returns:
        parameters: {"W": (C, n_x), "b": (C, 1)} after the last step.
        costs: mean cross-entropy in nats before every step.

    Raises:
        TypeError, ValueError: as `gradient_descent`; a negative number of iterations.

    Example:
        >>> X, Y = np.array([[1.0, -1.0, 3.0]]), one_hot(np.array([0, 1, 0]), 2)
        >>> parameters, costs = model(X, Y, num_iterations=100)
        >>> predict(parameters, X)
        array([0, 1, 0])

    Source: course 2, week 3.
    """
    num_iterations = check_count("num_iterations", num_iterations, minimum=0)
    X, Y = check_array("X", X, ("n_x", "m")), check_array("Y", Y, ("C", "m"))
    parameters = {"W": np.zeros((Y.shape[0], X.shape[0])), "b": np.zeros((Y.shape[0], 1))}
    steps = gradient_descent(parameters, X, Y, learning_rate)
    costs = []
    for i, (parameters, cost) in enumerate(islice(steps, num_iterations)):
        costs.append(cost)
        if print_cost and i % 100 == 0:
            print(f"Cost after iteration {i}: {cost:.6f}")
    return parameters, costs


def as_logistic_regression(parameters: dict[str, np.ndarray]) -> tuple[np.ndarray, float]:
    """Softmax regression with two classes is logistic regression with w = w_1 - w_0.

        a_1 = e^z_1 / (e^z_0 + e^z_1) = sigmoid(z_1 - z_0)

    A step of softmax regression moves w_1 and w_0 in opposite directions, so the difference goes
    twice as far: logistic regression needs 2 alpha to keep pace.

    Args:
        parameters: {"W": (2, n_x), "b": (2, 1)}.

    Returns:
        w: (n_x, 1), for the probability of class 1.
        b: number.

    Raises:
        TypeError: not numbers, or not a dictionary.
        ValueError: a missing key, shapes that do not fit, other than two classes.

    Example:
        >>> as_logistic_regression({"W": np.array([[1.0], [4.0]]), "b": np.array([[0.5], [2.0]])})
        (array([[3.]]), 1.5)

    Source: course 2, week 3.
    """
    own = _check_parameters(parameters)
    if own["W"].shape[0] != 2:
        raise InvalidValue(sentence("parameters", "have two classes", own["W"].shape[0]))
    return (own["W"][1:] - own["W"][:1]).T, float(own["b"][1, 0] - own["b"][0, 0])
