"""Hands that show the numbers 0 to 5: the course's photos, or generated pictures."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dlspec.datasets._photo_sets import SOURCE_WITH_TEST, PhotoSet, load_photo_set
from dlspec.datasets.cats import as_columns
from dlspec.datasets.generated_signs import CLASSES, make_signs

__all__ = ["COURSE_FILES", "SOURCE_WITH_TEST", "Signs", "load_signs"]

COURSE_FILES = ("train_signs.h5", "test_signs.h5")


@dataclass(frozen=True)
class Signs(PhotoSet):
    """Pictures of hands with the numbers they show, 0 to 5, and where they come from.

    Attributes:
        class_names: of 0 to 5; the others as in `PhotoSet`.
    """

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
    return load_photo_set(Signs, COURSE_FILES, folder, lambda: make_signs(seed=seed), CLASSES)
