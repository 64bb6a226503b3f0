"""Points and regions: every one in the colour of its class."""

import numpy as np
import pytest
from matplotlib.colors import to_rgba

from dlspec._complaints import InvalidType, InvalidValue
from dlspec.plots import decision_boundaries, decision_boundary, scatter, scatters
from dlspec.plots._style import color_of, pale_rgb
from tests.complaints import complaints_test

X = np.array([[0.0, 1.0, 2.0, 3.0], [5.0, 4.0, 5.0, 4.0]])
Y = np.array([[0, 1, 0, 2]])


def _left(points):
    return points[0] > 1.5


def _drawn_points(ax):
    """From colour to the points in it, in their order."""
    return {
        tuple(group.get_facecolor()[0]): group.get_offsets().tolist()
        for group in ax.collections
        if len(group.get_offsets()) and group.get_zorder() == 3
    }


def _legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


EXPECTED_POINTS = {
    to_rgba(color_of(0)): [[0, 5], [2, 5]],
    to_rgba(color_of(1)): [[1, 4]],
    to_rgba(color_of(2)): [[3, 4]],
}


@pytest.mark.parametrize("labels", [Y, Y[0], Y.astype(float), Y.tolist()])
def test_scatter_draws_every_point_in_the_colour_of_its_class(labels):
    (ax,) = scatter(X, labels).axes
    assert _drawn_points(ax) == EXPECTED_POINTS
    assert _legend(ax) == ["class 0", "class 1", "class 2"]


def test_a_class_keeps_its_colour_where_others_are_missing():
    (ax,) = scatter(X, np.full((1, 4), 2)).axes
    assert list(_drawn_points(ax)) == [to_rgba(color_of(2))]
    assert _legend(ax) == ["class 2"]


def test_names_and_axis_labels():
    fig = scatter(X, Y, title="Shots", labels=("x (m)", "y (m)"), class_names=["a", "b", "c"])
    (ax,) = fig.axes
    assert fig.get_suptitle() == "Shots"
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("x (m)", "y (m)")
    assert _legend(ax) == ["a", "b", "c"]


def test_all_points_lie_inside_with_some_room():
    (ax,) = scatter(X, Y).axes
    np.testing.assert_allclose(ax.get_xlim(), (-0.24, 3.24))
    np.testing.assert_allclose(ax.get_ylim(), (3.92, 5.08))


def test_a_single_point_has_room_too():
    (ax,) = scatter(X[:, :1], Y[:, :1]).axes
    assert ax.get_xlim() == (-0.5, 0.5)
    assert ax.get_ylim() == (4.5, 5.5)


def test_scatters_has_a_panel_of_its_own_scale_for_each_data_set():
    fig = scatters({"one": (X, Y), "two": (10 * X, Y)}, columns=1)
    one, two = fig.axes
    assert [one.get_title(), two.get_title()] == ["one", "two"]
    assert _drawn_points(one) == EXPECTED_POINTS
    np.testing.assert_allclose(two.get_xlim(), (-2.4, 32.4))
    assert two.get_position().y1 < one.get_position().y0
    assert _legend(one) == ["class 0", "class 1", "class 2"]


def test_the_regions_are_what_predict_says_on_the_grid():
    fig = decision_boundary(_left, X, Y, resolution=6)
    (ax,) = fig.axes
    (picture,) = ax.images
    x1 = np.linspace(-0.24, 3.24, 6)
    expected = np.where((x1 > 1.5)[:, np.newaxis], pale_rgb(1), pale_rgb(0))
    np.testing.assert_array_equal(picture.get_array(), np.broadcast_to(expected, (6, 6, 3)))
    np.testing.assert_allclose(picture.get_extent(), (-0.24, 3.24, 3.92, 5.08))
    assert picture.origin == "lower"
    assert _drawn_points(ax) == EXPECTED_POINTS


def test_the_second_coordinate_points_up():
    (ax,) = decision_boundary(lambda points: points[1] > 4.5, X, Y, resolution=4).axes
    picture = ax.images[0].get_array()
    np.testing.assert_array_equal(picture[0, 0], pale_rgb(0))
    np.testing.assert_array_equal(picture[-1, 0], pale_rgb(1))


def test_predict_is_asked_once_with_points_as_columns():
    asked = []

    def predict(points):
        asked.append(points.shape)
        return np.zeros((1, points.shape[1]))

    decision_boundary(predict, X, Y, resolution=7)
    assert asked == [(2, 49)]


@pytest.mark.parametrize("form", [np.ravel, np.atleast_2d, lambda a: a.astype(float), list])
def test_predict_may_answer_in_a_row_or_a_vector(form):
    (ax,) = decision_boundary(lambda points: form(_left(points)), X, Y, resolution=6).axes
    assert len(np.unique(ax.images[0].get_array().reshape(-1, 3), axis=0)) == 2


def test_the_legend_names_predicted_classes_without_points_too():
    (ax,) = decision_boundary(lambda points: 3 * _left(points), X, Y, resolution=4).axes
    assert _legend(ax) == ["class 0", "class 1", "class 2", "class 3"]


def test_one_region_needs_no_line():
    (ax,) = decision_boundary(lambda points: np.zeros(points.shape[1]), X, Y, resolution=4).axes
    assert len(ax.collections) == 3
    (ax,) = decision_boundary(_left, X, Y, resolution=4).axes
    assert len(ax.collections) == 4


def test_small_multiples_share_their_axes_and_leave_no_empty_panel():
    rules = {"left": _left, "right": lambda p: ~_left(p), "all": lambda p: p[0] < 99}
    fig = decision_boundaries(rules, X, Y, columns=2, resolution=6, labels=("u", "v"))
    assert [ax.get_title() for ax in fig.axes] == ["left", "right", "all"]
    assert len({ax.get_xlim() for ax in fig.axes}) == 1
    assert [ax.get_xlabel() for ax in fig.axes] == ["", "u", "u"]
    assert [ax.get_ylabel() for ax in fig.axes] == ["v", "", "v"]
    left, right, every = [ax.images[0].get_array() for ax in fig.axes]
    np.testing.assert_array_equal(left[0, 0], pale_rgb(0))
    np.testing.assert_array_equal(right[0, 0], pale_rgb(1))
    np.testing.assert_array_equal(every, np.broadcast_to(pale_rgb(1), (6, 6, 3)))
    assert [_drawn_points(ax) for ax in fig.axes] == [EXPECTED_POINTS] * 3


def test_ticks_stand_below_the_last_panel_of_every_column():
    fig = decision_boundaries(dict.fromkeys("abc", _left), X, Y, columns=2, resolution=4)
    shown = [ax.xaxis.get_tick_params()["labelbottom"] for ax in fig.axes]
    assert shown == [False, True, True]


COMPLAINTS = [
    (
        lambda tmp: scatter(X.T, Y),
        InvalidValue,
        "`X` must have shape (2, m). Received: (4, 2). Use X.T.",
    ),
    (
        lambda tmp: scatter(X, [0, 1]),
        InvalidValue,
        "`Y` must have shape (m=4,). Received: (2,). `X` of shape (2, 4) sets m=4.",
    ),
    (
        lambda tmp: scatter(X, Y.T),
        InvalidValue,
        "`Y` must have shape (1, m=4). Received: (4, 1). `X` of shape (2, 4) sets m=4; use Y.T.",
    ),
    (
        lambda tmp: scatter(X, [[-1, 1, 1, 1]]),
        InvalidValue,
        "`Y` must hold class ids, whole numbers from 0. Received: 1 other values such as -1. "
        "Labels -1 and 1 become 0 and 1 with (Y + 1) / 2.",
    ),
    (
        lambda tmp: scatter(X, Y, class_names=["a", "b"]),
        InvalidValue,
        "`class_names` must name every class up to 2. Received: 2 names. `Y` holds class 2.",
    ),
    (
        lambda tmp: scatter(X, Y, class_names="abc"),
        InvalidType,
        "`class_names` must be a list of names. Received: 'abc' (str).",
    ),
    (
        lambda tmp: scatter(X, Y, labels=["x1"]),
        InvalidValue,
        "`labels` must hold the names of the two coordinates. Received: ['x1'].",
    ),
    (
        lambda tmp: scatters({"a": X}),
        InvalidType,
        "`datasets['a']` must be a pair (X, Y). Received: ndarray.",
    ),
    (
        lambda tmp: scatters({"a": (X, Y[:, :3])}),
        InvalidValue,
        "`datasets['a'][1]` must have shape (1, m=4). Received: (1, 3). `datasets['a'][0]` of "
        "shape (2, 4) sets m=4.",
    ),
    (
        lambda tmp: scatters({"a": (X, Y)}, columns=0),
        InvalidValue,
        "`columns` must be at least 1. Received: 0.",
    ),
    (
        lambda tmp: decision_boundary("left", X, Y),
        InvalidType,
        "`predict` must be a function from points (2, k) to class ids (1, k). Received: str.",
    ),
    (
        lambda tmp: decision_boundary(lambda points: points, X, Y, resolution=2),
        InvalidValue,
        "`predict` must return class ids of shape (1, k=4) or (k=4,) for points (2, k=4). "
        "Received: (2, 4).",
    ),
    (
        lambda tmp: decision_boundary(lambda p: np.full(4, 0.3), X, Y, resolution=2),
        InvalidValue,
        "`predict(points)` must hold class ids, whole numbers from 0. Received: 4 other values "
        "such as 0.3. Use (A > 0.5) for probabilities A.",
    ),
    (
        lambda tmp: decision_boundary(_left, X, Y, resolution=1),
        InvalidValue,
        "`resolution` must be at least 2. Received: 1.",
    ),
    (
        lambda tmp: decision_boundaries({"a": _left, "b": None}, X, Y),
        InvalidType,
        "`predictors['b']` must be a function from points (2, k) to class ids (1, k). Received: "
        "NoneType.",
    ),
    (
        lambda tmp: decision_boundaries({}, X, Y),
        InvalidValue,
        "`predictors` must hold at least one entry. Received: an empty dictionary.",
    ),
]


test_complaints = complaints_test(COMPLAINTS)
