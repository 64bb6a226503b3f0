"""Sentences and the emoji that go with them: ours, and the course's files beside them."""

import csv
import itertools
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dlspec._complaints import InvalidValue, sentence
from dlspec.datasets.files import data_folder, find_course_files, packaged_file
from dlspec.datasets.generated_emoji import LABELS, LabelledSentences, make_emoji_sentences
from dlspec.datasets.names import read_text

__all__ = ["COURSE_FILES", "Emoji", "load_emoji", "read_emoji_csv"]

COURSE_FILES = ("train_emoji.csv", "tesss.csv")
OUR_FILE = "emoji_sentences.csv"
DEV_EVERY = 5  # of the written training sentences of a label every fifth is for choosing


@dataclass(frozen=True)
class Emoji:
    """Labelled sentences of ours, and those of the course where its files are found.

    Attributes:
        train: ours, written ones, each of them twice, and those of `generated_emoji`; none of them
            is in a test set, the course's included.
        dev: ours, for choosing: every fifth of the written training sentences, and drawn ones of
            frames and words that are not in training.
        test: ours, 150 written before anything was measured on them.
        course_train: the course's 132 sentences, or None.
        course_test: its 56 sentences, or None.
        source: "generated" or "generated and course files".
        files: the files that were read.
    """

    train: LabelledSentences
    dev: LabelledSentences
    test: LabelledSentences
    course_train: LabelledSentences | None = None
    course_test: LabelledSentences | None = None
    source: str = "generated"
    files: tuple[Path, ...] = ()


def load_emoji(folder: str | Path | None = None, n_train: int = 800, seed: int = 1) -> Emoji:
    """Make our sentences, and read the course's train_emoji.csv and tesss.csv where they are.

    Args:
        folder: where to look, at any depth; None asks DLSPEC_DATA_DIR.
        n_train: training sentences drawn from frames, 1 to 2000, beside the written ones.
        seed: of our sentences.

    Returns:
        Ours and, with both files, the course's.

    Raises:
        ValueError: the folder does not exist; one file of the two is missing or damaged.

    Example:
        >>> emoji = load_emoji()
        >>> len(emoji.train), len(emoji.test)
        (1999, 150)

    Source: course 5, week 2; ours are data/emoji_sentences.csv and what `make_emoji_sentences`
    draws.
    """
    found = find_course_files(COURSE_FILES, data_folder(folder))
    ours = _our_sentences(n_train, seed)
    if not found:
        return Emoji(*ours)
    missing = [name for name in COURSE_FILES if name not in found]
    if missing:
        (present,) = found.values()
        expected = f"lie beside {missing[0]} below the same folder"
        advice = "Put both there, or neither."
        raise InvalidValue(sentence(str(present), expected, f"no {missing[0]}", advice))
    files = tuple(found[name] for name in COURSE_FILES)
    course_train, course_test = map(read_emoji_csv, files)
    asked = {text.lower() for text in course_test.sentences}
    train = _select(ours[0], np.array([text not in asked for text in ours[0].sentences]))
    course = course_train, course_test
    return Emoji(train, *ours[1:], *course, "generated and course files", files)


def _our_sentences(n_train, seed):
    """Train, dev and test, which share no sentence; the file holds the five labels in turn."""
    path = packaged_file("data", OUR_FILE)
    parts = np.array([row[2] for row in csv.reader(read_text(path).splitlines())])
    everything = read_emoji_csv(path)
    written, test = (_select(everything, parts == part) for part in ("train", "test"))
    taken = set(everything.sentences)
    drawn, drawn_dev = (
        _select(s, np.array([text not in taken for text in s.sentences]))
        for s in make_emoji_sentences(n_train, seed=seed)
    )
    is_dev = np.arange(len(written)) // len(LABELS) % DEV_EVERY == DEV_EVERY - 1
    return (
        _join(_select(written, ~is_dev), _select(written, ~is_dev), drawn),
        _join(_select(written, is_dev, "written"), drawn_dev),
        test,
    )


def _select(labelled, chosen, kind=None):
    """Some of the sentences; `kind` for all of them, or each with its own."""
    texts = tuple(itertools.compress(labelled.sentences, chosen))
    kinds = (kind,) * len(texts) if kind else tuple(itertools.compress(labelled.kinds, chosen))
    return LabelledSentences(texts, labelled.labels[chosen], kinds)


def _join(*parts):
    """One set of several."""
    texts = tuple(itertools.chain.from_iterable(part.sentences for part in parts))
    kinds = tuple(itertools.chain.from_iterable(part.kinds for part in parts))
    return LabelledSentences(texts, np.concatenate([part.labels for part in parts]), kinds)


def read_emoji_csv(path: str | Path) -> LabelledSentences:
    """Sentences and labels of a file in the course's form: sentence, label, anything.

    Args:
        path: a CSV file in UTF-8 without a header.

    Returns:
        Sentences as they stand, without spaces around them, and labels.

    Raises:
        ValueError: no such file, no sentence in it, a line without a sentence or a label.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder, "mine.csv")
        ...     _ = path.write_text('"I love it ",0,x\\nwhere is the bread,4\\n')
        ...     read_emoji_csv(path).sentences
        ('I love it', 'where is the bread')

    Source: course 5, week 2 (`read_csv` of `emo_utils`).
    """
    reader = csv.reader(read_text(path).splitlines())
    texts, labels = [], []
    for row in reader:
        if not any(cell.strip() for cell in row):
            continue
        text, label = (cell.strip() for cell in (*row, "")[:2])
        if not text or label not in set("01234"):
            expected = f"hold a sentence and a label from 0 to {len(LABELS) - 1} on every line"
            received = f"line {reader.line_num}: {','.join(row)!r}"
            raise InvalidValue(sentence(str(path), expected, received))
        texts.append(" ".join(text.split()))
        labels.append(int(label))
    if not texts:
        raise InvalidValue(sentence(str(path), "hold at least one sentence", "an empty file"))
    return LabelledSentences(tuple(texts), np.array(labels))
