"""A scene for one subject: background, light, palette, pose, fur and what stands in front.

All of it is drawn the same way whatever the subject is, so that no mean colour tells a cat from a
car.  Subjects are lighter or darker than their background.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from dlspec.datasets._drawing import (
    Array,
    Brush,
    blank,
    box,
    clouds,
    ellipse,
    mean_lightness,
    noise,
    tint,
    toward,
)

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


def sky(b: Brush, rng: np.random.Generator) -> None:
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
    _gradient, _room, _room, _meadow, sky, _tiles, _wood, _bokeh, _fabric,
)  # fmt: skip


# --------------------------------------------------------------------------- scene: light, pose


@dataclass
class Scene:
    """What both classes share: canvas, subject colours, pose."""

    brush: Brush
    rng: np.random.Generator
    coat: Coat
    colour: Array  # the main colour for things without fur
    accent: Array

    def pose(self, scale: float = 1.0) -> Brush:
        """Return the subject's view: about the middle, a little off, a little tilted."""
        rng = self.rng
        cx, cy = np.clip(rng.normal(0.0, 0.055, 2), -0.2, 0.2)
        size = scale * rng.uniform(0.91, 1.09)
        return self.brush.at(cx, cy, size, np.clip(rng.normal(0.0, 0.11), -0.35, 0.35))


@dataclass
class Coat:
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


def _coat(rng: np.random.Generator, n: int) -> Coat:
    name, base = _coat_colour(rng)
    odds = (0.40, 0.34, 0.16, 0.10) if name not in ("black", "white") else (0.7, 0.04, 0.26, 0.0)
    marking = str(rng.choice(["plain", "tabby", "patches", "points"], p=odds))
    light = toward(base, SNOW, 0.85 if rng.random() < 0.5 else 0.35)
    if name == "white" and marking == "patches":
        light = np.array(COATS[str(rng.choice(["black", "ginger", "grey"]))])
    fine = 0.6 * noise(rng, n, 40) + 0.5 * noise(rng, n, 34, 17)
    coarse = noise(rng, n, 5)
    return Coat(name, base, light, base * 0.42, marking, fine, coarse, rng.uniform(0, 6.3))


def new_scene(rng: np.random.Generator, size: int) -> Scene:
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
    return Scene(b, rng, coat, colour.astype(np.float32), accent)


def _set_tone(b: Brush, rng: np.random.Generator, dark: bool) -> None:
    """Scale the background to a dark or to a light mean."""
    wanted = rng.uniform(0.14, 0.36) if dark else rng.uniform(0.55, 0.82)
    b.rgb[:] *= np.float32(wanted / mean_lightness(b.rgb))
    np.clip(b.rgb, 0.0, 1.0, out=b.rgb)


def shadow(b: Brush, cx: float, cy: float, rx: float, ry: float = 0.1) -> None:
    b.fill(ellipse(b, cx, cy, rx, ry), INK, soft=0.25, opacity=0.4)


def put_in_front(scene: Scene) -> None:
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


# --------------------------------------------------------------------------- fur and eyes


def fuzzy(distance: Array, coat: Coat, width: float = 0.05) -> Array:
    """Roughen an outline: fur ends in tufts."""
    return distance + np.float32(width) * coat.fine


def round_eyes(b: Brush, x: float, y: float, r: float, white: bool = False) -> None:
    for side in (-x, x):
        if white:
            b.fill(ellipse(b, side, y, 1.7 * r, 1.7 * r), SNOW)
        b.fill(ellipse(b, side, y, r, r), INK)
        b.fill(ellipse(b, side - 0.3 * r, y - 0.35 * r, 0.3 * r, 0.3 * r), (1, 1, 1))


def furry_head(scene: Scene, b: Brush, skull: Array, neck: float = 0.75) -> Array:
    """Paint shoulders and a furry head of any outline; return the fur."""
    coat = replace(scene.coat, marking=scene.coat.marking.replace("tabby", "plain"))
    fur = coat.on(b)
    body = ellipse(b, 0, 1.9, neck + 0.35, 1.35)
    b.fill(fuzzy(body, coat), fur * 0.86, solid=0.4)
    b.fill(fuzzy(skull, coat), fur, solid=0.35)
    return fur
