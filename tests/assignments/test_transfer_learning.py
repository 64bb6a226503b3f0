"""Transfer learning on a user's own folder: what is read, skipped, split and said."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dlspec import runner
from dlspec._complaints import InvalidValue
from dlspec.catalog import find
from dlspec.runner import load_script

script = load_script(find("cnn/transfer_learning"))


class Recorder:
    """Stands in for a `Run`: settings in, what was said out."""

    def __init__(self, **settings):
        self.settings, self.seed, self.metrics, self.said = settings, 1, {}, []

    def __getitem__(self, name):
        return self.settings[name]

    def say(self, text):
        self.said.append(text)

    def uses(self, source, note=""):
        self.said.append(f"{source}; {note}")


@pytest.fixture
def folder(tmp_path):
    """Three classes of 20, 10 and 5 pictures, a truncated photo and a note among them."""
    rng = np.random.default_rng(0)
    for name, count in (("ape", 20), ("bee", 10), ("cow", 5)):
        (tmp_path / name).mkdir()
        for i in range(count):
            Image.fromarray(rng.integers(0, 255, (20, 24, 3), np.uint8)).save(
                tmp_path / name / f"{i:02}.png"
            )
    whole = tmp_path / "whole.jpg"
    Image.new("RGB", (200, 200), "brown").save(whole)
    (tmp_path / "bee" / "torn.jpg").write_bytes(whole.read_bytes()[:300])
    (tmp_path / "cow" / "notes.txt").write_text("Seen in spring.")
    whole.unlink()
    return tmp_path


def test_a_folder_is_split_and_what_cannot_be_read_is_named(folder):
    run = Recorder(images=folder, size=32)
    train, dev, test, names = script.load_own_pictures(run)
    assert names == ("ape", "bee", "cow")
    assert [len(part.y) for part in (train, dev, test)] == [21, 6, 8]
    assert train.x.shape == (21, 32, 32, 3)
    assert run.said[0].endswith(
        "20 ape, 10 bee, 5 cow; 21 / 6 / 8 as training / dev / test pictures"
    )
    torn = str(Path("bee", "torn.jpg"))
    assert f"Skipped {torn}: not a picture that can be decoded (300 bytes)" in run.said
    assert run.metrics["skipped"] == ["torn.jpg", "notes.txt"]


def test_the_first_few_training_pictures_show_every_class(folder):
    train, *_ = script.load_own_pictures(Recorder(images=folder, size=32))
    assert sorted(train.y[:3]) == [0, 1, 2]
    assert sorted(train.y[:6]) == [0, 0, 1, 1, 2, 2]


def test_a_missing_folder_is_a_complaint_before_any_training(tmp_path):
    with pytest.raises(InvalidValue, match="`images` must be an existing folder"):
        script.main(["--quick", "--images", str(tmp_path / "no"), "--out", str(tmp_path / "out")])
    assert not (tmp_path / "out" / "metrics.json").exists()
    assert (
        runner.execute(
            script.main, ["--images", str(tmp_path / "no"), "--out", str(tmp_path / "out")]
        )
        == 2
    )


@pytest.mark.parametrize(
    ("p", "q", "says"),
    [
        (0.9, 0.8, "A beats B by 10.0 points"),
        (0.8, 0.9, "A does NOT beat B: it is worse by 10.0 points"),
        (
            0.85,
            0.84,
            "A does not clearly beat B: +1.0 points, and up to 5.1 either way are chance",
        ),
    ],
)
def test_a_difference_counts_beyond_two_standard_errors(p, q, says):
    """2 sqrt((0.85 * 0.15 + 0.84 * 0.16) / 400) = 0.0512."""
    assert script.compare("A", "B", p, q, 400) == says


def test_classes_and_probabilities_of_logits():
    one, three = np.array([[0.0], [2.0]]), np.log([[1.0, 2.0, 1.0], [5.0, 1.0, 4.0]])
    np.testing.assert_array_equal(script.classes_of(one), [0, 1])
    np.testing.assert_array_equal(script.classes_of(three), [1, 0])
    np.testing.assert_allclose(script.probabilities(one), [0.5, 1 / (1 + np.exp(-2))], strict=True)
    expected = np.array([[0.25, 0.5], [0.5, 0.1], [0.25, 0.4]])
    np.testing.assert_allclose(script.probabilities(three), expected, strict=True)
