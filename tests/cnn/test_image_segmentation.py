"""U-Net: its table of layers, every backend, and scores of masks by hand."""

import keras
import numpy as np
import pytest

from dlspec.cnn.image_segmentation import (
    confusion_counts,
    conv_block,
    predicted_masks,
    segmentation_scores,
    unet_model,
    upsampling_block,
)
from dlspec.testing import layer_table
from tests.backends import Call, outputs_on
from tests.complaints import complaints_test

SMALL = {"input_size": [32, 48, 3], "n_filters": 2, "n_classes": 4}
TRUTH = np.array([[0, 0, 1, 1], [2, 2, 1, 1]])
PREDICTED = np.array([[0, 1, 1, 1], [2, 1, 1, 0]])
COUNTS = np.array([[1, 1, 0, 0], [1, 3, 0, 0], [0, 1, 1, 0], [0, 0, 0, 0]])

PURE_CALLS = {
    "conv_block": (keras.Input((8, 8, 3)), 4),
    "upsampling_block": (keras.Input((4, 4, 8)), keras.Input((8, 8, 4)), 4),
    "unet_model": ((16, 16, 3), 2, 3),
    "predicted_masks": (np.arange(24.0).reshape(1, 2, 3, 4),),
    "confusion_counts": (TRUTH, PREDICTED, 4),
    "segmentation_scores": (COUNTS,),
}


@pytest.fixture(scope="module")
def small():
    keras.utils.set_random_seed(0)
    return unet_model(**SMALL)


def pictures(m=2, seed=0):
    return np.random.default_rng(seed).random((m, 32, 48, 3), np.float32)


# --- Builder --------------------------------------------------------------------------------------


def test_the_course_counts_8_640_471_parameters():
    model = unet_model()
    assert model.count_params() == 8_640_471
    assert model.output_shape == (None, 96, 128, 23)


def test_blocks_have_the_course_s_layers():
    """Convolutions of 3x3 with ReLU, dropout before the skip, pooling after it."""
    inputs = keras.Input((96, 128, 32))
    model = keras.Model(inputs, conv_block(inputs, 64, 0.1, True))
    table = [(kind, shape, parameters) for _, kind, shape, parameters in layer_table(model)]
    assert table == [
        ("InputLayer", (96, 128, 32), 0),
        ("Conv2D", (96, 128, 64), 18496),
        ("Conv2D", (96, 128, 64), 36928),
        ("Dropout", (96, 128, 64), 0),
        ("MaxPooling2D", (48, 64, 64), 0),
    ]
    plain = keras.Model(inputs, conv_block(inputs, 64, max_pooling=False))
    assert [kind for _, kind, _, _ in layer_table(plain)] == ["InputLayer", "Conv2D", "Conv2D"]
    below, skip = keras.Input((12, 16, 256)), keras.Input((24, 32, 128))
    up = keras.Model([below, skip], upsampling_block(below, skip, 32))
    assert sorted((kind, parameters) for _, kind, _, parameters in layer_table(up)) == [
        ("Concatenate", 0),
        ("Conv2D", 9248),
        ("Conv2D", 46112),
        ("Conv2DTranspose", 73760),
        ("InputLayer", 0),
        ("InputLayer", 0),
    ]


def test_without_pooling_next_layer_is_the_skip_connection():
    next_layer, skip = conv_block(keras.Input((8, 8, 3)), 4, max_pooling=False)
    assert next_layer is skip


def test_skips_join_blocks_of_one_size(small):
    for k in range(1, 5):
        joined = small.get_layer(f"up_{k}_skip").input
        from_below, skip = (tensor.shape for tensor in joined)
        assert from_below == skip
        source = joined[1]._keras_history.operation.name
        assert source.startswith(f"down_{5 - k}_")


def test_building_twice_gives_the_same_names(small):
    again = unet_model(**SMALL)
    assert [layer.name for layer in small.layers] == [layer.name for layer in again.layers]
    assert not [layer.name for layer in small.layers if layer.name.startswith("conv2d")]


def test_forward_save_and_load(small, tmp_path):
    logits = small.predict(pictures(), verbose=0)
    assert logits.shape == (2, 32, 48, 4)
    small.save(tmp_path / "unet.keras")
    loaded = keras.saving.load_model(tmp_path / "unet.keras")
    np.testing.assert_allclose(loaded.predict(pictures(), verbose=0), logits, rtol=1e-6)


def test_training_lowers_the_loss():
    keras.utils.set_random_seed(1)
    model = unet_model(**SMALL)
    x = pictures(4)
    y = (x[..., 0] > 0.5).astype(int) + 2 * (x[..., 1] > 0.5)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss)
    losses = [model.train_on_batch(x, y) for _ in range(8)]
    assert np.isfinite(losses).all()
    assert losses[-1] < losses[0]


def test_jax_gives_the_same(small, tmp_path):
    call = Call(
        "dlspec.cnn.image_segmentation.unet_model", SMALL, small.get_weights(), [pictures()]
    )
    [[theirs]] = outputs_on("jax", [call], tmp_path)
    np.testing.assert_allclose(theirs, small.predict(pictures(), verbose=0), atol=1e-5)


# --- Masks ----------------------------------------------------------------------------------------


def test_counts_and_scores_by_hand():
    counts = confusion_counts(TRUTH, PREDICTED, 4)
    np.testing.assert_array_equal(counts, COUNTS)
    scores = segmentation_scores(counts)
    np.testing.assert_allclose(scores.iou, [1 / 3, 3 / 6, 1 / 2, np.nan], rtol=1e-15)
    np.testing.assert_allclose(scores.accuracy, [1 / 2, 3 / 4, 1 / 2, np.nan], rtol=1e-15)
    np.testing.assert_allclose(scores.mean_iou, (1 / 3 + 1 / 2 + 1 / 2) / 3, rtol=1e-15)
    assert scores.pixel_accuracy == 5 / 8


def test_keras_counts_the_same_mean_iou():
    random = np.random.default_rng(0)
    truth, predicted = random.integers(0, 5, (2, 3, 16, 16))
    metric = keras.metrics.MeanIoU(5)
    metric.update_state(truth, predicted)
    ours = segmentation_scores(confusion_counts(truth, predicted, 5)).mean_iou
    np.testing.assert_allclose(ours, float(metric.result()), rtol=1e-6)


def test_batches_add_up():
    whole = confusion_counts(TRUTH, PREDICTED, 4)
    parts = sum(confusion_counts(TRUTH[i], PREDICTED[i], 4) for i in range(2))
    np.testing.assert_array_equal(parts, whole)


def test_a_class_that_only_was_predicted_has_no_accuracy_and_an_iou_of_zero():
    scores = segmentation_scores(np.array([[3, 1], [0, 0]]))
    np.testing.assert_array_equal(scores.accuracy, [0.75, np.nan])
    np.testing.assert_array_equal(scores.iou, [0.75, 0])


# --- Complaints -----------------------------------------------------------------------------------

COMPLAINTS = [
    (
        lambda folder: conv_block(),
        TypeError,
        "`inputs` must be a Keras tensor. Received: NoneType.",
    ),
    (
        lambda folder: conv_block(keras.Input((8, 3))),
        ValueError,
        "`inputs` must have shape (m, H, W, C). Received: (None, 8, 3).",
    ),
    (
        lambda folder: conv_block(keras.Input((8, 8, 3)), 0),
        ValueError,
        "`n_filters` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: conv_block(keras.Input((8, 8, 3)), 4, 1.0),
        ValueError,
        "`dropout_prob` must be in [0, 1). Received: 1.0.",
    ),
    (
        lambda folder: upsampling_block([1], keras.Input((8, 8, 3))),
        TypeError,
        "`expansive_input` must be a Keras tensor. Received: list.",
    ),
    (
        lambda folder: upsampling_block(keras.Input((4, 4, 8)), keras.Input((8, 8))),
        ValueError,
        "`contractive_input` must have shape (m, H, W, C). Received: (None, 8, 8).",
    ),
    (
        lambda folder: upsampling_block(keras.Input((4, 4, 8)), keras.Input((8, 8, 3)), 0),
        ValueError,
        "`n_filters` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: upsampling_block(keras.Input((4, 4, 8)), keras.Input((9, 8, 3)), 4),
        ValueError,
        "`contractive_input` must be twice as high and wide as `expansive_input`, (8, 8). "
        "Received: (9, 8). Every side of the picture must be a multiple of 16.",
    ),
    (
        lambda folder: unet_model(96),
        TypeError,
        "`input_size` must be (height, width, channels). Received: 96 (int).",
    ),
    (
        lambda folder: unet_model((96.0, 128, 3)),
        TypeError,
        "`input_size[0]` must be a whole number. Received: 96.0 (float).",
    ),
    (
        lambda folder: unet_model((100, 120, 3)),
        ValueError,
        "`input_size` must have a height and width that are multiples of 16. Received: "
        "(100, 120, 3). Use pictures of 96 x 128.",
    ),
    (
        lambda folder: unet_model(n_filters=0),
        ValueError,
        "`n_filters` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: unet_model(n_classes=1),
        ValueError,
        "`n_classes` must be at least 2. Received: 1.",
    ),
    (
        lambda folder: predicted_masks(np.ones((2, 3, 4))),
        ValueError,
        "`logits` must have shape (m, height, width, n_classes). Received: (2, 3, 4).",
    ),
    (
        lambda folder: confusion_counts(TRUTH, PREDICTED, 1),
        ValueError,
        "`n_classes` must be at least 2. Received: 1.",
    ),
    (
        lambda folder: confusion_counts([[0, None]], PREDICTED, 2),
        TypeError,
        "`truth` must be an array of real numbers. Received: list of dtype object.",
    ),
    (
        lambda folder: confusion_counts(TRUTH, PREDICTED, 2),
        ValueError,
        "`truth` must hold class ids, whole numbers from 0 to 1. Received: 2 others such as 2. "
        "`n_classes` is 2.",
    ),
    (
        lambda folder: confusion_counts(TRUTH, PREDICTED + 0.5, 4),
        ValueError,
        "`predicted` must hold class ids, whole numbers from 0 to 3. Received: 8 others such as "
        "0.5. `n_classes` is 4.",
    ),
    (
        lambda folder: confusion_counts(TRUTH, PREDICTED.T, 4),
        ValueError,
        "`predicted` must have the shape of `truth`, (2, 4). Received: (4, 2).",
    ),
    (
        lambda folder: segmentation_scores(np.ones(3)),
        ValueError,
        "`counts` must have shape (n_classes, n_classes). Received: (3,).",
    ),
    (
        lambda folder: segmentation_scores(np.ones((2, 3))),
        ValueError,
        "`counts` must have shape (n_classes, n_classes). Received: (2, 3).",
    ),
    (
        lambda folder: segmentation_scores(np.zeros((2, 2))),
        ValueError,
        "`counts` must hold numbers of pixels, at least one. Received: least 0, sum 0.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
