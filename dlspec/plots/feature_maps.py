"""What a convolutional layer sees: filters, feature maps and filtered pictures as panels."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import check_array, check_count
from dlspec.plots._style import INK, SMALL, TEXT, new_panels, style_picture, wrap

__all__ = ["feature_maps"]

WIDTH = 1.3
"""Inches of a panel, when there are many."""
WIDE = 2.2
"""Inches of a panel, when there are few."""
FEW = 6
LINE = 0.2
"""Inches of a line of text above it."""


def feature_maps(
    maps: Sequence[np.ndarray],
    names: Sequence[str] | None = None,
    *,
    title: str = "",
    columns: int | None = None,
    diverging: bool = False,
    limit: int = 64,
) -> Figure:
    """Maps and pictures side by side, such as a photo and what each filter makes of it.

    A map is drawn in greys from its smallest number, black, to its largest, white; with `diverging`
    all maps share one scale around zero, blue below and red above, with a colour bar.  A colour
    picture is drawn as it is, floats between its smallest and largest number.

    Args:
        maps: of shape (H, W) each, or (H, W, 3) for a colour picture; sizes may differ.  An array
            (k, H, W) is k maps.
        names: one for each map, above it.
        title: above the figure.
        columns: panels in a row, at least 1; None makes the rows about as many as the columns.
        diverging: for numbers whose sign matters, such as weights or edges.
        limit: panels at most; the title says "first 64 of 128" when there are more.

    Returns:
        A figure with one pair of axes for each map, and one for the colour bar if there is one.

    Raises:
        TypeError: maps or names that are no list, maps that are not numbers.
        ValueError: none, another shape, NaN or infinity, names of another count.

    Example:
        >>> fig = feature_maps([np.eye(4), np.eye(2)], ["photo", "pooled"])
        >>> [ax.get_title() for ax in fig.axes]
        ['photo', 'pooled']
    """
    panels = _check_maps(maps)
    names = _check_names(names, len(panels))
    limit = check_count("limit", limit)
    columns = 8 if columns is None and len(panels) > 32 else columns or _near_square(len(panels))
    columns = check_count("columns", columns)
    if len(panels) > limit:
        cut = f"first {limit} of {len(panels)}"
        title = f"{title} ({cut})" if title else cut
        panels, names = panels[:limit], names[:limit]
    return _draw(panels, names, title, columns, diverging)


def _near_square(count: int) -> int:
    return min(8, int(np.ceil(np.sqrt(count))))


def _check_maps(maps: object) -> list[np.ndarray]:
    if not isinstance(maps, (Sequence, np.ndarray)) or isinstance(maps, (str, bytes)):
        raise InvalidType(sentence("maps", "be a list of arrays", type(maps).__name__))
    if len(maps) == 0:
        raise InvalidValue(sentence("maps", "hold at least one map", "none"))
    panels = [check_array(f"maps[{i}]", panel) for i, panel in enumerate(maps)]
    for i, panel in enumerate(panels):
        if panel.ndim not in (2, 3) or panel.shape[2:] not in ((), (3,)) or panel.size == 0:
            advice = "A layer's output (1, H, W, C) gives its maps as np.moveaxis(A[0], -1, 0)."
            expected = "have shape (H, W) or (H, W, 3)"
            raise InvalidValue(sentence(f"maps[{i}]", expected, panel.shape, advice))
    return panels


def _check_names(names: object, count: int) -> list[str]:
    if names is None:
        return [""] * count
    if isinstance(names, (str, bytes)) or not isinstance(names, (Sequence, np.ndarray)):
        raise InvalidType(sentence("names", "be a list of names", type(names).__name__))
    if len(names) != count:
        raise InvalidValue(sentence("names", f"name all {count} maps", f"{len(names)} names"))
    return [str(name) for name in names]


def _draw(
    panels: list[np.ndarray], names: list[str], title: str, columns: int, diverging: bool
) -> Figure:
    width = WIDE if len(panels) <= FEW else WIDTH
    names = [wrap(name, 9 * width) for name in names]
    lines = max(name.count("\n") + 1 if name else 0 for name in names)
    tallest = max(panel.shape[0] / panel.shape[1] for panel in panels)
    cell = width, width * min(max(tallest, 0.7), 3) + LINE * lines
    fig, axes = new_panels(len(panels), columns, cell, title)
    grey = [panel for panel in panels if panel.ndim == 2]
    strongest = max((np.abs(panel).max() for panel in grey), default=0.0) or 1.0
    signed = {"cmap": "RdBu_r", "vmin": -strongest, "vmax": strongest}
    for ax, panel, name in zip(axes, panels, names, strict=True):
        if panel.ndim == 3:
            ax.imshow(_stretched(panel), interpolation="nearest")
        else:
            drawn = ax.imshow(
                panel, interpolation="nearest", **signed if diverging else {"cmap": "gray"}
            )
        style_picture(ax, title=name)
    if diverging and grey:
        bar = fig.colorbar(drawn, ax=axes, aspect=15, pad=0.02)
        bar.set_label("value", fontsize=TEXT, color=INK)
        bar.ax.tick_params(labelsize=SMALL, labelcolor=INK, color=INK)
        bar.outline.set_visible(False)
    return fig


def _stretched(picture: np.ndarray) -> np.ndarray:
    """A colour picture in 0..1: whole numbers 0..255 as they are, others from least to largest."""
    low, high = picture.min(), picture.max()
    if low >= 0 and high <= 1:
        return picture
    if low >= 0 and high <= 255 and np.array_equal(picture, np.round(picture)):
        return picture / 255
    return (picture - low) / (high - low)
