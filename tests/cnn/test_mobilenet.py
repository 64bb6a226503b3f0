"""MobileNet: the papers' tables, the twins in keras.applications, JAX, bad input."""

import keras
import numpy as np
import pytest

from dlspec.cnn.mobilenet import SIZES_V2, MobileNetV1, MobileNetV2, _published_size
from dlspec.testing import layer_table
from tests.cnn import networks
from tests.complaints import complaints_test

SMALL = (32, 32, 3)

PURE_CALLS = {"MobileNetV1": (SMALL, 2), "MobileNetV2": (SMALL, 2)}

BUILDERS = {"MobileNetV1": MobileNetV1, "MobileNetV2": MobileNetV2}
TWINS = {"MobileNetV1": keras.applications.MobileNet, "MobileNetV2": keras.applications.MobileNetV2}
each_builder = pytest.mark.parametrize("name", BUILDERS)


@pytest.fixture(scope="module")
def small():
    """Both at a quarter of the width, with random weights."""
    return {
        name: networks.randomise(networks.quickly(build, SMALL, 3, alpha=0.25))
        for name, build in BUILDERS.items()
    }


@pytest.fixture(scope="module")
def full():
    return {name: networks.quickly(build) for name, build in BUILDERS.items()}


# --- Tables ---------------------------------------------------------------------------------------


def test_parameters_as_published(full):
    """keras.applications' documentation; the papers round to 4.2 and 3.4 million."""
    assert full["MobileNetV1"].count_params() == 4_253_864
    assert full["MobileNetV2"].count_params() == 3_538_984


@pytest.mark.parametrize(("alpha", "millions"), [(0.75, 2.6), (0.5, 1.3), (0.25, 0.5)])
def test_parameters_of_thinner_ones(alpha, millions):
    """Table 6 of the paper on version 1."""
    assert (
        round(networks.quickly(MobileNetV1, SMALL, alpha=alpha).count_params() / 1e6, 1) == millions
    )


def test_parameters_of_version_2_by_hand():
    """Of the features: kernels and 4 numbers a channel of batch norm; table 2 of the paper."""
    table = [(1, 16, 1), (6, 24, 2), (6, 32, 3), (6, 64, 4), (6, 96, 3), (6, 160, 3), (6, 320, 1)]
    total, thin = 3 * 3 * 3 * 32 + 4 * 32, 32
    for expansion, channels, blocks in table:
        for _ in range(blocks):
            wide = expansion * thin
            total += (thin * wide + 4 * wide) * (expansion > 1)
            total += 9 * wide + 4 * wide + wide * channels + 4 * channels
            thin = channels
    total += 320 * 1280 + 4 * 1280
    model = networks.quickly(MobileNetV2, SMALL, include_top=False)
    assert model.count_params() == total == 2_257_984


def test_sizes_of_version_1(full):
    """Input sizes of the rows of table 1."""
    convolutions = [
        row.output_shape
        for row in layer_table(full["MobileNetV1"])
        if row.name.endswith("pointwise_relu")
    ]
    assert convolutions == [
        (112, 112, 64),
        (56, 56, 128),
        (56, 56, 128),
        (28, 28, 256),
        (28, 28, 256),
        *[(14, 14, 512)] * 6,
        (7, 7, 1024),
        (7, 7, 1024),
    ]


def test_sizes_of_version_2(full):
    """Table 2: the input of every row is the output of the row before."""
    model = full["MobileNetV2"]
    ends = {
        "stem_1_relu": (112, 112, 32),
        "stage1_block1_project_norm": (112, 112, 16),
        "stage2_block2_add": (56, 56, 24),
        "stage3_block3_add": (28, 28, 32),
        "stage4_block4_add": (14, 14, 64),
        "stage5_block3_add": (14, 14, 96),
        "stage6_block3_add": (7, 7, 160),
        "stage7_block1_project_norm": (7, 7, 320),
        "last_1_relu": (7, 7, 1280),
    }
    for name, shape in ends.items():
        assert model.get_layer(name).output.shape[1:] == shape
    assert sum(isinstance(layer, keras.layers.Add) for layer in model.layers) == 10


def test_version_2_has_the_layers_of_keras_in_its_order():
    ours = networks.quickly(MobileNetV2, SMALL, alpha=0.35, include_top=False)
    build = keras.applications.MobileNetV2
    theirs = networks.quickly(build, SMALL, 0.35, include_top=False, weights=None)
    assert len(ours.layers) == 154
    assert [type(layer) for layer in ours.layers] == [type(layer) for layer in theirs.layers]
    assert [layer.output.shape for layer in ours.layers] == [
        layer.output.shape for layer in theirs.layers
    ]


def test_projections_have_no_activation(small):
    """Linear bottlenecks: nothing but the next block or the sum follows their normalisation."""
    for layer in small["MobileNetV2"].layers:
        if layer.name.endswith("project_norm"):
            followers = {
                type(after)
                for after in small["MobileNetV2"].layers[1:]
                for taken in ([after.input] if not isinstance(after.input, list) else after.input)
                if taken is layer.output
            }
            assert followers <= {keras.layers.Conv2D, keras.layers.Add}
            assert followers


@pytest.mark.parametrize("alpha", [1.4, 0.283])
def test_widths_are_those_of_keras(alpha):
    ours = networks.quickly(MobileNetV2, SMALL, alpha=alpha, include_top=False)
    build = keras.applications.MobileNetV2
    theirs = networks.quickly(build, SMALL, alpha, include_top=False, weights=None)
    assert ours.count_params() == theirs.count_params()


# --- Twins ----------------------------------------------------------------------------------------


@each_builder
@pytest.mark.parametrize(
    ("shape", "alpha", "include_top"), [(SMALL, 0.5, True), ((37, 64, 3), 0.35, False)]
)
def test_answers_are_those_of_keras(name, shape, alpha, include_top):
    top = {"include_top": include_top}
    ours = networks.quickly(BUILDERS[name], shape, 7, alpha=alpha, **top)
    theirs = networks.quickly(TWINS[name], shape, alpha, weights=None, classes=7, **top)
    networks.assert_equals_its_twin(ours, theirs)
    assert [layer.epsilon for layer in ours.layers if hasattr(layer, "epsilon")] == [
        layer.epsilon for layer in theirs.layers if hasattr(layer, "epsilon")
    ]


@each_builder
def test_published_weights_are_fetched_and_moved(name, tmp_path):
    """A file of random weights stands for the server."""
    theirs = networks.quickly(TWINS[name], (128, 128, 3), 0.5, include_top=False, weights=None)
    shelf = networks.Shelf(tmp_path / "theirs.weights.h5")
    networks.randomise(theirs).save_weights(shelf.path)
    with shelf.open(), networks.constant_initialisers():
        ours = BUILDERS[name]((128, 128, 3), alpha=0.5, include_top=False, weights="imagenet")
    networks.assert_same_answers(theirs, ours, rtol=1e-5)
    asked = {"MobileNetV1": "mobilenet_5_0_128_tf_no_top.h5", "MobileNetV2": "_0.5_128_no_top.h5"}
    assert shelf.asked[0].endswith(asked[name])


@pytest.mark.parametrize(
    ("shape", "learnt_at"), [((160, 160, 3), 160), ((160, 128, 3), 224), ((64, 64, 3), 224)]
)
def test_published_weights_are_those_of_the_size_or_of_224(shape, learnt_at):
    assert _published_size(shape, SIZES_V2) == (learnt_at, learnt_at, 3)


# --- What Keras does with it ----------------------------------------------------------------------


@each_builder
def test_outputs_are_probabilities(name, small):
    (y,) = networks.outputs(small[name], networks.pictures(small[name]))
    assert y.shape == (2, 3)
    np.testing.assert_allclose(y.sum(axis=1), np.ones(2, np.float32), rtol=1e-6, strict=True)


@each_builder
def test_saved_and_loaded(name, small, tmp_path):
    networks.assert_survives_saving(small[name], tmp_path)


@pytest.mark.parametrize(
    ("name", "ending"), [("MobileNetV1", ".weights.h5"), ("MobileNetV2", ".keras")]
)
def test_weights_from_a_file(name, ending, small, tmp_path):
    path = tmp_path / f"own{ending}"
    if ending == ".keras":
        small[name].save(path)
    else:
        small[name].save_weights(path)
    loaded = networks.quickly(BUILDERS[name], SMALL, 3, alpha=0.25, weights=path)
    networks.assert_same_answers(small[name], loaded)


def test_jax_gives_the_same_answers(small, tmp_path):
    kwargs = {"input_shape": SMALL, "classes": 3, "alpha": 0.25}
    calls = {f"dlspec.cnn.mobilenet.{name}": (kwargs, model) for name, model in small.items()}
    networks.assert_jax_agrees(calls, tmp_path)


@each_builder
def test_a_second_one_has_the_same_names_and_learns(name, small):
    again = BUILDERS[name](SMALL, 3, alpha=0.25)
    networks.assert_names_are_unique_and_the_same(small[name], again)
    networks.assert_learns(again)


# --- Complaints -----------------------------------------------------------------------------------


def complaints(build, alphas):
    return [
        (
            lambda _: build((31, 64, 3)),
            ValueError,
            "`input_shape` must be at least 32 pixels high and wide. Received: (31, 64, 3). "
            "Smaller maps would vanish on their way through the network.",
        ),
        (lambda _: build(SMALL, 1), ValueError, "`classes` must be at least 2. Received: 1."),
        (
            lambda _: build(SMALL, alpha=0),
            ValueError,
            "`alpha` must be a positive finite number. Received: 0.",
        ),
        (
            lambda _: build((32, 32, 1), 10, alpha=0.3, weights="imagenet"),
            ValueError,
            "`weights` must fit the other arguments. Received: imagenet. The published weights ask "
            "for 3 channels and classes=1000 or include_top=False and alpha one of "
            f"{', '.join(map(str, alphas))}.",
        ),
    ]


COMPLAINTS = [
    *complaints(MobileNetV1, (0.25, 0.5, 0.75, 1.0)),
    *complaints(MobileNetV2, (0.35, 0.5, 0.75, 1.0, 1.3, 1.4)),
]

test_complaints = complaints_test(COMPLAINTS)
