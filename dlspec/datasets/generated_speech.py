"""Generated speech: words spoken by a formant synthesiser in as many voices as one likes.

Source and filter, as in the human vocal tract (Fant, 1960; Klatt, 1980):

    glottal pulses at the pitch, breath ----> resonators of the throat and mouth --+
                                                                                   +--> speech
    hiss of a narrow gap or a burst --------> band around a centre ----------------+

A word is a list of phonemes; each says where its first three formants lie, how much of it is voice,
breath and hiss, and how long it lasts.  Between phonemes everything glides.  A voice has a pitch, a
length of the vocal tract (all formants scale with it), a speed, a share of breath, a tilt and an
accent (its own shift of every vowel); every utterance varies all of it a little.

It sounds like a cheap toy and is meant for learning algorithms: what tells words apart is the
course of formants, voicing and bursts, as in real speech, and nothing else does.  The words that
are not the trigger share its syllables ("active", "captivate", "elevate"), so that hearing a part
of it is not enough.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from dlspec._complaints import InvalidValue, near_miss, sentence
from dlspec._validation import check_count, check_positive

__all__ = [
    "ALIKE",
    "DIGITS",
    "PHONEMES",
    "TRIGGER",
    "WORDS",
    "Phoneme",
    "SpokenDigits",
    "Voice",
    "draw_voice",
    "make_background",
    "make_chime",
    "make_spoken_digits",
    "speak",
]


class Phoneme(NamedTuple):
    """One sound: three formants in Hz, loudness of voice, breath and hiss, its band, its length."""

    formants: tuple[float, float, float]
    voice: float = 0
    breath: float = 0
    hiss: float = 0
    band: tuple[float, float] = (3000, 1000)
    ms: float = 90


# Vowels: formants of Peterson and Barney, 1952, means of men.  Names: ARPAbet.
_VOWELS = {
    "IY": (270, 2290, 3010),
    "IH": (390, 1990, 2550),
    "EH": (530, 1840, 2480),
    "AE": (660, 1720, 2410),
    "AH": (640, 1190, 2390),
    "AA": (730, 1090, 2440),
    "AO": (570, 840, 2410),
    "UH": (440, 1020, 2240),
    "UW": (300, 870, 2240),
    "ER": (490, 1350, 1690),
}
# Consonants: formants and bands after Klatt, 1980, rounded.
PHONEMES = {
    **{name: Phoneme(formants, voice=1, ms=105) for name, formants in _VOWELS.items()},
    "W": Phoneme((290, 610, 2150), voice=0.6, ms=65),
    "Y": Phoneme((260, 2070, 3020), voice=0.6, ms=60),
    "R": Phoneme((310, 1060, 1380), voice=0.6, ms=70),
    "L": Phoneme((310, 1050, 2880), voice=0.6, ms=65),
    "M": Phoneme((270, 900, 2200), voice=0.35, ms=75),
    "N": Phoneme((270, 1700, 2600), voice=0.35, ms=75),
    "HH": Phoneme((500, 1500, 2500), breath=0.5, ms=60),
    "F": Phoneme((340, 1100, 2080), hiss=0.12, band=(5500, 4000), ms=95),
    "V": Phoneme((220, 1100, 2080), voice=0.3, hiss=0.06, band=(5500, 4000), ms=65),
    "TH": Phoneme((320, 1290, 2540), hiss=0.09, band=(6500, 3500), ms=85),
    "S": Phoneme((320, 1390, 2530), hiss=0.45, band=(6500, 1800), ms=105),
    "Z": Phoneme((240, 1390, 2530), voice=0.25, hiss=0.25, band=(6500, 1800), ms=80),
    "SH": Phoneme((300, 1840, 2750), hiss=0.45, band=(3200, 1000), ms=105),
    # A stop is closed lips or tongue, then a burst; "." is the closure, held or hummed through.
    "P.": Phoneme((400, 1100, 2150), ms=60),
    "P": Phoneme((400, 1100, 2150), breath=0.3, hiss=0.15, band=(900, 800), ms=28),
    "T.": Phoneme((400, 1600, 2600), ms=55),
    "T": Phoneme((400, 1600, 2600), breath=0.15, hiss=0.5, band=(4800, 1600), ms=30),
    "K.": Phoneme((300, 1990, 2850), ms=60),
    "K": Phoneme((300, 1990, 2850), breath=0.2, hiss=0.4, band=(2100, 700), ms=34),
    "B.": Phoneme((200, 1100, 2150), voice=0.08, ms=60),
    "B": Phoneme((200, 1100, 2150), voice=0.3, hiss=0.1, band=(900, 800), ms=12),
    "D.": Phoneme((200, 1600, 2600), voice=0.08, ms=50),
    "D": Phoneme((200, 1600, 2600), voice=0.3, hiss=0.25, band=(4200, 1600), ms=14),
    "G.": Phoneme((200, 1990, 2850), voice=0.08, ms=55),
    "G": Phoneme((200, 1990, 2850), voice=0.3, hiss=0.2, band=(2000, 700), ms=18),
}
"""What is known of every sound, by its ARPAbet name."""

_SPLIT = {
    "EY": ("EH", "IY"),
    "AY": ("AA", "IH"),
    "OW": ("AO", "UH"),
    "AW": ("AA", "UH"),
    "CH": ("T.", "SH"),
    "JH": ("D.", "Z"),
    **{stop: (f"{stop}.", stop) for stop in "PTKBDG"},
}

TRIGGER = "activate"
"""The word that a trigger-word detector is to hear."""

WORDS = {
    TRIGGER: "AE K T IH V EY T",
    # Its beginning, its end, its sound.
    "active": "AE K T IH V",
    "actor": "AE K T ER",
    "actuate": "AE K CH UW EY T",
    "activist": "AE K T IH V IH S T",
    "captivate": "K AE P T IH V EY T",
    "cultivate": "K AH L T IH V EY T",
    "motivate": "M OW T IH V EY T",
    "elevate": "EH L IH V EY T",
    "deactivated": "D IY AE K T IH V EY T IH D",
    # Other words.
    "banana": "B AH N AE N AH",
    "window": "W IH N D OW",
    "coffee": "K AO F IY",
    "hello": "HH EH L OW",
    "remember": "R IH M EH M B ER",
    "yesterday": "Y EH S T ER D EY",
    "fish": "F IH SH",
    "music": "M Y UW Z IH K",
    "garden": "G AA R D AH N",
    "apple": "AE P AH L",
}
"""Pronunciations: the trigger word, words like it and words unlike it."""

ALIKE = tuple(WORDS)[1:10]
"""The words that share syllables with the trigger, "active" to "deactivated"."""

DIGITS = {
    "zero": "Z IH R OW",
    "one": "W AH N",
    "two": "T UW",
    "three": "TH R IY",
    "four": "F AO R",
    "five": "F AY V",
    "six": "S IH K S",
    "seven": "S EH V AH N",
    "eight": "EY T",
    "nine": "N AY N",
}
"""Pronunciations of the digits, 0 to 9."""

RATE = 22_050  # at which everything is made
HOP, WINDOW, FFT = 110, 440, 1024  # samples: 5 ms, 20 ms, and room for the ring of the resonators
GLIDE, STEP = 9, 3  # frames over which formants and loudness change
BANDWIDTHS = np.array([70, 100, 150, 220, 300.0])  # Hz, of the five formants
UPPER = (3500, 4500)  # formants 4 and 5, Hz
LIPS = 80.0  # Hz below which little sound leaves the lips
TILT = 450.0  # Hz from which the voice falls by 6 dB an octave


@dataclass(frozen=True)
class Voice:
    """A speaker.

    Attributes:
        pitch: vibrations of the vocal folds a second, Hz; men about 120, women about 210.
        tract: factor of all formants; 1 a man, 1.17 a woman, 1.3 a child.
        speed: factor of the pace; 1 is a careful reader.
        breath: share of breath in the voice, 0 to 1.
        tilt: factor of the frequency from which the voice falls; a high one is shrill.
        accent: factor of formant 1, 2 and 3 for every phoneme, the speaker's own.
    """

    pitch: float = 120.0
    tract: float = 1.0
    speed: float = 1.0
    breath: float = 0.05
    tilt: float = 1.0
    accent: tuple[tuple[float, float, float], ...] = ((1.0, 1.0, 1.0),) * len(PHONEMES)


def draw_voice(rng: np.random.Generator) -> Voice:
    """Draw a speaker: man, woman or child, quick or slow, with an accent.

    Args:
        rng: source of randomness.

    Returns:
        The voice.

    Example:
        >>> 70 < draw_voice(np.random.default_rng(0)).pitch < 400
        True
    """
    pitch, tract = [(115, 1.0), (205, 1.16), (265, 1.27)][rng.choice(3, p=(0.45, 0.45, 0.1))]
    return Voice(
        pitch=pitch * float(np.exp(rng.normal(scale=0.14))),
        tract=tract * float(np.exp(rng.normal(scale=0.04))),
        speed=float(np.exp(rng.normal(scale=0.15))),
        breath=rng.uniform(0.02, 0.2),
        tilt=float(np.exp(rng.normal(scale=0.4))),
        accent=tuple(map(tuple, np.exp(rng.normal(scale=0.05, size=(len(PHONEMES), 3))))),
    )


def speak(
    phonemes: str,
    voice: Voice | None = None,
    rng: np.random.Generator | None = None,
    rate: int = 44_100,
) -> np.ndarray:
    """Say a word.

    Args:
        phonemes: names of `PHONEMES`, or of a diphthong or stop, with spaces between.
        voice: the speaker; None for a careful man.
        rng: how this utterance differs from the speaker's others; None for always the same one.
        rate: samples per second of the result.

    Returns:
        (n,) floats in [-1, 1], with a root mean square of 0.1.

    Raises:
        TypeError: a rate that is not a whole number.
        ValueError: unknown phonemes, none, a rate below 1.

    Example:
        >>> word = speak(WORDS["activate"])
        >>> 0.5 < len(word) / 44_100 < 1.0, round(float(np.sqrt(np.mean(word**2))), 2)
        (True, 0.1)

    Source: Klatt, Software for a cascade/parallel formant synthesizer, 1980.
    """
    from scipy.signal import resample_poly

    rate = check_count("rate", rate)
    voice, rng = voice or Voice(), rng or np.random.default_rng(0)
    sounds = _split(phonemes)
    tracks = _tracks(sounds, voice, rng)
    speech = _through_mouth(*_sources(tracks, voice, rng), tracks, voice)
    common = np.gcd(rate, RATE)
    speech = resample_poly(speech, rate // common, RATE // common) if rate != RATE else speech
    loud = speech * (0.1 / np.sqrt(np.mean(speech**2)))
    return np.clip(loud, -1, 1)


def _split(phonemes):
    """Names of `PHONEMES` and factors of their lengths: diphthongs and stops have two parts."""
    sounds = []
    for name in phonemes.split():
        parts = _SPLIT.get(name, (name,))
        for part in parts:
            if part not in PHONEMES:
                known = [*(p for p in PHONEMES if "." not in p), *_SPLIT]
                advice = near_miss(name, sorted(set(known)))
                raise InvalidValue(sentence("phonemes", "be names of sounds", name, advice))
            sounds.append((part, 0.75 if len(parts) == 2 and part in _VOWELS else 1.0))
    if not sounds:
        raise InvalidValue(sentence("phonemes", "name at least one sound", "none"))
    return sounds


def _tracks(sounds, voice, rng):
    """What the mouth does, a row every 5 ms: formants 1 to 3, voice, breath, hiss, band."""
    number = {name: i for i, name in enumerate(PHONEMES)}
    rows, frames = [], []
    for name, factor in sounds:
        sound = PHONEMES[name]
        accent = np.array(voice.accent[number[name]]) * np.exp(rng.normal(scale=0.02, size=3))
        formants = np.array(sound.formants) * accent * voice.tract
        loudness = np.array([sound.voice, sound.breath, sound.hiss])
        loudness = loudness * np.exp(rng.normal(scale=0.15, size=3))
        rows.append([*formants, *loudness, *sound.band])
        length = factor * sound.ms / 5 / voice.speed * np.exp(rng.normal(scale=0.12))
        frames.append(max(2, round(length)))
    steps = np.repeat(np.array(rows), frames, axis=0)
    tracks = np.hstack([_glide(steps[:, :3], GLIDE), _glide(steps[:, 3:6], STEP), steps[:, 6:]])
    ends = np.minimum(1, np.minimum(np.arange(len(tracks)), np.arange(len(tracks))[::-1]) / 4)
    tracks[:, 3:6] *= ends[:, None]  # neither begins nor ends with a click
    return tracks


def _glide(steps, width):
    """Every column averaged over `width` frames, the ends held."""
    padded = np.pad(steps, ((width // 2, width // 2), (0, 0)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, width, axis=0)
    weights = np.hanning(width + 2)[1:-1]
    return windows @ (weights / weights.sum())


def _sources(tracks, voice, rng):
    """Glottal pulses with breath, and hiss: two signals (samples,)."""
    frames = len(tracks)
    samples = np.arange(frames * HOP)
    drift = np.interp(np.arange(frames), np.linspace(0, frames, 4), rng.normal(scale=0.06, size=4))
    melody = voice.pitch * np.exp(drift + np.linspace(0.08, -0.12, frames))
    loudness = [np.interp(samples, np.arange(frames) * HOP, tracks[:, k]) for k in (3, 4, 5)]
    phase = np.cumsum(np.interp(samples, np.arange(frames) * HOP, melody)) / RATE
    pulses = np.diff(np.floor(phase), prepend=0) * np.sqrt(RATE / voice.pitch)
    noise = rng.normal(size=(2, samples.size))
    voiced = loudness[0] * (pulses + voice.breath * noise[0]) + loudness[1] * noise[0]
    return voiced, loudness[2] * noise[1]


def _through_mouth(voiced, hiss, tracks, voice):
    """Both sources through the filters of their frames, added up."""
    frequencies = np.fft.rfftfreq(FFT, 1 / RATE)
    lips = frequencies / (frequencies + LIPS)
    fall = lips / (1 + frequencies / (TILT * voice.tilt))
    upper = np.broadcast_to(np.array(UPPER) * voice.tract, (len(tracks), 2))
    formants = np.hstack([tracks[:, :3], upper])
    mouth = _resonators(formants, frequencies) * fall
    centre, width = tracks[:, 6:7] * np.sqrt(voice.tract), tracks[:, 7:8]
    gap = np.exp(-0.5 * ((frequencies - centre) / width) ** 2)
    spectrum = _frames(voiced) * mouth + _frames(hiss) * gap
    pieces = np.fft.irfft(spectrum, axis=1)
    speech = np.zeros(len(pieces) * HOP + FFT)
    for i, piece in enumerate(pieces):  # overlap and add
        speech[i * HOP : i * HOP + FFT] += piece
    return speech[: len(pieces) * HOP + WINDOW]


def _frames(signal):
    """Spectra (frames, FFT / 2 + 1) of 20 ms under a Hann window, every 5 ms."""
    padded = np.pad(signal, (WINDOW // 2, WINDOW))
    pieces = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP]
    return np.fft.rfft(pieces[: signal.size // HOP] * np.hanning(WINDOW + 1)[:-1], FFT)


def _resonators(formants, frequencies):
    """Frequency response (frames, bins) of resonators one after the other, gain 1 at 0 Hz.

    Each is y[n] = a x[n] + b y[n-1] + c y[n-2] with c = -r^2, b = 2 r cos(2 pi F / rate),
    r = exp(-pi B / rate) and a = 1 - b - c.
    """
    r = np.exp(-np.pi * BANDWIDTHS / RATE)
    b = 2 * r * np.cos(2 * np.pi * formants / RATE)
    c = np.broadcast_to(-(r**2), b.shape)
    delay = np.exp(-2j * np.pi * frequencies / RATE)
    response = np.ones((len(formants), frequencies.size), complex)
    for k in range(formants.shape[1]):
        gain = 1 - b[:, k] - c[:, k]
        response *= gain[:, None] / (1 - np.outer(b[:, k], delay) - np.outer(c[:, k], delay**2))
    return response


# --- Surroundings ---------------------------------------------------------------------------------


def make_background(
    rng: np.random.Generator, seconds: float = 10.0, rate: int = 44_100
) -> np.ndarray:
    """Make noise of a room or a street: coloured, swelling, with hum and now and then a knock.

    Args:
        rng: source of randomness.
        seconds: length, above 0.
        rate: samples per second.

    Returns:
        (seconds * rate,) floats in [-1, 1], root mean square 0.05 to 0.2.

    Raises:
        TypeError: not numbers.
        ValueError: a length or rate that is not above 0.

    Example:
        >>> make_background(np.random.default_rng(0)).shape
        (441000,)
    """
    rate = check_count("rate", rate)
    size = max(1, round(check_positive("seconds", seconds) * rate))
    frequencies = np.fft.rfftfreq(size, 1 / rate)
    color = rng.uniform(0.3, 1.0)  # power falls as 1 / f^(2 color)
    spectrum = np.fft.rfft(rng.normal(size=size)) / np.maximum(frequencies, 60) ** color
    noise = np.fft.irfft(spectrum, size)
    noise /= noise.std() + 1e-12
    seconds_at = np.arange(size) / rate
    knots = np.linspace(0, size / rate, 6)
    noise *= np.exp(np.interp(seconds_at, knots, rng.normal(scale=0.5, size=6)))
    if rng.random() < 0.4:
        harmonics = rng.choice((50, 60)) * np.arange(1, 6)
        noise += rng.uniform(0.1, 0.6) * np.sin(2 * np.pi * np.outer(harmonics, seconds_at)).sum(0)
    for _ in range(rng.poisson(0.3 * size / rate)):
        start = rng.integers(size)
        part = noise[start : start + rate // 10]
        fade = np.exp(-np.arange(part.size) / (0.012 * rate))
        part += rng.uniform(2, 8) * fade * rng.normal(size=part.size)
    return np.clip(noise * (rng.uniform(0.05, 0.2) / np.sqrt(np.mean(noise**2))), -1, 1)


def make_chime(rate: int = 44_100) -> np.ndarray:
    """Make the sound that answers a trigger word: two bells, the second a third higher.

    Args:
        rate: samples per second.

    Returns:
        (rate * 0.6,) floats in [-1, 1].

    Raises:
        TypeError: a rate that is not a whole number.
        ValueError: a rate below 1.

    Example:
        >>> make_chime().shape
        (26460,)
    """
    rate = check_count("rate", rate)
    time = np.arange(round(0.6 * rate)) / rate
    bells = [(880.0, 0.0), (1108.7, 0.15)]  # A5, C sharp 6
    struck = [
        (time >= start) * np.sin(2 * np.pi * pitch * (time - start)) * np.exp(-8 * (time - start))
        for pitch, start in bells
    ]
    return 0.3 * np.sum(struck, axis=0)


# --- Digits ---------------------------------------------------------------------------------------


class SpokenDigits(NamedTuple):
    """Recordings of digits said one after the other.

    Attributes:
        audio: (m, samples) float32 in [-1, 1], silence and noise where nobody speaks.
        digits: for every recording the digits said, 0 to 9.
        rate: samples per second.
        source: "generated".
        files: none.
    """

    audio: np.ndarray
    digits: list[list[int]]
    rate: int = 8000
    source: str = "generated"
    files: tuple = ()


def make_spoken_digits(
    count: int,
    voices: Sequence[Voice],
    seed: int = 1,
    *,
    most: int = 5,
    seconds: float = 3.0,
    noise: float = 0.1,
) -> SpokenDigits:
    """Make telephone recordings of 1 to `most` digits each, said by one voice each.

    Args:
        count: recordings.
        voices: speakers, drawn from at random.
        seed: of everything drawn.
        most: digits in a recording at most; what does not fit the time is left out.
        seconds: length of every recording.
        noise: root mean square of the loudest noise, as a share of the speech's.

    Returns:
        The recordings, at 8000 Hz.

    Raises:
        TypeError: not numbers.
        ValueError: counts below 1, no voices, a length or noise that is not above 0.

    Example:
        >>> spoken = make_spoken_digits(2, [Voice()], seconds=2.0)
        >>> spoken.audio.shape, len(spoken.digits)
        ((2, 16000), 2)
    """
    count, most = check_count("count", count), check_count("most", most)
    size = round(check_positive("seconds", seconds) * SpokenDigits._field_defaults["rate"])
    noise = check_positive("noise", noise)
    if not voices:
        raise InvalidValue(sentence("voices", "hold at least one voice", "none"))
    rng = np.random.default_rng(seed)
    made = [_say_digits(voices[rng.integers(len(voices))], most, size, rng) for _ in range(count)]
    rate = SpokenDigits._field_defaults["rate"]
    for audio, _ in made:
        hum = make_background(rng, size / rate, rate)
        level = 0.1 * noise * rng.uniform(0.1, 1) / np.sqrt(np.mean(hum**2))
        audio += level * hum
        audio *= np.exp(rng.normal(scale=0.4))
    audio = np.clip(np.stack([audio for audio, _ in made]), -1, 1).astype(np.float32)
    return SpokenDigits(audio, [digits for _, digits in made])


def _say_digits(voice, most, size, rng):
    """One recording without noise, and its digits: as many of 1 to `most` as fit."""
    audio, digits = np.zeros(size), []
    begin = round(rng.uniform(0.02, 0.2) * 8000)
    for digit in rng.integers(0, 10, size=rng.integers(1, most + 1)):
        word = speak(list(DIGITS.values())[digit], voice, rng, 8000)
        if begin + word.size > size:
            break
        audio[begin : begin + word.size] += word
        digits.append(int(digit))
        begin += word.size + round(rng.uniform(-0.03, 0.12) * 8000)  # words may run together
    return audio, digits
