"""Error analysis: look at mistakes by hand, count what they have in common (course 3, week 2).

Some hundred mistakes of the dev set are the rows of a table, categories its columns: dog, blurry,
incorrectly labelled.  An example may be marked in several columns, or in none.  Of n mistakes, k in
a category,

    share    p = k / n              standard error  sqrt(p (1 - p) / n)
    ceiling  dev error x (1 - p)    the best one can reach by mending this category alone

10 % dev error and 5 dogs in 100 mistakes: at best 9.5 %, perhaps not worth the work; with 50 dogs
5 %.  Shares of categories that overlap do not add up, nor do gains.

Labels.  The same column count tells how much of the error the labels make, and a difference between
two classifiers that is smaller than that cannot be trusted.  In the training set labels that are
wrong at random do little harm; those that are wrong alike (all white dogs are cats) do.

Two components.  A search (beam search) looks for the output y that a model scores highest.  Where
it returned a wrong yhat although the right y* scores higher, the search is at fault; otherwise the
model.

    score(y*) > score(yhat)    search: a wider beam
    score(y*) <= score(yhat)   model: more data, regularization, another architecture

The notes this package started from take "100 mislabelled images": these are misclassified ones, the
label may be right; and one writes yhat for the translation of a human, which is y*.
"""

import csv
import io
import math
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, near_miss, sentence
from dlspec._validation import check_array, check_fraction
from dlspec.strategy._report import Bar, Report, Section, percent, points

__all__ = [
    "Category",
    "ComponentFaults",
    "ErrorAnalysis",
    "ErrorTable",
    "LabelErrors",
    "TwoClassifiers",
    "analyze",
    "attribute_errors",
    "compare_classifiers",
    "label_errors",
    "read_table",
    "tabulate",
    "write_table",
]

LARGE_SHARE = 0.2
"""Labels are worth mending from this share of the mistakes on.  The lecture leaves 6 % alone and
mends 30 %; the line between is ours."""


# --- The table ------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class ErrorTable:
    """Mistakes that somebody looked at, and which categories each belongs to.

    Attributes:
        examples: names of the mistakes, one per row, n of them.
        categories: names of the columns, each once (large and small letters are alike), c of them.
        marks: shape (n, c), true where an example belongs to a category.
        notes: columns that are no categories, such as comments: n texts by name.
        empty_lines: numbers of the lines of the file without any content, which were left out.

    Example:
        >>> ErrorTable(("a.png", "b.png"), ("dog",), [[True], [False]]).marks.sum()
        np.int64(1)
    """

    examples: Sequence[str]
    categories: Sequence[str]
    marks: np.ndarray
    notes: Mapping[str, Sequence[str]] | None = None
    empty_lines: Sequence[int] = ()

    def __post_init__(self):
        examples, categories = tuple(map(str, self.examples)), tuple(map(str, self.categories))
        _check_table("table", examples, categories)
        shape = (("examples", len(examples)), ("categories", len(categories)))
        marks = check_array("marks", self.marks, shape)
        odd = marks[(marks != 0) & (marks != 1)]
        if odd.size:
            raise InvalidValue(sentence("marks", "be true or false", f"{odd[0]:g}"))
        notes = {name: tuple(texts) for name, texts in (self.notes or {}).items()}
        _check_unique("table", (*categories, *notes))
        for name, texts in notes.items():
            if len(texts) != len(examples):
                expected = f"hold one text for each of {len(examples)} examples"
                raise InvalidValue(sentence(f"notes['{name}']", expected, len(texts)))
        values = (examples, categories, marks.astype(bool), notes, tuple(self.empty_lines))
        for name, value in zip(self.__dataclass_fields__, values, strict=True):
            object.__setattr__(self, name, value)


def _check_table(source: str, examples: Sequence[str], categories: Sequence[str]) -> None:
    if not examples:
        raise InvalidValue(sentence(source, "hold at least one example", "none"))
    if not categories:
        advice = "Columns of x, 1, yes or true (and 0, no, false or nothing) are categories."
        raise InvalidValue(sentence(source, "hold at least one category", "none", advice))


def _check_unique(source: str, names: Sequence[str]) -> None:
    seen: dict[str, str] = {}
    for name in names:
        if name.casefold() in seen:
            received = f"{seen[name.casefold()]} and {name}"
            raise InvalidValue(sentence(source, "name every column once", received))
        seen[name.casefold()] = name


def tabulate(
    marked: Mapping[str, Iterable[str]], categories: Sequence[str] | None = None
) -> ErrorTable:
    """Make a table out of the categories of each example.

    Args:
        marked: by name of an example, the categories it belongs to, possibly none.
        categories: all columns in order; without it those that occur, in order of appearance.

    Returns:
        The table.

    Raises:
        TypeError: not a dictionary of lists.
        ValueError: no example, no category, or a category that is not among `categories`.

    Example:
        >>> tabulate({"a.png": ["dog"], "b.png": ["dog", "blurry"], "c.png": []}).categories
        ('dog', 'blurry')

    Source: course 3, week 2.
    """
    if not isinstance(marked, Mapping):
        raise InvalidType(sentence("marked", "be a dictionary", type(marked).__name__))
    own = {example: _check_names(f"marked['{example}']", marked[example]) for example in marked}
    known = list(dict.fromkeys(name for names in own.values() for name in names))
    if categories is not None:
        unknown = [name for name in known if name not in categories]
        if unknown:
            advice = near_miss(unknown[0], list(categories))
            raise InvalidValue(sentence("marked", "name known categories", unknown[0], advice))
        known = list(categories)
    marks = [[name in names for name in known] for names in own.values()]
    return ErrorTable(tuple(own), tuple(known), np.array(marks).reshape(len(own), len(known)))


def _check_names(name: str, value: object) -> list[str]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        received = f"{value!r} ({type(value).__name__})"
        raise InvalidType(sentence(name, "be a list of categories", received))
    return [str(entry) for entry in value]


# --- Files ----------------------------------------------------------------------------------------

YES = {"x", "1", "1.0", "yes", "y", "true", "✓", "✔"}
NO = {"0", "0.0", "no", "n", "false"}
NAMES_OF_EXAMPLES = {"", "#", "example", "file", "filename", "id", "image", "index", "name", "nr"}
MOST_PROBLEMS = 8
SAMPLE = 2**16
"""So many characters tell the delimiter."""


def read_table(path: str | os.PathLike) -> ErrorTable:
    """Read a table from a CSV file, as spreadsheets write them.

    The first line names the columns.  A column of marks (x, 1, yes, y, true; 0, no, n, false or
    nothing; large and small letters alike) is a category.  The first column is the name of the
    example if its head says so (image, file, id, ...) or if it holds other texts, each once.  All
    other columns are notes, unless marks are at least as many as other texts: such a column is a
    category with cells that nobody can count, and they are complained about line by line.  Nothing
    is dropped but rows without any content; `empty_lines` tells which.

    Commas, semicolons, tabs and bars are told apart, and quotes, byte order marks and any line ends
    understood.

    Args:
        path: a text file in UTF-8 (or UTF-16 with a byte order mark).

    Returns:
        The table.

    Raises:
        ValueError: no file, no text, no examples or categories, a column named twice, rows of
            another length, cells that are no marks.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = Path(folder, "mistakes.csv")
        ...     _ = file.write_text("image;dog;comment\\na.png;x;small\\nb.png;;", encoding="utf-8")
        ...     table = read_table(file)
        >>> table.examples, table.categories, table.notes
        (('a.png', 'b.png'), ('dog',), {'comment': ('small', '')})

    Source: RFC 4180, and what spreadsheets make of it.
    """
    source = str(path)
    lines = _rows(source, _text(source, Path(path)))
    head, lines = _header(source, lines)
    named = head[0].casefold() in NAMES_OF_EXAMPLES or _are_names(
        [row[0] for _, row in lines if any(row)]
    )
    lines, empty = _without_empty(lines, keep_inner=not named)
    problems = [
        (line, f"{len(row)} cells instead of {len(head)}")
        for line, row in lines
        if len(row) != len(head)
    ]
    whole = [(line, row) for line, row in lines if len(row) == len(head)]
    columns = {name: [row[i] for _, row in whole] for i, name in enumerate(head)}
    names = columns.pop(head[0]) if named else [f"line {line}" for line, _ in whole]
    categories = [name for name, cells in columns.items() if _is_category(cells)]
    for name in categories:
        problems += [
            (line, f'"{cell}" in column {name}')
            for (line, _), cell in zip(whole, columns[name], strict=True)
            if not _is_mark(cell)
        ]
    if problems:
        raise InvalidValue(_malformed(source, problems))
    _check_table(source, names, categories)
    marks = [[cell.casefold() in YES for cell in columns.pop(name)] for name in categories]
    return ErrorTable(tuple(names), tuple(categories), np.array(marks).T, columns, tuple(empty))


def _text(source: str, path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        received = f"nothing ({error.strerror})"
        raise InvalidValue(sentence(source, "be a file that can be read", received)) from error
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        advice = 'In a spreadsheet save as "CSV UTF-8".'
        raise InvalidValue(sentence(source, "be text in UTF-8", "something else", advice))
    return text


def _rows(source: str, text: str) -> list[tuple[int, list[str]]]:
    """Number of the line and stripped cells of every row, for the delimiter that fits best."""
    first, _, rest = text.partition("\n")
    hint = re.fullmatch(r"sep=(.)\s*", first)  # what spreadsheets add for each other
    if hint:
        return _parse(source, rest, hint[1], first_line=2)

    def fit(delimiter: str) -> tuple[bool, int, int]:
        reader = csv.reader(io.StringIO(text[:SAMPLE], newline=""), delimiter=delimiter)
        rows = [row for row in reader if row]
        width = len(rows[0]) if rows else 0
        return width > 1, sum(len(row) == width for row in rows), width

    return _parse(source, text, max(",;\t|", key=fit))


def _parse(
    source: str, text: str, delimiter: str, first_line: int = 1
) -> list[tuple[int, list[str]]]:
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True
    )
    rows, line = [], first_line
    try:
        for row in reader:
            rows.append((line, [" ".join(cell.split()) for cell in row]))
            line = reader.line_num + first_line
    except csv.Error as error:
        received = f"line {line}: {error}"
        advice = "A quote inside a cell is written twice."
        raise InvalidValue(sentence(source, "be a whole CSV file", received, advice)) from error
    return rows


def _header(source: str, lines: list) -> tuple[list[str], list]:
    """The names of the columns, and the rows below without the cells beyond the last name."""
    while lines and not any(lines[0][1]):
        lines = lines[1:]
    if not lines:
        raise InvalidValue(sentence(source, "hold at least one example", "an empty file"))
    (_, head), *lines = lines
    width = max(i for i, name in enumerate(head) if name) + 1
    lines = [(n, row[:width] if not any(row[width:]) else row) for n, row in lines]
    head = head[:width]
    expected = "name the columns in its first line"
    if all(map(_is_mark, head[1:] or head)):  # that is an example
        raise InvalidValue(sentence(source, expected, ", ".join(head)))
    if "" in head[1:]:
        nameless = head.index("", 1) + 1
        raise InvalidValue(sentence(source, expected, f"no name for column {nameless}"))
    _check_unique(source, head)
    return head, lines


def _are_names(cells: list[str]) -> bool:
    """Whether the first column names the rows: each cell there once, and half of them no marks."""
    return len(set(cells)) == len(cells) >= 2 * sum(map(_is_mark, cells))


def _without_empty(lines: list, keep_inner: bool) -> tuple[list, list[int]]:
    """Rows with content, and the lines of the others.

    Where no column names the examples, a row of empty cells between others is an example without
    any category.
    """
    full = [i for i, (_, row) in enumerate(lines) if any(row)]
    last = full[-1] if full else -1
    kept = [
        (line, row)
        for i, (line, row) in enumerate(lines)
        if any(row) or (keep_inner and row and i < last)
    ]
    lines_kept = {line for line, _ in kept}
    return kept, [line for line, _ in lines if line not in lines_kept]


def _is_mark(cell: str) -> bool:
    return not cell or cell.casefold() in YES | NO


def _is_category(cells: list[str]) -> bool:
    """Marks only, or at least as many marks as other texts."""
    written = [cell for cell in cells if cell]
    return 2 * sum(map(_is_mark, written)) >= len(written)


def _malformed(source: str, problems: list[tuple[int, str]]) -> str:
    shown = [f"line {line}: {text}" for line, text in sorted(problems)[:MOST_PROBLEMS]]
    if len(problems) > MOST_PROBLEMS:
        shown.append(f"and {len(problems) - MOST_PROBLEMS} more")
    expected = "hold a mark (x, 1, yes, true) or nothing in every cell of a category, in whole rows"
    return sentence(source, expected, "; ".join(shown))


def write_table(table: ErrorTable, path: str | os.PathLike) -> None:
    """Write a table as a CSV file that spreadsheets and `read_table` understand.

    Args:
        table: what to write; marks become x.
        path: a new file, in UTF-8 with a byte order mark, which spreadsheets need.

    Raises:
        TypeError: not a table.
        ValueError: the file exists, or cannot be written.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     write_table(tabulate({"a.png": ["dog"]}), Path(folder, "mistakes.csv"))
        ...     print(Path(folder, "mistakes.csv").read_text(encoding="utf-8-sig"))
        example,dog
        a.png,x

    Source: RFC 4180.
    """
    _check_is_table(table)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["example", *table.categories, *table.notes])
    for i, example in enumerate(table.examples):
        marks = ["x" if mark else "" for mark in table.marks[i]]
        writer.writerow([example, *marks, *(texts[i] for texts in table.notes.values())])
    try:
        with open(path, "x", encoding="utf-8-sig", newline="") as file:
            file.write(text.getvalue())
    except OSError as error:
        received = f"{path} ({error.strerror})"
        raise InvalidValue(
            sentence("path", "be a new file that can be written", received)
        ) from error


def _check_is_table(table: object) -> None:
    if not isinstance(table, ErrorTable):
        advice = "Use read_table or tabulate."
        raise InvalidType(sentence("table", "be an ErrorTable", type(table).__name__, advice))


# --- Counts ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Category:
    """One column, counted.

    Attributes:
        name: of the category.
        count: examples marked.
        share: of all examples examined, in [0, 1].
        standard_error: of the share, for examples drawn at random.
        ceiling: the error that is left at best when the category is mended; None without dev error.
        gain: dev error minus ceiling, a fraction; None without dev error.

    Example:
        >>> analyze(tabulate({"a": ["dog"], "b": []}), dev_error=0.1).categories[0].ceiling
        0.05
    """

    name: str
    count: int
    share: float
    standard_error: float
    ceiling: float | None
    gain: float | None


@dataclass(frozen=True, kw_only=True)
class LabelErrors(Report):
    """How much of an error is made by wrong labels; all numbers are fractions of all examples.

    Attributes:
        due_to_labels: error that right labels would take away.
        due_to_others: the rest.
        mend: whether labels make a large enough share, 20 % by our choice.
    """

    due_to_labels: float
    due_to_others: float
    mend: bool


TABLE_NOTES = {
    "notes": "columns taken as notes, not as categories",
    "empty_lines": "empty lines, left out",
    "named_twice": "names on several lines, every one counted",
}
"""What the report says about a table, by the name of the number used."""


@dataclass(frozen=True, kw_only=True)
class ErrorAnalysis(Report):
    """What `analyze` counted.

    Attributes:
        categories: the largest first; equal ones as in the table.
        examples: number of mistakes examined.
        uncategorized: how many of them are in no category.
        overlapping: how many are in more than one.
        labels: the part of wrong labels; None where no column or no dev error was named.
    """

    categories: tuple[Category, ...]
    examples: int
    uncategorized: int
    overlapping: int
    labels: LabelErrors | None

    def sections(self) -> list[Section]:
        """The table above the conclusion: each category with its share as a bar.

        Returns:
            One table.

        Example:
            >>> analyze(tabulate({"a": ["dog"], "b": []})).sections()[0].rows
            [('dog', '1', '50 % ± 35.4', Bar(share=1.0)),
             ('no category', '1', '50 % ± 35.4', Bar(share=1.0))]

        Source: course 3, week 2.
        """
        dev_error = self.used["dev_error"]
        none = _category("no category", self.uncategorized, self.examples, dev_error)
        shown = [*self.categories, *([none] if self.uncategorized else [])]
        longest = max(c.share for c in shown)
        rows = [
            (
                c.name,
                f"{c.count}",
                percent(c.share) + (f" ± {100 * c.standard_error:.3g}" if 0 < c.share < 1 else ""),
                *([] if c.ceiling is None else [percent(c.ceiling)]),
                Bar(c.share / longest),
            )
            for c in shown
        ]
        columns = ("category", "count", "share", *(["ceiling"] if dev_error else []), "")
        sections = [Section(f"{self.examples} mistakes examined", columns, rows)]
        notes = [
            (text, ", ".join(map(str, self.used[key])))
            for key, text in TABLE_NOTES.items()
            if self.used[key]
        ]
        if notes:
            sections.append(Section("Notes", ("", "which"), notes))
        return sections


def analyze(
    table: ErrorTable, *, dev_error: float | None = None, labels: str | None = None
) -> ErrorAnalysis:
    """Count the categories of a table, and say what mending each could gain at best.

    Args:
        table: mistakes of the dev set, drawn at random, or all of them.
        dev_error: error on the dev set, a fraction in (0, 1]; for ceilings.
        labels: the category of examples that are labelled incorrectly; large and small letters
            are alike.

    Returns:
        Counts, shares, ceilings, and the part of wrong labels.

    Raises:
        TypeError: not a table, an error that is not a number.
        ValueError: an error outside [0, 1], 0 although there are mistakes, an unknown category.

    Example:
        >>> table = tabulate({"a": ["dog"], "b": ["dog"], "c": ["blurry"], "d": []})
        >>> print(analyze(table, dev_error=0.1).conclusion)
        Most could be gained from dog: 2 of 4 mistakes, from 10 % error to 5 % at best.

    Source: course 3, week 2; standard error of a binomial share.
    """
    _check_is_table(table)
    if dev_error is not None and check_fraction("dev_error", dev_error) == 0:
        raise InvalidValue(sentence("dev_error", "be above 0, there are mistakes", "0"))
    labels = None if labels is None else _find_category(table, labels)
    per_example = table.marks.sum(axis=1)
    categories = _count(table, dev_error)
    part = None
    if labels is not None and dev_error is not None:
        part = label_errors(dev_error, next(c.share for c in categories if c.name == labels))
    return ErrorAnalysis(
        conclusion=_conclude(categories, len(table.examples), dev_error, part),
        used=_used(table, dev_error, labels),
        cannot_tell=tuple(_open_questions(table, categories, dev_error, labels)),
        categories=categories,
        examples=len(table.examples),
        uncategorized=int((per_example == 0).sum()),
        overlapping=int((per_example > 1).sum()),
        labels=part,
    )


def _find_category(table: ErrorTable, labels: str) -> str:
    """The name as it stands in the table; large and small letters are alike."""
    found = [name for name in table.categories if name.casefold() == str(labels).casefold()]
    if not found:
        advice = near_miss(labels, list(table.categories))
        raise InvalidValue(sentence("labels", "name a category", f"{labels!r}", advice))
    return found[0]


def _count(table: ErrorTable, dev_error: float | None) -> tuple[Category, ...]:
    counts = table.marks.sum(axis=0).tolist()
    found = [
        _category(name, count, len(table.examples), dev_error)
        for name, count in zip(table.categories, counts, strict=True)
    ]
    return tuple(sorted(found, key=lambda c: -c.count))


def _category(name: str, count: int, n: int, dev_error: float | None) -> Category:
    share = count / n
    deviation = math.sqrt(share * (1 - share) / n)
    if dev_error is None:
        return Category(name, count, share, deviation, None, None)
    gain = round(dev_error * share, 12)
    return Category(name, count, share, deviation, round(dev_error - gain, 12), gain)


def _used(table: ErrorTable, dev_error: float | None, labels: str | None) -> dict:
    twice = [name for name in dict.fromkeys(table.examples) if table.examples.count(name) > 1]
    numbers = {"examples": len(table.examples), "dev_error": dev_error, "labels": labels}
    rest = {"notes": table.notes, "empty_lines": table.empty_lines, "named_twice": twice}
    return numbers | {name: list(values) for name, values in rest.items()}


def _conclude(categories, n, dev_error, part) -> str:
    first = categories[0]
    if first.count == 0:
        return f"None of the {n} mistakes is in any category."
    names = _and([c.name for c in categories if c.count == first.count])
    each = " each" if names != first.name else ""
    text = f"Most could be gained from {names}: {first.count} of {n} mistakes{each}"
    if dev_error is not None:
        text += f", from {percent(dev_error)} error to {percent(first.ceiling)} at best"
    return f"{text}. {part.conclusion}" if part else f"{text}."


def _open_questions(table, categories, dev_error, labels):
    n, per_example = len(table.examples), table.marks.sum(axis=1)
    if dev_error is None:
        what = "a category" if labels is None else "a category, or the wrong labels,"
        yield f"What {what} could gain in points of error: the dev error would tell."
    if (per_example > 1).any():
        count = int((per_example > 1).sum())
        yield f"Joint gains: {_examples(count)} in several categories, so gains do not add up."
    if (per_example == 0).any():
        count = int((per_example == 0).sum())
        yield f"What {_examples(count)} in no category have in common: look at them again."
    close = _too_close(table, categories)
    if close:
        yield f"Whether {close}: by {n} mistakes they may differ by chance, more would tell."
    yield "How much work each category is: only you can tell."


def _too_close(table: ErrorTable, categories: Sequence[Category]) -> str:
    """The two largest categories where their difference is within two standard errors.

    One example adds d = 1, 0 or -1 to the difference of the counts, whose variance is n var(d).
    """
    if len(categories) < 2 or categories[0].count == categories[1].count:
        return ""
    first, second = (table.marks[:, table.categories.index(c.name)] for c in categories[:2])
    d = first.astype(float) - second
    if d.sum() >= 2 * math.sqrt(d.size * d.var()):
        return ""
    return f"{categories[0].name} is larger than {categories[1].name}"


def _examples(count: int) -> str:
    return "1 example" if count == 1 else f"{count} examples"


def _and(names: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


# --- Labels ---------------------------------------------------------------------------------------


def label_errors(dev_error: float, share: float) -> LabelErrors:
    """Split the dev error into the part of wrong labels and the rest.

    Args:
        dev_error: error on the dev set, a fraction in [0, 1].
        share: part of the mistakes that are labelled incorrectly, a fraction in [0, 1].

    Returns:
        Both parts, and whether labels are worth mending.

    Raises:
        TypeError: not numbers.
        ValueError: outside [0, 1].

    Example:
        >>> print(label_errors(0.10, 0.06).conclusion)
        Of 10 % error, 0.6 points come from wrong labels and 9.4 points from other causes:
        work on the other causes first.

    Source: course 3, week 2: 10 % error of which 0.6 % are labels; later 2 %, still with 0.6 %.
    """
    dev_error, share = check_fraction("dev_error", dev_error), check_fraction("share", share)
    due = round(dev_error * share, 12)
    rest = round(dev_error - due, 12)
    mend = share >= LARGE_SHARE
    advice = (
        "mend the labels, of dev and test set alike, and look at examples that were right too"
        if mend
        else "work on the other causes first"
    )
    return LabelErrors(
        conclusion=f"Of {percent(dev_error)} error, {points(due)} come from wrong labels and "
        f"{points(rest)} from other causes: {advice}.",
        used={"dev_error": dev_error, "share": share},
        due_to_labels=due,
        due_to_others=rest,
        mend=mend,
    )


@dataclass(frozen=True, kw_only=True)
class TwoClassifiers(Report):
    """What `compare_classifiers` found.

    Attributes:
        difference: error of the first minus error of the second, a fraction.
        better: "first" or "second"; None where the labels leave it open.
    """

    difference: float
    better: str | None


def compare_classifiers(first: float, second: float, *, label_error: float) -> TwoClassifiers:
    """Say which of two classifiers is better, if the labels are good enough to tell.

    Args:
        first: dev error of the first, a fraction in [0, 1].
        second: dev error of the second.
        label_error: error that wrong labels make, as `label_errors` gives it.

    Returns:
        The better one, or none where the difference is below the label error.

    Raises:
        TypeError: not numbers.
        ValueError: outside [0, 1].

    Example:
        >>> compare_classifiers(0.021, 0.019, label_error=0.006).better is None
        True

    Source: course 3, week 2: 2.1 % against 1.9 % with 0.6 % from labels.
    """
    first, second = check_fraction("first", first), check_fraction("second", second)
    label_error = check_fraction("label_error", label_error)
    difference = round(first - second, 12)
    decided = difference != 0 and abs(difference) >= label_error
    better = ("second" if difference > 0 else "first") if decided else None
    size = points(abs(difference))
    limit = f"the {points(label_error)} that wrong labels make"
    if decided:
        text = f"The {better} is better by {size}, no less than {limit}."
    else:
        text = f"Undecided: they differ by {size}" + (
            f", less than {limit}." if difference else "."
        )
    return TwoClassifiers(
        conclusion=text,
        used={"first": first, "second": second, "label_error": label_error},
        cannot_tell=() if decided else ("Which is better: errors on mended labels would tell.",),
        difference=difference,
        better=better,
    )


# --- Two components -------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class ComponentFaults(Report):
    """What `attribute_errors` found; m is the number of mistakes.

    Attributes:
        search_at_fault: shape (m,), true where the right output scored higher than the one chosen.
        search_share: part of the mistakes that are the search's.
        model_share: the rest.
    """

    search_at_fault: np.ndarray
    search_share: float
    model_share: float

    def sections(self) -> list[Section]:
        """The table above the conclusion: whose fault how many mistakes are.

        Returns:
            One table.

        Example:
            >>> attribute_errors([2e-10], [1e-10]).sections()[0].rows[0]
            ('search', '1', '100 %', Bar(share=1.0))

        Source: course 5, week 3.
        """
        search = int(self.search_at_fault.sum())
        counts = (search, self.search_at_fault.size - search)
        shares = (self.search_share, self.model_share)
        rows = [
            (self.used[part], f"{count}", percent(share), Bar(share / max(shares)))
            for part, count, share in zip(("search", "model"), counts, shares, strict=True)
        ]
        title = f"{self.search_at_fault.size} mistakes"
        return [Section(title, ("at fault", "count", "share", ""), rows)]


def attribute_errors(
    right_scores: np.ndarray,
    chosen_scores: np.ndarray,
    *,
    search: str = "search",
    model: str = "model",
) -> ComponentFaults:
    """Say for each mistake whether a search or the model that guides it is at fault.

    Fits every search for the output with the highest score: beam search under a language model,
    planning under a reward.

    Args:
        right_scores: score of the right output y* of each mistake, (m,); probabilities or their
            logarithms (-inf is allowed), with length normalization where the search uses it.
        chosen_scores: score of the output that the search returned instead, (m,).
        search: what the search is called.
        model: what the model is called.

    Returns:
        Whose fault each mistake is, shares, and what to work on.

    Raises:
        TypeError: not numbers.
        ValueError: NaN, or lengths that differ.

    Example:
        >>> found = attribute_errors([2e-10, 1e-12], [1e-10, 3e-11], search="beam search")
        >>> found.search_at_fault
        array([ True, False])
        >>> print(attribute_errors([2e-10], [1e-10], search="beam search").conclusion)
        Beam search is at fault for 1 of 1 mistakes: search harder, such as with a wider beam.

    Source: course 5, week 3, error analysis in beam search.
    """
    right = check_array("right_scores", right_scores, ("m",), finite=False)
    because = f"`right_scores` sets m={right.size}"
    shape = (("m", right.size),)
    chosen = check_array("chosen_scores", chosen_scores, shape, because=because, finite=False)
    for name, scores in (("right_scores", right), ("chosen_scores", chosen)):
        if np.isnan(scores).any():
            received = f"NaN at {int(np.isnan(scores).argmax())}"
            raise InvalidValue(sentence(name, "hold numbers", received))
    at_fault = right > chosen
    count = int(at_fault.sum())
    share = count / right.size
    deviation = math.sqrt(share * (1 - share) / right.size)
    close = abs(share - 0.5) < 2 * deviation
    return ComponentFaults(
        conclusion=_name_culprit(count, right.size, search, model),
        used={"mistakes": right.size, "search": search, "model": model},
        cannot_tell=(
            (f"Which is at fault more often: {right.size} mistakes may say so by chance.",)
            if close
            else ()
        ),
        search_at_fault=at_fault,
        search_share=share,
        model_share=1 - share,
    )


def _name_culprit(count: int, m: int, search: str, model: str) -> str:
    harder = "search harder, such as with a wider beam"
    better = "more data, regularization or another architecture"
    if 2 * count == m:
        both = f"{search} and {model} are at fault for {count} of {m} mistakes each"
        return f"{both[0].upper()}{both[1:]}."
    name, share, advice = (search, count, harder) if 2 * count > m else (model, m - count, better)
    return f"{name[0].upper()}{name[1:]} is at fault for {share} of {m} mistakes: {advice}."
