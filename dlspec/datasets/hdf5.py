"""Reading HDF5 files whose arrays must have known names and shapes."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from dlspec._complaints import InvalidValue, sentence

__all__ = ["read_hdf5"]

Shape = tuple[int | str, ...]
ADVICE = "Copy or download it again, or move it away to use generated data."


def read_hdf5(
    path: Path, shapes: Mapping[str, Shape], advice: str = ADVICE
) -> dict[str, np.ndarray]:
    """Read named arrays into memory and check their shapes.

    Args:
        path: the file.
        shapes: {key: shape}; an entry of a shape is a number, or a letter that stands for the same
            number wherever it occurs.
        advice: what to do about a file that cannot be read.

    Returns:
        {key: array} with the dtypes of the file.

    Raises:
        ValueError: the file cannot be read, is not HDF5, is truncated, lacks a key, or holds an
            array of another shape or kind; names the file.

    Example:
        >>> from dlspec.datasets.files import packaged_file
        >>> path = packaged_file("data", "generated_cats.h5")
        >>> read_hdf5(path, {"test_set_y": ("m",)})["test_set_y"].shape
        (50,)
    """
    import h5py

    if not Path(path).is_file():
        raise InvalidValue(sentence(str(path), "be an existing file", "nothing there"))
    try:
        with h5py.File(path, "r") as file:
            return _read(file, path, shapes)
    except OSError as error:
        received = _what_is_wrong(path, error)
        raise InvalidValue(sentence(str(path), "be a whole HDF5 file", received, advice)) from error


def _read(file, path, shapes):
    sizes: dict[str, int] = {}
    arrays = {}
    for key, shape in shapes.items():
        if key not in file:
            received = ", ".join(file) or "an empty file"
            raise InvalidValue(sentence(str(path), f"hold an array `{key}`", received))
        dataset = file[key]
        found = getattr(dataset, "shape", None)
        if found is None or not _fits(shape, found, sizes):
            expected = f"hold `{key}` of shape {_write(shape, sizes)}"
            raise InvalidValue(sentence(str(path), expected, found or "a group"))
        arrays[key] = dataset[...]
    return arrays


def _fits(shape, found, sizes):
    """Whether `found` is such a shape; if so, remembers what the letters stand for."""
    if len(shape) != len(found):
        return False
    new = dict(sizes)
    for entry, length in zip(shape, found, strict=True):
        expected = new.setdefault(entry, length) if isinstance(entry, str) else entry
        if expected != length:
            return False
    sizes.update(new)
    return True


def _write(shape, sizes):
    entries = [f"{e}={sizes[e]}" if e in sizes else str(e) for e in shape]
    return f"({', '.join(entries)}{',' if len(entries) == 1 else ''})"


def _what_is_wrong(path, error):
    """h5py says it at length; users need one of three."""
    text = str(error)
    size = Path(path).stat().st_size
    if "signature not found" in text:
        return f"{size:,} bytes of something else"
    if "truncated" in text:
        return f"a truncated one of {size:,} bytes"
    return f"a damaged one of {size:,} bytes ({text.splitlines()[0]})"
