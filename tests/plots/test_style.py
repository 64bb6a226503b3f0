"""The one look: what must hold for every figure of the package."""

import io
import pathlib
import re
import subprocess
import sys

import matplotlib
import matplotlib.style
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from dlspec import plots
from dlspec.plots import _style


def _frozen(values):
    array = np.array(values)
    array.flags.writeable = False
    return array


_RANDOM = np.random.default_rng(0)
X = _frozen(_RANDOM.normal(size=(2, 30)))
Y = _frozen((X[:1] > 0).astype(int))
PHOTOS = _frozen(_RANDOM.integers(0, 256, size=(10, 8, 8, 3), dtype=np.uint8))
LABELS = _frozen([[0, 1, 0, 1, 0, 1, 0, 1, 0, 1]])
PREDICTIONS = _frozen([[0, 1, 0, 1, 0, 0, 0, 0, 1, 1]])
A = _frozen(np.where(PREDICTIONS == 1, 0.8, 0.3))
NAMES = ("non-cat", "cat")
COSTS = _frozen([0.69, 0.5, 0.4])
LONG = "A title that is so long that it must be broken more than once to stay inside its figure"


def _right_half(points):
    return points[0] > 0


FIGURES = {
    "cost_curve": lambda: plots.cost_curve(COSTS, every=100),
    "cost_curve of one": lambda: plots.cost_curve([0.69], title=LONG),
    "cost_curve of several": lambda: plots.cost_curve({"a": COSTS, "b": COSTS / 30}, log=True),
    "lines": lambda: plots.lines(
        X[0], {"tanh": np.tanh(X[0])}, title=LONG, xlabel="z", ylabel="a", marker=True
    ),
    "scatter": lambda: plots.scatter(X, Y, title=LONG),
    "scatters": lambda: plots.scatters({"a": (X, Y), "b": (X, Y)}, columns=1),
    "decision_boundary": lambda: plots.decision_boundary(_right_half, X, Y, resolution=20),
    "decision_boundaries": lambda: plots.decision_boundaries(
        {name: _right_half for name in "abcde"}, X, Y, resolution=20, title=LONG
    ),
    "descent_paths": lambda: plots.descent_paths(
        lambda w: w[0] ** 2 + w[1] ** 2, {"a": X, "b": -X}, resolution=20, title=LONG
    ),
    "feature_maps": lambda: plots.feature_maps(
        [X, PHOTOS[0], np.abs(X)], ["points", "a photo with a long name", "again"], title=LONG
    ),
    "feature_maps with signs": lambda: plots.feature_maps(
        [X[:, :3], -X[:, :3]], title=LONG, diverging=True
    ),
    "draw_boxes": lambda: plots.draw_boxes(
        [np.zeros((60, 80, 3), np.uint8)] * 2,
        [[[10, 20, 40, 60], [0, 50, 10, 79]], []],
        [[0, 1], []],
        [[0.9, 0.5], []],
        NAMES,
        true_boxes=[[[12, 20, 40, 58]], []],
        captions=["first", "second"],
        title=LONG,
    ),
    "draw_masks": lambda: plots.draw_masks(
        PHOTOS[:2],
        {"true": PHOTOS[:2, ..., 0] % 9, "found": PHOTOS[:2, ..., 1] % 9},
        ["a class with a name", *"bcdefghi"],
        captions=["first", "second"],
        title=LONG,
    ),
    "draw_masks, all void": lambda: plots.draw_masks(
        PHOTOS[:1], {"true": np.full((1, 8, 8), 255)}, see_through=0.5
    ),
    "attention_maps": lambda: plots.attention_maps(
        np.full((3, 2, 4), 0.25), ["7", "end"], ["seven", "and", "a", "half"], title=LONG, panels=2
    ),
    "attention_maps of texts": lambda: plots.attention_maps(
        [np.full((3, 5), 0.2), np.full((2, 8), 0.125)],
        [[*"abc"], [*"de"]],
        [[*"3 may"], [*"3 march", "padding"]],
        ["first", LONG],
        title=LONG,
    ),
    "attention_maps of one": lambda: plots.attention_maps([[[1.0]]], ["a"], ["b"]),
    "attention_maps, one row": lambda: plots.attention_maps(
        [np.eye(1, 12)],
        ["a"],
        ["extraordinarily"] * 12,
        ["one head"],
        title=LONG,
        labels=("q", "k"),
    ),
    "tagged_text": lambda: plots.tagged_text(
        [[("Ada", "NAME"), ("lives", ""), ("in", ""), ("Oslo", "PLACE")] * 9, [("Yes", "")]],
        kinds=["NAME", "PLACE", "A RATHER LONG KIND"],
        wrong=[[False, True, False, False] * 9, [True]],
        title=LONG,
        width=4,
    ),
    "image_grid": lambda: plots.image_grid(
        PHOTOS, labels=LABELS, predictions=PREDICTIONS, probabilities=A, class_names=NAMES, limit=9
    ),
    "image_grid of one": lambda: plots.image_grid(PHOTOS[:1], title=LONG),
    "mislabelled": lambda: plots.mislabelled(PHOTOS, LABELS, PREDICTIONS, probabilities=A),
    "mislabelled, none": lambda: plots.mislabelled(PHOTOS, LABELS, LABELS),
    "piano_roll": lambda: plots.piano_roll(
        {"a": [[0, 1, 64], [1, 2, 66]], LONG[:40]: [[0, 1, 50]]},
        [(0, 4, "Cm7", (0, 3, 7, 10)), (4, 4, "F", (5, 9, 0))],
        title=LONG,
    ),
    "share_columns": lambda: plots.share_columns(
        {
            name: {key: {f"{i:+d}": 0.04 for i in range(-12, 13)} for key in NAMES}
            for name in ("a", LONG[:40])
        },
        title=LONG,
    ),
    "photo_verdict": lambda: plots.photo_verdict(
        PHOTOS[0], verdict="cat", probability=0.87, seen=PHOTOS[1], title="a.jpg"
    ),
    "photo_verdict without seen": lambda: plots.photo_verdict(
        PHOTOS[0], verdict="cat", probability=1, title=LONG
    ),
    "weights_as_image": lambda: plots.weights_as_image(PHOTOS[0].reshape(-1, 1), (8, 8, 3)),
    "weights_as_image of one grey": lambda: plots.weights_as_image(X.ravel(), (6, 10), title=LONG),
    "labelled_points": lambda: plots.labelled_points(
        {"a": (1, 2), LONG[:30]: (300, 4)}, title=LONG, xlabel="x", ylabel="y", log=True
    ),
    "stacked_bars of one": lambda: plots.stacked_bars(
        {"a": {letter: 1 for letter in "abcdefghij"}}, title=LONG, xlabel="x"
    ),
    "stacked_bars": lambda: plots.stacked_bars(
        {"a": {"early": 1, "late": 2}, LONG: {"late": 4}}, title=LONG, xlabel="x", shares=True
    ),
    "confusion_matrix": lambda: plots.confusion_matrix(LABELS, PREDICTIONS, class_names=NAMES),
    "confusion_matrix, long names": lambda: plots.confusion_matrix(
        LABELS, PREDICTIONS, class_names=["disappointed face", "knife and fork"], title=LONG
    ),
    "histograms": lambda: plots.histograms({"a": X[0], "b": X[1]}, title=LONG, xlabel="z"),
    "search_scatter": lambda: plots.search_scatter(
        {"grid": (X[0], X[1], X[0]), "random": (X[1], X[0], np.where(X[0] > 0, X[0], np.nan))},
        title=LONG,
        labels=("x1", "x2"),
        boxes={"grid": ((-1, 1), (0, 1))},
    ),
    "spectrogram": lambda: plots.spectrogram(np.abs(X), 10, 4000, title="Sound"),
    "spectrogram with curves": lambda: plots.spectrogram(
        np.abs(X),
        10,
        4000,
        title=LONG,
        curves={"a label of some length": X[0], "b": X[1, :9]},
        marks={"true": [1, 2], "found": []},
    ),
    "bars": lambda: plots.bars(
        {"ours": 0.3, "theirs": 2}, title="Time", xlabel="s", log=True, reference=("goal", 0.9)
    ),
    "bars in groups": lambda: plots.bars(
        {"a": {"train": 1, "test": -0.7}, "b": {"test": 0.8}}, title=LONG, xlabel="accuracy"
    ),
}


def _png(fig):
    buffer = io.BytesIO()
    fig.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()


def test_every_function_is_drawn_here():
    assert {name.split()[0].rstrip(",") for name in FIGURES} == set(plots.__all__) - {"mask_colors"}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", FIGURES)
def test_read_only_arrays_render_to_png_without_warnings(name):
    fig = FIGURES[name]()
    assert type(fig) is Figure
    assert _png(fig).startswith(b"\x89PNG\r\n")


@pytest.mark.parametrize("name", FIGURES)
def test_everything_lies_inside_the_figure_and_below_its_title(name):
    fig = FIGURES[name]()
    fig.draw_without_rendering()
    boxes = [ax.get_tightbbox() for ax in fig.axes]
    title = fig._suptitle.get_window_extent() if fig.get_suptitle() else None
    top = fig.bbox.y1 if title is None else title.y0
    assert max(box.y1 for box in boxes) <= top
    assert min(box.y0 for box in boxes) >= 0
    assert min(box.x0 for box in boxes) >= 0
    assert max(box.x1 for box in boxes) <= fig.bbox.x1
    if title is not None:
        assert title.x0 >= 0
        assert title.x1 <= fig.bbox.x1
        assert title.y1 <= fig.bbox.y1


@pytest.mark.parametrize("name", FIGURES)
def test_no_text_is_smaller_than_9_or_larger_than_11_points(name):
    fig = FIGURES[name]()
    fig.draw_without_rendering()
    sizes = [t.get_fontsize() for t in fig.findobj(matplotlib.text.Text) if t.get_text().strip()]
    assert sizes
    assert min(sizes) >= 9
    assert max(sizes) <= 11


@pytest.mark.parametrize("name", FIGURES)
def test_the_look_does_not_follow_the_colours_and_grids_of_a_global_style(name):
    plain = _png(FIGURES[name]())
    with matplotlib.rc_context():
        matplotlib.style.use("dark_background")
        matplotlib.rcParams.update(
            {"axes.grid": True, "image.cmap": "gray", "axes.spines.top": False}
        )
        assert _png(FIGURES[name]()) == plain


@pytest.mark.parametrize("name", FIGURES)
def test_settings_of_matplotlib_stay_as_they_are(name):
    before = dict(matplotlib.rcParams)
    _png(FIGURES[name]())
    assert dict(matplotlib.rcParams) == before


def test_neither_pyplot_nor_a_framework_is_imported():
    heavy = ("matplotlib.pyplot", "tensorflow", "keras", "sklearn", "torch", "jax")
    code = (
        "import sys, io, dlspec.plots as plots\n"
        "plots.cost_curve([1.0, 0.5]).savefig(io.BytesIO())\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_no_module_mentions_pyplot_or_shows_a_window():
    folder = pathlib.Path(plots.__file__).parent
    for path in folder.glob("*.py"):
        assert not re.search(r"pyplot|\.show\(|rcParams", path.read_text()), path.name


def test_the_docstring_of_the_package_names_every_function():
    table = plots.__doc__
    assert [name for name in plots.__all__ if not re.search(rf"\b{name}\b", table)] == []


def test_repeated_colours_come_with_another_marker_and_dash():
    n = len(_style.PALETTE)
    looks = {(_style.color_of(i), _style.marker_of(i)) for i in range(4 * n)}
    assert len(looks) == 4 * n
    assert _style.color_of(0) == _style.color_of(n)
    assert _style.dash_of(0) != _style.dash_of(n)


def test_the_pale_colour_is_between_the_class_colour_and_white():
    np.testing.assert_allclose(_style.pale_rgb(1), 0.7 + 0.3 * np.array(to_rgb("#D55E00")))


@pytest.mark.parametrize(
    ("fraction", "text"),
    [(0, "0 %"), (1e-9, "< 1 %"), (0.87, "87 %"), (0.994, "99 %"), (0.999, "> 99 %"), (1, "100 %")],
)
def test_percent_says_nothing_and_all_only_when_it_is_exact(fraction, text):
    assert _style.percent(fraction) == text
