"""What every set of the course's photos does: files as far as they are found, never in silence."""

from pathlib import Path

import h5py
import numpy as np

from dlspec.datasets._photo_sets import SOURCE_WITH_TEST
from dlspec.datasets.files import VARIABLE


def course_like_files(
    folder: Path, names: tuple[str, str], classes: int, *, parts=("train", "test"), **replacements
) -> Path:
    """Files with the course's names and layout; `replacements` take the place of arrays."""
    random = np.random.default_rng(0)
    for part, m, name in zip(("train", "test"), (7, 4), names, strict=True):
        if part not in parts:
            continue
        arrays = {
            f"{part}_set_x": random.integers(0, 256, (m, 64, 64, 3), dtype=np.uint8),
            f"{part}_set_y": np.arange(m) % classes,
            "list_classes": np.arange(classes),
        }
        with h5py.File(folder / name, "w") as file:
            for key, array in arrays.items():
                if replacements.get(key, array) is not None:
                    file[key] = replacements.get(key, array)
    return folder


class PhotoSetTests:
    """A subclass says what is loaded.

    Attributes:
        loader: what loads it.
        make: what draws it.
        names: the course's files.
        classes: how many.
    """

    loader, make, names, classes = None, None, (), 0

    def load(self, *args, **kwargs):
        return self.loader(*args, counts=(12, 6), **kwargs)

    def files(self, folder, **changes):
        return course_like_files(folder, self.names, self.classes, **changes)

    def test_pictures_are_generated_when_no_folder_is_named(self):
        found = self.load()
        assert (found.source, found.files) == ("generated", ())
        assert found.real_test_x is None
        assert found.real_test_y is None
        arrays = (found.train_x, found.train_y, found.test_x, found.test_y)
        for own, expected in zip(arrays, self.make(12, 6), strict=True):
            np.testing.assert_array_equal(own, expected)

    def test_pictures_are_generated_when_the_folder_has_none(self, tmp_path):
        assert self.load(tmp_path).source == "generated"

    def test_other_seeds_draw_other_pictures(self):
        assert (self.load(seed=7).train_x != self.load().train_x).mean() > 0.5

    def test_both_course_files_are_read_from_any_depth(self, tmp_path, monkeypatch):
        place = tmp_path / "week" / "datasets"
        place.mkdir(parents=True)
        self.files(place)
        monkeypatch.setenv(VARIABLE, str(tmp_path))
        found = self.load()
        assert found.source == "course files"
        assert found.files == tuple(place / name for name in self.names)
        assert found.train_y.tolist() == [[i % self.classes for i in range(7)]]
        assert found.test_y.dtype == np.int64
        assert found.real_test_x is None
        with h5py.File(place / self.names[1]) as file:
            np.testing.assert_array_equal(found.test_x, file["test_set_x"])

    def test_the_test_file_alone_is_a_further_test_beside_generated_pictures(self, tmp_path):
        self.files(tmp_path, parts=("test",))
        found = self.load(tmp_path)
        assert found.source == SOURCE_WITH_TEST == "generated; course files for a further test"
        assert found.files == (tmp_path / self.names[1],)
        np.testing.assert_array_equal(found.train_x, self.load().train_x)
        np.testing.assert_array_equal(found.test_x, self.load().test_x)
        with h5py.File(tmp_path / self.names[1]) as file:
            np.testing.assert_array_equal(found.real_test_x, file["test_set_x"])
            np.testing.assert_array_equal(found.real_test_y[0], file["test_set_y"])
        assert found.real_test_y.shape == (1, 4)

    def photos_of_the_course(self, folder):
        """The course's test photos, whichever of its files are there."""
        found = self.load(folder)
        if found.source == "course files":
            return found.test_x, found.test_y
        return found.real_test_x, found.real_test_y


def photo_set_complaints(load, names: tuple[str, str], classes: int) -> list:
    """Rows of COMPLAINTS that every loader shares."""
    train, test = (f"{{folder}}/{name}" for name in names)
    labels = "0 and 1" if classes == 2 else f"0 to {classes - 1}"

    def loaded(**changes):
        return lambda folder: load(course_like_files(folder, names, classes, **changes))

    def truncated(folder):
        path = course_like_files(folder, names, classes) / names[1]
        path.write_bytes(path.read_bytes()[:5000])
        return load(folder)

    rows = [
        (
            lambda folder: load(folder / "nowhere"),
            "`data-dir` must name an existing folder. Received: {folder}/nowhere. "
            "Generated data is used when none is named.",
        ),
        (
            loaded(parts=("train",)),
            f"`{train}` must lie beside {names[1]} below the same folder. Received: "
            f"no {names[1]}. Put both there, or neither to use generated pictures.",
        ),
        (
            truncated,
            f"`{test}` must be a whole HDF5 file. Received: a truncated one of 5,000 bytes. "
            "Copy or download it again, or move it away to use generated data.",
        ),
        (
            loaded(train_set_y=None),
            f"`{train}` must hold an array `train_set_y`. Received: list_classes, train_set_x.",
        ),
        (
            loaded(test_set_x=np.zeros((4, 32, 32, 3))),
            f"`{test}` must hold `test_set_x` of shape (m_test, 64, 64, 3). "
            "Received: (4, 32, 32, 3).",
        ),
        (
            loaded(test_set_y=np.zeros(3, int)),
            f"`{test}` must hold `test_set_y` of shape (m_test=4,). Received: (3,).",
        ),
        (
            loaded(train_set_x=np.zeros((7, 64, 64, 3))),
            f"`{train}` must hold pictures of dtype uint8. Received: float64.",
        ),
        (
            loaded(train_set_y=np.arange(7) + classes - 1),
            f"`{train}` must hold labels {labels} only. "
            f"Received: also {[classes + i for i in range(5)]}.",
        ),
    ]
    return [(call, ValueError, text) for call, text in rows]
