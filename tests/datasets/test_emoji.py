"""Sentences with emoji: ours, the course's, and files that are none."""

from collections import Counter

import numpy as np
import pytest

from dlspec.datasets import load_words
from dlspec.datasets.emoji import load_emoji, read_emoji_csv
from dlspec.datasets.generated_emoji import KINDS
from tests.complaints import complaints_test

TRAIN = 'never say that,3,,\n"i love  my cat\t",0,, [0]\n\nWhere is the bat ,1\n'
TEST = '"so good\t",2\nbread please,4\nI am so  happy today,2'


def write(folder, **files):
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text)
    return folder


def test_without_the_courses_files_there_are_ours():
    emoji = load_emoji()
    assert (emoji.source, emoji.files) == ("generated", ())
    assert emoji.course_train is emoji.course_test is None
    assert [len(s) for s in (emoji.train, emoji.dev, emoji.test)] == [1999, 445, 150]
    assert set(emoji.dev.kinds) == set(KINDS)
    assert emoji.train.kinds == emoji.test.kinds == ()


def test_our_sets_share_no_sentence_and_the_written_ones_are_balanced():
    """Of the training sentences 600 are written, 120 a label, and stand there twice."""
    emoji = load_emoji()
    train, dev, test = (set(s.sentences) for s in (emoji.train, emoji.dev, emoji.test))
    assert not train & (dev | test)
    assert not dev & test
    counts = Counter(emoji.train.sentences)
    assert sorted(Counter(counts.values()).items()) == [(1, 799), (2, 600)]
    assert np.bincount(emoji.test.labels).tolist() == [30] * 5
    written = np.array([counts[text] == 2 for text in emoji.train.sentences])
    assert np.bincount(emoji.train.labels[written]).tolist() == [240] * 5
    is_written = np.array(emoji.dev.kinds) == "written"
    assert np.bincount(emoji.dev.labels[is_written]).tolist() == [29] * 5
    everything = [*train, *dev, *test]
    assert max(len(text.split()) for text in everything) <= 12
    assert all(text == text.lower() and text.replace(" ", "").isalpha() for text in everything)


def test_nearly_every_word_of_the_written_training_sentences_has_a_vector():
    words = [word for text in load_emoji().train.sentences for word in text.split()]
    known = set(load_words().words)
    assert np.mean([word in known for word in words]) > 0.99


def test_the_courses_form(tmp_path):
    emoji = load_emoji(write(tmp_path, train_emoji=TRAIN, tesss=TEST), n_train=5)
    assert emoji.source == "generated and course files"
    assert [path.name for path in emoji.files] == ["train_emoji.csv", "tesss.csv"]
    assert emoji.course_train.sentences == ("never say that", "i love my cat", "Where is the bat")
    np.testing.assert_array_equal(emoji.course_train.labels, np.array([3, 0, 1]), strict=True)
    assert emoji.course_test.sentences == ("so good", "bread please", "I am so happy today")
    assert "i am so happy today" not in emoji.train.sentences
    assert len(emoji.train) == 1198 + 5  # without "i am so happy today", which stands there twice


@pytest.mark.course_data
def test_the_courses_files(course_data):
    """132 and 56 sentences, the longest of ten words, all five labels."""
    emoji = load_emoji()
    assert (len(emoji.course_train), len(emoji.course_test)) == (132, 56)
    assert max(len(text.split()) for text in emoji.course_train.sentences) == 10
    assert set(emoji.course_train.labels) == set(emoji.course_test.labels) == set(range(5))
    asked = {text.lower() for text in emoji.course_test.sentences}
    assert not asked & {*emoji.train.sentences, *emoji.test.sentences}


COMPLAINTS = [
    (
        lambda folder: load_emoji(write(folder, tesss=TEST)),
        ValueError,
        "`{folder}/tesss.csv` must lie beside train_emoji.csv below the same folder. "
        "Received: no train_emoji.csv. Put both there, or neither.",
    ),
    (
        lambda folder: read_emoji_csv(write(folder, mine="so good,2\nso bad,9") / "mine.csv"),
        ValueError,
        "`{folder}/mine.csv` must hold a sentence and a label from 0 to 4 on every line. "
        "Received: line 2: 'so bad,9'.",
    ),
    (
        lambda folder: read_emoji_csv(write(folder, mine="so good") / "mine.csv"),
        ValueError,
        "`{folder}/mine.csv` must hold a sentence and a label from 0 to 4 on every line. "
        "Received: line 1: 'so good'.",
    ),
    (
        lambda folder: read_emoji_csv(write(folder, mine=" ,2\n") / "mine.csv"),
        ValueError,
        "`{folder}/mine.csv` must hold a sentence and a label from 0 to 4 on every line. "
        "Received: line 1: ' ,2'.",
    ),
    (
        lambda folder: read_emoji_csv(write(folder, mine="\n") / "mine.csv"),
        ValueError,
        "`{folder}/mine.csv` must hold at least one sentence. Received: an empty file.",
    ),
]
test_complaints = complaints_test(COMPLAINTS)
