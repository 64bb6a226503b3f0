"""Overlap, non-max suppression, anchors and average precision."""

import numpy as np
import pytest

from dlspec.cnn import boxes as boxes_module
from dlspec.cnn.boxes import (
    anchors_by_kmeans,
    box_areas,
    mean_average_precision,
    non_max_suppression,
    non_max_suppression_loop,
    non_max_suppression_per_class,
    pairwise_iou,
    precision_recall_curve,
    shape_iou,
)
from tests.complaints import complaints_test

BOXES = np.array([[0.0, 0, 10, 10], [1, 0, 11, 10], [20, 20, 30, 30]])
SCORES = np.array([0.8, 0.9, 0.7])
SIZES = np.array([[10.0, 20], [11, 19], [50, 20], [52, 22]])

PURE_CALLS = {
    "box_areas": (BOXES,),
    "pairwise_iou": (BOXES, BOXES),
    "shape_iou": (SIZES, SIZES),
    "non_max_suppression": (BOXES, SCORES),
    "non_max_suppression_loop": (BOXES, SCORES),
    "non_max_suppression_per_class": (BOXES, SCORES, np.array([0, 0, 1])),
    "anchors_by_kmeans": (SIZES, 2),
    "precision_recall_curve": (np.array([1, 0, 1]), SCORES, 4),
    "mean_average_precision": (
        [(BOXES, SCORES, np.array([0, 0, 1]))],
        [(BOXES[:1], np.array([0]))],
        2,
    ),
}


def random_boxes(n, kind, seed=0, side=600.0, dtype=np.float32):
    """Boxes of several densities, with equal scores among them."""
    rng = np.random.default_rng(seed)
    centres, sizes = rng.random((n, 2)) * side, rng.uniform(20, 100, (n, 2))
    if kind == "clustered":
        centres = centres[rng.integers(0, min(n, 8), n)] + rng.normal(size=(n, 2)) * 6
    if kind == "spread":
        sizes = rng.uniform(2, 8, (n, 2))
    corners = np.hstack([centres - sizes / 2, centres + sizes / 2]).astype(dtype)
    return corners, np.round(rng.random(n), 2).astype(dtype)


# --- Overlap --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ([2, 1, 4, 3], [1, 2, 3, 4], 1 / 7),  # the exercise's own four pairs
        ([1, 2, 3, 4], [5, 6, 7, 8], 0),
        ([1, 1, 2, 2], [2, 2, 3, 3], 0),
        ([1, 1, 3, 3], [2, 3, 3, 4], 0),
        ([0, 0, 4, 4], [1, 1, 3, 3], 1 / 4),
        ([0, 0, 4, 4], [0, 0, 4, 4], 1),
        ([1, 1, 1, 1], [1, 1, 1, 1], 0),
    ],
)
def test_pairs_worked_out_by_hand(a, b, expected):
    for first, second in ((a, b), (b, a)):
        np.testing.assert_allclose(pairwise_iou([first], [second]), [[expected]], rtol=1e-15)
    flipped = np.array([a])[:, [1, 0, 3, 2]], np.array([b])[:, [1, 0, 3, 2]]
    np.testing.assert_allclose(pairwise_iou(*flipped), [[expected]], rtol=1e-15)


def test_iou_agrees_with_counting_pixels():
    rng = np.random.default_rng(1)
    low = rng.integers(0, 8, (6, 2))
    boxes = np.hstack([low, low + rng.integers(1, 8, (6, 2))])

    def pixels(box):
        mask = np.zeros((16, 16), bool)
        mask[box[0] : box[2], box[1] : box[3]] = True
        return mask

    counted = [[(pixels(a) & pixels(b)).sum() / (pixels(a) | pixels(b)).sum() for b in boxes]
               for a in boxes]  # fmt: skip
    np.testing.assert_allclose(pairwise_iou(boxes, boxes), counted, rtol=1e-15)
    np.testing.assert_array_equal(box_areas(boxes), [pixels(b).sum() for b in boxes])


def test_shape_iou_is_the_iou_of_centred_boxes():
    sizes = np.random.default_rng(2).uniform(1, 9, (5, 2))
    centred = np.hstack([-sizes / 2, sizes / 2])
    np.testing.assert_allclose(shape_iou(sizes, sizes), pairwise_iou(centred, centred), rtol=1e-12)


def test_float32_stays_float32_and_no_boxes_are_no_overlap():
    boxes, _ = random_boxes(3, "random")
    assert pairwise_iou(boxes, boxes).dtype == np.float32
    assert pairwise_iou(np.zeros((0, 4)), boxes).shape == (0, 3)
    assert box_areas([]).shape == (0,)


# --- Non-max suppression --------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["random", "clustered", "spread"])
@pytest.mark.parametrize("n", [1, 40, 900, 2500])
@pytest.mark.parametrize("limit", [None, 1, 30])
@pytest.mark.parametrize("threshold", [0.0, 0.5, 1.0])
def test_blocks_and_grid_keep_what_the_loop_keeps(kind, n, limit, threshold):
    boxes, scores = random_boxes(n, kind, seed=n)
    if n > 1000 and limit is None:
        boxes, scores = boxes[:1500], scores[:1500]
    options = (limit, threshold, 0.1)
    np.testing.assert_array_equal(
        non_max_suppression(boxes, scores, *options),
        non_max_suppression_loop(boxes, scores, *options),
    )


def test_both_ways_are_taken():
    """Spread boxes go by the grid, others by blocks; on the same boxes both agree."""
    for kind, uses_grid in (("spread", True), ("random", False)):
        boxes, scores = random_boxes(1500, kind)
        boxes = boxes[np.argsort(-scores, kind="stable")]
        pairs = boxes_module._grid_pairs(boxes, 0.5)
        assert (pairs is not None) == uses_grid
    boxes, scores = random_boxes(1500, "spread")
    boxes = boxes[np.argsort(-scores, kind="stable")]
    np.testing.assert_array_equal(
        boxes_module._suppress_in_blocks(boxes, 1500, np.float32(0.1)),
        boxes_module._suppress_pairs(boxes, *boxes_module._grid_pairs(boxes, 0.1), 0.1),
    )


@pytest.mark.parametrize("kind", ["random", "clustered", "spread"])
@pytest.mark.parametrize("limit", [10, 2000])
def test_tensorflow_keeps_the_same(kind, limit):
    tf = pytest.importorskip("tensorflow")
    boxes, scores = random_boxes(2000, kind, seed=5)
    theirs = tf.image.non_max_suppression(boxes, scores, limit, iou_threshold=0.5)
    np.testing.assert_array_equal(non_max_suppression(boxes, scores, limit), theirs.numpy())


def test_of_equal_scores_the_first_box_is_kept():
    assert non_max_suppression(BOXES, np.ones(3)).tolist() == [0, 2]


def test_a_box_goes_only_above_the_threshold():
    boxes = np.array([[0.0, 0, 1, 1], [0, 0, 1, 2]])  # IoU is exactly 0.5
    assert non_max_suppression(boxes, np.array([2.0, 1.0]), iou_threshold=0.5).tolist() == [0, 1]
    assert non_max_suppression(boxes, np.array([2.0, 1.0]), iou_threshold=0.49).tolist() == [0]


def test_nothing_in_nothing_out():
    assert non_max_suppression(np.zeros((0, 4)), np.zeros(0)).tolist() == []
    assert non_max_suppression(BOXES, SCORES, score_threshold=1.0).tolist() == []


def test_per_class_is_each_class_by_itself_best_first():
    boxes, scores = random_boxes(300, "clustered", seed=3)
    classes = np.random.default_rng(3).integers(0, 4, 300)
    kept = non_max_suppression_per_class(boxes, scores, classes)
    for one in range(4):
        (own,) = np.nonzero(classes == one)
        alone = own[non_max_suppression_loop(boxes[own], scores[own])]
        np.testing.assert_array_equal(kept[classes[kept] == one], alone)
    assert (np.diff(scores[kept]) <= 0).all()
    top = non_max_suppression_per_class(boxes, scores, classes, max_boxes=5)
    np.testing.assert_array_equal(top, kept[:5])


# --- Anchors --------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_anchors_find_planted_shapes_at_every_scale(seed):
    rng = np.random.default_rng(seed)
    planted = np.array([[8.0, 20], [40, 16], [60, 150], [200, 180]])
    sizes = np.vstack([shape * np.exp(0.05 * rng.normal(size=(60, 2))) for shape in planted])
    anchors, mean_iou = anchors_by_kmeans(sizes, 4, seed=seed)
    np.testing.assert_allclose(anchors, planted, rtol=0.03)
    np.testing.assert_allclose(mean_iou, shape_iou(sizes, anchors).max(axis=1).mean(), rtol=1e-12)


def test_more_anchors_fit_better_and_as_many_as_sizes_fit_exactly():
    sizes = np.random.default_rng(0).uniform(5, 100, (30, 2))
    fits = [anchors_by_kmeans(sizes, k)[1] for k in (1, 3, 9, 30)]
    assert fits == sorted(fits)
    assert fits[-1] == 1.0
    assert anchors_by_kmeans(np.ones((4, 2)), 2)[1] == 1.0


def test_one_anchor_is_the_median():
    anchors, _ = anchors_by_kmeans(SIZES, 1)
    np.testing.assert_array_equal(anchors, [[30.5, 20.0]])


# --- Average precision ----------------------------------------------------------------------------


def test_average_precision_of_a_worked_example():
    """Three true boxes; found in order of score: right, wrong, right, right again on the same."""
    true = np.array([[0.0, 0, 10, 10], [20, 20, 30, 30], [40, 40, 50, 50]])
    found = np.array([[0.0, 0, 10, 10], [60, 60, 70, 70], [20, 20, 30, 29], [20, 20, 30, 30.0]])
    scores = np.array([0.9, 0.8, 0.7, 0.6])
    result = mean_average_precision([(found, scores, [0] * 4)], [(true, [0] * 3)], 2)
    # recall 1/3, 1/3, 2/3, 2/3 at precision 1, 1/2, 2/3, 1/2: area 1/3 * 1 + 1/3 * 2/3
    np.testing.assert_allclose(result.by_class, [5 / 9, np.nan], rtol=1e-15)
    np.testing.assert_allclose(result.mean, 5 / 9, rtol=1e-15)
    np.testing.assert_array_equal(result.truths, [3, 0])
    recall, precision = result.curves[0]
    np.testing.assert_allclose(recall, [1 / 3, 1 / 3, 2 / 3, 2 / 3], rtol=1e-15)
    np.testing.assert_allclose(precision, [1, 1 / 2, 2 / 3, 1 / 2], rtol=1e-15)


def test_boxes_count_only_in_their_picture_and_their_class():
    here, elsewhere = (BOXES[:1], [0]), (BOXES[2:], [1])
    swapped = [(BOXES[2:], [0.9], [1]), (BOXES[:1], [0.9], [0])]
    assert mean_average_precision(swapped, [here, elsewhere], 2).mean == 0
    wrong_class = [(BOXES[:1], [0.9], [1]), (BOXES[2:], [0.9], [0])]
    assert mean_average_precision(wrong_class, [here, elsewhere], 2).mean == 0
    right = [(BOXES[:1], [0.9], [0]), (BOXES[2:], [0.9], [1])]
    assert mean_average_precision(right, [here, elsewhere], 2).mean == 1


def test_nothing_found_is_zero_and_nothing_true_is_not_a_number():
    nothing = (np.zeros((0, 4)), [], [])
    assert mean_average_precision([nothing], [(BOXES, [0, 0, 0])], 1).mean == 0
    assert np.isnan(mean_average_precision([nothing], [(np.zeros((0, 4)), [])], 1).mean)


def test_the_iou_threshold_decides_what_is_correct():
    found, true = [(BOXES[:1], [0.9], [0])], [(BOXES[1:2], [0])]  # IoU 9/11
    assert mean_average_precision(found, true, 1, iou_threshold=0.8).mean == 1
    assert mean_average_precision(found, true, 1, iou_threshold=0.85).mean == 0


def test_average_precision_is_the_mean_precision_at_hits_when_precision_never_rises():
    """A second route: scikit-learn's sum over the steps of recall."""
    metrics = pytest.importorskip("sklearn.metrics")
    correct = np.array([1, 1, 1, 0, 1, 0, 0, 0, 0])
    scores = np.linspace(0.9, 0.1, 9)
    recall, precision = precision_recall_curve(correct, scores, 4)
    ours = boxes_module._area_below(recall, precision)
    np.testing.assert_allclose(ours, metrics.average_precision_score(correct, scores), rtol=1e-12)


# --- Complaints -----------------------------------------------------------------------------------

COMPLAINTS = [
    (
        lambda folder: box_areas(np.ones((2, 3))),
        ValueError,
        "`boxes` must have shape (n, 4). Received: (2, 3).",
    ),
    (
        lambda folder: pairwise_iou([[4, 3, 2, 1]], BOXES),
        ValueError,
        "`boxes` must hold the smaller corner before the larger one. Received: [4.0, 3.0, 2.0, 1.0]"
        " in row 0. Corners are (y1, x1, y2, x2); boxes of centre and size must be converted "
        "first.",
    ),
    (
        lambda folder: pairwise_iou(BOXES, [[0, 0, np.nan, 1]]),
        ValueError,
        "`others` must hold finite numbers only. Received: 1 NaN and 0 infinite of 4 values, the "
        "first at [0, 2]. Remove or replace them.",
    ),
    (
        lambda folder: shape_iou([[0, 1]], SIZES),
        ValueError,
        "`sizes` must hold heights and widths above 0. Received: [0.0, 1.0] in row 0.",
    ),
    (
        lambda folder: shape_iou(SIZES, [[1, 2, 3]]),
        ValueError,
        "`others` must have shape (n, 2). Received: (1, 3).",
    ),
    (
        lambda folder: non_max_suppression(BOXES, SCORES[:2]),
        ValueError,
        "`scores` must have shape (n=3,). Received: (2,). `boxes` of shape (3, 4) sets n=3.",
    ),
    (
        lambda folder: non_max_suppression(BOXES, SCORES, 0),
        ValueError,
        "`max_boxes` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: non_max_suppression_loop(BOXES, SCORES, None, 1.5),
        ValueError,
        "`iou_threshold` must be a fraction in [0, 1]. Received: 1.5. 1.5 % is 0.015.",
    ),
    (
        lambda folder: non_max_suppression_loop(BOXES[:, :3], SCORES),
        ValueError,
        "`boxes` must have shape (n, 4). Received: (3, 3).",
    ),
    (
        lambda folder: non_max_suppression_per_class(BOXES[:, :3], SCORES, [0, 0, 1]),
        ValueError,
        "`boxes` must have shape (n, 4). Received: (3, 3).",
    ),
    (
        lambda folder: non_max_suppression_per_class(BOXES, SCORES[:1], [0, 0, 1]),
        ValueError,
        "`scores` must have shape (n=3,). Received: (1,). `boxes` of shape (3, 4) sets n=3.",
    ),
    (
        lambda folder: non_max_suppression_per_class(BOXES, SCORES, [0, 0]),
        ValueError,
        "`classes` must have shape (n=3,). Received: (2,). `boxes` of shape (3, 4) sets n=3.",
    ),
    (
        lambda folder: non_max_suppression_per_class(BOXES, SCORES, [0, 0, 1], -1),
        ValueError,
        "`max_boxes` must be at least 1. Received: -1.",
    ),
    (
        lambda folder: anchors_by_kmeans(SIZES, 5),
        ValueError,
        "`k` must be at most the number of sizes, 4. Received: 5.",
    ),
    (
        lambda folder: anchors_by_kmeans(SIZES[:, :1], 1),
        ValueError,
        "`sizes` must have shape (n, 2). Received: (4, 1).",
    ),
    (
        lambda folder: anchors_by_kmeans(SIZES, 0),
        ValueError,
        "`k` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: anchors_by_kmeans(SIZES, 2, restarts=0),
        ValueError,
        "`restarts` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: anchors_by_kmeans(SIZES, 2, iterations=0),
        ValueError,
        "`iterations` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: anchors_by_kmeans(SIZES, 2, seed=-1),
        ValueError,
        "`seed` must be at least 0. Received: -1.",
    ),
    (
        lambda folder: precision_recall_curve([[1, 0]], [0.9, 0.8], 1),
        ValueError,
        "`correct` must have shape (n,). Received: (1, 2).",
    ),
    (
        lambda folder: precision_recall_curve([1, 0], [0.9], 1),
        ValueError,
        "`scores` must have shape (n=2,). Received: (1,).",
    ),
    (
        lambda folder: precision_recall_curve([1, 0], [0.9, 0.8], 0),
        ValueError,
        "`truths` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: mean_average_precision([], [], 0),
        ValueError,
        "`n_classes` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: mean_average_precision([], [], 1, iou_threshold=-1),
        ValueError,
        "`iou_threshold` must be a fraction in [0, 1]. Received: -1.",
    ),
    (
        lambda folder: mean_average_precision({}, [], 1),
        TypeError,
        "`found` must be a list with one tuple for every picture. Received: dict.",
    ),
    (
        lambda folder: mean_average_precision([], [(BOXES, [0, 0, 0])], 1),
        ValueError,
        "`found` must hold as many pictures as `true`, 1. Received: 0.",
    ),
    (
        lambda folder: mean_average_precision([(BOXES, SCORES)], [(BOXES, [0, 0, 0])], 1),
        ValueError,
        "`found[0]` must be (boxes, scores, classes). Received: 2 parts.",
    ),
    (
        lambda folder: mean_average_precision([(BOXES, SCORES, [0, 0, 0])], [None], 1),
        ValueError,
        "`true[0]` must be (boxes, classes). Received: NoneType.",
    ),
    (
        lambda folder: mean_average_precision([(BOXES, SCORES, [0, 0, 2])], [(BOXES, [0] * 3)], 2),
        ValueError,
        "`found[0] classes` must hold whole numbers from 0 to 1. Received: 2.",
    ),
    (
        lambda folder: mean_average_precision([(BOXES, SCORES, [0, 0, 1])], [(BOXES, [0] * 2)], 2),
        ValueError,
        "`true[0] classes` must have shape (n=3,). Received: (2,). `boxes` of shape (3, 4) sets "
        "n=3.",
    ),
    (
        lambda folder: mean_average_precision([(BOXES, [1], [0, 0, 1])], [(BOXES, [0] * 3)], 2),
        ValueError,
        "`found[0] scores` must have shape (n=3,). Received: (1,). `boxes` of shape (3, 4) sets "
        "n=3.",
    ),
    (
        lambda folder: mean_average_precision([(BOXES[:, :2], [], [])], [(BOXES, [0] * 3)], 2),
        ValueError,
        "`found[0]` must have shape (n, 4). Received: (3, 2).",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
