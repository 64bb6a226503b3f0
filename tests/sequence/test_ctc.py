import itertools

import keras
import numpy as np
import pytest

from dlspec.sequence.ctc import (
    SpeechRecognizer,
    ctc_beam_decode,
    ctc_collapse,
    ctc_greedy_decode,
    ctc_loss,
    ctc_posteriors,
    edit_distance,
    label_error_rate,
)
from dlspec.testing import gradient_check
from tests.backends import Call, constant_initialisers, outputs_on
from tests.complaints import complaints_test

SIZES = {"input_shape": [25, 6], "classes": 3, "filters": 4, "units": 3}
STEPS = (25 - 7) // 3 + 1


def random_logits(T, K, seed=0, scale=2.0):
    return np.random.default_rng(seed).normal(scale=scale, size=(T, K))


LOGITS = random_logits(6, 4)

PURE_CALLS = {
    "ctc_collapse": (np.array([0, 1, 1]), 0),
    "ctc_loss": (LOGITS, np.array([1, 2, 2])),
    "ctc_posteriors": (LOGITS, np.array([1, 2, 2])),
    "ctc_greedy_decode": (LOGITS,),
    "ctc_beam_decode": (LOGITS, 3),
    "edit_distance": (np.array([1, 2]), np.array([2])),
    "label_error_rate": ([np.array([1, 2])], [np.array([2])]),
    "SpeechRecognizer": SIZES,
}


# --- A second route: all paths, one by one --------------------------------------------------------


def softmax(logits):
    y = np.exp(logits - logits.max(axis=1, keepdims=True))
    return y / y.sum(axis=1, keepdims=True)


def all_transcripts(logits, blank=0):
    """{transcript: probability}, from every one of the K^T paths."""
    y = softmax(logits)
    found = {}
    for path in itertools.product(range(y.shape[1]), repeat=len(y)):
        transcript = tuple(ctc_collapse(path, blank))
        found[transcript] = found.get(transcript, 0) + np.prod(y[np.arange(len(y)), path])
    return found


@pytest.mark.parametrize("blank", [0, 2])
@pytest.mark.parametrize("scale", [0.0, 2.0])
def test_the_loss_is_that_of_all_paths_together(blank, scale):
    logits = random_logits(5, 3, seed=3, scale=scale)
    transcripts = all_transcripts(logits, blank)
    np.testing.assert_allclose(sum(transcripts.values()), 1)
    for labels, probability in transcripts.items():
        loss, _ = ctc_loss(logits, labels, blank)
        np.testing.assert_allclose(np.exp(-loss), probability, rtol=1e-10)


def test_posteriors_are_shares_of_the_paths():
    logits, labels = random_logits(5, 3, seed=4), [1, 1]
    y = softmax(logits)
    shares = np.zeros((5, 5))
    for path in itertools.product(range(3), repeat=5):
        if ctc_collapse(path, 0) == labels:
            shares[np.arange(5), places(path)] += np.prod(y[np.arange(5), path])
    expected = shares / shares[0].sum()
    np.testing.assert_allclose(ctc_posteriors(logits, labels), expected, rtol=1e-10, atol=1e-15)


def places(path):
    """The place in l' = blank 1 blank 1 blank at every step of a path over {0, 1}."""
    found, place = [], 0
    for before, symbol in zip((0, *path[:-1]), path, strict=True):
        place += symbol != before
        found.append(place)
    return found


# --- Facts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "transcript"),
    [
        ("ttt_h_eee___ ___qqq", "the q"),  # the course's
        ("a_ab_", "aab"),  # both of Graves et al., 2006, section 3.1: B(a-ab-) = B(-aa--abb) = aab
        ("_aa__abb", "aab"),
        ("hhee_ll_lloo", "hello"),
        ("____", ""),
        ("", ""),
    ],
)
def test_repeats_are_merged_before_blanks_are_dropped(path, transcript):
    assert ctc_collapse(path) == transcript
    numbers = [ord(c) if c != "_" else 0 for c in path]
    assert ctc_collapse(numbers, 0) == [ord(c) for c in transcript]


def test_transcripts_that_do_not_fit_are_impossible():
    for labels in ([1, 2, 3], [1, 1]):  # the second needs a blank between
        loss, dlogits = ctc_loss(LOGITS[:2], labels)
        assert loss == np.inf
        assert not dlogits.any()
    assert np.isfinite(ctc_loss(LOGITS[:3], [1, 1])[0])


def test_nothing_said_is_all_blanks():
    y = softmax(LOGITS)
    np.testing.assert_allclose(ctc_loss(LOGITS, [])[0], -np.log(y[:, 0]).sum())


def test_long_sequences_do_not_underflow():
    logits = random_logits(2000, 5)
    loss, dlogits = ctc_loss(logits, [1, 2, 3, 4] * 100)
    assert 1000 < loss < 1e5
    assert np.isfinite(dlogits).all()


def test_a_perfect_network_has_no_loss_and_no_gradient():
    path = [0, 1, 1, 0, 1, 2]
    loss, dlogits = ctc_loss(60.0 * np.eye(3)[path], [1, 1, 2])
    np.testing.assert_allclose(loss, 0, atol=1e-9)
    np.testing.assert_allclose(dlogits, np.zeros((6, 3)), atol=1e-9, strict=True)


def test_posteriors_of_a_step_sum_to_1():
    gamma = ctc_posteriors(random_logits(30, 6), [5, 1, 1, 2])
    np.testing.assert_allclose(gamma.sum(axis=1), np.ones(30))
    assert gamma.min() >= 0


# --- Gradient -------------------------------------------------------------------------------------


@pytest.mark.parametrize("labels", [[1, 2, 2], [3], []])
def test_the_gradient_is_the_numerical_one(labels):
    _, dlogits = ctc_loss(LOGITS, labels)
    cost = lambda p: ctc_loss(p["logits"], labels)[0]  # noqa: E731
    assert gradient_check(cost, {"logits": LOGITS}, {"dlogits": dlogits}) < 1e-7


def keras_losses(logits, labels):
    """Losses of a batch by Keras, labels filled up with 0."""
    most = max(map(len, labels))
    filled = np.array([[*row, *[0] * (most - len(row))] for row in labels], np.int32)
    lengths = np.array(list(map(len, labels)), np.int32), np.full(len(labels), logits.shape[1])
    return keras.ops.ctc_loss(filled, logits.astype(np.float32), *lengths)


BATCH = np.stack([random_logits(9, 5, seed) for seed in range(3)])
TRANSCRIPTS = [[1, 2, 3], [4, 4], [1]]


def test_loss_and_gradient_are_those_of_keras_and_tensorflow():
    import tensorflow as tf

    x = tf.Variable(BATCH, dtype=tf.float32)
    with tf.GradientTape() as tape:
        theirs = keras_losses(BATCH, TRANSCRIPTS)
        by_tensorflow = tf.nn.ctc_loss(
            tf.constant([[1, 2, 3], [4, 4, 0], [1, 0, 0]]),
            x,
            tf.constant([3, 2, 1]),
            tf.constant([9, 9, 9]),
            logits_time_major=False,
            blank_index=0,
        )
    ours = [ctc_loss(b, labels) for b, labels in zip(BATCH, TRANSCRIPTS, strict=True)]
    losses = [loss for loss, _ in ours]
    np.testing.assert_allclose(losses, keras.ops.convert_to_numpy(theirs), rtol=1e-5)
    np.testing.assert_allclose(losses, by_tensorflow.numpy(), rtol=1e-5)
    gradient = tape.gradient(by_tensorflow, x).numpy()
    np.testing.assert_allclose(np.stack([d for _, d in ours]), gradient, atol=1e-5)


# --- Decoders -------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_a_wide_beam_finds_all_transcripts_in_order(seed):
    logits = random_logits(5, 3, seed, scale=1.0)
    exact = all_transcripts(logits)
    found = ctc_beam_decode(logits, beam_width=1000)
    assert {tuple(labels) for labels, _ in found} == set(exact)
    for labels, log_p in found:
        np.testing.assert_allclose(np.exp(log_p), exact[tuple(labels)], rtol=1e-10)
    assert [p for _, p in found] == sorted((p for _, p in found), reverse=True)
    assert tuple(found[0][0]) == max(exact, key=exact.get)


def test_a_beam_beats_the_best_path():
    better = 0
    for seed in range(10):
        logits = random_logits(8, 3, seed, scale=0.5)
        greedy, _ = ctc_greedy_decode(logits)
        (beam, log_p), *_ = ctc_beam_decode(logits, 40)
        assert -ctc_loss(logits, beam)[0] >= log_p - 1e-9  # what it kept is a part of all paths
        assert ctc_loss(logits, beam)[0] <= ctc_loss(logits, greedy)[0] + 1e-9
        better += beam != greedy
    assert better > 2


def test_decoders_find_what_those_of_keras_find():
    logits = np.stack([random_logits(6, 4, seed, scale=1.5) for seed in range(6)])
    lengths = np.full(6, 6)
    ours = [ctc_greedy_decode(x)[0] for x in logits], [ctc_beam_decode(x, 400)[0] for x in logits]
    theirs, _ = keras.ops.ctc_decode(logits.astype(np.float32), lengths, "greedy", mask_index=0)
    assert ours[0] == as_lists(theirs)
    theirs, scores = keras.ops.ctc_decode(
        logits.astype(np.float32), lengths, "beam_search", beam_width=400, mask_index=0
    )
    assert [labels for labels, _ in ours[1]] == as_lists(theirs)
    np.testing.assert_allclose(
        [p for _, p in ours[1]], keras.ops.convert_to_numpy(scores)[:, 0], rtol=1e-4
    )


def as_lists(decoded):
    """The best transcripts of Keras' (1, m, longest), filled up with -1."""
    rows = keras.ops.convert_to_numpy(decoded)[0]
    return [[int(k) for k in row if k >= 0] for row in rows]


# --- Scores ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "edits"),
    [
        ("kitten", "sitting", 3),  # the usual example of Levenshtein's distance
        ("intention", "execution", 5),  # Jurafsky and Martin, chapter 2
        ("", "abc", 3),
        ("abc", "", 3),
        ([1, 2, 3], (1, 3), 1),
    ],
)
def test_edit_distances(first, second, edits):
    assert edit_distance(first, second) == edit_distance(second, first) == edits


def test_the_error_rate_counts_all_transcripts_together():
    assert label_error_rate([[1], []], [[1, 2, 3], [4]]) == 3 / 4
    assert label_error_rate([[1, 2]], [[1, 2]]) == 0
    assert label_error_rate([[1, 2, 3]], [[4]]) == 3


# --- The network ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def model():
    random = np.random.default_rng(0)
    with constant_initialisers():
        model = SpeechRecognizer(**SIZES)
    model.set_weights([random.uniform(0.1, 0.6, w.shape) for w in model.get_weights()])
    return model


def answers(model, x):
    return keras.ops.convert_to_numpy(model(x, training=False))


X = np.random.default_rng(1).normal(size=(2, 25, 6)).astype(np.float32)


def test_sizes_of_the_network(model):
    assert model.output_shape == (None, STEPS, 4)
    # Kernels and biases; 4 numbers a filter; both GRUs: 3 gates, two biases; dense.
    expected = (7 * 6 * 4 + 4) + 4 * 4 + 2 * 3 * (4 * 3 + 3 * 3 + 2 * 3) + (6 * 4 + 4)
    assert model.count_params() == expected
    with constant_initialisers():
        again = SpeechRecognizer(**SIZES)
    assert [layer.name for layer in again.layers] == [layer.name for layer in model.layers]


def test_it_is_saved_and_loaded(model, tmp_path):
    model.save(tmp_path / "m.keras")
    again = keras.saving.load_model(tmp_path / "m.keras")
    np.testing.assert_array_equal(answers(again, X), answers(model, X))


def test_one_step_moves_every_weight():
    model = SpeechRecognizer(**SIZES)
    before = model.get_weights()
    model.compile("sgd", keras.losses.CTC(), run_eagerly=True)
    loss = model.train_on_batch(X, np.array([[1, 2], [3, 0]]))
    assert np.isfinite(loss)
    assert all((a != b).any() for a, b in zip(before, model.get_weights(), strict=True))


class KerasLoss:
    """Not a network, but called like one by `outputs_on`: Keras' loss on any backend."""

    def set_weights(self, weights):
        pass

    def __call__(self, inputs, training=False):
        labels = [[int(k) for k in row if k] for row in inputs[1]]
        return keras_losses(inputs[0], labels)


def test_network_and_loss_are_the_same_on_jax(model, tmp_path):
    filled = np.array([[1, 2, 3], [4, 4, 0], [1, 0, 0]])
    calls = [
        Call("dlspec.sequence.ctc.SpeechRecognizer", SIZES, model.get_weights(), [X]),
        Call("tests.sequence.test_ctc.KerasLoss", {}, [], [BATCH, filled]),
    ]
    [logits], losses = outputs_on("jax", calls, tmp_path)
    np.testing.assert_allclose(logits, answers(model, X), rtol=1e-4, atol=1e-5)
    expected = [ctc_loss(b, labels)[0] for b, labels in zip(BATCH, TRANSCRIPTS, strict=True)]
    np.testing.assert_allclose(np.ravel(losses), expected, rtol=1e-4)


# --- Complaints -----------------------------------------------------------------------------------


def _network(**changes):
    return SpeechRecognizer(**{**SIZES, **changes})


COMPLAINTS = [
    (
        lambda _: ctc_collapse("aab", "ab"),
        ValueError,
        "`blank` must be one character, as `path` is text. Received: 'ab'.",
    ),
    (
        lambda _: ctc_collapse([1, 2], "_"),
        TypeError,
        "`blank` must be a whole number. Received: '_' (str).",
    ),
    (
        lambda _: ctc_collapse([1, 0.5], 0),
        TypeError,
        "`path[1]` must be a whole number. Received: 0.5 (float).",
    ),
    (
        lambda _: ctc_loss(LOGITS[0], [1]),
        ValueError,
        "`logits` must have shape (T, K). Received: (4,).",
    ),
    (
        lambda _: ctc_loss(LOGITS, [1, 4]),
        ValueError,
        "`labels[1]` must be a class from 0 to 3 other than the blank 0. Received: 4.",
    ),
    (
        lambda _: ctc_loss(LOGITS, [0.5]),
        TypeError,
        "`labels[0]` must be a whole number. Received: 0.5 (float).",
    ),
    (
        lambda _: ctc_loss(LOGITS, [1], blank=4),
        ValueError,
        "`blank` must be a class from 0 to 3. Received: 4.",
    ),
    (
        lambda _: ctc_loss(LOGITS, [1], blank=-1),
        ValueError,
        "`blank` must be at least 0. Received: -1.",
    ),
    (
        lambda _: ctc_posteriors(LOGITS[:3], [1, 1, 1]),
        ValueError,
        "`logits` must have at least 5 steps for these labels. Received: 3. Two equal labels need "
        "a blank between them.",
    ),
    (
        lambda _: ctc_posteriors(LOGITS, [7]),
        ValueError,
        "`labels[0]` must be a class from 0 to 3 other than the blank 0. Received: 7.",
    ),
    (
        lambda _: ctc_greedy_decode([1.0]),
        ValueError,
        "`logits` must have shape (T, K). Received: (1,).",
    ),
    (
        lambda _: ctc_greedy_decode(LOGITS, 9),
        ValueError,
        "`blank` must be a class from 0 to 3. Received: 9.",
    ),
    (
        lambda _: ctc_beam_decode("abc"),
        TypeError,
        "`logits` must be an array of real numbers. Received: str.",
    ),
    (
        lambda _: ctc_beam_decode(LOGITS, blank=9),
        ValueError,
        "`blank` must be a class from 0 to 3. Received: 9.",
    ),
    (
        lambda _: ctc_beam_decode(LOGITS, 0),
        ValueError,
        "`beam_width` must be at least 1. Received: 0.",
    ),
    (
        lambda _: edit_distance("abc", 3),
        TypeError,
        "`second` must be a sequence. Received: int.",
    ),
    (
        lambda _: label_error_rate([[1]], [[1], [2]]),
        ValueError,
        "`found` must have a transcript for each of the 2 in `true`. Received: 1.",
    ),
    (
        lambda _: label_error_rate([[1]], [[]]),
        ValueError,
        "`true` must hold at least one symbol. Received: none.",
    ),
    (
        lambda _: _network(input_shape=7),
        TypeError,
        "`input_shape` must be (T, n). Received: 7 (int).",
    ),
    (
        lambda _: _network(input_shape=(6, 3)),
        ValueError,
        "`input_shape[0]` must be at least 7. Received: 6.",
    ),
    (
        lambda _: _network(input_shape=(None, 0)),
        ValueError,
        "`input_shape[1]` must be at least 1. Received: 0.",
    ),
    (
        lambda _: _network(classes=0),
        ValueError,
        "`classes` must be at least 1. Received: 0.",
    ),
    (
        lambda _: _network(filters=0),
        ValueError,
        "`filters` must be at least 1. Received: 0.",
    ),
    (
        lambda _: _network(dropout_rate=80),
        ValueError,
        "`dropout_rate` must be a fraction in [0, 1]. Received: 80. 80 % is 0.8.",
    ),
    (
        lambda _: _network(dropout_rate=1),
        ValueError,
        "`dropout_rate` must leave some units in, below 1. Received: 1.",
    ),
]
test_complaints = complaints_test(COMPLAINTS)
