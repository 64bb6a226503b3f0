"""Pictures with what the network says about them."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from dlspec._complaints import InvalidValue, sentence
from dlspec._validation import check_count, check_finite
from dlspec.plots._inputs import (
    _per_image,
    check_class_ids,
    check_class_names,
    check_confidence,
    check_images,
    check_picture,
    class_name,
)
from dlspec.plots._style import (
    INK,
    PAD,
    PALE,
    RIGHT,
    SMALL,
    TEXT,
    WRONG,
    color_of,
    frame,
    new_figure,
    percent,
    style_axes,
    style_picture,
    wrap_title,
)

__all__ = ["image_grid", "mislabelled", "photo_verdict"]

WIDTH = 1.1
"""Inches of a picture in a grid."""
LINE = 0.16
"""Inches of a line of text below it."""


def image_grid(
    images: np.ndarray,
    *,
    labels: np.ndarray | None = None,
    predictions: np.ndarray | None = None,
    probabilities: np.ndarray | None = None,
    class_names: Sequence[str] | None = None,
    columns: int = 8,
    title: str = "",
    limit: int = 40,
) -> Figure:
    """Pictures in rows, each with its class, or with what the network says and whether it is right.

    Below a picture stands the predicted class, with its probability where there is one; without
    predictions the label.  Where both are known, right predictions are blue, wrong ones vermilion
    and framed, with a second line such as "is non-cat".

    Args:
        images: (m, H, W, 3), (m, H, W, 1) or (m, H, W); uint8 0..255 or float 0..1.
        labels: true class ids, (m,) or (1, m).
        predictions: predicted class ids, (m,) or (1, m).
        probabilities: output of the network in [0, 1]: of class 1, (m,) or (1, m), as a sigmoid
            gives; or of every class, (n_classes, m), as softmax does.  Shown is that of the
            predicted class.
        class_names: by class id; without it the ids are shown.
        columns: pictures in a row, at least 1.
        title: above the figure.
        limit: pictures at most; the title says "first 40 of 209" when there are more.

    Returns:
        A figure with one pair of axes for each picture.

    Raises:
        TypeError: pixels of another type, labels or predictions that are not numbers.
        ValueError: shapes or lengths that do not fit, pixels out of range, class ids without a
            name, probabilities outside [0, 1] or without predictions.

    Example:
        >>> photos = np.zeros((2, 4, 4, 3), dtype=np.uint8)
        >>> fig = image_grid(photos, labels=[1, 0], predictions=[1, 1], class_names=["dog", "cat"])
        >>> [ax.get_xlabel() for ax in fig.axes]
        ['cat', 'cat\\nis dog']
    """
    images = check_images("images", images)
    captions = _captions(len(images), labels, predictions, probabilities, class_names)
    limit, columns = check_count("limit", limit), check_count("columns", columns)
    if len(images) > limit:
        cut = f"first {limit} of {len(images)}"
        title = f"{title} ({cut})" if title else cut
    return _draw_grid(images[:limit], captions[:limit], columns, title)


def mislabelled(
    images: np.ndarray,
    labels: np.ndarray,
    predictions: np.ndarray,
    *,
    probabilities: np.ndarray | None = None,
    class_names: Sequence[str] | None = None,
    columns: int = 8,
    limit: int = 24,
    title: str | None = None,
) -> Figure:
    """The pictures the network got wrong, the most confident mistakes first.

    Without probabilities they keep their order.  When nothing is wrong the figure says so.

    Args:
        images: (m, H, W, 3), (m, H, W, 1) or (m, H, W); uint8 0..255 or float 0..1.
        labels: true class ids, (m,) or (1, m).
        predictions: predicted class ids, (m,) or (1, m).
        probabilities, class_names, columns: as for `image_grid`.
        limit: pictures at most; the title says when there are more.
        title: above the figure; by default how many of how many are wrong.

    Returns:
        A figure with one pair of axes for each wrong picture; with one that holds a sentence when
        there is none.

    Raises:
        TypeError, ValueError: as `image_grid`.

    Example:
        >>> photos = np.zeros((3, 4, 4, 3), dtype=np.uint8)
        >>> fig = mislabelled(photos, [1, 0, 1], [1, 1, 0], probabilities=[0.9, 0.6, 0.1])
        >>> [ax.get_xlabel() for ax in fig.axes]
        ['0 0.90\\nis 1', '1 0.60\\nis 0']
    """
    images = check_images("images", images)
    m = len(images)
    labels = check_class_ids("labels", labels, m, _per_image(m))
    predictions = check_class_ids("predictions", predictions, m, _per_image(m))
    captions = _captions(m, labels, predictions, probabilities, class_names)
    limit, columns = check_count("limit", limit), check_count("columns", columns)
    wrong = np.flatnonzero(labels != predictions)
    if title is None:
        title = f"{wrong.size} of {m} wrong"
    if wrong.size == 0:
        return _draw_sentence(title, f"No mistakes: all {m} predictions are right.")
    if probabilities is not None:
        confidence = check_confidence(probabilities, predictions)
        wrong = wrong[np.argsort(-confidence[wrong], kind="stable")]
    if wrong.size > limit:
        order = "first" if probabilities is None else "most confident"
        title = f"{title} ({order} {limit} of {wrong.size})"
    shown = wrong[:limit]
    return _draw_grid(images[shown], [captions[i] for i in shown], columns, title)


def _captions(
    m: int, labels: object, predictions: object, probabilities: object, class_names: object
) -> list[tuple[str, str]]:
    """The text below every picture and its colour; no text without labels and predictions."""
    because = _per_image(m)
    if labels is not None:
        labels = check_class_ids("labels", labels, m, because)
    if predictions is not None:
        predictions = check_class_ids("predictions", predictions, m, because)
    names = check_class_names(class_names, labels=labels, predictions=predictions)
    if probabilities is not None and predictions is None:
        expected = "be given together with `probabilities`"
        raise InvalidValue(sentence("predictions", expected, "None"))
    says = labels if predictions is None else predictions
    if says is None:
        return [("", INK)] * m
    texts = [class_name(names, c) for c in says]
    if probabilities is not None:
        confidence = check_confidence(probabilities, predictions)
        texts = [f"{text} {p:.2f}" for text, p in zip(texts, confidence, strict=True)]
    if labels is None or predictions is None:
        return [(text, INK) for text in texts]
    return [
        (text, RIGHT) if c == truth else (f"{text}\nis {class_name(names, truth)}", WRONG)
        for text, c, truth in zip(texts, says, labels, strict=True)
    ]


def _draw_grid(
    images: np.ndarray, captions: list[tuple[str, str]], columns: int, title: str
) -> Figure:
    """Place every picture by its inches: all rows alike, whatever the captions."""
    lines = [text.split("\n") for text, _ in captions]
    cell = max(WIDTH, 0.085 * max(len(line) for text in lines for line in text)) + PAD
    tall = min(WIDTH * images.shape[1] / images.shape[2], 3 * WIDTH)
    row = tall + LINE * max(len(text) for text in lines) + PAD
    columns = min(columns, len(images))
    width = max(3.0, columns * cell + PAD)
    top = PAD + (1.2 * LINE * (wrap_title(title, width).count("\n") + 1) + PAD if title else 0)
    height = top + row * -(-len(images) // columns)
    fig = new_figure(width, height, title, by_hand=True)
    for i, (image, (caption, color)) in enumerate(zip(images, captions, strict=True)):
        left = PAD + i % columns * cell + (cell - PAD - WIDTH) / 2
        bottom = height - top - i // columns * row - tall
        ax = fig.add_axes((left / width, bottom / height, WIDTH / width, tall / height))
        _draw_picture(ax, image)
        style_picture(ax, caption=caption, color=color)
        if color == WRONG:
            frame(ax, WRONG)
    return fig


def _draw_picture(ax: Axes, image: np.ndarray, interpolation: str = "nearest") -> None:
    white = 255 if image.dtype == np.uint8 else 1
    ax.imshow(image, cmap="gray", vmin=0, vmax=white, interpolation=interpolation, aspect="equal")


def _draw_sentence(title: str, text: str) -> Figure:
    fig = new_figure(5.0, 1.3, title)
    ax = fig.subplots()
    ax.set_axis_off()
    ax.text(0.5, 0.5, text, ha="center", va="center", fontsize=TEXT, color=RIGHT)
    return fig


def photo_verdict(
    image: np.ndarray,
    *,
    verdict: str,
    probability: float,
    seen: np.ndarray | None = None,
    title: str = "",
) -> Figure:
    """A photo, the small picture the network saw of it, and the verdict with its probability.

    Args:
        image: the photo as it was given, (H, W, 3), uint8 0..255 or float 0..1.
        verdict: name of the predicted class, such as "cat"; the title adds the probability.
        probability: of the verdict, in [0, 1].
        seen: what the network saw, such as (64, 64, 3), same types; left out when None.
        title: in front of the verdict, such as the name of the file.

    Returns:
        A figure with axes for the photo, for what was seen if given, and for the probability.

    Raises:
        TypeError: pixels of another type, a probability that is not a number.
        ValueError: another shape, pixels out of range, a probability outside [0, 1].

    Example:
        >>> photo = np.zeros((6, 8, 3), dtype=np.uint8)
        >>> fig = photo_verdict(photo, verdict="cat", probability=0.87, seen=photo[:4, :4])
        >>> fig.get_suptitle()
        'cat, 87 %'
    """
    pictures = {"photo": check_picture("image", image)}
    if seen is not None:
        pictures["seen by the network"] = check_picture("seen", seen)
    probability = check_finite("probability", probability)
    if not 0 <= probability <= 1:
        raise InvalidValue(sentence("probability", "lie between 0 and 1", f"{probability:g}"))
    answer = f"{verdict}, {percent(probability)}"
    shares = [min(max(p.shape[1] / p.shape[0], 0.5), 2.0) for p in pictures.values()]
    width = max(2.7 * sum(shares) + 0.5, 4.2)
    fig = new_figure(width, 4.2, f"{title}: {answer}" if title else answer)
    grid = fig.add_gridspec(2, len(pictures), width_ratios=shares, height_ratios=[12, 1])
    for column, (name, picture) in enumerate(pictures.items()):
        ax = fig.add_subplot(grid[0, column])
        _draw_picture(ax, picture, "antialiased" if column == 0 else "nearest")
        style_picture(ax, title=f"{name}\n{picture.shape[1]} x {picture.shape[0]} pixels")
    _draw_probability(fig.add_subplot(grid[1, :]), probability, f"probability of {verdict}")
    return fig


def _draw_probability(ax: Axes, probability: float, xlabel: str) -> None:
    style_axes(ax, xlabel=xlabel, grid="")
    ax.barh([0], [1], color=PALE, height=1)
    ax.barh([0], [probability], color=color_of(0), height=1)
    ax.axvline(0.5, color=INK, linewidth=1, linestyle="--")
    ax.set(xlim=(0, 1), ylim=(-0.5, 0.5), yticks=[], xticks=[0, 0.25, 0.5, 0.75, 1])
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_formatter(PercentFormatter(1, symbol=" %"))
    ax.tick_params(labelsize=SMALL)
