"""Every data set of the exercises: the course's files where they are found, generated ones else.

The only place that reads a user's files.

    files               data_folder, find_course_files      course files below DLSPEC_DATA_DIR
    hdf5                read_hdf5                           named arrays, their shapes checked
    photos              read_photo, photo_as_input          a user's own picture
    image_folder        load_image_folder, find_images      a user's pictures, a folder per class
    pipelines           batches                             shuffled, augmented, read ahead
    cats                load_cats                           photos of cats, or generated pictures
    generated_cats      make_cats                           pictures of cats and other things
    signs               load_signs                          hands that show 0 to 5
    generated_alpacas   make_alpacas, make_kinds            pictures for transfer learning
    generated_signs     make_signs                          pictures of such hands
    generated_streets   make_street_scenes                  streets with depth, masks and boxes
    happy               load_happy                          happy faces and others
    generated_faces     make_faces, draw_face               pictures of faces
    generated_birds     make_birds                          city pictures with or without a bird
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
from dlspec.datasets.generated_alpacas import make_alpacas, make_kinds
from dlspec.datasets.generated_birds import make_birds
from dlspec.datasets.generated_cats import make_cats
from dlspec.datasets.generated_faces import draw_face, make_faces
from dlspec.datasets.generated_signs import make_signs
from dlspec.datasets.generated_streets import StreetScenes, make_street_scenes
from dlspec.datasets.happy import Happy, load_happy
from dlspec.datasets.hdf5 import read_hdf5
from dlspec.datasets.image_folder import (
    ImageFolder,
    find_images,
    load_image_folder,
    read_image,
    split_folder,
)
from dlspec.datasets.photos import photo_as_input, read_photo
from dlspec.datasets.pipelines import batches
from dlspec.datasets.planar import make_flower, make_planar_sets
from dlspec.datasets.signs import Signs, load_signs

__all__ = [
    "Cats",
    "Digits",
    "Football",
    "Happy",
    "ImageFolder",
    "Signs",
    "StreetScenes",
    "batches",
    "data_folder",
    "draw_face",
    "find_course_files",
    "find_images",
    "load_cats",
    "load_digits",
    "load_football",
    "load_happy",
    "load_image_folder",
    "load_signs",
    "make_alpacas",
    "make_birds",
    "make_cats",
    "make_circles",
    "make_faces",
    "make_flower",
    "make_kinds",
    "make_moons",
    "make_pitch",
    "make_planar_sets",
    "make_signs",
    "make_street_scenes",
    "photo_as_input",
    "read_hdf5",
    "read_image",
    "read_photo",
    "split_folder",
]
