"""Generated pictures of a city, with or without birds."""

import numpy as np
import pytest

from dlspec.datasets import generated_birds
from dlspec.datasets._drawing import LEVEL_STEP, blank
from dlspec.datasets.generated_birds import KINDS, draw_bird_scene, make_birds
from tests.complaints import complaints_test

each_kind = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture(scope="module")
def many():
    """150 pictures of each kind, of another seed than the default one."""
    return {kind: make_birds(150, kind=kind, size=32, seed=11) for kind in KINDS}


def generator(seed=0):
    return np.random.default_rng(seed)


@each_kind
def test_shapes_types_and_shares(many, kind):
    x, y = many[kind]
    assert x.shape == (150, 32, 32, 3)
    assert y.shape == (1, 150)
    assert x.dtype == np.uint8
    assert y.dtype == np.int64
    np.testing.assert_array_equal(y.reshape(-1, 10).sum(axis=1), [3] * 15)


@each_kind
def test_the_order_within_ten_pictures_is_random(many, kind):
    assert len(np.unique(many[kind][1].reshape(-1, 10), axis=0)) > 10


@each_kind
def test_pictures_use_the_range_of_a_photo_and_none_is_blank(many, kind):
    x, _ = many[kind]
    assert x.min() < 30
    assert x.max() > 225
    assert (x.reshape(len(x), -1).std(axis=1) > 3).all()
    assert not (x % LEVEL_STEP).any()


@each_kind
def test_the_same_seed_gives_the_same_pictures_and_another_seed_others(kind):
    first, again, other = (make_birds(6, kind=kind, size=16, seed=s) for s in (3, 3, 4))
    for one, two in zip(first, again, strict=True):
        np.testing.assert_array_equal(one, two)
    assert (first[0] != other[0]).mean() > 0.5


@each_kind
def test_a_longer_set_starts_with_the_shorter_one(kind):
    short, long = (make_birds(n, kind=kind, size=16) for n in (5, 23))
    np.testing.assert_array_equal(long[0][:5], short[0])
    np.testing.assert_array_equal(long[1][:, :5], short[1])


def test_no_two_pictures_are_alike_within_or_across_the_kinds(many):
    flat = np.concatenate([x for x, _ in many.values()])[:, ::4, ::4].reshape(300, -1)
    assert len(np.unique(flat, axis=0)) == 300


@each_kind
def test_a_label_says_whether_there_are_birds(kind):
    """Child 0 of a kind's stream orders the labels, child i + 1 draws picture i."""
    x, y = make_birds(6, kind=kind, size=16, seed=2)
    stream = np.random.SeedSequence(2).spawn(2)[KINDS.index(kind)]
    for picture, bird, child in zip(x, y[0].tolist(), stream.spawn(7)[1:], strict=True):
        drawn = draw_bird_scene(np.random.default_rng(child), bool(bird), kind, 16)
        np.testing.assert_array_equal(picture, drawn)


@each_kind
def test_the_size_changes_the_resolution_and_not_the_scene(kind):
    """A picture of 96 pixels, averaged 3 x 3, is about that of 32 pixels: only noise differs."""
    for seed in range(3):
        small, large = (
            draw_bird_scene(generator(seed), True, kind, size).astype(float) for size in (32, 96)
        )
        shrunk = large.reshape(32, 3, 32, 3, 3).mean(axis=(1, 3))
        assert np.abs(small - shrunk).mean() < 6
        stranger = draw_bird_scene(generator(seed + 100), True, kind, 32)
        assert np.abs(small - stranger).mean() > 12


@pytest.mark.parametrize("size", [17, 33])
def test_odd_sizes(size):
    assert draw_bird_scene(generator(), True, size=size).shape == (size, size, 3)


def test_the_global_generator_is_left_alone():
    np.random.seed(5)
    expected = np.random.rand()
    np.random.seed(5)
    make_birds(2, size=16)
    assert np.random.rand() == expected


# --- What a picture shows -------------------------------------------------------------------------


@each_kind
def test_birds_are_all_that_differs_between_the_classes(kind):
    """The same stream with and without birds: most of the picture is the same to the last bit."""
    for seed in range(8):
        without, birds = (draw_bird_scene(generator(seed), bird, kind, 48) for bird in (0, 1))
        changed = (without != birds).any(axis=2)
        assert 0.003 < changed.mean() < 0.8
        assert not changed[:2].all()


def test_birds_are_where_the_label_says_so(monkeypatch):
    """Magenta birds and nothing else in the air: magenta pixels with birds, none without."""
    magenta = (1.0, 0.0, 1.0)
    monkeypatch.setattr(generated_birds, "SPECIES", [[magenta] * 3] * 7)
    monkeypatch.setattr(generated_birds, "THINGS", (1.0,))
    x, y = make_birds(30, kind="citizens", size=24)
    red, green, blue = np.moveaxis(x.astype(int), 3, 0)
    share = ((red > green + 50) & (blue > green + 50)).mean(axis=(1, 2))
    assert share[y[0] == 0].max() == 0
    assert np.mean(share[y[0] == 1] > 0) > 0.7  # against the light some are dark


def changed_share(kind, seeds=range(12)):
    """How much of a picture birds cover, on average."""
    pairs = ([draw_bird_scene(generator(s), b, kind, 32) for b in (False, True)] for s in seeds)
    return np.mean([np.abs(a.astype(int) - b).max(axis=2).mean() for a, b in pairs])


def test_citizens_stand_nearer():
    assert changed_share("citizens") > 2 * changed_share("city")


def test_security_cameras_are_greyer_than_phones(many):
    colour = {kind: np.ptp(x.astype(int), axis=3).mean() for kind, (x, _) in many.items()}
    assert colour["city"] < 0.5 * colour["citizens"]


def test_mean_colours_do_not_tell_birds(many):
    """Least squares on the mean colour, learnt on one half and tried on the other."""
    for x, y in many.values():
        means = np.column_stack([x.mean(axis=(1, 2)) / 255, np.ones(len(x))])
        rule, *_ = np.linalg.lstsq(means[:75], y[0, :75].astype(float))
        called = means[75:] @ rule > 0.5
        assert np.mean(called == y[0, 75:]) < 0.8  # always "no bird" is right in 0.7


@pytest.mark.parametrize("pose", [*generated_birds.FLYING, generated_birds._perched])
def test_every_pose_is_one_connected_bird_of_about_unit_length(pose):
    """On a black canvas: painted pixels hang together and span about as far as a bird is long."""
    for seed in range(5):
        canvas = blank(32, (0.0, -1.0), 0.3)
        white = generated_birds._Plumage(*(np.ones(3) for _ in "abc"))
        pose(canvas.at(0.0, 0.0, 0.5), generator(seed), white)
        inked = canvas.rgb.max(axis=2) > 0.3
        rows, columns = (np.flatnonzero(inked.any(axis=axis)) for axis in (1, 0))
        extent = max(np.ptp(rows), np.ptp(columns)) * canvas.pixel / 0.5
        assert 0.5 < extent < 2.6
        assert pieces(inked) == 1


def pieces(mask):
    """Number of connected parts, by flooding from one pixel after the other."""
    free, count = np.pad(mask, 1), 0
    while free.any():
        count += 1
        reached = np.zeros_like(free)
        reached.flat[np.argmax(free)] = True
        while True:
            grown = reached.copy()
            for axis in (0, 1):
                for step in (1, -1):
                    grown |= np.roll(grown, step, axis)
            grown &= free
            if np.array_equal(grown, reached):
                break
            reached = grown
        free &= ~reached
    return count


def test_a_shaken_picture_keeps_its_mean_and_loses_its_edges():
    photo = np.zeros((32, 32, 3), np.float32)
    photo[14:18, 14:18] = 1.0
    shaken = generated_birds._shake(photo, 0.125, 0.0)
    np.testing.assert_allclose(shaken.sum(), photo.sum(), rtol=1e-6)
    np.testing.assert_allclose(shaken[16, 11:16, 0], [0, 0.2, 0.4, 0.6, 0.8], rtol=1e-6)
    assert shaken.max() <= 1.0


@pytest.mark.parametrize("odds", ["SPECIES_ODDS", "AIRBORNE_ODDS", "THINGS"])
def test_odds_add_up_to_one(odds):
    assert sum(getattr(generated_birds, odds)) == pytest.approx(1.0)


def test_there_are_odds_for_everything():
    assert len(generated_birds.SPECIES) == len(generated_birds.SPECIES_ODDS)
    assert len(generated_birds.AIRBORNE) == len(generated_birds.AIRBORNE_ODDS)


COMPLAINTS = [
    (
        lambda folder: make_birds(0),
        ValueError,
        "`count` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: make_birds(10, size=15),
        ValueError,
        "`size` must be at least 16. Received: 15.",
    ),
    (
        lambda folder: make_birds(10, seed=-1),
        ValueError,
        "`seed` must be at least 0. Received: -1.",
    ),
    (
        lambda folder: make_birds(10, kind="citizen"),
        ValueError,
        "`kind` must be a known name. Received: 'citizen'. Did you mean citizens? "
        "Known: city, citizens.",
    ),
    (
        lambda folder: make_birds(True),
        TypeError,
        "`count` must be a whole number. Received: True (bool).",
    ),
    (
        lambda folder: draw_bird_scene(7, True),
        TypeError,
        "`rng` must be a numpy.random.Generator. Received: 7.",
    ),
    (
        lambda folder: draw_bird_scene(np.random.default_rng(0), True, "zoo"),
        ValueError,
        "`kind` must be a known name. Received: 'zoo'. Known: city, citizens.",
    ),
    (
        lambda folder: draw_bird_scene(np.random.default_rng(0), True, size=8),
        ValueError,
        "`size` must be at least 16. Received: 8.",
    ),
]
test_complaints = complaints_test(COMPLAINTS)
