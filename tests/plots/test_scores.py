"""Confusion matrix and bars: the numbers that are written are the numbers that are true."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from dlspec._complaints import InvalidType, InvalidValue
from dlspec.plots import bars, confusion_matrix
from dlspec.plots._style import color_of
from tests.complaints import complaints_test


def _cells(fig):
    return {tuple(map(int, t.get_position()[::-1])): t.get_text() for t in fig.axes[0].texts}


# By hand: class 0 right twice and once taken for 2; class 1 once right; class 2 never occurs.
LABELS = np.array([0, 0, 0, 1])
PREDICTIONS = np.array([0, 2, 0, 1])


@pytest.mark.parametrize("form", [np.asarray, np.atleast_2d, list, lambda a: a.astype(float)])
def test_cells_against_a_count_by_hand(form):
    fig = confusion_matrix(form(LABELS), form(PREDICTIONS))
    assert _cells(fig) == {
        (0, 0): "2\n67 %",
        (0, 1): "0\n0 %",
        (0, 2): "1\n33 %",
        (1, 0): "0\n0 %",
        (1, 1): "1\n100 %",
        (1, 2): "0\n0 %",
        (2, 0): "0",
        (2, 1): "0",
        (2, 2): "0",
    }
    assert fig.get_suptitle() == "Confusion matrix\naccuracy 75.0 % (3 of 4)"


def test_shades_are_parts_of_the_row():
    picture = confusion_matrix(LABELS, PREDICTIONS).axes[0].images[0]
    np.testing.assert_allclose(picture.get_array(), [[2 / 3, 0, 1 / 3], [0, 1, 0], [0, 0, 0]])
    assert picture.get_clim() == (0, 1)


def test_rows_are_true_and_columns_predicted_classes_by_name():
    fig = confusion_matrix([0, 1], [1, 1], class_names=["non-cat", "cat", "dog"], title="Cats")
    (ax,) = fig.axes
    assert (ax.get_ylabel(), ax.get_xlabel()) == ("true class", "predicted class")
    for axis in (ax.xaxis, ax.yaxis):
        assert [text.get_text() for text in axis.get_ticklabels()] == ["non-cat", "cat", "dog"]
    assert _cells(fig)[0, 1] == "1\n100 %"
    assert _cells(fig)[1, 0] == "0\n0 %"
    assert fig.get_suptitle() == "Cats: accuracy 50.0 % (1 of 2)"


def _luminance(rgb):
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    return np.dot([0.2126, 0.7152, 0.0722], linear)


def test_text_is_readable_on_every_shade():
    """Contrast of at least 4.5 to 1, the limit for small text in WCAG 2."""
    labels = np.repeat(np.arange(30), 30)
    predictions = np.where(np.tile(np.arange(30), 30) <= labels, labels, 29)
    (ax,) = confusion_matrix(labels, predictions).axes
    (picture,) = ax.images
    shades = picture.cmap(picture.norm(picture.get_array()))
    for text in ax.texts:
        column, row = text.get_position()
        light, dark = sorted(
            [_luminance(shades[row, column, :3]), _luminance(to_rgb(text.get_color()))]
        )[::-1]
        assert (light + 0.05) / (dark + 0.05) >= 4.5


def _bars(values, **options):
    return bars(values, title="Time", xlabel="seconds", **options)


def _ends(fig):
    return [patch.get_width() for patch in fig.axes[0].patches]


def test_bars_stand_in_the_order_given_with_their_numbers():
    fig = _bars({"ours": 0.5, "theirs": 2, "nobody's": 0})
    (ax,) = fig.axes
    assert _ends(fig) == [0.5, 2, 0]
    assert [text.get_text() for text in ax.texts] == ["0.5", "2", "0"]
    assert [text.get_text() for text in ax.get_yticklabels()] == ["ours", "theirs", "nobody's"]
    assert ax.get_ylim()[0] > ax.get_ylim()[1]
    assert [patch.get_y() + 0.4 for patch in ax.patches] == pytest.approx(list(ax.get_yticks()))
    assert ax.get_legend() is None
    assert (fig.get_suptitle(), ax.get_xlabel()) == ("Time", "seconds")


def test_numbers_stand_outside_the_ends_of_their_bars():
    right, left = _bars({"gain": 0.3, "loss": -0.5}).axes[0].texts
    assert (right.get_ha(), right.xy[0], right.xyann[0]) == ("left", 0.3, 4)
    assert (left.get_ha(), left.xy[0], left.xyann[0]) == ("right", -0.5, -4)


def test_a_name_has_one_colour_in_all_groups():
    fig = _bars({"small": {"train": 1.0, "test": 0.7}, "large": {"test": 0.8}}, fmt="{:.0%}")
    (ax,) = fig.axes
    assert _ends(fig) == [1.0, 0.7, 0.8]
    drawn = [patch.get_facecolor()[:3] for patch in ax.patches]
    assert drawn == [to_rgb(color_of(i)) for i in (0, 1, 1)]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["train", "test"]
    assert [text.get_text() for text in ax.get_yticklabels()] == ["small", "large"]
    assert [text.get_text() for text in ax.texts] == ["100%", "70%", "80%"]


@pytest.mark.parametrize(
    ("reference", "label"),
    [(3, "reference 3"), (("goal", 3.0), "goal 3"), (np.float32(3), "reference 3")],
)
def test_the_reference_line_stands_at_its_number_inside_the_axes(reference, label):
    (ax,) = _bars({"ours": 0.5}, reference=reference).axes
    (line,) = ax.lines
    assert line.get_xdata() == [3, 3]
    assert ax.texts[-1].get_text() == label
    assert ax.texts[-1].xy[0] == 3
    assert ax.get_xlim()[0] == 0
    assert ax.get_xlim()[1] > 3


def test_a_logarithmic_scale_shows_all_bars():
    (ax,) = _bars({"ours": 0.01, "theirs": 100}, log=True, reference=1000).axes
    assert ax.get_xscale() == "log"
    assert ax.get_xlim()[0] < 0.01
    assert ax.get_xlim()[1] > 1000


@pytest.mark.parametrize("values", [{"a": 0}, {"a": -1}, {"a": 1e-300}, {"a": 1e300}])
@pytest.mark.filterwarnings("error")
def test_any_number_can_be_drawn(values):
    (ax,) = _bars(values).axes
    ax.figure.draw_without_rendering()
    assert ax.get_xlim()[0] <= min(0, values["a"])
    assert ax.get_xlim()[1] >= max(0, values["a"])


COMPLAINTS = [
    (
        lambda tmp: _bars({"a": 1}, fmt="{:d}"),
        InvalidValue,
        "`fmt` must write one number, such as \"{:.3g}\". Received: '{:d}'.",
    ),
    (
        lambda tmp: confusion_matrix([], []),
        InvalidValue,
        "`labels` must hold at least one number. Received: shape (0,).",
    ),
    (
        lambda tmp: confusion_matrix([[0, 1]], [0, 1, 1]),
        InvalidValue,
        "`predictions` must have shape (m=2,). Received: (3,). `labels` sets m=2.",
    ),
    (
        lambda tmp: confusion_matrix([0, 1], [0.2, 0.9]),
        InvalidValue,
        "`predictions` must hold class ids, whole numbers from 0. Received: 2 other values such as "
        "0.2.",
    ),
    (
        lambda tmp: confusion_matrix([0, 1], [0, 2], class_names=["a", "b"]),
        InvalidValue,
        "`class_names` must name every class up to 2. Received: 2 names. `predictions` holds "
        "class 2.",
    ),
    (
        lambda tmp: confusion_matrix([0, 40], [0, 1]),
        InvalidValue,
        "`labels` must hold at most 40 classes. Received: 41.",
    ),
    (
        lambda tmp: confusion_matrix(["cat"], ["cat"]),
        InvalidType,
        "`labels` must be an array of real numbers. Received: list of dtype <U3.",
    ),
    (lambda tmp: _bars([1, 2]), InvalidType, "`values` must be a dictionary. Received: list."),
    (
        lambda tmp: _bars({"a": {}}),
        InvalidValue,
        "`values['a']` must hold at least one entry. Received: an empty dictionary.",
    ),
    (
        lambda tmp: _bars({"a": float("nan")}),
        InvalidValue,
        "`values['a']` must be a finite number. Received: nan.",
    ),
    (
        lambda tmp: _bars({"a": {"b": "much"}}),
        InvalidType,
        "`values['a']['b']` must be a real number. Received: 'much' (str).",
    ),
    (
        lambda tmp: _bars({"a": {"b": 1}, "c": 2}),
        InvalidType,
        "`values` must hold numbers only or dictionaries only. Received: both, 'c' is no "
        "dictionary.",
    ),
    (
        lambda tmp: _bars({"a": 0}, log=True),
        InvalidValue,
        "`values` must be above 0 on a logarithmic scale. Received: 0. Use log=False.",
    ),
    (
        lambda tmp: _bars({"a": 1}, log=True, reference=-1),
        InvalidValue,
        "`reference` must be above 0 on a logarithmic scale. Received: -1. Use log=False.",
    ),
    (
        lambda tmp: _bars({"a": 1}, reference=("goal",)),
        InvalidValue,
        "`reference` must be a number or (label, number). Received: ('goal',).",
    ),
    (
        lambda tmp: _bars({"a": 1}, reference=("goal", "high")),
        InvalidType,
        "`reference[1]` must be a real number. Received: 'high' (str).",
    ),
    (
        lambda tmp: _bars({"a": 1}, fmt="%.2f"),
        InvalidValue,
        "`fmt` must write one number, such as \"{:.3g}\". Received: '%.2f'.",
    ),
]


test_complaints = complaints_test(COMPLAINTS)
