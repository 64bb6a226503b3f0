"""Residual networks (course 4, week 2, assignment 1): ResNet18, 34, 50, and one without shortcuts.

A block computes what is to be *added* to its input, not a new output:

    a[l+2] = g(z[l+2] + a[l])                the shortcut joins before the last ReLU
    a[l+2] = g(z[l+2] + W_s a[l])            where the shapes differ; W_s is a 1x1 convolution

With z = 0 a block hands on what it got (a[l] >= 0 after a ReLU), so more blocks need not do worse,
and in the backward pass da[l] = dz[l+2] (1 + ...): the gradient has a way around every block.

The course gives vanishing gradients as the reason why deep plain networks fail.  The paper finds
that with batch norm they do not vanish (section 4.1), and so does the script of this exercise.

Images are (m, n_H, n_W, n_C).  Two kinds of blocks, always with batch norm after a convolution:

    bottleneck (ResNet50)        1x1, f x f, 1x1     `identity_block`, `convolutional_block`
    basic (all other networks)   3x3, 3x3

Layers are named `stem_1_<role>`, `stage<k>_block<j>_<role>` and `head_1_<role>`, stages counted
from 2 as in the paper, whose conv1 is the stem.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import keras

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import check_choice, check_count, check_image_shape, check_positive

__all__ = [
    "CifarResNet",
    "PlainNet34",
    "ResNet18",
    "ResNet34",
    "ResNet50",
    "convolutional_block",
    "identity_block",
]

# Every stage: (filters, blocks).  These are the filters of the full width.
FULL_WIDTH = 64
STAGES_18 = ((64, 2), (128, 2), (256, 2), (512, 2))
STAGES_34 = ((64, 3), (128, 4), (256, 6), (512, 3))
STAGES_50 = (
    ((64, 64, 256), 3),
    ((128, 128, 512), 4),
    ((256, 256, 1024), 6),
    ((512, 512, 2048), 3),
)
CIFAR_FULL_WIDTH = 16
CIFAR_FILTERS = (16, 32, 64)

# Five strides of 2 need 32 pixels.  Without padding before its pool and with 2 pixels left for the
# average at the end, the course's network needs 37: 37 -> 19 -> 9 -> 5 -> 3 -> 2.
MINIMUM_SIZE, COURSE_MINIMUM_SIZE = 32, 37
CIFAR_MINIMUM_SIZE = 4

COURSE_EPSILON = 1e-3  # of batch norm, as in Keras
APPLICATIONS_EPSILON = 1.001e-5
BASIC_NORM = {"momentum": 0.9, "epsilon": 1e-5}

LAYOUTS = ("course", "imagenet")


# --- Bottleneck blocks, as graded -----------------------------------------------------------------


def identity_block(
    X: Any,
    f: int,
    filters: Sequence[int],
    initializer: Callable = keras.initializers.RandomUniform,
    *,
    epsilon: float = COURSE_EPSILON,
    name: str | None = None,
) -> Any:
    """A bottleneck block whose shortcut is the input itself: ReLU(path(X) + X).

        path: 1x1, F1 -> norm -> ReLU -> f x f "same", F2 -> norm -> ReLU -> 1x1, F3 -> norm

    Batch norm has no `training` argument: it follows the call of the model, as Keras does it today.

    Args:
        X: (m, n_H, n_W, n_C), a Keras tensor or an array; n_C must be F3.
        f: side of the middle window, at least 1.
        filters: F1, F2, F3, each at least 1.
        initializer: makes the initialiser of a kernel; called as `initializer(seed=None)` for every
            convolution. (The course's seed=0 gives all kernels of one shape the same numbers.)
        epsilon: of batch norm, above 0.
        name: in front of the layers' names, unique within a model; None lets Keras number them.

    Returns:
        (m, n_H, n_W, F3), of the kind of X; an array becomes a tensor of the backend.

    Raises:
        TypeError, ValueError: X without four axes or with n_C other than F3, filters that are not
            three counts, another argument out of range.

    Example:
        >>> X = keras.Input((4, 4, 6))
        >>> identity_block(X, 3, [2, 4, 6], name="stage2_block2").shape
        (None, 4, 4, 6)

    Source: course 4, week 2; He et al., "Deep residual learning for image recognition", 2015.
    """
    channels, f, filters = _check_block(X, f, filters, initializer, epsilon)
    if channels != filters[2]:
        expected = f"have as many channels as filters[2]={filters[2]} to be added to the path"
        advice = "convolutional_block changes the number of channels."
        raise InvalidValue(sentence("X", expected, f"{channels} channels", advice))
    options = {"initializer": initializer, "epsilon": epsilon, "name": name}
    return _join(_path(X, f, filters, 1, **options), X, name)


def convolutional_block(
    X: Any,
    f: int,
    filters: Sequence[int],
    s: int = 2,
    initializer: Callable = keras.initializers.GlorotUniform,
    *,
    epsilon: float = COURSE_EPSILON,
    name: str | None = None,
) -> Any:
    """A bottleneck block whose shortcut is a 1x1 convolution: ReLU(path(X) + norm(W_s X)).

        path: 1x1 / s, F1 -> norm -> ReLU -> f x f "same", F2 -> norm -> ReLU -> 1x1, F3 -> norm
        shortcut: 1x1 / s, F3 -> norm

    The stride stands in the first 1x1, as in the paper and in keras.applications; "v1.5" networks
    have it in the f x f.

    Args:
        X: (m, n_H, n_W, n_C), a Keras tensor or an array.
        f: side of the middle window, at least 1.
        filters: F1, F2, F3, each at least 1.
        s: stride of the first and of the shortcut's convolution, at least 1.
        initializer: as for `identity_block`.
        epsilon: of batch norm, above 0.
        name: in front of the layers' names, unique within a model; None lets Keras number them.

    Returns:
        (m, ceil(n_H / s), ceil(n_W / s), F3), of the kind of X.

    Raises:
        TypeError, ValueError: as `identity_block`, with any n_C; a stride below 1.

    Example:
        >>> X = keras.Input((5, 5, 3))
        >>> convolutional_block(X, 3, [2, 4, 6], s=2, name="stage3_block1").shape
        (None, 3, 3, 6)

    Source: course 4, week 2; He et al., "Deep residual learning for image recognition", 2015.
    """
    _, f, filters = _check_block(X, f, filters, initializer, epsilon)
    s = check_count("s", s)
    options = {"initializer": initializer, "epsilon": epsilon, "name": name}
    shortcut = _conv_norm(X, filters[2], 1, s, role="shortcut", **options)
    return _join(_path(X, f, filters, s, **options), shortcut, name)


def _path(X, f, filters, s, **options):
    F1, F2, F3 = filters
    for i, (F, side, stride) in enumerate([(F1, 1, s), (F2, f, 1), (F3, 1, 1)], start=1):
        X = _conv_norm(X, F, side, stride, role=str(i), **options)
        if i < 3:
            X = keras.layers.ReLU(name=_name(options["name"], f"relu{i}"))(X)
    return X


def _conv_norm(X, filters, side, stride, *, initializer, epsilon, name, role):
    X = keras.layers.Conv2D(
        filters,
        side,
        stride,
        padding="same",
        kernel_initializer=initializer(seed=None),
        name=_name(name, f"conv{role}"),
    )(X)
    return keras.layers.BatchNormalization(
        axis=3, epsilon=epsilon, name=_name(name, f"norm{role}")
    )(X)


def _join(path, shortcut, name):
    X = keras.layers.Add(name=_name(name, "add"))([path, shortcut])
    return keras.layers.ReLU(name=_name(name, "output"))(X)


def _name(block, role):
    return block and f"{block}_{role}"


# --- ResNet50 -------------------------------------------------------------------------------------


def ResNet50(
    input_shape: Sequence[int] = (64, 64, 3),
    classes: int = 6,
    *,
    width: int = FULL_WIDTH,
    layout: str = "course",
    name: str = "resnet50",
) -> keras.Model:
    """Fifty layers with weights: 7x7 / 2, 16 bottleneck blocks of three, one dense layer.

        pad 3 -> 7x7 / 2, 64 -> norm -> ReLU -> max pool 3x3 / 2 -> stages -> average -> softmax
        stages: 3 x [64, 64, 256]  4 x [128, 128, 512]  6 x [256, 256, 1024]  3 x [512, 512, 2048]

    The first block of a stage is convolutional, from the third stage on with stride 2; the others
    are identity blocks.  `layout` sets what the course does unlike the paper:

        "course"     no padding before the max pool, average pool 2x2 and flatten, epsilon 1e-3,
                     identity blocks start from uniform numbers in [-0.05, 0.05)
        "imagenet"   padding of 1, average over the whole image, epsilon 1.001e-5, all kernels start
                     as Glorot's: the network of keras.applications, whose weights fit layer by
                     layer (`conv3_block1_2_conv` there is `stage3_block1_conv2` here, number 0
                     `convshortcut`; `_bn` is `norm`) and then give the same numbers

    Convolutions have biases, as in both of them, although batch norm takes any constant off again.

    Args:
        input_shape: (height, width, channels) in pixels, at least 37 high and wide in the course's
            layout, else 32.
        classes: outputs, at least 2.
        width: filters of the stem, at least 1; the stages follow in proportion. 64 is ResNet50.
        layout: "course" or "imagenet".
        name: of the model.

    Returns:
        A functional model (m, height, width, channels) -> probabilities (m, classes); 23,600,006
        parameters for 64 x 64 pixels and 6 classes, 53,120 of them not trained.

    Raises:
        TypeError, ValueError: an argument out of range.

    Example:
        >>> ResNet50((64, 64, 3), 6, width=4).output_shape
        (None, 6)

    Source: course 4, week 2; He et al., "Deep residual learning for image recognition", 2015.
    """
    check_choice("layout", layout, LAYOUTS)
    course = layout == "course"
    shape = check_image_shape(
        "input_shape", input_shape, COURSE_MINIMUM_SIZE if course else MINIMUM_SIZE
    )
    classes, width = _check_classes(classes), check_count("width", width)
    epsilon = COURSE_EPSILON if course else APPLICATIONS_EPSILON

    X = inputs = keras.Input(shape, name="inputs")
    X = _stem(X, width, {"epsilon": epsilon}, pad_pool=not course)
    block = partial(_bottleneck_block, epsilon=epsilon, course=course)
    X = _stages(X, _scaled(STAGES_50, width), block)
    if course:
        X = keras.layers.AveragePooling2D(2, name="head_1_pool")(X)
        X = keras.layers.Flatten(name="head_1_flatten")(X)
    else:
        X = keras.layers.GlobalAveragePooling2D(name="head_1_pool")(X)
    return keras.Model(inputs, _softmax(X, classes), name=name)


def _bottleneck_block(X, filters, s, name, *, epsilon, course):
    options = {"epsilon": epsilon, "name": name}
    if X.shape[3] != filters[2] or s > 1:
        return convolutional_block(X, 3, filters, s, **options)
    if not course:
        options["initializer"] = keras.initializers.GlorotUniform
    return identity_block(X, 3, filters, **options)


# --- Networks of basic blocks ---------------------------------------------------------------------


def ResNet18(
    input_shape: Sequence[int] = (64, 64, 3),
    classes: int = 6,
    *,
    width: int = FULL_WIDTH,
    name: str = "resnet18",
) -> keras.Model:
    """Eighteen layers with weights: 7x7 / 2, eight basic blocks of two 3x3, one dense layer.

        pad 3 -> 7x7 / 2, 64 -> norm -> ReLU -> pad 1 -> max pool 3x3 / 2 -> stages -> average
        stages: 2 x [64, 64]   2 x [128, 128]   2 x [256, 256]   2 x [512, 512]

    The stages after the first begin with stride 2, and the shortcut there is a 1x1 convolution.
    Strided convolutions are padded alike on all sides.  Convolutions have no bias (batch norm would
    take it off again) and start as He's; batch norm has epsilon 1e-5 and keeps 0.9 of its averages
    at every step.

    Args:
        input_shape: (height, width, channels) in pixels, at least 32 high and wide.
        classes: outputs, at least 2.
        width: filters of the stem, at least 1; the stages follow in proportion.
        name: of the model.

    Returns:
        A functional model (m, height, width, channels) -> probabilities (m, classes); with 1000
        classes 11,699,112 parameters, 9,600 of them not trained.

    Raises:
        TypeError, ValueError: an argument out of range.

    Example:
        >>> ResNet18((32, 32, 3), 10, width=4).output_shape
        (None, 10)

    Source: He et al., "Deep residual learning for image recognition", 2015, table 1, option B.
    """
    return _basic_network(input_shape, classes, width, STAGES_18, _projection, name)


def ResNet34(
    input_shape: Sequence[int] = (64, 64, 3),
    classes: int = 6,
    *,
    width: int = FULL_WIDTH,
    name: str = "resnet34",
) -> keras.Model:
    """Thirty-four layers with weights: `ResNet18` with 3, 4, 6 and 3 blocks.

    Args:
        input_shape: (height, width, channels) in pixels, at least 32 high and wide.
        classes: outputs, at least 2.
        width: filters of the stem, at least 1; the stages follow in proportion.
        name: of the model.

    Returns:
        A functional model (m, height, width, channels) -> probabilities (m, classes); with 1000
        classes 21,814,696 parameters, 17,024 of them not trained.

    Raises:
        TypeError, ValueError: an argument out of range.

    Example:
        >>> ResNet34((32, 32, 3), 10, width=4).output_shape
        (None, 10)

    Source: He et al., "Deep residual learning for image recognition", 2015, table 1, option B.
    """
    return _basic_network(input_shape, classes, width, STAGES_34, _projection, name)


def PlainNet34(
    input_shape: Sequence[int] = (64, 64, 3),
    classes: int = 6,
    *,
    width: int = FULL_WIDTH,
    name: str = "plainnet34",
) -> keras.Model:
    """`ResNet34` without its shortcuts: the network that the paper starts from.

    Args:
        input_shape: (height, width, channels) in pixels, at least 32 high and wide.
        classes: outputs, at least 2.
        width: filters of the stem, at least 1; the stages follow in proportion.
        name: of the model.

    Returns:
        A functional model (m, height, width, channels) -> probabilities (m, classes); it lacks the
        three 1x1 convolutions of `ResNet34`, 172,032 weights and their batch norm.

    Raises:
        TypeError, ValueError: an argument out of range.

    Example:
        >>> PlainNet34((32, 32, 3), 10, width=4).output_shape
        (None, 10)

    Source: He et al., "Deep residual learning for image recognition", 2015, figure 3.
    """
    return _basic_network(input_shape, classes, width, STAGES_34, None, name)


def _basic_network(input_shape, classes, width, stages, shortcut, name):
    shape = check_image_shape("input_shape", input_shape, MINIMUM_SIZE)
    classes, width = _check_classes(classes), check_count("width", width)
    X = inputs = keras.Input(shape, name="inputs")
    X = _stem(X, width, BASIC_NORM, pad_pool=True, use_bias=False, kernel_initializer="he_normal")
    X = _stages(X, _scaled(stages, width), partial(_basic_block, shortcut=shortcut))
    X = keras.layers.GlobalAveragePooling2D(name="head_1_pool")(X)
    return keras.Model(inputs, _softmax(X, classes), name=name)


def CifarResNet(
    depth: int = 20,
    input_shape: Sequence[int] = (32, 32, 3),
    classes: int = 10,
    *,
    width: int = CIFAR_FULL_WIDTH,
    shortcuts: bool = True,
    batch_norm: bool = True,
    name: str = "cifar_resnet",
) -> keras.Model:
    """The paper's network of any depth for small pictures, with or without shortcuts.

        3x3, 16 -> norm -> ReLU -> stages -> average -> softmax,   depth = 6 n + 2
        stages: n x [16, 16]   n x [32, 32]   n x [64, 64]

    No shortcut has weights: where the shape changes, it takes every second pixel and fills the new
    channels with zeros.  So with and without shortcuts a network has the same parameters, and what
    differs is due to the shortcuts alone.

    Args:
        depth: layers with weights, 6 n + 2: 8, 14, 20, ...
        input_shape: (height, width, channels) in pixels, at least 4 high and wide.
        classes: outputs, at least 2.
        width: filters of the first stage, at least 1; the others follow in proportion.
        shortcuts: False leaves them out, a plain network.
        batch_norm: False leaves it out; convolutions then have biases.
        name: of the model.

    Returns:
        A functional model (m, height, width, channels) -> probabilities (m, classes); 269,722
        trained parameters for depth 20 and the defaults.

    Raises:
        TypeError, ValueError: an argument out of range.

    Example:
        >>> CifarResNet(8, classes=6, width=4, shortcuts=False).output_shape
        (None, 6)

    Source: He et al., "Deep residual learning for image recognition", 2015, section 4.2, option A.
    """
    blocks = (check_count("depth", depth, minimum=8) - 2) // 6
    if depth != 6 * blocks + 2:
        advice = f"The nearest are {6 * blocks + 2} and {6 * blocks + 8}."
        raise InvalidValue(sentence("depth", "be 6 n + 2 for a whole n", depth, advice))
    shape = check_image_shape("input_shape", input_shape, CIFAR_MINIMUM_SIZE)
    classes, width = _check_classes(classes), check_count("width", width)
    stages = [(filters, blocks) for filters in CIFAR_FILTERS]

    X = inputs = keras.Input(shape, name="inputs")
    X = _conv(X, width, 1, "stem_1", "", batch_norm)
    X = keras.layers.ReLU(name="stem_1_relu")(X)
    shortcut = _zero_padded if shortcuts else None
    block = partial(_basic_block, shortcut=shortcut, batch_norm=batch_norm)
    X = _stages(X, _scaled(stages, width, CIFAR_FULL_WIDTH), block)
    X = keras.layers.GlobalAveragePooling2D(name="head_1_pool")(X)
    return keras.Model(inputs, _softmax(X, classes), name=name)


def _basic_block(X, filters, s, name, *, shortcut, batch_norm=True):
    """3x3 / s -> norm -> ReLU -> 3x3 -> norm, then the shortcut if there is one, then ReLU."""
    path = _conv(X, filters, s, name, "1", batch_norm)
    path = keras.layers.ReLU(name=f"{name}_relu1")(path)
    path = _conv(path, filters, 1, name, "2", batch_norm)
    if shortcut is None:
        return keras.layers.ReLU(name=f"{name}_output")(path)
    if s > 1 or X.shape[3] != filters:
        X = shortcut(X, filters, s, name)
    return _join(path, X, name)


def _projection(X, filters, s, name):
    """W_s, the paper's option B."""
    return _conv(X, filters, s, name, "shortcut", batch_norm=True, side=1)


def _zero_padded(X, filters, s, name):
    """Every s-th pixel, zeros in the new channels: the paper's option A."""
    new = filters - X.shape[3]
    X = keras.layers.MaxPooling2D(1, strides=s, name=f"{name}_subsample")(X)
    # Told that the channels come first, the layer takes our last axis for the width.
    return keras.layers.ZeroPadding2D(
        ((0, 0), (new // 2, new - new // 2)), "channels_first", name=f"{name}_zeros"
    )(X)


def _conv(X, filters, s, name, role, batch_norm, side=3):
    """3x3, padded by one pixel on all sides also where it strides; then batch norm."""
    strided = s > 1 and side > 1
    if strided:
        X = keras.layers.ZeroPadding2D(side // 2, name=f"{name}_pad")(X)
    X = keras.layers.Conv2D(
        filters,
        side,
        s,
        padding="valid" if strided else "same",
        use_bias=not batch_norm,
        kernel_initializer="he_normal",
        name=f"{name}_conv{role}",
    )(X)
    if not batch_norm:
        return X
    return keras.layers.BatchNormalization(axis=3, **BASIC_NORM, name=f"{name}_norm{role}")(X)


# --- What all networks share ----------------------------------------------------------------------


def _stages(X, stages, block):
    """`block(X, filters, s, name)` as often as the table says; a new stage halves the picture."""
    for stage, (filters, blocks) in enumerate(stages, start=2):
        for j in range(1, blocks + 1):
            s = 2 if stage > 2 and j == 1 else 1
            X = block(X, filters, s, f"stage{stage}_block{j}")
    return X


def _scaled(stages, width, full=FULL_WIDTH):
    """The table with all filters times width / full, which divides them."""

    def scale(filters):
        return tuple(map(scale, filters)) if isinstance(filters, tuple) else filters // full * width

    return [(scale(filters), blocks) for filters, blocks in stages]


def _stem(X, width, norm, *, pad_pool, **convolution):
    """Pad 3, 7x7 / 2, norm, ReLU, max pool 3x3 / 2: a quarter of the height and width."""
    X = keras.layers.ZeroPadding2D(3, name="stem_1_pad")(X)
    X = keras.layers.Conv2D(width, 7, 2, **convolution, name="stem_1_conv")(X)
    X = keras.layers.BatchNormalization(axis=3, **norm, name="stem_1_norm")(X)
    X = keras.layers.ReLU(name="stem_1_relu")(X)
    if pad_pool:
        X = keras.layers.ZeroPadding2D(1, name="stem_1_padpool")(X)
    return keras.layers.MaxPooling2D(3, 2, name="stem_1_pool")(X)


def _softmax(X, classes):
    return keras.layers.Dense(classes, activation="softmax", name="head_1_classes")(X)


# --- Arguments ------------------------------------------------------------------------------------


def _check_block(X, f, filters, initializer, epsilon):
    """The channels of X, f and the three filters."""
    shape = tuple(getattr(X, "shape", ()))
    if len(shape) != 4:
        expected = "have shape (m, n_H, n_W, n_C)"
        raise InvalidValue(sentence("X", expected, shape or type(X).__name__))
    f = check_count("f", f)
    if isinstance(filters, (str, bytes)) or not isinstance(filters, Sequence):
        received = f"{filters!r} ({type(filters).__name__})"
        raise InvalidType(sentence("filters", "be a list of three numbers, F1, F2, F3", received))
    if len(filters) != 3:
        raise InvalidValue(sentence("filters", "hold three numbers, F1, F2, F3", list(filters)))
    filters = [check_count(f"filters[{i}]", F) for i, F in enumerate(filters)]
    if not callable(initializer) or isinstance(initializer, keras.initializers.Initializer):
        expected = "be a class or function that makes an initialiser"
        advice = "Such as keras.initializers.HeNormal, or lambda seed: HeNormal(seed)."
        received = f"{initializer!r}" if isinstance(initializer, str) else "one already made"
        raise InvalidType(sentence("initializer", expected, received, advice))
    check_positive("epsilon", epsilon)
    return shape[3], f, filters


def _check_classes(classes):
    return check_count("classes", classes, minimum=2)
