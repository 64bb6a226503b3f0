"""Words and their vectors as one matrix, and GloVe's text files of them  (course 5, week 2).

`WordVectors` is a read-only dictionary over the rows of a matrix, so that a search through 400,000
words is one matrix product.  A GloVe file is read line by line, malformed lines are named, and a
binary copy makes the next reading take a fraction of a second.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import check_array

__all__ = ["WordVectors", "read_glove_vecs", "write_glove_vecs"]

Vocabulary = Mapping[str, np.ndarray]

CACHE_VARIABLE = "DLSPEC_CACHE_DIR"


class WordVectors(Mapping):
    """Words and their vectors: a read-only dictionary over the rows of one matrix.

    Args:
        words: V different words.
        vectors: (V, n), row i for word i; float32 stays, everything else becomes float64.

    Attributes:
        words: list of V words.
        vectors: (V, n), not to be written to.

    Raises:
        TypeError: words that are no text, vectors that are no numbers.
        ValueError: no word at all, one given twice, another number of rows, NaN or infinity.

    Example:
        >>> vectors = WordVectors(["up", "down"], [[0.0, 1.0], [0.0, -1.0]])
        >>> vectors["down"], len(vectors), "left" in vectors
        (array([ 0., -1.]), 2, False)

    Source: course 5, week 2: the embedding matrix E.
    """

    def __init__(self, words: Sequence[str], vectors: np.ndarray) -> None:
        self.words = [_check_word(f"words[{i}]", word) for i, word in enumerate(words)]
        shape = (("V", len(self.words)), "n")
        because = f"there are V={len(self.words)} words"
        vectors = check_array("vectors", vectors, shape, because=because, keep_float32=True)
        self._adopt(vectors)
        if len(self._rows) < len(self.words):
            twice = next(w for i, w in enumerate(self.words) if self._rows[w] != i)
            raise InvalidValue(sentence("words", "hold every word once", f"{twice!r} twice"))

    def _adopt(self, vectors):
        self.vectors = vectors.view()
        self.vectors.flags.writeable = False
        self._rows = dict(zip(self.words, range(len(self.words)), strict=True))
        self._squares = self._sizes = None

    @classmethod
    def _trusted(cls, words, vectors):
        """Without checks: what a reader has checked already."""
        self = cls.__new__(cls)
        self.words = words
        self._adopt(vectors)
        return self

    def __getitem__(self, word: str) -> np.ndarray:
        return self.vectors[self._rows[word]].astype(np.float64)

    def __contains__(self, word: object) -> bool:
        return word in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self.words)

    def __len__(self) -> int:
        return len(self.words)

    def rows(self, words: Sequence[str]) -> np.ndarray:
        """Row numbers of words.

        Args:
            words: each in the vocabulary.

        Returns:
            (len(words),) whole numbers.

        Raises:
            ValueError: a word that is not in the vocabulary.

        Example:
            >>> WordVectors(["up", "down"], np.eye(2)).rows(["down", "up"])
            array([1, 0])

        Source: course 5, week 2.
        """
        return np.array([self._rows[_known(f"words[{i}]", w, self)] for i, w in enumerate(words)])

    @property
    def _squared_lengths(self) -> np.ndarray:
        """|e_w|^2 of every word, (V,), computed once."""
        if self._squares is None:
            self._squares = np.einsum("ij,ij->i", self.vectors, self.vectors)
        return self._squares

    @property
    def _lengths(self) -> np.ndarray:
        """|e_w| of every word, (V,), computed once; 1 for zeros, which may be divided by it."""
        if self._sizes is None:
            self._sizes = np.sqrt(self._squared_lengths)
            self._sizes[self._sizes == 0] = 1
        return self._sizes


# --- Files ----------------------------------------------------------------------------------------


def read_glove_vecs(
    path: str | os.PathLike, cache: bool | str | os.PathLike = True
) -> tuple[set[str], WordVectors]:
    """Read a GloVe text file of any dimension: a word and its numbers on every line.

    The first reading leaves a binary copy, from which the next one takes a fraction of a second: it
    stands beside the file, or in the cache folder where that cannot be written (DLSPEC_CACHE_DIR,
    by default ~/.cache/dlspec).  It holds the size, the time and a check sum of the ends of the
    text file, and is made anew when they differ or when it is damaged.

    A first line with two whole numbers (word2vec's header) is passed over; a word may contain
    spaces, as some do in the largest GloVe file; of a word that comes twice the last vector counts,
    as in the course.

    Args:
        path: the text file, in UTF-8, its numbers set apart by single spaces.
        cache: True as above, False for none, or the folder that the binary copy goes to.

    Returns:
        words: set of V words.
        word_to_vec_map: `WordVectors`, float32 (V, n).

    Raises:
        ValueError: no such file, or a malformed line, with its number.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder, "tiny.2d.txt")
        ...     _ = path.write_text("up 0 1\\ndown 0 -1\\n")
        ...     words, word_to_vec_map = read_glove_vecs(path)
        >>> sorted(words), word_to_vec_map["down"]
        (['down', 'up'], array([ 0., -1.]))

    Source: course 5, week 2 (`w2v_utils`); Pennington, Socher and Manning, "GloVe", 2014.
    """
    path = Path(path)
    if not path.is_file():
        advice = "GloVe's are at https://nlp.stanford.edu/projects/glove."
        raise InvalidValue(sentence(str(path), "be an existing file", "nothing there", advice))
    places = _cache_places(path, cache)
    fingerprint = _fingerprint(path) if places else ""
    vectors = next(filter(None, (_load_cache(place, fingerprint) for place in places)), None)
    if vectors is None:
        vectors = _read_text(path)
        any(_save_cache(place, fingerprint, vectors) for place in places)  # the first that works
    return set(vectors.words), vectors


def write_glove_vecs(path: str | os.PathLike, word_to_vec_map: Vocabulary) -> None:
    """Write word vectors as a GloVe text file, whole or not at all.

    Args:
        path: the file to write; one that is there is replaced.
        word_to_vec_map: words and vectors (n,).

    Raises:
        TypeError, ValueError: no vocabulary, vectors of different lengths.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     write_glove_vecs(Path(folder, "v.txt"), {"up": [0.0, 1.0]})
        ...     Path(folder, "v.txt").read_text()
        'up 0 1\\n'

    Source: Pennington, Socher and Manning, "GloVe", 2014.
    """
    vectors = _as_word_vectors(word_to_vec_map)

    def lines():
        for word, row in zip(vectors.words, vectors.vectors, strict=True):
            yield f"{word} {' '.join(f'{x:.6g}' for x in row)}\n".encode()

    _write_whole(Path(path), lines())


def _read_text(path):
    words: list[str] = []
    try:
        numbers = _numbers_only(path, words, _dimensions(path))
        vectors = np.loadtxt(numbers, np.float32, comments=None, delimiter=" ", ndmin=2)
    except ValueError:  # of NumPy or the decoder; what is wrong is told below
        vectors = None
    if vectors is None or not np.isfinite(vectors).all():
        _complain_about_line(path)
    rows = dict(zip(words, range(len(words)), strict=True))
    if len(rows) < len(words):
        vectors = vectors[list(rows.values())]
    return WordVectors._trusted(list(rows), vectors)


def _numbers_only(path, words, n):
    """Yield what stands behind the word of every line, and keep the words."""
    with open(path, encoding="utf-8", newline="\n") as file:
        for line in file:
            word, _, numbers = line.partition(" ")
            if line.count(" ") != n or not word:
                if not words and _is_header(line):
                    continue
                word, numbers = _split_unusual(line, n)
            words.append(word)
            yield numbers


def _dimensions(path):
    """Numbers on the first line that is no header."""
    with open(path, encoding="utf-8", newline="\n") as file:
        for line in file:
            n = len(line.split()) - 1
            if n > 0 and not _is_header(line):
                return n
            if not _is_header(line):
                break
    return _complain_about_line(path)


def _is_header(line):
    parts = line.split()
    return len(parts) == 2 and all(part.isdigit() for part in parts)


def _split_unusual(line, n):
    """A word with spaces in it, or spaces at the end; other lines are left for the complaint."""
    word, *numbers = line.rstrip().rsplit(" ", n)
    if len(numbers) != n or not word:
        return word, "malformed"  # which no reader takes for a number
    return word, " ".join(numbers)


def _complain_about_line(path):
    """Find the first malformed line, slowly, and say what is wrong with it."""
    n, found = None, "no line with a word"
    with open(path, "rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                text = line.decode()
            except UnicodeDecodeError:
                found = f"line {number}: bytes that are not UTF-8"
                break
            if number == 1 and _is_header(text):
                continue
            n = len(text.split()) - 1 if n is None else n
            fault = _fault_of(text, n)
            if fault:
                found = f"line {number}: {fault}"
                break
    raise InvalidValue(sentence(str(path), "hold a word and its numbers on every line", found))


def _fault_of(line, n):
    word, *numbers = line.rstrip().rsplit(" ", n) if n else [line.strip()]
    if n < 1 or len(numbers) != n or not word:
        found = len(line.split()) - bool(line.split() and not line.startswith(" "))
        return f"{found} in place of {n} numbers" if n > 0 else "no numbers"
    for text in numbers:
        try:
            with np.errstate(over="ignore"):
                fits = np.isfinite(np.float32(text))
        except ValueError:
            fits = False
        if not fits:
            return f"{text!r} in place of a number"
    return ""


# The binary copy: one line of JSON, the words with a line feed between, the numbers.


CACHE_SUFFIX = ".dlspec-cache"
CACHE_VERSION = "dlspec word vectors 1"
ENDS = 2**16


def _fingerprint(path):
    """Tells one text file from another without reading all of it."""
    state = path.stat()
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        digest.update(file.read(ENDS))
        file.seek(max(0, state.st_size - ENDS))
        digest.update(file.read(ENDS))
    return f"{state.st_size} {state.st_mtime_ns} {digest.hexdigest()}"


def _cache_places(path, cache):
    """Where the binary copy may stand, the preferred place first."""
    if cache is False:
        return []
    name = path.name + CACHE_SUFFIX
    if cache is not True:
        return [Path(cache, name)]
    base = os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()
    folder = Path(os.environ.get(CACHE_VARIABLE) or Path(base, "dlspec"))
    key = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12]
    return [path.with_name(name), folder / f"{key}-{name}"]


def _load_cache(place, fingerprint):
    """What a binary copy holds, its numbers mapped, not read; None if it is missing or unfit."""
    try:
        with open(place, "rb") as file:
            header = json.loads(file.readline(4096))
            if header["version"] != CACHE_VERSION or header["of"] != fingerprint:
                return None
            text = file.read(header["bytes"])
            start, shape = file.tell(), tuple(header["shape"])
            if os.fstat(file.fileno()).st_size != start + 4 * shape[0] * shape[1]:
                return None
        words = text.decode().split("\n")
        if len(words) != shape[0]:
            return None
        vectors = np.memmap(place, dtype="<f4", mode="r", offset=start, shape=shape)
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None
    return WordVectors._trusted(words, np.asarray(vectors))


def _save_cache(place, fingerprint, vectors):
    """Write the binary copy; False where that is not possible."""
    text = "\n".join(vectors.words).encode()
    header = {
        "version": CACHE_VERSION,
        "of": fingerprint,
        "bytes": 0,
        "shape": vectors.vectors.shape,
    }
    # Spaces after the last word's line feed put the numbers at a multiple of 64 bytes.
    header["bytes"] = len(text)
    line = json.dumps(header).encode()
    line += b" " * (-(len(line) + 1 + len(text)) % 64) + b"\n"
    numbers = np.ascontiguousarray(vectors.vectors, dtype="<f4")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        _write_whole(place, (line, text, numbers))
    except OSError:
        return False
    return True


def _write_whole(path, parts):
    """Write all parts to a file beside `path`, then let it take its place."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(partial, "wb") as file:
            for part in parts:
                file.write(part)
        os.replace(partial, path)
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)


# --- Checks ---------------------------------------------------------------------------------------


def _check_word(name, word):
    if not isinstance(word, str):
        raise InvalidType(sentence(name, "be a word", f"{word!r} ({type(word).__name__})"))
    return word


def _check_vocabulary(word_to_vec_map):
    if not isinstance(word_to_vec_map, Mapping):
        expected = "map words to vectors"
        received = type(word_to_vec_map).__name__
        raise InvalidType(sentence("word_to_vec_map", expected, received))
    return word_to_vec_map


def _as_word_vectors(word_to_vec_map):
    """A plain dictionary as a matrix; every vector must have the length of the first."""
    if isinstance(_check_vocabulary(word_to_vec_map), WordVectors):
        return word_to_vec_map
    if not word_to_vec_map:
        raise InvalidValue(sentence("word_to_vec_map", "hold at least one word", "none"))
    rows, n = [], "n"
    for word, vector in word_to_vec_map.items():
        because = f"the vector of {next(iter(word_to_vec_map))!r} sets n={n[1]}" if rows else ""
        rows.append(check_array(f"word_to_vec_map[{word!r}]", vector, (n,), because=because))
        n = ("n", rows[0].size)
    return WordVectors(list(word_to_vec_map), np.array(rows))


def _known(name, word, vectors):
    """Return a word of the vocabulary, or say that it is none."""
    _check_word(name, word)
    if word in vectors:
        return word
    advice = f"Did you mean {word.lower()!r}?" if word.lower() in vectors else ""
    if not advice and len(vectors) <= 20_000:
        import difflib

        close = difflib.get_close_matches(word.lower(), list(vectors), n=1, cutoff=0.7)
        advice = f"Did you mean {close[0]!r}?" if close else ""
    expected = f"be one of the {len(vectors):,} words of the vocabulary"
    raise InvalidValue(sentence(name, expected, repr(word), advice))
