"""The course's weights of the date translator, from a file that Keras 2 wrote.

The course ships `models/model.h5`, written by Keras 2.1.3 as

    model_weights/                                (missing where only weights were saved)
        bidirectional_1/bidirectional_1/forward_lstm_1/{kernel:0, recurrent_kernel:0, bias:0}
        bidirectional_1/bidirectional_1/backward_lstm_1/...
        dense_1/dense_1/{kernel:0, bias:0}        10 units
        dense_2/dense_2/...                       1 unit
        lstm_1/lstm_1/...                         the decoder
        dense_3/dense_3/...                       11 units

The numbers at the names count layers of the session that wrote the file, and later versions put the
LSTM's weights into another folder, `lstm_cell`.  So layers are recognised by what they hold: a
direction in the path, a recurrent kernel, the width of a kernel.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dlspec._complaints import InvalidValue, sentence
from dlspec.datasets.hdf5 import read_hdf5

__all__ = ["TranslatorWeights", "read_translator_weights"]

HIDDEN = 10
SIZES = {
    "encoder_forward_kernel": ("human", "4 n_a"),
    "encoder_forward_recurrent_kernel": ("n_a", "4 n_a"),
    "encoder_forward_bias": ("4 n_a",),
    "encoder_backward_kernel": ("human", "4 n_a"),
    "encoder_backward_recurrent_kernel": ("n_a", "4 n_a"),
    "encoder_backward_bias": ("4 n_a",),
    "attention_1_kernel": ("2 n_a + n_s", HIDDEN),
    "attention_1_bias": (HIDDEN,),
    "attention_2_kernel": (HIDDEN, 1),
    "attention_2_bias": (1,),
    "decoder_kernel": ("2 n_a", "4 n_s"),
    "decoder_recurrent_kernel": ("n_s", "4 n_s"),
    "decoder_bias": ("4 n_s",),
    "output_kernel": ("n_s", "machine"),
    "output_bias": ("machine",),
}
"""Arrays of the network, and letters for their sizes."""


@dataclass(frozen=True)
class TranslatorWeights:
    """What a file held.

    Attributes:
        arrays: by what they do: "encoder_forward_kernel", ..., "output_bias".
        legacy_gates: whether the LSTMs' gates were Keras' hard sigmoid: so until version 2.3.
        path: the file.
    """

    arrays: dict[str, np.ndarray]
    legacy_gates: bool
    path: Path

    @property
    def sizes(self) -> dict[str, int]:
        """n_a, n_s, human_vocab_size and machine_vocab_size."""
        return {
            "n_a": self.arrays["encoder_forward_recurrent_kernel"].shape[0],
            "n_s": self.arrays["decoder_recurrent_kernel"].shape[0],
            "human_vocab_size": self.arrays["encoder_forward_kernel"].shape[0],
            "machine_vocab_size": self.arrays["output_bias"].shape[0],
        }


def read_translator_weights(path: str | Path) -> TranslatorWeights:
    """Read a weight file of the course's date translator.

    Args:
        path: an .h5 file that `save_weights` or `save` of Keras 1 or 2 wrote.

    Returns:
        Its arrays, named by what they do.

    Raises:
        ValueError: the file cannot be read, lacks a layer, or holds other sizes than such a network
            can have; names the file.

    Example:
        >>> read_translator_weights("model.h5")
        Traceback (most recent call last):
        dlspec._complaints.InvalidValue: `model.h5` must be an existing file. Received:
        nothing there.

    Source: course 5, week 3.
    """
    path = Path(path).expanduser()
    # Complains about files that are none.
    read_hdf5(path, {}, advice="Copy or download it again.")
    places, version = _scan(path)
    missing = [name for name in SIZES if name not in places]
    if missing:
        expected = f"hold the layers of the date translator, {missing[0]} among them"
        received = f"{len(SIZES) - len(missing)} of {len(SIZES)} arrays"
        raise InvalidValue(sentence(str(path), expected, received))
    found = read_hdf5(path, {places[name]: SIZES[name] for name in SIZES})
    arrays = {name: found[places[name]] for name in SIZES}
    _check_sizes(path, arrays)
    return TranslatorWeights(arrays, _is_legacy(version), path)


def _scan(path):
    """{what it does: its place in the file}, and the version of Keras that wrote it."""
    import h5py

    shapes = {}
    with h5py.File(path, "r") as file:
        top = file.get("model_weights", file)

        def visit(name, entry):
            if isinstance(entry, h5py.Dataset) and not name.startswith("optimizer"):
                shapes[entry.name] = entry.shape

        top.visititems(visit)
        version = top.attrs.get("keras_version", file.attrs.get("keras_version", ""))
    places = {}
    for place in shapes:
        layer, _, part = place.rpartition("/")
        part = part.removesuffix(":0")
        kernel = shapes.get(place.replace(part, "kernel"), ())
        name = _name(layer, kernel, is_lstm=f"{layer}/recurrent_kernel:0" in shapes)
        places[f"{name}_{part}"] = place
    return places, version.decode() if isinstance(version, bytes) else str(version)


def _name(layer, kernel, is_lstm):
    """What a layer does, by its place and the shape of its kernel."""
    if is_lstm:
        ways = [f"encoder_{way}" for way in ("forward", "backward") if f"{way}_" in layer]
        return ways[0] if ways else "decoder"
    width = kernel[-1] if kernel else None
    return {HIDDEN: "attention_1", 1: "attention_2"}.get(width, "output")


def _check_sizes(path, arrays):
    """Letters are equal by now; what they say about each other is not checked yet."""
    n_a = arrays["encoder_forward_recurrent_kernel"].shape
    n_s = arrays["decoder_recurrent_kernel"].shape
    widths = arrays["decoder_kernel"].shape[0], arrays["attention_1_kernel"].shape[0]
    right = n_a[1] == 4 * n_a[0] and n_s[1] == 4 * n_s[0]
    if not right or widths != (2 * n_a[0], 2 * n_a[0] + n_s[0]):
        expected = "hold layers that fit together, the decoder as wide as both encoders"
        received = f"n_a={n_a[0]}, n_s={n_s[0]}, kernels for {widths[0]} and {widths[1]} inputs"
        raise InvalidValue(sentence(str(path), expected, received))


def _is_legacy(version):
    """Keras' own LSTM had hard gates before 2.3; TensorFlow's, "2.2.4-tf", did not."""
    numbers = [int(n) for n in re.findall(r"\d+", version)[:2]]
    return bool(numbers) and "tf" not in version and numbers < [2, 3]
