"""YOLO: tables of layers, Darknet's files byte by byte, targets and loss by hand."""

import tempfile
from pathlib import Path

import keras
import numpy as np
import pytest

from dlspec.cnn.yolo import (
    SpaceToDepth,
    YoloLoss,
    YOLOTiny,
    YOLOv2,
    darknet_size,
    load_darknet_weights,
    yolo_loss,
    yolo_targets,
)
from dlspec.testing import layer_table
from tests.backends import Call, outputs_on
from tests.complaints import complaints_test

NARROW = {"input_shape": [64, 96, 3], "anchors": 2, "classes": 3, "width": 1 / 64}
TINY = {"input_shape": [32, 48, 3], "anchors": 2, "classes": 3, "width": 1 / 8}
ANCHORS = np.array([[1.0, 2.0], [3.0, 1.0]])
BOXES = np.array([[30.0, 10, 50, 70], [5, 100, 45, 118]])
CLASSES = np.array([1, 0])
GRID = (3, 4)
PICTURE = (96, 128)
PLACES = [*(f"body_{k}" for k in range(1, 21)), "passthrough_21", "head_22", "head_23"]


def written(model, path, places, header, seen):
    """A weight file as Darknet's `save_weights` writes it, layer by layer."""
    with open(path, "wb") as file:
        file.write(np.array(header, "<i4").tobytes() + seen.tobytes())
        for place in places:
            conv = model.get_layer(f"{place}_conv")
            names = {weight.name: np.asarray(weight) for weight in conv.weights}
            if "bias" in names:
                first = [names["bias"]]
            else:
                norm = model.get_layer(f"{place}_norm")
                of = {weight.name: np.asarray(weight) for weight in norm.weights}
                first = [of[n] for n in ("beta", "gamma", "moving_mean", "moving_variance")]
            for values in (*first, np.einsum("hwcf->fchw", names["kernel"])):
                file.write(np.ascontiguousarray(values, "<f4").tobytes())
    return path


def smallest():
    return YOLOTiny((8, 8, 3), anchors=1, classes=1, width=1 / 64)


def file_for(model, folder, extra=0, fill=0.0):
    numbers = np.full(model.count_params() + extra, fill, "<f4")
    path = folder / "yolo.weights"
    path.write_bytes(np.array([0, 2, 0, 64, 0], "<i4").tobytes() + numbers.tobytes())
    return path


FOLDER = tempfile.TemporaryDirectory()
MODEL = smallest()
FILE = file_for(MODEL, Path(FOLDER.name))
TARGET = yolo_targets(BOXES, CLASSES, PICTURE, GRID, ANCHORS, 2)
OUTPUT = np.random.default_rng(0).normal(size=(1, 3, 4, 14)).astype(np.float32)

PURE_CALLS = {
    "YOLOv2": ((32, 32, 3), 1, 1, 1 / 64),
    "YOLOTiny": ((16, 16, 3), 1, 1, 1 / 8),
    "darknet_size": (MODEL, (0, 2)),
    "load_darknet_weights": (MODEL, FILE),
    "yolo_targets": (BOXES, CLASSES, PICTURE, GRID, ANCHORS, 2),
    "yolo_loss": (TARGET[None], OUTPUT, ANCHORS),
}


class LossAndGradient:
    """Not a network, but called like one by `outputs_on`: loss, and its gradient by y_pred."""

    def set_weights(self, weights):
        pass

    def __call__(self, inputs, training=False):
        y, t = map(keras.ops.convert_to_tensor, inputs)
        if keras.backend.backend() == "jax":
            import jax

            return yolo_loss(y, t, ANCHORS), jax.grad(lambda t: yolo_loss(y, t, ANCHORS).sum())(t)
        import tensorflow as tf

        with tf.GradientTape() as tape:
            tape.watch(t)
            loss = yolo_loss(y, t, ANCHORS)
        return loss, tape.gradient(loss, t)


def pictures(shape, m=2, seed=0):
    return np.random.default_rng(seed).random((m, *shape), np.float32)


def with_random_statistics(model, seed=0):
    """The model with weights and running statistics that differ everywhere."""
    random = np.random.default_rng(seed)
    model.set_weights([random.uniform(0.1, 0.6, w.shape) for w in model.get_weights()])
    return model


@pytest.fixture(scope="module")
def narrow():
    return with_random_statistics(YOLOv2(**NARROW))


@pytest.fixture(scope="module")
def tiny():
    keras.utils.set_random_seed(0)
    return YOLOTiny(**TINY)


# --- Networks -------------------------------------------------------------------------------------


def test_the_course_counts_50_983_561_parameters_and_the_paper_these_layers():
    """Table 6 of "YOLO9000" without its classifier; then the detection head of section 3."""
    model = YOLOv2()
    assert model.count_params() == 50_983_561
    assert sum(np.prod(w.shape) for w in model.non_trainable_weights) == 20_672
    assert model.output_shape == (None, 19, 19, 425)
    convolutions = [layer for layer in model.layers if isinstance(layer, keras.layers.Conv2D)]
    by_number = sorted(convolutions, key=lambda layer: int(layer.name.split("_")[1]))
    sizes = [(la.filters, la.kernel_size[0], la.output.shape[1]) for la in by_number]
    assert sizes == [
        (32, 3, 608),
        (64, 3, 304),
        *((128, 3, 152), (64, 1, 152), (128, 3, 152)),
        *((256, 3, 76), (128, 1, 76), (256, 3, 76)),
        *((512, 3, 38), (256, 1, 38), (512, 3, 38), (256, 1, 38), (512, 3, 38)),
        *((1024, 3, 19), (512, 1, 19), (1024, 3, 19), (512, 1, 19), (1024, 3, 19)),
        *((1024, 3, 19), (1024, 3, 19)),
        (64, 1, 38),
        (1024, 3, 19),
        (425, 1, 19),
    ]
    assert model.get_layer("passthrough_21_conv").input is model.get_layer("body_13_leaky").output
    assert {la.use_bias for la in by_number[:-1]} == {False}
    leaky = [la for la in model.layers if isinstance(la, keras.layers.LeakyReLU)]
    assert {la.negative_slope for la in leaky} == {0.1}
    assert len(leaky) == 22


def test_the_tiny_network_sees_eight_pixels_to_a_cell(tiny):
    assert tiny.output_shape == (None, 4, 6, 16)
    kinds = {kind for _, kind, _, _ in layer_table(tiny)}
    assert {"SpaceToDepth", "Concatenate", "LeakyReLU"} <= kinds


def test_space_to_depth_is_tensorflows():
    import tensorflow as tf

    maps = pictures((6, 4, 5))
    ours = keras.ops.convert_to_numpy(SpaceToDepth(2)(maps))
    np.testing.assert_array_equal(ours, tf.nn.space_to_depth(maps, 2).numpy(), strict=True)


def test_darknet_s_own_reorganisation_differs_by_a_row_at_most():
    """Its loop read as arithmetic on indices: out[j, i] of channel k takes (2j + ., 2i + .)."""
    c, h, w = 64, 38, 38
    where = np.stack(np.meshgrid(*map(np.arange, (c, h, w)), indexing="ij"))  # of every number
    k, j, i = where
    offset, channel = k // (c // 4), k % (c // 4)
    source = (2 * i + offset % 2) + 2 * w * ((2 * j + offset // 2) + 2 * h * channel)
    darknet = where.reshape(3, -1)[:, source.ravel()].reshape(3, 4 * c, h // 2, w // 2)
    ours = keras.ops.convert_to_numpy(SpaceToDepth(2)(where.transpose(0, 2, 3, 1)))
    ours = ours.transpose(0, 3, 1, 2)
    inside = (slice(None), slice(None), slice(1, -1))
    differences = np.abs(darknet[inside] - ours[inside])
    assert differences[0].max() == 0  # channels
    assert differences[1].max() == 1  # rows
    assert differences[2].max() == 0  # columns


def test_building_twice_gives_the_same_names(narrow, tiny):
    for model, again in ((narrow, YOLOv2(**NARROW)), (tiny, YOLOTiny(**TINY))):
        names = [layer.name for layer in model.layers]
        assert names == [layer.name for layer in again.layers]
        assert all(len(name.split("_")) == 3 for name in names if name != "inputs")


def test_a_training_step_and_save_and_load(tiny, tmp_path):
    model = keras.models.clone_model(tiny)
    model.compile("adam", YoloLoss(ANCHORS, lambda_noobj=0.25))
    before = model.get_weights()
    target = yolo_targets(BOXES / 3, CLASSES, (32, 48), (4, 6), ANCHORS, 3)
    x, y = pictures((32, 48, 3)), np.stack([target, target])
    losses = [model.train_on_batch(x, y) for _ in range(6)]
    assert np.isfinite(losses).all()
    assert losses[-1] < losses[0]
    assert all(np.any(a != b) for a, b in zip(before, model.get_weights(), strict=True))
    model.save(tmp_path / "tiny.keras")
    loaded = keras.saving.load_model(tmp_path / "tiny.keras")
    assert loaded.loss.get_config() == model.loss.get_config()
    output = model.predict_on_batch(x)
    np.testing.assert_allclose(loaded.predict_on_batch(x), output, rtol=1e-5, atol=1e-6)


def test_jax_gives_the_same(narrow, tiny, tmp_path):
    calls = [
        Call("dlspec.cnn.yolo.YOLOv2", NARROW, narrow.get_weights(), [pictures((64, 96, 3))]),
        Call("dlspec.cnn.yolo.YOLOTiny", TINY, tiny.get_weights(), [pictures((32, 48, 3))]),
        Call("tests.cnn.test_yolo.LossAndGradient", {}, [], [TARGET[None], OUTPUT]),
    ]
    [of_narrow], [of_tiny], [loss, gradient] = outputs_on("jax", calls, tmp_path)
    ours = narrow.predict_on_batch(pictures((64, 96, 3)))
    np.testing.assert_allclose(of_narrow, ours, rtol=1e-4, atol=1e-5)
    ours = tiny.predict_on_batch(pictures((32, 48, 3)))
    np.testing.assert_allclose(of_tiny, ours, rtol=1e-4, atol=1e-5)
    our_loss, our_gradient = LossAndGradient()([TARGET[None], OUTPUT])
    np.testing.assert_allclose(loss, our_loss, rtol=1e-5)
    np.testing.assert_allclose(gradient, our_gradient, rtol=1e-4, atol=1e-6)
    assert np.isfinite(gradient).all()


# --- Darknet's files ------------------------------------------------------------------------------


def test_numbers_of_a_file_stand_where_darknet_put_them():
    """0, 1, 2, ...: beta, gamma, mean, variance, then kernels (filter, channel, row, column)."""
    model = YOLOv2((32, 32, 3), anchors=1, classes=1, width=1 / 32)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "counted.weights")
        numbers = np.arange(model.count_params(), dtype="<f4")
        path.write_bytes(np.array([0, 2, 5, 32013312, 0], "<i4").tobytes() + numbers.tobytes())
        assert load_darknet_weights(model, path) == 32013312
    norm, conv = model.get_layer("body_1_norm"), model.get_layer("body_1_conv")
    for i, variable in enumerate((norm.beta, norm.gamma, norm.moving_mean, norm.moving_variance)):
        assert variable.numpy().tolist() == [i]  # one filter
    row, column, channel = 2, 0, 1
    assert conv.kernel.numpy()[row, column, channel, 0] == 4 + (channel * 3 + row) * 3 + column
    second = model.get_layer("body_2_conv").kernel.numpy()  # two filters, one channel
    begin = 4 + 27 + 4 * 2
    assert second[1, 2, 0, 1] == begin + (1 * 3 + 1) * 3 + 2
    last = model.get_layer("head_23_conv")
    n = model.count_params()
    assert last.kernel.numpy()[0, 0, :, 5].tolist() == list(range(n - 32, n))
    assert last.bias.numpy().tolist() == list(range(n - 6 * 33, n - 6 * 32))


@pytest.mark.parametrize(
    ("header", "seen"), [((0, 2, 0), np.int64(2**40)), ((0, 1, 0), np.int32(7))]
)
def test_a_written_network_comes_back(narrow, tmp_path, header, seen):
    """Also with the short header of the first versions."""
    path = written(narrow, tmp_path / "yolo.weights", PLACES, header, seen)
    assert path.stat().st_size == darknet_size(narrow, header[:2])
    other = YOLOv2(**NARROW)
    assert load_darknet_weights(other, path) == seen
    for a, b in zip(narrow.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b, strict=True)


def test_a_file_that_does_not_fit_changes_nothing(tmp_path):
    model = smallest()
    before = model.get_weights()
    for path in (file_for(model, tmp_path, -1), file_for(model, tmp_path, 0, np.nan)):
        with pytest.raises(ValueError, match=r"must hold"):
            load_darknet_weights(model, path)
    for a, b in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


# --- Targets --------------------------------------------------------------------------------------


def test_objects_go_to_the_cell_of_their_midpoint_and_the_best_shape():
    """Cells of 32 pixels: the wide box has its middle at (40, 40), the tall one at (25, 109)."""
    places = np.argwhere(TARGET[..., 4])
    assert places.tolist() == [[0, 3, 0], [1, 1, 1]]
    expected = [0.25, 0.25, np.log(60 / 32 / 3), np.log(20 / 32 / 1), 1, 0, 1]
    np.testing.assert_allclose(TARGET[1, 1, 1], expected, rtol=1e-6)
    expected = [109 / 32 - 3, 25 / 32, np.log(18 / 32 / 1), np.log(40 / 32 / 2), 1, 1, 0]
    np.testing.assert_allclose(TARGET[0, 3, 0], expected, rtol=1e-6)
    assert TARGET.sum(axis=-1)[TARGET[..., 4] == 0].tolist() == [0] * 22
    assert TARGET.dtype == np.float32


def test_two_of_a_kind_in_one_cell_take_two_anchors_and_a_third_is_left_out():
    boxes = np.array([[30.0, 10, 50, 70]] * 3) + np.arange(3)[:, None]
    target = yolo_targets(boxes, np.array([0, 1, 2]), PICTURE, GRID, ANCHORS, 3)
    assert target[1, 1, :, 4].tolist() == [1, 1]
    assert target[1, 1, 1, 5:].tolist() == [1, 0, 0]  # first come
    assert target[1, 1, 0, 5:].tolist() == [0, 1, 0]
    assert target[..., 4].sum() == 2


def test_a_midpoint_on_the_far_edge_belongs_to_the_last_cell():
    target = yolo_targets([[90, 120, 102, 136]], [0], PICTURE, GRID, ANCHORS, 1)
    assert target[2, 3, :, 4].sum() == 1
    assert target[..., :2].max() == 1


def test_a_picture_without_objects_has_empty_targets():
    assert not yolo_targets(np.zeros((0, 4)), np.zeros(0), PICTURE, GRID, ANCHORS, 2).any()


# --- Loss -----------------------------------------------------------------------------------------


def one_object():
    """Two cells, one anchor of 2 x 1: an object at (0.5, 0.25), twice as wide, of class 1 of 2."""
    y = np.zeros((1, 1, 2, 1, 7), np.float32)
    y[0, 0, 0, 0] = [0.5, 0.25, np.log(2), 0, 1, 0, 1]
    return y, np.zeros((1, 1, 2, 7), np.float32), np.array([[2.0, 1.0]])


def test_loss_by_hand():
    """All outputs 0: centre 1/2, the anchor's size, p_c 1/2, classes 1/2 each.

    The box found reaches from -0.5 to 1.5 and 0 to 1, the true one from -1.5 to 2.5 and -0.25 to
    0.75: IoU = 1.5 / (2 + 4 - 1.5) = 1/3.
    """
    y, t, anchors = one_object()
    coordinates, classes, empty = 0.25**2 + np.log(2) ** 2, np.log(2), 0.5 * 0.5**2
    for objectness, goal in (("one", 1), ("iou", 1 / 3)):
        loss = yolo_loss(y, t, anchors, objectness=objectness)
        expected = 5 * coordinates + (0.5 - goal) ** 2 + classes + empty
        np.testing.assert_allclose(loss, [expected], rtol=1e-6)
    logistic = yolo_loss(y, t, anchors, 5.0, 0.5, "iou", "logistic")  # log 2 whatever the goal
    expected = 5 * coordinates + np.log(2) + classes + 0.5 * np.log(2)
    np.testing.assert_allclose(logistic, [expected], rtol=1e-6)
    loss = yolo_loss(y, t, anchors, lambda_coord=0, lambda_noobj=2, objectness="one")
    np.testing.assert_allclose(loss, [0.25 + classes + 2 * 0.25], rtol=1e-6)


def loop_loss(y, t, goals):
    """The formula in float64, anchor by anchor."""
    total = 0.0
    for index in np.ndindex(y.shape[:-1]):
        true, out = y[index], t.reshape(y.shape)[index]
        p = 1 / (1 + np.exp(-out[4]))
        if true[4] == 0:
            total += 0.5 * p**2
            continue
        xy = 1 / (1 + np.exp(-out[:2]))
        total += 5 * (np.sum((xy - true[:2]) ** 2) + np.sum((out[2:4] - true[2:4]) ** 2))
        total += (p - goals[index]) ** 2
        total += np.log(np.exp(out[5:]).sum()) - out[5:] @ true[5:]
    return total


def goals_of(y, t):
    """IoU of every box found with the true one, from `pairwise_iou` on corners."""
    from dlspec.cnn.boxes import pairwise_iou

    goals = np.zeros(y.shape[:-1])
    for index in np.argwhere(y[..., 4]):
        place, out = tuple(index), t.reshape(y.shape)[tuple(index)]
        xy, anchor = 1 / (1 + np.exp(-out[:2])), ANCHORS[index[-1]]
        corners = [
            np.concatenate([middle - size / 2, middle + size / 2])[None]
            for middle, size in (
                (xy, anchor * np.exp(out[2:4])),
                (y[place][:2], anchor * np.exp(y[place][2:4])),
            )
        ]
        goals[place] = pairwise_iou(*corners)[0, 0]
    return goals


def test_loss_and_gradient_are_those_of_a_loop():
    """Numerical gradient with the goals held fast, as the loss holds them."""
    y, t = TARGET[None].astype(np.float64), OUTPUT.astype(np.float64)
    goals = goals_of(y, t)
    loss, gradient = LossAndGradient()([TARGET[None], OUTPUT])
    np.testing.assert_allclose(loss, [loop_loss(y, t, goals)], rtol=1e-5)
    numerical = np.zeros_like(t)
    for place in np.ndindex(t.shape):
        step = np.zeros_like(t)
        step[place] = 1e-5
        numerical[place] = (loop_loss(y, t + step, goals) - loop_loss(y, t - step, goals)) / 2e-5
    np.testing.assert_allclose(gradient, numerical, rtol=1e-4, atol=1e-5)


def test_a_network_that_says_the_target_has_almost_no_loss():
    wish = TARGET[None].astype(np.float64)
    t = np.where(wish > 0, 20.0, -20.0)
    t[..., :2] = np.log(np.maximum(wish[..., :2], 1e-9) / (1 - wish[..., :2]))
    t[..., 2:4] = wish[..., 2:4]
    assert float(yolo_loss(wish, t.reshape(1, 3, 4, 14), ANCHORS)[0]) < 1e-6


def test_a_box_that_explodes_leaves_loss_and_gradient_finite():
    t = OUTPUT.copy()
    t[..., 2] = 200
    loss, gradient = LossAndGradient()([TARGET[None], t])
    assert np.isfinite(loss).all()
    assert np.isfinite(gradient).all()


def test_the_logistic_form_is_keras_cross_entropy():
    """With t_o alone different from zero and no weights, against `keras.losses`."""
    y, t = one_object()[:2]
    t[..., 4] = [[[1.5, -2.0]]]
    anchors = np.array([[2.0, 1.0]])
    loss = yolo_loss(y, t, anchors, 0, 1.0, "one", "logistic")
    labels = keras.ops.convert_to_tensor(y[..., 4].reshape(1, 2))
    p_c = keras.losses.BinaryCrossentropy(from_logits=True, reduction="sum")(
        labels, keras.ops.convert_to_tensor(t[..., 4].reshape(1, 2))
    )
    np.testing.assert_allclose(loss, [2 * float(p_c) + np.log(2)], rtol=1e-5)


def test_the_loss_for_compile_is_the_mean_over_pictures():
    y, t = np.concatenate([TARGET[None], 0 * TARGET[None]]), np.concatenate([OUTPUT, OUTPUT])
    each = yolo_loss(y, t, ANCHORS, 2.0, 0.1, "one")
    ours = YoloLoss(ANCHORS, 2.0, 0.1, "one")(y, t)
    np.testing.assert_allclose(ours, np.mean(each), rtol=1e-6)


# --- Complaints -----------------------------------------------------------------------------------


def dense_model():
    return keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, name="layer")])


COMPLAINTS = [
    (
        lambda folder: SpaceToDepth(0),
        ValueError,
        "`block` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: SpaceToDepth(2).compute_output_shape((1, 4, 5, 3)),
        ValueError,
        "`maps` must have sides that are multiples of 2. Received: (4, 5).",
    ),
    (
        lambda folder: YOLOv2(608),
        TypeError,
        "`input_shape` must be (height, width, channels). Received: 608 (int).",
    ),
    (
        lambda folder: YOLOv2((608.0, 608, 3)),
        TypeError,
        "`input_shape[0]` must be a whole number. Received: 608.0 (float).",
    ),
    (
        lambda folder: YOLOv2((600, 800, 3)),
        ValueError,
        "`input_shape` must have a height and width that are multiples of 32. Received: "
        "(600, 800, 3). Use pictures of 608 x 800.",
    ),
    (
        lambda folder: YOLOTiny(anchors=0),
        ValueError,
        "`anchors` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: YOLOTiny(width=0),
        ValueError,
        "`width` must be a positive finite number. Received: 0.",
    ),
    (
        lambda folder: darknet_size("yolo"),
        TypeError,
        "`model` must be a Keras model. Received: str.",
    ),
    (
        lambda folder: darknet_size(dense_model()),
        ValueError,
        "`model` must have layers named <stage>_<k>_conv and <stage>_<k>_norm. Received: layer. "
        "Use a model of YOLOv2 or YOLOTiny.",
    ),
    (
        lambda folder: load_darknet_weights(MODEL, folder / "none.weights"),
        ValueError,
        "`{folder}/none.weights` must be a weight file of Darknet. Received: No such file or "
        "directory.",
    ),
    (
        lambda folder: load_darknet_weights(MODEL, _short(folder)),
        ValueError,
        "`{folder}/short.weights` must begin with a header of Darknet. Received: a file of 3 "
        "bytes.",
    ),
    (
        lambda folder: load_darknet_weights(MODEL, file_for(MODEL, folder, -2)),
        ValueError,
        f"`{{folder}}/yolo.weights` must hold {20 + 4 * MODEL.count_params():,} bytes, as version "
        f"0.2 and `model` need. Received: {12 + 4 * MODEL.count_params():,} bytes; 8 are missing. "
        "Is the file whole, and the model built with its classes and anchors?",
    ),
    (
        lambda folder: load_darknet_weights(MODEL, file_for(MODEL, folder, 300)),
        ValueError,
        f"`{{folder}}/yolo.weights` must hold {20 + 4 * MODEL.count_params():,} bytes, as version "
        f"0.2 and `model` need. Received: {1220 + 4 * MODEL.count_params():,} bytes; 1,200 are too "
        "many. Is the file whole, and the model built with its classes and anchors?",
    ),
    (
        lambda folder: load_darknet_weights(MODEL, file_for(MODEL, folder, fill=np.inf)),
        ValueError,
        f"`{{folder}}/yolo.weights` must hold finite numbers. Received: {MODEL.count_params()} "
        "that are not. Is it a weight file of Darknet?",
    ),
    (
        lambda folder: yolo_targets(BOXES, CLASSES, 96, GRID, ANCHORS, 2),
        ValueError,
        "`image_shape` must be two whole numbers, height first. Received: 96.",
    ),
    (
        lambda folder: yolo_targets(BOXES, CLASSES, PICTURE, (0, 4), ANCHORS, 2),
        ValueError,
        "`grid[0]` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: yolo_targets(BOXES, CLASSES, PICTURE, GRID, [1, 2], 2),
        ValueError,
        "`anchors` must have shape (A, 2). Received: (2,).",
    ),
    (
        lambda folder: yolo_targets(BOXES, CLASSES, PICTURE, GRID, [[1, 0]], 2),
        ValueError,
        "`anchors` must be widths and heights above 0. Received: 0.",
    ),
    (
        lambda folder: yolo_targets(BOXES, CLASSES, PICTURE, GRID, ANCHORS, 0),
        ValueError,
        "`num_classes` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: yolo_targets(BOXES[0], CLASSES, PICTURE, GRID, ANCHORS, 2),
        ValueError,
        "`boxes` must have shape (n, 4). Received: (4,).",
    ),
    (
        lambda folder: yolo_targets(BOXES, [1], PICTURE, GRID, ANCHORS, 2),
        ValueError,
        "`classes` must have shape (n=2,). Received: (1,). `boxes` of shape (2, 4) sets n=2.",
    ),
    (
        lambda folder: yolo_targets(BOXES[:, [2, 1, 0, 3]], CLASSES, PICTURE, GRID, ANCHORS, 2),
        ValueError,
        "`boxes` must be (y1, x1, y2, x2) with y1 < y2, x1 < x2 and the midpoint in the picture. "
        "Received: [50.0, 10.0, 30.0, 70.0] in row 0.",
    ),
    (
        lambda folder: yolo_targets(BOXES, [0, 2], PICTURE, GRID, ANCHORS, 2),
        ValueError,
        "`classes` must hold whole numbers from 0 to 1. Received: 2.",
    ),
    (
        lambda folder: yolo_loss(TARGET[None], OUTPUT, [[1, -2]]),
        ValueError,
        "`anchors` must be widths and heights above 0. Received: -2.",
    ),
    (
        lambda folder: YoloLoss([[0, 1]]),
        ValueError,
        "`anchors` must be widths and heights above 0. Received: 0.",
    ),
    (
        lambda folder: yolo_loss(TARGET[None], OUTPUT, ANCHORS, lambda_coord=-1),
        ValueError,
        "`lambda_coord` must be in [0, inf). Received: -1.",
    ),
    (
        lambda folder: yolo_loss(TARGET[None], OUTPUT, ANCHORS, lambda_noobj=-1),
        ValueError,
        "`lambda_noobj` must be in [0, inf). Received: -1.",
    ),
    (
        lambda folder: yolo_loss(TARGET[None], OUTPUT, ANCHORS, objectness="two"),
        ValueError,
        "`objectness` must be a known name. Received: 'two'. Known: iou, one.",
    ),
    (
        lambda folder: yolo_loss(TARGET[None], OUTPUT, ANCHORS, confidence="none"),
        ValueError,
        "`confidence` must be a known name. Received: 'none'. Known: squared, logistic.",
    ),
    (
        lambda folder: yolo_loss(TARGET, OUTPUT, ANCHORS),
        ValueError,
        "`y_true` must have shape (m, rows, columns, A=2, 5 + K). Received: (3, 4, 2, 7). "
        "`yolo_targets` makes it; `anchors` sets A.",
    ),
    (
        lambda folder: yolo_loss(TARGET[None], OUTPUT[:, :2], ANCHORS),
        ValueError,
        "`y_pred` must have shape (m, 3, 4, 14). Received: (1, 2, 4, 14). Do grid, anchors and "
        "classes of network and targets agree?",
    ),
]


def _short(folder):
    (folder / "short.weights").write_bytes(b"abc")
    return folder / "short.weights"


test_complaints = complaints_test(COMPLAINTS)
