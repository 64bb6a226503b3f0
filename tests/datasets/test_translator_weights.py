"""Files of the course's date translator, in the layouts that Keras 1 and 2 wrote.

The course's own file is not at hand: these are made here in its layout, with known numbers.
"""

import h5py
import numpy as np
import pytest

from dlspec.datasets.translator_weights import SIZES, read_translator_weights
from tests.complaints import complaints_test

N_A, N_S, HUMAN, MACHINE = 3, 4, 7, 5
SHAPES = {
    "encoder_forward_kernel": (HUMAN, 4 * N_A),
    "encoder_forward_recurrent_kernel": (N_A, 4 * N_A),
    "encoder_forward_bias": (4 * N_A,),
    "encoder_backward_kernel": (HUMAN, 4 * N_A),
    "encoder_backward_recurrent_kernel": (N_A, 4 * N_A),
    "encoder_backward_bias": (4 * N_A,),
    "attention_1_kernel": (2 * N_A + N_S, 10),
    "attention_1_bias": (10,),
    "attention_2_kernel": (10, 1),
    "attention_2_bias": (1,),
    "decoder_kernel": (2 * N_A, 4 * N_S),
    "decoder_recurrent_kernel": (N_S, 4 * N_S),
    "decoder_bias": (4 * N_S,),
    "output_kernel": (N_S, MACHINE),
    "output_bias": (MACHINE,),
}
LAYOUTS = {
    "Keras 2.1.3, save": {
        "encoder_forward": "model_weights/bidirectional_1/bidirectional_1/forward_lstm_1",
        "encoder_backward": "model_weights/bidirectional_1/bidirectional_1/backward_lstm_1",
        "attention_1": "model_weights/dense_1/dense_1",
        "attention_2": "model_weights/dense_2/dense_2",
        "decoder": "model_weights/lstm_1/lstm_1",
        "output": "model_weights/dense_3/dense_3",
    },
    "Keras 2.1.3, save_weights of a later session": {
        "encoder_forward": "bidirectional_7/bidirectional_7/forward_lstm_12",
        "encoder_backward": "bidirectional_7/bidirectional_7/backward_lstm_12",
        "attention_1": "dense_22/dense_22",
        "attention_2": "dense_9/dense_9",
        "decoder": "lstm_11/lstm_11",
        "output": "dense_10/dense_10",
    },
    "TensorFlow 2": {
        "encoder_forward": "bidirectional/bidirectional/forward_lstm/lstm_cell_4",
        "encoder_backward": "bidirectional/bidirectional/backward_lstm/lstm_cell_5",
        "attention_1": "dense/dense",
        "attention_2": "dense_1/dense_1",
        "decoder": "lstm_1/lstm_1/lstm_cell_1",
        "output": "dense_2/dense_2",
    },
}


def write(path, layout="Keras 2.1.3, save", version="2.1.3", shapes=SHAPES):
    """Array number i is full of i."""
    with h5py.File(path, "w") as file:
        top = file.require_group("model_weights") if layout == "Keras 2.1.3, save" else file
        top.attrs["keras_version"] = np.bytes_(version)
        for i, (name, shape) in enumerate(shapes.items()):
            layer = next(key for key in LAYOUTS[layout] if name.startswith(f"{key}_"))
            part = name.removeprefix(f"{layer}_")
            file[f"{LAYOUTS[layout][layer]}/{part}:0"] = np.full(shape, i, np.float32)
        file.require_group("optimizer_weights/dense_1")["kernel:0"] = np.zeros((3, 3))
    return path


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layers_are_recognised_whatever_they_are_called(layout, tmp_path):
    found = read_translator_weights(write(tmp_path / "model.h5", layout))
    assert list(found.arrays) == list(SHAPES) == list(SIZES)
    for i, (name, shape) in enumerate(SHAPES.items()):
        np.testing.assert_array_equal(
            found.arrays[name], np.full(shape, i, np.float32), strict=True
        )
    assert found.sizes == {
        "n_a": N_A, "n_s": N_S, "human_vocab_size": HUMAN, "machine_vocab_size": MACHINE,
    }  # fmt: skip
    assert found.path == tmp_path / "model.h5"


@pytest.mark.parametrize(
    ("version", "legacy"),
    [("2.1.3", True), ("2.0.6", True), ("2.3.1", False), ("2.2.4-tf", False), ("2.11.0", False)],
)
def test_gates_of_the_version_that_wrote_the_file(version, legacy, tmp_path):
    path = write(tmp_path / "model.h5", version=version)
    assert read_translator_weights(path).legacy_gates is legacy


def lacking(folder):
    return write(folder / "m.h5", shapes=dict(list(SHAPES.items())[:-2]))


def narrow(folder):
    return write(folder / "m.h5", shapes=SHAPES | {"decoder_kernel": (5, 4 * N_S)})


def text(folder):
    (folder / "m.h5").write_text("weights")
    return folder / "m.h5"


COMPLAINTS = [
    (
        lambda folder: read_translator_weights(folder / "none.h5"),
        ValueError,
        "`{folder}/none.h5` must be an existing file. Received: nothing there.",
    ),
    (
        lambda folder: read_translator_weights(text(folder)),
        ValueError,
        "`{folder}/m.h5` must be a whole HDF5 file. Received: 7 bytes of something else. Copy or "
        "download it again.",
    ),
    (
        lambda folder: read_translator_weights(lacking(folder)),
        ValueError,
        "`{folder}/m.h5` must hold the layers of the date translator, output_kernel among them. "
        "Received: 13 of 15 arrays.",
    ),
    (
        lambda folder: read_translator_weights(narrow(folder)),
        ValueError,
        "`{folder}/m.h5` must hold layers that fit together, the decoder as wide as both encoders. "
        "Received: n_a=3, n_s=4, kernels for 5 and 10 inputs.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
