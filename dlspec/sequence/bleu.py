"""BLEU: how close a translation is to what people wrote (course 5, week 3).

A good translation uses the words of the references, and their word pairs, triples and fours.  So
count its n-grams that occur in a reference, each at most as often as there ("clipped"), over all
its n-grams:

    p_n = sum over n-grams of min(count, largest count in a reference) / number of n-grams

    BLEU = BP exp(1/N (log p_1 + ... + log p_N)),   BP = min(1, exp(1 - r / c))

(some notes lose the logarithm, or the sum).  A short translation has high p_n; the brevity penalty
BP makes up for that: c is the length of the translation, r that of the reference nearest to it.

BLEU is a measure of a whole text: numerators, denominators and lengths are summed over all
sentences before anything is divided.  A single sentence rarely has a common 4-gram, and BLEU is 0
then unless p_n is smoothed.

Sentences are lists of tokens.  How text is cut into tokens changes the number: compare only BLEU of
the same tokens.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from itertools import chain, count

import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import check_choice, check_count

__all__ = ["bleu", "brevity_penalty", "clipped_matches", "ngram_counts"]

Sentence = Sequence[Hashable]

SMOOTHING = ("floor", "add-k", "exp")
FLOOR, K = 0.1, 1


def bleu(
    candidates: Sequence[Sentence],
    references: Sequence[Sequence[Sentence]],
    max_n: int = 4,
    smoothing: str | None = None,
) -> float:
    """BLEU of a text, from 0 to 1; 100 times that is what sacrebleu prints.

    Where no n-gram of some length matches, the product of the p_n is 0, unless they are smoothed:

        "floor"   0.1 in place of 0 matches
        "add-k"   one more match and one more n-gram for every n above 1
        "exp"     1/2 match the first time, 1/4 the second ...; what sacrebleu does by default

    Args:
        candidates: translations, m lists of tokens.
        references: for each translation a list of at least one reference, each a list of tokens.
        max_n: N, at least 1.
        smoothing: None, "floor", "add-k" or "exp".

    Returns:
        BLEU; 0 if nothing matches.

    Raises:
        TypeError: text in place of tokens, or not lists.
        ValueError: no translation, no reference for one of them, other numbers of them, `max_n`
            below 1, an unknown smoothing.

    Example:
        >>> candidate, reference = "the cat sat on the mat", "the cat is on the mat"
        >>> round(bleu([candidate.split()], [[reference.split()]], max_n=2), 4)
        0.7071

    Source: Papineni et al., "BLEU: a method for automatic evaluation of machine translation", 2002;
    smoothing: Chen and Cherry, "A systematic comparison of smoothing techniques", 2014, and Post,
    "A call for clarity in reporting BLEU scores", 2018.
    """
    _check_texts(candidates, references)
    check_count("max_n", max_n)
    if smoothing is not None:
        check_choice("smoothing", smoothing, SMOOTHING)
    lengths = np.array([len(candidate) for candidate in candidates])
    nearest = [
        min(map(len, of_one), key=lambda r: (abs(r - c), r))
        for of_one, c in zip(references, lengths, strict=True)
    ]
    matches = _clipped_matches_of_all(candidates, references, max_n)
    totals = [int(np.maximum(lengths - n, 0).sum()) for n in range(max_n)]
    precision = _mean_precision(matches, totals, smoothing)
    return _brevity_penalty(int(lengths.sum()), sum(nearest)) * precision


def _mean_precision(matches, totals, smoothing):
    """The geometric mean of the p_n."""
    if not any(matches):
        return 0.0
    log_sum, zeros = 0.0, 0
    for n, (found, total) in enumerate(zip(matches, totals, strict=True)):
        if smoothing == "add-k" and n > 0:
            found, total = found + K, total + K
        if found == 0 and smoothing == "floor":
            found = FLOOR
        if found == 0 and smoothing == "exp":
            zeros += 1
            found = 0.5**zeros
        if found == 0 or total == 0:
            return 0.0
        log_sum += math.log(found / total)
    return math.exp(log_sum / len(matches))


def brevity_penalty(candidate_length: int, reference_length: int) -> float:
    """BP = min(1, exp(1 - r / c)): what a translation that is too short loses.

    Args:
        candidate_length: c, tokens of all translations together.
        reference_length: r, tokens of the nearest references together.

    Returns:
        From 0 to 1; 0 for no tokens at all.

    Raises:
        TypeError, ValueError: not whole numbers of at least 0.

    Example:
        >>> brevity_penalty(12, 10), round(brevity_penalty(5, 10), 4)
        (1.0, 0.3679)

    Source: Papineni et al., 2002.
    """
    c = check_count("candidate_length", candidate_length, minimum=0)
    return _brevity_penalty(c, check_count("reference_length", reference_length, minimum=0))


def _brevity_penalty(c, r):
    if c == 0:
        return 0.0
    return min(1.0, math.exp(1 - r / c))


# --- Counting, as in the lecture ------------------------------------------------------------------


def ngram_counts(tokens: Sentence, n: int) -> Counter:
    """How often each n-gram occurs.

    Args:
        tokens: a sentence.
        n: tokens of an n-gram, at least 1.

    Returns:
        {tuple of n tokens: count}.

    Raises:
        TypeError: text in place of tokens.
        ValueError: n below 1.

    Example:
        >>> ngram_counts("the cat the cat".split(), 2)
        Counter({('the', 'cat'): 2, ('cat', 'the'): 1})

    Source: course 5, week 3.
    """
    _check_sentence("tokens", tokens)
    n = check_count("n", n)
    return Counter(zip(*(tokens[i:] for i in range(n)), strict=False))


def clipped_matches(candidate: Sentence, references: Sequence[Sentence], n: int) -> tuple[int, int]:
    """Numerator and denominator of p_n for one sentence.

    Args:
        candidate: a translation.
        references: what people wrote, at least one.
        n: tokens of an n-gram, at least 1.

    Returns:
        matches: n-grams of the translation that a reference has, each counted at most as often as
            in the reference that has most of them.
        total: n-grams of the translation.

    Raises:
        TypeError: text in place of tokens.
        ValueError: no references, n below 1.

    Example:
        >>> references = ["the cat is on the mat".split(), "there is a cat on the mat".split()]
        >>> clipped_matches("the the the the the the the".split(), references, 1)
        (2, 7)
        >>> clipped_matches("the cat the cat on the mat".split(), references, 2)
        (4, 6)

    Source: course 5, week 3; the first example is that of Papineni et al., 2002.
    """
    _check_texts([candidate], [references])
    counts = ngram_counts(candidate, n)
    most = Counter()
    for reference in references:
        most |= ngram_counts(reference, n)  # the union keeps the larger count
    return (counts & most).total(), counts.total()


# --- The same for a whole text at once ------------------------------------------------------------


def _clipped_matches_of_all(candidates, references, max_n):
    """The matches of all sentences summed, for n = 1 ... max_n; equal to `clipped_matches`.

    All tokens stand in one row.  Each place gets the number of its n-gram *within its sentence*:
    n-grams of the same words in a translation and in its references have the same number.  The
    number of an n-gram follows from that of the (n-1)-gram at its place and the token after it, and
    counting numbers is `np.bincount`.  A place whose (n-1)-gram no translation shares with a
    reference cannot begin a common n-gram, so that fewer places are left at every step.
    """
    texts = [candidates, *_by_rank(references)]
    sizes = np.array([[len(tokens) for tokens in text] for text in texts])
    numbers = defaultdict(count().__next__)
    tokens = np.fromiter(
        map(numbers.__getitem__, chain.from_iterable(chain.from_iterable(texts))), np.int64
    )
    ends = np.repeat(sizes.cumsum(), sizes.ravel())  # where the sentence of each place ends
    text_of = np.repeat(np.arange(len(texts)), sizes.sum(axis=1))
    gram = np.repeat(np.tile(np.arange(len(candidates)), len(texts)), sizes.ravel())
    places, matches = np.arange(tokens.size), []
    for n in range(1, max_n + 1):
        inside = places + n <= ends[places]
        places = places[inside]
        pairs = gram[inside] * len(numbers) + tokens[places + n - 1]
        distinct, gram = np.unique(pairs, return_inverse=True)
        counts = [
            np.bincount(gram[text_of[places] == text], minlength=distinct.size)
            for text in range(len(texts))
        ]
        common = np.minimum(counts[0], np.maximum.reduce(counts[1:]))
        matches.append(int(common.sum()))
        shared = common[gram] > 0
        places, gram = places[shared], gram[shared]
    return matches


def _by_rank(references):
    """The first references of all sentences, then the second ones, ...; missing ones are empty."""
    most = max(map(len, references))
    return [[of_one[i] if i < len(of_one) else () for of_one in references] for i in range(most)]


# --- Checks ---------------------------------------------------------------------------------------


def _check_texts(candidates, references):
    for name, value in (("candidates", candidates), ("references", references)):
        if isinstance(value, str) or not isinstance(value, Sequence):
            received = type(value).__name__
            raise InvalidType(sentence(name, "be a list of sentences, lists of tokens", received))
    if not candidates:
        raise InvalidValue(sentence("candidates", "hold at least one sentence", "none"))
    if len(references) != len(candidates):
        expected = f"hold the references of each of the {len(candidates)} candidates"
        raise InvalidValue(sentence("references", expected, f"those of {len(references)}"))
    for i, (candidate, of_one) in enumerate(zip(candidates, references, strict=True)):
        _check_sentence(f"candidates[{i}]", candidate)
        name = f"references[{i}]"
        if isinstance(of_one, str) or not isinstance(of_one, Sequence):
            received = type(of_one).__name__
            raise InvalidType(sentence(name, "be a list of references, lists of tokens", received))
        if not of_one:
            raise InvalidValue(sentence(name, "hold at least one reference", "none"))
        for j, reference in enumerate(of_one):
            if isinstance(reference, str) and len(of_one) > 1:
                advice = "Use [[reference] for reference in references]."
                expected = "be a list of references, lists of tokens"
                raise InvalidType(sentence(name, expected, "a list of text", advice))
            _check_sentence(f"{name}[{j}]", reference)


def _check_sentence(name, tokens):
    if isinstance(tokens, str) or not isinstance(tokens, Sequence):
        advice = "Use text.split()." if isinstance(tokens, str) else ""
        raise InvalidType(sentence(name, "be a list of tokens", type(tokens).__name__, advice))
