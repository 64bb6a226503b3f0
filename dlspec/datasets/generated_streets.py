"""Generated street scenes, seen from a car: pictures with depth, masks, boxes and labels.

A straight street between two rows of houses, in perspective, with one to six of the five kinds of
objects that a driver looks for, among things that look like them: other red signs, bins as wide and
upright as people, billboards, street lamps.  By day, at dusk or at night; clear or in fog.  All
that is known about a scene comes with it: how far every pixel is, which of eight classes it shows,
and for every object its box, its distance and how much of it is seen.

Fog is not one grey over everything.  It lies low and thins out above, comes in banks, is lit
unevenly, scatters the light of lamps and of our own headlights into glows, and takes light away
from the scene; the camera then makes up for it with a higher gain, and noise.  A formula with one
visibility and one grey, as `dlspec.strategy.autonomous_driving.synthesize_fog` uses, comes near
that and does not reach it; that is how synthesised data is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from dlspec._validation import check_count, check_fraction
from dlspec.datasets import _street_drawing as street_drawing
from dlspec.datasets._drawing import Array, blur, noise
from dlspec.datasets._street_drawing import (
    BUILDING,
    EMITTED,
    MASK_NAMES,
    PAVEMENT,
    REFLECTED,
    ROAD,
    SKY,
    Camera,
    Canvas,
    Street,
    Thing,
)

__all__ = ["CLASS_NAMES", "LIGHTS", "MASK_NAMES", "StreetScenes", "make_street_scenes"]

CLASS_NAMES = ("car", "pedestrian", "cyclist", "traffic light", "stop sign")
"""Kinds of objects, in the order of the columns of `labels` and of the ids of boxes."""
LIGHTS = ("day", "dusk", "night")

MIN_HEIGHT, MIN_WIDTH = 32, 32
ODDS = {"car": 0.62, "pedestrian": 0.52, "cyclist": 0.42, "traffic light": 0.45, "stop sign": 0.42}
MOST = {"car": 3, "pedestrian": 3, "cyclist": 1, "traffic light": 2, "stop sign": 1}
MOST_OBJECTS = 6
DISTANCES = {
    "car": (5.5, 34.0),
    "pedestrian": (3.5, 12.0),
    "cyclist": (3.5, 12.0),
    "traffic light": (6.0, 16.0),
    "stop sign": (4.5, 12.0),
}
"""Metres; what stands to the side is seen from a little farther only."""
REACH = 0.46  # largest |X| / Z of what is put into the scene
LEAST_VISIBLE, LEAST_SIDE = 0.25, 1 / 32  # an object counts from there on; of it, of the height
DUSK = 0.15  # of the scenes that are not at night
EXTINCTION = -np.log(0.02)  # visibility is the distance at which 2 % of the contrast is left
FOG_LAMPS = 0.6  # by day in fog, drivers switch their lights on
VISIBILITY = (25.0, 150.0)  # metres, of the scenes in fog


@dataclass(frozen=True)
class StreetScenes:
    """Street scenes with all that is known about them.

    An object counts, with a box and in `labels`, when at least a quarter of it is seen and its box
    is not a pixel or two.  A box is that of the whole object as far as it lies in the picture, also
    where something stands in front; boxes of traffic lights and stop signs leave out the pole.

    Attributes:
        images: (m, h, w, 3) uint8.
        depth: (m, h, w) float32, metres; 1000 in the sky.
        masks: (m, h, w) uint8, class of each pixel, 0 to 7.
        labels: (m, 5) uint8, 1 where a kind of object is seen.
        boxes: one array (n, 4) float32 for each image: x1, y1, x2, y2 in pixels, from the left top
            corner of the picture, the farthest object first.
        box_classes: one array (n,) int64 for each image, 0 to 4.
        box_visible: one array (n,) float32 for each image: the share of the object that is seen.
        box_distances: one array (n,) float32 for each image, metres.
        visibility: (m,) float32, metres at which the fog leaves 2 % of the contrast at the
            height of the road; infinite for a clear scene.
        lights: (m,) text, "day", "dusk" or "night".
        class_names: of the kinds of objects.
        mask_names: of the classes of pixels.
        source: "generated".
        files: none.
    """

    images: Array
    depth: Array
    masks: Array
    labels: Array
    boxes: list[Array]
    box_classes: list[Array]
    box_visible: list[Array]
    box_distances: list[Array]
    visibility: Array
    lights: Array
    class_names: tuple[str, ...] = CLASS_NAMES
    mask_names: tuple[str, ...] = MASK_NAMES
    source: str = "generated"
    files: tuple = ()

    def __len__(self) -> int:
        return len(self.images)


def make_street_scenes(
    count: int,
    *,
    height: int = 96,
    width: int = 128,
    seed: int = 1,
    fog: float = 0.0,
    night: float = 0.15,
) -> StreetScenes:
    """Make street scenes, each with one to six cars, pedestrians, cyclists, lights and stop signs.

    Scene i depends on `seed` and i alone: not on `count`, and neither size, fog nor night moves
    anything in it.  With another size it is the same scene in other pixels.

    Args:
        count: number of scenes m, at least 1.
        height: of the pictures in pixels, at least 32.
        width: of the pictures in pixels, at least 32.
        seed: non-negative integer; the same seed gives the same scenes.
        fog: share of the scenes that lie in fog, in [0, 1].
        night: share of the scenes at night, in [0, 1]; of the others 15 % are at dusk.

    Returns:
        Pictures, depth, masks, labels and boxes.

    Raises:
        TypeError, ValueError: sizes that are not whole numbers or too small, shares outside [0, 1].

    Example:
        >>> scenes = make_street_scenes(3, height=48, width=64)
        >>> scenes.images.shape, scenes.depth.shape, scenes.labels.shape
        ((3, 48, 64, 3), (3, 48, 64), (3, 5))
        >>> scenes.class_names
        ('car', 'pedestrian', 'cyclist', 'traffic light', 'stop sign')
    """
    check_count("count", count)
    check_count("height", height, MIN_HEIGHT)
    check_count("width", width, MIN_WIDTH)
    check_count("seed", seed, 0)
    fog, night = check_fraction("fog", fog), check_fraction("night", night)
    images = np.empty((count, height, width, 3), dtype=np.uint8)
    depth = np.empty((count, height, width), dtype=np.float32)
    masks = np.empty((count, height, width), dtype=np.uint8)
    labels = np.zeros((count, len(CLASS_NAMES)), dtype=np.uint8)
    visibility, lights, objects = np.empty(count, dtype=np.float32), [], []
    for i in range(count):
        scene = np.random.SeedSequence(int(seed), spawn_key=(i,))
        images[i], canvas, found, visibility[i], light = _draw_scene(
            scene, height, width, fog, night
        )
        depth[i], masks[i] = canvas.depth, canvas.mask
        labels[i, found[1]] = 1
        objects.append(found)
        lights.append(light)
    columns = (list(column) for column in zip(*objects, strict=True))
    return StreetScenes(images, depth, masks, labels, *columns, visibility, np.array(lights))


def _draw_scene(scene, height, width, fog, night):
    """One scene: picture, canvas, its objects, visibility, light."""
    world, weather, lens = map(np.random.default_rng, scene.spawn(3))
    dark, dim, foggy = weather.random(3)
    light = "night" if dark < night else "dusk" if dim < DUSK else "day"
    camera = _aim(world, height, width)
    look = _light_of(weather, light)
    street = street_drawing.build_street(world)
    sky = street_drawing.paint_sky(weather, camera, look.high, look.low)
    canvas = street_drawing.paint_street(camera, street, sky, look.windows)
    lamps = max(look.lamps, FOG_LAMPS) if foggy < fog else look.lamps
    things = sorted(_furnish(world, street, lamps), key=lambda thing: -thing.z)
    for thing in things:
        if any(thing.shadow):
            street_drawing.shade_ground(canvas, thing.x, thing.z, thing.shadow, look.shadow)
    for thing in things:
        street_drawing.put(canvas, thing)
    counted = [thing for thing in things if thing.name]
    found = _find_objects(canvas, counted)

    radiance, emitted = _illuminate(canvas, street, look)
    visibility = np.inf
    banks = _Fog.drawn(weather, light)  # drawn for every scene, so that fog changes nothing else
    if foggy < fog:
        visibility = banks.visibility
        radiance = banks.over(canvas, radiance, emitted, look)
    else:
        radiance = radiance + emitted + 0.35 * blur(emitted, 0.02 * height)
    return _photograph(lens, radiance, look, foggy < fog), canvas, found, visibility, light


def _aim(rng: np.random.Generator, height: int, width: int) -> Camera:
    return Camera(
        height,
        width,
        focal=height * rng.uniform(1.15, 1.35),
        u0=width / 2 + height * rng.uniform(-0.08, 0.08),
        v0=height * rng.uniform(0.42, 0.54),
        up=rng.uniform(1.25, 1.75),
    )


def _find_objects(canvas: Canvas, things: list[Thing]) -> tuple[Array, Array, Array, Array]:
    """Boxes, classes, visible shares and distances of the objects that count."""
    h, w = canvas.depth.shape
    seen = np.bincount(canvas.number.ravel(), minlength=len(things) + 1)[1:]
    rows = []
    for thing, pixels, (whole, corners) in zip(things, seen, canvas.painted, strict=True):
        box = np.clip(corners, 0, (w, h, w, h))
        share = pixels / max(whole, 1)
        tall = max(box[2] - box[0], box[3] - box[1]) >= max(LEAST_SIDE * h, 2.0)
        if share >= LEAST_VISIBLE and tall:
            rows.append((*box, CLASS_NAMES.index(thing.name), share, thing.z))
    table = np.array(rows, dtype=np.float32).reshape(-1, 7)
    return table[:, :4], table[:, 4].astype(np.int64), table[:, 5], table[:, 6]


# --- What stands where ----------------------------------------------------------------------------


def _furnish(rng: np.random.Generator, street: Street, lamps: float) -> list[Thing]:
    """All things of a scene, the objects that count among them."""
    chosen = [name for name in CLASS_NAMES if rng.random() < ODDS[name]] or ["car"]
    names = [name for name in chosen for _ in range(int(rng.integers(1, MOST[name] + 1)))]
    while len(names) > MOST_OBJECTS:  # one of a kind that is there more than once goes
        spare = [i for i, name in enumerate(names) if names.count(name) > 1]
        names.pop(spare[int(rng.integers(len(spare)))])
    things, taken = list(_scenery(rng, street, lamps)), []
    for name in names:
        things += _object(rng, street, name, lamps, taken)
    return things


def _scenery(rng: np.random.Generator, street: Street, lamps: float) -> Iterator[Thing]:
    """Trees, lamps, bins, billboards and signs that are not counted."""
    draw = street_drawing
    for side in (-1, 1):
        kerb, wall = street.kerb(side), street.wall(side)
        spots = {
            draw.tree: (0.35, 3, kerb + 0.5 * (wall - kerb), (9.0, 45.0)),
            draw.bin_or_post: (0.3, 2, wall - side * 0.6, (6.0, 25.0)),
            draw.billboard: (0.22, 1, wall - side * 0.9, (9.0, 30.0)),
        }
        for make, (odds, most, x, (near, far)) in spots.items():
            for _ in range(most):
                if rng.random() < odds:
                    yield make(rng, x, rng.uniform(max(near, abs(x) / REACH), far + abs(x)))
        for x, z in ((kerb + side * 0.5, rng.uniform(6.0, 20.0) + abs(kerb)),):
            if rng.random() < 0.35:
                yield draw.street_lamp(rng, x, z + 4.0, lamps)
            if rng.random() < 0.4:
                yield from draw.other_sign(rng, x, z)


def _object(rng, street, name, lamps, taken) -> list[Thing]:
    """One object of a kind at a place where it may be, and its pole if it has one."""
    draw = street_drawing
    side = 1 if rng.random() < 0.66 else -1
    kerb, wall = street.kerb(side), street.wall(side)
    if name == "traffic light":
        x = kerb + side * rng.uniform(0.3, 0.7)
        return draw.traffic_light(rng, x, _distance(rng, name, x, taken))
    if name == "stop sign":
        x = kerb + side * rng.uniform(0.3, 1.2)
        return draw.stop_sign(rng, x, _distance(rng, name, x, taken))
    if name == "pedestrian":
        on_road = rng.random() < 0.45
        x = (
            rng.uniform(street.kerb(-1), street.kerb(1))
            if on_road
            else rng.uniform(*sorted((kerb, wall - side * 0.4)))
        )
        return [draw.pedestrian(rng, x, _distance(rng, name, x, taken))]
    if name == "cyclist":
        across = rng.random() < 0.45
        x = rng.uniform(street.kerb(-1), street.kerb(1)) if across else kerb - side * 0.6
        return [draw.cyclist(rng, x, _distance(rng, name, x, taken), across, lamps)]
    return [_car(rng, street, side, lamps, taken)]


def _car(rng, street, side, lamps, taken) -> Thing:
    """A car in our lane, in the other, at the kerb, or across the street."""
    draw, lane = street_drawing, street.half_road / 2
    where = rng.choice(("lane", "kerb", "across"), p=(0.5, 0.32, 0.18))
    if where == "across":
        x = rng.uniform(street.kerb(-1), street.kerb(1))
        return draw.car_across(rng, x, max(_distance(rng, "car", x, taken), 9.0), lamps)
    if where == "kerb":
        x = street.kerb(side) - side * 1.05
        return draw.car_along(rng, x, _distance(rng, "car", x, taken), side > 0, lamps)
    x = street.centre + side * lane + rng.normal(0, 0.25)
    return draw.car_along(rng, x, _distance(rng, "car", x, taken), side > 0, lamps)


def _distance(rng, name, x, taken) -> float:
    """A distance at which x is in the picture, more often near than far, not in another's place."""
    near, far = DISTANCES[name]
    near = max(near, abs(x) / REACH)
    far = max(far, 1.3 * near)
    for _ in range(4):
        z = near * (far / near) ** rng.uniform(0.0, 1.0)
        if all(abs(z - other) > 2.0 or abs(x - place) > 1.5 for place, other in taken):
            break
    taken.append((x, z))
    return float(z)


# --- Light, fog and camera ------------------------------------------------------------------------


@dataclass(frozen=True)
class _Look:
    """The light of a scene."""

    high: Array  # colour of the sky above
    low: Array  # and at the horizon
    ambient: Array  # (3,) what colours are multiplied by
    lamps: float  # how bright lamps are, 0 to 1
    windows: float  # share of lit windows
    beam: float  # of our own headlights
    sun: int  # side of the street in the sun, 0 without
    edge: float  # where the shadow of the houses ends, 0 kerb to 1 the other kerb
    shadow: float  # how dark it is below things


def _light_of(rng: np.random.Generator, light: str) -> _Look:
    """Draw the light; as many draws for day, dusk and night."""
    warm, bright, cloudy, edge, side = rng.uniform(0, 1, 5)
    side = 1 if side < 0.5 else -1
    if light == "night":
        ambient = (0.18 + 0.16 * bright) * np.array((1.0, 0.93 + 0.1 * warm, 0.95))
        low = np.array((0.10, 0.09, 0.12)) * (0.6 + bright)
        return _Look(0.4 * low, low, ambient, 1.0, 0.35, 0.8, 0, edge, 0.3)
    if light == "dusk":
        ambient = (0.50 + 0.25 * bright) * np.array((1.12, 0.95, 0.9 + 0.1 * warm))
        low = np.array((0.85, 0.52 + 0.12 * warm, 0.42 + 0.2 * (1 - warm))) * (0.7 + 0.3 * bright)
        return _Look(np.array((0.28, 0.30, 0.46)), low, ambient, 0.8, 0.25, 0.25, 0, edge, 0.3)
    if cloudy < 0.5:
        low = np.array((0.80, 0.82, 0.85)) * (0.8 + 0.25 * bright)
        ambient = (0.75 + 0.3 * bright) * np.array((0.98, 1.0, 1.03))
        return _Look(0.85 * low, low, ambient, 0.0, 0.02, 0.0, 0, edge, 0.35)
    low, high = np.array((0.72, 0.82, 0.92)), np.array((0.25, 0.45, 0.80))
    ambient = (0.95 + 0.35 * bright) * np.array((1.04, 1.0, 0.92 + 0.06 * warm))
    return _Look(high, low, ambient, 0.0, 0.0, 0.0, side, edge, 0.5)


def _illuminate(canvas: Canvas, street: Street, look: _Look) -> tuple[Array, Array]:
    """Reflected and emitted light (h, w, 3) that starts from every point towards the camera."""
    camera, mask = canvas.camera, canvas.mask
    a, b = camera.rays()
    level = np.ones(mask.shape, dtype=np.float32)
    if look.sun:
        facing = np.where(a * look.sun < 0, 1.12, 0.72)  # the houses across see the sun
        level = np.where(mask == BUILDING, facing, level)
        x = (a * canvas.depth - street.centre) * look.sun
        shade = (x > street.half_road * (1 - 2 * look.edge)) & ((mask == ROAD) | (mask == PAVEMENT))
        level = np.where(shade, 0.6, level)
    light = level[..., None] * look.ambient.astype(np.float32)
    if look.beam:
        cone = np.exp(-((a / 0.35) ** 2) - ((b - 0.06) / 0.16) ** 2)
        light = light + (look.beam * cone * np.exp(-canvas.depth / 22.0))[..., None]
    light = np.where((mask == SKY)[..., None], np.float32(1.0), light)
    return (canvas.light[..., REFLECTED] * light).astype(np.float32), canvas.light[..., EMITTED]


@dataclass(frozen=True)
class _Fog:
    """Fog that is thick below, comes in banks and glows around lamps."""

    visibility: float  # metres, on the road
    scale: float  # metres over which it thins out by e
    banks: tuple[np.random.Generator, float]  # what draws the banks, and how strong they are
    grey: Array  # (3,) airlight
    slope: tuple[float, float]  # of the airlight across the picture and up
    dim: float  # what it leaves of the light of day
    glow: float  # around lamps

    @classmethod
    def drawn(cls, rng: np.random.Generator, light: str) -> _Fog:
        low, high = np.log(VISIBILITY)
        visibility, scale = float(np.exp(rng.uniform(low, high))), float(rng.uniform(5.0, 30.0))
        level = {"day": (0.55, 0.92), "dusk": (0.35, 0.6), "night": (0.14, 0.32)}[light]
        cast = rng.normal(0.0, 0.012, 3) + {"night": np.array((0.03, 0.0, -0.03))}.get(light, 0.0)
        grey = np.clip(rng.uniform(*level) + cast, 0.03, 1.0)
        slope = (float(rng.uniform(-0.2, 0.2)), float(rng.uniform(0.0, 0.25)))
        dim, glow, strength = rng.uniform((0.6, 0.6, 0.2), (0.9, 1.6, 0.7))
        dim = 1.0 if light == "night" else dim
        return cls(visibility, scale, (rng, strength), grey, slope, float(dim), float(glow))

    def over(self, canvas: Canvas, radiance: Array, emitted: Array, look: _Look) -> Array:
        """Return the light that reaches the camera through the fog."""
        a, b = canvas.camera.rays()
        h, w = canvas.depth.shape
        rng, strength = self.banks
        banks = 1.0 + strength * (noise(rng, h, 3, 4, w) + 0.5 * noise(rng, h, 7, 9, w))
        rise = -b * canvas.depth / self.scale  # how much higher the ray ends, in scales
        rise = np.where(np.abs(rise) < 1e-3, 1e-3, np.maximum(rise, -canvas.camera.up / self.scale))
        thinner = -np.expm1(-rise) / rise  # mean of e^-height along the ray
        thickness = EXTINCTION / self.visibility * canvas.depth * thinner * np.maximum(banks, 0.1)
        passes = np.exp(-thickness)[..., None]
        across = np.clip(a / 0.5, -1, 1) * self.slope[0] - np.clip(b / 0.4, -1, 1) * self.slope[1]
        grey = self.grey.astype(np.float32) * (1.0 + across)[..., None]
        if look.beam:  # our own headlights, scattered back
            veil = look.beam * np.exp(-((a / 0.4) ** 2) - ((b - 0.1) / 0.25) ** 2)
            grey = grey + 0.25 * veil[..., None]
        lamps = emitted * np.sqrt(passes)
        glow = self.glow * (blur(lamps, 0.03 * h) + blur(lamps, 0.008 * h))
        return self.dim * radiance * passes + grey * (1.0 - passes) + lamps + glow


def _photograph(rng: np.random.Generator, radiance: Array, look: _Look, foggy: bool) -> Array:
    """What the camera makes of the light: exposure, cast, vignette, blur, noise; as uint8."""
    h, w = radiance.shape[:2]
    gain = rng.uniform(0.9, 1.1) * rng.uniform(0.96, 1.04, 3)
    strength, softness, grain = rng.uniform((0.0, 0.1, 0.006), (0.2, 0.6, 0.016))
    y, x = np.linspace(-1, 1, h)[:, None], np.linspace(-1, 1, w)[None]
    fall = 1.0 - strength * 0.5 * (x * x + y * y)
    photo = radiance * (fall[..., None] * gain).astype(np.float32)
    photo = blur(photo, softness * h / 96.0)
    grain *= {"day": 1.0}.get(_kind(look), 1.8) * (1.7 if foggy else 1.0)
    photo = photo + np.float32(grain) * rng.standard_normal(photo.shape, dtype=np.float32)
    return np.rint(255.0 * np.clip(photo, 0.0, 1.0)).astype(np.uint8)


def _kind(look: _Look) -> str:
    return "day" if not look.beam else "dark"
