"""Goals: the lecture's three classifiers, every way to be excluded, and no candidate at all."""

import json

import numpy as np
import pytest

from dlspec.strategy.goals import Compromise, Exclusion, choose
from tests.complaints import complaints_test

# Accuracy and run time of three classifiers (course 3, week 1).
CANDIDATES = {
    "A": {"accuracy": 0.90, "runtime_ms": 80},
    "B": {"accuracy": 0.92, "runtime_ms": 95},
    "C": {"accuracy": 0.95, "runtime_ms": 1500},
}
LIMIT = {"runtime_ms": "<= 100"}


def best(candidates=CANDIDATES, **options):
    return choose(candidates, **({"maximize": "accuracy", "subject_to": LIMIT} | options))


PURE_CALLS = {"choose": (CANDIDATES, "accuracy", None, LIMIT)}


def test_the_course_on_optimizing_and_satisficing():
    choice = best()
    assert (choice.chosen, choice.tied) == ("B", ("B",))
    assert choice.excluded == {"C": (Exclusion("runtime_ms", "<= 100", 1500.0, 1400.0),)}
    assert list(choice.objectives) == ["B", "A", "C"]
    assert choice.compromises == (Compromise("C", {"runtime_ms": "<= 1500"}, 0.95, 14.0),)
    assert choice.conclusion == (
        "B has the highest accuracy, 0.92, of 2 that meet runtime_ms <= 100. C would be better "
        "with 0.95, at runtime_ms <= 1500."
    )
    assert choice.cannot_tell == (
        "Whether the 0.02 between B and A is more than noise: the number of examples, or the "
        "spread over repeated measurements, of accuracy would tell.",
    )
    assert choice.used == {
        "numbers": {name: dict(row) for name, row in CANDIDATES.items()},
        "maximize": "accuracy",
        "subject to": ["runtime_ms <= 100"],
    }


def test_the_course_on_wake_words():
    """As accurate as possible, with at most one false alarm in 24 hours."""
    words = {
        "small": {"accuracy": 0.93, "false_alarms_per_day": 0.4},
        "large": {"accuracy": 0.98, "false_alarms_per_day": 3},
    }
    choice = choose(words, maximize="accuracy", subject_to={"false_alarms_per_day": "<= 1"})
    assert choice.chosen == "small"
    assert choice.excluded["large"][0].by == 2
    assert choice.conclusion.startswith("small has the highest accuracy, 0.93, of 1 that meets ")


def test_beyond_its_limit_a_satisficing_metric_counts_for_nothing():
    faster = CANDIDATES | {"A": {"accuracy": 0.90, "runtime_ms": 1}}
    assert best(faster).chosen == "B"


def test_choice_equals_the_loop():
    """Against the sentence of the lecture, taken word by word, on random tables."""
    random = np.random.default_rng(0)
    for _ in range(50):
        rows = {
            str(i): {"score": float(a), "ms": float(b), "mb": float(c)}
            for i, (a, b, c) in enumerate(random.integers(0, 9, (6, 3)))
        }
        choice = choose(rows, minimize="score", subject_to={"ms": "< 6", "mb": ">= 2"})
        able = {n: r["score"] for n, r in rows.items() if r["ms"] < 6 and r["mb"] >= 2}
        assert set(choice.excluded) == set(rows) - set(able)
        assert choice.tied == tuple(n for n in able if able[n] == min(able.values()))
        for other in choice.compromises:  # what it asks for does admit it
            limits = {"ms": "< 6", "mb": ">= 2"} | other.limits
            assert other.name not in choose(rows, minimize="score", subject_to=limits).excluded
            assert not able or other.objective < min(able.values())


@pytest.mark.parametrize(
    ("constraint", "able", "admits"),
    [
        ("<= 2", ["a", "b"], {"c": "<= 3"}),
        ("< 2", ["a"], {"b": "<= 2", "c": "<= 3"}),
        (">= 2", ["b", "c"], {"a": ">= 1"}),
        (">2", ["c"], {"b": ">= 2", "a": ">= 1"}),
        (" ==  2.0 ", ["b"], {"a": "== 1", "c": "== 3"}),
        ("<= 1e1", ["a", "b", "c"], {}),
        (">= -1.5", ["a", "b", "c"], {}),
    ],
)
def test_every_comparison(constraint, able, admits):
    rows = {"a": {"x": 1, "y": 0}, "b": {"x": 2, "y": 0}, "c": {"x": 3, "y": 0}}
    for row in rows.values():
        row["y"] = 1
    for name in able:
        rows[name] = rows[name] | {"y": 0}  # so that every excluded one would be better
    choice = choose(rows, maximize="y", subject_to={"x": constraint})
    assert list(choice.tied) == able
    limit = float(constraint.strip(" <>="))
    for name, (reason,) in choice.excluded.items():
        assert reason.by == abs(rows[name]["x"] - limit)
    assert {c.name: c.limits["x"] for c in choice.compromises} == admits


def test_nobody_qualifies():
    choice = best(subject_to={"runtime_ms": "<= 50", "accuracy": ">= 0.91"})
    assert choice.chosen is None
    assert choice.tied == ()
    # Misses as shares of the limits: A 30/50 + 0.01/0.91 = 0.611, B 45/50 = 0.9, C 29.
    assert [c.name for c in choice.compromises] == ["A", "B", "C"]
    assert choice.compromises[0].limits == {"runtime_ms": "<= 80", "accuracy": ">= 0.9"}
    assert choice.conclusion == (
        "No candidate meets runtime_ms <= 50 and accuracy >= 0.91. A is nearest: it needs "
        "runtime_ms <= 80 and accuracy >= 0.9."
    )
    assert choice.cannot_tell == ()
    assert "misses <= 50 by 1450" in str(choice)


def test_a_limit_of_zero_has_no_share():
    rows = {"a": {"x": 5, "y": 1}, "b": {"x": 10, "y": 2}}
    choice = choose(rows, maximize="y", subject_to={"x": "<= 0"})
    assert [(c.name, c.miss) for c in choice.compromises] == [("a", 0.5), ("b", 1.0)]
    still = choose({"a": {"x": 0, "y": 1}}, maximize="y", subject_to={"x": "< 0"})
    assert still.excluded["a"][0].by == still.compromises[0].miss == 0


def test_missing_numbers_exclude_by_name():
    rows = CANDIDATES | {
        "D": {"accuracy": 0.99},
        "E": {"accuracy": float("nan"), "runtime_ms": 5},
        "F": {"accuracy": None, "runtime_ms": None},
    }
    choice = best(rows)
    assert choice.chosen == "B"
    assert choice.excluded["D"] == (Exclusion("runtime_ms", "<= 100", None, None),)
    assert choice.excluded["E"] == (Exclusion("accuracy", "", None, None),)
    assert choice.cannot_tell[:3] == (
        "Whether D qualifies: its runtime_ms would tell.",
        "Whether E qualifies: its accuracy would tell.",
        "Whether F qualifies: its accuracy and runtime_ms would tell.",
    )
    text = str(choice)
    assert "no accuracy; no runtime_ms" in text
    document = json.loads(json.dumps(choice.to_dict(), allow_nan=False))
    assert document["objectives"]["E"] is None
    assert document["excluded"]["C"] == [
        {"column": "runtime_ms", "constraint": "<= 100", "value": 1500.0, "by": 1400.0}
    ]


def test_nobody_has_the_number():
    choice = choose({"A": {"x": None}, "B": {"x": np.nan}}, maximize="x")
    assert choice.chosen is None
    assert choice.conclusion == (
        "No candidate meets the need for a number x. None has all the numbers, so none is nearest."
    )


def test_ties_are_named():
    rows = {"A": {"accuracy": 0.9}, "B": {"accuracy": 0.3 + 0.6}, "C": {"accuracy": 0.5}}
    choice = choose(rows, maximize="accuracy")
    assert choice.tied == ("A", "B")
    assert choice.chosen == "A"
    assert choice.conclusion == "A and B tie with the highest accuracy, 0.9, of 3."


def test_a_list_of_rows_and_columns_that_are_not_asked_for():
    rows = [
        {"name": "A", "error": 0.2, "note": "small"},
        {"name": "B", "error": 0.1, "note": None},
    ]
    choice = choose(rows, minimize="error")
    assert choice.chosen == "B"
    assert choice.conclusion == "B has the lowest error, 0.1, of 2."


COMPLAINTS = [
    (
        lambda folder: best("A"),
        TypeError,
        "`candidates` must be a dictionary of dictionaries or a list of them. Received: str.",
    ),
    (
        lambda folder: best({}),
        ValueError,
        "`candidates` must hold at least one candidate. Received: none.",
    ),
    (
        lambda folder: best([{"accuracy": 0.9}]),
        ValueError,
        "`candidates[0]` must be a dictionary with a name of its own. Received: {'accuracy': 0.9}.",
    ),
    (
        lambda folder: best([{"name": "A"}, {"name": "A"}]),
        ValueError,
        "`candidates[1]` must be a dictionary with a name of its own. Received: {'name': 'A'}.",
    ),
    (
        lambda folder: best({"A": 0.9}),
        TypeError,
        "`candidates['A']` must be a dictionary of numbers. Received: 0.9.",
    ),
    (
        lambda folder: choose(CANDIDATES),
        ValueError,
        "`maximize` or `minimize` must be given, one of the two. Received: neither.",
    ),
    (
        lambda folder: choose(CANDIDATES, maximize="accuracy", minimize="runtime_ms"),
        ValueError,
        "`maximize` or `minimize` must be given, one of the two. Received: both.",
    ),
    (
        lambda folder: choose(CANDIDATES, maximize="acuracy"),
        ValueError,
        "`maximize` must be a column of the candidates. Received: 'acuracy'. Did you mean "
        "accuracy? Known: accuracy, runtime_ms.",
    ),
    (
        lambda folder: choose({"A": {}}, maximize="accuracy"),
        ValueError,
        "`maximize` must be a column of the candidates. Received: 'accuracy'. Known: none.",
    ),
    (
        lambda folder: best(subject_to={"memory": "<= 3"}),
        ValueError,
        "`subject_to` must be a column of the candidates. Received: 'memory'. Known: accuracy, "
        "runtime_ms.",
    ),
    (
        lambda folder: best(subject_to="runtime_ms <= 100"),
        TypeError,
        "`subject_to` must be a dictionary such as {'runtime_ms': '<= 100'}. Received: "
        "'runtime_ms <= 100'.",
    ),
    *(
        (
            lambda folder, text=text: best(subject_to={"runtime_ms": text}),
            ValueError,
            "`subject_to['runtime_ms']` must be a comparison with a number, such as '<= 100'. "
            f"Received: {text!r}. The comparisons are <=, <, >=, >, ==; units stay outside.",
        )
        for text in ("=< 100", "<= 100 ms", "<= 100ms", "100", "<= nan", "<=", "", 100, None)
    ),
    (
        lambda folder: best({"A": {"accuracy": "high", "runtime_ms": 5}}),
        TypeError,
        "`candidates['A']['accuracy']` must be a real number. Received: 'high' (str).",
    ),
    (
        lambda folder: best({"A": {"accuracy": 0.9, "runtime_ms": np.inf}}),
        ValueError,
        "`candidates['A']['runtime_ms']` must be a finite number. Received: inf.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
