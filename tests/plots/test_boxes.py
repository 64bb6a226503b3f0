"""Boxes on pictures: where they stand, what they say."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from dlspec.plots import draw_boxes
from dlspec.plots._style import color_of
from tests.complaints import complaints_test

STREET = np.zeros((60, 80, 3), np.uint8)
BOXES = np.array([[10.0, 20, 40, 60], [0, 50, 10, 79]])


def test_one_picture_with_classes_scores_and_truth():
    fig = draw_boxes(STREET, BOXES, [1, 0], [0.871, 0.5], ["car", "bus"], true_boxes=BOXES[:1])
    [ax] = fig.axes
    assert [text.get_text() for text in ax.texts] == ["bus 0.87", "car 0.50"]
    true, first, second = ax.patches
    assert true.get_linestyle() == "--"
    assert first.get_bbox().bounds == (19.5, 9.5, 40, 30)  # x, y, width, height
    assert to_hex(first.get_edgecolor()).upper() == color_of(1)
    assert to_hex(second.get_edgecolor()).upper() == color_of(0)


def test_several_pictures_some_without_boxes():
    fig = draw_boxes(
        [STREET] * 3, [BOXES, np.zeros((0, 4)), BOXES[:1]], captions=["a", "b", "c"], limit=2
    )
    assert [len(ax.patches) for ax in fig.axes] == [2, 0]
    assert [ax.get_xlabel() for ax in fig.axes] == ["a", "b"]


@pytest.mark.parametrize("box", BOXES)
def test_labels_stay_in_the_picture(box):
    [text] = draw_boxes(STREET, [box], [0]).axes[0].texts
    x, y = text.get_position()
    assert 0 <= x < 80
    assert 0 <= y < 60


COMPLAINTS = [
    (
        lambda folder: draw_boxes([], []),
        ValueError,
        "`images` must hold at least one picture. Received: none.",
    ),
    (
        lambda folder: draw_boxes([STREET, STREET], [BOXES]),
        ValueError,
        "`boxes` must have one entry for each of the 2 pictures. Received: 1.",
    ),
    (
        lambda folder: draw_boxes(STREET, [1, 2, 3]),
        ValueError,
        "`boxes[0]` must have shape (n, 4). Received: (3,).",
    ),
    (
        lambda folder: draw_boxes(STREET, BOXES, scores=[0.5]),
        ValueError,
        "`scores[0]` must have shape (n=2,). Received: (1,).",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
