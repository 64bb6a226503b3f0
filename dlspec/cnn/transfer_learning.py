"""Transfer learning with MobileNetV2: is there an alpaca in the picture? (course 4, week 2)

    picture -> augmentation -> [-1, 1] -> MobileNetV2, frozen -> average -> dropout -> one number

`alpaca_model` builds it, `fine_tune` lets the last layers learn once the head has.  Its output is a
logit z: an alpaca where z > 0.  (The exercise measures its "accuracy" against a threshold of 0.5,
which is one for probabilities; `fine_tune` counts z > 0.)

Augmentation draws a new version of every training picture each time it is seen.  `augmentations`
has those of the lecture, and each is the identity at test time:

    mirror        left and right exchanged, half of the time
    crop          a random part, scaled back to the full size
    rotation      by up to a fifth of a full turn either way
    shear         the square becomes a parallelogram
    color_shift   R + 20, G - 20, B + 20, say: one random number for each channel
    pca_color     the same along the directions in which colours vary (AlexNet): mostly brightness

Pictures are (batch, height, width, 3) with values 0 to 255.
"""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, near_miss, sentence
from dlspec._validation import (
    check_array,
    check_choice,
    check_count,
    check_interval,
    check_positive,
)
from dlspec.cnn.mobilenet import MobileNetV2
from dlspec.strategy import transfer_learning as transfer

__all__ = [
    "AUGMENTATIONS",
    "IMAGENET_COLOR_COVARIANCE",
    "PCAColorAugmentation",
    "RandomColorShift",
    "RandomCropAndResize",
    "RandomShear",
    "alpaca_model",
    "augmentations",
    "color_covariance",
    "data_augmenter",
    "fine_tune",
]

ROTATION = 0.2  # of a full turn: 72 degrees either way
DROPOUT = 0.2
MINIMUM = 32
WHITE = 255.0


# --- The exercise ---------------------------------------------------------------------------------


def data_augmenter() -> keras.Sequential:
    """Mirror half of the pictures, and rotate each by up to a fifth of a turn.

    Returns:
        A Sequential model of two layers, `augment_1_mirror` and `augment_2_rotation`; (batch,
        height, width, channels) in and out, unchanged unless called with training=True.

    Example:
        >>> [type(layer).__name__ for layer in data_augmenter().layers]
        ['RandomFlip', 'RandomRotation']

    Source: course 4, week 2, exercise on transfer learning.
    """
    return keras.Sequential(
        [
            keras.layers.RandomFlip("horizontal", name="augment_1_mirror"),
            keras.layers.RandomRotation(ROTATION, name="augment_2_rotation"),
        ],
        name="data_augmenter",
    )


def alpaca_model(
    image_shape: tuple[int, int] = (160, 160),
    data_augmentation: keras.Layer | None = None,
    *,
    alpha: float = 1.0,
    weights: Any = None,
    name: str = "alpaca_model",
) -> keras.Model:
    """MobileNetV2, frozen, with augmentation below it and one linear output on top.

    The trunk computes in inference mode for good, as `base_model(x, training=False)` was meant to:
    its batch normalisation keeps the averages of ImageNet, also when `fine_tune` unfreezes layers.
    `predict` and `evaluate` see pictures as they are; a bare call augments them, as Keras'
    random layers do, unless it says model(x, training=False).

    Layers are named `inputs`, that of the augmentation, `preprocess_1_scale`, `trunk`,
    `head_1_pool`, `head_1_dropout` and `head_1_linear`.

    Args:
        image_shape: (height, width) of the pictures, at least 32 pixels each way.
        data_augmentation: any layer or model that keeps the shape; None for `data_augmenter()`,
            `keras.layers.Identity()` for none.
        alpha: width of MobileNetV2, above 0.
        weights: of MobileNetV2: None for random ones, a path, or "imagenet".
        name: name of the model.

    Returns:
        A functional model (batch, height, width, 3), values 0 to 255, -> (batch, 1) of logits;
        2,259,265 parameters with alpha=1, 1,281 of them trainable.

    Raises:
        TypeError, ValueError: no pair of whole numbers, too small, an augmentation that is no
            layer, a width or weights that cannot be had.

    Example:
        >>> model = alpaca_model((32, 32), alpha=0.35)
        >>> model.output.shape, len(model.trainable_weights)
        ((None, 1), 2)

    Source: course 4, week 2, exercise on transfer learning; Sandler et al., "MobileNetV2", 2018.
    """
    shape = _check_image_shape(image_shape)
    if data_augmentation is not None and not isinstance(data_augmentation, keras.Layer):
        received = type(data_augmentation).__name__
        raise InvalidType(sentence("data_augmentation", "be a Keras layer or model", received))
    base = MobileNetV2((*shape, 3), alpha=alpha, include_top=False, weights=weights)
    augment = data_augmenter() if data_augmentation is None else data_augmentation
    trunk = transfer.Trunk(base.input, base.output, name="trunk")
    trunk.trainable = False

    x = inputs = keras.Input((*shape, 3), name="inputs")
    x = augment(x)
    x = keras.layers.Rescaling(2 / WHITE, offset=-1.0, name="preprocess_1_scale")(x)
    x = trunk(x)
    x = keras.layers.GlobalAveragePooling2D(name="head_1_pool")(x)
    x = keras.layers.Dropout(DROPOUT, name="head_1_dropout")(x)
    x = keras.layers.Dense(1, name="head_1_linear")(x)
    return keras.Model(inputs, x, name=name)


def fine_tune(
    model: keras.Model, from_layer: int | str = 120, learning_rate: float = 1e-4
) -> keras.Model:
    """Let the last layers of the trunk learn, at a low rate; compiles the model as the course does.

    Train the head first.  Compiled are Adam, the binary cross-entropy from logits, and the accuracy
    of logits, named "accuracy".  For more than one output, and for other losses, use
    `dlspec.strategy.transfer_learning.fine_tune`.

    Args:
        model: of `alpaca_model`, changed in place.
        from_layer: the first layer of the trunk to learn, by its place in `trunk.layers` (154 of
            MobileNetV2, counted from 0, those without weights included) or by its name.
        learning_rate: above 0; the course takes a tenth of the head's 0.001.

    Returns:
        `model`, compiled.

    Raises:
        TypeError, ValueError: a model without a trunk, no such layer, a rate that is not positive.

    Example:
        >>> model = fine_tune(alpaca_model((32, 32), alpha=0.35), from_layer=151)
        >>> [weight.path.split("/")[-2] for weight in model.trainable_weights]
        ['last_1_conv', 'last_1_norm', 'last_1_norm', 'head_1_linear', 'head_1_linear']

    Source: course 4, week 2, exercise on transfer learning.
    """
    names = [layer.name for layer in _trunk(model).layers]
    if isinstance(from_layer, str):
        if from_layer not in names:
            received = f"{from_layer!r}"
            advice = near_miss(from_layer, names)
            raise InvalidValue(sentence("from_layer", "name a layer", received, advice))
        from_layer = names.index(from_layer)
    if check_count("from_layer", from_layer, minimum=0) >= len(names):
        expected = f"be less than {len(names)}, the layers of the trunk"
        raise InvalidValue(sentence("from_layer", expected, from_layer))
    return transfer.fine_tune(
        model,
        len(names) - from_layer,
        keras.losses.BinaryCrossentropy(from_logits=True),
        learning_rate=check_positive("learning_rate", learning_rate),
        metrics=[keras.metrics.BinaryAccuracy(name="accuracy", threshold=0.0)],
    )


def _trunk(model):
    if isinstance(model, keras.Model):
        for layer in model.layers:
            if isinstance(layer, transfer.Trunk):
                return layer
    raise InvalidType(sentence("model", "be a model of `alpaca_model`", type(model).__name__))


def _check_image_shape(shape):
    if not isinstance(shape, (tuple, list)) or len(shape) != 2:
        raise InvalidType(sentence("image_shape", "be (height, width)", repr(shape)))
    sides = tuple(check_count(f"image_shape[{i}]", side) for i, side in enumerate(shape))
    if min(sides) < MINIMUM:
        expected = f"be at least {MINIMUM} pixels high and wide"
        raise InvalidValue(sentence("image_shape", expected, shape))
    return sides


# --- Augmentations of the lecture -----------------------------------------------------------------

AUGMENTATIONS = ("mirror", "crop", "rotation", "shear", "color_shift", "pca_color")


def augmentations(
    names: Sequence[str] = AUGMENTATIONS,
    *,
    covariance: np.ndarray | None = None,
    seed: int | None = None,
) -> keras.Sequential:
    """Chain augmentations of the lecture by name.

    Args:
        names: of `AUGMENTATIONS`, in the order in which they are done.
        covariance: (3, 3) of the colours for "pca_color", as `color_covariance` gives; None for
            that of ImageNet.
        seed: of the random numbers, at least 0; None for others every time.

    Returns:
        A Sequential model of layers `augment_<i>_<name>`; (batch, height, width, 3) in and out,
        values 0 to 255, unchanged unless called with training=True.

    Raises:
        TypeError, ValueError: no names, an unknown one, another covariance.

    Example:
        >>> [layer.name for layer in augmentations(["mirror", "color_shift"], seed=1).layers]
        ['augment_1_mirror', 'augment_2_color_shift']

    Source: course 4, week 2, "Data augmentation"; Krizhevsky et al., "ImageNet classification with
    deep convolutional neural networks", 2012, section 4.1.
    """
    if isinstance(names, str) or not isinstance(names, Sequence) or not names:
        raise InvalidType(sentence("names", "be a list of names", repr(names)))
    for i, kind in enumerate(names):
        check_choice(f"names[{i}]", kind, AUGMENTATIONS)
    first = None if seed is None else check_count("seed", seed, minimum=0)
    layers = []
    for i, kind in enumerate(names, start=1):
        own = {"name": f"augment_{i}_{kind}", "seed": None if first is None else 1000 * first + i}
        layers.append(_layer(kind, covariance, own))
    return keras.Sequential(layers, name="augmentations")


def _layer(kind, covariance, own):
    makers: dict[str, Callable[[], keras.Layer]] = {
        "mirror": lambda: keras.layers.RandomFlip("horizontal", **own),
        "crop": lambda: RandomCropAndResize(**own),
        "rotation": lambda: keras.layers.RandomRotation(ROTATION, **own),
        "shear": lambda: RandomShear(**own),
        "color_shift": lambda: RandomColorShift(**own),
        "pca_color": lambda: PCAColorAugmentation(covariance, **own),
    }
    return makers[kind]()


class _RandomPictures(keras.layers.Layer):
    """A layer that changes pictures while training and leaves them alone at test time.

    A subclass gives `_change(pictures)`, drawing from `self._numbers`, and `_options`, the names of
    its other arguments.
    """

    _options: tuple[str, ...] = ()

    def __init__(self, seed=None, **options):
        super().__init__(**options)
        self.seed = seed
        self._numbers = keras.random.SeedGenerator(seed)

    def call(self, pictures, training=True):
        """Change each picture of a batch by itself; nothing with training=False."""
        pictures = keras.ops.cast(pictures, self.compute_dtype)
        return self._change(pictures) if training else pictures

    def _uniform(self, shape, low, high):
        return keras.random.uniform(shape, low, high, dtype=self.compute_dtype, seed=self._numbers)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        names = ("seed", *self._options)
        return super().get_config() | {name: getattr(self, name) for name in names}


@keras.saving.register_keras_serializable(package="dlspec")
class RandomCropAndResize(_RandomPictures):
    """A random part of the picture, scaled back to the size of the whole.

    Height and width of the part keep their ratio; every place is as likely as any other.

    Args:
        smallest: share of the side that is left at least, above 0 and at most 1.
        seed: of the random numbers; None for others every time.
        options: of every Keras layer.

    Example:
        >>> crop = RandomCropAndResize(0.5, seed=1)
        >>> crop(np.ones((2, 8, 8, 3)), training=True).shape == (2, 8, 8, 3)
        True

    Source: course 4, week 2, "Data augmentation".
    """

    _options = ("smallest",)

    def __init__(self, smallest: float = 0.7, seed: int | None = None, **options: Any):
        super().__init__(seed=seed, **options)
        self.smallest = check_interval("smallest", smallest, "(0, 1]")

    def _change(self, pictures):
        """Pixel (x, y) of the result is pixel (s x + dx, s y + dy) of the picture."""
        m, (height, width) = keras.ops.shape(pictures)[0], pictures.shape[1:3]
        s = self._uniform((m,), self.smallest, 1.0)
        dx = self._uniform((m,), 0.0, 1.0) * (1 - s) * (width - 1)
        dy = self._uniform((m,), 0.0, 1.0) * (1 - s) * (height - 1)
        zero = keras.ops.zeros_like(s)
        return _moved(pictures, (s, zero, dx), (zero, s, dy))


def _moved(pictures, x_row, y_row):
    """Pixel (x, y) of a result is pixel (a x + b y + c, d x + e y + f), edges repeated beyond."""
    zero = keras.ops.zeros_like(x_row[0])
    rows = keras.ops.stack([*x_row, *y_row, zero, zero], axis=1)
    return keras.ops.image.affine_transform(
        pictures, rows, fill_mode="nearest", data_format="channels_last"
    )


@keras.saving.register_keras_serializable(package="dlspec")
class RandomShear(_RandomPictures):
    """Rows moved sideways by their height in the picture: the square becomes a parallelogram.

    (The layer of this name in Keras cannot be read back from its own configuration.)

    Args:
        limit: largest sideways step from one row to the next, in pixels, at least 0.
        seed: of the random numbers; None for others every time.
        options: of every Keras layer.

    Example:
        >>> lines = np.broadcast_to(np.arange(9.0)[None, None, :, None], (1, 9, 9, 3))
        >>> sheared = keras.ops.convert_to_numpy(RandomShear(0.5, seed=1)(lines))[0, :, 4, 0]
        >>> bool(sheared[0] != sheared[8]), float(sheared[4])
        (True, 4.0)

    Source: course 4, week 2, "Data augmentation".
    """

    _options = ("limit",)

    def __init__(self, limit: float = 0.2, seed: int | None = None, **options: Any):
        super().__init__(seed=seed, **options)
        self.limit = check_interval("limit", limit, "[0, 1]")

    def _change(self, pictures):
        """Pixel (x, y) of the result is pixel (x + k (y - middle), y) of the picture."""
        m, height = keras.ops.shape(pictures)[0], pictures.shape[1]
        k = self._uniform((m,), -self.limit, self.limit)
        one, zero = keras.ops.ones_like(k), keras.ops.zeros_like(k)
        return _moved(pictures, (one, k, -k * (height - 1) / 2), (zero, one, zero))


@keras.saving.register_keras_serializable(package="dlspec")
class RandomColorShift(_RandomPictures):
    """A random number added to each channel of a picture: R + 20, G - 20, B + 20.

    Values stay in 0 to 255.

    Args:
        limit: largest shift of a channel, at least 0.
        seed: of the random numbers; None for others every time.
        options: of every Keras layer.

    Example:
        >>> grey = np.full((1, 2, 2, 3), 100.0)
        >>> shift = keras.ops.convert_to_numpy(RandomColorShift(20, seed=1)(grey) - grey)
        >>> bool((np.abs(shift) <= 20).all()), len(np.unique(shift))
        (True, 3)

    Source: course 4, week 2, "Data augmentation".
    """

    _options = ("limit",)

    def __init__(self, limit: float = 20.0, seed: int | None = None, **options: Any):
        super().__init__(seed=seed, **options)
        self.limit = check_interval("limit", limit, "[0, 255]")

    def _change(self, pictures):
        m, channels = keras.ops.shape(pictures)[0], pictures.shape[-1]
        shift = self._uniform((m, 1, 1, channels), -self.limit, self.limit)
        return keras.ops.clip(pictures + shift, 0.0, WHITE)


# The eigenvectors (columns) and eigenvalues of ImageNet's colours, R, G and B in [0, 1], as given
# in Facebook's "fb.resnet.torch", datasets/imagenet.lua.
_IMAGENET_VALUES = (0.2175, 0.0188, 0.0045)
_IMAGENET_VECTORS = (
    (-0.5675, 0.7192, 0.4009),
    (-0.5808, -0.0045, -0.8140),
    (-0.5836, -0.6948, 0.4203),
)
IMAGENET_COLOR_COVARIANCE = (
    np.array(_IMAGENET_VECTORS) @ np.diag(_IMAGENET_VALUES) @ np.array(_IMAGENET_VECTORS).T
)


@keras.saving.register_keras_serializable(package="dlspec")
class PCAColorAugmentation(_RandomPictures):
    """Shift the colour of a picture along the directions in which colours vary.

    With p_i and lambda_i the eigenvectors and eigenvalues of the covariance of R, G and B in [0, 1]
    over all pixels of the training set, every pixel of a picture gets the same

        255 (a_1 lambda_1 p_1 + a_2 lambda_2 p_2 + a_3 lambda_3 p_3),   a_i ~ N(0, deviation^2)

    so the covariance of the shifts is (255 deviation)^2 C^2.  By far the largest eigenvalue belongs
    to brightness; the lecture's example, much red and blue and little green, varies red and blue
    most.  A lambda is a squared deviation, as the paper has it; with square_root=True its root
    stands there, which has the unit of a colour, and the covariance is (255 deviation)^2 C.

    Args:
        covariance: (3, 3), as `color_covariance` gives it; None for that of ImageNet.
        deviation: standard deviation of the a_i, at least 0.
        square_root: whether the roots of the eigenvalues count.
        seed: of the random numbers; None for others every time.
        options: of every Keras layer.

    Example:
        >>> layer = PCAColorAugmentation(np.diag([0.1, 0.0, 0.0]), seed=1)  # only red varies
        >>> grey = np.full((1, 2, 2, 3), 100.0)
        >>> shift = keras.ops.convert_to_numpy(layer(grey) - grey)[0, 0, 0]
        >>> (shift != 0).tolist()
        [True, False, False]

    Source: Krizhevsky et al., "ImageNet classification with deep convolutional neural networks",
    2012, section 4.1.
    """

    _options = ("covariance", "deviation", "square_root")

    def __init__(
        self,
        covariance: Any = None,
        deviation: float = 0.1,
        square_root: bool = False,
        seed: int | None = None,
        **options: Any,
    ):
        super().__init__(seed=seed, **options)
        C = _check_covariance(IMAGENET_COLOR_COVARIANCE if covariance is None else covariance)
        self.covariance = C.tolist()
        self.deviation = check_interval("deviation", deviation, "[0, inf)")
        self.square_root = bool(square_root)
        values, vectors = np.linalg.eigh(C)
        values = values.clip(min=0)  # rounding can put a 0 just below 0
        self._steps = WHITE * vectors * (np.sqrt(values) if square_root else values)  # in columns

    def _change(self, pictures):
        a = self.deviation * keras.random.normal(
            (keras.ops.shape(pictures)[0], 3), dtype=self.compute_dtype, seed=self._numbers
        )
        steps = keras.ops.convert_to_tensor(self._steps, dtype=self.compute_dtype)
        shift = keras.ops.matmul(a, keras.ops.transpose(steps))
        return keras.ops.clip(pictures + shift[:, None, None, :], 0.0, WHITE)


def color_covariance(pictures: np.ndarray) -> np.ndarray:
    """Covariance of red, green and blue over all pixels of a set of pictures.

    Args:
        pictures: (m, height, width, 3) of values 0 to 255, any dtype; at least two pixels.

    Returns:
        float64 (3, 3), of values scaled to [0, 1].

    Raises:
        TypeError, ValueError: not numbers, not (m, height, width, 3), not finite.

    Example:
        >>> pictures = np.zeros((1, 1, 2, 3), np.uint8)
        >>> pictures[0, 0, 1, 0] = 255
        >>> color_covariance(pictures)[0].tolist()
        [0.25, 0.0, 0.0]

    Source: Krizhevsky et al., "ImageNet classification with deep convolutional neural networks",
    2012, section 4.1.
    """
    pictures = check_array("pictures", pictures, ("m", "height", "width", 3))
    colors = pictures.reshape(-1, 3) / WHITE
    return np.cov(colors, rowvar=False, bias=True)


def _check_covariance(covariance):
    C = check_array("covariance", covariance, (3, 3))
    if not np.allclose(C, C.T) or np.linalg.eigvalsh(C)[0] < -1e-9 * np.abs(C).max():
        expected = "be symmetric with no negative eigenvalue"
        advice = "color_covariance(pictures) is."
        raise InvalidValue(sentence("covariance", expected, C.tolist(), advice))
    return C
