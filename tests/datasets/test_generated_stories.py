"""Stories: answers follow from what happens, read by rule; unseen names, bad input."""

import re

import numpy as np
import pytest

from dlspec.datasets import _names as names
from dlspec.datasets.generated_stories import make_stories
from tests.complaints import complaints_test


@pytest.fixture(scope="module")
def stories():
    return make_stories(1500, seed=1)


def test_answers_follow_from_the_story(stories):
    for story in stories:
        asked = story.question.strip("?").split()[-1]
        if story.question.startswith("Where"):
            moves = re.findall(
                rf"{asked} (?:went|walked|ran|moved|travelled)(?: back)? to the (\w+)\.", story.text
            )
            assert story.answer == moves[-1]
        else:
            takes = re.findall(rf"(\w+) (?:took|picked up|got|grabbed) the {asked}\.", story.text)
            assert story.answer == takes[-1]


def test_the_span_is_the_newest_mention_that_tells(stories):
    for story in stories:
        if story.question.startswith("Where"):
            assert story.text[story.end] == "."
        else:
            assert re.match(r"\w+ (took|picked|got|grabbed)", story.text[story.start :])


def test_the_last_place_is_often_not_the_answer(stories):
    """Or the question would not have to be read."""
    where = [story for story in stories if story.question.startswith("Where")]
    right = [re.findall(r"the (\w+)", story.text)[-1] == story.answer for story in where]
    assert 0.3 < np.mean(right) < 0.6
    assert 0.5 < len(where) / len(stories) < 0.85


def test_lengths_and_seeds(stories):
    lengths = np.array([story.sentences for story in stories])
    assert lengths.min() == 2
    assert np.bincount(lengths)[2:6].min() > 150
    assert make_stories(20, seed=1) == stories[:20]
    assert make_stories(20, seed=2) != stories[:20]
    assert {story.sentences for story in make_stories(50, sentences=(9, 9))} == {9}


def test_tests_have_other_people_places_and_things(stories):
    for pool in (names.FIRST, names.ROOM, names.THING):
        assert not set(pool.known) & set(pool.new)
    for story in make_stories(200, seed=1, new=True):
        words = set(re.findall(r"\w+", story.text))
        assert not words & {*names.FIRST.known, *names.ROOM.known, *names.THING.known}


COMPLAINTS = [
    (
        lambda folder: make_stories(1, made_up=60),
        ValueError,
        "`made_up` must be a fraction in [0, 1]. Received: 60. 60 % is 0.6.",
    ),
    (
        lambda folder: make_stories("ten"),
        TypeError,
        "`count` must be a whole number. Received: 'ten' (str).",
    ),
    (
        lambda folder: make_stories(1, sentences=(1, 4)),
        ValueError,
        "`sentences[0]` must be at least 2. Received: 1.",
    ),
    (
        lambda folder: make_stories(1, sentences=(5, 4)),
        ValueError,
        "`sentences[1]` must be at least 5. Received: 4.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
