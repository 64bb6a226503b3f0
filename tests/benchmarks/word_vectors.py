"""Course 5: word vectors against gensim, and GloVe against a compiled pair-by-pair loop (numba).

Both are for comparison only: a row says so and is passed over where the package is missing.

Negative sampling is measured twice: how long a pass over a text takes whose sentences are 20 words
long, and how good the vectors are.  For the second both programs learn the same three generated
texts (300,000 words) with the same settings and answer the same questions; the time that takes is
a row too, vocabulary included.  Its sentences are of 7 words, so that fewer pairs are cut out of
products of the same size: ours gains less there.  gensim must have its compiled core, one worker.
"""

import itertools
import tempfile
from functools import cache
from pathlib import Path

import numpy as np

from tests.benchmarks.harness import Missing, Row, Score, needs

WORDS, N = 400_000, 50


@cache
def _vocabulary():
    random = np.random.default_rng(0)
    names = [f"w{i}" for i in range(WORDS)]
    return names, random.standard_normal((WORDS, N), dtype=np.float32)


@cache
def _glove_file():
    """A text file like glove.6B.50d.txt, kept until the process ends; the numbers come again."""
    folder = tempfile.TemporaryDirectory()
    path = Path(folder.name, "glove.50d.txt")
    names, vectors = _vocabulary()
    rows = [" ".join(f"{x:.5f}" for x in row) for row in vectors[:10_000].tolist()]
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(f"{name} {rows[i % len(rows)]}\n" for i, name in enumerate(names))
    return path, folder


def _both_vocabularies():
    from gensim.models import KeyedVectors

    from dlspec.sequence.word_vectors import WordVectors

    names, vectors = _vocabulary()
    theirs = KeyedVectors(N)
    theirs.add_vectors(names, vectors)
    theirs.fill_norms()
    return WordVectors(names, vectors), theirs


def analogies(method, m=1):
    needs("gensim")
    from dlspec.sequence.word_vectors import complete_analogies

    ours, theirs = _both_vocabularies()
    random = np.random.default_rng(1)
    triples = [tuple(f"w{i}" for i in random.integers(0, WORDS, 3)) for _ in range(m)]

    def other():
        return [
            theirs.most_similar(positive=[b, c], negative=[a], topn=1)[0][0] for a, b, c in triples
        ]

    if method == "3cosadd" and complete_analogies(triples, ours, method) != other():
        raise AssertionError("other words were found")
    return lambda: complete_analogies(triples, ours, method), other


def reading(cached):
    needs("gensim")
    from gensim.models import KeyedVectors

    from dlspec.sequence.word_vectors import read_glove_vecs

    path, _ = _glove_file()
    if cached:
        read_glove_vecs(path)  # leaves the binary copy
        read_glove_vecs(path)
    return (
        lambda: read_glove_vecs(path, cache=cached),
        lambda: KeyedVectors.load_word2vec_format(path, no_header=True),
    )


def _zipf_text(V=10_000, words=200_000, length=20):
    random = np.random.default_rng(0)
    shares = 1 / np.arange(1, V + 1)
    return random.choice(V, size=(words // length, length), p=shares / shares.sum())


def _word2vec():
    """gensim's class, which runs a hundred times slower where its compiled core is missing."""
    needs("gensim")
    from gensim.models import Word2Vec, word2vec

    if word2vec.FAST_VERSION < 0:
        raise Missing("gensim's compiled core")
    return Word2Vec


def negative_sampling():
    """One pass over a text of 200,000 words, as many as occur in no order but Zipf's."""
    Word2Vec = _word2vec()
    from dlspec.sequence.embedding_epochs import negative_sampling_epoch
    from dlspec.sequence.word_pairs import Text, noise_distribution

    ids = _zipf_text()
    V = int(ids.max()) + 1
    counts = np.bincount(ids.ravel(), minlength=V) + 1
    text = Text(ids.ravel(), np.repeat(np.arange(len(ids)), ids.shape[1]))
    random = np.random.default_rng(0)
    start = {"E": ((random.random((V, N)) - 0.5) / N).astype(np.float32)}
    start["theta"] = np.zeros((V, N), dtype=np.float32)
    noise = noise_distribution(counts)

    sentences = [[f"w{i}" for i in row] for row in ids]
    options = {"window": 5, "negative": 5, "sg": 1, "sample": 0, "min_count": 1, "workers": 1}
    theirs = Word2Vec(vector_size=N, **options)
    theirs.build_vocab(sentences)
    return (
        lambda: negative_sampling_epoch(start, text, noise, 5, 5),
        lambda: theirs.train(sentences, total_examples=len(sentences), epochs=1),
    )


SENTENCES, SEEDS, EPOCHS, WINDOW, NEGATIVES, RATE = 40_000, (1, 2, 3), 5, 5, 5, 0.05


def short_sentences(seed=1):
    """From sentences to vectors: vocabulary, numbers, five passes at a falling rate."""
    Word2Vec = _word2vec()
    from dlspec.datasets import make_corpus
    from dlspec.sequence.embeddings import train_word_vectors
    from dlspec.sequence.word_vectors import WordVectors

    corpus = make_corpus(SENTENCES, seed)
    rates = {"alpha": RATE, "min_alpha": RATE * 1e-4}
    same = {"window": WINDOW, "epochs": EPOCHS, "seed": seed}
    options = {"vector_size": N, "negative": NEGATIVES, "min_count": 1, "sample": 0}

    def other():
        keyed = Word2Vec(corpus, sg=1, workers=1, **same, **rates, **options).wv
        return WordVectors(keyed.index_to_key, keyed.vectors)

    def ours():
        more = {"dimensions": N, "learning_rate": RATE, "negatives": NEGATIVES}
        return train_word_vectors(corpus, "negative_sampling", **same, **more)

    return ours, other


@cache
def _learned_vectors():
    """(ours, gensim's) from three texts."""
    return [tuple(learn() for learn in short_sentences(seed)) for seed in SEEDS]


def held_out_analogies(method):
    """Share of the generated text's own analogies whose last two words never met; a mean."""
    from dlspec.datasets import analogy_questions
    from dlspec.sequence.word_vectors import analogy_accuracy

    questions = [q for asked in analogy_questions().values() for q in asked]
    return _mean_of_both(
        lambda v: analogy_accuracy([q for q in questions if set(q) <= set(v)], v, method)
    )


def similarities():
    """Rank correlation of cosines with 1 for two words that fill one gap, 0 for any two."""
    from dlspec.datasets._everyday import WORDS
    from dlspec.sequence.embeddings import similarity_correlation

    gaps = [tuple(words) for topic in WORDS.values() for words in topic.values()]
    lists = [words for words in dict.fromkeys(gaps) if len(words) > 1]
    judgements = [(a, b, 1) for words in lists for a, b in itertools.pairwise(words)]
    for one, two in itertools.pairwise(lists):
        apart = zip(sorted(set(one) - set(two)), sorted(set(two) - set(one)), strict=False)
        judgements += [(a, b, 0) for a, b in apart]

    def correlation(v):
        return similarity_correlation([j for j in judgements if j[0] in v and j[1] in v], v)

    return _mean_of_both(correlation)


def _mean_of_both(measure):
    scores = [[measure(vectors) for vectors in both] for both in _learned_vectors()]
    return tuple(np.mean(scores, axis=0).tolist())


def glove():
    """One pass over X of the generated text, float32 on both sides."""
    needs("numba")
    import numba

    from dlspec.datasets import make_corpus
    from dlspec.sequence.embedding_epochs import _glove_epoch, _tiles
    from dlspec.sequence.embedding_losses import glove_weights
    from dlspec.sequence.embeddings import TrainingOptions, _initial_state
    from dlspec.sequence.word_pairs import build_vocabulary, cooccurrences, encode

    corpus = make_corpus(300_000)  # two million words fill X; GloVe is for much text
    vocabulary = build_vocabulary(corpus)
    pairs = cooccurrences(encode(corpus, vocabulary), 10)
    V = len(vocabulary.words)
    options = TrainingOptions(dimensions=N)
    state = {k: v for k, v in _initial_state("glove", V, options).items() if k != "epoch"}
    tiles = _tiles(*pairs, np.float32)
    rows, columns = (p.astype(np.int32) for p in pairs[:2])
    weights, logs = glove_weights(pairs[2]).astype(np.float32), np.log(pairs[2])
    logs = logs.astype(np.float32)
    order = np.random.default_rng(0).permutation(len(rows))

    @numba.njit(fastmath=True)
    def passed(E, T, b, c, sE, sT, sb, sc, rows, columns, weights, logs, order, rate):
        for p in order:
            i, j = rows[p], columns[p]
            difference = b[i] + c[j] - logs[p]
            for k in range(E.shape[1]):
                difference += T[i, k] * E[j, k]
            d = np.float32(2) * weights[p] * difference
            for k in range(E.shape[1]):
                de, dt = d * T[i, k], d * E[j, k]
                sE[j, k] += de * de
                sT[i, k] += dt * dt
                E[j, k] -= rate * de / np.sqrt(sE[j, k])
                T[i, k] -= rate * dt / np.sqrt(sT[i, k])
            sb[i] += d * d
            sc[j] += d * d
            b[i] -= rate * d / np.sqrt(sb[i])
            c[j] -= rate * d / np.sqrt(sc[j])

    theirs = {k: v.copy() for k, v in state.items()}
    names = ("E", "theta", "b", "b_context")
    arrays = [theirs[k] for k in names] + [theirs[f"squares_{k}"] for k in names]
    ours = {k: v.copy() for k, v in state.items()}
    random = np.random.default_rng(0)
    return (
        lambda: _glove_epoch(ours, tiles, 0.05, random),
        lambda: passed(*arrays, rows, columns, weights, logs, order, np.float32(0.05)),
    )


GENSIM, WORKER = "gensim most_similar", "gensim, 1 worker"
ROWS = [
    Row("analogy, course, 400k x 50", GENSIM, 1.5, lambda: analogies("course"), 25),
    Row("analogy, 3CosAdd, 400k x 50", GENSIM, 1.0, lambda: analogies("3cosadd"), 25),
    Row("100 analogies, 3CosAdd", GENSIM, 0.15, lambda: analogies("3cosadd", 100), 5, 1),
    Row("GloVe text file, 400k lines", "gensim text load", 0.12, lambda: reading(False), 1, 0),
    Row("the same from our cache", "gensim text load", 0.02, lambda: reading(True), 1, 0),
    Row("negative sampling, a pass", WORKER, 0.4, negative_sampling, 9, 2),
    Row("training, short sentences", WORKER, 1.0, short_sentences, 3, 1),
    Score("analogies, course's score", WORKER, 0.02, lambda: held_out_analogies("course")),
    Score("analogies, 3CosAdd", WORKER, 0.02, lambda: held_out_analogies("3cosadd")),
    Score("similarities, correlation", WORKER, 0.02, similarities),
    Row("GloVe, a pass over X", "numba, pair by pair", 0.25, glove, 15, 2),
]
