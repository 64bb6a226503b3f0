"""Learning word vectors: counts by hand, losses by loops, numerical gradients, both fast forms."""

import heapq
import itertools

import numpy as np
import pytest

from dlspec.sequence import embeddings
from dlspec.sequence.embeddings import (
    METHODS,
    Text,
    TrainingOptions,
    build_vocabulary,
    cbow_loss,
    context_windows,
    cooccurrences,
    encode,
    final_vectors,
    glove_epoch,
    glove_epoch_loop,
    glove_loss,
    glove_weights,
    hierarchical_softmax_loss,
    huffman_tree,
    keep_probabilities,
    language_model_loss,
    negative_sampling_epoch,
    negative_sampling_epoch_loop,
    negative_sampling_loss,
    noise_distribution,
    similarity_correlation,
    skip_gram_loss,
    skip_gram_pairs,
    train_word_vectors,
    training_epochs,
)
from dlspec.sequence.word_vectors import WordVectors, cosine_similarity
from dlspec.testing import assert_close, gradient_check
from tests.complaints import complaints_test

V, N, H = 7, 4, 5
CORPUS = ["to be or not to be", "be kind", "not to worry"]
VOCABULARY = build_vocabulary(CORPUS)
TEXT = encode(CORPUS, VOCABULARY)
TREE = huffman_tree([9, 6, 5, 3, 2, 2, 1])

_RANDOM = np.random.default_rng(0)
TWO = {"E": _RANDOM.normal(size=(V, N)), "theta": _RANDOM.normal(size=(V, N))}
NODES = TWO | {"theta": TWO["theta"][:-1]}
BIASED = TWO | {"b": _RANDOM.normal(size=V), "b_context": _RANDOM.normal(size=V)}
STATE = BIASED | {f"squares_{k}": np.full_like(v, 0.5) for k, v in BIASED.items()}
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
NOISE = np.full(V, 1 / V)
SMALL_TEXT = Text(np.array([0, 3, 2, 2, 6, 1]), np.array([0, 0, 0, 1, 1, 1]))
VECTORS = WordVectors([f"w{i}" for i in range(V)], TWO["E"])

PURE_CALLS = {
    "build_vocabulary": (CORPUS,),
    "encode": (CORPUS, VOCABULARY),
    "keep_probabilities": (COUNTS, 0.1),
    "noise_distribution": (COUNTS,),
    "skip_gram_pairs": {"text": SMALL_TEXT, "window": 2},
    "context_windows": {"text": SMALL_TEXT, "window": 2},
    "cooccurrences": {"text": SMALL_TEXT, "window": 2},
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
    "negative_sampling_epoch_loop": {"parameters": TWO, "text": SMALL_TEXT, "noise": NOISE},
    "negative_sampling_epoch": {"parameters": TWO, "text": SMALL_TEXT, "noise": NOISE},
    "glove_epoch_loop": (STATE, CENTERS, CONTEXTS, COUNTS),
    "glove_epoch": (STATE, CENTERS, CONTEXTS, COUNTS),
    "train_word_vectors": (CORPUS,),
    "training_epochs": (CORPUS, "glove"),
    "final_vectors": {"state": STATE, "vocabulary": build_vocabulary(["a b c d e f g"])},
    "similarity_correlation": {
        "judgements": [("w1", "w2", 1.0), ("w1", "w3", 2.0)],
        "word_to_vec_map": VECTORS,
    },
}


def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()


def sigma(s):
    return 1 / (1 + np.exp(-s))


# --- Text -----------------------------------------------------------------------------------------


def test_words_are_counted_and_numbered_by_frequency():
    assert VOCABULARY.words == ("be", "to", "not", "kind", "or", "worry")
    np.testing.assert_array_equal(VOCABULARY.counts, [3, 3, 2, 1, 1, 1])
    assert build_vocabulary(CORPUS, min_count=2).words == ("be", "to", "not")
    split = [text.split() for text in CORPUS]
    assert build_vocabulary(split).words == VOCABULARY.words
    ids, sentences = encode(split, build_vocabulary(CORPUS, 2))
    np.testing.assert_array_equal(ids, [1, 0, 2, 1, 0, 0, 2, 1])
    np.testing.assert_array_equal(sentences, [0, 0, 0, 0, 0, 1, 2, 2])


def pairs_by_hand(text, window):
    for i, j in itertools.product(range(len(text.ids)), repeat=2):
        if i != j and abs(i - j) <= window and text.sentences[i] == text.sentences[j]:
            yield i, j


@pytest.mark.parametrize("window", [1, 2, 9])
def test_pairs_windows_and_counts_position_by_position(window):
    ids = TEXT.ids
    pairs = sorted((ids[i], ids[j]) for i, j in pairs_by_hand(TEXT, window))
    assert sorted(zip(*skip_gram_pairs(TEXT, window), strict=True)) == pairs
    around = context_windows(TEXT, window)
    assert around.shape == (len(ids), 2 * window)
    found = sorted((ids[i], j) for i, row in enumerate(around) for j in row if j >= 0)
    assert found == pairs
    before = context_windows(TEXT, window, before_only=True, filler=99)
    np.testing.assert_array_equal(before, np.where(around < 0, 99, around)[:, :window])
    X = np.zeros((6, 6))
    for i, j in pairs_by_hand(TEXT, window):
        X[ids[i], ids[j]] += 1 / abs(i - j)
    rows, columns, counts = cooccurrences(TEXT, window)
    np.testing.assert_allclose(counts, X[rows, columns], rtol=1e-14)
    assert len(counts) == np.count_nonzero(X)


def test_every_position_may_reach_less_far():
    """Eleven different words: who reaches whom is no longer symmetric."""
    text = Text(np.arange(11) + 20, TEXT.sentences)
    reach = np.array([1, 2, 1, 2, 1, 2, 1, 1, 2, 1, 1])
    found = sorted(zip(*skip_gram_pairs(text, 2, reach), strict=True))
    pairs = [(i + 20, j + 20) for i, j in pairs_by_hand(text, 2) if abs(i - j) <= reach[i]]
    assert found == sorted(pairs)
    assert any((j, i) not in found for i, j in found)


def test_noise_and_subsampling_by_hand():
    """16^(3/4) = 8 and 81^(3/4) = 27; at a threshold of 1/100, a share of 16/97 keeps a quarter."""
    assert_close(noise_distribution([16, 81]), [8 / 35, 27 / 35], rtol=1e-14)
    assert_close(noise_distribution([16, 81], power=0), [0.5, 0.5])
    assert_close(noise_distribution([16, 81], power=1), [16 / 97, 81 / 97], rtol=1e-14)
    assert_close(keep_probabilities([16, 84], 0.01), [0.25, np.sqrt(1 / 84)], rtol=1e-14)
    assert_close(keep_probabilities([1, 999], 0.001), [1, np.sqrt(1 / 999)], rtol=1e-14)


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


# --- The fast forms -------------------------------------------------------------------------------


def test_one_block_is_one_step_down_the_weighted_gradient(monkeypatch):
    """A text of one block: the step is alpha times the gradient of the sum over its pairs.

    Every pair of a position and a word in its reach counts once, and every drawn word as often as
    it was drawn, k / 64 times the number of those pairs.
    """
    text = Text(np.array([0, 3, 2, 2, 6, 1, 3, 3]), np.array([0, 0, 0, 1, 1, 1, 1, 1]))
    weights = []
    original = embeddings._pair_weights

    def kept(*args):
        weights.append(original(*args))
        return weights[-1].copy()

    drawn = []
    draw = embeddings._draw_shared
    monkeypatch.setattr(embeddings, "_pair_weights", kept)
    monkeypatch.setattr(embeddings, "_draw_shared", lambda *a: drawn.append(draw(*a)) or drawn[-1])
    after, loss = negative_sampling_epoch(TWO, text, NOISE, 2, 3, 0.01)
    (weight,), ((negative, _),) = weights, drawn
    words = np.concatenate([[0, 0], text.ids, np.zeros(32 - 8 + 2, int), negative[0]])

    def cost(p):
        total = 0.0
        for i, center in enumerate(text.ids):
            for j, word in enumerate(words):
                sign = 1 if j < 36 else -1
                if weight[0, i, j]:
                    s = sign * p["theta"][word] @ p["E"][center]
                    total -= weight[0, i, j] * np.log(sigma(s))
        return float(total)

    true = weight[0, :8, :36]
    assert weight[0, 8:].sum() == 0
    reach = [max(abs(j - 2 - i) for j in np.flatnonzero(true[i])) for i in range(8)]
    for i, j in itertools.product(range(8), range(8)):
        met = i != j and text.sentences[i] == text.sentences[j] and abs(i - j) <= reach[i]
        assert true[i, j + 2] == met
    assert_close(weight[0, :8, 36:].sum(axis=1), 3 * true.sum(axis=1), rtol=1e-12)
    gradient_check(cost, TWO, {f"d{k}": (TWO[k] - after[k]) / 0.01 for k in TWO}, tolerance=1e-7)
    assert loss == pytest.approx(cost(TWO) / true.sum(), rel=1e-12)


def test_shared_negatives_follow_the_noise():
    random, noise = np.random.default_rng(0), np.array([0.5, 0.3, 0.15, 0.04, 0.01])
    drawn, times = embeddings._draw_shared(noise, 400, random)
    share = np.bincount(drawn.ravel(), times.ravel(), 5) / times.sum()
    assert_close(share, noise, atol=0.002)
    assert_close(times.sum(axis=1), np.full(400, 64.0))
    for words, counts in zip(drawn[:5], times[:5], strict=True):
        written = words[counts > 0]
        assert len(set(written)) == len(written)  # no word is written twice in a block


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
    monkeypatch.setattr(embeddings, "TILE", tile)
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


# --- Training -------------------------------------------------------------------------------------


LEARN = {
    "language_model": {"epochs": 8},
    "cbow": {"epochs": 5},
    "skip_gram": {"epochs": 5},
    "hierarchical_softmax": {"epochs": 5},
    "negative_sampling": {"epochs": 40},
    "glove": {"epochs": 60},
}
ANIMALS = ["cat", "dog", "cow", "pig", "hen"]
METALS = ["iron", "zinc", "lead", "gold", "tin"]


def animals_and_metals():
    random = np.random.default_rng(0)
    verbs = {0: ("eats", "sleeps", "breathes"), 1: ("rusts", "melts", "shines")}
    corpus = []
    for kind in random.integers(0, 2, 500):
        noun = (ANIMALS, METALS)[kind][random.integers(5)]
        first, second = random.choice(verbs[kind], 2)
        corpus.append(["the", str(first), noun, str(second), "here"])
    return corpus


@pytest.mark.parametrize("method", METHODS)
def test_every_method_learns_what_belongs_together(method):
    corpus = animals_and_metals()
    options = TrainingOptions(dimensions=10, window=2, **LEARN[method])
    epochs = list(training_epochs(corpus, method, options))
    losses = [loss for _, loss in epochs]
    assert len(losses) == options.epochs
    assert losses[-1] < 0.95 * losses[0]
    trained = final_vectors(epochs[-1][0], build_vocabulary(corpus))
    nouns = [trained[noun] for noun in ANIMALS + METALS]
    vectors = {n: v - np.mean(nouns, axis=0) for n, v in zip(ANIMALS + METALS, nouns, strict=True)}
    same = [cosine_similarity(vectors[a], vectors[b]) for a in ANIMALS for b in ANIMALS if a < b]
    other = [cosine_similarity(vectors[a], vectors[b]) for a in ANIMALS for b in METALS]
    assert np.mean(same) > np.mean(other) + 0.3


@pytest.mark.parametrize("method", METHODS)
def test_a_training_that_goes_on_is_the_one_that_never_stopped(method):
    options = TrainingOptions(dimensions=3, epochs=3, subsample=0.2, seed=4)
    states = [state for state, _ in training_epochs(CORPUS, method, options)]
    resumed = list(training_epochs(CORPUS, method, options, states[0]))
    assert len(resumed) == 2
    assert_close(resumed[-1][0], states[-1], rtol=0)
    vectors = train_word_vectors(CORPUS, method, dimensions=3, epochs=3, subsample=0.2, seed=4)
    assert vectors.words == list(VOCABULARY.words)
    assert vectors.vectors.dtype == np.float32
    expected = final_vectors(states[-1], VOCABULARY).vectors
    np.testing.assert_array_equal(vectors.vectors, expected, strict=True)
    other = train_word_vectors(CORPUS, method, dimensions=3, epochs=3, subsample=0.2, seed=5)
    assert not np.array_equal(other.vectors, expected)


def test_glove_s_vectors_are_the_mean_of_both_matrices():
    vectors = final_vectors(STATE, build_vocabulary(["a b c d e f g"]))
    assert_close(vectors.vectors, (TWO["E"] + TWO["theta"]).astype(np.float32) / 2, rtol=1e-6)


def test_similarity_in_ranks():
    """scipy's Spearman, ties included."""
    from scipy.stats import spearmanr

    random = np.random.default_rng(5)
    pairs = list(itertools.combinations(VECTORS, 2))
    scores = random.integers(0, 6, len(pairs))
    judgements = [(*pair, float(score)) for pair, score in zip(pairs, scores, strict=True)]
    cosines = [cosine_similarity(VECTORS[a], VECTORS[b]) for a, b in pairs]
    expected = spearmanr(scores, cosines).statistic
    assert similarity_correlation(judgements, VECTORS) == pytest.approx(expected, rel=1e-12)


# --- Complaints -----------------------------------------------------------------------------------

SHORT = CENTERS[:3]


def _train(**options):
    return train_word_vectors(CORPUS, **options)


COMPLAINTS = [
    (
        lambda f: build_vocabulary("to be"),
        TypeError,
        "`corpus` must be a list of sentences. Received: str.",
    ),
    (
        lambda f: build_vocabulary([["to", 1]]),
        TypeError,
        "`corpus[0]` must be a text or a list of words. Received: list.",
    ),
    (
        lambda f: encode(["to be", 3], VOCABULARY),
        TypeError,
        "`corpus[1]` must be a text or a list of words. Received: int.",
    ),
    (
        lambda f: build_vocabulary(CORPUS, 0),
        ValueError,
        "`min_count` must be at least 1. Received: 0.",
    ),
    (
        lambda f: build_vocabulary(CORPUS, 4),
        ValueError,
        "`corpus` must hold at least 2 different words, each 4 times or more. Received: 0.",
    ),
    (
        lambda f: keep_probabilities([[1]]),
        ValueError,
        "`counts` must have shape (V,). Received: (1, 1).",
    ),
    (lambda f: keep_probabilities([1, 0]), ValueError, "`counts` must be above 0. Received: 0."),
    (
        lambda f: keep_probabilities([1, 2], 0),
        ValueError,
        "`threshold` must be in (0, 1]. Received: 0.",
    ),
    (
        lambda f: noise_distribution(["a"]),
        TypeError,
        "`counts` must be an array of real numbers. Received: list of dtype <U1.",
    ),
    (
        lambda f: noise_distribution([1, 2], 2),
        ValueError,
        "`power` must be in [0, 1]. Received: 2.",
    ),
    (
        lambda f: skip_gram_pairs([1, 2], 1),
        TypeError,
        "`text` must be a Text. Received: list. Use encode(corpus, vocabulary).",
    ),
    (lambda f: skip_gram_pairs(TEXT, 0), ValueError, "`window` must be at least 1. Received: 0."),
    (
        lambda f: skip_gram_pairs(TEXT, 1, [1, 1]),
        ValueError,
        "`reach` must have shape (11,). Received: (2,).",
    ),
    (
        lambda f: context_windows(None, 1),
        TypeError,
        "`text` must be a Text. Received: NoneType. Use encode(corpus, vocabulary).",
    ),
    (lambda f: context_windows(TEXT, 0), ValueError, "`window` must be at least 1. Received: 0."),
    (
        lambda f: cooccurrences(None, 1),
        TypeError,
        "`text` must be a Text. Received: NoneType. Use encode(corpus, vocabulary).",
    ),
    (
        lambda f: cooccurrences(TEXT, 0.5),
        TypeError,
        "`window` must be a whole number. Received: 0.5 (float).",
    ),
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
    (
        lambda f: negative_sampling_epoch_loop({}, TEXT, NOISE),
        ValueError,
        "`parameters` must have the keys E, theta. Received: an empty dictionary. Missing: E, "
        "theta.",
    ),
    (
        lambda f: negative_sampling_epoch_loop(TWO, TEXT, NOISE[1:]),
        ValueError,
        "`noise` must have shape (V=7,). Received: (6,). One for each word.",
    ),
    (
        lambda f: negative_sampling_epoch_loop(TWO, TEXT, 2 * NOISE),
        ValueError,
        "`noise` must be probabilities with the sum 1. Received: a sum of 2 and a least of "
        "0.285714.",
    ),
    (
        lambda f: negative_sampling_epoch_loop(TWO, TEXT, NOISE, negatives=0),
        ValueError,
        "`negatives` must be at least 1. Received: 0.",
    ),
    (
        lambda f: negative_sampling_epoch_loop(TWO, TEXT, NOISE, learning_rate=0),
        ValueError,
        "`learning_rate` must be a positive finite number. Received: 0.",
    ),
    (
        lambda f: negative_sampling_epoch_loop(TWO, TEXT, NOISE, seed=-1),
        ValueError,
        "`seed` must be at least 0. Received: -1.",
    ),
    (
        lambda f: negative_sampling_epoch_loop(TWO, TEXT, NOISE, window=0),
        ValueError,
        "`window` must be at least 1. Received: 0.",
    ),
    (
        lambda f: negative_sampling_epoch_loop(TWO, "to be", NOISE),
        TypeError,
        "`text` must be a Text. Received: str. Use encode(corpus, vocabulary).",
    ),
    (
        lambda f: negative_sampling_epoch({}, TEXT, NOISE),
        ValueError,
        "`parameters` must have the keys E, theta. Received: an empty dictionary. Missing: E, "
        "theta.",
    ),
    (
        lambda f: negative_sampling_epoch(TWO, TEXT, NOISE[1:]),
        ValueError,
        "`noise` must have shape (V=7,). Received: (6,). One for each word.",
    ),
    (
        lambda f: negative_sampling_epoch(TWO, TEXT, NOISE, window=0),
        ValueError,
        "`window` must be at least 1. Received: 0.",
    ),
    (
        lambda f: negative_sampling_epoch(TWO, TEXT, NOISE, negatives=0),
        ValueError,
        "`negatives` must be at least 1. Received: 0.",
    ),
    (
        lambda f: negative_sampling_epoch(TWO, TEXT, NOISE, learning_rate=-1),
        ValueError,
        "`learning_rate` must be a positive finite number. Received: -1.",
    ),
    (
        lambda f: negative_sampling_epoch(TWO, TEXT, NOISE, seed=-1),
        ValueError,
        "`seed` must be at least 0. Received: -1.",
    ),
    (
        lambda f: negative_sampling_epoch(TWO, [1], NOISE),
        TypeError,
        "`text` must be a Text. Received: list. Use encode(corpus, vocabulary).",
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
    (
        lambda f: _train(method="word2vec"),
        ValueError,
        "`method` must be a known name. Received: 'word2vec'. Known: language_model, cbow, "
        "skip_gram, hierarchical_softmax, negative_sampling, glove.",
    ),
    (lambda f: _train(dimensions=0), ValueError, "`dimensions` must be at least 1. Received: 0."),
    (lambda f: _train(seed=-1), ValueError, "`seed` must be at least 0. Received: -1."),
    (lambda f: _train(subsample=2), ValueError, "`subsample` must be in [0, 1]. Received: 2."),
    (
        lambda f: _train(learning_rate=0),
        ValueError,
        "`learning_rate` must be a positive finite number. Received: 0.",
    ),
    (
        lambda f: next(training_epochs(CORPUS, "cbow", state={"epoch": 1})),
        ValueError,
        "`state` must come from the same method, corpus and options. Received: E of shape none, "
        "not (6, 50).",
    ),
    (
        lambda f: final_vectors({}, VOCABULARY),
        ValueError,
        "`state` must have the keys E. Received: an empty dictionary. Missing: E.",
    ),
    (
        lambda f: similarity_correlation([], VECTORS),
        ValueError,
        "`judgements` must hold at least 2. Received: 0.",
    ),
    (
        lambda f: similarity_correlation([("w1", "w2", "x"), ("w1", "w2", 1)], VECTORS),
        TypeError,
        "`judgements` must be an array of real numbers. Received: list of dtype <U21.",
    ),
    (
        lambda f: similarity_correlation([("w1", "w2", 1), ("w1", "w3", 1)], VECTORS),
        ValueError,
        "`judgements` must differ. Received: the same for all pairs.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
