"""What things cost, side by side: named points, and bars made of parts."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from dlspec._complaints import InvalidValue, sentence
from dlspec._validation import check_array, check_finite
from dlspec.plots._inputs import check_dict
from dlspec.plots._style import (
    INK,
    MUTED,
    SMALL,
    add_legend,
    color_of,
    new_figure,
    plain_log_ticks,
    style_axes,
    wrap,
)

__all__ = ["labelled_points", "stacked_bars"]

# Where a label can stand: points to the right and up, and how it is aligned; the nearest first.
PLACES = [
    (x * distance, y * distance, *alignment)
    for distance in (7, 18, 30, 44, 60)
    for x, y, alignment in (
        (1, 0, ("left", "center")),
        (-1, 0, ("right", "center")),
        (0, 1, ("center", "bottom")),
        (0, -1, ("center", "top")),
        (0.8, 0.8, ("left", "bottom")),
        (0.8, -0.8, ("left", "top")),
        (-0.8, 0.8, ("right", "bottom")),
        (-0.8, -0.8, ("right", "top")),
    )
]


def labelled_points(
    points: Mapping[str, Sequence[float]],
    *,
    title: str,
    xlabel: str,
    ylabel: str,
    log: bool = False,
) -> Figure:
    """Points of the plane, each with its name beside it where there is room.

    Args:
        points: from name to (x, y); a name may have several lines.
        title: above the figure.
        xlabel: what x is, with its unit.
        ylabel: what y is, with its unit.
        log: logarithmic scales; all numbers must be above 0.

    Returns:
        A figure with one pair of axes.

    Raises:
        TypeError: not a dictionary, or not numbers.
        ValueError: nothing to draw, not two numbers each, NaN or infinity, 0 or less on a
            logarithmic scale.

    Example:
        >>> points = {"small": (1, 70), "large": (20, 80)}
        >>> fig = labelled_points(points, title="Networks", xlabel="size", ylabel="accuracy")
        >>> [text.get_text() for text in fig.axes[0].texts]
        ['small', 'large']
    """
    checked = {
        key: check_array(f"points['{key}']", value, (2,))
        for key, value in check_dict("points", points).items()
    }
    places = np.array(list(checked.values()))
    if log and places.min() <= 0:
        expected = "be above 0 on a logarithmic scale"
        raise InvalidValue(sentence("points", expected, f"{places.min():g}", "Use log=False."))
    fig = new_figure(7.2, 5.0, title)
    ax = fig.subplots()
    style_axes(ax, xlabel=xlabel, ylabel=ylabel)
    if log:
        ax.set(xscale="log", yscale="log")
        plain_log_ticks(ax.xaxis, places[:, 0])
        plain_log_ticks(ax.yaxis, places[:, 1])
    for i, (x, y) in enumerate(places):
        ax.plot(x, y, "o", color=color_of(i), markersize=7, zorder=5)
    ax.margins(0.15)
    _write_names(fig, ax, checked)
    return fig


def _write_names(fig: Figure, ax: Axes, points: Mapping[str, np.ndarray]) -> None:
    """Each name at the nearest place where it covers no point and no other name."""
    fig.draw_without_rendering()
    dots = ax.transData.transform(np.array(list(points.values())))
    taken = []
    for name, point in points.items():
        text = ax.annotate(
            name,
            point,
            xytext=(0, 0),
            textcoords="offset points",
            fontsize=SMALL,
            color=INK,
            arrowprops={"arrowstyle": "-", "color": MUTED, "linewidth": 0.7, "shrinkB": 6},
        )
        text.set_in_layout(False)  # the axes stay where they are
        free = (place for place in PLACES if _is_free(_box(text, place), dots, taken, ax.bbox))
        taken.append(_box(text, next(free, PLACES[0])))


def _box(text, place):
    """Move a text; its box in pixels."""
    right, up, horizontal, vertical = place
    text.set(position=(right, up), ha=horizontal, va=vertical)
    text.get_window_extent()  # puts it there; the box counts the line to the point
    return Text.get_window_extent(text)


def _is_free(box, dots, taken, inside):
    covers = any(box.padded(4).contains(*dot) for dot in dots)
    whole = inside.contains(*box.min) and inside.contains(*box.max)
    return whole and not covers and not any(box.overlaps(other) for other in taken)


def stacked_bars(
    values: Mapping[str, Mapping[str, float]],
    *,
    title: str,
    xlabel: str,
    shares: bool = False,
) -> Figure:
    """Horizontal bars in the order given, each made of named parts in the order of the legend.

    Args:
        values: from name of the bar to {part: number of at least 0}; parts may be missing.  The
            first parts are drawn light, the last dark.
        title: above the figure.
        xlabel: what the numbers are, with their unit; with `shares` what 100 % is.
        shares: draw every bar as 100 %.

    Returns:
        A figure with one pair of axes.

    Raises:
        TypeError: not dictionaries of numbers.
        ValueError: nothing to draw, negative numbers, NaN or infinity, a bar of nothing but zeros.

    Example:
        >>> values = {"a": {"early": 1, "late": 3}, "b": {"late": 2}}
        >>> fig = stacked_bars(values, title="Time", xlabel="seconds")
        >>> [round(patch.get_width()) for patch in fig.axes[0].patches]
        [1, 0, 3, 2]
    """
    bars = {
        key: {
            part: check_finite(f"values['{key}']['{part}']", number)
            for part, number in check_dict(f"values['{key}']", parts).items()
        }
        for key, parts in check_dict("values", values).items()
    }
    for key, parts in bars.items():
        if min(parts.values()) < 0 or max(parts.values()) == 0:
            expected = "hold numbers of at least 0, one of them above"
            received = ", ".join(f"{number:g}" for number in parts.values())
            raise InvalidValue(sentence(f"values['{key}']", expected, received))
    if shares:
        bars = {
            key: {part: 100 * number / sum(parts.values()) for part, number in parts.items()}
            for key, parts in bars.items()
        }
    # In the order of the bar that has most parts, then as they come.
    longest = sorted(bars.values(), key=len, reverse=True)
    names = list(dict.fromkeys(part for parts in longest for part in parts))
    fig = new_figure(7.2, 1.2 + max(0.34 * len(bars), 0.22 * len(names)), title)
    ax = fig.subplots()
    style_axes(ax, xlabel=xlabel, grid="x")
    _draw_parts(ax, bars, names)
    if shares:
        ax.set_xlim(0, 100)
    return fig


def _draw_parts(ax: Axes, bars: dict[str, dict[str, float]], names: list[str]) -> None:
    shades = colormaps["viridis_r"](np.linspace(0.05, 0.95, len(names)))
    left = np.zeros(len(bars))
    handles = []
    for name, shade in zip(names, shades, strict=True):
        widths = np.array([parts.get(name, 0.0) for parts in bars.values()])
        handles.append(ax.barh(range(len(bars)), widths, left=left, height=0.75, color=shade))
        left += widths
    ax.set_yticks(range(len(bars)), [wrap(key, 30) for key in bars])
    ax.invert_yaxis()
    ax.tick_params(axis="y", length=0)
    add_legend(ax, handles, names)
