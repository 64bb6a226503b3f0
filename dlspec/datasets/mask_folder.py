"""A user's own pictures with masks that say what every pixel shows.

    photos/            masks/
        a.jpg              a.png       one class id for every pixel
        b.png              b.png

A mask belongs to the picture of the same name, whatever the ending.  Its pixels are class ids from
0; 255 marks pixels that do not count, as at the edges of objects in PASCAL VOC.  Ids are read from

    palette PNG        the numbers, not their colours: what labelling tools write
    greyscale          8 or 16 bits
    black and white    0 and 1
    RGB or RGBA        where one channel alone holds ids, or all hold the same, as the course's

A mask in colours says nothing about ids, and JPEG invents ids at every edge: both are refused.

What lacks a partner or cannot be read is skipped and named.  What suggests that the data are not
what they seem is a complaint that names the files: ids that are out of range, and masks of another
size than their picture.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from dlspec._complaints import InvalidValue, sentence
from dlspec._validation import check_array, check_count
from dlspec.datasets.image_folder import _visible
from dlspec.datasets.photos import _reason, read_photo

__all__ = ["VOID", "MaskFolder", "load_mask_folder", "read_mask", "write_mask"]

VOID = 255
"""Id of pixels that do not count."""
MOST_GUESSED = 64  # larger ids than that are rather grey levels
NAMED = 5  # files that a complaint names before it says how many more there are
KINDS = {
    **dict.fromkeys(("L", "LA", "La", "I", "I;16", "I;16B", "F"), "grey"),
    **dict.fromkeys(("RGB", "RGBA", "RGBa", "RGBX"), ""),
    **dict.fromkeys(("P", "PA"), "with a palette"),
    "1": "black and white",
}
"""What pictures of Pillow's modes were before they became RGB."""


@dataclass(frozen=True)
class MaskFolder:
    """Pictures and their masks, all of one size, in the order of their names.

    Attributes:
        images: uint8 (m, height, width, 3).
        masks: uint8 (m, height, width) class ids; 255 where a pixel does not count.
        n_classes: ids are 0 to n_classes - 1.
        files: path of each picture.
        sizes: (height, width) of each picture as it was.
        converted: (path, what it was) of every picture that was no RGB picture.
        skipped: (path, reason) of everything that was passed over.
        source: where the pictures come from.
    """

    images: np.ndarray
    masks: np.ndarray
    n_classes: int
    files: tuple[Path, ...]
    sizes: tuple[tuple[int, int], ...]
    converted: tuple[tuple[Path, str], ...] = ()
    skipped: tuple[tuple[Path, str], ...] = ()
    source: str = field(default="", compare=False)


# --- Whole folders --------------------------------------------------------------------------------


def load_mask_folder(
    images: str | Path,
    masks: str | Path,
    height: int = 96,
    width: int = 128,
    n_classes: int | None = None,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> MaskFolder:
    """Read pictures and their masks, scaled to one size; masks by the nearest pixel.

    Args:
        images: folder of pictures; folders in it are not searched.
        masks: folder of masks.
        height: that every picture gets, at least 1; a U-Net with four poolings wants multiples
            of 16.
        width: likewise.  Pictures of other proportions are stretched.
        n_classes: at least 2; None for one more than the largest id in the masks.
        progress: called as progress(done, total) after every pair.

    Returns:
        Pictures, masks, and what was converted or skipped and why.

    Raises:
        TypeError, ValueError: no such folder, two files of one name, no pair at all; masks in
            colours, as JPEG, of another size than their picture, or with ids out of range.

    Example:
        >>> import tempfile
        >>> from PIL import Image
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     for name, color in (("photos", 200), ("masks", 1)):
        ...         Path(folder, name).mkdir()
        ...         for letter in "ab":
        ...             Image.new("L", (40, 30), color).save(Path(folder, name, letter + ".png"))
        ...     Path(folder, "masks", "b.png").unlink()
        ...     pairs = load_mask_folder(Path(folder, "photos"), Path(folder, "masks"), 32, 32)
        >>> pairs.images.shape, pairs.masks.shape, pairs.n_classes
        ((1, 32, 32, 3), (1, 32, 32), 2)
        >>> [(path.name, why) for path, why in (*pairs.converted, *pairs.skipped)]
        [('a.png', 'grey'), ('b.png', 'no mask of this name')]
    """
    shape = check_count("height", height), check_count("width", width)
    if n_classes is not None:
        check_count("n_classes", n_classes, minimum=2)
    pairs, skipped = _pair_up(_by_stem("images", images), _by_stem("masks", masks))
    found, refused = [], []
    with ThreadPoolExecutor() as pool:  # Pillow decodes outside Python's lock
        for i, pair in enumerate(pool.map(lambda paths: _read_pair(*paths, shape), pairs)):
            if pair.unreadable:
                skipped.append((pair.unreadable, _reason(pair.unreadable)))
            else:
                (refused if pair.refused else found).append(pair)
            if progress is not None:
                progress(i + 1, len(pairs))
    _complain_of(refused)
    if not found:
        received = f"{len(pairs)} pairs of the same name"
        reasons = "".join(f" {path.name}: {why}." for path, why in skipped[:NAMED])
        advice = "A mask bears the name of its picture, such as a.jpg and a.png." + reasons
        raise InvalidValue(
            sentence("masks", "hold a readable mask for at least one picture", received, advice)
        )
    n_classes = _check_ids(found, n_classes)
    return MaskFolder(
        np.stack([pair.image for pair in found]),
        np.stack([pair.mask for pair in found]),
        n_classes,
        tuple(pair.path for pair in found),
        tuple(pair.size for pair in found),
        tuple((pair.path, pair.was) for pair in found if pair.was),
        tuple(skipped),
        f"{Path(images).expanduser()} and {Path(masks).expanduser()}",
    )


def _by_stem(name, folder):
    """Files of a folder by their name without the ending."""
    folder = Path(folder).expanduser()
    if not folder.is_dir():
        raise InvalidValue(sentence(name, "be an existing folder", folder))
    by_stem: dict[str, Path] = {}
    for path in _visible(folder):
        if path.is_dir():
            continue
        if path.stem in by_stem:
            expected = "hold one file of each name"
            received = f"{by_stem[path.stem].name} and {path.name}"
            raise InvalidValue(sentence(str(folder), expected, received))
        by_stem[path.stem] = path
    return by_stem


def _pair_up(images, masks):
    """(picture, mask) of every name that both folders have; what lacks a partner."""
    pairs = [(images[stem], masks[stem]) for stem in sorted(images.keys() & masks.keys())]
    alone = [(images[stem], "no mask of this name") for stem in sorted(images.keys() - masks)]
    alone += [(masks[stem], "no picture of this name") for stem in sorted(masks.keys() - images)]
    return pairs, alone


@dataclass(frozen=True)
class _Pair:
    """A picture and its mask, both small; or why they are none."""

    path: Path
    mask_path: Path
    image: np.ndarray | None = None
    mask: np.ndarray | None = None
    ids: tuple[int, ...] = ()  # of the whole mask: the small one may lack some
    size: tuple[int, int] = (0, 0)
    was: str = ""
    refused: str = ""
    unreadable: Path | None = None


def _read_pair(path, mask_path, shape):
    from PIL import Image

    place = path
    try:
        image = read_photo(path)
        place = mask_path
        mask, problem = _ids_of(mask_path)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return _Pair(path, mask_path, unreadable=place)
    if problem:
        return _Pair(path, mask_path, refused=problem)
    if mask.shape != image.shape[:2]:
        (h, w), (rows, columns) = image.shape[:2], mask.shape
        return _Pair(path, mask_path, refused=f"{rows} x {columns}, its picture {h} x {w}")
    sides = shape[::-1]  # Pillow's order
    small = np.asarray(Image.fromarray(image).resize(sides, Image.Resampling.BICUBIC))
    nearest = np.asarray(Image.fromarray(mask).resize(sides, Image.Resampling.NEAREST))
    ids = tuple(np.unique(mask).tolist())
    return _Pair(path, mask_path, small, nearest, ids, image.shape[:2], _what_it_was(path))


def _what_it_was(path):
    """How a picture differed from RGB, or nothing."""
    from PIL import Image

    with Image.open(path) as picture:
        kind = KINDS.get(picture.mode, picture.mode)
        transparent = picture.mode[-1] in "Aa" or "transparency" in picture.info
    return " and ".join(filter(None, (kind, "transparent" if transparent else "")))


def _complain_of(refused):
    if refused:
        files = [f"{pair.mask_path.name}: {pair.refused}" for pair in refused]
        expected = "hold class ids, pixel by pixel of their pictures"
        advice = "Save masks as PNG in greyscale or with a palette, as large as their pictures."
        raise InvalidValue(sentence("masks", expected, _some(files), advice))


def _check_ids(pairs, n_classes):
    """The number of classes; no id lies beyond."""
    ids = sorted({i for pair in pairs for i in pair.ids if i != VOID})
    if n_classes is None:
        n_classes = max(ids, default=0) + 1
        if n_classes < 2:
            advice = "Masks of black and white need 1 in place of 255, which means no class."
            received = "0 and 255 only" if ids else "255 only"
            received = received if any(VOID in p.ids for p in pairs) else "0 only"
            raise InvalidValue(sentence("masks", "show at least two classes", received, advice))
        if n_classes > MOST_GUESSED:
            advice = "Grey levels are no class ids. If these are, give n_classes."
            expected = f"hold class ids below {MOST_GUESSED} where `n_classes` is not given"
            raise InvalidValue(sentence("masks", expected, f"ids up to {ids[-1]}", advice))
        return n_classes
    beyond = {p.mask_path.name: [i for i in p.ids if n_classes <= i != VOID] for p in pairs}
    files = [f"{', '.join(map(str, odd))} in {name}" for name, odd in beyond.items() if odd]
    if files:
        expected = f"hold class ids from 0 to {n_classes - 1}, or {VOID} for pixels without"
        raise InvalidValue(
            sentence("masks", expected, _some(files), f"`n_classes` is {n_classes}.")
        )
    return n_classes


def _some(entries):
    more = f"; and {len(entries) - NAMED} more" if len(entries) > NAMED else ""
    return "; ".join(entries[:NAMED]) + more


# --- One mask -------------------------------------------------------------------------------------


def read_mask(path: str | Path) -> np.ndarray:
    """Read the class id of every pixel.

    Args:
        path: of a mask in one of the forms above.

    Returns:
        uint8 (height, width).

    Raises:
        ValueError: no such file, not a picture, a JPEG, colours instead of ids, ids above 255.

    Example:
        >>> import tempfile
        >>> with tempfile.NamedTemporaryFile(suffix=".png") as file:
        ...     write_mask(file.name, [[0, 1], [255, 1]], [[0, 0, 0], [200, 30, 30]])
        ...     read_mask(file.name).tolist()
        [[0, 1], [255, 1]]
    """
    from PIL import Image

    path = Path(path).expanduser()
    if not path.is_file():
        raise InvalidValue(sentence(str(path), "be an existing mask", "nothing there"))
    try:
        ids, problem = _ids_of(path)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise InvalidValue(sentence(str(path), "be a mask", _reason(path))) from error
    if problem:
        raise InvalidValue(sentence(str(path), "hold class ids", problem))
    return ids


def _ids_of(path):
    """Class ids of a mask, or what is wrong with it; Pillow's exceptions pass."""
    from PIL import Image

    with Image.open(path) as picture:
        kind, mode = picture.format, picture.mode
        values = np.asarray(picture)
    if kind in ("JPEG", "MPO"):
        return None, "a JPEG, which changes ids"
    if mode in ("RGB", "RGBA"):
        colors = values[..., :3]
        used = [c for c in range(3) if colors[..., c].any()]
        if np.ptp(colors, axis=2).any() and (len(used) > 1 or VOID in colors[..., used]):
            return None, "in colours, not ids"
        values = colors.max(axis=2)
    elif mode not in ("1", "L", "P", "I", "I;16"):
        return None, f"of mode {mode}, not ids"
    if values.size and values.max() > VOID:
        return None, f"ids up to {values.max()}, beyond 255"
    return values.astype(np.uint8), ""


def write_mask(
    path: str | Path, mask: np.ndarray | Sequence, colors: np.ndarray | Sequence
) -> None:
    """Write class ids as a PNG with a palette: ids for programs, colours for people.

    Args:
        path: of the file.
        mask: (height, width) class ids, and 255 for pixels without.
        colors: (n_classes, 3) red, green and blue from 0 to 255; 255 is white.

    Raises:
        TypeError: not numbers.
        ValueError: another rank, a class without a colour, colours out of range.

    Example:
        >>> import tempfile
        >>> with tempfile.NamedTemporaryFile(suffix=".png") as file:
        ...     write_mask(file.name, np.zeros((4, 4), np.uint8), [[0, 114, 178]])
        ...     read_photo(file.name)[0, 0].tolist()
        [0, 114, 178]
    """
    from PIL import Image

    ids = check_array("mask", mask, ("height", "width"))
    table = check_array("colors", colors, ("n_classes", 3))
    if table.min() < 0 or table.max() > 255:
        received = f"values from {table.min():g} to {table.max():g}"
        raise InvalidValue(sentence("colors", "lie between 0 and 255", received))
    odd = ids[((ids < 0) | (ids >= len(table)) | (ids != np.floor(ids))) & (ids != VOID)]
    if odd.size:
        expected = f"hold class ids from 0 to {len(table) - 1}, or {VOID}"
        advice = f"`colors` has {len(table)} rows."
        raise InvalidValue(sentence("mask", expected, f"{odd[0]:g}", advice))
    palette = np.full((256, 3), 255, np.uint8)
    palette[: len(table)] = table
    picture = Image.fromarray(ids.astype(np.uint8))
    picture.putpalette(palette.ravel().tolist())
    picture.save(path, format="PNG")
