"""No function of a course changes its arguments: arrays are handed over read-only and compared."""

import ast
import importlib
from collections.abc import Iterator
from itertools import islice

import numpy as np
import pytest

from tests.contracts.source import course_modules, name_of, tables, tree

CALLS = tables("PURE_CALLS")


def module_under_test(test_module: str) -> str:
    return test_module.replace("tests.", "dlspec.").replace(".test_", ".")


CASES = [
    pytest.param(module_under_test(module), name, args, id=f"{module_under_test(module)}.{name}")
    for module, calls in CALLS.items()
    for name, args in calls.items()
]


def frozen(value):
    """A copy whose arrays cannot be written; Keras models stay the same object."""
    if isinstance(value, np.ndarray):
        value = value.copy()
        value.flags.writeable = False
        return value
    if isinstance(value, dict):
        return {key: frozen(entry) for key, entry in value.items()}
    if isinstance(value, (tuple, list)):
        entries = [frozen(entry) for entry in value]
        named = hasattr(value, "_fields")
        return type(value)(*entries) if named else type(value)(entries)
    return value


def same(a, b) -> bool:
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and np.array_equal(a, b)
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    if isinstance(a, (tuple, list)):
        return len(a) == len(b) and all(map(same, a, b))
    return a is b or a == b


@pytest.mark.parametrize(("module", "name", "args"), CASES)
def test_arguments_stay_as_they_are(module, name, args):
    function = getattr(importlib.import_module(module), name)
    given = frozen(args)
    before = frozen(args)
    state = np.random.get_state()[1].copy()
    result = function(**given) if isinstance(given, dict) else function(*given)  # keywords only
    if isinstance(result, Iterator):
        list(islice(result, 3))
    assert same(given, before)
    if not draws_from_the_global_generator(module, name):
        np.testing.assert_array_equal(np.random.get_state()[1], state)


def draws_from_the_global_generator(module: str, name: str) -> bool:
    """Only where the course's own text has the caller seed it."""
    return (module, name) == ("dlspec.nn_basics.planar_classification", "initialize_parameters")


@pytest.mark.parametrize("path", course_modules(), ids=name_of)
def test_every_function_is_called(path):
    calls = CALLS[
        name_of(path).replace("dlspec.", "tests.").replace(f".{path.stem}", "")
        + f".test_{path.stem}"
    ]
    functions = {node.name for node in tree(path).body if isinstance(node, ast.FunctionDef)}
    functions = {name for name in functions if not name.startswith("_")}
    assert functions <= set(calls)
