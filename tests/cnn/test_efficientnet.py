"""EfficientNet: the scaling rule, published sizes, the twins in keras.applications, JAX."""

import keras
import numpy as np
import pytest

from dlspec.cnn.efficientnet import VARIANTS, EfficientNet, compound_scaling
from dlspec.testing import assert_close
from tests.cnn import networks
from tests.complaints import complaints_test

PICTURES = (32, 32, 3)

PURE_CALLS = {"compound_scaling": (0.5,), "EfficientNet": ("B0", PICTURES, 2)}

SMALL = {"variant": "B0", "input_shape": PICTURES, "classes": 3}


@pytest.fixture(scope="module")
def small():
    return networks.randomise(networks.quickly(EfficientNet, **SMALL))


# --- Scaling --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("phi", "variant"), [(0, "B0"), (0.5, "B1"), (1, "B2")])
def test_the_rule_gives_the_published_numbers_of_the_smaller_ones(phi, variant):
    """Depth and width to one decimal; the side to 1 %, since it was rounded to what fits."""
    width, depth, side, _ = VARIANTS[variant]
    factors = compound_scaling(phi)
    assert [round(factor, 1) for factor in factors[:2]] == [depth, width]
    assert abs(224 * factors[2] / side - 1) < 0.01


def test_b3_is_the_rule_for_2():
    depth, width, side = compound_scaling(2)
    assert (round(depth, 1), round(width, 1)) == (VARIANTS["B3"][1], VARIANTS["B3"][0])
    assert abs(224 * side / 300 - 1) < 0.02


@pytest.mark.parametrize(("phi", "variant"), [(3, "B4"), (4, "B5"), (5, "B6"), (6, "B7")])
def test_the_larger_ones_were_published_larger_than_the_rule(phi, variant):
    width, depth, side, _ = VARIANTS[variant]
    rule = compound_scaling(phi)
    for published, factor in zip((depth, width, side / 224), rule, strict=True):
        assert factor < published < 1.3 * factor


def test_multiplications_nearly_double_with_phi():
    """The paper chose alpha beta^2 gamma^2 to be about 2."""
    depth, width, side = compound_scaling(1)
    assert abs(depth * width**2 * side**2 - 2) < 0.1
    assert_close(np.array(compound_scaling(3)), np.array(compound_scaling(1)) ** 3, rtol=1e-12)


@pytest.mark.parametrize(
    ("variant", "parameters", "blocks", "channels"),
    [("B0", 5_330_571, 16, 1280), ("B1", 7_856_239, 23, 1280), ("B2", 9_177_569, 23, 1408)],
)
def test_published_sizes(variant, parameters, blocks, channels):
    """Parameters from keras.applications; the paper says 5.3, 7.8 and 9.2 million."""
    model = networks.quickly(EfficientNet, variant)
    side = VARIANTS[variant][2]
    assert model.input_shape == (None, side, side, 3)
    assert model.count_params() == parameters
    convolutions = [layer for layer in model.layers if "depthwise_conv" in layer.name]
    assert len(convolutions) == blocks
    assert model.get_layer("last_1_silu").output.shape[-1] == channels


def test_b0_is_table_1():
    """Its stages with their sizes; the stride stands in the first block of each."""
    model = networks.quickly(EfficientNet)
    ends = {
        "stem_1_silu": (112, 112, 32),
        "stage1_block1_project_norm": (112, 112, 16),
        "stage2_block2_add": (56, 56, 24),
        "stage3_block2_add": (28, 28, 40),
        "stage4_block3_add": (14, 14, 80),
        "stage5_block3_add": (14, 14, 112),
        "stage6_block4_add": (7, 7, 192),
        "stage7_block1_project_norm": (7, 7, 320),
        "last_1_silu": (7, 7, 1280),
    }
    for name, shape in ends.items():
        assert model.get_layer(name).output.shape[1:] == shape
    sides = [model.get_layer(f"stage{i}_block1_depthwise_conv").kernel_size[0] for i in range(1, 8)]
    assert sides == [3, 3, 5, 3, 5, 5, 3]


# --- Twins ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variant", "shape", "include_top"),
    [("B0", PICTURES, True), ("B1", (37, 32, 3), False), ("B2", PICTURES, False)],
)
def test_answers_are_those_of_keras(variant, shape, include_top):
    top = {"include_top": include_top}
    ours = networks.quickly(EfficientNet, variant, shape, 5, **top)
    build = getattr(keras.applications, f"EfficientNet{variant}")
    theirs = networks.quickly(build, input_shape=shape, weights=None, classes=5, **top)
    networks.assert_equals_its_twin(ours, theirs)
    settings = [
        [(getattr(layer, "rate", 0), getattr(layer, "epsilon", 0)) for layer in model.layers]
        for model in (ours, theirs)
    ]
    assert [s for s in settings[0] if any(s)] == [s for s in settings[1] if any(s)]


def test_published_weights_come_with_the_normalisation_of_their_pictures(tmp_path):
    """The twin divides by roots of deviations, twice; see `_twin`.  Pictures from 0 to 255."""
    build = keras.applications.EfficientNetB0
    twin = networks.quickly(build, include_top=False, weights=None)
    networks.randomise(twin)
    mean, deviation = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
    normalise = next(x for x in twin.layers if isinstance(x, keras.layers.Normalization))
    normalise.set_weights([mean, deviation, np.int32(0)])  # as in the published file
    shelf = networks.Shelf(tmp_path / "theirs.weights.h5")
    twin.save_weights(shelf.path)
    with shelf.open(), networks.constant_initialisers():
        theirs = build(input_shape=PICTURES, include_top=False, weights="imagenet")
        ours = EfficientNet("B0", PICTURES, include_top=False, weights="imagenet")
    assert set(shelf.asked) == {"efficientnetb0_notop.h5"}
    x = np.random.default_rng(0).uniform(0, 255, (2, *PICTURES)).astype(np.float32)
    assert_close(networks.outputs(ours, x), networks.outputs(theirs, x), rtol=1e-4, atol=1e-4)
    start = keras.Model(ours.input, ours.get_layer("stem_0_normalise").output)
    expected = (x / 255 - mean) / deviation
    assert_close(start(x).numpy(), expected, rtol=1e-4, atol=1e-5)


# --- Squeeze and excitation -----------------------------------------------------------------------


def test_gates_multiply_whole_channels(small):
    name = "stage2_block2_gate"
    model = keras.Model(
        small.input,
        [
            small.get_layer("stage2_block2_depthwise_silu").output,
            small.get_layer(f"{name}_expand").output,
            small.get_layer(f"{name}_multiply").output,
        ],
    )
    before, gate, after = networks.outputs(model, networks.pictures(small))
    assert gate.shape == (2, 1, 1, 144)
    assert 0 < gate.min() < gate.max() < 1
    assert_close(after, before * gate, rtol=1e-6)
    assert small.get_layer(f"{name}_reduce").filters == 24 // 4


# --- What Keras does with it ----------------------------------------------------------------------


def test_outputs_are_probabilities(small):
    (y,) = networks.outputs(small, networks.pictures(small))
    np.testing.assert_allclose(y.sum(axis=1), np.ones(2, np.float32), rtol=1e-6, strict=True)


def test_saved_and_loaded(small, tmp_path):
    networks.assert_survives_saving(small, tmp_path)


def test_jax_gives_the_same_answers(small, tmp_path):
    networks.assert_jax_agrees({"dlspec.cnn.efficientnet.EfficientNet": (SMALL, small)}, tmp_path)


def test_a_second_one_has_the_same_names_and_learns_and_loads_weights(small, tmp_path):
    path = tmp_path / "own.weights.h5"
    small.save_weights(path)
    again = EfficientNet(**SMALL, weights=path)
    networks.assert_names_are_unique_and_the_same(small, again)
    networks.assert_same_answers(small, again)
    networks.assert_learns(again)


# --- Complaints -----------------------------------------------------------------------------------

COMPLAINTS = [
    (
        lambda _: compound_scaling(float("nan")),
        ValueError,
        "`phi` must be a finite number. Received: nan.",
    ),
    (
        lambda _: EfficientNet("B8"),
        ValueError,
        "`variant` must be a known name. Received: 'B8'. Did you mean B7? Known: B0, B1, B2, B3, "
        "B4, B5, B6, B7.",
    ),
    (
        lambda _: EfficientNet("B0", (32, 31, 3)),
        ValueError,
        "`input_shape` must be at least 32 pixels high and wide. Received: (32, 31, 3). Smaller "
        "maps would vanish on their way through the network.",
    ),
    (
        lambda _: EfficientNet("B0", classes=1),
        ValueError,
        "`classes` must be at least 2. Received: 1.",
    ),
    (
        lambda _: EfficientNet("B0", (32, 32, 1), 5, weights="imagenet"),
        ValueError,
        "`weights` must fit the other arguments. Received: imagenet. The published weights ask for "
        "3 channels and classes=1000 or include_top=False.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
