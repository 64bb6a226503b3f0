"""Convolutional networks, a first application (course 4, week 1, assignment 2).

Two networks of the course, one for each way of building with Keras:

    happyModel            Sequential: a list of layers, one after the other
    convolutional_model   functional: layers are called on tensors, so that networks may branch

and one of ours for the same faces, `SmileNetwork`.  A convolution learns its filters once and
applies them everywhere: 32 filters of 7x7x3 are 4,736 numbers, whatever the size of the picture,
where a dense layer would need 12,289 for every unit.  `happyModel` gives that away at the end: its
last layer has a weight for every place of every map, and knows a smile only where it saw one.
`SmileNetwork` goes on with convolutions until 4 x 4 places are left.
"""

from collections.abc import Sequence

import keras

from dlspec._validation import check_image_shape, check_interval

__all__ = ["SmileNetwork", "convolutional_model", "happyModel"]

# --- The course's networks ------------------------------------------------------------------------

FACES = (64, 64, 3)  # height, width, channels of the course's photos
FILTERS, SIDE = 32, 7

# Filters, side of the filters, side and stride of the pooling.
SIGNS_STAGES = ((8, 4, 8), (16, 2, 4))
SIGNS_CLASSES = 6


def happyModel() -> keras.Sequential:
    """ZEROPAD2D -> CONV2D -> BATCHNORM -> RELU -> MAXPOOL -> FLATTEN -> DENSE.

        layer               output           parameters
        zero padding of 3   70 x 70 x 3
        32 filters of 7x7   64 x 64 x 32     7*7*3*32 + 32  = 4,736
        batch norm                           4*32           =   128   (64 of them not trained)
        maximum of 2x2      32 x 32 x 32
        flat                32,768
        one sigmoid         1                32,768 + 1     = 32,769

    Returns:
        A sequential model (batch, 64, 64, 3) -> (batch, 1), the probability of a happy face; 37,633
        parameters, not compiled.

    Example:
        >>> happyModel().count_params()
        37633

    Source: course 4, week 1.
    """
    return keras.Sequential(
        [
            keras.Input(FACES, name="inputs"),
            keras.layers.ZeroPadding2D(SIDE // 2, name="stage_1_padding"),
            keras.layers.Conv2D(FILTERS, SIDE, name="stage_1_convolution"),
            keras.layers.BatchNormalization(name="stage_1_normalization"),
            keras.layers.ReLU(name="stage_1_activation"),
            keras.layers.MaxPooling2D(name="stage_1_pooling"),
            keras.layers.Flatten(name="output_1_flat"),
            keras.layers.Dense(1, activation="sigmoid", name="output_1_dense"),
        ],
        name="happy_model",
    )


def convolutional_model(input_shape: Sequence[int]) -> keras.Model:
    """CONV2D -> RELU -> MAXPOOL -> CONV2D -> RELU -> MAXPOOL -> FLATTEN -> DENSE.

    All "same": a convolution keeps height and width, a pooling of stride s leaves one s-th of them,
    rounded up.  For pictures of 64 x 64 x 3:

        layer                          output           parameters
        8 filters of 4x4               64 x 64 x 8      4*4*3*8 + 8   = 392
        maximum of 8x8, stride 8       8 x 8 x 8
        16 filters of 2x2              8 x 8 x 16       2*2*8*16 + 16 = 528
        maximum of 4x4, stride 4       2 x 2 x 16
        flat                           64
        6 softmax                      6                64*6 + 6      = 390

    Args:
        input_shape: (height, width, channels).

    Returns:
        A functional model (batch, *input_shape) -> (batch, 6), the probabilities of the hand signs
        0 to 5; 1,310 parameters for (64, 64, 3), not compiled.

    Raises:
        TypeError, ValueError: not three whole numbers of at least 1.

    Example:
        >>> convolutional_model((64, 64, 3)).count_params()
        1310

    Source: course 4, week 1.
    """
    x = inputs = keras.Input(check_image_shape("input_shape", input_shape), name="inputs")
    for i, (filters, side, pool) in enumerate(SIGNS_STAGES, start=1):
        stage = f"stage_{i}"
        x = keras.layers.Conv2D(filters, side, padding="same", name=f"{stage}_convolution")(x)
        x = keras.layers.ReLU(name=f"{stage}_activation")(x)
        x = keras.layers.MaxPooling2D(pool, padding="same", name=f"{stage}_pooling")(x)
    x = keras.layers.Flatten(name="output_1_flat")(x)
    x = keras.layers.Dense(SIGNS_CLASSES, activation="softmax", name="output_1_dense")(x)
    return keras.Model(inputs, x, name="convolutional_model")


# --- A better one for faces -----------------------------------------------------------------------

# Filters and their side; every stage halves height and width.
SMILE_STAGES = ((16, 5), (32, 3), (64, 3), (64, 3))


def SmileNetwork(
    input_shape: Sequence[int] = FACES, dropout: float = 0.4, *, name: str = "smile_network"
) -> keras.Model:
    """A small deeper network for faces: corners and edges, then mouths and eyes, then a smile.

    Four stages of [convolution -> batch norm -> ReLU -> 2x2 maximum], then one sigmoid unit on what
    is left of the plane, 4 x 4 places.  A unit of the last stage sees 46 x 46 pixels, a whole face.

        stage    filters       output (64 x 64 x 3)    parameters without batch norm
        1        16 of 5x5     32 x 32 x 16            5*5*3*16         =  1,200
        2        32 of 3x3     16 x 16 x 32            3*3*16*32        =  4,608
        3        64 of 3x3     8 x 8 x 64              3*3*32*64        = 18,432
        4        64 of 3x3     4 x 4 x 64              3*3*64*64        = 36,864
        output                 1024 -> 1               1024 + 1         =  1,025

    Args:
        input_shape: (height, width, channels), height and width at least 16.
        dropout: share of the features dropped while training, in [0, 1).
        name: name of the model.

    Returns:
        A functional model (batch, *input_shape) -> (batch, 1), the probability of a happy face;
        62,833 parameters by default, 352 of them not trained; not compiled.

    Raises:
        TypeError, ValueError: not three whole numbers of at least 1, or fewer than 16 pixels; a
            dropout outside [0, 1).

    Example:
        >>> SmileNetwork().count_params()
        62833

    Source: course 4, week 1 (convolution, pooling); course 2, week 3 (batch normalisation).
    """
    shape = check_image_shape("input_shape", input_shape, minimum=2 ** len(SMILE_STAGES))
    dropout = check_interval("dropout", dropout, "[0, 1)")
    x = inputs = keras.Input(shape, name="inputs")
    for i, (filters, side) in enumerate(SMILE_STAGES, start=1):
        x = _convolution_block(x, filters, side, f"stage_{i}")
    x = keras.layers.Flatten(name="output_1_flat")(x)
    x = keras.layers.Dropout(dropout, name="output_1_dropout")(x)
    x = keras.layers.Dense(1, activation="sigmoid", name="output_1_dense")(x)
    return keras.Model(inputs, x, name=name)


def _convolution_block(x, filters, side, stage):
    convolution = keras.layers.Conv2D(
        filters, side, padding="same", use_bias=False, name=f"{stage}_convolution"
    )
    # The running averages must settle within a few hundred steps.
    normalization = keras.layers.BatchNormalization(momentum=0.9, name=f"{stage}_normalization")
    x = normalization(convolution(x))
    x = keras.layers.ReLU(name=f"{stage}_activation")(x)
    return keras.layers.MaxPooling2D(name=f"{stage}_pooling")(x)
