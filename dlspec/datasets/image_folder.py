"""A user's own folder of pictures, one sub-folder per class.

    animals/
        alpaca/   a.jpg   b.png   ...
        other/    c.jpg   ...

What cannot be read is skipped and named, with the reason; hidden files are passed over in silence.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import check_choice, check_count
from dlspec.datasets.photos import _reason, read_photo

__all__ = [
    "ImageFolder",
    "find_images",
    "load_image_folder",
    "read_image",
    "split_folder",
    "stratified_split",
]

FITS = ("crop", "pad")
GREY = 127  # beside a padded picture: 0 for a network that wants [-1, 1]


@dataclass(frozen=True)
class ImageFolder:
    """Pictures of a folder with their classes, in the order of their paths.

    Attributes:
        x: uint8 (m, size, size, 3), or None where pictures are only listed (`find_images`).
        y: int64 (m,), the number of the class.
        class_names: names of the sub-folders in alphabetical order.
        files: path of each picture.
        skipped: (path, reason) of everything that was passed over.
        source: where the pictures come from.
    """

    x: np.ndarray | None
    y: np.ndarray
    class_names: tuple[str, ...]
    files: tuple[Path, ...]
    skipped: tuple[tuple[Path, str], ...] = ()
    source: str = field(default="", compare=False)


# --- Reading --------------------------------------------------------------------------------------


def load_image_folder(
    folder: str | Path,
    size: int = 160,
    *,
    fit: str = "crop",
    progress: Callable[[int, int], None] | None = None,
) -> ImageFolder:
    """Read all pictures of a folder with one sub-folder per class.

    Grey, transparent, palette, CMYK and 16-bit pictures become RGB, and photos taken sideways are
    turned upright.  A thousand pictures of 160 pixels take 77 MB; for folders that do not fit in
    memory see `find_images` and `pipelines.batches`.

    Args:
        folder: with at least two sub-folders.  Their own sub-folders are not searched.
        size: pixels of the square that every picture becomes, at least 1.
        fit: "crop" cuts out the middle square, "pad" keeps all of the picture and puts grey beside
            it; neither stretches it.
        progress: called as progress(done, total) after every picture.

    Returns:
        Pictures, classes, names, paths, and what was skipped and why.

    Raises:
        TypeError, ValueError: no such folder, fewer than two classes, a class without a readable
            picture, a size below 1, another fit.

    Example:
        >>> import tempfile
        >>> from PIL import Image
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     for name in ("alpaca", "other"):
        ...         Path(folder, name).mkdir()
        ...         Image.new("RGB", (40, 30)).save(Path(folder, name, "a.png"))
        ...     Path(folder, "other", "notes.txt").write_text("Seen in spring.")
        ...     images = load_image_folder(folder, size=32)
        15
        >>> images.x.shape, images.y.tolist(), images.class_names
        ((2, 32, 32, 3), [0, 1], ('alpaca', 'other'))
        >>> images.skipped[0][1]
        'not a picture that can be decoded (15 bytes)'
    """
    size = check_count("size", size)
    check_choice("fit", fit, FITS)
    listed = _list_files(folder)
    pictures: list[np.ndarray] = []

    def read(path):
        try:
            return read_image(path, size, fit), ""
        except InvalidValue:
            return None, _reason(path)

    kept = _keep_readable(listed, read, pictures.append, progress)
    return replace(kept, x=np.stack(pictures))


def find_images(
    folder: str | Path, *, progress: Callable[[int, int], None] | None = None
) -> ImageFolder:
    """List the pictures of a folder as `load_image_folder` does, without keeping them in memory.

    Each is decoded once, at a small size, so that training meets no file that cannot be read.

    Args:
        folder: with at least two sub-folders.
        progress: called as progress(done, total) after every picture.

    Returns:
        As `load_image_folder`, with x=None.

    Raises:
        ValueError: as `load_image_folder`.

    Example:
        >>> find_images("nowhere")
        Traceback (most recent call last):
        ...
        dlspec._complaints.InvalidValue: `images` must be an existing folder. Received: nowhere.
    """

    def read(path):
        try:
            read_photo(path, at_least=1)
        except InvalidValue:
            return None, _reason(path)
        return True, ""

    return _keep_readable(_list_files(folder), read, lambda picture: None, progress)


def read_image(path: str | Path, size: int = 160, fit: str = "crop") -> np.ndarray:
    """Read one picture as a square.

    Args:
        path: of the picture.
        size: pixels of the square, at least 1.
        fit: "crop" cuts out the middle square, "pad" keeps all of it and puts grey beside it.

    Returns:
        uint8 (size, size, 3).

    Raises:
        ValueError: no such file, not a picture, a size below 1, another fit.

    Example:
        >>> import tempfile
        >>> from PIL import Image
        >>> with tempfile.NamedTemporaryFile(suffix=".png") as file:
        ...     Image.new("RGB", (40, 20), "white").save(file.name)
        ...     read_image(file.name, size=4, fit="pad")[:, 0, 0].tolist()
        [127, 255, 255, 127]
    """
    from PIL import Image, ImageOps

    size = check_count("size", size)
    check_choice("fit", fit, FITS)
    photo = Image.fromarray(read_photo(path, at_least=2 * size))
    if fit == "crop":
        return np.asarray(ImageOps.fit(photo, (size, size)))
    return np.asarray(ImageOps.pad(photo, (size, size), color=(GREY,) * 3))


def _list_files(folder):
    """Paths with the number of their class, before any is opened."""
    folder = Path(folder).expanduser()
    if not folder.is_dir():
        raise InvalidValue(sentence("images", "be an existing folder", folder))
    visible = _visible(folder)
    classes = [path for path in visible if path.is_dir()]
    if len(classes) < 2:
        received = f"{len(classes)} in {folder}" + "".join(f" ({c.name})" for c in classes)
        expected = "hold at least two sub-folders, one per class"
        raise InvalidValue(sentence("images", expected, received))
    skipped = [(path, "outside the sub-folders") for path in visible if path not in classes]
    files, y = [], []
    for number, place in enumerate(classes):
        inside = _visible(place)
        found = [path for path in inside if not path.is_dir()]
        skipped += [(p, "a folder inside a class: not searched") for p in inside if p.is_dir()]
        files += found
        y += [number] * len(found)
    names = tuple(place.name for place in classes)
    y = np.array(y, dtype=np.int64)
    return ImageFolder(None, y, names, tuple(files), tuple(skipped), str(folder))


def _visible(folder):
    try:
        return sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        expected = "be a folder that can be read"
        raise InvalidValue(sentence(str(folder), expected, error.strerror)) from error


def _keep_readable(listed, read, keep, progress):
    """`listed` without what cannot be read; `keep` gets what can, in order."""
    is_good, skipped, total = np.ones(len(listed.files), bool), [], len(listed.files)
    with ThreadPoolExecutor() as pool:  # Pillow decodes outside Python's lock
        for i, (content, reason) in enumerate(pool.map(read, listed.files)):
            if content is None:
                is_good[i] = False
                skipped.append((listed.files[i], reason))
            else:
                keep(content)
            if progress is not None:
                progress(i + 1, total)
    for number, name in enumerate(listed.class_names):
        if not (is_good & (listed.y == number)).any():
            received = f"{np.sum(listed.y == number)} files, none of them readable"
            reasons = [f"{path.name}: {why}." for path, why in skipped if path.parent.name == name]
            expected = "hold at least one picture"
            place = str(Path(listed.source, name))
            raise InvalidValue(sentence(place, expected, received, " ".join(reasons[:1])))
    return replace(_chosen(listed, is_good), skipped=(*listed.skipped, *skipped))


def _chosen(images, which):
    """The pictures at these places, or where a mask is true."""
    places = np.arange(len(images.y))[which]
    return replace(
        images,
        x=None if images.x is None else images.x[places],
        y=images.y[places],
        files=tuple(images.files[i] for i in places),
    )


# --- Splitting ------------------------------------------------------------------------------------


def split_folder(
    images: ImageFolder, shares: Sequence[float] = (0.7, 0.15, 0.15), seed: int = 1
) -> tuple[ImageFolder, ...]:
    """Split pictures into train, dev and test, every class alike.

    Args:
        images: loaded or only listed.
        shares: of the parts, above 0, 1 in sum.
        seed: of the shuffling, at least 0.

    Returns:
        One `ImageFolder` for each share, each in the order of its paths; together every picture
        once.

    Raises:
        TypeError, ValueError: as `stratified_split`.

    Example:
        >>> files = tuple(Path(f"{i}.png") for i in range(20))
        >>> images = ImageFolder(None, np.repeat([0, 1], 10), ("a", "b"), files)
        >>> [len(part.files) for part in split_folder(images, (0.6, 0.2, 0.2))]
        [12, 4, 4]
    """
    return tuple(_chosen(images, places) for places in stratified_split(images.y, shares, seed))


def stratified_split(
    y: np.ndarray, shares: Sequence[float] = (0.7, 0.15, 0.15), seed: int = 1
) -> tuple[np.ndarray, ...]:
    """Places of the examples of each part, every class split by the same shares.

    Each part gets at least one example of each class; counts are otherwise within one of the share.

    Args:
        y: (m,) whole numbers, the classes.
        shares: of the parts, above 0, 1 in sum.
        seed: of the shuffling, at least 0.

    Returns:
        Increasing places in `y`, int64, one array for each share.

    Raises:
        TypeError, ValueError: no labels, shares that are not positive or do not make 1, a class
            with fewer examples than there are parts.

    Example:
        >>> train, test = stratified_split(np.array([0, 1, 0, 1, 0, 1]), (0.67, 0.33))
        >>> len(train), len(test)
        (4, 2)
    """
    y = np.asarray(y)
    if y.ndim != 1 or y.dtype.kind not in "biu" or not y.size:
        raise InvalidType(sentence("y", "be (m,) whole numbers", f"{y.shape} {y.dtype}"))
    fractions = np.asarray(shares, dtype=np.float64)
    if fractions.ndim != 1 or (fractions <= 0).any() or abs(fractions.sum() - 1) > 1e-6:
        raise InvalidValue(sentence("shares", "be above 0 and 1 in sum", shares))
    random = np.random.default_rng(check_count("seed", seed, minimum=0))
    parts: list[list[np.ndarray]] = [[] for _ in fractions]
    for label in np.unique(y):
        places = random.permutation(np.flatnonzero(y == label))
        if len(places) < len(fractions):
            expected = f"have at least {len(fractions)} examples of each class, one for each part"
            raise InvalidValue(sentence("y", expected, f"{len(places)} of class {label}"))
        ends = np.cumsum(_counts(len(places), fractions))[:-1]
        for part, chosen in zip(parts, np.split(places, ends), strict=True):
            part.append(chosen)
    return tuple(np.sort(np.concatenate(part)) for part in parts)


def _counts(m, fractions):
    """Whole numbers of sum m nearest to the shares, none of them 0."""
    exact = m * fractions
    counts = np.maximum(np.floor(exact), 1)
    while counts.sum() < m:
        counts[np.argmax(exact - counts)] += 1
    while counts.sum() > m:
        counts[np.argmax(np.where(counts > 1, counts - exact, -np.inf))] -= 1
    return counts.astype(int)
