"""Points in the plane: the flower of course 1, week 3, and the further sets of that exercise."""

import numpy as np

from dlspec._validation import check_count

__all__ = ["make_flower", "make_planar_sets"]


def make_flower(m: int = 400, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """A flower whose petals alternate between two classes, the course's for the default arguments.

    Class j runs through half a turn, t in [3.12 j, 3.12 (j + 1)] with noise 0.2, at the radius
    r = 4 sin(4 t) with noise 0.2.

    Args:
        m: number of points, at least 2; an odd one is dropped.
        seed: as for `np.random.seed`, without touching the global generator.

    Returns:
        X: float64 (2, m).
        Y: int64 (1, m), the first half 0, the second half 1.

    Raises:
        TypeError, ValueError: fewer than 2 points, a negative seed.

    Example:
        >>> X, Y = make_flower()
        >>> X.shape, Y.shape
        ((2, 400), (1, 400))

    Source: course 1, week 3.
    """
    half = check_count("m", m, minimum=2) // 2
    random = np.random.RandomState(check_count("seed", seed, minimum=0))
    classes = []
    for j in range(2):
        t = np.linspace(3.12 * j, 3.12 * (j + 1), half) + 0.2 * random.randn(half)
        r = 4 * np.sin(4 * t) + 0.2 * random.randn(half)
        classes.append(np.stack([r * np.sin(t), r * np.cos(t)]))
    return np.hstack(classes), np.repeat([[0, 1]], half, axis=1)


def make_planar_sets(m: int = 200, seed: int = 3) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """The four further sets of the exercise: circles, moons, blobs and Gaussian quantiles.

    Args:
        m: points in each set, at least 10.
        seed: of all four, at least 0.

    Returns:
        {name: (X, Y)} with X float64 (2, m) and Y int64 (1, m), 0 or 1.

    Raises:
        TypeError, ValueError: fewer than 10 points, a negative seed.

    Example:
        >>> {name: X.shape for name, (X, Y) in make_planar_sets().items()}["noisy moons"]
        (2, 200)

    Source: course 1, week 3 (there without a seed); drawn by scikit-learn.
    """
    from sklearn import datasets

    m, seed = check_count("m", m, minimum=10), check_count("seed", seed, minimum=0)
    sets = {
        "noisy circles": datasets.make_circles(m, factor=0.5, noise=0.3, random_state=seed),
        "noisy moons": datasets.make_moons(m, noise=0.2, random_state=seed),
        "blobs": datasets.make_blobs(m, centers=6, random_state=seed + 2),
        "gaussian quantiles": datasets.make_gaussian_quantiles(
            cov=0.5, n_samples=m, n_features=2, n_classes=2, random_state=seed
        ),
    }
    return {
        name: (np.ascontiguousarray(points.T), (classes % 2).astype(np.int64)[None])
        for name, (points, classes) in sets.items()
    }
