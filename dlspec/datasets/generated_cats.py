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
from dataclasses import dataclass, field, replace

import numpy as np

from dlspec._validation import check_count
from dlspec.datasets._drawing import (
    MIN_SIZE,
    Array,
    Brush,
    Colour,
    blank,
    blend,
    box,
    check_drawing,
    clouds,
    curve,
    develop,
    ellipse,
    mean_lightness,
    noise,
    polygon,
    stroke,
    tint,
    toward,
)

__all__ = ["draw_cat", "draw_other", "make_cats"]

# Fur colours, from dark to light. Objects borrow them more often than not.
COATS = {
    "black": (0.13, 0.12, 0.13),
    "brown": (0.37, 0.26, 0.18),
    "grey": (0.47, 0.48, 0.51),
    "ginger": (0.82, 0.52, 0.26),
    "cream": (0.87, 0.76, 0.61),
    "white": (0.92, 0.90, 0.87),
}
COAT_ODDS = (0.29, 0.20, 0.13, 0.13, 0.11, 0.14)
IRISES = (
    (0.78, 0.72, 0.18), (0.52, 0.72, 0.25), (0.86, 0.55, 0.14), (0.36, 0.66, 0.80),
    (0.40, 0.70, 0.48),
)  # fmt: skip
INK = (0.07, 0.06, 0.06)
PINK = (0.86, 0.56, 0.55)
SNOW = (0.94, 0.92, 0.90)
TWO_TONE_ODDS = 0.92  # how often the background takes the opposite tone of the subject


# --------------------------------------------------------------------------- colours


def _coat_colour(rng: np.random.Generator) -> tuple[str, Array]:
    name = str(rng.choice(list(COATS), p=COAT_ODDS))
    return name, np.clip(np.array(COATS[name]) * rng.uniform(0.85, 1.15), 0.0, 0.96)


# --------------------------------------------------------------------------- backgrounds


def _gradient(b: Brush, rng: np.random.Generator) -> None:
    first, second = (tint(rng, rng.uniform(0.35, 0.65), rng.uniform(0.0, 0.5)) for _ in "ab")
    angle = rng.uniform(0.0, 2.0 * np.pi)
    along = 0.5 + 0.35 * (np.cos(angle) * b.x + np.sin(angle) * b.y)
    along = along + 0.25 * noise(rng, len(b.x), 3)
    b.rgb[:] = first + np.clip(along, 0.0, 1.0)[..., None] * (second - first)


def _room(b: Brush, rng: np.random.Generator) -> None:
    wall, floor = (tint(rng, rng.uniform(0.35, 0.65), rng.uniform(0.0, 0.4)) for _ in "ab")
    edge = rng.uniform(0.2, 0.75)
    b.rgb[:] = wall
    for _ in range(rng.integers(1, 4)):  # a window, a frame, a sofa, out of focus
        cx, cy = rng.uniform(-1.0, 1.0), rng.uniform(-0.9, edge)
        thing = box(b, cx, cy, rng.uniform(0.15, 0.5), rng.uniform(0.15, 0.5), 0.05)
        b.fill(thing, tint(rng, rng.uniform(0.25, 0.75), rng.uniform(0.0, 0.5)), soft=0.12)
    b.fill(edge - b.y, floor, soft=0.06)
    b.rgb[:] *= (1.0 + 0.08 * clouds(rng, len(b.x), 6))[..., None]


def _meadow(b: Brush, rng: np.random.Generator) -> None:
    green = np.array([rng.uniform(0.25, 0.55), 0.55, rng.uniform(0.12, 0.3)])
    horizon = rng.uniform(-1.5, 0.0)
    b.rgb[:] = toward((0.62, 0.74, 0.88), SNOW, rng.uniform(0.0, 0.6))
    blades = 0.22 * noise(rng, len(b.x), 14, 44) + 0.12 * noise(rng, len(b.x), 6)
    b.fill(horizon - b.y, green * (1.0 + blades)[..., None], soft=0.08)


def _sky(b: Brush, rng: np.random.Generator) -> None:
    blue = np.array([rng.uniform(0.3, 0.6), rng.uniform(0.5, 0.65), rng.uniform(0.65, 0.9)])
    b.rgb[:] = toward(blue, SNOW, 0.25)
    b.fill(b.y + 0.6, blue, soft=1.6)
    puffs = clouds(rng, len(b.x), 3) - rng.uniform(0.0, 0.3)
    b.fill(-puffs, SNOW, soft=0.4, opacity=0.85)


def _tiles(b: Brush, rng: np.random.Generator) -> None:
    base = tint(rng, 0.55, rng.uniform(0.0, 0.35))
    side, tilt = rng.uniform(0.22, 0.5), rng.uniform(-0.5, 0.5)
    view = b.at(rng.uniform(-1, 1), rng.uniform(-1, 1), side, tilt)
    column, row = np.floor(view.x), np.floor(view.y)
    checks = (column + row) % 2.0
    b.rgb[:] = base * (1.0 + rng.uniform(-0.4, 0.4) * (checks - 0.5))[..., None]
    gap = 0.46 - np.maximum(np.abs(view.x - column - 0.5), np.abs(view.y - row - 0.5))
    view.fill(gap, base * rng.uniform(0.5, 1.3), opacity=0.8)


def _wood(b: Brush, rng: np.random.Generator) -> None:
    brown = np.array([0.62, 0.44, 0.29]) * rng.uniform(0.8, 1.2)
    upright = rng.random() < 0.5
    grain = 0.16 * noise(rng, len(b.x), 34, 3) + 0.10 * noise(rng, len(b.x), 9, 2)
    plank = b.y / np.float32(rng.uniform(0.3, 0.6)) + np.float32(rng.uniform(0, 1))
    number = np.floor(plank)
    shade = 1.0 + grain + 0.12 * np.sin(number * 5.3)
    shade = shade - 0.35 * (np.abs(plank - number - 0.5) > 0.46)
    b.rgb[:] = brown * (shade.T if upright else shade)[..., None]


def _bokeh(b: Brush, rng: np.random.Generator) -> None:
    base = tint(rng, 0.42, rng.uniform(0.2, 0.6))
    b.rgb[:] = base * (1.0 + 0.3 * noise(rng, len(b.x), 3))[..., None]
    for _ in range(rng.integers(5, 11)):
        disc = ellipse(b, *rng.uniform(-1.1, 1.1, 2), *[rng.uniform(0.1, 0.32)] * 2)
        colour = toward(base, tint(rng, rng.uniform(0.4, 0.9), 0.5), 0.7)
        b.fill(disc, colour, soft=0.08, opacity=rng.uniform(0.3, 0.7))


def _fabric(b: Brush, rng: np.random.Generator) -> None:
    first, second = (tint(rng, rng.uniform(0.3, 0.7), rng.uniform(0.1, 0.6)) for _ in "ab")
    view = b.at(0.0, 0.0, 1.0, rng.uniform(0.0, np.pi))
    wave = np.sin(view.x * np.float32(rng.uniform(8, 22)) + 1.5 * noise(rng, len(b.x), 2))
    if rng.random() < 0.4:  # a checked cloth
        wave = 0.5 * wave + 0.5 * np.sin(view.y * np.float32(rng.uniform(8, 22)))
    share = 0.5 + rng.uniform(0.15, 0.5) * wave
    b.rgb[:] = first + share[..., None] * (second - first)
    b.rgb[:] *= (1.0 + 0.12 * clouds(rng, len(b.x), 5))[..., None]


BACKGROUNDS: tuple[Callable, ...] = (
    _gradient, _room, _room, _meadow, _sky, _tiles, _wood, _bokeh, _fabric,
)  # fmt: skip


# --------------------------------------------------------------------------- scene: light, pose


@dataclass
class _Scene:
    """What both classes share: canvas, subject colours, pose."""

    brush: Brush
    rng: np.random.Generator
    coat: _Coat
    colour: Array  # the main colour for things without fur
    accent: Array

    def pose(self, scale: float = 1.0) -> Brush:
        """Return the subject's view: about the middle, a little off, a little tilted."""
        rng = self.rng
        cx, cy = np.clip(rng.normal(0.0, 0.055, 2), -0.2, 0.2)
        size = scale * rng.uniform(0.91, 1.09)
        return self.brush.at(cx, cy, size, np.clip(rng.normal(0.0, 0.11), -0.35, 0.35))


@dataclass
class _Coat:
    """Fur: its colours, its markings and its two noises."""

    name: str
    base: Array
    light: Array
    dark: Array
    marking: str
    fine: Array  # (n, n) noise of single tufts
    coarse: Array  # (n, n) noise of patches
    phase: float = field(default=0.0)

    def on(self, b: Brush) -> Array:
        """Return the fur's colours (n, n, 3) in the coordinates of `b`."""
        fur = self.base * (1.0 + 0.20 * self.fine + 0.07 * self.coarse)[..., None]
        if self.marking == "tabby":
            mark = self._stripes(b)
        elif self.marking == "patches":
            mark = np.clip(4.0 * (self.coarse - 0.12), 0.0, 1.0)
        elif self.marking == "points":
            mark = np.clip(1.2 - 1.3 * np.hypot(b.x, b.y - 0.3), 0.0, 0.75)
        else:
            return fur
        other = self.light if self.marking == "patches" else self.dark
        return fur + mark[..., None] * (other - fur)

    def _stripes(self, b: Brush) -> Array:
        """Stripes: upright on the forehead, level on the cheeks and on the body."""
        wobble = 0.9 * self.coarse + self.phase
        side = np.clip(3.0 * (np.abs(b.x) + 0.6 * b.y - 0.25), 0.0, 1.0)
        waves = (1.0 - side) * np.cos(15.0 * b.x + wobble) * (b.y < 0.0)
        waves = waves + side * np.sin(11.0 * b.y + 3.0 * np.abs(b.x) + 2.0 * wobble)
        return np.clip(1.3 * waves, 0.0, 1.0) * np.float32(0.62)


def _coat(rng: np.random.Generator, n: int) -> _Coat:
    name, base = _coat_colour(rng)
    odds = (0.40, 0.34, 0.16, 0.10) if name not in ("black", "white") else (0.7, 0.04, 0.26, 0.0)
    marking = str(rng.choice(["plain", "tabby", "patches", "points"], p=odds))
    light = toward(base, SNOW, 0.85 if rng.random() < 0.5 else 0.35)
    if name == "white" and marking == "patches":
        light = np.array(COATS[str(rng.choice(["black", "ginger", "grey"]))])
    fine = 0.6 * noise(rng, n, 40) + 0.5 * noise(rng, n, 34, 17)
    coarse = noise(rng, n, 5)
    return _Coat(name, base, light, base * 0.42, marking, fine, coarse, rng.uniform(0, 6.3))


def _scene(rng: np.random.Generator, size: int) -> _Scene:
    """Draw light, palette and background: the same way for both classes."""
    angle = rng.uniform(-2.6, -0.5)
    light = (float(np.cos(angle)), float(np.sin(angle)))
    b = blank(size, light, rng.uniform(0.2, 0.6))
    coat = _coat(rng, len(b.x))
    tone = mean_lightness(coat.base)
    colour = coat.base if rng.random() < 0.6 else tint(rng, tone, rng.uniform(0.4, 0.8))
    accent = tint(rng, rng.uniform(0.25, 0.8), rng.uniform(0.2, 0.9))
    BACKGROUNDS[rng.integers(len(BACKGROUNDS))](b, rng)
    _set_tone(b, rng, dark=(tone > 0.45) == (rng.random() < TWO_TONE_ODDS))
    return _Scene(b, rng, coat, colour.astype(np.float32), accent)


def _set_tone(b: Brush, rng: np.random.Generator, dark: bool) -> None:
    """Scale the background to a dark or to a light mean."""
    wanted = rng.uniform(0.14, 0.36) if dark else rng.uniform(0.55, 0.82)
    b.rgb[:] *= np.float32(wanted / mean_lightness(b.rgb))
    np.clip(b.rgb, 0.0, 1.0, out=b.rgb)


def _shadow(b: Brush, cx: float, cy: float, rx: float, ry: float = 0.1) -> None:
    b.fill(ellipse(b, cx, cy, rx, ry), INK, soft=0.25, opacity=0.4)


def _in_front(scene: _Scene) -> None:
    """Once in a while let something hide a border of the picture: a leaf, a bar, a cushion."""
    b, rng = scene.brush, scene.rng
    kind, angle = rng.random(), rng.uniform(0.0, 2.0 * np.pi)
    colour = tint(rng, rng.uniform(0.15, 0.8), rng.uniform(0.1, 0.7))
    out = b.at(1.05 * np.cos(angle), 1.05 * np.sin(angle), 1.0, rng.uniform(0.0, np.pi))
    if kind < 0.05:
        out.fill(ellipse(out, 0, 0, rng.uniform(0.2, 0.45), 0.2), colour, soft=0.04, solid=0.2)
    elif kind < 0.09:
        out.fill(box(out, 0, 0, 2.0, rng.uniform(0.04, 0.12)), colour, soft=0.03)
    elif kind < 0.13:
        edge = rng.uniform(0.7, 0.9)
        b.fill(edge - b.y + 0.06 * np.sin(3.0 * b.x + angle), colour, soft=0.04, solid=0.2)


# --------------------------------------------------------------------------- cats


def _fuzzy(distance: Array, coat: _Coat, width: float = 0.05) -> Array:
    """Roughen an outline: fur ends in tufts."""
    return distance + np.float32(width) * coat.fine


def _eye(b: Brush, iris: Colour, look: tuple[float, float], wide_open: float, pupil: float) -> None:
    """Paint one eye of radius about 1 in the view `b`: rim, iris, pupil, highlight."""
    almond = np.maximum(ellipse(b, 0, 0.45, 1.25, 1.25), ellipse(b, 0, -0.35, 1.2, 1.1))
    almond = np.maximum(almond, -(b.y + np.float32(2.0 * wide_open - 1.0)))
    b.fill(almond - 0.2, INK, opacity=0.9)
    b.fill(almond, iris, solid=0.5)
    black = np.maximum(ellipse(b, look[0], look[1], pupil, 0.8), almond)
    b.fill(black, INK)
    b.fill(ellipse(b, -0.3, -0.3, 0.2, 0.2), (1, 1, 1), opacity=0.9 if wide_open > 0.7 else 0.0)


def _cat_ears(b: Brush, coat: _Coat, fur: Array, spread: float, height: float) -> None:
    inner = toward(PINK, coat.base, 0.45)
    for side in (b, b.mirrored()):
        tip = (0.62 + spread, -1.32 * height)
        outer = [(0.10, -0.62), tip, (0.95, -0.18)]
        dark = coat.marking == "points"
        ear = _fuzzy(polygon(side, outer, 0.04), coat, 0.03)
        side.fill(ear, fur * 0.45 if dark else fur, solid=0.15)
        hole = [(0.32, -0.62), (tip[0] - 0.01, tip[1] + 0.22), (0.82, -0.35)]
        side.fill(polygon(side, hole), inner * 0.8, soft=0.06, opacity=0.85)


def _cat_muzzle(b: Brush, coat: _Coat, nose: Colour) -> None:
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


def _whiskers(b: Brush, rng: np.random.Generator, coat: _Coat) -> None:
    colour = SNOW if mean_lightness(coat.base) < 0.7 else (0.35, 0.33, 0.33)
    droop = rng.uniform(-0.1, 0.2)
    for side in (b, b.mirrored()):
        for i, start in enumerate((0.34, 0.40, 0.46)):
            end = (1.25, start + droop + 0.17 * (i - 1))
            hair = stroke(
                side, curve((0.28, start), (0.8, start - 0.08), end, steps=4), 0.02, 0.005
            )
            side.fill(hair, colour, opacity=0.65)


def _cat_head(b: Brush, rng: np.random.Generator, coat: _Coat) -> None:
    """Paint a head of half width about 1 around the origin of `b`."""
    fur = coat.on(b)
    front = b.turned(rng.uniform(-0.22, 0.22))
    _cat_ears(b, coat, fur, rng.uniform(0.0, 0.16), rng.uniform(0.92, 1.12))
    skull = blend(ellipse(b, 0, -0.12, 0.90, 0.78), ellipse(b, 0, 0.26, 0.98, 0.52), 0.2)
    b.fill(_fuzzy(skull, coat), fur, solid=0.35)
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


def _portrait(scene: _Scene) -> None:
    b, rng, coat = scene.pose(0.64), scene.rng, scene.coat
    b = b.at(0.0, 0.16)
    chest = b.at(rng.uniform(-0.35, 0.35), 0.0)
    body = blend(ellipse(chest, 0, 1.75, 1.05, 1.25), ellipse(chest, 0, 0.7, 0.6, 0.6), 0.4)
    chest.fill(_fuzzy(body, coat), 0.86 * coat.on(chest.at(0, 1.2)), solid=0.4)
    if coat.marking in ("patches", "tabby"):
        chest.fill(ellipse(chest, 0, 1.25, 0.35, 0.5), coat.light, soft=0.2, opacity=0.8)
    chest.fill(ellipse(b, 0, 0.75, 0.7, 0.25), INK, soft=0.3, opacity=0.35)
    _cat_head(b, rng, coat)


def _sitting(scene: _Scene) -> None:
    b, rng, coat = scene.pose(0.92), scene.rng, scene.coat
    fur = coat.on(b.at(0.0, 0.6, 0.8))
    side = b if rng.random() < 0.5 else b.mirrored()
    _shadow(b, 0.05, 0.92, 0.65)
    tail = curve((0.3, 0.82), (0.95, 0.9), (0.72, rng.uniform(-0.1, 0.4)))
    side.fill(_fuzzy(stroke(side, tail, 0.11, 0.08), coat), fur, solid=0.08)
    body = blend(ellipse(b, 0, 0.25, 0.34, 0.55), ellipse(b, 0, 0.6, 0.52, 0.34), 0.25)
    b.fill(_fuzzy(body, coat, 0.04), fur, solid=0.25)
    paws = coat.light if coat.marking in ("patches", "tabby") else coat.base * 1.1
    for x in (-0.14, 0.14):
        b.fill(stroke(b, [(x, 0.35), (x, 0.86)], 0.11, 0.10), fur * 1.06, solid=0.08)
        b.fill(ellipse(b, x, 0.88, 0.14, 0.08), paws, solid=0.05)
    if coat.marking in ("patches", "tabby"):
        b.fill(ellipse(b, 0, 0.2, 0.16, 0.28), coat.light, soft=0.12, opacity=0.85)
    _cat_head(b.at(rng.uniform(-0.06, 0.06), -0.32, 0.44), rng, coat)


def _lying(scene: _Scene) -> None:
    b, rng, coat = scene.pose(0.95), scene.rng, scene.coat
    b = b if rng.random() < 0.5 else b.mirrored()
    fur = coat.on(b.at(0.3, 0.4, 0.8, 1.5))
    _shadow(b, 0.1, 0.72, 0.95)
    tail = curve((0.75, 0.6), (1.05, 0.75), (0.2, 0.78))
    body = blend(ellipse(b, 0.30, 0.38, 0.66, 0.36), ellipse(b, 0.55, 0.35, 0.42, 0.40), 0.2)
    b.fill(_fuzzy(body, coat, 0.04), fur, solid=0.25)
    b.fill(_fuzzy(stroke(b, tail, 0.10, 0.07), coat), fur * 0.95, solid=0.08)
    paws = coat.light if coat.marking in ("patches", "tabby") else coat.base * 1.1
    for x in (-0.45, -0.15):
        b.fill(stroke(b, [(x + 0.2, 0.55), (x - 0.05, 0.68)], 0.1, 0.09), paws, solid=0.06)
    _cat_head(b.at(-0.28, -0.02, 0.50), rng, coat)


CAT_POSES: tuple[Callable[[_Scene], None], ...] = (_portrait, _sitting, _lying)
CAT_ODDS = (0.74, 0.16, 0.10)


# --------------------------------------------------------------------------- other animals


def _round_eyes(b: Brush, x: float, y: float, r: float, white: bool = False) -> None:
    for side in (-x, x):
        if white:
            b.fill(ellipse(b, side, y, 1.7 * r, 1.7 * r), SNOW)
        b.fill(ellipse(b, side, y, r, r), INK)
        b.fill(ellipse(b, side - 0.3 * r, y - 0.35 * r, 0.3 * r, 0.3 * r), (1, 1, 1))


def _head(scene: _Scene, b: Brush, skull: Array, neck: float = 0.75) -> Array:
    """Paint shoulders and a furry head of any outline; return the fur."""
    coat = replace(scene.coat, marking=scene.coat.marking.replace("tabby", "plain"))
    fur = coat.on(b)
    body = ellipse(b, 0, 1.9, neck + 0.35, 1.35)
    b.fill(_fuzzy(body, coat), fur * 0.86, solid=0.4)
    b.fill(_fuzzy(skull, coat), fur, solid=0.35)
    return fur


def _dog(scene: _Scene) -> None:
    b, rng, coat = scene.pose(0.60).at(0.0, 0.05), scene.rng, scene.coat
    skull = blend(ellipse(b, 0, -0.25, 0.78, 0.72), ellipse(b, 0, 0.4, 0.52, 0.7), 0.3)
    fur = _head(scene, b, skull)
    front = b.turned(rng.uniform(-0.25, 0.25))
    flap = rng.uniform(0.45, 0.75)
    for side in (b, b.mirrored()):
        ear = side.at(0.82, -0.05, 1.0, -rng.uniform(0.05, 0.35))
        ear.fill(_fuzzy(ellipse(ear, 0, 0.05, 0.27, flap), coat), fur * 0.6, solid=0.2)
    snout = toward(coat.base, SNOW, rng.choice([0.0, 0.5]))
    front.fill(ellipse(front, 0, 0.52, 0.42, 0.50), snout, soft=0.08, solid=0.2)
    if rng.random() < 0.5:
        front.fill(ellipse(front, 0.03, 1.0, 0.17, 0.27), (0.85, 0.42, 0.45), solid=0.1)
    for x in (-0.25, 0.25):
        line = curve((0, 0.5), (0, 0.85), (x, 0.82))
        front.fill(stroke(front, line, 0.03, 0.02), INK, opacity=0.8)
    front.fill(ellipse(front, 0, 0.30, 0.22, 0.16), INK, solid=0.1)
    _round_eyes(front, 0.34, -0.22, 0.11)


def _rabbit(scene: _Scene) -> None:
    b, rng, coat = scene.pose(0.50).at(0.0, 0.5), scene.rng, scene.coat
    fur = coat.on(b)
    for side in (b, b.mirrored()):
        ear = side.at(0.36, -1.25, 1.0, rng.uniform(0.0, 0.35))
        ear.fill(_fuzzy(ellipse(ear, 0, 0, 0.24, 0.82), coat), fur, solid=0.15)
        ear.fill(ellipse(ear, 0, 0.05, 0.11, 0.6), PINK, soft=0.06, opacity=0.8)
    _head(scene, b, blend(ellipse(b, 0, -0.1, 0.7, 0.68), ellipse(b, 0, 0.3, 0.78, 0.5), 0.2))
    for x in (-0.14, 0.14):
        b.fill(ellipse(b, x, 0.38, 0.2, 0.18), toward(coat.base, SNOW, 0.6), solid=0.1)
    b.fill(box(b, 0, 0.6, 0.1, 0.1, 0.02), SNOW)
    b.fill(polygon(b, [(-0.09, 0.18), (0.09, 0.18), (0.0, 0.27)], 0.02), PINK)
    _round_eyes(b, 0.45, -0.12, 0.14)


def _bear(scene: _Scene) -> None:
    b, coat = scene.pose(0.66), scene.coat
    fur = coat.on(b)
    for side in (b, b.mirrored()):
        side.fill(_fuzzy(ellipse(side, 0.68, -0.68, 0.32, 0.32), coat), fur, solid=0.15)
        side.fill(ellipse(side, 0.66, -0.64, 0.17, 0.17), fur * 0.6, soft=0.06)
    _head(scene, b, ellipse(b, 0, 0, 0.92, 0.86), 0.95)
    b.fill(ellipse(b, 0, 0.38, 0.42, 0.34), toward(coat.base, SNOW, 0.35), solid=0.15)
    b.fill(ellipse(b, 0, 0.22, 0.17, 0.11), INK)
    b.fill(stroke(b, [(0, 0.3), (0, 0.5)], 0.025, 0.025), INK)
    _round_eyes(b, 0.32, -0.16, 0.09)


def _mouse(scene: _Scene) -> None:
    b, coat = scene.pose(0.58).at(0.0, 0.15), scene.coat
    fur = coat.on(b)
    for side in (b, b.mirrored()):
        side.fill(ellipse(side, 0.78, -0.72, 0.56, 0.56), fur, solid=0.15)
        side.fill(ellipse(side, 0.78, -0.70, 0.40, 0.40), PINK, soft=0.06, opacity=0.85)
    skull = polygon(b, [(-0.45, -0.3), (0.45, -0.3), (0.0, 0.65)], 0.3)
    _head(scene, b, skull, 0.6)
    b.fill(ellipse(b, 0, 0.82, 0.14, 0.11), PINK, solid=0.08)
    _round_eyes(b, 0.33, 0.05, 0.13)


def _pig(scene: _Scene) -> None:
    b, skin = scene.pose(0.68), toward(PINK, scene.coat.base, 0.35)
    for side in (b, b.mirrored()):
        flap = polygon(side, [(0.35, -0.85), (0.95, -0.75), (0.70, -0.25)], 0.06)
        side.fill(flap, skin * 0.8, solid=0.12)
    b.fill(ellipse(b, 0, 1.7, 1.2, 1.1), skin * 0.88, solid=0.4)
    b.fill(ellipse(b, 0, 0, 0.90, 0.82), skin, solid=0.35)
    b.fill(ellipse(b, 0, 0.25, 0.38, 0.27), skin * 0.85, solid=0.12)
    for x in (-0.15, 0.15):
        b.fill(ellipse(b, x, 0.25, 0.07, 0.11), skin * 0.4)
    _round_eyes(b, 0.42, -0.25, 0.09)


def _frog(scene: _Scene) -> None:
    b, green = scene.pose(0.72), np.array([0.35, 0.62, 0.25]) * scene.rng.uniform(0.6, 1.3)
    for side in (b, b.mirrored()):
        side.fill(ellipse(side, 0.5, -0.5, 0.32, 0.32), green, solid=0.15)
    b.fill(ellipse(b, 0, 0.15, 0.95, 0.68), green, solid=0.35)
    b.fill(ellipse(b, 0, 0.55, 0.7, 0.28), toward(green, SNOW, 0.5), soft=0.15)
    b.fill(stroke(b, curve((-0.7, 0.2), (0.0, 0.65), (0.7, 0.2)), 0.03, 0.03), INK)
    _round_eyes(b, 0.5, -0.52, 0.13, white=True)


def _bird(scene: _Scene) -> None:
    b, rng, colour = scene.pose(0.86), scene.rng, scene.colour
    b = b if rng.random() < 0.5 else b.mirrored()
    b.fill(box(b, 0, 0.72, 2.0, 0.05, 0.05), (0.30, 0.20, 0.13), solid=0.05)
    for x in (-0.08, 0.12):
        b.fill(stroke(b, [(x, 0.4), (x, 0.7)], 0.025, 0.025), (0.75, 0.5, 0.2))
    b.fill(polygon(b, [(0.2, 0.0), (1.05, 0.42), (0.95, 0.62), (0.2, 0.4)]), colour * 0.7)
    b.fill(polygon(b, [(-0.95, -0.32), (-0.55, -0.47), (-0.55, -0.2)]), (0.95, 0.65, 0.15))
    body = blend(ellipse(b, 0.02, 0.12, 0.52, 0.38), ellipse(b, -0.4, -0.32, 0.27, 0.26), 0.25)
    b.fill(body, colour, solid=0.2)
    b.fill(ellipse(b, -0.12, 0.25, 0.34, 0.22), toward(colour, scene.accent, 0.6), soft=0.12)
    wing = b.at(0.22, 0.05, 1.0, 0.45)
    wing.fill(ellipse(wing, 0, 0, 0.45, 0.2), colour * 0.6, solid=0.1)
    b.fill(ellipse(b, -0.45, -0.36, 0.055, 0.055), INK)


def _fish(scene: _Scene) -> None:
    b, rng, colour = scene.pose(0.85), scene.rng, scene.colour
    b = b if rng.random() < 0.5 else b.mirrored()
    fin = toward(colour, scene.accent, 0.6)
    b.fill(polygon(b, [(0.45, 0.0), (1.0, -0.42), (0.88, 0.0)], 0.03), fin, solid=0.1)
    b.fill(polygon(b, [(0.45, 0.0), (0.88, 0.0), (1.0, 0.42)], 0.03), fin, solid=0.1)
    b.fill(polygon(b, [(-0.25, -0.3), (0.15, -0.68), (0.45, -0.2)], 0.02), fin, solid=0.1)
    bands = (1.0 + 0.25 * np.sin(rng.uniform(6, 16) * b.x))[..., None]
    b.fill(ellipse(b, -0.1, 0, 0.78, 0.42), colour * bands, solid=0.25)
    b.fill(polygon(b, [(-0.05, 0.05), (0.3, 0.3), (0.0, 0.25)], 0.02), fin * 0.8)
    b.fill(ellipse(b, -0.55, -0.08, 0.12, 0.12), SNOW)
    b.fill(ellipse(b, -0.56, -0.08, 0.065, 0.065), INK)


def _sheep(scene: _Scene) -> None:
    b, rng = scene.pose(0.85), scene.rng
    b = b if rng.random() < 0.5 else b.mirrored()
    wool = toward(scene.coat.base, SNOW, 0.3)
    _shadow(b, 0.1, 0.85, 0.7)
    for x in (-0.25, -0.05, 0.4, 0.6):
        b.fill(box(b, x, 0.6, 0.06, 0.28, 0.03), (0.15, 0.13, 0.13))
    fleece = ellipse(b, 0.18, 0.1, 0.62, 0.42)
    fleece = fleece + 0.05 * np.sin(14 * b.x) * np.sin(14 * b.y)
    b.fill(fleece, wool * (1.0 + 0.15 * np.sin(16 * b.x) * np.sin(16 * b.y))[..., None], solid=0.2)
    b.fill(ellipse(b, -0.55, -0.12, 0.22, 0.28), (0.18, 0.16, 0.16), solid=0.1)
    b.fill(ellipse(b, -0.50, -0.36, 0.2, 0.13), wool, solid=0.08)
    b.fill(ellipse(b, -0.62, -0.16, 0.035, 0.035), SNOW)


# --------------------------------------------------------------------------- objects


def _car(scene: _Scene) -> None:
    b, colour = scene.pose(0.9), scene.colour
    b = b if scene.rng.random() < 0.5 else b.mirrored()
    _shadow(b, 0, 0.5, 1.0)
    cabin = polygon(b, [(-0.35, -0.38), (0.25, -0.38), (0.58, 0.0), (-0.62, 0.0)], 0.05)
    b.fill(cabin, colour * 0.9, solid=0.1)
    for window in ([(-0.32, -0.3), (-0.06, -0.3), (-0.06, -0.03), (-0.5, -0.03)],
                   [(0.03, -0.3), (0.23, -0.3), (0.45, -0.03), (0.03, -0.03)]):  # fmt: skip
        b.fill(polygon(b, window), (0.55, 0.68, 0.78))
    b.fill(box(b, 0, 0.18, 0.98, 0.22, 0.15), colour, solid=0.15)
    b.fill(ellipse(b, 0.88, 0.1, 0.08, 0.08), (0.98, 0.95, 0.7))
    for x in (-0.55, 0.55):
        b.fill(ellipse(b, x, 0.4, 0.22, 0.22), INK)
        b.fill(ellipse(b, x, 0.4, 0.11, 0.11), (0.7, 0.7, 0.72))


def _house(scene: _Scene) -> None:
    b, rng, wall = scene.pose(0.9), scene.rng, scene.colour
    roof = toward((0.6, 0.25, 0.18), scene.accent, 0.4)
    b.fill(box(b, 0.42, -0.6, 0.09, 0.25), wall * 0.7)
    b.fill(box(b, 0, 0.35, 0.68, 0.5), wall, solid=0.2)
    b.fill(polygon(b, [(0, -0.8), (0.88, -0.1), (-0.88, -0.1)]), roof, solid=0.15)
    door = rng.uniform(-0.25, 0.25)
    b.fill(box(b, door, 0.58, 0.13, 0.27), roof * 0.6)
    for x in (-0.45, 0.45):
        b.fill(box(b, x, 0.2, 0.15, 0.15), SNOW)
        b.fill(box(b, x, 0.2, 0.12, 0.12), (0.35, 0.45, 0.55))
        b.fill(box(b, x, 0.2, 0.015, 0.15), SNOW)


def _tree(scene: _Scene) -> None:
    b, rng = scene.pose(0.95), scene.rng
    _shadow(b, 0, 0.9, 0.5)
    b.fill(box(b, 0, 0.5, 0.1, 0.42), (0.36, 0.25, 0.16), solid=0.08)
    green = toward((0.25, 0.50, 0.2), scene.colour, 0.35)
    leaves = green * (1.0 + 0.35 * scene.coat.fine)[..., None]
    if rng.random() < 0.4:  # a fir
        for top, wide in ((-0.95, 0.36), (-0.6, 0.5), (-0.2, 0.64)):
            b.fill(
                polygon(b, [(0, top), (wide, top + 0.6), (-wide, top + 0.6)]), leaves, solid=0.15
            )
        return
    crown = ellipse(b, 0, -0.3, 0.6, 0.55)
    for _ in range(4):
        x, y = rng.uniform(-0.5, 0.5), rng.uniform(-0.6, 0.1)
        crown = blend(crown, ellipse(b, x, y, 0.32, 0.3), 0.1)
    b.fill(crown + 0.05 * scene.coat.fine, leaves, solid=0.25)


def _cup(scene: _Scene) -> None:
    b, rng, colour = scene.pose(0.8), scene.rng, scene.colour
    b = b if rng.random() < 0.5 else b.mirrored()
    _shadow(b, 0.1, 0.75, 0.75)
    b.fill(np.abs(ellipse(b, 0.62, 0.1, 0.26, 0.3)) - 0.07, colour * 0.85, solid=0.07)
    b.fill(
        polygon(b, [(-0.6, -0.5), (0.6, -0.5), (0.48, 0.7), (-0.48, 0.7)], 0.04), colour, solid=0.3
    )
    b.fill(box(b, 0, 0.15, 0.53, 0.09), scene.accent, opacity=float(rng.random() < 0.5))
    b.fill(ellipse(b, 0, -0.5, 0.63, 0.17), colour * 1.1)
    b.fill(ellipse(b, 0, -0.48, 0.54, 0.12), (0.24, 0.15, 0.09))


def _ball(scene: _Scene) -> None:
    b, rng = scene.pose(0.75), scene.rng
    _shadow(b, 0.1, 0.95, 0.7)
    disc = ellipse(b, 0, 0, 0.9, 0.9)
    b.fill(disc, scene.colour, solid=0.6)
    turn = b.at(0, 0, 1.0, rng.uniform(0, np.pi))
    if rng.random() < 0.5:  # a beach ball
        for lobe in (0.25, 0.7):
            ring = np.abs(ellipse(turn, 0, 0, lobe, 0.9)) - 0.06
            turn.fill(np.maximum(ring, disc), scene.accent)
        turn.fill(np.maximum(np.abs(turn.y) - 0.05, disc), scene.accent)
    else:  # a football
        for k in range(6):
            a = k * np.pi / 2.5
            r = 0.0 if k == 5 else 0.66
            turn.fill(ellipse(turn, r * np.cos(a), r * np.sin(a), 0.2, 0.2), scene.accent * 0.5)
    b.fill(ellipse(b, -0.3, -0.4, 0.2, 0.14), (1, 1, 1), soft=0.2, opacity=0.6)


def _flower(scene: _Scene) -> None:
    b, rng, colour = scene.pose(0.85), scene.rng, scene.colour
    stem = curve((0, -0.2), (rng.uniform(-0.2, 0.2), 0.4), (0, 1.2))
    b.fill(stroke(b, stem, 0.04, 0.05), (0.22, 0.45, 0.18), solid=0.04)
    leaf = b.at(0.22, 0.62, 1.0, -0.6)
    leaf.fill(ellipse(leaf, 0, 0, 0.26, 0.1), (0.25, 0.5, 0.2), solid=0.08)
    petals, start = int(rng.integers(5, 10)), rng.uniform(0, 1)
    for k in range(petals):
        view = b.at(0, -0.25, 1.0, start + 2 * np.pi * k / petals)
        view.fill(ellipse(view, 0.42, 0, 0.32, 1.1 / petals), colour, solid=0.12)
    b.fill(ellipse(b, 0, -0.25, 0.2, 0.2), (0.85, 0.62, 0.15), solid=0.12)


def _bottle(scene: _Scene) -> None:
    b, colour = scene.pose(0.95), scene.colour
    _shadow(b, 0.1, 0.9, 0.45)
    body = blend(box(b, 0, 0.35, 0.3, 0.55, 0.1), box(b, 0, -0.5, 0.1, 0.4, 0.03), 0.25)
    b.fill(body, colour, solid=0.2)
    b.fill(box(b, 0, 0.4, 0.3, 0.22), toward(scene.accent, SNOW, 0.5))
    b.fill(box(b, 0, 0.4, 0.2, 0.03), scene.accent * 0.5)
    b.fill(box(b, 0, -0.88, 0.12, 0.08, 0.02), scene.accent)
    b.fill(box(b, -0.18, 0.3, 0.03, 0.4, 0.03), (1, 1, 1), soft=0.05, opacity=0.5)


def _chair(scene: _Scene) -> None:
    b, colour = scene.pose(0.92), scene.colour
    b = b if scene.rng.random() < 0.5 else b.mirrored()
    _shadow(b, 0.05, 0.92, 0.6)
    for x, y in ((-0.42, 0.9), (0.42, 0.9), (-0.3, 0.75), (0.52, 0.75)):
        b.fill(stroke(b, [(x, 0.15), (x, y)], 0.05, 0.04), colour * 0.7, solid=0.05)
    b.fill(polygon(b, [(-0.35, 0.0), (0.58, 0.0), (0.48, 0.22), (-0.48, 0.22)], 0.02), colour)
    for x in (-0.32, 0.55):
        b.fill(stroke(b, [(x, 0.1), (x, -0.88)], 0.05, 0.05), colour * 0.9, solid=0.05)
    for y in (-0.75, -0.45, -0.18):
        b.fill(box(b, 0.11, y, 0.44, 0.07, 0.03), colour * 0.95, solid=0.05)


def _boat(scene: _Scene) -> None:
    b, colour = scene.pose(0.9), scene.colour
    b.fill(0.55 - b.y, (0.16, 0.33, 0.48), soft=0.05)
    b.fill(polygon(b, [(0.05, -0.9), (0.05, 0.2), (-0.6, 0.2)]), SNOW, solid=0.1)
    b.fill(polygon(b, [(0.12, -0.75), (0.62, 0.2), (0.12, 0.2)]), scene.accent, solid=0.1)
    b.fill(box(b, 0.085, -0.3, 0.03, 0.65), (0.35, 0.25, 0.17))
    b.fill(
        polygon(b, [(-0.8, 0.28), (0.8, 0.28), (0.5, 0.66), (-0.5, 0.66)], 0.03), colour, solid=0.1
    )


def _fruit(scene: _Scene) -> None:
    b, colour = scene.pose(0.8), scene.colour
    _shadow(b, 0.1, 0.85, 0.7)
    lobes = blend(ellipse(b, -0.28, 0.1, 0.55, 0.68), ellipse(b, 0.28, 0.1, 0.55, 0.68), 0.15)
    b.fill(lobes, colour, solid=0.5)
    b.fill(stroke(b, curve((0, -0.5), (0, -0.8), (0.12, -0.95)), 0.05, 0.04), (0.3, 0.2, 0.12))
    leaf = b.at(0.28, -0.78, 1.0, -0.4)
    leaf.fill(ellipse(leaf, 0, 0, 0.25, 0.1), (0.3, 0.55, 0.2), solid=0.08)
    b.fill(ellipse(b, -0.4, -0.2, 0.12, 0.18), (1, 1, 1), soft=0.15, opacity=0.6)


def _mushroom(scene: _Scene) -> None:
    b, rng = scene.pose(0.85), scene.rng
    _shadow(b, 0, 0.85, 0.5)
    b.fill(box(b, 0, 0.4, 0.2, 0.45, 0.12), toward(SNOW, scene.accent, 0.15), solid=0.15)
    cap = np.maximum(ellipse(b, 0, 0.05, 0.85, 0.8), b.y - 0.1)
    b.fill(cap, scene.colour, solid=0.3)
    for _ in range(6):
        dot = ellipse(b, rng.uniform(-0.6, 0.6), rng.uniform(-0.6, 0.0), 0.1, 0.08)
        b.fill(np.maximum(dot, cap), SNOW)


def _clock(scene: _Scene) -> None:
    b, rng = scene.pose(0.8), scene.rng
    b.fill(ellipse(b, 0, 0, 0.95, 0.95), scene.colour, solid=0.15)
    b.fill(ellipse(b, 0, 0, 0.78, 0.78), toward(SNOW, scene.accent, 0.1))
    for k in range(12):
        a = k * np.pi / 6
        b.fill(ellipse(b, 0.65 * np.cos(a), 0.65 * np.sin(a), 0.05, 0.05), INK)
    for length, width in ((0.42, 0.06), (0.6, 0.04)):
        a = rng.uniform(0, 2 * np.pi)
        hand = [(0.0, 0.0), (length * np.cos(a), length * np.sin(a))]
        b.fill(stroke(b, hand, width, width), INK)


def _book(scene: _Scene) -> None:
    b, colour = scene.pose(0.85), scene.colour
    b = b.at(0, 0, 1.0, scene.rng.uniform(-0.3, 0.3))
    _shadow(b, 0.1, 0.9, 0.7)
    b.fill(box(b, 0.06, 0.05, 0.62, 0.85), SNOW, solid=0.05)
    b.fill(box(b, 0, 0, 0.62, 0.85, 0.03), colour, solid=0.1)
    b.fill(box(b, -0.55, 0, 0.08, 0.85), colour * 0.6)
    b.fill(box(b, 0.05, -0.35, 0.4, 0.16), toward(scene.accent, SNOW, 0.5))
    for y in (0.25, 0.4):
        b.fill(box(b, 0.05, y, 0.3, 0.035), scene.accent)


def _lamp(scene: _Scene) -> None:
    b = scene.pose(0.92)
    _shadow(b, 0, 0.9, 0.5)
    b.fill(ellipse(b, 0, -0.2, 1.1, 0.9), (1.0, 0.93, 0.7), soft=1.2, opacity=0.4)
    b.fill(box(b, 0, 0.4, 0.05, 0.5), scene.colour * 0.6)
    b.fill(ellipse(b, 0, 0.88, 0.35, 0.1), scene.colour * 0.7, solid=0.08)
    shade = [(-0.3, -0.85), (0.3, -0.85), (0.65, -0.05), (-0.65, -0.05)]
    b.fill(polygon(b, shade), toward(scene.colour, (1.0, 0.9, 0.65), 0.3), solid=0.15)


def _balloons(scene: _Scene) -> None:
    b, rng = scene.pose(0.9), scene.rng
    for x, y in ((-0.45, -0.2), (0.45, -0.3), (0.0, -0.5)):
        b.fill(stroke(b, curve((x, y), (x * 0.3, 0.5), (0, 1.2)), 0.015, 0.015), INK, opacity=0.7)
        colour = scene.colour if x < 0 else tint(rng, rng.uniform(0.25, 0.7), 0.9)
        b.fill(ellipse(b, x, y, 0.36, 0.44), colour, solid=0.25)
        b.fill(ellipse(b, x - 0.12, y - 0.18, 0.06, 0.1), (1, 1, 1), soft=0.08, opacity=0.7)


def _cactus(scene: _Scene) -> None:
    b = scene.pose(0.92)
    green = np.array([0.28, 0.48, 0.25]) * scene.rng.uniform(0.5, 1.5)
    ribs = (1.0 + 0.15 * np.cos(40 * b.x))[..., None]
    for arm in (
        [(-0.5, -0.3), (-0.5, 0.1), (0.0, 0.15)],
        [(0.48, -0.45), (0.48, -0.05), (0.0, 0.0)],
    ):
        b.fill(stroke(b, arm, 0.13, 0.12), green, solid=0.1)
    b.fill(box(b, 0, -0.1, 0.22, 0.75, 0.2), green * ribs, solid=0.15)
    b.fill(
        polygon(b, [(-0.45, 0.45), (0.45, 0.45), (0.35, 0.95), (-0.35, 0.95)]),
        scene.colour,
        solid=0.15,
    )


# --------------------------------------------------------------------------- places


def _open_sky(scene: _Scene) -> None:
    """Put a sky behind a landscape, as dark or as light as the background it replaces."""
    wanted = mean_lightness(scene.brush.rgb)
    _sky(scene.brush, scene.rng)
    scene.brush.rgb[:] = np.clip(scene.brush.rgb * (wanted / mean_lightness(scene.brush.rgb)), 0, 1)


def _mountains(scene: _Scene) -> None:
    b, rng = scene.brush, scene.rng
    _open_sky(scene)
    for depth in range(3):
        ridge = 0.5 * noise(rng, len(b.x), 2, 5)[0] + 0.12 * noise(rng, len(b.x), 2, 16)[0]
        height = -0.35 + 0.4 * depth + ridge[None, :]
        colour = toward(scene.coat.base, (0.55, 0.62, 0.72), 0.6 - 0.3 * depth)
        slope = height - b.y
        b.fill(slope, colour * (1.0 + 0.2 * scene.coat.fine)[..., None])
        if depth == 0:
            b.fill(np.maximum(slope, b.y + 0.4), SNOW, opacity=0.8)


def _sea(scene: _Scene) -> None:
    b, rng = scene.brush, scene.rng
    _open_sky(scene)
    horizon, sun = rng.uniform(-0.2, 0.4), rng.uniform(-0.6, 0.6)
    b.fill(ellipse(b, sun, horizon - 0.35, 0.22, 0.22), (0.99, 0.88, 0.6), soft=0.08)
    waves = (1.0 + 0.25 * noise(rng, len(b.x), 40, 8))[..., None]
    water = toward((0.14, 0.34, 0.5), scene.colour, 0.3)
    b.fill(horizon - b.y, water * waves, soft=0.02)
    glitter = np.maximum(ellipse(b, sun, horizon + 0.6, 0.18, 0.6), horizon - b.y)
    b.fill(glitter, (0.99, 0.9, 0.7), soft=0.2, opacity=0.5)


def _road(scene: _Scene) -> None:
    b, rng = scene.brush, scene.rng
    _open_sky(scene)
    horizon, bend = rng.uniform(-0.4, 0.1), rng.uniform(-0.4, 0.4)
    field_ = toward((0.4, 0.5, 0.22), scene.colour, 0.4)
    b.fill(horizon - b.y, field_ * (1.0 + 0.25 * scene.coat.fine)[..., None])
    deep = np.clip((b.y - horizon) / (1.0 - horizon), 0.0, 1.0)
    off = b.x - bend * (1.0 - deep) ** 2
    grey = toward((0.3, 0.3, 0.32), scene.coat.base, 0.2)
    b.fill(np.maximum(np.abs(off) - 0.03 - 0.75 * deep, horizon - b.y), grey)
    dash = np.maximum(np.abs(off) - 0.045 * deep, horizon - b.y)
    b.fill(np.maximum(dash, -np.sin(9.0 / (deep + 0.25)) * 0.05), SNOW)


def _skyline(scene: _Scene) -> None:
    b, rng = scene.brush, scene.rng
    _open_sky(scene)
    left = -1.1
    while left < 1.0:
        wide, top = rng.uniform(0.12, 0.25), rng.uniform(-0.7, 0.3)
        block = box(b, left + wide, 1.0, wide, 1.0 - top)
        colour = scene.colour * rng.uniform(0.6, 1.15)
        b.fill(block, colour)
        lit = np.maximum(np.abs((b.x - left) * 11 % 1 - 0.5), np.abs(b.y * 7 % 1 - 0.5)) - 0.25
        b.fill(np.maximum(lit / 9.0, block + 0.04), (0.95, 0.85, 0.5), opacity=0.7)
        left += 2 * wide + rng.uniform(0.0, 0.06)


def _forest(scene: _Scene) -> None:
    b, rng = scene.brush, scene.rng
    _open_sky(scene)
    ground = rng.uniform(0.4, 0.75)
    b.fill(ground - b.y, np.array([0.3, 0.33, 0.16]) * (1 + 0.3 * scene.coat.fine)[..., None])
    for x in rng.uniform(-1.0, 1.0, int(rng.integers(4, 8))):
        wide, foot = rng.uniform(0.05, 0.13), ground + rng.uniform(0.0, 0.2)
        bark = toward(scene.coat.base, (0.3, 0.2, 0.13), 0.4)
        trunk = box(b, x, foot - 1.5, wide, 1.5) + 0.02 * scene.coat.fine
        b.fill(trunk, bark * (1.0 + 0.2 * scene.coat.fine)[..., None], solid=0.08)
    leaves = clouds(rng, len(b.x), 7) - b.y - 0.85
    b.fill(-leaves, toward((0.22, 0.42, 0.15), scene.colour, 0.2), soft=0.1)


def _bricks(scene: _Scene) -> None:
    b, rng = scene.brush, scene.rng
    high = rng.uniform(0.16, 0.34)
    row = np.floor(b.y / np.float32(high))
    column = b.x / np.float32(2.1 * high) + 0.5 * (row % 2.0)
    number = np.floor(column)
    each = 1.0 + 0.15 * np.sin(12.9 * number + 7.3 * row)
    b.rgb[:] = scene.colour * (each + 0.12 * scene.coat.fine)[..., None]
    mortar = 0.44 - np.maximum(np.abs(column - number - 0.5) * 1.06, np.abs(b.y / high - row - 0.5))
    b.fill(mortar * high, toward((0.7, 0.68, 0.65), scene.accent, 0.2))


def _nothing(scene: _Scene) -> None:
    """A bare wall, lawn, floor or cloth: the background is the picture."""


ANIMALS: tuple[Callable[[_Scene], None], ...] = (
    _dog, _dog, _rabbit, _bear, _mouse, _pig, _frog, _bird, _fish, _sheep,
)  # fmt: skip
OBJECTS: tuple[Callable[[_Scene], None], ...] = (
    _car, _house, _tree, _cup, _ball, _flower, _bottle, _chair, _boat, _fruit, _mushroom,
    _clock, _book, _lamp, _balloons, _cactus,
)  # fmt: skip
PLACES: tuple[Callable[[_Scene], None], ...] = (
    _mountains, _sea, _road, _skyline, _forest, _bricks, _nothing,
)  # fmt: skip
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
    scene = _scene(rng, size)
    CAT_POSES[rng.choice(len(CAT_POSES), p=CAT_ODDS)](scene)
    _in_front(scene)
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
    scene = _scene(rng, size)
    kinds = OTHER_KINDS[rng.choice(len(OTHER_KINDS), p=OTHER_ODDS)]
    kinds[rng.integers(len(kinds))](scene)
    _in_front(scene)
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
