"""Named points and stacked bars: where things stand is what they are."""

import numpy as np
from matplotlib.text import Text

from dlspec._complaints import InvalidType, InvalidValue
from dlspec.plots import labelled_points, stacked_bars
from tests.complaints import complaints_test

POINTS = {"a": (1, 70), "b": (1.01, 70), "c": (20, 80), "a long name\nof two lines": (1, 70.2)}
VALUES = {"a": {"early": 1, "late": 3}, "b": {"late": 2}}


def points(values, **options):
    return labelled_points(values, title="t", xlabel="x", ylabel="y", **options)


def stacked(values, **options):
    return stacked_bars(values, title="t", xlabel="x", **options)


def test_points_stand_where_they_are():
    (ax,) = points(POINTS).axes
    np.testing.assert_allclose([line.get_xydata()[0] for line in ax.lines], list(POINTS.values()))
    assert [text.get_text() for text in ax.texts] == list(POINTS)
    assert [text.xy for text in ax.texts] == [tuple(p) for p in POINTS.values()]


def test_names_cover_no_other_name_and_no_point():
    crowd = {f"name {i}\n70 %": (10 + i % 3, 70 + 0.1 * i) for i in range(9)}
    fig = points(POINTS | crowd)
    fig.draw_without_rendering()
    (ax,) = fig.axes
    boxes = [Text.get_window_extent(text) for text in ax.texts]
    for i, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[:i])
        dots = ax.transData.transform(np.array(list((POINTS | crowd).values())))
        assert not any(box.contains(*dot) for dot in dots)


def test_logarithmic_points():
    (ax,) = points(POINTS, log=True).axes
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")


def edges(fig):
    """(left, right) of every part, bar by bar, in the order of the legend."""
    return [
        [(round(p.get_x(), 6), round(p.get_x() + p.get_width(), 6)) for p in parts]
        for parts in zip(*(c.patches for c in fig.axes[0].containers), strict=True)
    ]


def test_parts_follow_each_other():
    fig = stacked(VALUES)
    assert edges(fig) == [[(0, 1), (1, 4)], [(0, 0), (0, 2)]]
    names = [text.get_text() for text in fig.axes[0].get_legend().get_texts()]
    assert names == ["early", "late"]
    assert [text.get_text() for text in fig.axes[0].get_yticklabels()] == ["a", "b"]


def test_shares_end_at_100():
    assert edges(stacked(VALUES, shares=True)) == [[(0, 25), (25, 100)], [(0, 0), (0, 100)]]


def test_the_first_bar_stands_above():
    low, high = stacked(VALUES).axes[0].get_ylim()
    assert low > high


COMPLAINTS = [
    (
        lambda _: points([(1, 2)]),
        InvalidType,
        "`points` must be a dictionary. Received: list.",
    ),
    (
        lambda _: points({"a": (1, 2, 3)}),
        InvalidValue,
        "`points['a']` must have shape (2,). Received: (3,).",
    ),
    (
        lambda _: points({"a": (1, 0)}, log=True),
        InvalidValue,
        "`points` must be above 0 on a logarithmic scale. Received: 0. Use log=False.",
    ),
    (
        lambda _: stacked({"a": {"x": 1, "y": -1}}),
        InvalidValue,
        "`values['a']` must hold numbers of at least 0, one of them above. Received: 1, -1.",
    ),
    (
        lambda _: stacked({"a": {"x": 0}}),
        InvalidValue,
        "`values['a']` must hold numbers of at least 0, one of them above. Received: 0.",
    ),
    (
        lambda _: stacked({"a": 3}),
        InvalidType,
        "`values['a']` must be a dictionary. Received: int.",
    ),
    (
        lambda _: stacked({"a": {"x": float("nan")}}),
        InvalidValue,
        "`values['a']['x']` must be a finite number. Received: nan.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
