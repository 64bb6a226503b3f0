"""Points of the plane in the colours of their classes, and the regions a classifier makes of it."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import check_array, check_count
from dlspec.plots._inputs import check_class_ids, check_class_names, check_dict, class_name
from dlspec.plots._style import (
    MUTED,
    SMALL,
    add_legend,
    color_of,
    marker_of,
    new_figure,
    new_panels,
    pale_rgb,
    style_axes,
    wrap,
)

__all__ = ["decision_boundaries", "decision_boundary", "scatter", "scatters"]

Predict = Callable[[np.ndarray], np.ndarray]

MARGIN = 0.08
"""Room around the points, as a fraction of their range."""


def scatter(
    X: np.ndarray,
    Y: np.ndarray,
    *,
    title: str = "Data",
    labels: Sequence[str] = ("x1", "x2"),
    class_names: Sequence[str] | None = None,
) -> Figure:
    """Points of the plane in the colours of their classes.

    Args:
        X: points (2, m).
        Y: class ids 0, 1, 2, ... of shape (1, m) or (m,).
        title: above the figure.
        labels: what the two coordinates are, with their units.
        class_names: by class id; without it the legend says "class 0", "class 1", ...

    Returns:
        A figure with one pair of axes.

    Raises:
        TypeError: not numbers, or names that are not a list.
        ValueError: shapes that do not fit, NaN or infinity, labels that are not class ids, a class
            without a name, not two axis labels.

    Example:
        >>> fig = scatter(np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([[0, 1]]))
        >>> [text.get_text() for text in fig.axes[0].get_legend().get_texts()]
        ['class 0', 'class 1']
    """
    X, Y = _check_points(X, Y)
    names = check_class_names(class_names, Y=Y)
    xlabel, ylabel = _check_axis_labels(labels)
    fig = new_figure(5.6, 4.5, title)
    ax = fig.subplots()
    style_axes(ax, xlabel=xlabel, ylabel=ylabel)
    _draw_points(ax, X, Y)
    _add_class_legend(ax, Y, names)
    return fig


def scatters(
    datasets: Mapping[str, tuple[np.ndarray, np.ndarray]],
    *,
    columns: int = 3,
    title: str = "Data sets",
    labels: Sequence[str] = ("x1", "x2"),
    class_names: Sequence[str] | None = None,
) -> Figure:
    """Several sets of points side by side, each on axes of its own scale.

    Args:
        datasets: from panel title to (X, Y), as for `scatter`.
        columns: panels in a row, at least 1.
        title, labels, class_names: as for `scatter`.

    Returns:
        A figure with one pair of axes for each data set.

    Raises:
        TypeError, ValueError: as `scatter`; no data set, an entry that is not a pair (X, Y).

    Example:
        >>> X, Y = np.eye(2), np.array([[0, 1]])
        >>> [ax.get_title() for ax in scatters({"one": (X, Y), "two": (X, 1 - Y)}).axes]
        ['one', 'two']
    """
    checked = _check_datasets(datasets)
    all_ids = np.concatenate([Y for _, Y in checked.values()])
    names = check_class_names(class_names, Y=all_ids)
    axis_labels = _check_axis_labels(labels)
    columns = check_count("columns", columns)
    fig, axes = new_panels(len(checked), columns, (2.7, 2.5), title)
    for i, (ax, (key, (X, Y))) in enumerate(zip(axes, checked.items(), strict=True)):
        style_axes(ax, title=wrap(key, 28))
        _label_outside(ax, axis_labels, i, columns, len(axes))
        _draw_points(ax, X, Y)
    _add_class_legend(axes[:columns][-1], all_ids, names)
    return fig


def decision_boundary(
    predict: Predict,
    X: np.ndarray,
    Y: np.ndarray,
    *,
    title: str = "Decision boundary",
    resolution: int = 200,
    labels: Sequence[str] = ("x1", "x2"),
    class_names: Sequence[str] | None = None,
) -> Figure:
    """The region of every class in a pale colour, the points on top in the full one.

    `predict` is asked once, for a grid of resolution x resolution points around the data.

    Args:
        predict: from points (2, k) to class ids, 0/1 or booleans of shape (1, k) or (k,).
        X: points (2, m).
        Y: class ids 0, 1, 2, ... of shape (1, m) or (m,).
        title: above the figure.
        resolution: points along each side of the grid, at least 2.
        labels: what the two coordinates are, with their units.
        class_names: by class id; without it the legend says "class 0", "class 1", ...

    Returns:
        A figure with one pair of axes.

    Raises:
        TypeError, ValueError: as `scatter`; `predict` is not a function, or returns another shape
            or something else than class ids.

    Example:
        >>> X, Y = np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([[0, 1]])
        >>> fig = decision_boundary(lambda points: points[0] > 0.5, X, Y)
        >>> len(fig.axes)
        1
    """
    X, Y = _check_points(X, Y)
    xlabel, ylabel = _check_axis_labels(labels)
    extent, regions = _predict_grid("predict", predict, X, check_count("resolution", resolution, 2))
    names = check_class_names(class_names, Y=Y, predict=regions)
    fig = new_figure(5.6, 4.5, title)
    ax = fig.subplots()
    style_axes(ax, xlabel=xlabel, ylabel=ylabel, grid="")
    _draw_regions(ax, regions, extent)
    _draw_points(ax, X, Y, limits=extent)
    _add_class_legend(ax, np.concatenate([Y, regions.ravel()]), names)
    return fig


def decision_boundaries(
    predictors: Mapping[str, Predict],
    X: np.ndarray,
    Y: np.ndarray,
    *,
    columns: int = 4,
    title: str = "Decision boundaries",
    resolution: int = 200,
    labels: Sequence[str] = ("x1", "x2"),
    class_names: Sequence[str] | None = None,
) -> Figure:
    """The same points under several classifiers, side by side on the same axes.

    Args:
        predictors: from panel title to a function, as for `decision_boundary`.
        X: points (2, m).
        Y: class ids 0, 1, 2, ... of shape (1, m) or (m,).
        columns: panels in a row, at least 1.
        title, resolution, labels, class_names: as for `decision_boundary`.

    Returns:
        A figure with one pair of axes for each classifier.

    Raises:
        TypeError, ValueError: as `decision_boundary`; no classifier.

    Example:
        >>> X, Y = np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([[0, 1]])
        >>> rules = {"x1": lambda points: points[0] > 0.5, "x2": lambda points: points[1] < 0.5}
        >>> [ax.get_title() for ax in decision_boundaries(rules, X, Y).axes]
        ['x1', 'x2']
    """
    X, Y = _check_points(X, Y)
    axis_labels = _check_axis_labels(labels)
    resolution = check_count("resolution", resolution, 2)
    columns = check_count("columns", columns)
    grids = {
        key: _predict_grid(f"predictors['{key}']", predict, X, resolution)
        for key, predict in check_dict("predictors", predictors).items()
    }
    predicted = np.concatenate([regions.ravel() for _, regions in grids.values()])
    names = check_class_names(class_names, Y=Y, predictors=predicted)
    fig, axes = new_panels(len(grids), columns, (2.4, 2.4), title, sharex=True, sharey=True)
    for i, (ax, (key, (extent, regions))) in enumerate(zip(axes, grids.items(), strict=True)):
        style_axes(ax, title=wrap(key, 26), grid="")
        _label_outside(ax, axis_labels, i, columns, len(axes))
        ax.tick_params(labelbottom=i + columns >= len(axes))
        _draw_regions(ax, regions, extent)
        _draw_points(ax, X, Y, limits=extent, size=9)
    _add_class_legend(axes[:columns][-1], np.concatenate([Y, predicted]), names)
    return fig


def _check_points(
    X: object, Y: object, names: tuple[str, str] = ("X", "Y")
) -> tuple[np.ndarray, np.ndarray]:
    X = check_array(names[0], X, (2, "m"))
    because = f"`{names[0]}` of shape {X.shape} sets m={X.shape[1]}"
    return X, check_class_ids(names[1], Y, X.shape[1], because)


def _check_datasets(datasets: object) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    checked = {}
    for key, pair in check_dict("datasets", datasets).items():
        name = f"datasets['{key}']"
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            raise InvalidType(sentence(name, "be a pair (X, Y)", type(pair).__name__))
        checked[key] = _check_points(*pair, names=(f"{name}[0]", f"{name}[1]"))
    return checked


def _check_axis_labels(labels: object) -> tuple[str, str]:
    if isinstance(labels, str) or not isinstance(labels, Sequence) or len(labels) != 2:
        expected = "hold the names of the two coordinates"
        raise InvalidValue(sentence("labels", expected, f"{labels!r}"))
    return str(labels[0]), str(labels[1])


def _predict_grid(
    name: str, predict: object, X: np.ndarray, resolution: int
) -> tuple[tuple[float, float, float, float], np.ndarray]:
    """Ask `predict` for a grid; return its extent and the class ids (resolution, resolution)."""
    if not callable(predict):
        expected = "be a function from points (2, k) to class ids (1, k)"
        raise InvalidType(sentence(name, expected, type(predict).__name__))
    extent = _extent(X)
    x1 = np.linspace(extent[0], extent[1], resolution)
    x2 = np.linspace(extent[2], extent[3], resolution)
    grid = np.stack(np.meshgrid(x1, x2)).reshape(2, -1)
    result = np.asarray(predict(grid))
    k = grid.shape[1]
    if result.shape not in ((k,), (1, k)):
        expected = f"return class ids of shape (1, k={k}) or (k={k},) for points (2, k={k})"
        raise InvalidValue(sentence(name, expected, result.shape))
    advice = "Use (A > 0.5) for probabilities A."
    ids = check_class_ids(f"{name}(points)", result, k, advice=advice)
    return extent, ids.reshape(resolution, resolution)


def _extent(X: np.ndarray) -> tuple[float, float, float, float]:
    low, high = X.min(axis=1), X.max(axis=1)
    room = np.where(high > low, MARGIN * (high - low), 0.5)
    return low[0] - room[0], high[0] + room[0], low[1] - room[1], high[1] + room[1]


def _draw_regions(ax: Axes, regions: np.ndarray, extent: tuple[float, float, float, float]) -> None:
    present = np.unique(regions)
    colors = np.stack([pale_rgb(c) for c in present])
    picture = colors[np.searchsorted(present, regions)]
    ax.imshow(picture, origin="lower", extent=extent, aspect="auto", interpolation="nearest")
    x1 = np.linspace(extent[0], extent[1], regions.shape[1])
    x2 = np.linspace(extent[2], extent[3], regions.shape[0])
    for c in present[1:]:
        ax.contour(x1, x2, regions == c, levels=[0.5], colors=MUTED, linewidths=0.8)


def _draw_points(
    ax: Axes,
    X: np.ndarray,
    Y: np.ndarray,
    limits: tuple[float, float, float, float] | None = None,
    size: float = 20,
) -> None:
    for c in np.unique(Y):
        ax.scatter(
            *X[:, c == Y],
            s=size,
            color=color_of(c),
            marker=marker_of(c),
            edgecolors="white",
            linewidths=0.4,
            zorder=3,
        )
    limits = limits or _extent(X)
    ax.set(xlim=limits[:2], ylim=limits[2:], box_aspect=1)
    ax.locator_params(nbins=6)


def _label_outside(ax: Axes, labels: tuple[str, str], index: int, columns: int, count: int) -> None:
    """Name the coordinates below the last panel of a column and left of the first of a row."""
    if index + columns >= count:
        ax.set_xlabel(labels[0])
    if index % columns == 0:
        ax.set_ylabel(labels[1])


def _add_class_legend(ax: Axes, ids: np.ndarray, names: list[str] | None) -> None:
    present = np.unique(ids)
    handles = [
        Line2D([], [], linestyle="", marker=marker_of(c), color=color_of(c), markersize=SMALL - 3)
        for c in present
    ]
    add_legend(ax, handles, [class_name(names, c) if names else f"class {c}" for c in present])
