"""Learning word vectors: every method learns, a training goes on where it stopped, ranks."""

import itertools

import numpy as np
import pytest

from dlspec.sequence.embeddings import (
    METHODS,
    TrainingOptions,
    final_vectors,
    similarity_correlation,
    train_word_vectors,
    training_epochs,
)
from dlspec.sequence.word_pairs import build_vocabulary
from dlspec.sequence.word_vectors import WordVectors, cosine_similarity
from dlspec.testing import assert_close
from tests.complaints import complaints_test

V, N = 7, 4
CORPUS = ["to be or not to be", "be kind", "not to worry"]
VOCABULARY = build_vocabulary(CORPUS)

_RANDOM = np.random.default_rng(0)
TWO = {"E": _RANDOM.normal(size=(V, N)), "theta": _RANDOM.normal(size=(V, N))}
BIASED = TWO | {"b": _RANDOM.normal(size=V), "b_context": _RANDOM.normal(size=V)}
STATE = BIASED | {f"squares_{k}": np.full_like(v, 0.5) for k, v in BIASED.items()}
VECTORS = WordVectors([f"w{i}" for i in range(V)], TWO["E"])

PURE_CALLS = {
    "train_word_vectors": (CORPUS,),
    "training_epochs": (CORPUS, "glove"),
    "final_vectors": {"state": STATE, "vocabulary": build_vocabulary(["a b c d e f g"])},
    "similarity_correlation": {
        "judgements": [("w1", "w2", 1.0), ("w1", "w3", 2.0)],
        "word_to_vec_map": VECTORS,
    },
}


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


def _train(**options):
    return train_word_vectors(CORPUS, **options)


COMPLAINTS = [
    (
        lambda f: _train(method="word2vec"),
        ValueError,
        "`method` must be a known name. Received: 'word2vec'. Known: language_model, cbow, "
        "skip_gram, hierarchical_softmax, negative_sampling, glove.",
    ),
    (lambda f: _train(dimensions=0), ValueError, "`dimensions` must be at least 1. Received: 0."),
    (lambda f: _train(seed=-1), ValueError, "`seed` must be at least 0. Received: -1."),
    (lambda f: _train(max_score=0), ValueError, "`max_score` must be in (0, inf]. Received: 0."),
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
