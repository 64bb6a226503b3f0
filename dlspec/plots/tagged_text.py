"""Text with coloured names: which words belong to which kind of entity."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Patch, Rectangle
from matplotlib.textpath import TextPath

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec.plots._style import INK, SMALL, TEXT, WRONG, color_of, new_figure, pale_rgb, wrap_title

__all__ = ["tagged_text"]

LINE = 0.26
"""Inches from one line to the next."""
SIDE = 0.15
CLOSING = (".", ",", ";", ":", "!", "?", ")")
FONT = FontProperties(family="DejaVu Sans", size=TEXT)


def tagged_text(
    texts: Sequence[Sequence[tuple[str, str]]],
    *,
    kinds: Sequence[str],
    wrong: Sequence[Sequence[bool]] | None = None,
    title: str = "",
    width: float = 8.0,
) -> Figure:
    """Paragraphs of words, each word of an entity on the colour of its kind.

    Args:
        texts: for each paragraph its words as (word, kind); the kind "" is no entity.
        kinds: names of the kinds, in the order of their colours.
        wrong: for each word of each paragraph whether it was taken for something it is not; such
            words are underlined.
        title: above the figure.
        width: inches.

    Returns:
        A figure with one pair of axes for the text, and a legend below it.

    Raises:
        TypeError: words that are no pairs of texts.
        ValueError: nothing to write, a kind that is not in `kinds`, marks of another count.

    Example:
        >>> fig = tagged_text([[("Ada", "NAME"), ("lives", "")]], kinds=["NAME"])
        >>> [text.get_text() for text in fig.axes[0].texts]
        ['Ada', 'lives']
    """
    _check(texts, kinds)
    marks = [[False] * len(words) for words in texts] if wrong is None else wrong
    if [len(row) for row in marks] != [len(words) for words in texts]:
        raise InvalidValue(sentence("wrong", "have one mark for each word", "another count"))
    places, lines = _set(texts, width - 2 * SIDE)
    legend = 0.4 + 0.24 * (-(-len(kinds) // _legend_columns(kinds, width)))
    top = 0.25 + 0.2 * (wrap_title(title, width).count("\n") + 1) if title else 0.1
    height = LINE * lines + legend + top
    fig = new_figure(width, height, title, by_hand=True)
    ax = fig.add_axes((SIDE / width, legend / height, 1 - 2 * SIDE / width, LINE * lines / height))
    ax.set(xlim=(0, width - 2 * SIDE), ylim=(LINE * lines, 0))
    ax.axis("off")
    words = [pair for paragraph in texts for pair in paragraph]
    flags = [flag for row in marks for flag in row]
    for (word, kind), flag, (x, line) in zip(words, flags, places, strict=True):
        _write(ax, word, x, line, list(kinds).index(kind) if kind else None, flag)
    patches = [
        Patch(facecolor=pale_rgb(i), edgecolor=color_of(i), label=kind)
        for i, kind in enumerate(kinds)
    ]
    fig.legend(
        handles=patches,
        loc="lower left",
        bbox_to_anchor=(SIDE / width, 0.02),
        ncols=_legend_columns(kinds, width),
        fontsize=SMALL,
        labelcolor=INK,
        frameon=False,
        borderaxespad=0.2,
    )
    return fig


def _legend_columns(kinds: Sequence[str], width: float) -> int:
    return max(1, min(len(kinds), int(width / (0.5 + 0.085 * max(map(len, kinds))))))


def _check(texts: object, kinds: Sequence[str]) -> None:
    if not texts or not all(texts):
        raise InvalidValue(sentence("texts", "hold paragraphs with words", "none"))
    for words in texts:
        for pair in words:
            if not (isinstance(pair, tuple) and [type(part) for part in pair] == [str, str]):
                raise InvalidType(sentence("texts", "hold pairs (word, kind)", repr(pair)))
            if pair[1] and pair[1] not in kinds:
                expected = f"hold kinds among {', '.join(kinds)}"
                raise InvalidValue(sentence("texts", expected, repr(pair[1])))


def _set(texts: Sequence[Sequence[tuple[str, str]]], room: float) -> tuple[list, int]:
    """Where each word stands, (inches from the left, line), and how many lines there are."""
    places, line, space = [], 0, 0.07
    for words in texts:
        x = 0.0
        for word, _ in words:
            length = _length(word)
            x -= 0.5 * space if x and word in CLOSING else 0
            if x and x + length > room:
                x, line = 0.0, line + 1
            places.append((x, line))
            x += length + space
        line += 2  # a blank line between paragraphs
    return places, line - 1


def _length(word: str) -> float:
    return TextPath((0, 0), word, prop=FONT).get_extents().width / 72 if word.strip() else 0.05


def _write(ax: Axes, word: str, x: float, line: int, kind: int | None, wrong: bool) -> None:
    y, length = LINE * (line + 0.5), _length(word)
    if kind is not None:
        box = Rectangle((x - 0.025, y - 0.1), length + 0.06, 0.2, color=pale_rgb(kind), lw=0)
        ax.add_patch(box)
    if wrong:
        ax.plot([x, x + length], [y + 0.1] * 2, color=WRONG, linewidth=1.6, solid_capstyle="butt")
    ax.text(x, y, word, va="center_baseline", color=INK, fontproperties=FONT)
