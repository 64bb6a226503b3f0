"""Losses of word vectors, each with its gradient by hand  (course 5, week 2).

c is a context word, t the target, e a row of E, theta a row of Theta:

    language_model_loss         p(t | the k words before): a hidden layer and a softmax over V words
    cbow_loss                   p(t | mean e of the words around): a softmax
    skip_gram_loss              p(t | c) = exp(theta_t.e_c) / sum_j exp(theta_j.e_c)
    hierarchical_softmax_loss   p(t | c) = product of sigma(+-theta_node.e_c) down a `huffman_tree`
    negative_sampling_loss      -log sigma(theta_t.e_c) - sum_k log sigma(-theta_k.e_c)
    glove_loss                  sum_ij f(X_ij) (theta_i.e_j + b_i + b'_j - log X_ij)^2

The softmax touches all V words for every example.  Down a binary tree it is log2 V nodes, fewer for
frequent words, and negative sampling asks about k words only.

Rows are words: E and Theta are (V, n), where the lecture has one column a word; a batch of m
examples is (m, ...).  Losses are means over the batch in nats, GloVe's is the sum above.

The notes this package started from give GloVe's second bias a minus in one place: above is the
paper's loss.
"""

from typing import NamedTuple

import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import check_array, check_keys, check_positive
from dlspec.sequence.word_pairs import _check_counts

__all__ = [
    "HuffmanTree",
    "cbow_loss",
    "glove_loss",
    "glove_weights",
    "hierarchical_softmax_loss",
    "huffman_tree",
    "language_model_loss",
    "negative_sampling_loss",
    "skip_gram_loss",
]

Parameters = dict[str, np.ndarray]

X_MAX, EXPONENT = 100.0, 0.75


# --- Softmax over all words -----------------------------------------------------------------------


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


# --- Softmax down a tree --------------------------------------------------------------------------


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


# --- Negative sampling ----------------------------------------------------------------------------


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


# --- GloVe ----------------------------------------------------------------------------------------


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


# --- Parts of all ---------------------------------------------------------------------------------


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
