"""Make data/generated_words.h5, the word vectors that come with the package.

    python data/generated_words.py

Skip-gram with negative sampling learns them from the sentences of
`dlspec.datasets.generated_corpus`: 50 numbers for each word, the most frequent word first.  The
script prints how many of the held-out analogies they solve.  Their pairs never stand in one
sentence of the text; frames and settings were chosen by the dev part alone.
Running it again gives the same file up to rounding, which differs between processors.
"""

import os
import sys
from pathlib import Path

import h5py
import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))  # a checkout need not be installed to make its data

from dlspec.datasets.generated_corpus import PARTS, analogy_questions, make_corpus  # noqa: E402
from dlspec.sequence.embeddings import train_word_vectors  # noqa: E402
from dlspec.sequence.word_vectors import WordVectors, analogy_accuracy  # noqa: E402

TARGET = HERE / "generated_words.h5"
SENTENCES = 1_500_000
TRAINING = {
    "epochs": 5,
    "window": 3,
    "negatives": 15,
    "subsample": 1e-3,
    "max_score": float("inf"),
    "seed": 1,
}
LENGTH = 3.0
"""Of every vector: of two words the rarer, or the one that goes with less, has the longer one, and
would weigh more in an average of words."""


def write_words(target: Path, vectors: WordVectors) -> None:
    """Write words and vectors whole or not at all; float16 is exact enough, 3 digits."""
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    options = {"compression": "gzip", "compression_opts": 9, "shuffle": True}
    try:
        with h5py.File(temporary, "w", track_order=False) as file:
            words = np.array([word.encode() for word in vectors])
            file.create_dataset("words", data=words, **options)
            file.create_dataset("vectors", data=vectors.vectors.astype(np.float16), **options)
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


def main() -> None:
    """Learn, write the file beside this script, and say how good it is."""
    vectors = train_word_vectors(make_corpus(SENTENCES, seed=1), "negative_sampling", **TRAINING)
    lengths = np.linalg.norm(vectors.vectors, axis=1, keepdims=True)
    vectors = WordVectors(list(vectors), LENGTH * vectors.vectors / lengths)
    write_words(TARGET, vectors)
    for part in PARTS:
        for name, questions in analogy_questions(part).items():
            solved = analogy_accuracy(questions, vectors)
            print(f"{part:5} {name:15} {solved:.1%} of {len(questions)} analogies")
    print(f"{TARGET}: {len(vectors):,} words, {TARGET.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
