"""Generated faces: the stand-in for the course's photos of happy and other people.

A picture has three parts that can be chosen apart, so that one person can be shown many times:

    Identity     what a person keeps: skull, skin, hair, eyes, brows, nose, lips, beard, glasses
    View         where and how the photo is taken: pose, light, surroundings, what hides the face
    Expression   what the face does: mouth, eyes, brows

`draw_face` paints surroundings, hair behind, clothes, neck, head, features, hair and what covers
the face, back to front; then the picture is "developed" (haze, light, blur, sensor noise).

What keeps the question "happy?" about as hard as on the course's photos:

* people stand anywhere, near or far, turned and tilted, in light from all sides, many of them dark
  before a bright garden: no pixel is a mouth, and no brightness is a smile;
* skin, hair, light, place and cover come from one function for both answers;
* a smile may be closed, and an open mouth with teeth may be talk or anger; eyes narrow in the sun
  as well as with joy; beards and shadow hide half of a mouth.

In a head's own coordinates the face's middle is the origin, half its width about 0.75, the eyes
stand at y = -0.1, the mouth at 0.55, and the chin at 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from dlspec._complaints import InvalidType, sentence
from dlspec._validation import check_choice, check_count
from dlspec.datasets._drawing import (
    MIN_SIZE,
    Array,
    Brush,
    blank,
    blend,
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
from dlspec.datasets.generated_signs import SKINS

__all__ = [
    "Expression",
    "Identity",
    "View",
    "another_moment",
    "draw_face",
    "make_faces",
    "random_expression",
    "random_identity",
    "random_view",
]

SKIN_ODDS = (0.20, 0.25, 0.22, 0.16, 0.11, 0.06)  # of the table SKINS, from pale to dark
HAIRS = (
    (0.07, 0.06, 0.06), (0.16, 0.11, 0.08), (0.30, 0.20, 0.13), (0.48, 0.34, 0.20),
    (0.74, 0.60, 0.38), (0.52, 0.24, 0.12), (0.62, 0.61, 0.60),
)  # fmt: skip
HAIR_ODDS = (0.30, 0.27, 0.17, 0.08, 0.07, 0.04, 0.07)
IRISES = ((0.20, 0.13, 0.08), (0.33, 0.22, 0.12), (0.30, 0.38, 0.24), (0.30, 0.44, 0.55))

# Where the hair ends: (height over the nose, height over the ears, how square), volume, behind.
HAIR_STYLES = {
    "bald": None,
    "receding": ((-0.92, 0.05, 5.0), 0.00, None),
    "short": ((-0.66, 0.10, 5.0), 0.04, None),
    "fringe": ((-0.36, 0.20, 9.0), 0.07, None),
    "tall": ((-0.72, 0.00, 4.0), 0.13, None),
    "curly": ((-0.60, 0.25, 5.0), 0.17, None),
    "bob": ((-0.58, 0.75, 3.0), 0.10, (0.92, 0.85)),
    "long": ((-0.64, 1.10, 2.6), 0.09, (0.98, 1.45)),
}
STYLE_ODDS = (0.05, 0.12, 0.33, 0.11, 0.16, 0.07, 0.07, 0.09)
BEARDS = ("none", "stubble", "full", "moustache", "goatee")
BEARD_ODDS = (0.58, 0.20, 0.13, 0.04, 0.05)
GLASSES = ("none", "thin", "thick")
GLASSES_ODDS = (0.82, 0.10, 0.08)
COVERS = ("none", "sunglasses", "cap", "scarf", "hand", "strand")
COVER_ODDS = (0.90, 0.02, 0.03, 0.01, 0.02, 0.02)

INK = (0.06, 0.05, 0.05)
WHITE = (0.93, 0.92, 0.90)
TOOTH = (0.93, 0.90, 0.84)
MOUTH = (0.22, 0.06, 0.06)
FINGERTIPS = np.array([0.0, 0.02, 0.06, 0.12])  # how much lower each of a hand's
SKULL = (0.80, 1.15)  # half width and half height of the ball that turns
PEOPLE = 12  # in a set
NOT_HAPPY = ("neutral", "sad", "angry", "talking")
NOT_HAPPY_ODDS = (0.60, 0.20, 0.10, 0.10)


# --------------------------------------------------------------------------- what can be chosen


@dataclass(frozen=True)
class Identity:
    """What a person keeps in every picture; lengths are in parts of the usual one.

    Attributes:
        skin, hair, iris: RGB in [0, 1].
        hair_style: "bald", "receding", "short", "fringe", "tall", "curly", "bob" or "long".
        hairline: how much lower the hair begins, in head units.
        parting: how the hairline slopes, from -1 to 1.
        width, jaw, length: of the face, of its lower half, from eyes to chin.
        ears: their size.
        eye_gap, eye_size, eye_slant: distance, size, and how high the outer corners (radians).
        brow_weight, brow_height, brow_slant: thickness, distance to the eye, slope (radians).
        nose_length, nose_width: of the nose.
        mouth_width, mouth_height: width; distance to the nose.
        lips, redness: fullness; from 0 (as skin) to 1.
        beard_style, beard: "none", "stubble", "full", "moustache", "goatee"; density in [0, 1].
        glasses: "none", "thin" or "thick".
        age: how deep lines are, in [0, 1].
    """

    skin: tuple[float, ...] = (0.75, 0.54, 0.42)
    hair: tuple[float, ...] = HAIRS[1]
    iris: tuple[float, ...] = IRISES[0]
    hair_style: str = "short"
    hairline: float = 0.0
    parting: float = 0.0
    width: float = 1.0
    jaw: float = 1.0
    length: float = 1.0
    ears: float = 1.0
    eye_gap: float = 1.0
    eye_size: float = 1.0
    eye_slant: float = 0.0
    brow_weight: float = 1.0
    brow_height: float = 1.0
    brow_slant: float = 0.0
    nose_length: float = 1.0
    nose_width: float = 1.0
    mouth_width: float = 1.0
    mouth_height: float = 1.0
    lips: float = 1.0
    redness: float = 0.5
    beard_style: str = "none"
    beard: float = 0.0
    glasses: str = "none"
    age: float = 0.2


@dataclass(frozen=True)
class View:
    """One photo of somebody: pose, light, surroundings, cover, camera.

    Attributes:
        x, y: place of the face's middle, from -1 to 1.
        scale: half the picture is 1 / scale head units; 0.4 shows head and shoulders.
        roll, yaw, pitch: tilt (radians), turn to the side and nod (head units of the nose).
        mirrored: whether the picture is the person's mirror image.
        light: direction the light comes from, (x, y) of length 1 at most.
        contrast: how much the side away from the light darkens, in [0, 1].
        exposure: brightness of the person.
        backlight: brightness of the surroundings beside the person's.
        haze: veil of stray light, in [0, 1].
        background: "garden", "street", "room" or "wall".
        scene: seed of the background's details; the same place looks the same again.
        clothes: RGB in [0, 1].
        neckline: depth of the collar, from -1 (polo neck) to 1 (vest).
        cover: "none", "sunglasses", "cap", "scarf", "hand" or "strand" (of hair).
        cover_side: -1 (left of the picture) or 1.
        cover_colour: RGB in [0, 1].
        blur: width of the blur beside the camera's own, in parts of the side.
        noise: standard deviation of the noise beside the camera's own.
    """

    x: float = 0.0
    y: float = -0.1
    scale: float = 0.55
    roll: float = 0.0
    yaw: float = 0.0
    pitch: float = 0.0
    mirrored: bool = False
    light: tuple[float, float] = (-0.5, -0.6)
    contrast: float = 0.3
    exposure: float = 1.0
    backlight: float = 1.0
    haze: float = 0.0
    background: str = "wall"
    scene: int = 0
    clothes: tuple[float, ...] = (0.2, 0.25, 0.35)
    neckline: float = 0.0
    cover: str = "none"
    cover_side: int = 1
    cover_colour: tuple[float, ...] = (0.4, 0.2, 0.2)
    blur: float = 0.0
    noise: float = 0.0


@dataclass(frozen=True)
class Expression:
    """What the face does; the defaults are a neutral face.

    Attributes:
        smile: how high the corners of the mouth, from -1 (sad) to 1 (beaming).
        opening: of the mouth, in [0, 1].
        teeth: how much of the opening they fill, in [0, 1].
        squint: how far the eyes are closed, in [0, 1].
        brows: how far the brows are raised, from -1 to 1.
        frown: how far their inner ends are drawn down, from -1 (up, sad) to 1 (angry).
        pucker: how narrow the mouth, in [0, 1].
        gaze: where the eyes look, from -1 to 1.
    """

    smile: float = 0.0
    opening: float = 0.0
    teeth: float = 0.0
    squint: float = 0.0
    brows: float = 0.0
    frown: float = 0.0
    pucker: float = 0.0
    gaze: float = 0.0


def _colour(rng: np.random.Generator, table: tuple, odds: tuple, spread: float) -> tuple:
    colour = np.array(table[rng.choice(len(table), p=odds)]) * rng.uniform(0.88, 1.12)
    colour = np.clip(colour * rng.normal(1.0, spread, 3), 0.02, 0.97)
    return tuple(colour.tolist())


def _one_of(rng: np.random.Generator, names: tuple, odds: tuple) -> str:
    return names[rng.choice(len(names), p=odds)]


def random_identity(rng: np.random.Generator) -> Identity:
    """Draw a person.

    Args:
        rng: generator all draws come from; it is advanced.

    Returns:
        An identity; two of them share no more than chance.

    Raises:
        TypeError: `rng` is no generator.

    Example:
        >>> first, second = (random_identity(np.random.default_rng(seed)) for seed in (0, 1))
        >>> first == random_identity(np.random.default_rng(0)), first == second
        (True, False)
    """
    check_drawing(rng, MIN_SIZE)

    def near(spread):
        return float(1.0 + spread * np.clip(rng.normal(), -2.5, 2.5))

    style = _one_of(rng, tuple(HAIR_STYLES), STYLE_ODDS)
    bearded = style not in ("bob", "long")
    return Identity(
        skin=_colour(rng, SKINS, SKIN_ODDS, 0.03),
        hair=_colour(rng, HAIRS, HAIR_ODDS, 0.05),
        iris=IRISES[rng.integers(len(IRISES))],
        hair_style=style,
        hairline=rng.normal(0.0, 0.06),
        parting=rng.uniform(-1.0, 1.0),
        width=near(0.06),
        jaw=near(0.09),
        length=near(0.05),
        ears=near(0.15),
        eye_gap=near(0.08),
        eye_size=near(0.12),
        eye_slant=rng.normal(0.03, 0.08),
        brow_weight=near(0.25),
        brow_height=near(0.12),
        brow_slant=rng.normal(0.05, 0.08),
        nose_length=near(0.10),
        nose_width=near(0.14),
        mouth_width=near(0.10),
        mouth_height=near(0.10),
        lips=near(0.25),
        redness=rng.uniform(0.2, 0.9),
        beard_style=_one_of(rng, BEARDS, BEARD_ODDS) if bearded else "none",
        beard=rng.uniform(0.35, 1.0),
        glasses=_one_of(rng, GLASSES, GLASSES_ODDS),
        age=rng.uniform(0.0, 1.0) ** 1.5,
    )


def random_view(rng: np.random.Generator) -> View:
    """Draw pose, light, surroundings, cover and camera of one photo.

    Args:
        rng: generator all draws come from; it is advanced.

    Returns:
        A view that shows the whole face, mostly with shoulders.

    Raises:
        TypeError: `rng` is no generator.

    Example:
        >>> view = random_view(np.random.default_rng(0))
        >>> 0.3 < view.scale < 0.8
        True
    """
    check_drawing(rng, MIN_SIZE)
    scale = float(np.clip(0.58 * np.exp(rng.normal(0.0, 0.07)), 0.45, 0.72))
    free = 1.0 - 0.8 * scale  # how far the face may stand from the middle
    angle = rng.uniform(-np.pi, 0.25 * np.pi)
    backlit = rng.random() < 0.3
    yaw, pitch = np.clip(rng.normal(0.0, (0.10, 0.04)), (-0.5, -0.18), (0.5, 0.18)).tolist()
    cloth = tint(rng, rng.uniform(0.05, 0.5), rng.uniform(0.0, 0.4))
    return View(
        x=float(np.clip(rng.normal(0.0, 0.04), -0.5 * free, 0.5 * free)),
        y=float(np.clip(rng.normal(-0.10, 0.04), -0.5 * free, 0.5 * free)),
        scale=scale,
        roll=float(np.clip(rng.normal(0.0, 0.05), -0.3, 0.3)),
        yaw=yaw,
        pitch=pitch,
        mirrored=rng.random() < 0.5,
        light=(float(np.cos(angle)), float(np.sin(angle))),
        contrast=rng.uniform(0.05, 0.45),
        exposure=rng.uniform(0.70, 0.95) if backlit else rng.uniform(0.85, 1.2),
        backlight=rng.uniform(1.3, 2.0) if backlit else rng.uniform(0.6, 1.1),
        haze=rng.uniform(0.0, 0.25) if backlit else rng.uniform(0.0, 0.1),
        background=_one_of(rng, tuple(BACKGROUNDS), BACKGROUND_ODDS),
        scene=int(rng.integers(2**31)),
        clothes=tuple(cloth.tolist()),
        neckline=rng.uniform(-1.0, 1.0),
        cover=_one_of(rng, COVERS, COVER_ODDS),
        cover_side=int(rng.choice((-1, 1))),
        cover_colour=tuple(tint(rng, rng.uniform(0.1, 0.7), rng.uniform(0.0, 0.8)).tolist()),
        blur=rng.uniform(0.0, 0.008) if rng.random() < 0.4 else 0.0,
        noise=rng.uniform(0.0, 0.02),
    )


def random_expression(rng: np.random.Generator, happy: bool) -> Expression:
    """Draw a happy face, or one that is neutral, sad, angry or talking.

    Args:
        rng: generator all draws come from; it is advanced.
        happy: whether the mouth smiles.

    Returns:
        An expression with `smile` of at least 0.5, or of at most 0.1.

    Raises:
        TypeError: `rng` is no generator.

    Example:
        >>> [random_expression(np.random.default_rng(0), happy).smile > 0.3 for happy in (1, 0)]
        [True, False]
    """
    check_drawing(rng, MIN_SIZE)
    gaze, sun, brows = rng.normal(0.0, 0.35), rng.uniform(0.0, 0.5), rng.normal(0.0, 0.35)
    neutral = Expression(squint=sun, brows=brows, gaze=gaze)
    if happy:
        smile, shows_teeth = rng.uniform(0.5, 1.0), rng.random() < 0.85
        return replace(
            neutral,
            smile=smile,
            opening=rng.uniform(0.25, 0.85) if shows_teeth else rng.uniform(0.0, 0.06),
            teeth=rng.uniform(0.55, 1.0) if shows_teeth else 0.0,
            squint=max(sun, smile * rng.uniform(0.2, 0.65)),
        )
    kind = _one_of(rng, NOT_HAPPY, NOT_HAPPY_ODDS)
    if kind == "sad":
        return replace(neutral, smile=rng.uniform(-0.9, -0.3), frown=rng.uniform(-1.0, 0.0))
    if kind == "angry":
        bared = 0.7 * (rng.random() < 0.3)
        return replace(
            neutral,
            smile=rng.uniform(-0.6, -0.1),
            frown=rng.uniform(0.3, 1.0),
            opening=bared * rng.uniform(0.3, 0.8),
            teeth=bared,
        )
    if kind == "talking":
        return replace(
            neutral,
            smile=rng.uniform(-0.4, 0.0),
            opening=rng.uniform(0.3, 1.0),
            teeth=rng.uniform(0.0, 0.45),
            pucker=rng.uniform(0.2, 0.9),
        )
    return replace(neutral, smile=float(np.clip(rng.normal(-0.05, 0.1), -0.3, 0.1)))


# --------------------------------------------------------------------------- surroundings


def _garden(b: Brush, rng: np.random.Generator) -> None:
    """Leaves in the sun, a bright path, a fence and a bush, all out of focus."""
    n = len(b.x)
    leaf = np.array([rng.uniform(0.46, 0.62), 0.57, rng.uniform(0.30, 0.46)])
    dapple = 0.45 * clouds(rng, n, 6) + 0.15 * noise(rng, n, 26)
    b.rgb[:] = leaf * (rng.uniform(0.8, 1.4) + dapple)[..., None]
    fence = rng.uniform(-0.7, 0.1)
    b.fill(box(b, rng.uniform(-0.8, 0.8), fence, 1.2, 0.12), (0.52, 0.36, 0.28), soft=0.1)
    path = ellipse(b, rng.uniform(-0.8, 0.8), rng.uniform(-0.1, 0.7), 1.3, rng.uniform(0.3, 0.6))
    b.fill(path + 0.12 * dapple, rng.uniform(0.9, 1.9) * toward(WHITE, leaf, 0.15), soft=0.25)
    bush = ellipse(b, rng.choice((-1.0, 1.0)), rng.uniform(0.4, 1.0), 0.5, 0.6)
    b.fill(bush + 0.2 * dapple, leaf * (0.5 + 0.6 * dapple)[..., None], soft=0.1)


def _street(b: Brush, rng: np.random.Generator) -> None:
    """Sky, houses, a road."""
    b.rgb[:] = toward((0.62, 0.74, 0.90), WHITE, rng.uniform(0.0, 1.0))
    for x in (-0.8, 0.0, 0.8):
        house = tint(rng, rng.uniform(0.25, 0.75), rng.uniform(0.0, 0.5))
        top = rng.uniform(-1.1, 0.0)
        shape = box(b, x + rng.normal(0.0, 0.2), top + 1.0, rng.uniform(0.2, 0.5), 1.0)
        b.fill(shape, house, soft=0.1)
    road = rng.uniform(0.2, 0.9)
    b.fill(road - b.y, tint(rng, rng.uniform(0.3, 0.7), 0.1), soft=0.12)
    b.rgb[:] *= (1.0 + 0.1 * clouds(rng, len(b.x), 5))[..., None]


def _room(b: Brush, rng: np.random.Generator) -> None:
    """A wall with things before it: shelves, a door, a lamp."""
    b.rgb[:] = tint(rng, rng.uniform(0.3, 0.9), rng.uniform(0.0, 0.25))
    for _ in range(rng.integers(2, 5)):
        thing = box(b, *rng.uniform(-1.0, 1.0, 2), *rng.uniform(0.1, 0.5, 2), 0.04)
        b.fill(thing, tint(rng, rng.uniform(0.1, 0.9), rng.uniform(0.0, 0.45)), soft=0.1)
    b.rgb[:] *= (1.0 + 0.08 * clouds(rng, len(b.x), 5))[..., None]


def _wall(b: Brush, rng: np.random.Generator) -> None:
    """One colour, unevenly lit."""
    wall = tint(rng, rng.uniform(0.3, 0.9), rng.uniform(0.0, 0.25))
    b.rgb[:] = wall * (1.0 + 0.2 * noise(rng, len(b.x), 2))[..., None]


BACKGROUNDS: dict[str, Callable] = {
    "garden": _garden,
    "street": _street,
    "room": _room,
    "wall": _wall,
}
BACKGROUND_ODDS = (0.5, 0.15, 0.2, 0.15)


# --------------------------------------------------------------------------- the head's parts


@dataclass
class _Head:
    """A head's window of the canvas, as seen from its outline and from its turned front."""

    brush: Brush
    front: Brush  # features move with the turn of the head
    identity: Identity
    view: View
    expression: Expression
    outline: Array  # signed distance to the face without ears and hair
    texture: Array  # smooth noise, for hair and beard

    @property
    def skin(self) -> Array:
        return np.array(self.identity.skin)

    @property
    def mouth(self) -> tuple[float, float]:
        """Height of the closed mouth and half its width."""
        who, does = self.identity, self.expression
        height = who.length * (0.54 + 0.35 * (who.nose_length - 1) + 0.5 * (who.mouth_height - 1))
        wide = 1.0 + 0.5 * max(does.smile, 0.0) - 0.45 * does.pucker - 0.06 * (does.smile < -0.2)
        return height, 0.27 * who.mouth_width * wide


def _lens(b: Brush, half: float, corner: float, top: float, bottom: float) -> Array:
    """Distance to what two parabolas through (-half, corner) and (half, corner) enclose.

    They pass the middle at `top` and `bottom`; beyond the corners they cross, and nothing is in.
    """
    bow = 1.0 - (b.x / np.float32(half)) ** 2
    upper = np.float32(corner) + np.float32(top - corner) * bow
    lower = np.float32(corner) + np.float32(bottom - corner) * bow
    return np.maximum(upper - b.y, b.y - lower)


def _near(b: Brush, cx: float, cy: float, reach: float) -> Brush:
    """Return what may lie within `reach` of a point: a feature costs no more than its size."""
    rows = np.flatnonzero((np.abs(b.y - np.float32(cy)) < reach).any(axis=1))
    columns = np.flatnonzero((np.abs(b.x - np.float32(cx)) < reach).any(axis=0))
    if len(rows) < 2 or len(columns) < 2:
        return b.cut((slice(0, 2), slice(0, 2)))
    return b.cut((slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)))


def _face_outline(b: Brush, who: Identity, yaw: float) -> Array:
    skull = ellipse(b, 0.0, -0.30, 0.76 * who.width, 0.82)
    jaw = ellipse(b, 0.30 * yaw, 0.28, 0.63 * who.width * who.jaw, 0.74 * who.length)
    return blend(skull, jaw, 0.2)


def _ears(head: _Head) -> None:
    who, yaw = head.identity, head.view.yaw
    for side in (-1.0, 1.0):
        x = side * 0.76 * who.width - 0.35 * yaw * (side * yaw > 0)
        b = _near(head.brush, x, 0.05, 0.35)
        b.fill(ellipse(b, x, 0.05, 0.11 * who.ears, 0.2 * who.ears), head.skin * 0.9, soft=0.03)
        b.fill(ellipse(b, x, 0.05, 0.05, 0.12), head.skin * 0.65, soft=0.06, opacity=0.7)


def _eyes(head: _Head) -> None:
    who, does = head.identity, head.expression
    wide = 0.16 * who.eye_size
    high = wide * (0.62 + 0.15 * max(does.brows, 0.0)) * (1.0 - 0.85 * does.squint)
    for side in (-1.0, 1.0):
        x = side * 0.31 * who.eye_gap
        near = _near(head.front, x, -0.1, 0.36)
        near.fill(ellipse(near, x, -0.13, 0.24, 0.17), head.skin * 0.5, soft=0.25, opacity=0.6)
        eye = near.at(x, -0.1, 1.0, -side * who.eye_slant)
        white = _lens(eye, wide, 0.01, -high, 0.6 * high)
        eye.fill(white, toward(WHITE, head.skin, 0.4), soft=0.02)
        look = 0.35 * wide * does.gaze
        iris = np.maximum(ellipse(eye, look, -0.15 * high, 0.075, 0.085), white)
        eye.fill(iris, who.iris)
        eye.fill(np.maximum(ellipse(eye, look, -0.15 * high, 0.035, 0.04), white), INK)
        lid = _lens(eye, 1.1 * wide, 0.01, -high - 0.04, -high + 0.015)
        eye.fill(lid, toward(INK, head.skin, 0.2), soft=0.02, opacity=0.9)
        if does.squint > 0.3:  # a bag below
            fold = _lens(eye, wide, 0.05, 0.6 * high + 0.06, 0.6 * high + 0.1)
            eye.fill(fold, head.skin * 0.55, soft=0.05, opacity=0.6 * does.squint)


def _brows(head: _Head) -> None:
    who, does = head.identity, head.expression
    dark = toward(who.hair, (0.2, 0.15, 0.12), 0.4)
    y = -0.10 - 0.22 * who.brow_height - 0.09 * does.brows + 0.05 * max(does.frown, 0.0)
    inner = y + 0.10 * does.frown
    outer = y - 0.35 * who.brow_slant + 0.02
    r = 0.035 * who.brow_weight
    for side in (-1.0, 1.0):
        x = side * 0.31 * who.eye_gap
        near = _near(head.front, x, y, 0.36)
        ends = [(x - side * 0.20, inner), (x + side * 0.02, y - 0.05), (x + side * 0.24, outer)]
        near.fill(stroke(near, ends, r, 0.6 * r), dark, soft=0.03, opacity=0.85)
    if does.frown > 0.4:
        near = _near(head.front, 0.0, y, 0.2)
        for x in (-0.05, 0.05):
            line = stroke(near, [(x, y - 0.06), (x, y + 0.08)], 0.01, 0.01)
            near.fill(line, head.skin * 0.5, soft=0.04, opacity=0.5)


def _nose(head: _Head) -> None:
    """Paint a nose, which stands out and so moves more than the face when the head turns."""
    who, yaw = head.identity, head.view.yaw
    tip = (0.22 * yaw, who.length * (0.26 + 0.35 * (who.nose_length - 1)) - 0.1 * head.view.pitch)
    width = 0.15 * who.nose_width
    b = _near(head.front, 0.0, 0.1, 0.5)
    light = -1.0 if head.view.light[0] < 0 else 1.0
    shade = head.skin * (1.0 - 0.5 * head.view.contrast)
    flank = polygon(b, _clockwise((0.0, -0.15), (-light * width * 1.2, tip[1]), tip), 0.03)
    b.fill(flank, shade, soft=0.12, opacity=0.6)
    ridge = stroke(b, [(0.25 * light * width, -0.1), (tip[0], tip[1] - 0.05)], 0.03, 0.06)
    b.fill(ridge, np.clip(head.skin * 1.18, 0.0, 1.0), soft=0.08, opacity=0.5)
    b.fill(ellipse(b, tip[0], tip[1] - 0.03, width, 0.10), head.skin * 1.02, soft=0.06)
    base = b.at(tip[0], tip[1], 1.0)
    base.fill(_lens(base, width * 1.1, 0.0, 0.03, 0.10), head.skin * 0.5, soft=0.05, opacity=0.8)
    for side in (-0.5, 0.5):
        hole = ellipse(base, side * width, 0.04, 0.04, 0.025)
        base.fill(hole, head.skin * 0.25, soft=0.03, opacity=0.8)


def _clockwise(*points: tuple[float, float]) -> list[tuple[float, float]]:
    (x0, y0), (x1, y1), (x2, y2) = points
    turn = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
    return list(points) if turn > 0 else list(points[::-1])


def _mouth(head: _Head) -> None:
    """Paint lips, and between them a line, or a dark opening with teeth and tongue."""
    who, does = head.identity, head.expression
    y, half = head.mouth
    b = _near(head.front, 0.0, y, 0.6).at(0.0, y)
    corner = -0.17 * does.smile
    middle = 0.05 * does.smile  # a smile's middle hangs below its corners
    gape = 0.34 * does.opening
    top, bottom = middle - 0.25 * gape, middle + 0.75 * gape
    lip = toward(head.skin * (0.86, 0.62, 0.60), (0.70, 0.24, 0.26), 0.35 * who.redness)
    thick = 0.055 * who.lips * (1.0 - 0.25 * max(does.smile, 0.0))
    outer = _lens(b, half + 0.02, corner, top - thick, bottom + 1.3 * thick)
    b.fill(outer, lip, soft=0.03)
    below = _lens(b, 0.7 * half, bottom, bottom + 1.5 * thick, bottom + 1.5 * thick + 0.07)
    b.fill(below, head.skin * 0.6, soft=0.06, opacity=0.4)
    if gape < 0.03:
        line = _lens(b, half, corner, middle - 0.018, middle + 0.018)
        b.fill(line, toward(MOUTH, head.skin, 0.15), soft=0.012, opacity=0.9)
        return
    inside = _lens(b, 0.94 * half, corner, top, bottom)
    b.fill(inside, MOUTH)
    if does.opening > 0.4:
        tongue = np.maximum(ellipse(b, 0.0, bottom, 0.6 * half, 0.4 * gape), inside)
        b.fill(tongue, (0.62, 0.26, 0.27), soft=0.04, opacity=0.8)
    if does.teeth:
        edge = top + does.teeth * gape
        teeth = np.maximum(_lens(b, 0.90 * half, corner, top, edge), inside)
        b.fill(teeth, toward(TOOTH, head.skin, 0.1), soft=0.01)


def _smile_lines(head: _Head) -> None:
    """Paint the fold from nose to mouth and the cheek above it; old people always have some."""
    who, does = head.identity, head.expression
    y, half = head.mouth
    joy = max(does.smile, 0.0)
    depth = 0.55 * joy + 0.25 * who.age
    for side in (-1.0, 1.0):
        near = _near(head.front, side * 0.35, 0.4, 0.4)
        cheek = ellipse(near, side * 0.40, 0.25 - 0.05 * joy, 0.2, 0.15)
        glow = np.clip(head.skin * (1.2, 1.02, 0.98), 0.0, 1.0)
        near.fill(cheek, glow, soft=0.25, opacity=0.25 + 0.5 * joy)
        fold = curve(
            (side * 0.19, 0.22), (side * (half + 0.12), 0.34), (side * (half + 0.09), y), steps=4
        )
        near.fill(stroke(near, fold, 0.012, 0.012), head.skin * 0.5, soft=0.07, opacity=depth)


def _beard(head: _Head) -> None:
    who = head.identity
    if who.beard_style == "none":
        return
    y, half = head.mouth
    b, x = head.front, np.abs(head.front.x)
    lower = 0.62 * y + 0.1 - b.y - 0.9 * np.clip(x - 0.35, 0.0, None)  # below nose, up to the ears
    moustache = np.maximum(np.abs(b.y - np.float32(y - 0.12)) - 0.06, x - np.float32(half + 0.06))
    chin = np.maximum(y + 0.08 - b.y, x - np.float32(0.24))
    area = {
        "stubble": lower,
        "full": lower,
        "moustache": moustache,
        "goatee": np.minimum(np.maximum(chin, -1.0), moustache),
    }[who.beard_style]
    area = np.maximum(area, head.outline - 0.02) + 0.05 * head.texture
    opacity = who.beard * (0.4 if who.beard_style == "stubble" else 0.9)
    dark = toward(who.hair, head.skin, 0.1) * 0.9
    b.fill(area, dark, soft=0.1, opacity=opacity)


def _hair_behind(head: _Head) -> None:
    style = HAIR_STYLES[head.identity.hair_style]
    if style is None or style[2] is None:
        return
    half, low = style[2]
    b = head.brush
    fall = ellipse(b, 0.0, low - 1.2, half * head.identity.width, 1.2)
    fall = np.minimum(fall, box(b, 0.0, low - 0.65, 0.92 * half * head.identity.width, 0.65, 0.2))
    colour = np.array(head.identity.hair) * (0.75 + 0.2 * head.texture)[..., None]
    b.fill(fall + 0.03 * head.texture, colour, soft=0.03)


def _hair(head: _Head) -> Array:
    """Paint the hair above forehead and ears; return its distance."""
    who, yaw = head.identity, head.view.yaw
    if HAIR_STYLES[who.hair_style] is None:
        return head.outline
    (top, side, square), volume, _ = HAIR_STYLES[who.hair_style]
    b, front = head.brush, head.front
    rough = 0.10 if who.hair_style == "curly" else 0.04
    half = 0.79 * who.width + 0.7 * volume
    cap = ellipse(b, -0.10 * yaw, -0.34 - 0.6 * volume, half, 0.84 + volume)
    cap = np.minimum(cap, box(b, 0.0, 0.35, half, 0.75, 0.2))
    away = np.clip(np.abs(front.x) / np.float32(0.74 * who.width), 0.0, 1.0) ** np.float32(square)
    line = (top + who.hairline) + (side - top - who.hairline) * away
    line = line + 0.18 * np.float32(who.parting) * front.x * (1.0 - away)
    hair = np.maximum(cap, b.y * 0.3 + front.y * 0.7 - line) + rough * head.texture
    inner = np.clip(0.5 + 0.25 * front.x * np.float32(head.view.light[0]), 0.0, 1.0)
    sheen = 0.8 + 0.35 * head.texture + 0.3 * inner
    b.fill(hair + 0.05, np.array(who.hair) * 0.45, soft=0.12, opacity=0.5)  # its shadow
    b.fill(hair, np.array(who.hair) * sheen[..., None], soft=0.04)
    return np.minimum(hair, head.outline)


def _glasses(head: _Head, dark: bool) -> None:
    who = head.identity
    if not dark and who.glasses == "none":
        return
    b = _near(head.front, 0.0, -0.08, 0.85)
    rim = 0.035 if who.glasses == "thick" or dark else 0.018
    frame = toward(INK, who.iris, 0.3)
    for side in (-1.0, 1.0):
        glass = box(b, side * 0.32 * who.eye_gap, -0.06, 0.23, 0.17 + 2 * rim * dark, 0.10)
        if dark:
            b.fill(glass, np.array(INK) * 1.6, soft=0.02, opacity=0.95)
            b.fill(glass + 0.12, (0.5, 0.5, 0.55), soft=0.2, opacity=0.3)
        b.fill(np.abs(glass) - rim, frame, soft=0.01, opacity=0.85)
        temple = stroke(b, [(side * 0.52, -0.1), (side * 0.78, -0.08)], rim, rim)
        b.fill(temple, frame, opacity=0.8)
    b.fill(_lens(b, 0.10, -0.06, -0.12, -0.08 + rim), frame, opacity=0.8)


def _cover(head: _Head, rng: np.random.Generator) -> None:
    """Paint what hides a part of the face; half of the mouth at most."""
    kind, side, colour = head.view.cover, head.view.cover_side, np.array(head.view.cover_colour)
    b, front = head.brush, head.front
    if kind == "sunglasses":
        _glasses(head, dark=True)
    elif kind == "cap":
        crown = np.maximum(ellipse(b, 0.0, -0.42, 0.86, 0.84), front.y + 0.48)
        b.fill(crown, colour, soft=0.03, solid=0.3)
        visor = _lens(front, 0.80, -0.42, -0.52, -0.28)
        b.fill(visor + 0.03, head.skin * 0.4, soft=0.15, opacity=0.6)
        b.fill(visor, colour * 0.7, soft=0.02)
    elif kind == "scarf":
        y, _ = head.mouth
        cloth = np.maximum(y + 0.2 - b.y, ellipse(b, 0.0, 1.15, 0.75, 0.55))
        b.fill(
            cloth + 0.04 * head.texture, colour * (1.0 + 0.3 * head.texture)[..., None], soft=0.03
        )
    elif kind == "hand":
        x = side * rng.uniform(0.55, 0.75)
        for i, start in enumerate(rng.uniform(0.55, 0.75, 4) + FINGERTIPS):
            tip = (x - side * 0.10 * i, start - 0.62)
            root = (x - side * 0.04 * i + side * 0.2, start + 0.35)
            finger = stroke(b, [root, tip], 0.095, 0.075)
            b.fill(finger - 0.03, head.skin * 0.5, soft=0.06, opacity=0.5)
            b.fill(finger, head.skin * 0.97, soft=0.02, solid=0.1)
    elif kind == "strand":
        lock = curve((side * 0.25, -0.95), (side * 0.75, -0.3), (side * 0.45, 0.75), steps=5)
        b.fill(stroke(b, lock, 0.14, 0.05) + 0.06 * head.texture, head.identity.hair, soft=0.03)


# --------------------------------------------------------------------------- the whole picture


def _body(b: Brush, who: Identity, view: View) -> None:
    """Paint neck, shoulders and clothes around the point where the head sits."""
    b = b.cut(b.around([(-1.8, 0.1), (1.8, 5.0)], 0.0))
    skin, cloth = np.array(who.skin), np.array(view.clothes)
    shoulders = blend(box(b, 0.0, 2.75, 1.75, 1.35, 0.9), ellipse(b, 0.0, 1.6, 0.75, 0.5), 0.4)
    neck = box(b, 0.0, 1.0, 0.40 * who.width * who.jaw, 0.95, 0.1)
    b.fill(shoulders, skin if view.neckline > 0.8 else cloth, soft=0.03, solid=0.5)
    b.fill(neck, skin * 0.86, soft=0.03, solid=0.25)
    if view.neckline > 0.8:  # a vest
        vest = np.maximum(shoulders + 0.05, np.abs(np.abs(b.x) - 0.95) - 0.28)
        vest = np.minimum(vest, np.maximum(shoulders, 2.3 - b.y))
        b.fill(vest, cloth, soft=0.03)
        return
    depth = 1.35 + 0.35 * view.neckline
    collar = np.maximum(depth + 0.25 - b.y - 0.5 * np.abs(b.x), shoulders - 0.2)
    b.fill(collar, cloth, soft=0.03, solid=0.2)
    b.fill(np.abs(collar + 0.05) - 0.02, cloth * 0.6, soft=0.04, opacity=0.5)


def _light(head: _Head, hair: Array) -> None:
    """Darken the side of the head that looks away from the light."""
    b, view = head.brush, head.view
    nx, ny = b.x / np.float32(SKULL[0]), b.y / np.float32(SKULL[1])
    nz = np.sqrt(np.clip(1.0 - nx**2 - ny**2, 0.0, 1.0))
    facing = np.tanh(1.6 * (view.light[0] * nx + view.light[1] * ny) + 0.35 * nz)
    shade = (1.0 + np.float32(view.contrast) * (facing - 0.25)) * (0.82 + 0.18 * nz)
    inside = np.clip(0.5 - hair / np.float32(b.pixel), 0.0, 1.0)
    b.rgb[:] *= (1.0 + inside * (shade - 1.0))[..., None]


def _place(canvas: Brush, view: View) -> tuple[Brush, Brush, tuple[slice, slice]]:
    """Return the views of body and head, which tilts on its neck, and the head's window."""
    s, sin, cos = view.scale, np.sin(view.roll), np.cos(view.roll)
    body = canvas.at(view.x, view.y, s)
    head = canvas.at(view.x + 0.9 * s * sin, view.y + 0.9 * s * (1.0 - cos), s, view.roll)
    corners = [(x, y) for x in (-1.15, 1.15) for y in (-1.5, 1.6)]
    return body, head, head.around(corners, 0.0)


def _turned(b: Brush, yaw: float, pitch: float) -> Brush:
    """Return the view of a ball's front, turned and nodding: its middle moves, its rim stays."""
    bulge = np.clip(1.0 - (b.x / SKULL[0]) ** 2 - (b.y / SKULL[1]) ** 2, 0.0, 1.0)
    return replace(b, x=b.x - np.float32(yaw) * bulge, y=b.y - np.float32(pitch) * bulge)


def draw_face(
    identity: Identity,
    view: View,
    expression: Expression,
    size: int,
    rng: np.random.Generator,
) -> Array:
    """Draw one photo of a person.

    The same person in the same view with the same expression is drawn with another texture of hair
    and surroundings, and another noise, whenever `rng` is another.

    Args:
        identity: who.
        view: from where, in which light, where, behind what.
        expression: doing what.
        size: side of the picture in pixels, at least 16.
        rng: generator of textures and noise; it is advanced.

    Returns:
        Picture of shape (size, size, 3), uint8, even RGB levels 0..254.

    Raises:
        TypeError: an argument of another kind.
        ValueError: a `size` below 16, or an unknown style, background or cover.

    Example:
        >>> rng = np.random.default_rng(0)
        >>> smiling = draw_face(random_identity(rng), View(), Expression(smile=0.8), 32, rng)
        >>> smiling.shape, smiling.dtype.name
        ((32, 32, 3), 'uint8')
    """
    check_drawing(rng, size)
    _check_kind("identity", identity, Identity)
    _check_kind("view", view, View)
    _check_kind("expression", expression, Expression)
    check_choice("identity.hair_style", identity.hair_style, tuple(HAIR_STYLES))
    check_choice("identity.beard_style", identity.beard_style, BEARDS)
    check_choice("identity.glasses", identity.glasses, GLASSES)
    check_choice("view.background", view.background, tuple(BACKGROUNDS))
    check_choice("view.cover", view.cover, COVERS)
    canvas = blank(size, view.light, 0.25 + 0.4 * view.contrast)
    BACKGROUNDS[view.background](canvas, np.random.default_rng(view.scene))
    canvas.rgb[:] *= np.float32(view.backlight)
    body, whole, window = _place(canvas, view)
    b, n = whole.cut(window), len(canvas.x)
    texture = 0.6 * noise(rng, n, 12, 30) + 0.4 * noise(rng, n, 28)
    head = _Head(
        brush=b,
        front=_turned(b, view.yaw, view.pitch),
        identity=identity,
        view=view,
        expression=expression,
        outline=_face_outline(b, identity, view.yaw),
        texture=texture[window],
    )
    _hair_behind(head)
    _body(body, identity, view)
    _paint_head(head, rng)
    if view.mirrored:
        canvas.rgb[:] = canvas.rgb[:, ::-1].copy()
    return _photo(canvas, view, rng)


def _check_kind(name: str, value: object, kind: type) -> None:
    if not isinstance(value, kind):
        raise InvalidType(sentence(name, f"be of class {kind.__name__}", repr(value)))


def _paint_head(head: _Head, rng: np.random.Generator) -> None:
    b = head.brush
    b.fill(head.outline - 0.04, head.skin * 0.35, soft=0.3, opacity=0.45)  # shadow on the neck
    _ears(head)
    b.fill(head.outline, head.skin * (1.0 + 0.05 * head.texture)[..., None], soft=0.02)
    _smile_lines(head)
    _beard(head)
    _eyes(head)
    _nose(head)
    _mouth(head)
    _brows(head)
    hair = _hair(head)
    _glasses(head, dark=False)
    _light(head, hair)
    _cover(head, rng)


def _photo(canvas: Brush, view: View, rng: np.random.Generator) -> Array:
    rgb = canvas.rgb
    rgb *= np.float32(view.exposure)
    if view.haze:
        glow = np.float32(view.haze) * (0.75 + 0.25 * canvas.y)[..., None]
        rgb += glow * (np.float32(0.95) - np.minimum(rgb, np.float32(0.95)))
    np.clip(rgb, 0.0, 1.15, out=rgb)
    if view.blur:
        rgb[:] = blur(rgb, view.blur * len(rgb))
    return develop(canvas, rng, cast=0.05)


# --------------------------------------------------------------------------- sets


def another_moment(view: View, rng: np.random.Generator) -> View:
    """Draw the view of a further photo at the same place: who stands there has moved a little.

    Args:
        view: of an earlier photo.
        rng: generator all draws come from; it is advanced.

    Returns:
        A view with the same light, surroundings and clothes; another pose, exposure and cover.

    Raises:
        TypeError: an argument of another kind.

    Example:
        >>> rng = np.random.default_rng(0)
        >>> first = random_view(rng)
        >>> second = another_moment(first, rng)
        >>> first.scene == second.scene, first.yaw == second.yaw
        (True, False)
    """
    check_drawing(rng, MIN_SIZE)
    _check_kind("view", view, View)
    yaw, pitch = np.clip(rng.normal(0.0, (0.10, 0.04)), (-0.5, -0.18), (0.5, 0.18)).tolist()
    return replace(
        view,
        x=view.x + rng.normal(0.0, 0.03),
        y=view.y + rng.normal(0.0, 0.025),
        scale=float(view.scale * np.exp(rng.normal(0.0, 0.04))),
        roll=float(np.clip(rng.normal(0.0, 0.05), -0.3, 0.3)),
        yaw=yaw,
        pitch=pitch,
        exposure=view.exposure * rng.uniform(0.9, 1.1),
        cover=_one_of(rng, COVERS, COVER_ODDS),
        cover_side=int(rng.choice((-1, 1))),
        blur=rng.uniform(0.0, 0.008) if rng.random() < 0.4 else 0.0,
    )


def _split(
    stream: np.random.SeedSequence, cast: list[tuple[Identity, View]], count: int, size: int
) -> tuple[Array, Array]:
    """Return `count` pictures (count, size, size, 3) of the cast, and labels (1, count).

    Labels come in pairs of both in random order, so that every even count is balanced; each picture
    has its own child of the stream, so that no count changes it.
    """
    labels, *pictures = stream.spawn(count + 1)
    first = np.random.default_rng(labels).integers(0, 2, -(-count // 2))
    y = np.stack([first, 1 - first], axis=1).reshape(1, -1)[:, :count].astype(np.int64)
    x = np.empty((count, size, size, 3), dtype=np.uint8)
    for i, (child, happy) in enumerate(zip(pictures, y[0].tolist(), strict=True)):
        rng = np.random.default_rng(child)
        who, view = cast[rng.integers(len(cast))]
        does = random_expression(rng, bool(happy))
        x[i] = draw_face(who, another_moment(view, rng), does, size, rng)
    return x, y


def make_faces(
    n_train: int = 600, n_test: int = 150, size: int = 64, seed: int = 1
) -> tuple[Array, Array, Array, Array]:
    """Make a training and a test set of faces, labelled 1 where they are happy.

    As in the course's files a few people come again and again, each at a place of their own, and
    the test set shows the same people in other photos; another seed shows other people.  The two
    splits come from independent streams of `seed`, and every two pictures in a row are one happy
    and one other.  Picture i of a split is the same whatever the counts, so that a longer set
    starts with the shorter one.

    Args:
        n_train: number of training pictures, at least 1.
        n_test: number of test pictures, at least 1.
        size: side of a picture in pixels, at least 16.
        seed: non-negative integer; the same seed gives the same sets.

    Returns:
        Tuple of train_x (n_train, size, size, 3) uint8 with even RGB levels 0..254, train_y
        (1, n_train) int64, 0 or 1, test_x (n_test, size, size, 3) and test_y (1, n_test).

    Raises:
        TypeError, ValueError: a count, `size` or `seed` that is no whole number, or too small.

    Example:
        >>> train_x, train_y, test_x, test_y = make_faces(n_train=4, n_test=3, size=16)
        >>> train_x.shape, train_y.shape, test_x.shape, test_y.shape
        ((4, 16, 16, 3), (1, 4), (3, 16, 16, 3), (1, 3))
        >>> int(train_y.sum())
        2
    """
    for name, value, least in (
        ("n_train", n_train, 1), ("n_test", n_test, 1), ("size", size, MIN_SIZE), ("seed", seed, 0),
    ):  # fmt: skip
        check_count(name, value, least)
    train, test, people = np.random.SeedSequence(int(seed)).spawn(3)
    rngs = map(np.random.default_rng, people.spawn(PEOPLE))
    cast = [(random_identity(rng), random_view(rng)) for rng in rngs]
    return *_split(train, cast, n_train, size), *_split(test, cast, n_test, size)
