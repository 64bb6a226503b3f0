"""The Transformer: attention instead of recurrence (course 5, week 4).

Every word looks at every other at once.  From its vector come a query, a key and a value; the query
is held against all keys, and what fits gives its value:

    attention(Q, K, V) = softmax(Q K^T / sqrt(d_k) + (1 - mask) (-1e9)) V

Several heads do that side by side, each with matrices of its own, and one more matrix mixes them.
Since a sum has no order, sines and cosines of the position are added to every word:

    PE(pos, 2i) = sin(pos / 10000^(2i/d)),   PE(pos, 2i+1) = cos(pos / 10000^(2i/d))

An encoder layer is attention within the sentence and a small network for each word, each with a
shortcut and layer normalisation.  A decoder layer first looks back at what has been written (never
ahead: at test time there is nothing yet), then at the encoder's output, then thinks.

Three forms of the same network stand here:

    the course's      EncoderLayer, Encoder, DecoderLayer, Decoder, Transformer: called with masks
                      and `training` in the course's order
    the builder       build_transformer: functional, finds its masks itself, gives logits
    by hand           in `transformer_decoding`, NumPy with the weights of the builder's

Masks hold 1 where a word may be looked at and 0 where not.  In Keras 3 the fourth positional
argument of `MultiHeadAttention` is `query_mask`, which hides nothing: `mha(x, x, x, mask)`, as the
exercise has it, runs and ignores the mask.  Here it is passed by name.

In the course's layers every head is as wide as the whole (key_dim = embedding_dim); in the builder
h heads share the width, d / h each, as in the paper.  Notes that write softmax(q k) without the
square root, or heads as wide as the output and concatenated without W^O, leave out what keeps the
sums in range: we follow the paper.

Token 0 is padding.  Sentences are (m, n), n of them padded to the longest.
"""

import os
from typing import Any, NamedTuple

import keras
import numpy as np
from keras import ops

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import (
    check_array,
    check_choice,
    check_count,
    check_interval,
    check_positive,
)

__all__ = [
    "SIZES",
    "Decoder",
    "DecoderLayer",
    "Encoder",
    "EncoderLayer",
    "FullyConnected",
    "MaskedCrossentropy",
    "NoamSchedule",
    "PaddingMask",
    "PositionalEncoding",
    "Size",
    "Transformer",
    "build_transformer",
    "copy_weights",
    "create_look_ahead_mask",
    "create_padding_mask",
    "get_angles",
    "positional_encoding",
    "scaled_dot_product_attention",
    "transformer_encoder",
]

PADDING = 0
HIDDEN = -1e9  # added to the scores of what must not be seen: exp of it is 0
EPSILON = 1e-6


class Size(NamedTuple):
    """How large a Transformer is."""

    num_layers: int
    embedding_dim: int
    num_heads: int
    fully_connected_dim: int


SIZES = {
    #            layers  d     heads  d_ff
    "tiny": Size(2, 64, 4, 128),
    "small": Size(4, 128, 8, 512),
    "base": Size(6, 512, 8, 2048),
    "big": Size(6, 1024, 16, 4096),
}
"""By name; "base" and "big" are the paper's."""


# --- Positions and masks --------------------------------------------------------------------------


def get_angles(pos: np.ndarray, k: np.ndarray, d: int) -> np.ndarray:
    """Angles pos / 10000^(2i/d), the same for dimensions k = 2i and 2i + 1.

    Args:
        pos: positions (n, 1), from 0.
        k: dimensions (1, d), from 0.
        d: size of the encoding.

    Returns:
        Angles (n, d) in radians.

    Raises:
        TypeError, ValueError: positions or dimensions that are not finite numbers, a size below 1.

    Example:
        >>> get_angles(np.array([[0], [1]]), np.array([[0, 1, 2, 3]]), 4)
        array([[0.  , 0.  , 0.  , 0.  ],
               [1.  , 1.  , 0.01, 0.01]])

    Source: course 5, week 4; Vaswani et al., "Attention is all you need", 2017, section 3.5.
    """
    pos, k = check_array("pos", pos), check_array("k", k)
    i = k // 2
    return pos / 10000 ** (2 * i / check_count("d", d))


def positional_encoding(positions: int, d: int) -> Any:
    """Sines of the angles in even dimensions, cosines in odd ones.

    Args:
        positions: how many, n.
        d: size of the encoding.

    Returns:
        A tensor (1, n, d), float32, in [-1, 1].

    Raises:
        TypeError, ValueError: not whole numbers of at least 1.

    Example:
        >>> np.round(ops.convert_to_numpy(positional_encoding(2, 4))[0], 2)
        array([[0.  , 1.  , 0.  , 1.  ],
               [0.84, 0.54, 0.01, 1.  ]], dtype=float32)

    Source: course 5, week 4; Vaswani et al., 2017, section 3.5.
    """
    return ops.convert_to_tensor(_position_table(positions, d), "float32")


def _position_table(positions, d):
    positions = check_count("positions", positions)
    angles = get_angles(np.arange(positions)[:, None], np.arange(d)[None, :], d)
    angles[:, 0::2] = np.sin(angles[:, 0::2])
    angles[:, 1::2] = np.cos(angles[:, 1::2])
    return angles[None].astype(np.float32)


def create_padding_mask(decoder_token_ids: Any) -> Any:
    """Mark what may be looked at: 1 for a token, 0 for padding.

    Args:
        decoder_token_ids: whole numbers (m, n), 0 for padding; of the encoder as well.

    Returns:
        A tensor (m, 1, n) of 0 and 1, float32, for all queries alike.

    Raises:
        ValueError: another shape.

    Example:
        >>> ops.convert_to_numpy(create_padding_mask(np.array([[7, 6, 0], [1, 0, 0]])))
        array([[[1., 1., 0.]],
        <BLANKLINE>
               [[1., 0., 0.]]], dtype=float32)

    Source: course 5, week 4.
    """
    shape = _shape(decoder_token_ids)
    if len(shape) != 2:
        raise InvalidValue(sentence("decoder_token_ids", "have shape (m, n)", shape))
    return ops.cast(ops.not_equal(decoder_token_ids, PADDING), "float32")[:, None, :]


def _shape(tensor):
    """Of an array, a tensor, a list, or what stands for a tensor while a model is built."""
    return tuple(getattr(tensor, "shape", None) or np.shape(tensor))


def create_look_ahead_mask(sequence_length: int) -> Any:
    """Mark what has been written: 1 for the positions up to one's own, 0 for later ones.

    Args:
        sequence_length: n.

    Returns:
        A tensor (1, n, n), float32: ones in the lower triangle.

    Raises:
        TypeError, ValueError: no whole number of at least 1.

    Example:
        >>> ops.convert_to_numpy(create_look_ahead_mask(3))[0]
        array([[1., 0., 0.],
               [1., 1., 0.],
               [1., 1., 1.]], dtype=float32)

    Source: course 5, week 4.
    """
    n = check_count("sequence_length", sequence_length)
    return ops.convert_to_tensor(np.tri(n, dtype=np.float32)[None])


# --- Attention ------------------------------------------------------------------------------------


def scaled_dot_product_attention(q: Any, k: Any, v: Any, mask: Any) -> tuple[Any, Any]:
    """Average the values, each weighted by how well its key fits the query.

        softmax(q k^T / sqrt(d_k) + (1 - mask) (-1e9)) v

    Args:
        q: queries (..., n_q, d_k).
        k: keys (..., n_v, d_k).
        v: values (..., n_v, d_v).
        mask: 1 for a key that may be looked at, 0 for a hidden one, of a shape that can be spread
            over (..., n_q, n_v); None for no mask.

    Returns:
        output: (..., n_q, d_v).
        weights: (..., n_q, n_v), each row sums to 1.

    Raises:
        ValueError: shapes that do not belong together.

    Example:
        >>> out, weights = scaled_dot_product_attention(
        ...     np.ones((1, 2), "float32"), np.eye(2, dtype="float32"), np.eye(2, dtype="float32"),
        ...     np.array([[1.0, 0.0]]))
        >>> ops.convert_to_numpy(out)
        array([[1., 0.]], dtype=float32)

    Source: course 5, week 4; Vaswani et al., 2017, equation 1.
    """
    q, k, v = (ops.convert_to_tensor(tensor) for tensor in (q, k, v))
    _check_attention(q, k, v, mask)
    d_k = k.shape[-1]
    scores = ops.matmul(q, ops.swapaxes(k, -1, -2)) / ops.sqrt(ops.cast(d_k, q.dtype))
    if mask is not None:
        scores = scores + (1.0 - ops.cast(mask, q.dtype)) * HIDDEN
    weights = ops.softmax(scores, axis=-1)
    return ops.matmul(weights, v), weights


def _check_attention(q, k, v, mask):
    if q.shape[-1] != k.shape[-1]:
        because = f"`q` of shape {tuple(q.shape)} sets d_k={q.shape[-1]}."
        expected = f"have shape (..., n_v, d_k={q.shape[-1]})"
        raise InvalidValue(sentence("k", expected, tuple(k.shape), because))
    if v.shape[-2] != k.shape[-2]:
        because = f"`k` of shape {tuple(k.shape)} sets n_v={k.shape[-2]}."
        expected = f"have shape (..., n_v={k.shape[-2]}, d_v)"
        raise InvalidValue(sentence("v", expected, tuple(v.shape), because))
    if mask is None:
        return
    scores = (*q.shape[:-1], k.shape[-2])
    shape = _shape(mask)
    spread = zip(reversed(scores), reversed(shape), strict=False)
    if any(size not in (1, full) for full, size in spread):
        expected = f"be spread over the scores, (..., n_q, n_v) = {scores}"
        raise InvalidValue(sentence("mask", expected, shape))


def _check_mask(name, mask, m, n_q, n_v):
    """Return a mask (m or 1, n_q or 1, n_v); the exercise also calls with one row (1, n_v).

    Keras spreads whatever can be spread, so that a mask for the wrong sentence would go unnoticed.
    """
    if mask is None:
        return None
    shape = _shape(mask)
    full = m, n_q, n_v

    def is_size(axis):
        return None in (shape[axis], full[axis]) or shape[axis] in ((1, m), (1, n_q), (n_v,))[axis]

    fits = len(shape) == 3 and all(map(is_size, range(3)))
    if not fits and not (len(shape) == 2 and shape[0] == 1 and shape[1] in (n_v, None)):
        expected = f"have shape (m or 1, n_q or 1, n_v) with m={m}, n_q={n_q}, n_v={n_v}"
        advice = "create_padding_mask and create_look_ahead_mask give such masks."
        raise InvalidValue(sentence(name, expected, shape, advice))
    return mask


# --- The course's layers --------------------------------------------------------------------------


class _Configured:
    """Names the arguments a layer is made of, so that it can be saved and made again."""

    _options: tuple[str, ...] = ()

    def build(self, input_shape=None):
        self._build_parts()
        self.built = True

    def _build_parts(self):
        """Make the weights; they follow from the arguments, not from what comes in first."""

    def call(self, *tensors, training=None, **masks):
        return self._forward(*tensors, training=training, **masks)

    def get_config(self):
        return super().get_config() | {name: getattr(self, name) for name in self._options}


class _Layer(_Configured, keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def compute_mask(self, inputs, previous_mask=None):
        """What came in as `mask` ends here: Keras would take it for a mask of the words."""
        return None


def FullyConnected(embedding_dim: int, fully_connected_dim: int) -> keras.Sequential:
    """A small network for each word: linear, ReLU, linear.

    Args:
        embedding_dim: d, units that come out.
        fully_connected_dim: hidden units.

    Returns:
        A Sequential model (m, n, d) -> (m, n, d).

    Raises:
        TypeError, ValueError: not whole numbers of at least 1.

    Example:
        >>> FullyConnected(4, 8)(np.ones((1, 3, 4))).shape == (1, 3, 4)
        True

    Source: course 5, week 4; Vaswani et al., 2017, equation 2.
    """
    units = check_count("fully_connected_dim", fully_connected_dim)
    d = check_count("embedding_dim", embedding_dim)
    hidden = keras.layers.Dense(units, activation="relu", name="feed_1_hidden")
    return keras.Sequential([hidden, keras.layers.Dense(d, name="feed_1_output")], name="feed")


@keras.saving.register_keras_serializable(package="dlspec")
class EncoderLayer(_Layer):
    """Attention within the sentence, then a small network for each word.

        x = norm(x + attention(x, x, x));   out = norm(x + dropout(feed(x)))

    Called as layer(x, training, mask): words (m, n, d), whether dropout is on, and a mask as
    `create_padding_mask` gives it or None.  Returns (m, n, d).

    Args:
        embedding_dim: d.
        num_heads: attention heads; each is d wide here, as in the course.
        fully_connected_dim: hidden units of the small network.
        dropout_rate: share that is dropped while training, in [0, 1).
        layernorm_eps: added to the variance, above 0.

    Example:
        >>> layer = EncoderLayer(4, 2, 8)
        >>> layer(np.ones((1, 3, 4)), False, np.array([[1, 0, 1]])).shape == (1, 3, 4)
        True

    Source: course 5, week 4; Vaswani et al., 2017, section 3.1.
    """

    _options = (
        "embedding_dim",
        "num_heads",
        "fully_connected_dim",
        "dropout_rate",
        "layernorm_eps",
    )

    def __init__(
        self,
        embedding_dim: int,
        num_heads: int,
        fully_connected_dim: int,
        dropout_rate: float = 0.1,
        layernorm_eps: float = EPSILON,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.embedding_dim, self.num_heads = embedding_dim, check_count("num_heads", num_heads)
        self.fully_connected_dim = fully_connected_dim
        self.dropout_rate = check_interval("dropout_rate", dropout_rate, "[0, 1)")
        self.layernorm_eps = check_positive("layernorm_eps", layernorm_eps)
        self.ffn = FullyConnected(embedding_dim, fully_connected_dim)
        self.mha = _attention(self, "mha")
        self.layernorm1, self.layernorm2 = _norms(self, 2)
        self.dropout_ffn = keras.layers.Dropout(dropout_rate, name="dropout_ffn")

    def _build_parts(self):
        words = (None, None, self.embedding_dim)
        self.mha.build(words, words)
        for part in (self.ffn, self.layernorm1, self.layernorm2):
            part.build(words)

    def __call__(self, x: Any, training: bool | None = None, mask: Any = None) -> Any:
        """See the class; Keras wants all but tensors by name."""
        _check_words("x", x, self.embedding_dim)
        mask = _check_mask("mask", mask, x.shape[0], x.shape[1], x.shape[1])
        return super().__call__(x, training=training, mask=mask)

    def _forward(self, x, training, mask):
        attention = self.mha(x, x, attention_mask=_as_bool(mask), training=training)
        x = self.layernorm1(x + attention)
        thought = self.dropout_ffn(self.ffn(x), training=training)
        return self.layernorm2(x + thought)


def _attention(layer, name):
    """A head of the course is as wide as the embedding; the paper divides d among the heads."""
    return keras.layers.MultiHeadAttention(
        layer.num_heads, key_dim=layer.embedding_dim, dropout=layer.dropout_rate, name=name
    )


def _norms(layer, count):
    return [
        keras.layers.LayerNormalization(epsilon=layer.layernorm_eps, name=f"layernorm{i}")
        for i in range(1, count + 1)
    ]


def _as_bool(mask):
    return None if mask is None else ops.cast(mask, "bool")


def _check_words(name, x, d):
    shape = _shape(x)
    if len(shape) != 3 or shape[2] != d:
        advice = f"`embedding_dim` sets d={d}."
        raise InvalidValue(sentence(name, f"have shape (m, n, d={d})", shape, advice))


class _SameShape(_Layer):
    def compute_output_spec(self, x, **options):
        """What comes out is as what goes in: JAX cannot tell while the length is open."""
        return keras.KerasTensor(x.shape, self.compute_dtype)


@keras.saving.register_keras_serializable(package="dlspec")
class PositionalEncoding(_SameShape):
    """Scale embedded words by sqrt(d) and add the code of their position.

    Without the factor the words, of variance 1 / d or so when they start, would drown.

    Args:
        maximum: positions in the table; longer sentences are refused.
        embedding_dim: d.

    Example:
        >>> PositionalEncoding(10, 4)(np.zeros((1, 3, 4))).shape == (1, 3, 4)
        True

    Source: course 5, week 4; Vaswani et al., 2017, sections 3.4 and 3.5.
    """

    _options = ("maximum", "embedding_dim")

    def __init__(self, maximum: int, embedding_dim: int, **kwargs):
        super().__init__(**kwargs)
        self.maximum = check_count("maximum", maximum)
        self.embedding_dim = check_count("embedding_dim", embedding_dim)
        self.table = _position_table(maximum, embedding_dim)

    def __call__(self, x: Any, **options) -> Any:
        """Complain before Keras adds its own lines."""
        _check_length("x", x, self.maximum)
        return super().__call__(x, **options)

    def _forward(self, x, training):
        x = x * ops.cast(self.embedding_dim**0.5, x.dtype)
        table = ops.convert_to_tensor(self.table, x.dtype)
        return x + table[:, : ops.shape(x)[1]]


def _check_length(name, x, maximum):
    n = x.shape[1] if len(x.shape) > 1 else 0
    if n is not None and n > maximum:
        advice = f"Its table of positions has {maximum}: cut the sentence or build a longer table."
        raise InvalidValue(sentence(name, f"have at most {maximum} positions", n, advice))


@keras.saving.register_keras_serializable(package="dlspec")
class Encoder(_Layer):
    """Embedding, positions, dropout, and `num_layers` encoder layers.

    Called as layer(x, training, mask): tokens (m, n), whether dropout is on, a mask (m, 1, n) or
    None.  Returns (m, n, d).

    Args:
        num_layers: encoder layers.
        embedding_dim: d.
        num_heads: attention heads.
        fully_connected_dim: hidden units of the small network.
        input_vocab_size: tokens are 0 to this number less 1.
        maximum_position_encoding: longest sentence.
        dropout_rate: in [0, 1).
        layernorm_eps: above 0.

    Example:
        >>> Encoder(2, 4, 2, 8, 32, 5)(np.array([[2, 1, 3]]), False, None).shape == (1, 3, 4)
        True

    Source: course 5, week 4; Vaswani et al., 2017, figure 1.
    """

    _options = (
        "num_layers",
        "embedding_dim",
        "num_heads",
        "fully_connected_dim",
        "input_vocab_size",
        "maximum_position_encoding",
        "dropout_rate",
        "layernorm_eps",
    )

    def __init__(
        self,
        num_layers: int,
        embedding_dim: int,
        num_heads: int,
        fully_connected_dim: int,
        input_vocab_size: int,
        maximum_position_encoding: int,
        dropout_rate: float = 0.1,
        layernorm_eps: float = EPSILON,
        **kwargs,
    ):
        super().__init__(**kwargs)
        values = (num_layers, embedding_dim, num_heads, fully_connected_dim, input_vocab_size)
        values += (maximum_position_encoding, dropout_rate, layernorm_eps)
        _set_options(self, values)
        self.input_vocab_size = check_count("input_vocab_size", input_vocab_size)
        self.embedding = keras.layers.Embedding(input_vocab_size, embedding_dim, name="embedding")
        self.positions = PositionalEncoding(
            maximum_position_encoding, embedding_dim, name="positions"
        )
        self.dropout = keras.layers.Dropout(dropout_rate, name="dropout")
        self.enc_layers = _stack(EncoderLayer, self)

    def _build_parts(self):
        self.embedding.build()
        for layer in self.enc_layers:
            layer.build()

    def __call__(self, x: Any, training: bool | None = None, mask: Any = None) -> Any:
        """See the class."""
        _check_tokens("x", x, self.maximum_position_encoding, self.input_vocab_size)
        mask = _check_mask("mask", mask, x.shape[0], x.shape[1], x.shape[1])
        return super().__call__(x, training=training, mask=mask)

    def _forward(self, x, training, mask):
        x = self.dropout(self.positions(self.embedding(x)), training=training)
        for layer in self.enc_layers:
            x = layer(x, training, mask)
        return x


def _set_options(layer, values):
    for name, value in zip(layer._options, values, strict=True):
        setattr(layer, name, value)


def _stack(kind, outer):
    """As many layers as the encoder or decoder asks for, all alike."""
    sizes = outer.embedding_dim, outer.num_heads, outer.fully_connected_dim
    return [
        kind(*sizes, outer.dropout_rate, outer.layernorm_eps, name=f"layer_{i}")
        for i in range(1, check_count("num_layers", outer.num_layers) + 1)
    ]


def _check_tokens(name, tokens, maximum, vocab_size=None):
    """Refuse what Keras looks up without a word: JAX takes the last row for a token beyond it."""
    shape = _shape(tokens)
    if len(shape) != 2:
        raise InvalidValue(sentence(name, "have shape (m, n)", shape))
    _check_length(name, tokens, maximum)
    if vocab_size is not None and isinstance(tokens, np.ndarray) and tokens.size:
        low, high = tokens.min(), tokens.max()
        if low < 0 or high >= vocab_size:
            expected = f"hold tokens from 0 to {vocab_size - 1}"
            advice = f"The vocabulary has {vocab_size}."
            raise InvalidValue(sentence(name, expected, f"{low} to {high}", advice))


@keras.saving.register_keras_serializable(package="dlspec")
class DecoderLayer(_Layer):
    """Attention to what has been written, attention to the encoder, a small network.

    Called as layer(x, enc_output, training, look_ahead_mask, padding_mask): words (m, n, d), the
    encoder's output (m, n_in, d), whether dropout is on, masks (1, n, n) and (m, 1, n_in) or None.
    Returns the words (m, n, d) and both attention weights, (m, heads, n, n) and (m, heads, n,
    n_in).

    Args:
        embedding_dim: d.
        num_heads: attention heads; each is d wide here, as in the course.
        fully_connected_dim: hidden units of the small network.
        dropout_rate: in [0, 1).
        layernorm_eps: above 0.

    Example:
        >>> x, memory = np.ones((1, 3, 4)), np.ones((1, 5, 4))
        >>> out, own, other = DecoderLayer(4, 2, 8)(x, memory, False, None, None)
        >>> tuple(own.shape), tuple(other.shape)
        ((1, 2, 3, 3), (1, 2, 3, 5))

    Source: course 5, week 4; Vaswani et al., 2017, section 3.1.
    """

    _options = EncoderLayer._options

    def __init__(
        self,
        embedding_dim: int,
        num_heads: int,
        fully_connected_dim: int,
        dropout_rate: float = 0.1,
        layernorm_eps: float = EPSILON,
        **kwargs,
    ):
        super().__init__(**kwargs)
        values = (embedding_dim, num_heads, fully_connected_dim, dropout_rate, layernorm_eps)
        _set_options(self, values)
        self.ffn = FullyConnected(embedding_dim, fully_connected_dim)
        self.mha1, self.mha2 = _attention(self, "mha1"), _attention(self, "mha2")
        self.layernorm1, self.layernorm2, self.layernorm3 = _norms(self, 3)
        self.dropout_ffn = keras.layers.Dropout(dropout_rate, name="dropout_ffn")

    def _build_parts(self):
        words = (None, None, self.embedding_dim)
        self.mha1.build(words, words)
        self.mha2.build(words, words)
        for part in (self.ffn, self.layernorm1, self.layernorm2, self.layernorm3):
            part.build(words)

    def __call__(
        self,
        x: Any,
        enc_output: Any,
        training: bool | None = None,
        look_ahead_mask: Any = None,
        padding_mask: Any = None,
    ) -> tuple[Any, Any, Any]:
        """See the class."""
        _check_words("x", x, self.embedding_dim)
        _check_words("enc_output", enc_output, self.embedding_dim)
        _check_decoder_masks(x, enc_output, look_ahead_mask, padding_mask)
        masks = {"look_ahead_mask": look_ahead_mask, "padding_mask": padding_mask}
        return super().__call__(x, enc_output, training=training, **masks)

    def _forward(self, x, enc_output, training, look_ahead_mask, padding_mask):
        options = {"training": training, "return_attention_scores": True}
        seen, weights1 = self.mha1(x, x, attention_mask=_as_bool(look_ahead_mask), **options)
        x = self.layernorm1(x + seen)
        heard, weights2 = self.mha2(x, enc_output, attention_mask=_as_bool(padding_mask), **options)
        x = self.layernorm2(x + heard)
        thought = self.dropout_ffn(self.ffn(x), training=training)
        return self.layernorm3(x + thought), weights1, weights2


def _check_decoder_masks(x, enc_output, look_ahead_mask, padding_mask):
    m, n = x.shape[:2]
    _check_mask("look_ahead_mask", look_ahead_mask, m, n, n)
    _check_mask("padding_mask", padding_mask, m, n, enc_output.shape[1])


@keras.saving.register_keras_serializable(package="dlspec")
class Decoder(_Layer):
    """Embedding, positions, dropout, and `num_layers` decoder layers.

    Called as layer(x, enc_output, training, look_ahead_mask, padding_mask), see `DecoderLayer`,
    with tokens (m, n) for x.  Returns the words (m, n, d) and the attention weights by name,
    `decoder_layer1_block1_self_att`, `decoder_layer1_block2_decenc_att`, ...

    Args:
        num_layers: decoder layers.
        embedding_dim: d.
        num_heads: attention heads.
        fully_connected_dim: hidden units of the small network.
        target_vocab_size: tokens are 0 to this number less 1.
        maximum_position_encoding: longest sentence.
        dropout_rate: in [0, 1).
        layernorm_eps: above 0.

    Example:
        >>> decoder = Decoder(2, 4, 2, 8, 33, 6)
        >>> x, weights = decoder(np.array([[3, 2, 1]]), np.ones((1, 5, 4)), False, None, None)
        >>> list(weights)[:2]
        ['decoder_layer1_block1_self_att', 'decoder_layer1_block2_decenc_att']

    Source: course 5, week 4; Vaswani et al., 2017, figure 1.
    """

    _options = tuple(name.replace("input_", "target_") for name in Encoder._options)

    def __init__(
        self,
        num_layers: int,
        embedding_dim: int,
        num_heads: int,
        fully_connected_dim: int,
        target_vocab_size: int,
        maximum_position_encoding: int,
        dropout_rate: float = 0.1,
        layernorm_eps: float = EPSILON,
        **kwargs,
    ):
        super().__init__(**kwargs)
        values = (num_layers, embedding_dim, num_heads, fully_connected_dim, target_vocab_size)
        values += (maximum_position_encoding, dropout_rate, layernorm_eps)
        _set_options(self, values)
        self.target_vocab_size = check_count("target_vocab_size", target_vocab_size)
        self.embedding = keras.layers.Embedding(target_vocab_size, embedding_dim, name="embedding")
        self.positions = PositionalEncoding(
            maximum_position_encoding, embedding_dim, name="positions"
        )
        self.dropout = keras.layers.Dropout(dropout_rate, name="dropout")
        self.dec_layers = _stack(DecoderLayer, self)

    def _build_parts(self):
        self.embedding.build()
        for layer in self.dec_layers:
            layer.build()

    def __call__(
        self,
        x: Any,
        enc_output: Any,
        training: bool | None = None,
        look_ahead_mask: Any = None,
        padding_mask: Any = None,
    ) -> tuple[Any, dict[str, Any]]:
        """See the class."""
        _check_tokens("x", x, self.maximum_position_encoding, self.target_vocab_size)
        _check_words("enc_output", enc_output, self.embedding_dim)
        _check_decoder_masks(x, enc_output, look_ahead_mask, padding_mask)
        masks = {"look_ahead_mask": look_ahead_mask, "padding_mask": padding_mask}
        return super().__call__(x, enc_output, training=training, **masks)

    def _forward(self, x, enc_output, training, look_ahead_mask, padding_mask):
        attention = {}
        x = self.dropout(self.positions(self.embedding(x)), training=training)
        for i, layer in enumerate(self.dec_layers, start=1):
            x, own, other = layer(x, enc_output, training, look_ahead_mask, padding_mask)
            attention[f"decoder_layer{i}_block1_self_att"] = own
            attention[f"decoder_layer{i}_block2_decenc_att"] = other
        return x, attention


@keras.saving.register_keras_serializable(package="dlspec")
class Transformer(_Configured, keras.Model):
    """Encoder, decoder, and a softmax over the target vocabulary.

    Called as transformer(input_sentence, output_sentence, training, enc_padding_mask,
    look_ahead_mask, dec_padding_mask): tokens (m, n_in) and (m, n_out), whether dropout is on, and
    masks (m, 1, n_in), (1, n_out, n_out), (m, 1, n_in) or None.  Both padding masks are about the
    input sentence.  Returns probabilities (m, n_out, target_vocab_size) and the attention weights
    of the decoder by name.

    Args:
        num_layers: of the encoder and of the decoder.
        embedding_dim: d.
        num_heads: attention heads.
        fully_connected_dim: hidden units of the small network.
        input_vocab_size: of the language that is read.
        target_vocab_size: of the language that is written.
        max_positional_encoding_input: longest input sentence.
        max_positional_encoding_target: longest output sentence.
        dropout_rate: in [0, 1).
        layernorm_eps: above 0.

    Example:
        >>> transformer = Transformer(1, 4, 2, 8, 30, 35, 5, 6)
        >>> a, b = np.array([[2, 1, 4, 3, 0]]), np.array([[3, 2, 1, 0, 0]])
        >>> padding = create_padding_mask(a)
        >>> p, weights = transformer(a, b, False, padding, create_look_ahead_mask(5), padding)
        >>> tuple(p.shape)
        (1, 5, 35)

    Source: course 5, week 4; Vaswani et al., 2017.
    """

    _options = (
        "num_layers",
        "embedding_dim",
        "num_heads",
        "fully_connected_dim",
        "input_vocab_size",
        "target_vocab_size",
        "max_positional_encoding_input",
        "max_positional_encoding_target",
        "dropout_rate",
        "layernorm_eps",
    )

    def __init__(
        self,
        num_layers: int,
        embedding_dim: int,
        num_heads: int,
        fully_connected_dim: int,
        input_vocab_size: int,
        target_vocab_size: int,
        max_positional_encoding_input: int,
        max_positional_encoding_target: int,
        dropout_rate: float = 0.1,
        layernorm_eps: float = EPSILON,
        **kwargs,
    ):
        super().__init__(**kwargs)
        sizes = num_layers, embedding_dim, num_heads, fully_connected_dim
        vocabularies = input_vocab_size, target_vocab_size
        lengths = max_positional_encoding_input, max_positional_encoding_target
        rates = dropout_rate, layernorm_eps
        _set_options(self, (*sizes, *vocabularies, *lengths, *rates))
        self.encoder = Encoder(*sizes, vocabularies[0], lengths[0], *rates, name="encoder")
        self.decoder = Decoder(*sizes, vocabularies[1], lengths[1], *rates, name="decoder")
        self.final_layer = keras.layers.Dense(
            target_vocab_size, activation="softmax", name="final_layer"
        )

    def _build_parts(self):
        self.encoder.build()
        self.decoder.build()
        self.final_layer.build((None, None, self.embedding_dim))

    def __call__(
        self,
        input_sentence: Any,
        output_sentence: Any,
        training: bool | None = None,
        enc_padding_mask: Any = None,
        look_ahead_mask: Any = None,
        dec_padding_mask: Any = None,
    ) -> tuple[Any, dict[str, Any]]:
        """See the class."""
        longest = self.max_positional_encoding_input, self.max_positional_encoding_target
        _check_tokens("input_sentence", input_sentence, longest[0], self.input_vocab_size)
        _check_tokens("output_sentence", output_sentence, longest[1], self.target_vocab_size)
        m, n_in = input_sentence.shape
        n_out = output_sentence.shape[1]
        return super().__call__(
            input_sentence,
            output_sentence,
            training=training,
            enc_padding_mask=_check_mask("enc_padding_mask", enc_padding_mask, m, n_in, n_in),
            look_ahead_mask=_check_mask("look_ahead_mask", look_ahead_mask, m, n_out, n_out),
            dec_padding_mask=_check_mask("dec_padding_mask", dec_padding_mask, m, n_out, n_in),
        )

    def _forward(
        self,
        input_sentence,
        output_sentence,
        training,
        enc_padding_mask,
        look_ahead_mask,
        dec_padding_mask,
    ):
        memory = self.encoder(input_sentence, training, enc_padding_mask)
        x, attention = self.decoder(
            output_sentence, memory, training, look_ahead_mask, dec_padding_mask
        )
        return self.final_layer(x), attention


# --- The functional builder -----------------------------------------------------------------------


@keras.saving.register_keras_serializable(package="dlspec")
class PaddingMask(_Layer):
    """`create_padding_mask` as a layer: tokens (m, n) -> (m, 1, n), False for padding.

    Example:
        >>> ops.convert_to_numpy(PaddingMask()(np.array([[5, 0]])))
        array([[[ True, False]]])

    Source: course 5, week 4.
    """

    def _forward(self, tokens, training):
        return ops.not_equal(tokens, PADDING)[:, None, :]


def build_transformer(
    input_vocab_size: int,
    target_vocab_size: int,
    input_length: int,
    target_length: int,
    size: str | Size = "tiny",
    dropout_rate: float = 0.1,
    name: str = "transformer",
) -> keras.Model:
    """The Transformer as a functional model that finds its masks itself.

    It reads the input sentence and the output sentence so far, and says for each position of the
    latter what comes next.  Layers are named `encoder_<l>_<role>` and `decoder_<l>_<role>`;
    `size` counts layers, d, heads and hidden units.  Heads are d / heads wide, and dropout follows
    each part, both as in the paper.

    Args:
        input_vocab_size: tokens read are 0 (padding) to this number less 1.
        target_vocab_size: tokens written, alike.
        input_length: longest input sentence.
        target_length: longest output sentence.
        size: a name in `SIZES`, or a `Size`.
        dropout_rate: in [0, 1).
        name: name of the model.

    Returns:
        A model [(m, n_in), (m, n_out)] -> logits (m, n_out, target_vocab_size).  With d, f hidden
        units and L layers its parameters are d (V_in + V_out), L (4 d^2 + 4 d) + 2 L (4 d^2 + 4 d)
        of attention, 2 L (2 d f + f + d) of the small networks, 5 L 2 d of normalisation, and
        (d + 1) V_out.

    Raises:
        TypeError, ValueError: not whole numbers, an unknown size, heads that do not divide d.

    Example:
        >>> model = build_transformer(30, 13, 12, 8)
        >>> model.output.shape, model.count_params()
        ((None, None, 13), 171021)

    Source: course 5, week 4; Vaswani et al., 2017.
    """
    lengths = check_count("input_length", input_length), check_count("target_length", target_length)
    size = _check_size(size)
    V_out = check_count("target_vocab_size", target_vocab_size)

    source = keras.Input((None,), dtype="int32", name="source")
    target = keras.Input((None,), dtype="int32", name="target")
    memory, mask = transformer_encoder(source, input_vocab_size, lengths[0], size, dropout_rate)
    x = _embed(target, V_out, lengths[1], size, dropout_rate, "decoder")
    for l in range(1, size.num_layers + 1):
        x = _decoder_block(x, memory, mask, size, dropout_rate, f"decoder_{l}")
    logits = keras.layers.Dense(V_out, name="head_1_logits")(x)
    return keras.Model([source, target], logits, name=name)


def transformer_encoder(
    tokens: Any,
    vocab_size: int,
    length: int,
    size: str | Size = "tiny",
    dropout_rate: float = 0.1,
    name: str = "encoder",
    added: Any = None,
) -> tuple[Any, Any]:
    """Embedding, positions and encoder layers, for any head on top.

    Args:
        tokens: a `keras.Input` (m, n) of whole numbers, 0 for padding.
        vocab_size: tokens are 0 to this number less 1.
        length: longest sentence.
        size: a name in `SIZES`, or a `Size`.
        dropout_rate: in [0, 1).
        name: first part of the names of all layers.
        added: what else is added to the vectors of the words, (m, n, d), such as BERT's vectors
            of segments; nothing with None.

    Returns:
        x: words (m, n, d).
        mask: (m, 1, n), False for padding.

    Raises:
        TypeError, ValueError: not whole numbers, an unknown size, heads that do not divide d.

    Example:
        >>> x, mask = transformer_encoder(keras.Input((None,), dtype="int32"), 30, 12)
        >>> x.shape, mask.shape
        ((None, None, 64), (None, 1, None))

    Source: course 5, week 4; Vaswani et al., 2017, figure 1.
    """
    size = _check_size(size)
    check_interval("dropout_rate", dropout_rate, "[0, 1)")
    mask = PaddingMask(name=f"{name}_0_mask")(tokens)
    x = _embed(tokens, vocab_size, length, size, dropout_rate, name)
    if added is not None:
        x = keras.layers.Add(name=f"{name}_0_sum")([x, added])
    for l in range(1, size.num_layers + 1):
        x = _encoder_block(x, mask, size, dropout_rate, f"{name}_{l}")
    return x, mask


def _embed(tokens, vocab_size, length, size, dropout_rate, name):
    vocab_size = check_count("vocab_size", vocab_size)
    d = size.embedding_dim
    scale = keras.initializers.RandomNormal(stddev=d**-0.5)  # times sqrt(d): variance 1
    x = keras.layers.Embedding(
        vocab_size, d, embeddings_initializer=scale, name=f"{name}_0_tokens"
    )(tokens)
    x = PositionalEncoding(length, d, name=f"{name}_0_positions")(x)
    return keras.layers.Dropout(dropout_rate, name=f"{name}_0_dropout")(x)


def _encoder_block(x, mask, size, dropout_rate, name):
    look = _heads_of_the_paper(size, f"{name}_self_attention")
    x = _add_and_norm(x, look(x, x, attention_mask=mask), dropout_rate, f"{name}_attention")
    return _feed(x, size, dropout_rate, name)


def _decoder_block(x, memory, mask, size, dropout_rate, name):
    look_back = _heads_of_the_paper(size, f"{name}_self_attention")
    x = _add_and_norm(x, look_back(x, x, use_causal_mask=True), dropout_rate, f"{name}_attention")
    look_over = _heads_of_the_paper(size, f"{name}_cross_attention")
    heard = look_over(x, memory, attention_mask=mask)
    x = _add_and_norm(x, heard, dropout_rate, f"{name}_cross")
    return _feed(x, size, dropout_rate, name)


def _heads_of_the_paper(size, name):
    width = size.embedding_dim // size.num_heads
    return keras.layers.MultiHeadAttention(size.num_heads, key_dim=width, name=name)


def _feed(x, size, dropout_rate, name):
    units = size.fully_connected_dim
    y = keras.layers.Dense(units, activation="relu", name=f"{name}_feed_hidden")(x)
    y = keras.layers.Dense(size.embedding_dim, name=f"{name}_feed_output")(y)
    return _add_and_norm(x, y, dropout_rate, f"{name}_feed")


def _add_and_norm(x, y, dropout_rate, name):
    y = keras.layers.Dropout(dropout_rate, name=f"{name}_dropout")(y)
    x = keras.layers.Add(name=f"{name}_shortcut")([x, y])
    return keras.layers.LayerNormalization(epsilon=EPSILON, name=f"{name}_norm")(x)


def _check_size(size):
    if isinstance(size, str):
        return SIZES[check_choice("size", size, list(SIZES))]
    if not isinstance(size, (tuple, list)) or len(size) != 4:
        expected = "be a name in SIZES, or (layers, d, heads, hidden units)"
        raise InvalidValue(sentence("size", expected, f"{size!r}"))
    size = Size(*(check_count(f"size.{n}", v) for n, v in zip(Size._fields, size, strict=True)))
    if size.embedding_dim % size.num_heads:
        expected = f"have an embedding_dim that {size.num_heads} heads can share"
        raise InvalidValue(sentence("size", expected, size.embedding_dim))
    return size


def copy_weights(source: keras.Model | str | os.PathLike, model: keras.Model) -> keras.Model:
    """Fill a model with the weights of another of the same shape, such as a trained one.

    Args:
        source: a model of the same builder, or the path of a file that `model.save` wrote.
        model: its weights are replaced, all or none.

    Returns:
        The same `model`.

    Raises:
        TypeError: neither a model nor a path.
        ValueError: no such file, or weights of other shapes: says which layer, and whether it is
            the vocabulary.

    Example:
        >>> trained, fresh = (build_transformer(9, 9, 4, 4, (1, 4, 2, 8)) for _ in range(2))
        >>> both = copy_weights(trained, fresh).get_weights()[0], trained.get_weights()[0]
        >>> np.array_equal(*both)
        True

    Source: course 5, week 4.
    """
    source = _model_of(source)
    paths = [weight.path for weight in source.weights]
    theirs = dict(zip(paths, source.get_weights(), strict=True))
    for weight in model.weights:
        path = weight.path
        if path not in theirs:
            expected = f"have the layers of {model.name}"
            raise InvalidValue(sentence("source", expected, f"a model without {path}"))
        found, wanted = theirs[path].shape, tuple(weight.shape)
        if found != wanted:
            received = f"{path} of shape {found}, not {wanted}"
            raise InvalidValue(sentence("source", "fit the model", received, _why(path, found)))
    model.set_weights([theirs[weight.path] for weight in model.weights])
    return model


def _model_of(source):
    if isinstance(source, keras.Model):
        return source
    if not isinstance(source, (str, os.PathLike)):
        expected = "be a Keras model or the path of one"
        raise InvalidType(sentence("source", expected, type(source).__name__))
    if not (os.path.isfile(source) and os.fspath(source).endswith(".keras")):
        expected = "be the path of a .keras file"
        raise InvalidValue(sentence("source", expected, os.fspath(source)))
    return keras.saving.load_model(source, compile=False)


def _why(path, found):
    if "_0_tokens" in path:
        return f"Its vocabulary has {found[0]} tokens: build the model with that size."
    if "head_1" in path:
        return f"Its vocabulary has {found[-1]} tokens: build the model with that size."
    return "Its `size` is another: build the model with that."


# --- Training -------------------------------------------------------------------------------------


class _Schedule(keras.optimizers.schedules.LearningRateSchedule):
    _options: tuple[str, ...] = ()

    def get_config(self):
        return {name: getattr(self, name) for name in self._options}


@keras.saving.register_keras_serializable(package="dlspec")
class NoamSchedule(_Schedule):
    """A rate that rises for `warmup_steps` and then falls with the square root of the step.

        alpha = scale * d^-0.5 * min(step^-0.5, step * warmup_steps^-1.5),   step = 1, 2, ...

    Args:
        embedding_dim: d.
        warmup_steps: where the rate is highest.
        scale: factor, above 0.

    Example:
        >>> rate = NoamSchedule(512)
        >>> [round(float(rate(step - 1)), 6) for step in (1, 4000, 16000)]
        [0.0, 0.000699, 0.000349]

    Source: Vaswani et al., 2017, equation 3.
    """

    _options = ("embedding_dim", "warmup_steps", "scale")

    def __init__(self, embedding_dim: int, warmup_steps: int = 4000, scale: float = 1.0):
        self.embedding_dim = check_count("embedding_dim", embedding_dim)
        self.warmup_steps = check_count("warmup_steps", warmup_steps)
        self.scale = check_positive("scale", scale)

    def __call__(self, step: Any) -> Any:
        """Rate of a step, counted from 0 as Keras does."""
        step = ops.cast(step, "float32") + 1.0
        rising = step * self.warmup_steps**-1.5
        return self.scale * self.embedding_dim**-0.5 * ops.minimum(step**-0.5, rising)


@keras.saving.register_keras_serializable(package="dlspec")
class MaskedCrossentropy(_Configured, keras.losses.Loss):
    """Cross-entropy from logits over all that is not padding, with smoothed labels.

        loss = mean over tokens of -(1 - e) log p(y) - e / V sum over v of log p(v)

    A network that puts all its trust in one token is told that others were possible: the smallest
    loss is not 0 but the entropy of the smoothed label.

    Args:
        label_smoothing: e, the share of the label that all V tokens divide, in [0, 1).
        name: name of the loss.

    Example:
        >>> loss = MaskedCrossentropy()
        >>> float(loss(np.array([[1, 0]]), np.array([[[0.0, 0.0], [9.0, 1.0]]])))  # log 2
        0.6931471824645996

    Source: Vaswani et al., 2017, section 5.4; Szegedy et al., "Rethinking the Inception
    architecture", 2016, section 7.
    """

    _options = ("label_smoothing",)

    def __init__(self, label_smoothing: float = 0.0, name: str = "masked_crossentropy", **kwargs):
        super().__init__(name=name, **kwargs)
        self.label_smoothing = check_interval("label_smoothing", label_smoothing, "[0, 1)")

    def _forward(self, y_true, y_pred, training):
        y_true = ops.cast(y_true, "int32")
        log_p = ops.log_softmax(y_pred, axis=-1)
        right = -ops.take_along_axis(log_p, y_true[..., None], axis=-1)[..., 0]
        anywhere = -ops.mean(log_p, axis=-1)
        e = self.label_smoothing
        counted = ops.cast(ops.not_equal(y_true, PADDING), log_p.dtype)
        losses = ((1 - e) * right + e * anywhere) * counted
        return ops.sum(losses) / ops.maximum(ops.sum(counted), 1.0)
