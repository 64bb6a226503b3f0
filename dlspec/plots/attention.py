"""Where each token looks: attention weights as panels, queries down and keys across."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import check_array, check_count
from dlspec.plots._style import INK, SMALL, TEXT, new_panels, wrap

__all__ = ["attention_maps"]

CELL = 0.22
"""Inches of one weight."""
LETTER = 0.075
"""Inches of a letter, about."""


def attention_maps(
    maps: Sequence[np.ndarray],
    rows: Sequence[str],
    columns: Sequence[str],
    names: Sequence[str] | None = None,
    *,
    title: str = "",
    panels: int = 4,
    labels: tuple[str, str] = ("", ""),
) -> Figure:
    """Weights from 0, white, to 1, dark blue; all panels share the scale.

    Args:
        maps: of shape (rows, columns) each, numbers from 0 to 1; an array (k, rows, columns) is k
            maps, such as the heads of a layer.
        rows: the token of each query.
        columns: the token of each key.
        names: one for each map, above it.
        title: above the figure.
        panels: panels side by side, at least 1.
        labels: of the rows and of the columns.

    Returns:
        A figure with one pair of axes for each map and one for the colour bar.

    Raises:
        TypeError: maps or tokens that are no list, maps that are not numbers.
        ValueError: none, another shape, numbers out of range, names of another count.

    Example:
        >>> fig = attention_maps([np.eye(2)], ["2", "0"], ["twenty", "and"], ["head 1"])
        >>> [text.get_text() for text in fig.axes[0].get_xticklabels()]
        ['twenty', 'and']
    """
    rows, columns = _check_tokens("rows", rows), _check_tokens("columns", columns)
    maps = _check_maps(maps, (len(rows), len(columns)))
    names = [""] * len(maps) if names is None else _check_tokens("names", names)
    if len(names) != len(maps):
        raise InvalidValue(sentence("names", f"name all {len(maps)} maps", f"{len(names)} names"))
    return _draw(maps, rows, columns, names, title, check_count("panels", panels), labels)


def _check_tokens(name: str, tokens: object) -> list[str]:
    if isinstance(tokens, (str, bytes)) or not isinstance(tokens, (Sequence, np.ndarray)):
        raise InvalidType(sentence(name, "be a list of texts", type(tokens).__name__))
    if len(tokens) == 0:
        raise InvalidValue(sentence(name, "hold at least one text", "none"))
    return [str(token) for token in tokens]


def _check_maps(maps: object, shape: tuple[int, int]) -> list[np.ndarray]:
    if not isinstance(maps, (Sequence, np.ndarray)) or isinstance(maps, (str, bytes)):
        raise InvalidType(sentence("maps", "be a list of arrays", type(maps).__name__))
    if len(maps) == 0:
        raise InvalidValue(sentence("maps", "hold at least one map", "none"))
    because = f"there are {shape[0]} rows and {shape[1]} columns"
    wanted = ("rows", shape[0]), ("columns", shape[1])
    checked = [check_array(f"maps[{i}]", m, wanted, because=because) for i, m in enumerate(maps)]
    for i, weights in enumerate(checked):
        if weights.min() < -1e-6 or weights.max() > 1 + 1e-6:
            received = f"{weights.min():g} to {weights.max():g}"
            raise InvalidValue(sentence(f"maps[{i}]", "hold numbers from 0 to 1", received))
    return checked


def _draw(
    maps: list[np.ndarray],
    rows: list[str],
    columns: list[str],
    names: list[str],
    title: str,
    panels: int,
    labels: tuple[str, str],
) -> Figure:
    left, below = (LETTER * max(map(len, tokens)) + 0.25 for tokens in (rows, columns))
    width = CELL * len(columns) + left + 0.3
    width = max(width, 3.4 if len(maps) == 1 else 1.6)
    names = [wrap(name, 9 * width) for name in names]
    height = CELL * len(rows) + below + 0.2 * (2 + max(name.count("\n") for name in names))
    fig, axes = new_panels(len(maps), panels, (width, max(height, 1.2)), title)
    for ax, weights, name in zip(axes, maps, names, strict=True):
        drawn = ax.imshow(
            weights, cmap="Blues", vmin=0, vmax=1, aspect="auto", interpolation="nearest"
        )
        ax.set_title(name, fontsize=SMALL, color=INK)
        ax.set_xticks(range(len(columns)), columns, rotation=90)
        ax.set_yticks(range(len(rows)), rows)
        ax.tick_params(labelsize=SMALL, labelcolor=INK, length=0)
        ax.set_ylabel(labels[0], fontsize=TEXT, color=INK)
        ax.set_xlabel(labels[1], fontsize=TEXT, color=INK)
        ax.spines[:].set_visible(False)
        ax.grid(visible=False)
    bar = fig.colorbar(drawn, ax=axes, aspect=15, pad=0.02)
    bar.set_label("weight", fontsize=TEXT, color=INK)
    bar.ax.tick_params(labelsize=SMALL, labelcolor=INK, color=INK)
    bar.outline.set_visible(False)
    return fig
