"""Searches for hyperparameters: where the trials were and how good."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import check_array, check_count
from dlspec.plots._inputs import check_dict
from dlspec.plots._style import (
    INK,
    MUTED,
    SMALL,
    TEXT,
    WRONG,
    new_panels,
    plain_log_ticks,
    style_axes,
    wrap,
)

__all__ = ["search_scatter"]

COLORS = "viridis_r"
"""From pale for a low score to dark for a high one."""

Trials = tuple[np.ndarray, np.ndarray, np.ndarray]
Box = tuple[tuple[float, float], tuple[float, float]]


def search_scatter(
    searches: Mapping[str, Trials],
    *,
    title: str,
    labels: Sequence[str],
    score: str = "score",
    log: Sequence[bool] = (False, False),
    boxes: Mapping[str, Box] | None = None,
    columns: int = 2,
) -> Figure:
    """Trials of several searches side by side, the darker the better; a ring marks the best.

    All panels share their axes and colours.  Trials that failed are crosses.

    Args:
        searches: from panel title to (x, y, scores), three arrays (n,): two hyperparameters, and
            what came of them, larger is better, NaN or infinity for a failure.  With y = scores it
            is the view along one axis.
        title: above the figure.
        labels: what x and y are, with their units.
        score: what the scores are, with their unit.
        log: whether x and y are on logarithmic scales.
        boxes: from panel title to ((x_low, x_high), (y_low, y_high)), a part to frame.
        columns: panels in a row, at least 1.

    Returns:
        A figure with one pair of axes for each search, and a colour bar in the last axes.

    Raises:
        TypeError: not numbers, or no dictionaries.
        ValueError: shapes that do not fit, NaN or infinity but in the scores, no trial that
            succeeded, 0 or less on a logarithmic scale, a box without a panel.

    Example:
        >>> trials = [0.01, 0.1, 1], [8, 32, 16], [0.5, 0.9, float("nan")]
        >>> fig = search_scatter(
        ...     {"random": trials}, title="Search", labels=("alpha", "units"), log=(True, False)
        ... )
        >>> fig.axes[0].get_xscale(), fig.axes[0].get_yscale()
        ('log', 'linear')
    """
    checked = {
        key: _check_trials(f"searches['{key}']", value)
        for key, value in check_dict("searches", searches).items()
    }
    labels, log = _check_pair("labels", labels), _check_pair("log", log)
    boxes = _check_boxes(boxes, checked)
    _check_positive(checked, boxes, log)
    columns = check_count("columns", columns)
    scores = np.concatenate([s for _, _, s in checked.values()])
    if not np.isfinite(scores).any():
        received = f"{scores.size} failures"
        raise InvalidValue(sentence("searches", "hold a trial that succeeded", received))
    norm = Normalize(scores[np.isfinite(scores)].min(), scores[np.isfinite(scores)].max())
    fig, axes = new_panels(len(checked), columns, (3.5, 3.0), title, sharex=True, sharey=True)
    _set_scales(axes[0], checked, log)
    for i, (ax, (key, trials)) in enumerate(zip(axes, checked.items(), strict=True)):
        style_axes(ax, title=wrap(key, 36))
        points = _draw_trials(ax, *trials, norm)
        if key in boxes:
            (left, right), (low, high) = boxes[key]
            outline = [left, right, right, left, left], [low, low, high, high, low]
            ax.plot(*outline, color=WRONG, linewidth=1.5, linestyle="--")
        if i % columns == 0:
            ax.set_ylabel(labels[1])
        if i + columns >= len(axes):
            ax.set_xlabel(labels[0])
            ax.tick_params(labelbottom=True)
    bar = fig.colorbar(points, ax=axes, aspect=25, pad=0.02)
    bar.set_label(score, fontsize=TEXT, color=INK)
    bar.ax.tick_params(labelsize=SMALL, labelcolor=INK, color=INK)
    bar.outline.set_visible(False)
    _add_key(fig, failures=not np.isfinite(scores).all())
    return fig


def _check_trials(name: str, trials: object) -> Trials:
    if not isinstance(trials, Sequence) or len(trials) != 3:
        raise InvalidType(sentence(name, "be (x, y, scores)", type(trials).__name__))
    x = check_array(f"{name}[0]", trials[0], ("n",))
    shape, because = (("n", x.size),), f"`{name}[0]` sets n={x.size}"
    y = check_array(f"{name}[1]", trials[1], shape, because=because)
    return x, y, check_array(f"{name}[2]", trials[2], shape, because=because, finite=False)


def _check_pair(name: str, value: object) -> tuple:
    if isinstance(value, str) or not isinstance(value, Sequence) or len(value) != 2:
        raise InvalidValue(sentence(name, "be a pair, for x and for y", f"{value!r}"))
    return tuple(value)


def _check_boxes(boxes: object, panels: Mapping[str, Trials]) -> dict[str, np.ndarray]:
    if boxes is None:
        return {}
    checked = {}
    for key, box in check_dict("boxes", boxes).items():
        if key not in panels:
            raise InvalidValue(sentence("boxes", "name panels only", f"{key!r}"))
        checked[key] = check_array(f"boxes['{key}']", box, (2, 2))
    return checked


def _check_positive(
    searches: Mapping[str, Trials], boxes: Mapping[str, np.ndarray], log: tuple
) -> None:
    for axis in (0, 1):
        shown = [(f"searches['{key}'][{axis}]", trials[axis]) for key, trials in searches.items()]
        shown += [(f"boxes['{key}'][{axis}]", box[axis]) for key, box in boxes.items()]
        for name, values in shown:
            if log[axis] and values.min() <= 0:
                expected = "be above 0 on a logarithmic scale"
                raise InvalidValue(sentence(name, expected, f"{values.min():g}"))


def _set_scales(ax: Axes, searches: Mapping[str, Trials], log: tuple) -> None:
    for axis, name in enumerate("xy"):
        if log[axis]:
            ax.set(**{f"{name}scale": "log"})
            values = np.concatenate([trials[axis] for trials in searches.values()])
            plain_log_ticks(getattr(ax, f"{name}axis"), values, short=2)


def _draw_trials(ax: Axes, x: np.ndarray, y: np.ndarray, scores: np.ndarray, norm: Normalize):
    good = np.isfinite(scores)
    ax.plot(x[~good], y[~good], linestyle="", marker="x", color=MUTED, markersize=6)
    points = ax.scatter(
        x[good],
        y[good],
        c=scores[good],
        cmap=COLORS,
        norm=norm,
        s=45,
        edgecolor=MUTED,
        linewidth=0.6,
        zorder=3,
        clip_on=False,
    )
    if good.any():
        best = np.flatnonzero(good)[scores[good].argmax()]
        ax.plot(x[best], y[best], zorder=4, clip_on=False, **_RING)
    return points


_RING = {
    "linestyle": "",
    "marker": "o",
    "markersize": 14,
    "markerfacecolor": "none",
    "markeredgecolor": WRONG,
    "markeredgewidth": 2,
}


def _add_key(fig: Figure, failures: bool) -> None:
    """What ring and cross mean, below the panels."""
    handles, names = [Line2D([], [], **_RING | {"markersize": 10})], ["best of the panel"]
    if failures:
        handles.append(Line2D([], [], linestyle="", marker="x", color=MUTED, markersize=6))
        names.append("failed")
    fig.legend(
        handles,
        names,
        loc="outside lower center",
        ncols=2,
        fontsize=SMALL,
        labelcolor=INK,
        frameon=False,
    )
