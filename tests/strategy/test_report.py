"""What every report can do: JSON, plain text, tables."""

import dataclasses
import io
import json

import numpy as np
from rich.console import Console

from dlspec.strategy._report import Bar, Report, Section, percent, points


@dataclasses.dataclass(frozen=True, kw_only=True)
class Gaps(Report):
    gaps: dict
    parts: tuple = ()

    def sections(self):
        rows = [(name, percent(gap), Bar(gap / 0.1)) for name, gap in self.gaps.items()]
        return [Section("Gaps", ("gap", "size", ""), rows)]


REPORT = Gaps(
    conclusion="Work on bias.",
    used={"train": np.float64(0.08), "dev": 0.1},
    cannot_tell=("Data mismatch: a train-dev error would tell.",),
    gaps={"bias": 0.07, "variance": 0.02},
    parts=(Report(conclusion="A part.", used={"n": np.arange(2)}),),
)


def test_to_dict_is_what_json_holds():
    document = json.loads(json.dumps(REPORT.to_dict(), allow_nan=False))
    assert document == {
        "conclusion": "Work on bias.",
        "used": {"train": 0.08, "dev": 0.1},
        "cannot_tell": ["Data mismatch: a train-dev error would tell."],
        "gaps": {"bias": 0.07, "variance": 0.02},
        "parts": [{"conclusion": "A part.", "used": {"n": [0, 1]}, "cannot_tell": []}],
    }


def test_text_holds_tables_conclusion_and_what_stays_open():
    lines = [line.split() for line in str(REPORT).splitlines()]
    assert ["Gaps"] in lines
    assert ["variance", "2", "%", "████▊"] in lines  # 0.2 of 24 cells
    text = str(REPORT)
    order = [text.index(part) for part in ("Gaps", "bias", "Work on bias.", "Open: Data mismatch")]
    assert order == sorted(order)
    assert "\x1b" not in text


def test_without_sections_of_its_own_a_report_shows_the_numbers_used():
    text = str(Report(conclusion="Done.", used={"recall": 2 / 3, "runs": 3}))
    assert "recall" in text
    assert "0.666667" in text


def test_rich_draws_the_same():
    console = Console(width=100, record=True, file=io.StringIO())
    console.print(REPORT)
    assert [line.rstrip() for line in console.export_text().splitlines()] == str(
        REPORT
    ).splitlines()


def test_percent():
    shares = (0.085, 0.07, 1, 0.10 - 0.08, 0.12345, -0.0, -0.02)
    assert [percent(s) for s in shares] == [
        "8.5 %",
        "7 %",
        "100 %",
        "2 %",
        "12.35 %",
        "0 %",
        "-2 %",
    ]


def test_points():
    differences = (0.07, 0.01, 0.10 - 0.08, 0.005, -0.01, -0.0, 0.12345)
    assert [points(d) for d in differences] == [
        "7 points",
        "1 point",
        "2 points",
        "0.5 points",
        "-1 points",
        "0 points",
        "12.35 points",
    ]
