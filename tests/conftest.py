"""Strict numerics for every test, and the course's real files where they are."""

import os
from pathlib import Path

# Processes side by side take one thread each; the libraries read this once, when they load.
if "PYTEST_XDIST_WORKER" in os.environ:
    for name in ("OPENBLAS_NUM", "OMP_NUM", "TF_NUM_INTRAOP", "TF_NUM_INTEROP"):
        os.environ[f"{name}_THREADS"] = "1"

import numpy as np
import pytest

from dlspec.datasets.files import VARIABLE

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

# Tests see generated data whatever the environment says; those that ask for `course_data` get it.
# The first process hands the folder on to those it starts.
KEPT = f"{VARIABLE}_FOR_TESTS"
COURSE_DATA = os.environ.pop(VARIABLE, None) or os.environ.get(KEPT)
if COURSE_DATA:
    os.environ[KEPT] = COURSE_DATA


@pytest.fixture(autouse=True)
def strict_numerics(request):
    """Overflow, division by zero and NaN are errors; rounding down to zero is not."""
    with np.errstate(all="raise", under="ignore"):
        yield


@pytest.fixture
def course_data(monkeypatch) -> Path:
    """The folder with the course's files; the test is skipped where there is none."""
    if not COURSE_DATA:
        pytest.skip(f"{VARIABLE} is not set: the course's real files are needed")
    monkeypatch.setenv(VARIABLE, COURSE_DATA)
    return Path(COURSE_DATA)


@pytest.fixture
def float64():
    """Keras computes in float64 for one test."""
    import keras  # here, so that NumPy tests never load it

    floatx, policy = keras.config.floatx(), keras.config.dtype_policy()
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    yield
    keras.config.set_floatx(floatx)
    keras.config.set_dtype_policy(policy)
