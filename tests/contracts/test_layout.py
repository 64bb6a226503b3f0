"""Who knows the course knows the room: one stem in dlspec/, assignments/ and tests/."""

import ast
import configparser
import re
from pathlib import Path

import pytest

from dlspec import catalog
from tests.contracts.source import (
    PACKAGE,
    ROOT,
    course_folders,
    course_modules,
    module_tests,
    modules,
    tree,
)


@pytest.mark.parametrize("path", course_modules(), ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_every_course_module_has_tests_and_a_line_in_its_course(path):
    assert module_tests(path).is_file()
    table = ast.get_docstring(tree(path.parent / "__init__.py"))
    assert re.search(rf"^ +{path.stem} ", table, re.M)


@pytest.mark.parametrize("exercise", catalog.EXERCISES, ids=lambda e: e.path)
def test_every_exercise_has_its_module_its_script_and_its_graded_functions(exercise):
    assert Path(exercise.module_file).is_file()
    assert Path(exercise.script) == ROOT / "assignments" / exercise.course / f"{exercise.name}.py"
    assert Path(exercise.script).is_file()
    assert exercise.graded
    assert len(catalog.graded_functions(exercise)) == len(exercise.graded)
    assert re.fullmatch(r"c[1-5](w\da\d|x\d)", exercise.number)
    assert exercise.number[1] == catalog.COURSES[exercise.course][0]
    assert set(exercise.data) <= set(catalog.DATA_FILES)


def test_numbers_and_paths_are_unique():
    for attribute in ("number", "path", "title"):
        values = [getattr(e, attribute) for e in catalog.EXERCISES]
        assert len(set(values)) == len(values)


def test_every_data_file_has_a_user():
    assert set(catalog.DATA_FILES) == {name for e in catalog.EXERCISES for name in e.data}


def test_no_orphan_scripts():
    scripts = {f"{p.parent.name}/{p.stem}" for p in (ROOT / "assignments").rglob("*.py")}
    assert scripts == {e.path for e in catalog.EXERCISES}


def test_no_orphan_tests():
    """Every test module of a package folder has its module."""
    folders = [*course_folders(), PACKAGE / "datasets", PACKAGE / "plots"]
    for folder in folders:
        stems = {p.stem.removeprefix("_") for p in folder.glob("*.py")}
        for path in (ROOT / "tests" / folder.name).glob("test_*.py"):
            assert path.stem.removeprefix("test_") in stems, path


@pytest.mark.parametrize("folder", ["datasets", "plots"])
def test_every_shared_module_has_tests(folder):
    for path in modules(PACKAGE / folder):
        assert module_tests(path).is_file(), path


def test_every_data_set_has_the_script_that_makes_it():
    for path in (ROOT / "data").iterdir():
        if path.suffix not in (".py", "") and path.is_file():
            assert path.with_suffix(".py").is_file(), path


def test_every_package_folder_is_installed():
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg")
    listed = set(parser["options"]["packages"].split())
    folders = {
        ".".join(path.parent.relative_to(ROOT).parts) for path in PACKAGE.rglob("__init__.py")
    }
    assert listed == folders | {"dlspec.assignments", "dlspec.data"}


@pytest.mark.parametrize("exercise", catalog.EXERCISES, ids=lambda e: e.path)
def test_every_script_reads_alike(exercise):
    """A header that says how to run it and what to expect, and `main(argv=None)`."""
    module = tree(Path(exercise.script))
    header = ast.get_docstring(module)
    assert f"dlspec run {exercise.name}" in header
    assert re.search(r"20\d\d-\d\d-\d\d", header), "the header says when its numbers were measured"
    (main,) = [n for n in module.body if isinstance(n, ast.FunctionDef) and n.name == "main"]
    assert [a.arg for a in main.args.args] == ["argv"]
    assert ast.unparse(main.args.defaults[0]) == "None"
