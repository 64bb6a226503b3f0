"""A street in perspective: camera, canvas, facades and road, and the things that stand there.

The world is in metres: X to the right of the camera, Y up from the road, Z ahead.  A pinhole at
height h sees a point at

    u = u0 + f X / Z,        v = v0 + f (h - Y) / Z        pixels, v down

so that one pixel at distance Z is Z / f metres wide.  Road, pavement and the two rows of houses are
a canyon of planes: the nearest plane along a pixel's ray is the one with the largest 1 / Z, in
closed form for all pixels at once.  Everything else is flat, stands upright at one distance, and is
painted back to front on a patch of its own (painter's algorithm).  In a patch the foot of the thing
is the origin, x goes right and y *down* in metres, as in `_drawing`.

Paint has seven channels: the colour that reflects light (3), the light that it emits (3), and
cover.  Reflected and emitted light are kept apart until fog, night and camera act on them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from dlspec.datasets._drawing import (
    Array,
    Brush,
    Colour,
    box,
    ellipse,
    mean_lightness,
    noise,
    polygon,
    stroke,
    tint,
    toward,
)

MASK_NAMES = ("sky", "road", "pavement", "building", "tree", "vehicle", "person", "furniture")
SKY, ROAD, PAVEMENT, BUILDING, TREE, VEHICLE, PERSON, FURNITURE = range(len(MASK_NAMES))

SKY_DEPTH = 1000.0  # metres; what stands for infinity
REFLECTED, EMITTED, COVER = slice(0, 3), slice(3, 6), slice(6, 7)
SUPERSAMPLING = 2  # of road and facades; the edges of all else are soft by their distance

DARK = (0.05, 0.05, 0.06)
TYRE = (0.07, 0.07, 0.08)
GLASS = (0.16, 0.20, 0.24)
POLE = (0.42, 0.43, 0.44)
PANE, LIT = (0.9, 1.0, 1.15), (0.85, 0.65, 0.35)  # a window by day, and one with a lamp behind it
RED = (0.72, 0.05, 0.06)
WHITE = (0.92, 0.92, 0.90)
SKINS = ((0.86, 0.67, 0.56), (0.70, 0.48, 0.36), (0.45, 0.30, 0.22), (0.30, 0.20, 0.15))
CAR_COLOURS = (
    (0.88, 0.88, 0.88), (0.62, 0.63, 0.65), (0.32, 0.33, 0.35), (0.08, 0.08, 0.09),
    (0.60, 0.07, 0.08), (0.10, 0.18, 0.45), (0.08, 0.30, 0.22), (0.75, 0.66, 0.48),
    (0.85, 0.60, 0.10), (0.35, 0.52, 0.68),
)  # fmt: skip
FACADES = (
    (0.62, 0.33, 0.25), (0.75, 0.68, 0.55), (0.55, 0.54, 0.52), (0.80, 0.78, 0.74),
    (0.66, 0.55, 0.42), (0.45, 0.38, 0.36), (0.72, 0.56, 0.48), (0.50, 0.58, 0.62),
)  # fmt: skip

# S, T, O, P out of boxes: middle and half sides in parts of the sign's inner radius.
LETTERS = (
    ((0, -0.2, 0.14, 0.05), (0, 0, 0.14, 0.05), (0, 0.2, 0.14, 0.05), (-0.1, -0.1, 0.05, 0.1),
     (0.1, 0.1, 0.05, 0.1)),
    ((0, -0.2, 0.15, 0.05), (0, 0, 0.05, 0.25)),
    ((0, -0.2, 0.14, 0.05), (0, 0.2, 0.14, 0.05), (-0.1, 0, 0.05, 0.2), (0.1, 0, 0.05, 0.2)),
    ((-0.1, 0, 0.05, 0.25), (0, -0.2, 0.14, 0.05), (0, 0, 0.14, 0.05), (0.1, -0.1, 0.05, 0.1)),
)  # fmt: skip

# Width, height, height of the belt line, how far the cabin is drawn in, length; metres.
CARS = {
    "sedan": (1.78, 1.45, 0.88, 0.24, 4.5),
    "hatchback": (1.70, 1.52, 0.92, 0.16, 3.9),
    "suv": (1.92, 1.78, 1.08, 0.12, 4.6),
    "van": (2.00, 2.30, 1.25, 0.06, 5.2),
}
LAMPS = {"red": (1.0, 0.10, 0.06), "yellow": (1.0, 0.72, 0.08), "green": (0.10, 0.95, 0.45)}


# --------------------------------------------------------------------------- camera and canvas


@dataclass(frozen=True)
class Camera:
    """Where the picture is taken from."""

    height: int  # pixels
    width: int
    focal: float  # pixels
    u0: float  # the vanishing point
    v0: float
    up: float  # metres of the lens above the road

    def scale(self, z: float) -> float:
        """Return pixels per metre at a distance."""
        return self.focal / z

    def rays(self, samples: int = 1) -> tuple[Array, Array]:
        """Return X / Z of the columns (1, w) and (h - Y) / Z of the rows (h, 1), `samples` each."""
        u = (np.arange(self.width * samples, dtype=np.float32) + 0.5) / samples
        v = (np.arange(self.height * samples, dtype=np.float32) + 0.5) / samples
        a, b = (u - self.u0) / self.focal, (v - self.v0) / self.focal
        return a.astype(np.float32)[None], b.astype(np.float32)[:, None]


@dataclass
class Canvas:
    """What has been painted so far, and which thing each pixel shows."""

    camera: Camera
    light: Array  # (h, w, 6) reflected colour and emitted light
    depth: Array  # (h, w) metres
    mask: Array  # (h, w) uint8
    number: Array  # (h, w) int16: which object, 0 for none
    painted: list[tuple[int, Array]] = field(default_factory=list)  # pixels and box of each object


@dataclass(frozen=True)
class Patch:
    """A thing's own layer: paint on `brush`, and where it belongs on the canvas."""

    brush: Brush
    top: int
    left: int


def patch(camera: Camera, x: float, z: float, extent: Sequence[float], whole: bool) -> Patch:
    """Return an empty layer around the foot (x, 0, z).

    `extent` is (left, top, right, bottom) in metres from the foot, y down.  Of an object the whole
    layer is needed, also beyond the frame, to know what part of it is seen.
    """
    s = camera.scale(z)
    u, v = camera.u0 + s * x, camera.v0 + s * camera.up
    left, right = int(np.floor(u + s * extent[0])) - 1, int(np.ceil(u + s * extent[2])) + 1
    top, bottom = int(np.floor(v + s * extent[1])) - 1, int(np.ceil(v + s * extent[3])) + 1
    if not whole:
        left, top = max(left, 0), max(top, 0)
        right, bottom = max(min(right, camera.width), left), max(min(bottom, camera.height), top)
    px = ((np.arange(left, right, dtype=np.float32) + np.float32(0.5 - u)) / np.float32(s))[None]
    py = ((np.arange(top, bottom, dtype=np.float32) + np.float32(0.5 - v)) / np.float32(s))[:, None]
    layer = np.zeros((py.size, px.size, 7), dtype=np.float32)
    return Patch(Brush(layer, px, py, 1.0 / s), top, left)


def paste(canvas: Canvas, layer: Patch, z: float, kind: int, counted: bool) -> None:
    """Lay a patch on the canvas; a `counted` thing becomes the next object."""
    h, w = layer.brush.rgb.shape[:2]
    camera, top, left = canvas.camera, max(layer.top, 0), max(layer.left, 0)
    bottom, right = min(layer.top + h, camera.height), min(layer.left + w, camera.width)
    solid = layer.brush.rgb[..., 6] > 0.5
    if counted:
        canvas.painted.append((int(solid.sum()), _box_of(solid, layer.top, layer.left)))
    if bottom <= top or right <= left:
        return
    window = slice(top, bottom), slice(left, right)
    own = slice(top - layer.top, bottom - layer.top), slice(left - layer.left, right - layer.left)
    paint = layer.brush.rgb[own]
    below = canvas.light[window]
    below *= 1.0 - paint[..., COVER]
    below += paint[..., :6]
    seen = solid[own]
    canvas.depth[window][seen] = z
    canvas.mask[window][seen] = kind
    canvas.number[window][seen] = len(canvas.painted) if counted else 0


def _box_of(solid: Array, top: int, left: int) -> Array:
    """Corners (x1, y1, x2, y2) of the painted pixels, in pixels of the canvas; zeros for none."""
    rows, columns = np.flatnonzero(solid.any(axis=1)), np.flatnonzero(solid.any(axis=0))
    if rows.size == 0:
        return np.zeros(4, dtype=np.float32)
    corners = (left + columns[0], top + rows[0], left + columns[-1] + 1, top + rows[-1] + 1)
    return np.array(corners, dtype=np.float32)


def paint(colour: Colour, glow: Colour = (0.0, 0.0, 0.0)) -> Array:
    """Return a colour, and the light it gives, as the seven channels of a patch."""
    return np.array([*colour, *glow, 1.0], dtype=np.float32)


# --------------------------------------------------------------------------- road and houses


@dataclass(frozen=True)
class Street:
    """A straight street: where its parts begin, and what they look like."""

    centre: float  # X of the middle of the road
    half_road: float  # metres
    pavement: float  # its width
    edges: tuple[Array, Array]  # Z where the houses on the left, on the right begin
    tops: tuple[Array, Array]  # their heights
    green: tuple[Array, Array]  # bool: a hedge with trees behind it instead of a house
    colours: tuple[Array, Array]  # (n, 3)
    windows: Array  # (2, 3): along, up, share of glass; metres, metres
    end: float  # Z where the view ends
    crossing: float  # Z of a zebra crossing, 0 for none
    asphalt: Array  # (3,)
    slabs: Array  # (3,)
    seed: float  # of the texture

    def kerb(self, side: int) -> float:
        """Return X of the kerb, side -1 left or 1 right."""
        return self.centre + side * self.half_road

    def wall(self, side: int) -> float:
        """Return X of the row of houses."""
        return self.centre + side * (self.half_road + self.pavement)


def build_street(rng: np.random.Generator) -> Street:
    """Draw a street at random."""
    half_road = rng.uniform(3.4, 6.2)
    centre = -half_road / 2 + rng.uniform(-0.5, 0.3)
    sides = [_build_side(rng) for _ in "lr"]
    windows = np.column_stack(
        [rng.uniform(2.0, 3.6, 2), rng.uniform(2.8, 3.6, 2), rng.uniform(0.4, 0.7, 2)]
    )
    return Street(
        centre=centre,
        half_road=half_road,
        pavement=rng.uniform(2.2, 4.5),
        edges=tuple(side[0] for side in sides),
        tops=tuple(side[1] for side in sides),
        green=tuple(side[2] for side in sides),
        colours=tuple(side[3] for side in sides),
        windows=windows.astype(np.float32),
        end=rng.uniform(70.0, 160.0),
        crossing=rng.uniform(7.0, 20.0) if rng.random() < 0.35 else 0.0,
        asphalt=(rng.uniform(0.20, 0.42) * rng.normal(1.0, 0.02, 3)).astype(np.float32),
        slabs=(rng.uniform(0.40, 0.62) * rng.normal(1.0, 0.03, 3)).astype(np.float32),
        seed=rng.uniform(0.0, 100.0),
    )


def _build_side(rng: np.random.Generator) -> tuple[Array, Array, Array, Array]:
    """Edges, heights, whether green, and colours of one row of houses."""
    n = 14
    edges = np.cumsum(rng.uniform(6.0, 16.0, n)) - rng.uniform(4.0, 12.0)
    green = rng.random(n + 1) < 0.22
    tops = np.where(green, rng.uniform(1.2, 3.5, n + 1), rng.uniform(6.0, 19.0, n + 1))
    chosen = np.array(FACADES)[rng.integers(0, len(FACADES), n + 1)]
    colours = np.clip(chosen * rng.uniform(0.75, 1.15, (n + 1, 1)), 0.05, 0.95)
    colours[green] = np.array((0.16, 0.28, 0.12)) * rng.uniform(0.7, 1.4, (int(green.sum()), 1))
    return edges.astype(np.float32), tops.astype(np.float32), green, colours.astype(np.float32)


def paint_street(camera: Camera, street: Street, sky: Array, lit: float) -> Canvas:
    """Return a canvas with sky, houses, road and pavement.

    `sky` (h, w, 3) is what is seen above; `lit` the share of windows with a lamp behind them.
    """
    n = SUPERSAMPLING
    a, b = camera.rays(n)
    # 1 / Z of the plane of the houses and of the ground along every ray; the larger one is nearer.
    to_wall = a / np.where(a < 0, street.wall(-1), street.wall(1)).astype(np.float32)
    to_ground = b / np.float32(camera.up)
    nearest = np.maximum(np.maximum(to_wall, to_ground), np.float32(1 / street.end))
    z = 1 / nearest
    ground = to_ground >= nearest

    light = np.zeros((*z.shape, 6), dtype=np.float32)
    light[..., REFLECTED] = sky.repeat(n, axis=0).repeat(n, axis=1)
    depth, mask = np.full(z.shape, np.float32(SKY_DEPTH)), np.full(z.shape, SKY, np.uint8)
    layer = _Layer(camera, a, b, light, depth, mask)
    _paint_end(street, layer)
    _paint_fronts(street, layer)
    for side, columns in enumerate((a < 0, a >= 0)):
        _paint_houses(street, side, layer, z, ~ground & (to_wall >= nearest) & columns, lit)
    _paint_ground(street, layer, z, ground)

    light = sum(light[i::n, j::n] for i in range(n) for j in range(n)) / (n * n)
    depth, mask = (grid[n // 2 :: n, n // 2 :: n].copy() for grid in (depth, mask))
    return Canvas(camera, light, depth, mask, np.zeros(mask.shape, dtype=np.int16))


@dataclass
class _Layer:
    """The supersampled picture of the street."""

    camera: Camera
    a: Array  # (1, W) X / Z of the columns
    b: Array  # (H, 1) (h - Y) / Z of the rows
    light: Array  # (H, W, 6)
    depth: Array  # (H, W)
    mask: Array  # (H, W)

    def write(
        self,
        where: Array,
        reflected: Array,
        depth: Array | float,
        mask: Array | int,
        emitted: Array | float = 0.0,
    ) -> None:
        """Set the points with the flat indices `where`."""
        self.light.reshape(-1, 6)[where, REFLECTED] = reflected
        self.light.reshape(-1, 6)[where, EMITTED] = emitted
        self.depth.reshape(-1)[where] = depth
        self.mask.reshape(-1)[where] = mask


def _paint_end(street: Street, layer: _Layer) -> None:
    """The skyline where the street ends."""
    block = np.floor(layer.a * (street.end / 7.0))
    tops = 5 + 11 * _hash(block, street.seed)
    shade = 0.30 + 0.22 * _hash(block, street.seed + 1)
    where = np.flatnonzero(layer.camera.up - layer.b * street.end < tops)
    column = where % layer.a.size
    layer.write(where, shade[0, column][:, None], street.end, BUILDING)


def _paint_fronts(street: Street, layer: _Layer) -> None:
    """The sides of houses that look at us, where the one before them is lower."""
    up = layer.camera.up
    for side, sign in enumerate((-1, 1)):
        edges, tops, wall = street.edges[side], street.tops[side], street.wall(sign) * sign
        for k in range(len(edges) - 1, -1, -1):
            z, hidden = edges[k], tops[k + 1] < tops[k] + 1.0
            if z < 3.0 or z > street.end or hidden or street.green[side][k + 1]:
                continue
            x, y = layer.a[0] * z * sign, up - layer.b[:, 0] * z
            columns = np.flatnonzero((x > wall) & (x < wall + 11.0))
            rows = np.flatnonzero((y < tops[k + 1]) & (y > 0))
            if columns.size and rows.size:
                window = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
                layer.light[(*window, REFLECTED)] = street.colours[side][k + 1] * 0.72
                layer.depth[window], layer.mask[window] = z, BUILDING


def _paint_houses(street: Street, side: int, layer: _Layer, z: Array, plane: Array, lit: float):
    """One row of houses and hedges, as high as they are where the ray meets their plane."""
    where = np.flatnonzero(plane)
    z, row = z.reshape(-1)[where], where // layer.a.size
    y = layer.camera.up - layer.b[row, 0] * z
    house = np.searchsorted(street.edges[side], z)
    ripple = 0.5 * np.sin(1.9 * z) * street.green[side][house]
    seen = y < street.tops[side][house] + ripple
    where, z, y, house = (values[seen] for values in (where, z, y, house))
    green = street.green[side][house]
    colour, glow = _facade(street, side, layer.camera, z, y, house, lit)
    leaves = 0.55 + 0.9 * _hash(np.floor(3 * y) + 31 * np.floor(3 * z), street.seed)
    colour = np.where(green[:, None], street.colours[side][house] * leaves[:, None], colour)
    glow *= ~green[:, None]
    layer.write(where, colour, z, np.where(green, TREE, BUILDING), glow)


def _facade(street, side, camera, z, y, house, lit) -> tuple[Array, Array]:
    """Colour and emitted light (n, 3) of points at distance z and height y: rows of windows."""
    along, up, share = street.windows[side]
    across, high = z / along + house.astype(np.float32), y / up
    column, floor = np.floor(across), np.floor(high)
    below_roof = street.tops[side][house] - y
    half = np.where(floor == 0, 0.42, share / 2)  # the ground floor has shops
    glass = (np.abs(across - column - 0.5) < half) & (np.abs(high - floor - 0.45) < 0.28)
    glass &= (below_roof > 0.6) & (y > 0.5)
    # Windows narrower than a pixel fade into the wall instead of flickering.
    wall = abs(street.wall(2 * side - 1)) * camera.focal
    sharp = glass * np.clip(1.6 - 1.6 * z * z / (wall * along), 0, 1)
    window = _hash(7 * column + 131 * floor + 17 * house.astype(np.float32), street.seed)
    pane = (0.12 + 0.25 * window)[:, None] * np.array(PANE, np.float32)
    grain = 0.92 + 0.16 * _hash(np.floor(1.3 * y) + 31 * np.floor(1.3 * z), street.seed)
    grain[below_roof < 0.5] *= 0.7  # the cornice
    colour = street.colours[side][house] * grain[:, None]
    colour += sharp[:, None] * (pane - colour)
    return colour, (sharp * (window < lit))[:, None] * np.array(LIT, np.float32)


def _paint_ground(street: Street, layer: _Layer, z: Array, ground: Array) -> None:
    """Asphalt, lane markings, kerb and slabs; all in metres on the ground."""
    where = np.flatnonzero(ground)
    z = z.reshape(-1)[where]
    x = layer.a[0, where % layer.a.size] * z - np.float32(street.centre)
    off = np.abs(x)
    road = off < street.half_road
    grain = 0.9 + 0.2 * _hash(np.floor(3 * x) + 41 * np.floor(2 * z), street.seed)
    dash = (z / 6 + street.seed) % 1 < 0.5
    line = (off < 0.08) & dash | (np.abs(off - street.half_road + 0.35) < 0.06)
    if street.crossing:
        zebra = (z > street.crossing) & (z < street.crossing + 3.2)
        line = np.where(zebra, x % 1 < 0.5, line)
    worn = (road & line) * np.clip(30 / z, 0, 1) * grain  # thinner than a pixel, it fades
    joint = (x % 1 < 0.06) | (z % 1 < 0.06)
    kerb = off < street.half_road + 0.25
    slab = np.where(kerb, 1.25, np.where(joint & (z < 12), 0.82, 1.0)).astype(np.float32)
    colour = np.where(road[:, None], street.asphalt, street.slabs * slab[:, None]) * grain[:, None]
    colour += worn[:, None] * (0.85 - colour)
    layer.write(where, colour, z, np.where(road, ROAD, PAVEMENT))


def _hash(cell: Array, seed: float) -> Array:
    """Return numbers in [0, 1) that look random, the same for the same cell."""
    value = np.sin(cell * 12.9898 + seed * 7.13) * 4375.85
    return value - np.floor(value)


def shade_ground(
    canvas: Canvas, x: float, z: float, half: tuple[float, float], depth: float
) -> None:
    """Darken an ellipse on the ground: the shadow below a thing."""
    camera = canvas.camera
    far, near = z + half[1], max(z - half[1], 0.8)
    u = [camera.u0 + camera.scale(d) * (x + dx) for d in (near, far) for dx in (-half[0], half[0])]
    v = [camera.v0 + camera.scale(d) * camera.up for d in (far, near)]
    rows = slice(max(int(v[0]) - 1, 0), min(int(v[1]) + 2, camera.height))
    columns = slice(max(int(min(u)) - 1, 0), max(min(int(max(u)) + 2, camera.width), 0))
    if rows.stop <= rows.start or columns.stop <= columns.start:
        return
    a, b = camera.rays()
    here = camera.up / np.maximum(b[rows], 1e-3)
    reach = ((a[:, columns] * here - x) / half[0]) ** 2 + ((here - z) / half[1]) ** 2
    flat = canvas.mask[rows, columns]
    shadow = depth * np.clip(1.3 - reach, 0.0, 1.0) * ((flat == ROAD) | (flat == PAVEMENT))
    canvas.light[rows, columns, REFLECTED] *= (1.0 - shadow[..., None]).astype(np.float32)


# --------------------------------------------------------------------------- things


@dataclass(frozen=True)
class Thing:
    """Something that stands in the street at one distance, with all that it takes to draw it."""

    name: str  # kind of object, or "" for what is not counted
    mask: int
    x: float
    z: float
    extent: tuple[float, float, float, float]  # metres from the foot: left, top, right, bottom
    draw: Callable[[Brush, Camera], None]
    shadow: tuple[float, float] = (0.0, 0.0)  # half width and half length on the ground


def car_along(rng: np.random.Generator, x: float, z: float, rear: bool, lamps: float) -> Thing:
    """A car that drives away from us (`rear`) or towards us."""
    kind = str(rng.choice(list(CARS), p=(0.34, 0.3, 0.24, 0.12)))
    w, h, belt, inset, length = (value * rng.uniform(0.96, 1.04) for value in CARS[kind])
    colour = _car_colour(rng)
    glow = lamps * (0.8 if rear else 1.0)
    lamp = (
        paint((0.55, 0.05, 0.05), glow * np.array((0.9, 0.08, 0.05)))
        if rear
        else paint((0.85, 0.86, 0.84), glow * np.array((1.0, 0.97, 0.88)))
    )

    def draw(b, camera):
        side, top = paint(colour * 0.78), paint(np.clip(colour * 1.12, 0, 1))
        half = w / 2
        for t in np.linspace(length, 0.0, 7)[:-1]:  # slices of the body, the farthest first
            k = z / (z + t)
            far = b.at(x * (k - 1.0), camera.up * (k - 1.0), k)
            far.fill(box(far, 0, -(belt + 0.22) / 2, half, (belt - 0.22) / 2, 0.08), side)
            if 0.12 * length < t < 0.88 * length or kind == "van":
                far.fill(box(far, 0, -(belt + h) / 2, half - inset, (h - belt) / 2), paint(GLASS))
                far.fill(box(far, 0, -h + 0.05, half - inset, 0.06), top)
            if not 0.28 < t / length < 0.72:
                for s in (-1, 1):
                    far.fill(box(far, s * (half - 0.1), -0.28, 0.1, 0.28), paint(TYRE))
        for s in (-1, 1):
            b.fill(box(b, s * (half - 0.14), -0.2, 0.13, 0.2), paint(TYRE))
        b.fill(box(b, 0, -(belt + 0.2) / 2, half, (belt - 0.2) / 2, 0.1), paint(colour))
        cabin = [
            (inset - half, -belt),
            (1.5 * inset - half, -h),
            (half - 1.5 * inset, -h),
            (half - inset, -belt),
        ]
        b.fill(polygon(b, cabin), paint(colour * 0.92))
        b.fill(polygon(b, cabin, -0.1), paint(GLASS))
        b.fill(box(b, 0, -0.36, half, 0.1, 0.04), paint(colour * 0.45))
        b.fill(box(b, 0, -0.52, 0.26, 0.06), paint(WHITE))
        for s in (-1, 1):
            b.fill(box(b, s * (half - 0.2), -belt + 0.18, 0.17, 0.1, 0.04), lamp)

    k = z / (z + length)
    shift = x * (k - 1.0)
    extent = (-w / 2 + min(shift, 0.0), -h - 0.1, w / 2 + max(shift, 0.0), 0.05)
    return Thing("car", VEHICLE, x, z, extent, draw, (0.62 * w, 0.6 * length))


def _car_colour(rng: np.random.Generator) -> Array:
    chosen = np.array(CAR_COLOURS[int(rng.integers(len(CAR_COLOURS)))])
    return np.clip(chosen * rng.uniform(0.85, 1.1) + rng.normal(0, 0.02, 3), 0.03, 0.95)


def car_across(rng: np.random.Generator, x: float, z: float, lamps: float) -> Thing:
    """A car seen from the side, crossing the street."""
    kind = str(rng.choice(list(CARS), p=(0.4, 0.3, 0.2, 0.1)))
    _, h, belt, inset, length = (value * rng.uniform(0.96, 1.04) for value in CARS[kind])
    colour, way = _car_colour(rng), 1 if rng.random() < 0.5 else -1
    red, pale = lamps * np.array((0.9, 0.08, 0.05)), lamps * np.array((1.0, 0.97, 0.88))

    def draw(b, camera):
        b = b if way > 0 else b.mirrored()
        half = length / 2
        b.fill(box(b, 0, -(belt + 0.24) / 2, half, (belt - 0.24) / 2, 0.16), paint(colour))
        front, back = (0.45, 1.15) if kind == "sedan" else (0.05 + inset, 1.0)
        cabin = [
            (-half + front, -belt),
            (-half + front + 0.3, -h),
            (half - back - 0.5, -h),
            (half - back, -belt),
        ]
        b.fill(polygon(b, cabin), paint(colour * 0.95))
        b.fill(polygon(b, cabin, -0.09), paint(GLASS))
        b.fill(box(b, -0.1, -(belt + h) / 2, 0.05, (h - belt) / 2), paint(colour * 0.9))
        b.fill(box(b, 0, -belt + 0.22, half - 0.1, 0.02), paint(colour * 0.6))
        for s in (-1, 1):
            b.fill(ellipse(b, s * (half - 0.85), -0.32, 0.33, 0.33), paint(TYRE))
            b.fill(ellipse(b, s * (half - 0.85), -0.32, 0.17, 0.17), paint((0.55, 0.55, 0.57)))
        b.fill(box(b, -half + 0.1, -belt + 0.2, 0.09, 0.09), paint((0.55, 0.05, 0.05), red))
        b.fill(box(b, half - 0.1, -belt + 0.22, 0.09, 0.08), paint((0.85, 0.86, 0.84), pale))

    extent = (-length / 2 - 0.05, -h - 0.1, length / 2 + 0.05, 0.05)
    return Thing("car", VEHICLE, x, z, extent, draw, (0.55 * length, 0.9))


def pedestrian(rng: np.random.Generator, x: float, z: float) -> Thing:
    """Somebody on foot: standing or walking, tall or small, in trousers or a coat."""
    size = rng.uniform(0.9, 1.1) if rng.random() < 0.85 else rng.uniform(0.62, 0.8)
    step, coat = rng.uniform(0.02, 0.3), rng.random() < 0.3
    shirt, trousers = (tint(rng, rng.uniform(0.1, 0.7), rng.uniform(0.0, 0.6)) for _ in "ab")
    skin, hair = np.array(SKINS[int(rng.integers(len(SKINS)))]), rng.uniform(0.04, 0.45)
    bag, way, swing = rng.random() < 0.3, rng.choice((-1, 1)), rng.uniform(0.05, 0.28)

    def draw(b, camera):
        b = b.at(0, 0, size) if way > 0 else b.at(0, 0, size).mirrored()
        for s in (-1, 1):
            b.fill(stroke(b, [(0.08 * s, -0.88), (step * s, -0.04)], 0.1, 0.07), paint(trousers))
            b.fill(box(b, step * s + 0.04, -0.03, 0.1, 0.04, 0.02), paint(DARK))
        if bag:
            b.fill(box(b, -0.2, -1.2, 0.13, 0.2, 0.05), paint(1.0 - shirt * 0.8))
        b.fill(stroke(b, [(0.16, -1.36), (0.16 + swing, -0.9)], 0.06, 0.05), paint(shirt * 0.85))
        b.fill(box(b, 0, -1.16, 0.2, 0.3, 0.1), paint(shirt))
        if coat:
            hem = [(-0.2, -1.1), (0.2, -1.1), (0.28, -0.55), (-0.28, -0.55)]
            b.fill(polygon(b, hem), paint(shirt * 0.95))
        b.fill(stroke(b, [(-0.18, -1.36), (-0.18 - swing, -0.92)], 0.06, 0.05), paint(shirt * 0.9))
        b.fill(ellipse(b, 0, -1.61, 0.11, 0.14), paint(skin))
        b.fill(ellipse(b, -0.02, -1.68, 0.12, 0.09), paint((hair, 0.8 * hair, 0.65 * hair)))

    reach = 0.55 * size
    extent = (-reach, -1.82 * size, reach, 0.06)
    return Thing("pedestrian", PERSON, x, z, extent, draw, (0.35, 0.35))


def cyclist(rng: np.random.Generator, x: float, z: float, across: bool, lamps: float) -> Thing:
    """Somebody on a bicycle, from behind or (`across`) from the side."""
    shirt = tint(rng, rng.uniform(0.2, 0.7), rng.uniform(0.0, 0.8))
    trousers = tint(rng, rng.uniform(0.05, 0.35), 0.2)
    skin, frame = np.array(SKINS[int(rng.integers(len(SKINS)))]), tint(rng, 0.3, 0.7)
    helmet = tint(rng, rng.uniform(0.2, 0.9), 0.5)
    way, lean, pedal = rng.choice((-1, 1)), rng.uniform(0.15, 0.4), rng.uniform(-0.12, 0.12)

    def from_side(b, camera):
        b = b if way > 0 else b.mirrored()
        for s in (-0.52, 0.52):
            ring = np.abs(ellipse(b, s, -0.34, 0.31, 0.31)) - np.float32(0.035)
            b.fill(ring, paint(TYRE))
        b.fill(stroke(b, [(-0.52, -0.34), (-0.1, -0.36), (0.36, -0.78)], 0.03, 0.03), paint(frame))
        b.fill(stroke(b, [(-0.1, -0.36), (-0.22, -0.85), (0.36, -0.78)], 0.03, 0.03), paint(frame))
        b.fill(stroke(b, [(0.52, -0.34), (0.38, -0.98)], 0.03, 0.03), paint(frame))
        knee = [(-0.2, -0.95), (0.16, -0.72 + pedal), (-0.05, -0.2 + pedal)]
        b.fill(stroke(b, knee, 0.1, 0.06), paint(trousers))
        b.fill(stroke(b, [(-0.2, -0.98), (lean - 0.08, -1.42)], 0.17, 0.15), paint(shirt))
        b.fill(stroke(b, [(lean - 0.06, -1.36), (0.4, -1.0)], 0.06, 0.05), paint(shirt * 0.85))
        b.fill(ellipse(b, lean + 0.05, -1.64, 0.12, 0.14), paint(skin))
        b.fill(ellipse(b, lean + 0.04, -1.72, 0.15, 0.09), paint(helmet))

    def from_behind(b, camera):
        b.fill(box(b, 0, -0.34, 0.045, 0.34, 0.03), paint(TYRE))
        for s in (-1, 1):
            foot = [(0.1 * s, -0.95), (0.15 * s, -0.6), (0.1 * s, -0.25 + s * pedal)]
            b.fill(stroke(b, foot, 0.1, 0.07), paint(trousers))
            b.fill(stroke(b, [(0.2 * s, -1.38), (0.3 * s, -1.02)], 0.06, 0.05), paint(shirt * 0.85))
        b.fill(box(b, 0, -1.0, 0.3, 0.025), paint(frame))
        b.fill(box(b, 0, -1.2, 0.21, 0.3, 0.12), paint(shirt))
        b.fill(ellipse(b, 0, -1.62, 0.11, 0.14), paint(skin * 0.6))
        b.fill(ellipse(b, 0, -1.69, 0.13, 0.1), paint(helmet))
        glow = lamps * np.array((0.8, 0.06, 0.04))
        b.fill(box(b, 0, -0.72, 0.05, 0.05), paint((0.6, 0.05, 0.05), glow))

    half = 0.95 if across else 0.45
    draw = from_side if across else from_behind
    shadow = (0.8, 0.3) if across else (0.3, 0.8)
    return Thing("cyclist", PERSON, x, z, (-half, -1.85, half, 0.05), draw, shadow)


def traffic_light(rng: np.random.Generator, x: float, z: float) -> list[Thing]:
    """A pole and, as the object, its head with one lamp on."""
    high = rng.uniform(2.2, 3.0)
    state = str(rng.choice(list(LAMPS), p=(0.45, 0.15, 0.4)))
    size, board = rng.uniform(0.95, 1.2), rng.random() < 0.3
    case = np.array((0.07, 0.08, 0.07)) if rng.random() < 0.7 else np.array((0.55, 0.45, 0.08))
    arm = -np.sign(x) * rng.uniform(1.5, 3.0) if rng.random() < 0.3 else 0.0
    if arm:
        high += 1.4

    def pole(b, camera):
        b.fill(box(b, 0, -(high + 0.3) / 2, 0.06, (high + 0.3) / 2), paint(POLE))
        if arm:
            b.fill(stroke(b, [(0, -high - 0.25), (arm, -high - 0.45)], 0.05, 0.04), paint(POLE))

    def head(b, camera):
        b = b.at(arm, -high - size / 2)
        if board:
            b.fill(box(b, 0, 0, 0.36 * size, 0.62 * size, 0.05), paint((0.10, 0.10, 0.11)))
        b.fill(box(b, 0, 0, 0.2 * size, 0.5 * size, 0.08), paint(case))
        for i, (name, lamp) in enumerate(LAMPS.items()):
            on = name == state
            colour = np.array(lamp) * (1.0 if on else 0.16)
            lens = paint(colour, 0.75 * np.array(lamp) if on else np.zeros(3))
            b.fill(ellipse(b, 0, (i - 1) * 0.31 * size, 0.14 * size, 0.14 * size), lens)

    reach = abs(arm) + 0.1
    half = (0.4 if board else 0.22) * size
    top = -high - (1.15 if board else 1.02) * size
    return [
        Thing("", FURNITURE, x, z, (-reach, -high - 0.6, reach, 0.05), pole, (0.15, 0.15)),
        Thing(
            "traffic light",
            FURNITURE,
            x,
            z - 0.05,
            (arm - half, top, arm + half, -high + 0.1),
            head,
        ),
    ]


def _octagon(b: Brush, cy: float, r: float) -> Array:
    """Distance to a regular octagon of inner radius r standing on a side."""
    x, y = np.abs(b.x), np.abs(b.y - np.float32(cy))
    return np.maximum(np.maximum(x, y), (x + y) * np.float32(np.sqrt(0.5))) - np.float32(r)


def stop_sign(rng: np.random.Generator, x: float, z: float) -> list[Thing]:
    """A pole and, as the object, a red octagon with white letters."""
    high, r, fade = rng.uniform(2.0, 2.5), rng.uniform(0.4, 0.5), rng.uniform(0.8, 1.15)

    def plate(b, camera):
        b.fill(_octagon(b, -high, r), paint(WHITE))
        b.fill(_octagon(b, -high, 0.9 * r), paint(np.clip(np.array(RED) * fade, 0, 1)))
        for i, bars in enumerate(LETTERS):
            for cx, cy, w, h in bars:
                cx += 0.4 * (i - 1.5)
                b.fill(box(b, cx * r, cy * r - high, w * r, h * r), paint(WHITE))

    extent = (-r, -high - r, r, r - high)
    pole = _pole(x, z, high)
    return [pole, Thing("stop sign", FURNITURE, x, z - 0.05, extent, plate)]


def _pole(x: float, z: float, high: float) -> Thing:
    def draw(b, camera):
        b.fill(box(b, 0, -high / 2, 0.045, high / 2), paint(POLE))

    return Thing("", FURNITURE, x, z, (-0.1, -high, 0.1, 0.05), draw, (0.12, 0.12))


def other_sign(rng: np.random.Generator, x: float, z: float) -> list[Thing]:
    """A sign that is no stop sign: no entry, speed limit, give way, blue disc, or yellow."""
    high, r = rng.uniform(1.9, 2.5), rng.uniform(0.32, 0.46)
    kind = int(rng.integers(5))

    def plate(b, camera):
        disc = ellipse(b, 0, -high, r, r)
        if kind == 0:
            b.fill(disc, paint(RED))
            b.fill(box(b, 0, -high, 0.68 * r, 0.16 * r), paint(WHITE))
        elif kind == 1:
            b.fill(disc, paint(RED))
            b.fill(ellipse(b, 0, -high, 0.74 * r, 0.74 * r), paint(WHITE))
            for s in (-0.25, 0.25):
                b.fill(box(b, s * r, -high, 0.14 * r, 0.3 * r), paint(DARK))
        elif kind == 2:
            corners = [(-r, -high - 0.7 * r), (r, -high - 0.7 * r), (0.0, -high + 0.95 * r)]
            b.fill(polygon(b, corners), paint(RED))
            b.fill(polygon(b, corners, -0.26 * r), paint(WHITE))
        elif kind == 3:
            b.fill(disc, paint((0.08, 0.22, 0.62)))
            b.fill(box(b, 0, -high, 0.12 * r, 0.5 * r), paint(WHITE))
        else:
            x0, y0 = np.abs(b.x), np.abs(b.y + np.float32(high))
            b.fill((x0 + y0) * np.float32(0.707) - np.float32(0.8 * r), paint((0.85, 0.65, 0.08)))

    extent = (-1.2 * r, -high - 1.2 * r, 1.2 * r, 1.2 * r - high)
    return [_pole(x, z, high), Thing("", FURNITURE, x, z - 0.05, extent, plate)]


def billboard(rng: np.random.Generator, x: float, z: float) -> Thing:
    """An advertisement: patches of any colour, now and then a red disc or a row of lamps."""
    w, h, low = rng.uniform(0.7, 1.6), rng.uniform(0.8, 1.2), rng.uniform(0.6, 2.0)
    ground, first, second = (tint(rng, rng.uniform(0.25, 0.85), 0.7) for _ in "abc")
    spot = rng.random() < 0.5
    y1, y2, x1 = rng.uniform(-0.5, 0.5, 3)

    def draw(b, camera):
        for s in (-0.7, 0.7):
            b.fill(box(b, s * w, -low / 2, 0.05, low / 2), paint(POLE))
        board = b.at(0, -low - h)
        board.fill(box(board, 0, 0, w, h), paint((0.2, 0.2, 0.2)))
        board.fill(box(board, 0, 0, w - 0.08, h - 0.08), paint(ground))
        board.fill(box(board, 0, y1 * h, 0.7 * w, 0.2 * h), paint(first))
        if spot:
            board.fill(ellipse(board, x1 * w, y2 * h, 0.35, 0.35), paint(RED))
        else:
            board.fill(box(board, x1 * w, y2 * h, 0.3 * w, 0.25 * h), paint(second))

    return Thing("", FURNITURE, x, z, (-w, -low - 2 * h, w, 0.05), draw, (w, 0.15))


def bin_or_post(rng: np.random.Generator, x: float, z: float) -> Thing:
    """A bin, a post box or a bollard: about as wide and upright as a person."""
    kind, colour = int(rng.integers(3)), tint(rng, rng.uniform(0.1, 0.6), rng.uniform(0.1, 0.9))
    w, h = ((0.3, 1.1), (0.28, 1.45), (0.1, 1.0))[kind]

    def draw(b, camera):
        b.fill(box(b, 0, -h / 2, w, h / 2, 0.06), paint(colour))
        b.fill(box(b, 0, -h + 0.08, w + 0.03, 0.07, 0.03), paint(colour * 0.6))
        if kind == 1:
            b.fill(box(b, 0, -1.05, 0.18, 0.04), paint(DARK))
        elif kind == 2:
            b.fill(box(b, 0, -0.75, w, 0.1), paint(WHITE))

    return Thing("", FURNITURE, x, z, (-w - 0.05, -h - 0.1, w + 0.05, 0.05), draw, (w, w))


def street_lamp(rng: np.random.Generator, x: float, z: float, lamps: float) -> Thing:
    """A lamp that hangs over the road."""
    high, arm = rng.uniform(5.0, 7.5), -np.sign(x) * rng.uniform(0.6, 1.8)
    glow = lamps * np.array((1.0, 0.78, 0.45)) * 0.9

    def draw(b, camera):
        b.fill(box(b, 0, -high / 2, 0.07, high / 2), paint(POLE))
        b.fill(stroke(b, [(0, -high), (arm, -high - 0.2)], 0.05, 0.04), paint(POLE))
        b.fill(box(b, arm, -high - 0.12, 0.26, 0.08, 0.03), paint((0.6, 0.6, 0.58), glow))

    reach = abs(arm) + 0.3
    return Thing("", FURNITURE, x, z, (-reach, -high - 0.4, reach, 0.05), draw, (0.2, 0.2))


def tree(rng: np.random.Generator, x: float, z: float) -> Thing:
    """A trunk and a crown of a few balls of leaves."""
    high, wide = rng.uniform(3.2, 6.0), rng.uniform(0.9, 1.7)
    trunk = np.array((0.24, 0.18, 0.13)) * rng.uniform(0.7, 1.3)
    hue = np.array((0.20, 0.33, 0.12)) * rng.uniform(0.6, 1.3) + rng.normal(0, 0.03, 3)
    autumn = np.array((0.45, 0.28, 0.08))
    leaves = np.clip(toward(hue, autumn, rng.uniform(0, 1) ** 4), 0.02, 0.9)
    balls = [
        (rng.normal(0, 0.45 * wide), -high + rng.normal(0, 0.5), wide * rng.uniform(0.55, 0.95))
        for _ in range(int(rng.integers(4, 7)))
    ]
    balls = sorted(balls, key=lambda ball: -ball[1])

    def draw(b, camera):
        b.fill(stroke(b, [(0, 0), (0, -high + 0.3)], 0.16, 0.09), paint(trunk))
        for i, (cx, cy, r) in enumerate(balls):
            light = leaves * (0.75 + 0.45 * i / len(balls))
            b.fill(ellipse(b, cx, cy, r, 0.9 * r), paint(np.clip(light, 0, 1)), soft=0.12)

    reach = max(abs(cx) + r for cx, _, r in balls)
    top = min(cy - r for _, cy, r in balls)
    return Thing("", TREE, x, z, (-reach, top, reach, 0.05), draw, (0.8 * wide, 0.8 * wide))


def put(canvas: Canvas, thing: Thing) -> None:
    """Paint a thing where it stands."""
    counted = bool(thing.name)
    layer = patch(canvas.camera, thing.x, thing.z, thing.extent, counted)
    if layer.brush.rgb.size:
        thing.draw(layer.brush, canvas.camera)
    paste(canvas, layer, thing.z, thing.mask, counted)


# --------------------------------------------------------------------------- sky


def paint_sky(rng: np.random.Generator, camera: Camera, high: Colour, low: Colour) -> Array:
    """Return (h, w, 3): from `high` to `low` at the horizon, with clouds."""
    h, w = camera.height, camera.width
    level = np.clip((np.arange(h, dtype=np.float32) + 0.5) / max(camera.v0, 1.0), 0, 1)[:, None]
    sky = toward(np.asarray(high), np.asarray(low), level[..., None] ** 1.5)
    cloud = noise(rng, h, 5, 4, w) + 0.5 * noise(rng, h, 11, 8, w)
    cloud = np.clip(cloud - rng.uniform(-0.3, 0.8), 0.0, 1.0)[..., None]
    pale = np.full(3, mean_lightness(low) * 1.1)
    return np.clip(sky + 0.8 * cloud * (pale - sky), 0, 1).astype(np.float32)
