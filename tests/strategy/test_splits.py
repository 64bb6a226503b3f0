"""Splits: the lecture's shares and its web and app pictures; exact, disjoint, mixed evenly."""

import json
import math

import numpy as np
import pytest

from dlspec.optimization.hyperparameters import split_sizes
from dlspec.strategy.metrics import examples_to_tell_apart
from dlspec.strategy.splits import (
    compare_sources,
    examples_to_detect,
    split,
    split_by_source,
    suggest_sizes,
)
from dlspec.testing import assert_close
from tests.complaints import complaints_test

LABELS = np.array([0] * 60 + [1] * 30 + [2] * 10)
SIZES = {"train": 60, "dev": 20, "test": 20}
PICTURES = {"web": 200_000, "app": 10_000}
SOURCES = np.array(["web"] * 2000 + ["app"] * 100)

PURE_CALLS = {
    "examples_to_detect": (0.01, 0.1),
    "suggest_sizes": (1000,),
    "split": (LABELS, SIZES),
    "compare_sources": (PICTURES, "app"),
    "split_by_source": (SOURCES, "app"),
}


def joined(report):
    return np.concatenate(list(report.indices.values()))


# --- Sizes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("m", "shares"),
    [
        (100, (60, 20, 20)),
        (1000, (60, 20, 20)),
        (10_000, (60, 20, 20)),
        (1_000_000, (98, 1, 1)),
        (10_000_000, (98, 1, 1)),
    ],
)
def test_the_course_on_shares(m, shares):
    assert list(suggest_sizes(m).sizes.values()) == [share * m // 100 for share in shares]


def test_sizes_equal_those_of_course_2():
    for m in (3, 4, 5, 17, 9_999, 10_001, 31_622, 123_456, 999_999, 1_000_001):
        assert tuple(suggest_sizes(m).sizes.values()) == split_sizes(m)


def test_dev_grows_until_it_shows_the_difference():
    """10 % to 9.5 %: 1.96^2 (0.09 + 0.095 * 0.905) / 0.005^2 = 27,041.02."""
    assert examples_to_detect(0.005, error=0.1) == 27_042
    report = suggest_sizes(1_000_000, difference=0.005, error=0.1)
    assert report.sizes == {"train": 945_916, "dev": 27_042, "test": 27_042}
    assert report.conclusion == (
        "945,916 examples for train, 27,042 for dev and 27,042 for test. Dev shows a fall of the "
        "error from 10 % to 9.5 %, which takes 27,042 examples."
    )
    assert_close(report.detectable, 0.005, rtol=1e-4)


def test_dev_stays_where_it_is_large_enough():
    report = suggest_sizes(10_000, difference=0.05, error=0.1)
    assert report.sizes == suggest_sizes(10_000).sizes
    assert report.needed_dev == examples_to_detect(0.05, 0.1) < 2000


def test_too_few_examples_are_an_answer():
    report = suggest_sizes(10_000, difference=0.01, error=0.1)
    assert report.sizes["dev"] == 2000
    assert report.needed_dev == 6604
    assert report.conclusion.endswith(
        "That is too few to show a fall of the error from 10 % to 9 %: it takes 6,604 dev "
        "examples, or about 33,020 in all."
    )


def test_what_dev_can_show():
    """`detectable` solves the equation of `examples_to_detect`."""
    for error in (0.02, 0.1, 0.5, 0.9):
        report = suggest_sizes(50_000, error=error)
        assert examples_to_detect(report.detectable * (1 + 1e-9), error) == report.sizes["dev"]
    assert suggest_sizes(30, error=0.02).detectable is None
    assert suggest_sizes(30, error=0.0).detectable is None
    assert suggest_sizes(30, error=0.02).cannot_tell == (
        "Any improvement: 6 dev examples cannot tell 2 % from none.",
    )
    assert suggest_sizes(30).cannot_tell == (
        "Which differences dev can show: the error expected would tell.",
    )


def test_noise_equals_that_of_a_ranking_and_a_simulation():
    assert examples_to_detect(0.02, error=0.1) == examples_to_tell_apart(0.1, 0.08)
    m, random = examples_to_detect(0.05, error=0.3), np.random.default_rng(0)
    measured = random.binomial(m, [0.3, 0.25], size=(4000, 2)) / m
    spread = float(np.diff(measured).std())
    assert_close(1.96 * spread, 0.05, rtol=0.05)
    for factor, power in ((1, 0.5), (2, 0.8)):  # every second measurement; four of five
        measured = random.binomial(factor * m, [0.3, 0.25], size=(4000, 2)) / (factor * m)
        noise = 1.96 * np.sqrt(np.sum(measured * (1 - measured), axis=1) / (factor * m))
        assert abs(np.mean(-np.diff(measured)[:, 0] > noise) - power) < 0.03


# --- Dealing out ----------------------------------------------------------------------------------


def test_exact_disjoint_and_complete():
    report = split(LABELS, SIZES)
    assert {name: len(part) for name, part in report.indices.items()} == SIZES
    np.testing.assert_array_equal(np.sort(joined(report)), np.arange(100))
    assert report.counts == {
        "train": {"0": 36, "1": 18, "2": 6},
        "dev": {"0": 12, "1": 6, "2": 2},
        "test": {"0": 12, "1": 6, "2": 2},
    }
    assert report.conclusion == "train 60, dev 20, test 20 of 100 examples."
    assert json.loads(json.dumps(report.to_dict()))["counts"] == report.counts
    assert "dev" in str(report)


@pytest.mark.parametrize("seed", range(5))
def test_every_class_keeps_its_share(seed):
    """Odd sizes and rare classes: with C classes, less than 2 + C n_c / m off."""
    random = np.random.default_rng(seed)
    labels = random.choice(np.array(["a", "b", "c", "d"]), size=997, p=[0.7, 0.2, 0.07, 0.03])
    sizes = {"train": 600, "train-dev": 101, "dev": 99, "test": 101}
    report = split(labels, sizes, seed=seed)
    assert {name: len(part) for name, part in report.indices.items()} == sizes
    assert len(np.unique(joined(report))) == 901
    assert report.conclusion.endswith("of 997 examples, 96 left over.")
    for name, size in sizes.items():
        for group in "abcd":
            own = np.sum(labels[report.indices[name]] == group)
            assert own == report.counts[name][group]
            total = np.sum(labels == group)
            assert abs(own - size * total / 997) < 2 + 4 * total / 997


def test_seeded_and_in_random_order():
    first, again, other = split(LABELS), split(LABELS), split(LABELS, seed=1)
    np.testing.assert_array_equal(joined(first), joined(again))
    assert (joined(first) != joined(other)).any()
    halves = np.repeat([0, 1], 50)
    train = halves[split(halves).indices["train"]]
    changes = np.count_nonzero(np.diff(train))
    assert 15 < changes < 45  # neither class by class nor one of each in turn
    assert set(first.indices) == {"train", "dev", "test"}


def test_every_example_gets_into_dev_alike():
    """Each of 100 examples is among 20 of dev in a fifth of 500 deals; 5 standard errors."""
    hits = np.zeros(100)
    for seed in range(500):
        hits[split(LABELS, SIZES, seed=seed).indices["dev"]] += 1
    assert np.abs(hits / 500 - 0.2).max() < 5 * math.sqrt(0.2 * 0.8 / 500)


def test_without_labels():
    report = split(1000)
    assert {name: len(part) for name, part in report.indices.items()} == {
        "train": 600,
        "dev": 200,
        "test": 200,
    }


def test_a_class_that_a_set_lacks_is_named():
    report = split(["a"] * 98 + ["b", "c"], {"train": 90, "dev": 5, "test": 5})
    lacking = [s.split(":")[0] for s in report.cannot_tell]
    assert len(lacking) >= 2
    for name, counts in report.counts.items():
        empty = [group for group, count in counts.items() if not count]
        what = "Training on" if name == "train" else "The error on"
        assert (f"{what} {', '.join(empty)}" in lacking) == bool(empty)


# --- Sources --------------------------------------------------------------------------------------


def test_the_course_on_web_and_app_pictures():
    report = compare_sources(PICTURES, "app", dev=2500, test=2500)
    assert {s: round(n) for s, n in report.shuffle_all["dev"].items()} == {"web": 2381, "app": 119}
    assert report.target_only == {
        "train": {"web": 200_000, "app": 5000},
        "dev": {"web": 0, "app": 2500},
        "test": {"web": 0, "app": 2500},
    }
    assert report.target_only == compare_sources(PICTURES, "app").target_only
    assert report.conclusion == (
        "Take dev and test from app only: with all shuffled, 2,381 of the 2,500 dev examples "
        "(95.24 %) would be others, and 119 app."
    )
    assert "train_dev" in report.cannot_tell[0]
    assert report.cannot_tell[1:] == (
        "Whether training on web helps: dev errors with and without would tell.",
    )


def test_train_dev_is_cut_out_of_the_training_data():
    """2,500 of 205,000, of which 5,000 / 205,000 = 2.44 % are app pictures."""
    sets = compare_sources(PICTURES, "app", train_dev=2500).target_only
    assert_close(sets["train-dev"]["app"], 2500 * 5000 / 205_000, rtol=1e-12)
    for source, total in (("web", 200_000), ("app", 5000)):
        assert_close(sets["train"][source] + sets["train-dev"][source], total, rtol=1e-12)
    mixed = compare_sources(PICTURES, "app", train_dev=2500).shuffle_all
    assert_close(sum(mixed["train-dev"].values()), 2500.0, rtol=1e-12)
    for source, total in PICTURES.items():
        assert_close(sum(part[source] for part in mixed.values()), float(total), rtol=1e-12)


def test_spread_equals_a_simulation():
    report = compare_sources({"web": 2000, "app": 100}, "app", dev=50, test=50)
    random = np.random.default_rng(0)
    draws = random.hypergeometric(100, 2000, 50, size=20_000)
    assert_close(report.spread, float(draws.std()), rtol=0.03)
    assert_close(report.shuffle_all["dev"]["app"], float(draws.mean()), rtol=0.03)


def test_spread_by_hand():
    """Dev takes 2 of 3 app and 1 web pictures: 2 app in 3 of 6 pairs, 1 in the other 3."""
    report = compare_sources({"web": 1, "app": 3}, "app", dev=2, test=1)
    assert_close(report.shuffle_all["dev"]["app"], 1.5, rtol=1e-14)
    assert_close(report.spread, 0.5, rtol=1e-14)


def test_one_source_gives_the_same_both_ways():
    report = compare_sources({"app": 1000}, "app")
    assert report.shuffle_all == report.target_only
    assert report.conclusion == "All examples are app, so both ways give the same sets."
    assert report.cannot_tell == ()


def test_no_target_left_for_training():
    report = compare_sources({"web": 900, "app": 100}, "app", dev=50, test=50)
    assert report.target_only["train"] == {"web": 900, "app": 0}
    assert report.cannot_tell[-1] == (
        "Whether a few app examples in train would help: none is left over for it."
    )
    json.dumps(report.to_dict(), allow_nan=False)
    assert "target only: dev" in str(report)


@pytest.mark.parametrize("method", ["target only", "shuffle all"])
def test_dealing_out_by_source(method):
    report = split_by_source(SOURCES, "app", dev=25, test=30, train_dev=40, method=method)
    sizes = {name: len(part) for name, part in report.indices.items()}
    assert sizes == {"train": 2005, "train-dev": 40, "dev": 25, "test": 30}
    np.testing.assert_array_equal(np.sort(joined(report)), np.arange(2100))
    for name, part in report.indices.items():
        for source in ("web", "app"):
            assert report.counts[name][source] == np.sum(SOURCES[part] == source)
    if method == "target only":
        assert report.counts["dev"]["web"] == report.counts["test"]["web"] == 0
        assert report.counts["train"]["app"] + report.counts["train-dev"]["app"] == 45


def test_dealing_out_hits_the_averages_of_the_comparison():
    """Mean over 300 seeds of the app pictures in each set."""
    for method, field in (("shuffle all", "shuffle_all"), ("target only", "target_only")):
        expected = getattr(compare_sources({"web": 200, "app": 50}, "app", train_dev=30), field)
        sources = np.repeat(["web", "app"], [200, 50])
        counts = [
            split_by_source(sources, "app", train_dev=30, method=method, seed=seed).counts
            for seed in range(300)
        ]
        for name, own in expected.items():
            mean = np.mean([c[name]["app"] for c in counts])
            assert abs(mean - own["app"]) < 0.5, (method, name)


def test_sources_as_numbers_and_seeds():
    sources = np.repeat([7, 9], [40, 20])
    one, same, other = (split_by_source(sources, 9, seed=seed) for seed in (0, 0, 1))
    assert set(sources[one.indices["dev"]]) == {9}
    np.testing.assert_array_equal(joined(one), joined(same))
    assert (joined(one) != joined(other)).any()
    assert one.conclusion == "Target only: 100 % of dev is 9."


COMPLAINTS = [
    (
        lambda folder: examples_to_detect(0.2, error=0.1),
        ValueError,
        "`difference` must be above 0 and at most error=0.1. Received: 0.2.",
    ),
    (
        lambda folder: examples_to_detect(1, error=10),
        ValueError,
        "`error` must be a fraction in [0, 1]. Received: 10. 10 % is 0.1.",
    ),
    (
        lambda folder: suggest_sizes(2),
        ValueError,
        "`m` must be at least 3. Received: 2.",
    ),
    (
        lambda folder: suggest_sizes(100, difference=0.01),
        ValueError,
        "`error` must be given where a difference is. Received: None. Noise depends on the error.",
    ),
    (
        lambda folder: suggest_sizes(100, difference=0.0, error=0.1),
        ValueError,
        "`difference` must be above 0 and at most error=0.1. Received: 0.0.",
    ),
    (
        lambda folder: suggest_sizes(100, error=-0.1),
        ValueError,
        "`error` must be a fraction in [0, 1]. Received: -0.1.",
    ),
    (
        lambda folder: split(2),
        ValueError,
        "`labels` must be at least 3. Received: 2.",
    ),
    (
        lambda folder: split([0, 1]),
        ValueError,
        "`labels` must hold at least 3 examples. Received: 2.",
    ),
    (
        lambda folder: split([0, None]),
        TypeError,
        "`labels` must hold class numbers or class names. Received: list of dtype object.",
    ),
    (
        lambda folder: split(100, (60, 20, 20)),
        TypeError,
        "`sizes` must be a dictionary such as {'train': 60, 'dev': 20, 'test': 20}. Received: "
        "(60, 20, 20).",
    ),
    (
        lambda folder: split(100, {"train": 80, "dev": 0.2}),
        TypeError,
        "`sizes['dev']` must be a whole number. Received: 0.2 (float).",
    ),
    (
        lambda folder: split(1000, {"train": 900, "dev": 200}),
        ValueError,
        "`sizes` must add up to at most m=1,000. Received: train 900, dev 200, together 1,100.",
    ),
    (
        lambda folder: split(10, seed=-1),
        ValueError,
        "`seed` must be at least 0. Received: -1.",
    ),
    (
        lambda folder: compare_sources([200_000, 10_000], "app"),
        TypeError,
        "`sources` must be a dictionary such as {'web': 200000, 'app': 10000}. Received: "
        "[200000, 10000].",
    ),
    (
        lambda folder: compare_sources({"web": 0}, "web"),
        ValueError,
        "`sources['web']` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: compare_sources(PICTURES, "apps"),
        ValueError,
        "`target` must be one of the sources. Received: 'apps'. Did you mean app? Known: web, app.",
    ),
    (
        lambda folder: compare_sources(PICTURES, "app", dev=0),
        ValueError,
        "`dev` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: compare_sources(PICTURES, "app", test=2.5),
        TypeError,
        "`test` must be a whole number. Received: 2.5 (float).",
    ),
    (
        lambda folder: compare_sources(PICTURES, "app", train_dev=-1),
        ValueError,
        "`train_dev` must be at least 0. Received: -1.",
    ),
    (
        lambda folder: compare_sources(PICTURES, "app", dev=8000),
        ValueError,
        "`dev` must together with `test` be at most the 10,000 examples of app. Received: 8,000 + "
        "2,500. Collect more of them; others do not show what the product will see.",
    ),
    (
        lambda folder: compare_sources(PICTURES, "app", train_dev=205_000),
        ValueError,
        "`train_dev` must leave some of the 205,000 examples for training. Received: 205,000.",
    ),
    (
        lambda folder: split_by_source([["web"]], "app"),
        ValueError,
        "`sources` must have shape (m,). Received: (1, 1). Use np.ravel(sources).",
    ),
    (
        lambda folder: split_by_source(SOURCES, "phone"),
        ValueError,
        "`target` must be one of the sources. Received: 'phone'. Known: app, web.",
    ),
    (
        lambda folder: split_by_source(SOURCES, "app", dev=80),
        ValueError,
        "`dev` must together with `test` be at most the 100 examples of app. Received: 80 + 25. "
        "Collect more of them; others do not show what the product will see.",
    ),
    (
        lambda folder: split_by_source(SOURCES, "app", method="target"),
        ValueError,
        "`method` must be a known name. Received: 'target'. Did you mean target only? Known: "
        "shuffle all, target only.",
    ),
    (
        lambda folder: split_by_source(SOURCES, "app", seed=0.5),
        TypeError,
        "`seed` must be a whole number. Received: 0.5 (float).",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
