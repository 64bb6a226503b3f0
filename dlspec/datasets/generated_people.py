"""Generated portraits of many people, for encoders that must know again whom they never saw.

Every person has an `Identity` of their own.  Every picture of them is taken somewhere else, on
another day: another place, light and exposure, other clothes, another turn and tilt of the head,
another expression, and on about every fourth something that hides a part of the face.  So a person
is never the same pixels: pictures of two people before one hedge are closer than two of a person.

People are numbered.  Number i of a seed looks the same however many are asked for, and so do the
first pictures of it: ranges of numbers that do not overlap are disjoint sets of people.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from dlspec._validation import check_count
from dlspec.datasets._drawing import MIN_SIZE, Array
from dlspec.datasets.generated_faces import (
    COVERS,
    Identity,
    View,
    draw_face,
    random_expression,
    random_identity,
    random_view,
)

__all__ = ["make_people"]

COVER_ODDS = (0.76, 0.06, 0.06, 0.04, 0.04, 0.04)  # nothing, sunglasses, cap, scarf, hand, strand
FRAME = 0.80  # scale of a portrait: the head fills the picture, as a face detector would cut it
HAPPY = 0.4
STREAM = 4404  # keeps these people apart from those of `make_faces` with the same seed


def make_people(
    people: int = 20, pictures: int = 6, size: int = 64, seed: int = 1, start: int = 0
) -> tuple[Array, Array]:
    """Draw several portraits of each of several people.

    Args:
        people: how many, at least 1.
        pictures: of each, at least 1.
        size: side of a picture in pixels, at least 16.
        seed: non-negative integer; another seed gives other people.
        start: number of the first person, from 0; people `start` to `start + people - 1` are drawn.

    Returns:
        x: (people * pictures, size, size, 3) uint8, even RGB levels 0..254, person by person.
        y: (people * pictures,) int64, the numbers of the people.

    Raises:
        TypeError, ValueError: an argument that is no whole number, or too small.

    Example:
        >>> x, y = make_people(people=2, pictures=3, size=16, start=10)
        >>> x.shape, y.tolist()
        ((6, 16, 16, 3), [10, 10, 10, 11, 11, 11])
    """
    for name, value, least in (
        ("people", people, 1),
        ("pictures", pictures, 1),
        ("size", size, MIN_SIZE),
        ("seed", seed, 0),
        ("start", start, 0),
    ):
        check_count(name, value, least)
    x = np.empty((people, pictures, size, size, 3), np.uint8)
    for number in range(people):
        streams = np.random.SeedSequence((STREAM, int(seed), int(start) + number))
        who, *photos = map(np.random.default_rng, streams.spawn(1 + pictures))
        identity = random_identity(who)
        for i, rng in enumerate(photos):
            x[number, i] = _portrait(identity, size, rng)
    y = np.repeat(np.arange(start, start + people, dtype=np.int64), pictures)
    return x.reshape(-1, size, size, 3), y


def _portrait(identity: Identity, size: int, rng: np.random.Generator) -> Array:
    expression = random_expression(rng, bool(rng.random() < HAPPY))
    return draw_face(identity, _closer(random_view(rng), rng), expression, size, rng)


def _closer(view: View, rng: np.random.Generator) -> View:
    """The same place and light, the head nearer, turned further, and hidden more often."""
    x, y = rng.normal((0.0, -0.02), 0.05).tolist()
    spread = np.array([0.16, 0.07, 0.09])
    yaw, pitch, roll = np.clip(rng.normal(0.0, spread), -2.5 * spread, 2.5 * spread).tolist()
    return replace(
        view,
        x=x,
        y=y,
        scale=float(FRAME * np.exp(rng.normal(0.0, 0.06))),
        yaw=yaw,
        pitch=pitch,
        roll=roll,
        cover=COVERS[rng.choice(len(COVERS), p=COVER_ODDS)],
    )
