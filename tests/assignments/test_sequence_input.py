"""Sequence scripts on a user's own dates, numbers, texts and recordings: what is refused."""

import numpy as np
import pytest
import soundfile

from dlspec._complaints import InvalidValue
from dlspec.catalog import find
from dlspec.datasets import read_audio, write_audio
from dlspec.runner import load_script

RATE = 8000
TONE = 0.3 * np.sin(np.arange(RATE))


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """Recordings that cannot be used, and a text."""
    folder = tmp_path_factory.mktemp("own")
    write_audio(folder / "silent.wav", 0 * TONE, RATE)
    write_audio(folder / "short.wav", TONE[:800], RATE)
    write_audio(folder / "clipped.wav", np.clip(20 * TONE, -1, 1), RATE)
    (folder / "text.wav").write_text("no sound")
    return folder


@pytest.mark.parametrize(
    ("name", "options", "says"),
    [
        ("machine_translation", ["--date", " , "], "`date` must hold at least one character. Rec"),
        ("machine_translation", ["--locales", "de,xx"], "`locales` must hold locales that babel k"),
        ("machine_translation", ["--locales", ","], "`locales` must name at least one. Received:"),
        ("machine_translation", ["--weights", "no.keras"], "`no.keras` must be an existing file. "),
        ("machine_translation", ["--weights", "text.wav"], "`text.wav` must be a whole HDF5 file."),
        ("transformer", ["--text", ""], "`text` must be a number in words. Received: ''."),
        ("transformer", ["--text", "fifty twelve"], "`text` must be a number from zero to 999,999"),
        ("transformer", ["--text", "on hundred"], "`text` must hold words of numbers only. Receiv"),
        ("transformer", ["--pairs", "100000"], "`train` must be at most 100,000 together with `te"),
        ("ner", ["--text", "  "], "`text` must hold at least one word. Received: '  '."),
        ("trigger_word", ["--wav", "no.wav"], "`no.wav` must be an existing file. Received: noth"),
        ("trigger_word", ["--wav", "text.wav"], "`text.wav` must be a sound file such as WAV, FL"),
        ("trigger_word", ["--wav", "short.wav"], "`short.wav` must last at least 0.2 s. Received:"),
        ("trigger_word", ["--wav", "silent.wav"], "`silent.wav` must be audible. Received: silenc"),
        ("trigger_word", ["--wav", "clipped.wav"], "`clipped.wav` must stay within the scale. Rec"),
        ("trigger_word", ["--weights", "no.keras"], "`no.keras` must be a network of an earlier r"),
        ("ctc", ["--beam-width", "0"], "`beam-width` must be at least 1. Received: 0."),
    ],
)  # fmt: skip
def test_complaints_come_before_any_training(own, tmp_path, monkeypatch, name, options, says):
    monkeypatch.chdir(own)
    with pytest.raises(InvalidValue) as caught:
        load_script(find(name)).main(["--quick", "--out", str(tmp_path / "out"), *options])
    assert str(caught.value).startswith(says)
    assert not (tmp_path / "out" / "metrics.json").exists()


def test_a_long_text_is_read_in_parts_that_end_with_sentences():
    pieces = ["[UNK]", "a", "##a", "."]
    words = [*["aaaa"] * 15, ".", *["aaaa"] * 15, ".", *["a"] * 90]
    parts = load_script(find("ner")).fitting_parts(words, pieces)
    assert [len(part) for part in parts] == [16, 16, 80, 10]
    assert [word for part in parts for word in part] == words


def test_a_network_of_an_earlier_run_listens_to_a_recording(tmp_path, capsys):
    from dlspec.sequence.trigger_word import TriggerWordDetector

    network = TriggerWordDetector((None, 101), filters=2, units=2, logarithm=True)
    network.save(tmp_path / "network.keras")
    stereo = np.stack([TONE, TONE / 2], axis=1)
    soundfile.write(tmp_path / "mine.wav", stereo, RATE, subtype="PCM_24")
    given = ("--weights", tmp_path / "network.keras", "--wav", tmp_path / "mine.wav")
    options = ["--quick", "--out", tmp_path / "out", *given]
    metrics = load_script(find("trigger_word")).main([str(option) for option in options])
    assert metrics["parameters"] == network.count_params()
    assert metrics["losses"] == []
    assert "mine.wav: activate " in capsys.readouterr().out
    rung = read_audio(tmp_path / "out" / "recording_with_chime.wav")
    assert rung.size == 1.5 * 44_100  # with room to hear a word that ends with the recording
    assert (tmp_path / "out" / "recording.png").is_file()
