"""What a trained Transformer writes, token by token, by hand in NumPy (course 5, week 4).

Training sees whole sentences at once; writing one cannot.  `uncached_decoder` runs the network on
all that has been written, again for each further token.  `cached_decoder` computes each token once
and keeps its keys and values, for they never change: what was written was not allowed to look
ahead.  Both give the same log-probabilities, and `beam_search` takes either.

The cached one is plain NumPy with the weights of the Keras model, so that every equation of the
network stands here a second time: heads, shortcuts, normalisation, the small network.
`self_attention_loop` is the lecture's form, one query and one key at a time.
"""

from collections.abc import Callable
from itertools import islice
from typing import Any

import keras
import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import check_array, check_count
from dlspec.sequence.beam_search import beam_search
from dlspec.sequence.transformer import EPSILON, HIDDEN, PADDING

__all__ = [
    "attention_weights",
    "cached_decoder",
    "multi_head_attention",
    "self_attention_loop",
    "translate",
    "uncached_decoder",
]


# --- Attention by hand ----------------------------------------------------------------------------


def self_attention_loop(
    x: np.ndarray, W_Q: np.ndarray, W_K: np.ndarray, W_V: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Self-attention word by word, as the lecture draws it.

        q<t> = W_Q x<t>,   k<t> = W_K x<t>,   v<t> = W_V x<t>
        A<t> = sum over s of softmax_s(q<t> . k<s> / sqrt(d_k)) v<s>

    Args:
        x: words (n_x, T), one a column.
        W_Q: (d_k, n_x).
        W_K: (d_k, n_x).
        W_V: (d_v, n_x).

    Returns:
        A: new words (d_v, T).
        weights: (T, T); row t says where word t looks.

    Raises:
        TypeError, ValueError: not finite numbers, or shapes that do not fit.

    Example:
        >>> A, weights = self_attention_loop(np.eye(2), 10 * np.eye(2), np.eye(2), np.eye(2))
        >>> weights.round(3)
        array([[0.999, 0.001],
               [0.001, 0.999]])

    Source: course 5, week 4, lecture on self-attention; the lecture leaves out sqrt(d_k) at first.
    """
    x = check_array("x", x, ("n_x", "T"))
    n_x, T = x.shape
    because = f"`x` of shape {x.shape} sets n_x={n_x}"
    W_Q = check_array("W_Q", W_Q, ("d_k", ("n_x", n_x)), because=because)
    W_K = check_array("W_K", W_K, (("d_k", len(W_Q)), ("n_x", n_x)), because=because)
    W_V = check_array("W_V", W_V, ("d_v", ("n_x", n_x)), because=because)
    A, weights = np.zeros((len(W_V), T)), np.zeros((T, T))
    for t in range(T):
        q = W_Q @ x[:, t]
        for s in range(T):
            weights[t, s] = q @ (W_K @ x[:, s]) / np.sqrt(len(q))
        weights[t] = _softmax(weights[t])
        for s in range(T):
            A[:, t] += weights[t, s] * (W_V @ x[:, s])
    return A, weights


def multi_head_attention(
    query: np.ndarray,
    value: np.ndarray,
    weights: list[np.ndarray],
    mask: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Several heads by hand, in NumPy, with the weights of a Keras `MultiHeadAttention`.

        head_h = attention(query W_Q_h + b, value W_K_h + b, value W_V_h + b)
        output = sum over h of head_h W_O_h + b      (their concatenation times one large W_O)

    Args:
        query: (m, n_q, d).
        value: (m, n_v, d); the same array for self-attention.
        weights: as `layer.get_weights()` gives them: W_Q (d, h, d_k), b_Q (h, d_k), W_K, b_K, W_V,
            b_V, W_O (h, d_v, d), b_O (d,).
        mask: (m or 1, n_q or 1, n_v) of 0 and 1, or None.

    Returns:
        output: (m, n_q, d).
        attention: (m, h, n_q, n_v).

    Raises:
        ValueError: not eight arrays, or a mask of another shape.

    Example:
        >>> layer = keras.layers.MultiHeadAttention(2, 3)
        >>> x = np.ones((1, 4, 5), "float32")
        >>> theirs = keras.ops.convert_to_numpy(layer(x, x))
        >>> ours, _ = multi_head_attention(x, x, layer.get_weights())
        >>> bool(np.allclose(ours, theirs, atol=1e-6))
        True

    Source: course 5, week 4; Vaswani et al., 2017, section 3.2.2.
    """
    if len(weights) != 8:
        expected = "be the 8 arrays of a MultiHeadAttention with biases"
        raise InvalidValue(sentence("weights", expected, f"{len(weights)} arrays"))
    if mask is not None:
        mask = _spread("mask", mask, (len(query), query.shape[1], value.shape[1]))[:, None]
    W_Q, b_Q, W_K, b_K, W_V, b_V, W_O, b_O = weights
    q, k, v = _heads(query, W_Q, b_Q), _heads(value, W_K, b_K), _heads(value, W_V, b_V)
    heads, attention = _attend(q, k, v, mask)
    return np.einsum("mqhv,hvd->mqd", heads, W_O) + b_O, attention


def _spread(name, mask, shape):
    try:
        return np.broadcast_to(mask, shape)
    except ValueError:
        expected = f"have shape (m or 1, n_q or 1, n_v) with (m, n_q, n_v) = {shape}"
        raise InvalidValue(sentence(name, expected, np.shape(mask))) from None


def _heads(x, W, b):
    """(m, n, d) -> (m, n, heads, d_k)."""
    return np.einsum("mnd,dhk->mnhk", x, W) + b


def _attend(q, k, v, mask=None):
    """Heads (m, n_q, h, d_v) and weights (m, h, n_q, n_v) from heads of queries, keys, values."""
    scores = np.einsum("mqhk,mvhk->mhqv", q, k) / np.sqrt(np.float32(q.shape[-1]))
    if mask is not None:
        scores = scores + (1 - np.asarray(mask, scores.dtype)) * scores.dtype.type(HIDDEN)
    weights = _softmax(scores)
    return np.einsum("mhqv,mvhd->mqhd", weights, v), weights


def _softmax(scores):
    shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return shares / shares.sum(axis=-1, keepdims=True)


# --- Decoding -------------------------------------------------------------------------------------


def cached_decoder(model: keras.Model, source: np.ndarray) -> tuple[Callable, dict]:
    """A decoder that computes each token once and keeps its keys and values.

    A new token needs the keys and values of all before it, which do not change: what was written
    was never allowed to look ahead.  So step t costs t dot products instead of t^2, and the
    encoder, with the keys and values made of its output, runs once.  All of it is NumPy, from the
    weights of the model: a second witness for what Keras computes.

    Args:
        model: of `build_transformer`.
        source: input sentences (m, n_in).

    Returns:
        step: step(tokens (rows,), state) -> log-probabilities (rows, V), state; as
            `beam_search` calls it.
        state: for the first step, with m rows.

    Raises:
        TypeError, ValueError: no such model; tokens that are no whole numbers of the vocabulary,
            too many of them.

    Example:
        >>> from dlspec.sequence.transformer import build_transformer
        >>> step, state = cached_decoder(build_transformer(9, 7, 4, 4), np.array([[3, 1, 0]]))
        >>> log_p, state = step(np.array([1]), state)
        >>> log_p.shape, state["past"][0][0].shape
        ((1, 7), (1, 1, 4, 16))

    Source: Vaswani et al., 2017, on the network; course 5, week 4.
    """
    source = _check_source(model, source)
    network = _ByHand(model)
    mask = (source != PADDING)[:, None, None, :]
    memory = network.encode(source, mask)
    heads = network.weights["decoder_1_self_attention"][1].shape
    nothing = np.zeros((len(source), 0, *heads), np.float32)
    state = {
        "mask": mask,
        "memory": [
            network.keys_and_values(memory, f"{name}_cross_attention") for name in network.decoder
        ],
        "past": [(nothing, nothing) for _ in network.decoder],
    }
    return network.step, state


class _ByHand:
    """The network of `build_transformer`, the same equations once more in NumPy."""

    def __init__(self, model):
        self.weights = {layer.name: layer.get_weights() for layer in model.layers}
        self.tables = {
            part: model.get_layer(f"{part}_0_positions").table for part in ("encoder", "decoder")
        }
        layers = sum(layer.name.endswith("cross_attention") for layer in model.layers)
        self.encoder = [f"encoder_{l}" for l in range(1, layers + 1)]
        self.decoder = [f"decoder_{l}" for l in range(1, layers + 1)]

    def encode(self, source, mask):
        """Words (m, n, d) that know their sentence."""
        x = self.embed(source, "encoder")
        for name in self.encoder:
            layer = f"{name}_self_attention"
            seen = self.attend(x, *self.keys_and_values(x, layer), layer, mask)
            x = self.feed(self.norm(x + seen, f"{name}_attention_norm"), name)
        return x

    def step(self, tokens, state):
        """One more token for each row: log-probabilities of the next, and the longer past."""
        t = state["past"][0][0].shape[1]
        longest = self.tables["decoder"].shape[1]
        if t >= longest:
            advice = "Build the model with a larger target_length."
            expected = f"be called for at most {longest} tokens"
            raise InvalidValue(sentence("step", expected, t + 1, advice))
        x = self.embed(np.asarray(tokens)[:, None], "decoder", first=t)
        past = []
        for name, before, memory in zip(self.decoder, state["past"], state["memory"], strict=True):
            new = self.keys_and_values(x, f"{name}_self_attention")
            both = [np.concatenate(pair, axis=1) for pair in zip(before, new, strict=True)]
            seen = self.attend(x, *both, f"{name}_self_attention")
            x = self.norm(x + seen, f"{name}_attention_norm")
            heard = self.attend(x, *memory, f"{name}_cross_attention", state["mask"])
            x = self.feed(self.norm(x + heard, f"{name}_cross_norm"), name)
            past.append(tuple(both))
        logits = self.linear(x[:, 0], "head_1_logits")
        return _log_softmax(logits), state | {"past": past}

    def embed(self, tokens, part, first=0):
        (rows,) = self.weights[f"{part}_0_tokens"]
        positions = self.tables[part][:, first : first + tokens.shape[1]]
        return rows[tokens] * np.float32(rows.shape[1] ** 0.5) + positions

    def keys_and_values(self, x, name):
        _, _, W_K, b_K, W_V, b_V, _, _ = self.weights[name]
        return _heads(x, W_K, b_K), _heads(x, W_V, b_V)

    def attend(self, x, keys, values, name, mask=None):
        W_Q, b_Q, *_, W_O, b_O = self.weights[name]
        heads, _ = _attend(_heads(x, W_Q, b_Q), keys, values, mask)
        return np.einsum("mqhv,hvd->mqd", heads, W_O) + b_O

    def feed(self, x, name):
        hidden = np.maximum(self.linear(x, f"{name}_feed_hidden"), 0)
        return self.norm(x + self.linear(hidden, f"{name}_feed_output"), f"{name}_feed_norm")

    def linear(self, x, name):
        W, b = self.weights[name]
        return x @ W + b

    def norm(self, x, name):
        gamma, beta = self.weights[name]
        mean, variance = x.mean(axis=-1, keepdims=True), x.var(axis=-1, keepdims=True)
        return (x - mean) / np.sqrt(variance + np.float32(EPSILON)) * gamma + beta


def _log_softmax(logits):
    shifted = logits.astype(np.float64) - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def uncached_decoder(model: keras.Model, source: np.ndarray) -> tuple[Callable, dict]:
    """The same decoder as `cached_decoder`, computing all anew at each step, in Keras.

    Args:
        model: of `build_transformer`.
        source: input sentences (m, n_in).

    Returns:
        step: as that of `cached_decoder`.
        state: for the first step.

    Raises:
        TypeError, ValueError: as `cached_decoder`.

    Example:
        >>> from dlspec.sequence.transformer import build_transformer
        >>> step, state = uncached_decoder(build_transformer(9, 7, 4, 4), np.array([[3, 1, 0]]))
        >>> log_p, state = step(np.array([1]), state)
        >>> log_p.shape, state["written"].shape
        ((1, 7), (1, 1))

    Source: course 5, week 4.
    """
    source = _check_source(model, source)

    def step(tokens, state):
        written = np.concatenate([state["written"], np.asarray(tokens)[:, None]], axis=1)
        logits = model([state["source"], written], training=False)[:, -1]
        log_p = _log_softmax(keras.ops.convert_to_numpy(logits))
        return log_p, {"source": state["source"], "written": written}

    return step, {"source": source, "written": np.zeros((len(source), 0), np.int32)}


def translate(
    model: keras.Model,
    source: np.ndarray,
    start: int,
    eos: int,
    beam_width: int = 1,
    alpha: float = 0.7,
) -> list[np.ndarray]:
    """Write a sentence for each input sentence, token by token.

    Args:
        model: of `build_transformer`.
        source: input sentences (m, n_in).
        start: token that every output begins with.
        eos: token that ends one.
        beam_width: 1 takes the most probable token each time; more keep that many beginnings.
        alpha: power of the length that scores are divided by, see `beam_search`.

    Returns:
        Tokens of each sentence, without `start` and without `eos`; at most as many as the table
        of positions has.

    Raises:
        TypeError, ValueError: as `cached_decoder` and `beam_search`; a start token that is not in
            the vocabulary.

    Example:
        >>> from dlspec.sequence.transformer import build_transformer
        >>> model = build_transformer(9, 7, 4, 4)
        >>> len(translate(model, np.array([[3, 1, 0], [2, 2, 2]]), start=1, eos=2))
        2

    Source: course 5, weeks 3 and 4.
    """
    step, state = cached_decoder(model, source)
    V = model.output.shape[-1]
    if check_count("start", start, minimum=0) >= V:
        expected = f"be at most {V - 1}"
        raise InvalidValue(sentence("start", expected, start, _OTHER_VOCABULARY.format(V)))
    longest = model.get_layer("decoder_0_positions").maximum
    first = np.full(len(source), start)
    found = beam_search(step, (first, state), beam_width, longest, eos, alpha)
    return [tokens[:-1] if tokens[-1:] == eos else tokens for tokens in found.best()]


def attention_weights(model: keras.Model, inputs: Any) -> dict[str, np.ndarray]:
    """Where every head of a functional model looks.

    Args:
        model: of `build_transformer`, or any with layers of `transformer_encoder`.
        inputs: as the model takes them.

    Returns:
        By name of the layer, weights (m, heads, n_q, n_v): `encoder_1_self_attention`,
        `decoder_1_self_attention`, `decoder_1_cross_attention`, ...

    Raises:
        ValueError: a model without attention.

    Example:
        >>> from dlspec.sequence.transformer import build_transformer
        >>> model = build_transformer(9, 7, 4, 4)
        >>> found = attention_weights(model, [np.array([[3, 1, 0]]), np.array([[1, 2]])])
        >>> found["decoder_2_cross_attention"].shape
        (1, 4, 2, 3)

    Source: course 5, week 4.
    """
    kind = keras.layers.MultiHeadAttention
    layers = [layer for layer in model.layers if isinstance(layer, kind)]
    if not layers:
        expected = "have layers of attention"
        raise InvalidValue(sentence("model", expected, f"{model.name} without any"))
    entering = [list(layer.input) for layer in layers]  # query, value and perhaps a mask of each
    first = model.inputs if len(model.inputs) > 1 else model.inputs[0]
    watched = keras.Model(first, [tensor for tensors in entering for tensor in tensors])
    seen = iter(map(keras.ops.convert_to_numpy, watched(inputs, training=False)))
    found = {}
    for layer, tensors in zip(layers, entering, strict=True):
        query, value, *mask = islice(seen, len(tensors))
        mask = np.tri(query.shape[1])[None] if _looks_back(layer) else mask[0]
        _, found[layer.name] = multi_head_attention(query, value, layer.get_weights(), mask)
    return found


def _looks_back(layer):
    return layer.name.startswith("decoder") and layer.name.endswith("self_attention")


def _check_source(model, source):
    names = {layer.name for layer in getattr(model, "layers", ())}
    if not {"decoder_0_positions", "head_1_logits"} <= names:
        received = getattr(model, "name", type(model).__name__)
        raise InvalidValue(sentence("model", "come from build_transformer", received))
    source = np.asarray(source)
    if source.dtype.kind not in "iu":
        expected = "hold tokens, whole numbers"
        raise InvalidType(sentence("source", expected, f"dtype {source.dtype}"))
    longest = model.get_layer("encoder_0_positions").maximum
    if source.ndim != 2 or not 1 <= source.shape[1] <= longest or not len(source):
        expected = f"have shape (m, n) with 1 to {longest} positions"
        advice = "That is what the model was built for." if source.ndim == 2 else ""
        raise InvalidValue(sentence("source", expected, source.shape, advice))
    V = model.get_layer("encoder_0_tokens").input_dim
    if source.min() < 0 or source.max() >= V:
        expected = f"hold tokens from 0 to {V - 1}"
        received = f"{source.min()} to {source.max()}"
        raise InvalidValue(sentence("source", expected, received, _OTHER_VOCABULARY.format(V)))
    return source


_OTHER_VOCABULARY = "The vocabulary of the model has {} tokens."
