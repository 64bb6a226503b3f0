"""A content and a style picture: the user's, else the course's, else ones that come along."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from dlspec._validation import check_count
from dlspec.datasets.files import data_folder, find_course_files
from dlspec.datasets.generated_paintings import make_painting
from dlspec.datasets.photos import photo_as_input, read_photo

__all__ = ["StylePictures", "load_style_pictures"]

CONTENT_FILE, STYLE_FILE = "louvre_small.jpg", "monet.jpg"
CONVERTED = {
    "1": "black and white",
    "L": "grey",
    "I": "grey",
    "F": "grey",
    "I;16": "grey",
    "LA": "grey and partly transparent",
    "La": "grey and partly transparent",
    "RGBA": "partly transparent",
    "RGBa": "partly transparent",
    "PA": "partly transparent",
}


class StylePictures(NamedTuple):
    """Two pictures of one size, their middle squares.

    Attributes:
        content: uint8 (size, size, 3).
        style: likewise.
        source: "files of the user's", "course files" or "generated".
        files: those that were read, of the user's or of the course's.
        notes: what else is to be known: where the others come from, and what was converted.
    """

    content: np.ndarray
    style: np.ndarray
    source: str
    files: tuple[Path, ...]
    notes: tuple[str, ...]


def load_style_pictures(
    data_dir: str | Path | None = None,
    content: str | Path | None = None,
    style: str | Path | None = None,
    size: int = 256,
    seed: int = 1,
) -> StylePictures:
    """Find a content and a style picture.

    Those that are named come first, then the course's louvre_small.jpg and monet.jpg, then
    scikit-learn's photo of a Chinese temple and a painting of `make_painting`.

    Args:
        data_dir: folder with course files; None asks DLSPEC_DATA_DIR.
        content: a picture file in any format that Pillow reads, or None.
        style: likewise.
        size: pixels of the squares, at least 16.
        seed: of the painting, at least 0.

    Returns:
        The pictures as RGB.  Grey is converted, transparent parts are shown on white, and `notes`
        say so.

    Raises:
        TypeError, ValueError: a file that is missing or no picture, no such folder, a size too
            small, a negative seed.

    Example:
        >>> pictures = load_style_pictures(size=32)
        >>> pictures.content.shape, pictures.style.shape
        ((32, 32, 3), (32, 32, 3))
    """
    size = check_count("size", size, minimum=16)
    found = find_course_files((CONTENT_FILE, STYLE_FILE), data_folder(data_dir))
    chosen = {
        "content": content or found.get(CONTENT_FILE),
        "style": style or found.get(STYLE_FILE),
    }
    pictures, files, notes = {}, [], []
    for role, path in chosen.items():
        if path is not None:
            pictures[role] = photo_as_input(read_photo(path, size), size)
            files.append(Path(path).expanduser())
            notes += _conversion(files[-1])
        elif role == "content":
            pictures[role] = photo_as_input(_temple(), size)
            notes.append("content: scikit-learn's photo of a temple")
        else:
            pictures[role] = make_painting(size, seed)
            notes.append("style: a generated painting")
    source = "course files" if files else "generated"
    if content or style:
        source = "files of the user's"
    return StylePictures(pictures["content"], pictures["style"], source, tuple(files), tuple(notes))


def _temple():
    from sklearn.datasets import load_sample_image

    return load_sample_image("china.jpg")


def _conversion(path):
    """A note about a picture that was not RGB to begin with."""
    from PIL import Image

    with Image.open(path) as picture:
        mode = "RGBA" if "transparency" in picture.info else picture.mode
    return [f"{path.name} is {CONVERTED[mode]}: converted to RGB"] if mode in CONVERTED else []
