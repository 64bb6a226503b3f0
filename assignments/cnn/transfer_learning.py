"""Transfer learning with MobileNetV2 (course 4, week 2).

180 pictures are too few to learn from scratch what an alpaca looks like: not a sheep, a llama or a
camel.  A backbone that has learnt to tell other things apart sees more.  The same network is
trained three ways, on a ninth, a third and all of the pictures:

    from scratch       random weights, all layers learn, twice as many steps
    frozen features    a pre-trained backbone looks at each picture once, a linear head learns
    fine-tuned         then the last quarter of the layers or all of them learn, at a low rate; the
                       dev set decides which

ImageNet's weights are used if asked for (`--weights imagenet`: Keras fetches them or has them), or
those of a file.  Without either, the backbone is pre-trained in this run on generated pictures of
39 other kinds of things.  That is no ImageNet: expect less of it.

    dlspec run transfer_learning
    dlspec run transfer_learning --weights runs/transfer_learning/backbone.weights.h5
    dlspec run transfer_learning --weights imagenet --size 96
    dlspec run transfer_learning --images MY_FOLDER

MY_FOLDER has one sub-folder per class, two or more; your pictures then take the place of the
alpacas, and files that cannot be read are skipped and named.  Figures: what the backbone learnt on,
augmentations, accuracy by number of examples, curves before and after fine-tuning, test pictures
with predictions, mistakes, confusion matrix.

Share of 400 test pictures, seed 1 (2026-11-21, two cores: 420 s of processor time, longer than
other scripts since the backbone is trained in the run, half of that with --weights of an earlier
run; --quick 20 s).  The backbone names 91 % of unseen pictures of its 39 kinds.

    training pictures      20       60      180
    from scratch         49.5 %   50.2 %   57.2 %
    frozen features      68.2 %   78.2 %   80.8 %
    fine-tuned           71.5 %   78.5 %   79.2 %

Frozen features beat learning from scratch by 19 to 28 points; with the backbone of another run by 9
to 21.  Fine-tuning adds nothing that is beyond chance: so few pictures are what the rule of thumb
says to freeze everything for.
"""

import logging
from pathlib import Path
from typing import NamedTuple

import numpy as np

from dlspec import plots
from dlspec.datasets import batches, load_image_folder, make_alpacas, make_kinds, split_folder
from dlspec.runner import Setting, execute, load_keras, start

SETTINGS = [
    Setting("images", None, type=Path, help="your pictures: a folder with a sub-folder per class"),
    Setting("weights", "generated", help="of the backbone: generated, imagenet, or a .weights.h5"),
    Setting("alpha", 0.35, help="width of MobileNetV2"),
    Setting("size", 64, quick=32, minimum=32, help="side of the pictures in pixels"),
    Setting("examples", 180, quick=18, minimum=18, help="training pictures of alpacas and others"),
    Setting("kinds", 3900, quick=78, minimum=39, help="pictures of other things to pre-train on"),
    Setting("pre-training-epochs", 12, quick=1, minimum=1, help="passes over those"),
    Setting(
        "epochs",
        10,
        quick=1,
        minimum=1,
        help="of fine-tuning, 384 pictures each; twice as many from scratch",
    ),
]

BATCH = 32
SHARES = (9, 3, 1)  # of the training pictures: a ninth, a third, all of them
# The exercise also turns pictures by up to 72 degrees. Alpacas stand upright, and so did all that
# the backbone saw: with turning, heads on its features were 0.5 to 7.5 points worse (two seeds).
AUGMENTED_BY = ("mirror",)
SPLIT = (0.6, 0.15, 0.25)  # of your own pictures: training, dev, test
VIEWS = 2  # augmented versions of each picture that the frozen backbone looks at
HEAD_EPOCHS, HEAD_RATE = 30, 0.002
SCRATCH_RATE, FINE_RATE, PRE_TRAINING_RATE = 0.002, 0.0005, 0.003
NORM_MOMENTUM = 0.9  # the published 0.999 is for a hundred thousand steps, not for a thousand
FREE = {"last quarter": 38, "all": "none"}  # which layers learn: what `freeze` calls it
SCRATCH, FROZEN, FINE = WAYS = ("from scratch", "frozen features", "fine-tuned")


class Pictures(NamedTuple):
    """Pictures (m, size, size, 3) uint8 with their classes (m,)."""

    x: np.ndarray
    y: np.ndarray


def main(argv: list[str] | None = None) -> dict:
    """Get a backbone, train the three ways on few pictures, measure, draw; returns the metrics."""
    with start("cnn/transfer_learning", argv, SETTINGS) as run:
        train, dev, test, names = load_pictures(run)
        keras = load_keras()
        keras.utils.set_random_seed(run.seed)
        logging.getLogger("tensorflow").setLevel("ERROR")  # it warns of every further network
        say_which_weights(run)
        weights = pre_train(run) if run["weights"] == "generated" else run["weights"]
        model = transfer_model(run, len(names), weights)
        advise(run, model, train, names)

        shares = SHARES[-1:] if run.quick else SHARES
        amounts = sorted({max(len(train.y) // share, len(names)) for share in shares})
        scores = Scores(run, dev, test)
        from_scratch(run, scores, train, amounts, len(names))
        trained, before = on_frozen_features(run, scores, model, train, amounts)
        after = by_fine_tuning(run, scores, model, train, amounts, trained)
        best, logits = scores.best(amounts[-1])
        report(run, scores, amounts, len(test.y), best)
        run.model("transfer_model", model)

        draw_augmentations(run, train)
        draw_learning_curve(run, scores, amounts, test)
        draw_training(run, before[amounts[-1]], after)
        draw_predictions(run, test, names, best, logits)
    return run.metrics


# --- Data -----------------------------------------------------------------------------------------


def load_pictures(run) -> tuple[Pictures, Pictures, Pictures, tuple[str, ...]]:
    """Training, dev and test pictures, and the names of the classes."""
    if run["images"] is not None:
        return load_own_pictures(run)
    tests, devs = (40, 20) if run.quick else (400, 120)
    x, y = make_alpacas(tests + devs + run["examples"], size=run["size"], seed=run.seed)
    parts = np.split(np.arange(len(y)), [tests, tests + devs])
    test, dev, train = (Pictures(x[places], y[places]) for places in parts)
    run.uses("generated", f"{run['examples']} training, {devs} dev, {tests} test pictures")
    return train, dev, test, ("other", "alpaca")


def load_own_pictures(run):
    """A folder of the user's: what cannot be read is named, the rest is split."""
    images = load_image_folder(run["images"], run["size"])
    parts = split_folder(images, SPLIT, run.seed)
    counts = [int(np.sum(images.y == k)) for k in range(len(images.class_names))]
    listed = ", ".join(f"{n} {name}" for name, n in zip(images.class_names, counts, strict=True))
    run.uses(str(run["images"]), f"{listed}; {' / '.join(str(len(p.y)) for p in parts)} as "
             "training / dev / test pictures")  # fmt: skip
    for path, reason in images.skipped:
        run.say(f"Skipped {path.relative_to(run['images'].expanduser())}: {reason}")
    run.metrics["skipped"] = [path.name for path, _ in images.skipped]
    train, dev, test = (Pictures(part.x, part.y) for part in parts)
    rank = np.array([np.sum(train.y[:i] == label) for i, label in enumerate(train.y)])
    order = np.lexsort((train.y, rank))  # so that the first few show every class
    return Pictures(train.x[order], train.y[order]), dev, test, images.class_names


# --- Networks -------------------------------------------------------------------------------------


def classifier(run, units: int):
    """MobileNetV2 with random weights and a linear head, all of it to be trained."""
    import keras

    from dlspec.cnn.mobilenet import MobileNetV2

    shape = (run["size"], run["size"], 3)
    backbone = MobileNetV2(shape, alpha=run["alpha"], include_top=False, name="backbone")
    for layer in backbone.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = NORM_MOMENTUM
    x = inputs = keras.Input(shape, name="inputs")
    x = keras.layers.Rescaling(2 / 255, offset=-1.0, name="preprocess_1_scale")(x)
    x = keras.layers.GlobalAveragePooling2D(name="head_1_pool")(backbone(x))
    x = keras.layers.Dropout(0.2, name="head_1_dropout")(x)
    return keras.Model(inputs, keras.layers.Dense(units, name="head_1_linear")(x))


def transfer_model(run, classes: int, weights):
    """A backbone with weights and a new head: one logit for two classes, else one for each."""
    import keras

    from dlspec.cnn.mobilenet import MobileNetV2
    from dlspec.cnn.transfer_learning import alpaca_model
    from dlspec.strategy.transfer_learning import freeze, replace_head

    sides, width = (run["size"], run["size"]), {"alpha": run["alpha"], "weights": weights}
    if classes == 2:  # the pipeline augments, not the model
        return alpaca_model(sides, keras.layers.Identity(name="augmented_before"), **width)
    x = inputs = keras.Input((*sides, 3), name="pictures")
    x = keras.layers.Rescaling(2 / 255, offset=-1.0, name="preprocess_1_scale")(x)
    backbone = MobileNetV2((*sides, 3), include_top=False, **width)
    features = keras.layers.GlobalAveragePooling2D(name="trunk_pool")(backbone(x))
    model = replace_head(keras.Model(inputs, features), classes, "linear", dropout=0.2)
    freeze(model, "all")
    return model


def compile_for(run, model, rate) -> None:
    """Adam, and the cross-entropy from logits of two or of more classes."""
    import keras

    model.compile(keras.optimizers.Adam(rate), *loss_and_accuracy(model.output.shape[-1]))
    get_ready(run, model)


def loss_and_accuracy(outputs: int):
    """Loss and metrics as `compile` takes them."""
    import keras

    if outputs == 1:
        loss = keras.losses.BinaryCrossentropy(from_logits=True)
        return loss, None, [keras.metrics.BinaryAccuracy(name="accuracy", threshold=0.0)]
    return keras.losses.SparseCategoricalCrossentropy(from_logits=True), None, ["accuracy"]


def get_ready(run, model) -> None:
    """Spare TensorFlow work: a graph does not pay off for the few steps of --quick."""
    model.run_eagerly = run.quick
    model.optimizer.build(model.trainable_variables)  # inside a graph it takes ten seconds


def rewinder(model):
    """A function that puts a compiled model back to where it is now."""
    weights = model.get_weights()
    moments = [variable.numpy() for variable in model.optimizer.variables]

    def rewind() -> None:
        model.set_weights(weights)
        for variable, value in zip(model.optimizer.variables, moments, strict=True):
            variable.assign(value)

    return rewind


# --- The backbone ---------------------------------------------------------------------------------


def say_which_weights(run) -> None:
    """Where the knowledge comes from."""
    origin = {
        "generated": f"pre-trained in this run on {run['kinds']:,} generated pictures of other "
        "things (not on ImageNet, and no alpaca among them)",
        "imagenet": "of ImageNet, as keras.applications publishes them",
    }
    where = origin.get(run["weights"], f"of {run['weights']}")
    run.say(f"Backbone: MobileNetV2 of width {run['alpha']:g}, weights {where}")


def pre_train(run) -> Path:
    """Train a backbone on many kinds of things; the file with its weights."""
    from dlspec.cnn.transfer_learning import augmentations

    unseen = 39 * (1 if run.quick else 10)
    x, y, names = make_kinds(run["kinds"] + unseen, size=run["size"], seed=run.seed)
    new, old = slice(0, unseen), slice(unseen, None)
    network, epochs = classifier(run, len(names)), run["pre-training-epochs"]
    compile_for(run, network, falling(PRE_TRAINING_RATE, epochs * -(-run["kinds"] // BATCH)))
    data = batches(x[old], y[old], BATCH, augment=augmentations(AUGMENTED_BY), seed=run.seed)
    run.fit("pre-training", network, data, epochs=epochs, shuffle=False)

    right = network.predict(x[new], verbose=0).argmax(axis=1) == y[new]
    run.metrics["pre_training_unseen_accuracy"] = share = float(right.mean())
    run.say(f"Backbone: names {share:.1%} of {unseen} unseen pictures ({len(names)} kinds)")
    first = np.unique(y[new], return_index=True)[1]
    figure = plots.image_grid(
        x[new][first],
        labels=y[new][first],
        class_names=names,
        columns=13,
        title=f"What the backbone learnt on: {len(names)} kinds, no alpaca among them",
    )
    run.figure("pre_training_kinds", figure)
    path = run.file("backbone.weights.h5")
    network.get_layer("backbone").save_weights(path)
    return path


def falling(rate, steps):
    """A learning rate that goes down to 0 along a cosine."""
    import keras

    return keras.optimizers.schedules.CosineDecay(rate, steps)


def advise(run, model, train, names) -> None:
    """What the rule of thumb says about freezing."""
    from dlspec.strategy.transfer_learning import how_much_to_freeze

    advice = how_much_to_freeze(len(train.y), len(names), layers=154)
    run.say(f"Rule of thumb: {advice.conclusion}")
    run.metrics["advice_to_freeze"] = str(advice.amount)


# --- Three ways -----------------------------------------------------------------------------------


class Scores:
    """Shares of dev and test pictures that each way gets right, by number of examples."""

    def __init__(self, run, dev, test):
        self.run, self.dev, self.test = run, dev, test
        self.dev_accuracy, self.test_accuracy, self.logits = {}, {}, {}

    def add(self, way, count, model) -> None:
        """Measure a trained model, on the test set once and for all."""
        key = way, count
        self.dev_accuracy[key] = accuracy(model, self.dev)
        self.logits[key] = model.predict(self.test.x, verbose=0)
        self.test_accuracy[key] = float(np.mean(classes_of(self.logits[key]) == self.test.y))
        prefix = f"{way.replace(' ', '_').replace('-', '_')}_{count}_examples"
        self.run.metrics[f"{prefix}_dev_accuracy"] = self.dev_accuracy[key]
        self.run.metrics[f"{prefix}_test_accuracy"] = self.test_accuracy[key]

    def best(self, count):
        """The way that is best on the dev set, and its logits of the test pictures."""
        way = max(reversed(WAYS), key=lambda name: self.dev_accuracy[name, count])
        return way, self.logits[way, count]


def classes_of(logits) -> np.ndarray:
    """Predicted classes (m,)."""
    return (logits[:, 0] > 0).astype(int) if logits.shape[1] == 1 else logits.argmax(axis=1)


def accuracy(model, pictures) -> float:
    """Share of the pictures whose class the model names."""
    return float(np.mean(classes_of(model.predict(pictures.x, verbose=0)) == pictures.y))


def pictures_per_epoch(run) -> int:
    """The same for any number of examples, so that all are trained equally long."""
    return BATCH if run.quick else 384


def augmented(run, train, count):
    """Batches for one epoch after another: the first examples again and again, always anew."""
    from dlspec.cnn.transfer_learning import augmentations

    places = np.resize(np.arange(count), pictures_per_epoch(run))
    return batches(
        train.x[places],
        train.y[places, None],
        BATCH,
        augment=augmentations(AUGMENTED_BY),
        seed=run.seed,
    )


def fit(run, way, count, model, train, dev, epochs) -> dict:
    """Train on the first `count` pictures; what was logged."""
    return run.fit(
        f"{way}, {count} examples",
        model,
        augmented(run, train, count),
        epochs=epochs,
        validation_data=(dev.x, dev.y[:, None]),
        shuffle=False,
    )


def from_scratch(run, scores, train, amounts, classes) -> None:
    """The same network, from random weights."""
    network = classifier(run, 1 if classes == 2 else classes)
    epochs = run["epochs"] * (1 if run.quick else 2)
    steps = epochs * -(-pictures_per_epoch(run) // BATCH)
    compile_for(run, network, falling(SCRATCH_RATE, steps))
    rewind = rewinder(network)
    for count in amounts:
        rewind()
        fit(run, SCRATCH, count, network, train, scores.dev, epochs)
        scores.add(SCRATCH, count, network)


def on_frozen_features(run, scores, model, train, amounts) -> tuple[dict, dict]:
    """Only a new head: all weights of the model by number of examples, and what was logged."""
    features, head = split_at_the_head(model)
    compile_for(run, head, HEAD_RATE)
    rewind = rewinder(head)
    dev = features.predict(scores.dev.x, verbose=0), scores.dev.y[:, None]
    trained, logs = {}, {}
    for count in amounts:
        rewind()
        stage, epochs = f"{FROZEN}, {count} examples", 1 if run.quick else HEAD_EPOCHS
        seen = look(run, features, train, count)
        logs[count] = run.fit(stage, head, *seen, epochs=epochs, validation_data=dev)
        trained[count] = model.get_weights()
        scores.add(FROZEN, count, model)
    return trained, logs


def split_at_the_head(model):
    """Pictures -> features, and features -> logits: two models that share the layers of one."""
    import keras

    pooled = model.get_layer("head_1_dropout").input
    x = inputs = keras.Input(pooled.shape[1:], name="features")
    for name in ("head_1_dropout", "head_1_linear"):
        x = model.get_layer(name)(x)
    return keras.Model(model.input, pooled), keras.Model(inputs, x)


def look(run, features, train, count) -> tuple[np.ndarray, np.ndarray]:
    """Features of several versions of each picture, computed once: the backbone stays as it is."""
    from dlspec.cnn.transfer_learning import augmentations

    x, y = train.x[:count], train.y[:count, None]
    augment, views = augmentations(AUGMENTED_BY), 1 if run.quick else VIEWS
    data = [batches(x, y, 64, augment=augment, shuffle=False) for _ in range(views)]
    seen = [features.predict(x, verbose=0), *(features.predict(d, verbose=0) for d in data)]
    return np.concatenate(seen), np.tile(y, (len(seen), 1))


def by_fine_tuning(run, scores, model, train, amounts, trained) -> dict:
    """Free the last quarter of the layers, or all of them, whichever suits the dev set better."""
    from dlspec.strategy.transfer_learning import fine_tune

    loss, _, metrics = loss_and_accuracy(model.output.shape[-1])
    found = {count: [] for count in amounts}
    for name, amount in list(FREE.items())[: 1 if run.quick else None]:
        fine_tune(model, amount, loss, learning_rate=FINE_RATE, metrics=metrics)
        get_ready(run, model)
        rewind = rewinder(model)
        for count in amounts:
            rewind()
            model.set_weights(trained[count])
            stage = f"{FINE} ({name})"
            log = fit(run, stage, count, model, train, scores.dev, run["epochs"])
            found[count].append((log["val_loss"][-1], name, model.get_weights(), log))
    for count in amounts:
        _, name, weights, log = min(found[count], key=lambda trial: trial[0])
        model.set_weights(weights)
        scores.add(FINE, count, model)
        run.metrics[f"fine_tuned_{count}_examples_free_layers"] = name
    return log


# --- What came out --------------------------------------------------------------------------------


def report(run, scores, amounts, tests, best) -> None:
    """Say which way beats which, and where the difference may be chance."""
    for count in amounts:
        shares = {way: scores.test_accuracy[way, count] for way in WAYS}
        told = ", ".join(f"{way} {share:.1%}" for way, share in shares.items())
        run.say(f"{count} examples: {told} of {tests} test pictures")
        for better, worse in ((FROZEN, SCRATCH), (FINE, FROZEN)):
            run.say(f"  {compare(better, worse, shares[better], shares[worse], tests)}")
    run.say(f"Best on the dev set with {amounts[-1]} examples: {best}")
    run.metrics["best_on_dev"] = best
    run.metrics["examples"] = amounts
    for way in WAYS:
        curve = [scores.test_accuracy[way, count] for count in amounts]
        run.metrics[f"{way.replace(' ', '_').replace('-', '_')}_test_accuracies"] = curve


def compare(better, worse, p, q, m) -> str:
    """A sentence; two standard errors of the difference are the line."""
    margin = 2 * np.sqrt((p * (1 - p) + q * (1 - q)) / m)
    if p - q > margin:
        return f"{better} beats {worse} by {100 * (p - q):.1f} points"
    if q - p > margin:
        return f"{better} does NOT beat {worse}: it is worse by {100 * (q - p):.1f} points"
    return (
        f"{better} does not clearly beat {worse}: {100 * (p - q):+.1f} points, "
        f"and up to {100 * margin:.1f} either way are chance"
    )


# --- Figures --------------------------------------------------------------------------------------


def draw_augmentations(run, train) -> None:
    """One picture as the augmenter of the exercise shows it, and as each of the lecture does."""
    from dlspec.cnn.transfer_learning import AUGMENTATIONS, augmentations, data_augmenter

    picture = train.x[[int(np.argmax(train.y == 1))]].astype(np.float32)
    augmenter = data_augmenter()
    views = {"as it is": picture}
    views |= {f"augmenter {i}": augmenter(picture, training=True) for i in range(1, 8)}
    for name in AUGMENTATIONS:
        views[name] = augmentations([name], seed=run.seed + 4)(picture, training=True)
    for i in (1, 2):
        views[f"all six, {i}"] = augmentations(seed=run.seed + i)(picture, training=True)
    shown = np.concatenate([np.clip(np.asarray(view), 0, 255) for view in views.values()])
    figure = plots.image_grid(
        shown.astype(np.uint8),
        labels=np.arange(len(views)),
        class_names=[name.replace("_", " ") for name in views],
        title="One training picture, augmented: data_augmenter above, the lecture's below",
    )
    run.figure("augmentations", figure)


def draw_learning_curve(run, scores, amounts, test) -> None:
    """Accuracy of the three ways by number of examples."""
    curves = {
        way: [100 * scores.test_accuracy[way, count] for count in amounts] for way in WAYS
    } | {"always the same answer": [100 * np.bincount(test.y).max() / len(test.y)] * len(amounts)}
    figure = plots.lines(
        np.array(amounts),
        {name: np.array(values) for name, values in curves.items()},
        title="What a pre-trained backbone is worth when examples are few",
        xlabel="training pictures",
        ylabel="test accuracy (%)",
        marker=True,
    )
    run.figure("learning_curve", figure)


def draw_training(run, before, after) -> None:
    """Accuracy before and after layers of the backbone are freed."""
    parts = {"training, augmented": "accuracy", "dev": "val_accuracy"}
    curves = {name: 100 * np.array(before[key] + after[key]) for name, key in parts.items()}
    epochs = len(before["accuracy"])
    figure = plots.lines(
        np.arange(1, len(curves["dev"]) + 1),
        curves,
        title=f"Head on frozen features up to epoch {epochs}, then fine-tuning",
        xlabel="epoch",
        ylabel="accuracy (%)",
    )
    run.figure("training", figure)


def draw_predictions(run, test, names, best, logits) -> None:
    """Test pictures with the answers of the best way, its mistakes, and what is taken for what."""
    answers = classes_of(logits)
    shown = {"predictions": answers, "probabilities": probabilities(logits), "class_names": names}
    title = f"Test pictures: {best}"
    sheet = {name: value[..., :24] for name, value in shown.items() if name != "class_names"}
    grid = plots.image_grid(
        test.x[:24], labels=test.y[:24], class_names=names, title=title, **sheet
    )
    run.figure("predictions", grid)
    wrong = f"{np.sum(answers != test.y)} of {len(test.y)} test pictures wrong: {best}"
    run.figure("mistakes", plots.mislabelled(test.x, test.y, title=wrong, **shown))
    matrix = plots.confusion_matrix(test.y, answers, class_names=names, title=title)
    run.figure("confusion", matrix)


def probabilities(logits) -> np.ndarray:
    """Of class 1, (m,), from one logit; of every class, (classes, m), from several."""
    logits = logits.astype(np.float64)
    if logits.shape[1] == 1:
        return 1 / (1 + np.exp(-logits[:, 0]))
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    return (shares / shares.sum(axis=1, keepdims=True)).T


if __name__ == "__main__":
    raise SystemExit(execute(main))
