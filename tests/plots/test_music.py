"""Piano rolls and columns show exactly what they were given."""

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from dlspec._complaints import InvalidType, InvalidValue
from dlspec.plots import piano_roll, share_columns
from dlspec.plots._style import PALETTE
from tests.complaints import complaints_test

CHORDS = [(0, 2, "C", (0, 4, 7)), (2, 2, "F", (5, 9, 0))]
NOTES = np.array([[0, 1, 64], [1, 0.5, 65], [2, 2, 65]])
SHARES = {"corpus": {"1": 0.75, "3": 0.25}, "network": {"1": 0.5, "3": 0.5}}


def boxes(ax):
    """(onset, pitch, duration, colour) of every note."""
    notes = [p for p in ax.patches if isinstance(p, Rectangle)]
    return [(p.get_x(), p.get_y() + 0.5, p.get_width(), to_hex(p.get_facecolor())) for p in notes]


def test_notes_stand_at_their_time_and_pitch_and_show_whether_they_fit():
    (ax,) = piano_roll({"a": NOTES}, CHORDS, title="t").axes
    blue, vermilion = (color.lower() for color in PALETTE[:2])
    assert boxes(ax) == [(0, 64, 1, blue), (1, 65, 0.5, vermilion), (2, 65, 2, blue)]


def test_chords_are_named_where_they_begin_and_their_tones_are_shaded():
    (ax,) = piano_roll({"a": NOTES}, CHORDS, title="t").axes
    assert [(text.get_text(), text.xy[0]) for text in ax.texts] == [("C", 0), ("F", 2)]
    rows = [path.get_extents() for path in ax.collections[0].get_paths()]
    shaded = sorted((box.x0, box.y0 + 0.5) for box in rows)
    assert shaded == [(0, 64), (0, 67), (2, 65)]  # of the rows 62 to 67


def test_melodies_share_their_scales():
    fig = piano_roll({"a": NOTES, "b": NOTES + np.array([0, 0, 12])}, CHORDS, title="t")
    assert [ax.get_title(loc="left") for ax in fig.axes] == ["a", "b"]
    assert {ax.get_ylim() for ax in fig.axes} == {(61.5, 79.5)}
    assert {ax.get_xlim() for ax in fig.axes} == {(0, 4)}


def test_columns_are_shares_in_per_cent_in_groups():
    (ax,) = share_columns({"degree": SHARES}, title="t").axes
    assert [bar.get_height() for bar in ax.patches] == [75, 25, 50, 50]
    centres = [bar.get_x() + bar.get_width() / 2 for bar in ax.patches]
    np.testing.assert_allclose(centres, [-0.2, 0.8, 0.2, 1.2])
    assert [label.get_text() for label in ax.get_xticklabels()] == ["1", "3"]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == list(SHARES)
    assert ax.get_xlabel() == "degree"


@pytest.mark.parametrize("count", [2, 3])
def test_every_panel_has_its_axes_and_one_legend_serves_all(count):
    fig = share_columns({str(i): SHARES for i in range(count)}, title="t")
    assert [ax.get_legend() is not None for ax in fig.axes] == [True] + [False] * (count - 1)


COMPLAINTS = [
    (
        lambda tmp: piano_roll([NOTES], CHORDS, title="t"),
        InvalidType,
        "`melodies` must be a dictionary. Received: list.",
    ),
    (
        lambda tmp: piano_roll({"a": [1, 2, 3]}, CHORDS, title="t"),
        InvalidValue,
        "`melodies['a']` must have shape (n, 3). Received: (3,).",
    ),
    (
        lambda tmp: piano_roll({"a": NOTES}, [], title="t"),
        InvalidValue,
        "`chords` must hold at least one chord. Received: none.",
    ),
    (
        lambda tmp: share_columns({"a": {"b": 0.5}}, title="t"),
        InvalidType,
        "`panels['a']['b']` must be a dictionary. Received: float.",
    ),
    (
        lambda tmp: share_columns({"a": {**SHARES, "c": {"1": 1.0}}}, title="t"),
        InvalidValue,
        "`panels['a']['c']` must have the categories of the first series, ['1', '3']. Received: "
        "['1'].",
    ),
]
test_complaints = complaints_test(COMPLAINTS)
