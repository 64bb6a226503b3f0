"""Costs of networks: published counts, hand counts, and fields seen by gradients."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from dlspec.cnn.architectures import layer_costs, summarize
from dlspec.cnn.classic_networks import VGG16, AlexNet, LeNet5
from dlspec.cnn.efficientnet import STAGES, EfficientNet
from dlspec.cnn.inception import GoogLeNet
from dlspec.cnn.mobilenet import MobileNetV1, MobileNetV2
from tests.cnn.networks import quickly
from tests.complaints import complaints_test

L = keras.layers


def model_of(shape, *layers):
    x = inputs = keras.Input(shape, name="picture")
    for layer in layers:
        x = layer(x)
    return keras.Model(inputs, x)


TINY = model_of((6, 6, 3), L.Conv2D(2, 3, name="conv"), L.Flatten(name="flatten"))

PURE_CALLS = {"layer_costs": (TINY,), "summarize": (TINY,)}

NETWORKS = {
    "LeNet5": LeNet5,
    "AlexNet": lambda: AlexNet(groups=2),
    "VGG16": VGG16,
    "GoogLeNet": lambda: GoogLeNet(auxiliary_heads=False),
    "MobileNetV1": MobileNetV1,
    "MobileNetV2": MobileNetV2,
    "EfficientNetB0": EfficientNet,
}


@pytest.fixture(scope="module")
def costs():
    """Layers and totals of every network; one model at a time is in memory."""
    found = {}
    for name, build in NETWORKS.items():
        model = quickly(build)
        found[name] = layer_costs(model), summarize(model)
    return found


# --- What was published ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "millions", "digits"),
    [
        ("VGG16", 15_500, -2),  # He et al., 2015, table 6 has 15.3 G without the dense layers
        ("MobileNetV1", 569, 0),  # Howard et al., 2017, table 4
        ("MobileNetV2", 301, 0),  # Sandler et al., 2018, table 4, rounded there to 300
        ("EfficientNetB0", 390, -1),  # Tan and Le, 2019, table 2
        ("AlexNet", 724, 0),  # Howard et al., 2017, table 9: 720
    ],
)
def test_multiplications_as_published(name, millions, digits, costs):
    assert round(costs[name][1].multiplications / 1e6, digits) == millions


def test_vgg16_convolutions_alone(costs):
    """15.3 G in He et al., 2015."""
    rows = [row for row in costs["VGG16"][0] if row.kind == "Conv2D"]
    assert abs(sum(row.multiplications for row in rows) / 1e9 - 15.3) <= 0.05


@pytest.mark.parametrize(
    ("prefix", "millions"),
    [
        ("stem_2", 360),
        ("inception_3a", 128),
        ("inception_3b", 304),
        ("inception_4a", 73),
        ("inception_4b", 88),
        ("inception_4c", 100),
        ("inception_4d", 119),
        ("inception_4e", 170),
        ("inception_5b", 71),
        ("head_1", 1),
    ],
)
def test_multiplications_of_googlenet_by_row(prefix, millions, costs):
    """Table 1 of Szegedy et al., 2014; its 34M and 54M (first row, 5a) do not fit their filters."""
    rows = [row for row in costs["GoogLeNet"][0] if row.name.startswith(prefix)]
    total = sum(row.multiplications for row in rows)
    assert abs(total / 1e6 - millions) <= max(0.02 * millions, 0.05)


def test_multiplications_of_googlenet(costs):
    """ "1.5 billion" there, with 34 M in place of 7*7*3*64 * 112*112 = 118 M for the first row."""
    total = costs["GoogLeNet"][1].multiplications
    assert abs(total - (118_013_952 - 34e6) - 1.5e9) < 0.01e9


@pytest.mark.parametrize(
    ("name", "field"), [("VGG16", 212), ("AlexNet", 195), ("MobileNetV1", 315)]
)
def test_receptive_fields_as_published(name, field, costs):
    """Araujo, Norris and Sim, Distill, 2019, table 1 (and 227 pixels for AlexNet)."""
    assert costs[name][1].receptive_field == (field, field)


def test_last_pools_see_what_was_published(costs):
    for name, pool, field, jump in (
        ("VGG16", "stage5_3_pool", 212, 32),
        ("AlexNet", "stage5_1_pool", 195, 32),
    ):
        (row,) = [row for row in costs[name][0] if row.name == pool]
        assert (row.receptive_field, row.jump) == ((field, field), (jump, jump))


def test_parameters_and_weight_bytes(costs):
    """AlexNet in its two groups: "60 million"."""
    for name, parameters in (("VGG16", 138_357_544), ("AlexNet", 60_965_224), ("LeNet5", 61_706)):
        assert costs[name][1].parameters == parameters
        assert costs[name][1].weight_bytes == 4 * parameters


def test_receptive_field_of_efficientnet_by_hand(costs):
    """Windows and strides only: what the gates have seen through averages does not count."""
    field, jump = 3, 2
    for _, _, blocks, stride, side in STAGES:
        for block in range(blocks):
            field += (side - 1) * jump
            jump *= stride if block == 0 else 1
    assert costs["EfficientNetB0"][1].receptive_field == (field, field) == (851, 851)


# --- The lectures' examples on real layers --------------------------------------------------------


def test_a_bottleneck_makes_5x5_affordable():
    """120 million multiplications directly, 12.4 million through 16 channels."""
    direct = model_of((28, 28, 192), L.Conv2D(32, 5, padding="same"))
    bottleneck = model_of((28, 28, 192), L.Conv2D(16, 1), L.Conv2D(32, 5, padding="same"))
    assert summarize(direct).multiplications == 28 * 28 * 32 * 5 * 5 * 192 == 120_422_400
    assert summarize(bottleneck).multiplications == 12_443_648


def test_depthwise_separable_is_cheaper():
    """6 x 6 x 3 to 4 x 4 x 5: 2160 multiplications, or 432 + 240."""
    assert summarize(model_of((6, 6, 3), L.Conv2D(5, 3))).multiplications == 2160
    apart = [
        row.multiplications
        for row in layer_costs(model_of((6, 6, 3), L.DepthwiseConv2D(3), L.Conv2D(5, 1)))
    ]
    assert apart == [0, 432, 240]
    assert summarize(model_of((6, 6, 3), L.SeparableConv2D(5, 3))).multiplications == 672


# --- Layer by layer, by hand ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shape", "layer", "parameters", "multiplications"),
    [
        ((8, 10, 4), L.Conv2D(6, (3, 5), strides=2, padding="same"), 366, 4 * 5 * 15 * 4 * 6),
        ((8, 10, 4), L.Conv2D(6, 3, groups=2, use_bias=False), 108, 6 * 8 * 9 * 2 * 6),
        ((8, 10, 4), L.Conv2D(6, 3, dilation_rate=2), 222, 4 * 6 * 9 * 4 * 6),
        ((8, 10, 4), L.DepthwiseConv2D(3, depth_multiplier=2), 80, 6 * 8 * 9 * 4 * 2),
        ((8, 10, 4), L.SeparableConv2D(6, 3, strides=2), 66, 3 * 4 * (9 * 4 + 4 * 6)),
        ((8, 10, 4), L.Conv2DTranspose(6, 3, strides=2), 222, 8 * 10 * 9 * 4 * 6),
        ((8, 10, 4), L.Dense(6), 30, 8 * 10 * 4 * 6),
        ((7,), L.Dense(6), 48, 42),
        ((8, 10, 4), L.BatchNormalization(), 16, 0),
        ((8, 10, 4), L.AveragePooling2D(2), 0, 0),
        ((8, 10, 4), L.ReLU(), 0, 0),
    ],
    ids=lambda value: type(value).__name__,
)
def test_one_layer(shape, layer, parameters, multiplications):
    model = model_of(shape, layer)
    row = layer_costs(model)[-1]
    assert row.parameters == parameters == model.count_params()
    assert row.multiplications == multiplications
    assert row.output_shape == tuple(model.output.shape[1:])
    assert row.activation_bytes == 4 * np.prod(model.output.shape[1:])


def squeeze_excite(x):
    gate = L.GlobalAveragePooling2D(keepdims=True)(x)
    return L.Multiply(name="gated")([x, L.Conv2D(4, 1, activation="sigmoid", name="gate")(gate)])


def branching():
    """Branches of 1x1, dilated 3x3 and 5x5 with a pool, joined; then a gate, and a sum."""
    inputs = keras.Input((40, 36, 2), name="picture")
    x = L.Conv2D(4, 3, strides=2, name="first")(inputs)
    wide = L.Conv2D(2, 3, dilation_rate=2, padding="same", name="dilated")(x)
    tall = L.DepthwiseConv2D((5, 1), padding="same", name="tall")(x)
    joined = L.Concatenate(name="joined")([x, wide, tall])
    x = L.Conv2D(4, 1, name="mixed")(L.AveragePooling2D(2, name="pool")(joined))
    y = squeeze_excite(x)
    return keras.Model(inputs, L.Add(name="sum")([x, y]))


def test_branches():
    rows = {row.name: row for row in layer_costs(branching())}
    assert rows["first"].receptive_field == (3, 3)
    assert rows["dilated"].receptive_field == (3 + 2 * 2 * 2, 3 + 2 * 2 * 2)
    assert rows["tall"].receptive_field == (3 + 4 * 2, 3)
    assert rows["joined"].receptive_field == (11, 11)
    assert rows["pool"].receptive_field == (13, 13)
    assert rows["sum"].receptive_field == (13, 13)
    assert rows["sum"].jump == (4, 4)
    assert rows["gated"].multiplications == 9 * 8 * 4
    assert rows["gate"].multiplications == 16
    assert rows["gate"].receptive_field == (13 + 8 * 4, 13 + 7 * 4)


def seen(model, name):
    """Height and width of the part of the picture that the middle of a map depends on."""
    part = keras.Model(model.input, model.get_layer(name).output)
    for layer in part.layers:
        layer.set_weights([np.full(w.shape, 0.01) for w in layer.weights])
    picture = tf.Variable(np.ones((1, *model.input_shape[1:]), np.float32))
    with tf.GradientTape() as tape:
        maps = part(picture)
        value = tf.reduce_sum(maps[0, maps.shape[1] // 2, maps.shape[2] // 2])
    gradient = tf.convert_to_tensor(tape.gradient(value, picture)).numpy()[0]
    touched = np.abs(gradient).sum(axis=-1) > 0
    return tuple(int(np.ptp(np.flatnonzero(touched.any(axis=a)))) + 1 for a in (1, 0))


@pytest.mark.parametrize("name", ["first", "dilated", "tall", "pool", "mixed"])
def test_gradients_see_the_receptive_field(name):
    """The second route, away from the rim.  Maxima pass gradients to one pixel, means to all."""
    model = branching()
    (row,) = [row for row in layer_costs(model) if row.name == name]
    assert seen(model, name) == row.receptive_field


def test_gradients_see_the_receptive_field_of_strides_in_a_row():
    layers = [
        L.Conv2D(1, 5, strides=2, name="a"),
        L.AveragePooling2D(3, strides=2, padding="same", name="b"),
        L.SeparableConv2D(1, 3, name="c"),
        L.UpSampling2D(2, name="d"),
        L.Conv2D(1, 2, name="e"),
    ]
    model = model_of((64, 48, 1), *layers)
    fields = {row.name: row for row in layer_costs(model)}
    for name in "abc":
        assert seen(model, name) == fields[name].receptive_field
    assert fields["c"].receptive_field == (5 + 2 * 2 + 2 * 4, 5 + 2 * 2 + 2 * 4)
    assert fields["d"].jump == (2, 2)
    assert fields["e"].receptive_field == (19, 19)


def test_transposed_convolutions():
    model = model_of((9, 9, 1), L.Conv2D(1, 3, strides=2), L.Conv2DTranspose(1, 3, strides=2))
    row = layer_costs(model)[-1]
    assert row.receptive_field == (3 + 2, 3 + 2)  # two places of the map below, 2 pixels apart
    assert row.jump == (1, 1)


# --- Memory ---------------------------------------------------------------------------------------


def test_views_take_no_memory():
    rows = layer_costs(TINY)
    assert [row.activation_bytes for row in rows] == [6 * 6 * 3 * 4, 4 * 4 * 2 * 4, 0]
    assert summarize(TINY).activation_bytes == 432 + 128


def test_peak_of_a_chain_is_its_largest_neighbours():
    model = model_of((4, 4, 1), L.Conv2D(8, 1), L.Conv2D(2, 1), L.Flatten(), L.Dense(3))
    assert summarize(model).peak_activation_bytes == 4 * 16 * (8 + 2)


def test_a_shortcut_keeps_its_map_alive():
    inputs = keras.Input((4, 4, 2))
    x = L.Conv2D(2, 1, name="low")(L.Conv2D(6, 1, name="high")(inputs))
    model = keras.Model(inputs, L.Add()([L.Dropout(0.5)(inputs), x]))
    assert summarize(model).peak_activation_bytes == 4 * 16 * (2 + 6 + 2)
    assert summarize(model).activation_bytes == 4 * 16 * (2 + 6 + 2 + 2)


def test_memory_of_half_precision():
    model = model_of((4, 4, 1), L.Conv2D(8, 1, dtype="float16"))
    assert layer_costs(model)[-1].activation_bytes == 2 * 16 * 8
    assert summarize(model).weight_bytes == 2 * 16


def test_vgg16_takes_61_million_bytes_a_picture(costs):
    """The notes of Stanford's CS231n list the maps; summed, they are 15.2 (not 24) M numbers."""
    maps = [3, 2 * 64, 64 / 4, 2 * 128 / 4, 128 / 16, 3 * 256 / 16, 256 / 64]
    maps += [3 * 512 / 64, 512 / 256, 3 * 512 / 256, 512 / 1024]
    numbers = 224 * 224 * sum(maps) + 4096 + 4096 + 1000
    assert costs["VGG16"][1].activation_bytes == 4 * numbers
    assert round(numbers / 1e6, 1) == 15.2


# --- Models of every kind -------------------------------------------------------------------------


def test_nested_models_are_opened():
    inner = keras.Sequential([keras.Input((8, 8, 3)), L.Conv2D(4, 3, name="conv")], name="inner")
    inputs = keras.Input((8, 8, 3), name="picture")
    outer = keras.Model(inputs, L.Conv2D(2, 3, name="conv")(inner(inputs)), name="outer")
    rows = layer_costs(outer)
    assert [row.name for row in rows] == ["picture", "inner/conv", "conv"]
    assert [row.receptive_field for row in rows] == [(1, 1), (3, 3), (5, 5)]
    assert sum(row.parameters for row in rows) == outer.count_params()
    assert [row.name for row in layer_costs(inner)][-1] == "conv"
    assert summarize(outer).name == "outer"


def test_a_layer_used_twice_is_computed_twice_and_stored_once():
    conv = L.Conv2D(3, 3, padding="same", name="conv")
    inputs = keras.Input((8, 8, 3), name="picture")
    model = keras.Model(inputs, conv(L.ReLU(name="relu")(conv(inputs))))
    rows = [row for row in layer_costs(model) if row.name == "conv"]
    assert [row.parameters for row in rows] == [84, 0]
    assert [row.multiplications for row in rows] == [64 * 81] * 2
    assert [row.receptive_field for row in rows] == [(3, 3), (5, 5)]


def test_a_model_used_twice():
    inner = model_of((8, 8, 3), L.Conv2D(3, 3, padding="same", name="conv"))
    inputs = keras.Input((8, 8, 3), name="picture")
    model = keras.Model(inputs, L.Subtract()([inner(inner(inputs)), inner(inputs)]))
    cost = summarize(model)
    assert (cost.parameters, cost.multiplications) == (84, 3 * 64 * 81)
    assert cost.receptive_field == (5, 5)


def test_operations_count_as_layers():
    inputs = keras.Input((8, 8, 3), name="picture")
    x = L.Conv2D(3, 3, padding="same", name="conv")(inputs)
    rows = layer_costs(keras.Model(inputs, inputs + x))
    assert rows[-1].kind == "Add"
    assert rows[-1].receptive_field == (3, 3)


def test_several_inputs_and_outputs():
    first, second = keras.Input((8, 8, 1), name="first"), keras.Input((8, 8, 1), name="second")
    x = L.Concatenate()([first, L.Conv2D(1, 3, padding="same")(second)])
    model = keras.Model([first, second], [L.Dense(2)(L.Flatten()(x)), x])
    assert [row.name for row in layer_costs(model)[:2]] == ["first", "second"]
    assert summarize(model).receptive_field == (3, 3)


def test_the_model_stays_as_it_is():
    model = branching()
    before = model.get_config(), model.get_weights()
    layer_costs(model)
    summarize(model)
    assert model.get_config() == before[0]
    for weight, old in zip(model.get_weights(), before[1], strict=True):
        np.testing.assert_array_equal(weight, old, strict=True)


# --- Complaints -----------------------------------------------------------------------------------


class Subclassed(keras.Model):
    def call(self, x):
        return x


COMPLAINTS = [
    (
        lambda _: layer_costs(L.Dense(3)),
        TypeError,
        "`model` must be a Keras model. Received: Dense.",
    ),
    (
        lambda _: summarize(keras.Sequential([L.Dense(3)])),
        ValueError,
        "`model` must be a functional model, or a sequential one that knows its input. Received: "
        "Sequential. Begin it with keras.Input.",
    ),
    (
        lambda _: summarize(Subclassed()),
        ValueError,
        "`model` must be a functional model, or a sequential one that knows its input. Received: "
        "Subclassed. Begin it with keras.Input.",
    ),
    (
        lambda _: layer_costs(model_of((None, None, 3), L.Conv2D(2, 3))),
        ValueError,
        "`model` must have inputs of a fixed size. Received: (None, None, None, 3).",
    ),
    (
        lambda _: layer_costs(model_of((5, 3), L.LSTM(2, name="lstm"))),
        ValueError,
        "`layer lstm` must be of a kind whose cost is known: Conv2D, Conv2DTranspose, "
        "DepthwiseConv2D, SeparableConv2D, Dense, or without weights. Received: LSTM.",
    ),
    (
        lambda _: layer_costs(
            model_of((3, 5, 5), L.AveragePooling2D(2, data_format="channels_first", name="pool"))
        ),
        ValueError,
        "`layer pool` must have its channels last. Received: channels first.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
