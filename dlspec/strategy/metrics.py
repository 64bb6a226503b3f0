"""Metrics: one number to rank by (course 3, week 1).

Yes or no.  Of the examples that a classifier calls positive, TP are and FP are not; of those that
it calls negative, FN are positive after all and TN are not:

    precision            P  = TP / (TP + FP)         how far a yes can be trusted
    recall               R  = TP / (TP + FN)         how many of the positives are found
    false-negative rate     = FN / (TP + FN) = 1 - R
    F1                      = 2 / (1 / P + 1 / R) = 2 TP / (2 TP + FP + FN)

F1 is the harmonic mean of precision and recall: it is low as soon as one of them is.  P is not
defined where nothing is called positive, nor R where nothing is positive.  The functions of one
number then complain; reports hold None and say why.

Weights.  Some mistakes cost more than others:  error = sum_i w_i [prediction_i != label_i] /
sum_i w_i.  The lecture first writes 1/m before the sum; only the sum of the weights keeps it
between 0 and 1.

Noise.  An error p measured on m examples has the standard error sqrt(p (1 - p) / m).  Two errors a
and b, each on m examples of its own, are told apart (95 %, z = 1.96) from

    m = z^2 (a (1 - a) + b (1 - b)) / (a - b)^2

on.  On the same examples the difference is steadier: with the share e that exactly one of the two
gets wrong, m = z^2 (e - (a - b)^2) / (a - b)^2.  With m examples such a difference just equals the
noise, so that every second measurement shows it; with twice as many, four of five do.

The notes this package started from contain a slip here, not repeated: F1 is no mean of accuracy
and recall.  And they write 0.25 for the geometric mean of 0.66 and 0.1, which is 0.257.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, near_miss, sentence
from dlspec._validation import (
    check_array,
    check_choice,
    check_count,
    check_finite,
    check_fraction,
    check_labels,
)
from dlspec.strategy._report import Bar, Report, Section, percent

__all__ = [
    "Counts",
    "Evaluation",
    "MulticlassEvaluation",
    "Ranking",
    "WeightedEvaluation",
    "confusion_matrix",
    "count",
    "evaluate",
    "evaluate_multiclass",
    "evaluate_weighted",
    "examples_to_tell_apart",
    "f1_score",
    "false_negative_rate",
    "precision",
    "rank",
    "recall",
    "weighted_error",
]

Z = 1.96  # half-width of a 95 % interval in standard errors
TIE = 1e-12  # scores this close, relative to the larger, differ by rounding only


# --- Yes or no ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Counts:
    """How often a yes-or-no answer was right and wrong, each way.

    Attributes:
        true_positives: called positive, and positive.
        false_positives: called positive, but not.
        false_negatives: called negative, but positive.
        true_negatives: called negative, and not positive.

    Example:
        >>> precision(Counts(80, 20, 10, 890))
        0.8
    """

    true_positives: int
    false_positives: int
    false_negatives: int
    true_negatives: int

    def __post_init__(self):
        for field in fields(self):
            check_count(field.name, getattr(self, field.name), minimum=0)
        if _size(self) == 0:
            raise InvalidValue(sentence("counts", "hold at least one example", "0"))


def _size(counts):
    return sum(getattr(counts, field.name) for field in fields(counts))


def count(labels: Sequence, predictions: Sequence, positive: int | str = 1) -> Counts:
    """Count right and wrong answers for one class against all others.

    Args:
        labels: true classes (m,), whole numbers or texts.
        predictions: the classifier's classes (m,), of the same kind.
        positive: the class that counts as yes.

    Returns:
        `Counts` of all m examples.

    Raises:
        TypeError: neither numbers nor texts, or both.
        ValueError: lengths that differ, probabilities in place of classes, a class never seen.

    Example:
        >>> count([1, 1, 0, 0, 0], [1, 0, 1, 0, 0])
        Counts(true_positives=1, false_positives=1, false_negatives=1, true_negatives=2)

    Source: course 3, week 1.
    """
    labels, predictions = _check_pair(labels, predictions)
    positive = _check_positive_class(positive, labels, predictions)
    truth, answer = labels == positive, predictions == positive
    return Counts(
        true_positives=int(np.sum(truth & answer)),
        false_positives=int(np.sum(~truth & answer)),
        false_negatives=int(np.sum(truth & ~answer)),
        true_negatives=int(np.sum(~truth & ~answer)),
    )


def _check_pair(labels, predictions):
    labels = check_labels("labels", labels)
    return labels, check_labels("predictions", predictions, ("labels", labels))


def _check_positive_class(positive, labels, predictions):
    """A class that occurs; among zeros alone also the default 1, which nobody is or was called."""
    known = np.union1d(labels, predictions).tolist()
    if positive not in known and not (positive == 1 and known == [0]):
        texts = [str(name) for name in known]
        advice = near_miss(positive, texts)
        raise InvalidValue(sentence("positive", "be a class that occurs", f"{positive!r}", advice))
    return positive


def precision(counts: Counts) -> float:
    """TP / (TP + FP): the share of the examples called positive that are.

    Args:
        counts: of one classifier.

    Returns:
        A share in [0, 1].

    Raises:
        ValueError: nothing was called positive, so that there is no precision.

    Example:
        >>> precision(Counts(19, 1, 6, 74))
        0.95

    Source: course 3, week 1.
    """
    called = _check_counts(counts).true_positives + counts.false_positives
    if not called:
        advice = "Precision is not defined; F1 is 0 where there are positives to find."
        received = f"0 of {_size(counts)}"
        raise InvalidValue(sentence("counts", "hold an example called positive", received, advice))
    return counts.true_positives / called


def _check_counts(counts):
    if not isinstance(counts, Counts):
        advice = "count(labels, predictions) makes them."
        raise InvalidType(sentence("counts", "be Counts", type(counts).__name__, advice))
    return counts


def recall(counts: Counts) -> float:
    """TP / (TP + FN): the share of the positive examples that are found.

    Args:
        counts: of one classifier.

    Returns:
        A share in [0, 1].

    Raises:
        ValueError: no example is positive, so that there is no recall.

    Example:
        >>> recall(Counts(19, 1, 6, 74))
        0.76

    Source: course 3, week 1.
    """
    positives = _check_counts(counts).true_positives + counts.false_negatives
    if not positives:
        advice = "Recall is not defined; measure on examples with some positives among them."
        received = f"0 of {_size(counts)}"
        raise InvalidValue(sentence("counts", "hold a positive example", received, advice))
    return counts.true_positives / positives


def false_negative_rate(counts: Counts) -> float:
    """FN / (TP + FN): the share of the positive examples that are missed, 1 - recall.

    Args:
        counts: of one classifier.

    Returns:
        A share in [0, 1].

    Raises:
        ValueError: no example is positive.

    Example:
        >>> false_negative_rate(Counts(19, 1, 6, 74))
        0.24

    Source: course 3, week 1.
    """
    recall(counts)  # complains where no example is positive
    return counts.false_negatives / (counts.true_positives + counts.false_negatives)


def f1_score(precision: float, recall: float) -> float:
    """Harmonic mean of precision and recall: 2 P R / (P + R), 0 where both are 0.

    Args:
        precision: P, a share in [0, 1].
        recall: R, a share in [0, 1].

    Returns:
        A share between P and R, nearer to the smaller.

    Raises:
        TypeError, ValueError: not shares; percentages are recognised.

    Example:
        >>> round(f1_score(0.66, 0.8), 2), round(f1_score(0.66, 0.1), 2)
        (0.72, 0.17)

    Source: course 3, week 1; van Rijsbergen, "Information retrieval", 1979, chapter 7.
    """
    P, R = check_fraction("precision", precision), check_fraction("recall", recall)
    return 2 * P * R / (P + R) if P + R else 0.0


def _f1_from(counts):
    """2 TP / (2 TP + FP + FN), or None where nothing is positive and nothing called so."""
    TP, wrong = counts.true_positives, counts.false_positives + counts.false_negatives
    return 2 * TP / (2 * TP + wrong) if TP + wrong else None


def _evaluation_sections(report):
    c = report.counts
    matrix = [
        ("positive", str(c.true_positives), str(c.false_negatives)),
        ("negative", str(c.false_positives), str(c.true_negatives)),
    ]
    metrics = ("precision", "recall", "f1", "false_negative_rate", "error", "baseline_error")
    rows = [(name.replace("_", " "), *_share(getattr(report, name))) for name in metrics]
    return [
        Section("Examples", ("truth", "called positive", "called negative"), matrix),
        Section("Metrics", ("metric", "share", ""), rows),
    ]


def _share(value):
    return ("not defined", "") if value is None else (percent(value), Bar(value))


@dataclass(frozen=True, kw_only=True)
class Evaluation(Report):
    """What the counts of a yes-or-no classifier say.

    Attributes:
        counts: right and wrong answers, each way.
        precision: None where nothing was called positive.
        recall: None where nothing is positive.
        f1: None where nothing is positive and nothing was called so.
        false_negative_rate: None where nothing is positive.
        error: share of wrong answers.
        baseline_error: of answering with the more frequent class, whatever the example.
    """

    counts: Counts
    precision: float | None
    recall: float | None
    f1: float | None
    false_negative_rate: float | None
    error: float
    baseline_error: float

    sections = _evaluation_sections


def evaluate(counts: Counts) -> Evaluation:
    """Precision, recall, F1 and error of one classifier, and which of them are not defined.

    Args:
        counts: right and wrong answers, each way.

    Returns:
        A report; what is not defined is None, with the reason under `cannot_tell`.

    Raises:
        TypeError: not `Counts`.

    Example:
        >>> report = evaluate(Counts(0, 0, 10, 990))
        >>> report.error == report.baseline_error, report.f1, report.precision
        (True, 0.0, None)

    Source: course 3, week 1.
    """
    c, m = _check_counts(counts), _size(counts)
    called, positives = c.true_positives + c.false_positives, c.true_positives + c.false_negatives
    open_questions = []
    if not called:
        open_questions.append(
            "Precision: no example was called positive; a lower threshold would give some."
        )
    if not positives:
        open_questions.append(
            "Recall and the false-negative rate: no example is positive; a set with positives "
            "would tell."
        )
    error = (c.false_positives + c.false_negatives) / m
    baseline = min(positives, m - positives) / m
    return Evaluation(
        conclusion=_evaluation_conclusion(c, called, positives, error, baseline),
        used={"examples": m, "positive": positives, "called positive": called},
        cannot_tell=tuple(open_questions),
        counts=c,
        precision=precision(c) if called else None,
        recall=recall(c) if positives else None,
        f1=_f1_from(c),
        false_negative_rate=false_negative_rate(c) if positives else None,
        error=error,
        baseline_error=baseline,
    )


def _evaluation_conclusion(c, called, positives, error, baseline):
    found = f"{c.true_positives} of {positives} positives are found"
    trusted = f"{c.true_positives} of {called} called positive are" if called else "none called so"
    f1 = _f1_from(c)
    sentences = [f"{found}, {trusted}: F1 is {'not defined' if f1 is None else percent(f1)}."]
    if error >= baseline:
        sentences.append(
            f"The error of {percent(error)} is no better than the {percent(baseline)} of always "
            "giving the same answer."
        )
    return " ".join(sentences)


# --- Several classes ------------------------------------------------------------------------------


def confusion_matrix(labels: Sequence, predictions: Sequence) -> tuple[np.ndarray, np.ndarray]:
    """Count every pair of true class and answer.

    Args:
        labels: true classes (m,), whole numbers or texts.
        predictions: the classifier's classes (m,), of the same kind.

    Returns:
        classes: (C,), sorted, every class that occurs in either.
        matrix: int64 (C, C); row i holds the examples of class i, column j those called j.

    Raises:
        TypeError, ValueError: labels that do not fit each other.

    Example:
        >>> classes, matrix = confusion_matrix(["cat", "dog", "dog"], ["cat", "cat", "dog"])
        >>> matrix
        array([[1, 0],
               [1, 1]])

    Source: course 3, week 1.
    """
    labels, predictions = _check_pair(labels, predictions)
    classes, numbers = np.unique(np.concatenate([labels, predictions]), return_inverse=True)
    truth, answer = np.split(numbers, 2)
    C = len(classes)
    return classes, np.bincount(truth * C + answer, minlength=C * C).reshape(C, C)


def _multiclass_sections(report):
    rows = [
        (name, str(entry["examples"]), *(_share(entry[key])[0] for key in _PER_CLASS))
        for name, entry in report.per_class.items()
    ]
    return [Section("Classes", ("class", "examples", *_PER_CLASS), rows)]


_PER_CLASS = ("precision", "recall", "f1")


@dataclass(frozen=True, kw_only=True)
class MulticlassEvaluation(Report):
    """What the answers among several classes say.

    Attributes:
        classes: every class, sorted.
        matrix: (C, C), rows the truth, columns the answers.
        per_class: {class: {"examples", "precision", "recall", "f1"}}; None where not defined.
        macro_f1: mean of the F1 of the classes, each alike however rare.
        micro_f1: F1 of all answers pooled, which is 1 - error.
        error: share of wrong answers.
    """

    classes: tuple
    matrix: np.ndarray
    per_class: Mapping[str, Mapping[str, Any]]
    macro_f1: float
    micro_f1: float
    error: float

    sections = _multiclass_sections


def evaluate_multiclass(labels: Sequence, predictions: Sequence) -> MulticlassEvaluation:
    """Precision, recall and F1 of every class, and two ways to one number.

    Macro F1 counts every class alike, micro F1 every example.  With one answer per example each
    mistake is a false positive of one class and a false negative of another, so that micro
    precision, micro recall, micro F1 and 1 - error are the same number.

    Args:
        labels: true classes (m,), whole numbers or texts.
        predictions: the classifier's classes (m,), of the same kind.

    Returns:
        A report.

    Raises:
        TypeError, ValueError: labels that do not fit each other.

    Example:
        >>> report = evaluate_multiclass([0, 0, 0, 1, 2], [0, 0, 0, 1, 1])
        >>> report.micro_f1, round(report.macro_f1, 3)
        (0.8, 0.556)

    Source: course 3, week 1; Manning, Raghavan and Schütze, "Introduction to information
    retrieval", 2008, section 13.6.
    """
    classes, matrix = confusion_matrix(labels, predictions)
    m, right = int(matrix.sum()), np.diag(matrix)
    examples, called = matrix.sum(axis=1), matrix.sum(axis=0)
    per_class = {
        str(name): {
            "examples": int(examples[i]),
            "precision": float(right[i] / called[i]) if called[i] else None,
            "recall": float(right[i] / examples[i]) if examples[i] else None,
            "f1": float(2 * right[i] / (examples[i] + called[i])),
        }
        for i, name in enumerate(classes)
    }
    macro = float(np.mean([entry["f1"] for entry in per_class.values()]))
    micro, error = float(right.sum() / m), float((m - right.sum()) / m)
    return MulticlassEvaluation(
        conclusion=_multiclass_conclusion(classes, matrix, per_class, macro, micro),
        used={"examples": m, "classes": len(classes), "mistakes": m - int(right.sum())},
        cannot_tell=tuple(_undefined(per_class)),
        classes=tuple(classes.tolist()),
        matrix=matrix,
        per_class=per_class,
        macro_f1=macro,
        micro_f1=micro,
        error=error,
    )


def _multiclass_conclusion(classes, matrix, per_class, macro, micro):
    text = f"Macro F1 is {percent(macro)}, micro F1 {percent(micro)}."
    wrong = matrix - np.diag(np.diag(matrix))
    if not wrong.any():
        return f"{text} Every answer is right."
    truth, answer = np.unravel_index(wrong.argmax(), wrong.shape)
    weakest = min(per_class, key=lambda name: per_class[name]["f1"])
    return (
        f"{text} The weakest class is {weakest} with F1 {percent(per_class[weakest]['f1'])}; the "
        f"most frequent mistake is {classes[truth]} called {classes[answer]}, "
        f"{wrong[truth, answer]} of {wrong.sum()}."
    )


def _undefined(per_class):
    for name, entry in per_class.items():
        if entry["precision"] is None:
            yield f"Precision of {name}: nothing was called {name}."
        if entry["recall"] is None:
            yield f"Recall of {name}: no example is {name}; a set with some would tell."


# --- Some mistakes cost more ----------------------------------------------------------------------


def weighted_error(labels: Sequence, predictions: Sequence, weights: np.ndarray) -> float:
    """Share of the weight that lies on mistakes: sum_i w_i [prediction_i != label_i] / sum_i w_i.

    Args:
        labels: true classes (m,), whole numbers or texts.
        predictions: the classifier's classes (m,), of the same kind.
        weights: what a mistake costs (m,), at least 0, for instance 10 for the pictures that must
            never be shown and 1 for all others.

    Returns:
        A share in [0, 1].

    Raises:
        TypeError, ValueError: arrays that do not fit; weights below 0, or 0 together.

    Example:
        >>> weighted_error([0, 0, 1, 1], [0, 1, 1, 1], np.array([1, 10, 1, 1])).__round__(3)
        0.769

    Source: course 3, week 1.
    """
    wrong, weights = _check_weighted(labels, predictions, weights)
    return float(weights @ wrong / weights.sum())


def _check_weighted(labels, predictions, weights):
    labels, predictions = _check_pair(labels, predictions)
    because = f"`labels` sets m={labels.size}"
    weights = check_array("weights", weights, (("m", labels.size),), because=because)
    if weights.min() < 0:
        raise InvalidValue(sentence("weights", "be at least 0", f"{weights.min():g}"))
    if not weights.any():
        raise InvalidValue(sentence("weights", "have a sum above 0", "zeros only"))
    return labels != predictions, weights


def _weighted_sections(report):
    rows = [
        (f"{weight:g}", str(n), str(wrong), percent(share), Bar(share))
        for weight, n, wrong, share in report.by_weight
    ]
    columns = ("weight", "examples", "mistakes", "share of the weighted error", "")
    return [Section("Examples by weight", columns, rows)]


@dataclass(frozen=True, kw_only=True)
class WeightedEvaluation(Report):
    """A weighted error beside the plain one.

    Attributes:
        weighted_error: share of the weight that lies on mistakes.
        error: share of wrong answers, all alike.
        by_weight: (weight, examples, mistakes, share of the weighted error) for each weight.
        effective_examples: (sum w)^2 / sum w^2, how many alike would be as noisy.
    """

    weighted_error: float
    error: float
    by_weight: tuple[tuple[float, int, int, float], ...]
    effective_examples: float

    sections = _weighted_sections


def evaluate_weighted(
    labels: Sequence, predictions: Sequence, weights: np.ndarray
) -> WeightedEvaluation:
    """The weighted error, where it comes from, and what weighting costs in certainty.

    Args:
        labels: true classes (m,), whole numbers or texts.
        predictions: the classifier's classes (m,), of the same kind.
        weights: what a mistake costs (m,), at least 0.

    Returns:
        A report.

    Raises:
        TypeError, ValueError: as `weighted_error`.

    Example:
        >>> report = evaluate_weighted([0, 0, 1, 1], [0, 1, 1, 1], [1, 10, 1, 1])
        >>> report.error, round(report.weighted_error, 3), round(report.effective_examples, 2)
        (0.25, 0.769, 1.64)

    Source: course 3, week 1; Kish, "Survey sampling", 1965 (effective number of examples).
    """
    wrong, weights = _check_weighted(labels, predictions, weights)
    total = float(weights @ wrong)
    by_weight = tuple(
        (float(w), int(np.sum(group)), int(np.sum(wrong[group])), _part(w, wrong[group], total))
        for w in np.unique(weights)
        for group in [weights == w]
    )
    weighted, plain = total / float(weights.sum()), float(wrong.mean())
    effective = float(weights.sum() ** 2 / np.sum(weights**2))
    heaviest, n, mistakes, share = by_weight[-1]
    return WeightedEvaluation(
        conclusion=(
            f"The weighted error is {percent(weighted)}, the plain one {percent(plain)}. "
            f"With weight {heaviest:g}, {mistakes} of {n} are wrong, which makes up "
            f"{percent(share)} of the weighted error."
        ),
        used={"examples": wrong.size, "mistakes": int(wrong.sum()), "weight": float(weights.sum())},
        cannot_tell=(
            f"A small difference from another classifier: the weights leave as much certainty as "
            f"{effective:.0f} examples alike; more examples of weight {heaviest:g} would tell.",
        ),
        weighted_error=weighted,
        error=plain,
        by_weight=by_weight,
        effective_examples=effective,
    )


def _part(weight, wrong, total):
    return float(weight * wrong.sum() / total) if total else 0.0


# --- Ranking --------------------------------------------------------------------------------------


def examples_to_tell_apart(
    error_a: float, error_b: float, *, disagreement: float | None = None
) -> int:
    """How many examples it takes until two error rates differ by more than noise (95 %).

    Args:
        error_a: error of one classifier, a share in [0, 1].
        error_b: error of the other, not the same.
        disagreement: share of the examples that exactly one of the two gets wrong, where both are
            measured on the same examples: from |a - b| to a + b.  None takes separate examples,
            the same as errors that know nothing of each other.

    Returns:
        m, the examples for each, at least 1.

    Raises:
        TypeError, ValueError: not shares, errors alike, a disagreement that cannot be.

    Example:
        >>> examples_to_tell_apart(0.10, 0.09)
        6604
        >>> examples_to_tell_apart(0.10, 0.09, disagreement=0.03)
        1149

    Source: normal approximation of the binomial; for the same examples McNemar, "Note on the
    sampling error of the difference between correlated proportions", 1947.
    """
    a, b = check_fraction("error_a", error_a), check_fraction("error_b", error_b)
    if a == b:
        raise InvalidValue(sentence("error_b", f"differ from error_a={a:g}", f"{error_b!r}"))
    gap = abs(a - b)
    if disagreement is None:
        variance = a * (1 - a) + b * (1 - b)
    else:
        e, most = check_finite("disagreement", disagreement), min(a + b, 2 - a - b)
        if not gap - TIE <= e <= most + TIE:
            expected = f"lie between |a - b| = {gap:.6g} and {most:.6g}"
            raise InvalidValue(sentence("disagreement", expected, f"{disagreement!r}"))
        variance = max(e - gap**2, 0.0)
    return _examples_for(variance, gap)


def _examples_for(variance, gap):
    return max(1, math.ceil(Z**2 * variance / gap**2))


def _ranking_sections(report):
    largest = max(abs(score) for _, _, score in report.places) or 1.0
    rows = [
        (f"{place}", name, f"{score:.6g}", Bar(abs(score) / largest))
        for place, name, score in report.places
    ]
    return [Section("Ranking", ("place", "candidate", report.by, ""), rows)]


@dataclass(frozen=True, kw_only=True)
class Ranking(Report):
    """Candidates in order of one number.

    Attributes:
        by: what they are ranked by.
        best: "lowest" or "highest".
        places: (place, name, score), the best first; equal scores share a place.
        winners: names on the first place.
        margin: difference between the best two scores; None with one candidate.
        noise: 1.96 standard errors of that difference; None where it cannot be known.
        needed_examples: for each of the two, to tell their scores apart; None where it cannot be
            known.
    """

    by: str
    best: str
    places: tuple[tuple[int, str, float], ...]
    winners: tuple[str, ...]
    margin: float | None
    noise: float | None
    needed_examples: int | None

    sections = _ranking_sections


def rank(
    candidates: Mapping[str, Mapping[str, float] | float],
    by: str | Callable[[Mapping[str, float]], float] = "average",
    *,
    best: str | None = None,
    examples: int | None = None,
) -> Ranking:
    """Order many classifiers by a single number, and say whether the first place is noise.

    Args:
        candidates: {name: {column: number}}, for instance the errors in several regions; or
            {name: number}.
        by: "average" of all columns; "f1" of the columns precision and recall; the name of a
            column; or a function from a candidate's numbers to its score.
        best: "lowest" or "highest"; None takes lowest for "average", which is meant for errors, and
            highest for "f1".
        examples: how many examples each number was measured on; None where not known.  The numbers
            must then be shares in [0, 1].

    Returns:
        A report; equal scores share a place.  The noise is that of separate examples for every
        number; on the same examples it is smaller.

    Raises:
        TypeError, ValueError: an empty table, a missing number, an unknown column.  What a function
            of your own raises comes through.

    Example:
        >>> errors = {"A": {"US": 0.03, "China": 0.07}, "B": {"US": 0.05, "China": 0.06}}
        >>> ranking = rank(errors, examples=1000)
        >>> ranking.winners, round(ranking.margin, 3), ranking.margin > ranking.noise
        (('A',), 0.005, False)

    Source: course 3, week 1.
    """
    if not isinstance(by, str) and not callable(by):
        raise InvalidType(sentence("by", "be a name or a function", f"{by!r}"))
    rows = _check_rows(candidates, by)
    best = check_choice("best", best or _USUAL_BEST.get(by, best), ["lowest", "highest"])
    if examples is not None:
        _check_shares(rows, by, check_count("examples", examples))
    scores = {name: _score(name, row, by) for name, row in rows.items()}
    sign = 1 if best == "lowest" else -1
    order = sorted(rows, key=lambda name: sign * scores[name])  # stable: ties as they were given
    places = _places(order, scores)
    winners = tuple(name for place, name, _ in places if place == 1)
    margin = abs(scores[order[0]] - scores[order[1]]) if len(order) > 1 else None
    noise = needed = None
    variance = sum(_variance(rows[name], by) for name in order[:2])
    if margin is not None and not math.isnan(variance):
        noise = Z * math.sqrt(variance / examples) if examples else None
        needed = _examples_for(variance, margin) if len(winners) == 1 else None
    label = by if isinstance(by, str) else getattr(by, "__name__", "score")
    ranking = {"by": label, "best": best, "places": places, "winners": winners}
    ranking |= {"margin": margin, "noise": noise, "needed_examples": needed}
    return Ranking(
        conclusion=_ranking_conclusion(examples, **ranking),
        used={"numbers": _used(rows, by), "examples": examples or "not given"},
        cannot_tell=tuple(_ranking_open(len(order), examples, math.isnan(variance), **ranking)),
        **ranking,
    )


_USUAL_BEST = {"average": "lowest", "f1": "highest"}


def _check_rows(candidates, by):
    if not isinstance(candidates, Mapping):
        received = type(candidates).__name__
        raise InvalidType(sentence("candidates", "be a dictionary of dictionaries", received))
    if not candidates:
        raise InvalidValue(sentence("candidates", "hold at least one candidate", "none"))
    rows = {
        str(name): row if isinstance(row, Mapping) else {"score": row}
        for name, row in candidates.items()
    }
    columns = _columns(next(iter(rows.values())), by)
    for name, row in rows.items():
        missing = [column for column in columns if column not in row]
        if missing or not row:
            have = ", ".join(map(str, row)) or "nothing"
            wanted = ", ".join(map(str, columns)) or "numbers"
            raise InvalidValue(sentence(f"candidates['{name}']", f"have {wanted}", have))
        extra = [column for column in row if column not in columns] if by == "average" else []
        if extra:
            expected = f"have the columns of the first, {', '.join(map(str, columns))}"
            advice = f"An average over other columns does not compare: {', '.join(extra)}."
            raise InvalidValue(sentence(f"candidates['{name}']", expected, ", ".join(row), advice))
        for column in columns:
            check_finite(f"candidates['{name}']['{column}']", row[column])
    return rows


def _columns(first, by):
    """The columns that the score is made of; for a function nobody knows."""
    if callable(by):
        return []
    own = {"average": list(first), "f1": ["precision", "recall"]}
    return own.get(by, [by])


def _used(rows, by):
    return {name: {c: float(row[c]) for c in _columns(row, by)} for name, row in rows.items()}


def _check_shares(rows, by, examples):
    for name, row in rows.items():
        for column in _columns(row, by):
            check_fraction(f"candidates['{name}']['{column}']", row[column])
    return examples


def _score(name, row, by):
    if callable(by):
        return check_finite(f"by(candidates['{name}'])", by(row))
    if by == "f1":
        return f1_score(row["precision"], row["recall"])
    return math.fsum(row[column] for column in _columns(row, by)) / len(_columns(row, by))


def _variance(row, by):
    """Of a score measured on one example per column; NaN where the numbers do not say."""
    columns = _columns(row, by)
    shares = [row[column] for column in columns]
    if callable(by) or by == "f1" or not all(0 <= p <= 1 for p in shares):
        return math.nan
    return sum(p * (1 - p) for p in shares) / len(shares) ** 2


def _places(order, scores):
    places = []
    for i, name in enumerate(order, start=1):
        tied = places and math.isclose(scores[name], places[-1][2], rel_tol=TIE, abs_tol=TIE)
        places.append((places[-1][0] if tied else i, name, scores[name]))
    return tuple(places)


def _ranking_conclusion(examples, *, by, best, places, winners, margin, noise, needed_examples):
    _, first, score = places[0]
    if len(winners) > 1:
        return f"{' and '.join(winners)} tie with the {best} {by}, {score:.6g}."
    text = f"{first} has the {best} {by}, {score:.6g}"
    if margin is None:
        return f"{text}; there is no other."
    text += f", by {margin:.4g} over {places[1][1]}"
    if noise is None:
        return f"{text}."
    relation = "more than" if margin > noise else "within"
    return f"{text}: {relation} the noise of {examples} examples, ± {noise:.4g}."


def _ranking_open(count, examples, unknown, *, by, winners, margin, noise, needed_examples, **_):
    if len(winners) > 1:
        yield "Which of those that tie is better: more examples, or another metric, would tell."
    elif margin is not None and unknown:
        yield (
            f"Whether the margin is noise: {by} is no share of examples by itself; its spread over "
            "resampled dev sets would tell."
        )
    elif margin is not None and (noise is None or margin <= noise):
        what = "larger number" if examples else "number"
        yield (
            f"Whether the margin is noise: a {what} of examples; if the numbers are shares of "
            f"separate examples, {needed_examples:,} for each would do, on the same ones fewer."
        )
    if count > 2:
        yield (
            f"How good the first is on other data: the best of {count} looks better than it is; a "
            "test set, measured once, would tell."
        )
