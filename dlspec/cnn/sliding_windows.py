"""From one object to many: localisation, landmarks, and sliding windows in a single pass (week 3).

A network that says what is in a picture can say where, too: more outputs, the same features.  For
one object in the picture the target is

    y = (p_c, b_x, b_y, b_h, b_w, c_1, ..., c_K)

p_c is 1 when there is an object; the box is given by its centre and its size as shares of the
picture, (0, 0) at the left top; where p_c is 0 the rest does not matter, and does not count.
Landmarks, such as the corners of eyes, are further pairs (l_x, l_y).

To find several objects, a classifier of small pictures can be slid over a large one.  Window by
window that repeats nearly all of the arithmetic.  A fully connected layer on maps of h x w x C is
a convolution with filters of h x w x C, so that the whole network turns into convolutions; these
run once over the large picture, and every position of their output is one window:

    14x14x3 -> 10x10x16 -> 5x5x16 -> 1x1x400 -> 1x1x400 -> 1x1x4
    16x16x3 -> 12x12x16 -> 6x6x16 -> 2x2x400 -> 2x2x400 -> 2x2x4        four windows, stride 2
    28x28x3 -> 24x24x16 -> 12x12x16 -> 8x8x400 -> 8x8x400 -> 8x8x4      64 windows
"""

from itertools import pairwise
from typing import Any

import keras
import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import check_array, check_choice, check_count, check_image_shape

__all__ = [
    "WindowClassifier",
    "as_convolutions",
    "landmark_head",
    "localization_head",
    "localization_loss",
    "slide_window",
    "window_corners",
]

BOX = slice(1, 5)
"""Where the box stands in y."""


# --- One object -----------------------------------------------------------------------------------


def localization_head(x: Any, classes: int, name: str = "head") -> Any:
    """Outputs for one object: is there one, where, and of which class.

    Layers are named `<name>_present_p`, `<name>_box_b`, `<name>_class_c` and `<name>_all_y`.

    Args:
        x: Keras tensor (m, n) of features.
        classes: K, at least 2.
        name: in front of the names of the layers.

    Returns:
        (m, 5 + K): p_c and the box by sigmoid, in (0, 1), the classes by softmax.

    Raises:
        TypeError, ValueError: no tensor of rank 2, fewer than two classes.

    Example:
        >>> localization_head(keras.Input((128,)), classes=3).shape
        (None, 8)

    Source: course 4, week 3.
    """
    _check_features(x)
    classes = check_count("classes", classes, minimum=2)
    present = keras.layers.Dense(1, activation="sigmoid", name=f"{name}_present_p")(x)
    box = keras.layers.Dense(4, activation="sigmoid", name=f"{name}_box_b")(x)
    kind = keras.layers.Dense(classes, activation="softmax", name=f"{name}_class_c")(x)
    return keras.layers.Concatenate(name=f"{name}_all_y")([present, box, kind])


def landmark_head(x: Any, landmarks: int, name: str = "head") -> Any:
    """Outputs for landmarks: is there a face, and (l_x, l_y) of every landmark.

    Landmark i must mean the same in every picture, such as the left corner of the left eye.

    Args:
        x: Keras tensor (m, n) of features.
        landmarks: their number L, at least 1.
        name: in front of the names of the layers.

    Returns:
        (m, 1 + 2 L) in (0, 1): presence, then l_1x, l_1y, l_2x, ... as shares of the picture.

    Raises:
        TypeError, ValueError: no tensor of rank 2, no landmark.

    Example:
        >>> landmark_head(keras.Input((128,)), landmarks=64).shape
        (None, 129)

    Source: course 4, week 3.
    """
    _check_features(x)
    landmarks = check_count("landmarks", landmarks)
    present = keras.layers.Dense(1, activation="sigmoid", name=f"{name}_present_p")(x)
    places = keras.layers.Dense(2 * landmarks, activation="sigmoid", name=f"{name}_places_l")(x)
    return keras.layers.Concatenate(name=f"{name}_all_y")([present, places])


def localization_loss(y_true: Any, y_pred: Any, kind: str = "squared") -> Any:
    """Loss of one object's localisation; nothing but p_c counts where there is no object.

        squared:   p_c = 1:  sum_i (y^_i - y_i)^2          p_c = 0:  (y^_1 - y_1)^2
        mixed:     logistic loss of p_c + p_c (squared error of the box + cross-entropy of c)

    The first is the lecture's simple form; the second what it recommends.  With `kind` left out it
    can be handed to `compile(loss=localization_loss)`.

    Args:
        y_true: (m, 5 + K) targets, p_c 0 or 1; the rest of a row with p_c = 0 may hold anything
            finite.
        y_pred: (m, 5 + K) outputs; probabilities in [0, 1] for "mixed".
        kind: "squared" or "mixed".

    Returns:
        Tensor (m,), the loss of every example, a sum over its parts; "mixed" in nats.

    Raises:
        ValueError: shapes that differ or have no room for a class, an unknown kind.

    Example:
        >>> y = np.array([[1, 0.5, 0.5, 0.2, 0.4, 0, 1], [0, 9, 9, 9, 9, 9, 9]])
        >>> p = np.array([[0.9, 0.5, 0.5, 0.2, 0.2, 0, 1], [0.1, 0, 0, 0, 0, 0, 0]])
        >>> keras.ops.convert_to_numpy(localization_loss(y, p)).round(4)
        array([0.05, 0.01], dtype=float32)

    Source: course 4, week 3.
    """
    check_choice("kind", kind, ("squared", "mixed"))
    ops = keras.ops
    y, p = (ops.cast(ops.convert_to_tensor(value), "float32") for value in (y_true, y_pred))
    if len(y.shape) != 2 or y.shape[-1] is None or y.shape[-1] < 6:
        raise InvalidValue(sentence("y_true", "have shape (m, 5 + K)", tuple(y.shape)))
    if tuple(p.shape)[1:] != tuple(y.shape)[1:]:
        expected = f"have the shape of `y_true`, {tuple(y.shape)}"
        raise InvalidValue(sentence("y_pred", expected, tuple(p.shape)))
    present = y[:, 0]
    box = ops.sum(ops.square(p[:, BOX] - y[:, BOX]), axis=1)
    if kind == "squared":
        classes = ops.sum(ops.square(p[:, 5:] - y[:, 5:]), axis=1)
        return ops.square(p[:, 0] - present) + present * (box + classes)
    tiny = keras.config.epsilon()
    logistic = -present * ops.log(p[:, 0] + tiny) - (1 - present) * ops.log(1 - p[:, 0] + tiny)
    classes = -ops.sum(y[:, 5:] * ops.log(p[:, 5:] + tiny), axis=1)
    return logistic + present * (box + classes)


def _check_features(x):
    if not hasattr(x, "shape"):
        raise InvalidType(sentence("x", "be a Keras tensor", type(x).__name__))
    if len(x.shape) != 2:
        advice = "Flatten or pool the maps first."
        raise InvalidValue(sentence("x", "have shape (m, n)", tuple(x.shape), advice))


# --- Sliding windows ------------------------------------------------------------------------------


def WindowClassifier(
    input_shape: tuple[int, int, int] = (14, 14, 3), classes: int = 4, units: int = 400
) -> keras.Model:
    """The lecture's classifier of small pictures, with fully connected layers.

        5x5 convolution, 16 filters -> 2x2 max pool -> dense -> dense -> softmax

    Args:
        input_shape: (height, width, channels), sides of at least 6.
        classes: at least 2.
        units: of each of the two fully connected layers, at least 1.

    Returns:
        A functional model (m, *input_shape) -> (m, classes).

    Raises:
        TypeError, ValueError: sizes that are not whole numbers or too small.

    Example:
        >>> WindowClassifier().count_params() == 5*5*3*16 + 16 + 401*400 + 401*400 + 401*4
        True

    Source: course 4, week 3; Sermanet et al., "OverFeat", 2014.
    """
    input_shape = check_image_shape("input_shape", input_shape, minimum=6)
    classes = check_count("classes", classes, minimum=2)
    units = check_count("units", units)
    inputs = keras.Input(input_shape, name="inputs")
    x = keras.layers.Conv2D(16, 5, activation="relu", name="features_1_conv")(inputs)
    x = keras.layers.MaxPooling2D(2, name="features_1_pool")(x)
    x = keras.layers.Flatten(name="head_1_flatten")(x)
    x = keras.layers.Dense(units, activation="relu", name="head_1_dense")(x)
    x = keras.layers.Dense(units, activation="relu", name="head_2_dense")(x)
    outputs = keras.layers.Dense(classes, activation="softmax", name="head_3_dense")(x)
    return keras.Model(inputs, outputs, name="window_classifier")


def as_convolutions(
    model: keras.Model, input_shape: tuple[int | None, int | None, int] | None = None
) -> keras.Model:
    """The same network with every fully connected layer as a convolution, weights included.

    The first Dense after Flatten becomes a convolution as large as the maps it read, further ones
    become convolutions of 1x1.  On pictures of the old size the outputs are the same; on larger
    ones there is an output for every window.  Layers keep their names.

    Args:
        model: one chain of layers from a picture (height, width, channels) to classes, with one
            Flatten.  Layers before it must not pad: padding would show a window what lies beyond.
        input_shape: of the new model; by default any height and width.

    Returns:
        A functional model (m, H, W, channels) -> (m, rows, columns, classes).

    Raises:
        TypeError: not a model.
        ValueError: no chain with a Flatten between maps and Dense layers.

    Example:
        >>> as_convolutions(WindowClassifier(), (16, 16, 3)).output_shape
        (None, 2, 2, 4)

    Source: course 4, week 3; Sermanet et al., "OverFeat", 2014.
    """
    flatten, layers = _chain(model)
    if input_shape is None:
        input_shape = (None, None, model.input_shape[-1])
    x = inputs = keras.Input(tuple(input_shape), name="inputs")
    size, dense = tuple(layers[flatten].input.shape[1:]), []
    for i, layer in enumerate(layers):
        if i == flatten:
            continue
        if isinstance(layer, keras.layers.Dense):
            dense.append((layer, size))
            layer, size = _as_convolution(layer, size[:2]), (1, 1, layer.units)
        else:  # a copy: the given model keeps its own layers
            layer = layer.__class__.from_config(layer.get_config())
        x = layer(x)
    new = keras.Model(inputs, x, name=f"{model.name}_convolutions")
    kernels = {layer.name: (*size, layer.units) for layer, size in dense}
    for old in layers:
        weights = old.get_weights()
        if old.name in kernels:
            weights[0] = weights[0].reshape(kernels[old.name])
        if weights:
            new.get_layer(old.name).set_weights(weights)
    return new


def _chain(model):
    """Where Flatten stands, and all layers but the input, in order."""
    if not isinstance(model, keras.Model):
        raise InvalidType(sentence("model", "be a Keras model", type(model).__name__))
    layers = [la for la in model.layers if not isinstance(la, keras.layers.InputLayer)]
    flat = [i for i, la in enumerate(layers) if isinstance(la, keras.layers.Flatten)]
    single = all(not isinstance(la.input, (list, tuple)) for la in layers) and all(
        after.input is before.output for before, after in pairwise(layers)
    )
    first = [i for i, la in enumerate(layers) if isinstance(la, keras.layers.Dense)][:1]
    if not single or len(flat) != 1 or first != [flat[0] + 1]:
        expected = "be one chain of layers with one Flatten, right before the first Dense"
        received = ", ".join(type(la).__name__ for la in layers)
        raise InvalidValue(sentence("model", expected, received))
    return flat[0], layers


def _as_convolution(dense, kernel):
    return keras.layers.Conv2D(
        dense.units,
        kernel,
        activation=dense.activation,
        use_bias=dense.use_bias,
        name=dense.name,
    )


def window_corners(size: tuple[int, int], window: tuple[int, int], stride: int) -> np.ndarray:
    """Boxes of all windows over a picture, row by row.

    Args:
        size: (height, width) of the picture in pixels.
        window: (height, width) of the window, at most that of the picture.
        stride: pixels from one window to the next, at least 1.

    Returns:
        int64 (rows, columns, 4) corners (y1, x1, y2, x2).

    Raises:
        TypeError, ValueError: not whole numbers, a window larger than the picture.

    Example:
        >>> window_corners((16, 16), (14, 14), stride=2)[1, 0].tolist()
        [2, 0, 16, 14]

    Source: course 4, week 3.
    """
    height, width = (check_count(f"size[{i}]", side) for i, side in enumerate(size))
    high, wide = (check_count(f"window[{i}]", side) for i, side in enumerate(window))
    stride = check_count("stride", stride)
    if high > height or wide > width:
        expected = f"be at most as large as the picture, {height} x {width}"
        raise InvalidValue(sentence("window", expected, f"{high} x {wide}"))
    y, x = np.mgrid[0 : height - high + 1 : stride, 0 : width - wide + 1 : stride]
    return np.stack([y, x, y + high, x + wide], axis=-1).astype(np.int64)


def slide_window(model: keras.Model, images: np.ndarray, stride: int) -> np.ndarray:
    """Classify every window by itself, the slow way that `as_convolutions` spares.

    Args:
        model: classifier of windows (m, h, w, channels) -> (m, classes).
        images: (m, H, W, channels), at least as large as a window.
        stride: pixels from one window to the next; the product of the model's own strides gives
            the windows that `as_convolutions` sees.

    Returns:
        float32 (m, rows, columns, classes).

    Raises:
        TypeError, ValueError: pictures that are no arrays of rank 4 or too small, no stride.

    Example:
        >>> slide_window(WindowClassifier(units=5), np.zeros((1, 16, 16, 3)), stride=2).shape
        (1, 2, 2, 4)

    Source: course 4, week 3.
    """
    images = check_array("images", images, ("m", "H", "W", "channels"))
    corners = window_corners(images.shape[1:3], model.input_shape[1:3], stride)
    crops = [images[:, y1:y2, x1:x2] for y1, x1, y2, x2 in corners.reshape(-1, 4)]
    outputs = [keras.ops.convert_to_numpy(model(crop, training=False)) for crop in crops]
    return np.stack(outputs, axis=1).reshape(len(images), *corners.shape[:2], -1)
