"""Generated people: who is who, however many are asked for, and never the same pixels."""

import numpy as np
import pytest

from dlspec.datasets import generated_people
from dlspec.datasets._drawing import LEVEL_STEP
from dlspec.datasets.generated_people import make_people
from tests.complaints import complaints_test


@pytest.fixture(scope="module")
def people():
    """120 pictures; small ones will do for what is asked here."""
    return make_people(people=30, pictures=4, size=16)


@pytest.fixture
def drawn(monkeypatch):
    """(identity, view, expression) of every picture that is asked for, instead of pictures."""
    asked = []

    def remember(who, view, does, size, rng):
        asked.append((who, view, does))
        return np.zeros((size, size, 3), np.uint8)

    monkeypatch.setattr(generated_people, "draw_face", remember)
    return asked


def test_shapes_and_levels(people):
    x, y = people
    assert x.shape == (120, 16, 16, 3)
    assert x.dtype == np.uint8
    np.testing.assert_array_equal(y, np.repeat(np.arange(30), 4), strict=True)
    assert x.min() < 30
    assert x.max() > 245
    assert not (x % LEVEL_STEP).any()
    assert len(np.unique(x.reshape(120, -1), axis=0)) == 120


def test_a_person_is_the_same_however_many_are_drawn(people):
    x, _ = people
    few, y = make_people(people=2, pictures=3, size=16, start=5)
    assert y.tolist() == [5, 5, 5, 6, 6, 6]
    np.testing.assert_array_equal(few, x.reshape(30, 4, 16, 16, 3)[5:7, :3].reshape(few.shape))
    assert (make_people(2, 3, 16, seed=2, start=5)[0] != few).mean() > 0.5


def test_one_identity_in_other_places_every_time(drawn):
    make_people(people=20, pictures=5, size=16)
    identities = [who for who, _, _ in drawn]
    assert len(set(identities)) == 20
    assert all(len(set(identities[i : i + 5])) == 1 for i in range(0, 100, 5))
    for value in ("scene", "yaw", "exposure", "light", "clothes", "scale"):
        assert len({getattr(view, value) for _, view, _ in drawn}) == 100, value
    assert len({does for _, _, does in drawn}) == 100


def test_poses_covers_and_expressions_vary_as_much_as_they_should(drawn):
    make_people(people=100, pictures=5, size=16)
    views = [view for _, view, _ in drawn]
    assert 0.18 < np.mean([view.cover != "none" for view in views]) < 0.30
    assert 0.12 < np.std([view.yaw for view in views]) < 0.20
    assert 0.3 < np.mean([view.mirrored for view in views]) < 0.7
    assert 0.3 < np.mean([does.smile > 0.3 for _, _, does in drawn]) < 0.5
    assert 0.70 < np.median([view.scale for view in views]) < 0.90


def test_pixels_do_not_tell_who_is_who(people):
    """The nearest other picture is the person's for less than a third of the pictures."""
    x, y = people
    flat = x.reshape(len(x), -1).astype(float)
    d = np.sum((flat[:, None] - flat[None]) ** 2, axis=-1)
    np.fill_diagonal(d, np.inf)
    assert 1.5 / 30 < np.mean(y[d.argmin(axis=1)] == y) < 1 / 3


def test_mean_colours_tell_a_little(people):
    """Skin and hair are part of a person, light is not."""
    x, _ = people
    means = x[:, 4:12, 4:12].mean(axis=(1, 2)).reshape(30, 4, 3)
    between, within = means.mean(axis=1).var(axis=0).mean(), means.var(axis=1).mean()
    assert 0.1 * within < between < 3 * within


COMPLAINTS = [
    (lambda _: make_people(0), ValueError, "`people` must be at least 1. Received: 0."),
    (lambda _: make_people(1, 0), ValueError, "`pictures` must be at least 1. Received: 0."),
    (lambda _: make_people(1, 1, 15), ValueError, "`size` must be at least 16. Received: 15."),
    (lambda _: make_people(1, 1, 16, -1), ValueError, "`seed` must be at least 0. Received: -1."),
    (
        lambda _: make_people(1, 1, 16, 1, 0.5),
        TypeError,
        "`start` must be a whole number. Received: 0.5 (float).",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
