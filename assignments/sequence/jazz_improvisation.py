"""Improvise a jazz solo with an LSTM (course 5, week 1).

A solo is read as words such as "b3,1/2": the minor third of whatever chord sounds, half a beat
long.  An LSTM of 64 units learns to say which word comes next, in windows of 30.  Then it plays:
by the most probable word each time, as in the course, and by words drawn at random.  How like the
corpus it plays is measured by what notes are to their chords, by the steps between notes and by
their durations, each as a Jensen-Shannon divergence from 0 (alike) to 1 bit (nothing in common),
before training and after, and for solos of the corpus that it never saw.

    dlspec run jazz_improvisation
    dlspec run jazz_improvisation --temperature 0.7
    dlspec run jazz_improvisation --data-dir FOLDER_WITH_ORIGINAL_METHENY.MID

To hear: solo.wav (trained), most_probable.wav, untrained.wav, corpus.wav; each as MIDI too.
Without the course's original_metheny.mid the corpus is 300 generated solos over a twelve-bar blues,
of which 30 are held out; with it, the guitar solo of which the course takes 72 beats, and nothing
is left to hold out.

Divergence from the corpus in bits, seed 1 (2026-11-21, two cores, 40 s of processor time; --quick
11 s):

                        before training    after    held-out solos
    degree of chord          0.060         0.001        0.003
    step to next note        0.250         0.027        0.003
    duration                 0.192         0.000        0.001

Foretelling the next word costs 1.74 nats on training windows and 2.09 on held-out solos (log 84 =
4.43 by guessing).  Degrees and durations end as near to the corpus as new solos of the same player.
Steps do not: the network is not told when the chord changes, and the same word is another key then.
Seeds 2 and 3 gave 0.002, 0.030, 0.000 and 0.003, 0.025, 0.002.  The most probable word each time
makes scales that go round in circles.  On the course's solo, 186 words, the network learns nearly
all by heart (0.17 nats).
"""

import numpy as np

from dlspec import plots
from dlspec._complaints import InvalidValue, sentence
from dlspec._validation import check_positive
from dlspec.datasets import Track, load_jazz, render_tracks, swing, write_midi, write_wav
from dlspec.runner import Setting, execute, load_keras, start
from dlspec.sequence import jazz_grammar as grammar

SETTINGS = [
    Setting("solos", 300, quick=60, minimum=2, help="generated solos, a tenth of them held out"),
    Setting("epochs", 30, quick=6, minimum=1, help="passes over the windows"),
    Setting("steps", 30, quick=4, minimum=2, help="words of a window"),
    Setting("windows", 1920, quick=768, minimum=1, help="windows of an epoch"),
    Setting("temperature", 1.0, help="of the words drawn: below 1 safer, above 1 more daring"),
]

N_VALUES, UNITS = 90, 64
BATCH = 64
LEARNING_RATE = 0.01  # Adam, going down to 0 along a cosine
PLAYED = 30  # solos that the network plays to be measured
LONGEST = 200  # words of one, more than any solo needs
MOST_PROBABLE = 50  # words played by the most probable each time, as in the course
QUICK_MOST_PROBABLE = 12
SHOWN = 24  # beats in the piano roll
LOUD, SOFT, GUITAR, PIANO = 100, 45, 26, 0
LABELS = {"degree": "degree of the chord", "interval": "step to the next note (semitones)"}
LABELS["duration"] = "duration (beats)"


def main(argv: list[str] | None = None) -> dict:
    """Learn from solos, play, measure, write sound and draw; returns the metrics."""
    with start("sequence/jazz_improvisation", argv, SETTINGS) as run:
        check_positive("temperature", run["temperature"])
        jazz = load_jazz(run.data_dir, n=run["solos"], seed=run.seed)
        words = [to_words(solo) for solo in jazz.solos]
        held_out = -(-len(words) // 10) if len(words) > 1 else 0
        learnt = slice(held_out, None)
        vocabulary = grammar.make_vocabulary(words[learnt], N_VALUES)
        known = sum(not word.startswith(grammar.UNUSED) for word in vocabulary)
        run.uses(
            jazz, f"{len(words)} solos, {sum(map(len, words)):,} words, {known} different ones"
        )
        check_steps(run, words[learnt], words[:held_out])

        load_keras().utils.set_random_seed(run.seed)
        layers = make_layers()
        players = {"untrained": improvise(run, layers, jazz, vocabulary[:known], 1.0)}
        losses = train(run, layers, words[learnt], words[:held_out], vocabulary)
        players["trained"] = improvise(run, layers, jazz, vocabulary[:known], run["temperature"])
        greedy = most_probable_words(run, layers, vocabulary)

        # The corpus as its words say it: the network plays no other way.
        corpus = [play(said, solo) for said, solo in zip(words, jazz.solos, strict=True)]
        bodies = {"corpus": corpus[learnt], **players}
        if held_out:
            bodies["held-out solos"] = corpus[:held_out]
        statistics = {name: grammar.note_statistics(solos) for name, solos in bodies.items()}
        record(run, statistics, losses, known, greedy)

        melodies = {"corpus": corpus[0][0]}
        for name, solos in players.items():
            melodies[name] = grammar.prune_repeated(solos[0][0])
        melodies["most_probable"] = play(greedy, jazz.solos[0])[0]
        write_music(run, jazz, melodies)
        draw_rolls(run, jazz.solos[0], melodies)
        draw_statistics(run, statistics)
        draw_divergences(run, statistics)
        draw_losses(run, losses)
    return run.metrics


def check_steps(run, *parts) -> None:
    """Complain before any training about windows that no solo fills."""
    longest = min(max(map(len, solos)) for solos in parts if solos)
    if run["steps"] > longest:
        expected = f"be at most {longest}, the number of words of the longest solo"
        raise InvalidValue(sentence("steps", expected, run["steps"]))


def to_words(solo) -> list[str]:
    """A solo tidied up, word by word."""
    return grammar.encode_solo(grammar.prune_close(grammar.quantise(solo.notes)), solo.roots)


def play(words, solo) -> tuple[np.ndarray, np.ndarray]:
    """Notes of words over the chords of a solo, and the roots of those."""
    return grammar.decode_solo(words, solo.roots, solo.beats), solo.roots


# --- Learning -------------------------------------------------------------------------------------


def make_layers() -> tuple:
    """The three layers that all models share."""
    import keras

    cell = keras.layers.LSTM(UNITS, return_state=True, unroll=True, name="shared_lstm_cell")
    densor = keras.layers.Dense(N_VALUES, activation="softmax", name="shared_dense_densor")
    return cell, densor, keras.layers.Reshape((1, N_VALUES), name="shared_reshape_reshaper")


def train(run, layers, learnt, held_out, vocabulary) -> dict[str, list[float]]:
    """Losses of each epoch, in nats for a word."""
    import keras

    from dlspec.sequence import jazz_improvisation as exercise

    steps, m = run["steps"], run["windows"]

    def windows(words, m):
        values = [grammar.words_to_values(solo, vocabulary) for solo in words]
        X, Y = exercise.training_windows(values, N_VALUES, steps, m, seed=run.seed)
        state = np.zeros((m, UNITS), np.float32)
        return [X, state, state], list(Y)

    model = exercise.djmodel(steps, *layers)
    updates = -(-m // BATCH) * run["epochs"]
    rate = keras.optimizers.schedules.CosineDecay(LEARNING_RATE, updates)
    model.compile(keras.optimizers.Adam(rate, clipnorm=1.0), "categorical_crossentropy")
    options = {"validation_data": windows(held_out, max(1, m // 6))} if held_out else {}
    log = run.fit(
        "LSTM", model, *windows(learnt, m), epochs=run["epochs"], batch_size=BATCH, **options
    )
    run.model("djmodel", model)
    named = {"loss": "training"} | ({"val_loss": "held-out solos"} if held_out else {})
    return {name: [loss / steps for loss in log[key]] for key, name in named.items()}


# --- Playing --------------------------------------------------------------------------------------


def improvise(run, layers, jazz, words, temperature) -> list[tuple]:
    """Solos (notes, roots) of words drawn at random, over the chords of the corpus."""
    from dlspec.sequence import jazz_improvisation as exercise

    step_model = exercise.music_step_model(*layers[:2])
    values = exercise.sample_values(
        step_model,
        LONGEST,
        PLAYED,
        temperature=temperature,
        known=len(words),
        seed=run.seed,
    )
    solos = []
    for i, row in enumerate(values):
        notes, roots = play([words[v] for v in row], jazz.solos[i % len(jazz.solos)])
        if len(notes):  # a network that knows nothing may choose to be silent
            solos.append((grammar.prune_close(grammar.quantise(notes)), roots))
    return solos


def most_probable_words(run, layers, vocabulary) -> list[str]:
    """The course's way to improvise: the most probable word each time, the same in every run."""
    from dlspec.sequence import jazz_improvisation as exercise

    Ty = QUICK_MOST_PROBABLE if run.quick else MOST_PROBABLE
    model = exercise.music_inference_model(*layers[:2], Ty=Ty)
    _, indices = exercise.predict_and_sample(model)
    return [vocabulary[v] for v in indices[:, 0]]


# --- Measuring ------------------------------------------------------------------------------------


def divergences(statistics) -> dict[str, dict[str, float]]:
    """Of every statistic, how far each body of solos is from the corpus, in bits."""
    corpus = statistics["corpus"]
    return {
        what: {
            name: grammar.divergence(of[what], corpus[what])
            for name, of in statistics.items()
            if name != "corpus"
        }
        for what in corpus
    }


def record(run, statistics, losses, known, greedy) -> None:
    """Fill in the metrics."""
    for what, by_name in divergences(statistics).items():
        for name, bits in by_name.items():
            run.metrics[f"{what}_divergence_{name.replace(' ', '_').replace('-', '_')}"] = bits
    run.metrics |= {
        "words": known,
        "first_loss": losses["training"][0],
        "last_loss": losses["training"][-1],
        "most_probable_solo": greedy,
        "losses": losses["training"],
    }
    if "held-out solos" in losses:
        run.metrics["last_held_out_loss"] = losses["held-out solos"][-1]


# --- Sound ----------------------------------------------------------------------------------------


def write_music(run, jazz, melodies) -> None:
    """Each melody with its chords, as MIDI and as WAV."""
    chords = accompaniment(jazz.solos[0].chords)
    for name, melody in melodies.items():
        if not len(melody):
            continue
        stem = "solo" if name == "trained" else name
        tracks = [Track("Solo", melody, GUITAR, LOUD), Track("Chords", chords, PIANO, SOFT)]
        write_midi(run.file(f"{stem}.mid"), tracks, jazz.tempo)
        if jazz.swings:
            tracks = [Track(t.name, swing(t.notes), t.program, t.velocity) for t in tracks]
        write_wav(run.file(f"{stem}.wav"), render_tracks(tracks, jazz.tempo))
    run.say("To hear: " + ", ".join(str(run.out / f"{s}.wav") for s in ("untrained", "solo")))


def accompaniment(chords) -> np.ndarray:
    """The root in the bass, the tones around middle C."""
    return np.array(
        [
            (chord.onset, chord.duration, pitch)
            for chord in chords
            for pitch in sorted({36 + chord.root, *(52 + (tone - 4) % 12 for tone in chord.tones)})
        ]
    )


# --- Figures --------------------------------------------------------------------------------------


def draw_rolls(run, solo, melodies) -> None:
    """The beginning of a solo of the corpus and of two solos of the network."""
    chords = [(c.onset, c.duration, c.name, c.tones) for c in solo.chords if c.onset < SHOWN]
    titles = {
        "corpus": "Corpus",
        "untrained": "Network before training",
        "trained": "Network after training",
        "most_probable": "Network after training, the most probable word each time",
    }
    shown = {titles[name]: m[m[:, 0] < SHOWN] for name, m in melodies.items()}
    shown = {title: notes for title, notes in shown.items() if len(notes)}
    title = "Solos over the same chords: what was learnt from, and what came out"
    run.figure("piano_rolls", plots.piano_roll(shown, chords, title=title))


def draw_statistics(run, statistics) -> None:
    """Notes, steps and durations: corpus, untrained, trained."""
    names = ("corpus", "untrained", "trained")
    panels = {
        label: {name: statistics[name][what] for name in names} for what, label in LABELS.items()
    }
    run.figure("note_statistics", plots.share_columns(panels, title="What solos are made of"))


def draw_divergences(run, statistics) -> None:
    """One bar for each distance from the corpus."""
    found = divergences(statistics)
    values = {LABELS[what]: by_name for what, by_name in found.items()}
    title = "How unlike the corpus the solos are"
    bars = plots.bars(values, title=title, xlabel="Jensen-Shannon divergence (bits)", fmt="{:.3f}")
    run.figure("divergences", bars)


def draw_losses(run, losses) -> None:
    """Cross-entropy by epoch."""
    epochs = np.arange(1, 1 + len(losses["training"]))
    run.figure(
        "learning_curve",
        plots.lines(
            epochs,
            losses,
            title="How well the next word is foretold",
            xlabel="epoch",
            ylabel="cross-entropy (nats for a word)",
        ),
    )


if __name__ == "__main__":
    raise SystemExit(execute(main))
