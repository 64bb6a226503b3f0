"""Results as numbers: who was taken for whom, and bars to compare."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import check_finite
from dlspec.plots._inputs import check_class_ids, check_class_names, check_dict, class_name
from dlspec.plots._style import (
    INK,
    MUTED,
    SMALL,
    add_legend,
    color_of,
    new_figure,
    percent,
    plain_log_ticks,
    style_axes,
    wrap,
    wrap_title,
)

__all__ = ["bars", "confusion_matrix"]

MOST_CLASSES = 40
"""A larger matrix could not be read."""


def confusion_matrix(
    labels: np.ndarray,
    predictions: np.ndarray,
    *,
    class_names: Sequence[str] | None = None,
    title: str = "Confusion matrix",
) -> Figure:
    """How often each true class (row) was predicted as each class (column).

    A cell says how many and what part of its row; the darker, the larger that part.  The title ends
    with the accuracy.

    Args:
        labels: true class ids, (m,) or (1, m).
        predictions: predicted class ids, (m,) or (1, m).
        class_names: by class id, also of classes that do not occur; without it the ids up to the
            highest are shown.
        title: above the figure.

    Returns:
        A figure with one pair of axes.

    Raises:
        TypeError: not numbers, or names that are not a list.
        ValueError: lengths that differ, values that are not class ids, a class without a name, more
            than 40 classes.

    Example:
        >>> fig = confusion_matrix([0, 0, 1], [0, 1, 1])
        >>> [text.get_text() for text in fig.axes[0].texts]
        ['1\\n50 %', '1\\n50 %', '0\\n0 %', '1\\n100 %']
    """
    labels = check_class_ids("labels", labels)
    because = f"`labels` sets m={labels.size}"
    predictions = check_class_ids("predictions", predictions, labels.size, because)
    names = check_class_names(class_names, labels=labels, predictions=predictions)
    n = len(names) if names else int(max(labels.max(), predictions.max())) + 1
    if n > MOST_CLASSES:
        raise InvalidValue(sentence("labels", f"hold at most {MOST_CLASSES} classes", n))
    counts = np.bincount(n * labels + predictions, minlength=n * n).reshape(n, n)
    ticks = [class_name(names, c) for c in range(n)]
    right = int(np.trace(counts))
    width = 1.6 + 0.09 * max(map(len, ticks)) + max(0.72 * n, 2.2)
    accuracy = f"accuracy {100 * right / labels.size:.1f} % ({right} of {labels.size})"
    line = f"{title}: {accuracy}"
    fits = wrap_title(line, width) == line
    fig = new_figure(width, 1.3 + max(0.58 * n, 1.6), line if fits else f"{title}\n{accuracy}")
    _draw_counts(fig.subplots(), counts, ticks)
    return fig


def _draw_counts(ax: Axes, counts: np.ndarray, ticks: list[str]) -> None:
    """Cells shaded by their part of the row; a row without examples stays white."""
    n = len(counts)
    totals = counts.sum(axis=1, keepdims=True)
    parts = counts / np.maximum(totals, 1)
    ax.imshow(parts, cmap="Blues", vmin=0, vmax=1, aspect="auto", interpolation="nearest")
    style_axes(ax, xlabel="predicted class", ylabel="true class", grid="")
    ax.spines[:].set_visible(False)
    slanted = max(map(len, ticks)) > 9
    turn = {"rotation": 30, "ha": "right", "rotation_mode": "anchor"} if slanted else {}
    ax.set_xticks(range(n), ticks, **turn)
    ax.set_yticks(range(n), ticks)
    ax.tick_params(length=0)
    for edge in np.arange(n - 1) + 0.5:
        ax.axhline(edge, color="white", linewidth=1.5)
        ax.axvline(edge, color="white", linewidth=1.5)
    for (row, column), count in np.ndenumerate(counts):
        text = f"{count}\n{percent(parts[row, column])}" if totals[row, 0] else "0"
        color = _readable_on(np.array(colormaps["Blues"](parts[row, column])[:3]))
        ax.text(column, row, text, ha="center", va="center", fontsize=SMALL, color=color)


def _readable_on(rgb: np.ndarray) -> str:
    """Black or white, whichever stands out more: a contrast of 4.58 or better (WCAG 2)."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return "black" if linear @ (0.2126, 0.7152, 0.0722) > 0.179 else "white"


def bars(
    values: Mapping[str, float] | Mapping[str, Mapping[str, float]],
    *,
    title: str,
    xlabel: str,
    log: bool = False,
    reference: float | tuple[str, float] | None = None,
    fmt: str = "{:.3g}",
) -> Figure:
    """Horizontal bars in the order given, each with its number at the end.

    Args:
        values: from name to number; or from group to {name: number}, where a name has one colour in
            all groups and may be missing from some.
        title: above the figure.
        xlabel: what the numbers are, with their unit.
        log: a logarithmic scale; all numbers must be above 0.
        reference: a number to compare with, or (label, number); a dashed line under its label.
        fmt: how the numbers are written.

    Returns:
        A figure with one pair of axes.

    Raises:
        TypeError: not a dictionary, or values that are not numbers.
        ValueError: nothing to draw, NaN or infinity, 0 or less on a logarithmic scale, a `fmt` that
            cannot write a number.

    Example:
        >>> fig = bars({"ours": 0.5, "theirs": 2}, title="Time", xlabel="seconds", reference=1)
        >>> [text.get_text() for text in fig.axes[0].texts]
        ['0.5', '2', 'reference 1']
    """
    groups = _check_bars(values)
    mark = _check_reference(reference)
    _check_format(fmt)
    numbers = np.array([value for group in groups.values() for value in group.values()])
    shown = numbers if mark is None else np.append(numbers, mark[1])
    if log and shown.min() <= 0:
        name = "values" if numbers.min() <= 0 else "reference"
        expected = "be above 0 on a logarithmic scale"
        raise InvalidValue(sentence(name, expected, f"{shown.min():g}", "Use log=False."))
    fig = new_figure(6.8, 1.1 + 0.28 * numbers.size + 0.12 * len(groups), title)
    ax = fig.subplots()
    style_axes(ax, xlabel=xlabel, grid="x")
    _set_range(ax, shown, log)
    handles = _draw_bars(ax, groups, fmt)
    if mark is not None:
        _draw_reference(ax, f"{mark[0]} {fmt.format(mark[1])}", mark[1])
    if handles:
        add_legend(ax, list(handles.values()), list(handles))
    return fig


def _check_bars(values: object) -> dict[str, dict[str, float]]:
    """Return groups of named numbers; plain bars are groups of one without a name."""
    values = check_dict("values", values)
    nested = [isinstance(value, Mapping) for value in values.values()]
    if any(nested) and not all(nested):
        plain = list(values)[nested.index(False)]
        expected = "hold numbers only or dictionaries only"
        raise InvalidType(sentence("values", expected, f"both, '{plain}' is no dictionary"))
    if not any(nested):
        return {key: {"": check_finite(f"values['{key}']", v)} for key, v in values.items()}
    return {
        key: {
            name: check_finite(f"values['{key}']['{name}']", v)
            for name, v in check_dict(f"values['{key}']", group).items()
        }
        for key, group in values.items()
    }


def _check_reference(reference: object) -> tuple[str, float] | None:
    if reference is None:
        return None
    if not isinstance(reference, tuple):
        return "reference", check_finite("reference", reference)
    if len(reference) != 2:
        raise InvalidValue(sentence("reference", "be a number or (label, number)", reference))
    return str(reference[0]), check_finite("reference[1]", reference[1])


def _check_format(fmt: object) -> None:
    try:
        fits = fmt.format(1.0) != fmt.format(2.0)
    except (AttributeError, ValueError, LookupError):
        fits = False
    if not fits:
        raise InvalidValue(sentence("fmt", 'write one number, such as "{:.3g}"', f"{fmt!r}"))


def _set_range(ax: Axes, shown: np.ndarray, log: bool) -> None:
    """Leave room for the numbers at the ends of the bars."""
    if log:
        span = max(shown.max() / shown.min(), 10)
        ax.set_xscale("log")
        ax.set_xlim(shown.min() / span**0.15, shown.max() * span**0.15)
        plain_log_ticks(ax.xaxis, shown, short=2)
        return
    low, high = min(shown.min(), 0), max(shown.max(), 0)
    room = 0.12 * (high - low) or 1
    ax.set_xlim(low - room if low < 0 else 0, high + room if high > 0 or low == 0 else 0)


def _draw_bars(ax: Axes, groups: dict[str, dict[str, float]], fmt: str) -> dict[str, object]:
    """Draw all bars from the top; return one handle for each name, none for plain bars."""
    names = list(dict.fromkeys(name for group in groups.values() for name in group))
    handles, centers, y = {}, [], 0.0
    for group in groups.values():
        centers.append(y + (len(group) - 1) / 2)
        for name, value in group.items():
            color = color_of(names.index(name))
            handles[name] = ax.barh(y, value, height=0.8, color=color)
            _write_number(ax, value, y, fmt)
            y += 1
        y += 0.4
    ax.set_yticks(centers, [wrap(key, 30) for key in groups])
    ax.set_ylim(y - 0.4 - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    if ax.get_xlim()[0] < 0:
        ax.spines["left"].set_visible(False)
        ax.axvline(0, color=MUTED, linewidth=0.8)
    return {} if names == [""] else handles


def _write_number(ax: Axes, value: float, y: float, fmt: str) -> None:
    side = -1 if value < 0 else 1
    ax.annotate(
        fmt.format(value),
        (value, y),
        xytext=(4 * side, 0),
        textcoords="offset points",
        ha="left" if side > 0 else "right",
        va="center",
        fontsize=SMALL,
        color=INK,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
        zorder=4,
    )


def _draw_reference(ax: Axes, label: str, value: float) -> None:
    ax.axvline(value, color=INK, linewidth=1.2, linestyle="--", zorder=3)
    ax.annotate(
        label,
        (value, 1),
        xycoords=("data", "axes fraction"),
        xytext=(0, 4),
        textcoords="offset points",
        ha="center",
        va="bottom",
        fontsize=SMALL,
        color=INK,
    )
