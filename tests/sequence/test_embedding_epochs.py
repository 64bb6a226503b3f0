"""One pass, twice: steps down the exact gradient, and both forms learn the same."""

import itertools

import numpy as np
import pytest

from dlspec.sequence import embedding_epochs
from dlspec.sequence.embedding_epochs import (
    glove_epoch,
    glove_epoch_loop,
    negative_sampling_epoch,
    negative_sampling_epoch_loop,
)
from dlspec.sequence.embedding_losses import glove_loss
from dlspec.sequence.word_pairs import Text
from dlspec.testing import assert_close, gradient_check
from tests.complaints import complaints_test

V, N = 7, 4
NOISE = np.full(V, 1 / V)
SMALL_TEXT = Text(np.array([0, 3, 2, 2, 6, 1]), np.array([0, 0, 0, 1, 1, 1]))
CENTERS, CONTEXTS = np.array([0, 3, 3, 6, 1]), np.array([2, 2, 0, 6, 3])
COUNTS = np.array([0.5, 3.0, 250.0, 12.0, 1.0])

_RANDOM = np.random.default_rng(0)
TWO = {"E": _RANDOM.normal(size=(V, N)), "theta": _RANDOM.normal(size=(V, N))}
BIASED = TWO | {"b": _RANDOM.normal(size=V), "b_context": _RANDOM.normal(size=V)}
STATE = BIASED | {f"squares_{k}": np.full_like(v, 0.5) for k, v in BIASED.items()}

PURE_CALLS = {
    "negative_sampling_epoch_loop": {"parameters": TWO, "text": SMALL_TEXT, "noise": NOISE},
    "negative_sampling_epoch": {"parameters": TWO, "text": SMALL_TEXT, "noise": NOISE},
    "glove_epoch_loop": (STATE, CENTERS, CONTEXTS, COUNTS),
    "glove_epoch": (STATE, CENTERS, CONTEXTS, COUNTS),
}


def sigma(s):
    return 1 / (1 + np.exp(-s))


# --- Negative sampling ----------------------------------------------------------------------------


def keep_draws(monkeypatch):
    """Let the fast form note what it draws: (weights (words, 32), negatives (64,)) by block."""
    weights, drawn = [], []

    def note(name, kept):
        original = getattr(embedding_epochs, name)

        def noted(*args):
            result = original(*args)
            kept.extend((result[0] if name == "_draw_shared" else result).copy())
            return result

        monkeypatch.setattr(embedding_epochs, name, noted)

    note("_pair_weights", weights)
    note("_draw_shared", drawn)
    return lambda: list(zip(weights, drawn, strict=True))


def test_one_block_is_one_step_down_the_weighted_gradient(monkeypatch):
    """A text of one block: the step is alpha times the gradient of the sum over its pairs.

    Every pair of a position and a word in its reach counts once, and every drawn word as often as
    it was drawn, k / 64 times the number of those pairs.
    """
    text = Text(np.array([0, 3, 2, 2, 6, 1, 3, 3]), np.array([0, 0, 0, 1, 1, 1, 1, 1]))
    kept = keep_draws(monkeypatch)
    after, loss = negative_sampling_epoch(TWO, text, NOISE, 2, 3, 0.01)
    ((weight, negative),) = kept()
    weight = weight.T  # a row for each position
    words = np.concatenate([[0, 0], text.ids, np.zeros(32 - 8 + 2, int), negative])

    def cost(p):
        total = 0.0
        for i, center in enumerate(text.ids):
            for j, word in enumerate(words):
                sign = 1 if j < 36 else -1
                if weight[i, j]:
                    s = sign * p["theta"][word] @ p["E"][center]
                    total -= weight[i, j] * np.log(sigma(s))
        return float(total)

    true = weight[:8, :36]
    assert weight[8:].sum() == 0
    reach = [max(abs(j - 2 - i) for j in np.flatnonzero(true[i])) for i in range(8)]
    for i, j in itertools.product(range(8), range(8)):
        met = i != j and text.sentences[i] == text.sentences[j] and abs(i - j) <= reach[i]
        assert true[i, j + 2] == met
    assert_close(weight[:8, 36:].sum(axis=1), 3 * true.sum(axis=1), rtol=1e-12)
    gradient_check(cost, TWO, {f"d{k}": (TWO[k] - after[k]) / 0.01 for k in TWO}, tolerance=1e-7)
    assert loss == pytest.approx(cost(TWO) / true.sum(), rel=1e-12)


@pytest.mark.parametrize(
    ("rate", "max_score"), [(0.01, 6.0), (0.5, 6.0), (0.5, 0.4), (0.5, np.inf)]
)
def test_block_after_block_as_written_down(rate, max_score, monkeypatch):
    """The same blocks with their pairs added one by one, the sums of frequent words limited."""
    monkeypatch.setattr(embedding_epochs, "BLOCKS", 2)
    random, window = np.random.default_rng(3), 3
    text = Text(random.integers(0, V, 150), np.arange(150) // 11)
    kept = keep_draws(monkeypatch)
    after, _ = negative_sampling_epoch(TWO, text, NOISE, window, 2, rate, 0, max_score)
    E, theta = TWO["E"].copy(), TWO["theta"].copy()
    padded = np.concatenate([np.zeros(3, int), text.ids, np.zeros(13, int)])
    blocks, shortened = kept(), 0
    assert len(blocks) == 5
    for b, (weight, negative) in enumerate(blocks):
        near = padded[32 * b : 32 * b + 38]
        center, words = near[3:-3], np.concatenate([near, negative])
        labels = np.arange(len(words)) < 38
        scores = theta[words] @ E[center].T
        g = weight * (labels[:, None] - sigma(scores)) * (abs(scores) < max_score)
        changes = {"E": np.zeros_like(E), "near": np.zeros_like(E), "far": np.zeros_like(E)}
        sums = {name: np.zeros(V) for name in changes}
        for name, ids, part, weights in (
            ("E", center, g.T @ theta[words], weight.sum(axis=0)),
            ("near", near, g[:38] @ E[center], weight[:38].sum(axis=1)),
            ("far", negative, g[38:] @ E[center], weight[38:].sum(axis=1)),
        ):
            np.add.at(changes[name], ids, part)
            np.add.at(sums[name], ids, weights)
            share = np.minimum(1, 4 / np.maximum(rate * sums[name], 1e-9))
            changes[name] *= rate * share[:, None]
            shortened += (share < 1).sum()
        E += changes["E"]
        theta += changes["near"] + changes["far"]
    assert (shortened > 0) == (rate > 0.1)
    assert_close(after["E"], E, rtol=1e-10)
    assert_close(after["theta"], theta, rtol=1e-10)


@pytest.mark.parametrize("score", [6.0, -6.0])
def test_pairs_with_a_score_beyond_6_take_no_step(score):
    """gensim's rule, in both forms; a little nearer to 0 all words move."""
    text, moved = Text(np.arange(4), np.zeros(4, int)), []
    for share in (1.001, 0.999):
        start = {"E": np.full((4, 2), 1.5), "theta": np.full((4, 2), share * score / 3)}
        slow = negative_sampling_epoch_loop(start, text, np.full(4, 0.25), 3, 2, 1e-6)
        fast, _ = negative_sampling_epoch(start, text, np.full(4, 0.25), 3, 2, 1e-6)
        moved.append([(after["theta"] != start["theta"]).all() for after in (slow, fast)])
        if share > 1:
            assert_close(slow["theta"], start["theta"], rtol=0)
            assert_close(fast["theta"], start["theta"], rtol=0)
    assert moved == [[False, False], [True, True]]


def test_a_text_without_words_changes_nothing():
    nothing = Text(np.zeros(0, int), np.zeros(0, int))
    after, loss = negative_sampling_epoch(TWO, nothing, NOISE)
    slow = negative_sampling_epoch_loop(TWO, nothing, NOISE)
    assert loss == 0.0
    for name, value in TWO.items():
        assert_close(after[name], value, rtol=0)
        assert_close(slow[name], value, rtol=0)


def test_shared_negatives_follow_the_noise():
    random, noise = np.random.default_rng(0), np.array([0.5, 0.3, 0.15, 0.04, 0.01])
    drawn, times = embedding_epochs._draw_shared(np.cumsum(noise), 400, random)
    share = np.bincount(drawn.ravel(), times.ravel(), 5) / times.sum()
    assert_close(share, noise, atol=0.002)
    assert_close(times.sum(axis=1), np.full(400, 64.0))
    for words, counts in zip(drawn[:5], times[:5], strict=True):
        written = words[counts > 0]
        assert len(set(written)) == len(written)  # no word is written twice in a block


def test_shared_negatives_of_many_blocks_leave_nothing_out():
    """As many equally likely words as draws: each comes once, a block has one of every 64th."""
    blocks, random = 40, np.random.default_rng(0)
    drawn, times = embedding_epochs._draw_shared(np.arange(1, 64 * blocks + 1), blocks, random)
    assert_close(np.sort(drawn.ravel()), np.arange(64 * blocks))
    assert_close(drawn // blocks, np.tile(np.arange(64), (blocks, 1)))
    assert (times == 1).all()
    places = drawn % blocks - (blocks - 1) / 2  # inside their 64th: in no order, each in another
    assert abs(np.corrcoef(places.T)[np.triu_indices(64, 1)]).mean() < 0.2
    assert abs(np.corrcoef(np.arange(blocks), places.mean(axis=1))[0, 1]) < 0.5


def two_kinds_of_words():
    """Ten words that stand among themselves, and ten others."""
    random = np.random.default_rng(0)
    groups = random.integers(0, 2, 300)
    return Text((random.integers(0, 10, (300, 6)) + 10 * groups[:, None]).ravel(),
                np.repeat(np.arange(300), 6))  # fmt: skip


def test_fast_and_slow_negative_sampling_learn_the_same():
    text, noise = two_kinds_of_words(), np.full(20, 0.05)
    random = np.random.default_rng(1)
    start = {"E": random.normal(size=(20, 8)) / 8, "theta": np.zeros((20, 8))}
    slow = negative_sampling_epoch_loop(start, text, noise, 3, 3, 0.05)
    fast, _ = negative_sampling_epoch(start, text, noise, 3, 3, 0.05)
    scores = []
    for p in (slow, fast):
        s = p["E"] @ p["theta"].T
        within = (s[:10, :10].mean() + s[10:, 10:].mean()) / 2
        scores.append(within - (s[:10, 10:].mean() + s[10:, :10].mean()) / 2)
    assert scores[0] > 1
    assert scores[1] == pytest.approx(scores[0], rel=0.2)  # one step sees 64 positions


# --- GloVe ----------------------------------------------------------------------------------------


def test_glove_tiles_equal_one_step_down_the_gradient(monkeypatch):
    """One tile of all pairs: AdaGrad with the gradient of the whole loss."""
    loss, grads = glove_loss(BIASED, CENTERS, CONTEXTS, COUNTS)
    after, found = glove_epoch(STATE, CENTERS, CONTEXTS, COUNTS, 0.1)
    assert found == pytest.approx(loss, rel=1e-12)
    for name, value in BIASED.items():
        squares = 0.5 + grads[f"d{name}"] ** 2
        assert_close(after[f"squares_{name}"], squares, rtol=1e-12)
        assert_close(after[name], value - 0.1 * grads[f"d{name}"] / np.sqrt(squares), rtol=1e-12)


@pytest.mark.parametrize("tile", [2, 3, 256])
def test_glove_s_fast_and_slow_forms_reach_the_same_loss(tile, monkeypatch):
    monkeypatch.setattr(embedding_epochs, "TILE", tile)
    random = np.random.default_rng(2)
    truth = random.normal(size=(V, 3))
    X = np.exp(truth @ truth.T + 1)
    rows, columns = np.nonzero(random.random((V, V)) < 0.8)
    counts, losses = X[rows, columns], {}
    for name, epoch in (("slow", glove_epoch_loop), ("fast", glove_epoch)):
        state = STATE
        for i in range(150):
            state, losses[name] = epoch(state, rows, columns, counts, 0.2, i)
    first = glove_loss(BIASED, rows, columns, counts)[0]
    assert max(losses.values()) < 0.03 * first


# --- Complaints -----------------------------------------------------------------------------------

SHORT = CENTERS[:3]
OTHER_TEXT = Text(np.array([0, V]), np.zeros(2, int))

COMPLAINTS = [
    (
        lambda f: negative_sampling_epoch_loop({}, SMALL_TEXT, NOISE),
        ValueError,
        "`parameters` must have the keys E, theta. Received: an empty dictionary. Missing: E, "
        "theta.",
    ),
    (
        lambda f: negative_sampling_epoch_loop(TWO, SMALL_TEXT, NOISE[1:]),
        ValueError,
        "`noise` must have shape (V=7,). Received: (6,). One for each word.",
    ),
    (
        lambda f: negative_sampling_epoch_loop(TWO, SMALL_TEXT, 2 * NOISE),
        ValueError,
        "`noise` must be probabilities with the sum 1. Received: a sum of 2 and a least of "
        "0.285714.",
    ),
    (
        lambda f: negative_sampling_epoch_loop(TWO, SMALL_TEXT, NOISE, negatives=0),
        ValueError,
        "`negatives` must be at least 1. Received: 0.",
    ),
    (
        lambda f: negative_sampling_epoch_loop(TWO, SMALL_TEXT, NOISE, learning_rate=0),
        ValueError,
        "`learning_rate` must be a positive finite number. Received: 0.",
    ),
    (
        lambda f: negative_sampling_epoch_loop(TWO, SMALL_TEXT, NOISE, seed=-1),
        ValueError,
        "`seed` must be at least 0. Received: -1.",
    ),
    (
        lambda f: negative_sampling_epoch_loop(TWO, SMALL_TEXT, NOISE, max_score=0),
        ValueError,
        "`max_score` must be in (0, inf]. Received: 0.",
    ),
    (
        lambda f: negative_sampling_epoch(TWO, SMALL_TEXT, NOISE, max_score=-6),
        ValueError,
        "`max_score` must be in (0, inf]. Received: -6.",
    ),
    (
        lambda f: negative_sampling_epoch_loop(TWO, SMALL_TEXT, NOISE, window=0),
        ValueError,
        "`window` must be at least 1. Received: 0.",
    ),
    (
        lambda f: negative_sampling_epoch_loop(TWO, "to be", NOISE),
        TypeError,
        "`text` must be a Text. Received: str. Use encode(corpus, vocabulary).",
    ),
    (
        lambda f: negative_sampling_epoch_loop(TWO, OTHER_TEXT, NOISE),
        ValueError,
        "`text.ids` must hold word numbers from 0 to 6. Received: 7.",
    ),
    (
        lambda f: negative_sampling_epoch({}, SMALL_TEXT, NOISE),
        ValueError,
        "`parameters` must have the keys E, theta. Received: an empty dictionary. Missing: E, "
        "theta.",
    ),
    (
        lambda f: negative_sampling_epoch(TWO, SMALL_TEXT, NOISE[1:]),
        ValueError,
        "`noise` must have shape (V=7,). Received: (6,). One for each word.",
    ),
    (
        lambda f: negative_sampling_epoch(TWO, SMALL_TEXT, NOISE, window=0),
        ValueError,
        "`window` must be at least 1. Received: 0.",
    ),
    (
        lambda f: negative_sampling_epoch(TWO, SMALL_TEXT, NOISE, negatives=0),
        ValueError,
        "`negatives` must be at least 1. Received: 0.",
    ),
    (
        lambda f: negative_sampling_epoch(TWO, SMALL_TEXT, NOISE, learning_rate=-1),
        ValueError,
        "`learning_rate` must be a positive finite number. Received: -1.",
    ),
    (
        lambda f: negative_sampling_epoch(TWO, SMALL_TEXT, NOISE, seed=-1),
        ValueError,
        "`seed` must be at least 0. Received: -1.",
    ),
    (
        lambda f: negative_sampling_epoch(TWO, [1], NOISE),
        TypeError,
        "`text` must be a Text. Received: list. Use encode(corpus, vocabulary).",
    ),
    (
        lambda f: negative_sampling_epoch(TWO, OTHER_TEXT, NOISE),
        ValueError,
        "`text.ids` must hold word numbers from 0 to 6. Received: 7.",
    ),
    (
        lambda f: glove_epoch_loop(BIASED, CENTERS, CONTEXTS, COUNTS),
        ValueError,
        "`state` must have the keys E, theta, b, b_context, squares_E, squares_theta, squares_b, "
        "squares_b_context. Received: E, theta, b, b_context. Missing: squares_E, squares_theta, "
        "squares_b, squares_b_context.",
    ),
    (
        lambda f: glove_epoch(BIASED, CENTERS, CONTEXTS, COUNTS),
        ValueError,
        "`state` must have the keys E, theta, b, b_context, squares_E, squares_theta, squares_b, "
        "squares_b_context. Received: E, theta, b, b_context. Missing: squares_E, squares_theta, "
        "squares_b, squares_b_context.",
    ),
    (
        lambda f: glove_epoch(STATE, CENTERS + 9, CONTEXTS, COUNTS),
        ValueError,
        "`rows` must hold word numbers from 0 to 6. Received: 9.",
    ),
    (
        lambda f: glove_epoch(STATE, CENTERS, SHORT, COUNTS),
        ValueError,
        "`columns` must have shape (m=5,). Received: (3,).",
    ),
    (
        lambda f: glove_epoch(STATE, CENTERS, CONTEXTS, COUNTS[1:]),
        ValueError,
        "`counts` must have shape (p=5,). Received: (4,). One for each pair.",
    ),
    (
        lambda f: glove_epoch(STATE, CENTERS, CONTEXTS, 0 * COUNTS),
        ValueError,
        "`counts` must be above 0. Received: 0.",
    ),
    (
        lambda f: glove_epoch(STATE, CENTERS, CONTEXTS, COUNTS, 0),
        ValueError,
        "`learning_rate` must be a positive finite number. Received: 0.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
