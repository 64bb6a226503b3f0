"""The painter of streets: camera, canyon, patches, and what each thing looks like."""

import numpy as np
import pytest

from dlspec.datasets import _street_drawing as drawing
from dlspec.datasets._drawing import blur
from dlspec.datasets._street_drawing import (
    BUILDING,
    FURNITURE,
    PAVEMENT,
    ROAD,
    SKY,
    TREE,
    VEHICLE,
    Camera,
    Thing,
    box,
    ellipse,
    noise,
    paint,
)

CAMERA = Camera(height=60, width=80, focal=75.0, u0=42.0, v0=27.0, up=1.5)


def street(seed=0):
    return drawing.build_street(np.random.default_rng(seed))


def canvas(seed=0, camera=CAMERA):
    sky = np.full((camera.height, camera.width, 3), 0.5, dtype=np.float32)
    return drawing.paint_street(camera, street(seed), sky, 0.3)


def square(x, z, size, name="", mask=FURNITURE, colour=(1.0, 0.0, 0.0)):
    def draw(b, camera):
        b.fill(box(b, 0, -size / 2, size / 2, size / 2), paint(colour))

    return Thing(name, mask, x, z, (-size / 2, -size, size / 2, 0.0), draw)


# --- Camera and street ----------------------------------------------------------------------------


def project(camera, x, y, z):
    """The equations of the module's docstring."""
    return camera.u0 + camera.focal * x / z, camera.v0 + camera.focal * (camera.up - y) / z


def test_rays_are_the_inverse_of_the_projection():
    a, b = CAMERA.rays()
    for x, y, z in ((1.2, 0.3, 8.0), (-2.0, 2.5, 20.0)):
        u, v = project(CAMERA, x, y, z)
        np.testing.assert_allclose(np.interp(u, np.arange(80) + 0.5, a[0]), x / z, atol=1e-5)
        np.testing.assert_allclose(
            np.interp(v, np.arange(60) + 0.5, b[:, 0]), (1.5 - y) / z, atol=1e-5
        )


def test_depth_of_the_ground_is_that_of_the_projection():
    """At every pixel of road or pavement: Z = f h / (v - v0), at the sample that stands for it."""
    scene = canvas()
    ground = (scene.mask == ROAD) | (scene.mask == PAVEMENT)
    rows, _ = np.nonzero(ground)
    v = rows + 0.75
    expected = CAMERA.focal * CAMERA.up / (v - CAMERA.v0)
    np.testing.assert_allclose(scene.depth[ground], expected.astype(np.float32), rtol=1e-4)
    assert rows.min() >= CAMERA.v0 - 1


@pytest.mark.parametrize("seed", range(4))
def test_houses_stand_behind_the_pavement_and_the_pavement_behind_the_kerb(seed):
    """X of every pixel from its depth, in the row of a point half a metre above the ground."""
    scene, plan = canvas(seed), street(seed)
    u = (np.arange(80) + 0.75 - CAMERA.u0) / CAMERA.focal
    x = u * scene.depth - plan.centre
    assert (np.abs(x[scene.mask == ROAD]) <= plan.half_road + 1e-3).all()
    pavement = np.abs(x[scene.mask == PAVEMENT])
    assert (pavement >= plan.half_road - 1e-3).all()
    assert (pavement <= plan.half_road + plan.pavement + 1e-3).all()
    near = (scene.mask == BUILDING) & (scene.depth < 0.999 * plan.end)
    assert (np.abs(x[near]) >= plan.half_road + plan.pavement - 0.02).all()
    assert (scene.depth[scene.mask == SKY] == drawing.SKY_DEPTH).all()
    assert {SKY, ROAD, PAVEMENT, BUILDING} <= set(np.unique(scene.mask).tolist())


def test_size_changes_the_resolution_of_the_street_only():
    small = canvas(1)
    large = canvas(1, Camera(120, 160, 150.0, 84.0, 54.0, 1.5))
    shrunk = large.light.reshape(60, 2, 80, 2, 6).mean(axis=(1, 3))
    assert np.abs(shrunk - small.light).mean() < 0.02
    assert (large.mask[1::2, 1::2] == small.mask).mean() > 0.97


def test_some_windows_are_lit_and_only_where_there_are_houses():
    scene = canvas()
    lit = scene.light[..., 3:].sum(axis=2) > 0.05
    assert 0.005 < lit.mean() < 0.3
    assert np.isin(scene.mask[lit], (BUILDING, SKY)).mean() > 0.95


def test_hash_is_spread_over_the_unit_interval():
    numbers = drawing._hash(np.arange(5000, dtype=np.float32), 3.0)
    counts, _ = np.histogram(numbers, bins=10, range=(0, 1))
    assert counts.min() > 350


def test_blur_and_noise_on_canvases_that_are_not_square():
    """A point becomes a symmetric spot of the same sum; its moments are the variance asked for."""
    point = np.zeros((41, 61, 1), dtype=np.float32)
    point[20, 30] = 1.0
    spot = blur(point, 3.0)[..., 0]
    assert spot.shape == (41, 61)
    assert spot.sum() == pytest.approx(1.0, abs=1e-5)
    np.testing.assert_allclose(spot, spot[::-1, ::-1], atol=1e-7)
    rows = ((np.arange(41) - 20) ** 2) @ spot.sum(axis=1)
    columns = ((np.arange(61) - 30) ** 2) @ spot.sum(axis=0)
    assert rows == pytest.approx(columns, rel=1e-5)
    assert 0.7 * 9 < rows < 9  # the tails beyond two deviations are cut off
    np.testing.assert_allclose(blur(np.ones((5, 9, 3), np.float32), 2.0), 1.0, rtol=1e-5)
    wide, square = (noise(np.random.default_rng(0), 24, 4, 4, w) for w in (48, None))
    assert (wide.shape, square.shape) == ((24, 48), (24, 24))
    assert np.abs(wide.reshape(24, 24, 2).mean(axis=2) - square).max() < 0.05


# --- Patches --------------------------------------------------------------------------------------


def test_a_thing_is_as_large_as_its_distance_says():
    """2 m at 15 m and 75 pixels of focal length: 10 pixels, its foot on the ground."""
    scene = canvas()
    drawing.put(scene, square(1.0, 15.0, 2.0, "box"))
    ((pixels, corners),) = scene.painted
    left, top = project(CAMERA, 0.0, 2.0, 15.0)
    right, bottom = project(CAMERA, 2.0, 0.0, 15.0)
    np.testing.assert_allclose(corners, [left, top, right, bottom], atol=0.51)
    np.testing.assert_allclose(pixels, 100, atol=10)
    seen = scene.number == 1
    assert seen.sum() == pixels
    assert (scene.depth[seen] == 15.0).all()
    assert (scene.mask[seen] == FURNITURE).all()
    np.testing.assert_allclose(scene.light[seen].mean(axis=0), [1, 0, 0, 0, 0, 0], atol=0.15)


def test_the_nearer_thing_covers_the_farther_one():
    scene = canvas()
    drawing.put(scene, square(0.0, 20.0, 2.0, "far"))
    drawing.put(scene, square(0.0, 10.0, 1.0, "near", colour=(0.0, 1.0, 0.0)))
    whole, hidden = scene.painted[0][0], (scene.number == 1).sum()
    assert 0 < hidden < whole
    drawing.put(scene, square(0.0, 9.0, 1.5))  # counted by nobody, covers all the same
    assert (scene.number == 1).sum() < hidden
    assert scene.number[scene.depth == 9.0].max() == 0


def test_what_leaves_the_picture_is_counted_with_its_hidden_part():
    scene = canvas()
    x = (80 - CAMERA.u0) / CAMERA.focal * 10.0  # its middle stands on the right edge
    drawing.put(scene, square(x, 10.0, 2.0, "cut"))
    share = (scene.number == 1).sum() / scene.painted[0][0]
    assert share == pytest.approx(0.5, abs=0.06)
    assert scene.painted[0][1][2] > 80


@pytest.mark.parametrize("x", [-40.0, 40.0])
def test_what_lies_outside_changes_nothing(x):
    scene = canvas()
    before = scene.light.copy()
    drawing.put(scene, square(x, 10.0, 2.0, "outside"))
    drawing.put(scene, square(x, 10.0, 2.0))
    np.testing.assert_array_equal(scene.light, before)


def test_soft_edges_mix_paint_with_what_is_below():
    """Half a pixel covered is half the colour: the sum over a row is the width in pixels."""
    scene = canvas()
    scene.light[:] = 0.0
    drawing.put(scene, square(0.08, 15.0, 2.0))
    row = scene.light[30, :, 0]
    assert row.sum() == pytest.approx(10.0, abs=0.3)
    assert ((row > 0.05) & (row < 0.95)).any()


def test_paint_covers_the_lamps_behind_it():
    scene = canvas()
    scene.light[..., 3:] = 1.0
    drawing.put(scene, square(0.0, 10.0, 2.0))
    assert scene.light[scene.depth == 10.0][:, 3:].max() < 0.6
    assert np.median(scene.light[scene.depth == 10.0][:, 3:]) == 0.0


def test_shadows_lie_on_the_ground_below():
    scene = canvas()
    before = scene.light.copy()
    drawing.shade_ground(scene, 0.0, 8.0, (1.0, 1.5), 0.5)
    darker = (scene.light - before).sum(axis=2) < -1e-4
    assert darker.sum() > 20
    assert np.isin(scene.mask[darker], (ROAD, PAVEMENT)).all()
    assert np.abs(scene.depth[darker] - 8.0).max() < 2.2
    drawing.shade_ground(scene, 500.0, 8.0, (1.0, 1.5), 0.5)  # beside the picture: nothing


# --- Things ---------------------------------------------------------------------------------------


def things(seed):
    rng = np.random.default_rng(seed)
    return [
        drawing.car_along(rng, 1.0, 9.0, seed % 2 == 0, 1.0),
        drawing.car_across(rng, 0.0, 9.0, 1.0),
        drawing.pedestrian(rng, 0.0, 6.0),
        drawing.cyclist(rng, 0.0, 6.0, seed % 2 == 0, 1.0),
        *drawing.traffic_light(rng, 2.0, 9.0),
        *drawing.stop_sign(rng, 1.0, 7.0),
        *drawing.other_sign(rng, 1.0, 7.0),
        drawing.billboard(rng, 0.0, 9.0),
        drawing.bin_or_post(rng, 0.0, 6.0),
        drawing.street_lamp(rng, 1.0, 12.0, 1.0),
        drawing.tree(rng, 0.0, 14.0),
    ]


@pytest.mark.parametrize("seed", range(4))
def test_everything_stays_within_the_extent_it_names(seed):
    """Painted on a layer a metre larger all around, nothing may reach into that metre."""
    for thing in things(seed):
        left, top, right, bottom = thing.extent
        wide = (left - 1, top - 1, right + 1, bottom + 1)
        layer = drawing.patch(CAMERA, thing.x, thing.z, wide, True)
        thing.draw(layer.brush, CAMERA)
        solid = layer.brush.rgb[..., 6] > 0.5
        assert solid.any(), thing
        x, y = np.broadcast_arrays(layer.brush.x, layer.brush.y)
        slack = 1.01 * layer.brush.pixel
        assert x[solid].min() >= left - slack, thing
        assert x[solid].max() <= right + slack, thing
        assert y[solid].min() >= top - slack, thing
        assert y[solid].max() <= bottom + slack, thing


@pytest.mark.parametrize("seed", range(4))
def test_things_have_the_class_of_their_kind(seed):
    kinds = {thing.name: thing.mask for thing in things(seed) if thing.name}
    assert kinds == {
        "car": VEHICLE,
        "pedestrian": drawing.PERSON,
        "cyclist": drawing.PERSON,
        "traffic light": FURNITURE,
        "stop sign": FURNITURE,
    }
    assert things(seed)[-1].mask == TREE


def close_up(thing):
    camera = Camera(200, 200, 900.0, 100.0, 100.0, 1.5)
    layer = drawing.patch(camera, thing.x, thing.z, thing.extent, True)
    thing.draw(layer.brush, camera)
    return layer.brush


def test_one_lamp_of_a_traffic_light_is_on_and_it_may_be_any():
    """Red above, yellow in the middle, green below: where the light comes from names its colour."""
    states = []
    for seed in range(12):
        _, head = drawing.traffic_light(np.random.default_rng(seed), 2.0, 9.0)
        brush = close_up(head)
        glow = brush.rgb[..., 3:6]
        on = glow.sum(axis=2) > 0.1
        solid = np.flatnonzero((brush.rgb[..., 6] > 0.5).any(axis=1))
        place = (np.nonzero(on)[0].mean() - solid[0]) / (solid[-1] - solid[0])
        red, green, _ = glow[on].mean(axis=0)
        states.append("red" if green < 0.4 * red else "green" if red < 0.4 * green else "yellow")
        expected = {"red": 0.2, "yellow": 0.5, "green": 0.8}[states[-1]]
        assert place == pytest.approx(expected, abs=0.09)
    assert set(states) == set(drawing.LAMPS)


def test_a_stop_sign_has_eight_equal_sides():
    """An octagon of inner radius r has the area 8 (sqrt 2 - 1) r^2 and holds the disc."""
    axis = np.linspace(-1, 1, 801, dtype=np.float32)
    brush = drawing.Brush(np.zeros((801, 801, 7), np.float32), axis[None], axis[:, None], 0.0025)
    inside = drawing._octagon(brush, 0.0, 0.8) < 0
    assert inside.mean() * 4 == pytest.approx(8 * (np.sqrt(2) - 1) * 0.64, rel=0.01)
    np.testing.assert_array_equal(inside, inside.T)
    disc = ellipse(brush, 0.0, 0.0, 0.8, 0.8) < 0
    assert inside[disc].all()


def test_cars_show_red_lamps_from_behind_and_white_ones_from_the_front():
    for rear in (True, False):
        car = drawing.car_along(np.random.default_rng(3), 0.0, 9.0, rear, 1.0)
        glow = close_up(car).rgb[..., 3:6]
        red, green, _ = glow[glow.sum(axis=2) > 0.3].mean(axis=0)
        assert (green < 0.2 * red) == rear
    dark = drawing.car_along(np.random.default_rng(3), 0.0, 9.0, True, 0.0)
    assert close_up(dark).rgb[..., 3:6].max() == 0.0


def test_the_side_of_a_car_beside_us_is_seen():
    """Its far end lies nearer to the vanishing point: the silhouette reaches towards the middle."""
    rng = np.random.default_rng
    straight, right = (drawing.car_along(rng(3), x, 9.0, True, 0.0) for x in (0.0, 3.0))
    assert right.extent[0] < straight.extent[0] - 0.5
    assert right.extent[2] == pytest.approx(straight.extent[2])
