"""Generated hands that show the numbers 0 to 5."""

import numpy as np
import pytest

from dlspec.datasets import generated_signs
from dlspec.datasets._drawing import LEVEL_STEP
from dlspec.datasets.generated_signs import CLASSES, draw_sign, make_signs
from tests.complaints import complaints_test


@pytest.fixture(scope="module")
def many():
    """360 pictures of another seed than the default one."""
    x, y, _, _ = make_signs(n_train=360, n_test=1, size=32, seed=11)
    return x, y[0]


def test_the_default_set_has_the_course_files_shapes():
    """Small pictures will do: counts and order do not depend on the size."""
    train_x, train_y, test_x, test_y = make_signs(size=16)
    assert train_x.shape == (1080, 16, 16, 3)
    assert train_y.shape == (1, 1080)
    assert test_x.shape == (120, 16, 16, 3)
    assert test_y.shape == (1, 120)
    assert train_x.dtype == test_x.dtype == np.uint8
    assert train_y.dtype == test_y.dtype == np.int64
    np.testing.assert_array_equal(np.bincount(train_y[0]), [180] * 6)
    np.testing.assert_array_equal(np.bincount(test_y[0]), [20] * 6)


def test_every_six_pictures_show_all_numbers_in_no_fixed_order(many):
    groups = many[1].reshape(-1, CLASSES)
    np.testing.assert_array_equal(np.sort(groups, axis=1), [list(range(CLASSES))] * len(groups))
    assert len(np.unique(groups, axis=0)) > 50


def test_pictures_use_the_range_of_a_photo_and_none_is_blank(many):
    x, _ = many
    assert x.min() < 30
    assert x.max() > 245
    assert (x.reshape(len(x), -1).std(axis=1) > 8).all()
    assert 130 < x.mean() < 220
    assert not (x % LEVEL_STEP).any()


def test_the_same_seed_gives_the_same_pictures_and_another_seed_others():
    sizes = {"n_train": 6, "n_test": 3, "size": 16}
    first, again, other = (make_signs(**sizes, seed=s) for s in (3, 3, 4))
    for one, two in zip(first, again, strict=True):
        np.testing.assert_array_equal(one, two)
    assert (first[0] != other[0]).mean() > 0.5


def test_a_longer_set_starts_with_the_shorter_one():
    short = make_signs(n_train=5, n_test=2, size=16)
    long = make_signs(n_train=13, n_test=9, size=16)
    np.testing.assert_array_equal(long[0][:5], short[0])
    np.testing.assert_array_equal(long[1][:, :5], short[1])
    np.testing.assert_array_equal(long[2][:2], short[2])
    np.testing.assert_array_equal(long[3][:, :2], short[3])


def test_no_two_pictures_are_alike_within_or_across_the_splits():
    train_x, _, test_x, _ = make_signs(n_train=90, n_test=30, size=16)
    flat = np.concatenate([train_x, test_x])[:, ::2, ::2].reshape(120, -1)
    assert len(np.unique(flat, axis=0)) == 120


def test_a_label_is_the_number_that_was_drawn():
    """Child 0 of a split's stream orders the labels, child i + 1 draws picture i."""
    x, y, _, _ = make_signs(n_train=6, n_test=1, size=16, seed=2)
    train, _ = np.random.SeedSequence(2).spawn(2)
    for picture, label, child in zip(x, y[0].tolist(), train.spawn(7)[1:], strict=True):
        drawn = draw_sign(np.random.default_rng(child), label, 16)
        np.testing.assert_array_equal(picture, drawn)


@pytest.mark.parametrize("fingers", range(CLASSES))
def test_the_size_changes_the_resolution_and_not_the_scene(fingers):
    """A picture of 96 pixels, averaged 3 x 3, is about that of 32 pixels: only noise differs."""
    for seed in range(3):
        small = draw_sign(np.random.default_rng(seed), fingers, 32).astype(float)
        large = draw_sign(np.random.default_rng(seed), fingers, 96).astype(float)
        shrunk = large.reshape(32, 3, 32, 3, 3).mean(axis=(1, 3))
        assert np.abs(small - shrunk).mean() < 6
        stranger = draw_sign(np.random.default_rng(seed + 100), fingers, 32)
        assert np.abs(small - stranger).mean() > 12


@pytest.mark.parametrize("size", [17, 33])
def test_odd_sizes(size):
    assert draw_sign(np.random.default_rng(0), 5, size).shape == (size, size, 3)


def test_the_global_generator_is_left_alone():
    np.random.seed(5)
    expected = np.random.rand()
    np.random.seed(5)
    make_signs(n_train=2, n_test=1, size=16)
    assert np.random.rand() == expected


# --- What a picture shows -------------------------------------------------------------------------


class Middle:
    """A generator that draws the middle of every distribution."""

    def normal(self, mean=0.0, sd=1.0, size=None):
        return mean if size is None else np.full(size, mean)

    def uniform(self, low, high):
        return (low + high) / 2

    def random(self):
        return 0.5


def paint(sign, rng, *arguments):
    """An upright hand on the canvas: True where skin is, and the hand's coordinates."""
    layer = generated_signs.blank(64, (0.0, -1.0), 0.3)
    covered = np.full_like(layer.x, 9.0)
    view = layer.at(0.0, 0.3, 0.8, 0.0)
    skin = np.full(3, 0.5, np.float32)
    sign(generated_signs._Hand(view, rng, skin, covered, 1.0, 1.0), *arguments, (0.0, 1.0))
    return covered < 0, view


@pytest.mark.parametrize(
    "fingers", [(), *(names for sets in generated_signs.RAISED.values() for names in sets)]
)
def test_an_upright_hand_shows_as_many_fingertips_as_it_says(fingers):
    """Runs of skin in a row above the knuckles; a thumb is seen beside the palm."""
    skin, view = paint(generated_signs._counting_sign, Middle(), fingers)
    row = skin[np.argmin(np.abs(view.y[:, 0] + 0.68))]
    runs = np.sum(~row[:-1] & row[1:])
    beside = skin[(view.x < -0.52) & (view.y > -0.25) & (view.y < 0.1)].any()
    assert runs == len([name for name in fingers if name != "thumb"])
    assert beside == ("thumb" in fingers)


def test_a_zero_is_mostly_a_ring_around_a_hole():
    """Wall enclosed by skin: what a flood from the border does not reach."""
    rings = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        skin, _ = paint(generated_signs._ring_sign, rng)
        free = np.pad(~skin, 1, constant_values=True)
        reached = np.zeros_like(free)
        reached[0] = True
        while True:
            grown = reached.copy()
            for axis in (0, 1):
                for step in (1, -1):
                    grown |= np.roll(reached, step, axis)
            grown &= free
            if np.array_equal(grown, reached):
                break
            reached = grown
        rings += (free & ~reached).sum() > 20
    assert rings >= 15


@pytest.mark.parametrize("fingers", sorted(generated_signs.RAISED))
def test_the_sets_of_fingers_have_the_right_size_and_odds(fingers):
    sets = generated_signs.RAISED[fingers]
    assert all(len(set(names)) == fingers for names in sets)
    assert sum(sets.values()) == pytest.approx(1.0)


def test_mean_colours_do_not_count_fingers(many):
    """Least squares on the mean colour, learnt on one half and tried on the other."""
    x, y = many
    means = np.column_stack([x.mean(axis=(1, 2)) / 255, np.ones(len(y))])
    half = len(y) // 2
    rule, *_ = np.linalg.lstsq(means[:half], np.eye(CLASSES)[y[:half]])
    assert np.mean((means[half:] @ rule).argmax(axis=1) == y[half:]) < 0.35


def test_hands_come_from_below():
    """The lowest row crosses a forearm and its edges, the highest hardly ever anything."""
    x, _, _, _ = make_signs(n_train=60, n_test=1, size=32, seed=5)
    steps = np.abs(np.diff(x.astype(float).mean(axis=3), axis=2)).max(axis=2)
    assert np.mean(steps[:, -1] > 20) > 0.85
    assert np.mean(steps[:, 0] > 20) < 0.3


COMPLAINTS = [
    (
        lambda folder: make_signs(size=4),
        ValueError,
        "`size` must be at least 16. Received: 4.",
    ),
    (
        lambda folder: make_signs(n_train=0),
        ValueError,
        "`n_train` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: make_signs(n_test=True),
        TypeError,
        "`n_test` must be a whole number. Received: True (bool).",
    ),
    (
        lambda folder: make_signs(seed=-1),
        ValueError,
        "`seed` must be at least 0. Received: -1.",
    ),
    (
        lambda folder: draw_sign(7, 1),
        TypeError,
        "`rng` must be a numpy.random.Generator. Received: 7.",
    ),
    (
        lambda folder: draw_sign(np.random.default_rng(0), 6),
        ValueError,
        "`fingers` must be at most 5. Received: 6.",
    ),
    (
        lambda folder: draw_sign(np.random.default_rng(0), -1),
        ValueError,
        "`fingers` must be at least 0. Received: -1.",
    ),
    (
        lambda folder: draw_sign(np.random.default_rng(0), 1.0),
        TypeError,
        "`fingers` must be a whole number. Received: 1.0 (float).",
    ),
    (
        lambda folder: draw_sign(np.random.default_rng(0), 1, size=15),
        ValueError,
        "`size` must be at least 16. Received: 15.",
    ),
]
test_complaints = complaints_test(COMPLAINTS)
