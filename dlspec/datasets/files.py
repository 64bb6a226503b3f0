"""Finding the course's files, by their usual names, anywhere below one folder of the user's."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from dlspec._complaints import InvalidValue, sentence

__all__ = ["VARIABLE", "data_folder", "find_course_files", "packaged_file", "sha256"]

VARIABLE = "DLSPEC_DATA_DIR"


def data_folder(path: str | os.PathLike | None = None) -> Path | None:
    """The folder that may hold course files: `path`, else what DLSPEC_DATA_DIR names, else none.

    Args:
        path: a folder, or None to ask the environment.

    Returns:
        The folder, or None when neither names one.

    Raises:
        ValueError: the folder does not exist, or is a file.

    Example:
        >>> data_folder(".")
        PosixPath('.')
    """
    name, value = ("data-dir", path) if path is not None else (VARIABLE, os.environ.get(VARIABLE))
    if not value:
        return None
    folder = Path(value).expanduser()
    if not folder.is_dir():
        advice = "Generated data is used when none is named."
        raise InvalidValue(sentence(name, "name an existing folder", folder, advice))
    return folder


def find_course_files(names: Iterable[str], folder: Path | None) -> dict[str, Path]:
    """Look for files by name at any depth; of several with one name the shallowest is taken.

    Args:
        names: file names, such as "train_catvnoncat.h5".
        folder: where to look, or None to find nothing.

    Returns:
        {name: path} for the names that were found.

    Raises:
        ValueError: a folder below cannot be read.

    Example:
        >>> find_course_files(["data.mat"], None)
        {}
    """
    wanted = set(names)
    found: dict[str, Path] = {}
    if folder is None:
        return found

    def complain(error: OSError) -> None:
        expected = "be readable with everything below it"
        raise InvalidValue(sentence("data-dir", expected, f"{error.filename}: {error.strerror}"))

    for place, folders, files in os.walk(folder, onerror=complain):
        folders.sort()
        for name in wanted.intersection(files):
            path = Path(place, name)
            depth = len(path.parts)
            if name not in found or depth < len(found[name].parts):
                found[name] = path
    return found


def packaged_file(folder: str, name: str) -> Path:
    """A file that comes with the package: beside it in a checkout, inside it when installed.

    Args:
        folder: "data" or "assignments".
        name: path below it.

    Returns:
        The path.

    Raises:
        ValueError: the installation is incomplete.

    Example:
        >>> packaged_file("data", "generated_cats.h5").name
        'generated_cats.h5'
    """
    package = Path(__file__).resolve().parent.parent
    for candidate in (package / folder / name, package.parent / folder / name):
        if candidate.is_file():
            return candidate
    expected = f"come with the package as {folder}/{name}"
    raise InvalidValue(sentence("installation", expected, "no such file", "Install dlspec again."))


def sha256(path: Path) -> str:
    """Check sum of a file in hexadecimal.

    Args:
        path: an existing file.

    Returns:
        64 hexadecimal digits.

    Example:
        >>> len(sha256(packaged_file("data", "generated_cats.h5")))
        64
    """
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
