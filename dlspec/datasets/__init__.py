"""Every data set of the exercises: the course's files where they are found, generated ones else.

The only place that reads a user's files.

    files               data_folder, find_course_files      course files below DLSPEC_DATA_DIR
    hdf5                read_hdf5                           named arrays, their shapes checked
    photos              read_photo, photo_as_input          a user's own picture
    cats                load_cats                           photos of cats, or generated pictures
    generated_cats      make_cats                           pictures of cats and other things
    signs               load_signs                          hands that show 0 to 5
    generated_signs     make_signs                          pictures of such hands
    planar              make_flower, make_planar_sets       points in the plane
    circles_and_moons   make_circles, make_moons            points in the plane
    football            load_football, make_pitch           the course's pitch, or one like it
    digits              load_digits                         handwritten digits of scikit-learn
"""

from dlspec.datasets.cats import Cats, load_cats
from dlspec.datasets.circles_and_moons import make_circles, make_moons
from dlspec.datasets.digits import Digits, load_digits
from dlspec.datasets.files import data_folder, find_course_files
from dlspec.datasets.football import Football, load_football, make_pitch
from dlspec.datasets.generated_cats import make_cats
from dlspec.datasets.generated_signs import make_signs
from dlspec.datasets.hdf5 import read_hdf5
from dlspec.datasets.photos import photo_as_input, read_photo
from dlspec.datasets.planar import make_flower, make_planar_sets
from dlspec.datasets.signs import Signs, load_signs

__all__ = [
    "Cats",
    "Digits",
    "Football",
    "Signs",
    "data_folder",
    "find_course_files",
    "load_cats",
    "load_digits",
    "load_football",
    "load_signs",
    "make_cats",
    "make_circles",
    "make_flower",
    "make_moons",
    "make_pitch",
    "make_planar_sets",
    "make_signs",
    "photo_as_input",
    "read_hdf5",
    "read_photo",
]
