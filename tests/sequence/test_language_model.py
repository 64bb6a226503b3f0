"""Language models: tokens, counts, perplexity, sampling, Keras builders, the poem model."""

import keras
import numpy as np
import pytest

from dlspec.datasets.text import load_poems
from dlspec.sequence.language_model import (
    EOS,
    UNK,
    LanguageModel,
    ShakespeareLM,
    as_arrays,
    build_vocabulary,
    continue_text,
    encode,
    fit_bigram,
    fit_unigram,
    legacy_hard_sigmoid,
    log_likelihood,
    perplexity,
    sample,
    sentence_log_probability,
    tokenize,
)
from dlspec.testing import assert_close, layer_table
from tests.backends import Call, outputs_on
from tests.complaints import complaints_test

SENTENCES = [["a", "rose", "is", "a", "rose"], ["a", "tulip"]]
VOCABULARY = build_vocabulary(SENTENCES)
X, Y, WEIGHTS = as_arrays(SENTENCES, VOCABULARY, 7)
CHARACTERS = ["a", "b", "c"]

PURE_CALLS = {
    "tokenize": ("Cats sleep. Dogs?",),
    "build_vocabulary": (SENTENCES,),
    "encode": (["a", "lily"], VOCABULARY),
    "as_arrays": (SENTENCES, VOCABULARY, 4),
    "fit_unigram": (Y, WEIGHTS, 6),
    "fit_bigram": (X, Y, WEIGHTS, 6),
    "log_likelihood": (np.full((6, 6), 1 / 6).__getitem__, X, Y, WEIGHTS),
    "perplexity": (np.full((6, 6), 1 / 6).__getitem__, X, Y, WEIGHTS),
    "sentence_log_probability": (np.full((6, 6), 1 / 6).__getitem__, ["a"], VOCABULARY),
    "sample": (np.full((6, 6), 1 / 6).__getitem__, VOCABULARY),
    "LanguageModel": (6, 3, 4),
    "legacy_hard_sigmoid": (np.array([0.5]),),
    "ShakespeareLM": (5, 3, 2),
    "continue_text": (ShakespeareLM(5, 3, 2), "ab", CHARACTERS, 3),
}


@pytest.fixture(scope="module")
def networks():
    """One of each, narrow, with random weights and biases that are not 0."""
    random = np.random.default_rng(0)
    built = {
        "LanguageModel": ({"vocab_size": 6, "embedding_dim": 3, "units": 4, "layers": 2},),
        "ShakespeareLM": ({"window": 5, "vocab_size": 3, "units": 4},),
    }
    for name, (options,) in built.items():
        model = {"LanguageModel": LanguageModel, "ShakespeareLM": ShakespeareLM}[name](**options)
        model.set_weights([random.normal(size=w.shape) / 2 for w in model.get_weights()])
        built[name] = (options, model)
    return built


def inputs_of(name):
    if name == "LanguageModel":
        return X
    return np.eye(3, dtype=np.float32)[np.random.default_rng(1).integers(0, 3, (4, 5))]


each_network = pytest.mark.parametrize("name", ["LanguageModel", "ShakespeareLM"])


# --- Tokens ---------------------------------------------------------------------------------------


def test_sentences_of_words():
    text = 'He said "Don\'t!" Twice, in\nParis-Nord.\n\nA list of 3: one_two'
    expected = [
        ["he", "said", "don't", "!"],
        ["twice", ",", "in", "paris-nord", "."],
        ["a", "list", "of", "3", ":", "one", "two"],
    ]
    assert tokenize(text) == expected


def test_sentences_of_characters():
    assert tokenize("Hi you. \n  Bye", "character") == [list("hi you."), list("bye")]


def test_vocabulary_by_frequency_then_alphabet():
    assert list(VOCABULARY) == [EOS, UNK, "a", "rose", "is", "tulip"]
    assert list(build_vocabulary(SENTENCES, 4)) == [EOS, UNK, "a", "rose"]
    assert list(build_vocabulary(SENTENCES, unknown=False)) == [EOS, "a", "rose", "is", "tulip"]


def test_rows_are_shifted_by_one_and_end_in_eos():
    assert X.tolist() == [[0, 2, 3, 4, 2, 3, 0], [0, 2, 5, 0, 0, 0, 0]]
    assert Y.tolist() == [[2, 3, 4, 2, 3, 0, 0], [2, 5, 0, 0, 0, 0, 0]]
    assert WEIGHTS.sum(axis=1).tolist() == [6, 3]
    cut = as_arrays(SENTENCES, VOCABULARY, 3)
    assert [a.tolist()[0] for a in cut] == [[0, 2, 3], [2, 3, 4], [1, 1, 1]]


# --- Counts and judging ---------------------------------------------------------------------------


def test_counts_by_hand():
    """9 tokens count: a 3, rose 2, is 1, tulip 1, <EOS> 2; V = 6."""
    unigram = fit_unigram(Y, WEIGHTS, 6)
    assert_close(unigram, np.array([3, 1, 4, 3, 2, 2]) / 15, rtol=1e-14)
    table = fit_bigram(X, Y, WEIGHTS, 6, strength=1.5)
    assert_close(table.sum(axis=1), np.ones(6), rtol=1e-14)
    # Behind "a": rose twice, tulip once.
    assert_close(table[2, 3], (2 + 1.5 * 3 / 15) / 4.5, rtol=1e-14)
    assert_close(table[1], unigram, rtol=1e-14)  # nothing was seen behind <UNK>


def test_likelihood_is_the_product_along_the_sentence():
    table = fit_bigram(X, Y, WEIGHTS, 6)
    expected = np.log([table[0, 2], table[2, 5], table[5, 0]]).sum()
    assert_close(log_likelihood(table.__getitem__, X, Y, WEIGHTS)[1], expected, rtol=1e-12)
    log_p = sentence_log_probability(table.__getitem__, ["a", "tulip"], VOCABULARY)
    assert_close(log_p, expected, rtol=1e-12)


def test_perplexity_is_the_geometric_mean_of_1_over_p():
    table = fit_bigram(X, Y, WEIGHTS, 6)
    p = np.take_along_axis(table[X], Y[:, :, None], 2)[:, :, 0][WEIGHTS > 0]
    assert_close(perplexity(table.__getitem__, X, Y, WEIGHTS), np.prod(1 / p) ** (1 / 9), rtol=1e-9)
    assert perplexity(table.__getitem__, X, Y, WEIGHTS) < 6


def test_batches_do_not_matter(networks):
    model = networks["LanguageModel"][1]
    whole = log_likelihood(model, X, Y, WEIGHTS)
    assert_close(log_likelihood(model, X, Y, WEIGHTS, batch_size=1), whole, rtol=1e-5)


def test_likelihood_equals_what_keras_minimises(networks):
    model = networks["LanguageModel"][1]
    model.compile("sgd", "sparse_categorical_crossentropy", run_eagerly=True)
    loss = model.evaluate(X, Y, sample_weight=WEIGHTS, verbose=0)
    assert_close(loss * X.size, -log_likelihood(model, X, Y, WEIGHTS).sum(), rtol=1e-5)


def test_words_to_come_have_no_influence(networks):
    model, other = networks["LanguageModel"][1], X.copy()
    other[:, 4:] = 5
    before, after = model.predict_on_batch(X), model.predict_on_batch(other)
    assert_close(before[:, :4], after[:, :4], rtol=1e-5)
    assert not np.allclose(before[:, 4:], after[:, 4:], rtol=1e-3)


# --- Writing --------------------------------------------------------------------------------------


def test_written_words_have_the_models_probabilities():
    p = np.array([0.2, 0.4, 0.3, 0.1])  # <UNK> is never drawn
    table, vocabulary = np.tile(p, (4, 1)), {EOS: 0, UNK: 1, "a": 2, "b": 3}
    firsts = [s[:1] for s in sample(table.__getitem__, vocabulary, 4000, 1, seed=1)]
    for token, share in (("a", 0.3), ("b", 0.1)):
        assert_close(firsts.count([token]) / 4000, share / 0.6, atol=0.03)
    cold = sample(table.__getitem__, vocabulary, 50, 3, temperature=0.01)
    assert cold == [["a"] * 3] * 50
    assert sample(table.__getitem__, vocabulary, 2, 3, temperature=5e-324) == [["a"] * 3] * 2
    blind = [s[:1] for s in sample(table.__getitem__, vocabulary, 4000, 1, 1e308, seed=3)]
    assert_close(blind.count([]) / 4000, 1 / 3, atol=0.03)
    squared = [s[:1] for s in sample(table.__getitem__, vocabulary, 4000, 1, 0.5, seed=2)]
    assert_close(squared.count(["b"]) / 4000, 0.01 / 0.14, atol=0.02)


def test_writing_is_reproducible(networks):
    model = networks["LanguageModel"][1]
    once, again = (sample(model, VOCABULARY, 2, 6, seed=4) for _ in range(2))
    assert once == again
    assert once != sample(model, VOCABULARY, 2, 6, seed=5)
    assert {token for s in once for token in s} <= set(VOCABULARY) - {EOS, UNK}


class Recorder:
    """Stands in for a model: writes a, b, c in turn and remembers what it read."""

    input_shape = (None, 4, 3)

    def __init__(self):
        self.read = []

    def predict_on_batch(self, x):
        rows = ["".join(["abc"[c.argmax()] if c.any() else "-" for c in row]) for row in x]
        self.read += rows
        return np.eye(3, dtype=np.float32)[[(len(self.read) - 1) % 3]]


def test_poems_read_the_last_characters():
    model = Recorder()
    assert continue_text(model, "aaBBAC", CHARACTERS, 4) == "abca"
    assert model.read == ["bbac", "baca", "acab", "cabc"]
    model = Recorder()
    continue_text(model, "cb", CHARACTERS, 2)
    assert model.read == ["--cb", "-cba"]


# --- Builders -------------------------------------------------------------------------------------


def test_tables():
    assert layer_table(LanguageModel(6, 3, 4, layers=2, dropout=0.1)) == [
        ("inputs", "InputLayer", (None,), 0),
        ("input_1_embedding", "Embedding", (None, 3), 18),
        ("recurrent_1_lstm", "LSTM", (None, 4), 4 * 4 * (3 + 4 + 1)),
        ("recurrent_1_dropout", "Dropout", (None, 4), 0),
        ("recurrent_2_lstm", "LSTM", (None, 4), 4 * 4 * (4 + 4 + 1)),
        ("recurrent_2_dropout", "Dropout", (None, 4), 0),
        ("output_1_softmax", "Dense", (None, 6), 30),
    ]
    assert layer_table(ShakespeareLM()) == [
        ("inputs", "InputLayer", (40, 38), 0),
        ("recurrent_1_lstm", "LSTM", (40, 128), 4 * 128 * (38 + 128 + 1)),
        ("recurrent_1_dropout", "Dropout", (40, 128), 0),
        ("recurrent_2_lstm", "LSTM", (128,), 4 * 128 * (128 + 128 + 1)),
        ("recurrent_2_dropout", "Dropout", (128,), 0),
        ("output_1_softmax", "Dense", (38,), 129 * 38),
    ]


@each_network
def test_forward_gives_probabilities(networks, name):
    p = networks[name][1].predict_on_batch(inputs_of(name))
    assert p.shape == ((2, 7, 6) if name == "LanguageModel" else (4, 3))
    assert_close(p.sum(axis=-1), np.ones(p.shape[:-1]), rtol=1e-5)


@each_network
def test_building_twice_gives_the_same_names(networks, name):
    options, model = networks[name]
    again = {"LanguageModel": LanguageModel, "ShakespeareLM": ShakespeareLM}[name](**options)
    assert again.name == model.name
    assert [w.path for w in again.weights] == [w.path for w in model.weights]


@each_network
def test_saved_and_loaded(networks, name, tmp_path):
    model = networks[name][1]
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    x = inputs_of(name)
    assert_close(loaded.predict_on_batch(x), model.predict_on_batch(x), rtol=1e-6)


@each_network
def test_one_training_step_moves_all_weights(networks, name):
    options, model = networks[name]
    fresh = {"LanguageModel": LanguageModel, "ShakespeareLM": ShakespeareLM}[name](**options)
    fresh.set_weights(model.get_weights())
    fresh.compile("sgd", "sparse_categorical_crossentropy", run_eagerly=True)
    labels = Y if name == "LanguageModel" else np.arange(4) % 3
    loss = fresh.train_on_batch(inputs_of(name), labels)
    assert np.isfinite(loss)
    for before, after in zip(model.get_weights(), fresh.get_weights(), strict=True):
        assert not np.array_equal(before, after)


def test_the_same_output_on_jax(networks, tmp_path):
    calls = [
        Call(
            f"dlspec.sequence.language_model.{name}",
            options,
            model.get_weights(),
            [inputs_of(name)],
        )
        for name, (options, model) in networks.items()
    ]
    for (name, (_, model)), [found] in zip(
        networks.items(), outputs_on("jax", calls, tmp_path), strict=True
    ):
        assert_close(found, model.predict_on_batch(inputs_of(name)), rtol=1e-4)


def test_legacy_gates_are_not_those_of_keras_3():
    z = np.linspace(-4, 4, 17, dtype=np.float32)
    found = np.asarray(legacy_hard_sigmoid(z))
    assert_close(found, np.clip(0.2 * z + 0.5, 0, 1), rtol=1e-6, atol=1e-7)
    assert np.abs(found - np.asarray(keras.activations.hard_sigmoid(z))).max() > 0.05


@pytest.mark.course_data
def test_the_course_poem_model_knows_the_sonnets(course_data):
    """It gives the sonnets' own next character most probability, more often than not."""
    poems = load_poems()
    model = ShakespeareLM()
    model.set_weights(poems.weights)
    places = np.random.default_rng(0).integers(1000, 90_000, 200)
    index = {c: i for i, c in enumerate(poems.characters)}
    windows = np.array([[index[c] for c in poems.text[p - 40 : p]] for p in places])
    p = model.predict_on_batch(np.eye(38, dtype=np.float32)[windows])
    right = p.argmax(axis=1) == [index[poems.text[p]] for p in places]
    assert right.mean() > 0.5


# --- Bad input ------------------------------------------------------------------------------------

FAIR = np.full((6, 6), 1 / 6).__getitem__
CLOSED = {EOS: 0, "a": 1}

COMPLAINTS = [
    (
        lambda folder: tokenize("a", "sentence"),
        ValueError,
        "`level` must be a known name. Received: 'sentence'. Known: word, character.",
    ),
    (
        lambda folder: tokenize(b"a"),
        TypeError,
        "`text` must be a text. Received: bytes.",
    ),
    (
        lambda folder: tokenize("\n#\n"),
        ValueError,
        "`text` must hold at least one word. Received: '\\n#\\n'.",
    ),
    (
        lambda folder: build_vocabulary("a rose"),
        TypeError,
        "`sentences` must be a list of sentences, lists of tokens themselves. Received: str.",
    ),
    (
        lambda folder: build_vocabulary([]),
        ValueError,
        "`sentences` must hold at least one sentence. Received: none.",
    ),
    (
        lambda folder: build_vocabulary([["a"], []]),
        ValueError,
        "`sentences[1]` must hold at least one token. Received: an empty sentence.",
    ),
    (
        lambda folder: build_vocabulary([["a"]], size=2),
        ValueError,
        "`size` must be at least 3. Received: 2.",
    ),
    (
        lambda folder: encode("a rose", VOCABULARY),
        TypeError,
        "`tokens` must be a list of tokens. Received: str. Use tokenize(tokens)[0].",
    ),
    (
        lambda folder: encode(["a", 1], VOCABULARY),
        TypeError,
        "`tokens` must hold texts only. Received: 1.",
    ),
    (
        lambda folder: encode(["a", "rose", "is", "a", "rose"], CLOSED),
        ValueError,
        "`tokens` must lie in the vocabulary of 2, which has no <UNK>. Received: 'is', 'rose'.",
    ),
    (
        lambda folder: encode(["a"], {"a": 0}),
        TypeError,
        "`vocabulary` must be a dictionary from token to index with <EOS> as 0. Received: dict.",
    ),
    (
        lambda folder: as_arrays(SENTENCES, VOCABULARY, 0),
        ValueError,
        "`length` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: as_arrays("a", VOCABULARY, 3),
        TypeError,
        "`sentences` must be a list of sentences, lists of tokens themselves. Received: str.",
    ),
    (
        lambda folder: fit_unigram(Y, WEIGHTS, 0),
        ValueError,
        "`vocab_size` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: fit_unigram(Y, WEIGHTS, 5),
        ValueError,
        "`Y` must hold indices from 0 to 4. Received: 0 to 5.",
    ),
    (
        lambda folder: fit_unigram(Y, WEIGHTS[:, :3], 6),
        ValueError,
        "`weights` must have shape (m=2, T=7). Received: (2, 3).",
    ),
    (
        lambda folder: fit_bigram(X, Y, WEIGHTS, 6, strength=0),
        ValueError,
        "`strength` must be a positive finite number. Received: 0.",
    ),
    (
        lambda folder: fit_bigram(X / 2, Y, WEIGHTS, 6),
        TypeError,
        "`X` must be an array of whole numbers (m, T). Received: shape (2, 7) of float64.",
    ),
    (
        lambda folder: fit_bigram(X[:, :3], Y, WEIGHTS, 6),
        ValueError,
        "`X` must have the shape of `Y`, (2, 7). Received: (2, 3).",
    ),
    (
        lambda folder: log_likelihood(FAIR, X[0], Y, WEIGHTS),
        TypeError,
        "`X` must be an array of whole numbers (m, T). Received: shape (7,) of int32.",
    ),
    (
        lambda folder: log_likelihood(FAIR, X, Y[:, :3], WEIGHTS),
        ValueError,
        "`Y` must have the shape of `X`, (2, 7). Received: (2, 3).",
    ),
    (
        lambda folder: log_likelihood(FAIR, X, Y, WEIGHTS[0]),
        ValueError,
        "`weights` must have shape (m=2, T=7). Received: (7,).",
    ),
    (
        lambda folder: log_likelihood(FAIR, X, Y, WEIGHTS, batch_size=0),
        ValueError,
        "`batch_size` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: perplexity(FAIR, X, Y, 0 * WEIGHTS),
        ValueError,
        "`weights` must count at least one token. Received: none.",
    ),
    (
        lambda folder: sentence_log_probability(FAIR, [], VOCABULARY),
        ValueError,
        "`tokens` must hold at least one token. Received: an empty sentence.",
    ),
    (
        lambda folder: sample(FAIR, None),
        TypeError,
        "`vocabulary` must be a dictionary from token to index with <EOS> as 0. "
        "Received: NoneType.",
    ),
    (
        lambda folder: sample(FAIR, VOCABULARY, 0),
        ValueError,
        "`count` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: sample(FAIR, VOCABULARY, temperature=-1),
        ValueError,
        "`temperature` must be a positive finite number. Received: -1.",
    ),
    (
        lambda folder: sample(FAIR, VOCABULARY, seed=-1),
        ValueError,
        "`seed` must be at least 0. Received: -1.",
    ),
    (
        lambda folder: LanguageModel(6, units=0),
        ValueError,
        "`units` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: LanguageModel(6, dropout=1),
        ValueError,
        "`dropout` must be in [0, 1). Received: 1.",
    ),
    (
        lambda folder: ShakespeareLM(window=0),
        ValueError,
        "`window` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: ShakespeareLM(dropout=-0.5),
        ValueError,
        "`dropout` must be in [0, 1). Received: -0.5.",
    ),
    (
        lambda folder: continue_text(POET, "ab", "ab"),
        ValueError,
        "`characters` must hold the 3 characters that the model knows. Received: 2.",
    ),
    (
        lambda folder: continue_text(POET, None, CHARACTERS),
        TypeError,
        "`text` must be a text. Received: NoneType.",
    ),
    (
        lambda folder: continue_text(POET, "", CHARACTERS),
        ValueError,
        "`text` must hold at least one character. Received: none.",
    ),
    (
        lambda folder: continue_text(POET, "a-z", CHARACTERS),
        ValueError,
        "`text` must be written in the 3 characters that the model knows. Received: '-', 'z'.",
    ),
    (
        lambda folder: continue_text(POET, "a", CHARACTERS, 0),
        ValueError,
        "`count` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: continue_text(POET, "a", CHARACTERS, seed=0.5),
        TypeError,
        "`seed` must be a whole number. Received: 0.5 (float).",
    ),
]
POET = PURE_CALLS["continue_text"][0]

test_complaints = complaints_test(COMPLAINTS)
