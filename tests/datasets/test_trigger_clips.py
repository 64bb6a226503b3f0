import numpy as np

from dlspec.datasets import trigger_clips
from dlspec.datasets.audio import write_audio
from dlspec.datasets.generated_speech import ALIKE, TRIGGER, WORDS
from dlspec.datasets.trigger_clips import load_trigger_clips, make_trigger_clips
from tests.complaints import complaints_test


def course_folder(folder, seconds=10.0, without=()):
    """Files as the course's, below a folder of their own."""
    place = folder / "course" / "raw_data"
    tone = 0.1 * np.sin(np.arange(4410))
    for name, count in (("activates", 2), ("negatives", 3), ("backgrounds", 1)):
        (place / name).mkdir(parents=True)
        for k in range(count if name not in without else 0):
            audio = np.resize(tone, round(44_100 * seconds)) if name == "backgrounds" else tone
            write_audio(place / name / f"{k}.wav", audio)
    write_audio(place / "chime.wav", tone)
    return folder


def test_clips_are_generated_where_there_are_none(tmp_path):
    clips = make_trigger_clips(3, 4, 1, seed=2)
    assert (len(clips.activates), len(clips.negatives)) == (3, 4)
    assert clips.backgrounds[0].shape == (441_000,)
    assert clips.source == "generated"
    for audio in (*clips.activates, *clips.negatives, *clips.backgrounds, clips.chime):
        assert audio.ndim == 1
        assert np.abs(audio).max() <= 1


def test_another_seed_has_other_voices():
    first, again, other = (make_trigger_clips(2, 1, 1, seed=s).activates for s in (1, 1, 2))
    np.testing.assert_array_equal(first[0], again[0])
    assert first[0].tobytes() != other[0].tobytes()
    assert first[0].tobytes() != first[1].tobytes()


def test_as_many_words_sound_alike_as_asked(monkeypatch):
    said = []
    monkeypatch.setattr(trigger_clips, "speak", lambda word, *_: said.append(word) or np.ones(9))
    names = {phonemes: word for word, phonemes in WORDS.items()}
    for alike, hard in ((None, 20), (0.75, 30), (0.0, 0), (1.0, 40)):
        said.clear()
        make_trigger_clips(1, 40, 1, alike=alike)
        words = [names[phonemes] for phonemes in said]
        assert words[0] == TRIGGER
        assert TRIGGER not in words[1:]
        assert sum(word in ALIKE for word in words) == hard


def test_the_courses_files_are_found(tmp_path):
    clips = load_trigger_clips(course_folder(tmp_path))
    assert clips.source == "course files"
    assert list(map(len, (clips.activates, clips.negatives, clips.backgrounds))) == [2, 3, 1]
    assert len(clips.files) == 7
    assert clips.backgrounds[0].size == 441_000
    assert clips.chime.size == 4410


COMPLAINTS = [
    (
        lambda _: make_trigger_clips(activates=0),
        ValueError,
        "`activates` must be at least 1. Received: 0.",
    ),
    (
        lambda _: make_trigger_clips(1, 1, 1, alike=70),
        ValueError,
        "`alike` must be a fraction in [0, 1]. Received: 70. 70 % is 0.7.",
    ),
    (
        lambda folder: load_trigger_clips(folder / "none"),
        ValueError,
        "`data-dir` must name an existing folder. Received: {folder}/none. Generated data is used "
        "when none is named.",
    ),
    (
        lambda folder: load_trigger_clips(course_folder(folder, without=("negatives",))),
        ValueError,
        "`{folder}/course/raw_data/negatives` must be a folder with WAV files, beside chime.wav. "
        "Received: none there.",
    ),
    (
        lambda folder: load_trigger_clips(course_folder(folder, seconds=2.0)),
        ValueError,
        "`{folder}/course/raw_data/backgrounds/0.wav` must last 10 s. Received: 2.000 s.",
    ),
]
test_complaints = complaints_test(COMPLAINTS)
