"""Hands that show the numbers 0 to 5: the course's photos, or generated pictures."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dlspec._complaints import InvalidValue, sentence
from dlspec.datasets.cats import as_columns
from dlspec.datasets.files import data_folder, find_course_files
from dlspec.datasets.generated_signs import CLASSES, make_signs
from dlspec.datasets.hdf5 import read_hdf5

__all__ = ["COURSE_FILES", "SOURCE_WITH_TEST", "Signs", "load_signs"]

TRAIN_FILE, TEST_FILE = COURSE_FILES = ("train_signs.h5", "test_signs.h5")
SOURCE_WITH_TEST = "generated; course files for a further test"


@dataclass(frozen=True)
class Signs:
    """Pictures of hands with the numbers they show, and where they come from.

    Attributes:
        train_x: uint8 (m_train, 64, 64, 3).
        train_y: int64 (1, m_train), 0 to 5.
        test_x: uint8 (m_test, 64, 64, 3), of the same kind as `train_x`.
        test_y: int64 (1, m_test).
        source: "course files", "generated", or "generated; course files for a further test".
        files: the files that were read.
        real_test_x: the course's test photos, where the others are generated and test_signs.h5
            was found, uint8 (m, 64, 64, 3); else None.
        real_test_y: int64 (1, m), or None.
        class_names: of 0 to 5.
    """

    train_x: np.ndarray
    train_y: np.ndarray
    test_x: np.ndarray
    test_y: np.ndarray
    source: str
    files: tuple[Path, ...] = ()
    real_test_x: np.ndarray | None = None
    real_test_y: np.ndarray | None = None
    class_names: tuple[str, ...] = tuple(map(str, range(CLASSES)))

    def as_columns(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """The pictures unrolled and the labels one-hot, a column each: (X, Y, X_test, Y_test).

        Example:
            >>> X_train, Y_train, X_test, Y_test = load_signs().as_columns()
            >>> X_train.shape, Y_test.shape
            ((12288, 1080), (6, 120))
        """
        one_hot = np.eye(CLASSES)
        Y_train, Y_test = one_hot[:, self.train_y[0]], one_hot[:, self.test_y[0]]
        return as_columns(self.train_x), Y_train, as_columns(self.test_x), Y_test


def load_signs(folder: str | Path | None = None, seed: int = 1) -> Signs:
    """Load the course's photos as far as they are found, generated pictures for the others.

    With both course files everything comes from them.  With test_signs.h5 alone, training and test
    pictures are generated, and its photos come as `real_test_x` and `real_test_y`: how well what
    was learnt on drawings works on photos.  With neither, all pictures are generated.

    Args:
        folder: where to look for train_signs.h5 and test_signs.h5, at any depth; None asks
            DLSPEC_DATA_DIR.
        seed: of the generated pictures.

    Returns:
        1080 training and 120 test pictures of 64 x 64 pixels (the course's counts are its files').

    Raises:
        ValueError: the folder does not exist; train_signs.h5 lies there without test_signs.h5; a
            file is damaged, lacks an array or holds another shape, dtype or label.

    Example:
        >>> signs = load_signs()
        >>> signs.train_x.shape, signs.source
        ((1080, 64, 64, 3), 'generated')
    """
    found = find_course_files(COURSE_FILES, data_folder(folder))
    if TRAIN_FILE in found and TEST_FILE not in found:
        expected = f"lie beside {TEST_FILE} below the same folder"
        advice = "Put both there, or neither to use generated pictures."
        raise InvalidValue(sentence(str(found[TRAIN_FILE]), expected, f"no {TEST_FILE}", advice))
    test = _read(found[TEST_FILE], "test") if TEST_FILE in found else None
    if TRAIN_FILE in found:
        train = _read(found[TRAIN_FILE], "train")
        files = tuple(found[name] for name in COURSE_FILES)
        return Signs(*train, *test, "course files", files)
    drawn = make_signs(seed=seed)
    if test is None:
        return Signs(*drawn, "generated")
    return Signs(*drawn, SOURCE_WITH_TEST, (found[TEST_FILE],), *test)


def _read(path, part):
    """Photos (m, 64, 64, 3) uint8 and labels (1, m) int64 of one file."""
    shapes = {f"{part}_set_x": (f"m_{part}", 64, 64, 3), f"{part}_set_y": (f"m_{part}",)}
    x, y = read_hdf5(path, shapes).values()
    if x.dtype != np.uint8:
        raise InvalidValue(sentence(str(path), "hold pictures of dtype uint8", x.dtype))
    if not np.isin(y, np.arange(CLASSES)).all():
        odd = np.setdiff1d(y, np.arange(CLASSES))[:5].tolist()
        expected = f"hold labels 0 to {CLASSES - 1} only"
        raise InvalidValue(sentence(str(path), expected, f"also {odd}"))
    return x, y.astype(np.int64)[None]
