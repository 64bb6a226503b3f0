"""Recordings for trigger-word detection: the course's, or generated ones."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dlspec._complaints import InvalidValue, sentence
from dlspec._validation import check_count, check_fraction
from dlspec.datasets.audio import read_audio
from dlspec.datasets.files import data_folder, find_course_files
from dlspec.datasets.generated_speech import (
    ALIKE,
    TRIGGER,
    WORDS,
    draw_voice,
    make_background,
    make_chime,
    speak,
)

__all__ = ["COURSE_FILES", "TriggerClips", "load_trigger_clips", "make_trigger_clips"]

COURSE_FILES = ("chime.wav",)
FOLDERS = ("activates", "negatives", "backgrounds")
SECONDS, RATE = 10, 44_100


@dataclass(frozen=True)
class TriggerClips:
    """Pieces of which training clips are made, one channel each, floats in [-1, 1] at 44.1 kHz.

    Attributes:
        activates: recordings of the trigger word, (n,) each.
        negatives: recordings of other words, (n,) each.
        backgrounds: ten seconds of noise each, (441000,).
        chime: (k,) what answers the trigger word.
        source: "course files" or "generated".
        files: the files read.
    """

    activates: list[np.ndarray]
    negatives: list[np.ndarray]
    backgrounds: list[np.ndarray]
    chime: np.ndarray
    source: str = "generated"
    files: tuple[Path, ...] = ()


def make_trigger_clips(
    activates: int = 60,
    negatives: int = 90,
    backgrounds: int = 8,
    seed: int = 1,
    *,
    alike: float | None = None,
) -> TriggerClips:
    """Make recordings of the trigger word and others, each in a voice of its own.

    Args:
        activates: recordings of the trigger word.
        negatives: recordings of other words.
        backgrounds: noises.
        seed: of everything drawn; another seed has other voices.
        alike: share of the other words that sound like the trigger word in a part, in [0, 1]; None
            for all words alike, which makes 9 of 19.

    Returns:
        The pieces.

    Raises:
        TypeError: not whole numbers.
        ValueError: counts below 1, no share.

    Example:
        >>> clips = make_trigger_clips(2, 3, 1)
        >>> len(clips.activates), len(clips.negatives), clips.backgrounds[0].shape
        (2, 3, (441000,))
    """
    counts = {"activates": activates, "negatives": negatives, "backgrounds": backgrounds}
    for name, count in counts.items():
        check_count(name, count)
    rng = np.random.default_rng([seed, 44_100])
    words = [TRIGGER] * activates + _other_words(negatives, alike)
    spoken = [_say(WORDS[word], rng) for word in words]
    noises = [make_background(rng, SECONDS, RATE) for _ in range(backgrounds)]
    return TriggerClips(spoken[:activates], spoken[activates:], noises, make_chime(RATE))


def _other_words(count, alike):
    """Words beside the trigger word, all of a kind equally often."""
    others = [word for word in WORDS if word != TRIGGER]
    if alike is None:
        return [others[i % len(others)] for i in range(count)]
    unlike = [word for word in others if word not in ALIKE]
    hard = round(count * check_fraction("alike", alike))
    return [ALIKE[i % len(ALIKE)] for i in range(hard)] + [
        unlike[i % len(unlike)] for i in range(count - hard)
    ]


def _say(phonemes, rng):
    """A word in a new voice, as loud as the speaker is near."""
    word = speak(phonemes, draw_voice(rng), rng, RATE)
    return np.clip(word * np.exp(rng.normal(scale=0.4)), -1, 1)


def load_trigger_clips(folder: str | Path | None = None, seed: int = 1) -> TriggerClips:
    """Load the course's recordings if they are found, generated ones otherwise.

    The course's lie in three folders, activates, negatives and backgrounds, beside chime.wav.  Of
    recordings in stereo the left channel is taken, as the exercise's spectrogram does.

    Args:
        folder: where to look for chime.wav, at any depth; None asks DLSPEC_DATA_DIR.
        seed: of the generated ones.

    Returns:
        The pieces.

    Raises:
        ValueError: the folder does not exist; chime.wav lies there without the other folders, or
            one of them holds no WAV files; a file is no audio; a background does not last 10 s.

    Example:
        >>> load_trigger_clips().source
        'generated'
    """
    found = find_course_files(COURSE_FILES, data_folder(folder))
    if not found:
        return make_trigger_clips(seed=seed)
    chime = found["chime.wav"]
    files = {name: _wav_files(chime.parent / name) for name in FOLDERS}
    clips = {name: [read_audio(p, RATE, 0) for p in paths] for name, paths in files.items()}
    for path, audio in zip(files["backgrounds"], clips["backgrounds"], strict=True):
        if audio.size != SECONDS * RATE:
            expected, received = f"last {SECONDS} s", f"{audio.size / RATE:.3f} s"
            raise InvalidValue(sentence(str(path), expected, received))
    paths = (*(path for name in FOLDERS for path in files[name]), chime)
    return TriggerClips(
        **clips, chime=read_audio(chime, RATE, 0), source="course files", files=paths
    )


def _wav_files(folder):
    files = sorted(folder.glob("*.wav"))
    if not files:
        expected = "be a folder with WAV files, beside chime.wav"
        raise InvalidValue(sentence(str(folder), expected, "none there"))
    return files
