"""Regularization (course 2, week 1, assignment 2).

A network with two hidden layers bends its boundary around single headers on a football pitch.  L2,
L1, dropout, stopping early and averaging five networks take some of that back, each in its own way.
Then how much of it is good: lambda and keep_prob over their ranges.  Figures: the pitch, the
boundaries side by side, the costs, the weights by size, training and dev cost of early stopping,
the ensemble's members, cost, accuracy and weights by lambda, accuracy by keep_prob.

    dlspec run regularization
    dlspec run regularization --lambd 0.1 --keep-prob 0.7
    dlspec run regularization --data-dir FOLDER_WITH_THE_COURSE_FILES

Numbers to expect (2026-11-21, two cores: 35 s, --quick 4 s), accuracy on training and test points
and the cost on test points; none, L2 and dropout on the course's pitch are the course's:

                        course's pitch              generated pitch (seed 3)
    none             94.79 %   91.5 %   0.501      97.16 %   93 %     0.285
    L2 (0.7)         93.84 %   93 %     0.281      94.31 %   96 %     0.108
    L1 (0.7)         92.89 %   92.5 %   0.294      94.31 %   95.5 %   0.117
    dropout (0.86)   92.89 %   95 %     1.026      93.84 %   94 %     0.552
    early stopping   92.42 %   93.5 %   0.285      92.89 %   94.5 %   0.127
    ensemble         96.21 %   95.5 %   0.354      97.63 %   94 %     0.154

One test point is 0.5 %: the costs say more.  Dropout as in the exercise drops the same units in all
steps; the sweep over keep_prob has fresh ones too.  L1 leaves 8 to 10 % of the weights at more than
0.001, L2 68 to 80 %.  Early stopping has every third training point as its dev set and goes back to
iteration 170 and 80; the test points decide nothing.
"""

import numpy as np

from dlspec import plots
from dlspec.datasets import load_football
from dlspec.nn_basics.logistic_regression import cross_entropy
from dlspec.optimization.initialization import initialize_parameters_xavier
from dlspec.optimization.regularization import (
    HIDDEN_UNITS,
    average_predictions,
    gradient_descent,
    stop_early,
)
from dlspec.runner import Setting, execute, start

SETTINGS = [
    Setting("lambd", 0.7, help="lambda of L2 and L1"),
    Setting("keep-prob", 0.86, help="probability that dropout keeps a unit"),
    Setting("iterations", 30_000, quick=1_500, minimum=100, help="steps; a third for the sweeps"),
    Setting("learning-rate", 0.3, help="step size alpha"),
]

LAYERS = (2, *HIDDEN_UNITS, 1)
LAMBDAS = (0.01, 0.03, 0.1, 0.3, 1, 3, 10)
KEEP_PROBS = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
NETWORKS = 5  # of the ensemble
DEV_EVERY, PATIENCE = 10, 200  # iterations between looks at the dev set; looks without a gain
SMALL = 0.001  # weights below count as zero
TEAMS = ("other team", "our team")


def main(argv: list[str] | None = None) -> dict:
    """Train, measure, draw; returns the metrics."""
    with start("optimization/regularization", argv, SETTINGS, seed=3) as run:
        pitch = load_football(run.data_dir, run.seed)
        train, test = (pitch.X_train, pitch.Y_train), (pitch.X_test, pitch.Y_test)
        run.uses(pitch, f"{train[1].size} training and {test[1].size} test points")
        l2, l1 = ({"lambd": run["lambd"], "penalty": penalty} for penalty in ("l2", "l1"))
        dropout = {"keep_prob": run["keep-prob"]}
        gradient_descent(initial(run), *train, run["learning-rate"], **l2, **dropout)  # complains

        networks, costs = {}, {}
        for name, options in {"none": {}, "L2": l2, "L1": l1, "dropout": dropout}.items():
            networks[name], costs[name] = train_network(run, name, train, **options)
        stopped = train_with_dev_set(run, train)
        others = [
            train_network(run, f"network {i + 1}", train, seed=run.seed + i)[0]
            for i in range(1, NETWORKS)
        ]
        ensemble = [networks["none"], *others]
        by_lambda = {
            lambd: train_network(run, f"lambda {lambd:g}", train, part=3, lambd=lambd)[0]
            for lambd in LAMBDAS
        }
        by_keep_prob = sweep_keep_prob(run, train)

        probabilities = {name: predictor([p]) for name, p in networks.items()} | {
            "early stopping": predictor([stopped["parameters"]]),
            "ensemble": predictor(ensemble),
        }
        for name, probability in probabilities.items():
            key = name.lower().replace(" ", "_")
            run.metrics |= {
                f"{key}_train_accuracy": accuracy(probability, train),
                f"{key}_test_accuracy": accuracy(probability, test),
                f"{key}_test_cost": cost(probability, test),
            }
        run.metrics |= {
            "costs": {name: values[::10] for name, values in costs.items()},
            "l1_share_of_zero_weights": share_of_zeros(networks["L1"]),
            "l2_share_of_zero_weights": share_of_zeros(networks["L2"]),
            "early_stopping_step": stopped["step"],
            "accuracy_by_lambda": by_setting(by_lambda, train, test),
            "accuracy_by_keep_prob": {
                masks: by_setting(found, train, test) for masks, found in by_keep_prob.items()
            },
        }
        print_table(run, probabilities, networks, train, test)
        run.arrays("none", networks["none"])
        run.arrays("l2", networks["L2"])
        run.arrays("dropout", networks["dropout"])

        title = "Who headed the ball: training points"
        run.figure("pitch", plots.scatter(*train, title=title, class_names=TEAMS))
        run.figure("boundaries", draw_boundaries(probabilities, train, test))
        title = "Cost while learning, penalties and dropped units included"
        run.figure("costs", plots.cost_curve(costs, every=100, title=title))
        run.figure("weights", draw_weights(networks))
        run.figure("early_stopping", draw_early_stopping(stopped))
        run.figure("ensemble", draw_ensemble(ensemble, test))
        draw_lambda(run, by_lambda, train, test)
        run.figure("keep_prob", draw_keep_prob(run.metrics["accuracy_by_keep_prob"]))
    return run.metrics


# --- Training -------------------------------------------------------------------------------------


def initial(run, seed=None) -> dict:
    """The start of the exercise's `model`, with its seed 3 unless told otherwise."""
    return initialize_parameters_xavier(LAYERS, seed=run.seed if seed is None else seed)


def train_network(run, name, data, seed=None, part=1, **options) -> tuple[dict, list[float]]:
    """The steps of the exercise's `model`, or the first part of them."""
    return run.train(
        name,
        lambda state: gradient_descent(state, *data, run["learning-rate"], **options),
        initial(run, seed),
        run["iterations"] // part,
    )


def sweep_keep_prob(run, train) -> dict[str, dict]:
    """Networks by keep_prob: the same units dropped in every step, as in the exercise, or fresh."""
    return {
        masks: {
            keep: train_network(
                run,
                f"keep_prob {keep:g}, {masks}",
                train,
                part=3,
                keep_prob=keep,
                fresh_masks=masks == "fresh masks",
            )[0]
            for keep in KEEP_PROBS
        }
        for masks in ("same masks", "fresh masks")
    }


def train_with_dev_set(run, train) -> dict:
    """Learn from two thirds of the training points; the other third says when to stop.

    The curves go on to the end, to show what stopping spares.  The test points stay out of it: a
    set that chooses the step is no measure of the result any more.
    """
    X, Y = train
    is_dev = np.arange(Y.size) % 3 == 0
    rest, dev = (X[:, ~is_dev], Y[:, ~is_dev]), (X[:, is_dev], Y[:, is_dev])
    run.say(f"Early stopping: {dev[1].size} of the training points are the dev set")

    def dev_cost(parameters):
        return cost(predictor([parameters]), dev)

    def steps(state):
        """State: the parameters, the number of steps, the dev costs so far."""
        state = dict(state)
        step, dev_costs = state.pop("step"), state.pop("dev_costs")
        for parameters, train_cost in gradient_descent(state, *rest, run["learning-rate"]):
            if step % DEV_EVERY == 0:
                dev_costs = np.append(dev_costs, dev_cost(state))
            state, step = parameters, step + 1
            yield state | {"step": step, "dev_costs": dev_costs}, train_cost

    begin = initial(run) | {"step": 0, "dev_costs": np.zeros(0)}
    last, costs = run.train("early stopping", steps, begin, run["iterations"], DEV_EVERY)
    stopped = stop_early(
        gradient_descent(initial(run), *rest, run["learning-rate"]),
        dev_cost,
        run["iterations"],
        patience=PATIENCE,
        every=DEV_EVERY,
    )
    curves = {"training": np.array(costs), "dev": last["dev_costs"]}
    return {"parameters": stopped.parameters, "step": stopped.step, "curves": curves}


# --- Measuring ------------------------------------------------------------------------------------


def predictor(models):
    """Points (2, m) to probabilities (1, m), the mean of one or several networks."""
    return lambda X: average_predictions(models, X)


def accuracy(probability, data) -> float:
    """Share of the points on the right side of 0.5."""
    X, Y = data
    return float(np.mean((probability(X) > 0.5) == Y))


def cost(probability, data) -> float:
    """Cross-entropy alone, without penalty or dropout."""
    X, Y = data
    return float(cross_entropy(probability(X), Y).mean())


def by_setting(networks, train, test) -> dict:
    """Accuracies by the number that was varied."""
    return {
        f"{setting:g}": {
            "train": accuracy(predictor([p]), train),
            "test": accuracy(predictor([p]), test),
        }
        for setting, p in networks.items()
    }


def sizes(parameters) -> np.ndarray:
    """|w| of all weights, the largest first."""
    weights = [np.abs(parameters[f"W{l}"]).ravel() for l in range(1, len(LAYERS))]
    return np.sort(np.concatenate(weights))[::-1]


def share_of_zeros(parameters) -> float:
    """Share of the weights below SMALL; gradient steps seldom meet 0 exactly."""
    return float(np.mean(sizes(parameters) < SMALL))


def print_table(run, probabilities, networks, train, test) -> None:
    """What every way of regularizing does to accuracy, cost and weights."""
    from rich.table import Table

    columns = ("training", "test", "test cost", "size of weights", f"below {SMALL:g}")
    table = Table("", *columns, title="What regularization does")
    for column in table.columns[1:]:
        column.justify = "right"
    for name, probability in probabilities.items():
        row = [f"{accuracy(probability, data):.2%}" for data in (train, test)]
        row.append(f"{cost(probability, test):.3f}")
        if name in networks:
            row.append(f"{np.linalg.norm(sizes(networks[name])):.1f}")
            row.append(f"{share_of_zeros(networks[name]):.0%}")
        table.add_row(name, *row)
    run.console.print(table)


# --- Figures --------------------------------------------------------------------------------------


def draw_boundaries(probabilities, train, test):
    """One panel each over the training points."""
    panels = {}
    for name, p in probabilities.items():
        shares = f"{100 * accuracy(p, train):.1f} / {100 * accuracy(p, test):.1f} %"
        panels[f"{name}\n{shares}"] = lambda X, p=p: p(X) > 0.5
    title = "Boundaries, and accuracy on training / test points"
    return plots.decision_boundaries(panels, *train, columns=3, title=title, class_names=TEAMS)


def draw_weights(networks):
    """All weights by size: L2 makes them small, L1 makes most of them zero."""
    by_size = {name: sizes(parameters) for name, parameters in networks.items()}
    figure = plots.lines(
        np.arange(1, len(by_size["none"]) + 1),
        by_size,
        title="Weights of each network, the largest first",
        xlabel="rank of the weight",
        ylabel="|w|",
    )
    ax = figure.axes[0]
    ax.set_yscale("log")
    ax.set_ylim(bottom=SMALL / 10)
    return figure


def draw_early_stopping(stopped):
    """The training cost keeps falling while the dev cost turns."""
    curves = {f"{name} points": values[1:] for name, values in stopped["curves"].items()}
    figure = plots.lines(
        DEV_EVERY * np.arange(1, len(curves["dev points"]) + 1),
        curves,
        title=f"Early stopping: the dev cost is lowest at {stopped['step']:,}",
        xlabel="iteration",
        ylabel="cost (nats)",
    )
    ax = figure.axes[0]
    ax.set_xscale("log")
    ax.axvline(stopped["step"], color="#262626", linestyle="--", linewidth=1.2)
    return figure


def draw_ensemble(models, test):
    """Cost on the test points of every network, and of their mean."""
    members = {f"network {i + 1}": predictor([p]) for i, p in enumerate(models)}
    members["their mean"] = predictor(models)
    values = {
        f"{name}: {100 * accuracy(p, test):.1f}\N{NO-BREAK SPACE}%": cost(p, test)
        for name, p in members.items()
    }
    title = "Five networks and their mean, accuracy and cost on test points"
    return plots.bars(values, title=title, xlabel="cost on test points (nats)")


def draw_lambda(run, networks, train, test) -> None:
    """Cost, accuracy and size of the weights over lambda."""
    both = {"training": train, "test": test}
    predictors = [predictor([p]) for p in networks.values()]
    figures = {
        "lambda_cost": (
            "Cost by lambda, without the penalty",
            "cost (nats)",
            {name: [cost(p, data) for p in predictors] for name, data in both.items()},
        ),
        "lambda_accuracy": (
            "Accuracy by lambda",
            "accuracy (%)",
            {name: [100 * accuracy(p, data) for p in predictors] for name, data in both.items()},
        ),
        "lambda_weights": (
            "Size of the weights by lambda",
            "norm of W",
            {
                f"layer {l}": [np.linalg.norm(p[f"W{l}"]) for p in networks.values()]
                for l in range(1, len(LAYERS))
            },
        ),
    }
    for name, (title, ylabel, series) in figures.items():
        series = {label: np.array(values) for label, values in series.items()}
        x = np.array(list(networks))
        figure = plots.lines(x, series, title=title, xlabel="lambda", ylabel=ylabel, marker=True)
        figure.axes[0].set_xscale("log")
        run.figure(name, figure)


def draw_keep_prob(accuracies):
    """Accuracy over keep_prob, the same units dropped in every step or fresh ones."""
    series = {
        f"{kind}, {masks}": np.array([100 * row[kind] for row in rows.values()])
        for masks, rows in accuracies.items()
        for kind in ("train", "test")
    }
    title = "Accuracy by keep_prob"
    return plots.lines(
        np.array(KEEP_PROBS),
        series,
        title=title,
        xlabel="keep_prob",
        ylabel="accuracy (%)",
        marker=True,
    )


if __name__ == "__main__":
    raise SystemExit(execute(main))
