"""Stages of a pipeline: the photo OCR table, and pipelines that run."""

import json

import numpy as np
import pytest

from dlspec.strategy.end_to_end import Stage, attribute_to_stages, stage_gains
from dlspec.testing import assert_close
from tests.complaints import complaints_test

OCR = {"text detection": 0.89, "character segmentation": 0.90, "character recognition": 1.0}
WORDS = ["deep", "learning", "is", "fun", "today"]


def find(photos):
    """Misses the last word."""
    return [*photos[:-1], ""]


def read(words):
    """Reads n as m."""
    return [word.replace("n", "m") for word in words]


def accuracy(words):
    return sum(a == b for a, b in zip(words, WORDS, strict=True)) / len(WORDS)


def last(values):
    return float(values[-1])


STAGES = [Stage("find", find, WORDS), Stage("read", read, WORDS)]
ARRAYS = [
    Stage("double", lambda x: 2 * x, np.array([0.1, 0.4])),
    Stage("halve", lambda x: x / 2, np.array([0.1, 0.2])),
]

PURE_CALLS = {
    "stage_gains": (0.72, OCR),
    "attribute_to_stages": (ARRAYS, last, np.array([0.1, 0.3])),
}


def test_the_photo_ocr_table():
    """72 % overall; 89, 90, 100 % with one, two, three perfect stages: 17, 1 and 10 points."""
    found = stage_gains(0.72, OCR)
    assert list(found.gains) == list(OCR)
    assert_close(list(found.gains.values()), [0.17, 0.01, 0.10], atol=1e-12)
    assert found.left == 0
    assert found.conclusion == (
        "Work on text detection first: made perfect it brings 17 points. Then character "
        "recognition, 10 points, then character segmentation, 1 point."
    )
    cells = [line.split() for line in str(found).splitlines()]
    assert ["whole", "pipeline", "72", "%"] in cells
    assert ["perfect", "text", "detection", "89", "%", "17", "points", "█" * 24] in cells
    json.dumps(found.to_dict(), allow_nan=False)


def test_a_pipeline_that_runs():
    """find misses today; read makes learming and fum."""
    found = attribute_to_stages(STAGES, accuracy, WORDS)
    assert found.used == {"whole pipeline": 2 / 5}
    assert found.accuracies == {"find": 3 / 5, "read": 1.0}
    assert found.gains == {"find": 0.2, "read": 0.4}


def test_running_equals_replacing_by_hand():
    by_hand = [accuracy(read(find(WORDS))), accuracy(read(WORDS)), accuracy(WORDS)]
    found = attribute_to_stages(STAGES, accuracy, WORDS)
    assert found == stage_gains(by_hand[0], {"find": by_hand[1], "read": by_hand[2]})


def test_each_stage_runs_on_the_truth_of_the_one_before():
    seen = []

    def stage(name):
        def run(value):
            seen.append((name, value))
            return f"{name}({value})"

        return Stage(name, run, f"true {name}")

    attribute_to_stages([stage("a"), stage("b"), stage("c")], lambda output: 0.5, "input")
    assert seen == [
        ("a", "input"),
        ("b", "a(input)"),
        ("c", "b(a(input))"),
        ("b", "true a"),
        ("c", "b(true a)"),
        ("c", "true b"),
    ]


def test_a_perfect_stage_that_does_harm_is_explained():
    found = stage_gains(0.8, {"find": 0.7, "read": 1.0})
    assert found.gains == {"find": -0.1, "read": 0.3}
    assert found.cannot_tell[0] == (
        "Why perfect find does harm, -10 points: later stages may have learnt from its mistakes. "
        "Their accuracy after training on the truth would tell."
    )
    assert found.conclusion == "Work on read first: made perfect it brings 30 points."


def test_what_no_stage_explains():
    found = stage_gains(0.8, {"all": 0.98})
    assert found.left == 0.02
    assert found.cannot_tell == (
        "What costs the last 2 points: no stage does. The truth itself should measure 100 %; look "
        "at the truth of the last stage and at the measure.",
    )


def test_nothing_to_gain():
    found = stage_gains(1.0, {"a": 1.0, "b": 1.0})
    assert found.conclusion == "No stage gains anything by being perfect."
    assert "█" not in str(found)


COMPLAINTS = [
    (
        lambda folder: stage_gains(72, OCR),
        ValueError,
        "`accuracy` must be a fraction in [0, 1]. Received: 72. 72 % is 0.72.",
    ),
    (
        lambda folder: stage_gains(0.72, [0.89, 1.0]),
        TypeError,
        "`perfect` must be a dictionary. Received: list.",
    ),
    (
        lambda folder: stage_gains(0.72, {}),
        ValueError,
        "`perfect` must hold at least one stage. Received: an empty dictionary.",
    ),
    (
        lambda folder: stage_gains(0.72, {"find": -0.1}),
        ValueError,
        "`perfect['find']` must be a fraction in [0, 1]. Received: -0.1.",
    ),
    (
        lambda folder: attribute_to_stages([find, read], accuracy, WORDS),
        TypeError,
        "`stages` must be a list of Stage. Received: list.",
    ),
    (
        lambda folder: attribute_to_stages([], accuracy, WORDS),
        ValueError,
        "`stages` must hold at least one stage. Received: none.",
    ),
    (
        lambda folder: attribute_to_stages(STAGES[:1] * 2, accuracy, WORDS),
        ValueError,
        "`stages` must have different names. Received: find twice.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)


def test_a_measure_outside_its_range_is_complained_about():
    with pytest.raises(ValueError, match="`accuracy` must be a fraction"):
        attribute_to_stages(STAGES, len, WORDS)
