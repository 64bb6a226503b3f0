"""Generated street scenes: shapes, determinism; labels, boxes, masks and depth agree."""

import numpy as np
import pytest

from dlspec.datasets import generated_streets
from dlspec.datasets._street_drawing import (
    BUILDING,
    FURNITURE,
    PERSON,
    ROAD,
    SKY,
    SKY_DEPTH,
    VEHICLE,
)
from dlspec.datasets.generated_streets import (
    CLASS_NAMES,
    DISTANCES,
    LEAST_SIDE,
    LEAST_VISIBLE,
    LIGHTS,
    MASK_NAMES,
    MOST_OBJECTS,
    VISIBILITY,
    make_street_scenes,
)
from tests.complaints import complaints_test

MASK_OF = {
    "car": VEHICLE,
    "pedestrian": PERSON,
    "cyclist": PERSON,
    "traffic light": FURNITURE,
    "stop sign": FURNITURE,
}


@pytest.fixture(scope="module")
def many():
    """120 scenes of the default size, of another seed than the default one."""
    return make_street_scenes(120, seed=5)


@pytest.fixture(scope="module")
def weathers():
    """The same 60 scenes, clear and in fog."""
    return [make_street_scenes(60, height=48, width=64, seed=9, fog=fog) for fog in (0.0, 1.0)]


# --- Form -----------------------------------------------------------------------------------------


def test_shapes_and_types(many):
    assert len(many) == 120
    assert many.images.shape == (120, 96, 128, 3)
    assert many.images.dtype == many.masks.dtype == many.labels.dtype == np.uint8
    assert many.depth.shape == many.masks.shape == (120, 96, 128)
    assert many.depth.dtype == many.visibility.dtype == np.float32
    assert many.labels.shape == (120, 5)
    assert many.class_names == CLASS_NAMES
    assert len(many.mask_names) == 8
    for boxes, classes, visible, distances in zip(
        many.boxes, many.box_classes, many.box_visible, many.box_distances, strict=True
    ):
        assert boxes.shape == (len(classes), 4)
        assert visible.shape == distances.shape == classes.shape
        assert (boxes.dtype, classes.dtype) == (np.float32, np.int64)
        assert visible.dtype == distances.dtype == np.float32


def test_the_same_seed_gives_the_same_scenes_and_another_seed_others():
    first, again, other = (make_street_scenes(4, height=48, width=64, seed=s) for s in (3, 3, 4))
    for name in ("images", "depth", "masks", "labels", "visibility"):
        np.testing.assert_array_equal(getattr(first, name), getattr(again, name))
    assert (first.images != other.images).mean() > 0.5


def test_a_longer_set_starts_with_the_shorter_one():
    short, long = (make_street_scenes(m, height=48, width=64) for m in (3, 7))
    for name in ("images", "depth", "masks", "labels", "lights"):
        np.testing.assert_array_equal(getattr(short, name), getattr(long, name)[:3])
    for one, two in zip(short.boxes, long.boxes, strict=False):
        np.testing.assert_array_equal(one, two)


def test_no_two_scenes_are_alike(many):
    flat = many.images[:, ::4, ::4].reshape(len(many), -1)
    assert len(np.unique(flat, axis=0)) == len(many)


def test_the_size_changes_the_resolution_and_not_the_scene():
    small = make_street_scenes(4, height=48, width=64, seed=2)
    large = make_street_scenes(4, height=144, width=192, seed=2)
    shrunk = large.images.astype(float).reshape(4, 48, 3, 64, 3, 3).mean(axis=(2, 4))
    assert np.abs(shrunk - small.images).mean() < 9
    assert np.abs(shrunk - small.images[::-1]).mean() > 25
    # An object of a few pixels may count in one size and not in the other.
    assert (small.labels != large.labels).sum() <= 1
    for one, two in zip(small.boxes, large.boxes, strict=True):
        if len(one) == len(two):
            np.testing.assert_allclose(3 * one, two, atol=4)


@pytest.mark.parametrize(("height", "width"), [(32, 32), (33, 47), (40, 120)])
def test_other_sizes(height, width):
    scenes = make_street_scenes(2, height=height, width=width, fog=0.5)
    assert scenes.images.shape == (2, height, width, 3)


def test_the_global_generator_is_left_alone():
    np.random.seed(5)
    expected = np.random.rand()
    np.random.seed(5)
    make_street_scenes(1, height=32, width=32)
    assert np.random.rand() == expected


def test_pictures_use_the_range_of_a_photo(many):
    assert many.images.min() < 20
    assert many.images.max() > 245
    assert (many.images.reshape(len(many), -1).std(axis=1) > 5).all()


# --- What is in a scene ---------------------------------------------------------------------------


def test_labels_are_the_kinds_of_the_boxes(many):
    for label, classes in zip(many.labels, many.box_classes, strict=True):
        np.testing.assert_array_equal(label, np.isin(np.arange(5), classes))


def test_there_are_at_most_six_objects_and_each_kind_in_about_half_of_the_scenes(many):
    counts = [len(boxes) for boxes in many.boxes]
    assert max(counts) <= MOST_OBJECTS
    assert np.mean(counts) > 2
    shares = many.labels.mean(axis=0)
    assert (shares > 0.25).all()
    assert (shares < 0.75).all()


def test_one_label_tells_little_about_another(many):
    correlations = np.corrcoef(many.labels.T.astype(float))
    assert np.abs(correlations[~np.eye(5, dtype=bool)]).max() < 0.35


def test_boxes_lie_in_the_picture_and_are_no_specks(many):
    for boxes, visible in zip(many.boxes, many.box_visible, strict=True):
        x1, y1, x2, y2 = boxes.T
        assert (x1 >= 0).all()
        assert (y1 >= 0).all()
        assert (x2 <= 128).all()
        assert (y2 <= 96).all()
        assert (np.maximum(x2 - x1, y2 - y1) >= LEAST_SIDE * 96).all()
        assert (visible >= LEAST_VISIBLE).all()
        assert (visible <= 1).all()


def test_a_box_holds_pixels_of_its_class_at_its_distance(many):
    """As many of them as the visible share of a thing that fills the box loosely."""
    for i in range(len(many)):
        for corners, kind, z in zip(
            many.boxes[i], many.box_classes[i], many.box_distances[i], strict=True
        ):
            x1, y1, x2, y2 = corners.astype(int)
            part = many.masks[i, y1:y2, x1:x2] == MASK_OF[CLASS_NAMES[kind]]
            at_distance = np.abs(many.depth[i, y1:y2, x1:x2] - z) < 1e-3
            assert (part & at_distance).mean() > 0.04
            beside = (many.masks[i] == MASK_OF[CLASS_NAMES[kind]]) & (
                np.abs(many.depth[i] - z) < 1e-3
            )
            assert beside.sum() == (part & at_distance).sum()


def test_boxes_are_listed_from_far_to_near_within_the_ranges(many):
    for classes, distances in zip(many.box_classes, many.box_distances, strict=True):
        assert (np.diff(distances) <= 0).all()
        for kind, z in zip(classes, distances, strict=True):
            assert z > DISTANCES[CLASS_NAMES[kind]][0] - 0.1
            assert z < 60


def test_some_objects_are_partly_hidden_and_hidden_ones_do_not_count(many, monkeypatch):
    visible = np.concatenate(many.box_visible)
    assert 0.05 < np.mean(visible < 0.9) < 0.5
    monkeypatch.setattr(generated_streets, "LEAST_VISIBLE", 0.0)
    everything = make_street_scenes(40, seed=5)
    np.testing.assert_array_equal(everything.images, many.images[:40])
    extra = sum(map(len, everything.boxes)) - sum(map(len, many.boxes[:40]))
    hidden = np.concatenate(everything.box_visible) < LEAST_VISIBLE
    assert hidden.sum() == extra > 0


def test_masks_and_depth_agree(many):
    assert (many.depth[many.masks == SKY] == SKY_DEPTH).all()
    assert many.depth[many.masks != SKY].max() < 200
    assert many.depth.min() > 1
    shares = np.bincount(many.masks.ravel(), minlength=8) / many.masks.size
    assert len(MASK_NAMES) == len(shares) == 8
    assert (shares > 0.004).all()
    assert shares[[SKY, ROAD, BUILDING]].min() > 0.05
    # A row of road is nearer the lower it is.
    rows = np.where(many.masks == ROAD, many.depth, np.nan)
    means = np.nanmean(rows[:, 60:], axis=(0, 2))
    assert (np.diff(means) < 0).all()


def test_nights_are_darker_and_as_many_as_asked_for():
    day, night = (make_street_scenes(25, height=32, width=48, night=n) for n in (0.0, 1.0))
    assert set(day.lights) <= {"day", "dusk"}
    assert set(night.lights) == {"night"}
    assert night.images.mean() < 0.5 * day.images.mean()
    np.testing.assert_array_equal(day.labels, night.labels)
    np.testing.assert_array_equal(day.masks, night.masks)
    mixed = make_street_scenes(100, height=32, width=32, night=0.3)
    assert set(mixed.lights) == set(LIGHTS)
    assert np.mean(mixed.lights == "night") == pytest.approx(0.3, abs=0.12)


# --- Fog ------------------------------------------------------------------------------------------


def test_fog_changes_the_picture_and_nothing_else(weathers):
    clear, foggy = weathers
    for name in ("depth", "masks", "labels", "lights"):
        np.testing.assert_array_equal(getattr(clear, name), getattr(foggy, name))
    for one, two in zip(clear.boxes, foggy.boxes, strict=True):
        np.testing.assert_array_equal(one, two)
    assert np.isinf(clear.visibility).all()
    assert (foggy.visibility > VISIBILITY[0]).all()
    assert (foggy.visibility < VISIBILITY[1]).all()
    assert (clear.images != foggy.images).mean() > 0.8


def kept(clear, foggy, there):
    """Slope of the foggy brightness on the clear one, over the pixels `there`: t as it is seen."""
    x, y = (scene[there].astype(float).mean(axis=-1) for scene in (clear, foggy))
    return np.cov(x, y)[0, 1] / x.var(ddof=1)


def test_fog_takes_contrast_from_far_things_first(weathers):
    """By day, houses and road in three rings around the camera, all scenes together."""
    clear, foggy = weathers
    day = clear.lights == "day"
    depth = clear.depth[day]
    rings = [(depth > low) & (depth < high) for low, high in ((2, 6), (10, 20), (40, 120))]
    near, middle, far = (kept(clear.images[day], foggy.images[day], ring) for ring in rings)
    assert 0.9 > near > middle + 0.1
    assert middle > far + 0.1


def test_the_thicker_the_fog_the_less_is_left(weathers):
    """By day, what is 8 to 20 m away in each scene."""
    clear, foggy = weathers
    day = np.flatnonzero(clear.lights == "day")
    slopes = [
        kept(clear.images[i], foggy.images[i], (clear.depth[i] > 8) & (clear.depth[i] < 20))
        for i in day
    ]
    assert np.corrcoef(np.log(foggy.visibility[day]), slopes)[0, 1] > 0.6


def test_fog_is_not_one_formula(weathers):
    """Least squares of I = a J t + A (1 - t) with the scene's own visibility leave a rest."""
    clear, foggy = weathers
    rests = []
    for i in np.flatnonzero(clear.lights == "day"):
        t = np.exp(-3.912 / foggy.visibility[i] * clear.depth[i])[..., None]
        J, I = clear.images[i] / 255, foggy.images[i] / 255
        columns = np.stack([(J * t).ravel(), np.broadcast_to(1 - t, J.shape).ravel()], axis=1)
        rest = I.ravel() - columns @ np.linalg.lstsq(columns, I.ravel())[0]
        rests.append(rest.std())
    assert np.mean(rests) > 0.03  # of the range; noise alone gives 0.02


def test_a_share_of_the_scenes_is_foggy():
    scenes = make_street_scenes(100, height=32, width=32, fog=0.4)
    assert np.isfinite(scenes.visibility).mean() == pytest.approx(0.4, abs=0.12)


# --- Bad input ------------------------------------------------------------------------------------

COMPLAINTS = [
    (
        lambda folder: make_street_scenes(0),
        ValueError,
        "`count` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: make_street_scenes(2.0),
        TypeError,
        "`count` must be a whole number. Received: 2.0 (float).",
    ),
    (
        lambda folder: make_street_scenes(1, height=31),
        ValueError,
        "`height` must be at least 32. Received: 31.",
    ),
    (
        lambda folder: make_street_scenes(1, width=8),
        ValueError,
        "`width` must be at least 32. Received: 8.",
    ),
    (
        lambda folder: make_street_scenes(1, seed=-1),
        ValueError,
        "`seed` must be at least 0. Received: -1.",
    ),
    (
        lambda folder: make_street_scenes(1, fog=30),
        ValueError,
        "`fog` must be a fraction in [0, 1]. Received: 30. 30 % is 0.3.",
    ),
    (
        lambda folder: make_street_scenes(1, night=-0.1),
        ValueError,
        "`night` must be a fraction in [0, 1]. Received: -0.1.",
    ),
]
test_complaints = complaints_test(COMPLAINTS)
