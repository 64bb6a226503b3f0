"""Metrics: the lecture's numbers, scikit-learn, and what is not defined."""

import json

import numpy as np
import pytest

from dlspec.strategy.metrics import (
    Counts,
    confusion_matrix,
    count,
    evaluate,
    evaluate_multiclass,
    evaluate_weighted,
    examples_to_tell_apart,
    f1_score,
    false_negative_rate,
    precision,
    rank,
    recall,
    weighted_error,
)
from dlspec.testing import assert_close
from tests.complaints import complaints_test

COUNTS = Counts(19, 1, 6, 74)
LABELS = np.array([0, 1, 1, 0, 2, 2, 1])
PREDICTIONS = np.array([0, 1, 0, 0, 2, 1, 1])
WEIGHTS = np.array([1.0, 1, 10, 1, 1, 1, 10])
# Errors of six classifiers in four regions (as in course 3, week 1); averages by hand, in percent.
REGIONS = {
    "A": {"US": 0.03, "China": 0.07, "India": 0.05, "other": 0.09},
    "B": {"US": 0.05, "China": 0.06, "India": 0.05, "other": 0.10},
    "C": {"US": 0.02, "China": 0.03, "India": 0.04, "other": 0.05},
    "D": {"US": 0.05, "China": 0.08, "India": 0.07, "other": 0.02},
    "E": {"US": 0.04, "China": 0.05, "India": 0.02, "other": 0.04},
    "F": {"US": 0.07, "China": 0.11, "India": 0.08, "other": 0.12},
}
AVERAGES = {"A": 6, "B": 6.5, "C": 3.5, "D": 5.5, "E": 3.75, "F": 9.5}

PURE_CALLS = {
    "count": (LABELS, PREDICTIONS),
    "precision": (COUNTS,),
    "recall": (COUNTS,),
    "false_negative_rate": (COUNTS,),
    "f1_score": (0.66, 0.8),
    "evaluate": (COUNTS,),
    "confusion_matrix": (LABELS, PREDICTIONS),
    "evaluate_multiclass": (LABELS, PREDICTIONS),
    "weighted_error": (LABELS, PREDICTIONS, WEIGHTS),
    "evaluate_weighted": (LABELS, PREDICTIONS, WEIGHTS),
    "examples_to_tell_apart": (0.1, 0.09),
    "rank": (REGIONS,),
}


def as_json(report):
    return json.loads(json.dumps(report.to_dict(), allow_nan=False))


def random_answers(classes, m=300):
    random = np.random.default_rng(1)
    labels = random.integers(0, classes, m)
    return labels, np.where(random.random(m) < 0.7, labels, random.integers(0, classes, m))


# --- Yes or no ------------------------------------------------------------------------------------


def test_the_course_on_f1():
    """Precision 0.66 and recall 0.8 or 0.1; 95 % and 90 % against 98 % and 85 %."""
    assert round(f1_score(0.66, 0.8), 2) == 0.72
    assert round(f1_score(0.66, 0.1), 2) == 0.17
    assert round(f1_score(0.95, 0.90), 3) == 0.924
    assert round(f1_score(0.98, 0.85), 3) == 0.910


def test_f1_is_the_harmonic_mean():
    assert_close(f1_score(0.3, 0.7), 2 / (1 / 0.3 + 1 / 0.7), rtol=1e-14)
    assert f1_score(0.0, 0.0) == f1_score(1.0, 0.0) == 0.0
    assert f1_score(1, 1) == 1.0


def test_counts_by_hand():
    counts = count(["cat", "cat", "dog", "dog", "bird"], ["cat", "dog", "cat", "dog", "dog"], "cat")
    assert counts == Counts(1, 1, 1, 2)
    assert count([True, False], [True, True]) == Counts(1, 1, 0, 0)
    assert count([0, 0], [0, 0]) == Counts(0, 0, 0, 2)


def test_single_numbers_by_hand():
    """19 of 20 called positive are, 19 of 25 positives are found, 7 of 100 answers are wrong."""
    assert precision(COUNTS) == 19 / 20
    assert recall(COUNTS) == 19 / 25
    assert false_negative_rate(COUNTS) == 6 / 25
    report = evaluate(COUNTS)
    assert (report.error, report.baseline_error) == (0.07, 0.25)
    assert report.f1 == 38 / 45
    assert report.conclusion == (
        "19 of 25 positives are found, 19 of 20 called positive are: F1 is 84.44 %."
    )
    assert report.cannot_tell == ()


def test_single_numbers_equal_sklearn():
    from sklearn import metrics

    labels, predictions = random_answers(2)
    report = evaluate(count(labels, predictions))
    assert_close(report.precision, metrics.precision_score(labels, predictions), rtol=1e-14)
    assert_close(report.recall, metrics.recall_score(labels, predictions), rtol=1e-14)
    assert_close(report.f1, metrics.f1_score(labels, predictions), rtol=1e-14)
    assert_close(report.f1, f1_score(report.precision, report.recall), rtol=1e-14)
    assert_close(report.false_negative_rate, 1 - report.recall, rtol=1e-13)
    assert_close(report.error, metrics.zero_one_loss(labels, predictions), rtol=1e-13)


def test_without_a_positive_answer_there_is_no_precision():
    report = evaluate(Counts(0, 0, 10, 990))
    assert (report.precision, report.recall, report.f1) == (None, 0.0, 0.0)
    assert report.cannot_tell == (
        "Precision: no example was called positive; a lower threshold would give some.",
    )
    assert report.conclusion == (
        "0 of 10 positives are found, none called so: F1 is 0 %. The error of 1 % is no better "
        "than the 1 % of always giving the same answer."
    )
    assert "not defined" in str(report)
    assert as_json(report)["precision"] is None


def test_without_a_positive_example_there_is_no_recall():
    report = evaluate(Counts(0, 2, 0, 8))
    assert (report.precision, report.recall, report.false_negative_rate) == (0.0, None, None)
    assert report.f1 == 0.0
    assert report.cannot_tell == (
        "Recall and the false-negative rate: no example is positive; a set with positives would "
        "tell.",
    )
    nothing = evaluate(Counts(0, 0, 0, 8))
    assert nothing.f1 is None
    assert "F1 is not defined" in nothing.conclusion
    assert len(nothing.cannot_tell) == 2


# --- Several classes ------------------------------------------------------------------------------


def test_several_classes_equal_sklearn():
    from sklearn import metrics

    labels, predictions = random_answers(5)
    report = evaluate_multiclass(labels, predictions)
    np.testing.assert_array_equal(report.matrix, metrics.confusion_matrix(labels, predictions))
    for average, ours in (("macro", report.macro_f1), ("micro", report.micro_f1)):
        theirs = metrics.f1_score(labels, predictions, average=average)
        assert_close(ours, float(theirs), rtol=1e-13)
    P, R, F, n = metrics.precision_recall_fscore_support(labels, predictions)
    for i in range(5):
        own = report.per_class[str(i)]
        assert own["examples"] == n[i]
        values = np.array([own["precision"], own["recall"], own["f1"]])
        assert_close(values, np.array([P[i], R[i], F[i]]), rtol=1e-13)


def test_matrix_has_the_truth_in_rows():
    classes, matrix = confusion_matrix(["b", "b", "b", "a"], ["b", "a", "a", "a"])
    assert classes.tolist() == ["a", "b"]
    np.testing.assert_array_equal(matrix, [[1, 0], [2, 1]])


def test_classes_never_answered_and_never_true_are_named():
    report = evaluate_multiclass(["cat", "dog", "dog"], ["cat", "cow", "cat"])
    assert report.cannot_tell == (
        "Recall of cow: no example is cow; a set with some would tell.",
        "Precision of dog: nothing was called dog.",
    )
    assert report.per_class["cow"]["f1"] == report.per_class["dog"]["f1"] == 0.0
    assert_close(report.macro_f1, 2 / 9, rtol=1e-14)  # F1 of cat is 2 / 3
    assert_close(report.error, 2 / 3, rtol=1e-14)
    assert report.conclusion.endswith("the most frequent mistake is dog called cat, 1 of 2.")
    assert "not defined" in str(report)
    assert as_json(report)["matrix"] == [[1, 0, 0], [0, 0, 0], [1, 1, 0]]


def test_all_right():
    report = evaluate_multiclass([1, 2], [1, 2])
    assert report.conclusion == "Macro F1 is 100 %, micro F1 100 %. Every answer is right."


# --- Weights --------------------------------------------------------------------------------------


def test_the_course_on_a_metric_that_misses_the_point():
    """A has 3 % error and shows forbidden pictures, B 5 %: with weight 10 B is the better one."""
    forbidden = np.arange(1000) < 20
    weights = np.where(forbidden, 10.0, 1.0)
    truth = np.zeros(1000, int)
    a, b = np.zeros(1000, int), np.zeros(1000, int)
    a[:30] = 1  # 20 of them forbidden
    b[-50:] = 1
    assert (np.mean(a), np.mean(b)) == (0.03, 0.05)
    assert_close(weighted_error(truth, a, weights), 210 / 1180, rtol=1e-14)
    assert_close(weighted_error(truth, b, weights), 50 / 1180, rtol=1e-14)
    report = evaluate_weighted(truth, a, weights)
    assert report.by_weight == ((1.0, 980, 10, 10 / 210), (10.0, 20, 20, 200 / 210))
    assert report.conclusion == (
        "The weighted error is 17.8 %, the plain one 3 %. With weight 10, 20 of 20 are wrong, "
        "which makes up 95.24 % of the weighted error."
    )
    assert_close(report.effective_examples, 1180**2 / 2980, rtol=1e-14)
    assert "467 examples alike" in report.cannot_tell[0]
    assert "95.24 %" in str(report)
    as_json(report)


def test_weighted_error_equals_the_loop_and_sklearn():
    from sklearn.metrics import zero_one_loss

    labels, predictions = random_answers(3)
    weights = np.random.default_rng(2).random(300)
    total = sum(w for w, a, b in zip(weights, labels, predictions, strict=True) if a != b)
    ours = weighted_error(labels, predictions, weights)
    assert_close(ours, float(total / weights.sum()), rtol=1e-13)
    theirs = zero_one_loss(labels, predictions, sample_weight=weights)
    assert_close(ours, float(theirs), rtol=1e-12)


def test_weights_alike_give_the_plain_error():
    report = evaluate_weighted(LABELS, PREDICTIONS, np.full(7, 3.0))
    assert_close(report.weighted_error, 2 / 7, rtol=1e-14)
    assert_close(report.effective_examples, 7.0, rtol=1e-14)
    right = evaluate_weighted(LABELS, LABELS, WEIGHTS)
    assert right.weighted_error == 0
    assert all(share == 0 for *_, share in right.by_weight)


# --- Ranking --------------------------------------------------------------------------------------


def test_the_course_on_many_classifiers():
    ranking = rank(REGIONS)
    assert [name for _, name, _ in ranking.places] == ["C", "E", "D", "A", "B", "F"]
    scores = {name: score for _, name, score in ranking.places}
    for name, average in AVERAGES.items():
        assert_close(scores[name], average / 100, rtol=1e-14)
    assert_close(ranking.margin, 0.0025, rtol=1e-12)
    assert ranking.used == {"numbers": REGIONS, "examples": "not given"}
    assert (ranking.winners, ranking.noise) == (("C",), None)
    assert ranking.conclusion == "C has the lowest average, 0.035, by 0.0025 over E."
    assert ranking.cannot_tell[0] == (
        "Whether the margin is noise: a number of examples; if the numbers are shares of separate "
        f"examples, {ranking.needed_examples:,} for each would do, on the same ones fewer."
    )
    assert "best of 6" in ranking.cannot_tell[1]
    as_json(ranking)


def test_the_course_on_f1_as_the_number_to_rank_by():
    table = {
        "A": {"precision": 0.95, "recall": 0.90},
        "B": {"precision": 0.98, "recall": 0.85},
    }
    ranking = rank(table, "f1")
    assert ranking.winners == ("A",)
    assert ranking.best == "highest"
    assert ranking.needed_examples is None
    assert ranking.cannot_tell == (
        "Whether the margin is noise: f1 is no share of examples by itself; its spread over "
        "resampled dev sets would tell.",
    )


def test_any_metric():
    table = {"A": {"accuracy": 0.9, "ms": 80}, "B": {"accuracy": 0.92, "ms": 95}}
    assert rank(table, "accuracy", best="highest").winners == ("B",)
    assert rank(table, "ms", best="lowest").winners == ("A",)
    ranking = rank(table, lambda row: row["accuracy"] - 0.5 * row["ms"] / 1000, best="highest")
    assert ranking.winners == ("B",)
    assert_close(ranking.margin, 0.8725 - 0.86, rtol=1e-12)


def test_ties_share_a_place():
    ranking = rank({"A": 0.3, "B": 0.1 + 0.2, "C": 0.5, "D": 0.5, "E": 0.6})
    assert [(place, name) for place, name, _ in ranking.places] == [
        (1, "A"),
        (1, "B"),
        (3, "C"),
        (3, "D"),
        (5, "E"),
    ]
    assert ranking.winners == ("A", "B")
    assert ranking.needed_examples is None
    assert ranking.conclusion == "A and B tie with the lowest average, 0.3."
    assert ranking.cannot_tell[0].startswith("Which of those that tie")


def test_one_candidate():
    ranking = rank({"A": 0.3})
    assert ranking.conclusion == "A has the lowest average, 0.3; there is no other."
    assert (ranking.margin, ranking.cannot_tell) == (None, ())


def test_margin_against_noise():
    """10 % and 8 % on 1,000 examples each: 1.96 sqrt((0.09 + 0.0736) / 1000) = 2.507 %."""
    near = rank({"A": 0.10, "B": 0.08}, examples=1000)
    assert round(near.noise, 5) == 0.02507
    assert near.needed_examples == 1572  # 1.96^2 * 0.1636 / 0.02^2 = 1571.2
    assert near.conclusion == (
        "B has the lowest average, 0.08, by 0.02 over A: within the noise of 1000 examples, "
        "± 0.02507."
    )
    assert "a larger number of examples" in near.cannot_tell[0]
    enough = rank({"A": 0.10, "B": 0.08}, examples=near.needed_examples)
    assert enough.margin > enough.noise
    assert "more than the noise" in enough.conclusion
    assert enough.cannot_tell == ()
    too_few = rank({"A": 0.10, "B": 0.08}, examples=near.needed_examples - 1)
    assert too_few.margin < too_few.noise


def test_noise_of_an_average_equals_a_simulation():
    """1,000 times the errors of C and E, drawn on 400 examples per region."""
    ranking = rank({name: REGIONS[name] for name in ("C", "E")}, examples=400)
    random = np.random.default_rng(3)
    errors = np.array([list(REGIONS[name].values()) for name in ("C", "E")])
    measured = random.binomial(400, errors, size=(4000, 2, 4)) / 400
    spread = np.diff(measured.mean(axis=2)).std()
    assert_close(ranking.noise, 1.96 * float(spread), rtol=0.05)


def test_examples_to_tell_apart_by_hand():
    assert examples_to_tell_apart(0.10, 0.08) == 1572
    assert examples_to_tell_apart(0.08, 0.10) == 1572
    # Both right or both wrong but for 4 %: 1.96^2 (0.04 - 0.0004) / 0.0004 = 380.3
    assert examples_to_tell_apart(0.10, 0.08, disagreement=0.04) == 381
    # Mistakes that know nothing of each other disagree on a + b - 2 a b.
    assert examples_to_tell_apart(0.10, 0.08, disagreement=0.18 - 2 * 0.008) == 1572
    assert examples_to_tell_apart(0.0, 1.0) == examples_to_tell_apart(0, 1, disagreement=1) == 1


COMPLAINTS = [
    (
        lambda folder: Counts(1, -1, 0, 0),
        ValueError,
        "`false_positives` must be at least 0. Received: -1.",
    ),
    (
        lambda folder: Counts(0, 0, 0, 0),
        ValueError,
        "`counts` must hold at least one example. Received: 0.",
    ),
    (
        lambda folder: count([[1, 0]], [1, 0]),
        ValueError,
        "`labels` must have shape (m,). Received: (1, 2). Use np.ravel(labels).",
    ),
    (
        lambda folder: count([1, 0], [0.9, 0.2]),
        ValueError,
        "`predictions` must hold whole numbers. Received: 0.9. Probabilities become labels by a "
        "threshold, such as p > 0.5.",
    ),
    (
        lambda folder: count(["cat", "dog"], ["cat", "dog"]),
        ValueError,
        "`positive` must be a class that occurs. Received: 1. Known: cat, dog.",
    ),
    (
        lambda folder: precision(Counts(0, 0, 3, 9)),
        ValueError,
        "`counts` must hold an example called positive. Received: 0 of 12. Precision is not "
        "defined; F1 is 0 where there are positives to find.",
    ),
    (
        lambda folder: precision((1, 2, 3, 4)),
        TypeError,
        "`counts` must be Counts. Received: tuple. count(labels, predictions) makes them.",
    ),
    (
        lambda folder: recall(Counts(0, 3, 0, 9)),
        ValueError,
        "`counts` must hold a positive example. Received: 0 of 12. Recall is not defined; measure "
        "on examples with some positives among them.",
    ),
    (
        lambda folder: recall(None),
        TypeError,
        "`counts` must be Counts. Received: NoneType. count(labels, predictions) makes them.",
    ),
    (
        lambda folder: evaluate([1]),
        TypeError,
        "`counts` must be Counts. Received: list. count(labels, predictions) makes them.",
    ),
    (
        lambda folder: f1_score(66, 0.8),
        ValueError,
        "`precision` must be a fraction in [0, 1]. Received: 66. 66 % is 0.66.",
    ),
    (
        lambda folder: f1_score(0.66, -0.1),
        ValueError,
        "`recall` must be a fraction in [0, 1]. Received: -0.1.",
    ),
    (
        lambda folder: confusion_matrix([1, 0], [1]),
        ValueError,
        "`predictions` must have one label for each of the 2 in `labels`. Received: 1.",
    ),
    (
        lambda folder: weighted_error([1, 0], ["a", "b"], [1, 1]),
        TypeError,
        "`predictions` must hold numbers as `labels` does. Received: texts.",
    ),
    (
        lambda folder: weighted_error([1, 0], [1, 0], [1, 1, 1]),
        ValueError,
        "`weights` must have shape (m=2,). Received: (3,). `labels` sets m=2.",
    ),
    (
        lambda folder: evaluate_weighted([1, 0], [1, 0], [1, -10]),
        ValueError,
        "`weights` must be at least 0. Received: -10.",
    ),
    (
        lambda folder: evaluate_weighted([1, 0], [1, 0], [0, 0]),
        ValueError,
        "`weights` must have a sum above 0. Received: zeros only.",
    ),
    (
        lambda folder: examples_to_tell_apart(0.1, 0.1),
        ValueError,
        "`error_b` must differ from error_a=0.1. Received: 0.1.",
    ),
    (
        lambda folder: examples_to_tell_apart(0.1, 8),
        ValueError,
        "`error_b` must be a fraction in [0, 1]. Received: 8. 8 % is 0.08.",
    ),
    (
        lambda folder: examples_to_tell_apart(0.1, 0.08, disagreement=0.2),
        ValueError,
        "`disagreement` must lie between |a - b| = 0.02 and 0.18. Received: 0.2.",
    ),
    (
        lambda folder: examples_to_tell_apart(0.1, 0.08, disagreement="few"),
        TypeError,
        "`disagreement` must be a real number. Received: 'few' (str).",
    ),
    (
        lambda folder: rank([0.1, 0.2]),
        TypeError,
        "`candidates` must be a dictionary of dictionaries. Received: list.",
    ),
    (
        lambda folder: rank({}),
        ValueError,
        "`candidates` must hold at least one candidate. Received: none.",
    ),
    (
        lambda folder: rank(REGIONS, by=["US"]),
        TypeError,
        "`by` must be a name or a function. Received: ['US'].",
    ),
    (
        lambda folder: rank({"A": {}}),
        ValueError,
        "`candidates['A']` must have numbers. Received: nothing.",
    ),
    (
        lambda folder: rank({"A": {"US": 0.1, "India": 0.1}, "B": {"US": 0.1}}),
        ValueError,
        "`candidates['B']` must have US, India. Received: US.",
    ),
    (
        lambda folder: rank({"A": {"US": 0.1}, "B": {"US": 0.1, "India": 0.1}}),
        ValueError,
        "`candidates['B']` must have the columns of the first, US. Received: US, India. An average "
        "over other columns does not compare: India.",
    ),
    (
        lambda folder: rank({"A": {"US": 0.1}}, "accuracy", best="highest"),
        ValueError,
        "`candidates['A']` must have accuracy. Received: US.",
    ),
    (
        lambda folder: rank({"A": {"US": np.nan}}),
        ValueError,
        "`candidates['A']['US']` must be a finite number. Received: nan.",
    ),
    (
        lambda folder: rank({"A": {"US": 0.1}}, "US"),
        ValueError,
        "`best` must be a known name. Received: None. Known: lowest, highest.",
    ),
    (
        lambda folder: rank({"A": 0.1}, examples=0),
        ValueError,
        "`examples` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: rank({"A": {"US": 3.0}}, examples=100),
        ValueError,
        "`candidates['A']['US']` must be a fraction in [0, 1]. Received: 3.0. 3 % is 0.03.",
    ),
    (
        lambda folder: rank({"A": {"US": 3.0}}, lambda row: np.inf, best="lowest"),
        ValueError,
        "`by(candidates['A'])` must be a finite number. Received: inf.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)


@pytest.mark.parametrize("percentages", [True, False])
def test_averages_of_percentages_rank_alike(percentages):
    """Without a number of examples nothing says that numbers are shares; no noise then."""
    factor = 100 if percentages else 1
    table = {n: {c: factor * e for c, e in row.items()} for n, row in REGIONS.items()}
    ranking = rank(table)
    assert ranking.winners == ("C",)
    assert (ranking.needed_examples is None) == percentages
