"""Sizes, costs, edges, 1-D, 3-D and transposed convolutions: lectures, loops, SciPy, gradients."""

import numpy as np
import pytest
import scipy.ndimage
import scipy.signal

from dlspec.cnn.convolution import conv_backward, conv_forward
from dlspec.cnn.convolution_variants import (
    conv1d,
    conv3d,
    conv_multiplications,
    conv_output_size,
    conv_parameters,
    conv_transpose_backward,
    conv_transpose_forward,
    conv_transpose_forward_loop,
    edge_filter,
    separable_multiplications,
)
from dlspec.testing import assert_close, gradient_check
from tests.complaints import complaints_test

RANDOM = np.random.default_rng(0)
SIGNAL = RANDOM.normal(size=(2, 7, 3)), RANDOM.normal(size=(3, 3, 4)), RANDOM.normal(size=(1, 1, 4))
VOLUME = (
    RANDOM.normal(size=(2, 5, 6, 4, 2)),
    RANDOM.normal(size=(3, 3, 3, 2, 3)),
    RANDOM.normal(size=(1, 1, 1, 1, 3)),
)
A, W = RANDOM.normal(size=(2, 3, 4, 2)), RANDOM.normal(size=(3, 3, 2, 3))
B = RANDOM.normal(size=(1, 1, 1, 3))
UP = {"stride": 2, "pad": 1}
Z_UP, CACHE_UP = conv_transpose_forward(A, W, B, UP)

PURE_CALLS = {
    "conv_output_size": (7, 3, 1, 2),
    "conv_parameters": (3, 3, 10),
    "conv_multiplications": (28, 28, 32, 5, 192),
    "separable_multiplications": (4, 4, 5, 3, 3),
    "edge_filter": ("sobel",),
    "conv1d": (*SIGNAL, {"stride": 1, "pad": 1}),
    "conv3d": (*VOLUME, {"stride": 1, "pad": 1}),
    "conv_transpose_forward": (A, W, B, UP),
    "conv_transpose_forward_loop": (A, W, B, UP),
    "conv_transpose_backward": (Z_UP, CACHE_UP),
}

STEPS = [(f, stride, pad) for f in (1, 2, 3, 5) for stride in (1, 2, 3) for pad in (0, 1, 2)]
# Those whose stamps on 3 x 4 places leave something behind the padding that is cut off.
UPWARDS = [(f, s, p) for f, s, p in STEPS if 2 * s + f > 2 * p]


# --- Sizes and costs ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n", "f", "pad", "stride", "published"),
    [
        (6, 3, 0, 1, 4),  # the first example of the lecture
        (6, 3, 1, 1, 6),  # with padding
        (7, 3, 0, 2, 3),  # with a stride
        (39, 3, 0, 1, 37),  # the ConvNet of the lecture, layer by layer
        (37, 5, 0, 2, 17),
        (17, 5, 0, 2, 7),
        (32, 5, 0, 1, 28),  # LeNet-5
        (28, 2, 0, 2, 14),
        (227, 11, 0, 4, 55),  # AlexNet
        (27, 5, "same", 1, 27),
        (6, 3, "valid", 1, 4),
    ],
)
def test_sizes_of_the_lectures(n, f, pad, stride, published):
    assert conv_output_size(n, f, pad, stride) == published


@pytest.mark.parametrize("f", range(1, 6))
def test_sizes_count_the_places_of_a_filter(f):
    for n in range(1, 9):
        for pad in range(3):
            places = [left for left in range(n + 2 * pad) if left + f <= n + 2 * pad]
            for stride in range(1, 5):
                if places:
                    assert conv_output_size(n, f, pad, stride) == len(places[::stride])


def test_parameters_of_the_lectures():
    assert conv_parameters(3, 3, 10) == 280
    assert conv_parameters(5, 3, 8) == 608  # (5 x 5 x 3 + 1) x 8
    assert conv_parameters(5, 6, 16) == 2416  # LeNet-5, second layer


def test_multiplications_of_the_lectures():
    """Inception's 5 x 5 layer, direct and through 16 channels; the depthwise example."""
    assert conv_multiplications(28, 28, 32, 5, 192) == 120_422_400
    bottleneck = conv_multiplications(28, 28, 16, 1, 192), conv_multiplications(28, 28, 32, 5, 16)
    assert bottleneck == (2_408_448, 10_035_200)
    assert sum(bottleneck) == 12_443_648
    assert conv_multiplications(4, 4, 5, 3, 3) == 2160
    assert separable_multiplications(4, 4, 5, 3, 3) == 432 + 240


def test_depthwise_separable_layers_need_a_ninth_and_a_bit():
    for n_C in (16, 512):
        ratio = separable_multiplications(7, 9, n_C, 3, 64) / conv_multiplications(7, 9, n_C, 3, 64)
        assert_close(ratio, 1 / n_C + 1 / 9, rtol=1e-15)


# --- Edges ----------------------------------------------------------------------------------------


def test_edge_filters_of_the_lecture():
    assert_close(edge_filter(), [[1.0, 0, -1], [1, 0, -1], [1, 0, -1]], rtol=0)
    assert_close(edge_filter(edges="horizontal"), [[1.0, 1, 1], [0, 0, 0], [-1, -1, -1]], rtol=0)
    assert_close(edge_filter("sobel"), [[1.0, 0, -1], [2, 0, -2], [1, 0, -1]], rtol=0)
    assert_close(edge_filter("scharr"), [[3.0, 0, -3], [10, 0, -10], [3, 0, -3]], rtol=0)


@pytest.mark.parametrize(("edges", "axis"), [("vertical", 1), ("horizontal", 0)])
@pytest.mark.parametrize("kind", ["prewitt", "sobel"])
def test_edges_equal_scipy_ndimage(kind, edges, axis):
    """SciPy counts from left to right; the lecture's filters are positive where it gets darker."""
    picture = np.random.default_rng(1).normal(size=(6, 8))
    kernel = edge_filter(kind, edges)[:, :, None, None]
    Z, _ = conv_forward(
        picture[None, :, :, None], kernel, np.zeros((1, 1, 1, 1)), {"stride": 1, "pad": "same"}
    )
    expected = -getattr(scipy.ndimage, kind)(picture, axis=axis, mode="constant")
    assert_close(Z[0, :, :, 0], expected, rtol=1e-12, atol=1e-13)


# --- One and three dimensions ---------------------------------------------------------------------


def test_shapes_of_the_lecture():
    """14 x 1 -> 10 x 16 -> 6 x 32, and the same in three dimensions."""
    valid, shapes = {"stride": 1, "pad": 0}, []
    for convolve, sides in ((conv1d, 1), (conv3d, 3)):
        A_prev = np.ones((1, *[14] * sides, 1))
        for n_C in (16, 32):
            W, b = (
                np.ones((*[5] * sides, A_prev.shape[-1], n_C)),
                np.zeros([1] * (sides + 1) + [n_C]),
            )
            A_prev = convolve(A_prev, W, b, valid)
            shapes.append(A_prev.shape[1:])
    assert shapes == [(10, 16), (6, 32), (10, 10, 10, 16), (6, 6, 6, 32)]


@pytest.mark.parametrize("pad", [0, 1, 2])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize(("convolve", "arrays"), [(conv1d, SIGNAL), (conv3d, VOLUME)])
def test_other_dimensions_equal_scipy(convolve, arrays, stride, pad):
    A_prev, W, b = arrays
    sides = A_prev.ndim - 2
    Z = convolve(A_prev, W, b, {"stride": stride, "pad": pad})
    padded = np.pad(A_prev, [(0, 0), *[(pad, pad)] * sides, (0, 0)])
    for i in range(len(A_prev)):
        for c in range(W.shape[-1]):
            whole = scipy.signal.correlate(padded[i], W[..., c], mode="valid", method="direct")
            expected = whole[..., 0][(slice(None, None, stride),) * sides] + b.ravel()[c]
            assert_close(Z[i, ..., c], expected, rtol=1e-11, atol=1e-12)


# --- Transposed convolution -----------------------------------------------------------------------


def test_transposed_convolution_of_the_lecture():
    picture = np.array([[2, 1], [3, 2]]).reshape(1, 2, 2, 1)
    kernel = np.array([[1, 2, 1], [2, 0, 1], [0, 2, 1]]).reshape(3, 3, 1, 1)
    Z, _ = conv_transpose_forward(picture, kernel, np.zeros((1, 1, 1, 1)), UP)
    published = [[0.0, 4, 0, 1], [10, 7, 6, 3], [0, 7, 0, 2], [6, 3, 4, 2]]
    assert_close(Z[0, :, :, 0], published, rtol=0)


@pytest.mark.parametrize(("f", "stride", "pad"), UPWARDS)
def test_stamps_at_once_equal_stamps_one_by_one(f, stride, pad):
    W = np.random.default_rng(f).normal(size=(f, f, 2, 3))
    hparameters = {"stride": stride, "pad": pad}
    Z, cache = conv_transpose_forward(A, W, B, hparameters)
    expected, _ = conv_transpose_forward_loop(A, W, B, hparameters)
    assert_close(Z, expected, rtol=1e-12, atol=1e-13)
    assert_close(cache[:3], (A, W, B), rtol=0)
    assert cache[3] is hparameters


@pytest.mark.parametrize(("f", "stride", "pad"), UPWARDS)
def test_the_result_is_of_a_size_that_convolves_back(f, stride, pad):
    """As large as the lecture has it, s n, where that is possible."""
    W = np.ones((f, f, 2, 3))
    n_H, n_W = conv_transpose_forward(A, W, B, {"stride": stride, "pad": pad})[0].shape[1:3]
    assert conv_output_size(n_H, f, pad, stride) == 3
    assert conv_output_size(n_W, f, pad, stride) == 4
    if f <= 3 * stride + 2 * pad and conv_output_size(3 * stride, f, pad, stride) == 3:
        assert n_H == 3 * stride


@pytest.mark.parametrize(("f", "stride", "pad"), STEPS)
def test_it_is_the_adjoint_of_the_convolution(f, stride, pad):
    """<conv(x), y> = <x, conv_T(y)> for every picture size; so it is also its gradient."""
    random = np.random.default_rng(f)
    W, no_bias = random.normal(size=(f, f, 2, 3)), np.zeros((1, 1, 1, 2))
    for size in ((5, 6), (6, 8)):
        x = random.normal(size=(2, *size, 2))
        Z, cache = conv_forward(x, W, np.zeros((1, 1, 1, 3)), {"stride": stride, "pad": pad})
        y = random.normal(size=Z.shape)
        hparameters = {"stride": stride, "pad": pad, "size": size}
        back, _ = conv_transpose_forward(y, W.swapaxes(2, 3), no_bias, hparameters)
        assert_close((Z * y).sum(), (x * back).sum(), rtol=1e-11)
        assert_close(back, conv_backward(y, cache)[0], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(
    ("f", "stride", "padding"), [(2, 2, "valid"), (3, 1, "same"), (3, 2, "valid")]
)
def test_transposed_convolution_equals_keras(f, stride, padding):
    import keras

    W = np.random.default_rng(f).normal(size=(f, f, 2, 3))
    layer = keras.layers.Conv2DTranspose(3, f, stride, padding, dtype="float64")
    layer.build(A.shape)
    layer.set_weights([W.swapaxes(2, 3), B.ravel()])
    Z, _ = conv_transpose_forward(A, W, B, {"stride": stride, "pad": padding})
    assert_close(Z, layer(A).numpy(), rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize(("f", "stride", "pad"), [(2, 2, 0), (3, 1, 1), (3, 2, 1), (2, 3, 1)])
def test_transposed_backward_passes_the_gradient_check(f, stride, pad):
    W = np.random.default_rng(f).normal(size=(f, f, 2, 3))
    hparameters = {"stride": stride, "pad": pad}
    Z, cache = conv_transpose_forward(A, W, B, hparameters)
    dZ = np.random.default_rng(5).normal(size=Z.shape)
    dA_prev, dW, db = conv_transpose_backward(dZ, cache)
    gradient_check(
        lambda p: float(
            (dZ * conv_transpose_forward(p["A"], p["W"], p["b"], hparameters)[0]).sum()
        ),
        {"A": A, "W": W, "b": B},
        {"dA": dA_prev, "dW": dW, "db": db},
    )


# --- Bad input ------------------------------------------------------------------------------------

FILTER = "Use a smaller filter or more padding."
VALID = {"stride": 1, "pad": 0}

COMPLAINTS = [
    (
        lambda folder: conv_output_size(0, 3),
        ValueError,
        "`n` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: conv_output_size(6, 3, "full"),
        ValueError,
        "`pad` must be a known name. Received: 'full'. Known: same, valid.",
    ),
    (
        lambda folder: conv_output_size(3, 6, 1),
        ValueError,
        f"`n` must reach f=6 with its padding. Received: n=3 with pad=1, 5 in all. {FILTER}",
    ),
    (
        lambda folder: conv_parameters(3, 3, 0),
        ValueError,
        "`n_C` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: conv_multiplications(28.0, 28, 32, 5, 192),
        TypeError,
        "`n_H` must be a whole number. Received: 28.0 (float).",
    ),
    (
        lambda folder: separable_multiplications(4, 4, 5, 0, 3),
        ValueError,
        "`f` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: edge_filter("Sobol"),
        ValueError,
        "`kind` must be a known name. Received: 'Sobol'. "
        "Did you mean sobel? Known: prewitt, sobel, scharr.",
    ),
    (
        lambda folder: edge_filter("sobel", "diagonal"),
        ValueError,
        "`edges` must be a known name. Received: 'diagonal'. "
        "Did you mean horizontal? Known: vertical, horizontal.",
    ),
    (
        lambda folder: conv1d(SIGNAL[0][0], *SIGNAL[1:], VALID),
        ValueError,
        "`A_prev` must have shape (m, n_prev, n_C_prev). Received: (7, 3).",
    ),
    (
        lambda folder: conv1d(SIGNAL[0][:, :2], *SIGNAL[1:], VALID),
        ValueError,
        f"`A_prev` must be as large as a window, 3. Received: 2. {FILTER}",
    ),
    (
        lambda folder: conv3d(*VOLUME[:2], B, VALID),
        ValueError,
        "`b` must have shape (1, 1, 1, 1, n_C=3). Received: (1, 1, 1, 3). "
        "`W` of shape (3, 3, 3, 2, 3) sets n_C=3.",
    ),
    (
        lambda folder: conv3d(VOLUME[0], VOLUME[1][:2], VOLUME[2], VALID),
        ValueError,
        "`W` must hold filters of equal sides. Received: 2 x 3 x 3.",
    ),
    (
        lambda folder: conv_transpose_forward(A[0], W, B, UP),
        ValueError,
        "`A_prev` must have shape (m, n_H_prev, n_W_prev, n_C_prev). Received: (3, 4, 2).",
    ),
    (
        lambda folder: conv_transpose_forward_loop(A, W, B, {"stride": 2}),
        ValueError,
        "`hparameters` must have the keys stride, pad. Received: stride. Missing: pad.",
    ),
    (
        lambda folder: conv_transpose_forward(A, W, B, {"stride": 1, "pad": 3}),
        ValueError,
        "`hparameters['pad']` must leave some pixels. Received: 3 of 5 x 6 pixels.",
    ),
    (
        lambda folder: conv_transpose_forward(A, W, B, UP | {"size": 6}),
        TypeError,
        "`hparameters['size']` must be a pair (n_H, n_W). Received: 6.",
    ),
    (
        lambda folder: conv_transpose_forward(A, W, B, UP | {"size": (6, 9)}),
        ValueError,
        "`hparameters['size']` must lie in 5..6 x 7..8. Received: (6, 9).",
    ),
    (
        lambda folder: conv_transpose_backward(Z_UP, (A, W, B)),
        TypeError,
        "`cache` must be (A_prev, W, b, hparameters). Received: tuple of length 3.",
    ),
    (
        lambda folder: conv_transpose_backward(Z_UP, (A, W, B, {})),
        ValueError,
        "`hparameters` must have the keys stride, pad. Received: an empty dictionary. "
        "Missing: stride, pad.",
    ),
    (
        lambda folder: conv_transpose_backward(A, CACHE_UP),
        ValueError,
        "`dZ` must have shape (m=2, n_H=6, n_W=8, n_C=3). Received: (2, 3, 4, 2). "
        "`cache` sets the sizes of the output.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
