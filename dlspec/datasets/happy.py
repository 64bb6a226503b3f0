"""Happy faces and others: the course's photos, or generated pictures."""

from dataclasses import dataclass
from pathlib import Path

from dlspec.datasets._photo_sets import SOURCE_WITH_TEST, PhotoSet, load_photo_set
from dlspec.datasets.generated_faces import make_faces

__all__ = ["COURSE_FILES", "SOURCE_WITH_TEST", "Happy", "load_happy"]

COURSE_FILES = ("train_happy.h5", "test_happy.h5")
COUNTS = (600, 150)  # of the course's files


@dataclass(frozen=True)
class Happy(PhotoSet):
    """Pictures of faces, labelled 1 where they are happy, and where they come from.

    Attributes:
        class_names: of 0 and 1; the others as in `PhotoSet`.
    """

    class_names: tuple[str, ...] = ("not happy", "happy")


def load_happy(
    folder: str | Path | None = None, seed: int = 1, *, counts: tuple[int, int] = COUNTS
) -> Happy:
    """Load the course's photos as far as they are found, generated pictures for the others.

    With both course files everything comes from them.  With test_happy.h5 alone, training and test
    pictures are generated, and its photos come as `real_test_x` and `real_test_y`: how well what
    was learnt on drawings works on photos.  With neither, all pictures are generated.

    Args:
        folder: where to look for train_happy.h5 and test_happy.h5, at any depth; None asks
            DLSPEC_DATA_DIR.
        seed: of the generated pictures.
        counts: how many training and test pictures are generated, each at least 1; drawing all
            takes seconds.

    Returns:
        Pictures of 64 x 64 pixels; of the course's files all that they hold.

    Raises:
        ValueError: the folder does not exist; train_happy.h5 lies there without test_happy.h5; a
            file is damaged, lacks an array or holds another shape, dtype or label.

    Example:
        >>> happy = load_happy(counts=(12, 6))
        >>> happy.train_x.shape, happy.source
        ((12, 64, 64, 3), 'generated')
    """

    def make():
        return make_faces(*counts, seed=seed)

    return load_photo_set(Happy, COURSE_FILES, folder, make, 2)
