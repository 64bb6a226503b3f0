"""TensorFlow by hand and in Keras: course values, NumPy twins, other backends, bad input."""

import keras
import numpy as np
import pytest
import scipy.special
import tensorflow as tf

from dlspec.nn_basics import deep_network
from dlspec.optimization import tensorflow_introduction
from dlspec.optimization.tensorflow_introduction import (
    SignsConvolutionalNetwork,
    SignsNetwork,
    adam_epochs,
    compute_total_loss,
    forward_propagation,
    initialize_parameters,
    linear_function,
    model,
    one_hot_matrix,
    sigmoid,
)
from dlspec.testing import assert_close, layer_table
from tests.backends import Call, outputs_on
from tests.complaints import complaints_test

NAMES = [f"{kind}{l}" for l in (1, 2, 3) for kind in "Wb"]


def small_network(n_x=5, seed=0):
    """Float64 parameters of 5, 4, 3 and 6 units."""
    random = np.random.default_rng(seed)
    sizes = (n_x, 4, 3, 6)
    parameters = {}
    for l in (1, 2, 3):
        parameters[f"W{l}"] = random.normal(size=(sizes[l], sizes[l - 1]))
        parameters[f"b{l}"] = random.normal(size=(sizes[l], 1))
    return parameters


def small_examples(n_x=5, m=7, seed=1):
    """Inputs (n_x, m) and one-hot labels (6, m)."""
    random = np.random.default_rng(seed)
    return random.normal(size=(n_x, m)), np.eye(6)[:, random.integers(0, 6, m)]


X_SMALL, Y_SMALL = small_examples()
SMALL = small_network()
X_FULL = np.random.default_rng(2).random((12288, 6)) * np.arange(1, 7) / 6
Y_FULL = np.eye(6)

PURE_CALLS = {
    "SignsConvolutionalNetwork": ([16, 16, 1],),
    "SignsNetwork": ([4, 4, 1], [3]),
    "adam_epochs": (SMALL, X_SMALL, Y_SMALL, X_SMALL, Y_SMALL),
    "compute_total_loss": (Y_SMALL, Y_SMALL),
    "forward_propagation": (X_SMALL, SMALL),
    "initialize_parameters": (),
    "linear_function": (),
    "model": (X_FULL, Y_FULL, X_FULL, Y_FULL, 0.001, 1, 4, False),
    "one_hot_matrix": (np.array(2), 4),
    "sigmoid": (np.array([-1.0, 2.0]),),
}


# --- Parts ----------------------------------------------------------------------------------------


def test_linear_function_gives_the_courses_numbers():
    expected = [[-2.15657382], [2.95891446], [-1.08926781], [-0.84538042]]
    assert_close(linear_function().numpy(), expected, rtol=1e-8)


def test_linear_function_equals_a_loop_in_numpy():
    random = np.random.RandomState(1)
    X, W, b = random.randn(3, 1), random.randn(4, 3), random.randn(4, 1)
    expected = [[sum(W[i, k] * X[k, 0] for k in range(3)) + b[i, 0]] for i in range(4)]
    assert_close(linear_function().numpy(), expected, rtol=1e-14)


def test_sigmoid_gives_the_courses_numbers():
    """sigmoid(-1), sigmoid(0) and sigmoid(12) as the course prints them."""
    values = [float(sigmoid(z)) for z in (-1, 0.0, 12)]
    assert_close(values, [0.26894143, 0.5, 0.9999939], rtol=1e-6)


def test_sigmoid_equals_scipy_at_every_magnitude():
    z = np.array([[-80.0, -5.0, -1e-6], [0.0, 3.0, 80.0]])
    result = sigmoid(z)
    assert result.dtype == tf.float32
    assert_close(result.numpy(), scipy.special.expit(z.astype(np.float32)), rtol=1e-5)
    assert_close(sigmoid(tf.constant(z)).numpy(), result.numpy(), rtol=0)


@pytest.mark.parametrize("as_given", [int, np.int64, np.array, tf.constant])
@pytest.mark.parametrize("depth", [4, 6])
def test_one_hot_is_a_row_of_the_identity(as_given, depth):
    for label in range(depth):
        column = one_hot_matrix(as_given(label), depth)
        assert column.dtype == tf.float32
        assert_close(column.numpy(), np.eye(depth, dtype=np.float32)[label], rtol=0)


def test_one_hot_maps_a_dataset_and_has_six_classes_by_default():
    labels = tf.data.Dataset.from_tensor_slices([5, 0, 3]).map(one_hot_matrix)
    expected = np.eye(6, dtype=np.float32)[[5, 0, 3]]
    assert_close(np.stack(list(labels.as_numpy_iterator())), expected, rtol=0)


def test_initial_parameters_have_the_courses_shapes_and_glorots_width():
    parameters = initialize_parameters()
    shapes = {name: tuple(v.shape) for name, v in parameters.items()}
    assert shapes == {
        "W1": (25, 12288), "b1": (25, 1), "W2": (12, 25), "b2": (12, 1), "W3": (6, 12), "b3": (6, 1)
    }  # fmt: skip
    for name, value in parameters.items():
        assert isinstance(value, tf.Variable)
        assert value.dtype == tf.float32
        expected = keras.initializers.GlorotNormal(seed=1)(value.shape)
        assert_close(value.numpy(), np.asarray(expected), rtol=0)
        assert value.name.startswith(name)
    assert np.std(parameters["W1"]) == pytest.approx(np.sqrt(2 / (25 + 12288)), rel=0.01)
    assert np.std(parameters["b1"]) > 0


# --- Forward and backward -------------------------------------------------------------------------


def test_forward_propagation_equals_numpy():
    Z3 = forward_propagation(X_SMALL, SMALL)
    A1 = np.maximum(SMALL["W1"] @ X_SMALL + SMALL["b1"], 0)
    A2 = np.maximum(SMALL["W2"] @ A1 + SMALL["b2"], 0)
    assert Z3.dtype == tf.float64
    assert_close(Z3.numpy(), SMALL["W3"] @ A2 + SMALL["b3"], rtol=1e-12)
    assert (A1 == 0).any()
    assert (A2 == 0).any()


def test_forward_propagation_equals_the_deep_network_of_course_1():
    AL, _ = deep_network.L_model_forward(X_SMALL, SMALL, output="softmax")
    Z3 = forward_propagation(X_SMALL, SMALL).numpy()
    assert_close(scipy.special.softmax(Z3, axis=0), AL, rtol=1e-12)


def test_total_loss_gives_the_courses_number():
    logits = np.array(
        [
            [2.4048107, 5.0334096],
            [-0.7921977, -4.1523376],
            [0.9447198, -0.46802214],
            [1.158121, 3.9810789],
            [4.768706, 2.3220146],
            [6.1481323, 3.909829],
        ],
        dtype=np.float32,
    )
    labels = np.eye(6)[:, [5, 0]]
    assert float(compute_total_loss(logits, labels)) == pytest.approx(0.810287, abs=1e-6)


def test_total_loss_is_a_sum_over_the_batch_and_stable():
    logits = np.array([[1e4, -3.0, 0.5], [-1e4, 2.0, 0.5], [0.0, 1e4, 0.25]])
    labels = np.eye(3)[:, [0, 1, 2]]
    log_shares = scipy.special.log_softmax(logits, axis=0)
    expected = -np.sum(labels * log_shares)
    assert_close(float(compute_total_loss(logits, labels)), expected, rtol=1e-12)
    parts = [float(compute_total_loss(logits[:, [i]], labels[:, [i]])) for i in range(3)]
    assert_close(sum(parts), expected, rtol=1e-12)


def test_the_tapes_gradients_are_those_of_the_backward_pass_by_hand():
    variables = {name: tf.Variable(value) for name, value in SMALL.items()}
    with tf.GradientTape() as tape:
        total = compute_total_loss(forward_propagation(X_SMALL, variables), Y_SMALL)
        cost = total / X_SMALL.shape[1]
    by_tape = tape.gradient(cost, variables)
    AL, caches = deep_network.L_model_forward(X_SMALL, SMALL, output="softmax")
    by_hand = deep_network.L_model_backward(AL, Y_SMALL, caches, output="softmax")
    assert_close(float(cost), deep_network.compute_cost(AL, Y_SMALL, output="softmax"), rtol=1e-12)
    for name in NAMES:
        assert_close(by_tape[name].numpy(), by_hand[f"d{name}"], rtol=1e-10, atol=1e-14)


def test_forward_and_loss_work_inside_a_tf_function():
    parameters = {name: tf.constant(value) for name, value in SMALL.items()}

    @tf.function
    def loss(X, Y):
        return compute_total_loss(forward_propagation(X, parameters), Y)

    expected = compute_total_loss(forward_propagation(X_SMALL, SMALL), Y_SMALL)
    result = loss(tf.constant(X_SMALL), tf.constant(Y_SMALL))
    assert_close(float(result), float(expected), rtol=1e-12)
    assert_close(float(tf.function(sigmoid)(tf.constant(0.0))), 0.5, rtol=0)


# --- Learning -------------------------------------------------------------------------------------


def adam_by_hand(parameters, X, Y, rate, size, epochs):
    """Kingma and Ba's Adam in float64 NumPy on consecutive mini-batches; costs by epoch.

    Keras keeps epsilon outside the bias correction: step = rate sqrt(1 - b2^t) / (1 - b1^t) times
    v / (sqrt(s) + 1e-7).
    """
    own = {name: value.copy() for name, value in parameters.items()}
    v, s = ({name: np.zeros_like(value) for name, value in own.items()} for _ in "vs")
    costs, t = [], 0
    for _ in range(epochs):
        total = 0.0
        for first in range(0, X.shape[1], size):
            x, y = X[:, first : first + size], Y[:, first : first + size]
            AL, caches = deep_network.L_model_forward(x, own, output="softmax")
            total += deep_network.compute_cost(AL, y, output="softmax") * x.shape[1]
            grads = deep_network.L_model_backward(AL, y, caches, output="softmax")
            t += 1
            step = rate * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
            for name in own:
                g = grads[f"d{name}"]
                v[name] = 0.9 * v[name] + 0.1 * g
                s[name] = 0.999 * s[name] + 0.001 * g * g
                own[name] = own[name] - step * v[name] / (np.sqrt(s[name]) + 1e-7)
        costs.append(total / X.shape[1])
    return own, costs


def test_epochs_equal_adam_in_numpy():
    """Seven examples by three: the last mini-batch is smaller."""
    epochs = adam_epochs(SMALL, X_SMALL, Y_SMALL, X_SMALL, Y_SMALL, 0.01, 3)
    yielded = [next(epochs) for _ in range(4)]
    expected, costs = adam_by_hand(SMALL, X_SMALL, Y_SMALL, 0.01, 3, 4)
    assert_close([cost for *_, cost in yielded], costs, rtol=1e-5)
    for name in NAMES:
        assert_close(yielded[-1][0][name].astype(float), expected[name], rtol=1e-3, atol=1e-5)


def test_accuracies_are_shares_of_examples():
    X_other, Y_other = small_examples(m=4, seed=5)
    epochs = adam_epochs(SMALL, X_SMALL, Y_SMALL, X_other, Y_other, 0.01, 7)
    before = SMALL
    for _ in range(3):
        state, train, test, _ = next(epochs)
        for share, own, X, Y in (
            (train, before, X_SMALL, Y_SMALL),  # one mini-batch: seen before its step
            (test, state, X_other, Y_other),
        ):
            logits = forward_propagation(X, {name: own[name] for name in NAMES}).numpy()
            assert share == np.mean(logits.argmax(axis=0) == Y.argmax(axis=0))
        before = state


def test_an_interrupted_training_goes_on_where_it_stopped():
    data = (X_SMALL, Y_SMALL, X_SMALL, Y_SMALL, 0.01, 3)
    whole = adam_epochs(SMALL, *data)
    states = [next(whole)[0] for _ in range(5)]
    again = adam_epochs(states[1], *data)
    resumed = [next(again)[0] for _ in range(3)]
    assert resumed[-1].keys() == states[-1].keys()
    for name, value in states[-1].items():
        assert_close(resumed[-1][name], value, rtol=1e-6, atol=1e-9)


def test_model_lowers_the_loss_and_records_every_tenth_epoch(capsys):
    parameters, costs, train_acc, test_acc = model(
        X_FULL, Y_FULL, X_FULL, Y_FULL, learning_rate=0.001, num_epochs=21, minibatch_size=4
    )
    assert len(costs) == len(train_acc) == len(test_acc) == 3
    assert costs[0] > costs[1] > costs[2]
    epochs = adam_epochs(initialize_parameters(), X_FULL, Y_FULL, X_FULL, Y_FULL, 0.001, 4)
    yielded = [next(epochs) for _ in range(21)]
    assert_close(costs, [yielded[i][-1] for i in (0, 10, 20)], rtol=1e-5)
    for name, value in parameters.items():
        assert isinstance(value, tf.Variable)
        assert_close(value.numpy(), yielded[-1][0][name], rtol=1e-3, atol=1e-5)
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        f"Cost after epoch {epoch}: {cost:f}, train accuracy {100 * train:.1f} %, "
        f"test accuracy {100 * test:.1f} %"
        for epoch, cost, train, test in zip((0, 10, 20), costs, train_acc, test_acc, strict=True)
    ]


def test_model_takes_the_courses_datasets(capsys):
    datasets = [tf.data.Dataset.from_tensor_slices(a.T) for a in (X_FULL, Y_FULL)]
    arrays = model(X_FULL, Y_FULL, X_FULL, Y_FULL, num_epochs=1, print_cost=False)
    given = model(*datasets, *datasets, num_epochs=1, print_cost=False)
    assert_close(given[1:], arrays[1:], rtol=1e-6)
    assert capsys.readouterr().out == ""


def test_model_without_epochs_gives_the_start_values():
    parameters, *records = model(X_FULL, Y_FULL, X_FULL, Y_FULL, num_epochs=0)
    assert records == [[], [], []]
    for name, value in initialize_parameters().items():
        assert_close(parameters[name].numpy(), value.numpy(), rtol=0)


# --- The builders ---------------------------------------------------------------------------------

BUILDERS = [
    (SignsNetwork, {"input_shape": [4, 5, 2], "hidden": [5, 4], "classes": 3}),
    (SignsConvolutionalNetwork, {"input_shape": [16, 20, 2], "classes": 4, "dropout": 0.0}),
]
each_builder = pytest.mark.parametrize(("builder", "kwargs"), BUILDERS)


def examples(kwargs, m=3, seed=1):
    return np.random.default_rng(seed).random((m, *kwargs["input_shape"])).astype(np.float32)


def give_random_weights(network, seed=0):
    """Also biases and running averages: fresh ones are 0 and 1 and would hide a mistake."""
    random = np.random.default_rng(seed)
    scales = [1 / np.sqrt(max(1, w.size / w.shape[-1])) for w in network.get_weights()]
    network.set_weights(
        [
            random.uniform(0.5, 1.5, w.shape) * s
            if w.ndim == 1
            else random.normal(size=w.shape) * s
            for w, s in zip(network.get_weights(), scales, strict=True)
        ]
    )
    return network


def test_the_table_of_the_three_layers():
    assert [tuple(row) for row in layer_table(SignsNetwork())] == [
        ("inputs", "InputLayer", (64, 64, 3), 0),
        ("inputs_1_unrolled", "Flatten", (12288,), 0),
        ("hidden_1_linear", "Dense", (25,), 25 * 12289),
        ("hidden_1_activation", "Activation", (25,), 0),
        ("hidden_2_linear", "Dense", (12,), 12 * 26),
        ("hidden_2_activation", "Activation", (12,), 0),
        ("output_1_linear", "Dense", (6,), 6 * 13),
        ("output_1_activation", "Activation", (6,), 0),
    ]


def test_the_table_of_the_convolutional_network():
    rows = [tuple(row) for row in layer_table(SignsConvolutionalNetwork())]
    expected, side, before = [("inputs", "InputLayer", (64, 64, 3), 0)], 64, 3
    for i, filters in enumerate((16, 32, 64, 64), start=1):
        plane = (side, side, filters)
        side //= 2
        expected += [
            (f"stage_{i}_convolution", "Conv2D", plane, 9 * before * filters),
            (f"stage_{i}_normalization", "BatchNormalization", plane, 4 * filters),
            (f"stage_{i}_activation", "Activation", plane, 0),
            (f"stage_{i}_pooling", "MaxPooling2D", (side, side, filters), 0),
        ]
        before = filters
    assert rows == [
        *expected,
        ("output_1_unrolled", "Flatten", (1024,), 0),
        ("output_1_dropout", "Dropout", (1024,), 0),
        ("output_1_linear", "Dense", (6,), 6 * 1025),
        ("output_1_activation", "Activation", (6,), 0),
    ]
    trained = sum(np.prod(w.shape) for w in SignsConvolutionalNetwork().trainable_weights)
    assert SignsConvolutionalNetwork().count_params() - trained == 352


def test_the_keras_network_equals_the_one_by_hand():
    parameters = initialize_parameters()
    network = SignsNetwork()
    weights = [v.numpy() for v in parameters.values()]
    network.set_weights([w.T if w.shape[1] > 1 else w[:, 0] for w in weights])
    x = np.random.default_rng(3).random((4, 64, 64, 3)).astype(np.float32)
    Z3 = forward_propagation(x.reshape(4, -1).T, parameters).numpy()
    assert_close(network(x).numpy().T, scipy.special.softmax(Z3, axis=0), rtol=1e-4)


def test_the_convolutional_network_equals_plain_numpy():
    """Nine shifted products, normalised by the running averages; pooling drops an odd row."""
    kwargs = {"input_shape": (33, 18, 2)}
    network, x = give_random_weights(SignsConvolutionalNetwork(**kwargs)), examples(kwargs, m=1)
    weights = [w.astype(np.float64) for w in network.get_weights()]
    plane = x[0].astype(np.float64)
    for i in range(4):
        kernel, gamma, beta, mean, variance = weights[5 * i : 5 * i + 5]
        height, width, _ = plane.shape
        padded = np.pad(plane, ((1, 1), (1, 1), (0, 0)))
        plane = sum(
            padded[r : r + height, c : c + width] @ kernel[r, c] for r in range(3) for c in range(3)
        )
        plane = np.maximum(gamma * (plane - mean) / np.sqrt(variance + 1e-3) + beta, 0)
        plane = plane[: height // 2 * 2, : width // 2 * 2]
        plane = np.maximum.reduce([plane[r::2, c::2] for r in (0, 1) for c in (0, 1)])
    kernel, bias = weights[20:]
    expected = scipy.special.softmax(plane.ravel() @ kernel + bias)
    assert_close(network(x).numpy()[0].astype(np.float64), expected, rtol=1e-4)


def test_dropout_works_while_training_only():
    network = SignsConvolutionalNetwork((16, 16, 1))
    layer = network.get_layer("output_1_dropout")
    assert layer.rate == 0.4
    x = np.ones((1, 64), np.float32)
    assert_close(layer(x, training=False).numpy(), x, rtol=0)
    keras.utils.set_random_seed(0)
    assert (layer(x, training=True).numpy() == 0).any()


@each_builder
def test_building_twice_gives_the_same_names(builder, kwargs):
    first, second = builder(**kwargs), builder(**kwargs)
    assert first.name == second.name
    assert [w.path for w in first.weights] == [w.path for w in second.weights]
    assert builder(**kwargs, name="other").name == "other"
    outputs = first(examples(kwargs)).numpy()
    assert outputs.shape == (3, kwargs["classes"])
    assert_close(outputs.sum(axis=1), np.ones(3, np.float32), rtol=1e-5)


@each_builder
def test_saved_and_loaded_models_answer_alike(builder, kwargs, tmp_path):
    network, x = give_random_weights(builder(**kwargs)), examples(kwargs)
    network.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert_close(loaded(x).numpy(), network(x).numpy(), rtol=0)
    assert layer_table(loaded) == layer_table(network)


@each_builder
def test_a_few_training_steps_lower_the_loss(builder, kwargs):
    network, x = give_random_weights(builder(**kwargs)), examples(kwargs)
    network.compile(keras.optimizers.SGD(1e-3), "sparse_categorical_crossentropy", run_eagerly=True)
    y = np.arange(3)
    losses = [float(network.train_on_batch(x, y)) for _ in range(5)]
    assert losses[-1] < losses[0]


def test_jax_gives_the_same_outputs(tmp_path):
    calls, expected = [], []
    for builder, kwargs in BUILDERS:
        network, x = give_random_weights(builder(**kwargs)), examples(kwargs)
        name = f"{builder.__module__}.{builder.__name__}"
        calls.append(Call(name, kwargs, network.get_weights(), [x]))
        expected.append(network(x).numpy())
    for (output,), own in zip(outputs_on("jax", calls, tmp_path), expected, strict=True):
        assert_close(output, own, rtol=1e-5, atol=1e-7)


# --- Bad input ------------------------------------------------------------------------------------


def small_with(key, value):
    return SMALL | {key: value}


def without(key):
    return {name: value for name, value in SMALL.items() if name != key}


def train(**replacements):
    arguments = {
        "state": SMALL, "X_train": X_SMALL, "Y_train": Y_SMALL, "X_test": X_SMALL, "Y_test": Y_SMALL
    }  # fmt: skip
    return adam_epochs(**(arguments | replacements))


TWO_ONES = Y_SMALL * 0
TWO_ONES[:2] = 1


def test_ctrl_c_returns_what_was_learned_so_far(monkeypatch, capsys):
    X, Y = np.random.default_rng(0).random((12288, 6)), np.eye(6)
    expected, *_ = tensorflow_introduction.model(X, Y, X, Y, num_epochs=12, print_cost=False)
    endless = tensorflow_introduction.adam_epochs

    def pressed_after_twelve(*args):
        for i, epoch in enumerate(endless(*args)):
            if i == 12:
                raise KeyboardInterrupt
            yield epoch

    monkeypatch.setattr(tensorflow_introduction, "adam_epochs", pressed_after_twelve)
    parameters, costs, _, _ = tensorflow_introduction.model(X, Y, X, Y, num_epochs=50)
    assert len(costs) == 2
    assert capsys.readouterr().out.splitlines()[-1] == (
        "Stopped after 12 of 50 epochs, with what was learned so far."
    )
    for name, variable in parameters.items():
        np.testing.assert_allclose(variable.numpy(), expected[name].numpy(), rtol=1e-5, atol=1e-6)


COMPLAINTS = [
    (
        lambda folder: sigmoid("0"),
        TypeError,
        "`z` must be an array of real numbers. Received: str.",
    ),
    (
        lambda folder: one_hot_matrix(6),
        ValueError,
        "`label` must lie in 0..5. Received: 6.",
    ),
    (
        lambda folder: one_hot_matrix(1.0),
        TypeError,
        "`label` must be one whole number. Received: float64 of shape ().",
    ),
    (
        lambda folder: one_hot_matrix([1, 2]),
        TypeError,
        "`label` must be one whole number. Received: int64 of shape (2,).",
    ),
    (
        lambda folder: one_hot_matrix(0, depth=0),
        ValueError,
        "`depth` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: forward_propagation(np.zeros(5), SMALL),
        ValueError,
        "`X` must have shape (n_x, m). Received: (5,).",
    ),
    (
        lambda folder: forward_propagation(X_SMALL.T, SMALL),
        ValueError,
        "`parameters['W1']` must have shape (n, n_x=7). Received: (4, 5). "
        "`X` of shape (7, 5) sets n_x=7.",
    ),
    (
        lambda folder: forward_propagation(X_SMALL, [1]),
        TypeError,
        "`parameters` must be a dictionary. Received: list.",
    ),
    (
        lambda folder: forward_propagation(X_SMALL, without("b2")),
        ValueError,
        "`parameters` must have the keys W1, b1, W2, b2, W3, b3. Received: W1, b1, W2, W3, b3. "
        "Missing: b2.",
    ),
    (
        lambda folder: forward_propagation(X_SMALL, small_with("b1", np.zeros(4))),
        ValueError,
        "`parameters['b1']` must have shape (n=4, 1). Received: (4,). "
        "`parameters['W1']` of shape (4, 5) sets n=4; use parameters['b1'].reshape(-1, 1).",
    ),
    (
        lambda folder: forward_propagation(X_SMALL, small_with("W2", np.zeros((3, 5)))),
        ValueError,
        "`parameters['W2']` must have shape (n, n_prev=4). Received: (3, 5). "
        "`parameters['W1']` of shape (4, 5) sets n_prev=4.",
    ),
    (
        lambda folder: compute_total_loss(np.zeros(6), Y_SMALL),
        ValueError,
        "`logits` must have shape (n_y, m). Received: (6,).",
    ),
    (
        lambda folder: compute_total_loss(np.zeros((6, 7)), Y_SMALL.T),
        ValueError,
        "`labels` must have shape (n_y=6, m=7). Received: (7, 6). "
        "`logits` of shape (6, 7) sets n_y=6, m=7; use labels.T.",
    ),
    (
        lambda folder: compute_total_loss(Y_SMALL, 2 * Y_SMALL),
        ValueError,
        "`labels` must hold only 0 and 1. Received: 7 other values such as 2.",
    ),
    (
        lambda folder: compute_total_loss(Y_SMALL, TWO_ONES),
        ValueError,
        "`labels` must hold exactly one 1 per column. Received: 2 in column 0.",
    ),
    (
        lambda folder: train(X_train=np.zeros(5)),
        ValueError,
        "`X_train` must have shape (n_x, m). Received: (5,).",
    ),
    (
        lambda folder: train(Y_train=np.zeros((1, 7))),
        ValueError,
        "`Y_train` must have shape (n_y=6, m=7). Received: (1, 7). "
        "`X_train` of shape (5, 7) sets m=7.",
    ),
    (
        lambda folder: train(Y_test=TWO_ONES),
        ValueError,
        "`Y_test` must hold exactly one 1 per column. Received: 2 in column 0.",
    ),
    (
        lambda folder: train(X_test=np.zeros((4, 7))),
        ValueError,
        "`X_test` must have shape (n_x=5, m). Received: (4, 7). `X_train` of shape (5, 7) sets "
        "n_x=5.",
    ),
    (
        lambda folder: train(state=small_with("W1", np.zeros((4, 6)))),
        ValueError,
        "`parameters['W1']` must have shape (n, n_x=5). Received: (4, 6). "
        "`X_train` of shape (5, 7) sets n_x=5.",
    ),
    (
        lambda folder: train(learning_rate=0),
        ValueError,
        "`learning_rate` must be a positive finite number. Received: 0.",
    ),
    (
        lambda folder: train(minibatch_size=0),
        ValueError,
        "`minibatch_size` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: model(X_FULL, Y_FULL, X_FULL, Y_FULL, num_epochs=-1),
        ValueError,
        "`num_epochs` must be at least 0. Received: -1.",
    ),
    (
        lambda folder: SignsNetwork((64, 64)),
        ValueError,
        "`input_shape` must be (height, width, channels). Received: (64, 64).",
    ),
    (
        lambda folder: SignsNetwork((64, 0, 3)),
        ValueError,
        "`input_shape[1]` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: SignsNetwork(hidden=25),
        TypeError,
        "`hidden` must be a list of layer sizes. Received: 25 (int).",
    ),
    (
        lambda folder: SignsNetwork(classes=0),
        ValueError,
        "`classes` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: SignsConvolutionalNetwork(classes=0),
        ValueError,
        "`classes` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: SignsConvolutionalNetwork((64, 15, 3)),
        ValueError,
        "`input_shape` must be at least 16 pixels high and wide. Received: (64, 15, 3). "
        "Smaller maps would vanish on their way through the network.",
    ),
    (
        lambda folder: SignsConvolutionalNetwork(dropout=1),
        ValueError,
        "`dropout` must lie in [0, 1). Received: 1.",
    ),
    (
        lambda folder: SignsConvolutionalNetwork(dropout="0.3"),
        TypeError,
        "`dropout` must be a real number. Received: '0.3' (str).",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
