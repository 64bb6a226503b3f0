"""Loading happy faces: what every photo set does, and the course's own photos."""

import numpy as np
import pytest

from dlspec.datasets.generated_faces import make_faces
from dlspec.datasets.happy import COURSE_FILES, load_happy
from tests.complaints import complaints_test
from tests.datasets.photo_sets import PhotoSetTests, photo_set_complaints


class TestHappy(PhotoSetTests):
    loader, make = staticmethod(load_happy), staticmethod(make_faces)
    names, classes = COURSE_FILES, 2

    @pytest.mark.course_data
    def test_the_course_photos(self, course_data):
        """Counted in the published test file: 150 photos, 84 of them happy."""
        x, y = self.photos_of_the_course(course_data)
        assert x.shape == (150, 64, 64, 3)
        assert np.bincount(y[0]).tolist() == [66, 84]


COMPLAINTS = photo_set_complaints(load_happy, COURSE_FILES, 2)

test_complaints = complaints_test(COMPLAINTS)
