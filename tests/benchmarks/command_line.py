"""How long the command line takes to answer, in whole processes."""

import shutil
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.harness import Row

PYTHON = sys.executable


def _process(*command):
    return lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _dlspec(*arguments):
    """The installed command where there is one beside this Python, else `python -m dlspec`."""
    script = shutil.which("dlspec", path=str(Path(PYTHON).parent))
    return _process(*([script] if script else [PYTHON, "-m", "dlspec"]), *arguments)


def _code(text):
    return _process(PYTHON, "-c", text)


ROWS = [
    Row("dlspec --help", "python -c pass", 2.5, lambda: (_dlspec("--help"), _code("pass")), 40),
    Row("dlspec list", "python -c pass", 2.5, lambda: (_dlspec("list"), _code("pass")), 40),
    Row(
        "import of a NumPy module",
        "import numpy",
        1.3,
        lambda: (_code("import dlspec.nn_basics.deep_network"), _code("import numpy")),
        20,
    ),
]
