"""The road network and synthesised fog: tables, worked numbers, a second route, JAX, bad input."""

import keras
import numpy as np
import pytest

from dlspec.strategy.autonomous_driving import (
    FILTERS,
    RoadNetwork,
    attenuation,
    synthesize_fog,
    transmission,
)
from dlspec.testing import assert_close, layer_table
from tests.backends import Call, outputs_on
from tests.complaints import complaints_test

SMALL = {"input_shape": (12, 16, 3), "labels": 4, "filters": (5, 6, 7)}

PURE_CALLS = {
    "RoadNetwork": ((8, 8, 3), 2),
    "attenuation": (np.array([50.0, 100.0]),),
    "transmission": (np.ones((2, 3, 4)), np.array([50.0, 100.0])),
    "synthesize_fog": (np.zeros((2, 3, 4, 3)), np.ones((2, 3, 4)), np.array([50.0, 100.0])),
}


def pictures(m=6, seed=0):
    return np.random.default_rng(seed).random((m, 12, 16, 3), dtype=np.float32)


@pytest.fixture(scope="module")
def network():
    """A small one whose weights, moving averages included, are none of them 0 or 1."""
    model, random = RoadNetwork(**SMALL), np.random.default_rng(1)
    model.set_weights([random.uniform(0.3, 1, w.shape) for w in model.get_weights()])
    for layer in model.layers:
        if hasattr(layer, "kernel"):
            layer.kernel.assign(random.normal(size=layer.kernel.shape) / 4)
    return model


# --- Network --------------------------------------------------------------------------------------


def test_parameter_counts_by_hand():
    """9 n_prev n weights and 4 n numbers of batch normalisation, then n k + k."""
    counts = ((3, 5), (5, 6), (6, 7))
    expected = sum(9 * before * n + 4 * n for before, n in counts) + 7 * 4 + 4
    model = RoadNetwork(**SMALL)
    assert model.count_params() == expected
    trained = sum(w.value.numpy().size for w in model.trainable_weights)
    assert trained == expected - 2 * (5 + 6 + 7)


def test_table_of_the_network():
    assert layer_table(RoadNetwork(**SMALL)) == [
        ("inputs", "InputLayer", (12, 16, 3), 0),
        ("trunk_1_convolution", "Conv2D", (12, 16, 5), 135),
        ("trunk_1_pooling", "MaxPooling2D", (6, 8, 5), 0),
        ("trunk_1_norm", "BatchNormalization", (6, 8, 5), 20),
        ("trunk_1_activation", "Activation", (6, 8, 5), 0),
        ("trunk_2_convolution", "Conv2D", (6, 8, 6), 270),
        ("trunk_2_pooling", "MaxPooling2D", (3, 4, 6), 0),
        ("trunk_2_norm", "BatchNormalization", (3, 4, 6), 24),
        ("trunk_2_activation", "Activation", (3, 4, 6), 0),
        ("trunk_3_convolution", "Conv2D", (3, 4, 7), 378),
        ("trunk_3_norm", "BatchNormalization", (3, 4, 7), 28),
        ("trunk_3_activation", "Activation", (3, 4, 7), 0),
        ("trunk_3_maximum", "GlobalMaxPooling2D", (7,), 0),
        ("output_1_linear", "Dense", (4,), 32),
        ("output_1_activation", "Activation", (4,), 0),
    ]


def test_the_smallest_picture_that_the_poolings_leave_a_place_of():
    assert RoadNetwork((4, 5, 1), 1, filters=(2, 2, 2)).output_shape == (None, 1)
    assert RoadNetwork(filters=(2,)).output_shape == (None, 4)
    assert len(FILTERS) == 4


def test_building_twice_gives_the_same_names():
    first, second = RoadNetwork(**SMALL), RoadNetwork(**SMALL)
    assert first.name == second.name == "road_network"
    assert [w.path for w in first.weights] == [w.path for w in second.weights]
    assert RoadNetwork(**SMALL, name="other").name == "other"


def test_every_output_is_a_probability_of_its_own(network):
    answers = network(pictures()).numpy()
    assert answers.shape == (6, 4)
    assert answers.dtype == np.float32
    linear = keras.Model(network.input, network.get_layer("output_1_linear").output)
    logits = linear(pictures()).numpy()
    assert_close(answers, 1 / (1 + np.exp(-logits)), rtol=1e-5)
    assert np.ptp(answers.sum(axis=1)) > 1e-4  # softmax would give 1


def test_it_asks_whether_and_not_where(network):
    """A plane of the last layer, moved by whole places, has the same maximum."""
    features = keras.Model(network.input, network.get_layer("trunk_3_activation").output)
    head = keras.Model(features.output, network.output)
    planes = features(pictures()).numpy()
    moved = np.roll(planes, (1, 2), axis=(1, 2))
    assert_close(head(moved).numpy(), head(planes).numpy(), rtol=1e-6)
    assert_close(head(planes).numpy(), network(pictures()).numpy(), rtol=1e-5)


def test_saved_and_loaded_networks_answer_alike(network, tmp_path):
    network.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert_close(loaded(pictures()).numpy(), network(pictures()).numpy(), rtol=0)
    assert layer_table(loaded) == layer_table(network)


def test_one_training_step_moves_every_weight_and_lowers_the_loss():
    keras.utils.set_random_seed(0)
    model, x = RoadNetwork(**SMALL), pictures(16)
    y = np.random.default_rng(2).integers(0, 2, size=(16, 4)).astype(np.float32)
    model.compile(keras.optimizers.SGD(1e-2), "binary_crossentropy", run_eagerly=True)
    before = [w.value.numpy().copy() for w in model.trainable_weights]
    first, second = model.train_on_batch(x, y), model.train_on_batch(x, y)
    assert np.isfinite([first, second]).all()
    assert second < first
    for old, weight in zip(before, model.trainable_weights, strict=True):
        assert not np.array_equal(old, weight.value.numpy()), weight.path


def test_jax_gives_the_same_outputs(network, tmp_path):
    name = "dlspec.strategy.autonomous_driving.RoadNetwork"
    call = Call(name, {**SMALL, "input_shape": [12, 16, 3]}, network.get_weights(), [pictures()])
    ((output,),) = outputs_on("jax", [call], tmp_path)
    assert_close(output, network(pictures()).numpy(), rtol=1e-5, atol=1e-6)


# --- Fog ------------------------------------------------------------------------------------------


def test_visibility_is_where_two_percent_are_left():
    """Koschmieder's 3.912 / V; the weather services' 5 % would be 2.996 / V."""
    assert_close(attenuation(1000.0), np.float64(3.912e-3), rtol=1e-4)
    assert_close(transmission(np.full((1, 1), 80.0), 80.0), np.full((1, 1), 0.02))
    assert_close(transmission(np.full((1, 1), 40.0), 80.0), np.full((1, 1), np.sqrt(0.02)))


def test_transmission_multiplies_along_the_way():
    """Fog of d1 + d2 metres is fog of d1 metres behind fog of d2 metres."""
    rng = np.random.default_rng(0)
    d1, d2 = rng.uniform(0, 100, (2, 3, 4, 5))
    both = transmission(d1 + d2, 60.0)
    assert_close(both, transmission(d1, 60.0) * transmission(d2, 60.0))


def test_no_fog_and_no_way_change_nothing():
    images = (255 * pictures()).astype(np.uint8)
    depth = np.random.default_rng(0).uniform(0, 1000, images.shape[:-1])
    np.testing.assert_array_equal(synthesize_fog(images, depth, np.inf), images)
    np.testing.assert_array_equal(synthesize_fog(images, 0 * depth, 30.0), images)
    assert synthesize_fog(images, depth, 30.0).dtype == np.uint8
    assert synthesize_fog(pictures(), depth, 30.0).dtype == np.float32


def test_a_worked_pixel():
    """At the visibility: 0.02 * 0.5 + 0.98 * 0.8 = 0.794."""
    foggy = synthesize_fog(np.full((1, 1, 3), 0.5), np.full((1, 1), 25.0), 25.0, airlight=0.8)
    assert_close(foggy, np.full((1, 1, 3), 0.794), rtol=1e-6)


def test_far_away_there_is_only_airlight():
    grey = np.array([0.5, 0.6, 0.7])
    foggy = synthesize_fog(pictures(), np.full((6, 12, 16), 1e4), 100.0, airlight=grey)
    assert_close(foggy, np.broadcast_to(grey, foggy.shape).astype(np.float32), rtol=1e-6)


def test_fog_over_fog_of_the_same_light_is_thicker_fog():
    """beta adds up, so that 1 / V adds up: 60 and 30 metres are 20."""
    images, depth = pictures().astype(float), np.random.default_rng(3).uniform(0, 50, (6, 12, 16))
    twice = synthesize_fog(synthesize_fog(images, depth, 60.0), depth, 30.0)
    assert_close(twice, synthesize_fog(images, depth, 20.0), rtol=1e-6)


def test_fog_against_a_loop_over_pixels():
    """One visibility and one colour for each picture, the formula pixel by pixel."""
    rng = np.random.default_rng(4)
    images, depth = pictures(3).astype(float), rng.uniform(0, 90, (3, 12, 16))
    visibility, airlight = np.array([20.0, 50.0, 300.0]), rng.random((3, 3))
    expected = np.empty_like(images)
    for i, row, column, channel in np.ndindex(images.shape):
        beta = 3.912023005428146 / visibility[i]
        t = np.exp(-beta * depth[i, row, column])
        light = images[i, row, column, channel]
        expected[i, row, column, channel] = light * t + airlight[i, channel] * (1 - t)
    foggy = synthesize_fog(images, depth, visibility, airlight=airlight)
    assert_close(foggy, expected, rtol=1e-5)
    for i in range(3):
        one = synthesize_fog(images[i], depth[i], visibility[i], airlight=airlight[i])
        assert_close(one, foggy[i], rtol=1e-6)


def test_bytes_are_rounded_to_the_nearest():
    images = (255 * pictures()).astype(np.uint8)
    depth = np.random.default_rng(5).uniform(0, 60, images.shape[:-1])
    exact = 255 * synthesize_fog(images / 255, depth, 40.0, airlight=0.6)
    assert np.abs(synthesize_fog(images, depth, 40.0, airlight=0.6) - exact).max() < 0.501


# --- Bad input ------------------------------------------------------------------------------------

IMAGES, DEPTH = np.zeros((2, 4, 5, 3), np.uint8), np.ones((2, 4, 5))


def fog(images=IMAGES, depth=DEPTH, visibility=50.0, **options):
    return lambda folder: synthesize_fog(images, depth, visibility, **options)


COMPLAINTS = [
    (
        lambda folder: RoadNetwork((64, 80)),
        ValueError,
        "`input_shape` must be (height, width, channels). Received: (64, 80).",
    ),
    (
        lambda folder: RoadNetwork((64, 0, 3)),
        ValueError,
        "`input_shape[1]` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: RoadNetwork((64, 4, 3)),
        ValueError,
        "`input_shape` must be at least 8 pixels high and wide. Received: (64, 4, 3). "
        "Smaller maps would vanish on their way through the network.",
    ),
    (
        lambda folder: RoadNetwork(labels=0),
        ValueError,
        "`labels` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: RoadNetwork(filters=()),
        ValueError,
        "`filters` must hold at least one number. Received: none.",
    ),
    (
        lambda folder: RoadNetwork(filters=16),
        TypeError,
        "`filters` must be a list of layer sizes. Received: 16 (int).",
    ),
    (
        lambda folder: attenuation("near"),
        TypeError,
        "`visibility` must be an array of real numbers. Received: str.",
    ),
    (
        lambda folder: attenuation([100.0, -5.0]),
        ValueError,
        "`visibility` must be above 0. Received: -5. "
        "It is a distance in metres; infinity stands for no fog.",
    ),
    (
        fog(visibility=float("nan")),
        ValueError,
        "`visibility` must be above 0. Received: nan. "
        "It is a distance in metres; infinity stands for no fog.",
    ),
    (
        fog(visibility=0),
        ValueError,
        "`visibility` must be above 0. Received: 0. "
        "It is a distance in metres; infinity stands for no fog.",
    ),
    (
        fog(visibility=[30.0, 40.0, 50.0]),
        ValueError,
        "`visibility` must be one number, or one for each image of `depth`. "
        "Received: shape (3,) with `depth` of shape (2, 4, 5).",
    ),
    (
        lambda folder: transmission(np.ones(3), 50.0),
        ValueError,
        "`depth` must have shape (m, h, w) or (h, w). Received: (3,).",
    ),
    (
        fog(depth=-DEPTH),
        ValueError,
        "`depth` must be at least 0 metres. Received: -1.",
    ),
    (
        fog(depth=np.full((2, 4, 5), np.inf)),
        ValueError,
        "`depth` must hold finite numbers only. Received: 0 NaN and 40 infinite of 40 values, the "
        "first at [0, 0, 0]. Remove or replace them.",
    ),
    (
        fog(depth=DEPTH[:, :3]),
        ValueError,
        "`depth` must have the height and width of `images`, (2, 4, 5). Received: (2, 3, 5).",
    ),
    (
        fog(images=IMAGES[..., 0]),
        ValueError,
        "`images` must have shape (m, h, w, 3) or (h, w, 3). Received: (2, 4, 5).",
    ),
    (
        fog(images=IMAGES.astype(int)),
        TypeError,
        "`images` must be uint8 or float. Received: dtype int64.",
    ),
    (
        fog(images=IMAGES + 200.0),
        ValueError,
        "`images` must lie in [0, 1]. Received: 200 to 200. Divide by 255, or use uint8.",
    ),
    (
        fog(airlight="white"),
        TypeError,
        "`airlight` must be an array of real numbers. Received: str.",
    ),
    (
        fog(airlight=1.2),
        ValueError,
        "`airlight` must lie in [0, 1]. Received: 1.2.",
    ),
    (
        fog(airlight=[0.5, -0.1, 0.5]),
        ValueError,
        "`airlight` must lie in [0, 1]. Received: -0.1.",
    ),
    (
        fog(airlight=[0.5, 0.6]),
        ValueError,
        "`airlight` must be a number or have shape (3,) or (2, 3). Received: (2,).",
    ),
    (
        lambda folder: synthesize_fog(IMAGES[0], DEPTH[0], 50.0, airlight=np.ones((4, 3))),
        ValueError,
        "`airlight` must be a number or have shape (3,). Received: (4, 3).",
    ),
]
test_complaints = complaints_test(COMPLAINTS)
