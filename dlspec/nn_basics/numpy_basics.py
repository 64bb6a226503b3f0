"""Python basics with NumPy (course 1, week 2, assignment 1).

The vocabulary of everything that follows: activations with their derivatives, unrolling an image,
normalising rows, softmax and two losses, all without a loop over the elements.

    sigmoid     s(x) = 1 / (1 + e^-x)          s'(x) = s(x) (1 - s(x))
    tanh        t(x) = (e^x - e^-x) / (e^x + e^-x)      t'(x) = 1 - t(x)^2
    ReLU        max(0, x)                      1 where x > 0, else 0
    leaky ReLU  max(alpha x, x)                1 where x > 0, else alpha

Every function takes arrays of any shape unless it says otherwise, computes in float64, leaves its
arguments alone and gives no overflow warning unless a sum or square that it asks for is too large
for float64.

The last part holds the same four products twice, as loops and as one NumPy call: the reason why the
rest of the course is written with matrices.
"""

import math
from collections.abc import Callable

import numpy as np

from dlspec._validation import check_array, check_finite, check_same_shape

__all__ = [
    "L1",
    "L2",
    "basic_sigmoid",
    "dot_loop",
    "dot_vectorized",
    "elementwise_loop",
    "elementwise_vectorized",
    "image2vector",
    "leaky_relu",
    "leaky_relu_derivative",
    "matvec_loop",
    "matvec_vectorized",
    "normalizeRows",
    "normalize_rows",
    "outer_loop",
    "outer_vectorized",
    "relu",
    "relu_derivative",
    "sigmoid",
    "sigmoid_derivative",
    "softmax",
    "tanh",
    "tanh_derivative",
]


# --- Activations ----------------------------------------------------------------------------------


def basic_sigmoid(x: float) -> float:
    """Sigmoid of one number with `math.exp`: s(x) = 1 / (1 + e^-x).

    A list or an array does not work here, which is the point of the exercise; `sigmoid` takes both.

    Args:
        x: a real number.

    Returns:
        A float between 0 and 1.

    Raises:
        TypeError: `x` is not one number.
        ValueError: `x` is NaN or infinite.

    Example:
        >>> basic_sigmoid(0)
        0.5

    Source: course 1, week 2.
    """
    x = check_finite("x", x)
    if x < 0:  # e^-x would overflow below -709; multiply both sides of the fraction by e^x
        return math.exp(x) / (1 + math.exp(x))
    return 1 / (1 + math.exp(-x))


def sigmoid(x: np.ndarray) -> np.ndarray:
    """Sigmoid of every element: s(x) = 1 / (1 + e^-x).

    For x < 0 the same number is computed as e^x / (1 + e^x), so that only e^-|x| <= 1 occurs.

    Args:
        x: numbers, any shape.

    Returns:
        float64 of the same shape, between 0 and 1.

    Raises:
        TypeError: `x` does not hold numbers.
        ValueError: `x` holds NaN or infinity.

    Example:
        >>> sigmoid(np.array([-1000, 0, 1000]))
        array([0. , 0.5, 1. ])

    Source: course 1, week 2.
    """
    return _sigmoid(check_array("x", x))


def _sigmoid(x: np.ndarray) -> np.ndarray:
    """`sigmoid` for arrays that were checked before, as inside a training loop."""
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, e) / (1 + e)


def sigmoid_derivative(x: np.ndarray) -> np.ndarray:
    """Slope of the sigmoid: s'(x) = s(x) (1 - s(x)).

    Args:
        x: numbers, any shape.

    Returns:
        float64 of the same shape, between 0 and 1/4.

    Raises:
        TypeError, ValueError: as `sigmoid`.

    Example:
        >>> sigmoid_derivative(np.array([0.0]))
        array([0.25])

    Source: course 1, week 2.
    """
    s = sigmoid(x)
    return s * (1 - s)


def tanh(x: np.ndarray) -> np.ndarray:
    """Hyperbolic tangent of every element: t(x) = (e^x - e^-x) / (e^x + e^-x).

    Args:
        x: numbers, any shape.

    Returns:
        float64 of the same shape, between -1 and 1.

    Raises:
        TypeError, ValueError: as `sigmoid`.

    Example:
        >>> tanh(np.array([0.0, 1000.0]))
        array([0., 1.])

    Source: course 1, week 3.  One set of lecture notes prints the denominator as e^z + e^-1; the
    definition above is the right one.
    """
    return np.tanh(check_array("x", x))


def tanh_derivative(x: np.ndarray) -> np.ndarray:
    """Slope of the hyperbolic tangent: t'(x) = 1 - t(x)^2.

    Args:
        x: numbers, any shape.

    Returns:
        float64 of the same shape, between 0 and 1.

    Raises:
        TypeError, ValueError: as `sigmoid`.

    Example:
        >>> tanh_derivative(np.array([0.0]))
        array([1.])

    Source: course 1, week 3.
    """
    return 1 - tanh(x) ** 2


def relu(x: np.ndarray) -> np.ndarray:
    """Rectified linear unit of every element: max(0, x).

    Args:
        x: numbers, any shape.

    Returns:
        float64 of the same shape, not negative.

    Raises:
        TypeError, ValueError: as `sigmoid`.

    Example:
        >>> relu(np.array([-2.0, 3.0]))
        array([0., 3.])

    Source: course 1, week 3.
    """
    return np.maximum(0, check_array("x", x))


def relu_derivative(x: np.ndarray) -> np.ndarray:
    """Slope of the ReLU: 1 where x > 0, else 0.

    At x = 0 the ReLU has no slope; as in the course's backward pass we take 0 there.

    Args:
        x: numbers, any shape.

    Returns:
        float64 of the same shape, 0 or 1.

    Raises:
        TypeError, ValueError: as `sigmoid`.

    Example:
        >>> relu_derivative(np.array([-2.0, 0.0, 3.0]))
        array([0., 0., 1.])

    Source: course 1, week 4 (one set of lecture notes takes 1 at x = 0; either is a subgradient).
    """
    return (check_array("x", x) > 0).astype(np.float64)


def leaky_relu(x: np.ndarray, alpha: float = 0.01) -> np.ndarray:
    """ReLU that lets a little through below zero: x where x > 0, else alpha x.

    Args:
        x: numbers, any shape.
        alpha: slope below zero; for 0 <= alpha <= 1 the result is max(alpha x, x).

    Returns:
        float64 of the same shape.

    Raises:
        TypeError, ValueError: as `sigmoid`; also an `alpha` that is not a finite number.

    Example:
        >>> leaky_relu(np.array([-2.0, 3.0]))
        array([-0.02,  3.  ])

    Source: course 1, week 3; Maas, Hannun and Ng, "Rectifier nonlinearities improve neural network
    acoustic models", 2013.
    """
    x = check_array("x", x)
    return np.where(x > 0, x, check_finite("alpha", alpha) * x)


def leaky_relu_derivative(x: np.ndarray, alpha: float = 0.01) -> np.ndarray:
    """Slope of the leaky ReLU: 1 where x > 0, else alpha.

    Args:
        x: numbers, any shape.
        alpha: slope below zero, and at zero.

    Returns:
        float64 of the same shape, 1 or `alpha`.

    Raises:
        TypeError, ValueError: as `leaky_relu`.

    Example:
        >>> leaky_relu_derivative(np.array([-2.0, 3.0]))
        array([0.01, 1.  ])

    Source: as `leaky_relu`.
    """
    return np.where(check_array("x", x) > 0, 1.0, check_finite("alpha", alpha))


# --- Shapes and norms -----------------------------------------------------------------------------


def image2vector(image: np.ndarray) -> np.ndarray:
    """Unroll an image into one column.

    Args:
        image: (length, height, depth).

    Returns:
        float64 of shape (length * height * depth, 1), the last axis running fastest.

    Raises:
        TypeError: `image` does not hold numbers.
        ValueError: `image` has another rank, is empty, or holds NaN or infinity.

    Example:
        >>> image2vector(np.zeros((64, 64, 3))).shape
        (12288, 1)

    Source: course 1, week 2.
    """
    return check_array("image", image, ("length", "height", "depth")).reshape(-1, 1).copy()


def normalize_rows(x: np.ndarray) -> np.ndarray:
    """Scale every row to length 1: x_i / ||x_i||_2.

    A row of zeros has no direction and stays zero.

    Args:
        x: (n, m).

    Returns:
        float64 of shape (n, m).

    Raises:
        TypeError: `x` does not hold numbers.
        ValueError: `x` is not a matrix, is empty, or holds NaN or infinity.

    Example:
        >>> normalize_rows(np.array([[3, 4], [0, 0]]))
        array([[0.6, 0.8],
               [0. , 0. ]])

    Source: course 1, week 2 (there also `normalizeRows`).
    """
    x = check_array("x", x, ("n", "m"))
    largest = np.abs(x).max(axis=1, keepdims=True)
    x = x / np.where(largest > 0, largest, 1)  # first to 1, so that no square overflows
    length = np.linalg.norm(x, axis=1, keepdims=True)
    return x / np.where(length > 0, length, 1)


normalizeRows = normalize_rows


def softmax(x: np.ndarray) -> np.ndarray:
    """Softmax of every row: e^x_ij / sum_k e^x_ik.

    Subtracting the largest number of a row changes nothing and keeps e^x from overflowing.

    Args:
        x: (n, m), one row per example.

    Returns:
        float64 of shape (n, m); every row sums to 1.

    Raises:
        TypeError: `x` does not hold numbers.
        ValueError: `x` is not a matrix, is empty, or holds NaN or infinity.

    Example:
        >>> softmax(np.array([[1000.0, 1000.0]]))
        array([[0.5, 0.5]])

    Source: course 1, week 2.
    """
    x = check_array("x", x, ("n", "m"))
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


# --- Losses ---------------------------------------------------------------------------------------


def L1(yhat: np.ndarray, y: np.ndarray) -> float:
    """Sum of absolute differences: sum_i |y_i - yhat_i|.

    Args:
        yhat: predictions, any shape.
        y: true values, the same shape.

    Returns:
        The sum (not the mean), in the unit of `y`.

    Raises:
        TypeError: not numbers.
        ValueError: the shapes differ, or NaN or infinity occurs.

    Example:
        >>> L1(np.array([1.0, 3.0]), np.array([2.0, 1.0]))
        3.0

    Source: course 1, week 2.
    """
    y = check_array("y", y)
    yhat = check_same_shape("yhat", yhat, "y", y)
    return float(np.sum(np.abs(y - yhat)))


def L2(yhat: np.ndarray, y: np.ndarray) -> float:
    """Sum of squared differences: sum_i (y_i - yhat_i)^2.

    Args:
        yhat: predictions, any shape.
        y: true values, the same shape.

    Returns:
        The sum (not the mean, and without a square root), in the squared unit of `y`.

    Raises:
        TypeError, ValueError: as `L1`.

    Example:
        >>> L2(np.array([1.0, 3.0]), np.array([2.0, 1.0]))
        5.0

    Source: course 1, week 2.
    """
    y = check_array("y", y)
    yhat = check_same_shape("yhat", yhat, "y", y)
    return float(np.sum((y - yhat) ** 2))


# --- Loops against vectors ------------------------------------------------------------------------


def dot_loop(x: np.ndarray, y: np.ndarray) -> float:
    """Inner product, one multiplication at a time: sum_i x_i y_i.

    Args:
        x: (n,).
        y: (n,).

    Returns:
        The sum.

    Raises:
        TypeError, ValueError: not two vectors of the same length.

    Example:
        >>> dot_loop(np.array([1.0, 2.0]), np.array([3.0, 4.0]))
        11.0

    Source: course 1, week 2.
    """
    x, y = _check_vectors(x, y)
    total = 0.0
    for i in range(len(x)):
        total += x[i] * y[i]
    return float(total)


def dot_vectorized(x: np.ndarray, y: np.ndarray) -> float:
    """Inner product in one call; arguments, result and errors as `dot_loop`.

    Example:
        >>> dot_vectorized(np.array([1.0, 2.0]), np.array([3.0, 4.0]))
        11.0
    """
    x, y = _check_vectors(x, y)
    return float(x @ y)


def outer_loop(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Outer product, one multiplication at a time: P_ij = x_i y_j.

    Args:
        x: (n,).
        y: (m,).

    Returns:
        float64 of shape (n, m).

    Raises:
        TypeError, ValueError: not two vectors.

    Example:
        >>> outer_loop(np.array([1.0, 2.0]), np.array([3.0, 4.0]))
        array([[3., 4.],
               [6., 8.]])

    Source: course 1, week 2.
    """
    x, y = check_array("x", x, ("n",)), check_array("y", y, ("m",))
    product = np.zeros((len(x), len(y)))
    for i in range(len(x)):
        for j in range(len(y)):
            product[i, j] = x[i] * y[j]
    return product


def outer_vectorized(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Outer product in one call; arguments, result and errors as `outer_loop`.

    Example:
        >>> outer_vectorized(np.array([1.0, 2.0]), np.array([3.0, 4.0]))
        array([[3., 4.],
               [6., 8.]])
    """
    x, y = check_array("x", x, ("n",)), check_array("y", y, ("m",))
    return np.outer(x, y)


def elementwise_loop(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Elementwise product, one multiplication at a time: p_i = x_i y_i.

    Args:
        x: (n,).
        y: (n,).

    Returns:
        float64 of shape (n,).

    Raises:
        TypeError, ValueError: not two vectors of the same length.

    Example:
        >>> elementwise_loop(np.array([1.0, 2.0]), np.array([3.0, 4.0]))
        array([3., 8.])

    Source: course 1, week 2.
    """
    x, y = _check_vectors(x, y)
    product = np.zeros(len(x))
    for i in range(len(x)):
        product[i] = x[i] * y[i]
    return product


def elementwise_vectorized(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Elementwise product in one call; arguments, result and errors as `elementwise_loop`.

    Example:
        >>> elementwise_vectorized(np.array([1.0, 2.0]), np.array([3.0, 4.0]))
        array([3., 8.])
    """
    x, y = _check_vectors(x, y)
    return x * y


def matvec_loop(A: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Matrix times vector, one multiplication at a time: p_i = sum_j A_ij x_j.

    Args:
        A: (n, m).
        x: (m,).

    Returns:
        float64 of shape (n,).

    Raises:
        TypeError, ValueError: not a matrix and a vector that fit together.

    Example:
        >>> matvec_loop(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1.0, 1.0]))
        array([3., 7.])

    Source: course 1, week 2.
    """
    A, x = _check_matvec(A, x)
    product = np.zeros(A.shape[0])
    for i in range(A.shape[0]):
        for j in range(A.shape[1]):
            product[i] += A[i, j] * x[j]
    return product


def matvec_vectorized(A: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Matrix times vector in one call; arguments, result and errors as `matvec_loop`.

    Example:
        >>> matvec_vectorized(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1.0, 1.0]))
        array([3., 7.])
    """
    A, x = _check_matvec(A, x)
    return A @ x


def _check_vectors(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    x = check_array("x", x, ("n",))
    because = f"`x` of shape {x.shape} sets n={x.size}"
    return x, check_array("y", y, (("n", x.size),), because=because)


def _check_matvec(A: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    A = check_array("A", A, ("n", "m"))
    because = f"`A` of shape {A.shape} sets m={A.shape[1]}"
    return A, check_array("x", x, (("m", A.shape[1]),), because=because)


LOOP_AND_VECTOR: dict[str, tuple[Callable, Callable]] = {
    "dot": (dot_loop, dot_vectorized),
    "outer": (outer_loop, outer_vectorized),
    "elementwise": (elementwise_loop, elementwise_vectorized),
    "matrix-vector": (matvec_loop, matvec_vectorized),
}
"""The four products, each as (loop, one NumPy call)."""
