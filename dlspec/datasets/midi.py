"""Reading and writing MIDI files: melodies as arrays of onset, duration and pitch.

Times are in beats, whatever the tempo is.  `mido` knows the bytes; here notes are put together from
the messages that begin and end them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import check_array, check_count, check_positive

__all__ = ["Score", "Track", "read_midi", "write_midi"]

TICKS = 480
"""Steps of a beat in the files we write."""
DRUMS = 9
"""The channel whose pitches are drums."""


@dataclass(frozen=True, eq=False)
class Track:
    """The notes of one instrument.

    Attributes:
        name: what the file calls it; may be empty.
        notes: (n, 3), onset (beats), duration (beats) and pitch (0 to 127, 60 is middle C), in
            order of onset, then pitch.
        program: number of the instrument from 0, as General MIDI counts them; 0 is a piano.
        velocity: how hard notes are struck, 1 to 127, when they are written.
    """

    name: str
    notes: np.ndarray
    program: int = 0
    velocity: int = 80


@dataclass(frozen=True, eq=False)
class Score:
    """What a MIDI file holds.

    Attributes:
        tracks: those with notes, in the order of the file, drums left out.
        tempo: beats per minute at the beginning.
        path: the file.
    """

    tracks: tuple[Track, ...]
    tempo: float
    path: Path

    def track(self, name: str) -> Track:
        """The first track of that name.

        Args:
            name: as the file has it; spaces around it do not count.

        Returns:
            The track.

        Raises:
            ValueError: there is none.

        Example:
            >>> Score((Track("Guitar", np.zeros((1, 3))),), 120.0, Path()).track("Guitar").program
            0
        """
        for track in self.tracks:
            if track.name.strip() == name:
                return track
        names = ", ".join(track.name for track in self.tracks)
        raise InvalidValue(sentence(str(self.path), f"hold a track `{name}`", names))


def read_midi(path: str | Path) -> Score:
    """Read the notes of a MIDI file.

    Args:
        path: the file, Standard MIDI of format 0 or 1.

    Returns:
        Tracks and tempo.  A note that never ends lasts to the end of its track.

    Raises:
        ValueError: no file, no MIDI file, a damaged one, one without notes, one that counts time in
            seconds; names the file.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder, "scale.mid")
        ...     write_midi(path, [Track("scale", np.array([[0, 1, 60], [1, 1, 62]]))], tempo=90)
        ...     score = read_midi(path)
        >>> round(score.tempo), score.track("scale").notes.tolist()
        (90, [[0.0, 1.0, 60.0], [1.0, 1.0, 62.0]])
    """
    path = Path(path)
    if not path.is_file():
        raise InvalidValue(sentence(str(path), "be an existing file", "nothing there"))
    file = _parse(path)
    if file.ticks_per_beat <= 0:
        expected = "count time in beats"
        raise InvalidValue(sentence(str(path), expected, "a file that counts it in seconds"))
    tracks = (_read_track(track, file.ticks_per_beat) for track in file.tracks)
    tracks = tuple(track for track in tracks if len(track.notes))
    if not tracks:
        expected = "hold notes of a melody instrument"
        raise InvalidValue(sentence(str(path), expected, f"{len(file.tracks)} tracks without any"))
    tempos = (m.tempo for track in file.tracks for m in track if m.type == "set_tempo")
    return Score(tracks, 6e7 / next(tempos, 500_000), path)


def _parse(path):
    import mido

    expected, advice = "be a whole MIDI file", "Export it again, or name another file."
    if path.read_bytes()[:4] != b"MThd":
        received = f"{path.stat().st_size:,} bytes of something else"
        raise InvalidValue(sentence(str(path), expected, received, advice))
    try:
        return mido.MidiFile(path)
    except Exception as error:  # mido raises whatever the odd byte leads to
        received = f"a damaged one ({type(error).__name__}: {error})".replace(": )", ")")
        raise InvalidValue(sentence(str(path), expected, received, advice)) from error


def _read_track(messages, ticks_per_beat):
    """Pair each beginning with the next end of the same pitch and channel."""
    now, program, sounding, notes = 0, 0, {}, []
    for message in messages:
        now += message.time
        if message.type == "program_change":
            program = message.program
        if message.type not in ("note_on", "note_off") or message.channel == DRUMS:
            continue
        key = (message.channel, message.note)
        if message.type == "note_on" and message.velocity > 0:
            sounding.setdefault(key, []).append(now)
        elif sounding.get(key):
            notes.append((sounding[key].pop(0), now, message.note))
    notes += [(onset, now, key[1]) for key, onsets in sounding.items() for onset in onsets]
    lasting = sorted((onset, pitch, end) for onset, end, pitch in notes if end > onset)
    rows = [(a / ticks_per_beat, (z - a) / ticks_per_beat, pitch) for a, pitch, z in lasting]
    return Track(messages.name, np.array(rows, dtype=np.float64).reshape(-1, 3), program)


def write_midi(path: str | Path, tracks: Sequence[Track], tempo: float = 120.0) -> None:
    """Write tracks as a Standard MIDI file of format 1, one channel each.

    Args:
        path: the file; replaced if there is one.
        tracks: at most 15, with pitches from 0 to 127; times are rounded to 1/480 of a beat, and
            letters of a name beyond Western Europe's become "?", since MIDI has no others.
        tempo: beats per minute, from 4 to 60,000.

    Raises:
        TypeError: not tracks.
        ValueError: none or too many, notes or instruments that MIDI cannot write, a tempo out of
            range.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder, "c.mid")
        ...     write_midi(path, [Track("", np.array([[0, 1, 60]]))])
        ...     path.read_bytes()[:4]
        b'MThd'
    """
    import mido

    if not 4 <= check_positive("tempo", tempo) <= 60_000:
        raise InvalidValue(sentence("tempo", "lie from 4 to 60,000 beats per minute", tempo))
    if not all(isinstance(track, Track) for track in tracks):
        raise InvalidType(sentence("tracks", "be a list of Track", type(tracks[0]).__name__))
    channels = [channel for channel in range(16) if channel != DRUMS]
    if not 1 <= len(tracks) <= len(channels):
        raise InvalidValue(sentence("tracks", "be 1 to 15 tracks", len(tracks)))
    checked = [_check_track(f"tracks[{i}]", track) for i, track in enumerate(tracks)]
    file = mido.MidiFile(type=1, ticks_per_beat=TICKS)
    opening = [mido.MetaMessage("set_tempo", tempo=round(6e7 / tempo))]
    file.tracks.append(mido.MidiTrack(opening))
    for track, notes, channel in zip(tracks, checked, channels, strict=False):
        file.tracks.append(mido.MidiTrack(_messages(track, notes, channel)))
    file.save(path)


def _messages(track, notes, channel):
    import mido

    name = track.name.encode("latin-1", "replace").decode("latin-1")
    yield mido.MetaMessage("track_name", name=name)
    yield mido.Message("program_change", program=track.program, channel=channel)
    ticks = np.rint(np.column_stack([notes[:, 0], notes[:, :2].sum(axis=1)]) * TICKS).astype(int)
    events = [
        (int(tick), begins, int(pitch))  # at the same tick ends come first
        for (onset, end), pitch in zip(ticks, notes[:, 2], strict=True)
        for tick, begins in ((onset, True), (max(end, onset + 1), False))
    ]
    now = 0
    for tick, begins, pitch in sorted(events):
        kind, velocity = ("note_on", track.velocity) if begins else ("note_off", 0)
        yield mido.Message(kind, note=pitch, velocity=velocity, channel=channel, time=tick - now)
        now = tick


def _check_track(name, track):
    """Return its notes."""
    for key, number, least in (("program", track.program, 0), ("velocity", track.velocity, 1)):
        if check_count(f"{name}.{key}", number, minimum=least) > 127:
            raise InvalidValue(sentence(f"{name}.{key}", f"lie from {least} to 127", number))
    return _check_notes(f"{name}.notes", track.notes)


def _check_notes(name, notes):
    notes = check_array(name, notes, ("n", 3))
    if (notes[:, 0] < 0).any() or (notes[:, 1] <= 0).any():
        expected = "start at 0 beats or later and last longer than 0"
        received = f"a note from {notes[:, 0].min():g}, one of {notes[:, 1].min():g} beats"
        raise InvalidValue(sentence(name, expected, received))
    pitches = notes[:, 2]
    if (pitches != np.round(pitches)).any() or pitches.min() < 0 or pitches.max() > 127:
        expected = "have whole pitches from 0 to 127"
        received = f"{pitches.min():g} to {pitches.max():g}"
        raise InvalidValue(sentence(name, expected, received))
    return notes
