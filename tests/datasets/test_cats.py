"""Loading cats: the course's files, the embedded ones, and never a mixture in silence."""

import shutil
from pathlib import Path

import h5py
import numpy as np
import pytest

from dlspec.datasets.cats import COURSE_FILES, as_columns, load_cats
from dlspec.datasets.files import VARIABLE, packaged_file
from dlspec.testing import assert_close
from tests.complaints import complaints_test


def course_like_files(folder: Path, *, train=6, test=4, **replacements) -> Path:
    """Two files with the course's names and layout; `replacements` take the place of arrays."""
    random = np.random.default_rng(0)
    for part, m, name in zip(("train", "test"), (train, test), COURSE_FILES, strict=True):
        arrays = {
            f"{part}_set_x": random.integers(0, 256, (m, 64, 64, 3), dtype=np.uint8),
            f"{part}_set_y": np.arange(m) % 2,
        }
        with h5py.File(folder / name, "w") as file:
            for key, array in arrays.items():
                if replacements.get(key, array) is not None:
                    file[key] = replacements.get(key, array)
    return folder


def test_the_embedded_pictures_are_used_when_no_folder_is_named():
    cats = load_cats()
    assert cats.source == "generated"
    assert [path.name for path in cats.files] == ["generated_cats.h5"]
    assert cats.train_x.shape == (209, 64, 64, 3)
    assert cats.train_x.dtype == np.uint8
    assert cats.train_y.shape == (1, 209)
    assert cats.test_x.shape == (50, 64, 64, 3)
    assert set(np.unique(cats.test_y)) == {0, 1}


def test_the_embedded_pictures_are_used_when_the_folder_has_none(tmp_path):
    assert load_cats(tmp_path).source == "generated"


def test_other_seeds_draw_other_pictures_on_the_spot():
    cats = load_cats(seed=7)
    assert cats.source == "generated"
    assert cats.files == ()
    assert cats.train_x.shape == (209, 64, 64, 3)
    assert (cats.train_x[0] != load_cats().train_x[0]).any()


def test_course_files_are_read_from_any_depth(tmp_path, monkeypatch):
    place = tmp_path / "week2" / "datasets"
    place.mkdir(parents=True)
    course_like_files(place)
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    cats = load_cats()
    assert cats.source == "course files"
    assert cats.files == tuple(place / name for name in COURSE_FILES)
    assert cats.train_y.tolist() == [[0, 1, 0, 1, 0, 1]]
    with h5py.File(place / COURSE_FILES[1]) as file:
        np.testing.assert_array_equal(cats.test_x, file["test_set_x"])


def test_columns_unroll_a_picture_row_by_row_with_colours_innermost():
    images = np.arange(2 * 64 * 64 * 3, dtype=np.int64).reshape(2, 64, 64, 3) % 251
    columns = as_columns(images.astype(np.uint8))
    assert columns.shape == (12288, 2)
    assert_close(columns[:, 1], images[1].ravel() / 255)


@pytest.mark.course_data
def test_the_course_photos(course_data):
    """Counted in the published files: 72 of 209 and 33 of 50 photos show a cat."""
    cats = load_cats(course_data)
    assert cats.source == "course files"
    assert cats.train_x.shape == (209, 64, 64, 3)
    assert cats.test_x.shape == (50, 64, 64, 3)
    assert (cats.train_y.sum(), cats.test_y.sum()) == (72, 33)


def only_the_first(folder: Path) -> Path:
    course_like_files(folder)
    (folder / COURSE_FILES[1]).unlink()
    return folder


def only_the_second(folder: Path) -> Path:
    course_like_files(folder)
    (folder / COURSE_FILES[0]).unlink()
    return folder


def truncated(folder: Path) -> Path:
    course_like_files(folder)
    path = folder / COURSE_FILES[0]
    path.write_bytes(path.read_bytes()[:5000])
    return folder


def renamed(folder: Path) -> Path:
    """The embedded file under a course name: whole HDF5, wrong arrays for the test file."""
    course_like_files(folder)
    shutil.copy(packaged_file("data", "generated_cats.h5"), folder / COURSE_FILES[0])
    return load_cats(folder)


def test_a_file_with_more_arrays_than_needed_is_fine(tmp_path):
    assert renamed(tmp_path).train_x.shape == (209, 64, 64, 3)


TRAIN, TEST = (f"{{folder}}/{name}" for name in COURSE_FILES)
BOTH = "Put both there, or neither to use generated pictures."

COMPLAINTS = [
    (
        lambda folder: load_cats(folder / "nowhere"),
        ValueError,
        "`data-dir` must name an existing folder. Received: {folder}/nowhere. "
        "Generated data is used when none is named.",
    ),
    (
        lambda folder: load_cats(only_the_first(folder)),
        ValueError,
        f"`{TRAIN}` must lie beside test_catvnoncat.h5 below the same folder. "
        f"Received: no test_catvnoncat.h5. {BOTH}",
    ),
    (
        lambda folder: load_cats(only_the_second(folder)),
        ValueError,
        f"`{TEST}` must lie beside train_catvnoncat.h5 below the same folder. "
        f"Received: no train_catvnoncat.h5. {BOTH}",
    ),
    (
        lambda folder: load_cats(truncated(folder)),
        ValueError,
        f"`{TRAIN}` must be a whole HDF5 file. Received: a truncated one of 5,000 bytes. "
        "Copy or download it again, or move it away to use generated data.",
    ),
    (
        lambda folder: load_cats(course_like_files(folder, train_set_y=None)),
        ValueError,
        f"`{TRAIN}` must hold an array `train_set_y`. Received: train_set_x.",
    ),
    (
        lambda folder: load_cats(course_like_files(folder, train_set_x=np.zeros((6, 32, 32, 3)))),
        ValueError,
        f"`{TRAIN}` must hold `train_set_x` of shape (m_train, 64, 64, 3). "
        "Received: (6, 32, 32, 3).",
    ),
    (
        lambda folder: load_cats(course_like_files(folder, test_set_y=np.zeros(3, int))),
        ValueError,
        f"`{TEST}` must hold `test_set_y` of shape (m_test=4,). Received: (3,).",
    ),
    (
        lambda folder: load_cats(course_like_files(folder, test_set_x=np.zeros((4, 64, 64, 3)))),
        ValueError,
        f"`{TEST}` must hold pictures of dtype uint8. Received: float64.",
    ),
    (
        lambda folder: load_cats(course_like_files(folder, train_set_y=np.arange(6))),
        ValueError,
        f"`{TRAIN}` must hold labels 0 and 1 only. Received: values [0, 1, 2, 3, 4].",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
