"""Convolution and pooling by hand (course 4, week 1).

A filter slides over a photo and finds its edges; the same filter is then learned from pictures and
their edges alone, by gradient descent through our own backward pass.  Last, a whole ConvNet of
NumPy layers learns handwritten digits.  Figures: how many windows see each pixel with and without
padding, edge filters on a photo, max and average pooling, the learned filter and its costs, how
much faster one matrix product is than four loops, the costs of the ConvNet, what its filters see,
its accuracy.

    dlspec run convolution
    dlspec run convolution --image my_photo.jpg
    dlspec run convolution --epochs 60 --learning-rate 0.05

Numbers to expect (2026-11-21, two cores: 12 s, --quick 6 s), with seed 1:

    the filter, learned from noise         Sobel's after 200 steps, to 1e-8 (rounding after 400)
    the same from pieces of the photo      still 0.03 off after 2,000: neighbouring pixels are so
                                           alike that their weights are hard to tell apart
    gradients of the ConvNet               1e-10 from numerical ones
    450 test digits                        95.3 % softmax regression, 97.8 % ConvNet
    the same, one pixel to the right       38.7 % and 61.3 %

The fast forms take less than 1/300 of the time of the loops here.
"""

import time
from pathlib import Path

import numpy as np

from dlspec import plots
from dlspec._complaints import InvalidValue, sentence
from dlspec.cnn.convolution import (
    conv_backward,
    conv_backward_loop,
    conv_forward,
    conv_forward_loop,
    pool_backward,
    pool_backward_loop,
    pool_forward,
    pool_forward_loop,
)
from dlspec.cnn.convolution_variants import conv_output_size, edge_filter
from dlspec.datasets import load_digits, photo_as_input, read_photo
from dlspec.optimization import softmax_regression
from dlspec.optimization.softmax_regression import cross_entropy_from_logits, softmax
from dlspec.runner import Setting, execute, start
from dlspec.testing import gradient_check

SETTINGS = [
    Setting("image", None, type=Path, help="a photo of yours to find the edges of"),
    Setting("steps", 2000, quick=200, minimum=1, help="steps of gradient descent for the filter"),
    Setting("learning-rate", 0.3, help="step size alpha of the ConvNet"),
    Setting("epochs", 40, quick=6, minimum=1, help="passes over the digits"),
]

SAME = {"stride": 1, "pad": "same"}
VALID = {"stride": 1, "pad": "valid"}
HALVE = {"f": 2, "stride": 2}
NO_BIAS = np.zeros((1, 1, 1, 1))
FILTER_RATE = 0.1
BATCH = 64


def main(argv: list[str] | None = None) -> dict:
    """Look, learn, measure, draw; returns the metrics."""
    with start("cnn/convolution", argv, SETTINGS) as run:
        photo = read_photo(run["image"]) if run["image"] else sample_photo()
        digits = load_digits()
        X, Y, X_test, Y_test = digits.split(seed=run.seed)
        run.uses(digits, f"{X.shape[1]:,} to learn from and {X_test.shape[1]} for the test")
        run.say(f"Photo: {run['image'] or 'a temple, among the samples of scikit-learn'}")
        photo = photo_as_input(photo, 256) / 255
        grey = photo.mean(axis=2)

        run.figure("padding", draw_padding())
        run.figure("edges", draw_edges(photo, grey))
        run.figure("pooling", draw_pooling(photo))

        filters, costs = learn_filters(run, grey)
        run.figure("filter_costs", draw_filter_costs(costs))
        run.figure("filters", draw_filters(filters))

        ratios = compare_loops()
        run.figure("loops", draw_loops(ratios))

        parameters, epoch_costs = train(run, as_pictures(X), Y)
        shifted = shift(as_pictures(X_test))
        regression = train_regression(X, Y)
        accuracies = {
            "as written": {
                "softmax regression": regression_accuracy(regression, X_test, Y_test),
                "ConvNet": accuracy(parameters, as_pictures(X_test), Y_test),
            },
            "one pixel to the right": {
                "softmax regression": regression_accuracy(regression, as_columns(shifted), Y_test),
                "ConvNet": accuracy(parameters, shifted, Y_test),
            },
        }
        run.arrays("convnet", parameters)
        run.figure("convnet_costs", draw_epochs(epoch_costs))
        run.figure("feature_maps", draw_feature_maps(parameters, as_pictures(X_test)[:1]))
        run.figure("accuracy", draw_accuracy(accuracies))

        run.metrics |= {
            "gradient_check": check_gradients(run.seed),
            "filter_error_from_noise": distance_to_sobel(filters["from noise"]),
            "filter_error_from_photo": distance_to_sobel(filters["from the photo"]),
            "loops_over_fast": ratios,
            "convnet_parameters": sum(p.size for k, p in parameters.items() if k != "epoch"),
            "softmax_regression_accuracy": accuracies["as written"]["softmax regression"],
            "convnet_accuracy": accuracies["as written"]["ConvNet"],
            "accuracies": accuracies,
            "last_cost": epoch_costs[-1],
        }
    return run.metrics


def sample_photo() -> np.ndarray:
    """A photo that scikit-learn brings along, (427, 640, 3)."""
    from sklearn.datasets import load_sample_image

    return load_sample_image("china.jpg")


# --- Padding, edges, pooling ----------------------------------------------------------------------


def windows_that_see(n, f, pad, stride) -> np.ndarray:
    """For every pixel of an n x n picture the number of windows it is in.

    With filters of ones that is the gradient of the sum of all outputs.
    """
    picture, ones = np.zeros((1, n, n, 1)), np.ones((f, f, 1, 1))
    Z, cache = conv_forward(picture, ones, NO_BIAS, {"stride": stride, "pad": pad})
    return conv_backward(np.ones_like(Z), cache)[0][0, :, :, 0]


def draw_padding():
    """Maps of how often each pixel counts, without padding above and with it below."""
    n, f, maps, names = 12, 3, [], []
    for pad, text in ((0, "no padding"), ("same", "padding 1")):
        for stride in (1, 2, 3):
            side = conv_output_size(n, f, pad, stride)
            maps.append(windows_that_see(n, f, pad, stride))
            names.append(f"{text}, stride {stride}: {side} x {side} out")
    title = f"How many 3 x 3 windows see each pixel of a {n} x {n} picture"
    return plots.feature_maps(maps, names, title=title, columns=3, diverging=True)


def filtered(picture, *kernels) -> np.ndarray:
    """A grey picture through several 3 x 3 filters at once, (h, w, filters)."""
    W = np.stack(kernels, axis=2)[:, :, None]
    no_bias = np.zeros((1, 1, 1, len(kernels)))
    return conv_forward(picture[None, ..., None], W, no_bias, VALID)[0][0]


def draw_edges(photo, grey):
    """All filters side by side: grey is no edge, white and black are edges of either sense."""
    kernels = {
        f"{kind}, {edges}": edge_filter(kind, edges)
        for kind in ("prewitt", "sobel", "scharr")
        for edges in ("vertical", "horizontal")
    }
    maps = filtered(grey, *kernels.values())
    strength = np.hypot(maps[..., 2], maps[..., 3])
    panels = [photo, strength, *np.moveaxis(maps, 2, 0)]
    names = ["photo", "sobel, strength of both", *kernels]
    return plots.feature_maps(panels, names, title="Edge filters", columns=4)


def draw_pooling(photo):
    """Windows of 8 x 8, and 4 x 4, pixels; the maximum is lighter and keeps what is bright."""
    panels = {"photo, 256 x 256": photo}
    for f in (4, 8):
        for mode in ("max", "average"):
            A, _ = pool_forward(photo[None], {"f": f, "stride": f}, mode)
            panels[f"{mode} of {f} x {f}"] = A[0]
    title = "Max and average pooling"
    return plots.feature_maps(list(panels.values()), list(panels), title=title, columns=3)


# --- A filter learned from examples ---------------------------------------------------------------


def learn_filters(run, grey) -> tuple[dict, dict]:
    """From pictures and their Sobel edges to the filter, for two kinds of pictures."""
    random = np.random.default_rng(run.seed)
    kinds = {"from noise": random.normal(size=(16, 34, 34)), "from the photo": cut(grey, random)}
    W = random.normal(size=(3, 3, 1, 1)) / 3
    initial = {"W": W, "W after 0": W, "step": 0}
    marks = sorted({0, run["steps"] // 50, run["steps"] // 5, run["steps"]})
    filters, costs = {}, {}
    for kind, pictures in kinds.items():
        pictures = ((pictures - pictures.mean()) / (pictures.std() or 1))[..., None]
        edges, _ = conv_forward(pictures, edge_filter("sobel")[:, :, None, None], NO_BIAS, VALID)

        def steps(state, pictures=pictures, edges=edges):
            return descend(state, pictures, edges, marks)

        state, costs[kind] = run.train(f"filter {kind}", steps, initial, run["steps"], 1)
        filters[kind] = {step: state[f"W after {step}"] for step in marks}
    return filters, costs


def cut(grey, random, size=34, count=16) -> np.ndarray:
    """Squares from all over a picture."""
    corners = random.integers(0, np.array(grey.shape) - size + 1, size=(count, 2))
    return np.stack([grey[y : y + size, x : x + size] for y, x in corners])


def descend(state, pictures, edges, marks):
    """Yield the state after, and half the mean squared error before, each step.

    The state keeps the filter as it was after the steps in `marks`, for the figure.
    """
    state = dict(state)
    while True:
        Z, cache = conv_forward(pictures, state["W"], NO_BIAS, VALID)
        error = Z - edges
        _, dW, _ = conv_backward(error / error.size, cache)
        state |= {"W": state["W"] - FILTER_RATE * dW, "step": state["step"] + 1}
        if state["step"] in marks:
            state[f"W after {state['step']}"] = state["W"]
        yield state, 0.5 * float(np.mean(error**2))


def distance_to_sobel(stages) -> float:
    """Largest difference of a number in the last filter."""
    return float(np.abs(stages[max(stages)][:, :, 0, 0] - edge_filter("sobel")).max())


def draw_filter_costs(costs):
    """Both on a logarithmic scale, down to where rounding is all that is left."""
    floor = {kind: np.maximum(curve, 1e-16) for kind, curve in costs.items()}
    return plots.cost_curve(
        floor,
        title="A filter learned from pictures and their edges",
        ylabel="half the mean squared error",
        log=True,
    )


def draw_filters(filters):
    """The way from a random filter to Sobel's, one row for each kind of pictures."""
    panels, names = [], []
    for kind, stages in filters.items():
        panels += [W[:, :, 0, 0] for W in stages.values()] + [edge_filter("sobel")]
        names += [f"{kind}, {step:,} steps" for step in stages] + ["Sobel"]
    title, columns = "From a random filter to Sobel's", len(names) // len(filters)
    return plots.feature_maps(panels, names, title=title, columns=columns, diverging=True)


# --- Loops ----------------------------------------------------------------------------------------


def compare_loops() -> dict[str, float]:
    """Seconds of the text-book loops over those of the fast form, on one layer of eight filters."""
    random = np.random.default_rng(0)
    A_prev, W = random.normal(size=(2, 24, 24, 8)), random.normal(size=(3, 3, 8, 8))
    b, halve = np.zeros((1, 1, 1, 8)), HALVE
    Z, cache = conv_forward(A_prev, W, b, SAME)
    A, pool_cache = pool_forward(A_prev, halve)
    pairs = {
        "conv_forward": (conv_forward_loop, conv_forward, (A_prev, W, b, SAME)),
        "conv_backward": (conv_backward_loop, conv_backward, (Z, cache)),
        "pool_forward": (pool_forward_loop, pool_forward, (A_prev, halve)),
        "pool_backward": (pool_backward_loop, pool_backward, (A, pool_cache)),
    }
    return {
        name: seconds(loop, arguments, 2) / seconds(fast, arguments, 9)
        for name, (loop, fast, arguments) in pairs.items()
    }


def seconds(function, arguments, runs) -> float:
    """The best of some runs: what else the machine does only adds to them."""
    times = []
    for _ in range(runs):
        begin = time.perf_counter()
        function(*arguments)
        times.append(time.perf_counter() - begin)
    return min(times)


def draw_loops(ratios):
    """How many times faster."""
    return plots.bars(
        ratios,
        title="Fast forms against loops over every output number",
        xlabel="times faster (2 pictures of 24 x 24 x 8, 8 filters)",
        fmt="{:.0f}",
    )


# --- A ConvNet ------------------------------------------------------------------------------------


def as_pictures(X) -> np.ndarray:
    """Columns (64, m) as pictures (m, 8, 8, 1)."""
    return X.T.reshape(-1, 8, 8, 1)


def as_columns(pictures) -> np.ndarray:
    """Pictures (m, 8, 8, 1) as columns (64, m)."""
    return pictures.reshape(len(pictures), -1).T


def shift(pictures) -> np.ndarray:
    """One pixel to the right, where most digits have a free column."""
    return np.pad(pictures, ((0, 0), (0, 0), (1, 0), (0, 0)))[:, :, :-1]


def initial_parameters(seed, channels=(16, 32)) -> dict[str, np.ndarray]:
    """He weights: conv 3 x 3, conv 3 x 3, and a dense layer on the 2 x 2 pixels that are left."""
    random, (n_1, n_2) = np.random.default_rng(seed), channels
    n_flat = 2 * 2 * n_2
    return {
        "W1": random.normal(size=(3, 3, 1, n_1)) * np.sqrt(2 / 9),
        "b1": np.zeros((1, 1, 1, n_1)),
        "W2": random.normal(size=(3, 3, n_1, n_2)) * np.sqrt(2 / (9 * n_1)),
        "b2": np.zeros((1, 1, 1, n_2)),
        "W3": random.normal(size=(10, n_flat)) * np.sqrt(1 / n_flat),
        "b3": np.zeros((10, 1)),
    }


def forward(parameters, pictures):
    """(conv -> ReLU -> max pool) x 2 -> dense; logits (10, m), activations and caches."""
    A, caches = pictures, []
    for l in (1, 2):
        Z, conv_cache = conv_forward(A, parameters[f"W{l}"], parameters[f"b{l}"], SAME)
        A, pool_cache = pool_forward(np.maximum(0, Z), HALVE)
        caches.append((conv_cache, Z, pool_cache))
    return parameters["W3"] @ as_columns(A) + parameters["b3"], A, caches


def propagate(parameters, pictures, Y):
    """Forward and backward once: gradients, and mean cross-entropy in nats."""
    logits, A, caches = forward(parameters, pictures)
    cost = float(cross_entropy_from_logits(logits, Y).mean())
    dlogits = (softmax(logits) - Y) / len(pictures)
    grads = {"dW3": dlogits @ as_columns(A).T, "db3": dlogits.sum(axis=1, keepdims=True)}
    dA = (parameters["W3"].T @ dlogits).T.reshape(A.shape)
    for l in (2, 1):
        conv_cache, Z, pool_cache = caches[l - 1]
        dZ = pool_backward(dA, pool_cache) * (Z > 0)
        dA, grads[f"dW{l}"], grads[f"db{l}"] = conv_backward(dZ, conv_cache)
    return grads, cost


def check_gradients(seed) -> float:
    """Largest relative difference from numerical gradients.

    On noise and with random biases: in a blank part of a picture all windows are equal, and where
    they tie the course's rule for max pooling is no longer the slope.
    """
    random = np.random.default_rng(seed)
    parameters = {
        name: p + random.normal(size=p.shape) / 10
        for name, p in initial_parameters(seed, channels=(2, 3)).items()
    }
    pictures, Y = random.normal(size=(2, 8, 8, 1)), np.eye(10)[:, [3, 8]]
    grads, _ = propagate(parameters, pictures, Y)
    return gradient_check(lambda p: propagate(p, pictures, Y)[1], parameters, grads)


def train(run, pictures, Y):
    """Mini-batches in another order every epoch, the same after --resume; costs are epoch means."""

    def epochs(state):
        state = dict(state)
        while True:
            order = np.random.default_rng((run.seed, state["epoch"])).permutation(len(pictures))
            costs = []
            for batch in np.array_split(order, len(pictures) // BATCH):
                try:
                    grads, cost = propagate(state, pictures[batch], Y[:, batch])
                except InvalidValue:  # the numbers have become too large
                    rate = sentence("learning-rate", "let the costs fall", run["learning-rate"])
                    raise InvalidValue(f"{rate} Use a smaller one.") from None
                state = {
                    name: p if name == "epoch" else p - run["learning-rate"] * grads[f"d{name}"]
                    for name, p in state.items()
                }
                costs.append(cost)
            state["epoch"] += 1
            yield state, np.mean(costs)

    initial = {"epoch": 0} | initial_parameters(run.seed)
    with np.errstate(over="ignore", invalid="ignore"):
        return run.train("ConvNet", epochs, initial, run["epochs"], cost_every=1)


def accuracy(parameters, pictures, Y) -> float:
    """Share of digits that the ConvNet recognises."""
    return float(np.mean(forward(parameters, pictures)[0].argmax(axis=0) == Y.argmax(axis=0)))


def train_regression(X, Y) -> dict[str, np.ndarray]:
    """The linear classifier of course 2, until its cost hardly falls."""
    start = {"W": np.zeros((10, 64)), "b": np.zeros((10, 1))}
    for _, (parameters, _) in zip(
        range(600), softmax_regression.gradient_descent(start, X, Y, 1.0), strict=False
    ):
        pass
    return parameters


def regression_accuracy(parameters, X, Y) -> float:
    """Share of digits that softmax regression recognises."""
    return float(np.mean(softmax_regression.predict(parameters, X) == Y.argmax(axis=0)))


# --- What it learned ------------------------------------------------------------------------------


def draw_epochs(costs):
    """Mean cost of every epoch."""
    figure = plots.cost_curve(costs, title="ConvNet of NumPy layers on digits", log=True)
    figure.axes[0].set_xlabel("epoch")
    return figure


def draw_feature_maps(parameters, picture, n=8):
    """A digit, the first filters of the first layer, and what each of them makes of it."""
    _, _, caches = forward(parameters, picture)
    (_, Z, _), _ = caches
    filters = np.moveaxis(parameters["W1"][:, :, 0, :n], 2, 0)
    maps = np.moveaxis(np.maximum(0, Z[0, :, :, :n]), 2, 0)
    digit = picture[0, :, :, 0]
    names = ["digit", *[f"filter {i + 1}" for i in range(n)]]
    names += ["digit", *[f"map {i + 1}" for i in range(n)]]
    title = f"{n} of the filters of the first layer, and what they find in a digit"
    return plots.feature_maps([digit, *filters, digit, *maps], names, title=title, columns=n + 1)


def draw_accuracy(accuracies):
    """Both classifiers on both kinds of test digits."""
    return plots.bars(
        {kind: {n: 100 * a for n, a in row.items()} for kind, row in accuracies.items()},
        title="450 test digits, and the same ones shifted",
        xlabel="accuracy (%)",
        fmt="{:.1f} %",
    )


if __name__ == "__main__":
    raise SystemExit(execute(main))
