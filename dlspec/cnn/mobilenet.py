"""MobileNet: convolutions cheap enough for a phone (course 4, week 2).

A convolution with n_C' filters of f x f looks at space and at channels at once.  A depthwise
separable one does it in two steps: an f x f filter for every channel by itself (depthwise), then a
1 x 1 convolution across the channels (pointwise).  The share of multiplications that remains is

    1 / n_C' + 1 / f^2                       about 1/9 for 3 x 3 filters

Version 1 is a stack of them.  Version 2 turns the residual block inside out: the shortcut connects
thin layers, and between them the channels are expanded six times, filtered depthwise, and projected
back by a 1 x 1 convolution *without* ReLU, which would lose information in so few channels:

    thin --expand 1x1, ReLU6--> wide --depthwise 3x3, ReLU6--> wide --project 1x1--> thin
      |________________________________________________________________________________|  (+)

`alpha` scales the number of channels everywhere; multiplications go down as alpha^2.

Pictures come with pixels scaled to [-1, 1], x / 127.5 - 1, as for the published weights.
"""

import keras

from dlspec._validation import check_count, check_image_shape, check_positive
from dlspec.cnn._weights import Weights, check_weights, load_weights

__all__ = ["MobileNetV1", "MobileNetV2"]

MINIMUM = 32  # both networks halve height and width five times

# Version 1: stride of the depthwise and channels of the pointwise convolution.  The paper's table
# gives the last one stride 2, at odds with its own sizes (7 x 7 before and after): it is 1.
STEM_V1 = 32
BLOCKS_V1 = (
    (1, 64),
    (2, 128),
    (1, 128),
    (2, 256),
    (1, 256),
    (2, 512),
    (1, 512),
    (1, 512),
    (1, 512),
    (1, 512),
    (1, 512),
    (2, 1024),
    (1, 1024),
)
DROPOUT_V1 = 0.001

# Version 2: expansion t, channels c, blocks n, stride s of the first of them (the paper's table 2).
STEM_V2 = 32
STAGES_V2 = (
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)
HEAD_V2 = 1280

# What keras.applications has weights for.
ALPHAS_V1 = (0.25, 0.5, 0.75, 1.0)
ALPHAS_V2 = (0.35, 0.5, 0.75, 1.0, 1.3, 1.4)
SIZES_V1 = (128, 160, 192, 224)
SIZES_V2 = (96, 128, 160, 192, 224)


def MobileNetV1(
    input_shape: tuple[int, int, int] = (224, 224, 3),
    classes: int = 1000,
    *,
    alpha: float = 1.0,
    include_top: bool = True,
    weights: Weights = None,
    name: str = "mobilenet_v1",
) -> keras.Model:
    """A 3x3 convolution, 13 depthwise separable ones, average pooling, softmax.

    Every convolution is followed by batch normalisation and ReLU6, min(max(0, z), 6).

    Args:
        input_shape: (height, width, channels) of the pictures, at least 32 pixels each way.
        classes: at least 2; not used without the top.
        alpha: width multiplier above 0; the paper has 1, 0.75, 0.5 and 0.25.
        include_top: False leaves out pooling and softmax.
        weights: None for random ones, the path of a file with weights of this network, or
            "imagenet".
        name: name of the model.

    Returns:
        A model (batch, height, width, channels) -> (batch, classes) of probabilities, or without
        the top -> (batch, height / 32, width / 32, 1024 alpha) for multiples of 32.

    Raises:
        TypeError, ValueError: numbers or sizes out of range, weights that cannot be had.

    Example:
        >>> MobileNetV1((32, 32, 3), classes=2, alpha=0.25).output.shape
        (None, 2)

    Source: Howard et al., "MobileNets: Efficient convolutional neural networks for mobile vision
    applications", 2017, table 1; course 4, week 2.
    """
    shape = check_image_shape("input_shape", input_shape, MINIMUM)
    classes = check_count("classes", classes, 2)
    alpha = check_positive("alpha", alpha)
    published = _published(shape, classes, alpha, include_top, ALPHAS_V1)
    weights = check_weights(weights, published)

    x = inputs = keras.Input(shape, name="inputs")
    x = _convolution(x, _thinned(STEM_V1, alpha), 3, 2, "stem_1")
    for block, (stride, channels) in enumerate(BLOCKS_V1, start=1):
        x = _separable_block(x, _thinned(channels, alpha), stride, f"separable_{block}")
    if include_top:
        x = keras.layers.GlobalAveragePooling2D(name="head_1_pool")(x)
        x = keras.layers.Dropout(DROPOUT_V1, name="head_1_dropout")(x)
        x = keras.layers.Dense(classes, activation="softmax", name="head_1_softmax")(x)
    model = keras.Model(inputs, x, name=name)

    def twin():
        size = _published_size(shape, SIZES_V1)
        return keras.applications.MobileNet(size, alpha, include_top=include_top)

    return load_weights(model, weights, twin)


def MobileNetV2(
    input_shape: tuple[int, int, int] = (224, 224, 3),
    classes: int = 1000,
    *,
    alpha: float = 1.0,
    include_top: bool = True,
    weights: Weights = None,
    name: str = "mobilenet_v2",
) -> keras.Model:
    """A 3x3 convolution, 17 inverted residual blocks, a 1x1 convolution, pooling, softmax.

    Layers stand in the order of keras.applications, 154 of them without the top, so that "fine-tune
    from layer 120" means the same in both.

    Args:
        input_shape: (height, width, channels) of the pictures, at least 32 pixels each way.
        classes: at least 2; not used without the top.
        alpha: width multiplier above 0; channels are rounded to multiples of 8, and the last 1280
            are only ever widened.
        include_top: False leaves out pooling and softmax.
        weights: None for random ones, the path of a file with weights of this network, or
            "imagenet".
        name: name of the model.

    Returns:
        A model (batch, height, width, channels) -> (batch, classes) of probabilities, or without
        the top -> (batch, height / 32, width / 32, 1280), sides rounded up.

    Raises:
        TypeError, ValueError: numbers or sizes out of range, weights that cannot be had.

    Example:
        >>> MobileNetV2((64, 64, 3), alpha=0.35, include_top=False).output.shape
        (None, 2, 2, 1280)

    Source: Sandler et al., "MobileNetV2: Inverted residuals and linear bottlenecks", 2018, table 2;
    course 4, week 2.
    """
    shape = check_image_shape("input_shape", input_shape, MINIMUM)
    classes = check_count("classes", classes, 2)
    alpha = check_positive("alpha", alpha)
    published = _published(shape, classes, alpha, include_top, ALPHAS_V2)
    weights = check_weights(weights, published)

    x = inputs = keras.Input(shape, name="inputs")
    x = _convolution(x, _in_eights(STEM_V2 * alpha), 3, 2, "stem_1", momentum=0.999)
    for stage, (expansion, channels, blocks, stride) in enumerate(STAGES_V2, start=1):
        thin = _in_eights(int(channels * alpha))
        for block in range(1, blocks + 1):
            step = stride if block == 1 else 1
            x = _inverted_residual(x, thin, expansion, step, f"stage{stage}_block{block}")
    x = _convolution(x, _in_eights(HEAD_V2 * max(1.0, alpha)), 1, 1, "last_1", momentum=0.999)
    if include_top:
        x = keras.layers.GlobalAveragePooling2D(name="head_1_pool")(x)
        x = keras.layers.Dense(classes, activation="softmax", name="head_1_softmax")(x)
    model = keras.Model(inputs, x, name=name)

    def twin():
        size = _published_size(shape, SIZES_V2)
        return keras.applications.MobileNetV2(size, alpha, include_top=include_top)

    return load_weights(model, weights, twin)


# --- Blocks ---------------------------------------------------------------------------------------


def _convolution(x, channels, f, stride, name, momentum=0.99):
    x = keras.layers.Conv2D(
        channels, f, strides=stride, padding="same", use_bias=False, name=f"{name}_conv"
    )(x)
    x = keras.layers.BatchNormalization(momentum=momentum, name=f"{name}_norm")(x)
    return keras.layers.ReLU(6.0, name=f"{name}_relu")(x)


def _separable_block(x, channels, stride, name):
    """Version 1: every channel filtered by itself, then 1x1 across the channels."""
    x = _depthwise(x, stride, ((0, 1), (0, 1)), name, momentum=0.99)
    return _convolution(x, channels, 1, 1, f"{name}_pointwise")


def _inverted_residual(x, channels, expansion, stride, name):
    """Version 2: expand, filter every channel, project; a shortcut where shapes agree."""
    shortcut, thin = x, x.shape[-1]
    if expansion > 1:
        x = _convolution(x, expansion * thin, 1, 1, f"{name}_expand", momentum=0.999)
    x = _depthwise(x, stride, _centred(x.shape), name, momentum=0.999)
    x = keras.layers.Conv2D(channels, 1, use_bias=False, name=f"{name}_project_conv")(x)
    x = keras.layers.BatchNormalization(momentum=0.999, name=f"{name}_project_norm")(x)
    if stride == 1 and channels == thin:
        x = keras.layers.Add(name=f"{name}_add")([shortcut, x])
    return x


def _depthwise(x, stride, padding, name, momentum):
    """3x3; with stride 2 the zeros stand where they stood when the published weights learnt."""
    if stride == 2:
        x = keras.layers.ZeroPadding2D(padding, name=f"{name}_depthwise_pad")(x)
    x = keras.layers.DepthwiseConv2D(
        3,
        strides=stride,
        padding="valid" if stride == 2 else "same",
        use_bias=False,
        name=f"{name}_depthwise_conv",
    )(x)
    x = keras.layers.BatchNormalization(momentum=momentum, name=f"{name}_depthwise_norm")(x)
    return keras.layers.ReLU(6.0, name=f"{name}_depthwise_relu")(x)


def _centred(shape):
    """Zeros around a map for a 3x3 filter with stride 2: one less before if the side is even."""
    return tuple((side % 2, 1) for side in shape[1:3])


# --- Widths ---------------------------------------------------------------------------------------


def _thinned(channels, alpha):
    return max(1, int(channels * alpha))


def _in_eights(channels):
    """The nearest multiple of 8, at least 8, and never more than 10 % below."""
    rounded = max(8, int(channels + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * channels else rounded


# --- Published weights ----------------------------------------------------------------------------


def _published(shape, classes, alpha, include_top, alphas):
    return {
        "3 channels": shape[2] == 3,
        "classes=1000 or include_top=False": classes == 1000 or not include_top,
        f"alpha one of {', '.join(map(str, alphas))}": alpha in alphas,
    }


def _published_size(shape, sizes):
    """The weights learnt at this size, or else at 224 x 224."""
    return shape if shape[0] == shape[1] and shape[0] in sizes else (224, 224, 3)
