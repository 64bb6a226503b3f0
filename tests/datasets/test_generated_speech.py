import numpy as np
import pytest

from dlspec.datasets.generated_speech import (
    DIGITS,
    PHONEMES,
    TRIGGER,
    WORDS,
    Voice,
    draw_voice,
    make_background,
    make_chime,
    make_spoken_digits,
    speak,
)
from tests.complaints import complaints_test


def rng(seed=0):
    return np.random.default_rng(seed)


def power_at(audio, rate=44_100):
    """Frequencies, and the power of the middle of a sound."""
    middle = audio[audio.size // 3 : 2 * audio.size // 3]
    power = np.abs(np.fft.rfft(middle * np.hanning(middle.size), 65_536)) ** 2
    return np.fft.rfftfreq(65_536, 1 / rate), power


@pytest.mark.parametrize("word", [*WORDS.values(), *DIGITS.values()])
def test_every_word_can_be_said(word):
    audio = speak(word, rate=22_050)
    assert 0.15 < audio.size / 22_050 < 1.5
    assert np.abs(audio).max() <= 1
    np.testing.assert_allclose(np.sqrt(np.mean(audio**2)), 0.1, rtol=0.02)


def test_speech_is_the_same_for_the_same_seed_only():
    voice = draw_voice(rng(1))
    np.testing.assert_array_equal(speak("AE", voice, rng(2)), speak("AE", voice, rng(2)))
    assert speak("AE", voice, rng(2)).tobytes() != speak("AE", voice, rng(3)).tobytes()
    assert draw_voice(rng(1)) == voice != draw_voice(rng(2))


@pytest.mark.parametrize("pitch", [100, 200])
def test_vowels_have_the_pitch_of_the_voice(pitch):
    frequencies, power = power_at(speak("UW UW UW", Voice(pitch=pitch)))
    fundamental = power[frequencies < 1.5 * pitch].argmax()
    assert frequencies[fundamental] == pytest.approx(pitch, rel=0.15)


@pytest.mark.parametrize("vowel", ["IY", "AE", "AA", "UW"])
@pytest.mark.parametrize("tract", [1.0, 1.15])
def test_vowels_have_the_formants_of_peterson_and_barney(vowel, tract):
    """The first formant is the strongest part; the second is a peak of the envelope above it."""
    frequencies, power = power_at(speak(f"{vowel} {vowel} {vowel}", Voice(pitch=60, tract=tract)))
    smooth = np.convolve(power, np.hanning(180), "same")
    first, second, _ = (tract * f for f in PHONEMES[vowel].formants)
    below = frequencies < 1000 * tract
    assert frequencies[below][smooth[below].argmax()] == pytest.approx(first, rel=0.2)
    near = (frequencies > (first + second) / 2) & (frequencies < second * 1.25)
    assert frequencies[near][smooth[near].argmax()] == pytest.approx(second, rel=0.12)


def test_s_hisses_and_vowels_do_not():
    for sounds, share in (("S S S", 0.9), ("AA AA AA", 0.02)):
        frequencies, power = power_at(speak(sounds))
        high = power[frequencies > 4000].sum() / power.sum()
        assert high > share if sounds[0] == "S" else high < share


def test_stops_begin_with_silence():
    audio = speak("AA T AA")
    loud = np.convolve(audio**2, np.ones(441) / 441, "same")
    assert loud[audio.size // 3 : 2 * audio.size // 3].min() < 1e-4 * loud.max()


def test_quick_speakers_take_less_time():
    slow, quick = (speak(WORDS[TRIGGER], Voice(speed=s)).size for s in (0.8, 1.2))
    assert quick == pytest.approx(slow / 1.5, rel=0.1)


def test_words_share_parts_with_the_trigger():
    trigger = WORDS[TRIGGER].split()
    begins = [w for w, sounds in WORDS.items() if sounds.split()[:3] == trigger[:3]]
    ends = [w for w, sounds in WORDS.items() if sounds.split()[-3:] == trigger[-3:]]
    assert len(begins) >= 4
    assert len(ends) >= 4
    assert len(WORDS) >= 15


def test_other_rates_are_the_same_speech():
    high, low = speak("IY"), speak("IY", rate=8000)
    assert abs(high.size / 44_100 - low.size / 8000) < 0.001


def test_backgrounds_are_noise_of_the_length_asked_for():
    levels = []
    for seed in range(5):
        audio = make_background(rng(seed), 0.5, 8000)
        assert audio.shape == (4000,)
        assert np.abs(audio).max() <= 1
        levels.append(np.sqrt(np.mean(audio**2)))
    assert 0.02 < min(levels) < max(levels) < 0.25


def test_the_chime_rings_off():
    audio = make_chime(8000)
    assert audio.size == 4800
    assert np.abs(audio).max() < 1
    assert np.abs(audio[-400:]).max() < 0.1 * np.abs(audio).max()


def test_digits_are_said_one_after_the_other():
    voices = [draw_voice(rng(k)) for k in range(3)]
    spoken = make_spoken_digits(12, voices, seed=2, seconds=2.5, noise=0.01)
    assert spoken.audio.shape == (12, 20_000)
    assert spoken.audio.dtype == np.float32
    assert all(1 <= len(digits) <= 5 for digits in spoken.digits)
    assert {d for digits in spoken.digits for d in digits} <= set(range(10))
    lengths = [np.sum(np.abs(a) > 0.02) for a in spoken.audio]
    counts = list(map(len, spoken.digits))
    assert np.corrcoef(lengths, counts)[0, 1] > 0.7
    again = make_spoken_digits(12, voices, seed=2, seconds=2.5, noise=0.01)
    np.testing.assert_array_equal(again.audio, spoken.audio)
    assert (make_spoken_digits(12, voices, seed=3, seconds=2.5).audio != spoken.audio).any()


COMPLAINTS = [
    (
        lambda _: speak("AE QQ"),
        ValueError,
        "`phonemes` must be names of sounds. Received: QQ. Known: AA, AE, AH, AO, AW, AY, B, CH, "
        "D, EH, ER, EY, F, G, HH, IH, IY, JH, K, L, M, N, OW, P, R, S, SH, T, TH, UH, UW, V, W, "
        "Y, Z.",
    ),
    (
        lambda _: speak(" "),
        ValueError,
        "`phonemes` must name at least one sound. Received: none.",
    ),
    (
        lambda _: speak("AE", rate=0),
        ValueError,
        "`rate` must be at least 1. Received: 0.",
    ),
    (
        lambda _: make_background(rng(), 0),
        ValueError,
        "`seconds` must be a positive finite number. Received: 0.",
    ),
    (
        lambda _: make_chime(0.5),
        TypeError,
        "`rate` must be a whole number. Received: 0.5 (float).",
    ),
    (
        lambda _: make_spoken_digits(0, [Voice()]),
        ValueError,
        "`count` must be at least 1. Received: 0.",
    ),
    (
        lambda _: make_spoken_digits(1, []),
        ValueError,
        "`voices` must hold at least one voice. Received: none.",
    ),
    (
        lambda _: make_spoken_digits(1, [Voice()], noise=0),
        ValueError,
        "`noise` must be a positive finite number. Received: 0.",
    ),
]
test_complaints = complaints_test(COMPLAINTS)
