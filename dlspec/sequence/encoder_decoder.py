"""Encoder and decoder without attention: sentences to sentences, pictures to captions (week 3).

An encoder turns what it reads into one vector, however long that is; a decoder starts from it and
writes a sentence as a language model does:

    P(y | x) = product over t of P(y<t> | x, y<1>, ..., y<t-1>),    x in the decoder's first state

    Seq2Seq           an LSTM reads a sentence; its last state is the vector
    ImageCaptioner    convolutions read a picture; a dense layer of their output is the vector

While it learns, the decoder is given the right token before each (`shift_right`).  While it writes
it is given its own, chosen by a search: `decoder_of` cuts the trained network in two and hands it
to `beam_search`, `greedy_search` or `explain_error`.  For both networks the beginning of a sentence
is a token of the vocabulary, and so is its end.
"""

from collections.abc import Callable, Sequence

import keras
import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import check_count, check_image_shape

__all__ = ["ImageCaptioner", "Seq2Seq", "decoder_of", "shift_right"]

FILTERS = (16, 32, 64)
"""Of the convolutions that read a picture; each halves it."""


def Seq2Seq(
    source_vocab_size: int,
    target_vocab_size: int,
    embedding_dim: int = 64,
    units: int = 128,
    name: str = "seq2seq",
) -> keras.Model:
    """LSTM encoder, LSTM decoder; the encoder's last state is all that the decoder gets to know.

    Layers are named `encoder_1_embedding`, `encoder_1_lstm`, `decoder_1_embedding`,
    `decoder_1_lstm` and `output_1_softmax`.

    Args:
        source_vocab_size: tokens of the input; 0 is padding at the end of a sentence, which the
            encoder does not read.
        target_vocab_size: tokens of the output, beginning and end of a sentence included.
        embedding_dim: size of a token's vector, on both sides.
        units: of both LSTMs.
        name: name of the model.

    Returns:
        A functional model of source (m, Tx) and target (m, Ty), int32, to probabilities
        (m, Ty, target_vocab_size): of what comes behind each target token.

    Raises:
        TypeError, ValueError: counts that are no whole numbers of at least 1.

    Example:
        >>> Seq2Seq(10, 7, 4, 3).count_params()  # 4 x 10, 12 (4 + 3 + 1), 4 x 7, the same, 7 x 4
        288

    Source: Sutskever et al., "Sequence to sequence learning with neural networks", 2014, with one
    layer, its input not reversed; course 5, week 3.
    """
    source_vocab_size = check_count("source_vocab_size", source_vocab_size)
    target_vocab_size, embedding_dim, units = _check_sizes(target_vocab_size, embedding_dim, units)
    source = keras.Input((None,), dtype="int32", name="source")
    x = keras.layers.Embedding(
        source_vocab_size, embedding_dim, mask_zero=True, name="encoder_1_embedding"
    )(source)
    _, a, c = keras.layers.LSTM(units, return_state=True, name="encoder_1_lstm")(x)
    target, outputs = _decode([a, c], target_vocab_size, embedding_dim, units)
    return keras.Model([source, target], outputs, name=name)


def ImageCaptioner(
    input_shape: Sequence[int],
    vocab_size: int,
    embedding_dim: int = 64,
    units: int = 128,
    name: str = "image_captioner",
) -> keras.Model:
    """Convolutional encoder, LSTM decoder.

    Three convolutions of 3x3, each with batch normalisation, ReLU and pooling that halves the
    picture, then a mean over the places, and two dense layers for the decoder's first states.
    Layers are named `encoder_<l>_conv`, `_bn`, `_relu`, `_pool`, `encoder_4_average`,
    `encoder_4_state`, `encoder_4_cell`, `decoder_1_embedding`, `decoder_1_lstm` and
    `output_1_softmax`.

    Args:
        input_shape: (height, width, channels), at least 8 pixels high and wide.
        vocab_size: words, beginning and end of a sentence included.
        embedding_dim: size of a word's vector.
        units: of the LSTM.
        name: name of the model.

    Returns:
        A functional model of image (m, H, W, C) from 0 to 1 and target (m, Ty), int32, to
        probabilities (m, Ty, vocab_size): of what comes behind each target word.

    Raises:
        TypeError: sizes that are no whole numbers.
        ValueError: sizes below 1, pictures too small to be halved three times.

    Example:
        >>> ImageCaptioner((32, 32, 3), 20).output_shape
        (None, None, 20)

    Source: Vinyals et al., "Show and tell: a neural image caption generator", 2014, with a small
    encoder, the picture in the first state and not in the first input; course 5, week 3.
    """
    shape = check_image_shape("input_shape", input_shape, minimum=2 ** len(FILTERS))
    vocab_size, embedding_dim, units = _check_sizes(vocab_size, embedding_dim, units, "vocab_size")
    x = image = keras.Input(shape, name="image")
    for l, filters in enumerate(FILTERS, start=1):
        stage = f"encoder_{l}"
        x = keras.layers.Conv2D(filters, 3, padding="same", use_bias=False, name=f"{stage}_conv")(x)
        x = keras.layers.BatchNormalization(name=f"{stage}_bn")(x)
        x = keras.layers.ReLU(name=f"{stage}_relu")(x)
        x = keras.layers.MaxPooling2D(name=f"{stage}_pool")(x)
    x = keras.layers.GlobalAveragePooling2D(name="encoder_4_average")(x)
    state = [
        keras.layers.Dense(units, activation="tanh", name="encoder_4_state")(x),
        keras.layers.Dense(units, name="encoder_4_cell")(x),
    ]
    target, outputs = _decode(state, vocab_size, embedding_dim, units)
    return keras.Model([image, target], outputs, name=name)


def _decode(state, vocab_size, embedding_dim, units):
    """The language model behind both encoders: (its input, its output)."""
    target = keras.Input((None,), dtype="int32", name="target")
    x = keras.layers.Embedding(vocab_size, embedding_dim, name="decoder_1_embedding")(target)
    lstm = keras.layers.LSTM(units, return_sequences=True, return_state=True, name="decoder_1_lstm")
    x, _, _ = lstm(x, initial_state=state)
    return target, keras.layers.Dense(vocab_size, activation="softmax", name="output_1_softmax")(x)


def shift_right(targets: np.ndarray, start: int) -> np.ndarray:
    """What the decoder reads while it learns: the right sentence, one step late.

    Args:
        targets: tokens (m, Ty) that it shall write.
        start: the token that stands for the beginning.

    Returns:
        Tokens (m, Ty): `start`, y<1>, ..., y<Ty-1>.

    Raises:
        TypeError: no whole numbers.
        ValueError: another rank, a negative start.

    Example:
        >>> shift_right([[5, 6, 7]], start=1)
        array([[1, 5, 6]])

    Source: course 5, week 3.
    """
    start = check_count("start", start, minimum=0)
    array = np.asarray(targets)
    if array.dtype.kind not in "iu":
        raise InvalidType(sentence("targets", "hold whole numbers", f"dtype {array.dtype}"))
    if array.ndim != 2:
        raise InvalidValue(sentence("targets", "have shape (m, Ty)", array.shape))
    return np.concatenate([np.full_like(array[:, :1], start), array[:, :-1]], axis=1)


def decoder_of(
    model: keras.Model, inputs: np.ndarray, start: int
) -> tuple[Callable, tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]]:
    """Cut a trained network in two, read the inputs, and hand the decoder to a search.

    Args:
        model: a `Seq2Seq` or an `ImageCaptioner`.
        inputs: sentences (m, Tx) or pictures (m, H, W, C), read once.
        start: the token that stands for the beginning.

    Returns:
        step_fn: as in `dlspec.sequence.beam_search`, one call for all rows.
        start: tokens and state to begin with.

    Raises:
        TypeError: not a Keras model, no whole number.
        ValueError: another model than these, a start outside the vocabulary.

    Example:
        >>> from dlspec.sequence.beam_search import beam_search
        >>> model = Seq2Seq(10, 4, 3, 3)
        >>> model.set_weights([0 * w for w in model.get_weights()[:-1]] + [np.array([0, 0, 9, 0])])
        >>> step_fn, begin = decoder_of(model, np.array([[5, 6]]), start=1)
        >>> beam_search(step_fn, begin, beam_width=2, max_len=3, eos=0).best()
        [array([2, 2, 2])]

    Source: course 5, week 3.
    """
    lstm, embedding, output, first_state = _parts(model)
    if check_count("start", start, minimum=0) >= output.units:
        expected = f"be one of the {output.units} tokens that the decoder knows"
        raise InvalidValue(sentence("start", expected, start))
    encoder = keras.Model(model.inputs[0], first_state)
    token = keras.Input((1,), dtype="int32")
    state = [keras.Input((lstm.units,)), keras.Input((lstm.units,))]
    x, a, c = lstm(embedding(token), initial_state=state)
    step = keras.Model([token, *state], [output(x), a, c])

    def step_fn(tokens, state):
        p, a, c = step.predict_on_batch([np.asarray(tokens, np.int32)[:, None], *state])
        return np.log(np.maximum(p[:, 0], np.finfo(np.float32).tiny)), (a, c)

    a, c = map(keras.ops.convert_to_numpy, encoder(np.asarray(inputs), training=False))
    return step_fn, (np.full(len(a), start), (a, c))


def _parts(model):
    """Layers of the decoder, and the tensors that it starts from."""
    if not isinstance(model, keras.Model):
        raise InvalidType(sentence("model", "be a keras.Model", type(model).__name__))
    found = {layer.name: layer for layer in model.layers}
    decoder = ("decoder_1_lstm", "decoder_1_embedding", "output_1_softmax")
    is_seq2seq, is_captioner = "encoder_1_lstm" in found, "encoder_4_cell" in found
    if not (all(name in found for name in decoder) and (is_seq2seq or is_captioner)):
        expected = "be a Seq2Seq or an ImageCaptioner"
        raise InvalidValue(sentence("model", expected, model.name))
    if is_seq2seq:
        state = found["encoder_1_lstm"].output[1:]
    else:
        state = [found[f"encoder_4_{role}"].output for role in ("state", "cell")]
    return *(found[name] for name in decoder), state


def _check_sizes(vocab_size, embedding_dim, units, name="target_vocab_size"):
    sizes = {name: vocab_size, "embedding_dim": embedding_dim, "units": units}
    return [check_count(key, size) for key, size in sizes.items()]
