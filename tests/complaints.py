"""Complaints as tables: every row is a call with bad input, the exception and its whole text.

A test module writes

    COMPLAINTS = [(lambda folder: predict(...), ValueError, "`X` must ..."), ...]
    test_complaints = complaints_test(COMPLAINTS)

`folder` is an empty folder of the test's own; "{folder}" in a text stands for its path.
tests/contracts runs all tables again and sees that every `raise` of the package was reached.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

Row = tuple[Callable[[Path], object], type[Exception], str]


def complaints_test(rows: list[Row]):
    """A test with one case per row."""

    @pytest.mark.parametrize(("call", "error", "text"), rows, ids=[row[2][:60] for row in rows])
    def test_complaints(call, error, text, tmp_path):
        with pytest.raises(error) as caught:
            call(tmp_path)
        assert str(caught.value) == text.replace("{folder}", str(tmp_path))

    return test_complaints
