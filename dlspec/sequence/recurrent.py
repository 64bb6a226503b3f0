"""Recurrent networks by hand: RNN, LSTM and GRU, forward and backward (course 5, week 1).

A recurrent layer reads a sequence step by step and carries what it remembers along, with the same
weights at every step.  Square brackets stack: [a; x] is a above x.

    RNN     a<t> = tanh(Waa a<t-1> + Wax x<t> + ba),   y<t> = softmax(Wya a<t> + by)

    LSTM    Gf, Gi, Go = sigmoid(W [a<t-1>; x<t>] + b), each with its own Wf, bf, Wi, bi, Wo, bo
            cc = tanh(Wc [a<t-1>; x<t>] + bc)
            c<t> = Gf * c<t-1> + Gi * cc,   a<t> = Go * tanh(c<t>),   y<t> = softmax(Wy a<t> + by)

    GRU     Gu, Gr = sigmoid(W [a<t-1>; x<t>] + b), with Wu, bu and Wr, br
            cc = tanh(Wc [Gr * a<t-1>; x<t>] + bc)
            a<t> = Gu * cc + (1 - Gu) * a<t-1>,   y<t> = softmax(Wy a<t> + by)

Gf forgets, Gi inputs (the lecture's update gate of the LSTM), Go outputs, Gu updates, Gr says how
relevant the past is.  The GRU's memory cell is its activation, c<t> = a<t>.  Without "Wr" in its
parameters it is the simplified GRU of the lecture, Gr = 1.  With "bcc" it is the variant of cuDNN
and of Keras' reset_after=True, where the gate comes after the product:

            cc = tanh(Wcx x<t> + bc + Gr * (Wca a<t-1> + bcc)),   Wc = [Wca, Wcx]

Notation: x (n_x, m, T_x), a (n_a, m, T_x), y (n_y, m, T_x); examples are columns, time comes last.
W is (n_a, n_a + n_x), biases are (n, 1).  * is elementwise.  Sequences start from c0 = 0.

The backward passes go back through time: what flows from step t + 1 to t is added to da<t>.  They
start from da, the gradient of the cost for every a<t> as it comes from the outputs y (or from a
layer above), and return sums over examples and steps.  As many steps are taken as `da` has: fewer
than the caches is truncated backpropagation.  Gates are read from the caches, not computed anew.

One published table of the course for `lstm_backward` (its dx[1][2] begins with -0.00173313) is
wrong: it comes from carrying neither da_prev nor dc_prev from step to step.  The numerical gradient
decides, and here it agrees.

The notes this package started from contain two slips here, not repeated above: the GRU's update
gate written with the candidate's weights, and an update gate near 1 said to keep the past (at 1 it
replaces it).

Faster forms of the same, bidirectional and stacked layers, and Keras' weights: `recurrent_layers`.
"""

from collections.abc import Mapping

import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import check_array, check_keys

__all__ = [
    "gru_backward",
    "gru_cell_backward",
    "gru_cell_forward",
    "gru_forward",
    "lstm_backward",
    "lstm_cell_backward",
    "lstm_cell_forward",
    "lstm_forward",
    "rnn_backward",
    "rnn_cell_backward",
    "rnn_cell_forward",
    "rnn_forward",
]

Parameters = Mapping[str, np.ndarray]
Gradients = dict[str, np.ndarray]


# --- RNN forward ----------------------------------------------------------------------------------


def rnn_cell_forward(
    xt: np.ndarray, a_prev: np.ndarray, parameters: Parameters
) -> tuple[np.ndarray, np.ndarray, tuple]:
    """One step: a_next = tanh(Waa a_prev + Wax xt + ba), y = softmax(Wya a_next + by).

    Args:
        xt: input of the step (n_x, m).
        a_prev: hidden state before it (n_a, m).
        parameters: {"Wax": (n_a, n_x), "Waa": (n_a, n_a), "Wya": (n_y, n_a), "ba": (n_a, 1),
            "by": (n_y, 1)}.

    Returns:
        a_next: (n_a, m).
        yt_pred: probabilities (n_y, m), columns sum to 1.
        cache: (a_next, a_prev, xt, parameters).

    Raises:
        TypeError: not numbers, or not a dictionary.
        ValueError: a missing parameter, shapes that do not fit.

    Example:
        >>> zero, one = np.zeros((1, 1)), np.ones((1, 1))
        >>> parameters = {"Wax": one, "Waa": one, "Wya": np.ones((2, 1)), "ba": zero,
        ...               "by": np.zeros((2, 1))}
        >>> a_next, y, _ = rnn_cell_forward(one, zero, parameters)
        >>> a_next.round(4), y.ravel()
        (array([[0.7616]]), array([0.5, 0.5]))

    Source: course 5, week 1.
    """
    xt, a_prev = _check_step(xt, {"a_prev": a_prev})
    checked = _check_parameters("rnn", parameters, len(xt), len(a_prev), outputs=True)
    a_next = _rnn_step(xt, a_prev, checked)
    yt_pred = _softmax(checked["Wya"] @ a_next + checked["by"])
    return a_next, yt_pred, (a_next, a_prev, xt, checked)


def _rnn_step(xt, a_prev, parameters):
    Wax, Waa, ba = parameters["Wax"], parameters["Waa"], parameters["ba"]
    return np.tanh(Wax @ xt + Waa @ a_prev + ba)


def rnn_forward(
    x: np.ndarray, a0: np.ndarray, parameters: Parameters
) -> tuple[np.ndarray, np.ndarray, tuple]:
    """The cell over a whole sequence.

    Args:
        x: inputs (n_x, m, T_x).
        a0: initial hidden state (n_a, m).
        parameters: as `rnn_cell_forward` takes them.

    Returns:
        a: hidden states (n_a, m, T_x).
        y_pred: probabilities (n_y, m, T_x).
        caches: (list of T_x caches, x).

    Raises:
        TypeError: not numbers, or not a dictionary.
        ValueError: a missing parameter, shapes that do not fit.

    Example:
        >>> x, a0 = np.zeros((3, 2, 4)), np.zeros((5, 2))
        >>> parameters = {"Wax": np.zeros((5, 3)), "Waa": np.zeros((5, 5)),
        ...               "Wya": np.zeros((2, 5)), "ba": np.zeros((5, 1)), "by": np.zeros((2, 1))}
        >>> a, y_pred, (steps, _) = rnn_forward(x, a0, parameters)
        >>> a.shape, y_pred.shape, len(steps)
        ((5, 2, 4), (2, 2, 4), 4)

    Source: course 5, week 1.
    """
    x, a_next = _check_sequence(x, a0)
    checked = _check_parameters("rnn", parameters, len(x), len(a_next), outputs=True)
    steps = []
    for t in range(x.shape[2]):
        a_prev, xt = a_next, x[:, :, t]
        a_next = _rnn_step(xt, a_prev, checked)
        steps.append((a_next, a_prev, xt, checked))
    a = np.stack([step[0] for step in steps], axis=2)
    return a, _outputs(a, checked["Wya"], checked["by"]), (steps, x)


def _outputs(a, W, b):
    """y<t> = softmax(W a<t> + b) for all steps."""
    return _softmax(np.tensordot(W, a, 1) + b[:, :, None])


# --- RNN backward ---------------------------------------------------------------------------------


def rnn_cell_backward(da_next: np.ndarray, cache: tuple) -> Gradients:
    """Back through one step, with tanh' = 1 - a_next^2.

        dz = da_next * (1 - a_next^2)
        dWax = dz xt^T,   dWaa = dz a_prev^T,   dba = sum of dz over the examples
        dxt = Wax^T dz,   da_prev = Waa^T dz

    Args:
        da_next: gradient of the cost for a_next, (n_a, m).
        cache: as `rnn_cell_forward` returns it.

    Returns:
        {"dxt": (n_x, m), "da_prev": (n_a, m), "dWax": (n_a, n_x), "dWaa": (n_a, n_a),
        "dba": (n_a, 1)}.

    Raises:
        TypeError: not numbers, or no cache of the RNN.
        ValueError: shapes that do not fit.

    Example:
        >>> one = np.ones((1, 1))
        >>> parameters = {"Wax": one, "Waa": 2 * one, "ba": one}
        >>> gradients = rnn_cell_backward(one, (0 * one, one, one, parameters))
        >>> gradients["dxt"], gradients["da_prev"]
        (array([[1.]]), array([[2.]]))

    Source: course 5, week 1.
    """
    cache = _check_cache("rnn", "cache", cache)
    return _rnn_cell_backward(_check_gradient("da_next", da_next, cache[0]), cache)


def _rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    dz = da_next * (1 - a_next**2)
    return {
        "dxt": parameters["Wax"].T @ dz,
        "da_prev": parameters["Waa"].T @ dz,
        "dWax": dz @ xt.T,
        "dWaa": dz @ a_prev.T,
        "dba": dz.sum(axis=1, keepdims=True),
    }


def rnn_backward(da: np.ndarray, caches: tuple) -> Gradients:
    """Back through time: what step t + 1 hands back is added to da<t>.

    Args:
        da: gradient of the cost for every hidden state (n_a, m, T), T up to the T_x of the caches.
        caches: as `rnn_forward` returns them.

    Returns:
        {"dx": (n_x, m, T), "da0": (n_a, m), "dWax": (n_a, n_x), "dWaa": (n_a, n_a),
        "dba": (n_a, 1)}.

    Raises:
        TypeError: not numbers, or no caches of the RNN.
        ValueError: shapes that do not fit, more steps in `da` than caches.

    Example:
        >>> one = np.ones((1, 1))
        >>> parameters = {"Wax": one, "Waa": one / 2, "ba": one}
        >>> caches = ([(0 * one, one, one, parameters)] * 3, np.ones((1, 1, 3)))
        >>> rnn_backward(np.array([[[0.0, 0.0, 1.0]]]), caches)["dx"]
        array([[[0.25, 0.5 , 1.  ]]])

    Source: course 5, week 1.
    """
    da, steps = _check_backward("rnn", da, caches)
    return _backward(da, steps, _rnn_cell_backward)


def _backward(da, steps, cell_backward):
    """RNN and GRU: carry da_prev back, add up the gradients of the weights."""
    da_prev, dx, total = np.zeros_like(da[:, :, 0]), [], {}
    for t in reversed(range(da.shape[2])):
        step = cell_backward(da[:, :, t] + da_prev, steps[t])
        da_prev = step.pop("da_prev")
        dx.append(step.pop("dxt"))
        total = {name: total.get(name, 0) + gradient for name, gradient in step.items()}
    return {"dx": np.stack(dx[::-1], axis=2), "da0": da_prev, **total}


# --- LSTM forward ---------------------------------------------------------------------------------


def lstm_cell_forward(
    xt: np.ndarray, a_prev: np.ndarray, c_prev: np.ndarray, parameters: Parameters
) -> tuple[np.ndarray, np.ndarray, np.ndarray, tuple]:
    """One step with a memory cell and three gates.

    Args:
        xt: input of the step (n_x, m).
        a_prev: hidden state before it (n_a, m).
        c_prev: memory before it (n_a, m).
        parameters: {"Wf", "Wi", "Wc", "Wo": (n_a, n_a + n_x), "bf", "bi", "bc", "bo": (n_a, 1),
            "Wy": (n_y, n_a), "by": (n_y, 1)}.

    Returns:
        a_next: (n_a, m).
        c_next: (n_a, m).
        yt_pred: probabilities (n_y, m).
        cache: (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters).

    Raises:
        TypeError: not numbers, or not a dictionary.
        ValueError: a missing parameter, shapes that do not fit.

    Example:
        >>> zero, one, W = np.zeros((1, 1)), np.ones((1, 1)), np.zeros((1, 2))
        >>> parameters = {"Wf": W, "bf": zero, "Wi": W, "bi": zero, "Wc": W, "bc": zero, "Wo": W,
        ...               "bo": zero, "Wy": one, "by": zero}
        >>> lstm_cell_forward(one, zero, 4 * one, parameters)[1]  # half of it is forgotten
        array([[2.]])

    Source: course 5, week 1; Hochreiter and Schmidhuber, "Long short-term memory", 1997; Gers et
    al., "Learning to forget", 2000.
    """
    xt, a_prev, c_prev = _check_step(xt, {"a_prev": a_prev, "c_prev": c_prev})
    checked = _check_parameters("lstm", parameters, len(xt), len(a_prev), outputs=True)
    cache = _lstm_step(xt, a_prev, c_prev, checked)
    a_next, c_next = cache[:2]
    return a_next, c_next, _softmax(checked["Wy"] @ a_next + checked["by"]), cache


def _lstm_step(xt, a_prev, c_prev, parameters):
    concat = np.concatenate([a_prev, xt])
    ft, it, ot = (
        _sigmoid(parameters[f"W{gate}"] @ concat + parameters[f"b{gate}"]) for gate in "fio"
    )
    cct = np.tanh(parameters["Wc"] @ concat + parameters["bc"])
    c_next = ft * c_prev + it * cct
    a_next = ot * np.tanh(c_next)
    return a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters


def lstm_forward(
    x: np.ndarray, a0: np.ndarray, parameters: Parameters
) -> tuple[np.ndarray, np.ndarray, np.ndarray, tuple]:
    """The cell over a whole sequence, from an empty memory.

    Args:
        x: inputs (n_x, m, T_x).
        a0: initial hidden state (n_a, m).
        parameters: as `lstm_cell_forward` takes them.

    Returns:
        a: hidden states (n_a, m, T_x).
        y: probabilities (n_y, m, T_x).
        c: memory (n_a, m, T_x).
        caches: (list of T_x caches, x).

    Raises:
        TypeError: not numbers, or not a dictionary.
        ValueError: a missing parameter, shapes that do not fit.

    Example:
        >>> zero, W = np.zeros((1, 1)), np.zeros((1, 2))
        >>> parameters = {"Wf": W, "bf": zero, "Wi": W, "bi": zero, "Wc": W, "bc": zero + 100,
        ...               "Wo": W, "bo": zero, "Wy": zero, "by": zero}
        >>> lstm_forward(np.zeros((1, 1, 3)), zero, parameters)[2]
        array([[[0.5  , 0.75 , 0.875]]])

    Source: course 5, week 1.
    """
    x, a_next = _check_sequence(x, a0)
    checked = _check_parameters("lstm", parameters, len(x), len(a_next), outputs=True)
    c_next, steps = np.zeros_like(a_next), []
    for t in range(x.shape[2]):
        steps.append(_lstm_step(x[:, :, t], a_next, c_next, checked))
        a_next, c_next = steps[-1][:2]
    a, c = (np.stack([step[i] for step in steps], axis=2) for i in (0, 1))
    return a, _outputs(a, checked["Wy"], checked["by"]), c, (steps, x)


# --- LSTM backward --------------------------------------------------------------------------------


def lstm_cell_backward(da_next: np.ndarray, dc_next: np.ndarray, cache: tuple) -> Gradients:
    """Back through one step; d<gate> is the gradient before the gate's sigmoid or tanh.

        dc = dc_next + da_next * ot * (1 - tanh(c_next)^2)        all that reaches the memory
        do = da_next * tanh(c_next) * ot * (1 - ot)
        df = dc * c_prev * ft * (1 - ft),   di = dc * cct * it * (1 - it)
        dcc = dc * it * (1 - cct^2)
        dW = d<gate> [a_prev; xt]^T,   db = sum of d<gate> over the examples
        [da_prev; dxt] = sum of W^T d<gate> over the gates,   dc_prev = dc * ft

    The last equation is the point of the LSTM: with ft = 1 the memory's gradient passes unchanged.

    Args:
        da_next: gradient of the cost for a_next, (n_a, m).
        dc_next: gradient for c_next that comes from later steps, (n_a, m).
        cache: as `lstm_cell_forward` returns it.

    Returns:
        {"dxt": (n_x, m), "da_prev": (n_a, m), "dc_prev": (n_a, m), "dWf", "dWi", "dWc", "dWo":
        (n_a, n_a + n_x), "dbf", "dbi", "dbc", "dbo": (n_a, 1)}.

    Raises:
        TypeError: not numbers, or no cache of the LSTM.
        ValueError: shapes that do not fit.

    Example:
        >>> zero, one, W = np.zeros((1, 1)), np.ones((1, 1)), np.zeros((1, 2))
        >>> parameters = {"Wf": W, "bf": zero, "Wi": W, "bi": zero, "Wc": W, "bc": zero, "Wo": W,
        ...               "bo": zero, "Wy": one, "by": zero}
        >>> *_, cache = lstm_cell_forward(one, zero, one, parameters)
        >>> lstm_cell_backward(zero, one, cache)["dc_prev"]
        array([[0.5]])

    Source: course 5, week 1.
    """
    cache = _check_cache("lstm", "cache", cache)
    da_next = _check_gradient("da_next", da_next, cache[0])
    dc_next = _check_gradient("dc_next", dc_next, cache[0])
    return _lstm_cell_backward(da_next, dc_next, cache)


def _lstm_cell_backward(da_next, dc_next, cache):
    _, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    tanh_c = np.tanh(c_next)
    dc = dc_next + da_next * ot * (1 - tanh_c**2)
    dz = {
        "f": dc * c_prev * ft * (1 - ft),
        "i": dc * cct * it * (1 - it),
        "c": dc * it * (1 - cct**2),
        "o": da_next * tanh_c * ot * (1 - ot),
    }
    concat, n_a = np.concatenate([a_prev, xt]), len(a_prev)
    dconcat = sum(parameters[f"W{gate}"].T @ dz[gate] for gate in dz)
    return {
        "dxt": dconcat[n_a:],
        "da_prev": dconcat[:n_a],
        "dc_prev": dc * ft,
        **{f"dW{gate}": dz[gate] @ concat.T for gate in dz},
        **{f"db{gate}": dz[gate].sum(axis=1, keepdims=True) for gate in dz},
    }


def lstm_backward(da: np.ndarray, caches: tuple) -> Gradients:
    """Back through time, carrying the gradients of the hidden state and of the memory.

    The table of the course whose dx[1][2] begins with -0.00173313 carries neither, and is wrong.

    Args:
        da: gradient of the cost for every hidden state (n_a, m, T), T up to the T_x of the caches.
        caches: as `lstm_forward` returns them.

    Returns:
        {"dx": (n_x, m, T), "da0": (n_a, m), "dWf", "dWi", "dWc", "dWo": (n_a, n_a + n_x), "dbf",
        "dbi", "dbc", "dbo": (n_a, 1)}.

    Raises:
        TypeError: not numbers, or no caches of the LSTM.
        ValueError: shapes that do not fit, more steps in `da` than caches.

    Example:
        >>> zero, one, W = np.zeros((1, 1)), np.ones((1, 1)), np.zeros((1, 2))
        >>> parameters = {"Wf": W, "bf": zero, "Wi": W, "bi": zero, "Wc": W, "bc": zero, "Wo": W,
        ...               "bo": zero, "Wy": one, "by": zero}
        >>> *_, caches = lstm_forward(np.ones((1, 1, 2)), zero, parameters)
        >>> gradients = lstm_backward(np.ones((1, 1, 2)), caches)
        >>> gradients["dbc"]  # 1/4 from the second step, 1/4 + 1/8 from the first
        array([[0.625]])

    Source: course 5, week 1.
    """
    da, steps = _check_backward("lstm", da, caches)
    da_prev = dc_prev = np.zeros_like(da[:, :, 0])
    dx, total = [], {}
    for t in reversed(range(da.shape[2])):
        step = _lstm_cell_backward(da[:, :, t] + da_prev, dc_prev, steps[t])
        da_prev, dc_prev = step.pop("da_prev"), step.pop("dc_prev")
        dx.append(step.pop("dxt"))
        total = {name: total.get(name, 0) + gradient for name, gradient in step.items()}
    return {"dx": np.stack(dx[::-1], axis=2), "da0": da_prev, **total}


# --- GRU forward ----------------------------------------------------------------------------------


def gru_cell_forward(
    xt: np.ndarray, a_prev: np.ndarray, parameters: Parameters
) -> tuple[np.ndarray, np.ndarray, tuple]:
    """One step with two gates, or with one where the parameters lack "Wr".

    Args:
        xt: input of the step (n_x, m).
        a_prev: hidden state before it, which is the memory (n_a, m).
        parameters: {"Wu", "Wc": (n_a, n_a + n_x), "bu", "bc": (n_a, 1), "Wy": (n_y, n_a),
            "by": (n_y, 1)}; with "Wr" (n_a, n_a + n_x) and "br" (n_a, 1) the full GRU; with "bcc"
            (n_a, 1) too the relevance gate comes after the product.

    Returns:
        a_next: (n_a, m).
        yt_pred: probabilities (n_y, m).
        cache: (a_next, a_prev, ut, rt, cct, xt, parameters); rt is 1 in the simplified GRU.

    Raises:
        TypeError: not numbers, or not a dictionary.
        ValueError: a missing parameter, shapes that do not fit.

    Example:
        >>> zero, one, W = np.zeros((1, 1)), np.ones((1, 1)), np.zeros((1, 2))
        >>> parameters = {"Wu": W, "bu": zero, "Wc": W, "bc": zero, "Wy": one, "by": zero}
        >>> gru_cell_forward(one, 3 * one, parameters)[0]  # halfway to the candidate 0
        array([[1.5]])

    Source: course 5, week 1; Cho et al., "Learning phrase representations using RNN
    encoder-decoder", 2014; Chung et al., "Empirical evaluation of gated recurrent neural
    networks", 2014.
    """
    xt, a_prev = _check_step(xt, {"a_prev": a_prev})
    checked = _check_parameters("gru", parameters, len(xt), len(a_prev), outputs=True)
    cache = _gru_step(xt, a_prev, checked)
    return cache[0], _softmax(checked["Wy"] @ cache[0] + checked["by"]), cache


def _gru_step(xt, a_prev, parameters):
    concat, full = np.concatenate([a_prev, xt]), "Wr" in parameters
    ut = _sigmoid(parameters["Wu"] @ concat + parameters["bu"])
    rt = _sigmoid(parameters["Wr"] @ concat + parameters["br"]) if full else np.ones_like(ut)
    Wca, Wcx = np.split(parameters["Wc"], [len(a_prev)], axis=1)
    if "bcc" in parameters:
        from_past = rt * (Wca @ a_prev + parameters["bcc"])
    else:
        from_past = Wca @ (rt * a_prev)
    cct = np.tanh(from_past + Wcx @ xt + parameters["bc"])
    a_next = ut * cct + (1 - ut) * a_prev
    return a_next, a_prev, ut, rt, cct, xt, parameters


def gru_forward(
    x: np.ndarray, a0: np.ndarray, parameters: Parameters
) -> tuple[np.ndarray, np.ndarray, tuple]:
    """The cell over a whole sequence.

    Args:
        x: inputs (n_x, m, T_x).
        a0: initial hidden state (n_a, m).
        parameters: as `gru_cell_forward` takes them.

    Returns:
        a: hidden states (n_a, m, T_x).
        y_pred: probabilities (n_y, m, T_x).
        caches: (list of T_x caches, x).

    Raises:
        TypeError: not numbers, or not a dictionary.
        ValueError: a missing parameter, shapes that do not fit.

    Example:
        >>> zero, one, W = np.zeros((1, 1)), np.ones((1, 1)), np.zeros((1, 2))
        >>> parameters = {"Wu": W, "bu": zero, "Wc": W, "bc": zero, "Wy": one, "by": zero}
        >>> gru_forward(np.ones((1, 1, 3)), 8 * one, parameters)[0]
        array([[[4., 2., 1.]]])

    Source: course 5, week 1.
    """
    x, a_next = _check_sequence(x, a0)
    checked = _check_parameters("gru", parameters, len(x), len(a_next), outputs=True)
    steps = []
    for t in range(x.shape[2]):
        steps.append(_gru_step(x[:, :, t], a_next, checked))
        a_next = steps[-1][0]
    a = np.stack([step[0] for step in steps], axis=2)
    return a, _outputs(a, checked["Wy"], checked["by"]), (steps, x)


# --- GRU backward ---------------------------------------------------------------------------------


def gru_cell_backward(da_next: np.ndarray, cache: tuple) -> Gradients:
    """Back through one step; d<gate> is the gradient before the gate's sigmoid or tanh.

        du = da_next * (cct - a_prev) * ut * (1 - ut)
        dcc = da_next * ut * (1 - cct^2)
        dr = (Wca^T dcc) * a_prev * rt * (1 - rt)
        da_prev = da_next * (1 - ut) + (Wca^T dcc) * rt + Wua^T du + Wra^T dr

    With the gate after the product: dr = dcc * (Wca a_prev + bcc) * rt * (1 - rt), the candidate
    gives Wca^T (dcc * rt) to da_prev, and dbcc = sum of dcc * rt over the examples.

    Args:
        da_next: gradient of the cost for a_next, (n_a, m).
        cache: as `gru_cell_forward` returns it.

    Returns:
        {"dxt": (n_x, m), "da_prev": (n_a, m)} and "d" with the name of every parameter of the gates
        and of the candidate, of its shape.

    Raises:
        TypeError: not numbers, or no cache of the GRU.
        ValueError: shapes that do not fit.

    Example:
        >>> zero, one, W = np.zeros((1, 1)), np.ones((1, 1)), np.zeros((1, 2))
        >>> parameters = {"Wu": W, "bu": zero, "Wc": W, "bc": zero, "Wy": one, "by": zero}
        >>> *_, cache = gru_cell_forward(one, one, parameters)
        >>> gru_cell_backward(one, cache)["dbu"]  # to update more would take from a = 1
        array([[-0.25]])

    Source: course 5, week 1.
    """
    cache = _check_cache("gru", "cache", cache)
    return _gru_cell_backward(_check_gradient("da_next", da_next, cache[0]), cache)


def _gru_cell_backward(da_next, cache):
    _, a_prev, ut, rt, cct, xt, parameters = cache
    concat, n_a = np.concatenate([a_prev, xt]), len(a_prev)
    du = da_next * (cct - a_prev) * ut * (1 - ut)
    dcc = da_next * ut * (1 - cct**2)
    Wca, Wcx = np.split(parameters["Wc"], [n_a], axis=1)
    gradients = {"dWu": du @ concat.T, "dbu": du}
    if "bcc" in parameters:
        from_past = dcc * rt
        drt = dcc * (Wca @ a_prev + parameters["bcc"])
        da_prev = da_next * (1 - ut) + Wca.T @ from_past
        dWc = [from_past @ a_prev.T, dcc @ xt.T]
        gradients["dbcc"] = from_past
    else:
        to_gated = Wca.T @ dcc
        drt = to_gated * a_prev
        da_prev = da_next * (1 - ut) + to_gated * rt
        dWc = [dcc @ (rt * a_prev).T, dcc @ xt.T]
    gradients |= {"dWc": np.concatenate(dWc, axis=1), "dbc": dcc}
    dconcat = parameters["Wu"].T @ du
    if "Wr" in parameters:
        dr = drt * rt * (1 - rt)
        dconcat = dconcat + parameters["Wr"].T @ dr
        gradients |= {"dWr": dr @ concat.T, "dbr": dr}
    for name in gradients:
        if name.startswith("db"):
            gradients[name] = gradients[name].sum(axis=1, keepdims=True)
    return {"dxt": dconcat[n_a:] + Wcx.T @ dcc, "da_prev": dconcat[:n_a] + da_prev, **gradients}


def gru_backward(da: np.ndarray, caches: tuple) -> Gradients:
    """Back through time.

    Args:
        da: gradient of the cost for every hidden state (n_a, m, T), T up to the T_x of the caches.
        caches: as `gru_forward` returns them.

    Returns:
        {"dx": (n_x, m, T), "da0": (n_a, m)} and "d" with the name of every parameter of the gates
        and of the candidate, of its shape.

    Raises:
        TypeError: not numbers, or no caches of the GRU.
        ValueError: shapes that do not fit, more steps in `da` than caches.

    Example:
        >>> zero, one, W = np.zeros((1, 1)), np.ones((1, 1)), np.zeros((1, 2))
        >>> parameters = {"Wu": W, "bu": zero, "Wc": W, "bc": zero, "Wy": one, "by": zero}
        >>> *_, caches = gru_forward(np.ones((1, 1, 3)), one, parameters)
        >>> gru_backward(np.array([[[0.0, 0.0, 1.0]]]), caches)["da0"]
        array([[0.125]])

    Source: course 5, week 1.
    """
    da, steps = _check_backward("gru", da, caches)
    return _backward(da, steps, _gru_cell_backward)


# --- Shared ---------------------------------------------------------------------------------------


def _sigmoid(z):
    """1 / (1 + e^-z) as (1 + tanh(z / 2)) / 2, which never overflows."""
    return 0.5 * (1 + np.tanh(0.5 * z))


def _softmax(z):
    """e^z over its sum along the first axis, with the largest z taken off first."""
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


# --- Checks ---------------------------------------------------------------------------------------

CACHES = {
    "rnn": ("a_next", "a_prev", "xt"),
    "lstm": ("a_next", "c_next", "a_prev", "c_prev", "ft", "it", "cct", "ot", "xt"),
    "gru": ("a_next", "a_prev", "ut", "rt", "cct", "xt"),
}
"""What a cell remembers; the parameters come last."""


def _shapes(kind, parameters, n_x, n_a, outputs):
    """Shapes of the parameters of one kind of layer, those of the outputs on demand."""
    column, a, x = ("n_a", n_a), ("n_a", n_a), ("n_x", n_x)
    concat = ("n_a + n_x", n_a + n_x)
    if kind == "rnn":
        shapes = {"Wax": (a, x), "Waa": (a, a), "ba": (column, 1)}
        return shapes | ({"Wya": ("n_y", a), "by": ("n_y", 1)} if outputs else {})
    gates = "fico" if kind == "lstm" else "ucr" if {"Wr", "bcc"} & set(parameters) else "uc"
    shapes = {f"W{gate}": (a, concat) for gate in gates}
    shapes |= {f"b{gate}": (column, 1) for gate in gates}
    if kind == "gru" and "bcc" in parameters:
        shapes["bcc"] = (column, 1)
    return shapes | ({"Wy": ("n_y", a), "by": ("n_y", 1)} if outputs else {})


def _check_parameters(kind, parameters, n_x, n_a, outputs=False, name="parameters"):
    names = parameters if isinstance(parameters, Mapping) else ()
    checked = check_keys(name, parameters, _shapes(kind, names, n_x, n_a, outputs))
    if outputs:
        W, n_y = ("Wya" if kind == "rnn" else "Wy"), len(checked["by"])
        because = f"`{name}['by']` sets n_y={n_y}"
        check_array(f"{name}['{W}']", checked[W], (("n_y", n_y), "n_a"), because=because)
    return checked


def _check_step(xt, states):
    """Return xt (n_x, m) and states (n_a, m) of as many examples."""
    xt = check_array("xt", xt, ("n_x", "m"))
    because = f"`xt` of shape {xt.shape} sets m={xt.shape[1]}"
    rows, checked = "n_a", [xt]
    for name, state in states.items():
        checked.append(check_array(name, state, (rows, ("m", xt.shape[1])), because=because))
        rows = ("n_a", len(checked[1]))
    return checked


def _check_sequence(x, a0):
    x = check_array("x", x, ("n_x", "m", "T_x"))
    because = f"`x` of shape {x.shape} sets m={x.shape[1]}"
    return x, check_array("a0", a0, ("n_a", ("m", x.shape[1])), because=because)


def _check_gradient(name, gradient, like):
    n_a, m = like.shape
    because = f"The cache sets n_a={n_a} and m={m}"
    return check_array(name, gradient, (("n_a", n_a), ("m", m)), because=because)


def _check_cache(kind, name, cache):
    names = (*CACHES[kind], "parameters")
    if not isinstance(cache, tuple) or len(cache) != len(names):
        size = f" of {len(cache)}" if isinstance(cache, tuple) else ""
        received = f"{type(cache).__name__}{size}"
        raise InvalidType(sentence(name, f"be the tuple ({', '.join(names)})", received))
    *arrays, parameters = cache
    first = check_array(f"{name}[0]", arrays[0], ("n_a", "m"))
    n_a, m = first.shape
    because = f"`{name}[0]` sets n_a={n_a} and m={m}"
    checked = [first]
    for i, array in enumerate(arrays[1:], start=1):
        rows = "n_x" if names[i] == "xt" else ("n_a", n_a)
        checked.append(check_array(f"{name}[{i}]", array, (rows, ("m", m)), because=because))
    place = f"{name}[{len(arrays)}]"
    return *checked, _check_parameters(kind, parameters, len(checked[-1]), n_a, name=place)


def _check_backward(kind, da, caches):
    """Return da (n_a, m, T) and the first T caches; the parameters are looked at once."""
    fits = isinstance(caches, tuple) and len(caches) == 2 and isinstance(caches[0], list)
    if not fits:
        expected, received = "be the tuple (list of caches, x)", type(caches).__name__
        raise InvalidType(sentence("caches", expected, received))
    steps = caches[0]
    if not steps:
        raise InvalidValue(sentence("caches", "hold at least 1 step", 0))
    first = _check_cache(kind, "caches[0][0]", steps[0])
    n_a, m = first[0].shape
    because = f"The caches set n_a={n_a} and m={m}"
    da = check_array("da", da, (("n_a", n_a), ("m", m), "T"), because=because)
    if da.shape[2] > len(steps):
        expected = f"have at most the {len(steps)} time steps of the caches"
        raise InvalidValue(sentence("da", expected, da.shape[2]))
    return da, [first, *steps[1 : da.shape[2]]]
