"""A user's own photo, in any common format and size, as the networks want it."""

from pathlib import Path

import numpy as np

from dlspec._complaints import InvalidValue, sentence
from dlspec._validation import check_count

__all__ = ["photo_as_input", "read_photo"]


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
