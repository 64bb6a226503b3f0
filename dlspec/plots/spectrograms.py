"""Sound over time: a spectrogram, and below it curves over the same seconds."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dlspec._complaints import InvalidValue, sentence
from dlspec._validation import check_array, check_positive
from dlspec.plots._inputs import check_dict
from dlspec.plots._style import add_legend, color_of, dash_of, marker_of, new_figure, style_axes

__all__ = ["spectrogram"]

DECIBELS = 60
"""What lies so far below the loudest is drawn as silence."""


def spectrogram(
    power: np.ndarray,
    seconds: float,
    hertz: float,
    *,
    title: str,
    curves: Mapping[str, np.ndarray] | None = None,
    marks: Mapping[str, Sequence[float]] | None = None,
    ylabel: str = "probability",
) -> Figure:
    """Draw power by time and frequency in decibels, dark is quiet, with curves and marks below.

    Args:
        power: (frequencies, columns), 0 or above; the first row is 0 Hz.
        seconds: length of the sound, above 0.
        hertz: frequency of the last row, above 0.
        title: above the figure.
        curves: from label to numbers (n,) that are spread evenly over the seconds; each has its
            own n.  None draws no panel below.
        marks: from label to times in seconds, drawn as markers above the curves.
        ylabel: what the curves are, with their unit.

    Returns:
        A figure with one pair of axes, two with curves.

    Raises:
        TypeError: not numbers, `curves` or `marks` that are no dictionary.
        ValueError: shapes that do not fit, NaN, negative power, marks without curves.

    Example:
        >>> fig = spectrogram(np.eye(8), 10, 4000, title="Sound", curves={"y": [0, 1]})
        >>> len(fig.axes), fig.axes[1].lines[0].get_xdata().tolist()
        (2, [0.0, 10.0])
    """
    power = check_array("power", power, ("frequencies", "columns"))
    if power.min() < 0:
        raise InvalidValue(sentence("power", "be 0 or above", f"{power.min():g}"))
    seconds, hertz = check_positive("seconds", seconds), check_positive("hertz", hertz)
    if curves is None and marks is not None:
        raise InvalidValue(sentence("marks", "come with curves", "none"))
    below = {} if curves is None else check_dict("curves", curves)
    below = {k: check_array(f"curves['{k}']", v, ("n",)) for k, v in below.items()}
    times = {} if marks is None else check_dict("marks", marks)
    times = {k: np.asarray(v, float).reshape(-1) for k, v in times.items()}

    fig = new_figure(8.4, 4.6 if below else 2.8, title)
    if not below:
        top = fig.subplots()
    else:
        top, bottom = fig.subplots(2, 1, sharex=True, height_ratios=(1.2, 1))
        _draw_curves(bottom, below, times, seconds, ylabel)
    style_axes(top, xlabel="" if below else "time (s)", ylabel="frequency (kHz)", grid="")
    loudest = max(power.max(), np.finfo(float).tiny)
    decibels = 10 * np.log10(np.maximum(power / loudest, 10 ** (-DECIBELS / 10)))
    extent = (0, seconds, 0, hertz / 1000)
    top.imshow(decibels, origin="lower", aspect="auto", extent=extent, cmap="magma")
    return fig


def _draw_curves(
    ax: Axes,
    curves: dict[str, np.ndarray],
    marks: dict[str, np.ndarray],
    seconds: float,
    ylabel: str,
) -> None:
    style_axes(ax, xlabel="time (s)", ylabel=ylabel)
    for i, (label, values) in enumerate(curves.items()):
        x = np.linspace(0, seconds, values.size)
        style = {"color": color_of(i), "linestyle": dash_of(i // 7), "linewidth": 1.5}
        ax.plot(x, values, label=label, **style)
    low, high = ax.get_ylim()
    for i, (label, times) in enumerate(marks.items(), start=len(curves)):
        height = high + (high - low) * 0.08 * (1 + i - len(curves))
        style = {"color": color_of(i), "marker": marker_of(i), "linestyle": "", "markersize": 6}
        ax.plot(times, np.full(times.size, height), label=label, **style)
    add_legend(ax, ax.lines, [line.get_label() for line in ax.lines])
