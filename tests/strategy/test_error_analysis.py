"""Error analysis: the lecture's counts, files as spreadsheets write them, faults of two parts."""

import atexit
import csv
import json
import tempfile
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from dlspec.strategy import error_analysis
from dlspec.strategy.error_analysis import (
    ErrorTable,
    analyze,
    attribute_errors,
    compare_classifiers,
    label_errors,
    read_table,
    tabulate,
    write_table,
)
from dlspec.testing import assert_close
from tests.complaints import complaints_test


def with_dogs(dogs, n=100):
    """n mistakes of which the first `dogs` are dogs."""
    marked = {f"{i}.png": ["dog"] if i < dogs else [] for i in range(n)}
    return tabulate(marked, ["dog", "blurry"])


TABLE = tabulate(
    {
        "1.png": ["dog"],
        "2.png": ["great cat", "blurry"],
        "3.png": ["blurry"],
        "4.png": [],
        "5.png": ["blurry", "dog", "label"],
    },
    ["dog", "great cat", "blurry", "label"],
)
RIGHT = np.log([2e-10, 1e-12, 3e-9, 1e-7])
CHOSEN = np.log([1e-10, 3e-11, 2e-9, 1e-7])

FOLDER = tempfile.TemporaryDirectory()
atexit.register(FOLDER.cleanup)
PATH = Path(FOLDER.name, "table.csv")
PATH.write_text("id,dog\na,x\nb,\n")

PURE_CALLS = {
    "tabulate": ({"a": ["dog"], "b": []}, ["dog"]),
    "read_table": (PATH,),
    "write_table": (TABLE, PATH.with_name("new.csv")),
    "analyze": (TABLE,),
    "label_errors": (0.1, 0.06),
    "compare_classifiers": {"first": 0.021, "second": 0.019, "label_error": 0.006},
    "attribute_errors": (RIGHT, CHOSEN),
}


def counts(analysis):
    return {c.name: c.count for c in analysis.categories}


# --- The lecture ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("dogs", "ceiling"), [(5, 0.095), (50, 0.05)])
def test_dogs_among_100_mistakes(dogs, ceiling):
    found = analyze(with_dogs(dogs), dev_error=0.10)
    dog = found.categories[0]
    assert (dog.name, dog.count, dog.share) == ("dog", dogs, dogs / 100)
    assert_close([dog.ceiling, dog.gain], [ceiling, 0.1 - ceiling], atol=1e-12)
    assert found.conclusion == (
        f"Most could be gained from dog: {dogs} of 100 mistakes, from 10 % error to "
        f"{100 * ceiling:g} % at best."
    )
    assert found.uncategorized == 100 - dogs


def test_labels_of_the_lecture():
    """10 % error, 6 % of the mistakes mislabelled; later 2 % error, and the labels as they were."""
    early = label_errors(0.10, 0.06)
    assert_close([early.due_to_labels, early.due_to_others], [0.006, 0.094], atol=1e-12)
    assert not early.mend
    late = label_errors(0.02, 0.006 / 0.02)
    assert_close([late.due_to_labels, late.due_to_others], [0.006, 0.014], atol=1e-12)
    assert late.mend
    assert late.conclusion == (
        "Of 2 % error, 0.6 points come from wrong labels and 1.4 points from other causes: mend "
        "the labels, of dev and test set alike, and look at examples that were right too."
    )


def test_labels_in_a_table_are_split_the_same_way():
    marked = {f"{i}": ["incorrectly labelled"] if i < 6 else ["blurry"] for i in range(100)}
    found = analyze(tabulate(marked), dev_error=0.10, labels="Incorrectly labelled")
    assert found.labels == label_errors(0.10, 0.06)
    assert found.conclusion.endswith(found.labels.conclusion)
    assert analyze(tabulate(marked), labels="blurry").labels is None


@pytest.mark.parametrize(
    ("first", "second", "better"),
    [
        (0.021, 0.019, None),
        (0.021, 0.010, "second"),
        (0.010, 0.021, "first"),
        (0.025, 0.019, "second"),
        (0.02, 0.02, None),
    ],
)
def test_two_classifiers_with_0_6_points_of_label_error(first, second, better):
    found = compare_classifiers(first, second, label_error=0.006)
    assert found.better == better
    assert_close(found.difference, first - second, atol=1e-12)
    assert bool(found.cannot_tell) == (better is None)


def test_what_two_classifiers_are_told():
    assert compare_classifiers(0.021, 0.019, label_error=0.006).conclusion == (
        "Undecided: they differ by 0.2 points, less than the 0.6 points that wrong labels make."
    )
    assert compare_classifiers(0.03, 0.019, label_error=0.006).conclusion == (
        "The second is better by 1.1 points, no less than the 0.6 points that wrong labels make."
    )
    assert compare_classifiers(0.2, 0.2, label_error=0).conclusion == (
        "Undecided: they differ by 0 points."
    )


# --- Counts ---------------------------------------------------------------------------------------


def test_counts_of_a_small_table():
    found = analyze(TABLE, dev_error=0.10)
    assert counts(found) == {"blurry": 3, "dog": 2, "great cat": 1, "label": 1}
    assert (found.examples, found.uncategorized, found.overlapping) == (5, 1, 2)
    assert found.cannot_tell == (
        "Joint gains: 2 examples in several categories, so gains do not add up.",
        "What 1 example in no category have in common: look at them again.",
        "Whether blurry is larger than dog: by 5 mistakes they may differ by chance, more would "
        "tell.",
        "How much work each category is: only you can tell.",
    )


def test_counts_equal_a_loop():
    random = np.random.default_rng(0)
    marks = random.random((200, 6)) < [0.05, 0.1, 0.2, 0.4, 0.6, 0.0]
    table = ErrorTable([f"{i}" for i in range(200)], list("abcdef"), marks)
    found = analyze(table, dev_error=0.08)
    for c in found.categories:
        column = "abcdef".index(c.name)
        count = sum(1 for row in marks.tolist() if row[column])
        assert c.count == count
        share = Fraction(count, 200)
        assert_close(c.ceiling, float(Fraction(8, 100) * (1 - share)), atol=1e-12)
        assert_close(c.standard_error, float(share * (1 - share) / 200) ** 0.5, rtol=1e-12)
    assert [c.count for c in found.categories] == sorted(counts(found).values(), reverse=True)
    assert found.uncategorized == sum(1 for row in marks.tolist() if not any(row))


def test_standard_error_equals_simulation():
    random = np.random.default_rng(1)
    shares = random.binomial(100, 0.3, 20_000) / 100
    dog = analyze(with_dogs(30)).categories[0]
    assert_close(dog.standard_error, shares.std(), rtol=0.02)


def test_whether_the_first_is_larger_by_chance_heeds_overlap():
    """15 and 10 of 100: open where they are apart, told where all 10 are among the 15."""
    apart = {i: ["a"] if i < 15 else ["b"] if i < 25 else [] for i in range(100)}
    inside = {i: ["a", "b"] if i < 10 else ["a"] if i < 15 else [] for i in range(100)}
    opened = [
        any("Whether a" in t for t in analyze(tabulate(m)).cannot_tell) for m in (apart, inside)
    ]
    assert opened == [True, False]


def test_equal_categories_share_the_first_place():
    found = analyze(tabulate({"1": ["b", "a"], "2": ["c"]}))
    assert list(counts(found)) == ["b", "a", "c"]
    assert found.conclusion == "Most could be gained from b, a and c: 1 of 2 mistakes each."


def test_a_table_without_marks():
    found = analyze(with_dogs(0))
    assert found.conclusion == "None of the 100 mistakes is in any category."
    assert "no category" in str(found)


def test_text_and_json():
    found = analyze(TABLE, dev_error=0.10)
    cells = [line.split() for line in str(found).splitlines()]
    assert ["blurry", "3", "60", "%", "±", "21.9", "4", "%", "█" * 24] in cells
    assert ["no", "category", "1", "20", "%", "±", "17.9", "8", "%", "████████"] in cells
    document = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert document["categories"][0]["ceiling"] == 0.04
    assert document["used"]["dev_error"] == 0.1
    assert "ceiling" not in str(analyze(TABLE))


def test_names_on_two_lines_are_told():
    table = ErrorTable(("a", "b", "a"), ("dog",), [[1], [0], [1]])
    assert analyze(table).used["named_twice"] == ["a"]
    assert "names on several lines, every one counted   a" in str(analyze(table))


# --- Files ----------------------------------------------------------------------------------------

PLAIN = """\
image,dog,great cat,blurry,comment
1.png,x,,,pit bull
2.png,,1,yes,"lion, far away"
3.png,,,TRUE,
4.png,no,0,false,
"""
MARKS = [[1, 0, 0], [0, 1, 1], [0, 0, 1], [0, 0, 0]]


def file(folder, text, encoding="utf-8"):
    path = folder / "table.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return path


def check_plain(table):
    assert table.examples == ("1.png", "2.png", "3.png", "4.png")
    assert table.categories == ("dog", "great cat", "blurry")
    assert_close(table.marks, np.array(MARKS, bool))
    assert table.notes == {"comment": ("pit bull", "lion, far away", "", "")}


VARIANTS = {
    "plain": PLAIN,
    "byte order mark": "\ufeff" + PLAIN,
    "semicolons": PLAIN.replace(",", ";").replace("lion;", "lion,"),
    "tabs": PLAIN.replace(",", "\t").replace("lion\t", "lion,"),
    "bars": PLAIN.replace(",", "|").replace("lion|", "lion,"),
    "hint": "sep=;\n" + PLAIN.replace(",", ";").replace("lion;", "lion,"),
    "Windows": PLAIN.replace("\n", "\r\n"),
    "old Macintosh": PLAIN.replace("\n", "\r"),
    "no last line end": PLAIN.rstrip("\n"),
    "blanks": PLAIN.replace(",", " , ").replace("lion ,  far", "lion, far"),
    "empty columns": PLAIN.replace("comment\n", "comment,,\n").replace("bull\n", "bull,,\n"),
    "two lines in a cell": PLAIN.replace("far away", "far\r\naway"),
    "capitals": PLAIN.replace("x,", "X,").replace("yes", "Yes"),
    "numbers of a data frame": PLAIN.replace(",1,", ",1.0,").replace(",0,", ",0.0,"),
}


@pytest.mark.parametrize("name", VARIANTS)
def test_files_as_spreadsheets_write_them(name, tmp_path):
    check_plain(read_table(file(tmp_path, VARIANTS[name])))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_encodings(encoding, tmp_path):
    check_plain(read_table(file(tmp_path, PLAIN, encoding)))
    table = read_table(file(tmp_path, "id,größer\nä,x\nb,", encoding))
    assert (table.examples, table.categories) == (("ä", "b"), ("größer",))


def test_a_written_table_is_read_as_it_was(tmp_path):
    path = tmp_path / "new.csv"
    notes = {"comment": ('a "quote"', "a, b; c", "", "", "ü")}
    table = ErrorTable(TABLE.examples, TABLE.categories, TABLE.marks, notes)
    write_table(table, path)
    again = read_table(path)
    for name in ("examples", "categories", "notes", "empty_lines"):
        assert getattr(again, name) == getattr(table, name)
    assert_close(again.marks, table.marks)
    with path.open(newline="", encoding="utf-8-sig") as lines:
        rows = list(csv.DictReader(lines))
    assert [row["dog"] for row in rows] == ["x", "", "", "", "x"]


def test_a_file_that_exists_is_not_overwritten(tmp_path):
    path = file(tmp_path, PLAIN)
    with pytest.raises(ValueError):
        write_table(TABLE, path)
    assert path.read_text() == PLAIN


@pytest.mark.parametrize(
    ("text", "examples", "categories", "notes"),
    [
        # The head says that these are names, though 0 and 1 are marks.
        (",dog\n0,x\n1,\n", ("0", "1"), ("dog",), []),
        ("id,dog\n0,x\n1,\n", ("0", "1"), ("dog",), []),
        # Names, each once, under a head of any kind.
        ("photo,dog\n1,x\n2,x\n3,\n", ("1", "2", "3"), ("dog",), []),
        # No names: lines are.  A row of empty cells between others is an example.
        ("dog,blurry\nx,\n,\n,x\n", ("line 2", "line 3", "line 4"), ("dog", "blurry"), []),
        ("dog\nx\n0\n", ("line 2", "line 3"), ("dog",), []),
        # The same name twice under an unknown head.
        ("photo,dog\na,x\nb,x\na,\n", ("line 2", "line 3", "line 4"), ("dog",), ["photo"]),
        # A column without marks is a category of none; a number or a sentence is a note.
        ("id,dog,cat\na,x,\nb,,\n", ("a", "b"), ("dog", "cat"), []),
        (
            "id,dog,score,why\na,x,0.7,\nb,,0.1,x\nc,,0.2,far\nd,,0.3,dim\n",
            ("a", "b", "c", "d"),
            ("dog",),
            ["score", "why"],
        ),
        # Classes by number are names of columns like any other.
        ("id,0,1,2\na,x,,\nb,,x,\n", ("a", "b"), ("0", "1", "2"), []),
    ],
)
def test_which_columns_are_names_categories_and_notes(text, examples, categories, notes, tmp_path):
    table = read_table(file(tmp_path, text))
    assert table.examples == examples
    assert table.categories == categories
    assert list(table.notes) == notes


@pytest.mark.parametrize("text", ["id;dog;small, far\na;x;\nb;;x", "id,dog,small; far\na,x,\nb,,x"])
def test_the_delimiter_is_the_one_that_fits_most_rows(text, tmp_path):
    assert read_table(file(tmp_path, text)).categories[0] == "dog"
    assert len(read_table(file(tmp_path, text)).categories) == 2


def test_empty_lines_are_left_out_and_told(tmp_path):
    text = PLAIN.replace("3.png", "\n,,,,\n3.png") + ",,,,\n\n"
    table = read_table(file(tmp_path, text))
    check_plain(table)
    assert table.empty_lines == (4, 5, 8, 9)
    assert "4, 5, 8, 9" in str(analyze(table))
    assert "comment" in str(analyze(table))


def test_line_numbers_count_lines_inside_cells_and_the_hint(tmp_path):
    text = 'sep=,\nid,dog\n"a\nb",x\nc,x\nd,perhaps\n'
    with pytest.raises(ValueError, match='Received: line 6: "perhaps" in column dog'):
        read_table(file(tmp_path, text))


def test_reading_leaves_the_file_and_writing_the_table_as_they_were(tmp_path):
    path = file(tmp_path, PLAIN)
    table = read_table(path)
    assert path.read_text() == PLAIN
    before = table.marks.copy()
    write_table(table, tmp_path / "new.csv")
    assert_close(table.marks, before)


def test_a_table_keeps_its_own_marks():
    marks = np.zeros((1, 1))
    table = ErrorTable(["a"], ["dog"], marks)
    marks[0, 0] = 1
    assert not table.marks.any()


# --- Two components -------------------------------------------------------------------------------


def test_beam_search_or_model():
    """The lecture's table: y* 2e-10 against yhat 1e-10 is the beam search's fault."""
    found = attribute_errors(RIGHT, CHOSEN, search="beam search", model="network")
    np.testing.assert_array_equal(found.search_at_fault, [True, False, True, False])
    assert found.search_share == found.model_share == 0.5
    assert found.conclusion == "Beam search and network are at fault for 2 of 4 mistakes each."
    assert found.cannot_tell == ("Which is at fault more often: 4 mistakes may say so by chance.",)


def test_logarithms_give_the_same_faults():
    with_exp = attribute_errors(np.exp(RIGHT[:3]), np.exp(CHOSEN[:3])).search_at_fault
    np.testing.assert_array_equal(with_exp, attribute_errors(RIGHT[:3], CHOSEN[:3]).search_at_fault)


def test_an_impossible_right_output_is_the_models_fault():
    found = attribute_errors([-np.inf] * 9, [-3.0] * 9)
    assert found.model_share == 1
    assert found.conclusion == (
        "Model is at fault for 9 of 9 mistakes: more data, regularization or another architecture."
    )
    assert found.cannot_tell == ()
    assert found.sections()[0].rows[1][:3] == ("model", "9", "100 %")


# --- Bad input ------------------------------------------------------------------------------------


def read(text, encoding="utf-8"):
    return lambda folder: read_table(file(folder, text, encoding))


MARK = "`{folder}/table.csv` must hold a mark (x, 1, yes, true) or nothing in every cell of a "
MARK += "category, in whole rows. Received: "

COMPLAINTS = [
    (
        lambda folder: read_table(folder / "none.csv"),
        ValueError,
        "`{folder}/none.csv` must be a file that can be read. "
        "Received: nothing (No such file or directory).",
    ),
    (
        read(b"PK\x03\x04\x00\x00\xff\xfe"),
        ValueError,
        "`{folder}/table.csv` must be text in UTF-8. Received: something else. "
        'In a spreadsheet save as "CSV UTF-8".',
    ),
    (
        read("id,gr\xf6\xdfer\na,x", "latin-1"),
        ValueError,
        "`{folder}/table.csv` must be text in UTF-8. Received: something else. "
        'In a spreadsheet save as "CSV UTF-8".',
    ),
    (
        read("\n\n"),
        ValueError,
        "`{folder}/table.csv` must hold at least one example. Received: an empty file.",
    ),
    (
        read("id,dog,cat\n,,\n"),
        ValueError,
        "`{folder}/table.csv` must hold at least one example. Received: none.",
    ),
    (
        read("id,comment\na,dim\nb,far\n"),
        ValueError,
        "`{folder}/table.csv` must hold at least one category. Received: none. Columns of x, 1, "
        "yes or true (and 0, no, false or nothing) are categories.",
    ),
    (
        read("id,dog,Dog\na,x,\n"),
        ValueError,
        "`{folder}/table.csv` must name every column once. Received: dog and Dog.",
    ),
    (
        read("id,dog,,cat\na,x,x,\n"),
        ValueError,
        "`{folder}/table.csv` must name the columns in its first line. "
        "Received: no name for column 3.",
    ),
    (
        read("a.png,x,1\nb.png,,x\n"),
        ValueError,
        "`{folder}/table.csv` must name the columns in its first line. Received: a.png, x, 1.",
    ),
    (
        read('id,dog\na,x\nb,"x\nc,x\n'),
        ValueError,
        "`{folder}/table.csv` must be a whole CSV file. Received: line 3: unexpected end of data. "
        "A quote inside a cell is written twice.",
    ),
    (
        read("id,dog,cat\na,x,maybe\nb,x\nc,,x\nd,,x,x\ne,x,x\n"),
        ValueError,
        MARK + 'line 2: "maybe" in column cat; line 3: 2 cells instead of 3; '
        "line 5: 4 cells instead of 3.",
    ),
    (
        read("dog,cat\nx,\nperhaps,x\n0,x\n"),
        ValueError,
        MARK + 'line 3: "perhaps" in column dog.',
    ),
    (
        read("id,dog\n" + "".join(f"{i},x,y\n" for i in range(11))),
        ValueError,
        MARK + "".join(f"line {i}: 3 cells instead of 2; " for i in range(2, 10)) + "and 3 more.",
    ),
    (
        lambda folder: write_table(TABLE, file(folder, "kept")),
        ValueError,
        "`path` must be a new file that can be written. "
        "Received: {folder}/table.csv (File exists).",
    ),
    (
        lambda folder: write_table({"a": ["dog"]}, folder / "new.csv"),
        TypeError,
        "`table` must be an ErrorTable. Received: dict. Use read_table or tabulate.",
    ),
    (
        lambda folder: tabulate([["dog"]]),
        TypeError,
        "`marked` must be a dictionary. Received: list.",
    ),
    (
        lambda folder: tabulate({"a": "dog"}),
        TypeError,
        "`marked['a']` must be a list of categories. Received: 'dog' (str).",
    ),
    (
        lambda folder: tabulate({"a": ["dgo"]}, ["dog", "cat"]),
        ValueError,
        "`marked` must name known categories. Received: dgo. Did you mean dog? Known: dog, cat.",
    ),
    (
        lambda folder: tabulate({}),
        ValueError,
        "`table` must hold at least one example. Received: none.",
    ),
    (
        lambda folder: ErrorTable(["a"], ["dog", "dog"], [[1, 0]]),
        ValueError,
        "`table` must name every column once. Received: dog and dog.",
    ),
    (
        lambda folder: ErrorTable(["a"], ["dog"], [[1, 0]]),
        ValueError,
        "`marks` must have shape (examples=1, categories=1). Received: (1, 2).",
    ),
    (
        lambda folder: ErrorTable(["a"], ["dog"], [[2]]),
        ValueError,
        "`marks` must be true or false. Received: 2.",
    ),
    (
        lambda folder: ErrorTable(["a"], ["dog"], [[1]], {"why": ["far", "dim"]}),
        ValueError,
        "`notes['why']` must hold one text for each of 1 examples. Received: 2.",
    ),
    (
        lambda folder: analyze([[1]]),
        TypeError,
        "`table` must be an ErrorTable. Received: list. Use read_table or tabulate.",
    ),
    (
        lambda folder: analyze(TABLE, dev_error=10),
        ValueError,
        "`dev_error` must be a fraction in [0, 1]. Received: 10. 10 % is 0.1.",
    ),
    (
        lambda folder: analyze(TABLE, dev_error=0),
        ValueError,
        "`dev_error` must be above 0, there are mistakes. Received: 0.",
    ),
    (
        lambda folder: analyze(TABLE, labels="lable"),
        ValueError,
        "`labels` must name a category. Received: 'lable'. "
        "Did you mean label? Known: dog, great cat, blurry, label.",
    ),
    (
        lambda folder: label_errors(-0.1, 0.06),
        ValueError,
        "`dev_error` must be a fraction in [0, 1]. Received: -0.1.",
    ),
    (
        lambda folder: label_errors(0.1, 6),
        ValueError,
        "`share` must be a fraction in [0, 1]. Received: 6. 6 % is 0.06.",
    ),
    (
        lambda folder: compare_classifiers(2.1, 0.019, label_error=0.006),
        ValueError,
        "`first` must be a fraction in [0, 1]. Received: 2.1. 2.1 % is 0.021.",
    ),
    (
        lambda folder: compare_classifiers(0.021, None, label_error=0.006),
        TypeError,
        "`second` must be a real number. Received: None (NoneType).",
    ),
    (
        lambda folder: compare_classifiers(0.021, 0.019, label_error=0.6e3),
        ValueError,
        "`label_error` must be a fraction in [0, 1]. Received: 600.0.",
    ),
    (
        lambda folder: attribute_errors([[0.1]], [0.1]),
        ValueError,
        "`right_scores` must have shape (m,). Received: (1, 1).",
    ),
    (
        lambda folder: attribute_errors([0.1, 0.2], [0.1]),
        ValueError,
        "`chosen_scores` must have shape (m=2,). Received: (1,). `right_scores` sets m=2.",
    ),
    (
        lambda folder: attribute_errors([0.1, 0.2], [0.1, np.nan]),
        ValueError,
        "`chosen_scores` must hold numbers. Received: NaN at 1.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)


def test_every_format_of_marks_is_told_apart():
    assert not error_analysis.YES & error_analysis.NO
