"""Photos of cats and of other things: the course's, or the generated ones that come with us."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dlspec._complaints import InvalidValue, sentence
from dlspec.datasets.files import data_folder, find_course_files, packaged_file
from dlspec.datasets.generated_cats import make_cats
from dlspec.datasets.hdf5 import read_hdf5

__all__ = ["COURSE_FILES", "EMBEDDED_SEED", "Cats", "as_columns", "load_cats"]

COURSE_FILES = ("train_catvnoncat.h5", "test_catvnoncat.h5")

EMBEDDED = "generated_cats.h5"
EMBEDDED_SEED = 1

SHAPES = {
    f"{part}_set_{array}": (f"m_{part}", *rest)
    for part in ("train", "test")
    for array, rest in (("x", (64, 64, 3)), ("y", ()))
}


@dataclass(frozen=True)
class Cats:
    """Pictures with labels, and where they come from.

    Attributes:
        train_x: uint8 (m_train, 64, 64, 3).
        train_y: int64 (1, m_train), 1 is a cat.
        test_x: uint8 (m_test, 64, 64, 3).
        test_y: int64 (1, m_test).
        source: "course files" or "generated".
        files: the files that were read.
    """

    train_x: np.ndarray
    train_y: np.ndarray
    test_x: np.ndarray
    test_y: np.ndarray
    source: str
    files: tuple[Path, ...] = ()
    class_names: tuple[str, str] = ("non-cat", "cat")

    def as_columns(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """The pictures unrolled, one column each, in 0..1: (X_train, Y_train, X_test, Y_test).

        Example:
            >>> X_train, Y_train, X_test, Y_test = load_cats().as_columns()
            >>> X_train.shape[0], Y_test.shape[0]
            (12288, 1)
        """
        return as_columns(self.train_x), self.train_y, as_columns(self.test_x), self.test_y


def as_columns(images: np.ndarray) -> np.ndarray:
    """Unroll pictures (m, height, width, 3) uint8 into columns (height * width * 3, m) in 0..1.

    Example:
        >>> as_columns(np.full((2, 64, 64, 3), 255, np.uint8)).shape
        (12288, 2)
    """
    return images.reshape(len(images), -1).T / 255


def load_cats(folder: str | Path | None = None, seed: int = EMBEDDED_SEED) -> Cats:
    """Load the course's photos if both files are found, the generated pictures if neither is.

    Args:
        folder: where to look for train_catvnoncat.h5 and test_catvnoncat.h5, at any depth; None
            asks DLSPEC_DATA_DIR.
        seed: of the generated pictures; the embedded file has seed 1, others are drawn on the spot.

    Returns:
        209 training and 50 test pictures of 64 x 64 pixels (the course's counts are its files').

    Raises:
        ValueError: the folder does not exist; one file of the two is missing; a file is damaged,
            lacks an array or holds another shape.

    Example:
        >>> load_cats().test_x.shape
        (50, 64, 64, 3)
    """
    found = find_course_files(COURSE_FILES, data_folder(folder))
    if found:
        return _read_course_files(found)
    if seed != EMBEDDED_SEED:
        return Cats(*make_cats(seed=seed), source="generated")
    path = packaged_file("data", EMBEDDED)
    return _as_cats(read_hdf5(path, SHAPES), "generated", (path,))


def _read_course_files(found):
    missing = [name for name in COURSE_FILES if name not in found]
    if missing:
        (present,) = found.values()
        expected = f"lie beside {missing[0]} below the same folder"
        advice = "Put both there, or neither to use generated pictures."
        raise InvalidValue(sentence(str(present), expected, f"no {missing[0]}", advice))
    arrays = {}
    for part, name in zip(("train", "test"), COURSE_FILES, strict=True):
        own = {key: shape for key, shape in SHAPES.items() if key.startswith(part)}
        arrays |= read_hdf5(found[name], own)
        _check_values(found[name], arrays[f"{part}_set_x"], arrays[f"{part}_set_y"])
    return _as_cats(arrays, "course files", tuple(found[name] for name in COURSE_FILES))


def _check_values(path, x, y):
    if x.dtype != np.uint8:
        raise InvalidValue(sentence(str(path), "hold pictures of dtype uint8", x.dtype))
    if not np.isin(y, (0, 1)).all():
        received = f"values {np.unique(y)[:5].tolist()}"
        raise InvalidValue(sentence(str(path), "hold labels 0 and 1 only", received))


def _as_cats(arrays, source, files):
    labels = {part: arrays[f"{part}_set_y"].astype(np.int64)[None] for part in ("train", "test")}
    return Cats(
        arrays["train_set_x"], labels["train"], arrays["test_set_x"], labels["test"], source, files
    )
