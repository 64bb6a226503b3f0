"""Python basics with NumPy (course 1, week 2, assignment 1).

What the rest of the course is written with, made visible: activations and their slopes, softmax,
unrolling pictures and normalising rows, two losses; and the reason for all of it, the same product
as a loop and as one call, timed side by side.  Figures: activations, slopes, softmax, pictures
before and after `normalize_rows`, losses, speed-ups.

    dlspec run numpy_basics
    dlspec run numpy_basics --size 4000000

Numbers to expect (2026-11-21, two cores: 3 s, --quick 2 s): L1 1.1 and L2 0.43 on the course's
example; for a million numbers one call is 170 times (elementwise) to 1200 times (matrix-vector)
faster than the loop, for a hundred only 3 to 5 times, most of which goes into checking arguments.
"""

import time

import numpy as np

from dlspec import plots
from dlspec.datasets import make_cats
from dlspec.nn_basics.numpy_basics import (
    L1,
    L2,
    LOOP_AND_VECTOR,
    basic_sigmoid,
    image2vector,
    leaky_relu,
    leaky_relu_derivative,
    normalize_rows,
    relu,
    relu_derivative,
    sigmoid,
    sigmoid_derivative,
    softmax,
    tanh,
    tanh_derivative,
)
from dlspec.runner import Setting, execute, start

SETTINGS = [
    Setting("size", 1_000_000, quick=100_000, minimum=1, help="numbers in the largest product"),
]

LEAK = 0.1  # 0.01, as in the course, would look like ReLU
SCORES = np.array([[9.0, 2, 5, 0, 0], [7, 5, 0, 0, 0], [1000, 999, 998, 0, 0]])
SAYS, IS = np.array([0.9, 0.2, 0.1, 0.4, 0.9]), np.array([1.0, 0, 0, 1, 1])
LIGHTS = {"full light": 1.0, "dusk": 0.5, "night": 0.2}
SMALLER_SIZES = (100, 10_000)
LOOP_REPEATS, CALL_REPEATS = 3, 31


def main(argv: list[str] | None = None) -> dict:
    """Show, time, draw; returns the metrics."""
    with start("nn_basics/numpy_basics", argv, SETTINGS) as run:
        size = run["size"]
        run.uses("generated", "one picture, and numbers drawn at random")

        run.say(f"basic_sigmoid(0.5) = {basic_sigmoid(0.5):.4f}; of an array: {complaint()}")
        run.say(f"sigmoid([-1000, 0, 0.5, 1000]) = {sigmoid(np.array([-1000, 0, 0.5, 1000]))}")
        probabilities = softmax(SCORES)
        print_softmax(run, probabilities)
        run.metrics |= {"L1": L1(SAYS, IS), "L2": L2(SAYS, IS)}
        pictures, lengths = light_and_dark(run.seed)

        timings, difference = time_products(run, size)
        for name in LOOP_AND_VECTOR:
            loop, call = timings[name, size]
            run.metrics[f"speedup_{name.replace('-', '_')}"] = loop / call
        run.metrics["largest_difference"] = difference
        print_timings(run, timings)

        draw_activations(run)
        run.figure("softmax", draw_softmax(probabilities))
        run.figure("pictures", draw_pictures(pictures, lengths))
        run.figure("losses", draw_losses())
        run.figure("speedup", draw_speedups(timings))
    return run.metrics


# --- Shapes and losses ----------------------------------------------------------------------------


def complaint() -> str:
    """What `basic_sigmoid` says to an array."""
    try:
        return str(basic_sigmoid(np.array([1.0, 2.0])))
    except TypeError as error:
        return str(error)


def print_softmax(run, probabilities) -> None:
    """Scores beside their probabilities, row by row."""
    from rich.table import Table

    table = Table("scores", "softmax", "sum", title="Softmax turns scores into probabilities")
    for scores, row in zip(SCORES, probabilities, strict=True):
        text = "  ".join(f"{p:.4f}" for p in row)
        table.add_row("  ".join(f"{s:g}" for s in scores), text, f"{row.sum():g}")
    run.console.print(table)


def light_and_dark(seed) -> tuple[np.ndarray, np.ndarray]:
    """One picture in three lights, then the same as rows of length 1; with the lengths before."""
    picture = make_cats(1, 1, seed=seed)[0][0] / 255
    photos = np.stack([light * picture for light in LIGHTS.values()])
    rows = np.hstack([image2vector(photo) for photo in photos]).T
    unit = normalize_rows(rows)
    visible = (unit / unit.max()).reshape(photos.shape)
    return np.concatenate([photos, visible]), np.linalg.norm(rows, axis=1)


# --- Loops against vectors ------------------------------------------------------------------------


def time_products(run, size) -> tuple[dict, float]:
    """Seconds of (loop, one call) by product and size, and the largest difference of results."""
    random = np.random.default_rng(run.seed)
    sizes = [n for n in SMALLER_SIZES if n < size] + [size]
    timings, difference = {}, 0.0
    with run.console.status("timing loops"):
        for n in sizes:
            for name, (loop, call) in LOOP_AND_VECTOR.items():
                arguments = operands(name, n, random)
                by_loop, loop_time = timed(loop, arguments, LOOP_REPEATS)
                by_call, call_time = timed(call, arguments, CALL_REPEATS)
                timings[name, n] = loop_time, call_time
                difference = max(difference, float(np.max(np.abs(by_loop - by_call))))
    return timings, difference


def operands(name, n, random) -> tuple[np.ndarray, np.ndarray]:
    """Two factors whose product takes about n multiplications."""
    side = max(1, round(n**0.5))
    shapes = {"outer": (side, side), "matrix-vector": ((side, side), side)}.get(name, (n, n))
    return random.random(shapes[0]), random.random(shapes[1])


def timed(product, arguments, repeats) -> tuple:
    """The result, and the median of the seconds it took."""
    seconds = []
    for _ in range(repeats):
        begin = time.perf_counter()
        result = product(*arguments)
        seconds.append(time.perf_counter() - begin)
    return result, float(np.median(seconds))


def print_timings(run, timings) -> None:
    """Milliseconds of loop and call, and their ratio."""
    from rich.table import Table

    table = Table("product", title="Loop against one NumPy call")
    for column in ("size", "loop (ms)", "call (ms)", "speed-up"):
        table.add_column(column, justify="right")
    for name in LOOP_AND_VECTOR:
        for (product, n), (loop, call) in timings.items():
            if product == name:
                row = f"{1e3 * loop:.3f}", f"{1e3 * call:.3f}", f"{loop / call:,.0f}x"
                table.add_row(name, f"{n:,}", *row)
    run.console.print(table)


# --- Figures --------------------------------------------------------------------------------------


def draw_activations(run) -> None:
    """The four activations, and their slopes."""
    x = np.linspace(-4, 4, 401)
    values = {
        "sigmoid": sigmoid(x),
        "tanh": tanh(x),
        "ReLU": relu(x),
        f"leaky ReLU, alpha {LEAK}": leaky_relu(x, LEAK),
    }
    slopes = {
        "sigmoid": sigmoid_derivative(x),
        "tanh": tanh_derivative(x),
        "ReLU": relu_derivative(x),
        f"leaky ReLU, alpha {LEAK}": leaky_relu_derivative(x, LEAK),
    }
    title = "Activations"
    run.figure("activations", plots.lines(x, values, title=title, xlabel="z", ylabel="g(z)"))
    title = "Their slopes: what is left of a gradient on the way back"
    run.figure("slopes", plots.lines(x, slopes, title=title, xlabel="z", ylabel="g'(z)"))


def draw_softmax(probabilities):
    """Probabilities of every row, one colour a class."""
    groups = {
        "  ".join(f"{s:g}" for s in scores): {f"class {c}": float(p) for c, p in enumerate(row)}
        for scores, row in zip(SCORES, probabilities, strict=True)
    }
    title = "Softmax: differences count, not sizes"
    return plots.bars(groups, title=title, xlabel="probability", fmt="{:.3f}")


def draw_pictures(pictures, lengths):
    """Above as taken, below with every row scaled to length 1."""
    names = [f"{name}, length {n:.1f}" for name, n in zip(LIGHTS, lengths, strict=True)]
    return plots.image_grid(
        pictures,
        labels=np.arange(len(pictures)),
        class_names=[*names, *(f"{name}, length 1" for name in LIGHTS)],
        columns=len(LIGHTS),
        title="A row of pixels before and after normalize_rows",
    )


def draw_losses():
    """What every prediction adds to L1 and to L2."""
    groups = {
        f"{i}: says {says:g}, is {truth:g}": {"L1": abs(truth - says), "L2": (truth - says) ** 2}
        for i, (says, truth) in enumerate(zip(SAYS, IS, strict=True))
    }
    title = f"Two losses: L1 sums to {L1(SAYS, IS):g}, L2 to {L2(SAYS, IS):g}"
    return plots.bars(groups, title=title, xlabel="share of the loss")


def draw_speedups(timings):
    """How many times faster one call is, by product and size."""
    groups = {name: {} for name in LOOP_AND_VECTOR}
    for (name, n), (loop, call) in timings.items():
        groups[name][f"{n:,} numbers"] = loop / call
    return plots.bars(
        groups,
        title="One NumPy call against a loop",
        xlabel="times faster",
        log=True,
        reference=("the loop", 1),
        fmt="{:,.0f}",
    )


if __name__ == "__main__":
    raise SystemExit(execute(main))
