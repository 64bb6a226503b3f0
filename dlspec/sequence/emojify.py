"""An emoji for a sentence: the average of its words, or an LSTM that reads them in order.

Course 5, week 2, assignment 2.  Version 1 averages the vectors e_w of the words and puts softmax
regression on top, trained sentence by sentence (stochastic gradient descent):

    avg = mean of e_w over the words of the sentence
    z = W avg + b,   a = softmax(z),   L = -log a_y
    dz = a - y,      dW = dz avg^T,    db = dz
    W := W - alpha dW,   b := b - alpha db          after every sentence

An average forgets the order: "happy not sad" and "sad not happy" are one point.  Version 2 reads
word after word: frozen word vectors, two LSTMs, softmax.

    words (T)  ->  E (T, n)  ->  LSTM (T, 128)  ->  dropout  ->  LSTM (128)  ->  dropout  ->  5

Words that have no vector are left out, as in the course: of "i luv you" two words remain.
`unknown_words` names them.  One version of the notebook adds up the gradients of the sentences
within an epoch before each step; here a step follows the gradient of one sentence, as the lecture
and the notebook's comments have it.
"""

from collections.abc import Iterator, Mapping, Sequence

import keras
import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import (
    check_array,
    check_count,
    check_keys,
    check_labels,
    check_positive,
)
from dlspec.sequence.word_vectors import WordVectors

__all__ = [
    "EMOJI",
    "LABELS",
    "Emojify_V2",
    "label_to_emoji",
    "model",
    "predict",
    "predict_probabilities",
    "pretrained_embedding_layer",
    "sentence_to_avg",
    "sentences_to_avg",
    "sentences_to_indices",
    "softmax_regression_epochs",
    "unknown_words",
    "word_indices",
]

EMOJI = ("\u2764\ufe0f", "\u26be", "\U0001f604", "\U0001f61e", "\U0001f374")
LABELS = ("heart", "baseball", "smile", "disappointed", "fork and knife")
"""The course's five labels, 0 to 4."""

UNITS = 128  # of both LSTMs
DROPOUT = 0.5
CLASSES = len(LABELS)
SEED = 1  # of the first weights, the course's

Vocabulary = Mapping[str, np.ndarray]


# --- Words ----------------------------------------------------------------------------------------


def label_to_emoji(label: int) -> str:
    """The emoji of a label.

    Args:
        label: 0 to 4.

    Returns:
        One emoji, in Unicode.

    Raises:
        TypeError, ValueError: not a whole number from 0 to 4.

    Example:
        >>> label_to_emoji(2) == "\\N{SMILING FACE WITH OPEN MOUTH AND SMILING EYES}"
        True

    Source: course 5, week 2 (`emo_utils`).
    """
    label = check_count("label", label, minimum=0)
    if label >= CLASSES:
        raise InvalidValue(sentence("label", f"be at most {CLASSES - 1}", label))
    return EMOJI[label]


def unknown_words(sentences: Sequence[str], vocabulary: Mapping[str, object]) -> list[str]:
    """Words without a vector, which both versions leave out.

    Args:
        sentences: m sentences, words between spaces.
        vocabulary: words in lower case and their vectors or numbers.

    Returns:
        Every such word once, in lower case, in the order in which they come.

    Raises:
        TypeError, ValueError: sentences that are none, an empty one, no vocabulary.

    Example:
        >>> unknown_words(["I luv you", "i luv it"], {"i": 1, "you": 2})
        ['luv', 'it']

    Source: course 5, week 2.
    """
    _check_vocabulary("vocabulary", vocabulary)
    words = (word for words in _check_sentences("sentences", sentences) for word in words)
    return list(dict.fromkeys(word for word in words if word not in vocabulary))


def word_indices(words: Sequence[str]) -> dict[str, int]:
    """Number the words in alphabetical order from 1, as the course does; 0 fills sentences up.

    Args:
        words: such as the keys of a vocabulary.

    Returns:
        {word: 1 to V}.

    Raises:
        TypeError, ValueError: not words, or none at all.

    Example:
        >>> word_indices(["you", "i"])
        {'i': 1, 'you': 2}

    Source: course 5, week 2 (`read_glove_vecs` of the notebook).
    """
    if isinstance(words, str) or not all(isinstance(word, str) for word in words):
        received = repr(words) if isinstance(words, str) else "other things"
        raise InvalidType(sentence("words", "be several words", received))
    if not len(words):
        raise InvalidValue(sentence("words", "hold at least one word", "none"))
    return {word: i for i, word in enumerate(sorted(set(words)), start=1)}


# --- Version 1: the average of the words ----------------------------------------------------------


def sentence_to_avg(sentence: str, word_to_vec_map: Vocabulary) -> np.ndarray:
    """The average of the vectors of a sentence's words, those that have one.

    Args:
        sentence: words between spaces, in any case.
        word_to_vec_map: words in lower case and vectors (n,).

    Returns:
        float64 (n,); zeros where no word has a vector.

    Raises:
        TypeError, ValueError: no text, no word in it, no vocabulary.

    Example:
        >>> vectors = {"i": np.array([1.0, 0.0]), "you": np.array([0.0, 1.0])}
        >>> sentence_to_avg("I luv you", vectors)
        array([0.5, 0.5])

    Source: course 5, week 2, exercise 1.
    """
    words = _split("sentence", sentence)
    n = _vector_length(word_to_vec_map)
    known = [_vector(word, word_to_vec_map, n) for word in words if word in word_to_vec_map]
    return np.mean(known, axis=0) if known else np.zeros(n)


def sentences_to_avg(X: Sequence[str], word_to_vec_map: Vocabulary) -> np.ndarray:
    """`sentence_to_avg` of several sentences.

    Args:
        X: m sentences.
        word_to_vec_map: words in lower case and vectors (n,).

    Returns:
        float64 (m, n).

    Raises:
        TypeError, ValueError: as for `sentence_to_avg`.

    Example:
        >>> sentences_to_avg(["up", "down up"], {"up": np.ones(1), "down": -np.ones(1)})
        array([[1.],
               [0.]])

    Source: course 5, week 2.
    """
    _check_sentences("X", X)
    return np.stack([sentence_to_avg(text, word_to_vec_map) for text in X])


def model(
    X: Sequence[str],
    Y: np.ndarray,
    word_to_vec_map: Vocabulary,
    learning_rate: float = 0.01,
    num_iterations: int = 400,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Train version 1: softmax regression on the average of the words.

    The first weights are drawn with the course's seed 1, from a generator of their own.

    Args:
        X: m sentences.
        Y: labels (m,), whole numbers from 0; the largest says how many classes there are.
        word_to_vec_map: words in lower case and vectors (n,).
        learning_rate: alpha, above 0.
        num_iterations: passes over all sentences, at least 1.

    Returns:
        pred: float64 (m, 1), the labels predicted for X.
        W: float64 (classes, n).
        b: float64 (classes,).

    Raises:
        TypeError, ValueError: sentences and labels that do not fit, an empty sentence, a rate or a
            number of passes that is not above 0.

    Example:
        >>> vectors = {"up": np.array([1.0]), "down": np.array([-1.0])}
        >>> pred, W, b = model(["up up", "down"], np.array([1, 0]), vectors)
        >>> pred.ravel()
        array([1., 0.])

    Source: course 5, week 2, exercise 2.
    """
    labels = _check_labelled(X, Y)
    learning_rate = check_positive("learning_rate", learning_rate)
    num_iterations = check_count("num_iterations", num_iterations)
    averages = sentences_to_avg(X, word_to_vec_map)
    epochs = softmax_regression_epochs(averages, labels, learning_rate)
    for _ in range(num_iterations):
        state, _ = next(epochs)
    W, b = state["W"], state["b"]
    return _most_probable(averages, W, b), W, b


def softmax_regression_epochs(
    averages: np.ndarray,
    Y: np.ndarray,
    learning_rate: float = 0.01,
    state: Mapping[str, np.ndarray] | None = None,
) -> Iterator[tuple[dict[str, np.ndarray], float]]:
    """Pass over the sentences again and again, a step after each: what `model` does, bit by bit.

    Args:
        averages: (m, n), of `sentences_to_avg`.
        Y: labels (m,), whole numbers from 0; the largest says how many classes there are.
        learning_rate: alpha, above 0.
        state: "W" (classes, n) and "b" (classes,) to go on from; the course's first weights by
            default.

    Yields:
        state: after the pass, a new dictionary.
        cost: mean of -log a_y over the sentences, each before its step, in nats.

    Raises:
        TypeError, ValueError: arrays that do not fit, a rate not above 0.

    Example:
        >>> epochs = softmax_regression_epochs(np.array([[1.0], [-1.0]]), np.array([1, 0]))
        >>> [round(cost, 2) for _, (_, cost) in zip(range(3), epochs)]
        [2.34, 2.31, 2.27]

    Source: course 5, week 2, exercise 2.
    """
    averages = check_array("averages", averages, ("m", "n"))
    labels = _check_classes("Y", Y)
    if len(labels) != len(averages):
        expected = f"have one label for each of the {len(averages)} averages"
        raise InvalidValue(sentence("Y", expected, len(labels)))
    learning_rate = check_positive("learning_rate", learning_rate)
    if state is None:
        state = _first_weights(labels.max() + 1, averages.shape[1])
    state = check_keys("state", state, {"W": ("classes", "n"), "b": ("classes",)})
    W, b = _check_weights(state["W"], state["b"], averages.shape[1])
    if labels.max() >= len(b):
        expected = f"hold class numbers below classes={len(b)}"
        raise InvalidValue(sentence("Y", expected, labels.max(), "`state` sets classes."))
    return _epochs(averages, np.eye(len(b))[labels], learning_rate, W, b)


def _epochs(averages, one_hot, learning_rate, W, b):
    while True:
        cost = 0.0
        for avg, y in zip(averages, one_hot, strict=True):
            loss, dW, db = _propagate(W, b, avg, y)
            W, b = W - learning_rate * dW, b - learning_rate * db
            cost += loss
        yield {"W": W, "b": b}, float(cost / len(averages))


def _first_weights(classes, n):
    return {
        "W": np.random.RandomState(SEED).randn(classes, n) / np.sqrt(n),
        "b": np.zeros(classes),
    }


def _propagate(W, b, avg, y):
    """Loss of one sentence and its gradients; y is one-hot (classes,)."""
    z = W @ avg + b
    z -= z.max()
    exponentials = np.exp(z)
    total = exponentials.sum()
    dz = exponentials / total - y
    return np.log(total) - z @ y, np.outer(dz, avg), dz


def predict(
    X: Sequence[str], Y: np.ndarray, W: np.ndarray, b: np.ndarray, word_to_vec_map: Vocabulary
) -> np.ndarray:
    """Labels of sentences by version 1; `np.mean(predict(X, Y, ...).ravel() == Y)` is the accuracy.

    Args:
        X: m sentences.
        Y: their labels (m,); they change nothing, the course prints the accuracy with them.
        W: (classes, n), of `model`.
        b: (classes,), of `model`.
        word_to_vec_map: words in lower case and vectors (n,).

    Returns:
        float64 (m, 1), whole numbers.

    Raises:
        TypeError, ValueError: sentences, labels, weights and vectors that do not fit.

    Example:
        >>> vectors = {"up": np.array([1.0]), "down": np.array([-1.0])}
        >>> W, b = np.array([[-1.0], [1.0]]), np.zeros(2)
        >>> predict(["up up", "down"], np.array([1, 0]), W, b, vectors).ravel()
        array([1., 0.])

    Source: course 5, week 2 (`emo_utils`).
    """
    _check_labelled(X, Y)
    averages = sentences_to_avg(X, word_to_vec_map)
    return _most_probable(averages, *_check_weights(W, b, averages.shape[1]))


def predict_probabilities(
    X: Sequence[str], W: np.ndarray, b: np.ndarray, word_to_vec_map: Vocabulary
) -> np.ndarray:
    """How probable version 1 holds each label.

    Args:
        X: m sentences.
        W: (classes, n), of `model`.
        b: (classes,), of `model`.
        word_to_vec_map: words in lower case and vectors (n,).

    Returns:
        float64 (m, classes), every row sums to 1.

    Raises:
        TypeError, ValueError: sentences, weights and vectors that do not fit.

    Example:
        >>> vectors = {"up": np.array([1.0]), "down": np.array([-1.0])}
        >>> W, b = np.array([[-1.0], [1.0]]), np.zeros(2)
        >>> predict_probabilities(["up"], W, b, vectors).round(2)
        array([[0.12, 0.88]])

    Source: course 5, week 2, exercise 2.
    """
    averages = sentences_to_avg(X, word_to_vec_map)
    W, b = _check_weights(W, b, averages.shape[1])
    Z = averages @ W.T + b
    exponentials = np.exp(Z - Z.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def _most_probable(averages, W, b):
    return (averages @ W.T + b).argmax(axis=1)[:, None].astype(np.float64)


# --- Version 2: word after word -------------------------------------------------------------------


def sentences_to_indices(
    X: Sequence[str], word_to_index: Mapping[str, int], max_len: int
) -> np.ndarray:
    """The numbers of the words of each sentence, filled up with zeros at the end.

    Args:
        X: m sentences, words between spaces, in any case.
        word_to_index: {word in lower case: its number}, such as `word_indices` makes.
        max_len: T, at least as many as the longest sentence has known words.

    Returns:
        int32 (m, max_len).  Words without a number are left out, as in the course.

    Raises:
        TypeError, ValueError: sentences that are none, an empty one, one that is too long.

    Example:
        >>> sentences_to_indices(["I luv you", "you"], {"i": 1, "you": 2}, max_len=3)
        array([[1, 2, 0],
               [2, 0, 0]], dtype=int32)

    Source: course 5, week 2, exercise 3.
    """
    _check_vocabulary("word_to_index", word_to_index)
    max_len = check_count("max_len", max_len)
    indices = np.zeros((len(X), max_len), np.int32)
    for i, words in enumerate(_check_sentences("X", X)):
        known = [word_to_index[word] for word in words if word in word_to_index]
        if len(known) > max_len:
            expected = f"have at most max_len={max_len} known words"
            advice = "Shorten it, or choose a larger max_len."
            received = f"{len(known)} in {' '.join(words)!r}"
            raise InvalidValue(sentence(f"X[{i}]", expected, received, advice))
        indices[i, : len(known)] = known
    return indices


def pretrained_embedding_layer(
    word_to_vec_map: Vocabulary, word_to_index: Mapping[str, int]
) -> keras.layers.Embedding:
    """Word vectors as a layer that does not learn: number of a word in, its vector out.

    Args:
        word_to_vec_map: words and vectors (n,); `WordVectors` of 400,000 words take a moment only.
        word_to_index: {word: number from 0 to V}, V words in all, such as `word_indices` makes.

    Returns:
        A built, frozen Embedding of V + 1 rows; rows of no word are zeros.

    Raises:
        TypeError: no vocabulary, numbers of words that are not whole.
        ValueError: a word without a vector, a number out of range or given twice.

    Example:
        >>> vectors = {"i": np.array([1.0, 2.0]), "you": np.array([3.0, 4.0])}
        >>> layer = pretrained_embedding_layer(vectors, {"i": 1, "you": 2})
        >>> layer.get_weights()[0].tolist(), layer.trainable
        ([[0.0, 0.0], [1.0, 2.0], [3.0, 4.0]], False)

    Source: course 5, week 2, exercise 4.
    """
    n = _vector_length(word_to_vec_map)
    words, rows = _check_indices(word_to_index, word_to_vec_map)
    matrix = np.zeros((len(words) + 1, n), np.float32)
    if isinstance(word_to_vec_map, WordVectors):
        matrix[rows] = word_to_vec_map.vectors[word_to_vec_map.rows(words)]
    else:
        matrix[rows] = [_vector(word, word_to_vec_map, n) for word in words]
    layer = keras.layers.Embedding(
        len(words) + 1,
        n,
        trainable=False,
        embeddings_initializer="zeros",
        name="words_1_embedding",
    )
    layer.build((None,))
    layer.set_weights([matrix])
    return layer


def Emojify_V2(
    input_shape: Sequence[int], word_to_vec_map: Vocabulary, word_to_index: Mapping[str, int]
) -> keras.Model:
    """Version 2: frozen word vectors, two LSTMs of 128 units, softmax over five emoji.

    Args:
        input_shape: (max_len,).
        word_to_vec_map: words and vectors (n,).
        word_to_index: {word: number from 0 to V}, V words in all.

    Returns:
        A functional model from numbers of words (m, max_len) to probabilities (m, 5).  On 400,000
        words of 50 dimensions it has 20,223,927 parameters, of which 223,877 learn.

    Raises:
        TypeError, ValueError: a shape that is not one length, words and vectors that do not fit.

    Example:
        >>> vectors = {"i": np.array([1.0, 2.0]), "you": np.array([3.0, 4.0])}
        >>> Emojify_V2((4,), vectors, word_indices(vectors)).output_shape
        (None, 5)

    Source: course 5, week 2, exercise 5.
    """
    max_len = _check_input_shape(input_shape)
    embed = pretrained_embedding_layer(word_to_vec_map, word_to_index)
    indices = keras.Input((max_len,), dtype="int32", name="sentence_indices")
    x = embed(indices)
    x = keras.layers.LSTM(UNITS, return_sequences=True, name="read_1_lstm")(x)
    x = keras.layers.Dropout(DROPOUT, name="read_1_dropout")(x)
    x = keras.layers.LSTM(UNITS, name="read_2_lstm")(x)
    x = keras.layers.Dropout(DROPOUT, name="read_2_dropout")(x)
    x = keras.layers.Dense(CLASSES, name="head_1_dense")(x)
    outputs = keras.layers.Activation("softmax", name="head_1_softmax")(x)
    return keras.Model(indices, outputs, name="Emojify_V2")


# --- Checks ---------------------------------------------------------------------------------------


def _split(name, text):
    """Words of a sentence in lower case."""
    if not isinstance(text, str):
        raise InvalidType(_complain(name, "be a sentence", f"{text!r} ({type(text).__name__})"))
    words = text.lower().split()
    if not words:
        raise InvalidValue(_complain(name, "hold at least one word", repr(text)))
    return words


def _complain(*parts):
    """`sentence_to_avg` has an argument that is called like this function."""
    return sentence(*parts)


def _check_sentences(name, sentences):
    """The words of each sentence."""
    if isinstance(sentences, str):
        advice = f"Use [{name}]."
        raise InvalidType(sentence(name, "be a list of sentences", repr(sentences), advice))
    if not len(sentences):
        raise InvalidValue(sentence(name, "hold at least one sentence", "none"))
    return [_split(f"{name}[{i}]", text) for i, text in enumerate(sentences)]


def _check_vocabulary(name, vocabulary):
    if not isinstance(vocabulary, Mapping):
        received = type(vocabulary).__name__
        raise InvalidType(sentence(name, "be a dictionary of words", received))
    if not vocabulary:
        raise InvalidValue(sentence(name, "hold at least one word", "none"))


def _vector_length(word_to_vec_map):
    _check_vocabulary("word_to_vec_map", word_to_vec_map)
    if isinstance(word_to_vec_map, WordVectors):
        return word_to_vec_map.vectors.shape[1]
    word, vector = next(iter(word_to_vec_map.items()))
    return check_array(f"word_to_vec_map[{word!r}]", vector, ("n",)).size


def _vector(word, word_to_vec_map, n):
    return check_array(f"word_to_vec_map[{word!r}]", word_to_vec_map[word], (("n", n),))


def _check_classes(name, labels):
    labels = check_labels(name, labels)
    if labels.dtype.kind == "U" or labels.min() < 0:
        received = repr(labels.min().item()) if labels.dtype.kind != "U" else repr(str(labels[0]))
        raise InvalidValue(sentence(name, "hold class numbers from 0", received))
    return labels.astype(int)


def _check_labelled(X, Y):
    _check_sentences("X", X)
    labels = _check_classes("Y", Y)
    if len(labels) != len(X):
        expected = f"have one label for each of the {len(X)} sentences of `X`"
        raise InvalidValue(sentence("Y", expected, len(labels)))
    return labels


def _check_weights(W, b, n):
    W = check_array("W", W, ("classes", ("n", n)), because=f"word vectors have n={n}")
    because = f"`W` of shape {W.shape} sets classes={len(W)}"
    return W, check_array("b", b, (("classes", len(W)),), because=because)


def _check_indices(word_to_index, word_to_vec_map):
    """Words and their numbers, each from 0 to V and no two alike."""
    _check_vocabulary("word_to_index", word_to_index)
    words = list(word_to_index)
    missing = [word for word in words if word not in word_to_vec_map]
    if missing:
        received = ", ".join(map(repr, missing[:5])) + (" ..." if len(missing) > 5 else "")
        expected = "name words of `word_to_vec_map` only"
        raise InvalidValue(sentence("word_to_index", expected, received))
    rows = np.array(list(word_to_index.values()))
    if rows.dtype.kind not in "iu":
        raise InvalidType(sentence("word_to_index", "map words to whole numbers", rows.dtype))
    if rows.min() < 0 or rows.max() > len(words) or len(np.unique(rows)) < len(rows):
        expected = f"give its {len(words)} words different numbers from 0 to {len(words)}"
        received = f"{len(np.unique(rows))} numbers from {rows.min()} to {rows.max()}"
        raise InvalidValue(sentence("word_to_index", expected, received))
    return words, rows


def _check_input_shape(input_shape):
    if not isinstance(input_shape, (tuple, list)) or len(input_shape) != 1:
        raise InvalidValue(sentence("input_shape", "be (max_len,)", repr(input_shape)))
    return check_count("input_shape[0]", input_shape[0])
