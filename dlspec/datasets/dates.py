"""Dates as people write them and as machines do: "3rd of March 2001" and "2001-03-03".

Every day from 1900 to 2099 goes to training, to dev or to test, and to one of them only: what a
network says about a test date it cannot have learnt by heart.  How a day is written is drawn at
random from the forms of one or several languages (babel, which has them from the CLDR) and from
further English ones.  As in the course, capitals and commas are lost.

Not every string has one meaning.  So that each has:

    3/4/01     slashes: month and day in the order of the first locale (en_US: the 4th of March)
    4.3.2001   dots: always the day first
    01         is 2001, and 69 is 1969: two digits mean a year from 1969 to 2068, as in POSIX

and forms of digits alone come from the first locale only.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from dlspec._complaints import InvalidValue, sentence
from dlspec._validation import check_count

__all__ = ["DateSet", "Dates", "make_dates", "tidy_date", "write_date"]

FIRST, LAST = date(1900, 1, 1), date(2099, 12, 31)
TWO_DIGITS = range(1969, 2069)  # years that two digits can mean
DEV_DAYS, TEST_DAYS = 3000, 6000  # of 73,049
LONGEST = 30
"""Characters of a date: the course's Tx, which cuts what is longer."""

DIGITS = {"short": "short", "slashes": "slashes", "dots": "dd.MM.y", "dots, short": "d.M.yy"}
"""Forms without a word."""
WORDS = {
    "medium": "medium",
    "long": "long",
    "full": "full",
    "3 Mar 2001": "d MMM y",
    "3 March 2001": "d MMMM y",
    "3 March 01": "d MMMM yy",
    "Sat 3 Mar 2001": "EEE d MMM y",
    "Saturday 3 March 2001": "EEEE d MMMM y",
}
"""Forms that every language has."""
ENGLISH = {
    "3rd March 2001": "{th} {month} {year}",
    "3rd of March 2001": "{th} of {month} {year}",
    "the 3rd of March 2001": "the {th} of {month} {year}",
    "March 3rd, 2001": "{month} {th}, {year}",
    "March the 3rd, 2001": "{month} the {th}, {year}",
    "Saturday, March the 3rd, 2001": "{weekday}, {month} the {th}, {year}",
    "Sat 3rd of March 2001": "{wkd} {th} of {month} {year}",
}
"""Ours, for locales of English."""


@dataclass(frozen=True)
class DateSet:
    """Dates, each in two spellings.

    Attributes:
        human: as people write them, such as "3rd of march 2001".
        machine: the same days as "2001-03-03".
        forms: how each is written; the names are examples, or babel's.
    """

    human: tuple[str, ...]
    machine: tuple[str, ...]
    forms: tuple[str, ...]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """(human, machine), as the course's functions take them."""
        return list(zip(self.human, self.machine, strict=True))


@dataclass(frozen=True)
class Dates:
    """Three sets of dates without a common day, and where they come from.

    Attributes:
        train: to learn from.
        dev: to choose by.
        test: to measure with.
        locales: whose forms are used.
        source: "generated".
        files: none.
    """

    train: DateSet
    dev: DateSet
    test: DateSet
    locales: tuple[str, ...]
    source: str = "generated"
    files: tuple[Path, ...] = ()


def make_dates(
    train: int = 10_000,
    dev: int = 1000,
    test: int = 1000,
    *,
    locales: Sequence[str] = ("en_US",),
    seed: int = 1,
) -> Dates:
    """Draw days and ways to write them.

    Which days belong to which set does not depend on the numbers asked for.  A day may occur twice
    in a set; forms that would be longer than 30 characters are not used.

    Args:
        train: dates to learn from, at least 1.
        dev: dates to choose by, at least 1.
        test: dates to measure with, at least 1.
        locales: languages and countries, such as "en_US", "de" or "fr_CA"; each as often as the
            others.  Digits alone follow the first.
        seed: at least 0.

    Returns:
        The three sets.

    Raises:
        TypeError: not whole numbers.
        ValueError: counts below 1, no locale, one that babel does not know.

    Example:
        >>> make_dates(2, 1, 1).train.pairs
        [('29th of october 1977', '1977-10-29'), ('19th january 1944', '1944-01-19')]

    Source: course 5, week 3, whose data comes from the package faker in the same manner.
    """
    counts = [check_count(name, n) for name, n in (("train", train), ("dev", dev), ("test", test))]
    writers = [_forms(tag, first=i == 0) for i, tag in enumerate(_check_locales(locales))]
    random = np.random.default_rng(check_count("seed", seed, minimum=0))
    days = random.permutation((LAST - FIRST).days + 1)
    parts = days[DEV_DAYS + TEST_DAYS :], days[:DEV_DAYS], days[DEV_DAYS:][:TEST_DAYS]
    # Each set has random numbers of its own: a longer one begins like a shorter one.
    sets = [
        _draw(n, part, writers, own)
        for n, part, own in zip(counts, parts, random.spawn(3), strict=True)
    ]
    return Dates(*sets, locales=tuple(locales))


def _draw(n, days, writers, random):
    rows = []
    while len(rows) < n:
        day = FIRST + timedelta(int(random.choice(days)))
        forms = writers[random.integers(len(writers))]
        name = list(forms)[random.integers(len(forms))]
        text = tidy_date(forms[name](day))
        if len(text) <= LONGEST and (_has_century(day, text) or day.year in TWO_DIGITS):
            rows.append((text, day.isoformat(), name))
    return DateSet(*zip(*rows, strict=True))


def _has_century(day, text):
    return str(day.year) in text


def tidy_date(text: str) -> str:
    """Small letters, no commas, single spaces: what the network reads.

    Args:
        text: a date as somebody wrote it.

    Returns:
        The same, tidied.

    Example:
        >>> tidy_date(" Saturday,  March 3, 2001")
        'saturday march 3 2001'

    Source: course 5, week 3; the spaces are ours (babel has some that are no ASCII).
    """
    return " ".join(text.lower().replace(",", "").split())


def write_date(day: date, locale: str = "en_US") -> dict[str, str]:
    """One day in every form of a locale.

    Args:
        day: the day.
        locale: language and country, such as "en_US" or "de".

    Returns:
        {form: text}, as they stand, capitals and commas included.

    Raises:
        ValueError: a locale that babel does not know.

    Example:
        >>> forms = write_date(date(2001, 3, 3))
        >>> forms["short"], forms["March the 3rd, 2001"]
        ('3/3/01', 'March the 3rd, 2001')

    Source: Unicode CLDR, through babel.
    """
    (tag,) = _check_locales([locale])
    return {name: form(day) for name, form in _forms(tag, first=True).items()}


def _forms(tag: str, *, first: bool) -> dict[str, Callable[[date], str]]:
    """Functions from a day to text."""
    from babel import Locale
    from babel.dates import format_date

    locale = Locale.parse(tag)
    patterns = DIGITS | WORDS

    def pattern(form):
        return _slashes(locale) if form == "slashes" else form

    def in_digits(day, form):
        return format_date(day, pattern(form), locale=locale)

    forms = {name: lambda day, form=form: in_digits(day, form) for name, form in patterns.items()}
    if not first:  # some languages write a day in digits where others use words, too
        some_day = date(2001, 3, 3)
        forms = {
            name: form for name, form in forms.items() if any(map(str.isalpha, form(some_day)))
        }
    if locale.language == "en":
        forms |= {
            name: lambda day, form=form: _in_english(day, form) for name, form in ENGLISH.items()
        }
    return forms


def _slashes(locale):
    """Day and month in the order of the locale's short form, with four digits for the year."""
    short = locale.date_formats["short"].pattern
    return "d/M/y" if short.index("d") < short.index("M") else "M/d/y"


def _in_english(day, form):
    return form.format(
        th=f"{day.day}{_ending(day.day)}",
        month=f"{day:%B}",
        weekday=f"{day:%A}",
        wkd=f"{day:%a}",
        year=day.year,
    )


def _ending(n):
    """1st, 2nd, 3rd, but 11th, 12th, 13th."""
    return "th" if 10 < n < 14 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")


def _check_locales(locales: Iterable[str]) -> list[str]:
    from babel import localedata

    locales = list(locales)
    if not locales:
        raise InvalidValue(sentence("locales", "name at least one", "none"))
    known = localedata.locale_identifiers()
    for tag in locales:
        if tag not in known:
            received = f"{tag!r}"
            advice = "Such as en_US, de, fr or pt_BR."
            raise InvalidValue(
                sentence("locales", "hold locales that babel knows", received, advice)
            )
    return locales
