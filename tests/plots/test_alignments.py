"""Attention as a picture: rows are outputs, columns inputs."""

import numpy as np

from dlspec._complaints import InvalidType, InvalidValue
from dlspec.plots import alignment_maps
from tests.complaints import complaints_test

MAP = np.array([[0.7, 0.2, 0.1], [0.0, 0.0, 1.0]])


def test_maps_labels_and_captions_stand_where_they_belong():
    fig = alignment_maps([MAP, MAP[:1]], ["abc", "def"], ["xy", "z"], captions=["one", "two"])
    first, second, bar = fig.axes
    np.testing.assert_array_equal(first.images[0].get_array(), MAP)
    assert [label.get_text() for label in first.get_xticklabels()] == ["a", "b", "c"]
    assert [label.get_text() for label in first.get_yticklabels()] == ["x", "y"]
    assert [label.get_text() for label in second.get_yticklabels()] == ["z"]
    assert (first.get_title(loc="left"), second.get_title(loc="left")) == ("one", "two")
    assert bar.get_ylabel() == "attention"


def test_all_panels_share_one_scale():
    fig = alignment_maps([MAP, MAP / 2], ["abc", "abc"], ["xy", "xy"])
    assert {ax.images[0].get_clim() for ax in fig.axes[:-1]} == {(0.0, 1.0)}


def test_an_odd_number_of_maps_leaves_no_empty_axes():
    assert len(alignment_maps([MAP] * 3, ["abc"] * 3, ["xy"] * 3).axes) == 4


COMPLAINTS = [
    (
        lambda tmp: alignment_maps([], [], []),
        InvalidValue,
        "`maps` must hold at least one map. Received: none.",
    ),
    (
        lambda tmp: alignment_maps(["a"], ["b"], ["c"]),
        InvalidType,
        "`maps[0]` must be an array of real numbers. Received: str.",
    ),
    (
        lambda tmp: alignment_maps([MAP], ["ab"], ["xy"]),
        InvalidValue,
        "`inputs` must hold as many labels as the maps ask for, [3]. Received: [2].",
    ),
    (
        lambda tmp: alignment_maps([MAP], ["abc"], ["xyz"]),
        InvalidValue,
        "`outputs` must hold as many labels as the maps ask for, [2]. Received: [3].",
    ),
    (
        lambda tmp: alignment_maps([2 * MAP], ["abc"], ["xy"]),
        InvalidValue,
        "`maps[0]` must lie from 0 to 1. Received: 0 to 2.",
    ),
    (
        lambda tmp: alignment_maps([MAP], ["abc"], ["xy"], captions=[]),
        InvalidValue,
        "`captions` must hold one text for each of the 1 maps. Received: 0.",
    ),
]
test_complaints = complaints_test(COMPLAINTS)
