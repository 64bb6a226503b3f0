"""What a network costs: parameters, multiplications, memory, receptive field (course 4, week 2).

Layer by layer, for one picture and without running the network:

    convolution    n_H' n_W' * f f (n_C / groups) n_C'        multiplications, each with an addition
    depthwise      n_H' n_W' * f f n_C
    separable      the sum of a depthwise and a 1 x 1 convolution
    dense          n n'

Activations, pooling, biases and batch normalisation are not counted, as in the published numbers:
at test time batch normalisation is part of the convolution before it.

The receptive field is the part of the picture that one number of a map has seen.  A layer with
windows of f, d pixels apart (dilation), and stride s makes of a field r and a jump j (pixels of the
picture between neighbours of the map)

    r' = r + (f - 1) d j,     j' = j s         starting from r = 1, j = 1

Padding changes neither.  Where branches meet, the largest field counts.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import keras

from dlspec._complaints import InvalidType, InvalidValue, sentence

__all__ = ["LayerCost", "NetworkCost", "layer_costs", "summarize"]

NUMBER_BYTES = {"float64": 8, "float32": 4, "float16": 2, "bfloat16": 2}

WINDOWS = {"Conv2D", "DepthwiseConv2D", "SeparableConv2D", "MaxPooling2D", "AveragePooling2D"}
VIEWS = {"Flatten", "Reshape", "Dropout", "SpatialDropout2D", "Identity"}  # no memory of their own

# Weights that multiply, by kind of layer; what has none of them costs no multiplications.
KERNELS = {
    "Conv2D": ("kernel",),
    "Conv2DTranspose": ("kernel",),
    "DepthwiseConv2D": ("kernel",),
    "SeparableConv2D": ("depthwise_kernel", "pointwise_kernel"),
    "Dense": ("kernel",),
}
NORMALISING = {"BatchNormalization", "LayerNormalization", "GroupNormalization", "Normalization"}

Pair = tuple[float, float]


class LayerCost(NamedTuple):
    """What one layer costs for one picture.

    Attributes:
        name: of the layer; `model/layer` inside a nested model.
        kind: its class.
        output_shape: without the batch.
        parameters: numbers in its weights, trained or not; 0 where a layer is used again.
        multiplications: multiply-accumulates.
        activation_bytes: of its output; 0 where the output is the input in another shape, and for
            dropout, which does nothing at test time.
        receptive_field: pixels of the picture, (high, wide), that one number of the output has
            seen; zeros around the picture count too, so it can exceed the picture.
        jump: pixels between neighbours of the output, (down, across).
    """

    name: str
    kind: str
    output_shape: tuple[int, ...]
    parameters: int
    multiplications: int
    activation_bytes: int
    receptive_field: tuple[int, int]
    jump: Pair


@dataclass(frozen=True)
class NetworkCost:
    """What a whole network costs for one picture.

    Attributes:
        name: of the model.
        layers: number of layers with weights that multiply.
        parameters: numbers in its weights, trained or not.
        multiplications: multiply-accumulates.
        weight_bytes: of all weights.
        activation_bytes: outputs of all layers together, as training keeps them.
        peak_activation_bytes: the most that must be in memory at the same time at test time, when
            every output is dropped after its last use.
        receptive_field: (high, wide) of the map that has seen most, before any is flattened or
            averaged.
    """

    name: str
    layers: int
    parameters: int
    multiplications: int
    weight_bytes: int
    activation_bytes: int
    peak_activation_bytes: int
    receptive_field: tuple[int, int]


def layer_costs(model: keras.Model) -> list[LayerCost]:
    """List what every layer costs, in the order of computation.

    Args:
        model: a built functional or sequential model for pictures of a fixed size, nested models
            included.

    Returns:
        One `LayerCost` a layer; a layer that is used twice has two, the parameters in the first.

    Raises:
        TypeError: not a Keras model.
        ValueError: a model of another kind, not built, or without a fixed size; a layer with
            weights whose multiplications are not known here, such as a recurrent one.

    Example:
        >>> picture = keras.Input((28, 28, 192))
        >>> conv = keras.layers.Conv2D(32, 5, padding="same", name="conv")
        >>> cost = layer_costs(keras.Model(picture, conv(picture)))[-1]
        >>> cost.multiplications, cost.receptive_field
        (120422400, (5, 5))

    Source: course 4, week 2; Araujo, Norris and Sim, "Computing receptive fields of convolutional
    neural networks", Distill, 2019.
    """
    steps, _ = _walk_whole(model)
    return [_cost(step) for step in steps]


def summarize(model: keras.Model) -> NetworkCost:
    """Add up what the layers cost.

    Args:
        model: as for `layer_costs`.

    Returns:
        A `NetworkCost`.

    Raises:
        TypeError, ValueError: as `layer_costs`.

    Example:
        >>> from dlspec.cnn.classic_networks import LeNet5
        >>> cost = summarize(LeNet5())
        >>> cost.parameters, cost.multiplications, cost.receptive_field
        (61706, 416520, (16, 16))

    Source: course 4, week 2.
    """
    steps, results = _walk_whole(model)
    costs = [_cost(step) for step in steps]
    largest = _merged([step.outputs[0].field for step in steps])
    return NetworkCost(
        name=model.name,
        layers=sum(cost.multiplications > 0 and cost.kind in KERNELS for cost in costs),
        parameters=sum(cost.parameters for cost in costs),
        multiplications=sum(cost.multiplications for cost in costs),
        weight_bytes=sum(_bytes(w.shape, w.dtype) for w in model.weights),
        activation_bytes=sum(cost.activation_bytes for cost in costs),
        peak_activation_bytes=_peak(steps, results),
        receptive_field=_whole(largest.size),
    )


# --- One use of one layer -------------------------------------------------------------------------


class _Field(NamedTuple):
    """What one number has seen of the picture, how far apart neighbours are; down and across."""

    size: Pair = (1, 1)
    jump: Pair = (1, 1)
    is_map: bool = True  # False once all places were joined, by flattening or averaging


@dataclass(eq=False)
class _Tensor:
    """What a layer hands on, for one picture."""

    shape: tuple[int, ...]
    dtype: str
    field: _Field
    view_of: "_Tensor | None" = None

    @property
    def storage(self):
        return self if self.view_of is None else self.view_of.storage

    @property
    def sides(self):
        return _sides(self.shape)

    @property
    def bytes(self):
        return _bytes(self.shape, self.dtype)


@dataclass(eq=False)
class _Step:
    name: str
    kind: str
    layer: keras.layers.Layer | None  # None for an operation such as x + y
    inputs: list[_Tensor]
    outputs: list[_Tensor]
    is_first_use: bool = True


def _cost(step):
    _check_known(step)
    weights = step.layer.weights if step.layer is not None and step.is_first_use else []
    own = [tensor for tensor in step.outputs if tensor.storage is tensor]
    field = step.outputs[0].field
    return LayerCost(
        step.name,
        step.kind,
        step.outputs[0].shape,
        sum(math.prod(weight.shape) for weight in weights),
        _multiplications(step),
        sum(tensor.bytes for tensor in own),
        _whole(field.size),
        tuple(int(side) if side == int(side) else side for side in field.jump),
    )


def _whole(sides):
    return tuple(math.ceil(side) for side in sides)


def _check_known(step):
    if step.layer is None:
        return
    if getattr(step.layer, "data_format", None) == "channels_first":
        expected = "have its channels last"
        raise InvalidValue(sentence(f"layer {step.name}", expected, "channels first"))
    if step.layer.weights and step.kind not in {*KERNELS, *NORMALISING}:
        expected = f"be of a kind whose cost is known: {', '.join(KERNELS)}, or without weights"
        raise InvalidValue(sentence(f"layer {step.name}", expected, step.kind))


def _multiplications(step):
    output = step.outputs[0].shape
    if step.kind == "Multiply":
        return math.prod(output) * (len(step.inputs) - 1)
    if step.kind not in KERNELS:
        return 0
    places = step.inputs[0].shape if step.kind == "Conv2DTranspose" else output
    kernels = [getattr(step.layer, name) for name in KERNELS[step.kind]]
    return math.prod(places[:-1]) * sum(math.prod(kernel.shape) for kernel in kernels)


def _bytes(shape, dtype):
    return math.prod(shape) * NUMBER_BYTES.get(str(dtype), 4)


# --- Receptive fields -----------------------------------------------------------------------------


def _field(kind, layer, inputs, shape):
    """r' = r + (f - 1) d j and j' = j s, down and across."""
    field = _merged([tensor.field for tensor in inputs])
    sides = max((tensor.sides for tensor in inputs), default=(1, 1))
    if kind in WINDOWS:
        f = getattr(layer, "kernel_size", None) or layer.pool_size
        return _through(field, f, layer.strides, getattr(layer, "dilation_rate", (1, 1)))
    if kind == "Conv2DTranspose":
        f = tuple(math.ceil(a / s) for a, s in zip(layer.kernel_size, layer.strides, strict=True))
        return _enlarged(_through(field, f, (1, 1)), layer.strides)
    if kind == "UpSampling2D":
        f = (1, 1) if layer.interpolation == "nearest" else (2, 2)
        return _enlarged(_through(field, f, (1, 1)), layer.size)
    if sides != (1, 1) and _sides(shape) == (1, 1):  # flattened or averaged
        return _through(field, sides, sides)._replace(is_map=False)
    return field._replace(is_map=field.is_map and len(shape) == 3)


def _sides(shape):
    return tuple(shape[:2]) if len(shape) == 3 else (1, 1)


def _through(field, f, strides, dilation=(1, 1)):
    axes = list(zip(field.size, field.jump, f, dilation, strides, strict=True))
    return field._replace(
        size=tuple(r + (window - 1) * d * j for r, j, window, d, _ in axes),
        jump=tuple(j * s for _, j, _, _, s in axes),
    )


def _enlarged(field, factors):
    return field._replace(jump=tuple(j / s for j, s in zip(field.jump, factors, strict=True)))


def _merged(fields):
    """The largest; a branch that was averaged to one number a channel only scales the others."""
    maps = [field for field in fields if field.is_map]
    if not maps:
        maps = fields or [_Field()]
    down, across = (max(field.size[axis] for field in maps) for axis in (0, 1))
    jump = tuple(min(field.jump[axis] for field in maps) for axis in (0, 1))
    return _Field((down, across), jump, maps[0].is_map)


# --- Memory ---------------------------------------------------------------------------------------


def _peak(steps, results):
    """The most bytes that are alive at one step: made, and still to be used."""
    last_use = {}
    for time, step in enumerate(steps):
        for tensor in (*step.inputs, *step.outputs):
            last_use[tensor.storage] = time
    last_use |= {tensor.storage: len(steps) for tensor in results}
    alive, peak = {}, 0
    for time, step in enumerate(steps):
        alive |= {tensor.storage: tensor.storage.bytes for tensor in step.outputs}
        peak = max(peak, sum(alive.values()))
        alive = {tensor: size for tensor, size in alive.items() if last_use[tensor] > time}
    return peak


# --- Walking through a model ----------------------------------------------------------------------


def _walk_whole(model):
    """The uses of all layers in the order of computation, and what the model hands out."""
    _check_model(model)
    model = _functional(model)
    inputs = [_Tensor(tuple(t.shape[1:]), t.dtype, _Field()) for t in model.inputs]
    names = [name for name, *_ in _keys(model.get_config()["input_layers"])]
    steps = [
        _Step(name, "InputLayer", None, [], [tensor])
        for name, tensor in zip(names, inputs, strict=True)
    ]
    inner, results = _walk(model, inputs)
    seen = set()
    for step in inner:
        step.is_first_use = step.layer is None or step.layer not in seen
        seen.add(step.layer)
    return steps + inner, results


def _check_model(model):
    if not isinstance(model, keras.Model):
        raise InvalidType(sentence("model", "be a Keras model", type(model).__name__))
    if not model.built or not getattr(model, "inputs", None):
        expected = "be a functional model, or a sequential one that knows its input"
        advice = "Begin it with keras.Input."
        raise InvalidValue(sentence("model", expected, type(model).__name__, advice))
    for tensor in model.inputs:
        if None in tensor.shape[1:]:
            expected = "have inputs of a fixed size"
            raise InvalidValue(sentence("model", expected, tuple(tensor.shape)))


def _functional(model):
    """The same layers as a functional model, whose configuration names the calls."""
    if isinstance(model, keras.Sequential):
        return keras.Model(model.inputs, model.outputs, name=model.name)
    return model


def _walk(model, inputs, prefix=""):
    """The same for a model, perhaps inside another, that is given these tensors.

    `get_config` is what Keras writes into a saved file: for every layer its calls, and for every
    call the tensors it took, each as [layer, number of that layer's call, number of the output].
    """
    model = _functional(model)
    config = model.get_config()
    layers = {layer.name: layer for layer in model.layers}
    results = _keys(config["output_layers"])
    shapes = dict(zip(results, model.outputs, strict=True))
    waiting = []
    for entry in config["layers"]:
        for number, call in enumerate(entry["inbound_nodes"]):
            taken = dict(_tensors_in(call))
            shapes |= taken
            waiting.append((entry["name"], entry["class_name"], number, list(taken)))
    made = dict(zip(_keys(config["input_layers"]), inputs, strict=True))
    steps = []
    while waiting:
        # The list is in order already, but for a layer whose second call needs a later one.
        ready = next(call for call in waiting if all(key in made for key in call[3]))
        waiting.remove(ready)
        name, kind, number, taken = ready
        layer, given = layers.get(name), [made[key] for key in taken]
        if isinstance(layer, keras.Model) and getattr(layer, "inputs", None):
            inner, outputs = _walk(layer, given, f"{prefix}{name}/")
            steps += inner
            keys = [(name, number, i) for i in range(len(outputs))]
        else:
            keys = sorted(key for key in shapes if key[:2] == (name, number))
            outputs = [_output(kind, layer, given, shapes[key]) for key in keys]
            steps.append(_Step(prefix + name, kind, layer, given, outputs))
        made |= dict(zip(keys, outputs, strict=True))
    return steps, [made[key] for key in results]


def _output(kind, layer, inputs, like):
    shape = tuple(like.shape[1:])
    view_of = inputs[0] if kind in VIEWS else None
    return _Tensor(shape, like.dtype, _field(kind, layer, inputs, shape), view_of)


def _keys(listed):
    """One [name, call, output] or a list of them."""
    listed = [listed] if isinstance(listed[0], str) else listed
    return [tuple(key) for key in listed]


class _Like(NamedTuple):
    shape: tuple
    dtype: str


def _tensors_in(value):
    """(key, shape and dtype) of every tensor among the arguments of a call, however nested."""
    if isinstance(value, Mapping) and value.get("class_name") == "__keras_tensor__":
        config = value["config"]
        yield tuple(config["keras_history"]), _Like(config["shape"], config["dtype"])
    elif isinstance(value, (Mapping, list, tuple)):
        for entry in value.values() if isinstance(value, Mapping) else value:
            yield from _tensors_in(entry)
