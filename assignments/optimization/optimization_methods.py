"""Optimization methods (course 2, week 2, assignment 1).

Four ways to turn the same gradients into steps, on two half moons: gradient descent, momentum,
RMSprop and Adam, each with a fixed learning rate, with one that falls at once and with one that
falls in stairs.  And what lies behind: what mini-batches do to the way down, how each optimizer
crosses a narrow valley, what an exponentially weighted average remembers.  Figures: the costs, the
boundaries, paths down a bowl by optimizer and by mini-batch size, four schedules, averages of a
year's temperatures and their first weeks.

    dlspec run optimization_methods
    dlspec run optimization_methods --optimizer adam --epochs 1000 --learning-rate 0.01
    dlspec run optimization_methods --optimizer momentum --decay exponential --beta 0.5

Numbers to expect (2026-11-21, two cores: 31 s, --quick 4 s), accuracy after 5,000 epochs:

                                 fixed rate   inverse time   staircase
    gradient descent              71.67 %        65.33 %      94.33 %
    momentum                      71.67 %        65.00 %      95.33 %
    RMSprop                       94.33 %        71.67 %      94.00 %
    Adam                          94.33 %        71.67 %      94.00 %
    rates, the first two             0.0007        0.1          0.1
    rates, the last two              0.0007        0.01         0.01

An inverse-time decay of 1 every epoch brings learning to a halt long before the moons are apart.
Of 300 points one is 0.33 %: other processors may differ by that.
"""

import numpy as np

from dlspec import plots
from dlspec.datasets import make_moons
from dlspec.nn_basics.deep_network import L_model_forward
from dlspec.optimization.initialization import initialize_parameters_he
from dlspec.optimization.optimization_methods import (
    AVERAGES,
    DECAYS,
    exponentially_weighted_average,
    initialize_adam,
    initialize_rmsprop,
    initialize_state,
    initialize_velocity,
    mini_batch_descent,
    random_mini_batches,
    update_parameters_with_adam,
    update_parameters_with_gd,
    update_parameters_with_momentum,
    update_parameters_with_rmsprop,
)
from dlspec.runner import Setting, execute, start

SETTINGS = [
    Setting("optimizer", "all", choices=["all", *AVERAGES], help="one, or a comparison of all"),
    Setting("epochs", 5_000, quick=200, minimum=1, help="passes over the points"),
    Setting(
        "learning-rate",
        None,
        type=float,
        help="alpha0 (default 0.0007; with a decay 0.1, and 0.01 for RMSprop and Adam)",
    ),
    Setting(
        "decay",
        None,
        type=str,
        choices=["none", *DECAYS],
        help="of the learning rate (default: none for one optimizer, else three to compare)",
    ),
    Setting("mini-batch-size", 64, minimum=1, help="points a step"),
    Setting("beta", 0.9, help="share of the past: momentum, RMSprop, and beta1 of Adam"),
]

LAYERS = (2, 5, 2, 1)
COMPARED = ("none", "inverse_time", "staircase")
FIXED_RATE = 0.0007
FALLING_RATES = {"gd": 0.1, "momentum": 0.1, "rmsprop": 0.01, "adam": 0.01}
DECAY_RATES = {
    "none": 1,
    "inverse_time": 1,
    "staircase": 1,
    "exponential": 0.999,
    "inverse_sqrt": 1,
}
TITLES = {"gd": "gradient descent", "momentum": "momentum", "rmsprop": "RMSprop", "adam": "Adam"}
DECAY_TITLES = {
    "none": "fixed rate",
    "inverse_time": "inverse time",
    "staircase": "staircase",
    "exponential": "exponential",
    "inverse_sqrt": "inverse square root",
}

# The bowl: mean squares of a line through 256 examples whose two inputs differ in size.
EXAMPLES, INPUT_SIZES = 256, (0.3, 2.0)
BOTTOM, BEGIN = np.array([[2.0], [0.5]]), np.array([[-4.0], [2.5]])
PATH_STEPS, PATH_BETA2 = 60, 0.9
PATH_RATES = {"gd": 0.45, "momentum": 0.9, "rmsprop": 0.3, "adam": 0.3}
BATCH_SIZES = (EXAMPLES, 16, 1)
BATCH_RATE = 0.1
BETAS = (0.5, 0.9, 0.98)


def main(argv: list[str] | None = None) -> dict:
    """Train with every optimizer, measure, draw; returns the metrics."""
    with start("optimization/optimization_methods", argv, SETTINGS, seed=3) as run:
        X, Y = make_moons()
        run.uses("generated", f"two half moons, {Y.size} points")

        optimizers, decays = choose(run)
        networks, costs = {}, {}
        for decay in decays:
            for optimizer in optimizers:
                pair = optimizer, decay
                networks[pair], costs[pair] = train(run, optimizer, decay, X, Y)
        run.metrics |= {f"{key(*p)}_accuracy": accuracy(networks[p], X, Y) for p in networks}
        run.metrics["last_costs"] = {key(*p): costs[p][-1] for p in costs}
        print_accuracies(run, optimizers, decays)
        run.arrays(
            "networks",
            {f"{key(*p)}_{name}": w for p in networks for name, w in networks[p].items()},
        )

        for decay in decays:
            name = "costs" if decay == "none" else f"costs_{decay}"
            curves = {TITLES[o]: costs[o, decay] for o in optimizers}
            run.figure(name, draw_costs(curves, cost_every(run), DECAY_TITLES[decay]))
        panels = {
            f"{TITLES[o]}\n{DECAY_TITLES[d]}: {percent(accuracy(network, X, Y))}": predictor(
                network
            )
            for (o, d), network in networks.items()
        }
        title = f"Moons after {run['epochs']:,} epochs"
        run.figure(
            "boundaries",
            plots.decision_boundaries(panels, X, Y, columns=len(optimizers), title=title),
        )
        run.figure("paths", draw_paths(run, optimizers))
        run.figure("mini_batches", draw_mini_batches(run))
        run.figure("schedules", draw_schedules(run, optimizers))
        draw_averages(run)
    return run.metrics


def choose(run) -> tuple[list[str], list[str]]:
    """The optimizers and decays of this run: all and three, or what was asked for."""
    every = run["optimizer"] == "all"
    optimizers = list(AVERAGES) if every else [run["optimizer"]]
    decays = list(COMPARED) if every else ["none"]
    return optimizers, [run["decay"]] if run["decay"] else decays


def initial_rate(run, optimizer, decay) -> float:
    """What was asked for, or the exercise's."""
    if run["learning-rate"] is not None:
        return run["learning-rate"]
    return FIXED_RATE if decay == "none" else FALLING_RATES[optimizer]


def train(run, optimizer, decay, X, Y) -> tuple[dict, list[float]]:
    """Mini-batch descent from He's weights, as `model` does it; weights and costs."""
    state, costs = run.train(
        f"{TITLES[optimizer]}, {DECAY_TITLES[decay]}",
        lambda state: mini_batch_descent(
            state,
            X,
            Y,
            optimizer,
            initial_rate(run, optimizer, decay),
            run["mini-batch-size"],
            beta=run["beta"],
            beta1=run["beta"],
            decay=None if decay == "none" else decay,
            decay_rate=DECAY_RATES[decay],
        ),
        initialize_state(initialize_parameters_he(LAYERS, seed=run.seed), optimizer),
        run["epochs"],
        cost_every=cost_every(run),
        unit="epochs",
    )
    return {name: value for name, value in state.items() if name[0] in "Wb"}, costs


def cost_every(run) -> int:
    """Fifty costs a curve."""
    return max(1, run["epochs"] // 50)


def predictor(parameters):
    """Points (2, m) to labels (1, m)."""
    return lambda points: (L_model_forward(points, parameters)[0] > 0.5).astype(int)


def accuracy(parameters, X, Y) -> float:
    """Share of the points that get their label."""
    return float(np.mean(predictor(parameters)(X) == Y))


def key(optimizer, decay) -> str:
    """Stem of the metrics of one training."""
    return optimizer if decay == "none" else f"{optimizer}_{decay}"


def percent(share) -> str:
    """A share with its unit, never on two lines."""
    return f"{100 * share:.1f}\N{NO-BREAK SPACE}%"


def print_accuracies(run, optimizers, decays) -> None:
    """A row for every optimizer, a column for every decay."""
    from rich.table import Table

    table = Table("optimizer", *(DECAY_TITLES[d] for d in decays), title="Accuracy")
    for column in table.columns[1:]:
        column.justify = "right"
    for o in optimizers:
        shares = (run.metrics[f"{key(o, d)}_accuracy"] for d in decays)
        table.add_row(TITLES[o], *(f"{share:.2%}" for share in shares))
    run.console.print(table)


# --- A bowl ---------------------------------------------------------------------------------------


def make_bowl(seed):
    """Inputs (2, m), targets (1, m), and the mean squared error as a function of w (2, k)."""
    random = np.random.RandomState(seed)
    X = np.array(INPUT_SIZES)[:, None] * random.randn(2, EXAMPLES)
    Y = BOTTOM.T @ X + 0.5 * random.randn(1, EXAMPLES)
    return X, Y, lambda w: np.mean((w.T @ X - Y) ** 2, axis=1) / 2


def slope(w, X, Y):
    """Gradient of the mean squared error."""
    return X @ (w.T @ X - Y).T / X.shape[1]


def walk(optimizer, beta, X, Y):
    """The points (2, steps + 1) that an optimizer visits with the exact gradient."""
    w, rate = {"w": BEGIN}, PATH_RATES[optimizer]
    v = initialize_velocity(w)
    s = initialize_rmsprop(w)
    if optimizer == "adam":
        v, s = initialize_adam(w)
    points = [w["w"]]
    for t in range(1, PATH_STEPS + 1):
        grads = {"dw": slope(w["w"], X, Y)}
        if optimizer == "gd":
            w = update_parameters_with_gd(w, grads, rate)
        elif optimizer == "momentum":
            w, v = update_parameters_with_momentum(w, grads, v, beta, rate)
        elif optimizer == "rmsprop":
            w, s = update_parameters_with_rmsprop(w, grads, s, beta, rate)
        else:
            w, v, s, *_ = update_parameters_with_adam(
                w, grads, v, s, t, rate, beta1=beta, beta2=PATH_BETA2
            )
        points.append(w["w"])
    return np.hstack(points)


def walk_mini_batches(size, seed, X, Y):
    """The points that gradient descent visits, each step from `size` examples."""
    w, points, epoch = {"w": BEGIN}, [BEGIN], 0
    while len(points) <= PATH_STEPS:
        for part in random_mini_batches(X, Y, size, seed + epoch):
            w = update_parameters_with_gd(w, {"dw": slope(w["w"], *part)}, BATCH_RATE)
            points.append(w["w"])
        epoch += 1
    return np.hstack(points[: PATH_STEPS + 1])


# --- Figures --------------------------------------------------------------------------------------


def draw_costs(curves, every, name):
    """Cost curves over epochs."""
    figure = plots.cost_curve(curves, every=every, title=f"Cost: {name}")
    figure.axes[0].set_xlabel("epoch")
    return figure


def draw_paths(run, optimizers):
    """The way of every optimizer down the same narrow bowl."""
    X, Y, cost = make_bowl(run.seed)
    names = {f"{TITLES[o]}, rate {PATH_RATES[o]:g}": o for o in optimizers}
    return plots.descent_paths(
        cost,
        {name: walk(o, run["beta"], X, Y) for name, o in names.items()},
        lowest=np.linalg.lstsq(X.T, Y.T, rcond=None)[0].ravel(),
        title=f"{PATH_STEPS} steps down a narrow bowl",
    )


def draw_mini_batches(run):
    """Gradient descent with all examples a step, with some, with one."""
    X, Y, cost = make_bowl(run.seed)
    names = {
        f"{size} a step: {PATH_STEPS * size / EXAMPLES:.2g} epochs": size for size in BATCH_SIZES
    }
    return plots.descent_paths(
        cost,
        {name: walk_mini_batches(size, run.seed, X, Y) for name, size in names.items()},
        lowest=np.linalg.lstsq(X.T, Y.T, rcond=None)[0].ravel(),
        columns=3,
        title=f"{PATH_STEPS} steps of gradient descent from parts of {EXAMPLES} examples",
    )


def draw_schedules(run, optimizers):
    """The learning rate by epoch under all four formulas."""
    epochs = np.arange(run["epochs"])
    first = initial_rate(run, optimizers[0], "staircase")
    figure = plots.lines(
        epochs,
        {
            f"{DECAY_TITLES[d]}, {DECAY_RATES[d]:g}": [
                decay(first, int(e), DECAY_RATES[d]) for e in epochs
            ]
            for d, decay in DECAYS.items()
        },
        title=f"Falling learning rates from {first:g}",
        xlabel="epoch",
        ylabel="learning rate",
    )
    figure.axes[0].set_yscale("log")
    return figure


def draw_averages(run) -> None:
    """Averages of a year's daily temperatures, and what the correction does to the first weeks."""
    days = np.arange(1, 366)
    random = np.random.RandomState(run.seed)
    daily = 11 - 8 * np.cos(2 * np.pi * days / 365) + 2.5 * random.randn(days.size)
    labels = {"xlabel": "day", "ylabel": "temperature (degrees C)"}
    averages = {
        f"beta {b}, about {1 / (1 - b):.0f} days": exponentially_weighted_average(daily, b)
        for b in BETAS
    }
    title = "Exponentially weighted averages of daily temperatures (dots)"
    run.figure("averages", with_dots(plots.lines(days, averages, title=title, **labels), daily))
    early = slice(0, 60)
    starts = {
        f"beta {b}, {'corrected' if corrected else 'as it is'}": exponentially_weighted_average(
            daily[early], b, corrected
        )
        for b in BETAS[1:]
        for corrected in (True, False)
    }
    title = "The first weeks, with and without bias correction"
    figure = plots.lines(days[early], starts, title=title, **labels)
    run.figure("bias_correction", with_dots(figure, daily[early]))


def with_dots(figure, daily):
    """The values that were averaged, behind the curves."""
    figure.axes[0].plot(
        np.arange(1, daily.size + 1), daily, ".", color="#999999", markersize=3, zorder=1
    )
    return figure


if __name__ == "__main__":
    raise SystemExit(execute(main))
