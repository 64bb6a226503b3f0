"""Regularization (course 2, week 1): giving up a little on the training set to gain on others.

Large weights let a network bend around single examples.  Three ways against it:

    L2          J := J + lambda / (2m) sum_l sum_ij W_ij[l]^2      dW[l] := dW[l] + lambda / m W[l]
    L1          J := J + lambda / (2m) sum_l sum_ij |W_ij[l]|      dW[l] += lambda / (2m) sign(W[l])
    dropout     D[l] = rand < keep_prob,  A[l] := A[l] D[l] / keep_prob   in training only, and
                dA[l] := dA[l] D[l] / keep_prob                           on the way back

Dividing by keep_prob ("inverted" dropout) keeps the expected value of A[l], so that nothing changes
when the network is used.  Further: stop early, and average several networks.

Notation as in `nn_basics.deep_network`, with its engine: ReLU layers, sigmoid output, columns are
examples.  Gradients dZ[l] and dA[l] are of the sum over the examples, dW[l] and db[l] of the mean.
Caches are the exercise's flat tuples, (Z1, A1, W1, b1, ..., Z3, A3, W3, b3), with D[l] after Z[l]
in hidden layers under dropout.  The exercise has three layers; any number works.

Lecture notes slip here in places.  Not repeated: an L2 penalty without the square, W := alpha dW
for W := W - alpha dW, lambda / (2m) sum w^2 = w^T w, numbers below keep_prob being dropped (they
are kept), and keep_prob = 0, at which nothing is left to divide by.

Sources: Krogh and Hertz, "A simple weight decay can improve generalization", 1991; Srivastava et
al., "Dropout", JMLR 15, 2014.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import (
    check_array,
    check_choice,
    check_count,
    check_examples,
    check_finite,
    check_interval,
    check_positive,
    check_probabilities,
)
from dlspec.nn_basics.deep_network import (
    L_model_forward,
    _check_labels,
    _check_parameters,
    _cost_from_logits,
)
from dlspec.nn_basics.logistic_regression import cross_entropy
from dlspec.optimization._caches import (
    backward,
    check_network,
    forward,
    pack,
    unpack,
)
from dlspec.optimization._training import follow
from dlspec.optimization.initialization import initialize_parameters_xavier

__all__ = [
    "Stopped",
    "average_predictions",
    "backward_propagation_with_dropout",
    "backward_propagation_with_regularization",
    "compute_cost_with_regularization",
    "forward_propagation",
    "forward_propagation_with_dropout",
    "gradient_descent",
    "l1_penalty",
    "l2_penalty",
    "model",
    "stop_early",
]

Arrays = dict[str, np.ndarray]

HIDDEN_UNITS = (20, 3)
"""The exercise's network has two hidden layers."""

SEED = 1
"""The exercise seeds every forward pass with dropout alike."""


# --- L2 and L1 ------------------------------------------------------------------------------------


def forward_propagation(X: np.ndarray, parameters: Arrays) -> tuple[np.ndarray, tuple]:
    """ReLU layers and a sigmoid output, with nothing dropped.

    Args:
        X: inputs (n_x, m).
        parameters: {"W1", "b1", ..., "WL", "bL"}.

    Returns:
        AL: probabilities (n_y, m).
        cache: (Z1, A1, W1, b1, ..., ZL, AL, WL, bL).

    Raises:
        TypeError: not numbers, or not a dictionary.
        ValueError: a missing key, shapes that do not fit, NaN or infinity.

    Example:
        >>> one = {"W1": np.ones((1, 2)), "b1": np.zeros((1, 1))}
        >>> A1, cache = forward_propagation(np.zeros((2, 3)), one)
        >>> A1, len(cache)
        (array([[0.5, 0.5, 0.5]]), 4)

    Source: course 2, week 1.
    """
    AL, caches = forward(*check_network(X, parameters))
    return AL, pack(AL, caches)


def l2_penalty(parameters: Arrays, lambd: float, m: int) -> tuple[float, Arrays]:
    """Weight decay: lambda / (2m) sum W^2, and what it adds to the gradients.

    Biases are left alone.  `keras.regularizers.L2(lambd / (2 * m))` on every kernel is the same.

    Args:
        parameters: {"W1", "b1", ..., "WL", "bL"}.
        lambd: lambda, not negative.
        m: number of examples, at least 1.

    Returns:
        penalty: to add to the cost.
        gradients: {"dW1", "dW2", ...}, to add to those of the cost.

    Raises:
        TypeError, ValueError: layers that do not fit each other, a number out of range.

    Example:
        >>> l2_penalty({"W1": np.array([[3.0, -4.0]]), "b1": np.ones((1, 1))}, lambd=2.0, m=5)
        (5.0, {'dW1': array([[ 1.2, -1.6]])})

    Source: course 2, week 1.
    """
    return _l2(_check_parameters(parameters), _check_lambda(lambd), check_count("m", m))


def _check_lambda(lambd):
    return check_interval("lambd", lambd, "[0, inf)")


def _weights(parameters):
    return {name: p for name, p in parameters.items() if name[0] == "W"}


def _l2(parameters, lambd, m):
    weights = _weights(parameters)
    penalty = lambd / (2 * m) * sum(float((W**2).sum()) for W in weights.values())
    return penalty, {f"d{name}": lambd / m * W for name, W in weights.items()}


def l1_penalty(parameters: Arrays, lambd: float, m: int) -> tuple[float, Arrays]:
    """Sparse weights: lambda / (2m) sum |W|, and what it adds to the gradients.

    At W = 0, where the absolute value has a kink, the slope is taken as 0.
    `keras.regularizers.L1(lambd / (2 * m))` on every kernel is the same.

    Args:
        parameters: {"W1", "b1", ..., "WL", "bL"}.
        lambd: lambda, not negative.
        m: number of examples, at least 1.

    Returns:
        penalty: to add to the cost.
        gradients: {"dW1", "dW2", ...}, to add to those of the cost.

    Raises:
        TypeError, ValueError: as `l2_penalty`.

    Example:
        >>> l1_penalty({"W1": np.array([[3.0, -4.0]]), "b1": np.ones((1, 1))}, lambd=2.0, m=4)
        (1.75, {'dW1': array([[ 0.25, -0.25]])})

    Source: course 2, week 1, lecture.
    """
    return _l1(_check_parameters(parameters), _check_lambda(lambd), check_count("m", m))


def _l1(parameters, lambd, m):
    weights = _weights(parameters)
    penalty = lambd / (2 * m) * sum(float(np.abs(W).sum()) for W in weights.values())
    return penalty, {f"d{name}": lambd / (2 * m) * np.sign(W) for name, W in weights.items()}


PENALTIES = {"l2": _l2, "l1": _l1}


def compute_cost_with_regularization(
    A3: np.ndarray, Y: np.ndarray, parameters: Arrays, lambd: float
) -> float:
    """Cross-entropy and L2 penalty: J = -1/m sum [...] + lambda / (2m) sum_l sum_ij W_ij[l]^2.

    Args:
        A3: probabilities (n_y, m), whatever the number of layers.
        Y: labels 0 or 1, (n_y, m).
        parameters: {"W1", "b1", ..., "WL", "bL"}.
        lambd: lambda, not negative.

    Returns:
        The cost in nats: a sum over outputs, a mean over examples.

    Raises:
        TypeError: not numbers, or not a dictionary.
        ValueError: shapes that do not fit, probabilities outside [0, 1], labels other than 0 and
            1, a negative lambda, NaN or infinity.

    Example:
        >>> parameters = {"W1": np.array([[2.0]]), "b1": np.array([[5.0]])}
        >>> half = np.array([[0.5, 0.5]])
        >>> round(compute_cost_with_regularization(half, [[1, 0]], parameters, lambd=1.0), 6)
        1.693147

    Source: course 2, week 1.
    """
    A3 = check_probabilities("A3", check_array("A3", A3, ("n_y", "m")))
    Y = _check_labels(Y, A3.shape, f"`A3` of shape {A3.shape} sets", "sigmoid")
    parameters = _check_parameters(parameters)
    penalty, _ = _l2(parameters, _check_lambda(lambd), Y.shape[1])
    return float(cross_entropy(A3, Y).sum() / Y.shape[1]) + penalty


def backward_propagation_with_regularization(
    X: np.ndarray, Y: np.ndarray, cache: tuple, lambd: float
) -> Arrays:
    """Gradients of the cost with the L2 penalty.

    Args:
        X: inputs (n_x, m).
        Y: labels 0 or 1, (n_y, m).
        cache: (Z1, A1, W1, b1, ..., ZL, AL, WL, bL), from `forward_propagation`.
        lambd: lambda, not negative.

    Returns:
        {"dZ3", "dW3", "db3", "dA2", "dZ2", ..., "db1"}.

    Raises:
        TypeError: not numbers, or a cache of another form.
        ValueError: shapes that do not fit, labels other than 0 and 1, a negative lambda, NaN or
            infinity.

    Example:
        >>> X, Y = np.array([[1.0, 2.0]]), np.array([[1, 0]])
        >>> _, cache = forward_propagation(X, {"W1": np.zeros((1, 1)), "b1": np.zeros((1, 1))})
        >>> backward_propagation_with_regularization(X, Y, cache, lambd=0.7)["dW1"]
        array([[0.25]])

    Source: course 2, week 1.
    """
    layers, AL, _ = unpack(cache, X)
    Y = _check_labels(Y, AL.shape, f"`cache` holds AL of shape {AL.shape}:", "sigmoid")
    lambd = _check_lambda(lambd)
    weights = {f"W{l}": W for l, (_, W, _) in enumerate(layers, start=1)}
    _, more = _l2(weights, lambd, Y.shape[1])
    return _add(backward(layers, AL, Y), more)


def _add(gradients, more):
    return gradients | {name: gradients[name] + value for name, value in more.items()}


# --- Dropout --------------------------------------------------------------------------------------


def forward_propagation_with_dropout(
    X: np.ndarray, parameters: Arrays, keep_prob: float = 0.5
) -> tuple[np.ndarray, tuple]:
    """Forward with hidden units switched off at random, each example its own.

    The masks are those of `np.random.seed(1)`, as in the exercise, drawn without touching the
    global generator: the same in every call for as many units and examples.  `gradient_descent` can
    draw fresh ones, which is what dropout means elsewhere.

    Args:
        X: inputs (n_x, m).
        parameters: {"W1", "b1", ..., "WL", "bL"}.
        keep_prob: probability to keep a unit, in (0, 1].

    Returns:
        AL: probabilities (n_y, m).
        cache: (Z1, D1, A1, W1, b1, ..., ZL, AL, WL, bL); D[l] is bool, True for kept units, and
            A[l] is masked and divided by `keep_prob`.

    Raises:
        TypeError, ValueError: as `forward_propagation`; keep_prob outside (0, 1].

    Example:
        >>> layers = {"W1": np.ones((2, 1)), "b1": np.zeros((2, 1)),
        ...           "W2": np.ones((1, 2)), "b2": np.zeros((1, 1))}
        >>> A2, (Z1, D1, A1, *rest) = forward_propagation_with_dropout([[1.0, 1.0]], layers, 0.5)
        >>> A1
        array([[2., 0.],
               [2., 2.]])

    Source: course 2, week 1; Srivastava et al., 2014.
    """
    X, parameters = check_network(X, parameters)
    keep_prob = _check_keep_prob(keep_prob)
    masks = _masks(parameters, X.shape[1], keep_prob, np.random.RandomState(SEED))
    AL, caches = forward(X, parameters, _scales(masks, keep_prob))
    return AL, pack(AL, caches, masks)


def _check_keep_prob(keep_prob):
    return check_interval("keep_prob", keep_prob, "(0, 1]")


def _masks(parameters, m, keep_prob, random):
    """D[l] of every hidden layer, drawn from the first on."""
    hidden = range(1, len(parameters) // 2)
    return [random.rand(len(parameters[f"W{l}"]), m) < keep_prob for l in hidden]


def _scales(masks, keep_prob):
    return [mask / keep_prob for mask in masks]


def backward_propagation_with_dropout(
    X: np.ndarray, Y: np.ndarray, cache: tuple, keep_prob: float
) -> Arrays:
    """Gradients through the units that were kept: dA[l] := dA[l] D[l] / keep_prob.

    Args:
        X: inputs (n_x, m).
        Y: labels 0 or 1, (n_y, m).
        cache: (Z1, D1, A1, W1, b1, ..., ZL, AL, WL, bL), from `forward_propagation_with_dropout`.
        keep_prob: as in the forward pass, in (0, 1].

    Returns:
        {"dZ3", "dW3", "db3", "dA2", "dZ2", ..., "db1"}; dA[l] is masked and scaled.

    Raises:
        TypeError: not numbers, or a cache of another form.
        ValueError: shapes that do not fit, labels or masks other than 0 and 1, keep_prob outside
            (0, 1], NaN or infinity.

    Example:
        >>> layers = {"W1": np.ones((2, 1)), "b1": np.zeros((2, 1)),
        ...           "W2": np.ones((1, 2)), "b2": np.zeros((1, 1))}
        >>> X, Y = np.array([[1.0, 1.0]]), np.array([[0, 0]])
        >>> _, cache = forward_propagation_with_dropout(X, layers, keep_prob=0.5)
        >>> backward_propagation_with_dropout(X, Y, cache, keep_prob=0.5)["dA1"].round(6)
        array([[1.964028, 0.      ],
               [1.964028, 1.761594]])

    Source: course 2, week 1; Srivastava et al., 2014.
    """
    layers, AL, masks = unpack(cache, X, dropout=True)
    Y = _check_labels(Y, AL.shape, f"`cache` holds AL of shape {AL.shape}:", "sigmoid")
    return backward(layers, AL, Y, _scales(masks, _check_keep_prob(keep_prob)))


# --- Training -------------------------------------------------------------------------------------


def gradient_descent(
    parameters: Arrays,
    X: np.ndarray,
    Y: np.ndarray,
    learning_rate: float = 0.3,
    *,
    lambd: float = 0.0,
    penalty: str = "l2",
    keep_prob: float = 1.0,
    fresh_masks: bool = False,
) -> Iterator[tuple[Arrays, float]]:
    """Yield (parameters, cost) after each step, for ever; the loop belongs to the caller.

    Args:
        parameters: {"W1", "b1", ..., "WL", "bL"} to start from.
        X: inputs (n_x, m).
        Y: labels 0 or 1, (n_y, m).
        learning_rate: alpha, above 0.
        lambd: lambda, not negative.
        penalty: "l2" or "l1".
        keep_prob: probability to keep a hidden unit, in (0, 1].
        fresh_masks: draw new units to drop for every step; the exercise drops the same ones in all,
            since it seeds every forward pass alike.

    Yields:
        parameters: after the step; a new dictionary each time.
        cost: before the step, in nats, with the penalty and with dropped units missing.

    Raises:
        TypeError, ValueError: as the functions above; at once, not at the first step.

    Example:
        >>> X, Y = np.array([[-1.0, 1.0]]), np.array([[0, 1]])
        >>> start = {"W1": np.zeros((1, 1)), "b1": np.zeros((1, 1))}
        >>> parameters, cost = next(gradient_descent(start, X, Y, learning_rate=0.3, lambd=0.7))
        >>> parameters["W1"], round(cost, 6)
        (array([[0.15]]), 0.693147)

    Source: course 2, week 1.
    """
    X, parameters = check_network(X, parameters)
    n_y = len(parameters[f"W{len(parameters) // 2}"])
    X, Y = check_examples(X, Y, ("n_y", n_y))
    regularize = PENALTIES[check_choice("penalty", penalty, list(PENALTIES))]
    lambd, keep_prob = _check_lambda(lambd), _check_keep_prob(keep_prob)
    learning_rate = check_positive("learning_rate", learning_rate)

    def more(parameters):
        return regularize(parameters, lambd, X.shape[1]) if lambd else (0.0, {})

    def masks():
        random = np.random.RandomState(SEED)
        scales = ()
        while True:
            if keep_prob < 1 and (fresh_masks or not scales):
                scales = _scales(_masks(parameters, X.shape[1], keep_prob, random), keep_prob)
            yield scales

    return _gradient_descent(parameters, X, Y, learning_rate, more, masks())


def _gradient_descent(parameters, X, Y, learning_rate, more, masks):
    for scales in masks:
        AL, caches = forward(X, parameters, scales)
        penalty, terms = more(parameters)
        cost = _cost_from_logits(caches[-1][1], AL, Y, "sigmoid") + penalty
        layers = [(A_prev, W, Z) for (A_prev, W, _), Z in caches]
        grads = _add(backward(layers, AL, Y, scales), terms)
        parameters = {k: p - learning_rate * grads[f"d{k}"] for k, p in parameters.items()}
        yield parameters, cost


def model(
    X: np.ndarray,
    Y: np.ndarray,
    learning_rate: float = 0.3,
    num_iterations: int = 30000,
    print_cost: bool = True,
    lambd: float = 0,
    keep_prob: float = 1,
) -> Arrays:
    """Train ReLU layers of 20 and 3 units and a sigmoid output, with L2, dropout, both or neither.

    Weights start as randn / sqrt(n[l-1]) from seed 3, and the same units are dropped in all steps
    (see `gradient_descent`), both as in the exercise.  Ctrl-C ends the training and returns what
    was learned so far.

    Args:
        X: inputs (n_x, m).
        Y: labels 0 or 1, (1, m).
        learning_rate: alpha, above 0.
        num_iterations: number of steps, at least 0.
        print_cost: print the cost of every ten thousandth iteration.
        lambd: lambda, not negative.
        keep_prob: probability to keep a hidden unit, in (0, 1].

    Returns:
        {"W1", "b1", "W2", "b2", "W3", "b3"} after the last step.

    Raises:
        TypeError, ValueError: data that do not fit, a number out of range.

    Example:
        >>> X, Y = np.array([[-1.0, 1.0]]), np.array([[0, 1]])
        >>> parameters = model(X, Y, num_iterations=100, print_cost=False, lambd=0.7)
        >>> [parameters[name].shape for name in ("W1", "W2", "W3")]
        [(20, 1), (3, 20), (1, 3)]

    Source: course 2, week 1.
    """
    X, Y = check_examples(X, Y)
    num_iterations = check_count("num_iterations", num_iterations, minimum=0)
    sizes = [len(X), *HIDDEN_UNITS, 1]
    start = initialize_parameters_xavier(sizes)
    steps = gradient_descent(start, X, Y, learning_rate, lambd=lambd, keep_prob=keep_prob)
    return follow(steps, start, num_iterations, 10000 if print_cost else 0)


# --- Early stopping and ensembles -----------------------------------------------------------------


class Stopped(NamedTuple):
    """Where training was best on the dev set.

    Attributes:
        parameters: of that step, copies.
        step: its number, counted from 1.
        dev_costs: of the steps that were measured, in order.
    """

    parameters: Arrays
    step: int
    dev_costs: list[float]


def stop_early(
    steps: Iterable[tuple],
    dev_cost: Callable[[Arrays], float],
    num_iterations: int,
    patience: int = 10,
    every: int = 1,
) -> Stopped:
    """Train until the dev set no longer gains, and go back to where it was best.

    Stops after `patience` measurements in a row that are not below the best one, like
    `keras.callbacks.EarlyStopping(patience=patience, restore_best_weights=True)`.

    Args:
        steps: yields (parameters, ...), like `gradient_descent` here or in `deep_network`.
        dev_cost: maps parameters to a number, lower is better.
        num_iterations: most steps to take, at least 1.
        patience: measurements, at least 1.
        every: measure every such step, at least 1 and at most `num_iterations`.

    Returns:
        The best parameters, their step, and all measurements.

    Raises:
        TypeError: counts that are no whole numbers, a `dev_cost` that is no function or does not
            give numbers.
        ValueError: counts out of range, a dev cost of NaN or infinity, steps that end before the
            first measurement.

    Example:
        >>> steps = [({"W1": np.array([[w]])}, 0.0) for w in (3.0, 2.0, 1.0, 0.0, -1.0)]
        >>> best = stop_early(steps, lambda p: abs(p["W1"].item() - 1.2), 100, patience=2)
        >>> best.step, best.parameters["W1"]
        (3, array([[1.]]))

    Source: course 2, week 1, lecture; Prechelt, "Early stopping - but when?", 1998.
    """
    num_iterations = check_count("num_iterations", num_iterations)
    patience, every = check_count("patience", patience), check_count("every", every)
    if every > num_iterations:
        raise InvalidValue(sentence("every", f"be at most num_iterations={num_iterations}", every))
    if not callable(dev_cost):
        received = type(dev_cost).__name__
        raise InvalidType(sentence("dev_cost", "be a function of parameters", received))
    best, best_step, costs = None, 0, []
    for step, (parameters, *_) in enumerate(islice(steps, num_iterations), start=1):
        if step % every:
            continue
        costs.append(check_finite("dev_cost(parameters)", dev_cost(parameters)))
        if best is None or costs[-1] < costs[best_step // every - 1]:
            best, best_step = {name: p.copy() for name, p in parameters.items()}, step
        elif (step - best_step) // every >= patience:
            break
    if best is None:
        raise InvalidValue(sentence("steps", f"reach step {every}", "fewer steps"))
    return Stopped(best, best_step, costs)


def average_predictions(models: Sequence[Arrays], X: np.ndarray) -> np.ndarray:
    """An ensemble: the mean of what several networks, trained apart, predict.

    Where their mistakes differ they cancel; by convexity of -log the mean's cross-entropy is never
    above the mean of theirs.

    Args:
        models: parameters {"W1", "b1", ..., "WL", "bL"} of each network; sizes may differ.
        X: inputs (n_x, m).

    Returns:
        Probabilities (n_y, m).

    Raises:
        TypeError: `models` is no list, or as `forward_propagation`.
        ValueError: no models, numbers of outputs that differ, or as `forward_propagation`.

    Example:
        >>> models = [{"W1": np.array([[w]]), "b1": np.array([[0.0]])} for w in (-1.0, 1.0)]
        >>> average_predictions(models, np.array([[5.0]]))
        array([[0.5]])

    Source: course 2, week 1, lecture.
    """
    if not isinstance(models, (list, tuple)):
        received = type(models).__name__
        raise InvalidType(sentence("models", "be a list of dictionaries", received))
    if not models:
        raise InvalidValue(sentence("models", "hold at least one model", "an empty list"))
    predictions = [L_model_forward(X, parameters)[0] for parameters in models]
    outputs = [len(A) for A in predictions]
    if len(set(outputs)) > 1:
        raise InvalidValue(sentence("models", "have as many outputs each", outputs))
    return np.mean(predictions, axis=0)
