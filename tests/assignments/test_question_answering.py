"""Questions of one's own, networks of earlier runs, and what is refused before any training."""

import pytest

from dlspec.catalog import find
from dlspec.runner import load_script
from dlspec.sequence.question_answering import SpanFinder

SCRIPT = load_script(find("question_answering"))
PIECES = [
    "[PAD]",
    "[UNK]",
    "[SEP]",
    *"abcdefghijklmnopqrstuvwxyz.?",
    *(f"##{c}" for c in "aeinort"),
]


def earlier_run(folder, pieces=PIECES):
    """An untrained network, and a vocabulary beside it."""
    path = folder / "span_finder.keras"
    SpanFinder(len(PIECES), SCRIPT.LENGTH, SCRIPT.QUICK_SIZE, dropout_rate=0.0).save(path)
    (folder / SCRIPT.PIECES).write_text("\n".join(pieces), encoding="utf-8")
    return path


def run(folder, *options):
    return SCRIPT.main(["--quick", "--out", str(folder / "out"), *map(str, options)])


def test_a_network_of_an_earlier_run_answers_with_words_of_the_story(tmp_path):
    story = "ann went to the pier. bo ran to the inn."
    asked = ("--story", story, "--question", "where is ann?")
    metrics = run(tmp_path, "--weights", earlier_run(tmp_path), *asked)
    assert metrics["answer"] in story
    assert metrics["answer"]
    assert not [name for name in metrics if "no_hints" in name]  # nothing else was trained
    again = run(tmp_path, "--weights", tmp_path / "out" / "span_finder.keras", *asked)
    assert again["answer"] == metrics["answer"]


def other_pieces(folder):
    return earlier_run(folder, PIECES[:-1])


def other_file(folder):
    path = earlier_run(folder)
    path.write_bytes(b"no network")
    return path


def missing_pieces(folder):
    path = earlier_run(folder)
    (folder / SCRIPT.PIECES).unlink()
    return path


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda folder: folder / "gone.keras",
            "`{0}/gone.keras` must be a network that this script wrote, with pieces.txt beside it. "
            "Received: no {0}/gone.keras.",
        ),
        (
            missing_pieces,
            "`{0}/span_finder.keras` must be a network that this script wrote, with pieces.txt "
            "beside it. Received: no {0}/pieces.txt.",
        ),
        (
            other_file,
            "`{0}/span_finder.keras` must hold a network that this script wrote. Received: "
            "something else. Run without --weights to train one.",
        ),
        (
            other_pieces,
            "`{0}/pieces.txt` must hold the 38 pieces of {0}/span_finder.keras. Received: 37.",
        ),
    ],
)
def test_other_files_are_refused(make, message, tmp_path):
    with pytest.raises(ValueError) as caught:
        run(tmp_path, "--weights", make(tmp_path))
    assert str(caught.value) == message.format(tmp_path)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--story", "a b."], "`story` must come with a question. Received: --story alone."),
        (["--question", "a?"], "`story` must come with a question. Received: --question alone."),
        (
            ["--story", " .", "--question", "a?"],
            "`story` must hold at least one word. Received: ' .'.",
        ),
        (
            ["--story", "a.", "--question", ""],
            "`question` must have 1 to 80 characters. Received: 0 characters.",
        ),
    ],
)
def test_half_a_question_is_refused(options, message, tmp_path):
    with pytest.raises(ValueError) as caught:
        run(tmp_path, *options)
    assert str(caught.value) == message
