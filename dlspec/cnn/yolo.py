"""YOLO: networks that see all boxes at once, what they are trained towards, and ready weights.

The picture is laid under a grid, and every cell has a few anchors, boxes of given shapes.  For each
anchor a of each cell the network says 5 + K numbers:

    t_x, t_y, t_w, t_h, t_o, and one number for each of the K classes

    centre    = (cell + sigmoid(t_x, t_y)) / grid            b_x, b_y as shares of the picture
    size      = anchor * exp(t_w, t_h) / grid                anchors are measured in cells
    p_c       = sigmoid(t_o)
    classes   = softmax(the K numbers)

An object belongs to the cell of its midpoint and, there, to the anchor whose shape fits best (IoU
of the shapes).  All other anchors of all cells should say "nothing here".

`YOLOv2` is the network of the exercise: Darknet-19, and a passthrough that hands maps of twice the
resolution over to the last layers.  `YOLOTiny` follows the same plan and learns on a laptop.
"""

import os
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import (
    check_array,
    check_choice,
    check_count,
    check_image_shape,
    check_interval,
    check_positive,
)
from dlspec.cnn.boxes import shape_iou

__all__ = [
    "SpaceToDepth",
    "YOLOTiny",
    "YOLOv2",
    "YoloLoss",
    "darknet_size",
    "load_darknet_weights",
    "yolo_loss",
    "yolo_targets",
]

# Tables of layers: (filters, kernel) is convolution, normalisation and leaky ReLU; POOL halves the
# sides; SPLIT marks the maps that the passthrough takes.
POOL, SPLIT = "pool", "split"

DARKNET19 = (
    *((32, 3), POOL),
    *((64, 3), POOL),
    *((128, 3), (64, 1), (128, 3), POOL),
    *((256, 3), (128, 1), (256, 3), POOL),
    *((512, 3), (256, 1), (512, 3), (256, 1), (512, 3), SPLIT, POOL),
    *((1024, 3), (512, 1), (1024, 3), (512, 1), (1024, 3)),
)
YOLOV2 = {"body": (*DARKNET19, (1024, 3), (1024, 3)), "passthrough": 64, "joined": (1024, 3)}
TINY = {
    "body": (
        *((16, 3), POOL),
        *((32, 3), POOL),
        *((64, 3), SPLIT, POOL),
        *((128, 3), (64, 1), (128, 3), (64, 1), (128, 3)),
    ),
    "passthrough": 32,
    "joined": (128, 3),
}

SLOPE = 0.1  # of the leaky ReLU below 0
EPSILON = 1e-5  # of the normalisation, Darknet's
LARGEST = 10.0  # a larger t_w or t_h means a box beyond any picture; its exp could overflow


# --- Networks -------------------------------------------------------------------------------------


class _Blocks(keras.layers.Layer):
    """What `SpaceToDepth` computes."""

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        m, height, width, channels = input_shape
        if height % self.block or width % self.block:
            expected = f"have sides that are multiples of {self.block}"
            raise InvalidValue(sentence("maps", expected, (height, width)))
        return m, height // self.block, width // self.block, channels * self.block**2

    def call(self, maps: Any) -> Any:
        b = self.block
        _, height, width, channels = self.compute_output_shape(tuple(maps.shape))
        blocks = keras.ops.reshape(maps, (-1, height, b, width, b, channels // b**2))
        blocks = keras.ops.transpose(blocks, (0, 1, 3, 2, 4, 5))
        return keras.ops.reshape(blocks, (-1, height, width, channels))

    def get_config(self) -> dict:
        return {**super().get_config(), "block": self.block}


@keras.saving.register_keras_serializable(package="dlspec")
class SpaceToDepth(_Blocks):
    """Blocks of pixels become channels: (m, H, W, C) -> (m, H / b, W / b, b b C).

    The channels of the pixel at the left top of a block come first, then those to its right, then
    the next row: the order of `tf.nn.space_to_depth`, which the conversions of Darknet's weights
    use.  (Darknet's own "reorg" has the same order of channels but reads some rows one too high or
    low, an accident of how it counts memory; detections differ little.)

    Args:
        block: side of a block, at least 1.
        kwargs: for `keras.layers.Layer`, such as `name`.

    Raises:
        TypeError, ValueError: a block that is no whole number, maps whose sides it does not divide.

    Example:
        >>> SpaceToDepth(2)(np.arange(8.0).reshape(1, 2, 2, 2))[0, 0, 0].numpy().tolist()
        [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]

    Source: Redmon and Farhadi, "YOLO9000", 2017, section 2, "fine-grained features".
    """

    def __init__(self, block: int = 2, **kwargs: Any):
        super().__init__(**kwargs)
        self.block = check_count("block", block)


def YOLOv2(
    input_shape: tuple[int, int, int] = (608, 608, 3),
    anchors: int = 5,
    classes: int = 80,
    width: float = 1.0,
) -> keras.Model:
    """YOLOv2 on Darknet-19, with the passthrough: 32 pixels to a cell.

    Layers are named `<stage>_<k>_<role>` where k counts the convolutions as Darknet's files do.

    Args:
        input_shape: (height, width, 3), both sides multiples of 32.
        anchors: boxes in every cell, at least 1.
        classes: at least 1.
        width: multiplies the number of filters, above 0; 1 is the paper's.

    Returns:
        A functional model of pictures in [0, 1], (m, height, width, 3) -> (m, height / 32,
        width / 32, anchors (5 + classes)); 50,983,561 parameters as the defaults are.

    Raises:
        TypeError: sizes that are not numbers.
        ValueError: sides that are no multiples of 32, no anchor, no class.

    Example:
        >>> YOLOv2((64, 96, 3), anchors=2, classes=3, width=1 / 32).output_shape
        (None, 2, 3, 16)

    Source: Redmon and Farhadi, "YOLO9000", 2017; course 4, week 3.
    """
    return _yolo("yolo_v2", YOLOV2, input_shape, anchors, classes, width)


def YOLOTiny(
    input_shape: tuple[int, int, int] = (96, 128, 3),
    anchors: int = 5,
    classes: int = 5,
    width: float = 1.0,
) -> keras.Model:
    """A small network of YOLOv2's plan for small pictures: 8 pixels to a cell.

    Args:
        input_shape: (height, width, 3), both sides multiples of 8.
        anchors: boxes in every cell, at least 1.
        classes: at least 1.
        width: multiplies the number of filters, above 0.

    Returns:
        A functional model of pictures in [0, 1], (m, height, width, 3) -> (m, height / 8,
        width / 8, anchors (5 + classes)).

    Raises:
        TypeError: sizes that are not numbers.
        ValueError: sides that are no multiples of 8, no anchor, no class.

    Example:
        >>> YOLOTiny((32, 48, 3), anchors=2, classes=3).output_shape
        (None, 4, 6, 16)

    Source: the plan of Redmon and Farhadi, "YOLO9000", 2017; its sizes are ours.
    """
    return _yolo("yolo_tiny", TINY, input_shape, anchors, classes, width)


def _yolo(name, table, input_shape, anchors, classes, width):
    stride = 2 ** table["body"].count(POOL)
    input_shape = check_image_shape("input_shape", input_shape, multiple_of=stride)
    anchors, classes = check_count("anchors", anchors), check_count("classes", classes)
    width = check_positive("width", width)

    def filters(number):
        return max(1, round(width * number))

    x = inputs = keras.Input(input_shape, name="inputs")
    k = pools = 0
    for row in table["body"]:
        if row == POOL:
            pools += 1
            x = keras.layers.MaxPooling2D(2, name=f"body_{pools}_pool")(x)
        elif row == SPLIT:
            fine = x
        else:
            k += 1
            x = _conv(x, filters(row[0]), row[1], f"body_{k}")
    fine = _conv(fine, filters(table["passthrough"]), 1, f"passthrough_{k + 1}")
    fine = SpaceToDepth(2, name=f"passthrough_{k + 1}_depth")(fine)
    x = keras.layers.Concatenate(name=f"head_{k + 2}_join")([fine, x])
    x = _conv(x, filters(table["joined"][0]), table["joined"][1], f"head_{k + 2}")
    x = keras.layers.Conv2D(anchors * (5 + classes), 1, name=f"head_{k + 3}_conv")(x)
    return keras.Model(inputs, x, name=name)


def _conv(x, filters, kernel, name):
    x = keras.layers.Conv2D(filters, kernel, padding="same", use_bias=False, name=f"{name}_conv")(x)
    x = keras.layers.BatchNormalization(epsilon=EPSILON, name=f"{name}_norm")(x)
    return keras.layers.LeakyReLU(negative_slope=SLOPE, name=f"{name}_leaky")(x)


# --- Darknet's weight files -----------------------------------------------------------------------

# A file is: int32 major, minor, revision; the number of pictures seen in training, int64 from
# version 0.2 on and int32 before; then for every convolution, as float32,
#     with normalisation       beta, gamma, running mean, running variance, kernel
#     without                  bias, kernel
# and kernels as (filters, channels, height, width).


def darknet_size(model: keras.Model, version: tuple[int, int] = (0, 2)) -> int:
    """Bytes of a Darknet weight file that fits a network.

    Args:
        model: of `YOLOv2` or `YOLOTiny`.
        version: (major, minor) of the file.

    Returns:
        Bytes of the header and of all weights.

    Raises:
        TypeError: not a model.
        ValueError: a model with layers that such a file does not know.

    Example:
        >>> model = YOLOTiny((32, 32, 3), anchors=1, classes=1, width=1 / 16)
        >>> darknet_size(model) == 20 + 4 * model.count_params()
        True

    Source: the source of Darknet, `parser.c`, Redmon, 2013-2016.
    """
    numbers = sum(int(np.prod(w.shape)) for pair in _darknet_layers(model) for w in _places(*pair))
    return 12 + _seen_type(*version).itemsize + 4 * numbers


def load_darknet_weights(model: keras.Model, path: str | os.PathLike) -> int:
    """Fill a network with the weights of a Darknet file, such as yolov2.weights.

    The model's weights are changed; nothing is changed when the file does not fit.

    Args:
        model: of `YOLOv2` or `YOLOTiny`, built with the classes and anchors of the file.
        path: the file.

    Returns:
        Number of pictures that the network saw in training.

    Raises:
        TypeError: not a model.
        ValueError: no such file, bytes that are missing or too many, numbers that are not finite, a
            model with other layers.

    Example:
        >>> import pathlib, tempfile
        >>> model = YOLOTiny((32, 32, 3), anchors=1, classes=1, width=1 / 16)
        >>> header = np.array([0, 2, 0, 64, 0], "<i4").tobytes()
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = pathlib.Path(folder, "tiny.weights")
        ...     _ = path.write_bytes(header + bytes(4 * model.count_params()))
        ...     load_darknet_weights(model, path)
        64

    Source: the source of Darknet, `parser.c`, Redmon, 2013-2016.
    """
    layers = _darknet_layers(model)
    seen, begin = _read_header(path, model)
    numbers = np.memmap(path, dtype="<f4", mode="r", offset=begin)
    if not np.isfinite(numbers).all():
        received = f"{int((~np.isfinite(numbers)).sum())} that are not"
        advice = "Is it a weight file of Darknet?"
        raise InvalidValue(sentence(str(path), "hold finite numbers", received, advice))
    done = 0
    for pair in layers:
        for variable in _places(*pair):
            shape = tuple(variable.shape)
            count = int(np.prod(shape))
            values = np.array(numbers[done : done + count])
            done += count
            if len(shape) == 4:  # (filters, channels, height, width) -> Keras's (h, w, c, filters)
                turned = (shape[3], shape[2], *shape[:2])
                values = values.reshape(turned).transpose(2, 3, 1, 0)
            variable.assign(values)
    return seen


def _darknet_layers(model):
    """(convolution, normalisation or None) in the order of the file, by the number in the name."""
    if not isinstance(model, keras.Model):
        raise InvalidType(sentence("model", "be a Keras model", type(model).__name__))
    by_name = {layer.name: layer for layer in model.layers}
    places = {}
    for name, layer in by_name.items():
        if layer.weights:
            parts = name.split("_")
            if len(parts) != 3 or not parts[1].isdigit() or parts[2] not in ("conv", "norm"):
                expected = "have layers named <stage>_<k>_conv and <stage>_<k>_norm"
                advice = "Use a model of YOLOv2 or YOLOTiny."
                raise InvalidValue(sentence("model", expected, name, advice))
            places[int(parts[1])] = f"{parts[0]}_{parts[1]}"
    ordered = [places[k] for k in sorted(places)]
    return [(by_name[f"{name}_conv"], by_name.get(f"{name}_norm")) for name in ordered]


def _places(conv, norm):
    """The variables of a convolution in the order of the file."""
    first = [conv.bias] if norm is None else [norm.beta, norm.gamma]
    moving = [] if norm is None else [norm.moving_mean, norm.moving_variance]
    return [*first, *moving, conv.kernel]


def _read_header(path, model):
    """Pictures seen, and where the weights begin; the size of the file fits the model."""
    try:
        with open(path, "rb") as file:
            header = file.read(20)
            size = file.seek(0, os.SEEK_END)
    except OSError as error:
        raise InvalidValue(
            sentence(str(path), "be a weight file of Darknet", error.strerror)
        ) from error
    if len(header) < 20:
        received = f"a file of {size} bytes"
        raise InvalidValue(sentence(str(path), "begin with a header of Darknet", received))
    major, minor, _ = np.frombuffer(header, "<i4", 3)
    seen_type = _seen_type(major, minor)
    expected = darknet_size(model, (major, minor))
    if size != expected:
        wanted = f"hold {expected:,} bytes, as version {major}.{minor} and `model` need"
        off = f"{expected - size:,} are missing" if size < expected else None
        received = f"{size:,} bytes; {off or f'{size - expected:,} are too many'}"
        advice = "Is the file whole, and the model built with its classes and anchors?"
        raise InvalidValue(sentence(str(path), wanted, received, advice))
    seen = np.frombuffer(header, seen_type, 1, offset=12)
    return int(seen[0]), 12 + seen_type.itemsize


def _seen_type(major, minor):
    return np.dtype("<i8" if major * 10 + minor >= 2 else "<i4")


# --- Training -------------------------------------------------------------------------------------


def yolo_targets(
    boxes: np.ndarray,
    classes: np.ndarray,
    image_shape: tuple[int, int],
    grid: tuple[int, int],
    anchors: np.ndarray,
    num_classes: int,
) -> np.ndarray:
    """What the network should say about one picture.

    Every object takes one anchor of the cell that its midpoint lies in: the one whose shape has the
    highest IoU with its own, or the best that is still free when another object took that.  Where
    a cell has more objects than anchors, the last ones are left out.  At the place of an object
    stand

        x, y within the cell in [0, 1),  log(w / anchor w), log(h / anchor h),  1,  class one-hot

    and zeros elsewhere.

    Args:
        boxes: (n, 4) corners (y1, x1, y2, x2) in pixels, as `yolo_eval` returns them; n may be 0.
        classes: (n,) whole numbers from 0 to num_classes - 1.
        image_shape: (height, width) of the picture in pixels.
        grid: (rows, columns) of cells.
        anchors: (A, 2) widths and heights in cells.
        num_classes: at least 1.

    Returns:
        float32 (rows, columns, A, 5 + num_classes).

    Raises:
        TypeError: not numbers.
        ValueError: shapes that do not fit, boxes without width or height or with their midpoint
            beside the picture, classes out of range.

    Example:
        >>> boxes, anchors = np.array([[30, 10, 50, 70]]), np.array([[1, 2], [3, 1]])
        >>> target = yolo_targets(boxes, np.array([1]), (96, 128), (3, 4), anchors, num_classes=2)
        >>> np.argwhere(target[..., 4]).tolist()
        [[1, 1, 1]]
        >>> target[1, 1, 1, [0, 1, 4, 5, 6]]
        array([0.25, 0.25, 1.  , 0.  , 1.  ], dtype=float32)

    Source: Redmon and Farhadi, "YOLO9000", 2017, section 2; course 4, week 3.
    """
    anchors = _check_anchors(anchors)
    num_classes = check_count("num_classes", num_classes)
    sides, cells = _check_pair("image_shape", image_shape), _check_pair("grid", grid)
    boxes, classes = _check_objects(boxes, classes, sides, num_classes)
    target = np.zeros((*cells, len(anchors), 5 + num_classes), np.float32)
    if len(boxes) == 0:
        return target
    corners = boxes.reshape(-1, 2, 2) * (cells / sides)  # now in cells, (y, x)
    middles, sizes = corners.mean(axis=1), corners[:, 1] - corners[:, 0]
    best_first = np.argsort(-shape_iou(sizes[:, ::-1], anchors), axis=1, kind="stable")
    for middle, size, order, kind in zip(middles, sizes, best_first, classes, strict=True):
        row, column = np.minimum(middle.astype(int), cells - 1)
        free = [a for a in order if target[row, column, a, 4] == 0]
        if free:
            place = target[row, column, free[0]]
            place[:2] = middle[::-1] - (column, row)
            place[2:4] = np.log(size[::-1] / anchors[free[0]])
            place[4] = place[5 + kind] = 1
    return target


def yolo_loss(
    y_true: Any,
    y_pred: Any,
    anchors: np.ndarray,
    lambda_coord: float = 5.0,
    lambda_noobj: float = 0.5,
    objectness: str = "iou",
    confidence: str = "squared",
) -> Any:
    """Loss of the whole grid, in sums of squares as YOLO's and with cross-entropy for classes.

        with an object:     lambda_coord [(x^ - x)^2 + (y^ - y)^2 + (t^_w - t_w)^2 + (t^_h - t_h)^2]
                            + (p^_c - goal)^2 - log p^(class)
        without one:        lambda_noobj (p^_c - 0)^2

    The goal is 1, or the IoU of the box found with the true one, so that p_c will tell how well a
    box fits; no gradient flows through the goal.

    Few anchors have an object, and once p_c is near 0 the slope of (p_c - goal)^2 vanishes: kinds
    of objects that are learnt late stay unseen for long.  With `confidence` "logistic" both squares
    give way to the cross-entropy -goal log p_c - (1 - goal) log(1 - p_c), whose slope p_c - goal
    does not vanish, as in YOLOv3.

    Args:
        y_true: (m, rows, columns, A, 5 + K) of `yolo_targets`.
        y_pred: (m, rows, columns, A (5 + K)) output of the network.
        anchors: (A, 2) widths and heights in cells.
        lambda_coord: weight of the coordinates, at least 0.
        lambda_noobj: weight of anchors without object, at least 0.
        objectness: the goal of p_c, "iou" or "one".
        confidence: loss of p_c, "squared" or "logistic".

    Returns:
        Tensor (m,), for every picture the sum over all anchors of all cells.

    Raises:
        TypeError, ValueError: shapes that do not fit, negative weights, another goal.

    Example:
        >>> zeros = np.zeros((1, 2, 2, 1, 6), np.float32)  # sigmoid(0) = 1/2 in four cells
        >>> float(yolo_loss(zeros, zeros.reshape(1, 2, 2, 6), np.array([[1, 1]]))[0])
        0.5

    Source: Redmon et al., "You only look once", 2016, section 2.2; "YOLO9000", 2017, for the
    coordinates and the softmax over classes.
    """
    anchors = _check_anchors(anchors)
    lambda_coord = check_interval("lambda_coord", lambda_coord, "[0, inf)")
    lambda_noobj = check_interval("lambda_noobj", lambda_noobj, "[0, inf)")
    check_choice("objectness", objectness, ("iou", "one"))
    check_choice("confidence", confidence, ("squared", "logistic"))
    ops = keras.ops
    y, t = _check_outputs(y_true, y_pred, anchors)
    present, xy, log_wh = y[..., 4], ops.sigmoid(t[..., 0:2]), t[..., 2:4]
    goal = present
    if objectness == "iou":
        goal = ops.stop_gradient(_iou_in_cell(xy, log_wh, y[..., 0:2], y[..., 2:4], anchors))
    coordinates = ops.sum(ops.square(xy - y[..., 0:2]) + ops.square(log_wh - y[..., 2:4]), axis=-1)
    classes = -ops.sum(y[..., 5:] * ops.log_softmax(t[..., 5:], axis=-1), axis=-1)
    with_object = lambda_coord * coordinates + _off_by(confidence, t[..., 4], goal) + classes
    without = lambda_noobj * _off_by(confidence, t[..., 4], 0.0)
    per_anchor = present * with_object + (1 - present) * without
    return ops.sum(per_anchor, axis=(1, 2, 3))


class _GridLoss(keras.losses.Loss):
    """What `YoloLoss` computes."""

    def call(self, y_true: Any, y_pred: Any) -> Any:
        choices = (self.lambda_coord, self.lambda_noobj, self.objectness, self.confidence)
        return yolo_loss(y_true, y_pred, self.anchors, *choices)

    def get_config(self) -> dict:
        names = ("lambda_coord", "lambda_noobj", "objectness", "confidence")
        own = {name: getattr(self, name) for name in names}
        return {**super().get_config(), "anchors": self.anchors.tolist(), **own}


@keras.saving.register_keras_serializable(package="dlspec")
class YoloLoss(_GridLoss):
    """`yolo_loss` for `compile`; the mean over the pictures.

    Args:
        anchors: (A, 2) widths and heights in cells.
        lambda_coord: weight of the coordinates, at least 0.
        lambda_noobj: weight of anchors without object, at least 0.
        objectness: the goal of p_c, "iou" or "one".
        confidence: loss of p_c, "squared" or "logistic".
        kwargs: for `keras.losses.Loss`, such as `name`.

    Example:
        >>> loss = YoloLoss([[1, 2], [3, 1]])
        >>> loss.get_config()["anchors"]
        [[1.0, 2.0], [3.0, 1.0]]

    Source: as `yolo_loss`.
    """

    def __init__(
        self,
        anchors: np.ndarray | Sequence[Sequence[float]],
        lambda_coord: float = 5.0,
        lambda_noobj: float = 0.5,
        objectness: str = "iou",
        confidence: str = "squared",
        **kwargs: Any,
    ):
        super().__init__(**{"name": "yolo_loss", **kwargs})
        self.anchors = _check_anchors(anchors)
        self.lambda_coord = lambda_coord
        self.lambda_noobj = lambda_noobj
        self.objectness = objectness
        self.confidence = confidence


def _off_by(confidence, t_o, goal):
    """How far p_c = sigmoid(t_o) is from its goal."""
    if confidence == "squared":
        return keras.ops.square(keras.ops.sigmoid(t_o) - goal)
    return keras.ops.softplus(t_o) - goal * t_o


def _iou_in_cell(xy, log_wh, true_xy, true_log_wh, anchors):
    """IoU of boxes of the same cell and anchor."""
    ops = keras.ops
    anchors = ops.convert_to_tensor(anchors, "float32")
    size, true_size = (anchors * ops.exp(ops.minimum(z, LARGEST)) for z in (log_wh, true_log_wh))
    low = ops.maximum(xy - size / 2, true_xy - true_size / 2)
    high = ops.minimum(xy + size / 2, true_xy + true_size / 2)
    overlap = ops.prod(ops.maximum(high - low, 0), axis=-1)
    return overlap / (ops.prod(size, axis=-1) + ops.prod(true_size, axis=-1) - overlap)


# --- Checks ---------------------------------------------------------------------------------------


def _check_pair(name, value):
    if not isinstance(value, Sequence) or len(value) != 2:
        raise InvalidValue(sentence(name, "be two whole numbers, height first", f"{value!r}"))
    return np.array([check_count(f"{name}[{i}]", side) for i, side in enumerate(value)])


def _check_anchors(value):
    anchors = check_array("anchors", value, ("A", 2))
    if (anchors <= 0).any():
        received = f"{anchors.min():g}"
        raise InvalidValue(sentence("anchors", "be widths and heights above 0", received))
    return anchors


def _check_objects(boxes, classes, sides, num_classes):
    if np.size(boxes) == 0 and np.size(classes) == 0:
        return np.zeros((0, 4)), np.zeros(0, int)
    boxes = check_array("boxes", boxes, ("n", 4))
    because = f"`boxes` of shape {boxes.shape} sets n={len(boxes)}"
    classes = check_array("classes", classes, (("n", len(boxes)),), because=because)
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    flat = (boxes[:, :2] >= boxes[:, 2:]).any(axis=1)
    odd = np.flatnonzero(flat | (middles < 0).any(axis=1) | (middles > sides).any(axis=1))
    if odd.size:
        expected = "be (y1, x1, y2, x2) with y1 < y2, x1 < x2 and the midpoint in the picture"
        received = f"{boxes[odd[0]].tolist()} in row {odd[0]}"
        raise InvalidValue(sentence("boxes", expected, received))
    wrong = classes[(classes < 0) | (classes >= num_classes) | (classes != np.floor(classes))]
    if wrong.size:
        expected = f"hold whole numbers from 0 to {num_classes - 1}"
        raise InvalidValue(sentence("classes", expected, f"{wrong[0]:g}"))
    return boxes, classes.astype(int)


def _check_outputs(y_true, y_pred, anchors):
    """Both as float32 tensors (m, rows, columns, A, 5 + K)."""
    y, t = (keras.ops.cast(keras.ops.convert_to_tensor(v), "float32") for v in (y_true, y_pred))
    if len(y.shape) != 5 or y.shape[3] != len(anchors) or (y.shape[4] or 0) < 6:
        expected = f"have shape (m, rows, columns, A={len(anchors)}, 5 + K)"
        advice = "`yolo_targets` makes it; `anchors` sets A."
        raise InvalidValue(sentence("y_true", expected, tuple(y.shape), advice))
    wanted = (*tuple(y.shape)[1:3], y.shape[3] * y.shape[4])
    if tuple(t.shape)[1:] != wanted:
        received = tuple(t.shape)
        advice = "Do grid, anchors and classes of network and targets agree?"
        expected = f"have shape (m, {', '.join(map(str, wanted))})"
        raise InvalidValue(sentence("y_pred", expected, received, advice))
    return y, keras.ops.reshape(t, (-1, *y.shape[1:]))
