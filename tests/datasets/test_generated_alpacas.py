"""Generated pictures of alpacas and others, and of kinds to pre-train on."""

import numpy as np
import pytest

from dlspec.datasets import generated_alpacas
from dlspec.datasets._drawing import LEVEL_STEP
from dlspec.datasets.generated_alpacas import (
    BODIES,
    KINDS,
    LOOK_ALIKES,
    POSES,
    draw_alpaca,
    draw_kind,
    draw_no_alpaca,
    kind_names,
    make_alpacas,
    make_kinds,
)
from tests.complaints import complaints_test

MAKERS = [make_alpacas, make_kinds]


@pytest.fixture(scope="module")
def alpacas():
    return make_alpacas(240, size=24, seed=5)


@pytest.fixture(scope="module")
def kinds():
    return make_kinds(78, size=24, seed=5)


def test_shapes_types_and_range(alpacas, kinds):
    for x, y in (alpacas, kinds[:2]):
        assert x.shape == (len(y), 24, 24, 3)
        assert x.dtype == np.uint8
        assert y.dtype == np.int64
        assert not (x % LEVEL_STEP).any()
        assert x.min() < 20
        assert x.max() > 235
        assert (x.reshape(len(x), -1).std(axis=1) > 2).all()
    assert make_alpacas(1)[0].shape == (1, 160, 160, 3)  # the course's size


def test_every_group_in_a_row_shows_every_class_in_no_fixed_order(alpacas, kinds):
    y = alpacas[1]
    np.testing.assert_array_equal(y[0::2] + y[1::2], 1)
    assert 0.3 < y[0::2].mean() < 0.7
    first, second = kinds[1].reshape(2, 39)
    assert sorted(first) == sorted(second) == list(range(39))
    assert (first != second).any()


def test_no_kind_is_an_alpaca_or_one_of_its_look_alikes():
    names = kind_names()
    assert len(names) == len(set(names)) == 39
    assert not set(names) & set(BODIES)
    assert {"dog", "sheep", "car", "forest", "bricks", "tiles only"} <= set(names)
    assert "nothing" not in names


@pytest.mark.parametrize("make", MAKERS)
def test_the_same_seed_gives_the_same_pictures_and_another_seed_others(make):
    first, again, other = (make(4, size=16, seed=s) for s in (3, 3, 4))
    np.testing.assert_array_equal(first[0], again[0])
    np.testing.assert_array_equal(first[1], again[1])
    assert (first[0] != other[0]).mean() > 0.5


@pytest.mark.parametrize("make", MAKERS)
def test_a_longer_set_starts_with_the_shorter_one(make):
    short, long = make(3, size=16), make(7, size=16)
    np.testing.assert_array_equal(long[0][:3], short[0])
    np.testing.assert_array_equal(long[1][:3], short[1])


def test_labels_say_which_function_drew_the_picture():
    """Child 0 of the stream orders the labels, child i + 1 draws picture i.

    The streams of alpacas and of kinds differ with the same seed, so that no background of the
    pre-training stands behind an alpaca of the test set.
    """
    x, y = make_alpacas(4, size=16, seed=2)
    streams = np.random.SeedSequence([2, 2]).spawn(5)[1:]
    for picture, label, stream in zip(x, y, streams, strict=True):
        draw = draw_alpaca if label else draw_no_alpaca
        np.testing.assert_array_equal(picture, draw(np.random.default_rng(stream), 16))
    x, y, _ = make_kinds(2, size=16, seed=2)
    streams = np.random.SeedSequence([2, 39]).spawn(3)[1:]
    for picture, label, stream in zip(x, y, streams, strict=True):
        np.testing.assert_array_equal(picture, draw_kind(np.random.default_rng(stream), label, 16))


def scene_of(seed=4, size=48):
    return generated_alpacas.new_scene(np.random.default_rng(seed), size)


@pytest.mark.parametrize("pose", POSES)
@pytest.mark.parametrize("name", BODIES)
def test_every_animal_fills_much_of_the_picture(name, pose):
    scene = scene_of()
    before = scene.brush.rgb.copy()
    pose(scene, BODIES[name])
    assert np.isfinite(scene.brush.rgb).all()
    changed = np.abs(scene.brush.rgb - before).max(axis=2) > 0.05
    assert 0.1 < changed.mean() < 0.8


@pytest.mark.parametrize("name", [name for name in KINDS if "only" in name])
def test_textures_cover_everything(name):
    scene = scene_of()
    before = scene.brush.rgb.copy()
    KINDS[name](scene)
    assert (np.abs(scene.brush.rgb - before).max(axis=2) > 0).mean() > 0.95


@pytest.mark.parametrize("pose", POSES)
@pytest.mark.parametrize("name", LOOK_ALIKES)
def test_look_alikes_differ_from_an_alpaca_in_the_same_pose(name, pose):
    pictures = []
    for body in (BODIES["alpaca"], BODIES[name]):
        scene = scene_of(seed=6)
        pose(scene, body)
        pictures.append(scene.brush.rgb.copy())
    differs = np.abs(pictures[0] - pictures[1]).max(axis=2) > 0.05
    assert 0.02 < differs.mean() < 0.6


def test_the_size_changes_the_resolution_and_not_the_scene():
    for draw in (draw_alpaca, draw_no_alpaca):
        for seed in range(3):
            small = draw(np.random.default_rng(seed), 24).astype(float)
            large = draw(np.random.default_rng(seed), 72).astype(float)
            shrunk = large.reshape(24, 3, 24, 3, 3).mean(axis=(1, 3))
            assert np.abs(small - shrunk).mean() < 9


def held_out_share_right(features, y):
    """Least-squares rule of either half, tried on the other half."""
    columns = np.column_stack([features, np.ones(len(y))])
    halves = np.arange(len(y)) % 4 < 2  # whole pairs, so that the order inside one tells nothing
    right = 0
    for own in (halves, ~halves):
        rule, *_ = np.linalg.lstsq(columns[own], 2.0 * y[own] - 1.0)
        right += np.sum((columns[~own] @ rule > 0) == y[~own])
    return right / len(y)


def test_mean_colours_do_not_tell_alpacas_from_others(alpacas):
    x, y = alpacas
    assert held_out_share_right(x.mean(axis=(1, 2)) / 255, y) < 0.65
    assert held_out_share_right(x.std(axis=(1, 2)) / 255, y) < 0.65


def test_pixels_alone_do_not_solve_it(alpacas):
    """A linear rule on coarse pixels stays far from perfect: there is something to learn."""
    x, y = alpacas
    coarse = x.reshape(-1, 6, 4, 6, 4, 3).mean(axis=(2, 4, 5)).reshape(len(y), -1) / 255
    assert held_out_share_right(coarse, y) < 0.75


def test_the_global_generator_is_left_alone():
    np.random.seed(5)
    expected = np.random.rand()
    np.random.seed(5)
    make_alpacas(2, size=16)
    make_kinds(2, size=16)
    assert np.random.rand() == expected


def rng():
    return np.random.default_rng(0)


COMPLAINTS = [
    (
        lambda folder: make_alpacas(0),
        ValueError,
        "`count` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: make_alpacas(4, size=64.0),
        TypeError,
        "`size` must be a whole number. Received: 64.0 (float).",
    ),
    (
        lambda folder: make_kinds(4, size=15),
        ValueError,
        "`size` must be at least 16. Received: 15.",
    ),
    (
        lambda folder: make_kinds(4, seed=-1),
        ValueError,
        "`seed` must be at least 0. Received: -1.",
    ),
    (
        lambda folder: draw_alpaca(7),
        TypeError,
        "`rng` must be a numpy.random.Generator. Received: 7.",
    ),
    (
        lambda folder: draw_no_alpaca(rng(), size=4),
        ValueError,
        "`size` must be at least 16. Received: 4.",
    ),
    (
        lambda folder: draw_kind(rng(), 39),
        ValueError,
        "`kind` must be less than 39, the kinds. Received: 39.",
    ),
    (
        lambda folder: draw_kind(rng(), -1),
        ValueError,
        "`kind` must be at least 0. Received: -1.",
    ),
]
test_complaints = complaints_test(COMPLAINTS)
