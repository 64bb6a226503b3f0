"""Question answering: where in a story does the answer stand? (course 5, week 4)

    question [SEP] story -> pieces, marks, ages -> Transformer encoder -> two numbers for each piece

One number says how well the answer may begin there, the other how well it may end.  A softmax over
all places makes probabilities of each, and the answer is the span with

    max over begin <= end < begin + longest of    log P(begin) + log P(end)

Nothing is written: the network can only point.  So it can answer with a name that it never saw, if
it has understood which sentence matters.

A large network learns from millions of texts to compare words, and to tell what came later.  A
small one with few stories is told two things, as the papers of such networks did:

    marks   is this word in the question?         exact match of Chen et al., 2017
    ages    how many sentences ago was it said?   temporal encoding of Sukhbaatar et al., 2015

Both are vectors that are learnt, and added to that of the piece.

Places of answers are characters; those of the network are pieces.  `encode_stories` keeps for each
piece which word it comes from, and `answer_positions` and `answer_text` translate either way: an
answer is made of whole words, whichever of their pieces the network points at.
"""

import re
from collections.abc import Sequence

import keras
import numpy as np
from keras import ops

from dlspec._complaints import InvalidValue, sentence
from dlspec._validation import check_array, check_count
from dlspec.sequence.ner import SEPARATOR, split_text, word_pieces
from dlspec.sequence.transformer import HIDDEN, Size, _check_size, transformer_encoder

__all__ = [
    "AGES",
    "MARKS",
    "HidePadding",
    "SpanFinder",
    "answer_positions",
    "answer_text",
    "best_span",
    "encode_stories",
    "exact_match",
]


MARKS = 3
"""How many kinds of marks there are: 0 for the question, 1 for the story, 2 for its words that the
question has too."""
AGES = 16
"""How many ages there are: 0 for the question, 1 for the last sentence, 2 for that before; all that
is older than 15 has the last one."""


# --- Texts as tokens ------------------------------------------------------------------------------


def encode_stories(
    questions: Sequence[str], stories: Sequence[str], pieces: Sequence[str], length: int
) -> tuple[list[np.ndarray], np.ndarray]:
    """Pieces of "question [SEP] story" as numbers, and where in the story each stands.

    Args:
        questions: one for each story.
        stories: texts.
        pieces: vocabulary, as `ner.learn_pieces` gives it.
        length: tokens at most; what does not fit of a story is left out.

    Returns:
        inputs: [tokens, marks, ages], (m, length) int32 each, padded with 0, see `MARKS`, `AGES`.
        offsets: (m, length, 2): for each piece the first character of its word in the story and
            one past the last; -1 for what is not of the story.

    Raises:
        TypeError, ValueError: no whole number, another number of questions, no "[SEP]" among the
            pieces, a question that leaves no room.

    Example:
        >>> pieces = ["[PAD]", "[UNK]", "[SEP]", "a", "b", "."]
        >>> (tokens, marks, ages), offsets = encode_stories(["A ?"], ["b. a."], pieces, 8)
        >>> tokens.tolist(), offsets[0, 3:].tolist()
        ([[1, 1, 2, 4, 5, 3, 5, 0]], [[0, 1], [1, 2], [3, 4], [4, 5], [-1, -1]])
        >>> marks.tolist(), ages.tolist()
        ([[0, 0, 0, 1, 1, 2, 1, 0]], [[0, 0, 0, 2, 2, 1, 1, 0]])

    Source: course 5, week 4, exercise on question answering; Devlin et al., "BERT", 2019, 4.2;
    Chen et al., "Reading Wikipedia to answer open-domain questions", 2017, section 3.2; Sukhbaatar
    et al., "End-to-end memory networks", 2015, section 4.1.
    """
    length = check_count("length", length)
    if len(questions) != len(stories):
        expected = f"have one question for each of the {len(stories)} stories"
        raise InvalidValue(sentence("questions", expected, len(questions)))
    number = {piece: i for i, piece in enumerate(pieces)}
    if SEPARATOR not in number:
        expected = f"hold {SEPARATOR}"
        raise InvalidValue(sentence("pieces", expected, f"{len(pieces)} without it"))
    tokens, marks, ages = inputs = [np.zeros((len(stories), length), np.int32) for _ in range(3)]
    offsets = np.full((len(stories), length, 2), -1)
    for i, (question, story) in enumerate(zip(questions, stories, strict=True)):
        asked = [number[piece] for piece, _, _ in _places(question, number)]
        first = len(asked) + 1
        told = _places(story, number)[: max(0, length - first)]
        if not told:
            expected = f"leave room for a story among {length} tokens"
            raise InvalidValue(sentence(f"questions[{i}]", expected, f"{len(asked)} tokens"))
        tokens[i, :first] = [*asked, number[SEPARATOR]]
        here = slice(first, first + len(told))
        tokens[i, here] = [number[piece] for piece, _, _ in told]
        offsets[i, here] = [place for _, *place in told]
        marks[i, here] = _marks(offsets[i, here], story, question)
        ages[i, here] = _ages(offsets[i, here], story)
    return inputs, offsets


def _marks(offsets, story, question):
    """2 for the pieces of words that the question has too, whatever their case, 1 for others."""
    asked = {word.lower() for word, _, _ in split_text(question)}
    return [2 if story[start:end].lower() in asked else 1 for start, end in offsets]


def _ages(offsets, story):
    """Sentences from each piece to the end of the story, its own among them."""
    last = len(story.rstrip())
    ends = [m.start() for m in re.finditer(r"[.!?]+(?=\s|$)", story)]
    open_end = not ends or story[ends[-1] : last].strip(".!?")  # the last one without a full stop
    ends = np.array([*ends, last] if open_end else ends)
    over = np.searchsorted(ends, offsets[:, 0])  # sentences that ended before each piece
    return np.minimum(len(ends) - over, AGES - 1)


def _places(text, number):
    """(piece, start, end) of every piece of a text, with the place of its word."""
    return [
        (piece, start, end)
        for word, start, end in split_text(text)
        for piece in word_pieces(word, number)
    ]


def answer_positions(offsets: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """First and last piece of answers given in characters.

    Args:
        offsets: (m, n, 2) of `encode_stories`.
        start: first character of each answer, (m,).
        end: one past the last, (m,).

    Returns:
        (m, 2): places of the first and the last piece; what the network shall point at.

    Raises:
        TypeError, ValueError: arrays that do not fit, an answer without a piece (it may have been
            cut off).

    Example:
        >>> answer_positions(np.array([[[-1, -1], [0, 2], [2, 5], [6, 7]]]), [0], [5])
        array([[1, 2]])

    Source: course 5, week 4, exercise on question answering.
    """
    m = len(offsets)
    start = check_array("start", start, (("m", m),), because=f"`offsets` sets m={m}")
    end = check_array("end", end, (("m", m),), because=f"`offsets` sets m={m}")
    inside = (offsets[..., 0] < end[:, None]) & (start[:, None] < offsets[..., 1])
    lost = np.flatnonzero(~inside.any(axis=1))
    if lost.size:
        expected = "keep at least one piece of each answer"
        received = f"none of answer {lost[0]}"
        advice = "Stories that are cut lose it: use a larger `length`."
        raise InvalidValue(sentence("offsets", expected, received, advice))
    last = inside.shape[1] - 1 - inside[:, ::-1].argmax(axis=1)
    return np.stack([inside.argmax(axis=1), last], axis=1)


# --- From scores to answers -----------------------------------------------------------------------


def best_span(scores: np.ndarray, offsets: np.ndarray, longest: int = 8) -> np.ndarray:
    """The most probable span of each story.

    Not the best beginning and the best end each by itself: the end could stand before the
    beginning, or both in the question.

    Args:
        scores: logits (m, 2, n) of beginning and end.
        offsets: (m, n, 2) of `encode_stories`; only pieces of the story can be an answer.
        longest: pieces of an answer at most.

    Returns:
        (m, 2): places of the first and the last piece.

    Raises:
        TypeError, ValueError: shapes that do not fit, a span below 1.

    Example:
        >>> scores = np.array([[[9.0, 0.0, 2.0], [0.0, 3.0, 1.0]]])
        >>> best_span(scores, np.array([[[-1, -1], [0, 3], [4, 6]]]))  # 0 is the question
        array([[1, 1]])

    Source: Devlin et al., "BERT", 2019, section 4.2.
    """
    m, n = offsets.shape[:2]
    because = f"`offsets` sets m={m} and n={n}"
    scores = check_array("scores", scores, (("m", m), 2, ("n", n)), because=because)
    longest = check_count("longest", longest)
    told = offsets[..., 0] >= 0
    begin, end = np.where(told[:, None], scores, -np.inf).transpose(1, 0, 2)
    width = np.arange(n)[None, :] - np.arange(n)[:, None]  # end - begin
    sums = begin[:, :, None] + end[:, None, :]
    sums = np.where((width >= 0) & (width < longest), sums, -np.inf)
    return np.stack(np.unravel_index(sums.reshape(m, -1).argmax(axis=1), (n, n)), axis=1)


def answer_text(stories: Sequence[str], offsets: np.ndarray, spans: np.ndarray) -> list[str]:
    """The words that spans of pieces stand for.

    Args:
        stories: texts.
        offsets: (m, n, 2) of `encode_stories`.
        spans: (m, 2) of `best_span`.

    Returns:
        A text for each story.

    Raises:
        TypeError, ValueError: shapes that do not fit.

    Example:
        >>> answer_text(["in Oslo"], np.array([[[-1, -1], [0, 2], [3, 7]]]), np.array([[2, 2]]))
        ['Oslo']

    Source: course 5, week 4.
    """
    m = len(stories)
    check_array("spans", spans, (("m", m), 2), because=f"there are m={m} stories")
    return [
        story[place[first, 0] : place[last, 1]]
        for story, place, (first, last) in zip(stories, offsets, spans, strict=True)
    ]


def exact_match(predicted: Sequence[str], true: Sequence[str]) -> float:
    """Share of answers that are right, whatever their case, articles and punctuation.

    Args:
        predicted: answers.
        true: the right ones.

    Returns:
        From 0 to 1.

    Raises:
        ValueError: none, or another number of them.

    Example:
        >>> exact_match(["The kitchen.", "Ada"], ["kitchen", "Adam"])
        0.5

    Source: Rajpurkar et al., "SQuAD", 2016, section 6.1.
    """
    if not true or len(predicted) != len(true):
        expected = f"have one answer for each of the {len(true)} true ones, at least one"
        raise InvalidValue(sentence("predicted", expected, len(predicted)))
    pairs = zip(predicted, true, strict=True)
    return float(np.mean([_plain(a) == _plain(b) for a, b in pairs]))


def _plain(text):
    words = re.findall(r"\w+", text.lower())
    return [word for word in words if word not in ("a", "an", "the")]


# --- Network --------------------------------------------------------------------------------------


class _Hiding(keras.layers.Layer):
    def call(self, scores, mask):
        return scores + (1.0 - ops.cast(mask, scores.dtype)) * HIDDEN


@keras.saving.register_keras_serializable(package="dlspec")
class HidePadding(_Hiding):
    """Scores (m, k, n) with those of padding pushed to -1e9, out of reach of any softmax.

    Called as layer(scores, mask) with a mask (m, 1, n), False for padding.

    Example:
        >>> layer = HidePadding()
        >>> ops.convert_to_numpy(layer(np.zeros((1, 1, 2)), np.array([[[True, False]]])))
        array([[[ 0.e+00, -1.e+09]]], dtype=float32)

    Source: course 5, week 4.
    """


def SpanFinder(
    vocab_size: int,
    length: int,
    size: str | Size = "tiny",
    dropout_rate: float = 0.1,
    name: str = "span_finder",
) -> keras.Model:
    """A Transformer encoder that points at the beginning and the end of the answer.

    Vectors of marks and of ages are added to those of the pieces, as BERT adds its segments.

    Train it with SparseCategoricalCrossentropy(from_logits=True) on `answer_positions`.

    Args:
        vocab_size: pieces.
        length: pieces of question and story at most.
        size: see `transformer.build_transformer`.
        dropout_rate: in [0, 1).
        name: name of the model.

    Returns:
        A model [tokens, marks, ages], each (m, n) -> logits (m, 2, n) over the places.

    Raises:
        TypeError, ValueError: not whole numbers of at least 1, an unknown size.

    Example:
        >>> SpanFinder(100, 32).output.shape
        (None, 2, None)

    Source: course 5, week 4; Devlin et al., "BERT", 2019, section 4.2, without pre-training.
    """
    inputs = [keras.Input((None,), dtype="int32", name=n) for n in ("tokens", "marks", "ages")]
    tokens, marks, ages = inputs
    d = _check_size(size).embedding_dim
    hints = [_vectors(marks, MARKS, d, "marks"), _vectors(ages, AGES, d, "ages")]
    added = keras.layers.Add(name="encoder_0_hints")(hints)
    x, mask = transformer_encoder(tokens, vocab_size, length, size, dropout_rate, added=added)
    x = keras.layers.Dense(2, name="head_1_scores")(x)
    x = keras.layers.Permute((2, 1), name="head_1_places")(x)
    x = HidePadding(name="head_1_logits")(x, mask)
    return keras.Model(inputs, x, name=name)


def _vectors(numbers, count, d, role):
    """As large as the vectors of pieces: variance 1."""
    normal = keras.initializers.RandomNormal(stddev=1.0)
    layer = keras.layers.Embedding(
        count, d, embeddings_initializer=normal, name=f"encoder_0_{role}"
    )
    return layer(numbers)
