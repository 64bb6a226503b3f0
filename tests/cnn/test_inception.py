"""The inception block and GoogLeNet: the paper's table, a block by hand, JAX, bad input."""

import keras
import numpy as np
import pytest

from dlspec.cnn.inception import BLOCKS, GoogLeNet, inception_block
from dlspec.testing import assert_close
from tests.cnn import networks
from tests.complaints import complaints_test

PICTURES = (65, 65, 3)
FILTERS = (4, 3, 5, 2, 3, 2)

PURE_CALLS = {
    "GoogLeNet": (PICTURES, 2),
    "inception_block": (np.ones((1, 4, 4, 3), np.float32), [1, 1, 2, 1, 1, 1]),
}

SMALL = {"input_shape": PICTURES, "classes": 3}


@pytest.fixture(scope="module")
def small():
    return networks.randomise(networks.quickly(GoogLeNet, **SMALL))


@pytest.fixture(scope="module")
def full():
    return networks.quickly(GoogLeNet)


# --- The paper's table ----------------------------------------------------------------------------


def numbers(model, prefix):
    """Parameters of the layers whose names begin so."""
    layers = [layer for layer in model.layers if layer.name.startswith(prefix)]
    assert layers
    return sum(layer.count_params() for layer in layers)


@pytest.mark.parametrize(
    ("prefix", "thousands"),
    [
        ("stem_2", 112),
        ("inception_3a", 159),
        ("inception_3b", 380),
        ("inception_4a", 364),
        ("inception_4b", 437),
        ("inception_4d", 580),
        ("inception_4e", 840),
        ("inception_5b", 1388),
        ("head_1", 1000),
    ],
)
def test_parameters_of_the_rows_of_table_1(full, prefix, thousands):
    """K is 1024 there.

    Three rows do not follow from the filters in the same row: 2.7K for the first convolution
    (7*7*3*64 are 9.2K), 463K for 4c (497K, which fit its 100M operations), 1072K for 5a (1018K).
    """
    assert abs(numbers(full, prefix) / 1024 - thousands) < 0.02 * thousands


def test_parameters_of_the_first_convolution(full):
    assert numbers(full, "stem_1") == 7 * 7 * 3 * 64 + 64


def test_about_7_million_without_the_heads(full):
    """From the table: kernels and biases, block by block."""
    total, channels = (7 * 7 * 3 + 1) * 64 + (64 + 1) * 64 + (9 * 64 + 1) * 192, 192
    for a, b, c, d, e, f in BLOCKS.values():
        total += (channels + 1) * (a + b + d + f) + (9 * b + 1) * c + (25 * d + 1) * e
        channels = a + c + e + f
    total += (1024 + 1) * 1000
    heads = sum((c + 1) * 128 + (4 * 4 * 128 + 1) * 1024 + 1025 * 1000 for c in (512, 528))
    assert total == 6_998_552
    assert full.count_params() == total + heads == 13_378_280
    alone = networks.quickly(GoogLeNet, PICTURES, auxiliary_heads=False)
    assert alone.count_params() == total


def test_sizes_of_the_rows_of_table_1(full):
    ends = {
        "stem_1_7x7": (112, 112, 64),
        "stem_1_pool": (56, 56, 64),
        "stem_2_3x3": (56, 56, 192),
        "stem_2_pool": (28, 28, 192),
        "inception_3a_concatenate": (28, 28, 256),
        "inception_3b_concatenate": (28, 28, 480),
        "inception_3b_last_pool": (14, 14, 480),
        "inception_4a_concatenate": (14, 14, 512),
        "inception_4b_concatenate": (14, 14, 512),
        "inception_4c_concatenate": (14, 14, 512),
        "inception_4d_concatenate": (14, 14, 528),
        "inception_4e_concatenate": (14, 14, 832),
        "inception_4e_last_pool": (7, 7, 832),
        "inception_5a_concatenate": (7, 7, 832),
        "inception_5b_concatenate": (7, 7, 1024),
        "head_1_pool": (1024,),
        "auxiliary_1_pool": (4, 4, 512),
        "auxiliary_2_pool": (4, 4, 528),
    }
    for name, shape in ends.items():
        assert full.get_layer(name).output.shape[1:] == shape, name


# --- One block ------------------------------------------------------------------------------------


def convolve(x, layer):
    """ "Same" convolution and ReLU in NumPy, place by place."""
    kernel, bias = layer.get_weights()
    f, reach = kernel.shape[0], kernel.shape[0] // 2
    padded = np.pad(x, ((0, 0), (reach, reach), (reach, reach), (0, 0)))
    z = np.empty((*x.shape[:3], kernel.shape[-1]))
    for h in range(x.shape[1]):
        for w in range(x.shape[2]):
            window = padded[:, h : h + f, w : w + f]
            z[:, h, w] = np.tensordot(window, kernel, axes=3) + bias
    return np.maximum(z, 0)


def pool(x):
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)), constant_values=-np.inf)
    height, width = x.shape[1:3]
    shifted = [padded[:, i : i + height, j : j + width] for i in range(3) for j in range(3)]
    return np.max(shifted, axis=0)


def test_a_block_is_its_four_branches_side_by_side():
    inputs = keras.Input((5, 6, 3))
    model = keras.Model(inputs, inception_block(inputs, FILTERS, "inception_1"))
    x = networks.pictures(networks.randomise(model))

    def layer(role):
        return model.get_layer(f"inception_1_{role}")

    expected = np.concatenate(
        [
            convolve(x, layer("1x1")),
            convolve(convolve(x, layer("3x3_reduce")), layer("3x3")),
            convolve(convolve(x, layer("5x5_reduce")), layer("5x5")),
            convolve(pool(x), layer("pool_1x1")),
        ],
        axis=-1,
    )
    assert expected.shape[-1] == 4 + 5 + 3 + 2
    assert_close(model(x).numpy(), expected, rtol=1e-4, atol=1e-5)


def test_a_block_takes_arrays_too():
    assert inception_block(np.ones((2, 4, 4, 3), np.float32), FILTERS).shape == (2, 4, 4, 14)


# --- What Keras does with it ----------------------------------------------------------------------


def test_three_heads_give_probabilities(small):
    answers = networks.outputs(small, networks.pictures(small))
    assert [y.shape for y in answers] == [(2, 3)] * 3
    for y in answers:
        np.testing.assert_allclose(y.sum(axis=1), np.ones(2, np.float32), rtol=1e-6, strict=True)
    assert small.output_names[0] == "head_1_softmax"


def test_without_the_heads_the_main_one_answers_the_same(small):
    alone = networks.quickly(GoogLeNet, **SMALL, auxiliary_heads=False)
    for layer in alone.layers:
        layer.set_weights(small.get_layer(layer.name).get_weights())
    x = networks.pictures(small)
    assert_close(networks.outputs(alone, x)[0], networks.outputs(small, x)[0], rtol=1e-5)


def test_saved_and_loaded(small, tmp_path):
    networks.assert_survives_saving(small, tmp_path)


def test_jax_gives_the_same_answers(small, tmp_path):
    networks.assert_jax_agrees({"dlspec.cnn.inception.GoogLeNet": (SMALL, small)}, tmp_path)


def test_a_second_one_has_the_same_names_and_learns_and_loads_weights(small, tmp_path):
    path = tmp_path / "own.weights.h5"
    small.save_weights(path)
    again = GoogLeNet(**SMALL, weights=path)
    networks.assert_names_are_unique_and_the_same(small, again)
    networks.assert_same_answers(small, again)
    networks.assert_learns(again)


def test_smallest_pictures():
    model = networks.quickly(GoogLeNet, (65, 65, 3), 2)
    assert model.get_layer("auxiliary_1_pool").output.shape[1:3] == (1, 1)
    model = networks.quickly(GoogLeNet, (32, 32, 3), 2, auxiliary_heads=False)
    assert model.get_layer("inception_5b_concatenate").output.shape[1:3] == (1, 1)


# --- Complaints -----------------------------------------------------------------------------------

LISTED = "list the filters of 1x1, 3x3_reduce, 3x3, 5x5_reduce, 5x5, pool_1x1"

COMPLAINTS = [
    (
        lambda _: GoogLeNet((64, 64, 3)),
        ValueError,
        "`input_shape` must be at least 65 pixels high and wide. Received: (64, 64, 3). Smaller "
        "maps would vanish on their way through the network.",
    ),
    (
        lambda _: GoogLeNet((31, 31, 3), auxiliary_heads=False),
        ValueError,
        "`input_shape` must be at least 32 pixels high and wide. Received: (31, 31, 3). Smaller "
        "maps would vanish on their way through the network.",
    ),
    (
        lambda _: GoogLeNet(PICTURES, 1),
        ValueError,
        "`classes` must be at least 2. Received: 1.",
    ),
    (
        lambda _: GoogLeNet(weights="imagenet"),
        ValueError,
        "`weights` must be None or a path for this network. Received: imagenet. "
        "keras.applications does not carry it.",
    ),
    (
        lambda _: inception_block(np.ones((4, 4, 3)), FILTERS),
        ValueError,
        "`X` must be maps of shape (batch, height, width, channels). Received: ndarray of rank 3.",
    ),
    (
        lambda _: inception_block(np.ones((1, 4, 4, 3)), 64),
        TypeError,
        f"`filters` must {LISTED}. Received: 64 (int).",
    ),
    (
        lambda _: inception_block(np.ones((1, 4, 4, 3)), [1, 2, 3, 4]),
        ValueError,
        f"`filters` must {LISTED}. Received: 4 numbers.",
    ),
    (
        lambda _: inception_block(np.ones((1, 4, 4, 3)), [1, 2, 0, 4, 5, 6]),
        ValueError,
        "`filters[2]` must be at least 1. Received: 0.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
