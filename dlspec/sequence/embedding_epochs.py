"""One pass of negative sampling and of GloVe, each written twice  (course 5, week 2).

The `..._loop` forms go pair by pair as their authors' programs do, word2vec and GloVe.  The others
take the pairs of many words at once as matrix products, which is many times faster in NumPy:

    negative_sampling_epoch     32 positions of the text against their windows and 64 shared
                                negative words
    glove_epoch                 tiles of 256 x 256 words of the table X of co-occurrences

In exchange the pairs of a block see each other's old vectors: a step is down the gradient of the
whole block.  `python -m tests.benchmarks word_vectors` holds time and quality of negative sampling
against gensim's compiled loop.  The losses are those of `dlspec.sequence.embedding_losses`.
"""

import numpy as np

from dlspec._complaints import InvalidValue, sentence
from dlspec._validation import check_array, check_count, check_interval, check_positive
from dlspec.sequence.embedding_losses import (
    Parameters,
    _check_ids,
    _check_parameters,
    _sigmoid,
    glove_weights,
)
from dlspec.sequence.word_pairs import Text, _check_counts, _check_text, skip_gram_pairs

__all__ = [
    "glove_epoch",
    "glove_epoch_loop",
    "negative_sampling_epoch",
    "negative_sampling_epoch_loop",
]


# --- Negative sampling, twice ---------------------------------------------------------------------


def negative_sampling_epoch_loop(
    parameters: Parameters,
    text: Text,
    noise: np.ndarray,
    window: int = 5,
    negatives: int = 5,
    learning_rate: float = 0.025,
    seed: int = 0,
    max_score: float = 6.0,
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
        max_score: pairs with theta.e beyond it, either way, take no step: if it is right little is
            left to learn, and if it is that wrong, the pair is more likely an accident of the
            text.  6 is gensim's, inf the paper's.

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
    text = _check_words(text, len(E))
    reach = random.integers(1, check_count("window", window) + 1, len(text.ids))
    max_score = check_interval("max_score", max_score, "(0, inf]")
    for c, t in zip(*skip_gram_pairs(text, window, reach), strict=True):
        de = np.zeros_like(E[c])
        for word, label in [(t, 1), *((w, 0) for w in random.choice(len(E), negatives, p=noise))]:
            score = theta[word] @ E[c]
            if abs(score) >= max_score:
                continue
            g = learning_rate * (label - _sigmoid(score))
            de += g * theta[word]
            theta[word] += g * E[c]
        E[c] += de
    return {"E": E, "theta": theta}


POSITIONS = 32
"""Words of the text whose pairs are taken together: they see each other's old vectors."""

SHARED = 64
"""Negative words that those positions share, each standing for several draws."""

LIMIT = 4.0
"""Largest sum of weights times alpha with which a word moves in one block; see `_limited`."""

BLOCKS = 128
"""Blocks whose words, weights and limits are made at a time."""

LOSS_EVERY = 16
"""The loss is measured on every 16th block."""


def negative_sampling_epoch(
    parameters: Parameters,
    text: Text,
    noise: np.ndarray,
    window: int = 5,
    negatives: int = 5,
    learning_rate: float | tuple[float, float] = 0.025,
    seed: int = 0,
    max_score: float = 6.0,
) -> tuple[Parameters, float]:
    """The same pass as matrix products: 32 positions against their windows and 64 negative words.

    The words of a block of positions, E_b (32, n), meet those of all its windows and of the
    negatives, R (32 + 2 window + 64, n), in one product; a band of weights picks the true pairs:

        G = weights * (labels - sigma(R E_b^T)),   E_b += alpha G^T R,   R += alpha G E_b

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
        max_score: as for `negative_sampling_epoch_loop`.

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
    max_score = check_interval("max_score", max_score, "(0, inf]")
    E, theta = p["E"].copy(), p["theta"].copy()
    words, sentences = _in_blocks(_check_words(text, len(E)), window)
    cumulated = np.cumsum(noise)
    total, pairs = 0.0, 0.0
    starts = range(0, len(words), BLOCKS)
    for i, start in enumerate(starts):
        rate = first + (last - first) * i / len(starts)
        chunk = slice(start, start + BLOCKS)
        drawn, times = _draw_shared(cumulated, len(words[chunk]), random)
        weights = _pair_weights(sentences[chunk], times, window, negatives, E.dtype, random)
        part = _take_blocks(E, theta, words[chunk], drawn, weights, rate, window, max_score)
        total, pairs = total + part[0], pairs + part[1]
    return {"E": E, "theta": theta}, float(total / pairs) if pairs else 0.0


def _in_blocks(text, window):
    """Word and sentence numbers of every block and its surroundings, (blocks, 32 + 2 window)."""
    N = len(text.ids)
    filled = max(-(-N // POSITIONS), 1) * POSITIONS
    ids = np.zeros(filled + 2 * window, dtype=np.intp)
    sentences = -1 - np.arange(ids.size)  # what fills up belongs to no sentence
    ids[window : window + N], sentences[window : window + N] = text
    views = (
        np.lib.stride_tricks.sliding_window_view(values, POSITIONS + 2 * window)[::POSITIONS]
        for values in (ids, sentences)
    )
    return tuple(views)


def _draw_shared(cumulated, blocks, random):
    """64 words for each block, one from each 64th of the distribution, and how often each counts.

    All blocks together draw one word from each of 64 x blocks equal parts, so that even rare words
    come as often as they should.  A word drawn several times in a block stands there with all its
    draws at its last place, and with none at the others.
    """
    parts = SHARED * blocks
    places = (np.arange(parts) + random.random(parts)) * (cumulated[-1] / parts)
    drawn = np.searchsorted(cumulated, places, side="right").clip(max=len(cumulated) - 1)
    drawn = np.ascontiguousarray(random.permuted(drawn.reshape(SHARED, blocks), axis=1).T)
    is_last = np.ones(drawn.shape, dtype=bool)
    is_last[:, :-1] = drawn[:, 1:] != drawn[:, :-1]
    lasts = np.flatnonzero(is_last)
    times = np.zeros(drawn.size)
    times[lasts] = np.diff(lasts, prepend=-1)
    return drawn, times.reshape(drawn.shape)


def _pair_weights(sentences, times, window, negatives, dtype, random):
    """Weight of every word around or drawn for every position, (blocks, words, 32).

    Position i stands at place i + window of its block, so that the words at one distance from all
    positions lie on a diagonal: every 33rd number from where that diagonal begins.
    """
    blocks, width = sentences.shape
    centers = sentences[:, window:-window]
    reach = random.integers(1, window + 1, (blocks, POSITIONS))
    weights = np.zeros((blocks, width + SHARED, POSITIONS), dtype=dtype)
    numbers = weights.reshape(blocks, -1)
    true_pairs = np.zeros((blocks, POSITIONS), dtype=dtype)
    for distance in [*range(-window, 0), *range(1, window + 1)]:
        begin = window + distance
        met = sentences[:, begin : begin + POSITIONS] == centers
        met &= reach >= abs(distance)
        numbers[:, begin * POSITIONS :: POSITIONS + 1][:, :POSITIONS] = met
        true_pairs += met
    draws = (times * (negatives / SHARED)).astype(dtype)
    np.multiply(draws[:, :, None], true_pairs[:, None, :], out=weights[:, width:])
    return weights


def _take_blocks(E, theta, words, drawn, weights, rate, window, max_score):
    """Take the steps of all blocks, in place; returns the loss of some of them and their pairs.

    What makes it fast: a block is three products of matrices that fit into the cache; everything
    that does not depend on E and theta is made before, for all blocks; the loop writes into the
    same few arrays again and again; and a row is taken or put as one item of 4 n bytes.  As
    sigma(s) = (1 + tanh(s / 2)) / 2, labels - sigma(s) is (signs - tanh(s / 2)) / 2, with the sign
    1 for words around and -1 for words drawn.
    """
    width, n = words.shape[1], E.shape[1]
    near, far, inner = slice(width), slice(width, None), slice(window, width - window)
    same = (words[:, :, None] == words[:, None, :]).astype(E.dtype)
    of_centers = weights.sum(axis=1)[:, :, None]
    of_words = np.matmul(weights, np.ones((POSITIONS, 1), dtype=E.dtype))
    same_center = _limited(same[:, inner, inner], of_centers, rate)
    same_word = _limited(same, of_words[:, near], rate)
    slowed = _limited(1, of_words[:, far], rate)
    is_slowed = (slowed < 1).any(axis=(1, 2)).tolist()
    half, total, pairs = E.dtype.type(0.5), 0.0, 0.0
    weights *= half * E.dtype.type(rate)
    signs = np.ones(weights.shape[1:], dtype=E.dtype)
    signs[far] = -1

    e, de, sum_e = np.empty((3, POSITIONS, n), dtype=E.dtype)
    r, dr = np.empty((2, len(signs), n), dtype=E.dtype)
    r_near, r_far, dr_near, dr_far, sum_near = r[near], r[far], dr[near], dr[far], r[near].copy()
    e_half, G = np.empty((n, POSITIONS), dtype=E.dtype), np.empty_like(signs)
    size, is_far = np.empty_like(signs), np.empty(signs.shape, dtype=bool)
    far_tangent = E.dtype.type(np.tanh(max_score / 2) if np.isfinite(max_score) else 2)
    all_E, all_theta, e_items, r_items = map(_as_items, (E, theta, e, r))
    near_items, far_items = r_items[near], r_items[far]
    for b, (center, word, negative) in enumerate(zip(words[:, inner], words, drawn, strict=True)):
        all_E.take(center, out=e_items, mode="clip")  # "clip" only spares a copy
        all_theta.take(word, out=near_items, mode="clip")
        all_theta.take(negative, out=far_items, mode="clip")
        np.multiply(e.T, half, out=e_half)
        np.tanh(np.matmul(r, e_half, out=G), out=G)
        if b % LOSS_EVERY == 0:
            logs = np.log(np.maximum(half + half * signs * G, 1e-7))
            total -= float(np.vdot(weights[b], logs))
            pairs += float(weights[b, near].sum())
        np.greater_equal(np.abs(G, out=size), far_tangent, out=is_far)
        np.multiply(weights[b], np.subtract(signs, G, out=G), out=G)
        np.copyto(G, 0, where=is_far)
        np.matmul(G, e, out=dr)
        e += np.matmul(same_center[b], np.matmul(G.T, r, out=de), out=sum_e)
        all_E[center] = e_items
        r_near += np.matmul(same_word[b], dr_near, out=sum_near)
        all_theta[word] = near_items
        all_theta.take(negative, out=far_items, mode="clip")  # some may just have changed
        r_far += dr_far if not is_slowed[b] else dr_far * slowed[b]
        all_theta[negative] = far_items
    return total, pairs


def _as_items(rows):
    """A view of a matrix whose rows are single items, which NumPy copies whole."""
    return rows.view(np.dtype((np.void, rows.strides[0])))[:, 0]


def _limited(same, weights, rate):
    """Which changes a word adds up, (blocks, words, words), shortened where they are too many.

    One pair after the other, a frequent word would slow down as its scores become right.  Here all
    pairs of a block push it at once: the sum of its weights is limited, or it would overshoot.
    """
    sums = rate * (np.matmul(same, weights) if np.ndim(same) else weights)
    return same * np.minimum(1, LIMIT / np.maximum(sums, 1e-9)).astype(weights.dtype)


def _check_words(text, V):
    if _check_text(text).ids.size:
        _check_ids("text.ids", text.ids, V, 1)
    return text


def _check_noise(noise, V):
    noise = check_array("noise", noise, (("V", V),), because="one for each word")
    if noise.min() < 0 or abs(noise.sum() - 1) > 1e-6:
        received = f"a sum of {noise.sum():g} and a least of {noise.min():g}"
        raise InvalidValue(sentence("noise", "be probabilities with the sum 1", received))
    return noise


# --- GloVe, twice ---------------------------------------------------------------------------------

TILE = 256
"""Words along each side of a tile of X."""

GLOVE = ("E", "theta", "b", "b_context")


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
        >>> from dlspec.sequence.embedding_losses import glove_loss
        >>> _, loss = glove_epoch(start, [0, 1], [1, 0], [5.0, 5.0])
        >>> parameters = {name: start[name] for name in ("E", "theta", "b", "b_context")}
        >>> round(loss - glove_loss(parameters, [0, 1], [1, 0], [5.0, 5.0])[0], 12)
        0.0

    Source: as `glove_epoch_loop`.
    """
    state, rows, columns, counts, rate = _check_glove(state, rows, columns, counts, learning_rate)
    tiles = _tiles(rows, columns, counts, state["E"].dtype)
    return _glove_epoch(state, tiles, rate, np.random.default_rng(seed))


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
