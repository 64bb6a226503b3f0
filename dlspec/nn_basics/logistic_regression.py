"""Logistic regression as the smallest neural network (course 1, week 2, assignment 2).

One neuron reads all n_x numbers of an example and answers with the probability of the label 1:

    forward     Z = w^T X + b,   A = sigmoid(Z)
    cost        J = -1/m sum_i [ y_i log a_i + (1 - y_i) log(1 - a_i) ]
    backward    dZ = A - Y,   dw = 1/m X dZ^T,   db = 1/m sum_i dz_i
    update      w := w - alpha dw,   b := b - alpha db

Notation: m examples are the columns of X (n_x, m); labels Y (1, m) are 0 or 1; w is (n_x, 1); b is
a number; alpha is the learning rate.

The notes this package started from contain three slips here, not repeated below: a second minus in
front of the sum of losses, log(yhat - 1) for log(1 - yhat), and dw/dJ for dJ/dw.
"""

from collections.abc import Iterator
from itertools import islice

import numpy as np

from dlspec._validation import (
    check_array,
    check_count,
    check_examples,
    check_finite,
    check_positive,
    check_probabilities,
    check_same_shape,
)
from dlspec.nn_basics import numpy_basics
from dlspec.nn_basics.numpy_basics import _sigmoid

__all__ = [
    "cross_entropy",
    "cross_entropy_from_logits",
    "gradient_descent",
    "initialize_with_zeros",
    "model",
    "optimize",
    "predict",
    "propagate",
    "sigmoid",
]

COST_EVERY = 100
"""The course notes the cost of every hundredth iteration, the first included."""


def sigmoid(z: np.ndarray) -> np.ndarray:
    """Sigmoid of every element: 1 / (1 + e^-z); see `numpy_basics.sigmoid`.

    Args:
        z: numbers, any shape.

    Returns:
        float64 of the same shape, between 0 and 1.

    Raises:
        TypeError: `z` does not hold numbers.
        ValueError: `z` holds NaN or infinity.

    Example:
        >>> sigmoid(np.array([0.0]))
        array([0.5])

    Source: course 1, week 2.
    """
    return numpy_basics.sigmoid(z)


def cross_entropy(A: np.ndarray, Y: np.ndarray) -> np.ndarray:
    """Loss of every prediction: -(y log a + (1 - y) log(1 - a)).

    A probability that was rounded to exactly 0 or 1 would make the loss infinite.  In its place
    stands the largest probability that is rounded so: 2^-1074 beside 0, and 2^-54 beside 1.

    Args:
        A: probabilities in [0, 1], any shape.
        Y: labels 0 or 1, the same shape.

    Returns:
        float64 of the same shape, in nats, not negative.

    Raises:
        TypeError, ValueError: not numbers, numbers outside [0, 1], or shapes that differ.

    Example:
        >>> cross_entropy(np.array([0.5]), np.array([1])).round(6)
        array([0.693147])

    Source: course 1, week 2.
    """
    A = check_probabilities("A", check_array("A", A))
    Y = check_same_shape("Y", Y, "A", A)
    return -(Y * np.log(np.maximum(A, 2.0**-1074)) + (1 - Y) * np.log(np.maximum(1 - A, 2.0**-54)))


def cross_entropy_from_logits(Z: np.ndarray, Y: np.ndarray) -> np.ndarray:
    """The same loss computed before the sigmoid, exact however confident the prediction.

    With a = sigmoid(z), -log a = log(1 + e^-z) and -log(1 - a) = z + log(1 + e^-z), so that

        loss = max(z, 0) - z y + log(1 + e^-|z|)

    Args:
        Z: logits, any shape.
        Y: labels 0 or 1, the same shape.

    Returns:
        float64 of the same shape, in nats, not negative.

    Raises:
        TypeError, ValueError: not numbers, or shapes that differ.

    Example:
        >>> cross_entropy_from_logits(np.array([-1000.0]), np.array([1]))
        array([1000.])

    Source: derived from the definition in course 1, week 2.
    """
    Z = check_array("Z", Z)
    Y = check_same_shape("Y", Y, "Z", Z)
    return _cross_entropy_from_logits(Z, Y)


def _cross_entropy_from_logits(Z: np.ndarray, Y: np.ndarray) -> np.ndarray:
    return np.maximum(Z, 0) - Z * Y + np.log1p(np.exp(-np.abs(Z)))


def initialize_with_zeros(dim: int) -> tuple[np.ndarray, float]:
    """Start from nothing: the cost of one neuron is convex, so zeros are as good as any start.

    Args:
        dim: number of inputs n_x, at least 1.

    Returns:
        w: zeros of shape (dim, 1).
        b: 0.0.

    Raises:
        TypeError, ValueError: `dim` is not a whole number of at least 1.

    Example:
        >>> initialize_with_zeros(2)
        (array([[0.],
               [0.]]), 0.0)

    Source: course 1, week 2.
    """
    return np.zeros((check_count("dim", dim), 1)), 0.0


def propagate(
    w: np.ndarray, b: float, X: np.ndarray, Y: np.ndarray
) -> tuple[dict[str, np.ndarray | float], float]:
    """Forward and backward once: A = sigmoid(w^T X + b), dw = 1/m X (A - Y)^T, db = mean(A - Y).

    Args:
        w: weights (n_x, 1).
        b: bias.
        X: inputs (n_x, m).
        Y: labels 0 or 1, (1, m).

    Returns:
        grads: {"dw": (n_x, 1), "db": float}, gradients of the cost (a mean over the examples).
        cost: mean cross-entropy in nats.

    Raises:
        TypeError: not numbers.
        ValueError: shapes that do not fit, labels other than 0 and 1, NaN or infinity.

    Example:
        >>> X, Y = np.array([[1.0, -1.0]]), np.array([[1, 0]])
        >>> propagate(np.zeros((1, 1)), 0.0, X, Y)
        ({'dw': array([[-0.5]]), 'db': 0.0}, 0.6931471805599453)

    Source: course 1, week 2.
    """
    return _propagate(*_check_all(w, b, X, Y))


def _propagate(w, b, X, Y):
    m = X.shape[1]
    Z = w.T @ X + b
    cost = float(_cross_entropy_from_logits(Z, Y).sum() / m)
    dZ = _sigmoid(Z) - Y
    dw = X @ dZ.T / m
    db = float(dZ.sum() / m)
    return {"dw": dw, "db": db}, cost


def _check_all(w, b, X, Y):
    X, Y = check_examples(X, Y)
    return *_check_parameters(w, b, X), X, Y


def _check_parameters(w, b, X):
    because = f"`X` of shape {X.shape} sets n_x={X.shape[0]}"
    return check_array("w", w, (("n_x", X.shape[0]), 1), because=because), check_finite("b", b)


def gradient_descent(
    w: np.ndarray, b: float, X: np.ndarray, Y: np.ndarray, learning_rate: float
) -> Iterator[tuple[dict, dict, float]]:
    """Yield (params, grads, cost) after each step, for ever: w := w - alpha dw, b := b - alpha db.

    The loop belongs to the caller, who can print, draw, save or stop between two steps.

    Args:
        w: weights to start from (n_x, 1).
        b: bias to start from.
        X: inputs (n_x, m).
        Y: labels 0 or 1, (1, m).
        learning_rate: alpha, above 0.

    Yields:
        params: {"w", "b"} after the step; new arrays each time.
        grads: {"dw", "db"} that made the step.
        cost: mean cross-entropy before the step, in nats.

    Raises:
        TypeError, ValueError: as `propagate`, and a learning rate that is not positive; at once,
            not at the first step.

    Example:
        >>> X, Y = np.array([[1.0, -1.0]]), np.array([[1, 0]])
        >>> steps = gradient_descent(np.zeros((1, 1)), 0.0, X, Y, learning_rate=1.0)
        >>> [round(cost, 3) for params, grads, cost in islice(steps, 3)]
        [0.693, 0.474, 0.348]

    Source: course 1, week 2.
    """
    w, b, X, Y = _check_all(w, b, X, Y)
    return _gradient_descent(w, b, X, Y, check_positive("learning_rate", learning_rate))


def _gradient_descent(w, b, X, Y, learning_rate):
    while True:
        grads, cost = _propagate(w, b, X, Y)
        w = w - learning_rate * grads["dw"]
        b = b - learning_rate * grads["db"]
        yield {"w": w, "b": b}, grads, cost


def optimize(
    w: np.ndarray,
    b: float,
    X: np.ndarray,
    Y: np.ndarray,
    num_iterations: int = 100,
    learning_rate: float = 0.009,
    print_cost: bool = False,
) -> tuple[dict, dict, list[float]]:
    """Run gradient descent for a number of iterations; the caller's arrays stay as they are.

    Args:
        w: weights to start from (n_x, 1).
        b: bias to start from.
        X: inputs (n_x, m).
        Y: labels 0 or 1, (1, m).
        num_iterations: number of steps, at least 0.
        learning_rate: alpha, above 0.
        print_cost: print the cost of every hundredth iteration.

    Returns:
        params: {"w": (n_x, 1), "b": float} after the last step.
        grads: {"dw", "db"} of the last step; empty when there was none.
        costs: mean cross-entropy in nats at iterations 0, 100, 200, ...

    Raises:
        TypeError, ValueError: as `propagate`; a learning rate that is not positive; a negative
            number of iterations.

    Example:
        >>> X, Y = np.array([[1.0, -1.0]]), np.array([[1, 0]])
        >>> params, grads, costs = optimize(np.zeros((1, 1)), 0.0, X, Y, num_iterations=200)
        >>> [round(cost, 3) for cost in costs]
        [0.693, 0.512]

    Source: course 1, week 2.
    """
    num_iterations = check_count("num_iterations", num_iterations, minimum=0)
    w, b, X, Y = _check_all(w, b, X, Y)
    steps = gradient_descent(w, b, X, Y, learning_rate)
    params, grads, costs = {"w": w.copy(), "b": b}, {}, []
    for i, (params, grads, cost) in enumerate(islice(steps, num_iterations)):
        if i % COST_EVERY == 0:
            costs.append(cost)
            if print_cost:
                print(f"Cost after iteration {i}: {cost:.6f}")
    return params, grads, costs


def predict(w: np.ndarray, b: float, X: np.ndarray) -> np.ndarray:
    """Label 1 where the probability is strictly above one half: sigmoid(w^T X + b) > 0.5.

    Args:
        w: weights (n_x, 1).
        b: bias.
        X: inputs (n_x, m).

    Returns:
        float64 of shape (1, m), each 0 or 1.

    Raises:
        TypeError: not numbers.
        ValueError: shapes that do not fit, NaN or infinity.

    Example:
        >>> predict(np.array([[1.0]]), 0.0, np.array([[-1.0, 0.0, 1.0]]))
        array([[0., 0., 1.]])

    Source: course 1, week 2.
    """
    X = check_array("X", X, ("n_x", "m"))
    w, b = _check_parameters(w, b, X)
    return (_sigmoid(w.T @ X + b) > 0.5).astype(np.float64)


def model(
    X_train: np.ndarray,
    Y_train: np.ndarray,
    X_test: np.ndarray,
    Y_test: np.ndarray,
    num_iterations: int = 2000,
    learning_rate: float = 0.5,
    print_cost: bool = False,
) -> dict:
    """Train on one set from zeros and predict both.

    Args:
        X_train: inputs (n_x, m_train).
        Y_train: labels 0 or 1, (1, m_train).
        X_test: inputs (n_x, m_test).
        Y_test: labels 0 or 1, (1, m_test).
        num_iterations: number of steps, at least 0.
        learning_rate: alpha, above 0.
        print_cost: print the cost of every hundredth iteration, and both accuracies at the end.

    Returns:
        A dictionary: "costs" (nats, every hundredth iteration), "Y_prediction_test" (1, m_test),
        "Y_prediction_train" (1, m_train), "w" (n_x, 1), "b" (float), "learning_rate",
        "num_iterations".

    Raises:
        TypeError, ValueError: as `optimize`, for either set, before any training.

    Example:
        >>> X, Y = np.array([[1.0, -1.0]]), np.array([[1, 0]])
        >>> model(X, Y, X, Y, num_iterations=10)["Y_prediction_test"]
        array([[1., 0.]])

    Source: course 1, week 2.
    """
    X_train, Y_train = check_examples(X_train, Y_train, names=("X_train", "Y_train"))
    X_test, Y_test = check_examples(X_test, Y_test, names=("X_test", "Y_test"))
    n_x = X_train.shape[0]
    because = f"`X_train` of shape {X_train.shape} sets n_x={n_x}"
    check_array("X_test", X_test, (("n_x", n_x), "m"), because=because)
    w, b = initialize_with_zeros(n_x)
    params, _, costs = optimize(w, b, X_train, Y_train, num_iterations, learning_rate, print_cost)
    predictions = {"train": predict(**params, X=X_train), "test": predict(**params, X=X_test)}
    if print_cost:
        for name, Y in {"train": Y_train, "test": Y_test}.items():
            print(f"{name} accuracy: {np.mean(predictions[name] == Y):.2%}")
    return {
        "costs": costs,
        "Y_prediction_test": predictions["test"],
        "Y_prediction_train": predictions["train"],
        "w": params["w"],
        "b": params["b"],
        "learning_rate": learning_rate,
        "num_iterations": num_iterations,
    }
