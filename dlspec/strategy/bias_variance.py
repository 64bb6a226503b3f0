"""Bias, variance, data mismatch: what to work on, from errors you have (course 3, weeks 1 and 2).

Five errors stand in a ladder, and each step up has its name and its remedies:

    human       people, in place of the Bayes error
                    > avoidable bias        a larger model, longer training, another architecture
    train       examples trained on
                    > variance              more data, regularization, another architecture
    train-dev   of the training distribution, not trained on
                    > data mismatch         training data more like the dev set
    dev         of the distribution that matters
                    > overfitting to dev    a larger dev set
    test        the same distribution, looked at once

The largest step is where to work.  Any of the errors may be missing: the report then says what it
cannot tell.  Without a train-dev set the step from train to dev is called variance, as in week 1,
but it may hide data mismatch.  The notes this package started from say that human error is of no
use when training and dev data differ; it is, as soon as there is a train-dev set.

With the numbers of examples each gap has a standard error (two sets drawn independently):

    sqrt(e1 (1 - e1) / n1 + e2 (1 - e2) / n2)

and a gap smaller than two of them may be chance.  (A set without any mistake adds nothing: where it
is small, take its zero with care.)
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from dlspec._complaints import InvalidType, InvalidValue, near_miss, sentence
from dlspec._validation import check_count, check_fraction
from dlspec.strategy._report import Bar, Report, Section, percent, points

__all__ = [
    "REMEDIES",
    "Comparison",
    "Diagnosis",
    "Gap",
    "compare_distributions",
    "diagnose",
]

ERRORS = ("human", "train", "train_dev", "dev", "test")
CAUSES = ("avoidable bias", "variance", "data mismatch", "overfitting to dev")
"""CAUSES[i] is the step from ERRORS[i] to ERRORS[i + 1]."""

REMEDIES = {
    "avoidable bias": (
        "Train a larger model.",
        "Train longer, or with a better optimizer (momentum, RMSprop, Adam).",
        "Try another architecture, or search the hyperparameters.",
    ),
    "variance": (
        "Get more training data.",
        "Regularize: L2, dropout, data augmentation.",
        "Try another architecture, or search the hyperparameters.",
    ),
    "data mismatch": (
        "Look at dev mistakes by hand (error analysis): how do they differ from training data?",
        "Make the training data more similar, or collect more that is like the dev set.",
        "Synthesize such data, from many sources: one hour of noise repeated is learnt by heart.",
    ),
    "overfitting to dev": ("Get a larger dev set.",),
}
"""What the course does about each cause, in its order."""

HUMAN_PASSED = "Below the human error, which then no longer shows how low one can get."

BELOW = {
    "avoidable bias": HUMAN_PASSED + " Or the training set was learnt by heart.",
    "variance": "Data not trained on is easier. Was the training error measured with dropout or "
    "augmentation switched on?",
    "data mismatch": "The dev set is easier than the data trained on: the mismatch does no harm.",
    "overfitting to dev": "The test set is easier, by chance if both sets come from one "
    "distribution: no sign of overfitting to dev.",
}
"""What a negative gap means."""


@dataclass(frozen=True)
class Gap:
    """The step from one known error to the next one up.

    Attributes:
        name: its cause, or several joined by " + " where an error between them is missing.
        lower: which error it starts from: human, train, train_dev, dev or test.
        upper: which error it ends at.
        size: upper minus lower, a fraction; rounded to 12 digits, so that equal gaps are equal.
        causes: everything that may be in it.
        standard_error: of `size`, a fraction; None where no number of examples is known.
        chance: smaller than two standard errors.

    Example:
        >>> diagnose(train=0.08, dev=0.1).gaps[0].causes
        ('variance', 'data mismatch')
    """

    name: str
    lower: str
    upper: str
    size: float
    causes: tuple[str, ...]
    standard_error: float | None
    chance: bool


@dataclass(frozen=True, kw_only=True)
class Diagnosis(Report):
    """What `diagnose` found.

    Attributes:
        gaps: from the lowest step to the highest.
        ranked: names of the gaps that call for work, the largest first.
        remedies: for each of `ranked`, what to do about it, in the course's order.
        notes: by name of a gap, what is odd about it: negative, mixed, or perhaps chance.
    """

    gaps: tuple[Gap, ...]
    ranked: tuple[str, ...]
    remedies: Mapping[str, tuple[str, ...]]
    notes: Mapping[str, str]

    def sections(self) -> list[Section]:
        """The tables above the conclusion: gaps as bars, what is odd about them, remedies.

        Returns:
            One to three tables.

        Example:
            >>> [s.title for s in diagnose(human=0.01, train=0.08, dev=0.1).sections()]
            ['Gaps', 'Notes', 'Remedies, the largest gap first']

        Source: course 3, weeks 1 and 2.
        """
        longest = max(gap.size for gap in self.gaps)
        columns = ("gap", "from", "to", "points", "")
        rows = [
            (
                gap.name,
                f"{_spoken(gap.lower)} {percent(self.used[gap.lower])}",
                f"{_spoken(gap.upper)} {percent(self.used[gap.upper])}",
                _in_points(gap),
                Bar(max(gap.size, 0) / longest if longest > 0 else 0.0),
            )
            for gap in self.gaps
        ]
        sections = [Section("Gaps", columns, rows)]
        if self.notes:
            sections.append(Section("Notes", ("gap", "note"), list(self.notes.items())))
        advice = [
            (name if i == 0 else "", f"{i + 1}", text)
            for name, texts in self.remedies.items()
            for i, text in enumerate(texts)
        ]
        if advice:
            title = "Remedies, the largest gap first"
            sections.append(Section(title, ("gap", "", "what to do"), advice))
        return sections


def diagnose(
    *,
    human: float | None = None,
    train: float | None = None,
    train_dev: float | None = None,
    dev: float | None = None,
    test: float | None = None,
    sizes: Mapping[str, int] | None = None,
) -> Diagnosis:
    """Say what to work on: avoidable bias, variance, data mismatch or overfitting to dev.

    Args:
        human: error of people, in place of the Bayes error; a fraction in [0, 1], as all errors.
        train: error on the examples trained on.
        train_dev: error on examples of the same distribution, not trained on.
        dev: error on the dev set.
        test: error on the test set.
        sizes: number of examples behind an error, such as {"dev": 500, "test": 500}; with it gaps
            that may be chance are told from those that are not.

    Returns:
        The gaps, ranked, with the course's remedies; and what cannot be told.

    Raises:
        TypeError: an error that is not a number, a size that is not a whole number.
        ValueError: fewer than two errors, an error outside [0, 1], a size for an error that is not
            given.

    Example:
        >>> found = diagnose(human=0.01, train=0.08, dev=0.10)
        >>> found.ranked
        ('avoidable bias', 'variance')
        >>> print(found.conclusion)
        Work on avoidable bias first: 7 points from human (1 %) to train (8 %).
        Then variance, 2 points.

    Source: course 3, week 1 (avoidable bias) and week 2 (mismatched data).
    """
    given = {"human": human, "train": train, "train_dev": train_dev, "dev": dev, "test": test}
    errors = {k: check_fraction(k, error) for k, error in given.items() if error is not None}
    if len(errors) < 2:
        received = f"{_spoken(next(iter(errors)))} only" if errors else "none"
        expected = "be at least two of human, train, train-dev, dev and test"
        raise InvalidValue(sentence("errors", expected, received, "A gap lies between two."))
    sizes = _check_sizes(sizes, errors)
    known = list(errors)
    gaps = tuple(_gap(*pair, errors, sizes) for pair in pairwise(known))
    ranked = sorted((g for g in gaps if g.size > 0 and not g.chance), key=lambda g: -g.size)
    return Diagnosis(
        conclusion=_conclude(ranked, errors),
        used=errors | ({"sizes": sizes} if sizes else {}),
        cannot_tell=tuple(_open_questions(gaps, errors, sizes)),
        gaps=gaps,
        ranked=tuple(gap.name for gap in ranked),
        remedies={gap.name: _remedies(gap) for gap in ranked},
        notes={gap.name: note for gap in gaps if (note := _note(gap))},
    )


def _check_sizes(sizes: object, errors: Mapping[str, float]) -> dict[str, int]:
    if sizes is None:
        return {}
    if not isinstance(sizes, Mapping):
        raise InvalidType(sentence("sizes", "be a dictionary", type(sizes).__name__))
    for name in sizes:
        if name not in errors:
            advice = near_miss(name, list(errors))
            raise InvalidValue(sentence("sizes", "name errors that are given", name, advice))
    return {name: check_count(f"sizes['{name}']", n) for name, n in sizes.items()}


def _gap(lower, upper, errors, sizes) -> Gap:
    size = round(errors[upper] - errors[lower], 12)
    causes = CAUSES[ERRORS.index(lower) : ERRORS.index(upper)]
    name = causes[0] if lower == "train" else " + ".join(causes)  # week 1 calls it variance
    deviation = _standard_error(lower, upper, errors, sizes)
    chance = deviation is not None and abs(size) < 2 * deviation
    return Gap(name, lower, upper, size, causes, deviation, chance)


def _standard_error(lower, upper, errors, sizes) -> float | None:
    """Of the difference; a set of unknown size adds nothing, as if it were very large."""
    known = [name for name in (lower, upper) if name in sizes]
    if not known:
        return None
    return math.sqrt(sum(errors[name] * (1 - errors[name]) / sizes[name] for name in known))


def _remedies(gap: Gap) -> tuple[str, ...]:
    if gap.name in REMEDIES:
        return REMEDIES[gap.name]
    missing = ERRORS[ERRORS.index(gap.lower) + 1 : ERRORS.index(gap.upper)]
    return (f"Measure the {_errors(missing)} first, to tell {_and(gap.causes)} apart.",)


def _conclude(ranked: list[Gap], errors: Mapping[str, float]) -> str:
    texts = [_first(ranked, errors) if ranked else "None of the gaps known calls for work."]
    rest = [f"{gap.name}, {points(gap.size)}" for gap in ranked[1:]]
    if rest:
        texts.append(f"Then {', then '.join(rest)}.")
    if "human" not in errors and "train" in errors:
        texts.append(_depends_on_human(ranked, errors["train"]))
    return " ".join(texts)


def _first(ranked: list[Gap], errors: Mapping[str, float]) -> str:
    gap = ranked[0]
    ends = (f"{_spoken(name)} ({percent(errors[name])})" for name in (gap.lower, gap.upper))
    where = f"{points(gap.size)} from {' to '.join(ends)}"
    if gap.name not in CAUSES:
        return f"Most is lost to {_and(gap.causes)} together: {where}."
    tied = len(ranked) > 1 and ranked[1].size == gap.size
    return f"Work on {gap.name} first: {where}." + (" The next gap is as large." if tied else "")


def _depends_on_human(ranked: list[Gap], train: float) -> str:
    """Where the human error must lie for avoidable bias to be the largest gap."""
    limit = round(train - (ranked[0].size if ranked else 0), 12)
    if limit <= 0:
        return f"Avoidable bias can be no larger than the training error, {percent(train)}."
    return f"But with a human error below {percent(limit)} avoidable bias would be the largest gap."


def _open_questions(gaps, errors, sizes):
    told = {gap.name for gap in gaps if len(gap.causes) == 1}
    mixed = any(gap.name == "variance" != gap.causes[-1] for gap in gaps)
    for i, cause in enumerate(CAUSES):
        missing = [name for name in ERRORS[i : i + 2] if name not in errors]
        if cause == "variance" and mixed:
            yield (
                "How much of the variance is data mismatch: the train-dev error would tell. There "
                "is none where training and dev data come from one distribution."
            )
        elif cause not in told and not (mixed and missing == ["train_dev"]):
            text = f"{_capital(cause)}: the {_errors(missing)} would tell."
            if missing == ["human"]:
                text += f" If the Bayes error were 0, it would be {points(errors['train'])}."
            yield text
    for gap in gaps:
        if gap.size < 0 and gap.lower == "human":
            yield (
                "Avoidable bias: a better stand-in for the Bayes error than this human error would "
                "tell, such as a team of experts."
            )
        if gap.chance and gap.size != 0:
            times = math.ceil((2 * gap.standard_error / gap.size) ** 2)
            yield f"Whether {gap.name} is more than chance: {times} times the examples would tell."
    if not sizes:
        yield "Which gaps may be chance: the numbers of examples (sizes) would tell."


def _note(gap: Gap) -> str:
    notes = []
    if gap.chance:
        deviation = points(gap.standard_error)
        notes.append(f"May be chance: {points(gap.size)}, with a standard error of {deviation}.")
    elif gap.size < 0:
        mixed = HUMAN_PASSED if gap.lower == "human" else "One of its parts must be negative."
        notes.append(BELOW.get(gap.name, mixed))
    if gap.name == "variance" != gap.causes[-1]:
        notes.append(f"May hide {_and(gap.causes[1:])}.")
    return " ".join(notes)


# --- Two distributions ----------------------------------------------------------------------------

ROWS = {
    "human": "people",
    "train": "examples trained on",
    "dev": "examples not trained on",
}


@dataclass(frozen=True, kw_only=True)
class Comparison(Report):
    """What `compare_distributions` found; every number is a fraction.

    Attributes:
        avoidable_bias: by distribution ("general", "target"), train minus human.
        variance: by distribution, dev minus train.
        mismatch: by row (human, train, dev), target minus general.
    """

    avoidable_bias: Mapping[str, float]
    variance: Mapping[str, float]
    mismatch: Mapping[str, float]

    def sections(self) -> list[Section]:
        """The lecture's table, with the differences beside it.

        Returns:
            One table.

        Example:
            >>> compare_distributions({"dev": 0.1}, {"dev": 0.06}).sections()[0].rows
            [('examples not trained on', '10 %', '6 %', '-4 points')]

        Source: course 3, week 2.
        """
        rows = []
        for row, name in ROWS.items():
            cells = [self.used[side].get(row) for side in ("general", "target")]
            shown = ["?" if cell is None else percent(cell) for cell in cells]
            if shown != ["?", "?"]:
                difference = points(self.mismatch[row]) if row in self.mismatch else "?"
                rows.append((name, *shown, difference))
        columns = ("error of", "general data", "target data", "difference")
        return [Section("Two distributions", columns, rows)]


def compare_distributions(general: Mapping[str, float], target: Mapping[str, float]) -> Comparison:
    """Fill the lecture's larger table: two distributions side by side.

    Down a column lie avoidable bias and variance, across a row the data mismatch.  The target's own
    human error says whether a target that looks easy or hard is so for people too.

    Args:
        general: errors on the data that there is much of, fractions in [0, 1] by "human", "train"
            (examples trained on) and "dev" (examples not trained on); any may be missing.
        target: the same on the data that matters.

    Returns:
        The table, the gaps along its columns and rows, and what is missing.

    Raises:
        TypeError: not dictionaries of numbers.
        ValueError: an unknown row, an error outside [0, 1], nothing to compare.

    Example:
        >>> speech = {"human": 0.04, "train": 0.07, "dev": 0.10}
        >>> mirror = {"human": 0.06, "train": 0.06, "dev": 0.06}
        >>> compare_distributions(speech, mirror).mismatch["dev"]
        -0.04

    Source: course 3, week 2: speech in general against speech at a rear-view mirror.
    """
    sides = {
        "general": _check_side("general", general),
        "target": _check_side("target", target),
    }
    general, target = sides.values()
    mismatch = {row: _difference(target, general, row) for row in ROWS if row in general}
    mismatch = {row: gap for row, gap in mismatch.items() if gap is not None}
    if not mismatch:
        advice = f"`general` has {_and(general)}."
        raise InvalidValue(sentence("target", "share a row with general", _and(target), advice))
    bias = {name: _step(side, "human", "train") for name, side in sides.items()}
    variance = {name: _step(side, "train", "dev") for name, side in sides.items()}
    missing = [f"{ROWS[row]} ({name})" for name, s in sides.items() for row in ROWS if row not in s]
    return Comparison(
        conclusion=_conclude_comparison(target, bias["target"], variance["target"], mismatch),
        used=sides,
        cannot_tell=(f"Gaps that need the error of {_and(missing)}.",) if missing else (),
        avoidable_bias={name: gap for name, gap in bias.items() if gap is not None},
        variance={name: gap for name, gap in variance.items() if gap is not None},
        mismatch=mismatch,
    )


def _check_side(name: str, errors: object) -> dict[str, float]:
    if not isinstance(errors, Mapping):
        raise InvalidType(sentence(name, "be a dictionary", type(errors).__name__))
    if not errors:
        raise InvalidValue(sentence(name, "hold at least one error", "an empty dictionary"))
    for row in errors:
        if row not in ROWS:
            raise InvalidValue(sentence(name, "name known rows", row, near_miss(row, list(ROWS))))
    return {row: check_fraction(f"{name}['{row}']", errors[row]) for row in ROWS if row in errors}


def _step(errors: Mapping[str, float], lower: str, upper: str) -> float | None:
    if lower not in errors or upper not in errors:
        return None
    return round(errors[upper] - errors[lower], 12)


def _difference(target: Mapping[str, float], general: Mapping[str, float], row: str):
    return round(target[row] - general[row], 12) if row in target else None


def _conclude_comparison(target, bias, variance, mismatch) -> str:
    texts = []
    for row, name in ROWS.items():
        gap = mismatch.get(row, 0)
        if gap:
            harder = "harder" if gap > 0 else "easier"
            texts.append(f"For {name} the target is {harder}, by {points(abs(gap))}.")
    steps = {"avoidable bias": bias, "variance": variance}
    known = {name: gap for name, gap in steps.items() if gap is not None}
    largest = max(known, key=known.get, default=None)
    if largest is not None and known[largest] > 0:
        texts.append(f"On the target work on {largest}: {points(known[largest])}.")
    elif len(known) == 2:
        texts.append(f"On the target the model is as good as people ({percent(target['human'])}).")
    return " ".join(texts) or "The two distributions are equally hard."


# --- Words ----------------------------------------------------------------------------------------


def _in_points(gap: Gap) -> str:
    size = points(gap.size).split()[0]
    if gap.standard_error is None:
        return size
    return f"{size} ± {points(gap.standard_error).split()[0]}"


def _spoken(name: str) -> str:
    return name.replace("_", "-")


def _and(names) -> str:
    """ "a", "a and b", "a, b and c"."""
    *most, last = [_spoken(name) for name in names]
    return f"{', '.join(most)} and {last}" if most else last


def _errors(names) -> str:
    return f"{_and(names)} error{'s' if len(names) > 1 else ''}"


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
