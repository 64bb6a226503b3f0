"""Dinosaur names, letter by letter (course 5, week 1).

An RNN of 50 units reads one name after the other, and says after each letter what comes next.  What
it makes up is gibberish at first and sounds like dinosaurs at the end.  How daring the names are is
a matter of the temperature: low, and it repeats itself; high, and nobody can pronounce them.
Figures: the loss, what the temperature does to novelty, lengths of names, and how names end.

    dlspec run dinosaur_names
    dlspec run dinosaur_names --names my_towns.txt
    dlspec run dinosaur_names --data-dir FOLDER_WITH_THE_COURSE_FILES

Without the course's dinos.txt it reads 869 genera that we have written down.

Numbers to expect (2026-11-21, two cores: 10 s of one core, --quick 2 s): a letter of our list is
guessed among 5.8 in the end (27 at first), and of the names drawn are new

    temperature    0.3     0.5     0.7     1       1.3     1.6
    new            17 %    52 %    77 %    95 %    99 %    99 %

for instance Alasicosaurus at 0.3, Chelosaurus at 0.7, Tangacarantornithoasaurus at 1, and
Elliniosmsauravilinxaqpaatasthabiasaoptoceraprudua at 1.3.  Most others were drawn before.

On the course's file the smoothed loss ends at 22.8 or 22.9.  The names themselves depend on how the
processor rounds, after so many steps: with OPENBLAS_CORETYPE=Prescott in the environment the last
one is the course's Trodonosaurus, with other kernels it is not.
"""

from collections import Counter
from pathlib import Path

import numpy as np

from dlspec import plots
from dlspec._validation import check_positive
from dlspec.datasets import load_names
from dlspec.runner import Setting, execute, start
from dlspec.sequence.dinosaur_names import (
    generate,
    gradient_descent,
    initialize_parameters,
    sample,
)

SETTINGS = [
    Setting("names", None, type=Path, help="your own list, one name per line"),
    Setting("iterations", 22001, quick=1500, minimum=1, help="names to learn from"),
    Setting("units", 50, minimum=1, help="size of the hidden state"),
    Setting("learning-rate", 0.01, help="step size alpha"),
    Setting("drawn", 2000, quick=300, minimum=1, help="names to draw at every temperature"),
]

PARAMETERS = ("Wax", "Waa", "Wya", "b", "by")
SHOWN = 7  # names drawn with the course's seeds
TEMPERATURES = (0.3, 0.5, 0.7, 1.0, 1.3, 1.6)
BLOCK = 500  # names that a point of the loss curve averages over
ENDINGS = 6  # of four letters, in the last figure


def main(argv: list[str] | None = None) -> dict:
    """Train, draw names, measure them, draw figures; returns the metrics."""
    with start("sequence/dinosaur_names", argv, SETTINGS) as run:
        check_positive("learning-rate", run["learning-rate"])
        names = load_names(run.data_dir, run["names"])
        run.uses(names, f"{len(names.names):,} names of {len(names.characters)} characters")
        vocabulary = {character: i for i, character in enumerate(names.characters)}

        parameters, losses = train(run, names, vocabulary)
        run.metrics["last_dino_name"] = show(run, parameters, vocabulary)[-1]
        drawn = {
            T: generate(parameters, vocabulary, run["drawn"], T, run.seed) for T in TEMPERATURES
        }
        shares = {T: novelty(made, names.names) for T, made in drawn.items()}
        report(run, drawn, shares)
        run.arrays("parameters", parameters)

        run.figure("loss", draw_losses(losses, len(vocabulary)))
        run.figure("temperature", draw_novelty(shares))
        run.figure("lengths", draw_lengths(names.names, drawn))
        run.figure("endings", draw_endings(names.names, drawn))
    return run.metrics


# --- Training -------------------------------------------------------------------------------------


def train(run, names, vocabulary) -> tuple[dict, list[float]]:
    """The course's loop, with its shuffle and its smoothing: parameters, and smoothed losses."""
    shuffled = [*names.names]
    np.random.RandomState(0).shuffle(shuffled)
    V = len(vocabulary)
    initial = initialize_parameters(run["units"], V, V)
    initial |= {"a_prev": np.zeros((run["units"], 1)), "smoothed": np.log(V) * SHOWN, "taken": 0}

    def steps(state):
        first = {k: state[k] for k in PARAMETERS}
        smoothed, taken = state["smoothed"], state["taken"]
        options = {"a_prev": state["a_prev"], "first": taken}
        names_read = gradient_descent(shuffled, vocabulary, first, run["learning-rate"], **options)
        for parameters, a, loss in names_read:
            smoothed, taken = 0.999 * smoothed + 0.001 * loss, taken + 1
            yield {**parameters, "a_prev": a, "smoothed": smoothed, "taken": taken}, loss

    state, losses = run.train("RNN", steps, initial, run["iterations"], 1, measure="loss")
    run.metrics["smoothed_loss"] = float(state["smoothed"])
    letters = [len(shuffled[i % len(shuffled)]) + 1 for i in range(len(losses))]
    block = min(BLOCK, len(losses))
    per_letter = [
        sum(losses[i : i + block]) / sum(letters[i : i + block])
        for i in range(0, len(losses) - block + 1, block)
    ]
    run.metrics["perplexity_per_letter"] = float(np.exp(per_letter[-1]))
    return {k: state[k] for k in PARAMETERS}, per_letter


# --- Names ----------------------------------------------------------------------------------------


def show(run, parameters, vocabulary) -> list[str]:
    """The names that the course prints: seeds 0 to 6."""
    characters = {i: character for character, i in vocabulary.items()}
    made = []
    for seed in range(SHOWN):
        indices = sample(parameters, vocabulary, seed)
        made.append("".join(characters[i] for i in indices[:-1]).capitalize())
    run.say(f"Names after {run['iterations']:,} iterations: {', '.join(made)}")
    return made


def novelty(made, known) -> dict[str, float]:
    """Shares of names that stand in the list, are new, and were drawn before."""
    known, seen = set(known), set()
    counts = dict.fromkeys(("in the list", "new", "drawn before"), 0)
    for name in made:
        key = "drawn before" if name in seen else "in the list" if name in known else "new"
        counts[key] += 1
        seen.add(name)
    return {key: count / len(made) for key, count in counts.items()}


def report(run, drawn, shares) -> None:
    """Say some names of every temperature, and keep the shares."""
    for T, made in drawn.items():
        longer = [name.capitalize() for name in made if len(name) > 2]
        run.say(f"Temperature {T:g}: {', '.join(longer[:6])}")
        run.metrics[f"new_share_at_{T:g}"] = shares[T]["new"]
    run.metrics["shares_by_temperature"] = {f"{T:g}": share for T, share in shares.items()}
    run.metrics["names_by_temperature"] = {f"{T:g}": made[:20] for T, made in drawn.items()}


# --- Figures --------------------------------------------------------------------------------------


def draw_losses(losses, V):
    """What a letter costs, by names read."""
    return plots.cost_curve(
        losses,
        every=BLOCK,
        title=f"Loss, mean over {BLOCK} names (guessing: {np.log(V):.1f} nats)",
        ylabel="loss (nats per letter)",
    )


def draw_novelty(shares):
    """How many names are new, by temperature."""
    return plots.stacked_bars(
        {f"temperature {T:g}": share for T, share in shares.items()},
        title="Names drawn: read before, new, or repeated?",
        xlabel="names (%)",
        shares=True,
    )


def draw_lengths(known, drawn):
    """Lengths of real names and of made-up ones."""
    series = {"names in the list": known, **{f"drawn at {T:g}": drawn[T] for T in (0.5, 1.0, 1.6)}}
    return plots.histograms(
        {label: np.array([len(name) for name in names], float) for label, names in series.items()},
        title="How long names are",
        xlabel="letters",
        bins=25,
        columns=2,
    )


def draw_endings(known, drawn):
    """How often names end alike, in the list and made up."""
    sets = {"in the list": known, **{f"drawn at {T:g}": drawn[T] for T in (0.5, 1.0)}}
    counts = {label: Counter(name[-4:] for name in names) for label, names in sets.items()}
    frequent = [ending for ending, _ in counts["in the list"].most_common(ENDINGS)]
    return plots.bars(
        {
            f"-{ending}": {
                label: 100 * counts[label][ending] / len(names) for label, names in sets.items()
            }
            for ending in frequent
        },
        title="How names end",
        xlabel="names (%)",
        fmt="{:.1f} %",
    )


if __name__ == "__main__":
    raise SystemExit(execute(main))
