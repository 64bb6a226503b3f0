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

Each loss stands here with its gradient by hand.  `train_word_vectors` learns with any of them.

Negative sampling and GloVe are written twice: pair by pair as their authors' programs go, and as
matrix products over many pairs at once, which is many times faster in NumPy.

Rows are words: E and Theta are (V, n), where the lecture has one column a word; a batch of m
examples is (m, ...).  Losses are means over the batch in nats, GloVe's is the sum above.

The notes this package started from give GloVe's second bias a minus in one place and average theta
with itself in another: above is the paper's loss, and its vectors are the mean of e and theta.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import (
    check_array,
    check_choice,
    check_count,
    check_interval,
    check_keys,
    check_positive,
)
from dlspec.sequence.word_vectors import WordVectors, cosine_similarity

__all__ = [
    "METHODS",
    "HuffmanTree",
    "Text",
    "TrainingOptions",
    "Vocabulary",
    "build_vocabulary",
    "cbow_loss",
    "context_windows",
    "cooccurrences",
    "encode",
    "final_vectors",
    "glove_epoch",
    "glove_epoch_loop",
    "glove_loss",
    "glove_weights",
    "hierarchical_softmax_loss",
    "huffman_tree",
    "keep_probabilities",
    "language_model_loss",
    "negative_sampling_epoch",
    "negative_sampling_epoch_loop",
    "negative_sampling_loss",
    "noise_distribution",
    "similarity_correlation",
    "skip_gram_loss",
    "skip_gram_pairs",
    "train_word_vectors",
    "training_epochs",
]

Parameters = dict[str, np.ndarray]

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

X_MAX, EXPONENT = 100.0, 0.75


# --- Text -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Vocabulary:
    """Words by falling frequency, and how often each occurs.

    Attributes:
        words: V words; of equally frequent ones the alphabetically first comes first.
        counts: (V,) occurrences.
        index: {word: its number}.
    """

    words: tuple[str, ...]
    counts: np.ndarray
    index: dict[str, int]


class Text(NamedTuple):
    """A corpus as one row of word numbers; sentences have numbers too, so that none runs on.

    Attributes:
        ids: (N,) number of the word at every position.
        sentences: (N,) number of the sentence it stands in.
    """

    ids: np.ndarray
    sentences: np.ndarray


def build_vocabulary(corpus: Sequence[Sequence[str]], min_count: int = 1) -> Vocabulary:
    """Count the words of a corpus.

    Args:
        corpus: sentences; each a list of words, or a text whose words are set apart by spaces.
        min_count: words that occur less often are left out, at least 1.

    Returns:
        The vocabulary.

    Raises:
        TypeError: sentences that are neither texts nor lists of words.
        ValueError: fewer than two words are left.

    Example:
        >>> build_vocabulary(["to be or not to be"]).words
        ('be', 'to', 'not', 'or')

    Source: course 5, week 2.
    """
    min_count = check_count("min_count", min_count)
    counter: Counter[str] = Counter()
    for sentence_words in _check_corpus(corpus):
        counter.update(sentence_words)
    kept = sorted((-count, word) for word, count in counter.items() if count >= min_count)
    if len(kept) < 2:
        expected = f"hold at least 2 different words, each {min_count} times or more"
        raise InvalidValue(sentence("corpus", expected, len(kept)))
    words = tuple(word for _, word in kept)
    counts = np.array([-count for count, _ in kept])
    return Vocabulary(words, counts, {word: i for i, word in enumerate(words)})


def encode(corpus: Sequence[Sequence[str]], vocabulary: Vocabulary) -> Text:
    """Turn a corpus into word numbers; words outside the vocabulary are left out.

    Args:
        corpus: sentences as for `build_vocabulary`.
        vocabulary: as `build_vocabulary` returns it.

    Returns:
        ids: (N,) number of the word at every position.
        sentences: (N,) number of the sentence it stands in.

    Raises:
        TypeError: sentences that are neither texts nor lists of words.

    Example:
        >>> corpus = ["to be", "or not to be"]
        >>> encode(corpus, build_vocabulary(corpus))
        Text(ids=array([1, 0, 3, 2, 1, 0]), sentences=array([0, 0, 1, 1, 1, 1]))

    Source: course 5, week 2.
    """
    ids, numbers, index = [], [], vocabulary.index
    for number, words in enumerate(_check_corpus(corpus)):
        known = [index[word] for word in words if word in index]
        ids += known
        numbers += [number] * len(known)
    return Text(np.array(ids, dtype=np.intp), np.array(numbers, dtype=np.intp))


def _check_corpus(corpus):
    """Yield the words of every sentence."""
    if isinstance(corpus, str) or not isinstance(corpus, Sequence):
        received = type(corpus).__name__
        raise InvalidType(sentence("corpus", "be a list of sentences", received))
    for i, words in enumerate(corpus):
        words = words.split() if isinstance(words, str) else words
        if not isinstance(words, Sequence) or not all(isinstance(word, str) for word in words):
            expected = "be a text or a list of words"
            raise InvalidType(sentence(f"corpus[{i}]", expected, type(words).__name__))
        yield words


def keep_probabilities(counts: np.ndarray, threshold: float = 1e-3) -> np.ndarray:
    """Frequent-word subsampling: with which probability each occurrence of a word stays.

    min(1, sqrt(threshold / f)) with the word's share f of the text: "the" and "of" say little about
    their neighbours, and dropping most of them brings the words around closer together.

    Args:
        counts: (V,) occurrences, above 0.
        threshold: share of the text above which words are thinned out, in (0, 1].

    Returns:
        (V,) probabilities.

    Raises:
        TypeError, ValueError: not counts, a threshold outside (0, 1].

    Example:
        >>> keep_probabilities([90, 10], threshold=0.1).round(3)
        array([0.333, 1.   ])

    Source: Mikolov et al., "Distributed representations of words and phrases", 2013, section 2.3
    (word2vec's program keeps a little more: sqrt(threshold / f) + threshold / f).
    """
    counts = _check_counts(counts)
    threshold = check_interval("threshold", threshold, "(0, 1]")
    return np.minimum(1, np.sqrt(threshold / (counts / counts.sum())))


def noise_distribution(counts: np.ndarray, power: float = 0.75) -> np.ndarray:
    """From which negative words are drawn: P(w) = f(w)^(3/4) / sum_j f(w_j)^(3/4).

    Between drawing as often as words occur (power 1) and all alike (power 0).

    Args:
        counts: (V,) occurrences, above 0.
        power: in [0, 1].

    Returns:
        (V,) probabilities, their sum is 1.

    Raises:
        TypeError, ValueError: not counts, a power outside [0, 1].

    Example:
        >>> noise_distribution([16, 1]).round(3)
        array([0.889, 0.111])

    Source: course 5, week 2; Mikolov et al., 2013, section 2.2.
    """
    weights = _check_counts(counts) ** check_interval("power", power, "[0, 1]")
    return weights / weights.sum()


def _check_counts(counts):
    counts = check_array("counts", counts, ("V",))
    if counts.min() <= 0:
        raise InvalidValue(sentence("counts", "be above 0", f"{counts.min():g}"))
    return counts


def _thin_out(text, counts, threshold, random):
    """Drop frequent words at random; their neighbours move together."""
    if not threshold:
        return text
    stays = random.random(len(text.ids)) < keep_probabilities(counts, threshold)[text.ids]
    return Text(text.ids[stays], text.sentences[stays])


def skip_gram_pairs(
    text: Text, window: int, reach: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """All pairs of a word and a word within its window, sentence by sentence.

    Args:
        text: as `encode` returns it.
        window: largest distance, at least 1.
        reach: (N,) distance for every single word in place of `window`, none above it.  word2vec
            draws it from 1 to the window, so that near words count more.

    Returns:
        centers: (m,) word numbers.
        contexts: (m,) word numbers.

    Raises:
        TypeError, ValueError: a text that is none, a window below 1, another number of reaches.

    Example:
        >>> centers, contexts = skip_gram_pairs(Text(np.array([5, 6, 7]), np.zeros(3, int)), 1)
        >>> sorted(zip(centers.tolist(), contexts.tolist()))
        [(5, 6), (6, 5), (6, 7), (7, 6)]

    Source: course 5, week 2; Mikolov et al., "Efficient estimation of word representations", 2013.
    """
    ids, sentences = _check_text(text)
    window = check_count("window", window)
    if reach is None:
        reach = np.full(ids.size, window)
    elif np.shape(reach) != ids.shape:
        raise InvalidValue(sentence("reach", f"have shape {ids.shape}", np.shape(reach)))
    centers, contexts = [], []
    for distance in range(1, window + 1):
        left = np.flatnonzero(sentences[distance:] == sentences[:-distance])
        for here, there in ((left, left + distance), (left + distance, left)):
            reached = reach[here] >= distance
            centers.append(ids[here[reached]])
            contexts.append(ids[there[reached]])
    return np.concatenate(centers), np.concatenate(contexts)


def context_windows(
    text: Text, window: int, *, before_only: bool = False, filler: int = -1
) -> np.ndarray:
    """The words around every position, or the words before it.

    Args:
        text: as `encode` returns it.
        window: words on each side, at least 1.
        before_only: leave out those that follow, as a language model must.
        filler: stands where the sentence has no word.

    Returns:
        (N, 2 window) or (N, window) word numbers, in the order of the text.

    Raises:
        TypeError, ValueError: a text that is none, a window below 1.

    Example:
        >>> context_windows(Text(np.array([5, 6, 7]), np.array([0, 0, 1])), 1)
        array([[-1,  6],
               [ 5, -1],
               [-1, -1]])

    Source: course 5, week 2; Bengio et al., "A neural probabilistic language model", 2003.
    """
    ids, sentences = _check_text(text)
    window = check_count("window", window)
    offsets = [*range(-window, 0), *([] if before_only else range(1, window + 1))]
    columns = np.full((ids.size, len(offsets)), filler)
    for j, offset in enumerate(offsets):
        distance = min(abs(offset), ids.size)
        here, there = slice(distance, None), slice(0, ids.size - distance)
        if offset > 0:
            here, there = there, here
        same = sentences[here] == sentences[there]
        columns[here, j][same] = ids[there][same]
    return columns


def _check_text(text):
    if not isinstance(text, Text):
        advice = "Use encode(corpus, vocabulary)."
        raise InvalidType(sentence("text", "be a Text", type(text).__name__, advice))
    return text


def cooccurrences(text: Text, window: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """How often two words meet within a window, a pair d words apart counting 1/d: GloVe's X.

    Args:
        text: as `encode` returns it.
        window: largest distance, at least 1.

    Returns:
        rows, columns: (p,) word numbers i and j of all pairs with X_ij > 0; X is symmetric.
        counts: (p,) X_ij.

    Raises:
        TypeError, ValueError: a text that is none, a window below 1.

    Example:
        >>> cooccurrences(Text(np.array([0, 1, 0]), np.zeros(3, int)), 2)
        (array([0, 0, 1]), array([0, 1, 0]), array([1., 2., 2.]))

    Source: course 5, week 2; Pennington, Socher and Manning, "GloVe", 2014, section 4.2.
    """
    ids, sentences = _check_text(text)
    V = int(ids.max()) + 1 if ids.size else 1
    keys, weights = [], []
    for distance in range(1, check_count("window", window) + 1):
        together = sentences[distance:] == sentences[:-distance]
        i, j = ids[:-distance][together], ids[distance:][together]
        keys += [i * V + j, j * V + i]
        weights.append(np.full(2 * i.size, 1 / distance))
    pairs, place = np.unique(np.concatenate(keys), return_inverse=True)
    counts = np.bincount(place, np.concatenate(weights), minlength=pairs.size)
    return pairs // V, pairs % V, counts


# --- Losses ---------------------------------------------------------------------------------------


def language_model_loss(
    parameters: Parameters, contexts: np.ndarray, targets: np.ndarray
) -> tuple[float, Parameters]:
    """A neural language model with a fixed window: what is the next word?

        x = (e_1, ..., e_k),   a = tanh(W1 x + b1),   p = softmax(W2 a + b2)

    Args:
        parameters: E (V', n), W1 (h, k n), b1 (h,), W2 (V, h), b2 (V,).
        contexts: (m, k) numbers of the k words before, the nearest last.
        targets: (m,) numbers of the next words.

    Returns:
        loss: mean of -log p(target), in nats.
        grads: "d" and the name of every parameter.

    Raises:
        TypeError, ValueError: a missing parameter, shapes or word numbers that do not fit.

    Example:
        >>> zeros = {"E": np.zeros((3, 2)), "W1": np.zeros((4, 4)), "b1": np.zeros(4)}
        >>> zeros |= {"W2": np.zeros((3, 4)), "b2": np.zeros(3)}
        >>> loss, grads = language_model_loss(zeros, [[0, 1]], [2])
        >>> round(loss, 4)  # log 3: all words alike
        1.0986

    Source: course 5, week 2; Bengio et al., "A neural probabilistic language model", 2003, without
    its direct connections.
    """
    p = _check_parameters(parameters, {"E": "Rn", "W1": "hk", "b1": "h", "W2": "Vh", "b2": "V"})
    contexts = _check_ids("contexts", contexts, len(p["E"]), 2)
    targets = _check_ids("targets", targets, len(p["W2"]), 1, len(contexts))
    if contexts.shape[1] * p["E"].shape[1] != p["W1"].shape[1]:
        expected = "have k n columns for k words of n numbers"
        received = f"{p['W1'].shape[1]} for {contexts.shape[1]} of {p['E'].shape[1]}"
        raise InvalidValue(sentence("parameters['W1']", expected, received))
    return _language_model_loss(p, contexts, targets)


def _language_model_loss(p, contexts, targets):
    x = p["E"][contexts].reshape(len(contexts), -1)
    a = np.tanh(x @ p["W1"].T + p["b1"])
    loss, dz = _cross_entropy(a @ p["W2"].T + p["b2"], targets)
    dh = dz @ p["W2"] * (1 - a * a)
    dx = (dh @ p["W1"]).reshape(-1, p["E"].shape[1])
    return loss, {
        "dE": _sum_rows(contexts.ravel(), dx, len(p["E"])),
        "dW1": dh.T @ x,
        "db1": dh.sum(axis=0),
        "dW2": dz.T @ a,
        "db2": dz.sum(axis=0),
    }


def cbow_loss(
    parameters: Parameters, contexts: np.ndarray, targets: np.ndarray
) -> tuple[float, Parameters]:
    """Continuous bag of words: the mean of the words around predicts the one in the middle.

    Args:
        parameters: E (V, n), theta (V, n).
        contexts: (m, k) word numbers, -1 where there is no word.
        targets: (m,) word numbers.

    Returns:
        loss: mean of -log softmax(Theta mean(e))_target, in nats.
        grads: dE and dtheta.

    Raises:
        TypeError, ValueError: a missing parameter, shapes or word numbers that do not fit.

    Example:
        >>> loss, _ = cbow_loss({"E": np.eye(2), "theta": np.zeros((2, 2))}, [[0, -1]], [1])
        >>> round(loss, 4)
        0.6931

    Source: course 5, week 2; Mikolov et al., "Efficient estimation of word representations", 2013.
    """
    p = _check_parameters(parameters, {"E": "Vn", "theta": "Vn"})
    contexts = _check_ids("contexts", contexts, len(p["E"]), 2, minimum=-1)
    targets = _check_ids("targets", targets, len(p["E"]), 1, len(contexts))
    return _cbow_loss(p, contexts, targets)


def _cbow_loss(p, contexts, targets):
    E, theta = p["E"], p["theta"]
    present = contexts >= 0
    share = (present / np.maximum(present.sum(axis=1, keepdims=True), 1)).astype(E.dtype)
    mean = np.einsum("mk,mkn->mn", share, E[contexts])  # -1 reads the last row, with share 0
    loss, dz = _cross_entropy(mean @ theta.T, targets)
    dmean = dz @ theta
    dE = (share[:, :, None] * dmean[:, None, :])[present]
    return loss, {"dE": _sum_rows(contexts[present], dE, len(E)), "dtheta": dz.T @ mean}


def skip_gram_loss(
    parameters: Parameters, centers: np.ndarray, contexts: np.ndarray
) -> tuple[float, Parameters]:
    """Skip-gram with the full softmax: p(t | c) = exp(theta_t.e_c) / sum_j exp(theta_j.e_c).

    Args:
        parameters: E (V, n), theta (V, n).
        centers: (m,) word numbers c.
        contexts: (m,) word numbers t.

    Returns:
        loss: mean of -log p(t | c), in nats.
        grads: dE and dtheta.

    Raises:
        TypeError, ValueError: a missing parameter, shapes or word numbers that do not fit.

    Example:
        >>> loss, _ = skip_gram_loss({"E": np.eye(2), "theta": np.zeros((2, 2))}, [0], [1])
        >>> round(loss, 4)
        0.6931

    Source: course 5, week 2; Mikolov et al., "Efficient estimation of word representations", 2013.
    """
    p = _check_parameters(parameters, {"E": "Vn", "theta": "Vn"})
    centers = _check_ids("centers", centers, len(p["E"]), 1)
    contexts = _check_ids("contexts", contexts, len(p["E"]), 1, len(centers))
    return _skip_gram_loss(p, centers, contexts)


def _skip_gram_loss(p, centers, contexts):
    e = p["E"][centers]
    loss, dz = _cross_entropy(e @ p["theta"].T, contexts)
    return loss, {"dE": _sum_rows(centers, dz @ p["theta"], len(p["E"])), "dtheta": dz.T @ e}


class HuffmanTree(NamedTuple):
    """The way from the root to every word: frequent words are few turns away.

    Attributes:
        nodes: (V, L) inner nodes on the way, 0 to V - 2; 0 where the way has ended.
        turns: (V, L) 1 for the first branch, -1 for the second, 0 where the way has ended.
    """

    nodes: np.ndarray
    turns: np.ndarray


def huffman_tree(counts: np.ndarray) -> HuffmanTree:
    """Join the two rarest nodes again and again: the binary tree of least mean depth.

    Args:
        counts: (V,) occurrences, above 0, V of at least 2.

    Returns:
        The ways to all words.

    Raises:
        TypeError, ValueError: not counts, fewer than two.

    Example:
        >>> (huffman_tree([5, 1, 1, 1]).turns != 0).sum(axis=1)
        array([1, 3, 3, 2])

    Source: course 5, week 2; Morin and Bengio, 2005; Mikolov et al., 2013, section 2.1; Huffman,
    1952.
    """
    import heapq

    counts = _check_counts(counts)
    V = len(counts)
    if V < 2:
        raise InvalidValue(sentence("counts", "name at least 2 words", V))
    heap = [(count, word) for word, count in enumerate(counts.tolist())]
    heapq.heapify(heap)
    above: dict[int, tuple[int, int]] = {}
    for node in range(V, 2 * V - 1):
        (rarest, first), (next_rarest, second) = heapq.heappop(heap), heapq.heappop(heap)
        above[first], above[second] = (node, 1), (node, -1)
        heapq.heappush(heap, (rarest + next_rarest, node))
    ways = []
    for word in range(V):
        way, node = [], word
        while node in above:
            node, turn = above[node]
            way.append((2 * V - 2 - node, turn))  # the root is node 0
        ways.append(way[::-1])
    L = max(map(len, ways))
    nodes, turns = np.zeros((V, L), dtype=np.intp), np.zeros((V, L))
    for word, way in enumerate(ways):
        nodes[word, : len(way)], turns[word, : len(way)] = zip(*way, strict=True)
    return HuffmanTree(nodes, turns)


def hierarchical_softmax_loss(
    parameters: Parameters, centers: np.ndarray, contexts: np.ndarray, tree: HuffmanTree
) -> tuple[float, Parameters]:
    """Skip-gram down a tree: p(t | c) = product over the way to t of sigma(turn theta_node.e_c).

    Args:
        parameters: E (V, n), theta (V - 1, n) of the inner nodes.
        centers: (m,) word numbers c.
        contexts: (m,) word numbers t.
        tree: as `huffman_tree` returns it.

    Returns:
        loss: mean of -log p(t | c), in nats.
        grads: dE and dtheta.

    Raises:
        TypeError, ValueError: a missing parameter, shapes or word numbers that do not fit.

    Example:
        >>> tree = huffman_tree([2, 1, 1])
        >>> loss, _ = hierarchical_softmax_loss(
        ...     {"E": np.eye(3), "theta": np.zeros((2, 3))}, [0], [1], tree)
        >>> round(loss, 4)  # two turns of probability 1/2
        1.3863

    Source: course 5, week 2; Mikolov et al., "Distributed representations of words and phrases",
    2013, section 2.1.
    """
    p = _check_parameters(parameters, {"E": "Vn", "theta": "Nn"})
    V = len(p["E"])
    if len(p["theta"]) != V - 1 or len(tree.nodes) != V:
        received = f"{len(p['theta'])} and {len(tree.nodes)}"
        expected = f"have V - 1 = {V - 1} rows, and `tree` V = {V} ways"
        raise InvalidValue(sentence("parameters['theta']", expected, received))
    centers = _check_ids("centers", centers, V, 1)
    contexts = _check_ids("contexts", contexts, V, 1, len(centers))
    return _hierarchical_softmax_loss(p, centers, contexts, tree)


def _hierarchical_softmax_loss(p, centers, contexts, tree):
    e, nodes = p["E"][centers], tree.nodes[contexts]
    turns = tree.turns[contexts].astype(e.dtype)
    theta = p["theta"][nodes]
    s = turns * np.einsum("mln,mn->ml", theta, e)
    loss = (np.abs(turns) * _softplus(-s)).sum() / len(e)
    ds = -turns * _sigmoid(-s) / len(e)  # 0 where the way has ended
    dtheta = (ds[:, :, None] * e[:, None, :]).reshape(-1, e.shape[1])
    de = np.einsum("ml,mln->mn", ds, theta)
    return float(loss), {
        "dE": _sum_rows(centers, de, len(p["E"])),
        "dtheta": _sum_rows(nodes.ravel(), dtheta, len(p["theta"])),
    }


def negative_sampling_loss(
    parameters: Parameters, centers: np.ndarray, contexts: np.ndarray, negatives: np.ndarray
) -> tuple[float, Parameters]:
    """Skip-gram with negative sampling: is (c, t) a true pair, are (c, drawn words) not?

        L = -log sigma(theta_t.e_c) - sum_k log sigma(-theta_k.e_c)

    Args:
        parameters: E (V, n), theta (V, n).
        centers: (m,) word numbers c.
        contexts: (m,) word numbers t.
        negatives: (m, k) word numbers, drawn from `noise_distribution`.

    Returns:
        loss: mean of L, in nats.
        grads: dE and dtheta.

    Raises:
        TypeError, ValueError: a missing parameter, shapes or word numbers that do not fit.

    Example:
        >>> zeros = {"E": np.eye(3), "theta": np.zeros((3, 3))}
        >>> loss, _ = negative_sampling_loss(zeros, [0], [1], [[2, 2]])
        >>> round(loss, 4)  # 3 log 2
        2.0794

    Source: course 5, week 2; Mikolov et al., "Distributed representations of words and phrases",
    2013, section 2.2.
    """
    p = _check_parameters(parameters, {"E": "Vn", "theta": "Vn"})
    V = len(p["E"])
    centers = _check_ids("centers", centers, V, 1)
    contexts = _check_ids("contexts", contexts, V, 1, len(centers))
    negatives = _check_ids("negatives", negatives, V, 2, len(centers))
    words = np.concatenate([contexts[:, None], negatives], axis=1)
    signs = np.full(words.shape, -1.0)
    signs[:, 0] = 1
    e, theta = p["E"][centers], p["theta"][words]
    s = signs * np.einsum("mkn,mn->mk", theta, e)
    ds = -signs * _sigmoid(-s) / len(e)
    dtheta = (ds[:, :, None] * e[:, None, :]).reshape(-1, e.shape[1])
    return float(_softplus(-s).sum() / len(e)), {
        "dE": _sum_rows(centers, np.einsum("mk,mkn->mn", ds, theta), V),
        "dtheta": _sum_rows(words.ravel(), dtheta, V),
    }


def glove_weights(
    counts: np.ndarray, x_max: float = X_MAX, exponent: float = EXPONENT
) -> np.ndarray:
    """GloVe's weighting f(x) = min(1, (x / x_max)^exponent): frequent pairs do not rule.

    Args:
        counts: X_ij of any shape, above 0; f(0) = 0.
        x_max: from here on all pairs weigh the same, above 0.
        exponent: above 0.

    Returns:
        Weights of the same shape, from 0 to 1.

    Raises:
        TypeError, ValueError: not numbers, not above 0.

    Example:
        >>> glove_weights([100.0, 6.25]).round(3)
        array([1.   , 0.125])

    Source: course 5, week 2; Pennington, Socher and Manning, "GloVe", 2014, equation 9.
    """
    counts = check_array("counts", counts)
    x_max, exponent = check_positive("x_max", x_max), check_positive("exponent", exponent)
    return np.minimum(1, np.maximum(counts, 0) / x_max) ** exponent


def glove_loss(
    parameters: Parameters, rows: np.ndarray, columns: np.ndarray, counts: np.ndarray
) -> tuple[float, Parameters]:
    """GloVe: inner products meet logarithms of counts.

        J = sum_ij f(X_ij) (theta_i.e_j + b_i + b'_j - log X_ij)^2

    Args:
        parameters: E (V, n), theta (V, n), b (V,), b_context (V,).
        rows: (p,) word numbers i.
        columns: (p,) word numbers j.
        counts: (p,) X_ij, above 0.

    Returns:
        loss: J, a sum.
        grads: dE, dtheta, db, db_context.

    Raises:
        TypeError, ValueError: a missing parameter, shapes or word numbers that do not fit, a count
            that is not above 0.

    Example:
        >>> zeros = {"E": np.zeros((2, 3)), "theta": np.zeros((2, 3))}
        >>> zeros |= {"b": np.zeros(2), "b_context": np.zeros(2)}
        >>> loss, _ = glove_loss(zeros, [0], [1], [100.0])
        >>> round(loss, 4)  # (log 100)^2
        21.2076

    Source: course 5, week 2; Pennington, Socher and Manning, "GloVe", 2014, equation 8.
    """
    p = _check_parameters(parameters, {"E": "Vn", "theta": "Vn", "b": "V", "b_context": "V"})
    V = len(p["E"])
    rows = _check_ids("rows", rows, V, 1)
    columns = _check_ids("columns", columns, V, 1, len(rows))
    counts = check_array("counts", counts, (("p", len(rows)),), because="one for each pair")
    _check_counts(counts)
    theta, e = p["theta"][rows], p["E"][columns]
    difference = (theta * e).sum(axis=1) + p["b"][rows] + p["b_context"][columns] - np.log(counts)
    weighted = glove_weights(counts) * difference
    d = 2 * weighted
    return float(weighted @ difference), {
        "dE": _sum_rows(columns, d[:, None] * theta, V),
        "dtheta": _sum_rows(rows, d[:, None] * e, V),
        "db": np.bincount(rows, d, V),
        "db_context": np.bincount(columns, d, V),
    }


def _cross_entropy(z, targets):
    """Mean of -log softmax(z)_target, and its gradient; z is used up."""
    z -= z.max(axis=1, keepdims=True)
    picked = z[np.arange(len(z)), targets].copy()
    p = np.exp(z, out=z)
    sums = p.sum(axis=1)
    loss = float((np.log(sums) - picked).mean())
    p /= sums[:, None] * len(z)
    p[np.arange(len(z)), targets] -= p.dtype.type(1 / len(z))
    return loss, p


def _sigmoid(s):
    return 0.5 + 0.5 * np.tanh(0.5 * s)


def _softplus(s):
    return np.maximum(s, 0) + np.log1p(np.exp(-np.abs(s)))


def _sum_rows(ids, rows, V):
    """(V, n): the sum of the rows of every id; sorting them first beats adding one by one."""
    total = np.zeros((V, rows.shape[1]), dtype=rows.dtype)
    if ids.size:
        order = np.argsort(ids, kind="stable")
        ordered = ids[order]
        starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
        total[ordered[starts]] = np.add.reduceat(rows[order], starts, axis=0)
    return total


# --- Negative sampling, twice ---------------------------------------------------------------------


def negative_sampling_epoch_loop(
    parameters: Parameters,
    text: Text,
    noise: np.ndarray,
    window: int = 5,
    negatives: int = 5,
    learning_rate: float = 0.025,
    seed: int = 0,
) -> Parameters:
    """One pass of skip-gram with negative sampling, one pair and one step at a time.

    Args:
        parameters: E (V, n), theta (V, n); float32 stays.
        text: as `encode` returns it.
        noise: (V,) probabilities of the negative words.
        window: largest distance; every position draws its own from 1 to this.
        negatives: k words against every pair.
        learning_rate: step size.
        seed: of what is drawn.

    Returns:
        New E and theta.

    Raises:
        TypeError, ValueError: as `negative_sampling_loss` and `skip_gram_pairs`.

    Example:
        >>> text = Text(np.array([0, 1, 0, 1]), np.zeros(4, int))
        >>> start = {"E": np.full((3, 2), 0.1), "theta": np.zeros((3, 2))}
        >>> after = negative_sampling_epoch_loop(start, text, np.array([0.2, 0.2, 0.6]))
        >>> bool(after["theta"][2, 0] < 0)  # drawn, never met
        True

    Source: Mikolov et al., "Distributed representations of words and phrases", 2013, and word2vec.
    """
    p = _check_parameters(parameters, {"E": "Vn", "theta": "Vn"})
    E, theta = p["E"].copy(), p["theta"].copy()
    noise = _check_noise(noise, len(E))
    negatives = check_count("negatives", negatives)
    learning_rate = check_positive("learning_rate", learning_rate)
    random = np.random.default_rng(check_count("seed", seed, minimum=0))
    reach = random.integers(1, check_count("window", window) + 1, len(_check_text(text).ids))
    for c, t in zip(*skip_gram_pairs(text, window, reach), strict=True):
        de = np.zeros_like(E[c])
        for word, label in [(t, 1), *((w, 0) for w in random.choice(len(E), negatives, p=noise))]:
            g = learning_rate * (label - _sigmoid(theta[word] @ E[c]))
            de += g * theta[word]
            theta[word] += g * E[c]
        E[c] += de
    return {"E": E, "theta": theta}


POSITIONS = 32
"""Words of the text whose pairs are taken together: they see each other's old vectors."""

SHARED = 64
"""Negative words that those positions share, each standing for several draws."""

LIMIT = 2.0
"""Largest sum of weights times alpha with which a word moves in one block; see `_take_blocks`."""

BLOCKS = 128
"""Blocks whose masks are made at a time."""


def negative_sampling_epoch(
    parameters: Parameters,
    text: Text,
    noise: np.ndarray,
    window: int = 5,
    negatives: int = 5,
    learning_rate: float | tuple[float, float] = 0.025,
    seed: int = 0,
) -> tuple[Parameters, float]:
    """The same pass as matrix products: 32 positions against their windows and 64 negative words.

    The words of a block of positions, E_b (32, n), meet those of all its windows and of the
    negatives, R (32 + 2 window + 64, n), in one product; a band of weights picks the true pairs:

        G = weights * (labels - sigma(E_b R^T)),   E_b += alpha G R,   R += alpha G^T E_b

    A negative word stands for k pairs / 64 draws.  Words that stand twice in a block get the sum of
    their changes (that is what the small 0/1 matrices `same` do), and every row is written once.

    Args:
        parameters: E (V, n), theta (V, n); float32 stays.
        text: as `encode` returns it.
        noise: (V,) probabilities of the negative words.
        window: largest distance; every position draws its own from 1 to this.
        negatives: k words against every pair.
        learning_rate: step size, or the first and the last of a falling one.
        seed: of what is drawn.

    Returns:
        parameters: new E and theta.
        loss: mean per pair in nats, measured on every 16th block.

    Raises:
        TypeError, ValueError: as `negative_sampling_epoch_loop`.

    Example:
        >>> text = Text(np.array([0, 1, 0, 1]), np.zeros(4, int))
        >>> start = {"E": np.full((3, 2), 0.1), "theta": np.zeros((3, 2))}
        >>> after, loss = negative_sampling_epoch(start, text, np.array([0.2, 0.2, 0.6]))
        >>> round(loss, 4)  # 6 log 2
        4.1589

    Source: Mikolov et al., 2013; shared negatives after Ji et al., "Parallelizing word2vec in
    shared and distributed memory", 2016.
    """
    p = _check_parameters(parameters, {"E": "Vn", "theta": "Vn"})
    noise = _check_noise(noise, len(p["E"]))
    window, negatives = check_count("window", window), check_count("negatives", negatives)
    first, last = learning_rate if isinstance(learning_rate, tuple) else [learning_rate] * 2
    first, last = check_positive("learning_rate", first), check_positive("learning_rate", last)
    random = np.random.default_rng(check_count("seed", seed, minimum=0))
    E, theta = p["E"].copy(), p["theta"].copy()
    words, sentences = _in_blocks(_check_text(text), window)
    total, pairs = 0.0, 0.0
    starts = range(0, len(words), BLOCKS)
    for i, start in enumerate(starts):
        rate = E.dtype.type(first + (last - first) * i / len(starts))
        chunk = slice(start, start + BLOCKS)
        drawn, times = _draw_shared(noise, len(words[chunk]), random)
        weights = _pair_weights(sentences[chunk], times, window, negatives, E.dtype, random)
        part = _take_blocks(E, theta, words[chunk], drawn, weights, rate, window)
        total, pairs = total + part[0], pairs + part[1]
    return {"E": E, "theta": theta}, float(total / pairs) if pairs else 0.0


def _in_blocks(text, window):
    """Word and sentence numbers of every block and its surroundings, (blocks, 32 + 2 window)."""
    N = len(text.ids)
    filled = -(-N // POSITIONS) * POSITIONS
    ids = np.zeros(filled + 2 * window, dtype=np.intp)
    sentences = -1 - np.arange(ids.size)  # what fills up belongs to no sentence
    ids[window : window + N], sentences[window : window + N] = text
    views = (
        np.lib.stride_tricks.sliding_window_view(values, POSITIONS + 2 * window)[::POSITIONS]
        for values in (ids, sentences)
    )
    return tuple(views)


def _draw_shared(noise, blocks, random):
    """64 words for each block, one from each 64th of the distribution, and how often each counts.

    A word drawn several times in a block stands there with all its draws at its last place, and
    with none at the others.
    """
    cumulated = np.cumsum(noise)
    places = (np.arange(SHARED) + random.random((blocks, SHARED))) / SHARED * cumulated[-1]
    drawn = np.searchsorted(cumulated, places, side="right").clip(max=len(noise) - 1)
    is_last = np.ones((blocks, SHARED), dtype=bool)
    is_last[:, :-1] = drawn[:, 1:] != drawn[:, :-1]
    lasts = np.flatnonzero(is_last)
    times = np.zeros(drawn.size)
    times[lasts] = np.diff(lasts, prepend=-1)
    return drawn, times.reshape(drawn.shape)


def _pair_weights(sentences, times, window, negatives, dtype, random):
    """Weight of every pair of a position and a word around it or drawn, (blocks, 32, words)."""
    blocks, width = sentences.shape
    centers = sentences[:, window:-window]
    distance = np.abs(np.arange(width) - window - np.arange(POSITIONS)[:, None])
    bands = [(distance <= reach) & (distance > 0) for reach in range(1, window + 1)]
    reach = random.integers(0, window, (blocks, POSITIONS))
    weights = np.empty((blocks, POSITIONS, width + SHARED), dtype=dtype)
    weights[:, :, :width] = np.array(bands)[reach, np.arange(POSITIONS)]
    weights[:, :, :width] *= centers[:, :, None] == sentences[:, None, :]
    true_pairs = weights[:, :, :width].sum(axis=2, keepdims=True)
    weights[:, :, width:] = true_pairs * (times[:, None, :] * (negatives / SHARED)).astype(dtype)
    return weights


def _take_blocks(E, theta, words, drawn, weights, rate, window):
    """Take the steps of all blocks, in place; returns the loss of some of them and their pairs.

    One pair after the other, a frequent word would slow down as its scores become right.  Here all
    pairs of a block push it at once: the sum of its weights is limited, or it would overshoot.
    """
    width = words.shape[1]
    centers = words[:, window:-window]
    rows = np.concatenate([words, drawn], axis=1)
    same_center = (centers[:, :, None] == centers[:, None, :]).astype(E.dtype)
    same_word = (words[:, :, None] == words[:, None, :]).astype(E.dtype)
    columns = weights.sum(axis=1)
    same_center *= _limits(np.matmul(same_center, weights.sum(axis=2, keepdims=True)), rate)
    same_word *= _limits(np.matmul(same_word, columns[:, :width, None]), rate)
    slowed = _limits(columns[:, width:, None], rate)
    half, total, pairs = E.dtype.type(0.5), 0.0, 0.0
    weights *= half * rate  # sigma(s) = (1 + tanh(s / 2)) / 2
    labels = weights.copy()
    labels[:, :, width:] *= -1
    for b in range(len(words)):
        center, row = centers[b], rows[b]
        e, r = E[center], theta[row]
        tangent = np.tanh((half * e) @ r.T)
        if b % 16 == 0:
            loss, count = _block_loss(tangent, weights[b], width)
            total, pairs = total + loss, pairs + count
        tangent *= weights[b]
        G = np.subtract(labels[b], tangent, out=tangent)
        change = G.T @ e
        E[center] = e + same_center[b] @ (G @ r)
        theta[row[:width]] = r[:width] + same_word[b] @ change[:width]
        theta[row[width:]] += slowed[b] * change[width:]
    return total, pairs


def _limits(sums, rate):
    """By how much to shorten the steps of words whose weights sum to that."""
    return np.minimum(1, LIMIT / np.maximum(rate * sums, 1e-9)).astype(sums.dtype)


def _block_loss(tangent, weight, width):
    probability = 0.5 + 0.5 * tangent
    probability[:, width:] = 1 - probability[:, width:]
    logs = np.log(np.maximum(probability, 1e-7))
    return -float((weight * logs).sum()), float(weight[:, :width].sum())


def _check_noise(noise, V):
    noise = check_array("noise", noise, (("V", V),), because="one for each word")
    if noise.min() < 0 or abs(noise.sum() - 1) > 1e-6:
        received = f"a sum of {noise.sum():g} and a least of {noise.min():g}"
        raise InvalidValue(sentence("noise", "be probabilities with the sum 1", received))
    return noise


# --- GloVe, twice ---------------------------------------------------------------------------------

TILE = 256
"""Words along each side of a tile of X."""


def glove_epoch_loop(
    state: Parameters,
    rows: np.ndarray,
    columns: np.ndarray,
    counts: np.ndarray,
    learning_rate: float = 0.05,
    seed: int = 0,
) -> tuple[Parameters, float]:
    """One pass of GloVe with AdaGrad, one pair and one step at a time, in random order.

    Args:
        state: E, theta (V, n), b, b_context (V,), and of each the sum of squared gradients so far,
            "squares_E", ...
        rows: (p,) word numbers i.
        columns: (p,) word numbers j.
        counts: (p,) X_ij, above 0.
        learning_rate: AdaGrad's step size.
        seed: of the order.

    Returns:
        state: new arrays.
        loss: J, each term taken just before its step.

    Raises:
        TypeError, ValueError: as `glove_loss`.

    Example:
        >>> start = {"E": np.full((2, 3), 0.1), "theta": np.full((2, 3), 0.1)}
        >>> start |= {"b": np.zeros(2), "b_context": np.zeros(2)}
        >>> start |= {f"squares_{name}": np.ones_like(value) for name, value in start.items()}
        >>> losses = []
        >>> for _ in range(3):
        ...     start, loss = glove_epoch_loop(start, [0, 1], [1, 0], [5.0, 5.0])
        ...     losses.append(loss)
        >>> losses[2] < losses[1] < losses[0]
        True

    Source: Pennington, Socher and Manning, "GloVe", 2014; Duchi, Hazan and Singer, 2011 (AdaGrad).
    """
    state, rows, columns, counts, rate = _check_glove(state, rows, columns, counts, learning_rate)
    random, weights, logs = np.random.default_rng(seed), glove_weights(counts), np.log(counts)
    E, theta, b, b_context = (state[name] for name in GLOVE)

    def step(name, index, gradient):
        state[f"squares_{name}"][index] += gradient**2
        state[name][index] -= rate * gradient / np.sqrt(state[f"squares_{name}"][index])

    loss = 0.0
    for pair in random.permutation(len(rows)):
        i, j = rows[pair], columns[pair]
        difference = theta[i] @ E[j] + b[i] + b_context[j] - logs[pair]
        loss += weights[pair] * difference**2
        d = 2 * weights[pair] * difference
        de, dtheta = d * theta[i], d * E[j]
        step("E", j, de)
        step("theta", i, dtheta)
        step("b", i, d)
        step("b_context", j, d)
    return state, float(loss)


def glove_epoch(
    state: Parameters,
    rows: np.ndarray,
    columns: np.ndarray,
    counts: np.ndarray,
    learning_rate: float = 0.05,
    seed: int = 0,
) -> tuple[Parameters, float]:
    """The same pass in tiles of 256 x 256 words: all pairs of a tile in four matrix products.

        D = Theta_I E_J^T + b_I + b'_J - log X,    F = 2 f(X) D, 0 where two words never meet
        dTheta_I = F E_J,   dE_J = F^T Theta_I,   db_I = F 1,   db'_J = F^T 1

    Most of the products are for pairs that never meet, and still it is faster.  A step sees the
    gradients of a whole tile at once.

    Args:
        state: as for `glove_epoch_loop`; float32 stays.
        rows: (p,) word numbers i.
        columns: (p,) word numbers j.
        counts: (p,) X_ij, above 0.
        learning_rate: AdaGrad's step size.
        seed: of the order of the tiles.

    Returns:
        state: new arrays.
        loss: J, the terms of a tile taken just before its step.

    Raises:
        TypeError, ValueError: as `glove_loss`.

    Example:
        >>> start = {"E": np.full((2, 3), 0.1), "theta": np.full((2, 3), 0.1)}
        >>> start |= {"b": np.zeros(2), "b_context": np.zeros(2)}
        >>> start |= {f"squares_{name}": np.ones_like(value) for name, value in start.items()}
        >>> _, loss = glove_epoch(start, [0, 1], [1, 0], [5.0, 5.0])
        >>> parameters = {name: start[name] for name in ("E", "theta", "b", "b_context")}
        >>> round(loss - glove_loss(parameters, [0, 1], [1, 0], [5.0, 5.0])[0], 12)
        0.0

    Source: as `glove_epoch_loop`.
    """
    state, rows, columns, counts, rate = _check_glove(state, rows, columns, counts, learning_rate)
    tiles = _tiles(rows, columns, counts, state["E"].dtype)
    return _glove_epoch(state, tiles, rate, np.random.default_rng(seed))


GLOVE = ("E", "theta", "b", "b_context")


def _check_glove(state, rows, columns, counts, learning_rate):
    """Checked and copied."""
    kinds = {"E": "Vn", "theta": "Vn", "b": "V", "b_context": "V"}
    kinds |= {f"squares_{name}": kind for name, kind in kinds.items()}
    state = {k: v.copy() for k, v in _check_parameters(state, kinds, "state").items()}
    rows = _check_ids("rows", rows, len(state["E"]), 1)
    columns = _check_ids("columns", columns, len(state["E"]), 1, len(rows))
    counts = check_array("counts", counts, (("p", len(rows)),), because="one for each pair")
    return (
        state,
        rows,
        columns,
        _check_counts(counts),
        check_positive("learning_rate", learning_rate),
    )


def _tiles(rows, columns, counts, dtype):
    """The pairs by tile: (corner i, corner j, places inside, weights, logarithms) each."""
    I, J = rows // TILE, columns // TILE
    order = np.lexsort((columns, rows, J, I))
    keys = (I * (J.max() + 1) + J)[order]
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    weights, logs = glove_weights(counts).astype(dtype), np.log(counts).astype(dtype)
    parts = np.split(order, starts[1:])
    return [
        (
            int(I[part[0]]) * TILE,
            int(J[part[0]]) * TILE,
            rows[part] % TILE * TILE + columns[part] % TILE,
            weights[part],
            logs[part],
        )
        for part in parts
    ]


def _glove_epoch(state, tiles, rate, random):
    """Steps in place, tile after tile in random order."""
    E, theta, b, b_context = (state[name] for name in GLOVE)
    weight = np.zeros(TILE * TILE, dtype=E.dtype)
    log = np.zeros_like(weight)

    def step(name, block, gradient):
        squares = state[f"squares_{name}"][block]
        squares += gradient * gradient
        state[name][block] -= E.dtype.type(rate) * gradient / np.sqrt(squares)

    loss = 0.0
    for t in random.permutation(len(tiles)):
        i, j, places, weights, logs = tiles[t]
        weight[places], log[places] = weights, logs
        I, J = slice(i, i + TILE), slice(j, j + TILE)
        theta_I, E_J = theta[I], E[J]
        shape = len(theta_I), len(E_J)
        D = theta_I @ E_J.T
        D += b[I, None]
        D += b_context[J]
        D -= log.reshape(TILE, TILE)[: shape[0], : shape[1]]
        F = D * weight.reshape(TILE, TILE)[: shape[0], : shape[1]]
        loss += float(np.vdot(F, D))
        F *= 2
        gradients = F.T @ theta_I, F @ E_J
        step("E", J, gradients[0])
        step("theta", I, gradients[1])
        step("b", I, F.sum(axis=1))
        step("b_context", J, F.sum(axis=0))
        weight[places] = 0
    return state, loss


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
    """

    dimensions: int = 50
    window: int = 4
    epochs: int = 10
    learning_rate: float | None = None
    negatives: int = 5
    subsample: float = 0.0
    min_count: int = 1
    seed: int = 0

    def __post_init__(self):
        for name in ("dimensions", "window", "epochs", "negatives", "min_count"):
            check_count(name, getattr(self, name))
        check_count("seed", self.seed, minimum=0)
        check_interval("subsample", self.subsample, "[0, 1]")
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
        dimensions, window, epochs, learning_rate, negatives, subsample, min_count, seed
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
            arrays, thinned, noise, options.window, options.negatives, tuple(falling.tolist()), seed
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


# --- Checks ---------------------------------------------------------------------------------------


def _check_parameters(parameters, kinds, name="parameters"):
    """The arrays named in `kinds`, whose letters are sizes that must agree; float32 stays."""
    check_keys(name, parameters, {key: tuple(letters) for key, letters in kinds.items()})
    sizes, checked = {}, {}
    for key, letters in kinds.items():
        array = np.asarray(parameters[key])
        array = array if array.dtype == np.float32 else array.astype(np.float64, copy=False)
        for letter, size in zip(letters, array.shape, strict=True):
            if sizes.setdefault(letter, size) != size:
                shape = ", ".join(f"{k}={sizes[k]}" for k in letters)
                expected = f"have shape ({shape}{',' if len(letters) == 1 else ''})"
                raise InvalidValue(sentence(f"{name}['{key}']", expected, array.shape))
        checked[key] = array
    return checked


def _check_ids(name, ids, V, rank, m=None, minimum=0):
    ids = np.asarray(ids)
    if ids.dtype.kind not in "iu":
        raise InvalidType(sentence(name, "hold word numbers", f"dtype {ids.dtype}"))
    if ids.ndim != rank or (m is not None and len(ids) != m) or not ids.size:
        first = "m" if m is None else f"m={m}"
        expected = f"have shape ({first},)" if rank == 1 else f"have shape ({first}, k)"
        raise InvalidValue(sentence(name, expected, ids.shape))
    if ids.min() < minimum or ids.max() >= V:
        odd = ids[(ids < minimum) | (ids >= V)].flat[0]
        raise InvalidValue(sentence(name, f"hold word numbers from {minimum} to {V - 1}", odd))
    return ids
