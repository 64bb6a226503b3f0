"""Residual networks (course 4, week 2, assignment 1).

ResNet50 learns hand signs from scratch.  Then the question why shortcuts help: networks of the same
layers and the same number of weights, plain and residual, as the paper built them for CIFAR.  How
large is the gradient that reaches the first layer before anything is learnt, by depth, with batch
norm and without?  And what do 20 and 56 layers learn in the same number of epochs?
Figures: training curves, confusion matrix, mislabelled pictures, gradients by depth, plain and
residual networks while learning.

    dlspec run residual_networks
    dlspec run residual_networks --network ResNet18 --epochs 10
    dlspec run residual_networks --image my_hand.jpg
    dlspec run residual_networks --data-dir FOLDER_WITH_THE_COURSE_FILES

Without the course's train_signs.h5 the pictures are generated: drawn hands.  Where its
test_signs.h5 is found, the script also says how many of those photos the network reads, *having
been trained on drawings*.

Seed 1 (2026-11-21, two cores: about 9 minutes, half of it ResNet50; --quick 20 s).  Accuracy of
ResNet50 after 20 epochs, 900 training pictures seen shifted, turned, zoomed and mirrored anew:

    guessing    900 training    180 dev    120 test    course's 120 test photos
      17 %          98 %          93 %       93 %               77 %

Norm of the gradient at the first layer before training, and cost on the training pictures after ten
epochs (guessing: 1.79):

                                        8 layers    20 layers    56 layers
    gradient    plain, no norm            0.02         0.01         0.003
                residual, no norm         0.05         0.6        507
                plain, batch norm         0.14         0.9        510
                residual, batch norm      0.10         0.4          1.3
    cost        plain, batch norm                      0.62         1.78
                residual, batch norm                   0.40         0.61

The gradient of a plain network vanishes, slowly, only without batch norm.  With it, as all these
networks are trained, it *grows* with depth, to 400 times the residual one at 56 layers: nothing
vanishes, and yet 56 plain layers learn next to nothing where 20 do well.  Shortcuts alone do not
help either, since every block adds to what it hands on; with batch norm they keep the gradient
within a factor of 13.  In so few epochs 56 layers gain nothing over 20, but they learn.
"""

from pathlib import Path

import numpy as np

from dlspec import plots
from dlspec.datasets import load_signs, photo_as_input, read_photo
from dlspec.runner import Setting, execute, load_keras, start

NETWORKS = ("ResNet18", "ResNet34", "ResNet50")

SETTINGS = [
    Setting("network", "ResNet50", quick="ResNet18", choices=NETWORKS, help="learns the signs"),
    Setting("width", 64, quick=8, minimum=1, help="filters of its stem; the stages follow"),
    Setting("epochs", 20, quick=1, minimum=1, help="epochs of this network"),
    Setting("depth-epochs", 10, quick=1, minimum=1, help="epochs of plain and residual networks"),
    Setting("image", None, type=Path, help="a photo of your hand to read, any size and format"),
]

MINIBATCH = 32
RATE = 0.001  # Adam's, going down to 0 along a cosine
MOMENTUM = 0.9  # of batch norm's averages: a few hundred steps are too few for Keras' 0.99
TURN, SHIFT, ZOOM = 0.06, 0.08, 0.1  # augmentation: of a full turn, of the side
DEV_PER_CLASS = 30
QUICK_COUNTS = (300, 60)  # generated pictures

# Plain and residual: narrow ones, on pictures of half the side, without augmentation.
DEPTH_WIDTH, QUICK_DEPTH_PICTURES = 8, 100
GRADIENT_DEPTHS, QUICK_GRADIENT_DEPTHS = (8, 14, 20, 32, 44, 56), (8, 14)
CURVE_DEPTHS, QUICK_CURVE_DEPTHS = (20, 56), (8,)
SHORTCUTS = {"plain": False, "residual": True}
NORMS = {"no norm": False, "batch norm": True}

PHOTOS = "course's test photos"


def main(argv: list[str] | None = None) -> dict:
    """Train, measure, draw; returns the metrics."""
    with start("cnn/residual_networks", argv, SETTINGS) as run:
        photo = read_photo(run["image"]) if run["image"] else None
        few = {"counts": QUICK_COUNTS} if run.quick else {}
        signs = load_signs(run.data_dir, run.seed, **few)
        sets = split(signs, run.seed)
        counts = ", ".join(f"{len(x)} {name}" for name, (x, _) in sets.items())
        run.uses(signs, f"pictures: {counts}")
        if signs.real_test_x is not None:
            run.say("Training pictures are generated; the course's photos are for testing only")
        keras = load_keras()

        keras.utils.set_random_seed(run.seed)
        network, history = train_network(run, sets)
        shares = {name: read(network, x) for name, (x, _) in sets.items()}
        accuracies = {name: accuracy(shares[name], y) for name, (_, y) in sets.items()}
        keys = {"training": "train", "dev": "dev", "test": "test", PHOTOS: "course_photos"}
        run.metrics |= {f"{keys[name]}_accuracy": share for name, share in accuracies.items()}
        run.metrics |= {"parameters": network.count_params(), "costs": history["loss"]}
        run.model(run["network"].lower(), network)
        if PHOTOS in sets:
            kind = "trained on generated pictures"
            run.say(f"{run['network']}: {accuracies[PHOTOS]:.1%} of the {PHOTOS}, {kind}")
        draw_network(run, signs, sets, history, shares)
        if photo is not None:
            read_hand(run, signs, network, photo)

        norms = gradients_by_depth(run, sets["training"])
        run.metrics["gradient_norms"] = norms
        draw_gradients(run, norms)
        curves, before_and_after = train_by_depth(run, sets["training"])
        run.metrics["last_costs_by_depth"] = {
            name: curve["loss"][-1] for name, curve in curves.items()
        }
        run.metrics["gradient_norms_before_and_after_training"] = before_and_after
        draw_depths(run, curves, before_and_after)
    return run.metrics


# --- Data -----------------------------------------------------------------------------------------


def split(signs, seed) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """{set: (pictures, labels (m,))}; the dev set has as many of every class."""
    labels, random = signs.train_y[0], np.random.default_rng(seed)
    classes = [random.permutation(np.flatnonzero(labels == k)) for k in range(labels.max() + 1)]
    dev = np.sort(np.concatenate([of_class[:DEV_PER_CLASS] for of_class in classes]))
    training = np.setdiff1d(np.arange(len(labels)), dev)
    sets = {
        "training": (signs.train_x[training], labels[training]),
        "dev": (signs.train_x[dev], labels[dev]),
        "test": (signs.test_x, signs.test_y[0]),
    }
    if signs.real_test_x is not None:
        sets[PHOTOS] = (signs.real_test_x, signs.real_test_y[0])
    return sets


def scaled(pictures) -> np.ndarray:
    """Pixels in [0, 1]."""
    return pictures / np.float32(255)


def halved(pictures) -> np.ndarray:
    """Pictures of half the side, pixels in [0, 1]: means of 2 x 2."""
    m, height, width, channels = pictures.shape
    blocks = scaled(pictures).reshape(m, height // 2, 2, width // 2, 2, channels)
    return blocks.mean(axis=(2, 4))


# --- Reading hand signs ---------------------------------------------------------------------------


def train_network(run, sets) -> tuple:
    """The network on augmented pictures: the network itself, and its curves by name."""
    import keras

    from dlspec.cnn import residual_networks

    x, y = sets["training"]
    build = getattr(residual_networks, run["network"])
    network = build(x.shape[1:], y.max() + 1, width=run["width"])
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = MOMENTUM
    nearest = {"fill_mode": "nearest", "interpolation": "nearest"}
    augmented = keras.Sequential(
        [
            keras.layers.RandomFlip("horizontal"),
            keras.layers.RandomRotation(TURN, **nearest),
            keras.layers.RandomTranslation(SHIFT, SHIFT, **nearest),
            keras.layers.RandomZoom(ZOOM, **nearest),
            network,
        ]
    )
    augmented.build((None, *x.shape[1:]))
    dev = (scaled(sets["dev"][0]), sets["dev"][1])
    stage = f"{run['network']}, width {run['width']}"
    history = fit(run, stage, augmented, scaled(x), y, run["epochs"], validation_data=dev)
    return network, history


def fit(run, stage, model, x, y, epochs, **options) -> dict[str, list[float]]:
    """Adam with a falling rate on mini-batches; the curves by name."""
    import keras

    steps = -(-len(x) // MINIBATCH) * epochs
    rate = keras.optimizers.schedules.CosineDecay(RATE, steps)
    loss = "sparse_categorical_crossentropy"
    optimizer = keras.optimizers.Adam(rate)
    model.compile(optimizer, loss, metrics=["accuracy"], run_eagerly=run.quick)
    return run.fit(stage, model, x, y, epochs=epochs, batch_size=MINIBATCH, **options)


def read(network, pictures) -> np.ndarray:
    """Probabilities (classes, m)."""
    return network.predict(scaled(pictures), batch_size=60, verbose=0).T


def accuracy(shares, labels) -> float:
    """Share of the labels that the most probable class hits."""
    return float(np.mean(shares.argmax(axis=0) == labels))


def read_hand(run, signs, network, photo) -> None:
    """Say which number the user's hand shows, and draw it beside what the network saw."""
    seen = photo_as_input(photo)
    shares = read(network, seen[None])[:, 0]
    verdict, probability = signs.class_names[shares.argmax()], float(shares.max())
    run.say(f"{run['image']}: {verdict} ({probability:.1%})")
    run.metrics |= {"image_verdict": verdict, "image_probability": probability}
    run.figure(
        "photo", plots.photo_verdict(photo, verdict=verdict, probability=probability, seen=seen)
    )


# --- Plain and residual networks by depth ---------------------------------------------------------


def gradients_by_depth(run, training) -> dict[str, dict[str, float]]:
    """{kind: {depth: norm of the cost's gradient where the first layer ends}} before training."""
    import keras

    from dlspec.cnn.residual_networks import CifarResNet

    x, y = halved(training[0][:MINIBATCH]), training[1][:MINIBATCH]
    depths = QUICK_GRADIENT_DEPTHS if run.quick else GRADIENT_DEPTHS
    norms = {}
    for kind, shortcuts in SHORTCUTS.items():
        for norm, batch_norm in NORMS.items():
            options = {"shortcuts": shortcuts, "batch_norm": batch_norm, "width": DEPTH_WIDTH}
            of_kind = norms[f"{kind}, {norm}"] = {}
            for depth in depths:
                keras.utils.set_random_seed(run.seed)
                model = CifarResNet(depth, x.shape[1:], int(y.max()) + 1, **options)
                of_kind[str(depth)] = gradient_norm(model, x, y)
    return norms


def gradient_norm(model, x, y) -> float:
    """||dJ/da[1]||, a[1] the output of the first layer for a mini-batch, J the mean cost."""
    import keras
    import tensorflow as tf

    first_and_last = [model.get_layer("stem_1_relu").output, model.output]
    probe = keras.Model(model.input, first_and_last)
    with tf.GradientTape() as tape:
        a, probabilities = probe(x, training=True)
        costs = keras.losses.sparse_categorical_crossentropy(y, probabilities)
        J = tf.reduce_mean(costs)
    return float(tf.norm(tape.gradient(J, a)))


def train_by_depth(run, training) -> tuple[dict, dict]:
    """Curves, and gradients at the first layer, of {"plain, 56 layers": ...}, with batch norm."""
    import keras

    from dlspec.cnn.residual_networks import CifarResNet

    x, y = halved(training[0]), training[1]
    if run.quick:
        x, y = x[:QUICK_DEPTH_PICTURES], y[:QUICK_DEPTH_PICTURES]
    probe = x[:MINIBATCH], y[:MINIBATCH]
    curves, norms = {}, {}
    for depth in QUICK_CURVE_DEPTHS if run.quick else CURVE_DEPTHS:
        for kind, shortcuts in SHORTCUTS.items():
            keras.utils.set_random_seed(run.seed)
            options = {"shortcuts": shortcuts, "width": DEPTH_WIDTH}
            model = CifarResNet(depth, x.shape[1:], int(y.max()) + 1, **options)
            stage, before = f"{kind}, {depth} layers", gradient_norm(model, *probe)
            curves[stage] = fit(run, stage, model, x, y, run["depth-epochs"])
            norms[stage] = {"before": before, "after": gradient_norm(model, *probe)}
    return curves, norms


# --- Figures --------------------------------------------------------------------------------------


def draw_network(run, signs, sets, history, shares) -> None:
    """How the network learnt, and what it takes for what."""
    name, names = run["network"], signs.class_names
    run.figure("cost", draw_curves(name, history, "loss", "cross-entropy (nats)"))
    run.figure("accuracy", draw_curves(name, history, "accuracy", "accuracy (%)", 100))
    read_as = {part: of_part.argmax(axis=0)[None] for part, of_part in shares.items()}
    test_x, test_y = sets["test"][0], sets["test"][1][None]
    matrix = plots.confusion_matrix(
        test_y, read_as["test"], class_names=names, title=f"Test pictures read by {name}"
    )
    run.figure("confusion", matrix)
    if PHOTOS in sets:
        title = f"Course's test photos read by {name}, trained on generated pictures"
        matrix = plots.confusion_matrix(
            sets[PHOTOS][1][None], read_as[PHOTOS], class_names=names, title=title
        )
        run.figure("course_photos", matrix)
    wrong = np.sum(read_as["test"] != test_y)
    mistakes = plots.mislabelled(
        test_x,
        test_y,
        read_as["test"],
        probabilities=shares["test"],
        class_names=names,
        title=f"{name}: {wrong} of {test_y.size} test pictures wrong",
    )
    run.figure("mistakes", mistakes)


def draw_curves(name, history, key, ylabel, factor=1):
    """Training and dev set by epoch."""
    series = {
        "training": factor * np.asarray(history[key]),
        "dev": factor * np.asarray(history[f"val_{key}"]),
    }
    return by_epoch(series, f"{name} while learning", ylabel)


def by_epoch(series, title, ylabel):
    """Curves with one number for every epoch."""
    epochs = np.arange(1, 1 + len(next(iter(series.values()))))
    figure = plots.lines(epochs, series, title=title, xlabel="epoch", ylabel=ylabel)
    figure.axes[0].xaxis.get_major_locator().set_params(integer=True)
    return figure


def draw_gradients(run, norms) -> None:
    """Gradients at the first layer by depth, on a logarithmic scale."""
    depths = np.array([int(depth) for depth in next(iter(norms.values()))])
    figure = plots.lines(
        depths,
        {kind: np.array(list(of_kind.values())) for kind, of_kind in norms.items()},
        title="Gradient that reaches the first layer, before training",
        xlabel="layers",
        ylabel="norm of the gradient",
        marker=True,
    )
    figure.axes[0].set_yscale("log")
    figure.axes[0].set_xticks(depths)
    run.figure("gradients_by_depth", figure)


def draw_depths(run, curves, norms) -> None:
    """Plain and residual networks: cost on the training pictures, gradients before and after."""
    costs = {name: np.asarray(curve["loss"]) for name, curve in curves.items()}
    title = "Plain and residual networks on the training pictures"
    figure = by_epoch(costs, title, "cross-entropy (nats)")
    run.figure("plain_and_residual", figure)
    bars = plots.bars(
        norms,
        title="Gradient at the first layer before and after training",
        xlabel="norm of the gradient",
        log=True,
    )
    run.figure("gradients_before_and_after", bars)


if __name__ == "__main__":
    raise SystemExit(execute(main))
