"""The course's labelled photos of 64 x 64 pixels, or generated pictures in their place.

Happy faces and hand signs come the same way: a training file and a test file, of which people often
have only one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from dlspec._complaints import InvalidValue, sentence
from dlspec.datasets.files import data_folder, find_course_files
from dlspec.datasets.hdf5 import read_hdf5

SOURCE_WITH_TEST = "generated; course files for a further test"

Pictures = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class PhotoSet:
    """Labelled pictures, and where they come from.

    Attributes:
        train_x: uint8 (m_train, 64, 64, 3).
        train_y: int64 (1, m_train), class ids from 0.
        test_x: uint8 (m_test, 64, 64, 3), of the same kind as `train_x`.
        test_y: int64 (1, m_test).
        source: "course files", "generated", or "generated; course files for a further test".
        files: the files that were read.
        real_test_x: the course's test photos, where the others are generated and the course's test
            file was found, uint8 (m, 64, 64, 3); else None.
        real_test_y: int64 (1, m), or None.
    """

    train_x: np.ndarray
    train_y: np.ndarray
    test_x: np.ndarray
    test_y: np.ndarray
    source: str
    files: tuple[Path, ...] = ()
    real_test_x: np.ndarray | None = None
    real_test_y: np.ndarray | None = None


Kind = TypeVar("Kind", bound=PhotoSet)


def load_photo_set(
    kind: type[Kind],
    names: tuple[str, str],
    folder: str | Path | None,
    make: Callable[[], tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]],
    classes: int,
) -> Kind:
    """Load a training and a test file as far as they are found, made pictures for the others."""
    train_file, test_file = names
    found = find_course_files(names, data_folder(folder))
    if train_file in found and test_file not in found:
        expected = f"lie beside {test_file} below the same folder"
        advice = "Put both there, or neither to use generated pictures."
        raise InvalidValue(sentence(str(found[train_file]), expected, f"no {test_file}", advice))
    test = _read(found[test_file], "test", classes) if test_file in found else None
    if train_file in found:
        train = _read(found[train_file], "train", classes)
        return kind(*train, *test, "course files", tuple(found[name] for name in names))
    if test is None:
        return kind(*make(), "generated")
    return kind(*make(), SOURCE_WITH_TEST, (found[test_file],), *test)


def _read(path: Path, part: str, classes: int) -> Pictures:
    """Photos (m, 64, 64, 3) uint8 and labels (1, m) int64 of one file."""
    shapes = {f"{part}_set_x": (f"m_{part}", 64, 64, 3), f"{part}_set_y": (f"m_{part}",)}
    x, y = read_hdf5(path, shapes).values()
    if x.dtype != np.uint8:
        raise InvalidValue(sentence(str(path), "hold pictures of dtype uint8", x.dtype))
    if not np.isin(y, np.arange(classes)).all():
        odd = np.setdiff1d(y, np.arange(classes))[:5].tolist()
        labels = "0 and 1" if classes == 2 else f"0 to {classes - 1}"
        raise InvalidValue(sentence(str(path), f"hold labels {labels} only", f"also {odd}"))
    return x, y.astype(np.int64)[None]
