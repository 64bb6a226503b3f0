"""A deep network, step by step (course 1, week 4, assignment 1).

L layers, each a linear part and an activation g; hidden layers share one g, the output has its own:

    forward     Z[l] = W[l] A[l-1] + b[l],   A[l] = g(Z[l]),   A[0] = X,   AL = A[L]
    cost        J = -1/m sum [ Y log AL + (1 - Y) log(1 - AL) ]       output "sigmoid"
                J = -1/m sum   Y log AL                               output "softmax"
    backward    dZ[l] = dA[l] * g'(Z[l])
                dW[l] = 1/m dZ[l] A[l-1]^T,   db[l] = 1/m sum dZ[l],   dA[l-1] = W[l]^T dZ[l]
    update      W[l] := W[l] - alpha dW[l],   b[l] := b[l] - alpha db[l]

Notation: m examples are the columns of X (n_x, m); W[l] is (n[l], n[l-1]), b[l] is (n[l], 1);
parameters are {"W1", "b1", ..., "WL", "bL"}; * is elementwise.  Gradients dZ[l] and dA[l] are those
of the sum over the examples, the 1/m enters with dW and db, as in the course.

The graded functions pass caches from the forward to the backward pass, one layer at a time, and are
the text-book form.  `gradient_descent` is the same arithmetic arranged for training.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import (
    check_array,
    check_binary,
    check_choice,
    check_count,
    check_keys,
    check_layer_sizes,
    check_positive,
    check_probabilities,
)
from dlspec.nn_basics.logistic_regression import _cross_entropy_from_logits, cross_entropy
from dlspec.nn_basics.numpy_basics import _sigmoid

__all__ = [
    "L_model_backward",
    "L_model_forward",
    "compute_cost",
    "gradient_descent",
    "initialize_parameters",
    "initialize_parameters_deep",
    "linear_activation_backward",
    "linear_activation_forward",
    "linear_backward",
    "linear_forward",
    "update_parameters",
]

LinearCache = tuple[np.ndarray, np.ndarray, np.ndarray]
"""(A_prev, W, b)"""

LayerCache = tuple[LinearCache, np.ndarray]
"""(linear cache, Z)"""

LEAK = 0.01
"""Slope of the leaky ReLU below zero."""


# --- Activations: A = g(Z), and dZ from dA --------------------------------------------------------


def _softmax(Z):
    e = np.exp(Z - Z.max(axis=0))
    return e / e.sum(axis=0)


def _softmax_backward(dA, A):
    """Every output depends on every logit: dz_j = a_j (da_j - sum_k da_k a_k)."""
    return A * (dA - (dA * A).sum(axis=0))


FORWARD = {
    "relu": lambda Z: np.maximum(0, Z),
    "sigmoid": _sigmoid,
    "tanh": np.tanh,
    "leaky_relu": lambda Z: np.where(Z > 0, Z, LEAK * Z),
    "softmax": _softmax,
}

# Written in terms of A, which the forward pass has at hand; A > 0 exactly where Z > 0.
BACKWARD = {
    "relu": lambda dA, A: dA * (A > 0),
    "sigmoid": lambda dA, A: dA * A * (1 - A),
    "tanh": lambda dA, A: dA * (1 - A**2),
    "leaky_relu": lambda dA, A: dA * np.where(A > 0, 1, LEAK),
    "softmax": _softmax_backward,
}

HIDDEN = ("relu", "sigmoid", "tanh", "leaky_relu")
OUTPUT = ("sigmoid", "softmax")


# --- Initialisation -------------------------------------------------------------------------------


def initialize_parameters(n_x: int, n_h: int, n_y: int, *, seed: int = 1) -> dict[str, np.ndarray]:
    """Two layers of small random weights: W = 0.01 randn, b = 0.

    Args:
        n_x: inputs, at least 1.
        n_h: hidden units, at least 1.
        n_y: outputs, at least 1.
        seed: as for `np.random.seed`, without touching the global generator; the course's is 1.

    Returns:
        {"W1": (n_h, n_x), "b1": (n_h, 1), "W2": (n_y, n_h), "b2": (n_y, 1)}, float64.

    Raises:
        TypeError, ValueError: a size that is not a whole number of at least 1; a negative seed.

    Example:
        >>> initialize_parameters(3, 2, 1)["W2"].round(8)
        array([[ 0.01744812, -0.00761207]])

    Source: course 1, week 4.
    """
    sizes = [check_count("n_x", n_x), check_count("n_h", n_h), check_count("n_y", n_y)]
    return _random_parameters(sizes, seed, lambda n_prev: 0.01)


def initialize_parameters_deep(
    layer_dims: Sequence[int], *, seed: int = 3
) -> dict[str, np.ndarray]:
    """Small random weights for any number of layers: W[l] = 0.01 randn, b[l] = 0.

    Args:
        layer_dims: units of every layer, the inputs first; at least two numbers.
        seed: as for `np.random.seed`, without touching the global generator; the course's is 3.

    Returns:
        {"W1": (n1, n0), "b1": (n1, 1), ...}, float64.

    Raises:
        TypeError, ValueError: not a list of at least two whole numbers of at least 1; a negative
            seed.

    Example:
        >>> [value.shape for value in initialize_parameters_deep([5, 4, 3]).values()]
        [(4, 5), (4, 1), (3, 4), (3, 1)]

    Source: course 1, week 4.
    """
    sizes = check_layer_sizes("layer_dims", layer_dims)
    return _random_parameters(sizes, seed, lambda n_prev: 0.01)


def _random_parameters(sizes, seed, scale):
    """W[l] = scale(n[l-1]) randn(n[l], n[l-1]) and b[l] = 0, drawn from the first layer on."""
    random = np.random.RandomState(check_count("seed", seed, minimum=0))
    parameters = {}
    for l in range(1, len(sizes)):
        parameters[f"W{l}"] = random.randn(sizes[l], sizes[l - 1]) * scale(sizes[l - 1])
        parameters[f"b{l}"] = np.zeros((sizes[l], 1))
    return parameters


# --- Forward --------------------------------------------------------------------------------------


def linear_forward(A: np.ndarray, W: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, LinearCache]:
    """The linear part of a layer: Z = W A + b.

    Args:
        A: activations of the layer before (n_prev, m).
        W: weights (n, n_prev).
        b: biases (n, 1).

    Returns:
        Z: (n, m).
        cache: (A, W, b), for the backward pass.

    Raises:
        TypeError: not numbers.
        ValueError: shapes that do not fit, NaN or infinity.

    Example:
        >>> Z, cache = linear_forward(np.ones((2, 3)), np.ones((1, 2)), np.zeros((1, 1)))
        >>> Z
        array([[2., 2., 2.]])

    Source: course 1, week 4.
    """
    A, W, b = _check_linear(("A", "W", "b"), A, W, b)
    return W @ A + b, (A, W, b)


def _check_linear(names, A, W, b):
    A = check_array(names[0], A, ("n_prev", "m"))
    because = f"`{names[0]}` of shape {A.shape} sets n_prev={A.shape[0]}"
    W = check_array(names[1], W, ("n", ("n_prev", A.shape[0])), because=because)
    because = f"`{names[1]}` of shape {W.shape} sets n={W.shape[0]}"
    return A, W, check_array(names[2], b, (("n", W.shape[0]), 1), because=because)


def linear_activation_forward(
    A_prev: np.ndarray, W: np.ndarray, b: np.ndarray, activation: str
) -> tuple[np.ndarray, LayerCache]:
    """One whole layer: A = g(W A_prev + b).

    Args:
        A_prev: activations of the layer before (n_prev, m).
        W: weights (n, n_prev).
        b: biases (n, 1).
        activation: "relu", "sigmoid", "tanh", "leaky_relu" or "softmax" (over each column).

    Returns:
        A: (n, m).
        cache: ((A_prev, W, b), Z), for the backward pass.

    Raises:
        TypeError: not numbers.
        ValueError: an unknown activation, shapes that do not fit, NaN or infinity.

    Example:
        >>> A, cache = linear_activation_forward(
        ...     np.ones((2, 3)), -np.ones((1, 2)), np.zeros((1, 1)), activation="relu")
        >>> A
        array([[0., 0., 0.]])

    Source: course 1, week 4.
    """
    check_choice("activation", activation, list(FORWARD))
    A_prev, W, b = _check_linear(("A_prev", "W", "b"), A_prev, W, b)
    Z = W @ A_prev + b
    return FORWARD[activation](Z), ((A_prev, W, b), Z)


def L_model_forward(
    X: np.ndarray,
    parameters: dict[str, np.ndarray],
    *,
    hidden: str = "relu",
    output: str = "sigmoid",
) -> tuple[np.ndarray, list[LayerCache]]:
    """All layers: L - 1 times [linear -> hidden], then linear -> output.

    Args:
        X: inputs (n_x, m).
        parameters: {"W1", "b1", ..., "WL", "bL"}.
        hidden: activation of the hidden layers, "relu", "sigmoid", "tanh" or "leaky_relu".
        output: activation of the last layer, "sigmoid" or "softmax".

    Returns:
        AL: probabilities (n_y, m).
        caches: one ((A_prev, W, b), Z) per layer.

    Raises:
        TypeError: not numbers, or not a dictionary.
        ValueError: a missing key, an unknown activation, shapes that do not fit, NaN or infinity.

    Example:
        >>> AL, caches = L_model_forward(np.ones((5, 3)), initialize_parameters_deep([5, 4, 1]))
        >>> AL.shape, len(caches)
        ((1, 3), 2)

    Source: course 1, week 4.
    """
    X = check_array("X", X, ("n_x", "m"))
    parameters = _check_parameters(parameters, X)
    return _forward(X, parameters, _check_activations(parameters, hidden, output))


def _forward(X, parameters, activations, scales=()):
    """All layers of checked arguments; the hidden A[l] is multiplied by scales[l - 1], if given."""
    A, caches = X, []
    for l, g in enumerate(activations, start=1):
        W, b = parameters[f"W{l}"], parameters[f"b{l}"]
        Z = W @ A + b
        caches.append(((A, W, b), Z))
        A = FORWARD[g](Z)
        if l <= len(scales):
            A = A * scales[l - 1]
    return A, caches


def _check_parameters(parameters, X=None, name="parameters"):
    """Whole layers only, each fitting the one before it, and the first fitting `X` if given."""
    L = _count_layers(parameters, name)
    n_prev, because = "n_prev", ""
    if X is not None:
        n_prev = ("n_prev", X.shape[0])
        because = f"`X` of shape {X.shape} sets n_prev={X.shape[0]}"
    own = {}
    for l in range(1, L + 1):
        W_name, b_name = f"{name}['W{l}']", f"{name}['b{l}']"
        W = check_array(W_name, parameters[f"W{l}"], ("n", n_prev), because=because)
        n = W.shape[0]
        because = f"`{W_name}` of shape {W.shape} sets n={n}"
        b = check_array(b_name, parameters[f"b{l}"], (("n", n), 1), because=because)
        own |= {f"W{l}": W, f"b{l}": b}
        n_prev, because = ("n_prev", n), f"`{W_name}` of shape {W.shape} sets n_prev={n}"
    return own


def _count_layers(parameters, name):
    """L, when the keys are W1, b1, ..., WL, bL and nothing else."""
    keys = [key for key in parameters or () if str(key)[:1] in ("W", "b")]
    expected = [f"{p}{l}" for l in range(1, max(1, (len(keys) + 1) // 2) + 1) for p in "Wb"]
    check_keys(name, parameters, dict.fromkeys(expected))
    if len(parameters) > len(expected):
        received = ", ".join(map(str, parameters))
        keys = f"have the keys {', '.join(expected)} and no others"
        raise InvalidValue(sentence(name, keys, received))
    return len(expected) // 2


def _check_activations(parameters, hidden, output):
    check_choice("hidden", hidden, HIDDEN)
    check_choice("output", output, OUTPUT)
    return [hidden] * (len(parameters) // 2 - 1) + [output]


def compute_cost(AL: np.ndarray, Y: np.ndarray, *, output: str = "sigmoid") -> float:
    """Cross-entropy between probabilities and labels.

        "sigmoid"   J = -1/m sum [ Y log AL + (1 - Y) log(1 - AL) ]     each output on its own
        "softmax"   J = -1/m sum   Y log AL                             one class per column

    Args:
        AL: probabilities (n_y, m).
        Y: labels 0 or 1, (n_y, m); for "softmax" one 1 per column.
        output: which of the two.

    Returns:
        The cost in nats: a sum over outputs, a mean over examples.

    Raises:
        TypeError: not numbers.
        ValueError: shapes that differ, probabilities outside [0, 1], labels other than 0 and 1,
            columns of `Y` without exactly one 1 (softmax), an unknown output, NaN or infinity.

    Example:
        >>> round(compute_cost(np.array([[0.8, 0.9, 0.4]]), np.array([[1, 1, 0]])), 6)
        0.279777

    Source: course 1, week 4; softmax: course 2, week 3.
    """
    check_choice("output", output, OUTPUT)
    AL = check_probabilities("AL", check_array("AL", AL, ("n_y", "m")))
    Y = _check_labels(Y, AL.shape, f"`AL` of shape {AL.shape} sets", output)
    losses = cross_entropy(AL, Y) if output == "sigmoid" else Y * cross_entropy(AL, Y)
    return float(losses.sum() / Y.shape[1])


def _check_labels(Y, shape, because, output):
    n_y, m = shape
    because += f" n_y={n_y}, m={m}"
    Y = check_binary("Y", check_array("Y", Y, (("n_y", n_y), ("m", m)), because=because))
    if output == "softmax" and (Y.sum(axis=0) != 1).any():
        column = int(np.argmax(Y.sum(axis=0) != 1))
        received = f"{Y[:, column].sum():g} in column {column}"
        raise InvalidValue(sentence("Y", "hold exactly one 1 per column", received))
    return Y


# --- Backward -------------------------------------------------------------------------------------


def linear_backward(
    dZ: np.ndarray, cache: LinearCache
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Through the linear part: dW = 1/m dZ A_prev^T, db = 1/m sum dZ, dA_prev = W^T dZ.

    Args:
        dZ: gradient of the summed loss for Z, (n, m).
        cache: (A_prev, W, b) as `linear_forward` returns it.

    Returns:
        dA_prev: (n_prev, m), of the sum over the examples.
        dW: (n, n_prev), a mean over the examples.
        db: (n, 1), a mean over the examples.

    Raises:
        TypeError: not numbers, or a cache of another form.
        ValueError: shapes that do not fit, NaN or infinity.

    Example:
        >>> dA_prev, dW, db = linear_backward(
        ...     np.array([[1.0, 3.0]]), (np.ones((2, 2)), np.ones((1, 2)), np.zeros((1, 1))))
        >>> dW, db
        (array([[2., 2.]]), array([[2.]]))

    Source: course 1, week 4.
    """
    A_prev, W = _check_linear_cache("cache", cache)
    return _linear_backward(_check_dimensions("dZ", dZ, "cache", A_prev, W), A_prev, W)


def _linear_backward(dZ, A_prev, W):
    m = A_prev.shape[1]
    return W.T @ dZ, dZ @ A_prev.T / m, dZ.sum(axis=1, keepdims=True) / m


def _check_linear_cache(name, cache):
    entries = _check_tuple(name, cache, 3, "(A_prev, W, b)")
    A_prev, W, _ = _check_linear([f"{name}[{i}]" for i in range(3)], *entries)
    return A_prev, W


def _check_layer_cache(name, cache):
    linear_cache, Z = _check_tuple(name, cache, 2, "((A_prev, W, b), Z)")
    A_prev, W = _check_linear_cache(f"{name}[0]", linear_cache)
    return A_prev, W, _check_dimensions(f"{name}[1]", Z, f"{name}[0]", A_prev, W)


def _check_dimensions(name, Z, cache, A_prev, W):
    """`Z`, or its gradient, has the shape of W A_prev."""
    shape = (("n", W.shape[0]), ("m", A_prev.shape[1]))
    because = f"`{cache}` holds W of shape {W.shape} and A_prev of shape {A_prev.shape}"
    return check_array(name, Z, shape, because=because)


def _check_tuple(name, value, length, form):
    if not isinstance(value, (tuple, list)) or len(value) != length:
        entries = f" of length {len(value)}" if hasattr(value, "__len__") else ""
        raise InvalidType(sentence(name, f"be {form}", f"{type(value).__name__}{entries}"))
    return value


def linear_activation_backward(
    dA: np.ndarray, cache: LayerCache, activation: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Through one whole layer: dZ = dA * g'(Z), then `linear_backward`.

    Args:
        dA: gradient of the summed loss for A, (n, m).
        cache: ((A_prev, W, b), Z) as `linear_activation_forward` returns it.
        activation: "relu", "sigmoid", "tanh", "leaky_relu" or "softmax".

    Returns:
        dA_prev, dW, db: as `linear_backward`.

    Raises:
        TypeError: not numbers, or a cache of another form.
        ValueError: an unknown activation, shapes that do not fit, NaN or infinity.

    Example:
        >>> linear_cache = (np.ones((2, 2)), np.ones((1, 2)), np.zeros((1, 1)))
        >>> Z = np.array([[-1.0, 1.0]])
        >>> dA_prev, dW, db = linear_activation_backward(
        ...     np.array([[5.0, 3.0]]), (linear_cache, Z), activation="relu")
        >>> dW, db
        (array([[1.5, 1.5]]), array([[1.5]]))

    Source: course 1, week 4.
    """
    check_choice("activation", activation, list(BACKWARD))
    A_prev, W, Z = _check_layer_cache("cache", cache)
    dA = _check_dimensions("dA", dA, "cache[0]", A_prev, W)
    return _linear_backward(BACKWARD[activation](dA, FORWARD[activation](Z)), A_prev, W)


def L_model_backward(
    AL: np.ndarray,
    Y: np.ndarray,
    caches: Sequence[LayerCache],
    *,
    hidden: str = "relu",
    output: str = "sigmoid",
) -> dict[str, np.ndarray]:
    """Through all layers, from the last to the first.

    Both costs meet their own output activation in the same short form, dZ[L] = AL - Y.  The course
    writes it as dAL * g'(Z[L]) with dAL = -Y/AL + (1 - Y)/(1 - AL), which is not defined where AL
    was rounded to 0 or 1; we multiply AL - Y by sigmoid'(Z[L]) / (AL (1 - AL)), a ratio that is 1
    whenever `AL` belongs to `caches`.

    Args:
        AL: probabilities (n_y, m) as `L_model_forward` returns them.
        Y: labels 0 or 1, (n_y, m); for "softmax" one 1 per column.
        caches: one ((A_prev, W, b), Z) per layer.
        hidden: activation of the hidden layers.
        output: activation of the last layer, "sigmoid" or "softmax".

    Returns:
        {"dA0", "dW1", "db1", "dA1", ..., "dWL", "dbL"}: dW and db are means over the examples and
        have the shapes of their parameters; dA[l] (n[l], m) are of the sum.

    Raises:
        TypeError: not numbers, or caches of another form.
        ValueError: an unknown activation, shapes that do not fit, labels other than 0 and 1, NaN or
            infinity.

    Example:
        >>> X, Y = np.ones((5, 3)), np.array([[1, 0, 1]])
        >>> AL, caches = L_model_forward(X, initialize_parameters_deep([5, 4, 1]))
        >>> sorted(L_model_backward(AL, Y, caches))
        ['dA0', 'dA1', 'dW1', 'dW2', 'db1', 'db2']

    Source: course 1, week 4.
    """
    layers = _check_caches(caches)
    check_choice("hidden", hidden, HIDDEN)
    check_choice("output", output, OUTPUT)
    AL = check_array("AL", AL, ("n_y", "m"))
    Y = _check_labels(Y, AL.shape, f"`AL` of shape {AL.shape} sets", output)

    A_prev, W, ZL = layers[-1]
    _check_dimensions("AL", AL, f"caches[{len(caches) - 1}][0]", A_prev, W)
    dZ = (AL - Y) * _slope_ratio(AL, ZL) if output == "sigmoid" else AL - Y
    grads = _backward(dZ, layers, hidden)
    return {name: grad for name, grad in grads.items() if not name.startswith("dZ")}


def _backward(dZ, layers, hidden, scales=()):
    """From dZ[L] through checked (A_prev, W, Z) of every layer, with the `scales` of `_forward`."""
    grads = {}
    for l in range(len(layers), 0, -1):
        A_prev, W, _ = layers[l - 1]
        dA, dW, db = _linear_backward(dZ, A_prev, W)
        if 0 <= l - 2 < len(scales):
            dA = dA * scales[l - 2]
        grads |= {f"dZ{l}": dZ, f"dW{l}": dW, f"db{l}": db, f"dA{l - 1}": dA}
        if l > 1:
            dZ = BACKWARD[hidden](dA, FORWARD[hidden](layers[l - 2][2]))
    return grads


def _check_caches(caches):
    """One whole cache per layer, each layer reading what the one before it wrote."""
    if not isinstance(caches, Sequence) or isinstance(caches, str):
        received = type(caches).__name__
        raise InvalidType(sentence("caches", "be a list with one cache per layer", received))
    if not caches:
        raise InvalidValue(sentence("caches", "hold one cache per layer", "an empty list"))
    layers = [_check_layer_cache(f"caches[{i}]", cache) for i, cache in enumerate(caches)]
    for i, ((_, _, Z), (A_prev, _, _)) in enumerate(pairwise(layers)):
        shape = (("n_prev", Z.shape[0]), ("m", Z.shape[1]))
        because = f"`caches[{i}][1]` has shape {Z.shape}"
        check_array(f"caches[{i + 1}][0][0]", A_prev, shape, because=because)
    return layers


def _slope_ratio(AL, ZL):
    """sigmoid'(ZL) / (AL (1 - AL)), and its limit 1 where both were rounded to zero."""
    s = _sigmoid(ZL)
    variance = AL * (1 - AL)
    return np.divide(s * (1 - s), variance, out=np.ones_like(AL), where=variance != 0)


# --- Learning -------------------------------------------------------------------------------------


def update_parameters(
    params: dict[str, np.ndarray], grads: dict[str, np.ndarray], learning_rate: float
) -> dict[str, np.ndarray]:
    """One step downhill for every layer: W[l] := W[l] - alpha dW[l], b[l] := b[l] - alpha db[l].

    Args:
        params: {"W1", "b1", ..., "WL", "bL"}.
        grads: {"dW1", "db1", ..., "dWL", "dbL"}, of the same shapes; further keys are ignored.
        learning_rate: alpha, above 0.

    Returns:
        A new dictionary with the keys of `params`; the arguments stay as they are.

    Raises:
        TypeError: not numbers, or not a dictionary.
        ValueError: a missing key, shapes that do not fit, a learning rate that is not positive.

    Example:
        >>> params = {"W1": np.ones((1, 2)), "b1": np.zeros((1, 1))}
        >>> grads = {"dW1": np.ones((1, 2)), "db1": np.ones((1, 1))}
        >>> update_parameters(params, grads, learning_rate=0.5)
        {'W1': array([[0.5, 0.5]]), 'b1': array([[-0.5]])}

    Source: course 1, week 4.
    """
    params = _check_parameters(params, name="params")
    grads = check_keys("grads", grads, {f"d{name}": p.shape for name, p in params.items()})
    learning_rate = check_positive("learning_rate", learning_rate)
    return {name: p - learning_rate * grads[f"d{name}"] for name, p in params.items()}


def gradient_descent(
    parameters: dict[str, np.ndarray],
    X: np.ndarray,
    Y: np.ndarray,
    learning_rate: float,
    *,
    hidden: str = "relu",
    output: str = "sigmoid",
) -> Iterator[tuple[dict[str, np.ndarray], float]]:
    """Yield (parameters, cost) after each step, for ever; the loop belongs to the caller.

    The same arithmetic as forward, `compute_cost`, backward and `update_parameters`, arranged for
    training: the cost comes from the logits, dZ[L] is AL - Y, dA0 is never computed, W1 X is
    carried from step to step, the examples are checked once and the weights are changed in place
    (in copies of `parameters`).

    Args:
        parameters: {"W1", "b1", ..., "WL", "bL"} to start from.
        X: inputs (n_x, m).
        Y: labels 0 or 1, (n_y, m); for "softmax" one 1 per column.
        learning_rate: alpha, above 0.
        hidden: activation of the hidden layers.
        output: activation of the last layer, "sigmoid" or "softmax".

    Yields:
        parameters: after the step.  It is the same dictionary each time, changed by the next step:
            copy what you want to keep.
        cost: before the step, in nats.

    Raises:
        TypeError, ValueError: as the functions named above; at once, not at the first step.

    Example:
        >>> X, Y = np.array([[-1.0, 1.0]]), np.array([[0, 1]])
        >>> steps = gradient_descent(initialize_parameters(1, 3, 1), X, Y, learning_rate=1.0)
        >>> costs = [next(steps)[1] for _ in range(100)]
        >>> costs[0] > costs[-1]
        True

    Source: course 1, week 4.
    """
    X = check_array("X", X, ("n_x", "m"))
    parameters = {k: v.copy() for k, v in _check_parameters(parameters, X).items()}
    activations = _check_activations(parameters, hidden, output)
    n_y = parameters[f"W{len(activations)}"].shape[0]
    because = f"`parameters` and `X` of shape {X.shape} set"
    Y = _check_labels(Y, (n_y, X.shape[1]), because, output)
    learning_rate = check_positive("learning_rate", learning_rate)
    return _gradient_descent(parameters, X, Y, learning_rate, activations)


def _gradient_descent(parameters, X, Y, learning_rate, activations):
    L, (n_x, m) = len(activations), X.shape
    # W1 X is the dearest product, and need not be formed anew: a step moves W1 by step X^T, so it
    # moves W1 X by step (X^T X), which is small work when there are far fewer examples than inputs.
    gram = X.T @ X if 4 * m <= n_x else None
    W1_X = parameters["W1"] @ X
    while True:
        A = [X]
        for l, g in enumerate(activations, start=1):
            Z = (W1_X if l == 1 else parameters[f"W{l}"] @ A[l - 1]) + parameters[f"b{l}"]
            A.append(FORWARD[g](Z))
        cost = _cost_from_logits(Z, A[L], Y, activations[-1])

        dZ = A[L] - Y
        for l in range(L, 0, -1):
            W, b = parameters[f"W{l}"], parameters[f"b{l}"]
            step = (-learning_rate / m) * dZ
            if l > 1:  # before W changes
                dZ = BACKWARD[activations[l - 2]](W.T @ dZ, A[l - 1])
            W += step @ A[l - 1].T
            b += step.sum(axis=1, keepdims=True)
        W1_X = parameters["W1"] @ X if gram is None else W1_X + step @ gram
        yield parameters, cost


def _cost_from_logits(Z, A, Y, output):
    """As `compute_cost`, but finite and exact where A was rounded to 0 or 1."""
    if output == "sigmoid":
        losses = _cross_entropy_from_logits(Z, Y)
    else:  # -log softmax = log sum e^z - z of the true class
        largest = Z.max(axis=0)
        losses = np.log(np.exp(Z - largest).sum(axis=0)) + largest - (Y * Z).sum(axis=0)
    return float(losses.sum() / Y.shape[1])
