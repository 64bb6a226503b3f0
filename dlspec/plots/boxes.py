"""Pictures with the boxes that a detector found in them."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from dlspec._complaints import InvalidValue, sentence
from dlspec._validation import check_array, check_count
from dlspec.plots._inputs import check_class_ids, check_class_names, check_picture, class_name
from dlspec.plots._style import SMALL, color_of, new_panels, style_picture

__all__ = ["draw_boxes"]

WIDTH = 3.6
"""Inches of a picture."""
TRUE = "#FFFFFF"


def draw_boxes(
    images: np.ndarray | Sequence[np.ndarray],
    boxes: np.ndarray | Sequence[np.ndarray],
    classes: np.ndarray | Sequence[np.ndarray] | None = None,
    scores: np.ndarray | Sequence[np.ndarray] | None = None,
    class_names: Sequence[str] | None = None,
    *,
    true_boxes: np.ndarray | Sequence[np.ndarray] | None = None,
    captions: Sequence[str] | None = None,
    columns: int = 3,
    title: str = "",
    limit: int = 12,
) -> Figure:
    """Boxes with class and score on one picture or on several.

    Every class has a colour of its own; true boxes are dashed white.

    Args:
        images: one picture (H, W, 3) or a list of them, uint8 0..255 or float 0..1.
        boxes: (n, 4) corners (y1, x1, y2, x2) in pixels; for several pictures a list of such, n may
            be 0.
        classes: (n,) class ids, or a list of such; without it boxes carry no name.
        scores: (n,) numbers, or a list of such.
        class_names: by class id; without it the ids are shown.
        true_boxes: as `boxes`.
        captions: a line below each picture.
        columns: pictures in a row, at least 1.
        title: above the figure.
        limit: pictures at most.

    Returns:
        A figure with one pair of axes for each picture.

    Raises:
        TypeError: pixels or boxes that are not numbers.
        ValueError: lengths or shapes that do not fit, a class without a name.

    Example:
        >>> street = np.zeros((60, 80, 3), dtype=np.uint8)
        >>> fig = draw_boxes(street, [[10, 20, 40, 60]], [1], [0.87], ["car", "cyclist"])
        >>> [text.get_text() for text in fig.axes[0].texts]
        ['cyclist 0.87']
    """
    single = np.ndim(images[0]) == 2 if len(images) else False

    def listed(value):
        return [value] if single else list(value)

    pictures = [check_picture(f"images[{i}]", x) for i, x in enumerate(listed(images))]
    columns, limit = check_count("columns", columns), check_count("limit", limit)
    if not pictures:
        raise InvalidValue(sentence("images", "hold at least one picture", "none"))
    given = {"boxes": boxes, "classes": classes, "scores": scores, "true_boxes": true_boxes}
    lists = {k: None if v is None else listed(v) for k, v in given.items()}
    lists["captions"] = None if captions is None else list(captions)
    for name, entries in lists.items():
        if entries is not None and len(entries) != len(pictures):
            expected = f"have one entry for each of the {len(pictures)} pictures"
            raise InvalidValue(sentence(name, expected, len(entries)))
    count = min(limit, len(pictures))
    tall = max(p.shape[0] / p.shape[1] for p in pictures[:count])
    lines = 0.3 if captions is not None else 0.05
    cell = WIDTH, WIDTH * tall + lines
    fig, axes = new_panels(count, columns, cell, title)
    for i, ax in enumerate(axes):
        parts = {k: None if v is None else v[i] for k, v in lists.items()}
        _draw_one(ax, pictures[i], i, parts, class_names)
    return fig


def _draw_one(ax: Axes, picture: np.ndarray, i: int, parts: dict, class_names) -> None:
    height, width = picture.shape[:2]
    ax.imshow(picture, interpolation="nearest" if width < 300 else "antialiased")
    style_picture(ax, caption=parts["captions"] or "")
    for box in _boxes(f"true_boxes[{i}]", parts["true_boxes"]):
        _outline(ax, box, TRUE, linestyle="--", linewidth=1.4)
    boxes = _boxes(f"boxes[{i}]", parts["boxes"])
    n = len(boxes)
    ids = scores = None
    if n and parts["classes"] is not None:
        ids = check_class_ids(f"classes[{i}]", parts["classes"], n, f"there are n={n} boxes")
    if n and parts["scores"] is not None:
        scores = check_array(f"scores[{i}]", parts["scores"], (("n", n),))
    names = check_class_names(class_names, classes=ids)
    for k in range(n):
        color = color_of(0 if ids is None else int(ids[k]))
        words = [] if ids is None else [class_name(names, int(ids[k]))]
        words += [] if scores is None else [f"{scores[k]:.2f}"]
        _outline(ax, boxes[k], color, linewidth=2)
        _label(ax, boxes[k], " ".join(words), color, height, width)
    ax.set(xlim=(-0.5, width - 0.5), ylim=(height - 0.5, -0.5))


def _outline(ax: Axes, box: np.ndarray, color: str, **style) -> None:
    y1, x1, y2, x2 = box - 0.5  # the middle of the first pixel is 0
    ax.add_patch(Rectangle((x1, y1), x2 - x1, y2 - y1, fill=False, edgecolor=color, **style))


def _label(ax: Axes, box: np.ndarray, text: str, color: str, height: int, width: int) -> None:
    """Above the box where there is room, else below; never over the edge of the picture."""
    y1, x1, y2, x2 = box
    above = y1 > 0.12 * height
    left = x1 < 0.55 * width
    ax.text(
        max(x1, 0) if left else min(x2, width - 1),
        y1 - 1 if above else min(y2 + 1, 0.86 * height),
        text,
        fontsize=SMALL,
        color="white",
        va="bottom" if above else "top",
        ha="left" if left else "right",
        clip_on=True,
        bbox={"facecolor": color, "edgecolor": "none", "pad": 1, "alpha": 0.85},
    )


def _boxes(name: str, value: object) -> np.ndarray:
    if value is None or np.size(value) == 0:
        return np.zeros((0, 4))
    return check_array(name, value, ("n", 4))
