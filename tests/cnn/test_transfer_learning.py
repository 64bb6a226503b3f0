"""The alpaca model, its fine-tuning, and the augmentations of the lecture."""

from unittest import mock

import keras
import numpy as np
import pytest

from dlspec.cnn.mobilenet import MobileNetV2
from dlspec.cnn.transfer_learning import (
    AUGMENTATIONS,
    IMAGENET_COLOR_COVARIANCE,
    PCAColorAugmentation,
    RandomColorShift,
    RandomCropAndResize,
    RandomShear,
    alpaca_model,
    augmentations,
    color_covariance,
    data_augmenter,
    fine_tune,
)
from dlspec.strategy.transfer_learning import Trunk, freeze
from dlspec.testing import assert_close, layer_table
from tests.backends import Call, outputs_on
from tests.complaints import complaints_test

PURE_CALLS = {
    "data_augmenter": (),
    "alpaca_model": ((32, 32), keras.layers.Identity()),
    "fine_tune": (),  # filled below: a model takes seconds to build
    "augmentations": (["mirror", "pca_color"],),
    "color_covariance": (np.arange(24, dtype=np.uint8).reshape(2, 2, 2, 3),),
}
NARROW = {"image_shape": (32, 32), "alpha": 0.35}


@pytest.fixture(scope="module")
def course():
    """The model of the exercise, at its size."""
    return alpaca_model()


@pytest.fixture(scope="module")
def base():
    """A third as wide, for pictures of 32 pixels; moving averages that are not 0 and 1."""
    keras.utils.set_random_seed(0)
    base, random = MobileNetV2((32, 32, 3), alpha=0.35, include_top=False), np.random.default_rng(0)
    for layer in base.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.moving_mean.assign(random.normal(size=layer.moving_mean.shape) / 100)
            layer.moving_variance.assign(random.uniform(0.05, 0.1, layer.moving_variance.shape))
    return base


@pytest.fixture(scope="module")
def narrow(base, tmp_path_factory):
    """The alpaca model on that trunk, its weights from a file."""
    path = tmp_path_factory.mktemp("weights") / "base.weights.h5"
    base.save_weights(path)
    return alpaca_model(**NARROW, weights=path)


def pictures(m=4, size=32, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (m, size, size, 3)).astype(np.float32)


def count(weights):
    return sum(int(np.prod(w.shape)) for w in weights)


# --- The exercise ---------------------------------------------------------------------------------


def test_the_augmenter_of_the_exercise():
    flip, rotation = data_augmenter().layers
    assert isinstance(flip, keras.layers.RandomFlip)
    assert flip.mode == "horizontal"
    assert isinstance(rotation, keras.layers.RandomRotation)
    assert rotation.factor == (-0.2, 0.2)


def test_the_table_of_the_exercise(course):
    assert layer_table(course) == [
        ("inputs", "InputLayer", (160, 160, 3), 0),
        ("data_augmenter", "Sequential", (160, 160, 3), 0),
        ("preprocess_1_scale", "Rescaling", (160, 160, 3), 0),
        ("trunk", "Trunk", (5, 5, 1280), 2_257_984),
        ("head_1_pool", "GlobalAveragePooling2D", (1280,), 0),
        ("head_1_dropout", "Dropout", (1280,), 0),
        ("head_1_linear", "Dense", (1,), 1281),
    ]
    assert course.get_layer("head_1_dropout").rate == 0.2
    assert course.count_params() == 2_259_265
    assert count(course.trainable_weights) == 1281


def test_pixels_reach_the_trunk_between_minus_1_and_1(course):
    scale = course.get_layer("preprocess_1_scale")
    found = scale(np.array([0.0, 127.5, 255.0], np.float32)).numpy()
    theirs = keras.applications.mobilenet_v2.preprocess_input(np.array([0.0, 127.5, 255.0]))
    assert_close(found, [-1, 0, 1], atol=1e-7)
    assert_close(found, theirs, atol=1e-7)


def test_fine_tuning_counts_of_two_public_exercises(course):
    """TensorFlow's tutorial fine-tunes from layer 100 and prints 1,862,721 trainable parameters."""
    assert len(course.get_layer("trunk").layers) == 154
    assert count(fine_tune(course, 100).trainable_weights) == 1_862_721
    names = [layer.name for layer in course.get_layer("trunk").layers]
    theirs = keras.applications.MobileNetV2((160, 160, 3), include_top=False, weights=None)
    expected = 1281 + sum(count(layer.trainable_weights) for layer in theirs.layers[120:])
    assert count(fine_tune(course).trainable_weights) == expected
    assert count(fine_tune(course, names[120]).trainable_weights) == expected
    assert course.loss.from_logits
    assert_close(float(course.optimizer.learning_rate), 1e-4, rtol=1e-6)
    freeze(course, "all")
    assert count(course.trainable_weights) == 1281


def test_the_first_layers_see_augmented_pictures_only_while_training(narrow):
    x = pictures()
    lower = keras.Model(narrow.input, narrow.get_layer("preprocess_1_scale").output)
    assert_close(lower(x, training=False).numpy(), x / 127.5 - 1, atol=1e-6)
    assert_close(lower.predict(x, verbose=0), x / 127.5 - 1, atol=1e-6)
    assert not np.allclose(lower(x, training=True).numpy(), x / 127.5 - 1, atol=0.1)


def test_another_augmentation_on_a_model_built_twice(narrow):
    augment = keras.Sequential([keras.layers.RandomFlip("vertical")], name="mine")
    again = alpaca_model(**NARROW, data_augmentation=augment)
    assert again.get_layer("mine") is augment
    paths = [[w.path for w in model.weights if "seed" not in w.path] for model in (again, narrow)]
    assert paths[0] == paths[1]


def test_weights_from_a_file(base, narrow):
    weights = narrow.get_layer("trunk").get_weights()
    for own, other in zip(weights, base.get_weights(), strict=True):
        assert_close(own, other, rtol=0)


def test_saved_and_loaded_models_answer_alike(narrow, tmp_path):
    freeze(narrow, "all")
    narrow.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert isinstance(loaded.get_layer("trunk"), Trunk)
    x = pictures()
    expected = narrow(x, training=False).numpy()
    assert len(np.unique(expected)) == 4
    assert_close(loaded(x, training=False).numpy(), expected, rtol=0)
    assert count(loaded.trainable_weights) == 1281


def test_one_step_of_fine_tuning_moves_what_is_free_and_no_moving_average(narrow):
    trunk = narrow.get_layer("trunk")
    fine_tune(narrow, from_layer=150, learning_rate=0.01)
    before = {w.path: w.numpy() for w in narrow.weights}
    narrow.run_eagerly = True  # faster than to compile one step
    logs = narrow.train_on_batch(pictures(), np.array([0, 1, 1, 0]), return_dict=True)
    assert np.isfinite(logs["loss"])
    assert logs["accuracy"] in (0, 0.25, 0.5, 0.75, 1)
    moved = {w.path for w in narrow.weights if (w.numpy() != before[w.path]).any()}
    assert moved == {w.path for w in narrow.trainable_weights}
    free = {layer.name for layer in trunk.layers[150:] if layer.weights}
    assert {path.split("/")[-2] for path in moved} == {*free, "head_1_linear"}
    freeze(narrow, "all")


# --- Augmentations --------------------------------------------------------------------------------


def drawn(*layers_and_pictures, **options):
    layer, x = layers_and_pictures
    return keras.ops.convert_to_numpy(layer(x, training=True, **options))


@pytest.fixture(scope="module")
def scene():
    """Smooth pictures, no two alike, none symmetric."""
    y, x = np.mgrid[0:24, 0:32] / 32
    one = np.stack([200 * x, 255 * y, 60 + 100 * x * y], axis=-1)
    return np.stack([one, 255 - one, one[::-1]]).astype(np.float32)


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_each_augmentation(name, scene, tmp_path):
    """Same seed same pictures, other draws each time, 0 to 255, nothing at test time."""
    first, second, other = (augmentations([name], seed=seed) for seed in (5, 5, 6))
    x = np.tile(scene, (4, 1, 1, 1))
    changed = drawn(first, x)
    assert changed.shape == x.shape
    assert_close(drawn(second, x), changed, rtol=0)
    assert not np.allclose(drawn(other, x), changed)
    assert not np.allclose(drawn(first, x), changed)
    assert changed.min() >= -1e-3
    assert changed.max() <= 255 + 1e-3
    assert_close(keras.ops.convert_to_numpy(first(x, training=False)), x, rtol=0)
    (layer,) = first.layers
    again = type(layer).from_config(layer.get_config())
    assert again.get_config() == layer.get_config()


def test_pictures_of_a_batch_are_changed_each_by_itself(scene):
    x = np.repeat(scene[:1], 6, axis=0)
    for name in AUGMENTATIONS:
        changed = drawn(augmentations([name], seed=3), x).reshape(6, -1)
        assert len(np.unique(changed.round(3), axis=0)) >= (2 if name == "mirror" else 6)


def test_a_mirrored_picture_is_one_of_two(scene):
    changed = drawn(augmentations(["mirror"], seed=1), np.repeat(scene[:1], 40, axis=0))
    is_mirrored = [np.allclose(picture, scene[0][:, ::-1]) for picture in changed]
    assert all(m or np.allclose(p, scene[0]) for m, p in zip(is_mirrored, changed, strict=True))
    assert 10 < sum(is_mirrored) < 30


def test_a_crop_is_a_part_of_the_picture_scaled_up():
    """On a linear ramp a crop is again a ramp: less steep, and starting further in."""
    x = np.broadcast_to(np.arange(33.0)[None, None, :, None], (200, 20, 33, 3)).astype(np.float32)
    changed = drawn(RandomCropAndResize(0.5, seed=2), x)
    steps = np.diff(changed, axis=2)
    scale, start = steps[:, 0, 0, 0], changed[:, 0, 0, 0]
    assert_close(steps, np.broadcast_to(scale[:, None, None, None], steps.shape), atol=1e-3)
    assert scale.min() >= 0.5 - 1e-3
    assert scale.max() <= 1 + 1e-3
    assert_close([scale.mean()], [0.75], atol=0.04)
    assert start.min() >= 0
    assert (start <= 32 * (1 - scale) + 1e-2).all()
    assert_close([(start / (32 * (1 - scale))).mean()], [0.5], atol=0.08)  # any place alike


def test_a_whole_crop_is_the_picture(scene):
    assert_close(drawn(RandomCropAndResize(1.0, seed=2), scene), scene, atol=1e-3)


def test_a_color_shift_is_one_number_a_channel():
    x = np.full((300, 2, 2, 3), 128.0, np.float32)
    shift = drawn(RandomColorShift(20, seed=1), x) - x
    assert_close(shift, np.broadcast_to(shift[:, :1, :1], shift.shape), rtol=0)
    shift = shift[:, 0, 0]
    assert np.abs(shift).max() <= 20
    assert_close(shift.mean(axis=0), np.zeros(3), atol=2)
    assert_close(shift.std(axis=0), np.full(3, 40 / np.sqrt(12)), rtol=0.1)
    assert np.abs(np.corrcoef(shift.T) - np.eye(3)).max() < 0.15
    assert_close(drawn(RandomColorShift(0, seed=1), x), x, rtol=0)


COLORS = np.array([[0.06, 0.01, 0.02], [0.01, 0.03, 0.0], [0.02, 0.0, 0.05]])


@pytest.mark.parametrize("square_root", [False, True])
def test_pca_shifts_have_the_covariance_of_the_paper(square_root):
    """(255 deviation)^2 C^2 with eigenvalues, (255 deviation)^2 C with their roots."""
    x = np.full((20_000, 1, 1, 3), 128.0, np.float32)
    layer = PCAColorAugmentation(COLORS, deviation=0.1, square_root=square_root, seed=4)
    shift = (drawn(layer, x) - x)[:, 0, 0].astype(np.float64)
    expected = 25.5**2 * (COLORS if square_root else COLORS @ COLORS)
    assert_close(np.cov(shift.T), expected, atol=0.04 * np.abs(expected).max())
    assert_close(shift.mean(axis=0), np.zeros(3), atol=0.03 * np.sqrt(expected.max()))


def test_pca_shifts_every_pixel_alike_and_stays_in_range(scene):
    layer = PCAColorAugmentation(COLORS, seed=1)
    middle = 100 + scene / 10
    shift = drawn(layer, middle) - middle
    assert_close(shift, np.broadcast_to(shift[:, :1, :1], shift.shape), atol=1e-4)
    strong = drawn(PCAColorAugmentation(COLORS, deviation=50.0, seed=1), scene)
    assert strong.min() == 0
    assert strong.max() == 255


def test_imagenet_colors_vary_in_brightness_most():
    """AlexNet's directions: the first is grey, the others hardly matter."""
    values, vectors = np.linalg.eigh(IMAGENET_COLOR_COVARIANCE)
    assert_close(values[::-1], [0.2175, 0.0188, 0.0045], atol=1e-4)
    assert_close(np.abs(vectors[:, -1]), np.full(3, 1 / np.sqrt(3)), atol=0.02)
    layer = PCAColorAugmentation()
    assert_close(np.array(layer.covariance), IMAGENET_COLOR_COVARIANCE, rtol=0)


def test_the_covariance_of_colors():
    random = np.random.default_rng(0)
    x = random.integers(0, 256, (5, 6, 7, 3), dtype=np.uint8)
    colors = x.reshape(-1, 3).astype(float) / 255
    expected = np.zeros((3, 3))
    for color in colors:
        expected += np.outer(color - colors.mean(axis=0), color - colors.mean(axis=0))
    assert_close(color_covariance(x), expected / len(colors), rtol=1e-10)


def test_the_lecture_on_pca_colors():
    """A purple picture: red and blue vary much, green little, and so do the shifts."""
    random = np.random.default_rng(1)
    x = np.stack([random.normal(128, s, (4, 8, 8)) for s in (40, 5, 40)], axis=-1)
    gray = np.full((500, 1, 1, 3), 128.0, np.float32)
    shift = drawn(PCAColorAugmentation(color_covariance(x), seed=0), gray) - gray
    red, green, blue = shift[:, 0, 0].std(axis=0)
    assert min(red, blue) > 20 * green


def test_shearing_moves_rows_sideways():
    """On a ramp along x each row is shifted by k times its distance from the middle row."""
    x = np.broadcast_to(np.arange(31.0)[None, None, :, None], (200, 9, 31, 3)).astype(np.float32)
    inner = drawn(RandomShear(0.5, seed=2), x)[:, :, 5:-5]
    steps = np.diff(inner, axis=1)
    k = steps[:, 0, 0, 0]
    assert_close(steps, np.broadcast_to(k[:, None, None, None], steps.shape), atol=1e-3)
    assert_close(inner[:, 4], x[:, 4, 5:-5], atol=1e-3)
    assert 0.45 < np.abs(k).max() <= 0.5 + 1e-3
    assert_close([k.mean(), k.std()], [0, 1 / np.sqrt(12)], atol=0.04)


def alpaca_model_on_a_small_trunk():
    """All that `alpaca_model` adds; MobileNetV2 itself runs on JAX in its own tests."""

    def small(input_shape, **options):
        x = inputs = keras.Input(input_shape)
        x = keras.layers.Conv2D(5, 3, name="conv")(x)
        return keras.Model(inputs, keras.layers.BatchNormalization(name="norm")(x))

    with mock.patch("dlspec.cnn.transfer_learning.MobileNetV2", small):
        return alpaca_model((32, 32))


class AugmentedOnJax:
    """Every augmentation while training and at test time, as if outputs of a model."""

    def set_weights(self, weights):
        """There are none."""

    def __call__(self, inputs, training):
        layers = [augmentations([name], seed=5) for name in AUGMENTATIONS]
        return [layer(inputs, training=t) for layer in layers for t in (True, False)]


def test_jax_gives_the_same_outputs_and_augments(scene, tmp_path):
    model, x = alpaca_model_on_a_small_trunk(), pictures()
    calls = [
        Call(f"{__name__}.alpaca_model_on_a_small_trunk", {}, model.get_weights(), [x]),
        Call(f"{__name__}.AugmentedOnJax", {}, [], [scene]),
    ]
    [logits], augmented = outputs_on("jax", calls, tmp_path)
    assert_close(logits, model(x, training=False).numpy(), rtol=1e-4)
    for changed, same in zip(augmented[::2], augmented[1::2], strict=True):
        assert_close(same, scene, rtol=0)
        assert changed.shape == scene.shape
        assert np.isfinite(changed).all()
        assert not np.allclose(changed, scene)


# --- Bad input ------------------------------------------------------------------------------------

COMPLAINTS = [
    (
        lambda folder: alpaca_model(160),
        TypeError,
        "`image_shape` must be (height, width). Received: 160.",
    ),
    (
        lambda folder: alpaca_model((160, 160, 3)),
        TypeError,
        "`image_shape` must be (height, width). Received: (160, 160, 3).",
    ),
    (
        lambda folder: alpaca_model((160, 1.5)),
        TypeError,
        "`image_shape[1]` must be a whole number. Received: 1.5 (float).",
    ),
    (
        lambda folder: alpaca_model((160, 31)),
        ValueError,
        "`image_shape` must be at least 32 pixels high and wide. Received: (160, 31).",
    ),
    (
        lambda folder: alpaca_model(data_augmentation=data_augmenter),
        TypeError,
        "`data_augmentation` must be a Keras layer or model. Received: function.",
    ),
    (
        lambda folder: alpaca_model(weights="nowhere.keras"),
        ValueError,
        '`weights` must be None, "imagenet" or the path of a file. '
        "Received: nowhere.keras, where no file is.",
    ),
    (
        lambda folder: fine_tune(data_augmenter()),
        TypeError,
        "`model` must be a model of `alpaca_model`. Received: Sequential.",
    ),
    (
        lambda folder: fine_tune(tiny(), from_layer="norn"),
        ValueError,
        "`from_layer` must name a layer. Received: 'norn'. Did you mean norm? Known: x, norm.",
    ),
    (
        lambda folder: fine_tune(tiny(), from_layer=2),
        ValueError,
        "`from_layer` must be less than 2, the layers of the trunk. Received: 2.",
    ),
    (
        lambda folder: fine_tune(tiny(), from_layer=1.0),
        TypeError,
        "`from_layer` must be a whole number. Received: 1.0 (float).",
    ),
    (
        lambda folder: fine_tune(tiny(), 1, learning_rate=0),
        ValueError,
        "`learning_rate` must be a positive finite number. Received: 0.",
    ),
    (
        lambda folder: augmentations("mirror"),
        TypeError,
        "`names` must be a list of names. Received: 'mirror'.",
    ),
    (
        lambda folder: augmentations(["mirror", "shears"]),
        ValueError,
        "`names[1]` must be a known name. Received: 'shears'. Did you mean shear? "
        "Known: mirror, crop, rotation, shear, color_shift, pca_color.",
    ),
    (
        lambda folder: augmentations(["mirror"], seed=-1),
        ValueError,
        "`seed` must be at least 0. Received: -1.",
    ),
    (
        lambda folder: RandomCropAndResize(0),
        ValueError,
        "`smallest` must be in (0, 1]. Received: 0.",
    ),
    (
        lambda folder: RandomColorShift(-20),
        ValueError,
        "`limit` must be in [0, 255]. Received: -20.",
    ),
    (
        lambda folder: RandomShear(2),
        ValueError,
        "`limit` must be in [0, 1]. Received: 2.",
    ),
    (
        lambda folder: PCAColorAugmentation(deviation=-0.1),
        ValueError,
        "`deviation` must be in [0, inf). Received: -0.1.",
    ),
    (
        lambda folder: PCAColorAugmentation(np.eye(2)),
        ValueError,
        "`covariance` must have shape (3, 3). Received: (2, 2).",
    ),
    (
        lambda folder: PCAColorAugmentation(np.diag([1.0, 1.0, -1.0])),
        ValueError,
        "`covariance` must be symmetric with no negative eigenvalue. Received: "
        "[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, -1.0]]. color_covariance(pictures) is.",
    ),
    (
        lambda folder: color_covariance(np.zeros((8, 8, 3))),
        ValueError,
        "`pictures` must have shape (m, height, width, 3). Received: (8, 8, 3).",
    ),
]


def tiny():
    """A model with a trunk of two layers."""
    x = keras.Input((3,), name="x")
    trunk = Trunk(x, keras.layers.BatchNormalization(name="norm")(x), name="trunk")
    inputs = keras.Input((3,))
    return keras.Model(inputs, keras.layers.Dense(1, name="head_1_linear")(trunk(inputs)))


PURE_CALLS["fine_tune"] = (tiny(), 1)

test_complaints = complaints_test(COMPLAINTS)
