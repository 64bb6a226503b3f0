"""The costs of style transfer, the model whose weights are a picture, and random filters."""

import keras
import numpy as np
import pytest

from dlspec.cnn.classic_networks import VGG19
from dlspec.cnn.style_transfer import (
    CONTENT_LAYER,
    STYLE_LAYERS,
    PictureChange,
    StyleFeatures,
    StyleTransfer,
    compile_transfer,
    compute_content_cost,
    compute_layer_style_cost,
    compute_style_cost,
    fill_random,
    generated_picture,
    gram_matrix,
    noisy_start,
    rescale_activations,
    total_cost,
    train_step,
    transfer_targets,
)
from dlspec.testing import assert_close, gradient_check, layer_table
from tests.backends import Call, outputs_on
from tests.complaints import complaints_test

LAYERS = [("stage1_1_conv", 0.25), ("stage2_1_conv", 0.75)]
CONTENT = "stage2_2_conv"
SIZE = 24

RANDOM = np.random.default_rng(0)
A_S, A_G = RANDOM.normal(1, 4, (2, 1, 4, 5, 3))
PICTURES = RANDOM.uniform(size=(2, SIZE, SIZE, 3)).astype(np.float32)


def small(seed=0, scales=2, fill=True):
    """Two stages of VGG-19 and a picture of two scales."""
    features = StyleFeatures((SIZE, SIZE, 3), LAYERS, CONTENT)
    if fill:
        fill_random(features, PICTURES, seed)
    return features, StyleTransfer(features, scales)


BARE = StyleFeatures((16, 16, 3), LAYERS[:1], "stage1_2_conv")
BARE_MODEL = StyleTransfer(BARE)
COMPILED = compile_transfer(StyleTransfer(BARE), 10, 40, LAYERS[:1])
FEW = PICTURES[:, :16, :16]

PURE_CALLS = {
    "compute_content_cost": ([A_S], [A_G]),
    "gram_matrix": (A_S[0, 0],),
    "compute_layer_style_cost": (A_S, A_G),
    "compute_style_cost": ([A_S, A_S], [A_G, A_G], LAYERS[:1]),
    "total_cost": (0.2, 0.8),
    "StyleFeatures": ((16, 16, 3), LAYERS[:1], "stage1_2_conv"),
    "StyleTransfer": (BARE,),
    "fill_random": (BARE, FEW),
    "rescale_activations": (BARE, FEW),
    "noisy_start": (PICTURES[0],),
    "transfer_targets": (BARE, *FEW),
    "compile_transfer": (BARE_MODEL, 10, 40, LAYERS[:1]),
    "generated_picture": (BARE_MODEL, FEW[0]),
    "train_step": (COMPILED, FEW[0], transfer_targets(BARE, *FEW), LAYERS[:1]),
}


@pytest.fixture(scope="module")
def pair():
    """Filled features, and the model of them."""
    return small()


@pytest.fixture(scope="module")
def features(pair):
    return pair[0]


def numpy(tensor):
    return keras.ops.convert_to_numpy(tensor)


# --- The costs ------------------------------------------------------------------------------------


def test_values_of_the_course():
    """Published with the exercise, of the same draws of TensorFlow."""
    tf = pytest.importorskip("tensorflow")

    def draws(shape):
        tf.random.set_seed(1)
        return [tf.random.normal(shape, mean=1, stddev=4) for _ in range(2)]

    a_C, a_G = draws([1, 1, 4, 4, 3])
    assert_close(numpy(compute_content_cost(a_C, a_G)), np.float32(7.0568767), rtol=1e-6)
    # Their products were of fewer digits than float32 has.
    a_S, a_G = draws([1, 4, 4, 3])
    assert_close(numpy(compute_layer_style_cost(a_S, a_G)), np.float32(14.01649), rtol=2e-4)


def test_total_cost_of_the_course():
    J = total_cost(0.2, 0.8)
    assert keras.ops.is_tensor(J)
    assert_close(float(J), 34.0, rtol=1e-6)
    assert_close(float(total_cost(2, np.float32(3), alpha=0.5, beta=2)), 7.0)
    assert_close(float(total_cost(keras.ops.ones(()), 1.0)), 50.0)


def test_content_cost_by_a_loop():
    expected = 0.0
    for i, j, k in np.ndindex(4, 5, 3):
        expected += (A_S[0, i, j, k] - A_G[0, i, j, k]) ** 2
    expected /= 4 * 4 * 5 * 3
    J = compute_content_cost([None, A_S], [None, A_G])  # the last layer only
    assert_close(numpy(J), expected, rtol=1e-12)
    assert_close(float(compute_content_cost([A_S], [A_S])), 0.0)


def test_gram_matrix_by_a_loop():
    a = A_S[0]
    expected = np.zeros((3, 3))
    for k, other in np.ndindex(3, 3):
        expected[k, other] = sum(a[i, j, k] * a[i, j, other] for i, j in np.ndindex(4, 5))
    A = a.reshape(20, 3).T
    assert_close(numpy(gram_matrix(A)), expected, rtol=1e-12)
    assert_close(numpy(gram_matrix([[1, 2], [3, 4]])), np.array([[5, 11], [11, 25]]))


def test_layer_style_cost_as_in_the_paper():
    """Gatys et al., 2015, equation 4: 1 / (4 N^2 M^2) with N channels and M places."""
    N, M = 3, 20
    G, A = (np.einsum("mijk,mijl->kl", a, a) for a in (A_G, A_S))
    expected = ((G - A) ** 2).sum() / (4 * N**2 * M**2)
    assert_close(numpy(compute_layer_style_cost(A_S, A_G)), expected, rtol=1e-12)


def test_style_does_not_see_where_things_are():
    order = np.random.default_rng(1).permutation(20)
    moved = A_S.reshape(1, 20, 3)[:, order].reshape(A_S.shape)
    assert float(compute_layer_style_cost(A_S, moved)) < 1e-20
    assert float(compute_content_cost([A_S], [moved])) > 1


def test_style_cost_weighs_layers_and_leaves_the_content_layer_out():
    other_S, other_G = A_S[:, :2] + 1, A_G[:, :2]
    J = compute_style_cost([A_S, other_S, A_S], [A_G, other_G, A_G + 1], LAYERS)
    expected = 0.25 * numpy(compute_layer_style_cost(A_S, A_G)) + 0.75 * numpy(
        compute_layer_style_cost(other_S, other_G)
    )
    assert_close(numpy(J), expected, rtol=1e-12)
    assert [name for name, _ in STYLE_LAYERS] == [f"stage{i}_1_conv" for i in range(1, 6)]
    assert sum(weight for _, weight in STYLE_LAYERS) == 1
    six = [A_S] * 6, [A_G] * 6
    assert_close(numpy(compute_style_cost(*six)), numpy(compute_layer_style_cost(A_S, A_G)))


def test_gradients_with_respect_to_the_picture():
    """Worked out by hand, in float64: of the content 2 (a_G - a_C) / (4 n), of the style
    4 (Gram_G - Gram_S) A_G / (2 n)^2, as the Gram matrix is symmetric and quadratic in A."""
    alpha, beta, n = 10, 40, 4 * 5 * 3

    def cost(parameters):
        a_G = parameters["a"]
        J_content = compute_content_cost([A_S], [a_G])
        return float(total_cost(J_content, compute_layer_style_cost(A_S, a_G), alpha, beta))

    S, G = (a.reshape(20, 3).T for a in (A_S, A_G))
    d_style = 4 * (G @ G.T - S @ S.T) @ G / (2 * n) ** 2
    gradient = alpha * (A_G - A_S) / (2 * n) + beta * d_style.T.reshape(A_G.shape)
    assert gradient_check(cost, {"a": A_G}, {"da": gradient}) < 1e-7


# --- The features ---------------------------------------------------------------------------------


def test_the_layers_of_the_exercise():
    features = StyleFeatures((32, 32, 3))
    assert features.output_names == [*(name for name, _ in STYLE_LAYERS), CONTENT_LAYER]
    table = [row for row in layer_table(features) if row.kind == "Conv2D"]
    theirs = [row for row in layer_table(VGG19((32, 32, 3), include_top=False))]
    assert table == [row for row in theirs if row.kind == "Conv2D"]
    assert features.count_params() == 20_024_384
    assert not features.trainable_weights
    kinds = {row.kind for row in layer_table(features)}
    assert kinds == {"InputLayer", "Rescaling", "Conv2D", "AveragePooling2D"}


def test_only_the_layers_that_are_needed_are_built(features):
    names = [row.name for row in layer_table(features)]
    assert names == [
        *("inputs", "preprocess_1_scale"),
        *("stage1_1_conv", "stage1_2_conv", "stage1_2_pool", "stage2_1_conv", "stage2_2_conv"),
    ]
    assert [tuple(a.shape) for a in features.outputs] == [
        (1, SIZE, SIZE, 64),
        (1, SIZE // 2, SIZE // 2, 128),
        (1, SIZE // 2, SIZE // 2, 128),
    ]
    assert features.count_params() == 1792 + 36_928 + 73_856 + 147_584


def test_trained_weights_see_what_vgg19_sees(tmp_path):
    """Of a file: blue, green and red less their means go into VGG-19, 0 to 1 into ours."""
    vgg = VGG19((32, 32, 3), include_top=False)
    vgg.save_weights(tmp_path / "vgg.weights.h5")
    path = tmp_path / "vgg.weights.h5"
    features = StyleFeatures((32, 32, 3), LAYERS, CONTENT, pooling="max", weights=path)
    picture = np.random.default_rng(3).uniform(size=(1, 32, 32, 3)).astype(np.float32)
    inner = keras.Model(vgg.input, vgg.get_layer(CONTENT).output)
    seen = keras.applications.vgg19.preprocess_input(255 * picture)
    assert_close(numpy(features(picture)[-1]), numpy(inner(seen)), rtol=1e-3, atol=1e-3)
    before = [numpy(a) for a in features(picture)]
    after = [numpy(a) for a in rescale_activations(features, picture)(picture)]
    for a, b in zip(before, after, strict=True):
        alive = a.mean(axis=(0, 1, 2)) > 1e-3
        scale = a.mean(axis=(0, 1, 2), keepdims=True)[..., alive]
        assert_close(b[..., alive], a[..., alive] / scale, rtol=1e-2, atol=1e-2)


def test_random_filters_answer_in_half_of_the_places_with_mean_1(features):
    x = keras.ops.convert_to_tensor(PICTURES)
    for layer in features.layers[1:]:
        x = layer(x)
        if layer.name.endswith("conv"):
            answers = numpy(x)
            assert_close(answers.mean(axis=(0, 1, 2)), np.ones(answers.shape[-1]), atol=1e-3)
            fires = (answers > 0).mean(axis=(0, 1, 2))
            assert_close(fires, np.full(answers.shape[-1], 0.5), atol=0.01)


def test_random_filters_are_orthogonal_and_three_in_four_see_edges_only(features):
    kernel = numpy(features.get_layer("stage2_1_conv").kernel)
    means = np.abs(kernel.mean(axis=(0, 1))).max(axis=0)
    size = np.abs(kernel).max()
    assert (means < 1e-6 * size)[np.arange(128) % 4 != 0].all()
    assert (means > 1e-3 * size)[::4].all()
    colours = kernel[..., ::4].reshape(-1, 32)
    unit = colours / np.linalg.norm(colours, axis=0)
    assert_close(unit.T @ unit, np.eye(32, dtype=np.float32), atol=1e-5)


def test_a_seed_is_a_set_of_filters():
    first, again, other = (fill_random(BARE, FEW, seed).get_weights() for seed in (0, 0, 1))
    for mine, same, differs in zip(first, again, other, strict=True):
        assert_close(same, mine, rtol=0)
        assert not np.allclose(differs, mine)


# --- The picture ----------------------------------------------------------------------------------


def test_all_that_can_be_learnt_is_the_picture(pair, features):
    shapes = [tuple(weight.shape) for weight in pair[1].trainable_weights]
    assert shapes == [(1, SIZE, SIZE, 3), (1, SIZE // 2, SIZE // 2, 3)]
    assert pair[1].output_names == features.output_names
    for ours, theirs in zip(pair[1].non_trainable_weights, features.weights, strict=True):
        assert ours is theirs


def test_the_change_of_a_picture():
    """No change gives the start; a change of one scale is added to the logit of its places."""
    layer, start = PictureChange(scales=2), np.full((1, 5, 4, 3), 0.5, np.float32)
    assert_close(numpy(layer(start)), start)
    fine, coarse = layer.changes
    assert tuple(coarse.shape) == (1, 3, 2, 3)
    change = np.zeros((1, 5, 4, 3), np.float32)
    change[0, 2, 1, 0] = 2
    fine.assign(change)
    coarse.assign(np.full((1, 3, 2, 3), -1.0))
    assert_close(numpy(layer(start)), 1 / (1 + np.exp(1 - change)), rtol=1e-6)
    edges = numpy(PictureChange()(np.array([0.0, 1.0], np.float32).reshape(1, 1, 2, 1)))
    assert_close(edges.ravel(), np.array([0.01, 0.99], np.float32), rtol=1e-5)


def test_a_noisy_start():
    noisy = noisy_start(PICTURES[0], 0.25, seed=1)
    assert noisy.dtype == np.float32
    assert noisy.min() >= 0
    assert noisy.max() <= 1
    moved = noisy - PICTURES[0]
    assert 0.2 < np.abs(moved).max() <= 0.25 + 1e-6
    assert_close(noisy_start(PICTURES[0], 0), PICTURES[0], rtol=0)
    assert_close(noisy_start(PICTURES[0], 0.25, seed=1), noisy, rtol=0)
    assert (noisy_start(PICTURES[0], 0.25, seed=2) != noisy).any()


def test_targets_are_style_first_and_content_last(features):
    content, style = PICTURES
    found = transfer_targets(features, content, style)
    of_content, of_style = features(content[None]), features(style[None])
    assert_close(found[0], numpy(of_style[0]), rtol=1e-5)
    assert_close(found[1], numpy(of_style[1]), rtol=1e-5)
    assert_close(found[2], numpy(of_content[2]), rtol=1e-5)


class StepsOn:
    """Three steps of `train_step`, as if they were a model: picture, costs, change of the first."""

    def set_weights(self, weights):
        self.features, self.model = small(fill=False)
        self.features.set_weights(weights)
        compile_transfer(self.model, 10, 40, LAYERS, learning_rate=0.05)

    def __call__(self, inputs, training):
        content, style = inputs
        targets = transfer_targets(self.features, content, style)
        costs = [train_step(self.model, content, targets, LAYERS)]
        first = numpy(self.model.get_layer("picture_1_change").changes[0])
        costs += [train_step(self.model, content, targets, LAYERS) for _ in range(2)]
        return [generated_picture(self.model, content), np.array(costs), first]


@pytest.fixture(scope="module")
def trained(features):
    """Three steps on this backend, and what made them."""
    steps = StepsOn()
    steps.set_weights(features.get_weights())
    return steps, *steps(list(PICTURES), training=False)


def test_a_step_tells_the_costs_of_the_graded_functions(features, trained):
    steps, picture, *_ = trained
    content, style = PICTURES
    of_style, of_content, now = (
        [numpy(a) for a in features(p[None])] for p in (style, content, picture)
    )
    J_content = compute_content_cost(of_content, now)
    J_style = compute_style_cost(of_style, now, LAYERS)
    J = total_cost(J_content, J_style)
    targets = transfer_targets(features, content, style)
    found = train_step(steps.model, content, targets, LAYERS)
    assert_close(np.array(found), np.array([J, J_content, J_style], np.float64), rtol=1e-4)


def test_every_step_lowers_the_cost_and_moves_the_picture_only(features, trained):
    steps, picture, costs, _ = trained
    assert (np.diff(costs[:, 0]) < 0).all()
    assert costs[0, 1] < 1e-4  # from the content itself; black and white are kept off the edge
    assert np.abs(picture - PICTURES[0]).max() > 0.01
    for before, after in zip(features.get_weights(), steps.features.get_weights(), strict=True):
        assert_close(after, before, rtol=0)


def test_the_gradient_of_the_whole_cost_by_adams_first_step(features, trained):
    """Adam's first step goes against the sign of the gradient, which differences of the cost of
    the graded functions have too."""
    *_, first = trained
    model, (content, style) = StyleTransfer(features), PICTURES
    targets = transfer_targets(features, content, style)
    change = model.get_layer("picture_1_change").changes[0]

    def cost(place, step):
        moved = np.zeros((1, SIZE, SIZE, 3), np.float32)
        moved[place] = step
        change.assign(moved)
        outputs = [numpy(a) for a in model(content[None])]
        J_style = compute_style_cost(targets, outputs, LAYERS)
        return float(total_cost(compute_content_cost(targets, outputs), J_style))

    assert 0.04 < np.abs(first).max() < 0.0501  # the learning rate
    for place in [(0, 3, 4, 0), (0, 10, 20, 1), (0, 23, 0, 2), (0, 12, 12, 0)]:
        assert np.sign(first[place]) == -np.sign(cost(place, 0.3) - cost(place, -0.3))


def test_saved_and_loaded_models_answer_alike(pair, trained, tmp_path):
    model = trained[0].model
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras", compile=False)
    assert loaded.get_layer("picture_1_change").scales == 2
    for a, b in zip(model(PICTURES[:1]), loaded(PICTURES[:1]), strict=True):
        assert_close(numpy(b), numpy(a), rtol=0)
    assert [w.path for w in small(fill=False)[1].weights] == [w.path for w in pair[1].weights]


def test_jax_takes_the_same_steps(features, trained, tmp_path):
    _, picture, costs, _ = trained
    call = Call(f"{__name__}.StepsOn", {}, features.get_weights(), list(PICTURES))
    [[on_jax, costs_on_jax, _]] = outputs_on("jax", [call], tmp_path)
    assert_close(costs_on_jax, costs.astype(costs_on_jax.dtype), rtol=1e-3, atol=1e-6)
    assert_close(on_jax, picture, atol=2e-3)


def test_style_is_transferred():
    """The cost falls, and colours come: a grey content becomes red as the style is."""
    ramp = np.linspace(0.3, 0.7, SIZE, dtype=np.float32)
    content = np.broadcast_to(ramp[:, None, None], (SIZE, SIZE, 3))
    stripes = np.zeros((SIZE, SIZE, 3), np.float32) + 0.1
    stripes[:, ::4], stripes[:, 1::4] = (0.9, 0.2, 0.1), (0.9, 0.2, 0.1)
    features, model = small(fill=False)
    fill_random(features, np.stack([content, stripes]))
    compile_transfer(model, 1, 100, LAYERS, learning_rate=0.1)
    targets = transfer_targets(features, content, stripes)
    start = noisy_start(content, 0.1)
    costs = [train_step(model, start, targets, LAYERS) for _ in range(60)]
    assert costs[-1].total < costs[0].total / 5
    red, _, blue = generated_picture(model, start).mean(axis=(0, 1))
    assert red > 1.5 * blue


# --- Bad input ------------------------------------------------------------------------------------

COMPLAINTS = [
    (
        lambda _: compute_content_cost(5, [A_G]),
        TypeError,
        "`content_output` must be a list of activations. Received: int.",
    ),
    (
        lambda _: compute_content_cost([], [A_G]),
        ValueError,
        "`content_output` must hold at least one layer. Received: none.",
    ),
    (
        lambda _: compute_content_cost([A_S[0]], [A_G]),
        ValueError,
        "`content_output[-1]` must have shape (1, n_H, n_W, n_C). Received: shape (4, 5, 3).",
    ),
    (
        lambda _: compute_content_cost([A_S], A_G),
        TypeError,
        "`generated_output` must be a list of activations. Received: ndarray.",
    ),
    (
        lambda _: compute_content_cost([A_S], [A_G[:, :2]]),
        ValueError,
        "`generated_output[-1]` must have the shape of `content_output[-1]`, (1, 4, 5, 3). "
        "Received: (1, 2, 5, 3). Scale the pictures to the same size.",
    ),
    (
        lambda _: compute_content_cost([["a"]], [A_G]),
        TypeError,
        "`content_output[-1]` must be an array of real numbers. Received: list of dtype <U1.",
    ),
    (
        lambda _: gram_matrix(A_S),
        ValueError,
        "`A` must have shape (n_C, n_H * n_W). Received: shape (1, 4, 5, 3).",
    ),
    (
        lambda _: gram_matrix(np.array(["a"])),
        TypeError,
        "`A` must be an array of real numbers. Received: ndarray of dtype <U1.",
    ),
    (
        lambda _: compute_layer_style_cost(np.concatenate([A_S, A_S]), A_G),
        ValueError,
        "`a_S` must have shape (1, n_H, n_W, n_C). Received: (2, 4, 5, 3). The costs are "
        "those of one picture.",
    ),
    (
        lambda _: compute_layer_style_cost(A_S, A_G[..., :2]),
        ValueError,
        "`a_G` must have the shape of `a_S`, (1, 4, 5, 3). Received: (1, 4, 5, 2). Scale the "
        "pictures to the same size.",
    ),
    (
        lambda _: compute_style_cost([A_S], [A_G], LAYERS),
        ValueError,
        "`style_image_output` must hold 3 entries, one for each style layer and the content "
        "last. Received: 1.",
    ),
    (
        lambda _: compute_style_cost([A_S] * 2, [A_G], LAYERS[:1]),
        ValueError,
        "`generated_image_output` must hold 2 entries, one for each style layer and the "
        "content last. Received: 1.",
    ),
    (
        lambda _: compute_style_cost([A_S] * 2, [A_G] * 2, ["stage1_1_conv"]),
        TypeError,
        "`STYLE_LAYERS` must be a list of pairs (layer name, weight). Received: ['stage1_1_conv'].",
    ),
    (
        lambda _: compute_style_cost([A_S] * 2, [A_G] * 2, [("first", -1)]),
        ValueError,
        "`weight of first` must be in [0, inf). Received: -1.",
    ),
    (
        lambda _: total_cost(1, 2, alpha=-1),
        ValueError,
        "`alpha` must be in [0, inf). Received: -1.",
    ),
    (
        lambda _: total_cost(1, 2, beta=-1),
        ValueError,
        "`beta` must be in [0, inf). Received: -1.",
    ),
    (
        lambda _: total_cost([1], 2),
        ValueError,
        "`J_content` must be a scalar. Received: shape (1,).",
    ),
    (
        lambda _: total_cost(1, "two"),
        TypeError,
        "`J_style` must be an array of real numbers. Received: str.",
    ),
    (
        lambda _: StyleFeatures((8, 8, 3)),
        ValueError,
        "`input_shape` must be at least 16 pixels high and wide. Received: (8, 8, 3). Smaller"
        " maps would vanish on their way through the network.",
    ),
    (
        lambda _: StyleFeatures((16, 16, 1)),
        ValueError,
        "`input_shape` must have 3 channels. Received: (16, 16, 1). Grey becomes colour with "
        "np.stack([grey] * 3, axis=-1).",
    ),
    (
        lambda _: StyleFeatures((16, 16, 3), []),
        TypeError,
        "`style_layers` must be a list of pairs (layer name, weight). Received: [].",
    ),
    (
        lambda _: StyleFeatures((16, 16, 3), [("stage1_3_conv", 1)]),
        ValueError,
        "`style_layers` must be a known name. Received: 'stage1_3_conv'. Did you mean "
        "stage5_3_conv? Known: stage1_1_conv, stage1_2_conv, stage2_1_conv, stage2_2_conv, "
        "stage3_1_conv, stage3_2_conv, stage3_3_conv, stage3_4_conv, stage4_1_conv, "
        "stage4_2_conv, stage4_3_conv, stage4_4_conv, stage5_1_conv, stage5_2_conv, "
        "stage5_3_conv, stage5_4_conv.",
    ),
    (
        lambda _: StyleFeatures((16, 16, 3), content_layer="block5_conv4"),
        ValueError,
        "`content_layer` must be a known name. Received: 'block5_conv4'. Known: "
        "stage1_1_conv, stage1_2_conv, stage2_1_conv, stage2_2_conv, stage3_1_conv, "
        "stage3_2_conv, stage3_3_conv, stage3_4_conv, stage4_1_conv, stage4_2_conv, "
        "stage4_3_conv, stage4_4_conv, stage5_1_conv, stage5_2_conv, stage5_3_conv, "
        "stage5_4_conv.",
    ),
    (
        lambda _: StyleFeatures((16, 16, 3), content_layer="stage5_1_conv"),
        ValueError,
        "`style_layers` must name every layer once, the content layer included. Received: "
        "stage1_1_conv, stage2_1_conv, stage3_1_conv, stage4_1_conv, stage5_1_conv, "
        "stage5_1_conv.",
    ),
    (
        lambda _: StyleFeatures((16, 16, 3), pooling="mean"),
        ValueError,
        "`pooling` must be a known name. Received: 'mean'. Did you mean max? Known: average, max.",
    ),
    (
        lambda _: StyleTransfer(BARE_MODEL),
        TypeError,
        "`features` must be a model of StyleFeatures. Received: style_transfer.",
    ),
    (
        lambda _: PictureChange(0),
        ValueError,
        "`scales` must be at least 1. Received: 0.",
    ),
    (
        lambda _: fill_random(BARE, PICTURES),
        ValueError,
        "`pictures` must have shape (m, 16, 16, 3). Received: (2, 24, 24, 3).",
    ),
    (
        lambda _: fill_random(BARE, 255 * FEW),
        ValueError,
        "`pictures` must hold values from 0 to 1. Received: 0.0484504 to 254.887. Divide by "
        "255: pictures / 255.",
    ),
    (
        lambda _: fill_random(BARE, FEW, -1),
        ValueError,
        "`seed` must be at least 0. Received: -1.",
    ),
    (
        lambda _: fill_random(BARE, [["a"]]),
        TypeError,
        "`pictures` must be an array of real numbers. Received: list of dtype <U1.",
    ),
    (
        lambda _: fill_random(3, FEW),
        TypeError,
        "`features` must be a model of StyleFeatures. Received: int.",
    ),
    (
        lambda _: rescale_activations(BARE, FEW[0]),
        ValueError,
        "`pictures` must have shape (m, 16, 16, 3). Received: (16, 16, 3).",
    ),
    (
        lambda _: noisy_start(FEW[0, :, :, 0]),
        ValueError,
        "`content` must have shape (height, width, 3). Received: (16, 16). Grey becomes "
        "colour with np.stack([grey] * 3, axis=-1).",
    ),
    (
        lambda _: noisy_start(FEW[0], 2),
        ValueError,
        "`noise` must be in [0, 1]. Received: 2.",
    ),
    (
        lambda _: noisy_start(FEW[0], 0.1, -1),
        ValueError,
        "`seed` must be at least 0. Received: -1.",
    ),
    (
        lambda _: noisy_start("a"),
        TypeError,
        "`content` must be an array of real numbers. Received: str.",
    ),
    (
        lambda _: noisy_start(-FEW[0]),
        ValueError,
        "`content` must hold values from 0 to 1. Received: -0.99701 to -0.000190002.",
    ),
    (
        lambda _: transfer_targets(BARE_MODEL, *FEW),
        TypeError,
        "`features` must be a model of StyleFeatures. Received: style_transfer.",
    ),
    (
        lambda _: transfer_targets(BARE, FEW[0], PICTURES[0]),
        ValueError,
        "`style` must have shape (16, 16, 3). Received: (24, 24, 3).",
    ),
    (
        lambda _: compile_transfer(BARE_MODEL, STYLE_LAYERS=[]),
        TypeError,
        "`STYLE_LAYERS` must be a list of pairs (layer name, weight). Received: [].",
    ),
    (
        lambda _: compile_transfer(BARE),
        TypeError,
        "`model` must be a model of StyleTransfer. Received: style_features.",
    ),
    (
        lambda _: compile_transfer(BARE_MODEL, STYLE_LAYERS=LAYERS),
        ValueError,
        "`STYLE_LAYERS` must name the style layers of the model, stage1_1_conv. Received: "
        "stage1_1_conv, stage2_1_conv.",
    ),
    (
        lambda _: compile_transfer(BARE_MODEL, -1, STYLE_LAYERS=LAYERS[:1]),
        ValueError,
        "`alpha` must be in [0, inf). Received: -1.",
    ),
    (
        lambda _: compile_transfer(BARE_MODEL, 1, 1, LAYERS[:1], 0),
        ValueError,
        "`learning_rate` must be a positive finite number. Received: 0.",
    ),
    (
        lambda _: train_step(BARE_MODEL, FEW[0], [], [("a", None)]),
        TypeError,
        "`weight of a` must be a real number. Received: None (NoneType).",
    ),
    (
        lambda _: train_step(BARE_MODEL, FEW[0], [], LAYERS),
        ValueError,
        "`STYLE_LAYERS` must name the style layers of the model, stage1_1_conv. Received: "
        "stage1_1_conv, stage2_1_conv.",
    ),
    (
        lambda _: train_step(StyleTransfer(BARE), FEW[0], [], LAYERS[:1]),
        ValueError,
        "`model` must be compiled. Received: one that is not. Use compile_transfer.",
    ),
    (
        lambda _: train_step(COMPILED, PICTURES[0], [], LAYERS[:1]),
        ValueError,
        "`start` must have shape (16, 16, 3). Received: (24, 24, 3).",
    ),
    (
        lambda _: train_step(COMPILED, FEW[0], [A_S], LAYERS[:1]),
        ValueError,
        "`targets` must hold 2 entries, one for each style layer and the content last. "
        "Received: 1.",
    ),
    (
        lambda _: generated_picture(BARE, FEW[0]),
        TypeError,
        "`model` must be a model of StyleTransfer. Received: style_features.",
    ),
    (
        lambda _: generated_picture(BARE_MODEL, PICTURES[0]),
        ValueError,
        "`start` must have shape (16, 16, 3). Received: (24, 24, 3).",
    ),
]
test_complaints = complaints_test(COMPLAINTS)
