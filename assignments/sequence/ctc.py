"""Speech without alignments: connectionist temporal classification (course 5, week 3).

A small network writes down digits that are said one after the other, of voices that it has never
heard, in noise.  It learns from recordings and what was said in them; nobody tells it when.  The
loss sums over all alignments, and the trained network is used to see where each digit is.
Transcripts are read off in three ways: the best symbol of every step, a beam search over
transcripts, and a beam of one.  Figures: what the network says at every step, the alignment that
the loss implies before and after training, error rates, digits that are missed, loss curves.

    dlspec run ctc
    dlspec run ctc --epochs 4

All speech is generated at 8000 Hz, as on a telephone, by a formant synthesiser: voices differ in
pitch, vocal tract, pace, breath and accent.

Numbers to expect with seed 1 (2026-11-21, one of two busy cores: 112 s of processor time): of 450
digits of 25 unseen voices 3.6 % are wrong, of voices learnt from 0.4 %.  The loudest noise is as
loud as the speech; with 0.3 of that and 1200 recordings 0.2 % were wrong.  Beams gain nothing: what
the network says is nearly sure at every step, so the best path is the best transcript.  Recordings
of people would be far harder.
"""

import numpy as np

from dlspec import plots
from dlspec.datasets import SpokenDigits, draw_voice, make_spoken_digits
from dlspec.datasets.generated_speech import DIGITS
from dlspec.runner import Setting, execute, load_keras, start

SETTINGS = [
    Setting("recordings", 1000, quick=32, minimum=16, help="recordings to learn from"),
    Setting("voices", 100, quick=4, minimum=1, help="speakers of them"),
    Setting("test-recordings", 150, quick=8, minimum=4, help="recordings of unseen speakers"),
    Setting("epochs", 14, quick=1, minimum=1, help="passes over all recordings"),
    Setting("beam-width", 8, quick=3, minimum=1, help="transcripts kept in the beam search"),
]

SECONDS, HERTZ = 3.0, 4000
NOISE = 1.0  # loudest noise, as a share of the speech
BATCH, RATE = 16, 0.003  # Adam, going down to 0 along a cosine
NAMES = ["blank", *DIGITS]  # class 0 is the blank, digit k is class k + 1
MOST = 5  # digits in a recording


def main(argv: list[str] | None = None) -> dict:
    """Train, decode, measure, draw; returns the metrics."""
    with start("sequence/ctc", argv, SETTINGS) as run:
        sets = make_sets(run)
        keras = load_keras()
        from dlspec.sequence import ctc

        keras.utils.set_random_seed(run.seed)
        network = ctc.SpeechRecognizer((None, 101), classes=len(DIGITS))
        features = {name: listen(spoken) for name, spoken in sets.items()}
        shown = next(i for i, d in enumerate(sets["test"].digits) if len(d) >= MOST - 2)
        untrained = network.predict(features["test"], batch_size=BATCH, verbose=0)[shown]
        log = train(run, keras, network, features, sets)

        decoded, rates = {}, {}
        for name in ("train", "test"):
            part = slice(0, run["test-recordings"])
            logits = network.predict(features[name][part], batch_size=BATCH, verbose=0)
            decoded[name] = decode(ctc, logits, run["beam-width"])
            true = labels_of(sets[name])[part]
            rates[name] = {
                way: ctc.label_error_rate(found, true) for way, found in decoded[name].items()
            }
        run.metrics |= {
            "test_label_error_rate": rates["test"]["beam"],
            "test_label_error_rate_greedy": rates["test"]["best path"],
            "train_label_error_rate": rates["train"]["beam"],
            "test_digits": sum(map(len, sets["test"].digits)),
            "parameters": network.count_params(),
            "losses": log["loss"],
            "test_losses": log["val_loss"],
        }
        run.model("speech_recognizer", network)

        draw_outputs(run, sets["test"], features["test"], logits, shown)
        draw_alignment(run, ctc, sets["test"], features["test"], shown, untrained, logits[shown])
        draw_rates(run, rates)
        draw_missed(run, ctc, sets["test"], decoded["test"]["beam"])
        draw_losses(run, log)
    return run.metrics


# --- Data -----------------------------------------------------------------------------------------


def make_sets(run) -> dict[str, SpokenDigits]:
    """Recordings to learn from and, of other speakers, to test on."""
    count, few = run["voices"], max(2, run["voices"] // 4)
    run.uses("generated", f"{count} voices to learn from, {few} others to test on")
    rng = np.random.default_rng([run.seed, 8000])
    voices = [draw_voice(rng) for _ in range(count)]
    others = [draw_voice(rng) for _ in range(few)]
    sizes = {"train": (run["recordings"], voices), "test": (run["test-recordings"], others)}
    return {
        name: make_spoken_digits(
            recordings, speakers, 2 * run.seed + i, most=MOST, seconds=SECONDS, noise=NOISE
        )
        for i, (name, (recordings, speakers)) in enumerate(sizes.items())
    }


def listen(spoken) -> np.ndarray:
    """Logarithms of spectrograms (m, T, 101): 25 ms every 10 ms at 8000 Hz."""
    from dlspec.sequence.trigger_word import spectrogram

    return np.stack([np.log1p(spectrogram(audio)).T for audio in spoken.audio]).astype(np.float32)


def labels_of(spoken) -> list[list[int]]:
    """Classes 1 to 10 of the digits 0 to 9; class 0 is the blank."""
    return [[digit + 1 for digit in digits] for digits in spoken.digits]


# --- Training and decoding ------------------------------------------------------------------------


def train(run, keras, network, features, sets) -> dict:
    """Keras' CTC loss; labels are filled up with 0 to one length."""

    def filled(spoken):
        return np.array([row + [0] * (MOST - len(row)) for row in labels_of(spoken)], np.int32)

    steps = run["epochs"] * -(-len(features["train"]) // BATCH)
    rate = keras.optimizers.schedules.CosineDecay(RATE, steps)
    network.compile(keras.optimizers.Adam(rate, clipnorm=1.0), keras.losses.CTC())
    return run.fit(
        "spoken digits",
        network,
        features["train"],
        filled(sets["train"]),
        epochs=run["epochs"],
        batch_size=BATCH,
        validation_data=(features["test"], filled(sets["test"])),
    )


def decode(ctc, logits, width) -> dict[str, list[list[int]]]:
    """Transcripts of every recording, read off in three ways."""
    return {
        "best path": [ctc.ctc_greedy_decode(x)[0] for x in logits],
        "beam of one": [ctc.ctc_beam_decode(x, 1)[0][0] for x in logits],
        "beam": [ctc.ctc_beam_decode(x, width)[0][0] for x in logits],
    }


# --- Figures --------------------------------------------------------------------------------------


def said(spoken, i) -> str:
    """What is said in a recording, as text."""
    return " ".join(NAMES[label] for label in labels_of(spoken)[i])


def draw_outputs(run, spoken, features, logits, i) -> None:
    """What the network says step by step: spikes, and blanks between them."""
    y = np.exp(logits[i] - logits[i].max(axis=1, keepdims=True))
    y /= y.sum(axis=1, keepdims=True)
    curves = {NAMES[k]: y[:, k] for k in dict.fromkeys([0, *labels_of(spoken)[i]])}
    run.figure(
        "outputs",
        plots.spectrogram(
            np.expm1(features[i].T),
            SECONDS,
            HERTZ,
            title=f'Output at every step; an unseen voice says "{said(spoken, i)}"',
            curves=curves,
        ),
    )


def draw_alignment(run, ctc, spoken, features, i, *logits) -> None:
    """Where each digit probably is, given what was said: before training, and after."""
    labels = labels_of(spoken)[i]
    for name, x in zip(("before", "after"), logits, strict=True):
        gamma = ctc.ctc_posteriors(x, labels)
        curves = {f"{k + 1}: {NAMES[label]}": gamma[:, 2 * k + 1] for k, label in enumerate(labels)}
        run.figure(
            f"alignment_{name}",
            plots.spectrogram(
                np.expm1(features[i].T),
                SECONDS,
                HERTZ,
                title=f"Alignment {name} training: where each digit is, given the transcript",
                curves=curves,
                ylabel="posterior",
            ),
        )


def draw_rates(run, rates) -> None:
    """Label error rates by way of reading, on known and unknown voices."""
    names = {"train": "voices learnt from", "test": "unseen voices"}
    ways = {way: {names[name]: 100 * rates[name][way] for name in rates} for way in rates["test"]}
    run.figure(
        "error_rates",
        plots.bars(
            ways,
            title="Label error rate by way of reading the transcript off",
            xlabel="edits for every 100 digits said (%)",
            reference=("goal", 5),
            fmt="{:.1f} %",
        ),
    )


def draw_missed(run, ctc, spoken, found) -> None:
    """How many recordings with a digit come out wrong."""
    wrong = [f != t for f, t in zip(found, labels_of(spoken), strict=True)]
    shares = {}
    for digit, name in enumerate(DIGITS):
        within = [w for w, digits in zip(wrong, spoken.digits, strict=True) if digit in digits]
        if within:
            shares[name] = 100 * np.mean(within)
    run.figure(
        "missed",
        plots.bars(
            shares,
            title="Recordings with an error, by a digit in them; unseen voices",
            xlabel="transcripts that are not all right (%)",
            fmt="{:.0f} %",
        ),
    )


def draw_losses(run, log) -> None:
    """Loss by epoch."""
    epochs = np.arange(1, len(log["loss"]) + 1)
    run.figure(
        "loss",
        plots.lines(
            epochs,
            {"voices learnt from": np.array(log["loss"]), "unseen": np.array(log["val_loss"])},
            title="CTC loss while learning",
            xlabel="epoch",
            ylabel="loss per recording (nats)",
            marker=True,
        ),
    )


if __name__ == "__main__":
    raise SystemExit(execute(main))
