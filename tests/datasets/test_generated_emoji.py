"""Generated sentences keep their promises: nothing of the test is in training, order tells."""

import re
from itertools import pairwise

import numpy as np
import pytest

from dlspec.datasets import load_words
from dlspec.datasets.generated_emoji import (
    _KNOWN,
    _NEW,
    FRAMES,
    KINDS,
    LABELS,
    LISTS,
    NEGATIONS,
    PAIRS,
    _fill,
    make_emoji_sentences,
    word_order_pairs,
)
from tests.complaints import complaints_test


@pytest.fixture(scope="module")
def sets():
    return make_emoji_sentences()


def test_sentences_are_drawn_by_seed(sets):
    again, other = make_emoji_sentences(), make_emoji_sentences(seed=2)
    for one, same in zip(sets, again, strict=True):
        assert one.sentences == same.sentences
        np.testing.assert_array_equal(one.labels, same.labels)
    assert sets[1].sentences != other[1].sentences


def test_sizes_labels_and_no_sentence_twice(sets):
    assert [len(s) for s in sets] == [800, 300]
    everything = [text for s in sets for text in s.sentences]
    assert len(set(everything)) == len(everything)
    for s in sets:
        assert len(s.labels) == len(s)
        assert np.bincount(s.labels, minlength=len(LABELS)).min() >= 0.08 * len(s)
    assert sets[0].kinds == ()
    assert {kind for s in sets[1:] for kind in s.kinds} == set(KINDS) - {"written"}


def test_every_word_has_a_vector(sets):
    frames = [frame for both in FRAMES.values() for several in both for frame in several]
    frames += [frame for pair in PAIRS + NEGATIONS for frame in pair]
    fixed = {word for frame in frames for word in frame.split() if "{" not in word}
    listed = {word for words in LISTS.values() for word in words.split()}
    assert not (fixed | listed | {"an"}) - set(load_words().words)


def test_new_words_and_new_frames_are_not_in_training(sets):
    train, dev = sets
    known = {word for text in train.sentences for word in text.split()}
    new = {word for words in _NEW.values() for word in words}
    assert not new & known
    assert not new & {word for words in _KNOWN.values() for word in words}
    for text, kind in zip(dev.sentences, dev.kinds, strict=True):
        if kind == "new frame":
            assert not new & set(text.split())
        else:
            assert text not in train.sentences
    for known_frames, new_frames in FRAMES.values():
        assert not set(known_frames) & set(new_frames)


def test_pairs_have_the_same_words_and_say_the_opposite():
    pairs = word_order_pairs(20, seed=4)
    assert len(pairs) == 20
    assert len(set(pairs)) > len(PAIRS)
    for happy, sad in pairs:
        assert happy != sad
        assert sorted(happy.split()) == sorted(sad.split())


def test_articles_stand_right(sets):
    pairs = {pair for s in sets for text in s.sentences for pair in pairwise(text.split())}
    after = {article: {b for a, b in pairs if a == article} for article in ("a", "an")}
    sounds_like_you, silent = {"useless"}, {"hour"}
    assert {word for word in after["a"] if word[0] in "aeiou"} <= sounds_like_you
    assert after["an"]
    assert all(word[0] in "aeiou" for word in after["an"] - silent)
    assert _fill(np.random.default_rng(), "a {x} cat", {"x": ["amazing"]}) == "an amazing cat"
    assert _fill(np.random.default_rng(), "a {x} cat", {"x": ["useless"]}) == "a useless cat"


def test_one_training_label_in_thirty_is_wrong():
    """26 of 800: every 30th, rounded down.  The right labels are those of the frames."""
    frames = {frame: LABELS.index(label) for label, (known, _) in FRAMES.items() for frame in known}
    for happy, sad in PAIRS + NEGATIONS:
        frames[happy], frames[sad] = 2, 3
    patterns = [
        (re.compile(re.sub(r"{\w+}", "[a-z]+", frame).replace("a [", "an? [") + "$"), label)
        for frame, label in frames.items()
    ]
    train = make_emoji_sentences()[0]
    wrong = 0
    for text, label in zip(train.sentences, train.labels, strict=True):
        fits = {right for pattern, right in patterns if pattern.match(text)}
        assert fits
        wrong += label not in fits
    assert 20 <= wrong <= 26  # some sentences fit frames of two labels


COMPLAINTS = [
    (
        lambda tmp: make_emoji_sentences(0),
        ValueError,
        "`n_train` must be at least 1. Received: 0.",
    ),
    (
        lambda tmp: make_emoji_sentences(1, 2.5),
        TypeError,
        "`n_dev` must be a whole number. Received: 2.5 (float).",
    ),
    (
        lambda tmp: make_emoji_sentences(seed=-1),
        ValueError,
        "`seed` must be at least 0. Received: -1.",
    ),
    (
        lambda tmp: make_emoji_sentences(1, 1001),
        ValueError,
        "`n_dev` must be at most 1000. Received: 1001.",
    ),
    (
        lambda tmp: word_order_pairs(0),
        ValueError,
        "`n` must be at least 1. Received: 0.",
    ),
]
test_complaints = complaints_test(COMPLAINTS)
