"""Where a network looks: attention weights as panels, queries down and keys across."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import check_array, check_count
from dlspec.plots._style import INK, SMALL, TEXT, new_panels, wrap

__all__ = ["attention_maps"]

CELL = 0.2
"""Inches of one weight."""
LETTER = 0.075
"""Inches of a letter, about."""


def attention_maps(
    maps: Sequence[np.ndarray],
    rows: Sequence[str] | Sequence[Sequence[str]],
    columns: Sequence[str] | Sequence[Sequence[str]],
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
        rows: the token of each query; a list of such lists, one for each map, where they differ.
        columns: the token of each key, alike.
        names: one for each map, above it.
        title: above the figure.
        panels: panels side by side, at least 1.
        labels: of the rows and of the columns.

    Returns:
        A figure with one pair of axes for each map and one for the colour bar.

    Raises:
        TypeError: maps or tokens that are no list, maps that are not numbers.
        ValueError: none, another shape, numbers out of range, names or lists of another count.

    Example:
        >>> fig = attention_maps([np.eye(2)], ["2", "0"], ["twenty", "and"], ["head 1"])
        >>> [text.get_text() for text in fig.axes[0].get_xticklabels()]
        ['twenty', 'and']
    """
    if not isinstance(maps, (Sequence, np.ndarray)) or isinstance(maps, (str, bytes)):
        raise InvalidType(sentence("maps", "be a list of arrays", type(maps).__name__))
    if len(maps) == 0:
        raise InvalidValue(sentence("maps", "hold at least one map", "none"))
    rows = _tokens_of_each("rows", rows, len(maps))
    columns = _tokens_of_each("columns", columns, len(maps))
    maps = [
        _check_map(f"maps[{i}]", weights, len(rows[i]), len(columns[i]))
        for i, weights in enumerate(maps)
    ]
    names = [""] * len(maps) if names is None else _check_tokens("names", names)
    if len(names) != len(maps):
        raise InvalidValue(sentence("names", f"name all {len(maps)} maps", f"{len(names)} names"))
    return _draw_all(maps, rows, columns, names, title, check_count("panels", panels), labels)


def _tokens_of_each(name: str, tokens: object, count: int) -> list[list[str]]:
    """One list of tokens for each map."""
    if not isinstance(tokens, (list, tuple)) or all(isinstance(token, str) for token in tokens):
        return [_check_tokens(name, tokens)] * count
    if len(tokens) != count:
        expected = f"be one list of texts, or one for each of the {count} maps"
        raise InvalidValue(sentence(name, expected, f"{len(tokens)} lists"))
    return [_check_tokens(f"{name}[{i}]", part) for i, part in enumerate(tokens)]


def _check_tokens(name: str, tokens: object) -> list[str]:
    if isinstance(tokens, (str, bytes)) or not isinstance(tokens, (Sequence, np.ndarray)):
        raise InvalidType(sentence(name, "be a list of texts", type(tokens).__name__))
    if len(tokens) == 0:
        raise InvalidValue(sentence(name, "hold at least one text", "none"))
    return [str(token) for token in tokens]


def _check_map(name: str, weights: object, rows: int, columns: int) -> np.ndarray:
    because = f"there are {rows} rows and {columns} columns"
    weights = check_array(name, weights, (("rows", rows), ("columns", columns)), because=because)
    if weights.min() < -1e-6 or weights.max() > 1 + 1e-6:
        received = f"{weights.min():g} to {weights.max():g}"
        raise InvalidValue(sentence(name, "hold numbers from 0 to 1", received))
    return weights


def _draw_all(
    maps: list[np.ndarray],
    rows: list[list[str]],
    columns: list[list[str]],
    names: list[str],
    title: str,
    panels: int,
    labels: tuple[str, str],
) -> Figure:
    left, below = (_inches(tokens) + 0.25 for tokens in (rows, columns))
    width = CELL * max(map(len, columns)) + left + 0.3
    width = max(width, 3.4 if len(maps) == 1 else 1.6)
    names = [wrap(name, 9 * width) for name in names]
    lines = 2 + max(name.count("\n") for name in names)
    height = max(1.2, CELL * max(map(len, rows)) + below + 0.2 * lines)
    fig, axes = new_panels(len(maps), panels, (width, height), title)
    aspect = "auto" if len({weights.shape for weights in maps}) == 1 else "equal"
    for ax, weights, down, across, name in zip(axes, maps, rows, columns, names, strict=True):
        drawn = _draw(ax, weights, down, across, aspect)
        ax.set_title(name, fontsize=SMALL, color=INK)
        ax.set_ylabel(labels[0], fontsize=TEXT, color=INK)
        ax.set_xlabel(labels[1], fontsize=TEXT, color=INK)
    bar = fig.colorbar(drawn, ax=axes, aspect=20, pad=0.02, panchor=False)
    bar.set_label("weight", fontsize=TEXT, color=INK)
    bar.ax.tick_params(labelsize=SMALL, labelcolor=INK, color=INK)
    bar.outline.set_visible(False)
    return fig


def _inches(tokens: list[list[str]]) -> float:
    """Room for the longest token."""
    return LETTER * max(len(token) for part in tokens for token in part)


def _draw(ax: Axes, weights: np.ndarray, rows: list[str], columns: list[str], aspect: str):
    drawn = ax.imshow(weights, cmap="Blues", vmin=0, vmax=1, aspect=aspect, interpolation="nearest")
    ax.set_anchor("NW")
    letters = max(map(len, columns)) == 1
    ax.set_xticks(range(len(columns)), columns, rotation=0 if letters else 90)
    ax.set_yticks(range(len(rows)), rows)
    ax.tick_params(labelsize=SMALL, labelcolor=INK, length=0, pad=2)
    ax.spines[:].set_visible(False)
    ax.grid(visible=False)
    for edge in _edges(len(rows)):
        ax.axhline(edge, color="0.9", linewidth=0.5)
    for edge in _edges(len(columns)):
        ax.axvline(edge, color="0.9", linewidth=0.5)
    return drawn


def _edges(count: int) -> list[float]:
    """Where cells 0 to count - 1 meet."""
    return [(a + b) / 2 for a, b in pairwise(range(count))]
