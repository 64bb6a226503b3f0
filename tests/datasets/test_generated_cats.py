"""Generated pictures of cats and of other things."""

import numpy as np
import pytest

from dlspec.datasets import generated_cats
from dlspec.datasets._drawing import LEVEL_STEP
from dlspec.datasets.files import packaged_file
from dlspec.datasets.generated_cats import draw_cat, draw_other, make_cats
from tests.complaints import complaints_test


@pytest.fixture(scope="module")
def default_set():
    return make_cats()


@pytest.fixture(scope="module")
def many():
    """400 pictures of another seed than the default one."""
    x, y, _, _ = make_cats(n_train=400, n_test=1, size=32, seed=11)
    return x, y[0]


def test_the_default_set_has_the_course_files_shapes_and_dtypes(default_set):
    train_x, train_y, test_x, test_y = default_set
    assert [a.shape for a in default_set] == [(209, 64, 64, 3), (1, 209), (50, 64, 64, 3), (1, 50)]
    assert train_x.dtype == test_x.dtype == np.uint8
    assert train_y.dtype == test_y.dtype == np.int64


def test_half_of_each_split_are_cats(default_set):
    _, train_y, _, test_y = default_set
    for y in (train_y, test_y):
        assert set(np.unique(y)) == {0, 1}
        assert abs(2 * y.sum() - y.size) <= 1


def test_labels_come_in_no_fixed_order(many):
    _, y = many
    assert 0.35 < np.mean(y[0::2]) < 0.65  # one cat in each pair, at either place
    np.testing.assert_array_equal(y[0::2] + y[1::2], 1)


def test_pictures_use_the_range_of_a_photo_and_none_is_blank(default_set):
    x = default_set[0]
    assert x.min() < 10
    assert x.max() > 245
    assert (x.reshape(len(x), -1).std(axis=1) > 4).all()
    assert 60 < x.mean() < 180


def test_the_same_seed_gives_the_same_pictures_and_another_seed_others():
    sizes = {"n_train": 6, "n_test": 3, "size": 16}
    first, again, other = (make_cats(**sizes, seed=s) for s in (3, 3, 4))
    for one, two in zip(first, again, strict=True):
        np.testing.assert_array_equal(one, two)
    assert (first[0] != other[0]).mean() > 0.5


def test_a_longer_set_starts_with_the_shorter_one():
    short = make_cats(n_train=5, n_test=2, size=16)
    long = make_cats(n_train=12, n_test=9, size=16)
    np.testing.assert_array_equal(long[0][:5], short[0])
    np.testing.assert_array_equal(long[1][:, :5], short[1])
    np.testing.assert_array_equal(long[2][:2], short[2])
    np.testing.assert_array_equal(long[3][:, :2], short[3])


def test_levels_are_even(default_set):
    assert not (default_set[0] % LEVEL_STEP).any()


def test_no_two_pictures_are_alike_within_or_across_the_splits(default_set):
    train_x, _, test_x, _ = default_set
    flat = np.concatenate([train_x, test_x])[:, ::8, ::8].reshape(259, -1)
    assert len(np.unique(flat, axis=0)) == 259


@pytest.mark.parametrize("size", [16, 33, 96])
def test_other_sizes(size):
    train_x, _, test_x, _ = make_cats(n_train=3, n_test=1, size=size)
    assert train_x.shape == (3, size, size, 3)
    assert test_x.shape == (1, size, size, 3)


@pytest.mark.parametrize("draw", [draw_cat, draw_other])
def test_the_size_changes_the_resolution_and_not_the_scene(draw):
    """A picture of 96 pixels, averaged 3 x 3, is about that of 32 pixels: only noise differs."""
    for seed in range(6):
        small = draw(np.random.default_rng(seed), 32).astype(float)
        large = draw(np.random.default_rng(seed), 96).astype(float)
        shrunk = large.reshape(32, 3, 32, 3, 3).mean(axis=(1, 3))
        assert np.abs(small - shrunk).mean() < 9
        stranger = draw(np.random.default_rng(seed + 100), 32)
        assert np.abs(small - stranger).mean() > 18


def test_the_global_generator_is_left_alone():
    np.random.seed(5)
    expected = np.random.rand()
    np.random.seed(5)
    make_cats(n_train=2, n_test=1, size=16)
    assert np.random.rand() == expected


def test_a_label_says_which_function_drew_the_picture():
    """Child 0 of a split's stream orders the labels, child i + 1 draws picture i."""
    x, y, _, _ = make_cats(n_train=6, n_test=1, size=16, seed=2)
    train, _ = np.random.SeedSequence(2).spawn(2)
    for picture, label, child in zip(x, y[0], train.spawn(7)[1:], strict=True):
        draw = draw_cat if label else draw_other
        np.testing.assert_array_equal(picture, draw(np.random.default_rng(child), 16))


@pytest.mark.parametrize(
    "kind",
    [
        *generated_cats.CAT_POSES,
        *{
            k: None
            for kinds in generated_cats.OTHER_KINDS
            for k in kinds
            if k.__name__ != "_nothing"
        },
    ],
    ids=lambda kind: kind.__name__.strip("_"),
)
def test_every_subject_changes_what_is_seen(kind):
    scene = generated_cats.new_scene(np.random.default_rng(4), 32)
    before = scene.brush.rgb.copy()
    kind(scene)
    assert np.isfinite(scene.brush.rgb).all()
    changed = np.abs(scene.brush.rgb - before).max(axis=2) > 0.05
    assert changed.mean() > 0.08


def held_out_share_right(features, y):
    """Least-squares rule of either half, tried on the other half."""
    columns = np.column_stack([features, np.ones(len(y))])
    right = 0
    for own, other in (
        (slice(0, None, 2), slice(1, None, 2)),
        (slice(1, None, 2), slice(0, None, 2)),
    ):
        rule, *_ = np.linalg.lstsq(columns[own], 2.0 * y[own] - 1.0)
        right += np.sum((columns[other] @ rule > 0) == y[other])
    return right / len(y)


def test_mean_colours_do_not_tell_cats_from_others(many):
    x, y = many
    means = x.mean(axis=(1, 2)) / 255
    # By quadruples, so that the order inside a pair carries nothing from half to half.
    order = np.arange(len(y)).reshape(-1, 4)[:, [0, 2, 1, 3]].ravel()
    assert held_out_share_right(means[order], y[order]) < 0.65
    for channel in (*means.T, means.mean(axis=1)):
        shares = [np.mean((channel > t) == y) for t in np.quantile(channel, np.linspace(0, 1, 41))]
        assert max(max(shares), 1 - min(shares)) < 0.65


def test_subjects_are_lighter_or_darker_than_their_background(many):
    """Both polarities are common in both classes: one linear template is not enough."""
    x, y = many
    light = x.mean(axis=3)
    border = (light[:, :3].mean(axis=(1, 2)) + light[:, :, :2].mean(axis=(1, 2))) / 2
    lighter = light[:, 10:26, 10:22].mean(axis=(1, 2)) > border
    for label in (0, 1):
        assert 0.25 < lighter[y == label].mean() < 0.75


def test_the_file_that_comes_with_us_is_the_default_set(default_set):
    h5py = pytest.importorskip("h5py")
    train_x, train_y, test_x, test_y = default_set
    path = packaged_file("data", "generated_cats.h5")
    assert path.stat().st_size < 2_500_000
    with h5py.File(path) as file:
        assert set(file) == {
            "train_set_x", "train_set_y", "test_set_x", "test_set_y", "list_classes"
        }  # fmt: skip
        assert file["list_classes"][:].tolist() == [b"non-cat", b"cat"]
        for name, x, y in (("train", train_x, train_y), ("test", test_x, test_y)):
            stored_x, stored_y = file[f"{name}_set_x"][:], file[f"{name}_set_y"][:]
            assert stored_x.dtype == np.uint8
            assert stored_y.dtype == np.int64
            # Another processor may round to the next level, and once in a blue moon put a
            # canvas pixel on the other side of a hard edge.
            steps = np.abs(stored_x.astype(int) - x) / LEVEL_STEP
            assert np.mean(steps > 1) < 1e-5
            assert np.mean(steps > 0) < 0.01
            np.testing.assert_array_equal(stored_y, y[0])


COMPLAINTS = [
    (
        lambda folder: make_cats(size=4),
        ValueError,
        "`size` must be at least 16. Received: 4.",
    ),
    (
        lambda folder: make_cats(size=64.0),
        TypeError,
        "`size` must be a whole number. Received: 64.0 (float).",
    ),
    (
        lambda folder: make_cats(n_train=0),
        ValueError,
        "`n_train` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: make_cats(n_test=True),
        TypeError,
        "`n_test` must be a whole number. Received: True (bool).",
    ),
    (
        lambda folder: make_cats(seed=-1),
        ValueError,
        "`seed` must be at least 0. Received: -1.",
    ),
    (
        lambda folder: draw_cat(np.random.default_rng(0), size="64"),
        TypeError,
        "`size` must be a whole number. Received: '64' (str).",
    ),
    (
        lambda folder: draw_other(np.random.default_rng(0), size=15),
        ValueError,
        "`size` must be at least 16. Received: 15.",
    ),
    (
        lambda folder: draw_cat(7),
        TypeError,
        "`rng` must be a numpy.random.Generator. Received: 7.",
    ),
    (
        lambda folder: draw_other(None),
        TypeError,
        "`rng` must be a numpy.random.Generator. Received: None.",
    ),
]
test_complaints = complaints_test(COMPLAINTS)
