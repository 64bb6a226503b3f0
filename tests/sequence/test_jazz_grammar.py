"""Solos as words and back, tidying up, statistics."""

import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon

from dlspec._complaints import InvalidType, InvalidValue
from dlspec.datasets.generated_solos import make_solos
from dlspec.sequence.jazz_grammar import (
    DEGREES,
    DURATIONS,
    decode_solo,
    divergence,
    encode_solo,
    make_vocabulary,
    note_statistics,
    prune_close,
    prune_repeated,
    quantise,
    words_to_values,
)
from tests.complaints import complaints_test

NOTES = np.array([[0, 1, 64], [1, 0.5, 67], [1.5, 2, 72], [5.0, 0.5, 60]])
ROOTS = np.array([[0.0, 0], [4, 5]])
WORDS = ["3,1", "5,1/2", "1,2", "rest,3/2", "5,1/2,leap"]
P, Q = {"a": 0.5, "b": 0.5, "c": 0.0}, {"a": 0.25, "b": 0.5, "c": 0.25}

PURE_CALLS = {
    "quantise": (NOTES,),
    "prune_repeated": (NOTES,),
    "prune_close": (NOTES,),
    "encode_solo": (NOTES, ROOTS),
    "decode_solo": (WORDS, ROOTS, 8.0),
    "make_vocabulary": ([WORDS], 7),
    "words_to_values": (WORDS, ["1,1", "5,1/2"]),
    "note_statistics": ([(NOTES, ROOTS)],),
    "divergence": (P, Q),
}


def melody(random, n=40):
    """Notes at random on the grid, no interval above 11 semitones, and chords under them."""
    lengths = random.integers(1, 9, n) * 0.25
    silences = random.choice([0, 0, 0, 0.5, 0.75, 3.0], n)
    onsets = np.cumsum(lengths + silences) - lengths
    steps = random.integers(-11, 12, n)
    pitches = [66]
    for step in steps[1:]:
        pitches.append(pitches[-1] + (step if 48 <= pitches[-1] + step <= 90 else -step))
    changes = np.arange(0, onsets[-1] + 1, 2)
    roots = np.column_stack([changes, random.integers(0, 12, len(changes))])
    return np.column_stack([onsets, lengths, pitches]), roots


# --- Words ----------------------------------------------------------------------------------------


def test_words_worked_out_by_hand():
    """E, G and C over C; then the C below over F, its fifth, which the shorter way lies above."""
    assert encode_solo(NOTES, ROOTS) == WORDS
    np.testing.assert_array_equal(decode_solo(WORDS, ROOTS, 8), NOTES)


@pytest.mark.parametrize("seed", range(5))
def test_reading_back_gives_the_same_onsets_and_pitches(seed):
    notes, roots = melody(np.random.default_rng(seed))
    words = encode_solo(notes, roots)
    played = decode_solo(words, roots, notes[-1, 0] + 9)
    np.testing.assert_array_equal(played[:, [0, 2]], notes[:, [0, 2]])
    assert encode_solo(played, roots) == words


@pytest.mark.parametrize("interval", range(-11, 12))
def test_every_interval_of_less_than_an_octave_survives(interval):
    """The first note is counted from G above middle C."""
    notes = [[0, 1, 67], [1, 1, 67 + interval]]
    words = encode_solo(notes, [[0, 2]])
    assert words[1].endswith("leap") == (not -5 <= interval <= 6)
    np.testing.assert_array_equal(decode_solo(words, [[0, 2]], 4), notes)


def test_all_generated_solos_are_read_back():
    for solo in make_solos(8):
        played = decode_solo(encode_solo(solo.notes, solo.roots), solo.roots, solo.beats)
        np.testing.assert_array_equal(played, solo.notes)


def test_words_do_not_depend_on_the_key():
    """Unless the first note changes sides, for it is counted from a fixed pitch."""
    higher, roots = NOTES + np.array([0, 0, 2]), ROOTS + np.array([0, 2])
    assert encode_solo(higher, roots) == WORDS


def test_short_silences_belong_to_the_note_before():
    assert encode_solo([[0, 0.75, 72], [1, 1, 72]], [[0, 0]]) == ["1,1", "1,1"]
    assert encode_solo([[0, 0.5, 72], [1, 1, 72]], [[0, 0]]) == ["1,1/2", "rest,1/2", "1,1"]


def test_long_notes_and_late_beginnings_keep_their_onsets():
    words = encode_solo([[3.5, 3.25, 72], [6.75, 1, 72]], [[0, 0]])
    assert words == ["rest,2", "rest,3/2", "1,2", "rest,1", "rest,1/4", "1,1"]


def test_playing_ends_with_the_chords():
    np.testing.assert_array_equal(decode_solo(["1,2"] * 5, [[8, 0]], 3), [[8, 2, 72], [10, 1, 72]])
    assert decode_solo(["rest,1", "unused,3"], [[0, 0]], 4).shape == (0, 3)


def test_a_melody_that_drifts_is_folded_back():
    up = decode_solo(["5,1/4", "1,1/4"] * 40, [[0, 0]], 99)
    assert up[:, 2].max() <= 90
    climbing = [f"{degree},1/4" for degree in DEGREES[::3] * 20]
    pitches = decode_solo(climbing, [[0, 0]], 99)[:, 2]
    assert pitches.max() <= 90
    assert set(np.diff(pitches)) == {3, -9}
    falling = [f"{degree},1/4" for degree in DEGREES[::-3] * 20]
    assert decode_solo(falling, [[0, 0]], 99)[:, 2].min() >= 48


# --- Tidying up -----------------------------------------------------------------------------------


def test_notes_move_to_the_nearest_quarter_of_a_beat():
    played = [[1.13, 0.2, 62], [0.98, 0.1, 60], [2.0, 0.9, 64]]
    expected = [[1, 0.25, 60], [1.25, 0.25, 62], [2, 1, 64]]
    np.testing.assert_allclose(quantise(played), expected, strict=True)
    np.testing.assert_allclose(quantise([[0.6, 1, 60]], step=0.5), [[0.5, 1, 60]])


def test_of_notes_too_close_the_first_stays_and_overlaps_are_cut():
    notes = [[0, 1, 60], [0, 1, 64], [0.25, 2, 62], [1, 1, 65]]
    expected = [[0, 0.25, 60], [0.25, 0.75, 62], [1, 1, 65]]
    np.testing.assert_array_equal(prune_close(notes), expected)
    np.testing.assert_array_equal(prune_close(notes, gap=0.5), [[0, 1, 60], [1, 1, 65]])


def test_repeated_notes_go_however_many_they_are():
    notes = [[t, 1, pitch] for t, pitch in enumerate([60, 60, 60, 62, 60, 60])]
    assert prune_repeated(notes)[:, [0, 2]].tolist() == [[0, 60], [3, 62], [4, 60]]


# --- Values ---------------------------------------------------------------------------------------


def test_the_vocabulary_begins_with_the_most_frequent_word():
    solos = [["5,1", "1,1", "rest,1"], ["1,1", "5,1", "1,1"]]
    assert make_vocabulary(solos, 2) == ("1,1", "5,1")
    assert make_vocabulary(solos, 5) == ("1,1", "5,1", "rest,1", "unused,1", "unused,2")
    assert len(make_vocabulary(solos)) == 90


def test_values_are_places_in_the_vocabulary():
    vocabulary = make_vocabulary([WORDS], 7)
    assert [vocabulary[v] for v in words_to_values(WORDS, vocabulary)] == WORDS


@pytest.mark.parametrize(
    ("word", "becomes"),
    [
        ("3,1/2", "3,1"),
        ("3,2,leap", "3,2"),
        ("3,3/2,leap", "3,1"),
        ("rest,2", "rest,1"),
        ("7,1", "3,1"),
    ],
)
def test_a_word_that_lacks_becomes_the_most_alike(word, becomes):
    """Of 1 and 2 beats, equally near to 3/2, the more frequent."""
    vocabulary = ["3,1", "rest,1", "3,2", "unused,1"]
    assert vocabulary[words_to_values([word], vocabulary)[0]] == becomes


# --- Statistics -----------------------------------------------------------------------------------


def test_statistics_counted_by_hand():
    found = note_statistics([(NOTES, ROOTS), (NOTES[:2], ROOTS)])
    nonzero = {what: {k: v for k, v in of.items() if v} for what, of in found.items()}
    assert nonzero == {
        "degree": {"1": 1 / 6, "3": 2 / 6, "5": 3 / 6},
        "interval": {"+3": 2 / 4, "+5": 1 / 4, "-12": 1 / 4},
        "duration": {"1/2": 3 / 6, "1": 2 / 6, "2": 1 / 6},
    }
    assert [len(of) for of in found.values()] == [12, 25, len(DURATIONS)]


def test_divergence_is_the_square_of_scipys_distance():
    random = np.random.default_rng(0)
    for _ in range(5):
        p, q = random.dirichlet(np.ones(6), 2)
        named = [dict(zip("abcdef", shares.tolist(), strict=True)) for shares in (p, q)]
        np.testing.assert_allclose(divergence(*named), jensenshannon(p, q, 2) ** 2, rtol=1e-12)


def test_divergence_is_symmetric_and_0_only_for_equals():
    assert divergence(P, P) == 0
    assert divergence(P, Q) == divergence(Q, P) > 0


COMPLAINTS = [
    (
        lambda tmp: quantise([[0, 1]]),
        InvalidValue,
        "`notes` must have shape (n, 3). Received: (1, 2).",
    ),
    (
        lambda tmp: quantise([[0, 0, 60]]),
        InvalidValue,
        "`notes` must last longer than 0 beats. Received: 0.0.",
    ),
    (
        lambda tmp: quantise(NOTES, step=0),
        InvalidValue,
        "`step` must be a positive finite number. Received: 0.",
    ),
    (
        lambda tmp: prune_repeated([]),
        InvalidValue,
        "`notes` must have shape (n, 3). Received: (0,).",
    ),
    (
        lambda tmp: prune_close([["a", "b", "c"]]),
        InvalidType,
        "`notes` must be an array of real numbers. Received: list of dtype <U1.",
    ),
    (
        lambda tmp: prune_close(NOTES, gap=-1),
        InvalidValue,
        "`gap` must be a positive finite number. Received: -1.",
    ),
    (
        lambda tmp: encode_solo([[0, 0, 60]], ROOTS),
        InvalidValue,
        "`notes` must last longer than 0 beats. Received: 0.0.",
    ),
    (
        lambda tmp: encode_solo([[0, 1, 60], [0.5, 1, 60]], ROOTS),
        InvalidValue,
        "`notes` must be one melody, a note after the other. Received: notes that overlap. Use "
        "prune_close(quantise(notes)).",
    ),
    (
        lambda tmp: encode_solo([[0, 1, 60], [1.1, 0.9, 60]], ROOTS),
        InvalidValue,
        "`notes` must start and end at quarters of a beat. Received: a note from 1.1 to 2. Use "
        "prune_close(quantise(notes)).",
    ),
    (
        lambda tmp: encode_solo(NOTES, [[1, 0]]),
        InvalidValue,
        "`roots` must begin before the first note, at 0 beats. Received: a first chord at 1.",
    ),
    (
        lambda tmp: decode_solo(WORDS, [[0, 0], [0, 5]], 4),
        InvalidValue,
        "`roots` must be in order of onset. Received: [0.0, 0.0].",
    ),
    (
        lambda tmp: decode_solo(WORDS, [0, 0], 4),
        InvalidValue,
        "`roots` must have shape (k, 2). Received: (2,).",
    ),
    (
        lambda tmp: decode_solo(WORDS, ROOTS, 0),
        InvalidValue,
        "`beats` must be a positive finite number. Received: 0.",
    ),
    (
        lambda tmp: decode_solo(["b9,1"], ROOTS, 4),
        InvalidValue,
        "`words` must hold words such as 'b3,1/2', '5,1,leap' or 'rest,2'. Received: 'b9,1'.",
    ),
    (
        lambda tmp: decode_solo([3], ROOTS, 4),
        InvalidType,
        "`words` must hold text. Received: 3 (int).",
    ),
    (
        lambda tmp: make_vocabulary([WORDS], 0),
        InvalidValue,
        "`n_values` must be at least 1. Received: 0.",
    ),
    (
        lambda tmp: make_vocabulary([[]]),
        InvalidValue,
        "`solos` must hold at least one word. Received: none.",
    ),
    (
        lambda tmp: make_vocabulary([["C4"]]),
        InvalidValue,
        "`words` must hold words such as 'b3,1/2', '5,1,leap' or 'rest,2'. Received: 'C4'.",
    ),
    (
        lambda tmp: words_to_values(WORDS, ["unused,1"]),
        InvalidValue,
        "`vocabulary` must hold at least one word. Received: none.",
    ),
    (
        lambda tmp: note_statistics([(NOTES[:1], ROOTS)]),
        InvalidValue,
        "`solos` must hold a solo of two notes. Received: 1 notes.",
    ),
    (
        lambda tmp: note_statistics([(NOTES, ROOTS), (NOTES[0], ROOTS)]),
        InvalidValue,
        "`solos[1][0]` must have shape (n, 3). Received: (3,).",
    ),
    (
        lambda tmp: note_statistics([(NOTES, [[2, 0]])]),
        InvalidValue,
        "`solos[0][1]` must begin before the first note, at 0 beats. Received: a first chord at 2.",
    ),
    (
        lambda tmp: divergence([0.5], P),
        InvalidType,
        "`p` must be a dictionary. Received: list.",
    ),
    (
        lambda tmp: divergence({"a": "x"}, P),
        InvalidType,
        "`p['a']` must be a real number. Received: 'x' (str).",
    ),
    (
        lambda tmp: divergence(P, {"a": 1.5, "b": -0.5, "c": 0}),
        InvalidValue,
        "`q` must hold shares of at least 0 that sum to 1. Received: -0.5 at least, 1 in all.",
    ),
    (
        lambda tmp: divergence(P, {"a": 1.0}),
        InvalidValue,
        "`q` must have the names of `p`. Received: others such as ['b', 'c'].",
    ),
]
test_complaints = complaints_test(COMPLAINTS)
