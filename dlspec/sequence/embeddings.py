"""Learning word vectors (course 5, week 2, lectures).

Words used alike come out close together.  Six ways to learn that from plain text, in the order of
the lectures; c is a context word, t the target, e a row of E, theta a row of Theta:

    language_model         p(t | the k words before): a hidden layer and a softmax over V words
    cbow                   p(t | mean e of the words around): a softmax
    skip_gram              p(t | c) = exp(theta_t.e_c) / sum_j exp(theta_j.e_c)
    hierarchical_softmax   p(t | c) = product of sigma(+-theta_node.e_c) down a Huffman tree, so
                           that log2 V nodes are touched, not V, and fewer for frequent words
    negative_sampling      sigma(theta_t.e_c) for a true pair against k words drawn from
                           P(w) ~ f(w)^(3/4)
    glove                  sum_ij f(X_ij) (theta_i.e_j + b_i + b'_j - log X_ij)^2,
                           f(x) = min(1, (x / 100)^(3/4)), X: how often two words meet

`train_word_vectors` learns with any of them.  Its parts stand in three modules, in this order:

    word_pairs           from text to pairs of words that meet
    embedding_losses     the six losses with their gradients by hand, the tree
    embedding_epochs     negative sampling and GloVe, as loops and as fast matrix products

The first four methods take their gradients batch by batch and step with AdaGrad, as GloVe does.

Rows are words: E and Theta are (V, n), where the lecture has one column a word.  After GloVe the
vectors are the mean of e and theta; the notes this package started from average theta with itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from dlspec._complaints import InvalidValue, sentence
from dlspec._validation import (
    check_array,
    check_choice,
    check_count,
    check_interval,
    check_keys,
    check_positive,
)
from dlspec.sequence.embedding_epochs import _glove_epoch, _tiles, negative_sampling_epoch
from dlspec.sequence.embedding_losses import (
    Parameters,
    _cbow_loss,
    _hierarchical_softmax_loss,
    _language_model_loss,
    _skip_gram_loss,
    huffman_tree,
)
from dlspec.sequence.word_pairs import (
    Vocabulary,
    _thin_out,
    build_vocabulary,
    context_windows,
    cooccurrences,
    encode,
    noise_distribution,
    skip_gram_pairs,
)
from dlspec.sequence.word_vectors import WordVectors, cosine_similarity

__all__ = [
    "METHODS",
    "TrainingOptions",
    "final_vectors",
    "similarity_correlation",
    "train_word_vectors",
    "training_epochs",
]

METHODS = (
    "language_model",
    "cbow",
    "skip_gram",
    "hierarchical_softmax",
    "negative_sampling",
    "glove",
)

LEARNING_RATES = {
    "language_model": 0.05,
    "cbow": 0.1,
    "skip_gram": 0.1,
    "hierarchical_softmax": 0.1,
    "negative_sampling": 0.05,
    "glove": 0.1,
}
"""Defaults: the first step of word2vec's falling rate for negative sampling, AdaGrad's else."""

BATCH = 256
"""Examples per step of the first four methods."""

HIDDEN = 64
"""Units of the language model's hidden layer."""


# --- Training -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TrainingOptions:
    """What all six methods share.

    Attributes:
        dimensions: n, numbers in a vector.
        window: words on each side (before, for the language model).
        epochs: passes over the text (over all pairs that meet, for GloVe).
        learning_rate: None for the method's own.
        negatives: k of negative sampling.
        subsample: threshold of frequent-word subsampling, 0 for none.
        min_count: rarer words are left out.
        seed: of all that is drawn.
        max_score: of negative sampling: pairs with scores beyond it take no step.
    """

    dimensions: int = 50
    window: int = 4
    epochs: int = 10
    learning_rate: float | None = None
    negatives: int = 5
    subsample: float = 0.0
    min_count: int = 1
    seed: int = 0
    max_score: float = 6.0

    def __post_init__(self):
        for name in ("dimensions", "window", "epochs", "negatives", "min_count"):
            check_count(name, getattr(self, name))
        check_count("seed", self.seed, minimum=0)
        check_interval("subsample", self.subsample, "[0, 1]")
        check_interval("max_score", self.max_score, "(0, inf]")
        if self.learning_rate is not None:
            check_positive("learning_rate", self.learning_rate)


def train_word_vectors(
    corpus: Sequence[Sequence[str]],
    method: str = "negative_sampling",
    *,
    dimensions: int = 50,
    window: int = 4,
    epochs: int = 10,
    learning_rate: float | None = None,
    negatives: int = 5,
    subsample: float = 0.0,
    min_count: int = 1,
    seed: int = 0,
    max_score: float = 6.0,
) -> WordVectors:
    """Learn word vectors from sentences, by any of the methods of the lectures.

    Args:
        corpus: sentences; each a list of words, or a text whose words are set apart by spaces.
        method: "language_model", "cbow", "skip_gram", "hierarchical_softmax", "negative_sampling"
            or "glove".
        dimensions: n, numbers in a vector.
        window: words on each side (before, for the language model).
        epochs: passes over the text (over all pairs that meet, for GloVe, which needs ten times as
            many and takes less time for each).
        learning_rate: step size; None for the method's own.
        negatives: k of negative sampling.
        subsample: threshold of frequent-word subsampling, 0 for none.
        min_count: rarer words are left out.
        seed: of all that is drawn.
        max_score: of negative sampling: pairs with scores beyond it, either way, take no step, as
            in gensim; inf for the paper's rule, better for a small vocabulary and much text.

    Returns:
        `WordVectors`, the most frequent word first, float32 (V, n).

    Raises:
        TypeError, ValueError: a corpus that is none or too small, an unknown method, an option out
            of its range.

    Example:
        >>> corpus = ["the king rules", "the queen rules", "the dog barks"] * 20
        >>> vectors = train_word_vectors(corpus, "skip_gram", dimensions=4, epochs=20)
        >>> vectors.words[0], vectors.vectors.shape
        ('the', (6, 4))

    Source: course 5, week 2; the papers named at each loss.
    """
    options = TrainingOptions(
        dimensions, window, epochs, learning_rate, negatives, subsample, min_count, seed, max_score
    )
    vocabulary = build_vocabulary(corpus, min_count)
    for state, _ in training_epochs(corpus, method, options):
        pass
    return final_vectors(state, vocabulary)


def training_epochs(
    corpus: Sequence[Sequence[str]],
    method: str,
    options: TrainingOptions | None = None,
    state: Parameters | None = None,
) -> Iterator[tuple[Parameters, float]]:
    """The passes of `train_word_vectors`, one at a time, to follow or to go on with later.

    Args:
        corpus: sentences as for `train_word_vectors`.
        method: one of `METHODS`.
        options: see `TrainingOptions`; None for the defaults.
        state: what an earlier pass yielded, to go on from; None to begin.

    Yields:
        state: {"epoch": passes so far, "E": (V, n), ...}, new arrays each time.
        loss: of the pass: a mean per example in nats; GloVe's J per pair.

    Raises:
        TypeError, ValueError: as `train_word_vectors`; a state of another method or vocabulary.

    Example:
        >>> corpus = ["the king rules", "the queen rules", "the dog barks"] * 20
        >>> options = TrainingOptions(dimensions=4, epochs=5)
        >>> losses = [loss for _, loss in training_epochs(corpus, "cbow", options)]
        >>> len(losses), losses[-1] < losses[0]
        (5, True)

    Source: course 5, week 2.
    """
    method = check_choice("method", method, METHODS)
    options = options or TrainingOptions()
    vocabulary = build_vocabulary(corpus, options.min_count)
    text = encode(corpus, vocabulary)
    start = _initial_state(method, len(vocabulary.words), options)
    state = start if state is None else _check_state(state, start)
    return _training_epochs(method, vocabulary, text, options, state)


def _training_epochs(method, vocabulary, text, options, state):
    rate = options.learning_rate or LEARNING_RATES[method]
    one_pass = {"negative_sampling": _pass_of_negative_sampling, "glove": _pass_of_glove}.get(
        method, _pass_of_batches
    )(method, vocabulary, text, options, rate)
    while int(state["epoch"]) < options.epochs:
        epoch = int(state["epoch"])
        random = np.random.default_rng((options.seed, epoch))
        arrays = {name: value.copy() for name, value in state.items() if name != "epoch"}
        arrays, loss = one_pass(arrays, epoch, random)
        state = {"epoch": epoch + 1, **arrays}
        yield state, loss


def final_vectors(state: Parameters, vocabulary: Vocabulary) -> WordVectors:
    """The word vectors in a state: E, or the mean of E and Theta after GloVe.

    GloVe's two matrices play the same part, so that their mean is the better of the three.

    Args:
        state: as `training_epochs` yields it.
        vocabulary: of the same corpus.

    Returns:
        `WordVectors`, float32 (V, n).

    Raises:
        TypeError, ValueError: no "E", or not one row for each word.

    Example:
        >>> vocabulary = build_vocabulary(["up down"])
        >>> final_vectors({"E": np.eye(2)}, vocabulary)["up"]
        array([0., 1.])

    Source: course 5, week 2; Pennington, Socher and Manning, "GloVe", 2014, section 4.2.
    """
    E = check_keys("state", state, {"E": ("V", "n")})["E"][: len(vocabulary.words)]
    if "b_context" in state:
        E = (E + state["theta"]) / 2
    return WordVectors(vocabulary.words, E.astype(np.float32))


def _initial_state(method, V, options):
    """Small random E, the rest zero or small; AdaGrad's sums of squares start at a little."""
    random, n = np.random.default_rng(options.seed), options.dimensions

    def small(*shape):
        return ((random.random(shape) - 0.5) / n).astype(np.float32)

    def layer(rows, columns):
        return (random.standard_normal((rows, columns)) / np.sqrt(columns)).astype(np.float32)

    zeros = lambda *shape: np.zeros(shape, dtype=np.float32)  # noqa: E731
    if method == "language_model":
        p = {
            "E": 10 * small(V + 1, n),
            "W1": layer(HIDDEN, options.window * n),
            "b1": zeros(HIDDEN),
        }
        p |= {"W2": zeros(V, HIDDEN), "b2": zeros(V)}
    elif method == "glove":
        p = {"E": small(V, n), "theta": small(V, n), "b": zeros(V), "b_context": zeros(V)}
    elif method == "hierarchical_softmax":
        p = {"E": small(V, n), "theta": zeros(V - 1, n)}
    else:
        p = {"E": small(V, n), "theta": zeros(V, n)}
    if method != "negative_sampling":
        squares = 1.0 if method == "glove" else 1e-6
        p |= {f"squares_{k}": np.full_like(v, squares) for k, v in p.items()}
    return {"epoch": 0, **p}


def _check_state(state, start):
    shapes = {name: np.shape(value) for name, value in start.items()}
    found = {name: np.shape(value) for name, value in state.items()}
    if found != shapes:
        odd = next(k for k in {**shapes, **found} if shapes.get(k) != found.get(k))
        expected = "come from the same method, corpus and options"
        received = f"{odd} of shape {found.get(odd, 'none')}, not {shapes.get(odd, 'none')}"
        raise InvalidValue(sentence("state", expected, received))
    return state


def _pass_of_negative_sampling(method, vocabulary, text, options, rate):
    noise = noise_distribution(vocabulary.counts)

    def one_pass(arrays, epoch, random):
        """The rate falls in a straight line over all passes, as word2vec's does."""
        thinned = _thin_out(text, vocabulary.counts, options.subsample, random)
        falling = rate * np.maximum(1 - np.array([epoch, epoch + 1]) / options.epochs, 1e-4)
        seed = int(random.integers(2**31))
        return negative_sampling_epoch(
            arrays,
            thinned,
            noise,
            options.window,
            options.negatives,
            tuple(falling.tolist()),
            seed,
            options.max_score,
        )

    return one_pass


def _pass_of_glove(method, vocabulary, text, options, rate):
    random = np.random.default_rng(options.seed)
    thinned = _thin_out(text, vocabulary.counts, options.subsample, random)
    pairs = cooccurrences(thinned, options.window)
    tiles = _tiles(*pairs, np.float32)

    def one_pass(arrays, epoch, random):
        arrays, loss = _glove_epoch(arrays, tiles, rate, random)
        return arrays, loss / len(pairs[0])

    return one_pass


def _pass_of_batches(method, vocabulary, text, options, rate):
    """The methods whose gradient is taken batch by batch, with AdaGrad."""
    tree = huffman_tree(vocabulary.counts) if method == "hierarchical_softmax" else None
    losses = {
        "language_model": _language_model_loss,
        "cbow": _cbow_loss,
        "skip_gram": _skip_gram_loss,
        "hierarchical_softmax": lambda p, x, y: _hierarchical_softmax_loss(p, x, y, tree),
    }

    def one_pass(arrays, epoch, random):
        thinned = _thin_out(text, vocabulary.counts, options.subsample, random)
        x, y = _examples(method, thinned, options.window, len(vocabulary.words), random)
        order, total = random.permutation(len(y)), 0.0
        for batch in np.split(order, range(BATCH, len(y), BATCH)):
            loss, grads = losses[method](arrays, x[batch], y[batch])
            total += loss * len(batch)
            _adagrad(arrays, grads, rate)
        return arrays, total / max(len(y), 1)

    return one_pass


def _examples(method, text, window, V, random):
    """Inputs and targets of a pass."""
    if method == "language_model":
        return context_windows(text, window, before_only=True, filler=V), text.ids
    if method == "cbow":
        contexts = context_windows(text, window)
        some = (contexts >= 0).any(axis=1)
        return contexts[some], text.ids[some]
    return skip_gram_pairs(text, window, random.integers(1, window + 1, len(text.ids)))


def _adagrad(arrays, grads, rate):
    """theta -= alpha g / sqrt(sum of g^2 so far), in place."""
    for name, gradient in grads.items():
        squares = arrays[f"squares_{name[1:]}"]
        squares += gradient * gradient
        arrays[name[1:]] -= arrays[name[1:]].dtype.type(rate) * gradient / np.sqrt(squares)


# --- Evaluation -----------------------------------------------------------------------------------


def similarity_correlation(
    judgements: Sequence[tuple[str, str, float]], word_to_vec_map: WordVectors
) -> float:
    """Spearman's rank correlation of cosine similarities with what people say.

    Args:
        judgements: (word, word, how alike they are on any scale), at least two.
        word_to_vec_map: words and vectors (n,).

    Returns:
        From -1 over 0 (no connection) to 1 (the same order).

    Raises:
        ValueError: an unknown word, fewer than two judgements, or all alike.

    Example:
        >>> vectors = WordVectors(["up", "high", "left"], [[0.0, 1.0], [0.1, 1.0], [-1.0, 0.0]])
        >>> similarity_correlation([("up", "high", 9), ("up", "left", 2)], vectors)
        1.0

    Source: Spearman, 1904; Finkelstein et al., "Placing search in context", 2002 (the test).
    """
    if len(judgements) < 2:
        raise InvalidValue(sentence("judgements", "hold at least 2", len(judgements)))
    wanted = check_array("judgements", [score for *_, score in judgements], ("m",))
    found = []
    for first, second, _ in judgements:
        i, j = word_to_vec_map.rows([first, second])
        u, v = word_to_vec_map.vectors[[i, j]]
        found.append(cosine_similarity(u, v))
    a, b = (_ranks(values) - (len(wanted) - 1) / 2 for values in (wanted, np.array(found)))
    if not a.any() or not b.any():
        raise InvalidValue(sentence("judgements", "differ", "the same for all pairs"))
    return float(a @ b / np.sqrt((a @ a) * (b @ b)))


def _ranks(values):
    """0, 1, ... from the smallest up; equal values share the mean of their ranks."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts + 1) / 2)[place]
