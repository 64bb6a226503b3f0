"""Around the convolution: sizes and costs, edge filters, other dimensions, the way back up.

    n_out = floor((n + 2 p - f) / s) + 1                          places of a filter along one side
    (f f n_C_prev + 1) n_C                                        parameters of a layer
    n_H n_W n_C  x  f f n_C_prev                                  its multiplications
    n_H n_W n_C_prev  x  f f  +  n_H n_W n_C  x  n_C_prev         those of a depthwise-separable one

The number of parameters does not know the size of the picture; the number of multiplications does.
A depthwise-separable layer, one filter for each channel and then a 1 x 1 convolution to mix them,
needs 1 / n_C + 1 / f^2 of the multiplications; so MobileNet is made of them.

Edge filters are convolutions that nobody had to learn: positive where it gets darker from left to
right (vertical edges) or from top to bottom (horizontal ones).  A trained network finds others.

A signal has one axis to slide along and a volume three.  Nothing else changes, and both are made of
the two-dimensional convolution here: a signal is a picture of one row; a volume is a pile of
pictures, and its filter a pile of f filters whose results add up.

The transposed convolution makes pictures larger, for segmentation: every number stamps its multiple
of the filter on the result.

Notation as in `convolution`: pictures (m, n_H, n_W, n_C), filters (f, f, n_C_prev, n_C).
"""

import numpy as np

from dlspec._complaints import InvalidValue, sentence
from dlspec._validation import check_choice, check_count
from dlspec.cnn.convolution import (
    NAMES,
    TOO_SMALL,
    ConvCache,
    HParameters,
    _check_cache,
    _check_conv,
    _check_filters,
    _check_floats,
    _check_pad,
    _check_pair,
    _correlate,
    _correlate_with_output,
    _output_size,
    _sum_by_channel,
    _transposed,
    _window,
    _zero_pad,
)

__all__ = [
    "conv1d",
    "conv3d",
    "conv_multiplications",
    "conv_output_size",
    "conv_parameters",
    "conv_transpose_backward",
    "conv_transpose_forward",
    "conv_transpose_forward_loop",
    "edge_filter",
    "separable_multiplications",
]

# --- Sizes and costs ------------------------------------------------------------------------------


def conv_output_size(n: int, f: int, pad: int | str = 0, stride: int = 1) -> int:
    """Places of a filter along one side of a picture: floor((n + 2 p - f) / s) + 1.

    Args:
        n: length of the side in pixels, at least 1.
        f: size of the filter, at least 1.
        pad: pixels added at both ends, at least 0; or "valid" for 0 and "same" for (f - 1) / 2,
            which keeps the size when the stride is 1 and gives ceil(n / stride) otherwise.
        stride: step of the filter, at least 1.

    Returns:
        Numbers along this side of the output, at least 1.

    Raises:
        TypeError: not whole numbers.
        ValueError: sizes below the smallest allowed, a filter larger than the padded side, "same"
            with an even filter.

    Example:
        >>> conv_output_size(7, f=3, stride=2)
        3
        >>> conv_output_size(6, f=3, pad="same")
        6

    Source: course 4, week 1.
    """
    n, f, stride = check_count("n", n), check_count("f", f), check_count("stride", stride)
    pad = _check_pad("pad", pad, f)
    if f > n + 2 * pad:
        received = f"n={n} with pad={pad}, {n + 2 * pad} in all"
        raise InvalidValue(sentence("n", f"reach f={f} with its padding", received, TOO_SMALL))
    return _output_size(n, f, pad, stride)


def conv_parameters(f: int, n_C_prev: int, n_C: int) -> int:
    """Weights and biases of a layer, however large its pictures are: (f f n_C_prev + 1) n_C.

    Args:
        f: size of the filters, at least 1.
        n_C_prev: channels of the input, at least 1.
        n_C: number of filters, at least 1.

    Returns:
        Numbers to learn.

    Raises:
        TypeError, ValueError: not whole numbers of at least 1.

    Example:
        >>> conv_parameters(f=3, n_C_prev=3, n_C=10)
        280

    Source: course 4, week 1.
    """
    sizes = {"f": f, "n_C_prev": n_C_prev, "n_C": n_C}
    f, n_C_prev, n_C = (check_count(name, size) for name, size in sizes.items())
    return (f * f * n_C_prev + 1) * n_C


def conv_multiplications(n_H: int, n_W: int, n_C: int, f: int, n_C_prev: int) -> int:
    """Multiplications of a layer: its n_H n_W n_C numbers cost f f n_C_prev each.

    Args:
        n_H: height of the output, at least 1.
        n_W: width of the output, at least 1.
        n_C: number of filters, at least 1.
        f: size of the filters, at least 1.
        n_C_prev: channels of the input, at least 1.

    Returns:
        Multiplications for one picture; about as many additions come with them.

    Raises:
        TypeError, ValueError: not whole numbers of at least 1.

    Example:
        >>> conv_multiplications(28, 28, 32, f=5, n_C_prev=192)
        120422400

        The same through a bottleneck of 16 channels, a 1 x 1 convolution before it:

        >>> conv_multiplications(28, 28, 16, 1, 192) + conv_multiplications(28, 28, 32, 5, 16)
        12443648

    Source: course 4, weeks 1 and 2; Szegedy et al., "Going deeper with convolutions", 2015.
    """
    n_H, n_W, n_C, f, n_C_prev = _check_layer(n_H, n_W, n_C, f, n_C_prev)
    return n_H * n_W * n_C * f * f * n_C_prev


def separable_multiplications(n_H: int, n_W: int, n_C: int, f: int, n_C_prev: int) -> int:
    """Multiplications of a depthwise-separable layer with the same input and output.

    Depthwise, one f x f filter for each channel of the input: n_H n_W n_C_prev f f.  Pointwise,
    n_C filters of 1 x 1 over all channels: n_H n_W n_C n_C_prev.

    Args:
        n_H: height of the output, at least 1.
        n_W: width of the output, at least 1.
        n_C: number of pointwise filters, at least 1.
        f: size of the depthwise filters, at least 1.
        n_C_prev: channels of the input, at least 1.

    Returns:
        Multiplications for one picture: 1 / n_C + 1 / f^2 of `conv_multiplications`.

    Raises:
        TypeError, ValueError: not whole numbers of at least 1.

    Example:
        >>> conv_multiplications(4, 4, 5, f=3, n_C_prev=3)
        2160
        >>> separable_multiplications(4, 4, 5, f=3, n_C_prev=3)
        672

    Source: course 4, week 2; Howard et al., "MobileNets", 2017.
    """
    n_H, n_W, n_C, f, n_C_prev = _check_layer(n_H, n_W, n_C, f, n_C_prev)
    return n_H * n_W * n_C_prev * (f * f + n_C)


def _check_layer(n_H, n_W, n_C, f, n_C_prev):
    sizes = {"n_H": n_H, "n_W": n_W, "n_C": n_C, "f": f, "n_C_prev": n_C_prev}
    return [check_count(name, size) for name, size in sizes.items()]


# --- Edges ----------------------------------------------------------------------------------------

EDGE_FILTERS = {"prewitt": (1, 1, 1), "sobel": (1, 2, 1), "scharr": (3, 10, 3)}
"""Weights of the three rows; each is multiplied with (1, 0, -1)."""


def edge_filter(kind: str = "prewitt", edges: str = "vertical") -> np.ndarray:
    """A 3 x 3 filter that finds edges: the difference of both sides, averaged along the edge.

    The lecture's first filter, named after Prewitt, weighs the three rows alike; the others trust
    the middle one more, which makes them depend less on the direction of the edge.

    Args:
        kind: "prewitt", "sobel" or "scharr".
        edges: "vertical", positive where it is brighter on the left, or "horizontal", positive
            where it is brighter above.

    Returns:
        (3, 3); `edge_filter(...)[:, :, None, None]` is one filter for `conv_forward`.

    Raises:
        ValueError: an unknown name.

    Example:
        >>> edge_filter("sobel")
        array([[ 1.,  0., -1.],
               [ 2.,  0., -2.],
               [ 1.,  0., -1.]])

    Source: course 4, week 1; Scharr, "Optimale Operatoren in der Digitalen Bildverarbeitung", 2000.
    """
    check_choice("kind", kind, list(EDGE_FILTERS))
    check_choice("edges", edges, ("vertical", "horizontal"))
    vertical = np.outer(EDGE_FILTERS[kind], (1.0, 0.0, -1.0))
    return vertical if edges == "vertical" else vertical.T


# --- One and three dimensions ---------------------------------------------------------------------


def conv1d(
    A_prev: np.ndarray, W: np.ndarray, b: np.ndarray, hparameters: HParameters
) -> np.ndarray:
    """The same for signals, such as an ECG: filters slide along one axis.

    Args:
        A_prev: signals (m, n_prev, n_C_prev).
        W: filters (f, n_C_prev, n_C).
        b: biases (1, 1, n_C).
        hparameters: {"stride", "pad"} as for `conv_forward`.

    Returns:
        Z: (m, n, n_C) with n = floor((n_prev + 2 p - f) / s) + 1.

    Raises:
        TypeError, ValueError: as `conv_forward`.

    Example:
        >>> signal, W, b = np.ones((1, 14, 1)), np.ones((5, 1, 16)), np.zeros((1, 1, 16))
        >>> conv1d(signal, W, b, {"stride": 1, "pad": 0}).shape
        (1, 10, 16)

    Source: course 4, week 4.
    """
    A_prev, W, b, stride, pad = _check_conv(NAMES, A_prev, W, b, hparameters, ("n_prev",))
    padded = np.pad(A_prev, ((0, 0), (pad, pad), (0, 0)))
    return _correlate(padded[:, None], W[None], stride, b)[:, 0]


def conv3d(
    A_prev: np.ndarray, W: np.ndarray, b: np.ndarray, hparameters: HParameters
) -> np.ndarray:
    """The same for volumes, such as a CT scan or a film: filters slide along three axes.

    Layer u of the filters runs over the layers u, u + s, u + 2 s, ... of the volume; the f results
    add up.

    Args:
        A_prev: volumes (m, n_D_prev, n_H_prev, n_W_prev, n_C_prev).
        W: filters (f, f, f, n_C_prev, n_C).
        b: biases (1, 1, 1, 1, n_C).
        hparameters: {"stride", "pad"} as for `conv_forward`.

    Returns:
        Z: (m, n_D, n_H, n_W, n_C).

    Raises:
        TypeError, ValueError: as `conv_forward`.

    Example:
        >>> volume = np.ones((1, 14, 14, 14, 1))
        >>> W, b = np.ones((5, 5, 5, 1, 16)), np.zeros((1, 1, 1, 1, 16))
        >>> conv3d(volume, W, b, {"stride": 1, "pad": 0}).shape
        (1, 10, 10, 10, 16)

    Source: course 4, week 4.
    """
    sides = ("n_D_prev", "n_H_prev", "n_W_prev")
    A_prev, W, b, stride, pad = _check_conv(NAMES, A_prev, W, b, hparameters, sides)
    padded = np.pad(A_prev, ((0, 0), *[(pad, pad)] * 3, (0, 0)))
    m, f = len(A_prev), len(W)
    n_D = _output_size(padded.shape[1], f, 0, stride)
    Z = b
    for u in range(f):
        layers = padded[:, u : u + (n_D - 1) * stride + 1 : stride]
        pictures = layers.reshape(m * n_D, *layers.shape[2:])
        result = _correlate(pictures, W[u], stride)
        Z = Z + result.reshape(m, n_D, *result.shape[1:])
    return Z


# --- Transposed convolution -----------------------------------------------------------------------


def conv_transpose_forward(
    A_prev: np.ndarray, W: np.ndarray, b: np.ndarray, hparameters: HParameters
) -> tuple[np.ndarray, ConvCache]:
    """Transposed convolution: every number stamps its multiple of the filter on a larger picture.

    It does with A_prev what the backward pass of a convolution does with dZ, so it leads from the
    size behind a convolution to a size before it.  That is no inverse: only the shapes go back.

    For a stride above 1 several sizes come out of a convolution as n.  As in the lecture the result
    has s n pixels a side where that is one of them, and else the smallest, s (n - 1) + f - 2 p;
    "size" asks for another one.

    Args:
        A_prev: activations of the previous layer (m, n_H_prev, n_W_prev, n_C_prev).
        W: filters (f, f, n_C_prev, n_C), laid out as for `conv_forward`; Keras has the last two
            axes the other way round.
        b: biases (1, 1, 1, n_C).
        hparameters: {"stride", "pad"} of the convolution that would go back, as for `conv_forward`;
            "size": (n_H, n_W) of the result, optional.

    Returns:
        Z: (m, n_H, n_W, n_C).
        cache: (A_prev, W, b, hparameters).

    Raises:
        TypeError: not numbers, hyperparameters that are not a dictionary or no whole numbers.
        ValueError: shapes that do not fit, NaN or infinity, a missing hyperparameter or a bad
            value, more padding than there is to cut off, a size that a convolution does not take
            back to that of `A_prev`.

    Example:
        >>> A_prev = np.array([[2, 1], [3, 2]]).reshape(1, 2, 2, 1)
        >>> W = np.array([[1, 2, 1], [2, 0, 1], [0, 2, 1]]).reshape(3, 3, 1, 1)
        >>> hparameters = {"stride": 2, "pad": 1}
        >>> Z, cache = conv_transpose_forward(A_prev, W, np.zeros((1, 1, 1, 1)), hparameters)
        >>> Z[0, :, :, 0]
        array([[ 0.,  4.,  0.,  1.],
               [10.,  7.,  6.,  3.],
               [ 0.,  7.,  0.,  2.],
               [ 6.,  3.,  4.,  2.]])

    Source: course 4, week 3; Dumoulin and Visin, "A guide to convolution arithmetic", 2016.
    """
    A_prev, W, b, stride, pad, size = _check_conv_transpose(NAMES, A_prev, W, b, hparameters)
    Z = _transposed(A_prev, W, size, stride, pad, b)
    return Z, (A_prev, W, b, hparameters)


def conv_transpose_forward_loop(
    A_prev: np.ndarray, W: np.ndarray, b: np.ndarray, hparameters: HParameters
) -> tuple[np.ndarray, ConvCache]:
    """The text-book form: put the stamps down one by one, then cut off the padding.

    Arguments, result and errors as `conv_transpose_forward`.

    Example:
        >>> A_prev, W = np.array([1.0, 2.0]).reshape(1, 1, 2, 1), np.ones((2, 2, 1, 1))
        >>> hparameters = {"stride": 2, "pad": 0}
        >>> Z, _ = conv_transpose_forward_loop(A_prev, W, np.zeros((1, 1, 1, 1)), hparameters)
        >>> Z[0, :, :, 0]
        array([[1., 1., 2., 2.],
               [1., 1., 2., 2.]])

    Source: course 4, week 3.
    """
    A_prev, W, b, stride, pad, size = _check_conv_transpose(NAMES, A_prev, W, b, hparameters)
    (m, n_H_prev, n_W_prev, _), (f, _, _, n_C), (n_H, n_W) = A_prev.shape, W.shape, size
    kind = np.result_type(A_prev, W, b)
    Z_pad = np.zeros((m, n_H + 2 * pad, n_W + 2 * pad, n_C), kind)
    for i in range(m):
        for h in range(n_H_prev):
            for w in range(n_W_prev):
                stamp = np.tensordot(A_prev[i, h, w], W, axes=(0, 2))
                Z_pad[i, _window(h, stride, f), _window(w, stride, f)] += stamp
    return Z_pad[:, pad : pad + n_H, pad : pad + n_W] + b, (A_prev, W, b, hparameters)


def conv_transpose_backward(
    dZ: np.ndarray, cache: ConvCache
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Back through a transposed convolution, which is an ordinary convolution of dZ.

    Args:
        dZ: gradient of the cost for Z, (m, n_H, n_W, n_C).
        cache: (A_prev, W, b, hparameters) as `conv_transpose_forward` returns it.

    Returns:
        dA_prev: (m, n_H_prev, n_W_prev, n_C_prev).
        dW: (f, f, n_C_prev, n_C), a sum over examples and places.
        db: (1, 1, 1, n_C), a sum over examples and places.

    Raises:
        TypeError: not numbers, or a cache of another form.
        ValueError: shapes that do not fit, NaN or infinity.

    Example:
        >>> A_prev, W, b = np.ones((1, 2, 2, 1)), np.ones((2, 2, 1, 3)), np.zeros((1, 1, 1, 3))
        >>> Z, cache = conv_transpose_forward(A_prev, W, b, {"stride": 2, "pad": 0})
        >>> conv_transpose_backward(np.ones_like(Z), cache)[0][0, :, :, 0]
        array([[12., 12.],
               [12., 12.]])

    Source: course 4, week 3.
    """
    A_prev, W, b, hparameters = _check_cache(cache, "A_prev", "W", "b", "hparameters")
    names = ("cache[0]", "cache[1]", "cache[2]")
    A_prev, W, _, stride, pad, size = _check_conv_transpose(names, A_prev, W, b, hparameters)
    n_H, n_W = size
    shape = (("m", len(A_prev)), ("n_H", n_H), ("n_W", n_W), ("n_C", W.shape[3]))
    dZ = _check_floats("dZ", dZ, shape, "`cache` sets the sizes of the output")
    dZ_pad, backwards = _zero_pad(dZ, pad), W.swapaxes(2, 3)
    dA_prev = _correlate(dZ_pad, backwards, stride)
    dW = _correlate_with_output(dZ_pad, A_prev, backwards.shape, stride).swapaxes(2, 3)
    return dA_prev, dW, _sum_by_channel(dZ)


def _check_conv_transpose(names, A_prev, W, b, hparameters):
    A_prev, W, b, stride, pad = _check_filters(names, A_prev, W, b, hparameters)
    f = W.shape[0]
    smallest = [stride * (n - 1) + f - 2 * pad for n in A_prev.shape[1:3]]
    if min(smallest) < 1:
        n_H, n_W = (side + 2 * pad for side in smallest)
        received = f"{pad} of {n_H} x {n_W} pixels"
        raise InvalidValue(sentence("hparameters['pad']", "leave some pixels", received))
    if "size" not in hparameters:
        double = [stride * n for n in A_prev.shape[1:3]]
        size = tuple(d if s <= d < s + stride else s for s, d in zip(smallest, double, strict=True))
    else:
        size = _check_pair("hparameters['size']", hparameters["size"])
        if any(not s <= n < s + stride for s, n in zip(smallest, size, strict=True)):
            ranges = " x ".join(f"{s}..{s + stride - 1}" for s in smallest)
            raise InvalidValue(sentence("hparameters['size']", f"lie in {ranges}", size))
    return A_prev, W, b, stride, pad, size
