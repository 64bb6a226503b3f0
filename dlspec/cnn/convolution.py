"""Convolution and pooling by hand, forward and backward (course 4, week 1).

A filter slides over the picture; at every place the numbers below it are multiplied with its own
and added up.  One small filter is shared by all places, so a layer has few parameters and finds the
same thing wherever it stands.

    Z[i, h, w, c] = sum_{u, v, k} A_prev[i, h s + u - p, w s + v - p, k] W[u, v, k, c] + b[c]
    n_H = floor((n_H_prev + 2 p - f) / s) + 1, and the same for n_W

    dW[u, v, k, c] = sum_{i, h, w} A_prev[i, h s + u - p, w s + v - p, k] dZ[i, h, w, c]
    db[c] = sum_{i, h, w} dZ[i, h, w, c]
    dA_prev[i, y, x, k] = sum of W[u, v, k, c] dZ[i, h, w, c]
                          over all with h s + u - p = y and w s + v - p = x

Pooling keeps the largest number of every window, or its mean, channel by channel; it has nothing to
learn.  In the backward pass of max pooling every number that equals the largest of its window gets
the whole gradient of that window: that is the course's rule, mask = (x == max(x)).  Other libraries
pick one of those that tie.  Ties are frequent where a picture is blank, for equal windows give
equal activations, and among the zeros behind a ReLU, whose slope stops the gradient there anyway.

Notation: pictures are (m, n_H, n_W, n_C), filters (f, f, n_C_prev, n_C), biases (1, 1, 1, n_C); s
is the stride, p the padding.  What deep learning calls convolution is cross-correlation in signal
processing: the filter is not flipped.  For the other one pass W[::-1, ::-1].

Every layer stands here twice.  `*_loop` is the text-book form, one output number at a time.  The
other is the one to compute with, some hundred times faster, from two ideas:

    one matrix product   Windows of f x f x n_C_prev numbers become the rows of a matrix, times the
                         filters as columns.  A window lies in memory as f pieces of f n_C_prev
                         numbers, which a strided view names without copying.  They are copied half
                         a megabyte at a time, into a buffer that stays in the processor's cache,
                         and never make up a matrix f^2 times the size of the input.
    one axis at a time   The maximum (or sum) over f x f numbers is that over f columns of those
                         over f rows: 2 f passes in place of f^2.

dA_prev is itself a convolution, of dZ with the filters flipped, so nothing has to be scattered; at
stride 1 the same windows of dZ, times A_prev, also give dW.

float32 pictures and filters are computed in float32, all else in float64.  More of week 1 and its
like (sizes and costs, edge filters, other dimensions, transposed): `convolution_variants`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import check_array, check_choice, check_count, check_finite

__all__ = [
    "conv_backward",
    "conv_backward_loop",
    "conv_forward",
    "conv_forward_loop",
    "conv_single_step",
    "create_mask_from_window",
    "distribute_value",
    "pool_backward",
    "pool_backward_loop",
    "pool_forward",
    "pool_forward_loop",
    "zero_pad",
]

HParameters = Mapping[str, Any]
ConvCache = tuple[np.ndarray, np.ndarray, np.ndarray, HParameters]
PoolCache = tuple[np.ndarray, HParameters]

MODES = ("max", "average")
NAMES = ("A_prev", "W", "b")

CONV_BYTES = 512 * 1024
"""Of windows that are copied at a time: they should fit into the processor's second cache."""

POOL_BYTES = 256 * 1024
"""Of pictures that are pooled at a time, for the same reason."""

TOO_SMALL = "Use a smaller filter or more padding."


# --- Padding --------------------------------------------------------------------------------------


def zero_pad(X: np.ndarray, pad: int) -> np.ndarray:
    """Put a border of zeros around every picture.

    Without it pictures shrink with every layer, and pixels at the border are seen by fewer windows.

    Args:
        X: pictures (m, n_H, n_W, n_C).
        pad: width of the border in pixels, at least 0.

    Returns:
        X_pad: (m, n_H + 2 pad, n_W + 2 pad, n_C); float32 if `X` is, float64 otherwise.

    Raises:
        TypeError: not numbers, a padding that is not a whole number.
        ValueError: not four axes, NaN or infinity, a negative padding.

    Example:
        >>> zero_pad(np.ones((1, 1, 2, 1)), 1)[0, :, :, 0]
        array([[0., 0., 0., 0.],
               [0., 1., 1., 0.],
               [0., 0., 0., 0.]])

    Source: course 4, week 1.
    """
    X = _check_floats("X", X, ("m", "n_H", "n_W", "n_C"))
    pad = check_count("pad", pad, minimum=0)
    return _zero_pad(X, pad) if pad else X.copy()


def _zero_pad(X, pad):
    if pad == 0:
        return X
    m, n_H, n_W, n_C = X.shape
    X_pad = np.zeros((m, n_H + 2 * pad, n_W + 2 * pad, n_C), X.dtype)
    X_pad[:, pad : pad + n_H, pad : pad + n_W] = X
    return X_pad


def _output_size(n, f, pad, stride):
    return (n + 2 * pad - f) // stride + 1


# --- Convolution ----------------------------------------------------------------------------------


def conv_single_step(a_slice_prev: np.ndarray, W: np.ndarray, b: np.ndarray) -> float:
    """One filter at one place: the sum of a_slice_prev * W, plus b.

    Args:
        a_slice_prev: the window (f, f, n_C_prev).
        W: the filter (f, f, n_C_prev).
        b: its bias (1, 1, 1).

    Returns:
        Z: one number.

    Raises:
        TypeError: not numbers.
        ValueError: shapes that do not fit, NaN or infinity.

    Example:
        >>> conv_single_step(np.ones((2, 2, 3)), np.full((2, 2, 3), 0.5), np.ones((1, 1, 1)))
        np.float64(7.0)

    Source: course 4, week 1.
    """
    a_slice_prev = check_array("a_slice_prev", a_slice_prev, ("f", "f", "n_C_prev"))
    shape = tuple(zip(("f", "f", "n_C_prev"), a_slice_prev.shape, strict=True))
    because = f"`a_slice_prev` has shape {a_slice_prev.shape}"
    W = check_array("W", W, shape, because=because)
    return _conv_single_step(a_slice_prev, W, check_array("b", b, (1, 1, 1)))


def _conv_single_step(a_slice_prev, W, b):
    return np.sum(a_slice_prev * W) + b.item()


def conv_forward(
    A_prev: np.ndarray, W: np.ndarray, b: np.ndarray, hparameters: HParameters
) -> tuple[np.ndarray, ConvCache]:
    """A layer of n_C filters, before its activation.

    Args:
        A_prev: activations of the previous layer (m, n_H_prev, n_W_prev, n_C_prev).
        W: filters (f, f, n_C_prev, n_C).
        b: biases (1, 1, 1, n_C).
        hparameters: {"stride": at least 1, "pad": at least 0, or "same" or "valid"}; further keys
            are ignored.  "same" is p = (f - 1) / 2 on all sides, for odd f; Keras pads less at the
            top and left when the stride is above 1.

    Returns:
        Z: (m, n_H, n_W, n_C); float32 if `A_prev`, `W` and `b` all are, float64 otherwise.
        cache: (A_prev, W, b, hparameters) for `conv_backward`.

    Raises:
        TypeError: not numbers, hyperparameters that are not a dictionary or no whole numbers.
        ValueError: shapes that do not fit, NaN or infinity, a missing hyperparameter or a bad
            value, a filter larger than the padded picture.

    Example:
        >>> photo = np.zeros((1, 6, 6, 1))
        >>> photo[:, :, :3] = 10
        >>> vertical = np.array([[1, 0, -1]] * 3).reshape(3, 3, 1, 1)
        >>> hparameters = {"stride": 1, "pad": 0}
        >>> Z, _ = conv_forward(photo, vertical, np.zeros((1, 1, 1, 1)), hparameters)
        >>> Z[0, 0, :, 0]
        array([ 0., 30., 30.,  0.])

    Source: course 4, week 1.
    """
    A_prev, W, b, stride, pad = _check_conv(NAMES, A_prev, W, b, hparameters)
    Z = _correlate(_zero_pad(A_prev, pad), W, stride, b)
    return Z, (A_prev, W, b, hparameters)


def conv_forward_loop(
    A_prev: np.ndarray, W: np.ndarray, b: np.ndarray, hparameters: HParameters
) -> tuple[np.ndarray, ConvCache]:
    """The text-book form: four loops around `conv_single_step`.

    Arguments, result and errors as `conv_forward`.

    Example:
        >>> A_prev, W, b = np.ones((1, 3, 3, 2)), np.ones((2, 2, 2, 1)), np.zeros((1, 1, 1, 1))
        >>> conv_forward_loop(A_prev, W, b, {"stride": 1, "pad": 0})[0][0, :, :, 0]
        array([[8., 8.],
               [8., 8.]])

    Source: course 4, week 1.
    """
    A_prev, W, b, stride, pad = _check_conv(NAMES, A_prev, W, b, hparameters)
    A_prev_pad, f = _zero_pad(A_prev, pad), W.shape[0]
    m, n_H_prev, n_W_prev, _ = A_prev.shape
    n_H, n_W = _output_size(n_H_prev, f, pad, stride), _output_size(n_W_prev, f, pad, stride)
    Z = np.zeros((m, n_H, n_W, W.shape[3]), np.result_type(A_prev, W, b))
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                rows, columns = _window(h, stride, f), _window(w, stride, f)
                a_slice_prev = A_prev_pad[i, rows, columns]
                for c in range(W.shape[3]):
                    Z[i, h, w, c] = _conv_single_step(a_slice_prev, W[..., c], b[..., c])
    return Z, (A_prev, W, b, hparameters)


def _window(h, stride, f):
    """What the h-th place of a filter covers along one side."""
    return slice(h * stride, h * stride + f)


def conv_backward(dZ: np.ndarray, cache: ConvCache) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """From the gradient of a layer's output to those of its input, its filters and its biases.

    Args:
        dZ: gradient of the cost for Z, (m, n_H, n_W, n_C).
        cache: (A_prev, W, b, hparameters) as `conv_forward` returns it.

    Returns:
        dA_prev: (m, n_H_prev, n_W_prev, n_C_prev).
        dW: (f, f, n_C_prev, n_C), a sum over examples and places.
        db: (1, 1, 1, n_C), a sum over examples and places.

    Raises:
        TypeError: not numbers, or a cache of another form.
        ValueError: shapes that do not fit, NaN or infinity.

    Example:
        >>> A_prev, W, b = np.ones((1, 3, 3, 2)), np.ones((2, 2, 2, 1)), np.zeros((1, 1, 1, 1))
        >>> Z, cache = conv_forward(A_prev, W, b, {"stride": 1, "pad": 0})
        >>> dA_prev, dW, db = conv_backward(np.ones_like(Z), cache)
        >>> dA_prev[0, :, :, 0]  # how many windows see each pixel
        array([[1., 2., 1.],
               [2., 4., 2.],
               [1., 2., 1.]])

    Source: course 4, week 1; Dumoulin and Visin, "A guide to convolution arithmetic", 2016.
    """
    dZ, A_prev, W, stride, pad = _check_conv_backward(dZ, cache)
    if stride == 1:
        dA_prev, dW = _gradients_of_stride_1(dZ, A_prev, W, pad)
    else:
        dW = _correlate_with_output(_zero_pad(A_prev, pad), dZ, W.shape, stride)
        dA_prev = _transposed(dZ, W.swapaxes(2, 3), A_prev.shape[1:3], stride, pad)
    return dA_prev, dW, _sum_by_channel(dZ)


def conv_backward_loop(
    dZ: np.ndarray, cache: ConvCache
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The text-book form: every output number gives its share to all that made it.

    Arguments, result and errors as `conv_backward`.

    Example:
        >>> A_prev, W, b = np.ones((1, 3, 3, 2)), np.ones((2, 2, 2, 1)), np.zeros((1, 1, 1, 1))
        >>> Z, cache = conv_forward(A_prev, W, b, {"stride": 1, "pad": 0})
        >>> conv_backward_loop(np.ones_like(Z), cache)[2]
        array([[[[4.]]]])

    Source: course 4, week 1.
    """
    dZ, A_prev, W, stride, pad = _check_conv_backward(dZ, cache)
    f, (m, n_H, n_W, n_C) = W.shape[0], dZ.shape
    A_prev_pad = _zero_pad(A_prev, pad)
    kind = np.result_type(dZ, A_prev, W)
    dA_prev_pad, dW = np.zeros(A_prev_pad.shape, kind), np.zeros(W.shape, kind)
    db = np.zeros((1, 1, 1, n_C), kind)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                rows, columns = _window(h, stride, f), _window(w, stride, f)
                a_slice_prev = A_prev_pad[i, rows, columns]
                for c in range(n_C):
                    dA_prev_pad[i, rows, columns] += W[..., c] * dZ[i, h, w, c]
                    dW[..., c] += a_slice_prev * dZ[i, h, w, c]
                    db[..., c] += dZ[i, h, w, c]
    n_H_prev, n_W_prev = A_prev.shape[1:3]
    return dA_prev_pad[:, pad : pad + n_H_prev, pad : pad + n_W_prev], dW, db


# --- Windows as rows of a matrix ------------------------------------------------------------------


def _correlate(X_pad, W, stride, b=None):
    """Z of pictures that need no more padding; filters may be rectangles (f_H, f_W, n_C_prev, n_C).

    The same for every size: copy some windows, multiply, add the bias while Z is still at hand.
    """
    n_C = W.shape[3]
    arrays = (X_pad, W) if b is None else (X_pad, W, b)
    kind = np.result_type(*arrays)
    windows = _windows(X_pad, W.shape, stride)
    filters = W.reshape(-1, n_C).astype(kind, copy=False)
    Z = np.empty((*windows.shape[:3], n_C), kind)
    for where, rows in _rows(windows, kind):
        z = Z[where].reshape(-1, n_C)
        np.matmul(rows, filters, out=z)
        if b is not None:
            z += b.reshape(n_C)
    return Z


def _correlate_with_output(X_pad, dZ, shape, stride):
    """dW: every window times the gradient of what it became."""
    n_C, kind = shape[3], np.result_type(X_pad, dZ)
    dW = np.zeros((np.prod(shape[:3]), n_C), kind)
    for where, rows in _rows(_windows(X_pad, shape, stride), kind):
        dW += rows.T @ dZ[where].reshape(-1, n_C)
    return dW.reshape(shape)


def _gradients_of_stride_1(dZ, A_prev, W, pad):
    """dA_prev and dW from one copy of the windows: those that make pixel y, times y, make dW.

    With larger strides most of the canvas is empty, and dW is cheaper from windows of A_prev.
    """
    f, _, n_C_prev, n_C = W.shape
    kind = np.result_type(dZ, A_prev, W)
    canvas = _canvas(dZ, f, A_prev.shape[1:3], 1, pad)
    flipped = W[::-1, ::-1].swapaxes(2, 3).reshape(-1, n_C_prev).astype(kind, copy=False)
    dA_prev, dW = np.empty(A_prev.shape, kind), np.zeros((f * f * n_C, n_C_prev), kind)
    for where, rows in _rows(_windows(canvas, W.shape, 1), kind):
        np.matmul(rows, flipped, out=dA_prev[where].reshape(-1, n_C_prev))
        dW += rows.T @ A_prev[where].reshape(-1, n_C_prev)
    return dA_prev, dW.reshape(f, f, n_C, n_C_prev)[::-1, ::-1].swapaxes(2, 3)


def _sum_by_channel(dZ):
    """db; as a product, since NumPy is slow to sum down short rows."""
    ones = np.ones((1, dZ[..., 0].size), dZ.dtype)
    return (ones @ dZ.reshape(-1, dZ.shape[3])).reshape(1, 1, 1, -1)


def _windows(X_pad, shape, stride):
    """View (m, n_H, n_W, f_H, f_W n_C): the rows of every window, each in one piece."""
    X_pad = np.ascontiguousarray(X_pad)
    (m, n_H_pad, n_W_pad, n_C), (f_H, f_W, *_) = X_pad.shape, shape
    # Not X_pad.strides: those of an axis of length 1, made by `None`, may be anything.
    channel = X_pad.itemsize
    column, row, example = (channel * n for n in (n_C, n_C * n_W_pad, n_C * n_W_pad * n_H_pad))
    n_H, n_W = _output_size(n_H_pad, f_H, 0, stride), _output_size(n_W_pad, f_W, 0, stride)
    return as_strided(
        X_pad,
        (m, n_H, n_W, f_H, f_W * n_C),
        (example, stride * row, stride * column, row, channel),
        writeable=False,
    )


def _rows(windows, kind) -> Iterator[tuple[tuple[slice, slice], np.ndarray]]:
    """Copy some windows at a time; yield where they stand in the output, and one row for each.

    The rows are in a buffer that the next step overwrites.
    """
    m, n_H, n_W, f_H, length = windows.shape
    lines = max(1, CONV_BYTES // (n_W * f_H * length * kind.itemsize))  # of the output
    images, lines = max(1, lines // n_H), min(lines, n_H)
    buffer = np.empty((min(images, m), lines, *windows.shape[2:]), kind).ravel()
    for i in range(0, m, images):
        for h in range(0, n_H, lines):
            where = np.s_[i : i + images, h : h + lines]
            block = windows[where]
            copied = buffer[: block.size].reshape(block.shape)
            np.copyto(copied, block)
            yield where, copied.reshape(-1, f_H * length)


def _transposed(Z, W, size, stride, pad, b=None):
    """Stamps Z W of all places at once, for filters (f, f, channels of Z, channels of the result).

    Pixel y takes Z[h] W[u] from all h s + u - p = y.  Put Z[h] on an empty canvas at the place
    h s + f - 1 - p, and that is the sum of canvas[y + v] W[f - 1 - v]: a convolution of stride 1
    with the flipped filter.
    """
    return _correlate(_canvas(Z, len(W), size, stride, pad), W[::-1, ::-1], 1, b)


def _canvas(Z, f, size, stride, pad):
    """Every place of Z where its stamp begins, and zeros between them."""
    canvas = np.zeros((len(Z), size[0] + f - 1, size[1] + f - 1, Z.shape[3]), Z.dtype)
    (used_H, at_H), (used_W, at_W) = (
        _landing(n, side + f - 1, f, stride, pad)
        for n, side in zip(Z.shape[1:], size, strict=False)
    )
    canvas[:, at_H, at_W] = Z[:, used_H, used_W]
    return canvas


def _landing(n, length, f, stride, pad):
    """Which of n places reach a side of the picture, and where they land on the canvas.

    Where the padding is wider than f - 1 the outermost windows see nothing but padding.
    """
    first = max(0, -((f - 1 - pad) // stride))
    start = first * stride + f - 1 - pad
    count = min(n - first, (length - 1 - start) // stride + 1)
    return slice(first, first + count), slice(start, start + (count - 1) * stride + 1, stride)


# --- Pooling --------------------------------------------------------------------------------------


def pool_forward(
    A_prev: np.ndarray, hparameters: HParameters, mode: str = "max"
) -> tuple[np.ndarray, PoolCache]:
    """The largest number, or the mean, of every window in every channel.

    Args:
        A_prev: activations (m, n_H_prev, n_W_prev, n_C).
        hparameters: {"f": size of the window, "stride": its step}, both at least 1; further keys
            are ignored, there is no padding.
        mode: "max" or "average".

    Returns:
        A: (m, n_H, n_W, n_C) with n_H = floor((n_H_prev - f) / stride) + 1; float32 if `A_prev` is.
        cache: (A_prev, hparameters) for `pool_backward`.

    Raises:
        TypeError: not numbers, hyperparameters that are not a dictionary or no whole numbers.
        ValueError: not four axes, NaN or infinity, a missing hyperparameter or a bad value, a
            window larger than the picture, an unknown mode.

    Example:
        >>> A_prev = np.array([[1, 3, 2, 1], [2, 9, 1, 1], [1, 3, 2, 3], [5, 6, 1, 2]])
        >>> A, _ = pool_forward(A_prev.reshape(1, 4, 4, 1), {"f": 2, "stride": 2})
        >>> A[0, :, :, 0]
        array([[9., 2.],
               [6., 3.]])

    Source: course 4, week 1.
    """
    A_prev, f, stride = _check_pool("A_prev", A_prev, hparameters, mode, finite=False)
    n_H, n_W = (_output_size(n, f, 0, stride) for n in A_prev.shape[1:3])
    A = np.empty((len(A_prev), n_H, n_W, A_prev.shape[3]), A_prev.dtype)
    for some in _batches(A_prev):
        if not np.isfinite(A_prev[some]).all():  # here, where it is in the cache anyway
            _check_pool("A_prev", A_prev, hparameters, mode)
        if mode == "max":
            _pool_axis(_pool_axis(A_prev[some], 1, f, stride), 2, f, stride, out=A[some])
        else:
            columns = _pool_axis(A_prev[some], 1, f, stride, np.add)
            np.divide(_pool_axis(columns, 2, f, stride, np.add), f * f, out=A[some])
    return A, (A_prev, hparameters)


def pool_forward_loop(
    A_prev: np.ndarray, hparameters: HParameters, mode: str = "max"
) -> tuple[np.ndarray, PoolCache]:
    """The text-book form: one window and one channel at a time.

    Arguments, result and errors as `pool_forward`.

    Example:
        >>> A_prev = np.arange(4.0).reshape(1, 2, 2, 1)
        >>> pool_forward_loop(A_prev, {"f": 2, "stride": 1}, mode="average")[0]
        array([[[[1.5]]]])

    Source: course 4, week 1.
    """
    A_prev, f, stride = _check_pool("A_prev", A_prev, hparameters, mode)
    m, n_H_prev, n_W_prev, n_C = A_prev.shape
    n_H, n_W = _output_size(n_H_prev, f, 0, stride), _output_size(n_W_prev, f, 0, stride)
    A = np.zeros((m, n_H, n_W, n_C), A_prev.dtype)
    pool = np.max if mode == "max" else np.mean
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    rows, columns = _window(h, stride, f), _window(w, stride, f)
                    A[i, h, w, c] = pool(A_prev[i, rows, columns, c])
    return A, (A_prev, hparameters)


def create_mask_from_window(x: np.ndarray) -> np.ndarray:
    """Where the largest number of a window is: every place that holds it, if there are several.

    Args:
        x: the window (f, f).

    Returns:
        mask: bool (f, f).

    Raises:
        TypeError: not numbers.
        ValueError: not two axes, NaN or infinity.

    Example:
        >>> create_mask_from_window(np.array([[1.0, 3.0], [4.0, 2.0]]))
        array([[False, False],
               [ True, False]])

    Source: course 4, week 1.
    """
    return _mask(check_array("x", x, ("f", "f")))


def _mask(x):
    return x == np.max(x)


def distribute_value(dz: float, shape: tuple[int, int]) -> np.ndarray:
    """Share a gradient out equally, as the mean did that it came through.

    Args:
        dz: the gradient, one number.
        shape: (n_H, n_W) of the window, both at least 1.

    Returns:
        a: (n_H, n_W), dz / (n_H n_W) everywhere.

    Raises:
        TypeError: not a number, or not a pair of whole numbers.
        ValueError: not finite, or a size below 1.

    Example:
        >>> distribute_value(2, (2, 2))
        array([[0.5, 0.5],
               [0.5, 0.5]])

    Source: course 4, week 1.
    """
    dz = check_finite("dz", dz)
    n_H, n_W = _check_pair("shape", shape)
    return _distribute(dz, (n_H, n_W))


def _distribute(dz, shape):
    return np.full(shape, dz / (shape[0] * shape[1]))


def pool_backward(dA: np.ndarray, cache: PoolCache, mode: str = "max") -> np.ndarray:
    """From the gradient behind a pooling layer to the one before it.

    "average" shares every number out equally among its window; "max" gives the whole of it to each
    place that held the largest number, to all of them where several tie (see above).

    Args:
        dA: gradient of the cost for A, (m, n_H, n_W, n_C).
        cache: (A_prev, hparameters) as `pool_forward` returns it.
        mode: "max" or "average", the same as in the forward pass.

    Returns:
        dA_prev: (m, n_H_prev, n_W_prev, n_C).

    Raises:
        TypeError: not numbers, or a cache of another form.
        ValueError: shapes that do not fit, NaN or infinity, an unknown mode.

    Example:
        >>> A_prev = np.array([[1.0, 3.0], [4.0, 2.0]]).reshape(1, 2, 2, 1)
        >>> A, cache = pool_forward(A_prev, {"f": 2, "stride": 1})
        >>> pool_backward(np.array([[[[8.0]]]]), cache)[0, :, :, 0]
        array([[0., 0.],
               [8., 0.]])
        >>> pool_backward(np.array([[[[8.0]]]]), cache, mode="average")[0, :, :, 0]
        array([[2., 2.],
               [2., 2.]])

    Source: course 4, week 1.
    """
    dA, A_prev, f, stride = _check_pool_backward(dA, cache, mode)
    dA_prev = np.empty(A_prev.shape, np.result_type(dA, A_prev))
    for some in _batches(A_prev):
        x = A_prev[some]
        dA_prev[some] = 0
        if mode == "max":
            columns = _pool_axis(x, 1, f, stride)
            A = _pool_axis(columns, 2, f, stride)
            dcolumns = np.zeros(columns.shape, dA_prev.dtype)
            _unpool_axis(dA[some], 2, f, stride, dcolumns, columns, A)
            _unpool_axis(dcolumns, 1, f, stride, dA_prev[some], x, columns)
        else:
            n_H, n_W_prev = dA.shape[1], A_prev.shape[2]
            dcolumns = np.zeros((len(x), n_H, n_W_prev, x.shape[3]), dA_prev.dtype)
            _unpool_axis(dA[some] / (f * f), 2, f, stride, dcolumns)
            _unpool_axis(dcolumns, 1, f, stride, dA_prev[some])
    return dA_prev


def pool_backward_loop(dA: np.ndarray, cache: PoolCache, mode: str = "max") -> np.ndarray:
    """The text-book form: `create_mask_from_window` or `distribute_value` for every number.

    Arguments, result and errors as `pool_backward`.

    Example:
        >>> A, cache = pool_forward(np.zeros((1, 2, 2, 1)), {"f": 2, "stride": 1})
        >>> pool_backward_loop(np.array([[[[8.0]]]]), cache)[0, :, :, 0]  # all four tie
        array([[8., 8.],
               [8., 8.]])

    Source: course 4, week 1.
    """
    dA, A_prev, f, stride = _check_pool_backward(dA, cache, mode)
    m, n_H, n_W, n_C = dA.shape
    dA_prev = np.zeros(A_prev.shape, np.result_type(dA, A_prev))
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    rows, columns = _window(h, stride, f), _window(w, stride, f)
                    if mode == "max":
                        share = _mask(A_prev[i, rows, columns, c]) * dA[i, h, w, c]
                    else:
                        share = _distribute(dA[i, h, w, c], (f, f))
                    dA_prev[i, rows, columns, c] += share
    return dA_prev


# --- Pooling one axis at a time -------------------------------------------------------------------


def _batches(A_prev) -> Iterator[slice]:
    """Some examples at a time, as many as stay in the cache from one pass to the next."""
    images = max(1, POOL_BYTES // A_prev[0].nbytes)
    return (slice(i, i + images) for i in range(0, len(A_prev), images))


def _pool_axis(x, axis, f, stride, operation=np.maximum, out=None):
    """The maximum or the sum of f neighbours along one axis."""
    first, *others = _shifted(x, axis, f, stride)
    if out is None:
        out = np.empty(first.shape, x.dtype)
    if f == 1:
        out[...] = first
    for k, other in enumerate(others):
        operation(out if k else first, other, out=out)
    return out


def _unpool_axis(dpooled, axis, f, stride, dx, x=None, pooled=None):
    """Back through `_pool_axis`: add to dx the gradients of the windows that each number was in.

    With `x` and `pooled` only those where it was the largest.  A number is the largest of f x f if
    it is the largest of its f rows and that is the largest of all, so ties survive both steps.
    """
    shares = _shifted(dx, axis, f, stride)
    if pooled is None:
        for share in shares:
            share += dpooled
    else:
        for share, neighbour in zip(shares, _shifted(x, axis, f, stride), strict=True):
            share += dpooled * (neighbour == pooled)


def _shifted(x, axis, f, stride):
    """f views of `x`: the first number of every window along an axis, the second, ..."""
    last = (x.shape[axis] - f) // stride * stride
    before = (slice(None),) * axis
    return [x[(*before, slice(k, k + last + 1, stride))] for k in range(f)]


# --- Checks ---------------------------------------------------------------------------------------


def _check_floats(name, value, shape, because="", finite=True):
    return check_array(name, value, shape, because=because, finite=finite, keep_float32=True)


def _check_pad(name, pad, f):
    """Pixels of padding; "same" and "valid" as the lecture has them."""
    if not isinstance(pad, str):
        return check_count(name, pad, minimum=0)
    if check_choice(name, pad, ("same", "valid")) == "valid":
        return 0
    if f % 2 == 0:
        expected = 'be a number where f is even: "same" is (f - 1) / 2'
        raise InvalidValue(sentence(name, expected, f'"same" with f={f}', "Use an odd f."))
    return (f - 1) // 2


def _check_hparameters(hparameters, keys):
    if not isinstance(hparameters, Mapping):
        raise InvalidType(sentence("hparameters", "be a dictionary", type(hparameters).__name__))
    missing = [key for key in keys if key not in hparameters]
    if missing:
        received = ", ".join(map(str, hparameters)) or "an empty dictionary"
        advice = f"Missing: {', '.join(missing)}."
        expected = f"have the keys {', '.join(keys)}"
        raise InvalidValue(sentence("hparameters", expected, received, advice))


def _check_stride(hparameters):
    return check_count("hparameters['stride']", hparameters["stride"])


def _check_filters(names, A_prev, W, b, hparameters, sides=("n_H_prev", "n_W_prev")):
    """What has the pictures, filters and biases fit each other, and stride and padding."""
    A_prev = _check_floats(names[0], A_prev, ("m", *sides, "n_C_prev"))
    because = f"`{names[0]}` of shape {A_prev.shape} sets n_C_prev={A_prev.shape[-1]}"
    shape = (*["f"] * len(sides), ("n_C_prev", A_prev.shape[-1]), "n_C")
    W = _check_floats(names[1], W, shape, because)
    f = W.shape[0]
    if set(W.shape[:-2]) != {f}:
        received = " x ".join(map(str, W.shape[:-2]))
        raise InvalidValue(sentence(names[1], "hold filters of equal sides", received))
    because = f"`{names[1]}` of shape {W.shape} sets n_C={W.shape[-1]}"
    b = _check_floats(names[2], b, (*[1] * (len(sides) + 1), ("n_C", W.shape[-1])), because)
    _check_hparameters(hparameters, ("stride", "pad"))
    pad = _check_pad("hparameters['pad']", hparameters["pad"], f)
    return A_prev, W, b, _check_stride(hparameters), pad


def _check_conv(names, A_prev, W, b, hparameters, sides=("n_H_prev", "n_W_prev")):
    """The same, and the filters fit into the padded pictures."""
    A_prev, W, b, stride, pad = _check_filters(names, A_prev, W, b, hparameters, sides)
    _check_reach(names[0], A_prev, W.shape[0], pad)
    return A_prev, W, b, stride, pad


def _check_reach(name, A_prev, f, pad=0):
    """A window fits into the padded picture at least once."""
    sides = A_prev.shape[1:-1]
    if min(sides) + 2 * pad < f:
        expected = f"be as large as a window, {' x '.join([str(f)] * len(sides))}"
        received = " x ".join(map(str, sides)) + (f" padded by {pad}" if pad else "")
        raise InvalidValue(sentence(name, expected, received, TOO_SMALL))


def _check_conv_backward(dZ, cache):
    A_prev, W, b, hparameters = _check_cache(cache, "A_prev", "W", "b", "hparameters")
    names = ("cache[0]", "cache[1]", "cache[2]")
    A_prev, W, _, stride, pad = _check_conv(names, A_prev, W, b, hparameters)
    return (
        _check_gradient("dZ", dZ, A_prev, W.shape[0], stride, pad, W.shape[3]),
        A_prev,
        W,
        stride,
        pad,
    )


def _check_gradient(name, gradient, A_prev, f, stride, pad, n_C):
    """The gradient has the shape of the output."""
    n_H, n_W = (_output_size(n, f, pad, stride) for n in A_prev.shape[1:3])
    shape = (("m", len(A_prev)), ("n_H", n_H), ("n_W", n_W), ("n_C", n_C))
    return _check_floats(name, gradient, shape, "`cache` sets the sizes of the output")


def _check_cache(cache, *entries):
    form = f"({', '.join(entries)})"
    if not isinstance(cache, (tuple, list)) or len(cache) != len(entries):
        length = f" of length {len(cache)}" if hasattr(cache, "__len__") else ""
        raise InvalidType(sentence("cache", f"be {form}", f"{type(cache).__name__}{length}"))
    return cache


def _check_pair(name, pair):
    if not isinstance(pair, (tuple, list)) or len(pair) != 2:
        raise InvalidType(sentence(name, "be a pair (n_H, n_W)", f"{pair!r}"))
    return tuple(check_count(f"{name}[{i}]", size) for i, size in enumerate(pair))


def _check_pool(name, A_prev, hparameters, mode, finite=True):
    check_choice("mode", mode, MODES)
    shape = ("m", "n_H_prev", "n_W_prev", "n_C")
    A_prev = _check_floats(name, A_prev, shape, finite=finite)
    _check_hparameters(hparameters, ("f", "stride"))
    f = check_count("hparameters['f']", hparameters["f"])
    _check_reach(name, A_prev, f)
    return A_prev, f, _check_stride(hparameters)


def _check_pool_backward(dA, cache, mode):
    A_prev, hparameters = _check_cache(cache, "A_prev", "hparameters")
    compared = mode == "max"  # a mean has the same slope everywhere
    A_prev, f, stride = _check_pool("cache[0]", A_prev, hparameters, mode, finite=compared)
    return _check_gradient("dA", dA, A_prev, f, stride, 0, A_prev.shape[3]), A_prev, f, stride
