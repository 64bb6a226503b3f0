"""Running text and the course's poem model: what is read, and what is refused."""

import h5py
import numpy as np
import pytest

from dlspec.datasets.text import LAYERS, POEM_FILES, load_poems, load_text
from tests.complaints import complaints_test


def test_python_documentation_is_prose():
    text = load_text()
    assert text.source == "Python's documentation"
    paragraphs = text.text.split("\n\n")
    assert len(paragraphs) > 300
    assert len(set(paragraphs)) == len(paragraphs)
    assert not any(">>>" in p or "::=" in p or "****" in p for p in paragraphs)
    assert any("is evaluated" in p for p in paragraphs)


def test_a_text_of_the_users(tmp_path):
    path = tmp_path / "diary.txt"
    path.write_text("Dear diary.\n", encoding="utf-8")
    text = load_text(path)
    assert text.text == "Dear diary.\n"
    assert text.files == (path,)


def poem_files(folder, characters=38, units=128):
    """Files of the right layout with other content."""
    (folder / POEM_FILES[0]).write_text("".join(chr(97 + i) for i in range(characters)))
    with h5py.File(folder / POEM_FILES[1], "w") as file:
        for i, name in enumerate(LAYERS):
            group = file.create_group(f"model_weights/{name}/{name}")
            rows, columns = ((38, 4 * units), (units, 4 * units), (units, 38))[i]
            group["kernel:0"] = np.full((rows, columns), i, np.float32)
            if i < 2:
                group["recurrent_kernel:0"] = np.zeros((units, columns), np.float32)
            group["bias:0"] = np.zeros(columns, np.float32)
    return folder


def test_no_poems_without_files(tmp_path):
    assert load_poems(tmp_path) is None


def test_poems_by_their_names(tmp_path):
    poems = load_poems(poem_files(tmp_path))
    assert len(poems.characters) == 38
    shapes = [(38, 512), (128, 512), (512,), (128, 512), (128, 512), (512,), (128, 38), (38,)]
    assert [w.shape for w in poems.weights] == shapes
    assert [w.flat[0] for w in poems.weights[::3]] == [0, 1, 2]
    assert poems.source == "course files"


@pytest.mark.course_data
def test_the_course_files(course_data):
    poems = load_poems()
    assert poems.text.startswith("the sonnets")
    assert poems.characters[:2] == ["\n", " "]
    assert sum(w.size for w in poems.weights) == 221_990


def empty(folder):
    (folder / "empty.txt").write_text(" \n")
    return folder / "empty.txt"


def lonely(folder):
    (folder / POEM_FILES[0]).write_text("a")
    return folder


COMPLAINTS = [
    (
        lambda folder: load_text(empty(folder)),
        ValueError,
        "`{folder}/empty.txt` must hold some text. Received: none.",
    ),
    (
        lambda folder: load_poems(lonely(folder)),
        ValueError,
        "`{folder}/shakespeare.txt` must lie beside model_shakespeare_kiank_350_epoch.h5 below the "
        "same folder. Received: no model_shakespeare_kiank_350_epoch.h5. Put both there, or "
        "neither.",
    ),
    (
        lambda folder: load_poems(poem_files(folder, characters=5)),
        ValueError,
        "`{folder}/shakespeare.txt` must hold the 38 characters that the model knows. Received: 5.",
    ),
    (
        lambda folder: load_poems(poem_files(folder, units=64)),
        ValueError,
        "`{folder}/model_shakespeare_kiank_350_epoch.h5` must hold "
        "`model_weights/lstm_5/lstm_5/kernel:0` of shape (38, 512). Received: (38, 256).",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
