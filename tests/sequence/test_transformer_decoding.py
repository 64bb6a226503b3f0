"""Decoding: cached against uncached, by hand against Keras, loop against matrix, bad input."""

import itertools

import keras
import numpy as np
import pytest
from keras import ops

from dlspec.sequence.beam_search import beam_search
from dlspec.sequence.transformer import build_transformer, scaled_dot_product_attention
from dlspec.sequence.transformer_decoding import (
    attention_weights,
    cached_decoder,
    multi_head_attention,
    self_attention_loop,
    translate,
    uncached_decoder,
)
from tests.complaints import complaints_test

SOURCE = np.array([[3, 8, 1, 0, 0], [2, 2, 5, 7, 4], [6, 6, 0, 0, 0]])
TARGET = np.array([[1, 4, 6, 3], [1, 3, 3, 5], [1, 2, 0, 4]])
START, EOS = 1, 2


def small_model():
    made = build_transformer(9, 7, 6, 5, (2, 8, 2, 16))
    random = np.random.default_rng(0)
    made.set_weights([random.normal(size=w.shape) / 1.5 for w in made.get_weights()])
    return made


MODEL = small_model()

PURE_CALLS = {
    "self_attention_loop": (np.eye(3), np.eye(3), np.eye(3), np.eye(3)),
    "multi_head_attention": (
        np.ones((1, 3, 4)),
        np.ones((1, 2, 4)),
        [*[np.ones((4, 1, 4)), np.ones((1, 4))] * 3, np.ones((1, 4, 4)), np.ones(4)],
    ),
    "cached_decoder": (MODEL, SOURCE),
    "uncached_decoder": (MODEL, SOURCE),
    "translate": (MODEL, SOURCE, START, EOS),
    "attention_weights": (MODEL, [SOURCE, TARGET]),
}


# --- Attention by hand ----------------------------------------------------------------------------


def test_the_loop_of_the_lecture_against_the_matrix_form():
    random = np.random.default_rng(0)
    x, W_Q, W_K, W_V = (random.normal(size=s) for s in [(5, 7), (3, 5), (3, 5), (4, 5)])
    A, weights = self_attention_loop(x, W_Q, W_K, W_V)
    rows = [(W @ x).T.astype("float32") for W in (W_Q, W_K, W_V)]
    output, matrix = scaled_dot_product_attention(*rows, None)
    np.testing.assert_allclose(A.T, ops.convert_to_numpy(output), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(weights, ops.convert_to_numpy(matrix), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("masked", [False, True])
def test_heads_by_hand_against_keras_with_its_weights(masked):
    random = np.random.default_rng(1)
    layer = keras.layers.MultiHeadAttention(3, key_dim=4, value_dim=2)
    query, value = (random.normal(size=(2, n, 5)).astype("float32") for n in (6, 7))
    layer(query, value)
    layer.set_weights([random.normal(size=w.shape) for w in layer.get_weights()])
    mask = random.random((2, 6, 7)) < 0.6 if masked else None
    theirs, scores = layer(query, value, attention_mask=mask, return_attention_scores=True)
    ours, weights = multi_head_attention(query, value, layer.get_weights(), mask)
    np.testing.assert_allclose(ours, ops.convert_to_numpy(theirs), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(weights, ops.convert_to_numpy(scores), rtol=1e-4, atol=1e-6)


def test_weights_of_all_layers():
    found = attention_weights(MODEL, [SOURCE, TARGET])
    shapes = {"encoder": (3, 2, 5, 5), "decoder": (3, 2, 4, 4), "cross": (3, 2, 4, 5)}
    assert {name: w.shape for name, w in found.items()} == {
        **{f"encoder_{l}_self_attention": shapes["encoder"] for l in (1, 2)},
        **{f"decoder_{l}_self_attention": shapes["decoder"] for l in (1, 2)},
        **{f"decoder_{l}_cross_attention": shapes["cross"] for l in (1, 2)},
    }
    for name, weights in found.items():
        np.testing.assert_allclose(weights.sum(-1), 1, rtol=1e-5)
        if name.startswith("decoder") and "self" in name:
            np.testing.assert_array_equal(np.triu(weights, 1), 0)
        else:
            np.testing.assert_array_equal(weights[0, ..., 3:], 0)  # padding of sentence 0


# --- Decoding -------------------------------------------------------------------------------------


def test_each_step_by_hand_gives_what_keras_gives_for_the_whole_sentence():
    logits = ops.convert_to_numpy(MODEL([SOURCE, TARGET], training=False)).astype(float)
    expected = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
    step, state = cached_decoder(MODEL, SOURCE)
    for t in range(4):
        log_p, state = step(TARGET[:, t], state)
        np.testing.assert_allclose(log_p, expected[:, t], rtol=1e-4, atol=2e-5)
    assert state["past"][1][0].shape == (3, 4, 2, 4)


@pytest.mark.parametrize("width", [1, 3])
def test_beams_with_a_cache_are_those_without(width):
    found = []
    for decoder in (cached_decoder, uncached_decoder):
        step, state = decoder(MODEL, SOURCE)
        found.append(beam_search(step, (np.full(3, START), state), width, 5, EOS))
    cached, uncached = found
    np.testing.assert_array_equal(cached.tokens, uncached.tokens)
    np.testing.assert_allclose(cached.scores, uncached.scores, rtol=1e-4)
    for ours, row in zip(translate(MODEL, SOURCE, START, EOS, width), cached.best(), strict=True):
        np.testing.assert_array_equal(ours, row[:-1] if row[-1] == EOS else row)


def test_greedy_takes_the_most_probable_token_each_time():
    written = np.full((3, 1), START)
    for _ in range(5):
        logits = ops.convert_to_numpy(MODEL([SOURCE, written], training=False))
        written = np.hstack([written, logits[:, -1:].argmax(-1)])
    for found, row in zip(translate(MODEL, SOURCE, START, EOS), written[:, 1:], strict=True):
        end = row.tolist().index(EOS) if EOS in row else len(row)
        assert found.tolist() == row[:end].tolist()


def test_a_beam_that_holds_everything_finds_the_best_of_all():
    """Sums of log-probabilities over every sentence of at most three tokens."""
    step, state = cached_decoder(MODEL, SOURCE[:1])
    found = beam_search(step, (np.array([START]), state), 7**3, 3, EOS, alpha=0)
    sentences = [s for n in (1, 2, 3) for s in itertools.product(range(7), repeat=n)]
    whole = [s for s in sentences if EOS not in s[:-1] and (len(s) == 3 or s[-1] == EOS)]
    padded = np.zeros((len(whole), 4), int)
    for row, s in zip(padded, whole, strict=True):
        row[: len(s) + 1] = (START, *s)
    source = np.repeat(SOURCE[:1], len(whole), axis=0)
    logits = ops.convert_to_numpy(MODEL([source, padded[:, :-1]], training=False)).astype(float)
    log_p = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
    sums = [sum(log_p[i, t, y] for t, y in enumerate(s)) for i, s in enumerate(whole)]
    assert tuple(found.best()[0]) == whole[int(np.argmax(sums))]
    assert found.log_probabilities[0, 0] == pytest.approx(max(sums), rel=1e-4)


# --- Bad input ------------------------------------------------------------------------------------


def one_too_many(folder):
    step, state = cached_decoder(MODEL, SOURCE)
    for _ in range(6):
        _, state = step(np.array([1, 1, 1]), state)


def loop(*arrays):
    return lambda folder: self_attention_loop(*arrays)


ONES = np.ones((2, 3))

COMPLAINTS = [
    (loop([1, 2], 1, 1, 1), ValueError, "`x` must have shape (n_x, T). Received: (2,)."),
    (
        loop(ONES, np.ones((4, 3)), 1, 1),
        ValueError,
        "`W_Q` must have shape (d_k, n_x=2). Received: (4, 3). `x` of shape (2, 3) sets n_x=2.",
    ),
    (
        loop(ONES, np.ones((4, 2)), np.ones((3, 2)), 1),
        ValueError,
        "`W_K` must have shape (d_k=4, n_x=2). Received: (3, 2). `x` of shape (2, 3) sets n_x=2.",
    ),
    (
        loop(ONES, np.ones((4, 2)), np.ones((4, 2)), np.ones((4, 3))),
        ValueError,
        "`W_V` must have shape (d_v, n_x=2). Received: (4, 3). `x` of shape (2, 3) sets n_x=2.",
    ),
    (
        lambda folder: multi_head_attention(ONES, ONES, [ONES] * 4),
        ValueError,
        "`weights` must be the 8 arrays of a MultiHeadAttention with biases. Received: 4 arrays.",
    ),
    (
        lambda folder: multi_head_attention(np.ones((1, 3, 4)), np.ones((1, 2, 4)), [1] * 8, ONES),
        ValueError,
        "`mask` must have shape (m or 1, n_q or 1, n_v) with (m, n_q, n_v) = (1, 3, 2). "
        "Received: (2, 3).",
    ),
    (
        lambda folder: cached_decoder(keras.Sequential(name="other"), SOURCE),
        ValueError,
        "`model` must come from build_transformer. Received: other.",
    ),
    (
        lambda folder: uncached_decoder(MODEL, SOURCE / 2),
        TypeError,
        "`source` must hold tokens, whole numbers. Received: dtype float64.",
    ),
    (
        lambda folder: uncached_decoder(MODEL, np.ones((1, 7), int)),
        ValueError,
        "`source` must have shape (m, n) with 1 to 6 positions. Received: (1, 7). That is what the "
        "model was built for.",
    ),
    (
        lambda folder: cached_decoder(MODEL, SOURCE + 1),
        ValueError,
        "`source` must hold tokens from 0 to 8. Received: 1 to 9. The vocabulary of the model has "
        "9 tokens.",
    ),
    (
        one_too_many,
        ValueError,
        "`step` must be called for at most 5 tokens. Received: 6. Build the model with a larger "
        "target_length.",
    ),
    (
        lambda folder: translate(MODEL, SOURCE, -1, EOS),
        ValueError,
        "`start` must be at least 0. Received: -1.",
    ),
    (
        lambda folder: translate(MODEL, SOURCE, 7, EOS),
        ValueError,
        "`start` must be at most 6. Received: 7. The vocabulary of the model has 7 tokens.",
    ),
    (
        lambda folder: attention_weights(keras.Sequential(name="other"), SOURCE),
        ValueError,
        "`model` must have layers of attention. Received: other without any.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
