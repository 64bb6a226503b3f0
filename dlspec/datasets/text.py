"""Text to learn a language from: a user's file, or what ships with Python; the course's sonnets."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dlspec._complaints import InvalidValue, sentence
from dlspec.datasets.files import data_folder, find_course_files
from dlspec.datasets.hdf5 import read_hdf5
from dlspec.datasets.names import read_text

__all__ = ["POEM_FILES", "Poems", "Text", "load_poems", "load_text"]

POEM_FILES = ("shakespeare.txt", "model_shakespeare_kiank_350_epoch.h5")

CHARACTERS, UNITS = 38, 128
LAYERS = {"lstm_5": (CHARACTERS, 4 * UNITS), "lstm_6": (UNITS, 4 * UNITS), "dense_3": None}
"""Layers of the course's poem model as its file calls them, and the shapes of their kernels."""


@dataclass(frozen=True)
class Text:
    """Running text, paragraphs apart by an empty line, and where it comes from.

    Attributes:
        text: as it stands, capitals and all.
        source: "Python's documentation" or "own file".
        files: the file that was read.
    """

    text: str
    source: str
    files: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Poems:
    """The course's sonnets and its poem model, trained on them for 350 epochs.

    Attributes:
        text: in lower case, as the model knows it.
        weights: of the two LSTMs and the output layer, kernel, recurrent kernel (of the LSTMs) and
            bias each, float32, in Keras' order.
        source: "course files".
        files: text and weights.
    """

    text: str
    weights: list[np.ndarray]
    source: str
    files: tuple[Path, ...]

    @property
    def characters(self) -> list[str]:
        """The 38 characters in order; the model numbers them so."""
        return sorted(set(self.text))


def load_text(file: str | Path | None = None) -> Text:
    """Read a user's text file, or the prose of the documentation that ships with Python.

    Python's help topics (`pydoc_data`) hold some 200,000 characters of plain English about one
    subject; code, grammar and headings are left out.  They change a little from one version of
    Python to the next.

    Args:
        file: a text file in UTF-8.

    Returns:
        The text.

    Raises:
        ValueError: no such file, no text in it.

    Example:
        >>> text = load_text()
        >>> len(text.text) > 100_000
        True

    Source: the Python documentation, https://docs.python.org/3/reference.
    """
    if file is None:
        return Text(_documentation(), "Python's documentation")
    text = read_text(file)
    if not text.strip():
        raise InvalidValue(sentence(str(file), "hold some text", "none"))
    return Text(text, "own file", (Path(file).expanduser(),))


def _documentation():
    from pydoc_data.topics import topics

    prose = {}  # topics repeat each other's paragraphs
    for name in sorted(topics):
        for block in re.split(r"\n\s*\n", topics[name]):
            paragraph = " ".join(block.split()).removeprefix("* ").removeprefix("- ")
            paragraph = re.sub(r"(?<=\w)- (?=\w)", "-", paragraph)  # a word cut at its hyphen
            if _is_prose(paragraph):
                prose[paragraph] = None
    return "\n\n".join(prose)


def _is_prose(paragraph):
    """Ends like a sentence, and holds hardly anything but words: no code, grammar or heading."""
    words = sum(c.isalpha() or c in " ,.;:'-" for c in paragraph)
    return len(paragraph) > 40 and paragraph[-1] in ".:" and words > 0.92 * len(paragraph)


def load_poems(folder: str | Path | None = None) -> Poems | None:
    """The course's poem model and its text, where both files are found.

    Args:
        folder: where to look, at any depth; None asks DLSPEC_DATA_DIR.

    Returns:
        Text and weights; None without either file.

    Raises:
        ValueError: the folder does not exist; one file of the two is missing; a file is damaged or
            another one.

    Example:
        >>> load_poems() is None  # where no folder is named
        True

    Source: course 5, week 1; the weights were written by Keras 2.0.6.
    """
    found = find_course_files(POEM_FILES, data_folder(folder))
    if not found:
        return None
    missing = [name for name in POEM_FILES if name not in found]
    if missing:
        (present,) = found.values()
        expected = f"lie beside {missing[0]} below the same folder"
        advice = "Put both there, or neither."
        raise InvalidValue(sentence(str(present), expected, f"no {missing[0]}", advice))
    text_file, weights_file = (found[name] for name in POEM_FILES)
    text = read_text(text_file).lower()
    if len(set(text)) != CHARACTERS:
        expected = f"hold the {CHARACTERS} characters that the model knows"
        raise InvalidValue(sentence(str(text_file), expected, len(set(text))))
    return Poems(text, _read_weights(weights_file), "course files", (text_file, weights_file))


def _read_weights(path):
    shapes = {}
    for layer, kernel in LAYERS.items():
        place = f"model_weights/{layer}/{layer}"
        shapes[f"{place}/kernel:0"] = kernel or (UNITS, CHARACTERS)
        if kernel:
            shapes[f"{place}/recurrent_kernel:0"] = (UNITS, 4 * UNITS)
        shapes[f"{place}/bias:0"] = (4 * UNITS if kernel else CHARACTERS,)
    arrays = read_hdf5(path, shapes)
    return [arrays[name] for name in shapes]
