"""Attention maps: what is drawn is what is given."""

import numpy as np
import pytest

from dlspec.plots import attention_maps
from tests.complaints import complaints_test

WEIGHTS = np.array([[0.2, 0.8, 0.0], [0.5, 0.0, 0.5]])
ROWS, COLUMNS = ["7", "end"], ["seven", "and", "a"]


def test_panels_show_the_weights_with_their_tokens():
    fig = attention_maps(
        [WEIGHTS, 1 - WEIGHTS],
        ROWS,
        COLUMNS,
        ["head 1", "head 2"],
        title="Heads",
        labels=("q", "k"),
    )
    first, second, bar = fig.axes
    np.testing.assert_array_equal(first.images[0].get_array(), WEIGHTS)
    np.testing.assert_array_equal(second.images[0].get_array(), 1 - WEIGHTS)
    assert [ax.images[0].get_clim() for ax in (first, second)] == [(0, 1), (0, 1)]
    assert [text.get_text() for text in first.get_xticklabels()] == COLUMNS
    assert [text.get_text() for text in first.get_yticklabels()] == ROWS
    assert [ax.get_title() for ax in (first, second)] == ["head 1", "head 2"]
    assert (first.get_ylabel(), first.get_xlabel()) == ("q", "k")
    assert fig.get_suptitle() == "Heads"
    assert bar.get_ylabel() == "weight"


@pytest.mark.parametrize(("panels", "width"), [(1, 1), (4, 4)])
def test_panels_stand_side_by_side(panels, width):
    fig = attention_maps(np.stack([WEIGHTS] * 4), ROWS, COLUMNS, panels=panels)
    fig.draw_without_rendering()
    lefts = {round(ax.get_position().x0, 3) for ax in fig.axes[:4]}
    assert len(lefts) == width


def test_each_map_has_tokens_of_its_own():
    fig = attention_maps([WEIGHTS, WEIGHTS[:1]], [[*"xy"], ["z"]], [[*"abc"], [*"def"]])
    labels = [[t.get_text() for t in ax.get_yticklabels()] for ax in fig.axes[:2]]
    assert labels == [["x", "y"], ["z"]]
    assert [t.get_text() for t in fig.axes[1].get_xticklabels()] == ["d", "e", "f"]
    np.testing.assert_array_equal(fig.axes[1].images[0].get_array(), WEIGHTS[:1])


def test_an_odd_number_of_maps_leaves_no_empty_axes():
    assert len(attention_maps([WEIGHTS] * 3, ROWS, COLUMNS, panels=2).axes) == 4


COMPLAINTS = [
    (
        lambda folder: attention_maps([WEIGHTS], "7e", COLUMNS),
        TypeError,
        "`rows` must be a list of texts. Received: str.",
    ),
    (
        lambda folder: attention_maps([WEIGHTS], ROWS, []),
        ValueError,
        "`columns` must hold at least one text. Received: none.",
    ),
    (
        lambda folder: attention_maps(7, ROWS, COLUMNS),
        TypeError,
        "`maps` must be a list of arrays. Received: int.",
    ),
    (
        lambda folder: attention_maps([], ROWS, COLUMNS),
        ValueError,
        "`maps` must hold at least one map. Received: none.",
    ),
    (
        lambda folder: attention_maps([WEIGHTS.T], ROWS, COLUMNS),
        ValueError,
        "`maps[0]` must have shape (rows=2, columns=3). Received: (3, 2). There are 2 rows and 3 "
        "columns; use maps[0].T.",
    ),
    (
        lambda folder: attention_maps([WEIGHTS] * 3, ROWS, [COLUMNS, COLUMNS]),
        ValueError,
        "`columns` must be one list of texts, or one for each of the 3 maps. Received: 2 lists.",
    ),
    (
        lambda folder: attention_maps([WEIGHTS] * 2, [ROWS, ROWS[:1]], COLUMNS),
        ValueError,
        "`maps[1]` must have shape (rows=1, columns=3). Received: (2, 3). There are 1 rows and 3 "
        "columns.",
    ),
    (
        lambda folder: attention_maps([2 * WEIGHTS], ROWS, COLUMNS),
        ValueError,
        "`maps[0]` must hold numbers from 0 to 1. Received: 0 to 1.6.",
    ),
    (
        lambda folder: attention_maps([WEIGHTS], ROWS, COLUMNS, ["a", "b"]),
        ValueError,
        "`names` must name all 1 maps. Received: 2 names.",
    ),
    (
        lambda folder: attention_maps([WEIGHTS], ROWS, COLUMNS, panels=0),
        ValueError,
        "`panels` must be at least 1. Received: 0.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
