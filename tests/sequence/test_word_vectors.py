"""Word vectors: by hand, the lecture's loop, another order of computation, bad input."""

import numpy as np
import pytest

from dlspec.sequence import word_vectors
from dlspec.sequence.word_vectors import (
    WordVectors,
    analogy_accuracy,
    bias_direction,
    bias_subspace,
    complete_analogies,
    complete_analogy,
    complete_analogy_loop,
    cosine_similarity,
    direct_bias,
    equalize,
    nearest_neighbors,
    neutralize,
)
from tests.complaints import complaints_test

# The lecture's table: gender, royal, age, food.
TABLE = {
    "man": np.array([-1.0, 0.01, 0.03, 0.04]),
    "woman": np.array([1.0, 0.02, 0.02, 0.01]),
    "king": np.array([-0.95, 0.93, 0.7, 0.02]),
    "queen": np.array([0.97, 0.95, 0.69, 0.01]),
    "apple": np.array([0.0, -0.01, 0.03, 0.95]),
    "orange": np.array([0.01, 0.0, -0.02, 0.97]),
}
PAIRS = [("man", "woman"), ("king", "queen")]
AXIS = TABLE["woman"] - TABLE["man"]

PURE_CALLS = {
    "cosine_similarity": (TABLE["man"], TABLE["king"]),
    "nearest_neighbors": (TABLE["man"], TABLE),
    "complete_analogy": ("man", "woman", "king", TABLE),
    "complete_analogy_loop": ("man", "woman", "king", TABLE),
    "complete_analogies": ([("man", "woman", "king"), ("man", "king", "woman")], TABLE),
    "analogy_accuracy": ([("man", "woman", "king", "queen")], TABLE),
    "bias_direction": (PAIRS, TABLE),
    "bias_subspace": (PAIRS, TABLE),
    "neutralize": ("apple", AXIS, TABLE),
    "equalize": (("man", "woman"), AXIS, TABLE),
    "direct_bias": (["apple", "orange"], AXIS, TABLE),
}


def random_vectors(V=500, n=6, seed=0, dtype=np.float64):
    random = np.random.default_rng(seed)
    return WordVectors([f"w{i}" for i in range(V)], random.normal(size=(V, n)).astype(dtype))


# --- Similarity -----------------------------------------------------------------------------------


def test_cosine_by_hand():
    """(3, 4) and (4, 3): 24 / 25; at right angles; opposite."""
    assert cosine_similarity([3, 4], [4, 3]) == pytest.approx(0.96, abs=1e-15)
    assert cosine_similarity([3, 4], [-4, 3]) == 0
    assert cosine_similarity([3, 4], [-30, -40]) == pytest.approx(-1, abs=1e-15)


def test_cosine_of_zeros_and_of_equal_vectors():
    assert cosine_similarity([0, 0], [1, 2]) == 0
    assert cosine_similarity([0, 0], [0, 0]) == 1
    assert cosine_similarity([0.1, 0.7], [0.1, 0.7]) == 1


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_neighbours_are_the_most_similar_in_order(dtype):
    vectors = random_vectors(dtype=dtype)
    expected = sorted(
        (w for w in vectors if w != "w7"),
        key=lambda w: -cosine_similarity(vectors["w7"], vectors[w]),
    )[:12]
    found = nearest_neighbors("w7", vectors, k=12)
    assert [word for word, _ in found] == expected
    for word, similarity in found:
        assert similarity == pytest.approx(cosine_similarity(vectors["w7"], vectors[word]), 1e-5)
    assert nearest_neighbors(vectors["w7"], vectors, k=1)[0][0] == "w7"
    assert len(nearest_neighbors("man", TABLE, k=100)) == 5


# --- Analogies ------------------------------------------------------------------------------------


def test_the_lecture_s_analogy():
    assert complete_analogy("man", "woman", "king", TABLE) == "queen"
    assert complete_analogy("Man", "WOMAN", "king", TABLE) == "queen"
    assert complete_analogy_loop("Man", "woman", "king", TABLE) == "queen"
    question = [("man", "woman", "king", "Queen"), ("man", "woman", "king", "apple")]
    assert analogy_accuracy(question, TABLE) == 0.5
    assert analogy_accuracy(question[:1], TABLE, "3cosadd") == 1


def test_words_with_capitals_are_found_where_the_vocabulary_has_no_others():
    cased = {word.title(): vector for word, vector in TABLE.items()}
    assert complete_analogy("Man", "Woman", "King", cased) == "Queen"


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_fast_form_equals_the_lecture_s_loop(dtype):
    vectors = random_vectors(V=300, n=4, dtype=dtype)
    random = np.random.default_rng(1)
    triples = [tuple(f"w{i}" for i in random.integers(0, 300, 3)) for _ in range(12)]
    expected = [complete_analogy_loop(*triple, vectors) for triple in triples]
    assert complete_analogies(triples, vectors) == expected
    assert [complete_analogy(*triple, vectors) for triple in triples] == expected
    assert complete_analogies(triples, dict(vectors)) == expected


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_blocks_do_not_matter(dtype, monkeypatch):
    """More words than a block holds, some too near c for float32 to tell their direction."""
    random = np.random.default_rng(2)
    cloud = random.normal(size=(3000, 5)) + 10
    cloud[1500:1600] = cloud[7] + 1e-3 * random.normal(size=(100, 5))
    vectors = WordVectors([f"w{i}" for i in range(3000)], cloud.astype(dtype))
    triples = [("w1", "w2", "w7"), ("w3", "w4", "w5"), ("w2900", "w1501", "w7")]
    monkeypatch.setattr(word_vectors, "WORDS_PER_BLOCK", 1024)
    expected = [complete_analogy_loop(*triple, vectors) for triple in triples]
    assert complete_analogies(triples, vectors) == expected
    assert [complete_analogy(*triple, vectors) for triple in triples] == expected


def test_3cosadd_word_by_word():
    vectors = random_vectors(V=200, n=5)
    triples = [("w1", "w2", "w3"), ("w9", "w8", "w9"), ("w4", "w5", "w6")]
    for (a, b, c), found in zip(
        triples, complete_analogies(triples, vectors, "3cosadd"), strict=True
    ):
        units = {w: v / np.linalg.norm(v) for w, v in vectors.items()}
        target = units[b] - units[a] + units[c]
        others = [w for w in vectors if w not in (a, b, c)]
        assert found == max(others, key=lambda w: target @ units[w])


def test_input_words_are_never_the_answer():
    """The course's rule; with b = queen and c = king the nearest words are the input itself."""
    for method in ("course", "3cosadd"):
        for triple in [("man", "man", "king"), ("king", "queen", "king"), ("man", "king", "king")]:
            (answer,) = complete_analogies([triple], TABLE, method)
            assert answer not in triple
    assert complete_analogy_loop("king", "queen", "king", TABLE) not in ("king", "queen")


def test_of_equal_scores_the_first_word_is_taken():
    twins = {"a": [0, 0], "b": [0, 1], "c": [1, 0], "d": [1, 2], "e": [1, 5], "f": [1, 1]}
    assert complete_analogy("a", "b", "c", twins) == "d"
    assert complete_analogy_loop("a", "b", "c", twins) == "d"


def test_zeros_and_twins_of_c_score_0_in_both_forms():
    """cos with a vector of zeros is 0, for d - c of a word equal to c and for b - a = 0."""
    words = {"a": [1, 1], "b": [1, 0], "c": [2, 2], "same": [2, 2], "zero": [0, 0], "up": [2, 9]}
    assert complete_analogy_loop("a", "b", "c", words) == "zero"
    assert complete_analogy("a", "b", "c", words) == "zero"
    words["zero"] = [-1, 9]  # now all others point the other way, and the twin's 0 wins
    assert complete_analogy_loop("a", "b", "c", words) == "same"
    assert complete_analogy("a", "b", "c", words) == "same"
    assert complete_analogies([("a", "b", "zero")], {**words, "z2": [0, 0]}, "3cosadd")


# --- Bias -----------------------------------------------------------------------------------------


def test_neutralized_words_are_at_right_angles_and_keep_the_rest():
    """(2, 3) along (1, 1) is 2.5 (1, 1); (-0.5, 0.5) is left."""
    np.testing.assert_allclose(neutralize("x", [1, 1], {"x": [2, 3]}), [-0.5, 0.5], rtol=1e-15)
    left = neutralize("king", AXIS, TABLE)
    assert abs(left @ AXIS) < 1e-15
    np.testing.assert_allclose(np.cross((TABLE["king"] - left)[:3], AXIS[:3]), 0, atol=1e-15)
    np.testing.assert_allclose(neutralize("king", -7 * AXIS, TABLE), left, atol=1e-15)


def test_equalize_as_the_paper_has_it():
    """Unit vectors stay unit vectors, differ along g only, and lie on both sides of nu.

    The notes' denominator fails the first: this pair differs in more than g.
    """
    random = np.random.default_rng(3)
    a, b, g, other = (v / np.linalg.norm(v) for v in random.normal(size=(4, 5)))
    vectors = {"a": a, "b": b, "other": other}
    e1, e2 = equalize(("a", "b"), 3 * g, vectors)
    mu = (a + b) / 2
    nu = mu - (mu @ g) * g
    reach = np.sqrt(1 - nu @ nu)
    sign = np.sign(a @ g - b @ g)
    np.testing.assert_allclose(e1, nu + sign * reach * g, rtol=1e-12, strict=True)
    np.testing.assert_allclose(e2, nu - sign * reach * g, rtol=1e-12, strict=True)
    assert np.linalg.norm(e1) == pytest.approx(1, abs=1e-14)
    neutral = neutralize("other", g, vectors)
    assert cosine_similarity(e1, neutral) == pytest.approx(cosine_similarity(e2, neutral), 1e-12)
    assert cosine_similarity(e1, g) == pytest.approx(-cosine_similarity(e2, g), 1e-12)


def test_equalize_of_vectors_that_are_not_1_long():
    """mu = (3, 0), nu = (3, 0), sqrt(|1 - 9|) = 2.83 along the axis on both sides."""
    e1, e2 = equalize(("a", "b"), [0, 1], {"a": [3, -5], "b": [3, 5]})
    np.testing.assert_allclose(e1, [3, -np.sqrt(8)], rtol=1e-15)
    np.testing.assert_allclose(e2, [3, np.sqrt(8)], rtol=1e-15)


def test_directions_by_mean_and_by_svd():
    mean = bias_direction(PAIRS, TABLE)
    expected = ((TABLE["woman"] - TABLE["man"]) + (TABLE["queen"] - TABLE["king"])) / 2
    np.testing.assert_allclose(mean, expected, rtol=1e-15, strict=True)
    directions, explained = bias_subspace(PAIRS, TABLE, k=2)
    # Second route: eigenvectors of the mean of (w - mu)(w - mu)^T over all words of all pairs.
    centred = []
    for pair in PAIRS:
        mu = (TABLE[pair[0]] + TABLE[pair[1]]) / 2
        centred += [TABLE[word] - mu for word in pair]
    values, columns = np.linalg.eigh(np.array(centred).T @ np.array(centred))
    assert abs(directions[0] @ columns[:, -1]) == pytest.approx(1, abs=1e-12)
    np.testing.assert_allclose(explained, values[:-3:-1] / values.sum(), rtol=1e-9)
    assert (directions @ expected >= 0).all()
    np.testing.assert_allclose(directions @ directions.T, np.eye(2), atol=1e-14)
    assert cosine_similarity(directions[0], mean) > 0.999
    assert len(bias_subspace(PAIRS, TABLE, k=9)[0]) == 2


def test_direct_bias_is_the_mean_of_the_cosines():
    expected = np.mean([abs(cosine_similarity(TABLE[w], AXIS)) for w in ("man", "apple")])
    assert direct_bias(["man", "apple"], AXIS, TABLE) == pytest.approx(expected, 1e-14)
    neutral = {"apple": neutralize("apple", AXIS, TABLE)}
    assert direct_bias(["apple"], AXIS, neutral) < 1e-15


# --- Complaints -----------------------------------------------------------------------------------


UNEVEN = {"man": [1.0, 2.0], "woman": [1.0]}

COMPLAINTS = [
    (
        lambda f: cosine_similarity([[1.0]], [1.0]),
        ValueError,
        "`u` must have shape (n,). Received: (1, 1).",
    ),
    (
        lambda f: cosine_similarity([1.0, 2.0], [1.0]),
        ValueError,
        "`v` must have shape (n=2,). Received: (1,). `u` of shape (2,) sets n=2.",
    ),
    (
        lambda f: nearest_neighbors("men", TABLE),
        ValueError,
        "`word` must be one of the 6 words of the vocabulary. Received: 'men'.",
    ),
    (
        lambda f: nearest_neighbors([1.0], TABLE),
        ValueError,
        "`word` must have shape (n=4,). Received: (1,). The vocabulary has vectors of n=4.",
    ),
    (
        lambda f: nearest_neighbors("man", TABLE, k=0),
        ValueError,
        "`k` must be at least 1. Received: 0.",
    ),
    (
        lambda f: complete_analogy("man", "woman", "kings", TABLE),
        ValueError,
        "`word_c` must be one of the 6 words of the vocabulary. Received: 'kings'. "
        "Did you mean 'king'?",
    ),
    (
        lambda f: complete_analogy("man", 3, "king", TABLE),
        TypeError,
        "`word_b` must be a word. Received: 3 (int).",
    ),
    (
        lambda f: complete_analogy_loop("boy", "woman", "king", TABLE),
        ValueError,
        "`word_a` must be one of the 6 words of the vocabulary. Received: 'boy'.",
    ),
    (
        lambda f: complete_analogy("man", "woman", "king", [1]),
        TypeError,
        "`word_to_vec_map` must map words to vectors. Received: list.",
    ),
    (
        lambda f: complete_analogy("man", "woman", "king", {}),
        ValueError,
        "`word_to_vec_map` must hold at least one word. Received: none.",
    ),
    (
        lambda f: complete_analogy("man", "woman", "man", UNEVEN),
        ValueError,
        "`word_to_vec_map['woman']` must have shape (n=2,). Received: (1,). The vector of 'man' "
        "sets n=2.",
    ),
    (
        lambda f: complete_analogy("a", "b", "b", {"a": [1.0], "b": [2.0]}),
        ValueError,
        "`word_to_vec_map` must hold more words than the analogy names. Received: 2.",
    ),
    (
        lambda f: complete_analogies([("man", "woman", "king")], TABLE, "cos"),
        ValueError,
        "`method` must be a known name. Received: 'cos'. Did you mean course? "
        "Known: course, 3cosadd.",
    ),
    (
        lambda f: complete_analogies([], TABLE),
        ValueError,
        "`triples` must hold at least one analogy. Received: [].",
    ),
    (
        lambda f: complete_analogies([("man", "woman")], TABLE),
        ValueError,
        "`triples[0]` must be three words. Received: ('man', 'woman').",
    ),
    (
        lambda f: complete_analogies([("man", "woman", "king")] * 2 + [("a", "b", "c")], TABLE),
        ValueError,
        "`triples[2] word_a` must be one of the 6 words of the vocabulary. Received: 'a'.",
    ),
    (
        lambda f: analogy_accuracy([("man", "woman", "king")], TABLE),
        ValueError,
        "`questions[0]` must be four words. Received: ('man', 'woman', 'king').",
    ),
    (
        lambda f: bias_direction([], TABLE),
        ValueError,
        "`pairs` must hold at least one pair of words. Received: none.",
    ),
    (
        lambda f: bias_direction(["he"], TABLE),
        ValueError,
        "`pairs[0]` must be two words. Received: 'he'.",
    ),
    (
        lambda f: bias_direction([("man", "Woman")], TABLE),
        ValueError,
        "`pairs[0][1]` must be one of the 6 words of the vocabulary. Received: 'Woman'. "
        "Did you mean 'woman'?",
    ),
    (
        lambda f: bias_direction([("man", "woman")], UNEVEN),
        ValueError,
        "`pairs[0]` must have vectors of the same length, 2. Received: 1.",
    ),
    (
        lambda f: bias_direction([("man", "woman")], [TABLE]),
        TypeError,
        "`word_to_vec_map` must map words to vectors. Received: list.",
    ),
    (
        lambda f: bias_subspace(PAIRS, TABLE, 0),
        ValueError,
        "`k` must be at least 1. Received: 0.",
    ),
    (
        lambda f: bias_subspace([("man", "man")], TABLE),
        ValueError,
        "`pairs` must differ. Received: pairs of equal vectors.",
    ),
    (
        lambda f: neutralize("man", AXIS, None),
        TypeError,
        "`word_to_vec_map` must map words to vectors. Received: NoneType.",
    ),
    (
        lambda f: neutralize(3, AXIS, TABLE),
        TypeError,
        "`word` must be a word. Received: 3 (int).",
    ),
    (
        lambda f: neutralize("pear", AXIS, TABLE),
        ValueError,
        "`word` must be one of the 6 words of the vocabulary. Received: 'pear'.",
    ),
    (
        lambda f: neutralize("man", [1.0, 0.0], TABLE),
        ValueError,
        "`g` must have shape (n=4,). Received: (2,). The vectors have n=4.",
    ),
    (
        lambda f: neutralize("man", np.zeros(4), TABLE),
        ValueError,
        "`g` must be a direction. Received: zeros only.",
    ),
    (
        lambda f: neutralize("man", AXIS, {"man": [[1.0]]}),
        ValueError,
        "`word_to_vec_map['man']` must have shape (n,). Received: (1, 1).",
    ),
    (
        lambda f: equalize(("man",), AXIS, TABLE),
        ValueError,
        "`pair` must be two words. Received: ('man',).",
    ),
    (
        lambda f: equalize(PAIRS[0], AXIS, 5),
        TypeError,
        "`word_to_vec_map` must map words to vectors. Received: int.",
    ),
    (
        lambda f: equalize(("man", "boy"), AXIS, TABLE),
        ValueError,
        "`pair[1]` must be one of the 6 words of the vocabulary. Received: 'boy'.",
    ),
    (
        lambda f: equalize(("man", "woman"), [1.0, 0.0], UNEVEN),
        ValueError,
        "`pair` must have vectors of the same length, 2. Received: 1.",
    ),
    (
        lambda f: equalize(("man", "woman"), [1.0], TABLE),
        ValueError,
        "`bias_axis` must have shape (n=4,). Received: (1,). The vectors have n=4.",
    ),
    (
        lambda f: equalize(("a", "b"), [0.0, 1.0], {"a": [1.0, 2.0], "b": [5.0, 2.0]}),
        ValueError,
        "`pair` must be two words that differ along `bias_axis`. Received: ('a', 'b').",
    ),
    (
        lambda f: direct_bias([], AXIS, TABLE),
        ValueError,
        "`words` must be a list of words. Received: [].",
    ),
    (
        lambda f: direct_bias(["pear"], AXIS, TABLE),
        ValueError,
        "`words[0]` must be one of the 6 words of the vocabulary. Received: 'pear'.",
    ),
    (
        lambda f: direct_bias(["man"], AXIS[:2], TABLE),
        ValueError,
        "`g` must have shape (n=4,). Received: (2,). The vectors have n=4.",
    ),
    (
        lambda f: direct_bias(["man"], AXIS, []),
        TypeError,
        "`word_to_vec_map` must map words to vectors. Received: list.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
