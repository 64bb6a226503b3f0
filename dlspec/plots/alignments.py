"""Where a network looks: attention as a picture, one row for each output."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dlspec._complaints import InvalidValue, sentence
from dlspec._validation import check_array
from dlspec.plots._style import INK, SMALL, TEXT, new_figure, style_axes, wrap, wrap_title

__all__ = ["alignment_maps"]

COLUMNS = 2
CELL = 0.17
"""Inches of a character."""


def alignment_maps(
    maps: Sequence[np.ndarray],
    inputs: Sequence[Sequence[str]],
    outputs: Sequence[Sequence[str]],
    *,
    captions: Sequence[str] | None = None,
    title: str = "Where the network looks",
) -> Figure:
    """Heat maps: columns are what was read, rows what was written, the darker the more looked at.

    Args:
        maps: attention weights, each (Ty, Tx), from 0 to 1.
        inputs: for each map Tx labels, such as a text of Tx characters.
        outputs: for each map Ty labels.
        captions: for each map what stands above it.
        title: above the figure.

    Returns:
        A figure with one panel for each map and a colour bar in the last axes.

    Raises:
        TypeError: not numbers.
        ValueError: no maps, lengths that do not fit, weights outside of [0, 1].

    Example:
        >>> fig = alignment_maps([[[0.9, 0.1], [0.2, 0.8]]], ["ab"], ["xy"])
        >>> [label.get_text() for label in fig.axes[0].get_xticklabels()]
        ['a', 'b']
    """
    checked = _check(maps, inputs, outputs)
    captions = [""] * len(checked) if captions is None else list(captions)
    if len(captions) != len(checked):
        expected = f"hold one text for each of the {len(checked)} maps"
        raise InvalidValue(sentence("captions", expected, len(captions)))
    columns = min(COLUMNS, len(checked))
    rows = -(-len(checked) // columns)
    Ty, Tx = (max(m.shape[axis] for m in checked) for axis in (0, 1))
    width = max(4.2, columns * (CELL * Tx + 0.5) + 0.8)
    captions = [wrap(caption, 8.5 * width / columns) for caption in captions]
    longest = max(len(str(label)) for labels in inputs for label in labels)
    lines = max(caption.count("\n") for caption in captions)
    height = CELL * Ty + 0.75 + 0.07 * longest + 0.2 * lines
    above = 0.4 + 0.2 * wrap_title(title, width).count("\n")
    fig = new_figure(width, rows * height + above, title)
    axes = list(fig.subplots(rows, columns, squeeze=False).flat)
    for spare in axes[len(checked) :]:
        spare.remove()
    axes = axes[: len(checked)]
    for ax, weights, read, written, caption in zip(
        axes, checked, inputs, outputs, captions, strict=True
    ):
        drawn = _draw(ax, weights, list(read), list(written))
        ax.set_title(caption, fontsize=SMALL, color=INK, loc="left")
    bar = fig.colorbar(drawn, ax=axes, aspect=25, pad=0.02, shrink=min(1.0, 0.4 + 0.6 / rows))
    bar.set_label("attention", fontsize=TEXT, color=INK)
    bar.ax.tick_params(labelsize=SMALL, labelcolor=INK, color=INK)
    bar.outline.set_visible(False)
    return fig


def _draw(ax: Axes, weights: np.ndarray, read: list[str], written: list[str]):
    drawn = ax.imshow(weights, cmap="Blues", vmin=0, vmax=1, interpolation="nearest")
    style_axes(ax, grid="")
    ax.set_anchor("NW")
    ax.spines[:].set_visible(False)
    long_labels = max(map(len, read)) > 1
    turn = {"rotation": 90} if long_labels else {}
    ax.set_xticks(range(len(read)), read, **turn)
    ax.set_yticks(range(len(written)), written)
    ax.tick_params(length=0, pad=2)
    for edge in np.arange(len(written) + 1) - 0.5:
        ax.axhline(edge, color="0.9", linewidth=0.5)
    for edge in np.arange(len(read) + 1) - 0.5:
        ax.axvline(edge, color="0.9", linewidth=0.5)
    return drawn


def _check(maps: object, inputs: Sequence, outputs: Sequence) -> list[np.ndarray]:
    checked = [check_array(f"maps[{i}]", m, ("Ty", "Tx")) for i, m in enumerate(maps)]
    if not checked:
        raise InvalidValue(sentence("maps", "hold at least one map", "none"))
    for name, labels, axis in (("inputs", inputs, 1), ("outputs", outputs, 0)):
        wanted, found = [m.shape[axis] for m in checked], [len(row) for row in labels]
        if wanted != found:
            expected = f"hold as many labels as the maps ask for, {wanted}"
            raise InvalidValue(sentence(name, expected, found))
    for i, m in enumerate(checked):
        if m.min() < 0 or m.max() > 1 + 1e-6:
            received = f"{m.min():g} to {m.max():g}"
            raise InvalidValue(sentence(f"maps[{i}]", "lie from 0 to 1", received))
    return checked
