"""The way that an optimizer takes down a surface over two parameters."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import check_array, check_count
from dlspec.plots._inputs import check_dict
from dlspec.plots._style import MUTED, PALETTE, new_panels, style_axes, wrap
from dlspec.plots.boundaries import _check_axis_labels, _extent, _label_outside

__all__ = ["descent_paths"]

LEVELS = 12
"""Contour lines; their heights grow with the square, evenly spaced on a round bowl."""


def descent_paths(
    surface: Callable[[np.ndarray], np.ndarray],
    paths: Mapping[str, np.ndarray],
    *,
    lowest: Sequence[float] | None = None,
    columns: int = 2,
    title: str = "Paths of descent",
    resolution: int = 120,
    labels: Sequence[str] = ("w1", "w2"),
) -> Figure:
    """Ways down a surface over two parameters, side by side on the same contour lines.

    Every step is a dot, the start a circle.  `surface` is asked once, for a grid around all paths.

    Args:
        surface: from points (2, k) to heights (k,) or (1, k).
        paths: from panel title to the points of a path (2, steps), the start first.
        lowest: where the surface is lowest, two numbers; marked by a cross.
        columns: panels in a row, at least 1.
        title: above the figure.
        resolution: points along each side of the grid, at least 2.
        labels: what the two parameters are.

    Returns:
        A figure with one pair of axes for each path.

    Raises:
        TypeError: not numbers, `paths` that is not a dictionary, `surface` that is not a function.
        ValueError: no path, shapes that do not fit, NaN or infinity, not two labels.

    Example:
        >>> path = np.array([[2.0, 1.0, 0.5], [1.0, 0.0, 0.0]])
        >>> fig = descent_paths(lambda w: (w**2).sum(axis=0), {"halving": path})
        >>> fig.axes[0].get_title()
        'halving'
    """
    checked = {
        key: check_array(f"paths['{key}']", path, (2, "steps"))
        for key, path in check_dict("paths", paths).items()
    }
    lowest = None if lowest is None else check_array("lowest", lowest, (2,))
    columns = check_count("columns", columns)
    axis_labels = _check_axis_labels(labels)
    marks = [] if lowest is None else [lowest[:, None]]
    extent = _extent(np.hstack([*checked.values(), *marks]))
    grid = _ask(surface, extent, check_count("resolution", resolution, 2))
    levels = _levels(grid[2])
    fig, axes = new_panels(len(checked), columns, (3.4, 2.7), title, sharex=True, sharey=True)
    for i, (ax, (key, path)) in enumerate(zip(axes, checked.items(), strict=True)):
        style_axes(ax, title=wrap(key, 38), grid="")
        _label_outside(ax, axis_labels, i, columns, len(axes))
        ax.tick_params(labelbottom=i + columns >= len(axes))
        ax.contour(*grid, levels=levels, colors=MUTED, linewidths=0.6, alpha=0.6)
        ax.plot(*path, color=PALETTE[0], linewidth=1.2, marker="o", markersize=2.5)
        ax.plot(*path[:, :1], color=PALETTE[0], marker="o", markersize=7, fillstyle="none")
        if lowest is not None:
            ax.plot(*lowest[:, None], color=PALETTE[1], marker="x", markersize=7, linestyle="")
        ax.set(xlim=extent[:2], ylim=extent[2:])
    return fig


def _ask(surface: object, extent: tuple, resolution: int) -> tuple[np.ndarray, ...]:
    """Both coordinates and the heights (resolution, resolution)."""
    if not callable(surface):
        expected = "be a function from points (2, k) to heights (k,)"
        raise InvalidType(sentence("surface", expected, type(surface).__name__))
    x1 = np.linspace(extent[0], extent[1], resolution)
    x2 = np.linspace(extent[2], extent[3], resolution)
    grid = np.stack(np.meshgrid(x1, x2)).reshape(2, -1)
    heights = np.asarray(surface(grid))
    k = grid.shape[1]
    if heights.shape not in ((k,), (1, k)):
        expected = f"return heights of shape (k={k},) or (1, k={k}) for points (2, k={k})"
        raise InvalidValue(sentence("surface", expected, heights.shape))
    heights = check_array("surface(points)", heights.reshape(-1))
    return x1, x2, heights.reshape(resolution, resolution)


def _levels(heights: np.ndarray) -> np.ndarray:
    low, high = heights.min(), heights.max()
    if low == high:
        raise InvalidValue(sentence("surface", "rise and fall", f"{low:g} everywhere"))
    return low + (high - low) * (np.arange(1, LEVELS + 1) / (LEVELS + 1)) ** 2
