"""Numbers in words and in digits: a small translation task with a right answer.

    two hundred and five              205
    twelve hundred and fifty          1250
    three hundred forty-one thousand  341000

People write a number in several ways: with "and" or without, with hyphens or without, "a hundred",
"twelve hundred" for 1200.  Word-by-word substitution does not do: zeros have no words, "thirty" is
3 before a digit and 30 elsewhere, and how many digits follow "two" stands further on.  Numbers of
the test set do not occur in the training set.
"""

import re
from typing import NamedTuple

import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, near_miss, sentence
from dlspec._validation import check_count

__all__ = [
    "NumberWords",
    "make_number_words",
    "number_in_words",
    "number_of_words",
    "number_vocabulary",
    "split_words",
]

UNITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
TEENS = ("ten", "eleven", "twelve", *(f"{stem}teen" for stem in ("thir", "four", "fif", "six")))
ONES = (*UNITS, *TEENS, "seventeen", "eighteen", "nineteen")
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
OTHER = ("a", "and", "hundred", "thousand")
LARGEST = 999_999

ZEROS = 0.25  # share of the digits that become 0, besides those that are
# Of the numbers drawn, how many have so many digits; of 1 to 3 digits there are not many.
SHARES = {1: 0.001, 2: 0.01, 3: 0.08, 4: 0.25, 5: 0.3, 6: 0.359}


class NumberWords(NamedTuple):
    """Pairs of texts.

    Attributes:
        words: such as "two hundred and five".
        digits: such as "205".
    """

    words: list[str]
    digits: list[str]


def make_number_words(train: int, test: int, seed: int = 0) -> tuple[NumberWords, NumberWords]:
    """Draw numbers from 1 to 999,999, each written in one way.

    Args:
        train: pairs to learn from.
        test: pairs of other numbers.
        seed: for the numbers and the ways.

    Returns:
        Training and test pairs.

    Raises:
        TypeError, ValueError: not whole numbers of at least 1, or more than 100,000 in all.

    Example:
        >>> train, test = make_number_words(3, 1, seed=2)
        >>> len(train.words), len(test.digits)
        (3, 1)
    """
    count = check_count("train", train) + check_count("test", test)
    if count > 100_000:
        expected = "be at most 100,000 together with `test`"
        raise InvalidValue(sentence("train", expected, f"{count:,}"))
    random = np.random.default_rng(check_count("seed", seed, minimum=0))
    numbers = _draw(random, count)
    words = [number_in_words(n, *(random.random(4) < (0.5, 0.5, 0.3, 0.3))) for n in numbers]
    digits = [str(n) for n in numbers]
    return (
        NumberWords(words[test:], digits[test:]),
        NumberWords(words[:test], digits[:test]),
    )


def _draw(random, count):
    """Different numbers, their lengths in the shares above as far as there are so many.

    Zeros, which have no words, come more often than by chance: they are what is hard.
    """
    drawn = {}
    while len(drawn) < count:
        lengths = random.choice(list(SHARES), size=count, p=list(SHARES.values()))
        digits = random.integers(0, 10, (count, 6)) * (random.random((count, 6)) >= ZEROS)
        digits[np.arange(count), -lengths] = random.integers(1, 10, count)
        digits[np.arange(6) < 6 - lengths[:, None]] = 0
        for n in (digits @ 10 ** np.arange(5, -1, -1)).tolist():
            drawn[n] = True
            if len(drawn) == count:
                break
    return random.permutation(list(drawn)).tolist()


def number_in_words(
    number: int, with_and: bool = True, hyphen: bool = True, a: bool = False, long: bool = False
) -> str:
    """Write a number in words.

    Args:
        number: 0 to 999,999.
        with_and: "two hundred and five" rather than "two hundred five".
        hyphen: "twenty-one" rather than "twenty one".
        a: "a hundred" rather than "one hundred", where the number begins so.
        long: "twelve hundred" for 1200, where that can be said.

    Returns:
        The words, in small letters.

    Raises:
        TypeError, ValueError: no whole number, or one out of range.

    Example:
        >>> number_in_words(1205), number_in_words(1205, with_and=False, long=True)
        ('one thousand two hundred and five', 'twelve hundred five')
    """
    number = check_count("number", number, minimum=0)
    if number > LARGEST:
        raise InvalidValue(sentence("number", f"be at most {LARGEST}", number))
    if number == 0:
        return "zero"
    thousands, rest = divmod(number, 1000)
    if long and thousands in range(1, 10) and rest >= 100:
        words = [*_below_hundred(number // 100, hyphen), "hundred"]
        words += _tail(number % 100, with_and, hyphen)
    else:
        words = _below_thousand(thousands, with_and, hyphen)
        words += ["thousand"] if thousands else []
        if thousands and rest < 100:
            words += _tail(rest, with_and, hyphen)
        else:
            words += _below_thousand(rest, with_and, hyphen)
    if a and words[0] == "one" and words[1:2] in (["hundred"], ["thousand"]):
        words[0] = "a"
    return " ".join(words)


def _below_thousand(n, with_and, hyphen):
    hundreds, rest = divmod(n, 100)
    if not hundreds:
        return _below_hundred(rest, hyphen)
    return [ONES[hundreds], "hundred", *_tail(rest, with_and, hyphen)]


def _tail(n, with_and, hyphen):
    """What follows a hundred or a thousand."""
    return (["and"] if with_and and n else []) + _below_hundred(n, hyphen)


def _below_hundred(n, hyphen):
    if n == 0:
        return []
    if n < 20:
        return [ONES[n]]
    tens, ones = TENS[n // 10 - 2], n % 10
    if not ones:
        return [tens]
    return [f"{tens}-{ONES[ones]}"] if hyphen else [tens, ONES[ones]]


def number_of_words(text: str) -> int:
    """Read a number in words by rule: the inverse of `number_in_words`, whatever the way.

    Args:
        text: words, capital letters and hyphens as you like.

    Returns:
        The number.

    Raises:
        TypeError, ValueError: no text, a word that is in no number, words in an order that no
            number has.

    Example:
        >>> number_of_words("Twelve hundred and fifty-one")
        1251
    """
    words = split_words(text)
    total = part = 0
    for word in words:
        if word == "hundred":
            part *= 100
        elif word == "thousand":
            total, part = 1000 * part, 0
        elif word != "and":
            part += VALUES[word]
    number = total + part
    if number > LARGEST or not _says(words, number):
        expected = "be a number from zero to 999,999 as it is said"
        advice = f"{number} is {number_in_words(number)}." if 0 < number <= LARGEST else ""
        raise InvalidValue(sentence("text", expected, f"'{' '.join(words)}'", advice))
    return number


def _says(words, number):
    """Whether these words are a way to say the number; each "and" may be there or not."""
    ways = [
        number_in_words(number, hyphen=False, a=a, long=long)
        for a in (False, True)
        for long in (False, True)
    ]
    return any(re.fullmatch(way.replace(" and ", " (and )?"), " ".join(words)) for way in ways)


VALUES = {word: n for n, word in enumerate(ONES)} | {
    word: 10 * n for n, word in enumerate(TENS, start=2)
}
VALUES["a"] = 1


def number_vocabulary() -> list[str]:
    """All words that numbers are written with.

    Returns:
        32 words.

    Example:
        >>> number_vocabulary()[:3], len(number_vocabulary())
        (['zero', 'one', 'two'], 32)
    """
    return [*ONES, *TENS, *OTHER]


def split_words(text: str) -> list[str]:
    """Words of a number, in small letters, without hyphens and marks such as full stops.

    Args:
        text: such as "Twenty-one thousand".

    Returns:
        Such as ["twenty", "one", "thousand"].

    Raises:
        TypeError: no text.
        ValueError: no word, or one that is in no number.

    Example:
        >>> split_words("Twenty-one thousand")
        ['twenty', 'one', 'thousand']
    """
    if not isinstance(text, str):
        raise InvalidType(sentence("text", "be a number in words", type(text).__name__))
    words = re.findall(r"[^\s,.!?-]+", text.lower())
    if not words:
        raise InvalidValue(sentence("text", "be a number in words", repr(text)))
    known = number_vocabulary()
    for word in words:
        if word not in known:
            raise InvalidValue(
                sentence("text", "hold words of numbers only", repr(word), near_miss(word, known))
            )
    return words
