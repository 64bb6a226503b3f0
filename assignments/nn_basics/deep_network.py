"""Building a deep network, step by step (course 1, week 4, assignment 1).

The building blocks at work.  A walk through a small network says what every layer keeps for the way
back.  Every hand-written gradient is held against a numerical one, and a broken one is caught.
Then a network of three layers learns three spiral arms with each hidden activation, and one of six
layers shows why weights of 0.01 randn, good enough for two layers, teach a deep network nothing.
Figures: the gradient check, costs and boundaries by activation, size of the signal by layer, cost
from either start.

    dlspec run deep_network
    dlspec run deep_network --iterations 20000 --learning-rate 0.1

Numbers to expect (2026-11-21, two cores: 5 s, --quick 3 s): differences of 9e-11 to 3e-9 for right
gradients and 0.82 for the broken one; on fresh points of the spirals 99.2 % with ReLU, 99.1 % leaky
ReLU, 98.9 % tanh and 92.6 % sigmoid, which learns ten times slower; with six layers a cost of
1.0986, that of guessing among three, from 0.01 randn and below 0.0001 from randn / sqrt(n_prev).
"""

import numpy as np

from dlspec import plots
from dlspec.nn_basics.deep_network import (
    HIDDEN,
    OUTPUT,
    L_model_backward,
    L_model_forward,
    compute_cost,
    gradient_descent,
    initialize_parameters_deep,
    linear_activation_forward,
    update_parameters,
)
from dlspec.nn_basics.image_classification import initialize_parameters_scaled
from dlspec.runner import Setting, execute, start
from dlspec.testing import gradient_check

SETTINGS = [
    Setting("iterations", 5000, quick=500, help="gradient-descent steps of every network"),
    Setting("learning-rate", 0.5, help="step size alpha"),
]

SMALL = (4, 5, 3)  # inputs and hidden units for the walk and the check
SHALLOW = (2, 16, 8, 3)  # for the spirals
DEEP = (2, 16, 16, 16, 16, 16, 3)
POINTS_PER_ARM = 150
SIGNAL_LAYERS, SIGNAL_UNITS = 10, 100
TOLERANCE = 1e-7


def main(argv: list[str] | None = None) -> dict:
    """Walk, check, train, draw; returns the metrics."""
    with start("nn_basics/deep_network", argv, SETTINGS) as run:
        X, Y = make_spirals(POINTS_PER_ARM, run.seed)
        fresh = make_spirals(10 * POINTS_PER_ARM, run.seed + 1)
        run.uses("generated", f"three spiral arms of {POINTS_PER_ARM} points each")

        walk_through(run)
        differences, broken = check_gradients(run)
        networks, costs = {}, {}
        for hidden in HIDDEN:
            weights = initialize_parameters_scaled(SHALLOW, run.seed)
            networks[hidden], costs[hidden] = train(run, hidden, weights, X, Y, hidden)
        starts = {
            "0.01 randn": initialize_parameters_deep(DEEP, seed=run.seed),
            "randn / sqrt(n_prev)": initialize_parameters_scaled(DEEP, run.seed),
        }
        start_costs = {
            name: train(run, f"six layers, {name}", weights, X, Y, "relu")[1]
            for name, weights in starts.items()
        }
        signal = signal_by_layer(run.seed)

        predictors = {hidden: predictor(networks[hidden], hidden) for hidden in HIDDEN}
        run.metrics |= {
            "largest_gradient_difference": max(max(d.values()) for d in differences.values()),
            "broken_gradient_difference": broken,
            **{f"{h}_train_accuracy": accuracy(p, X, Y) for h, p in predictors.items()},
            **{f"{h}_fresh_accuracy": accuracy(p, *fresh) for h, p in predictors.items()},
            **{f"{h}_last_cost": costs[h][-1] for h in HIDDEN if costs[h]},
            "signal_after_ten_layers": {name: float(s[-1]) for name, s in signal.items()},
        }
        if run["iterations"]:
            small, scaled = start_costs.values()
            run.metrics["deep_small_start_cost"] = small[-1]
            run.metrics["deep_scaled_start_cost"] = scaled[-1]
        run.arrays("relu_network", networks["relu"])

        run.figure("gradient_check", draw_check(differences, broken))
        if run["iterations"]:
            title = "Three spiral arms, four hidden activations"
            run.figure("costs", plots.cost_curve(costs, every=100, title=title))
            title = "Six ReLU layers, two starts"
            run.figure("starts", plots.cost_curve(start_costs, every=100, title=title))
        panels = {f"{h}: {100 * accuracy(p, *fresh):.1f} %": p for h, p in predictors.items()}
        title = "Regions, and accuracy on fresh points"
        labels = Y.argmax(axis=0)
        run.figure(
            "boundaries", plots.decision_boundaries(panels, X, labels, columns=2, title=title)
        )
        run.figure("signal", draw_signal(signal))
    return run.metrics


def make_spirals(per_arm, seed):
    """Three arms of a whole turn: X (2, m) in -1..1, Y (3, m) with one 1 per column."""
    random = np.random.RandomState(seed)
    arm = np.repeat(np.arange(3), per_arm)
    radius = np.tile(np.linspace(0.08, 1, per_arm), 3)
    angle = 2 * np.pi * (arm / 3 + radius) + 0.3 * random.randn(arm.size)
    return radius * np.stack([np.cos(angle), np.sin(angle)]), np.eye(3)[:, arm]


# --- Forward and backward -------------------------------------------------------------------------


def small_problem(output, seed):
    """Ten examples, labels and weights of a size that leaves no unit silent."""
    random = np.random.RandomState(seed)
    n_y = 1 if output == "sigmoid" else 3
    X = random.randn(SMALL[0], 10)
    Y = random.randint(2, size=(1, 10)) if n_y == 1 else np.eye(3)[:, random.randint(3, size=10)]
    start = initialize_parameters_scaled((*SMALL, n_y), seed)
    return X, Y, {name: value + 0.1 * random.randn(*value.shape) for name, value in start.items()}


def walk_through(run) -> None:
    """Print what one forward and one backward pass leave behind, layer by layer."""
    from rich.table import Table

    X, Y, parameters = small_problem("sigmoid", run.seed)
    AL, caches = L_model_forward(X, parameters)
    grads = L_model_backward(AL, Y, caches)
    table = Table(
        *("layer", "A_prev", "W", "b", "Z", "dW", "db", "dA_prev"),
        title=f"Ten examples through {' -> '.join(map(str, (*SMALL, 1)))} and back",
        caption="forward: Z = W A_prev + b, kept; backward: dW, db, dA_prev",
    )
    for l, ((A_prev, W, b), Z) in enumerate(caches, start=1):
        arrays = (A_prev, W, b, Z, grads[f"dW{l}"], grads[f"db{l}"], grads[f"dA{l - 1}"])
        shapes = (f"{rows} x {columns}" for rows, columns in map(np.shape, arrays))
        table.add_row(f"{l} {'relu' if l < len(caches) else 'sigmoid'}", *shapes)
    run.console.print(table)
    stepped = update_parameters(parameters, grads, run["learning-rate"])
    after = compute_cost(L_model_forward(X, stepped)[0], Y)
    run.say(f"One step downhill: cost {compute_cost(AL, Y):.4f} -> {after:.4f}")


def check_gradients(run) -> tuple[dict, float]:
    """Relative difference to numerical gradients, for all activations and for a broken gradient."""
    from rich.table import Table

    differences = {
        hidden: {
            f"{output} output": compare_gradients(hidden, output, run.seed) for output in OUTPUT
        }
        for hidden in HIDDEN
    }
    names = [f"{output} output" for output in OUTPUT]
    table = Table("hidden layers", *names, title="Gradients by hand and numerical: difference")
    for hidden, row in differences.items():
        table.add_row(hidden, *(f"{row[name]:.1e}" for name in names))
    run.console.print(table)
    try:
        compare_gradients("relu", "sigmoid", run.seed, forget_mean)
    except AssertionError as caught:
        run.say(f"With 1/m forgotten in dW1 the check says: {caught}")
    broken = compare_gradients("relu", "sigmoid", run.seed, forget_mean, tolerance=np.inf)
    return differences, broken


def compare_gradients(hidden, output, seed, spoil=lambda grads, m: grads, tolerance=TOLERANCE):
    """One run of `gradient_check`; `spoil` may change the gradients before."""
    X, Y, parameters = small_problem(output, seed)

    def cost(theta):
        AL, _ = L_model_forward(X, theta, hidden=hidden, output=output)
        return compute_cost(AL, Y, output=output)

    AL, caches = L_model_forward(X, parameters, hidden=hidden, output=output)
    grads = L_model_backward(AL, Y, caches, hidden=hidden, output=output)
    return gradient_check(cost, parameters, spoil(grads, X.shape[1]), tolerance=tolerance)


def forget_mean(grads, m) -> dict:
    """A slip that is easily made: dW1 summed over the examples instead of averaged."""
    return grads | {"dW1": m * grads["dW1"]}


# --- Training -------------------------------------------------------------------------------------


def train(run, name, parameters, X, Y, hidden) -> tuple[dict, list[float]]:
    """Gradient descent with softmax output."""
    return run.train(
        name,
        lambda state: gradient_descent(
            state, X, Y, run["learning-rate"], hidden=hidden, output="softmax"
        ),
        parameters,
        run["iterations"],
    )


def predictor(parameters, hidden):
    """Points (2, m) to the most probable class (m,)."""

    def predict(X):
        AL, _ = L_model_forward(X, parameters, hidden=hidden, output="softmax")
        return AL.argmax(axis=0)

    return predict


def accuracy(predictor, X, Y) -> float:
    """Share of the points whose most probable class is theirs."""
    return float(np.mean(predictor(X) == Y.argmax(axis=0)))


def signal_by_layer(seed) -> dict[str, list[float]]:
    """Standard deviation of the activations in every layer, from inputs of size 1."""
    sizes = [SIGNAL_UNITS] * (SIGNAL_LAYERS + 1)
    X = np.random.RandomState(seed).randn(SIGNAL_UNITS, 500)
    scaled = initialize_parameters_scaled(sizes, seed)
    small = initialize_parameters_deep(sizes, seed=seed)
    he = {name: np.sqrt(2) * value for name, value in scaled.items()}
    starts = {"0.01 randn": small, "randn / sqrt(n_prev)": scaled, "randn sqrt(2 / n_prev)": he}
    signal = {}
    for name, parameters in starts.items():
        A, sizes = X, [float(X.std())]
        for l in range(1, SIGNAL_LAYERS + 1):
            A, _ = linear_activation_forward(A, parameters[f"W{l}"], parameters[f"b{l}"], "relu")
            sizes.append(float(A.std()))
        signal[name] = sizes
    return signal


# --- Figures --------------------------------------------------------------------------------------


def draw_check(differences, broken):
    """All differences on one scale, with the broken gradient for comparison."""
    return plots.bars(
        differences | {"relu, 1/m forgotten in dW1": {"sigmoid output": broken}},
        title="Gradients written by hand against numerical ones",
        xlabel="relative difference",
        log=True,
        reference=("passes below", TOLERANCE),
        fmt="{:.0e}",
    )


def draw_signal(signal):
    """How the size of the activations changes on the way through ten ReLU layers."""
    figure = plots.lines(
        np.arange(SIGNAL_LAYERS + 1),
        signal,
        title=f"What is left of the signal: {SIGNAL_UNITS} ReLU units a layer",
        xlabel="layer (0: inputs)",
        ylabel="standard deviation of A",
        marker=True,
    )
    figure.axes[0].set_yscale("log")
    return figure


if __name__ == "__main__":
    raise SystemExit(execute(main))
