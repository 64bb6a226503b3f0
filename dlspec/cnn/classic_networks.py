"""The classics: LeNet-5, AlexNet, VGG16 and VGG19 (course 4, week 2).

All are one pattern, [convolution(s), pooling] repeated, then dense layers: height and width go down
while the number of channels goes up.

    1998  LeNet-5   32x32 digits        60 thousand parameters   average pooling, tanh
    2012  AlexNet   227x227 photos      62 million               max pooling, ReLU, dropout
    2014  VGG       224x224 photos      138 million              only 3x3 "same" and 2x2 pooling

The tables below are the networks; f filters of side k with stride s are written (f, k, s).
"""

import keras

from dlspec._complaints import InvalidValue, sentence
from dlspec._validation import check_choice, check_count, check_image_shape
from dlspec.cnn._weights import Weights, check_weights, load_weights

__all__ = ["VGG16", "VGG19", "AlexNet", "LeNet5", "LocalResponseNormalization"]

# Filters, side; each followed by 2x2 average pooling.  Then the units of the dense layers.
LENET_CONVOLUTIONS = ((6, 5), (16, 5))
LENET_DENSE = (120, 84)
LENET_MINIMUM = 16

# Filters, side, stride, "same" or not, in groups or not, 3x3 max pooling with stride 2 behind it.
ALEXNET_CONVOLUTIONS = (
    (96, 11, 4, "valid", False, True),
    (256, 5, 1, "same", True, True),
    (384, 3, 1, "same", False, False),
    (384, 3, 1, "same", True, False),
    (256, 3, 1, "same", True, True),
)
ALEXNET_MINIMUM = 67

# Filters and number of 3x3 convolutions; each stage ends in 2x2 max pooling with stride 2.
VGG16_STAGES = ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))
VGG19_STAGES = ((64, 2), (128, 2), (256, 4), (512, 4), (512, 4))
VGG_MINIMUM = 32

WIDE_DENSE = (4096, 4096)  # AlexNet and VGG
DROPOUT = 0.5  # after each of them


def LeNet5(
    input_shape: tuple[int, int, int] = (32, 32, 1),
    classes: int = 10,
    *,
    activation: str = "tanh",
    weights: Weights = None,
    name: str = "lenet5",
) -> keras.Model:
    """[5x5 convolution -> 2x2 average pooling] x 2 -> 120 -> 84 -> softmax.

    As the course draws it.  The paper's network joins only some of the maps in its second
    convolution, scales each pooled map by a learnt number, and ends in radial basis functions.

    Args:
        input_shape: (height, width, channels) of the pictures, at least 16 pixels each way.
        classes: at least 2.
        activation: "tanh" or "sigmoid" as in 1998, or "relu" as one would today.
        weights: None for random ones, or the path of a file with weights of this network.
        name: name of the model.

    Returns:
        A model (batch, height, width, channels) -> (batch, classes) of probabilities; 61,706
        parameters as called without arguments.

    Raises:
        TypeError, ValueError: numbers or sizes out of range, weights that cannot be had.

    Example:
        >>> LeNet5().count_params()
        61706

    Source: LeCun et al., "Gradient-based learning applied to document recognition", 1998; course 4,
    week 2.
    """
    shape = check_image_shape("input_shape", input_shape, LENET_MINIMUM)
    classes = check_count("classes", classes, 2)
    check_choice("activation", activation, ("tanh", "sigmoid", "relu"))
    weights = check_weights(weights)

    x = inputs = keras.Input(shape, name="inputs")
    for i, (filters, side) in enumerate(LENET_CONVOLUTIONS, start=1):
        convolution = keras.layers.Conv2D(
            filters, side, activation=activation, name=f"stage{i}_1_conv"
        )
        x = convolution(x)
        x = keras.layers.AveragePooling2D(2, name=f"stage{i}_1_pool")(x)
    x = keras.layers.Flatten(name="dense_0_flatten")(x)
    for i, units in enumerate(LENET_DENSE, start=1):
        x = keras.layers.Dense(units, activation=activation, name=f"dense_{i}_linear")(x)
    x = keras.layers.Dense(classes, activation="softmax", name="head_1_softmax")(x)
    return load_weights(keras.Model(inputs, x, name=name), weights)


def AlexNet(
    input_shape: tuple[int, int, int] = (227, 227, 3),
    classes: int = 1000,
    *,
    groups: int = 1,
    local_response: bool = False,
    weights: Weights = None,
    name: str = "alexnet",
) -> keras.Model:
    """Five convolutions, three max poolings, 4096 -> 4096 -> softmax, all with ReLU.

    Args:
        input_shape: (height, width, channels) of the pictures, at least 67 pixels each way.
        classes: at least 2.
        groups: 1 as the course draws it; 2 as in the paper, where two processors held half the
            filters each and the second, fourth and fifth convolution saw one half only.
        local_response: normalise across channels behind the first two convolutions, as in the
            paper; it was found to matter little.
        weights: None for random ones, or the path of a file with weights of this network.
        name: name of the model.

    Returns:
        A model (batch, height, width, channels) -> (batch, classes) of probabilities; 62,378,344
        parameters as called without arguments, 60,965,224 with two groups.

    Raises:
        TypeError, ValueError: numbers or sizes out of range, weights that cannot be had.

    Example:
        >>> AlexNet((67, 67, 3), classes=10).get_layer("stage5_1_pool").output.shape
        (None, 1, 1, 256)

    Source: Krizhevsky, Sutskever and Hinton, "ImageNet classification with deep convolutional
    neural networks", 2012 (its pictures of 224 x 224 need 227 x 227 for its own sizes); course 4,
    week 2.
    """
    shape = check_image_shape("input_shape", input_shape, ALEXNET_MINIMUM)
    classes = check_count("classes", classes, 2)
    if groups not in (1, 2):
        raise InvalidValue(sentence("groups", "be 1 or 2", groups))
    weights = check_weights(weights)

    x = inputs = keras.Input(shape, name="inputs")
    for i, (filters, side, stride, padding, split, pool) in enumerate(ALEXNET_CONVOLUTIONS, 1):
        convolution = keras.layers.Conv2D(
            filters,
            side,
            strides=stride,
            padding=padding,
            groups=groups if split else 1,
            activation="relu",
            name=f"stage{i}_1_conv",
        )
        x = convolution(x)
        if local_response and i <= 2:
            x = LocalResponseNormalization(name=f"stage{i}_1_norm")(x)
        if pool:
            x = keras.layers.MaxPooling2D(3, strides=2, name=f"stage{i}_1_pool")(x)
    x = _wide_head(x, classes)
    return load_weights(keras.Model(inputs, x, name=name), weights)


def VGG16(
    input_shape: tuple[int, int, int] = (224, 224, 3),
    classes: int = 1000,
    *,
    include_top: bool = True,
    weights: Weights = None,
    name: str = "vgg16",
) -> keras.Model:
    """13 convolutions 3x3 in five stages, each closed by max pooling, and 3 dense layers.

    The number of channels doubles from 64 to 512 as height and width halve.  The published weights
    ask for pictures as `keras.applications.vgg16.preprocess_input` makes them: blue, green, red,
    less their means over ImageNet.

    Args:
        input_shape: (height, width, channels) of the pictures, at least 32 pixels each way.
        classes: at least 2; not used without the top.
        include_top: False leaves out the dense layers.
        weights: None for random ones, the path of a file with weights of this network, or
            "imagenet".
        name: name of the model.

    Returns:
        A model (batch, height, width, channels) -> (batch, classes) of probabilities, 138,357,544
        parameters as called without arguments; without the top -> (batch, height // 32,
        width // 32, 512), 14,714,688 parameters.

    Raises:
        TypeError, ValueError: numbers or sizes out of range, weights that cannot be had.

    Example:
        >>> VGG16((32, 32, 3), include_top=False).count_params()
        14714688

    Source: Simonyan and Zisserman, "Very deep convolutional networks for large-scale image
    recognition", 2014, column D of table 1; course 4, week 2.
    """
    return _vgg(VGG16_STAGES, "VGG16", input_shape, classes, include_top, weights, name)


def VGG19(
    input_shape: tuple[int, int, int] = (224, 224, 3),
    classes: int = 1000,
    *,
    include_top: bool = True,
    weights: Weights = None,
    name: str = "vgg19",
) -> keras.Model:
    """As VGG16, with four convolutions in each of the last three stages.

    Args:
        input_shape: (height, width, channels) of the pictures, at least 32 pixels each way.
        classes: at least 2; not used without the top.
        include_top: False leaves out the dense layers.
        weights: None for random ones, the path of a file with weights of this network, or
            "imagenet".
        name: name of the model.

    Returns:
        A model (batch, height, width, channels) -> (batch, classes) of probabilities, 143,667,240
        parameters as called without arguments; without the top -> (batch, height // 32,
        width // 32, 512), 20,024,384 parameters.

    Raises:
        TypeError, ValueError: numbers or sizes out of range, weights that cannot be had.

    Example:
        >>> VGG19((32, 32, 3), include_top=False).output.shape
        (None, 1, 1, 512)

    Source: Simonyan and Zisserman, "Very deep convolutional networks for large-scale image
    recognition", 2014, column E of table 1; course 4, week 2.
    """
    return _vgg(VGG19_STAGES, "VGG19", input_shape, classes, include_top, weights, name)


def _vgg(stages, application, input_shape, classes, include_top, weights, name):
    shape = check_image_shape("input_shape", input_shape, VGG_MINIMUM)
    classes = check_count("classes", classes, 2)
    published = {
        "3 channels": shape[2] == 3,
        "224 x 224 pixels and classes=1000, or include_top=False": (
            (shape[:2] == (224, 224) and classes == 1000) or not include_top
        ),
    }
    weights = check_weights(weights, published)

    x = inputs = keras.Input(shape, name="inputs")
    for i, (filters, convolutions) in enumerate(stages, start=1):
        for j in range(1, convolutions + 1):
            convolution = keras.layers.Conv2D(
                filters, 3, padding="same", activation="relu", name=f"stage{i}_{j}_conv"
            )
            x = convolution(x)
        x = keras.layers.MaxPooling2D(2, name=f"stage{i}_{convolutions}_pool")(x)
    if include_top:
        x = _wide_head(x, classes)
    model = keras.Model(inputs, x, name=name)

    def twin():
        return getattr(keras.applications, application)(include_top=include_top)

    return load_weights(model, weights, twin)


def _wide_head(x, classes):
    """The dense layers of AlexNet and VGG, which hold most of their parameters."""
    x = keras.layers.Flatten(name="dense_0_flatten")(x)
    for i, units in enumerate(WIDE_DENSE, start=1):
        x = keras.layers.Dense(units, activation="relu", name=f"dense_{i}_linear")(x)
        x = keras.layers.Dropout(DROPOUT, name=f"dense_{i}_dropout")(x)
    return keras.layers.Dense(classes, activation="softmax", name="head_1_softmax")(x)


class _AcrossChannels(keras.layers.Layer):
    """Divides each activation by what its neighbouring channels hold at the same place."""

    def call(self, inputs):
        channels, reach = inputs.shape[-1], self.depth // 2
        squares = keras.ops.pad(keras.ops.square(inputs), ((0, 0), (0, 0), (0, 0), (reach, reach)))
        total = sum(squares[..., i : i + channels] for i in range(self.depth))
        return inputs / (self.k + self.alpha * total) ** self.beta

    def get_config(self):
        own = {"depth": self.depth, "k": self.k, "alpha": self.alpha, "beta": self.beta}
        return super().get_config() | own


@keras.saving.register_keras_serializable(package="dlspec")
class LocalResponseNormalization(_AcrossChannels):
    """Divide every activation by what `depth` neighbouring channels hold at the same place.

        b_i = a_i / (k + alpha * sum of a_j^2 over j = i - depth // 2, ..., i + depth // 2)^beta

    Args:
        depth: channels in the sum, an odd number of at least 1.
        k: keeps the divisor away from 0, above 0.
        alpha: weight of the squares.
        beta: exponent.
        kwargs: `name` and what else every Keras layer takes.

    Raises:
        TypeError, ValueError: a depth that is not odd.

    Example:
        >>> layer = LocalResponseNormalization(depth=1, k=1.0, alpha=1.0, beta=1.0)
        >>> float(layer(keras.ops.full((1, 1, 1, 1), 2.0))[0, 0, 0, 0])  # 2 / (1 + 2^2)
        0.4000000059604645

    Source: Krizhevsky, Sutskever and Hinton, 2012, section 3.3, with its constants.
    """

    def __init__(
        self,
        depth: int = 5,
        k: float = 2.0,
        alpha: float = 1e-4,
        beta: float = 0.75,
        **kwargs: object,
    ):
        super().__init__(**kwargs)
        if check_count("depth", depth) % 2 == 0:
            raise InvalidValue(sentence("depth", "be odd", depth))
        self.depth, self.k, self.alpha, self.beta = depth, k, alpha, beta
