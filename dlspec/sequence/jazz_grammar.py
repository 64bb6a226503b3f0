"""Jazz solos as sequences of words, and how alike two bodies of solos are (course 5, week 1).

A network cannot learn from a few solos which of 88 keys to press when: too many pairs of chord and
key never occur.  So a note is written as what it is *to its chord*.  A word has three parts:

    b3,1/2        the minor third above the chord's root, half a beat long
    b3,1/2,leap   the same, reached by a leap instead of by the shorter way
    rest,1        one beat of silence

Of all the thirds on the keyboard the word means the nearest to the note before, within 6 semitones;
with "leap" the nearest on the other side.  So a word says how the melody moves, and the same word
fits every chord and key.  Reading back is exact for intervals of up to 11 semitones.

The course's own grammar is coarser: it says "chord tone" or "scale tone" and a range of intervals,
and draws one of the notes that fit.

Notes are arrays (n, 3) of onset (beats), duration (beats) and pitch (MIDI number, 60 is middle C);
chords are `roots`, arrays (k, 2) of onset (beats) and pitch class of the root (0 is C).  A chord
lasts until the next one.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import check_array, check_count, check_finite, check_positive

__all__ = [
    "DEGREES",
    "DURATIONS",
    "decode_solo",
    "divergence",
    "encode_solo",
    "make_vocabulary",
    "note_statistics",
    "prune_close",
    "prune_repeated",
    "quantise",
    "words_to_values",
]

DEGREES = ("1", "b2", "2", "b3", "3", "4", "b5", "5", "#5", "6", "b7", "7")
"""Names of the 0 to 11 semitones above the root of a chord."""

DURATIONS = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0)
"""Beats that a word can last."""

REST, LEAP, UNUSED = "rest", "leap", "unused"
START = 67
"""The pitch that the first note is counted from: G above middle C."""
LOWEST, HIGHEST = 48, 90
"""Where solos are kept when they are read back."""

GRID = 0.25
LEGATO = 0.5
"""Shorter silences than this, in beats, are not written: the note before lasts until the next."""

Solo = tuple[np.ndarray, np.ndarray]


# --- Tidying up -----------------------------------------------------------------------------------


def quantise(notes: np.ndarray, step: float = GRID) -> np.ndarray:
    """Move onsets and ends to the nearest multiples of `step`; the shortest note lasts one.

    Args:
        notes: (n, 3).
        step: beats, above 0; the course rounds to quarters of a beat.

    Returns:
        Notes (n, 3) in order of onset, then pitch.

    Raises:
        TypeError, ValueError: no notes, or a step not above 0.

    Example:
        >>> quantise([[0.98, 0.6, 60]])
        array([[ 1. ,  0.5, 60. ]])

    Source: course 5, week 1, the exercise on improvising jazz.
    """
    notes = _check_notes("notes", notes)
    step = check_positive("step", step)
    onsets = np.round(notes[:, 0] / step) * step
    ends = np.round(notes[:, :2].sum(axis=1) / step) * step
    tidy = np.column_stack([onsets, np.maximum(ends - onsets, step), notes[:, 2]])
    return tidy[np.lexsort((tidy[:, 2], tidy[:, 0]))]


def prune_repeated(notes: np.ndarray) -> np.ndarray:
    """Leave out every note of the same pitch as the one before it.

    Args:
        notes: (n, 3) in order of onset.

    Returns:
        Notes (n', 3); the first always stays.

    Raises:
        TypeError, ValueError: no notes.

    Example:
        >>> prune_repeated([[0, 1, 60], [1, 1, 60], [2, 1, 62], [3, 1, 60]])[:, 2]
        array([60., 62., 60.])

    Source: course 5, week 1, the exercise on improvising jazz.
    """
    notes = _check_notes("notes", notes)
    return notes[np.append(True, np.diff(notes[:, 2]) != 0)]


def prune_close(notes: np.ndarray, gap: float = GRID) -> np.ndarray:
    """One note at a time: leave out notes too close to the one before, and cut overlaps.

    Args:
        notes: (n, 3) in order of onset.
        gap: beats; a note that starts sooner after the last one kept is left out, above 0.

    Returns:
        Notes (n', 3), none of which sounds when the next one starts.

    Raises:
        TypeError, ValueError: no notes, or a gap not above 0.

    Example:
        >>> prune_close([[0, 1, 60], [0.1, 1, 64], [0.5, 1, 62]])
        array([[ 0. ,  0.5, 60. ],
               [ 0.5,  1. , 62. ]])

    Source: course 5, week 1, the exercise on improvising jazz.
    """
    notes = _check_notes("notes", notes)
    gap = check_positive("gap", gap)
    kept = [notes[0]]
    for note in notes[1:]:
        if note[0] - kept[-1][0] > gap - 1e-9:
            kept.append(note)
    line = np.array(kept)
    line[:-1, 1] = np.minimum(line[:-1, 1], np.diff(line[:, 0]))
    return line


# --- Notes to words and back ----------------------------------------------------------------------


def encode_solo(notes: np.ndarray, roots: np.ndarray) -> list[str]:
    """Write a solo as words.

    A note takes the longest duration of a word that fits, and silence fills what is left: every
    note keeps its onset.  Silences of less than half a beat belong to the note before.

    Args:
        notes: one melody, (n, 3) in order of onset, without overlaps (`prune_close`), on a grid of
            quarters of a beat (`quantise`).
        roots: the chords, (k, 2) in order of onset, the first at or before the first note.

    Returns:
        Words; those of a solo that starts after its first chord begin with rests.

    Raises:
        TypeError, ValueError: no notes or chords, another order, overlaps, notes off the grid, no
            chord under a note.

    Example:
        >>> encode_solo([[0, 1, 64], [1, 0.5, 67], [1.5, 2, 72]], roots=[[0, 0]])
        ['3,1', '5,1/2', '1,2']

    Source: after the grammar of course 5, week 1; ours is finer.
    """
    notes = _check_melody(_check_notes("notes", notes))
    roots = _check_roots(roots, notes)
    ends = notes[:, :2].sum(axis=1)
    silences = np.append(notes[1:, 0] - ends[:-1], 0.0)
    ends[silences < LEGATO] += silences[silences < LEGATO]
    words, before, now = [], START, roots[0, 0]
    for (onset, _, pitch), end in zip(notes, ends, strict=True):
        words += _rests(onset - now)
        words.append(_note_word(int(pitch), before, _root_at(roots, onset), end - onset))
        before, now = int(pitch), onset + _parse(words[-1])[1]
    return words


def decode_solo(words: Sequence[str], roots: np.ndarray, beats: float) -> np.ndarray:
    """Play words over chords until these end.

    A note below 48 or above 90 moves by an octave, so that no solo drifts away.

    Args:
        words: from `encode_solo` or a vocabulary; unused ones are passed over.
        roots: the chords, (k, 2) in order of onset.
        beats: how long they last from the first on; the note that reaches the end is cut there.

    Returns:
        Notes (n, 3); n may be 0.

    Raises:
        TypeError: words that are no text.
        ValueError: a word that is none of this grammar, no chords, no beats.

    Example:
        >>> decode_solo(["3,1", "rest,1/2", "1,2"], roots=[[0, 0]], beats=4)
        array([[ 0. ,  1. , 64. ],
               [ 1.5,  2. , 60. ]])

    Source: after the grammar of course 5, week 1; ours is finer.
    """
    roots, beats = _check_roots(roots), check_positive("beats", beats)
    now, end, pitch, notes = roots[0, 0], roots[0, 0] + beats, START, []
    for degree, duration, leaps in map(_parse, words):
        if now >= end:
            break
        if degree is not None:
            pitch = _pitch(degree, leaps, pitch, _root_at(roots, now))
            notes.append((now, min(duration, end - now), pitch))
        now += duration
    return np.array(notes, dtype=np.float64).reshape(-1, 3)


def _rests(beats):
    """Silence as words, the longest first."""
    words = []
    while beats > 0:
        duration = _longest(beats)
        words.append(f"{REST},{Fraction(duration)}")
        beats -= duration
    return words


def _longest(beats):
    """The longest duration of a word that fits into `beats`."""
    return max(duration for duration in DURATIONS if duration <= beats)


def _note_word(pitch, before, root, duration):
    degree = (pitch - root) % 12
    leap = f",{LEAP}" if _nearest(degree, before, root) != pitch else ""
    return f"{DEGREES[degree]},{Fraction(_longest(duration))}{leap}"


def _nearest(degree, before, root):
    """The pitch of that degree from 5 semitones below `before` to 6 above."""
    return before - 5 + (root + degree - before + 5) % 12


def _pitch(degree, leaps, before, root):
    pitch = _nearest(degree, before, root)
    if leaps:
        pitch += 12 if pitch < before or (pitch == before and before < START) else -12
    while pitch < LOWEST:
        pitch += 12
    while pitch > HIGHEST:
        pitch -= 12
    return pitch


def _parse(word):
    """(semitones above the root or None for a rest, beats, whether it leaps)."""
    if not isinstance(word, str):
        raise InvalidType(sentence("words", "hold text", f"{word!r} ({type(word).__name__})"))
    name, _, rest = word.partition(",")
    duration, _, leap = rest.partition(",")
    if name == UNUSED:
        return None, 0.0, False
    beats = _BEATS.get(duration)
    if beats is None or leap not in ("", LEAP) or name not in (*DEGREES, REST):
        expected = "hold words such as 'b3,1/2', '5,1,leap' or 'rest,2'"
        raise InvalidValue(sentence("words", expected, f"{word!r}"))
    return (None if name == REST else DEGREES.index(name)), beats, leap == LEAP


_BEATS = {str(Fraction(duration)): duration for duration in DURATIONS}


def _root_at(roots, onset):
    return int(roots[np.searchsorted(roots[:, 0], onset, side="right") - 1, 1])


# --- Words to values ------------------------------------------------------------------------------


def make_vocabulary(solos: Sequence[Sequence[str]], n_values: int = 90) -> tuple[str, ...]:
    """The words of a corpus, most frequent first, as many as the network has values.

    Args:
        solos: words of each solo.
        n_values: how many words to return; 90 in the course.

    Returns:
        `n_values` words: the most frequent of the corpus; where it has fewer, "unused,1",
        "unused,2", ... follow.

    Raises:
        TypeError: not a whole number, words that are no text.
        ValueError: no words, words of another grammar.

    Example:
        >>> make_vocabulary([["1,1", "5,1", "1,1"]], n_values=3)
        ('1,1', '5,1', 'unused,1')

    Source: course 5, week 1, the exercise on improvising jazz.
    """
    n_values = check_count("n_values", n_values)
    counts = Counter(word for words in solos for word in words)
    if not counts:
        raise InvalidValue(sentence("solos", "hold at least one word", "none"))
    for word in counts:
        _parse(word)
    words = sorted(counts, key=lambda word: (-counts[word], word))[:n_values]
    return (*words, *(f"{UNUSED},{i + 1}" for i in range(n_values - len(words))))


def words_to_values(words: Sequence[str], vocabulary: Sequence[str]) -> np.ndarray:
    """The place of each word in the vocabulary; a word that lacks there becomes the most alike.

    Alike is first the same degree, then the nearest duration, then the same way to get there.

    Args:
        words: of a solo.
        vocabulary: from `make_vocabulary`.

    Returns:
        Whole numbers (length,).

    Raises:
        TypeError, ValueError: words of another grammar, or a vocabulary without words.

    Example:
        >>> words_to_values(["5,1", "5,2", "1,1,leap"], ["1,1", "5,1", "5,1/2", "unused,1"])
        array([1, 1, 0])

    Source: course 5, week 1, the exercise on improvising jazz.
    """
    places = {word: i for i, word in enumerate(vocabulary)}
    known = [(i, _parse(w)) for w, i in places.items() if not w.startswith(UNUSED)]
    if not known:
        raise InvalidValue(sentence("vocabulary", "hold at least one word", "none"))

    def place(word):
        if word in places:
            return places[word]
        degree, beats, leaps = _parse(word)
        unlike = [(d != degree, abs(b - beats), l != leaps, i) for i, (d, b, l) in known]
        return min(unlike)[-1]

    return np.array([place(word) for word in words], dtype=np.int64)


# --- Statistics -----------------------------------------------------------------------------------


def note_statistics(solos: Sequence[Solo]) -> dict[str, dict[str, float]]:
    """What notes are to their chords, how the melody moves, how long notes are; as shares.

    Args:
        solos: (notes (n, 3), roots (k, 2)) of each.

    Returns:
        "degree": {name: share of the notes}, by `DEGREES`.
        "interval": {semitones from -12 to 12, as text: share of the steps from note to note};
            larger ones count as 12.
        "duration": {beats, as text: share}, by `DURATIONS`, each note at the nearest.

    Raises:
        TypeError, ValueError: no notes, no chord under a note, no two notes in a row.

    Example:
        >>> found = note_statistics([([[0, 1, 60], [1, 1, 67]], [[0, 0]])])
        >>> found["degree"]["5"], found["interval"]["+7"], found["duration"]["1"]
        (0.5, 1.0, 1.0)

    Source: our own measure; relative pitch and duration histograms are usual in music generation.
    """
    degrees, intervals, durations = [], [], []
    for i, (notes, roots) in enumerate(solos):
        notes = _check_notes(f"solos[{i}][0]", notes)
        roots = _check_roots(roots, notes, f"solos[{i}][1]")
        degrees += [int(p - _root_at(roots, onset)) % 12 for onset, _, p in notes]
        intervals += np.clip(np.diff(notes[:, 2]), -12, 12).astype(int).tolist()
        distances = np.abs(notes[:, 1, None] - np.array(DURATIONS))
        durations += distances.argmin(axis=1).tolist()
    if not intervals:
        raise InvalidValue(sentence("solos", "hold a solo of two notes", f"{len(degrees)} notes"))
    steps = {f"{step:+d}" if step else "0": step for step in range(-12, 13)}
    return {
        "degree": _shares(degrees, dict(zip(DEGREES, range(12), strict=True))),
        "interval": _shares(intervals, steps),
        "duration": _shares(durations, {text: i for i, text in enumerate(_BEATS)}),
    }


def _shares(found, names):
    counts = Counter(found)
    return {name: counts[key] / len(found) for name, key in names.items()}


def divergence(p: Mapping[str, float], q: Mapping[str, float]) -> float:
    """How unlike two distributions are, from 0 (the same) to 1 (nothing in common).

    The Jensen-Shannon divergence, in bits, with mean = (p + q) / 2:

        JS = 1/2 sum p log2(p / mean) + 1/2 sum q log2(q / mean)

    Args:
        p: {name: share}; the shares sum to 1.
        q: {name: share}, of the same names.

    Returns:
        Bits.

    Raises:
        TypeError: not dictionaries of numbers.
        ValueError: other names, a share below 0, a sum that is not 1.

    Example:
        >>> divergence({"a": 1.0, "b": 0.0}, {"a": 0.0, "b": 1.0})
        1.0
        >>> round(divergence({"a": 1.0, "b": 0.0}, {"a": 0.5, "b": 0.5}), 4)
        0.3113

    Source: Lin, "Divergence measures based on the Shannon entropy", 1991.
    """
    first, second = _check_distribution("p", p), _check_distribution("q", q)
    if list(p) != list(q):
        odd = sorted(set(p) ^ set(q))[:3]
        raise InvalidValue(sentence("q", "have the names of `p`", f"others such as {odd}"))
    mean = (first + second) / 2
    bits = [
        (shares[shares > 0] * np.log2(shares[shares > 0] / mean[shares > 0])).sum()
        for shares in (first, second)
    ]
    return float(sum(bits) / 2)


# --- Checks ---------------------------------------------------------------------------------------


def _check_distribution(name, shares):
    if not isinstance(shares, Mapping):
        raise InvalidType(sentence(name, "be a dictionary", type(shares).__name__))
    values = np.array([check_finite(f"{name}[{key!r}]", value) for key, value in shares.items()])
    if (values < 0).any() or abs(values.sum() - 1) > 1e-6:
        expected = "hold shares of at least 0 that sum to 1"
        received = f"{values.min(initial=0):g} at least, {values.sum():g} in all"
        raise InvalidValue(sentence(name, expected, received))
    return values


def _check_notes(name, notes):
    notes = check_array(name, notes, ("n", 3))
    if (notes[:, 1] <= 0).any():
        raise InvalidValue(sentence(name, "last longer than 0 beats", notes[:, 1].min()))
    return notes


def _check_melody(notes):
    """Notes one after the other, on the grid."""
    advice = "Use prune_close(quantise(notes))."
    ends = notes[:, :2].sum(axis=1)
    if (np.diff(notes[:, 0]) <= 0).any() or (ends[:-1] > notes[1:, 0]).any():
        expected = "be one melody, a note after the other"
        raise InvalidValue(sentence("notes", expected, "notes that overlap", advice))
    off = np.flatnonzero((notes[:, :2] % GRID).any(axis=1))
    if off.size:
        expected = "start and end at quarters of a beat"
        received = f"a note from {notes[off[0], 0]:g} to {ends[off[0]]:g}"
        raise InvalidValue(sentence("notes", expected, received, advice))
    return notes


def _check_roots(roots, notes=None, name="roots"):
    roots = check_array(name, roots, ("k", 2))
    if (np.diff(roots[:, 0]) <= 0).any():
        raise InvalidValue(sentence(name, "be in order of onset", roots[:, 0].tolist()))
    if notes is not None and notes[0, 0] < roots[0, 0]:
        expected = f"begin before the first note, at {notes[0, 0]:g} beats"
        raise InvalidValue(sentence(name, expected, f"a first chord at {roots[0, 0]:g}"))
    return roots
