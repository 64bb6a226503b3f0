"""Goals: one metric to optimise, the others only to satisfy (course 3, week 1).

Of N numbers that matter, one is made as good as possible and N - 1 have to reach a limit:

    maximise    accuracy
    subject to  run time <= 100 ms,  memory <= 10 MB

Beyond its limit a satisficing metric counts for nothing: 95 ms are as good as 80 ms.  What the
limits cost is worth knowing all the same: a report names every candidate that they exclude, by how
much it misses them, and what would have to be accepted for it.
"""

import math
import operator
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, near_miss, sentence
from dlspec._validation import check_finite
from dlspec.strategy._report import Report, Section

__all__ = ["Choice", "Compromise", "Exclusion", "choose"]

COMPARISONS = {
    "<=": operator.le,
    "<": operator.lt,
    ">=": operator.ge,
    ">": operator.gt,
    "==": operator.eq,
}
TIE = 1e-12  # numbers this close, relative to the larger, differ by rounding only


class _Constraint(NamedTuple):
    column: str
    sign: str
    limit: float

    def __str__(self):
        return f"{self.column} {self.sign} {_write(self.limit)}"


@dataclass(frozen=True)
class Exclusion:
    """One reason why a candidate does not qualify.

    Attributes:
        column: the number in question.
        constraint: what was asked for, "" where the number to optimise is missing.
        value: the candidate's number; None where it has none.
        by: how far beyond the limit; 0 at a limit that is not part of it, None without a number.
    """

    column: str
    constraint: str
    value: float | None
    by: float | None


@dataclass(frozen=True)
class Compromise:
    """What would have to be accepted to take an excluded candidate.

    Attributes:
        name: of the candidate.
        limits: {column: the limit that just admits it}, such as {"runtime_ms": "<= 120"}.
        objective: its number to optimise.
        miss: sum of the distances to the limits, each as a share of its limit.
    """

    name: str
    limits: Mapping[str, str]
    objective: float
    miss: float


def _choice_sections(report):
    numbers, rows = report.used["numbers"], []
    for name in report.objectives:  # the best first
        reasons = report.excluded.get(name, ())
        verdict = "; ".join(_reason(reason) for reason in reasons) or "qualifies"
        if name in report.tied:
            verdict = "best"
        cells = ["-" if value is None else _write(value) for value in numbers[name].values()]
        rows.append((name, *cells, verdict))
    columns = next(iter(numbers.values()))
    return [Section("Candidates", ("candidate", *columns, ""), rows)]


def _reason(reason):
    if reason.value is None:
        return f"no {reason.column}"
    distance = _write(reason.by)
    return f"{reason.column} {_write(reason.value)} misses {reason.constraint} by {distance}"


@dataclass(frozen=True, kw_only=True)
class Choice(Report):
    """The best candidate that meets every constraint.

    Attributes:
        chosen: its name, the first given where several tie; None where no candidate qualifies.
        tied: every name with the best number.
        direction: "maximize" or "minimize".
        column: name of the number to optimise.
        constraints: as they were understood.
        objectives: {name: number to optimise} of all candidates, the best that qualify first;
            None where it is missing.
        excluded: {name: reasons} of those that do not qualify.
        compromises: what would admit others, the smallest change first: those that would be better
            than the chosen one, or all where no candidate qualifies.
    """

    chosen: str | None
    tied: tuple[str, ...]
    direction: str
    column: str
    constraints: tuple[str, ...]
    objectives: Mapping[str, float | None]
    excluded: Mapping[str, tuple[Exclusion, ...]]
    compromises: tuple[Compromise, ...]

    sections = _choice_sections


def choose(
    candidates: Mapping[str, Mapping[str, float]] | Sequence[Mapping[str, float]],
    maximize: str | None = None,
    minimize: str | None = None,
    subject_to: Mapping[str, str] | None = None,
) -> Choice:
    """Pick the best candidate that meets every constraint, and say what was excluded and why.

    Args:
        candidates: {name: {column: number}}, or a list of dictionaries with a "name" each.  None
            and NaN are missing numbers; a candidate without one that is needed is excluded.
            Columns that are not asked for may hold anything.
        maximize: the column to make as large as possible.
        minimize: the column to make as small as possible; one of the two.
        subject_to: {column: comparison with a number}: "<= 100", "< 100", ">= 0.9", "> 0", "== 1".

    Returns:
        A report, also where no candidate qualifies: it then names the nearest.

    Raises:
        TypeError, ValueError: no candidates, a column that none has, a constraint that is no
            comparison, nothing or two things to optimise.

    Example:
        >>> candidates = {
        ...     "A": {"accuracy": 0.90, "runtime_ms": 80},
        ...     "B": {"accuracy": 0.92, "runtime_ms": 95},
        ...     "C": {"accuracy": 0.95, "runtime_ms": 1500},
        ... }
        >>> choice = choose(candidates, maximize="accuracy", subject_to={"runtime_ms": "<= 100"})
        >>> choice.chosen, choice.excluded["C"][0].by
        ('B', 1400.0)
        >>> choose(candidates, maximize="accuracy", subject_to={"runtime_ms": "<= 50"}).conclusion
        'No candidate meets runtime_ms <= 50. A is nearest: it needs runtime_ms <= 80.'

    Source: course 3, week 1.
    """
    rows = _check_candidates(candidates)
    direction, column = _check_objective(maximize, minimize, rows)
    constraints = _check_constraints(subject_to, rows)
    sign = -1 if direction == "maximize" else 1
    used = [column, *(c.column for c in constraints)]
    numbers = {name: {key: _number(name, row, key) for key in used} for name, row in rows.items()}

    excluded = {name: _reasons(row, column, constraints) for name, row in numbers.items()}
    excluded = {name: reasons for name, reasons in excluded.items() if reasons}
    objectives = {name: row[column] for name, row in numbers.items()}
    order = sorted(objectives, key=lambda name: _place(name, objectives, excluded, sign))
    tied = tuple(
        name
        for name in order
        if name not in excluded and _close(objectives[name], objectives[order[0]])
    )
    compromises = _compromises(numbers, column, constraints, excluded, sign)
    if tied:
        best = objectives[tied[0]]
        compromises = [c for c in compromises if sign * c.objective < sign * best]
    choice = {
        "chosen": tied[0] if tied else None,
        "tied": tied,
        "direction": direction,
        "column": column,
        "constraints": tuple(map(str, constraints)),
        "objectives": {name: objectives[name] for name in order},
        "excluded": excluded,
        "compromises": tuple(compromises),
    }
    return Choice(
        conclusion=_conclusion(**choice),
        used={
            "numbers": numbers,
            direction: column,
            "subject to": list(choice["constraints"]),
        },
        cannot_tell=tuple(_open_questions(**choice)),
        **choice,
    )


# --- What was asked -------------------------------------------------------------------------------


def _check_candidates(candidates):
    """{name: row} from either form."""
    if isinstance(candidates, Mapping):
        rows = {str(name): row for name, row in candidates.items()}
    elif isinstance(candidates, list | tuple):
        rows = {}
        for i, row in enumerate(candidates):
            if not isinstance(row, Mapping) or "name" not in row or str(row["name"]) in rows:
                expected = "be a dictionary with a name of its own"
                raise InvalidValue(sentence(f"candidates[{i}]", expected, f"{row!r}"))
            rows[str(row["name"])] = row
    else:
        expected = "be a dictionary of dictionaries or a list of them"
        raise InvalidType(sentence("candidates", expected, type(candidates).__name__))
    if not rows:
        raise InvalidValue(sentence("candidates", "hold at least one candidate", "none"))
    for name, row in rows.items():
        if not isinstance(row, Mapping):
            expected = "be a dictionary of numbers"
            raise InvalidType(sentence(f"candidates['{name}']", expected, f"{row!r}"))
    return rows


def _check_objective(maximize, minimize, rows):
    if (maximize is None) == (minimize is None):
        received = "neither" if maximize is None else "both"
        either = "maximize` or `minimize"
        raise InvalidValue(sentence(either, "be given, one of the two", received))
    direction = "minimize" if maximize is None else "maximize"
    return direction, _check_column(direction, minimize if maximize is None else maximize, rows)


def _check_column(name, column, rows):
    known = list(dict.fromkeys(str(key) for row in rows.values() for key in row if key != "name"))
    if column not in known:
        expected, advice = "be a column of the candidates", near_miss(column, known or ["none"])
        raise InvalidValue(sentence(name, expected, f"{column!r}", advice))
    return column


def _check_constraints(subject_to, rows):
    if subject_to is not None and not isinstance(subject_to, Mapping):
        expected = "be a dictionary such as {'runtime_ms': '<= 100'}"
        raise InvalidType(sentence("subject_to", expected, f"{subject_to!r}"))
    constraints = []
    for column, text in (subject_to or {}).items():
        _check_column("subject_to", column, rows)
        constraints.append(_Constraint(column, *_parse(column, text)))
    return constraints


def _parse(column, text):
    """("<=", 100.0) from "<= 100"."""
    match = re.fullmatch(
        r"\s*(<=|>=|==|<|>)\s*([-+.\w]+)\s*", text if isinstance(text, str) else ""
    )
    try:
        limit = float(match[2]) if match else math.nan
    except ValueError:
        limit = math.nan
    if not math.isfinite(limit):
        advice = f"The comparisons are {', '.join(COMPARISONS)}; units stay outside."
        expected = "be a comparison with a number, such as '<= 100'"
        raise InvalidValue(sentence(f"subject_to['{column}']", expected, f"{text!r}", advice))
    return match[1], limit


def _number(name, row, column):
    value = row.get(column)
    if value is None or (isinstance(value, float | np.floating) and math.isnan(value)):
        return None
    return check_finite(f"candidates['{name}']['{column}']", value)


# --- What follows ---------------------------------------------------------------------------------


def _reasons(row, column, constraints):
    missing = [Exclusion(column, "", None, None)] if row[column] is None else []
    return (*missing, *filter(None, (_violation(row[c.column], c) for c in constraints)))


def _violation(value, constraint):
    """How a value breaks a constraint, or None where it does not."""
    column, sign, limit = constraint
    if value is None:
        return Exclusion(column, f"{sign} {_write(limit)}", None, None)
    if COMPARISONS[sign](value, limit):
        return None
    return Exclusion(column, f"{sign} {_write(limit)}", value, abs(value - limit))


def _compromises(numbers, column, constraints, excluded, sign):
    """One for every excluded candidate with all its numbers, the smallest change first."""
    scales = {c.column: _scale(c, numbers) for c in constraints}
    found = [
        Compromise(
            name=name,
            limits={r.column: _admitting(r) for r in reasons},
            objective=numbers[name][column],
            miss=sum(r.by / scales[r.column] for r in reasons),
        )
        for name, reasons in excluded.items()
        if all(r.value is not None for r in reasons)
    ]
    return sorted(found, key=lambda c: (c.miss, sign * c.objective))


def _scale(constraint, numbers):
    """What a miss is measured by: the limit, or the largest value where the limit is 0."""
    values = [abs(row[constraint.column] or 0) for row in numbers.values()]
    return abs(constraint.limit) or max(values) or 1.0


def _admitting(reason):
    sign = reason.constraint.split()[0]
    return f"{sign if sign == '==' else sign[0] + '='} {_write(reason.value)}"


def _place(name, objectives, excluded, sign):
    """Those that qualify first, then by their number; those without one last."""
    missing = objectives[name] is None
    return name in excluded, missing, 0 if missing else sign * objectives[name]


def _close(a, b):
    return math.isclose(a, b, rel_tol=TIE)


def _conclusion(*, chosen, tied, direction, column, constraints, objectives, excluded, **rest):
    limits = " and ".join(constraints)
    if chosen is None:
        return _nobody(limits or f"the need for a number {column}", rest["compromises"])
    extreme = "highest" if direction == "maximize" else "lowest"
    count = len(objectives) - len(excluded)
    among = f"{count} that meet{'s' * (count == 1)} {limits}" if limits else f"{count}"
    if len(tied) > 1:
        text = f"{' and '.join(tied)} tie with the {extreme} {column}, {_write(objectives[chosen])}"
    else:
        text = f"{chosen} has the {extreme} {column}, {_write(objectives[chosen])}"
    text += f", of {among}."
    if rest["compromises"]:
        better = rest["compromises"][0]
        text += (
            f" {better.name} would be better with {_write(better.objective)}, "
            f"at {_write_limits(better)}."
        )
    return text


def _nobody(limits, compromises):
    text = f"No candidate meets {limits}."
    if not compromises:
        return f"{text} None has all the numbers, so none is nearest."
    return f"{text} {compromises[0].name} is nearest: it needs {_write_limits(compromises[0])}."


def _write_limits(compromise):
    return " and ".join(f"{column} {limit}" for column, limit in compromise.limits.items())


def _open_questions(*, chosen, tied, column, objectives, excluded, **_):
    for name, reasons in excluded.items():
        missing = [reason.column for reason in reasons if reason.value is None]
        if missing:
            yield f"Whether {name} qualifies: its {' and '.join(missing)} would tell."
    others = [n for n in objectives if n not in excluded and n not in tied]
    if chosen is not None and others:
        gap = abs(objectives[chosen] - objectives[others[0]])
        yield (
            f"Whether the {gap:.4g} between {chosen} and {others[0]} is more than noise: the "
            f"number of examples, or the spread over repeated measurements, of {column} would tell."
        )


def _write(number):
    return f"{number:.6g}"
