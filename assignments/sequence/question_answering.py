r"""Question answering about short stories (course 5, week 4, assignment 3).

"Mira went to the kitchen. Omar took the lamp. Mira had never seen the garden." - Where is Mira?  A
small Transformer encoder reads question and story and points at the first and last piece of the
answer.  People, places and things of the test stories do not occur in training.  Two rules stand
beside it: the place (or person) that is mentioned last, and that of the last sentence with the
person (or thing) that is asked about.

Figures: exact matches by kind of question and by length of the story, where the network points and
where its heads look, the loss.

    dlspec run question_answering
    dlspec run question_answering --story "Ann went to the pier. Bob went to the lab." \\
        --question "Where is Ann?"

Numbers to expect with seed 1 (2026-11-21, two busy cores: 222 s of processor time), exact
matches in 600 stories with unseen names:

    what is mentioned last                       61 %
    last sentence with who or what is asked      87 %
    network, 151,746 parameters                  74 %   (85 % where it knows the names)

So far the rule is better than the network, which loses its way in long stories.
"""

import re
from collections import Counter
from string import ascii_letters, ascii_lowercase

import numpy as np

from dlspec import plots
from dlspec._complaints import InvalidValue, sentence
from dlspec.datasets import make_resumes, make_stories
from dlspec.runner import Setting, execute, load_keras, start

SETTINGS = [
    Setting("stories", 60_000, quick=48, minimum=2, help="stories to learn from"),
    Setting("test-stories", 600, quick=24, minimum=2, help="stories with unseen names"),
    Setting("pieces", 800, quick=200, minimum=150, help="word pieces of the vocabulary"),
    Setting("epochs", 3, quick=1, minimum=1, help="passes over the stories"),
    Setting("story", None, type=str, help="a story of your own, with --question"),
    Setting("question", None, type=str, help="what to ask about it"),
]

MADE_UP = 0.7  # share of the names to learn from that are put together from syllables
SIZE, QUICK_SIZE = (3, 64, 4, 128), (1, 16, 2, 32)  # layers, d, heads, hidden units
LENGTH, TRAINING_LENGTH = 112, 60  # pieces of question and story; longer ones are not trained on
BATCH, RATE, DROPOUT = 32, 1.5e-3, 0.0


def main(argv: list[str] | None = None) -> dict:
    """Train on stories, answer about others, look at the heads; returns the metrics."""
    with start("question_answering", argv, SETTINGS) as run:
        check_asked(run["story"], run["question"])
        train = make_stories(run["stories"], run.seed, made_up=MADE_UP)
        others = make_stories(run["test-stories"], run.seed, new=True)
        same = make_stories(run["test-stories"], run.seed + 1)
        run.uses("generated", f"{len(train):,} stories, {len(others):,} with other names to test")
        keras = load_keras()
        keras.utils.set_random_seed(run.seed)

        pieces = vocabulary(run, train)
        model = build(run, len(pieces))
        log = fit(run, model, pieces, train, same)
        answers = measure(run, model, pieces, others, same)
        answer(run, model, pieces)

        draw_matches(run, others, answers)
        draw_lengths(run, others, answers)
        draw_pointing(run, model, pieces, others)
        draw_heads(run, model, pieces, others)
        draw_learning(run, log)
        run.model("span_finder", model)
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
    """Tokens (m, LENGTH) and the place of each piece in its story."""
    from dlspec.sequence.question_answering import encode_stories

    questions, texts = [s.question for s in stories], [s.text for s in stories]
    return encode_stories(questions, texts, pieces, LENGTH)


# --- Network --------------------------------------------------------------------------------------


def build(run, vocab_size):
    """The network, compiled."""
    import keras

    from dlspec.sequence.question_answering import SpanFinder

    size = QUICK_SIZE if run.quick else SIZE
    model = SpanFinder(vocab_size, LENGTH, size, DROPOUT)
    steps = run["epochs"] * -(-run["stories"] // BATCH)
    warmup = max(1, steps // 10)
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, max(1, steps - warmup), warmup_target=RATE, warmup_steps=warmup
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(rate), loss, run_eagerly=run.quick)
    run.say(f"Transformer encoder: {model.count_params():,} parameters, {vocab_size} pieces")
    run.metrics["parameters"] = model.count_params()
    return model


def fit(run, model, pieces, train, same) -> dict:
    """Show it the first and the last piece of each answer."""
    from dlspec.sequence.question_answering import answer_positions

    data = []
    for stories in (train, same):
        tokens, offsets = encode(stories, pieces)
        begin, end = np.array([s.start for s in stories]), np.array([s.end for s in stories])
        spans = answer_positions(offsets, begin, end)
        short = tokens[:, TRAINING_LENGTH] == 0
        data.append((tokens[short, :TRAINING_LENGTH], spans[short]))
    run.say(f"{len(data[0][0]):,} stories have at most {TRAINING_LENGTH} pieces")
    return run.fit(
        "span finder",
        model,
        *data[0],
        epochs=run["epochs"],
        batch_size=BATCH,
        validation_data=data[1],
    )


def point(model, pieces, stories) -> list[str]:
    """Answers of the network."""
    from dlspec.sequence.question_answering import answer_text, best_span

    tokens, offsets = encode(stories, pieces)
    scores = model.predict(tokens, verbose=0, batch_size=128)
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


def measure(run, model, pieces, others, same) -> dict[str, list[str]]:
    """Exact matches of the network and of the rules."""
    from dlspec.sequence.question_answering import exact_match

    answers = {
        "mentioned last": [last_mentioned(story) for story in others],
        "last sentence about it": [last_about(story) for story in others],
        "network": point(model, pieces, others),
    }
    for way, found in answers.items():
        share = exact_match(found, [story.answer for story in others])
        run.metrics[f"{way.replace(' ', '_')}_exact_accuracy"] = share
        run.say(f"{way}: {share:.1%} of {len(others):,} questions with unseen names")
    known = exact_match(point(model, pieces, same), [story.answer for story in same])
    run.metrics["network_known_names_exact_accuracy"] = known
    run.say(f"network: {known:.1%} with known names in new stories")
    wrong = [i for i, story in enumerate(others) if answers["network"][i] != story.answer]
    for i in wrong[:4]:
        story = others[i]
        run.say(f"  {story.text} {story.question} {answers['network'][i]}, not {story.answer}")
    return answers


def answer(run, model, pieces) -> None:
    """The question that was asked."""
    from dlspec.datasets import Story

    if run["story"] is None:
        return
    story = Story(run["story"], run["question"], 0, 0, 0)
    (found,) = point(model, pieces, [story])
    run.say(f"{run['question']} {found}")
    run.metrics["answer"] = found


def kinds(stories) -> np.ndarray:
    """First word of each question."""
    return np.array([story.question.split()[0] for story in stories])


def draw_matches(run, others, answers) -> None:
    """Exact matches by kind of question."""
    right = {
        way: np.array([a == story.answer for a, story in zip(found, others, strict=True)])
        for way, found in answers.items()
    }
    asked = kinds(others)
    parts = {"all": asked != "", "where is ...?": asked == "Where", "who has ...?": asked == "Who"}
    groups = {
        f"{name} ({chosen.sum()})": {way: float(r[chosen].mean()) for way, r in right.items()}
        for name, chosen in parts.items()
        if chosen.any()
    }
    title = "Questions about unseen people, places and things: exact matches"
    run.figure("exact_matches", plots.bars(groups, title=title, xlabel="share", fmt="{:.0%}"))


def draw_lengths(run, others, answers) -> None:
    """Exact matches by length of the story."""
    sizes = np.array([story.sentences for story in others])
    groups = {}
    for n in np.flatnonzero(np.bincount(sizes) >= min(20, len(others) // 8)):
        chosen = np.flatnonzero(sizes == n)
        groups[f"{n} sentences ({len(chosen)})"] = {
            way: float(np.mean([found[i] == others[i].answer for i in chosen]))
            for way, found in answers.items()
        }
    title = "Exact matches by length of the story"
    run.figure("by_length", plots.bars(groups, title=title, xlabel="share", fmt="{:.0%}"))


def shown(pieces, tokens) -> tuple[list[str], int]:
    """Pieces of one row of tokens as text, and how many there are."""
    n = int(np.count_nonzero(tokens))
    return [pieces[token] for token in tokens[:n]], n


def an_example(others, first):
    """A story of middle length with a question that begins so."""
    chosen = [s for s in others if s.question.startswith(first)] or others
    return min(chosen, key=lambda story: abs(story.sentences - 4))


def draw_pointing(run, model, pieces, others) -> None:
    """Probabilities of beginning and end at each piece."""
    for first in ("Where", "Who"):
        story = an_example(others, first)
        tokens, _ = encode([story], pieces)
        scores = model.predict(tokens, verbose=0)[0].astype(np.float64)
        names, n = shown(pieces, tokens[0])
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p = (p / p.sum(axis=1, keepdims=True))[:, :n]
        title = f"Where the network points: {story.answer} is right"
        figure = plots.attention_maps([p], ["begins", "ends"], names, title=title)
        run.figure(f"pointing_{first.lower()}", figure)


def draw_heads(run, model, pieces, others) -> None:
    """Where the heads of each layer look, averaged over the heads."""
    from dlspec.sequence.transformer_decoding import attention_weights

    story = min(others, key=lambda story: len(story.text))
    tokens, _ = encode([story], pieces)
    names, n = shown(pieces, tokens[0])
    *_, (name, weights) = attention_weights(model, tokens[:, :n]).items()
    figure = plots.attention_maps(
        weights[0],
        names,
        names,
        [f"head {h}" for h in range(1, len(weights[0]) + 1)],
        title=f"Where pieces look ({name.replace('_', ' ')})",
        panels=2,
    )
    run.figure("heads", figure)


def draw_learning(run, log) -> None:
    """Loss by epoch."""
    curves = {"training, with dropout": log["loss"], "other stories": log["val_loss"]}
    figure = plots.lines(
        np.arange(1, len(log["loss"]) + 1),
        {name: np.array(values) for name, values in curves.items()},
        title="Cross-entropy of beginning and end",
        xlabel="epoch",
        ylabel="loss",
        marker=True,
    )
    run.figure("learning_curve", figure)


if __name__ == "__main__":
    raise SystemExit(execute(main))
