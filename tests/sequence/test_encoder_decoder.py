"""Encoder and decoder without attention: sizes, by hand in NumPy, learning, searching, JAX."""

import keras
import numpy as np
import pytest

from dlspec._complaints import InvalidType, InvalidValue
from dlspec.sequence.beam_search import beam_search, greedy_search, score_sequences
from dlspec.sequence.encoder_decoder import ImageCaptioner, Seq2Seq, decoder_of, shift_right
from tests.backends import Call, outputs_on
from tests.complaints import complaints_test

SOURCE, TARGET, E, N = 6, 5, 3, 4
SHAPE = (8, 16, 3)


def randomise(model, seed=0):
    """Weights around 0; those of a normalisation around 1."""
    random = np.random.default_rng(seed)
    for layer in model.layers:
        around = 1 if layer.name.endswith("_bn") else 0
        drawn = [random.normal(around, 0.3, w.shape) for w in layer.get_weights()]
        layer.set_weights([np.abs(w) for w in drawn] if around else drawn)
    return model


@pytest.fixture(scope="module")
def translator():
    return randomise(Seq2Seq(SOURCE, TARGET, E, N))


@pytest.fixture(scope="module")
def captioner():
    return randomise(ImageCaptioner(SHAPE, TARGET, E, N), seed=1)


def inputs():
    random = np.random.default_rng(2)
    source = np.array([[1, 5, 2, 0, 0], [3, 4, 1, 1, 2]], np.int32)
    target = np.array([[4, 1, 2], [4, 0, 3]], np.int32)
    return source, random.random((2, *SHAPE)).astype(np.float32), target


SMALL = Seq2Seq(3, 4, 2, 2)

PURE_CALLS = {
    "Seq2Seq": (3, 4, 2, 2),
    "ImageCaptioner": (SHAPE, 4, 2, 2),
    "shift_right": (np.array([[1, 2]]), 0),
    "decoder_of": (SMALL, np.array([[1, 2]]), 3),
}


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def lstm_step(x, a, c, W, U, b):
    """Keras keeps the gates in the order i, f, candidate, o."""
    i, f, candidate, o = np.split(x @ W + a @ U + b, 4, axis=-1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(candidate)
    return sigmoid(o) * np.tanh(c), c


def decode(a, c, target, weights):
    """The decoder for one sentence, from its first states."""
    embedding, W, U, b, Wy, by = weights
    rows = []
    for token in target:
        a, c = lstm_step(embedding[token], a, c, W, U, b)
        scores = np.exp(a @ Wy + by)
        rows.append(scores / scores.sum())
    return np.array(rows)


# --- Sizes ----------------------------------------------------------------------------------------


def test_parameters_of_the_translator():
    """Embeddings of 37 and 12 tokens in 24 numbers, two LSTMs of 68 units, a softmax."""
    lstm = 4 * 68 * (24 + 68 + 1)
    expected = 37 * 24 + 12 * 24 + 2 * lstm + 12 * (68 + 1)
    assert Seq2Seq(37, 12, 24, 68).count_params() == expected == 52_596


def test_parameters_of_the_captioner():
    convolutions = 9 * (3 * 16 + 16 * 32 + 32 * 64) + 4 * (16 + 32 + 64)
    decoder = TARGET * E + 4 * N * (E + N + 1) + TARGET * (N + 1)
    expected = convolutions + 2 * N * (64 + 1) + decoder
    assert ImageCaptioner(SHAPE, TARGET, E, N).count_params() == expected


@pytest.mark.parametrize(
    "build", [lambda: Seq2Seq(3, 4, 2, 2), lambda: ImageCaptioner(SHAPE, 4, 2, 2)]
)
def test_building_twice_gives_the_same_names(build):
    first, second = build(), build()
    assert [layer.name for layer in first.layers] == [layer.name for layer in second.layers]


# --- By hand --------------------------------------------------------------------------------------


def test_the_translator_by_hand_padding_is_not_read(translator):
    source, _, target = inputs()
    named = {layer.name: layer.get_weights() for layer in translator.layers}
    (embedding,) = named["encoder_1_embedding"]
    output = translator([source, target])
    for i in range(2):
        a = c = np.zeros(N)
        for token in source[i][source[i] > 0]:
            a, c = lstm_step(embedding[token], a, c, *named["encoder_1_lstm"])
        weights = [
            w
            for name in ("decoder_1_embedding", "decoder_1_lstm", "output_1_softmax")
            for w in named[name]
        ]
        np.testing.assert_allclose(output[i], decode(a, c, target[i], weights), rtol=1e-5)


def test_the_captioner_says_something_else_about_another_picture(captioner):
    _, image, target = inputs()
    first, second = captioner([image, target[:1].repeat(2, axis=0)])
    assert first.shape == (3, TARGET)
    np.testing.assert_allclose(np.sum(first, axis=-1), 1, rtol=1e-5)
    assert np.abs(np.asarray(first) - np.asarray(second)).max() > 1e-5


def test_what_comes_later_has_no_influence(translator, captioner):
    source, image, target = inputs()
    other = target.copy()
    other[:, 2] = 1
    for model, x in ((translator, source), (captioner, image)):
        before, after = (np.asarray(model([x, t])) for t in (target, other))
        np.testing.assert_array_equal(before[:, :2], after[:, :2])
        assert (before[:, 2] != after[:, 2]).any()


# --- Searching ------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["translator", "captioner"])
def test_the_decoder_says_what_the_whole_network_says(which, request):
    """Scores of a sentence, by the step model and by the network that is given the sentence."""
    model, (source, image, target) = request.getfixturevalue(which), inputs()
    x = source if which == "translator" else image
    step_fn, begin = decoder_of(model, x, start=4)
    p = np.asarray(model([x, shift_right(target, 4)]))
    expected = np.log(np.take_along_axis(p, target[:, :, None], axis=2)).sum(axis=(1, 2))
    scores = score_sequences(step_fn, begin, target, alpha=0)
    np.testing.assert_allclose(scores, expected, rtol=1e-4)


def test_one_beam_is_greedy_and_all_beams_find_the_best(translator):
    source, _, _ = inputs()
    decoder = decoder_of(translator, source, start=4)
    narrow, wide = (beam_search(*decoder, B, 3, eos=0, alpha=0) for B in (1, TARGET**3))
    for beam, greedy in zip(narrow.best(), greedy_search(*decoder, 3, eos=0), strict=True):
        np.testing.assert_array_equal(beam, greedy)
    assert (wide.scores[:, 0] >= narrow.scores[:, 0] - 1e-6).all()


def test_shift_right_is_one_step_late():
    targets = np.array([[1, 2, 3], [4, 5, 6]])
    np.testing.assert_array_equal(shift_right(targets, 9), [[9, 1, 2], [9, 4, 5]], strict=True)


# --- Learning, saving, JAX ------------------------------------------------------------------------


def test_it_learns_to_turn_a_sentence_round():
    """Three tokens out of three, backwards: the decoder must hear of all of them."""
    random = np.random.default_rng(0)
    source = random.integers(1, 4, size=(64, 3)).astype(np.int32)
    Y = source[:, ::-1] - 1
    model = randomise(Seq2Seq(4, 4, 6, 16))
    before = [w.copy() for w in model.get_weights()]
    model.compile(keras.optimizers.Adam(0.03), "sparse_categorical_crossentropy")
    data = [source, shift_right(Y, 3).astype(np.int32)], Y.astype(np.int32)
    losses = [float(model.train_on_batch(*data)) for _ in range(80)]
    assert np.isfinite(losses).all()
    assert all((w != old).any() for w, old in zip(model.get_weights(), before, strict=True))
    found = greedy_search(*decoder_of(model, source, start=3), 3, eos=3)
    assert np.mean([row.tolist() == y.tolist() for row, y in zip(found, Y, strict=True)]) > 0.9


def test_a_training_step_of_the_captioner_moves_every_weight():
    _, image, target = inputs()
    model = randomise(ImageCaptioner(SHAPE, TARGET, E, N), seed=1)
    before = [w.copy() for w in model.get_weights()]
    model.compile("adam", "sparse_categorical_crossentropy", run_eagerly=True)
    loss = float(model.train_on_batch([image, shift_right(target, 4)], target))
    assert np.isfinite(loss)
    moved = [(w != old).any() for w, old in zip(model.get_weights(), before, strict=True)]
    assert all(moved)


@pytest.mark.parametrize("which", ["translator", "captioner"])
def test_saved_and_loaded_a_model_says_the_same(which, request, tmp_path):
    model, (source, image, target) = request.getfixturevalue(which), inputs()
    x = [source if which == "translator" else image, target]
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded(x), model(x))


def test_jax_computes_the_same(translator, captioner, tmp_path):
    source, image, target = inputs()
    module = "dlspec.sequence.encoder_decoder"
    sizes = {"embedding_dim": E, "units": N}
    calls = [
        Call(
            f"{module}.Seq2Seq",
            {"source_vocab_size": SOURCE, "target_vocab_size": TARGET} | sizes,
            translator.get_weights(),
            [source, target],
        ),
        Call(
            f"{module}.ImageCaptioner",
            {"input_shape": SHAPE, "vocab_size": TARGET} | sizes,
            captioner.get_weights(),
            [image, target],
        ),
    ]
    for model, call, (output,) in zip(
        (translator, captioner), calls, outputs_on("jax", calls, tmp_path), strict=True
    ):
        np.testing.assert_allclose(output, model(call.inputs), rtol=1e-4, atol=1e-6)


COMPLAINTS = [
    (
        lambda tmp: Seq2Seq(0, 4),
        InvalidValue,
        "`source_vocab_size` must be at least 1. Received: 0.",
    ),
    (
        lambda tmp: Seq2Seq(4, 4, units=0),
        InvalidValue,
        "`units` must be at least 1. Received: 0.",
    ),
    (
        lambda tmp: ImageCaptioner((4, 8, 3), 5),
        InvalidValue,
        "`input_shape` must be at least 8 pixels high and wide. Received: (4, 8, 3). Smaller maps "
        "would vanish on their way through the network.",
    ),
    (
        lambda tmp: ImageCaptioner(SHAPE, "five"),
        InvalidType,
        "`vocab_size` must be a whole number. Received: 'five' (str).",
    ),
    (
        lambda tmp: shift_right([[1]], -1),
        InvalidValue,
        "`start` must be at least 0. Received: -1.",
    ),
    (
        lambda tmp: shift_right([[0.5]], 1),
        InvalidType,
        "`targets` must hold whole numbers. Received: dtype float64.",
    ),
    (
        lambda tmp: shift_right([1, 2], 1),
        InvalidValue,
        "`targets` must have shape (m, Ty). Received: (2,).",
    ),
    (
        lambda tmp: decoder_of("model", [[1]], 1),
        InvalidType,
        "`model` must be a keras.Model. Received: str.",
    ),
    (
        lambda tmp: decoder_of(keras.Sequential(name="other"), [[1]], 1),
        InvalidValue,
        "`model` must be a Seq2Seq or an ImageCaptioner. Received: other.",
    ),
    (
        lambda tmp: decoder_of(SMALL, [[1]], 4),
        InvalidValue,
        "`start` must be one of the 4 tokens that the decoder knows. Received: 4.",
    ),
    (
        lambda tmp: decoder_of(SMALL, [[1]], -1),
        InvalidValue,
        "`start` must be at least 0. Received: -1.",
    ),
]
test_complaints = complaints_test(COMPLAINTS)
