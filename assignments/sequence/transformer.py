"""The Transformer: number words into digits (course 5, week 4, assignment 1).

"three hundred and forty-one thousand and ninety" becomes 3 4 1 0 9 0.  Word by word that cannot be
done: zeros have no words, "thirty" is 3 before a digit and 30 elsewhere, and how many digits follow
the first stands further on.  An encoder-decoder learns it from pairs and is asked about numbers
that it has not seen.  Adam with the paper's learning rate, smoothed labels; written greedily and
with a beam, keys and values cached.

Figures: the code of the positions, masks, the learning rate and the loss, exact matches by number
of digits, where the heads of the decoder look while it writes.

    dlspec run transformer
    dlspec run transformer --text "twelve hundred and fifty"
    dlspec run transformer --beam-width 8

Seed 1 (2026-11-21, two cores: 88 s of processor time; --quick 11 s, half of it to import Keras).
Of 1,000 numbers that do not occur in training, written without a mistake:

    word by word     greedy     beam of 4
       27.4 %        99.2 %      99.2 %

The beam gains nothing: where the network errs it is sure of it (a zero too many or too few).  In
the second layer each head has a diagonal of its own: digit by digit along the words that tell.
"""

import numpy as np

from dlspec import plots
from dlspec.datasets import make_number_words
from dlspec.datasets.number_words import number_of_words, number_vocabulary, split_words
from dlspec.runner import Setting, execute, load_keras, start

SETTINGS = [
    Setting("pairs", 20_000, quick=64, minimum=2, help="training pairs"),
    Setting("test-pairs", 1_000, quick=16, minimum=2, help="pairs of unseen numbers"),
    Setting("epochs", 7, quick=1, minimum=1, help="passes over the training pairs"),
    Setting("beam-width", 4, minimum=1, help="beginnings that beam search keeps"),
    Setting("text", None, type=str, help="a number in words, to be written in digits"),
]

SIZE, QUICK_SIZE = (2, 64, 4, 128), (1, 16, 2, 32)  # layers, d, heads, hidden units
BATCH = 64
WARMUP, PEAK = 500, 2.5e-3  # steps that the learning rate rises, and how far
SMOOTHING, DROPOUT = 0.05, 0.05
PAD, START, END = 0, 1, 2
WORDS = {word: i for i, word in enumerate(number_vocabulary(), start=1)}  # 0 is padding
DIGITS = {digit: i for i, digit in enumerate("0123456789", start=3)}
INPUT_LENGTH, TARGET_LENGTH = 13, 7  # 13 words, and six digits with the end


def main(argv: list[str] | None = None) -> dict:
    """Train on pairs, translate unseen numbers, look at the heads; returns the metrics."""
    with start("transformer", argv, SETTINGS) as run:
        right = None if run["text"] is None else number_of_words(run["text"])
        train, test = make_number_words(run["pairs"], run["test-pairs"], seed=run.seed)
        count = f"{len(train.words):,} pairs, {len(test.words):,} of other numbers to test"
        run.uses("generated", count)
        keras = load_keras()
        keras.utils.set_random_seed(run.seed)

        model = build(run)
        log = fit(run, model, train, test)
        written = measure(run, model, test)
        if right is not None:
            answer = translate(model, encode_words([run["text"]]))[0]
            verdict = "" if answer == str(right) else f", and should be {right}"
            run.say(f"{run['text']} -> {answer}{verdict}")
            run.metrics["answer"] = answer

        draw_positions(run)
        draw_masks(run, test)
        draw_learning(run, model, log)
        draw_exact_matches(run, test, written)
        draw_heads(run, model, test)
        run.model("transformer", model)
    return run.metrics


# --- Texts as tokens ------------------------------------------------------------------------------


def encode_words(texts) -> np.ndarray:
    """Tokens (m, 13) of numbers in words, padded with 0."""
    tokens = np.zeros((len(texts), INPUT_LENGTH), np.int32)
    for row, text in zip(tokens, texts, strict=True):
        words = split_words(text)[:INPUT_LENGTH]
        row[: len(words)] = [WORDS[word] for word in words]
    return tokens


def encode_digits(digits) -> np.ndarray:
    """Tokens (m, 8) of digits between start and end, padded with 0."""
    tokens = np.zeros((len(digits), TARGET_LENGTH + 1), np.int32)
    for row, text in zip(tokens, digits, strict=True):
        row[: len(text) + 2] = [START, *(DIGITS[digit] for digit in text), END]
    return tokens


def decode_digits(tokens) -> str:
    """Digits of tokens; "?" where the network wrote none."""
    return "".join(str(token - 3) if token >= 3 else "?" for token in tokens)


# --- Network --------------------------------------------------------------------------------------


def build(run):
    """The network, compiled as in the paper."""
    import keras

    from dlspec.sequence.transformer import MaskedCrossentropy, build_transformer

    size = QUICK_SIZE if run.quick else SIZE
    model = build_transformer(
        len(WORDS) + 1, len(DIGITS) + 3, INPUT_LENGTH, TARGET_LENGTH, size, DROPOUT
    )
    adam = keras.optimizers.Adam(schedule(size[1]), beta_2=0.98, epsilon=1e-9)
    # TensorFlow takes longer to compile than a quick run is; JAX compiles in any case.
    eager = run.quick and keras.backend.backend() == "tensorflow"
    model.compile(adam, MaskedCrossentropy(SMOOTHING), run_eagerly=eager)
    run.say(f"Transformer: {model.count_params():,} parameters, {size[0]} layers, d={size[1]}")
    run.metrics["parameters"] = model.count_params()
    return model


def schedule(d):
    """The paper's learning rate, scaled to its highest value for so small a network."""
    from dlspec.sequence.transformer import NoamSchedule

    return NoamSchedule(d, WARMUP, scale=PEAK * d**0.5 * WARMUP**0.5)


def fit(run, model, train, test) -> dict:
    """Show it each digit given those before ("teacher forcing")."""
    digits, unseen = encode_digits(train.digits), encode_digits(test.digits)
    return run.fit(
        "transformer",
        model,
        [encode_words(train.words), digits[:, :-1]],
        digits[:, 1:],
        epochs=run["epochs"],
        batch_size=BATCH,
        validation_data=([encode_words(test.words), unseen[:, :-1]], unseen[:, 1:]),
    )


def translate(model, source, beam_width=1) -> list[str]:
    """Digits that the network writes."""
    from dlspec.sequence import transformer_decoding

    written = transformer_decoding.translate(model, source, START, END, beam_width)
    return [decode_digits(tokens) for tokens in written]


def word_by_word(text) -> str:
    """What substitution would write: "two hundred and five" is 25."""
    values = {word: str(i) for i, word in enumerate(number_vocabulary()[:20])}
    values |= {word: str(i) for i, word in enumerate(number_vocabulary()[20:28], start=2)}
    return "".join(values.get(word, "") for word in split_words(text))


# --- What came out --------------------------------------------------------------------------------


def measure(run, model, test) -> dict[str, list[str]]:
    """Exact matches on unseen numbers: by substitution, greedily, with a beam."""
    source = encode_words(test.words)
    width = run["beam-width"]
    written = {
        "word by word": [word_by_word(text) for text in test.words],
        "greedy": translate(model, source),
        f"beam of {width}": translate(model, source, width),
    }
    for way, name in zip(written, ("word_by_word", "greedy", "beam"), strict=True):
        right = [a == b for a, b in zip(written[way], test.digits, strict=True)]
        run.metrics[f"{name}_exact_accuracy"] = share = float(np.mean(right))
        run.say(f"{way}: {share:.1%} of {len(right):,} unseen numbers written without a mistake")
    rows = zip(test.words, test.digits, written["greedy"], strict=True)
    wrong = [row for row in rows if row[1] != row[2]]
    for words, digits, found in wrong[:5]:
        run.say(f"  {words}: {found}, not {digits}")
    return written


def draw_positions(run) -> None:
    """The table of positions, for more of them than are used here."""
    from dlspec.sequence.transformer import positional_encoding

    table = np.asarray(positional_encoding(50, 64))[0]
    figure = plots.feature_maps(
        [table, table @ table.T / 32],
        ["codes: position down, dimension across", "how alike the codes of two positions are"],
        title="Positional encoding, 50 positions in 64 dimensions",
        diverging=True,
    )
    run.figure("positional_encoding", figure)


def draw_masks(run, test) -> None:
    """What each word of one pair may look at."""
    from dlspec.sequence.transformer import create_look_ahead_mask, create_padding_mask

    pair = int(np.argmin([abs(len(split_words(words)) - 7) for words in test.words]))
    digits = ["start", *test.digits[pair]]
    ahead = np.asarray(create_look_ahead_mask(len(digits)))[0]
    run.figure(
        "look_ahead_mask",
        plots.attention_maps(
            [ahead],
            digits,
            digits,
            title="What may be looked at while writing (1, dark)",
            labels=("digit that looks", "digit looked at"),
        ),
    )
    padding = np.asarray(create_padding_mask(encode_words(test.words[:6])))[:, 0]
    run.figure(
        "padding_mask",
        plots.attention_maps(
            [padding],
            [words if len(words) < 42 else f"{words[:40]}..." for words in test.words[:6]],
            [str(i) for i in range(INPUT_LENGTH)],
            title="Padding mask: words (1, dark) and padding",
            labels=("", "position"),
        ),
    )


def draw_learning(run, model, log) -> None:
    """Loss by epoch, and the learning rate by step."""
    steps = np.arange(max(4 * WARMUP, run["epochs"] * -(-run["pairs"] // BATCH)))
    rate = schedule(model.get_layer("decoder_0_tokens").output_dim)
    run.figure(
        "learning_rate",
        plots.lines(
            steps,
            {"rate": np.asarray(rate(steps))},
            title=f"Learning rate: rises for {WARMUP} steps, then falls as 1 / sqrt(step)",
            xlabel="step",
            ylabel="learning rate",
        ),
    )
    run.figure(
        "learning_curve",
        plots.lines(
            np.arange(1, len(log["loss"]) + 1),
            {"training, with dropout": np.array(log["loss"]), "test": np.array(log["val_loss"])},
            title=f"Cross-entropy per digit, labels smoothed by {SMOOTHING:g}",
            xlabel="epoch",
            ylabel="loss",
            marker=True,
        ),
    )


def draw_exact_matches(run, test, written) -> None:
    """Exact matches by number of digits."""
    lengths = np.array([len(digits) for digits in test.digits])
    groups = {}
    for n in range(3, 7):
        chosen = np.flatnonzero(lengths == n)
        if len(chosen):
            groups[f"{n} digits ({len(chosen)})"] = {
                way: float(np.mean([found[i] == test.digits[i] for i in chosen]))
                for way, found in written.items()
            }
    figure = plots.bars(
        groups, title="Unseen numbers written without a mistake", xlabel="share", fmt="{:.1%}"
    )
    run.figure("exact_matches", figure)


def draw_heads(run, model, test) -> None:
    """Where each head of the last decoder layer looks in the input, for one long number."""
    from dlspec.sequence.transformer_decoding import attention_weights

    def interest(i):
        return len(test.digits[i]), min(test.digits[i].count("0"), 2), len(test.words[i])

    pair = max(range(len(test.words)), key=interest)
    words, digits = split_words(test.words[pair]), test.digits[pair]
    tokens = encode_digits([digits])[:, : len(digits) + 1]
    weights = attention_weights(model, [encode_words([test.words[pair]]), tokens])
    rows = [*digits, "end"]
    crossing = [name for name in weights if name.endswith("cross_attention")]
    for name in crossing:
        heads = weights[name][0, :, :, : len(words)]
        figure = plots.attention_maps(
            heads,
            rows,
            words,
            [f"head {h}" for h in range(1, len(heads) + 1)],
            title=f"Where the decoder looks, layer {name.split('_')[1]}: {digits}",
            panels=2,
            labels=("digit to be written", ""),
        )
        run.figure(f"heads_of_{name}", figure)
    mean = np.mean([weights[name][0].mean(axis=0) for name in crossing], axis=0)
    figure = plots.attention_maps(
        [mean[:, : len(words)]], rows, words, title=f"Mean over layers and heads: {digits}"
    )
    run.figure("attention_mean", figure)


if __name__ == "__main__":
    raise SystemExit(execute(main))
