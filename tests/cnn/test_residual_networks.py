"""Residual networks: the course's numbers, papers' tables, NumPy, keras.applications, JAX."""

import re

import keras
import numpy as np
import pytest
import tensorflow as tf

from dlspec.cnn.residual_networks import (
    CifarResNet,
    PlainNet34,
    ResNet18,
    ResNet34,
    ResNet50,
    convolutional_block,
    identity_block,
)
from dlspec.testing import assert_close, layer_table
from tests.backends import Call, outputs_on
from tests.complaints import complaints_test

PICTURES = np.random.default_rng(0).normal(size=(3, 4, 4, 3)).astype("float32")

PURE_CALLS = {
    "identity_block": (PICTURES, 2, [4, 4, 3]),
    "convolutional_block": (PICTURES, 2, [2, 4, 6]),
    "ResNet50": ([37, 37, 3],),
    "ResNet18": ([32, 32, 3],),
    "ResNet34": ([32, 32, 3],),
    "PlainNet34": ([32, 32, 3],),
    "CifarResNet": (8, [8, 8, 3]),
}

# All of them narrow, for pictures about as small as they can be.
SMALL = {
    "course": (ResNet50, {"input_shape": (37, 38, 3), "width": 2}),
    "imagenet": (ResNet50, {"input_shape": (32, 33, 2), "width": 2, "layout": "imagenet"}),
    "ResNet18": (ResNet18, {"input_shape": (32, 33, 3), "width": 2}),
    "ResNet34": (ResNet34, {"input_shape": (32, 33, 3), "width": 2, "classes": 4}),
    "PlainNet34": (PlainNet34, {"input_shape": (32, 33, 3), "width": 2}),
    "cifar": (CifarResNet, {"depth": 8, "input_shape": (9, 8, 3), "width": 2}),
    "cifar, bare": (
        CifarResNet,
        {
            "depth": 8,
            "input_shape": (8, 8, 3),
            "width": 2,
            "shortcuts": False,
            "batch_norm": False,
            "name": "bare",
        },
    ),
}
each_network = pytest.mark.parametrize("kind", SMALL)


def shake(model, seed=0):
    """Biases and all that batch norm keeps, none of them as they start."""
    random = np.random.default_rng(seed)
    ranges = {"gamma": (0.5, 1.5), "moving_variance": (0.5, 1.5)}
    for weight in model.weights:
        if weight.name != "kernel":
            weight.assign(random.uniform(*ranges.get(weight.name, (-0.3, 0.3)), weight.shape))
    return model


@pytest.fixture(scope="module")
def networks():
    keras.utils.set_random_seed(0)
    return {kind: shake(build(**options)) for kind, (build, options) in SMALL.items()}


@pytest.fixture(scope="module")
def resnet50():
    return ResNet50()


def inputs_of(model, m=2, seed=1):
    shape = (m, *model.input_shape[1:])
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def size(weights):
    return sum(int(np.prod(w.shape)) for w in weights)


# --- The course's numbers -------------------------------------------------------------------------


def three_pictures():
    """Pictures all of -1, of 1 and of 3, as in the course's test."""
    return np.stack([np.full((4, 4, 3), value, "float32") for value in (-1, 1, 3)])


def ones(seed=0):
    return keras.initializers.Constant(value=1)


def test_identity_block_in_the_course():
    """Course 4, week 2: expected output with training=False, means over the channels."""
    A = identity_block(three_pictures(), f=2, filters=[4, 4, 3], initializer=ones)
    assert A.shape == (3, 4, 4, 3)
    expected = [
        np.zeros((2, 4)),
        [[192.71234, 192.71234, 192.71234, 96.85617], [96.85617, 96.85617, 96.85617, 48.92808]],
        [[578.1371, 578.1371, 578.1371, 290.5685], [290.5685, 290.5685, 290.5685, 146.78426]],
    ]
    assert_close(A.numpy()[:, (0, -1)].mean(axis=3), expected, rtol=1e-6)


def test_identity_block_in_the_course_while_training():
    """Expected output with training=True, filters [3, 3, 3]: statistics of the three pictures."""
    X = keras.Input((4, 4, 3))
    model = keras.Model(X, identity_block(X, 2, [3, 3, 3], ones))
    A = model(three_pictures(), training=True).numpy()
    expected = [
        np.zeros((2, 4)),
        [[0.40739] * 4] * 2,
        [[4.99991, 4.99991, 4.99991, 3.25948], [3.25948, 3.25948, 3.25948, 2.40739]],
    ]
    assert_close(A[:, (0, -1)].mean(axis=3), expected, atol=1e-5)


def test_identity_block_worked_by_hand():
    """Ones: 3 channels, then 2 x 2 x 4 numbers, then 4; sqrt(1.001) divides three times; plus X."""
    A = identity_block(three_pictures(), f=2, filters=[4, 4, 3], initializer=ones).numpy()
    for picture, value in zip(A, (-1, 1, 3), strict=True):
        expected = max(0, value) * (3 * 16 * 4 / 1.001**1.5 + 1)
        assert_close(picture[0, 0], np.full(3, expected, "float32"), rtol=1e-6)


def test_convolutional_block_worked_by_hand():
    """As above without X, whose place takes the sum of its channels, normalised."""
    A = convolutional_block(three_pictures(), 2, [2, 4, 6], s=2, initializer=ones).numpy()
    assert A.shape == (3, 2, 2, 6)
    for picture, value in zip(A, (-1, 1, 3), strict=True):
        expected = max(0, value) * (3 * 8 * 4 / 1.001**1.5 + 3 / 1.001**0.5)
        assert_close(picture[0, 0], np.full(6, expected, "float32"), rtol=1e-6)


def test_resnet50_has_the_parameters_of_the_course(resnet50):
    assert resnet50.count_params() == 23_600_006
    assert size(resnet50.non_trainable_weights) == 53_120
    assert resnet50.output_shape == (None, 6)


def test_default_initialisers_are_the_courses(resnet50):
    """RandomUniform lies in [-0.05, 0.05); GlorotUniform in sqrt(6 / (fan_in + fan_out))."""
    kernel = resnet50.get_layer("stage5_block2_conv1").kernel.numpy()
    assert_close(np.abs(kernel).max(), np.float32(0.05), rtol=1e-4)
    glorot = np.float32(np.sqrt(6 / (1024 + 2048)))
    kernel = resnet50.get_layer("stage5_block1_convshortcut").kernel.numpy()
    assert_close(np.abs(kernel).max(), glorot, rtol=1e-4)
    other = resnet50.get_layer("stage5_block3_conv1").kernel.numpy()
    assert not np.array_equal(resnet50.get_layer("stage5_block2_conv1").kernel.numpy(), other)


def test_sizes_in_the_courses_network(resnet50):
    sides = [resnet50.get_layer(f"stage{k}_block1_output").output.shape[1] for k in range(2, 6)]
    assert sides == [15, 8, 4, 2]


# --- Tables of papers and libraries ---------------------------------------------------------------

IMAGENET = {
    "ResNet18": lambda: ResNet18((224, 224, 3), 1000),
    "ResNet34": lambda: ResNet34((224, 224, 3), 1000),
    "ResNet50": lambda: ResNet50((224, 224, 3), 1000, layout="imagenet"),
}


def multiplications(model):
    """Of all convolutions and the dense layer, for one picture."""
    counted = [layer for layer in model.layers if hasattr(layer, "kernel")]
    return sum(np.prod(layer.kernel.shape) * np.prod(layer.output.shape[1:-1]) for layer in counted)


@pytest.mark.parametrize(
    ("name", "billions", "trained"),
    [
        ("ResNet18", 1.8, 11_689_512),  # torchvision.models.resnet18
        ("ResNet34", 3.6, 21_797_672),  # torchvision.models.resnet34
        ("ResNet50", 3.8, 25_636_712 - 53_120),  # keras.applications.ResNet50
    ],
)
def test_tables_of_the_paper_and_of_the_libraries(name, billions, trained):
    """He et al., table 1: sizes of the stages, and multiply-adds with two digits."""
    model = IMAGENET[name]()
    assert size(model.trainable_weights) == trained
    assert_close(multiplications(model) / 1e9, billions, rtol=0.02)
    stages = range(2, 6)
    sides = [model.get_layer(f"stage{k}_block1_output").output.shape[1] for k in stages]
    assert sides == [56, 28, 14, 7]
    layers = [x.name for x in model.layers if hasattr(x, "kernel") and "shortcut" not in x.name]
    assert len(layers) == int(name[-2:])


@pytest.mark.parametrize(("depth", "trained"), [(20, 269_722), (32, 464_154)])
def test_networks_for_cifar_have_the_papers_size(depth, trained):
    """Table 6 says 0.27 and 0.46 M; akamaster/pytorch_resnet_cifar10 prints all digits."""
    model = CifarResNet(depth)
    assert size(model.trainable_weights) == trained
    assert sum(hasattr(layer, "kernel") for layer in model.layers) == depth


def test_plain_networks_lack_the_shortcuts_only():
    assert CifarResNet(8).count_params() == CifarResNet(8, shortcuts=False).count_params()
    rows = {row.name: row for row in layer_table(ResNet34(width=4))}
    plain = {row.name: row for row in layer_table(PlainNet34(width=4))}
    missing = {name for name in rows if name not in plain}
    assert {name.split("_")[-1] for name in missing} == {"add", "convshortcut", "normshortcut"}
    assert len(missing) == 16 + 3 + 3
    assert all(rows[name] == plain[name] for name in plain)


def test_width_scales_every_layer(resnet50, networks):
    """Width 2 against 64."""
    for one, other in zip(
        layer_table(resnet50)[2:-1], layer_table(networks["course"])[2:-1], strict=True
    ):
        assert one.name == other.name
        assert one.output_shape[-1] == 32 * other.output_shape[-1]


# --- The same in NumPy ----------------------------------------------------------------------------


def in_numpy(model, X):
    """The network again, layer by layer, from its weights by name."""
    weights = {layer.name: layer.get_weights() for layer in model.layers}
    epsilon = {x.name: x.epsilon for x in model.layers if hasattr(x, "epsilon")}

    def conv(X, name, s=1, pad=None):
        kernel, *bias = weights[name]
        f = len(kernel)
        pad = ((f - 1) // 2, f // 2) if pad is None else (pad, pad)  # "same" with stride 1
        X = np.pad(X, ((0, 0), pad, pad, (0, 0)))
        windows = np.lib.stride_tricks.sliding_window_view(X, (f, f), (1, 2))[:, ::s, ::s]
        Z = np.einsum("mhwcij,ijco->mhwo", windows, kernel, optimize=True)
        return norm(Z + (bias[0] if bias else 0), name.replace("conv", "norm"))

    def norm(Z, name):
        if name not in weights:
            return Z
        gamma, beta, mean, variance = weights[name]
        return gamma * (Z - mean) / np.sqrt(variance + epsilon[name]) + beta

    def relu(Z):
        return np.maximum(Z, 0)

    def max_pool(X, pad):
        X = np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
        windows = np.lib.stride_tricks.sliding_window_view(X, (3, 3), (1, 2))
        return windows[:, ::2, ::2].max(axis=(4, 5))

    def block(X, name, s):
        if f"{name}_conv3" in weights:
            path = relu(conv(X, f"{name}_conv1", s, pad=0))
            path = conv(relu(conv(path, f"{name}_conv2")), f"{name}_conv3")
        else:
            path = conv(relu(conv(X, f"{name}_conv1", s, pad=1)), f"{name}_conv2")
        if f"{name}_convshortcut" in weights:
            path = path + conv(X, f"{name}_convshortcut", s, pad=0)
        elif f"{name}_zeros" in weights:
            new = path.shape[3] - X.shape[3]
            half = (new // 2, new - new // 2)
            path = path + np.pad(X[:, ::s, ::s], ((0, 0), (0, 0), (0, 0), half))
        elif f"{name}_add" in weights:
            path = path + X
        return relu(path)

    stem = "stem_1_pool" in weights
    A = relu(conv(X, "stem_1_conv", s=2, pad=3) if stem else conv(X, "stem_1_conv"))
    if stem:
        A = max_pool(A, pad=int("stem_1_padpool" in weights))
    for name in [name.removesuffix("_output") for name in weights if name.endswith("_output")]:
        A = block(A, name, s=2 if name[5] > "2" and name.endswith("block1") else 1)
    if "head_1_flatten" in weights:
        h, w = A.shape[1] // 2 * 2, A.shape[2] // 2 * 2
        A = A[:, :h, :w].reshape(len(A), h // 2, 2, w // 2, 2, -1).mean(axis=(2, 4))
        A = A.reshape(len(A), -1)
    else:
        A = A.mean(axis=(1, 2))
    kernel, bias = weights["head_1_classes"]
    shares = np.exp(A @ kernel + bias)
    return A, shares / shares.sum(axis=1, keepdims=True)


@each_network
def test_numpy_gives_the_same_outputs(networks, kind):
    model = networks[kind]
    X = inputs_of(model)
    head = "head_1_flatten" if kind == "course" else "head_1_pool"
    both = keras.Model(model.input, [model.get_layer(head).output, model.output])
    features, shares = in_numpy(model, X.astype("float64"))
    assert features.std() > 0
    for own, expected in zip(both(X), (features, shares), strict=True):
        assert_close(own.numpy(), expected, rtol=1e-4, atol=1e-5)


# --- keras.applications ---------------------------------------------------------------------------


def our_name(theirs):
    """conv3_block1_2_bn -> stage3_block1_norm2; number 0 is the shortcut."""
    if theirs.startswith("conv1"):
        return "stem_1_" + theirs[6:].replace("bn", "norm")
    if theirs == "predictions":
        return "head_1_classes"
    stage, block, number, role = theirs.split("_")
    role = role.replace("bn", "norm") + ("shortcut" if number == "0" else number)
    return f"stage{stage[-1]}_{block}_{role}"


@pytest.fixture(scope="module")
def theirs():
    keras.utils.set_random_seed(0)
    return shake(keras.applications.ResNet50(weights=None, input_shape=(65, 64, 3), classes=6))


def test_weights_of_keras_applications_fit_and_give_the_same_outputs(theirs):
    """Layer by layer from theirs into ours; features and probabilities."""
    ours = ResNet50((65, 64, 3), 6, layout="imagenet")
    names = {x.name for x in ours.layers if x.weights}
    for layer in theirs.layers:
        if layer.weights:
            names.remove(our_name(layer.name))
            ours.get_layer(our_name(layer.name)).set_weights(layer.get_weights())
    assert not names
    X = inputs_of(ours, m=2)
    pairs = [("head_1_pool", "avg_pool"), ("head_1_classes", "predictions")]
    own, expected = (
        keras.Model(model.input, [model.get_layer(pair[i]).output for pair in pairs])(X)
        for i, model in enumerate((ours, theirs))
    )
    assert expected[1].numpy().std() > 0.01
    for a, b in zip(own, expected, strict=True):
        assert_close(a.numpy(), b.numpy(), rtol=1e-5, atol=1e-5)


def test_their_weights_fit_the_courses_layout_too(theirs, resnet50):
    for layer in theirs.layers:
        if layer.weights:
            ours = resnet50.get_layer(our_name(layer.name)).weights
            assert [w.shape for w in ours] == [w.shape for w in layer.weights]


# --- What shortcuts do ----------------------------------------------------------------------------


def test_a_block_that_computes_nothing_hands_its_input_on():
    """With zero kernels z = 0: a[l+2] = g(a[l])."""
    A = identity_block(PICTURES, 3, [2, 2, 3], lambda seed: keras.initializers.Zeros())
    assert_close(A.numpy(), np.maximum(PICTURES, 0), rtol=0)


@pytest.mark.parametrize("shortcuts", [True, False])
def test_the_gradient_finds_a_way_around_dead_blocks(shortcuts):
    """Without shortcuts a layer of zeros ends it."""
    model = CifarResNet(8, (8, 8, 3), 6, width=2, shortcuts=shortcuts)
    for layer in model.layers:
        if "_block" in layer.name and hasattr(layer, "kernel"):
            layer.kernel.assign(keras.ops.zeros_like(layer.kernel))
    X = tf.constant(inputs_of(model))
    with tf.GradientTape() as tape:
        tape.watch(X)
        share = model(X)[:, 0]
    assert bool(np.any(tape.gradient(share, X).numpy())) == shortcuts


# --- What Keras does with them --------------------------------------------------------------------


@each_network
def test_probabilities_names_and_their_like(networks, kind):
    build, options = SMALL[kind]
    model, again = networks[kind], build(**options)
    classes = options.get("classes", 10 if build is CifarResNet else 6)
    shares = model(inputs_of(model, m=3)).numpy()
    assert shares.shape == (3, classes)
    assert_close(shares.sum(axis=1), np.ones(3, "float32"), rtol=1e-5)
    assert model.name == again.name == options.get("name", model.name)
    assert layer_table(model) == layer_table(again)
    pattern = r"(stem_1|stage\d_block\d+|head_1)_[a-z]+[1-3]?"
    names = [layer.name for layer in model.layers[1:]]
    assert not [name for name in names if not re.fullmatch(pattern, name)]


@each_network
def test_saved_and_loaded_models_answer_alike(networks, kind, tmp_path):
    model = networks[kind]
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    X = inputs_of(model)
    assert_close(loaded(X).numpy(), model(X).numpy(), rtol=0)


@each_network
def test_a_training_step_moves_every_weight(networks, kind):
    """Every kernel gets a gradient, so every layer takes part; the averages of batch norm move."""
    model = networks[kind]
    before = model.get_weights()
    model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy", run_eagerly=True)
    loss = model.train_on_batch(inputs_of(model, m=4), np.array([0, 1, 2, 3]))
    assert np.isfinite(loss)
    for weight, old in zip(model.weights, before, strict=True):
        assert not np.array_equal(weight.numpy(), old), weight.path
    model.set_weights(before)


def test_jax_gives_the_same_outputs(networks, tmp_path):
    """All builders; most of the time goes into compiling, which need not be thorough here."""
    calls, expected = [], []
    for kind, (build, options) in SMALL.items():
        if kind == "imagenet":
            continue
        model, name = networks[kind], f"dlspec.cnn.residual_networks.{build.__name__}"
        calls.append(Call(name, options, model.get_weights(), [inputs_of(model)]))
        expected.append(model(inputs_of(model)).numpy())
    for (output,), own in zip(outputs_on("jax", calls, tmp_path), expected, strict=True):
        assert_close(output, own, rtol=1e-4, atol=1e-5)


def test_blocks_without_a_name_may_stand_in_one_model():
    X = inputs = keras.Input((8, 8, 3))
    for _ in range(2):
        X = convolutional_block(X, 3, [2, 2, 4])
        X = identity_block(X, 3, [2, 2, 4])
    assert keras.Model(inputs, X).output_shape == (None, 2, 2, 4)


# --- Bad input ------------------------------------------------------------------------------------

BLOCK = "be a class or function that makes an initialiser"
ADVICE = "Such as keras.initializers.HeNormal, or lambda seed: HeNormal(seed)."
VANISH = "Smaller maps would vanish on their way through the network."

COMPLAINTS = [
    (
        lambda folder: identity_block(PICTURES, 2, [4, 4, 6]),
        ValueError,
        "`X` must have as many channels as filters[2]=6 to be added to the path. "
        "Received: 3 channels. convolutional_block changes the number of channels.",
    ),
    (
        lambda folder: identity_block(PICTURES[0], 2, [4, 4, 3]),
        ValueError,
        "`X` must have shape (m, n_H, n_W, n_C). Received: (4, 4, 3).",
    ),
    (
        lambda folder: convolutional_block([1, 2], 2, [4, 4, 3]),
        ValueError,
        "`X` must have shape (m, n_H, n_W, n_C). Received: list.",
    ),
    (
        lambda folder: identity_block(PICTURES, 0, [4, 4, 3]),
        ValueError,
        "`f` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: convolutional_block(PICTURES, 2.0, [4, 4, 3]),
        TypeError,
        "`f` must be a whole number. Received: 2.0 (float).",
    ),
    (
        lambda folder: identity_block(PICTURES, 2, 3),
        TypeError,
        "`filters` must be a list of three numbers, F1, F2, F3. Received: 3 (int).",
    ),
    (
        lambda folder: identity_block(PICTURES, 2, [4, 3]),
        ValueError,
        "`filters` must hold three numbers, F1, F2, F3. Received: [4, 3].",
    ),
    (
        lambda folder: convolutional_block(PICTURES, 2, [4, 0, 3]),
        ValueError,
        "`filters[1]` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: convolutional_block(PICTURES, 2, [4, 4, 3], s=0),
        ValueError,
        "`s` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: identity_block(PICTURES, 2, [4, 4, 3], "he_normal"),
        TypeError,
        f"`initializer` must {BLOCK}. Received: 'he_normal'. {ADVICE}",
    ),
    (
        lambda folder: identity_block(PICTURES, 2, [4, 4, 3], keras.initializers.Zeros()),
        TypeError,
        f"`initializer` must {BLOCK}. Received: one already made. {ADVICE}",
    ),
    (
        lambda folder: identity_block(PICTURES, 2, [4, 4, 3], epsilon=0),
        ValueError,
        "`epsilon` must be a positive finite number. Received: 0.",
    ),
    (
        lambda folder: ResNet50(layout="pytorch"),
        ValueError,
        "`layout` must be a known name. Received: 'pytorch'. Known: course, imagenet.",
    ),
    (
        lambda folder: ResNet50((36, 64, 3)),
        ValueError,
        f"`input_shape` must be at least 37 pixels high and wide. Received: (36, 64, 3). {VANISH}",
    ),
    (
        lambda folder: ResNet50((31, 64, 3), layout="imagenet"),
        ValueError,
        f"`input_shape` must be at least 32 pixels high and wide. Received: (31, 64, 3). {VANISH}",
    ),
    (
        lambda folder: ResNet50(64),
        TypeError,
        "`input_shape` must be (height, width, channels). Received: 64 (int).",
    ),
    (
        lambda folder: ResNet34((64, 64)),
        ValueError,
        "`input_shape` must be (height, width, channels). Received: (64, 64).",
    ),
    (
        lambda folder: PlainNet34((64, 64, None)),
        TypeError,
        "`input_shape[2]` must be a whole number. Received: None (NoneType).",
    ),
    (
        lambda folder: ResNet18((64, 64, 0)),
        ValueError,
        "`input_shape[2]` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: ResNet50(classes=1),
        ValueError,
        "`classes` must be at least 2. Received: 1.",
    ),
    (
        lambda folder: ResNet50(width=0),
        ValueError,
        "`width` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: ResNet18(width=1.5),
        TypeError,
        "`width` must be a whole number. Received: 1.5 (float).",
    ),
    (
        lambda folder: CifarResNet(depth=18),
        ValueError,
        "`depth` must be 6 n + 2 for a whole n. Received: 18. The nearest are 14 and 20.",
    ),
    (
        lambda folder: CifarResNet(depth=2),
        ValueError,
        "`depth` must be at least 8. Received: 2.",
    ),
    (
        lambda folder: CifarResNet(8, (3, 8, 3)),
        ValueError,
        f"`input_shape` must be at least 4 pixels high and wide. Received: (3, 8, 3). {VANISH}",
    ),
    (
        lambda folder: CifarResNet(8, width=0),
        ValueError,
        "`width` must be at least 1. Received: 0.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
