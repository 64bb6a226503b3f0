"""Batches: every example once, in an order of the seed, augmented while training only."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from dlspec.datasets.image_folder import find_images, load_image_folder, read_image
from dlspec.datasets.pipelines import batches
from tests.backends import Call, outputs_on
from tests.complaints import complaints_test

X = np.arange(20, dtype=np.float32).reshape(10, 2)
Y = np.arange(10)


def labels_of(data):
    return [y.tolist() for _, y in data.as_numpy_iterator()]


def test_batches_in_the_order_given():
    data = batches(X, Y, 4, shuffle=False)
    assert labels_of(data) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    assert len(data) == 3
    for x, y in data.as_numpy_iterator():
        np.testing.assert_array_equal(x, X[y])
    assert data.element_spec[0] == tf.TensorSpec((None, 2), tf.float32)
    assert data.element_spec[1] == tf.TensorSpec((None,), tf.int64)


def test_the_order_follows_from_the_seed_alone():
    tf.random.set_seed(1)
    first = batches(X, Y, 4, seed=3)
    epochs = [labels_of(first), labels_of(first)]
    tf.random.set_seed(2)
    again = batches(X, Y, 4, seed=3)
    assert [labels_of(again), labels_of(again)] == epochs
    assert epochs[0] != epochs[1]
    assert labels_of(batches(X, Y, 4, seed=4)) != epochs[0]
    for epoch in epochs:
        assert sorted(label for batch in epoch for label in batch) == list(range(10))


def test_looking_at_a_first_batch_does_not_change_the_order():
    data, other = (batches(X, Y, 2, seed=3, prefetch=0) for _ in range(2))
    next(iter(data))
    assert [labels_of(data), labels_of(data)] == [labels_of(other), labels_of(other)]


def test_pictures_and_labels_stay_together_in_every_order():
    labels = np.stack([Y, -Y], axis=1)
    for x, y in batches(X, labels, 3).as_numpy_iterator():
        np.testing.assert_array_equal(x, X[y[:, 0]])
        np.testing.assert_array_equal(y[:, 1], -y[:, 0])


@pytest.mark.parametrize(("size", "prefetch"), [(1, 0), (10, 1), (64, 5)])
def test_other_sizes(size, prefetch):
    data = batches(X, Y, size, prefetch=prefetch, shuffle=False)
    assert len(labels_of(data)) == len(data) == -(-10 // size)


def test_nothing_is_copied_from_a_file_in_memory_map(tmp_path):
    np.save(tmp_path / "x.npy", X)
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    (x, y), *_ = batches(mapped, Y, 5).as_numpy_iterator()
    np.testing.assert_array_equal(x, X[y])


# --- Augmentation ---------------------------------------------------------------------------------


def pictures(m=12, size=6):
    return np.random.default_rng(0).integers(0, 256, (m, size, size, 3)).astype(np.uint8)


def test_augmentation_is_drawn_anew_in_every_epoch_and_follows_from_its_seed():
    x, y = pictures(), np.arange(12)

    def two_epochs():
        flip = keras.layers.RandomFlip("horizontal_and_vertical", seed=7)
        data = batches(x, y, 4, augment=flip, seed=1, shuffle=False)
        return [np.concatenate([a for a, _ in data.as_numpy_iterator()]) for _ in range(2)]

    first, second = two_epochs()
    again = two_epochs()
    np.testing.assert_array_equal(first, again[0])
    np.testing.assert_array_equal(second, again[1])
    assert (first != second).any()
    for changed, picture in zip(first, x, strict=True):
        versions = [p[:, ::s] for p in (picture, picture[::-1]) for s in (1, -1)]
        assert any(np.array_equal(changed, version) for version in versions)


def test_augmentation_by_a_function():
    data = batches(X, Y, 4, augment=lambda x: -x, shuffle=False)
    (x, _), *_ = data.as_numpy_iterator()
    np.testing.assert_array_equal(x, -X[:4])


def test_without_augmentation_pictures_stay_as_they_are():
    x = pictures()
    for a, y in batches(x, np.arange(12), 5).as_numpy_iterator():
        assert a.dtype == np.uint8
        np.testing.assert_array_equal(a, x[y])


# --- From files -----------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    for i, picture in enumerate(pictures(m=7, size=10)):
        place = tmp_path / ("cat", "dog")[i % 2]
        place.mkdir(exist_ok=True)
        Image.fromarray(picture).save(place / f"{i}.png")
    return tmp_path


def test_pictures_are_read_as_they_are_needed(folder):
    listed, loaded = find_images(folder), load_image_folder(folder, size=8)
    opened = []

    def read(path):
        opened.append(path)
        return read_image(path, 8)

    data = batches(listed.files, listed.y, 3, read=read, seed=2, prefetch=0)
    assert len(opened) == 1  # for the shape
    lazy = list(data.as_numpy_iterator())
    assert sorted(opened[1:]) == sorted(listed.files)
    kept = batches(loaded.x, loaded.y, 3, seed=2).as_numpy_iterator()
    for (x, y), (expected, labels) in zip(lazy, kept, strict=True):
        np.testing.assert_array_equal(x, expected)
        np.testing.assert_array_equal(y, labels)


# --- Keras ----------------------------------------------------------------------------------------


class Fitted:
    """Weights after two epochs on batches in order, as if they were outputs of a model."""

    def set_weights(self, weights):
        """They are inputs."""

    def __call__(self, inputs, training=False):
        x, y, kernel = inputs
        model = keras.Sequential([keras.Input((6, 6, 3)), keras.layers.Flatten()])
        model.add(keras.layers.Dense(1, use_bias=False))
        model.set_weights([kernel])
        model.compile(keras.optimizers.SGD(1e-3), "mse")
        half = keras.layers.Rescaling(1 / 255)
        data = batches(x, y, 2, seed=4, augment=half)
        model.fit(data, epochs=2, shuffle=False, verbose=0)
        flip = keras.layers.RandomFlip("horizontal", seed=1)
        flipped = next(iter(batches(x, y, 12, shuffle=False, augment=flip)))[0]
        return [model.get_weights()[0], model.evaluate(data, verbose=0), np.asarray(flipped)]


def test_fit_takes_them_on_tensorflow_and_on_jax(tmp_path):
    x = pictures()
    y = x.mean(axis=(1, 2, 3)).astype(np.float32) / 255
    kernel = np.zeros((108, 1), np.float32)
    here = Fitted()([x, y, kernel])
    [there] = outputs_on("jax", [Call(f"{__name__}.Fitted", {}, [], [x, y, kernel])], tmp_path)
    assert np.abs(here[0]).max() > 0
    np.testing.assert_allclose(there[0], here[0], rtol=1e-4, atol=1e-7)
    np.testing.assert_allclose(there[1], here[1], rtol=1e-4)
    is_flipped = [np.array_equal(a, b[:, ::-1]) for a, b in zip(there[2], x, strict=True)]
    assert 0 < sum(is_flipped) < 12


# --- Bad input ------------------------------------------------------------------------------------

COMPLAINTS = [
    (
        lambda folder: batches(["a.png"], [0]),
        TypeError,
        "`x` must be an array. Received: list. Paths need `read`, such as "
        "dlspec.datasets.read_image.",
    ),
    (
        lambda folder: batches(X, Y[:9]),
        ValueError,
        "`y` must have a label for every example of `x`. Received: 10 and (9,).",
    ),
    (
        lambda folder: batches(X[:0], Y[:0]),
        ValueError,
        "`y` must have a label for every example of `x`. Received: 0 and (0,).",
    ),
    (
        lambda folder: batches(X, Y, 0),
        ValueError,
        "`batch_size` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: batches(X, Y, prefetch=-1),
        ValueError,
        "`prefetch` must be at least 0. Received: -1.",
    ),
    (
        lambda folder: batches(X, Y, seed=0.5),
        TypeError,
        "`seed` must be a whole number. Received: 0.5 (float).",
    ),
    (
        lambda folder: batches(X, Y, augment="flip"),
        TypeError,
        "`augment` must be a layer or function. Received: str.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
