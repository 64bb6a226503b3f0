"""Batch normalisation (course 2, week 3, lecture).

What normalising does for the inputs, batch normalisation does for every hidden layer: each unit's
Z gets mean 0 and variance 1 over the mini-batch, then a scale and a shift that are learned.

    mu = 1/m sum_i z_i,   sigma^2 = 1/m sum_i (z_i - mu)^2
    Z_norm = (Z - mu) / sqrt(sigma^2 + epsilon)
    Z_tilde = gamma * Z_norm + beta

    dgamma = sum_i dz_tilde_i * z_norm_i,   dbeta = sum_i dz_tilde_i
    dZ = gamma / sqrt(sigma^2 + epsilon) * (dZ_tilde - dbeta/m - Z_norm * dgamma/m)

A bias before it would vanish with the mean, so those layers have none: beta takes its place.

At test time an example may come alone, so mu and sigma^2 are then exponentially weighted averages
over the mini-batches of the training, V := momentum V + (1 - momentum) new.

Notation: the m examples of a mini-batch are the columns of Z (n, m); mu, sigma^2, gamma and beta
are (n, 1); * is elementwise.  A gradient named d... is the derivative of the cost itself: the 1/m
of the cost stands in the last layer's dZ, once, since the examples of a batch no longer have
gradients of their own here.

Where conventions differ:

    variance    the paper's averages hold the unbiased one, sigma^2 m / (m - 1); the lecture and
                Keras keep sigma^2 as it is.  `update_statistics` follows the paper, with
                `unbiased=False` the others.
    start       from zeros with bias correction here, V / (1 - momentum^t) after t updates; Keras
                starts from mean 0 and variance 1 and corrects nothing.
    constants   Keras takes momentum 0.99 and epsilon 1e-3; here epsilon is 1e-5.

The notes this package started from contain three slips here, not repeated above: a mean without its
1/m, a bias correction by 1 - momentum for 1 - momentum^t, and an average that is fed with the last
batch in place of the last average.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import (
    check_array,
    check_count,
    check_finite,
    check_keys,
    check_layer_sizes,
    check_positive,
)
from dlspec.optimization.softmax_regression import (
    _check_labels,
    _cross_entropy_from_logits,
    _softmax,
)

__all__ = [
    "batch_norm_backward",
    "batch_norm_forward",
    "batch_norm_inference",
    "gradient_descent",
    "initialize_parameters",
    "initialize_statistics",
    "predict",
    "propagate",
    "update_statistics",
]

EPSILON = 1e-5
"""Keeps the square root away from zero where all examples of a batch agree."""

MOMENTUM = 0.99
"""Share of the average that an update keeps: about the last 1 / (1 - 0.99) = 100 batches count."""


# --- The layer ------------------------------------------------------------------------------------


def batch_norm_forward(
    Z: np.ndarray, gamma: np.ndarray, beta: np.ndarray, epsilon: float = EPSILON
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """While training: normalise every unit over the batch, then scale and shift.

    Args:
        Z: linear outputs of a layer (n, m), at least two examples.
        gamma: scale (n, 1), the standard deviation that comes out.
        beta: shift (n, 1), the mean that comes out.
        epsilon: added to the variance, above 0.

    Returns:
        Z_tilde: (n, m).
        cache: {"Z_norm": (n, m), "gamma": (n, 1), "deviation": (n, 1)} for the backward pass;
            the deviation is sqrt(sigma^2 + epsilon).

    Raises:
        TypeError: not numbers.
        ValueError: shapes that do not fit, fewer than two examples, an epsilon not above 0.

    Example:
        >>> Z = np.array([[1.0, 3.0], [10.0, 30.0]])
        >>> Z_tilde, cache = batch_norm_forward(Z, np.ones((2, 1)), np.zeros((2, 1)))
        >>> Z_tilde.round(3)
        array([[-1.,  1.],
               [-1.,  1.]])

    Source: course 2, week 3; Ioffe and Szegedy, "Batch normalization", 2015, algorithm 1.
    """
    Z = _check_batch("Z", check_array("Z", Z, ("n", "m")))
    gamma, beta = _check_scale_and_shift(gamma, beta, Z)
    return _batch_norm_forward(Z, gamma, beta, check_positive("epsilon", epsilon))


def _batch_norm_forward(Z, gamma, beta, epsilon):
    mu = Z.mean(axis=1, keepdims=True)
    variance = ((Z - mu) ** 2).mean(axis=1, keepdims=True)
    deviation = np.sqrt(variance + epsilon)
    Z_norm = (Z - mu) / deviation
    return gamma * Z_norm + beta, {"Z_norm": Z_norm, "gamma": gamma, "deviation": deviation}


def _check_batch(name, Z):
    if Z.shape[1] < 2:
        advice = "The variance of one example is 0; use batch_norm_inference."
        raise InvalidValue(sentence(name, "hold at least 2 examples", Z.shape[1], advice))
    return Z


def _check_scale_and_shift(gamma, beta, Z):
    shape, because = (("n", Z.shape[0]), 1), f"`Z` of shape {Z.shape} sets n={Z.shape[0]}"
    gamma = check_array("gamma", gamma, shape, because=because)
    return gamma, check_array("beta", beta, shape, because=because)


def batch_norm_backward(
    dZ_tilde: np.ndarray, cache: dict[str, np.ndarray]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """From the gradient behind the layer to those of its input, its scale and its shift.

    Every z_i acts in three ways: directly, through mu and through sigma^2.  The three terms of

        dZ = gamma / deviation * (dZ_tilde - mean(dZ_tilde) - Z_norm * mean(dZ_tilde * Z_norm))

    are what remains of them.  The last two take away what a shift or a stretch of the whole batch
    would do to the cost, because the layer undoes both.

    Args:
        dZ_tilde: gradient of the cost for Z_tilde, (n, m).
        cache: as `batch_norm_forward` returns it.

    Returns:
        dZ: (n, m); every row sums to 0.
        dgamma: (n, 1), a sum over the examples.
        dbeta: (n, 1), a sum over the examples.

    Raises:
        TypeError: not numbers, or not a dictionary.
        ValueError: a missing key, shapes that do not fit.

    Example:
        >>> Z = np.array([[1.0, 2.0, 6.0]])
        >>> _, cache = batch_norm_forward(Z, np.ones((1, 1)), np.zeros((1, 1)))
        >>> dZ, dgamma, dbeta = batch_norm_backward(np.array([[1.0, 1.0, 1.0]]), cache)
        >>> abs(dZ).max() < 1e-15, dbeta
        (np.True_, array([[3.]]))

    Source: course 2, week 3; Ioffe and Szegedy, "Batch normalization", 2015, section 3.
    """
    dZ_tilde = check_array("dZ_tilde", dZ_tilde, ("n", "m"))
    n, m = ("n", dZ_tilde.shape[0]), ("m", dZ_tilde.shape[1])
    shapes = {"Z_norm": (n, m), "gamma": (n, 1), "deviation": (n, 1)}
    return _batch_norm_backward(dZ_tilde, check_keys("cache", cache, shapes))


def _batch_norm_backward(dZ_tilde, cache):
    m, Z_norm = dZ_tilde.shape[1], cache["Z_norm"]
    dgamma = (dZ_tilde * Z_norm).sum(axis=1, keepdims=True)
    dbeta = dZ_tilde.sum(axis=1, keepdims=True)
    dZ = cache["gamma"] / cache["deviation"] * (dZ_tilde - dbeta / m - Z_norm * dgamma / m)
    return dZ, dgamma, dbeta


# --- Running statistics ---------------------------------------------------------------------------


def initialize_statistics(n: int, *, bias_correction: bool = True) -> dict[str, np.ndarray]:
    """Averages before the first batch.

    "weight" counts how much of the average comes from batches: it follows the same recursion with 1
    for every batch, which gives 1 - momentum^t, and `batch_norm_inference` divides by it.  Without
    bias correction the averages start as Keras' do and the weight is 1 from the start.

    Args:
        n: units of the layer, at least 1.
        bias_correction: whether the start shall be forgotten at once.

    Returns:
        {"mean": (n, 1), "variance": (n, 1), "weight": (1, 1)}: zeros, or 0, 1 and 1.

    Raises:
        TypeError, ValueError: `n` is not a whole number of at least 1.

    Example:
        >>> initialize_statistics(1, bias_correction=False)
        {'mean': array([[0.]]), 'variance': array([[1.]]), 'weight': array([[1.]])}

    Source: course 2, week 2 (bias correction) and week 3.
    """
    start = 0.0 if bias_correction else 1.0
    column = (check_count("n", n), 1)
    return {
        "mean": np.zeros(column),
        "variance": np.full(column, start),
        "weight": np.full((1, 1), start),
    }


def update_statistics(
    statistics: dict[str, np.ndarray],
    Z: np.ndarray,
    momentum: float = MOMENTUM,
    *,
    unbiased: bool = True,
) -> dict[str, np.ndarray]:
    """One batch more: V := momentum V + (1 - momentum) new, for mean, variance and weight.

    Args:
        statistics: {"mean", "variance", "weight"} so far.
        Z: linear outputs of the layer for one batch (n, m), at least two examples.
        momentum: share of the old average that stays, in [0, 1).
        unbiased: average sigma^2 m / (m - 1), as the paper does, in place of sigma^2.

    Returns:
        A new dictionary with the same keys.

    Raises:
        TypeError: not numbers, or not a dictionary.
        ValueError: a missing key, shapes that do not fit, fewer than two examples, a momentum
            outside [0, 1).

    Example:
        >>> Z = np.array([[1.0, 3.0]])
        >>> update_statistics(initialize_statistics(1), Z, momentum=0.5)
        {'mean': array([[1.]]), 'variance': array([[1.]]), 'weight': array([[0.5]])}

    Source: course 2, week 3; Ioffe and Szegedy, "Batch normalization", 2015, algorithm 2.
    """
    Z = _check_batch("Z", check_array("Z", Z, ("n", "m")))
    statistics = _check_statistics("statistics", statistics, Z.shape[0])
    if not 0 <= check_finite("momentum", momentum) < 1:
        raise InvalidValue(sentence("momentum", "lie in [0, 1)", momentum))
    return _update_statistics(statistics, Z, momentum, unbiased)


def _update_statistics(statistics, Z, momentum=MOMENTUM, unbiased=True):
    new = {
        "mean": Z.mean(axis=1, keepdims=True),
        "variance": Z.var(axis=1, keepdims=True, ddof=1 if unbiased else 0),
        "weight": 1.0,
    }
    return {name: momentum * statistics[name] + (1 - momentum) * new[name] for name in new}


def _check_statistics(name, statistics, n):
    n = ("n", n)
    return check_keys(name, statistics, {"mean": (n, 1), "variance": (n, 1), "weight": (1, 1)})


def batch_norm_inference(
    Z: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    statistics: dict[str, np.ndarray],
    epsilon: float = EPSILON,
) -> np.ndarray:
    """At test time: the same with the averages of the training, example by example.

    Args:
        Z: linear outputs of the layer (n, m), one example or more.
        gamma: scale (n, 1).
        beta: shift (n, 1).
        statistics: {"mean", "variance", "weight"} after at least one update.
        epsilon: added to the variance, above 0.

    Returns:
        Z_tilde: (n, m).

    Raises:
        TypeError: not numbers, or not a dictionary.
        ValueError: shapes that do not fit, statistics of no batch, an epsilon not above 0.

    Example:
        >>> one, zero = np.ones((1, 1)), np.zeros((1, 1))
        >>> statistics = update_statistics(initialize_statistics(1), np.array([[1.0, 3.0]]))
        >>> batch_norm_inference(np.array([[2.0]]), one, zero, statistics).round(9) + 0.0
        array([[0.]])

    Source: course 2, week 3; Ioffe and Szegedy, "Batch normalization", 2015, algorithm 2.
    """
    Z = check_array("Z", Z, ("n", "m"))
    gamma, beta = _check_scale_and_shift(gamma, beta, Z)
    statistics = _check_trained(_check_statistics("statistics", statistics, Z.shape[0]))
    return _batch_norm_inference(Z, gamma, beta, statistics, check_positive("epsilon", epsilon))


def _check_trained(statistics):
    if not statistics["weight"].item() > 0:
        received = f"weight {statistics['weight'].item():g}"
        advice = "Call update_statistics first."
        raise InvalidValue(sentence("statistics", "come from at least 1 batch", received, advice))
    return statistics


def _batch_norm_inference(Z, gamma, beta, statistics, epsilon):
    mu = statistics["mean"] / statistics["weight"]
    variance = statistics["variance"] / statistics["weight"]
    return gamma * (Z - mu) / np.sqrt(variance + epsilon) + beta


# --- A network with and without -------------------------------------------------------------------


def initialize_parameters(
    layer_dims: Sequence[int], seed: int = 0, *, batch_norm: bool = True
) -> dict[str, np.ndarray]:
    """He weights, W[l] = sqrt(2 / n[l-1]) randn; gamma = 1 and beta = 0, or zero biases.

    The two kinds of network start with the same weights.  From here on the names in the dictionary
    say which kind it is.

    Args:
        layer_dims: units of every layer, the inputs first, the classes last.
        seed: of the random weights, at least 0.
        batch_norm: hidden layers with "gamma1", "beta1", ... or with "b1", ...

    Returns:
        {"W1": (n1, n0), "gamma1": (n1, 1), "beta1": (n1, 1), ..., "W<L>", "b<L>"}; without batch
        normalisation {"W1", "b1", ..., "W<L>", "b<L>"}.

    Raises:
        TypeError, ValueError: not a list of at least two whole numbers of at least 1, a bad seed.

    Example:
        >>> list(initialize_parameters([64, 32, 10]))
        ['W1', 'gamma1', 'beta1', 'W2', 'b2']
        >>> list(initialize_parameters([64, 32, 10], batch_norm=False))
        ['W1', 'b1', 'W2', 'b2']

    Source: course 2, weeks 1 and 3; He et al., "Delving deep into rectifiers", 2015.
    """
    sizes = check_layer_sizes("layer_dims", layer_dims)
    random, L = np.random.default_rng(check_count("seed", seed, minimum=0)), len(sizes) - 1
    parameters = {}
    for l in range(1, L + 1):
        n_prev, n = sizes[l - 1 : l + 1]
        parameters[f"W{l}"] = random.standard_normal((n, n_prev)) * np.sqrt(2 / n_prev)
        if batch_norm and l < L:
            parameters |= {f"gamma{l}": np.ones((n, 1)), f"beta{l}": np.zeros((n, 1))}
        else:
            parameters[f"b{l}"] = np.zeros((n, 1))
    return parameters


def propagate(
    parameters: dict[str, np.ndarray], X: np.ndarray, Y: np.ndarray
) -> tuple[dict[str, np.ndarray], float]:
    """Forward and backward once: [linear -> batch norm -> ReLU] x (L - 1) -> linear -> softmax.

    Args:
        parameters: as `initialize_parameters` returns them, of either kind.
        X: inputs of one batch (n_x, m).
        Y: labels (C, m), one 1 per column.

    Returns:
        grads: "d" and the name of every parameter, gradients of the cost.
        cost: mean cross-entropy in nats.

    Raises:
        TypeError: not numbers, or not a dictionary.
        ValueError: a missing key, shapes that do not fit, fewer than two examples, columns of `Y`
            without exactly one 1.

    Example:
        >>> parameters = initialize_parameters([1, 3, 2])
        >>> grads, cost = propagate(parameters, np.array([[-1.0, 1.0]]), np.eye(2))
        >>> sorted(grads)
        ['dW1', 'dW2', 'db2', 'dbeta1', 'dgamma1']

    Source: course 2, week 3.
    """
    parameters, X, Y = _check_all(parameters, X, Y)
    logits, caches = _forward(parameters, X)
    return _backward(parameters, logits, caches, Y), _cost(logits, Y)


def _cost(logits, Y):
    return float(_cross_entropy_from_logits(logits, Y).mean())


def _forward(parameters, X, statistics=None):
    """Logits, and for every layer what the backward pass needs; with `statistics` at test time."""
    A, caches, L = X, [], _count_layers(parameters)
    for l in range(1, L + 1):
        cache = {"A_prev": A, "Z": parameters[f"W{l}"] @ A}
        if f"b{l}" in parameters:
            Z_tilde = cache["Z"] + parameters[f"b{l}"]
        else:
            gamma, beta = parameters[f"gamma{l}"], parameters[f"beta{l}"]
            if statistics is None:
                Z_tilde, cache["norm"] = _batch_norm_forward(cache["Z"], gamma, beta, EPSILON)
            else:
                Z_tilde = _batch_norm_inference(cache["Z"], gamma, beta, statistics[l - 1], EPSILON)
        A = np.maximum(0, Z_tilde)
        caches.append(cache)
    return Z_tilde, caches


def _backward(parameters, logits, caches, Y):
    grads = {}
    dZ_tilde = (_softmax(logits) - Y) / Y.shape[1]
    for l in range(len(caches), 0, -1):
        cache = caches[l - 1]
        if "norm" in cache:
            dZ, grads[f"dgamma{l}"], grads[f"dbeta{l}"] = _batch_norm_backward(
                dZ_tilde, cache["norm"]
            )
        else:
            dZ, grads[f"db{l}"] = dZ_tilde, dZ_tilde.sum(axis=1, keepdims=True)
        grads[f"dW{l}"] = dZ @ cache["A_prev"].T
        # A_prev = max(0, Z_tilde of the layer below) is above 0 exactly where that was.
        dZ_tilde = (parameters[f"W{l}"].T @ dZ) * (cache["A_prev"] > 0)
    return grads


def _count_layers(parameters):
    return sum(name.startswith("W") for name in parameters)


def _check_parameters(parameters, n_x):
    """Whole layers only, each fitting the one before it; "gamma1" says that there is batch norm."""
    if not isinstance(parameters, dict):
        raise InvalidType(sentence("parameters", "be a dictionary", type(parameters).__name__))
    own, L, batch_norm = {}, max(1, _count_layers(parameters)), "gamma1" in parameters
    for l in range(1, L + 1):
        W = check_keys("parameters", parameters, {f"W{l}": ("n", ("n_prev", n_x))})[f"W{l}"]
        n_x = W.shape[0]
        others = (f"gamma{l}", f"beta{l}") if batch_norm and l < L else (f"b{l}",)
        shapes = dict.fromkeys(others, (("n", n_x), 1))
        own |= {f"W{l}": W} | check_keys("parameters", parameters, shapes)
    return own


def _check_all(parameters, X, Y):
    X = check_array("X", X, ("n_x", "m"))
    parameters = _check_parameters(parameters, X.shape[0])
    if "gamma1" in parameters:
        _check_batch("X", X)
    shape = (parameters[f"W{_count_layers(parameters)}"].shape[0], X.shape[1])
    because = f"the last layer sets C={shape[0]}, `X` sets m={shape[1]}"
    return parameters, X, _check_labels("Y", Y, shape, because)


def gradient_descent(
    parameters: dict[str, np.ndarray],
    X: np.ndarray,
    Y: np.ndarray,
    learning_rate: float,
    *,
    batch_size: int = 64,
    seed: int = 0,
) -> Iterator[tuple[dict[str, np.ndarray], list[dict[str, np.ndarray]], float]]:
    """Yield (parameters, statistics, cost) after each mini-batch, for ever.

    Every pass over the data shuffles it and cuts it into floor(m / batch_size) batches of equal
    size, or one more example: batch normalisation wants no small rest.

    Args:
        parameters: as `initialize_parameters` returns them, of either kind.
        X: inputs (n_x, m).
        Y: labels (C, m), one 1 per column.
        learning_rate: alpha, above 0.
        batch_size: smallest number of examples in a batch, at least 2.
        seed: of the shuffling, at least 0.

    Yields:
        parameters: after the step; a new dictionary each time.
        statistics: one dictionary for each layer with batch normalisation, the averages of all
            batches so far, as `predict` wants them; empty without.
        cost: of the batch before the step, in nats.

    Raises:
        TypeError, ValueError: as `propagate`; numbers out of range; at once, not at the first step.

    Example:
        >>> X, Y = np.array([[-1.0, -2.0, 1.0, 2.0]]), np.array([[1, 1, 0, 0], [0, 0, 1, 1]])
        >>> steps = gradient_descent(initialize_parameters([1, 4, 2]), X, Y, 0.5)
        >>> costs = [cost for (parameters, statistics, cost), _ in zip(steps, range(50))]
        >>> costs[-1] < costs[0]
        True

    Source: course 2, week 3.
    """
    parameters, X, Y = _check_all(parameters, X, Y)
    learning_rate = check_positive("learning_rate", learning_rate)
    batch_size = check_count("batch_size", batch_size, minimum=2)
    random = np.random.default_rng(check_count("seed", seed, minimum=0))
    batches = _mini_batches(X, Y, batch_size, random)
    return _gradient_descent(parameters, batches, learning_rate)


def _mini_batches(X, Y, batch_size, random):
    m = X.shape[1]
    while True:
        for columns in np.array_split(random.permutation(m), max(1, m // batch_size)):
            yield X[:, columns], Y[:, columns]


def _gradient_descent(parameters, batches, learning_rate):
    normalised = [p for name, p in parameters.items() if name.startswith("gamma")]
    statistics = [initialize_statistics(len(gamma)) for gamma in normalised]
    for X, Y in batches:
        logits, caches = _forward(parameters, X)
        grads = _backward(parameters, logits, caches, Y)
        parameters = {
            name: value - learning_rate * grads[f"d{name}"] for name, value in parameters.items()
        }
        statistics = [
            _update_statistics(old, cache["Z"])
            for old, cache in zip(statistics, caches, strict=False)  # the last layer has none
        ]
        yield parameters, statistics, _cost(logits, Y)


def predict(
    parameters: dict[str, np.ndarray],
    X: np.ndarray,
    statistics: Sequence[dict[str, np.ndarray]] = (),
) -> np.ndarray:
    """The class with the largest probability, with the averages of the training.

    Args:
        parameters: as `gradient_descent` yields them.
        X: inputs (n_x, m), one example or more.
        statistics: as `gradient_descent` yields them; empty for a network without batch
            normalisation.

    Returns:
        int64 (m,), class numbers from 0 to C - 1.

    Raises:
        TypeError, ValueError: as `propagate`; statistics that do not fit the layers.

    Example:
        >>> parameters = {"W1": np.array([[1.0], [-1.0]]), "b1": np.zeros((2, 1))}
        >>> predict(parameters, np.array([[3.0, -3.0]]))
        array([0, 1])

    Source: course 2, week 3.
    """
    X = check_array("X", X, ("n_x", "m"))
    parameters = _check_parameters(parameters, X.shape[0])
    sizes = [len(p) for name, p in parameters.items() if name.startswith("gamma")]
    if len(statistics) != len(sizes):
        expected = f"hold averages for {len(sizes)} layers"
        raise InvalidValue(sentence("statistics", expected, len(statistics)))
    statistics = [
        _check_trained(_check_statistics(f"statistics[{i}]", own, n))
        for i, (own, n) in enumerate(zip(statistics, sizes, strict=True))
    ]
    return _forward(parameters, X, statistics)[0].argmax(axis=0)
