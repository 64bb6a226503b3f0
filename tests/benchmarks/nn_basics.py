"""Course 1: one training step of the four-layer network on 209 pictures, float64."""

import numpy as np

from tests.benchmarks.harness import Row

SIZES = [12288, 20, 7, 5, 1]
RATE = 0.0075


def _data():
    random = np.random.default_rng(0)
    return random.random((12288, 209)), random.integers(0, 2, (1, 209)).astype(float)


def _parameters():
    from dlspec.nn_basics.image_classification import initialize_parameters_scaled

    return initialize_parameters_scaled(SIZES)


def _ours(X, Y):
    from dlspec.nn_basics.deep_network import gradient_descent

    steps = gradient_descent(_parameters(), X, Y, RATE)
    return lambda: next(steps)


def _text_book_step(parameters, X, Y):
    """The arithmetic of the lectures as they write it, without any check of arguments.

    A list of caches, the gradient of the output by division, dA for every layer down to the
    inputs, and a new array for every updated parameter.
    """
    L, m = len(parameters) // 2, X.shape[1]
    A, caches = X, []
    for l in range(1, L + 1):
        W, b = parameters[f"W{l}"], parameters[f"b{l}"]
        Z = np.dot(W, A) + b
        caches.append((A, W, Z))
        A = np.maximum(0, Z) if l < L else 1 / (1 + np.exp(-Z))
    cost = -np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A)) / m
    dA = -(np.divide(Y, A) - np.divide(1 - Y, 1 - A))
    updated = {}
    for l in range(L, 0, -1):
        A_prev, W, Z = caches[l - 1]
        if l == L:
            s = 1 / (1 + np.exp(-Z))
            dZ = dA * s * (1 - s)
        else:
            dZ = np.array(dA, copy=True)
            dZ[Z <= 0] = 0
        dW, db = np.dot(dZ, A_prev.T) / m, np.sum(dZ, axis=1, keepdims=True) / m
        dA = np.dot(W.T, dZ)
        updated[f"W{l}"] = W - RATE * dW
        updated[f"b{l}"] = parameters[f"b{l}"] - RATE * db
    return updated, cost


def against_text_book():
    X, Y = _data()
    state = [_parameters()]

    def other():
        state[0], _ = _text_book_step(state[0], X, Y)

    return _ours(X, Y), other


def against_keras():
    import keras

    from dlspec.nn_basics.models import DeepNetwork, load_parameters

    X, Y = _data()
    keras.config.set_dtype_policy("float64")
    try:
        model = DeepNetwork(SIZES)
        load_parameters(model, _parameters())
        model.compile(keras.optimizers.SGD(RATE), "binary_crossentropy")
    finally:
        keras.config.set_dtype_policy("float32")
    rows, labels = np.ascontiguousarray(X.T), np.ascontiguousarray(Y.T)
    return _ours(X, Y), lambda: model.train_on_batch(rows, labels)


ROWS = [
    Row("deep network training step", "the text-book form", 0.5, against_text_book, runs=40),
    Row("deep network training step", "Keras train_on_batch", 0.45, against_keras, runs=40),
]
