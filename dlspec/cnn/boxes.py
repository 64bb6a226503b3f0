"""Boxes by hand: overlap, non-max suppression, anchors and average precision (week 3).

A box is two opposite corners, (y1, x1, y2, x2) as in the exercise on cars or (x1, y1, x2, y2):
every function gives the same for both, as long as all boxes agree.  Units are free too: pixels,
cells or shares of the picture.

Overlap is measured as intersection over union, 1 for equal boxes and 0 for boxes apart:

    IoU(a, b) = area(a and b) / (area(a) + area(b) - area(a and b))

A detector marks one object with many boxes.  Non-max suppression keeps the best of them: take the
box of highest score, drop every other that overlaps it by more than a threshold, and go on with
what is left.  Average precision then measures how well the boxes that remain fit the true ones.

NumPy only.  float32 boxes are computed with as float32, all others as float64.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import check_array, check_count, check_fraction

__all__ = [
    "AveragePrecision",
    "anchors_by_kmeans",
    "box_areas",
    "mean_average_precision",
    "non_max_suppression",
    "non_max_suppression_loop",
    "non_max_suppression_per_class",
    "pairwise_iou",
    "precision_recall_curve",
    "shape_iou",
]

BLOCK = 128
"""Boxes, best first, that are settled among themselves at a time."""

CHUNK = 1024
"""Boxes held against a block of kept ones at a time: all arrays stay in the processor's cache."""

GRID_ADVANTAGE = 20
"""The grid is used when it leaves fewer than a twentieth of all pairs to compare."""


# --- Overlap --------------------------------------------------------------------------------------


def box_areas(boxes: np.ndarray) -> np.ndarray:
    """Area of every box.

    Args:
        boxes: (n, 4) opposite corners, the smaller one first.

    Returns:
        (n,) areas, in squares of the boxes' unit.

    Raises:
        TypeError: not numbers.
        ValueError: another shape, NaN, or a corner that is not the smaller one.

    Example:
        >>> box_areas(np.array([[0, 0, 2, 3], [1, 1, 1, 5]]))
        array([6., 0.])

    Source: course 4, week 3.
    """
    return _areas(_check_boxes("boxes", boxes))


def pairwise_iou(boxes: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Intersection over union of every box with every other one.

    Two boxes without any area have an IoU of 0, even if they are equal.

    Args:
        boxes: (n, 4) opposite corners, the smaller one first.
        others: (k, 4), likewise.

    Returns:
        (n, k) numbers in [0, 1].

    Raises:
        TypeError: not numbers.
        ValueError: another shape, NaN, or a corner that is not the smaller one.

    Example:
        >>> boxes = np.array([[2, 1, 4, 3]])
        >>> pairwise_iou(boxes, np.array([[1, 2, 3, 4], [2, 1, 4, 3], [7, 7, 8, 8]])).round(4)
        array([[0.1429, 1.    , 0.    ]])

    Source: course 4, week 3.
    """
    boxes, others = _check_boxes("boxes", boxes), _check_boxes("others", others)
    return _iou(boxes[:, None], others[None], _areas(boxes)[:, None], _areas(others)[None])


def shape_iou(sizes: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Intersection over union of boxes with the same centre: only height and width matter.

    Args:
        sizes: (n, 2) heights and widths, above 0, in any order that `others` shares.
        others: (k, 2), likewise.

    Returns:
        (n, k) numbers in (0, 1].

    Raises:
        TypeError: not numbers.
        ValueError: another shape, NaN, or a side that is not above 0.

    Example:
        >>> shape_iou(np.array([[2, 4]]), np.array([[2, 4], [4, 2], [1, 1]])).round(4)
        array([[1.    , 0.3333, 0.125 ]])

    Source: Redmon and Farhadi, "YOLO9000", 2017, section 2.
    """
    sizes, others = _check_sizes("sizes", sizes), _check_sizes("others", others)
    return _shape_iou(sizes, others)


def _areas(boxes):
    return (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])


def _iou(a, b, area_a, area_b):
    """IoU of boxes in the last axis of `a` and `b`, which broadcast, as do their areas."""
    high = np.minimum(a[..., 2], b[..., 2]) - np.maximum(a[..., 0], b[..., 0])
    wide = np.minimum(a[..., 3], b[..., 3]) - np.maximum(a[..., 1], b[..., 1])
    overlap = np.maximum(high, 0) * np.maximum(wide, 0)
    union = area_a + area_b - overlap
    return np.divide(overlap, union, out=np.zeros_like(union), where=union > 0)


def _shape_iou(sizes, others):
    overlap = np.minimum(sizes[:, None], others[None]).prod(axis=2)
    return overlap / (sizes.prod(axis=1)[:, None] + others.prod(axis=1)[None] - overlap)


# --- Non-max suppression --------------------------------------------------------------------------


def non_max_suppression(
    boxes: np.ndarray,
    scores: np.ndarray,
    max_boxes: int | None = None,
    iou_threshold: float = 0.5,
    score_threshold: float = -np.inf,
) -> np.ndarray:
    """Keep the box of highest score, drop what overlaps it too much, and go on with the rest.

    Boxes are taken in chunks, best first: a chunk loses what the boxes kept so far drop, then goes
    through in blocks of 128 that are settled among themselves and drop what they overlap in the
    rest of the chunk.  Where boxes are many and far apart a grid first finds the few pairs that
    can overlap at all.  Both give what `non_max_suppression_loop` gives, index for index.

    Of equal scores the box that stands first counts as better.  A box goes when its IoU with a kept
    one is above the threshold; notes that say "at or above" differ where it is exactly that.

    Args:
        boxes: (n, 4) opposite corners, the smaller one first; n may be 0.
        scores: (n,) any finite numbers, the higher the better.
        max_boxes: stop when so many are kept, at least 1; None keeps all that survive.
        iou_threshold: in [0, 1].
        score_threshold: boxes must score above it.

    Returns:
        int64 (k,) indices of the boxes kept, best first.

    Raises:
        TypeError: not numbers, a count that is not whole.
        ValueError: shapes that do not fit, NaN, a corner that is not the smaller one, a threshold
            outside [0, 1].

    Example:
        >>> boxes = np.array([[0, 0, 10, 10], [1, 0, 11, 10], [20, 20, 30, 30]])
        >>> non_max_suppression(boxes, np.array([0.8, 0.9, 0.7]))
        array([1, 2])

    Source: course 4, week 3; the order of ties and the strict comparison are TensorFlow's.
    """
    boxes, order, limit, threshold = _candidates(
        boxes, scores, max_boxes, iou_threshold, score_threshold
    )
    boxes = boxes[order]
    pairs = _grid_pairs(boxes, threshold) if limit >= len(boxes) else None
    if pairs is None:
        kept = _suppress_in_blocks(boxes, limit, threshold)
    else:
        kept = _suppress_pairs(boxes, *pairs, threshold)
    return order[kept]


def non_max_suppression_loop(
    boxes: np.ndarray,
    scores: np.ndarray,
    max_boxes: int | None = None,
    iou_threshold: float = 0.5,
    score_threshold: float = -np.inf,
) -> np.ndarray:
    """The text-book form: one box kept at a time.

    Arguments, result and errors as `non_max_suppression`.

    Example:
        >>> boxes = np.array([[0, 0, 10, 10], [1, 0, 11, 10], [20, 20, 30, 30]])
        >>> non_max_suppression_loop(boxes, np.array([0.8, 0.9, 0.7]))
        array([1, 2])

    Source: course 4, week 3.
    """
    boxes, order, limit, threshold = _candidates(
        boxes, scores, max_boxes, iou_threshold, score_threshold
    )
    kept = []
    while len(order) and len(kept) < limit:
        best, rest = order[0], order[1:]
        kept.append(best)
        overlap = pairwise_iou(boxes[best][None], boxes[rest])[0]
        order = rest[overlap <= threshold]
    return np.array(kept, dtype=np.int64)


def non_max_suppression_per_class(
    boxes: np.ndarray,
    scores: np.ndarray,
    classes: np.ndarray,
    max_boxes: int | None = None,
    iou_threshold: float = 0.5,
    score_threshold: float = -np.inf,
) -> np.ndarray:
    """Non-max suppression for each class by itself: a pedestrian never hides a car.

    Args:
        boxes: (n, 4) opposite corners, the smaller one first.
        scores: (n,) the higher the better.
        classes: (n,) class of every box, whole numbers.
        max_boxes: of all classes together, the best ones; None keeps all that survive.
        iou_threshold: in [0, 1].
        score_threshold: boxes must score above it.

    Returns:
        int64 (k,) indices of the boxes kept, best first.

    Raises:
        TypeError, ValueError: as `non_max_suppression`; classes of another length.

    Example:
        >>> boxes = np.array([[0, 0, 10, 10], [1, 0, 11, 10], [0, 0, 10, 10]])
        >>> non_max_suppression_per_class(boxes, np.array([0.8, 0.9, 0.7]), np.array([0, 0, 1]))
        array([1, 2])

    Source: course 4, week 3.
    """
    boxes = _check_boxes("boxes", boxes)
    scores = _check_per_box("scores", scores, boxes)
    classes = _check_per_box("classes", classes, boxes)
    limit = len(boxes) if max_boxes is None else check_count("max_boxes", max_boxes)
    kept = np.zeros(0, dtype=np.int64)
    for one in np.unique(classes):
        (own,) = np.nonzero(classes == one)
        survivors = non_max_suppression(
            boxes[own], scores[own], None, iou_threshold, score_threshold
        )
        kept = np.concatenate([kept, own[survivors]])
    return kept[np.lexsort((kept, -scores[kept]))][:limit]


def _candidates(boxes, scores, max_boxes, iou_threshold, score_threshold):
    """Checked boxes, the indices of those that score enough, best first, limit and threshold."""
    boxes = _check_boxes("boxes", boxes)
    scores = _check_per_box("scores", scores, boxes)
    limit = len(boxes) if max_boxes is None else check_count("max_boxes", max_boxes)
    threshold = boxes.dtype.type(check_fraction("iou_threshold", iou_threshold))
    order = np.argsort(-scores, kind="stable")
    return boxes, order[scores[order] > score_threshold], limit, threshold


def _suppress_in_blocks(boxes, limit, threshold):
    """Positions of the boxes kept; `boxes` come best first."""
    corners, areas = np.ascontiguousarray(boxes.T), _areas(boxes)
    kept = np.zeros(0, dtype=np.int64)
    for chunk in _growing_slices(len(boxes), BLOCK, CHUNK):
        left = np.arange(len(boxes))[chunk]
        for part in _growing_slices(len(kept), BLOCK // 4, BLOCK):
            left = _without_hits(corners, areas, kept[part], left, threshold)
        while len(left) and len(kept) < limit:
            block, left = left[:BLOCK], left[BLOCK:]
            block = block[_greedy(_hits(corners, areas, block, block, threshold))]
            left = _without_hits(corners, areas, block, left, threshold)
            kept = np.concatenate([kept, block])
        if len(kept) >= limit:
            break
    return kept[:limit]


def _growing_slices(length, first, largest):
    """Slices that cover `length`, each twice as long as the one before, up to `largest`.

    The best boxes decide most: a few of them drop many, and often no more are asked for.
    """
    begin, size = 0, first
    while begin < length:
        yield slice(begin, begin + size)
        begin, size = begin + size, min(2 * size, largest)


def _without_hits(corners, areas, rows, columns, threshold):
    """Those of `columns` that no box in `rows` drops."""
    return columns[~_hits(corners, areas, rows, columns, threshold).any(axis=0)]


def _hits(corners, areas, rows, columns, threshold):
    """Which boxes in `columns` each box in `rows` overlaps by more than the threshold.

    IoU > t means overlap > t / (1 + t) * (both areas); that spares most divisions.  Where it is
    true or nearly so the IoU itself decides, so that rounding is the same everywhere.
    """
    y1, x1, y2, x2 = corners
    high = np.minimum(y2[rows, None], y2[columns])
    high -= np.maximum(y1[rows, None], y1[columns])
    np.maximum(high, 0, out=high)
    overlap = np.minimum(x2[rows, None], x2[columns])
    overlap -= np.maximum(x1[rows, None], x1[columns])
    overlap *= high
    least = 0.9999 * threshold / (1 + threshold) * areas
    hits = overlap > least[rows, None] + least[columns]
    i, j = np.nonzero(hits)
    common = overlap[i, j]
    hits[i, j] = common / (areas[rows[i]] + areas[columns[j]] - common) > threshold
    return hits


def _greedy(hits):
    """Which boxes survive, best first, when `hits[i, j]` says that i drops j."""
    survives = np.ones(len(hits), dtype=bool)
    drops = np.triu(hits, 1)
    for i in np.flatnonzero(drops.any(axis=1)):
        if survives[i]:
            survives &= ~drops[i]
    return survives


def _grid_pairs(boxes, threshold):
    """Pairs (better, worse) of boxes in neighbouring cells, or None when there are too many.

    Boxes that overlap have centres less than the largest side apart, so with cells of that side
    they lie in the same cell or in neighbouring ones.
    """
    n = len(boxes)
    if n <= 4 * BLOCK:
        return None
    height, width = (boxes[:, 2:] - boxes[:, :2]).max(axis=0)
    if not (height > 0 and width > 0):
        return None
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2
    cells = np.floor((centres - centres.min(axis=0)) / (height, width)).astype(np.int64)
    rows, columns = cells.max(axis=0) + 1
    columns += 2  # an empty column at either side keeps rows apart
    if rows * columns < 9 * GRID_ADVANTAGE:  # of that many cells, a box sees nine
        return None
    cell = (cells[:, 0] + 1) * columns + cells[:, 1] + 1
    by_cell = np.argsort(cell, kind="stable")
    sorted_cells = cell[by_cell]
    first, counts = [], []
    for step in (0, 1, columns - 1, columns, columns + 1):  # every pair of cells once
        begin = np.searchsorted(sorted_cells, sorted_cells + step, side="left")
        end = np.searchsorted(sorted_cells, sorted_cells + step, side="right")
        if step == 0:
            begin = np.arange(1, n + 1)  # in a cell, only with those behind
        first.append(begin)
        counts.append(end - begin)
    first, counts = np.concatenate(first), np.concatenate(counts)
    if GRID_ADVANTAGE * counts.sum() > n * n / 2:
        return None
    a = np.repeat(np.tile(np.arange(n), 5), counts)
    b = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts - first, counts)
    a, b = by_cell[a], by_cell[b]
    return np.minimum(a, b), np.maximum(a, b)


def _suppress_pairs(boxes, better, worse, threshold):
    """Positions of the boxes kept, from the pairs that may overlap.

    A box is kept once all better ones that overlap it are dropped, and dropped once one of them is
    kept; each round settles all boxes that can be settled.
    """
    areas = _areas(boxes)
    overlap = _iou(boxes[better], boxes[worse], areas[better], areas[worse])
    better, worse = better[overlap > threshold], worse[overlap > threshold]
    kept = np.ones(len(boxes), dtype=bool)
    kept[worse] = False
    undecided = ~kept
    while undecided.any():
        undecided[worse[kept[better]]] = False  # dropped
        matters = undecided[better] & undecided[worse]
        better, worse = better[matters], worse[matters]
        free = undecided.copy()
        free[worse] = False
        kept |= free
        undecided &= ~free
    return np.flatnonzero(kept)


# --- Anchors --------------------------------------------------------------------------------------


def anchors_by_kmeans(
    sizes: np.ndarray, k: int, *, seed: int = 0, restarts: int = 10, iterations: int = 300
) -> tuple[np.ndarray, float]:
    """Group box sizes into k shapes by k-means with 1 - IoU as the distance.

    With Euclidean distance large boxes would count more than small ones; IoU knows no scale.

        assign:  every size to the anchor of highest IoU (all centred at one point)
        update:  every anchor to the median height and width of its sizes

    The first anchors are drawn as in k-means++, each size with probability in proportion to its
    distance from the anchors so far.  That can still end in a poor grouping, so it is done several
    times and the best is kept.

    Args:
        sizes: (n, 2) heights and widths, or widths and heights, above 0.
        k: number of anchors, 1 to n.
        seed: at least 0.
        restarts: how often to draw first anchors, at least 1.
        iterations: at most, for each; it stops when no size changes its anchor.

    Returns:
        anchors: float64 (k, 2), the smallest area first.
        mean_iou: of the sizes with the best anchor of each, in (0, 1].

    Raises:
        TypeError, ValueError: not numbers, another shape, a side that is not above 0, more anchors
            than sizes.

    Example:
        >>> sizes = np.array([[10, 20], [11, 19], [50, 20], [52, 22]])
        >>> anchors, mean_iou = anchors_by_kmeans(sizes, 2)
        >>> anchors
        array([[10.5, 19.5],
               [51. , 21. ]])

    Source: Redmon and Farhadi, "YOLO9000", 2017, section 2.
    """
    sizes, k = _check_sizes("sizes", sizes), check_count("k", k)
    if k > len(sizes):
        raise InvalidValue(sentence("k", f"be at most the number of sizes, {len(sizes)}", k))
    rng = np.random.default_rng(check_count("seed", seed, minimum=0))
    restarts = check_count("restarts", restarts)
    iterations = check_count("iterations", iterations)
    groupings = [_kmeans(sizes, _first_anchors(sizes, k, rng), iterations) for _ in range(restarts)]
    anchors, mean_iou = max(groupings, key=lambda grouping: grouping[1])
    return anchors[np.argsort(anchors.prod(axis=1), kind="stable")], mean_iou


def _kmeans(sizes, anchors, iterations):
    """Anchors that no size leaves any more, and the mean IoU with the best of them."""
    assigned = None
    for _ in range(iterations):
        nearest = _shape_iou(sizes, anchors).argmax(axis=1)
        if np.array_equal(nearest, assigned):
            break
        assigned = nearest
        for i in np.unique(assigned):  # an anchor that lost all its sizes stays where it is
            anchors[i] = np.median(sizes[assigned == i], axis=0)
    return anchors, float(_shape_iou(sizes, anchors).max(axis=1).mean())


def _first_anchors(sizes, k, rng):
    anchors = sizes[[rng.integers(len(sizes))]]
    while len(anchors) < k:
        distance = 1 - _shape_iou(sizes, anchors).max(axis=1)
        weight = distance if distance.sum() > 0 else np.ones(len(sizes))
        anchors = np.vstack([anchors, sizes[rng.choice(len(sizes), p=weight / weight.sum())]])
    return anchors


# --- Average precision ----------------------------------------------------------------------------


@dataclass(frozen=True)
class AveragePrecision:
    """How well boxes were found, class by class.

    Attributes:
        mean: mean average precision over the classes that occur among the true boxes; NaN when
            there is none.
        by_class: float64 (n_classes,) average precision in [0, 1]; NaN where no true box is.
        curves: for every class (recall, precision), each (number of boxes found,), best score
            first.
        truths: int64 (n_classes,) number of true boxes.
    """

    mean: float
    by_class: np.ndarray
    curves: tuple[tuple[np.ndarray, np.ndarray], ...]
    truths: np.ndarray


def precision_recall_curve(
    correct: np.ndarray, scores: np.ndarray, truths: int
) -> tuple[np.ndarray, np.ndarray]:
    """Recall and precision of the boxes down to each score.

        recall_i = correct among the best i / truths        precision_i = correct among them / i

    Args:
        correct: (n,) 0 or 1, whether a box found belongs to a true one.
        scores: (n,) of the boxes found.
        truths: number of true boxes, at least 1.

    Returns:
        recall, precision: float64 (n,), best score first.

    Raises:
        TypeError, ValueError: arrays of different lengths, no true box.

    Example:
        >>> recall, precision = precision_recall_curve([1, 0, 1], [0.9, 0.8, 0.7], truths=4)
        >>> recall, precision.round(3)
        (array([0.25, 0.25, 0.5 ]), array([1.   , 0.5  , 0.667]))

    Source: Everingham et al., "The PASCAL visual object classes challenge", 2010.
    """
    correct = check_array("correct", correct, ("n",)) if np.size(correct) else np.zeros(0)
    scores = check_array("scores", scores, (("n", len(correct)),)) if len(correct) else correct
    truths = check_count("truths", truths)
    hits = np.cumsum(correct[np.argsort(-scores, kind="stable")])
    return hits / truths, hits / np.arange(1, len(hits) + 1)


def mean_average_precision(
    found: Sequence[tuple[np.ndarray, np.ndarray, np.ndarray]],
    true: Sequence[tuple[np.ndarray, np.ndarray]],
    n_classes: int,
    *,
    iou_threshold: float = 0.5,
) -> AveragePrecision:
    """Average precision of every class over many pictures, and their mean.

    Best score first over all pictures, a box found is correct when the true box of its class that
    it overlaps most has an IoU of at least the threshold and was not claimed by a better box.
    Average precision is the area below the precision-recall curve, where precision at a recall is
    the highest at that recall or beyond.

    Args:
        found: for every picture (boxes (n, 4), scores (n,), classes (n,)).
        true: for every picture (boxes (k, 4), classes (k,)).
        n_classes: classes are whole numbers from 0 to n_classes - 1.
        iou_threshold: in [0, 1].

    Returns:
        The mean, and each class by itself.

    Raises:
        TypeError, ValueError: other lengths or shapes, classes out of range.

    Example:
        >>> box = np.array([[0, 0, 10, 10]])
        >>> far = np.array([[20, 20, 30, 30]])
        >>> found = [(np.vstack([box, far]), [0.9, 0.8], [0, 0])]
        >>> mean_average_precision(found, [(box, [0])], n_classes=1).mean
        1.0

    Source: Everingham et al., "The PASCAL visual object classes challenge", 2010, section 4.2, with
    the area of all points as in the challenges from 2010 on.
    """
    n_classes = check_count("n_classes", n_classes)
    threshold = check_fraction("iou_threshold", iou_threshold)
    pictures = _check_pictures(found, true, n_classes)
    curves, by_class, truths = [], [], []
    for one in range(n_classes):
        scores, correct, count = _judge(pictures, one, threshold)
        truths.append(count)
        if count == 0:
            curves.append((np.zeros(0), np.zeros(0)))
            by_class.append(np.nan)
            continue
        curves.append(precision_recall_curve(correct, scores, count))
        by_class.append(_area_below(*curves[-1]))
    by_class = np.array(by_class)
    known = by_class[~np.isnan(by_class)]
    mean = float(known.mean()) if known.size else float("nan")
    return AveragePrecision(mean, by_class, tuple(curves), np.array(truths))


def _judge(pictures, one, threshold):
    """Scores of the boxes of one class, whether each is correct, and the number of true ones."""
    scores, correct, count = [], [], 0
    for boxes, box_scores, classes, true_boxes, true_classes in pictures:
        own = np.flatnonzero(classes == one)
        own = own[np.argsort(-box_scores[own], kind="stable")]
        truth = true_boxes[true_classes == one]
        count += len(truth)
        scores.append(box_scores[own])
        correct.append(_claim(boxes[own], truth, threshold))
    return np.concatenate(scores), np.concatenate(correct), count


def _claim(boxes, truth, threshold):
    """Whether each box, best first, claims a true one that no better box has claimed."""
    correct = np.zeros(len(boxes))
    if len(boxes) == 0 or len(truth) == 0:
        return correct
    overlap = pairwise_iou(boxes, truth)
    claimed = np.zeros(len(truth), dtype=bool)
    for i, row in enumerate(overlap):
        nearest = row.argmax()
        if row[nearest] >= threshold and not claimed[nearest]:
            claimed[nearest] = correct[i] = True
    return correct


def _area_below(recall, precision):
    highest_beyond = np.maximum.accumulate(precision[::-1])[::-1]
    return float(np.sum(np.diff(recall, prepend=0) * highest_beyond))


# --- Checks ---------------------------------------------------------------------------------------


def _check_boxes(name, value):
    """Boxes (n, 4) with the smaller corner first; float32 stays float32, n may be 0."""
    single = isinstance(value, np.ndarray) and value.dtype == np.float32
    if np.size(value) == 0 and np.shape(value) in ((0,), (0, 4)):
        return np.zeros((0, 4), np.float32 if single else np.float64)
    boxes = check_array(name, value, ("n", 4))
    odd = np.flatnonzero((boxes[:, :2] > boxes[:, 2:]).any(axis=1))
    if odd.size:
        received = f"{boxes[odd[0]].tolist()} in row {odd[0]}"
        expected = "hold the smaller corner before the larger one"
        advice = "Corners are (y1, x1, y2, x2); boxes of centre and size must be converted first."
        raise InvalidValue(sentence(name, expected, received, advice))
    return boxes.astype(np.float32) if single else boxes


def _check_per_box(name, value, boxes):
    """One number for every box."""
    if len(boxes) == 0 and np.size(value) == 0:
        return np.zeros(0)
    because = f"`boxes` of shape {boxes.shape} sets n={len(boxes)}"
    return check_array(name, value, (("n", len(boxes)),), because=because)


def _check_sizes(name, value):
    sizes = check_array(name, value, ("n", 2))
    if (sizes <= 0).any():
        odd = np.flatnonzero((sizes <= 0).any(axis=1))[0]
        received = f"{sizes[odd].tolist()} in row {odd}"
        raise InvalidValue(sentence(name, "hold heights and widths above 0", received))
    return sizes


def _check_pictures(found, true, n_classes):
    """For every picture: boxes, scores, classes, true boxes, true classes."""
    for name, pictures in (("found", found), ("true", true)):
        if not isinstance(pictures, Sequence) or isinstance(pictures, (str, bytes)):
            expected = "be a list with one tuple for every picture"
            raise InvalidType(sentence(name, expected, type(pictures).__name__))
    if len(found) != len(true):
        expected = f"hold as many pictures as `true`, {len(true)}"
        raise InvalidValue(sentence("found", expected, len(found)))
    return [_check_picture(i, found[i], true[i], n_classes) for i in range(len(true))]


def _check_picture(i, found, true, n_classes):
    for name, entry, parts in (("found", found, 3), ("true", true, 2)):
        if not isinstance(entry, Sequence) or len(entry) != parts:
            form = "(boxes, scores, classes)" if parts == 3 else "(boxes, classes)"
            kind = type(entry).__name__
            received = f"{len(entry)} parts" if isinstance(entry, Sequence) else kind
            raise InvalidValue(sentence(f"{name}[{i}]", f"be {form}", received))
    boxes, true_boxes = _check_boxes(f"found[{i}]", found[0]), _check_boxes(f"true[{i}]", true[0])
    scores = _check_per_box(f"found[{i}] scores", found[1], boxes)
    classes = _check_classes(f"found[{i}] classes", found[2], boxes, n_classes)
    true_classes = _check_classes(f"true[{i}] classes", true[1], true_boxes, n_classes)
    return boxes.astype(np.float64), scores, classes, true_boxes.astype(np.float64), true_classes


def _check_classes(name, value, boxes, n_classes):
    classes = _check_per_box(name, value, boxes)
    odd = classes[(classes < 0) | (classes >= n_classes) | (classes != np.floor(classes))]
    if odd.size:
        expected = f"hold whole numbers from 0 to {n_classes - 1}"
        raise InvalidValue(sentence(name, expected, f"{odd[0]:g}"))
    return classes
