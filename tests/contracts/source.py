"""What the contract tests read: the source as syntax trees, and the tables in the tests."""

import ast
import importlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from dlspec.catalog import COURSES

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "dlspec"


def course_folders() -> list[Path]:
    """Subpackages of courses that exist."""
    return [PACKAGE / course for course in COURSES if (PACKAGE / course).is_dir()]


def modules(folder: Path) -> list[Path]:
    """Modules of one folder, without `__init__` and private ones."""
    return sorted(p for p in folder.glob("*.py") if not p.name.startswith("_"))


def course_modules() -> list[Path]:
    """Every public module of every course."""
    return [path for folder in course_folders() for path in modules(folder)]


def all_sources() -> list[Path]:
    """Every source file of the package."""
    return sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    """Dotted name of a file below the root."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def tree(path: Path) -> ast.Module:
    """Syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def public_definitions(path: Path) -> Iterator[tuple[str, ast.FunctionDef | ast.ClassDef]]:
    """Public functions and classes of a module and public methods of those classes."""
    for node in tree(path).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            yield node.name, node
            if isinstance(node, ast.ClassDef):
                for method in node.body:
                    if isinstance(method, ast.FunctionDef) and not method.name.startswith("_"):
                        yield f"{node.name}.{method.name}", method


def imported_names(path: Path) -> set[str]:
    """Dotted names that a module imports at any place, `from a import b` as "a" and "a.b"."""
    names = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def module_tests(path: Path) -> Path:
    """Where the tests of a module of the package stand."""
    inside = path.relative_to(PACKAGE)
    return ROOT / "tests" / inside.parent / f"test_{inside.name}"


def tables(name: str) -> dict[str, object]:
    """The attribute `name` of every test module that has it, by dotted module name."""
    found = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        assigned = [
            t.id
            for node in tree(path).body
            if isinstance(node, ast.Assign)
            for t in node.targets
            if isinstance(t, ast.Name)
        ]
        if name in assigned:
            found[name_of(path)] = getattr(importlib.import_module(name_of(path)), name)
    return found
