"""Every complaint the package can raise is pinned, word for word, by a table of some test module.

All tables are run once more, and the lines that their calls went through are collected from the
tracebacks.  Then every `raise` of a complaint, and every call of a check in a course module, must
be among those lines.
"""

import ast
import os
import traceback

import pytest

from dlspec._complaints import Complaint
from tests.contracts.source import PACKAGE, all_sources, course_modules, name_of, tables, tree

KINDS = {"InvalidValue", "InvalidType"}

# Raised for other reasons than input, and pinned by tests of their own.
OTHER = {
    "dlspec": {"AttributeError"},
    "dlspec.__main__": {"SystemExit"},
    "dlspec.runner": {"Interrupted"},
    "dlspec.testing": {"AssertionError"},
}


@pytest.fixture(scope="module")
def lines_reached(tmp_path_factory):
    """(file, line) of every frame of the package that a complaint came through."""
    reached = set()
    for name, rows in tables("COMPLAINTS").items():
        for i, (call, error, _) in enumerate(rows):
            folder = tmp_path_factory.mktemp("complaint")
            try:
                call(folder)
            except error as caught:
                if not isinstance(caught, Complaint):
                    pytest.fail(f"{name}[{i}] is no complaint of ours")
                for frame in traceback.extract_tb(caught.__traceback__):
                    if frame.filename.startswith(str(PACKAGE) + os.sep):
                        reached.add((frame.filename, frame.lineno))
            else:
                pytest.fail(f"{name}[{i}] did not complain")
    return reached


def raised(path):
    """Name of the exception and the node, for every `raise` of a file."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Raise) and node.exc is not None:
            call = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            yield ast.unparse(call), node


def is_reached(path, node, lines) -> bool:
    return any((str(path), line) in lines for line in range(node.lineno, node.end_lineno + 1))


@pytest.mark.parametrize("path", all_sources(), ids=name_of)
def test_every_complaint_is_pinned(path, lines_reached):
    silent = [
        f"{path.name}:{node.lineno}"
        for kind, node in raised(path)
        if kind in KINDS and not is_reached(path, node, lines_reached)
    ]
    assert not silent


@pytest.mark.parametrize("path", all_sources(), ids=name_of)
def test_only_complaints_are_raised_about_input(path):
    kinds = {kind for kind, _ in raised(path)} - KINDS
    assert kinds <= OTHER.get(name_of(path), set())
    assert not any(isinstance(node, ast.Assert) for node in ast.walk(tree(path)))


@pytest.mark.parametrize("path", course_modules(), ids=name_of)
def test_every_check_of_a_course_module_is_seen_to_complain(path, lines_reached):
    """A check that no table reaches may check the wrong thing."""
    silent = [
        f"{path.name}:{node.lineno}  {ast.unparse(node)}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id.lstrip("_").startswith("check_")
        and not is_reached(path, node, lines_reached)
    ]
    assert not silent
