"""The one look of all figures: palette, text sizes, light grid; all of it passed explicitly."""

import textwrap
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#4D4D4D")
"""Okabe and Ito's colours for all kinds of colour vision, less yellow: too pale on white."""
MARKERS = "os^DvPX"
DASHES = ("-", (0, (5, 1.5)))

INK = "#262626"
MUTED = "#595959"
PALE = "#E6E6E6"
RIGHT = "#005B8F"
WRONG = "#C04A00"

TITLE = 11
TEXT = 10
SMALL = 9

PAD = 0.09
"""Inches of white around every part."""


def color_of(index: int) -> str:
    """The colour of class, curve or group number `index`."""
    return PALETTE[index % len(PALETTE)]


def marker_of(index: int) -> str:
    """A marker that differs where colours repeat."""
    return MARKERS[(index + index // len(PALETTE)) % len(MARKERS)]


def dash_of(index: int) -> str | tuple:
    """A line style that differs where colours repeat, and shows a curve below the next one."""
    return DASHES[index % len(DASHES)]


def pale_rgb(index: int) -> np.ndarray:
    """The colour of class `index` mixed with white, for the region behind its points."""
    return 0.3 * np.array(to_rgb(color_of(index))) + 0.7


def new_figure(width: float, height: float, title: str, *, by_hand: bool = False) -> Figure:
    """A white figure of `width` x `height` inches under a title at the left.

    The layout makes room for all text, unless the caller places the axes `by_hand`.
    """
    fig = Figure(figsize=(width, height), dpi=120, facecolor="white")
    if by_hand:
        fig.set_layout_engine("none")
    else:
        fig.set_layout_engine("constrained", w_pad=PAD, h_pad=PAD)
    if title:
        place = {"x": PAD / width, "ha": "left"}
        if by_hand:  # the layout would take a given height as an order to leave no room
            place["y"] = 1 - PAD / height
        text = wrap_title(title, width)
        fig.suptitle(text, fontsize=TITLE, weight="bold", color=INK, **place)
    return fig


def wrap_title(title: str, width: float) -> str:
    """Break the title of a figure of `width` inches."""
    return wrap(title, 9.5 * width)


def wrap(text: str, width: float) -> str:
    """Break every line of `text` at `width` characters."""
    return "\n".join(textwrap.fill(line, max(8, int(width))) for line in text.split("\n"))


def new_panels(
    count: int, columns: int, cell: tuple[float, float], title: str, **subplots: object
) -> tuple[Figure, list[Axes]]:
    """`count` axes in rows of at most `columns`, each of `cell` inches; no empty ones."""
    columns = min(columns, count)
    rows = -(-count // columns)
    size = max(3.0, cell[0] * columns), cell[1] * rows + 0.3
    fig = new_figure(*size, title)
    axes = list(fig.subplots(rows, columns, squeeze=False, **subplots).flat)
    for spare in axes[count:]:
        spare.remove()
    return fig, axes[:count]


def style_axes(
    ax: Axes, *, title: str = "", xlabel: str = "", ylabel: str = "", grid: str = "both"
) -> None:
    """Light grid along `grid` ("x", "y", "both" or ""), no box, readable text."""
    ax.set_facecolor("white")
    ax.spines[["top", "right"]].set_visible(False)
    ax.spines[["left", "bottom"]].set(visible=True, color=MUTED, linewidth=0.8)
    ax.tick_params(which="both", labelsize=SMALL, labelcolor=INK, color=MUTED)
    ax.set_axisbelow(True)
    ax.grid(visible=False, which="both")
    if grid:
        ax.grid(visible=True, axis=grid, color=PALE, linewidth=0.8, linestyle="-", alpha=1)
    if title:
        ax.set_title(title, fontsize=TEXT, color=INK)
    ax.set_xlabel(xlabel, fontsize=TEXT, color=INK)
    ax.set_ylabel(ylabel, fontsize=TEXT, color=INK, labelpad=6)


def style_picture(ax: Axes, *, title: str = "", caption: str = "", color: str = INK) -> None:
    """No ticks and no frame: a picture with text above (`title`) or below (`caption`) it."""
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    ax.set_title(title, fontsize=SMALL, color=color)
    ax.set_xlabel(caption, fontsize=SMALL, color=color, labelpad=3)


def frame(ax: Axes, color: str) -> None:
    """A frame around a picture."""
    ax.spines[:].set(visible=True, color=color, linewidth=2.5)


def add_legend(ax: Axes, handles: Sequence, names: Sequence[str]) -> None:
    """A legend to the right of the axes, where it can hide nothing."""
    ax.legend(
        handles,
        [wrap(name, 24) for name in names],
        loc="upper left",
        bbox_to_anchor=(1.02, 1.0),
        borderaxespad=0,
        fontsize=SMALL,
        labelcolor=INK,
        frameon=False,
    )


def whole_numbers(axis: Axis) -> None:
    """Ticks at whole numbers only, with thousands set apart: 12,000."""
    axis.set_major_locator(MaxNLocator(nbins=8, integer=True))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))


def plain_log_ticks(axis: Axis, values: np.ndarray, short: float = 3) -> None:
    """Ticks of a logarithmic axis written as plain numbers: 0.05, not 5 x 10^-2.

    Below `short` powers of ten, 2 and 5 of each have a tick too.
    """
    decades = np.log10(values.max() / values.min())
    axis.set_major_locator(LogLocator(subs=(1, 2, 5) if decades < short else (1,)))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axis.set_minor_formatter(NullFormatter())


def percent(fraction: float) -> str:
    """A fraction as a percentage that says 0 % or 100 % only if it is exactly that.

    Example:
        >>> percent(0.874), percent(0.999), percent(1.0)
        ('87 %', '> 99 %', '100 %')
    """
    if 0.995 <= fraction < 1:
        return "> 99 %"
    if 0 < fraction < 0.005:
        return "< 1 %"
    return f"{100 * fraction:.0f} %"
