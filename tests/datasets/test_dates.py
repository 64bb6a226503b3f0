"""Days in many spellings: each has one meaning, and no day is in two sets."""

import re
from collections import Counter
from datetime import date

import pytest

from dlspec.datasets.dates import LONGEST, make_dates, tidy_date, write_date
from tests.complaints import complaints_test

MONTHS = {date(2000, i, 1).strftime("%B").lower(): i for i in range(1, 13)}


@pytest.fixture(scope="module")
def dates():
    return make_dates(1500, 400, 400)


def read_english(text):
    """A second route: what a clerk would make of the text, by rules."""
    words = re.sub(r"(?<=\d)(st|nd|rd|th)\b", "", text)
    numbers = [int(n) for n in re.findall(r"\d+", words)]
    month = [i for name, i in MONTHS.items() if re.search(rf"\b{name[:3]}", words)]
    if "/" in text:
        m, d, y = numbers
    elif "." in text:
        d, m, y = numbers
    else:
        (m,), (d, y) = month, numbers
    if y < 100:
        y += 1900 if y >= 69 else 2000
    return date(y, m, d).isoformat()


def test_every_date_can_be_read_by_rules(dates):
    for part in (dates.train, dates.dev, dates.test):
        assert [read_english(text) for text in part.human] == list(part.machine)


def test_no_day_is_in_two_sets(dates):
    train, dev, test = (set(part.machine) for part in (dates.train, dates.dev, dates.test))
    assert not train & dev
    assert not train & test
    assert not dev & test


def test_which_days_are_held_out_does_not_depend_on_how_many_are_asked_for(dates):
    fewer = make_dates(100, 400, 10)
    assert fewer.test.human == dates.test.human[:10]
    assert fewer.train.pairs == dates.train.pairs[:100]
    assert fewer.dev == dates.dev
    assert make_dates(100, 400, 10, seed=2).test.human != fewer.test.human


def test_texts_are_as_the_network_reads_them(dates):
    for text in dates.train.human:
        assert text == tidy_date(text)
        assert len(text) <= LONGEST
        assert set(text) <= set(" ./0123456789abcdefghijlmnoprstuvwy")


def test_all_forms_and_all_times_occur(dates):
    counts = Counter(dates.train.forms)
    assert set(counts) == set(write_date(date(2001, 3, 3)))
    assert min(counts.values()) > 15
    years = [int(day[:4]) for day in dates.train.machine]
    assert min(years) < 1905
    assert max(years) > 2094


def test_english_forms():
    forms = write_date(date(2001, 3, 3))
    assert forms["short"] == "3/3/01"
    assert forms["medium"] == "Mar 3, 2001"
    assert forms["long"] == "March 3, 2001"
    assert forms["full"] == "Saturday, March 3, 2001"
    assert forms["dots"] == "03.03.2001"
    assert forms["3rd of March 2001"] == "3rd of March 2001"
    assert forms["Sat 3rd of March 2001"] == "Sat 3rd of March 2001"


@pytest.mark.parametrize(
    ("day", "ordinal"), [(1, "1st"), (2, "2nd"), (11, "11th"), (12, "12th"), (23, "23rd")]
)
def test_ordinals(day, ordinal):
    assert write_date(date(1999, 5, day))["3rd of March 2001"] == f"{ordinal} of May 1999"


def test_slashes_follow_the_locale_and_dots_do_not():
    day = date(2001, 3, 4)
    assert write_date(day)["slashes"] == "3/4/2001"
    assert write_date(day, "en_GB")["slashes"] == "4/3/2001"
    assert {write_date(day, tag)["dots"] for tag in ("en_US", "en_GB", "de")} == {"04.03.2001"}


def test_digits_follow_the_first_locale_only():
    dates = make_dates(400, 1, 1, locales=("de", "en_US", "sv"))
    assert dates.locales == ("de", "en_US", "sv")
    for text, machine in dates.train.pairs:
        if not any(map(str.isalpha, text)):
            numbers = [int(n) for n in re.findall(r"\d+", text)]
            assert numbers[:2] == [int(machine[8:]), int(machine[5:7])]  # the day first
    assert any("märz" in text for text in dates.train.human)
    assert any(" of march" in text for text in dates.train.human)


def test_tidy_date():
    assert tidy_date(" 3\u202fMai,  2001\n") == "3 mai 2001"


COMPLAINTS = [
    (
        lambda folder: make_dates(0),
        ValueError,
        "`train` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: make_dates(1, 1, 1, locales=()),
        ValueError,
        "`locales` must name at least one. Received: none.",
    ),
    (
        lambda folder: make_dates(1, 1, 1, locales=("en_US", "klingon")),
        ValueError,
        "`locales` must hold locales that babel knows. Received: 'klingon'. Such as en_US, de, fr "
        "or pt_BR.",
    ),
    (
        lambda folder: make_dates(1, 1, 1, seed=-1),
        ValueError,
        "`seed` must be at least 0. Received: -1.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
