"""Language models of words and of characters, and a poet (course 5, week 1).

A language model says how probable a sentence is, one word after the other:

    P(y<1>, ..., y<T>) = P(y<1>) P(y<2> | y<1>) ... P(<EOS> | y<1>, ..., y<T>)

An LSTM reads the words so far and gives the probabilities of the next one.  Step t gets x<t> =
y<t-1>, the right word and not the one that it found most probable, and x<1> = <EOS>: behind the end
of a sentence another one begins.  Words outside the vocabulary are all called <UNK>.  The same
model of characters needs no <UNK> and can spell any word, but its sequences are five times as long.

    perplexity = exp(- mean log P(y<t> | before))

is the number of words among which the model is as uncertain as if it drew one blindly; the smaller
the better.  Two models of counts are there to be beaten:

    unigram    P(w) = (count(w) + 1) / (N + V)
    bigram     P(w | v) = (count(v, w) + k P(w)) / (count(v) + k)

where the bigram falls back on the unigram the more, the more rarely v was seen.  Perplexities are
comparable only for the same tokens: one per character is another number than one per word, and a
small vocabulary makes it easy, since <UNK> is one word then.

To write, draw a word from the probabilities, hand it in, and so on until <EOS>; with a temperature
T from p^(1/T), normalised.

Every function that judges or writes takes `predict`: a Keras model, or any function from indices
(m, T) to probabilities (m, T, V).  A bigram table (V, V) gives one as `table.__getitem__`.

The poem model of the course, `ShakespeareLM`, reads the last 40 characters as columns with a single
1.  Its weights come from Keras 2.0.6, whose gates were no sigmoids but clip(0.2 z + 0.5, 0, 1);
the hard_sigmoid of Keras 3 has the slope 1/6 and would give other poems.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import keras
import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import (
    check_array,
    check_choice,
    check_count,
    check_interval,
    check_positive,
)

__all__ = [
    "EOS",
    "UNK",
    "LanguageModel",
    "ShakespeareLM",
    "as_arrays",
    "build_vocabulary",
    "continue_text",
    "encode",
    "fit_bigram",
    "fit_unigram",
    "legacy_hard_sigmoid",
    "log_likelihood",
    "perplexity",
    "sample",
    "sentence_log_probability",
    "tokenize",
]

EOS, UNK = "<EOS>", "<UNK>"
LEVELS = ("word", "character")
Predict = Callable[[np.ndarray], np.ndarray]

WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*|[.!?,;:]")
END = re.compile(r"(?<=[.!?])[\"')\]]*\s+")


# --- Text to indices ------------------------------------------------------------------------------


def tokenize(text: str, level: str = "word") -> list[list[str]]:
    """Cut a text into sentences, and those into words with their punctuation, or into characters.

    A sentence ends with . ! or ? before white space, or with a paragraph; capitals are lost.

    Args:
        text: any text.
        level: "word" or "character".

    Returns:
        Sentences of at least one token each.

    Raises:
        TypeError: no text.
        ValueError: an unknown level, nothing to read in the text.

    Example:
        >>> tokenize("Cats sleep. Don't they?")
        [['cats', 'sleep', '.'], ["don't", 'they', '?']]
        >>> tokenize("Hi.", "character")
        [['h', 'i', '.']]

    Source: course 5, week 1.
    """
    check_choice("level", level, LEVELS)
    if not isinstance(text, str):
        raise InvalidType(sentence("text", "be a text", type(text).__name__))
    sentences = []
    for paragraph in re.split(r"\n\s*\n", text.lower()):
        for part in END.split(" ".join(paragraph.split())):
            tokens = WORD.findall(part) if level == "word" else list(part)
            if tokens:
                sentences.append(tokens)
    if not sentences:
        raise InvalidValue(sentence("text", "hold at least one word", f"{text[:20]!r}"))
    return sentences


def build_vocabulary(
    sentences: Sequence[Sequence[str]], size: int | None = None, *, unknown: bool = True
) -> dict[str, int]:
    """Number the most frequent tokens: <EOS> is 0, <UNK> is 1 where there is one.

    Args:
        sentences: as `tokenize` returns them.
        size: entries at most, those two included; None for all tokens.
        unknown: whether to have <UNK>; without it a token outside is a complaint later on.

    Returns:
        {token: index}, by falling frequency; of equally frequent ones the first in the alphabet.

    Raises:
        TypeError: not lists of texts.
        ValueError: an empty sentence, a size that leaves room for no token.

    Example:
        >>> build_vocabulary([["a", "rose", "is", "a", "rose"]], size=4)
        {'<EOS>': 0, '<UNK>': 1, 'a': 2, 'rose': 3}

    Source: course 5, week 1.
    """
    for i, tokens in enumerate(_check_list("sentences", sentences)):
        _check_tokens(f"sentences[{i}]", tokens)
    special = [EOS, UNK] if unknown else [EOS]
    if size is not None:
        size = check_count("size", size, minimum=len(special) + 1) - len(special)
    counts = Counter(token for tokens in sentences for token in tokens)
    ranked = sorted(counts, key=lambda token: (-counts[token], token))[:size]
    return {token: i for i, token in enumerate([*special, *ranked])}


def encode(tokens: Sequence[str], vocabulary: Mapping[str, int]) -> list[int]:
    """Tokens as indices, without <EOS>.

    Args:
        tokens: one sentence, at least one token.
        vocabulary: from token to index.

    Returns:
        As many indices.

    Raises:
        TypeError: not a list of texts, no dictionary.
        ValueError: an empty sentence; tokens outside a vocabulary that has no <UNK>.

    Example:
        >>> encode(["a", "tulip"], {"<EOS>": 0, "<UNK>": 1, "a": 2})
        [2, 1]

    Source: course 5, week 1.
    """
    vocabulary = _check_vocabulary(vocabulary)
    unknown = [t for t in _check_tokens("tokens", tokens) if t not in vocabulary]
    if unknown and UNK not in vocabulary:
        expected = f"lie in the vocabulary of {len(vocabulary)}, which has no {UNK}"
        received = ", ".join(map(repr, sorted(set(unknown))))
        raise InvalidValue(sentence("tokens", expected, received))
    return [vocabulary.get(token, vocabulary.get(UNK)) for token in tokens]


def as_arrays(
    sentences: Sequence[Sequence[str]], vocabulary: Mapping[str, int], length: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sentences as rows: inputs, the tokens that come next, and what counts.

    Row i of X is <EOS>, y<1>, y<2>, ... and row i of Y is y<1>, y<2>, ..., <EOS>; both end in
    zeros.  A sentence of `length` tokens or more is cut, and its <EOS> lost.

    Args:
        sentences: as `tokenize` returns them.
        vocabulary: from token to index.
        length: steps T, at least 1.

    Returns:
        X: int32 (m, T).
        Y: int32 (m, T).
        weights: float32 (m, T), 1 for a token of the sentence or its <EOS>, 0 behind.

    Raises:
        TypeError: not lists of texts.
        ValueError: an empty sentence, tokens outside a vocabulary that has no <UNK>.

    Example:
        >>> X, Y, weights = as_arrays([["a"], ["b", "a"]], {"<EOS>": 0, "a": 1, "b": 2}, 4)
        >>> X.tolist(), Y.tolist()
        ([[0, 1, 0, 0], [0, 2, 1, 0]], [[1, 0, 0, 0], [2, 1, 0, 0]])
        >>> weights.sum(axis=1)
        array([2., 3.], dtype=float32)

    Source: course 5, week 1.
    """
    length = check_count("length", length)
    rows = [encode(tokens, vocabulary) for tokens in _check_list("sentences", sentences)]
    X, Y = (np.zeros((len(rows), length), np.int32) for _ in range(2))
    weights = np.zeros((len(rows), length), np.float32)
    for i, row in enumerate(rows):
        Y[i, : len(row)] = row[:length]
        X[i, 1 : len(row) + 1] = row[: length - 1]
        weights[i, : len(row) + 1] = 1
    return X, Y, weights


# --- Counts ---------------------------------------------------------------------------------------


def fit_unigram(Y: np.ndarray, weights: np.ndarray, vocab_size: int) -> np.ndarray:
    """P(w) = (count(w) + 1) / (N + V).

    Args:
        Y: tokens (m, T).
        weights: which of them count (m, T).
        vocab_size: V.

    Returns:
        Probabilities (V,).

    Raises:
        TypeError: not whole numbers.
        ValueError: shapes that do not fit, indices outside the vocabulary.

    Example:
        >>> fit_unigram(np.array([[1, 1, 0]]), np.ones((1, 3)), 3)
        array([0.33333333, 0.5       , 0.16666667])

    Source: course 5, week 1; Laplace's rule.
    """
    V = check_count("vocab_size", vocab_size)
    Y = _check_indices("Y", Y, V)
    weights = check_array("weights", weights, (("m", Y.shape[0]), ("T", Y.shape[1])))
    return (np.bincount(Y.ravel(), weights.ravel(), V) + 1) / (weights.sum() + V)


def fit_bigram(
    X: np.ndarray, Y: np.ndarray, weights: np.ndarray, vocab_size: int, strength: float = 10.0
) -> np.ndarray:
    """P(w | v) = (count(v, w) + k P(w)) / (count(v) + k), with the unigram's P(w).

    Args:
        X: tokens before (m, T).
        Y: tokens (m, T).
        weights: which of them count (m, T).
        vocab_size: V.
        strength: k, above 0; choose it on a dev set.

    Returns:
        Probabilities (V, V), row v for the words behind v.

    Raises:
        TypeError: not numbers.
        ValueError: shapes that do not fit, indices outside the vocabulary.

    Example:
        >>> table = fit_bigram(np.array([[0, 1]]), np.array([[1, 0]]), np.ones((1, 2)), 2, 1.0)
        >>> table  # 1 came behind 0, and 0 behind 1
        array([[0.25, 0.75],
               [0.75, 0.25]])

    Source: MacKay and Peto, "A hierarchical Dirichlet language model", 1995.
    """
    k, unigram = check_positive("strength", strength), fit_unigram(Y, weights, vocab_size)
    V = len(unigram)
    X, Y = _check_indices("X", X, V), np.asarray(Y)
    if X.shape != Y.shape:
        raise InvalidValue(sentence("X", f"have the shape of `Y`, {Y.shape}", X.shape))
    pairs = np.bincount((X.astype(np.int64) * V + Y).ravel(), np.ravel(weights), V * V)
    pairs = pairs.reshape(V, V)
    return (pairs + k * unigram) / (pairs.sum(axis=1, keepdims=True) + k)


# --- Judging --------------------------------------------------------------------------------------


def log_likelihood(
    predict: keras.Model | Predict,
    X: np.ndarray,
    Y: np.ndarray,
    weights: np.ndarray,
    batch_size: int = 64,
) -> np.ndarray:
    """log P of every sentence: the sum of log P(y<t> | before) over the tokens that count.

    Args:
        predict: model, or a function from (m, T) to (m, T, V).
        X: inputs (m, T).
        Y: tokens that come next (m, T).
        weights: which of them count (m, T).
        batch_size: sentences at a time.

    Returns:
        Nats (m,), at most 0.

    Raises:
        TypeError: not whole numbers.
        ValueError: shapes that do not fit.

    Example:
        >>> fair = lambda X: np.full((*X.shape, 4), 0.25)
        >>> X, Y, weights = as_arrays([["a"]], {"<EOS>": 0, "a": 1, "b": 2, "c": 3}, 5)
        >>> round(float(np.exp(log_likelihood(fair, X, Y, weights))[0]), 9)  # a and <EOS>
        0.0625

    Source: course 5, week 1.
    """
    X, Y = _check_indices("X", X), _check_indices("Y", Y)
    if X.shape != Y.shape:
        raise InvalidValue(sentence("Y", f"have the shape of `X`, {X.shape}", Y.shape))
    weights = check_array("weights", weights, (("m", X.shape[0]), ("T", X.shape[1])))
    size, sums = check_count("batch_size", batch_size), []
    for i in range(0, len(X), size):
        batch = X[i : i + size]
        missing = size - len(batch) if i else 0  # the last one is filled up: one shape for all
        p = _probabilities(predict, np.pad(batch, ((0, missing), (0, 0))))[: len(batch)]
        of_next = np.take_along_axis(p, Y[i : i + size, :, None], axis=2)[:, :, 0]
        logs = np.log(np.maximum(of_next, np.finfo(np.float32).tiny))
        sums.append((logs * weights[i : i + size]).sum(axis=1))
    return np.concatenate(sums)


def _probabilities(predict, X):
    return np.asarray(getattr(predict, "predict_on_batch", predict)(X))


def perplexity(
    predict: keras.Model | Predict, X: np.ndarray, Y: np.ndarray, weights: np.ndarray
) -> float:
    """exp of the mean surprise per token, - log P(y<t> | before).

    Args:
        predict: model, or a function from (m, T) to (m, T, V).
        X: inputs (m, T).
        Y: tokens that come next (m, T).
        weights: which of them count (m, T).

    Returns:
        At least 1; V for a model that knows nothing.

    Raises:
        TypeError: not whole numbers.
        ValueError: shapes that do not fit, nothing that counts.

    Example:
        >>> fair = lambda X: np.full((*X.shape, 4), 0.25)
        >>> round(perplexity(fair, [[0, 1]], [[1, 0]], [[1, 1]]), 9)
        4.0

    Source: Jelinek et al., "Perplexity - a measure of the difficulty of speech recognition
    tasks", 1977.
    """
    total = np.sum(weights)
    if not total > 0:
        raise InvalidValue(sentence("weights", "count at least one token", "none"))
    return float(np.exp(-log_likelihood(predict, X, Y, weights).sum() / total))


def sentence_log_probability(
    predict: keras.Model | Predict, tokens: Sequence[str], vocabulary: Mapping[str, int]
) -> float:
    """log P(y<1>, ..., y<T>, <EOS>) of one sentence; exp of it is the probability.

    Args:
        predict: model, or a function from (m, T) to (m, T, V).
        tokens: the sentence, at least one token.
        vocabulary: from token to index.

    Returns:
        Nats, at most 0.

    Raises:
        TypeError: not a list of texts.
        ValueError: an empty sentence, tokens outside a vocabulary that has no <UNK>.

    Example:
        >>> table = np.array([[0.1, 0.9], [0.5, 0.5]])  # a bigram
        >>> log_p = sentence_log_probability(table.__getitem__, ["a"], {"<EOS>": 0, "a": 1})
        >>> round(float(np.exp(log_p)), 6)  # P(a | <EOS>) P(<EOS> | a)
        0.45

    Source: course 5, week 1.
    """
    arrays = as_arrays([tokens], vocabulary, len(_check_tokens("tokens", tokens)) + 1)
    return float(log_likelihood(predict, *arrays)[0])


# --- Writing --------------------------------------------------------------------------------------


def sample(
    predict: keras.Model | Predict,
    vocabulary: Mapping[str, int],
    count: int = 1,
    length: int = 30,
    temperature: float = 1.0,
    seed: int = 0,
) -> list[list[str]]:
    """Write sentences, token by token; <UNK> is never drawn.

    Args:
        predict: model, or a function from (m, T) to (m, T, V).
        vocabulary: from token to index.
        count: sentences, at least 1.
        length: tokens at most.
        temperature: above 0; towards 0 always the most probable token.
        seed: at least 0.

    Returns:
        Tokens of every sentence, without <EOS>.

    Raises:
        TypeError, ValueError: numbers out of range, no vocabulary.

    Example:
        >>> table = np.array([[0, 1, 0], [0, 0, 1], [1, 0, 0]])
        >>> sample(table.__getitem__, {"<EOS>": 0, "good": 1, "morning": 2})
        [['good', 'morning']]

    Source: course 5, week 1.
    """
    vocabulary = _check_vocabulary(vocabulary)
    count, length = check_count("count", count), check_count("length", length)
    temperature = check_positive("temperature", temperature)
    random = np.random.default_rng(check_count("seed", seed, minimum=0))
    X = np.zeros((count, length + 1), np.int32)  # of one shape, so that nothing is compiled twice
    for t in range(length):
        p = _probabilities(predict, X)[:, t].astype(np.float64)
        if UNK in vocabulary:
            p[:, vocabulary[UNK]] = 0
        X[:, t + 1] = [random.choice(p.shape[1], p=row) for row in _warm(p, temperature)]
    tokens = {i: token for token, i in vocabulary.items()}
    rows = ([tokens[i] for i in row[1:]] for row in X.tolist())
    return [row[: row.index(EOS)] if EOS in row else row for row in rows]


def _warm(p, temperature):
    """p^(1/T), normalised along the last axis; computed in logs, the largest being 0."""
    with np.errstate(divide="ignore", over="ignore"):
        logs = np.log(p)
        shares = np.exp((logs - logs.max(axis=-1, keepdims=True)) / temperature)
    return shares / shares.sum(axis=-1, keepdims=True)


# --- Models ---------------------------------------------------------------------------------------


def LanguageModel(
    vocab_size: int,
    embedding_dim: int = 64,
    units: int = 128,
    layers: int = 1,
    dropout: float = 0.0,
    name: str = "language_model",
) -> keras.Model:
    """Embedding -> LSTM x layers -> softmax at every step; for words as for characters.

    Layers are named `input_1_embedding`, `recurrent_<l>_lstm`, `recurrent_<l>_dropout` and
    `output_1_softmax`.

    Args:
        vocab_size: V, at least 1.
        embedding_dim: size of a token's vector.
        units: of every LSTM.
        layers: number of LSTMs.
        dropout: share of each LSTM's outputs that is dropped while training, in [0, 1).
        name: name of the model.

    Returns:
        A functional model, indices (batch, T) -> probabilities (batch, T, V).

    Raises:
        TypeError, ValueError: counts that are no whole numbers of at least 1, a dropout out of
            range.

    Example:
        >>> LanguageModel(10, 4, 3).count_params()  # 10 x 4, 4 x 3 (4 + 3 + 1), (3 + 1) x 10
        176

    Source: course 5, week 1; Mikolov et al., "Recurrent neural network based language model", 2010.
    """
    sizes = {"vocab_size": vocab_size, "embedding_dim": embedding_dim, "units": units}
    for key, size in (sizes | {"layers": layers}).items():
        check_count(key, size)
    check_interval("dropout", dropout, "[0, 1)")
    inputs = keras.Input((None,), dtype="int32", name="inputs")
    x = keras.layers.Embedding(vocab_size, embedding_dim, name="input_1_embedding")(inputs)
    for l in range(1, layers + 1):
        x = keras.layers.LSTM(units, return_sequences=True, name=f"recurrent_{l}_lstm")(x)
        if dropout:
            x = keras.layers.Dropout(dropout, name=f"recurrent_{l}_dropout")(x)
    x = keras.layers.Dense(vocab_size, activation="softmax", name="output_1_softmax")(x)
    return keras.Model(inputs, x, name=name)


@keras.saving.register_keras_serializable(package="dlspec")
def legacy_hard_sigmoid(z: keras.KerasTensor) -> keras.KerasTensor:
    """clip(0.2 z + 0.5, 0, 1), what Keras called hard_sigmoid until version 2.

    Args:
        z: a tensor.

    Returns:
        A tensor of the same shape, in [0, 1].

    Example:
        >>> [round(float(y), 3) for y in legacy_hard_sigmoid(np.array([-3.0, 0.0, 1.0, 3.0]))]
        [0.0, 0.5, 0.7, 1.0]

    Source: Keras 2.0.6, `keras.activations.hard_sigmoid`.
    """
    return keras.ops.clip(0.2 * z + 0.5, 0.0, 1.0)


def ShakespeareLM(
    window: int = 40,
    vocab_size: int = 38,
    units: int = 128,
    dropout: float = 0.5,
    name: str = "shakespeare_lm",
) -> keras.Model:
    """The poem model: LSTM -> dropout -> LSTM -> dropout -> softmax over the next character.

    Layers are named `recurrent_1_lstm`, `recurrent_1_dropout`, `recurrent_2_lstm`,
    `recurrent_2_dropout` and `output_1_softmax`; weights have the order of the course's file.

    Args:
        window: characters that it reads.
        vocab_size: V.
        units: of both LSTMs.
        dropout: share of their outputs that is dropped while training, in [0, 1).
        name: name of the model.

    Returns:
        A functional model, one-hot characters (batch, window, V) -> probabilities (batch, V), with
        221,990 parameters by default.

    Raises:
        TypeError, ValueError: counts that are no whole numbers of at least 1, a dropout out of
            range.

    Example:
        >>> ShakespeareLM().count_params()
        221990

    Source: course 5, week 1; Keras' team, `lstm_text_generation`.
    """
    sizes = {"window": window, "vocab_size": vocab_size, "units": units}
    for key, size in sizes.items():
        check_count(key, size)
    check_interval("dropout", dropout, "[0, 1)")
    x = inputs = keras.Input((window, vocab_size), name="inputs")
    for l in (1, 2):
        x = keras.layers.LSTM(
            units,
            recurrent_activation=legacy_hard_sigmoid,
            return_sequences=l == 1,
            name=f"recurrent_{l}_lstm",
        )(x)
        x = keras.layers.Dropout(dropout, name=f"recurrent_{l}_dropout")(x)
    x = keras.layers.Dense(vocab_size, activation="softmax", name="output_1_softmax")(x)
    return keras.Model(inputs, x, name=name)


def continue_text(
    model: keras.Model,
    text: str,
    characters: Sequence[str],
    count: int = 400,
    temperature: float = 1.0,
    seed: int = 0,
) -> str:
    """Write on, character by character, from the last ones of a text.

    A text shorter than the window stands at its end, behind zeros.

    Args:
        model: a `ShakespeareLM`.
        text: what to continue, at least one character; capitals are lost.
        characters: the vocabulary, in the order in which the model numbers it.
        count: characters to write.
        temperature: above 0.
        seed: at least 0.

    Returns:
        What was written, without the given text.

    Raises:
        TypeError: no text.
        ValueError: an empty text, characters outside the vocabulary, a vocabulary of another size
            than the model's, numbers out of range.

    Example:
        >>> model = ShakespeareLM(window=5, vocab_size=3, units=2)
        >>> model.set_weights([0 * w for w in model.get_weights()[:-1]] + [np.array([0, 0, 99.0])])
        >>> continue_text(model, "ab", ["a", "b", "c"], count=4)
        'cccc'

    Source: course 5, week 1.
    """
    _, window, V = model.input_shape
    characters = list(characters)
    if len(characters) != V:
        expected = f"hold the {V} characters that the model knows"
        raise InvalidValue(sentence("characters", expected, len(characters)))
    if not isinstance(text, str):
        raise InvalidType(sentence("text", "be a text", type(text).__name__))
    _check_known(text.lower(), characters)
    count, temperature = check_count("count", count), check_positive("temperature", temperature)
    random = np.random.default_rng(check_count("seed", seed, minimum=0))
    x = np.zeros((1, window, V), np.float32)
    for character in text.lower()[-window:]:
        x = _read_on(x, characters.index(character))
    written = []
    for _ in range(count):
        p = model.predict_on_batch(x)[0].astype(np.float64)
        written.append(int(random.choice(V, p=_warm(p, temperature))))
        x = _read_on(x, written[-1])
    return "".join(characters[i] for i in written)


def _read_on(x, index):
    """Shift the window by one character."""
    x = np.roll(x, -1, axis=1)
    x[:, -1] = np.eye(x.shape[2], dtype=x.dtype)[index]
    return x


# --- Checks ---------------------------------------------------------------------------------------


def _check_known(text, characters):
    if not text:
        raise InvalidValue(sentence("text", "hold at least one character", "none"))
    unknown = sorted(set(text) - set(characters))
    if unknown:
        expected = f"be written in the {len(characters)} characters that the model knows"
        raise InvalidValue(sentence("text", expected, ", ".join(map(repr, unknown))))


def _check_list(name, values):
    if isinstance(values, str) or not isinstance(values, Sequence):
        expected = "be a list of sentences, lists of tokens themselves"
        raise InvalidType(sentence(name, expected, type(values).__name__))
    if not values:
        raise InvalidValue(sentence(name, "hold at least one sentence", "none"))
    return values


def _check_tokens(name, tokens):
    if isinstance(tokens, str) or not isinstance(tokens, Sequence):
        advice = f"Use tokenize({name})[0]." if isinstance(tokens, str) else ""
        raise InvalidType(sentence(name, "be a list of tokens", type(tokens).__name__, advice))
    if not tokens:
        raise InvalidValue(sentence(name, "hold at least one token", "an empty sentence"))
    odd = [token for token in tokens if not isinstance(token, str)]
    if odd:
        raise InvalidType(sentence(name, "hold texts only", f"{odd[0]!r}"))
    return tokens


def _check_vocabulary(vocabulary):
    if not isinstance(vocabulary, Mapping) or vocabulary.get(EOS) != 0:
        expected = f"be a dictionary from token to index with {EOS} as 0"
        raise InvalidType(sentence("vocabulary", expected, type(vocabulary).__name__))
    return vocabulary


def _check_indices(name, indices, vocab_size=None):
    array = np.asarray(indices)
    if array.dtype.kind not in "iu" or array.ndim != 2 or not array.size:
        expected = "be an array of whole numbers (m, T)"
        received = f"shape {array.shape} of {array.dtype}"
        raise InvalidType(sentence(name, expected, received))
    if vocab_size is not None and not 0 <= array.min() <= array.max() < vocab_size:
        expected = f"hold indices from 0 to {vocab_size - 1}"
        raise InvalidValue(sentence(name, expected, f"{array.min()} to {array.max()}"))
    return array
