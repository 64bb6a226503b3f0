"""Improvising a jazz solo with an LSTM (course 5, week 1).

A solo is a sequence of values, each one of `n_values` words such as "the third, an eighth long".
While it learns, the network reads value t - 1 of a real solo and says how probable each value is
at t; X begins with zeros, for nothing has been played yet:

    a<t>, c<t> = LSTM(x<t>, a<t-1>, c<t-1>),   yhat<t> = softmax(Wy a<t> + by),   x<t> = y<t-1>

While it improvises there is no real solo to read: what it says itself comes back as its next input.

    djmodel                  learns: all values are given
    music_inference_model    improvises: the most probable value is fed back within the graph
    music_step_model         improvises step by step, so that values can be drawn at random

All of them share three layers, which hold all weights: an `LSTM_cell`, a dense `densor` and a
`reshaper` without any.  Time is unrolled: the same layers are called once for every step.
"""

from collections.abc import Sequence

import keras
import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import check_array, check_count, check_positive

__all__ = [
    "MostProbableValue",
    "djmodel",
    "music_inference_model",
    "music_step_model",
    "predict_and_sample",
    "sample_values",
    "training_windows",
]


# --- Models ---------------------------------------------------------------------------------------


def djmodel(
    Tx: int,
    LSTM_cell: keras.layers.LSTM,
    densor: keras.layers.Dense,
    reshaper: keras.layers.Reshape,
) -> keras.Model:
    """The network that learns: one output for each step of the values that it is given.

    `training_windows` makes its inputs and targets.  `LSTM_cell` with unroll=True builds and learns
    several times faster: a step is then a few products and no loop.

    Args:
        Tx: steps, at least 1.
        LSTM_cell: an LSTM of n_a units with return_state=True.
        densor: a Dense layer of n_values units with activation "softmax".
        reshaper: a Reshape layer to (1, n_values).

    Returns:
        A functional model of X (m, Tx, n_values), a0 (m, n_a) and c0 (m, n_a) to a list of Tx
        arrays (m, n_values).  With n_a = 64 and n_values = 90 it has 45,530 parameters:
        4 x 64 x (90 + 64 + 1) of the LSTM and 90 x (64 + 1) of the dense layer.

    Raises:
        TypeError: not a whole number, or other kinds of layers.
        ValueError: no step, an LSTM without return_state, sizes that do not fit.

    Example:
        >>> cell = keras.layers.LSTM(64, return_state=True, unroll=True)
        >>> dense = keras.layers.Dense(90, activation="softmax")
        >>> model = djmodel(3, cell, dense, keras.layers.Reshape((1, 90)))
        >>> model.count_params(), len(model.outputs)
        (45530, 3)

    Source: course 5, week 1, the exercise on improvising jazz.
    """
    Tx = check_count("Tx", Tx)
    n_a, n_values = _check_layers(LSTM_cell, densor)
    _check_reshaper(reshaper, n_values)
    X = keras.Input((Tx, n_values), name="X")
    a0, c0 = keras.Input((n_a,), name="a0"), keras.Input((n_a,), name="c0")
    a, c, outputs = a0, c0, []
    for t in range(Tx):
        x = keras.layers.Cropping1D((t, Tx - 1 - t), name=f"input_{t}_value")(X)
        a, _, c = LSTM_cell(reshaper(x), initial_state=[a, c])
        outputs.append(densor(a))
    return keras.Model([X, a0, c0], outputs, name="djmodel")


def music_inference_model(
    LSTM_cell: keras.layers.LSTM, densor: keras.layers.Dense, Ty: int = 100
) -> keras.Model:
    """The network that improvises: the most probable value is the next input.

    Args:
        LSTM_cell: as in `djmodel`, trained there.
        densor: as in `djmodel`, trained there.
        Ty: values to improvise, at least 1.

    Returns:
        A functional model of x0 (m, 1, n_values), a0 (m, n_a) and c0 (m, n_a) to a list of Ty
        arrays (m, n_values): how probable each value was.

    Raises:
        TypeError: not a whole number, or other kinds of layers.
        ValueError: no value, an LSTM without return_state.

    Example:
        >>> cell = keras.layers.LSTM(4, return_state=True, unroll=True)
        >>> dense = keras.layers.Dense(6, activation="softmax")
        >>> len(music_inference_model(cell, dense, Ty=3).outputs)
        3

    Source: course 5, week 1, the exercise on improvising jazz.
    """
    n_a, n_values = _check_layers(LSTM_cell, densor)
    Ty = check_count("Ty", Ty)
    x0 = keras.Input((1, n_values), name="x0")
    a0, c0 = keras.Input((n_a,), name="a0"), keras.Input((n_a,), name="c0")
    feed_back = MostProbableValue(name="feedback_value")
    x, a, c, outputs = x0, a0, c0, []
    for _ in range(Ty):
        a, _, c = LSTM_cell(x, initial_state=[a, c])
        outputs.append(densor(a))
        x = feed_back(outputs[-1])
    return keras.Model([x0, a0, c0], outputs, name="music_inference_model")


def music_step_model(LSTM_cell: keras.layers.LSTM, densor: keras.layers.Dense) -> keras.Model:
    """One step of the network that improvises; the caller chooses the value and comes back.

    Args:
        LSTM_cell: as in `djmodel`, trained there.
        densor: as in `djmodel`, trained there.

    Returns:
        A functional model of x (m, 1, n_values), a (m, n_a) and c (m, n_a) to the probabilities
        (m, n_values) and the next a and c.

    Raises:
        TypeError: other kinds of layers.
        ValueError: an LSTM without return_state.

    Example:
        >>> cell = keras.layers.LSTM(4, return_state=True, unroll=True)
        >>> model = music_step_model(cell, keras.layers.Dense(6, activation="softmax"))
        >>> [output.shape for output in model.outputs]
        [(None, 6), (None, 4), (None, 4)]

    Source: course 5, week 1, sampling novel sequences.
    """
    n_a, n_values = _check_layers(LSTM_cell, densor)
    x = keras.Input((1, n_values), name="x")
    state = [keras.Input((n_a,), name="a"), keras.Input((n_a,), name="c")]
    a, _, c = LSTM_cell(x, initial_state=state)
    return keras.Model([x, *state], [densor(a), a, c], name="music_step_model")


@keras.saving.register_keras_serializable(package="dlspec")
class MostProbableValue(keras.layers.Layer):
    """Probabilities (m, n_values) to the most probable value as one step (m, 1, n_values).

    Of equals the first wins, as in `np.argmax`.  No gradient passes through a choice.

    Source: course 5, week 1, the exercise on improvising jazz.
    """

    def call(self, probabilities: keras.KerasTensor) -> keras.KerasTensor:
        """Choose.

        Args:
            probabilities: (m, n_values).

        Returns:
            Ones where the values were chosen, zeros elsewhere, (m, 1, n_values).

        Example:
            >>> chosen = MostProbableValue()(np.array([[0.2, 0.5, 0.3]]))
            >>> keras.ops.convert_to_numpy(chosen).tolist()
            [[[0.0, 1.0, 0.0]]]

        Source: course 5, week 1, the exercise on improvising jazz.
        """
        chosen = keras.ops.argmax(probabilities, axis=-1)
        one_hot = keras.ops.one_hot(chosen, probabilities.shape[-1], dtype=self.compute_dtype)
        return keras.ops.expand_dims(one_hot, axis=1)


def _check_layers(LSTM_cell, densor):
    """(n_a, n_values) of the shared layers."""
    for name, layer, kind in (
        ("LSTM_cell", LSTM_cell, keras.layers.LSTM),
        ("densor", densor, keras.layers.Dense),
    ):
        if not isinstance(layer, kind):
            received = type(layer).__name__
            raise InvalidType(sentence(name, f"be a keras.layers.{kind.__name__}", received))
    if not LSTM_cell.return_state or LSTM_cell.return_sequences:
        options = f"return_state={LSTM_cell.return_state}"
        options += f", return_sequences={LSTM_cell.return_sequences}"
        expected = "return its state and its last output"
        advice = "Use keras.layers.LSTM(n_a, return_state=True)."
        raise InvalidValue(sentence("LSTM_cell", expected, options, advice))
    return LSTM_cell.units, densor.units


def _check_reshaper(reshaper, n_values):
    if not isinstance(reshaper, keras.layers.Reshape):
        received = type(reshaper).__name__
        raise InvalidType(sentence("reshaper", "be a keras.layers.Reshape", received))
    if tuple(reshaper.target_shape) != (1, n_values):
        expected = f"reshape to (1, n_values={n_values})"
        because = f"`densor` has {n_values} units."
        raise InvalidValue(sentence("reshaper", expected, tuple(reshaper.target_shape), because))


# --- Data -----------------------------------------------------------------------------------------


def training_windows(
    sequences: Sequence[np.ndarray], n_values: int, Tx: int, m: int, *, seed: int = 1
) -> tuple[np.ndarray, np.ndarray]:
    """Cut `m` windows of Tx values out of solos: what the network reads, and what it should say.

    Places are drawn at random, all equally likely; the course does the same.  Its Y leaves the last
    step without a target, and its X the first value unread; here the window's value t is the target
    at t and the input at t + 1.

    Args:
        sequences: solos, each an array (length,) of values from 0 to n_values - 1; those shorter
            than Tx are left out.
        n_values: number of values.
        Tx: steps of a window.
        m: windows.
        seed: of the places.

    Returns:
        X: inputs (m, Tx, n_values), one-hot, float32; the first step is zeros.
        Y: targets (Tx, m, n_values), one-hot, float32; `list(Y)` has one array for each output.

    Raises:
        TypeError: not whole numbers.
        ValueError: no solo of Tx values, a value out of range.

    Example:
        >>> X, Y = training_windows([np.array([0, 1, 2, 1])], n_values=3, Tx=4, m=1)
        >>> X.argmax(axis=-1).tolist(), Y.argmax(axis=-1).T.tolist()
        ([[0, 0, 1, 2]], [[0, 1, 2, 1]])

    Source: course 5, week 1, the exercise on improvising jazz.
    """
    n_values, Tx, m = (
        check_count(name, value) for name, value in (("n_values", n_values), ("Tx", Tx), ("m", m))
    )
    long_enough = [
        values
        for values in (_check_values(i, values, n_values) for i, values in enumerate(sequences))
        if len(values) >= Tx
    ]
    if not long_enough:
        lengths = [len(values) for values in sequences]
        expected = f"hold a solo of at least Tx={Tx} values"
        received = f"lengths {lengths[:5]}" if lengths else "no solos"
        raise InvalidValue(sentence("sequences", expected, received))
    places = [(i, j) for i, v in enumerate(long_enough) for j in range(len(v) - Tx + 1)]
    chosen = np.random.default_rng(seed).integers(len(places), size=m)
    windows = np.stack([long_enough[i][j : j + Tx] for i, j in (places[k] for k in chosen)])
    one_hot = np.eye(n_values, dtype=np.float32)[windows]
    X = np.zeros_like(one_hot)
    X[:, 1:] = one_hot[:, :-1]
    return X, np.ascontiguousarray(one_hot.swapaxes(0, 1))


def _check_values(i, values, n_values):
    name, array = f"sequences[{i}]", np.asarray(values)
    if array.ndim != 1 or array.dtype.kind not in "iu":
        received = f"shape {array.shape}, dtype {array.dtype}"
        raise InvalidType(sentence(name, "be whole numbers of shape (length,)", received))
    if array.size and not (array.min() >= 0 and array.max() < n_values):
        expected = f"lie from 0 to n_values - 1 = {n_values - 1}"
        raise InvalidValue(sentence(name, expected, f"values from {array.min()} to {array.max()}"))
    return array


# --- Improvising ----------------------------------------------------------------------------------


def predict_and_sample(
    inference_model: keras.Model,
    x_initializer: np.ndarray | None = None,
    a_initializer: np.ndarray | None = None,
    c_initializer: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Improvise with a `music_inference_model`; the same every time, for nothing is drawn.

    Args:
        inference_model: a `music_inference_model` of Ty values.
        x_initializer: first input (1, 1, n_values); zeros by default.
        a_initializer: first hidden state (1, n_a); zeros by default.
        c_initializer: first memory cell (1, n_a); zeros by default.

    Returns:
        results: the values, one-hot, (Ty, n_values).
        indices: the values, (Ty, 1).

    Raises:
        TypeError: not a Keras model, or not numbers.
        ValueError: other inputs than a `music_inference_model` has, shapes that do not fit.

    Example:
        >>> cell = keras.layers.LSTM(4, return_state=True, unroll=True)
        >>> dense = keras.layers.Dense(6, activation="softmax")
        >>> results, indices = predict_and_sample(music_inference_model(cell, dense, Ty=3))
        >>> results.shape, indices.shape
        ((3, 6), (3, 1))

    Source: course 5, week 1, the exercise on improvising jazz.
    """
    names = ("x_initializer", "a_initializer", "c_initializer")
    shapes = _input_shapes("inference_model", inference_model)
    given = (x_initializer, a_initializer, c_initializer)
    inputs = [
        np.zeros(shape) if value is None else check_array(name, value, shape)
        for name, value, shape in zip(names, given, shapes, strict=True)
    ]
    outputs = inference_model(inputs, training=False)
    outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
    probabilities = np.stack([keras.ops.convert_to_numpy(output) for output in outputs])
    indices = probabilities.argmax(axis=-1)
    return np.eye(probabilities.shape[-1])[indices[:, 0]], indices


def sample_values(
    step_model: keras.Model,
    length: int,
    m: int = 1,
    *,
    temperature: float = 1.0,
    known: int | None = None,
    seed: int = 1,
) -> np.ndarray:
    """Improvise `m` sequences at once, each value drawn with the probability the network gives it.

        probability of value v = p_v^(1 / temperature) / sum over w of p_w^(1 / temperature)

    Below 1 the likely becomes likelier (towards 0: the most probable value always); above 1 the
    network is more daring.

    Args:
        step_model: a `music_step_model`.
        length: values to draw, at least 1.
        m: sequences.
        temperature: above 0.
        known: only the first so many values are drawn; all by default.
        seed: of what is drawn.

    Returns:
        Values (m, length), whole numbers.

    Raises:
        TypeError: not a Keras model, or not whole numbers.
        ValueError: counts below 1, a temperature not above 0, more known values than there are,
            other inputs than a `music_step_model` has.

    Example:
        >>> cell = keras.layers.LSTM(4, return_state=True, unroll=True)
        >>> step = music_step_model(cell, keras.layers.Dense(6, activation="softmax"))
        >>> sample_values(step, length=5, m=2).shape
        (2, 5)

    Source: course 5, week 1, sampling novel sequences.
    """
    (_, _, n_values), (_, n_a), _ = _input_shapes("step_model", step_model)
    length, m = check_count("length", length), check_count("m", m)
    check_positive("temperature", temperature)
    known = n_values if known is None else check_count("known", known)
    if known > n_values:
        raise InvalidValue(sentence("known", f"be at most n_values={n_values}", known))
    random = np.random.default_rng(seed)
    x, a, c = np.zeros((m, 1, n_values)), np.zeros((m, n_a)), np.zeros((m, n_a))
    drawn = np.empty((m, length), np.int64)
    for t in range(length):
        probabilities, a, c = step_model.predict_on_batch([x, a, c])
        drawn[:, t] = _draw(probabilities[:, :known], temperature, random)
        x = np.eye(n_values)[drawn[:, t], None]
    return drawn


def _draw(probabilities, temperature, random):
    """One value for each row: the first at which the sum so far passes a number at random."""
    logs = np.log(np.maximum(probabilities.astype(np.float64), 1e-30))
    with np.errstate(over="ignore"):  # towards 0, all but the largest go to -infinity
        shares = np.exp((logs - logs.max(axis=1, keepdims=True)) / temperature)
    sums = shares.cumsum(axis=1)
    return (sums < random.random((len(shares), 1)) * sums[:, -1:]).sum(axis=1)


def _input_shapes(name, model):
    """Shapes of x (1, 1, n_values), a (1, n_a) and c (1, n_a), for one sequence."""
    if not isinstance(model, keras.Model):
        raise InvalidType(sentence(name, "be a keras.Model", type(model).__name__))
    shapes = [(1, *tensor.shape[1:]) for tensor in model.inputs]
    if [len(shape) for shape in shapes] != [3, 2, 2]:
        expected = "have the inputs x (m, 1, n_values), a (m, n_a) and c (m, n_a)"
        received = [tensor.shape for tensor in model.inputs]
        advice = "Use music_inference_model or music_step_model."
        raise InvalidValue(sentence(name, expected, received, advice))
    return shapes
