"""Masks in colours: which colour stands where, what the legend says."""

import numpy as np
import pytest
from matplotlib.colors import rgb_to_hsv, to_hex

from dlspec.plots import draw_masks, mask_colors
from dlspec.plots._style import color_of
from tests.complaints import complaints_test

STREET = np.full((1, 4, 6, 3), 100, np.uint8)
MASK = np.array([[[0, 0, 2, 2, 255, 0]] * 4])
NAMES = ("sky", "road", "car")


def drawn(ax) -> np.ndarray:
    return np.asarray(ax.images[0].get_array())


def test_a_row_is_the_picture_and_its_masks():
    fig = draw_masks(STREET, {"true": MASK, "found": MASK[:, ::-1]}, NAMES, captions=["night"])
    picture, true, found = fig.axes
    assert [ax.get_title() for ax in fig.axes] == ["picture", "true", "found"]
    assert picture.get_xlabel() == "night"
    np.testing.assert_array_equal(drawn(picture), STREET[0])
    colors = mask_colors(3) / 255
    np.testing.assert_allclose(drawn(true)[0, :2], colors[[0, 0]])
    np.testing.assert_allclose(drawn(true)[0, 2:4], colors[[2, 2]])
    np.testing.assert_array_equal(drawn(true)[:, 4], np.ones((4, 3)))  # no class: white
    np.testing.assert_allclose(drawn(found), drawn(true)[::-1])


def test_the_legend_names_the_classes_that_occur_in_their_colours():
    fig = draw_masks(STREET, {"true": MASK}, NAMES)
    [legend] = fig.legends
    assert [text.get_text() for text in legend.get_texts()] == ["sky", "car"]
    colors = [to_hex(patch.get_facecolor()).upper() for patch in legend.get_patches()]
    assert colors == [color_of(0), color_of(2)]
    assert [t.get_text() for t in draw_masks(STREET, {"x": MASK}).legends[0].get_texts()] == [
        "0",
        "2",
    ]


def test_only_pictures_that_are_shown_count_for_the_legend():
    two = np.concatenate([MASK, np.full_like(MASK, 1)])
    fig = draw_masks(np.repeat(STREET, 2, axis=0), {"true": two}, NAMES, limit=1)
    assert len(fig.axes) == 2
    assert len(fig.legends[0].get_texts()) == 2


def test_the_picture_shines_through():
    plain, mixed = (
        drawn(draw_masks(STREET, {"true": MASK}, see_through=s).axes[1]) for s in (0, 0.4)
    )
    np.testing.assert_allclose(mixed, 0.6 * plain + 0.4 * 100 / 255)


def test_pictures_of_several_sizes():
    pictures = [np.zeros((4, 6, 3)), np.zeros((8, 4, 3))]
    masks = [np.zeros((4, 6), int), np.ones((8, 4), int)]
    fig = draw_masks(pictures, {"found": masks})
    assert [drawn(ax).shape[:2] for ax in fig.axes] == [(4, 6), (4, 6), (8, 4), (8, 4)]


def test_nothing_but_void_needs_no_legend():
    assert not draw_masks(STREET, {"true": np.full_like(MASK, 255)}, NAMES).legends


@pytest.mark.parametrize("n_classes", [1, 8, 23, 255])
def test_colours_differ_and_the_first_stay_the_same(n_classes):
    colors = mask_colors(n_classes)
    assert colors.shape == (n_classes, 3)
    assert len(np.unique(colors, axis=0)) == n_classes
    np.testing.assert_array_equal(colors, mask_colors(255)[:n_classes])


def test_colours_of_23_classes_can_be_told_apart():
    """Any two lie 30 of 255 apart in some channel; the generated ones are no greys."""
    colors = mask_colors(23).astype(int)
    apart = np.abs(colors[:, None] - colors[None]).max(axis=2) + 255 * np.eye(23, dtype=int)
    assert apart.min() >= 30
    assert rgb_to_hsv(colors[8:] / 255)[:, 1].min() > 0.3


COMPLAINTS = [
    (
        lambda folder: mask_colors(256),
        ValueError,
        "`n_classes` must be at most 255. Received: 256. Id 255 marks pixels without a class.",
    ),
    (
        lambda folder: draw_masks([], {"true": MASK}),
        ValueError,
        "`images` must hold at least one picture. Received: none.",
    ),
    (
        lambda folder: draw_masks(STREET, {"true": [*MASK, *MASK]}),
        ValueError,
        "`masks['true']` must have one entry for each of the 1 pictures. Received: 2.",
    ),
    (
        lambda folder: draw_masks(STREET, {"true": MASK[:, :3]}),
        ValueError,
        "`masks['true'][0]` must have the size of its picture, (4, 6). Received: (3, 6).",
    ),
    (
        lambda folder: draw_masks(STREET, {"true": MASK - 1}),
        ValueError,
        "`masks['true'][0]` must hold class ids from 0 to 255. Received: 12 others such as -1.",
    ),
    (
        lambda folder: draw_masks(STREET, {"true": MASK}, ["sky", "road"]),
        ValueError,
        "`class_names` must name every class up to 2. Received: 2 names. `masks` holds class 2.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
