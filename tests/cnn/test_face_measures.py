"""How good is it?  Pairs and trials counted, curves by scikit-learn, the nearest by a loop."""

import numpy as np
from sklearn import metrics

from dlspec.cnn.face_measures import (
    choose_threshold,
    nearest,
    one_shot_trials,
    roc_curve,
    verification_pairs,
)
from dlspec.testing import assert_close
from tests.complaints import complaints_test

DISTANCES = np.array([0.1, 0.3, 0.5, 0.2, 0.7])
SAME = np.array([1, 1, 0, 1, 0])
LABELS = np.repeat(np.arange(6), 3)

PURE_CALLS = {
    "verification_pairs": (LABELS,),
    "roc_curve": (DISTANCES, SAME),
    "choose_threshold": (DISTANCES, SAME),
    "one_shot_trials": (LABELS, 3, 4),
    "nearest": (np.eye(3), np.ones((2, 3))),
}


# --- Verification ---------------------------------------------------------------------------------


def test_pairs_are_all_of_one_person_and_as_many_others():
    first, second, same = verification_pairs(LABELS, seed=3)
    np.testing.assert_array_equal(LABELS[first] == LABELS[second], same)
    assert same.sum() == 6 * 3
    assert same.size == 36
    assert (first < second).all()
    assert len({*zip(first.tolist(), second.tolist(), strict=True)}) == 36


def some_distances(seed=0, m=60):
    random = np.random.default_rng(seed)
    same = random.integers(0, 2, m)
    return np.round(random.normal(1 - 0.4 * same, 0.3).clip(0), 1), same  # with ties


def test_the_roc_curve_is_scikit_learn_s():
    d, same = some_distances()
    ours = roc_curve(d, same)
    theirs = metrics.roc_curve(same, -d, drop_intermediate=False)
    assert_close(ours.false_accept, theirs[0])
    assert_close(ours.true_accept, theirs[1])
    assert_close(ours.thresholds[1:], -theirs[2][1:])
    assert_close(ours.area, metrics.roc_auc_score(same, -d))


def test_the_threshold_is_the_best_there_is():
    for seed in range(5):
        d, same = some_distances(seed)
        threshold, accuracy = choose_threshold(d, same)
        assert np.mean((d < threshold) == same) == accuracy
        tried = [np.mean((d < t) == same) for t in np.linspace(0, 2, 401)]
        assert accuracy >= max(tried)
    assert choose_threshold([0.2, 0.4, 0.6, 0.9], [1, 1, 0, 0]) == (0.5, 1.0)
    assert choose_threshold([0.4, 0.2], [1, 0])[1] == 0.5


# --- Recognition ----------------------------------------------------------------------------------


def test_one_shot_trials_enrol_one_picture_and_show_another():
    labels = np.repeat(np.arange(9), [2, 3, 2, 4, 1, 2, 2, 5, 2])
    trials = one_shot_trials(labels, people=4, draws=50, seed=1)
    for enrolled, known, unknown in zip(*trials, strict=True):
        np.testing.assert_array_equal(labels[enrolled], labels[known])
        assert (enrolled != known).all()
        assert len(set(labels[enrolled])) == len(set(labels[unknown])) == 4
        assert not set(labels[enrolled]) & set(labels[unknown])
        assert 4 not in labels[[*enrolled, *unknown]]
    assert set(labels[trials.enrolled].ravel()) == set(range(9)) - {4}
    again = one_shot_trials(labels, people=4, draws=50, seed=1)
    np.testing.assert_array_equal(np.array(again), np.array(trials))


def test_nearest_is_what_a_loop_finds():
    random = np.random.default_rng(2)
    queries, enrolled = random.normal(size=(3, 4, 6)), random.normal(size=(3, 5, 6))
    distances, places = nearest(queries, enrolled)
    for i in range(3):
        for j in range(4):
            d = [np.linalg.norm(queries[i, j] - e) for e in enrolled[i]]
            assert places[i, j] == int(np.argmin(d))
            assert_close(distances[i, j], min(d), rtol=1e-10)


# --- Complaints -----------------------------------------------------------------------------------

COMPLAINTS = [
    (
        lambda _: verification_pairs([[0, 1]]),
        ValueError,
        "`labels` must have shape (m,). Received: (1, 2). Use np.ravel(labels).",
    ),
    (
        lambda _: verification_pairs([0, 0, 1], -1),
        ValueError,
        "`seed` must be at least 0. Received: -1.",
    ),
    (
        lambda _: verification_pairs([0, 1, 2]),
        ValueError,
        "`labels` must show people twice or more, and enough different ones. "
        "Received: 0 pairs of one person, 3 of two.",
    ),
    (
        lambda _: roc_curve([[0.1]], [1]),
        ValueError,
        "`distances` must have shape (m,). Received: (1, 1).",
    ),
    (
        lambda _: roc_curve([0.1, 0.2], [1]),
        ValueError,
        "`same` must have one label for each of the 2 in `distances`. Received: 1.",
    ),
    (
        lambda _: choose_threshold([0.1, 0.2], [1, 1]),
        ValueError,
        "`same` must mark pairs of one person and pairs of two. Received: 2 of 2 of one.",
    ),
    (
        lambda _: one_shot_trials([[0]]),
        ValueError,
        "`labels` must have shape (m,). Received: (1, 1). Use np.ravel(labels).",
    ),
    (
        lambda _: one_shot_trials(LABELS, 0),
        ValueError,
        "`people` must be at least 1. Received: 0.",
    ),
    (
        lambda _: one_shot_trials(LABELS, 2, 0),
        ValueError,
        "`draws` must be at least 1. Received: 0.",
    ),
    (
        lambda _: one_shot_trials(LABELS, 2, 2, -1),
        ValueError,
        "`seed` must be at least 0. Received: -1.",
    ),
    (
        lambda _: one_shot_trials(LABELS, 4),
        ValueError,
        "`labels` must show 8 people twice or more, to enrol 4 and turn away others. "
        "Received: 6 such people.",
    ),
    (
        lambda _: nearest("ab", np.eye(2)),
        TypeError,
        "`queries` must be an array of real numbers. Received: str.",
    ),
    (
        lambda _: nearest(np.eye(2), [[np.nan, 0]]),
        ValueError,
        "`enrolled` must hold finite numbers only. Received: 1 NaN and 0 infinite of 2 values, the "
        "first at [0, 0]. Remove or replace them.",
    ),
    (
        lambda _: nearest(np.eye(2), np.eye(3)),
        ValueError,
        "`enrolled` must have shape (..., k, n) where `queries` has (..., q, n). "
        "Received: (3, 3), and (2, 2).",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
