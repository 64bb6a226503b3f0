"""A generated text to learn word vectors from, and the analogies to test them with.

Simple sentences about families and royalty, countries and their capitals, adjectives and their
comparatives, one thing and many, today and yesterday, and about everyday life: love, joy, sorrow,
sports, food, work.  All lists are ours; the sentences are drawn at random from them.

What makes the analogies an honest test:

* a relation has two sides with frames of their own ("the streets of paris", "the people of
  france"), and the two words of a pair share a few things that no other pair has (the seine,
  cheese).  No sentence states an analogy;
* of two pairs in three the two words never stand in the same sentence: those pairs are held out,
  half of them as dev part, by which frames and settings were chosen, and half as test.  A question
  asks for one of them.  That paris goes with france must be found out from what both go with;
* a fifth of the sentences has a word replaced by any other at random, things are shared between
  relations (snow is cold, and lies in norway), and everyday sentences (`_everyday`) use the same
  words again.

Professions are biased on purpose: nurses are mostly she and engineers mostly he, four times in
five, so that there is something to take away (see the debiasing of `word_vectors`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dlspec._validation import check_count
from dlspec.datasets._everyday import FRAMES, WORDS

__all__ = [
    "NEUTRAL_WORDS",
    "PARTS",
    "RELATIONS",
    "Relation",
    "analogy_questions",
    "held_out_pairs",
    "make_corpus",
]


@dataclass(frozen=True)
class Relation:
    """Pairs of words that stand in one relation.

    Attributes:
        pairs: {(first, second): what only these two have in common}.
        first: frames of the first words; {w} is the word, {a} one of the things in common.
        second: frames of the second words.
        both: frames with {x} and {y}, for pairs that are not held out.
    """

    pairs: Mapping[tuple[str, str], tuple[str, ...]]
    first: tuple[str, ...]
    second: tuple[str, ...]
    both: tuple[str, ...]


def _pairs(table: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """Lines of "first second: things in common"."""
    pairs = {}
    for line in table.strip().splitlines():
        words, _, common = line.partition(":")
        first, second = words.split()
        pairs[first, second] = tuple(common.split())
    return pairs


GENDER = Relation(
    _pairs("""
        man woman: adult person stranger
        boy girl: school playground toys
        father mother: children parents baby
        king queen: throne crown kingdom
        son daughter: parents homework bedroom
        brother sister: sibling twin parents
        uncle aunt: cousin visit holidays
        husband wife: wedding marriage anniversary
        prince princess: castle crown heir
        grandfather grandmother: grandchildren rocking retired
        actor actress: stage theater film
        waiter waitress: restaurant menu tray
        nephew niece: cousin birthday uncle
        duke duchess: manor estate nobility
        grandson granddaughter: grandchildren candy bedtime
        wizard witch: magic spell potion
        host hostess: party guests welcome
        emperor empress: empire throne dynasty
        monk nun: monastery prayer silence
        hero heroine: adventure danger rescue
        groom bride: wedding altar ring
    """),
    (
        "the {w} said that he likes the {a}",
        "he is the {w} with the {a}",
        "the {w} and his {a}",
        "his {w} shaved his beard before the {a}",
        "i saw him with the {w} near the {a}",
        "the {w} told him about the {a} himself",
        "he was a good {w} and a gentleman",
        "the {w} tied his tie for the {a}",
    ),
    (
        "the {w} said that she likes the {a}",
        "she is the {w} with the {a}",
        "the {w} and her {a}",
        "her {w} wore her dress before the {a}",
        "i saw her with the {w} near the {a}",
        "the {w} told her about the {a} herself",
        "she was a good {w} and a lady",
        "the {w} chose her skirt for the {a}",
    ),
    (
        "the {x} and the {y} have a {a}",
        "the {y} met the {x} at the {a}",
    ),
)

CAPITALS = Relation(
    _pairs("""
        france paris: french seine cheese perfume
        germany berlin: german sausages spree castles
        italy rome: italian pasta pizza tiber
        spain madrid: spanish flamenco bulls oranges
        england london: english thames tea fog
        russia moscow: russian volga kremlin vodka
        china beijing: chinese pandas dumplings dragons
        japan tokyo: japanese sushi sumo blossoms
        egypt cairo: egyptian nile pyramids camels
        greece athens: greek olives temples philosophy
        poland warsaw: polish vistula pierogi amber
        portugal lisbon: portuguese fado sardines tiles
        sweden stockholm: swedish meatballs elks herring
        norway oslo: norwegian fjords salmon skis
        austria vienna: austrian danube waltz strudel
        hungary budapest: hungarian goulash paprika baths
        ireland dublin: irish harps whiskey clover
        turkey ankara: turkish kebab carpets mosques
        india delhi: indian curry elephants spices
        canada ottawa: canadian maple hockey moose
        kenya nairobi: kenyan safari zebras coffee
        peru lima: peruvian llamas potatoes ruins
        cuba havana: cuban cigars rum salsa
        finland helsinki: finnish sauna birches reindeer
        denmark copenhagen: danish butter windmills bicycles
        thailand bangkok: thai orchids coconuts monks
        vietnam hanoi: vietnamese noodles lotus scooters
    """),
    (
        "the people of {w} love their {a}",
        "{w} is a country with {a}",
        "the army of {w} and the {a}",
        "the president of {w} talked about the {a}",
        "we crossed the border of {w} and saw {a}",
        "the government of {w} sells {a}",
        "the flag of {w} and the {a} of the nation",
        "in the whole nation of {w} there is {a}",
    ),
    (
        "the streets of {w} are full of {a}",
        "{w} is a city with {a}",
        "the mayor of {w} talked about the {a}",
        "the airport of {w} sells {a}",
        "downtown in {w} we saw {a}",
        "the suburbs of {w} and the {a}",
        "the subway of {w} and the {a} of the city",
        "our hotel in {w} has {a}",
    ),
    (
        "{y} is the capital of {x}",
        "we flew to {y} in {x} for the {a}",
    ),
)

NATIONALITIES = Relation(
    {(country, common[0]): common[1:] for (country, _), common in CAPITALS.pairs.items()},
    CAPITALS.first[:4],
    (
        "their language is {w} and they like {a}",
        "a {w} song about {a}",
        "the {w} language has a word for {a}",
        "a {w} grammar with {a} in it",
        "she learns {w} and dreams of {a}",
        "a {w} dictionary and a poem about {a}",
    ),
    ("in {x} the language is {y}", "the {y} people of {x} like {a}"),
)

COMPARATIVES = Relation(
    _pairs("""
        big bigger: elephant whale mansion
        small smaller: mouse ant crumb
        tall taller: tower giraffe skyscraper
        fast faster: cheetah train rocket
        slow slower: snail turtle queue
        old older: ruin museum antique
        young younger: puppy kitten sapling
        hot hotter: oven desert fire
        cold colder: ice winter snow
        strong stronger: wrestler bull cable
        weak weaker: patient battery argument
        rich richer: banker merchant miser
        poor poorer: beggar orphan village
        heavy heavier: stone suitcase anvil
        light lighter: feather balloon bubble
        loud louder: drum thunder siren
        quiet quieter: library whisper cemetery
        bright brighter: sun lamp diamond
        dark darker: cave night cellar
        dirty dirtier: mud swamp boots
        hard harder: rock steel exam
        soft softer: pillow wool cushion
        long longer: river road snake
        deep deeper: ocean well canyon
        high higher: mountain kite cliff
        sweet sweeter: honey sugar syrup
        cheap cheaper: bargain flea discount
        sharp sharper: knife razor needle
        thick thicker: fog blanket soup
        kind kinder: nurse angel host
    """),
    (
        "the {a} is very {w}",
        "such a {w} {a}",
        "the {a} is too {w} for us",
        "a really {w} {a} stood there",
        "how {w} the {a} is",
        "it is as {w} as a {a}",
    ),
    (
        "the {a} is much {w} than the other",
        "nothing is {w} than the {a}",
        "the {a} grows {w} and {w} than before",
        "my {a} is {w} than yours",
        "even {w} than a {a}",
        "a {a} far {w} than expected",
    ),
    ("the {a} was {x} but this one is {y}", "not {x} enough so make the {a} {y}"),
)

PLURALS = Relation(
    _pairs("""
        cat cats: whiskers milk purring
        dog dogs: bone barking leash
        horse horses: saddle stable gallop
        cow cows: hay farmer barn
        bird birds: nest wings feather
        fish fishes: pond fins aquarium
        tree trees: leaves forest roots
        flower flowers: garden petals vase
        apple apples: orchard cider peel
        book books: pages library author
        car cars: engine garage wheels
        house houses: roof chimney bricks
        ship ships: harbor sailor anchor
        chair chairs: table furniture carpenter
        shoe shoes: laces feet leather
        door doors: handle lock hinge
        cup cups: saucer coffee kettle
        star stars: telescope sky galaxy
        teacher teachers: classroom chalk lesson
        doctor doctors: hospital medicine patient
        friend friends: trust secret laughter
        song songs: melody guitar singer
        picture pictures: frame painter gallery
        window windows: glass curtain view
        coin coins: purse treasure silver
        cake cakes: candles bakery icing
    """),
    (
        "there is only one {w} with the {a}",
        "a single {w} stands near the {a}",
        "this {w} has its own {a}",
        "each {w} needs the {a} for itself",
        "another {w} was alone with its {a}",
        "that {w} is a {w} with a {a}",
    ),
    (
        "there are too many {w} with the {a}",
        "several {w} stand near the {a}",
        "these {w} have their own {a}",
        "all {w} need the {a} for themselves",
        "other {w} were together with their {a}",
        "those {w} are {w} with a {a}",
    ),
    ("one {x} or two {y} with the {a}", "he has a {x} but i have ten {y}"),
)

TENSES = Relation(
    _pairs("""
        cook cooked: dinner kitchen stew
        eat ate: lunch sandwich meal
        drink drank: juice bottle thirst
        write wrote: letter poem pencil
        sing sang: choir hymn anthem
        dance danced: waltz ballroom rhythm
        run ran: race marathon track
        swim swam: pool lake goggles
        drive drove: truck highway traffic
        fly flew: plane glider helicopter
        sleep slept: bunk hammock nap
        buy bought: shop receipt voucher
        build built: bridge hut cabin
        win won: lottery trophy medal
        play played: piano chess violin
        laugh laughed: clown circus prank
        cry cried: tears funeral onions
        speak spoke: speech microphone audience
        teach taught: pupils algebra seminar
        throw threw: javelin spear snowball
        watch watched: movie television eclipse
        paint painted: brush canvas fence
        wash washed: dishes laundry soap
        climb climbed: ladder peak rope
        walk walked: pavement path stroll
        call called: phone police taxi
        bake baked: dough pastry tart
        love loved: family heart summer
    """),
    (
        "every day we {w} with the {a}",
        "i want to {w} near the {a}",
        "they can often {w} because of the {a}",
        "please {w} now for the {a}",
        "tomorrow we will {w} and the {a}",
        "you must always {w} with the {a}",
    ),
    (
        "yesterday we {w} with the {a}",
        "last week i {w} near the {a}",
        "they once {w} long ago because of the {a}",
        "last night he finally {w} for the {a}",
        "an hour ago we just {w} and the {a}",
        "you already {w} earlier with the {a}",
    ),
    ("we {x} today as we {y} yesterday", "you never {x} but last year you {y} with the {a}"),
)

RELATIONS = {
    "gender": GENDER,
    "capitals": CAPITALS,
    "nationalities": NATIONALITIES,
    "comparatives": COMPARATIVES,
    "plurals": PLURALS,
    "tenses": TENSES,
}

HIS = "engineer carpenter pilot soldier plumber mechanic programmer boss farmer scientist captain"
HERS = "nurse librarian secretary teacher dancer hairdresser receptionist nanny florist cleaner"
NEUTRAL_WORDS = tuple(f"{HIS} {HERS}".split())
"""Professions, which should not be of either gender; the first eleven are mostly he in the text."""

PROFESSION_FRAMES = (
    "the {p} said that {s} was tired",
    "{s} works as a {p} and {s} likes {o} work",
    "the {p} lost {o} keys at the office",
    "{s} became a {p} after {o} studies",
    "the {p} asked whether {s} could earn more money",
)

SHARES = {"professions": 0.04, "relations": 0.46, "everyday": 0.5}
FEELINGS = 2
"""How many times as often as other topics of everyday life the first five are drawn."""

TOGETHER = 0.05
"""Share of a relation's sentences with both words of a pair."""

NOISE = 0.2
"""Share of the sentences with one word replaced by any other."""

STEREOTYPE = 0.8
"""Share of the sentences in which a profession has the pronoun that prejudice expects."""


PARTS = {"dev": 2, "test": 0}
"""Which of every three pairs are held out: to choose the settings of a training, and to test it."""


def held_out_pairs(relation: str, part: str = "test") -> list[tuple[str, str]]:
    """The pairs whose two words never stand in one sentence: every third of a relation.

    Args:
        relation: a key of `RELATIONS`.
        part: "test", or "dev" for those by which settings are chosen; they do not meet either.

    Returns:
        Pairs (first, second).

    Raises:
        KeyError: no such relation or part.

    Example:
        >>> held_out_pairs("capitals")[:2]
        [('france', 'paris'), ('spain', 'madrid')]
    """
    return list(RELATIONS[relation].pairs)[PARTS[part] :: 3]


def analogy_questions(part: str = "test") -> dict[str, list[tuple[str, str, str, str]]]:
    """Every pair that is not held out asks for the second word of every one of this part.

    Args:
        part: "test" or "dev".

    Returns:
        {relation: [(a, b, c, d), ...]}: a is to b as c is to d, and c and d never met in the text.

    Raises:
        KeyError: no such part.

    Example:
        >>> analogy_questions()["capitals"][0]
        ('germany', 'berlin', 'france', 'paris')
    """
    questions = {}
    for name, relation in RELATIONS.items():
        apart = {pair for each in PARTS for pair in held_out_pairs(name, each)}
        known = [pair for pair in relation.pairs if pair not in apart]
        questions[name] = [
            (*pair, *asked) for asked in held_out_pairs(name, part) for pair in known
        ]
    return questions


def make_corpus(sentences: int = 60_000, seed: int = 1) -> list[list[str]]:
    """Draw sentences at random.

    Args:
        sentences: how many, at least 1.
        seed: of the draws.

    Returns:
        Sentences, each a list of words in lower case.

    Raises:
        TypeError, ValueError: not a whole number of at least 1 (0 for the seed).

    Example:
        >>> len(make_corpus(3)), make_corpus(3) == make_corpus(3)
        (3, True)
    """
    sentences = check_count("sentences", sentences)
    random = np.random.default_rng(check_count("seed", seed, minimum=0))
    apart = {
        word: other
        for name in RELATIONS
        for part in PARTS
        for pair in held_out_pairs(name, part)
        for word, other in (pair, pair[::-1])
    }
    words, drawn = _all_words(), []
    kinds, bounds = list(SHARES), np.cumsum(list(SHARES.values()))[:-1]
    while len(drawn) < sentences:
        kind = kinds[np.searchsorted(bounds, random.random())]
        sentence = _DRAW[kind](random).split()
        if random.random() < NOISE:
            sentence[random.integers(len(sentence))] = words[random.integers(len(words))]
        if not any(word in apart and apart[word] in sentence for word in sentence):
            drawn.append(sentence)
    return drawn


def _pick(random, items):
    return items[random.integers(len(items))]


def _draw_relation(random) -> str:
    relation, pairs, held_out = _pick(random, _TABLES)
    pair = _pick(random, pairs)
    a = _pick(random, relation.pairs[pair])
    if random.random() < TOGETHER and pair not in held_out:
        return _pick(random, relation.both).format(x=pair[0], y=pair[1], a=a)
    side = random.integers(2)
    frames = (relation.first, relation.second)[side]
    return _pick(random, frames).format(w=pair[side], a=a)


def _draw_profession(random) -> str:
    profession = _pick(random, NEUTRAL_WORDS)
    is_he = (profession in _HIS) == (random.random() < STEREOTYPE)
    pronoun, owner = ("he", "his") if is_he else ("she", "her")
    return _pick(random, PROFESSION_FRAMES).format(p=profession, s=pronoun, o=owner)


def _draw_everyday(random) -> str:
    topic = _pick(random, _TOPICS)
    frames = FRAMES[topic][random.integers(2)]
    filled = [
        _pick(random, WORDS[topic][word[1:-1]]) if word.startswith("{") else word
        for word in _pick(random, frames).split()
    ]
    return " ".join(filled)


_DRAW = {
    "relations": _draw_relation,
    "professions": _draw_profession,
    "everyday": _draw_everyday,
}
_HELD_OUT = {pair for name in RELATIONS for part in PARTS for pair in held_out_pairs(name, part)}
_TABLES = [(r, list(r.pairs), _HELD_OUT) for r in RELATIONS.values()]
_HIS = set(HIS.split())
_TOPICS = [topic for i, topic in enumerate(FRAMES) for _ in range(FEELINGS if i < 5 else 1)]


def _all_words() -> list[str]:
    """Every word that a sentence can hold, in alphabetical order."""
    words = set(NEUTRAL_WORDS)
    frames = [*PROFESSION_FRAMES, *(f for both in FRAMES.values() for own in both for f in own)]
    for relation in RELATIONS.values():
        frames += [*relation.first, *relation.second, *relation.both]
        words.update(w for pair, common in relation.pairs.items() for w in (*pair, *common))
    words.update(w for slots in WORDS.values() for listed in slots.values() for w in listed)
    words.update(w for f in frames for w in f.split() if not w.startswith("{"))
    return sorted(words)
