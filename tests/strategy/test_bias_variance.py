"""Bias and variance: the lecture's examples, every pattern of missing errors, chance."""

import json
from itertools import combinations

import numpy as np
import pytest

from dlspec.strategy.bias_variance import REMEDIES, compare_distributions, diagnose
from dlspec.testing import assert_close
from tests.complaints import complaints_test

SPEECH = {"human": 0.04, "train": 0.07, "dev": 0.10}
MIRROR = {"human": 0.06, "train": 0.06, "dev": 0.06}
LADDER = {"human": 0.01, "train": 0.02, "train_dev": 0.04, "dev": 0.08, "test": 0.16}

PURE_CALLS = {
    "diagnose": {"train": 0.01, "dev": 0.02, "sizes": {"dev": 500}},
    "compare_distributions": (SPEECH, MIRROR),
}


def sizes(diagnosis):
    return {gap.name: gap.size for gap in diagnosis.gaps}


# --- The lecture ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("errors", "gaps", "first"),
    [
        (
            {"human": 0.01, "train": 0.08, "dev": 0.10},
            {"avoidable bias": 0.07, "variance": 0.02},
            "avoidable bias",
        ),
        (
            {"human": 0.075, "train": 0.08, "dev": 0.10},
            {"avoidable bias": 0.005, "variance": 0.02},
            "variance",
        ),
        (
            {"human": 0.01, "train": 0.015, "dev": 0.03},
            {"avoidable bias": 0.005, "variance": 0.015},
            "variance",
        ),
        (
            {"human": 0.0, "train": 0.01, "train_dev": 0.09, "dev": 0.10},
            {"avoidable bias": 0.01, "variance": 0.08, "data mismatch": 0.01},
            "variance",
        ),
        (
            {"human": 0.0, "train": 0.01, "train_dev": 0.015, "dev": 0.10},
            {"avoidable bias": 0.01, "variance": 0.005, "data mismatch": 0.085},
            "data mismatch",
        ),
        (
            {"human": 0.0, "train": 0.10, "train_dev": 0.11, "dev": 0.12},
            {"avoidable bias": 0.10, "variance": 0.01, "data mismatch": 0.01},
            "avoidable bias",
        ),
        (
            {"human": 0.0, "train": 0.10, "train_dev": 0.11, "dev": 0.20},
            {"avoidable bias": 0.10, "variance": 0.01, "data mismatch": 0.09},
            "avoidable bias",
        ),
    ],
)
def test_the_examples_of_the_lectures(errors, gaps, first):
    found = diagnose(**errors)
    assert list(sizes(found)) == list(gaps)
    assert_close(list(sizes(found).values()), list(gaps.values()), atol=1e-12)
    assert found.ranked[0] == first
    assert found.conclusion.startswith(f"Work on {first} first: ")
    assert list(found.remedies) == list(found.ranked)
    assert found.remedies[first] == REMEDIES[first]
    assert found.used == errors


def test_a_test_error_above_the_dev_error_is_overfitting_to_dev():
    found = diagnose(human=0.0, train=0.01, train_dev=0.01, dev=0.02, test=0.1)
    assert found.ranked[0] == "overfitting to dev"
    assert found.remedies["overfitting to dev"] == ("Get a larger dev set.",)
    assert found.cannot_tell == (
        "Which gaps may be chance: the numbers of examples (sizes) would tell.",
    )


def test_a_dev_set_that_is_easier_is_explained():
    """4, 7, 10, 6, 6 %: general speech, then speech at a rear-view mirror."""
    found = diagnose(human=0.04, train=0.07, train_dev=0.10, dev=0.06, test=0.06)
    assert_close(list(sizes(found).values()), [0.03, 0.03, -0.04, 0.0], atol=1e-12)
    assert found.ranked == ("avoidable bias", "variance")
    assert found.notes == {
        "data mismatch": "The dev set is easier than the data trained on: the mismatch does no "
        "harm."
    }
    assert "The next gap is as large." in found.conclusion


# --- Missing errors -------------------------------------------------------------------------------

PATTERNS = [names for r in range(2, 6) for names in combinations(LADDER, r)]


@pytest.mark.parametrize("names", PATTERNS, ids="-".join)
def test_any_may_be_missing(names):
    """Gaps add up to the whole way; every cause is told, or it is said what would tell it."""
    found = diagnose(**{name: LADDER[name] for name in names})
    assert_close(sum(sizes(found).values()), LADDER[names[-1]] - LADDER[names[0]], atol=1e-12)
    told = [gap.name for gap in found.gaps if len(gap.causes) == 1]
    opened = " ".join(found.cannot_tell).lower()
    for cause in REMEDIES:
        assert (cause in told) != (cause in opened)
    for missing in set(LADDER) - set(names):
        assert missing.replace("_", "-") in opened
    assert set(found.remedies) == {gap.name for gap in found.gaps}
    json.dumps(found.to_dict(), allow_nan=False)
    assert found.conclusion in " ".join(str(found).split())


def test_without_train_dev_variance_may_hide_mismatch():
    (gap,) = diagnose(train=0.01, dev=0.10).gaps
    assert (gap.name, gap.causes) == ("variance", ("variance", "data mismatch"))
    found = diagnose(train=0.01, dev=0.10)
    assert found.notes == {"variance": "May hide data mismatch."}
    assert found.cannot_tell[1] == (
        "How much of the variance is data mismatch: the train-dev error would tell. There is none "
        "where training and dev data come from one distribution."
    )


def test_without_human_it_says_what_avoidable_bias_would_be():
    found = diagnose(train=0.08, dev=0.10)
    assert found.cannot_tell[0] == (
        "Avoidable bias: the human error would tell. If the Bayes error were 0, it would be "
        "8 points."
    )
    assert found.conclusion.endswith(
        "But with a human error below 6 % avoidable bias would be the largest gap."
    )
    assert diagnose(human=0.059, train=0.08, dev=0.10).ranked[0] == "avoidable bias"
    assert diagnose(human=0.061, train=0.08, dev=0.10).ranked[0] == "variance"
    assert diagnose(train=0.01, dev=0.10).conclusion.endswith(
        "Avoidable bias can be no larger than the training error, 1 %."
    )


def test_causes_that_cannot_be_told_apart_ask_for_the_error_between():
    found = diagnose(human=0.01, dev=0.10)
    name = "avoidable bias + variance + data mismatch"
    assert found.ranked == (name,)
    assert found.remedies[name] == (
        "Measure the train and train-dev errors first, to tell avoidable bias, variance and data "
        "mismatch apart.",
    )
    assert found.conclusion == (
        "Most is lost to avoidable bias, variance and data mismatch together: 9 points from human "
        "(1 %) to dev (10 %)."
    )


# --- Odd gaps -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("errors", "name", "note"),
    [
        (
            {"human": 0.02, "train": 0.01},
            "avoidable bias",
            "Below the human error, which then no longer shows how low one can get. Or the "
            "training set was learnt by heart.",
        ),
        (
            {"human": 0.02, "train_dev": 0.01},
            "avoidable bias + variance",
            "Below the human error, which then no longer shows how low one can get.",
        ),
        (
            {"train": 0.02, "dev": 0.01},
            "variance",
            "Data not trained on is easier. Was the training error measured with dropout or "
            "augmentation switched on? May hide data mismatch.",
        ),
        (
            {"dev": 0.02, "test": 0.01},
            "overfitting to dev",
            "The test set is easier, by chance if both sets come from one distribution: no sign of "
            "overfitting to dev.",
        ),
        (
            {"train_dev": 0.02, "test": 0.01},
            "data mismatch + overfitting to dev",
            "One of its parts must be negative.",
        ),
    ],
)
def test_negative_gaps_are_explained_and_call_for_no_work(errors, name, note):
    found = diagnose(**errors)
    assert found.gaps[0].size == -0.01
    assert found.notes == {name: note}
    assert found.ranked == ()
    assert found.conclusion.startswith("None of the gaps known calls for work.")
    assert "-1" in str(found)


def test_better_than_people_asks_for_a_better_stand_in():
    expected = "a better stand-in for the Bayes error than this human error would tell"
    assert any(expected in text for text in diagnose(human=0.02, dev=0.01).cannot_tell)


# --- Chance ---------------------------------------------------------------------------------------


def test_a_gap_of_0_3_points_on_500_examples_is_noise():
    found = diagnose(dev=0.100, test=0.103, sizes={"dev": 500, "test": 500})
    (gap,) = found.gaps
    assert_close(gap.standard_error, np.sqrt(0.1 * 0.9 / 500 + 0.103 * 0.897 / 500), rtol=1e-12)
    assert gap.chance
    assert found.ranked == ()
    assert found.notes == {
        "overfitting to dev": "May be chance: 0.3 points, with a standard error of 1.91 points."
    }


def test_standard_error_equals_simulation():
    random = np.random.default_rng(0)
    draws = random.binomial(400, 0.12, 20_000) / 400 - random.binomial(900, 0.08, 20_000) / 900
    (gap,) = diagnose(train_dev=0.08, dev=0.12, sizes={"train_dev": 900, "dev": 400}).gaps
    assert_close(gap.standard_error, draws.std(), rtol=0.02)
    assert not gap.chance
    (gap,) = diagnose(train_dev=0.08, dev=0.12, sizes={"dev": 400}).gaps
    assert_close(gap.standard_error, np.sqrt(0.12 * 0.88 / 400), rtol=1e-12)


def test_so_many_times_the_examples_would_tell():
    found = diagnose(dev=0.10, test=0.11, sizes={"dev": 500, "test": 500})
    assert found.cannot_tell[-1].startswith("Whether overfitting to dev is more than chance: 16 ")
    for times, chance in ((15, True), (16, False)):
        sizes = {"dev": 500 * times, "test": 500 * times}
        assert diagnose(dev=0.10, test=0.11, sizes=sizes).gaps[0].chance is chance


# --- Rendering ------------------------------------------------------------------------------------


def test_bars_and_remedies_as_text():
    lines = str(diagnose(human=0.01, train=0.08, dev=0.10, sizes={"dev": 5000})).splitlines()
    cells = [line.split() for line in lines]
    assert ["avoidable", "bias", "human", "1", "%", "train", "8", "%", "7", "█" * 24] in cells
    assert ["variance", "train", "8", "%", "dev", "10", "%", "2", "±", "0.42", "██████▊"] in cells
    first = next(i for i, line in enumerate(lines) if "Train a larger model." in line)
    assert cells[first][:3] == ["avoidable", "bias", "1"]
    assert cells[first + 3][:3] == ["variance", "1", "Get"]


def test_a_report_without_any_gap_still_has_a_table():
    text = str(diagnose(train=0.0, dev=0.0))
    assert "variance" in text
    assert "█" not in text


# --- Two distributions ----------------------------------------------------------------------------


def test_speech_at_a_rear_view_mirror():
    found = compare_distributions(SPEECH, MIRROR)
    assert found.avoidable_bias == {"general": 0.03, "target": 0.0}
    assert found.variance == {"general": 0.03, "target": 0.0}
    assert found.mismatch == {"human": 0.02, "train": -0.01, "dev": -0.04}
    assert found.conclusion == (
        "For people the target is harder, by 2 points. For examples trained on the target is "
        "easier, by 1 point. For examples not trained on the target is easier, by 4 points. On the "
        "target the model is as good as people (6 %)."
    )
    assert found.cannot_tell == ()


def test_columns_agree_with_diagnose():
    found = compare_distributions(MIRROR, SPEECH)
    for name, side in (("general", MIRROR), ("target", SPEECH)):
        gaps = sizes(diagnose(**side))
        assert found.avoidable_bias[name] == gaps["avoidable bias"]
        assert found.variance[name] == gaps["variance"]
    assert found.conclusion.endswith("On the target work on avoidable bias: 3 points.")


def test_missing_cells_are_question_marks():
    found = compare_distributions({"human": 0.04, "dev": 0.1}, {"train": 0.2, "dev": 0.1})
    assert found.mismatch == {"dev": 0.0}
    assert found.avoidable_bias == {}
    assert found.variance == {"target": -0.1}
    assert found.sections()[0].rows == [
        ("people", "4 %", "?", "?"),
        ("examples trained on", "?", "20 %", "?"),
        ("examples not trained on", "10 %", "10 %", "0 points"),
    ]
    assert found.cannot_tell == (
        "Gaps that need the error of examples trained on (general) and people (target).",
    )
    assert found.conclusion == "The two distributions are equally hard."


# --- Bad input ------------------------------------------------------------------------------------

COMPLAINTS = [
    (
        lambda folder: diagnose(),
        ValueError,
        "`errors` must be at least two of human, train, train-dev, dev and test. Received: none. "
        "A gap lies between two.",
    ),
    (
        lambda folder: diagnose(train_dev=0.1),
        ValueError,
        "`errors` must be at least two of human, train, train-dev, dev and test. Received: "
        "train-dev only. A gap lies between two.",
    ),
    (
        lambda folder: diagnose(train=8, dev=0.1),
        ValueError,
        "`train` must be a fraction in [0, 1]. Received: 8. 8 % is 0.08.",
    ),
    (
        lambda folder: diagnose(train=0.1, dev="10 %"),
        TypeError,
        "`dev` must be a real number. Received: '10 %' (str).",
    ),
    (
        lambda folder: diagnose(train=0.1, dev=0.2, sizes=500),
        TypeError,
        "`sizes` must be a dictionary. Received: int.",
    ),
    (
        lambda folder: diagnose(train=0.1, dev=0.2, sizes={"test": 500}),
        ValueError,
        "`sizes` must name errors that are given. Received: test. Known: train, dev.",
    ),
    (
        lambda folder: diagnose(train=0.1, dev=0.2, sizes={"dev": 0}),
        ValueError,
        "`sizes['dev']` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: compare_distributions(0.1, MIRROR),
        TypeError,
        "`general` must be a dictionary. Received: float.",
    ),
    (
        lambda folder: compare_distributions(SPEECH, 0.1),
        TypeError,
        "`target` must be a dictionary. Received: float.",
    ),
    (
        lambda folder: compare_distributions(SPEECH, {"humans": 0.1}),
        ValueError,
        "`target` must name known rows. Received: humans. "
        "Did you mean human? Known: human, train, dev.",
    ),
    (
        lambda folder: compare_distributions({"human": -0.1}, MIRROR),
        ValueError,
        "`general['human']` must be a fraction in [0, 1]. Received: -0.1.",
    ),
    (
        lambda folder: compare_distributions({"train": 0.1}, {"dev": 0.1}),
        ValueError,
        "`target` must share a row with general. Received: dev. `general` has train.",
    ),
    (
        lambda folder: compare_distributions({}, MIRROR),
        ValueError,
        "`general` must hold at least one error. Received: an empty dictionary.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
