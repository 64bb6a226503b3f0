"""Fast recurrent layers: against the cells, numerical gradients, Keras both ways, bad input."""

import numpy as np
import pytest

from dlspec.sequence import recurrent_layers
from dlspec.sequence.recurrent import (
    gru_backward,
    gru_forward,
    lstm_backward,
    lstm_forward,
    rnn_backward,
    rnn_forward,
)
from dlspec.sequence.recurrent_layers import (
    KINDS,
    bidirectional_backward,
    bidirectional_forward,
    deep_backward,
    deep_forward,
    from_keras,
    initialize_parameters,
    layer_backward,
    layer_forward,
    to_keras,
)
from dlspec.testing import assert_close, gradient_check
from tests.complaints import complaints_test

N_X, N_A, M, T_X = 3, 4, 5, 6
_random = np.random.default_rng(3)
X, A0, DA, C0 = (
    _random.normal(size=shape) for shape in ((N_X, M, T_X), (N_A, M), (N_A, M, T_X), (N_A, M))
)
FORWARD = {"rnn": rnn_forward, "lstm": lstm_forward, "gru": gru_forward}
BACKWARD = {"rnn": rnn_backward, "lstm": lstm_backward, "gru": gru_backward}
each_kind = pytest.mark.parametrize("kind", KINDS)


def shaken(kind, n_x=N_X, n_a=N_A, seed=0, n_y=None):
    """Biases start at 0 or 1, which would hide a mistake."""
    random = np.random.default_rng(seed)
    parameters = initialize_parameters(kind, n_x, n_a, n_y, seed=seed)
    return {name: p + random.normal(size=p.shape) / 3 for name, p in parameters.items()}


RNN, LSTM, GRU = shaken("rnn"), shaken("lstm"), shaken("gru", seed=1)
BOTH_CACHES = bidirectional_forward(X, LSTM, GRU)[1]
DEEP = [LSTM, (shaken("rnn", 4, 2), shaken("gru", 4, 3)), shaken("lstm", 5, 4, 2)]

PURE_CALLS = {
    "initialize_parameters": ("lstm", 3, 4),
    "layer_forward": (X, LSTM, A0, C0),
    "layer_backward": (DA, layer_forward(X, LSTM)[-1]),
    "bidirectional_forward": (X, LSTM, GRU),
    "bidirectional_backward": (np.concatenate([DA, DA]), BOTH_CACHES),
    "deep_forward": (X, DEEP),
    "deep_backward": (DA, deep_forward(X, DEEP)[1]),
    "to_keras": (GRU,),
    "from_keras": (to_keras(LSTM), "lstm"),
}


# --- Parameters -----------------------------------------------------------------------------------


@each_kind
def test_parameters_fit_the_cells(kind):
    parameters = initialize_parameters(kind, N_X, N_A, n_y=2)
    a, y, *_ = FORWARD[kind.partition("_")[0]](X, A0, parameters)
    assert a.shape == (N_A, M, T_X)
    assert y.shape == (2, M, T_X)


def test_the_past_comes_through_orthogonal_and_is_remembered():
    p = initialize_parameters("lstm", 30, 50, seed=2)
    for gate in "fioc":
        past, x = np.split(p[f"W{gate}"], [50], axis=1)
        assert_close(past @ past.T, np.eye(50), atol=1e-13)
        assert np.abs(x).max() <= np.sqrt(6 / 80)
        assert_close(x.std(), np.sqrt(2 / 80), rtol=0.05)
    assert_close(p["bf"], np.ones((50, 1)))
    assert not any(p[f"b{gate}"].any() for gate in "ioc")
    assert not np.array_equal(p["Wf"], initialize_parameters("lstm", 30, 50, seed=3)["Wf"])


# --- One layer ------------------------------------------------------------------------------------


@each_kind
def test_a_layer_equals_its_cells_forward_and_backward(kind):
    family, parameters = kind.partition("_")[0], shaken(kind, n_y=2)
    expected = FORWARD[family](X, A0, parameters)
    a, last, cache = layer_forward(X, parameters, A0)
    assert_close(a, expected[0], rtol=1e-12)
    assert_close(last["a0"], expected[0][:, :, -1], rtol=1e-12)
    gradients = layer_backward(DA, cache)
    gradients.pop("dc0", None)
    assert_close(gradients, BACKWARD[family](DA, expected[-1]), rtol=1e-10, atol=1e-13)
    without, last_without, nothing = layer_forward(X, parameters, A0, keep=False)
    assert_close((without, last_without), (a, last), rtol=0)
    assert nothing is None


@each_kind
def test_a_layer_passes_the_gradient_check_with_its_initial_states(kind):
    learnt = shaken(kind) | {"x": X, "a0": A0} | ({"c0": C0} if kind == "lstm" else {})

    def cost(p):
        states = {name: p[name] for name in ("a0", "c0") if name in p}
        own = {k: v for k, v in p.items() if k not in ("x", "a0", "c0")}
        return float((DA * layer_forward(p["x"], own, **states)[0]).sum())

    *_, cache = layer_forward(X, shaken(kind), A0, C0 if kind == "lstm" else None)
    gradients = layer_backward(DA, cache)
    assert set(gradients) == {f"d{name}" for name in learnt}
    gradient_check(cost, learnt, gradients)


@each_kind
def test_a_sequence_in_two_stretches(kind):
    parameters = shaken(kind)
    whole, last, _ = layer_forward(X, parameters, A0)
    first, between, _ = layer_forward(X[:, :, :2], parameters, A0, keep=False)
    second, end, _ = layer_forward(X[:, :, 2:], parameters, **between)
    assert_close(np.concatenate([first, second], axis=2), whole, rtol=1e-13)
    assert_close(end, last, rtol=1e-13)


@pytest.mark.parametrize("steps", [1, 4])
def test_an_lstm_s_gradients_in_stretches_of_any_length(steps, monkeypatch):
    """6 steps in stretches of 1, and of 4 and 2, as the cells have them."""
    monkeypatch.setattr(recurrent_layers, "STEPS", steps)
    parameters = shaken("lstm", n_y=2)
    gradients = layer_backward(DA, layer_forward(X, parameters, A0)[-1])
    gradients.pop("dc0")
    expected = lstm_backward(DA, lstm_forward(X, A0, parameters)[-1])
    assert_close(gradients, expected, rtol=1e-10, atol=1e-13)


def test_no_initial_state_is_zeros():
    zeros = np.zeros((N_A, M))
    assert_close(layer_forward(X, LSTM)[0], layer_forward(X, LSTM, zeros, zeros)[0], rtol=0)


# --- Both directions, several layers --------------------------------------------------------------


def test_bidirectional_is_two_layers_from_both_ends():
    a, _ = bidirectional_forward(X, LSTM, GRU)
    assert_close(a[:N_A], layer_forward(X, LSTM)[0], rtol=0)
    assert_close(a[N_A:, :, ::-1], layer_forward(X[:, :, ::-1], GRU)[0], rtol=0)


def test_the_last_input_reaches_the_first_output_from_the_right_only():
    changed = X.copy()
    changed[:, :, -1] += 1
    difference = (
        bidirectional_forward(changed, LSTM, GRU)[0] - bidirectional_forward(X, LSTM, GRU)[0]
    )
    assert not difference[:N_A, :, 0].any()
    assert difference[N_A:, :, 0].all()


def test_bidirectional_passes_the_gradient_check():
    da = np.concatenate([DA, DA[:, ::-1]])
    dx, forwards, backwards = bidirectional_backward(da, BOTH_CACHES)
    parts = {"f": (LSTM, forwards), "b": (GRU, backwards)}
    learnt = {f"{k}{name}": p for k, (own, _) in parts.items() for name, p in own.items()}
    gradients = {f"d{k}{name[1:]}": g for k, (_, own) in parts.items() for name, g in own.items()}

    def cost(p):
        sides = [{k[1:]: v for k, v in p.items() if k[0] == side} for side in "fb"]
        return float((da * bidirectional_forward(p["x"], *sides)[0]).sum())

    gradient_check(cost, learnt | {"x": X}, gradients | {"dx": dx})


def test_a_stack_is_its_layers_one_by_one():
    a, caches = deep_forward(X, DEEP)
    below = bidirectional_forward(layer_forward(X, DEEP[0])[0], *DEEP[1])[0]
    assert_close(a, layer_forward(below, DEEP[2])[0], rtol=1e-14)
    assert len(caches) == 3


def test_a_stack_passes_the_gradient_check():
    dx, (first, (right, left), third) = deep_backward(DA, deep_forward(X, DEEP)[1])
    places = {"1": (DEEP[0], first), "2": (DEEP[1][0], right), "3": (DEEP[1][1], left)}
    places["4"] = (DEEP[2], third)
    learnt = {f"{k}{name}": p for k, (own, _) in places.items() for name, p in own.items()}
    gradients = {f"d{k}{name[1:]}": g for k, (_, own) in places.items() for name, g in own.items()}

    def cost(p):
        own = [{k[1:]: v for k, v in p.items() if k[0] == i} for i in "1234"]
        return float((DA * deep_forward(p["x"], [own[0], (own[1], own[2]), own[3]])[0]).sum())

    gradient_check(cost, learnt | {"x": X}, gradients | {"dx": dx})


# --- Keras ----------------------------------------------------------------------------------------


def keras_layer(kind, n_a=N_A):
    import keras

    options = {"return_sequences": True, "dtype": "float64"}
    if kind == "rnn":
        return keras.layers.SimpleRNN(n_a, **options)
    if kind == "lstm":
        return keras.layers.LSTM(n_a, **options)
    return keras.layers.GRU(n_a, reset_after=kind == "gru_reset_after", **options)


@each_kind
def test_outputs_and_gradients_equal_keras_with_our_weights(kind):
    import tensorflow as tf

    parameters, layer = shaken(kind), keras_layer(kind)
    x = tf.Variable(X.transpose(1, 2, 0))
    layer.build(x.shape)
    layer.set_weights(to_keras(parameters))
    with tf.GradientTape() as tape:
        out = layer(x, initial_state=[A0.T, np.zeros_like(A0.T)] if kind == "lstm" else A0.T)
        cost = tf.reduce_sum(DA.transpose(1, 2, 0) * out)
    dx, *dweights = tape.gradient(cost, [x, *(w.value for w in layer.trainable_weights)])
    a, _, cache = layer_forward(X, parameters, A0)
    assert_close(a, out.numpy().transpose(2, 0, 1), rtol=1e-9, atol=1e-12)
    gradients = layer_backward(DA, cache)
    assert_close(gradients["dx"], dx.numpy().transpose(2, 0, 1), rtol=1e-9, atol=1e-12)
    if kind == "gru_simplified":
        return  # Keras' has weights that ours lacks
    # A gradient takes the road of a parameter: the same places, the same change of sign.
    family = kind.partition("_")[0]
    theirs = from_keras([d.numpy() for d in dweights], family)
    if kind == "gru_reset_after":  # two biases that are always added have the same gradient
        theirs |= {"bu": theirs["bu"] / 2, "br": theirs["br"] / 2}
    for name, expected in theirs.items():
        assert_close(gradients[f"d{name}"], expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("kind", ["rnn", "lstm", "gru", "gru_reset_after"])
def test_weights_of_keras_come_over_and_go_back(kind):
    layer, random = keras_layer(kind), np.random.default_rng(5)
    layer.build((None, None, N_X))
    weights = [random.normal(size=w.shape) / 2 for w in layer.get_weights()]
    layer.set_weights(weights)
    parameters = from_keras(layer.get_weights(), kind.partition("_")[0])
    expected = layer(X.transpose(1, 2, 0)).numpy().transpose(2, 0, 1)
    assert_close(layer_forward(X, parameters)[0], expected, rtol=1e-9, atol=1e-12)
    again = to_keras(parameters)
    assert_close(tuple(again[:2]), tuple(weights[:2]), rtol=0)
    layer.set_weights(again)  # the GRU's two biases of a gate may come back as their sum
    assert_close(layer(X.transpose(1, 2, 0)).numpy().transpose(2, 0, 1), expected, rtol=1e-9)


def test_bidirectional_equals_keras():
    import keras

    layer = keras.layers.Bidirectional(keras_layer("lstm"), dtype="float64")
    layer.build((None, T_X, N_X))
    left = shaken("lstm", seed=9)
    layer.set_weights([*to_keras(LSTM), *to_keras(left)])
    expected = layer(X.transpose(1, 2, 0)).numpy().transpose(2, 0, 1)
    assert_close(bidirectional_forward(X, LSTM, left)[0], expected, rtol=1e-9, atol=1e-12)


# --- Bad input ------------------------------------------------------------------------------------

COMPLAINTS = [
    (
        lambda folder: initialize_parameters("ltsm", 3, 4),
        ValueError,
        "`kind` must be a known name. Received: 'ltsm'. Did you mean lstm? "
        "Known: rnn, lstm, gru, gru_simplified, gru_reset_after.",
    ),
    (
        lambda folder: initialize_parameters("rnn", 0, 4),
        ValueError,
        "`n_x` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: initialize_parameters("rnn", 3, 4, seed=-1),
        ValueError,
        "`seed` must be at least 0. Received: -1.",
    ),
    (
        lambda folder: initialize_parameters("rnn", 3, 4, n_y=1.5),
        TypeError,
        "`n_y` must be a whole number. Received: 1.5 (float).",
    ),
    (
        lambda folder: layer_forward(X[:, :, 0], LSTM),
        ValueError,
        "`x` must have shape (n_x, m, T_x). Received: (3, 5).",
    ),
    (
        lambda folder: layer_forward(X, [LSTM]),
        TypeError,
        "`parameters` must be a dictionary of parameters. Received: list.",
    ),
    (
        lambda folder: layer_forward(X, {"W": 1}),
        ValueError,
        "`parameters` must have the names of an RNN (Waa, ba), an LSTM (Wf, bf) or a GRU (Wu, bu). "
        "Received: W.",
    ),
    (
        lambda folder: layer_forward(X, LSTM | {"bf": np.zeros(4)}),
        ValueError,
        "`parameters['bf']` must have shape (n_a, 1). Received: (4,). Use "
        "parameters['bf'].reshape(-1, 1).",
    ),
    (
        lambda folder: layer_forward(X[:2], LSTM),
        ValueError,
        "`parameters['Wf']` must have shape (n_a=4, n_a + n_x=6). Received: (4, 7).",
    ),
    (
        lambda folder: layer_forward(X, LSTM, A0[:, :2]),
        ValueError,
        "`a0` must have shape (n_a=4, m=5). Received: (4, 2). "
        "The parameters set n_a=4, `x` sets m=5.",
    ),
    (
        lambda folder: layer_forward(X, GRU, A0, C0),
        ValueError,
        "`c0` must be None for all but an LSTM. Received: one for GRU.",
    ),
    (
        lambda folder: layer_backward(DA[:, :, :3], layer_forward(X, LSTM)[-1]),
        ValueError,
        "`da` must have shape (n_a=4, m=5, T_x=6). Received: (4, 5, 3). "
        "The cache sets n_a=4, m=5 and T_x=6.",
    ),
    (
        lambda folder: layer_backward(DA, layer_forward(X, LSTM, keep=False)[-1]),
        TypeError,
        "`cache` must come from layer_forward. Received: NoneType.",
    ),
    (
        lambda folder: bidirectional_forward(X[0], LSTM, GRU),
        ValueError,
        "`x` must have shape (n_x, m, T_x). Received: (5, 6).",
    ),
    (
        lambda folder: bidirectional_forward(X, shaken("rnn", 2), GRU),
        ValueError,
        "`forwards['Wax']` must have shape (n_a=4, n_x=3). Received: (4, 2).",
    ),
    (
        lambda folder: bidirectional_forward(X, LSTM, {}),
        ValueError,
        "`backwards` must have the names of an RNN (Waa, ba), an LSTM (Wf, bf) or a GRU (Wu, bu). "
        "Received: none.",
    ),
    (
        lambda folder: bidirectional_backward(DA, BOTH_CACHES[0]),
        TypeError,
        "`caches` must come from bidirectional_forward. Received: dict.",
    ),
    (
        lambda folder: bidirectional_backward(DA, BOTH_CACHES),
        ValueError,
        "`da` must have shape (n_a=8, m=5, T_x=6). Received: (4, 5, 6). "
        "The caches set n_a=8, m=5 and T_x=6.",
    ),
    (
        lambda folder: deep_forward(X[0], DEEP),
        ValueError,
        "`x` must have shape (n_x, m, T_x). Received: (5, 6).",
    ),
    (
        lambda folder: deep_forward(X, []),
        TypeError,
        "`layers` must be a list of at least 1 layer. Received: none.",
    ),
    (
        lambda folder: deep_forward(X, [LSTM, LSTM]),
        ValueError,
        "`layers[1]['Wf']` must have shape (n_a=4, n_a + n_x=8). Received: (4, 7).",
    ),
    (
        lambda folder: deep_backward(DA, None),
        TypeError,
        "`caches` must come from deep_forward. Received: NoneType.",
    ),
    (
        lambda folder: deep_backward(DA[:2], deep_forward(X, [LSTM])[1]),
        ValueError,
        "`da` must have shape (n_a=4, m=5, T_x=6). Received: (2, 5, 6). "
        "The cache sets n_a=4, m=5 and T_x=6.",
    ),
    (
        lambda folder: deep_backward(DA, deep_forward(X, [(LSTM, GRU)])[1]),
        ValueError,
        "`da` must have shape (n_a=8, m=5, T_x=6). Received: (4, 5, 6). "
        "The caches set n_a=8, m=5 and T_x=6.",
    ),
    (
        lambda folder: to_keras({k: v for k, v in LSTM.items() if k != "Wc"}),
        ValueError,
        "`parameters` must have the keys Wf, Wi, Wc, Wo, bf, bi, bc, bo. "
        "Received: Wf, bf, Wi, bi, Wo, bo, bc. Missing: Wc.",
    ),
    (
        lambda folder: from_keras(to_keras(LSTM), "LSTM"),
        ValueError,
        "`kind` must be a known name. Received: 'LSTM'. Did you mean lstm? Known: rnn, lstm, gru.",
    ),
    (
        lambda folder: from_keras(to_keras(LSTM)[:2], "lstm"),
        ValueError,
        "`weights` must hold 3 arrays: kernel, recurrent kernel, bias. Received: 2.",
    ),
    (
        lambda folder: from_keras([1, 2, 3], "lstm"),
        ValueError,
        "`weights[1]` must have shape (n_a, 4 n_a). Received: ().",
    ),
    (
        lambda folder: from_keras(to_keras(RNN), "lstm"),
        ValueError,
        "`weights[1]` must have shape (n_a, 4 n_a=16). Received: (4, 4). "
        "`weights[1]` of shape (4, 4) sets n_a=4.",
    ),
    (
        lambda folder: from_keras([X[0], *to_keras(LSTM)[1:]], "lstm"),
        ValueError,
        "`weights[0]` must have shape (n_x, 4 n_a=16). Received: (5, 6). "
        "`weights[1]` of shape (4, 16) sets n_a=4.",
    ),
    (
        lambda folder: from_keras([*to_keras(LSTM)[:2], A0], "lstm"),
        ValueError,
        "`weights[2]` must have shape (4 n_a=16,). Received: (4, 5). "
        "`weights[1]` of shape (4, 16) sets n_a=4.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
