"""The word vectors that come with the package, made by data/generated_words.py."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dlspec.datasets.files import packaged_file
from dlspec.datasets.hdf5 import read_hdf5

__all__ = ["Words", "load_words"]

EMBEDDED = "generated_words.h5"


@dataclass(frozen=True)
class Words:
    """Words, the most frequent one first, and their vectors.

    Attributes:
        words: V words.
        vectors: float32 (V, 50), row i for word i.
        source: "generated".
        files: the file that was read.
    """

    words: tuple[str, ...]
    vectors: np.ndarray
    source: str = "generated"
    files: tuple[Path, ...] = ()

    def as_dict(self) -> dict[str, np.ndarray]:
        """The course's `word_to_vec_map`: {word: float64 (50,)}.

        Example:
            >>> load_words().as_dict()["queen"].shape
            (50,)
        """
        rows = self.vectors.astype(np.float64)
        return dict(zip(self.words, rows, strict=True))


def load_words() -> Words:
    """Load the vectors learned from `generated_corpus`, 50 numbers a word.

    `dlspec.sequence.word_vectors.WordVectors(words.words, words.vectors)` makes a vocabulary of
    them; for GloVe's files see `read_glove_vecs` there.

    Returns:
        The words and their vectors.

    Raises:
        ValueError: the installation is incomplete, or the file is damaged.

    Example:
        >>> words = load_words()
        >>> words.words[0], words.vectors.shape[1]
        ('the', 50)
    """
    path = packaged_file("data", EMBEDDED)
    arrays = read_hdf5(path, {"words": ("V",), "vectors": ("V", 50)})
    words = tuple(word.decode() for word in arrays["words"].tolist())
    return Words(words, arrays["vectors"].astype(np.float32), files=(path,))
