"""Loading the football pitch: the course's file, a generated one, and every kind of bad file."""

from pathlib import Path

import numpy as np
import pytest

from dlspec.datasets.files import VARIABLE
from dlspec.datasets.football import load_football, make_pitch
from dlspec.testing import assert_close
from tests.complaints import complaints_test


def course_like_file(folder: Path, **replacements) -> Path:
    """A file with the course's name and arrays; `replacements` take the place of some."""
    from scipy.io import savemat

    arrays = {
        "X": np.arange(6.0).reshape(3, 2),
        "y": np.array([[0], [1], [1]], np.uint8),
        "Xval": np.arange(4.0).reshape(2, 2),
        "yval": np.array([[1], [0]], np.uint8),
    }
    savemat(
        folder / "data.mat",
        {k: v for k, v in (arrays | replacements).items() if v is not None},
    )
    return folder


def of_bytes(folder: Path, content: bytes) -> Path:
    (folder / "data.mat").write_bytes(content)
    return folder


def truncated(folder: Path) -> Path:
    path = course_like_file(folder, X=np.random.default_rng(0).normal(size=(99, 2))) / "data.mat"
    return of_bytes(folder, path.read_bytes()[:600])


def hdf5(folder: Path) -> Path:
    """What MATLAB 7.3 writes begins like this."""
    header = b"MATLAB 7.3 MAT-file".ljust(124) + b"\x00\x02IM"
    return of_bytes(folder, header + b"\x89HDF\r\n\x1a\n" + bytes(400))


def test_columns_are_examples(tmp_path):
    place = course_like_file(tmp_path)
    data = load_football(tmp_path)
    assert data.source == "course files"
    assert data.files == (place / "data.mat",)
    assert_close(data.X_train, [[0.0, 2.0, 4.0], [1.0, 3.0, 5.0]])
    assert_close(data.Y_train, [[0, 1, 1]])
    assert_close(data.X_test, [[0.0, 2.0], [1.0, 3.0]])
    assert_close(data.Y_test, [[1, 0]])
    assert data.Y_train.dtype == np.int64


def test_the_file_is_found_at_any_depth(tmp_path, monkeypatch):
    place = tmp_path / "week1" / "datasets"
    place.mkdir(parents=True)
    course_like_file(place)
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert load_football().source == "course files"


@pytest.mark.course_data
def test_the_course_file_has_its_counts(course_data):
    data = load_football(course_data)
    assert (data.X_train.shape, data.Y_train.shape) == ((2, 211), (1, 211))
    assert (data.X_test.shape, data.Y_test.shape) == ((2, 200), (1, 200))


def test_a_pitch_is_generated_where_there_is_no_file(tmp_path):
    data = load_football(tmp_path)
    assert data.source == "generated"
    assert data.files == ()
    assert (data.X_train.shape, data.Y_train.shape) == ((2, 211), (1, 211))
    assert (data.X_test.shape, data.Y_test.shape) == ((2, 200), (1, 200))
    assert_close((data.X_train, data.Y_train), make_pitch(211, seed=3), rtol=0)
    assert_close((data.X_test, data.Y_test), make_pitch(200, seed=4), rtol=0)


def test_the_pitch_follows_its_description():
    X, Y = make_pitch(m=20_000, seed=5)
    oval = ((X[0] + 0.15) / 0.45) ** 2 + ((X[1] + 0.05) / 0.6) ** 2
    assert oval.max() <= 1
    assert abs(np.mean(oval < 0.5) - 0.5) < 0.02  # evenly spread
    above = X[1] - (0.9 * X[0] + 0.12 + 0.1 * np.sin(7 * X[0]))
    near = np.abs(above - 0.045) < 0.01
    assert abs(Y[0, near].mean() - 1 / (1 + np.exp(-1))) < 0.08


def test_pitches_repeat_for_a_seed_and_leave_the_global_generator_alone():
    np.random.seed(5)
    expected = np.random.rand()
    np.random.seed(5)
    X, _ = make_pitch(seed=1)
    assert np.random.rand() == expected
    assert_close(make_pitch(seed=1)[0], X, rtol=0)
    assert not np.allclose(make_pitch(seed=2)[0], X)


ADVICE = "Copy or download it again, or move it away to use generated data."
WHOLE = "`{folder}/data.mat` must be a whole MATLAB file of version 4 to 7. Received: "

COMPLAINTS = [
    (
        lambda folder: load_football(folder / "nowhere"),
        ValueError,
        "`data-dir` must name an existing folder. Received: {folder}/nowhere. Generated data is "
        "used when none is named.",
    ),
    (
        lambda folder: load_football(truncated(folder)),
        ValueError,
        WHOLE + "600 bytes that SciPy cannot read. " + ADVICE,
    ),
    (
        lambda folder: load_football(of_bytes(folder, b"not MATLAB at all, only text\n" * 9)),
        ValueError,
        WHOLE + "261 bytes that SciPy cannot read. " + ADVICE,
    ),
    (
        lambda folder: load_football(hdf5(folder)),
        ValueError,
        WHOLE + "one of version 7.3. " + ADVICE,
    ),
    (
        lambda folder: load_football(course_like_file(folder, Xval=None)),
        ValueError,
        "`{folder}/data.mat` must hold the arrays X, y, Xval, yval. Received: X, y, yval.",
    ),
    (
        lambda folder: load_football(course_like_file(folder, X=np.ones((3, 3)))),
        ValueError,
        "`{folder}/data.mat` must hold finite numbers `X` of shape (m, 2). Received: float64 "
        "(3, 3).",
    ),
    (
        lambda folder: load_football(course_like_file(folder, X=np.full((3, 2), np.nan))),
        ValueError,
        "`{folder}/data.mat` must hold finite numbers `X` of shape (m, 2). Received: float64 "
        "(3, 2).",
    ),
    (
        lambda folder: load_football(course_like_file(folder, y=np.ones((2, 1)))),
        ValueError,
        "`{folder}/data.mat` must hold `y` of shape (m=3, 1). Received: (2, 1).",
    ),
    (
        lambda folder: load_football(course_like_file(folder, yval=np.array([[1], [2]]))),
        ValueError,
        "`{folder}/data.mat` must hold labels 0 and 1 only in `yval`. Received: values [1.0, 2.0].",
    ),
    (
        lambda folder: load_football(folder, seed=-1),
        ValueError,
        "`seed` must be at least 0. Received: -1.",
    ),
    (lambda folder: make_pitch(0), ValueError, "`m` must be at least 1. Received: 0."),
    (lambda folder: make_pitch(seed=-1), ValueError, "`seed` must be at least 0. Received: -1."),
]

test_complaints = complaints_test(COMPLAINTS)
