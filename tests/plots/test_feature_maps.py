"""Maps of any size side by side."""

import numpy as np
import pytest

from dlspec._complaints import InvalidType, InvalidValue
from dlspec.plots import feature_maps
from tests.complaints import complaints_test

MAP = np.linspace(-2.0, 1.0, 12).reshape(3, 4)


def test_every_map_has_its_panel_and_its_own_greys():
    fig = feature_maps([MAP, 10 * MAP[:2, :2]], ["photo", "pooled"], title="Pooling")
    assert [ax.get_title() for ax in fig.axes] == ["photo", "pooled"]
    assert [ax.images[0].get_clim() for ax in fig.axes] == [(-2.0, 1.0), (-20.0, 10 * MAP[1, 1])]
    np.testing.assert_array_equal(fig.axes[0].images[0].get_array(), MAP)
    assert fig.get_suptitle() == "Pooling"


def test_diverging_maps_share_one_scale_around_zero():
    fig = feature_maps([MAP, MAP / 2], diverging=True)
    assert {ax.images[0].get_clim() for ax in fig.axes[:-1]} == {(-2.0, 2.0)}
    assert fig.axes[-1].get_ylabel() == "value"
    white = fig.axes[0].images[0]
    assert min(white.cmap(white.norm(0.0))) > 0.95


def test_maps_that_are_all_zero_are_white_when_diverging():
    assert feature_maps([np.zeros((2, 2))], diverging=True).axes[0].images[0].get_clim() == (-1, 1)


@pytest.mark.parametrize(
    ("picture", "drawn"),
    [
        (np.full((2, 2, 3), 0.25), 0.25),
        (np.full((2, 2, 3), 51, np.uint8), 0.2),
        (np.stack([np.full((2, 2), v) for v in (-1.0, 0.0, 3.0)], axis=2), [0, 0.25, 1]),
    ],
)
def test_colour_pictures_keep_their_colours(picture, drawn):
    shown = feature_maps([picture]).axes[0].images[0].get_array()
    np.testing.assert_allclose(shown, np.broadcast_to(drawn, (2, 2, 3)), rtol=1e-12)


def test_an_array_is_a_list_of_maps_and_the_limit_is_said():
    fig = feature_maps(np.ones((9, 2, 2)) * np.arange(9)[:, None, None], limit=4, title="Filters")
    assert len(fig.axes) == 4
    assert fig.get_suptitle() == "Filters (first 4 of 9)"


def test_rows_are_about_as_many_as_columns():
    fig = feature_maps(np.ones((9, 2, 2)))
    assert fig.axes[0].get_gridspec().get_geometry() == (3, 3)
    assert feature_maps(np.ones((9, 2, 2)), columns=9).axes[0].get_gridspec().ncols == 9


COMPLAINTS = [
    (
        lambda tmp: feature_maps("map"),
        InvalidType,
        "`maps` must be a list of arrays. Received: str.",
    ),
    (
        lambda tmp: feature_maps([]),
        InvalidValue,
        "`maps` must hold at least one map. Received: none.",
    ),
    (
        lambda tmp: feature_maps(np.ones((1, 4, 4, 8))),
        InvalidValue,
        "`maps[0]` must have shape (H, W) or (H, W, 3). Received: (4, 4, 8). A layer's output "
        "(1, H, W, C) gives its maps as np.moveaxis(A[0], -1, 0).",
    ),
    (
        lambda tmp: feature_maps([np.full((2, 2), np.nan)]),
        InvalidValue,
        "`maps[0]` must hold finite numbers only. Received: 4 NaN and 0 infinite of 4 values, the "
        "first at [0, 0]. Remove or replace them.",
    ),
    (
        lambda tmp: feature_maps([MAP], "photo"),
        InvalidType,
        "`names` must be a list of names. Received: str.",
    ),
    (
        lambda tmp: feature_maps([MAP], ["a", "b"]),
        InvalidValue,
        "`names` must name all 1 maps. Received: 2 names.",
    ),
    (
        lambda tmp: feature_maps([MAP], columns=-1),
        InvalidValue,
        "`columns` must be at least 1. Received: -1.",
    ),
    (
        lambda tmp: feature_maps([MAP], limit=0),
        InvalidValue,
        "`limit` must be at least 1. Received: 0.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
