"""Introduction to TensorFlow: a network whose gradients nobody writes out (course 2, week 3).

What NumPy needed a backward pass for, a `tf.GradientTape` does by recording the forward pass:

    with tf.GradientTape() as tape:
        cost = compute_total_loss(forward_propagation(X, parameters), Y) / m
    grads = tape.gradient(cost, trainable_variables)

The network is linear -> ReLU -> linear -> ReLU -> linear -> softmax, with 12288, 25, 12 and 6
units, trained by Adam on mini-batches to read hand signs.  Notation as before: columns are
examples, X is (n_x, m), Y is one-hot, (6, m).

This module is TensorFlow by nature: its functions return tensors.  At its end the same network as a
Keras builder, and a convolutional one to hold it against; those two run on every backend of Keras.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import (
    check_array,
    check_binary,
    check_count,
    check_finite,
    check_image_shape,
    check_layer_sizes,
    check_positive,
)

__all__ = [
    "SignsConvolutionalNetwork",
    "SignsNetwork",
    "adam_epochs",
    "compute_total_loss",
    "forward_propagation",
    "initialize_parameters",
    "linear_function",
    "model",
    "one_hot_matrix",
    "sigmoid",
]

SIZES = (12288, 25, 12, 6)
EPOCHS_PER_RECORD = 10

# Filters of each 3x3 convolution; every one is followed by a 2x2 maximum.
CONVOLUTIONS = (16, 32, 64, 64)


# --- Parts ----------------------------------------------------------------------------------------


def linear_function() -> tf.Tensor:
    """Y = W X + b with the course's random numbers.

    X (3, 1), W (4, 3) and b (4, 1) are drawn in this order from NumPy's generator with seed 1; it
    is a generator of our own, the global one stays as it is.

    Returns:
        Y: float64 (4, 1).

    Example:
        >>> print(linear_function().numpy().round(4)[:, 0])
        [-2.1566  2.9589 -1.0893 -0.8454]

    Source: course 2, week 3.
    """
    random = np.random.RandomState(1)
    X, W, b = (tf.constant(random.randn(*shape)) for shape in ((3, 1), (4, 3), (4, 1)))
    return tf.matmul(W, X) + b


def sigmoid(z: Any) -> tf.Tensor:
    """1 / (1 + e^-z), in float32.

    Args:
        z: number, array or tensor of any shape.

    Returns:
        A tensor of the same shape, float32, in 0..1.

    Raises:
        TypeError: not numbers.
        ValueError: NaN or infinity.

    Example:
        >>> float(sigmoid(0))
        0.5

    Source: course 2, week 3.
    """
    if not tf.is_symbolic_tensor(z):
        z = check_array("z", z)
    return tf.sigmoid(tf.cast(z, tf.float32))


def one_hot_matrix(label: Any, depth: int = 6) -> tf.Tensor:
    """A column of zeros with a 1 where the label says.

    Args:
        label: class, a whole number from 0 to depth - 1; also a tensor, as `Dataset.map` gives it.
        depth: number of classes, at least 1.

    Returns:
        A tensor (depth,), float32.

    Raises:
        TypeError: not whole numbers.
        ValueError: a label outside 0..depth - 1, or several.

    Example:
        >>> print(one_hot_matrix(1, depth=4).numpy())
        [0. 1. 0. 0.]

    Source: course 2, week 3.
    """
    depth = check_count("depth", depth)
    if not tf.is_symbolic_tensor(label):
        number = np.asarray(label)
        if number.size != 1 or number.dtype.kind not in "iu":
            received = f"{number.dtype} of shape {number.shape}"
            raise InvalidType(sentence("label", "be one whole number", received))
        label = number.item()
        if not 0 <= label < depth:
            raise InvalidValue(sentence("label", f"lie in 0..{depth - 1}", label))
    return tf.reshape(tf.one_hot(label, depth), (depth,))


def initialize_parameters() -> dict[str, tf.Variable]:
    """Start values: all six from a normal distribution of Glorot's width, seed 1.

    The standard deviation is sqrt(2 / (rows + columns)); values beyond two of them are drawn again.
    As in the course this holds for the biases as well, which are usually zero.

    Returns:
        {"W1" (25, 12288), "b1" (25, 1), "W2" (12, 25), "b2" (12, 1), "W3" (6, 12), "b3" (6, 1)},
        variables in float32.

    Example:
        >>> {name: tuple(v.shape) for name, v in initialize_parameters().items()}["W2"]
        (12, 25)

    Source: course 2, week 3; Glorot and Bengio, 2010.
    """
    parameters = {}
    for l, (n_prev, n) in enumerate(pairwise(SIZES), start=1):
        for name, shape in ((f"W{l}", (n, n_prev)), (f"b{l}", (n, 1))):
            drawn = keras.initializers.GlorotNormal(seed=1)(shape)
            parameters[name] = tf.Variable(drawn, name=name)
    return parameters


# --- Forward --------------------------------------------------------------------------------------


def forward_propagation(X: Any, parameters: Mapping[str, Any]) -> tf.Tensor:
    """linear -> ReLU -> linear -> ReLU -> linear; the softmax belongs to the loss.

        Z1 = W1 X + b1    A1 = max(0, Z1)    Z2 = W2 A1 + b2    A2 = max(0, Z2)    Z3 = W3 A2 + b3

    Args:
        X: inputs (n_x, m); the course's have n_x = 12288.
        parameters: {"W1" (n1, n_x), "b1" (n1, 1), "W2" (n2, n1), "b2", "W3" (n3, n2), "b3"},
            variables, tensors or arrays.

    Returns:
        Z3: logits (n3, m), in the precision of the parameters; a tape follows them.

    Raises:
        TypeError: not numbers, or not a dictionary.
        ValueError: a missing key, shapes that do not fit, NaN or infinity.

    Example:
        >>> forward_propagation(np.zeros((12288, 2)), initialize_parameters()).shape.as_list()
        [6, 2]

    Source: course 2, week 3.
    """
    if not tf.is_symbolic_tensor(X):
        X = check_array("X", X, ("n_x", "m"))
        _check_parameters(parameters, X.shape[0], f"`X` of shape {X.shape} sets n_x={X.shape[0]}")
    return _forward(X, parameters)


def _forward(X, parameters):
    own = {name: tf.convert_to_tensor(value) for name, value in parameters.items()}
    A = tf.cast(X, own["W1"].dtype)
    for l in (1, 2):
        A = tf.nn.relu(tf.matmul(own[f"W{l}"], A) + own[f"b{l}"])
    return tf.matmul(own["W3"], A) + own["b3"]


def _check_parameters(parameters, n_x, because):
    """The three layers fit each other and inputs of n_x rows."""
    keys = [f"{kind}{l}" for l in (1, 2, 3) for kind in "Wb"]
    if not isinstance(parameters, Mapping):
        raise InvalidType(sentence("parameters", "be a dictionary", type(parameters).__name__))
    missing = [key for key in keys if key not in parameters]
    if missing:
        received = ", ".join(map(str, parameters)) or "an empty dictionary"
        expected, advice = f"have the keys {', '.join(keys)}", f"Missing: {', '.join(missing)}."
        raise InvalidValue(sentence("parameters", expected, received, advice))
    n_prev = ("n_x", n_x)
    for l in (1, 2, 3):
        name = f"parameters['W{l}']"
        W = check_array(name, parameters[f"W{l}"], ("n", n_prev), because=because)
        because = f"`{name}` of shape {W.shape} sets n={W.shape[0]}"
        shape = (("n", W.shape[0]), 1)
        check_array(f"parameters['b{l}']", parameters[f"b{l}"], shape, because=because)
        n_prev = ("n_prev", W.shape[0])
        because = because.replace("sets n=", "sets n_prev=")


def compute_total_loss(logits: Any, labels: Any) -> tf.Tensor:
    """Categorical cross-entropy of a softmax, from its logits, summed over the examples.

        total = sum over examples [ log sum_k exp(z_k) - z_true ]

    A sum and not a mean: the sums of the mini-batches add up to that of the epoch, and the last
    mini-batch may be smaller.

    Args:
        logits: Z3 (n_y, m).
        labels: one-hot, of the same shape.

    Returns:
        A scalar tensor, in nats.

    Raises:
        TypeError: not numbers.
        ValueError: shapes that differ, labels other than 0 and 1, columns without exactly one 1,
            NaN or infinity.

    Example:
        >>> round(float(compute_total_loss(np.zeros((6, 2)), np.eye(6)[:, :2])), 4)  # 2 log 6
        3.5835

    Source: course 2, week 3.
    """
    if not (tf.is_symbolic_tensor(logits) or tf.is_symbolic_tensor(labels)):
        n_y, m = check_array("logits", logits, ("n_y", "m")).shape
        _check_one_hot(
            "labels", labels, n_y, m, f"`logits` of shape {(n_y, m)} sets n_y={n_y}, m={m}"
        )
    return _total_loss(logits, labels)


def _total_loss(logits, labels):
    logits = tf.transpose(tf.convert_to_tensor(logits))
    labels = tf.cast(tf.transpose(tf.convert_to_tensor(labels)), logits.dtype)
    return tf.reduce_sum(tf.nn.softmax_cross_entropy_with_logits(labels, logits))


def _check_one_hot(name, labels, n_y, m, because):
    shape = (("n_y", n_y), ("m", m))
    labels = check_binary(name, check_array(name, labels, shape, because=because))
    if (labels.sum(axis=0) != 1).any():
        column = int(np.argmax(labels.sum(axis=0) != 1))
        received = f"{labels[:, column].sum():g} in column {column}"
        raise InvalidValue(sentence(name, "hold exactly one 1 per column", received))
    return labels


# --- Learning -------------------------------------------------------------------------------------


def adam_epochs(
    state: Mapping[str, Any],
    X_train: Any,
    Y_train: Any,
    X_test: Any,
    Y_test: Any,
    learning_rate: float = 0.0001,
    minibatch_size: int = 32,
) -> Iterator[tuple[dict[str, np.ndarray], float, float, float]]:
    """Yield a state and its scores after each epoch, for ever; the loop belongs to the caller.

    Mini-batches come from a `tf.data.Dataset` in the order of the examples, as in the course.

    Args:
        state: {"W1", "b1", ..., "W3", "b3"} to start from; or what an earlier epoch yielded, to go
            on from there with Adam's own numbers.
        X_train: inputs (n_x, m), or a `tf.data.Dataset` of single inputs (n_x,).
        Y_train: one-hot labels (6, m), or a `tf.data.Dataset` of single ones (6,).
        X_test: as `X_train`.
        Y_test: as `Y_train`.
        learning_rate: of Adam, above 0.
        minibatch_size: examples per step; the last mini-batch of an epoch may be smaller.

    Yields:
        state: parameters and Adam's variables, NumPy arrays by name.
        train_acc: share of the training examples right, each at the step it was learnt from.
        test_acc: share of the test examples right after the epoch.
        cost: mean cross-entropy per example over the epoch, in nats.

    Raises:
        TypeError, ValueError: as `forward_propagation` and `compute_total_loss`; at once, not at
            the first epoch.

    Example:
        >>> X, Y = np.random.RandomState(1).rand(12288, 6), np.eye(6)
        >>> epochs = adam_epochs(initialize_parameters(), X, Y, X, Y)
        >>> costs = [next(epochs)[-1] for _ in range(5)]
        >>> costs[0] > costs[-1]
        True

    Source: course 2, weeks 2 and 3; Kingma and Ba, 2015.
    """
    X, Y = _check_examples(X_train, Y_train, "train")
    because = f"`X_train` of shape {X.shape} sets n_x={X.shape[0]}"
    X_test, Y_test = _check_examples(X_test, Y_test, "test", ("n_x", X.shape[0]), because)
    _check_parameters(state, X.shape[0], because)
    learning_rate = check_positive("learning_rate", learning_rate)
    minibatch_size = check_count("minibatch_size", minibatch_size)
    return _adam_epochs(dict(state), X, Y, X_test, Y_test, learning_rate, minibatch_size)


def _check_examples(X, Y, part, n_x="n_x", because=""):
    """Inputs (n_x, m) and one-hot labels (n_y, m) as float32 arrays, columns being examples."""
    x, y = f"X_{part}", f"Y_{part}"
    X = check_array(x, _as_array(X), (n_x, "m"), because=because)
    because = f"`{x}` of shape {X.shape} sets m={X.shape[1]}"
    Y = _check_one_hot(y, _as_array(Y), SIZES[-1], X.shape[1], because)
    return X.astype(np.float32), Y.astype(np.float32)


def _as_array(examples):
    if isinstance(examples, tf.data.Dataset):
        return np.stack(list(examples.as_numpy_iterator()), axis=1)
    return examples


def _adam_epochs(state, X, Y, X_test, Y_test, learning_rate, minibatch_size):
    names = [f"{kind}{l}" for l in (1, 2, 3) for kind in "Wb"]
    parameters = {n: tf.Variable(np.asarray(state[n]), dtype=tf.float32, name=n) for n in names}
    variables = list(parameters.values())
    optimizer = keras.optimizers.Adam(learning_rate, name="adam")
    optimizer.build(variables)
    own = {v.path: v for v in optimizer.variables if not v.path.endswith("learning_rate")}
    for name, variable in own.items():
        if name in state:
            variable.assign(state[name])
    batches = tf.data.Dataset.from_tensor_slices((X.T, Y.T)).batch(minibatch_size)

    @tf.function(reduce_retracing=True)
    def step(x, y):
        with tf.GradientTape() as tape:
            logits, labels = _forward(tf.transpose(x), parameters), tf.transpose(y)
            total = _total_loss(logits, labels)
            cost = total / tf.cast(tf.shape(x)[0], tf.float32)
        optimizer.apply_gradients(zip(tape.gradient(cost, variables), variables, strict=True))
        return total, _count_right(logits, labels)

    m = X.shape[1]
    while True:
        total = right = 0.0
        for x, y in batches:
            batch_total, batch_right = step(x, y)
            total, right = total + float(batch_total), right + int(batch_right)
        test_right = int(_count_right(_forward(X_test, parameters), Y_test))
        state = {name: variable.numpy() for name, variable in parameters.items()}
        state |= {name: variable.numpy() for name, variable in own.items()}
        yield state, right / m, test_right / X_test.shape[1], total / m


def _count_right(logits, labels):
    hits = tf.equal(tf.argmax(logits), tf.argmax(labels))
    return tf.reduce_sum(tf.cast(hits, tf.int32))


def model(
    X_train: Any,
    Y_train: Any,
    X_test: Any,
    Y_test: Any,
    learning_rate: float = 0.0001,
    num_epochs: int = 1500,
    minibatch_size: int = 32,
    print_cost: bool = True,
) -> tuple[dict[str, tf.Variable], list[float], list[float], list[float]]:
    """Train the three layers with Adam on mini-batches, from `initialize_parameters`.

    Ctrl-C ends the training as if the number of epochs had been reached.

    Args:
        X_train: inputs (12288, m), or as in the course a `tf.data.Dataset` of single ones (12288,).
        Y_train: one-hot labels (6, m), or a `tf.data.Dataset` of single ones (6,).
        X_test: as `X_train`.
        Y_test: as `Y_train`.
        learning_rate: of Adam, above 0.
        num_epochs: passes over the training examples, at least 0.
        minibatch_size: examples per step.
        print_cost: print cost and accuracies every tenth epoch.

    Returns:
        parameters: as `initialize_parameters`.
        costs: mean cross-entropy per example of epochs 0, 10, 20, ..., in nats.
        train_acc: share of the training examples right in the same epochs.
        test_acc: of the test examples.

    Raises:
        TypeError, ValueError: as `adam_epochs`; an `X_train` without 12288 rows, or a negative
            number of epochs.

    Example:
        >>> X, Y = np.random.RandomState(1).rand(12288, 6), np.eye(6)
        >>> _, costs, _, _ = model(X, Y, X, Y, num_epochs=11, print_cost=False)
        >>> len(costs), costs[0] > costs[1]
        (2, True)

    Source: course 2, week 3.
    """
    check_count("num_epochs", num_epochs, minimum=0)
    parameters = initialize_parameters()
    epochs = adam_epochs(
        parameters, X_train, Y_train, X_test, Y_test, learning_rate, minibatch_size
    )
    costs, train_acc, test_acc, state, done = [], [], [], parameters, 0
    try:
        for i, (state, train, test, cost) in zip(range(num_epochs), epochs, strict=False):
            done = i + 1
            if i % EPOCHS_PER_RECORD == 0:
                costs.append(cost)
                train_acc.append(train)
                test_acc.append(test)
                if print_cost:
                    shares = f"train accuracy {100 * train:.1f} %, test accuracy {100 * test:.1f} %"
                    print(f"Cost after epoch {i}: {cost:f}, {shares}")
    except KeyboardInterrupt:
        if print_cost:
            print(f"Stopped after {done} of {num_epochs} epochs, with what was learned so far.")
    for name, variable in parameters.items():
        variable.assign(state[name])
    return parameters, costs, train_acc, test_acc


# --- The same in Keras, and with convolutions -----------------------------------------------------


def SignsNetwork(
    input_shape: Sequence[int] = (64, 64, 3),
    hidden: Sequence[int] = (25, 12),
    classes: int = 6,
    *,
    name: str = "signs_network",
) -> keras.Model:
    """The network of this exercise: unrolled picture, ReLU layers, softmax.

    A kernel is W.T of `initialize_parameters`.

    Args:
        input_shape: (height, width, channels).
        hidden: units of every hidden layer.
        classes: number of classes, at least 1.
        name: name of the model.

    Returns:
        A functional model (batch, *input_shape) -> (batch, classes), probabilities; 307,615
        parameters by default.

    Raises:
        TypeError, ValueError: sizes that are not whole numbers of at least 1.

    Example:
        >>> SignsNetwork().count_params()
        307615

    Source: course 2, week 3.
    """
    x = inputs = keras.Input(check_image_shape("input_shape", input_shape), name="inputs")
    sizes = check_layer_sizes("hidden", hidden, minimum_layers=0)
    x = keras.layers.Flatten(name="inputs_1_unrolled")(x)
    for l, units in enumerate(sizes, start=1):
        x = keras.layers.Dense(units, name=f"hidden_{l}_linear")(x)
        x = keras.layers.Activation("relu", name=f"hidden_{l}_activation")(x)
    return keras.Model(inputs, _softmax_head(x, check_count("classes", classes)), name=name)


def SignsConvolutionalNetwork(
    input_shape: Sequence[int] = (64, 64, 3),
    classes: int = 6,
    dropout: float = 0.4,
    *,
    name: str = "signs_convolutional_network",
) -> keras.Model:
    """A small convolutional network for the same pictures: a fingertip is one wherever it is.

    Four times [convolution -> batch normalisation -> ReLU -> 2x2 maximum], then softmax on what is
    left of the plane, 4 x 4 places.

    Args:
        input_shape: (height, width, channels), height and width at least 16.
        classes: number of classes, at least 1.
        dropout: share of the features dropped while training, in [0, 1).
        name: name of the model.

    Returns:
        A functional model (batch, *input_shape) -> (batch, classes), probabilities; 67,190
        parameters by default, 352 of them not trained.

    Raises:
        TypeError, ValueError: sizes that are too small, a dropout outside [0, 1).

    Example:
        >>> SignsConvolutionalNetwork().count_params()
        67190

    Source: course 4, week 1 (convolution and pooling); course 2, week 3 (batch normalisation).
    """
    shape = check_image_shape("input_shape", input_shape, minimum=2 ** len(CONVOLUTIONS))
    if not 0 <= check_finite("dropout", dropout) < 1:
        raise InvalidValue(sentence("dropout", "lie in [0, 1)", dropout))
    x = inputs = keras.Input(shape, name="inputs")
    for i, filters in enumerate(CONVOLUTIONS, start=1):
        x = _convolution_block(x, filters, f"stage_{i}")
    x = keras.layers.Flatten(name="output_1_unrolled")(x)
    x = keras.layers.Dropout(dropout, name="output_1_dropout")(x)
    return keras.Model(inputs, _softmax_head(x, check_count("classes", classes)), name=name)


def _convolution_block(x, filters, name):
    x = keras.layers.Conv2D(filters, 3, padding="same", use_bias=False, name=f"{name}_convolution")(
        x
    )
    # The running averages must settle within a few hundred steps.
    x = keras.layers.BatchNormalization(momentum=0.9, name=f"{name}_normalization")(x)
    x = keras.layers.Activation("relu", name=f"{name}_activation")(x)
    return keras.layers.MaxPooling2D(name=f"{name}_pooling")(x)


def _softmax_head(x, classes):
    x = keras.layers.Dense(classes, name="output_1_linear")(x)
    return keras.layers.Activation("softmax", name="output_1_activation")(x)
