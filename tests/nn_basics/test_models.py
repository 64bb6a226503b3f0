"""The networks of course 1 in Keras: tables, NumPy twins, other backends, bad input."""

from itertools import pairwise, product

import keras
import numpy as np
import pytest
import tensorflow as tf

from dlspec.nn_basics import deep_network, logistic_regression, planar_classification
from dlspec.nn_basics.models import (
    ConvolutionalNetwork,
    DeepNetwork,
    LogisticRegression,
    ShallowNetwork,
    extract_parameters,
    load_parameters,
)
from dlspec.testing import assert_close, layer_table
from tests.backends import Call, outputs_on
from tests.complaints import complaints_test

HIDDEN = ("relu", "sigmoid", "tanh", "leaky_relu")
OUTPUT = ("sigmoid", "softmax")
NETWORKS = list(product(HIDDEN, OUTPUT))

ONE_LAYER = LogisticRegression(2)
ONE_LAYER_PARAMETERS = {"W1": np.array([[1.0, -2.0]]), "b1": np.array([[0.5]])}

PURE_CALLS = {
    "ConvolutionalNetwork": ((16, 16, 1),),
    "DeepNetwork": ([2, 3, 1],),
    "LogisticRegression": (2,),
    "ShallowNetwork": (2,),
    "extract_parameters": (ONE_LAYER,),
    "load_parameters": (ONE_LAYER, ONE_LAYER_PARAMETERS),
}

# A small one of every kind: builder, arguments, inputs of one example.
BUILDERS = [
    (LogisticRegression, {"n_x": 5}, (5,)),
    (ShallowNetwork, {"n_x": 2, "n_h": 3, "n_y": 2}, (2,)),
    (DeepNetwork, {"layer_dims": [4, 5, 3, 1]}, (4,)),
    (
        DeepNetwork,
        {"layer_dims": [4, 5, 3], "activation": "leaky_relu", "output": "softmax"},
        (4,),
    ),
    (ConvolutionalNetwork, {"input_shape": [16, 20, 2], "dropout": 0.0}, (16, 20, 2)),
]
each_builder = pytest.mark.parametrize(("builder", "kwargs", "shape"), BUILDERS)


def examples(shape, m=3, seed=1):
    return np.random.default_rng(seed).normal(size=(m, *shape)).astype(keras.config.floatx())


def give_random_weights(model, seed=0):
    """Also the biases: fresh ones are zero and would hide a mistake."""
    random = np.random.default_rng(seed)
    scales = [1 / np.sqrt(max(1, w.size / w.shape[-1])) for w in model.get_weights()]
    model.set_weights(
        [random.normal(size=w.shape) * s for w, s in zip(model.get_weights(), scales, strict=True)]
    )
    return model


def random_network(sizes, output="sigmoid", m=6, seed=0):
    """Parameters, inputs and labels for the NumPy world."""
    random = np.random.default_rng(seed)
    parameters = {}
    for l, (n_prev, n) in enumerate(pairwise(sizes), start=1):
        parameters[f"W{l}"] = random.normal(size=(n, n_prev))
        parameters[f"b{l}"] = random.normal(size=(n, 1))
    X = random.normal(size=(sizes[0], m))
    if output == "sigmoid":
        return parameters, X, random.integers(0, 2, size=(sizes[-1], m))
    return parameters, X, np.eye(sizes[-1])[:, random.integers(0, sizes[-1], size=m)]


def differentiate(model, X, Y, output="sigmoid"):
    """Probabilities, cost and gradients by automatic differentiation, in the form of NumPy."""
    x, m = tf.Variable(X.T), X.shape[1]
    with tf.GradientTape() as tape:
        p = model(x)
        losses = Y.T * tf.math.log(p)
        if output == "sigmoid":
            losses += (1 - Y.T) * tf.math.log(1 - p)
        cost = -tf.reduce_sum(losses) / m
    linear = [layer for layer in model.layers if layer.name.endswith("_linear")]
    names = [f"d{p}{l}" for l in range(1, len(linear) + 1) for p in "Wb"]
    weights = [weight.value for layer in linear for weight in (layer.kernel, layer.bias)]
    *gradients, dx = tape.gradient(cost, [*weights, x])
    grads = {
        name: gradient.numpy().reshape(len(gradient), -1).T
        if name[1] == "W"
        else gradient.numpy()[:, None]
        for name, gradient in zip(names, gradients, strict=True)
    }
    return p.numpy().T, float(cost), grads | {"dA0": m * dx.numpy().T}


# --- Tables ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "parameters"),
    [
        (lambda: LogisticRegression(12288), 12288 + 1),
        (lambda: ShallowNetwork(2), 4 * 3 + 5),
        (lambda: ShallowNetwork(3, 5, 2), 5 * 4 + 2 * 6),
        (lambda: DeepNetwork([12288, 7, 1]), 7 * 12289 + 8),
        (lambda: DeepNetwork([12288, 20, 7, 5, 1]), 20 * 12289 + 7 * 21 + 5 * 8 + 6),
        (lambda: DeepNetwork([4, 3], output="softmax"), 3 * 5),
        (lambda: ConvolutionalNetwork(), 448 + 4640 + 18496 + 36928 + 65),
        (lambda: ConvolutionalNetwork((16, 16, 1)), 160 + 4640 + 18496 + 36928 + 65),
    ],
)
def test_parameter_counts_by_hand(model, parameters):
    """A dense layer has n (n_prev + 1), a 3x3 convolution filters * (9 channels + 1)."""
    assert model().count_params() == parameters


def test_published_parameter_counts():
    assert ShallowNetwork(2).count_params() == 17
    assert DeepNetwork([12288, 20, 7, 5, 1]).count_params() == 245_973
    assert ConvolutionalNetwork().count_params() == 60_577


def test_table_of_logistic_regression():
    assert layer_table(LogisticRegression(3)) == [
        ("inputs", "InputLayer", (3,), 0),
        ("output_1_linear", "Dense", (1,), 4),
        ("output_1_activation", "Activation", (1,), 0),
    ]


def test_table_of_a_deep_network():
    assert layer_table(DeepNetwork([4, 5, 3, 2], "leaky_relu", "softmax")) == [
        ("inputs", "InputLayer", (4,), 0),
        ("hidden_1_linear", "Dense", (5,), 25),
        ("hidden_1_activation", "LeakyReLU", (5,), 0),
        ("hidden_2_linear", "Dense", (3,), 18),
        ("hidden_2_activation", "LeakyReLU", (3,), 0),
        ("output_1_linear", "Dense", (2,), 8),
        ("output_1_activation", "Activation", (2,), 0),
    ]


def test_table_of_the_convolutional_network():
    assert layer_table(ConvolutionalNetwork()) == [
        ("inputs", "InputLayer", (64, 64, 3), 0),
        ("stage_1_convolution", "Conv2D", (64, 64, 16), 16 * (9 * 3 + 1)),
        ("stage_1_activation", "Activation", (64, 64, 16), 0),
        ("stage_1_pooling", "MaxPooling2D", (32, 32, 16), 0),
        ("stage_2_convolution", "Conv2D", (32, 32, 32), 32 * (9 * 16 + 1)),
        ("stage_2_activation", "Activation", (32, 32, 32), 0),
        ("stage_2_pooling", "MaxPooling2D", (16, 16, 32), 0),
        ("stage_3_convolution", "Conv2D", (16, 16, 64), 64 * (9 * 32 + 1)),
        ("stage_3_activation", "Activation", (16, 16, 64), 0),
        ("stage_3_pooling", "MaxPooling2D", (8, 8, 64), 0),
        ("stage_4_convolution", "Conv2D", (8, 8, 64), 64 * (9 * 64 + 1)),
        ("stage_4_activation", "Activation", (8, 8, 64), 0),
        ("stage_4_pooling", "MaxPooling2D", (4, 4, 64), 0),
        ("output_1_average", "GlobalAveragePooling2D", (64,), 0),
        ("output_1_dropout", "Dropout", (64,), 0),
        ("output_1_linear", "Dense", (1,), 65),
        ("output_1_activation", "Activation", (1,), 0),
    ]


@each_builder
def test_building_twice_gives_the_same_names(builder, kwargs, shape):
    first, second = builder(**kwargs), builder(**kwargs)
    assert first.name == second.name
    assert [layer.name for layer in first.layers] == [layer.name for layer in second.layers]
    assert [w.path for w in first.weights] == [w.path for w in second.weights]
    assert builder(**kwargs, name="other").name == "other"


@pytest.mark.parametrize(
    ("model", "name"),
    [
        (lambda: LogisticRegression(1), "logistic_regression"),
        (lambda: ShallowNetwork(1), "shallow_network"),
        (lambda: DeepNetwork([1, 1]), "deep_network"),
        (lambda: ConvolutionalNetwork((16, 16, 1)), "convolutional_network"),
    ],
)
def test_models_are_named_after_their_builders(model, name):
    assert model().name == name


@each_builder
def test_forward_gives_one_probability_per_example_and_output(builder, kwargs, shape):
    model = give_random_weights(builder(**kwargs))
    probabilities = keras.ops.convert_to_numpy(model(examples(shape, m=7)))
    assert probabilities.shape == (7, *model.output_shape[1:])
    assert probabilities.dtype == np.float32
    assert probabilities.min() >= 0
    assert probabilities.max() <= 1


def test_softmax_outputs_sum_to_one():
    model = give_random_weights(DeepNetwork([4, 5, 3], output="softmax"))
    assert_close(np.sum(model(examples((4,), m=7)), axis=1), np.ones(7), rtol=1e-6)


# --- The same network in NumPy --------------------------------------------------------------------


@pytest.mark.usefixtures("float64")
def test_logistic_regression_equals_its_numpy_twin():
    parameters, X, Y = random_network([5, 1])
    w, b = parameters["W1"].T, float(parameters["b1"][0, 0])
    model = LogisticRegression(5)
    load_parameters(model, parameters)
    probabilities, cost, grads = differentiate(model, X, Y)
    assert_close(probabilities, logistic_regression.sigmoid(w.T @ X + b), rtol=1e-12)
    expected, expected_cost = logistic_regression.propagate(w, b, X, Y)
    assert_close(cost, expected_cost, rtol=1e-12)
    assert_close(grads["dW1"].T, expected["dw"], rtol=1e-10)
    assert_close(grads["db1"], [[expected["db"]]], rtol=1e-10)


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize("n_y", [1, 2])
def test_shallow_network_equals_its_numpy_twin(n_y):
    parameters, X, Y = random_network([2, 4, n_y])
    model = ShallowNetwork(2, 4, n_y)
    load_parameters(model, parameters)
    probabilities, cost, grads = differentiate(model, X, Y)
    A2, cache = planar_classification.forward_propagation(X, parameters)
    assert_close(probabilities, A2, rtol=1e-12)
    assert_close(cost, planar_classification.compute_cost(A2, Y), rtol=1e-12)
    expected = planar_classification.backward_propagation(parameters, cache, X, Y)
    assert_close({name: grads[name] for name in expected}, expected, rtol=1e-9, atol=1e-14)


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize(("hidden", "output"), NETWORKS)
def test_deep_network_equals_its_numpy_twin(hidden, output):
    """TensorFlow keeps the slope of a leaky ReLU in float32, 2e-8 beside 0.01."""
    exact = hidden != "leaky_relu"
    parameters, X, Y = random_network([4, 5, 3, 2], output)
    model = DeepNetwork([4, 5, 3, 2], hidden, output)
    load_parameters(model, parameters)
    probabilities, cost, grads = differentiate(model, X, Y, output)
    functions = {"hidden": hidden, "output": output}
    AL, caches = deep_network.L_model_forward(X, parameters, **functions)
    assert_close(probabilities, AL, rtol=1e-12 if exact else 1e-7)
    expected_cost = deep_network.compute_cost(AL, Y, output=output)
    assert_close(cost, expected_cost, rtol=1e-12 if exact else 1e-7)
    expected = deep_network.L_model_backward(AL, Y, caches, **functions)
    own = {name: expected[name] for name in grads}
    assert_close(grads, own, rtol=1e-9 if exact else 1e-6, atol=1e-14)
    assert set(expected) == {*grads, "dA1", "dA2"}


@pytest.mark.usefixtures("float64")
def test_relu_and_sigmoid_are_the_defaults_of_a_deep_network():
    parameters, X, _ = random_network([4, 5, 3, 2])
    model = DeepNetwork([4, 5, 3, 2])
    load_parameters(model, parameters)
    AL, _ = deep_network.L_model_forward(X, parameters)
    assert_close(model(X.T).numpy().T, AL, rtol=1e-12)


@pytest.mark.usefixtures("float64")
def test_convolutional_network_equals_plain_numpy():
    """Nine shifted products a convolution, zeros around it; pooling drops an odd row or column."""
    model = give_random_weights(ConvolutionalNetwork((33, 38, 2)))
    picture = examples((33, 38, 2), m=1)
    weights = model.get_weights()
    x = picture[0]
    for kernel, bias in zip(weights[:8:2], weights[1:8:2], strict=True):
        height, width, _ = x.shape
        padded = np.pad(x, ((1, 1), (1, 1), (0, 0)))
        x = bias + sum(
            padded[i : i + height, j : j + width] @ kernel[i, j]
            for i, j in product(range(3), range(3))
        )
        x = np.maximum(x, 0)[: height // 2 * 2, : width // 2 * 2]
        x = np.maximum.reduce([x[i::2, j::2] for i, j in product(range(2), range(2))])
    kernel, bias = weights[8:]
    logit = x.mean(axis=(0, 1)) @ kernel + bias
    linear = keras.Model(model.input, model.get_layer("output_1_linear").output)
    assert_close(linear(picture).numpy()[0], logit, rtol=1e-11)
    assert_close(model(picture).numpy()[0], logistic_regression.sigmoid(logit), rtol=1e-11)


def test_dropout_works_while_training_only():
    picture = examples((16, 16, 1), m=1)
    keras.utils.set_random_seed(0)
    for dropout, changes in ((0.5, True), (0.0, False)):
        model = give_random_weights(ConvolutionalNetwork((16, 16, 1), dropout=dropout))
        assert model.get_layer("output_1_dropout").rate == dropout
        features = keras.Model(model.input, model.get_layer("output_1_dropout").output)
        still, training = (features(picture, training=flag).numpy() for flag in (False, True))
        assert_close(features(picture).numpy(), still, rtol=0)
        assert np.array_equal(still, training) is not changes
    assert ConvolutionalNetwork((16, 16, 1)).get_layer("output_1_dropout").rate == 0.3


@pytest.mark.usefixtures("float64")
def test_parameters_go_in_and_come_out_unchanged():
    parameters, _, _ = random_network([4, 5, 3, 2])
    model = DeepNetwork([4, 5, 3, 2])
    load_parameters(model, parameters)
    assert_close(model.get_layer("hidden_2_linear").kernel.numpy(), parameters["W2"].T, rtol=0)
    assert_close(extract_parameters(model), parameters, rtol=0)


def test_parameters_come_out_in_float64_and_fit_the_numpy_networks():
    model = give_random_weights(ShallowNetwork(2, 3))
    parameters = extract_parameters(model)
    assert {name: value.dtype for name, value in parameters.items()} == dict.fromkeys(
        ("W1", "b1", "W2", "b2"), np.float64
    )
    x = examples((2,))
    A2, _ = planar_classification.forward_propagation(x.T, parameters)
    assert_close(model(x).numpy().T.astype(np.float64), A2, rtol=1e-5)


# --- What Keras does with them --------------------------------------------------------------------


@each_builder
def test_saved_and_loaded_models_answer_alike(builder, kwargs, shape, tmp_path):
    model, x = give_random_weights(builder(**kwargs)), examples(shape)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert_close(loaded(x).numpy(), model(x).numpy(), rtol=0)
    assert layer_table(loaded) == layer_table(model)


@each_builder
def test_one_training_step_lowers_the_loss(builder, kwargs, shape):
    model, x = give_random_weights(builder(**kwargs)), examples(shape)
    y = np.eye(3)[:, : model.output_shape[1]]
    softmax = kwargs.get("output") == "softmax"
    model.compile(
        keras.optimizers.SGD(1e-3),
        "categorical_crossentropy" if softmax else "binary_crossentropy",
        run_eagerly=True,
    )
    before = model.evaluate(x, y, verbose=0)
    model.train_on_batch(x, y)
    assert model.evaluate(x, y, verbose=0) < before


def test_jax_gives_the_same_outputs(tmp_path):
    calls, expected = [], []
    for builder, kwargs, shape in BUILDERS:
        model, x = give_random_weights(builder(**kwargs)), examples(shape)
        name = f"{builder.__module__}.{builder.__name__}"
        calls.append(Call(name, kwargs, model.get_weights(), [x]))
        expected.append(model(x).numpy())
    for (output,), own in zip(outputs_on("jax", calls, tmp_path), expected, strict=True):
        assert_close(output, own, rtol=1e-5, atol=1e-7)


# --- Bad input ------------------------------------------------------------------------------------


def one_layer(key, value):
    return ONE_LAYER_PARAMETERS | {key: value}


COMPLAINTS = [
    (
        lambda folder: LogisticRegression(0),
        ValueError,
        "`n_x` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: LogisticRegression([12288]),
        TypeError,
        "`n_x` must be a whole number. Received: [12288] (list).",
    ),
    (
        lambda folder: ShallowNetwork(0),
        ValueError,
        "`n_x` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: ShallowNetwork(2, n_h=-1),
        ValueError,
        "`n_h` must be at least 1. Received: -1.",
    ),
    (
        lambda folder: ShallowNetwork(2, n_y=True),
        TypeError,
        "`n_y` must be a whole number. Received: True (bool).",
    ),
    (
        lambda folder: DeepNetwork(4),
        TypeError,
        "`layer_dims` must be a list of layer sizes. Received: 4 (int).",
    ),
    (
        lambda folder: DeepNetwork("4, 1"),
        TypeError,
        "`layer_dims` must be a list of layer sizes. Received: '4, 1' (str).",
    ),
    (
        lambda folder: DeepNetwork((4,)),
        ValueError,
        "`layer_dims` must hold the inputs and at least 1 layer. Received: [4].",
    ),
    (
        lambda folder: DeepNetwork([4, 0, 1]),
        ValueError,
        "`layer_dims[1]` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: DeepNetwork([4, 2.5, 1]),
        TypeError,
        "`layer_dims[1]` must be a whole number. Received: 2.5 (float).",
    ),
    (
        lambda folder: DeepNetwork([4, 1], activation="lekay_relu"),
        ValueError,
        "`activation` must be a known name. Received: 'lekay_relu'. Did you mean leaky_relu? "
        "Known: relu, sigmoid, tanh, leaky_relu.",
    ),
    (
        lambda folder: DeepNetwork([4, 1], output="sofmax"),
        ValueError,
        "`output` must be a known name. Received: 'sofmax'. Did you mean softmax? "
        "Known: sigmoid, softmax.",
    ),
    (
        lambda folder: ConvolutionalNetwork((64, 64)),
        ValueError,
        "`input_shape` must be (height, width, channels). Received: (64, 64).",
    ),
    (
        lambda folder: ConvolutionalNetwork((1, 64, 64, 3)),
        ValueError,
        "`input_shape` must be (height, width, channels). Received: (1, 64, 64, 3). "
        "The number of images is not part of it.",
    ),
    (
        lambda folder: ConvolutionalNetwork(64),
        TypeError,
        "`input_shape` must be (height, width, channels). Received: 64 (int).",
    ),
    (
        lambda folder: ConvolutionalNetwork((64, 64, None)),
        TypeError,
        "`input_shape[2]` must be a whole number. Received: None (NoneType).",
    ),
    (
        lambda folder: ConvolutionalNetwork((64, 15, 3)),
        ValueError,
        "`input_shape` must be at least 16 pixels high and wide. Received: (64, 15, 3). "
        "Smaller maps would vanish on their way through the network.",
    ),
    (
        lambda folder: ConvolutionalNetwork(dropout=1),
        ValueError,
        "`dropout` must lie in [0, 1). Received: 1.",
    ),
    (
        lambda folder: ConvolutionalNetwork(dropout=-0.1),
        ValueError,
        "`dropout` must lie in [0, 1). Received: -0.1.",
    ),
    (
        lambda folder: ConvolutionalNetwork(dropout=float("nan")),
        ValueError,
        "`dropout` must be a finite number. Received: nan.",
    ),
    (
        lambda folder: ConvolutionalNetwork(dropout="0.3"),
        TypeError,
        "`dropout` must be a real number. Received: '0.3' (str).",
    ),
    (
        lambda folder: load_parameters(ONE_LAYER, [1, 2]),
        TypeError,
        "`parameters` must be a dictionary. Received: list.",
    ),
    (
        lambda folder: load_parameters(ONE_LAYER, {}),
        ValueError,
        "`parameters` must have the keys W1, b1. Received: an empty dictionary. Missing: W1, b1.",
    ),
    (
        lambda folder: load_parameters(ONE_LAYER, {"w": 1, "b1": 1}),
        ValueError,
        "`parameters` must have the keys W1, b1. Received: w, b1. Missing: W1.",
    ),
    (
        lambda folder: load_parameters(ONE_LAYER, one_layer("W1", [[1.0], [2.0]])),
        ValueError,
        "`parameters['W1']` must have shape (1, 2). Received: (2, 1). Use parameters['W1'].T.",
    ),
    (
        lambda folder: load_parameters(ShallowNetwork(2, 3), one_layer("b1", np.zeros(3))),
        ValueError,
        "`parameters` must have the keys W1, b1, W2, b2. Received: W1, b1. Missing: W2, b2.",
    ),
    (
        lambda folder: load_parameters(ONE_LAYER, one_layer("b1", 0.5)),
        ValueError,
        "`parameters['b1']` must have shape (1, 1). Received: ().",
    ),
    (
        lambda folder: load_parameters(ONE_LAYER, one_layer("b1", [[np.nan]])),
        ValueError,
        "`parameters['b1']` must hold finite numbers only. Received: 1 NaN and 0 infinite of 1 "
        "values, the first at [0, 0]. Remove or replace them.",
    ),
    (
        lambda folder: load_parameters(ONE_LAYER, one_layer("b1", [["a"]])),
        TypeError,
        "`parameters['b1']` must be an array of real numbers. Received: list of dtype <U1.",
    ),
    (
        lambda folder: load_parameters(
            LogisticRegression(1), {"W1": [[1]], "b1": [[0]], "W2": [[1]], "b2": [[0]]}
        ),
        ValueError,
        "`parameters` must have the keys W1, b1 and no others. Received: W1, b1, W2, b2.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
