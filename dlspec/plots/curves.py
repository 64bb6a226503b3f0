"""Curves over an axis: the cost during training, functions, sweeps and distributions."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dlspec._complaints import InvalidValue, sentence
from dlspec._validation import check_array, check_count
from dlspec.plots._inputs import check_dict
from dlspec.plots._style import (
    add_legend,
    color_of,
    dash_of,
    marker_of,
    new_figure,
    new_panels,
    plain_log_ticks,
    style_axes,
    whole_numbers,
    wrap,
)

__all__ = ["cost_curve", "histograms", "lines"]

FEW = 30
"""Curves of at most so many points show each point."""


def cost_curve(
    costs: Sequence[float] | Mapping[str, Sequence[float]],
    *,
    every: int = 1,
    title: str = "Cost",
    ylabel: str = "cost (nats)",
    log: bool = False,
) -> Figure:
    """The cost during training, one curve or several.

    Number i of the costs stands at iteration i * every; up to 30 points are marked one by one.
    Several curves get a legend beside the axes.

    Args:
        costs: numbers (n,), n >= 1; or a dictionary from label to numbers, of any lengths.
        every: iterations between two costs, at least 1.
        title: above the figure.
        ylabel: what the numbers are, with their unit.
        log: draw the cost on a logarithmic scale; all costs must be above 0.

    Returns:
        A figure with one pair of axes.

    Raises:
        TypeError: costs that are not numbers, `every` that is not a whole number.
        ValueError: no costs, another rank, NaN or infinity, `every` below 1, a cost of 0 or less on
            a logarithmic scale.

    Example:
        >>> fig = cost_curve([0.69, 0.5, 0.4], every=100)
        >>> fig.axes[0].lines[0].get_xdata().tolist()
        [0, 100, 200]
    """
    every = check_count("every", every)
    curves = _check_costs(costs, log)
    fig = new_figure(6.4, 3.8, title)
    ax = fig.subplots()
    style_axes(ax, xlabel="iteration", ylabel=ylabel)
    for i, (label, values) in enumerate(curves.items()):
        _draw_line(ax, np.arange(values.size) * every, values, i, label, values.size <= FEW)
    whole_numbers(ax.xaxis)
    if log:
        ax.set_yscale("log")
        plain_log_ticks(ax.yaxis, np.concatenate(list(curves.values())))
    if isinstance(costs, Mapping):
        add_legend(ax, ax.lines, list(curves))
    return fig


def _check_costs(costs: object, log: bool) -> dict[str, np.ndarray]:
    if isinstance(costs, Mapping):
        named = {f"costs['{key}']": value for key, value in check_dict("costs", costs).items()}
        labels = list(check_dict("costs", costs))
    else:
        named, labels = {"costs": costs}, ["cost"]
    checked = [check_array(name, value, ("n",)) for name, value in named.items()]
    for name, values in zip(named, checked, strict=True):
        if log and values.min() <= 0:
            expected = "be above 0 on a logarithmic scale"
            raise InvalidValue(sentence(name, expected, f"{values.min():g}", "Use log=False."))
    return dict(zip(labels, checked, strict=True))


def _draw_line(
    ax: Axes, x: np.ndarray, y: np.ndarray, index: int, label: str, marker: bool
) -> None:
    ax.plot(
        x,
        y,
        color=color_of(index),
        linestyle="-" if marker else dash_of(index),
        linewidth=1.8,
        marker=marker_of(index) if marker else "",
        markersize=4,
        label=label,
    )


def lines(
    x: np.ndarray,
    series: Mapping[str, np.ndarray],
    *,
    title: str,
    xlabel: str,
    ylabel: str,
    marker: bool = False,
) -> Figure:
    """Several curves over one x: activations and their derivatives, sweeps.

    Args:
        x: numbers (n,).
        series: from label to numbers (n,); the legend keeps their order.
        title: above the figure.
        xlabel: what `x` is, with its unit.
        ylabel: what the curves are, with their unit.
        marker: mark every point, as a sweep over few values needs.

    Returns:
        A figure with one pair of axes.

    Raises:
        TypeError: not numbers, or `series` is not a dictionary.
        ValueError: shapes that do not fit, nothing to draw, NaN or infinity.

    Example:
        >>> x = np.linspace(-2, 2, 9)
        >>> fig = lines(x, {"tanh": np.tanh(x)}, title="Activation", xlabel="z", ylabel="a")
        >>> len(fig.axes[0].lines)
        1
    """
    x = check_array("x", x, ("n",))
    because = f"`x` of shape {x.shape} sets n={x.size}"
    checked = {
        key: check_array(f"series['{key}']", value, (("n", x.size),), because=because)
        for key, value in check_dict("series", series).items()
    }
    fig = new_figure(6.4, 3.8, title)
    ax = fig.subplots()
    style_axes(ax, xlabel=xlabel, ylabel=ylabel)
    for i, (label, values) in enumerate(checked.items()):
        _draw_line(ax, x, values, i, label, marker or x.size == 1)
    add_legend(ax, ax.lines, list(checked))
    return fig


def histograms(
    series: Mapping[str, np.ndarray],
    *,
    title: str,
    xlabel: str,
    bins: int = 40,
    columns: int = 3,
) -> Figure:
    """Distributions to compare, one panel each, all over the same bins and on the same scales.

    Args:
        series: from panel title to numbers (n,), n >= 1.
        title: above the figure.
        xlabel: what the numbers are, with their unit.
        bins: stretches of equal width from the smallest to the largest number of all.
        columns: panels in a row, at least 1.

    Returns:
        A figure with one pair of axes for each series; bars are parts of its numbers, in per cent.

    Raises:
        TypeError: not numbers, or `series` is not a dictionary.
        ValueError: shapes that do not fit, nothing to draw, NaN or infinity, counts below 1.

    Example:
        >>> fig = histograms({"a": [0, 0, 1], "b": [1]}, title="Two", xlabel="x", bins=2)
        >>> [round(float(bar.get_height()), 1) for bar in fig.axes[0].patches]
        [66.7, 33.3]
    """
    named = check_dict("series", series)
    checked = {key: check_array(f"series['{key}']", value, ("n",)) for key, value in named.items()}
    bins, columns = check_count("bins", bins), check_count("columns", columns)
    edges = np.histogram_bin_edges(np.concatenate(list(checked.values())), bins)
    fig, axes = new_panels(len(checked), columns, (2.9, 2.3), title, sharex=True, sharey=True)
    for i, (ax, (key, values)) in enumerate(zip(axes, checked.items(), strict=True)):
        style_axes(ax, title=wrap(key, 30))
        parts = 100 * np.histogram(values, edges)[0] / values.size
        ax.bar(edges[:-1], parts, np.diff(edges), align="edge", color=color_of(0))
        if i % columns == 0:
            ax.set_ylabel("part (%)")
        if i + columns >= len(axes):
            ax.set_xlabel(wrap(xlabel, 32))
            ax.tick_params(labelbottom=True)
    return fig
