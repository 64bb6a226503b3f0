"""Signed-distance shapes on a canvas, smooth noise, colours: what the generated pictures share.

Coordinates run from -1 (left, top) to 1 (right, bottom). Colours are RGB floats in [0, 1]. A signed
distance is negative inside its shape. Randomness never depends on the size of the canvas, so that a
larger picture shows the same scene.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np

from dlspec._complaints import InvalidType, sentence
from dlspec._validation import check_count

Array = np.ndarray
Colour = Array | Sequence[float]
Point = tuple[float, float]

MIN_SIZE = 16
SUPERSAMPLING = 2
LEVEL_STEP = 2  # the camera keeps seven bits: nobody sees it, and a file is a fifth smaller


def check_drawing(rng: Any, size: Any) -> None:
    if not isinstance(rng, np.random.Generator):
        raise InvalidType(sentence("rng", "be a numpy.random.Generator", repr(rng)))
    check_count("size", size, MIN_SIZE)


# --------------------------------------------------------------------------- canvas and shapes


@dataclass(frozen=True)
class Brush:
    """A canvas seen through local coordinates; every view paints on the same `rgb`."""

    rgb: Array  # (n, n, 3), painted in place
    x: Array  # (n, n) local coordinates
    y: Array
    pixel: float  # side of one canvas pixel in local units
    light: tuple[float, float] = (-0.6, -0.8)  # towards the light, in the picture
    relief: float = 0.4  # how strongly edges away from the light darken

    def at(self, cx: float, cy: float, scale: float = 1.0, angle: float = 0.0) -> Brush:
        """Return the view whose origin is (cx, cy), whose unit is `scale`, turned by `angle`."""
        c, s = np.float32(np.cos(angle) / scale), np.float32(np.sin(angle) / scale)
        x, y = self.x - np.float32(cx), self.y - np.float32(cy)
        return replace(self, x=c * x + s * y, y=c * y - s * x, pixel=self.pixel / scale)

    def around(self, points: Sequence[Point], reach: float) -> tuple[slice, slice]:
        """Return rows and columns with all that lies within `reach` of the box around `points`."""
        x0, y0 = float(self.x[0, 0]), float(self.y[0, 0])
        across, along = float(self.x[0, 1]) - x0, float(self.y[0, 1]) - y0  # one column on
        down, deep = float(self.x[1, 0]) - x0, float(self.y[1, 0]) - y0  # one row on
        area = down * along - across * deep
        rows = [(along * (x - x0) - across * (y - y0)) / area for x, y in points]
        columns = [(down * (y - y0) - deep * (x - x0)) / area for x, y in points]
        n, margin = len(self.x), reach / self.pixel + 2.0
        return tuple(
            slice(
                int(min(max(min(place) - margin, 0), n - 2)),
                int(min(max(max(place) + margin, 2), n)),
            )
            for place in (rows, columns)
        )

    def cut(self, window: tuple[slice, slice]) -> Brush:
        """Return the view of some rows and columns only: what is drawn there costs less."""
        return replace(self, rgb=self.rgb[window], x=self.x[window], y=self.y[window])

    def mirrored(self) -> Brush:
        return replace(self, x=-self.x)

    def turned(self, turn: float) -> Brush:
        """Return the view of a ball's front turned sideways: its middle moves, its rim stays."""
        bulge = np.clip(1.0 - self.x**2, 0.0, 1.0)
        return replace(self, x=self.x - np.float32(turn) * bulge)

    def fill(
        self,
        distance: Array,
        colour: Colour,
        *,
        soft: float = 0.0,
        opacity: float = 1.0,
        solid: float = 0.0,
    ) -> None:
        """Paint where `distance` < 0: anti-aliased, `soft` wide at the rim, `solid` deep."""
        alpha = np.clip(0.5 - distance / (self.pixel + soft), 0.0, 1.0) * np.float32(opacity)
        inside = _bounding_box(alpha)
        if inside is None:
            return
        paint = np.asarray(colour, dtype=np.float32)
        paint = paint[inside] if paint.ndim == 3 else paint
        if solid:
            paint = paint * self._shade(distance[inside], solid)[..., None]
        below = self.rgb[inside]
        below += alpha[inside][..., None] * (paint - below)

    def _shade(self, distance: Array, solid: float) -> Array:
        slope_y, slope_x = np.gradient(distance, np.float32(self.pixel))
        facing = self.light[0] * slope_x + self.light[1] * slope_y
        rim = np.clip(1.0 + distance / np.float32(solid), 0.0, 1.0)
        return np.clip(1.0 + np.float32(self.relief) * rim * (facing - 0.35), 0.2, 1.6)


def blank(size: int, light: tuple[float, float], relief: float) -> Brush:
    """Return a black canvas for a picture of `size` pixels, lit from one side."""
    n = size * SUPERSAMPLING
    axis = ((np.arange(n) + 0.5) / n * 2.0 - 1.0).astype(np.float32)
    x, y = np.meshgrid(axis, axis)
    return Brush(np.zeros((n, n, 3), dtype=np.float32), x, y, 2.0 / n, light, relief)


def _bounding_box(alpha: Array) -> tuple[slice, slice] | None:
    """Return the slices around all painted pixels (at least two wide), None where none is."""
    inked = alpha > 0.0
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    if rows.size == 0:
        return None
    top, left = max(rows[0] - 1, 0), max(columns[0] - 1, 0)
    return slice(top, rows[-1] + 2), slice(left, columns[-1] + 2)


def ellipse(b: Brush, cx: float, cy: float, rx: float, ry: float) -> Array:
    x, y = (b.x - np.float32(cx)) / np.float32(rx), (b.y - np.float32(cy)) / np.float32(ry)
    near = np.hypot(x, y)
    slope = np.hypot(x / np.float32(rx), y / np.float32(ry)) + np.float32(1e-6)
    return near * (near - 1.0) / slope


def box(b: Brush, cx: float, cy: float, w: float, h: float, r: float = 0.0) -> Array:
    """Distance to a box of half sides w and h with corners rounded by r."""
    x = np.abs(b.x - np.float32(cx)) - np.float32(w - r)
    y = np.abs(b.y - np.float32(cy)) - np.float32(h - r)
    outside = np.hypot(np.maximum(x, 0.0), np.maximum(y, 0.0))
    return outside + np.minimum(np.maximum(x, y), 0.0) - np.float32(r)


def polygon(b: Brush, points: Sequence[tuple[float, float]], r: float = 0.0) -> Array:
    """Distance to a convex polygon (corners clockwise on the screen), grown by r."""
    distance = None
    for (x0, y0), (x1, y1) in zip(points, [*points[1:], points[0]], strict=True):
        length = np.hypot(x1 - x0, y1 - y0)
        nx, ny = np.float32((y1 - y0) / length), np.float32((x0 - x1) / length)
        edge = nx * (b.x - np.float32(x0)) + ny * (b.y - np.float32(y0))
        distance = edge if distance is None else np.maximum(distance, edge)
    return distance - np.float32(r)


def stroke(b: Brush, points: Sequence[tuple[float, float]], r0: float, r1: float) -> Array:
    """Distance to a polyline whose radius goes from r0 to r1."""
    distance, steps = None, len(points) - 1
    for i, ((x0, y0), (x1, y1)) in enumerate(pairwise(points)):
        dx, dy = x1 - x0, y1 - y0
        px, py = b.x - np.float32(x0), b.y - np.float32(y0)
        t = np.clip((px * np.float32(dx) + py * np.float32(dy)) / (dx * dx + dy * dy), 0.0, 1.0)
        radius = np.float32(r0 + (r1 - r0) * i / steps) + np.float32((r1 - r0) / steps) * t
        part = np.hypot(px - np.float32(dx) * t, py - np.float32(dy) * t) - radius
        distance = part if distance is None else np.minimum(distance, part)
    return distance


def curve(*handles: tuple[float, float], steps: int = 7) -> list[tuple[float, float]]:
    """Return points on the quadratic Bezier curve with three handles."""
    t = np.linspace(0.0, 1.0, steps)[:, None]
    a, m, z = (np.asarray(h) for h in handles)
    return [tuple(p) for p in ((1 - t) ** 2 * a + 2 * t * (1 - t) * m + t**2 * z).tolist()]


def blend(first: Array, second: Array, k: float) -> Array:
    """Return the union of two shapes with their seam rounded over a width of k."""
    h = np.clip(np.float32(k) - np.abs(first - second), 0.0, None)
    return np.minimum(first, second) - h * h / np.float32(4.0 * k)


@lru_cache(maxsize=128)
def _interpolation(n: int, cells: int) -> Array:
    """Return the (n, cells + 1) matrix that reads n points off a lattice, eased in between."""
    place = (np.arange(n) + 0.5) / n * cells
    left = np.minimum(place.astype(int), cells - 1)
    t = place - left
    t = t * t * (3.0 - 2.0 * t)
    matrix = np.zeros((n, cells + 1), dtype=np.float32)
    matrix[np.arange(n), left], matrix[np.arange(n), left + 1] = 1.0 - t, t
    return matrix


def noise(
    rng: np.random.Generator,
    n: int,
    rows: int,
    columns: int | None = None,
    width: int | None = None,
) -> Array:
    """Return smooth noise (n, n), or (n, width), in [-1, 1] off a lattice drawn alike for any n."""
    columns = rows if columns is None else columns
    lattice = rng.uniform(-1.0, 1.0, (rows + 1, columns + 1)).astype(np.float32)
    across = _interpolation(n if width is None else width, columns)
    return _interpolation(n, rows) @ lattice @ across.T


def clouds(rng: np.random.Generator, n: int, cells: int) -> Array:
    """Return three octaves of `noise`, about in [-1, 1]."""
    octaves = ((noise(rng, n, cells * 2**i), 0.57 * 0.55**i) for i in range(3))
    return sum(weight * layer for layer, weight in octaves)


# --------------------------------------------------------------------------- colours


def mean_lightness(colour: Colour) -> float:
    return float(np.dot(np.asarray(colour).reshape(-1, 3).mean(axis=0), (0.30, 0.59, 0.11)))


def tint(rng: np.random.Generator, lightness: float, saturation: float) -> Array:
    """Return a colour of any hue with the given lightness, as far as it fits into [0, 1]."""
    phase = rng.uniform(0.0, 2.0 * np.pi) + np.array([0.0, 2.0, 4.0]) * np.pi / 3.0
    colour = 1.0 + saturation * np.cos(phase)
    return np.clip(colour * lightness / mean_lightness(colour), 0.02, 0.98).astype(np.float32)


def toward(colour: Colour, other: Colour, share: float) -> Array:
    return np.asarray(colour) * (1.0 - share) + np.asarray(other) * share


# --------------------------------------------------------------------------- photo


def develop(b: Brush, rng: np.random.Generator, cast: float = 0.08) -> Array:
    """Return the photo of the canvas: light, lens, sensor; (size, size, 3) uint8."""
    fall = 1.0 + rng.uniform(0.0, 0.22) * (b.light[0] * b.x + b.light[1] * b.y)
    fall = fall - rng.uniform(0.0, 0.22) * (b.x**2 + b.y**2)
    gain = rng.uniform(1.0 - cast, 1.0 + cast, 3) * rng.uniform(0.85, 1.15)
    photo = b.rgb * fall[..., None] * gain.astype(np.float32)
    photo = blur(photo, rng.uniform(0.2, 0.9) * len(photo) / 128.0)
    half = len(photo) // SUPERSAMPLING
    photo = photo.reshape(half, SUPERSAMPLING, half, SUPERSAMPLING, 3).mean(axis=(1, 3))
    grain = rng.uniform(0.004, 0.014)
    photo = photo + grain * rng.standard_normal(photo.shape, dtype=np.float32)
    return (LEVEL_STEP * np.rint(127.0 * np.clip(photo, 0.0, 1.0))).astype(np.uint8)


def blur(photo: Array, sigma: float) -> Array:
    """Return the picture blurred by a separable Gaussian of `sigma` canvas pixels."""
    radius = max(1, int(np.ceil(2.0 * sigma)))
    kernel = np.exp(-0.5 * (np.arange(-radius, radius + 1) / max(sigma, 1e-3)) ** 2)
    kernel = (kernel / kernel.sum()).astype(np.float32)
    for axis in (0, 1):
        n = photo.shape[axis]
        reach = np.clip(np.arange(-radius, n + radius), 0, n - 1)  # the edge goes on
        padded = np.moveaxis(np.take(photo, reach, axis=axis), axis, 0)
        photo = np.moveaxis(sum(w * padded[i : i + n] for i, w in enumerate(kernel)), 0, axis)
    return photo
