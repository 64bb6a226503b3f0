"""Networks for faces: encoders, and the Siamese head on two encodings  (course 4, week 4).

An encoder f turns a picture into an encoding, a vector of length 1, and the distance of two says
how different the faces are.  `InceptionFaceNet` is the course's network, `FaceEncoder` a small one
that a laptop trains in minutes.  Both learn from triplets, with the losses and batches of
`dlspec.cnn.face_recognition`.

A Siamese network gives the answer itself: one encoder looks at both pictures, and a logistic unit
on the differences of their encodings says "same" or not (`SiameseHead`):

    y^ = sigmoid(sum_k w_k diff_k + b)     diff_k = |f_k - g_k|  or  (f_k - g_k)^2 / (f_k + g_k)

The notes this package started from write the chi-square similarity as (f_k + g_k) / 2, a slip that
is not repeated.  Encodings here have both signs, so that the form divides by |f_k| + |g_k|.
"""

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import check_choice, check_count, check_image_shape

__all__ = [
    "EncodingDifference",
    "FaceEncoder",
    "InceptionFaceNet",
    "SiameseHead",
    "SiameseNetwork",
]


# --- Encoders -------------------------------------------------------------------------------------

# 1x1; 3x3: reduce, filters, stride; 5x5: the same; pooling: kind, stride, 1x1 behind it.
NN4_SMALL2 = {
    "3a": (64, (96, 128, 1), (16, 32, 1), ("max", 2, 32)),
    "3b": (64, (96, 128, 1), (32, 64, 1), ("average", 3, 64)),
    "3c": (None, (128, 256, 2), (32, 64, 2), ("max", 2, None)),
    "4a": (256, (96, 192, 1), (32, 64, 1), ("average", 3, 128)),
    "4e": (None, (160, 256, 2), (64, 128, 2), ("max", 2, None)),
    "5a": (256, (96, 384, 1), None, ("average", 3, 96)),
    "5b": (256, (96, 384, 1), None, ("max", 2, 96)),
}
EPSILON = 1e-5  # of its batch normalisation
MINIMUM = 96  # smaller maps would vanish in block 5a

# Of FaceEncoder: (times the width, convolutions); behind each but the last the sides are halved.
STAGES = ((1, 1), (2, 2), (4, 2), (8, 2))
MOMENTUM = 0.9  # averages of a few hundred steps, not of the usual thousands


def InceptionFaceNet(
    input_shape: tuple[int, int, int] = (96, 96, 3),
    encoding_size: int = 128,
    name: str = "inception_face_net",
) -> keras.Model:
    """NN4-small2, the network behind OpenFace and behind the course's encodings.

    The branches of a block that pool become smaller than the others, and zeros are put around them.
    Pools of blocks 3b, 4a and 5a take the average, as the course's do; OpenFace's take the root of
    the sum of squares.

    Args:
        input_shape: (height, width, channels), at least 96 pixels each way.
        encoding_size: n, at least 1.
        name: of the model.

    Returns:
        A model from pictures with pixels in [0, 1] to encodings (m, n) of length 1; as called
        without arguments it has 3,743,280 parameters, 9,312 of them not trainable.  The weights are
        random.

    Raises:
        TypeError, ValueError: sizes out of range.

    Example:
        >>> InceptionFaceNet().count_params()
        3743280

    Source: Amos et al., "OpenFace", 2016, nn4.small2; Schroff et al., "FaceNet", 2015; course 4,
    week 4, exercise 1.
    """
    shape = check_image_shape("input_shape", input_shape, MINIMUM)
    encoding_size = check_count("encoding_size", encoding_size)

    inputs = keras.Input(shape, name="inputs")
    x = _conv(inputs, 64, 7, "stem_1_7x7", stride=2, epsilon=EPSILON)
    x = _max_pool(x, "stem_1_pool")
    x = _conv(x, 64, 1, "stem_2_1x1", epsilon=EPSILON)
    x = _conv(x, 192, 3, "stem_3_3x3", epsilon=EPSILON)
    x = _max_pool(x, "stem_3_pool")
    for block, row in NN4_SMALL2.items():
        x = _face_block(x, *row, name=f"inception_{block}")
    x = keras.layers.GlobalAveragePooling2D(name="head_1_pool")(x)
    return keras.Model(inputs, _encoding(x, encoding_size), name=name)


def _face_block(x, one, three, five, pool, name):
    """Branches side by side, all with batch normalisation and ReLU."""
    branches = []
    for side, row in ((3, three), (5, five)):
        if row is not None:
            reduce, filters, stride = row
            y = _conv(x, reduce, 1, f"{name}_{side}x{side}_reduce", epsilon=EPSILON)
            y = _conv(y, filters, side, f"{name}_{side}x{side}", stride, epsilon=EPSILON)
            branches.append(y)
    kind, stride, filters = pool
    layer = {"max": keras.layers.MaxPooling2D, "average": keras.layers.AveragePooling2D}[kind]
    y = layer(3, strides=stride, name=f"{name}_pool")(x)
    if filters is not None:
        y = _conv(y, filters, 1, f"{name}_pool_1x1", epsilon=EPSILON)
    branches.append(_grown(y, branches[0], f"{name}_pool_pad"))
    if one is not None:
        branches.append(_conv(x, one, 1, f"{name}_1x1", epsilon=EPSILON))
    return keras.layers.Concatenate(name=f"{name}_concatenate")(branches)


def _grown(x, like, name):
    """Zeros around maps, so that they become as large as others."""
    missing = [b - a for a, b in zip(x.shape[1:3], like.shape[1:3], strict=True)]
    return keras.layers.ZeroPadding2D([(n // 2, n - n // 2) for n in missing], name=name)(x)


def _conv(x, filters, side, name, stride=1, epsilon=1e-3, momentum=0.99):
    if side > 1:
        x = keras.layers.ZeroPadding2D(side // 2, name=f"{name}_pad")(x)
    x = keras.layers.Conv2D(filters, side, strides=stride, name=f"{name}_conv")(x)
    norm = keras.layers.BatchNormalization(momentum=momentum, epsilon=epsilon, name=f"{name}_norm")
    return keras.layers.ReLU(name=f"{name}_relu")(norm(x))


def _max_pool(x, name):
    """Halve the sides; nothing is below zero behind a ReLU, so zeros around change nothing."""
    x = keras.layers.ZeroPadding2D(1, name=f"{name}_pad")(x)
    return keras.layers.MaxPooling2D(3, strides=2, name=name)(x)


def _encoding(x, size):
    x = keras.layers.Dense(size, name="head_1_linear")(x)
    return keras.layers.UnitNormalization(name="head_1_unit_length")(x)


def FaceEncoder(
    input_shape: tuple[int, int, int] = (48, 48, 3),
    encoding_size: int = 64,
    width: int = 16,
    name: str = "face_encoder",
) -> keras.Model:
    """A small encoder that a laptop trains in minutes.

    Args:
        input_shape: (height, width, channels), at least 16 pixels each way.
        encoding_size: n, at least 1.
        width: filters of the first layers, at least 1; the last have eight times as many.
        name: of the model.

    Returns:
        A model from pictures with pixels in [0, 1] to encodings (m, n) of length 1; as called
        without arguments it has 369,232 parameters.

    Raises:
        TypeError, ValueError: sizes out of range.

    Example:
        >>> FaceEncoder().output_shape
        (None, 64)

    Source: ours, trained as in Schroff et al., "FaceNet", 2015.
    """
    shape = check_image_shape("input_shape", input_shape, 16)
    encoding_size = check_count("encoding_size", encoding_size)
    width = check_count("width", width)

    inputs = keras.Input(shape, name="inputs")
    x = _conv(inputs, width, 3, "stem_1", stride=2, momentum=MOMENTUM)
    for i, (times, count) in enumerate(STAGES, 1):
        if i > 1:
            x = keras.layers.MaxPooling2D(2, name=f"stage_{i}_pool")(x)
        for j in range(1, count + 1):
            x = _conv(x, times * width, 3, f"stage_{i}_{j}", momentum=MOMENTUM)
    x = keras.layers.Flatten(name="head_1_flatten")(x)
    return keras.Model(inputs, _encoding(x, encoding_size), name=name)


# --- Siamese networks -----------------------------------------------------------------------------

DIFFERENCES = {
    "abs": lambda f, g: ops.abs(f - g),
    "squared": lambda f, g: ops.square(f - g),
    "chi_square": lambda f, g: ops.square(f - g) / (ops.abs(f) + ops.abs(g) + 1e-6),
}


@keras.saving.register_keras_serializable(package="dlspec")
class EncodingDifference(keras.layers.Layer):
    """Differences of two encodings, component by component.

    Args:
        kind: "abs" |f - g|, "squared" (f - g)^2 or "chi_square" (f - g)^2 / (|f| + |g|).
        kwargs: for `keras.layers.Layer`.

    Raises:
        ValueError: another kind.

    Example:
        >>> f, g = ops.array([[1.0, 0.0]]), ops.array([[0.5, 0.25]])
        >>> ops.convert_to_numpy(EncodingDifference("abs")([f, g])).tolist()
        [[0.5, 0.25]]
    """

    def __init__(self, kind: str = "abs", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind = check_choice("kind", kind, tuple(DIFFERENCES))

    def call(self, inputs: Sequence) -> Any:
        """Return the differences.

        Args:
            inputs: two tensors (m, n).

        Returns:
            (m, n), none below 0.

        Example:
            >>> pair = [ops.array([[1.0]]), ops.array([[3.0]])]
            >>> float(EncodingDifference("squared").call(pair)[0, 0])
            4.0

        Source: Taigman et al., "DeepFace", 2014, section 4; course 4, week 4.
        """
        return DIFFERENCES[self.kind](*inputs)

    def get_config(self) -> dict:
        """Return what rebuilds the layer.

        Returns:
            Arguments by name.

        Example:
            >>> EncodingDifference("squared").get_config()["kind"]
            'squared'

        Source: ours.
        """
        return {**super().get_config(), "kind": self.kind}


def SiameseHead(
    encoding_size: int = 64, difference: str = "abs", name: str = "siamese_head"
) -> keras.Model:
    """Two encodings in, the probability that they show one person out: a logistic unit.

    It takes encodings that were computed before, such as those of a database.

    Args:
        encoding_size: n, at least 1.
        difference: "abs", "squared" or "chi_square", as `EncodingDifference`.
        name: of the model.

    Returns:
        A model [(m, n), (m, n)] -> (m, 1) in (0, 1), with n + 1 parameters.

    Raises:
        TypeError, ValueError: a size out of range, another difference.

    Example:
        >>> SiameseHead(128).count_params()
        129

    Source: Taigman et al., "DeepFace", 2014, section 4; course 4, week 4.
    """
    size = check_count("encoding_size", encoding_size)
    check_choice("difference", difference, tuple(DIFFERENCES))
    pair = [keras.Input((size,), name=f"pair_{i}_encoding") for i in (1, 2)]
    x = EncodingDifference(difference, name="head_1_difference")(pair)
    x = keras.layers.Dense(1, activation="sigmoid", name="head_1_sigmoid")(x)
    return keras.Model(pair, x, name=name)


def SiameseNetwork(
    encoder: keras.Model, difference: str = "abs", name: str = "siamese_network"
) -> keras.Model:
    """Two pictures through one encoder, with the same weights, and a `SiameseHead` on top.

    Args:
        encoder: pictures to encodings; it is shared, not copied: training the network trains it.
        difference: as for `SiameseHead`.
        name: of the model.

    Returns:
        A model [(m, height, width, 3), (m, height, width, 3)] -> (m, 1) in (0, 1).

    Raises:
        TypeError, ValueError: not an encoder, another difference.

    Example:
        >>> encoder = FaceEncoder()
        >>> SiameseNetwork(encoder).count_params() - encoder.count_params()
        65

    Source: Taigman et al., "DeepFace", 2014; course 4, week 4.
    """
    _check_encoder(encoder)
    head = SiameseHead(encoder.output_shape[-1], difference)
    pair = [keras.Input(encoder.input_shape[1:], name=f"pair_{i}_picture") for i in (1, 2)]
    return keras.Model(pair, head([encoder(picture) for picture in pair]), name=name)


def _check_encoder(model):
    """The side of the pictures that an encoder takes, None for any."""
    if not isinstance(model, keras.Model):
        raise InvalidType(sentence("model", "be a Keras model", type(model).__name__))
    shapes = model.input_shape, model.output_shape
    sides = shapes[0][1:3]
    if len(shapes[0]) != 4 or shapes[0][3] != 3 or sides[0] != sides[1] or len(shapes[1]) != 2:
        expected = "turn square RGB pictures (m, H, H, 3) into encodings (m, n)"
        raise InvalidValue(sentence("model", expected, f"{shapes[0]} to {shapes[1]}"))
    return sides[0]
