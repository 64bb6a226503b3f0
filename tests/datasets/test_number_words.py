"""Numbers in words: by hand, by rule and back, unseen numbers, bad input."""

import re

import numpy as np
import pytest

from dlspec.datasets.number_words import (
    make_number_words,
    number_in_words,
    number_of_words,
    number_vocabulary,
    split_words,
)
from tests.complaints import complaints_test

WAYS = [{}, {"with_and": False, "hyphen": False}, {"a": True, "long": True}]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, ("zero", "zero", "zero")),
        (13, ("thirteen",) * 3),
        (21, ("twenty-one", "twenty one", "twenty-one")),
        (100, ("one hundred", "one hundred", "a hundred")),
        (205, ("two hundred and five", "two hundred five", "two hundred and five")),
        (1000, ("one thousand", "one thousand", "a thousand")),
        (1007, ("one thousand and seven", "one thousand seven", "a thousand and seven")),
        (1200, ("one thousand two hundred",) * 2 + ("twelve hundred",)),
        (
            341_090,
            (
                "three hundred and forty-one thousand and ninety",
                "three hundred forty one thousand ninety",
                "three hundred and forty-one thousand and ninety",
            ),
        ),
    ],
)
def test_numbers_by_hand(number, words):
    assert tuple(number_in_words(number, **way) for way in WAYS) == words


def test_there_and_back_in_every_way():
    for number in [*range(2500), *np.random.default_rng(0).integers(0, 10**6, 500).tolist()]:
        for way in WAYS:
            assert number_of_words(number_in_words(number, **way)) == number


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("two hundred five thousand and six", 205_006),  # with "and" here and not there
        ("Two Hundred and Five Thousand Six", 205_006),
        ("a hundred thousand", 100_000),
        ("ninety-nine hundred ninety nine", 9999),
        ("zero", 0),
    ],
)
def test_ways_that_are_not_drawn_are_read_too(words, number):
    assert number_of_words(words) == number


@pytest.mark.parametrize(
    "words",
    [
        "and",
        "two and hundred",
        "two hundred and",
        "five two",
        "twenty eleven",
        "hundred hundred",
        "one thousand thousand",
        "one thousand a hundred",
        "two and and three",
    ],
)
def test_words_in_no_order_of_a_number_are_refused(words):
    with pytest.raises(ValueError, match="as it is said"):
        number_of_words(words)


def test_sets_are_right_disjoint_and_drawn_anew_by_seed():
    train, test = make_number_words(900, 100, seed=3)
    assert (len(train.words), len(test.words)) == (900, 100)
    for part in (train, test):
        assert [str(number_of_words(words)) for words in part.words] == part.digits
    numbers = train.digits + test.digits
    assert len(set(numbers)) == 1000
    assert make_number_words(900, 100, seed=3) == (train, test)
    assert make_number_words(900, 100, seed=4)[1] != test
    lengths = np.bincount([len(digits) for digits in numbers]) / 1000
    assert lengths[6] == pytest.approx(0.36, abs=0.06)
    assert lengths[4] == pytest.approx(0.25, abs=0.06)
    zeros = np.mean([digit == "0" for digits in numbers for digit in digits[1:]])
    assert zeros == pytest.approx(0.25 + 0.75 * 0.1, abs=0.03)


def test_the_vocabulary_is_what_is_used():
    train, _ = make_number_words(3000, 1)
    used = {word for words in train.words for word in re.split(r"[ -]", words)}
    assert used <= set(number_vocabulary())
    assert used == set(number_vocabulary()) - {"zero"}


COMPLAINTS = [
    (
        lambda folder: make_number_words(0, 1),
        ValueError,
        "`train` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: make_number_words(100_000, 1),
        ValueError,
        "`train` must be at most 100,000 together with `test`. Received: 100,001.",
    ),
    (
        lambda folder: number_in_words(10**6),
        ValueError,
        "`number` must be at most 999999. Received: 1000000.",
    ),
    (
        lambda folder: number_of_words(7),
        TypeError,
        "`text` must be a number in words. Received: int.",
    ),
    (
        lambda folder: number_of_words("Ten hundred"),
        ValueError,
        "`text` must be a number from zero to 999,999 as it is said. Received: 'ten hundred'. "
        "1000 is one thousand.",
    ),
    (
        lambda folder: number_of_words("hundred and"),
        ValueError,
        "`text` must be a number from zero to 999,999 as it is said. Received: 'hundred and'.",
    ),
    (
        lambda folder: split_words(" - "),
        ValueError,
        "`text` must be a number in words. Received: ' - '.",
    ),
    (
        lambda folder: split_words("two hundert"),
        ValueError,
        "`text` must hold words of numbers only. Received: 'hundert'. Did you mean hundred? "
        f"Known: {', '.join(number_vocabulary())}.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
