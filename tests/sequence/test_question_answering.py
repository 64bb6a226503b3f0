"""Question answering: places in characters and pieces, best spans, the network, JAX, bad input."""

import itertools

import keras
import numpy as np
import pytest
from keras import ops

from dlspec.sequence.question_answering import (
    AGES,
    MARKS,
    SpanFinder,
    answer_positions,
    answer_text,
    best_span,
    encode_stories,
    exact_match,
)
from dlspec.testing import assert_close
from tests.backends import Call, outputs_on
from tests.complaints import complaints_test

PIECES = ["[PAD]", "[UNK]", "[SEP]", "in", "Os", "##lo", "##l", "##o", "who", "?", "is", "Ada", "."]
QUESTIONS, STORIES = ["who?", "who is?"], ["Ada is in Oslo.", "in Os."]
INPUTS, OFFSETS = encode_stories(QUESTIONS, STORIES, PIECES, 10)
SIZE = (1, 8, 2, 16)

PURE_CALLS = {
    "encode_stories": (QUESTIONS, STORIES, PIECES, 10),
    "answer_positions": (OFFSETS, np.array([10, 3]), np.array([14, 5])),
    "best_span": (np.zeros((2, 2, 10)), OFFSETS),
    "answer_text": (STORIES, OFFSETS, np.array([[6, 7], [5, 5]])),
    "exact_match": (["a"], ["b"]),
    "SpanFinder": (13, 10, SIZE),
}


# --- Places ---------------------------------------------------------------------------------------


def test_stories_as_tokens_with_their_places():
    np.testing.assert_array_equal(
        INPUTS[0],
        np.array([[8, 9, 2, 11, 10, 3, 4, 5, 12, 0], [8, 10, 9, 2, 3, 4, 12, 0, 0, 0]], np.int32),
        strict=True,
    )
    assert OFFSETS[0, :3].tolist() == [[-1, -1]] * 3
    words = ["Ada", "is", "in", "Oslo", "Oslo", "."]
    assert [STORIES[0][a:b] for a, b in OFFSETS[0, 3:9]] == words


def hints(question, story):
    """Marks and ages by word."""
    (_, marks, ages), offsets = encode_stories([question], [story], PIECES, 60)
    there = offsets[0, :, 0] >= 0
    assert not marks[0, ~there].any()
    assert not ages[0, ~there].any()
    words = [story[a:b] for a, b in offsets[0, there]]
    return {w: (m, a) for w, m, a in zip(words, marks[0, there], ages[0, there], strict=True)}


def test_words_of_the_question_are_marked_whatever_their_case():
    found = hints("Where is ada?", "Ada is at home, in Ada-town. Adam?")
    assert {word for word, (mark, _) in found.items() if mark == 2} == {"Ada", "is", "?"}
    assert {mark for mark, _ in found.values()} == {1, 2}


@pytest.mark.parametrize("end", [".", "", "...", "?!", ". "])
def test_the_last_sentence_is_the_youngest(end):
    found = hints("who?", f"a b. c. Version 3.5 d! e{end}")
    ages = {word: found[word][1] for word in "abcde"}
    assert ages == {"a": 4, "b": 4, "c": 3, "d": 2, "e": 1}
    assert found["Version"][1] == found["3"][1] == found["5"][1] == 2


def test_what_is_very_old_has_the_last_age():
    found = hints("who?", " ".join(f"w{i}." for i in range(20)))
    assert [found[f"w{i}"][1] for i in (0, 4, 5, 6, 19)] == [AGES - 1] * 2 + [15, 14, 1]


def test_answers_there_and_back():
    start = np.array([STORIES[0].index("Oslo"), 0])
    end = start + np.array([4, 5])
    spans = answer_positions(OFFSETS, start, end)
    np.testing.assert_array_equal(spans, [[6, 7], [4, 5]])
    assert answer_text(STORIES, OFFSETS, spans) == ["Oslo", "in Os"]


def test_a_place_within_a_word_takes_the_whole_word():
    np.testing.assert_array_equal(answer_positions(OFFSETS[:1], [11], [12]), [[6, 7]])
    for span in ([6, 6], [6, 7], [7, 7]):
        assert answer_text(STORIES[:1], OFFSETS[:1], np.array([span])) == ["Oslo"]


@pytest.mark.parametrize("longest", [1, 3, 10])
def test_the_best_span_against_a_loop(longest):
    scores = np.random.default_rng(0).normal(size=(2, 2, 10))
    expected = []
    for i in range(2):
        told = np.flatnonzero(OFFSETS[i, :, 0] >= 0)
        spans = [s for s in itertools.product(told, told) if 0 <= s[1] - s[0] < longest]
        expected.append(max(spans, key=lambda s: scores[i, 0, s[0]] + scores[i, 1, s[1]]))
    np.testing.assert_array_equal(best_span(scores, OFFSETS, longest), expected)


def test_the_end_never_stands_before_the_beginning():
    scores = np.zeros((2, 2, 10))
    scores[:, 0, 5], scores[:, 1, 4], scores[:, 1, 6] = 9, 9, 3
    np.testing.assert_array_equal(best_span(scores, OFFSETS), [[5, 6], [5, 6]])


def test_matches_are_about_words():
    assert exact_match(
        ["The Kitchen!", "ada", "b c", "b"], ["kitchen", "Ada", "b  c", "a b c"]
    ) == (0.75)


# --- Network --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def model():
    made, random = SpanFinder(13, 10, SIZE), np.random.default_rng(0)
    made.set_weights([random.normal(size=w.shape) / 2 for w in made.get_weights()])
    return made


def test_parameters_by_hand(model):
    d, f = 8, 16
    layer = 4 * (d * d + d) + (2 * d * f + f + d) + 2 * 2 * d
    assert model.count_params() == (13 + MARKS + AGES) * d + layer + (d + 1) * 2


def test_padding_is_out_of_reach_and_has_no_influence(model):
    scores = ops.convert_to_numpy(model(INPUTS, training=False))
    assert scores.shape == (2, 2, 10)
    assert scores[1, :, 7:].max() < -1e8
    alone = ops.convert_to_numpy(model([x[1:, :7] for x in INPUTS], training=False))
    np.testing.assert_allclose(scores[1:, :, :7], alone, atol=1e-6)


def test_marks_and_ages_are_seen(model):
    before = ops.convert_to_numpy(model(INPUTS, training=False))
    for i in (1, 2):
        other = [x.copy() for x in INPUTS]
        other[i][:, 5] = 0
        after = ops.convert_to_numpy(model(other, training=False))
        assert np.abs(after - before)[:, :, :6].max(axis=(1, 2)).min() > 1e-3


def test_the_model_survives_a_file_and_runs_on_jax(model, tmp_path):
    expected = ops.convert_to_numpy(model(INPUTS, training=False))
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(ops.convert_to_numpy(again(INPUTS, training=False)), expected)
    assert [w.path for w in again.weights] == [w.path for w in SpanFinder(13, 10, SIZE).weights]
    kwargs = {"vocab_size": 13, "length": 10, "size": SIZE}
    here = "dlspec.sequence.question_answering.SpanFinder"
    [[found]] = outputs_on("jax", [Call(here, kwargs, model.get_weights(), INPUTS)], tmp_path)
    assert_close(found, expected, rtol=1e-4, atol=2e-6)


def test_one_step_of_training_points_better():
    model = SpanFinder(13, 10, SIZE, dropout_rate=0.0)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.1), loss, run_eagerly=True)
    spans = answer_positions(OFFSETS, [10, 3], [14, 5])
    before = model.get_weights()
    first = float(model.train_on_batch(INPUTS, spans))
    assert np.isfinite(first)
    moved = [np.abs(a - b).max() for a, b in zip(before, model.get_weights(), strict=True)]
    assert np.median(moved) > 0
    assert float(model.evaluate(INPUTS, spans, verbose=0)) < first


# --- Bad input ------------------------------------------------------------------------------------

COMPLAINTS = [
    (
        lambda folder: encode_stories(QUESTIONS, STORIES, PIECES, 0),
        ValueError,
        "`length` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: encode_stories(QUESTIONS[:1], STORIES, PIECES, 9),
        ValueError,
        "`questions` must have one question for each of the 2 stories. Received: 1.",
    ),
    (
        lambda folder: encode_stories(QUESTIONS, STORIES, ["a"], 9),
        ValueError,
        "`pieces` must hold [SEP]. Received: 1 without it.",
    ),
    (
        lambda folder: encode_stories(QUESTIONS, STORIES, PIECES, 4),
        ValueError,
        "`questions[1]` must leave room for a story among 4 tokens. Received: 3 tokens.",
    ),
    (
        lambda folder: answer_positions(OFFSETS, [1], [2, 3]),
        ValueError,
        "`start` must have shape (m=2,). Received: (1,). `offsets` sets m=2.",
    ),
    (
        lambda folder: answer_positions(OFFSETS, [1, 1], [[2, 3]]),
        ValueError,
        "`end` must have shape (m=2,). Received: (1, 2). `offsets` sets m=2.",
    ),
    (
        lambda folder: answer_positions(OFFSETS[:, :6], [0, 9], [3, 12]),
        ValueError,
        "`offsets` must keep at least one piece of each answer. Received: none of answer 1. "
        "Stories that are cut lose it: use a larger `length`.",
    ),
    (
        lambda folder: best_span(np.zeros((2, 10, 2)), OFFSETS),
        ValueError,
        "`scores` must have shape (m=2, 2, n=10). Received: (2, 10, 2). `offsets` sets m=2 and "
        "n=10.",
    ),
    (
        lambda folder: best_span(np.zeros((2, 2, 10)), OFFSETS, 0),
        ValueError,
        "`longest` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: answer_text(STORIES, OFFSETS, np.zeros(2)),
        ValueError,
        "`spans` must have shape (m=2, 2). Received: (2,). There are m=2 stories.",
    ),
    (
        lambda folder: SpanFinder(9, 5, (1, 8)),
        ValueError,
        "`size` must be a name in SIZES, or (layers, d, heads, hidden units). Received: (1, 8).",
    ),
    (
        lambda folder: exact_match([], []),
        ValueError,
        "`predicted` must have one answer for each of the 0 true ones, at least one. Received: 0.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
