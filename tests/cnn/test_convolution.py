"""Convolution and pooling: the course's values, loops, SciPy, TensorFlow, gradients, bad input."""

import numpy as np
import pytest
import scipy.signal

from dlspec.cnn import convolution
from dlspec.cnn.convolution import (
    conv_backward,
    conv_backward_loop,
    conv_forward,
    conv_forward_loop,
    conv_single_step,
    create_mask_from_window,
    distribute_value,
    pool_backward,
    pool_backward_loop,
    pool_forward,
    pool_forward_loop,
    zero_pad,
)
from dlspec.testing import assert_close, gradient_check
from tests.complaints import complaints_test

RANDOM = np.random.default_rng(0)
A = RANDOM.normal(size=(2, 5, 4, 3))
W = RANDOM.normal(size=(3, 3, 3, 2))
B = RANDOM.normal(size=(1, 1, 1, 2))
CONV = {"stride": 1, "pad": 1}
POOL = {"f": 2, "stride": 1}
CACHE, DZ = (A, W, B, CONV), RANDOM.normal(size=(2, 5, 4, 2))
POOL_CACHE, DA = (A, POOL), RANDOM.normal(size=(2, 4, 3, 3))

PURE_CALLS = {
    "zero_pad": (A, 0),
    "conv_single_step": (A[0, :3, :3], W[..., 0], B[..., 0]),
    "conv_forward": (A, W, B, CONV),
    "conv_forward_loop": (A, W, B, CONV),
    "conv_backward": (DZ, CACHE),
    "conv_backward_loop": (DZ, CACHE),
    "pool_forward": (A, POOL),
    "pool_forward_loop": (A, POOL),
    "create_mask_from_window": (A[0, :, :, 0],),
    "distribute_value": (2.0, (2, 3)),
    "pool_backward": (DA, POOL_CACHE),
    "pool_backward_loop": (DA, POOL_CACHE),
}

# Filter size, stride, padding, and a picture that is no square and that the steps need not fill.
LAYERS = [
    (f, stride, pad, sides)
    for f, sides in ((1, (3, 4)), (2, (5, 4)), (3, (5, 6)), (4, (4, 7)))
    for stride in (1, 2, 3)
    for pad in (0, 1, 2)
]
each_layer = pytest.mark.parametrize(("f", "stride", "pad", "sides"), LAYERS)
each_pool = pytest.mark.parametrize(
    ("f", "stride", "sides"),
    [
        (1, 1, (2, 3)),
        (1, 2, (4, 3)),
        (2, 2, (5, 4)),
        (2, 3, (5, 7)),
        (3, 1, (5, 4)),
        (3, 2, (7, 6)),
    ],
)
each_mode = pytest.mark.parametrize("mode", ["max", "average"])


def random_layer(f, sides, m=2, n_C_prev=2, n_C=3):
    """Pictures, filters and biases of an ordinary size."""
    random = np.random.default_rng(f)
    shapes = (m, *sides, n_C_prev), (f, f, n_C_prev, n_C), (1, 1, 1, n_C)
    return [random.normal(size=shape) for shape in shapes]


def like(Z, seed=9):
    """A gradient behind it."""
    return np.random.default_rng(seed).normal(size=Z.shape)


# --- The course's values (editions 2017-2020) -----------------------------------------------------


def test_zero_pad_course_values():
    x = np.random.RandomState(1).randn(4, 3, 3, 2)
    x_pad = zero_pad(x, 2)
    assert x_pad.shape == (4, 7, 7, 2)
    published = [
        [0.90085595, -0.68372786],
        [-0.12289023, -0.93576943],
        [-0.26788808, 0.53035547],
    ]
    assert_close(x[1, 1], published, atol=5.1e-9)
    assert_close(x_pad[1, 1], np.zeros((7, 2)))
    assert_close(x_pad[1, 3, 2:5], published, atol=5.1e-9)


def test_conv_single_step_course_value():
    randn = np.random.RandomState(1).randn
    Z = conv_single_step(randn(4, 4, 3), randn(4, 4, 3), randn(1, 1, 1))
    assert_close(Z, -6.99908945068, atol=5.1e-12)
    assert isinstance(Z, np.float64)


@pytest.mark.parametrize("forward", [conv_forward, conv_forward_loop])
def test_conv_forward_course_values(forward):
    randn = np.random.RandomState(1).randn
    A_prev, W, b = randn(10, 5, 7, 4), randn(3, 3, 4, 8), randn(1, 1, 1, 8)
    hparameters = {"pad": 1, "stride": 2}
    Z, cache = forward(A_prev, W, b, hparameters)
    assert_close(np.mean(Z), 0.692360880758, atol=5.1e-13)
    published = [
        [-1.28912231, 2.27650251, 6.61941931, 0.95527176],
        [8.25132576, 2.31329639, 13.00689405, 2.34576051],
    ]
    assert_close(Z[3, 2, 1], np.ravel(published), atol=5.1e-9)
    assert_close(cache[0][1][2][3], [-1.1191154, 1.9560789, -0.3264995, -1.34267579], atol=5.1e-9)
    assert cache[3] is hparameters
    assert_close(cache[:3], (A_prev, W, b), rtol=0)


STRIDE_1 = {
    "max": """
        1.74481176 0.90159072 1.65980218 1.74481176 1.46210794 1.65980218 1.74481176 1.6924546
        1.65980218 1.14472371 0.90159072 2.10025514 1.14472371 0.90159072 1.65980218 1.14472371
        1.6924546 1.65980218 1.13162939 1.51981682 2.18557541 1.13162939 1.51981682 2.18557541
        1.13162939 1.6924546 2.18557541 1.19891788 0.84616065 0.82797464 0.69803203 0.84616065
        1.2245077 0.69803203 1.12141771 1.2245077 1.96710175 0.84616065 1.27375593 1.96710175
        0.84616065 1.23616403 1.62765075 1.12141771 1.2245077 1.96710175 0.86888616 1.27375593
        1.96710175 0.86888616 1.23616403 1.62765075 1.12141771 0.79280687""",
    "average": """
        -0.0301046719 -0.00324021315 -0.336298859 0.143310483 0.193146751 -0.444905196
        0.128934436 0.222428468 0.125067597 -0.381801899 0.0159993515 0.170562706
        0.0473707165 0.0259244658 0.0920338402 0.0397048605 0.157189094 0.345302489
        -0.382680519 0.232579951 0.625997903 -0.247157416 -0.000348524998 0.350539717
        -0.095255151 0.268511 0.466056368 -0.173134159 0.323771981 -0.343175716
        0.0380634669 0.0726706274 -0.230268958 0.0203009393 0.141414785 -0.0123158476
        0.444976963 -0.00261694592 -0.310403073 0.508114737 -0.234937338 -0.23961183
        0.118726772 0.172552294 -0.221121966 0.429449255 0.0844699612 -0.272909051
        0.676351685 -0.120138225 -0.244076712 0.150774518 0.289111751 0.00123238536""",
}
STRIDE_2 = {
    "max": """
        1.74481176 0.90159072 1.65980218 1.74481176 1.6924546 1.65980218 1.13162939 1.51981682
        2.18557541 1.13162939 1.6924546 2.18557541 1.19891788 0.84616065 0.82797464 0.69803203
        1.12141771 1.2245077 1.96710175 0.86888616 1.27375593 1.62765075 1.12141771 0.79280687""",
    "average": """
        -0.03010467 -0.00324021 -0.33629886 0.12893444 0.22242847 0.1250676 -0.38268052 0.23257995
        0.6259979 -0.09525515 0.268511 0.46605637 -0.17313416 0.32377198 -0.34317572 0.02030094
        0.14141479 -0.01231585 0.42944926 0.08446996 -0.27290905 0.15077452 0.28911175
        0.00123239""",
}


@pytest.mark.parametrize("forward", [pool_forward, pool_forward_loop])
@pytest.mark.parametrize(("stride", "side", "published"), [(1, 3, STRIDE_1), (2, 2, STRIDE_2)])
@each_mode
def test_pool_forward_course_values(forward, stride, side, published, mode):
    A_prev = np.random.RandomState(1).randn(2, 5, 5, 3)
    hparameters = {"stride": stride, "f": 3}
    A, cache = forward(A_prev, hparameters, mode=mode)
    expected = np.array(published[mode].split(), dtype=float).reshape(2, side, side, 3)
    assert_close(A, expected, atol=5.1e-9)
    assert cache[0] is A_prev
    assert cache[1] is hparameters


@pytest.mark.parametrize("backward", [conv_backward, conv_backward_loop])
def test_conv_backward_course_values(backward):
    """The padding is wider than the filter: the outermost windows see nothing of the picture."""
    randn = np.random.RandomState(1).randn
    A_prev, W, b = randn(10, 4, 4, 3), randn(2, 2, 3, 8), randn(1, 1, 1, 8)
    Z, cache = conv_forward(A_prev, W, b, {"pad": 2, "stride": 2})
    dA, dW, db = backward(Z, cache)
    assert Z.shape == (10, 4, 4, 8)
    assert_close(np.mean(dA), 1.45243777754, atol=5.1e-12)
    assert_close(np.mean(dW), 1.72699145831, atol=5.1e-12)
    assert_close(np.mean(db), 7.83923256462, atol=5.1e-12)


def test_create_mask_from_window_course_values():
    x = np.random.RandomState(1).randn(2, 3)
    assert_close(
        x,
        [[1.62434536, -0.61175641, -0.52817175], [-1.07296862, 0.86540763, -2.3015387]],
        atol=5.1e-9,
    )
    mask = create_mask_from_window(x)
    assert mask.dtype == bool
    assert_close(mask, [[True, False, False], [False, False, False]])


def test_distribute_value_course_values():
    assert_close(distribute_value(2, (2, 2)), np.full((2, 2), 0.5), rtol=0)
    assert_close(distribute_value(np.array([3.0]), [2, 3]), np.full((2, 3), 0.5), rtol=0)


@pytest.mark.parametrize("backward", [pool_backward, pool_backward_loop])
@pytest.mark.parametrize(
    ("mode", "published"),
    [
        ("max", [[0.0, 0.0], [5.05844394, -1.68282702], [0.0, 0.0]]),
        (
            "average",
            [[0.08485462, 0.2787552], [1.26461098, -0.25749373], [1.17975636, -0.53624893]],
        ),
    ],
)
def test_pool_backward_course_values(backward, mode, published):
    randn = np.random.RandomState(1).randn
    _, cache = pool_forward(randn(5, 5, 3, 2), {"stride": 1, "f": 2})
    dA = randn(5, 4, 2, 2)
    dA_prev = backward(dA, cache, mode=mode)
    assert_close(np.mean(dA), 0.145713902729, atol=5.1e-13)
    assert_close(dA_prev[1, 1], published, atol=5.1e-9)


# --- Fast and text-book forms ---------------------------------------------------------------------


@each_layer
def test_convolution_equals_its_loops(f, stride, pad, sides):
    A_prev, W, b = random_layer(f, sides)
    hparameters = {"stride": stride, "pad": pad}
    Z, cache = conv_forward(A_prev, W, b, hparameters)
    expected, loop_cache = conv_forward_loop(A_prev, W, b, hparameters)
    assert_close(Z, expected, rtol=1e-12, atol=1e-13)
    assert_close(cache[:3], loop_cache[:3], rtol=0)
    dZ = like(Z)
    assert_close(conv_backward(dZ, cache), conv_backward_loop(dZ, cache), rtol=1e-11, atol=1e-12)


@each_mode
@each_pool
def test_pooling_equals_its_loops(f, stride, sides, mode):
    A_prev = like(np.empty((3, *sides, 2)), seed=1)
    hparameters = {"f": f, "stride": stride}
    A, cache = pool_forward(A_prev, hparameters, mode)
    assert_close(A, pool_forward_loop(A_prev, hparameters, mode)[0], rtol=1e-13, atol=1e-15)
    dA = like(A)
    assert_close(
        pool_backward(dA, cache, mode), pool_backward_loop(dA, cache, mode), rtol=1e-12, atol=1e-15
    )


@pytest.mark.parametrize("budget", [1, 300, 2000])
@each_mode
def test_results_do_not_depend_on_the_sizes_of_the_buffers(budget, mode, monkeypatch):
    """One line of windows or one picture at a time, a few, all; the last part may be less."""
    A_prev, W, b = random_layer(3, (7, 5), m=5)

    def everything():
        Z, cache = conv_forward(A_prev, W, b, {"stride": 1, "pad": 1})
        A, pool_cache = pool_forward(A_prev, {"f": 3, "stride": 2}, mode)
        return Z, conv_backward(like(Z), cache), A, pool_backward(like(A), pool_cache, mode)

    whole = everything()
    monkeypatch.setattr(convolution, "CONV_BYTES", budget)
    monkeypatch.setattr(convolution, "POOL_BYTES", budget)
    assert_close(everything(), whole, rtol=1e-12, atol=1e-13)


def test_some_pictures_at_a_time_really_are_some(monkeypatch):
    A_prev, W, b = random_layer(3, (7, 5), m=5)
    copied = []
    monkeypatch.setattr(np, "copyto", lambda to, block: copied.append(block.shape[:2]))
    conv_forward(A_prev, W, b, {"stride": 1, "pad": 1})
    monkeypatch.setattr(convolution, "CONV_BYTES", 3 * 5 * 18 * 8)  # three lines of output
    conv_forward(A_prev, W, b, {"stride": 1, "pad": 1})
    monkeypatch.setattr(convolution, "CONV_BYTES", 2 * 7 * 5 * 18 * 8)  # two pictures
    conv_forward(A_prev, W, b, {"stride": 1, "pad": 1})
    assert copied == [(5, 7)] + [(1, 3), (1, 3), (1, 1)] * 5 + [(2, 7), (2, 7), (1, 7)]


def test_pictures_may_lie_in_memory_in_any_order():
    A_prev, W, b = random_layer(3, (5, 6))
    turned = np.asfortranarray(A_prev)
    hparameters = {"stride": 2, "pad": 0}
    Z, cache = conv_forward(A_prev, W, b, hparameters)
    assert_close(conv_forward(turned, np.asfortranarray(W), b, hparameters)[0], Z, rtol=1e-13)
    dZ = like(Z)
    gradients = conv_backward(np.asfortranarray(dZ), (turned, np.asfortranarray(W), b, hparameters))
    assert_close(gradients, conv_backward(dZ, cache), rtol=1e-12, atol=1e-14)


def test_axes_of_length_1_may_have_any_stride():
    """`picture[None, ..., None]` has strides of 0 there, and still counts as contiguous."""
    picture = np.random.default_rng(5).normal(size=(6, 7))
    A_prev, (_, W, b) = picture[None, ..., None], random_layer(3, (6, 7), n_C_prev=1)
    assert A_prev.strides[3] == 0
    hparameters = {"stride": 1, "pad": 0}
    Z, cache = conv_forward(A_prev, W, b, hparameters)
    assert_close(Z, conv_forward_loop(A_prev, W, b, hparameters)[0], rtol=1e-12, atol=1e-13)
    dZ = like(Z)
    assert_close(conv_backward(dZ, cache), conv_backward_loop(dZ, cache), rtol=1e-11, atol=1e-12)


def test_float32_stays_float32_and_mixed_becomes_float64():
    small = [array.astype(np.float32) for array in (A, W, B)]
    Z, cache = conv_forward(*small, CONV)
    assert Z.dtype == np.float32
    assert_close(Z, conv_forward(A, W, B, CONV)[0], rtol=1e-5, atol=1e-5)
    gradients = conv_backward(DZ.astype(np.float32), cache)
    assert {g.dtype for g in gradients} == {np.dtype(np.float32)}
    assert_close(gradients, conv_backward(DZ, CACHE), rtol=1e-4, atol=1e-4)
    for mode in ("max", "average"):
        pooled, pool_cache = pool_forward(small[0], POOL, mode)
        assert pooled.dtype == np.float32
        assert pool_backward(DA.astype(np.float32), pool_cache, mode).dtype == np.float32
    assert conv_forward(small[0], W, B, CONV)[0].dtype == np.float64
    assert zero_pad(small[0], 1).dtype == np.float32
    integers = conv_forward((10 * A).astype(int), W, B, CONV)[0]
    assert integers.dtype == np.float64


def test_zero_pad_hands_out_a_new_array():
    padded = zero_pad(A, 0)
    assert_close(padded, A, rtol=0)
    assert not np.shares_memory(padded, A)


# --- SciPy and TensorFlow -------------------------------------------------------------------------


def test_convolution_is_what_signal_processing_calls_correlation():
    Z, _ = conv_forward(A, W, np.zeros_like(B), {"stride": 1, "pad": 0})
    for i in range(2):
        for c in range(2):
            expected = scipy.signal.correlate(A[i], W[..., c], mode="valid")[..., 0]
            assert_close(Z[i, :, :, c], expected, rtol=1e-11, atol=1e-13)
    picture, kernel = A[0, :, :, 0], W[:, :, 0, 0]
    flipped = kernel[::-1, ::-1, None, None]
    Z, _ = conv_forward(
        picture[None, ..., None], flipped, np.zeros((1, 1, 1, 1)), {"stride": 1, "pad": "same"}
    )
    assert_close(
        Z[0, :, :, 0], scipy.signal.convolve(picture, kernel, mode="same"), rtol=1e-11, atol=1e-13
    )


@pytest.mark.parametrize(("stride", "pad"), [(1, 0), (1, 1), (2, 0), (2, 2), (3, 1)])
def test_convolution_equals_automatic_differentiation(stride, pad):
    import tensorflow as tf

    A_prev, W, b = random_layer(3, (6, 7))
    x, w, c = (tf.Variable(array) for array in (A_prev, W, b.ravel()))
    Z, cache = conv_forward(A_prev, W, b, {"stride": stride, "pad": pad})
    dZ = like(Z)
    with tf.GradientTape() as tape:
        border = [[0, 0], [pad, pad], [pad, pad], [0, 0]]
        z = tf.nn.conv2d(tf.pad(x, border), w, stride, "VALID") + c
    dx, dw, dc = tape.gradient(z, [x, w, c], dZ)
    assert_close(Z, z.numpy(), rtol=1e-12, atol=1e-13)
    expected = (dx.numpy(), dw.numpy(), dc.numpy().reshape(1, 1, 1, -1))
    assert_close(conv_backward(dZ, cache), expected, rtol=1e-11, atol=1e-12)


@each_mode
@each_pool
def test_pooling_equals_automatic_differentiation_where_nothing_ties(f, stride, sides, mode):
    import tensorflow as tf

    pool = {"max": tf.nn.max_pool2d, "average": tf.nn.avg_pool2d}[mode]
    x = tf.Variable(like(np.empty((2, *sides, 3)), seed=2))
    A, cache = pool_forward(x.numpy(), {"f": f, "stride": stride}, mode)
    with tf.GradientTape() as tape:
        a = pool(x, f, stride, "VALID")
    assert_close(A, a.numpy(), rtol=1e-13, atol=1e-15)
    dA = like(A)
    expected = tape.gradient(a, x, dA).numpy()
    assert_close(pool_backward(dA, cache, mode), expected, rtol=1e-12, atol=1e-15)


# --- Gradients ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("f", "stride", "pad", "sides"), [layer for layer in LAYERS if layer[0] > 1]
)
def test_conv_backward_passes_the_gradient_check(f, stride, pad, sides):
    A_prev, W, b = random_layer(f, sides, m=2, n_C_prev=1, n_C=2)
    hparameters = {"stride": stride, "pad": pad}
    Z, cache = conv_forward(A_prev, W, b, hparameters)
    dZ = like(Z)
    dA_prev, dW, db = conv_backward(dZ, cache)
    gradient_check(
        lambda p: float((dZ * conv_forward(p["A"], p["W"], p["b"], hparameters)[0]).sum()),
        {"A": A_prev, "W": W, "b": b},
        {"dA": dA_prev, "dW": dW, "db": db},
    )


@each_mode
@each_pool
def test_pool_backward_passes_the_gradient_check(f, stride, sides, mode):
    """Numbers 1/7 apart: a difference of 1e-5 makes no other one the largest."""
    shape = (1, *sides, 2)
    A_prev = np.random.default_rng(3).permutation(np.prod(shape)).reshape(shape) / 7
    hparameters = {"f": f, "stride": stride}
    A, cache = pool_forward(A_prev, hparameters, mode)
    dA = like(A)
    gradient_check(
        lambda p: float((dA * pool_forward(p["A"], hparameters, mode)[0]).sum()),
        {"A": A_prev},
        {"dA": pool_backward(dA, cache, mode)},
    )


# --- Ties -----------------------------------------------------------------------------------------


def test_every_place_that_ties_gets_the_whole_gradient():
    """The course's rule, mask = (x == max(x)), by hand."""
    assert_close(create_mask_from_window([[7, 7], [1, 7]]), [[True, True], [False, True]])
    window = np.array([[7.0, 7.0], [1.0, 7.0]]).reshape(1, 2, 2, 1)
    dA_prev = pool_backward([[[[3.0]]]], (window, POOL))
    assert_close(dA_prev[0, :, :, 0], [[3.0, 3.0], [0.0, 3.0]], rtol=0)


@each_pool
def test_ties_survive_one_axis_at_a_time(f, stride, sides):
    """Few different numbers, so that almost every window ties in some direction; and minus zero."""
    random = np.random.default_rng(4)
    A_prev = random.integers(-1, 2, size=(4, *sides, 3)).astype(float)
    A_prev[A_prev == 0] *= random.choice([-1.0, 1.0], size=(A_prev == 0).sum())
    A, cache = pool_forward(A_prev, {"f": f, "stride": stride})
    dA = random.integers(-9, 10, size=A.shape).astype(float)  # sums are exact
    assert_close(pool_backward(dA, cache), pool_backward_loop(dA, cache), rtol=0)


# --- What the layers do ---------------------------------------------------------------------------


def test_vertical_edge_of_the_lecture():
    photo = np.zeros((1, 6, 6, 1))
    photo[:, :, :3] = 10
    vertical = np.array([[1, 0, -1]] * 3).reshape(3, 3, 1, 1)
    no_bias = np.zeros((1, 1, 1, 1))
    Z, _ = conv_forward(photo, vertical, no_bias, {"stride": 1, "pad": "valid"})
    assert_close(Z[0, :, :, 0], [[0.0, 30.0, 30.0, 0.0]] * 4, rtol=0)
    Z, _ = conv_forward(photo[:, :, ::-1], vertical, no_bias, {"stride": 1, "pad": "valid"})
    assert_close(Z[0, :, :, 0], [[0.0, -30.0, -30.0, 0.0]] * 4, rtol=0)


@pytest.mark.parametrize("stride", [1, 2, 3])
def test_same_padding_divides_the_size_by_the_stride(stride):
    A_prev, W, b = random_layer(5, (9, 7))
    Z, cache = conv_forward(A_prev, W, b, {"stride": stride, "pad": "same"})
    assert Z.shape[1:3] == (-(-9 // stride), -(-7 // stride))
    numbered = (A_prev, W, b, {"stride": stride, "pad": 2})
    assert_close(Z, conv_forward(*numbered)[0], rtol=0)
    assert_close(conv_backward(like(Z), cache), conv_backward(like(Z), numbered), rtol=0)


def test_one_by_one_filters_are_a_dense_layer_at_every_pixel():
    A_prev, W, b = random_layer(1, (4, 3), n_C_prev=5)
    Z, _ = conv_forward(A_prev, W, b, {"stride": 1, "pad": 0})
    assert_close(Z, A_prev @ W[0, 0] + b, rtol=1e-12)


def test_a_filter_as_large_as_the_picture_is_a_dense_layer():
    A_prev, W, b = random_layer(4, (4, 4))
    Z, _ = conv_forward(A_prev, W, b, {"stride": 1, "pad": 0})
    expected = A_prev.reshape(2, -1) @ W.reshape(-1, 3) + b.reshape(1, 3)
    assert_close(Z.reshape(2, 3), expected, rtol=1e-12)


def test_a_shifted_picture_gives_a_shifted_output():
    A_prev, W, b = random_layer(3, (8, 9))
    Z, _ = conv_forward(A_prev, W, b, {"stride": 1, "pad": 0})
    shifted, _ = conv_forward(A_prev[:, 2:, 3:], W, b, {"stride": 1, "pad": 0})
    assert_close(shifted, Z[:, 2:, 3:], rtol=1e-13)


def test_averages_keep_their_accuracy_behind_a_large_number():
    """A running sum would carry 1e16 through the whole row and lose the ones behind it."""
    A_prev = np.ones((1, 3, 9, 1))
    A_prev[0, 0, 0, 0] = 1e16
    A, _ = pool_forward(A_prev, {"f": 3, "stride": 1}, mode="average")
    assert_close(A[0, 0, 1:, 0], np.ones(6), rtol=0)


# --- Bad input ------------------------------------------------------------------------------------

SETS_C = "`A_prev` of shape (2, 5, 4, 3) sets n_C_prev=3."
RANK_4 = "`A_prev` must have shape (m, n_H_prev, n_W_prev, n_C_prev). Received: (5, 4, 3)."

COMPLAINTS = [
    (
        lambda folder: zero_pad(A[0], 1),
        ValueError,
        "`X` must have shape (m, n_H, n_W, n_C). Received: (5, 4, 3).",
    ),
    (
        lambda folder: zero_pad(A, -1),
        ValueError,
        "`pad` must be at least 0. Received: -1.",
    ),
    (
        lambda folder: conv_single_step(A, W, B),
        ValueError,
        "`a_slice_prev` must have shape (f, f, n_C_prev). Received: (2, 5, 4, 3).",
    ),
    (
        lambda folder: conv_single_step(A[0, :3, :3], W[:2, ..., 0], B[..., 0]),
        ValueError,
        "`W` must have shape (f=3, f=3, n_C_prev=3). Received: (2, 3, 3). "
        "`a_slice_prev` has shape (3, 3, 3).",
    ),
    (
        lambda folder: conv_single_step(A[0, :3, :3], W[..., 0], 1.0),
        ValueError,
        "`b` must have shape (1, 1, 1). Received: ().",
    ),
    (lambda folder: conv_forward(A[0], W, B, CONV), ValueError, RANK_4),
    (lambda folder: conv_forward_loop(A[0], W, B, CONV), ValueError, RANK_4),
    (
        lambda folder: conv_forward([["a"]], W, B, CONV),
        TypeError,
        "`A_prev` must be an array of real numbers. Received: list of dtype <U1.",
    ),
    (
        lambda folder: conv_forward(np.full((1, 3, 3, 3), np.inf), W, B, CONV),
        ValueError,
        "`A_prev` must hold finite numbers only. Received: 0 NaN and 27 infinite of 27 values, "
        "the first at [0, 0, 0, 0]. Remove or replace them.",
    ),
    (
        lambda folder: conv_forward(A, W[:, :, :2], B, CONV),
        ValueError,
        f"`W` must have shape (f, f, n_C_prev=3, n_C). Received: (3, 3, 2, 2). {SETS_C}",
    ),
    (
        lambda folder: conv_forward(A, W[:, :2], B, CONV),
        ValueError,
        "`W` must hold filters of equal sides. Received: 3 x 2.",
    ),
    (
        lambda folder: conv_forward(A, W, B[0, 0, 0], CONV),
        ValueError,
        "`b` must have shape (1, 1, 1, n_C=2). Received: (2,). "
        "`W` of shape (3, 3, 3, 2) sets n_C=2.",
    ),
    (
        lambda folder: conv_forward(A, W, B, 1),
        TypeError,
        "`hparameters` must be a dictionary. Received: int.",
    ),
    (
        lambda folder: conv_forward(A, W, B, {"stride": 1}),
        ValueError,
        "`hparameters` must have the keys stride, pad. Received: stride. Missing: pad.",
    ),
    (
        lambda folder: conv_forward(A, W, B, {}),
        ValueError,
        "`hparameters` must have the keys stride, pad. Received: an empty dictionary. "
        "Missing: stride, pad.",
    ),
    (
        lambda folder: conv_forward(A, W, B, {"stride": 0, "pad": 0}),
        ValueError,
        "`hparameters['stride']` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: conv_forward(A, W, B, {"stride": 1, "pad": -1}),
        ValueError,
        "`hparameters['pad']` must be at least 0. Received: -1.",
    ),
    (
        lambda folder: conv_forward(A, W, B, {"stride": 1, "pad": 0.5}),
        TypeError,
        "`hparameters['pad']` must be a whole number. Received: 0.5 (float).",
    ),
    (
        lambda folder: conv_forward(A, W, B, {"stride": 1, "pad": "SAME"}),
        ValueError,
        "`hparameters['pad']` must be a known name. Received: 'SAME'. "
        "Did you mean same? Known: same, valid.",
    ),
    (
        lambda folder: conv_forward(A, W[:2, :2], B, {"stride": 1, "pad": "same"}),
        ValueError,
        "`hparameters['pad']` must be a number where f is even: \"same\" is (f - 1) / 2. "
        'Received: "same" with f=2. Use an odd f.',
    ),
    (
        lambda folder: conv_forward(A[:, :2], W, B, {"stride": 1, "pad": 0}),
        ValueError,
        "`A_prev` must be as large as a window, 3 x 3. Received: 2 x 4. "
        "Use a smaller filter or more padding.",
    ),
    (
        lambda folder: conv_forward(A[:, :, :1], np.ones((4, 4, 3, 2)), B, CONV),
        ValueError,
        "`A_prev` must be as large as a window, 4 x 4. Received: 5 x 1 padded by 1. "
        "Use a smaller filter or more padding.",
    ),
    (
        lambda folder: conv_backward(DZ, (A, W, B)),
        TypeError,
        "`cache` must be (A_prev, W, b, hparameters). Received: tuple of length 3.",
    ),
    (
        lambda folder: conv_backward(DZ, 3),
        TypeError,
        "`cache` must be (A_prev, W, b, hparameters). Received: int.",
    ),
    (
        lambda folder: conv_backward(DZ, (A[0], W, B, CONV)),
        ValueError,
        RANK_4.replace("A_prev", "cache[0]"),
    ),
    (
        lambda folder: conv_backward(DZ[:, 1:], CACHE),
        ValueError,
        "`dZ` must have shape (m=2, n_H=5, n_W=4, n_C=2). Received: (2, 4, 4, 2). "
        "`cache` sets the sizes of the output.",
    ),
    (
        lambda folder: conv_backward_loop(DZ[..., :1], CACHE),
        ValueError,
        "`dZ` must have shape (m=2, n_H=5, n_W=4, n_C=2). Received: (2, 5, 4, 1). "
        "`cache` sets the sizes of the output.",
    ),
    (lambda folder: pool_forward(A[0], POOL), ValueError, RANK_4.replace("n_C_prev", "n_C")),
    (
        lambda folder: pool_forward(np.full((1, 2, 2, 1), [[[-np.inf], [0]], [[1], [2]]]), POOL),
        ValueError,
        "`A_prev` must hold finite numbers only. Received: 0 NaN and 1 infinite of 4 values, the "
        "first at [0, 0, 0, 0]. Remove or replace them.",
    ),
    (
        lambda folder: pool_forward(A, POOL, mode="mean"),
        ValueError,
        "`mode` must be a known name. Received: 'mean'. Did you mean max? Known: max, average.",
    ),
    (
        lambda folder: pool_forward_loop(A, POOL, mode=None),
        ValueError,
        "`mode` must be a known name. Received: None. Known: max, average.",
    ),
    (
        lambda folder: pool_forward(A, {"stride": 2}),
        ValueError,
        "`hparameters` must have the keys f, stride. Received: stride. Missing: f.",
    ),
    (
        lambda folder: pool_forward(A, {"f": 0, "stride": 2}),
        ValueError,
        "`hparameters['f']` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: pool_forward(A, {"f": 2, "stride": -2}),
        ValueError,
        "`hparameters['stride']` must be at least 1. Received: -2.",
    ),
    (
        lambda folder: pool_forward(A, {"f": 5, "stride": 2}),
        ValueError,
        "`A_prev` must be as large as a window, 5 x 5. Received: 5 x 4. "
        "Use a smaller filter or more padding.",
    ),
    (
        lambda folder: create_mask_from_window(A),
        ValueError,
        "`x` must have shape (f, f). Received: (2, 5, 4, 3).",
    ),
    (
        lambda folder: distribute_value("2", (2, 2)),
        TypeError,
        "`dz` must be a real number. Received: '2' (str).",
    ),
    (
        lambda folder: distribute_value(2, 4),
        TypeError,
        "`shape` must be a pair (n_H, n_W). Received: 4.",
    ),
    (
        lambda folder: distribute_value(2, (2, 0)),
        ValueError,
        "`shape[1]` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: pool_backward(DA, A),
        TypeError,
        "`cache` must be (A_prev, hparameters). Received: ndarray of length 2.",
    ),
    (
        lambda folder: pool_backward(DA, (A, {"f": 9, "stride": 1})),
        ValueError,
        "`cache[0]` must be as large as a window, 9 x 9. Received: 5 x 4. "
        "Use a smaller filter or more padding.",
    ),
    (
        lambda folder: pool_backward(DA[:1], POOL_CACHE),
        ValueError,
        "`dA` must have shape (m=2, n_H=4, n_W=3, n_C=3). Received: (1, 4, 3, 3). "
        "`cache` sets the sizes of the output.",
    ),
    (
        lambda folder: pool_backward_loop(DA, POOL_CACHE, mode="sum"),
        ValueError,
        "`mode` must be a known name. Received: 'sum'. Known: max, average.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
