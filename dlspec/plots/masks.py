"""Pictures with the class of every pixel in colours."""

import colorsys
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from dlspec._complaints import InvalidValue, sentence
from dlspec._validation import check_array, check_count, check_fraction
from dlspec.plots._inputs import check_class_names, check_dict, check_picture, class_name
from dlspec.plots._style import INK, MUTED, PALETTE, SMALL, new_panels, style_picture

__all__ = ["VOID", "draw_masks", "mask_colors"]

VOID = 255
"""Id of pixels that belong to no class; they are left white."""
WIDTH, ROW = 2.3, 7.6
"""Inches of a picture and of a row, at least."""
YELLOW = "#F0E442"
"""Of Okabe and Ito's too: beside other colours, not on white, it can be seen."""
GOLDEN = 0.6180339887  # of a turn from hue to hue: the next one falls into the widest gap
LIGHTS = (0.62, 0.38, 0.8)


def mask_colors(n_classes: int) -> np.ndarray:
    """A colour for every class, all of them different.

    The first eight are Okabe and Ito's, for all kinds of colour vision; further ones differ in hue
    and lightness as well as can be.

    Args:
        n_classes: from 1 to 255.

    Returns:
        uint8 (n_classes, 3) red, green and blue.

    Raises:
        TypeError, ValueError: not a whole number, below 1 or above 255.

    Example:
        >>> mask_colors(2).tolist()
        [[0, 114, 178], [213, 94, 0]]
    """
    n = check_count("n_classes", n_classes)
    if n > VOID:
        advice = f"Id {VOID} marks pixels without a class."
        raise InvalidValue(sentence("n_classes", f"be at most {VOID}", n, advice))
    colors = [to_rgb(color) for color in (*PALETTE, YELLOW)][:n]
    for i in range(n - len(colors)):
        colors.append(colorsys.hls_to_rgb(0.05 + i * GOLDEN % 1, LIGHTS[i % 3], 0.75 - 0.001 * i))
    return np.round(np.array(colors) * 255).astype(np.uint8)


def draw_masks(
    images: np.ndarray | Sequence[np.ndarray],
    masks: Mapping[str, np.ndarray | Sequence[np.ndarray]],
    class_names: Sequence[str] | None = None,
    *,
    captions: Sequence[str] | None = None,
    see_through: float = 0.0,
    title: str = "",
    limit: int = 6,
) -> Figure:
    """Pictures in rows, each with its masks beside it, and a legend of the classes that occur.

    Args:
        images: (m, H, W, 3), or a list of pictures (H, W, 3) of any sizes; uint8 0..255 or float
            0..1.
        masks: from a name such as "true" to m masks (H, W) of class ids; 255 is left white.
        class_names: by class id; without it the ids are shown.
        captions: a line below each picture.
        see_through: how much of the picture shines through its masks, 0 to 1.
        title: above the figure.
        limit: pictures at most.

    Returns:
        A figure with one pair of axes for each picture and each mask, row by row.

    Raises:
        TypeError: pixels of another type, masks that are not in a dictionary.
        ValueError: numbers or sizes that do not fit, ids that are no class ids, a class without a
            name.

    Example:
        >>> street, mask = np.zeros((1, 6, 8, 3)), np.array([[0] * 8] * 3 + [[1] * 8] * 3)
        >>> fig = draw_masks(street, {"true": mask[None]}, ["sky", "road"])
        >>> [text.get_text() for text in fig.legends[0].get_texts()]
        ['sky', 'road']
    """
    pictures = [check_picture(f"images[{i}]", image) for i, image in enumerate(images)]
    limit = check_count("limit", limit)
    see_through = check_fraction("see_through", see_through)
    if not pictures:
        raise InvalidValue(sentence("images", "hold at least one picture", "none"))
    named = check_dict("masks", masks)
    lists = {f"masks['{key}']": list(value) for key, value in named.items()}
    lists["captions"] = [""] * len(pictures) if captions is None else list(captions)
    for name, entries in lists.items():
        if len(entries) != len(pictures):
            expected = f"have one entry for each of the {len(pictures)} pictures"
            raise InvalidValue(sentence(name, expected, len(entries)))
    captions, count = lists.pop("captions"), min(limit, len(pictures))
    checked = [
        [_check_mask(f"{name}[{i}]", entries[i], pictures[i]) for name, entries in lists.items()]
        for i in range(count)
    ]
    shown = np.unique(np.concatenate([ids.ravel() for row in checked for ids in row]))
    shown = shown[shown != VOID]
    names = check_class_names(class_names, masks=shown if shown.size else None)
    colors = mask_colors(int(shown.max(initial=0)) + 1) / 255
    tall = max(p.shape[0] / p.shape[1] for p in pictures[:count])
    wide = max(WIDTH, ROW / (1 + len(named)))
    cell = wide, wide * tall + (0.28 if any(captions) else 0.06)
    fig, axes = new_panels(count * (1 + len(named)), 1 + len(named), cell, title)
    for i, row in enumerate(checked):
        head, *beside = axes[i * (1 + len(named)) : (i + 1) * (1 + len(named))]
        _draw(head, pictures[i], "picture" if i == 0 else "", captions[i])
        for ax, ids, name in zip(beside, row, named, strict=True):
            _draw(ax, _colored(ids, colors, pictures[i], see_through), name if i == 0 else "", "")
    _add_classes(fig, colors, [(c, class_name(names, c)) for c in shown.tolist()])
    return fig


def _check_mask(name: str, value: object, picture: np.ndarray) -> np.ndarray:
    ids = check_array(name, value)
    if ids.shape != picture.shape[:2]:
        expected = f"have the size of its picture, {picture.shape[:2]}"
        raise InvalidValue(sentence(name, expected, ids.shape))
    odd = ids[(ids < 0) | (ids > VOID) | (ids != np.floor(ids))]
    if odd.size:
        received = f"{odd.size} others such as {odd[0]:g}"
        raise InvalidValue(sentence(name, f"hold class ids from 0 to {VOID}", received))
    return ids.astype(np.int64)


def _colored(
    ids: np.ndarray, colors: np.ndarray, picture: np.ndarray, see_through: float
) -> np.ndarray:
    """The classes in their colours, floats 0..1, on what shines through of the picture."""
    table = np.ones((VOID + 1, 3))
    table[: len(colors)] = colors
    below = picture / 255 if picture.dtype == np.uint8 else picture
    return (1 - see_through) * table[ids] + see_through * below


def _draw(ax: Axes, picture: np.ndarray, title: str, caption: str) -> None:
    smooth = "nearest" if picture.shape[1] < 300 else "antialiased"
    ax.imshow(picture, interpolation=smooth)
    style_picture(ax, title=title, caption=caption)


def _add_classes(fig: Figure, colors: np.ndarray, classes: list[tuple[int, str]]) -> None:
    """A legend below all pictures, in as many columns as fit."""
    if not classes:
        return
    widest = 0.45 + 0.08 * max(len(name) for _, name in classes)
    rows = -(-len(classes) // max(1, int(fig.get_figwidth() / widest)))
    columns = -(-len(classes) // rows)
    fig.set_figheight(fig.get_figheight() + 0.15 + 0.22 * rows)
    fig.legend(
        [Patch(facecolor=colors[c], edgecolor=MUTED, linewidth=0.5) for c, _ in classes],
        [name for _, name in classes],
        loc="outside lower left",
        ncols=columns,
        fontsize=SMALL,
        labelcolor=INK,
        frameon=False,
        handlelength=1.4,
        columnspacing=1.2,
    )
