"""Optimization methods (course 2, week 2): better steps from the same gradients.

Mini-batches cut the m examples, shuffled anew for every epoch, into parts of 64 or so and take a
step after each.  With g for dW[l] or db[l], theta for its parameter, and t counting steps from 1:

    gradient descent   theta := theta - alpha g
    momentum   v := beta v + (1 - beta) g        theta := theta - alpha v
    RMSprop    s := beta s + (1 - beta) g^2      theta := theta - alpha g / (sqrt s + eps)
    Adam       v := beta1 v + (1 - beta1) g      v_c = v / (1 - beta1^t)
               s := beta2 s + (1 - beta2) g^2    s_c = s / (1 - beta2^t)
                                                 theta := theta - alpha v_c / (sqrt s_c + eps)

v and s are exponentially weighted averages that start at 0; dividing by 1 - beta^t takes the start
out again.  Only Adam does so here, as in its paper; the published momentum and RMSprop do not.

The learning rate may fall with the epochs e = 0, 1, 2, ...:

    inverse time   alpha0 / (1 + rate e)              staircase     alpha0 / (1 + rate floor(e / n))
    exponential    alpha0 rate^e                      inverse sqrt  alpha0 rate / sqrt(e + 1)

`keras.optimizers` arranges the same steps differently:

    SGD(momentum=beta)   has no (1 - beta): it equals ours at the learning rate alpha (1 - beta)
    RMSprop              divides by sqrt(s + eps)
    Adam                 folds the corrections into alpha, so that its eps equals ours times
                         sqrt(1 - beta2^t)

Lecture notes differ from the papers in places.  Not repeated here: sqrt(s + eps) in Adam, v in
place of s on the right of s := beta s + ..., one beta for both averages, v / (1 - beta) for
v / (1 - beta^t), a corrected average fed back into the recursion, and alpha0 / (rate e) without the
1 +, which is infinite in epoch 0.

Sources: Polyak, "Some methods of speeding up the convergence of iteration methods", 1964; Hinton,
Srivastava and Swersky, "Neural Networks for Machine Learning", lecture 6, 2012 (RMSprop); Kingma
and Ba, "Adam", arXiv:1412.6980, 2015, algorithm 1.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import (
    check_array,
    check_choice,
    check_count,
    check_examples,
    check_interval,
    check_keys,
    check_layer_sizes,
    check_positive,
)
from dlspec.nn_basics.deep_network import _backward, _cost_from_logits, _forward
from dlspec.nn_basics.deep_network import _check_parameters as _check_layers
from dlspec.optimization._training import follow
from dlspec.optimization.initialization import initialize_parameters_he

__all__ = [
    "exponential_decay",
    "exponentially_weighted_average",
    "initialize_adam",
    "initialize_rmsprop",
    "initialize_state",
    "initialize_velocity",
    "inverse_sqrt_decay",
    "mini_batch_descent",
    "model",
    "random_mini_batches",
    "schedule_lr_decay",
    "update_lr",
    "update_parameters_with_adam",
    "update_parameters_with_gd",
    "update_parameters_with_momentum",
    "update_parameters_with_rmsprop",
]

Arrays = dict[str, np.ndarray]

Decay = Callable[[float, int, float], float]
"""(learning_rate0, epoch_num, decay_rate) -> learning rate"""

AVERAGES = {"gd": "", "momentum": "v", "rmsprop": "s", "adam": "vs"}
"""The optimizers, and which averages each keeps."""

FIRST_SEED = 11
"""Seed of the mini-batches of epoch 0; the course sets 10 and adds 1 before each epoch."""


# --- Updates --------------------------------------------------------------------------------------


def update_parameters_with_gd(parameters: Arrays, grads: Arrays, learning_rate: float) -> Arrays:
    """One step downhill: theta := theta - alpha g.

    Args:
        parameters: {"W1", "b1", ...}; any names, arrays of any shape.
        grads: "d<name>" for every name in `parameters`, of the same shapes; further keys are
            ignored.
        learning_rate: alpha, above 0.

    Returns:
        A new dictionary with the keys of `parameters`; the arguments stay as they are.

    Raises:
        TypeError: not numbers, or not a dictionary.
        ValueError: an empty dictionary, a missing key, shapes that do not fit, NaN or infinity, a
            learning rate that is not positive.

    Example:
        >>> update_parameters_with_gd({"W1": np.array([[1.0]])}, {"dW1": np.array([[2.0]])}, 0.25)
        {'W1': array([[0.5]])}

    Source: course 2, week 2.
    """
    parameters = _check_parameters(parameters)
    grads = _check_like("grads", grads, parameters)
    return _gd(parameters, grads, check_positive("learning_rate", learning_rate))


def _check_parameters(parameters):
    """Any named arrays, at least one."""
    if isinstance(parameters, Mapping) and not parameters:
        raise InvalidValue(sentence("parameters", "hold at least one array", "an empty dictionary"))
    names = parameters if isinstance(parameters, Mapping) else ()
    return check_keys("parameters", parameters, dict.fromkeys(names))


def _check_like(name, arrays, parameters):
    """An array of the same shape for every parameter, under the name of its gradient."""
    return check_keys(name, arrays, {f"d{key}": p.shape for key, p in parameters.items()})


def _check_squares(arrays, parameters):
    arrays = _check_like("s", arrays, parameters)
    for key, values in arrays.items():
        if (values < 0).any():
            expected = "hold averages of squares, not below 0"
            raise InvalidValue(sentence(f"s['{key}']", expected, f"{values.min():g}"))
    return arrays


def _gd(parameters, grads, learning_rate):
    return {name: p - learning_rate * grads[f"d{name}"] for name, p in parameters.items()}


def initialize_velocity(parameters: Arrays) -> Arrays:
    """Momentum starts from rest.

    Args:
        parameters: {"W1", "b1", ...}.

    Returns:
        v: {"dW1", "db1", ...}, zeros of the shapes of the parameters.

    Raises:
        TypeError, ValueError: as `update_parameters_with_gd`.

    Example:
        >>> initialize_velocity({"W1": np.array([[1.0, 2.0]])})
        {'dW1': array([[0., 0.]])}

    Source: course 2, week 2.
    """
    return _zeros(_check_parameters(parameters))


def _zeros(parameters):
    return {f"d{name}": np.zeros(p.shape) for name, p in parameters.items()}


def update_parameters_with_momentum(
    parameters: Arrays, grads: Arrays, v: Arrays, beta: float, learning_rate: float
) -> tuple[Arrays, Arrays]:
    """Step along the average of recent gradients: v := beta v + (1 - beta) g, theta -= alpha v.

    Many write v := beta v + g, Keras and the 1964 paper among them: the same path at a learning
    rate 1 - beta times ours.

    Args:
        parameters: {"W1", "b1", ...}.
        grads: {"dW1", "db1", ...}, of the same shapes.
        v: velocities, as `grads`.
        beta: share of the old velocity, in [0, 1); 0 is gradient descent.
        learning_rate: alpha, above 0.

    Returns:
        parameters: new.
        v: new.

    Raises:
        TypeError, ValueError: as `update_parameters_with_gd`; beta outside [0, 1).

    Example:
        >>> W, g = {"W1": np.array([[1.0]])}, {"dW1": np.array([[2.0]])}
        >>> update_parameters_with_momentum(W, g, initialize_velocity(W), 0.75, 1.0)
        ({'W1': array([[0.5]])}, {'dW1': array([[0.5]])})

    Source: course 2, week 2; Polyak, 1964.
    """
    parameters = _check_parameters(parameters)
    grads, v = _check_like("grads", grads, parameters), _check_like("v", v, parameters)
    beta = check_interval("beta", beta, "[0, 1)")
    return _momentum(parameters, grads, v, beta, check_positive("learning_rate", learning_rate))


def _momentum(parameters, grads, v, beta, learning_rate):
    v = _average(v, beta, grads)
    return _gd(parameters, v, learning_rate), v


def _average(old, beta, new):
    return {key: beta * value + (1 - beta) * new[key] for key, value in old.items()}


def initialize_rmsprop(parameters: Arrays) -> Arrays:
    """The average square starts from 0.

    Args:
        parameters: {"W1", "b1", ...}.

    Returns:
        s: {"dW1", "db1", ...}, zeros of the shapes of the parameters.

    Raises:
        TypeError, ValueError: as `update_parameters_with_gd`.

    Example:
        >>> initialize_rmsprop({"b1": np.array([[1.0], [2.0]])})["db1"].shape
        (2, 1)

    Source: course 2, week 2.
    """
    return _zeros(_check_parameters(parameters))


def update_parameters_with_rmsprop(
    parameters: Arrays,
    grads: Arrays,
    s: Arrays,
    beta: float,
    learning_rate: float,
    epsilon: float = 1e-8,
) -> tuple[Arrays, Arrays]:
    """Divide every gradient by its recent size: s := beta s + (1 - beta) g^2.

    Then theta := theta - alpha g / (sqrt s + eps).  The lecture that introduced it has no epsilon;
    Keras divides by sqrt(s + eps).

    Args:
        parameters: {"W1", "b1", ...}.
        grads: {"dW1", "db1", ...}, of the same shapes.
        s: average squares, as `grads`, not negative.
        beta: share of the old average, in [0, 1); 0.9 is usual.
        learning_rate: alpha, above 0.
        epsilon: keeps the quotient finite, above 0.

    Returns:
        parameters: new.
        s: new.

    Raises:
        TypeError, ValueError: as `update_parameters_with_gd`; beta outside [0, 1), a negative
            average square, an epsilon not above 0.

    Example:
        >>> W, g = {"W1": np.array([[1.0]])}, {"dW1": np.array([[2.0]])}
        >>> W, s = update_parameters_with_rmsprop(W, g, initialize_rmsprop(W), 0.75, 0.25)
        >>> W["W1"].round(6), s["dW1"]
        (array([[0.5]]), array([[1.]]))

    Source: course 2, week 2; Hinton et al., lecture 6, 2012.
    """
    parameters = _check_parameters(parameters)
    grads, s = _check_like("grads", grads, parameters), _check_squares(s, parameters)
    beta, epsilon = check_interval("beta", beta, "[0, 1)"), check_positive("epsilon", epsilon)
    learning_rate = check_positive("learning_rate", learning_rate)
    return _rmsprop(parameters, grads, s, beta, learning_rate, epsilon)


def _rmsprop(parameters, grads, s, beta, learning_rate, epsilon):
    s = _average(s, beta, {key: grads[key] ** 2 for key in s})
    return _scaled_step(parameters, grads, s, learning_rate, epsilon), s


def _scaled_step(parameters, directions, squares, learning_rate, epsilon):
    return {
        name: p - learning_rate * directions[f"d{name}"] / (np.sqrt(squares[f"d{name}"]) + epsilon)
        for name, p in parameters.items()
    }


def initialize_adam(parameters: Arrays) -> tuple[Arrays, Arrays]:
    """Both averages start from 0.

    Args:
        parameters: {"W1", "b1", ...}.

    Returns:
        v: {"dW1", "db1", ...}, zeros of the shapes of the parameters, for the gradients.
        s: likewise, for their squares.

    Raises:
        TypeError, ValueError: as `update_parameters_with_gd`.

    Example:
        >>> initialize_adam({"b1": np.array([[1.0]])})
        ({'db1': array([[0.]])}, {'db1': array([[0.]])})

    Source: course 2, week 2.
    """
    parameters = _check_parameters(parameters)
    return _zeros(parameters), _zeros(parameters)


def update_parameters_with_adam(
    parameters: Arrays,
    grads: Arrays,
    v: Arrays,
    s: Arrays,
    t: int,
    learning_rate: float = 0.01,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
) -> tuple[Arrays, Arrays, Arrays, Arrays, Arrays]:
    """Momentum over RMSprop, both corrected for their start at 0; equations at the top.

    Numbers of the course's first editions come from sqrt(s_c + eps) in places; the paper and the
    course's text have sqrt(s_c) + eps.

    Args:
        parameters: {"W1", "b1", ...}.
        grads: {"dW1", "db1", ...}, of the same shapes.
        v: averages of the gradients, as `grads`.
        s: averages of their squares, as `grads`, not negative.
        t: number of this step, counted from 1.
        learning_rate: alpha, above 0; about the largest change of any parameter in one step.
        beta1: share of the old v, in [0, 1).
        beta2: share of the old s, in [0, 1).
        epsilon: keeps the quotient finite, above 0.

    Returns:
        parameters: new.
        v: new.
        s: new.
        v_corrected: v / (1 - beta1^t).
        s_corrected: s / (1 - beta2^t).

    Raises:
        TypeError, ValueError: as `update_parameters_with_gd`; t below 1, a beta outside [0, 1), a
            negative average square, an epsilon not above 0.

    Example:
        >>> W, g = {"W1": np.array([[1.0]])}, {"dW1": np.array([[-30.0]])}
        >>> W, *_ = update_parameters_with_adam(W, g, *initialize_adam(W), t=1)
        >>> W["W1"].round(6)
        array([[1.01]])

    Source: course 2, week 2; Kingma and Ba, 2015, algorithm 1.
    """
    parameters = _check_parameters(parameters)
    grads, v = _check_like("grads", grads, parameters), _check_like("v", v, parameters)
    s, t = _check_squares(s, parameters), check_count("t", t)
    learning_rate = check_positive("learning_rate", learning_rate)
    beta1 = check_interval("beta1", beta1, "[0, 1)")
    beta2 = check_interval("beta2", beta2, "[0, 1)")
    epsilon = check_positive("epsilon", epsilon)
    return _adam(parameters, grads, v, s, t, learning_rate, beta1, beta2, epsilon)


def _adam(parameters, grads, v, s, t, learning_rate, beta1, beta2, epsilon):
    v = _average(v, beta1, grads)
    s = _average(s, beta2, {key: grads[key] ** 2 for key in s})
    v_corrected = {key: value / (1 - beta1**t) for key, value in v.items()}
    s_corrected = {key: value / (1 - beta2**t) for key, value in s.items()}
    parameters = _scaled_step(parameters, v_corrected, s_corrected, learning_rate, epsilon)
    return parameters, v, s, v_corrected, s_corrected


def exponentially_weighted_average(
    values: np.ndarray, beta: float, bias_correction: bool = True
) -> np.ndarray:
    """Smooth a series: v_t = beta v_(t-1) + (1 - beta) x_t from v_0 = 0, read off as v_t.

    Recent values weigh most; about 1 / (1 - beta) of them matter.  The correction divides what is
    read off, v_t / (1 - beta^t), never what the recursion goes on with.

    Args:
        values: x_1, ..., x_T along the first axis, (T, ...).
        beta: share of the past, in [0, 1).
        bias_correction: divide by 1 - beta^t, which makes the weights sum to 1.

    Returns:
        float64 of the shape of `values`.

    Raises:
        TypeError: not numbers.
        ValueError: no values, NaN or infinity, beta outside [0, 1).

    Example:
        >>> exponentially_weighted_average([10.0, 10.0], beta=0.5)
        array([10., 10.])
        >>> exponentially_weighted_average([10.0, 10.0], beta=0.5, bias_correction=False)
        array([5. , 7.5])

    Source: course 2, week 2.
    """
    values = check_array("values", values)
    if values.ndim == 0 or values.size == 0:
        expected = "hold at least one value along its first axis"
        raise InvalidValue(sentence("values", expected, f"shape {values.shape}"))
    beta = check_interval("beta", beta, "[0, 1)")
    averages, v = np.empty_like(values), 0.0
    for i, value in enumerate(values):
        v = beta * v + (1 - beta) * value
        averages[i] = v / (1 - beta ** (i + 1)) if bias_correction else v
    return averages


# --- Learning rates -------------------------------------------------------------------------------


def update_lr(learning_rate0: float, epoch_num: int, decay_rate: float) -> float:
    """Inverse time: alpha0 / (1 + rate e).

    With rate 1 it falls at once: the exercise shows gradient descent coming to a halt.

    Args:
        learning_rate0: alpha0, above 0.
        epoch_num: e, counted from 0.
        decay_rate: not negative; 0 keeps alpha0.

    Returns:
        The learning rate.

    Raises:
        TypeError, ValueError: a number out of range.

    Example:
        >>> update_lr(0.5, epoch_num=4, decay_rate=1)
        0.1

    Source: course 2, week 2.
    """
    return schedule_lr_decay(learning_rate0, epoch_num, decay_rate, time_interval=1)


def schedule_lr_decay(
    learning_rate0: float, epoch_num: int, decay_rate: float, time_interval: int = 1000
) -> float:
    """Staircase: alpha0 / (1 + rate floor(e / time_interval)).

    Args:
        learning_rate0: alpha0, above 0.
        epoch_num: e, counted from 0.
        decay_rate: not negative; 0 keeps alpha0.
        time_interval: epochs between two steps of the staircase, at least 1.

    Returns:
        The learning rate.

    Raises:
        TypeError, ValueError: a number out of range.

    Example:
        >>> [schedule_lr_decay(0.5, e, decay_rate=1, time_interval=10) for e in (0, 9, 10)]
        [0.5, 0.5, 0.25]

    Source: course 2, week 2.
    """
    learning_rate0, epoch_num = _check_epoch(learning_rate0, epoch_num)
    decay_rate = check_interval("decay_rate", decay_rate, "[0, inf)")
    steps = epoch_num // check_count("time_interval", time_interval)
    return learning_rate0 / (1 + decay_rate * steps)


def _check_epoch(learning_rate0, epoch_num):
    rate = check_positive("learning_rate0", learning_rate0)
    return rate, check_count("epoch_num", epoch_num, minimum=0)


def exponential_decay(learning_rate0: float, epoch_num: int, decay_rate: float) -> float:
    """Exponential: alpha0 rate^e.

    Args:
        learning_rate0: alpha0, above 0.
        epoch_num: e, counted from 0.
        decay_rate: in (0, 1]; 0.95 is usual.

    Returns:
        The learning rate.

    Raises:
        TypeError, ValueError: a number out of range.

    Example:
        >>> exponential_decay(0.5, epoch_num=2, decay_rate=0.5)
        0.125

    Source: course 2, week 2, lecture.
    """
    learning_rate0, epoch_num = _check_epoch(learning_rate0, epoch_num)
    return learning_rate0 * check_interval("decay_rate", decay_rate, "(0, 1]") ** epoch_num


def inverse_sqrt_decay(learning_rate0: float, epoch_num: int, decay_rate: float = 1.0) -> float:
    """Inverse square root: alpha0 k / sqrt(t), with t = e + 1 since our epochs count from 0.

    Args:
        learning_rate0: alpha0, above 0.
        epoch_num: e, counted from 0.
        decay_rate: the lecture's k, above 0.

    Returns:
        The learning rate.

    Raises:
        TypeError, ValueError: a number out of range.

    Example:
        >>> inverse_sqrt_decay(0.5, epoch_num=3)
        0.25

    Source: course 2, week 2, lecture.
    """
    learning_rate0, epoch_num = _check_epoch(learning_rate0, epoch_num)
    return learning_rate0 * check_positive("decay_rate", decay_rate) / float(np.sqrt(epoch_num + 1))


DECAYS: dict[str, Decay] = {
    "inverse_time": update_lr,
    "staircase": schedule_lr_decay,
    "exponential": exponential_decay,
    "inverse_sqrt": inverse_sqrt_decay,
}


# --- Training -------------------------------------------------------------------------------------


def random_mini_batches(
    X: np.ndarray, Y: np.ndarray, mini_batch_size: int = 64, seed: int = 0
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Shuffle the examples and cut them into parts; the last holds what remains.

    Args:
        X: inputs (n_x, m).
        Y: labels (n_y, m).
        mini_batch_size: examples a part, at least 1; m or more gives one part.
        seed: as for `np.random.seed`, without touching the global generator.

    Returns:
        [(X_part, Y_part), ...] with the dtypes of `X` and `Y`, every example once.

    Raises:
        TypeError: not numbers.
        ValueError: not two matrices with the same number of columns, NaN or infinity, a size below
            1, a negative seed.

    Example:
        >>> batches = random_mini_batches(np.zeros((2, 5)), np.zeros((1, 5)), mini_batch_size=2)
        >>> [X_part.shape for X_part, Y_part in batches]
        [(2, 2), (2, 2), (2, 1)]

    Source: course 2, week 2.
    """
    m = check_array("X", X, ("n_x", "m")).shape[1]
    check_array("Y", Y, ("n_y", ("m", m)), because=f"`X` of shape {np.shape(X)} sets m={m}")
    size = check_count("mini_batch_size", mini_batch_size)
    seed = check_count("seed", seed, minimum=0)
    return _mini_batches(np.asarray(X), np.asarray(Y), size, seed)


def _mini_batches(X, Y, size, seed):
    order = np.random.RandomState(seed).permutation(X.shape[1])
    X, Y = X[:, order], Y[:, order]
    starts = range(0, X.shape[1], size)
    return [(X[:, i : i + size], Y[:, i : i + size]) for i in starts]


def initialize_state(parameters: Arrays, optimizer: str) -> dict[str, np.ndarray | int]:
    """All that `mini_batch_descent` carries from step to step, as one flat dictionary.

    Args:
        parameters: {"W1", "b1", ..., "WL", "bL"} to start from.
        optimizer: "gd", "momentum", "rmsprop" or "adam".

    Returns:
        `parameters`, the averages that the optimizer keeps as "v_dW1", "s_dW1", ... (zeros), and
        the numbers of steps "t" and epochs "epoch" so far (0).

    Raises:
        TypeError, ValueError: layers that do not fit each other, an unknown optimizer.

    Example:
        >>> zero = np.zeros((1, 1))
        >>> list(initialize_state({"W1": zero, "b1": zero}, "momentum"))
        ['W1', 'b1', 'v_dW1', 'v_db1', 't', 'epoch']

    Source: course 2, week 2.
    """
    parameters = _check_layers(parameters)
    kinds = AVERAGES[check_choice("optimizer", optimizer, list(AVERAGES))]
    return _join(parameters, {kind: _zeros(parameters) for kind in kinds}, 0, 0)


def _join(parameters, averages, t, epoch):
    flat = {f"{kind}_{key}": a for kind, own in averages.items() for key, a in own.items()}
    return {**parameters, **flat, "t": t, "epoch": epoch}


def _split(state, optimizer):
    """The parts of a state, checked."""
    if not isinstance(state, Mapping):
        raise InvalidType(sentence("state", "be a dictionary", type(state).__name__))
    parameters = {k: v for k, v in state.items() if k[:1] in "Wb"}
    parameters = _check_layers(parameters, name="state")
    averages = {}
    for kind in AVERAGES[optimizer]:
        shapes = {f"{kind}_d{name}": p.shape for name, p in parameters.items()}
        own = check_keys("state", state, shapes)
        averages[kind] = {key.removeprefix(f"{kind}_"): value for key, value in own.items()}
    check_keys("state", state, {"t": (), "epoch": ()})
    t, epoch = (check_count(f"state['{k}']", state[k], minimum=0) for k in ("t", "epoch"))
    return parameters, averages, t, epoch


def mini_batch_descent(
    state: Mapping[str, np.ndarray | int],
    X: np.ndarray,
    Y: np.ndarray,
    optimizer: str,
    learning_rate: float = 0.0007,
    mini_batch_size: int = 64,
    *,
    beta: float = 0.9,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
    decay: Decay | str | None = None,
    decay_rate: float = 1,
) -> Iterator[tuple[dict[str, np.ndarray | int], float]]:
    """Yield (state, cost) after each epoch, for ever; the loop belongs to the caller.

    Hidden layers are ReLU, the output is sigmoid.  A state that was kept goes on exactly where it
    was left: its epoch decides the shuffle (seeds 11, 12, ... as in the course) and the decay.  The
    learning rate of epoch e is decay(alpha0, e - 1, rate), and alpha0 in epoch 0: the course
    lowers it at the end of an epoch.

    Args:
        state: from `initialize_state`, or as yielded.
        X: inputs (n_x, m).
        Y: labels 0 or 1, (n_y, m).
        optimizer: "gd", "momentum", "rmsprop" or "adam".
        learning_rate: alpha0, above 0.
        mini_batch_size: at least 1.
        beta: of momentum and RMSprop, in [0, 1).
        beta1: of Adam, in [0, 1).
        beta2: of Adam, in [0, 1).
        epsilon: of RMSprop and Adam, above 0.
        decay: None, a function like `update_lr`, or "inverse_time", "staircase", "exponential" or
            "inverse_sqrt".
        decay_rate: third argument of `decay`.

    Yields:
        state: after the epoch; a new dictionary each time.
        cost: mean over all examples in nats, each measured before the step of its mini-batch.

    Raises:
        TypeError, ValueError: bad data, an unknown optimizer or decay, a state of another
            optimizer, a number out of range; at once, not at the first step.

    Example:
        >>> X, Y = np.array([[-1.0, 1.0]]), np.array([[0, 1]])
        >>> state = initialize_state(initialize_parameters_he([1, 3, 1]), "adam")
        >>> steps = mini_batch_descent(state, X, Y, "adam", learning_rate=0.1)
        >>> costs = [next(steps)[1] for _ in range(50)]
        >>> costs[0] > costs[-1]
        True

    Source: course 2, week 2.
    """
    check_choice("optimizer", optimizer, list(AVERAGES))
    parts = _split(state, optimizer)
    parameters = parts[0]
    L = len(parameters) // 2
    X, Y = check_examples(X, Y, ("n_y", len(parameters[f"W{L}"])))
    because = f"`X` of shape {X.shape} sets n_x={len(X)}"
    check_array("state['W1']", parameters["W1"], ("n", ("n_prev", len(X))), because=because)
    update = _choose_update(optimizer, beta, beta1, beta2, epsilon)
    size = check_count("mini_batch_size", mini_batch_size)
    rate = _choose_rate(learning_rate, decay, decay_rate)
    return _mini_batch_descent(parts, X, Y, update, rate, size)


def _choose_update(optimizer, beta, beta1, beta2, epsilon):
    """The step, as (parameters, grads, averages, t, learning_rate) -> (parameters, averages)."""
    beta = check_interval("beta", beta, "[0, 1)")
    beta1 = check_interval("beta1", beta1, "[0, 1)")
    beta2 = check_interval("beta2", beta2, "[0, 1)")
    epsilon = check_positive("epsilon", epsilon)

    def gd(parameters, grads, averages, t, rate):
        return _gd(parameters, grads, rate), averages

    def momentum(parameters, grads, averages, t, rate):
        parameters, v = _momentum(parameters, grads, averages["v"], beta, rate)
        return parameters, {"v": v}

    def rmsprop(parameters, grads, averages, t, rate):
        parameters, s = _rmsprop(parameters, grads, averages["s"], beta, rate, epsilon)
        return parameters, {"s": s}

    def adam(parameters, grads, averages, t, rate):
        parameters, v, s, *_ = _adam(
            parameters, grads, averages["v"], averages["s"], t, rate, beta1, beta2, epsilon
        )
        return parameters, {"v": v, "s": s}

    return {"gd": gd, "momentum": momentum, "rmsprop": rmsprop, "adam": adam}[optimizer]


def _choose_rate(learning_rate, decay, decay_rate):
    """The learning rate of each epoch, as a function of its number."""
    learning_rate = check_positive("learning_rate", learning_rate)
    if isinstance(decay, str):
        decay = DECAYS[check_choice("decay", decay, list(DECAYS))]
    elif decay is not None and not callable(decay):
        expected = f"be None, a function or one of {', '.join(DECAYS)}"
        raise InvalidType(sentence("decay", expected, f"{decay!r} ({type(decay).__name__})"))

    def rate(epoch):
        if decay is None or epoch == 0:
            return learning_rate
        lowered = decay(learning_rate, epoch - 1, decay_rate)
        return check_interval(f"decay(..., {epoch - 1}, ...)", lowered, "[0, inf)")

    rate(1)  # a decay rate out of range is found before training
    return rate


def _mini_batch_descent(parts, X, Y, update, rate, size):
    parameters, averages, t, epoch = parts
    activations = ["relu"] * (len(parameters) // 2 - 1) + ["sigmoid"]
    while True:
        cost, learning_rate = 0.0, rate(epoch)
        for X_part, Y_part in _mini_batches(X, Y, size, FIRST_SEED + epoch):
            AL, caches = _forward(X_part, parameters, activations)
            layers = [(A_prev, W, Z) for (A_prev, W, _), Z in caches]
            cost += _cost_from_logits(caches[-1][1], AL, Y_part, "sigmoid") * Y_part.shape[1]
            grads, t = _backward(AL - Y_part, layers, "relu"), t + 1
            parameters, averages = update(parameters, grads, averages, t, learning_rate)
        epoch += 1
        yield _join(parameters, averages, t, epoch), cost / X.shape[1]


def model(
    X: np.ndarray,
    Y: np.ndarray,
    layers_dims: Sequence[int],
    optimizer: str,
    learning_rate: float = 0.0007,
    mini_batch_size: int = 64,
    beta: float = 0.9,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
    num_epochs: int = 5000,
    print_cost: bool = True,
    decay: Decay | str | None = None,
    decay_rate: float = 1,
) -> Arrays:
    """Train ReLU layers and a sigmoid output from He's weights (seed 3) with mini-batches.

    Ctrl-C ends the training and returns what was learned so far.

    Args:
        X: inputs (n_x, m).
        Y: labels 0 or 1, (n_y, m).
        layers_dims: units of every layer, (n_x, ..., n_y).
        optimizer: "gd", "momentum", "rmsprop" or "adam".
        learning_rate: alpha0, above 0.
        mini_batch_size: at least 1.
        beta: of momentum and RMSprop, in [0, 1).
        beta1: of Adam, in [0, 1).
        beta2: of Adam, in [0, 1).
        epsilon: of RMSprop and Adam, above 0.
        num_epochs: at least 0.
        print_cost: print the cost of every thousandth epoch, with the learning rate if it decays.
        decay: None, a function like `update_lr`, or a name as for `mini_batch_descent`.
        decay_rate: third argument of `decay`.

    Returns:
        {"W1", "b1", ..., "WL", "bL"} after the last epoch.

    Raises:
        TypeError, ValueError: as `mini_batch_descent`; sizes that do not fit the data.

    Example:
        >>> X, Y = np.array([[-1.0, 1.0]]), np.array([[0, 1]])
        >>> parameters = model(X, Y, [1, 3, 1], "adam", 0.1, num_epochs=100, print_cost=False)
        >>> [parameters[name].shape for name in ("W1", "b1", "W2", "b2")]
        [(3, 1), (3, 1), (1, 3), (1, 1)]

    Source: course 2, week 2.
    """
    sizes = check_layer_sizes("layers_dims", layers_dims)
    X, Y = check_examples(X, Y, ("n_y", sizes[-1]))
    if sizes[0] != len(X):
        raise InvalidValue(sentence("layers_dims", f"begin with n_x={len(X)}", sizes))
    num_epochs = check_count("num_epochs", num_epochs, minimum=0)
    check_choice("optimizer", optimizer, list(AVERAGES))
    rate = _choose_rate(learning_rate, decay, decay_rate)
    start = initialize_state(initialize_parameters_he(sizes), optimizer)
    steps = mini_batch_descent(
        start,
        X,
        Y,
        optimizer,
        learning_rate,
        mini_batch_size,
        beta=beta,
        beta1=beta1,
        beta2=beta2,
        epsilon=epsilon,
        decay=decay,
        decay_rate=decay_rate,
    )
    every = 1000 if print_cost else 0
    note = (lambda i: f", learning rate {rate(i):.6f}") if decay else (lambda i: "")
    state = follow(steps, start, num_epochs, every, "epoch", note)
    return {name: value for name, value in state.items() if name[0] in "Wb"}
