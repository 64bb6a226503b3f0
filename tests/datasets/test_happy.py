"""Loading happy faces: the course's files as far as they are found, and never in silence."""

from pathlib import Path

import h5py
import numpy as np
import pytest

from dlspec.datasets import happy as module
from dlspec.datasets.files import VARIABLE
from dlspec.datasets.generated_faces import make_faces
from dlspec.datasets.happy import COURSE_FILES, SOURCE_WITH_TEST, load_happy
from tests.complaints import complaints_test


@pytest.fixture(autouse=True)
def few_generated_pictures(monkeypatch):
    monkeypatch.setattr(module, "make_faces", lambda seed: make_faces(12, 6, 64, seed))


def course_like_files(folder: Path, *, parts=("train", "test"), **replacements) -> Path:
    """Files with the course's names and layout; `replacements` take the place of arrays."""
    random = np.random.default_rng(0)
    for part, m, name in zip(("train", "test"), (7, 4), COURSE_FILES, strict=True):
        if part not in parts:
            continue
        arrays = {
            f"{part}_set_x": random.integers(0, 256, (m, 64, 64, 3), dtype=np.uint8),
            f"{part}_set_y": np.arange(m) % 2,
            "list_classes": np.arange(2),
        }
        with h5py.File(folder / name, "w") as file:
            for key, array in arrays.items():
                if replacements.get(key, array) is not None:
                    file[key] = replacements.get(key, array)
    return folder


def test_pictures_are_generated_when_no_folder_is_named():
    happy = load_happy()
    assert (happy.source, happy.files) == ("generated", ())
    assert happy.real_test_x is None
    assert happy.real_test_y is None
    drawn = make_faces(12, 6)
    for own, expected in zip(
        (happy.train_x, happy.train_y, happy.test_x, happy.test_y), drawn, strict=True
    ):
        np.testing.assert_array_equal(own, expected)


def test_pictures_are_generated_when_the_folder_has_none(tmp_path):
    assert load_happy(tmp_path).source == "generated"


def test_other_seeds_draw_other_pictures():
    assert (load_happy(seed=7).train_x != load_happy().train_x).mean() > 0.5


def test_both_course_files_are_read_from_any_depth(tmp_path, monkeypatch):
    place = tmp_path / "week3" / "datasets"
    place.mkdir(parents=True)
    course_like_files(place)
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    happy = load_happy()
    assert happy.source == "course files"
    assert happy.files == tuple(place / name for name in COURSE_FILES)
    assert happy.train_y.tolist() == [[0, 1, 0, 1, 0, 1, 0]]
    assert happy.test_y.dtype == np.int64
    assert happy.real_test_x is None
    with h5py.File(place / COURSE_FILES[1]) as file:
        np.testing.assert_array_equal(happy.test_x, file["test_set_x"])


def test_the_test_file_alone_is_a_further_test_beside_generated_pictures(tmp_path):
    course_like_files(tmp_path, parts=("test",))
    happy = load_happy(tmp_path)
    assert happy.source == SOURCE_WITH_TEST == "generated; course files for a further test"
    assert happy.files == (tmp_path / "test_happy.h5",)
    np.testing.assert_array_equal(happy.train_x, load_happy().train_x)
    np.testing.assert_array_equal(happy.test_x, load_happy().test_x)
    with h5py.File(tmp_path / "test_happy.h5") as file:
        np.testing.assert_array_equal(happy.real_test_x, file["test_set_x"])
        np.testing.assert_array_equal(happy.real_test_y[0], file["test_set_y"])
    assert happy.real_test_y.shape == (1, 4)


@pytest.mark.course_data
def test_the_course_photos(course_data):
    """Counted in the published test file: 150 photos, 84 of them happy."""
    happy = load_happy(course_data)
    x, y = (
        (happy.test_x, happy.test_y)
        if happy.source == "course files"
        else (happy.real_test_x, happy.real_test_y)
    )
    assert x.shape == (150, 64, 64, 3)
    assert np.bincount(y[0]).tolist() == [66, 84]


def truncated(folder: Path) -> Path:
    course_like_files(folder)
    path = folder / COURSE_FILES[1]
    path.write_bytes(path.read_bytes()[:5000])
    return folder


TRAIN, TEST = (f"{{folder}}/{name}" for name in COURSE_FILES)

COMPLAINTS = [
    (
        lambda folder: load_happy(folder / "nowhere"),
        ValueError,
        "`data-dir` must name an existing folder. Received: {folder}/nowhere. "
        "Generated data is used when none is named.",
    ),
    (
        lambda folder: load_happy(course_like_files(folder, parts=("train",))),
        ValueError,
        f"`{TRAIN}` must lie beside test_happy.h5 below the same folder. "
        "Received: no test_happy.h5. Put both there, or neither to use generated pictures.",
    ),
    (
        lambda folder: load_happy(truncated(folder)),
        ValueError,
        f"`{TEST}` must be a whole HDF5 file. Received: a truncated one of 5,000 bytes. "
        "Copy or download it again, or move it away to use generated data.",
    ),
    (
        lambda folder: load_happy(course_like_files(folder, train_set_y=None)),
        ValueError,
        f"`{TRAIN}` must hold an array `train_set_y`. Received: list_classes, train_set_x.",
    ),
    (
        lambda folder: load_happy(course_like_files(folder, test_set_x=np.zeros((4, 32, 32, 3)))),
        ValueError,
        f"`{TEST}` must hold `test_set_x` of shape (m_test, 64, 64, 3). Received: (4, 32, 32, 3).",
    ),
    (
        lambda folder: load_happy(course_like_files(folder, test_set_y=np.zeros(3, int))),
        ValueError,
        f"`{TEST}` must hold `test_set_y` of shape (m_test=4,). Received: (3,).",
    ),
    (
        lambda folder: load_happy(course_like_files(folder, train_set_x=np.zeros((7, 64, 64, 3)))),
        ValueError,
        f"`{TRAIN}` must hold pictures of dtype uint8. Received: float64.",
    ),
    (
        lambda folder: load_happy(course_like_files(folder, train_set_y=np.arange(7))),
        ValueError,
        f"`{TRAIN}` must hold labels 0 and 1 only. Received: also [2, 3, 4, 5, 6].",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
