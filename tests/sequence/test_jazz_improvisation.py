"""Networks that learn and play solos: sizes, step by step in NumPy, JAX, bad input."""

import keras
import numpy as np
import pytest

from dlspec._complaints import InvalidType, InvalidValue
from dlspec.sequence.beam_search import beam_search
from dlspec.sequence.jazz_improvisation import (
    MostProbableValue,
    djmodel,
    music_inference_model,
    music_step_model,
    predict_and_sample,
    sample_values,
    training_windows,
)
from dlspec.testing import assert_close
from tests.backends import Call, outputs_on
from tests.complaints import complaints_test

N_A, N_VALUES, TX = 4, 6, 3


def make_layers(n_a=N_A, n_values=N_VALUES):
    cell = keras.layers.LSTM(n_a, return_state=True, unroll=True, name="shared_lstm_cell")
    densor = keras.layers.Dense(n_values, activation="softmax", name="shared_dense_densor")
    return cell, densor, keras.layers.Reshape((1, n_values), name="shared_reshape_reshaper")


def build_djmodel(Tx):
    return djmodel(Tx, *make_layers())


def build_inference_model(Ty):
    return music_inference_model(*make_layers()[:2], Ty)


def build_step_model():
    return music_step_model(*make_layers()[:2])


@pytest.fixture(scope="module")
def family():
    """All three models over the same layers, with weights at random: (djmodel, inference, step)."""
    layers = make_layers()
    models = (
        djmodel(TX, *layers),
        music_inference_model(*layers[:2], 5),
        music_step_model(*layers[:2]),
    )
    random = np.random.default_rng(0)
    models[0].set_weights([random.normal(size=w.shape) for w in models[0].get_weights()])
    return models


CELL, DENSOR, RESHAPER = make_layers()
STEP_MODEL = music_step_model(CELL, DENSOR)
SOLOS = [np.array([0, 1, 2, 3, 4, 5]), np.array([5, 5])]

PURE_CALLS = {
    "djmodel": (2, CELL, DENSOR, RESHAPER),
    "music_inference_model": (CELL, DENSOR, 2),
    "music_step_model": (CELL, DENSOR),
    "training_windows": (SOLOS, N_VALUES, 3, 2),
    "predict_and_sample": (music_inference_model(CELL, DENSOR, 2), np.zeros((1, 1, N_VALUES))),
    "sample_values": (STEP_MODEL, 2),
}


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def step_by_hand(weights, x, a, c):
    """The lecture's equations; Keras keeps the gates in the order i, f, candidate, o."""
    W, U, b, Wy, by = weights
    i, f, candidate, o = np.split(x @ W + a @ U + b, 4, axis=-1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(candidate)
    a = sigmoid(o) * np.tanh(c)
    scores = np.exp(a @ Wy + by)
    return scores / scores.sum(axis=-1, keepdims=True), a, c


def inputs(m=2, Tx=TX, seed=1):
    random = np.random.default_rng(seed)
    X = np.eye(N_VALUES)[random.integers(N_VALUES, size=(m, Tx))]
    return [v.astype(np.float32) for v in (X, *random.normal(size=(2, m, N_A)))]


# --- Sizes ----------------------------------------------------------------------------------------


def test_the_courses_number_of_parameters():
    """45,530 in the exercise: 4 (64 (90 + 64) + 64) and 90 (64 + 1)."""
    assert djmodel(2, *make_layers(64, 90)).count_params() == 45_530
    assert 4 * (64 * (90 + 64) + 64) + 90 * (64 + 1) == 45_530


def test_all_models_share_their_weights(family):
    for model in family:
        assert [id(w) for w in model.weights] == [id(w) for w in family[0].weights]


def test_table_of_the_learning_network():
    layers = build_djmodel(2).layers
    assert {(layer.name, type(layer).__name__, layer.count_params()) for layer in layers} == {
        ("X", "InputLayer", 0),
        ("a0", "InputLayer", 0),
        ("c0", "InputLayer", 0),
        ("input_0_value", "Cropping1D", 0),
        ("input_1_value", "Cropping1D", 0),
        ("shared_reshape_reshaper", "Reshape", 0),
        ("shared_lstm_cell", "LSTM", 4 * N_A * (N_VALUES + N_A + 1)),
        ("shared_dense_densor", "Dense", N_VALUES * (N_A + 1)),
    }
    assert len(layers) == 8


@pytest.mark.parametrize("build", [lambda: build_djmodel(2), lambda: build_inference_model(2)])
def test_building_twice_gives_the_same_names(build):
    first, second = build(), build()
    assert first.name == second.name
    assert [layer.name for layer in first.layers] == [layer.name for layer in second.layers]


# --- The same step by step ------------------------------------------------------------------------


def test_the_learning_network_reads_the_values_one_by_one(family):
    X, a, c = given = inputs()
    outputs = family[0](given)
    assert len(outputs) == TX
    for t, output in enumerate(outputs):
        expected, a, c = step_by_hand(family[0].get_weights(), X[:, t], a, c)
        assert output.shape == (2, N_VALUES)
        np.testing.assert_allclose(output, expected, rtol=1e-5)


def test_the_improvising_network_reads_what_it_said_itself(family):
    X, a, c = given = inputs(m=1, Tx=1)
    results, indices = predict_and_sample(family[1], *given)
    assert (results.shape, indices.shape) == ((5, N_VALUES), (5, 1))
    x = X[:, 0]
    for t, output in enumerate(family[1](given)):
        probabilities, a, c = step_by_hand(family[0].get_weights(), x, a, c)
        np.testing.assert_allclose(output, probabilities, rtol=1e-4)
        assert indices[t, 0] == probabilities.argmax()
        x = np.eye(N_VALUES)[indices[t]]
        np.testing.assert_array_equal(results[t], x[0], strict=True)


def test_playing_starts_from_zeros_where_nothing_else_is_given(family):
    zeros = np.zeros((1, 1, N_VALUES)), np.zeros((1, N_A)), np.zeros((1, N_A))
    assert_close(predict_and_sample(family[1]), predict_and_sample(family[1], *zeros))


def test_one_value_may_be_played():
    assert predict_and_sample(build_inference_model(1))[1].shape == (1, 1)


def test_one_step_is_one_step(family):
    X, a, c = given = inputs(Tx=1)
    expected = step_by_hand(family[0].get_weights(), X[:, 0], a, c)
    for output, value in zip(family[2](given), expected, strict=True):
        np.testing.assert_allclose(output, value, rtol=1e-5)


def test_of_equally_probable_values_the_first_is_fed_back():
    fed = MostProbableValue()(np.array([[0.2, 0.4, 0.4], [0.5, 0.3, 0.2]], np.float32))
    np.testing.assert_array_equal(
        fed, np.array([[[0, 1, 0]], [[1, 0, 0]]], np.float32), strict=True
    )


# --- Data and learning ----------------------------------------------------------------------------


def test_windows_are_parts_of_solos_and_what_is_read_lags_behind():
    X, Y = training_windows(SOLOS, N_VALUES, Tx=3, m=40)
    assert (X.shape, Y.shape) == ((40, 3, N_VALUES), (3, 40, N_VALUES))
    assert X.dtype == Y.dtype == np.float32
    targets = Y.argmax(axis=-1).T
    assert {tuple(row) for row in targets.tolist()} == {(i, i + 1, i + 2) for i in range(4)}
    assert not X[:, 0].any()
    np.testing.assert_array_equal(X[:, 1:].argmax(axis=-1), targets[:, :-1])
    np.testing.assert_array_equal(Y.sum(axis=-1), np.ones((3, 40), np.float32), strict=True)


def test_windows_depend_on_the_seed_alone():
    first, again, other = (training_windows(SOLOS, N_VALUES, 3, 9, seed=s)[1] for s in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


@pytest.fixture(scope="module")
def trained():
    """A network that has read 0 1 2 3 4 5 0 1 2 ... often: (losses, its models)."""
    keras.utils.set_random_seed(0)
    layers = make_layers(n_a=12)
    model = djmodel(TX, *layers)
    X, Y = training_windows([np.arange(60) % 6], N_VALUES, TX, 64)
    zeros = np.zeros((64, 12), np.float32)
    before = [w.copy() for w in model.get_weights()]
    model.compile(keras.optimizers.Adam(0.05), "categorical_crossentropy")
    loss = [float(model.train_on_batch([X, zeros, zeros], list(Y))[0]) for _ in range(120)]
    return loss, before, model, layers


def test_a_training_step_moves_every_weight(trained):
    losses, before, model, _ = trained
    assert np.isfinite(losses).all()
    assert losses[-1] < losses[0]
    for w, old in zip(model.get_weights(), before, strict=True):
        assert (w != old).any()


def test_it_learns_a_scale_and_plays_it(trained):
    """The first value of a window may be any of six, log 6; the others follow from it."""
    losses, _, _, (cell, densor, _) = trained
    assert losses[-1] == pytest.approx(np.log(6), abs=0.1)
    _, indices = predict_and_sample(music_inference_model(cell, densor, Ty=TX))
    np.testing.assert_array_equal(np.diff(indices[:, 0]) % 6, [1, 1])
    drawn = sample_values(music_step_model(cell, densor), length=3, m=20)
    assert np.mean(np.diff(drawn, axis=1) % 6 == 1) > 0.9
    assert len(set(drawn[:, 0].tolist())) > 3


def test_a_low_temperature_plays_the_most_probable_values(family):
    _, indices = predict_and_sample(family[1])
    for cold in (0.001, 5e-324):
        drawn = sample_values(family[2], length=5, m=3, temperature=cold)
        np.testing.assert_array_equal(drawn, np.tile(indices.T, (3, 1)))


def test_values_are_drawn_as_often_as_they_are_probable(family):
    first = family[2]([np.zeros((1, 1, N_VALUES)), np.zeros((1, N_A)), np.zeros((1, N_A))])[0]
    shares = np.asarray(first)[0] ** 0.5
    drawn = sample_values(family[2], length=1, m=4000, temperature=2.0)
    found = np.bincount(drawn[:, 0], minlength=N_VALUES) / 4000
    np.testing.assert_allclose(found, shares / shares.sum(), atol=0.03)


def test_only_known_values_are_drawn(family):
    assert sample_values(family[2], length=20, m=20, temperature=5.0, known=2).max() == 1


def test_the_step_model_is_a_decoder_for_beam_search(family):
    """Width 1 says what the improvising network says; a wide beam finds what is more probable."""

    def step_fn(tokens, state):
        x = np.eye(N_VALUES)[tokens][:, None] * state["heard"]  # at first nothing was heard
        probabilities, a, c = family[2].predict_on_batch([x, *state["cell"]])
        return np.log(probabilities), {"cell": [a, c], "heard": np.ones((len(x), 1, 1))}

    zeros = {"cell": [np.zeros((1, N_A))] * 2, "heard": np.zeros((1, 1, 1))}
    narrow, wide = (beam_search(step_fn, ([0], zeros), width, 4, eos=0) for width in (1, 6**3))
    _, indices = predict_and_sample(family[1])
    ends = np.append(indices[:4, 0], 0).tolist().index(0) + 1
    assert narrow.best()[0].tolist() == indices[:4][:ends, 0].tolist()
    assert wide.scores[0, 0] > narrow.scores[0, 0] - 1e-5


@pytest.mark.parametrize("which", range(3))
def test_saved_and_loaded_a_model_says_the_same(family, which, tmp_path):
    model = family[which]
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    given = inputs(m=1, Tx=TX if which == 0 else 1)
    for output, expected in zip(loaded(given), model(given), strict=True):
        np.testing.assert_array_equal(output, expected)


def test_jax_computes_the_same(family, tmp_path):
    given = [inputs(m=1, Tx=TX if which == 0 else 1) for which in range(3)]
    builders = [
        ("build_djmodel", {"Tx": TX}),
        ("build_inference_model", {"Ty": 5}),
        ("build_step_model", {}),
    ]
    calls = [
        Call(f"tests.sequence.test_jazz_improvisation.{name}", kwargs, model.get_weights(), x)
        for (name, kwargs), model, x in zip(builders, family, given, strict=True)
    ]
    for model, x, outputs in zip(family, given, outputs_on("jax", calls, tmp_path), strict=True):
        for output, expected in zip(outputs, model(x), strict=True):
            np.testing.assert_allclose(output, expected, rtol=1e-4, atol=1e-6)


COMPLAINTS = [
    (
        lambda tmp: djmodel(0, CELL, DENSOR, RESHAPER),
        InvalidValue,
        "`Tx` must be at least 1. Received: 0.",
    ),
    (
        lambda tmp: djmodel(2, DENSOR, DENSOR, RESHAPER),
        InvalidType,
        "`LSTM_cell` must be a keras.layers.LSTM. Received: Dense.",
    ),
    (
        lambda tmp: djmodel(2, CELL, DENSOR, DENSOR),
        InvalidType,
        "`reshaper` must be a keras.layers.Reshape. Received: Dense.",
    ),
    (
        lambda tmp: djmodel(2, CELL, DENSOR, keras.layers.Reshape((1, 90))),
        InvalidValue,
        "`reshaper` must reshape to (1, n_values=6). Received: (1, 90). `densor` has 6 units.",
    ),
    (
        lambda tmp: music_inference_model(keras.layers.LSTM(4), DENSOR),
        InvalidValue,
        "`LSTM_cell` must return its state and its last output. Received: return_state=False, "
        "return_sequences=False. Use keras.layers.LSTM(n_a, return_state=True).",
    ),
    (
        lambda tmp: music_inference_model(CELL, DENSOR, Ty=0),
        InvalidValue,
        "`Ty` must be at least 1. Received: 0.",
    ),
    (
        lambda tmp: music_step_model(CELL, CELL),
        InvalidType,
        "`densor` must be a keras.layers.Dense. Received: LSTM.",
    ),
    (
        lambda tmp: training_windows(SOLOS, N_VALUES, 3, 0),
        InvalidValue,
        "`m` must be at least 1. Received: 0.",
    ),
    (
        lambda tmp: training_windows(SOLOS, N_VALUES, 7, 1),
        InvalidValue,
        "`sequences` must hold a solo of at least Tx=7 values. Received: lengths [6, 2].",
    ),
    (
        lambda tmp: training_windows([], N_VALUES, 7, 1),
        InvalidValue,
        "`sequences` must hold a solo of at least Tx=7 values. Received: no solos.",
    ),
    (
        lambda tmp: training_windows(SOLOS, 5, 2, 1),
        InvalidValue,
        "`sequences[0]` must lie from 0 to n_values - 1 = 4. Received: values from 0 to 5.",
    ),
    (
        lambda tmp: training_windows([[0.5, 1]], 5, 2, 1),
        InvalidType,
        "`sequences[0]` must be whole numbers of shape (length,). Received: shape (2,), dtype "
        "float64.",
    ),
    (
        lambda tmp: predict_and_sample("model"),
        InvalidType,
        "`inference_model` must be a keras.Model. Received: str.",
    ),
    (
        lambda tmp: predict_and_sample(STEP_MODEL, np.zeros((1, 90))),
        InvalidValue,
        "`x_initializer` must have shape (1, 1, 6). Received: (1, 90).",
    ),
    (
        lambda tmp: sample_values(keras.Sequential([keras.Input((4,)), DENSOR]), 3),
        InvalidValue,
        "`step_model` must have the inputs x (m, 1, n_values), a (m, n_a) and c (m, n_a). "
        "Received: [(None, 4)]. Use music_inference_model or music_step_model.",
    ),
    (
        lambda tmp: sample_values(STEP_MODEL, 0),
        InvalidValue,
        "`length` must be at least 1. Received: 0.",
    ),
    (
        lambda tmp: sample_values(STEP_MODEL, 1, temperature=0),
        InvalidValue,
        "`temperature` must be a positive finite number. Received: 0.",
    ),
    (
        lambda tmp: sample_values(STEP_MODEL, 1, known=0),
        InvalidValue,
        "`known` must be at least 1. Received: 0.",
    ),
    (
        lambda tmp: sample_values(STEP_MODEL, 1, known=7),
        InvalidValue,
        "`known` must be at most n_values=6. Received: 7.",
    ),
]
test_complaints = complaints_test(COMPLAINTS)
