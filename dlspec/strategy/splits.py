"""Splits: how much data for train, dev and test, and from which source (course 3, weeks 1 and 2).

Sizes.  Few data are dealt out 60/20/20 %, a million 98/1/1 %: dev and test have to be large enough
to tell good from better, not a fixed share.  On m dev examples two errors p and p - d are told
apart (95 %, z = 1.96) from

    m = z^2 (p (1 - p) + (p - d) (1 - p + d)) / d^2

on, each measured on examples of its own; on the same examples usually fewer do.  With m examples
every second measurement shows the difference, with twice as many four of five do.

Sources.  Dev and test are the target that everybody aims at, so they hold what the product will
see.  With 200,000 pictures from the web and 10,000 from the app there are two ways:

    shuffle all    every set has the same mix: 2,381 of 2,500 dev pictures come from the web, on
                   average, and most of the work would go into those
    target only    dev and test hold app pictures only, all others go into train; train and dev
                   then differ, and a train-dev set is needed to tell variance from data mismatch

The train-dev set is cut at random out of the training data and not trained on.

The notes this package started from call the same mix in every set a golden rule, and move a part of
dev and test into train; the lecture asks for the same distribution of dev and test only, and deals
out the target pictures once, before anybody looks at them.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, near_miss, sentence
from dlspec._validation import check_choice, check_count, check_fraction, check_labels
from dlspec.strategy._report import Report, Section, percent

__all__ = [
    "Sizes",
    "SourceComparison",
    "Split",
    "compare_sources",
    "examples_to_detect",
    "split",
    "split_by_source",
    "suggest_sizes",
]

SMALL, LARGE = 10_000, 1_000_000  # where the lecture's 60/20/20 ends and where it says 98/1/1
SMALL_SHARE, LARGE_SHARE = 0.20, 0.01  # of dev, and of test
Z = 1.96  # half-width of a 95 % interval in standard errors
METHODS = ("shuffle all", "target only")


# --- Sizes ----------------------------------------------------------------------------------------


def examples_to_detect(difference: float, error: float) -> int:
    """How many dev examples it takes to see an error fall by `difference`, at 95 %.

    Args:
        difference: d, how far the error falls, a share in (0, `error`].
        error: p, the error so far, a share in (0, 1].

    Returns:
        m, for each of the two measurements.

    Raises:
        TypeError, ValueError: not shares, or a difference of 0 or above the error.

    Example:
        >>> examples_to_detect(0.01, error=0.10), examples_to_detect(0.001, error=0.10)
        (6604, 688411)

    Source: normal approximation of the binomial; course 3, week 1 (dev sets of 1,000 to 10,000).
    """
    return _examples_to_detect(*_check_difference(difference, error))


def _check_difference(difference, error):
    d, p = check_fraction("difference", difference), check_fraction("error", error)
    if not 0 < d <= p:
        expected = f"be above 0 and at most error={p:g}"
        raise InvalidValue(sentence("difference", expected, f"{difference!r}"))
    return d, p


def _examples_to_detect(d, p):
    q = p - d
    return max(1, math.ceil(Z**2 * (p * (1 - p) + q * (1 - q)) / d**2))


def _smallest_difference(m, p):
    """The d that m examples just show: the formula above, solved for d (it is quadratic)."""
    # d^2 m / z^2 = 2 p (1 - p) - d (1 - 2 p) - d^2
    a, b, c = m / Z**2 + 1, 1 - 2 * p, 2 * p * (1 - p)
    d = (-b + math.sqrt(b * b + 4 * a * c)) / (2 * a)
    return d if 0 < d <= p else None


def _sizes_sections(report):
    m = sum(report.sizes.values())
    rows = [(name, f"{size:,}", percent(size / m)) for name, size in report.sizes.items()]
    return [Section("Sizes", ("set", "examples", "share"), rows)]


@dataclass(frozen=True, kw_only=True)
class Sizes(Report):
    """How many examples for each set.

    Attributes:
        sizes: {"train", "dev", "test"}, together all examples.
        needed_dev: dev examples that the difference asked for takes; None where none was asked for.
        detectable: smallest fall of the error that dev shows; None without an error, or where even
            a fall to 0 would be noise.
    """

    sizes: Mapping[str, int]
    needed_dev: int | None
    detectable: float | None

    sections = _sizes_sections


def suggest_sizes(m: int, *, difference: float | None = None, error: float | None = None) -> Sizes:
    """Sizes of train, dev and test for m examples, with a dev set that shows a given difference.

    60/20/20 % up to 10,000 examples, 98/1/1 % from a million on.  The lecture names no shares
    between; there dev and test shrink along a straight line on two log scales, so that both still
    grow with m (as `dlspec.optimization.hyperparameters.split_sizes` does).  Where that dev set is
    too small for the difference, dev and test grow, up to 20 % each.

    Args:
        m: number of examples, at least 3.
        difference: fall of the error that dev shall show, a share in (0, `error`]; needs `error`.
        error: the error expected, a share in [0, 1].

    Returns:
        A report, also where m examples are too few for the difference.

    Raises:
        TypeError, ValueError: fewer than 3 examples, not shares, a difference without an error.

    Example:
        >>> dict(suggest_sizes(1000).sizes)
        {'train': 600, 'dev': 200, 'test': 200}
        >>> dict(suggest_sizes(1_000_000).sizes)
        {'train': 980000, 'dev': 10000, 'test': 10000}
        >>> dict(suggest_sizes(1_000_000, difference=0.005, error=0.1).sizes)
        {'train': 945916, 'dev': 27042, 'test': 27042}

    Source: course 3, week 1; course 2, week 1.
    """
    m = check_count("m", m, minimum=3)
    if difference is not None and error is None:
        expected = "be given where a difference is"
        raise InvalidValue(sentence("error", expected, "None", "Noise depends on the error."))
    if difference is not None:
        difference, error = _check_difference(difference, error)
    elif error is not None:
        error = check_fraction("error", error)
    needed = None if difference is None else _examples_to_detect(difference, error)
    usual, most = _usual_size(m), round(SMALL_SHARE * m)
    held = max(usual, min(needed or 0, most))
    detectable = None if error is None else _smallest_difference(held, error)
    return Sizes(
        conclusion=_sizes_conclusion(m, held, needed, difference, error),
        used={"m": m, "error": _or_not_given(error), "difference": _or_not_given(difference)},
        cannot_tell=tuple(_sizes_open(held, error, detectable)),
        sizes={"train": m - 2 * held, "dev": held, "test": held},
        needed_dev=needed,
        detectable=detectable,
    )


def _usual_size(m):
    progress = math.log(m / SMALL) / math.log(LARGE / SMALL)  # 0 where small, 1 where large
    return round(m * SMALL_SHARE * (LARGE_SHARE / SMALL_SHARE) ** min(max(progress, 0), 1))


def _or_not_given(value):
    return "not given" if value is None else value


def _sizes_conclusion(m, held, needed, difference, error):
    train = m - 2 * held
    text = f"{train:,} examples for train, {held:,} for dev and {held:,} for test."
    if needed is None:
        return text
    wish = f"a fall of the error from {percent(error)} to {percent(error - difference)}"
    if needed <= held:
        return f"{text} Dev shows {wish}, which takes {needed:,} examples."
    return (
        f"{text} That is too few to show {wish}: it takes {needed:,} dev examples, or about "
        f"{math.ceil(needed / SMALL_SHARE):,} in all."
    )


def _sizes_open(held, error, detectable):
    if error is None:
        yield "Which differences dev can show: the error expected would tell."
    elif detectable is None:
        yield f"Any improvement: {held:,} dev examples cannot tell {percent(error)} from none."
    else:
        yield (
            f"A fall of the error by less than {percent(detectable)}, measured on separate "
            "examples; on the same ones, the share that one model gets right and the other wrong "
            "would tell."
        )


# --- Dealing out ----------------------------------------------------------------------------------


def _split_sections(report):
    groups = list(next(iter(report.counts.values())))
    rows = [
        (name, str(len(report.indices[name])), *(str(count) for count in counts.values()))
        for name, counts in report.counts.items()
    ]
    return [Section("Sets", ("set", "examples", *groups), rows)]


@dataclass(frozen=True, kw_only=True)
class Split(Report):
    """Which examples belong to which set.

    Attributes:
        indices: {set: int64 (size,)}, numbers of examples from 0; no example is in two sets.
        counts: {set: {class or source: number of examples}}.
    """

    indices: Mapping[str, np.ndarray]
    counts: Mapping[str, Mapping[str, int]]

    sections = _split_sections


def split(
    labels: Sequence | int, sizes: Mapping[str, int] | None = None, *, seed: int = 0
) -> Split:
    """Deal examples out at random, every set with about the same mix of classes.

    The examples of each class are shuffled and spread evenly over [0, 1); read in that order, all
    classes keep their shares from beginning to end, and the sets are cut off one after the other.
    So the sizes are exact, and each class is at most a few examples off its share.

    Args:
        labels: classes (m,), whole numbers or texts; or m alone, where there are none.
        sizes: {set: number of examples}, together at most m; None takes those of `suggest_sizes`.
        seed: of the shuffling, at least 0.

    Returns:
        A report with the indices, in random order.

    Raises:
        TypeError, ValueError: not labels, sizes that are more than there is.

    Example:
        >>> report = split([0] * 80 + [1] * 20, {"train": 60, "dev": 20, "test": 20})
        >>> report.counts["dev"]
        {'0': 16, '1': 4}

    Source: course 3, week 1; stratification as in Cochran, "Sampling techniques", 1977, chapter 5.
    """
    if isinstance(labels, int | np.integer) and not isinstance(labels, bool):
        groups = np.full(check_count("labels", labels, minimum=3), "all")
    else:
        groups = check_labels("labels", labels)
    m = len(groups)
    if sizes is None and m < 3:
        raise InvalidValue(sentence("labels", "hold at least 3 examples", m))
    sizes = suggest_sizes(m).sizes if sizes is None else _check_sizes(sizes, m)
    random = np.random.default_rng(check_count("seed", seed, minimum=0))
    parts = np.split(_spread(groups, random), np.cumsum(list(sizes.values())))[:-1]
    indices = {name: random.permutation(part) for name, part in zip(sizes, parts, strict=True)}
    counts = _count_groups(groups, indices)
    left = m - sum(sizes.values())
    conclusion = f"{_write_sizes(sizes)} of {m:,} examples"
    return Split(
        conclusion=f"{conclusion}, {left:,} left over." if left else f"{conclusion}.",
        used={"examples": m, "classes": len(np.unique(groups)), "seed": seed},
        cannot_tell=tuple(_empty_groups(counts)),
        indices=indices,
        counts=counts,
    )


def _spread(groups, random):
    """All examples in an order in which every group is spread evenly."""
    position = np.empty(len(groups))
    for group in np.unique(groups):
        members = random.permutation(np.flatnonzero(groups == group))
        position[members] = (np.arange(len(members)) + random.random()) / len(members)
    return np.argsort(position, kind="stable")


def _count_groups(groups, indices):
    names = np.unique(groups)
    return {
        name: {str(group): int(np.sum(groups[part] == group)) for group in names}
        for name, part in indices.items()
    }


def _empty_groups(counts):
    for name, groups in counts.items():
        empty = [group for group, count in groups.items() if not count]
        if empty:
            what = "Training on" if name == "train" else "The error on"
            yield f"{what} {', '.join(empty)}: {name} has no example of it; more data would help."


def _write_sizes(sizes):
    return ", ".join(f"{name} {size:,}" for name, size in sizes.items())


def _check_sizes(sizes, m):
    if not isinstance(sizes, Mapping) or not sizes:
        expected = "be a dictionary such as {'train': 60, 'dev': 20, 'test': 20}"
        raise InvalidType(sentence("sizes", expected, f"{sizes!r}"))
    sizes = {str(name): check_count(f"sizes['{name}']", size) for name, size in sizes.items()}
    total = sum(sizes.values())
    if total > m:
        expected = f"add up to at most m={m:,}"
        raise InvalidValue(
            sentence("sizes", expected, f"{_write_sizes(sizes)}, together {total:,}")
        )
    return sizes


# --- Two sources ----------------------------------------------------------------------------------


def _comparison_sections(report):
    rows = []
    for method, sets in (("shuffle all", report.shuffle_all), ("target only", report.target_only)):
        for name, counts in sets.items():
            size = sum(counts.values())
            cells = [f"{count:,.0f}" for count in counts.values()]
            share = percent(counts[report.target] / size) if size else "-"
            rows.append((f"{method}: {name}", f"{size:,.0f}", *cells, share))
    sources = list(report.shuffle_all["train"])
    columns = ("set", "examples", *sources, f"share of {report.target}")
    return [Section("Examples by source", columns, rows)]


@dataclass(frozen=True, kw_only=True)
class SourceComparison(Report):
    """Two ways to deal out examples of several sources.

    Attributes:
        target: the source that the product will see.
        shuffle_all: {set: {source: examples on average}} where all are shuffled.
        target_only: the same where dev and test hold the target only.
        spread: standard deviation of the target examples in dev where all are shuffled.
    """

    target: str
    shuffle_all: Mapping[str, Mapping[str, float]]
    target_only: Mapping[str, Mapping[str, float]]
    spread: float

    sections = _comparison_sections


def compare_sources(
    sources: Mapping[str, int],
    target: str,
    *,
    dev: int | None = None,
    test: int | None = None,
    train_dev: int = 0,
) -> SourceComparison:
    """What dev would hold if all examples were shuffled, and if it held the target only.

    Args:
        sources: {source: number of examples}, each at least 1.
        target: name of the source that the product will see.
        dev: size of the dev set; None takes a quarter of the target's examples, as the lecture.
        test: size of the test set; None takes a quarter of the target's examples.
        train_dev: size of the train-dev set, cut out of the training data; 0 for none.

    Returns:
        A report with both ways.

    Raises:
        TypeError, ValueError: an unknown target, sets that are larger than what they are cut from.

    Example:
        >>> report = compare_sources({"web": 200_000, "app": 10_000}, "app")
        >>> {source: round(n) for source, n in report.shuffle_all["dev"].items()}
        {'web': 2381, 'app': 119}
        >>> report.target_only["train"], report.target_only["dev"]
        ({'web': 200000, 'app': 5000}, {'web': 0, 'app': 2500})

    Source: course 3, week 2; the spread is that of the hypergeometric distribution.
    """
    sources = _check_sources(sources)
    target = _check_target(target, list(sources))
    dev, test, train_dev = _check_cuts(dev, test, train_dev, sources, target)
    m, n = sum(sources.values()), sources[target]
    cuts = {"dev": dev, "test": test}

    mixed = {"train": m - train_dev - dev - test, "train-dev": train_dev, **cuts}
    shuffle_all = {
        name: {source: size * count / m for source, count in sources.items()}
        for name, size in mixed.items()
        if size
    }
    rest = sources | {target: n - dev - test}
    share = train_dev / sum(rest.values())  # of every source in train alike, on average
    target_only = {
        name: {source: part * count for source, count in rest.items()}
        for name, part in (("train", 1 - share if train_dev else 1), ("train-dev", share))
        if part
    }
    target_only |= {
        name: {source: size if source == target else 0 for source in sources}
        for name, size in cuts.items()
    }
    spread = math.sqrt(dev * (n / m) * (1 - n / m) * (m - dev) / (m - 1))
    return SourceComparison(
        conclusion=_comparison_conclusion(shuffle_all["dev"], target, dev, m == n),
        used={"sources": sources, "target": target, "train-dev": train_dev, **cuts},
        cannot_tell=tuple(_comparison_open(sources, target, train_dev, n - dev - test)),
        target=target,
        shuffle_all=shuffle_all,
        target_only=target_only,
        spread=spread,
    )


def _check_sources(sources):
    if not isinstance(sources, Mapping) or not sources:
        expected = "be a dictionary such as {'web': 200000, 'app': 10000}"
        raise InvalidType(sentence("sources", expected, f"{sources!r}"))
    return {str(name): check_count(f"sources['{name}']", n) for name, n in sources.items()}


def _check_target(target, sources):
    if target not in sources:
        advice = near_miss(target, sources)
        raise InvalidValue(sentence("target", "be one of the sources", f"{target!r}", advice))
    return target


def _check_cuts(dev, test, train_dev, sources, target):
    """The sizes, with the defaults filled in."""
    n, m = sources[target], sum(sources.values())
    dev = check_count("dev", max(1, n // 4) if dev is None else dev)
    test = check_count("test", max(1, n // 4) if test is None else test)
    train_dev = check_count("train_dev", train_dev, minimum=0)
    if dev + test > n:
        expected = f"together with `test` be at most the {n:,} examples of {target}"
        advice = "Collect more of them; others do not show what the product will see."
        raise InvalidValue(sentence("dev", expected, f"{dev:,} + {test:,}", advice))
    if train_dev >= m - dev - test:
        expected = f"leave some of the {m - dev - test:,} examples for training"
        raise InvalidValue(sentence("train_dev", expected, f"{train_dev:,}"))
    return dev, test, train_dev


def _comparison_conclusion(mixed, target, dev, one_source):
    if one_source:
        return f"All examples are {target}, so both ways give the same sets."
    others = sum(count for source, count in mixed.items() if source != target)
    return (
        f"Take dev and test from {target} only: with all shuffled, {others:,.0f} of the {dev:,} "
        f"dev examples ({percent(others / dev)}) would be others, "
        f"and {mixed[target]:,.0f} {target}."
    )


def _comparison_open(sources, target, train_dev, target_in_train):
    others = [source for source in sources if source != target]
    if others and not train_dev:
        yield (
            "Whether dev is worse than train because of variance or because the data differ: a "
            "train-dev set (train_dev) and its error would tell."
        )
    if others:
        names = ", ".join(others)
        yield f"Whether training on {names} helps: dev errors with and without would tell."
    if others and not target_in_train:
        yield f"Whether a few {target} examples in train would help: none is left over for it."


def split_by_source(
    sources: Sequence,
    target: str | int,
    *,
    dev: int | None = None,
    test: int | None = None,
    train_dev: int = 0,
    method: str = "target only",
    seed: int = 0,
) -> Split:
    """Deal examples of several sources out to train, train-dev, dev and test.

    Args:
        sources: where each example comes from (m,), texts or whole numbers.
        target: the source that the product will see.
        dev: size of the dev set; None takes a quarter of the target's examples, as the lecture.
        test: size of the test set; None takes a quarter of the target's examples.
        train_dev: size of the train-dev set, cut at random out of the training data; 0 for none.
        method: "target only", dev and test hold the target only; or "shuffle all".
        seed: of the shuffling, at least 0.

    Returns:
        A report with the indices of every example, in random order.

    Raises:
        TypeError, ValueError: as `compare_sources`; an unknown method.

    Example:
        >>> report = split_by_source(["web"] * 90 + ["app"] * 20, "app", train_dev=10)
        >>> {name: len(part) for name, part in report.indices.items()}
        {'train': 90, 'train-dev': 10, 'dev': 5, 'test': 5}
        >>> report.counts["dev"]
        {'app': 5, 'web': 0}

    Source: course 3, week 2.
    """
    groups = check_labels("sources", sources)
    names, sizes = np.unique(groups, return_counts=True)
    totals = {str(name): int(size) for name, size in zip(names, sizes, strict=True)}
    name = _check_target(str(target), list(totals))
    dev, test, train_dev = _check_cuts(dev, test, train_dev, totals, name)
    check_choice("method", method, METHODS)
    random = np.random.default_rng(check_count("seed", seed, minimum=0))

    order = random.permutation(len(groups))
    if method == "target only":  # its examples to the front, where dev and test are cut off
        order = order[np.argsort(groups[order] != names[list(totals).index(name)], kind="stable")]
    held, rest = order[: dev + test], random.permutation(order[dev + test :])
    indices: dict[str, Any] = {"train": rest[train_dev:], "train-dev": rest[:train_dev]}
    indices |= {"dev": held[:dev], "test": held[dev:]}
    indices = {key: part for key, part in indices.items() if len(part)}
    counts = _count_groups(groups, indices)
    aim = percent(counts["dev"][name] / dev)
    return Split(
        conclusion=f"{method.capitalize()}: {aim} of dev is {name}.",
        used={"examples": len(groups), "target": name, "method": method, "seed": seed},
        cannot_tell=tuple(_comparison_open(totals, name, train_dev, counts["train"][name])),
        indices=indices,
        counts=counts,
    )
