"""Generated jazz solos: the stand-in for the course's piece.

A solo goes over a twelve-bar blues in a key at random, 48 beats:

    I7    IV7   I7       I7
    IV7   IV7   I7       VI7
    IIm7  V7    I7 VI7   IIm7 V7

It has six phrases of two bars.  A phrase has a rhythm from a table, or that of the phrase before,
and a direction.  On the beats 1 and 3 it lands on tones of the chord (now and then on a blue note);
between them it moves along the scale, and the last note before a landing often approaches it by a
semitone.  The player knows the chord of every note: that is what a network has to find out.
"""

from dataclasses import dataclass

import numpy as np

from dlspec._validation import check_count

__all__ = ["BLUES", "Chord", "Solo", "make_solos"]

BEATS = 48
BEATS_PER_BAR = 4
KEYS = (0, 3, 5, 7, 10)
"""C, E flat, F, G and B flat."""
CENTRE, REACH = 71, 16
"""Middle of the melody, and semitones within which it feels free to go either way."""

NAMES = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
TONES = {"7": (0, 4, 7, 10), "m7": (0, 3, 7, 10)}
SCALES = {"7": (0, 2, 4, 5, 7, 9, 10), "m7": (0, 2, 3, 5, 7, 9, 10)}
TONE_ODDS = (0.22, 0.38, 0.22, 0.18)
"""Of root, third, fifth and seventh where a phrase lands."""
BLUE_NOTES = (3, 6)
BLUE, REPEATED_RHYTHM, APPROACH, SKIP, TURN = 0.08, 0.4, 0.45, 0.2, 0.25
"""Probabilities: of a blue note, of the rhythm before, of a semitone to a landing, of two steps at
once, of a new direction."""

BLUES = (
    (0, 4, 0, "7"), (4, 4, 5, "7"), (8, 4, 0, "7"), (12, 4, 0, "7"),
    (16, 4, 5, "7"), (20, 4, 5, "7"), (24, 4, 0, "7"), (28, 4, 9, "7"),
    (32, 4, 2, "m7"), (36, 4, 7, "7"), (40, 2, 0, "7"), (42, 2, 9, "7"),
    (44, 2, 2, "m7"), (46, 2, 7, "7"),
)  # fmt: skip
"""Onset and duration (beats), semitones above the key, kind."""

# Two bars each: s sixteenth, e eighth, q quarter, d dotted quarter, h half; capitals are rests.
RHYTHMS = (
    "Eeeeeeee eeqH",
    "qeeqee dEH",
    "Qeeqee eehQ",
    "eeeeeeee eeeeqQ",
    "deqee qeeH",
    "EqeEqe Eqeh",
    "Heeq eeeeeeq",
    "eeqeeq eeeeqQ",
    "QqqQ eeeeh",
    "ssssqeeq eedEQ",
    "eeeeqq Eeehe",
    "Eeeeeeee eeeedE",
)
LENGTHS = {"s": 0.25, "e": 0.5, "q": 1.0, "d": 1.5, "h": 2.0}


@dataclass(frozen=True)
class Chord:
    """A chord that accompanies a solo.

    Attributes:
        onset, duration: beats.
        root: pitch class, 0 is C.
        tones: pitch classes, the root first.
        kind: what follows the root in its name, such as "m7".
    """

    onset: float
    duration: float
    root: int
    tones: tuple[int, ...]
    kind: str = ""

    @property
    def name(self) -> str:
        """Such as "Dm7"."""
        return NAMES[self.root] + self.kind


@dataclass(frozen=True, eq=False)
class Solo:
    """A melody over chords.

    Attributes:
        notes: (n, 3), onset (beats), duration (beats) and pitch (60 is middle C).
        chords: in order, without gaps.
    """

    notes: np.ndarray
    chords: tuple[Chord, ...]

    @property
    def roots(self) -> np.ndarray:
        """Onset and root of each chord, (k, 2)."""
        return np.array([(chord.onset, chord.root) for chord in self.chords], dtype=np.float64)

    @property
    def beats(self) -> float:
        """How long the chords last."""
        return sum(chord.duration for chord in self.chords)


def make_solos(n: int = 60, *, seed: int = 1) -> tuple[Solo, ...]:
    """Compose solos over a twelve-bar blues.

    Args:
        n: how many, at least 1.
        seed: of everything that is drawn.

    Returns:
        Solos of 48 beats; the first ones are the same for every `n`.

    Raises:
        TypeError, ValueError: n is no whole number of at least 1.

    Example:
        >>> (solo,) = make_solos(1)
        >>> solo.beats, len(solo.chords), solo.notes.shape[1]
        (48.0, 14, 3)
    """
    n = check_count("n", n)
    seeds = np.random.SeedSequence(seed).spawn(n)
    return tuple(_compose(np.random.default_rng(s)) for s in seeds)


def _compose(random):
    key = random.choice(KEYS)
    chords = []
    for onset, duration, above, kind in BLUES:
        root = int(key + above) % 12
        tones = tuple((root + tone) % 12 for tone in TONES[kind])
        chords.append(Chord(float(onset), float(duration), root, tones, kind))
    pitch, rhythm, notes = CENTRE + random.integers(-4, 5), None, []
    for start in range(0, BEATS, 2 * BEATS_PER_BAR):
        if rhythm is None or random.random() > REPEATED_RHYTHM:
            rhythm = random.choice(RHYTHMS)
        phrase = _phrase(start, rhythm, pitch, chords, random)
        notes += phrase
        pitch = phrase[-1][2]
    return Solo(np.array(notes, dtype=np.float64), tuple(chords))


def _phrase(start, rhythm, pitch, chords, random):
    """Notes of two bars: landings first, then what lies between them."""
    places = _places(start, rhythm)
    direction = _direction(pitch, random)
    notes = []
    for i, (onset, duration) in enumerate(places):
        chord = _under(onset, chords)
        if onset % 2 == 0 or i == len(places) - 1:
            pitch = _land(pitch, direction, chord, random)
        elif places[i + 1][0] % 2 == 0 and random.random() < APPROACH:
            pitch = _approach(pitch, direction, _under(places[i + 1][0], chords))
        else:
            steps = 2 if random.random() < SKIP else 1
            pitch = _along(pitch, direction, steps, chord)
        notes.append((onset, duration, pitch))
        if random.random() < TURN or abs(pitch - CENTRE) >= REACH / 2:
            direction = _direction(pitch, random)
    return notes


def _places(start, rhythm):
    """Onset and duration of each note of a rhythm."""
    places, now = [], float(start)
    for letter in rhythm.replace(" ", ""):
        duration = LENGTHS[letter.lower()]
        if letter.islower():
            places.append((now, duration))
        now += duration
    return places


def _direction(pitch, random):
    """Up or down, the likelier the farther the middle is that way; always back from the ends."""
    return 1 if random.random() < 0.5 + (CENTRE - pitch) / REACH else -1


def _under(onset, chords):
    """The chord at a beat."""
    return max((c for c in chords if c.onset <= onset), key=lambda chord: chord.onset)


def _land(pitch, direction, chord, random):
    """The nearest pitch of a chord tone, on the side the phrase goes to."""
    if chord.kind == "7" and random.random() < BLUE:
        tone = random.choice(BLUE_NOTES)
    else:
        tone = random.choice(TONES[chord.kind], p=TONE_ODDS)
    return _towards(pitch, direction, (chord.root + tone) % 12)


def _towards(pitch, direction, pitch_class):
    distance = direction * (pitch_class - pitch) % 12 or 12
    if distance > 7:  # too far: the other way is shorter
        return pitch - direction * (12 - distance)
    return pitch + direction * distance


def _approach(pitch, direction, chord):
    """A semitone beside the third or fifth of the next chord, whichever is nearer."""
    targets = [_towards(pitch, direction, tone) for tone in chord.tones[1:3]]
    target = min(targets, key=lambda p: abs(p - pitch))
    return target - direction


def _along(pitch, direction, steps, chord):
    """So many steps of the scale."""
    for _ in range(steps):
        pitch += direction
        while (pitch - chord.root) % 12 not in SCALES[chord.kind]:
            pitch += direction
    return pitch
