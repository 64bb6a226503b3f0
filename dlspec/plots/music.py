"""Melodies as piano rolls, and how often what occurs in them."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from dlspec._complaints import InvalidValue, sentence
from dlspec._validation import check_array, check_finite
from dlspec.plots._inputs import check_dict
from dlspec.plots._style import (
    INK,
    MUTED,
    PALE,
    SMALL,
    add_legend,
    color_of,
    new_figure,
    style_axes,
)

__all__ = ["piano_roll", "share_columns"]

Chord = tuple[float, float, str, Sequence[int]]
MARGIN = 2
"""Semitones above the highest and below the lowest note."""


def piano_roll(
    melodies: Mapping[str, np.ndarray], chords: Sequence[Chord], *, title: str, bar: float = 4.0
) -> Figure:
    """Melodies over the same chords, one panel each: pitch against time.

    Pale rows are the tones of the chord; blue notes are among them, vermilion notes are not.

    Args:
        melodies: from panel title to notes (n, 3): onset (beats), duration (beats), pitch (60 is
            middle C).
        chords: (onset, duration, name, pitch classes of its tones) of each, in order.
        title: above the figure.
        bar: beats between two vertical lines.

    Returns:
        A figure with one pair of axes for each melody, on the same scales.

    Raises:
        TypeError: not a dictionary, or not numbers.
        ValueError: no melody, notes of another shape, no chords.

    Example:
        >>> chords = [(0, 4, "C", (0, 4, 7))]
        >>> fig = piano_roll({"up": [[0, 1, 60], [1, 1, 62]]}, chords, title="Two notes")
        >>> [text.get_text() for text in fig.axes[0].texts]
        ['C']
    """
    checked = {
        key: check_array(f"melodies['{key}']", value, ("n", 3))
        for key, value in check_dict("melodies", melodies).items()
    }
    if not chords:
        raise InvalidValue(sentence("chords", "hold at least one chord", "none"))
    pitches = np.concatenate([notes[:, 2] for notes in checked.values()])
    low, high = int(pitches.min()) - MARGIN, int(pitches.max()) + MARGIN
    end = chords[-1][0] + chords[-1][1]
    fig = new_figure(9.6, 0.9 + 2.2 * len(checked), title)
    axes = fig.subplots(len(checked), 1, sharex=True, sharey=True, squeeze=False)[:, 0]
    for ax, (name, notes) in zip(axes, checked.items(), strict=True):
        style_axes(ax, ylabel="pitch", grid="")
        ax.set_title(name, fontsize=SMALL + 1, color=INK, loc="left", pad=16)
        ax.set(xlim=(chords[0][0], end), ylim=(low - 0.5, high + 0.5))
        octaves = range(-(-low // 12) * 12, high + 1, 12)
        ax.set_yticks(octaves, [f"C{pitch // 12 - 1}" for pitch in octaves])
        ax.set_xticks(np.arange(chords[0][0], end + bar / 2, bar))
        _draw_chords(ax, chords, low, high)
        _draw_notes(ax, notes, chords)
    axes[-1].set_xlabel("time (beats)", fontsize=SMALL + 1, color=INK)
    kinds = [Patch(color=color_of(0)), Patch(color=color_of(1)), Patch(color=PALE)]
    add_legend(axes[0], kinds, ["tone of the chord", "other note", "where its tones are"])
    return fig


def _draw_chords(ax: Axes, chords: Sequence[Chord], low: int, high: int) -> None:
    bands = [
        Rectangle((onset, pitch - 0.5), duration, 1)
        for onset, duration, _, tones in chords
        for pitch in range(low, high + 1)
        if pitch % 12 in tones
    ]
    ax.add_collection(PatchCollection(bands, color=PALE, linewidth=0, zorder=1))
    for onset, _, name, _ in chords:
        ax.axvline(onset, color=MUTED, linewidth=0.6, zorder=2)
        ax.annotate(
            name,
            (onset, 1),
            xycoords=("data", "axes fraction"),
            xytext=(2, 3),
            textcoords="offset points",
            fontsize=SMALL,
            color=MUTED,
        )


def _draw_notes(ax: Axes, notes: np.ndarray, chords: Sequence[Chord]) -> None:
    begins = np.array([chord[0] for chord in chords])
    for onset, duration, pitch in notes:
        under = chords[max(int(np.searchsorted(begins, onset, side="right")) - 1, 0)]
        color = color_of(0 if int(pitch) % 12 in under[3] else 1)
        ax.add_patch(
            Rectangle((onset, pitch - 0.5), duration, 1, color=color, linewidth=0, zorder=3)
        )


def share_columns(panels: Mapping[str, Mapping[str, Mapping[str, float]]], *, title: str) -> Figure:
    """Distributions side by side: upright bars in groups, one panel for each thing counted.

    Args:
        panels: from what is counted to {series: {category: share from 0 to 1}}; all series of a
            panel have the same categories, all panels the same series.
        title: above the figure.

    Returns:
        A figure with one pair of axes for each panel; shares in per cent.

    Raises:
        TypeError: not dictionaries of numbers.
        ValueError: nothing to draw, categories that differ, NaN or infinity.

    Example:
        >>> shares = {"corpus": {"a": 0.5, "b": 0.5}, "network": {"a": 0.25, "b": 0.75}}
        >>> fig = share_columns({"letter": shares}, title="Letters")
        >>> [float(bar.get_height()) for bar in fig.axes[0].patches]
        [50.0, 50.0, 25.0, 75.0]
    """
    checked = {key: _check_panel(key, value) for key, value in check_dict("panels", panels).items()}
    most = max(len(next(iter(series.values()))) for series in checked.values())
    fig = new_figure(max(8.4, 2 + 0.36 * most), 0.7 + 2.1 * len(checked), title)
    axes = fig.subplots(len(checked), 1, squeeze=False)[:, 0]
    for ax, (name, series) in zip(axes, checked.items(), strict=True):
        categories = list(next(iter(series.values())))
        width = 0.8 / len(series)
        style_axes(ax, xlabel=name, ylabel="share (%)", grid="y")
        handles = []
        for i, shares in enumerate(series.values()):
            x = np.arange(len(categories)) + (i - (len(series) - 1) / 2) * width
            heights = [100 * share for share in shares.values()]
            handles.append(ax.bar(x, heights, width, color=color_of(i)))
        ax.set_xticks(range(len(categories)), categories)
        ax.tick_params(axis="x", length=0)
        if ax is axes[0]:
            add_legend(ax, handles, list(series))
    return fig


def _check_panel(key: str, panel: object) -> dict[str, dict[str, float]]:
    where = f"panels['{key}']"
    series = {
        name: {
            category: check_finite(f"{where}['{name}']['{category}']", share)
            for category, share in check_dict(f"{where}['{name}']", shares).items()
        }
        for name, shares in check_dict(where, panel).items()
    }
    first = list(next(iter(series.values())))
    for name, shares in series.items():
        if list(shares) != first:
            expected = f"have the categories of the first series, {first[:5]}"
            raise InvalidValue(sentence(f"{where}['{name}']", expected, list(shares)[:5]))
    return series
