r"""Question answering about short stories (course 5, week 4, assignment 3).

"Mira went to the kitchen. Omar took the lamp. Mira had never seen the garden." - Where is Mira?  A
small Transformer encoder reads question and story and points at the first and last piece of the
answer.  People, places and things of the test stories do not occur in training, and the longest
stories of the test are longer than those to learn from.

Three networks learn from the same stories: one sees the pieces of words alone; one is told also
which words the question has too; one is told also how many sentences ago each word was said.  Two
rules stand beside them: the place (or person) that is mentioned last, and that of the last sentence
with the person (or thing) that is asked about.

Figures: exact matches by kind of question and by length of the story, where the network points and
where its heads look, the losses.

    dlspec run question_answering
    dlspec run question_answering --story "Ann went to the pier. Bob went to the lab." \\
        --question "Where is Ann?"
    dlspec run question_answering --weights runs/question_answering/span_finder.keras \\
        --story ... --question ...

With --weights nothing is trained: the network of an earlier run answers, with the word pieces that
lie beside it.

Numbers to expect with seed 1 (2026-11-21, two cores: 2 min 12 s; --quick 9 s), exact matches in 600
stories each:

                                     unseen names   known names   longer stories
    rule, mentioned last                 54 %           58 %           43 %
    rule, last sentence about it         82 %           83 %           77 %
    network, no hints                    33 %           52 %           25 %
    network, marks                       37 %           55 %           23 %
    network, marks and ages              95 %           95 %           73 %

All three have 152,962 parameters.  Without hints a network learns as well, but slowly: with nine
times as many steps on stories of 2 to 5 sentences it answered 74 %.  Ages that never occurred in
training mean nothing to the best one, hence the fall in longer stories.
"""

import re
from collections import Counter
from pathlib import Path
from string import ascii_letters, ascii_lowercase

import numpy as np

from dlspec import plots
from dlspec._complaints import InvalidValue, sentence
from dlspec.datasets import make_resumes, make_stories
from dlspec.runner import Setting, execute, load_keras, start

SETTINGS = [
    Setting("stories", 10_000, quick=48, minimum=2, help="stories to learn from"),
    Setting("test-stories", 600, quick=24, minimum=2, help="stories with unseen names"),
    Setting("pieces", 800, quick=200, minimum=150, help="word pieces of the vocabulary"),
    Setting("epochs", 2, quick=1, minimum=1, help="passes over the stories"),
    Setting("story", None, type=str, help="a story of your own, with --question"),
    Setting("question", None, type=str, help="what to ask about it"),
    Setting("weights", None, type=Path, help="network of an earlier run, .keras; trains nothing"),
]

MADE_UP = 0.7  # share of the names to learn from that are put together from syllables
SENTENCES, LONG = (2, 7), (8, 10)  # of stories to learn from, and of longer ones
SIZE, QUICK_SIZE = (3, 64, 4, 128), (1, 16, 2, 32)  # layers, d, heads, hidden units
PIECES = "pieces.txt"
LENGTH, LEARNT = 144, 96  # pieces of question and story at most; of those to learn from
BATCH, RATE = 32, 1.5e-3
#                                tokens marks ages
HINTS = {
    "network, no hints": (True, False, False),
    "network, marks": (True, True, False),
    "network, marks and ages": (True, True, True),
}
BEST = "network, marks and ages"


def main(argv: list[str] | None = None) -> dict:
    """Train on stories, answer about others, look at the heads; returns the metrics."""
    with start("question_answering", argv, SETTINGS) as run:
        check_asked(run["story"], run["question"])
        n = run["test-stories"]
        tests = {
            "unseen names": make_stories(n, run.seed, new=True, sentences=SENTENCES),
            "known names": make_stories(n, run.seed + 1, sentences=SENTENCES),
            "longer stories": make_stories(n, run.seed + 2, new=True, sentences=LONG),
        }
        learnt = "none to learn from" if run["weights"] else f"{run['stories']:,} stories"
        run.uses("generated", f"{learnt}, {n:,} with other names to test")
        keras = load_keras()

        if run["weights"]:
            model, pieces = open_network(keras, run["weights"])
            models = {BEST: model}
        else:
            train = make_stories(run["stories"], run.seed, made_up=MADE_UP, sentences=SENTENCES)
            pieces = vocabulary(run, train)
            inputs, spans = lessons(train, pieces)
            models = {}
            for name, hints in HINTS.items():
                keras.utils.set_random_seed(run.seed)
                models[name] = build(run, len(pieces))
                fit(run, name, models[name], given(inputs, hints), spans)
        keep(run, models[BEST], pieces)
        right = {test: measure(run, test, models, pieces, tests[test]) for test in tests}
        model = models[BEST]
        answer(run, model, pieces)

        others = tests["unseen names"]
        draw_matches(run, others, right["unseen names"])
        draw_lengths(run, tests, right)
        draw_pointing(run, model, pieces, others)
        draw_heads(run, model, pieces, others)
    return run.metrics


def check_asked(story, question) -> None:
    """Complain before training, not after it."""
    if (story is None) != (question is None):
        received = "--question alone" if story is None else "--story alone"
        raise InvalidValue(sentence("story", "come with a question", received))
    if story is not None and not re.search(r"\w", story):
        raise InvalidValue(sentence("story", "hold at least one word", repr(story)))
    if question is not None and not 1 <= len(question) <= 80:
        expected = "have 1 to 80 characters"
        raise InvalidValue(sentence("question", expected, f"{len(question)} characters"))


# --- Networks of earlier runs ---------------------------------------------------------------------


def keep(run, model, pieces) -> None:
    """Write the network, and the pieces whose numbers it knows."""
    run.model("span_finder", model)
    run.file(PIECES).write_text("\n".join(pieces) + "\n", encoding="utf-8")


def open_network(keras, path) -> tuple:
    """The network of an earlier run and its pieces."""
    beside = path.with_name(PIECES)
    for file in (path, beside):
        if not file.is_file():
            expected = f"be a network that this script wrote, with {PIECES} beside it"
            raise InvalidValue(sentence(str(path), expected, f"no {file}"))
    pieces = beside.read_text(encoding="utf-8").splitlines()
    try:
        model = keras.saving.load_model(path)
        known = model.get_layer("encoder_0_tokens").input_dim
    except Exception as error:  # Keras has a dozen kinds for it
        expected = "hold a network that this script wrote"
        advice = "Run without --weights to train one."
        raise InvalidValue(sentence(str(path), expected, "something else", advice)) from error
    if known != len(pieces):
        expected = f"hold the {known} pieces of {path}"
        raise InvalidValue(sentence(str(beside), expected, len(pieces)))
    return model, pieces


# --- Texts as tokens ------------------------------------------------------------------------------


def vocabulary(run, stories) -> list[str]:
    """Word pieces learnt from the training stories and from CVs, which have more syllables."""
    from dlspec.sequence.ner import learn_pieces, split_text

    resumes = make_resumes(len(stories) // 5 + 1, run.seed)
    texts = [f"{s.question} {s.text}" for s in stories[:1_500]]
    texts += [resume.text for resume in resumes[:1_000]]
    counts = Counter(word for text in texts for word, _, _ in split_text(text))
    letters = Counter({letter: 1 for letter in ascii_letters})  # each may begin a word, and go on
    letters += Counter({f"a{letter}": 1 for letter in ascii_lowercase})
    return learn_pieces(counts + letters, run["pieces"])


def encode(stories, pieces):
    """[tokens, marks, ages], and the place of each piece in its story."""
    from dlspec.sequence.question_answering import encode_stories

    questions, texts = [s.question for s in stories], [s.text for s in stories]
    return encode_stories(questions, texts, pieces, LENGTH)


def given(inputs, hints) -> list:
    """[tokens, marks, ages], those that a network is not told being 0."""
    return [x * told for x, told in zip(inputs, hints, strict=True)]


def lessons(stories, pieces) -> tuple[list, np.ndarray]:
    """What the networks learn from, and the first and the last piece of each answer."""
    from dlspec.sequence.question_answering import answer_positions

    inputs, offsets = encode(stories, pieces)
    begin, end = np.array([s.start for s in stories]), np.array([s.end for s in stories])
    spans = answer_positions(offsets, begin, end)
    short = inputs[0][:, LEARNT] == 0
    return [x[short, :LEARNT] for x in inputs], spans[short]


# --- Networks -------------------------------------------------------------------------------------


def build(run, vocab_size):
    """The network, compiled."""
    import keras

    from dlspec.sequence.question_answering import SpanFinder

    model = SpanFinder(vocab_size, LENGTH, QUICK_SIZE if run.quick else SIZE, dropout_rate=0.0)
    steps = run["epochs"] * -(-run["stories"] // BATCH)
    warmup = max(1, steps // 10)
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, max(1, steps - warmup), warmup_target=RATE, warmup_steps=warmup
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(rate), loss, run_eagerly=run.quick)
    run.metrics["parameters"] = model.count_params()
    return model


def fit(run, name, model, inputs, spans) -> None:
    """Show it the first and the last piece of each answer."""
    run.say(f"{name.capitalize()}: {model.count_params():,} parameters")
    run.fit(name, model, inputs, spans, epochs=run["epochs"], batch_size=BATCH)


def point(model, seen, stories, hints=HINTS[BEST]) -> list[str]:
    """Answers of the network to what `encode` gives."""
    from dlspec.sequence.question_answering import answer_text, best_span

    inputs, offsets = seen
    scores = model.predict(given(inputs, hints), verbose=0, batch_size=100)
    return answer_text([s.text for s in stories], offsets, best_span(scores, offsets))


def last_mentioned(story) -> str:
    """A rule that hardly reads: the last place, or the last person at the head of a sentence."""
    if story.question.startswith("Where"):
        return (re.findall(r"the (\w+)", story.text) or [""])[-1]
    return re.findall(r"(\w+)[^.]*\.", story.text)[-1]


def last_about(story) -> str:
    """A better rule: of the last sentence that begins with the person, or ends with the thing."""
    asked = re.findall(r"\w+", story.question)[-1]
    if story.question.startswith("Where"):
        return (re.findall(rf"{asked} [^.]*the (\w+)\.", story.text) or [""])[-1]
    return (re.findall(rf"(\w+) [^.]*the {asked}\.", story.text) or [""])[-1]


# --- What came out --------------------------------------------------------------------------------


def measure(run, test, models, pieces, stories) -> dict[str, np.ndarray]:
    """For each rule and network, which stories of one kind it answers rightly."""
    answers = {
        "rule, mentioned last": [last_mentioned(story) for story in stories],
        "rule, last sentence about it": [last_about(story) for story in stories],
    }
    seen = encode(stories, pieces)
    for name, model in models.items():
        answers[name] = point(model, seen, stories, HINTS[name])
    right = {way: which_match(found, stories) for way, found in answers.items()}
    run.say(f"{test}, exact matches in {len(stories):,}:")
    for way, r in right.items():
        run.metrics[re.sub(r"\W+", "_", f"{test} {way} exact accuracy")] = float(r.mean())
        run.say(f"    {way:<30}{r.mean():6.1%}")
    for i in np.flatnonzero(~right[BEST])[:2]:
        story = stories[i]
        run.say(f"  {story.text} {story.question} {answers[BEST][i]}, not {story.answer}")
    return right


def which_match(found, stories) -> np.ndarray:
    """Which answers are right, with or without an article."""
    from dlspec.sequence.question_answering import exact_match

    pairs = zip(found, stories, strict=True)
    return np.array([exact_match([a], [story.answer]) == 1 for a, story in pairs])


def answer(run, model, pieces) -> None:
    """The question that was asked."""
    from dlspec.datasets import Story

    if run["story"] is None:
        return
    story = Story(run["story"], run["question"], 0, 0, 0)
    (found,) = point(model, encode([story], pieces), [story])
    run.say(f"{run['question']} {found}")
    run.metrics["answer"] = found


def draw_matches(run, stories, right) -> None:
    """Exact matches by kind of question."""
    asked = np.array([story.question.split()[0] for story in stories])
    parts = {"all": asked != "", "where is ...?": asked == "Where", "who has ...?": asked == "Who"}
    groups = {
        f"{name} ({chosen.sum()})": {way: float(r[chosen].mean()) for way, r in right.items()}
        for name, chosen in parts.items()
        if chosen.any()
    }
    title = "Questions about unseen people, places and things: exact matches"
    run.figure("exact_matches", plots.bars(groups, title=title, xlabel="share", fmt="{:.0%}"))


def draw_lengths(run, tests, right) -> None:
    """Exact matches by length of the story, those longer than any to learn from among them."""
    kinds = ("unseen names", "longer stories")
    sizes = np.array([story.sentences for kind in kinds for story in tests[kind]])
    lengths = np.flatnonzero(np.bincount(sizes) >= min(20, len(sizes) // 20))
    shares = {}
    for way in right[kinds[0]]:
        r = np.concatenate([right[kind][way] for kind in kinds])
        shares[way] = np.array([r[sizes == n].mean() for n in lengths])
    figure = plots.lines(
        lengths,
        shares,
        title=f"Stories with unseen names: learnt from {SENTENCES[0]} to {SENTENCES[1]} sentences",
        xlabel="sentences",
        ylabel="exact matches",
        marker=True,
    )
    run.figure("by_length", figure)


def an_example(others, first):
    """A story of middle length with a question that begins so."""
    chosen = [s for s in others if s.question.startswith(first)] or others
    return min(chosen, key=lambda story: abs(story.sentences - 4))


def of_one(story, pieces) -> tuple[list, list[str]]:
    """What the network sees of one story, without padding, and its pieces as text."""
    inputs, _ = encode([story], pieces)
    n = np.count_nonzero(inputs[0])
    inputs = [x[:, :n] for x in inputs]
    return inputs, [pieces[token] for token in inputs[0][0]]


def draw_pointing(run, model, pieces, others) -> None:
    """Probabilities of beginning and end at each piece."""
    for first in ("Where", "Who"):
        story = an_example(others, first)
        inputs, names = of_one(story, pieces)
        scores = np.asarray(model(inputs, training=False))[0].astype(np.float64)
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        title = f"Where the network points: {story.answer} is right"
        figure = plots.attention_maps([p], ["begins", "ends"], names, title=title)
        run.figure(f"pointing_{first.lower()}", figure)


def draw_heads(run, model, pieces, others) -> None:
    """Where the heads of the last layer look."""
    from dlspec.sequence.transformer_decoding import attention_weights

    story = min(others, key=lambda story: len(story.text))
    inputs, names = of_one(story, pieces)
    *_, (name, weights) = attention_weights(model, inputs).items()
    figure = plots.attention_maps(
        weights[0],
        names,
        names,
        [f"head {h}" for h in range(1, len(weights[0]) + 1)],
        title=f"Where pieces look ({name.replace('_', ' ')})",
        panels=2,
    )
    run.figure("heads", figure)


if __name__ == "__main__":
    raise SystemExit(execute(main))
