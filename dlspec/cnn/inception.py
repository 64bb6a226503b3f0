"""Inception and GoogLeNet: all filter sizes at once (course 4, week 2).

A block looks through 1x1, 3x3 and 5x5 filters and through max pooling at the same time, and puts
the channels of the four answers side by side:

    X --+-- 1x1 ------------------------+
        +-- 1x1 "reduce" -- 3x3 --------+-- concatenate
        +-- 1x1 "reduce" -- 5x5 --------+
        +-- 3x3 max pooling -- 1x1 -----+

The 1x1 convolutions in front are bottlenecks, which make it affordable.  32 filters of 5x5 on
28 x 28 x 192 take 28*28*32 * 5*5*192 = 120,422,400 multiplications; through 16 channels it is
28*28*16 * 192 + 28*28*32 * 5*5*16 = 12,443,648.

GoogLeNet is nine such blocks.  Two more classifiers hang on its middle; in training their losses,
each with weight 0.3, bring gradients to the first layers, and at test time they are not used.
"""

from collections.abc import Sequence

import keras

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import check_count, check_image_shape
from dlspec.cnn._weights import Weights, check_weights, load_weights

__all__ = ["GoogLeNet", "inception_block"]

# Filters: 1x1, 3x3 reduce, 3x3, 5x5 reduce, 5x5, behind the pooling (table 1 of the paper).
BLOCKS = {
    "3a": (64, 96, 128, 16, 32, 32),
    "3b": (128, 128, 192, 32, 96, 64),
    "4a": (192, 96, 208, 16, 48, 64),
    "4b": (160, 112, 224, 24, 64, 64),
    "4c": (128, 128, 256, 24, 64, 64),
    "4d": (112, 144, 288, 32, 64, 64),
    "4e": (256, 160, 320, 32, 128, 128),
    "5a": (256, 160, 320, 32, 128, 128),
    "5b": (384, 192, 384, 48, 128, 128),
}
POOL_AFTER = ("3b", "4e")
HEAD_AFTER = ("4a", "4d")  # of the auxiliary classifiers
DROPOUT = 0.4
HEAD_FILTERS, HEAD_UNITS, HEAD_DROPOUT = 128, 1024, 0.7
ROLES = ("1x1", "3x3_reduce", "3x3", "5x5_reduce", "5x5", "pool_1x1")

MINIMUM = 32
MINIMUM_WITH_HEADS = 65  # 5 x 5 are left behind block 4a, and the heads pool 5 x 5


def inception_block(
    X: keras.KerasTensor, filters: Sequence[int] = BLOCKS["3a"], name: str = "inception_1"
) -> keras.KerasTensor:
    """Four branches side by side: 1x1, 3x3, 5x5 and pooling, with ReLU after each convolution.

    Args:
        X: maps (batch, height, width, channels).
        filters: six numbers of at least 1: 1x1, 3x3 reduce, 3x3, 5x5 reduce, 5x5, and 1x1 behind
            the pooling; by default those of GoogLeNet's first block.
        name: `<stage>_<block>`, with which the names of the layers begin.

    Returns:
        Maps (batch, height, width, channels of the 1x1, 3x3, 5x5 and pooling branches, in order).

    Raises:
        TypeError, ValueError: not maps, or not six numbers of at least 1.

    Example:
        >>> X = keras.Input((28, 28, 192))
        >>> inception_block(X, [64, 96, 128, 16, 32, 32]).shape
        (None, 28, 28, 256)

    Source: Szegedy et al., "Going deeper with convolutions", 2014, figure 2b; course 4, week 2.
    """
    rank = len(getattr(X, "shape", ()))
    if rank != 4:
        expected = "be maps of shape (batch, height, width, channels)"
        received = f"{type(X).__name__} of rank {rank}"
        raise InvalidValue(sentence("X", expected, received))
    one, three_reduce, three, five_reduce, five, pool = _check_filters(filters)
    branches = [
        _conv(X, one, 1, f"{name}_1x1"),
        _conv(_conv(X, three_reduce, 1, f"{name}_3x3_reduce"), three, 3, f"{name}_3x3"),
        _conv(_conv(X, five_reduce, 1, f"{name}_5x5_reduce"), five, 5, f"{name}_5x5"),
        _conv(_pool(X, 1, f"{name}_pool"), pool, 1, f"{name}_pool_1x1"),
    ]
    return keras.layers.Concatenate(name=f"{name}_concatenate")(branches)


def GoogLeNet(
    input_shape: tuple[int, int, int] = (224, 224, 3),
    classes: int = 1000,
    *,
    auxiliary_heads: bool = True,
    weights: Weights = None,
    name: str = "googlenet",
) -> keras.Model:
    """Three convolutions, nine inception blocks, average pooling, softmax; two more heads.

    The local response normalisation of the paper's figure 3 is left out, as in the course.  Train
    all heads with `model.compile(..., loss_weights=[1.0, 0.3, 0.3])`.

    Args:
        input_shape: (height, width, channels) of the pictures, at least 65 pixels each way, 32
            without the auxiliary heads.
        classes: at least 2.
        auxiliary_heads: False leaves out the two classifiers of the middle.
        weights: None for random ones, or the path of a file with weights of this network.
        name: name of the model.

    Returns:
        A model (batch, height, width, channels) -> list of three (batch, classes) of
        probabilities, the main head first; without the auxiliary heads one array.  As called
        without arguments it has 13,378,280 parameters, 6,998,552 of them without the heads.

    Raises:
        TypeError, ValueError: numbers or sizes out of range, weights that cannot be had.

    Example:
        >>> [head.shape for head in GoogLeNet((65, 65, 3), classes=2).outputs]
        [(None, 2), (None, 2), (None, 2)]

    Source: Szegedy et al., "Going deeper with convolutions", 2014, table 1 and section 5; course 4,
    week 2.
    """
    minimum = MINIMUM_WITH_HEADS if auxiliary_heads else MINIMUM
    shape = check_image_shape("input_shape", input_shape, minimum)
    classes = check_count("classes", classes, 2)
    weights = check_weights(weights)

    inputs = keras.Input(shape, name="inputs")
    x = _pool(_conv(inputs, 64, 7, "stem_1_7x7", stride=2), 2, "stem_1_pool")
    x = _conv(_conv(x, 64, 1, "stem_2_3x3_reduce"), 192, 3, "stem_2_3x3")
    x = _pool(x, 2, "stem_2_pool")
    heads = []
    for block, filters in BLOCKS.items():
        x = inception_block(x, filters, f"inception_{block}")
        if auxiliary_heads and block in HEAD_AFTER:
            heads.append(_auxiliary_head(x, classes, f"auxiliary_{len(heads) + 1}"))
        if block in POOL_AFTER:
            x = _pool(x, 2, f"inception_{block}_last_pool")
    x = keras.layers.GlobalAveragePooling2D(name="head_1_pool")(x)
    x = keras.layers.Dropout(DROPOUT, name="head_1_dropout")(x)
    x = keras.layers.Dense(classes, activation="softmax", name="head_1_softmax")(x)
    return load_weights(keras.Model(inputs, [x, *heads] if heads else x, name=name), weights)


def _auxiliary_head(x, classes, name):
    x = keras.layers.AveragePooling2D(5, strides=3, name=f"{name}_pool")(x)
    x = _conv(x, HEAD_FILTERS, 1, f"{name}_1x1")
    x = keras.layers.Flatten(name=f"{name}_flatten")(x)
    x = keras.layers.Dense(HEAD_UNITS, activation="relu", name=f"{name}_linear")(x)
    x = keras.layers.Dropout(HEAD_DROPOUT, name=f"{name}_dropout")(x)
    return keras.layers.Dense(classes, activation="softmax", name=f"{name}_softmax")(x)


def _conv(x, filters, side, name, stride=1):
    return keras.layers.Conv2D(
        filters, side, strides=stride, padding="same", activation="relu", name=name
    )(x)


def _pool(x, stride, name):
    return keras.layers.MaxPooling2D(3, strides=stride, padding="same", name=name)(x)


def _check_filters(filters):
    listed = ", ".join(ROLES)
    if not isinstance(filters, (tuple, list)):
        received = f"{filters!r} ({type(filters).__name__})"
        raise InvalidType(sentence("filters", f"list the filters of {listed}", received))
    if len(filters) != len(ROLES):
        received = f"{len(filters)} numbers"
        raise InvalidValue(sentence("filters", f"list the filters of {listed}", received))
    return [check_count(f"filters[{i}]", number) for i, number in enumerate(filters)]
