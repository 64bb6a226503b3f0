"""Handwritten digits."""

import numpy as np
import pytest

from dlspec._complaints import InvalidType, InvalidValue
from dlspec.datasets import load_digits
from dlspec.testing import assert_close
from tests.complaints import complaints_test

UCI_COUNTS = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
"""Digits 0 to 9 of the testing set, from optdigits.names of the UCI repository."""


def test_every_digit_occurs_as_often_as_its_authors_say():
    assert_close(load_digits().Y.sum(axis=1), UCI_COUNTS)


def test_columns_are_pictures_from_paper_to_ink():
    X, Y, source, files = load_digits()
    assert X.shape == (64, 1797)
    assert Y.shape == (10, 1797)
    assert (X.min(), X.max()) == (0, 1)
    assert set(np.unique(16 * X)) == set(range(17))
    assert (Y.sum(axis=0) == 1).all()
    assert (source, files) == ("scikit-learn's digits", ())


def test_columns_agree_with_the_pictures_of_scikit_learn():
    from sklearn import datasets

    theirs, (X, Y, *_) = datasets.load_digits(), load_digits()
    assert_close(16 * X[:, 7].reshape(8, 8), theirs.images[7])
    assert (Y.argmax(axis=0) == theirs.target).all()


def test_a_zero_is_an_empty_ring():
    picture = load_digits().X[:, 0].reshape(8, 8)
    assert picture[3:5, 3:5].max() < 0.1 < picture[3:5, [2, 5]].min()


def test_the_parts_of_a_split_make_up_the_whole():
    digits = load_digits()
    X_train, Y_train, X_test, Y_test = digits.split(test=97, seed=3)
    both = np.vstack([np.hstack([X_train, X_test]), np.hstack([Y_train, Y_test])])
    whole = np.vstack([digits.X, digits.Y])
    assert_close(both[:, np.lexsort(both)], whole[:, np.lexsort(whole)], rtol=0)


@pytest.mark.parametrize("part", [0, 2])
def test_splits_repeat_for_a_seed(part):
    digits = load_digits()
    assert_close(digits.split(seed=4)[part], digits.split(seed=4)[part], rtol=0)
    assert not np.allclose(digits.split(seed=4)[part], digits.split(seed=5)[part])


COMPLAINTS = [
    (
        lambda folder: load_digits().split(test=0),
        InvalidValue,
        "`test` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: load_digits().split(test=1797),
        InvalidValue,
        "`test` must be less than the 1797 digits. Received: 1797.",
    ),
    (
        lambda folder: load_digits().split(seed=0.5),
        InvalidType,
        "`seed` must be a whole number. Received: 0.5 (float).",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
