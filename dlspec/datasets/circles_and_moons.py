"""Two rings and two half moons: the points of course 2, weeks 1 and 2."""

import numpy as np

from dlspec._validation import check_count

__all__ = ["make_circles", "make_moons"]


def make_circles(m: int = 300, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Two rings of radius 1 and 0.8 with noise 0.05.

    The course trains on m=300 with seed 1 and tests on m=100 with seed 2.

    Args:
        m: number of points, at least 2.
        seed: at least 0.

    Returns:
        X: float64 (2, m).
        Y: int64 (1, m), 0 outside, 1 inside.

    Raises:
        TypeError, ValueError: fewer than 2 points, a negative seed.

    Example:
        >>> X, Y = make_circles()
        >>> X.shape, Y.shape
        ((2, 300), (1, 300))

    Source: course 2, week 1; drawn by scikit-learn.
    """
    from sklearn import datasets

    m, seed = _check(m, seed)
    return _as_columns(*datasets.make_circles(m, noise=0.05, random_state=seed))


def make_moons(m: int = 300, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Two interleaving half circles with noise 0.2.

    Args:
        m: number of points, at least 2.
        seed: at least 0; the course's is 3.

    Returns:
        X: float64 (2, m).
        Y: int64 (1, m), 0 or 1.

    Raises:
        TypeError, ValueError: fewer than 2 points, a negative seed.

    Example:
        >>> X, Y = make_moons()
        >>> X.shape, Y.shape
        ((2, 300), (1, 300))

    Source: course 2, week 2; drawn by scikit-learn.
    """
    from sklearn import datasets

    m, seed = _check(m, seed)
    return _as_columns(*datasets.make_moons(m, noise=0.2, random_state=seed))


def _check(m, seed):
    return check_count("m", m, minimum=2), check_count("seed", seed, minimum=0)


def _as_columns(points, classes):
    return np.ascontiguousarray(points.T), classes.astype(np.int64)[None]
