"""Operations on word vectors (course 5, week 2, assignment 1).

A word is a point e_w in a space of n dimensions, learned so that words used alike lie close by
(`embeddings` learns them).  Then three things can be done with nothing but geometry:

    similarity   cos(u, v) = u.v / (|u| |v|)
    analogy      a is to b as c is to ?   the d with the largest cos(e_b - e_a, e_d - e_c)
    bias         g, such as e_woman - e_man; the part of a word along it is (e.g / g.g) g

To take a bias away (Bolukbasi et al., 2016), words that should not have it lose their part along g
(neutralize), and pairs that differ by nothing else are put at the same distance from all those
(equalize):

    mu = (e_1 + e_2) / 2,   nu = mu - mu_g                       v_g: the part of v along g
    e_i = nu + sqrt(|1 - |nu|^2|) (e_i_g - mu_g) / |e_i_g - mu_g|

The notes this package started from divide by |(e_i - nu) - mu_g| there, which still holds what the
pair differs in besides g: then the corrected words are no longer as far from the middle as the
square root says.  The paper, and the form above, divide by the part along g alone.  The paper also
makes all vectors 1 long first, so that |nu| <= 1; the bars under the root are the course's, for
vectors of other lengths.

A vocabulary is any mapping from words to vectors.  `WordVectors` (of `glove_files`, which also
reads and writes GloVe's files) keeps them as the rows of one matrix, which makes a search through
400,000 words one matrix product: hand that over, not a plain dictionary, when speed matters.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from dlspec._complaints import InvalidValue, sentence
from dlspec._validation import check_array, check_choice, check_count
from dlspec.sequence.glove_files import (
    WordVectors,
    _as_word_vectors,
    _check_vocabulary,
    _check_word,
    _known,
    read_glove_vecs,
    write_glove_vecs,
)

__all__ = [
    "WordVectors",
    "analogy_accuracy",
    "bias_direction",
    "bias_subspace",
    "complete_analogies",
    "complete_analogy",
    "complete_analogy_loop",
    "cosine_similarity",
    "direct_bias",
    "equalize",
    "nearest_neighbors",
    "neutralize",
    "read_glove_vecs",
    "write_glove_vecs",
]

Vocabulary = Mapping[str, np.ndarray]

METHODS = ("course", "3cosadd")


# --- Similarity -----------------------------------------------------------------------------------


def cosine_similarity(u: np.ndarray, v: np.ndarray) -> float:
    """How much two vectors point the same way: u.v / (|u| |v|).

    Args:
        u: (n,).
        v: (n,).

    Returns:
        From -1 (opposite) over 0 (at right angles) to 1 (the same way).  0 where one vector is
        zero, and 1 for two equal ones.

    Raises:
        TypeError, ValueError: not numbers, or not two vectors of one length.

    Example:
        >>> cosine_similarity(np.array([1.0, 0.0]), np.array([1.0, 1.0])).__round__(4)
        0.7071

    Source: course 5, week 2, exercise 1.
    """
    u = check_array("u", u, ("n",))
    v = check_array("v", v, (("n", u.size),), because=f"`u` of shape {u.shape} sets n={u.size}")
    if np.array_equal(u, v):
        return 1.0
    lengths = np.linalg.norm(u) * np.linalg.norm(v)
    return 0.0 if lengths == 0 else float(u @ v / lengths)


def nearest_neighbors(
    word: str | np.ndarray, word_to_vec_map: Vocabulary, k: int = 10
) -> list[tuple[str, float]]:
    """The k words of largest cosine similarity, the best first.

    Args:
        word: a word of the vocabulary, which is left out of the answer, or a vector (n,).
        word_to_vec_map: words and vectors (n,).
        k: how many, at least 1.

    Returns:
        [(word, similarity), ...], k of them or as many as there are.

    Raises:
        TypeError, ValueError: an unknown word, a vector of another length, no vocabulary.

    Example:
        >>> vectors = {"up": [0.0, 1.0], "high": [0.1, 1.0], "left": [-1.0, 0.0]}
        >>> nearest_neighbors("up", vectors, k=1)[0][0]
        'high'

    Source: course 5, week 2.
    """
    vectors = _as_word_vectors(word_to_vec_map)
    k = check_count("k", k)
    own = None
    if isinstance(word, str):
        own = vectors._rows[_known("word", word, vectors)]
        target = vectors.vectors[own]
    else:
        because = f"the vocabulary has vectors of n={vectors.vectors.shape[1]}"
        target = check_array("word", word, (("n", vectors.vectors.shape[1]),), because=because)
    dtype = vectors.vectors.dtype
    lengths = np.sqrt(vectors._squared_lengths) * dtype.type(np.linalg.norm(target))
    products = vectors.vectors @ target.astype(dtype)
    similarity = np.divide(products, lengths, out=np.zeros_like(products), where=lengths > 0)
    if own is not None:
        similarity[own] = -np.inf
    k = min(k, len(vectors) - (own is not None))
    best = np.argpartition(-similarity, k - 1)[:k] if k else np.array([], int)
    best = best[np.lexsort((best, -similarity[best]))]
    return [(vectors.words[i], float(similarity[i])) for i in best]


# --- Analogies ------------------------------------------------------------------------------------


def complete_analogy(word_a: str, word_b: str, word_c: str, word_to_vec_map: Vocabulary) -> str:
    """a is to b as c is to ?: the word d with the largest cos(e_b - e_a, e_d - e_c).

    Man is to woman as king is to queen.  The three words themselves are never the answer; of words
    that score the same the first one is.

    Args:
        word_a: a word; as in the course it is looked up in lower case (as written only where the
            vocabulary lacks that).
        word_b: a word, likewise.
        word_c: a word, likewise.
        word_to_vec_map: words and vectors (n,); fast if it is a `WordVectors`.

    Returns:
        A word of the vocabulary.

    Raises:
        TypeError: words that are no text, a vocabulary that is no mapping.
        ValueError: an unknown word, vectors of different lengths, nothing left to answer.

    Example:
        >>> vectors = {"man": [1, 0], "woman": [1, 1], "king": [3, 0], "queen": [3, 1]}
        >>> complete_analogy("man", "woman", "king", vectors)
        'queen'

    Source: course 5, week 2, exercise 2.
    """
    return complete_analogies([(word_a, word_b, word_c)], word_to_vec_map)[0]


def complete_analogy_loop(
    word_a: str, word_b: str, word_c: str, word_to_vec_map: Vocabulary
) -> str:
    """The same as the lecture writes it: one word after the other.

    Arguments, result and errors as `complete_analogy`.

    Example:
        >>> vectors = {"man": [1, 0], "woman": [1, 1], "king": [3, 0], "queen": [3, 1]}
        >>> complete_analogy_loop("man", "woman", "king", vectors)
        'queen'
    """
    vectors = _as_word_vectors(word_to_vec_map)
    a, b, c = _check_triple("", (word_a, word_b, word_c), vectors)
    best_word, best_score = "", -np.inf
    for word in vectors:
        if word in (a, b, c):
            continue
        score = cosine_similarity(vectors[b] - vectors[a], vectors[word] - vectors[c])
        if score > best_score:
            best_word, best_score = word, score
    return best_word


def complete_analogies(
    triples: Sequence[tuple[str, str, str]], word_to_vec_map: Vocabulary, method: str = "course"
) -> list[str]:
    """Many analogies at once, by the course's score or by 3CosAdd.

        course     cos(e_b - e_a, e_d - e_c)                    the steps must be parallel
        3cosadd    cos(u_b - u_a + u_c, u_d),  u = e / |e|      the end points must be close

    Both need one product of the matrix of all words with one or two vectors for each analogy, in
    blocks that stay in the processor's cache.  float32 settles all but the finalists; these are
    scored again in float64.

    Args:
        triples: (a, b, c) each, as for `complete_analogy`.
        word_to_vec_map: words and vectors (n,); fast if it is a `WordVectors`.
        method: "course" or "3cosadd".

    Returns:
        The word d of every triple.

    Raises:
        TypeError: words that are no text, a vocabulary that is no mapping.
        ValueError: no triple, an unknown word or method, vectors of different lengths, nothing left
            to answer.

    Example:
        >>> vectors = {"man": [1, 0], "woman": [1, 1], "king": [3, 0], "queen": [3, 1]}
        >>> complete_analogies([("man", "woman", "king"), ("man", "king", "woman")], vectors)
        ['queen', 'queen']

    Source: course 5, week 2; Mikolov, Yih and Zweig, "Linguistic regularities in continuous space
    word representations", 2013; Levy and Goldberg, "Linguistic regularities in sparse and explicit
    word representations", 2014 (the name 3CosAdd).
    """
    method = check_choice("method", method, METHODS)
    vectors = _as_word_vectors(word_to_vec_map)
    triples = _check_triples(triples, vectors)
    given = np.array([[vectors._rows[word] for word in triple] for triple in triples])
    rows = _best_rows(vectors, given, method)
    return [vectors.words[row] for row in rows]


def analogy_accuracy(
    questions: Sequence[tuple[str, str, str, str]],
    word_to_vec_map: Vocabulary,
    method: str = "course",
) -> float:
    """Share of analogies (a, b, c, d) whose d is found.

    Args:
        questions: four words each: a is to b as c is to d.
        word_to_vec_map: words and vectors (n,).
        method: "course" or "3cosadd", see `complete_analogies`.

    Returns:
        From 0 to 1.

    Raises:
        TypeError, ValueError: as `complete_analogies`; a question that is not four words.

    Example:
        >>> vectors = {"man": [1, 0], "woman": [1, 1], "king": [3, 0], "queen": [3, 1]}
        >>> analogy_accuracy([("man", "woman", "king", "queen")], vectors)
        1.0

    Source: Mikolov, Yih and Zweig, "Linguistic regularities in continuous space word
    representations", 2013.
    """
    for i, question in enumerate(questions):
        if isinstance(question, str) or len(question) != 4:
            raise InvalidValue(sentence(f"questions[{i}]", "be four words", repr(question)))
    answers = complete_analogies([q[:3] for q in questions], word_to_vec_map, method)
    wanted = [question[3].lower() for question in questions]
    return float(np.mean([a.lower() == w for a, w in zip(answers, wanted, strict=True)]))


SCORES_PER_BLOCK = 2**17
"""Words times analogies that are scored at a time: a few arrays of half a megabyte."""

WORDS_PER_BLOCK = 16384
"""At most, so that a block of words stays in the cache too."""

MARGIN = 1e-3
"""Scores this close to the best in float32 are scored again in float64."""


def _best_rows(vectors, given, method):
    """Row of the best word for every triple of rows in `given` (m, 3)."""
    prepare = _course_scores if method == "course" else _add_scores
    score_block, score_exactly = prepare(vectors, given)
    m, dtype = len(given), vectors.vectors.dtype
    size = min(WORDS_PER_BLOCK, max(1024, SCORES_PER_BLOCK // m))
    best, finalists = np.full(m, -np.inf, dtype=dtype), []
    for first in range(0, len(vectors), size):
        scores, uncertain = score_block(slice(first, first + size))
        scores[uncertain] = -np.inf
        finalists.append((uncertain[0] + first, uncertain[1], np.full(len(uncertain[0]), np.inf)))
        analogies, places = np.nonzero((given >= first) & (given < first + len(scores)))
        scores[given[analogies, places] - first, analogies] = -np.inf
        tops = scores.max(axis=0)
        np.maximum(best, tops, out=best)
        floor = best - dtype.type(MARGIN)
        rising = np.flatnonzero(tops >= floor)  # soon few: most blocks need not be looked through
        rows, columns = np.nonzero(scores[:, rising] >= floor[rising])
        columns = rising[columns]
        finalists.append((rows + first, columns, scores[rows, columns]))
    rows, columns, scores = (np.concatenate(part) for part in zip(*finalists, strict=True))
    last = (scores >= best[columns] - MARGIN) & (scores > -np.inf)
    last &= ~(rows[:, None] == given[columns]).any(axis=1)
    rows, columns = rows[last], columns[last]
    exact = score_exactly(rows, columns)
    order = np.lexsort((rows, -exact, columns))  # by analogy, the best first, then the first word
    firsts = np.unique(columns[order], return_index=True)[1]
    return rows[order][firsts]


def _course_scores(vectors, given):
    """cos(d, e_w - c) = (d.e_w - d.c) / |e_w - c| with d = b - a scaled to |d| = 1.

    |e_w - c|^2 = |e_w|^2 - 2 e_w.c + |c|^2, so that one product with (d, c) does for both.
    """
    E, squares, m = vectors.vectors, vectors._squared_lengths, len(given)
    a, b, c = (E[given[:, i]].astype(np.float64) for i in range(3))
    d = _units(b - a)
    dc, cc = ((d * c).sum(axis=1).astype(E.dtype), (c * c).sum(axis=1).astype(E.dtype))
    both = np.concatenate([d, -2 * c]).astype(E.dtype).T
    too_near = E.dtype.type(1e-3) * cc  # there the distance is little more than rounding

    def score_block(block):
        products = E[block] @ both
        scores, distance = products[:, :m], products[:, m:]
        scores -= dc
        distance += squares[block, None]
        distance += cc
        few = np.flatnonzero(distance.min(axis=0) <= too_near)
        rows, columns = np.nonzero(distance[:, few] <= too_near[few])
        uncertain = rows, few[columns]
        distance[uncertain] = 1
        scores /= np.sqrt(distance, out=distance)
        return scores, uncertain

    def score_exactly(rows, columns):
        return (_units(E[rows].astype(np.float64) - c[columns]) * d[columns]).sum(axis=1)

    return score_block, score_exactly


def _add_scores(vectors, given):
    """cos(t, e_w) with t = u_b - u_a + u_c, u = e / |e|."""
    E, lengths = vectors.vectors, vectors._lengths
    u_a, u_b, u_c = (_units(E[given[:, i]].astype(np.float64)) for i in range(3))
    target = _units(u_b - u_a + u_c)
    T = target.astype(E.dtype).T
    none = (np.array([], int), np.array([], int))

    def score_block(block):
        scores = E[block] @ T
        scores /= lengths[block, None]
        return scores, none

    def score_exactly(rows, columns):
        return (_units(E[rows].astype(np.float64)) * target[columns]).sum(axis=1)

    return score_block, score_exactly


def _units(rows):
    """Rows of length 1; zeros stay zeros."""
    lengths = np.sqrt((rows * rows).sum(axis=1, keepdims=True))
    return np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)


# --- Bias -----------------------------------------------------------------------------------------


def bias_direction(pairs: Sequence[tuple[str, str]], word_to_vec_map: Vocabulary) -> np.ndarray:
    """What pairs of words differ in, on average: g = mean of e_second - e_first.

    One pair, ("man", "woman"), is the course's g.

    Args:
        pairs: two words each, in the same order.
        word_to_vec_map: words and vectors (n,).

    Returns:
        (n,), not scaled to length 1.

    Raises:
        TypeError, ValueError: no pair, not two words, an unknown word.

    Example:
        >>> vectors = {"he": [1.0, 0.0], "she": [1.0, 2.0], "king": [3.0, 0.0], "queen": [3.0, 4.0]}
        >>> bias_direction([("he", "she"), ("king", "queen")], vectors)
        array([0., 3.])

    Source: course 5, week 2.
    """
    first, second = _pairs_of_vectors(pairs, word_to_vec_map)
    return (second - first).mean(axis=0)


def bias_subspace(
    pairs: Sequence[tuple[str, str]], word_to_vec_map: Vocabulary, k: int = 1
) -> tuple[np.ndarray, np.ndarray]:
    """The k directions that pairs differ in most: a singular value decomposition.

    Every pair is centred on its middle; the right singular vectors of all centred words are the
    directions, the squares of the singular values what they explain.

    Args:
        pairs: two words each, in the same order.
        word_to_vec_map: words and vectors (n,).
        k: directions, at least 1; no more than pairs or dimensions are found.

    Returns:
        directions: (k, n), rows of length 1 at right angles; each points, on average, from the
            first words to the second.
        explained: (k,), share of the squared differences along each.

    Raises:
        TypeError, ValueError: no pair, not two words, an unknown word, pairs that do not differ.

    Example:
        >>> vectors = {"he": [1.0, 0.0], "she": [1.0, 2.0], "king": [3.0, 0.0], "queen": [3.0, 4.0]}
        >>> bias_subspace([("he", "she"), ("king", "queen")], vectors)
        (array([[0., 1.]]), array([1.]))

    Source: Bolukbasi et al., "Man is to computer programmer as woman is to homemaker? Debiasing
    word embeddings", 2016, section 5.1.
    """
    k = check_count("k", k)
    first, second = _pairs_of_vectors(pairs, word_to_vec_map)
    halves = (second - first) / 2  # the second word from the middle; the first is its opposite
    if not halves.any():
        raise InvalidValue(sentence("pairs", "differ", "pairs of equal vectors"))
    _, singular, directions = np.linalg.svd(halves, full_matrices=False)
    directions, explained = directions[:k], singular**2 / (singular**2).sum()
    signs = np.where(directions @ halves.mean(axis=0) < 0, -1.0, 1.0)
    return signs[:, None] * directions + 0.0, explained[:k]


def neutralize(word: str, g: np.ndarray, word_to_vec_map: Vocabulary) -> np.ndarray:
    """A word without its part along the bias axis: e - (e.g / g.g) g.

    Args:
        word: a word of the vocabulary.
        g: bias axis (n,), of any length but 0.
        word_to_vec_map: words and vectors (n,).

    Returns:
        (n,), at right angles to `g`.

    Raises:
        TypeError, ValueError: an unknown word, an axis of another length or of zeros.

    Example:
        >>> neutralize("nurse", np.array([0.0, 2.0]), {"nurse": [3.0, 1.0]})
        array([3., 0.])

    Source: course 5, week 2, exercise 3; Bolukbasi et al., 2016.
    """
    vectors = _check_vocabulary(word_to_vec_map)
    e = _vector("word", word, vectors)
    g = _check_axis("g", g, e)
    return e - _part_along(e, g)


def equalize(
    pair: tuple[str, str], bias_axis: np.ndarray, word_to_vec_map: Vocabulary
) -> tuple[np.ndarray, np.ndarray]:
    """Two words that from now on differ along the bias axis only, and are as far from 0 on it.

    After it both are equally similar to every neutralized word.  Vectors of length 1 keep it.

    Args:
        pair: two words of the vocabulary, such as ("man", "woman").
        bias_axis: (n,), of any length but 0.
        word_to_vec_map: words and vectors (n,).

    Returns:
        e1: (n,), the corrected vector of the first word.
        e2: (n,), of the second.

    Raises:
        TypeError, ValueError: not two words, an unknown one, an axis that does not fit, words that
            do not differ along it.

    Example:
        >>> vectors = {"man": [0.6, -0.8], "woman": [0.8, 0.6]}
        >>> e1, e2 = equalize(("man", "woman"), np.array([0.0, 1.0]), vectors)
        >>> e1.round(3), e2.round(3)
        (array([ 0.7  , -0.714]), array([0.7  , 0.714]))

    Source: course 5, week 2, exercise 4; Bolukbasi et al., 2016, section 6, step 2a.
    """
    vectors = _check_vocabulary(word_to_vec_map)
    _check_pair("pair", pair)
    e1, e2 = (_vector(f"pair[{i}]", word, vectors) for i, word in enumerate(pair))
    _check_same_length("pair", e1, e2)
    axis = _check_axis("bias_axis", bias_axis, e1)
    mu = (e1 + e2) / 2
    mu_along = _part_along(mu, axis)
    nu = mu - mu_along
    reach = np.sqrt(abs(1 - nu @ nu))
    offsets = [_part_along(e, axis) - mu_along for e in (e1, e2)]
    if np.linalg.norm(offsets[0]) <= 1e-12 * max(np.linalg.norm(e1), np.linalg.norm(e2)):
        expected = "be two words that differ along `bias_axis`"
        raise InvalidValue(sentence("pair", expected, repr(tuple(pair))))
    corrected = [nu + reach * offset / np.linalg.norm(offset) for offset in offsets]
    return corrected[0], corrected[1]


def direct_bias(words: Sequence[str], g: np.ndarray, word_to_vec_map: Vocabulary) -> float:
    """How much words that should be neutral lie along the bias axis: mean |cos(e_w, g)|.

    Args:
        words: at least one word of the vocabulary, such as names of professions.
        g: bias axis (n,), of any length but 0.
        word_to_vec_map: words and vectors (n,).

    Returns:
        From 0 (none) to 1.

    Raises:
        TypeError, ValueError: no word, an unknown one, an axis that does not fit.

    Example:
        >>> direct_bias(["nurse"], np.array([0.0, 1.0]), {"nurse": [3.0, 4.0]})
        0.8

    Source: Bolukbasi et al., 2016, section 5.2, with c = 1.
    """
    vectors = _check_vocabulary(word_to_vec_map)
    if isinstance(words, str) or not len(words):
        raise InvalidValue(sentence("words", "be a list of words", repr(words)))
    rows = [_vector(f"words[{i}]", word, vectors) for i, word in enumerate(words)]
    return float(np.mean([abs(cosine_similarity(e, _check_axis("g", g, e))) for e in rows]))


def _part_along(e, g):
    return (e @ g) / (g @ g) * g


def _pairs_of_vectors(pairs, word_to_vec_map):
    """First and second words as two matrices (pairs, n)."""
    vectors = _check_vocabulary(word_to_vec_map)
    if not len(pairs):
        raise InvalidValue(sentence("pairs", "hold at least one pair of words", "none"))
    rows = []
    for i, pair in enumerate(pairs):
        _check_pair(f"pairs[{i}]", pair)
        rows += [_vector(f"pairs[{i}][{j}]", word, vectors) for j, word in enumerate(pair)]
        _check_same_length(f"pairs[{i}]", rows[0], rows[-2], rows[-1])
    return np.array(rows[::2]), np.array(rows[1::2])


# --- Checks ---------------------------------------------------------------------------------------


def _vector(name, word, vectors):
    word = _known(name, word, vectors)
    return check_array(f"word_to_vec_map[{word!r}]", vectors[word], ("n",))


def _check_pair(name, pair):
    if isinstance(pair, str) or not isinstance(pair, Sequence) or len(pair) != 2:
        raise InvalidValue(sentence(name, "be two words", repr(pair)))


def _check_same_length(name, first, *others):
    for other in others:
        if other.shape != first.shape:
            expected = f"have vectors of the same length, {first.size}"
            raise InvalidValue(sentence(name, expected, other.size))


def _check_axis(name, axis, e):
    because = f"the vectors have n={e.size}"
    axis = check_array(name, axis, (("n", e.size),), because=because)
    if not axis.any():
        raise InvalidValue(sentence(name, "be a direction", "zeros only"))
    return axis


def _check_triple(name, triple, vectors):
    """The course looks words up in lower case."""
    found = []
    for letter, word in zip("abc", triple, strict=True):
        label = f"{name}word_{letter}"
        lower = _check_word(label, word).lower()
        found.append(lower if lower in vectors else _known(label, word, vectors))
    if len(vectors) <= len(set(found)):
        expected = "hold more words than the analogy names"
        raise InvalidValue(sentence("word_to_vec_map", expected, len(vectors)))
    return tuple(found)


def _check_triples(triples, vectors):
    if isinstance(triples, str) or not len(triples):
        raise InvalidValue(sentence("triples", "hold at least one analogy", repr(triples)))
    for i, triple in enumerate(triples):
        if isinstance(triple, str) or len(triple) != 3:
            raise InvalidValue(sentence(f"triples[{i}]", "be three words", repr(triple)))
    if len(triples) == 1:
        return [_check_triple("", triples[0], vectors)]
    return [_check_triple(f"triples[{i}] ", triple, vectors) for i, triple in enumerate(triples)]
