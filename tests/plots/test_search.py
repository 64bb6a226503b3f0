"""Trials stand where they were tried, in the colour of their score."""

import numpy as np
import pytest

from dlspec._complaints import InvalidType, InvalidValue
from dlspec.plots import search_scatter
from tests.complaints import complaints_test

NAN = float("nan")
GRID = [0.01, 0.01, 1.0, 1.0], [8, 32, 8, 32], [0.5, 0.7, 0.9, NAN]
RANDOM = [0.02, 0.3, 0.1], [9, 30, 17], [0.6, 0.8, 0.2]


def _scatter(searches, **options):
    return search_scatter(searches, **{"title": "t", "labels": ("alpha", "units")} | options)


def _points(ax):
    return ax.collections[0]


def test_trials_stand_at_their_hyperparameters_one_panel_each_search():
    *panels, _ = _scatter({"grid": GRID, "random": RANDOM}).axes
    assert [ax.get_title() for ax in panels] == ["grid", "random"]
    expected = [[(0.01, 8), (0.01, 32), (1, 8)], [(0.02, 9), (0.3, 30), (0.1, 17)]]
    for ax, points in zip(panels, expected, strict=True):
        np.testing.assert_array_equal(_points(ax).get_offsets(), points)


def test_all_panels_share_axes_and_colours():
    left, right, bar = _scatter({"grid": GRID, "random": RANDOM}, score="accuracy").axes
    assert left.get_xlim() == right.get_xlim()
    assert left.get_ylim() == right.get_ylim()
    for ax in (left, right):
        norm = _points(ax).norm
        assert (norm.vmin, norm.vmax) == (0.2, 0.9)
    assert bar.get_ylabel() == "accuracy"


def test_the_higher_the_score_the_darker():
    fig = _scatter({"random": RANDOM})
    fig.draw_without_rendering()
    brightness = _points(fig.axes[0]).get_facecolor()[:, :3].sum(axis=1)
    assert brightness.argsort().tolist() == [1, 0, 2]


def _marks(ax, marker):
    return [
        point
        for line in ax.lines
        if line.get_marker() == marker
        for point in zip(line.get_xdata(), line.get_ydata(), strict=True)
    ]


def test_a_ring_marks_the_best_of_each_panel_and_crosses_the_failures():
    grid, random, _ = _scatter({"grid": GRID, "random": RANDOM}).axes
    assert _marks(grid, "o") == [(1.0, 8)]
    assert _marks(random, "o") == [(0.3, 30)]
    assert _marks(grid, "x") == [(1.0, 32)]
    assert _marks(random, "x") == []


@pytest.mark.parametrize(
    ("searches", "names"),
    [({"grid": GRID}, ["best of the panel", "failed"]), ({"r": RANDOM}, ["best of the panel"])],
)
def test_the_key_names_what_is_there(searches, names):
    (legend,) = _scatter(searches).legends
    assert [text.get_text() for text in legend.get_texts()] == names


def test_a_panel_of_failures_has_crosses_only():
    failures = [0.1, 0.2], [1, 2], [NAN, -np.inf]
    panel = _scatter({"a": failures, "b": RANDOM}).axes[0]
    assert len(_marks(panel, "x")) == 2
    assert _marks(panel, "o") == []


def test_axes_are_logarithmic_on_request_and_in_plain_numbers():
    ax = _scatter({"grid": GRID}, log=(True, False)).axes[0]
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "linear")
    assert ax.xaxis.get_major_formatter()(0.05, 0) == "0.05"
    assert _scatter({"grid": GRID}, log=(False, True)).axes[0].get_yscale() == "log"


def test_a_box_frames_a_part_of_its_panel():
    box = ((0.05, 0.5), (10, 20))
    without, framed, _ = _scatter({"a": GRID, "b": RANDOM}, boxes={"b": box}).axes
    (outline,) = [line for line in framed.lines if line.get_linestyle() == "--"]
    assert set(outline.get_xdata()) == set(box[0])
    assert set(outline.get_ydata()) == set(box[1])
    assert not [line for line in without.lines if line.get_linestyle() == "--"]


def test_only_outer_panels_name_the_axes():
    axes = _scatter({name: RANDOM for name in "abc"}).axes[:3]
    assert [ax.get_xlabel() for ax in axes] == ["", "alpha", "alpha"]
    assert [ax.get_ylabel() for ax in axes] == ["units", "", "units"]


COMPLAINTS = [
    (
        lambda tmp: _scatter([GRID]),
        InvalidType,
        "`searches` must be a dictionary. Received: list.",
    ),
    (
        lambda tmp: _scatter({"grid": 1.0}),
        InvalidType,
        "`searches['grid']` must be (x, y, scores). Received: float.",
    ),
    (
        lambda tmp: _scatter({"grid": (GRID[0], RANDOM[1], GRID[2])}),
        InvalidValue,
        "`searches['grid'][1]` must have shape (n=4,). Received: (3,). `searches['grid'][0]` sets "
        "n=4.",
    ),
    (
        lambda tmp: _scatter({"a": ([1.0], [1.0], [NAN])}),
        InvalidValue,
        "`searches` must hold a trial that succeeded. Received: 1 failures.",
    ),
    (
        lambda tmp: _scatter({"a": RANDOM}, labels="xy"),
        InvalidValue,
        "`labels` must be a pair, for x and for y. Received: 'xy'.",
    ),
    (
        lambda tmp: _scatter({"a": RANDOM}, log=(True,)),
        InvalidValue,
        "`log` must be a pair, for x and for y. Received: (True,).",
    ),
    (
        lambda tmp: _scatter({"a": ([0, 1], [1, 2], [1, 2])}, log=(True, False)),
        InvalidValue,
        "`searches['a'][0]` must be above 0 on a logarithmic scale. Received: 0.",
    ),
    (
        lambda tmp: _scatter({"a": RANDOM}, boxes={"a": ((-1, 1), (1, 2))}, log=(True, False)),
        InvalidValue,
        "`boxes['a'][0]` must be above 0 on a logarithmic scale. Received: -1.",
    ),
    (
        lambda tmp: _scatter({"a": RANDOM}, boxes={"b": ((0, 1), (1, 2))}),
        InvalidValue,
        "`boxes` must name panels only. Received: 'b'.",
    ),
    (
        lambda tmp: _scatter({"a": RANDOM}, boxes={"a": (0, 1, 1, 2)}),
        InvalidValue,
        "`boxes['a']` must have shape (2, 2). Received: (4,).",
    ),
    (
        lambda tmp: _scatter({"a": RANDOM}, columns=0),
        InvalidValue,
        "`columns` must be at least 1. Received: 0.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
