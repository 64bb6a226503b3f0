"""Course 5: an LSTM layer against Keras', 100 steps of 64 inputs, 128 units, 32 examples, float64.

Keras runs as a tf.function without jit.  The course's cells are the same computation step by step.
"""

import numpy as np

from tests.benchmarks.harness import Row

T_X, N_X, N_A, M = 100, 64, 128, 32
SMALL = (8, 16, 4)
"""Inputs, units and examples, where the time goes into the steps and not into the products."""


def _layer(n_x=N_X, n_a=N_A, m=M):
    """Parameters, inputs, and a gradient of the hidden states."""
    from dlspec.sequence.recurrent_layers import initialize_parameters

    random = np.random.default_rng(0)
    parameters = initialize_parameters("lstm", n_x, n_a, n_y=1)
    x, da = (random.standard_normal((n, m, T_X)) for n in (n_x, n_a))
    return parameters, x, da


def _keras(parameters):
    import keras

    from dlspec.sequence.recurrent_layers import to_keras

    layer = keras.layers.LSTM(N_A, return_sequences=True, dtype="float64")
    layer.build((None, None, N_X))
    layer.set_weights(to_keras(parameters))
    return layer


def forward():
    import tensorflow as tf

    from dlspec.sequence.recurrent_layers import layer_forward

    parameters, x, _ = _layer()
    layer, inputs = _keras(parameters), tf.constant(x.transpose(1, 2, 0))
    run = tf.function(lambda inputs: layer(inputs))
    found = layer_forward(x, parameters)[0]
    np.testing.assert_allclose(found, run(inputs).numpy().transpose(2, 0, 1), atol=1e-9)
    return lambda: layer_forward(x, parameters, keep=False), lambda: run(inputs).numpy()


def forward_and_backward():
    import tensorflow as tf

    from dlspec.sequence.recurrent_layers import layer_backward, layer_forward

    parameters, x, da = _layer()
    layer = _keras(parameters)
    inputs, d = (tf.constant(array.transpose(1, 2, 0)) for array in (x, da))
    weights = [weight.value for weight in layer.trainable_weights]

    @tf.function
    def gradients(inputs, d):
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            a = layer(inputs)
        return tape.gradient(a, [inputs, *weights], d)

    def ours():
        return layer_backward(da, layer_forward(x, parameters)[-1])

    def other():
        return [gradient.numpy() for gradient in gradients(inputs, d)]

    np.testing.assert_allclose(ours()["dx"], other()[0].transpose(2, 0, 1), atol=1e-9)
    return ours, other


def against_cells():
    from dlspec.sequence.recurrent import lstm_backward, lstm_forward
    from dlspec.sequence.recurrent_layers import layer_backward, layer_forward

    n_x, n_a, m = SMALL
    parameters, x, da = _layer(n_x, n_a, m)
    a0 = np.zeros((n_a, m))
    return (
        lambda: layer_backward(da, layer_forward(x, parameters)[-1]),
        lambda: lstm_backward(da, lstm_forward(x, a0, parameters)[-1]),
    )


KERAS = "keras.layers.LSTM"
ROWS = [
    Row("LSTM forward", KERAS, 0.65, forward, 25, 3),
    Row("LSTM forward and backward", KERAS, 0.75, forward_and_backward, 25, 3),
    Row("LSTM of 16 units, both ways", "the course's cells", 0.5, against_cells, 25, 3),
]
