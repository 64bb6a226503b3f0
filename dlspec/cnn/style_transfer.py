"""Neural style transfer: a picture with the content of one and the style of another (week 4).

Nothing is trained but the picture G itself.  A network that stays as it is looks at it, at the
content picture C and at the style picture S, and G changes until its activations are like

    those of C in one deep layer                       content: what is where
    those of S in several layers, as sums over         style: which features occur together,
    all places of the products of two channels         wherever it may be

    J_content(C, G) = 1 / (4 n_H n_W n_C)      * sum (a_C - a_G)^2
    J_style(S, G)   = sum over layers l of lambda_l / (2 n_H n_W n_C)^2 * sum (Gram_S - Gram_G)^2
    J(G)            = alpha J_content + beta J_style                  Gram = A A^T, A (n_C, n_H n_W)

Here that is a Keras model like any other, trained by Keras on any backend.  Its input is the
picture to start from, its outputs are the activations of G, and all it can learn is the change:

    start -> PictureChange -> VGG-19, frozen -> activations -> the losses above, with weights
    beta lambda_l and alpha

    features = StyleFeatures((256, 256, 3))             # or with weights="imagenet"
    fill_random(features, np.stack([content, style]))   # or rescale_activations
    model = compile_transfer(StyleTransfer(features))
    targets = transfer_targets(features, content, style)
    for _ in range(200):
        costs = train_step(model, start, targets)
    picture = generated_picture(model, start)

VGG-19 without ImageNet's weights does it too: see `fill_random`.  Pictures are (height, width, 3)
with values 0 to 1.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import keras
import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import (
    check_array,
    check_choice,
    check_count,
    check_image_shape,
    check_interval,
    check_positive,
)
from dlspec.cnn.classic_networks import VGG19, VGG19_STAGES

__all__ = [
    "CONTENT_LAYER",
    "STYLE_LAYERS",
    "PictureChange",
    "StyleFeatures",
    "StyleTransfer",
    "TransferCosts",
    "compile_transfer",
    "compute_content_cost",
    "compute_layer_style_cost",
    "compute_style_cost",
    "fill_random",
    "generated_picture",
    "gram_matrix",
    "noisy_start",
    "rescale_activations",
    "total_cost",
    "train_step",
    "transfer_targets",
]

# The layers of the exercise by our names (theirs: block1_conv1, ...), each with its weight lambda.
STYLE_LAYERS = tuple((f"stage{i}_1_conv", 0.2) for i in range(1, 6))
CONTENT_LAYER = "stage5_4_conv"

SMALLEST = 16  # pixels: one is left behind the fourth pooling
IMAGENET_MEAN = (123.68, 116.779, 103.939)  # red, green, blue, as VGG was trained
COLOR_SHARE = 4  # every fourth random filter keeps its mean, and so sees plain colour
EDGE = 0.01  # a start is kept as far from black and white: no change would move them


# --- The graded functions -------------------------------------------------------------------------


def compute_content_cost(content_output: Sequence[Any], generated_output: Sequence[Any]) -> Any:
    """How far the generated picture is from the content picture, in the last layer given.

        J = 1 / (4 n_H n_W n_C) * sum (a_C - a_G)^2

    Args:
        content_output: activations of the content picture, a list of layers whose last entry, of
            shape (1, n_H, n_W, n_C), is the content layer.
        generated_output: those of the generated picture, likewise.

    Returns:
        The cost, a scalar tensor.

    Raises:
        TypeError: no list of activations, or not numbers.
        ValueError: shapes that differ or are not (1, n_H, n_W, n_C).

    Example:
        >>> a_C, a_G = np.zeros((1, 2, 2, 3)), np.ones((1, 2, 2, 3))
        >>> float(compute_content_cost([a_C], [a_G]))
        0.25

    Source: course 4, week 4.  Gatys et al. (2016) take 1/2 of the sum, the lecture notes its root.
    """
    a_C = _check_activation("content_output[-1]", _last("content_output", content_output))
    a_G = _last("generated_output", generated_output)
    a_G = _check_activation("generated_output[-1]", a_G, ("content_output[-1]", a_C))
    _, n_H, n_W, n_C = a_C.shape
    difference = keras.ops.subtract(a_C, a_G)
    return keras.ops.sum(keras.ops.square(difference)) / (4.0 * n_H * n_W * n_C)


def gram_matrix(A: Any) -> Any:
    """Which channels are active together: the products of all pairs, summed over the places.

        G = A A^T          G_kk' = sum over places of a_k a_k'

    Args:
        A: (n_C, n_H * n_W), a row for each channel.

    Returns:
        (n_C, n_C), a tensor.

    Raises:
        TypeError: not numbers.
        ValueError: not a matrix.

    Example:
        >>> keras.ops.convert_to_numpy(gram_matrix([[1.0, 2.0], [0.0, 3.0]]))
        array([[5., 6.],
               [6., 9.]], dtype=float32)

    Source: course 4, week 4; Gatys et al., 2015.
    """
    A = _check_tensor("A", A, ("n_C", "n_H * n_W"))
    return keras.ops.matmul(A, keras.ops.transpose(A))


def compute_layer_style_cost(a_S: Any, a_G: Any) -> Any:
    """How far the generated picture is from the style picture in one layer.

        J = 1 / (2 n_H n_W n_C)^2 * sum over k, k' of (Gram_S - Gram_G)^2

    Args:
        a_S: (1, n_H, n_W, n_C) activations of the style picture.
        a_G: those of the generated picture.

    Returns:
        The cost, a scalar tensor.

    Raises:
        TypeError: not numbers.
        ValueError: shapes that differ or are not (1, n_H, n_W, n_C).

    Example:
        >>> a_S, a_G = np.zeros((1, 2, 2, 1)), np.ones((1, 2, 2, 1))
        >>> float(compute_layer_style_cost(a_S, a_G))  # (0 - 4)^2 / (2 * 2 * 2 * 1)^2
        0.25

    Source: course 4, week 4; equal to equation 4 of Gatys et al., 2015, with N = n_C channels and
    M = n_H n_W places.  (One line of the lecture notes forgets the 2, another the square.)
    """
    a_S = _check_activation("a_S", a_S)
    a_G = _check_activation("a_G", a_G, ("a_S", a_S))
    _, n_H, n_W, n_C = a_S.shape
    difference = keras.ops.subtract(gram_matrix(_unroll(a_S)), gram_matrix(_unroll(a_G)))
    return keras.ops.sum(keras.ops.square(difference)) / (2.0 * n_H * n_W * n_C) ** 2


def compute_style_cost(
    style_image_output: Sequence[Any],
    generated_image_output: Sequence[Any],
    STYLE_LAYERS: Sequence[tuple[str, float]] = STYLE_LAYERS,
) -> Any:
    """The style costs of several layers, each with its weight.

        J = sum over l of lambda_l J_l

    Early layers see edges and colours, later ones larger patterns.

    Args:
        style_image_output: activations of the style picture, one (1, n_H, n_W, n_C) for each style
            layer; the last entry is the content layer and is left out.
        generated_image_output: those of the generated picture, likewise.
        STYLE_LAYERS: (name, lambda) of every style layer, in the order of the outputs.

    Returns:
        The cost, a scalar tensor.

    Raises:
        TypeError: no lists, or not numbers.
        ValueError: other than one output for each style layer and one for the content, shapes that
            differ, a weight below 0.

    Example:
        >>> S, G = [np.zeros((1, 2, 2, 1))] * 3, [np.ones((1, 2, 2, 1))] * 3
        >>> float(compute_style_cost(S, G, [("first", 1.0), ("second", 3.0)]))
        1.0

    Source: course 4, week 4.
    """
    layers = _check_layers("STYLE_LAYERS", STYLE_LAYERS)
    a_S = _check_outputs("style_image_output", style_image_output, len(layers))
    a_G = _check_outputs("generated_image_output", generated_image_output, len(layers))
    return sum(
        weight * compute_layer_style_cost(of_style, generated)
        for (_, weight), of_style, generated in zip(layers, a_S[:-1], a_G[:-1], strict=True)
    )


def total_cost(J_content: Any, J_style: Any, alpha: float = 10, beta: float = 40) -> Any:
    """Both costs: J = alpha J_content + beta J_style.

    Args:
        J_content: a scalar, number or tensor.
        J_style: likewise.
        alpha: weight of the content, at least 0.
        beta: weight of the style, at least 0.

    Returns:
        A scalar tensor, also for Python numbers.

    Raises:
        TypeError: not numbers.
        ValueError: a weight below 0, a cost that is no scalar.

    Example:
        >>> float(total_cost(0.25, 0.5))
        22.5

    Source: course 4, week 4.
    """
    alpha, beta = _check_weights(alpha, beta)
    J_content, J_style = (
        _check_tensor("J_content", J_content, ()),
        _check_tensor("J_style", J_style, ()),
    )
    return keras.ops.add(alpha * J_content, beta * J_style)


# --- The model ------------------------------------------------------------------------------------


def StyleFeatures(
    input_shape: tuple[int, int, int] = (256, 256, 3),
    style_layers: Sequence[tuple[str, float]] = STYLE_LAYERS,
    content_layer: str = CONTENT_LAYER,
    *,
    pooling: str = "average",
    weights: Any = None,
    name: str = "style_features",
) -> keras.Model:
    """The activations of VGG-19 that costs are made of, up to the deepest layer they need.

    Args:
        input_shape: (height, width, 3) of the pictures, at least 16 pixels each way.
        style_layers: (name, weight) of each; the names are those of `VGG19`, stage1_1_conv to
            stage5_4_conv, and the weights are not used here.
        content_layer: name of one more.
        pooling: "average", which Gatys et al. found to look better, or "max" as VGG was trained.
        weights: None for random ones, then use `fill_random`; "imagenet"; or the path of a file
            with the published ones as `VGG19(..., include_top=False)` saves them.
        name: name of the model.

    Returns:
        A frozen model (1, height, width, 3), values 0 to 1, -> a list of activations, that of the
        content layer last.

    Raises:
        TypeError, ValueError: sizes that do not fit, layers that VGG-19 does not have, one twice,
            another pooling, weights that cannot be had.

    Example:
        >>> features = StyleFeatures((32, 32, 3), STYLE_LAYERS[:2], "stage2_2_conv")
        >>> [tuple(output.shape) for output in features.outputs]
        [(1, 32, 32, 64), (1, 16, 16, 128), (1, 16, 16, 128)]

    Source: Gatys et al., "Image style transfer using convolutional neural networks", 2016;
    course 4, week 4.
    """
    shape = _check_picture_shape(input_shape)
    wanted = _check_names(style_layers, content_layer)
    check_choice("pooling", pooling, ("average", "max"))
    trained = None if weights is None else VGG19((32, 32, 3), include_top=False, weights=weights)

    kind = keras.layers.AveragePooling2D if pooling == "average" else keras.layers.MaxPooling2D
    offset = [-mean for mean in IMAGENET_MEAN]
    x = inputs = keras.Input(batch_shape=(1, *shape), name="inputs")
    x = keras.layers.Rescaling(255.0, offset, name="preprocess_1_scale")(x)
    outputs = {}
    for layer_name, filters in _vgg19_layers():
        if layer_name.endswith("conv"):
            style = {"padding": "same", "activation": "relu"}
            x = keras.layers.Conv2D(filters, 3, **style, name=layer_name)(x)
            outputs[layer_name] = x
        else:
            x = kind(2, name=layer_name)(x)
        if set(wanted) <= set(outputs):
            break
    model = keras.Model(inputs, [outputs[n] for n in wanted], name=name)
    model.trainable = False
    for layer in _convolutions(model) if trained else ():
        kernel, bias = trained.get_layer(layer.name).get_weights()
        reads_pixels = layer.name == "stage1_1_conv"  # the published one reads blue, green, red
        layer.set_weights([kernel[:, :, ::-1] if reads_pixels else kernel, bias])
    return model


def StyleTransfer(
    features: keras.Model, scales: int = 1, *, name: str = "style_transfer"
) -> keras.Model:
    """The generated picture as a model: all that it can learn is how the picture changes.

    Args:
        features: of `StyleFeatures`, filled; its layers become layers of the model.
        scales: of `PictureChange`; 1 moves every pixel by itself, as the exercise does.
        name: name of the model.

    Returns:
        A model (1, height, width, 3), the picture to start from with values 0 to 1, -> the
        activations of the generated picture, as `features` lists them.

    Raises:
        TypeError, ValueError: something else than such a model, or no whole number of scales.

    Example:
        >>> features = StyleFeatures((32, 32, 3), STYLE_LAYERS[:1], "stage1_2_conv")
        >>> [tuple(w.shape) for w in StyleTransfer(features, scales=2).trainable_weights]
        [(1, 32, 32, 3), (1, 16, 16, 3)]

    Source: course 4, week 4; Gatys et al., 2016.
    """
    _check_features(features)
    x = inputs = keras.Input(batch_shape=features.input.shape, name="inputs")
    x = PictureChange(scales, name="picture_1_change")(x)
    outputs = {}
    for layer in features.layers[1:]:  # a chain, behind its inputs
        x = outputs[layer.name] = layer(x)
    return keras.Model(inputs, [outputs[n] for n in features.output_names], name=name)


class _Change(keras.layers.Layer):
    """The weights of `PictureChange`, and what it computes with them."""

    def build(self, input_shape):
        _, height, width, channels = input_shape
        self.changes = [
            self.add_weight(
                (1, -(-height // 2**k), -(-width // 2**k), channels),
                initializer="zeros",
                name=f"change_{k + 1}",
            )
            for k in range(self.scales)
        ]
        super().build(input_shape)

    def call(self, start):
        start = keras.ops.clip(start, EDGE, 1 - EDGE)
        logit = keras.ops.log(start) - keras.ops.log(1 - start) + self.changes[0]
        for change in self.changes[1:]:
            change = keras.ops.convert_to_tensor(change)  # JAX resizes no variables
            logit += keras.ops.image.resize(change, start.shape[1:3], data_format="channels_last")
        return keras.ops.sigmoid(logit)

    def get_config(self):
        return super().get_config() | {"scales": self.scales}


@keras.saving.register_keras_serializable(package="dlspec")
class PictureChange(_Change):
    """A picture, and what is learnt to change in it, on one or several scales.

        G = sigmoid(logit(start) + change_1 + enlarged change_2 + enlarged change_3 + ...)

    change_1 holds a number for every pixel and channel, each further one for squares of twice the
    side.  They all begin at 0.  With several scales large areas change their colour in a few steps,
    where pixels one by one gather noise: gradient descent is the same, the coordinates are better.
    The sigmoid keeps values between 0 and 1 where the exercise clips them after every step.

    Args:
        scales: number of changes, at least 1.
        kwargs: `name` and what else every Keras layer takes.

    Raises:
        TypeError, ValueError: no whole number of at least 1.

    Example:
        >>> layer = PictureChange(scales=2)
        >>> layer(np.full((1, 4, 4, 3), 0.5)).shape[1:], len(layer.trainable_weights)
        (TensorShape([4, 4, 3]), 2)

    Source: ours; the idea is that of Olah et al., "Feature visualization", 2017.
    """

    def __init__(self, scales: int = 1, **kwargs: object):
        super().__init__(**kwargs)
        self.scales = check_count("scales", scales)


# --- Filters --------------------------------------------------------------------------------------


def fill_random(features: keras.Model, pictures: np.ndarray, seed: int = 0) -> keras.Model:
    """Give VGG-19 random filters with which style can be transferred; changes `features`.

    Filters drawn as usual answer everywhere alike, and mostly to brightness.  Here, layer by layer,

    1. the filters are orthogonal to one another,
    2. three in four have mean 0 over their 3 x 3 places: they see edges and patterns; every fourth
       keeps its mean and sees colours,
    3. the bias lets a channel answer in half of the places of `pictures`,
    4. and its mean answer over them is 1, as in `rescale_activations`.

    Args:
        features: of `StyleFeatures`.
        pictures: (m, height, width, 3), values 0 to 1: content and style, for example.
        seed: of the filters, at least 0.

    Returns:
        `features`.

    Raises:
        TypeError, ValueError: another model, pictures of other shapes or values, a negative seed.

    Example:
        >>> features = StyleFeatures((32, 32, 3), STYLE_LAYERS[:1], "stage1_2_conv")
        >>> pictures = np.random.default_rng(0).uniform(size=(2, 32, 32, 3))
        >>> a = fill_random(features, pictures)(pictures[:1].astype("float32"))
        >>> bool(0.3 < keras.ops.mean(a[0] > 0) < 0.7)
        True

    Source: ours, after Ustyuzhaninov et al., "Texture synthesis using shallow convolutional
    networks with random filters", 2016, and He, Wang and Hopcroft, "A powerful generative model
    using random weights for the deep image representation", 2016.
    """
    x = _check_pictures(features, pictures)
    random = np.random.default_rng(check_count("seed", seed, minimum=0))
    for layer in features.layers[1:]:
        if isinstance(layer, keras.layers.Conv2D):
            kernel = _draw_filters(random, layer.kernel.shape)
            answer = keras.ops.conv(x, kernel, padding="same")
            threshold = np.median(keras.ops.convert_to_numpy(answer), axis=(0, 1, 2))
            x = keras.ops.relu(answer - threshold)
            scale = _one_over_mean(x)
            layer.set_weights([kernel * scale, -threshold * scale])
            x = x * scale
        else:
            x = layer(x)
    return features


def rescale_activations(features: keras.Model, pictures: np.ndarray) -> keras.Model:
    """Scale every channel so that its mean over `pictures` is 1; changes `features`.

    What the network sees stays the same, as the next layer takes every scale back.  The costs of
    layers become comparable, and so do alpha and beta from one network to another.  Channels that
    are silent are left alone.

    Args:
        features: of `StyleFeatures`, with trained weights.
        pictures: (m, height, width, 3), values 0 to 1.

    Returns:
        `features`.

    Raises:
        TypeError, ValueError: another model, pictures of other shapes or values.

    Example:
        >>> features = StyleFeatures((32, 32, 3), STYLE_LAYERS[:1], "stage1_2_conv")
        >>> pictures = np.random.default_rng(0).uniform(size=(1, 32, 32, 3)).astype("float32")
        >>> a = keras.ops.convert_to_numpy(rescale_activations(features, pictures)(pictures)[1])
        >>> means = a.mean(axis=(0, 1, 2))
        >>> bool(np.allclose(means[means > 0], 1, atol=1e-3))
        True

    Source: Gatys et al., 2016, section 2.
    """
    x, before = _check_pictures(features, pictures), None
    for layer in features.layers[1:]:
        if isinstance(layer, keras.layers.Conv2D):
            kernel, bias = layer.get_weights()
            if before is not None:
                kernel = kernel / before[:, None]
            layer.set_weights([kernel, bias])
            before = _one_over_mean(layer(x))
            layer.set_weights([kernel * before, bias * before])
        x = layer(x)
    return features


def _draw_filters(random, shape):
    """Orthogonal filters (3, 3, n_in, n_out), most of them with mean 0; He's size."""
    *_, n_in, n_out = shape
    rows = 9 * n_in
    drawn = random.normal(size=(max(rows, n_out), min(rows, n_out)))
    triangle = np.linalg.cholesky(drawn.T @ drawn)  # a tenth of the time of np.linalg.qr
    orthogonal = np.linalg.solve(triangle, drawn.T).T
    filters = (orthogonal if rows >= n_out else orthogonal.T).reshape(shape)
    edges = np.arange(n_out) % COLOR_SHARE != 0
    filters = filters - edges * filters.mean(axis=(0, 1), keepdims=True)
    return (np.sqrt(2) * filters).astype(np.float32)


def _one_over_mean(activation):
    """1 / mean of every channel; 1 for one that is silent."""
    means = keras.ops.convert_to_numpy(activation).mean(axis=(0, 1, 2))
    return np.where(means > 1e-6, 1 / np.maximum(means, 1e-6), 1.0).astype(np.float32)


# --- Training -------------------------------------------------------------------------------------


class TransferCosts(NamedTuple):
    """The costs before a step.

    Attributes:
        total: alpha content + beta style.
        content: J_content.
        style: J_style.
    """

    total: float
    content: float
    style: float


def noisy_start(content: np.ndarray, noise: float = 0.25, seed: int = 0) -> np.ndarray:
    """The content picture with noise, to start from.

    Args:
        content: (height, width, 3), values 0 to 1.
        noise: its largest value, in [0, 1]; 0 starts from the content itself.
        seed: at least 0.

    Returns:
        (height, width, 3) float32, values 0 to 1.

    Raises:
        TypeError, ValueError: no such picture, noise outside [0, 1], a negative seed.

    Example:
        >>> start = noisy_start(np.full((2, 2, 3), 0.5), noise=0.1)
        >>> bool(0.4 <= start.min() < start.max() <= 0.6)
        True

    Source: course 4, week 4.
    """
    content = _check_picture("content", content)
    noise = check_interval("noise", noise, "[0, 1]")
    random = np.random.default_rng(check_count("seed", seed, minimum=0))
    noisy = content + random.uniform(-noise, noise, content.shape)
    return np.clip(noisy, 0, 1).astype(np.float32)


def transfer_targets(
    features: keras.Model, content: np.ndarray, style: np.ndarray
) -> list[np.ndarray]:
    """What the activations are held against: those of the style, and last those of the content.

    Args:
        features: of `StyleFeatures`, filled.
        content: (height, width, 3), values 0 to 1.
        style: likewise, of the same size.

    Returns:
        One (1, n_H, n_W, n_C) for each output of `features`.

    Raises:
        TypeError, ValueError: another model, pictures that do not fit it.

    Example:
        >>> features = StyleFeatures((32, 32, 3), STYLE_LAYERS[:1], "stage1_2_conv")
        >>> black, white = np.zeros((32, 32, 3)), np.ones((32, 32, 3))
        >>> [a.shape for a in transfer_targets(features, black, white)]
        [(1, 32, 32, 64), (1, 32, 32, 64)]

    Source: course 4, week 4.
    """
    size = tuple(_check_features(features).input.shape[1:])
    pictures = [
        _check_picture(name, value, size)[None]
        for name, value in (("content", content), ("style", style))
    ]
    of_content, of_style = (
        [keras.ops.convert_to_numpy(a) for a in features(picture)] for picture in pictures
    )
    return [*of_style[:-1], of_content[-1]]


def compile_transfer(
    model: keras.Model,
    alpha: float = 10,
    beta: float = 40,
    STYLE_LAYERS: Sequence[tuple[str, float]] = STYLE_LAYERS,
    learning_rate: Any = 0.03,
) -> keras.Model:
    """Compile with the costs above and Adam; changes `model`.

    Args:
        model: of `StyleTransfer`.
        alpha: weight of the content, at least 0.
        beta: weight of the style, at least 0.
        STYLE_LAYERS: (name, lambda) of the style layers that the model was built with.
        learning_rate: a number above 0, or a schedule of Keras'.

    Returns:
        `model`.

    Raises:
        TypeError, ValueError: another model or other layers, a weight below 0, a learning rate not
            above 0.

    Example:
        >>> features = StyleFeatures((32, 32, 3), STYLE_LAYERS[:1], "stage1_2_conv")
        >>> model = compile_transfer(StyleTransfer(features), STYLE_LAYERS=STYLE_LAYERS[:1])
        >>> type(model.optimizer).__name__
        'Adam'

    Source: course 4, week 4.
    """
    layers = _check_layers("STYLE_LAYERS", STYLE_LAYERS)
    _check_transfer(model, layers)
    alpha, beta = _check_weights(alpha, beta)
    if not isinstance(learning_rate, keras.optimizers.schedules.LearningRateSchedule):
        learning_rate = check_positive("learning_rate", learning_rate)
    model.compile(
        keras.optimizers.Adam(learning_rate),
        loss=[*[compute_layer_style_cost] * len(layers), _content_cost],
        loss_weights=[*[beta * weight for _, weight in layers], alpha],
    )
    return model


def train_step(
    model: keras.Model,
    start: np.ndarray,
    targets: Sequence[np.ndarray],
    STYLE_LAYERS: Sequence[tuple[str, float]] = STYLE_LAYERS,
) -> TransferCosts:
    """One step of Adam on the picture.

    Args:
        model: of `compile_transfer`; its picture changes.
        start: (height, width, 3) that the picture started from.
        targets: of `transfer_targets`.
        STYLE_LAYERS: as in `compile_transfer`.

    Returns:
        The costs before the step.

    Raises:
        TypeError, ValueError: a model that is not compiled or has other layers, a start or targets
            that do not fit.

    Example:
        >>> layers = STYLE_LAYERS[:1]
        >>> features = StyleFeatures((16, 16, 3), layers, "stage1_2_conv")
        >>> content, style = np.random.default_rng(0).uniform(size=(2, 16, 16, 3))
        >>> fill_random(features, np.stack([content, style])).name
        'style_features'
        >>> model = compile_transfer(StyleTransfer(features), STYLE_LAYERS=layers)
        >>> targets = transfer_targets(features, content, style)
        >>> first, second = (train_step(model, content, targets, layers) for _ in range(2))
        >>> second.total < first.total
        True

    Source: course 4, week 4.
    """
    layers = _check_layers("STYLE_LAYERS", STYLE_LAYERS)
    _check_transfer(model, layers)
    if not getattr(model, "compiled", False):
        raise InvalidValue(sentence("model", "be compiled", "one that is not", COMPILE))
    start = _check_picture("start", start, tuple(model.input.shape[1:]))
    targets = _check_outputs("targets", targets, len(layers))
    logs = model.train_on_batch(start[None], list(targets), return_dict=True)
    *of_style, of_content = (float(logs[f"{name}_loss"]) for name in model.output_names)
    style = sum(weight * cost for (_, weight), cost in zip(layers, of_style, strict=True))
    return TransferCosts(float(logs["loss"]), of_content, style)


def generated_picture(model: keras.Model, start: np.ndarray) -> np.ndarray:
    """The picture as it is now.

    Args:
        model: of `StyleTransfer`.
        start: (height, width, 3) that the picture started from.

    Returns:
        (height, width, 3) float32, values 0 to 1.

    Raises:
        TypeError, ValueError: another model, a start that does not fit.

    Example:
        >>> features = StyleFeatures((16, 16, 3), STYLE_LAYERS[:1], "stage1_2_conv")
        >>> generated_picture(StyleTransfer(features), np.full((16, 16, 3), 0.5))[0, 0]
        array([0.5, 0.5, 0.5], dtype=float32)

    Source: course 4, week 4.
    """
    _check_transfer(model)
    start = _check_picture("start", start, tuple(model.input.shape[1:]))
    changed = model.get_layer("picture_1_change")(start[None])
    return keras.ops.convert_to_numpy(changed)[0]


def _content_cost(of_content, generated):
    """`compute_content_cost` as `compile` wants it."""
    return compute_content_cost([of_content], [generated])


# --- Checks ---------------------------------------------------------------------------------------

COMPILE = "Use compile_transfer."


def _vgg19_layers():
    """(name, filters) of every convolution and pooling, in order."""
    for i, (filters, convolutions) in enumerate(VGG19_STAGES, start=1):
        for j in range(1, convolutions + 1):
            yield f"stage{i}_{j}_conv", filters
        yield f"stage{i}_{convolutions}_pool", None


def _convolutions(model):
    return [layer for layer in model.layers if isinstance(layer, keras.layers.Conv2D)]


def _unroll(a):
    """(1, n_H, n_W, n_C) to (n_C, n_H * n_W)."""
    return keras.ops.transpose(keras.ops.reshape(a, (-1, a.shape[-1])))


def _check_weights(alpha, beta):
    alpha = check_interval("alpha", alpha, "[0, inf)")
    return alpha, check_interval("beta", beta, "[0, inf)")


def _check_tensor(name, value, axes):
    """`value` as a tensor of floats with as many axes as there are names."""
    if not hasattr(value, "dtype"):  # lists and numbers become what Keras computes with
        value = check_array(name, value, finite=False).astype(keras.config.floatx())
    elif isinstance(value, (np.ndarray, np.generic)):
        value = check_array(name, value, finite=False, keep_float32=True)
    tensor = keras.ops.convert_to_tensor(value)
    if len(tensor.shape) != len(axes):
        expected = f"have shape ({', '.join(axes)})" if axes else "be a scalar"
        raise InvalidValue(sentence(name, expected, f"shape {tuple(tensor.shape)}"))
    return tensor


def _check_activation(name, value, like=None):
    """Activations of one picture, of the shape of others if those are given."""
    tensor = _check_tensor(name, value, ("1", "n_H", "n_W", "n_C"))
    shape = tuple(tensor.shape)
    if shape[0] not in (1, None):
        advice = "The costs are those of one picture."
        raise InvalidValue(sentence(name, "have shape (1, n_H, n_W, n_C)", shape, advice))
    if like is not None and shape[1:] != tuple(like[1].shape)[1:]:
        expected = f"have the shape of `{like[0]}`, {tuple(like[1].shape)}"
        advice = "Scale the pictures to the same size."
        raise InvalidValue(sentence(name, expected, shape, advice))
    return tensor


def _last(name, outputs):
    """The last entry of a list, or of an array of one axis more."""
    is_list = isinstance(outputs, (list, tuple)) or len(getattr(outputs, "shape", ())) == 5
    if not is_list:
        raise InvalidType(sentence(name, "be a list of activations", type(outputs).__name__))
    if not len(outputs):
        raise InvalidValue(sentence(name, "hold at least one layer", "none"))
    return outputs[-1]


def _check_outputs(name, outputs, n_layers):
    _last(name, outputs)
    if len(outputs) != n_layers + 1:
        expected = f"hold {n_layers + 1} entries, one for each style layer and the content last"
        raise InvalidValue(sentence(name, expected, len(outputs)))
    return outputs


def _check_layers(name, layers):
    """[(name, weight), ...] with weights of at least 0."""
    pairs = isinstance(layers, (list, tuple)) and all(
        isinstance(pair, (list, tuple)) and len(pair) == 2 for pair in layers
    )
    if not pairs or not layers:
        raise InvalidType(sentence(name, "be a list of pairs (layer name, weight)", f"{layers!r}"))
    return [(str(n), check_interval(f"weight of {n}", w, "[0, inf)")) for n, w in layers]


def _check_names(style_layers, content_layer):
    """Names of layers that VGG-19 has, each once, the content layer last."""
    names = [n for n, _ in _check_layers("style_layers", style_layers)]
    known = [n for n, filters in _vgg19_layers() if filters]
    for n in names:
        check_choice("style_layers", n, known)
    check_choice("content_layer", content_layer, known)
    names.append(content_layer)
    if len(set(names)) < len(names):
        expected = "name every layer once, the content layer included"
        raise InvalidValue(sentence("style_layers", expected, ", ".join(names)))
    return names


def _check_picture_shape(shape):
    height, width, channels = check_image_shape("input_shape", shape, SMALLEST)
    if channels != 3:
        received = (height, width, channels)
        raise InvalidValue(sentence("input_shape", "have 3 channels", received, GREY))
    return height, width, channels


GREY = "Grey becomes colour with np.stack([grey] * 3, axis=-1)."


def _check_picture(name, value, size=None):
    """A picture (height, width, 3) of values 0 to 1, as float32."""
    shape = ("height", "width", "3") if size is None else tuple(map(str, size))
    array = check_array(name, value)
    if array.ndim != 3 or array.shape[2] != 3 or (size is not None and array.shape != size):
        advice = GREY if array.ndim == 2 else ""
        raise InvalidValue(sentence(name, f"have shape ({', '.join(shape)})", array.shape, advice))
    return _check_range(name, array).astype(np.float32)


def _check_range(name, array):
    if array.min() < 0 or array.max() > 1:
        advice = f"Divide by 255: {name} / 255." if 1 < array.max() <= 255 else ""
        received = f"{array.min():g} to {array.max():g}"
        raise InvalidValue(sentence(name, "hold values from 0 to 1", received, advice))
    return array


def _check_pictures(features, pictures):
    size = tuple(_check_features(features).input.shape[1:])
    array = check_array("pictures", pictures)
    if array.shape[1:] != size or array.ndim != 4:
        expected = f"have shape (m, {', '.join(map(str, size))})"
        raise InvalidValue(sentence("pictures", expected, array.shape))
    return _check_range("pictures", array).astype(np.float32)


def _check_features(features):
    if not (isinstance(features, keras.Model) and _names(features)[1:2] == ["preprocess_1_scale"]):
        raise InvalidType(sentence("features", "be a model of StyleFeatures", _kind(features)))
    return features


def _check_transfer(model, layers=None):
    if not (isinstance(model, keras.Model) and _names(model)[1:2] == ["picture_1_change"]):
        raise InvalidType(sentence("model", "be a model of StyleTransfer", _kind(model)))
    names = [n for n, _ in layers or ()]
    if layers is not None and names != list(model.output_names[:-1]):
        expected = f"name the style layers of the model, {', '.join(model.output_names[:-1])}"
        raise InvalidValue(sentence("STYLE_LAYERS", expected, ", ".join(names)))
    return model


def _names(model):
    return [layer.name for layer in model.layers]


def _kind(value):
    return value.name if isinstance(value, keras.Model) else type(value).__name__
