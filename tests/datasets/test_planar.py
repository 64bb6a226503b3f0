"""Points in the plane."""

import numpy as np

from dlspec.datasets.planar import make_flower, make_planar_sets
from dlspec.testing import assert_close
from tests.complaints import complaints_test


def test_the_flower_follows_its_equation_from_the_legacy_seed():
    """Point 0 of class 0, by hand: the first normal number turns it, the 201st moves it."""
    random = np.random.RandomState(1)
    angles, radii = random.randn(200), random.randn(200)
    t = 0.0 + 0.2 * angles[0]
    r = 4 * np.sin(4 * t) + 0.2 * radii[0]
    X, Y = make_flower()
    assert_close(X[:, 0], np.array([r * np.sin(t), r * np.cos(t)]), rtol=1e-14)
    assert_close(Y.sum(axis=1), [200])
    assert (Y[0, :200] == 0).all()


def test_the_flower_leaves_the_global_generator_alone():
    np.random.seed(5)
    expected = np.random.rand()
    np.random.seed(5)
    make_flower()
    assert np.random.rand() == expected


def test_flowers_differ_by_seed_and_have_the_size_asked_for():
    X, Y = make_flower(m=101, seed=2)
    assert X.shape == (2, 100)
    assert Y.shape == (1, 100)
    assert not np.allclose(X, make_flower(m=100, seed=3)[0])


def test_planar_sets_are_four_with_two_classes_each():
    sets = make_planar_sets(m=60)
    assert list(sets) == ["noisy circles", "noisy moons", "blobs", "gaussian quantiles"]
    for X, Y in sets.values():
        assert X.shape == (2, 60)
        assert X.dtype == np.float64
        assert Y.shape == (1, 60)
        assert set(np.unique(Y)) == {0, 1}


def test_planar_sets_repeat_for_a_seed():
    again = make_planar_sets(seed=4)
    for name, (X, _) in make_planar_sets(seed=4).items():
        assert_close(X, again[name][0], rtol=0)
        assert not np.allclose(X, make_planar_sets(seed=5)[name][0])


COMPLAINTS = [
    (
        lambda folder: make_flower(m=1),
        ValueError,
        "`m` must be at least 2. Received: 1.",
    ),
    (
        lambda folder: make_flower(seed=-1),
        ValueError,
        "`seed` must be at least 0. Received: -1.",
    ),
    (
        lambda folder: make_planar_sets(m=9),
        ValueError,
        "`m` must be at least 10. Received: 9.",
    ),
    (
        lambda folder: make_planar_sets(seed=1.5),
        TypeError,
        "`seed` must be a whole number. Received: 1.5 (float).",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
