"""Losses of word vectors: by loops, with numerical gradients, and a few numbers by hand."""

import heapq

import numpy as np
import pytest

from dlspec.sequence.embedding_losses import (
    cbow_loss,
    glove_loss,
    glove_weights,
    hierarchical_softmax_loss,
    huffman_tree,
    language_model_loss,
    negative_sampling_loss,
    skip_gram_loss,
)
from dlspec.testing import assert_close, gradient_check
from tests.complaints import complaints_test

V, N, H = 7, 4, 5
TREE = huffman_tree([9, 6, 5, 3, 2, 2, 1])

_RANDOM = np.random.default_rng(0)
TWO = {"E": _RANDOM.normal(size=(V, N)), "theta": _RANDOM.normal(size=(V, N))}
NODES = TWO | {"theta": TWO["theta"][:-1]}
BIASED = TWO | {"b": _RANDOM.normal(size=V), "b_context": _RANDOM.normal(size=V)}
MODEL = {
    "E": _RANDOM.normal(size=(V + 1, N)),
    "W1": _RANDOM.normal(size=(H, 3 * N)),
    "b1": _RANDOM.normal(size=H),
    "W2": _RANDOM.normal(size=(V, H)),
    "b2": _RANDOM.normal(size=V),
}
CENTERS, CONTEXTS = np.array([0, 3, 3, 6, 1]), np.array([2, 2, 0, 6, 3])
NEGATIVES = np.array([[1, 1], [4, 2], [5, 6], [0, 0], [3, 1]])
AROUND = np.array([[1, -1], [3, 3], [-1, -1], [6, 2], [0, 5]])
BEFORE = np.array([[7, 7, 1], [7, 1, 3], [1, 3, 3], [0, 6, 6], [2, 5, 4]])
COUNTS = np.array([0.5, 3.0, 250.0, 12.0, 1.0])

PURE_CALLS = {
    "language_model_loss": (MODEL, BEFORE, CONTEXTS),
    "cbow_loss": (TWO, AROUND, CONTEXTS),
    "skip_gram_loss": (TWO, CENTERS, CONTEXTS),
    "huffman_tree": (COUNTS,),
    "hierarchical_softmax_loss": {
        "parameters": NODES,
        "centers": CENTERS,
        "contexts": CONTEXTS,
        "tree": TREE,
    },
    "negative_sampling_loss": (TWO, CENTERS, CONTEXTS, NEGATIVES),
    "glove_weights": (COUNTS,),
    "glove_loss": (BIASED, CENTERS, CONTEXTS, COUNTS),
}


def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()


def sigma(s):
    return 1 / (1 + np.exp(-s))


# --- The tree -------------------------------------------------------------------------------------


def test_the_tree_has_the_least_mean_depth():
    """Against the sum of all joined counts, Huffman's own measure, and against a balanced tree."""
    counts = np.array([50, 20, 10, 9, 5, 3, 1, 1])
    depths = (huffman_tree(counts).turns != 0).sum(axis=1)
    heap, joined = counts.tolist(), 0
    heapq.heapify(heap)
    while len(heap) > 1:
        two = heapq.heappop(heap) + heapq.heappop(heap)
        joined += two
        heapq.heappush(heap, two)
    assert counts @ depths == joined
    assert counts @ depths < 3 * counts.sum()
    assert (np.diff(depths) >= 0).all()
    assert 2.0**-depths @ np.ones(8) == 1  # Kraft: a full binary tree


def test_the_tree_s_probabilities_sum_to_1():
    for center in range(V):
        losses = [
            hierarchical_softmax_loss(NODES, np.array([center]), np.array([t]), TREE)[0]
            for t in range(V)
        ]
        assert np.exp(-np.array(losses)).sum() == pytest.approx(1, abs=1e-12)
    nodes = {n for n, t in zip(TREE.nodes.flat, TREE.turns.flat, strict=True) if t}
    assert nodes == set(range(V - 1))
    assert set(TREE.nodes[:, 0]) == {0}  # all ways begin at the root


# --- Losses and gradients -------------------------------------------------------------------------


def loop_language_model(p):
    losses = []
    for context, target in zip(BEFORE, CONTEXTS, strict=True):
        x = np.concatenate([p["E"][w] for w in context])
        a = np.tanh(p["W1"] @ x + p["b1"])
        losses.append(-np.log(softmax(p["W2"] @ a + p["b2"])[target]))
    return np.mean(losses)


def loop_cbow(p):
    losses = []
    for context, target in zip(AROUND, CONTEXTS, strict=True):
        around = [p["E"][w] for w in context if w >= 0]
        mean = np.mean(around, axis=0) if around else np.zeros(N)
        losses.append(-np.log(softmax(p["theta"] @ mean)[target]))
    return np.mean(losses)


def loop_skip_gram(p):
    pairs = zip(CENTERS, CONTEXTS, strict=True)
    return np.mean([-np.log(softmax(p["theta"] @ p["E"][c])[t]) for c, t in pairs])


def loop_tree(p):
    losses = []
    for c, t in zip(CENTERS, CONTEXTS, strict=True):
        way = [(n, s) for n, s in zip(TREE.nodes[t], TREE.turns[t], strict=True) if s]
        losses.append(-sum(np.log(sigma(s * p["theta"][n] @ p["E"][c])) for n, s in way))
    return np.mean(losses)


def loop_negative_sampling(p):
    losses = []
    for c, t, drawn in zip(CENTERS, CONTEXTS, NEGATIVES, strict=True):
        e = p["E"][c]
        loss = -np.log(sigma(p["theta"][t] @ e))
        losses.append(loss - sum(np.log(sigma(-p["theta"][k] @ e)) for k in drawn))
    return np.mean(losses)


def loop_glove(p):
    total = 0
    for i, j, x in zip(CENTERS, CONTEXTS, COUNTS, strict=True):
        weight = (x / 100) ** 0.75 if x < 100 else 1
        inner = p["theta"][i] @ p["E"][j] + p["b"][i] + p["b_context"][j]
        total += weight * (inner - np.log(x)) ** 2
    return total


LOSSES = {
    "language_model": (loop_language_model, MODEL, language_model_loss, (BEFORE, CONTEXTS)),
    "cbow": (loop_cbow, TWO, cbow_loss, (AROUND, CONTEXTS)),
    "skip_gram": (loop_skip_gram, TWO, skip_gram_loss, (CENTERS, CONTEXTS)),
    "tree": (loop_tree, NODES, hierarchical_softmax_loss, (CENTERS, CONTEXTS, TREE)),
    "negative_sampling": (
        loop_negative_sampling,
        TWO,
        negative_sampling_loss,
        (CENTERS, CONTEXTS, NEGATIVES),
    ),
    "glove": (loop_glove, BIASED, glove_loss, (CENTERS, CONTEXTS, COUNTS)),
}


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_equals_its_loop_and_passes_the_gradient_check(name):
    loop, parameters, fast, batch = LOSSES[name]
    loss, grads = fast(parameters, *batch)
    assert loss == pytest.approx(loop(parameters), rel=1e-12)
    assert set(grads) == {f"d{key}" for key in parameters}
    gradient_check(lambda p: float(loop(p)), parameters, grads)


def test_losses_of_untrained_zeros():
    """All words alike: log V nats; k + 1 coins: (k + 1) log 2."""
    zeros = {name: np.zeros_like(value) for name, value in TWO.items()}
    assert skip_gram_loss(zeros, CENTERS, CONTEXTS)[0] == pytest.approx(np.log(V), rel=1e-14)
    assert cbow_loss(zeros, AROUND, CONTEXTS)[0] == pytest.approx(np.log(V), rel=1e-14)
    loss, _ = negative_sampling_loss(zeros, CENTERS, CONTEXTS, NEGATIVES)
    assert loss == pytest.approx(3 * np.log(2), rel=1e-14)


def test_large_scores_do_not_overflow():
    large = {name: 100 * value for name, value in BIASED.items()}
    for loss, batch in (
        (skip_gram_loss, (CENTERS, CONTEXTS)),
        (negative_sampling_loss, (CENTERS, CONTEXTS, NEGATIVES)),
    ):
        value, grads = loss(large, *batch)
        assert np.isfinite(value)
        assert all(np.isfinite(g).all() for g in grads.values())


def test_glove_weights_by_hand():
    """(6.25 / 100)^(3/4) = 1/8; above 100 all weigh 1; what never meets weighs nothing."""
    assert_close(glove_weights([0, 6.25, 100, 1e6]), [0, 0.125, 1, 1], rtol=1e-14)
    assert_close(glove_weights([4.0], x_max=16, exponent=0.5), [0.5], rtol=1e-14)


# --- Complaints -----------------------------------------------------------------------------------

SHORT = CENTERS[:3]

COMPLAINTS = [
    (
        lambda f: language_model_loss(TWO, BEFORE, CONTEXTS),
        ValueError,
        "`parameters` must have the keys E, W1, b1, W2, b2. Received: E, theta. Missing: W1, b1, "
        "W2, b2.",
    ),
    (
        lambda f: language_model_loss(MODEL, BEFORE + 1, CONTEXTS),
        ValueError,
        "`contexts` must hold word numbers from 0 to 7. Received: 8.",
    ),
    (
        lambda f: language_model_loss(MODEL, BEFORE, CONTEXTS + 1),
        ValueError,
        "`targets` must hold word numbers from 0 to 6. Received: 7.",
    ),
    (
        lambda f: language_model_loss(MODEL, BEFORE[:, 1:], CONTEXTS),
        ValueError,
        "`parameters['W1']` must have k n columns for k words of n numbers. Received: 12 for 2 "
        "of 4.",
    ),
    (
        lambda f: cbow_loss({**TWO, "theta": TWO["theta"][1:]}, AROUND, CONTEXTS),
        ValueError,
        "`parameters['theta']` must have shape (V=7, n=4). Received: (6, 4).",
    ),
    (
        lambda f: cbow_loss(TWO, AROUND - 1, CONTEXTS),
        ValueError,
        "`contexts` must hold word numbers from -1 to 6. Received: -2.",
    ),
    (
        lambda f: cbow_loss(TWO, AROUND, SHORT),
        ValueError,
        "`targets` must have shape (m=5,). Received: (3,).",
    ),
    (
        lambda f: skip_gram_loss([1], CENTERS, CONTEXTS),
        TypeError,
        "`parameters` must be a dictionary. Received: list.",
    ),
    (
        lambda f: skip_gram_loss(TWO, CENTERS * 1.0, CONTEXTS),
        TypeError,
        "`centers` must hold word numbers. Received: dtype float64.",
    ),
    (
        lambda f: skip_gram_loss(TWO, CENTERS, SHORT),
        ValueError,
        "`contexts` must have shape (m=5,). Received: (3,).",
    ),
    (lambda f: huffman_tree([0, 1]), ValueError, "`counts` must be above 0. Received: 0."),
    (lambda f: huffman_tree([1]), ValueError, "`counts` must name at least 2 words. Received: 1."),
    (
        lambda f: hierarchical_softmax_loss({}, CENTERS, CONTEXTS, TREE),
        ValueError,
        "`parameters` must have the keys E, theta. Received: an empty dictionary. Missing: E, "
        "theta.",
    ),
    (
        lambda f: hierarchical_softmax_loss(TWO, CENTERS, CONTEXTS, TREE),
        ValueError,
        "`parameters['theta']` must have V - 1 = 6 rows, and `tree` V = 7 ways. Received: 7 and 7.",
    ),
    (
        lambda f: hierarchical_softmax_loss(NODES, CENTERS + 9, CONTEXTS, TREE),
        ValueError,
        "`centers` must hold word numbers from 0 to 6. Received: 9.",
    ),
    (
        lambda f: hierarchical_softmax_loss(NODES, CENTERS, SHORT, TREE),
        ValueError,
        "`contexts` must have shape (m=5,). Received: (3,).",
    ),
    (
        lambda f: negative_sampling_loss({}, CENTERS, CONTEXTS, NEGATIVES),
        ValueError,
        "`parameters` must have the keys E, theta. Received: an empty dictionary. Missing: E, "
        "theta.",
    ),
    (
        lambda f: negative_sampling_loss(TWO, [], CONTEXTS, NEGATIVES),
        TypeError,
        "`centers` must hold word numbers. Received: dtype float64.",
    ),
    (
        lambda f: negative_sampling_loss(TWO, CENTERS, SHORT, NEGATIVES),
        ValueError,
        "`contexts` must have shape (m=5,). Received: (3,).",
    ),
    (
        lambda f: negative_sampling_loss(TWO, CENTERS, CONTEXTS, NEGATIVES[:, 0]),
        ValueError,
        "`negatives` must have shape (m=5, k). Received: (5,).",
    ),
    (
        lambda f: glove_weights("x"),
        TypeError,
        "`counts` must be an array of real numbers. Received: str.",
    ),
    (
        lambda f: glove_weights([1], x_max=0),
        ValueError,
        "`x_max` must be a positive finite number. Received: 0.",
    ),
    (
        lambda f: glove_loss(TWO, CENTERS, CONTEXTS, COUNTS),
        ValueError,
        "`parameters` must have the keys E, theta, b, b_context. Received: E, theta. Missing: b, "
        "b_context.",
    ),
    (
        lambda f: glove_loss(BIASED, CENTERS - 1, CONTEXTS, COUNTS),
        ValueError,
        "`rows` must hold word numbers from 0 to 6. Received: -1.",
    ),
    (
        lambda f: glove_loss(BIASED, CENTERS, SHORT, COUNTS),
        ValueError,
        "`columns` must have shape (m=5,). Received: (3,).",
    ),
    (
        lambda f: glove_loss(BIASED, CENTERS, CONTEXTS, COUNTS[:2]),
        ValueError,
        "`counts` must have shape (p=5,). Received: (2,). One for each pair.",
    ),
    (
        lambda f: glove_loss(BIASED, CENTERS, CONTEXTS, -COUNTS),
        ValueError,
        "`counts` must be above 0. Received: -250.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
