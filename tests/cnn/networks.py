"""What the tests of all builders of published networks do with them."""

from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import keras
import numpy as np

from dlspec.cnn._weights import copy_weights
from dlspec.testing import assert_close
from tests.backends import Call, constant_initialisers, outputs_on

OFFLINE = Exception("URL fetch failure on https://example.org/x.h5: None -- no network")


def randomise(model: keras.Model, seed: int = 0) -> keras.Model:
    """Weights of which none is 0 or 1, that neither blow signals up nor let them die."""
    random = np.random.default_rng(seed)

    def draw(weight):
        if "gamma" in weight.path or "variance" in weight.path:
            return random.uniform(0.5, 1, weight.shape)
        if len(weight.shape) < 2:  # biases, means
            return random.normal(scale=0.1, size=weight.shape)
        fan_in = np.prod(weight.shape[:-1])
        if "depthwise" in weight.path:
            fan_in = np.prod(weight.shape[:2])
        # Numbers drawn as a row and repeated would be quicker, but no test of the order of axes.
        values = random.standard_normal(weight.shape, dtype=np.float32)
        values *= np.sqrt(2 / fan_in)
        return values

    for layer in model.layers:
        if layer.weights and not isinstance(layer, keras.layers.Normalization):
            layer.set_weights([draw(weight) for weight in layer.weights])
    return model


def pictures(model: keras.Model, count: int = 2, seed: int = 1) -> np.ndarray:
    random = np.random.default_rng(seed)
    return random.normal(size=(count, *model.input_shape[1:])).astype(np.float32)


def outputs(model: keras.Model, x: np.ndarray) -> list[np.ndarray]:
    """All outputs as at test time."""
    found = model(x, training=False)
    return [keras.ops.convert_to_numpy(y) for y in (found if isinstance(found, list) else [found])]


def assert_same_answers(first: keras.Model, second: keras.Model, rtol: float = 0) -> None:
    x = pictures(first)
    assert_close(outputs(second, x), outputs(first, x), rtol=rtol, atol=rtol)


def quickly(build: Callable[..., keras.Model], *args: object, **kwargs: object) -> keras.Model:
    """Build without drawing weights that are overwritten or never used."""
    with constant_initialisers():
        return build(*args, **kwargs)


def assert_equals_its_twin(ours: keras.Model, theirs: keras.Model) -> None:
    """The weights of keras.applications, moved layer by layer, give its answers."""
    randomise(theirs)
    copy_weights(theirs, ours)
    assert_same_answers(theirs, ours, rtol=1e-5)
    for output in outputs(ours, pictures(ours)):
        assert output.std() > 1e-4  # not the same answer to everything


def assert_learns(model: keras.Model) -> None:
    """One step: a finite loss, and every kernel moves."""
    x = pictures(model, 4)
    shapes = [output.shape[1:] for output in model.outputs]
    random = np.random.default_rng(2)
    if any(len(shape) > 1 for shape in shapes):
        y, loss = [random.normal(size=(4, *shape)) for shape in shapes], "mse"
    else:
        y = [np.eye(shape[0])[random.integers(0, shape[0], 4)] for shape in shapes]
        loss = "categorical_crossentropy"
    kernels = [w for w in model.trainable_weights if "kernel" in w.path]
    before = [w.numpy() for w in kernels]
    model.compile(keras.optimizers.SGD(0.01), loss=[loss] * len(y), run_eagerly=True)
    assert np.isfinite(model.train_on_batch(x, y if len(y) > 1 else y[0])).all()
    for weight, old in zip(kernels, before, strict=True):
        assert np.any(weight.numpy() != old), weight.path


def assert_survives_saving(model: keras.Model, folder: Path) -> None:
    model.save(folder / "model.keras")
    assert_same_answers(model, keras.saving.load_model(folder / "model.keras"))


def assert_jax_agrees(calls: dict[str, tuple[dict, keras.Model]], folder: Path) -> None:
    """The answers of JAX to the same pictures, with the same weights.

    Args:
        calls: {dotted name of the builder: (its arguments, the model here)}; what follows a space
            in a name is not part of it.
        folder: an empty one.
    """
    sent = [
        Call(
            name.split()[0],
            kwargs,
            model.get_weights(),
            [pictures(model)],
        )
        for name, (kwargs, model) in calls.items()
    ]
    found = outputs_on("jax", sent, folder)
    for (_, model), answers in zip(calls.values(), found, strict=True):
        own = outputs(model, pictures(model))
        assert_close(tuple(answers), tuple(own), rtol=1e-4, atol=1e-5)


def assert_names_are_unique_and_the_same(first: keras.Model, second: keras.Model) -> None:
    names = [layer.name for layer in first.layers]
    assert names == [layer.name for layer in second.layers]
    assert len(set(names)) == len(names)
    for name in names[1:]:
        assert name.count("_") >= 2, f"{name} is no <stage>_<block>_<role>"
    assert first.name == second.name
    assert [w.path for w in first.weights] == [w.path for w in second.weights]


class Shelf:
    """Stands for keras.applications' server: files by name, and what was asked for."""

    def __init__(self, path: Path):
        self.path, self.asked = path, []

    def __call__(self, name, *_, **__):
        self.asked.append(name)
        return str(self.path)

    def open(self):
        return patch("keras.src.utils.file_utils.get_file", self)


def offline():
    """No network: Keras raises what it raises then."""
    return patch("keras.src.utils.file_utils.get_file", side_effect=OFFLINE)
