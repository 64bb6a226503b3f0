"""Course 4: convolution and pooling against TensorFlow's kernels and the course's loops."""

import numpy as np

from tests.benchmarks.harness import Row

# Pictures (m, n_H, n_W, n_C_prev) and number of 3 x 3 filters; stride 1, "same".
LAYERS = {"mid": ((10, 64, 64, 8), 16), "big": ((32, 32, 32, 64), 64)}
HPARAMETERS = {"stride": 1, "pad": 1}


def _layer(size, dtype, m=None):
    """Pictures, filters, biases and a gradient of the output."""
    random = np.random.default_rng(0)
    shape, n_C = LAYERS[size]
    shape = (m or shape[0], *shape[1:])
    shapes = (shape, (3, 3, shape[3], n_C), (1, 1, 1, n_C), (*shape[:3], n_C))
    return [random.standard_normal(s).astype(dtype) for s in shapes]


def _same(call, other, tolerance=1e-10):
    """The two, once it is certain that they compute the same."""
    for a, b in zip(call(), other(), strict=True):
        np.testing.assert_allclose(a, np.reshape(b, a.shape), atol=tolerance * np.abs(a).max())
    return call, other


# --- TensorFlow -----------------------------------------------------------------------------------


def forward(size, dtype="float64"):
    import tensorflow as tf

    from dlspec.cnn.convolution import conv_forward

    A_prev, W, b, _ = _layer(size, dtype)
    x, w, c = tf.constant(A_prev), tf.constant(W), tf.constant(b.ravel())

    @tf.function
    def convolve(x, w, c):
        return tf.nn.conv2d(x, w, 1, "SAME") + c

    return _same(
        lambda: [conv_forward(A_prev, W, b, HPARAMETERS)[0]],
        lambda: [convolve(x, w, c).numpy()],
        1e-10 if dtype == "float64" else 1e-4,
    )


def backward(size):
    import tensorflow as tf

    from dlspec.cnn.convolution import conv_backward

    A_prev, W, b, dZ = _layer(size, "float64")
    x, w, c, d = (tf.constant(array) for array in (A_prev, W, b.ravel(), dZ))

    @tf.function
    def gradients(x, w, c, d):
        """The unused output of the forward pass is pruned from the graph."""
        with tf.GradientTape() as tape:
            tape.watch((x, w, c))
            z = tf.nn.conv2d(x, w, 1, "SAME") + c
        return tape.gradient(z, (x, w, c), d)

    cache = (A_prev, W, b, HPARAMETERS)
    return _same(
        lambda: conv_backward(dZ, cache),
        lambda: [g.numpy() for g in gradients(x, w, c, d)],
    )


def pool(size, f, stride, mode, backward=False):
    import tensorflow as tf

    from dlspec.cnn.convolution import pool_backward, pool_forward

    A_prev = _layer(size, "float64")[0]
    hparameters = {"f": f, "stride": stride}
    x, kernel = tf.constant(A_prev), tf.nn.max_pool2d if mode == "max" else tf.nn.avg_pool2d

    @tf.function
    def pooled(x):
        return kernel(x, f, stride, "VALID")

    if not backward:
        return _same(
            lambda: [pool_forward(A_prev, hparameters, mode)[0]], lambda: [pooled(x).numpy()]
        )

    dA = np.random.default_rng(1).standard_normal(pooled(x).shape)
    d = tf.constant(dA)

    @tf.function
    def gradient(x, d):
        with tf.GradientTape() as tape:
            tape.watch(x)
            a = kernel(x, f, stride, "VALID")
        return tape.gradient(a, x, d)

    return _same(
        lambda: [pool_backward(dA, (A_prev, hparameters), mode)],
        lambda: [gradient(x, d).numpy()],
    )


# --- The course's loops ---------------------------------------------------------------------------


def forward_against_loops(size):
    """One picture: ten of them would take the loops ten times as long."""
    from dlspec.cnn.convolution import conv_forward, conv_forward_loop

    A_prev, W, b, _ = _layer(size, "float64", m=1)
    return (
        lambda: conv_forward(A_prev, W, b, HPARAMETERS),
        lambda: conv_forward_loop(A_prev, W, b, HPARAMETERS),
    )


def backward_against_loops(size):
    from dlspec.cnn.convolution import conv_backward, conv_backward_loop

    A_prev, W, b, dZ = _layer(size, "float64", m=1)
    cache = (A_prev, W, b, HPARAMETERS)
    return lambda: conv_backward(dZ, cache), lambda: conv_backward_loop(dZ, cache)


CONV = "tf.nn.conv2d"
ROWS = [
    Row("conv forward mid float64", CONV, 1.0, lambda: forward("mid"), 60, 5),
    Row("conv forward big float64", CONV, 1.0, lambda: forward("big"), 25, 3),
    Row("conv forward mid float32", CONV, 1.8, lambda: forward("mid", "float32"), 60, 5),
    Row("conv forward big float32", CONV, 1.8, lambda: forward("big", "float32"), 25, 3),
    Row("conv backward mid float64", "its gradient", 0.85, lambda: backward("mid"), 60, 5),
    Row("conv backward big float64", "its gradient", 0.85, lambda: backward("big"), 25, 3),
    Row("max pool f2 s2 mid", "tf.nn.max_pool2d", 1.05, lambda: pool("mid", 2, 2, "max"), 60, 5),
    Row("max pool f2 s2 big", "tf.nn.max_pool2d", 1.05, lambda: pool("big", 2, 2, "max"), 25, 3),
    Row("max pool f3 s1 mid", "tf.nn.max_pool2d", 0.7, lambda: pool("mid", 3, 1, "max"), 60, 5),
    Row("max pool f3 s1 big", "tf.nn.max_pool2d", 0.7, lambda: pool("big", 3, 1, "max"), 25, 3),
    *[
        Row(
            f"{mode} pool f{f} s{s} backward {size}",
            "its gradient",
            goal,
            lambda size=size, f=f, s=s, mode=mode: pool(size, f, s, mode, backward=True),
            25,
            3,
        )
        for mode, goal in (("max", 0.7), ("average", 1.0))
        for f, s in ((2, 2), (3, 1))
        for size in LAYERS
    ],
    Row(
        "conv forward mid, 1 picture",
        "four loops",
        1 / 300,
        lambda: forward_against_loops("mid"),
        3,
        1,
    ),
    Row(
        "conv backward mid, 1 picture",
        "four loops",
        1 / 300,
        lambda: backward_against_loops("mid"),
        3,
        1,
    ),
    Row(
        "conv forward big, 1 picture",
        "four loops",
        1 / 100,
        lambda: forward_against_loops("big"),
        3,
        1,
    ),
    Row(
        "conv backward big, 1 picture",
        "four loops",
        1 / 100,
        lambda: backward_against_loops("big"),
        3,
        1,
    ),
]
