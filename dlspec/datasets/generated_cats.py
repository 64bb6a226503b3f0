"""Generated pictures of cats and of other things: the stand-in for the course's cat photos.

A picture is painted back to front on a canvas of twice the wanted side: a background, a
subject made of signed-distance shapes, now and then something in front of it; then it is
"developed" (uneven light, colour cast, vignette, blur, sensor noise) and halved.

What keeps the task honest:

* background, light, palette, pose and camera come from one function for both classes, so that
  no mean colour tells a cat from a car;
* subjects are lighter *or* darker than their background. One linear template therefore helps
  only part of the time, while a hidden layer can hold a template for each polarity;
* subjects stand roughly in the middle, so that a dense network has something to hold on to;
  ears, eyes and muzzles move, turn and tilt enough for a convolution to see more.

Coordinates run from -1 (left, top) to 1 (right, bottom). Colours are RGB floats in [0, 1]
until the last line. A signed distance is negative inside its shape.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from dlspec._validation import check_count
from dlspec.datasets._drawing import (
    MIN_SIZE,
    Array,
    Brush,
    Colour,
    blend,
    check_drawing,
    curve,
    develop,
    ellipse,
    mean_lightness,
    polygon,
    stroke,
    toward,
)
from dlspec.datasets._scenes import (
    INK,
    PINK,
    SNOW,
    Coat,
    Scene,
    fuzzy,
    new_scene,
    put_in_front,
    shadow,
)
from dlspec.datasets._subjects import ANIMALS, OBJECTS, PLACES

__all__ = ["draw_cat", "draw_other", "make_cats"]

IRISES = (
    (0.78, 0.72, 0.18), (0.52, 0.72, 0.25), (0.86, 0.55, 0.14), (0.36, 0.66, 0.80),
    (0.40, 0.70, 0.48),
)  # fmt: skip


# --------------------------------------------------------------------------- cats


def _eye(b: Brush, iris: Colour, look: tuple[float, float], wide_open: float, pupil: float) -> None:
    """Paint one eye of radius about 1 in the view `b`: rim, iris, pupil, highlight."""
    almond = np.maximum(ellipse(b, 0, 0.45, 1.25, 1.25), ellipse(b, 0, -0.35, 1.2, 1.1))
    almond = np.maximum(almond, -(b.y + np.float32(2.0 * wide_open - 1.0)))
    b.fill(almond - 0.2, INK, opacity=0.9)
    b.fill(almond, iris, solid=0.5)
    black = np.maximum(ellipse(b, look[0], look[1], pupil, 0.8), almond)
    b.fill(black, INK)
    b.fill(ellipse(b, -0.3, -0.3, 0.2, 0.2), (1, 1, 1), opacity=0.9 if wide_open > 0.7 else 0.0)


def _cat_ears(b: Brush, coat: Coat, fur: Array, spread: float, height: float) -> None:
    inner = toward(PINK, coat.base, 0.45)
    for side in (b, b.mirrored()):
        tip = (0.62 + spread, -1.32 * height)
        outer = [(0.10, -0.62), tip, (0.95, -0.18)]
        dark = coat.marking == "points"
        ear = fuzzy(polygon(side, outer, 0.04), coat, 0.03)
        side.fill(ear, fur * 0.45 if dark else fur, solid=0.15)
        hole = [(0.32, -0.62), (tip[0] - 0.01, tip[1] + 0.22), (0.82, -0.35)]
        side.fill(polygon(side, hole), inner * 0.8, soft=0.06, opacity=0.85)


def _cat_muzzle(b: Brush, coat: Coat, nose: Colour) -> None:
    pale = toward(coat.base, SNOW, 0.18 if coat.name == "black" else 0.3)
    pale = coat.light if coat.marking in ("patches", "tabby") else pale
    if coat.marking == "points":
        pale = coat.dark
    tuft = (1.0 + 0.12 * coat.fine)[..., None]
    b.fill(ellipse(b, 0.0, 0.58, 0.22, 0.16), pale * tuft, soft=0.08)
    for side in (-0.19, 0.19):
        b.fill(ellipse(b, side, 0.38, 0.25, 0.20), pale * tuft, soft=0.05, solid=0.12)
    for side in (-1.0, 1.0):
        line = [(0.0, 0.28), (0.0, 0.46), (side * 0.16, 0.54), (side * 0.27, 0.50)]
        b.fill(stroke(b, line, 0.025, 0.02), INK, opacity=0.7)
    b.fill(polygon(b, [(-0.10, 0.19), (0.10, 0.19), (0.0, 0.30)], 0.035), nose)


def _whiskers(b: Brush, rng: np.random.Generator, coat: Coat) -> None:
    colour = SNOW if mean_lightness(coat.base) < 0.7 else (0.35, 0.33, 0.33)
    droop = rng.uniform(-0.1, 0.2)
    for side in (b, b.mirrored()):
        for i, start in enumerate((0.34, 0.40, 0.46)):
            end = (1.25, start + droop + 0.17 * (i - 1))
            hair = stroke(
                side, curve((0.28, start), (0.8, start - 0.08), end, steps=4), 0.02, 0.005
            )
            side.fill(hair, colour, opacity=0.65)


def _cat_head(b: Brush, rng: np.random.Generator, coat: Coat) -> None:
    """Paint a head of half width about 1 around the origin of `b`."""
    fur = coat.on(b)
    front = b.turned(rng.uniform(-0.22, 0.22))
    _cat_ears(b, coat, fur, rng.uniform(0.0, 0.16), rng.uniform(0.92, 1.12))
    skull = blend(ellipse(b, 0, -0.12, 0.90, 0.78), ellipse(b, 0, 0.26, 0.98, 0.52), 0.2)
    b.fill(fuzzy(skull, coat), fur, solid=0.35)
    if coat.marking == "patches" and rng.random() < 0.6:  # a blaze between the eyes
        front.fill(ellipse(front, 0, 0.1, 0.16, 0.7), coat.light, soft=0.1)
    nose = PINK if mean_lightness(coat.base) > 0.3 or rng.random() < 0.4 else (0.2, 0.15, 0.15)
    _cat_muzzle(front, coat, nose)
    iris = np.array(IRISES[rng.integers(len(IRISES))]) * rng.uniform(0.85, 1.1)
    look = tuple(rng.uniform(-0.25, 0.25, 2) * (1.0, 0.5))
    wide_open = 1.0 if rng.random() < 0.8 else rng.uniform(0.45, 0.65)
    pupil = rng.uniform(0.14, 0.3) if rng.random() < 0.6 else rng.uniform(0.45, 0.7)
    slant = rng.uniform(0.1, 0.3)
    for side in (-1.0, 1.0):
        view = front.at(side * 0.42, -0.10, 0.20, -side * slant)
        _eye(view, iris, look, wide_open, pupil)
    _whiskers(front, rng, coat)


def _portrait(scene: Scene) -> None:
    b, rng, coat = scene.pose(0.64), scene.rng, scene.coat
    b = b.at(0.0, 0.16)
    chest = b.at(rng.uniform(-0.35, 0.35), 0.0)
    body = blend(ellipse(chest, 0, 1.75, 1.05, 1.25), ellipse(chest, 0, 0.7, 0.6, 0.6), 0.4)
    chest.fill(fuzzy(body, coat), 0.86 * coat.on(chest.at(0, 1.2)), solid=0.4)
    if coat.marking in ("patches", "tabby"):
        chest.fill(ellipse(chest, 0, 1.25, 0.35, 0.5), coat.light, soft=0.2, opacity=0.8)
    chest.fill(ellipse(b, 0, 0.75, 0.7, 0.25), INK, soft=0.3, opacity=0.35)
    _cat_head(b, rng, coat)


def _sitting(scene: Scene) -> None:
    b, rng, coat = scene.pose(0.92), scene.rng, scene.coat
    fur = coat.on(b.at(0.0, 0.6, 0.8))
    side = b if rng.random() < 0.5 else b.mirrored()
    shadow(b, 0.05, 0.92, 0.65)
    tail = curve((0.3, 0.82), (0.95, 0.9), (0.72, rng.uniform(-0.1, 0.4)))
    side.fill(fuzzy(stroke(side, tail, 0.11, 0.08), coat), fur, solid=0.08)
    body = blend(ellipse(b, 0, 0.25, 0.34, 0.55), ellipse(b, 0, 0.6, 0.52, 0.34), 0.25)
    b.fill(fuzzy(body, coat, 0.04), fur, solid=0.25)
    paws = coat.light if coat.marking in ("patches", "tabby") else coat.base * 1.1
    for x in (-0.14, 0.14):
        b.fill(stroke(b, [(x, 0.35), (x, 0.86)], 0.11, 0.10), fur * 1.06, solid=0.08)
        b.fill(ellipse(b, x, 0.88, 0.14, 0.08), paws, solid=0.05)
    if coat.marking in ("patches", "tabby"):
        b.fill(ellipse(b, 0, 0.2, 0.16, 0.28), coat.light, soft=0.12, opacity=0.85)
    _cat_head(b.at(rng.uniform(-0.06, 0.06), -0.32, 0.44), rng, coat)


def _lying(scene: Scene) -> None:
    b, rng, coat = scene.pose(0.95), scene.rng, scene.coat
    b = b if rng.random() < 0.5 else b.mirrored()
    fur = coat.on(b.at(0.3, 0.4, 0.8, 1.5))
    shadow(b, 0.1, 0.72, 0.95)
    tail = curve((0.75, 0.6), (1.05, 0.75), (0.2, 0.78))
    body = blend(ellipse(b, 0.30, 0.38, 0.66, 0.36), ellipse(b, 0.55, 0.35, 0.42, 0.40), 0.2)
    b.fill(fuzzy(body, coat, 0.04), fur, solid=0.25)
    b.fill(fuzzy(stroke(b, tail, 0.10, 0.07), coat), fur * 0.95, solid=0.08)
    paws = coat.light if coat.marking in ("patches", "tabby") else coat.base * 1.1
    for x in (-0.45, -0.15):
        b.fill(stroke(b, [(x + 0.2, 0.55), (x - 0.05, 0.68)], 0.1, 0.09), paws, solid=0.06)
    _cat_head(b.at(-0.28, -0.02, 0.50), rng, coat)


CAT_POSES: tuple[Callable[[Scene], None], ...] = (_portrait, _sitting, _lying)
CAT_ODDS = (0.74, 0.16, 0.10)

OTHER_KINDS = (ANIMALS, OBJECTS, PLACES)
OTHER_ODDS = (0.35, 0.40, 0.25)


# --------------------------------------------------------------------------- public functions


def draw_cat(rng: np.random.Generator, size: int = 64) -> Array:
    """Draw one picture of a cat.

    Varies: coat (six colour families; plain, tabby, patches, points), pose (three in four are
    face portraits, the others sit or lie), place, scale, tilt and turn of the head, eyes,
    background, light, blur, noise, and now and then something in front.

    Args:
        rng: generator all draws come from; it is advanced.
        size: side of the picture in pixels, at least 16.

    Returns:
        Picture of shape (size, size, 3), uint8, even RGB levels 0..254.

    Raises:
        TypeError: `rng` is no generator, or `size` no whole number.
        ValueError: a `size` below 16.

    Example:
        >>> picture = draw_cat(np.random.default_rng(0), size=32)
        >>> picture.shape, picture.dtype.name
        ((32, 32, 3), 'uint8')
    """
    check_drawing(rng, size)
    scene = new_scene(rng, size)
    CAT_POSES[rng.choice(len(CAT_POSES), p=CAT_ODDS)](scene)
    put_in_front(scene)
    return develop(scene.brush, scene.rng)


def draw_other(rng: np.random.Generator, size: int = 64) -> Array:
    """Draw one picture of anything but a cat.

    Varies: what it shows (other animals, objects, landscapes, bare textures) and everything
    that `draw_cat` varies around the subject, out of the same distributions.

    Args:
        rng: generator all draws come from; it is advanced.
        size: side of the picture in pixels, at least 16.

    Returns:
        Picture of shape (size, size, 3), uint8, even RGB levels 0..254.

    Raises:
        TypeError: `rng` is no generator, or `size` no whole number.
        ValueError: a `size` below 16.

    Example:
        >>> picture = draw_other(np.random.default_rng(0), size=32)
        >>> picture.shape, picture.dtype.name
        ((32, 32, 3), 'uint8')
    """
    check_drawing(rng, size)
    scene = new_scene(rng, size)
    kinds = OTHER_KINDS[rng.choice(len(OTHER_KINDS), p=OTHER_ODDS)]
    kinds[rng.integers(len(kinds))](scene)
    put_in_front(scene)
    return develop(scene.brush, scene.rng)


def _split(stream: np.random.SeedSequence, count: int, size: int) -> tuple[Array, Array]:
    """Return `count` pictures (count, size, size, 3) and labels (1, count) of one stream.

    Labels come in pairs of one cat and one other in random order, so that every even count is
    balanced; each picture has its own child of the stream, so that no count changes it.
    """
    labels, *pictures = stream.spawn(count + 1)
    first = np.random.default_rng(labels).random((count + 1) // 2) < 0.5
    y = np.stack([first, ~first], axis=1).reshape(1, -1)[:, :count].astype(np.int64)
    x = np.empty((count, size, size, 3), dtype=np.uint8)
    for i, (child, cat) in enumerate(zip(pictures, y[0], strict=True)):
        x[i] = (draw_cat if cat else draw_other)(np.random.default_rng(child), size)
    return x, y


def make_cats(
    n_train: int = 209, n_test: int = 50, size: int = 64, seed: int = 1
) -> tuple[Array, Array, Array, Array]:
    """Make a training and a test set of pictures labelled cat (1) or not (0).

    Varies: everything `draw_cat` and `draw_other` vary; the two splits come from independent
    streams of `seed`. Half of each split are cats. Picture i of a split is the same whatever
    the counts, so that a longer set starts with the shorter one.

    Args:
        n_train: number of training pictures, at least 1.
        n_test: number of test pictures, at least 1.
        size: side of a picture in pixels, at least 16.
        seed: non-negative integer; the same seed gives the same sets.

    Returns:
        Tuple of train_x (n_train, size, size, 3) uint8 with even RGB levels 0..254, train_y
        (1, n_train) int64, test_x (n_test, size, size, 3) and test_y (1, n_test).

    Raises:
        TypeError, ValueError: a count, `size` or `seed` that is no whole number, or too small.

    Example:
        >>> train_x, train_y, test_x, test_y = make_cats(n_train=4, n_test=2, size=16)
        >>> train_x.shape, train_y.shape, test_x.shape, test_y.shape
        ((4, 16, 16, 3), (1, 4), (2, 16, 16, 3), (1, 2))
        >>> int(train_y.sum()), int(test_y.sum())
        (2, 1)
    """
    for name, value, least in (
        ("n_train", n_train, 1), ("n_test", n_test, 1), ("size", size, MIN_SIZE), ("seed", seed, 0),
    ):  # fmt: skip
        check_count(name, value, least)
    train, test = np.random.SeedSequence(int(seed)).spawn(2)
    return *_split(train, n_train, size), *_split(test, n_test, size)
