"""Networks for faces: published sizes, two backends, saving, differences by hand."""

import itertools

import keras
import numpy as np
import pytest

from dlspec.cnn.face_networks import (
    NN4_SMALL2,
    EncodingDifference,
    FaceEncoder,
    InceptionFaceNet,
    SiameseHead,
    SiameseNetwork,
)
from dlspec.cnn.face_recognition import SemiHardTripletLoss
from dlspec.testing import assert_close
from tests.backends import Call, outputs_on
from tests.cnn import networks
from tests.complaints import complaints_test

TINY = {"input_shape": (16, 16, 3), "encoding_size": 4, "width": 1}
ENCODER = networks.quickly(FaceEncoder, **TINY)

PURE_CALLS = {
    "InceptionFaceNet": ((96, 96, 3), 2),
    "FaceEncoder": TINY,
    "SiameseHead": (4, "squared"),
    "SiameseNetwork": (ENCODER, "chi_square"),
}


@pytest.fixture(scope="module")
def small():
    return networks.randomise(networks.quickly(FaceEncoder, **TINY))


@pytest.fixture(scope="module")
def full():
    return networks.randomise(networks.quickly(InceptionFaceNet))


# --- Encoders -------------------------------------------------------------------------------------


def test_nn4_small2_has_the_published_number_of_parameters(full):
    """Course 4, week 4: "Total Params: 3743280".  Each convolution: kernel, bias, four of norm."""

    def conv(before, filters, side):
        return before * filters * side**2 + 5 * filters

    total, channels = conv(3, 64, 7) + conv(64, 64, 1) + conv(64, 192, 3), 192
    for one, three, five, (_, _, pool) in NN4_SMALL2.values():
        out = 0
        for side, row in ((3, three), (5, five)):
            if row:
                total += conv(channels, row[0], 1) + conv(row[0], row[1], side)
                out += row[1]
        for filters in filter(None, (pool, one)):
            total += conv(channels, filters, 1)
        channels = out + (pool or channels) + (one or 0)
    total += (channels + 1) * 128
    assert full.count_params() == total == 3_743_280
    assert sum(int(np.prod(w.shape)) for w in full.non_trainable_weights) == 9_312


def test_sizes_of_nn4_small2(full):
    """The table of the OpenFace report: maps after each row."""
    rows = {
        "stem_1_7x7_relu": (48, 48, 64),
        "stem_1_pool": (24, 24, 64),
        "stem_3_3x3_relu": (24, 24, 192),
        "stem_3_pool": (12, 12, 192),
        "inception_3a_concatenate": (12, 12, 256),
        "inception_3b_concatenate": (12, 12, 320),
        "inception_3c_concatenate": (6, 6, 640),
        "inception_4a_concatenate": (6, 6, 640),
        "inception_4e_concatenate": (3, 3, 1024),
        "inception_5a_concatenate": (3, 3, 736),
        "inception_5b_concatenate": (3, 3, 736),
        "head_1_pool": (736,),
        "head_1_unit_length": (128,),
    }
    for name, shape in rows.items():
        assert full.get_layer(name).output.shape[1:] == shape, name
    paddings = {"3a": 7, "3b": 8, "3c": 1, "4a": 4, "4e": 1, "5a": 2, "5b": 2}  # in all, each way
    for block, missing in paddings.items():
        low, high = full.get_layer(f"inception_{block}_pool_pad").padding[0]
        assert (low, high) == (missing // 2, missing - missing // 2)


def test_parameters_of_the_small_encoder():
    """Kernels of 3 x 3 on 3 -> w -> w -> 2w -> 2w -> ... -> 8w; 3 x 3 maps of 8w are left of 48."""
    w, total = 16, 0
    widths = [3, w, w, 2 * w, 2 * w, 4 * w, 4 * w, 8 * w, 8 * w]
    for before, after in itertools.pairwise(widths):
        total += 9 * before * after + 5 * after
    total += (3 * 3 * 8 * w + 1) * 64
    assert networks.quickly(FaceEncoder).count_params() == total == 369_232


def test_encodings_have_length_1(small, full):
    for model in (small, full):
        lengths = np.linalg.norm(networks.outputs(model, networks.pictures(model))[0], axis=1)
        assert_close(lengths, np.ones(2, np.float32), rtol=1e-5)


def test_encoders_are_saved_and_loaded_and_have_the_same_names(small, full, tmp_path):
    networks.assert_survives_saving(small, tmp_path)
    networks.assert_names_are_unique_and_the_same(small, networks.quickly(FaceEncoder, **TINY))
    networks.assert_names_are_unique_and_the_same(full, networks.quickly(InceptionFaceNet))
    full.save_weights(tmp_path / "full.weights.h5")
    again = networks.quickly(InceptionFaceNet)
    again.load_weights(tmp_path / "full.weights.h5")
    networks.assert_same_answers(full, again)


def test_one_step_moves_every_kernel_of_both_encoders(small, full):
    who = np.array([0, 0, 1, 1])
    for model in (keras.models.clone_model(small), full):
        networks.randomise(model)
        before = [w.numpy() for w in model.trainable_weights]
        model.compile(keras.optimizers.SGD(0.1), SemiHardTripletLoss(2.0), run_eagerly=True)
        assert np.isfinite(model.train_on_batch(networks.pictures(model, 4), who))
        for weight, old in zip(model.trainable_weights, before, strict=True):
            if "kernel" in weight.path:
                assert np.any(weight.numpy() != old), weight.path


def test_answers_are_the_same_on_jax(small, full, tmp_path):
    random = np.random.default_rng(3)
    f, head = random.normal(size=(24, 4)).astype(np.float32), SiameseHead(4, "chi_square")
    kinds = {"encoding_size": 4, "difference": "chi_square"}
    models = {
        "FaceEncoder": (TINY, small, [networks.pictures(small)]),
        "InceptionFaceNet": ({}, full, [networks.pictures(full)]),
        "SiameseHead": (kinds, head, [f, f[::-1]]),
    }
    calls = [
        Call(f"dlspec.cnn.face_networks.{name}", options, model.get_weights(), inputs)
        for name, (options, model, inputs) in models.items()
    ]
    answers = outputs_on("jax", calls, tmp_path)
    for [found], (_, model, inputs) in zip(answers, models.values(), strict=True):
        ours = networks.outputs(model, inputs if len(inputs) > 1 else inputs[0])[0]
        assert_close(found, ours, atol=1e-5)


# --- Siamese networks -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("abs", [0.5, 0.25]), ("squared", [0.25, 0.0625]), ("chi_square", [0.25 / 1.5, 0.25])],
)
def test_differences_by_hand(kind, expected):
    found = EncodingDifference(kind)([np.array([[1.0, 0.0]]), np.array([[0.5, -0.25]])])
    np.testing.assert_allclose(found, [expected], rtol=1e-5)


@pytest.mark.parametrize("kind", ["abs", "chi_square"])
def test_the_head_is_a_logistic_unit_on_the_differences(kind):
    random = np.random.default_rng(0)
    f, g = random.normal(size=(2, 5, 3)).astype(np.float32)
    w, b = random.normal(size=(3, 1)).astype(np.float32), np.array([0.3], np.float32)
    head = SiameseHead(3, kind)
    head.set_weights([w, b])
    diff = np.abs(f - g)
    if kind == "chi_square":
        diff = diff**2 / (np.abs(f) + np.abs(g))
    expected = 1 / (1 + np.exp(-(diff @ w + b)))
    assert_close(networks.outputs(head, [f, g])[0], expected, rtol=1e-4)


def test_equal_pictures_give_the_bias_alone_and_order_does_not_matter(small, tmp_path):
    network, x = SiameseNetwork(small), networks.pictures(small)
    pairs = [x, x], [x, x[::-1]], [x[::-1], x]
    same, one, other = (networks.outputs(network, pair)[0] for pair in pairs)
    assert_close(same, np.full((2, 1), 0.5, np.float32), rtol=1e-6)
    assert_close(one, other, rtol=1e-5)
    network.save(tmp_path / "pair.keras")
    loaded = keras.saving.load_model(tmp_path / "pair.keras")
    assert_close(networks.outputs(loaded, [x, x[::-1]])[0], one, rtol=1e-6)
    names = [layer.name for layer in network.layers]
    assert names == [layer.name for layer in SiameseNetwork(small).layers]
    assert names == ["pair_1_picture", "pair_2_picture", "face_encoder", "siamese_head"]


def test_training_a_siamese_network_trains_its_encoder():
    encoder = networks.randomise(networks.quickly(FaceEncoder, **TINY))
    before, x = encoder.get_weights()[0], networks.pictures(encoder)
    network = SiameseNetwork(encoder, "chi_square")
    network.compile(keras.optimizers.SGD(0.5), "binary_crossentropy", run_eagerly=True)
    assert np.isfinite(network.train_on_batch([x, x[::-1]], np.ones((2, 1))))
    assert np.any(encoder.get_weights()[0] != before)


# --- Complaints -----------------------------------------------------------------------------------

COMPLAINTS = [
    (
        lambda _: InceptionFaceNet((95, 96, 3)),
        ValueError,
        "`input_shape` must be at least 96 pixels high and wide. Received: (95, 96, 3). Smaller "
        "maps would vanish on their way through the network.",
    ),
    (
        lambda _: InceptionFaceNet(encoding_size=0),
        ValueError,
        "`encoding_size` must be at least 1. Received: 0.",
    ),
    (
        lambda _: FaceEncoder((48, 48)),
        ValueError,
        "`input_shape` must be (height, width, channels). Received: (48, 48).",
    ),
    (
        lambda _: FaceEncoder(encoding_size=0),
        ValueError,
        "`encoding_size` must be at least 1. Received: 0.",
    ),
    (
        lambda _: FaceEncoder(width=0),
        ValueError,
        "`width` must be at least 1. Received: 0.",
    ),
    (
        lambda _: EncodingDifference("ab"),
        ValueError,
        "`kind` must be a known name. Received: 'ab'. Did you mean abs? Known: abs, squared, "
        "chi_square.",
    ),
    (
        lambda _: SiameseHead(0),
        ValueError,
        "`encoding_size` must be at least 1. Received: 0.",
    ),
    (
        lambda _: SiameseHead(3, "chi"),
        ValueError,
        "`difference` must be a known name. Received: 'chi'. Known: abs, squared, chi_square.",
    ),
    (
        lambda _: SiameseNetwork(None),
        TypeError,
        "`model` must be a Keras model. Received: NoneType.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
