"""What every answer of this subpackage carries: the numbers used, a conclusion, what stays open.

A report is a frozen dataclass.  `to_dict()` gives what JSON can hold, `str()` plain text, and
`rich.print` tables.  Rich is imported when something is drawn, never before.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

WIDTH = 100
BAR_WIDTH = 24


class Bar(NamedTuple):
    """A cell that is drawn as a bar: a share of the longest bar of its table, 0 to 1."""

    share: float


class Section(NamedTuple):
    """One table of a report: a title, the heads of its columns, and rows of texts and `Bar`s."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str | Bar, ...]]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Report:
    """Base of every answer.

    Attributes:
        conclusion: what follows from the numbers, in a sentence or two.
        used: the numbers that the conclusion rests on, by name.
        cannot_tell: what stays open, one sentence each, with the number that would settle it.
    """

    conclusion: str
    used: Mapping[str, Any]
    cannot_tell: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Every field, in types that JSON can hold."""
        return {f.name: as_plain(getattr(self, f.name)) for f in dataclasses.fields(self)}

    def sections(self) -> list[Section]:
        """The tables that a rendering shows above the conclusion; here the numbers used."""
        rows = [(name, _as_text(value)) for name, value in self.used.items()]
        return [Section("Numbers used", ("number", "value"), rows)]

    def __rich__(self):
        from rich.console import Group
        from rich.text import Text

        parts: list[Any] = [_as_table(section) for section in self.sections()]
        parts.append(Text(self.conclusion))
        parts += [Text(f"Open: {sentence}") for sentence in self.cannot_tell]
        return Group(*parts)

    def __str__(self) -> str:
        import io

        from rich.console import Console

        text = io.StringIO()
        Console(file=text, width=WIDTH, color_system=None).print(self)
        return "\n".join(line.rstrip() for line in text.getvalue().splitlines())


def _as_table(section: Section):
    from rich.bar import Bar as RichBar
    from rich.box import SIMPLE
    from rich.table import Table
    from rich.text import Text

    table = Table(title=section.title, title_justify="left", box=SIMPLE)
    for i, name in enumerate(section.columns):
        numeric = i > 0 and all(_is_numeric(row[i]) for row in section.rows)
        table.add_column(name, justify="right" if numeric else "left")
    for row in section.rows:
        cells = [
            RichBar(1.0, 0.0, cell.share, width=BAR_WIDTH) if isinstance(cell, Bar) else Text(cell)
            for cell in row
        ]
        table.add_row(*cells)
    return table


def _is_numeric(cell: str | Bar) -> bool:
    return isinstance(cell, str) and cell.lstrip("+-")[:1].isdigit()


def percent(share: float) -> str:
    """Write a share as a percentage with at most two decimals: 0.085 as "8.5 %"."""
    return f"{round(100 * share, 2) + 0.0:g} %"  # + 0.0 turns -0.0 into 0


def points(difference: float) -> str:
    """Write a difference of two shares in percentage points: 0.07 as "7 points"."""
    number = f"{round(100 * difference, 2) + 0.0:g}"
    return f"{number} point" if number == "1" else f"{number} points"


def _as_text(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float | np.floating) else str(value)


def as_plain(value: Any) -> Any:
    """`value` in types that JSON can hold: arrays and tuples as lists, reports as dictionaries."""
    if isinstance(value, Report):
        return value.to_dict()
    if dataclasses.is_dataclass(value):
        return {f.name: as_plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): as_plain(entry) for key, entry in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if isinstance(value, list | tuple):
        return [as_plain(entry) for entry in value]
    return value
