"""BLEU: the lecture's examples, sacrebleu on the same tokens, the loop, bad input."""

import math
import random

import pytest
from sacrebleu.metrics import BLEU

from dlspec._complaints import InvalidType, InvalidValue
from dlspec.sequence.bleu import bleu, brevity_penalty, clipped_matches, ngram_counts
from tests.complaints import complaints_test

REFERENCES = [
    "the cat is on the mat".split(),  # noqa: SIM905  a sentence reads better so
    "there is a cat on the mat".split(),  # noqa: SIM905
]
CANDIDATE = "the cat the cat on the mat".split()  # noqa: SIM905

PURE_CALLS = {
    "bleu": ([CANDIDATE], [REFERENCES]),
    "brevity_penalty": (5, 6),
    "ngram_counts": (CANDIDATE, 2),
    "clipped_matches": (CANDIDATE, REFERENCES, 2),
}


def corpus(m=60, references=2, seed=0):
    """Sentences of few words, some very short or empty, and noisy copies of them."""
    draw = random.Random(seed)
    words = [f"w{i}" for i in range(40)]

    def copy(tokens, noise):
        kept = [t for t in tokens if draw.random() > noise / 2]
        return [draw.choice(words) if draw.random() < noise else t for t in kept]

    originals = [draw.choices(words, k=draw.randint(1, 20)) for _ in range(m)]
    candidates = [copy(tokens, 0.3) for tokens in originals]
    return candidates, [
        [tokens, *(copy(tokens, 0.2) for _ in range(references - 1))] for tokens in originals
    ]


# --- The lecture ----------------------------------------------------------------------------------


def test_the_lectures_unigrams():
    """Seven times "the", of which a reference has two: 2/7, not 7/7."""
    assert clipped_matches(["the"] * 7, REFERENCES, 1) == (2, 7)


def test_the_lectures_bigrams():
    """the cat 1 of 2, cat the 0 of 1, cat on 1, on the 1, the mat 1: 4/6."""
    assert clipped_matches(CANDIDATE, REFERENCES, 2) == (4, 6)
    assert ngram_counts(CANDIDATE, 2)["the", "cat"] == 2


def test_bleu_of_the_lectures_sentence_by_hand():
    """5 of 7 words, 4 of 6 pairs; the nearest reference has 7 words: no penalty."""
    assert bleu([CANDIDATE], [REFERENCES], max_n=1) == pytest.approx(5 / 7, rel=1e-15)
    expected = math.sqrt(5 / 7 * 4 / 6)
    assert bleu([CANDIDATE], [REFERENCES], max_n=2) == pytest.approx(expected, rel=1e-15)


def test_a_perfect_translation_has_1_and_an_unrelated_one_0():
    assert bleu([REFERENCES[1]], [REFERENCES]) == 1
    assert bleu([["x", "y"]], [REFERENCES], smoothing="exp") == 0


@pytest.mark.parametrize(
    ("c", "r", "expected"), [(10, 10, 1), (12, 10, 1), (5, 10, math.exp(-1)), (0, 3, 0)]
)
def test_short_translations_are_penalised(c, r, expected):
    assert brevity_penalty(c, r) == expected


def test_of_references_equally_near_the_shorter_counts():
    """Two words; references of one and three: r is 1, and there is no penalty."""
    assert bleu([["a", "b"]], [[["a"], ["a", "b", "c"]]], max_n=1) == 1
    assert bleu([["a", "b"]], [[["a", "b", "c"]]], max_n=1) == math.exp(-0.5)


def test_counts_are_summed_before_they_are_divided():
    """4 of 4 words and 0 of 1: 4/5, where the mean of the sentences would be 1/2."""
    assert bleu([list("abcd"), ["x"]], [[list("abcd")], [["y"]]], max_n=1) == pytest.approx(0.8)


# --- Second routes --------------------------------------------------------------------------------


@pytest.mark.parametrize("references", [1, 3])
@pytest.mark.parametrize("smoothing", [None, "floor", "add-k", "exp"])
@pytest.mark.parametrize("m", [1, 60])
def test_sacrebleu_says_the_same_of_the_same_tokens(references, smoothing, m):
    candidates, of_all = corpus(m, references, seed=m)
    texts = [" ".join(tokens) for tokens in candidates]
    streams = [[" ".join(of_one[i]) for of_one in of_all] for i in range(references)]
    for max_n in (1, 2, 4, 5):
        other = BLEU(tokenize="none", smooth_method=smoothing or "none", max_ngram_order=max_n)
        expected = other.corpus_score(texts, streams).score / 100
        assert bleu(candidates, of_all, max_n, smoothing) == pytest.approx(expected, abs=1e-12)


def test_every_further_length_without_a_match_counts_half_as_much():
    """2 of 4 words; 1/2 of 3 pairs, 1/4 of 2 triples and 1/8 of 1 four in place of none."""
    candidate, reference = ["a", "x", "b", "y"], ["a", "p", "b", "q"]
    expected = (2 / 4 * 0.5 / 3 * 0.25 / 2 * 0.125 / 1) ** 0.25
    assert bleu([candidate], [[reference]], smoothing="exp") == pytest.approx(expected, rel=1e-14)
    other = BLEU(tokenize="none", smooth_method="exp").corpus_score(["a x b y"], [["a p b q"]])
    assert expected == pytest.approx(other.score / 100, abs=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_the_fast_form_counts_what_the_loop_counts(seed):
    candidates, references = corpus(seed=seed)
    references[0] = references[0][:1]  # numbers of references may differ
    log_sum = 0.0
    for n in (1, 2, 3):
        pairs = [clipped_matches(*pair, n) for pair in zip(candidates, references, strict=True)]
        log_sum += math.log(sum(a for a, _ in pairs) / sum(b for _, b in pairs)) / 3
    c = sum(map(len, candidates))
    r = sum(
        min((abs(len(y) - len(x)), len(y)) for y in of_one)[1]
        for x, of_one in zip(candidates, references, strict=True)
    )
    expected = brevity_penalty(c, r) * math.exp(log_sum)
    assert bleu(candidates, references, max_n=3) == pytest.approx(expected, rel=1e-12)


def test_tokens_may_be_anything_that_can_be_counted():
    assert bleu([[1, 2, 3, 4]], [[[1, 2, 3, 4]]]) == 1
    assert bleu([("a", 1)], [[("a", 1)]], max_n=2) == 1


def test_words_of_another_sentence_do_not_match():
    assert bleu([["a"], ["b"]], [[["b"]], [["a"]]], max_n=1) == 0


def test_an_ngram_does_not_reach_into_the_next_sentence():
    """ "b c" is a pair of the reference, but b and c stand in different translations."""
    assert bleu([["a", "b"], ["c", "d"]], [[["b", "c"]], [["b", "c"]]], max_n=2) == 0


COMPLAINTS = [
    (
        lambda tmp: bleu("the cat", [REFERENCES]),
        InvalidType,
        "`candidates` must be a list of sentences, lists of tokens. Received: str.",
    ),
    (
        lambda tmp: bleu([], []),
        InvalidValue,
        "`candidates` must hold at least one sentence. Received: none.",
    ),
    (
        lambda tmp: bleu([CANDIDATE, CANDIDATE], [REFERENCES]),
        InvalidValue,
        "`references` must hold the references of each of the 2 candidates. Received: those of 1.",
    ),
    (
        lambda tmp: bleu([CANDIDATE], [[]]),
        InvalidValue,
        "`references[0]` must hold at least one reference. Received: none.",
    ),
    (
        lambda tmp: bleu([CANDIDATE], ["the cat"]),
        InvalidType,
        "`references[0]` must be a list of references, lists of tokens. Received: str.",
    ),
    (
        lambda tmp: bleu([CANDIDATE], [CANDIDATE]),
        InvalidType,
        "`references[0]` must be a list of references, lists of tokens. Received: a list of text. "
        "Use [[reference] for reference in references].",
    ),
    (
        lambda tmp: bleu(["the cat"], [REFERENCES]),
        InvalidType,
        "`candidates[0]` must be a list of tokens. Received: str. Use text.split().",
    ),
    (
        lambda tmp: bleu([CANDIDATE], [["the cat"]]),
        InvalidType,
        "`references[0][0]` must be a list of tokens. Received: str. Use text.split().",
    ),
    (
        lambda tmp: bleu([CANDIDATE], [REFERENCES], max_n=0),
        InvalidValue,
        "`max_n` must be at least 1. Received: 0.",
    ),
    (
        lambda tmp: bleu([CANDIDATE], [REFERENCES], smoothing="addk"),
        InvalidValue,
        "`smoothing` must be a known name. Received: 'addk'. Did you mean add-k? Known: floor, "
        "add-k, exp.",
    ),
    (
        lambda tmp: brevity_penalty(-1, 3),
        InvalidValue,
        "`candidate_length` must be at least 0. Received: -1.",
    ),
    (
        lambda tmp: brevity_penalty(1, 0.5),
        InvalidType,
        "`reference_length` must be a whole number. Received: 0.5 (float).",
    ),
    (
        lambda tmp: ngram_counts(CANDIDATE, 0),
        InvalidValue,
        "`n` must be at least 1. Received: 0.",
    ),
    (
        lambda tmp: ngram_counts(7, 1),
        InvalidType,
        "`tokens` must be a list of tokens. Received: int.",
    ),
    (
        lambda tmp: clipped_matches(CANDIDATE, [], 1),
        InvalidValue,
        "`references[0]` must hold at least one reference. Received: none.",
    ),
]
test_complaints = complaints_test(COMPLAINTS)
