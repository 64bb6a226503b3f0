"""Course 4: non-max suppression of boxes at random in a picture of 608 pixels, float32."""

import numpy as np

from tests.benchmarks.harness import Row

SIDE = 608
SIDES = (20, 100)
"""Pixels, of the boxes."""


def _boxes(n):
    rng = np.random.default_rng(0)
    centres, sides = rng.random((n, 2)) * SIDE, rng.uniform(*SIDES, (n, 2))
    corners = np.hstack([centres - sides / 2, centres + sides / 2])
    return corners.astype(np.float32), rng.random(n).astype(np.float32)


def _against_tensorflow(n):
    def prepare():
        import tensorflow as tf

        from dlspec.cnn.boxes import non_max_suppression

        boxes, scores = _boxes(n)
        tensors = tf.constant(boxes), tf.constant(scores)

        def other():
            return tf.image.non_max_suppression(*tensors, n, iou_threshold=0.5)

        if not np.array_equal(non_max_suppression(boxes, scores), other().numpy()):
            raise AssertionError("other boxes were kept")
        return lambda: non_max_suppression(boxes, scores), other

    return prepare


ROWS = [
    Row("greedy NMS, 10,000 boxes", "tf.image", 0.5, _against_tensorflow(10_000)),
    Row("greedy NMS, 1,000 boxes", "tf.image", 1.0, _against_tensorflow(1_000), runs=60),
]
