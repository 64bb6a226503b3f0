"""Language models of words and of characters (course 5, week 1).

An LSTM learns the English of a text word by word, another one character by character, and both are
held against counts, of single ones and of pairs: perplexity on sentences that none has seen,
probabilities of single sentences, and what they write at three temperatures.  The text is the
documentation that ships with Python, or your own.  Where the course's poem model and its sonnets
are found, it writes a poem from your line.  Figures: perplexities, learning curves, what
temperature does to the next word, probabilities of sentences.

    dlspec run language_model
    dlspec run language_model --text my_diary.txt
    dlspec run language_model --line "shall i compare thee to a keyboard"

Numbers to expect with seed 1 (2026-11-21, two cores: 75 s of one core, --quick 13 s with the import
of TensorFlow; Python 3.11's text), perplexity on test sentences:

                     guessing    unigram    bigram    LSTM
    per word             1500      234        92.8    83.5
    per character          76       21.3      11.2     4.9

The text has 35,000 words only, which is little for an LSTM: counts of pairs come close.  6 % of the
words are unknown to the word model.  Keras adds in another order on another processor: expect its
numbers within one or two.  A text ten times as long takes ten times as long; --word-epochs and
--character-epochs make it shorter.
"""

from pathlib import Path

import numpy as np

from dlspec import plots
from dlspec._complaints import InvalidValue, sentence
from dlspec.datasets import load_poems, load_text
from dlspec.runner import Setting, execute, load_keras, start

SETTINGS = [
    Setting("text", None, type=Path, help="your own text, a file in UTF-8"),
    Setting("word-epochs", 14, quick=1, minimum=1, help="epochs of the word model"),
    Setting("character-epochs", 8, quick=1, minimum=1, help="epochs of the character model"),
    Setting("vocabulary", 1500, quick=300, minimum=10, help="words that the word model knows"),
    Setting("line", "From fairest creatures we desire increase,", type=str, help="of the poem"),
    Setting("poem", 300, quick=60, minimum=1, help="characters that the poem model writes"),
]

FEWEST = 20  # sentences of a text that one may learn from
LENGTH = {"word": 32, "character": 120}  # steps; longer sentences are cut
QUICK_LENGTH = {"word": 16, "character": 40}
STRENGTHS = (1, 3, 10, 30, 100)  # of the bigram's unigram, chosen on the dev sentences
TEMPERATURES = (0.5, 1.0, 1.5)
RATE, BATCH = 0.005, 16
JUDGED, WORDS = 2, 9  # sentences whose words are put in another order; about so many words each


def main(argv: list[str] | None = None) -> dict:
    """Count, train, judge, write, draw; returns the metrics."""
    with start("sequence/language_model", argv, SETTINGS) as run:
        text = load_text(run["text"])
        run.uses(text, f"{len(text.text):,} characters")
        poems = load_poems(run.data_dir)
        check_line(run, poems)
        load_keras()
        from dlspec.sequence import language_model as exercise

        data = {level: prepare(run, exercise, text, level) for level in LENGTH}
        models, curves, scores = {}, {}, {}
        for level in LENGTH:
            models[level], curves[level] = train(run, exercise, data[level], level)
            scores[f"{level}s"] = judge(run, exercise, models[level], data[level], level)
        record(run, scores, data)
        run.model("word_model", models["word"])
        run.model("character_model", models["character"])

        judge_sentences(run, exercise, models["word"], data["word"])
        write_sentences(run, exercise, models, data)
        run.figure("perplexities", draw_scores(scores))
        run.figure("learning", draw_curves(curves))
        run.figure("temperature", draw_temperatures(exercise, models["word"], data["word"]))
        write_poem(run, exercise, poems)
    return run.metrics


# --- Data -----------------------------------------------------------------------------------------


def prepare(run, exercise, text, level) -> dict:
    """Sentences split 80 : 10 : 10, the same for both levels; a vocabulary of the first part."""
    sentences = exercise.tokenize(text.text, level)
    if len(sentences) < FEWEST:
        expected = f"hold at least {FEWEST} sentences, of which a tenth are for the test"
        raise InvalidValue(sentence(str(text.files[0]), expected, len(sentences)))
    if run.quick:
        sentences = sentences[:100]
    order = np.random.default_rng(run.seed).permutation(len(sentences))
    tenth = max(1, len(sentences) // 10)
    parts = {"test": order[:tenth], "dev": order[tenth : 2 * tenth], "train": order[2 * tenth :]}
    chosen = {part: [sentences[i] for i in places] for part, places in parts.items()}
    size = run["vocabulary"] if level == "word" else None
    vocabulary = exercise.build_vocabulary(chosen["train"], size)
    length = (QUICK_LENGTH if run.quick else LENGTH)[level]
    arrays = {
        part: exercise.as_arrays(tokens, vocabulary, length) for part, tokens in chosen.items()
    }
    return {"vocabulary": vocabulary, "sentences": chosen, **arrays}


# --- Models ---------------------------------------------------------------------------------------


def train(run, exercise, data, level) -> tuple:
    """An LSTM, and its perplexity by epoch."""
    import keras

    keras.utils.set_random_seed(run.seed)  # for each: resumed, the first one is not trained again
    V, epochs = len(data["vocabulary"]), run[f"{level}-epochs"]
    sizes = (64, 128) if level == "word" else (32, 160)
    dropout = 0.5 if level == "word" else 0.1
    model = exercise.LanguageModel(V, *sizes, dropout=dropout, name=f"{level}_model")
    X, Y, weights = data["train"]
    schedule = keras.optimizers.schedules.CosineDecay(RATE, epochs * -(-len(X) // BATCH))
    optimizer = keras.optimizers.Adam(schedule, global_clipnorm=1.0)
    model.compile(optimizer, "sparse_categorical_crossentropy")
    X_dev, Y_dev, weights_dev = data["dev"]
    log = run.fit(
        f"{level} model",
        model,
        X,
        Y,
        sample_weight=weights,
        validation_data=(X_dev, Y_dev, weights_dev),
        epochs=epochs,
        batch_size=BATCH,
    )
    # Keras divides by all steps, those behind the end of a sentence included.
    shares = {"loss": weights.mean(), "val_loss": weights_dev.mean()}
    return model, {key: np.exp(np.array(log[key]) / share) for key, share in shares.items()}


def judge(run, exercise, model, data, level) -> dict[str, float]:
    """Perplexity on the test sentences, of counts and of the LSTM.

    The bigram leans on the unigram as much as is best on the dev sentences.
    """
    V = len(data["vocabulary"])
    unigram = exercise.fit_unigram(*data["train"][1:], V)
    tables = {k: exercise.fit_bigram(*data["train"], V, k) for k in STRENGTHS}
    dev = {k: exercise.perplexity(t.__getitem__, *data["dev"]) for k, t in tables.items()}
    best = min(dev, key=dev.get)
    run.metrics[f"{level}_bigram_strength"] = best
    judged = {
        "guessing": lambda X: spread(np.full(V, 1 / V), X),
        "unigram": lambda X: spread(unigram, X),
        "bigram": tables[best].__getitem__,
        "LSTM": model,
    }
    return {name: exercise.perplexity(p, *data["test"]) for name, p in judged.items()}


def spread(unigram, X):
    """The same probabilities at every step."""
    return np.broadcast_to(unigram, (*X.shape, len(unigram)))


def record(run, scores, data) -> None:
    """Fill in the metrics and print the table."""
    from rich.table import Table

    table = Table("perplexity on test sentences", *next(iter(scores.values())))
    for level, of_level in scores.items():
        table.add_row(f"per {level[:-1]}", *(f"{score:,.1f}" for score in of_level.values()))
        for name, score in of_level.items():
            run.metrics[f"{level[:-1]}_{name.lower()}_perplexity"] = score
    run.console.print(table)
    _, Y, weights = data["word"]["test"]
    run.metrics["unknown_words_share"] = float(np.mean(Y[weights > 0] == 1))


# --- Use ------------------------------------------------------------------------------------------


def judge_sentences(run, exercise, model, data) -> None:
    """Sentences of the test, and the same words in another order: which is the language?"""
    random = np.random.default_rng(run.seed)
    tests = sorted(data["sentences"]["test"], key=lambda tokens: abs(len(tokens) - WORDS))
    tokens = [order for s in tests[:JUDGED] for order in (s, random.permutation(s).tolist())]
    arrays = exercise.as_arrays(tokens, data["vocabulary"], LENGTH["word"])  # all at once
    found = exercise.log_likelihood(model, *arrays) / np.log(10)
    logs = dict(zip(map(" ".join, tokens), found.tolist(), strict=False))
    for text, log_p in logs.items():
        run.say(f"P = 10^{log_p:.1f}  {text}")
    run.metrics["sentence_log10_probabilities"] = logs
    title = "Test sentences, and the same words in another order"
    values = {text: -value for text, value in logs.items()}
    run.figure(
        "sentences",
        plots.bars(values, title=title, xlabel="- log10 P by the word model", fmt="{:.1f}"),
    )


def write_sentences(run, exercise, models, data) -> None:
    """Both models at all temperatures."""
    samples = {}
    for level, model in models.items():
        glue = " " if level == "word" else ""
        for T in TEMPERATURES:
            length = 5 if run.quick else LENGTH[level]
            options = {"count": 2, "length": length, "temperature": T, "seed": run.seed}
            written = exercise.sample(model, data[level]["vocabulary"], **options)
            samples[f"{level}s at {T:g}"] = [glue.join(tokens) for tokens in written]
            run.say(f"{level}s at temperature {T:g}:")
            for line in samples[f"{level}s at {T:g}"]:
                run.say(f"    {line}")
    run.metrics["samples"] = samples


def check_line(run, poems) -> None:
    """Complain before any training about a line that the poem model cannot read."""
    unknown = sorted(set(run["line"].lower()) - set(poems.characters)) if poems else []
    if unknown:
        expected = f"be written in the {len(poems.characters)} characters of the poem model"
        raise InvalidValue(sentence("line", expected, ", ".join(map(repr, unknown))))


def write_poem(run, exercise, poems) -> None:
    """The course's model goes on from a line."""
    if poems is None:
        run.say("Poem: none, for the course's shakespeare.txt and its model were not found")
        return
    model = exercise.ShakespeareLM()
    model.set_weights(poems.weights)
    line = run["line"] + "\n"
    poem = line + exercise.continue_text(
        model, line, poems.characters, run["poem"], temperature=0.8, seed=run.seed
    )
    run.say(f"Poem by the course's model ({poems.files[1]}):\n{poem}")
    run.metrics["poem"] = poem.splitlines()


# --- Figures --------------------------------------------------------------------------------------


def draw_scores(scores):
    """All models side by side."""
    title = "Perplexity on test sentences: the smaller, the less surprised"
    return plots.bars(scores, title=title, xlabel="perplexity per token", log=True, fmt="{:,.1f}")


def draw_curves(curves):
    """Perplexity per token of both models by epoch."""
    named = {
        f"{level}s, {part}": curve[key]
        for level, curve in curves.items()
        for part, key in (("training", "loss"), ("dev", "val_loss"))
    }
    figure = plots.cost_curve(
        named, title="While learning", ylabel="perplexity per token", log=True
    )
    figure.axes[0].set_xlabel("epochs")
    return figure


def draw_temperatures(exercise, model, data):
    """How probable the most probable first words are, by temperature."""
    nothing_yet = np.zeros((2, LENGTH["word"] + 1), np.int32)  # a shape that it has seen before
    p = np.asarray(model.predict_on_batch(nothing_yet))[0, 0].astype(float)
    p[1] = 0  # <UNK>
    words = {i: word for word, i in data["vocabulary"].items()}
    top = np.argsort(-p)[:6]
    warm = {T: p ** (1 / T) / np.sum(p ** (1 / T)) for T in TEMPERATURES}
    return plots.bars(
        {words[i]: {f"T = {T:g}": 100 * warm[T][i] for T in TEMPERATURES} for i in top},
        title="The first word of a sentence, by temperature",
        xlabel="probability (%)",
        fmt="{:.1f} %",
    )


if __name__ == "__main__":
    raise SystemExit(execute(main))
