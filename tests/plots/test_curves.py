"""Curves hold exactly the numbers they were given."""

import numpy as np
import pytest

from dlspec._complaints import InvalidType, InvalidValue
from dlspec.plots import cost_curve, histograms, lines
from dlspec.plots._style import color_of
from tests.complaints import complaints_test

COSTS = [0.69, 0.5, 0.4]


def test_costs_stand_every_so_many_iterations_apart():
    (line,) = cost_curve(COSTS, every=100).axes[0].lines
    assert line.get_xdata().tolist() == [0, 100, 200]
    assert line.get_ydata().tolist() == COSTS


def test_the_axes_say_what_is_seen():
    fig = cost_curve(COSTS, title="Cat classifier", ylabel="cost (bits)")
    assert fig.get_suptitle() == "Cat classifier"
    assert fig.axes[0].get_xlabel() == "iteration"
    assert fig.axes[0].get_ylabel() == "cost (bits)"
    assert cost_curve(COSTS).axes[0].get_ylabel() == "cost (nats)"


def test_one_curve_needs_no_legend():
    assert cost_curve(COSTS).axes[0].get_legend() is None


def test_several_curves_of_different_lengths_have_a_legend_in_their_order():
    ax = cost_curve({"slow": COSTS, "fast": [0.7, 0.1]}, every=10).axes[0]
    assert [line.get_xdata().tolist() for line in ax.lines] == [[0, 10, 20], [0, 10]]
    assert [line.get_ydata().tolist() for line in ax.lines] == [COSTS, [0.7, 0.1]]
    assert [line.get_color() for line in ax.lines] == [color_of(0), color_of(1)]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["slow", "fast"]


@pytest.mark.parametrize(("n", "marker"), [(1, "o"), (30, "o"), (31, "")])
def test_few_points_are_marked(n, marker):
    assert cost_curve(np.ones(n)).axes[0].lines[0].get_marker() == marker


def test_iterations_are_whole_numbers_with_thousands_set_apart():
    axis = cost_curve(np.ones(3), every=1000).axes[0].xaxis
    assert axis.get_major_formatter()(12000, 0) == "12,000"
    few = cost_curve([0.7, 0.6]).axes[0].xaxis
    assert all(tick == round(tick) for tick in few.get_ticklocs())


@pytest.mark.parametrize("log", [False, True])
def test_the_cost_axis_is_logarithmic_on_request(log):
    ax = cost_curve(COSTS, log=log).axes[0]
    assert ax.get_yscale() == ("log" if log else "linear")
    if log:
        assert ax.yaxis.get_major_formatter()(0.05, 0) == "0.05"


@pytest.mark.parametrize("costs", [[0.5], [0.5, 0.5], [1e-9, 1e9]])
def test_a_logarithmic_axis_takes_any_range(costs):
    cost_curve(costs, log=True).draw_without_rendering()


def test_a_short_logarithmic_axis_has_ticks_between_the_powers_of_ten():
    short = cost_curve([0.6, 0.1], log=True).axes[0].yaxis
    assert {0.1, 0.2, 0.5} <= set(short.get_ticklocs().round(9))
    long = cost_curve([1, 1e-6], log=True).axes[0].yaxis
    assert all(
        np.log10(tick) == pytest.approx(round(np.log10(tick))) for tick in long.get_ticklocs()
    )


def test_lines_hold_every_series_over_x():
    x = np.array([-1.0, 0.0, 2.0])
    series = {"tanh": np.tanh(x), "ReLU": np.maximum(x, 0)}
    fig = lines(x, series, title="Activations", xlabel="z", ylabel="g(z)")
    (ax,) = fig.axes
    for line, values in zip(ax.lines, series.values(), strict=True):
        np.testing.assert_array_equal(line.get_xdata(), x)
        np.testing.assert_array_equal(line.get_ydata(), values)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["tanh", "ReLU"]
    assert fig.get_suptitle() == "Activations"
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("z", "g(z)")


@pytest.mark.parametrize(("marker", "drawn"), [(False, ["", ""]), (True, ["o", "s"])])
def test_lines_mark_points_on_request(marker, drawn):
    fig = lines([1, 2], {"a": [1, 2], "b": [2, 1]}, title="", xlabel="", ylabel="", marker=marker)
    assert [line.get_marker() for line in fig.axes[0].lines] == drawn


def test_a_single_point_is_always_marked():
    (ax,) = _lines([1], {"a": [2]}).axes
    assert ax.lines[0].get_marker() == "o"


def test_marked_curves_are_solid_and_others_show_through_the_next_one():
    x = np.arange(40)
    assert [line.get_linestyle() for line in _lines(x, {"a": x, "b": x}).axes[0].lines] == [
        "-",
        "--",
    ]
    marked = cost_curve({"a": [1, 0.5], "b": [1, 0.5]}).axes[0]
    assert [line.get_linestyle() for line in marked.lines] == ["-", "-"]


def _lines(x, series):
    return lines(x, series, title="t", xlabel="x", ylabel="y")


def _heights(ax):
    return [bar.get_height() for bar in ax.patches]


def test_histograms_count_every_number_in_its_bin():
    left, right = _histograms({"a": [0, 0, 1, 4], "b": [4.0]}, bins=4).axes
    assert _heights(left) == [50, 25, 0, 25]  # 0 to 1, 1 to 2, 2 to 3, 3 to 4
    assert _heights(right) == [0, 0, 0, 100]
    assert [bar.get_x() for bar in left.patches] == [0, 1, 2, 3]
    assert [bar.get_width() for bar in right.patches] == [1, 1, 1, 1]


def test_histograms_share_scales_and_only_outer_panels_name_them():
    fig = _histograms({"a": [0, 1], "b": [2], "c": [0, 2, 3]}, columns=2)
    assert len({ax.get_xlim() + ax.get_ylim() for ax in fig.axes}) == 1
    assert [ax.get_title() for ax in fig.axes] == ["a", "b", "c"]
    assert [ax.get_xlabel() for ax in fig.axes] == ["", "z", "z"]
    assert [ax.get_ylabel() for ax in fig.axes] == ["part (%)", "", "part (%)"]


def test_a_histogram_of_one_value_has_one_bar():
    (ax,) = _histograms({"a": [3, 3, 3]}).axes
    assert sorted(_heights(ax))[-2:] == [0, 100]


def _histograms(series, **options):
    return histograms(series, title="t", xlabel="z", **options)


COMPLAINTS = [
    (
        lambda tmp: _histograms([1, 2]),
        InvalidType,
        "`series` must be a dictionary. Received: list.",
    ),
    (
        lambda tmp: _histograms({"a": [[1, 2]]}),
        InvalidValue,
        "`series['a']` must have shape (n,). Received: (1, 2).",
    ),
    (
        lambda tmp: _histograms({"a": []}),
        InvalidValue,
        "`series['a']` must hold at least one number. Received: shape (0,).",
    ),
    (
        lambda tmp: _histograms({"a": [1]}, bins=0),
        InvalidValue,
        "`bins` must be at least 1. Received: 0.",
    ),
    (
        lambda tmp: _histograms({"a": [1]}, columns=0),
        InvalidValue,
        "`columns` must be at least 1. Received: 0.",
    ),
    (
        lambda tmp: cost_curve([]),
        InvalidValue,
        "`costs` must hold at least one number. Received: shape (0,).",
    ),
    (
        lambda tmp: cost_curve({}),
        InvalidValue,
        "`costs` must hold at least one entry. Received: an empty dictionary.",
    ),
    (
        lambda tmp: cost_curve([0.7, float("nan")]),
        InvalidValue,
        "`costs` must hold finite numbers only. Received: 1 NaN and 0 infinite of 2 values, the "
        "first at [1]. Remove or replace them.",
    ),
    (
        lambda tmp: cost_curve({"fast": [[0.7, 0.6]]}),
        InvalidValue,
        "`costs['fast']` must have shape (n,). Received: (1, 2).",
    ),
    (
        lambda tmp: cost_curve(["high", "low"]),
        InvalidType,
        "`costs` must be an array of real numbers. Received: list of dtype <U4.",
    ),
    (
        lambda tmp: cost_curve(COSTS, every=0),
        InvalidValue,
        "`every` must be at least 1. Received: 0.",
    ),
    (
        lambda tmp: cost_curve(COSTS, every=0.5),
        InvalidType,
        "`every` must be a whole number. Received: 0.5 (float).",
    ),
    (
        lambda tmp: cost_curve({"a": [0.5], "b": [0.5, 0]}, log=True),
        InvalidValue,
        "`costs['b']` must be above 0 on a logarithmic scale. Received: 0. Use log=False.",
    ),
    (
        lambda tmp: _lines([[1, 2]], {"a": [1, 2]}),
        InvalidValue,
        "`x` must have shape (n,). Received: (1, 2).",
    ),
    (
        lambda tmp: _lines([1, 2], {"a": [1, 2, 3]}),
        InvalidValue,
        "`series['a']` must have shape (n=2,). Received: (3,). `x` of shape (2,) sets n=2.",
    ),
    (
        lambda tmp: _lines([1, 2], [1, 2]),
        InvalidType,
        "`series` must be a dictionary. Received: list.",
    ),
    (
        lambda tmp: _lines([1, 2], {}),
        InvalidValue,
        "`series` must hold at least one entry. Received: an empty dictionary.",
    ),
]


test_complaints = complaints_test(COMPLAINTS)
