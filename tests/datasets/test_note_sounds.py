"""Notes as sound: the right tones at the right time, and a file that others read."""

import numpy as np
import pytest
import soundfile

from dlspec._complaints import InvalidValue
from dlspec.datasets.midi import Track
from dlspec.datasets.note_sounds import RATE, render_tracks, swing, write_wav
from tests.complaints import complaints_test

A4 = [[0, 1, 69]]


def strongest(sound, rate=RATE):
    """Frequency with the most power, in Hz."""
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    return power.argmax() * rate / len(sound)


def render(*notes, tempo=60, **options):
    return render_tracks([Track("", np.array(n, dtype=float)) for n in notes], tempo, **options)


@pytest.mark.parametrize(("pitch", "hertz"), [(69, 440), (57, 220), (60, 261.63), (81, 880)])
def test_a_pitch_is_its_frequency(pitch, hertz):
    assert strongest(render([[0, 2, pitch]])) == pytest.approx(hertz, abs=1)


def test_notes_sound_when_they_should():
    """At 120 beats a minute a beat takes half a second."""
    sound = render([[0, 1, 69], [2, 1, 81]], tempo=120)
    first, silence, second = (
        sound[int(a * RATE) : int(b * RATE)] for a, b in [(0, 0.5), (0.6, 0.95), (1, 1.5)]
    )
    assert strongest(first) == pytest.approx(440, abs=3)
    assert not silence.any()
    assert strongest(second) == pytest.approx(880, abs=3)
    assert len(sound) == np.ceil((1.5 + 0.05) * RATE)


def test_the_loudest_sample_is_the_same_however_many_play():
    for sound in (render(A4), render(A4, A4, [[0, 1, 60], [0, 2, 64]])):
        assert np.abs(sound).max() == pytest.approx(0.9, abs=1e-6)
        assert sound.dtype == np.float32


def test_velocity_is_how_loud_a_track_is():
    loud, soft = (
        Track("", np.array([[0, 1, 69]]), velocity=100),
        Track("", np.array([[2, 1, 69]]), velocity=50),
    )
    sound = render_tracks([loud, soft], 60)
    ratio = np.abs(sound[2 * RATE : 3 * RATE]).max() / np.abs(sound[:RATE]).max()
    assert ratio == pytest.approx(0.5, abs=0.01)


def test_the_highest_key_brings_no_false_tones():
    """MIDI 127 is 12,544 Hz: beyond half of 22,050, where it would fold; at 44,100 it is right."""
    assert strongest(render([[0, 1, 127]], rate=44_100), 44_100) == pytest.approx(12_544, abs=2)
    assert not render([[0, 1, 127]]).any()


def test_swung_eighths_are_long_and_short():
    notes = [[0, 0.5, 60], [0.5, 0.5, 62], [1, 1, 64], [2.25, 0.5, 65]]
    expected = [[0, 2 / 3, 60], [2 / 3, 1 / 3, 62], [1, 1, 64], [2 + 1 / 3, 0.5, 65]]
    np.testing.assert_allclose(swing(notes), expected, strict=True)
    np.testing.assert_allclose(swing(notes, 0.5), notes)


def test_another_library_reads_the_file(tmp_path):
    sound = render(A4)
    write_wav(tmp_path / "a.wav", sound)
    found, rate = soundfile.read(tmp_path / "a.wav")
    assert rate == RATE
    np.testing.assert_allclose(found, sound, atol=2 / 32767)
    info = soundfile.info(tmp_path / "a.wav")
    assert (info.channels, info.subtype) == (1, "PCM_16")


COMPLAINTS = [
    (
        lambda tmp: swing(A4, ratio=1),
        InvalidValue,
        "`ratio` must lie between 0 and 1. Received: 1.",
    ),
    (
        lambda tmp: render_tracks([], 60),
        InvalidValue,
        "`tracks` must hold at least one track. Received: none.",
    ),
    (
        lambda tmp: render(A4, [[1, 2]]),
        InvalidValue,
        "`tracks[1].notes` must have shape (n, 3). Received: (1, 2).",
    ),
    (
        lambda tmp: render([[-1, 1, 60]]),
        InvalidValue,
        "`tracks[0].notes` must start at 0 beats or later and last longer than 0. Received: a note "
        "from -1, one of 1 beats.",
    ),
    (
        lambda tmp: render(A4, rate=100),
        InvalidValue,
        "`rate` must be at least 8000. Received: 100.",
    ),
    (
        lambda tmp: write_wav(tmp / "a.wav", [0.0, -2.0]),
        InvalidValue,
        "`sound` must lie between -1 and 1. Received: amplitudes of 2. Divide it by its largest "
        "amplitude.",
    ),
]
test_complaints = complaints_test(COMPLAINTS)
