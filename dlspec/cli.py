# PYTHON_ARGCOMPLETE_OK
"""The `dlspec` command: list, show, run, data, diagnose, error-analysis.

Imports stand inside the functions that need them, so that help and the list appear at once.
"""

import os
import sys
from collections.abc import Sequence

from dlspec import __version__, catalog
from dlspec._arguments import ArgumentParser
from dlspec._complaints import Complaint, InvalidValue, sentence

__all__ = ["main"]

EPILOG = """\
NAME is the stem of an exercise (logistic_regression), course/stem, or the course's number (c1w2a2).
Course files are looked for below the folder that DLSPEC_DATA_DIR or --data-dir names; generated
data stands in for what is not found."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: arguments without the program's name; None for those of the process.

    Returns:
        Exit status: 0; 1 when an exercise of `run --all` failed; 2 for input that cannot be used;
        130 after Ctrl-C.

    Example:
        >>> main(["list", "--course", "strategy"])
        Course 3  Structuring Machine Learning Projects (strategy)
          c3x1    bird_recognition        Case study: bird recognition in a city
          c3x2    autonomous_driving      Case study: autonomous driving
        0
    """
    parser, run_parser = _parsers()
    if "_ARGCOMPLETE" in os.environ:  # set by the shell while it completes a line
        import argcomplete

        argcomplete.autocomplete(parser)
    options, rest = parser.parse_known_args(argv)
    if rest and options.command != "run":
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    try:
        if options.command == "run":
            return _run(options, rest, run_parser)
        return options.function(options)
    except Complaint as complaint:
        print(f"dlspec: {complaint}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # `dlspec list | head`
        sys.stderr.close()
        return 0


def _parsers():
    parser = ArgumentParser(
        prog="dlspec",
        description="Run, look at and check the exercises of the Deep Learning Specialization.",
        epilog=EPILOG,
    )
    parser.add_argument("--version", action="version", version=f"dlspec {__version__}")
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", required=True, prog="dlspec"
    )

    def command(name, text, function=None, **more):
        sub = commands.add_parser(name, help=text, description=text, **more)
        sub.set_defaults(function=function)
        return sub

    sub = command("list", "List the exercises.", _list)
    sub.add_argument("--course", help="one course: its name or its number, 1 to 5")
    sub.add_argument("--json", action="store_true", help="for programs")

    sub = command("show", "Say what an exercise teaches, its graded functions and files.", _show)
    sub.add_argument("name", metavar="NAME").completer = _names

    run = command(
        "run",
        "Run an exercise; `dlspec run NAME --help` lists its own options too.",
        epilog=EPILOG,
        add_help=False,
    )
    run.add_argument("name", metavar="NAME", nargs="?").completer = _names
    run.add_argument("-h", "--help", action="store_true", help="with NAME: all its options")
    run.add_argument("--all", action="store_true", help="every exercise, one after the other")
    run.add_argument("--quick", action="store_true", help="a short run, to see that all works")
    run.add_argument("--seed", metavar="INT", type=int, help="for whatever is drawn at random")
    run.add_argument("--out", metavar="DIR", help="folder of the results (default runs/NAME)")
    run.add_argument("--data-dir", metavar="DIR", help="folder with the course's files")
    run.add_argument("--resume", action="store_true", help="go on where a run was interrupted")

    sub = command("data", "List the course files: found where, or generated instead.", _data)
    sub.add_argument("--data-dir", metavar="DIR", help="folder with the course's files")
    sub.add_argument("--json", action="store_true", help="for programs")

    sub = command("diagnose", "Say what to work on, from errors you have.", _diagnose)
    sub.epilog = "Errors as percentages (8%) or as fractions (0.08), all alike; at least two."
    errors = {
        "human": "of people, in place of the Bayes error",
        "train": "on examples trained on",
        "train-dev": "on examples of the training distribution, not trained on",
        "dev": "on the dev set",
        "test": "on the test set",
    }
    for name, text in errors.items():
        sub.add_argument(f"--{name}", metavar="ERROR", help=f"error {text}")
    sub.add_argument(
        "--sizes", metavar="SET=N", nargs="+", help="examples per set: train=9000 dev=500"
    )
    sub.add_argument("--figure", metavar="FILE", help="a new .png, .pdf or .svg: gaps as bars")
    sub.add_argument("--json", action="store_true", help="for programs")

    sub = command("error-analysis", "Count mistakes by category.", _error_analysis)
    sub.epilog = """\
TABLE: one line per mistake, one column per category, marked x, 1, yes or true (or 0, no, false,
nothing).  The first line names the columns.  A first column of names and columns of comments are
recognised and listed."""
    sub.add_argument("table", metavar="TABLE", help="CSV file, as spreadsheets write it")
    sub.add_argument("--dev-error", metavar="ERROR", help="8%% or 0.08; for the ceilings")
    sub.add_argument("--labels", metavar="COLUMN", help="category of incorrectly labelled examples")
    sub.add_argument("--figure", metavar="FILE", help="a new .png, .pdf or .svg: shares as bars")
    sub.add_argument("--json", action="store_true", help="for programs")
    return parser, run


def _names(**_):
    return [e.name for e in catalog.EXERCISES]


# --- list, show -----------------------------------------------------------------------------------


def _list(options):
    exercises = catalog.of_course(options.course)
    if options.json:
        import json

        keys = ("number", "course", "name", "title", "teaches", "graded", "data", "module")
        print(json.dumps([{k: getattr(e, k) for k in keys} for e in exercises], indent=2))
        return 0
    if not exercises:
        print(f"No exercises of {options.course} yet.")
    for course, title in catalog.COURSES.items():
        own = [e for e in exercises if e.course == course]
        if own:
            print(f"Course {title} ({course})")
        for e in own:
            print(f"  {e.number:7} {e.name:23} {e.title}")
    return 0


def _show(options):
    import textwrap

    e = catalog.find(options.name)
    print(f"{e.number}  {e.title}\n")
    print(textwrap.fill(e.teaches, 88), "\n")
    print("Functions" if e.number[2] == "x" else "Graded functions")
    for signature, line in catalog.graded_functions(e).items():
        print(textwrap.fill(signature, 96, initial_indent="  ", subsequent_indent="        "))
        print(f"      {line}")
    print(
        "\nData     ", ", ".join(e.data) if e.data else "none of the course's; made by the script"
    )
    for name in e.data:
        print(f"          {name}: {catalog.DATA_FILES[name]}; used when found")
    print("Import   ", e.module)
    print("Module   ", e.module_file)
    print("Script   ", e.script)
    print("Run      ", f"dlspec run {e.name}")
    return 0


# --- run ------------------------------------------------------------------------------------------


def _run(options, rest, run_parser):
    if options.all and (options.name or rest):
        received = " ".join([options.name or "", *rest]).strip()
        raise InvalidValue(sentence("--all", "stand without NAME and its options", received))
    if options.all:
        from dlspec.runner_all import run_all

        return run_all(options)
    if options.name is None:
        if options.help:
            run_parser.print_help()
            return 0
        advice = "`dlspec list` shows them; --all runs every one."
        raise InvalidValue(sentence("NAME", "name an exercise", "none", advice))
    exercise = catalog.find(options.name)
    from dlspec.runner import execute, load_script

    return execute(load_script(exercise).main, _script_arguments(options, rest))


def _script_arguments(options, rest):
    """The line without NAME, for the script's own parser."""
    flags = [f"--{name}" for name in ("help", "quick", "resume") if getattr(options, name)]
    values = {"--seed": options.seed, "--out": options.out, "--data-dir": options.data_dir}
    pairs = [text for name, v in values.items() if v is not None for text in (name, str(v))]
    return [*flags, *pairs, *rest]


# --- data -----------------------------------------------------------------------------------------


def _data(options):
    from dlspec.datasets.files import data_folder, find_course_files, sha256

    folder = data_folder(options.data_dir)
    found = find_course_files(catalog.DATA_FILES, folder)
    rows = []
    for name, what in catalog.DATA_FILES.items():
        users = [e.path for e in catalog.EXERCISES if name in e.data]
        row = {"file": name, "what": what, "used_by": users, "source": "generated"}
        if name in found:
            size, digest = found[name].stat().st_size, sha256(found[name])
            row |= {"source": "course files", "path": str(found[name])}
            row |= {"bytes": size, "sha256": digest}
        rows.append(row)
    if options.json:
        import json

        print(json.dumps(rows, indent=2))
        return 0
    print(
        f"Looking below {folder}"
        if folder
        else "No data folder named (DLSPEC_DATA_DIR, --data-dir)"
    )
    for row in rows:
        print(f"\n{row['file']}: {row['what']}")
        print(f"  used by  {', '.join(row['used_by'])}")
        if "path" in row:
            print(f"  found    {row['path']}")
            print(f"  size     {row['bytes']:,} bytes")
            print(f"  SHA-256  {row['sha256']}")
        else:
            print("  not found: generated instead")
    return 0


# --- diagnose, error-analysis ---------------------------------------------------------------------


def _diagnose(options):
    from dlspec.cli_strategy import diagnose

    return diagnose(options)


def _error_analysis(options):
    from dlspec.cli_strategy import error_analysis

    return error_analysis(options)
