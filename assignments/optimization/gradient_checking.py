"""Gradient checking (course 2, week 1, assignment 3).

Is the backward pass right?  First for one parameter, then for the three layers of the exercise,
whose correct gradients pass and whose broken copy is caught, parameter by parameter.  Then the step
epsilon: too large and the formula is wrong, too small and rounding takes over.  Then every backward
pass of the course so far, and three ways to make right gradients look wrong.  Figures: right and
broken gradients, difference by epsilon, all backward passes, the checks that mislead.

    dlspec run gradient_checking
    dlspec run gradient_checking --epsilon 1e-5

Numbers to expect (2026-11-21, two cores: 1 s): differences of 2.9e-10 for one parameter, 9.5e-10
for the right gradients, 0.33 for the broken ones, where b1 (0.6) and W2 (0.33) stand out: a factor
k shows as (k - 1) / (k + 1).  All backward passes stay below 2e-8.  Two-sided differences are best
at epsilon 1e-5 (1e-11), one-sided ones at 1e-7 (2e-9).  Right gradients fail with 1.0 when every
forward pass draws fresh masks, 0.59 with dropout switched off in the forward passes only, 0.37 with
the penalty left out of the cost.
"""

import numpy as np

from dlspec import plots
from dlspec.nn_basics import deep_network, logistic_regression, planar_classification
from dlspec.optimization import batch_normalization, regularization
from dlspec.optimization.gradient_checking import (
    SHAPES,
    THRESHOLD,
    backward_propagation_n,
    check_gradients,
    dictionary_to_vector,
    forward_propagation_n,
    gradient_check,
    gradient_check_n,
    gradients_to_vector,
    vector_to_dictionary,
)
from dlspec.runner import Setting, execute, start

SETTINGS = [Setting("epsilon", 1e-7, help="step of the two-sided difference")]

X_ONE, THETA_ONE = 2, 4  # the exercise's J = theta x
EXAMPLES = 10  # of the checks beyond the exercise's network
LAMBD, KEEP_PROB = 0.7, 0.86
EPSILONS = np.logspace(-1, -12, 23)


def main(argv: list[str] | None = None) -> dict:
    """Check, break, check again, draw; returns the metrics."""
    with start("optimization/gradient_checking", argv, SETTINGS) as run:
        run.uses("generated", "random inputs, labels and parameters")
        epsilon = run["epsilon"]
        one = gradient_check(X_ONE, THETA_ONE, epsilon)
        run.say(f"J = theta x at x = {X_ONE}, theta = {THETA_ONE}: difference {one:.1e}")

        X, Y, parameters = small_problem(SHAPES, 3, run.seed)
        cache = forward_propagation_n(X, Y, parameters)[1]
        right = backward_propagation_n(X, Y, cache)
        broken = broken_backward_propagation_n(X, Y, cache)
        reports = {
            name: check_gradients(cost_of(X, Y), parameters, gradients, epsilon)
            for name, gradients in {"right": right, "broken": broken}.items()
        }
        print_reports(run, reports)
        repairs = repair(run, parameters, broken, right, cost_of(X, Y))
        by_epsilon = sweep_epsilon(X, Y, parameters, right)
        differences = {
            name: check_gradients(*case, epsilon).difference
            for name, case in backward_passes(run.seed).items()
        }
        misleading = {
            name: check_gradients(*case, epsilon).difference
            for name, case in misleading_checks(run.seed).items()
        }
        print_differences(run, differences | misleading)

        best = {name: float(EPSILONS[np.argmin(d)]) for name, d in by_epsilon.items()}
        run.metrics |= {
            "one_parameter_difference": one,
            "right_difference": gradient_check_n(parameters, right, X, Y, epsilon),
            "broken_difference": gradient_check_n(parameters, broken, X, Y, epsilon),
            "broken_worst_parameter": reports["broken"].worst,
            "parameters_repaired": repairs,
            "broken_differences": reports["broken"].differences,
            "best_epsilon_two_sided": best["two-sided"],
            "best_epsilon_one_sided": best["one-sided"],
            "largest_difference_of_backward_passes": max(differences.values()),
            "differences": differences,
            "misleading_differences": misleading,
        }
        run.figure("broken", draw_reports(reports))
        run.figure("epsilon", draw_epsilon(by_epsilon))
        title = "Backward passes written by hand against numerical gradients"
        run.figure("backward_passes", draw_differences(differences, title))
        title = "Right gradients, checked wrongly"
        run.figure("misleading_checks", draw_differences(misleading, title))
    return run.metrics


def small_problem(shapes, m, seed):
    """Inputs, labels 0, 1, 0, ... and parameters of the size of 1."""
    random = np.random.RandomState(seed)
    X, Y = random.randn(shapes["W1"][1], m), np.arange(m)[None] % 2
    return X, Y, {name: random.randn(*shape) for name, shape in shapes.items()}


def cost_of(X, Y):
    """Parameters to cost, with the forward pass of the exercise."""
    return lambda theta: forward_propagation_n(X, Y, theta)[0]


# --- A broken backward pass -----------------------------------------------------------------------


def broken_backward_propagation_n(X, Y, cache) -> dict:
    """The two mistakes that the exercise hides: dW2 doubled, db1 with 4/m for 1/m."""
    gradients = backward_propagation_n(X, Y, cache)
    return gradients | {"dW2": 2 * gradients["dW2"], "db1": 4 * gradients["db1"]}


def repair(run, parameters, broken, right, cost) -> list[str]:
    """Mend what the check names until it passes; the names in order."""
    gradients, repaired = dict(broken), []
    while True:
        report = check_gradients(cost, parameters, gradients, run["epsilon"])
        if report.difference <= THRESHOLD or len(repaired) == len(parameters):
            run.say(f"Difference {report.difference:.1e} in the end")
            return repaired
        run.say(f"Difference {report.difference:.1e}: {report.worst} is worst, repaired")
        gradients[f"d{report.worst}"] = right[f"d{report.worst}"]
        repaired.append(report.worst)


def print_reports(run, reports) -> None:
    """Differences by parameter as a table."""
    from rich.table import Table

    table = Table("parameter", *reports, title="Relative difference to the numerical gradient")
    for name in SHAPES:
        table.add_row(name, *(f"{report.differences[name]:.1e}" for report in reports.values()))
    table.add_row("all", *(f"{report.difference:.1e}" for report in reports.values()))
    run.console.print(table)


# --- The step -------------------------------------------------------------------------------------


def sweep_epsilon(X, Y, parameters, gradients) -> dict[str, np.ndarray]:
    """Relative difference by epsilon of two-sided and one-sided differences."""
    one_sided = [difference_one_sided(X, Y, parameters, gradients, e) for e in EPSILONS]
    two_sided = [gradient_check_n(parameters, gradients, X, Y, e) for e in EPSILONS]
    return {"two-sided": np.array(two_sided), "one-sided": np.array(one_sided)}


def difference_one_sided(X, Y, parameters, gradients, epsilon) -> float:
    """The same check with (J(theta + eps) - J(theta)) / eps."""
    cost = cost_of(X, Y)
    theta, _ = dictionary_to_vector(parameters)
    here = cost(parameters)
    approximation = np.zeros_like(theta)
    for i in range(theta.size):
        above = theta.copy()
        above[i] += epsilon
        approximation[i] = (cost(vector_to_dictionary(above)) - here) / epsilon
    grad = gradients_to_vector(gradients)
    scale = np.linalg.norm(grad) + np.linalg.norm(approximation)
    return float(np.linalg.norm(grad - approximation) / scale)


# --- Every backward pass --------------------------------------------------------------------------


def backward_passes(seed) -> dict[str, tuple]:
    """(cost function, parameters, gradients) of every backward pass so far."""
    return {
        "logistic regression": logistic_case(seed),
        "one hidden tanh layer": planar_case(seed),
        **{
            f"deep network, {hidden}": deep_case(hidden, "sigmoid", seed)
            for hidden in deep_network.HIDDEN
        },
        "deep network, softmax output": deep_case("tanh", "softmax", seed),
        "L2 penalty": l2_case(seed),
        "dropout, masks held fixed": dropout_case(seed),
        "batch normalisation": batch_norm_case(seed),
    }


def logistic_case(seed):
    """One neuron."""
    X, Y, parameters = small_problem({"W1": (1, 4), "b1": (1, 1)}, EXAMPLES, seed)

    def propagate(theta):
        return logistic_regression.propagate(theta["w"], theta["b"].item(), X, Y)

    parameters = {"w": parameters["W1"].T, "b": parameters["b1"]}
    grads, _ = propagate(parameters)
    gradients = {"dw": grads["dw"], "db": np.reshape(grads["db"], (1, 1))}
    return lambda theta: propagate(theta)[1], parameters, gradients


def planar_case(seed):
    """Course 1, week 3."""
    shapes = {"W1": (4, 2), "b1": (4, 1), "W2": (1, 4), "b2": (1, 1)}
    X, Y, parameters = small_problem(shapes, EXAMPLES, seed)

    def cost(theta):
        A2, _ = planar_classification.forward_propagation(X, theta)
        return planar_classification.compute_cost(A2, Y)

    _, cache = planar_classification.forward_propagation(X, parameters)
    gradients = planar_classification.backward_propagation(parameters, cache, X, Y)
    return cost, parameters, gradients


def deep_case(hidden, output, seed):
    """Course 1, week 4: any activations."""
    n_y = 1 if output == "sigmoid" else 3
    X, Y, parameters = small_problem(SHAPES | {"W3": (n_y, 3), "b3": (n_y, 1)}, EXAMPLES, seed)
    Y = Y if n_y == 1 else np.eye(n_y)[:, np.arange(EXAMPLES) % n_y]
    kinds = {"hidden": hidden, "output": output}

    def cost(theta):
        AL, _ = deep_network.L_model_forward(X, theta, **kinds)
        return deep_network.compute_cost(AL, Y, output=output)

    AL, caches = deep_network.L_model_forward(X, parameters, **kinds)
    return cost, parameters, deep_network.L_model_backward(AL, Y, caches, **kinds)


def l2_case(seed, lambd_of_cost=LAMBD):
    """Gradients with the penalty; the cost may be another."""
    X, Y, parameters = small_problem(SHAPES, EXAMPLES, seed)

    def cost(theta):
        A3, _ = regularization.forward_propagation(X, theta)
        return regularization.compute_cost_with_regularization(A3, Y, theta, lambd_of_cost)

    _, cache = regularization.forward_propagation(X, parameters)
    gradients = regularization.backward_propagation_with_regularization(X, Y, cache, LAMBD)
    return cost, parameters, gradients


def dropout_case(seed, keep_prob=KEEP_PROB, random=None):
    """Gradients through the course's masks; the cost draws the same ones, or others."""
    X, Y, parameters = small_problem(SHAPES, EXAMPLES, seed)

    def cost(theta):
        course_masks = np.random.RandomState(regularization.SEED)
        return cost_with_dropout(theta, X, Y, keep_prob, random or course_masks)

    _, cache = regularization.forward_propagation_with_dropout(X, parameters, KEEP_PROB)
    gradients = regularization.backward_propagation_with_dropout(X, Y, cache, KEEP_PROB)
    return cost, parameters, gradients


def cost_with_dropout(parameters, X, Y, keep_prob, random) -> float:
    """The exercise's network with masks from `random`."""
    A = X
    for l in (1, 2):
        W, b = parameters[f"W{l}"], parameters[f"b{l}"]
        A, _ = deep_network.linear_activation_forward(A, W, b, "relu")
        A = A * (random.rand(*A.shape) < keep_prob) / keep_prob
    A, _ = deep_network.linear_activation_forward(A, parameters["W3"], parameters["b3"], "sigmoid")
    return deep_network.compute_cost(A, Y)


def batch_norm_case(seed):
    """Input, scale and shift under a random linear cost."""
    random = np.random.RandomState(seed)
    parameters = {"Z": random.randn(5, EXAMPLES), "gamma": random.randn(5, 1)}
    parameters["beta"] = random.randn(5, 1)
    slopes = random.randn(5, EXAMPLES)

    def cost(theta):
        return float((slopes * batch_normalization.batch_norm_forward(**theta)[0]).sum())

    _, cache = batch_normalization.batch_norm_forward(**parameters)
    dZ, dgamma, dbeta = batch_normalization.batch_norm_backward(slopes, cache)
    return cost, parameters, {"dZ": dZ, "dgamma": dgamma, "dbeta": dbeta}


# --- Checks that mislead --------------------------------------------------------------------------


def misleading_checks(seed) -> dict[str, tuple]:
    """Right gradients, held against a cost that is not the one they belong to."""
    fresh = np.random.RandomState(seed)
    return {
        "dropout, masks held fixed": dropout_case(seed),
        "dropout, fresh masks in every forward pass": dropout_case(seed, random=fresh),
        "dropout, switched off in the forward passes": dropout_case(seed, keep_prob=1),
        "L2 penalty, left out of the cost": l2_case(seed, lambd_of_cost=0),
    }


def print_differences(run, differences) -> None:
    """All checks with their verdict."""
    from rich.table import Table

    table = Table(
        "gradients",
        "difference",
        "verdict",
        title="Every backward pass so far, then right ones checked wrongly",
    )
    for name, value in differences.items():
        table.add_row(name, f"{value:.1e}", "passes" if value <= THRESHOLD else "fails")
    run.console.print(table)


# --- Figures --------------------------------------------------------------------------------------


def draw_reports(reports):
    """Right and broken gradients, parameter by parameter."""
    return draw_differences(
        {
            name: {kind: report.differences[name] for kind, report in reports.items()}
            for name in SHAPES
        },
        "Which parameter is wrong: dW2 doubled, db1 times 4",
    )


def draw_differences(differences, title):
    """Bars on a logarithmic scale with the limit of the exercise."""
    return plots.bars(
        differences,
        title=title,
        xlabel="relative difference",
        log=True,
        reference=("passes below", THRESHOLD),
        fmt="{:.0e}",
    )


def draw_epsilon(by_epsilon):
    """Truncation on the right, rounding on the left."""
    figure = plots.lines(
        EPSILONS,
        by_epsilon,
        title="Difference of right gradients by epsilon",
        xlabel="epsilon",
        ylabel="relative difference",
        marker=True,
    )
    figure.axes[0].set(xscale="log", yscale="log")
    return figure


if __name__ == "__main__":
    raise SystemExit(execute(main))
