"""Lines of CVs with the names in them marked, as in the exercise on named entities.

    Ada Becker is a senior data engineer based in Oslo. Skills: Python, SQL and public speaking.
    NAME------      JOB------------------          PLACE         SKILL-  SKILL   SKILL----------

Seven kinds: NAME, JOB, COMPANY, SCHOOL, DEGREE, SKILL and PLACE.  A word by itself says little:
Jackson is a name, a place or half of a company ("Jackson & Reed"), "excel" and "swift" are often
just words, "manager" is no job title in "reported to the manager", and some texts are in small
letters.  With `new` people, cities, employers and skills are others than those to learn from, so
that what surrounds them has to tell.
"""

from typing import NamedTuple

import numpy as np

from dlspec._validation import check_count, check_fraction
from dlspec.datasets import _names as names

__all__ = ["KINDS", "Resume", "make_resumes"]

KINDS = ("NAME", "JOB", "COMPANY", "SCHOOL", "DEGREE", "SKILL", "PLACE")
SMALL_LETTERS = 0.1  # of the texts

FIRST_LINES = (
    "{NAME} is a {JOB} based in {PLACE}.",
    "{NAME}, {JOB}, {PLACE}.",
    "I am {NAME}, {JOB} at {COMPANY}.",
    "{NAME} has been a {JOB} with {COMPANY} since {year}.",
    "Curriculum vitae of {NAME}, born in {PLACE}.",
)
LINES = (
    "{JOB} at {COMPANY}, {year} to {year}.",
    "{COMPANY}, {PLACE}: {JOB}.",
    "Worked for {COMPANY} as {JOB} until {year}.",
    "Joined {COMPANY} in {PLACE} in {year}.",
    "At {COMPANY} led a team of {count} and reported to {NAME}.",
    "Moved from {COMPANY} to {COMPANY} in {year}.",
    "Started at {COMPANY} under {NAME}.",
    "Opened the {PLACE} office of {COMPANY}.",
    "{DEGREE}, {SCHOOL}, {year}.",
    "Holds a {DEGREE} from {SCHOOL}.",
    "Graduated from {SCHOOL} in {PLACE} with a {DEGREE}.",
    "Taught {SKILL} at {SCHOOL}.",
    "Visiting student at {SCHOOL}.",
    "Skills: {SKILL}, {SKILL} and {SKILL}.",
    "Works with {SKILL} and {SKILL} every day.",
    "Fluent in {SKILL}; is learning {SKILL}.",
    "Used {SKILL} for {count} years.",
    "Certified in {SKILL} in {PLACE}.",
    "Referee: {NAME}, {COMPANY}.",
    "Lives in {PLACE}.",
    "Willing to move to {PLACE} or {PLACE}.",
)
PLAIN_LINES = (
    "Likes to excel in a small team.",
    "Was praised by the manager for swift replies.",
    "Reported to the director of the bank.",
    "Loves a walk in the park and a good cup of java.",
    "Will go where the work is.",
    "Promoted twice within {count} years.",
    "References on request.",
    "Saved the group {count} per cent of its budget.",
    "Built a system of {count} parts with two partners.",
    "Was an assistant of the engineer on duty.",
)


class Resume(NamedTuple):
    """A text and the names in it.

    Attributes:
        text: a few sentences.
        spans: (start, end, kind) of each name, in the order of the text; characters start to
            end - 1.
    """

    text: str
    spans: list[tuple[int, int, str]]


def make_resumes(
    count: int, seed: int = 0, new: bool = False, made_up: float = 0.0
) -> list[Resume]:
    """Write texts of one to three sentences.

    Args:
        count: how many.
        seed: for all that is chosen.
        new: whether to use the names for tests: people, cities, employers and skills, none of which
            is among the others except as a word of another kind.
        made_up: share of those names that are put together from syllables, so that no network can
            learn them by heart; in [0, 1].

    Returns:
        The texts.

    Raises:
        TypeError, ValueError: no whole number of at least 1, a seed below 0, no share.

    Example:
        >>> resume = make_resumes(1, seed=3)[0]
        >>> start, end, kind = resume.spans[0]
        >>> kind, resume.text[start:end] in resume.text
        ('NAME', True)
    """
    count, seed = check_count("count", count), check_count("seed", seed, minimum=0)
    made_up = check_fraction("made_up", made_up)
    draw = names.Draw(np.random.default_rng([seed, int(new)]), new, made_up)
    return [_write(draw) for _ in range(count)]


def _write(draw):
    random = draw.random
    lines = [draw.one(FIRST_LINES)] if random.random() < 0.7 else []
    for _ in range(random.integers(1, 3)):
        lines.append(draw.one(PLAIN_LINES if random.random() < 0.25 else LINES))
    text, spans = "", []
    for line in lines:
        text += " " if text else ""
        for part in line.replace("}", "{").split("{"):
            if part in KINDS:
                name = MAKERS[part](draw)
                spans.append((len(text), len(text) + len(name), part))
                text += name
            elif part == "year":
                text += str(random.integers(1990, 2025))
            elif part == "count":
                text += str(random.integers(2, 40))
            else:
                text += part
    return Resume(text.lower() if random.random() < SMALL_LETTERS else text, spans)


def _name(draw):
    first, last = draw.name(names.FIRST), draw.name(names.LAST)
    form = draw.random.random()
    return f"{first} {last}" if form < 0.8 else f"{first[0]}. {last}" if form < 0.9 else first


def _job(draw):
    words = (draw.one(LEVELS), draw.one(names.AREA), draw.one(names.ROLE))
    job = " ".join(word for word in words if word)
    return job.title() if draw.random.random() < 0.5 else job


LEVELS = ("", "", "senior", "junior", "lead")


def _company(draw):
    forms = (
        f"{draw.name(names.EMPLOYER)} {draw.one(names.BUSINESS)}",
        f"{draw.name(names.EMPLOYER)} {draw.one(names.BUSINESS)}",
        draw.name(names.EMPLOYER),
        f"{draw.name(names.LAST)} & {draw.name(names.LAST)}",
        f"{draw.name(names.CITY)} {draw.one(names.BUSINESS)}",
    )
    return draw.one(forms)


def _school(draw):
    city, last = draw.name(names.CITY), draw.name(names.LAST)
    forms = (
        f"University of {city}",
        f"{city} University",
        f"{last} College",
        f"{city} Institute of Technology",
        f"{last} Business School",
    )
    return draw.one(forms)


def _degree(draw):
    field = draw.one(names.FIELD)
    forms = (f"Bachelor of Science in {field}", f"Master of Arts in {field}", f"MSc in {field}")
    return draw.one((*forms, f"PhD in {field}", f"{field} degree"))


MAKERS = {
    "NAME": _name,
    "JOB": _job,
    "COMPANY": _company,
    "SCHOOL": _school,
    "DEGREE": _degree,
    "SKILL": lambda draw: draw.name(names.SKILL),
    "PLACE": lambda draw: draw.name(names.CITY),
}
