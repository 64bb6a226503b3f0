"""Generated hands that show the numbers 0 to 5: the stand-in for the course's SIGNS photos.

A hand is a forearm, a palm and five fingers of three bones.  Raised fingers are strokes along their
bones, folded ones lie on the palm, and 0 is a ring of fingertips and thumb (now and then a fist).
All parts are painted back to front in one skin, each with a shadow on the skin below, so that a
folded finger shows on a palm of the same colour; then the hand is laid on a wall, and "developed"
(uneven light, colour cast, vignette, blur, sensor noise).

What keeps the task about as hard as the course's:

* hands come from below at any place, size and tilt; left and right ones, palms and backs; fingers
  spread, close up and bend; the arm need not go on where the hand points;
* light, skin, wall and shadow come from one function for all classes, so that no colour counts
  fingers.

A dense network sees *where* skin is, which tells little about how many fingers it belongs to;
a convolutional one sees fingertips wherever they are.

In a hand's own coordinates the palm's middle is the origin, fingers point up (y < 0), the thumb is
at the left, and a finger is about 0.7 long.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dlspec._complaints import InvalidValue, sentence
from dlspec._validation import check_count
from dlspec.datasets._drawing import (
    MIN_SIZE,
    Array,
    Brush,
    Point,
    blank,
    blend,
    blur,
    check_drawing,
    clouds,
    curve,
    develop,
    ellipse,
    noise,
    polygon,
    stroke,
    tint,
    toward,
)

__all__ = ["CLASSES", "draw_sign", "make_signs"]

CLASSES = 6

# Where each finger leaves the palm; its length; its radius at the root.
FINGERS = {
    "index": (-0.27, -0.28, 0.72, 0.105),
    "middle": (-0.09, -0.34, 0.80, 0.108),
    "ring": (0.10, -0.32, 0.74, 0.102),
    "little": (0.27, -0.23, 0.57, 0.088),
}
FAN = {"index": -0.8, "middle": -0.2, "ring": 0.35, "little": 1.0}  # in parts of the spread
BONES = (0.42, 0.32, 0.26)  # parts of a finger's length
PALM = ((-0.25, -0.24), (-0.08, -0.30), (0.12, -0.28), (0.26, -0.18), (0.17, 0.36), (-0.16, 0.36))
ARM = 3.0  # long enough to leave every picture

# The fingers that stand for a number, and how often; 0 has poses of its own.
RAISED = {
    1: {("index",): 1.0},
    2: {("index", "middle"): 1.0},
    3: {("thumb", "index", "middle"): 0.85, ("index", "middle", "ring"): 0.15},
    4: {("index", "middle", "ring", "little"): 1.0},
    5: {("thumb", "index", "middle", "ring", "little"): 1.0},
}
FIST_ODDS, BACK_ODDS, HOOK_ODDS, SLEEVE_ODDS, TEXTURE_ODDS = 0.15, 0.10, 0.06, 0.12, 0.10
LEFT_ODDS = 0.5
TILTS, SIZES, PLACES = 0.2, 0.12, 0.08  # standard deviations of the pose

# From pale to dark.
SKINS = (
    (0.90, 0.72, 0.61), (0.80, 0.59, 0.47), (0.70, 0.48, 0.36), (0.57, 0.38, 0.27),
    (0.43, 0.28, 0.20), (0.32, 0.21, 0.16),
)  # fmt: skip
SKIN_ODDS = (0.13, 0.25, 0.28, 0.19, 0.10, 0.05)
WALL = (0.91, 0.88, 0.84)
SHADE = (0.30, 0.27, 0.25)


# --------------------------------------------------------------------------- painting skin


@dataclass
class _Hand:
    """A hand's own layer: its view of the canvas, its skin, and what is covered so far."""

    brush: Brush
    rng: np.random.Generator
    skin: Array
    covered: Array  # (n, n) signed distance to all parts together, where it is small
    length: float  # of fingers, beside the usual one
    width: float

    def shape(
        self, window: tuple[slice, slice], distance: Array, thick: float, deep: float = 0.45
    ) -> None:
        """Paint skin: a shadow on what lies below, then the part itself, darker at its rim."""
        b, covered = self.brush.cut(window), self.covered[window]
        halo = np.maximum(distance - np.float32(0.03), covered)
        b.fill(halo, self.skin * 0.45, soft=0.08, opacity=deep)
        b.fill(distance, self.skin, soft=0.05, solid=0.9 * thick)
        np.minimum(covered, distance, out=covered)

    def limb(self, points: Sequence[Point], r0: float, r1: float, red: float = 0.0) -> None:
        """Paint a stroke of skin, its tip reddened."""
        r0, r1 = r0 * self.width, r1 * self.width
        window = self.brush.around(points, 2.0 * max(r0, r1))
        b = self.brush.cut(window)
        distance = stroke(b, points, r0, r1)
        self.shape(window, distance, max(r0, r1))
        if red:
            x, y = (np.float32(v) for v in points[-1])
            tip = np.maximum(distance, np.hypot(b.x - x, b.y - y) - np.float32(1.8 * r1))
            b.fill(tip, self.skin * (1.02, 0.80, 0.78), soft=1.5 * r1, opacity=red)

    def crease(self, points: Sequence[Point], opacity: float = 0.35) -> None:
        """Paint a fine dark line."""
        window = self.brush.around(points, 0.1)
        b = self.brush.cut(window)
        b.fill(stroke(b, points, 0.008, 0.008), self.skin * 0.45, soft=0.05, opacity=opacity)


# --------------------------------------------------------------------------- parts of a hand


def _arm(hand: _Hand, down: Point) -> None:
    """Paint the forearm, between the hand's own direction and `down`, and perhaps a sleeve."""
    angle = 0.6 * np.arctan2(down[0], down[1]) + hand.rng.normal(0.0, 0.15)
    x, y = np.sin(angle), np.cos(angle)
    far = (ARM * x, 0.3 + ARM * y)
    hand.limb([(0.0, 0.3), far], 0.22, 0.6)
    if hand.rng.random() < SLEEVE_ODDS:
        start = hand.rng.uniform(0.9, 1.5)
        cloth = tint(hand.rng, hand.rng.uniform(0.08, 0.6), hand.rng.uniform(0.0, 0.6))
        sleeve = stroke(hand.brush, [(start * x, 0.3 + start * y), far], 0.36, 0.7)
        hand.brush.fill(sleeve, cloth, solid=0.3)
        np.minimum(hand.covered, sleeve, out=hand.covered)


def _raised(hand: _Hand, name: str, angle: float) -> None:
    """Paint a straight or slightly bent finger; now and then a hooked one."""
    x, y, length, radius = FINGERS[name]
    rng, length = hand.rng, length * hand.length
    bends = rng.normal(0.0, 0.07, len(BONES))
    if rng.random() < HOOK_ODDS:
        bends, length = bends + rng.choice((-1, 1)) * rng.uniform(0.1, 0.3), 0.85 * length
    points = [(x, y + 0.1)]
    for part, bend in zip(BONES, bends, strict=True):
        angle += bend
        x, y = x + np.sin(angle) * part * length, y - np.cos(angle) * part * length
        points.append((float(x), float(y)))
    hand.limb(points, radius, 0.74 * radius, red=0.35)
    across = radius * 0.8 * np.array([np.cos(angle), np.sin(angle)])
    for joint in points[1:3]:
        hand.crease([tuple(joint - across), tuple(joint + across)], opacity=0.25)


def _folded(hand: _Hand, name: str) -> None:
    """Paint a finger bent at its middle joint, its tip on the palm."""
    x, y, length, radius = FINGERS[name]
    knuckle = (x, y - 0.16 * length * hand.rng.uniform(0.5, 1.1))
    tip = (0.75 * x + hand.rng.normal(0.0, 0.02), y + length * hand.rng.uniform(0.34, 0.5))
    hand.limb([knuckle, tip], radius, 0.9 * radius, red=0.25)
    middle = (0.5 * (knuckle[0] + tip[0]), 0.6 * knuckle[1] + 0.4 * tip[1])
    hand.crease([(middle[0] - 0.07, middle[1]), (middle[0] + 0.07, middle[1])])


def _palm(hand: _Hand, narrow: float) -> None:
    """Paint the palm or the back of the hand."""
    corners = [(narrow * x, y) for x, y in PALM]
    window = hand.brush.around(corners, 0.45)
    b = hand.brush.cut(window)
    body = polygon(b, corners, 0.11 * hand.width)
    ball = ellipse(b, -0.16 * narrow, 0.16, 0.22, 0.26)
    wrist = ellipse(b, 0.0, 0.42, 0.23 * narrow * hand.width, 0.3)
    hand.shape(window, blend(np.minimum(body, ball), wrist, 0.15), 0.22, deep=0.25)


def _palm_lines(hand: _Hand) -> None:
    for start, bend, end in (
        ((-0.32, -0.05), (-0.02, -0.02), (-0.06, 0.36)),
        ((-0.26, -0.12), (0.05, -0.10), (0.22, 0.08)),
    ):
        hand.crease(curve(start, bend, end, steps=5), opacity=hand.rng.uniform(0.1, 0.4))


def _raised_thumb(hand: _Hand) -> None:
    out = hand.rng.uniform(0.55, 1.2)
    first, second = 0.34 * hand.length, 0.32 * hand.length
    points = [(-0.20, 0.16)]
    for reach, angle in ((first, out), (second, out - hand.rng.uniform(-0.1, 0.6))):
        x, y = points[-1]
        points.append((float(x - reach * np.sin(angle)), float(y - reach * np.cos(angle))))
    hand.limb(points, 0.14, 0.085, red=0.3)


def _folded_thumb(hand: _Hand, height: float) -> None:
    """Paint a thumb across the palm, its tip at `height`."""
    rng = hand.rng
    joint = (-0.26 + rng.normal(0.0, 0.03), 0.02 + 0.6 * height)
    hand.limb([(-0.2, 0.24), joint], 0.14, 0.11)
    hand.limb([joint, (rng.uniform(-0.06, 0.16), height)], 0.105, 0.09, red=0.3)


# --------------------------------------------------------------------------- whole hands


def _ring_sign(hand: _Hand, down: Point) -> None:
    """Paint a 0 as a ring, seen from the thumb's side: four fingers, one behind the other."""
    rng = hand.rng
    open_, turn = rng.uniform(0.55, 1.05), rng.uniform(0.02, 0.09)
    touch = (-0.34 + rng.normal(0.0, 0.04), -0.20 + rng.normal(0.0, 0.03))
    _arm(hand, down)
    for k in range(4):  # from the little finger, the farthest, to the index
        behind = turn * (3 - k)
        root = (0.25 + 0.3 * behind, -0.02)
        top = (0.02 + behind, -0.30 - 0.62 * open_ - 0.6 * behind)
        end = (touch[0] + 0.8 * behind, touch[1] - 0.5 * behind)
        hand.limb(curve(root, top, end, steps=6), 0.135, 0.085, red=0.3)
    corners = [(-0.02, -0.02), (0.27, -0.10), (0.19, 0.38), (-0.14, 0.38), (-0.14, 0.20)]
    window = hand.brush.around(corners, 0.45)
    b = hand.brush.cut(window)
    body = blend(polygon(b, corners, 0.11), ellipse(b, 0.03, 0.42, 0.22, 0.3), 0.15)
    hand.shape(window, body, 0.2, deep=0.25)
    thumb = curve((-0.02, 0.2), (-0.22, 0.26 * open_), (touch[0], touch[1] + 0.1), steps=5)
    hand.limb(thumb, 0.145, 0.09, red=0.3)


def _counting_sign(hand: _Hand, fingers: tuple[str, ...], down: Point) -> None:
    """Paint a hand with some fingers raised and the others folded."""
    rng = hand.rng
    back = rng.random() < BACK_ODDS
    spread = rng.uniform(0.1, 0.45)
    raised = [name for name in FINGERS if name in fingers]
    folded = [name for name in FINGERS if name not in fingers]
    lean = rng.normal(0.0, 0.06)
    _arm(hand, down)
    if back:
        if "thumb" not in fingers:
            _folded_thumb(hand, -0.1)
        for name in folded:
            _folded(hand, name)
    for name in reversed(raised):
        _raised(hand, name, lean + spread * FAN[name] + rng.normal(0.0, 0.03))
    if "thumb" in fingers:
        _raised_thumb(hand)
    _palm(hand, 1.0 - 0.05 * len(folded))
    if back:
        return
    _palm_lines(hand)
    for name in reversed(folded):
        _folded(hand, name)
    if "thumb" not in fingers:
        _folded_thumb(hand, 0.06 if len(folded) == 0 else rng.uniform(-0.16, 0.02))


def _pose(canvas: Brush, rng: np.random.Generator) -> tuple[Brush, Point]:
    """Return a hand's view, and which way is down there."""
    scale = float(np.clip(0.76 * np.exp(rng.normal(0.0, SIZES)), 0.5, 1.1))
    angle = float(np.clip(rng.normal(0.0, TILTS), -1.2, 1.2))
    sin, cos = np.sin(angle), np.cos(angle)
    middle = np.clip(rng.normal((0.0, 0.05), PLACES), -0.4, 0.4)  # of palm and fingers together
    place = middle - 0.3 * scale * np.array([sin, -cos])
    view = canvas.at(*place, scale, angle)
    left = rng.random() < LEFT_ODDS
    return (view.mirrored() if left else view), (-sin if left else sin, cos)


def _wall(b: Brush, rng: np.random.Generator) -> None:
    """Paint a light wall, unevenly lit; once in a while cloth, planks or rough plaster."""
    n = len(b.x)
    wall = np.array(WALL) * rng.uniform(0.9, 1.06) * rng.normal(1.0, 0.015, 3)
    texture, tone = np.zeros((n, n), np.float32), 0.03 * noise(rng, n, 2)
    if rng.random() < TEXTURE_ODDS:
        wall = toward(wall, tint(rng, rng.uniform(0.5, 0.85), rng.uniform(0.0, 0.3)), 0.6)
        kind, view = rng.integers(3), b.at(0.0, 0.0, 1.0, rng.uniform(0.0, np.pi))
        if kind == 0:
            texture = 0.10 * clouds(rng, n, 8)
        elif kind == 1:
            texture = 0.06 * np.sin(view.x * np.float32(rng.uniform(9, 30)))
        else:
            plank = view.y / np.float32(rng.uniform(0.25, 0.6))
            texture = 0.05 * noise(rng, n, 20, 4) - 0.2 * (np.abs(plank % 1.0 - 0.5) > 0.46)
    b.rgb[:] = wall * (1.0 + tone + texture)[..., None]


def _lay_on(b: Brush, rng: np.random.Generator, hand: Array, covered: Array) -> None:
    """Lay a painted hand on the wall, with its shadow beside it."""
    n = len(b.x)
    shape = np.clip(0.5 - covered / np.float32(b.pixel), 0.0, 1.0)
    right, down = np.rint(n * rng.uniform((-0.08, 0.0), (0.08, 0.1))).astype(int)
    rows, columns = (np.clip(np.arange(n) - shift, 0, n - 1) for shift in (down, right))
    small = shape[rows][:, columns].reshape(n // 2, 2, n // 2, 2).mean(axis=(1, 3))
    shadow = blur(small[..., None], n * rng.uniform(0.008, 0.025)).repeat(2, 0).repeat(2, 1)
    depth = np.float32(rng.uniform(0.05, 0.55))
    b.rgb[:] *= 1.0 - depth * shadow * (1.0 - np.array(SHADE, np.float32))
    b.rgb[:] += shape[..., None] * (hand - b.rgb)


def draw_sign(rng: np.random.Generator, fingers: int, size: int = 64) -> Array:
    """Draw one picture of a hand that shows a number.

    Varies: place, size and tilt of the hand, left or right, palm or back, how fingers spread, bend
    and are built, forearm and sleeve, skin, light, wall, shadow, blur and noise; for 0 how far the
    ring is open, or a fist; for 3 whether the thumb or the ring finger is the third.

    Args:
        rng: generator all draws come from; it is advanced.
        fingers: the number shown, 0 to 5.
        size: side of the picture in pixels, at least 16.

    Returns:
        Picture of shape (size, size, 3), uint8, even RGB levels 0..254.

    Raises:
        TypeError: `rng` is no generator, or a number no whole one.
        ValueError: `fingers` outside 0..5, or a `size` below 16.

    Example:
        >>> picture = draw_sign(np.random.default_rng(0), fingers=2, size=32)
        >>> picture.shape, picture.dtype.name
        ((32, 32, 3), 'uint8')
    """
    check_drawing(rng, size)
    if check_count("fingers", fingers, minimum=0) >= CLASSES:
        raise InvalidValue(sentence("fingers", f"be at most {CLASSES - 1}", fingers))
    angle = rng.uniform(-2.6, -0.5)
    light, relief = (float(np.cos(angle)), float(np.sin(angle))), rng.uniform(0.25, 0.55)
    canvas, layer = (blank(size, light, relief) for _ in "ab")
    _wall(canvas, rng)

    skin = _skin(rng)
    layer.rgb[:] = skin * 0.6
    view, down = _pose(layer, rng)
    covered = np.full_like(layer.x, 9.0)
    length, width = rng.normal(1.0, 0.05), rng.normal(1.0, 0.06)
    hand = _Hand(view, rng, skin, covered, length, width)
    if fingers == 0 and rng.random() >= FIST_ODDS:
        _ring_sign(hand, down)
    else:
        _counting_sign(hand, _choose_fingers(rng, fingers), down)
    layer.rgb[:] *= (1.0 + 0.08 * clouds(rng, len(layer.x), 5))[..., None]
    _lay_on(canvas, rng, layer.rgb, covered)
    return develop(canvas, rng, cast=0.02)


def _skin(rng: np.random.Generator) -> Array:
    """A colour between two neighbours of the table, a little redder or yellower."""
    i = int(rng.choice(len(SKINS), p=SKIN_ODDS))
    colour = toward(SKINS[i], SKINS[min(i + 1, len(SKINS) - 1)], rng.uniform(0.0, 1.0))
    return np.clip(colour * rng.normal(1.0, 0.03, 3), 0.0, 1.0).astype(np.float32)


def _choose_fingers(rng: np.random.Generator, fingers: int) -> tuple[str, ...]:
    if fingers == 0:
        return ()
    sets = list(RAISED[fingers])
    return sets[rng.choice(len(sets), p=list(RAISED[fingers].values()))]


# --------------------------------------------------------------------------- sets


def _split(stream: np.random.SeedSequence, count: int, size: int) -> tuple[Array, Array]:
    """Return `count` pictures (count, size, size, 3) and labels (1, count) of one stream.

    Labels come in groups of all six numbers in random order, so that every multiple of six is
    balanced; each picture has its own child of the stream, so that no count changes it.
    """
    labels, *pictures = stream.spawn(count + 1)
    groups = np.random.default_rng(labels).random((-(-count // CLASSES), CLASSES)).argsort(axis=1)
    y = groups.reshape(1, -1)[:, :count].astype(np.int64)
    x = np.empty((count, size, size, 3), dtype=np.uint8)
    for i, (child, fingers) in enumerate(zip(pictures, y[0].tolist(), strict=True)):
        x[i] = draw_sign(np.random.default_rng(child), fingers, size)
    return x, y


def make_signs(
    n_train: int = 1080, n_test: int = 120, size: int = 64, seed: int = 1
) -> tuple[Array, Array, Array, Array]:
    """Make a training and a test set of hands, labelled with the number they show.

    Varies: everything `draw_sign` varies; the two splits come from independent streams of `seed`.
    Every six pictures in a row show all six numbers.  Picture i of a split is the same whatever the
    counts, so that a longer set starts with the shorter one.

    Args:
        n_train: number of training pictures, at least 1.
        n_test: number of test pictures, at least 1.
        size: side of a picture in pixels, at least 16.
        seed: non-negative integer; the same seed gives the same sets.

    Returns:
        Tuple of train_x (n_train, size, size, 3) uint8 with even RGB levels 0..254, train_y
        (1, n_train) int64 from 0 to 5, test_x (n_test, size, size, 3) and test_y (1, n_test).

    Raises:
        TypeError, ValueError: a count, `size` or `seed` that is no whole number, or too small.

    Example:
        >>> train_x, train_y, test_x, test_y = make_signs(n_train=6, n_test=3, size=16)
        >>> train_x.shape, train_y.shape, test_x.shape, test_y.shape
        ((6, 16, 16, 3), (1, 6), (3, 16, 16, 3), (1, 3))
        >>> sorted(train_y[0].tolist())
        [0, 1, 2, 3, 4, 5]
    """
    for name, value, least in (
        ("n_train", n_train, 1), ("n_test", n_test, 1), ("size", size, MIN_SIZE), ("seed", seed, 0),
    ):  # fmt: skip
        check_count(name, value, least)
    train, test = np.random.SeedSequence(int(seed)).spawn(2)
    return *_split(train, n_train, size), *_split(test, n_test, size)
