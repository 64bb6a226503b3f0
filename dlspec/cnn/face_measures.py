"""How good is it at faces?  Distances of encodings, measured  (course 4, week 4).

Verification, 1 : 1, is measured on pairs of pictures.  Each threshold on their distance lets in a
share of the pairs of one person, and a share of the pairs of two: `roc_curve` draws one over the
other, and `choose_threshold` takes the threshold that errs least, on people who are not the test's.

Recognition, 1 : K, is measured on draws of K people of whom one picture each is kept (one-shot
learning): other pictures of them should find their own (`nearest`), and people who are not among
them should be turned away.  A verification that errs once in a hundred does not do here: with
K = 100 people in the database each newcomer is compared a hundred times.

All of it is NumPy only; any vectors will do, from `dlspec.cnn.face_recognition` or elsewhere.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from dlspec._complaints import InvalidValue, sentence
from dlspec._validation import check_array, check_count, check_labels

__all__ = [
    "OneShotTrials",
    "RocCurve",
    "choose_threshold",
    "nearest",
    "one_shot_trials",
    "roc_curve",
    "verification_pairs",
]


# --- Verification ---------------------------------------------------------------------------------


def verification_pairs(labels: Sequence, seed: int = 0) -> tuple[np.ndarray, ...]:
    """All pairs of pictures of one person, and as many of two people at random.

    Args:
        labels: (m,) who each picture shows.
        seed: of the pairs of two people, at least 0.

    Returns:
        first, second: (pairs,) places of the pictures.
        same: (pairs,) bool, whether both show one person.

    Raises:
        TypeError, ValueError: not labels; no two pictures of one person, or too few people.

    Example:
        >>> first, second, same = verification_pairs(["a", "a", "b", "b"])
        >>> same.tolist()
        [True, True, False, False]

    Source: Huang et al., "Labeled faces in the wild", 2007.
    """
    who = check_labels("labels", labels)
    seed = check_count("seed", seed, 0)
    first, second = np.triu_indices(len(who), 1)
    same = who[first] == who[second]
    if not 0 < same.sum() <= (~same).sum():
        expected = "show people twice or more, and enough different ones"
        received = f"{same.sum()} pairs of one person, {(~same).sum()} of two"
        raise InvalidValue(sentence("labels", expected, received))
    random = np.random.default_rng(seed)
    others = random.choice(np.flatnonzero(~same), same.sum(), replace=False)
    chosen = np.concatenate([np.flatnonzero(same), others])
    return first[chosen], second[chosen], same[chosen]


class RocCurve(NamedTuple):
    """What each threshold lets in: people who may, and people who may not.

    Attributes:
        thresholds: increasing; "same" is said of distances at most as large.
        false_accept: share of the pairs of two people that pass, for each threshold.
        true_accept: share of the pairs of one person that pass.
        area: under true_accept over false_accept; 0.5 is chance, 1 perfect.
    """

    thresholds: np.ndarray
    false_accept: np.ndarray
    true_accept: np.ndarray
    area: float


def roc_curve(distances: np.ndarray, same: Sequence) -> RocCurve:
    """Shares of pairs that every possible threshold would let in.

    Args:
        distances: (m,) of pairs of pictures.
        same: (m,) 1 or True where both show one person.

    Returns:
        Thresholds, from -inf to the largest distance, with their shares, and the area.

    Raises:
        TypeError, ValueError: shapes that do not fit, only one kind of pairs.

    Example:
        >>> roc_curve([0.2, 0.4, 0.3, 0.9], [1, 1, 0, 0]).area
        0.75

    Source: course 4, week 4 (similarity function); the curve is Fawcett, "ROC analysis", 2006.
    """
    d, same = _check_pairs(distances, same)
    thresholds = np.concatenate([[-np.inf], np.unique(d)])
    false_accept, true_accept = (
        np.searchsorted(np.sort(part), thresholds, side="right") / part.size
        for part in (d[~same], d[same])
    )
    area = float(np.trapezoid(true_accept, false_accept))
    return RocCurve(thresholds, false_accept, true_accept, area)


def choose_threshold(distances: np.ndarray, same: Sequence) -> tuple[float, float]:
    """The threshold with the highest accuracy on these pairs, for instance of a validation set.

    Args:
        distances: (m,) of pairs of pictures, none negative.
        same: (m,) 1 or True where both show one person.

    Returns:
        threshold: halfway between two distances; of equally good ones the lowest.
        accuracy: share of the pairs that it puts on the right side.

    Raises:
        TypeError, ValueError: as `roc_curve`.

    Example:
        >>> choose_threshold([0.2, 0.4, 0.6, 0.9], [1, 1, 0, 0])
        (0.5, 1.0)

    Source: Schroff et al., "FaceNet", 2015, section 4; course 4, week 4.
    """
    d, same = _check_pairs(distances, same)
    levels = np.unique(d)
    halfway = (levels[:-1] + levels[1:]) / 2
    candidates = np.concatenate([[levels[0] / 2], halfway, [levels[-1] + 1e-6]])
    accepted = np.searchsorted(np.sort(d[same]), candidates)
    rejected = np.sum(~same) - np.searchsorted(np.sort(d[~same]), candidates)
    accuracy = (accepted + rejected) / d.size
    best = accuracy.argmax()
    return float(candidates[best]), float(accuracy[best])


def _check_pairs(distances, same):
    d = check_array("distances", distances, ("m",))
    truth = check_labels("same", same, ("distances", d)) != 0
    if truth.all() or not truth.any():
        expected = "mark pairs of one person and pairs of two"
        raise InvalidValue(sentence("same", expected, f"{truth.sum()} of {truth.size} of one"))
    return d, truth


# --- Recognition ----------------------------------------------------------------------------------


class OneShotTrials(NamedTuple):
    """Draws of people who are enrolled with one picture each, and of who then comes along.

    Attributes:
        enrolled: (draws, people) places of the pictures that are kept.
        known: (draws, people) another picture of each of them, in the same order.
        unknown: (draws, people) pictures of people who are not enrolled.
    """

    enrolled: np.ndarray
    known: np.ndarray
    unknown: np.ndarray


def one_shot_trials(
    labels: Sequence, people: int = 20, draws: int = 100, seed: int = 0
) -> OneShotTrials:
    """Draw who is enrolled with one picture, and who is to be recognised or turned away.

    Args:
        labels: (m,) who each picture shows; twice as many people as `people`, with two pictures
            or more each.
        people: enrolled in each draw, at least 1.
        draws: at least 1.
        seed: of the draws, at least 0.

    Returns:
        Places of the pictures.

    Raises:
        TypeError, ValueError: too few people or pictures, numbers out of range.

    Example:
        >>> trials = one_shot_trials(np.repeat([0, 1, 2, 3], 2), people=2, draws=5)
        >>> trials.enrolled.shape
        (5, 2)

    Source: Lake et al., "Human-level concept learning", 2015 (20-way one-shot); course 4, week 4.
    """
    who = check_labels("labels", labels)
    people, draws = check_count("people", people), check_count("draws", draws)
    rng = np.random.default_rng(check_count("seed", seed, 0))
    places = [np.flatnonzero(who == p) for p in np.unique(who)]
    places = [row for row in places if len(row) > 1]
    if len(places) < 2 * people:
        expected = f"show {2 * people} people twice or more, to enrol {people} and turn away others"
        raise InvalidValue(sentence("labels", expected, f"{len(places)} such people"))
    trials = np.empty((draws, 3, people), np.int64)
    for draw in trials:
        order = rng.permutation(len(places))[: 2 * people]
        two = np.array([rng.choice(places[i], 2, replace=False) for i in order])
        draw[:] = two[:people, 0], two[:people, 1], two[people:, 0]
    return OneShotTrials(*trials.transpose(1, 0, 2))


def nearest(queries: np.ndarray, enrolled: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each query, the nearest of the enrolled encodings.

    Args:
        queries: (..., q, n) encodings.
        enrolled: (..., k, n) encodings.

    Returns:
        distances: (..., q) to the nearest.
        places: (..., q) which it is.

    Raises:
        TypeError, ValueError: not encodings of one size.

    Example:
        >>> distances, places = nearest([[0.0, 0.0]], [[3.0, 4.0], [1.0, 0.0]])
        >>> distances.tolist(), places.tolist()
        ([1.0], [1])

    Source: course 4, week 4, exercise 3, for many pictures at once.
    """
    f = check_array("queries", queries, keep_float32=True)
    g = check_array("enrolled", enrolled, keep_float32=True)
    if min(f.ndim, g.ndim) < 2 or f.shape[-1] != g.shape[-1] or f.shape[:-2] != g.shape[:-2]:
        expected = "have shape (..., k, n) where `queries` has (..., q, n)"
        raise InvalidValue(sentence("enrolled", expected, f"{g.shape}, and {f.shape}"))
    squares = np.sum(f**2, axis=-1)[..., None] + np.sum(g**2, axis=-1)[..., None, :]
    d = np.sqrt(np.maximum(squares - 2 * f @ np.swapaxes(g, -1, -2), 0))
    return d.min(axis=-1), d.argmin(axis=-1)
