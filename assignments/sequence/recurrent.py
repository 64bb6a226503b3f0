"""Recurrent networks by hand: what gradients do on their way back through time (course 5, week 1).

All cells are held against numerical gradients.  Then a gradient is sent back through 100 steps of
an RNN, a GRU and LSTMs that have learnt nothing yet.  Then the three learn to remember, with the
NumPy backward passes and Adam: of a long row of numbers two are marked, and only behind the last
one is their sum asked for (the adding problem).  Figures: the gradients by step, the errors while
learning, answers against right answers, the fast form against the cells.

    dlspec run recurrent
    dlspec run recurrent --steps 80
    dlspec run recurrent --units 64 --iterations 6000

Numbers to expect with seed 1 (2026-11-21, two cores: 60 s of one core, --quick 4 s), on 2,000 new
rows of 50 numbers:

                     mean squared error
    always 1              0.165
    RNN                   0.025
    LSTM                  0.00035
    GRU                   0.00012

Of a gradient, 50 steps back, 3 parts in 1,000 are left in a fresh LSTM with bf = 1, and 40 % with
bf = 4; 5 in a million in an RNN with orthogonal weights, and 1e-63 with the weights 0.01 randn of
the next exercise.  That the GRU starts with 1e-8 and learns best says that fresh weights are not
the whole story.  The fast form takes a fifth to two fifths of the cells' time with 16 units,
but four fifths or more with 128, where the matrix products take most of it.  Errors differ a little
between processors.
"""

import time

import numpy as np

from dlspec import plots
from dlspec._validation import check_positive
from dlspec.runner import Setting, execute, start
from dlspec.sequence import recurrent
from dlspec.sequence.recurrent_layers import (
    initialize_parameters,
    layer_backward,
    layer_forward,
)
from dlspec.testing import gradient_check

SETTINGS = [
    Setting("steps", 50, quick=20, minimum=4, help="numbers in a row of the adding problem"),
    Setting("iterations", 3000, quick=120, minimum=1, help="mini-batches for each network"),
    Setting("units", 32, minimum=1, help="size of the hidden state"),
    Setting("learning-rate", 0.003, help="of Adam"),
]

KINDS = ("rnn", "gru", "lstm")
BATCH, TEST = 64, 2000
FAR = 100  # steps that a gradient goes back
ROUNDING = 1e-16  # beside 1, float64 does not see what is smaller
MEAN_ERROR = 1 / 6  # of the answer 1, right on average: the variance of the sum of two numbers


def main(argv: list[str] | None = None) -> dict:
    """Check, send gradients back, train, measure, draw; returns the metrics."""
    with start("sequence/recurrent", argv, SETTINGS) as run:
        check_positive("learning-rate", run["learning-rate"])
        run.uses("generated", f"rows of {run['steps']} numbers, two of them marked")
        check_gradients(run)
        norms = send_back(run)
        networks, errors = {}, {}
        for kind in KINDS:
            networks[kind], errors[kind] = train(run, kind)
        answers = test(run, networks)
        times = compare_times(run)

        run.figure("vanishing_gradients", draw_norms(norms))
        run.figure("learning", draw_errors(errors))
        run.figure("answers", draw_answers(answers))
        run.figure("times", draw_times(times))
        for kind, network in networks.items():
            run.arrays(kind, network)
    return run.metrics


# --- Gradients ------------------------------------------------------------------------------------


def check_gradients(run) -> None:
    """Every parameter of every kind over a sequence; J = sum of da * a."""
    random = np.random.default_rng(run.seed)
    x, a0, da = (random.normal(size=shape) for shape in ((3, 4, 5), (4, 4), (4, 4, 5)))
    for kind in KINDS:
        parameters = initialize_parameters(kind, 3, 4, n_y=2, seed=run.seed)
        learnt = {name: p for name, p in parameters.items() if "y" not in name}
        forward = getattr(recurrent, f"{kind}_forward")
        gradients = getattr(recurrent, f"{kind}_backward")(da, forward(x, a0, parameters)[-1])

        def cost(p, forward=forward, parameters=parameters):
            return float((da * forward(x, a0, parameters | p)[0]).sum())

        difference = gradient_check(cost, learnt, gradients)
        run.metrics[f"{kind}_gradient_difference"] = difference
        run.say(f"{kind.upper()}: analytic and numerical gradients differ by {difference:.1e}")


def send_back(run) -> dict[str, np.ndarray]:
    """Size of the gradient of the last state for the input of every step, before any learning."""
    random = np.random.default_rng(run.seed)
    n_a, x = run["units"], random.normal(size=(4, 32, FAR))
    da = np.zeros((n_a, 32, FAR))
    da[:, :, -1] = random.normal(size=(n_a, 32))
    fresh = {kind: initialize_parameters(kind, 4, n_a, seed=run.seed) for kind in KINDS}
    small = fresh["rnn"] | {"Waa": 0.01 * random.normal(size=(n_a, n_a))}
    networks = {
        "RNN, weights 0.01 randn": small,
        "RNN, orthogonal": fresh["rnn"],
        "GRU": fresh["gru"],
        "LSTM, bf = 0": fresh["lstm"] | {"bf": np.zeros((n_a, 1))},
        "LSTM, bf = 1": fresh["lstm"],
        "LSTM, bf = 4": fresh["lstm"] | {"bf": np.full((n_a, 1), 4.0)},
    }
    norms = {}
    for name, parameters in networks.items():
        *_, cache = layer_forward(x, parameters)
        norms[name] = np.sqrt((layer_backward(da, cache)["dx"] ** 2).mean(axis=(0, 1)))
        run.metrics[f"log10_left_after_50_steps {name}"] = float(
            np.log10(max(norms[name][-51] / norms[name][-1], 1e-300))
        )
    return norms


# --- The adding problem ---------------------------------------------------------------------------


def rows(random, steps, count) -> tuple[np.ndarray, np.ndarray]:
    """Numbers above, marks below (2, count, steps); one mark in each half; the sums (1, count)."""
    numbers, marks = random.random((count, steps)), np.zeros((count, steps))
    half, every = steps // 2, np.arange(count)
    marks[every, random.integers(0, half, count)] = 1
    marks[every, random.integers(half, steps, count)] = 1
    return np.stack([numbers, marks]), (numbers * marks).sum(axis=1)[None]


def answer(parameters, x, keep=False):
    """A linear unit on the last state: the answers (1, m), and what the way back needs."""
    layer = {name: p for name, p in parameters.items() if name not in ("Wy", "by")}
    a, _, cache = layer_forward(x, layer, keep=keep)
    return parameters["Wy"] @ a[:, :, -1] + parameters["by"], a, cache


def gradients_of(parameters, x, sums) -> tuple[dict[str, np.ndarray], float]:
    """Gradients of the mean squared error, and the error."""
    found, a, cache = answer(parameters, x, keep=True)
    dz = 2 * (found - sums) / sums.size
    da = np.zeros(a.shape)
    da[:, :, -1] = parameters["Wy"].T @ dz
    gradients = layer_backward(da, cache)
    gradients |= {"dWy": dz @ a[:, :, -1].T, "dby": dz.sum(axis=1, keepdims=True)}
    return gradients, float(((found - sums) ** 2).mean())


def steps_of(state, run):
    """Adam on fresh mini-batches; yields (state after the step, error before it)."""
    names = [name for name in state if "/" not in name and name != "t"]
    while True:
        t = state["t"] + 1
        x, sums = rows(np.random.default_rng([run.seed, t]), run["steps"], BATCH)
        gradients, error = gradients_of({name: state[name] for name in names}, x, sums)
        norm = np.sqrt(sum((gradients[f"d{name}"] ** 2).sum() for name in names))
        new = {"t": t}
        for name in names:
            d = gradients[f"d{name}"] / max(1.0, norm)  # clipped by the norm of all
            v = 0.9 * state[f"v/{name}"] + 0.1 * d
            s = 0.999 * state[f"s/{name}"] + 0.001 * d**2
            step = v / (1 - 0.9**t) / (np.sqrt(s / (1 - 0.999**t)) + 1e-8)
            new |= {name: state[name] - run["learning-rate"] * step}
            new |= {f"v/{name}": v, f"s/{name}": s}
        state = new
        yield state, error


def train(run, kind) -> tuple[dict[str, np.ndarray], list[float]]:
    """One network: its parameters, and the error of every tenth mini-batch."""
    parameters = initialize_parameters(kind, 2, run["units"], n_y=1, seed=run.seed)
    if kind == "rnn":
        parameters["Wy"] = parameters.pop("Wya")
    state = {"t": 0} | parameters
    state |= {f"{k}/{name}": np.zeros_like(p) for k in "vs" for name, p in parameters.items()}
    state, errors = run.train(
        kind.upper(), lambda state: steps_of(state, run), state, run["iterations"], 10
    )
    return {name: state[name] for name in parameters}, errors


def test(run, networks) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Errors on new rows, and (right answers, answers) of every network."""
    x, sums = rows(np.random.default_rng(run.seed + 10**6), run["steps"], TEST)
    answers = {}
    for kind, parameters in networks.items():
        found = answer(parameters, x)[0]
        answers[kind] = sums[0], found[0]
        run.metrics[f"{kind}_test_error"] = float(((found - sums) ** 2).mean())
    run.metrics["always_1_test_error"] = float(((sums - 1) ** 2).mean())
    return answers


# --- Time -----------------------------------------------------------------------------------------


def compare_times(run) -> dict[str, dict[str, float]]:
    """Milliseconds for an LSTM forward and backward, cell by cell and in the fast form."""
    times = {}
    for n_x, n_a, m in ((8, 16, 4), (32, 64, 16), (64, 128, 32)):
        random = np.random.default_rng(run.seed)
        x, da = (random.normal(size=(n, m, FAR)) for n in (n_x, n_a))
        p, a0 = initialize_parameters("lstm", n_x, n_a, n_y=1), np.zeros((n_a, m))

        def cells(x=x, da=da, p=p, a0=a0):
            recurrent.lstm_backward(da, recurrent.lstm_forward(x, a0, p)[-1])

        def fast(x=x, da=da, p=p):
            layer_backward(da, layer_forward(x, p)[-1])

        best = {"cell by cell": least(cells), "fast form": least(fast)}
        times[f"{n_x} inputs, {n_a} units, {m} examples"] = best
        run.metrics[f"fast_form_speedup_{n_a}_units"] = best["cell by cell"] / best["fast form"]
    return times


def least(call, runs=5) -> float:
    """Milliseconds of the quickest of several runs."""
    times = []
    for _ in range(runs):
        begin = time.perf_counter()
        call()
        times.append(time.perf_counter() - begin)
    return 1e3 * min(times)


# --- Figures --------------------------------------------------------------------------------------


def draw_norms(norms):
    """One line per network, from the last step back."""
    back = np.arange(FAR)
    named = {name: np.log10(np.maximum(n[::-1] / n[-1], ROUNDING)) for name, n in norms.items()}
    return plots.lines(
        back,
        named,
        title=f"What is left of a gradient on its way back through {FAR} steps",
        xlabel="steps back from the last one",
        ylabel="log10 of the size, last step = 0",
    )


def draw_errors(errors):
    """Errors while learning, averaged over ten points."""
    width = min(10, len(next(iter(errors.values()))))
    smooth = {k.upper(): np.convolve(e, np.ones(width) / width, "valid") for k, e in errors.items()}
    return plots.cost_curve(
        smooth,
        every=10,
        title=f"Adding problem; the answer 1 has an error of {MEAN_ERROR:.3f}",
        ylabel="mean squared error",
        log=True,
    )


def draw_answers(answers):
    """Distribution of the mistakes."""
    return plots.histograms(
        {kind.upper(): found - sums for kind, (sums, found) in answers.items()},
        title=f"Mistakes on {TEST:,} new rows",
        xlabel="answer - right answer",
    )


def draw_times(times):
    """Both forms by size."""
    return plots.bars(
        times,
        title=f"LSTM forward and backward, {FAR} steps",
        xlabel="milliseconds",
        log=True,
        fmt="{:.1f} ms",
    )


if __name__ == "__main__":
    raise SystemExit(execute(main))
