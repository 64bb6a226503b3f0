"""Paths lie on the contour lines of their surface."""

import numpy as np

from dlspec._complaints import InvalidType, InvalidValue
from dlspec.plots import descent_paths
from tests.complaints import complaints_test

PATH = np.array([[2.0, 1.0, 0.5, 0.25], [1.0, 0.0, 0.5, 0.0]])


def bowl(w):
    return w[0] ** 2 + 4 * w[1] ** 2


def test_every_path_has_a_panel_with_all_its_points():
    fig = descent_paths(bowl, {"one": PATH, "two": -PATH}, title="Down")
    assert fig.get_suptitle() == "Down"
    assert [ax.get_title() for ax in fig.axes] == ["one", "two"]
    for ax, path in zip(fig.axes, (PATH, -PATH), strict=True):
        np.testing.assert_array_equal(ax.lines[0].get_xydata(), path.T)
        np.testing.assert_array_equal(ax.lines[1].get_xydata(), path[:, :1].T)


def test_panels_share_limits_that_hold_every_point():
    fig = descent_paths(bowl, {"one": PATH, "two": 3 * PATH}, lowest=[-5.0, 0.0], columns=1)
    assert len({(ax.get_xlim(), ax.get_ylim()) for ax in fig.axes}) == 1
    (left, right), (bottom, top) = fig.axes[0].get_xlim(), fig.axes[0].get_ylim()
    assert left < -5
    assert right > 6
    assert bottom < 0
    assert top > 3


def test_contour_lines_follow_the_surface():
    ax = descent_paths(bowl, {"one": PATH}).axes[0]
    contours = ax.collections[0]
    for level, line in zip(contours.levels, contours.get_paths(), strict=True):
        np.testing.assert_allclose(bowl(line.vertices.T), level, rtol=0.03, atol=1e-3)


def test_the_lowest_point_is_marked():
    marked = descent_paths(bowl, {"one": PATH}, lowest=[0.0, 0.5]).axes[0].lines[-1]
    assert marked.get_marker() == "x"
    np.testing.assert_array_equal(marked.get_xydata(), [[0.0, 0.5]])


def test_heights_may_be_a_row_and_a_path_a_single_point():
    fig = descent_paths(lambda w: bowl(w)[None], {"start": PATH[:, :1]}, labels=("a", "b"))
    assert fig.axes[0].get_xlabel() == "a"
    assert fig.axes[0].get_ylabel() == "b"


COMPLAINTS = [
    (
        lambda tmp: descent_paths(bowl, [PATH]),
        InvalidType,
        "`paths` must be a dictionary. Received: list.",
    ),
    (
        lambda tmp: descent_paths(bowl, {"one": PATH.T}),
        InvalidValue,
        "`paths['one']` must have shape (2, steps). Received: (4, 2). Use paths['one'].T.",
    ),
    (
        lambda tmp: descent_paths(1.0, {"one": PATH}),
        InvalidType,
        "`surface` must be a function from points (2, k) to heights (k,). Received: float.",
    ),
    (
        lambda tmp: descent_paths(lambda w: w, {"one": PATH}, resolution=2),
        InvalidValue,
        "`surface` must return heights of shape (k=4,) or (1, k=4) for points (2, k=4). "
        "Received: (2, 4).",
    ),
    (
        lambda tmp: descent_paths(lambda w: 0 * w[0], {"one": PATH}),
        InvalidValue,
        "`surface` must rise and fall. Received: 0 everywhere.",
    ),
    (
        lambda tmp: descent_paths(lambda w: w[0] * np.nan, {"one": PATH}, resolution=2),
        InvalidValue,
        "`surface(points)` must hold finite numbers only. Received: 4 NaN and 0 infinite of 4 "
        "values, the first at [0]. Remove or replace them.",
    ),
    (
        lambda tmp: descent_paths(bowl, {"one": PATH}, lowest=[1.0]),
        InvalidValue,
        "`lowest` must have shape (2,). Received: (1,).",
    ),
    (
        lambda tmp: descent_paths(bowl, {"one": PATH}, labels="ab"),
        InvalidValue,
        "`labels` must hold the names of the two coordinates. Received: 'ab'.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
