"""Batches for training: in a new order every epoch, augmented on the fly, read ahead.

While the network learns from one batch, the next ones are read, decoded and augmented.  The result
is a `tf.data.Dataset`, which `fit`, `evaluate` and `predict` of Keras take on any backend.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import check_count

__all__ = ["batches"]


def batches(
    x: np.ndarray | Sequence[Path],
    y: np.ndarray,
    batch_size: int = 32,
    *,
    augment: Callable | None = None,
    read: Callable[[Path], np.ndarray] | None = None,
    seed: int = 0,
    shuffle: bool = True,
    prefetch: int = 2,
) -> Any:
    """Cut examples into mini-batches, ready for `model.fit`.

    The order follows from `seed` alone, not from any global state: the first pass over the data set
    has the same order every time, the second another, and so on.  (A pass that is broken off does
    not count: Keras looks at a first batch on some backends.)  The last batch may be smaller.
    For dev and test sets leave `augment` out and pass shuffle=False.  To `fit`, too, pass
    shuffle=False: Keras cannot shuffle a data set, and warns that it does not.

    A folder that does not fit in memory is read picture by picture, by several threads:

        images = find_images(folder)
        batches(images.files, images.y, read=read_image)

    Args:
        x: (m, ...) examples, also memory-mapped; or m paths together with `read`.
        y: (m,) or (m, k) labels.
        batch_size: examples in a batch, at least 1.
        augment: changes a batch of x: a Keras layer, which is called with training=True, or any
            function of a tensor.  Layers of Keras work here on every backend; layers of your own
            only on TensorFlow: put those into the model.
        read: turns an entry of `x` into an array; all arrays of one shape.
        seed: of the order, at least 0.
        shuffle: False for the order given.
        prefetch: batches that are prepared ahead, at least 0.

    Returns:
        A `tf.data.Dataset` of (x, y) batches whose `len` is the number of batches.

    Raises:
        TypeError, ValueError: no examples, other numbers of x and y, numbers out of range, paths
            without `read`, an `augment` that cannot be called.

    Example:
        >>> x, y = np.arange(10.0).reshape(5, 2), np.arange(5)
        >>> for a, b in batches(x, y, batch_size=2, shuffle=False):
        ...     print(a.shape, b.numpy())
        (2, 2) [0 1]
        (2, 2) [2 3]
        (1, 2) [4]
    """
    y, m = np.asarray(y), len(x)
    _check_examples(x, y, read)
    size, ahead = check_count("batch_size", batch_size), check_count("prefetch", prefetch, 0)
    seed, passes = check_count("seed", seed, minimum=0), 0
    if augment is not None and not callable(augment):
        raise InvalidType(sentence("augment", "be a layer or function", type(augment).__name__))
    import keras
    import tensorflow as tf

    first = np.asarray(x[0] if read is None else read(x[0]))

    def epoch() -> Iterator[tuple[np.ndarray, np.ndarray]]:
        nonlocal passes
        order = np.random.default_rng([seed, passes]).permutation(m) if shuffle else np.arange(m)
        with ThreadPoolExecutor() as pool:
            for start in range(0, m, size):
                places = order[start : start + size]
                passes += start + size >= m
                if read is None:
                    yield x[places], y[places]
                else:
                    yield np.stack([*pool.map(read, [x[i] for i in places])]), y[places]

    shapes = (
        tf.TensorSpec((None, *first.shape), first.dtype),
        tf.TensorSpec((None, *y.shape[1:]), y.dtype),
    )
    data = tf.data.Dataset.from_generator(epoch, output_signature=shapes)
    data = data.apply(tf.data.experimental.assert_cardinality(-(-m // size)))
    if augment is not None:
        options = {"training": True} if isinstance(augment, keras.Layer) else {}
        # One batch after the other: several at once would draw random numbers in any order.
        data = data.map(lambda pictures, labels: (augment(pictures, **options), labels))
    return data.prefetch(ahead) if ahead else data


def _check_examples(x, y, read):
    if read is None and not isinstance(x, np.ndarray):
        advice = "Paths need `read`, such as dlspec.datasets.read_image."
        raise InvalidType(sentence("x", "be an array", type(x).__name__, advice))
    if len(x) == 0 or y.ndim == 0 or len(x) != len(y):
        received = f"{len(x)} and {y.shape}"
        raise InvalidValue(sentence("y", "have a label for every example of `x`", received))
