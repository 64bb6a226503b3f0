"""Translating dates: the course's network, by hand in NumPy, in one layer, learning, JAX."""

import keras
import numpy as np
import pytest

from dlspec._complaints import InvalidType, InvalidValue
from dlspec.sequence.beam_search import beam_search, explain_error
from dlspec.sequence.machine_translation import (
    AttentionDecoder,
    AttentionTranslator,
    attention_layers,
    human_vocabulary,
    independent_decoder,
    int_to_string,
    machine_vocabulary,
    modelf,
    one_step_attention,
    preprocess_data,
    sequence_model,
    set_course_weights,
    softmax_over_inputs,
    string_to_int,
    translate_dates,
)
from tests.backends import Call, outputs_on
from tests.complaints import complaints_test

TX, TY, N_A, N_S = 4, 2, 2, 4
HUMAN, MACHINE = human_vocabulary(), machine_vocabulary()
SIZES = (TX, TY, N_A, N_S, 37, 11)


def randomise(model, seed=0):
    random = np.random.default_rng(seed)
    model.set_weights([random.normal(size=w.shape) for w in model.get_weights()])
    energy = model.get_layer("attention_2_dense")
    energy.set_weights([energy.get_weights()[0], np.array([9.0])])  # above 0: its relu lets pass
    return model


@pytest.fixture(scope="module")
def model():
    return randomise(modelf(*SIZES))


def build_sequence_model(attention=True):
    return sequence_model(modelf(*SIZES), attention)


SMALL = modelf(*SIZES)
WEIGHTS = {
    "encoder_forward_kernel": (37, 8),
    "encoder_forward_recurrent_kernel": (2, 8),
    "encoder_forward_bias": (8,),
    "encoder_backward_kernel": (37, 8),
    "encoder_backward_recurrent_kernel": (2, 8),
    "encoder_backward_bias": (8,),
    "attention_1_kernel": (8, 10),
    "attention_1_bias": (10,),
    "attention_2_kernel": (10, 1),
    "attention_2_bias": (1,),
    "decoder_kernel": (4, 16),
    "decoder_recurrent_kernel": (4, 16),
    "decoder_bias": (16,),
    "output_kernel": (4, 11),
    "output_bias": (11,),
}
WEIGHTS = {key: np.full(shape, 0.5, np.float32) for key, shape in WEIGHTS.items()}

PURE_CALLS = {
    "human_vocabulary": (["märz"],),
    "machine_vocabulary": (),
    "string_to_int": ("May 1", 8, HUMAN),
    "int_to_string": ([0, 1], {0: "-", 1: "0"}),
    "preprocess_data": ([("may 1 2001", "2001-05-01")], HUMAN, MACHINE, 30, 10),
    "softmax_over_inputs": (np.zeros((1, 3, 1)),),
    "attention_layers": (5,),
    "one_step_attention": (np.ones((1, 5, 4), np.float32), np.ones((1, 4), np.float32)),
    "modelf": (3, 1, 2, 2, 4, 3),
    "sequence_model": (SMALL,),
    "translate_dates": (SMALL, ["may 1"], HUMAN, MACHINE),
    "independent_decoder": (np.full((1, 2, 2), 0.5),),
    "set_course_weights": (SMALL, WEIGHTS),
}


def inputs(m=2, seed=1):
    random = np.random.default_rng(seed)
    X = np.eye(37)[random.integers(37, size=(m, TX))]
    return [v.astype(np.float32) for v in (X, *random.normal(size=(2, m, N_S)))]


# --- The equations, in NumPy ----------------------------------------------------------------------


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def legacy(z):
    return np.clip(0.2 * z + 0.5, 0, 1)


def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()


def lstm_step(x, a, c, W, U, b, gate=sigmoid):
    """Keras keeps the gates in the order i, f, candidate, o."""
    i, f, candidate, o = np.split(x @ W + a @ U + b, 4)
    c = gate(f) * c + gate(i) * np.tanh(candidate)
    return gate(o) * np.tanh(c), c


def by_hand(model, X, s, c, gate=sigmoid):
    """(probabilities, attention) of one example, as the module's docstring has it."""
    weights = {layer.name: layer.get_weights() for layer in model.layers}
    encoder, n_a = weights["encoder_1_bilstm"], N_A
    ways = []
    for part, order in ((encoder[:3], X), (encoder[3:], X[::-1])):
        h, cell, rows = np.zeros(n_a), np.zeros(n_a), []
        for x in order:
            h, cell = lstm_step(x, h, cell, *part, gate)
            rows.append(h)
        ways.append(np.array(rows))
    a = np.hstack([ways[0], ways[1][::-1]])
    W1, b1, W2, b2 = *weights["attention_1_dense"], *weights["attention_2_dense"]
    Wy, by = weights["output_1_softmax"]
    outputs, attention = [], []
    for _ in range(TY):
        both = np.hstack([a, np.tile(s, (len(a), 1))])  # a first, then s
        energies = np.maximum(np.tanh(both @ W1 + b1) @ W2 + b2, 0)[:, 0]
        alpha = softmax(energies)
        s, c = lstm_step(alpha @ a, s, c, *weights["decoder_1_lstm"], gate)
        outputs.append(softmax(s @ Wy + by))
        attention.append(alpha)
    return np.array(outputs), np.array(attention)


@pytest.mark.parametrize("legacy_gates", [False, True])
def test_the_network_by_hand(legacy_gates):
    network = randomise(modelf(*SIZES, legacy_gates))
    given = inputs()
    outputs = np.stack(network(given), axis=1)
    for i in range(2):
        expected, _ = by_hand(network, *(v[i] for v in given), legacy if legacy_gates else sigmoid)
        np.testing.assert_allclose(outputs[i], expected, rtol=2e-4)


def test_one_layer_computes_what_the_unrolled_network_computes(model):
    X, s0, _ = inputs()
    zeros = np.zeros_like(s0)
    probabilities, attention = sequence_model(model, attention=True)(X)
    np.testing.assert_allclose(probabilities, np.stack(model([X, zeros, zeros]), 1), rtol=1e-5)
    for i in range(2):
        np.testing.assert_allclose(
            attention[i], by_hand(model, X[i], zeros[i], zeros[i])[1], rtol=1e-4
        )
    np.testing.assert_allclose(np.sum(attention, axis=-1), 1, rtol=1e-5)
    assert np.ptp(attention, axis=-1).min() > 0.01  # it does look here more than there


def test_the_context_is_a_mean_of_the_states():
    """The course's check: of numbers between 0 and 1 the context lies there too."""
    random = np.random.default_rng(0)
    a, s = random.random((10, 30, 64)), random.random((10, 64))
    context = np.asarray(one_step_attention(a.astype(np.float32), s.astype(np.float32)))
    assert context.shape == (10, 1, 64)
    assert (context > a.min(axis=1, keepdims=True) - 1e-6).all()
    assert (context < a.max(axis=1, keepdims=True) + 1e-6).all()


def test_attention_without_weights_looks_everywhere_alike():
    shared = attention_layers(4)
    a, s = np.arange(24.0).reshape(1, 4, 6), np.ones((1, 3))
    one_step_attention(a, s, shared)
    for layer in (shared.densor1, shared.densor2):
        layer.set_weights([0 * w for w in layer.get_weights()])
    context = one_step_attention(a, s, shared)
    np.testing.assert_allclose(context, a.mean(axis=1, keepdims=True), rtol=1e-6)


def test_the_softmax_goes_over_the_input():
    energies = np.log([[[1.0], [3.0]], [[1.0], [1.0]]])
    np.testing.assert_allclose(
        softmax_over_inputs(energies), [[[0.25], [0.75]], [[0.5], [0.5]]], rtol=1e-6
    )


# --- Sizes ----------------------------------------------------------------------------------------


def test_table_of_the_courses_network():
    """Kinds of layers and parameters as the exercise prints them; 52,960 in all."""
    network = AttentionTranslator(30, 2, 32, 64, 37, 11)
    table = {(layer.name, type(layer).__name__, layer.count_params()) for layer in network.layers}
    assert table == {
        ("X", "InputLayer", 0),
        ("s0", "InputLayer", 0),
        ("c0", "InputLayer", 0),
        ("encoder_1_bilstm", "Bidirectional", 17_920),
        ("attention_1_repeat", "RepeatVector", 0),
        ("attention_1_concatenate", "Concatenate", 0),
        ("attention_1_dense", "Dense", 1290),
        ("attention_2_dense", "Dense", 11),
        ("attention_2_softmax", "Activation", 0),
        ("attention_3_context", "Dot", 0),
        ("decoder_1_lstm", "LSTM", 33_024),
        ("output_1_softmax", "Dense", 715),
    }
    assert network.count_params() == 52_960
    assert [layer.name for layer in modelf(30, 2, 32, 64, 37, 11).layers] == [
        layer.name for layer in network.layers
    ]


def test_both_forms_share_their_weights(model):
    ids = {id(w) for w in model.weights}
    assert {id(w) for w in sequence_model(model).weights} == ids


# --- Characters -----------------------------------------------------------------------------------


def test_the_courses_vocabularies():
    """As the exercise prints them: 37 and 11 entries."""
    assert len(HUMAN) == 37
    assert [HUMAN[c] for c in (" ", ".", "/", "0", "9", "a", "j", "l", "y")] == [
        0, 1, 2, 3, 12, 13, 22, 23, 34,
    ]  # fmt: skip
    assert (HUMAN["<unk>"], HUMAN["<pad>"]) == (35, 36)
    assert list(MACHINE.items()) == [(c, i) for i, c in enumerate("-0123456789")]


def test_dates_are_padded_cut_and_unknown_characters_marked():
    """The course's first example is "9 may 1998"."""
    assert string_to_int("9 May 1998", 12, HUMAN) == [12, 0, 24, 13, 34, 0, 4, 12, 12, 11, 36, 36]
    assert string_to_int("May, 1", 3, HUMAN) == [24, 13, 34]
    assert string_to_int("März 1", 4, HUMAN) == [24, 35, 28, 35]


def test_numbers_and_characters_there_and_back():
    data = [("May 1, 2001", "2001-05-01"), ("2.3.1999", "1999-03-02")]
    X, Y, Xoh, Yoh = preprocess_data(data, HUMAN, MACHINE, 30, 10)
    assert (X.shape, Y.shape, Xoh.shape, Yoh.shape) == ((2, 30), (2, 10), (2, 30, 37), (2, 10, 11))
    assert Xoh.dtype == Yoh.dtype == np.float32
    np.testing.assert_array_equal(Xoh.argmax(-1), X)
    np.testing.assert_array_equal(Xoh.sum(-1), np.ones((2, 30), np.float32))
    inverse = {i: c for c, i in MACHINE.items()}
    assert ["".join(int_to_string(row, inverse)) for row in Yoh.argmax(-1)] == [d for _, d in data]


def test_other_languages_add_their_characters():
    vocab = human_vocabulary(["3. März 2001", "oktober"])
    assert set(vocab) - set(HUMAN) == {"ä", "k", "z"}
    assert list(vocab)[-2:] == ["<unk>", "<pad>"]
    assert list(vocab.values()) == list(range(40))


# --- Learning and translating ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def trained():
    """A small network that copies the first and the third digit: (losses, before, network)."""
    random = np.random.default_rng(0)
    texts = ["".join(map(str, row)) for row in random.integers(3, size=(96, TX))]
    data = [(text, text[::2]) for text in texts]
    _, _, X, Y = preprocess_data(data, HUMAN, MACHINE, TX, TY)
    network = modelf(TX, TY, 8, 16, 37, 11)
    drawn = [random.normal(0, 0.4, w.shape) for w in network.get_weights()]
    network.set_weights(drawn)
    learner = sequence_model(network)
    learner.compile(keras.optimizers.Adam(0.03), "categorical_crossentropy")
    losses = [float(learner.train_on_batch(X, Y)) for _ in range(100)]
    return losses, drawn, network, data


def test_it_learns_to_pick_characters(trained):
    losses, _, network, data = trained
    assert np.isfinite(losses).all()
    assert losses[-1] < 0.2 * losses[0]
    said = translate_dates(network, [text for text, _ in data], HUMAN, MACHINE)
    assert np.mean([a == b for a, (_, b) in zip(said, data, strict=True)]) > 0.9


def test_learning_in_one_layer_moves_every_weight_of_the_network(trained):
    _, before, network, _ = trained
    used = [(w != old).any() for w, old in zip(network.get_weights(), before, strict=True)]
    assert all(used)


def test_both_forms_translate_alike(trained):
    _, _, network, data = trained
    texts = [text for text, _ in data[:7]]
    first, second = (
        translate_dates(form, texts, HUMAN, MACHINE) for form in (network, sequence_model(network))
    )
    assert first == second


def test_no_search_beats_the_most_probable_characters():
    p = np.random.default_rng(0).dirichlet(np.ones(4), size=(5, 3))
    step_fn, start = independent_decoder(p)
    wide = beam_search(step_fn, start, 64, 3, eos=4, alpha=0)
    np.testing.assert_array_equal(wide.best(), p.argmax(axis=-1))
    np.testing.assert_allclose(wide.scores[:, 0], np.log(p.max(axis=-1)).sum(axis=1))
    reference = (p.argmax(axis=-1) + 1) % 4
    assert not explain_error(step_fn, start, reference, p.argmax(axis=-1)).search_at_fault.any()


# --- Weights of others, saving, JAX ---------------------------------------------------------------


def test_course_weights_end_up_where_they_belong(model):
    """The arrays of one network, by the course's places, make another one say the same."""
    places = {
        "encoder_1_bilstm": [
            f"encoder_{way}_{part}"
            for way in ("forward", "backward")
            for part in ("kernel", "recurrent_kernel", "bias")
        ],
        "attention_1_dense": ["attention_1_kernel", "attention_1_bias"],
        "attention_2_dense": ["attention_2_kernel", "attention_2_bias"],
        "decoder_1_lstm": ["decoder_kernel", "decoder_recurrent_kernel", "decoder_bias"],
        "output_1_softmax": ["output_kernel", "output_bias"],
    }
    arrays = {
        key: array
        for layer, keys in places.items()
        for key, array in zip(keys, model.get_layer(layer).get_weights(), strict=True)
    }
    assert set(arrays) == set(WEIGHTS)
    other = set_course_weights(modelf(*SIZES), arrays)
    given = inputs()
    np.testing.assert_array_equal(np.stack(other(given)), np.stack(model(given)))


def test_saved_and_loaded_the_network_says_the_same(model, tmp_path):
    given = inputs()
    for name, network, x in (
        ("unrolled", model, given),
        ("one", sequence_model(model, attention=True), given[0]),
    ):
        path = tmp_path / f"{name}.keras"
        network.save(path)
        loaded = keras.saving.load_model(path)
        for output, expected in zip(loaded(x), network(x), strict=True):
            np.testing.assert_array_equal(output, expected)


def test_the_layer_builds_layers_of_its_own():
    dense = keras.layers.Dense
    layer = AttentionDecoder(4, dense(10), dense(1), keras.layers.LSTM(5), dense(7))
    probabilities, attention = layer(np.ones((2, 3, 6), np.float32))
    assert (probabilities.shape, attention.shape) == ((2, 4, 7), (2, 4, 3))


def test_jax_computes_the_same(model, tmp_path):
    given = inputs()
    kwargs = dict(
        zip(
            ("Tx", "Ty", "n_a", "n_s", "human_vocab_size", "machine_vocab_size"),
            SIZES,
            strict=True,
        )
    )
    calls = [
        Call("dlspec.sequence.machine_translation.modelf", kwargs, model.get_weights(), given),
        Call(
            "tests.sequence.test_machine_translation.build_sequence_model",
            {"attention": True},
            sequence_model(model, attention=True).get_weights(),
            given[:1],
        ),
    ]
    unrolled, both = outputs_on("jax", calls, tmp_path)
    for output, expected in zip(unrolled, model(given), strict=True):
        np.testing.assert_allclose(output, expected, rtol=1e-4, atol=1e-6)
    expected = sequence_model(model, attention=True)(given[0])
    for output, value in zip(both, expected, strict=True):
        np.testing.assert_allclose(output, value, rtol=1e-4, atol=1e-6)


def changed(key, shape):
    return WEIGHTS | {key: np.zeros(shape)}


COMPLAINTS = [
    (
        lambda tmp: human_vocabulary([3]),
        InvalidType,
        "`texts[0]` must be a text. Received: int.",
    ),
    (
        lambda tmp: string_to_int(3, 5, HUMAN),
        InvalidType,
        "`string` must be a text. Received: int.",
    ),
    (
        lambda tmp: string_to_int("may", 0, HUMAN),
        InvalidValue,
        "`length` must be at least 1. Received: 0.",
    ),
    (
        lambda tmp: string_to_int("may", 5, ["a"]),
        InvalidType,
        "`vocab` must be a dictionary. Received: list.",
    ),
    (
        lambda tmp: string_to_int("may", 5, MACHINE),
        InvalidValue,
        "`vocab` must hold <unk> and <pad>. Received: 11 others.",
    ),
    (
        lambda tmp: int_to_string([0, 11], {i: c for c, i in MACHINE.items()}),
        InvalidValue,
        "`ints` must hold indices of the vocabulary of 11. Received: 11.",
    ),
    (
        lambda tmp: preprocess_data([], HUMAN, MACHINE, 30, 10),
        InvalidValue,
        "`dataset` must hold at least one pair. Received: none.",
    ),
    (
        lambda tmp: preprocess_data([("may", "2001-5-1")], HUMAN, MACHINE, 30, 10),
        InvalidValue,
        "`dataset[0][1]` must be Ty=10 characters of the machine vocabulary. Received: '2001-5-1'.",
    ),
    (
        lambda tmp: preprocess_data([("may", "2001-5-1")], HUMAN, "machine", 30, 10),
        InvalidType,
        "`machine_vocab` must be a dictionary. Received: str.",
    ),
    (
        lambda tmp: preprocess_data([("may", "2001-5-1")], HUMAN, MACHINE, 30, 0),
        InvalidValue,
        "`Ty` must be at least 1. Received: 0.",
    ),
    (
        lambda tmp: attention_layers(0),
        InvalidValue,
        "`Tx` must be at least 1. Received: 0.",
    ),
    (
        lambda tmp: one_step_attention(np.ones((2, 3)), np.ones((2, 3))),
        InvalidValue,
        "`a` must have shape (m, Tx, 2 n_a), with `s_prev` of shape (m, n_s). Received: (2, 3) and "
        "(2, 3).",
    ),
    (
        lambda tmp: modelf(30, 10, 32, 64, 37, 0),
        InvalidValue,
        "`machine_vocab_size` must be at least 1. Received: 0.",
    ),
    (
        lambda tmp: sequence_model("model"),
        InvalidType,
        "`model` must be a keras.Model. Received: str.",
    ),
    (
        lambda tmp: sequence_model(keras.Sequential(name="other")),
        InvalidValue,
        "`model` must be one that modelf built. Received: other, without encoder_1_bilstm.",
    ),
    (
        lambda tmp: translate_dates(SMALL, "may 1", HUMAN, MACHINE),
        InvalidValue,
        "`dates` must be a list of at least one text. Received: 'may 1'.",
    ),
    (
        lambda tmp: translate_dates(SMALL, ["may 1"], human_vocabulary(["ä"]), MACHINE),
        InvalidValue,
        "`human_vocab` must hold the 37 characters that the network knows. Received: 38.",
    ),
    (
        lambda tmp: translate_dates(SMALL, ["may 1"], MACHINE, MACHINE),
        InvalidValue,
        "`human_vocab` must hold <unk> and <pad>. Received: 11 others.",
    ),
    (
        lambda tmp: translate_dates(SMALL, ["may 1"], HUMAN, "machine"),
        InvalidType,
        "`machine_vocab` must be a dictionary. Received: str.",
    ),
    (
        lambda tmp: independent_decoder(np.ones((2, 3))),
        InvalidValue,
        "`probabilities` must have shape (m, Ty, V). Received: (2, 3).",
    ),
    (
        lambda tmp: set_course_weights(SMALL, changed("encoder_forward_kernel", (36, 8))),
        InvalidValue,
        "`weights['encoder_forward_kernel']` must have shape (human_vocab_size=37, 4 n_a=8). "
        "Received: (36, 8).",
    ),
    (
        lambda tmp: set_course_weights(SMALL, changed("output_bias", (12,))),
        InvalidValue,
        "`weights['output_bias']` must have shape (machine_vocab_size=11,). Received: (12,).",
    ),
]
test_complaints = complaints_test(COMPLAINTS)
