"""A user's own photos, in any common format and size, as the networks want them."""

import itertools
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from dlspec._complaints import InvalidValue, sentence
from dlspec._validation import check_count

__all__ = ["PhotoFiles", "find_photos", "photo_as_input", "read_photo"]

ENDINGS = {".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff"}
"""What a picture in a folder is known by; of a single file any is tried."""


class PhotoFiles(NamedTuple):
    """Pictures that `find_photos` found.

    Attributes:
        files: from a short name, different for each, to the path.
        skipped: (path, reason) of every picture in a folder that cannot be read.
    """

    files: dict[str, Path]
    skipped: tuple[tuple[Path, str], ...]


def find_photos(places: str | Path) -> PhotoFiles:
    """List pictures by file and by folder, such as the frames of a film.

    Each is decoded once, at a small size, so that work that is done before they are looked at is
    not done in vain.

    Args:
        places: a file, a folder, or several of both with commas between.

    Returns:
        The pictures in the order given, those of a folder by name.  Each has a short name: that of
        its file without the ending; with its folder in front where two would be called the same.

    Raises:
        ValueError: no such file or folder, a file that is no picture, a folder without a readable
            one.

    Example:
        >>> import tempfile
        >>> from PIL import Image
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     left, right = Path(folder, "left"), Path(folder, "right")
        ...     for place in (left, right):
        ...         place.mkdir()
        ...         Image.new("RGB", (40, 30)).save(place / "1.png")
        ...     Image.new("RGB", (40, 30)).save(right / "2.png")
        ...     list(find_photos(f"{left},{right}").files)
        ['left_1', 'right_1', '2']
    """
    whole = Path(places).expanduser()
    parts = [whole] if whole.exists() else [Path(p.strip()) for p in str(places).split(",")]
    files: list[Path] = []
    skipped: list[tuple[Path, str]] = []
    for place in (part.expanduser() for part in parts if str(part) != "."):
        if place.is_dir():
            readable, others = _pictures_in(place)
            files += readable
            skipped += others
        else:
            read_photo(place, at_least=1)
            files.append(place)
    if not files:
        raise InvalidValue(sentence("images", "name a picture or a folder", repr(str(places))))
    files = list(dict.fromkeys(files))
    return PhotoFiles(dict(zip(_short_names(files), files, strict=True)), tuple(skipped))


def _pictures_in(folder):
    """Pictures of a folder that can be read, and those that cannot with the reason."""
    try:
        inside = sorted(folder.iterdir())
    except OSError as error:
        expected = "be a folder that can be read"
        raise InvalidValue(sentence(str(folder), expected, error.strerror)) from error
    named = [p for p in inside if p.suffix.lower() in ENDINGS and not p.name.startswith(".")]
    readable, others = [], []
    for path in named:
        try:
            read_photo(path, at_least=1)
            readable.append(path)
        except InvalidValue:
            others.append((path, _reason(path)))
    if not readable:
        received = f"{len(named)}, none of them readable" if named else "a folder without any"
        reasons = "".join(f"{path.name}: {why}." for path, why in others[:1])
        expected = "hold pictures such as .jpg or .png"
        raise InvalidValue(sentence(str(folder), expected, received, reasons))
    return readable, others


def _short_names(files: Sequence[Path]) -> list[str]:
    """Different names, also where a file system takes A for a."""
    forms = [
        [path.stem for path in files],
        [f"{path.resolve().parent.name}_{path.stem}" for path in files],
        [f"{path.resolve().parent.name}_{path.name.replace('.', '_')}" for path in files],
    ]
    counts = [Counter(name.lower() for name in names) for names in forms]
    chosen: list[str] = []
    for candidates in zip(*forms, strict=True):
        unique = [c for c, count in zip(candidates, counts, strict=True) if count[c.lower()] == 1]
        numbered = (f"{candidates[0]}_{k}" for k in itertools.count(2))
        taken = {name.lower() for name in chosen}
        chosen.append(next(c for c in itertools.chain(unique, numbered) if c.lower() not in taken))
    return chosen


def read_photo(path: str | Path, at_least: int | None = None) -> np.ndarray:
    """Read a picture as RGB, upright as the camera meant it, transparency shown on white.

    Args:
        path: a file in any format that Pillow reads (JPEG, PNG, WebP, GIF, BMP, TIFF, ...).
        at_least: pixels that each side must keep; a large JPEG is then decoded at a half, a fourth
            or an eighth of its size, several times faster.  None for the full size.

    Returns:
        uint8 of shape (height, width, 3); 16 bits a channel are reduced to 8.

    Raises:
        ValueError: no such file, or not a picture that can be decoded.

    Example:
        >>> import tempfile
        >>> from PIL import Image
        >>> with tempfile.NamedTemporaryFile(suffix=".png") as file:
        ...     Image.new("L", (30, 20)).save(file.name)
        ...     read_photo(file.name).shape
        (20, 30, 3)
    """
    from PIL import Image, ImageOps

    path = Path(path).expanduser()
    if not path.is_file():
        raise InvalidValue(sentence(str(path), "be an existing picture file", "nothing there"))
    try:
        with Image.open(path) as picture:
            if at_least is not None:
                picture.draft(None, (at_least, at_least))
            upright = _eight_bits(ImageOps.exif_transpose(picture)).convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        size = path.stat().st_size
        received = f"{size:,} bytes that cannot be decoded"
        advice = "Use a JPEG, PNG, WebP, GIF, BMP or TIFF file."
        raise InvalidValue(sentence(str(path), "be a picture", received, advice)) from error
    white = Image.new("RGBA", upright.size, "white")
    return np.asarray(Image.alpha_composite(white, upright).convert("RGB"))


def _reason(path):
    if path.is_symlink() and not path.exists():
        return "a link to nothing"
    if not path.is_file():
        return "not a file"
    if not os.access(path, os.R_OK):
        return "no permission to read it"
    size = path.stat().st_size
    return f"not a picture that can be decoded ({size:,} bytes)" if size else "an empty file"


def _eight_bits(picture):
    """Grey of 16 bits, 0 to 65535, as grey of 8: Pillow would cut off what is above 255."""
    from PIL import Image

    if not picture.mode.startswith("I"):
        return picture
    return Image.fromarray((np.asarray(picture).clip(0, 65535) // 257).astype(np.uint8))


def photo_as_input(photo: np.ndarray, size: int = 64) -> np.ndarray:
    """Cut the middle square out of a photo and scale it, as the course's photos were.

    Args:
        photo: uint8 (height, width, 3).
        size: pixels of the square, at least 1.

    Returns:
        uint8 of shape (size, size, 3).

    Raises:
        ValueError: `photo` is not (height, width, 3) uint8; a size below 1.

    Example:
        >>> photo_as_input(np.zeros((480, 640, 3), np.uint8)).shape
        (64, 64, 3)
    """
    from PIL import Image, ImageOps

    size = check_count("size", size)
    if photo.ndim != 3 or photo.shape[2] != 3 or photo.dtype != np.uint8 or 0 in photo.shape:
        received = f"{photo.shape} {photo.dtype}"
        raise InvalidValue(sentence("photo", "be (height, width, 3) uint8", received))
    return np.asarray(ImageOps.fit(Image.fromarray(photo), (size, size)))
