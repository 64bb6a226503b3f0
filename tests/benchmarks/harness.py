"""Two things measured side by side: alternating, one thread, medians, a ratio against a goal."""

import importlib.util
import resource
import statistics
import time
from collections.abc import Callable
from typing import NamedTuple


class Missing(Exception):
    """A package to compare with is not installed."""


def needs(package: str) -> None:
    """Raise `Missing` unless a package that only benchmarks use can be imported."""
    if importlib.util.find_spec(package) is None:
        raise Missing(package)


class Row(NamedTuple):
    """One line of the table.

    Attributes:
        name: what is measured.
        other: what it is held against.
        goal: largest ratio ours / other that meets the goal.
        prepare: returns the two calls, (ours, other); imports and data belong here.
        runs: counted runs of each.
        warmup: runs of each that do not count.
    """

    name: str
    other: str
    goal: float
    prepare: Callable[[], tuple[Callable, Callable]]
    runs: int = 15
    warmup: int = 2


class Score(NamedTuple):
    """A line about quality, not time: what two programs reach on the same test.

    Attributes:
        name: what is measured, more is better.
        other: what it is held against.
        goal: by how much ours may stay behind.
        compare: returns the two scores, (ours, other).
    """

    name: str
    other: str
    goal: float
    compare: Callable[[], tuple[float, float]]


class Result(NamedTuple):
    """Seconds, and the ratio of the medians."""

    ours: float
    other: float
    ratio: float


def processor_time() -> float:
    """Seconds that this process and the finished ones that it started have computed."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def measure(row: Row, clock: Callable[[], float] = time.perf_counter) -> Result:
    """Time both calls in turn, so that a machine that slows down slows both."""
    ours, other = row.prepare()
    times: tuple[list[float], list[float]] = ([], [])
    for i in range(row.warmup + row.runs):
        for call, kept in zip((ours, other), times, strict=True):
            begin = clock()
            call()
            if i >= row.warmup:
                kept.append(clock() - begin)
    medians = [statistics.median(kept) for kept in times]
    return Result(*medians, medians[0] / medians[1])
