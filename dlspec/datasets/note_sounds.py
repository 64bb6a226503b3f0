"""Notes as sound: a small synthesiser, and WAV files.

A note is a sum of overtones that decay the faster the higher they are, like a plucked string:

    s(t) = sum over k of  b^k exp(-d k t) sin(2 pi k f t),   f = 440 Hz 2^((pitch - 69) / 12)

Nothing above half the sampling rate is synthesised, for it would come back as another tone.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from dlspec._complaints import InvalidValue, sentence
from dlspec._validation import check_array, check_count, check_finite, check_positive
from dlspec.datasets.midi import Track, _check_notes

__all__ = ["RATE", "render_tracks", "swing", "write_wav"]

RATE = 22_050
"""Samples per second."""
OVERTONES = 8
BRIGHTNESS = 0.6
"""Amplitude of an overtone, in parts of the one below it."""
DECAY = 0.8
"""1/s; overtone k loses its amplitude k times as fast."""
ATTACK, RELEASE = 0.004, 0.05
"""Seconds to swell and to die away."""
PEAK = 0.9


def swing(notes: np.ndarray, ratio: float = 2 / 3) -> np.ndarray:
    """Play even eighths unevenly: what is written in the middle of a beat comes later.

    Args:
        notes: (n, 3), onset and duration in beats, pitch.
        ratio: where in the beat its middle goes, above 0 and below 1; 2/3 are triplets.

    Returns:
        Notes (n, 3) with onsets and ends moved.

    Raises:
        TypeError, ValueError: no notes, a ratio out of range.

    Example:
        >>> swing([[0, 0.5, 60], [0.5, 0.5, 62]], ratio=0.75)
        array([[ 0.  ,  0.75, 60.  ],
               [ 0.75,  0.25, 62.  ]])
    """
    notes = check_array("notes", notes, ("n", 3))
    if not 0 < check_finite("ratio", ratio) < 1:
        raise InvalidValue(sentence("ratio", "lie between 0 and 1", ratio))

    def moved(beats):
        return np.floor(beats) + np.interp(beats % 1, [0, 0.5, 1], [0, ratio, 1])

    onsets, ends = moved(notes[:, 0]), moved(notes[:, :2].sum(axis=1))
    return np.column_stack([onsets, ends - onsets, notes[:, 2]])


def render_tracks(tracks: Sequence[Track], tempo: float, rate: int = RATE) -> np.ndarray:
    """Play tracks together.

    Args:
        tracks: their `velocity` says how loud each is.
        tempo: beats per minute, above 0.
        rate: samples per second, at least 8000.

    Returns:
        Sound (samples,), float32, its largest amplitude 0.9.

    Raises:
        TypeError, ValueError: no tracks or no notes, notes that MIDI has not, a tempo not above 0,
            a rate below 8000.

    Example:
        >>> sound = render_tracks([Track("", np.array([[0, 1, 69]]))], tempo=60)
        >>> sound.shape, bool(np.abs(sound).max() <= 0.9)
        ((23153,), True)
    """
    tempo, rate = check_positive("tempo", tempo), check_count("rate", rate, minimum=8000)
    if not tracks:
        raise InvalidValue(sentence("tracks", "hold at least one track", "none"))
    checked = [_check_notes(f"tracks[{i}].notes", track.notes) for i, track in enumerate(tracks)]
    seconds = [notes * (60 / tempo, 60 / tempo, 1) for notes in checked]
    length = max((notes[:, 0] + notes[:, 1]).max() for notes in seconds) + RELEASE
    sound = np.zeros(int(np.ceil(length * rate)))
    for track, notes in zip(tracks, seconds, strict=True):
        for onset, duration, pitch in notes:
            start = int(onset * rate)
            tone = _tone(pitch, duration, rate)[: len(sound) - start]
            sound[start : start + len(tone)] += track.velocity / 127 * tone
    return (sound * (PEAK / max(np.abs(sound).max(), 1e-9))).astype(np.float32)


def _tone(pitch, duration, rate):
    """One note with its overtones, swelling and dying away."""
    frequency = 440 * 2 ** ((pitch - 69) / 12)
    t = np.arange(int((duration + RELEASE) * rate)) / rate
    k = np.arange(1, min(OVERTONES, int(rate / 2 / frequency)) + 1)[:, None]
    partials = BRIGHTNESS**k * np.exp(-DECAY * k * t) * np.sin(2 * np.pi * k * frequency * t)
    return partials.sum(axis=0) * np.minimum(t / ATTACK, 1) * np.minimum((t[-1] - t) / RELEASE, 1)


def write_wav(path: str | Path, sound: np.ndarray, rate: int = RATE) -> None:
    """Write mono sound as a WAV file of 16 bits.

    Args:
        path: the file; replaced if there is one.
        sound: (samples,), from -1 to 1.
        rate: samples per second.

    Raises:
        TypeError, ValueError: not numbers, amplitudes beyond 1, a rate below 1.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder, "tone.wav")
        ...     write_wav(path, np.sin(np.arange(100)))
        ...     path.read_bytes()[:4]
        b'RIFF'
    """
    from scipy.io import wavfile

    sound, rate = check_array("sound", sound, ("samples",)), check_count("rate", rate)
    largest = np.abs(sound).max()
    if largest > 1:
        expected = "lie between -1 and 1"
        advice = "Divide it by its largest amplitude."
        raise InvalidValue(sentence("sound", expected, f"amplitudes of {largest:g}", advice))
    wavfile.write(path, rate, np.rint(sound * 32767).astype(np.int16))
