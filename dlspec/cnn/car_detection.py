"""Car detection with YOLO: from the numbers of the network to boxes (course 4, week 3).

The network has looked once and said, for every anchor of every cell of a grid, where a box could
be, how sure it is that there is an object (p_c), and of which class if so.  What is left to do:

    yolo_head                    numbers -> centre, size, p_c, class probabilities
    yolo_boxes_to_corners        centre and size -> two corners
    yolo_filter_boxes            score = p_c * class probability; drop what scores low
    scale_boxes                  shares of the picture -> pixels
    yolo_non_max_suppression     of boxes that overlap keep the best

`yolo_eval` does all but the first, as in the exercise: boxes of different classes suppress one
another.  `detect_objects` does it for a batch and class by class, as detectors are scored.

Boxes are (y1, x1, y2, x2), except in `iou`, which takes any two opposite corners.  Functions take
arrays or tensors and give tensors of the Keras backend; they pick boxes by their values, so they
run eagerly, not inside a compiled graph.
"""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from dlspec._complaints import InvalidValue, sentence
from dlspec._validation import check_array, check_count, check_fraction, check_positive
from dlspec.cnn.boxes import non_max_suppression, non_max_suppression_per_class, pairwise_iou

__all__ = [
    "detect_objects",
    "iou",
    "scale_boxes",
    "yolo_boxes_to_corners",
    "yolo_eval",
    "yolo_filter_boxes",
    "yolo_head",
    "yolo_non_max_suppression",
]


# --- The graded functions -------------------------------------------------------------------------


def yolo_filter_boxes(
    boxes: Any, box_confidence: Any, box_class_probs: Any, threshold: float = 0.6
) -> tuple[Any, Any, Any]:
    """Keep the boxes that score at least the threshold for their best class.

        scores = p_c * (c_1, ..., c_K)          class = argmax of them, score = max

    Args:
        boxes: (..., 4) corners; any number of leading axes such as (19, 19, 5).
        box_confidence: (..., 1) p_c of every box.
        box_class_probs: (..., K) probabilities of the classes if there is an object.
        threshold: in [0, 1].

    Returns:
        scores: (n,) of the n boxes kept.
        boxes: (n, 4).
        classes: (n,) whole numbers from 0 to K - 1.

    Raises:
        TypeError: not numbers.
        ValueError: leading axes that differ, other last axes, a threshold outside [0, 1].

    Example:
        >>> boxes = np.array([[0, 0, 1, 1], [2, 2, 3, 3]])
        >>> scores, kept, classes = yolo_filter_boxes(
        ...     boxes, np.array([[0.9], [0.5]]), np.array([[0.2, 0.8], [0.7, 0.3]])
        ... )
        >>> keras.ops.convert_to_numpy(scores).round(2), keras.ops.convert_to_numpy(classes)
        (array([0.72], dtype=float32), array([1], dtype=int32))

    Source: course 4, week 3.
    """
    threshold = check_fraction("threshold", threshold)
    boxes = _check_tensor("boxes", boxes, 4)
    leading = tuple(boxes.shape[:-1])
    p_c = _check_tensor("box_confidence", box_confidence, 1, leading)
    class_probs = _check_tensor("box_class_probs", box_class_probs, "K", leading)
    box_scores = p_c * class_probs
    classes, scores = keras.ops.argmax(box_scores, axis=-1), keras.ops.max(box_scores, axis=-1)
    (kept,) = np.nonzero(keras.ops.convert_to_numpy(scores).ravel() >= np.float32(threshold))
    flat = (scores, (-1,)), (boxes, (-1, 4)), (classes, (-1,))
    scores, boxes, classes = (_rows(keras.ops.reshape(x, shape), kept) for x, shape in flat)
    return scores, boxes, classes


def iou(box1: Sequence[float], box2: Sequence[float]) -> float:
    """Intersection over union of two boxes.

    Args:
        box1: four numbers (x1, y1, x2, y2), the smaller corner first.
        box2: likewise.

    Returns:
        A number in [0, 1]; 0 for boxes that only touch.

    Raises:
        TypeError: not numbers.
        ValueError: other than four numbers, or a negative width or height.

    Example:
        >>> iou((2, 1, 4, 3), (1, 2, 3, 4)) == 1 / 7
        True

    Source: course 4, week 3.
    """
    return float(pairwise_iou(_check_box("box1", box1), _check_box("box2", box2))[0, 0])


def yolo_non_max_suppression(
    scores: Any, boxes: Any, classes: Any, max_boxes: int = 10, iou_threshold: float = 0.5
) -> tuple[Any, Any, Any]:
    """Of boxes that overlap keep the one of highest score, whatever their classes.

    The same boxes in the same order as `tf.image.non_max_suppression`, found by
    `dlspec.cnn.boxes.non_max_suppression`; like there, the two corners of a box may be any two
    opposite ones.  `detect_objects` suppresses within each class only.

    Args:
        scores: (n,) the higher the better; n may be 0.
        boxes: (n, 4) corners.
        classes: (n,) of every box.
        max_boxes: how many to keep at most, at least 1.
        iou_threshold: boxes above it go, in [0, 1].

    Returns:
        scores, boxes, classes: (k,), (k, 4) and (k,), best score first.

    Raises:
        TypeError: not numbers.
        ValueError: shapes that do not fit, NaN, no box to keep, a threshold outside [0, 1].

    Example:
        >>> boxes = np.array([[0, 0, 10, 10], [1, 0, 11, 10], [20, 20, 30, 30]])
        >>> scores, _, _ = yolo_non_max_suppression([0.8, 0.9, 0.7], boxes, [0, 0, 1])
        >>> keras.ops.convert_to_numpy(scores)
        array([0.9, 0.7], dtype=float32)

    Source: course 4, week 3.
    """
    boxes = _check_tensor("boxes", boxes, 4)
    n = tuple(boxes.shape[:-1])
    scores = _check_tensor("scores", scores, None, n)
    classes = _check_tensor("classes", classes, None, n, cast=False)
    kept = non_max_suppression(
        _ordered(keras.ops.convert_to_numpy(boxes)),
        keras.ops.convert_to_numpy(scores),
        max_boxes,
        iou_threshold,
    )
    return _rows(scores, kept), _rows(boxes, kept), _rows(classes, kept)


def yolo_boxes_to_corners(box_xy: Any, box_wh: Any) -> Any:
    """Corners from centre and size.

        (y1, x1, y2, x2) = (y - h / 2, x - w / 2, y + h / 2, x + w / 2)

    Args:
        box_xy: (..., 2) centres (x, y).
        box_wh: (..., 2) widths and heights.

    Returns:
        (..., 4) corners (y1, x1, y2, x2).

    Raises:
        TypeError: not numbers.
        ValueError: shapes that differ or do not end in 2.

    Example:
        >>> corners = yolo_boxes_to_corners([[0.5, 0.25]], [[0.25, 0.5]])
        >>> keras.ops.convert_to_numpy(corners)
        array([[0.   , 0.375, 0.5  , 0.625]], dtype=float32)

    Source: course 4, week 3.
    """
    box_xy = _check_tensor("box_xy", box_xy, 2)
    box_wh = _check_tensor("box_wh", box_wh, 2, tuple(box_xy.shape[:-1]))
    low, high = box_xy - box_wh / 2, box_xy + box_wh / 2
    return keras.ops.concatenate([low[..., ::-1], high[..., ::-1]], axis=-1)


def yolo_head(feats: Any, anchors: Any, num_classes: int) -> tuple[Any, Any, Any, Any]:
    """Read the output of the network.

        xy  = (sigmoid(t_x, t_y) + cell) / grid        p_c     = sigmoid(t_o)
        wh  = anchor * exp(t_w, t_h) / grid            classes = softmax

    Args:
        feats: (m, rows, columns, A (5 + K)), for every anchor t_x, t_y, t_w, t_h, t_o and K more.
        anchors: (A, 2) widths and heights in cells.
        num_classes: K, at least 1.

    Returns:
        box_xy: (m, rows, columns, A, 2) centres as shares of the picture.
        box_wh: (m, rows, columns, A, 2) widths and heights, likewise.
        box_confidence: (m, rows, columns, A, 1) p_c.
        box_class_probs: (m, rows, columns, A, K).

    Raises:
        TypeError: not numbers.
        ValueError: anchors and classes that do not make up the last axis.

    Example:
        >>> feats = np.zeros((1, 2, 2, 6))  # one anchor, one class
        >>> box_xy, box_wh, p_c, _ = yolo_head(feats, [[1, 2]], num_classes=1)
        >>> keras.ops.convert_to_numpy(box_xy)[0, 1, 0], keras.ops.convert_to_numpy(box_wh)[0, 1, 0]
        (array([[0.25, 0.75]], dtype=float32), array([[0.5, 1. ]], dtype=float32))

    Source: Redmon and Farhadi, "YOLO9000", 2017, section 2; course 4, week 3.  Grids need not be
    square.
    """
    ops = keras.ops
    anchors = check_array("anchors", anchors, ("A", 2))
    if (anchors <= 0).any():
        expected = "be widths and heights above 0"
        raise InvalidValue(sentence("anchors", expected, f"{anchors.min():g}"))
    num_classes = check_count("num_classes", num_classes)
    feats = _check_tensor("feats", feats, len(anchors) * (5 + num_classes), rank=4)
    _, rows, columns, _ = feats.shape
    t = ops.reshape(feats, (-1, rows, columns, len(anchors), 5 + num_classes))
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    cell = np.stack([x, y], axis=-1)[:, :, None]  # (rows, columns, 1, 2)
    grid = np.array([columns, rows], np.float32)
    box_xy = (ops.sigmoid(t[..., 0:2]) + cell) / grid
    box_wh = ops.exp(t[..., 2:4]) * (anchors / grid).astype(np.float32)
    class_probs = ops.exp(ops.log_softmax(t[..., 5:], axis=-1))  # also for a single class
    return box_xy, box_wh, ops.sigmoid(t[..., 4:5]), class_probs


def yolo_eval(
    yolo_outputs: tuple[Any, Any, Any, Any],
    image_shape: tuple[float, float] = (720, 1280),
    max_boxes: int = 10,
    score_threshold: float = 0.6,
    iou_threshold: float = 0.5,
) -> tuple[Any, Any, Any]:
    """From what the network saw to the boxes to draw.

    Corners, filter, scale, non-max suppression over all classes together.

    Args:
        yolo_outputs: (box_xy, box_wh, box_confidence, box_class_probs) of `yolo_head`, of one
            picture, with any leading axes.
        image_shape: (height, width) in pixels that boxes are scaled to.
        max_boxes: at most, at least 1.
        score_threshold: in [0, 1].
        iou_threshold: in [0, 1].

    Returns:
        scores: (k,) best first.
        boxes: (k, 4) corners (y1, x1, y2, x2) in pixels; they may reach over the edge.
        classes: (k,).

    Raises:
        TypeError: not numbers.
        ValueError: other than four outputs, shapes that differ, thresholds outside [0, 1].

    Example:
        >>> feats = np.zeros((1, 2, 2, 6))
        >>> feats[0, 1, 0, 4] = 4
        >>> scores, boxes, _ = yolo_eval(yolo_head(feats, [[1, 1]], 1), image_shape=(100, 200))
        >>> keras.ops.convert_to_numpy(boxes)
        array([[ 50.,   0., 100., 100.]], dtype=float32)

    Source: course 4, week 3.
    """
    if not isinstance(yolo_outputs, (tuple, list)) or len(yolo_outputs) != 4:
        listed = isinstance(yolo_outputs, (tuple, list))
        received = f"{len(yolo_outputs)} parts" if listed else type(yolo_outputs).__name__
        expected = "be (box_xy, box_wh, box_confidence, box_class_probs)"
        raise InvalidValue(sentence("yolo_outputs", expected, received))
    box_xy, box_wh, box_confidence, box_class_probs = yolo_outputs
    boxes = yolo_boxes_to_corners(box_xy, box_wh)
    scores, boxes, classes = yolo_filter_boxes(
        boxes, box_confidence, box_class_probs, score_threshold
    )
    boxes = scale_boxes(boxes, image_shape)
    return yolo_non_max_suppression(scores, boxes, classes, max_boxes, iou_threshold)


# --- Beyond the exercise --------------------------------------------------------------------------


def scale_boxes(boxes: Any, image_shape: tuple[float, float]) -> Any:
    """Boxes in pixels from shares of the picture.

    Args:
        boxes: (..., 4) corners (y1, x1, y2, x2) as shares.
        image_shape: (height, width) in pixels.

    Returns:
        (..., 4) corners in pixels.

    Raises:
        TypeError: not numbers.
        ValueError: another shape, sides that are not above 0.

    Example:
        >>> keras.ops.convert_to_numpy(scale_boxes([[0.5, 0.25, 1, 0.5]], (720, 1280)))
        array([[360., 320., 720., 640.]], dtype=float32)

    Source: course 4, week 3.
    """
    boxes = _check_tensor("boxes", boxes, 4)
    if not hasattr(image_shape, "__len__") or len(image_shape) != 2:
        raise InvalidValue(sentence("image_shape", "be (height, width)", f"{image_shape!r}"))
    height, width = (check_positive(f"image_shape[{i}]", s) for i, s in enumerate(image_shape))
    return boxes * np.array([height, width, height, width], np.float32)


def detect_objects(
    feats: Any,
    anchors: Any,
    num_classes: int,
    image_shape: tuple[float, float],
    max_boxes: int = 20,
    score_threshold: float = 0.3,
    iou_threshold: float = 0.5,
) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Objects in every picture of a batch, suppressed class by class.

    Args:
        feats: (m, rows, columns, A (5 + K)) output of the network.
        anchors: (A, 2) widths and heights in cells.
        num_classes: K, at least 1.
        image_shape: (height, width) in pixels that boxes are scaled to, and cut at.
        max_boxes: for each picture, at least 1.
        score_threshold: in [0, 1].
        iou_threshold: in [0, 1].

    Returns:
        For every picture (boxes (k, 4), scores (k,), classes (k,)) as NumPy arrays, best score
        first: what `dlspec.cnn.boxes.mean_average_precision` takes.

    Raises:
        TypeError, ValueError: as `yolo_head` and `yolo_eval`.

    Example:
        >>> feats = np.zeros((1, 2, 2, 6))
        >>> feats[0, 1, 0, 4] = 4
        >>> [(boxes, scores, classes)] = detect_objects(feats, [[1, 1]], 1, (100, 200), 1)
        >>> boxes
        array([[ 50.,   0., 100., 100.]], dtype=float32)

    Source: course 4, week 3; non-max suppression for each class by itself.
    """
    box_xy, box_wh, p_c, class_probs = yolo_head(feats, anchors, num_classes)
    corners = scale_boxes(yolo_boxes_to_corners(box_xy, box_wh), image_shape)
    edge = (*image_shape, *image_shape)
    found = []
    for i in range(len(corners)):
        parts = yolo_filter_boxes(corners[i], p_c[i], class_probs[i], score_threshold)
        scores, boxes, classes = (keras.ops.convert_to_numpy(part) for part in parts)
        boxes = np.clip(boxes, 0, np.array(edge, np.float32))
        kept = non_max_suppression_per_class(boxes, scores, classes, max_boxes, iou_threshold)
        found.append((boxes[kept], scores[kept], classes[kept]))
    return found


def _rows(tensor, kept):
    return keras.ops.take(tensor, kept, axis=0)


def _ordered(boxes):
    """The smaller corner first."""
    a, b = boxes[:, :2], boxes[:, 2:]
    return np.concatenate([np.minimum(a, b), np.maximum(a, b)], axis=1)


def _check_box(name, value):
    """A box as (1, 4)."""
    box = check_array(name, value, (4,))
    if (box[:2] > box[2:]).any():
        advice = "Corners are (x1, y1, x2, y2), the smaller one first."
        raise InvalidValue(sentence(name, "have no negative width or height", box.tolist(), advice))
    return box[None]


def _check_tensor(name, value, last, leading=None, *, rank=None, cast=True):
    """`value` as a float32 tensor (..., last), with these leading axes if they are known.

    `last` is a size, a letter for any, or None when there is no axis after the leading ones.
    """
    if isinstance(value, np.ndarray) or not hasattr(value, "dtype"):  # a tensor has numbers
        check_array(name, value, finite=False)
    tensor = keras.ops.convert_to_tensor(value)
    if cast:
        tensor = keras.ops.cast(tensor, "float32")
    shape = tuple(tensor.shape)
    tail = () if last is None else (last,)
    before, end = shape[: len(shape) - len(tail)], shape[len(shape) - len(tail) :]
    fits = len(end) == len(tail) and (isinstance(last, str) or end == tail)
    fits = fits and (leading is None or before == leading)
    if not fits or (rank is not None and len(shape) != rank):
        free = ("m", "rows", "columns") if rank == 4 else ("...",)
        wanted = free if leading is None else leading
        sizes = (*wanted, *tail)
        comma = "," if len(sizes) == 1 else ""
        expected = f"have shape ({', '.join(map(str, sizes))}{comma})"
        raise InvalidValue(sentence(name, expected, shape))
    return tensor
