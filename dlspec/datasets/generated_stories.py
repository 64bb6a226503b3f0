"""Short stories with questions whose answer stands in them, after the bAbI tasks.

    Mira went to the kitchen. Omar took the lamp. Mira talked with Omar about the garden. Omar
    walked to the office.                                          Where is Mira?    kitchen

Only some sentences matter: people also talk about places where they are not, things change hands,
and everybody moves several times.  With `new` people, places and things are others than those to
learn from.

Source: Weston et al., "Towards AI-complete question answering", 2015, tasks 1 and 2.
"""

from typing import NamedTuple

import numpy as np

from dlspec._validation import check_count, check_fraction
from dlspec.datasets import _names as names

__all__ = ["QUESTIONS", "Story", "make_stories"]

QUESTIONS = ("Where is {person}?", "Who has the {thing}?")
MOVES = ("went to", "walked to", "ran to", "moved to", "travelled to", "went back to")
TAKES = ("took", "picked up", "got", "grabbed")
TALKS = (
    "{person} talked with {other} about the {place}.",
    "{person} had never seen the {place}.",
    "{person} told {other} about the {thing}.",
    "{person} waved to {other}.",
)


class Story(NamedTuple):
    """A story and a question about it.

    Attributes:
        text: a few sentences.
        question: one of `QUESTIONS`, filled.
        start: of the answer in the text, in characters.
        end: one past its last character.
        sentences: how many sentences the text has.
    """

    text: str
    question: str
    start: int
    end: int
    sentences: int

    @property
    def answer(self) -> str:
        """The answer."""
        return self.text[self.start : self.end]


def make_stories(
    count: int,
    seed: int = 0,
    new: bool = False,
    made_up: float = 0.0,
    sentences: tuple[int, int] = (2, 5),
) -> list[Story]:
    """Let a few people walk about, and ask where one is or who has a thing.

    Args:
        count: how many stories.
        seed: for all that happens.
        new: whether people, places and things are those for tests.
        made_up: share of them that are put together from syllables, so that no network can learn
            them by heart; in [0, 1].
        sentences: least and most sentences of a story, at least 2 each; a story in which nobody has
            moved or taken anything goes on until somebody does.

    Returns:
        The stories.

    Raises:
        TypeError, ValueError: not whole numbers, numbers too small.

    Example:
        >>> story = make_stories(1, seed=1)[0]
        >>> story.question[-1], story.answer in story.text
        ('?', True)
    """
    count, seed = check_count("count", count), check_count("seed", seed, minimum=0)
    least = check_count("sentences[0]", sentences[0], minimum=2)
    most = check_count("sentences[1]", sentences[1], minimum=least)
    made_up = check_fraction("made_up", made_up)
    draw = names.Draw(np.random.default_rng([seed, int(new)]), new, made_up)
    return [_tell(draw, draw.random.integers(least, most + 1)) for _ in range(count)]


def _tell(draw, length):
    """Sentences, and for each question that has an answer where the newest answer stands."""
    random = draw.random
    cast = {
        "person": draw.names(names.FIRST, random.integers(2, 4)),
        "place": draw.names(names.ROOM, 4),
        "thing": draw.names(names.THING, 2),
    }
    text, answers = "", {}
    while not answers or length > 0:
        form = random.random()
        person, other = random.permutation(cast["person"])[:2].tolist()
        place, thing = draw.one(cast["place"]), draw.one(cast["thing"])
        text += " " if text else ""
        if form < 0.5:
            line = f"{person} {draw.one(MOVES)} the {place}."
            begin = len(text) + len(line) - 1 - len(place)
            answers[QUESTIONS[0].format(person=person)] = begin, begin + len(place)
        elif form < 0.75:
            line = f"{person} {draw.one(TAKES)} the {thing}."
            answers[QUESTIONS[1].format(thing=thing)] = len(text), len(text) + len(person)
        else:
            line = draw.one(TALKS).format(person=person, other=other, place=place, thing=thing)
        text += line
        length -= 1
    question = draw.one(list(answers))
    return Story(text, question, *answers[question], text.count("."))
