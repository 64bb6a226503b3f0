"""The same Keras model on another backend, in a process of its own.

Keras chooses its backend when it is imported, so one process cannot hold two.  A test writes

    call = Call("dlspec.nn_basics.models.ShallowNetwork", {"n_x": 2}, model.get_weights(), [x])
    [[y]] = outputs_on("jax", [call], tmp_path)

and compares `y` with its own output.  The process is started once and then waits for the next
test: the import takes seconds.

JAX compiles every initialiser once for each shape, and every layer once for each shape when a model
is called as it is; that took minutes.  So weights start as constants (they are overwritten at
once), a model is compiled whole, and the compiler does not optimise.
"""

import atexit
import functools
import importlib
import importlib.util
import json
import os
import subprocess
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import numpy as np
import pytest

ROOT = Path(__file__).parents[1]
QUICK_JAX = {"JAX_PLATFORMS": "cpu", "XLA_FLAGS": "--xla_backend_optimization_level=0"}


class Call(NamedTuple):
    """One model: `builder(**kwargs)` with these weights, called once with these inputs."""

    builder: str
    kwargs: dict
    weights: list[np.ndarray]
    inputs: list[np.ndarray]


def outputs_on(backend: str, calls: list[Call], folder: Path) -> list[list[np.ndarray]]:
    """The outputs of every call, computed by `backend` on the CPU; skips where it is missing.

    Args:
        backend: "jax", "torch" or "tensorflow".
        calls: builders by dotted name, keyword arguments that JSON can write, weights in the order
            of `model.get_weights()`, one array per input.
        folder: an empty folder for the exchange, such as `tmp_path`.

    Returns:
        For every call one array per output of the model, as called with training=False.
    """
    if importlib.util.find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed: Keras cannot run on it here")
    (folder / "calls.json").write_text(json.dumps([[c.builder, c.kwargs] for c in calls]))
    for i, call in enumerate(calls):
        _write(folder / f"weights_{i}.npz", call.weights)
        _write(folder / f"inputs_{i}.npz", call.inputs)
    answer = _ask(_process(backend), folder)
    assert answer == f"computed by {backend}\n", answer + (folder / "error.txt").read_text()
    return [_read(folder / f"outputs_{i}.npz") for i in range(len(calls))]


@functools.cache
def _process(backend):
    """A process that computes on `backend`, as long as the tests last."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.backends"],
        cwd=ROOT,
        env=os.environ | {"KERAS_BACKEND": backend} | QUICK_JAX,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    atexit.register(process.communicate)  # closes its input, which ends it
    return process


def _ask(process, folder):
    """Its last line about this folder; a process that hangs is ended and gives none."""
    (folder / "error.txt").write_text("the process ended without a word")
    patience = threading.Timer(300, process.kill)
    patience.start()
    print(folder, file=process.stdin, flush=True)
    answer = process.stdout.readline()
    patience.cancel()
    return answer


def _write(path, arrays):
    np.savez(path, *(np.asarray(array) for array in arrays))


def _read(path):
    with np.load(path) as file:
        return [file[f"arr_{i}"] for i in range(len(file.files))]


@contextmanager
def constant_initialisers() -> Iterator[None]:
    """Weights that are overwritten at once, or never used, need not be drawn."""
    import keras

    kinds = {
        "VarianceScaling": np.zeros,
        "RandomUniform": np.zeros,
        "RandomNormal": np.zeros,
        "Zeros": np.zeros,
        "Ones": np.ones,
    }
    with ExitStack() as stack:
        for kind, make in kinds.items():

            def fill(self, shape, dtype=None, make=make):
                return make(shape, dtype or "float32")

            stack.enter_context(patch.object(getattr(keras.initializers, kind), "__call__", fill))
        yield


def _outputs(model, inputs):
    """What a model gives, compiled whole; anything else is called as it is."""
    import keras

    inputs = inputs if len(inputs) > 1 else inputs[0]
    if isinstance(model, keras.Model):
        found = model.predict_on_batch(inputs)
    else:
        found = model(inputs, training=False)
    return found if isinstance(found, (list, tuple)) else [found]


def _compute(folder: Path) -> None:
    import keras

    for i, (builder, kwargs) in enumerate(json.loads((folder / "calls.json").read_text())):
        module, name = builder.rsplit(".", 1)
        with constant_initialisers():
            model = getattr(importlib.import_module(module), name)(**kwargs)
        model.set_weights(_read(folder / f"weights_{i}.npz"))
        outputs = _outputs(model, _read(folder / f"inputs_{i}.npz"))
        _write(folder / f"outputs_{i}.npz", map(keras.ops.convert_to_numpy, outputs))
    keras.utils.clear_session()  # the next test names its layers anew


def _serve() -> None:
    """Read one folder a line, answer with one line each."""
    import keras

    for line in sys.stdin:
        folder = Path(line.rstrip("\n"))
        try:
            _compute(folder)
            print(f"computed by {keras.backend.backend()}", flush=True)
        except Exception:  # whatever it is, the test that asked must hear of it
            (folder / "error.txt").write_text(traceback.format_exc())
            print("failed", flush=True)


if __name__ == "__main__":
    _serve()
