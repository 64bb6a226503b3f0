"""What the README shows works as it stands there."""

import re
import shlex

import pytest

from dlspec import catalog
from dlspec.cli import _parsers
from tests.contracts.source import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.M | re.S)


@pytest.mark.parametrize("code", blocks("python"))
def test_python_examples_run(code):
    exec(compile(code, "README.md", "exec"), {"__name__": "readme"})


COMMANDS = [
    line.partition("#")[0].strip()
    for block in blocks("sh")
    for line in block.splitlines()
    if line.startswith("dlspec ")
]


@pytest.mark.parametrize("line", COMMANDS)
def test_commands_are_understood(line):
    parser, _ = _parsers()
    options, _ = parser.parse_known_args(shlex.split(line)[1:])
    if getattr(options, "name", None):
        catalog.find(options.name)


def test_every_exercise_is_named():
    assert all(f"{e.name}" in README for e in catalog.EXERCISES)


def test_both_commands_of_the_start_stand_there():
    start = README.partition("## Start")[2].partition("\n## ")[0]
    assert len(re.findall(r"^```sh\n", start, re.M)) == 2
    assert "python -m pytest" in start
