"""EfficientNet: one small network, made larger in three directions at once (course 4, week 2).

A network gains from more layers, from more channels and from larger pictures, and from one of them
alone soon nothing more.  Compound scaling raises all three together, by one number phi:

    depth 1.2^phi,   width 1.1^phi,   side of the picture 1.15^phi

Multiplications grow as depth * width^2 * side^2, here as (1.2 * 1.1^2 * 1.15^2)^phi, or nearly
2^phi.  B0 was found by a search; B1 to B7 are B0 scaled.

Its blocks are MobileNetV2's inverted residuals with SiLU, z * sigmoid(z), in the place of ReLU6 and
with squeeze and excitation: the mean of every channel over the whole map goes through two small
layers and comes back as a gate between 0 and 1, by which the channel is multiplied.

Pictures come with pixels from 0 to 255: scaling and normalisation are the first two layers.
"""

import math

import keras
import numpy as np

from dlspec._validation import check_choice, check_count, check_finite, check_image_shape
from dlspec.cnn._weights import Weights, check_weights, load_weights

__all__ = ["EfficientNet", "compound_scaling"]

ALPHA, BETA, GAMMA = 1.2, 1.1, 1.15  # bases of depth, width and side

# Width, depth, side of the pictures, dropout before the softmax, as published.
VARIANTS = {
    "B0": (1.0, 1.0, 224, 0.2),
    "B1": (1.0, 1.1, 240, 0.2),
    "B2": (1.1, 1.2, 260, 0.3),
    "B3": (1.2, 1.4, 300, 0.3),
    "B4": (1.4, 1.8, 380, 0.4),
    "B5": (1.6, 2.2, 456, 0.4),
    "B6": (1.8, 2.6, 528, 0.5),
    "B7": (2.0, 3.1, 600, 0.5),
}

# B0: expansion, channels, blocks, stride of the first of them, side of the filters (table 1).
STEM = 32
STAGES = (
    (1, 16, 1, 1, 3),
    (6, 24, 2, 2, 3),
    (6, 40, 2, 2, 5),
    (6, 80, 3, 2, 3),
    (6, 112, 3, 1, 5),
    (6, 192, 4, 2, 5),
    (6, 320, 1, 1, 3),
)
LAST = 1280
SQUEEZE = 0.25  # channels inside squeeze and excitation, as a share of the block's input
DROP_CONNECT = 0.2  # share of the pictures that skip the last block in training; earlier ones less
MINIMUM = 32


def compound_scaling(phi: float) -> tuple[float, float, float]:
    """Factors for depth, width and side of the picture, 1.2^phi, 1.1^phi and 1.15^phi.

    B1 to B3 are phi = 0.5, 1 and 2, rounded.  B4 to B7 stand for 3 to 6, and were published with
    somewhat larger numbers than the formula has.

    Args:
        phi: resources as a power of two; 0 is B0.

    Returns:
        (depth, width, side), as multiples of B0's.

    Raises:
        TypeError, ValueError: not a finite number.

    Example:
        >>> [round(factor, 2) for factor in compound_scaling(2)]
        [1.44, 1.21, 1.32]

    Source: Tan and Le, "EfficientNet: Rethinking model scaling for convolutional neural networks",
    2019, equation 3; course 4, week 2.
    """
    phi = check_finite("phi", phi)
    return ALPHA**phi, BETA**phi, GAMMA**phi


def EfficientNet(
    variant: str = "B0",
    input_shape: tuple[int, int, int] | None = None,
    classes: int = 1000,
    *,
    include_top: bool = True,
    weights: Weights = None,
    name: str | None = None,
) -> keras.Model:
    """A 3x3 convolution, 16 (B0) to 55 (B7) blocks, a 1x1 convolution, pooling, softmax.

    The layer `stem_0_normalise` is neutral until `weights="imagenet"` or its own `adapt` gives it
    the mean and variance of pictures.

    Args:
        variant: "B0" to "B7".
        input_shape: (height, width, channels) of the pictures, at least 32 pixels each way; None
            for those of the variant, 224 x 224 (B0) to 600 x 600 (B7).
        classes: at least 2; not used without the top.
        include_top: False leaves out pooling and softmax.
        weights: None for random ones, the path of a file with weights of this network, or
            "imagenet".
        name: name of the model; None for "efficientnet_b0" and so on.

    Returns:
        A model (batch, height, width, channels) -> (batch, classes) of probabilities, or without
        the top -> (batch, height / 32, width / 32, 1280 for B0), sides rounded up.  B0 has
        5,330,571 parameters as called without arguments.

    Raises:
        TypeError, ValueError: an unknown variant, numbers or sizes out of range, weights that
            cannot be had.

    Example:
        >>> EfficientNet("B0", (32, 32, 3), classes=2).output.shape
        (None, 2)

    Source: Tan and Le, "EfficientNet: Rethinking model scaling for convolutional neural networks",
    2019, table 1; its published code for the numbers of B1 to B7; course 4, week 2.
    """
    width, depth, side, dropout = VARIANTS[check_choice("variant", variant, tuple(VARIANTS))]
    shape = check_image_shape(
        "input_shape", (side, side, 3) if input_shape is None else input_shape, MINIMUM
    )
    classes = check_count("classes", classes, 2)
    published = {
        "3 channels": shape[2] == 3,
        "classes=1000 or include_top=False": classes == 1000 or not include_top,
    }
    weights = check_weights(weights, published)

    x = inputs = keras.Input(shape, name="inputs")
    x = keras.layers.Rescaling(1 / 255, name="stem_0_rescale")(x)
    x = keras.layers.Normalization(name="stem_0_normalise")(x)
    x = _strided(x, 3, "stem_1")
    x = _conv(x, _in_eights(STEM * width), "stem_1", side=3, stride=2, padding="valid")
    total = sum(_repeats(stage[2], depth) for stage in STAGES)
    done = 0
    for i, (expansion, channels, blocks, stride, f) in enumerate(STAGES, start=1):
        for j in range(1, _repeats(blocks, depth) + 1):
            step = stride if j == 1 else 1
            shape_of_block = expansion, _in_eights(channels * width), f, step
            x = _block(x, shape_of_block, DROP_CONNECT * done / total, f"stage{i}_block{j}")
            done += 1
    x = _conv(x, _in_eights(LAST * width), "last_1")
    if include_top:
        x = keras.layers.GlobalAveragePooling2D(name="head_1_pool")(x)
        x = keras.layers.Dropout(dropout, name="head_1_dropout")(x)
        x = keras.layers.Dense(
            classes,
            activation="softmax",
            kernel_initializer=keras.initializers.VarianceScaling(1 / 3, "fan_out", "uniform"),
            name="head_1_softmax",
        )(x)
    model = keras.Model(inputs, x, name=name or f"efficientnet_{variant.lower()}")
    return load_weights(model, weights, lambda: _twin(variant, include_top))


# --- Blocks ---------------------------------------------------------------------------------------


def _block(x, shape_of_block, drop_rate, name):
    """Expand, filter every channel, gate, project; a shortcut where shapes agree."""
    expansion, channels, f, stride = shape_of_block
    shortcut, thin = x, x.shape[-1]
    if expansion > 1:
        x = _conv(x, expansion * thin, f"{name}_expand")
    if stride == 2:
        x = _strided(x, f, f"{name}_depthwise")
    x = keras.layers.DepthwiseConv2D(
        f,
        strides=stride,
        padding="valid" if stride == 2 else "same",
        use_bias=False,
        depthwise_initializer=_he_fan_out(),
        name=f"{name}_depthwise_conv",
    )(x)
    x = _norm_silu(x, f"{name}_depthwise")
    x = _squeeze_excite(x, max(1, int(thin * SQUEEZE)), f"{name}_gate")
    x = _conv(x, channels, f"{name}_project", active=False)
    if stride == 1 and channels == thin:
        if drop_rate > 0:
            one_a_picture = (None, 1, 1, 1)
            x = keras.layers.Dropout(drop_rate, one_a_picture, name=f"{name}_drop")(x)
        x = keras.layers.Add(name=f"{name}_add")([x, shortcut])
    return x


def _squeeze_excite(x, squeezed, name):
    channels = x.shape[-1]
    gate = keras.layers.GlobalAveragePooling2D(keepdims=True, name=f"{name}_squeeze")(x)
    for units, activation, role in (
        (squeezed, "silu", "reduce"),
        (channels, "sigmoid", "expand"),
    ):
        gate = keras.layers.Conv2D(
            units,
            1,
            activation=activation,
            kernel_initializer=_he_fan_out(),
            name=f"{name}_{role}",
        )(gate)
    return keras.layers.Multiply(name=f"{name}_multiply")([x, gate])


def _conv(x, channels, name, side=1, stride=1, padding="same", active=True):
    x = keras.layers.Conv2D(
        channels,
        side,
        strides=stride,
        padding=padding,
        use_bias=False,
        kernel_initializer=_he_fan_out(),
        name=f"{name}_conv",
    )(x)
    if active:
        return _norm_silu(x, name)
    return keras.layers.BatchNormalization(name=f"{name}_norm")(x)


def _norm_silu(x, name):
    x = keras.layers.BatchNormalization(name=f"{name}_norm")(x)
    return keras.layers.Activation("silu", name=f"{name}_silu")(x)


def _strided(x, f, name):
    """Zeros around for a filter with stride 2: one row less before if the side is even."""
    padding = tuple((f // 2 - 1 + side % 2, f // 2) for side in x.shape[1:3])
    return keras.layers.ZeroPadding2D(padding, name=f"{name}_pad")(x)


def _he_fan_out():
    return keras.initializers.VarianceScaling(2.0, "fan_out", "truncated_normal")


# --- Scaling --------------------------------------------------------------------------------------


def _in_eights(channels):
    """The nearest multiple of 8, at least 8, and never more than 10 % below."""
    rounded = max(8, int(channels + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * channels else rounded


def _repeats(blocks, depth):
    return math.ceil(blocks * depth)


# --- Published weights ----------------------------------------------------------------------------


def _twin(variant, include_top):
    """Keras' network with the published weights, its two layers of scaling made one.

    Its normalisation layer holds the *deviation* of the colours where the variance belongs, and a
    further layer divides by the root of the deviation: together (x - mean) / deviation.  With
    variance times deviation in place of the variance, ours does the same alone.
    """
    model = getattr(keras.applications, f"EfficientNet{variant}")(include_top=include_top)
    normalise, rescale = model.layers[2:4]
    mean, variance, *count = normalise.get_weights()
    variance = variance / np.square(rescale.scale, dtype=variance.dtype)
    normalise.set_weights([mean, variance, *count])
    return model
