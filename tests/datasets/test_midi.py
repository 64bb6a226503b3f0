"""MIDI files: what is written is read back, by us and byte by byte; odd files are named."""

import struct

import mido
import numpy as np
import pytest

from dlspec._complaints import InvalidType, InvalidValue
from dlspec.datasets.midi import Score, Track, read_midi, write_midi
from tests.complaints import complaints_test

NOTES = np.array([[0, 1, 60], [0, 1, 64], [1, 0.5, 62], [1.5, 0.5, 62], [4, 2, 0]])


def file_of(folder, *tracks, **options):
    """A MIDI file made of raw messages, 96 ticks to the beat."""
    file = mido.MidiFile(ticks_per_beat=96, **options)
    file.tracks += [mido.MidiTrack(messages) for messages in tracks]
    file.save(folder / "raw.mid")
    return folder / "raw.mid"


def on(note, time=0, **options):
    return mido.Message("note_on", note=note, time=time, **options)


def off(note, time=0, **options):
    return mido.Message("note_off", note=note, time=time, **options)


def test_what_is_written_is_read_back(tmp_path):
    bass = Track("Bass", NOTES[:1] - (0, 0, 24), program=32, velocity=50)
    write_midi(tmp_path / "a.mid", [Track("Solo", NOTES, program=26), bass], tempo=90)
    score = read_midi(tmp_path / "a.mid")
    assert score.tempo == pytest.approx(90, abs=1e-4)
    assert [(t.name, t.program) for t in score.tracks] == [("Solo", 26), ("Bass", 32)]
    np.testing.assert_array_equal(score.track("Solo").notes, NOTES, strict=True)
    np.testing.assert_array_equal(score.track("Bass").notes, [[0, 1, 36]])


def test_the_bytes_are_those_of_the_standard(tmp_path):
    """Header: length 6, format 1, two chunks, 480 ticks; then the tempo, 600,000 us for a beat."""
    write_midi(tmp_path / "a.mid", [Track("x", NOTES[:1])], tempo=100)
    data = (tmp_path / "a.mid").read_bytes()
    assert data[:14] == b"MThd" + struct.pack(">IHHH", 6, 1, 2, 480)
    assert data[14:18] == b"MTrk"
    assert b"\x00\xff\x51\x03" + (600_000).to_bytes(3) in data
    assert b"\x00\x90\x3c\x50" in data  # begins at once: channel 1, middle C, 80
    assert b"\x83\x60\x80\x3c\x00" in data  # ends 480 = 3 * 128 + 96 ticks later
    assert data.endswith(b"\x00\xff\x2f\x00")


def test_a_repeated_note_ends_before_it_begins_again(tmp_path):
    write_midi(tmp_path / "a.mid", [Track("x", NOTES)])
    messages = mido.MidiFile(tmp_path / "a.mid").tracks[1]
    of_d = [m.type for m in messages if getattr(m, "note", None) == 62]
    assert of_d == ["note_on", "note_off", "note_on", "note_off"]


def test_a_name_in_other_letters_does_not_stop_the_music(tmp_path):
    write_midi(tmp_path / "a.mid", [Track("Solo é 日本", NOTES)])
    assert read_midi(tmp_path / "a.mid").tracks[0].name == "Solo é ??"


def test_drums_have_their_channel_to_themselves(tmp_path):
    write_midi(tmp_path / "a.mid", [Track(str(i), NOTES) for i in range(15)])
    messages = [
        m for t in mido.MidiFile(tmp_path / "a.mid").tracks for m in t if m.type == "note_on"
    ]
    assert {m.channel for m in messages} == set(range(16)) - {9}


def test_notes_are_put_together_as_players_do(tmp_path):
    """Velocity 0 ends a note; equal pitches end in order; what never ends lasts; drums go."""
    messages = [on(60), on(60, 48), on(60, 48, velocity=0), off(60, 96), on(64, 0), off(65, 96)]
    drums = [on(35, channel=9), off(35, 96, channel=9)]
    path = file_of(tmp_path, [mido.MetaMessage("track_name", name="Lead "), *messages], drums)
    score = read_midi(path)
    assert len(score.tracks) == 1
    assert score.tempo == 120
    expected = [[0, 1, 60], [0.5, 1.5, 60], [2, 1, 64]]
    np.testing.assert_array_equal(score.track("Lead").notes, expected)


def test_all_messages_in_one_track_are_read_too(tmp_path):
    path = file_of(
        tmp_path, [on(60), on(72, channel=1), off(60, 96), off(72, 0, channel=1)], type=0
    )
    np.testing.assert_array_equal(read_midi(path).tracks[0].notes, [[0, 1, 60], [0, 1, 72]])


def written(folder, content):
    (folder / "bad.mid").write_bytes(content)
    return folder / "bad.mid"


def truncated(folder):
    write_midi(folder / "bad.mid", [Track("x", NOTES)])
    return written(folder, (folder / "bad.mid").read_bytes()[:60])


def in_seconds(folder):
    """25 frames a second of 40 parts: -25 and 40 in the place of the ticks."""
    write_midi(folder / "bad.mid", [Track("x", NOTES)])
    data = (folder / "bad.mid").read_bytes()
    return written(folder, data[:12] + struct.pack(">bB", -25, 40) + data[14:])


def write(folder, *notes, **options):
    write_midi(folder / "a.mid", [Track("x", np.array(n)) for n in notes], **options)


COMPLAINTS = [
    (
        lambda tmp: read_midi(tmp / "no.mid"),
        InvalidValue,
        "`{folder}/no.mid` must be an existing file. Received: nothing there.",
    ),
    (
        lambda tmp: read_midi(written(tmp, b"RIFF1234")),
        InvalidValue,
        "`{folder}/bad.mid` must be a whole MIDI file. Received: 8 bytes of something else. Export "
        "it again, or name another file.",
    ),
    (
        lambda tmp: read_midi(truncated(tmp)),
        InvalidValue,
        "`{folder}/bad.mid` must be a whole MIDI file. Received: a damaged one (EOFError). Export "
        "it again, or name another file.",
    ),
    (
        lambda tmp: read_midi(in_seconds(tmp)),
        InvalidValue,
        "`{folder}/bad.mid` must count time in beats. Received: a file that counts it in seconds.",
    ),
    (
        lambda tmp: read_midi(file_of(tmp, [on(35, channel=9), off(35, 96, channel=9)])),
        InvalidValue,
        "`{folder}/raw.mid` must hold notes of a melody instrument. Received: 1 tracks without "
        "any.",
    ),
    (
        lambda tmp: Score((Track("a", NOTES), Track("b", NOTES)), 120, tmp / "a.mid").track("c"),
        InvalidValue,
        "`{folder}/a.mid` must hold a track `c`. Received: a, b.",
    ),
    (
        lambda tmp: write(tmp, NOTES, tempo=3),
        InvalidValue,
        "`tempo` must lie from 4 to 60,000 beats per minute. Received: 3.",
    ),
    (
        lambda tmp: write_midi(tmp / "a.mid", [NOTES]),
        InvalidType,
        "`tracks` must be a list of Track. Received: ndarray.",
    ),
    (
        lambda tmp: write(tmp),
        InvalidValue,
        "`tracks` must be 1 to 15 tracks. Received: 0.",
    ),
    (
        lambda tmp: write_midi(tmp / "a.mid", [Track("x", NOTES, program=128)]),
        InvalidValue,
        "`tracks[0].program` must lie from 0 to 127. Received: 128.",
    ),
    (
        lambda tmp: write_midi(tmp / "a.mid", [Track("x", NOTES, velocity=0)]),
        InvalidValue,
        "`tracks[0].velocity` must be at least 1. Received: 0.",
    ),
    (
        lambda tmp: write(tmp, [[0, 0, 60]]),
        InvalidValue,
        "`tracks[0].notes` must start at 0 beats or later and last longer than 0. Received: a note "
        "from 0, one of 0 beats.",
    ),
    (
        lambda tmp: write(tmp, NOTES, [[0, 1, 128]]),
        InvalidValue,
        "`tracks[1].notes` must have whole pitches from 0 to 127. Received: 128 to 128.",
    ),
]
test_complaints = complaints_test(COMPLAINTS)
