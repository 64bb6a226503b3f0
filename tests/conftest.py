"""Strict numerics for every test, and the course's real files where they are."""

import os
from pathlib import Path

import numpy as np
import pytest

from dlspec.datasets.files import VARIABLE

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")


@pytest.fixture(autouse=True)
def strict_numerics(request):
    """Overflow, division by zero and NaN are errors; rounding down to zero is not."""
    with np.errstate(all="raise", under="ignore"):
        yield


@pytest.fixture(autouse=True)
def no_course_files_unless_asked_for(request, monkeypatch):
    """Tests see generated data whatever the environment says, but for those marked course_data."""
    if request.node.get_closest_marker("course_data") is None:
        monkeypatch.delenv(VARIABLE, raising=False)


@pytest.fixture
def course_data() -> Path:
    """The folder with the course's files; the test is skipped where there is none."""
    folder = os.environ.get(VARIABLE)
    if not folder:
        pytest.skip(f"{VARIABLE} is not set: the course's real files are needed")
    return Path(folder)
