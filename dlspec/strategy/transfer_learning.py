"""Transfer learning: what a network learnt on much data serves a task with little (week 2).

Cut the last layer off a trained network, put a new one with random weights on what is left (the
trunk), and train

    the new layer only           little data: the trunk is a fixed function of the picture
    some of the last layers too  more data: fewer layers stay frozen
    everything                   much data: the old weights are only where training starts

It makes sense from task A to task B if both have the same kind of input x, if there is much more
data for A than for B, and if low-level features of A (edges, textures, phonemes) help with B.

Two habits keep the old knowledge alive.  The new head is trained first, with the trunk frozen: its
random weights would send large, meaningless gradients downwards.  Fine-tuning then goes at a rate
some ten times lower.  And a third matters for batch normalisation: its moving averages stem from
the large data set, so the trunk computes with them and never updates them (`Trunk`).

A frozen trunk gives the same features in every epoch.  Computing them once saves nearly all the
work: `features = model.get_layer("trunk").predict(x)`, and then any small classifier on them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import keras

from dlspec._complaints import InvalidType, InvalidValue, near_miss, sentence
from dlspec._validation import check_choice, check_count, check_interval, check_positive
from dlspec.strategy._report import Report

__all__ = [
    "FreezingAdvice",
    "Trunk",
    "fine_tune",
    "freeze",
    "how_much_to_freeze",
    "replace_head",
]

ACTIVATIONS = ("linear", "sigmoid", "softmax")

# Examples per class from which more layers may learn.  The course gives no numbers.  The large set
# that such trunks come from, ImageNet, has 732 to 1,300 pictures per class: with about as many,
# every layer can be trained.  With less than a tenth of that, only the head.
SOME_LAYERS, ALL_LAYERS = 100, 1000
LAST_SHARE = 4  # in between, one layer in four learns, the last ones


# --- A trunk with a new head ----------------------------------------------------------------------


class _InferenceMode(keras.Model):
    def call(self, inputs, training=None, mask=None):
        return super().call(inputs, training=False, mask=mask)


@keras.saving.register_keras_serializable(package="dlspec")
class Trunk(_InferenceMode):
    """A functional model that always computes in inference mode, also while it is trained.

    Its batch normalisation uses the moving averages it came with and leaves them as they are, and
    its dropout is off; gamma, beta and all kernels that are not frozen learn as usual.

    The course calls `base_model(x, training=False)` for that.  Inside a functional model of Keras 3
    this holds no longer: `fit` calls every layer with training=True and overrides it, so the
    averages move as soon as the layers are unfrozen.  A class of its own cannot be overridden.

    Args:
        inputs: as for `keras.Model(inputs, outputs)`.
        outputs: likewise.
        name: of the model.

    Example:
        >>> x = keras.Input((4,))
        >>> trunk = Trunk(x, keras.layers.Dropout(0.5)(x))
        >>> keras.ops.convert_to_numpy(trunk(keras.ops.ones((1, 4)), training=True))
        array([[1., 1., 1., 1.]], dtype=float32)

    Source: course 4, week 2, exercise on transfer learning.
    """


def replace_head(
    model: keras.Model,
    units: int,
    activation: str = "softmax",
    *,
    cut: str | None = None,
    dropout: float = 0.0,
    name: str = "transfer",
) -> keras.Model:
    """Put a new last layer on the trunk of a trained model: trunk -> pooling -> dropout -> output.

    The new model shares the layers of the trunk with `model`: training one trains both.  `model`
    itself keeps its head and its architecture.  Feature maps are averaged over space or time
    before the output; features that are a vector go in as they are.

    Layers are named `inputs`, `trunk` (a `Trunk`), `head_1_pool`, `head_1_dropout`,
    `head_1_linear` and `head_1_activation`; those that are not needed are not there.

    Args:
        model: any functional or built Sequential model; with several outputs, `cut` is needed.
        units: of the new output, at least 1.
        activation: of the new output: "softmax" for one class of several, "sigmoid" for one or
            more answers yes or no, "linear" for logits and numbers.
        cut: name of the layer whose output the head reads.  None cuts below the last dense layer;
            a model that does not end in one, such as include_top=False of keras.applications, is
            kept whole.
        dropout: share of the features that is dropped while training, in [0, 1).
        name: name of the new model.

    Returns:
        A functional model from the inputs of `model` to (batch, units); nothing is frozen yet.

    Raises:
        TypeError: not a Keras model, not whole numbers.
        ValueError: a model without a graph of layers, several outputs and no `cut`, no layer of
            that name, a softmax of one unit, numbers out of range.

    Example:
        >>> old = keras.Sequential([
        ...     keras.Input((8,)), keras.layers.Dense(5, "relu"), keras.layers.Dense(10, "softmax")
        ... ])
        >>> new = replace_head(old, 3)
        >>> new.output.shape, new.get_layer("head_1_linear").count_params()
        ((None, 3), 18)

    Source: course 3, week 2, "Transfer learning"; Yosinski et al., "How transferable are features
    in deep neural networks?", 2014.
    """
    _check_graph(model, cut)
    units = check_count("units", units)
    check_choice("activation", activation, ACTIVATIONS)
    check_interval("dropout", dropout, "[0, 1)")
    if units == 1 and activation == "softmax":
        advice = 'Use "sigmoid", or "linear" with a loss from logits.'
        raise InvalidValue(
            sentence("activation", "fit one unit", "'softmax', which is always 1", advice)
        )
    trunk_inputs, features = _features(model, cut)
    trunk = Trunk(trunk_inputs, features, name="trunk")

    inputs = _new_inputs(trunk_inputs)
    x = _pooled(trunk(inputs))
    if dropout:
        x = keras.layers.Dropout(dropout, name="head_1_dropout")(x)
    x = keras.layers.Dense(units, name="head_1_linear")(x)
    if activation != "linear":
        x = keras.layers.Activation(activation, name="head_1_activation")(x)
    return keras.Model(inputs, x, name=name)


def _features(model, cut):
    """Inputs of the trunk, and the tensor at which it ends."""
    inputs, output, steps = _steps(model)
    if cut is None:
        return inputs, _below_the_last_dense_layer(output, steps)
    if cut not in steps:
        advice = near_miss(cut, list(steps))
        raise InvalidValue(sentence("cut", f"name a layer of {model.name}", f"{cut!r}", advice))
    return inputs, steps[cut].output


class _Step(NamedTuple):
    """A layer in the graph of one model."""

    layer: keras.Layer
    input: Any
    output: Any


def _steps(model):
    """Inputs and output of a model, and its layers by name with what goes in and comes out."""
    if not isinstance(model, keras.Sequential):
        steps = {layer.name: _Step(layer, layer.input, layer.output) for layer in model.layers}
        return model.input, model.outputs[0], steps
    # Each `add` calls all layers of a Sequential model once more: one clean chain is safer.
    x = inputs = keras.Input(batch_shape=model.inputs[0].shape, dtype=model.inputs[0].dtype)
    steps = {}
    for layer in model.layers:
        below, x = x, layer(x)
        steps[layer.name] = _Step(layer, below, x)
    return inputs, x, steps


def _below_the_last_dense_layer(output, steps):
    """Walk up from the output, past layers without weights; what is not dense then is no head."""
    producers = {id(step.output): step for step in steps.values()}
    step = producers.get(id(output))
    if step is None:  # a nested model gives the output; it is kept whole
        return output
    while not step.layer.weights and id(step.input) in producers:
        step = producers[id(step.input)]
    return step.input if isinstance(step.layer, keras.layers.Dense) else output


def _new_inputs(tensors):
    alone = hasattr(tensors, "shape")
    return keras.tree.map_structure(
        lambda t: keras.Input(
            batch_shape=t.shape, dtype=t.dtype, name="inputs" if alone else t.name
        ),
        tensors,
    )


def _pooled(x):
    pooling = {
        3: keras.layers.GlobalAveragePooling1D,
        4: keras.layers.GlobalAveragePooling2D,
        5: keras.layers.GlobalAveragePooling3D,
    }
    rank = len(x.shape)
    return pooling[rank](name="head_1_pool")(x) if rank in pooling else x


# --- Freezing -------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class FreezingAdvice(Report):
    """How much of a trunk to freeze.

    Attributes:
        amount: "all", "none", or how many of the last layers may learn: what `freeze` takes.
    """

    amount: str | int


def how_much_to_freeze(examples: int, classes: int, layers: int) -> FreezingAdvice:
    """Choose what to freeze by the amount of data, and say why.

        below 100 examples per class   everything but the new head
        100 to 999                     all but the last quarter of the layers
        1,000 and more                 nothing

    The numbers are a rule of thumb of ours; the course says "little", "more" and "a lot".

    Args:
        examples: labelled ones to train on, at least 1.
        classes: that they fall into, at least 1; 1 for a number or several answers at once.
        layers: of the trunk, at least 1, as `len(trunk.layers)` counts them.

    Returns:
        The amount for `freeze`, the numbers used, the reason, and what the numbers leave open.

    Raises:
        TypeError, ValueError: not whole numbers of at least 1.

    Example:
        >>> advice = how_much_to_freeze(examples=262, classes=2, layers=154)
        >>> advice.amount
        38
        >>> print(advice.conclusion)
        131 examples per class are enough for the last 38 of 154 layers; freeze those below, whose
        features are the more general ones.

    Source: course 3, week 2, and course 4, week 2, "Transfer learning".
    """
    examples, classes = check_count("examples", examples), check_count("classes", classes)
    layers = check_count("layers", layers)
    per_class = examples / classes
    if per_class < SOME_LAYERS:
        amount = "all"
        conclusion = (
            f"{per_class:.0f} examples per class are few: freeze all {layers} layers and train "
            "the new head on their features."
        )
    elif per_class < ALL_LAYERS:
        amount = max(1, round(layers / LAST_SHARE))
        conclusion = (
            f"{per_class:.0f} examples per class are enough for the last {amount} of {layers} "
            "layers; freeze those below, whose features are the more general ones."
        )
    else:
        amount = "none"
        conclusion = (
            f"{per_class:.0f} examples per class are enough for all {layers} layers: the trained "
            "weights are where training starts."
        )
    used = {
        "examples": examples,
        "classes": classes,
        "examples per class": per_class,
        "layers": layers,
    }
    cannot_tell = (
        "How much the two tasks have in common: the less, the fewer layers should stay frozen. "
        "The dev error with more and with fewer frozen layers would settle it.",
    )
    return FreezingAdvice(conclusion=conclusion, used=used, cannot_tell=cannot_tell, amount=amount)


def freeze(model: keras.Model, amount: str | int = "all") -> list[str]:
    """Freeze the trunk: all of it, all but its last layers, or nothing.

    Changes `model` in place, as assigning to `layer.trainable` does.  Keras reads `trainable` when
    a model is compiled: compile again afterwards, or use `fine_tune`.

    Args:
        model: of `replace_head`: its head stays free to learn.  Of any other model without a layer
            named `trunk` all layers count as trunk.
        amount: "all"; "none"; or n: all but the last n layers, counted as `trunk.layers` lists
            them, those without weights included, those of nested models one by one.

    Returns:
        Names of the layers of the trunk that have something to learn.

    Raises:
        TypeError: not a Keras model, neither a name nor a whole number.
        ValueError: another name, fewer than n layers.

    Example:
        >>> old = keras.Sequential([
        ...     keras.Input((8,)), keras.layers.Dense(5, name="a"), keras.layers.Dense(4, name="b"),
        ...     keras.layers.Dense(10),
        ... ])
        >>> new = replace_head(old, 3)
        >>> freeze(new, 1), len(new.trainable_weights)
        (['b'], 4)
        >>> freeze(new, "all"), len(new.trainable_weights)
        ([], 2)

    Source: course 3, week 2, and course 4, week 2, "Transfer learning".
    """
    _check_model(model)
    trunk = _trunk(model)
    layers = _single_layers(trunk)
    free = _check_amount(amount, layers)
    trunk.trainable = True
    for i, layer in enumerate(layers):
        layer.trainable = i >= len(layers) - free
    return [layer.name for layer in layers if layer.trainable_weights]


def fine_tune(
    model: keras.Model,
    amount: str | int,
    loss: Any,
    *,
    learning_rate: float = 1e-4,
    metrics: Sequence[Any] = (),
) -> keras.Model:
    """Free more layers of a model whose head is trained, and compile it at a lower rate.

    A step that was right for a head of random weights would destroy features that are nearly
    right.  Adam starts afresh, since the moments of the layers that were frozen are not known.

    Args:
        model: of `replace_head`, changed in place.
        amount: what stays frozen, as for `freeze`.
        loss: as for `model.compile`.
        learning_rate: of Adam, above 0; the course takes a tenth of the head's 0.001.
        metrics: as for `model.compile`.

    Returns:
        `model`, compiled.

    Raises:
        TypeError, ValueError: as `freeze`; a rate that is not positive.

    Example:
        >>> old = keras.Sequential([keras.Input((8,)), keras.layers.Dense(10)])
        >>> model = fine_tune(replace_head(old, 3), "none", "sparse_categorical_crossentropy")
        >>> round(float(model.optimizer.learning_rate), 6)
        0.0001

    Source: course 4, week 2, exercise on transfer learning.
    """
    rate = check_positive("learning_rate", learning_rate)
    freeze(model, amount)
    model.compile(keras.optimizers.Adam(rate), loss, metrics=list(metrics))
    return model


def _trunk(model):
    for layer in model.layers:
        if layer.name == "trunk" and isinstance(layer, keras.Model):
            return layer
    return model


def _single_layers(model):
    """Layers in order, those of nested models in their place."""
    layers = []
    for layer in model.layers:
        layers += _single_layers(layer) if isinstance(layer, keras.Model) else [layer]
    return layers


# --- Checks ---------------------------------------------------------------------------------------


def _check_model(model):
    if not isinstance(model, keras.Model):
        raise InvalidType(sentence("model", "be a Keras model", type(model).__name__))


def _check_graph(model, cut):
    _check_model(model)
    if getattr(model, "inputs", None) is None:
        received = f"{type(model).__name__} without inputs"
        advice = "Start a Sequential model with keras.Input; a subclassed one cannot be cut."
        expected = "be a functional or built Sequential model"
        raise InvalidValue(sentence("model", expected, received, advice))
    if len(model.outputs) != 1 and cut is None:
        received = f"{len(model.outputs)} outputs"
        advice = "Name the layer to cut at with `cut`."
        raise InvalidValue(sentence("model", "have one output", received, advice))


def _check_amount(amount, layers):
    """Number of the last layers that may learn."""
    if isinstance(amount, str):
        check_choice("amount", amount, ("all", "none"))
        return 0 if amount == "all" else len(layers)
    count = check_count("amount", amount, minimum=0)
    if count > len(layers):
        expected = f"be at most {len(layers)}, the layers of the trunk"
        raise InvalidValue(sentence("amount", expected, amount))
    return count
