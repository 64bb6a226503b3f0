"""Pictures: which are shown, in which order, and what stands below them."""

import numpy as np
import pytest
from matplotlib.colors import same_color

from dlspec._complaints import InvalidType, InvalidValue
from dlspec.plots import image_grid, mislabelled, photo_verdict
from dlspec.plots._style import INK, RIGHT, WRONG
from tests.complaints import complaints_test

PHOTOS = np.arange(5 * 4 * 6 * 3).reshape(5, 4, 6, 3).astype(np.uint8)
LABELS = np.array([[1, 0, 1, 0, 1]])
PREDICTIONS = np.array([[1, 1, 0, 0, 0]])
A = np.array([[0.93, 0.6, 0.1, 0.2, 0.45]])
NAMES = ["non-cat", "cat"]


def _captions(fig):
    return [ax.get_xlabel() for ax in fig.axes]


def _shown(fig):
    return [ax.images[0].get_array() for ax in fig.axes]


def _framed(ax):
    return all(s.get_visible() and same_color(s.get_edgecolor(), WRONG) for s in ax.spines.values())


def test_all_pictures_are_shown_in_their_order():
    fig = image_grid(PHOTOS)
    np.testing.assert_array_equal(_shown(fig), PHOTOS)
    assert _captions(fig) == [""] * 5
    assert fig.get_suptitle() == ""


def test_labels_alone_are_plain_captions():
    fig = image_grid(PHOTOS, labels=LABELS, class_names=NAMES)
    assert _captions(fig) == ["cat", "non-cat", "cat", "non-cat", "cat"]
    assert all(same_color(ax.xaxis.label.get_color(), INK) for ax in fig.axes)
    assert not any(_framed(ax) for ax in fig.axes)


def test_predictions_alone_are_neither_right_nor_wrong():
    fig = image_grid(PHOTOS, predictions=PREDICTIONS[0])
    assert _captions(fig) == ["1", "1", "0", "0", "0"]
    assert all(same_color(ax.xaxis.label.get_color(), INK) for ax in fig.axes)


def test_wrong_predictions_are_framed_coloured_and_say_the_truth():
    fig = image_grid(
        PHOTOS, labels=LABELS, predictions=PREDICTIONS, probabilities=A, class_names=NAMES
    )
    assert _captions(fig) == [
        "cat 0.93",
        "cat 0.60\nis non-cat",
        "non-cat 0.90\nis cat",
        "non-cat 0.80",
        "non-cat 0.55\nis cat",
    ]
    wrong = [False, True, True, False, True]
    assert [_framed(ax) for ax in fig.axes] == wrong
    colors = [ax.xaxis.label.get_color() for ax in fig.axes]
    assert colors == [WRONG if w else RIGHT for w in wrong]


@pytest.mark.parametrize("probabilities", [A, A[0], np.concatenate([1 - A, A]), A.tolist()])
def test_probabilities_are_of_class_1_or_of_every_class(probabilities):
    fig = image_grid(PHOTOS, predictions=PREDICTIONS, probabilities=probabilities)
    assert _captions(fig) == ["1 0.93", "1 0.60", "0 0.90", "0 0.80", "0 0.55"]


def test_softmax_columns_give_the_probability_of_the_predicted_class():
    table = [[0.7, 0.1], [0.2, 0.3], [0.1, 0.6]]
    fig = image_grid(PHOTOS[:2], predictions=[0, 2], probabilities=table)
    assert _captions(fig) == ["0 0.70", "2 0.60"]


def test_a_prediction_below_one_half_keeps_its_own_probability():
    fig = image_grid(PHOTOS[:2], predictions=[1, 0], probabilities=[0.35, 0.7])
    assert _captions(fig) == ["1 0.35", "0 0.30"]


def test_names_may_be_bytes_as_in_h5_files():
    fig = image_grid(PHOTOS, labels=LABELS, class_names=np.array([b"non-cat", b"cat"]))
    assert _captions(fig)[:2] == ["cat", "non-cat"]


@pytest.mark.parametrize(
    ("title", "expected"), [("", "first 2 of 5"), ("Test", "Test (first 2 of 5)")]
)
def test_a_cut_is_told(title, expected):
    fig = image_grid(PHOTOS, labels=LABELS, limit=2, title=title)
    np.testing.assert_array_equal(_shown(fig), PHOTOS[:2])
    assert _captions(fig) == ["1", "0"]
    assert fig.get_suptitle() == expected


def test_columns_break_rows():
    fig = image_grid(PHOTOS, columns=2)
    places = [(round(ax.get_position().x0, 3), round(ax.get_position().y0, 3)) for ax in fig.axes]
    lefts, bottoms = zip(*places, strict=True)
    assert lefts[0] == lefts[2] == lefts[4] < lefts[1] == lefts[3]
    assert bottoms[0] == bottoms[1] > bottoms[2] == bottoms[3] > bottoms[4]


@pytest.mark.parametrize("shape", [(5, 4, 6), (5, 4, 6, 1)])
def test_grey_pictures_run_from_black_to_white(shape):
    grey = np.linspace(0, 0.5, 5 * 4 * 6).reshape(shape)
    fig = image_grid(grey)
    np.testing.assert_array_equal(_shown(fig), grey.reshape(5, 4, 6))
    picture = fig.axes[0].images[0]
    assert (picture.norm.vmin, picture.norm.vmax, picture.cmap.name) == (0, 1, "gray")
    dark = image_grid(np.zeros((1, 2, 2), dtype=np.uint8)).axes[0].images[0]
    assert (dark.norm.vmin, dark.norm.vmax) == (0, 255)


def test_mislabelled_shows_the_most_confident_mistake_first():
    fig = mislabelled(PHOTOS, LABELS, PREDICTIONS, probabilities=A, class_names=NAMES)
    np.testing.assert_array_equal(_shown(fig), PHOTOS[[2, 1, 4]])
    assert _captions(fig) == [
        "non-cat 0.90\nis cat",
        "cat 0.60\nis non-cat",
        "non-cat 0.55\nis cat",
    ]
    assert fig.get_suptitle() == "3 of 5 wrong"


def test_mislabelled_keeps_the_order_without_probabilities():
    fig = mislabelled(PHOTOS, LABELS[0], PREDICTIONS, limit=2, title="Mistakes")
    np.testing.assert_array_equal(_shown(fig), PHOTOS[[1, 2]])
    assert fig.get_suptitle() == "Mistakes (first 2 of 3)"


def test_mislabelled_tells_that_the_most_confident_are_shown():
    fig = mislabelled(PHOTOS, LABELS, PREDICTIONS, probabilities=A, limit=1)
    np.testing.assert_array_equal(_shown(fig), PHOTOS[[2]])
    assert fig.get_suptitle() == "3 of 5 wrong (most confident\n1 of 3)"


def test_mislabelled_says_when_nothing_is_wrong():
    fig = mislabelled(PHOTOS, LABELS, LABELS)
    (ax,) = fig.axes
    assert [text.get_text() for text in ax.texts] == ["No mistakes: all 5 predictions are right."]
    assert fig.get_suptitle() == "0 of 5 wrong"


def test_verdict_shows_both_pictures_and_the_probability():
    fig = photo_verdict(PHOTOS[0], verdict="cat", probability=0.87, seen=PHOTOS[1], title="me.jpg")
    photo, seen, bar = fig.axes
    np.testing.assert_array_equal(photo.images[0].get_array(), PHOTOS[0])
    np.testing.assert_array_equal(seen.images[0].get_array(), PHOTOS[1])
    assert photo.get_title() == "photo\n6 x 4 pixels"
    assert seen.get_title() == "seen by the network\n6 x 4 pixels"
    assert [patch.get_width() for patch in bar.patches] == [1, 0.87]
    assert bar.get_xlim() == (0, 1)
    assert bar.get_xlabel() == "probability of cat"
    assert fig.get_suptitle() == "me.jpg: cat, 87 %"


def test_verdict_without_what_was_seen():
    fig = photo_verdict(PHOTOS[0] / 255, verdict="non-cat", probability=0.999)
    assert len(fig.axes) == 2
    assert fig.get_suptitle() == "non-cat, > 99 %"


PIXELS = "hold uint8 from 0 to 255 or floats from 0 to 1"
COMPLAINTS = [
    (
        lambda tmp: image_grid(PHOTOS[0]),
        InvalidValue,
        "`images` must have shape (m, H, W, 3), (m, H, W, 1) or (m, H, W). Received: (4, 6, 3). "
        "Use images[np.newaxis] for a single picture.",
    ),
    (
        lambda tmp: image_grid(np.zeros((72, 5))),
        InvalidValue,
        "`images` must have shape (m, H, W, 3), (m, H, W, 1) or (m, H, W). Received: (72, 5).",
    ),
    (
        lambda tmp: image_grid(PHOTOS[:0]),
        InvalidValue,
        "`images` must hold at least one pixel. Received: shape (0, 4, 6, 3).",
    ),
    (
        lambda tmp: image_grid(PHOTOS.astype(int)),
        InvalidType,
        f"`images` must {PIXELS}. Received: dtype int64. Use images.astype(np.uint8).",
    ),
    (
        lambda tmp: image_grid(PHOTOS.astype(int) - 1),
        InvalidType,
        f"`images` must {PIXELS}. Received: dtype int64.",
    ),
    (
        lambda tmp: image_grid(PHOTOS.astype(float)),
        InvalidValue,
        f"`images` must {PIXELS}. Received: floats from 0 to 255. Use images / 255.",
    ),
    (
        lambda tmp: image_grid(PHOTOS / 127.5 - 1),
        InvalidValue,
        f"`images` must {PIXELS}. Received: floats from -1 to 1.",
    ),
    (
        lambda tmp: image_grid(np.full((1, 2, 2), np.nan)),
        InvalidValue,
        "`images` must hold finite numbers only. Received: 4 NaN and 0 infinite of 4 values, the "
        "first at [0, 0, 0]. Remove or replace them.",
    ),
    (
        lambda tmp: image_grid(PHOTOS, labels=[1, 0]),
        InvalidValue,
        "`labels` must have shape (m=5,). Received: (2,). There are m=5 images.",
    ),
    (
        lambda tmp: image_grid(PHOTOS, predictions=LABELS + 0.5),
        InvalidValue,
        "`predictions` must hold class ids, whole numbers from 0. Received: 5 other values such as "
        "1.5.",
    ),
    (
        lambda tmp: image_grid(PHOTOS, predictions=LABELS, class_names=["cat"]),
        InvalidValue,
        "`class_names` must name every class up to 1. Received: 1 names. `predictions` holds "
        "class 1.",
    ),
    (
        lambda tmp: image_grid(PHOTOS, labels=LABELS, probabilities=A),
        InvalidValue,
        "`predictions` must be given together with `probabilities`. Received: None.",
    ),
    (
        lambda tmp: image_grid(PHOTOS, predictions=LABELS, probabilities=A.T),
        InvalidValue,
        "`probabilities` must have shape (n_y, m=5). Received: (5, 1). There are m=5 images; use "
        "probabilities.T.",
    ),
    (
        lambda tmp: image_grid(PHOTOS, predictions=LABELS, probabilities=A * 2),
        InvalidValue,
        "`probabilities` must lie between 0 and 1. Received: values from 0.2 to 1.86.",
    ),
    (
        lambda tmp: image_grid(PHOTOS, predictions=LABELS * 2, probabilities=A[0]),
        InvalidValue,
        "`probabilities` must have one row for each class, shape (n_classes, m). Received: (5,). "
        "`predictions` holds class 2.",
    ),
    (
        lambda tmp: image_grid(PHOTOS, limit=0),
        InvalidValue,
        "`limit` must be at least 1. Received: 0.",
    ),
    (
        lambda tmp: mislabelled(PHOTOS, LABELS, PREDICTIONS, columns=2.5),
        InvalidType,
        "`columns` must be a whole number. Received: 2.5 (float).",
    ),
    (
        lambda tmp: mislabelled(PHOTOS, None, PREDICTIONS),
        InvalidType,
        "`labels` must be an array of real numbers. Received: NoneType.",
    ),
    (
        lambda tmp: photo_verdict(np.zeros((4, 4, 4)), verdict="cat", probability=0.5),
        InvalidValue,
        "`image` must have shape (H, W, 3). Received: (4, 4, 4). Use image[:, :, :3] to leave out "
        "the transparency.",
    ),
    (
        lambda tmp: photo_verdict(PHOTOS[0], verdict="cat", probability=0.5, seen=PHOTOS[:1]),
        InvalidValue,
        "`seen` must have shape (H, W, 3). Received: (1, 4, 6, 3).",
    ),
    (
        lambda tmp: photo_verdict(PHOTOS[0], verdict="cat", probability=87),
        InvalidValue,
        "`probability` must lie between 0 and 1. Received: 87.",
    ),
]


test_complaints = complaints_test(COMPLAINTS)
