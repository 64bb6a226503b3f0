"""Human level: which human error stands for the Bayes error (course 3, week 1).

No classifier errs less than the Bayes error, and nobody knows it.  Where people are good, their
error is close to it and cannot be below: of several people or teams the lowest error is the best
bound, and everything above it that the training error shows is avoidable:

    avoidable bias = training error - Bayes error      bounded by the lowest human error
    variance       = dev error - training error

A typical person errs on 3 %, a doctor on 1 %, an experienced doctor on 0.7 %, a team of them on
0.5 %: the team is the proxy.  With training error 5 % and dev error 6 % any of them says bias; with
0.7 % and 0.8 % only the team does.  For a decision to deploy another one may be the bar, such as
the typical doctor; the Bayes error is at most 0.5 % all the same.

Once the training error is below every human error, avoidable bias cannot be told: it lies anywhere
between 0 and the training error.

The notes this package started from call a model good when it does better than people; for a system
that is to be improved the question is how far it is from the best people.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, near_miss, sentence
from dlspec._validation import check_fraction, check_labels
from dlspec.strategy._report import Bar, Report, Section, percent

__all__ = [
    "Agreement",
    "AnnotatorErrors",
    "BayesProxy",
    "Reading",
    "agreement",
    "annotator_errors",
    "bayes_proxy",
    "majority_vote",
]

TIE = 1e-12  # gaps this close differ by rounding only


# --- The proxy ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reading:
    """What the errors say if one human error is taken for the Bayes error.

    Attributes:
        human_error: the one taken.
        avoidable_bias: training error - human error; None without a training error, or where that
            is below the human error.
        variance: dev error - training error; None without both.
        focus: "bias", "variance", "either" where the two are alike, "neither" where nothing is
            left, or "cannot tell".
    """

    human_error: float
    avoidable_bias: float | None
    variance: float | None
    focus: str


def _proxy_sections(report):
    rows = [
        (name, percent(r.human_error), _gap(r.avoidable_bias), _gap(r.variance), r.focus)
        for name, r in report.readings.items()
    ]
    columns = ("taken for the Bayes error", "error", "avoidable bias", "variance", "work on")
    return [Section("Readings", columns, rows)]


def _gap(gap):
    return "cannot tell" if gap is None else percent(gap)


@dataclass(frozen=True, kw_only=True)
class BayesProxy(Report):
    """Which human error stands for the Bayes error, and what each choice would conclude.

    Attributes:
        proxy: name of the lowest human error, the first given where several are alike.
        bayes_at_most: that error; the Bayes error is not above it.
        readings: {name: Reading}, the lowest human error first.
    """

    proxy: str
    bayes_at_most: float
    readings: Mapping[str, Reading]

    sections = _proxy_sections


def bayes_proxy(
    errors: Mapping[str, float], *, train: float | None = None, dev: float | None = None
) -> BayesProxy:
    """The lowest human error as a stand-in for the Bayes error, beside all other choices.

    Args:
        errors: {person or team: error}, shares in [0, 1].
        train: training error, a share in [0, 1]; None where not known.
        dev: dev error, a share in [0, 1]; None where not known.

    Returns:
        A report.

    Raises:
        TypeError, ValueError: no errors, or no shares; percentages are recognised.

    Example:
        >>> humans = {"typical": 0.03, "doctor": 0.01, "experienced": 0.007, "team": 0.005}
        >>> report = bayes_proxy(humans, train=0.007, dev=0.008)
        >>> report.proxy, {name: reading.focus for name, reading in report.readings.items()}
        ('team', {'team': 'bias', 'experienced': 'variance', 'doctor': 'cannot tell',
         'typical': 'cannot tell'})

    Source: course 3, week 1.
    """
    errors = _check_errors(errors)
    train = train if train is None else check_fraction("train", train)
    dev = dev if dev is None else check_fraction("dev", dev)
    order = sorted(errors, key=errors.get)  # stable: equals as they were given
    readings = {name: _read(errors[name], train, dev) for name in order}
    proxy = order[0]
    return BayesProxy(
        conclusion=_proxy_conclusion(proxy, readings, train, dev),
        used=errors | {"train": _or_not_given(train), "dev": _or_not_given(dev)},
        cannot_tell=tuple(_proxy_open(proxy, readings[proxy], train, dev)),
        proxy=proxy,
        bayes_at_most=errors[proxy],
        readings=readings,
    )


def _check_errors(errors):
    if not isinstance(errors, Mapping):
        expected = "be a dictionary such as {'doctor': 0.01, 'team': 0.005}"
        raise InvalidType(sentence("errors", expected, f"{errors!r}"))
    if not errors:
        raise InvalidValue(sentence("errors", "hold at least one human error", "none"))
    return {str(name): check_fraction(f"errors['{name}']", e) for name, e in errors.items()}


def _or_not_given(value):
    return "not given" if value is None else value


def _read(human, train, dev):
    variance = None if train is None or dev is None else dev - train
    bias = None if train is None or train < human - TIE else max(train - human, 0.0)
    return Reading(human, bias, variance, _focus(bias, variance, train))


def _focus(bias, variance, train):
    """The larger gap; where the bias is not known, its limits 0 and `train` may still decide."""
    if variance is None:
        return "cannot tell"
    if bias is None:
        return "variance" if variance > train + TIE else "cannot tell"
    if max(bias, variance) <= TIE:
        return "neither"
    if abs(bias - variance) <= TIE:
        return "either"
    return "bias" if bias > variance else "variance"


def _proxy_conclusion(proxy, readings, train, dev):
    own = readings[proxy]
    text = (
        f"{proxy} has the lowest error, so the Bayes error is at most {percent(own.human_error)}."
    )
    if train is None:
        return text
    if own.avoidable_bias is None:
        text += f" Training error {percent(train)} is below that: avoidable bias cannot be told"
        text += f", it is at most {percent(train)}."
        if own.focus == "variance":
            text += f" Variance, {percent(own.variance)}, is larger than that: work on variance."
        return text
    text += f" Avoidable bias is at least {percent(own.avoidable_bias)}"
    if own.variance is None:
        return f"{text}."
    text += f", variance {percent(own.variance)}: {_ADVICE[own.focus]}."
    same = [name for name, reading in readings.items() if reading.focus == own.focus]
    if len(readings) > 1 and len(same) == len(readings):
        text += " Every other choice says the same."
    elif len(readings) > 1 and len(same) == 1:
        text += f" Only {proxy} shows it."
    return text


_ADVICE = {
    "bias": "work on bias",
    "variance": "work on variance",
    "either": "both are alike",
    "neither": "nothing is left to gain on either",
}


def _proxy_open(proxy, own, train, dev):
    if train is None:
        yield "Avoidable bias: the training error would tell."
    if train is None or dev is None:
        yield "Variance: the training error and the dev error would tell."
    if train is not None and own.avoidable_bias is None:
        yield (
            "Whether the model has passed people or overfits its training set: a lower human "
            "error, of better experts or a larger team, would tell how much bias is left."
        )
    if own.variance is not None and own.variance < -TIE:
        yield (
            "Why dev is easier than train: whether both come from one distribution, and whether "
            "regularisation was on when the training error was measured, would tell."
        )
    if own.avoidable_bias is not None and own.variance is not None:
        if own.focus == "variance" and own.variance < train:  # bias is at most `train`
            yield (
                f"Whether the Bayes error is so far below {proxy} that bias is larger after all: a "
                "lower human error would tell."
            )
        yield "Whether such gaps are noise: the number of examples behind each error would tell."


# --- From labels ----------------------------------------------------------------------------------


def majority_vote(annotations: Mapping[str, Sequence]) -> np.ndarray:
    """The label that most annotators give to each example.

    Among labels with equally many votes, that of the annotator listed first wins: list the most
    experienced first.  An odd number of annotators has no ties between two classes.

    Args:
        annotations: {annotator: labels (m,)}, whole numbers or texts.

    Returns:
        (m,), of the annotators' type.

    Raises:
        TypeError, ValueError: no annotators, labels that do not fit each other.

    Example:
        >>> majority_vote({"A": [0, 1, 1], "B": [0, 0, 1], "C": [1, 0, 1]})
        array([0, 0, 1])

    Source: course 3, week 1 (a team of experienced doctors).
    """
    return _majority_vote(np.stack(list(_check_annotations(annotations).values())))


def _majority_vote(votes):
    """`votes` (annotators, m).  How many agree with each vote; argmax takes the first of equals."""
    agreeing = (votes[:, None] == votes[None]).sum(axis=1)
    return votes[agreeing.argmax(axis=0), np.arange(votes.shape[1])]


def _check_annotations(annotations, like=None):
    if not isinstance(annotations, Mapping):
        expected = "be a dictionary from annotators to their labels"
        raise InvalidType(sentence("annotations", expected, type(annotations).__name__))
    if not annotations:
        raise InvalidValue(sentence("annotations", "hold at least one annotator", "none"))
    checked = {}
    for name, labels in annotations.items():
        checked[str(name)] = check_labels(f"annotations['{name}']", labels, like)
        like = like or (f"annotations['{name}']", checked[str(name)])
    return checked


def _errors_sections(report):
    largest = max(report.errors.values()) or 1.0
    rows = [
        (name, percent(error), percent(report.standard_errors[name]), Bar(error / largest))
        for name, error in report.errors.items()
    ]
    return [Section("Human errors", ("annotator", "error", "standard error", ""), rows)]


@dataclass(frozen=True, kw_only=True)
class AnnotatorErrors(Report):
    """Errors of people and teams, measured against the truth.

    Attributes:
        errors: {annotator or team: share of wrong labels}, as `bayes_proxy` takes them.
        standard_errors: {annotator or team: sqrt(p (1 - p) / m)}.
        ties: {team: share of examples where the vote was a tie}.
    """

    errors: Mapping[str, float]
    standard_errors: Mapping[str, float]
    ties: Mapping[str, float]

    sections = _errors_sections


def annotator_errors(
    truth: Sequence,
    annotations: Mapping[str, Sequence],
    teams: Mapping[str, Sequence[str]] | None = None,
) -> AnnotatorErrors:
    """Error of every annotator, and of teams that decide by majority vote.

    Args:
        truth: true classes (m,), whole numbers or texts, not made from these annotations.
        annotations: {annotator: labels (m,)}, of the same kind.
        teams: {team: names of its members}, the most experienced first; None for one team named
            "team" of all annotators, where there are three or more.

    Returns:
        A report; `report.errors` goes into `bayes_proxy`.

    Raises:
        TypeError, ValueError: labels that do not fit each other, unknown members.

    Example:
        >>> truth = [0, 0, 1, 1]
        >>> labels = {"A": [0, 0, 1, 0], "B": [0, 1, 1, 1], "C": [1, 0, 1, 1]}
        >>> annotator_errors(truth, labels).errors
        {'A': 0.25, 'B': 0.25, 'C': 0.25, 'team': 0.0}

    Source: course 3, week 1.
    """
    truth = check_labels("truth", truth)
    annotations = _check_annotations(annotations, ("truth", truth))
    if teams is None:
        teams = {"team": list(annotations)} if len(annotations) >= 3 else {}
    teams = _check_teams(teams, annotations)
    votes = {team: np.stack([annotations[n] for n in names]) for team, names in teams.items()}
    labels = annotations | {team: _majority_vote(given) for team, given in votes.items()}
    errors = {name: float(np.mean(given != truth)) for name, given in labels.items()}
    m = truth.size
    return AnnotatorErrors(
        conclusion=_errors_conclusion(errors, teams, m),
        used={"examples": m, "annotators": len(annotations), "teams": teams},
        cannot_tell=tuple(_errors_open(errors, teams, m)),
        errors=errors,
        standard_errors={name: math.sqrt(p * (1 - p) / m) for name, p in errors.items()},
        ties={team: _share_of_ties(given) for team, given in votes.items()},
    )


def _check_teams(teams, annotations):
    if not isinstance(teams, Mapping):
        expected = "be a dictionary from teams to their members"
        raise InvalidType(sentence("teams", expected, type(teams).__name__))
    teams = {str(team): members for team, members in teams.items()}
    for team, members in teams.items():
        if team in annotations:
            raise InvalidValue(sentence("teams", "have names that no annotator has", f"{team!r}"))
        if not isinstance(members, list | tuple) or not members:
            raise InvalidValue(sentence(f"teams['{team}']", "be a list of names", f"{members!r}"))
        for member in members:
            if str(member) not in annotations:
                expected, advice = "hold annotators only", near_miss(member, list(annotations))
                raise InvalidValue(sentence(f"teams['{team}']", expected, f"{member!r}", advice))
    return {team: [str(member) for member in members] for team, members in teams.items()}


def _share_of_ties(votes):
    """Share of the examples where two labels have the most votes."""

    def is_tie(column):
        first, *others = Counter(column.tolist()).most_common(2)
        return any(count == first[1] for _, count in others)

    return float(np.mean([is_tie(column) for column in votes.T]))


def _errors_conclusion(errors, teams, m):
    best = min(errors, key=errors.get)
    text = f"{best} has the lowest error, {percent(errors[best])} of {m:,} examples."
    persons = {name: e for name, e in errors.items() if name not in teams}
    if best in teams:
        text += f" The best single annotator errs on {percent(min(persons.values()))}."
    return text


def _errors_open(errors, teams, m):
    if any(errors[team] == 0 for team in teams):
        yield (
            "Whether a team without an error is that good: if its vote made the truth, its error "
            "is 0 whatever it does; a truth from another source would tell."
        )
    low, *others = sorted(errors.values())
    if others:
        spread = math.sqrt((low * (1 - low) + others[0] * (1 - others[0])) / m)
        if others[0] - low <= 1.96 * spread:
            yield (
                f"Whether the lowest error is lower than the next by more than noise: {m:,} "
                "examples are too few; more would tell."
            )


def _agreement_sections(report):
    rows = [
        (pair, percent(share), "not defined" if kappa is None else f"{kappa:.3f}")
        for pair, (share, kappa) in report.pairs.items()
    ]
    return [Section("Agreement", ("annotators", "same label", "kappa"), rows)]


@dataclass(frozen=True, kw_only=True)
class Agreement(Report):
    """How far annotators agree, whatever the truth.

    Attributes:
        pairs: {"A, B": (share of examples with the same label, Cohen's kappa)}; kappa is None where
            both always give the same one label.
        unanimous: share of the examples with one label from all.
        lowest_error: what the majority would err on if it were always right: a bound from below on
            the mean error of the annotators.
    """

    pairs: Mapping[str, tuple[float, float | None]]
    unanimous: float
    lowest_error: float

    sections = _agreement_sections


def agreement(annotations: Mapping[str, Sequence]) -> Agreement:
    """How often annotators give the same label, and how much of it is more than chance.

    Cohen's kappa = (p_o - p_e) / (1 - p_e), with p_o the share of examples with the same label and
    p_e the share expected if both kept their habits but did not look at the examples.  1 is full
    agreement, 0 what chance gives.

    Without any truth, disagreement bounds the errors from below: of different labels at most one is
    right, so the annotators' mean error is at least the share of votes outside the majority.

    Args:
        annotations: {annotator: labels (m,)}, two or more, whole numbers or texts.

    Returns:
        A report.

    Raises:
        TypeError, ValueError: fewer than two annotators, labels that do not fit each other.

    Example:
        >>> report = agreement({"A": [0, 0, 1, 1], "B": [0, 0, 1, 0]})
        >>> report.pairs
        {'A, B': (0.75, 0.5)}

    Source: Cohen, "A coefficient of agreement for nominal scales", 1960.
    """
    checked = _check_annotations(annotations)
    if len(checked) < 2:
        raise InvalidValue(sentence("annotations", "hold at least two annotators", len(checked)))
    votes = np.stack(list(checked.values()))
    pairs = {f"{a}, {b}": _kappa(checked[a], checked[b]) for a, b in combinations(checked, 2)}
    unanimous = float(np.mean((votes == votes[0]).all(axis=0)))
    lowest_error = float(np.mean(votes != _majority_vote(votes)))
    weakest = min(pairs, key=lambda pair: pairs[pair][0])
    return Agreement(
        conclusion=(
            f"All agree on {percent(unanimous)} of {votes.shape[1]:,} examples; least agree "
            f"{weakest.replace(', ', ' and ')}, on {percent(pairs[weakest][0])}. Their mean error "
            f"is at least {percent(lowest_error)}, whatever the truth."
        ),
        used={"examples": votes.shape[1], "annotators": len(votes)},
        cannot_tell=(
            "Whether they agree on what is right: labels from another source, such as a later "
            "finding, would tell.",
        ),
        pairs=pairs,
        unanimous=unanimous,
        lowest_error=lowest_error,
    )


def _kappa(a, b):
    """(p_o, kappa) of two annotators."""
    observed = float(np.mean(a == b))
    classes = np.union1d(a, b)
    expected = math.fsum(float(np.mean(a == c)) * float(np.mean(b == c)) for c in classes)
    return observed, None if expected >= 1 - TIE else (observed - expected) / (1 - expected)
