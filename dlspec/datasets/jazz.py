"""Jazz solos to learn from: the course's piece, or generated ones."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dlspec._complaints import InvalidValue, sentence
from dlspec.datasets.files import data_folder, find_course_files
from dlspec.datasets.generated_solos import Chord, Solo, make_solos
from dlspec.datasets.midi import Score, read_midi

__all__ = ["COURSE_FILE", "Jazz", "load_jazz"]

COURSE_FILE = "original_metheny.mid"

# Where the course's piece has its solo, and what accompanies it.
MELODY, ACCOMPANIMENT = "Guitar", ("Piano", "Bass")
BEGIN, END = 476.0, 548.0
HALF_BAR = 2.0
EARLY, LATE = 0.25, 1.0
"""Beats around the beginning of a half bar in which its chord is struck."""


@dataclass(frozen=True, eq=False)
class Jazz:
    """Solos, and where they come from.

    Attributes:
        solos: melodies over chords; as played, not on any grid, where they come from the course.
        tempo: beats per minute.
        swings: whether even eighths are to be played unevenly.
        source: "course files" or "generated".
        files: the files that were read.
    """

    solos: tuple[Solo, ...]
    tempo: float
    swings: bool
    source: str
    files: tuple[Path, ...] = ()


def load_jazz(folder: str | Path | None = None, *, n: int = 60, seed: int = 1) -> Jazz:
    """Load the guitar solo of the course's piece where it is found, generated solos otherwise.

    The course learns from 72 beats of it.  The file names no chords: the root of each half bar is
    the lowest note that piano and bass strike at its beginning, its tones all that they strike.

    Args:
        folder: where to look for original_metheny.mid, at any depth; None asks DLSPEC_DATA_DIR.
        n: how many solos to generate.
        seed: of the generated solos.

    Returns:
        Solos.

    Raises:
        ValueError: the folder does not exist; the file is no MIDI file, is damaged, or lacks the
            solo or what accompanies it.

    Example:
        >>> jazz = load_jazz(n=3)
        >>> len(jazz.solos), jazz.source
        (3, 'generated')
    """
    found = find_course_files([COURSE_FILE], data_folder(folder))
    if not found:
        return Jazz(make_solos(n, seed=seed), 132.0, True, "generated")
    score = read_midi(found[COURSE_FILE])
    return Jazz((_course_solo(score),), score.tempo, False, "course files", (score.path,))


def _course_solo(score: Score) -> Solo:
    notes = _excerpt(score, MELODY, BEGIN)
    struck = np.concatenate([_excerpt(score, name, BEGIN - EARLY) for name in ACCOMPANIMENT])
    chords: list[Chord] = []
    for onset in np.arange(0, END - BEGIN, HALF_BAR):
        near = (struck[:, 0] >= onset - EARLY) & (struck[:, 0] < onset + LATE)
        pitches = np.unique(struck[near, 2].astype(int)).tolist()
        tones = tuple(dict.fromkeys(pitch % 12 for pitch in pitches))
        same = chords and (not tones or tones == chords[-1].tones)
        if same:
            before = chords.pop()
            longer = before.duration + HALF_BAR
            chords.append(Chord(before.onset, longer, before.root, before.tones))
        elif tones:
            chords.append(Chord(float(onset), HALF_BAR, tones[0], tones))
    return Solo(notes, tuple(chords))


def _excerpt(score: Score, name: str, begin: float) -> np.ndarray:
    """Notes of a track between `begin` and END, counted from BEGIN."""
    notes = score.track(name).notes
    notes = notes[(notes[:, 0] >= begin) & (notes[:, 0] < END)]
    if not len(notes):
        expected = f"hold notes of `{name}` from beat {BEGIN:g} to {END:g}"
        raise InvalidValue(sentence(str(score.path), expected, "none"))
    return notes - (BEGIN, 0, 0)
