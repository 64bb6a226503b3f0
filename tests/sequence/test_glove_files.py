"""Words with vectors and their files: a mapping, files good and bad, copies old and damaged."""

import os
import pickle
import tempfile
from pathlib import Path

import numpy as np
import pytest

from dlspec.sequence import glove_files
from dlspec.sequence.glove_files import (
    CACHE_SUFFIX,
    WordVectors,
    read_glove_vecs,
    write_glove_vecs,
)
from tests.complaints import complaints_test

TABLE = {"man": np.array([-1.0, 0.01]), "woman": np.array([1.0, 0.02])}

FOLDER = tempfile.TemporaryDirectory()
GLOVE_FILE = Path(FOLDER.name, "tiny.txt")
GLOVE_FILE.write_text("up 0 1\ndown 0 -1\n")

PURE_CALLS = {
    "read_glove_vecs": (GLOVE_FILE, False),
    "write_glove_vecs": (os.devnull, TABLE),
}


def random_vectors(V=500, n=6, seed=0, dtype=np.float64):
    random = np.random.default_rng(seed)
    return WordVectors([f"w{i}" for i in range(V)], random.normal(size=(V, n)).astype(dtype))


@pytest.fixture
def glove(tmp_path):
    """Write a text file and return its path."""

    def write(text, name="glove.txt"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


# --- The mapping ----------------------------------------------------------------------------------


def test_word_vectors_are_a_read_only_dictionary():
    vectors = WordVectors(list(TABLE), np.array(list(TABLE.values())))
    assert list(vectors) == list(TABLE)
    assert len(vectors) == 2
    assert "man" in vectors
    assert "Man" not in vectors
    assert vectors.get("pear") is None
    for word, vector in TABLE.items():
        np.testing.assert_array_equal(vectors[word], vector)
    with pytest.raises(ValueError, match="read-only"):
        vectors.vectors[0] = 0
    vectors["man"][:] = 7  # a copy
    np.testing.assert_array_equal(vectors["man"], TABLE["man"])
    np.testing.assert_array_equal(vectors.rows(["woman", "man"]), [1, 0])


def test_float32_stays_and_single_vectors_are_float64():
    vectors = random_vectors(dtype=np.float32)
    assert vectors.vectors.dtype == np.float32
    assert vectors["w3"].dtype == np.float64
    assert random_vectors().vectors.dtype == np.float64


# --- Files ----------------------------------------------------------------------------------------

TEXT = "the 0.418 0.24968 -0.41242\nof 1e-3 -2 3\n"


def cache_of(path):
    return path.with_name(path.name + CACHE_SUFFIX)


def test_a_glove_file_and_its_cache(glove, monkeypatch):
    path = glove(TEXT)
    words, first = read_glove_vecs(path)
    assert words == {"the", "of"}
    np.testing.assert_allclose(first["the"], [0.418, 0.24968, -0.41242], rtol=1e-6)
    np.testing.assert_array_equal(first["of"], np.float32([1e-3, -2, 3]).astype(float))
    assert first.vectors.dtype == np.float32
    monkeypatch.setattr(glove_files, "_read_text", None)  # from here on only the copy is read
    words, second = read_glove_vecs(str(path))
    assert words == {"the", "of"}
    assert list(second) == list(first)
    np.testing.assert_array_equal(second.vectors, first.vectors, strict=True)
    assert os.listdir(path.parent).sort() == [path.name, cache_of(path).name].sort()
    with pytest.raises(pickle.UnpicklingError):
        pickle.loads(cache_of(path).read_bytes())


@pytest.mark.parametrize("change", ["content", "time", "cut", "empty", "header", "words"])
def test_an_outdated_or_damaged_cache_is_made_anew(glove, change):
    path = glove(TEXT)
    read_glove_vecs(path)
    cache, whole = cache_of(path), cache_of(path).read_bytes()
    value = 0.418
    if change == "content":
        state = path.stat()
        path.write_text(TEXT.replace("0.418", "0.518"))  # the same size, and then the same time
        os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
        value = 0.518
    elif change == "time":
        os.utime(path, ns=(1, 1))
    else:
        damaged = {
            "cut": whole[:-3],
            "empty": b"",
            "header": b"[1]\n" + whole,
            "words": whole.replace(b"the\nof", b"the of"),
        }
        assert damaged[change] != whole
        cache.write_bytes(damaged[change])
    _, vectors = read_glove_vecs(path)
    assert vectors["the"][0] == pytest.approx(value, 1e-6)
    assert len(vectors) == 2
    assert (cache.read_bytes() == whole) == (change not in ("content", "time"))
    assert read_glove_vecs(path)[1]["of"][2] == 3


def test_the_cache_goes_where_it_can_or_nowhere(glove, tmp_path, monkeypatch):
    path = glove(TEXT)
    read_glove_vecs(path, cache=False)
    assert not cache_of(path).exists()
    read_glove_vecs(path, cache=tmp_path / "own")
    assert [p.name for p in (tmp_path / "own").iterdir()] == [cache_of(path).name]
    monkeypatch.setenv("DLSPEC_CACHE_DIR", str(tmp_path / "second"))
    cache_of(path).mkdir()  # so that no file can be written there
    _, vectors = read_glove_vecs(path)
    assert len(list((tmp_path / "second").iterdir())) == 1
    monkeypatch.setattr(glove_files, "_read_text", None)
    np.testing.assert_array_equal(read_glove_vecs(path)[1].vectors, vectors.vectors)
    monkeypatch.undo()
    monkeypatch.setenv("DLSPEC_CACHE_DIR", str(path / "a file is no folder"))
    assert len(read_glove_vecs(path)[1]) == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2 3\n" + TEXT, ["the", "of"]),  # word2vec's header
        (TEXT.rstrip("\n"), ["the", "of"]),
        (TEXT.replace("\n", " \n"), ["the", "of"]),
        (TEXT.replace("\n", "\r\n"), ["the", "of"]),
        (TEXT + ". . . 1 2 3\n", ["the", "of", ". . ."]),
        (TEXT + "\x85 1 2 3\né 1 2 3\n# 1 2 3\n", ["the", "of", "\x85", "é", "#"]),
    ],
    ids=["header", "no last line feed", "spaces at the end", "DOS", "spaces inside", "odd words"],
)
def test_what_real_files_hold(glove, text, words):
    found, vectors = read_glove_vecs(glove(text))
    assert found == set(words)
    assert list(vectors) == words
    assert vectors.vectors.shape == (len(words), 3)
    assert vectors["of"][1] == -2
    assert list(read_glove_vecs(glove(text))[1]) == words


def test_the_last_of_equal_words_counts(glove):
    _, vectors = read_glove_vecs(glove("a 1\nb 2\na 3\n"))
    assert dict(vectors) == {"a": [3.0], "b": [2.0]}


def test_what_is_written_is_read(tmp_path):
    vectors = random_vectors(V=50, n=4, dtype=np.float32)
    write_glove_vecs(tmp_path / "v.txt", vectors)
    words, again = read_glove_vecs(tmp_path / "v.txt")
    assert words == set(vectors)
    np.testing.assert_allclose(again.vectors, vectors.vectors, rtol=1e-5, strict=True)


# --- Complaints -----------------------------------------------------------------------------------


def _file(folder, text):
    path = folder / "v.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_glove_vecs(path)


LINE = "`{folder}/v.txt` must hold a word and its numbers on every line. Received: "

COMPLAINTS = [
    (
        lambda f: WordVectors(["a", 1], np.eye(2)),
        TypeError,
        "`words[1]` must be a word. Received: 1 (int).",
    ),
    (
        lambda f: WordVectors(["a", "b"], np.eye(3)),
        ValueError,
        "`vectors` must have shape (V=2, n). Received: (3, 3). There are V=2 words.",
    ),
    (
        lambda f: WordVectors(["a", "a"], np.eye(2)),
        ValueError,
        "`words` must hold every word once. Received: 'a' twice.",
    ),
    (
        lambda f: random_vectors().rows(["w1", "x"]),
        ValueError,
        "`words[1]` must be one of the 500 words of the vocabulary. Received: 'x'.",
    ),
    (
        lambda f: read_glove_vecs(f / "none.txt"),
        ValueError,
        "`{folder}/none.txt` must be an existing file. Received: nothing there. "
        "GloVe's are at https://nlp.stanford.edu/projects/glove.",
    ),
    (lambda f: _file(f, "a 1 2\nb 1\n"), ValueError, LINE + "line 2: 1 in place of 2 numbers."),
    (
        lambda f: _file(f, "2 2\na 1 2\n 1 2\n"),
        ValueError,
        LINE + "line 3: 2 in place of 2 numbers.",
    ),
    (lambda f: _file(f, "a 1 2\n\nb 1 2"), ValueError, LINE + "line 2: 0 in place of 2 numbers."),
    (
        lambda f: _file(f, "a 1 2\nb 1 x2\n"),
        ValueError,
        LINE + "line 2: 'x2' in place of a number.",
    ),
    (lambda f: _file(f, "a 1 nan\n"), ValueError, LINE + "line 1: 'nan' in place of a number."),
    (lambda f: _file(f, "a 1 1e99\n"), ValueError, LINE + "line 1: '1e99' in place of a number."),
    (lambda f: _file(f, "word\n"), ValueError, LINE + "line 1: no numbers."),
    (lambda f: _file(f, ""), ValueError, LINE + "no line with a word."),
    (lambda f: _file(f, b"a 1\n\xff 1\n"), ValueError, LINE + "line 2: bytes that are not UTF-8."),
    (
        lambda f: write_glove_vecs(f / "v.txt", {"man": [1.0, 2.0], "woman": [1.0]}),
        ValueError,
        "`word_to_vec_map['woman']` must have shape (n=2,). Received: (1,). The vector of 'man' "
        "sets n=2.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
