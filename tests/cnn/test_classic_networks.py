"""LeNet-5, AlexNet, VGG: the papers' tables, the twins in keras.applications, JAX, bad input."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from dlspec.cnn._weights import copy_weights
from dlspec.cnn.classic_networks import (
    VGG16,
    VGG19,
    AlexNet,
    LeNet5,
    LocalResponseNormalization,
)
from dlspec.testing import assert_close, layer_table
from tests.cnn import networks
from tests.complaints import complaints_test

ALEX = (67, 67, 3)
VGG = (32, 32, 3)

PURE_CALLS = {
    "LeNet5": ((32, 32, 1), 10),
    "AlexNet": (ALEX, 2),
    "VGG16": (VGG, 2),
    "VGG19": (VGG, 2),
}

# Small pictures; the dense layers of AlexNet and VGG are wide whatever the picture.
SMALL = {
    "LeNet5": {"input_shape": (20, 17, 2), "classes": 3, "activation": "sigmoid"},
    "AlexNet": {"input_shape": ALEX, "classes": 3, "groups": 2, "local_response": True},
    "VGG16": {"input_shape": (32, 37, 3), "include_top": False},
    "VGG19": {"input_shape": VGG, "include_top": False},
}
BUILDERS = {"LeNet5": LeNet5, "AlexNet": AlexNet, "VGG16": VGG16, "VGG19": VGG19}
each_network = pytest.mark.parametrize("name", BUILDERS)


@pytest.fixture(scope="module")
def small():
    return {
        name: networks.randomise(networks.quickly(BUILDERS[name], **kwargs))
        for name, kwargs in SMALL.items()
    }


# --- Tables ---------------------------------------------------------------------------------------


def test_lenet_as_the_lecture_draws_it():
    assert layer_table(LeNet5()) == [
        ("inputs", "InputLayer", (32, 32, 1), 0),
        ("stage1_1_conv", "Conv2D", (28, 28, 6), 156),
        ("stage1_1_pool", "AveragePooling2D", (14, 14, 6), 0),
        ("stage2_1_conv", "Conv2D", (10, 10, 16), 2_416),
        ("stage2_1_pool", "AveragePooling2D", (5, 5, 16), 0),
        ("dense_0_flatten", "Flatten", (400,), 0),
        ("dense_1_linear", "Dense", (120,), 48_120),
        ("dense_2_linear", "Dense", (84,), 10_164),
        ("head_1_softmax", "Dense", (10,), 850),
    ]
    assert LeNet5().count_params() == 61_706


def test_alexnet_as_the_lecture_draws_it():
    shapes = [
        (55, 55, 96),
        (27, 27, 96),
        (27, 27, 256),
        (13, 13, 256),
        (13, 13, 384),
        (13, 13, 384),
        (13, 13, 256),
        (6, 6, 256),
        (9216,),
        (4096,),
        (4096,),
        (4096,),
        (4096,),
        (1000,),
    ]
    model = networks.quickly(AlexNet)
    assert [row.output_shape for row in layer_table(model)[1:]] == shapes
    assert model.count_params() == 62_378_344


def test_alexnet_in_two_groups_as_in_the_paper():
    """The second, fourth and fifth convolution of the paper's figure 2 have 48, 192, 192 inputs."""
    model = networks.quickly(AlexNet, ALEX, 10, groups=2)
    kernels = [w.shape for w in model.weights if "conv" in w.path and w.name == "kernel"]
    assert kernels == [
        (11, 11, 3, 96),
        (5, 5, 48, 256),
        (3, 3, 256, 384),
        (3, 3, 192, 384),
        (3, 3, 192, 256),
    ]
    dense_of_small = 256 * 4096 + 10 * 4097
    dense = 9216 * 4096 + 1000 * 4097
    assert model.count_params() - dense_of_small + dense == 60_965_224


@pytest.mark.parametrize(("build", "parameters"), [(VGG16, 138_357_544), (VGG19, 143_667_240)])
def test_vgg_has_138_and_144_million_parameters(build, parameters):
    """A picture of 32 x 32 leaves 1 x 1 of the 7 x 7 in front of the first dense layer."""
    assert networks.quickly(build, VGG).count_params() + 48 * 512 * 4096 == parameters


@pytest.mark.parametrize(
    ("build", "convolutions"), [(VGG16, [2, 2, 3, 3, 3]), (VGG19, [2, 2, 4, 4, 4])]
)
def test_vgg_stages(build, convolutions):
    """Columns D and E of the paper's table 1."""
    rows = layer_table(networks.quickly(build, (64, 64, 3), include_top=False))
    found = [[row for row in rows if row.name.startswith(f"stage{i}_")] for i in range(1, 6)]
    assert [len(stage) - 1 for stage in found] == convolutions
    assert [stage[0].output_shape for stage in found] == [
        (64, 64, 64),
        (32, 32, 128),
        (16, 16, 256),
        (8, 8, 512),
        (4, 4, 512),
    ]
    assert [stage[-1].kind for stage in found] == ["MaxPooling2D"] * 5


# --- Twins ----------------------------------------------------------------------------------------


def test_vgg16_answers_as_in_keras():
    shape = (32, 37, 3)
    ours = networks.quickly(VGG16, shape, 5)
    build = keras.applications.VGG16
    theirs = networks.quickly(build, input_shape=shape, weights=None, classes=5)
    networks.assert_equals_its_twin(ours, theirs)


def test_vgg19_answers_as_in_keras():
    build = keras.applications.VGG19
    theirs = networks.quickly(build, input_shape=VGG, include_top=False, weights=None)
    networks.assert_equals_its_twin(networks.quickly(VGG19, VGG, include_top=False), theirs)


def test_published_weights_are_fetched_and_moved(small, tmp_path):
    shelf = networks.Shelf(tmp_path / "theirs.weights.h5")
    build = keras.applications.VGG16
    theirs = networks.quickly(build, input_shape=VGG, include_top=False, weights=None)
    copy_weights(small["VGG16"], theirs)
    theirs.save_weights(shelf.path)
    with shelf.open(), networks.constant_initialisers():
        ours = VGG16(VGG, include_top=False, weights="imagenet")
    assert shelf.asked == ["vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5"]
    networks.assert_same_answers(theirs, ours, rtol=1e-5)


@pytest.mark.parametrize("shape", [(2, 5, 4, 9), (1, 3, 3, 3)])
def test_local_response_is_that_of_tensorflow(shape):
    x = 30 * np.random.default_rng(0).normal(size=shape).astype(np.float32)
    expected = tf.nn.local_response_normalization(x, 2, bias=2.0, alpha=1e-4, beta=0.75).numpy()
    found = LocalResponseNormalization()(x).numpy()
    np.testing.assert_allclose(found, expected, rtol=1e-5, strict=True)


def test_local_response_by_hand():
    """Neighbours at the rim have only one neighbour."""
    layer = LocalResponseNormalization(depth=3, k=1.0, alpha=0.5, beta=1.0)
    x = np.array([[[[1.0, 2.0, 3.0]]]], np.float32)
    expected = [[[[1 / (1 + 2.5), 2 / (1 + 7), 3 / (1 + 6.5)]]]]
    assert_close(layer(x).numpy(), expected, rtol=1e-6)


# --- What Keras does with it ----------------------------------------------------------------------


@each_network
def test_answers_differ_from_picture_to_picture(name, small):
    (y,) = networks.outputs(small[name], networks.pictures(small[name]))
    assert np.isfinite(y).all()
    assert np.abs(y[0] - y[1]).max() > 1e-4
    if y.ndim == 2:
        np.testing.assert_allclose(y.sum(axis=1), np.ones(2, np.float32), rtol=1e-6, strict=True)


@each_network
def test_saved_and_loaded(name, small, tmp_path):
    networks.assert_survives_saving(small[name], tmp_path)


def test_weights_from_a_file(small, tmp_path):
    for name in ("LeNet5", "VGG19"):
        path = tmp_path / f"{name}.weights.h5"
        small[name].save_weights(path)
        loaded = networks.quickly(BUILDERS[name], **SMALL[name], weights=path)
        networks.assert_same_answers(small[name], loaded)


def test_jax_gives_the_same_answers(small, tmp_path):
    calls = {
        f"dlspec.cnn.classic_networks.{name}": (kwargs, small[name])
        for name, kwargs in SMALL.items()
    }
    networks.assert_jax_agrees(calls, tmp_path)


@each_network
def test_a_second_one_has_the_same_names_and_learns(name, small):
    again = BUILDERS[name](**SMALL[name])
    networks.assert_names_are_unique_and_the_same(small[name], again)
    networks.assert_learns(again)


@pytest.mark.parametrize("build", [AlexNet, VGG16], ids=["AlexNet", "VGG16"])
def test_dropout_works_while_training_only(build, monkeypatch):
    monkeypatch.setattr("dlspec.cnn.classic_networks.WIDE_DENSE", (8, 8))
    model = networks.randomise(build(ALEX, 3))
    x = networks.pictures(model)
    still = [model(x, training=False).numpy() for _ in range(2)]
    np.testing.assert_array_equal(*still, strict=True)
    moving = [model(x, training=True).numpy() for _ in range(4)]
    assert any(np.any(y != moving[0]) for y in moving)


# --- Complaints -----------------------------------------------------------------------------------


def too_small(build, shape, minimum):
    return (
        lambda _: build(shape),
        ValueError,
        f"`input_shape` must be at least {minimum} pixels high and wide. Received: {shape}. "
        "Smaller maps would vanish on their way through the network.",
    )


def too_few_classes(build, shape):
    return (
        lambda _: build(shape, 1),
        ValueError,
        "`classes` must be at least 2. Received: 1.",
    )


def not_carried(build):
    return (
        lambda _: build(weights="imagenet"),
        ValueError,
        "`weights` must be None or a path for this network. Received: imagenet. "
        "keras.applications does not carry it.",
    )


COMPLAINTS = [
    too_small(LeNet5, (16, 15, 1), 16),
    too_small(AlexNet, (66, 67, 3), 67),
    too_small(VGG16, (31, 32, 3), 32),
    too_small(VGG19, (31, 32, 3), 32),
    too_few_classes(LeNet5, (32, 32, 1)),
    too_few_classes(AlexNet, ALEX),
    too_few_classes(VGG16, VGG),
    not_carried(LeNet5),
    not_carried(AlexNet),
    (
        lambda _: LeNet5(activation="rleu"),
        ValueError,
        "`activation` must be a known name. Received: 'rleu'. Did you mean relu? Known: tanh, "
        "sigmoid, relu.",
    ),
    (
        lambda _: AlexNet(groups=3),
        ValueError,
        "`groups` must be 1 or 2. Received: 3.",
    ),
    (
        lambda _: VGG16((32, 32, 1), weights="imagenet"),
        ValueError,
        "`weights` must fit the other arguments. Received: imagenet. The published weights ask for "
        "3 channels and 224 x 224 pixels and classes=1000, or include_top=False.",
    ),
    (
        lambda _: LocalResponseNormalization(depth=0),
        ValueError,
        "`depth` must be at least 1. Received: 0.",
    ),
    (
        lambda _: LocalResponseNormalization(depth=4),
        ValueError,
        "`depth` must be odd. Received: 4.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)


@pytest.mark.parametrize(
    ("build", "shape"),
    [(LeNet5, (16, 16, 1)), (AlexNet, ALEX), (VGG16, VGG)],
    ids=["LeNet5", "AlexNet", "VGG16"],
)
def test_the_smallest_pictures_leave_one_place(build, shape, monkeypatch):
    monkeypatch.setattr("dlspec.cnn.classic_networks.WIDE_DENSE", (2,))
    pools = [layer for layer in build(shape, 2).layers if layer.name.endswith("_pool")]
    assert pools[-1].output.shape[1:3] == (1, 1)
