"""Animals but no cats, objects and places: each paints itself into a scene."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from dlspec.datasets._drawing import (
    blend,
    box,
    clouds,
    curve,
    ellipse,
    mean_lightness,
    noise,
    polygon,
    stroke,
    tint,
    toward,
)
from dlspec.datasets._scenes import (
    INK,
    PINK,
    SNOW,
    Scene,
    furry_head,
    fuzzy,
    round_eyes,
    shadow,
    sky,
)

# --------------------------------------------------------------------------- other animals


def _dog(scene: Scene) -> None:
    b, rng, coat = scene.pose(0.60).at(0.0, 0.05), scene.rng, scene.coat
    skull = blend(ellipse(b, 0, -0.25, 0.78, 0.72), ellipse(b, 0, 0.4, 0.52, 0.7), 0.3)
    fur = furry_head(scene, b, skull)
    front = b.turned(rng.uniform(-0.25, 0.25))
    flap = rng.uniform(0.45, 0.75)
    for side in (b, b.mirrored()):
        ear = side.at(0.82, -0.05, 1.0, -rng.uniform(0.05, 0.35))
        ear.fill(fuzzy(ellipse(ear, 0, 0.05, 0.27, flap), coat), fur * 0.6, solid=0.2)
    snout = toward(coat.base, SNOW, rng.choice([0.0, 0.5]))
    front.fill(ellipse(front, 0, 0.52, 0.42, 0.50), snout, soft=0.08, solid=0.2)
    if rng.random() < 0.5:
        front.fill(ellipse(front, 0.03, 1.0, 0.17, 0.27), (0.85, 0.42, 0.45), solid=0.1)
    for x in (-0.25, 0.25):
        line = curve((0, 0.5), (0, 0.85), (x, 0.82))
        front.fill(stroke(front, line, 0.03, 0.02), INK, opacity=0.8)
    front.fill(ellipse(front, 0, 0.30, 0.22, 0.16), INK, solid=0.1)
    round_eyes(front, 0.34, -0.22, 0.11)


def _rabbit(scene: Scene) -> None:
    b, rng, coat = scene.pose(0.50).at(0.0, 0.5), scene.rng, scene.coat
    fur = coat.on(b)
    for side in (b, b.mirrored()):
        ear = side.at(0.36, -1.25, 1.0, rng.uniform(0.0, 0.35))
        ear.fill(fuzzy(ellipse(ear, 0, 0, 0.24, 0.82), coat), fur, solid=0.15)
        ear.fill(ellipse(ear, 0, 0.05, 0.11, 0.6), PINK, soft=0.06, opacity=0.8)
    furry_head(scene, b, blend(ellipse(b, 0, -0.1, 0.7, 0.68), ellipse(b, 0, 0.3, 0.78, 0.5), 0.2))
    for x in (-0.14, 0.14):
        b.fill(ellipse(b, x, 0.38, 0.2, 0.18), toward(coat.base, SNOW, 0.6), solid=0.1)
    b.fill(box(b, 0, 0.6, 0.1, 0.1, 0.02), SNOW)
    b.fill(polygon(b, [(-0.09, 0.18), (0.09, 0.18), (0.0, 0.27)], 0.02), PINK)
    round_eyes(b, 0.45, -0.12, 0.14)


def _bear(scene: Scene) -> None:
    b, coat = scene.pose(0.66), scene.coat
    fur = coat.on(b)
    for side in (b, b.mirrored()):
        side.fill(fuzzy(ellipse(side, 0.68, -0.68, 0.32, 0.32), coat), fur, solid=0.15)
        side.fill(ellipse(side, 0.66, -0.64, 0.17, 0.17), fur * 0.6, soft=0.06)
    furry_head(scene, b, ellipse(b, 0, 0, 0.92, 0.86), 0.95)
    b.fill(ellipse(b, 0, 0.38, 0.42, 0.34), toward(coat.base, SNOW, 0.35), solid=0.15)
    b.fill(ellipse(b, 0, 0.22, 0.17, 0.11), INK)
    b.fill(stroke(b, [(0, 0.3), (0, 0.5)], 0.025, 0.025), INK)
    round_eyes(b, 0.32, -0.16, 0.09)


def _mouse(scene: Scene) -> None:
    b, coat = scene.pose(0.58).at(0.0, 0.15), scene.coat
    fur = coat.on(b)
    for side in (b, b.mirrored()):
        side.fill(ellipse(side, 0.78, -0.72, 0.56, 0.56), fur, solid=0.15)
        side.fill(ellipse(side, 0.78, -0.70, 0.40, 0.40), PINK, soft=0.06, opacity=0.85)
    skull = polygon(b, [(-0.45, -0.3), (0.45, -0.3), (0.0, 0.65)], 0.3)
    furry_head(scene, b, skull, 0.6)
    b.fill(ellipse(b, 0, 0.82, 0.14, 0.11), PINK, solid=0.08)
    round_eyes(b, 0.33, 0.05, 0.13)


def _pig(scene: Scene) -> None:
    b, skin = scene.pose(0.68), toward(PINK, scene.coat.base, 0.35)
    for side in (b, b.mirrored()):
        flap = polygon(side, [(0.35, -0.85), (0.95, -0.75), (0.70, -0.25)], 0.06)
        side.fill(flap, skin * 0.8, solid=0.12)
    b.fill(ellipse(b, 0, 1.7, 1.2, 1.1), skin * 0.88, solid=0.4)
    b.fill(ellipse(b, 0, 0, 0.90, 0.82), skin, solid=0.35)
    b.fill(ellipse(b, 0, 0.25, 0.38, 0.27), skin * 0.85, solid=0.12)
    for x in (-0.15, 0.15):
        b.fill(ellipse(b, x, 0.25, 0.07, 0.11), skin * 0.4)
    round_eyes(b, 0.42, -0.25, 0.09)


def _frog(scene: Scene) -> None:
    b, green = scene.pose(0.72), np.array([0.35, 0.62, 0.25]) * scene.rng.uniform(0.6, 1.3)
    for side in (b, b.mirrored()):
        side.fill(ellipse(side, 0.5, -0.5, 0.32, 0.32), green, solid=0.15)
    b.fill(ellipse(b, 0, 0.15, 0.95, 0.68), green, solid=0.35)
    b.fill(ellipse(b, 0, 0.55, 0.7, 0.28), toward(green, SNOW, 0.5), soft=0.15)
    b.fill(stroke(b, curve((-0.7, 0.2), (0.0, 0.65), (0.7, 0.2)), 0.03, 0.03), INK)
    round_eyes(b, 0.5, -0.52, 0.13, white=True)


def _bird(scene: Scene) -> None:
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


def _fish(scene: Scene) -> None:
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


def _sheep(scene: Scene) -> None:
    b, rng = scene.pose(0.85), scene.rng
    b = b if rng.random() < 0.5 else b.mirrored()
    wool = toward(scene.coat.base, SNOW, 0.3)
    shadow(b, 0.1, 0.85, 0.7)
    for x in (-0.25, -0.05, 0.4, 0.6):
        b.fill(box(b, x, 0.6, 0.06, 0.28, 0.03), (0.15, 0.13, 0.13))
    fleece = ellipse(b, 0.18, 0.1, 0.62, 0.42)
    fleece = fleece + 0.05 * np.sin(14 * b.x) * np.sin(14 * b.y)
    b.fill(fleece, wool * (1.0 + 0.15 * np.sin(16 * b.x) * np.sin(16 * b.y))[..., None], solid=0.2)
    b.fill(ellipse(b, -0.55, -0.12, 0.22, 0.28), (0.18, 0.16, 0.16), solid=0.1)
    b.fill(ellipse(b, -0.50, -0.36, 0.2, 0.13), wool, solid=0.08)
    b.fill(ellipse(b, -0.62, -0.16, 0.035, 0.035), SNOW)


# --------------------------------------------------------------------------- objects


def _car(scene: Scene) -> None:
    b, colour = scene.pose(0.9), scene.colour
    b = b if scene.rng.random() < 0.5 else b.mirrored()
    shadow(b, 0, 0.5, 1.0)
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


def _house(scene: Scene) -> None:
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


def _tree(scene: Scene) -> None:
    b, rng = scene.pose(0.95), scene.rng
    shadow(b, 0, 0.9, 0.5)
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


def _cup(scene: Scene) -> None:
    b, rng, colour = scene.pose(0.8), scene.rng, scene.colour
    b = b if rng.random() < 0.5 else b.mirrored()
    shadow(b, 0.1, 0.75, 0.75)
    b.fill(np.abs(ellipse(b, 0.62, 0.1, 0.26, 0.3)) - 0.07, colour * 0.85, solid=0.07)
    b.fill(
        polygon(b, [(-0.6, -0.5), (0.6, -0.5), (0.48, 0.7), (-0.48, 0.7)], 0.04), colour, solid=0.3
    )
    b.fill(box(b, 0, 0.15, 0.53, 0.09), scene.accent, opacity=float(rng.random() < 0.5))
    b.fill(ellipse(b, 0, -0.5, 0.63, 0.17), colour * 1.1)
    b.fill(ellipse(b, 0, -0.48, 0.54, 0.12), (0.24, 0.15, 0.09))


def _ball(scene: Scene) -> None:
    b, rng = scene.pose(0.75), scene.rng
    shadow(b, 0.1, 0.95, 0.7)
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


def _flower(scene: Scene) -> None:
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


def _bottle(scene: Scene) -> None:
    b, colour = scene.pose(0.95), scene.colour
    shadow(b, 0.1, 0.9, 0.45)
    body = blend(box(b, 0, 0.35, 0.3, 0.55, 0.1), box(b, 0, -0.5, 0.1, 0.4, 0.03), 0.25)
    b.fill(body, colour, solid=0.2)
    b.fill(box(b, 0, 0.4, 0.3, 0.22), toward(scene.accent, SNOW, 0.5))
    b.fill(box(b, 0, 0.4, 0.2, 0.03), scene.accent * 0.5)
    b.fill(box(b, 0, -0.88, 0.12, 0.08, 0.02), scene.accent)
    b.fill(box(b, -0.18, 0.3, 0.03, 0.4, 0.03), (1, 1, 1), soft=0.05, opacity=0.5)


def _chair(scene: Scene) -> None:
    b, colour = scene.pose(0.92), scene.colour
    b = b if scene.rng.random() < 0.5 else b.mirrored()
    shadow(b, 0.05, 0.92, 0.6)
    for x, y in ((-0.42, 0.9), (0.42, 0.9), (-0.3, 0.75), (0.52, 0.75)):
        b.fill(stroke(b, [(x, 0.15), (x, y)], 0.05, 0.04), colour * 0.7, solid=0.05)
    b.fill(polygon(b, [(-0.35, 0.0), (0.58, 0.0), (0.48, 0.22), (-0.48, 0.22)], 0.02), colour)
    for x in (-0.32, 0.55):
        b.fill(stroke(b, [(x, 0.1), (x, -0.88)], 0.05, 0.05), colour * 0.9, solid=0.05)
    for y in (-0.75, -0.45, -0.18):
        b.fill(box(b, 0.11, y, 0.44, 0.07, 0.03), colour * 0.95, solid=0.05)


def _boat(scene: Scene) -> None:
    b, colour = scene.pose(0.9), scene.colour
    b.fill(0.55 - b.y, (0.16, 0.33, 0.48), soft=0.05)
    b.fill(polygon(b, [(0.05, -0.9), (0.05, 0.2), (-0.6, 0.2)]), SNOW, solid=0.1)
    b.fill(polygon(b, [(0.12, -0.75), (0.62, 0.2), (0.12, 0.2)]), scene.accent, solid=0.1)
    b.fill(box(b, 0.085, -0.3, 0.03, 0.65), (0.35, 0.25, 0.17))
    b.fill(
        polygon(b, [(-0.8, 0.28), (0.8, 0.28), (0.5, 0.66), (-0.5, 0.66)], 0.03), colour, solid=0.1
    )


def _fruit(scene: Scene) -> None:
    b, colour = scene.pose(0.8), scene.colour
    shadow(b, 0.1, 0.85, 0.7)
    lobes = blend(ellipse(b, -0.28, 0.1, 0.55, 0.68), ellipse(b, 0.28, 0.1, 0.55, 0.68), 0.15)
    b.fill(lobes, colour, solid=0.5)
    b.fill(stroke(b, curve((0, -0.5), (0, -0.8), (0.12, -0.95)), 0.05, 0.04), (0.3, 0.2, 0.12))
    leaf = b.at(0.28, -0.78, 1.0, -0.4)
    leaf.fill(ellipse(leaf, 0, 0, 0.25, 0.1), (0.3, 0.55, 0.2), solid=0.08)
    b.fill(ellipse(b, -0.4, -0.2, 0.12, 0.18), (1, 1, 1), soft=0.15, opacity=0.6)


def _mushroom(scene: Scene) -> None:
    b, rng = scene.pose(0.85), scene.rng
    shadow(b, 0, 0.85, 0.5)
    b.fill(box(b, 0, 0.4, 0.2, 0.45, 0.12), toward(SNOW, scene.accent, 0.15), solid=0.15)
    cap = np.maximum(ellipse(b, 0, 0.05, 0.85, 0.8), b.y - 0.1)
    b.fill(cap, scene.colour, solid=0.3)
    for _ in range(6):
        dot = ellipse(b, rng.uniform(-0.6, 0.6), rng.uniform(-0.6, 0.0), 0.1, 0.08)
        b.fill(np.maximum(dot, cap), SNOW)


def _clock(scene: Scene) -> None:
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


def _book(scene: Scene) -> None:
    b, colour = scene.pose(0.85), scene.colour
    b = b.at(0, 0, 1.0, scene.rng.uniform(-0.3, 0.3))
    shadow(b, 0.1, 0.9, 0.7)
    b.fill(box(b, 0.06, 0.05, 0.62, 0.85), SNOW, solid=0.05)
    b.fill(box(b, 0, 0, 0.62, 0.85, 0.03), colour, solid=0.1)
    b.fill(box(b, -0.55, 0, 0.08, 0.85), colour * 0.6)
    b.fill(box(b, 0.05, -0.35, 0.4, 0.16), toward(scene.accent, SNOW, 0.5))
    for y in (0.25, 0.4):
        b.fill(box(b, 0.05, y, 0.3, 0.035), scene.accent)


def _lamp(scene: Scene) -> None:
    b = scene.pose(0.92)
    shadow(b, 0, 0.9, 0.5)
    b.fill(ellipse(b, 0, -0.2, 1.1, 0.9), (1.0, 0.93, 0.7), soft=1.2, opacity=0.4)
    b.fill(box(b, 0, 0.4, 0.05, 0.5), scene.colour * 0.6)
    b.fill(ellipse(b, 0, 0.88, 0.35, 0.1), scene.colour * 0.7, solid=0.08)
    shade = [(-0.3, -0.85), (0.3, -0.85), (0.65, -0.05), (-0.65, -0.05)]
    b.fill(polygon(b, shade), toward(scene.colour, (1.0, 0.9, 0.65), 0.3), solid=0.15)


def _balloons(scene: Scene) -> None:
    b, rng = scene.pose(0.9), scene.rng
    for x, y in ((-0.45, -0.2), (0.45, -0.3), (0.0, -0.5)):
        b.fill(stroke(b, curve((x, y), (x * 0.3, 0.5), (0, 1.2)), 0.015, 0.015), INK, opacity=0.7)
        colour = scene.colour if x < 0 else tint(rng, rng.uniform(0.25, 0.7), 0.9)
        b.fill(ellipse(b, x, y, 0.36, 0.44), colour, solid=0.25)
        b.fill(ellipse(b, x - 0.12, y - 0.18, 0.06, 0.1), (1, 1, 1), soft=0.08, opacity=0.7)


def _cactus(scene: Scene) -> None:
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


def _open_sky(scene: Scene) -> None:
    """Put a sky behind a landscape, as dark or as light as the background it replaces."""
    wanted = mean_lightness(scene.brush.rgb)
    sky(scene.brush, scene.rng)
    scene.brush.rgb[:] = np.clip(scene.brush.rgb * (wanted / mean_lightness(scene.brush.rgb)), 0, 1)


def _mountains(scene: Scene) -> None:
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


def _sea(scene: Scene) -> None:
    b, rng = scene.brush, scene.rng
    _open_sky(scene)
    horizon, sun = rng.uniform(-0.2, 0.4), rng.uniform(-0.6, 0.6)
    b.fill(ellipse(b, sun, horizon - 0.35, 0.22, 0.22), (0.99, 0.88, 0.6), soft=0.08)
    waves = (1.0 + 0.25 * noise(rng, len(b.x), 40, 8))[..., None]
    water = toward((0.14, 0.34, 0.5), scene.colour, 0.3)
    b.fill(horizon - b.y, water * waves, soft=0.02)
    glitter = np.maximum(ellipse(b, sun, horizon + 0.6, 0.18, 0.6), horizon - b.y)
    b.fill(glitter, (0.99, 0.9, 0.7), soft=0.2, opacity=0.5)


def _road(scene: Scene) -> None:
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


def _skyline(scene: Scene) -> None:
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


def _forest(scene: Scene) -> None:
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


def _bricks(scene: Scene) -> None:
    b, rng = scene.brush, scene.rng
    high = rng.uniform(0.16, 0.34)
    row = np.floor(b.y / np.float32(high))
    column = b.x / np.float32(2.1 * high) + 0.5 * (row % 2.0)
    number = np.floor(column)
    each = 1.0 + 0.15 * np.sin(12.9 * number + 7.3 * row)
    b.rgb[:] = scene.colour * (each + 0.12 * scene.coat.fine)[..., None]
    mortar = 0.44 - np.maximum(np.abs(column - number - 0.5) * 1.06, np.abs(b.y / high - row - 0.5))
    b.fill(mortar * high, toward((0.7, 0.68, 0.65), scene.accent, 0.2))


def _nothing(scene: Scene) -> None:
    """A bare wall, lawn, floor or cloth: the background is the picture."""


ANIMALS: tuple[Callable[[Scene], None], ...] = (
    _dog, _dog, _rabbit, _bear, _mouse, _pig, _frog, _bird, _fish, _sheep,
)  # fmt: skip
OBJECTS: tuple[Callable[[Scene], None], ...] = (
    _car, _house, _tree, _cup, _ball, _flower, _bottle, _chair, _boat, _fruit, _mushroom,
    _clock, _book, _lamp, _balloons, _cactus,
)  # fmt: skip
PLACES: tuple[Callable[[Scene], None], ...] = (
    _mountains, _sea, _road, _skyline, _forest, _bricks, _nothing,
)  # fmt: skip
