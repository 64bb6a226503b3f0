"""Every public name is documented and typed, and every course function shows a runnable example."""

import ast
import configparser
import re

import pytest

from tests.contracts.source import (
    ROOT,
    all_sources,
    course_modules,
    name_of,
    public_definitions,
    tree,
)

DEFINITIONS = [
    pytest.param(path, node, id=f"{name_of(path)}.{name}")
    for path in all_sources()
    if not path.name.startswith("_") or path.name == "_validation.py"
    for name, node in public_definitions(path)
]
FUNCTIONS = [p for p in DEFINITIONS if isinstance(p.values[1], ast.FunctionDef)]


def arguments(node: ast.FunctionDef) -> list[ast.arg]:
    return [
        a
        for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
        if a.arg not in ("self", "cls")
    ]


def is_property(node) -> bool:
    return any(isinstance(d, ast.Name) and d.id == "property" for d in node.decorator_list)


@pytest.mark.parametrize(("path", "node"), DEFINITIONS)
def test_every_public_name_is_documented(path, node):
    doc = ast.get_docstring(node)
    assert doc, "no docstring"
    first = doc.splitlines()[0]
    assert first.rstrip().endswith((".", ":", "?")), f"the first line is one sentence: {first!r}"


@pytest.mark.parametrize(("path", "node"), FUNCTIONS)
def test_every_public_function_is_typed(path, node):
    untyped = [a.arg for a in arguments(node) if a.annotation is None]
    assert not untyped
    lazy_third_party = node.name == "console"  # rich is imported when first used
    assert node.returns is not None or lazy_third_party


@pytest.mark.parametrize(
    ("path", "node"), [p for p in FUNCTIONS if p.values[0] in set(course_modules())]
)
def test_every_course_function_says_what_goes_in_what_comes_out_and_shows_it(path, node):
    doc = ast.get_docstring(node)
    assert ">>> " in doc, "no example"
    if re.search(r"(arguments|Arguments), result and errors as `", doc):
        return  # the fast twin of a loop refers to it
    if arguments(node):
        section = doc.partition("Args:")[2]
        missing = [a.arg for a in arguments(node) if not re.search(rf"\b{a.arg}: ", section)]
        assert not missing
    if ast.unparse(node.returns) != "None":
        assert re.search(r"^(Returns|Yields):", doc, re.M)
    assert re.search(r"^Source: ", doc, re.M) or node.name.endswith("_parameters")


@pytest.mark.parametrize("path", all_sources(), ids=name_of)
def test_every_module_has_a_docstring_and_says_what_is_public(path):
    assert ast.get_docstring(tree(path))
    if path.name.startswith("_"):
        return
    (listed,) = [
        ast.literal_eval(node.value)
        for node in tree(path).body
        if isinstance(node, ast.Assign)
        and any(isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets)
    ]
    defined = {name for name, _ in public_definitions(path) if "." not in name}
    assert defined - set(listed) <= PRIVATE_BY_CUSTOM
    assert len(set(listed)) == len(listed)


PRIVATE_BY_CUSTOM: set[str] = set()


def test_docstring_examples_are_part_of_the_suite():
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg")
    section = parser["tool:pytest"]
    assert "--doctest-modules" in section["addopts"]
    assert "dlspec" in section["testpaths"].split()
    assert "+SKIP" not in "".join(path.read_text() for path in all_sources())
