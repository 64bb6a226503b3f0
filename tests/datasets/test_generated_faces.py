"""Generated faces: who, from where, doing what; and sets of happy ones and others."""

from dataclasses import fields, replace

import numpy as np
import pytest

from dlspec.datasets import generated_faces
from dlspec.datasets._drawing import LEVEL_STEP
from dlspec.datasets.generated_faces import (
    BACKGROUNDS,
    BEARDS,
    COVERS,
    GLASSES,
    HAIR_STYLES,
    PEOPLE,
    Expression,
    Identity,
    View,
    another_moment,
    draw_face,
    make_faces,
    random_expression,
    random_identity,
    random_view,
)
from tests.complaints import complaints_test

ANYBODY = Identity()
NEUTRAL = Expression()
SMILING = Expression(smile=0.9, opening=0.6, teeth=0.9)
SAD = Expression(smile=-0.9)
FRONT = View(y=0.0, scale=0.9, contrast=0.0)


def rng(seed=0):
    return np.random.default_rng(seed)


def face(who=ANYBODY, view=FRONT, does=NEUTRAL, size=64, seed=0):
    """A picture as floats in [0, 1], so large that head units are easy to find."""
    return draw_face(who, view, does, size, rng(seed)) / 255


def patch(picture, x, y, half=0.06, view=FRONT):
    """The part of a picture around a point in head units, in front of an upright head."""
    n = len(picture)
    row, column = (round((view.scale * v + c + 1) / 2 * n) for v, c in ((y, view.y), (x, view.x)))
    reach = max(1, round(half * view.scale * n / 2))
    return picture[row - reach : row + reach + 1, column - reach : column + reach + 1]


# --- Sets -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def default_set():
    """Small pictures will do: counts and order do not depend on the size."""
    return make_faces(size=16)


def test_the_default_set_has_the_course_files_shapes(default_set):
    train_x, train_y, test_x, test_y = default_set
    assert train_x.shape == (600, 16, 16, 3)
    assert train_y.shape == (1, 600)
    assert test_x.shape == (150, 16, 16, 3)
    assert test_y.shape == (1, 150)
    assert train_x.dtype == test_x.dtype == np.uint8
    assert train_y.dtype == test_y.dtype == np.int64


def test_every_two_pictures_are_one_of_each_in_no_fixed_order(default_set):
    first, second = default_set[1].reshape(-1, 2).T
    np.testing.assert_array_equal(first + second, np.ones(300, np.int64))
    assert 100 < first.sum() < 200


def test_pictures_use_the_range_of_a_photo_and_none_is_blank(default_set):
    x = default_set[0]
    assert x.min() < 30
    assert x.max() > 245
    assert (x.reshape(len(x), -1).std(axis=1) > 8).all()
    assert 80 < x.mean() < 180
    assert not (x % LEVEL_STEP).any()


def test_no_two_pictures_are_alike_within_or_across_the_splits(default_set):
    flat = np.concatenate([default_set[0], default_set[2]]).reshape(750, -1)
    assert len(np.unique(flat, axis=0)) == 750


def test_mean_colours_do_not_tell_who_is_happy(default_set):
    """Least squares on the mean colour of the training pictures, tried on the test pictures."""
    train_x, train_y, test_x, test_y = default_set
    means = [
        np.column_stack([x.mean(axis=(1, 2)) / 255, np.ones(len(x))]) for x in (train_x, test_x)
    ]
    rule, *_ = np.linalg.lstsq(means[0], train_y[0] - 0.5)
    assert np.mean((means[1] @ rule > 0) == test_y[0]) < 0.62


def test_no_single_pixel_tells_who_is_happy(default_set):
    """The best threshold of the best of 768 numbers, on the very pictures it was chosen on."""
    x, happy = default_set[0].reshape(600, -1).astype(float), default_set[1][0] == 1
    order = np.argsort(x, axis=0)
    share = np.cumsum(np.where(happy[order], 1, -1), axis=0)
    assert (300 + np.abs(share)).max() / 600 < 0.75


def test_the_same_seed_gives_the_same_pictures_and_another_seed_others():
    sizes = {"n_train": 4, "n_test": 3, "size": 16}
    first, again, other = (make_faces(**sizes, seed=s) for s in (3, 3, 4))
    for one, two in zip(first, again, strict=True):
        np.testing.assert_array_equal(one, two)
    assert (first[0] != other[0]).mean() > 0.5


def test_a_longer_set_starts_with_the_shorter_one():
    short = make_faces(n_train=5, n_test=2, size=16)
    long = make_faces(n_train=9, n_test=7, size=16)
    np.testing.assert_array_equal(long[0][:5], short[0])
    np.testing.assert_array_equal(long[1][:, :5], short[1])
    np.testing.assert_array_equal(long[2][:2], short[2])
    np.testing.assert_array_equal(long[3][:, :2], short[3])


def test_a_label_says_which_expression_was_drawn(monkeypatch):
    drawn = []

    def remember(who, view, does, size, rng):
        drawn.append((who, does))
        return np.zeros((size, size, 3), np.uint8)

    monkeypatch.setattr(generated_faces, "draw_face", remember)
    _, train_y, _, test_y = make_faces(n_train=80, n_test=40, size=16)
    smiles = np.array([does.smile for _, does in drawn])
    np.testing.assert_array_equal(smiles > 0.3, np.append(train_y, test_y) == 1)
    people = [{who for who, _ in part} for part in (drawn[:80], drawn[80:])]
    assert people[0] | people[1] == people[0]
    assert 8 < len(people[0]) <= PEOPLE


# --- What can be chosen ---------------------------------------------------------------------------


def test_people_differ_in_everything_that_can_be_chosen():
    people = [random_identity(rng(seed)) for seed in range(200)]
    for field in fields(Identity):
        assert len({getattr(who, field.name) for who in people}) > 1, field.name
    assert {who.hair_style for who in people} == set(HAIR_STYLES)
    assert {who.beard_style for who in people} == set(BEARDS)
    assert {who.glasses for who in people} == set(GLASSES)
    assert all(0 < c < 1 for who in people for c in (*who.skin, *who.hair, *who.iris))


def test_views_differ_in_everything_that_can_be_chosen():
    views = [random_view(rng(seed)) for seed in range(300)]
    for field in fields(View):
        assert len({getattr(view, field.name) for view in views}) > 1, field.name
    assert {view.background for view in views} == set(BACKGROUNDS)
    assert {view.cover for view in views} == set(COVERS)
    for view in views:
        assert abs(view.x) + 0.6 * view.scale < 1  # no mouth outside the picture
        assert view.y + 0.8 * view.scale < 1


def test_another_moment_keeps_the_place():
    first = random_view(rng(1))
    moments = [another_moment(first, rng(seed)) for seed in range(50)]
    kept = {f.name for f in fields(View) if len({getattr(m, f.name) for m in moments}) == 1}
    assert kept == {
        "mirrored", "light", "contrast", "backlight", "haze", "background", "scene", "clothes",
        "neckline", "cover_colour", "noise",
    }  # fmt: skip
    assert all(getattr(first, name) == getattr(moments[0], name) for name in kept)


def test_only_happy_people_smile():
    happy, others = (
        [random_expression(rng(seed), answer) for seed in range(300)] for answer in (1, 0)
    )
    assert min(e.smile for e in happy) >= 0.5
    assert max(e.smile for e in others) <= 0.1
    assert 0.05 < np.mean([e.teeth == 0 for e in happy]) < 0.4  # closed smiles
    assert np.mean([e.teeth > 0.1 for e in others]) > 0.05  # teeth without a smile
    for field in fields(Expression):
        assert len({getattr(e, field.name) for e in happy + others}) > 2, field.name


# --- What a picture shows -------------------------------------------------------------------------


def test_the_size_changes_the_resolution_and_not_the_scene():
    """A picture of 96 pixels, averaged 3 x 3, is about that of 32 pixels: only noise differs."""
    for seed in range(4):
        who, view = random_identity(rng(seed)), random_view(rng(seed))
        small = face(who, view, SMILING, 32, seed)
        shrunk = face(who, view, SMILING, 96, seed).reshape(32, 3, 32, 3, 3).mean(axis=(1, 3))
        assert np.abs(small - shrunk).mean() < 0.03
        stranger = face(random_identity(rng(seed + 50)), random_view(rng(seed + 50)), NEUTRAL, 32)
        assert np.abs(small - stranger).mean() > 0.06


@pytest.mark.parametrize("size", [17, 33])
def test_odd_sizes(size):
    assert face(size=size).shape == (size, size, 3)


@pytest.mark.parametrize("place", [(-0.95, -0.95), (0.95, 0.95), (0.0, 1.6)])
def test_a_head_that_leaves_the_picture(place):
    view = replace(FRONT, x=place[0], y=place[1], yaw=0.5, roll=0.4)
    assert face(view=view, does=SMILING).shape == (64, 64, 3)


def test_a_smile_shows_teeth_and_lifts_the_corners():
    """The corner of a smile is dark where a cheek was, and no longer where the mouth had ended."""
    neutral, smiling = face(), face(does=SMILING)
    teeth = [patch(picture, 0.0, 0.60, 0.04).mean() for picture in (neutral, smiling)]
    assert teeth[1] > teeth[0] + 0.1
    for x in (-0.36, 0.36):
        assert patch(smiling, x, 0.39, 0.05).mean() < patch(neutral, x, 0.39, 0.05).mean() - 0.02


@pytest.mark.parametrize("smile", [-0.8, 0.0, 0.8])
def test_the_line_of_a_closed_mouth_bends_up_or_down(smile):
    """Where it is darkest, in its middle and beside: a smile hangs through, a sad mouth bulges."""
    picture = face(does=Expression(smile=smile), size=128).mean(axis=2)
    rows = []
    for x in (-0.18, 0.0, 0.18):
        column = patch(picture, x, 0.54, 0.14)
        rows.append(column[:, column.shape[1] // 2 - 1 : column.shape[1] // 2 + 2].mean(axis=1))
    left, middle, right = (row.argmin() for row in rows)
    bend = middle - (left + right) / 2
    assert np.sign(np.round(bend / 2)) == np.sign(smile)


def test_only_the_face_moves_with_the_expression():
    neutral, smiling = face(does=NEUTRAL), face(does=SMILING)
    changed = np.abs(neutral - smiling).max(axis=2) > 0.1
    y, x = np.nonzero(changed)
    assert changed[32:, 20:44].any()
    assert y.min() > 20
    assert (x.min(), x.max()) > (10, 30)
    assert x.max() < 54


def test_who_what_and_where_are_drawn_apart():
    """The skin's colour stays with another place, the wall with another person."""
    fair, dark = Identity(skin=(0.9, 0.72, 0.6)), Identity(skin=(0.32, 0.21, 0.16))
    street = replace(FRONT, background="street", scene=7)
    for view in (FRONT, street):
        light, deep = (face(who, view) for who in (fair, dark))
        assert patch(light, 0.3, 0.25).mean() > patch(deep, 0.3, 0.25).mean() + 0.2
        np.testing.assert_allclose(light[:6, :6], deep[:6, :6], atol=0.15)
    assert np.abs(face(fair, FRONT)[:6, :6] - face(fair, street)[:6, :6]).mean() > 0.02


def test_a_scene_is_the_same_whenever_it_is_photographed(monkeypatch):
    drawn = []
    monkeypatch.setitem(BACKGROUNDS, "garden", lambda brush, rng: drawn.append(rng.random()))
    for scene, seed in ((7, 0), (7, 1), (8, 0)):
        face(view=replace(FRONT, background="garden", scene=scene), seed=seed)
    assert drawn[0] == drawn[1] != drawn[2]


def test_the_features_follow_the_turn_of_the_head():
    """Teeth are the brightest thing in the lower face."""
    columns = []
    for yaw in (-0.3, 0.0, 0.3):
        lower = face(view=replace(FRONT, yaw=yaw), does=SMILING)[46:56].sum(axis=2)
        lower[:, :14] = lower[:, 50:] = 0
        weight = np.clip(lower - 0.9 * lower.max(), 0, None).sum(axis=0)
        columns.append((weight * np.arange(64)).sum() / weight.sum())
    assert columns[0] + 3 < columns[1] < columns[2] - 3


def test_a_mirrored_view_is_the_mirror_image():
    view = replace(FRONT, x=0.3, yaw=0.3, scale=0.5)
    there, back = face(view=view), face(view=replace(view, mirrored=True))
    np.testing.assert_allclose(there[:, 8:56].mean(), back[:, 8:56].mean(), atol=0.05)
    assert np.abs(there - back[:, ::-1]).mean() < np.abs(there - back).mean() / 2


@pytest.mark.parametrize("light", [-1.0, 1.0])
def test_the_side_away_from_the_light_is_darker(light):
    picture = face(view=replace(FRONT, light=(light, 0.0), contrast=0.6))
    left, right = (patch(picture, x, 0.3, 0.1).mean() for x in (-0.45, 0.45))
    assert (right - left) * light > 0.08


def test_exposure_backlight_and_haze():
    plain = face()
    dark = face(view=replace(FRONT, exposure=0.5))
    assert dark.mean() < 0.7 * plain.mean()
    backlit = face(view=replace(FRONT, backlight=2.0))
    assert backlit[:6, :6].mean() > plain[:6, :6].mean() + 0.1
    assert abs(patch(backlit, 0.3, 0.25).mean() - patch(plain, 0.3, 0.25).mean()) < 0.05
    assert face(view=replace(FRONT, haze=0.5)).std() < 0.8 * plain.std()


@pytest.mark.parametrize("cover", COVERS)
def test_every_cover_leaves_half_of_a_smile(cover):
    """Left or right of its middle the mouth still differs from a neutral one."""
    for side in (-1, 1):
        view = replace(FRONT, cover=cover, cover_side=side)
        change = np.abs(face(view=view, does=SMILING) - face(view=view))
        halves = [patch(change, x, 0.55, 0.1).mean() for x in (-0.15, 0.15)]
        assert max(halves) > 0.04
        if cover != "none":
            assert np.abs(face(view=view) - face()).mean() > 0.004


@pytest.mark.parametrize(
    "change",
    [{"hair_style": style} for style in HAIR_STYLES if style != "short"]
    + [{"beard_style": style, "beard": 1.0} for style in BEARDS if style != "none"]
    + [{"glasses": kind} for kind in GLASSES if kind != "none"],
    ids=lambda change: "-".join(map(str, change.values())),
)
def test_every_style_can_be_seen(change):
    assert np.abs(face(replace(ANYBODY, **change)) - face()).mean() > 0.003


def test_the_global_generator_is_left_alone():
    np.random.seed(5)
    expected = np.random.rand()
    np.random.seed(5)
    make_faces(n_train=2, n_test=1, size=16)
    assert np.random.rand() == expected


COMPLAINTS = [
    (
        lambda folder: make_faces(size=4),
        ValueError,
        "`size` must be at least 16. Received: 4.",
    ),
    (
        lambda folder: make_faces(n_train=0),
        ValueError,
        "`n_train` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: make_faces(n_test=True),
        TypeError,
        "`n_test` must be a whole number. Received: True (bool).",
    ),
    (
        lambda folder: make_faces(seed=-1),
        ValueError,
        "`seed` must be at least 0. Received: -1.",
    ),
    (
        lambda folder: random_identity(7),
        TypeError,
        "`rng` must be a numpy.random.Generator. Received: 7.",
    ),
    (
        lambda folder: random_view(None),
        TypeError,
        "`rng` must be a numpy.random.Generator. Received: None.",
    ),
    (
        lambda folder: random_expression(1, True),
        TypeError,
        "`rng` must be a numpy.random.Generator. Received: 1.",
    ),
    (
        lambda folder: another_moment("garden", rng()),
        TypeError,
        "`view` must be of class View. Received: 'garden'.",
    ),
    (
        lambda folder: draw_face("Ann", View(), NEUTRAL, 64, rng()),
        TypeError,
        "`identity` must be of class Identity. Received: 'Ann'.",
    ),
    (
        lambda folder: draw_face(Identity(), None, NEUTRAL, 64, rng()),
        TypeError,
        "`view` must be of class View. Received: None.",
    ),
    (
        lambda folder: draw_face(Identity(), View(), "happy", 64, rng()),
        TypeError,
        "`expression` must be of class Expression. Received: 'happy'.",
    ),
    (
        lambda folder: draw_face(Identity(), View(cover="mask"), NEUTRAL, 64, rng()),
        ValueError,
        "`view.cover` must be a known name. Received: 'mask'. "
        "Known: none, sunglasses, cap, scarf, hand, strand.",
    ),
    (
        lambda folder: draw_face(Identity(), View(background="beach"), NEUTRAL, 64, rng()),
        ValueError,
        "`view.background` must be a known name. Received: 'beach'. "
        "Known: garden, street, room, wall.",
    ),
    (
        lambda folder: draw_face(Identity(hair_style="mohawk"), View(), NEUTRAL, 64, rng()),
        ValueError,
        "`identity.hair_style` must be a known name. Received: 'mohawk'. "
        "Known: bald, receding, short, fringe, tall, curly, bob, long.",
    ),
    (
        lambda folder: draw_face(Identity(beard_style="goat"), View(), NEUTRAL, 64, rng()),
        ValueError,
        "`identity.beard_style` must be a known name. Received: 'goat'. Did you mean goatee? "
        "Known: none, stubble, full, moustache, goatee.",
    ),
    (
        lambda folder: draw_face(Identity(glasses="round"), View(), NEUTRAL, 64, rng()),
        ValueError,
        "`identity.glasses` must be a known name. Received: 'round'. Known: none, thin, thick.",
    ),
]
test_complaints = complaints_test(COMPLAINTS)
