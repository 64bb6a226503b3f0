"""The networks of course 1 in Keras (course 1, weeks 2 to 4).

The same mathematics twice: `logistic_regression`, `planar_classification` and `deep_network` write
every gradient out, the builders below leave them to automatic differentiation.  With the same
weights (`load_parameters`) both give the same probabilities and the same gradients.

Keras wants examples as rows: where NumPy's X is (n_x, m), Keras reads X.T, and a kernel is W.T.
`ConvolutionalNetwork` looks ahead: what a network gains that knows its inputs to be a picture.
"""

from collections.abc import Sequence

import keras
import numpy as np

from dlspec._complaints import InvalidValue, sentence
from dlspec._validation import (
    check_choice,
    check_count,
    check_finite,
    check_image_shape,
    check_keys,
    check_layer_sizes,
)

__all__ = [
    "ConvolutionalNetwork",
    "DeepNetwork",
    "LogisticRegression",
    "ShallowNetwork",
    "extract_parameters",
    "load_parameters",
]

HIDDEN = ("relu", "sigmoid", "tanh", "leaky_relu")
OUTPUT = ("sigmoid", "softmax")

# (filters, kernel) of each convolution; every one is followed by a 2x2 pooling.
CONVOLUTIONS = ((16, 3), (32, 3), (64, 3), (64, 3))


def _dense_block(x, units, activation, name):
    """linear -> activation, as two layers so that logits can be read by name."""
    x = keras.layers.Dense(units, name=f"{name}_linear")(x)
    if activation == "leaky_relu":  # Keras' own default slope is 0.2, the course's is 0.01
        return keras.layers.LeakyReLU(negative_slope=0.01, name=f"{name}_activation")(x)
    return keras.layers.Activation(activation, name=f"{name}_activation")(x)


def LogisticRegression(n_x: int, *, name: str = "logistic_regression") -> keras.Model:
    """One neuron: probability = sigmoid(x W + b).

    Args:
        n_x: number of inputs, at least 1.
        name: name of the model.

    Returns:
        A functional model (batch, n_x) -> (batch, 1) with n_x + 1 parameters.

    Raises:
        TypeError, ValueError: `n_x` is not a whole number of at least 1.

    Example:
        >>> LogisticRegression(12288).count_params()
        12289

    Source: course 1, week 2.
    """
    inputs = keras.Input((check_count("n_x", n_x),), name="inputs")
    return keras.Model(inputs, _dense_block(inputs, 1, "sigmoid", "output_1"), name=name)


def ShallowNetwork(
    n_x: int, n_h: int = 4, n_y: int = 1, *, name: str = "shallow_network"
) -> keras.Model:
    """One hidden layer of tanh units, sigmoid outputs.

    Args:
        n_x: number of inputs, at least 1.
        n_h: hidden units, at least 1.
        n_y: outputs, at least 1.
        name: name of the model.

    Returns:
        A functional model (batch, n_x) -> (batch, n_y) with n_h (n_x + 1) + n_y (n_h + 1)
        parameters.

    Raises:
        TypeError, ValueError: a size that is not a whole number of at least 1.

    Example:
        >>> ShallowNetwork(n_x=2).count_params()
        17

    Source: course 1, week 3.
    """
    sizes = check_count("n_x", n_x), check_count("n_h", n_h), check_count("n_y", n_y)
    return DeepNetwork(sizes, activation="tanh", name=name)


def DeepNetwork(
    layer_dims: Sequence[int],
    activation: str = "relu",
    output: str = "sigmoid",
    *,
    name: str = "deep_network",
) -> keras.Model:
    """L dense layers: [linear -> activation] x (L - 1) -> linear -> output.

    Layers are named `hidden_<l>_linear`, `hidden_<l>_activation`, `output_1_linear` and
    `output_1_activation`.

    Args:
        layer_dims: units of every layer, the inputs first; at least two numbers.
        activation: of the hidden layers, "relu", "sigmoid", "tanh" or "leaky_relu" (slope 0.01).
        output: of the last layer, "sigmoid" or "softmax".
        name: name of the model.

    Returns:
        A functional model (batch, n_x) -> (batch, n_y) with the sum of n[l] (n[l-1] + 1)
        parameters.

    Raises:
        TypeError, ValueError: not a list of at least two whole numbers of at least 1; an unknown
            activation.

    Example:
        >>> DeepNetwork([12288, 20, 7, 5, 1]).count_params()
        245973

    Source: course 1, week 4.
    """
    sizes = check_layer_sizes("layer_dims", layer_dims)
    check_choice("activation", activation, HIDDEN)
    check_choice("output", output, OUTPUT)
    x = inputs = keras.Input((sizes[0],), name="inputs")
    for l, units in enumerate(sizes[1:-1], start=1):
        x = _dense_block(x, units, activation, f"hidden_{l}")
    x = _dense_block(x, sizes[-1], output, "output_1")
    return keras.Model(inputs, x, name=name)


def ConvolutionalNetwork(
    input_shape: tuple[int, int, int] = (64, 64, 3),
    dropout: float = 0.3,
    *,
    name: str = "convolutional_network",
) -> keras.Model:
    """A small convolutional network for one yes-or-no question about a picture.

    Four times [convolution -> ReLU -> 2x2 maximum], the average over what is left of the plane, and
    logistic regression on it.

    Args:
        input_shape: (height, width, channels), height and width at least 16.
        dropout: share of the features dropped while training, in [0, 1).
        name: name of the model.

    Returns:
        A functional model (batch, *input_shape) -> (batch, 1), numbers in 0..1 in and out; 60,577
        parameters for three channels.

    Raises:
        TypeError, ValueError: sizes that are too small, a dropout outside [0, 1).

    Example:
        >>> ConvolutionalNetwork().count_params()
        60577

    Source: course 4, week 1 (convolution and pooling); Lin, Chen and Yan, "Network in network",
    2013 (averaging over the plane).
    """
    input_shape = check_image_shape("input_shape", input_shape, minimum=2 ** len(CONVOLUTIONS))
    if not 0 <= check_finite("dropout", dropout) < 1:
        raise InvalidValue(sentence("dropout", "lie in [0, 1)", dropout))
    x = inputs = keras.Input(input_shape, name="inputs")
    for i, (filters, kernel) in enumerate(CONVOLUTIONS, start=1):
        x = keras.layers.Conv2D(filters, kernel, padding="same", name=f"stage_{i}_convolution")(x)
        x = keras.layers.Activation("relu", name=f"stage_{i}_activation")(x)
        x = keras.layers.MaxPooling2D(name=f"stage_{i}_pooling")(x)
    x = keras.layers.GlobalAveragePooling2D(name="output_1_average")(x)
    x = keras.layers.Dropout(dropout, name="output_1_dropout")(x)
    return keras.Model(inputs, _dense_block(x, 1, "sigmoid", "output_1"), name=name)


def _dense_layers(model):
    return [layer for layer in model.layers if isinstance(layer, keras.layers.Dense)]


def load_parameters(model: keras.Model, parameters: dict[str, np.ndarray]) -> None:
    """Give the dense layers of a model the weights of a NumPy network: kernel = W.T.

    Args:
        model: a model built here, changed in place.
        parameters: {"W1": (n1, n0), "b1": (n1, 1), ...}, one pair per dense layer.

    Raises:
        TypeError: not a dictionary of numbers.
        ValueError: a missing key, one too many, or an array that does not fit its layer.

    Example:
        >>> model = LogisticRegression(1)
        >>> load_parameters(model, {"W1": np.array([[1.0]]), "b1": np.array([[0.0]])})
        >>> model.predict(np.array([[0.0]]), verbose=0)
        array([[0.5]], dtype=float32)
    """
    layers = _dense_layers(model)
    shapes = {}
    for l, layer in enumerate(layers, start=1):
        n_prev, n = layer.kernel.shape
        shapes |= {f"W{l}": (n, n_prev), f"b{l}": (n, 1)}
    own = check_keys("parameters", parameters, shapes)
    if len(parameters) > len(shapes):
        keys = f"have the keys {', '.join(shapes)} and no others"
        raise InvalidValue(sentence("parameters", keys, ", ".join(map(str, parameters))))
    for l, layer in enumerate(layers, start=1):
        layer.set_weights([own[f"W{l}"].T, own[f"b{l}"][:, 0]])


def extract_parameters(model: keras.Model) -> dict[str, np.ndarray]:
    """Read the weights of the dense layers in the form of the NumPy networks; W = kernel.T.

    Args:
        model: a model built here.

    Returns:
        {"W1": (n1, n0), "b1": (n1, 1), ...}, float64.

    Example:
        >>> sorted(extract_parameters(LogisticRegression(2)))
        ['W1', 'b1']
    """
    parameters = {}
    for l, layer in enumerate(_dense_layers(model), start=1):
        kernel, bias = layer.get_weights()
        parameters[f"W{l}"] = kernel.T.astype(np.float64)
        parameters[f"b{l}"] = bias[:, None].astype(np.float64)
    return parameters
