"""Sound files: reading any rate and number of channels, and writing WAV."""

import os
from math import gcd
from pathlib import Path

import numpy as np

from dlspec._complaints import InvalidValue, sentence
from dlspec._validation import check_array, check_count

__all__ = ["check_recording", "read_audio", "read_recording", "write_audio"]

SHORTEST = 0.2  # seconds; less is no word
QUIETEST = 1e-4  # root mean square; a microphone in a silent room gives more
MOST_CLIPPED = 0.01  # share of the samples at the ends of the scale
FULL = 0.9995  # of the scale


def read_audio(
    path: str | os.PathLike, rate: int = 44_100, channel: int | None = None
) -> np.ndarray:
    """Read a sound file as one channel at one rate.

    WAV, FLAC, OGG and MP3 are read by libsndfile; other rates are converted by a polyphase filter.

    Args:
        path: the file.
        rate: wanted samples per second.
        channel: which channel to take, 0 the left one; None for the mean of all.

    Returns:
        (n,) float64 in [-1, 1].

    Raises:
        TypeError: a rate or channel that is not a whole number.
        ValueError: no such file, not a sound file, an empty one, no such channel.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     write_audio(Path(folder, "tone.wav"), np.sin(np.arange(8000)) / 2, 8000)
        ...     read_audio(Path(folder, "tone.wav")).shape
        (44100,)
    """
    rate = check_count("rate", rate)
    return _at_rate(*_read(path, channel), rate)


def _read(path, channel=None):
    """One channel as it is in the file, and its rate."""
    import soundfile

    if not Path(path).is_file():
        raise InvalidValue(sentence(str(path), "be an existing file", "nothing there"))
    try:
        values, own_rate = soundfile.read(path, dtype="float64", always_2d=True)
    except soundfile.LibsndfileError as error:
        expected = "be a sound file such as WAV, FLAC, OGG or MP3"
        received = f"{Path(path).stat().st_size:,} bytes of something else"
        advice = "Other kinds can be converted: ffmpeg -i FILE out.wav."
        raise InvalidValue(sentence(str(path), expected, received, advice)) from error
    if not len(values):
        raise InvalidValue(sentence(str(path), "hold some sound", "no samples"))
    if channel is not None and check_count("channel", channel, minimum=0) >= values.shape[1]:
        expected = f"be one of the {values.shape[1]} of {Path(path).name}, from 0 on"
        raise InvalidValue(sentence("channel", expected, channel))
    return (values.mean(axis=1) if channel is None else values[:, channel]), own_rate


def _at_rate(audio, own_rate, rate):
    if own_rate == rate:
        return audio
    from scipy.signal import resample_poly

    common = gcd(own_rate, rate)
    return np.clip(resample_poly(audio, rate // common, own_rate // common), -1, 1)


def check_recording(name: str, audio: np.ndarray, rate: int = 44_100) -> np.ndarray:
    """See that somebody can be heard in a recording.

    Args:
        name: what to call it in a complaint, such as its path.
        audio: (n,) floats in [-1, 1].
        rate: samples per second.

    Returns:
        The audio.

    Raises:
        TypeError: not numbers.
        ValueError: shorter than 0.2 s; silent; or clipped, with more than 1 % of the samples at
            the ends of the scale.

    Example:
        >>> check_recording("mine.wav", np.zeros(44_100))
        Traceback (most recent call last):
        dlspec._complaints.InvalidValue: `mine.wav` must be audible. Received: silence
        (a peak of 0). Check the microphone.
    """
    audio = check_array(name, audio, ("n",))
    seconds = audio.size / check_count("rate", rate)
    if seconds < SHORTEST:
        expected = f"last at least {SHORTEST} s"
        raise InvalidValue(sentence(name, expected, f"{seconds:.3f} s", "Record a whole word."))
    peak = np.abs(audio).max()
    if np.sqrt(np.mean(audio**2)) < QUIETEST:
        received = f"silence (a peak of {peak:.2g})"
        raise InvalidValue(sentence(name, "be audible", received, "Check the microphone."))
    clipped = np.mean(np.abs(audio) >= FULL)
    if clipped > MOST_CLIPPED:
        received = f"{clipped:.1%} of the samples at the ends of it"
        advice = "Record again with the microphone turned down."
        raise InvalidValue(sentence(name, "stay within the scale", received, advice))
    return audio


def read_recording(path: str | os.PathLike, rate: int = 44_100) -> np.ndarray:
    """Read a recording of the user's, of any rate, length and number of channels.

    Args:
        path: the file.
        rate: wanted samples per second.

    Returns:
        (n,) float64 in [-1, 1], the mean of the channels.

    Raises:
        TypeError: a rate that is not a whole number.
        ValueError: as `read_audio` and `check_recording`.

    Example:
        >>> read_recording("none.wav")
        Traceback (most recent call last):
        dlspec._complaints.InvalidValue: `none.wav` must be an existing file. Received:
        nothing there.
    """
    audio, own_rate = _read(path)
    # Clipping shows at the recording's own rate: a filter would round the flat tops.
    return _at_rate(check_recording(str(path), audio, own_rate), own_rate, rate)


def write_audio(path: str | os.PathLike, audio: np.ndarray, rate: int = 44_100) -> None:
    """Write one channel as a WAV file of 16 bits.

    Args:
        path: the file, replaced if it exists.
        audio: (n,) floats in [-1, 1].
        rate: samples per second.

    Raises:
        TypeError: not numbers.
        ValueError: another rank, NaN, values outside [-1, 1], a rate below 1, a file that cannot
            be written.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     write_audio(Path(folder, "tone.wav"), np.sin(np.arange(8000)), 8000)
        ...     Path(folder, "tone.wav").stat().st_size
        16044
    """
    from scipy.io import wavfile

    audio = check_array("audio", audio, ("n",))
    if np.abs(audio).max() > 1:
        received = f"values up to {np.abs(audio).max():g}"
        advice = "Divide 16-bit samples by 32768."
        raise InvalidValue(sentence("audio", "lie in [-1, 1]", received, advice))
    samples = np.clip(np.round(audio * 32_768), -32_768, 32_767).astype(np.int16)
    try:
        wavfile.write(path, check_count("rate", rate), samples)
    except OSError as error:
        received = error.strerror
        raise InvalidValue(
            sentence(str(path), "be a file that can be written", received)
        ) from error
