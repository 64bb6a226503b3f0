"""What our tests lean on, for learners who want to hold their own code against numbers.

gradient_check   a hand-written backward pass against numerical gradients
assert_close     nested results (arrays, tuples, dictionaries) against expected ones
layer_table      the layers of a Keras model as rows, to compare with a paper's table
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from dlspec._validation import check_array, check_keys, check_positive

__all__ = ["LayerRow", "assert_close", "gradient_check", "layer_table", "numerical_gradients"]

Arrays = Mapping[str, np.ndarray]


def numerical_gradients(
    cost: Callable[[dict[str, np.ndarray]], float], parameters: Arrays, epsilon: float = 1e-5
) -> dict[str, np.ndarray]:
    """Two-sided differences for every number: (J(theta + eps) - J(theta - eps)) / (2 eps).

    The error is about eps^2 from the formula and 1e-16 / eps from rounding; eps = 1e-5 keeps both
    near 1e-10, where the course's 1e-7 leaves 1e-9.

    Args:
        cost: maps a dictionary like `parameters` to one number.
        parameters: named arrays of any shape; they are not changed.
        epsilon: the step, above 0.

    Returns:
        {"d<name>": gradient of the shape of the parameter}, float64.

    Raises:
        TypeError, ValueError: parameters that are not finite numbers, an epsilon not above 0.

    Example:
        >>> square = lambda p: float((p["w"] ** 2).sum())
        >>> numerical_gradients(square, {"w": np.array([3.0])})["dw"].round(6)
        array([6.])

    Source: course 2, week 1.
    """
    epsilon = check_positive("epsilon", epsilon)
    theta = {name: check_array(name, value).copy() for name, value in parameters.items()}
    gradients = {}
    for name, values in theta.items():
        gradient = np.zeros_like(values)
        for index in np.ndindex(values.shape):
            original = values[index]
            values[index] = original + epsilon
            above = cost(theta)
            values[index] = original - epsilon
            below = cost(theta)
            values[index] = original
            gradient[index] = (above - below) / (2 * epsilon)
        gradients[f"d{name}"] = gradient
    return gradients


def gradient_check(
    cost: Callable[[dict[str, np.ndarray]], float],
    parameters: Arrays,
    gradients: Arrays,
    epsilon: float = 1e-5,
    tolerance: float = 1e-7,
) -> float:
    """Hold analytic gradients against numerical ones, parameter by parameter.

    The difference is relative, ||g - g_num|| / (||g|| + ||g_num||), and 0 where both are 0.  One
    that rounding of the cost alone explains, some 1e-16 J / eps for each number, is no failure: a
    gradient that happens to be nearly 0 would fail for no fault of its own.

    Args:
        cost: maps a dictionary like `parameters` to one number.
        parameters: named arrays of any shape; they are not changed.
        gradients: "d<name>" for every name in `parameters`, of the same shapes; further keys are
            ignored.
        epsilon: step of the two-sided difference, above 0.
        tolerance: largest difference that passes.

    Returns:
        The largest difference; above `tolerance` only where rounding explains it.

    Raises:
        AssertionError: a difference above `tolerance`; names every parameter, the worst first.
        TypeError, ValueError: a missing gradient, or shapes that do not fit.

    Example:
        >>> square = lambda p: float((p["w"] ** 2).sum())
        >>> w = np.array([1.0, 2.0])
        >>> gradient_check(square, {"w": w}, {"dw": 2 * w}) < 1e-7
        True

    Source: course 2, week 1.
    """
    shapes = {f"d{name}": np.shape(value) for name, value in parameters.items()}
    gradients = check_keys("gradients", gradients, shapes)
    numerical = numerical_gradients(cost, parameters, epsilon)
    difference = {
        name: _relative_difference(gradients[name], numerical[name]) for name in numerical
    }
    theta = {name: np.array(value, dtype=np.float64) for name, value in parameters.items()}
    noise = 8 * np.finfo(np.float64).eps * abs(cost(theta)) / (2 * epsilon)

    def passes(name):
        distance = np.linalg.norm(gradients[name] - numerical[name])
        return difference[name] <= tolerance or distance <= noise * np.sqrt(numerical[name].size)

    if not all(passes(name) for name in difference):  # NaN passes neither way
        rows = sorted(difference.items(), key=lambda row: -row[1])
        table = ", ".join(f"{name} {value:.2e}" for name, value in rows)
        raise AssertionError(f"Gradients differ by more than {tolerance:g}: {table}.")
    return max(difference.values())


def _relative_difference(a: np.ndarray, b: np.ndarray) -> float:
    scale = np.linalg.norm(a) + np.linalg.norm(b)
    return 0.0 if scale == 0 else float(np.linalg.norm(a - b) / scale)


def assert_close(actual: Any, expected: Any, rtol: float = 1e-7, atol: float = 0.0) -> None:
    """Compare results of any nesting: same structure, same shapes, numbers within tolerance.

    Args:
        actual: what your code returned: a number, an array, or tuples, lists and dictionaries of
            them.
        expected: what it should be, nested alike; lists of numbers may stand for arrays.
        rtol: relative tolerance.
        atol: absolute tolerance.

    Raises:
        AssertionError: says where (`["grads"]["dW1"]`) and by how much.

    Example:
        >>> assert_close({"dw": np.array([0.998]), "db": 0.0}, {"dw": [0.998], "db": 0})
    """
    _assert_close(actual, expected, rtol, atol, "")


def _assert_close(actual, expected, rtol, atol, where):
    if isinstance(expected, Mapping):
        if not isinstance(actual, Mapping) or set(actual) != set(expected):
            found = sorted(actual) if isinstance(actual, Mapping) else type(actual).__name__
            raise AssertionError(f"result{where}: expected keys {sorted(expected)}, found {found}")
        for key, value in expected.items():
            _assert_close(actual[key], value, rtol, atol, f"{where}[{key!r}]")
    elif isinstance(expected, tuple):
        if not isinstance(actual, tuple) or len(actual) != len(expected):
            found = f"{len(actual)}" if isinstance(actual, tuple) else f"a {type(actual).__name__}"
            expected_length = f"expected a tuple of {len(expected)}"
            raise AssertionError(f"result{where}: {expected_length}, found {found}")
        for i, value in enumerate(expected):
            _assert_close(actual[i], value, rtol, atol, f"{where}[{i}]")
    else:
        a, e = np.asarray(actual), np.asarray(expected)
        if a.shape != e.shape:
            raise AssertionError(f"result{where}: expected shape {e.shape}, found {a.shape}")
        np.testing.assert_allclose(a, e, rtol=rtol, atol=atol, err_msg=f"result{where}")


class LayerRow(NamedTuple):
    """One layer of a Keras model."""

    name: str
    kind: str
    output_shape: tuple
    parameters: int


def layer_table(model: Any) -> list[LayerRow]:
    """List the layers of a Keras model in order.

    Args:
        model: a built `keras.Model` (nested models count as one layer).

    Returns:
        One `LayerRow(name, kind, output_shape, parameters)` a layer; the shape is without the batch
        dimension, the parameters are all weights, trained or not.

    Example:
        >>> from dlspec.nn_basics.models import ShallowNetwork
        >>> for row in layer_table(ShallowNetwork(n_x=2, n_h=4)):
        ...     print(*row)
        inputs InputLayer (2,) 0
        hidden_1_linear Dense (4,) 12
        hidden_1_activation Activation (4,) 0
        output_1_linear Dense (1,) 5
        output_1_activation Activation (1,) 0
    """
    return [
        LayerRow(
            layer.name,
            type(layer).__name__,
            tuple(layer.output.shape[1:]),
            sum(int(np.prod(weight.shape)) for weight in layer.weights),
        )
        for layer in model.layers
    ]
