"""An emoji for a sentence: averages by hand, sizes of the course, word order, JAX, bad input."""

import keras
import numpy as np
import pytest

from dlspec._complaints import InvalidType, InvalidValue
from dlspec.datasets import generated_emoji, load_emoji, load_words
from dlspec.optimization.softmax_regression import gradient_descent
from dlspec.sequence.emojify import (
    EMOJI,
    LABELS,
    Emojify_V2,
    _propagate,
    label_to_emoji,
    model,
    predict,
    predict_probabilities,
    pretrained_embedding_layer,
    sentence_to_avg,
    sentences_to_avg,
    sentences_to_indices,
    softmax_regression_epochs,
    unknown_words,
    word_indices,
)
from dlspec.sequence.word_vectors import WordVectors
from dlspec.testing import gradient_check
from tests.backends import Call, outputs_on
from tests.complaints import complaints_test

VECTORS = {"i": np.array([1.0, 2.0]), "love": np.array([3.0, -1.0]), "you": np.array([0.5, 0.0])}
INDEX = word_indices(VECTORS)
TABLE = {word: vector.tolist() for word, vector in VECTORS.items()}  # as JSON can write it
W, B = np.array([[1.0, 0.0], [0.0, 1.0]]), np.zeros(2)
X, Y = ["i love you", "love love", "you", "i i"], np.array([0, 0, 1, 1])

PURE_CALLS = {
    "label_to_emoji": (1,),
    "unknown_words": (X, VECTORS),
    "word_indices": (["b", "a"],),
    "sentence_to_avg": ("i love it", VECTORS),
    "sentences_to_avg": (X, VECTORS),
    "model": (X, Y, VECTORS, 0.1, 3),
    "softmax_regression_epochs": (np.eye(2), np.array([0, 1]), 0.1, {"W": W, "b": B}),
    "predict": (X, Y, W, B, VECTORS),
    "predict_probabilities": (X, W, B, VECTORS),
    "sentences_to_indices": (X, INDEX, 4),
    "pretrained_embedding_layer": (VECTORS, INDEX),
    "Emojify_V2": ((3,), VECTORS, INDEX),
}


# --- Words ----------------------------------------------------------------------------------------


def test_five_labels_and_their_emoji():
    """The emoji by their names in the Unicode character database."""
    names = ["HEAVY BLACK HEART", "BASEBALL", "SMILING FACE WITH OPEN MOUTH AND SMILING EYES"]
    names += ["DISAPPOINTED FACE", "FORK AND KNIFE"]
    import unicodedata

    assert [unicodedata.name(label_to_emoji(i)[0]) for i in range(5)] == names
    assert len(EMOJI) == len(LABELS)
    assert generated_emoji.LABELS == LABELS  # the course module knows no data set


def test_unknown_words_are_named_once():
    assert unknown_words(["I luv YOU", "we luv"], VECTORS) == ["luv", "we"]
    assert unknown_words(X, VECTORS) == []


def test_words_are_numbered_from_1_in_alphabetical_order():
    assert word_indices(["you", "i", "love", "i"]) == {"i": 1, "love": 2, "you": 3}


# --- Version 1 ------------------------------------------------------------------------------------


def test_average_by_hand():
    """(1 + 3 + 0.5) / 3 and (2 - 1 + 0) / 3; unknown words do not count."""
    expected = np.array([1.5, 1 / 3])
    for text in ("I love you", "  you  LOVE i ", "we i , love you!! you"):
        np.testing.assert_allclose(sentence_to_avg(text, VECTORS), expected, strict=True)


def test_no_known_word_is_zeros():
    np.testing.assert_array_equal(sentence_to_avg("xxxx yyy", VECTORS), np.zeros(2), strict=True)


def test_several_sentences_and_a_matrix_of_vectors():
    matrix = WordVectors(list(VECTORS), np.array(list(VECTORS.values())))
    for vectors in (VECTORS, matrix):
        expected = np.stack([sentence_to_avg(text, VECTORS) for text in X])
        np.testing.assert_array_equal(sentences_to_avg(X, vectors), expected, strict=True)


def test_gradients_of_one_sentence():
    random = np.random.default_rng(0)
    parameters = {"W": random.normal(size=(5, 3)), "b": random.normal(size=5)}
    avg, y = random.normal(size=3), np.eye(5)[3]
    _, dW, db = _propagate(**parameters, avg=avg, y=y)
    found = gradient_check(
        lambda p: float(_propagate(**p, avg=avg, y=y)[0]), parameters, {"dW": dW, "db": db}
    )
    assert found < 1e-7


def test_a_sentence_at_a_time_is_gradient_descent_on_one_example():
    """A pass over one sentence is a step of course 2's softmax regression."""
    random = np.random.default_rng(1)
    averages, state = random.normal(size=(1, 4)), {"W": random.normal(size=(3, 4)), "b": np.ones(3)}
    found, cost = next(softmax_regression_epochs(averages, [1], 0.3, state))
    start = {"W": state["W"], "b": state["b"][:, None]}
    one_hot = np.array([[0.0], [1.0], [0.0]])
    expected, expected_cost = next(gradient_descent(start, averages.T, one_hot, 0.3))
    np.testing.assert_allclose(found["W"], expected["W"], rtol=1e-12)
    np.testing.assert_allclose(found["b"], expected["b"].ravel(), rtol=1e-12)
    np.testing.assert_allclose(cost, expected_cost, rtol=1e-12)


def test_passes_are_those_of_keras_with_batches_of_one():
    random = np.random.default_rng(2)
    averages, labels = random.normal(size=(6, 4)).astype(np.float32), np.arange(6) % 3
    dense = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation="softmax")])
    dense.compile(keras.optimizers.SGD(0.1), "sparse_categorical_crossentropy")
    first = dense.get_weights()
    epochs = softmax_regression_epochs(averages, labels, 0.1, {"W": first[0].T, "b": first[1]})
    for _ in range(2):
        state, _ = next(epochs)
    dense.fit(averages, labels, batch_size=1, epochs=2, shuffle=False, verbose=0)
    for found, expected in zip((state["W"].T, state["b"]), dense.get_weights(), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)


def test_model_starts_from_the_courses_seed_and_learns():
    """randn(classes, n) / sqrt(n) after seed 1: the first is 1.62434536 / sqrt(2)."""
    _, W0, b0 = model(X, Y, VECTORS, learning_rate=1e-300, num_iterations=1)
    assert W0[0, 0] == pytest.approx(1.62434536 / np.sqrt(2))
    assert (W0.shape, b0.shape) == ((2, 2), (2,))
    pred, W1, b1 = model(X, Y, VECTORS, 0.1, 100)
    np.testing.assert_array_equal(pred, Y[:, None].astype(float), strict=True)
    np.testing.assert_array_equal(predict(X, Y, W1, b1, VECTORS), pred, strict=True)


def test_model_is_the_loop_of_the_lecture():
    W1 = np.random.RandomState(1).randn(2, 2) / np.sqrt(2)
    b1 = np.zeros(2)
    for _ in range(3):
        for text, label in zip(X, Y, strict=True):
            avg = sum(VECTORS[word] for word in text.split()) / len(text.split())
            a = np.exp(W1 @ avg + b1)
            a /= a.sum()
            for j in range(2):
                dz = a[j] - (j == label)
                W1[j] -= 0.1 * dz * avg
                b1[j] -= 0.1 * dz
    _, W2, b2 = model(X, Y, VECTORS, 0.1, 3)
    np.testing.assert_allclose(W2, W1, rtol=1e-12)
    np.testing.assert_allclose(b2, b1, rtol=1e-12)


def test_probabilities_of_the_average():
    """avg of "i" is (1, 2): the softmax of (1, 2) is 1 / (1 + e) and e / (1 + e)."""
    p = predict_probabilities(["i", "nothing"], W, B, VECTORS)
    np.testing.assert_allclose(p, [[1 / (1 + np.e), np.e / (1 + np.e)], [0.5, 0.5]])
    assert predict(["i"], [0], W, B, VECTORS).tolist() == [[1.0]]


# --- Version 2 ------------------------------------------------------------------------------------


def test_indices_are_filled_up_with_zeros():
    indices = sentences_to_indices(["I love you", "YOU luv you", "xxx"], INDEX, 4)
    expected = np.array([[1, 2, 3, 0], [3, 3, 0, 0], [0, 0, 0, 0]], np.int32)
    np.testing.assert_array_equal(indices, expected, strict=True)


def test_a_sentence_may_be_as_long_as_max_len_without_its_unknown_words():
    assert sentences_to_indices(["i luv you"], INDEX, 2).tolist() == [[1, 3]]


def test_word_vectors_stand_in_the_rows_of_their_numbers():
    matrix = WordVectors(list(VECTORS), np.array(list(VECTORS.values()), np.float32))
    for vectors in (VECTORS, matrix):
        layer = pretrained_embedding_layer(vectors, INDEX)
        assert (layer.input_dim, layer.output_dim, layer.trainable) == (4, 2, False)
        for word, vector in VECTORS.items():
            np.testing.assert_array_equal(layer(np.array([INDEX[word]]))[0], vector)
        assert not layer.get_weights()[0][0].any()


def test_numbers_from_0_are_the_courses_own_tests():
    """They number from 0; the last of the V + 1 rows is then the empty one."""
    layer = pretrained_embedding_layer(VECTORS, {word: i for i, word in enumerate(VECTORS)})
    expected = np.array([[1, 2], [3, -1], [0.5, 0], [0, 0]], np.float32)
    np.testing.assert_array_equal(layer.get_weights()[0], expected, strict=True)


def test_the_courses_number_of_parameters():
    """20,223,927 of which 223,877 learn, on 400,000 words of 50 dimensions."""
    words = [f"w{i}" for i in range(400_000)]
    vectors = WordVectors(words, np.ones((400_000, 50), np.float32))
    network = Emojify_V2((10,), vectors, word_indices(words))
    assert network.count_params() == 20_223_927
    assert sum(int(np.prod(w.shape)) for w in network.trainable_weights) == 223_877
    assert 400_001 * 50 + 4 * 128 * (50 + 128 + 1) + 4 * 128 * (128 + 128 + 1) + 5 * 129 == (
        20_223_927
    )


@pytest.fixture(scope="module")
def network():
    """With weights at random; a new one is all but equally sure of all five."""
    network = Emojify_V2((4,), VECTORS, INDEX)
    random = np.random.default_rng(0)
    for layer in network.layers[2:]:
        layer.set_weights([random.normal(size=w.shape) / 5 for w in layer.get_weights()])
    return network


def test_table_of_the_network(network):
    """Shapes and parameters of two dimensions as in the course's check of this function."""
    rows = [
        (type(layer).__name__, layer.output.shape, layer.count_params()) for layer in network.layers
    ]
    assert rows == [
        ("InputLayer", (None, 4), 0),
        ("Embedding", (None, 4, 2), 8),
        ("LSTM", (None, 4, 128), 67_072),
        ("Dropout", (None, 4, 128), 0),
        ("LSTM", (None, 128), 131_584),
        ("Dropout", (None, 128), 0),
        ("Dense", (None, 5), 645),
        ("Activation", (None, 5), 0),
    ]
    assert [network.get_layer(f"read_{i}_dropout").rate for i in (1, 2)] == [0.5, 0.5]
    again = Emojify_V2([4], VECTORS, INDEX)
    assert [layer.name for layer in again.layers] == [layer.name for layer in network.layers]


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def lstm(x, weights):
    """The lecture's equations on (T, n); Keras keeps the gates in the order i, f, candidate, o."""
    kernel, recurrent, bias = weights
    a = c = np.zeros(len(recurrent))
    outputs = []
    for step in x:
        i, f, candidate, o = np.split(step @ kernel + a @ recurrent + bias, 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(candidate)
        a = sigmoid(o) * np.tanh(c)
        outputs.append(a)
    return np.array(outputs)


def test_the_network_step_by_step(network):
    indices = sentences_to_indices(["i love you"], INDEX, 4)
    embedding, first, second, head = (
        layer.get_weights() for layer in network.layers if layer.get_weights()
    )
    z = lstm(lstm(embedding[0][indices[0]], first), second)[-1] @ head[0] + head[1]
    expected = np.exp(z) / np.exp(z).sum()
    np.testing.assert_allclose(network(indices)[0], expected, rtol=1e-4)


def test_order_tells_in_the_network_only(network):
    one, other = "i love you", "you love i"
    np.testing.assert_array_equal(sentence_to_avg(one, VECTORS), sentence_to_avg(other, VECTORS))
    outputs = np.asarray(network(sentences_to_indices([one, other], INDEX, 4)))
    assert np.abs(outputs[0] - outputs[1]).max() > 0.01


def test_a_training_step_moves_all_weights_but_the_word_vectors():
    network = Emojify_V2((4,), VECTORS, INDEX)
    before = network.get_weights()
    network.compile("adam", "sparse_categorical_crossentropy")
    loss = network.train_on_batch(sentences_to_indices(X, INDEX, 4), Y)
    assert np.isfinite(loss)
    moved = [(new != old).any() for new, old in zip(network.get_weights(), before, strict=True)]
    assert moved == [False] + [True] * 8


def test_saved_and_loaded_the_network_says_the_same(network, tmp_path):
    network.save(tmp_path / "network.keras")
    loaded = keras.saving.load_model(tmp_path / "network.keras")
    indices = sentences_to_indices(X, INDEX, 4)
    np.testing.assert_array_equal(loaded(indices), network(indices))
    assert not loaded.get_layer("words_1_embedding").trainable


def test_jax_computes_the_same(network, tmp_path):
    indices = sentences_to_indices(X, INDEX, 4)
    given = {"input_shape": [4], "word_to_vec_map": TABLE, "word_to_index": INDEX}
    builder = "dlspec.sequence.emojify.Emojify_V2"
    call = Call(builder, given, network.get_weights(), [indices])
    [[output]] = outputs_on("jax", [call], tmp_path)
    np.testing.assert_allclose(output, network(indices), rtol=1e-4, atol=1e-6)


def test_the_average_on_our_sentences():
    """Right in four of five, by the words; of sentences that differ in order, in half at best."""
    words, emoji = load_words(), load_emoji()
    vectors = WordVectors(words.words, words.vectors)
    _, W1, b1 = model(emoji.train.sentences, emoji.train.labels, vectors, num_iterations=30)
    guessed = predict(emoji.test.sentences, emoji.test.labels, W1, b1, vectors).ravel()
    assert np.mean(guessed == emoji.test.labels) >= 0.8
    pairs = generated_emoji.word_order_pairs(8)
    for happy, sad in pairs:
        one, other = predict([happy, sad], [2, 3], W1, b1, vectors).ravel()
        assert one == other


# --- Bad input ------------------------------------------------------------------------------------

COMPLAINTS = [
    (
        lambda tmp: label_to_emoji("heart"),
        InvalidType,
        "`label` must be a whole number. Received: 'heart' (str).",
    ),
    (
        lambda tmp: label_to_emoji(5),
        InvalidValue,
        "`label` must be at most 4. Received: 5.",
    ),
    (
        lambda tmp: word_indices("love"),
        InvalidType,
        "`words` must be several words. Received: 'love'.",
    ),
    (
        lambda tmp: word_indices([1, 2]),
        InvalidType,
        "`words` must be several words. Received: other things.",
    ),
    (
        lambda tmp: word_indices([]),
        InvalidValue,
        "`words` must hold at least one word. Received: none.",
    ),
    (
        lambda tmp: sentence_to_avg(["i", "love"], VECTORS),
        InvalidType,
        "`sentence` must be a sentence. Received: ['i', 'love'] (list).",
    ),
    (
        lambda tmp: sentence_to_avg("  ", VECTORS),
        InvalidValue,
        "`sentence` must hold at least one word. Received: '  '.",
    ),
    (
        lambda tmp: sentence_to_avg("i", [1, 2]),
        InvalidType,
        "`word_to_vec_map` must be a dictionary of words. Received: list.",
    ),
    (
        lambda tmp: sentence_to_avg("i", {}),
        InvalidValue,
        "`word_to_vec_map` must hold at least one word. Received: none.",
    ),
    (
        lambda tmp: sentence_to_avg("i", {"i": "one"}),
        InvalidType,
        "`word_to_vec_map['i']` must be an array of real numbers. Received: str.",
    ),
    (
        lambda tmp: sentence_to_avg("i you", {"i": [1, 2], "you": [1, 2, 3]}),
        InvalidValue,
        "`word_to_vec_map['you']` must have shape (n=2,). Received: (3,).",
    ),
    (
        lambda tmp: sentences_to_avg("i love you", VECTORS),
        InvalidType,
        "`X` must be a list of sentences. Received: 'i love you'. Use [X].",
    ),
    (
        lambda tmp: sentences_to_avg(["i", ""], VECTORS),
        InvalidValue,
        "`X[1]` must hold at least one word. Received: ''.",
    ),
    (
        lambda tmp: model([], [], VECTORS),
        InvalidValue,
        "`X` must hold at least one sentence. Received: none.",
    ),
    (
        lambda tmp: model(X, Y[:3], VECTORS),
        InvalidValue,
        "`Y` must have one label for each of the 4 sentences of `X`. Received: 3.",
    ),
    (
        lambda tmp: model(X, np.eye(4), VECTORS),
        InvalidValue,
        "`Y` must have shape (m,). Received: (4, 4).",
    ),
    (
        lambda tmp: model(X, Y - 1, VECTORS),
        InvalidValue,
        "`Y` must hold class numbers from 0. Received: -1.",
    ),
    (
        lambda tmp: model(X, list("abcd"), VECTORS),
        InvalidValue,
        "`Y` must hold class numbers from 0. Received: 'a'.",
    ),
    (
        lambda tmp: model(X, Y, VECTORS, learning_rate=0),
        InvalidValue,
        "`learning_rate` must be a positive finite number. Received: 0.",
    ),
    (
        lambda tmp: model(X, Y, VECTORS, num_iterations=0),
        InvalidValue,
        "`num_iterations` must be at least 1. Received: 0.",
    ),
    (
        lambda tmp: next(softmax_regression_epochs([1.0], [0])),
        InvalidValue,
        "`averages` must have shape (m, n). Received: (1,).",
    ),
    (
        lambda tmp: next(softmax_regression_epochs([[1.0]], [0, 1])),
        InvalidValue,
        "`Y` must have one label for each of the 1 averages. Received: 2.",
    ),
    (
        lambda tmp: next(softmax_regression_epochs([[1.0]], [0], -1)),
        InvalidValue,
        "`learning_rate` must be a positive finite number. Received: -1.",
    ),
    (
        lambda tmp: next(softmax_regression_epochs([[1.0]], [1], 0.1, {"W": [[1.0]], "b": [0.0]})),
        InvalidValue,
        "`Y` must hold class numbers below classes=1. Received: 1. `state` sets classes.",
    ),
    (
        lambda tmp: next(softmax_regression_epochs([[1.0]], [0], 0.1, {"W": [[1.0]]})),
        InvalidValue,
        "`state` must have the keys W, b. Received: W. Missing: b.",
    ),
    (
        lambda tmp: predict(X, Y, W[:, :1], B, VECTORS),
        InvalidValue,
        "`W` must have shape (classes, n=2). Received: (2, 1). Word vectors have n=2; use W.T.",
    ),
    (
        lambda tmp: predict(X, Y, W, B[:, None], VECTORS),
        InvalidValue,
        "`b` must have shape (classes=2,). Received: (2, 1). `W` of shape (2, 2) sets classes=2.",
    ),
    (
        lambda tmp: unknown_words(["i"], ["i"]),
        InvalidType,
        "`vocabulary` must be a dictionary of words. Received: list.",
    ),
    (
        lambda tmp: sentences_to_indices(["i love you", "i i i"], INDEX, 2),
        InvalidValue,
        "`X[0]` must have at most max_len=2 known words. Received: 3 in 'i love you'. "
        "Shorten it, or choose a larger max_len.",
    ),
    (
        lambda tmp: sentences_to_indices(X, INDEX, 0),
        InvalidValue,
        "`max_len` must be at least 1. Received: 0.",
    ),
    (
        lambda tmp: sentences_to_indices(X, {}, 4),
        InvalidValue,
        "`word_to_index` must hold at least one word. Received: none.",
    ),
    (
        lambda tmp: pretrained_embedding_layer(VECTORS, INDEX | {"we": 4, "they": 5}),
        InvalidValue,
        "`word_to_index` must name words of `word_to_vec_map` only. Received: 'we', 'they'.",
    ),
    (
        lambda tmp: pretrained_embedding_layer(VECTORS, {"i": 0.5}),
        InvalidType,
        "`word_to_index` must map words to whole numbers. Received: float64.",
    ),
    (
        lambda tmp: pretrained_embedding_layer(VECTORS, {"i": 1, "love": 1, "you": 7}),
        InvalidValue,
        "`word_to_index` must give its 3 words different numbers from 0 to 3. "
        "Received: 2 numbers from 1 to 7.",
    ),
    (
        lambda tmp: Emojify_V2(4, VECTORS, INDEX),
        InvalidValue,
        "`input_shape` must be (max_len,). Received: 4.",
    ),
    (
        lambda tmp: Emojify_V2((0,), VECTORS, INDEX),
        InvalidValue,
        "`input_shape[0]` must be at least 1. Received: 0.",
    ),
    (
        lambda tmp: unknown_words("i luv you", VECTORS),
        InvalidType,
        "`sentences` must be a list of sentences. Received: 'i luv you'. Use [sentences].",
    ),
    (
        lambda tmp: next(softmax_regression_epochs([[1.0]], [-1])),
        InvalidValue,
        "`Y` must hold class numbers from 0. Received: -1.",
    ),
    (
        lambda tmp: next(softmax_regression_epochs([[1.0]], [0], 0.1, {"W": W, "b": B})),
        InvalidValue,
        "`W` must have shape (classes, n=1). Received: (2, 2). Word vectors have n=1.",
    ),
    (
        lambda tmp: predict(X, Y[:1], W, B, VECTORS),
        InvalidValue,
        "`Y` must have one label for each of the 4 sentences of `X`. Received: 1.",
    ),
    (
        lambda tmp: predict_probabilities(X, W, B[:1], VECTORS),
        InvalidValue,
        "`b` must have shape (classes=2,). Received: (1,). `W` of shape (2, 2) sets classes=2.",
    ),
    (
        lambda tmp: sentences_to_indices(["i", " "], INDEX, 2),
        InvalidValue,
        "`X[1]` must hold at least one word. Received: ' '.",
    ),
    (
        lambda tmp: pretrained_embedding_layer(VECTORS, {}),
        InvalidValue,
        "`word_to_index` must hold at least one word. Received: none.",
    ),
]
test_complaints = complaints_test(COMPLAINTS)
