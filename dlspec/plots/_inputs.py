"""Checks that only the figures need: class ids and names, pictures, probabilities, dictionaries."""

from collections.abc import Mapping, Sequence

import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import check_array


def check_dict(name: str, value: object) -> dict:
    """Return a dictionary with at least one entry, its keys as text."""
    if not isinstance(value, Mapping):
        raise InvalidType(sentence(name, "be a dictionary", type(value).__name__))
    if not value:
        raise InvalidValue(sentence(name, "hold at least one entry", "an empty dictionary"))
    return {str(key): entry for key, entry in value.items()}


def check_class_ids(
    name: str, value: object, m: int | str = "m", because: str = "", advice: str = ""
) -> np.ndarray:
    """Return class ids 0, 1, 2, ... of shape (m,), given as (m,) or (1, m)."""
    length = m if isinstance(m, str) else ("m", m)
    shape = (length,) if np.ndim(value) == 1 else (1, length)
    ids = check_array(name, value, shape, because=because).reshape(-1)
    odd = ids[(ids < 0) | (ids != np.floor(ids))]
    if odd.size:
        received = f"{odd.size} other values such as {odd[0]:g}"
        if -1 in odd:
            advice = f"Labels -1 and 1 become 0 and 1 with ({name} + 1) / 2."
        raise InvalidValue(sentence(name, "hold class ids, whole numbers from 0", received, advice))
    return ids.astype(np.int64)


def check_class_names(class_names: object, **ids: np.ndarray | None) -> list[str] | None:
    """Return the names as text, or None; every class id of `ids` must have one."""
    if class_names is None:
        return None
    is_list = isinstance(class_names, (Sequence, np.ndarray))
    if isinstance(class_names, (str, bytes)) or not is_list:
        received = f"{class_names!r} ({type(class_names).__name__})"
        raise InvalidType(sentence("class_names", "be a list of names", received))
    names = [name.decode() if isinstance(name, bytes) else str(name) for name in class_names]
    for name, values in ids.items():
        if values is not None and values.max() >= len(names):
            raise InvalidValue(
                sentence(
                    "class_names",
                    f"name every class up to {values.max()}",
                    f"{len(names)} names",
                    f"`{name}` holds class {values.max()}.",
                )
            )
    return names


def class_name(names: list[str] | None, index: int) -> str:
    """The name of a class, its number where there are no names."""
    return names[index] if names else str(index)


def check_images(name: str, value: object) -> np.ndarray:
    """Return pictures (m, H, W, 3), (m, H, W, 1) or (m, H, W), uint8 0..255 or float 0..1."""
    images = np.asarray(value)
    colour = images.ndim == 4 and images.shape[3] in (1, 3)
    grey = images.ndim == 3 and images.shape[2] != 3
    if not (colour or grey):
        advice = f"Use {name}[np.newaxis] for a single picture." if images.ndim == 3 else ""
        expected = "have shape (m, H, W, 3), (m, H, W, 1) or (m, H, W)"
        raise InvalidValue(sentence(name, expected, images.shape, advice))
    _check_pixels(name, images)
    return images


def check_picture(name: str, value: object) -> np.ndarray:
    """Return one picture (H, W, 3), uint8 0..255 or float 0..1."""
    image = np.asarray(value)
    if image.ndim != 3 or image.shape[2] != 3:
        alpha = image.ndim == 3 and image.shape[2] == 4
        advice = f"Use {name}[:, :, :3] to leave out the transparency." if alpha else ""
        raise InvalidValue(sentence(name, "have shape (H, W, 3)", image.shape, advice))
    _check_pixels(name, image)
    return image


def _check_pixels(name: str, images: np.ndarray) -> None:
    if images.size == 0:
        raise InvalidValue(sentence(name, "hold at least one pixel", f"shape {images.shape}"))
    expected = "hold uint8 from 0 to 255 or floats from 0 to 1"
    if images.dtype.kind == "f":
        low, high = check_array(name, images).min(), images.max()
        if low < 0 or high > 1:
            advice = f"Use {name} / 255." if low >= 0 and 2 <= high <= 255 else ""
            received = f"floats from {low:g} to {high:g}"
            raise InvalidValue(sentence(name, expected, received, advice))
    elif images.dtype != np.uint8:
        fits = images.dtype.kind in "iu" and images.min() >= 0 and images.max() <= 255
        advice = f"Use {name}.astype(np.uint8)." if fits else ""
        raise InvalidType(sentence(name, expected, f"dtype {images.dtype}", advice))


def check_confidence(probabilities: object, predictions: np.ndarray) -> np.ndarray:
    """Return the probability of each predicted class, (m,), out of the output of a network.

    Args:
        probabilities: of class 1, (m,) or (1, m); or of every class, (n_classes, m).
        predictions: class ids (m,).
    """
    m = predictions.size
    given = np.reshape(probabilities, (1, -1)) if np.ndim(probabilities) == 1 else probabilities
    table = check_array("probabilities", given, ("n_y", ("m", m)), because=_per_image(m))
    if table.min() < 0 or table.max() > 1:
        received = f"values from {table.min():g} to {table.max():g}"
        raise InvalidValue(sentence("probabilities", "lie between 0 and 1", received))
    if table.shape[0] == 1:
        table = np.concatenate([1 - table, table])
    if predictions.max() >= len(table):
        raise InvalidValue(
            sentence(
                "probabilities",
                "have one row for each class, shape (n_classes, m)",
                np.shape(probabilities),
                f"`predictions` holds class {predictions.max()}.",
            )
        )
    return table[predictions, np.arange(m)]


def _per_image(m: int) -> str:
    return f"there are m={m} images"
