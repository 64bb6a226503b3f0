"""Generated pictures of a city, with or without a bird, as two kinds of cameras see it.

A scene is a sky, a skyline, now and then a tree, wires and a roof with antennas; then come things
that are no birds (planes, drones, kites, balloons, leaves, bags, a cat on the roof) and, in three
of ten pictures, a bird, sometimes several.  What else is in a picture is drawn alike whether a bird
is there or not, so that nothing but the bird gives the answer away.

Two kinds of pictures:

    city       security cameras: far away, grey, often at dusk, out of focus, shaken, noisy
    citizens   people's phones: near, colourful, tilted, sharp

Both show the same birds and the same city; a network that has only seen one kind is wrong more
often about the other.

In a bird's own coordinates it looks right (x > 0), up is y < 0, and its body is about 1 long.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from dlspec._validation import check_choice, check_count
from dlspec.datasets._drawing import (
    MIN_SIZE,
    Array,
    Brush,
    Colour,
    Point,
    blank,
    blur,
    box,
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

__all__ = ["KINDS", "draw_bird_scene", "make_birds"]

KINDS = ("city", "citizens")

GROUP, BIRDS_PER_GROUP = 10, 3  # three of every ten pictures hold a bird


@dataclass(frozen=True)
class _Camera:
    """What differs between the kinds of pictures; pairs are ranges."""

    reach: tuple[float, float]  # length of a bird, in halves of the picture
    tilt: float  # standard deviation, radians
    zoom: tuple[float, float]  # of the scenery
    horizon: tuple[float, float]  # lower edge of the sky
    grey: tuple[float, float]  # share of colour that is lost
    haze: tuple[float, float]  # share of contrast that is lost
    dusk_odds: float
    focus: tuple[float, float]  # radius of the blur, in parts of the picture
    shake_odds: float
    grain: tuple[float, float]


CAMERAS = {
    "city": _Camera(
        reach=(0.30, 0.70), tilt=0.02, zoom=(0.8, 1.1), horizon=(0.1, 0.8), grey=(0.45, 0.9),
        haze=(0.0, 0.2), dusk_odds=0.2, focus=(0.003, 0.007), shake_odds=0.12, grain=(0.005, 0.02),
    ),
    "citizens": _Camera(
        reach=(0.70, 1.35), tilt=0.30, zoom=(1.2, 2.2), horizon=(0.2, 1.1), grey=(-0.6, 0.0),
        haze=(0.0, 0.05), dusk_odds=0.05, focus=(0.001, 0.004), shake_odds=0.05, grain=(0.0, 0.015),
    ),
}  # fmt: skip

# Back and wings, belly, wing tips: gull, pigeon, crow, sparrow, swift, parakeet, starling.
SPECIES = (
    ((0.72, 0.73, 0.76), (0.95, 0.95, 0.94), (0.12, 0.12, 0.13)),
    ((0.45, 0.48, 0.55), (0.60, 0.62, 0.68), (0.25, 0.27, 0.32)),
    ((0.08, 0.08, 0.10), (0.13, 0.13, 0.15), (0.06, 0.06, 0.08)),
    ((0.45, 0.32, 0.20), (0.72, 0.64, 0.53), (0.30, 0.21, 0.14)),
    ((0.17, 0.15, 0.14), (0.30, 0.27, 0.25), (0.10, 0.09, 0.09)),
    ((0.25, 0.58, 0.20), (0.50, 0.75, 0.30), (0.15, 0.35, 0.20)),
    ((0.14, 0.16, 0.22), (0.22, 0.22, 0.28), (0.10, 0.10, 0.14)),
)
SPECIES_ODDS = (0.18, 0.26, 0.17, 0.15, 0.10, 0.04, 0.10)
BEAK = (0.85, 0.62, 0.20)
SKIES = (((0.36, 0.56, 0.85), (0.80, 0.88, 0.95)), ((0.62, 0.67, 0.72), (0.80, 0.82, 0.84)))
DUSK = ((0.28, 0.28, 0.45), (0.85, 0.60, 0.45))
WALLS = ((0.60, 0.42, 0.34), (0.72, 0.68, 0.60), (0.50, 0.52, 0.55), (0.80, 0.74, 0.62))

FLYING_ODDS, FLOCK_ODDS = 0.65, 0.25
WIRE_ODDS, TREE_ODDS, ROOF_ODDS, ANTENNA_ODDS = 0.3, 0.3, 0.55, 0.35
THINGS = (0.45, 0.42, 0.13)  # odds of 0, 1, 2 things that are no birds


# --------------------------------------------------------------------------- birds


@dataclass(frozen=True)
class _Plumage:
    back: Array
    belly: Array
    tips: Array


def _plumage(rng: np.random.Generator) -> _Plumage:
    """One of the species, a little lighter or darker; against the light hardly any colour."""
    i = int(rng.choice(len(SPECIES), p=SPECIES_ODDS))
    shade = rng.uniform(0.8, 1.1)
    if rng.random() < 0.25:
        shade *= 0.5
    return _Plumage(*(np.clip(np.array(c) * shade, 0.0, 1.0) for c in SPECIES[i]))


def _body(b: Brush, p: _Plumage, lean: float) -> None:
    """Paint tail, body, head and beak of a bird that looks right, its front lifted by `lean`."""
    view = b.at(0.0, 0.0, 1.0, -lean)
    view.fill(polygon(view, [(-0.75, -0.05), (-0.3, -0.07), (-0.3, 0.06), (-0.72, 0.07)]), p.tips)
    view.fill(ellipse(view, 0.0, 0.0, 0.42, 0.18), p.back, solid=0.2)
    view.fill(ellipse(view, 0.06, 0.07, 0.30, 0.11), p.belly, soft=0.06, opacity=0.9)
    view.fill(polygon(view, [(0.5, -0.13), (0.72, -0.06), (0.5, -0.02)]), BEAK)
    view.fill(ellipse(view, 0.42, -0.09, 0.15, 0.13), p.back, solid=0.15)


def _wing(b: Brush, p: _Plumage, points: Sequence[Point], width: float) -> None:
    """Paint a wing from the shoulder to its tip, which is narrow and of another colour."""
    b.fill(stroke(b, points, width, 0.25 * width), p.back)
    b.fill(stroke(b, points[-2:], 0.45 * width, 0.2 * width), p.tips, opacity=0.8)


def _flapping(b: Brush, rng: np.random.Generator, p: _Plumage) -> None:
    """Paint a bird in flight from the side, its wings anywhere between up and down."""
    beat, span = rng.uniform(-1.1, 1.2), rng.uniform(0.75, 1.1)
    tips = [(-0.35 + side, -span * np.sin(beat + side)) for side in (0.25, 0.0)]
    far, near = (curve((0.12, -0.05), (0.1, 0.65 * y - 0.15), (x, y), steps=4) for x, y in tips)
    _wing(b, p, far, 0.13)
    _body(b, p, rng.uniform(-0.2, 0.3))
    _wing(b, p, near, 0.15)


def _distant(b: Brush, rng: np.random.Generator, p: _Plumage) -> None:
    """Paint a bird that flies towards the camera or away: two bent arms and a dot."""
    lift, droop, span = rng.uniform(0.1, 0.5), rng.uniform(-0.2, 0.35), rng.uniform(0.8, 1.15)
    for side in (-1.0, 1.0):
        arm = [(0.0, 0.0), (0.45 * side * span, -lift), (side * span, -lift + droop)]
        _wing(b, p, arm, 0.12)
    b.fill(ellipse(b, 0.0, 0.03, 0.16, 0.15), p.belly, solid=0.15)
    b.fill(ellipse(b, 0.0, -0.02, 0.15, 0.11), p.back)


def _gliding(b: Brush, rng: np.random.Generator, p: _Plumage) -> None:
    """Paint a bird with spread wings from below."""
    sweep, span = rng.uniform(-0.05, 0.4), rng.uniform(0.85, 1.2)
    b.fill(polygon(b, [(-0.1, 0.2), (0.1, 0.2), (0.2, 0.6), (-0.2, 0.6)]), p.tips)
    for side in (-1.0, 1.0):
        arm = [(0.05 * side, -0.1), (0.5 * side * span, -0.22), (side * span, -0.15 + sweep)]
        _wing(b, p, arm, 0.17)
    b.fill(ellipse(b, 0.0, 0.0, 0.14, 0.38), p.belly, solid=0.15)
    b.fill(ellipse(b, 0.0, -0.38, 0.1, 0.12), p.back)


def _perched(b: Brush, rng: np.random.Generator, p: _Plumage) -> None:
    """Paint a bird that sits or stands; its feet are at the origin."""
    height, lean = rng.uniform(0.18, 0.3), rng.uniform(0.1, 0.95)
    for x in (-0.05, 0.07):
        b.fill(stroke(b, [(x, -height), (x, 0.0)], 0.025, 0.025), p.tips)
    _body(b.at(0.0, -height - 0.12), p, lean)
    wing = b.at(0.0, -height - 0.12, 1.0, -lean)
    wing.fill(ellipse(wing, -0.12, -0.02, 0.3, 0.11), p.tips, soft=0.05, opacity=0.7)


FLYING: tuple[Callable, ...] = (_flapping, _distant, _gliding)


# --------------------------------------------------------------------------- things that are none


def _plane(b: Brush, rng: np.random.Generator) -> None:
    metal = np.full(3, rng.uniform(0.3, 0.9))
    b.fill(stroke(b, [(0.1, 0.0), (-0.35, -0.5)], 0.09, 0.04), metal * 0.8)
    b.fill(stroke(b, [(-0.75, 0.0), (0.75, 0.0)], 0.07, 0.1), metal, solid=0.1)
    b.fill(stroke(b, [(0.12, 0.02), (-0.4, 0.55)], 0.11, 0.05), metal * 0.7)
    b.fill(polygon(b, [(-0.9, -0.32), (-0.72, -0.32), (-0.5, 0.0), (-0.8, 0.0)]), tint(rng, 0.4, 1))


def _drone(b: Brush, rng: np.random.Generator) -> None:
    colour, spread = np.full(3, rng.uniform(0.08, 0.5)), rng.uniform(0.1, 0.35)
    for x in (-0.7, 0.7):
        for y in (-spread, spread):
            b.fill(stroke(b, [(0.0, 0.0), (x, y)], 0.06, 0.04), colour)
            b.fill(ellipse(b, x, y - 0.06, 0.32, 0.06), colour * 1.2, opacity=0.6)
    b.fill(box(b, 0.0, 0.0, 0.26, 0.13, 0.08), colour, solid=0.1)


def _kite(b: Brush, rng: np.random.Generator) -> None:
    one, other = (tint(rng, rng.uniform(0.3, 0.7), 0.9) for _ in "ab")
    b.fill(polygon(b, [(0.0, -0.7), (0.45, -0.1), (0.0, 0.6), (-0.45, -0.1)]), one)
    b.fill(polygon(b, [(0.0, -0.7), (0.45, -0.1), (0.0, -0.1)]), other)
    x = rng.uniform(-0.5, 0.5)
    b.fill(stroke(b, curve((0.0, 0.6), (x, 0.9), (-x, 1.3), steps=5), 0.03, 0.03), other)


def _balloon(b: Brush, rng: np.random.Generator) -> None:
    colour, string = tint(rng, rng.uniform(0.3, 0.7), 1.0), (rng.uniform(-0.2, 0.2), 1.2)
    b.fill(stroke(b, [(0.0, 0.3), string], 0.015, 0.015), (0.9, 0.9, 0.9))
    b.fill(ellipse(b, 0.0, -0.1, 0.36, 0.44), colour, solid=0.4)


def _leaf(b: Brush, rng: np.random.Generator) -> None:
    """Paint up to three leaves in the wind, each two arcs that meet in points."""
    for _ in range(rng.integers(1, 4)):
        at = b.at(*rng.uniform(-0.8, 0.8, 2), rng.uniform(0.4, 0.7), rng.uniform(0.0, 6.3))
        bend = rng.uniform(0.4, 0.8)
        leaf = np.maximum(
            np.hypot(at.x, at.y - np.float32(bend)), np.hypot(at.x, at.y + np.float32(bend))
        ) - np.float32(np.hypot(bend, 0.65))
        colour = toward((0.30, 0.45, 0.15), (0.60, 0.35, 0.12), rng.uniform(0.0, 1.0))
        at.fill(leaf, colour * rng.uniform(0.5, 1.1))


def _bag(b: Brush, rng: np.random.Generator) -> None:
    """Paint a plastic bag that the wind took along: a crumpled blob with two handles."""
    colour = toward((0.92, 0.92, 0.92), tint(rng, 0.5, 0.8), rng.choice((0.0, 0.0, 0.7)))
    handle = rng.uniform(0.3, 0.7)
    for x in (-0.2, 0.2):
        b.fill(stroke(b, [(x, -0.2), (1.4 * x, -handle)], 0.08, 0.05), colour * 0.9)
    corners = [(-0.3, -0.3), (0.3, -0.25), (0.35, 0.3), (0.0, 0.42), (-0.35, 0.25)]
    b.fill(polygon(b, corners, 0.05) + np.float32(0.06) * np.sin(9 * b.x + 5 * b.y), colour)


def _cat(b: Brush, rng: np.random.Generator) -> None:
    """Paint a cat that sits on the roof; its feet are at the origin."""
    fur = np.array(((0.1, 0.1, 0.1), (0.6, 0.4, 0.2), (0.5, 0.5, 0.5))[rng.integers(3)])
    up = rng.uniform(-0.9, 0.1)
    b.fill(stroke(b, curve((-0.35, -0.08), (-0.8, -0.05), (-0.75, up), steps=5), 0.07, 0.05), fur)
    b.fill(ellipse(b, -0.05, -0.3, 0.36, 0.3), fur, solid=0.3)
    b.fill(stroke(b, [(0.2, -0.3), (0.22, -0.03)], 0.09, 0.07), fur)
    for x in (0.18, 0.42):
        b.fill(polygon(b, [(x - 0.08, -0.78), (x, -0.98), (x + 0.08, -0.78)]), fur)
    b.fill(ellipse(b, 0.3, -0.68, 0.22, 0.19), fur, solid=0.2)


AIRBORNE: tuple[Callable, ...] = (_plane, _drone, _kite, _balloon, _leaf, _bag)
AIRBORNE_ODDS = (0.27, 0.22, 0.11, 0.11, 0.19, 0.10)
CAT_ODDS = 0.15


# --------------------------------------------------------------------------- the city


def _sky(b: Brush, rng: np.random.Generator, dusk: bool) -> Colour:
    """Paint the sky with clouds, and return its colour at the horizon."""
    n, dull = len(b.x), rng.uniform(0.0, 1.0)
    top, low = (toward(x, y, dull) for x, y in zip(*SKIES, strict=True))
    if dusk:
        share = rng.uniform(0.4, 1.0)
        top, low = toward(top, DUSK[0], share), toward(low, DUSK[1], share)
    height = np.clip(0.5 + 0.5 * b.y, 0.0, 1.0)[..., None]
    b.rgb[:] = top + height * (low - top)
    cover = np.clip(clouds(rng, n, 3) + np.float32(rng.uniform(-0.5, 0.3)), 0.0, 1.0)[..., None]
    white = np.asarray(low * 0.4 + 0.6 * rng.uniform(0.75, 1.0), np.float32)
    b.rgb[:] += 0.9 * cover * (white - b.rgb)
    return low


def _skyline(b: Brush, rng: np.random.Generator, horizon: float, air: Colour) -> list[Point]:
    """Paint buildings from far to near, and return where on their roofs one can sit."""
    perches = []
    for depth in (0.75, 0.45, 0.15):
        for _ in range(rng.integers(1, 3)):
            x, half = rng.uniform(-1.3, 1.3), rng.uniform(0.15, 0.45)
            top = horizon + rng.uniform(-0.55, 0.25) + 0.2 * (0.75 - depth)
            wall = np.array(WALLS[rng.integers(len(WALLS))]) * rng.uniform(0.45, 1.05)
            wall = toward(wall, air, depth)
            _building(b, rng, (x, half, top), wall)
            perches.append((x + rng.uniform(-0.8, 0.8) * half, top))
    return perches


def _building(b: Brush, rng: np.random.Generator, place: tuple, wall: Array) -> None:
    """Paint a wall with rows of windows."""
    x, half, top = place
    part = b.cut(b.around([(x - half, top), (x + half, 3.0)], 0.05))
    inside = box(part, x, top + 2.0, half, 2.0)
    part.fill(inside, wall)
    pitch, glass = np.float32(rng.uniform(0.09, 0.2)), wall * rng.choice((0.7, 0.8, 1.15))
    across = np.abs((part.x - np.float32(x)) / pitch % 1.0 - 0.5)
    along = np.abs((part.y - np.float32(top)) / (1.5 * pitch) % 1.0 - 0.5)
    panes = np.maximum(np.maximum(across, along) - 0.28, 0.0) * pitch - 0.005
    part.fill(np.maximum(panes, inside + np.float32(0.04)), np.clip(glass, 0, 1), opacity=0.7)


def _tree(b: Brush, rng: np.random.Generator, horizon: float) -> list[Point]:
    """Paint a tree of several crowns, and return where on it one can sit."""
    x, y, size = rng.uniform(-1.0, 1.0), horizon + rng.uniform(0.0, 0.5), rng.uniform(0.2, 0.5)
    green = toward((0.16, 0.28, 0.10), (0.42, 0.38, 0.16), rng.uniform(0.0, 1.0))
    part = b.cut(b.around([(x, y)], 2.2 * size))
    waves, phase = rng.uniform(9.0, 16.0, 2) / size * 0.5, rng.uniform(0.0, 6.3, 2)
    rows, columns = (
        np.sin(w * v + f) for w, v, f in zip(waves, (part.y, part.x), phase, strict=True)
    )
    leaves = (rows * columns).astype(np.float32)
    for dx, dy in rng.normal(0.0, 0.45, (4, 2)) * size:
        crown = ellipse(part, x + dx, y + dy, size, 0.8 * size) + np.float32(0.25 * size) * leaves
        part.fill(crown, green * rng.uniform(0.8, 1.2), solid=size)
    return [(x + rng.uniform(-0.5, 0.5) * size, y - 0.8 * size)]


def _wires(b: Brush, rng: np.random.Generator) -> list[Point]:
    """Paint wires that sag between the sides of the picture, and return points on them."""
    left, right = rng.uniform(-0.8, 0.5, 2)
    sag, gap = rng.uniform(0.0, 0.3), rng.uniform(0.08, 0.2)
    width, perches = rng.uniform(0.008, 0.02), []
    for k in range(rng.integers(1, 4)):
        y0, y1 = left + k * gap, right + k * gap
        wire = curve((-1.5, y0), (0.0, 0.5 * (y0 + y1) + sag), (1.5, y1), steps=7)
        b.fill(stroke(b, wire, width, width), (0.12, 0.12, 0.13))
        x = rng.uniform(-0.8, 0.8)
        perches.append((x, float(np.interp(x, *zip(*wire, strict=True)))))
    return perches


def _roof(b: Brush, rng: np.random.Generator) -> list[Point]:
    """Paint a roof with an antenna or a chimney, and return points on its edge."""
    left, right = rng.uniform(0.45, 1.0, 2)
    tiles = toward((0.45, 0.22, 0.16), (0.30, 0.31, 0.34), rng.uniform(0.0, 1.0))
    x = rng.uniform(-0.7, 0.7)
    edge = float(np.interp(x, (-1.0, 1.0), (left, right)))
    if rng.random() < ANTENNA_ODDS:
        _antenna(b.at(x, edge), rng)
    else:
        b.fill(box(b, x, edge, 0.1, rng.uniform(0.15, 0.3)), tiles * 0.8)
    slope = np.float32(0.5 * (right - left))
    below = (np.float32(0.5 * (left + right)) + slope * b.x) - b.y
    b.fill(below, tiles)
    rows = np.abs(below / np.float32(0.09) % 1.0 - 0.5)
    b.fill(np.maximum(below + 0.02, (rows - 0.14) * 0.09), tiles * 0.75, opacity=0.6)
    places = [x + rng.uniform(0.25, 0.5) * rng.choice((-1, 1)) for _ in range(2)]
    return [(u, float(np.interp(u, (-1.0, 1.0), (left, right)))) for u in places]


def _antenna(b: Brush, rng: np.random.Generator) -> None:
    height, arm = rng.uniform(0.3, 0.7), rng.uniform(0.1, 0.25)
    metal = np.full(3, rng.uniform(0.15, 0.5))
    b.fill(stroke(b, [(0.0, 0.1), (0.0, -height)], 0.014, 0.014), metal)
    for k in range(rng.integers(2, 5)):
        y, half = -height + 0.08 * k, arm * (0.6 + 0.2 * k)
        b.fill(stroke(b, [(-half, y), (half, y)], 0.012, 0.012), metal)


# --------------------------------------------------------------------------- who is there


def _paint(b: Brush, draw: Callable, rng: np.random.Generator, place: Point, size: float) -> None:
    """Paint one thing of about `size` at a place, mirrored half the time."""
    view = b.at(*place, size, 0.0)
    view = view.mirrored() if rng.random() < 0.5 else view
    draw(view.cut(view.around([(0.0, 0.0)], 1.45)), rng)


def _length(rng: np.random.Generator, camera: _Camera) -> float:
    """A length in the camera's range, small ones more often."""
    low, high = np.log(camera.reach)
    return float(np.exp(rng.uniform(low, high)))


def _in_the_air(rng: np.random.Generator, size: float, zoom: float) -> Point:
    """A place in the upper part of the picture, where most of a thing can be seen."""
    far = 1.0 - 0.5 * size
    x, y = rng.uniform((-far, -far), (far, 0.5 * far)) / zoom
    return float(x), float(y)


def _add_birds(
    b: Brush, rng: np.random.Generator, camera: _Camera, zoom: float, perches: Sequence[Point]
) -> None:
    """Paint one bird, or several of a kind."""
    plumage, size = _plumage(rng), _length(rng, camera)
    flying = rng.random() < FLYING_ODDS or not perches
    count = int(rng.integers(2, 6)) if rng.random() < FLOCK_ODDS else 1
    pose = FLYING[rng.integers(len(FLYING))] if flying else _perched
    x, y = _in_the_air(rng, size, zoom) if flying else perches[rng.integers(len(perches))]
    size /= zoom
    for k in range(count):
        # Company perches in a row towards the middle; in the air it is above or below, too.
        dx, dy = k * size * rng.uniform(0.9, 1.3), rng.uniform(-0.8, 0.8) * size * (k > 0)
        place = (x - np.sign(x) * dx, y + dy * flying)
        _paint(b, lambda view, rng: pose(view, rng, plumage), rng, place, size)
        size *= rng.uniform(0.75, 0.95)


def _add_things(
    b: Brush, rng: np.random.Generator, camera: _Camera, zoom: float, roofs: Sequence[Point]
) -> None:
    """Paint things that are no birds, about as large as birds are."""
    for _ in range(int(rng.choice(len(THINGS), p=THINGS))):
        size = _length(rng, camera) * rng.uniform(0.8, 1.3)
        if roofs and rng.random() < CAT_ODDS:
            _paint(b, _cat, rng, roofs[rng.integers(len(roofs))], size / zoom)
        else:
            draw = AIRBORNE[int(rng.choice(len(AIRBORNE), p=AIRBORNE_ODDS))]
            _paint(b, draw, rng, _in_the_air(rng, size, zoom), size / zoom)


# --------------------------------------------------------------------------- the camera


def _through(camera: _Camera, b: Brush, rng: np.random.Generator, dusk: bool) -> None:
    """Change the canvas as the camera and the air before it do."""
    n = len(b.x)
    grey, haze = rng.uniform(*camera.grey), rng.uniform(*camera.haze)
    dim, fog = rng.uniform(0.55, 0.8) if dusk else 1.0, rng.uniform(0.5, 0.75)
    light = b.rgb @ np.array((0.30, 0.59, 0.11), np.float32)
    photo = b.rgb + np.float32(grey) * (light[..., None] - b.rgb)
    photo = (photo + np.float32(haze) * (np.float32(fog) - photo)) * np.float32(dim)
    photo = blur(photo, rng.uniform(*camera.focus) * n)
    shaken, dx, dy = rng.random() < camera.shake_odds, *rng.uniform(-0.06, 0.06, 2)
    if shaken:
        photo = _shake(photo, dx, dy)
    b.rgb[:] = photo + np.float32(rng.uniform(*camera.grain)) * noise(rng, n, 40)[..., None]


def _shake(photo: Array, dx: float, dy: float) -> Array:
    """The mean of the picture on its way by dx and dy, in parts of its side."""
    n = len(photo)
    steps = [(round(n * dx * t), round(n * dy * t)) for t in (-0.5, -0.25, 0.0, 0.25, 0.5)]
    margin = max(max(abs(v) for v in step) for step in steps)
    wide = np.pad(photo, ((margin, margin), (margin, margin), (0, 0)), mode="edge")
    views = (wide[margin + v : margin + v + n, margin + u : margin + u + n] for u, v in steps)
    return sum(views) / np.float32(len(steps))


def draw_bird_scene(
    rng: np.random.Generator, bird: bool, kind: str = "city", size: int = 64
) -> Array:
    """Draw one picture of a city, with or without birds.

    Varies: sky, time of day, skyline, tree, wires, roof and antenna; number, kind, pose, place and
    size of birds and of other things; tilt, zoom, colour, haze, focus, shake and grain.

    Args:
        rng: generator all draws come from; it is advanced.
        bird: whether there are birds.
        kind: "city", a security camera, or "citizens", a phone.
        size: side of the picture in pixels, at least 16.

    Returns:
        Picture of shape (size, size, 3), uint8, even RGB levels 0..254.

    Raises:
        TypeError: `rng` is no generator, or `size` no whole number.
        ValueError: an unknown kind, or a `size` below 16.

    Example:
        >>> picture = draw_bird_scene(np.random.default_rng(0), bird=True, size=32)
        >>> picture.shape, picture.dtype.name
        ((32, 32, 3), 'uint8')
    """
    check_drawing(rng, size)
    camera = CAMERAS[check_choice("kind", kind, KINDS)]
    # One stream for each part: the same scene with and without birds differs by the birds only.
    scenery, things, birds, lens = rng.spawn(4)
    angle = scenery.uniform(-2.6, -0.5)
    canvas = blank(size, (float(np.cos(angle)), float(np.sin(angle))), scenery.uniform(0.2, 0.5))
    dusk = bool(scenery.random() < camera.dusk_odds)

    air = _sky(canvas, scenery, dusk)
    zoom, tilt = scenery.uniform(*camera.zoom), scenery.normal(0.0, camera.tilt)
    view = canvas.at(0.0, 0.0, zoom, tilt)
    horizon = scenery.uniform(*camera.horizon)
    roofs, perches = _skyline(view, scenery, horizon, air), []
    if scenery.random() < TREE_ODDS:
        perches += _tree(view, scenery, horizon)
    if scenery.random() < WIRE_ODDS:
        perches += _wires(view, scenery)
    if scenery.random() < ROOF_ODDS:
        roofs += _roof(view, scenery)
    roofs, perches = (
        [(x, y) for x, y in places if max(abs(x), abs(y)) * zoom < 0.85]
        for places in (roofs, roofs + perches)
    )
    _add_things(view, things, camera, zoom, roofs)
    if bird:
        _add_birds(view, birds, camera, zoom, perches)
    _through(camera, canvas, lens, dusk)
    return develop(canvas, lens, cast=0.04)


# --------------------------------------------------------------------------- sets


def make_birds(
    count: int, *, kind: str = "city", size: int = 64, seed: int = 1
) -> tuple[Array, Array]:
    """Make a set of city pictures of one kind, labelled 1 where there are birds.

    Varies: everything `draw_bird_scene` varies.  Three of every ten pictures in a row show birds.
    Picture i is the same whatever `count`, so that a longer set starts with the shorter one; both
    kinds come from independent streams of `seed`.

    Args:
        count: number of pictures, at least 1.
        kind: "city", security cameras, or "citizens", people's phones.
        size: side of a picture in pixels, at least 16.
        seed: non-negative integer; the same seed gives the same set.

    Returns:
        Tuple of x (count, size, size, 3) uint8 with even RGB levels 0..254, and y (1, count) int64.

    Raises:
        TypeError, ValueError: a count, `size` or `seed` that is no whole number, or too small; an
            unknown kind.

    Example:
        >>> x, y = make_birds(10, kind="citizens", size=16)
        >>> x.shape, y.shape, int(y.sum())
        ((10, 16, 16, 3), (1, 10), 3)
    """
    check_count("count", count)
    check_count("size", size, MIN_SIZE)
    check_count("seed", seed, 0)
    kind = check_choice("kind", kind, KINDS)
    stream = np.random.SeedSequence(int(seed)).spawn(len(KINDS))[KINDS.index(kind)]
    labels, *pictures = stream.spawn(count + 1)
    groups = np.random.default_rng(labels).random((-(-count // GROUP), GROUP)).argsort(axis=1)
    y = (groups < BIRDS_PER_GROUP).astype(np.int64).reshape(1, -1)[:, :count]
    x = np.empty((count, size, size, 3), dtype=np.uint8)
    for i, (child, bird) in enumerate(zip(pictures, y[0].tolist(), strict=True)):
        x[i] = draw_bird_scene(np.random.default_rng(child), bool(bird), kind, size)
    return x, y
