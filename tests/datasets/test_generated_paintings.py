"""The painting that stands in for a style picture."""

import numpy as np
import pytest
from PIL import Image

from dlspec.datasets.generated_paintings import make_painting
from tests.complaints import complaints_test


@pytest.fixture(scope="module")
def painting():
    return make_painting(64)


def test_shape_type_and_range(painting):
    assert painting.shape == (64, 64, 3)
    assert painting.dtype == np.uint8
    assert painting.min() < 30
    assert painting.max() > 225


def test_a_seed_is_a_painting(painting):
    np.testing.assert_array_equal(make_painting(64), painting)
    assert (make_painting(64, seed=2) != painting).mean() > 0.8


def test_the_painting_is_the_same_in_any_size(painting):
    """Large and small agree once both are blurred: strokes and bristles are rounded to pixels."""

    def coarse(picture):
        small = Image.fromarray(picture).resize((16, 16), Image.BOX)
        return np.asarray(small).astype(float).ravel()

    assert np.corrcoef(coarse(painting), coarse(make_painting(96)))[0, 1] > 0.95


def test_there_is_night_and_light(painting):
    red, _, blue = np.moveaxis(painting.astype(int), -1, 0)
    assert 0.4 < (blue > red).mean() < 0.9


def test_strokes_have_a_direction(painting):
    """Along a stroke colours change less than across it: locally one direction prevails."""
    grey = painting.mean(axis=-1)
    down, right = np.gradient(grey)
    blocks = [
        np.stack(np.split(np.stack(np.split(part, 8)), 8, axis=2)).sum(axis=(2, 3))
        for part in (down * down, down * right, right * right)
    ]
    a, b, c = blocks
    coherence = np.hypot(a - c, 2 * b) / (a + c)
    assert np.median(coherence) > 0.35  # 0 without a direction, 1 with a single one


COMPLAINTS = [
    (lambda _: make_painting(8), ValueError, "`size` must be at least 16. Received: 8."),
    (lambda _: make_painting(32, -1), ValueError, "`seed` must be at least 0. Received: -1."),
    (
        lambda _: make_painting(32.5),
        TypeError,
        "`size` must be a whole number. Received: 32.5 (float).",
    ),
]
test_complaints = complaints_test(COMPLAINTS)
