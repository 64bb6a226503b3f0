"""Hands that show the numbers 0 to 5: the course's photos, or generated pictures."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dlspec.datasets._photo_sets import SOURCE_WITH_TEST, PhotoSet, load_photo_set
from dlspec.datasets.cats import as_columns
from dlspec.datasets.generated_signs import CLASSES, make_signs

__all__ = ["COURSE_FILES", "SOURCE_WITH_TEST", "Signs", "load_signs"]

COURSE_FILES = ("train_signs.h5", "test_signs.h5")
COUNTS = (1080, 120)  # of the course's files


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
            >>> X_train, Y_train, X_test, Y_test = load_signs(counts=(12, 6)).as_columns()
            >>> X_train.shape, Y_test.shape
            ((12288, 12), (6, 6))
        """
        one_hot = np.eye(CLASSES)
        Y_train, Y_test = one_hot[:, self.train_y[0]], one_hot[:, self.test_y[0]]
        return as_columns(self.train_x), Y_train, as_columns(self.test_x), Y_test


def load_signs(
    folder: str | Path | None = None, seed: int = 1, *, counts: tuple[int, int] = COUNTS
) -> Signs:
    """Load the course's photos as far as they are found, generated pictures for the others.

    With both course files everything comes from them.  With test_signs.h5 alone, training and test
    pictures are generated, and its photos come as `real_test_x` and `real_test_y`: how well what
    was learnt on drawings works on photos.  With neither, all pictures are generated.

    Args:
        folder: where to look for train_signs.h5 and test_signs.h5, at any depth; None asks
            DLSPEC_DATA_DIR.
        seed: of the generated pictures.
        counts: how many training and test pictures are generated, each at least 1; drawing all
            takes seconds.

    Returns:
        Pictures of 64 x 64 pixels; of the course's files all that they hold.

    Raises:
        ValueError: the folder does not exist; train_signs.h5 lies there without test_signs.h5; a
            file is damaged, lacks an array or holds another shape, dtype or label.

    Example:
        >>> signs = load_signs(counts=(12, 6))
        >>> signs.train_x.shape, signs.source
        ((12, 64, 64, 3), 'generated')
    """

    def make():
        return make_signs(*counts, seed=seed)

    return load_photo_set(Signs, COURSE_FILES, folder, make, CLASSES)
