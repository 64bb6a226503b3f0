import numpy as np
import pytest
import soundfile
from scipy.io import wavfile

from dlspec.datasets.audio import check_recording, read_audio, read_recording, write_audio
from tests.complaints import complaints_test

TONE = 0.5 * np.sin(2 * np.pi * 440 * np.arange(4410) / 44_100)


def test_what_is_written_is_read_again(tmp_path):
    write_audio(tmp_path / "a.wav", TONE)
    np.testing.assert_allclose(read_audio(tmp_path / "a.wav"), TONE, atol=1 / 32_768)
    rate, samples = wavfile.read(tmp_path / "a.wav")
    assert (rate, samples.dtype) == (44_100, np.int16)
    np.testing.assert_array_equal(samples, np.round(TONE * 32_768))


def test_the_ends_of_the_scale_do_not_wrap_around(tmp_path):
    write_audio(tmp_path / "a.wav", [1.0, -1.0])
    assert wavfile.read(tmp_path / "a.wav")[1].tolist() == [32_767, -32_768]


@pytest.mark.parametrize("rate", [8000, 16_000, 22_050, 48_000])
def test_other_rates_keep_the_tone(tmp_path, rate):
    tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(rate // 2) / rate)
    write_audio(tmp_path / "a.wav", tone, rate)
    audio = read_audio(tmp_path / "a.wav")
    assert abs(audio.size - 22_050) <= 1
    spectrum = np.abs(np.fft.rfft(audio * np.hanning(audio.size)))
    assert np.fft.rfftfreq(audio.size, 1 / 44_100)[spectrum.argmax()] == pytest.approx(440, abs=2)
    np.testing.assert_allclose(audio[2000:-2000].std(), 0.5 / np.sqrt(2), rtol=0.01)


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "FLOAT"])
def test_all_kinds_of_samples_lie_in_one_scale(tmp_path, subtype):
    soundfile.write(tmp_path / "a.wav", TONE, 44_100, subtype)
    np.testing.assert_allclose(read_audio(tmp_path / "a.wav"), TONE, atol=1 / 100)


def test_channels(tmp_path):
    soundfile.write(tmp_path / "a.flac", np.stack([TONE, 0 * TONE], axis=1), 44_100)
    for channel, factor in ((None, 0.5), (0, 1), (1, 0)):
        audio = read_audio(tmp_path / "a.flac", channel=channel)
        np.testing.assert_allclose(audio, factor * TONE, atol=1e-4)


def test_a_recording_of_another_rate_is_converted(tmp_path):
    write_audio(tmp_path / "a.wav", np.tile(TONE, 3), 22_050)
    assert read_recording(tmp_path / "a.wav").size == 2 * 3 * TONE.size


def test_a_loud_recording_is_no_clipped_one():
    audio = np.sin(np.arange(44_100) / 20)
    audio[np.abs(audio) > 0.9994] = 0.9994
    np.testing.assert_array_equal(check_recording("a.wav", audio), audio)


def _written(folder, audio, rate=44_100):
    write_audio(folder / "a.wav", audio, rate)
    return folder / "a.wav"


def _text(folder):
    (folder / "a.wav").write_text("This is no sound.")
    return folder / "a.wav"


def _no_samples(folder):
    soundfile.write(folder / "a.wav", np.zeros(0), 44_100)
    return folder / "a.wav"


COMPLAINTS = [
    (
        lambda folder: read_audio(folder / "none.wav"),
        ValueError,
        "`{folder}/none.wav` must be an existing file. Received: nothing there.",
    ),
    (
        lambda folder: read_recording(_text(folder)),
        ValueError,
        "`{folder}/a.wav` must be a sound file such as WAV, FLAC, OGG or MP3. Received: 17 bytes "
        "of something else. Other kinds can be converted: ffmpeg -i FILE out.wav.",
    ),
    (
        lambda folder: read_audio(_no_samples(folder)),
        ValueError,
        "`{folder}/a.wav` must hold some sound. Received: no samples.",
    ),
    (
        lambda folder: read_audio(_written(folder, TONE), channel=1),
        ValueError,
        "`channel` must be one of the 1 of a.wav, from 0 on. Received: 1.",
    ),
    (
        lambda folder: read_audio(_written(folder, TONE), rate=0),
        ValueError,
        "`rate` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: read_recording(_written(folder, TONE)),
        ValueError,
        "`{folder}/a.wav` must last at least 0.2 s. Received: 0.100 s. Record a whole word.",
    ),
    (
        lambda folder: read_recording(_written(folder, np.zeros(9000), 8000)),
        ValueError,
        "`{folder}/a.wav` must be audible. Received: silence (a peak of 0). Check the microphone.",
    ),
    (
        lambda folder: read_recording(_written(folder, np.clip(4 * np.tile(TONE, 3), -1, 1))),
        ValueError,
        "`{folder}/a.wav` must stay within the scale. Received: 66.7% of the samples at the ends "
        "of it. Record again with the microphone turned down.",
    ),
    (
        lambda _: check_recording("mine", TONE[None]),
        ValueError,
        "`mine` must have shape (n,). Received: (1, 4410).",
    ),
    (
        lambda folder: write_audio(folder / "a.wav", np.arange(5)),
        ValueError,
        "`audio` must lie in [-1, 1]. Received: values up to 4. Divide 16-bit samples by 32768.",
    ),
    (
        lambda folder: write_audio(folder / "none" / "a.wav", TONE),
        ValueError,
        "`{folder}/none/a.wav` must be a file that can be written. Received: No such file or "
        "directory.",
    ),
]
test_complaints = complaints_test(COMPLAINTS)
