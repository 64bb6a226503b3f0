"""Generated pictures for transfer learning: alpacas and other things, and a larger set of kinds.

Two sets go together.  `make_kinds` has pictures of 39 kinds of things, from dogs to brick walls, as
many as you like: what a network can be pre-trained on.  `make_alpacas` is the task with little
data, and none of the kinds is an alpaca.

An alpaca has a long neck, a fleece all over, a small head with a short muzzle, upright ears and a
tuft between them.  Half of the pictures show one; among the others are sheep and dogs, things and
places, and three animals with long necks as well (`BODIES`): a llama, with a longer muzzle, longer
ears and no tuft, a camel with its hump, a horse with its mane.  All share background, light, coat
and camera, so that no mean colour tells them apart.

Coordinates run from -1 (left, top) to 1 (right, bottom).  Animals stand facing left, and half of
them are mirrored.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from dlspec._complaints import InvalidValue, sentence
from dlspec._validation import check_count
from dlspec.datasets._drawing import (
    MIN_SIZE,
    Array,
    Brush,
    blend,
    check_drawing,
    clouds,
    curve,
    develop,
    ellipse,
    noise,
    stroke,
    toward,
)
from dlspec.datasets._scenes import (
    BACKGROUNDS,
    INK,
    PINK,
    SNOW,
    Scene,
    fuzzy,
    new_scene,
    put_in_front,
    round_eyes,
    shadow,
)
from dlspec.datasets._subjects import ANIMALS, OBJECTS, PLACES

__all__ = ["draw_alpaca", "draw_kind", "draw_no_alpaca", "kind_names", "make_alpacas", "make_kinds"]


# --------------------------------------------------------------------------- animals by numbers


class _Body(NamedTuple):
    """What tells animals with long necks apart; lengths in units of the scene."""

    neck: float  # length of the neck
    thick: float  # radius of the neck where the head sits
    muzzle: float  # length of the muzzle
    ear: float  # length of an ear
    tuft: float  # radius of the tuft on the forehead, 0 for none
    curls: float  # depth of the fleece, 0 for short hair
    leg: float  # radius of a leg above the knee
    hump: float  # height of the hump
    mane: bool
    tail: float  # length of the tail


BODIES = {
    #              neck  thick  muzzle  ear   tuft  curls  leg    hump  mane   tail
    "alpaca": _Body(0.58, 0.135, 0.11, 0.20, 0.135, 0.060, 0.095, 0.0, False, 0.15),
    "llama": _Body(0.66, 0.100, 0.21, 0.27, 0.0, 0.025, 0.065, 0.0, False, 0.18),
    "camel": _Body(0.60, 0.085, 0.23, 0.10, 0.0, 0.010, 0.060, 0.26, False, 0.40),
    "horse": _Body(0.52, 0.110, 0.30, 0.14, 0.0, 0.0, 0.070, 0.0, True, 0.60),
}
LOOK_ALIKES = ("llama", "camel", "horse")


def _fleece(scene: Scene, b: Brush, body: _Body, curl: Array) -> tuple[Array, Array]:
    """Colours of the coat, and how far its locks stand out."""
    depth = np.float32(body.curls)
    fur = scene.coat.on(b) * (1.0 + 4.0 * depth * curl)[..., None]
    return fur, depth * curl + np.float32(0.02) * scene.coat.fine


def _standing(scene: Scene, body: _Body) -> None:
    """Paint the whole animal from the side, standing or lying."""
    rng = scene.rng
    b = scene.pose(0.9)
    b = b if rng.random() < 0.5 else b.mirrored()
    lying = rng.random() < 0.2
    b = b.at(0.02, 0.30 if lying else 0.06)
    curl = 0.7 * noise(rng, len(b.x), 22) + 0.5 * noise(rng, len(b.x), 30)
    fur, locks = _fleece(scene, b, body, curl)
    foot = rng.uniform(0.82, 0.95)

    shadow(b, 0.1, 0.45 if lying else foot, 0.7)
    if not lying:
        for x, shade in ((-0.12, 0.62), (0.46, 0.62), (-0.26, 1.0), (0.60, 1.0)):
            step = x + rng.uniform(-0.07, 0.07)
            thigh = stroke(b, [(x, 0.2), (x, 0.52)], 1.5 * body.leg, body.leg)
            shin = stroke(b, [(x, 0.45), (step, foot)], 0.05, 0.035)
            b.fill(shin, fur * (0.9 * shade), solid=0.05)
            b.fill(thigh + locks, fur * shade, solid=0.08)
    rump = curve((0.66, 0.0), (0.85, 0.0), (0.76 + 0.2 * body.tail, 0.05 + body.tail))
    b.fill(stroke(b, rump, 0.07, 0.04) + locks, fur * 0.8, solid=0.06)

    lean, back = rng.uniform(0.08, 0.42), rng.uniform(0.27, 0.33)
    if not body.tuft and rng.random() < 0.4:  # the others carry their neck lower at times
        lean += rng.uniform(0.1, 0.5)
    nape = (-0.26 - body.neck * np.sin(lean), -0.02 - body.neck * np.cos(lean))
    bend = (-0.36 - 0.2 * body.neck * np.sin(lean), -0.02 - 0.5 * body.neck)
    neck = stroke(b, curve((-0.18, 0.1), bend, nape), 1.7 * body.thick, body.thick)
    trunk = blend(ellipse(b, 0.18, 0.12, 0.56, back), ellipse(b, -0.15, 0.1, 0.24, 0.28), 0.15)
    if body.hump:
        trunk = blend(trunk, ellipse(b, 0.2, -0.18, 0.24, body.hump), 0.12)
    b.fill(blend(trunk, neck, 0.16) + locks, fur, solid=0.16)
    if body.mane:
        crest = [(x + 1.25 * body.thick, y) for x, y in curve((-0.18, 0.0), bend, nape)]
        b.fill(fuzzy(stroke(b, crest, 0.07, 0.06), scene.coat), scene.coat.dark, solid=0.06)
    _profile(scene, b.at(*nape, 1.0, rng.uniform(-0.15, 0.25)), body, fur, locks)


def _profile(scene: Scene, b: Brush, body: _Body, fur: Array, locks: Array) -> None:
    """Paint a head from the side; the origin of `b` is the nape."""
    tip = (-0.14 - body.muzzle, 0.05 + 0.25 * body.muzzle)
    for x, tilt, shade in ((0.05, 0.25, 0.7), (-0.01, 0.05, 1.0)):
        ear = b.at(x, -0.06, 1.0, tilt)
        b.fill(
            ellipse(ear, 0, -0.5 * body.ear, 0.042, 0.06 + 0.5 * body.ear), fur * shade, solid=0.05
        )
    skull = stroke(b, [(-0.04, -0.03), (-0.13, 0.0), tip], 0.135, 0.065)
    b.fill(fuzzy(skull, scene.coat, 0.02), fur, solid=0.1)
    b.fill(ellipse(b, *tip, 0.07, 0.06), toward(scene.coat.base, SNOW, 0.3), soft=0.04)
    if body.tuft:
        b.fill(ellipse(b, -0.09, -0.13, 1.15 * body.tuft, 0.11) + locks, fur * 1.05, solid=0.08)
    b.fill(ellipse(b, -0.13, -0.03, 0.032, 0.034), INK)
    b.fill(ellipse(b, -0.14, -0.042, 0.010, 0.010), (1, 1, 1))
    b.fill(ellipse(b, tip[0] - 0.045, tip[1] - 0.015, 0.018, 0.013), INK)
    mouth = [(tip[0] - 0.05, tip[1] + 0.03), (tip[0] + 0.07, tip[1] + 0.03)]
    b.fill(stroke(b, mouth, 0.009, 0.006), INK, opacity=0.7)


def _portrait(scene: Scene, body: _Body) -> None:
    """Paint head and neck from the front."""
    rng = scene.rng
    b = scene.pose(0.72).at(0.0, 0.12)
    curl = 0.7 * noise(rng, len(b.x), 16) + 0.5 * noise(rng, len(b.x), 26)
    fur, locks = _fleece(scene, b, body, curl)
    locks = 1.6 * locks
    neck = b.at(rng.uniform(-0.15, 0.15), 0.0)
    column = stroke(neck, [(0.0, 0.3), (0.0, 1.6)], 2.6 * body.thick, 4.0 * body.thick)
    neck.fill(column + locks, fur * 0.85, solid=0.3)
    if body.mane:
        neck.fill(fuzzy(ellipse(neck, 0.33, 0.9, 0.14, 0.9), scene.coat), scene.coat.dark)
    front, tall = b.turned(rng.uniform(-0.3, 0.3)), 0.42 + 0.9 * body.muzzle
    for side in (b, b.mirrored()):
        ear = side.at(0.30, -0.42, 1.0, rng.uniform(0.05, 0.5))
        shape = blend(
            ellipse(ear, 0, -1.3 * body.ear, 0.12, 1.6 * body.ear),
            ellipse(ear, 0, 0, 0.1, 0.15),
            0.1,
        )
        ear.fill(fuzzy(shape, scene.coat, 0.03), fur, solid=0.1)
        hole = ellipse(ear, 0, -1.2 * body.ear, 0.055, 1.2 * body.ear)
        ear.fill(hole, toward(PINK, scene.coat.base, 0.5), soft=0.05, opacity=0.8)
    skull = blend(ellipse(b, 0, -0.12, 0.42, 0.42), ellipse(front, 0, tall - 0.2, 0.25, 0.3), 0.25)
    b.fill(fuzzy(skull, scene.coat, 0.03), fur, solid=0.25)
    if body.tuft:
        b.fill(ellipse(b, 0, -0.48, 3.1 * body.tuft, 0.27) + locks, fur * 1.05, solid=0.2)
    elif body.mane:
        b.fill(fuzzy(ellipse(b, 0, -0.4, 0.1, 0.32), scene.coat), scene.coat.dark, soft=0.05)
    pale = toward(scene.coat.base, SNOW, rng.choice([0.1, 0.35]))
    front.fill(ellipse(front, 0, tall - 0.15, 0.2, 0.18), pale, soft=0.1, solid=0.12)
    for x in (-0.07, 0.07):
        slit = [(1.4 * x, tall - 0.25), (0.4 * x, tall - 0.17)]
        front.fill(stroke(front, slit, 0.03, 0.018), INK, opacity=0.9)
    lips = [(-0.12, tall), (0.0, tall - 0.06), (0.12, tall)]
    front.fill(stroke(front, [(0.0, tall - 0.17), (0.0, tall - 0.06)], 0.012, 0.012), INK)
    front.fill(stroke(front, lips, 0.014, 0.014), INK, opacity=0.8)
    round_eyes(front, 0.29, -0.12, 0.085)


POSES: tuple[Callable[[Scene, _Body], None], ...] = (_standing, _portrait)
POSE_ODDS = (0.6, 0.4)


def _animal(scene: Scene, name: str) -> None:
    POSES[scene.rng.choice(len(POSES), p=POSE_ODDS)](scene, BODIES[name])


def _look_alike(scene: Scene) -> None:
    _animal(scene, LOOK_ALIKES[scene.rng.integers(len(LOOK_ALIKES))])


OTHERS = ((_look_alike,), ANIMALS, OBJECTS, PLACES)
OTHER_ODDS = (0.26, 0.40, 0.20, 0.14)


def _hide(scene: Scene) -> None:
    """Often let grass, a fence or a branch stand in front of the lower or the outer part."""
    b, rng = scene.brush, scene.rng
    odds, colour = rng.random(), toward(scene.accent, (0.35, 0.42, 0.2), 0.5)
    if odds < 0.12:  # grass
        top = rng.uniform(0.45, 0.8) + 0.12 * noise(rng, len(b.x), 2, 30)
        b.fill(top - b.y, colour * (1.0 + 0.3 * clouds(rng, len(b.x), 9))[..., None], soft=0.04)
    elif odds < 0.22:  # a fence
        for y in (rng.uniform(0.1, 0.3), rng.uniform(0.5, 0.7)):
            b.fill(np.abs(b.y - np.float32(y)) - np.float32(0.045), colour, solid=0.05)
        for x in rng.uniform(-1.0, 1.0, 2):
            b.fill(np.maximum(np.abs(b.x - np.float32(x)) - 0.06, -b.y), colour * 0.9, solid=0.05)
    else:
        put_in_front(scene)


# --------------------------------------------------------------------------- kinds


def _texture(paint: Callable) -> Callable[[Scene], None]:
    def over_all(scene: Scene) -> None:
        paint(scene.brush, scene.rng)

    return over_all


def _name(paint: Callable) -> str:
    return paint.__name__.strip("_").replace("_", " ")


# Each once, whatever its odds among the others of the cats; no bare backgrounds beside themselves.
KINDS: dict[str, Callable[[Scene], None]] = {
    **{_name(paint): paint for paint in (*ANIMALS, *OBJECTS, *PLACES) if _name(paint) != "nothing"},
    **{f"{_name(paint)} only": _texture(paint) for paint in BACKGROUNDS},
}


def kind_names() -> tuple[str, ...]:
    """Names of the kinds that `draw_kind` draws, in the order of their numbers.

    Returns:
        One name for each kind: animals, objects, places, bare backgrounds.

    Example:
        >>> len(kind_names()), kind_names()[:3], "alpaca" in kind_names()
        (39, ('dog', 'rabbit', 'bear'), False)
    """
    return tuple(KINDS)


# --------------------------------------------------------------------------- single pictures


def draw_alpaca(rng: np.random.Generator, size: int = 160) -> Array:
    """Draw one picture of an alpaca.

    Varies: pose (whole animal from the side, standing or lying; head from the front), coat, place,
    scale, tilt, lean of the neck, background, light, blur, noise, and what stands in front.

    Args:
        rng: generator all draws come from; it is advanced.
        size: side of the picture in pixels, at least 16.

    Returns:
        Picture of shape (size, size, 3), uint8, even RGB levels 0..254.

    Raises:
        TypeError: `rng` is no generator, or `size` no whole number.
        ValueError: a `size` below 16.

    Example:
        >>> picture = draw_alpaca(np.random.default_rng(0), size=32)
        >>> picture.shape, picture.dtype.name
        ((32, 32, 3), 'uint8')
    """
    check_drawing(rng, size)
    return _photo(rng, size, lambda scene: _animal(scene, "alpaca"), _hide)


def draw_no_alpaca(rng: np.random.Generator, size: int = 160) -> Array:
    """Draw one picture of anything but an alpaca.

    Varies: what it shows (llamas, camels and horses, other animals, objects, places) and everything
    that `draw_alpaca` varies around the subject, out of the same distributions.

    Args:
        rng: generator all draws come from; it is advanced.
        size: side of the picture in pixels, at least 16.

    Returns:
        Picture of shape (size, size, 3), uint8, even RGB levels 0..254.

    Raises:
        TypeError: `rng` is no generator, or `size` no whole number.
        ValueError: a `size` below 16.

    Example:
        >>> picture = draw_no_alpaca(np.random.default_rng(0), size=32)
        >>> picture.shape, picture.dtype.name
        ((32, 32, 3), 'uint8')
    """
    check_drawing(rng, size)

    def something(scene):
        paints = OTHERS[scene.rng.choice(len(OTHERS), p=OTHER_ODDS)]
        paints[scene.rng.integers(len(paints))](scene)

    return _photo(rng, size, something, _hide)


def draw_kind(rng: np.random.Generator, kind: int, size: int = 64) -> Array:
    """Draw one picture of a kind.

    Varies: everything around the subject that `draw_alpaca` varies.

    Args:
        rng: generator all draws come from; it is advanced.
        kind: number of the kind, from 0: its place in `kind_names()`.
        size: side of the picture in pixels, at least 16.

    Returns:
        Picture of shape (size, size, 3), uint8, even RGB levels 0..254.

    Raises:
        TypeError: `rng` is no generator, or `kind` or `size` no whole number.
        ValueError: no such kind, a `size` below 16.

    Example:
        >>> draw_kind(np.random.default_rng(0), kind_names().index("sheep"), size=32).shape
        (32, 32, 3)
    """
    check_drawing(rng, size)
    names = kind_names()
    number = check_count("kind", kind, minimum=0)
    if number >= len(names):
        raise InvalidValue(sentence("kind", f"be less than {len(names)}, the kinds", kind))
    return _photo(rng, size, KINDS[names[number]], put_in_front)


def _photo(rng, size, paint, hide) -> Array:
    scene = new_scene(rng, size)
    paint(scene)
    hide(scene)
    return develop(scene.brush, scene.rng)


# --------------------------------------------------------------------------- sets


def make_alpacas(count: int = 260, *, size: int = 160, seed: int = 1) -> tuple[Array, Array]:
    """Make pictures labelled alpaca (1) or not (0).

    Varies: everything `draw_alpaca` and `draw_no_alpaca` vary.  Labels come in pairs of one alpaca
    and one other in random order.  Picture i is the same whatever the count, so that a longer set
    starts with the shorter one: cut training, dev and test set off one set, or take other seeds.

    Args:
        count: number of pictures, at least 1.
        size: side of a picture in pixels, at least 16.
        seed: non-negative integer; the same seed gives the same set.

    Returns:
        Pictures (count, size, size, 3) uint8 with even RGB levels 0..254, and labels (count,)
        int64.

    Raises:
        TypeError, ValueError: a count, `size` or `seed` that is no whole number, or too small.

    Example:
        >>> x, y = make_alpacas(6, size=16)
        >>> x.shape, int(y.sum())
        ((6, 16, 16, 3), 3)
    """
    _check(count, size, seed)

    def draw(rng, is_alpaca):
        return (draw_alpaca if is_alpaca else draw_no_alpaca)(rng, size)

    return _make(draw, 2, count, size, seed)


def make_kinds(
    count: int = 3120, *, size: int = 64, seed: int = 1
) -> tuple[Array, Array, tuple[str, ...]]:
    """Make pictures of many kinds of things, none of them an alpaca, to pre-train a network on.

    Varies: everything `draw_kind` varies.  Every 39 pictures in a row show all kinds.  Picture i is
    the same whatever the count.

    Args:
        count: number of pictures, at least 1.
        size: side of a picture in pixels, at least 16.
        seed: non-negative integer; the same seed gives the same set.

    Returns:
        Pictures (count, size, size, 3) uint8 with even RGB levels 0..254, numbers of the kinds
        (count,) int64, and the kinds' names.

    Raises:
        TypeError, ValueError: a count, `size` or `seed` that is no whole number, or too small.

    Example:
        >>> x, y, names = make_kinds(3, size=16)
        >>> x.shape, [names[kind] for kind in y] == [names[kind] for kind in make_kinds(3)[1]]
        ((3, 16, 16, 3), True)
    """
    _check(count, size, seed)
    names = kind_names()
    return *_make(
        lambda rng, kind: draw_kind(rng, kind, size), len(names), count, size, seed
    ), names


def _check(count, size, seed):
    for name, value, least in (("count", count, 1), ("size", size, MIN_SIZE), ("seed", seed, 0)):
        check_count(name, value, least)


def _make(draw, classes, count, size, seed):
    """Pictures and labels: groups of all classes in random order, one stream for each picture."""
    streams = np.random.SeedSequence([int(seed), classes])  # alpacas and kinds share no scene
    labels, *pictures = streams.spawn(int(count) + 1)
    groups = np.random.default_rng(labels).random((-(-count // classes), classes)).argsort(axis=1)
    y = groups.ravel()[:count].astype(np.int64)
    x = np.empty((count, size, size, 3), dtype=np.uint8)
    for i, (child, label) in enumerate(zip(pictures, y.tolist(), strict=True)):
        x[i] = draw(np.random.default_rng(child), label)
    return x, y
