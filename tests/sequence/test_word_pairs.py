"""From text to words that meet: counts by hand, pairs and windows position by position."""

import itertools

import numpy as np
import pytest

from dlspec.sequence.word_pairs import (
    Text,
    build_vocabulary,
    context_windows,
    cooccurrences,
    encode,
    keep_probabilities,
    noise_distribution,
    skip_gram_pairs,
)
from dlspec.testing import assert_close
from tests.complaints import complaints_test

CORPUS = ["to be or not to be", "be kind", "not to worry"]
VOCABULARY = build_vocabulary(CORPUS)
TEXT = encode(CORPUS, VOCABULARY)
COUNTS = np.array([0.5, 3.0, 250.0, 12.0, 1.0])
SMALL_TEXT = Text(np.array([0, 3, 2, 2, 6, 1]), np.array([0, 0, 0, 1, 1, 1]))

PURE_CALLS = {
    "build_vocabulary": (CORPUS,),
    "encode": (CORPUS, VOCABULARY),
    "keep_probabilities": (COUNTS, 0.1),
    "noise_distribution": (COUNTS,),
    "skip_gram_pairs": {"text": SMALL_TEXT, "window": 2},
    "context_windows": {"text": SMALL_TEXT, "window": 2},
    "cooccurrences": {"text": SMALL_TEXT, "window": 2},
}


def test_words_are_counted_and_numbered_by_frequency():
    assert VOCABULARY.words == ("be", "to", "not", "kind", "or", "worry")
    np.testing.assert_array_equal(VOCABULARY.counts, [3, 3, 2, 1, 1, 1])
    assert build_vocabulary(CORPUS, min_count=2).words == ("be", "to", "not")
    split = [text.split() for text in CORPUS]
    assert build_vocabulary(split).words == VOCABULARY.words
    ids, sentences = encode(split, build_vocabulary(CORPUS, 2))
    np.testing.assert_array_equal(ids, [1, 0, 2, 1, 0, 0, 2, 1])
    np.testing.assert_array_equal(sentences, [0, 0, 0, 0, 0, 1, 2, 2])


def pairs_by_hand(text, window):
    for i, j in itertools.product(range(len(text.ids)), repeat=2):
        if i != j and abs(i - j) <= window and text.sentences[i] == text.sentences[j]:
            yield i, j


@pytest.mark.parametrize("window", [1, 2, 9])
def test_pairs_windows_and_counts_position_by_position(window):
    ids = TEXT.ids
    pairs = sorted((ids[i], ids[j]) for i, j in pairs_by_hand(TEXT, window))
    assert sorted(zip(*skip_gram_pairs(TEXT, window), strict=True)) == pairs
    around = context_windows(TEXT, window)
    assert around.shape == (len(ids), 2 * window)
    found = sorted((ids[i], j) for i, row in enumerate(around) for j in row if j >= 0)
    assert found == pairs
    before = context_windows(TEXT, window, before_only=True, filler=99)
    np.testing.assert_array_equal(before, np.where(around < 0, 99, around)[:, :window])
    X = np.zeros((6, 6))
    for i, j in pairs_by_hand(TEXT, window):
        X[ids[i], ids[j]] += 1 / abs(i - j)
    rows, columns, counts = cooccurrences(TEXT, window)
    np.testing.assert_allclose(counts, X[rows, columns], rtol=1e-14)
    assert len(counts) == np.count_nonzero(X)


def test_every_position_may_reach_less_far():
    """Eleven different words: who reaches whom is no longer symmetric."""
    text = Text(np.arange(11) + 20, TEXT.sentences)
    reach = np.array([1, 2, 1, 2, 1, 2, 1, 1, 2, 1, 1])
    found = sorted(zip(*skip_gram_pairs(text, 2, reach), strict=True))
    pairs = [(i + 20, j + 20) for i, j in pairs_by_hand(text, 2) if abs(i - j) <= reach[i]]
    assert found == sorted(pairs)
    assert any((j, i) not in found for i, j in found)


def test_noise_and_subsampling_by_hand():
    """16^(3/4) = 8 and 81^(3/4) = 27; at a threshold of 1/100, a share of 16/97 keeps a quarter."""
    assert_close(noise_distribution([16, 81]), [8 / 35, 27 / 35], rtol=1e-14)
    assert_close(noise_distribution([16, 81], power=0), [0.5, 0.5])
    assert_close(noise_distribution([16, 81], power=1), [16 / 97, 81 / 97], rtol=1e-14)
    assert_close(keep_probabilities([16, 84], 0.01), [0.25, np.sqrt(1 / 84)], rtol=1e-14)
    assert_close(keep_probabilities([1, 999], 0.001), [1, np.sqrt(1 / 999)], rtol=1e-14)


# --- Complaints -----------------------------------------------------------------------------------

COMPLAINTS = [
    (
        lambda f: build_vocabulary("to be"),
        TypeError,
        "`corpus` must be a list of sentences. Received: str.",
    ),
    (
        lambda f: build_vocabulary([["to", 1]]),
        TypeError,
        "`corpus[0]` must be a text or a list of words. Received: list.",
    ),
    (
        lambda f: encode(["to be", 3], VOCABULARY),
        TypeError,
        "`corpus[1]` must be a text or a list of words. Received: int.",
    ),
    (
        lambda f: build_vocabulary(CORPUS, 0),
        ValueError,
        "`min_count` must be at least 1. Received: 0.",
    ),
    (
        lambda f: build_vocabulary(CORPUS, 4),
        ValueError,
        "`corpus` must hold at least 2 different words, each 4 times or more. Received: 0.",
    ),
    (
        lambda f: keep_probabilities([[1]]),
        ValueError,
        "`counts` must have shape (V,). Received: (1, 1).",
    ),
    (lambda f: keep_probabilities([1, 0]), ValueError, "`counts` must be above 0. Received: 0."),
    (
        lambda f: keep_probabilities([1, 2], 0),
        ValueError,
        "`threshold` must be in (0, 1]. Received: 0.",
    ),
    (
        lambda f: noise_distribution(["a"]),
        TypeError,
        "`counts` must be an array of real numbers. Received: list of dtype <U1.",
    ),
    (
        lambda f: noise_distribution([1, 2], 2),
        ValueError,
        "`power` must be in [0, 1]. Received: 2.",
    ),
    (
        lambda f: skip_gram_pairs([1, 2], 1),
        TypeError,
        "`text` must be a Text. Received: list. Use encode(corpus, vocabulary).",
    ),
    (lambda f: skip_gram_pairs(TEXT, 0), ValueError, "`window` must be at least 1. Received: 0."),
    (
        lambda f: skip_gram_pairs(TEXT, 1, [1, 1]),
        ValueError,
        "`reach` must have shape (11,). Received: (2,).",
    ),
    (
        lambda f: context_windows(None, 1),
        TypeError,
        "`text` must be a Text. Received: NoneType. Use encode(corpus, vocabulary).",
    ),
    (lambda f: context_windows(TEXT, 0), ValueError, "`window` must be at least 1. Received: 0."),
    (
        lambda f: cooccurrences(None, 1),
        TypeError,
        "`text` must be a Text. Received: NoneType. Use encode(corpus, vocabulary).",
    ),
    (
        lambda f: cooccurrences(TEXT, 0.5),
        TypeError,
        "`window` must be a whole number. Received: 0.5 (float).",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
