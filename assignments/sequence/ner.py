"""Named entities in CVs (course 5, week 4, assignment 2).

Which words are a name, a job, an employer, a school, a degree, a skill, a place?  A small
Transformer encoder labels pieces of words; labels are aligned to pieces and back, and whole
entities are counted.  The tests are CVs with other names than those learnt from: a table of the
most frequent label of each word, which knows the old names well, has nothing to say about them.

Figures: texts with coloured entities (mistakes underlined), F1 by kind beside the table, what is
taken for what, the loss, pieces of words, where the heads look.

    dlspec run ner
    dlspec run ner --text "Tilda Moss is a data engineer at Quill Robotics in Leeds."

Most names to learn from are made up of syllables (and some pieces are passed over for shorter
ones), for a network that can learn names by heart does: without that its F1 was 0.86 with names it
had seen and 0.32 with others.

Seed 1 (2026-11-21, two cores: 124 s of processor time; --quick 11 s, half of it to import Keras).
F1 of whole entities in 500 CVs each:

                       known names    unseen names
    table of words         0.65           0.19
    network                0.98           0.91

What is left are mostly names of two words that are cut in half.
"""

from collections import Counter
from typing import NamedTuple

import numpy as np

from dlspec import plots
from dlspec._complaints import InvalidValue, sentence
from dlspec.datasets import make_resumes
from dlspec.datasets.generated_resumes import KINDS
from dlspec.runner import Setting, execute, load_keras, start

SETTINGS = [
    Setting("texts", 8_000, quick=48, minimum=2, help="CVs to learn from"),
    Setting("test-texts", 500, quick=12, minimum=2, help="CVs with unseen names"),
    Setting("pieces", 700, quick=150, minimum=100, help="word pieces of the vocabulary"),
    Setting("epochs", 12, quick=1, minimum=1, help="passes over the CVs"),
    Setting("text", None, type=str, help="a text of your own to find names in"),
]

SIZE, QUICK_SIZE = (2, 64, 4, 128), (1, 16, 2, 32)  # layers, d, heads, hidden units
LENGTH = 80  # pieces of a text
BATCH, RATE, DROPOUT = 32, 2e-3, 0.1
MADE_UP = 0.6  # share of the names to learn from that are put together from syllables
SKIP = 0.05  # of the pieces of training texts that are passed over for shorter ones


class Texts(NamedTuple):
    """Words of texts with their labels, and as tokens."""

    words: list[list[str]]
    labels: list[list[str]]
    tokens: np.ndarray
    word_ids: np.ndarray


def main(argv: list[str] | None = None) -> dict:
    """Train on CVs, find entities in others, draw; returns the metrics."""
    with start("ner", argv, SETTINGS) as run:
        if run["text"] is not None and not run["text"].strip():
            raise InvalidValue(sentence("text", "hold at least one word", repr(run["text"])))
        resumes = make_resumes(run["texts"], run.seed, made_up=MADE_UP)
        others = make_resumes(run["test-texts"], run.seed, new=True)
        run.uses("generated", f"{len(resumes):,} CVs, {len(others):,} with other names to test")
        keras = load_keras()
        keras.utils.set_random_seed(run.seed)

        pieces = vocabulary(run, resumes)
        train, test = texts(resumes, pieces, SKIP), texts(others, pieces)
        same = texts(make_resumes(run["test-texts"], run.seed + 1), pieces)
        model = build(run, len(pieces))
        log = fit(run, model, train, same)

        found = measure(run, model, train, test, same)
        answer(run, model, pieces)
        draw_texts(run, test, found["network"])
        draw_scores(run, test, found)
        draw_confusion(run, test, found["network"])
        draw_learning(run, log)
        draw_heads(run, model, pieces, test)
        run.model("entity_tagger", model)
    return run.metrics


# --- Texts as tokens ------------------------------------------------------------------------------


def vocabulary(run, resumes) -> list[str]:
    """Word pieces learnt from the training texts."""
    from dlspec.sequence.ner import learn_pieces, split_text

    counts = Counter(word for resume in resumes[:2_000] for word, _, _ in split_text(resume.text))
    pieces = learn_pieces(counts, run["pieces"])
    run.say(f"Vocabulary: {len(pieces)} pieces, such as {', '.join(pieces[-400::57])}")
    return pieces


def texts(resumes, pieces, skip=0.0) -> Texts:
    """Words, labels and tokens."""
    from dlspec.sequence.ner import encode_words, tag_words

    tagged = [tag_words(resume.text, resume.spans) for resume in resumes]
    words, labels = [words for words, _ in tagged], [labels for _, labels in tagged]
    return Texts(words, labels, *encode_words(words, pieces, LENGTH, skip))


# --- Network --------------------------------------------------------------------------------------


def names() -> list[str]:
    """The labels, as the network counts them."""
    from dlspec.sequence.ner import label_names

    return label_names(KINDS)


def build(run, vocab_size):
    """The network, compiled."""
    import keras

    from dlspec.sequence.ner import IGNORED, EntityTagger

    size = QUICK_SIZE if run.quick else SIZE
    model = EntityTagger(vocab_size, len(names()), LENGTH, size, DROPOUT)
    steps = run["epochs"] * -(-run["texts"] // BATCH)
    warmup = max(1, steps // 10)
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, max(1, steps - warmup), warmup_target=RATE, warmup_steps=warmup
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=IGNORED)
    # TensorFlow takes longer to compile than a quick run is; JAX compiles in any case.
    eager = run.quick and keras.backend.backend() == "tensorflow"
    model.compile(keras.optimizers.Adam(rate), loss, run_eagerly=eager)
    run.say(f"Transformer encoder: {model.count_params():,} parameters")
    run.metrics["parameters"] = model.count_params()
    return model


def fit(run, model, train, same) -> dict:
    """Show it labels of the first piece of each word."""
    from dlspec.sequence.ner import align_labels

    classes = [align_labels(part.labels, part.word_ids, names()) for part in (train, same)]
    return run.fit(
        "entity tagger",
        model,
        train.tokens,
        classes[0],
        epochs=run["epochs"],
        batch_size=BATCH,
        validation_data=(same.tokens, classes[1]),
    )


def label(model, part) -> list[list[str]]:
    """Labels of the words of texts."""
    from dlspec.sequence.ner import merge_labels

    logits = model.predict(part.tokens, verbose=0, batch_size=128)
    counts = [len(words) for words in part.words]
    return merge_labels(logits.argmax(axis=-1), part.word_ids, counts, names())


def look_up(train, part) -> list[list[str]]:
    """Labels by the table of words."""
    from dlspec.sequence.ner import lookup_tagger

    table = lookup_tagger(train.words, train.labels)
    return [[table.get(word, "O") for word in words] for words in part.words]


# --- What came out --------------------------------------------------------------------------------


def measure(run, model, train, test, same) -> dict:
    """F1 of whole entities, with old names and with new ones, beside the table of words."""
    from dlspec.sequence.ner import entity_f1

    found = {"network": label(model, test), "table of words": look_up(train, test)}
    old = {"network": label(model, same), "table of words": look_up(train, same)}
    for way in found:
        scores = entity_f1(test.labels, found[way])["all"]
        before = entity_f1(same.labels, old[way])["all"]["f1"]
        key = way.replace(" ", "_")
        run.metrics |= {f"{key}_{name}": scores[name] for name in ("precision", "recall", "f1")}
        run.metrics[f"{key}_f1_old_names"] = before
        run.say(f"{way}: F1 {scores['f1']:.3f} with unseen names, {before:.3f} with known ones")
    true, predicted = (np.concatenate(part) for part in (test.labels, found["network"]))
    run.metrics["network_word_accuracy"] = float(np.mean(true == predicted))
    return found


def answer(run, model, pieces) -> None:
    """Entities of the text that was asked about."""
    from dlspec.sequence.ner import encode_words, entities, split_text

    if run["text"] is None:
        return
    words = [word for word, _, _ in split_text(run["text"])]
    parts = fitting_parts(words, pieces)
    asked = Texts(
        parts, [["O"] * len(part) for part in parts], *encode_words(parts, pieces, LENGTH)
    )
    labels = [name for part in label(model, asked) for name in part]
    spans = [(kind, " ".join(words[a:b])) for a, b, kind in entities(labels)]
    if not spans:
        run.say("No name, job, employer, school, degree, skill or place in your text")
    for kind, text in spans:
        run.say(f"  {kind:8} {text}")
    run.metrics["entities"] = [list(span) for span in spans]
    kinds = [label.partition("-")[2] for label in labels]
    pairs = [list(zip(words, kinds, strict=True))]
    run.figure("your_text", plots.tagged_text(pairs, kinds=KINDS, title="Your text"))


def fitting_parts(words, pieces) -> list[list[str]]:
    """A long text in parts that the network can read, cut after sentences where it has any."""
    from dlspec.sequence.ner import word_pieces

    known = set(pieces)
    sizes = [len(word_pieces(word, known)) for word in words]
    parts = []
    while words:
        fit = max(1, int(np.searchsorted(np.cumsum(sizes), LENGTH, side="right")))
        ends = [i for i, word in enumerate(words[:fit], start=1) if word in ".!?"]
        n = ends[-1] if fit < len(words) and ends else fit
        parts.append(words[:n])
        words, sizes = words[n:], sizes[n:]
    return parts


def draw_texts(run, test, found) -> None:
    """Some test texts as the network sees them."""
    chosen = range(min(8, len(test.words)))
    kinds = [[label.partition("-")[2] for label in found[i]] for i in chosen]
    figure = plots.tagged_text(
        [list(zip(test.words[i], kinds[i], strict=True)) for i in chosen],
        kinds=KINDS,
        wrong=[[a != b for a, b in zip(test.labels[i], found[i], strict=True)] for i in chosen],
        title="Entities in unseen CVs as the network labels them (mistakes underlined)",
    )
    run.figure("texts", figure)


def draw_scores(run, test, found) -> None:
    """F1 by kind."""
    from dlspec.sequence.ner import entity_f1

    scores = {way: entity_f1(test.labels, labels) for way, labels in found.items()}
    groups = {
        kind: {way: scores[way].get(kind, {"f1": 0.0})["f1"] for way in found}
        for kind in ("all", *KINDS)
    }
    title = "F1 of whole entities in CVs with unseen names"
    run.figure("f1_by_kind", plots.bars(groups, title=title, xlabel="F1", fmt="{:.2f}"))


def draw_confusion(run, test, found) -> None:
    """Kinds of words that are taken for others."""
    number = {kind: i for i, kind in enumerate(("", *KINDS))}
    true, predicted = (
        [number[label.partition("-")[2]] for labels in part for label in labels]
        for part in (test.labels, found)
    )
    figure = plots.confusion_matrix(
        true, predicted, class_names=["none", *KINDS], title="Kinds of words"
    )
    run.figure("confusion", figure)


def draw_learning(run, log) -> None:
    """Loss by epoch."""
    curves = {"training, with dropout": log["loss"], "other CVs, same names": log["val_loss"]}
    figure = plots.lines(
        np.arange(1, len(log["loss"]) + 1),
        {name: np.array(values) for name, values in curves.items()},
        title="Cross-entropy per word",
        xlabel="epoch",
        ylabel="loss",
        marker=True,
    )
    run.figure("learning_curve", figure)


def draw_heads(run, model, pieces, test) -> None:
    """Where the pieces of a short text look in the last layer."""
    from dlspec.sequence.transformer_decoding import attention_weights

    sizes = (test.word_ids >= 0).sum(axis=1)
    chosen = int(np.argmin(np.abs(sizes - 24)))
    n = min(int(sizes[chosen]), 30)
    tokens = test.tokens[chosen : chosen + 1, :n]
    *_, (name, weights) = attention_weights(model, tokens).items()
    shown = [pieces[token] for token in tokens[0]]
    figure = plots.attention_maps(
        weights[0],
        shown,
        shown,
        [f"head {h}" for h in range(1, len(weights[0]) + 1)],
        title=f"Where pieces look ({name.replace('_', ' ')})",
        panels=2,
    )
    run.figure("heads", figure)


if __name__ == "__main__":
    raise SystemExit(execute(main))
