"""The `dlspec` command as a stranger uses it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dlspec import __version__, catalog
from dlspec.cli import main
from dlspec.datasets.cats import COURSE_FILES
from dlspec.datasets.files import sha256
from tests.complaints import complaints_test
from tests.datasets.test_cats import course_like_files


def run(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "dlspec", *arguments], capture_output=True, text=True, check=False
    )


# --- list, show, data -----------------------------------------------------------------------------


def test_list_names_every_exercise(capsys):
    assert main(["list"]) == 0
    output = capsys.readouterr().out
    assert "Course 1  Neural Networks and Deep Learning (nn_basics)" in output
    for exercise in catalog.EXERCISES:
        assert f"  {exercise.number:7} {exercise.name:23} {exercise.title}\n" in output


def test_list_of_one_course_as_json(capsys):
    assert main(["list", "--course", "1", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["name"] for row in rows] == [e.name for e in catalog.of_course("nn_basics")]
    assert rows[1]["graded"][2] == "propagate"


def test_show_says_what_it_teaches_and_where_it_is(capsys):
    assert main(["show", "c1w2a2"]) == 0
    output = capsys.readouterr().out
    exercise = catalog.find("c1w2a2")
    assert "Logistic regression as a cat classifier" in output
    assert "propagate(w, b, X, Y)" in output
    assert "train_catvnoncat.h5: 209 photos 64x64, cat or not" in output
    assert str(exercise.module_file) in output
    assert str(exercise.script) in output
    assert "dlspec run logistic_regression" in output


@pytest.mark.parametrize("exercise", catalog.EXERCISES, ids=lambda e: e.path)
def test_show_works_for_every_exercise(exercise, capsys):
    assert main(["show", exercise.path]) == 0
    assert all(f"  {name}(" in capsys.readouterr().out for name in exercise.graded[:1])


def test_data_says_generated_where_no_folder_is_named(capsys):
    assert main(["data"]) == 0
    output = capsys.readouterr().out
    assert "No data folder named (DLSPEC_DATA_DIR, --data-dir)" in output
    assert output.count("not found: generated instead") == len(catalog.DATA_FILES)


def test_data_says_where_files_are_how_large_and_their_sum(tmp_path, capsys):
    course_like_files(tmp_path)
    assert main(["data", "--data-dir", str(tmp_path), "--json"]) == 0
    rows = {row["file"]: row for row in json.loads(capsys.readouterr().out)}
    path = tmp_path / COURSE_FILES[0]
    row = rows[COURSE_FILES[0]]
    assert row["path"] == str(path)
    assert row["bytes"] == path.stat().st_size
    assert row["sha256"] == sha256(path)
    assert row["source"] == "course files"
    assert "nn_basics/logistic_regression" in row["used_by"]
    assert main(["data", "--data-dir", str(tmp_path)]) == 0
    text = capsys.readouterr().out
    assert f"SHA-256  {sha256(path)}" in text
    assert f"size     {path.stat().st_size:,} bytes" in text


def test_version(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out == f"dlspec {__version__}\n"


def test_the_list_may_be_cut_off():
    """`dlspec list | head -1` ends without a traceback."""
    command = f"{sys.executable} -m dlspec list | head -1"
    result = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert result.stdout.startswith("Course 1")
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("dlspec sh", ["show"]),
        ("dlspec show log", ["logistic_regression"]),
        ("dlspec list --j", ["--json"]),
    ],
)
def test_tab_completes_commands_names_and_options(line, expected, tmp_path):
    """As the shell asks: the line in the environment, the answer in a file."""
    answer = tmp_path / "answer"
    environment = {
        "_ARGCOMPLETE": "1",
        "_ARGCOMPLETE_STDOUT_FILENAME": str(answer),
        "COMP_LINE": line,
        "COMP_POINT": str(len(line)),
        "IFS": "\013",
    }
    program = "from dlspec.cli import main; main()"
    subprocess.run([sys.executable, "-c", program], env=environment, check=True)
    assert [word.strip() for word in answer.read_text().split("\013")] == expected


# --- run ------------------------------------------------------------------------------------------


def test_run_passes_shared_and_own_options_to_the_script(tmp_path, capsys):
    arguments = ["--quick", "--iterations", "3", "--seed", "1", "--out", str(tmp_path)]
    assert main(["run", "c1w2a2", *arguments]) == 0
    document = json.loads((tmp_path / "metrics.json").read_text())
    assert document["quick"] is True
    assert document["settings"]["iterations"] == 3
    assert len(document["metrics"]["costs"]) == 1


def test_help_of_run_with_and_without_a_name(capsys):
    assert main(["run", "--help"]) == 0
    assert "NAME is the stem of an exercise" in capsys.readouterr().out
    with pytest.raises(SystemExit) as caught:
        main(["run", "logistic_regression", "--help"])
    assert caught.value.code == 0
    assert "--learning-rate" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["run"], "`NAME` must name an exercise. Received: none."),
        (["run", "logistic"], "Did you mean logistic_regression?"),
        (["show", "c1w2a9"], "`NAME` must name an exercise. Received: c1w2a9."),
        (["list", "--course", "7"], "`course` must name a course. Received: 7."),
        (["run", "--all", "models"], "`--all` must stand without NAME and its options."),
        (["data", "--data-dir", "/no/such/folder"], "`data-dir` must name an existing folder."),
        (
            ["run", "logistic_regression", "--out", "{folder}", "--data-dir", "/no/such/folder"],
            "`data-dir` must name an existing folder. Received: /no/such/folder.",
        ),
        (
            ["run", "logistic_regression", "--out", "{folder}", "--iterations", "-1"],
            "`iterations` must be at least 0. Received: -1.",
        ),
        (
            ["run", "logistic_regression", "--out", "{folder}", "--learning-rate", "0"],
            "`learning_rate` must be a positive finite number. Received: 0.0.",
        ),
        (
            ["run", "logistic_regression", "--out", "{folder}", "--image", __file__],
            "test_cli.py` must be a picture.",
        ),
        (
            ["run", "logistic_regression", "--out", "/dev/null/x"],
            "`out` must be a folder that can be written. Received: /dev/null/x",
        ),
    ],
)
def test_bad_input_is_one_line_and_status_2(arguments, text, tmp_path, capsys):
    assert main([a.replace("{folder}", str(tmp_path)) for a in arguments]) == 2
    errors = capsys.readouterr().err
    assert text in errors
    assert errors.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_bad_input_as_a_process():
    result = run("run", "logistic_regressio")
    assert result.returncode == 2
    assert result.stderr.startswith("dlspec: `NAME` must name an exercise.")
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (
            ["list", "--nonsense"],
            "dlspec: unrecognized arguments: --nonsense. `dlspec --help` lists what it takes.\n",
        ),
        (
            ["lisst"],
            "dlspec: argument COMMAND: invalid choice: 'lisst'",
        ),
        (
            ["run", "logistic_regression", "--iterations", "ten"],
            "dlspec run logistic_regression: argument --iterations: invalid int value: 'ten'. "
            "`dlspec run logistic_regression --help` lists what it takes.\n",
        ),
        (
            ["run", "logistic_regression", "--iter", "10"],
            "dlspec run logistic_regression: unrecognized arguments: --iter 10. "
            "`dlspec run logistic_regression --help` lists what it takes.\n",
        ),
    ],
)
def test_options_that_cannot_be_parsed_are_one_line_and_status_2(arguments, text, capsys):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    errors = capsys.readouterr().err
    assert errors.startswith(text)
    assert errors.count("\n") == 1


def test_a_damaged_course_file_ends_the_run_and_writes_nothing(tmp_path, capsys):
    folder, out = tmp_path / "data", tmp_path / "out"
    folder.mkdir()
    course_like_files(folder)
    (folder / COURSE_FILES[0]).write_bytes(b"not HDF5")
    arguments = ["run", "c1w2a2", "--data-dir", str(folder), "--out", str(out)]
    assert main(arguments) == 2
    assert "must be a whole HDF5 file. Received: 8 bytes of something else." in (
        capsys.readouterr().err
    )
    assert list(out.iterdir()) == []


# --- run --all ------------------------------------------------------------------------------------

GOOD = """
from dlspec.runner import execute, start
def main(argv=None):
    with start("{path}", argv) as run:
        run.metrics["test_accuracy"] = 0.75
    return run.metrics
"""
FAILING = """
def main(argv=None):
    raise RuntimeError("broken on purpose")
"""


@pytest.fixture
def two_exercises(tmp_path, monkeypatch):
    """A copy of the package with two scripts only, the first of which fails."""
    import shutil

    root = tmp_path / "copy"
    shutil.copytree(Path(catalog.__file__).parent, root / "dlspec")
    table = root / "dlspec" / "catalog.py"
    keep = 'EXERCISES = tuple(e for e in EXERCISES if e.number in ("c1w2a1", "c1w2a2"))'
    source = table.read_text()
    marker = "\n\ndef find("
    assert source.count(marker) == 1
    table.write_text(source.replace(marker, f"\n\n{keep}{marker}"))
    scripts = root / "assignments" / "nn_basics"
    scripts.mkdir(parents=True)
    (scripts / "numpy_basics.py").write_text(FAILING)
    (scripts / "logistic_regression.py").write_text(GOOD.format(path="c1w2a2"))
    return root


def run_all(root: Path, *options: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "dlspec", "run", "--all", *options]
    environment = {"PATH": "/usr/bin:/bin", "COLUMNS": "160", "PYTHONPATH": str(root)}
    return subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, check=False
    )


def test_all_goes_on_after_a_failure_and_ends_with_a_table(two_exercises):
    result = run_all(two_exercises, "--quick")
    assert result.returncode == 1, result.stderr
    table = result.stdout
    assert "nn_basics/numpy_basics" in table
    assert "failed (1)" in table
    assert "broken on purpose" in table
    assert "nn_basics/logistic_regression" in table
    assert "test_accuracy 0.75" in table
    runs = two_exercises / "runs"
    assert json.loads((runs / "logistic_regression" / "metrics.json").read_text())["quick"] is True
    assert "broken on purpose" in (runs / "numpy_basics.log").read_text()


def test_all_with_resume_runs_only_what_is_missing(two_exercises):
    run_all(two_exercises, "--out", "there", "--seed", "3")
    script = two_exercises / "assignments" / "nn_basics" / "numpy_basics.py"
    script.write_text(GOOD.format(path="c1w2a1"))
    result = run_all(two_exercises, "--out", "there", "--seed", "3", "--resume")
    assert result.returncode == 0, result.stdout
    assert "done before" in result.stdout
    again = run_all(two_exercises, "--out", "there", "--seed", "4", "--resume")
    assert "done before" not in again.stdout


# --- diagnose, error-analysis ---------------------------------------------------------------------

TABLE = """\
image;Dog;Blurry;Mislabelled;Comments
1.png;x;;;"pit bull; small"
2.png;;x;;
3.png;;x;1;
4.png;;;;rainy
"""


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "mistakes.csv"
    path.write_text(TABLE, encoding="utf-8-sig")
    return path


def test_diagnose_draws_gaps_and_lists_remedies(capsys):
    assert main(["diagnose", "--human", "1%", "--train", "8%", "--dev", "10%"]) == 0
    output = capsys.readouterr().out
    cells = [line.split() for line in output.splitlines()]
    assert ["avoidable", "bias", "human", "1", "%", "train", "8", "%", "7", "█" * 24] in cells
    assert output.index("Train a larger model.") < output.index("Get more training data.")
    assert "Work on avoidable bias first: 7 points from human (1 %) to train (8 %)." in output
    assert "Open: Overfitting to dev: the test error would tell." in output


def test_fractions_and_percentages_are_the_same_numbers(capsys):
    documents = []
    for errors in (("0.0", "0.01", "0.015", "0.10"), ("0%", "1%", "1.5 %", "10%")):
        names = ("--human", "--train", "--train-dev", "--dev")
        pairs = [text for pair in zip(names, errors, strict=True) for text in pair]
        assert main(["diagnose", *pairs, "--json"]) == 0
        documents.append(json.loads(capsys.readouterr().out))
    assert documents[0] == documents[1]
    assert documents[0]["ranked"] == ["data mismatch", "avoidable bias", "variance"]
    assert documents[0]["gaps"][2]["size"] == 0.085


def test_numbers_of_examples_tell_chance(capsys):
    line = "diagnose --dev 10% --test 10.3% --sizes dev=500 test=500 --json"
    assert main(line.split()) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["gaps"][0]["chance"] is True
    assert document["used"]["sizes"] == {"dev": 500, "test": 500}


def test_error_analysis_counts_and_says_what_it_did_not_count(table, capsys):
    line = ["error-analysis", str(table), "--dev-error", "10%", "--labels", "Mislabelled"]
    assert main(line) == 0
    output = capsys.readouterr().out
    cells = [line.split() for line in output.splitlines()]
    assert ["Blurry", "2", "50", "%", "±", "25", "5", "%", "█" * 24] in cells
    assert ["Dog", "1", "25", "%", "±", "21.7", "7.5", "%", "█" * 12] in cells
    assert "Of 10 % error, 2.5 points come from wrong labels" in " ".join(output.split())
    assert "columns taken as notes, not as categories   Comments" in output
    assert main([*line, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [c["count"] for c in document["categories"]] == [2, 1, 1]
    assert document["labels"]["due_to_labels"] == 0.025


@pytest.mark.parametrize("suffix", [".png", ".pdf", ".svg", ".PNG"])
def test_figures_in_every_format(suffix, table, tmp_path, capsys):
    figure = tmp_path / f"figure{suffix}"
    assert main(["error-analysis", str(table), "--figure", str(figure)]) == 0
    starts = {".png": b"\x89PNG", ".pdf": b"%PDF", ".svg": b"<?xml"}
    assert figure.read_bytes().startswith(starts[suffix.lower()])
    assert capsys.readouterr().out.endswith(f"Figure: {figure}\n")


def test_figure_of_a_diagnosis(tmp_path, monkeypatch, capsys):
    from dlspec import plots

    drawn = {}

    def bars(values, **options):
        drawn.update(values)
        return original(values, **options)

    original = plots.bars
    monkeypatch.setattr(plots, "bars", bars)
    figure = tmp_path / "gaps.png"
    line = f"diagnose --train 7% --train-dev 10% --dev 6% --figure {figure} --json"
    assert main(line.split()) == 0
    json.loads(capsys.readouterr().out)
    assert {name: round(value, 9) for name, value in drawn.items()} == {
        "variance\ntrain 7% to train-dev 10%": 3,
        "data mismatch\ntrain-dev 10% to dev 6%": -4,
    }
    assert figure.read_bytes().startswith(b"\x89PNG")


def test_categories_with_dollars_are_no_formulas(tmp_path):
    path = tmp_path / "prices.csv"
    path.write_text("id,$_$,below 5 $\na,x,\nb,,x\n")
    figure = tmp_path / "figure.png"
    assert main(["error-analysis", str(path), "--figure", str(figure)]) == 0
    assert figure.is_file()


def test_a_figure_that_exists_stays(table, tmp_path, capsys):
    figure = tmp_path / "kept.png"
    figure.write_text("mine")
    assert main(["error-analysis", str(table), "--figure", str(figure)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "which exists" in captured.err
    assert figure.read_text() == "mine"


def test_a_link_to_nowhere_stays_too(table, tmp_path, capsys):
    figure = tmp_path / "link.png"
    figure.symlink_to(tmp_path / "elsewhere.png")
    assert main(["error-analysis", str(table), "--figure", str(figure)]) == 2
    assert "(File exists)" in capsys.readouterr().err
    assert not (tmp_path / "elsewhere.png").exists()


def test_a_table_with_malformed_rows_is_one_line_and_status_2(tmp_path, capsys):
    path = tmp_path / "mistakes.csv"
    path.write_text("id,dog,cat\na,x,\nb,perhaps,x\nc,x\nd,x,\n")
    assert main(["error-analysis", str(path)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert 'line 3: "perhaps" in column dog; line 4: 2 cells instead of 3.' in captured.err


def test_a_report_goes_into_a_file_of_any_encoding():
    command = [sys.executable, "-m", "dlspec", "diagnose", "--train", "8%", "--dev", "10%"]
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    result = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert result.returncode == 0, result.stderr
    assert b"Work on variance first: 2 points" in result.stdout


def test_reports_on_a_terminal_are_drawn_by_rich(monkeypatch, capsys):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert main(["diagnose", "--train", "8%", "--dev", "10%"]) == 0
    assert "variance" in capsys.readouterr().out


COMPLAINTS = [
    (
        lambda folder: raised(["run"]),
        ValueError,
        "`NAME` must name an exercise. Received: none. "
        "`dlspec list` shows them; --all runs every one.",
    ),
    (
        lambda folder: raised(["run", "models", "--all", "--epochs", "3"]),
        ValueError,
        "`--all` must stand without NAME and its options. Received: models --epochs 3.",
    ),
    (
        lambda folder: strategy_command(["diagnose", "--train", "1%", "--dev", "0.08"]),
        ValueError,
        "`--dev` must be a percentage like --train 1%. Received: 0.08. "
        "Write all errors with % or none.",
    ),
    (
        lambda folder: strategy_command(["diagnose", "--train", "0.01", "--dev", "8%"]),
        ValueError,
        "`--train` must be a percentage like --dev 8%. Received: 0.01. "
        "Write all errors with % or none.",
    ),
    (
        lambda folder: strategy_command(["diagnose", "--train", "1%", "--dev", "101%"]),
        ValueError,
        "`--dev` must be from 0% to 100%. Received: 101%.",
    ),
    (
        lambda folder: strategy_command(["diagnose", "--train", "-1%", "--dev", "10%"]),
        ValueError,
        "`--train` must be from 0% to 100%. Received: -1%.",
    ),
    (
        lambda folder: strategy_command(["diagnose", "--train", "nan%", "--dev", "10%"]),
        ValueError,
        "`--train` must be from 0% to 100%. Received: nan%.",
    ),
    (
        lambda folder: strategy_command(["diagnose", "--train", "-0.01", "--dev", "0.1"]),
        ValueError,
        "`--train` must be a fraction in [0, 1]. Received: -0.01.",
    ),
    (
        lambda folder: strategy_command(["diagnose", "--train", "8", "--dev", "10"]),
        ValueError,
        "`--train` must be a fraction in [0, 1]. Received: 8.0. 8 % is 0.08.",
    ),
    (
        lambda folder: strategy_command(["diagnose", "--train", "8,5%", "--dev", "10%"]),
        ValueError,
        "`--train` must be a percentage such as 8% or a fraction such as 0.08. Received: 8,5%. "
        "Write a point, not a comma.",
    ),
    (
        lambda folder: strategy_command(["diagnose", "--train", "low", "--dev", "10%"]),
        ValueError,
        "`--train` must be a percentage such as 8% or a fraction such as 0.08. Received: low.",
    ),
    (
        lambda folder: strategy_command(["diagnose", "--dev", "10%"]),
        ValueError,
        "`errors` must be at least two of human, train, train-dev, dev and test. "
        "Received: dev only. A gap lies between two.",
    ),
    (
        lambda folder: strategy_command([*TWO, "--sizes", "dev:500"]),
        ValueError,
        "`--sizes` must be a set and a number above 0, such as dev=500. Received: dev:500.",
    ),
    (
        lambda folder: strategy_command([*TWO, "--sizes", "dve=500"]),
        ValueError,
        "`--sizes` must name sets whose error is given. Received: dve. "
        "Did you mean dev? Known: train, dev.",
    ),
    (
        lambda folder: strategy_command([*TWO, "--figure", "gaps.jpg"]),
        ValueError,
        "`--figure` must end with .png, .pdf or .svg. Received: gaps.jpg.",
    ),
    (
        lambda folder: strategy_command([*TWO, "--figure", f"{folder}/none/gaps.png"]),
        ValueError,
        "`--figure` must be a file that can be written. "
        "Received: {folder}/none/gaps.png (No such file or directory).",
    ),
    (
        lambda folder: (
            (folder / "gaps.png").touch(),
            strategy_command([*TWO, "--figure", f"{folder}/gaps.png"]),
        ),
        ValueError,
        "`--figure` must be a new file. Received: {folder}/gaps.png, which exists. "
        "Move it away or name another.",
    ),
    (
        lambda folder: strategy_command(["error-analysis", "none.csv"]),
        ValueError,
        "`none.csv` must be a file that can be read. "
        "Received: nothing (No such file or directory).",
    ),
    (
        lambda folder: strategy_command(["error-analysis", "none.csv", "--dev-error", "-1%"]),
        ValueError,
        "`--dev-error` must be from 0% to 100%. Received: -1%.",
    ),
]

TWO = ["diagnose", "--train", "8%", "--dev", "10%"]


def strategy_command(argv):
    from dlspec import cli

    options = cli._parsers()[0].parse_args(argv)
    return options.function(options)


def raised(argv):
    """The complaint itself, before `main` prints it."""
    from dlspec import cli

    parser, run_parser = cli._parsers()
    options, rest = parser.parse_known_args(argv)
    return cli._run(options, rest, run_parser)


test_complaints = complaints_test(COMPLAINTS)
