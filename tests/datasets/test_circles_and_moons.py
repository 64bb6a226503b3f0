"""Rings and half moons."""

import numpy as np

from dlspec.datasets.circles_and_moons import make_circles, make_moons
from dlspec.testing import assert_close
from tests.complaints import complaints_test


def test_circles_are_rings_of_two_sizes():
    X, Y = make_circles()
    radius = np.hypot(*X)
    assert abs(radius[Y[0] == 0].mean() - 1) < 0.02
    assert abs(radius[Y[0] == 1].mean() - 0.8) < 0.02
    assert X.dtype == np.float64
    assert Y.dtype == np.int64
    assert Y.shape == (1, 300)
    assert Y.sum() == 150


def test_moons_are_half_circles_around_two_centres():
    X, Y = make_moons()
    upper, lower = X[:, Y[0] == 0], X[:, Y[0] == 1]
    assert abs(np.hypot(*upper).mean() - 1) < 0.05
    assert abs(np.hypot(lower[0] - 1, lower[1] - 0.5).mean() - 1) < 0.05


def test_they_are_what_the_legacy_seed_gives_and_leave_it_alone():
    """The course sets np.random.seed before it draws."""
    from sklearn import datasets

    for own, draw, seed, options in (
        (make_circles, datasets.make_circles, 1, {"noise": 0.05}),
        (make_moons, datasets.make_moons, 3, {"noise": 0.2}),
    ):
        np.random.seed(seed)
        points, classes = draw(n_samples=300, **options)
        np.random.seed(5)
        X, Y = own()
        after = np.random.rand()
        np.random.seed(5)
        assert after == np.random.rand()
        assert_close(X, points.T, rtol=0)
        assert (Y[0] == classes).all()


COMPLAINTS = [
    (lambda folder: make_circles(1), ValueError, "`m` must be at least 2. Received: 1."),
    (lambda folder: make_moons(seed=-1), ValueError, "`seed` must be at least 0. Received: -1."),
]

test_complaints = complaints_test(COMPLAINTS)
