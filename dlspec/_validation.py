"""Checks of arguments.  Each returns the value in the form the caller computes with, or complains.

Shapes are written as in the docstrings: an entry is a free letter (`"m"`), a fixed number (`1`) or
a letter whose value is already known (`("m", 7)`), so that the complaint can say where 7 came from.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, near_miss, sentence

Shape = Sequence["int | str | tuple[str, int]"]


def check_array(
    name: str,
    value: object,
    shape: Shape | None = None,
    *,
    because: str = "",
    finite: bool = True,
    keep_float32: bool = False,
) -> np.ndarray:
    """Return `value` as a float64 array of `shape` without NaN or infinity.

    Args:
        name: what the caller calls it.
        value: anything `np.asarray` takes; integers and booleans are converted.
        shape: see the module docstring; None admits any rank.
        because: where the known sizes come from, for instance "`X` of shape (3, 7) sets m=7".
        finite: also refuse NaN and infinity.
        keep_float32: leave an array of float32 as it is.

    Raises:
        TypeError: not numbers.
        ValueError: another shape, or not finite.

    Example:
        >>> check_array("Y", [[1, 0, 1]], (1, "m"))
        array([[1., 0., 1.]])
    """
    try:
        array = np.asarray(value)
    except ValueError:  # NumPy refuses nested lists that are no box
        received = f"{type(value).__name__} with rows of different lengths"
        raise InvalidValue(sentence(name, "be an array of real numbers", received)) from None
    if array.dtype.kind not in "biuf":
        kind = type(value).__name__
        received = kind if array.ndim == 0 else f"{kind} of dtype {array.dtype}"
        raise InvalidType(sentence(name, "be an array of real numbers", received))
    if shape is not None:
        _check_shape(name, array, shape, because)
    if not (keep_float32 and array.dtype == np.float32):
        array = array.astype(np.float64, copy=False)
    if finite and not np.isfinite(array).all():
        raise InvalidValue(_not_finite(name, array))
    return array


def _check_shape(name: str, array: np.ndarray, shape: Shape, because: str) -> None:
    sizes = [entry[1] if isinstance(entry, tuple) else entry for entry in shape]
    fits = len(sizes) == array.ndim and all(
        isinstance(size, str) or size == length
        for size, length in zip(sizes, array.shape, strict=True)
    )
    if not fits:
        advice = [because] if because else []
        advice.append(_reshape_advice(name, array, sizes))
        raise InvalidValue(
            sentence(name, f"have shape {_write_shape(shape)}", array.shape, _join_advice(advice))
        )
    if 0 in array.shape:
        raise InvalidValue(sentence(name, "hold at least one number", f"shape {array.shape}"))


def _write_shape(shape: Shape) -> str:
    entries = [f"{e[0]}={e[1]}" if isinstance(e, tuple) else str(e) for e in shape]
    return f"({', '.join(entries)}{',' if len(entries) == 1 else ''})"


def _reshape_advice(name: str, array: np.ndarray, sizes: Sequence[int | str]) -> str:
    """The one-liner that would repair the shape, if there is an obvious one."""

    def fits(shape: tuple[int, ...]) -> bool:
        return all(isinstance(s, str) or s == n for s, n in zip(sizes, shape, strict=True))

    if array.ndim == 1 and len(sizes) == 2:
        if sizes[0] == 1 and fits((1, array.size)):
            return f"use {name}.reshape(1, -1)"
        if sizes[1] == 1 and fits((array.size, 1)):
            return f"use {name}.reshape(-1, 1)"
    if array.ndim == len(sizes) == 2 and fits(array.T.shape):
        return f"use {name}.T"
    return ""


def _join_advice(parts: list[str]) -> str:
    text = "; ".join(part for part in parts if part)
    return text[:1].upper() + text[1:] + "." if text else ""


def _not_finite(name: str, array: np.ndarray) -> str:
    nan = int(np.isnan(array).sum())
    infinite = int(np.isinf(array).sum())
    first = [int(i) for i in np.argwhere(~np.isfinite(array))[0]]
    return sentence(
        name,
        "hold finite numbers only",
        f"{nan} NaN and {infinite} infinite of {array.size} values, the first at {first}",
        "Remove or replace them.",
    )


def check_examples(
    X: object, Y: object, n_y: int | str = 1, names: tuple[str, str] = ("X", "Y")
) -> tuple[np.ndarray, np.ndarray]:
    """Return inputs `X` (n_x, m) and labels `Y` (n_y, m), 0 or 1, with the same m examples.

    Raises:
        TypeError: not numbers.
        ValueError: a shape or value that does not fit, with the likely remedy.
    """
    x, y = names
    X = check_array(x, X, ("n_x", "m"))
    because = f"`{x}` of shape {X.shape} sets m={X.shape[1]}"
    if np.shape(Y)[-1:] == X.shape[:1] != X.shape[1:]:
        because += f"; columns are examples, use {x}.T if each row of `{x}` is one"
    Y = check_array(y, Y, (n_y, ("m", X.shape[1])), because=because)
    return X, check_binary(y, Y)


def check_binary(name: str, labels: np.ndarray) -> np.ndarray:
    """Return `labels` if every one is 0 or 1."""
    odd = labels[(labels != 0) & (labels != 1)]
    if odd.size:
        advice = f"Labels -1 and 1 become 0 and 1 with ({name} + 1) / 2." if -1 in odd else ""
        raise InvalidValue(sentence(name, "hold only 0 and 1", _others(odd), advice))
    return labels


def _others(odd: np.ndarray) -> str:
    values = ", ".join(f"{v:g}" for v in np.unique(odd)[:3])
    return f"{odd.size} other value{'s' if odd.size > 1 else ''} such as {values}"


def check_labels(
    name: str, value: object, like: tuple[str, np.ndarray] | None = None
) -> np.ndarray:
    """Return one class per example, whole numbers or texts, as an array (m,).

    Args:
        name: what the caller calls it.
        value: a list or an array of one dimension.
        like: name and array of labels of the same examples; length and kind must be the same.

    Raises:
        TypeError: neither numbers nor texts, or numbers beside texts.
        ValueError: another rank or length, nothing at all, or numbers that are not whole.

    Example:
        >>> check_labels("labels", ["cat", "dog"])
        array(['cat', 'dog'], dtype='<U3')
    """
    try:
        labels = np.asarray(value)
    except ValueError:  # NumPy refuses nested lists that are no box
        raise InvalidValue(sentence(name, "have shape (m,)", "rows of different lengths")) from None
    if labels.dtype.kind not in "biufU":
        received = f"{type(value).__name__} of dtype {labels.dtype}"
        raise InvalidType(sentence(name, "hold class numbers or class names", received))
    if labels.ndim != 1:
        advice = f"Use np.ravel({name})." if labels.ndim == 2 and 1 in labels.shape else ""
        raise InvalidValue(sentence(name, "have shape (m,)", labels.shape, advice))
    if not labels.size:
        raise InvalidValue(sentence(name, "hold at least one label", "none"))
    if labels.dtype.kind == "f" and not np.array_equal(labels, np.floor(labels)):
        advice = "Probabilities become labels by a threshold, such as p > 0.5."
        first = labels[labels != np.floor(labels)][0]
        raise InvalidValue(sentence(name, "hold whole numbers", f"{first:g}", advice))
    if like is not None:
        _check_like(name, labels, *like)
    return labels


def _check_like(name: str, labels: np.ndarray, other: str, others: np.ndarray) -> None:
    if labels.size != others.size:
        expected = f"have one label for each of the {others.size} in `{other}`"
        raise InvalidValue(sentence(name, expected, labels.size))
    if (labels.dtype.kind == "U") != (others.dtype.kind == "U"):
        kind, received = ("texts", "numbers") if others.dtype.kind == "U" else ("numbers", "texts")
        raise InvalidType(sentence(name, f"hold {kind} as `{other}` does", received))


def check_probabilities(name: str, probabilities: np.ndarray) -> np.ndarray:
    """Return `probabilities` if every one lies in [0, 1]."""
    odd = probabilities[(probabilities < 0) | (probabilities > 1)]
    if odd.size:
        advice = "Logits become probabilities by sigmoid or softmax."
        raise InvalidValue(sentence(name, "lie in [0, 1]", _others(odd), advice))
    return probabilities


def check_same_shape(name: str, value: object, like_name: str, like: np.ndarray) -> np.ndarray:
    """Return `value` as a float64 array of the shape of `like`."""
    array = check_array(name, value)
    if array.shape != like.shape:
        raise InvalidValue(
            sentence(name, f"have the shape of `{like_name}`, {like.shape}", array.shape)
        )
    return array


def check_keys(name: str, mapping: object, shapes: Mapping[str, Shape]) -> dict[str, np.ndarray]:
    """Return the arrays of a dictionary of parameters or gradients, each of its shape.

    Raises:
        TypeError: not a dictionary.
        ValueError: a key is missing, or its array does not fit.
    """
    if not isinstance(mapping, Mapping):
        raise InvalidType(sentence(name, "be a dictionary", type(mapping).__name__))
    missing = [key for key in shapes if key not in mapping]
    if missing:
        raise InvalidValue(
            sentence(
                name,
                f"have the keys {', '.join(shapes)}",
                ", ".join(map(str, mapping)) or "an empty dictionary",
                f"Missing: {', '.join(missing)}.",
            )
        )
    return {
        key: check_array(f"{name}['{key}']", mapping[key], shape) for key, shape in shapes.items()
    }


def check_positive(name: str, value: object) -> float:
    """Return a finite number above 0, such as a learning rate."""
    number = _as_number(name, value)
    if not (math.isfinite(number) and number > 0):
        raise InvalidValue(sentence(name, "be a positive finite number", f"{value!r}"))
    return number


def _as_number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
        received = f"{value!r} ({type(value).__name__})"
        raise InvalidType(sentence(name, "be a real number", received))
    return float(value)


def check_finite(name: str, value: object) -> float:
    """Return one finite number, given as a scalar or as an array of a single element."""
    if isinstance(value, np.ndarray) and value.size == 1:
        value = value.item()
    number = _as_number(name, value)
    if not math.isfinite(number):
        raise InvalidValue(sentence(name, "be a finite number", f"{value!r}"))
    return number


def check_interval(name: str, value: object, interval: str) -> float:
    """Return a number in an interval written as in mathematics, such as "[0, 1)" or "[0, inf)".

    Raises:
        TypeError: not a real number.
        ValueError: outside, or NaN.

    Example:
        >>> check_interval("keep_prob", 1, "(0, 1]")
        1.0
    """
    number = _as_number(name, value)
    low, high = (float(end) for end in interval[1:-1].split(","))
    above = low < number or (interval[0] == "[" and number == low)
    below = number < high or (interval[-1] == "]" and number == high)
    if not (above and below):
        raise InvalidValue(sentence(name, f"be in {interval}", f"{value!r}"))
    return number


def check_fraction(name: str, value: object) -> float:
    """Return a share such as an error rate, in [0, 1]; says so when a percentage was meant.

    Example:
        >>> check_fraction("dev", 0.1)
        0.1
    """
    number = _as_number(name, value)
    if not 0 <= number <= 1:
        advice = f"{value:g} % is {number / 100:g}." if 1 < number <= 100 else ""
        raise InvalidValue(sentence(name, "be a fraction in [0, 1]", f"{value!r}", advice))
    return number


def check_count(name: str, value: object, minimum: int = 1) -> int:
    """Return a whole number of at least `minimum`, such as a number of units or iterations."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        received = f"{value!r} ({type(value).__name__})"
        raise InvalidType(sentence(name, "be a whole number", received))
    if value < minimum:
        raise InvalidValue(sentence(name, f"be at least {minimum}", value))
    return int(value)


def check_choice(name: str, value: object, choices: Sequence[str]) -> str:
    """Return one of the names in `choices`."""
    if not isinstance(value, str) or value not in choices:
        received = f"{value!r}"
        raise InvalidValue(
            sentence(name, "be a known name", received, near_miss(value, list(choices)))
        )
    return str(value)


def check_image_shape(
    name: str, shape: object, minimum: int = 1, multiple_of: int = 1
) -> tuple[int, int, int]:
    """Return (height, width, channels) of pictures that a network can take.

    Args:
        name: what the caller calls it.
        shape: a tuple or list of three whole numbers of at least 1.
        minimum: pixels that a picture must be high and wide.
        multiple_of: what its height and width must be multiples of.

    Raises:
        TypeError: no tuple or list, or a size that is no whole number.
        ValueError: not three sizes, or a height or width that does not fit.

    Example:
        >>> check_image_shape("input_shape", [96, 128, 3], multiple_of=16)
        (96, 128, 3)
    """
    if not isinstance(shape, (tuple, list)):
        received = f"{shape!r} ({type(shape).__name__})"
        raise InvalidType(sentence(name, "be (height, width, channels)", received))
    if len(shape) != 3:
        advice = "The number of images is not part of it." if len(shape) == 4 else ""
        raise InvalidValue(sentence(name, "be (height, width, channels)", tuple(shape), advice))
    height, width, channels = (check_count(f"{name}[{i}]", n) for i, n in enumerate(shape))
    if min(height, width) < minimum:
        expected = f"be at least {minimum} pixels high and wide"
        advice = "Smaller maps would vanish on their way through the network."
        raise InvalidValue(sentence(name, expected, (height, width, channels), advice))
    if height % multiple_of or width % multiple_of:
        fitting = [max(1, round(n / multiple_of)) * multiple_of for n in (height, width)]
        expected = f"have a height and width that are multiples of {multiple_of}"
        advice = f"Use pictures of {fitting[0]} x {fitting[1]}."
        raise InvalidValue(sentence(name, expected, (height, width, channels), advice))
    return height, width, channels


def check_layer_sizes(name: str, sizes: object, minimum_layers: int = 1) -> list[int]:
    """Return the units of every layer, the inputs first: at least `minimum_layers` + 1 numbers."""
    listed = isinstance(sizes, Sequence) or (isinstance(sizes, np.ndarray) and sizes.ndim == 1)
    if isinstance(sizes, (str, bytes)) or not listed:
        received = f"{sizes!r} ({type(sizes).__name__})"
        raise InvalidType(sentence(name, "be a list of layer sizes", received))
    if len(sizes) <= minimum_layers:
        layers = "layer" if minimum_layers == 1 else "layers"
        raise InvalidValue(
            sentence(name, f"hold the inputs and at least {minimum_layers} {layers}", list(sizes))
        )
    return [check_count(f"{name}[{i}]", size) for i, size in enumerate(sizes)]
