"""Neural style transfer: the content of a photo in the style of a painting (course 4, week 4).

Adam changes a picture until VGG-19 answers to it as to the content photo in one layer, and with
the Gram matrices of the style picture in four.  Pictures: yours, else the course's
(louvre_small.jpg and monet.jpg below --data-dir), else a photo of scikit-learn's and a painting
that we draw; of each the middle square is taken.

    dlspec run style_transfer
    dlspec run style_transfer --content me.jpg --style painting.jpg
    dlspec run style_transfer --weights imagenet

ImageNet's weights must be fetched once; a file of them works too.  Without, VGG-19 has random
filters that were never trained, laid out so that their Gram matrices hold colours and strokes all
the same (`fill_random` tells how).  Expect colours, strokes and textures of the style on a content
that keeps its shapes, not the objects of a painting.  More style: --beta 1000; less: --beta 40.

`generated.png` is the picture at its full size.  Figures: content, style and what came out; the
picture on its way; costs; what layers see, and how far from the style each is; more and less style.

Costs with seed 1, 256 pixels, 200 steps, on the pictures that come along (2026-11-21; about 130
seconds of one core, so little more than a minute on two; --quick 12):

                 start      end
    content       0.55     0.13      times alpha = 10
    style         0.170    0.0090    times beta = 160
    total        32.7      2.72      12 times lower
"""

from pathlib import Path

import numpy as np

from dlspec import plots
from dlspec._validation import check_positive
from dlspec.datasets import load_style_pictures
from dlspec.runner import Setting, execute, load_keras, start

SETTINGS = [
    Setting("content", None, type=Path, help="your picture that gives the content"),
    Setting("style", None, type=Path, help="your picture that gives the style"),
    Setting("size", 256, quick=48, minimum=32, help="pixels of the square"),
    Setting("steps", 200, quick=12, minimum=2, help="steps of Adam on the picture"),
    Setting("alpha", 10.0, help="weight of the content, at least 0"),
    Setting("beta", 160.0, help="weight of the style, at least 0"),
    Setting("weights", "random", help="of VGG-19: random, imagenet, or a file of VGG19's"),
    Setting("noise", 0.1, help="on the content picture at the start, 0 to 1"),
    Setting("scales", 5, minimum=1, help="1 changes pixels one by one; more, larger areas too"),
    Setting("learning-rate", 0.03, help="of Adam at the start, above 0; it falls to 0"),
]

# Stages whose first convolution gives the style, and the content layer, that of Gatys et al.  The
# deeper a random layer, the less it tells.
RANDOM, TRAINED = (4, "stage4_2_conv"), (5, "stage4_2_conv")
QUICK = (3, "stage3_2_conv")
SNAPSHOTS = 6
RATIO_SIZE, RATIO_STEPS = 96, 60
RATIOS = (4, 40, 400)  # beta / alpha


def main(argv: list[str] | None = None) -> dict:
    """Transfer the style, measure, draw.  Returns the metrics."""
    with start("cnn/style_transfer", argv, SETTINGS) as run:
        pictures = load_style_pictures(
            run.data_dir, run["content"], run["style"], run["size"], run.seed
        )
        run.uses(pictures, "; ".join(pictures.notes))
        check_positive("learning-rate", run["learning-rate"])
        content, style = (as_floats(picture) for picture in pictures[:2])
        load_keras()

        features, layers = build_features(run, content, style)
        picture, history = transfer(run, features, layers, content, style)
        first, last = history["costs"][0], history["costs"][-1]
        run.metrics |= {
            "start_cost": float(first[0]),
            "end_cost": float(last[0]),
            "times_lower": float(first[0] / last[0]),
            "start_content_cost": float(first[1]),
            "end_content_cost": float(last[1]),
            "start_style_cost": float(first[2]),
            "end_style_cost": float(last[2]),
            "total_costs": history["costs"][:, 0].tolist(),
            "content_layer": features.output_names[-1],
            "style_layers": [name for name, _ in layers],
        }
        save_picture(run, picture)

        draw_result(run, content, style, picture)
        draw_snapshots(run, history)
        draw_costs(run, history["costs"])
        draw_layers(run, features, layers, content, style, picture)
        if not run.quick:
            draw_ratios(run, pictures)
    return run.metrics


# --- The transfer ---------------------------------------------------------------------------------


def build_features(run, content, style) -> tuple:
    """VGG-19 with the weights asked for, every channel of mean 1, and the style layers."""
    from dlspec.cnn import style_transfer as exercise

    random = run["weights"] == "random"
    stages, content_layer = QUICK if run.quick else RANDOM if random else TRAINED
    layers = [(f"stage{i}_1_conv", 1 / stages) for i in range(1, stages + 1)]
    weights = None if random else run["weights"]
    features = exercise.StyleFeatures(content.shape, layers, content_layer, weights=weights)
    both = np.stack([content, style])
    if random:
        run.say("VGG-19 has random filters, never trained (--weights imagenet, or a file)")
        return exercise.fill_random(features, both, run.seed), layers
    run.say(f"VGG-19 has trained filters: {run['weights']}")
    return exercise.rescale_activations(features, both), layers


def transfer(run, features, layers, content, style, **options) -> tuple:
    """The generated picture, and what led to it: costs of every step, snapshots and their steps."""
    from dlspec.cnn import style_transfer as exercise

    steps = run["steps"]
    model = new_model(run, features, layers, steps, run["alpha"], run["beta"])
    targets = exercise.transfer_targets(features, content, style)
    begin = exercise.noisy_start(content, run["noise"], run.seed)
    kept = set(np.unique(np.linspace(0, steps, SNAPSHOTS).round().astype(int)).tolist())

    def advance(state):
        put_back(model, state)
        costs, snapshots = list(state["costs"]), list(state["snapshots"])
        while True:
            if len(costs) in kept:
                snapshots.append(as_bytes(exercise.generated_picture(model, begin)))
            found = exercise.train_step(model, begin, targets, layers)
            costs.append(found)
            history = {"costs": np.array(costs), "snapshots": np.array(snapshots)}
            yield variables(model) | history, found.total

    initial = {"costs": np.zeros((0, 3)), "snapshots": np.zeros((0, *content.shape), np.uint8)}
    state, _ = run.train("style transfer", advance, variables(model) | initial, steps, unit="steps")
    put_back(model, state)
    picture = exercise.generated_picture(model, begin)
    snapshots = [*state["snapshots"], as_bytes(picture)]
    return picture, {
        "costs": state["costs"],
        "snapshots": dict(zip(sorted(kept), snapshots, strict=True)),
    }


def new_model(run, features, layers, steps, alpha, beta):
    """A picture not changed yet, compiled; the learning rate goes down along a cosine."""
    import keras

    from dlspec.cnn import style_transfer as exercise

    rate = keras.optimizers.schedules.CosineDecay(run["learning-rate"], steps)
    model = exercise.StyleTransfer(features, run["scales"])
    exercise.compile_transfer(model, alpha, beta, layers, rate)
    model.optimizer.build(model.trainable_variables)
    return model


def variables(model) -> dict:
    """What a checkpoint must hold: the change of the picture, and Adam's moments."""
    held = [*model.trainable_variables, *model.optimizer.variables]
    return {f"variable_{i}": np.asarray(variable) for i, variable in enumerate(held)}


def put_back(model, state) -> None:
    """The reverse of `variables`."""
    held = [*model.trainable_variables, *model.optimizer.variables]
    for i, variable in enumerate(held):
        variable.assign(state[f"variable_{i}"])


def as_floats(picture) -> np.ndarray:
    """0..255 to 0..1."""
    return picture.astype(np.float32) / 255


def as_bytes(picture) -> np.ndarray:
    """0..1 to 0..255."""
    return (255 * picture).round().astype(np.uint8)


def save_picture(run, picture) -> None:
    """The generated picture at its full size."""
    from PIL import Image

    Image.fromarray(as_bytes(picture)).save(run.file("generated.png"))
    run.say(f"The picture: {run.out / 'generated.png'}")


# --- Figures --------------------------------------------------------------------------------------


def draw_result(run, content, style, picture) -> None:
    """Content, style and what became of them."""
    figure = plots.feature_maps(
        [as_bytes(p) for p in (content, style, picture)],
        ["content", "style", "generated"],
        title=f"Style transfer, {run['steps']} steps, {run['size']} pixels",
        columns=3,
    )
    run.figure("result", figure)


def draw_snapshots(run, history) -> None:
    """The picture on its way."""
    names = [f"after {step} steps" if step else "start" for step in history["snapshots"]]
    pictures = list(history["snapshots"].values())
    run.figure(
        "snapshots", plots.feature_maps(pictures, names, title="The picture is learnt", columns=3)
    )


def draw_costs(run, costs) -> None:
    """The total cost and its two parts."""
    parts = {
        "total": costs[:, 0],
        f"content x {run['alpha']:g}": run["alpha"] * costs[:, 1],
        f"style x {run['beta']:g}": run["beta"] * costs[:, 2],
    }
    drawn = {name: values for name, values in parts.items() if values.min() > 0}
    lower = costs[0, 0] / costs[-1, 0]
    title = f"Cost of the picture: {lower:.1f} times lower after {len(costs)} steps"
    figure = plots.cost_curve(drawn, every=1, log=True, title=title)
    figure.axes[0].set(xlabel="step", ylabel="cost")
    run.figure("costs", figure)


def draw_layers(run, features, layers, content, style, picture) -> None:
    """The mean answer of each style layer to the three pictures, and its cost before and after."""
    from dlspec.cnn import style_transfer as exercise

    answers = [[np.asarray(a) for a in features(p[None])] for p in (content, style, picture)]
    names = [name.removesuffix("_conv") for name, _ in layers]
    maps, titles = [], []
    for i, name in enumerate(names):
        channel = int(answers[0][i].std(axis=(0, 1, 2)).argmax())
        for kind, answer in zip(("content", "style", "generated"), answers, strict=True):
            maps.append(answer[i][0, :, :, channel])
            titles.append(f"{name}, {kind}")
    title = "One channel of each style layer, for the three pictures"
    run.figure("layers", plots.feature_maps(maps, titles, title=title, columns=3))

    of_content, of_style, generated = answers
    costs = {
        name: {
            "content picture": float(exercise.compute_layer_style_cost(s, c)),
            "generated": float(exercise.compute_layer_style_cost(s, g)),
        }
        for name, c, s, g in zip(names, of_content, of_style, generated, strict=False)
    }
    title = "How far from the style, layer by layer"
    run.figure("style_costs", plots.bars(costs, title=title, xlabel="style cost of the layer"))


def draw_ratios(run, pictures) -> None:
    """Small pictures for more and less style."""
    from dlspec.cnn import style_transfer as exercise
    from dlspec.datasets import photo_as_input

    small = [as_floats(photo_as_input(p, RATIO_SIZE)) for p in pictures[:2]]
    features, layers = build_features(run, *small)
    targets = exercise.transfer_targets(features, *small)
    begin = exercise.noisy_start(small[0], run["noise"], run.seed)
    made = {}
    for ratio in RATIOS:
        model = new_model(run, features, layers, RATIO_STEPS, run["alpha"], ratio * run["alpha"])
        for _ in range(RATIO_STEPS):
            exercise.train_step(model, begin, targets, layers)
        made[f"beta / alpha = {ratio:g}"] = as_bytes(exercise.generated_picture(model, begin))
    title = f"More and less style: {RATIO_STEPS} steps at {RATIO_SIZE} pixels"
    run.figure(
        "ratios", plots.feature_maps(list(made.values()), list(made), title=title, columns=3)
    )


if __name__ == "__main__":
    raise SystemExit(execute(main))
