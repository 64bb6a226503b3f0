"""Initialization (course 2, week 1, assignment 1).

The same network, the same two noisy circles, five starts.  From zeros no weight ever moves; from
weights that are all 0.5 they move, but all units of a layer together, so that ten are worth one.
10 randn begins sure and wrong and never quite recovers.  He's weights separate the circles.  Then
six wide layers before any training: what each start leaves of the signal.  Figures: the costs, the
boundaries, the first layer's weights before and after, the activations of six tanh layers.

    dlspec run initialization
    dlspec run initialization --initialization xavier --learning-rate 0.1

Numbers to expect (2026-11-21, two cores: 7 s, --quick 4 s), after 15,000 iterations:

                training points   test points   first cost   last cost
    zeros            50 %             50 %        0.693147    0.693147
    10 randn         83 %             86 %      1773.6        0.38
    He               99.33 %          96 %        0.883054    0.066
    Xavier           99 %             93 %        0.729       0.096
    Glorot           99 %             95 %        0.722       0.145
    all 0.5          58 %

Zeros to He are the course's, but for its first cost from 10 randn, inf: the logarithm of a
probability rounded to 0.
"""

import numpy as np

from dlspec import plots
from dlspec.datasets import make_circles
from dlspec.nn_basics.deep_network import (
    L_model_forward,
    gradient_descent,
    linear_activation_forward,
)
from dlspec.optimization.initialization import HIDDEN_UNITS, INITIALIZATIONS
from dlspec.runner import Setting, execute, start

SETTINGS = [
    Setting("initialization", "all", choices=["all", *INITIALIZATIONS], help="where to start"),
    Setting("iterations", 15_000, quick=5_000, minimum=1, help="gradient-descent steps"),
    Setting("learning-rate", 0.01, help="step size alpha"),
]

LAYERS = (2, *HIDDEN_UNITS, 1)
CONSTANT = 0.5
"""All weights of a start that is not zero and yet as symmetric."""
TRAIN, TEST = (300, 1), (100, 2)  # points and seed, the course's
SIGNAL_LAYERS, SIGNAL_UNITS, SIGNAL_EXAMPLES = 6, 100, 1000
TITLES = {
    "zeros": "zeros",
    "random": "10 randn",
    "he": "He",
    "xavier": "Xavier",
    "glorot": "Glorot",
}


def main(argv: list[str] | None = None) -> dict:
    """Train from every start, measure, draw; returns the metrics."""
    with start("optimization/initialization", argv, SETTINGS, seed=3) as run:
        chosen = run["initialization"]
        names = list(INITIALIZATIONS) if chosen == "all" else [chosen]
        X, Y = make_circles(*TRAIN)
        test = make_circles(*TEST)
        run.uses(
            "generated", f"two noisy circles, {Y.size} points to train, {test[1].size} to test"
        )

        starts = {name: initialize(name, LAYERS, run.seed) for name in names}
        networks, costs = {}, {}
        for name in names:
            networks[name], costs[name] = train(run, TITLES[name], starts[name], X, Y)
        run.metrics |= {
            **{f"{n}_train_accuracy": accuracy(networks[n], X, Y) for n in names},
            **{f"{n}_test_accuracy": accuracy(networks[n], *test) for n in names},
            "first_costs": {n: costs[n][0] for n in names},
            "last_costs": {n: costs[n][-1] for n in names},
            "different_units": {n: different_units(networks[n]) for n in names},
        }
        units = {TITLES[n]: (starts[n], networks[n]) for n in names}
        if "zeros" in names:
            equal = {key: p + CONSTANT * (key[0] == "W") for key, p in starts["zeros"].items()}
            network, _ = train(run, f"all {CONSTANT}", equal, X, Y)
            run.metrics["constant_train_accuracy"] = accuracy(network, X, Y)
            run.metrics["different_units"]["constant"] = different_units(network)
            units = {f"all {CONSTANT}": (equal, network), **units}
        signals = {
            hidden: {name: signal_by_layer(name, hidden, run.seed) for name in names}
            for hidden in ("tanh", "relu")
        }
        run.metrics["signal_after_six_layers"] = {
            hidden: {name: size(layers[-1]) for name, layers in by_name.items()}
            for hidden, by_name in signals.items()
        }
        print_signal(run)
        run.arrays("networks", {f"{n}_{key}": p for n in names for key, p in networks[n].items()})

        title = "Cost by start"
        curves = {TITLES[n]: costs[n] for n in names}
        run.figure("costs", plots.cost_curve(curves, every=100, title=title, log=True))
        panels = {
            f"{TITLES[n]}: {100 * accuracy(networks[n], *test):.0f}\N{NO-BREAK SPACE}%": predictor(
                networks[n]
            )
            for n in names
        }
        title = "Accuracy on the test points"
        run.figure("boundaries", plots.decision_boundaries(panels, X, Y, columns=3, title=title))
        run.figure("units", draw_units(units))
        run.figure("activations", draw_activations(signals["tanh"]))
    return run.metrics


def initialize(name, sizes, seed) -> dict:
    """Weights by the name of their start; only zeros need no seed."""
    return INITIALIZATIONS[name](sizes, **({} if name == "zeros" else {"seed": seed}))


def train(run, stage, parameters, X, Y) -> tuple[dict, list[float]]:
    """Gradient descent through ReLU layers and a sigmoid, as `model` does it."""
    return run.train(
        stage,
        lambda state: gradient_descent(state, X, Y, run["learning-rate"]),
        parameters,
        run["iterations"],
    )


def predictor(parameters):
    """Points (2, m) to labels (1, m)."""
    return lambda points: (L_model_forward(points, parameters)[0] > 0.5).astype(int)


def accuracy(parameters, X, Y) -> float:
    """Share of the points that get their label."""
    return float(np.mean(predictor(parameters)(X) == Y))


def different_units(parameters) -> int:
    """How many units of the first layer are not copies of another."""
    return len(np.unique(np.hstack([parameters["W1"], parameters["b1"]]).round(12), axis=0))


# --- Six wide layers ------------------------------------------------------------------------------


def signal_by_layer(name, hidden, seed) -> list[np.ndarray]:
    """Activations of every layer, from random inputs of size 1."""
    parameters = initialize(name, [SIGNAL_UNITS] * (SIGNAL_LAYERS + 1), seed)
    A = np.random.RandomState(seed + 1).randn(SIGNAL_UNITS, SIGNAL_EXAMPLES)
    layers = []
    for l in range(1, SIGNAL_LAYERS + 1):
        A, _ = linear_activation_forward(A, parameters[f"W{l}"], parameters[f"b{l}"], hidden)
        layers.append(A)
    return layers


def size(A) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean(A**2)))


def print_signal(run) -> None:
    """What is left of inputs of size 1 after the last layer."""
    from rich.table import Table

    signal = run.metrics["signal_after_six_layers"]
    title = f"Size of the signal after {SIGNAL_LAYERS} layers of {SIGNAL_UNITS} units"
    table = Table("start", *signal, title=title, caption="root mean square; the inputs' is 1")
    for column in table.columns[1:]:
        column.justify = "right"
    for name in signal["tanh"]:
        table.add_row(TITLES[name], *(f"{signal[hidden][name]:.3g}" for hidden in signal))
    run.console.print(table)


# --- Figures --------------------------------------------------------------------------------------


def draw_units(units):
    """The units of the first layer as points (w1, w2), before and after."""
    sets = {}
    for name, (before, after) in units.items():
        points = np.concatenate([before["W1"], after["W1"]]).T
        count = different_units(after)
        title = f"{name}: {count} different" if count > 1 else f"{name}: all the same"
        sets[title] = points, np.repeat([0, 1], len(before["W1"]))
    figure = plots.scatters(
        sets,
        title="Ten units of the first layer, before and after training",
        labels=("weight of x1", "weight of x2"),
        class_names=["before", "after"],
    )
    for ax, (points, _) in zip(figure.axes, sets.values(), strict=True):
        reach = 1.2 * max(np.abs(points).max(), 1)
        ax.set(xlim=(-reach, reach), ylim=(-reach, reach))
        ax.locator_params(nbins=4)
    return figure


def draw_activations(signals):
    """Small histograms: a row for every start, a column for every tanh layer."""
    from matplotlib.figure import Figure

    # With layers of one width, Glorot's formula is Xavier's.
    rows = [name for name in signals if name != "glorot" or "xavier" not in signals]
    figure = Figure(figsize=(9, 1.25 * len(rows) + 1), layout="constrained")
    title = f"Activations of {SIGNAL_LAYERS} tanh layers before training, {SIGNAL_UNITS} units each"
    figure.suptitle(title, fontsize=11, weight="bold", x=0.01, ha="left")
    axes = figure.subplots(len(rows), SIGNAL_LAYERS, sharex=True, squeeze=False)
    for l, ax in enumerate(axes[0], start=1):
        ax.set_title(f"layer {l}", fontsize=10)
    for name, row in zip(rows, axes, strict=True):
        for ax, A in zip(row, signals[name], strict=True):
            ax.hist(A.ravel(), bins=np.linspace(-1, 1, 42), color="#0072B2")
            ax.set(yticks=[], xticks=[-1, 0, 1], xlim=(-1.1, 1.1))
            ax.spines[["top", "left", "right"]].set_visible(False)
            ax.tick_params(labelsize=9)
        label = "Xavier, Glorot" if name == "xavier" and "glorot" in signals else TITLES[name]
        row[0].set_ylabel(label, fontsize=10, rotation=0, ha="right", va="center")
    figure.supxlabel("activation", fontsize=10)
    return figure


if __name__ == "__main__":
    raise SystemExit(execute(main))
