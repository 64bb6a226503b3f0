"""Generated sentences for five emoji: heart, baseball, smile, disappointed face, fork and knife.

Frames such as "i am so {glad} about the {success}" are filled with words drawn at random; frames
and word lists are ours.  What makes the dev sentences hard:

* of every list every third word is kept out of the training sentences, and every label has frames
  that are kept out too.  Of the dev sentences half have a new frame, filled with words known from
  training, and half a known frame, filled with words that are not;
* love, great and not stand with several labels: "i love pizza" is about food, "i can not play
  tennis" about sports;
* one sentence in seven says what it means by the order of its words only.  "i am glad not sad"
  and "i am sad not glad" have the same words, and an average of word vectors is the same for both;
* one label in thirty is wrong in the training sentences, as people's are.
"""

import re
from dataclasses import dataclass

import numpy as np

from dlspec._complaints import InvalidValue, sentence
from dlspec._validation import check_count

__all__ = [
    "KINDS",
    "LABELS",
    "LabelledSentences",
    "make_emoji_sentences",
    "word_order_pairs",
]

LABELS = ("heart", "baseball", "smile", "disappointed", "fork and knife")
KINDS = ("new frame", "new words", "word order", "written")

LISTS = {
    "dear": "mum dad darling sweetheart dearest honey baby family wife husband girlfriend "
    "boyfriend daughter son sister brother grandma grandpa",
    "love": "love adore cherish miss treasure embrace kiss",
    "lovely": "lovely cute adorable charming beautiful attractive handsome pretty romantic "
    "gorgeous sweet tender",
    "animal": "dog cat puppy kitten bird rabbit horse dogs puppies",
    "glad": "happy glad excited proud delighted thrilled cheerful joyful pleased lucky merry "
    "satisfied content grateful thankful",
    "great": "great good wonderful amazing awesome fantastic excellent brilliant perfect nice "
    "incredible superb terrific marvelous impressive",
    "success": "success victory prize promotion achievement graduation birthday anniversary award "
    "job vacation diploma progress celebration present",
    "fun": "funny hilarious amusing fun silly",
    "sad": "sad unhappy lonely miserable depressed upset disappointed heartbroken frustrated "
    "gloomy hopeless ashamed worried afraid hurt",
    "bad": "bad terrible awful horrible nasty stupid boring unfair cruel dreadful annoying "
    "disgusting useless lousy",
    "angry": "angry furious mad irritated annoyed jealous",
    "trouble": "failure accident sickness defeat mistake argument illness loss crime disaster "
    "nightmare rejection",
    "sport": "baseball football basketball tennis soccer hockey volleyball golf cricket rugby",
    "ball": "ball bat glove racket helmet jersey",
    "player": "player pitcher catcher coach team goalkeeper champion athlete captain",
    "match": "game match season tournament final league championship training practice",
    "throw": "throw catch kick hit pass",
    "food": "pizza pasta rice bread cheese chicken meat fish sushi salad soup steak burger noodles "
    "vegetables fruit potatoes eggs cookies cake chocolate candy bacon tomatoes",
    "meal": "breakfast lunch dinner brunch supper",
    "drink": "coffee tea juice water milk lemonade cocoa",
    "tasty": "delicious tasty yummy fresh spicy crunchy juicy creamy baked",
    "hungry": "hungry starving thirsty",
    "place": "restaurant kitchen cafe bakery canteen diner",
    "person": "boss teacher neighbor colleague grader stranger boy girl man woman",
    "study": "exam homework assignment project lecture essay course class quiz exercise",
    "home": "wallet phone box bag letter lamp",
    "when": "today tomorrow tonight now again",
    "very": "so very really too",
}

# Frames by label: those of training, and behind them those of new frames.
FRAMES = {
    "heart": (
        (
            "i {love} you",
            "i {love} you {very} much",
            "i {love} you {dear} {when}",
            "i {love} my {dear}",
            "i {love} my {lovely} {animal}",
            "my {dear} is {very} {lovely}",
            "you are my {lovely} {dear}",
            "she is {lovely} and i {love} her",
            "he is {very} {lovely}",
            "we {love} each other",
            "roses and kisses for my {dear}",
            "will you be my {dear}",
            "i can not stop to think of you {dear}",
            "i want a hug and a kiss {dear}",
            "i {love} my {dear} more than my life",
            "he is the heart of my life",
            "my {dear} and i {love} each other",
            "i {love} him",
            "all my heart is with you {dear}",
            "our {animal} is a {lovely} {animal}",
            "your face is {lovely}",
            "i think of you all day {dear}",
            "she is the one that i {love}",
            "how {lovely} you are {dear}",
        ),
        (
            "{dear} i {love} you with all my heart",
            "you are {lovely} {dear}",
            "he is {lovely} and i think i {love} him",
            "a kiss for my {lovely} {dear}",
            "the {animal} is {lovely}",
            "i will never forget you {dear}",
        ),
    ),
    "baseball": (
        (
            "let us play {sport} {when}",
            "i want to play {sport}",
            "i love {sport}",
            "do you like {sport}",
            "who won the {sport} {match}",
            "where is the {ball}",
            "give me the {ball}",
            "please {throw} the ball",
            "do not {throw} the {ball} {when}",
            "the {player} can {throw} the {ball}",
            "our {player} will win the {match}",
            "the {match} of the {sport} team was {great}",
            "i can not play {sport} {when}",
            "the {player} is at the stadium",
            "the {player} is {great}",
            "run and {throw} the ball",
            "he can {throw} and run",
            "we run for an hour {when}",
            "see you at the stadium {when}",
            "at the {match} we cheer for our {player}",
            "the {sport} game starts {when}",
            "did our team win {when}",
            "the team lost the {match}",
            "who is our {player} {when}",
            "do well in the {match}",
        ),
        (
            "she is a {great} {sport} {player}",
            "my {dear} will play {sport} {when}",
            "how many points did the {player} score",
            "what a {great} {sport} {match}",
            "the {player} lost the {ball} in the {match}",
            "we train for the {match} {when}",
        ),
    ),
    "smile": (
        (
            "i am {very} {glad}",
            "i feel {glad} {when}",
            "i am {glad} about the {success}",
            "we are {glad} because of your {success}",
            "congratulations on your {success}",
            "what a {great} {success}",
            "you did a {great} job",
            "the {person} was {great}",
            "that joke was {very} {fun}",
            "this is {very} {fun} lol",
            "the {person} made us laugh",
            "the {study} was {great}",
            "i love your {success}",
            "my {dear} is {glad} {when}",
            "you are a {great} friend",
            "that was a {great} day with you",
            "enjoy your {success}",
            "he got the {success} {when}",
            "let us celebrate {when}",
            "we laugh and laugh about the {fun} joke",
            "yes we did it",
            "the {success} is {when} and we smile",
            "bravo {dear}",
            "all is well and i am {glad}",
            "we have so much fun with the {person}",
            "come and dance {when}",
            "your {study} is {great}",
        ),
        (
            "bravo we celebrate the {success}",
            "she said yes and i am {glad}",
            "ha ha that was {fun}",
            "this {study} is {great} and {fun}",
            "i smile because i am {glad}",
            "the {success} made me {glad}",
        ),
    ),
    "disappointed": (
        (
            "i am {very} {sad}",
            "i feel {sad} {when}",
            "i am {sad} about the {trouble}",
            "she is {angry} because of the {trouble}",
            "the {person} is {angry} with me",
            "this {study} is {very} {bad}",
            "what a {bad} {study}",
            "the {person} was {bad} to me",
            "i failed the {study}",
            "i hate this {bad} {study}",
            "my {dear} is {sad} {when}",
            "no one likes me",
            "the {person} did not answer me",
            "never talk to me again",
            "why did you do that",
            "this is not what i want",
            "my day was {bad}",
            "we lost it and i am {sad}",
            "you make me {angry}",
            "i lost my {home}",
            "work was {bad} {when}",
            "i do not want to see you",
            "you did not call me {when}",
            "i am {sad} and tired of this {study}",
            "it is all wrong",
            "the {person} can not do it",
            "life is {bad}",
            "the {home} is not at home",
            "go home you are {bad}",
        ),
        (
            "why are you {sad} {when}",
            "it was a {bad} {trouble}",
            "stop it you are {bad}",
            "i cry because of the {trouble}",
            "everyone is {angry} and i am {sad}",
            "my {person} said that i am {bad}",
        ),
    ),
    "fork and knife": (
        (
            "i am {very} {hungry}",
            "i am {hungry} let us have {meal}",
            "i want to eat {food}",
            "i love {food}",
            "do you like {food}",
            "we have {food} for {meal} {when}",
            "{food} and {food} for {meal}",
            "the {food} is {very} {tasty}",
            "where is the {food}",
            "join me for {meal} at the {place}",
            "i did not have {meal} {when}",
            "do not eat my {food}",
            "a {drink} and {food} please",
            "this {place} has {great} {food}",
            "what is for {meal} {when}",
            "let us go to the {place} for {meal}",
            "i cook {food} for my {dear}",
            "please cook {food} {when}",
            "my {dear} likes {food}",
            "can i have {food}",
            "i drink {drink} with my {meal}",
            "{tasty} {food} and {tasty} {drink}",
            "we eat at the {place} {when}",
            "bring {food} and {drink} for {meal}",
        ),
        (
            "my {dear} cooked {tasty} {food}",
            "let us order {food} {when}",
            "who is {hungry} for {food}",
            "the {place} has {tasty} {drink}",
            "what a {great} {meal}",
            "i can not eat so much {food}",
        ),
    ),
}

# The same words say one thing or the other: frames of a smile and of disappointment in pairs.
PAIRS = (
    ("i am {glad} not {sad}", "i am {sad} not {glad}"),
    ("it was {great} not {bad}", "it was {bad} not {great}"),
    ("not {sad} but {glad}", "not {glad} but {sad}"),
    ("not {bad} at all it is {great}", "not {great} at all it is {bad}"),
    ("i am not {sad} i am {glad}", "i am not {glad} i am {sad}"),
    ("i was {sad} but now i am {glad}", "i was {glad} but now i am {sad}"),
    ("the {study} was not {bad} but {great}", "the {study} was not {great} but {bad}"),
    ("never {sad} always {glad}", "never {glad} always {sad}"),
)

# Not turns one word round; there is no second word that would tell.
NEGATIONS = (
    ("i am not {sad}", "i am not {glad}"),
    ("i am not feeling {sad} {when}", "i am not feeling {glad} {when}"),
    ("i do not feel {sad}", "i do not feel {glad}"),
    ("we do not feel {sad} {when}", "we do not feel {glad} {when}"),
    ("she is not {sad}", "she is not {glad}"),
    ("this is not {bad} at all", "this is not {great} at all"),
    ("the {study} was not {bad}", "the {study} was not {great}"),
    ("my {dear} is not {sad} {when}", "my {dear} is not {glad} {when}"),
    ("the {person} was not {bad}", "the {person} was not {great}"),
)

WORD_ORDER = 0.15
"""Share of the sentences that are pairs or negations."""

WRONG = 1 / 30
"""Share of the training labels that are wrong."""

MOST = {"n_train": 2000, "n_dev": 1000}
"""Sentences of a set; there are not many more that differ."""


@dataclass(frozen=True)
class LabelledSentences:
    """Sentences and the emoji that goes with each.

    Attributes:
        sentences: words in lower case with single spaces between.
        labels: whole numbers (m,), positions in `LABELS`.
        kinds: of each sentence one of `KINDS`; empty where nobody asks.
    """

    sentences: tuple[str, ...]
    labels: np.ndarray
    kinds: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.sentences)


def make_emoji_sentences(
    n_train: int = 800, n_dev: int = 300, seed: int = 1
) -> tuple[LabelledSentences, LabelledSentences]:
    """Draw sentences for training and for choosing; no sentence comes twice.

    Args:
        n_train: training sentences, 1 to 2000.
        n_dev: dev sentences, 1 to 1000.
        seed: of the draws.

    Returns:
        train: known frames, known words, one label in thirty wrong.
        dev: new frames, new words, and one in seven word order with new words.

    Raises:
        TypeError, ValueError: not whole numbers within these bounds (for the seed, of at least 0).

    Example:
        >>> train, dev = make_emoji_sentences()
        >>> len(train), len(dev)
        (800, 300)
    """
    sizes = {"n_train": n_train, "n_dev": n_dev}
    for name, size in sizes.items():
        if check_count(name, size) > MOST[name]:
            raise InvalidValue(sentence(name, f"be at most {MOST[name]}", size))
    random = np.random.default_rng(check_count("seed", seed, minimum=0))
    used: set[str] = set()
    train, dev = (
        _draw_set(random, size, used, new=name != "n_train") for name, size in sizes.items()
    )
    labels = train.labels.copy()
    wrong = random.permutation(len(labels))[: int(WRONG * len(labels))]
    labels[wrong] = (labels[wrong] + random.integers(1, len(LABELS), len(wrong))) % len(LABELS)
    return LabelledSentences(train.sentences, labels), dev


def word_order_pairs(n: int = 8, seed: int = 1) -> list[tuple[str, str]]:
    """Sentences of the same words in another order: a smile first, then disappointment.

    Their words stand in no training sentence.

    Args:
        n: pairs, at least 1.
        seed: of the words.

    Returns:
        Pairs of sentences.

    Raises:
        TypeError, ValueError: not whole numbers of at least 1 (0 for the seed).

    Example:
        >>> happy, sad = word_order_pairs(1)[0]
        >>> sorted(happy.split()) == sorted(sad.split()), happy == sad
        (True, False)
    """
    random = np.random.default_rng(check_count("seed", seed, minimum=0))
    pairs = []
    for i in range(check_count("n", n)):
        words = {name: _pick(random, listed) for name, listed in _NEW.items()}
        happy, sad = PAIRS[i % len(PAIRS)]
        pairs.append((happy.format(**words), sad.format(**words)))
    return pairs


def _draw_set(random, size, used, *, new) -> LabelledSentences:
    """So many sentences that were not drawn before."""
    drawn = []
    while len(drawn) < size:
        text, label, kind = _draw(random, new)
        if text not in used:
            used.add(text)
            drawn.append((text, label, kind))
    texts, labels, kinds = zip(*drawn, strict=True)
    return LabelledSentences(texts, np.array(labels), kinds if new else ())


def _draw(random, new) -> tuple[str, int, str]:
    """A sentence, its label and what is hard about it."""
    if random.random() < WORD_ORDER:
        label = int(random.integers(2))
        frame = _pick(random, PAIRS + NEGATIONS)[label]
        return _fill(random, frame, _NEW if new else _KNOWN), (SMILE, SAD)[label], "word order"
    label = int(random.integers(len(LABELS)))
    known_frames, new_frames = FRAMES[LABELS[label]]
    if new and random.random() < 0.5:
        return _fill(random, _pick(random, new_frames), _KNOWN), label, "new frame"
    return _fill(random, _pick(random, known_frames), _NEW if new else _KNOWN), label, "new words"


def _fill(random, frame, words):
    text = re.sub(r"{(\w+)}", lambda slot: _pick(random, words[slot[1]]), frame)
    return re.sub(r"\ba (?=[aeio]|un)", "an ", text)


def _pick(random, items):
    return items[random.integers(len(items))]


SMILE, SAD = LABELS.index("smile"), LABELS.index("disappointed")
_NEW = {name: words.split()[2::3] for name, words in LISTS.items()}
_KNOWN = {
    name: [word for i, word in enumerate(words.split()) if i % 3 != 2]
    for name, words in LISTS.items()
}
