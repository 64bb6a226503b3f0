"""Curves over an axis: the cost during training, functions and sweeps."""

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
    plain_log_ticks,
    style_axes,
    whole_numbers,
)

__all__ = ["cost_curve", "lines"]

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
