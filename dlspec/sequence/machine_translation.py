"""Translating dates with attention (course 5, week 3).

    "3rd of march 2001"  ->  "2001-03-03"

A bidirectional LSTM reads all Tx characters, a<t'> = [forward a<t'>, backward a<t'>].  A second
one writes the Ty = 10 characters.  Before each it looks at the input: a small network says from its
state how much each of the Tx states matters, and what it reads is their weighted mean:

    e<t, t'>     = relu(w2 tanh(W1 [a<t'>, s<t-1>] + b1) + b2)        energy: how much t' matters
    alpha<t, t'> = exp(e<t, t'>) / sum over t' of exp(e<t, t'>)       attention, sums to 1
    context<t>   = sum over t' of alpha<t, t'> a<t'>
    s<t>, c<t>   = LSTM(context<t>, s<t-1>, c<t-1>)
    yhat<t>      = softmax(Wy s<t> + by)

The sum in the softmax goes over the characters of the *input*, t'; some notes sum over t.  Unlike a
translator of sentences this decoder does not read y<t-1>: after "20" any digit may come, and what
does stands in the input.  So given x the characters are independent, the most probable ones make
the most probable date, and no search can do better.  (The energies' relu is the course's; Bahdanau
et al. have none.)

`modelf` is the course's network, its Ty steps one by one.  `sequence_model` computes the same from
the same layers and weights with less to do: W1 a + b1 is the same at every step and is computed
once; all characters come as one array.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import keras
import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import check_array, check_count, check_keys
from dlspec.sequence.language_model import legacy_hard_sigmoid

__all__ = [
    "HUMAN_CHARACTERS",
    "MACHINE_CHARACTERS",
    "PAD",
    "UNK",
    "AttentionDecoder",
    "AttentionLayers",
    "AttentionTranslator",
    "attention_layers",
    "human_vocabulary",
    "independent_decoder",
    "int_to_string",
    "machine_vocabulary",
    "modelf",
    "one_step_attention",
    "preprocess_data",
    "sequence_model",
    "set_course_weights",
    "softmax_over_inputs",
    "string_to_int",
    "translate_dates",
]

UNK, PAD = "<unk>", "<pad>"
HUMAN_CHARACTERS = " ./0123456789abcdefghijlmnoprstuvwy"
"""What occurs in English dates: no k, q, x or z."""
MACHINE_CHARACTERS = "-0123456789"

HIDDEN = 10  # units of the network that computes the energies


# --- Characters to numbers ------------------------------------------------------------------------


def human_vocabulary(texts: Iterable[str] = ()) -> dict[str, int]:
    """Number the characters of dates as people write them.

    Args:
        texts: dates in other languages; characters of theirs are added.

    Returns:
        {character: index} in the characters' order, then <unk> and <pad>; 37 entries for English.

    Raises:
        TypeError: not texts.

    Example:
        >>> vocab = human_vocabulary()
        >>> len(vocab), vocab["y"], vocab["<unk>"], vocab["<pad>"]
        (37, 34, 35, 36)
        >>> len(human_vocabulary(["3. märz 2001"]))
        39

    Source: course 5, week 3.
    """
    found = set(HUMAN_CHARACTERS)
    for i, text in enumerate(texts):
        found |= set(_tidy(f"texts[{i}]", text))
    return {token: i for i, token in enumerate([*sorted(found), UNK, PAD])}


def machine_vocabulary() -> dict[str, int]:
    """Number the characters of "2001-03-03".

    Returns:
        {character: index}: - is 0 and the digit d is d + 1.

    Example:
        >>> vocab = machine_vocabulary()
        >>> len(vocab), vocab["-"], vocab["9"]
        (11, 0, 10)

    Source: course 5, week 3.
    """
    return {character: i for i, character in enumerate(MACHINE_CHARACTERS)}


def string_to_int(string: str, length: int, vocab: Mapping[str, int]) -> list[int]:
    """A date as `length` numbers: small letters, no commas, cut or padded.

    Characters outside the vocabulary become <unk>.  (The course's helper puts the *text* "<unk>"
    among the numbers.)

    Args:
        string: the date.
        length: numbers wanted, at least 1; the course's Tx is 30.
        vocab: from character to index, with <unk> and <pad>.

    Returns:
        The numbers.

    Raises:
        TypeError: no text, no dictionary.
        ValueError: a length below 1, a vocabulary without <unk> or <pad>.

    Example:
        >>> string_to_int("May 1, x", 8, human_vocabulary())
        [24, 13, 34, 0, 4, 0, 35, 36]

    Source: course 5, week 3.
    """
    length, vocab = check_count("length", length), _check_vocabulary("vocab", vocab, (UNK, PAD))
    characters = _tidy("string", string)[:length]
    known = [vocab.get(character, vocab[UNK]) for character in characters]
    return known + [vocab[PAD]] * (length - len(known))


def int_to_string(ints: Sequence[int], inv_vocab: Mapping[int, str]) -> list[str]:
    """Numbers back to characters.

    Args:
        ints: numbers.
        inv_vocab: from index to character.

    Returns:
        As many characters.

    Raises:
        ValueError: a number that the vocabulary lacks.

    Example:
        >>> int_to_string([3, 1, 0], {i: c for c, i in machine_vocabulary().items()})
        ['2', '0', '-']

    Source: course 5, week 3.
    """
    unknown = [int(i) for i in ints if int(i) not in inv_vocab]
    if unknown:
        expected = f"hold indices of the vocabulary of {len(inv_vocab)}"
        raise InvalidValue(sentence("ints", expected, unknown[0]))
    return [inv_vocab[int(i)] for i in ints]


def preprocess_data(
    dataset: Sequence[tuple[str, str]],
    human_vocab: Mapping[str, int],
    machine_vocab: Mapping[str, int],
    Tx: int,
    Ty: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Pairs of dates as numbers and as columns with a single 1.

    Args:
        dataset: pairs (as people write it, as machines do), m >= 1.
        human_vocab: from character to index, with <unk> and <pad>.
        machine_vocab: from character to index.
        Tx: characters read; longer dates are cut, shorter ones padded.
        Ty: characters written; each date must have so many.

    Returns:
        X: indices (m, Tx), int64.
        Y: indices (m, Ty), int64.
        Xoh: one-hot (m, Tx, human vocabulary), float32.
        Yoh: one-hot (m, Ty, machine vocabulary), float32.

    Raises:
        TypeError: not texts, no dictionaries.
        ValueError: no pairs, a machine date of another length or with other characters.

    Example:
        >>> data = [("3 May 1979", "1979-05-03")]
        >>> arrays = preprocess_data(data, human_vocabulary(), machine_vocabulary(), 30, 10)
        >>> [array.shape for array in arrays]
        [(1, 30), (1, 10), (1, 30, 37), (1, 10, 11)]

    Source: course 5, week 3.
    """
    machine_vocab, Ty = _check_vocabulary("machine_vocab", machine_vocab), check_count("Ty", Ty)
    if not len(dataset):
        raise InvalidValue(sentence("dataset", "hold at least one pair", "none"))
    for i, (_, date) in enumerate(dataset):
        if len(date) != Ty or not set(date) <= set(machine_vocab):
            expected = f"be Ty={Ty} characters of the machine vocabulary"
            raise InvalidValue(sentence(f"dataset[{i}][1]", expected, f"{date!r}"))
    X = np.array([string_to_int(text, Tx, human_vocab) for text, _ in dataset])
    Y = np.array([[machine_vocab[character] for character in date] for _, date in dataset])
    return X, Y, _one_hot(X, len(human_vocab)), _one_hot(Y, len(machine_vocab))


def _one_hot(indices, size):
    return np.eye(size, dtype=np.float32)[indices]


# --- Attention ------------------------------------------------------------------------------------


@keras.saving.register_keras_serializable(package="dlspec")
def softmax_over_inputs(energies: keras.KerasTensor) -> keras.KerasTensor:
    """Softmax along axis 1, the characters of the input.

    Args:
        energies: (m, Tx, 1).

    Returns:
        The attention of one step, (m, Tx, 1), which sums to 1 for each example.

    Example:
        >>> alpha = softmax_over_inputs(np.zeros((1, 4, 1)))
        >>> keras.ops.convert_to_numpy(alpha).ravel().tolist()
        [0.25, 0.25, 0.25, 0.25]

    Source: course 5, week 3.
    """
    return keras.ops.softmax(energies, axis=1)


class AttentionLayers(NamedTuple):
    """The layers that every step of attention shares, under the course's names.

    Attributes:
        repeator: s<t-1> beside each of the Tx characters.
        concatenator: [a<t'>, s<t-1>].
        densor1: 10 units, tanh.
        densor2: the energies; 1 unit, relu.
        activator: softmax over the input.
        dotor: sum over t' of alpha a<t'>.
    """

    repeator: keras.layers.Layer
    concatenator: keras.layers.Layer
    densor1: keras.layers.Layer
    densor2: keras.layers.Layer
    activator: keras.layers.Layer
    dotor: keras.layers.Layer


def attention_layers(Tx: int) -> AttentionLayers:
    """Make the layers for `one_step_attention`.

    Args:
        Tx: characters of the input.

    Returns:
        Layers without weights as yet; with n_a = 32 and n_s = 64 there will be 1,301.

    Raises:
        TypeError: not a whole number.
        ValueError: below 1.

    Example:
        >>> [layer.name for layer in attention_layers(30)][2:4]
        ['attention_1_dense', 'attention_2_dense']

    Source: course 5, week 3.
    """
    return AttentionLayers(
        keras.layers.RepeatVector(check_count("Tx", Tx), name="attention_1_repeat"),
        keras.layers.Concatenate(axis=-1, name="attention_1_concatenate"),
        keras.layers.Dense(HIDDEN, activation="tanh", name="attention_1_dense"),
        keras.layers.Dense(1, activation="relu", name="attention_2_dense"),
        keras.layers.Activation(softmax_over_inputs, name="attention_2_softmax"),
        keras.layers.Dot(axes=1, name="attention_3_context"),
    )


def one_step_attention(
    a: keras.KerasTensor, s_prev: keras.KerasTensor, shared: AttentionLayers | None = None
) -> keras.KerasTensor:
    """Look at the input once: the context for the next character.

    Args:
        a: states of the bidirectional LSTM, (m, Tx, 2 n_a).
        s_prev: state of the decoder, (m, n_s).
        shared: layers of `attention_layers`, the same ones at every step; by default new ones, with
            weights at random.

    Returns:
        The context (m, 1, 2 n_a), a mean of the Tx states.

    Raises:
        ValueError: other ranks than these.

    Example:
        >>> tuple(one_step_attention(np.ones((2, 30, 64)), np.ones((2, 64))).shape)
        (2, 1, 64)

    Source: course 5, week 3; Bahdanau et al., "Neural machine translation by jointly learning to
    align and translate", 2014.
    """
    if len(a.shape) != 3 or len(s_prev.shape) != 2:
        received = f"{tuple(a.shape)} and {tuple(s_prev.shape)}"
        expected = "have shape (m, Tx, 2 n_a), with `s_prev` of shape (m, n_s)"
        raise InvalidValue(sentence("a", expected, received))
    shared = shared or attention_layers(a.shape[1])
    repeated = shared.repeator(s_prev)
    energies = shared.densor2(shared.densor1(shared.concatenator([a, repeated])))
    return shared.dotor([shared.activator(energies), a])


def modelf(
    Tx: int,
    Ty: int,
    n_a: int,
    n_s: int,
    human_vocab_size: int,
    machine_vocab_size: int,
    legacy_gates: bool = False,
) -> keras.Model:
    """Bidirectional LSTM, attention, LSTM and softmax, unrolled over Ty characters.

    Layers are named `encoder_1_bilstm`, `attention_<i>_<role>`, `decoder_1_lstm` and
    `output_1_softmax`; each of them serves all steps.

    Args:
        Tx: characters read.
        Ty: characters written.
        n_a: units of the encoder in each direction.
        n_s: units of the decoder.
        human_vocab_size: characters known of the input, <unk> and <pad> included.
        machine_vocab_size: characters of the output.
        legacy_gates: LSTMs as Keras had them before 2.3, whose gates are clip(0.2 z + 0.5, 0, 1);
            weights trained with such gates want them.

    Returns:
        A functional model of X (m, Tx, human_vocab_size), s0 (m, n_s) and c0 (m, n_s) to a list of
        Ty arrays (m, machine_vocab_size).  The course's sizes (30, 10, 32, 64, 37, 11) make 52,960
        parameters.

    Raises:
        TypeError: not whole numbers.
        ValueError: sizes below 1.

    Example:
        >>> model = modelf(30, 2, 32, 64, 37, 11)
        >>> model.count_params(), len(model.outputs)
        (52960, 2)

    Source: course 5, week 3.
    """
    sizes = {"Tx": Tx, "Ty": Ty, "n_a": n_a, "n_s": n_s}
    sizes |= {"human_vocab_size": human_vocab_size, "machine_vocab_size": machine_vocab_size}
    for name, size in sizes.items():
        check_count(name, size)
    gates = legacy_hard_sigmoid if legacy_gates else "sigmoid"
    one_way = keras.layers.LSTM(n_a, return_sequences=True, recurrent_activation=gates, name="lstm")
    encoder = keras.layers.Bidirectional(one_way, name="encoder_1_bilstm")
    # A step of its own is a few products and no loop: unrolled it builds and runs much faster.
    decoder = keras.layers.LSTM(
        n_s, return_state=True, recurrent_activation=gates, unroll=True, name="decoder_1_lstm"
    )
    output = keras.layers.Dense(machine_vocab_size, activation="softmax", name="output_1_softmax")
    shared = attention_layers(Tx)

    X = keras.Input((Tx, human_vocab_size), name="X")
    s0, c0 = keras.Input((n_s,), name="s0"), keras.Input((n_s,), name="c0")
    a, s, c, outputs = encoder(X), s0, c0, []
    for _ in range(Ty):
        context = one_step_attention(a, s, shared)
        s, _, c = decoder(context, initial_state=[s, c])
        outputs.append(output(s))
    return keras.Model([X, s0, c0], outputs, name="attention_translator")


AttentionTranslator = modelf


# --- The same in one layer ------------------------------------------------------------------------


@keras.saving.register_keras_serializable(package="dlspec")
class AttentionDecoder(keras.layers.Layer):
    """All steps of the decoder as one layer, over layers that a `modelf` already has.

    Source: course 5, week 3.
    """

    def __init__(
        self,
        Ty: int,
        densor1: keras.layers.Dense,
        densor2: keras.layers.Dense,
        decoder: keras.layers.LSTM,
        output: keras.layers.Dense,
        **options: Any,
    ) -> None:
        """Share layers.

        Args:
            Ty: characters to write.
            densor1: of `AttentionLayers`.
            densor2: of `AttentionLayers`.
            decoder: the LSTM.
            output: the softmax.
            options: of every Keras layer, such as `name`.
        """
        super().__init__(**options)
        self.Ty = Ty
        self.densor1, self.densor2, self.decoder, self.output_dense = (
            densor1,
            densor2,
            decoder,
            output,
        )

    def build(self, input_shape: tuple) -> None:
        """Build those layers that were not built before.

        Args:
            input_shape: (m, Tx, 2 n_a).

        Returns:
            Nothing.

        Example:
            >>> dense, lstm = keras.layers.Dense, keras.layers.LSTM(5)
            >>> layer = AttentionDecoder(4, dense(10), dense(1), lstm, dense(7))
            >>> layer.build((None, 3, 6))
            >>> layer.densor1.kernel.shape[0]  # 2 n_a + n_s
            11

        Source: course 5, week 3.
        """
        Tx, width = input_shape[1:]
        n_s = self.decoder.units
        for layer, shape in (
            (self.densor1, (None, Tx, width + n_s)),
            (self.densor2, (None, Tx, HIDDEN)),
            (self.decoder, (None, 1, width)),
            (self.output_dense, (None, n_s)),
        ):
            if not layer.built:
                layer.build(shape)

    def call(self, a: keras.KerasTensor) -> tuple[keras.KerasTensor, keras.KerasTensor]:
        """Write all characters, from states of zeros.

        Args:
            a: states of the encoder, (m, Tx, 2 n_a).

        Returns:
            probabilities: (m, Ty, machine_vocab_size).
            attention: alpha, (m, Ty, Tx).

        Example:
            >>> dense = keras.layers.Dense
            >>> layer = AttentionDecoder(4, dense(10), dense(1), keras.layers.LSTM(5), dense(7))
            >>> [tuple(array.shape) for array in layer(np.ones((2, 3, 6)))]
            [(2, 4, 7), (2, 4, 3)]

        Source: course 5, week 3.
        """
        ops, kernel, width = keras.ops, self.densor1.kernel, a.shape[-1]
        from_input = ops.matmul(a, kernel[:width]) + self.densor1.bias  # the same at every step
        s = c = ops.zeros((ops.shape(a)[0], self.decoder.units), dtype=a.dtype)
        states, attention = [], []
        for _ in range(self.Ty):
            from_state = ops.expand_dims(ops.matmul(s, kernel[width:]), axis=1)
            energies = self.densor2(ops.tanh(from_input + from_state))
            alpha = softmax_over_inputs(energies)
            s, (_, c) = self.decoder.cell(ops.sum(alpha * a, axis=1), [s, c])
            states.append(s)
            attention.append(alpha[:, :, 0])
        return self.output_dense(ops.stack(states, axis=1)), ops.stack(attention, axis=1)

    def get_config(self) -> dict:
        """Ty and the layers.

        Returns:
            What `from_config` takes.

        Example:
            >>> layer = AttentionDecoder(4, *(keras.layers.Dense(n) for n in (10, 1, 5, 7)))
            >>> layer.get_config()["Ty"]
            4

        Source: course 5, week 3.
        """
        layers = {
            name: keras.saving.serialize_keras_object(layer)
            for name, layer in (
                ("densor1", self.densor1),
                ("densor2", self.densor2),
                ("decoder", self.decoder),
                ("output", self.output_dense),
            )
        }
        return super().get_config() | {"Ty": self.Ty} | layers

    @classmethod
    def from_config(cls, config: dict) -> "AttentionDecoder":
        """Make the layer again.

        Args:
            config: of `get_config`.

        Returns:
            A layer with layers of its own.

        Example:
            >>> layer = AttentionDecoder(4, *(keras.layers.Dense(n) for n in (10, 1, 5, 7)))
            >>> AttentionDecoder.from_config(layer.get_config()).output_dense.units
            7

        Source: course 5, week 3.
        """
        layers = {
            name: keras.saving.deserialize_keras_object(config[name])
            for name in ("densor1", "densor2", "decoder", "output")
        }
        return cls(**(config | layers))


def sequence_model(model: keras.Model, attention: bool = False) -> keras.Model:
    """The network of a `modelf` from X alone to one array; weights are shared with it.

    Learns and translates faster, and shows where it looks.

    Args:
        model: a `modelf`.
        attention: also return alpha.

    Returns:
        A functional model of X (m, Tx, human_vocab_size) to (m, Ty, machine_vocab_size); with
        `attention` to that and to alpha, (m, Ty, Tx).

    Raises:
        TypeError: not a Keras model.
        ValueError: another one than `modelf` makes.

    Example:
        >>> sequence_model(modelf(30, 2, 3, 4, 37, 11), attention=True).output_shape
        [(None, 2, 11), (None, 2, 30)]

    Source: course 5, week 3.
    """
    encoder, densor1, densor2, decoder, output = _layers_of(model)
    X = keras.Input(model.inputs[0].shape[1:], name="X")
    write = AttentionDecoder(
        len(model.outputs), densor1, densor2, decoder, output, name="decoder_1_steps"
    )
    probabilities, alpha = write(encoder(X))
    outputs = [probabilities, alpha] if attention else probabilities
    return keras.Model(X, outputs, name="attention_translator_sequence")


LAYERS = (
    "encoder_1_bilstm",
    "attention_1_dense",
    "attention_2_dense",
    "decoder_1_lstm",
    "output_1_softmax",
)
"""Those that have weights."""


def _layers_of(model):
    if not isinstance(model, keras.Model):
        raise InvalidType(sentence("model", "be a keras.Model", type(model).__name__))
    found = {layer.name: layer for layer in model.layers}
    missing = [name for name in LAYERS if name not in found]
    if missing:
        received = f"{model.name}, without {missing[0]}"
        raise InvalidValue(sentence("model", "be one that modelf built", received))
    return [found[name] for name in LAYERS]


# --- Using it -------------------------------------------------------------------------------------


def translate_dates(
    model: keras.Model,
    dates: Sequence[str],
    human_vocab: Mapping[str, int],
    machine_vocab: Mapping[str, int],
) -> list[str]:
    """Read dates as people write them, write them as machines do.

    Args:
        model: a `modelf`, or a `sequence_model` of one without attention, which saves time when
            this is called often.
        dates: at least one; longer ones than Tx are cut.
        human_vocab: the one that the network was trained with.
        machine_vocab: the one that the network was trained with.

    Returns:
        As many texts of Ty characters; whether they are dates is up to the network.

    Raises:
        TypeError: not a Keras model, not texts.
        ValueError: no dates, vocabularies of other sizes than the network's.

    Example:
        >>> model = modelf(30, 10, 2, 3, 37, 11)
        >>> model.set_weights([0 * w for w in model.get_weights()])
        >>> translate_dates(model, ["May 1, 2001"], human_vocabulary(), machine_vocabulary())
        ['----------']

    Source: course 5, week 3.
    """
    if not isinstance(model, keras.Model) or len(model.inputs) > 1:
        model = sequence_model(model)
    human_vocab = _check_vocabulary("human_vocab", human_vocab, (UNK, PAD))
    machine_vocab = _check_vocabulary("machine_vocab", machine_vocab)
    _, Tx, human_size = model.input_shape
    sizes = {"human_vocab": (human_vocab, human_size)}
    sizes |= {"machine_vocab": (machine_vocab, model.output_shape[-1])}
    for name, (vocab, size) in sizes.items():
        if len(vocab) != size:
            expected = f"hold the {size} characters that the network knows"
            raise InvalidValue(sentence(name, expected, len(vocab)))
    if isinstance(dates, str) or not len(dates):
        received = f"{dates!r}"
        raise InvalidValue(sentence("dates", "be a list of at least one text", received))
    X = np.array([string_to_int(text, Tx, human_vocab) for text in dates])
    probabilities = model(_one_hot(X, human_size), training=False)
    probabilities = keras.ops.convert_to_numpy(probabilities)
    inverse = {i: character for character, i in machine_vocab.items()}
    return ["".join(int_to_string(row, inverse)) for row in probabilities.argmax(axis=-1)]


def independent_decoder(
    probabilities: np.ndarray,
) -> tuple[Callable, tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]]:
    """What the network said, as a decoder for `beam_search` and `explain_error`.

    The network's characters do not depend on each other, so each step gives what it said at t,
    whatever was chosen before.  The search wants a token that ends a sentence: V, which is never
    said.

    Args:
        probabilities: (m, Ty, V), of a `sequence_model`.

    Returns:
        step_fn: as in `dlspec.sequence.beam_search`.
        start: tokens and state.

    Raises:
        TypeError: not numbers.
        ValueError: another rank.

    Example:
        >>> from dlspec.sequence.beam_search import beam_search
        >>> step_fn, start = independent_decoder(np.array([[[0.9, 0.1], [0.2, 0.8]]]))
        >>> beam_search(step_fn, start, beam_width=3, max_len=2, eos=2).best()
        [array([0, 1])]

    Source: course 5, week 3.
    """
    p = check_array("probabilities", probabilities, ("m", "Ty", "V"))
    log_p = np.log(np.maximum(p, np.finfo(np.float32).tiny))
    never = np.full((*p.shape[:2], 1), -np.inf)
    state = np.concatenate([log_p, never], axis=2), np.zeros(len(p), np.int64)

    def step_fn(tokens, state):
        rows, t = state
        return rows[np.arange(len(rows)), t], (rows, t + 1)

    return step_fn, (np.full(len(p), p.shape[2]), state)


def set_course_weights(model: keras.Model, weights: Mapping[str, np.ndarray]) -> keras.Model:
    """Fill a `modelf` with weights that Keras 2 wrote, such as the course's own.

    `dlspec.datasets.read_translator_weights` reads them from a file.

    Args:
        model: built with the same sizes as the weights, and with their kind of gates; changed in
            place.
        weights: kernel, recurrent_kernel and bias of encoder_forward, encoder_backward and decoder;
            kernel and bias of attention_1, attention_2 and output; keys such as "decoder_bias".

    Returns:
        The model.

    Raises:
        TypeError: not a Keras model, no dictionary, not numbers.
        ValueError: another model than `modelf` makes, a missing array, one of another size: other
            vocabularies, for instance.

    Example:
        >>> model = modelf(4, 2, 1, 1, 5, 3)
        >>> arrays = {key: np.ones([n for _, n in shape]) for key, shape in _shapes(model).items()}
        >>> set_course_weights(model, arrays).get_weights()[0].shape
        (5, 4)

    Source: course 5, week 3; the order of the gates (i, f, c, o) has not changed since.
    """
    layers = _layers_of(model)
    arrays = check_keys("weights", weights, _shapes(model))
    lstm = ("kernel", "recurrent_kernel", "bias")
    parts = [
        [f"encoder_{way}_{part}" for way in ("forward", "backward") for part in lstm],
        ["attention_1_kernel", "attention_1_bias"],
        ["attention_2_kernel", "attention_2_bias"],
        [f"decoder_{part}" for part in lstm],
        ["output_kernel", "output_bias"],
    ]
    for layer, keys in zip(layers, parts, strict=True):
        layer.set_weights([arrays[key] for key in keys])
    return model


def _shapes(model):
    """{key: shape} of the weights of a `modelf`, sizes with their names."""
    encoder, _, _, decoder, _ = _layers_of(model)
    n_a, n_s = encoder.forward_layer.units, decoder.units
    human = ("human_vocab_size", model.inputs[0].shape[-1])
    machine = ("machine_vocab_size", model.outputs[0].shape[-1])
    shapes = {}
    for name, size, units, letter in (
        ("encoder_forward", human, n_a, "n_a"),
        ("encoder_backward", human, n_a, "n_a"),
        ("decoder", ("2 n_a", 2 * n_a), n_s, "n_s"),
    ):
        gates = (f"4 {letter}", 4 * units)
        shapes[f"{name}_kernel"] = (size, gates)
        shapes[f"{name}_recurrent_kernel"] = ((letter, units), gates)
        shapes[f"{name}_bias"] = (gates,)
    for name, size, units in (
        ("attention_1", ("2 n_a + n_s", 2 * n_a + n_s), ("hidden", HIDDEN)),
        ("attention_2", ("hidden", HIDDEN), ("energies", 1)),
        ("output", ("n_s", n_s), machine),
    ):
        shapes |= {f"{name}_kernel": (size, units), f"{name}_bias": (units,)}
    return shapes


# --- Checks ---------------------------------------------------------------------------------------


def _tidy(name, text):
    if not isinstance(text, str):
        raise InvalidType(sentence(name, "be a text", type(text).__name__))
    return text.lower().replace(",", "")


def _check_vocabulary(name, vocab, needed=()):
    if not isinstance(vocab, Mapping):
        raise InvalidType(sentence(name, "be a dictionary", type(vocab).__name__))
    missing = [token for token in needed if token not in vocab]
    if missing:
        expected = f"hold {' and '.join(needed)}"
        raise InvalidValue(sentence(name, expected, f"{len(vocab)} others"))
    return vocab
