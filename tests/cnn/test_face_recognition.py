"""Faces: losses by hand and by loops, training on two backends."""

from pathlib import Path
from unittest.mock import patch

import keras
import matplotlib
import numpy as np
import pytest
from PIL import Image

from dlspec.cnn.face_database import NOT_RECOGNISED
from dlspec.cnn.face_networks import FaceEncoder
from dlspec.cnn.face_recognition import (
    SIZE,
    PersonBatches,
    SemiHardTripletLoss,
    encode,
    img_to_encoding,
    semi_hard_triplets,
    triplet_loss,
    verify,
    who_is_it,
)
from dlspec.testing import assert_close
from tests.backends import Call, outputs_on
from tests.cnn import networks
from tests.cnn.painted_people import (
    BLUE,
    COLOURS,
    NO_ENCODER,
    OTHER_ENCODER,
    PEOPLE,
    RED,
    colour_encoder,
    filled,
    wide_model,
)
from tests.complaints import complaints_test

TINY = {"input_shape": (16, 16, 3), "encoding_size": 4, "width": 1}
PHOTO = Path(matplotlib.get_data_path(), "sample_data", "grace_hopper.jpg")  # 512 x 600


LABELS = np.repeat(np.arange(6), 3)

PURE_CALLS = {
    "triplet_loss": (None, [np.eye(3), np.ones((3, 3)), np.zeros((3, 3))]),
    "semi_hard_triplets": (np.arange(8.0).reshape(4, 2) ** 2, np.array([0, 0, 1, 1])),
    "img_to_encoding": (PHOTO, COLOURS),
    "encode": (np.full((2, 8, 8, 3), 0.5), COLOURS),
    "verify": (PHOTO, "red", PEOPLE, COLOURS),
    "who_is_it": (PHOTO, PEOPLE, COLOURS),
}


@pytest.fixture(scope="module")
def small():
    return networks.randomise(networks.quickly(FaceEncoder, **TINY))


def some_encodings(seed, m=24, people=6):
    random = np.random.default_rng(seed)
    f = random.normal(size=(m, 5)).astype(np.float32)
    return f / np.linalg.norm(f, axis=1, keepdims=True), random.integers(0, people, m)


def saved(folder, picture, name="a.png"):
    path = folder / name
    picture.save(path)
    return path


def painted(folder, colour, size=(8, 8), mode="RGB"):
    return saved(folder, Image.new(mode, size, colour), f"{colour}.png")


# --- Triplet loss ---------------------------------------------------------------------------------


def test_the_course_s_number():
    """Expected output of the exercise: 527.2598 for its seed of TensorFlow."""
    import tensorflow as tf

    tf.random.set_seed(1)
    drawn = [
        tf.random.normal([3, 128], mean=mean, stddev=stddev, seed=1)
        for mean, stddev in ((6, 0.1), (1, 1), (3, 4))
    ]
    assert_close(float(triplet_loss(None, drawn)), 527.2598, rtol=1e-6)


@pytest.mark.parametrize(
    ("triplet", "alpha", "loss"),
    [
        (([[1.0, 1.0]], [[1.0, 1.0]], [[1.0, 1.0]]), 5, 5),
        (([[1.0, 1.0]], [[1.0, 1.0]], [[0.0, 0.0]]), 3, 1),  # 0 - 2 + 3
        (([[1.0, 1.0]], [[0.0, 0.0]], [[1.0, 1.0]]), 3, 5),  # 2 - 0 + 3
        (([[0.0, 0.0]], [[0.0, 0.0]], [[3.0, 4.0]]), 1, 0),  # 0 - 25 + 1
        (([[1.0, 0], [2, 0]], [[0.0, 3], [1, 1]], [[1.0, 0], [2, 1]]), 1, 11 + 2),  # a sum
    ],
)
def test_triplet_loss_by_hand(triplet, alpha, loss):
    assert float(triplet_loss(None, triplet, alpha)) == loss


def test_triplet_loss_takes_float64_arrays_and_tuples():
    A, P, N = np.random.default_rng(0).normal(size=(3, 7, 4))
    expected = np.maximum(((A - P) ** 2).sum(1) - ((A - N) ** 2).sum(1) + 0.2, 0).sum()
    assert_close(float(triplet_loss(None, (A, P, N))), expected, rtol=1e-6)


# --- Semi-hard negatives --------------------------------------------------------------------------


def test_which_negative_is_chosen():
    """Places on a line: a pair at 0 and 1, squared distance 1; others at 0.5, 1.1, 3."""
    f = np.array([[0.0], [1.0], [0.5], [1.1], [3.0]])
    assert semi_hard_triplets(f, [0, 0, 1, 2, 3]).tolist() == [
        [0, 1, 3],  # 1.1 is farther than 1, though not by the margin
        [1, 0, 4],  # 0.5 and 1.1 are nearer to 1 than 0 is; 3 is farther, beyond the margin
    ]
    assert semi_hard_triplets(f, ["a", "a", "b", "c", "d"]).tolist() == [[0, 1, 3], [1, 0, 4]]
    assert semi_hard_triplets(f[:3], [0, 0, 1]).tolist() == [[0, 1, 2], [1, 0, 2]]  # all are nearer
    nearer = np.array([[0.0], [1.0], [0.5], [0.6]])
    assert semi_hard_triplets(nearer, [0, 0, 1, 2]).tolist() == [[0, 1, 3], [1, 0, 2]]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("alpha", [0.0, 0.2, 1.5])
def test_the_loss_of_a_batch_is_the_mean_over_the_triplets_of_the_loop(seed, alpha):
    f, who = some_encodings(seed)
    triplets = semi_hard_triplets(f, who, alpha)
    expected = float(triplet_loss(None, [f[triplets[:, i]] for i in range(3)], alpha))
    assert_close(float(SemiHardTripletLoss(alpha)(who, f)), expected / len(triplets), rtol=1e-5)
    assert float(SemiHardTripletLoss(alpha)(who[:, None], f)) == float(
        SemiHardTripletLoss(alpha)(who, f)
    )


def test_every_ordered_pair_of_a_person_is_an_anchor_and_a_positive():
    f, who = some_encodings(1)
    a, p, n = semi_hard_triplets(f, who).T
    assert (who[a] == who[p]).all()
    assert (who[a] != who[n]).all()
    assert (a != p).all()
    assert len(a) == sum(np.sum(who == k) * (np.sum(who == k) - 1) for k in range(6))


@pytest.mark.parametrize("who", [[0, 0, 0], [0, 1, 2]])
def test_without_pairs_or_without_others_there_is_no_loss(who):
    f = some_encodings(0)[0][:3]
    assert semi_hard_triplets(f, who).shape == (0, 3)
    assert float(SemiHardTripletLoss()(who, f)) == 0


def test_the_loss_is_rebuilt_from_its_config():
    loss = SemiHardTripletLoss(0.7)
    again = keras.losses.deserialize(keras.losses.serialize(loss))
    assert isinstance(again, SemiHardTripletLoss)
    assert again.alpha == 0.7


# --- Batches --------------------------------------------------------------------------------------


def test_batches_hold_as_many_pictures_of_as_many_people_and_none_twice():
    labels = np.repeat(np.arange(7), [5, 4, 4, 4, 2, 6, 1])
    x = np.arange(len(labels), dtype=np.uint8)[:, None, None, None]
    data = PersonBatches(x, labels, people=3, pictures=2, seed=4)
    seen = []
    for pictures, who in [data[i] for i in range(len(data))]:
        assert pictures.dtype == np.float32
        places = np.rint(pictures.ravel() * 255).astype(int)
        np.testing.assert_array_equal(labels[places], who)
        assert np.unique(who, return_counts=True)[1].tolist() == [2, 2, 2]
        seen += places.tolist()
    assert len(set(seen)) == len(seen)
    # Six have two pictures: 2 batches.  Five have two more: 1.  One has a third pair: none.
    assert len(data) == 3


def test_the_order_follows_from_the_seed_and_the_epoch():
    def order(seed, epochs):
        data = PersonBatches(np.zeros((18, 1, 1, 3)), LABELS, 2, seed=seed)
        for _ in range(epochs):
            data.on_epoch_end()
        return np.concatenate(data.batches).tolist()

    assert order(1, 0) == order(1, 0) != order(1, 1)
    assert order(1, 1) == order(1, 1) != order(2, 1)


# --- Training -------------------------------------------------------------------------------------


def painted_people(people=6, pictures=4, seed=0):
    """People of one colour each, in any light: the length of a colour says nothing."""
    random = np.random.default_rng(seed)
    colours = np.repeat(random.uniform(0.2, 1, (people, 3)), pictures, axis=0)
    light = random.uniform(0.4, 1, (people * pictures, 1))
    x = (colours * light)[:, None, None] * random.uniform(0.9, 1, (people * pictures, 16, 16, 3))
    return x.astype(np.float32), np.repeat(np.arange(people), pictures)


class TrainedHere:
    """Four epochs of one layer, as if outputs of a model: losses, and encodings afterwards."""

    def set_weights(self, weights):
        self.weights = weights

    def __call__(self, inputs, training):
        x = pictures = keras.Input((16, 16, 3))
        x = keras.layers.Dense(4)(keras.layers.Flatten()(x))
        model = keras.Model(pictures, keras.layers.UnitNormalization()(x))
        model.set_weights(self.weights)
        data = PersonBatches(*painted_people(), people=3, pictures=4)
        model.compile(keras.optimizers.SGD(1.0), SemiHardTripletLoss(0.5))
        losses = model.fit(data, epochs=4, shuffle=False, verbose=0).history["loss"]
        return [np.array(losses), model.predict_on_batch(inputs)]


def test_training_is_the_same_on_jax(tmp_path):
    x = painted_people(seed=5)[0][:2]
    weights = [np.random.default_rng(0).normal(size=(768, 4)).astype(np.float32), np.ones(4)]
    here = TrainedHere()
    here.set_weights(weights)
    call = Call("tests.cnn.test_face_recognition.TrainedHere", {}, weights, [x])
    [trained] = outputs_on("jax", [call], tmp_path)
    own = here(x, training=False)
    assert own[0][3] < 0.9 * own[0][0]  # it learns
    for found, ours in zip(trained, own, strict=True):
        assert_close(found, ours, rtol=1e-3, atol=1e-4)


# --- Pictures to encodings ------------------------------------------------------------------------


def test_a_file_of_the_right_size_is_encoded_pixel_by_pixel(small, tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (16, 16, 3), dtype=np.uint8)
    found = img_to_encoding(saved(tmp_path, Image.fromarray(pixels)), small)
    raw = networks.outputs(small, pixels[None] / np.float32(255))[0]
    assert found.shape == (1, 4)
    assert_close(found, raw / np.linalg.norm(raw), rtol=1e-5)
    assert_close(np.linalg.norm(found), np.float32(1), rtol=1e-6)


@pytest.mark.parametrize("size", [(8, 8), (1, 1), (31, 17), (17, 31), (400, 300)])
def test_files_of_any_size(size, tmp_path):
    found = img_to_encoding(painted(tmp_path, "lime", size), COLOURS)
    np.testing.assert_allclose(found, [[0, 1, 0]], atol=1e-6)


def test_the_middle_is_what_is_seen(tmp_path):
    pixels = np.zeros((8, 24, 3), np.uint8)
    pixels[:, 8:16, 2] = pixels[:, :8, 0] = pixels[:, 16:, 0] = 255
    found = img_to_encoding(saved(tmp_path, Image.fromarray(pixels)), COLOURS)
    np.testing.assert_allclose(found, [[0, 0, 1]], atol=1e-6)


def test_grey_becomes_rgb_and_transparent_stands_on_white(tmp_path):
    white = np.full((1, 3), 3**-0.5)
    grey = saved(tmp_path, Image.new("L", (20, 20), 90), "grey.png")
    np.testing.assert_allclose(img_to_encoding(grey, COLOURS), white, atol=1e-6)
    clear = saved(tmp_path, Image.new("RGBA", (20, 20), (255, 0, 0, 0)), "clear.png")
    np.testing.assert_allclose(img_to_encoding(clear, COLOURS), white, atol=1e-6)


def test_an_encoder_of_any_size_gets_the_course_s_160_pixels(tmp_path):
    inputs = keras.Input((None, None, 3))
    model = keras.Model(inputs, keras.layers.GlobalMaxPooling2D()(inputs))
    with patch("dlspec.cnn.face_recognition.encode", lambda pictures, _: pictures.shape):
        assert img_to_encoding(painted(tmp_path, "red", (30, 40)), model) == (1, SIZE, SIZE, 3)
        assert SIZE == 160
        assert img_to_encoding(painted(tmp_path, "red"), COLOURS) == (1, 8, 8, 3)


def test_levels_and_shares_are_encoded_alike(small):
    levels = np.random.default_rng(1).integers(0, 256, (3, 16, 16, 3), dtype=np.uint8)
    found = encode(levels, small)
    assert_close(encode(levels / np.float32(255), small), found, rtol=1e-5)
    assert_close(np.linalg.norm(found, axis=1), np.ones(3, np.float32), rtol=1e-6)


def test_encoders_that_do_not_scale_are_scaled():
    inputs = keras.Input((8, 8, 3))
    model = keras.Model(inputs, keras.layers.GlobalAveragePooling2D()(inputs))
    found = encode(np.broadcast_to([0.0, 0.3, 0.4], (2, 8, 8, 3)), model)
    np.testing.assert_allclose(found, [[0, 0.6, 0.8]] * 2, rtol=1e-6)


# --- Verification and recognition -----------------------------------------------------------------


def test_the_door_opens_below_0_7(tmp_path):
    """Colours at an angle t are 2 sin(t / 2) apart."""
    dist, door_open = verify(painted(tmp_path, "red"), "red", PEOPLE, COLOURS)
    assert (dist, door_open) == (0, True)
    assert isinstance(door_open, bool)
    dist, door_open = verify(painted(tmp_path, "red"), "green", PEOPLE, COLOURS)
    np.testing.assert_allclose(dist, 2**0.5, rtol=1e-6)
    assert not door_open
    for green, opens in ((215, True), (228, False)):
        t = np.arctan2(green, 255)
        path = saved(tmp_path, Image.new("RGB", (8, 8), (255, green, 0)))
        dist, door_open = verify(path, "red", PEOPLE, COLOURS)
        np.testing.assert_allclose(dist, 2 * np.sin(t / 2), rtol=1e-5)
        assert door_open == opens == (dist < 0.7)


def test_the_nearest_of_several_encodings_of_a_person_counts(tmp_path):
    assert verify(painted(tmp_path, "blue"), "blue", PEOPLE, COLOURS) == (0, True)


def test_who_is_it(tmp_path):
    assert who_is_it(painted(tmp_path, "blue"), PEOPLE, COLOURS) == (0, "blue")
    path = saved(tmp_path, Image.new("RGB", (8, 8), (200, 255, 0)))
    dist, name = who_is_it(path, PEOPLE, COLOURS)
    assert name == "green"
    np.testing.assert_allclose(dist, 2 * np.sin(np.arctan2(200, 255) / 2), rtol=1e-5)


def test_strangers_are_not_recognised(tmp_path):
    dist, name = who_is_it(painted(tmp_path, "white"), PEOPLE, COLOURS)
    assert name == NOT_RECOGNISED == "not recognised"
    np.testing.assert_allclose(dist, (2 - 2 / 3**0.5) ** 0.5, rtol=1e-5)
    assert who_is_it(painted(tmp_path, "white"), PEOPLE, COLOURS, threshold=1)[1] in PEOPLE


def test_at_the_threshold_itself_the_door_stays_shut_and_the_name_is_known(tmp_path):
    path = painted(tmp_path, "yellow")
    dist, _ = who_is_it(path, {"red": RED}, COLOURS)
    assert not verify(path, "red", {"red": RED}, COLOURS, threshold=dist)[1]
    assert who_is_it(path, {"red": RED}, COLOURS, threshold=dist) == (dist, "red")
    assert who_is_it(path, {"red": RED}, COLOURS, threshold=0.999 * dist)[1] == NOT_RECOGNISED


def test_a_database_answers_as_the_dictionary_does(tmp_path):
    database = filled()
    for colour in ("red", "lime", "white"):
        path = painted(tmp_path, colour)
        assert who_is_it(path, database, COLOURS) == who_is_it(path, PEOPLE, COLOURS)
        assert verify(path, "blue", database, COLOURS) == verify(path, "blue", PEOPLE, COLOURS)


def test_people_come_and_go_without_training(tmp_path):
    database, path = filled(), painted(tmp_path, "white")
    assert who_is_it(path, database, COLOURS)[1] == NOT_RECOGNISED
    database.add("snow", img_to_encoding(path, COLOURS))
    assert who_is_it(path, database, COLOURS)[1] == "snow"
    database.remove("snow")
    assert who_is_it(path, database, COLOURS)[1] == NOT_RECOGNISED
    database.add("red", BLUE, replace=True)
    np.testing.assert_array_equal(database["red"], BLUE[None])


# --- Complaints -----------------------------------------------------------------------------------


def written(folder, content, name):
    (folder / name).write_bytes(content)
    return folder / name


def empty_model(*_):
    inputs = keras.Input((8, 8, 3))
    return keras.Model(inputs, keras.layers.Flatten()(inputs))


LISTED = "must be a FaceDatabase or a dictionary of encodings"

COMPLAINTS = [
    (
        lambda _: triplet_loss(None, [RED[None]] * 3, -1),
        ValueError,
        "`alpha` must be in [0, inf). Received: -1.",
    ),
    (
        lambda _: triplet_loss(None, [RED[None]] * 2),
        TypeError,
        "`y_pred` must hold three tensors: anchors, positives, negatives. Received: list of 2.",
    ),
    (
        lambda _: triplet_loss(None, np.ones((3, 2, 4))),
        TypeError,
        "`y_pred` must hold three tensors: anchors, positives, negatives. Received: ndarray.",
    ),
    (
        lambda _: triplet_loss(None, [np.ones((2, 3)), np.ones((2, 3)), np.ones((2, 4))]),
        ValueError,
        "`y_pred` must hold three tensors of one shape (m, n). Received: (2, 3), (2, 3), (2, 4).",
    ),
    (
        lambda _: semi_hard_triplets(np.ones((2, 2)), [0, 0], -1),
        ValueError,
        "`alpha` must be in [0, inf). Received: -1.",
    ),
    (
        lambda _: semi_hard_triplets(np.ones(2), [0, 0]),
        ValueError,
        "`encodings` must have shape (m, n). Received: (2,).",
    ),
    (
        lambda _: semi_hard_triplets(np.ones((2, 2)), [0, 0, 1]),
        ValueError,
        "`labels` must have one label for each of the 2 in `encodings`. Received: 3.",
    ),
    (
        lambda _: semi_hard_triplets(np.ones((2, 2)), [[0, 0]]),
        ValueError,
        "`labels` must have shape (m,). Received: (1, 2). Use np.ravel(labels).",
    ),
    (
        lambda _: SemiHardTripletLoss(-0.1),
        ValueError,
        "`alpha` must be in [0, inf). Received: -0.1.",
    ),
    (
        lambda _: PersonBatches(np.ones((2, 1, 1, 3)), [0, 0, 1]),
        ValueError,
        "`labels` must have one label for each of the 2 in `x`. Received: 3.",
    ),
    (
        lambda _: PersonBatches(np.ones((18, 1, 1, 3)), LABELS, 1),
        ValueError,
        "`people` must be at least 2. Received: 1.",
    ),
    (
        lambda _: PersonBatches(np.ones((18, 1, 1, 3)), LABELS, 2, 1),
        ValueError,
        "`pictures` must be at least 2. Received: 1.",
    ),
    (
        lambda _: PersonBatches(np.ones((18, 1, 1, 3)), LABELS, 2, 2, -1),
        ValueError,
        "`seed` must be at least 0. Received: -1.",
    ),
    (
        lambda _: PersonBatches(np.ones((18, 1, 1, 3)), LABELS, 7, 3),
        ValueError,
        "`labels` must show at least 7 people 3 times each. Received: 6 such people.",
    ),
    (
        lambda folder: img_to_encoding(folder / "nobody.jpg", COLOURS),
        ValueError,
        "`{folder}/nobody.jpg` must be an existing picture file. Received: nothing there.",
    ),
    (
        lambda folder: img_to_encoding(written(folder, b"no picture", "a.jpg"), COLOURS),
        ValueError,
        "`{folder}/a.jpg` must be a picture. Received: 10 bytes that cannot be decoded. "
        "Use a JPEG, PNG, WebP, GIF, BMP or TIFF file.",
    ),
    (
        lambda _: img_to_encoding(PHOTO, "encoder.keras"),
        TypeError,
        "`model` must be a Keras model. Received: str.",
    ),
    (lambda _: img_to_encoding(PHOTO, wide_model()), ValueError, NO_ENCODER),
    (lambda _: encode(np.ones((1, 8, 9, 3)), wide_model()), ValueError, NO_ENCODER),
    (
        lambda _: encode(np.ones((8, 8, 3)), COLOURS),
        ValueError,
        "`pictures` must have shape (m, 8, 8, 3). Received: (8, 8, 3).",
    ),
    (
        lambda _: encode(np.ones((1, 9, 8, 3)), COLOURS),
        ValueError,
        "`pictures` must have shape (m, 8, 8, 3). Received: (1, 9, 8, 3).",
    ),
    (
        lambda _: encode(np.full((1, 8, 8, 3), 255.0), COLOURS),
        ValueError,
        "`pictures` must be uint8, or floats in [0, 1]. Received: float64 from 255 to 255.",
    ),
    (
        lambda _: encode(np.zeros((1, 8, 8, 3)), empty_model()),
        ValueError,
        "`model` must give encodings that have a direction. Received: zeros, NaN or infinity.",
    ),
    (
        lambda _: verify(PHOTO, "red", PEOPLE, COLOURS, 0),
        ValueError,
        "`threshold` must be a positive finite number. Received: 0.",
    ),
    (
        lambda _: verify(PHOTO, "Red", PEOPLE, COLOURS),
        ValueError,
        "`identity` must be in the database. Received: 'Red'. Did you mean red? "
        "Known: red, green, blue.",
    ),
    (
        lambda _: verify(PHOTO, "red", [RED], COLOURS),
        TypeError,
        f"`database` {LISTED}. Received: list.",
    ),
    (
        lambda _: verify(PHOTO, "red", {"red": BLUE[:2]}, COLOURS),
        ValueError,
        "`database['red']` must have shape (k, n=3). Received: (1, 2).",
    ),
    (lambda _: verify(PHOTO, "red", PEOPLE, wide_model()), ValueError, NO_ENCODER),
    (
        lambda _: who_is_it(PHOTO, PEOPLE, COLOURS, -1),
        ValueError,
        "`threshold` must be a positive finite number. Received: -1.",
    ),
    (
        lambda _: who_is_it(PHOTO, {}, COLOURS),
        ValueError,
        "`database` must hold at least one person. Received: nobody. Add people with "
        "database.add(name, img_to_encoding(image_path, model)).",
    ),
    (
        lambda _: who_is_it(PHOTO, filled(), colour_encoder(9)),
        ValueError,
        f"`database` {OTHER_ENCODER}",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
