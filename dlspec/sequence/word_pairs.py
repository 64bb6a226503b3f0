"""From plain text to what word vectors are learnt from: words that meet  (course 5, week 2).

A corpus becomes a row of word numbers (`encode`), and the row becomes examples, never across the
end of a sentence:

    skip_gram_pairs     (word, a word within its window)        one example each
    context_windows     the words around each, or before it     for CBOW and language models
    cooccurrences       X_ij, how often i and j meet            for GloVe

Two distributions go with them.  Frequent words are dropped at random (`keep_probabilities`), and
the negative words of negative sampling are drawn from f(w)^(3/4) (`noise_distribution`), between
as often as they occur and all alike.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import check_array, check_count, check_interval

__all__ = [
    "Text",
    "Vocabulary",
    "build_vocabulary",
    "context_windows",
    "cooccurrences",
    "encode",
    "keep_probabilities",
    "noise_distribution",
    "skip_gram_pairs",
]


# --- Words and their numbers ----------------------------------------------------------------------


@dataclass(frozen=True)
class Vocabulary:
    """Words by falling frequency, and how often each occurs.

    Attributes:
        words: V words; of equally frequent ones the alphabetically first comes first.
        counts: (V,) occurrences.
        index: {word: its number}.
    """

    words: tuple[str, ...]
    counts: np.ndarray
    index: dict[str, int]


class Text(NamedTuple):
    """A corpus as one row of word numbers; sentences have numbers too, so that none runs on.

    Attributes:
        ids: (N,) number of the word at every position.
        sentences: (N,) number of the sentence it stands in.
    """

    ids: np.ndarray
    sentences: np.ndarray


def build_vocabulary(corpus: Sequence[Sequence[str]], min_count: int = 1) -> Vocabulary:
    """Count the words of a corpus.

    Args:
        corpus: sentences; each a list of words, or a text whose words are set apart by spaces.
        min_count: words that occur less often are left out, at least 1.

    Returns:
        The vocabulary.

    Raises:
        TypeError: sentences that are neither texts nor lists of words.
        ValueError: fewer than two words are left.

    Example:
        >>> build_vocabulary(["to be or not to be"]).words
        ('be', 'to', 'not', 'or')

    Source: course 5, week 2.
    """
    min_count = check_count("min_count", min_count)
    counter: Counter[str] = Counter()
    for sentence_words in _check_corpus(corpus):
        counter.update(sentence_words)
    kept = sorted((-count, word) for word, count in counter.items() if count >= min_count)
    if len(kept) < 2:
        expected = f"hold at least 2 different words, each {min_count} times or more"
        raise InvalidValue(sentence("corpus", expected, len(kept)))
    words = tuple(word for _, word in kept)
    counts = np.array([-count for count, _ in kept])
    return Vocabulary(words, counts, {word: i for i, word in enumerate(words)})


def encode(corpus: Sequence[Sequence[str]], vocabulary: Vocabulary) -> Text:
    """Turn a corpus into word numbers; words outside the vocabulary are left out.

    Args:
        corpus: sentences as for `build_vocabulary`.
        vocabulary: as `build_vocabulary` returns it.

    Returns:
        ids: (N,) number of the word at every position.
        sentences: (N,) number of the sentence it stands in.

    Raises:
        TypeError: sentences that are neither texts nor lists of words.

    Example:
        >>> corpus = ["to be", "or not to be"]
        >>> encode(corpus, build_vocabulary(corpus))
        Text(ids=array([1, 0, 3, 2, 1, 0]), sentences=array([0, 0, 1, 1, 1, 1]))

    Source: course 5, week 2.
    """
    ids, numbers, index = [], [], vocabulary.index
    for number, words in enumerate(_check_corpus(corpus)):
        known = [index[word] for word in words if word in index]
        ids += known
        numbers += [number] * len(known)
    return Text(np.array(ids, dtype=np.intp), np.array(numbers, dtype=np.intp))


def _check_corpus(corpus):
    """Yield the words of every sentence."""
    if isinstance(corpus, str) or not isinstance(corpus, Sequence):
        received = type(corpus).__name__
        raise InvalidType(sentence("corpus", "be a list of sentences", received))
    for i, words in enumerate(corpus):
        words = words.split() if isinstance(words, str) else words
        kinds = set(map(type, words)) if isinstance(words, Sequence) else {object}
        if not all(issubclass(kind, str) for kind in kinds):
            expected = "be a text or a list of words"
            raise InvalidType(sentence(f"corpus[{i}]", expected, type(words).__name__))
        yield words


# --- Frequencies ----------------------------------------------------------------------------------


def keep_probabilities(counts: np.ndarray, threshold: float = 1e-3) -> np.ndarray:
    """Frequent-word subsampling: with which probability each occurrence of a word stays.

    min(1, sqrt(threshold / f)) with the word's share f of the text: "the" and "of" say little about
    their neighbours, and dropping most of them brings the words around closer together.

    Args:
        counts: (V,) occurrences, above 0.
        threshold: share of the text above which words are thinned out, in (0, 1].

    Returns:
        (V,) probabilities.

    Raises:
        TypeError, ValueError: not counts, a threshold outside (0, 1].

    Example:
        >>> keep_probabilities([90, 10], threshold=0.1).round(3)
        array([0.333, 1.   ])

    Source: Mikolov et al., "Distributed representations of words and phrases", 2013, section 2.3
    (word2vec's program keeps a little more: sqrt(threshold / f) + threshold / f).
    """
    counts = _check_counts(counts)
    threshold = check_interval("threshold", threshold, "(0, 1]")
    return np.minimum(1, np.sqrt(threshold / (counts / counts.sum())))


def noise_distribution(counts: np.ndarray, power: float = 0.75) -> np.ndarray:
    """From which negative words are drawn: P(w) = f(w)^(3/4) / sum_j f(w_j)^(3/4).

    Between drawing as often as words occur (power 1) and all alike (power 0).

    Args:
        counts: (V,) occurrences, above 0.
        power: in [0, 1].

    Returns:
        (V,) probabilities, their sum is 1.

    Raises:
        TypeError, ValueError: not counts, a power outside [0, 1].

    Example:
        >>> noise_distribution([16, 1]).round(3)
        array([0.889, 0.111])

    Source: course 5, week 2; Mikolov et al., 2013, section 2.2.
    """
    weights = _check_counts(counts) ** check_interval("power", power, "[0, 1]")
    return weights / weights.sum()


def _check_counts(counts):
    counts = check_array("counts", counts, ("V",))
    if counts.min() <= 0:
        raise InvalidValue(sentence("counts", "be above 0", f"{counts.min():g}"))
    return counts


def _thin_out(text, counts, threshold, random):
    """Drop frequent words at random; their neighbours move together."""
    if not threshold:
        return text
    stays = random.random(len(text.ids)) < keep_probabilities(counts, threshold)[text.ids]
    return Text(text.ids[stays], text.sentences[stays])


# --- Words that meet ------------------------------------------------------------------------------


def skip_gram_pairs(
    text: Text, window: int, reach: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """All pairs of a word and a word within its window, sentence by sentence.

    Args:
        text: as `encode` returns it.
        window: largest distance, at least 1.
        reach: (N,) distance for every single word in place of `window`, none above it.  word2vec
            draws it from 1 to the window, so that near words count more.

    Returns:
        centers: (m,) word numbers.
        contexts: (m,) word numbers.

    Raises:
        TypeError, ValueError: a text that is none, a window below 1, another number of reaches.

    Example:
        >>> centers, contexts = skip_gram_pairs(Text(np.array([5, 6, 7]), np.zeros(3, int)), 1)
        >>> sorted(zip(centers.tolist(), contexts.tolist()))
        [(5, 6), (6, 5), (6, 7), (7, 6)]

    Source: course 5, week 2; Mikolov et al., "Efficient estimation of word representations", 2013.
    """
    ids, sentences = _check_text(text)
    window = check_count("window", window)
    if reach is None:
        reach = np.full(ids.size, window)
    elif np.shape(reach) != ids.shape:
        raise InvalidValue(sentence("reach", f"have shape {ids.shape}", np.shape(reach)))
    centers, contexts = [], []
    for distance in range(1, window + 1):
        left = np.flatnonzero(sentences[distance:] == sentences[:-distance])
        for here, there in ((left, left + distance), (left + distance, left)):
            reached = reach[here] >= distance
            centers.append(ids[here[reached]])
            contexts.append(ids[there[reached]])
    return np.concatenate(centers), np.concatenate(contexts)


def context_windows(
    text: Text, window: int, *, before_only: bool = False, filler: int = -1
) -> np.ndarray:
    """The words around every position, or the words before it.

    Args:
        text: as `encode` returns it.
        window: words on each side, at least 1.
        before_only: leave out those that follow, as a language model must.
        filler: stands where the sentence has no word.

    Returns:
        (N, 2 window) or (N, window) word numbers, in the order of the text.

    Raises:
        TypeError, ValueError: a text that is none, a window below 1.

    Example:
        >>> context_windows(Text(np.array([5, 6, 7]), np.array([0, 0, 1])), 1)
        array([[-1,  6],
               [ 5, -1],
               [-1, -1]])

    Source: course 5, week 2; Bengio et al., "A neural probabilistic language model", 2003.
    """
    ids, sentences = _check_text(text)
    window = check_count("window", window)
    offsets = [*range(-window, 0), *([] if before_only else range(1, window + 1))]
    columns = np.full((ids.size, len(offsets)), filler)
    for j, offset in enumerate(offsets):
        distance = min(abs(offset), ids.size)
        here, there = slice(distance, None), slice(0, ids.size - distance)
        if offset > 0:
            here, there = there, here
        same = sentences[here] == sentences[there]
        columns[here, j][same] = ids[there][same]
    return columns


def _check_text(text):
    if not isinstance(text, Text):
        advice = "Use encode(corpus, vocabulary)."
        raise InvalidType(sentence("text", "be a Text", type(text).__name__, advice))
    return text


def cooccurrences(text: Text, window: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """How often two words meet within a window, a pair d words apart counting 1/d: GloVe's X.

    Args:
        text: as `encode` returns it.
        window: largest distance, at least 1.

    Returns:
        rows, columns: (p,) word numbers i and j of all pairs with X_ij > 0; X is symmetric.
        counts: (p,) X_ij.

    Raises:
        TypeError, ValueError: a text that is none, a window below 1.

    Example:
        >>> cooccurrences(Text(np.array([0, 1, 0]), np.zeros(3, int)), 2)
        (array([0, 0, 1]), array([0, 1, 0]), array([1., 2., 2.]))

    Source: course 5, week 2; Pennington, Socher and Manning, "GloVe", 2014, section 4.2.
    """
    ids, sentences = _check_text(text)
    V = int(ids.max()) + 1 if ids.size else 1
    keys, weights = [], []
    for distance in range(1, check_count("window", window) + 1):
        together = sentences[distance:] == sentences[:-distance]
        i, j = ids[:-distance][together], ids[distance:][together]
        keys += [i * V + j, j * V + i]
        weights.append(np.full(2 * i.size, 1 / distance))
    pairs, place = np.unique(np.concatenate(keys), return_inverse=True)
    counts = np.bincount(place, np.concatenate(weights), minlength=pairs.size)
    return pairs // V, pairs % V, counts
