"""Loading solos: the course's piece where it is found, generated ones otherwise."""

import numpy as np
import pytest

from dlspec._complaints import InvalidValue
from dlspec.datasets.generated_solos import make_solos
from dlspec.datasets.jazz import COURSE_FILE, load_jazz
from dlspec.datasets.midi import Track, write_midi
from dlspec.sequence import jazz_grammar
from tests.complaints import complaints_test

MELODY = [[475, 1, 50], [476.5, 0.4, 72], [547, 2, 74], [548, 1, 50]]
PIANO = [
    [475.8, 1, 43],
    [476, 1, 60],
    [476, 1, 64],
    [480, 1, 45],
    [480, 1, 48],
    [482, 1, 45],
    [482, 1, 48],
]
BASS = [[476, 2, 36], [470, 1, 30], [600, 1, 30]]


def piece(folder, *, names=("Guitar", "Piano", "Bass"), melody=MELODY):
    """A file like the course's: its tracks, and the solo where it has it."""
    parts = zip(names, (melody, PIANO, BASS), strict=True)
    tracks = [Track(name, np.array(notes, dtype=float)) for name, notes in parts]
    write_midi(folder / COURSE_FILE, tracks, tempo=112)
    return folder


def test_solos_are_generated_when_no_folder_is_named():
    jazz = load_jazz(n=2, seed=3)
    assert (jazz.source, jazz.files, jazz.swings) == ("generated", (), True)
    for solo, expected in zip(jazz.solos, make_solos(2, seed=3), strict=True):
        np.testing.assert_array_equal(solo.notes, expected.notes)


def test_the_courses_piece_gives_its_solo_and_its_chords(tmp_path):
    """The first chord, struck a little early, lasts two half bars, for the second is silent."""
    jazz = load_jazz(piece(tmp_path))
    assert (jazz.source, jazz.files) == ("course files", (tmp_path / COURSE_FILE,))
    assert jazz.tempo == pytest.approx(112, abs=1e-3)
    (solo,) = jazz.solos
    np.testing.assert_allclose(solo.notes, [[0.5, 0.4, 72], [71, 2, 74]], atol=1e-2)
    assert [(c.onset, c.duration, c.root, c.tones) for c in solo.chords] == [
        (0, 4, 0, (0, 7, 4)),
        (4, 68, 9, (9, 0)),
    ]
    assert solo.chords[1].name == "A"


@pytest.mark.course_data
def test_the_real_piece(course_data):
    """112 beats a minute; its 72 beats make a melody that words can say."""
    jazz = load_jazz()
    (solo,) = jazz.solos
    assert jazz.source == "course files"
    assert round(jazz.tempo) == 112
    assert solo.beats == 72
    assert len(solo.notes) == 192
    melody = jazz_grammar.prune_close(jazz_grammar.quantise(solo.notes))
    words = jazz_grammar.encode_solo(melody, solo.roots)
    assert len(set(words)) <= 90
    played = jazz_grammar.decode_solo(words, solo.roots, solo.beats)
    np.testing.assert_array_equal(played[:, 0], melody[:, 0])
    np.testing.assert_array_equal(played[:, 2] % 12, melody[:, 2] % 12)


def garbage(folder):
    (folder / COURSE_FILE).write_text("a piece of jazz")
    return folder


COMPLAINTS = [
    (
        lambda tmp: load_jazz(garbage(tmp)),
        InvalidValue,
        "`{folder}/original_metheny.mid` must be a whole MIDI file. Received: 15 bytes of "
        "something else. Export it again, or name another file.",
    ),
    (
        lambda tmp: load_jazz(piece(tmp, names=("Flute", "Piano", "Bass"))),
        InvalidValue,
        "`{folder}/original_metheny.mid` must hold a track `Guitar`. Received: Flute, Piano, Bass.",
    ),
    (
        lambda tmp: load_jazz(piece(tmp, melody=MELODY[:1])),
        InvalidValue,
        "`{folder}/original_metheny.mid` must hold notes of `Guitar` from beat 476 to 548. "
        "Received: none.",
    ),
]
test_complaints = complaints_test(COMPLAINTS)
