"""From the numbers of a network to boxes: the course's values, TensorFlow, and the way back."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from dlspec.cnn.car_detection import (
    detect_objects,
    iou,
    scale_boxes,
    yolo_boxes_to_corners,
    yolo_eval,
    yolo_filter_boxes,
    yolo_head,
    yolo_non_max_suppression,
)
from dlspec.cnn.yolo import yolo_targets
from tests.backends import Call, outputs_on
from tests.complaints import complaints_test

RANDOM = np.random.default_rng(0)
FEATS = RANDOM.normal(size=(2, 3, 4, 14)).astype(np.float32)
ANCHORS = np.array([[1.0, 2.0], [3.0, 1.0]])
BOXES = np.array([[0.0, 0, 10, 10], [1, 0, 11, 10], [20, 20, 30, 30]])
SCORES, CLASSES = np.array([0.8, 0.9, 0.7]), np.array([0, 1, 1])
OUTPUTS = tuple(RANDOM.random((3, 4, 2, n)) for n in (2, 2, 1, 2))

PURE_CALLS = {
    "yolo_filter_boxes": (BOXES, SCORES[:, None], np.ones((3, 2))),
    "iou": ((2, 1, 4, 3), (1, 2, 3, 4)),
    "yolo_non_max_suppression": (SCORES, BOXES, CLASSES),
    "yolo_boxes_to_corners": (OUTPUTS[0], OUTPUTS[1]),
    "yolo_head": (FEATS, ANCHORS, 2),
    "yolo_eval": (OUTPUTS,),
    "scale_boxes": (BOXES, (720, 1280)),
    "detect_objects": (FEATS, ANCHORS, 2, (96, 128)),
}


class Evaluation:
    """Not a network, but called like one by `outputs_on`: from features to boxes."""

    def set_weights(self, weights):
        pass

    def __call__(self, inputs, training=False):
        head = yolo_head(inputs, ANCHORS, 2)
        return [*head, *yolo_eval(head, (96, 128), 5, 0.3, 0.4)]


def normal(*shape):
    return tf.random.normal(shape, mean=1, stddev=4, seed=1)


# --- The course's published values, all drawn after tf.random.set_seed(10) ------------------------


def test_filter_as_published():
    tf.random.set_seed(10)
    p_c, boxes, probs = normal(19, 19, 5, 1), normal(19, 19, 5, 4), normal(19, 19, 5, 80)
    scores, boxes, classes = yolo_filter_boxes(boxes, p_c, probs, threshold=0.5)
    np.testing.assert_allclose(scores.numpy()[2], 9.270486, rtol=1e-6)
    expected = [4.6399336, 3.2303846, 4.431282, -2.202031]
    np.testing.assert_allclose(boxes.numpy()[2], expected, rtol=1e-6)
    assert classes.numpy()[2] == 8
    assert (scores.shape, boxes.shape, classes.shape) == ((1789,), (1789, 4), (1789,))


def test_iou_as_published():
    assert iou((2, 1, 4, 3), (1, 2, 3, 4)) == pytest.approx(1 / 7)
    assert iou((1, 2, 3, 4), (5, 6, 7, 8)) == 0
    assert iou((1, 1, 2, 2), (2, 2, 3, 3)) == 0
    assert iou((1, 1, 3, 3), (2, 3, 3, 4)) == 0


def test_non_max_suppression_as_published():
    """The published boxes have corners in any order."""
    tf.random.set_seed(10)
    scores, boxes, classes = yolo_non_max_suppression(normal(54), normal(54, 4), normal(54))
    np.testing.assert_allclose(scores.numpy()[2], 8.147684, rtol=1e-6)
    expected = [6.0797963, 3.743308, 1.3914018, -0.34089637]
    np.testing.assert_allclose(boxes.numpy()[2], expected, rtol=1e-6)
    np.testing.assert_allclose(classes.numpy()[2], 1.7079165, rtol=1e-6)
    assert (scores.shape, boxes.shape, classes.shape) == ((10,), (10, 4), (10,))


def test_eval_as_published():
    tf.random.set_seed(10)
    outputs = tuple(normal(19, 19, 5, n) for n in (2, 2, 1, 80))
    scores, boxes, classes = yolo_eval(outputs)
    np.testing.assert_allclose(scores.numpy()[2], 171.60194, rtol=1e-6)
    expected = [-1240.3483, -3212.5881, -645.78, 2024.3052]
    np.testing.assert_allclose(boxes.numpy()[2], expected, rtol=1e-6)
    assert classes.numpy()[2] == 16
    assert (scores.shape, boxes.shape, classes.shape) == ((10,), (10, 4), (10,))


# --- By hand --------------------------------------------------------------------------------------


def test_head_by_hand_on_a_grid_that_is_not_square():
    feats = np.zeros((1, 2, 4, 2 * 7), np.float32)
    feats[0, 1, 3, 7:] = [np.log(3), 0, np.log(2), 0, np.log(4), 0, np.log(3)]
    xy, wh, p_c, probs = (keras.ops.convert_to_numpy(part) for part in yolo_head(feats, ANCHORS, 2))
    assert (xy.shape, wh.shape) == ((1, 2, 4, 2, 2), (1, 2, 4, 2, 2))
    assert (p_c.shape, probs.shape) == ((1, 2, 4, 2, 1), (1, 2, 4, 2, 2))
    place = 0, 1, 3, 1
    np.testing.assert_allclose(xy[place], [(3 + 0.75) / 4, (1 + 0.5) / 2], rtol=1e-6)
    np.testing.assert_allclose(wh[place], [3 * 2 / 4, 1 / 2], rtol=1e-6)
    np.testing.assert_allclose(p_c[place], [0.8], rtol=1e-6)
    np.testing.assert_allclose(probs[place], [0.25, 0.75], rtol=1e-6)


def test_a_network_that_says_the_targets_finds_the_boxes():
    """`yolo_targets` and `yolo_head` are inverse to each other."""
    boxes = np.array([[30.0, 10, 50, 70], [5, 100, 45, 118]])
    target = yolo_targets(boxes, np.array([1, 0]), (96, 128), (3, 4), ANCHORS, 2)
    feats = np.where(target > 0, 9.0, -9.0)
    feats[..., :2] = np.log(np.maximum(target[..., :2], 1e-6) / (1 - target[..., :2]))
    feats[..., 2:4] = target[..., 2:4]
    [(found, scores, classes)] = detect_objects(
        feats.reshape(1, 3, 4, 14), ANCHORS, 2, (96, 128), score_threshold=0.5
    )
    order = np.argsort(-found[:, 2])
    np.testing.assert_allclose(found[order], boxes, atol=1e-3)
    assert classes[order].tolist() == [1, 0]
    assert scores.min() > 0.99


def test_the_threshold_itself_is_kept():
    scores, _, classes = yolo_filter_boxes(BOXES, np.ones((3, 1)), [[0.6], [0.59], [0.7]], 0.6)
    np.testing.assert_allclose(scores, np.float32([0.6, 0.7]))
    assert classes.numpy().tolist() == [0, 0]


def test_suppression_knows_no_classes_and_detection_does():
    scores, _, _ = yolo_non_max_suppression(SCORES, BOXES, CLASSES)
    np.testing.assert_allclose(scores, np.float32([0.9, 0.7]))
    feats = np.full((1, 1, 1, 14), -9.0)
    feats[0, 0, 0, [4, 5, 11, 13]] = 9  # two anchors, two classes, the same middle
    feats[..., :4] = feats[..., 7:11] = 0
    one_shape = [[1, 1], [1, 1.1]]
    [(_, _, classes)] = detect_objects(feats, one_shape, 2, (10, 10))
    assert sorted(classes.tolist()) == [0, 1]
    head = yolo_head(feats, one_shape, 2)
    assert len(yolo_eval(head, (10, 10))[0]) == 1


def test_detections_end_at_the_edge_of_the_picture():
    for boxes, _, _ in detect_objects(FEATS, ANCHORS, 2, (96, 128), 50, 0.0):
        assert boxes.min() >= 0
        assert (boxes <= [96, 128, 96, 128]).all()


@pytest.mark.parametrize("seed", range(5))
def test_suppression_is_tensorflows_box_for_box(seed):
    random = np.random.default_rng(seed)
    boxes = random.normal(size=(300, 4)).astype(np.float32)
    scores = random.integers(0, 40, 300).astype(np.float32)  # many ties
    for limit, threshold in ((10, 0.5), (300, 0.3), (300, 0.0)):
        theirs = tf.image.non_max_suppression(boxes, scores, limit, threshold).numpy()
        _, _, ours = yolo_non_max_suppression(scores, boxes, np.arange(300), limit, threshold)
        np.testing.assert_array_equal(ours, theirs)


def test_nothing_found_is_no_error():
    scores, boxes, classes = yolo_eval(tuple(0 * part for part in OUTPUTS))
    assert (scores.shape, boxes.shape, classes.shape) == ((0,), (0, 4), (0,))
    found = detect_objects(FEATS, ANCHORS, 2, (96, 128), score_threshold=1.0)
    assert [len(boxes) for boxes, _, _ in found] == [0, 0]


def test_jax_gives_the_same(tmp_path):
    call = Call("tests.cnn.test_car_detection.Evaluation", {}, [], [FEATS])
    [theirs] = outputs_on("jax", [call], tmp_path)
    for a, b in zip(theirs, Evaluation()(FEATS), strict=True):
        np.testing.assert_allclose(a, keras.ops.convert_to_numpy(b), rtol=1e-5, atol=1e-5)


# --- Complaints -----------------------------------------------------------------------------------

COMPLAINTS = [
    (
        lambda folder: yolo_filter_boxes(BOXES, SCORES[:, None], np.ones((3, 2)), 1.5),
        ValueError,
        "`threshold` must be a fraction in [0, 1]. Received: 1.5. 1.5 % is 0.015.",
    ),
    (
        lambda folder: yolo_filter_boxes("boxes", SCORES[:, None], np.ones((3, 2))),
        TypeError,
        "`boxes` must be an array of real numbers. Received: str.",
    ),
    (
        lambda folder: yolo_filter_boxes(BOXES, SCORES, np.ones((3, 2))),
        ValueError,
        "`box_confidence` must have shape (3, 1). Received: (3,).",
    ),
    (
        lambda folder: yolo_filter_boxes(BOXES, SCORES[:, None], np.ones((2, 2))),
        ValueError,
        "`box_class_probs` must have shape (3, K). Received: (2, 2).",
    ),
    (
        lambda folder: iou((4, 1, 2, 3), (1, 2, 3, 4)),
        ValueError,
        "`box1` must have no negative width or height. Received: [4.0, 1.0, 2.0, 3.0]. Corners "
        "are (x1, y1, x2, y2), the smaller one first.",
    ),
    (
        lambda folder: iou((2, 1, 4, 3), (1, 2, 3)),
        ValueError,
        "`box2` must have shape (4,). Received: (3,).",
    ),
    (
        lambda folder: yolo_non_max_suppression(SCORES, BOXES, CLASSES, max_boxes=0),
        ValueError,
        "`max_boxes` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: yolo_non_max_suppression(SCORES, BOXES, CLASSES, iou_threshold=-0.1),
        ValueError,
        "`iou_threshold` must be a fraction in [0, 1]. Received: -0.1.",
    ),
    (
        lambda folder: yolo_non_max_suppression(SCORES[:2], BOXES, CLASSES),
        ValueError,
        "`scores` must have shape (3,). Received: (2,).",
    ),
    (
        lambda folder: yolo_boxes_to_corners(OUTPUTS[0], OUTPUTS[1][0]),
        ValueError,
        "`box_wh` must have shape (3, 4, 2, 2). Received: (4, 2, 2).",
    ),
    (
        lambda folder: yolo_non_max_suppression(SCORES, BOXES[:, :3], CLASSES),
        ValueError,
        "`boxes` must have shape (..., 4). Received: (3, 3).",
    ),
    (
        lambda folder: yolo_non_max_suppression(SCORES, BOXES, CLASSES[:1]),
        ValueError,
        "`classes` must have shape (3,). Received: (1,).",
    ),
    (
        lambda folder: yolo_boxes_to_corners(OUTPUTS[2], OUTPUTS[1]),
        ValueError,
        "`box_xy` must have shape (..., 2). Received: (3, 4, 2, 1).",
    ),
    (
        lambda folder: scale_boxes([1, 2, 3], (720, 1280)),
        ValueError,
        "`boxes` must have shape (..., 4). Received: (3,).",
    ),
    (
        lambda folder: yolo_head(FEATS, [1, 2], 2),
        ValueError,
        "`anchors` must have shape (A, 2). Received: (2,).",
    ),
    (
        lambda folder: yolo_head(FEATS, [[1, 2], [-3, 1]], 2),
        ValueError,
        "`anchors` must be widths and heights above 0. Received: -3.",
    ),
    (
        lambda folder: yolo_head(FEATS, ANCHORS, 0),
        ValueError,
        "`num_classes` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: yolo_head(FEATS, ANCHORS, 3),
        ValueError,
        "`feats` must have shape (m, rows, columns, 16). Received: (2, 3, 4, 14).",
    ),
    (
        lambda folder: yolo_eval(OUTPUTS[:3]),
        ValueError,
        "`yolo_outputs` must be (box_xy, box_wh, box_confidence, box_class_probs). Received: 3 "
        "parts.",
    ),
    (
        lambda folder: scale_boxes(BOXES, 720),
        ValueError,
        "`image_shape` must be (height, width). Received: 720.",
    ),
    (
        lambda folder: scale_boxes(BOXES, (720, 0)),
        ValueError,
        "`image_shape[1]` must be a positive finite number. Received: 0.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
