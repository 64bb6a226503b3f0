"""Loading hand signs: what every photo set does, columns, and the course's own photos."""

import numpy as np
import pytest

from dlspec.datasets.generated_signs import make_signs
from dlspec.datasets.signs import COURSE_FILES, load_signs
from tests.complaints import complaints_test
from tests.datasets.photo_sets import PhotoSetTests, photo_set_complaints


class TestSigns(PhotoSetTests):
    loader, make = staticmethod(load_signs), staticmethod(make_signs)
    names, classes = COURSE_FILES, 6

    def test_columns_are_pictures_and_one_hot_labels(self):
        signs = self.load()
        X_train, Y_train, X_test, Y_test = signs.as_columns()
        assert (X_train.shape, X_test.shape) == ((12288, 12), (12288, 6))
        np.testing.assert_array_equal(X_test[:, 1], signs.test_x[1].ravel() / 255)
        for Y, y in ((Y_train, signs.train_y), (Y_test, signs.test_y)):
            np.testing.assert_array_equal(Y.sum(axis=0), np.ones(y.size))
            np.testing.assert_array_equal(Y.argmax(axis=0), y[0])

    @pytest.mark.course_data
    def test_the_course_photos(self, course_data):
        """Counted in the published test file: 20 of each number."""
        x, y = self.photos_of_the_course(course_data)
        assert x.shape == (120, 64, 64, 3)
        assert np.bincount(y[0]).tolist() == [20] * 6


COMPLAINTS = photo_set_complaints(load_signs, COURSE_FILES, 6)

test_complaints = complaints_test(COMPLAINTS)
