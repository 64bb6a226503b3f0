"""The football pitch of course 2, week 1: where headers end with one team or the other."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dlspec._complaints import InvalidValue, sentence
from dlspec._validation import check_count
from dlspec.datasets.files import data_folder, find_course_files

__all__ = ["COURSE_FILE", "Football", "load_football", "make_pitch"]

COURSE_FILE = "data.mat"

ARRAYS = {"X": "X_train", "y": "Y_train", "Xval": "X_test", "yval": "Y_test"}
"""What the file calls them, and what they become."""


@dataclass(frozen=True)
class Football:
    """Points on the pitch with labels, and where they come from.

    Attributes:
        X_train: float64 (2, m_train), positions.
        Y_train: int64 (1, m_train), 1 where our own player heads the ball.
        X_test: float64 (2, m_test).
        Y_test: int64 (1, m_test).
        source: "course files" or "generated".
        files: the files that were read.
    """

    X_train: np.ndarray
    Y_train: np.ndarray
    X_test: np.ndarray
    Y_test: np.ndarray
    source: str
    files: tuple[Path, ...] = ()


def make_pitch(m: int = 211, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Points in an oval, split by a bent line with noise: made for overfitting.

    The oval has its centre at (-0.15, -0.05) and half-axes 0.45 and 0.6.  With x2 measured from the
    line 0.9 x1 + 0.12 + 0.1 sin(7 x1), label 1 has the probability sigmoid(x2 / 0.045).

    Args:
        m: number of points, at least 1.
        seed: as for `np.random.seed`, without touching the global generator.

    Returns:
        X: float64 (2, m).
        Y: int64 (1, m), 0 or 1.

    Raises:
        TypeError, ValueError: fewer than 1 point, a negative seed.

    Example:
        >>> X, Y = make_pitch()
        >>> X.shape, Y.shape
        ((2, 211), (1, 211))

    Source: ours; same size and scale as the course's.
    """
    m = check_count("m", m)
    random = np.random.RandomState(check_count("seed", seed, minimum=0))
    angle, radius = random.uniform(0, 2 * np.pi, m), np.sqrt(random.uniform(size=m))
    x1 = -0.15 + 0.45 * radius * np.cos(angle)
    x2 = -0.05 + 0.6 * radius * np.sin(angle)
    above = x2 - (0.9 * x1 + 0.12 + 0.1 * np.sin(7 * x1))
    Y = above + 0.045 * random.logistic(size=m) > 0
    return np.stack([x1, x2]), Y.astype(np.int64)[None]


def load_football(folder: str | Path | None = None, seed: int = 3) -> Football:
    """Load the course's pitch if its file is found, a generated one if not.

    Args:
        folder: where to look for data.mat, at any depth; None asks DLSPEC_DATA_DIR.
        seed: of the generated training points; the test points have the next one.  With 3 the
            plain network overfits visibly, as on the course's file; not every seed shows it.

    Returns:
        211 training and 200 test points.

    Raises:
        ValueError: the folder does not exist; the file is damaged, lacks an array or holds another
            shape or values; a negative seed.

    Example:
        >>> load_football().X_test.shape
        (2, 200)

    Source: course 2, week 1.
    """
    path = find_course_files([COURSE_FILE], data_folder(folder)).get(COURSE_FILE)
    if path is not None:
        return Football(**_read(path), source="course files", files=(path,))
    seed = check_count("seed", seed, minimum=0)
    return Football(*make_pitch(211, seed), *make_pitch(200, seed + 1), source="generated")


def _read(path):
    content = _load(path)
    arrays = {ours: _as_array(path, theirs, content) for theirs, ours in ARRAYS.items()}
    for part in ("train", "test"):
        m = arrays[f"X_{part}"].shape[1]
        labels = arrays[f"Y_{part}"]
        name = "y" if part == "train" else "yval"
        if labels.shape != (1, m):
            expected = f"hold `{name}` of shape (m={m}, 1)"
            raise InvalidValue(sentence(str(path), expected, labels.T.shape))
        if not np.isin(labels, (0, 1)).all():
            received = f"values {np.unique(labels)[:5].tolist()}"
            expected = f"hold labels 0 and 1 only in `{name}`"
            raise InvalidValue(sentence(str(path), expected, received))
        arrays[f"Y_{part}"] = labels.astype(np.int64)
    return arrays


def _load(path):
    from scipy.io import loadmat

    try:
        return loadmat(path, variable_names=list(ARRAYS))
    except NotImplementedError:  # MATLAB 7.3 files are HDF5
        received = "one of version 7.3"
    except Exception:  # SciPy's reader has no exception of its own for damaged files
        received = f"{path.stat().st_size:,} bytes that SciPy cannot read"
    advice = "Copy or download it again, or move it away to use generated data."
    expected = "be a whole MATLAB file of version 4 to 7"
    raise InvalidValue(sentence(str(path), expected, received, advice))


def _as_array(path, name, content):
    """An array of the file, with columns as examples."""
    if name not in content:
        received = ", ".join(key for key in content if not key.startswith("__")) or "none of them"
        raise InvalidValue(sentence(str(path), f"hold the arrays {', '.join(ARRAYS)}", received))
    array = np.asarray(content[name])
    width = 2 if name.startswith("X") else 1
    numbers = array.dtype.kind in "biuf" and array.ndim == 2 and array.shape[1] == width
    if not (numbers and array.size and np.isfinite(array).all()):
        expected = f"hold finite numbers `{name}` of shape (m, {width})"
        raise InvalidValue(sentence(str(path), expected, f"{array.dtype} {array.shape}"))
    return np.ascontiguousarray(array.T, dtype=np.float64)
