"""Sentences with emoji: ours, the course's, and files that are none."""

import numpy as np
import pytest

from dlspec.datasets.emoji import load_emoji, read_emoji_csv
from tests.complaints import complaints_test

TRAIN = 'never say that,3,,\n"i love  my cat\t",0,, [0]\n\nWhere is the bat ,1\n'
TEST = '"so good\t",2\nbread please,4'


def write(folder, **files):
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text)
    return folder


def test_without_the_courses_files_there_are_ours():
    emoji = load_emoji()
    assert (emoji.source, emoji.files) == ("generated", ())
    assert emoji.course_train is emoji.course_test is None
    assert [len(s) for s in (emoji.train, emoji.dev, emoji.test)] == [800, 150, 300]


def test_the_courses_form(tmp_path):
    emoji = load_emoji(write(tmp_path, train_emoji=TRAIN, tesss=TEST), n_train=5)
    assert emoji.source == "generated and course files"
    assert [path.name for path in emoji.files] == ["train_emoji.csv", "tesss.csv"]
    assert emoji.course_train.sentences == ("never say that", "i love my cat", "Where is the bat")
    np.testing.assert_array_equal(emoji.course_train.labels, np.array([3, 0, 1]), strict=True)
    assert emoji.course_test.sentences == ("so good", "bread please")
    assert len(emoji.train) == 5


@pytest.mark.course_data
def test_the_courses_files(course_data):
    """132 and 56 sentences, the longest of ten words, all five labels."""
    emoji = load_emoji()
    assert (len(emoji.course_train), len(emoji.course_test)) == (132, 56)
    assert max(len(text.split()) for text in emoji.course_train.sentences) == 10
    assert set(emoji.course_train.labels) == set(emoji.course_test.labels) == set(range(5))


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
