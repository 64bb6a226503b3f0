"""Image segmentation with a U-Net (course 4, week 3).

A U-Net names the class of every pixel of street scenes that it has never seen: sky, road, pavement,
building, tree, vehicle, person, furniture (lights, signs, bins).  Scored by IoU, class by class,
beside a guess that looks at no picture: at every place the class that is there most often.  It gets
most pixels of road and sky right and no person at all, which the share of right pixels hides and
the mean IoU shows.  Figures: scenes with true masks, predicted ones and mistakes; the worst scenes;
IoU by class; who is taken for whom; the loss while learning.

    dlspec run image_segmentation
    dlspec run image_segmentation --images PHOTOS --masks MASKS
    dlspec run image_segmentation --images PHOTOS --weights runs/image_segmentation/unet.keras

With `--images` and `--masks` it learns from your own pictures: a mask has the name of its picture
and holds class ids from 0, as a PNG in greyscale or with a palette (255: no class).  What has no
partner is named.  A fifth is held out to test on; its predicted masks are written as PNG.
`--classes` names a file with the names of the classes, one a line.  With `--weights` nothing is
trained: the network of an earlier run looks at `--images`, and is scored where there are masks.
With `--images` alone the network of this run looks at them, which knows drawn streets only.

IoU with seed 1 in 200 unseen scenes (2026-11-21, two cores: 2 min 50 s; --quick 9 s, too few to
learn anything):

                   U-Net    most frequent class
    sky             0.93           0.65
    road            0.95           0.84
    pavement        0.79           0.44
    building        0.90           0.70
    tree            0.75           0.00
    vehicle         0.71           0.01
    person          0.35           0.00
    furniture       0.41           0.00
    mean            0.72           0.33
    pixels right   93.2 %         79.5 %

The U-Net is a quarter as wide as the course's: 540,864 parameters, not 8,640,471 (--filters 32 has
it as wide, which takes many times as long).  Seven of eight mistakes lie within two pixels of a
border.  The loss weighs rare classes more: a trial without that hardly found a person, IoU 0.05.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from dlspec import plots
from dlspec._complaints import InvalidValue, sentence
from dlspec._validation import check_image_shape
from dlspec.datasets import (
    find_photos,
    load_mask_folder,
    make_street_scenes,
    read_photo,
    write_mask,
)
from dlspec.datasets.image_folder import stratified_split
from dlspec.datasets.mask_folder import VOID
from dlspec.runner import Setting, execute, load_keras, start

SETTINGS = [
    Setting("scenes", 1200, quick=16, minimum=1, help="street scenes to learn from"),
    Setting("test-scenes", 200, quick=8, minimum=1, help="street scenes to test on"),
    Setting("filters", 8, quick=2, minimum=1, help="of the first block; the course has 32"),
    Setting(
        "epochs",
        None,
        quick=1,
        type=int,
        minimum=1,
        help="passes over all pictures and their mirror images (default: as many as show 14,400, "
        "at most 60; 1 with --quick)",
    ),
    Setting("images", None, type=str, help="your pictures: a folder, or files with commas"),
    Setting("masks", None, type=Path, help="folder with a mask for each picture in --images"),
    Setting("classes", None, type=Path, help="names of your classes, one a line"),
    Setting("n-classes", None, type=int, minimum=2, help="of your masks (default: as they hold)"),
    Setting("height", 96, minimum=16, help="that your pictures are scaled to, a multiple of 16"),
    Setting("width", 128, minimum=16, help="likewise"),
    Setting("weights", None, type=Path, help="network of an earlier run, such as unet.keras"),
]

BATCH, RATE = 8, 0.003  # Adam, going down to 0 along a cosine
LOOKS, MOST_EPOCHS = 14_400, 60
SPLIT = (0.8, 0.2)  # of your own pictures: to learn from, to test on
COURSE_PARAMETERS = 8_640_471
REACH = 2  # pixels on both sides of a border that are near it
LISTED = 20  # files that are told one by one
SHOWN_SIDE = 700  # pixels at most of a picture in a figure


class Scenes(NamedTuple):
    """Pictures (m, h, w, 3) uint8, masks (m, h, w) uint8, and of your own ones files and sizes."""

    images: np.ndarray
    masks: np.ndarray
    files: tuple[Path, ...] = ()
    sizes: tuple[tuple[int, int], ...] = ()


def main(argv: list[str] | None = None) -> dict:
    """Train, measure and draw, or use a network of an earlier run.  Returns the metrics."""
    with start("cnn/image_segmentation", argv, SETTINGS) as run:
        check_options(run)
        if run["weights"]:
            use_earlier_network(run)
        else:
            train_and_measure(run)
    return run.metrics


def train_and_measure(run) -> None:
    """A U-Net on generated scenes, or on the user's pictures and masks."""
    photos = find_own_photos(run)
    if photos:
        run.say(
            f"No --masks, no --weights: the U-Net learns from drawn streets first, then looks at "
            f"your {len(photos)} pictures."
        )
    train, test, class_names = load_own_scenes(run) if run["masks"] else make_scenes(run)
    keras = load_keras()
    keras.utils.set_random_seed(run.seed)
    from dlspec.cnn.image_segmentation import unet_model

    network = unet_model(train.images.shape[1:], run["filters"], len(class_names))
    parameters = network.count_params()
    run.say(f"U-Net of {parameters:,} parameters (the course's has {COURSE_PARAMETERS:,})")
    log = fit(run, keras, network, train, test)
    predicted = predict(network, test.images)
    usual = np.broadcast_to(most_frequent(train.masks, len(class_names)), test.masks.shape)

    run.metrics |= {"parameters": parameters, "losses": log["loss"]}
    scores = {
        "U-Net": score(test.masks, predicted, len(class_names)),
        "most frequent class": score(test.masks, usual, len(class_names)),
    }
    report(run, scores, class_names)
    keep_network(run, network, class_names)

    draw_first(run, test, predicted, class_names)
    draw_worst(run, test, predicted, class_names)
    draw_scores(run, scores, class_names)
    draw_confusion(run, test.masks, predicted, class_names)
    draw_loss(run, log)
    write_predictions(run, test, predicted, len(class_names))
    if photos:
        run.say("Your pictures: by the U-Net of this run, which has seen drawn streets only")
        look_at_photos(run, network, photos, class_names)


def use_earlier_network(run) -> None:
    """Scores on the user's pictures and masks, or masks for pictures without."""
    network, class_names = load_network(run)
    n_classes = len(class_names)
    run.metrics["parameters"] = network.count_params()
    if not run["masks"]:
        photos = find_own_photos(run)
        run.uses("pictures of the user's", f"{len(photos)} of them")
        look_at_photos(run, network, photos, class_names)
        return
    pairs = read_pairs(run, *network.input_shape[1:3], n_classes)
    test = Scenes(pairs.images, pairs.masks, pairs.files, pairs.sizes)
    run.uses(pairs.source, f"{len(test.files)} pictures with masks, all to test on")
    predicted = predict(network, test.images)
    scores = {"U-Net": score(test.masks, predicted, n_classes)}
    report(run, scores, class_names)
    draw_first(run, test, predicted, class_names)
    draw_worst(run, test, predicted, class_names)
    draw_scores(run, scores, class_names)
    draw_confusion(run, test.masks, predicted, class_names)
    write_predictions(run, test, predicted, n_classes)


# --- Data -----------------------------------------------------------------------------------------


def check_options(run) -> None:
    """Options that need one another, before any work."""
    if run["masks"] and not run["images"]:
        raise InvalidValue(sentence("masks", "come with the pictures, --images", "no pictures"))
    if run["weights"] and not run["images"]:
        raise InvalidValue(sentence("weights", "come with pictures, --images", "no pictures"))
    for name in ("classes", "n-classes"):
        if run[name] and not (run["masks"] or run["weights"]):
            advice = "The classes of generated scenes are given."
            raise InvalidValue(sentence(name, "come with --masks or --weights", run[name], advice))
    check_image_shape("height, width", (run["height"], run["width"], 3), multiple_of=16)


def make_scenes(run) -> tuple[Scenes, Scenes, tuple[str, ...]]:
    """Generated streets to learn from, others to test on, and the names of the classes."""
    train = make_street_scenes(run["scenes"], seed=2 * run.seed)
    test = make_street_scenes(run["test-scenes"], seed=2 * run.seed + 1)
    run.uses(train, f"{len(train)} scenes to learn from, {len(test)} to test on")
    return Scenes(train.images, train.masks), Scenes(test.images, test.masks), train.mask_names


def load_own_scenes(run) -> tuple[Scenes, Scenes, tuple[str, ...]]:
    """The user's pictures and masks, a fifth of them held out."""
    class_names = read_class_names(run["classes"]) if run["classes"] else None
    check_agreement(run, class_names)
    n_classes = len(class_names) if class_names else run["n-classes"]
    pairs = read_pairs(run, run["height"], run["width"], n_classes)
    if len(pairs.files) < len(SPLIT):
        expected = "hold at least two pairs, one to learn from and one to test on"
        raise InvalidValue(sentence("masks", expected, len(pairs.files)))
    parts = [
        Scenes(
            pairs.images[places],
            pairs.masks[places],
            tuple(pairs.files[i] for i in places),
            tuple(pairs.sizes[i] for i in places),
        )
        for places in stratified_split(np.zeros(len(pairs.files), int), SPLIT, run.seed)
    ]
    train, test = parts
    run.uses(
        pairs.source,
        f"{len(train.files)} pictures with masks to learn from, {len(test.files)} to test on, "
        f"{pairs.n_classes} classes",
    )
    return train, test, class_names or tuple(f"class {c}" for c in range(pairs.n_classes))


def check_agreement(run, class_names) -> None:
    """As many names as classes."""
    if class_names and run["n-classes"] and len(class_names) != run["n-classes"]:
        expected = f"hold as many names as --n-classes says, {run['n-classes']}"
        raise InvalidValue(sentence(str(run["classes"]), expected, len(class_names)))


def read_pairs(run, height, width, n_classes):
    """Pictures with masks; what was converted or skipped is told."""
    pairs = load_mask_folder(run["images"], run["masks"], height, width, n_classes)
    tell(run, "Converted to RGB", pairs.converted)
    tell(run, "Skipped", pairs.skipped)
    run.metrics["skipped"] = [path.name for path, _ in pairs.skipped]
    return pairs


def tell(run, what, entries) -> None:
    """A line for every file, unless there are many."""
    for path, reason in entries[:LISTED]:
        run.say(f"{what}: {path.parent.name}/{path.name} ({reason})")
    if len(entries) > LISTED:
        run.say(f"{what}: {len(entries) - LISTED} more")


def find_own_photos(run) -> dict[str, Path]:
    """Pictures without masks, by a short name; none where masks come with them."""
    if not run["images"] or run["masks"]:
        return {}
    photos = find_photos(run["images"])
    tell(run, "Skipped", photos.skipped)
    return photos.files


def read_class_names(path) -> tuple[str, ...]:
    """One name a line, at least two."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no text in UTF-8"
        raise InvalidValue(sentence(str(path), "be a file of names", reason)) from error
    names = tuple(line.strip() for line in lines if line.strip())
    if len(names) < 2:
        raise InvalidValue(sentence(str(path), "name at least two classes", len(names)))
    return names


# --- Network --------------------------------------------------------------------------------------


def fit(run, keras, network, train, test) -> dict:
    """Adam on all pictures and their mirror images: losses by epoch, of the unseen ones too."""
    x = np.concatenate([train.images, train.images[:, :, ::-1]])
    y = np.concatenate([train.masks, train.masks[:, :, ::-1]])
    epochs = run["epochs"] or int(np.clip(LOOKS // len(x), 1, MOST_EPOCHS))
    of_pixels = keras.Sequential(
        [keras.Input(x.shape[1:]), keras.layers.Rescaling(1 / 255), network]
    )
    rate = keras.optimizers.schedules.CosineDecay(RATE, epochs * -(-len(x) // BATCH))
    loss = weighted_loss(keras, class_weights(train.masks, network.output_shape[-1]))
    of_pixels.compile(keras.optimizers.Adam(rate), loss, run_eagerly=run.quick)
    unseen = test.images[:100], test.masks[:100]
    return run.fit(
        "U-Net", of_pixels, x, y, epochs=epochs, batch_size=BATCH, validation_data=unseen
    )


def class_weights(masks, n_classes) -> np.ndarray:
    """Weight of every id: 1 / sqrt(frequency), a mean of 1 over the pixels; 0 without a class.

    Else the few pixels of a person hardly count, and the network does better to say "building".
    """
    counts = np.bincount(masks[masks != VOID], minlength=n_classes)
    weights = np.zeros(256)
    weights[:n_classes] = 1 / np.sqrt(np.maximum(counts, 1))
    return (weights * counts.sum() / (weights[:n_classes] @ counts)).astype(np.float32)


def weighted_loss(keras, weights):
    """Cross-entropy from logits, every pixel weighted by its true class."""
    ops = keras.ops

    def loss(masks, logits):
        ids = ops.cast(masks, "int32")
        each = keras.losses.sparse_categorical_crossentropy(
            ops.where(ids == VOID, 0, ids), logits, from_logits=True
        )
        return ops.take(ops.convert_to_tensor(weights), ids) * each

    return loss


def predict(network, images) -> np.ndarray:
    """Masks (m, h, w) of pictures of the size of the network."""
    from dlspec.cnn.image_segmentation import predicted_masks

    parts = np.split(images, range(32, len(images), 32))
    logits = (network(part / np.float32(255), training=False) for part in parts)
    return np.concatenate([predicted_masks(part).astype(np.uint8) for part in logits])


def keep_network(run, network, class_names) -> None:
    """Network and names, for --weights."""
    run.model("unet", network)
    run.file("unet.classes.txt").write_text("\n".join(class_names) + "\n", encoding="utf-8")


def load_network(run) -> tuple:
    """The network of --weights and the names of its classes."""
    path = run["weights"].expanduser()
    expected = "be a network of an earlier run, such as runs/image_segmentation/unet.keras"
    if not path.is_file():
        raise InvalidValue(sentence(str(path), expected, "nothing there"))
    keras = load_keras()
    try:
        network = keras.saving.load_model(path, compile=False)
        height, width, n_classes = network.output_shape[1:]
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise InvalidValue(sentence(str(path), expected, "another file")) from error
    if network.input_shape != (None, height, width, 3) or height is None:
        received = f"a network from {network.input_shape} to {network.output_shape}"
        raise InvalidValue(sentence(str(path), expected, received))
    beside = run["classes"] or path.with_suffix(".classes.txt")
    named = run["classes"] or beside.is_file()
    class_names = (
        read_class_names(beside) if named else tuple(f"class {c}" for c in range(n_classes))
    )
    if len(class_names) != n_classes or run["n-classes"] not in (None, n_classes):
        received = run["n-classes"] or f"{len(class_names)} names in {beside}"
        raise InvalidValue(sentence("classes", f"be the network's {n_classes}", received))
    return network, class_names


# --- Scores ---------------------------------------------------------------------------------------


def most_frequent(masks, n_classes) -> np.ndarray:
    """The class that is most often at each place: a mask that looks at no picture."""
    return np.argmax([(masks == c).sum(axis=0) for c in range(n_classes)], axis=0)


def score(truth, predicted, n_classes):
    """Scores over all pixels that have a class."""
    from dlspec.cnn.image_segmentation import confusion_counts, segmentation_scores

    counts = truth != VOID
    return segmentation_scores(confusion_counts(truth[counts], predicted[counts], n_classes))


def report(run, scores, class_names) -> None:
    """A table of classes, and the metrics."""
    from rich.table import Table

    ours, *others = scores.values()
    heads = ["IoU", "share found", *(f"IoU of {name}" for name in list(scores)[1:])]
    table = Table("class", *heads, title="Test pictures, over all pixels")
    for column in table.columns[1:]:
        column.justify = "right"
    for c, name in enumerate(class_names):
        cells = [ours.iou[c], ours.accuracy[c], *(other.iou[c] for other in others)]
        table.add_row(name, *(f"{v:.2f}" if np.isfinite(v) else "none there" for v in cells))
        if np.isfinite(ours.iou[c]):
            run.metrics[f"iou_{name.replace(' ', '_')}"] = float(ours.iou[c])
    table.add_section()
    means = [ours.mean_iou, float(np.nanmean(ours.accuracy)), *(o.mean_iou for o in others)]
    table.add_row("mean", *(f"{value:.2f}" for value in means))
    right = [f"{s.pixel_accuracy:.1%}" for s in (ours, *others)]
    table.add_row("pixels right", right[0], "", *right[1:])
    run.console.print(table)
    run.metrics |= {"test_mean_iou": ours.mean_iou, "test_pixel_accuracy": ours.pixel_accuracy}
    for other in others:
        run.metrics["most_frequent_mean_iou"] = other.mean_iou
        run.metrics["most_frequent_pixel_accuracy"] = other.pixel_accuracy


def near_borders(masks, reach=REACH) -> np.ndarray:
    """Pixels with another class among those at most `reach` rows and columns away."""
    from scipy.ndimage import maximum_filter, minimum_filter

    window = (1, 2 * reach + 1, 2 * reach + 1)
    return maximum_filter(masks, window) != minimum_filter(masks, window)


# --- Figures --------------------------------------------------------------------------------------


def draw_rows(run, name, test, predicted, places, class_names, title) -> None:
    """Pictures with true and predicted masks, and the mistakes alone."""
    true, found = test.masks[places], predicted[places]
    wrong = np.where((true != found) & (true != VOID), found, VOID)
    captions = [test.files[i].name for i in places] if test.files else None
    masks = {"true mask": true, "predicted mask": found, "mistakes alone": wrong}
    run.figure(
        name,
        plots.draw_masks(
            test.images[places], masks, class_names, captions=captions, title=title, limit=5
        ),
    )


def draw_first(run, test, predicted, class_names) -> None:
    """The first test pictures, and how many mistakes lie at borders."""
    counted = test.masks != VOID
    wrong = (test.masks != predicted) & counted
    title = "Test pictures"
    if wrong.any():
        near = near_borders(test.masks)
        share, everywhere = near[wrong].mean(), near[counted].mean()
        run.metrics["mistakes_near_borders"] = float(share)
        title += (
            f"; {share:.0%} of all mistakes lie within {REACH} pixels of a border, where "
            f"{everywhere:.0%} of all pixels do"
        )
    draw_rows(run, "masks", test, predicted, np.arange(min(5, len(predicted))), class_names, title)


def draw_worst(run, test, predicted, class_names) -> None:
    """Where most pixels are wrong."""
    wrong = ((test.masks != predicted) & (test.masks != VOID)).mean(axis=(1, 2))
    places = np.argsort(-wrong, kind="stable")[:4]
    title = f"The worst: {wrong[places[0]]:.0%} of the pixels wrong, {wrong.mean():.0%} on average"
    draw_rows(run, "worst", test, predicted, places, class_names, title)


def draw_scores(run, scores, class_names) -> None:
    """IoU of every class that occurs."""
    groups = {
        name: {who: s.iou[c] for who, s in scores.items() if np.isfinite(s.iou[c])}
        for c, name in enumerate(class_names)
    }
    means = ", ".join(f"{who} {s.mean_iou:.2f}" for who, s in scores.items())
    figure = plots.bars(
        {name: group for name, group in groups.items() if group},
        title=f"IoU by class, test pictures (mean: {means})",
        xlabel="intersection over union",
        fmt="{:.2f}",
    )
    run.figure("iou_by_class", figure)


def draw_confusion(run, truth, predicted, class_names) -> None:
    """Which class is taken for which, pixel by pixel."""
    if len(class_names) > 30:
        run.say("No confusion matrix: it could not be read with so many classes")
        return
    counted = truth != VOID
    figure = plots.confusion_matrix(
        truth[counted],
        predicted[counted],
        class_names=class_names,
        title="Pixels of the test pictures",
    )
    run.figure("confusion", figure)


def draw_loss(run, log) -> None:
    """Loss by epoch, of what is learnt from and of what is not."""
    series = {"learnt from": np.array(log["loss"]), "unseen": np.array(log["val_loss"])}
    figure = plots.lines(
        np.arange(1, len(log["loss"]) + 1),
        series,
        title="Loss while learning",
        xlabel="epoch",
        ylabel="weighted cross-entropy per pixel (nats)",
        marker=True,
    )
    run.figure("loss", figure)


# --- Masks for the user ---------------------------------------------------------------------------


def resized(mask, size) -> np.ndarray:
    """A mask in the size of its picture, (height, width)."""
    from PIL import Image

    return np.asarray(Image.fromarray(mask).resize(size[::-1], Image.Resampling.NEAREST))


def write_predictions(run, test, predicted, n_classes) -> None:
    """Predicted masks of the user's own pictures, as large as these."""
    colors = plots.mask_colors(n_classes)
    for path, size, mask in zip(test.files, test.sizes, predicted, strict=False):
        write_mask(run.file(f"mask_{path.stem}.png"), resized(mask, size), colors)
    if test.files:
        run.say(f"Predicted masks of {len(test.files)} pictures: {run.out / 'mask_*.png'}")


def look_at_photos(run, network, photos, class_names) -> None:
    """A mask, a figure and a line of what is there for every picture."""
    from PIL import Image

    height, width = network.input_shape[1:3]
    colors = plots.mask_colors(len(class_names))
    for name, path in photos.items():
        photo = read_photo(path)
        seen = Image.fromarray(photo).resize((width, height), Image.Resampling.BICUBIC)
        [mask] = predict(network, np.asarray(seen)[None])
        shares = np.bincount(mask.ravel(), minlength=len(class_names)) / mask.size
        most = [c for c in np.argsort(-shares, kind="stable") if shares[c] >= 0.005]
        run.say(f"{path.name}: {', '.join(f'{class_names[c]} {shares[c]:.0%}' for c in most)}")
        write_mask(run.file(f"mask_{name}.png"), resized(mask, photo.shape[:2]), colors)
        shown = Image.fromarray(photo)
        shown.thumbnail((SHOWN_SIDE, SHOWN_SIDE))  # a figure has no more pixels
        small = np.asarray(shown)
        masks = {"predicted mask": [resized(mask, small.shape[:2])]}
        figure = plots.draw_masks([small], masks, class_names, see_through=0.4, title=path.name)
        run.figure(f"photo_{name}", figure)
    run.metrics["pictures_segmented"] = len(photos)


if __name__ == "__main__":
    raise SystemExit(execute(main))
