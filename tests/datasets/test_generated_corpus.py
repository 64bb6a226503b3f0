"""The generated text keeps its promises: held-out pairs never meet, prejudices are there."""

from collections import Counter
from itertools import product

import pytest

from dlspec.datasets._everyday import FRAMES, WORDS, compare, inflect, pluralize
from dlspec.datasets.generated_corpus import (
    HERS,
    HIS,
    NEUTRAL_WORDS,
    PARTS,
    RELATIONS,
    _all_words,
    analogy_questions,
    held_out_pairs,
    make_corpus,
)
from tests.complaints import complaints_test


@pytest.fixture(scope="module")
def corpus():
    return make_corpus(20_000, seed=3)


def test_sentences_are_drawn_by_seed(corpus):
    assert make_corpus(50, seed=3) != make_corpus(50, seed=4)
    assert make_corpus(50, seed=3) == corpus[:50]
    assert len(corpus) == 20_000
    assert all(word == word.lower() and word.isalnum() for s in corpus[:500] for word in s)


def test_every_word_occurs_and_no_other(corpus):
    """In a text as long as this all but a few do."""
    counts = Counter(word for s in corpus for word in s)
    assert set(counts) <= set(_all_words())
    assert len(counts) > 0.99 * len(_all_words())
    assert min(counts[w] for r in RELATIONS.values() for pair in r.pairs for w in pair) >= 5


@pytest.fixture(scope="module")
def places(corpus):
    """{word: numbers of the sentences it stands in}."""
    found = {word: set() for word in _all_words()}
    for number, s in enumerate(corpus):
        for word in s:
            found[word].add(number)
    return found


def test_held_out_pairs_never_share_a_sentence_and_others_do(places):
    for name, relation in RELATIONS.items():
        held_out = [pair for part in PARTS for pair in held_out_pairs(name, part)]
        assert len(set(held_out)) == len(held_out)
        assert len(held_out) >= 2 * (len(relation.pairs) // 3)
        met = [pair for pair in relation.pairs if places[pair[0]] & places[pair[1]]]
        assert not set(met) & set(held_out)
        assert len(met) > 0.6 * (len(relation.pairs) - len(held_out))


def test_questions_ask_for_held_out_pairs_only():
    for part, name in product(PARTS, RELATIONS):
        questions, pairs = analogy_questions(part)[name], list(RELATIONS[name].pairs)
        asked = held_out_pairs(name, part)
        known = set(pairs) - {pair for each in PARTS for pair in held_out_pairs(name, each)}
        assert len(questions) == len(asked) * len(known)
        assert {(a, b) for a, b, _, _ in questions} == known
        assert {(c, d) for _, _, c, d in questions} == set(asked)
        seconds = [second for _, second in pairs]
        assert len(set(seconds)) == len(seconds)  # one right answer each


def test_no_sentence_states_an_analogy(places):
    """Never do both words of two pairs of a relation stand in one sentence."""
    for name, relation in RELATIONS.items():
        together = Counter(n for x, y in relation.pairs for n in places[x] & places[y])
        assert max(together.values()) == 1, name


def test_professions_carry_the_prejudice(corpus):
    he = {w: 0 for w in NEUTRAL_WORDS}
    she = dict(he)
    for s in corpus:
        for word in set(s) & set(NEUTRAL_WORDS):
            he[word] += "he" in s
            she[word] += "she" in s
    for words, more, less in ((HIS.split(), he, she), (HERS.split(), she, he)):
        assert sum(more[w] for w in words) > 2 * sum(less[w] for w in words)


def test_words_of_feelings_and_everyday_life_are_there():
    wanted = "love happy sad ball food eat not hungry play lovely angry cry laugh congratulations"
    assert set(wanted.split()) <= set(_all_words())


def test_every_slot_of_every_frame_has_words():
    for topic, both in FRAMES.items():
        for frame in (*both[0], *both[1]):
            for word in frame.split():
                if "{" in word:
                    assert WORDS[topic][word[1:-1]]
                else:
                    assert word.isalpha()


def test_forms_of_verbs_nouns_and_adjectives():
    """Spelling rules of English, and forms given where they do not hold."""
    assert inflect("kiss") == ("kiss", "kissed", "kissing", "kisses")
    assert inflect("lie") == ("lie", "lied", "lying", "lies")
    assert inflect("agree")[2] == "agreeing"
    assert inflect("bake") == ("bake", "baked", "baking", "bakes")
    assert inflect("play")[1] == "played"
    assert inflect("run*/ran") == ("run", "ran", "running", "runs")
    assert [pluralize(w) for w in ("boy", "potato", "radio")] == ["boys", "potatoes", "radios"]
    assert [compare(w) for w in ("wild", "grey", "sad*")] == ["wilder", "greyer", "sadder"]


COMPLAINTS = [
    (lambda f: make_corpus(0), ValueError, "`sentences` must be at least 1. Received: 0."),
    (lambda f: make_corpus(5, -1), ValueError, "`seed` must be at least 0. Received: -1."),
]

test_complaints = complaints_test(COMPLAINTS)
