"""End-to-end or a pipeline, and which stage of a pipeline to work on (course 3, week 2).

A pipeline solves a task in stages: find the text, cut it into letters, recognise each.  To see
which stage costs most, replace the output of the first stage by the truth and measure the whole,
then that of the first two, and so on.

    whole pipeline                   72 %
    with perfect text detection      89 %    text detection costs   17 points
    with perfect segmentation too    90 %    segmentation            1 point
    with perfect recognition too    100 %    recognition            10 points

What a stage gains is the most that work on it can bring.  A year spent on segmentation brings one
point.

End-to-end learning puts one network in place of all stages.  It lets the data speak and needs no
stages designed by hand, but it needs many pairs of the first input and the last output; where those
are rare and there is much data for each stage, the pipeline wins (a face at a gate is found first
and recognised then; the age of a child is read off an X-ray bone by bone), and where there are
very many (speech, translation) end-to-end learning does.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import check_fraction
from dlspec.strategy._report import Bar, Report, Section, percent, points

__all__ = ["Stage", "StageGains", "attribute_to_stages", "stage_gains"]


@dataclass(frozen=True, eq=False)
class Stage:
    """One stage of a pipeline.

    Attributes:
        name: of the stage.
        run: takes what the stage before gives (the first: the inputs) for all examples at once,
            and does not change it.
        truth: what `run` should return, for the same examples.

    Example:
        >>> Stage("round", run=lambda xs: [round(x) for x in xs], truth=[1, 2]).run([0.9, 2.1])
        [1, 2]
    """

    name: str
    run: Callable[[Any], Any]
    truth: Any


@dataclass(frozen=True, kw_only=True)
class StageGains(Report):
    """What each stage costs.

    Attributes:
        accuracies: accuracy by name of the last stage replaced by the truth, all before it
            replaced too; in order.
        gains: by stage, what its replacement adds, a fraction.
        left: 1 minus the last accuracy; no stage explains it.
    """

    accuracies: Mapping[str, float]
    gains: Mapping[str, float]
    left: float

    def sections(self) -> list[Section]:
        """The table above the conclusion: accuracies, and gains as bars.

        Returns:
            One table.

        Example:
            >>> stage_gains(0.5, {"find": 0.9, "read": 1.0}).sections()[0].rows[1]
            ('perfect find', '90 %', '40 points', Bar(share=1.0))

        Source: course 3, week 2.
        """
        longest = max(self.gains.values())
        rows = [("whole pipeline", percent(self.used["whole pipeline"]), "", "")]
        rows += [
            (
                f"perfect {name}" + (" too" if i else ""),
                percent(self.accuracies[name]),
                points(gain),
                Bar(max(gain, 0) / longest if longest > 0 else 0.0),
            )
            for i, (name, gain) in enumerate(self.gains.items())
        ]
        return [Section("Stages in order", ("with", "accuracy", "gain", ""), rows)]


def attribute_to_stages(
    stages: Sequence[Stage], measure: Callable[[Any], float], inputs: Any
) -> StageGains:
    """Run a pipeline with no stage, the first, the first two, ... replaced by the truth.

    Args:
        stages: in the order in which they run, each with its truth.
        measure: accuracy of the last stage's output, a fraction in [0, 1].
        inputs: what the first stage takes; of the dev set.

    Returns:
        What each stage costs.

    Raises:
        TypeError: not stages; a measure that does not return a number.
        ValueError: no stage, a name twice, an accuracy outside [0, 1].

    Example:
        >>> stages = [
        ...     Stage("double", run=lambda xs: [2 * min(x, 2) for x in xs], truth=[2, 4, 6]),
        ...     Stage("add one", run=lambda xs: [x + 1 for x in xs], truth=[3, 5, 7]),
        ... ]
        >>> def measure(ys):
        ...     return sum(y == t for y, t in zip(ys, [3, 5, 7])) / 3
        >>> print(attribute_to_stages(stages, measure, [1, 2, 3]).conclusion)
        Work on double first: made perfect it brings 33.33 points.

    Source: course 3, week 2; the table is the "ceiling analysis" of Andrew Ng's earlier course.
    """
    _check_stages(stages)
    names = [stage.name for stage in stages]
    accuracies = []
    for perfect in range(len(stages) + 1):
        output = inputs if perfect == 0 else stages[perfect - 1].truth
        for stage in stages[perfect:]:
            output = stage.run(output)
        accuracies.append(measure(output))
    return stage_gains(accuracies[0], dict(zip(names, accuracies[1:], strict=True)))


def _check_stages(stages: object) -> None:
    if not isinstance(stages, Sequence) or not all(isinstance(stage, Stage) for stage in stages):
        raise InvalidType(sentence("stages", "be a list of Stage", type(stages).__name__))
    if not stages:
        raise InvalidValue(sentence("stages", "hold at least one stage", "none"))
    names = [stage.name for stage in stages]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise InvalidValue(sentence("stages", "have different names", f"{twice[0]} twice"))


def stage_gains(accuracy: float, perfect: Mapping[str, float]) -> StageGains:
    """Say what each stage costs, from accuracies measured before.

    Args:
        accuracy: of the whole pipeline, a fraction in [0, 1].
        perfect: by stage in order, the accuracy with the truth in place of this stage and of all
            before it.

    Returns:
        What each stage costs.

    Raises:
        TypeError: not a dictionary of numbers.
        ValueError: no stage, or an accuracy outside [0, 1].

    Example:
        >>> measured = {"text detection": 0.89, "segmentation": 0.90, "recognition": 1.0}
        >>> found = stage_gains(0.72, measured)
        >>> found.gains
        {'text detection': 0.17, 'segmentation': 0.01, 'recognition': 0.1}
        >>> print(found.conclusion)
        Work on text detection first: made perfect it brings 17 points.
        Then recognition, 10 points, then segmentation, 1 point.

    Source: the photo OCR table of Andrew Ng's Machine Learning course; course 3, week 2.
    """
    whole = check_fraction("accuracy", accuracy)
    if not isinstance(perfect, Mapping):
        raise InvalidType(sentence("perfect", "be a dictionary", type(perfect).__name__))
    if not perfect:
        raise InvalidValue(sentence("perfect", "hold at least one stage", "an empty dictionary"))
    accuracies = {
        name: check_fraction(f"perfect['{name}']", value) for name, value in perfect.items()
    }
    before = [whole, *accuracies.values()]
    gains = {
        name: round(value - previous, 12)
        for (name, value), previous in zip(accuracies.items(), before, strict=False)
    }
    left = round(1 - before[-1], 12)
    return StageGains(
        conclusion=_conclude(gains),
        used={"whole pipeline": whole},
        cannot_tell=tuple(_open_questions(gains, left)),
        accuracies=accuracies,
        gains=gains,
        left=left,
    )


def _conclude(gains: Mapping[str, float]) -> str:
    ranked = sorted((name for name in gains if gains[name] > 0), key=lambda name: -gains[name])
    if not ranked:
        return "No stage gains anything by being perfect."
    first = f"Work on {ranked[0]} first: made perfect it brings {points(gains[ranked[0]])}."
    rest = [f"{name}, {points(gains[name])}" for name in ranked[1:]]
    return f"{first} Then {', then '.join(rest)}." if rest else first


def _open_questions(gains: Mapping[str, float], left: float):
    for name, gain in gains.items():
        if gain < 0:
            yield (
                f"Why perfect {name} does harm, {points(gain)}: later stages may have learnt from "
                "its mistakes. Their accuracy after training on the truth would tell."
            )
    if left > 0:
        yield (
            f"What costs the last {points(left)}: no stage does. The truth itself should measure "
            "100 %; look at the truth of the last stage and at the measure."
        )
    if len(gains) > 1:
        yield (
            "What a stage brings while those before it stay as they are: the accuracy with the "
            "truth in place of that stage alone would tell."
        )
