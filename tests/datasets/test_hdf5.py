"""HDF5 files: good ones are read, every kind of bad one is named."""

import re
from pathlib import Path

import h5py
import numpy as np
import pytest

from dlspec.datasets.hdf5 import read_hdf5
from tests.complaints import complaints_test

SHAPES = {"x": ("m", 4, 4), "y": ("m",)}


def write(folder: Path, **arrays) -> Path:
    path = folder / "set.h5"
    with h5py.File(path, "w") as file:
        for name, array in arrays.items():
            file[name] = array
    return path


def good(folder: Path) -> Path:
    return write(folder, x=np.arange(48).reshape(3, 4, 4), y=np.array([0, 1, 0]))


def truncated(folder: Path) -> Path:
    path = write(folder, x=np.zeros((64, 4, 4)), y=np.zeros(64))
    path.write_bytes(path.read_bytes()[:4000])
    return path


def text(folder: Path) -> Path:
    path = folder / "set.h5"
    path.write_text("not HDF5 at all")
    return path


def damaged(folder: Path) -> Path:
    """The signature is whole, what follows it is not."""
    path = good(folder)
    content = bytearray(path.read_bytes())
    content[8:48] = b"\xff" * 40
    path.write_bytes(content)
    return path


def with_a_group(folder: Path) -> Path:
    path = write(folder, y=np.zeros(3))
    with h5py.File(path, "a") as file:
        file.create_group("x")
    return path


def test_arrays_come_back_as_they_were_written(tmp_path):
    arrays = read_hdf5(good(tmp_path), SHAPES)
    assert arrays["x"].dtype == np.int64
    np.testing.assert_array_equal(arrays["x"], np.arange(48).reshape(3, 4, 4))
    np.testing.assert_array_equal(arrays["y"], [0, 1, 0])


def test_only_what_is_asked_for_is_read(tmp_path):
    assert list(read_hdf5(good(tmp_path), {"y": (3,)})) == ["y"]


ADVICE = "Copy or download it again, or move it away to use generated data."

COMPLAINTS = [
    (
        lambda folder: read_hdf5(folder / "set.h5", SHAPES),
        ValueError,
        "`{folder}/set.h5` must be an existing file. Received: nothing there.",
    ),
    (
        lambda folder: read_hdf5(text(folder), SHAPES),
        ValueError,
        "`{folder}/set.h5` must be a whole HDF5 file. Received: 15 bytes of something else. "
        + ADVICE,
    ),
    (
        lambda folder: read_hdf5(truncated(folder), SHAPES),
        ValueError,
        "`{folder}/set.h5` must be a whole HDF5 file. Received: a truncated one of 4,000 bytes. "
        + ADVICE,
    ),
    (
        lambda folder: read_hdf5(write(folder, x=np.zeros((3, 4, 4))), SHAPES),
        ValueError,
        "`{folder}/set.h5` must hold an array `y`. Received: x.",
    ),
    (
        lambda folder: read_hdf5(write(folder), SHAPES),
        ValueError,
        "`{folder}/set.h5` must hold an array `x`. Received: an empty file.",
    ),
    (
        lambda folder: read_hdf5(with_a_group(folder), SHAPES),
        ValueError,
        "`{folder}/set.h5` must hold `x` of shape (m, 4, 4). Received: a group.",
    ),
    (
        lambda folder: read_hdf5(write(folder, x=np.zeros((3, 4)), y=np.zeros(3)), SHAPES),
        ValueError,
        "`{folder}/set.h5` must hold `x` of shape (m, 4, 4). Received: (3, 4).",
    ),
    (
        lambda folder: read_hdf5(write(folder, x=np.zeros((3, 4, 4)), y=np.zeros(2)), SHAPES),
        ValueError,
        "`{folder}/set.h5` must hold `y` of shape (m=3,). Received: (2,).",
    ),
]

test_complaints = complaints_test(COMPLAINTS)


def test_a_damaged_file_is_named(tmp_path):
    """What HDF5 says of it differs between releases, so only our part is pinned."""
    path = damaged(tmp_path)
    start = f"`{path}` must be a whole HDF5 file. Received: a damaged one of "
    with pytest.raises(ValueError, match=re.escape(start)) as caught:
        read_hdf5(path, SHAPES)
    assert str(caught.value).endswith(ADVICE)
