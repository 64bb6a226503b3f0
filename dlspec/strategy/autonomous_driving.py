"""Case study: autonomous driving (course 3, week 2).

A car must know whether there is a car, a person, a traffic light, a stop sign before it.  One
picture can show several of them: this is no softmax over classes but one yes-or-no question per
kind, and `RoadNetwork` answers all with one trunk and a sigmoid for each,

    y_hat = sigmoid(W max(trunk(x)) + b),    y_hat in (0, 1)^k

Where labels are missing, `dlspec.strategy.multi_task.MaskedBinaryCrossentropy` sums over the known
ones only.

The city where the car is to drive is foggy, most pictures were taken elsewhere.  Fog can be added
to a clear picture whose depth is known (Koschmieder): of the light J of a point at distance d a
part t gets through, and the rest of what is seen is light A that the fog scatters towards us,

    I = J t + A (1 - t),    t = exp(-beta d),    beta = ln(1 / 0.02) / visibility

where visibility is the distance at which 2 % of the contrast is left, beta = 3.912 / visibility.
(Weather services count to 5 %, which is beta = 2.996 / visibility.)  One visibility and one grey
for a thousand pictures are one fog, and a network learns that one fog by heart: draw both anew for
every picture.
"""

from collections.abc import Sequence

import keras
import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import check_array, check_count, check_image_shape, check_layer_sizes

__all__ = ["CONTRAST", "RoadNetwork", "attenuation", "synthesize_fog", "transmission"]

CONTRAST = 0.02
"""What is left of the contrast at the distance that is called visibility."""
FILTERS = (16, 24, 48, 64)


# --- Network --------------------------------------------------------------------------------------


def RoadNetwork(
    input_shape: Sequence[int] = (64, 80, 3),
    labels: int = 4,
    *,
    filters: Sequence[int] = FILTERS,
    name: str = "road_network",
) -> keras.Model:
    """[convolution -> pooling -> batch norm -> ReLU] x n -> largest of each feature -> k sigmoids.

    Convolutions are 3 x 3; every one but the last is followed by the maximum of 2 x 2.  Pooled
    first, there is a quarter of the numbers to normalise, and a step takes two thirds of the time.
    The largest value of a feature over the whole plane says *whether* something is there, wherever
    it is.

    Layers are named `trunk_<i>_convolution`, `trunk_<i>_pooling`, `trunk_<i>_norm`,
    `trunk_<i>_activation`, `trunk_<n>_maximum`, `output_1_linear` and `output_1_activation`.

    Args:
        input_shape: (height, width, channels), height and width at least 2^(n - 1).
        labels: number of yes-or-no questions k, at least 1.
        filters: of every convolution.
        name: name of the model.

    Returns:
        A functional model (batch, *input_shape) -> (batch, labels), probabilities; it takes
        pictures as numbers from 0 to 1.  9 n[i-1] n[i] + 4 n[i] parameters for each convolution
        with its batch normalisation, half of the 4 not trained.

    Raises:
        TypeError, ValueError: sizes that are not whole numbers, too small, or not three.

    Example:
        >>> RoadNetwork((64, 80, 3), labels=4).output_shape
        (None, 4)
        >>> RoadNetwork((32, 32, 3), labels=1, filters=(8, 16)).count_params()
        1481

    Source: course 3, week 2 (multi-task learning).
    """
    if isinstance(filters, Sequence) and not filters:
        raise InvalidValue(sentence("filters", "hold at least one number", "none"))
    filters = check_layer_sizes("filters", filters, minimum_layers=0)
    shape = check_image_shape("input_shape", input_shape, 2 ** (len(filters) - 1))
    x = inputs = keras.Input(shape, name="inputs")
    for i, count in enumerate(filters, start=1):
        x = _convolution_block(x, count, f"trunk_{i}", pooled=i < len(filters))
    x = keras.layers.GlobalMaxPooling2D(name=f"trunk_{len(filters)}_maximum")(x)
    x = keras.layers.Dense(check_count("labels", labels), name="output_1_linear")(x)
    x = keras.layers.Activation("sigmoid", name="output_1_activation")(x)
    return keras.Model(inputs, x, name=name)


def _convolution_block(x, filters, stage, pooled):
    x = keras.layers.Conv2D(
        filters, 3, padding="same", use_bias=False, name=f"{stage}_convolution"
    )(x)
    if pooled:
        x = keras.layers.MaxPooling2D(name=f"{stage}_pooling")(x)
    # The running averages must settle within a few hundred steps.
    x = keras.layers.BatchNormalization(momentum=0.9, name=f"{stage}_norm")(x)
    return keras.layers.Activation("relu", name=f"{stage}_activation")(x)


# --- Fog ------------------------------------------------------------------------------------------


def attenuation(visibility: float | np.ndarray) -> np.ndarray:
    """Compute beta = ln(1 / 0.02) / visibility, the part of the light lost per metre.

    Args:
        visibility: metres, above 0; a number or an array of any shape; infinite without fog.

    Returns:
        beta in 1 / m, of the same shape.

    Raises:
        TypeError, ValueError: not numbers, or not above 0.

    Example:
        >>> attenuation(100.0).round(5)
        np.float64(0.03912)

    Source: Koschmieder, "Theorie der horizontalen Sichtweite", 1924.
    """
    metres = check_array("visibility", visibility, finite=False)
    if not (metres > 0).all():  # NaN is not either
        odd = metres[~(metres > 0)].flat[0]
        advice = "It is a distance in metres; infinity stands for no fog."
        raise InvalidValue(sentence("visibility", "be above 0", f"{odd:g}", advice))
    return np.log(1 / CONTRAST) / metres


def transmission(depth: np.ndarray, visibility: float | np.ndarray) -> np.ndarray:
    """Compute t = exp(-beta d), the part of the light that gets through the fog.

    Args:
        depth: distances d in metres, at least 0: (m, h, w) or (h, w).
        visibility: metres, above 0; one number, or (m,), one for each image.

    Returns:
        t in [0, 1], of the shape of `depth`.

    Raises:
        TypeError, ValueError: not numbers, negative distances, not above 0, or shapes that do not
            fit.

    Example:
        >>> transmission(np.array([[0.0, 50.0, 100.0]]), visibility=100.0).round(2)
        array([[1.  , 0.14, 0.02]])

    Source: Narasimhan and Nayar, "Vision and the atmosphere", 2002.
    """
    metres = check_array("depth", depth)
    if metres.ndim not in (2, 3):
        raise InvalidValue(sentence("depth", "have shape (m, h, w) or (h, w)", metres.shape))
    if metres.min() < 0:
        raise InvalidValue(sentence("depth", "be at least 0 metres", f"{metres.min():g}"))
    beta = attenuation(visibility)
    if beta.ndim and beta.shape != metres.shape[:-2]:
        expected = "be one number, or one for each image of `depth`"
        received = f"shape {beta.shape} with `depth` of shape {metres.shape}"
        raise InvalidValue(sentence("visibility", expected, received))
    return np.exp(-beta[..., None, None] * metres)


def synthesize_fog(
    images: np.ndarray,
    depth: np.ndarray,
    visibility: float | np.ndarray,
    *,
    airlight: float | np.ndarray = 0.8,
) -> np.ndarray:
    """Add fog to clear pictures: I = J t + A (1 - t) with t = exp(-beta d).

    The fog is the same everywhere and its light is one colour; real fog is thicker here than there
    and glows around lamps.  Look whether what comes out could pass for your target's pictures.

    Args:
        images: J, (m, h, w, 3) or (h, w, 3); uint8 0..255 or float 0..1.
        depth: distance d of every pixel in metres, (m, h, w) or (h, w).
        visibility: metres at which 2 % of the contrast is left, above 0; one number, or (m,), one
            for each image.
        airlight: A in [0, 1]: a grey, a colour (3,), or a colour for each image (m, 3).

    Returns:
        I, of the shape and dtype of `images`.

    Raises:
        TypeError, ValueError: shapes that do not fit, pixels of another type or range, a
            visibility that is not above 0, airlight outside [0, 1].

    Example:
        >>> black = np.zeros((1, 2, 3), dtype=np.uint8)
        >>> synthesize_fog(black, np.array([[0.0, 1000.0]]), 50.0, airlight=0.8)[0, :, 0]
        array([  0, 204], dtype=uint8)

    Source: Narasimhan and Nayar, "Vision and the atmosphere", 2002; course 3, week 2 (artificial
    data synthesis).
    """
    J = _check_pictures(images)
    if np.shape(depth) != J.shape[:-1]:
        expected = f"have the height and width of `images`, {J.shape[:-1]}"
        raise InvalidValue(sentence("depth", expected, np.shape(depth)))
    A = _check_airlight(airlight, J.shape)
    t = transmission(depth, visibility)[..., None].astype(np.float32)
    if J.dtype == np.uint8:
        return np.rint(J * t + 255 * A * (1 - t)).astype(np.uint8)
    return (J * t + A * (1 - t)).astype(J.dtype)


def _check_pictures(images):
    images = np.asarray(images)
    if images.ndim not in (3, 4) or images.shape[-1] != 3 or 0 in images.shape:
        raise InvalidValue(sentence("images", "have shape (m, h, w, 3) or (h, w, 3)", images.shape))
    if images.dtype != np.uint8 and images.dtype.kind != "f":
        raise InvalidType(sentence("images", "be uint8 or float", f"dtype {images.dtype}"))
    if images.dtype != np.uint8 and not (images.min() >= 0 and images.max() <= 1):
        received = f"{images.min():g} to {images.max():g}"
        advice = "Divide by 255, or use uint8."
        raise InvalidValue(sentence("images", "lie in [0, 1]", received, advice))
    return images


def _check_airlight(airlight, shape):
    """The colour as an array that broadcasts against pictures of `shape`, float32."""
    A = check_array("airlight", airlight)
    if A.shape not in {(), (3,), (*shape[:-3], 3)}:
        each = f" or ({shape[0]}, 3)" if len(shape) == 4 else ""
        raise InvalidValue(sentence("airlight", f"be a number or have shape (3,){each}", A.shape))
    if A.min() < 0 or A.max() > 1:
        odd = A.min() if A.min() < 0 else A.max()
        raise InvalidValue(sentence("airlight", "lie in [0, 1]", f"{odd:g}"))
    A = A.astype(np.float32)
    return A[:, None, None] if A.ndim == 2 else A
