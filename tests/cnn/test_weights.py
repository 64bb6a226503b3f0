"""Weights and arguments that all builders of published networks share."""

import keras
import numpy as np
import pytest

from dlspec.cnn._weights import check_weights, copy_weights, load_weights
from tests.cnn import networks
from tests.complaints import complaints_test


def small(units=3, name="small"):
    inputs = keras.Input((2,))
    return keras.Model(inputs, keras.layers.Dense(units, name="dense_1_linear")(inputs), name=name)


def test_weights_that_need_no_file():
    assert check_weights(None) is None
    assert check_weights("imagenet", {"classes=1000": True}) == "imagenet"


def test_a_model_without_weights_to_load_stays_as_it_is():
    model = small()
    before = model.get_weights()
    assert load_weights(model, None) is model
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(new, old, strict=True)


def test_a_1x1_convolution_and_a_dense_layer_hold_the_same_numbers():
    maps, row = keras.Input((1, 1, 4)), keras.Input((4,))
    source = keras.Model(maps, keras.layers.Conv2D(3, 1)(maps))
    target = keras.Model(row, keras.layers.Dense(3)(row))
    copy_weights(networks.randomise(source), target)
    x = np.random.default_rng(0).normal(size=(5, 4)).astype(np.float32)
    expected = source(x[:, None, None]).numpy()[:, 0, 0]
    np.testing.assert_allclose(target(x).numpy(), expected, rtol=1e-6, strict=True)


def test_normalisation_computes_with_what_was_copied():
    pair = []
    for _ in range(2):
        inputs = keras.Input((3,))
        pair.append(keras.Model(inputs, keras.layers.Normalization(name="normalise")(inputs)))
    layer = pair[0].get_layer("normalise")
    layer.set_weights([np.ones(3), np.full(3, 4.0), np.int32(0)])
    copy_weights(*pair)
    x = np.array([[1.0, 3.0, -5.0]], np.float32)
    expected = np.array([[0.0, 1.0, -3.0]], np.float32)
    np.testing.assert_allclose(pair[1](x).numpy(), expected, rtol=1e-6, strict=True)


def touched(folder, name):
    path = folder / name
    path.write_text("no weights")
    return path


def without_a_network():
    with networks.offline():
        load_weights(small(), "imagenet", keras.applications.MobileNetV2)


COMPLAINTS = [
    (
        lambda _: check_weights(3),
        TypeError,
        '`weights` must be None, a path or "imagenet". Received: int.',
    ),
    (
        lambda folder: check_weights(folder / "own.weights.h5"),
        ValueError,
        '`weights` must be None, "imagenet" or the path of a file. Received: '
        "{folder}/own.weights.h5, where no file is.",
    ),
    (
        lambda folder: check_weights(touched(folder, "own.h5")),
        ValueError,
        "`weights` must end in .weights.h5 or .keras. Received: {folder}/own.h5. Write one with "
        "model.save_weights or model.save.",
    ),
    (
        lambda _: check_weights("imagenet"),
        ValueError,
        "`weights` must be None or a path for this network. Received: imagenet. "
        "keras.applications does not carry it.",
    ),
    (
        lambda _: check_weights("imagenet", {"3 channels": True, "classes=1000": False}),
        ValueError,
        "`weights` must fit the other arguments. Received: imagenet. The published weights ask for "
        "classes=1000.",
    ),
    (
        lambda folder: load_weights(small(), str(touched(folder, "own.weights.h5"))),
        ValueError,
        "`weights` must hold the weights of small as built with these arguments. Received: "
        "{folder}/own.weights.h5, which is damaged or another network's.",
    ),
    (
        lambda _: without_a_network(),
        ValueError,
        "`weights` must be weights that Keras can fetch. Received: imagenet (URL fetch failure on "
        "https://example.org/x.h5: None -- no network). Keras fetches them once and keeps them in "
        "~/.keras/models: try again with a network, copy that folder from a machine that has it, "
        "or use weights=None or a path.",
    ),
    (
        lambda _: copy_weights(small(3), small(4, "other")),
        ValueError,
        "`other` must have the layers of small, one by one. Received: others.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)


def test_weights_of_another_network_are_refused(tmp_path):
    path = tmp_path / "own.weights.h5"
    small(3).save_weights(path)
    with pytest.raises(ValueError, match="another network's"):
        load_weights(small(4), str(path))
