"""Whole recurrent layers: fast forms, both directions, stacks, and Keras' weights.

The same RNN, LSTM and GRU as in `recurrent`, with the same parameters, without the outputs y.
`layer_forward` and `layer_backward` compute what the cells compute step by step, but faster, from
three ideas:

    one product per step          Wf, Wi, Wo, Wc and the biases make up one matrix, and [a; x; 1]
                                  lies ready in memory: x is filled in beforehand, and a step writes
                                  its a<t> where the next one reads it.
    one tanh for all gates        sigmoid(z) = (1 + tanh(z / 2)) / 2; rows of gates are halved
                                  beforehand, and the whole stack goes through one tanh.
    weights after the loop        Going back, a step keeps its dz only; dW = sum of
                                  dz<t> [a<t-1>; x<t>; 1]^T is one product, all steps side by side.

Inside the loops arrays are (T_x, n, m): what a step reads lies together in memory.

    bidirectional    a<t> = [a>; a<]: one layer reads from the left, another from the right, so the
                     whole sequence must be there before the first output
    deep             a[l]<t> from a[l]<t-1> and a[l-1]<t>: the states of a layer are the inputs of
                     the next

Keras has kernels (n_x, gates n_a) and recurrent kernels (n_a, gates n_a), gates in the order i, f,
c, o for the LSTM and z, r, h for the GRU.  Its GRU keeps where the course updates, z = 1 - Gu, so
those weights change sign: 1 - sigmoid(v) = sigmoid(-v).
"""

from collections.abc import Mapping, Sequence

import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import check_array, check_choice, check_count
from dlspec.sequence.recurrent import Gradients, Parameters, _check_parameters

__all__ = [
    "bidirectional_backward",
    "bidirectional_forward",
    "deep_backward",
    "deep_forward",
    "from_keras",
    "initialize_parameters",
    "layer_backward",
    "layer_forward",
    "to_keras",
]

KINDS = ("rnn", "lstm", "gru", "gru_simplified", "gru_reset_after")

GATES = {"rnn": ("a",), "lstm": ("f", "i", "o", "c"), "gru": ("u", "r", "c")}
"""From top to bottom of the stack; the one that ends in a tanh comes last."""

Layer = Parameters | tuple[Parameters, Parameters]


# --- Parameters -----------------------------------------------------------------------------------


def initialize_parameters(
    kind: str, n_x: int, n_a: int, n_y: int | None = None, seed: int = 0
) -> dict[str, np.ndarray]:
    """Random parameters under the course's names.

    What comes from x is drawn by Glorot's rule, what comes from the past is orthogonal, so that it
    neither grows nor shrinks at first, and biases are 0; but for bf = 1, since an LSTM should
    remember until it has learnt to forget.

    Args:
        kind: "rnn", "lstm", "gru", "gru_simplified" (no relevance gate) or "gru_reset_after".
        n_x: size of the inputs, at least 1.
        n_a: size of the hidden state, at least 1.
        n_y: number of classes of the outputs; None for no output layer.
        seed: at least 0.

    Returns:
        As `rnn_cell_forward`, `lstm_cell_forward` and `gru_cell_forward` take them.

    Raises:
        TypeError, ValueError: an unknown kind, counts that are no whole numbers of at least 1.

    Example:
        >>> {name: p.shape for name, p in initialize_parameters("rnn", 3, 5).items()}
        {'Waa': (5, 5), 'Wax': (5, 3), 'ba': (5, 1)}

    Source: Glorot and Bengio, 2010; Saxe et al., 2013 (orthogonal); Jozefowicz et al., "An
    empirical exploration of recurrent network architectures", 2015 (bf = 1).
    """
    check_choice("kind", kind, KINDS)
    n_x, n_a = check_count("n_x", n_x), check_count("n_a", n_a)
    random = np.random.default_rng(check_count("seed", seed, minimum=0))
    family = kind.partition("_")[0]
    gates = [gate for gate in GATES[family] if not (kind == "gru_simplified" and gate == "r")]
    parameters = {}
    for gate in gates:
        from_past = np.linalg.qr(random.standard_normal((n_a, n_a)))[0]
        limit = np.sqrt(6 / (n_x + n_a))
        from_x = random.uniform(-limit, limit, (n_a, n_x))
        if kind == "rnn":
            parameters |= {"Waa": from_past, "Wax": from_x}
        else:
            parameters[f"W{gate}"] = np.concatenate([from_past, from_x], axis=1)
        parameters[f"b{gate}"] = np.full((n_a, 1), 1.0 if (kind, gate) == ("lstm", "f") else 0.0)
    if kind == "gru_reset_after":
        parameters["bcc"] = np.zeros((n_a, 1))
    if n_y is not None:
        limit = np.sqrt(6 / (n_a + check_count("n_y", n_y)))
        W = random.uniform(-limit, limit, (n_y, n_a))
        parameters |= {"Wya" if kind == "rnn" else "Wy": W, "by": np.zeros((n_y, 1))}
    return parameters


def _check_layer(parameters, n_x=None, name="parameters"):
    """Return the family of a layer, told by its names, and its parameters without the outputs."""
    if not isinstance(parameters, Mapping):
        received = type(parameters).__name__
        raise InvalidType(sentence(name, "be a dictionary of parameters", received))
    bias = next((b for b in ("ba", "bf", "bu") if b in parameters), None)
    if bias is None:
        expected = "have the names of an RNN (Waa, ba), an LSTM (Wf, bf) or a GRU (Wu, bu)"
        raise InvalidValue(sentence(name, expected, ", ".join(map(str, parameters)) or "none"))
    family = {"ba": "rnn", "bf": "lstm", "bu": "gru"}[bias]
    n_a = len(check_array(f"{name}['{bias}']", parameters[bias], ("n_a", 1)))
    if n_x is None:
        first = "Wax" if family == "rnn" else "Wc"
        columns = np.shape(parameters.get(first, ()))[-1:]
        n_x = max(1, columns[0] - (0 if family == "rnn" else n_a)) if columns else 1
    return family, _check_parameters(family, parameters, n_x, n_a, name=name)


def _stack(family, parameters):
    """One matrix for [a; x; 1]: (gates n_a, n_a + n_x + 1)."""
    if family == "rnn":
        return np.concatenate([parameters[name] for name in ("Waa", "Wax", "ba")], axis=1)
    gates = [gate for gate in GATES[family] if f"W{gate}" in parameters]
    W = [np.concatenate([parameters[f"W{g}"], parameters[f"b{g}"]], axis=1) for g in gates]
    return np.concatenate(W)


def _unstack(family, parameters, dW):
    """Gradients under the names of the parameters."""
    if family == "rnn":
        n_a = len(dW)
        return {"dWax": dW[:, n_a:-1], "dWaa": dW[:, :n_a], "dba": dW[:, -1:]}
    gates = [gate for gate in GATES[family] if f"W{gate}" in parameters]
    parts = dict(zip(gates, np.split(dW, len(gates)), strict=True))
    named = {f"dW{gate}": part[:, :-1] for gate, part in parts.items()}
    return named | {f"db{gate}": part[:, -1:] for gate, part in parts.items()}


# --- One layer ------------------------------------------------------------------------------------


def layer_forward(
    x: np.ndarray,
    parameters: Parameters,
    a0: np.ndarray | None = None,
    c0: np.ndarray | None = None,
    *,
    keep: bool = True,
) -> tuple[np.ndarray, dict[str, np.ndarray], dict | None]:
    """Run an RNN, an LSTM or a GRU over a sequence; the names of the parameters say which.

    `last` is what the next stretch of a long sequence starts from: `layer_forward(x_next,
    parameters, **last)`.  Going back through one stretch at a time is truncated backpropagation.

    Args:
        x: inputs (n_x, m, T_x).
        parameters: those of `recurrent`; outputs (Wy, by) are ignored.
        a0: initial hidden state (n_a, m); None for zeros.
        c0: initial memory of an LSTM (n_a, m); None for zeros.
        keep: whether to keep what `layer_backward` needs.

    Returns:
        a: hidden states (n_a, m, T_x).
        last: {"a0": (n_a, m)}, for an LSTM also {"c0": (n_a, m)}: the states after the last step.
        cache: for `layer_backward`; None without `keep`.

    Raises:
        TypeError: not numbers, or not a dictionary.
        ValueError: a missing parameter, shapes that do not fit, a memory for another kind than an
            LSTM.

    Example:
        >>> a, last, _ = layer_forward(np.ones((3, 2, 4)), initialize_parameters("lstm", 3, 5))
        >>> a.shape, list(last)
        ((5, 2, 4), ['a0', 'c0'])

    Source: course 5, week 1; Appleyard et al., "Optimizing performance of recurrent neural networks
    on GPUs", 2016.
    """
    x = check_array("x", x, ("n_x", "m", "T_x"))
    family, checked = _check_layer(parameters, len(x))
    return _layer_forward(x, family, checked, _initial_states(x, family, checked, a0, c0), keep)


def _initial_states(x, family, parameters, a0, c0):
    """Return the states before the first step by name."""
    if c0 is not None and family != "lstm":
        received = f"one for {family.upper()}"
        raise InvalidValue(sentence("c0", "be None for all but an LSTM", received))
    n_a, m = len(next(p for name, p in parameters.items() if name[0] == "b")), x.shape[1]
    because = f"The parameters set n_a={n_a}, `x` sets m={m}"
    states = {"a0": a0} | ({"c0": c0} if family == "lstm" else {})
    return {
        name: np.zeros((n_a, m))
        if state is None
        else check_array(name, state, (("n_a", n_a), ("m", m)), because=because)
        for name, state in states.items()
    }


def _layer_forward(x, family, parameters, initial, keep=True):
    n_a, m = initial["a0"].shape
    seen = np.ones((x.shape[2] + 1, n_a + len(x) + 1, m))  # [a<t-1>; x<t>; 1] for every t
    seen[0, :n_a] = initial["a0"]
    seen[:-1, n_a:-1] = x.transpose(2, 0, 1)
    forward = {"rnn": _rnn_forward, "lstm": _lstm_forward, "gru": _gru_forward}[family]
    kept = forward(seen, parameters, initial, keep)
    last = {"a0": seen[-1, :n_a].copy()}
    if family == "lstm":
        last["c0"] = kept["c"][-1].copy()
    cache = {"family": family, "parameters": parameters, "seen": seen, "n_a": n_a} | kept
    return seen[1:, :n_a].transpose(1, 2, 0), last, cache if keep else None


def layer_backward(da: np.ndarray, cache: dict) -> Gradients:
    """Back through time.

    Args:
        da: gradient of the cost for every hidden state (n_a, m, T_x).
        cache: as `layer_forward` returns it.

    Returns:
        {"dx": (n_x, m, T_x), "da0": (n_a, m)}, for an LSTM "dc0" (n_a, m), and "d" with the name of
        every parameter, of its shape; sums over examples and steps.

    Raises:
        TypeError: not numbers, or no cache.
        ValueError: another shape than the hidden states.

    Example:
        >>> a, _, cache = layer_forward(np.ones((3, 2, 4)), initialize_parameters("rnn", 3, 5))
        >>> list(layer_backward(np.ones_like(a), cache))
        ['dx', 'da0', 'dWax', 'dWaa', 'dba']

    Source: course 5, week 1.
    """
    if not (isinstance(cache, dict) and "family" in cache):
        expected = "come from layer_forward"
        raise InvalidType(sentence("cache", expected, type(cache).__name__))
    (T_x, _, m), n_a = cache["seen"][1:].shape, cache["n_a"]
    because = f"The cache sets n_a={n_a}, m={m} and T_x={T_x}"
    da = check_array("da", da, (("n_a", n_a), ("m", m), ("T_x", T_x)), because=because)
    return _layer_backward(da, cache)


def _layer_backward(da, cache):
    family, parameters, n_a = cache["family"], cache["parameters"], cache["n_a"]
    backward = {"rnn": _rnn_backward, "lstm": _lstm_backward, "gru": _gru_backward}[family]
    da = np.ascontiguousarray(da.transpose(2, 0, 1))
    dseen, dW, others = backward(da, cache, _stack(family, parameters))
    gradients = {"dx": dseen[:, n_a:-1].transpose(1, 2, 0), "da0": dseen[0, :n_a], **others}
    return gradients | _unstack(family, parameters, dW)


def _product_over_time(dz, seen):
    """Sum of dz<t> seen<t>^T over all steps, as one product with the steps side by side."""
    return _side_by_side(dz) @ _side_by_side(seen).T


def _side_by_side(steps):
    """(T_x, n, m) as (n, T_x m)."""
    return steps.transpose(1, 0, 2).reshape(steps.shape[1], -1)


# --- RNN ------------------------------------------------------------------------------------------


def _rnn_forward(seen, parameters, initial, keep):
    W, n_a = _stack("rnn", parameters), len(initial["a0"])
    for t in range(len(seen) - 1):
        np.tanh(W @ seen[t], out=seen[t + 1, :n_a])
    return {}


def _rnn_backward(da, cache, W):
    T_x, n_a, _ = da.shape
    seen, dseen = cache["seen"], np.zeros_like(cache["seen"])
    dz = 1 - seen[1:, :n_a] ** 2
    for t in reversed(range(T_x)):
        dz[t] *= da[t] + dseen[t + 1, :n_a]
        np.matmul(W.T, dz[t], out=dseen[t])
    return dseen[:-1], _product_over_time(dz, seen[:-1]), {}


# --- LSTM -----------------------------------------------------------------------------------------


def _lstm_forward(seen, parameters, initial, keep):
    W, c0 = _stack("lstm", parameters), initial["c0"]
    n_a, m = c0.shape
    W[: 3 * n_a] *= 0.5  # f, i, o are sigmoids, c is a tanh
    T_x = len(seen) - 1
    # Without `keep`, every step writes over the one before.
    gates, tanh_c = (np.empty((T_x if keep else 1, n, m)) for n in (4 * n_a, n_a))
    c = np.empty((T_x + 1 if keep else 1, n_a, m))
    c[0] = c0
    for t in range(T_x):
        z, c_prev, c_next, tanh_next = (
            array[i % len(array)] for array, i in ((gates, t), (c, t), (c, t + 1), (tanh_c, t))
        )
        np.matmul(W, seen[t], out=z)
        np.tanh(z, out=z)
        sigmoids = z[: 3 * n_a]
        sigmoids *= 0.5
        sigmoids += 0.5
        f, i, o, candidate = z.reshape(4, n_a, m)
        np.multiply(f, c_prev, out=c_next)
        c_next += i * candidate
        np.tanh(c_next, out=tanh_next)
        np.multiply(o, tanh_next, out=seen[t + 1, :n_a])
    return {"c": c, "tanh_c": tanh_c, "gates": gates}


STEPS = 20
"""Steps of an LSTM whose gradients are multiplied together: few enough to stay in the cache."""


def _lstm_backward(da, cache, W):
    """The equations of `lstm_cell_backward`, in place where an array is used up.

    Only the gradient of a<t-1> has to be known at once; those of [x; 1] and of the weights are
    single products after every 20 steps.
    """
    seen, c, tanh_c, gates = (cache[name] for name in ("seen", "c", "tanh_c", "gates"))
    T_x, n_a, m = da.shape
    dW, dz, dseen = np.zeros_like(W), np.empty((STEPS, 4 * n_a, m)), np.zeros_like(seen)
    dc, product, slopes = np.zeros((n_a, m)), np.empty((n_a, m)), np.empty((3 * n_a, m))
    W_past = np.ascontiguousarray(W[:, :n_a].T)  # twice as fast as the view
    for end in range(T_x, 0, -STEPS):
        begin = max(0, end - STEPS)
        for t in reversed(range(begin, end)):
            f, i, o, candidate = gates[t].reshape(4, n_a, m)
            dz_t = dz[t - begin]
            df, di, do, dcandidate = dz_t.reshape(4, n_a, m)
            da_next = dseen[t + 1, :n_a]
            da_next += da[t]
            np.multiply(tanh_c[t], tanh_c[t], out=product)  # dc + da o (1 - tanh(c)^2)
            np.subtract(1, product, out=product)
            product *= o
            product *= da_next
            dc += product
            np.multiply(dc, c[t], out=df)
            np.multiply(dc, candidate, out=di)
            np.multiply(da_next, tanh_c[t], out=do)
            np.subtract(1, gates[t, : 3 * n_a], out=slopes)  # of the sigmoids, s (1 - s)
            slopes *= gates[t, : 3 * n_a]
            dz_t[: 3 * n_a] *= slopes
            np.multiply(candidate, candidate, out=product)
            np.subtract(1, product, out=product)
            product *= i
            np.multiply(product, dc, out=dcandidate)
            dc *= f
            np.matmul(W_past, dz_t, out=dseen[t, :n_a])
        steps = slice(begin, end)
        beside = _side_by_side(dz[: end - begin])
        dW += beside @ _side_by_side(seen[steps]).T
        drest = W[:, n_a:].T @ beside
        dseen[steps, n_a:] = drest.reshape(-1, end - begin, m).transpose(1, 0, 2)
    return dseen[:-1], dW, {"dc0": dc}


# --- GRU ------------------------------------------------------------------------------------------


def _gru_forward(seen, parameters, initial, keep):
    """What the candidate sees, [Gr * a; x; 1], lies ready like [a; x; 1]."""
    W, (n_a, m) = _stack("gru", parameters), initial["a0"].shape
    k = len(W) - n_a  # rows of gates: n_a in the simplified GRU, else 2 n_a
    W_gates, W_candidate, T_x = 0.5 * W[:k], W[k:], len(seen) - 1
    gates, after = np.empty((T_x, len(W), m)), "bcc" in parameters
    gated = seen[:-1].copy()
    for t in range(T_x):
        a_prev, a_next = seen[t, :n_a], seen[t + 1, :n_a]
        sigmoids, candidate = gates[t, :k], gates[t, k:]
        np.tanh(W_gates @ seen[t], out=sigmoids)
        sigmoids *= 0.5
        sigmoids += 0.5
        u, r = sigmoids[:n_a], sigmoids[n_a:] if k > n_a else 1.0
        if after:
            gated[t, :n_a] = W_candidate[:, :n_a] @ a_prev + parameters["bcc"]
            z = r * gated[t, :n_a] + W_candidate[:, n_a:] @ seen[t, n_a:]
        else:
            np.multiply(r, a_prev, out=gated[t, :n_a])
            z = W_candidate @ gated[t]
        np.tanh(z, out=candidate)
        np.multiply(u, candidate - a_prev, out=a_next)
        a_next += a_prev
    return {"gates": gates, "gated": gated}


def _gru_backward(da, cache, W):
    """The equations of `gru_cell_backward`."""
    seen, gated, gates = cache["seen"], cache["gated"], cache["gates"]
    T_x, n_a, _ = da.shape
    after, k = "bcc" in cache["parameters"], len(W) - n_a
    W_gates, W_candidate = W[:k], W[k:]
    dz, dseen = np.empty_like(gates), np.zeros_like(seen)
    for t in reversed(range(T_x)):
        a_prev, da_next = seen[t, :n_a], da[t] + dseen[t + 1, :n_a]
        u, r, candidate = gates[t, :n_a], gates[t, n_a:k] if k > n_a else 1.0, gates[t, k:]
        dcandidate = dz[t, k:]
        np.multiply(da_next * u, 1 - candidate**2, out=dcandidate)
        dz[t, :n_a] = da_next * (candidate - a_prev) * u * (1 - u)
        dgated = W_candidate.T @ dcandidate
        if after:
            dr = dcandidate * gated[t, :n_a]
            dgated[:n_a] = W_candidate[:, :n_a].T @ (dcandidate * r)
        else:
            dr = dgated[:n_a] * a_prev
            dgated[:n_a] *= r
        if k > n_a:
            dz[t, n_a:k] = dr * r * (1 - r)
        np.matmul(W_gates.T, dz[t, :k], out=dseen[t])
        dseen[t] += dgated
        dseen[t, :n_a] += da_next * (1 - u)
    dW_gates = _product_over_time(dz[:, :k], seen[:-1])
    if not after:
        dW = [dW_gates, _product_over_time(dz[:, k:], gated)]
        return dseen[:-1], np.concatenate(dW), {}
    dW_x = _product_over_time(dz[:, k:], seen[:-1, n_a:])
    to_past = dz[:, k:] * gates[:, n_a:k]  # gradient for Wca a + bcc
    dW_past = _product_over_time(to_past, seen[:-1, :n_a])
    dW = [dW_gates, np.concatenate([dW_past, dW_x], axis=1)]
    return dseen[:-1], np.concatenate(dW), {"dbcc": to_past.sum(axis=(0, 2))[:, None]}


# --- Both directions, several layers --------------------------------------------------------------


def bidirectional_forward(
    x: np.ndarray, forwards: Parameters, backwards: Parameters
) -> tuple[np.ndarray, tuple]:
    """Two layers, one from each end: a<t> = [a>; a<].

    Args:
        x: inputs (n_x, m, T_x).
        forwards: parameters of the layer that reads from the left.
        backwards: parameters of the layer that reads from the right; its kind and size may differ.

    Returns:
        a: states (n_a> + n_a<, m, T_x), those from the left above.
        caches: for `bidirectional_backward`.

    Raises:
        TypeError, ValueError: as `layer_forward`.

    Example:
        >>> right, left = (initialize_parameters("gru", 3, 5, seed=seed) for seed in (0, 1))
        >>> bidirectional_forward(np.ones((3, 2, 4)), right, left)[0].shape
        (10, 2, 4)

    Source: course 5, week 1; Schuster and Paliwal, "Bidirectional recurrent neural networks", 1997.
    """
    x = check_array("x", x, ("n_x", "m", "T_x"))
    return _bidirectional_forward(
        x,
        _check_layer(forwards, len(x), "forwards"),
        _check_layer(backwards, len(x), "backwards"),
    )


def _bidirectional_forward(x, forwards, backwards):
    a_right, _, right = _run(x, forwards)
    a_left, _, left = _run(x[:, :, ::-1], backwards)
    return np.concatenate([a_right, a_left[:, :, ::-1]]), (right, left)


def _run(x, layer):
    """A checked layer (family, parameters) from zeros."""
    return _layer_forward(x, *layer, _initial_states(x, *layer, None, None))


def bidirectional_backward(
    da: np.ndarray, caches: tuple[dict, dict]
) -> tuple[np.ndarray, Gradients, Gradients]:
    """Back through both layers; each saw the whole of x, so their dx add up.

    Args:
        da: gradient of the cost for the states (n_a> + n_a<, m, T_x).
        caches: as `bidirectional_forward` returns them.

    Returns:
        dx: (n_x, m, T_x).
        forwards: gradients of that layer, "d" and the names of its parameters.
        backwards: of the other.

    Raises:
        TypeError: not numbers, or no caches.
        ValueError: another shape than the states.

    Example:
        >>> right, left = (initialize_parameters("rnn", 3, 5, seed=seed) for seed in (0, 1))
        >>> a, caches = bidirectional_forward(np.ones((3, 2, 4)), right, left)
        >>> dx, forwards, backwards = bidirectional_backward(np.ones_like(a), caches)
        >>> dx.shape, list(forwards)
        ((3, 2, 4), ['dWax', 'dWaa', 'dba'])

    Source: course 5, week 1.
    """
    if not (isinstance(caches, tuple) and len(caches) == 2):
        expected, received = "come from bidirectional_forward", type(caches).__name__
        raise InvalidType(sentence("caches", expected, received))
    right, left = caches
    (T_x, _, m), n_a = right["seen"][1:].shape, right["n_a"] + left["n_a"]
    because = f"The caches set n_a={n_a}, m={m} and T_x={T_x}"
    da = check_array("da", da, (("n_a", n_a), ("m", m), ("T_x", T_x)), because=because)
    return _bidirectional_backward(da, caches)


def _bidirectional_backward(da, caches):
    n_right = caches[0]["n_a"]
    forwards = _layer_backward(da[:n_right], caches[0])
    backwards = _layer_backward(da[n_right:, :, ::-1], caches[1])
    dx = forwards["dx"] + backwards["dx"][:, :, ::-1]
    return dx, _of_parameters(forwards), _of_parameters(backwards)


def _of_parameters(gradients):
    return {name: g for name, g in gradients.items() if name not in ("dx", "da0", "dc0")}


def deep_forward(x: np.ndarray, layers: Sequence[Layer]) -> tuple[np.ndarray, list]:
    """Layers on top of each other, each reading the states of the one below.

    Args:
        x: inputs (n_x, m, T_x).
        layers: from the bottom up, parameters of one layer each, or a pair (forwards, backwards)
            for a bidirectional one.

    Returns:
        a: states of the uppermost layer (n_a, m, T_x).
        caches: one per layer, for `deep_backward`.

    Raises:
        TypeError, ValueError: as `layer_forward`; no layers.

    Example:
        >>> layers = [initialize_parameters("lstm", 3, 6), initialize_parameters("lstm", 6, 2)]
        >>> deep_forward(np.ones((3, 2, 4)), layers)[0].shape
        (2, 2, 4)

    Source: course 5, week 1.
    """
    a = check_array("x", x, ("n_x", "m", "T_x"))
    if not isinstance(layers, (list, tuple)) or not layers:
        received = "none" if isinstance(layers, (list, tuple)) else type(layers).__name__
        raise InvalidType(sentence("layers", "be a list of at least 1 layer", received))
    checked, n_x = [], len(a)
    for i, layer in enumerate(layers):
        pair = layer if isinstance(layer, tuple) else (layer,)
        checked.append([_check_layer(p, n_x, f"layers[{i}]") for p in pair])
        n_x = sum(len(p[name]) for _, p in checked[-1] for name in ("ba", "bf", "bu") if name in p)
    caches = []
    for layer in checked:
        if len(layer) == 2:
            a, cache = _bidirectional_forward(a, *layer)
        else:
            a, _, cache = _run(a, layer[0])
        caches.append(cache)
    return a, caches


def deep_backward(da: np.ndarray, caches: list) -> tuple[np.ndarray, list]:
    """Back through all layers, from the uppermost down.

    Args:
        da: gradient of the cost for the states of the uppermost layer (n_a, m, T_x).
        caches: as `deep_forward` returns them.

    Returns:
        dx: (n_x, m, T_x).
        gradients: from the bottom up, one dictionary per layer, or a pair of them.

    Raises:
        TypeError: not numbers, or no caches.
        ValueError: another shape than the states.

    Example:
        >>> layers = [initialize_parameters("lstm", 3, 6), initialize_parameters("gru", 6, 2)]
        >>> a, caches = deep_forward(np.ones((3, 2, 4)), layers)
        >>> dx, gradients = deep_backward(np.ones_like(a), caches)
        >>> dx.shape, gradients[1]["dWu"].shape
        ((3, 2, 4), (2, 8))

    Source: course 5, week 1.
    """
    if not isinstance(caches, list) or not caches:
        expected = "come from deep_forward"
        raise InvalidType(sentence("caches", expected, type(caches).__name__))
    gradients = []
    for cache in reversed(caches):
        if isinstance(cache, tuple):
            da, *pair = bidirectional_backward(da, cache)
            gradients.append(tuple(pair))
        else:
            of_layer = layer_backward(da, cache)
            da = of_layer["dx"]
            gradients.append(_of_parameters(of_layer))
    return da, gradients[::-1]


# --- Keras ----------------------------------------------------------------------------------------

KERAS_GATES = {"rnn": ("a",), "lstm": ("i", "f", "c", "o"), "gru": ("u", "r", "c")}
OPEN = 40.0
"""sigmoid(40) rounds to 1: the relevance gate of a GRU that has none."""


def to_keras(parameters: Parameters) -> list[np.ndarray]:
    """Weights for `set_weights` of a `keras.layers.SimpleRNN`, `LSTM` or `GRU`.

    A GRU with "bcc" fits reset_after=True, Keras' default, another one reset_after=False; the
    simplified GRU becomes one whose relevance gate stands open.  Wy and by are those of a Dense
    layer, Wy.T and by[:, 0].

    Args:
        parameters: of one layer.

    Returns:
        [kernel (n_x, k n_a), recurrent kernel (n_a, k n_a), bias (k n_a,)] with k = 1, 4 or 3
        gates; the bias is (2, 3 n_a) with reset_after.

    Raises:
        TypeError: not numbers, or not a dictionary.
        ValueError: a missing parameter, shapes that do not fit.

    Example:
        >>> [w.shape for w in to_keras(initialize_parameters("gru_reset_after", 3, 5))]
        [(3, 15), (5, 15), (2, 15)]

    Source: Keras, `keras.layers.LSTM` and `keras.layers.GRU`.
    """
    family, p = _check_layer(parameters)
    if family == "rnn":
        return [p["Wax"].T.copy(), p["Waa"].T.copy(), p["ba"][:, 0].copy()]
    n_a = len(p["bc"])
    if family == "gru":
        p = {"Wr": np.zeros_like(p["Wc"]), "br": np.full((n_a, 1), OPEN)} | p
        p |= {"Wu": -p["Wu"], "bu": -p["bu"]}
    gates = KERAS_GATES[family]
    W = np.concatenate([p[f"W{gate}"] for gate in gates]).T
    bias = np.concatenate([p[f"b{gate}"] for gate in gates])[:, 0]
    if "bcc" in p:
        bias = np.stack([bias, np.concatenate([np.zeros(2 * n_a), p["bcc"][:, 0]])])
    return [W[n_a:].copy(), W[:n_a].copy(), bias]


def from_keras(weights: Sequence[np.ndarray], kind: str) -> dict[str, np.ndarray]:
    """Parameters from `get_weights` of a `keras.layers.SimpleRNN`, `LSTM` or `GRU`.

    Args:
        weights: [kernel, recurrent kernel, bias]; a bias (2, 3 n_a) tells a GRU with
            reset_after=True.
        kind: "rnn", "lstm" or "gru".

    Returns:
        Parameters of `recurrent`, without the outputs.

    Raises:
        TypeError: not numbers.
        ValueError: not three arrays, shapes that do not fit, an unknown kind.

    Example:
        >>> parameters = initialize_parameters("lstm", 3, 5)
        >>> back = from_keras(to_keras(parameters), "lstm")
        >>> all(np.array_equal(back[name], parameters[name]) for name in parameters)
        True

    Source: Keras, `keras.layers.LSTM` and `keras.layers.GRU`.
    """
    gates = KERAS_GATES[check_choice("kind", kind, tuple(KERAS_GATES))]
    if not isinstance(weights, (list, tuple)) or len(weights) != 3:
        received = f"{len(weights)}" if isinstance(weights, (list, tuple)) else type(weights)
        expected = "hold 3 arrays: kernel, recurrent kernel, bias"
        raise InvalidValue(sentence("weights", expected, received))
    k = len(gates)
    recurrent = check_array("weights[1]", weights[1], ("n_a", f"{k} n_a"))
    n_a = len(recurrent)
    columns = (f"{k} n_a", k * n_a)
    because = f"`weights[1]` of shape {recurrent.shape} sets n_a={n_a}"
    check_array("weights[1]", recurrent, ("n_a", columns), because=because)
    kernel = check_array("weights[0]", weights[0], ("n_x", columns), because=because)
    after = kind == "gru" and np.ndim(weights[2]) == 2
    shape = (2, columns) if after else (columns,)
    bias = check_array("weights[2]", weights[2], shape, because=because)
    if kind == "rnn":
        return {"Waa": recurrent.T.copy(), "Wax": kernel.T.copy(), "ba": bias[:, None].copy()}
    W = np.split(np.concatenate([recurrent, kernel]).T, k)
    parameters = {f"W{gate}": part.copy() for gate, part in zip(gates, W, strict=True)}
    from_x, from_past = bias if after else (bias, np.zeros_like(bias))
    sums = from_x + from_past
    if after:  # the candidate's two biases stay apart
        sums[2 * n_a :] = from_x[2 * n_a :]
        parameters["bcc"] = from_past[2 * n_a :, None].copy()
    biases = np.split(sums[:, None], k)
    parameters |= {f"b{gate}": part.copy() for gate, part in zip(gates, biases, strict=True)}
    if kind == "gru":
        parameters |= {"Wu": -parameters["Wu"], "bu": -parameters["bu"]}
    return parameters
