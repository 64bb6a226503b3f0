"""A new head on a trained trunk: what is cut, what is shared, what is frozen, what never moves."""

import keras
import numpy as np
import pytest

from dlspec.strategy.transfer_learning import (
    Trunk,
    fine_tune,
    freeze,
    how_much_to_freeze,
    replace_head,
)
from dlspec.testing import assert_close, layer_table
from tests.backends import Call, outputs_on
from tests.complaints import complaints_test


def image_model(head="softmax"):
    """Convolution, batch normalisation, pooling, dense; no weight or average is 0 or 1."""
    x = inputs = keras.Input((8, 8, 3), name="pictures")
    x = keras.layers.Conv2D(4, 3, name="conv")(x)
    x = keras.layers.BatchNormalization(name="norm")(x)
    x = keras.layers.ReLU(name="relu")(x)
    x = keras.layers.GlobalAveragePooling2D(name="pool")(x)
    x = keras.layers.Dropout(0.5, name="dropout")(x)
    x = keras.layers.Dense(7, name="logits")(x)
    if head:
        x = keras.layers.Activation(head, name="probabilities")(x)
    model, random = keras.Model(inputs, x, name="old"), np.random.default_rng(0)
    model.set_weights([random.uniform(0.2, 1, w.shape) for w in model.get_weights()])
    return model


def dense_model():
    layers = [
        keras.Input((4,)),
        keras.layers.Dense(6, "relu", name="first"),
        keras.layers.BatchNormalization(name="norm"),
        keras.layers.Dense(5, "relu", name="second"),
        keras.layers.Dense(3, "softmax", name="last"),
    ]
    return keras.Sequential(layers, name="sequential")


def pictures(m=16, seed=1):
    return np.random.default_rng(seed).uniform(0, 3, (m, 8, 8, 3)).astype(np.float32)


def statistics(model):
    norm = model.get_layer("norm")
    return [w.copy() for w in norm.get_weights()]  # gamma, beta, moving mean, moving variance


SMALL = dense_model()
TRANSFERRED = replace_head(SMALL, 2)

PURE_CALLS = {
    "replace_head": (SMALL, 2),
    "how_much_to_freeze": (262, 2, 154),
    "freeze": (TRANSFERRED, "all"),
    "fine_tune": (TRANSFERRED, 1, "mse"),
}


# --- Where the head is cut off --------------------------------------------------------------------


def test_table_of_a_new_head_on_a_vector():
    new = replace_head(image_model(), 3, dropout=0.2)
    assert layer_table(new) == [
        ("inputs", "InputLayer", (8, 8, 3), 0),
        ("trunk", "Trunk", (4,), 3 * 9 * 4 + 4 + 16),
        ("head_1_dropout", "Dropout", (4,), 0),
        ("head_1_linear", "Dense", (3,), 15),
        ("head_1_activation", "Activation", (3,), 0),
    ]
    assert new.name == "transfer"


def test_table_of_a_new_head_on_feature_maps():
    new = replace_head(image_model(), 1, "linear", cut="relu", name="cat")
    assert layer_table(new) == [
        ("inputs", "InputLayer", (8, 8, 3), 0),
        ("trunk", "Trunk", (6, 6, 4), 3 * 9 * 4 + 4 + 16),
        ("head_1_pool", "GlobalAveragePooling2D", (4,), 0),
        ("head_1_linear", "Dense", (1,), 5),
    ]
    assert new.name == "cat"


@pytest.mark.parametrize("head", ["softmax", None])
def test_the_last_dense_layer_is_the_head_with_or_without_an_activation_after_it(head):
    trunk = replace_head(image_model(head), 2).get_layer("trunk")
    assert [layer.name for layer in trunk.layers][-1] == "dropout"


def test_a_model_that_does_not_end_in_a_dense_layer_is_kept_whole():
    old = image_model()
    maps = keras.Model(old.input, old.get_layer("relu").output)
    trunk = replace_head(maps, 2).get_layer("trunk")
    assert [layer.name for layer in trunk.layers] == ["pictures", "conv", "norm", "relu"]


def test_a_model_whose_output_comes_from_a_nested_model_is_kept_whole():
    x = inputs = keras.Input((4,), name="numbers")
    inner = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)], name="inner")
    trunk = replace_head(keras.Model(inputs, inner(x)), 2).get_layer("trunk")
    assert [layer.name for layer in trunk.layers] == ["numbers", "inner"]
    assert trunk.output.shape == (None, 3)


def test_a_dense_layer_further_up_is_no_head():
    x = inputs = keras.Input((4,))
    x = keras.layers.Dense(3, name="dense")(x)
    x = keras.layers.BatchNormalization(name="norm")(x)
    trunk = replace_head(keras.Model(inputs, x), 2).get_layer("trunk")
    assert trunk.output.shape == (None, 3)
    assert trunk.get_layer("norm")


@pytest.mark.parametrize(
    ("shape", "pool"), [((9, 4), "1D"), ((5, 6, 2), "2D"), ((3, 4, 5, 2), "3D")]
)
def test_maps_are_averaged_over_space_or_time(shape, pool):
    inputs = keras.Input(shape)
    new = replace_head(keras.Model(inputs, keras.layers.ReLU()(inputs)), 2, "linear")
    assert type(new.get_layer("head_1_pool")).__name__ == f"GlobalAveragePooling{pool}"
    x = np.random.default_rng(0).uniform(size=(2, *shape)).astype(np.float32)
    kernel, bias = new.get_layer("head_1_linear").get_weights()
    expected = x.reshape(2, -1, shape[-1]).mean(axis=1) @ kernel + bias
    assert_close(new(x).numpy(), expected, rtol=1e-5)


def test_sequential_models_also_when_built_one_layer_at_a_time():
    """Each `add` calls the layers again, so `layer.output` is no longer of this model."""
    grown = keras.Sequential([keras.Input((4,))])
    for layer in dense_model().layers:
        grown.add(layer)
    new = replace_head(grown, 2)
    assert [layer.name for layer in new.get_layer("trunk").layers[1:]] == [
        "first",
        "norm",
        "second",
    ]
    x = np.ones((2, 4), np.float32)
    expected = grown.get_layer("second")(grown.get_layer("norm")(grown.get_layer("first")(x)))
    assert_close(new.get_layer("trunk")(x).numpy(), expected.numpy(), rtol=0)


def test_models_with_several_inputs_and_outputs():
    a, b = keras.Input((2,), name="a"), keras.Input((3,), name="b")
    both = keras.layers.Concatenate(name="both")([a, b])
    old = keras.Model([a, b], [keras.layers.Dense(1)(both), keras.layers.Dense(4)(both)])
    new = replace_head(old, 2, cut="both")
    assert [tensor.name for tensor in new.inputs] == ["a", "b"]
    assert new([np.ones((5, 2)), np.ones((5, 3))]).shape == (5, 2)


# --- What is shared, what stays -------------------------------------------------------------------


def test_the_old_model_keeps_its_head_and_shares_its_trunk():
    old, x = image_model(), pictures()
    table, before = layer_table(old), old(x).numpy()
    new = replace_head(old, 3)
    assert layer_table(old) == table
    assert_close(old(x).numpy(), before, rtol=0)
    features = keras.Model(old.input, old.get_layer("pool").output)
    assert_close(new.get_layer("trunk")(x).numpy(), features(x).numpy(), rtol=0)
    kernel = new.get_layer("trunk").get_layer("conv").kernel
    assert kernel is old.get_layer("conv").kernel


def test_building_twice_gives_the_same_names():
    first, second = (replace_head(image_model(), 3) for _ in range(2))
    assert [layer.name for layer in first.layers] == [layer.name for layer in second.layers]
    assert [w.path for w in first.weights] == [w.path for w in second.weights]


def test_a_new_head_can_be_replaced_again():
    x, first = pictures(), replace_head(image_model(), 3, dropout=0.5)
    second = replace_head(first, 5, "sigmoid", dropout=0.5)
    assert second.output.shape == (None, 5)
    assert_close(second.get_layer("trunk")(x).numpy(), first.get_layer("trunk")(x).numpy(), rtol=0)
    assert freeze(second, "none") == ["conv", "norm"]


# --- Batch normalisation --------------------------------------------------------------------------


def trained(model, amount, epochs=2):
    fine_tune(model, amount, "sparse_categorical_crossentropy", learning_rate=0.01)
    model.run_eagerly = True
    model.fit(pictures(), np.arange(16) % 3, batch_size=8, epochs=epochs, verbose=0)
    return model


def test_moving_averages_stay_while_the_layers_learn():
    """Pictures here have another mean than the averages say: one step would move them."""
    old = image_model()
    model = replace_head(old, 3)
    gamma, beta, mean, variance = statistics(old)
    kernel = old.get_layer("conv").kernel.numpy()
    trained(model, "none")
    after = statistics(old)
    assert_close(after[2], mean, rtol=0)
    assert_close(after[3], variance, rtol=0)
    for own, start in [(after[0], gamma), (after[1], beta), (old.get_layer("conv").kernel, kernel)]:
        assert not np.allclose(own, start)


def test_without_a_trunk_of_its_own_class_keras_moves_them():
    """The reason for `Trunk`: `training=False` in the graph gives way to `fit`."""
    old = image_model()
    part = keras.Model(old.input, old.get_layer("pool").output)
    inputs = keras.Input((8, 8, 3))
    model = keras.Model(inputs, keras.layers.Dense(3, "softmax")(part(inputs, training=False)))
    mean = statistics(old)[2]
    model.compile("sgd", "sparse_categorical_crossentropy")
    model.fit(pictures(), np.arange(16) % 3, verbose=0)
    assert not np.allclose(statistics(old)[2], mean)


def test_training_and_testing_see_the_same_features():
    model, x = replace_head(image_model(), 3, cut="dropout"), pictures()
    assert_close(model(x, training=True).numpy(), model(x, training=False).numpy(), rtol=0)


# --- Freezing -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "free"),
    [
        ("all", []),
        (0, []),
        (2, []),  # pool and dropout have nothing to learn
        (3, []),
        (4, ["norm"]),
        (5, ["conv", "norm"]),
        (6, ["conv", "norm"]),
        ("none", ["conv", "norm"]),
    ],
)
def test_freezing_counts_layers_from_the_end(amount, free):
    model = replace_head(image_model(), 3)
    assert freeze(model, amount) == free
    names = {w.path.split("/")[0] for w in model.trainable_weights}
    assert names == {*free, "head_1_linear"}
    before = [w.numpy() for w in model.weights]
    fine_tune(model, amount, "sparse_categorical_crossentropy", learning_rate=0.1)
    model.run_eagerly = True  # faster than to compile one step
    model.train_on_batch(pictures(), np.arange(16) % 3)
    moved = {w.path for w, b in zip(model.weights, before, strict=True) if (w.numpy() != b).any()}
    assert moved == {w.path for w in model.trainable_weights}


def test_freezing_more_and_less_again():
    model = replace_head(image_model(), 3)
    assert freeze(model) == []
    assert freeze(model, "none") == ["conv", "norm"]
    assert freeze(model, 4) == ["norm"]


def test_layers_of_nested_models_are_counted_one_by_one():
    inputs = keras.Input((4,), name="outer")
    inner = keras.Sequential(
        [keras.Input((4,)), keras.layers.Dense(3, name="a"), keras.layers.Dense(3, name="b")]
    )
    model = keras.Model(inputs, keras.layers.Dense(2, name="c")(inner(inputs)))
    assert freeze(model, 1) == ["c"]
    assert freeze(model, 2) == ["b", "c"]
    assert freeze(model, 3) == ["a", "b", "c"]


def test_frozen_layers_stay_frozen_when_saved_and_loaded(tmp_path):
    model, x = replace_head(image_model(), 3, dropout=0.1), pictures()
    freeze(model, 4)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert type(loaded.get_layer("trunk")) is Trunk
    assert layer_table(loaded) == layer_table(model)
    assert_close(loaded(x).numpy(), model(x).numpy(), rtol=0)
    assert [w.path for w in loaded.trainable_weights] == [w.path for w in model.trainable_weights]
    mean = statistics(loaded.get_layer("trunk"))[2]
    trained(loaded, "none", epochs=1)
    assert_close(statistics(loaded.get_layer("trunk"))[2], mean, rtol=0)


def test_features_computed_once_train_the_same_head():
    """The lecture's short cut: the frozen trunk is a fixed function of the picture."""
    x, y = pictures(), np.arange(16) % 3
    model = replace_head(image_model(), 3)
    freeze(model, "all")
    head = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, "softmax")])
    head.set_weights(model.get_layer("head_1_linear").get_weights())
    for net, data in [(model, x), (head, model.get_layer("trunk").predict(x, verbose=0))]:
        net.compile(keras.optimizers.SGD(0.1), "sparse_categorical_crossentropy", run_eagerly=True)
        net.fit(data, y, batch_size=8, epochs=2, shuffle=False, verbose=0)
    pairs = zip(model.get_layer("head_1_linear").get_weights(), head.get_weights(), strict=True)
    for in_the_model, alone in pairs:
        assert_close(in_the_model, alone, rtol=1e-4, atol=1e-6)


# --- How much to freeze ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("examples", "classes", "amount"),
    [
        (60, 3, "all"),
        (199, 2, "all"),
        (200, 2, 25),
        (1999, 2, 25),
        (2000, 2, "none"),
        (1_281_167, 1000, "none"),  # ImageNet itself
        (262, 2, 25),  # the course's alpacas, which it fine-tunes from layer 120 of 154
    ],
)
def test_the_rule_for_freezing(examples, classes, amount):
    advice = how_much_to_freeze(examples, classes, layers=100)
    assert advice.amount == amount
    assert f"{examples / classes:.0f} examples per class" in advice.conclusion
    assert advice.used["examples per class"] == examples / classes
    assert advice.to_dict()["amount"] == amount
    assert "have in common" in str(advice)


def test_the_advice_is_what_freeze_takes():
    model = replace_head(image_model(), 3)
    layers = len(model.get_layer("trunk").layers)
    for examples, free in [(10, []), (900, []), (9000, ["conv", "norm"])]:
        assert freeze(model, how_much_to_freeze(examples, 3, layers).amount) == free
    assert how_much_to_freeze(300, 3, layers=1).amount == 1


def test_fine_tuning_compiles_at_the_rate_given():
    model = replace_head(dense_model(), 2)
    assert fine_tune(model, 1, "mse", metrics=["mae"]) is model
    assert_close(float(model.optimizer.learning_rate), 1e-4, rtol=1e-6)
    fine_tune(model, 1, "mse", learning_rate=0.01)
    assert_close(float(model.optimizer.learning_rate), 0.01, rtol=1e-6)
    assert [w.path.split("/")[-2] for w in model.trainable_weights] == ["second"] * 2 + [
        "head_1_linear"
    ] * 2


# --- JAX ------------------------------------------------------------------------------------------


def transferred(units):
    """A model that the other backend builds by this name."""
    return replace_head(dense_model(), units)


def test_jax_gives_the_same_outputs(tmp_path):
    model, x = transferred(2), np.random.default_rng(0).normal(size=(5, 4)).astype(np.float32)
    call = Call(f"{__name__}.transferred", {"units": 2}, model.get_weights(), [x])
    [[output]] = outputs_on("jax", [call], tmp_path)
    assert_close(output, model(x).numpy(), rtol=1e-5)


# --- Bad input ------------------------------------------------------------------------------------


class Subclassed(keras.Model):
    pass


def head(model=None, units=2, activation="softmax", **options):
    return lambda folder: replace_head(model or image_model(), units, activation, **options)


COMPLAINTS = [
    (
        head("resnet.keras"),
        TypeError,
        "`model` must be a Keras model. Received: str.",
    ),
    (
        head(Subclassed()),
        ValueError,
        "`model` must be a functional or built Sequential model. Received: Subclassed without "
        "inputs. Start a Sequential model with keras.Input; a subclassed one cannot be cut.",
    ),
    (
        head(keras.Sequential([keras.layers.Dense(3)])),
        ValueError,
        "`model` must be a functional or built Sequential model. Received: Sequential without "
        "inputs. Start a Sequential model with keras.Input; a subclassed one cannot be cut.",
    ),
    (
        lambda folder: replace_head(two_outputs(), 2),
        ValueError,
        "`model` must have one output. Received: 2 outputs. Name the layer to cut at with `cut`.",
    ),
    (head(units=0), ValueError, "`units` must be at least 1. Received: 0."),
    (
        head(activation="sofmax"),
        ValueError,
        "`activation` must be a known name. Received: 'sofmax'. Did you mean softmax? "
        "Known: linear, sigmoid, softmax.",
    ),
    (
        head(units=1),
        ValueError,
        "`activation` must fit one unit. Received: 'softmax', which is always 1. "
        'Use "sigmoid", or "linear" with a loss from logits.',
    ),
    (head(dropout=1), ValueError, "`dropout` must be in [0, 1). Received: 1."),
    (
        head(cut="norn"),
        ValueError,
        "`cut` must name a layer of old. Received: 'norn'. Did you mean norm? "
        "Known: pictures, conv, norm, relu, pool, dropout, logits, probabilities.",
    ),
    (
        lambda folder: freeze("model", "all"),
        TypeError,
        "`model` must be a Keras model. Received: str.",
    ),
    (
        lambda folder: freeze(TRANSFERRED, "some"),
        ValueError,
        "`amount` must be a known name. Received: 'some'. Did you mean none? Known: all, none.",
    ),
    (
        lambda folder: freeze(TRANSFERRED, 0.5),
        TypeError,
        "`amount` must be a whole number. Received: 0.5 (float).",
    ),
    (
        lambda folder: freeze(TRANSFERRED, 5),
        ValueError,
        "`amount` must be at most 4, the layers of the trunk. Received: 5.",
    ),
    (
        lambda folder: fine_tune(TRANSFERRED, 1, "mse", learning_rate=0),
        ValueError,
        "`learning_rate` must be a positive finite number. Received: 0.",
    ),
    (
        lambda folder: how_much_to_freeze(0, 2, 10),
        ValueError,
        "`examples` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: how_much_to_freeze(10, 0, 10),
        ValueError,
        "`classes` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: how_much_to_freeze(10, 2, "154"),
        TypeError,
        "`layers` must be a whole number. Received: '154' (str).",
    ),
]


def two_outputs():
    inputs = keras.Input((2,))
    return keras.Model(inputs, [keras.layers.Dense(1)(inputs), keras.layers.Dense(1)(inputs)])


test_complaints = complaints_test(COMPLAINTS)
