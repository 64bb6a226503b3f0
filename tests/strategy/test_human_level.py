"""Human level: the lecture's doctors, votes and agreement by hand and by scikit-learn."""

import json
import statistics

import numpy as np
import pytest

from dlspec.strategy.human_level import (
    Reading,
    agreement,
    annotator_errors,
    bayes_proxy,
    majority_vote,
)
from dlspec.testing import assert_close
from tests.complaints import complaints_test

# Errors on medical pictures (course 3, week 1).
DOCTORS = {
    "typical person": 0.03,
    "doctor": 0.01,
    "experienced doctor": 0.007,
    "team": 0.005,
}
TRUTH = np.array([0, 0, 1, 1, 1, 0])
VOTES = {
    "A": np.array([0, 0, 1, 1, 0, 0]),
    "B": np.array([0, 1, 1, 1, 1, 0]),
    "C": np.array([1, 0, 1, 0, 0, 0]),
}

PURE_CALLS = {
    "bayes_proxy": (DOCTORS,),
    "majority_vote": (VOTES,),
    "annotator_errors": (TRUTH, VOTES),
    "agreement": (VOTES,),
}


def foci(train, dev, errors=DOCTORS):
    readings = bayes_proxy(errors, train=train, dev=dev).readings
    return {name: reading.focus for name, reading in readings.items()}


def annotators(m=2000, errors=(0.1, 0.12, 0.2), classes=2):
    random = np.random.default_rng(0)
    truth = random.integers(0, classes, m)
    wrong = (truth + random.integers(1, classes, (len(errors), m))) % classes
    missed = random.random((len(errors), m)) < np.array(errors)[:, None]
    return truth, dict(zip("ABCDE", np.where(missed, wrong, truth), strict=False))


# --- The proxy ------------------------------------------------------------------------------------


def test_the_lowest_error_is_the_proxy():
    report = bayes_proxy(DOCTORS)
    assert (report.proxy, report.bayes_at_most) == ("team", 0.005)
    assert list(report.readings) == ["team", "experienced doctor", "doctor", "typical person"]
    assert report.conclusion == "team has the lowest error, so the Bayes error is at most 0.5 %."
    assert report.cannot_tell == (
        "Avoidable bias: the training error would tell.",
        "Variance: the training error and the dev error would tell.",
    )


def test_the_course_on_train_5_and_dev_6():
    """Bias 4 to 4.5 % against variance 1 %, whichever doctor counts."""
    report = bayes_proxy(DOCTORS, train=0.05, dev=0.06)
    assert set(foci(0.05, 0.06).values()) == {"bias"}
    biases = [reading.avoidable_bias for reading in report.readings.values()]
    assert_close(np.array(biases), np.array([0.045, 0.043, 0.04, 0.02]), rtol=1e-12)
    assert_close(report.readings["team"].variance, 0.01, rtol=1e-12)
    assert report.conclusion == (
        "team has the lowest error, so the Bayes error is at most 0.5 %. Avoidable bias is at "
        "least 4.5 %, variance 1 %: work on bias. Every other choice says the same."
    )


def test_the_course_on_train_1_and_dev_5():
    """Bias 0 to 0.5 % against variance 4 %; below the typical person, but at most 1 %."""
    report = bayes_proxy(DOCTORS, train=0.01, dev=0.05)
    assert set(foci(0.01, 0.05).values()) == {"variance"}
    assert report.readings["doctor"].avoidable_bias == 0
    assert report.readings["typical person"].avoidable_bias is None
    # Even a Bayes error of 0 leaves a bias of 1 %: the conclusion does not hang on the proxy.
    assert report.cannot_tell == (
        "Whether such gaps are noise: the number of examples behind each error would tell.",
    )


def test_the_course_on_train_07_and_dev_08():
    """Only the team's 0.5 % shows that bias, 0.2 %, is twice the variance."""
    assert foci(0.007, 0.008) == {
        "team": "bias",
        "experienced doctor": "variance",
        "doctor": "cannot tell",
        "typical person": "cannot tell",
    }
    report = bayes_proxy(DOCTORS, train=0.007, dev=0.008)
    assert report.conclusion.endswith(
        "Avoidable bias is at least 0.2 %, variance 0.1 %: work on bias. Only team shows it."
    )
    without = {name: e for name, e in DOCTORS.items() if name != "team"}
    doubt = bayes_proxy(without, train=0.007, dev=0.008).cannot_tell[0]
    assert doubt == (
        "Whether the Bayes error is so far below experienced doctor that bias is larger after "
        "all: a lower human error would tell."
    )


def test_the_facts_of_the_course_on_one_human_error():
    """Human 1 %, train 8 %, dev 10 %: bias; human 7.5 %: variance."""
    assert foci(0.08, 0.10, {"human": 0.01}) == {"human": "bias"}
    assert foci(0.08, 0.10, {"human": 0.075}) == {"human": "variance"}


def test_below_human_level_bias_cannot_be_told():
    report = bayes_proxy(DOCTORS, train=0.003, dev=0.004)
    assert set(foci(0.003, 0.004).values()) == {"cannot tell"}
    assert report.readings["team"].avoidable_bias is None
    assert_close(report.readings["team"].variance, 0.001, rtol=1e-12)
    assert report.conclusion.endswith(
        "Training error 0.3 % is below that: avoidable bias cannot be told, it is at most 0.3 %."
    )
    assert report.cannot_tell == (
        "Whether the model has passed people or overfits its training set: a lower human error, "
        "of better experts or a larger team, would tell how much bias is left.",
    )
    assert "cannot tell" in str(report)
    document = json.loads(json.dumps(report.to_dict(), allow_nan=False))
    assert document["readings"]["team"]["avoidable_bias"] is None


def test_below_human_level_a_large_variance_still_decides():
    report = bayes_proxy(DOCTORS, train=0.003, dev=0.01)
    assert set(foci(0.003, 0.01).values()) == {"variance"}
    assert report.conclusion.endswith("Variance, 0.7 %, is larger than that: work on variance.")


def test_gaps_alike_none_and_negative():
    assert foci(0.03, 0.05, {"h": 0.01}) == {"h": "either"}  # 0.03 - 0.01 and 0.05 - 0.03, rounded
    assert foci(0.01, 0.01, {"h": 0.01}) == {"h": "neither"}
    report = bayes_proxy({"h": 0.01}, train=0.04, dev=0.03)
    assert report.readings["h"].focus == "bias"
    assert report.cannot_tell[0].startswith("Why dev is easier than train")


def test_without_a_dev_error():
    report = bayes_proxy(DOCTORS, train=0.05)
    assert report.readings["team"] == Reading(0.005, 0.05 - 0.005, None, "cannot tell")
    assert report.conclusion.endswith("Avoidable bias is at least 4.5 %.")
    assert bayes_proxy(DOCTORS, train=0.001).cannot_tell[0].startswith("Variance: ")
    assert len(bayes_proxy(DOCTORS, dev=0.06).cannot_tell) == 2


# --- From labels ----------------------------------------------------------------------------------


def test_majority_by_hand():
    np.testing.assert_array_equal(majority_vote(VOTES), [0, 0, 1, 1, 0, 0])
    texts = majority_vote({"A": ["cat", "dog"], "B": ["horse", "dog"], "C": ["horse", "cat"]})
    assert texts.tolist() == ["horse", "dog"]


def test_among_equals_the_first_annotator_wins():
    votes = {"A": [3, 3, 1], "B": [2, 2, 1], "C": [1, 2, 0], "D": [0, 3, 0]}
    np.testing.assert_array_equal(majority_vote(votes), [3, 3, 1])
    reversed_votes = dict(reversed(votes.items()))
    np.testing.assert_array_equal(majority_vote(reversed_votes), [0, 3, 0])
    np.testing.assert_array_equal(majority_vote({"A": [2, 7]}), [2, 7])


def test_majority_equals_the_loop():
    """`statistics.mode` also takes the first of equals."""
    votes = np.random.default_rng(0).integers(0, 4, (5, 300))
    loop = [statistics.mode(column.tolist()) for column in votes.T]
    np.testing.assert_array_equal(majority_vote(dict(zip("ABCDE", votes, strict=True))), loop)
    ties = [len(statistics.multimode(column.tolist())) > 1 for column in votes.T]
    report = annotator_errors(np.zeros(300, int), dict(zip("ABCDE", votes, strict=True)))
    assert report.ties["team"] == np.mean(ties) > 0.1


def test_errors_by_hand():
    """A misses the fifth, B the second, C the first, fourth and fifth; their vote the fifth."""
    report = annotator_errors(TRUTH, VOTES)
    assert report.errors == {"A": 1 / 6, "B": 1 / 6, "C": 3 / 6, "team": 1 / 6}
    assert_close(report.standard_errors["C"], (0.25 / 6) ** 0.5, rtol=1e-14)
    assert report.ties == {"team": 0.0}
    assert report.cannot_tell == (
        "Whether the lowest error is lower than the next by more than noise: 6 examples are too "
        "few; more would tell.",
    )


def test_errors_of_annotators_who_err_independently():
    """Wrong on 1 of 10, 3 of 25 and 1 of 5 in all 1,250 combinations: the vote on 64, 5.12 %."""
    wrong = np.meshgrid(np.arange(10) < 1, np.arange(25) < 3, np.arange(5) < 1)
    votes = {name: np.ravel(w).astype(int) for name, w in zip("ABC", wrong, strict=True)}
    truth = np.zeros(1250, int)
    p, q, r = 0.1, 0.12, 0.2
    expected = p * q * (1 - r) + p * (1 - q) * r + (1 - p) * q * r + p * q * r
    report = annotator_errors(truth, votes)
    assert report.errors == {"A": p, "B": q, "C": r, "team": 0.0512}
    assert_close(report.errors["team"], expected, rtol=1e-12)
    assert report.cannot_tell == ()
    assert bayes_proxy(report.errors).proxy == "team"
    assert report.conclusion == (
        "team has the lowest error, 5.12 % of 1,250 examples. The best single annotator errs on "
        "10 %."
    )
    json.dumps(report.to_dict(), allow_nan=False)
    assert "standard error" in str(report)


def test_teams_of_ones_own():
    report = annotator_errors(TRUTH, VOTES, {"A and B": ["A", "B"], "C alone": ("C",)})
    # A and B differ on the second and the fifth example, where A's label counts.
    assert report.errors["A and B"] == report.errors["A"]
    assert report.errors["C alone"] == report.errors["C"]
    assert report.ties == {"A and B": 2 / 6, "C alone": 0.0}
    assert set(annotator_errors(TRUTH, {n: VOTES[n] for n in "AB"}).errors) == {"A", "B"}
    assert set(annotator_errors(TRUTH, VOTES, {}).errors) == {"A", "B", "C"}


def test_a_lead_that_is_noise_is_doubted():
    """10 against 15 mistakes of 100: 5 % apart, with a standard error of 4.7 %."""
    votes = {"A": (np.arange(100) < 10).astype(int), "B": (np.arange(100) < 15).astype(int)}
    (doubt,) = annotator_errors(np.zeros(100, int), votes).cannot_tell
    assert doubt.startswith("Whether the lowest error is lower than the next")
    votes["B"] = (np.arange(100) < 25).astype(int)
    assert annotator_errors(np.zeros(100, int), votes).cannot_tell == ()


def test_a_truth_that_the_team_made_is_suspected():
    report = annotator_errors(majority_vote(VOTES), VOTES)
    assert report.errors["team"] == 0
    assert report.cannot_tell[0].startswith("Whether a team without an error is that good")


def test_agreement_by_hand():
    """A and B: 4 of 6 alike; A says 1 for 2 of 6, B for 4 of 6: p_e = 2/6 4/6 + 4/6 2/6 = 4/9."""
    report = agreement(VOTES)
    share, kappa = report.pairs["A, B"]
    assert_close(share, 4 / 6, rtol=1e-14)
    assert_close(kappa, (4 / 6 - 4 / 9) / (1 - 4 / 9), rtol=1e-12)
    assert list(report.pairs) == ["A, B", "A, C", "B, C"]
    assert report.unanimous == 2 / 6  # the third and the last
    assert_close(report.lowest_error, 4 / 18, rtol=1e-14)  # one vote of three on four examples
    assert report.conclusion == (
        "All agree on 33.33 % of 6 examples; least agree B and C, on 33.33 %. Their mean error is "
        "at least 22.22 %, whatever the truth."
    )


@pytest.mark.parametrize("classes", [2, 5])
def test_kappa_equals_sklearn(classes):
    from sklearn.metrics import cohen_kappa_score

    _, votes = annotators(m=500, classes=classes)
    report = agreement(votes)
    for pair, (_, kappa) in report.pairs.items():
        a, b = pair.split(", ")
        assert_close(kappa, float(cohen_kappa_score(votes[a], votes[b])), rtol=1e-12)


def test_disagreement_bounds_the_errors_from_below():
    truth, votes = annotators(m=500, classes=4, errors=(0.1, 0.3, 0.4))
    bound = agreement(votes).lowest_error
    assert bound > 0
    for possible in (truth, majority_vote(votes), votes["A"], np.zeros_like(truth)):
        assert bound <= np.mean([np.mean(given != possible) for given in votes.values()])


def test_kappa_of_annotators_who_only_ever_say_one_thing():
    report = agreement({"A": ["cat", "cat"], "B": ["cat", "cat"]})
    assert report.pairs == {"A, B": (1.0, None)}
    assert "not defined" in str(report)
    assert json.loads(json.dumps(report.to_dict()))["pairs"] == {"A, B": [1.0, None]}
    assert agreement({"A": [0, 0], "B": [1, 1]}).pairs == {"A, B": (0.0, 0.0)}


COMPLAINTS = [
    (
        lambda folder: bayes_proxy(0.01),
        TypeError,
        "`errors` must be a dictionary such as {'doctor': 0.01, 'team': 0.005}. Received: 0.01.",
    ),
    (
        lambda folder: bayes_proxy({}),
        ValueError,
        "`errors` must hold at least one human error. Received: none.",
    ),
    (
        lambda folder: bayes_proxy({"doctor": 1.5}),
        ValueError,
        "`errors['doctor']` must be a fraction in [0, 1]. Received: 1.5. 1.5 % is 0.015.",
    ),
    (
        lambda folder: bayes_proxy(DOCTORS, train=101),
        ValueError,
        "`train` must be a fraction in [0, 1]. Received: 101.",
    ),
    (
        lambda folder: bayes_proxy(DOCTORS, train=0.05, dev=-0.06),
        ValueError,
        "`dev` must be a fraction in [0, 1]. Received: -0.06.",
    ),
    (
        lambda folder: majority_vote([[0, 1], [1, 1]]),
        TypeError,
        "`annotations` must be a dictionary from annotators to their labels. Received: list.",
    ),
    (
        lambda folder: majority_vote({}),
        ValueError,
        "`annotations` must hold at least one annotator. Received: none.",
    ),
    (
        lambda folder: majority_vote({"A": [0, 1], "B": [0, 1, 1]}),
        ValueError,
        "`annotations['B']` must have one label for each of the 2 in `annotations['A']`. "
        "Received: 3.",
    ),
    (
        lambda folder: majority_vote({"A": ["cat"], "B": [0]}),
        TypeError,
        "`annotations['B']` must hold texts as `annotations['A']` does. Received: numbers.",
    ),
    (
        lambda folder: annotator_errors([], VOTES),
        ValueError,
        "`truth` must hold at least one label. Received: none.",
    ),
    (
        lambda folder: annotator_errors([0, 1], VOTES),
        ValueError,
        "`annotations['A']` must have one label for each of the 2 in `truth`. Received: 6.",
    ),
    (
        lambda folder: annotator_errors(TRUTH, VOTES, ["A", "B"]),
        TypeError,
        "`teams` must be a dictionary from teams to their members. Received: list.",
    ),
    (
        lambda folder: annotator_errors(TRUTH, VOTES, {"A": ["B", "C"]}),
        ValueError,
        "`teams` must have names that no annotator has. Received: 'A'.",
    ),
    (
        lambda folder: annotator_errors(TRUTH, VOTES, {"team": "A"}),
        ValueError,
        "`teams['team']` must be a list of names. Received: 'A'.",
    ),
    (
        lambda folder: annotator_errors(TRUTH, VOTES, {"team": []}),
        ValueError,
        "`teams['team']` must be a list of names. Received: [].",
    ),
    (
        lambda folder: annotator_errors(TRUTH, VOTES, {"team": ["A", "D"]}),
        ValueError,
        "`teams['team']` must hold annotators only. Received: 'D'. Known: A, B, C.",
    ),
    (
        lambda folder: agreement({"A": [0, 1]}),
        ValueError,
        "`annotations` must hold at least two annotators. Received: 1.",
    ),
    (
        lambda folder: agreement("A"),
        TypeError,
        "`annotations` must be a dictionary from annotators to their labels. Received: str.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
