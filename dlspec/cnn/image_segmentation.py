"""U-Net: a class for every pixel (course 4, week 3).

The contracting half halves the picture four times and doubles its channels, so that it sees what is
there; the expanding half brings it back to full size, and at every size the skip connection hands
over the maps of the contracting half, so that it sees where:

    96x128x3 -> 32 ------------------------------------------------> 32 -> n_classes
                 \\ 48x64 -> 64 ---------------------------------> 64 /
                    \\ 24x32 -> 128 --------------------------> 128 /
                       \\ 12x16 -> 256 -------------------> 256 /
                          \\ 6x8 -> 512 -------------------- /

The output are logits: a loss "from logits" reads them, `predicted_masks` takes the best class.

How well masks fit is counted per class, over all pixels of all pictures:

    IoU_c = pixels of c in both masks / pixels of c in either

The mean over the classes weighs a traffic light as much as the road; the share of right pixels does
not.
"""

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import check_array, check_count, check_image_shape, check_interval

__all__ = [
    "SegmentationScores",
    "confusion_counts",
    "conv_block",
    "predicted_masks",
    "segmentation_scores",
    "unet_model",
    "upsampling_block",
]

# (multiple of n_filters, dropout) down to the bottom, which is not pooled any more.
CONTRACTING = ((1, 0.0), (2, 0.0), (4, 0.0), (8, 0.3), (16, 0.3))
# Multiples of n_filters back up; each takes the maps of the block of the same size.
EXPANDING = (8, 4, 2, 1)
STRIDE = 2 ** (len(CONTRACTING) - 1)


# --- Blocks ---------------------------------------------------------------------------------------


def conv_block(
    inputs: Any = None, n_filters: int = 32, dropout_prob: float = 0, max_pooling: bool = True
) -> tuple[Any, Any]:
    """Contracting block: two convolutions, then perhaps dropout, then perhaps pooling.

        3x3 convolution -> ReLU -> 3x3 convolution -> ReLU [-> dropout] -> skip [-> 2x2 max pool]

    Args:
        inputs: Keras tensor (m, H, W, C).
        n_filters: of both convolutions, at least 1.
        dropout_prob: share dropped while training, in [0, 1); 0 for no such layer.
        max_pooling: whether the next layer is half as high and wide.

    Returns:
        next_layer: (m, H / 2, W / 2, n_filters), or (m, H, W, n_filters) without pooling.
        skip_connection: (m, H, W, n_filters), before pooling.

    Raises:
        TypeError: `inputs` is no tensor; a count that is not whole.
        ValueError: another rank, no filters, a dropout outside [0, 1).

    Example:
        >>> next_layer, skip = conv_block(keras.Input((96, 128, 3)), 32)
        >>> next_layer.shape, skip.shape
        ((None, 48, 64, 32), (None, 96, 128, 32))

    Source: course 4, week 3; Ronneberger et al., "U-Net", 2015.
    """
    _check_maps("inputs", inputs)
    n_filters = check_count("n_filters", n_filters)
    check_interval("dropout_prob", dropout_prob, "[0, 1)")
    return _conv_block(inputs, n_filters, dropout_prob, max_pooling)


def upsampling_block(expansive_input: Any, contractive_input: Any, n_filters: int = 32) -> Any:
    """Expanding block: twice as high and wide, joined by the skip connection, two convolutions.

        3x3 transposed convolution of stride 2 -> concatenate the skip
        -> 3x3 convolution -> ReLU -> 3x3 convolution -> ReLU

    Args:
        expansive_input: Keras tensor (m, H, W, C) from below.
        contractive_input: Keras tensor (m, 2 H, 2 W, C'), the skip connection.
        n_filters: of every convolution, at least 1.

    Returns:
        (m, 2 H, 2 W, n_filters).

    Raises:
        TypeError: an input that is no tensor; a count that is not whole.
        ValueError: another rank, no filters, a skip connection that is not twice as large.

    Example:
        >>> below, skip = keras.Input((12, 16, 64)), keras.Input((24, 32, 32))
        >>> upsampling_block(below, skip, 32).shape
        (None, 24, 32, 32)

    Source: course 4, week 3; Ronneberger et al., "U-Net", 2015.
    """
    _check_maps("expansive_input", expansive_input)
    _check_maps("contractive_input", contractive_input)
    n_filters = check_count("n_filters", n_filters)
    below, skip = expansive_input.shape, contractive_input.shape
    twice = [None if side is None else 2 * side for side in below[1:3]]
    if any(None not in pair and pair[0] != pair[1] for pair in zip(twice, skip[1:3], strict=True)):
        expected = f"be twice as high and wide as `expansive_input`, {tuple(twice)}"
        advice = f"Every side of the picture must be a multiple of {STRIDE}."
        raise InvalidValue(sentence("contractive_input", expected, tuple(skip[1:3]), advice))
    return _upsampling_block(expansive_input, contractive_input, n_filters)


def _conv_block(x, n_filters, dropout_prob, max_pooling, name=None):
    x = _conv(x, n_filters, name, "conv_1")
    x = _conv(x, n_filters, name, "conv_2")
    if dropout_prob > 0:
        x = keras.layers.Dropout(dropout_prob, name=_join(name, "dropout"))(x)
    skip = x
    if max_pooling:
        x = keras.layers.MaxPooling2D(2, name=_join(name, "pool"))(x)
    return x, skip


def _upsampling_block(x, skip, n_filters, name=None):
    x = keras.layers.Conv2DTranspose(
        n_filters, 3, strides=2, padding="same", name=_join(name, "up")
    )(x)
    x = keras.layers.Concatenate(axis=3, name=_join(name, "skip"))([x, skip])
    x = _conv(x, n_filters, name, "conv_1")
    return _conv(x, n_filters, name, "conv_2")


def _conv(x, n_filters, name, role):
    return keras.layers.Conv2D(
        n_filters,
        3,
        padding="same",
        activation="relu",
        kernel_initializer="he_normal",
        name=_join(name, role),
    )(x)


def _join(name, role):
    """Name of a layer in a named block; Keras names those of a block without."""
    return f"{name}_{role}" if name else None


# --- Network --------------------------------------------------------------------------------------


def unet_model(
    input_size: tuple[int, int, int] = (96, 128, 3), n_filters: int = 32, n_classes: int = 23
) -> keras.Model:
    """U-Net with four poolings: logits of every class for every pixel.

    Layers are named `down_<k>_<role>`, `up_<k>_<role>`, `head_1_conv` and `head_1_logits`.

    Args:
        input_size: (height, width, channels), both sides multiples of 16.
        n_filters: of the first block, at least 1; blocks below have 2, 4, 8 and 16 times as many.
        n_classes: at least 2.

    Returns:
        A functional model (m, height, width, channels) -> (m, height, width, n_classes); 8,640,471
        parameters as the defaults are.

    Raises:
        TypeError: sizes that are not whole numbers.
        ValueError: other than three sizes, sides that are no multiples of 16, fewer than two
            classes.

    Example:
        >>> unet_model((32, 32, 3), n_filters=4, n_classes=8).output_shape
        (None, 32, 32, 8)

    Source: course 4, week 3; Ronneberger et al., "U-Net", 2015, with "same" padding, so that masks
    are as large as pictures.
    """
    input_size = check_image_shape("input_size", input_size, multiple_of=STRIDE)
    n_filters = check_count("n_filters", n_filters)
    n_classes = check_count("n_classes", n_classes, minimum=2)
    x = inputs = keras.Input(input_size, name="inputs")
    skips = []
    for k, (multiple, dropout) in enumerate(CONTRACTING, start=1):
        pooled = k < len(CONTRACTING)
        x, skip = _conv_block(x, multiple * n_filters, dropout, pooled, f"down_{k}")
        skips.append(skip)
    for k, (multiple, skip) in enumerate(zip(EXPANDING, skips[-2::-1], strict=True), start=1):
        x = _upsampling_block(x, skip, multiple * n_filters, f"up_{k}")
    x = _conv(x, n_filters, "head_1", "conv")
    x = keras.layers.Conv2D(n_classes, 1, padding="same", name="head_1_logits")(x)
    return keras.Model(inputs, x, name="unet")


def predicted_masks(logits: np.ndarray) -> np.ndarray:
    """The class of highest logit, pixel by pixel.

    Args:
        logits: (m, height, width, n_classes), or probabilities.

    Returns:
        int64 (m, height, width) class ids.

    Raises:
        TypeError: not numbers.
        ValueError: another rank, NaN or infinity.

    Example:
        >>> predicted_masks(np.array([[[[0.1, 2.0], [3.0, -1.0]]]]))
        array([[[1, 0]]])

    Source: course 4, week 3.
    """
    return check_array("logits", logits, ("m", "height", "width", "n_classes")).argmax(axis=-1)


# --- How well masks fit ---------------------------------------------------------------------------


@dataclass(frozen=True)
class SegmentationScores:
    """How well masks fit, class by class.  NaN where a class does not occur.

    Attributes:
        mean_iou: mean of `iou` over the classes that occur in either mask.
        pixel_accuracy: share of all pixels with the right class.
        iou: float64 (n_classes,) intersection over union.
        accuracy: float64 (n_classes,) share of the pixels of a class that were found.
        counts: int64 (n_classes, n_classes); row is the true class, column the predicted one.
    """

    mean_iou: float
    pixel_accuracy: float
    iou: np.ndarray
    accuracy: np.ndarray
    counts: np.ndarray


def confusion_counts(truth: np.ndarray, predicted: np.ndarray, n_classes: int) -> np.ndarray:
    """Count the pixels of every true class that were given every class.

    Counts of several batches may be added before they are scored.

    Args:
        truth: class ids of any shape, such as (m, height, width).
        predicted: class ids of the same shape.
        n_classes: at least 2; ids are 0 to n_classes - 1.

    Returns:
        int64 (n_classes, n_classes); row is the true class, column the predicted one.

    Raises:
        TypeError: not numbers.
        ValueError: shapes that differ, ids that are not whole or out of range.

    Example:
        >>> confusion_counts(np.array([[0, 0, 1]]), np.array([[0, 1, 1]]), n_classes=2)
        array([[1, 1],
               [0, 1]])

    Source: Long et al., "Fully convolutional networks for semantic segmentation", 2015, section 5.
    """
    n_classes = check_count("n_classes", n_classes, minimum=2)
    truth = _check_class_ids("truth", truth, n_classes)
    predicted = _check_class_ids("predicted", predicted, n_classes)
    if truth.shape != predicted.shape:
        expected = f"have the shape of `truth`, {truth.shape}"
        raise InvalidValue(sentence("predicted", expected, predicted.shape))
    pairs = n_classes * truth.ravel() + predicted.ravel()
    return np.bincount(pairs, minlength=n_classes**2).reshape(n_classes, n_classes)


def segmentation_scores(counts: np.ndarray) -> SegmentationScores:
    """Scores from the counts of `confusion_counts`.

        IoU_c = n_cc / (sum_j n_cj + sum_i n_ic - n_cc)        accuracy_c = n_cc / sum_j n_cj

    Args:
        counts: (n_classes, n_classes) numbers of pixels, at least one.

    Returns:
        The scores.

    Raises:
        TypeError: not numbers.
        ValueError: not square, negative, no pixel at all.

    Example:
        >>> scores = segmentation_scores(np.array([[1, 1], [0, 1]]))
        >>> scores.iou, scores.pixel_accuracy
        (array([0.5, 0.5]), 0.6666666666666666)

    Source: Long et al., "Fully convolutional networks for semantic segmentation", 2015, section 5.
    """
    counts = check_array("counts", counts, ("n_classes", "n_classes"))
    if counts.shape[0] != counts.shape[1]:
        raise InvalidValue(sentence("counts", "have shape (n_classes, n_classes)", counts.shape))
    if (counts < 0).any() or counts.sum() == 0:
        expected = "hold numbers of pixels, at least one"
        received = f"least {counts.min():g}, sum {counts.sum():g}"
        raise InvalidValue(sentence("counts", expected, received))
    both, true, predicted = np.diag(counts), counts.sum(axis=1), counts.sum(axis=0)
    iou = _share(both, true + predicted - both)
    return SegmentationScores(
        mean_iou=float(np.nanmean(iou)),
        pixel_accuracy=float(both.sum() / counts.sum()),
        iou=iou,
        accuracy=_share(both, true),
        counts=counts.astype(np.int64),
    )


def _share(part, whole):
    """part / whole, NaN where there is nothing to take a share of."""
    return np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 0)


# --- Checks ---------------------------------------------------------------------------------------


def _check_maps(name, value):
    if not hasattr(value, "shape"):
        raise InvalidType(sentence(name, "be a Keras tensor", type(value).__name__))
    if len(value.shape) != 4:
        raise InvalidValue(sentence(name, "have shape (m, H, W, C)", tuple(value.shape)))


def _check_class_ids(name, value, n_classes):
    ids = check_array(name, value)
    odd = ids[(ids < 0) | (ids >= n_classes) | (ids != np.floor(ids))]
    if odd.size:
        expected = f"hold class ids, whole numbers from 0 to {n_classes - 1}"
        received = f"{odd.size} others such as {odd.flat[0]:g}"
        advice = f"`n_classes` is {n_classes}."
        raise InvalidValue(sentence(name, expected, received, advice))
    return ids.astype(np.int64)
