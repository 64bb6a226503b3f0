"""`dlspec diagnose` and `dlspec error-analysis`: the reports of course 3 on a user's own numbers.

Like a script this stands above the course's modules and the plots.
"""

import argparse
import io
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from dlspec._complaints import InvalidValue, near_miss, sentence
from dlspec._validation import check_fraction

__all__ = ["as_fractions", "diagnose", "error_analysis"]

FORMATS = (".png", ".pdf", ".svg")


def diagnose(options: argparse.Namespace) -> int:
    """Run `dlspec diagnose`.

    Args:
        options: as parsed.

    Returns:
        Exit status.
    """
    from dlspec.strategy import bias_variance

    names = ("human", "train", "train_dev", "dev", "test")
    texts = {name: getattr(options, name) for name in names}
    given = {name.replace("_", "-"): text for name, text in texts.items() if text is not None}
    errors = {name.replace("-", "_"): error for name, error in as_fractions(given).items()}
    sizes = _sizes(options.sizes or [], list(given))
    report = bias_variance.diagnose(**errors, sizes=sizes)

    def figure(plots):
        written = {name.replace("-", "_"): f"{name} {given[name]}" for name in given}
        ends = {g.name: f"{written[g.lower]} to {written[g.upper]}" for g in report.gaps}
        bars = {f"{g.name}\n{ends[g.name]}": 100 * g.size for g in report.gaps}
        return plots.bars(bars, title="From error to error", xlabel="percentage points")

    return _answer(report, options, figure)


def error_analysis(options: argparse.Namespace) -> int:
    """Run `dlspec error-analysis`.

    Args:
        options: as parsed.

    Returns:
        Exit status.
    """
    from dlspec.strategy import error_analysis as analysis

    given = {} if options.dev_error is None else {"dev-error": options.dev_error}
    dev_error = as_fractions(given).get("dev-error")
    table = analysis.read_table(options.table)
    report = analysis.analyze(table, dev_error=dev_error, labels=options.labels)

    def figure(plots):
        shares = {_plain(c.name): 100 * c.share for c in report.categories}
        if report.uncategorized:
            shares["no category"] = 100 * report.uncategorized / report.examples
        title = f"What {report.examples} mistakes have in common"
        return plots.bars(shares, title=title, xlabel="share of the mistakes (%)")

    return _answer(report, options, figure)


# --- Numbers --------------------------------------------------------------------------------------


def as_fractions(texts: Mapping[str, str]) -> dict[str, float]:
    """Read errors that are written as percentages (8%) or as fractions (0.08), all alike.

    Args:
        texts: by name of the option.

    Returns:
        Fractions in [0, 1].

    Raises:
        ValueError: no number, outside its range, or both ways of writing.

    Example:
        >>> as_fractions({"train": "8%", "dev": "10 %"})
        {'train': 0.08, 'dev': 0.1}
    """
    numbers = {name: _number(name, text) for name, text in texts.items()}
    percentages = [name for name, text in texts.items() if "%" in text]
    if percentages and len(percentages) < len(texts):
        odd = next(name for name in texts if name not in percentages)
        expected = f"be a percentage like --{percentages[0]} {texts[percentages[0]]}"
        advice = "Write all errors with % or none."
        raise InvalidValue(sentence(f"--{odd}", expected, texts[odd], advice))
    if not percentages:
        return {name: check_fraction(f"--{name}", number) for name, number in numbers.items()}
    for name, number in numbers.items():
        if not 0 <= number <= 100:
            raise InvalidValue(sentence(f"--{name}", "be from 0% to 100%", texts[name]))
    return {name: round(number / 100, 12) for name, number in numbers.items()}


def _number(name: str, text: str) -> float:
    try:
        return float(text.strip().removesuffix("%"))
    except ValueError:
        advice = "Write a point, not a comma." if "," in text else ""
        expected = "be a percentage such as 8% or a fraction such as 0.08"
        raise InvalidValue(sentence(f"--{name}", expected, text, advice)) from None


def _sizes(texts: list[str], given: list[str]) -> dict[str, int]:
    """From ["dev=500", "test=500"]."""
    sizes = {}
    for text in texts:
        name, _, number = text.partition("=")
        if not number.isdecimal() or int(number) == 0:
            expected = "be a set and a number above 0, such as dev=500"
            raise InvalidValue(sentence("--sizes", expected, text))
        if name not in given:
            expected = "name sets whose error is given"
            raise InvalidValue(sentence("--sizes", expected, name, near_miss(name, given)))
        sizes[name.replace("-", "_")] = int(number)
    return sizes


# --- Answers --------------------------------------------------------------------------------------


def _answer(report: Any, options: argparse.Namespace, figure: Callable) -> int:
    """Write the figure if one is asked for, then print."""
    if options.figure is not None:
        _write_figure(Path(options.figure), figure)
    if options.json:
        print(json.dumps(report.to_dict(), indent=2, allow_nan=False))
        return 0
    if sys.stdout.isatty():
        from rich.console import Console

        Console().print(report)
    else:
        if hasattr(sys.stdout, "reconfigure"):  # not every encoding of a file has bars
            sys.stdout.reconfigure(errors="replace")
        print(report)
    if options.figure is not None:
        print(f"Figure: {options.figure}")
    return 0


def _write_figure(path: Path, figure: Callable) -> None:
    """Draw, and write to a new file: nothing that was there is lost."""
    if path.suffix.lower() not in FORMATS:
        expected = f"end with {', '.join(FORMATS[:-1])} or {FORMATS[-1]}"
        raise InvalidValue(sentence("--figure", expected, path))
    if path.exists():
        received = f"{path}, which exists"
        advice = "Move it away or name another."
        raise InvalidValue(sentence("--figure", "be a new file", received, advice))
    from dlspec import plots

    picture = io.BytesIO()
    figure(plots).savefig(picture, format=path.suffix[1:].lower(), dpi=150)
    try:
        with path.open("xb") as file:
            file.write(picture.getvalue())
    except OSError as error:
        received = f"{path} ({error.strerror})"
        raise InvalidValue(
            sentence("--figure", "be a file that can be written", received)
        ) from error


def _plain(name: str) -> str:
    """Dollars would be taken for formulas."""
    return name.replace("$", r"\$")
