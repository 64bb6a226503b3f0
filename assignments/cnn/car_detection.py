"""Car detection with YOLO (course 4, week 3).

A small YOLO learns to find cars, pedestrians, cyclists, traffic lights and stop signs in street
scenes with one to six of them, by day and at night, some half hidden.  Boxes that it finds in
scenes it has never seen are scored by mean average precision at an IoU of 0.5.  Figures: boxes
found and true, score filter and non-max suppression at work, anchors among the sizes of boxes,
precision-recall curves, average precision by class, the loss while learning.

    dlspec run car_detection
    dlspec run car_detection --images photo.jpg
    dlspec run car_detection --weights yolov2.weights --images FOLDER

`--images` takes a picture, a folder of pictures (the frames of a film, say), or several of both
with commas between.  With `--weights`, a file in Darknet's format such as the public
yolov2.weights, YOLOv2 looks at them at 608 x 608 instead, and nothing is trained; `--classes` and
`--anchors` name the course's coco_classes.txt and yolo_anchors.txt unless --data-dir holds them.
Without it the small YOLO does, which knows drawn streets only: expect little of it on photos.

Average precision with seed 1 in 200 unseen scenes (2026-11-21, two cores: 2 min 42 s; --quick
10 seconds of one core, too few to find anything):

    car            0.78
    pedestrian     0.46
    cyclist        0.61
    traffic light  0.73
    stop sign      0.58
    mean           0.63

Three quarters of the time go into 6 passes over 3200 pictures, a tenth into drawing 1800 scenes.
More passes find more: 14 of them in batches of 16 over 1800 scenes reached 0.66.
"""

from pathlib import Path

import numpy as np

from dlspec import plots
from dlspec._complaints import InvalidValue, sentence
from dlspec._validation import check_fraction
from dlspec.cnn.boxes import anchors_by_kmeans, mean_average_precision
from dlspec.datasets import (
    data_folder,
    find_course_files,
    find_photos,
    make_street_scenes,
    read_photo,
)
from dlspec.runner import Setting, execute, load_keras, start

SETTINGS = [
    Setting("scenes", 1600, quick=24, minimum=10, help="street scenes to learn from"),
    Setting("test-scenes", 200, quick=10, minimum=10, help="street scenes to test on"),
    Setting("epochs", 6, quick=1, minimum=1, help="passes over all scenes and their mirror images"),
    Setting("score", 0.3, help="least score of a box that is drawn, 0 to 1"),
    Setting("iou", 0.45, help="boxes of a class that overlap more suppress one another, 0 to 1"),
    Setting("images", None, type=str, help="pictures of yours: files or folders, with commas"),
    Setting("weights", None, type=Path, help="Darknet weights of YOLOv2 for --images"),
    Setting("classes", None, type=Path, help="names of the classes of --weights, one a line"),
    Setting("anchors", None, type=Path, help="widths and heights of the anchors of --weights"),
    Setting("size", 608, minimum=32, help="side that YOLOv2 sees, a multiple of 32"),
    Setting("width", 1.0, help="filters of the network in --weights, as a share of YOLOv2's"),
]

HEIGHT, WIDTH, CELL = 96, 128, 8  # pixels
ANCHORS = 5
BATCH, RATE = 8, 0.002  # Adam, going down to 0 along a cosine
DRAWN = 60  # boxes at most of a scene before suppression
LEAST = 0.01  # boxes below are not ranked: average precision wants them all, time does not


def main(argv: list[str] | None = None) -> dict:
    """Train, measure, draw; or look at pictures with ready weights.  Returns the metrics."""
    with start("cnn/car_detection", argv, SETTINGS) as run:
        check_fraction("score", run["score"])
        check_fraction("iou", run["iou"])
        photos = find_own_photos(run)
        if run["weights"]:
            look_with_yolov2(run, photos)
        else:
            train_and_measure(run, photos)
    return run.metrics


def train_and_measure(run, photos) -> None:
    """The small YOLO on street scenes; then it looks at the user's pictures."""
    if photos:
        run.say(
            f"No --weights: the small YOLO learns first, then looks at your {len(photos)} pictures."
        )
    sizes = {"height": HEIGHT, "width": WIDTH}
    scenes = make_street_scenes(run["scenes"], seed=2 * run.seed, **sizes)
    unseen = make_street_scenes(run["test-scenes"], seed=2 * run.seed + 1, **sizes)
    run.uses(scenes, f"{len(scenes)} scenes to learn from, {len(unseen)} to test on")
    keras = load_keras()
    keras.utils.set_random_seed(run.seed)

    widths_heights = np.concatenate([b[:, 2:] - b[:, :2] for b in scenes.boxes])
    anchors, mean_iou = anchors_by_kmeans(widths_heights, ANCHORS, seed=run.seed)
    network, log = train(run, keras, scenes, anchors / CELL)

    outputs = network.predict(unseen.images / np.float32(255), verbose=0)
    found = detect(run, outputs, anchors / CELL, LEAST)
    true = [(as_yx(b), c) for b, c in zip(unseen.boxes, unseen.box_classes, strict=True)]
    precision = mean_average_precision(found, true, len(unseen.class_names))
    run.metrics |= {
        "test_map_at_iou_0.5": precision.mean,
        "anchors_mean_iou": mean_iou,
        "parameters": network.count_params(),
        "losses": log["loss"],
        **{
            f"ap_{name.replace(' ', '_')}": float(value)
            for name, value in zip(unseen.class_names, precision.by_class, strict=True)
        },
    }
    run.arrays("anchors", {"pixels": anchors})
    run.model("yolo_tiny", network)

    draw_found(run, unseen, found)
    draw_steps(run, unseen, outputs, anchors / CELL)
    draw_anchors(run, widths_heights, scenes, anchors, mean_iou)
    draw_precision(run, unseen.class_names, precision)
    draw_loss(run, log)
    if photos:
        run.say("Your pictures: by the small YOLO, which has seen drawn streets only")
        look_at_photos(run, network, anchors / CELL, photos, unseen.class_names)


# --- Training and detecting -----------------------------------------------------------------------


def train(run, keras, scenes, anchors) -> tuple:
    """The small YOLO on all scenes and their mirror images: the network, and its losses."""
    from dlspec.cnn import yolo

    mirrored = [
        np.stack([WIDTH - b[:, 2], b[:, 1], WIDTH - b[:, 0], b[:, 3]], 1) for b in scenes.boxes
    ]
    x = np.concatenate([scenes.images, scenes.images[:, :, ::-1]])
    grid = (HEIGHT // CELL, WIDTH // CELL)
    n_classes = len(scenes.class_names)
    y = np.stack(
        [
            yolo.yolo_targets(as_yx(b), c, (HEIGHT, WIDTH), grid, anchors, n_classes)
            for boxes in (scenes.boxes, mirrored)
            for b, c in zip(boxes, scenes.box_classes, strict=True)
        ]
    )
    network = yolo.YOLOTiny((HEIGHT, WIDTH, 3), ANCHORS, n_classes)
    of_pixels = keras.Sequential(
        [keras.Input((HEIGHT, WIDTH, 3)), keras.layers.Rescaling(1 / 255), network]
    )
    epochs = run["epochs"]
    rate = keras.optimizers.schedules.CosineDecay(RATE, epochs * -(-len(x) // BATCH))
    loss = yolo.YoloLoss(anchors, confidence="logistic")
    of_pixels.compile(keras.optimizers.Adam(rate), loss, run_eagerly=run.quick)
    return network, run.fit("small YOLO", of_pixels, x, y, epochs=epochs, batch_size=BATCH)


def as_yx(boxes) -> np.ndarray:
    """(x1, y1, x2, y2), as scenes have them, to (y1, x1, y2, x2)."""
    return boxes[:, [1, 0, 3, 2]]


def detect(run, outputs, anchors, least, shape=(HEIGHT, WIDTH), classes=5) -> list:
    """(boxes, scores, classes) of every picture."""
    from dlspec.cnn.car_detection import detect_objects

    return detect_objects(outputs, anchors, classes, shape, 20, least, run["iou"])


def predict(run, network, photo, anchors, class_names) -> tuple:
    """Boxes in one picture of any size, in its own pixels."""
    from PIL import Image

    height, width = network.input_shape[1:3]
    small = np.asarray(Image.fromarray(photo).resize((width, height), Image.BICUBIC))
    output = network(small[None] / np.float32(255), training=False)
    [found] = detect(run, output, anchors, run["score"], photo.shape[:2], len(class_names))
    return found


# --- Pictures of the user's -----------------------------------------------------------------------


def find_own_photos(run) -> dict[str, Path]:
    """Files of --images by a short name; any that cannot be read is named."""
    if not run["images"]:
        return {}
    photos = find_photos(run["images"])
    for path, reason in photos.skipped:
        run.say(f"Skipped {path}: {reason}")
    return photos.files


def look_with_yolov2(run, photos) -> None:
    """Draw and tell what YOLOv2 with ready weights finds."""
    if not photos:
        advice = "Add --images with files or a folder."
        raise InvalidValue(sentence("weights", "come with pictures to look at", "none", advice))
    class_names = read_class_names(course_file(run, "classes", "coco_classes.txt"))
    anchors = read_anchors(course_file(run, "anchors", "yolo_anchors.txt"))
    load_keras()
    from dlspec.cnn.yolo import YOLOv2, load_darknet_weights

    run.uses("pictures of the user's", f"{len(photos)} of them")
    side = run["size"]
    network = YOLOv2((side, side, 3), len(anchors), len(class_names), run["width"])
    run.metrics["pictures_seen_in_training"] = load_darknet_weights(network, run["weights"])
    look_at_photos(run, network, anchors, photos, class_names)


def course_file(run, option, name) -> Path:
    """The file that an option names, else the course's below --data-dir."""
    path = run[option] or find_course_files([name], data_folder(run.data_dir)).get(name)
    if path is None or not Path(path).is_file():
        expected = f"name a file such as the course's {name}"
        received = path or "nothing, and none below --data-dir"
        raise InvalidValue(sentence(option, expected, received))
    return Path(path)


def read_class_names(path) -> list[str]:
    """One name a line."""
    names = path.read_text(encoding="utf-8").split("\n")
    return [name.strip() for name in names if name.strip()]


def read_anchors(path) -> np.ndarray:
    """Numbers with commas between: width, height, width, height, ... in cells."""
    text = path.read_text(encoding="utf-8")
    try:
        numbers = [float(part) for part in text.replace("\n", ",").split(",") if part.strip()]
    except ValueError:
        numbers = []
    if not numbers or len(numbers) % 2 or min(numbers) <= 0:
        expected = "hold pairs of positive numbers with commas between"
        raise InvalidValue(sentence(str(path), expected, repr(text[:40])))
    return np.reshape(numbers, (-1, 2))


def look_at_photos(run, network, anchors, photos, class_names) -> None:
    """A figure for every picture, and a line of what is in it."""
    run.metrics["objects_found"] = 0
    for name, path in photos.items():
        photo = read_photo(path)
        boxes, scores, classes = predict(run, network, photo, anchors, class_names)
        listed = [f"{class_names[c]} {s:.2f}" for c, s in zip(classes, scores, strict=True)]
        run.say(f"{path.name}: {', '.join(listed) or 'nothing found'}")
        figure = plots.draw_boxes(photo, boxes, classes, scores, class_names, title=path.name)
        run.figure(f"photo_{name}", figure)
        run.metrics["objects_found"] += len(boxes)


# --- Figures --------------------------------------------------------------------------------------


def draw_found(run, unseen, found) -> None:
    """Boxes found in unseen scenes, the true ones dashed."""
    drawn = [tuple(part[f[1] >= run["score"]] for part in f) for f in found[:9]]
    boxes, scores, classes = zip(*drawn, strict=True)
    run.figure(
        "found",
        plots.draw_boxes(
            unseen.images[:9],
            boxes,
            classes,
            scores,
            unseen.class_names,
            true_boxes=[as_yx(b) for b in unseen.boxes[:9]],
            title=f"Found in unseen scenes, score at least {run['score']:g}; true boxes dashed",
        ),
    )


def draw_steps(run, unseen, outputs, anchors) -> None:
    """One scene before the score filter, after it, and after non-max suppression."""
    from dlspec.cnn import car_detection as exercise

    most = int(np.argmax([len(boxes) for boxes in unseen.boxes]))
    xy, wh, p_c, probs = exercise.yolo_head(outputs[most : most + 1], anchors, 5)
    corners = exercise.scale_boxes(exercise.yolo_boxes_to_corners(xy, wh), (HEIGHT, WIDTH))
    stages = {}
    for least in (0.05, run["score"]):
        kept = exercise.yolo_filter_boxes(corners, p_c, probs, least)
        scores, boxes, classes = (np.asarray(part) for part in kept)
        best = np.argsort(-scores, kind="stable")[:DRAWN]
        more = f", the best {DRAWN} drawn" if len(boxes) > DRAWN else ""
        stages[f"score at least {least:g}: {len(boxes)} boxes{more}"] = boxes[best], classes[best]
    [(boxes, _, classes)] = detect(run, outputs[most : most + 1], anchors, run["score"])
    stages[f"after non-max suppression: {len(boxes)}"] = boxes, classes
    figure = plots.draw_boxes(
        [unseen.images[most]] * 3,
        [boxes for boxes, _ in stages.values()],
        [classes for _, classes in stages.values()],
        captions=list(stages),
        title=f"Score filter and non-max suppression, of {np.size(p_c)} boxes",
    )
    for axes in figure.axes:  # so many names would hide the picture
        for text in axes.texts:
            text.set_visible(False)
    run.figure("suppression", figure)


def draw_anchors(run, widths_heights, scenes, anchors, mean_iou) -> None:
    """Sizes of boxes by class, and the anchors among them."""
    figure = plots.scatter(
        widths_heights.T,
        np.concatenate(scenes.box_classes),
        title=f"Sizes of boxes and {ANCHORS} anchors (+); mean IoU with the best {mean_iou:.2f}",
        labels=("width (pixels)", "height (pixels)"),
        class_names=scenes.class_names,
    )
    for color, size, thick in (("white", 20, 6), ("black", 18, 3)):
        style = {"linestyle": "", "marker": "+", "markersize": size, "markeredgewidth": thick}
        figure.axes[0].plot(*anchors.T, color=color, zorder=10, **style)
    run.figure("anchors", figure)


def draw_precision(run, class_names, precision) -> None:
    """Precision-recall curves, and the areas below them."""
    recalls = np.linspace(0, 1, 101)
    curves = {}
    for name, (recall, exact) in zip(class_names, precision.curves, strict=True):
        beyond = [exact[recall >= r].max(initial=0) for r in recalls]
        curves[name] = np.array(beyond)
    run.figure(
        "precision_recall",
        plots.lines(
            recalls,
            curves,
            title="Precision at each recall, unseen scenes, IoU at least 0.5",
            xlabel="recall (true boxes found / true boxes)",
            ylabel="precision (true boxes found / found)",
        ),
    )
    values = dict(zip(class_names, np.nan_to_num(precision.by_class), strict=True))
    title = f"Average precision at an IoU of 0.5; mean {precision.mean:.2f}"
    bars = plots.bars(values, title=title, xlabel="average precision", fmt="{:.2f}")
    run.figure("average_precision", bars)


def draw_loss(run, log) -> None:
    """Loss by epoch."""
    epochs = np.arange(1, len(log["loss"]) + 1)
    run.figure(
        "loss",
        plots.lines(
            epochs,
            {"training": np.array(log["loss"])},
            title="YOLO's loss while learning",
            xlabel="epoch",
            ylabel="loss per picture",
            marker=True,
        ),
    )


if __name__ == "__main__":
    raise SystemExit(execute(main))
