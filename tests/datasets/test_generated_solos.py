"""Generated solos: their chords, their range, and that they know what sounds below them."""

import numpy as np
import pytest

from dlspec._complaints import InvalidValue
from dlspec.datasets.generated_solos import BLUES, LENGTHS, RHYTHMS, make_solos
from tests.complaints import complaints_test

SOLOS = make_solos(20)


def test_every_rhythm_fills_two_bars():
    for rhythm in RHYTHMS:
        assert [sum(LENGTHS[c.lower()] for c in bar) for bar in rhythm.split()] == [4, 4], rhythm


def test_the_form_has_twelve_bars_without_gaps():
    ends = np.cumsum([duration for _, duration, _, _ in BLUES])
    assert [onset for onset, *_ in BLUES] == [0, *ends[:-1].tolist()]
    assert ends[-1] == 48


def test_a_solo_over_a_blues_in_its_key():
    solo = next(s for s in SOLOS if s.chords[0].root == 0)
    names = [chord.name for chord in solo.chords]
    assert " ".join(names) == "C7 F7 C7 C7 F7 F7 C7 A7 Dm7 G7 C7 A7 Dm7 G7"
    assert solo.chords[8].tones == (2, 5, 9, 0)  # D F A C
    np.testing.assert_array_equal(solo.roots[:3], [[0, 0], [4, 5], [8, 0]])


@pytest.mark.parametrize("solo", SOLOS[:5])
def test_notes_are_one_melody_on_the_grid(solo):
    onsets, durations, pitches = solo.notes.T
    ends = onsets + durations
    assert (ends[:-1] <= onsets[1:]).all()
    assert ends[-1] <= solo.beats == 48
    assert not (solo.notes[:, :2] % 0.25).any()
    assert pitches.min() >= 48
    assert pitches.max() <= 90
    assert 40 <= len(pitches) <= 90


def chord_tones(solos, shift=0.0):
    """Share of the notes on beats 1 and 3 that belong to the chord `shift` beats away."""
    hits = []
    for solo in solos:
        for onset, _, pitch in solo.notes[solo.notes[:, 0] % 2 == 0]:
            at = (onset + shift) % solo.beats
            chord = [c for c in solo.chords if c.onset <= at][-1]
            hits.append(int(pitch) % 12 in chord.tones)
    return np.mean(hits)


def test_phrases_land_on_the_tones_of_their_own_chord():
    assert chord_tones(SOLOS) > 0.9
    assert chord_tones(SOLOS, shift=8) < 0.75


def test_solos_depend_on_the_seed_alone_and_not_on_how_many_there_are():
    np.testing.assert_array_equal(make_solos(2)[1].notes, SOLOS[1].notes)
    assert not np.array_equal(make_solos(1, seed=2)[0].notes, SOLOS[0].notes)
    assert len({len(s.notes) for s in SOLOS}) > 5
    assert len({s.chords[0].root for s in SOLOS}) == 5


COMPLAINTS = [
    (lambda tmp: make_solos(0), InvalidValue, "`n` must be at least 1. Received: 0."),
]
test_complaints = complaints_test(COMPLAINTS)
