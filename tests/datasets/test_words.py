"""The word vectors that come along: complete, and good where it was promised."""

import numpy as np

from dlspec.datasets.generated_corpus import _all_words, analogy_questions
from dlspec.datasets.words import load_words
from dlspec.sequence.word_vectors import WordVectors, analogy_accuracy, complete_analogy

WORDS = load_words()


def test_every_word_of_the_text_has_50_numbers():
    assert set(WORDS.words) == set(_all_words())
    assert len(set(WORDS.words)) == len(WORDS.words)
    assert WORDS.vectors.shape == (len(WORDS.words), 50)
    assert WORDS.vectors.dtype == np.float32
    assert np.isfinite(WORDS.vectors).all()
    assert WORDS.source == "generated"
    assert WORDS.files[0].stat().st_size < 1e6


def test_as_the_course_s_dictionary():
    words = WORDS.as_dict()
    assert complete_analogy("man", "woman", "king", words) == "queen"
    assert words["love"].shape == (50,)
    assert words["love"].dtype == np.float64


def test_nine_of_ten_held_out_analogies_are_solved():
    vectors = WordVectors(WORDS.words, WORDS.vectors)
    questions = [q for asked in analogy_questions().values() for q in asked]
    assert len(questions) > 400
    assert analogy_accuracy(questions, vectors) >= 0.9
    assert analogy_accuracy(questions, vectors, "3cosadd") >= 0.9


def test_every_vector_has_one_length():
    """Up to float16, in which they are kept."""
    np.testing.assert_allclose(np.linalg.norm(WORDS.vectors, axis=1), 3, rtol=1e-3)
