"""Classic networks side by side (course 4, week 2).

LeNet-5 to EfficientNet, built one after the other and measured layer by layer without a picture:
parameters, multiplications, memory for weights and activations, receptive field, seconds to build.
Published accuracies stand beside them.  Figures: what parameters and multiplications buy, where
each network spends them, how the receptive field grows with depth, and a bottleneck block of ResNet
beside an inverted residual of MobileNetV2.

    dlspec run architectures
    dlspec run architectures --network MobileNetV2
    dlspec run architectures --efficientnet B7
    dlspec run architectures --network VGG16 --csv vgg16.csv

Numbers to expect (2026-11-21, two cores, processor time: 25 s, --quick 10 s); multiply-adds for one
picture, all outputs of layers in MB, receptive field of the last map:

    network           parameters   mult-adds   outputs   field   published top-1
    LeNet5                61,706       0.4 M    0.04 MB      16
    AlexNet           62,378,344     1,135 M     3.7 MB     195        57.1 %
    VGG16            138,357,544    15,470 M    61.0 MB     212        71.3 %
    GoogLeNet          6,998,552     1,583 M    24.1 MB     715        68.7 %
    ResNet50          25,636,712     3,858 M   148.5 MB     483        74.9 %
    MobileNetV1        4,253,864       569 M    67.4 MB     315        70.4 %
    MobileNetV2        3,538,984       301 M    87.3 MB     491        71.3 %
    EfficientNetB0     5,330,571       388 M    99.6 MB     851        77.1 %

Dense layers hold 94 % of AlexNet's parameters and 89 % of VGG16's, but 5 % and 1 % of their
multiplications.  From 256 channels to 64 and back a bottleneck takes 54.6 M multiply-adds, from 64
to 256 and back an inverted residual 27.5 M, and it hands on a quarter of the numbers.
"""

import csv
import gc
import time
from pathlib import Path

import numpy as np

from dlspec import plots
from dlspec._complaints import InvalidValue, sentence
from dlspec.runner import Setting, execute, load_keras, start

PICTURES = (224, 224, 3)

# Names, builder in its module, arguments, top-1 accuracy on ImageNet's validation pictures in %
# (one crop from the middle).  Sources: Caffe Model Zoo (BVLC AlexNet, BVLC GoogLeNet),
# keras.io/api/applications (VGG, ResNet50, MobileNet, EfficientNet), torchvision's models with
# IMAGENET1K_V1 weights (ResNet18, ResNet34).  LeNet-5 reads digits.
NETWORKS = {
    "LeNet5": ("classic_networks.LeNet5", {}, None),
    "AlexNet": ("classic_networks.AlexNet", {}, 57.1),
    "VGG16": ("classic_networks.VGG16", {}, 71.3),
    "VGG19": ("classic_networks.VGG19", {}, 71.3),
    "GoogLeNet": ("inception.GoogLeNet", {"auxiliary_heads": False}, 68.7),
    "ResNet18": ("residual_networks.ResNet18", {"input_shape": PICTURES, "classes": 1000}, 69.8),
    "ResNet34": ("residual_networks.ResNet34", {"input_shape": PICTURES, "classes": 1000}, 73.3),
    "ResNet50": (
        "residual_networks.ResNet50",
        {"input_shape": PICTURES, "classes": 1000, "layout": "imagenet"},
        74.9,
    ),
    "MobileNetV1": ("mobilenet.MobileNetV1", {}, 70.4),
    "MobileNetV2": ("mobilenet.MobileNetV2", {}, 71.3),
    "EfficientNetB0": ("efficientnet.EfficientNet", {"variant": "B0"}, 77.1),
    "EfficientNetB1": ("efficientnet.EfficientNet", {"variant": "B1"}, 79.1),
    "EfficientNetB2": ("efficientnet.EfficientNet", {"variant": "B2"}, 80.1),
    "EfficientNetB3": ("efficientnet.EfficientNet", {"variant": "B3"}, 81.6),
    "EfficientNetB4": ("efficientnet.EfficientNet", {"variant": "B4"}, 82.9),
    "EfficientNetB5": ("efficientnet.EfficientNet", {"variant": "B5"}, 83.6),
    "EfficientNetB6": ("efficientnet.EfficientNet", {"variant": "B6"}, 84.0),
    "EfficientNetB7": ("efficientnet.EfficientNet", {"variant": "B7"}, 84.3),
}
QUICK = ("LeNet5", "GoogLeNet", "ResNet18", "MobileNetV1", "MobileNetV2")
GROWTH = ("AlexNet", "VGG16", "GoogLeNet", "ResNet18", "ResNet50", "MobileNetV2", "EfficientNetB0")

SETTINGS = [
    Setting("network", None, type=str, choices=NETWORKS, help="only this one, layer by layer"),
    Setting(
        "efficientnet",
        "B2",
        choices=[f"B{i}" for i in range(8)],
        help="the largest of its kind; with --quick there is none",
    ),
    Setting("csv", None, type=str, help="write the table, or the layers of the network, here too"),
]

COLUMNS = (
    "network",
    "layers",
    "parameters",
    "multiplications",
    "weight_bytes",
    "activation_bytes",
    "peak_activation_bytes",
    "receptive_field",
    "build_seconds",
    "top1_percent",
)
SIDES = {1: "1", 2: "1/2", 4: "1/4", 8: "1/8", 16: "1/16", 32: "1/32"}
JOINED = "one place (dense, gates)"


def main(argv: list[str] | None = None) -> dict:
    """Build, measure, draw; returns the metrics."""
    with start("cnn/architectures", argv, SETTINGS) as run:
        run.uses("none", "the networks are measured, not run")
        check_csv(run["csv"])
        keras = load_keras()
        from dlspec.cnn.architectures import layer_costs

        measured = {name: measure(run, name) for name in chosen(run)}
        if run["network"]:
            show_layers(run, *measured.values())
        show_networks(run, measured)
        if run["csv"]:
            write_csv(run, measured)
        record(run, measured)

        draw_sizes(run, measured)
        draw_spending(run, measured)
        draw_fields(run, measured)
        draw_blocks(run, keras, layer_costs)
    return run.metrics


def check_csv(path) -> None:
    """Complain before the work about a file that could not be written after it."""
    if path and not Path(path).absolute().parent.is_dir():
        raise InvalidValue(sentence("csv", "be a file in a folder that exists", path))


def chosen(run) -> list[str]:
    """Names of the networks to measure."""
    if run["network"]:
        return [run["network"]]
    if run.quick:
        return list(QUICK)
    largest = f"EfficientNet{run['efficientnet']}"
    return [name for name in NETWORKS if not name.startswith("Eff") or name <= largest]


# --- Measuring ------------------------------------------------------------------------------------


def measure(run, name) -> dict:
    """Build a network, list its costs, forget it: two at once might not fit into memory."""
    import importlib

    from dlspec.cnn.architectures import layer_costs, summarize

    path, kwargs, accuracy = NETWORKS[name]
    module, builder = path.split(".")
    build = getattr(importlib.import_module(f"dlspec.cnn.{module}"), builder)
    with run.console.status(f"building {name}"):
        begin = time.perf_counter()
        model = build(**kwargs)
        seconds = time.perf_counter() - begin
        found = {
            "rows": layer_costs(model),
            "total": summarize(model),
            "seconds": seconds,
            "accuracy": accuracy,
            "side": model.input_shape[1],
        }
    del model
    gc.collect()
    return found


def numbers(name, found) -> tuple:
    """One line of the table, in the order of COLUMNS."""
    total = found["total"]
    return (
        name,
        total.layers,
        total.parameters,
        total.multiplications,
        total.weight_bytes,
        total.activation_bytes,
        total.peak_activation_bytes,
        total.receptive_field[0],
        round(found["seconds"], 2),
        found["accuracy"],
    )


def record(run, measured) -> None:
    """Fill in the metrics."""
    for name, found in measured.items():
        values = dict(zip(COLUMNS[1:-1], numbers(name, found)[1:-1], strict=True))
        run.metrics[name] = values


# --- Tables ---------------------------------------------------------------------------------------


def show_networks(run, measured) -> None:
    """All networks, a line each."""
    from rich.box import SIMPLE
    from rich.table import Table

    heads = ("", "", "mult-adds", "memory", "peak", "field", "build", "top-1")
    units = ("network", "parameters", "M", "MB", "MB", "px", "s", "%")
    title = "One picture through each network"
    table = Table(box=SIMPLE, pad_edge=False, collapse_padding=True, title=title)
    for head, unit in zip(heads, units, strict=True):
        justify = "left" if unit == "network" else "right"
        table.add_column(f"{head}\n{unit}", justify=justify, no_wrap=True)
    for name, found in measured.items():
        total = found["total"]
        table.add_row(
            name,
            f"{total.parameters:,}",
            f"{total.multiplications / 1e6:,.1f}",
            f"{total.activation_bytes / 1e6:,.1f}",
            f"{total.peak_activation_bytes / 1e6:,.1f}",
            f"{total.receptive_field[0]}",
            f"{found['seconds']:.1f}",
            f"{found['accuracy'] or ''}",
        )
    run.console.print(table)
    run.say(
        "memory: all outputs, as training keeps them; peak: at one time, at test time.  Weights\n"
        "take 4 bytes a parameter.  field: pixels seen by a number of the last map.  top-1:\n"
        "published accuracy on ImageNet."
    )


def show_layers(run, found) -> None:
    """One network, layer by layer."""
    from rich.box import SIMPLE
    from rich.table import Table

    heads = ("layer", "output", "parameters", "mult-adds", "bytes", "field", "jump")
    style = {"box": SIMPLE, "pad_edge": False, "collapse_padding": True}
    table = Table(*heads, title=found["total"].name, **style)
    table.columns[0].overflow = "fold"
    for column in table.columns[1:]:
        column.justify, column.no_wrap = "right", True
    for row in found["rows"]:
        shape = "x".join(map(str, row.output_shape))
        counts = [f"{n:,}" for n in (row.parameters, row.multiplications, row.activation_bytes)]
        places = [f"{pair[0]:g}" for pair in (row.receptive_field, row.jump)]
        table.add_row(row.name, shape, *counts, *places)
    run.console.print(table)


def write_csv(run, measured) -> None:
    """The table, or the layers of the one network, with plain numbers."""
    if run["network"]:
        (found,) = measured.values()
        head, rows = found["rows"][0]._fields, found["rows"]
    else:
        head, rows = COLUMNS, [numbers(name, found) for name, found in measured.items()]
    with open(run["csv"], "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([head, *(map(plain, row) for row in rows)])
    run.say(f"Written: {run['csv']}")


def plain(value):
    """(28, 28, 6) as 28x28x6."""
    return "x".join(f"{entry:g}" for entry in value) if isinstance(value, tuple) else value


# --- Figures --------------------------------------------------------------------------------------


def draw_sizes(run, measured) -> None:
    """What parameters and multiplications buy; LeNet-5, hundreds of times smaller, only alone."""
    points = {
        name + ("" if found["accuracy"] is None else f"\n{found['accuracy']} %"): (
            found["total"].parameters / 1e6,
            found["total"].multiplications / 1e6,
        )
        for name, found in measured.items()
        if name != "LeNet5" or len(measured) == 1
    }
    run.figure(
        "parameters_and_multiplications",
        plots.labelled_points(
            points,
            title="Parameters and multiplications, with published top-1 accuracy on ImageNet",
            xlabel="parameters (millions)",
            ylabel="multiply-adds for one picture (millions)",
            log=True,
        ),
    )


def draw_spending(run, measured) -> None:
    """At which size of the map each network spends its parameters and multiplications."""
    for what in ("parameters", "multiplications"):
        shares = {name: by_side(found, what) for name, found in measured.items()}
        run.figure(
            f"where_{what}_are",
            plots.stacked_bars(
                shares,
                title=f"Where the {what} are: by side of the map / side of the picture",
                xlabel=f"share of the network's {what} (%)",
                shares=True,
            ),
        )


def by_side(found, what) -> dict[str, float]:
    """{side of the map as part of the picture's: sum over the layers}."""
    parts = dict.fromkeys([*SIDES.values(), JOINED], 0)
    for row in found["rows"]:
        is_map = len(row.output_shape) == 3 and row.output_shape[:2] != (1, 1)
        parts[SIDES[row.jump[0]] if is_map else JOINED] += getattr(row, what)
    return parts


def draw_fields(run, measured) -> None:
    """The receptive field on the way through the network, as part of the picture's side."""
    names = [name for name in measured if name in GROWTH or len(measured) <= len(GROWTH)]
    way = np.linspace(0, 100, 201)
    series = {name: field_along(measured[name], way) for name in names}
    figure = plots.lines(
        way,
        series,
        title="Receptive field by depth (padding counts, so it can exceed the picture)",
        xlabel="layers with windows passed (% of the network's)",
        ylabel="field / side of the picture (%)",
    )
    figure.axes[0].axhline(100, color="#666666", linewidth=1, linestyle="--")
    run.figure("receptive_fields", figure)


def field_along(found, way) -> np.ndarray:
    """Field in % of the picture after each share of the layers that have windows."""
    fields = [
        row.receptive_field[0]
        for row in found["rows"]
        if len(row.output_shape) == 3
        and row.output_shape[:2] != (1, 1)
        and ("Conv" in row.kind or "Pooling" in row.kind)
    ]
    fields = np.maximum.accumulate([1, *fields])
    return 100 * fields[(way / 100 * (len(fields) - 1)).astype(int)] / found["side"]


def draw_blocks(run, keras, layer_costs) -> None:
    """Wide - thin - wide with a 3x3 convolution, thin - wide - thin with a depthwise one."""
    x = keras.Input((28, 28, 256), name="wide")
    y = keras.layers.Conv2D(64, 1, use_bias=False, name="1x1 in")(x)
    y = keras.layers.Conv2D(64, 3, padding="same", use_bias=False, name="3x3")(y)
    y = keras.layers.Conv2D(256, 1, use_bias=False, name="1x1 out")(y)
    bottleneck = keras.Model(x, keras.layers.Add(name="sum")([x, y]))
    x = keras.Input((28, 28, 64), name="thin")
    y = keras.layers.Conv2D(256, 1, use_bias=False, name="1x1 in")(x)
    y = keras.layers.DepthwiseConv2D(3, padding="same", use_bias=False, name="3x3")(y)
    y = keras.layers.Conv2D(64, 1, use_bias=False, name="1x1 out")(y)
    inverted = keras.Model(x, keras.layers.Add(name="sum")([x, y]))

    blocks = {
        "bottleneck\n256 - 64 - 64 - 256": layer_costs(bottleneck),
        "inverted residual\n64 - 256 - 256 - 64": layer_costs(inverted),
    }
    spent = {
        name: {row.name: row.multiplications / 1e6 for row in rows[1:4]}
        for name, rows in blocks.items()
    }
    kept = {name: rows[0].activation_bytes / 1e3 for name, rows in blocks.items()}
    run.figure(
        "bottleneck_and_inverted_residual",
        plots.stacked_bars(
            spent,
            title="ResNet's block and MobileNetV2's, 64 and 256 channels of 28 x 28",
            xlabel="multiply-adds (millions)",
        ),
    )
    run.figure(
        "memory_between_blocks",
        plots.bars(
            kept,
            title="What is handed from block to block, and kept for the shortcut",
            xlabel="kilobytes for one picture",
            fmt="{:.0f}",
        ),
    )
    for name, rows in blocks.items():
        key = name.partition("\n")[0].replace(" ", "_")
        run.metrics[f"{key}_multiplications"] = sum(row.multiplications for row in rows)


if __name__ == "__main__":
    raise SystemExit(execute(main))
