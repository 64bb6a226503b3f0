"""Every data set of the exercises: the course's files where they are found, generated ones else.

The only place that reads a user's files.

    data_folder, find_course_files, load_cats     files     course files below DLSPEC_DATA_DIR
    read_hdf5                                     hdf5      named arrays with their shapes checked
    read_photo, photo_as_input                    photos    a user's own picture
    make_cats                                     generated_cats   pictures of cats and other things
    make_flower, make_planar_sets                 planar    points in the plane
    make_circles, make_moons                      circles_and_moons
    load_football, make_pitch                     football  the course's pitch, or one like it
"""

from dlspec.datasets.cats import Cats, load_cats
from dlspec.datasets.circles_and_moons import make_circles, make_moons
from dlspec.datasets.files import data_folder, find_course_files
from dlspec.datasets.football import Football, load_football, make_pitch
from dlspec.datasets.generated_cats import make_cats
from dlspec.datasets.hdf5 import read_hdf5
from dlspec.datasets.photos import photo_as_input, read_photo
from dlspec.datasets.planar import make_flower, make_planar_sets

__all__ = [
    "Cats",
    "Football",
    "data_folder",
    "find_course_files",
    "load_cats",
    "load_football",
    "make_cats",
    "make_circles",
    "make_flower",
    "make_moons",
    "make_pitch",
    "make_planar_sets",
    "photo_as_input",
    "read_hdf5",
    "read_photo",
]
