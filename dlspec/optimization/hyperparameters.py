"""Hyperparameters: where to look, how to search, and on which data (course 2, weeks 1 and 3).

Scales.  Each distribution turns a number u in [0, 1] into a value; u uniform gives the lecture's
random search, u on a lattice a grid, and a part of [0, 1] the finer search:

    Uniform       low + u (high - low)                     what counts are differences
    LogUniform    10^r,      r from log10(low) to log10(high)           learning rates
    Momentum      1 - 10^r,  r from log10(1 - low) to log10(1 - high)   beta of an average
    Integers      each whole number from low to high alike              layers, units
    Choice        each of some names alike                              activations

A space is a dictionary from names to distributions.  Searches are generators: they yield one
`Trial` at a time, so the caller shows progress, saves, or stops whenever the best is good enough.

Data.  Inputs are normalised with the training set's mean and standard deviation, whatever set they
belong to; how much data is kept for dev and test depends on how much there is.

The notes this package started from contain slips here, not repeated below: inputs are divided by
the standard deviation, not by the variance; 0.0000001, 0.001, 0.01, 0.1, 1 are not evenly spaced on
a log scale; and the lecture's panda nurses one model while its caviar is many models at once, not
the other way round.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import check_array, check_count, check_finite

__all__ = [
    "Choice",
    "Integers",
    "LogUniform",
    "Momentum",
    "Trial",
    "Uniform",
    "coarse_to_fine",
    "fit_normalization",
    "grid",
    "grid_search",
    "normalize",
    "random_search",
    "rank",
    "sample",
    "split",
    "split_sizes",
    "zoom",
]


# --- Scales ---------------------------------------------------------------------------------------


class _Interval:
    """Numbers from `low` to `high`: `_value` maps [0, 1] onto them and `_position` back."""

    def _part(self, start, stop):
        """The same distribution between two positions, widened to whole values where need be."""
        return replace(self, low=self._value(start), high=self._value(stop))

    def _lattice(self, count):
        """`count` values, the ends included; the middle where there is only one."""
        return [self._value(u) for u in (np.linspace(0, 1, count) if count > 1 else [0.5])]


def _check_bounds(low, high, least, most):
    """`low` < `high`, both strictly between `least` and `most`."""
    for name, value in (("low", low), ("high", high)):
        if not least < check_finite(name, value) < most:
            limits = f"{least:g} and {most:g}" if most < math.inf else f"{least:g} and infinity"
            raise InvalidValue(sentence(name, f"lie between {limits}", value))
    if not low < high:
        raise InvalidValue(sentence("low", f"be smaller than high={high:g}", f"{low:g}"))


@dataclass(frozen=True)
class Uniform(_Interval):
    """Real numbers, equal stretches alike: low + u (high - low).

    Attributes:
        low: smallest value.
        high: largest value, above `low`.

    Example:
        >>> sample({"dropout": Uniform(0.1, 0.5)}, 1, seed=0)[0]["dropout"].__round__(3)
        0.355
    """

    low: float
    high: float

    def __post_init__(self):
        _check_bounds(self.low, self.high, -math.inf, math.inf)

    def _value(self, u):
        return float(min(self.low + u * (self.high - self.low), self.high))

    def _position(self, value):
        return (value - self.low) / (self.high - self.low)


@dataclass(frozen=True)
class LogUniform(_Interval):
    """Positive numbers, equal factors alike: 10^r with r uniform; for learning rates.

    Between 0.0001 and 1 each of the four powers of ten gets a quarter of the trials; uniform
    sampling would spend 90 % of them between 0.1 and 1.

    Attributes:
        low: smallest value, above 0.
        high: largest value, above `low`.

    Example:
        >>> grid({"alpha": LogUniform(0.0001, 1)}, 5)[1]["alpha"].__round__(9)
        0.001
    """

    low: float
    high: float

    def __post_init__(self):
        _check_bounds(self.low, self.high, 0, math.inf)

    def _value(self, u):
        a, b = math.log10(self.low), math.log10(self.high)
        r = a + u * (b - a)
        return float(min(max(10**r, self.low), self.high))  # rounding may step over the ends

    def _position(self, value):
        return math.log(value / self.low) / math.log(self.high / self.low)


@dataclass(frozen=True)
class Momentum(_Interval):
    """Shares kept by an exponentially weighted average: 1 - 10^r with r uniform.

    An average with beta spans about 1 / (1 - beta) numbers: 10 for 0.9 and 1000 for 0.999.  Near 1
    a small change of beta is a large change of that span, so 1 - beta gets the log scale.

    Attributes:
        low: smallest value, above 0.
        high: largest value, above `low` and below 1.

    Example:
        >>> [round(t["beta"], 9) for t in grid({"beta": Momentum(0.9, 0.999)}, 3)]
        [0.9, 0.99, 0.999]
    """

    low: float
    high: float

    def __post_init__(self):
        _check_bounds(self.low, self.high, 0, 1)

    def _value(self, u):
        a, b = math.log10(1 - self.low), math.log10(1 - self.high)
        r = a + u * (b - a)
        return float(min(max(1 - 10**r, self.low), self.high))

    def _position(self, value):
        return math.log((1 - value) / (1 - self.low)) / math.log((1 - self.high) / (1 - self.low))


@dataclass(frozen=True)
class Integers(_Interval):
    """Whole numbers, each alike; for layers and units.

    Attributes:
        low: smallest value, at least 0.
        high: largest value, included, not below `low`.

    Example:
        >>> grid({"layers": Integers(2, 4)}, 3)
        [{'layers': 2}, {'layers': 3}, {'layers': 4}]
    """

    low: int
    high: int

    def __post_init__(self):
        check_count("low", self.low, minimum=0)
        check_count("high", self.high, minimum=self.low)

    def _value(self, u):
        count = self.high - self.low + 1
        return self.low + min(int(u * count), count - 1)

    def _position(self, value):
        return (value - self.low + 0.5) / (self.high - self.low + 1)

    def _lattice(self, count):
        """No more values than there are."""
        return super()._lattice(min(count, self.high - self.low + 1))


@dataclass(frozen=True)
class Choice:
    """One of some values, each alike; for what has no order.

    Attributes:
        values: at least one.

    Example:
        >>> len(grid({"activation": Choice(("relu", "tanh"))}, 9))
        2
    """

    values: tuple

    def __post_init__(self):
        if not isinstance(self.values, (tuple, list)) or not self.values:
            received = f"{self.values!r}"
            raise InvalidValue(sentence("values", "be a tuple of at least one value", received))

    def _value(self, u):
        return self.values[min(int(u * len(self.values)), len(self.values) - 1)]

    def _lattice(self, count):
        return list(self.values[:count])


Distribution = Uniform | LogUniform | Momentum | Integers | Choice
Space = Mapping[str, Distribution]


def _check_space(space):
    if not isinstance(space, Mapping) or not space:
        received = f"{space!r}"
        raise InvalidType(sentence("space", "be a dictionary of distributions", received))
    for name, distribution in space.items():
        if not isinstance(distribution, Distribution):
            received = f"{distribution!r} ({type(distribution).__name__})"
            raise InvalidType(sentence(f"space['{name}']", "be a distribution", received))
    return space


def sample(space: Space, count: int, seed: int = 0) -> list[dict]:
    """Draw hyperparameters at random, each on its own scale.

    Args:
        space: {name: distribution}.
        count: number of draws, at least 1.
        seed: at least 0.

    Returns:
        `count` dictionaries {name: value}.

    Raises:
        TypeError, ValueError: not a dictionary of distributions, numbers out of range.

    Example:
        >>> draws = sample({"alpha": LogUniform(0.0001, 1)}, 1000)
        >>> 200 < sum(draw["alpha"] < 0.001 for draw in draws) < 300
        True

    Source: course 2, week 3.
    """
    space, count = _check_space(space), check_count("count", count)
    random = np.random.default_rng(check_count("seed", seed, minimum=0))
    return [
        {name: distribution._value(random.random()) for name, distribution in space.items()}
        for _ in range(count)
    ]


def grid(space: Space, budget: int) -> list[dict]:
    """All combinations of evenly spaced values: as many per axis as the budget allows.

    With d hyperparameters that is the largest k with k^d <= budget: 25 trials of two
    hyperparameters try 5 values of each, where 25 random trials try 25 of each.

    Args:
        space: {name: distribution}.
        budget: largest number of combinations, at least 1.

    Returns:
        Dictionaries {name: value}, the last name running fastest.  Fewer than k^d where a name has
        fewer than k values.

    Raises:
        TypeError, ValueError: not a dictionary of distributions, a budget below 1.

    Example:
        >>> grid({"a": Uniform(0, 1), "b": Integers(1, 9)}, 7)
        [{'a': 0.0, 'b': 1}, {'a': 0.0, 'b': 9}, {'a': 1.0, 'b': 1}, {'a': 1.0, 'b': 9}]

    Source: course 2, week 3.
    """
    space, budget = _check_space(space), check_count("budget", budget)
    k = 1
    while (k + 1) ** len(space) <= budget:
        k += 1
    axes = [distribution._lattice(k) for distribution in space.values()]
    return [dict(zip(space, values, strict=True)) for values in product(*axes)]


# --- Search ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Trial:
    """One training with its hyperparameters.

    Attributes:
        index: number of the trial, from 0.
        parameters: {name: value}.
        score: what the training returned; larger is better.
        failed: whether the score is NaN or infinite, as after a diverged training.
    """

    index: int
    parameters: dict
    score: float
    failed: bool


Evaluate = Callable[[dict], float]


def _run(evaluate, candidates, first=0):
    for index, parameters in enumerate(candidates, start=first):
        score = float(evaluate(dict(parameters)))
        yield Trial(index, parameters, score, not math.isfinite(score))


def _check_callable(evaluate):
    if not callable(evaluate):
        received = f"{evaluate!r}"
        raise InvalidType(sentence("evaluate", "be a function from parameters to score", received))
    return evaluate


def random_search(
    evaluate: Evaluate, space: Space, budget: int, *, seed: int = 0
) -> Iterator[Trial]:
    """Train with random hyperparameters, one trial at a time.

    Every trial tries a new value of every hyperparameter.  Usually few of them matter and nobody
    knows which; a grid repeats the same few values of those for every value of the others.

    Args:
        evaluate: maps {name: value} to a score, such as dev accuracy or minus dev cost; larger is
            better.  NaN and infinity count as failures; exceptions come through.
        space: {name: distribution}.
        budget: number of trials, at least 1.
        seed: at least 0.

    Yields:
        `Trial(index, parameters, score, failed)` in the order of trying; `rank` sorts them.

    Raises:
        TypeError, ValueError: as `sample`, and `evaluate` that cannot be called; at once, not at
            the first trial.

    Example:
        >>> trials = random_search(lambda p: -abs(p["x"] - 3), {"x": Uniform(0, 10)}, 100)
        >>> round(rank(trials)[0].parameters["x"], 1)
        3.0

    Source: course 2, week 3; Bergstra and Bengio, "Random search for hyper-parameter
    optimization", 2012.
    """
    candidates = sample(space, check_count("budget", budget), seed)
    return _run(_check_callable(evaluate), candidates)


def grid_search(evaluate: Evaluate, space: Space, budget: int, *, seed: int = 0) -> Iterator[Trial]:
    """Train with every combination of a grid, one trial at a time.

    The order is random, so that a search that is stopped early has not only seen one corner.

    Args:
        evaluate: as for `random_search`.
        space: {name: distribution}.
        budget: largest number of trials, at least 1; see `grid`.
        seed: of the order, at least 0.

    Yields:
        `Trial(index, parameters, score, failed)` in the order of trying; `rank` sorts them.

    Raises:
        TypeError, ValueError: as `grid`, and `evaluate` that cannot be called; at once, not at the
            first trial.

    Example:
        >>> trials = grid_search(lambda p: -abs(p["x"] - 3), {"x": Uniform(0, 8)}, 9)
        >>> rank(trials)[0].parameters
        {'x': 3.0}

    Source: course 2, week 3.
    """
    points = grid(space, budget)
    random = np.random.default_rng(check_count("seed", seed, minimum=0))
    return _run(_check_callable(evaluate), [points[i] for i in random.permutation(len(points))])


def rank(trials: Iterable[Trial]) -> list[Trial]:
    """The best trial first, failures last; equals in the order of trying.

    Args:
        trials: what a search yields, all or some of it.

    Returns:
        A new list.

    Example:
        >>> scores = iter([0.7, float("nan"), 0.9])
        >>> [t.index for t in rank(random_search(lambda p: next(scores), {"x": Uniform(0, 1)}, 3))]
        [2, 0, 1]

    Source: course 2, week 3.
    """
    return sorted(trials, key=lambda t: (t.failed, 0 if t.failed else -t.score, t.index))


def zoom(space: Space, trials: Iterable[Trial], keep: int = 3, margin: float = 0.05) -> Space:
    """The part of a space around its best trials.

    For each hyperparameter: from the smallest to the largest value among the best, on its own
    scale, and `margin` of the whole scale more on either side, but never beyond the old ends.
    Where there is no order, the values that occur among the best remain.

    Args:
        space: {name: distribution} that the trials come from.
        trials: what a search yielded; failures do not count.
        keep: how many of the best to surround, at least 1.
        margin: share of the old scale added on either side, in (0, 1).

    Returns:
        {name: distribution}; a copy of `space` where no trial succeeded.

    Raises:
        TypeError, ValueError: not a dictionary of distributions, numbers out of range.

    Example:
        >>> trials = random_search(lambda p: -abs(p["x"] - 3), {"x": Uniform(0, 10)}, 100)
        >>> finer = zoom({"x": Uniform(0, 10)}, trials)["x"]
        >>> 2 < finer.low < 3 < finer.high < 4
        True

    Source: course 2, week 3 (coarse to fine).
    """
    space, keep = _check_space(space), check_count("keep", keep)
    if not 0 < check_finite("margin", margin) < 1:
        raise InvalidValue(sentence("margin", "lie between 0 and 1", margin))
    best = [t.parameters for t in rank(trials) if not t.failed][:keep]
    return {
        name: _around(distribution, [p[name] for p in best], margin) if best else distribution
        for name, distribution in space.items()
    }


def _around(distribution, values, margin):
    if isinstance(distribution, Choice):
        return Choice(tuple(v for v in distribution.values if v in values))
    positions = [distribution._position(value) for value in values]
    return distribution._part(max(0, min(positions) - margin), min(1, max(positions) + margin))


def coarse_to_fine(
    evaluate: Evaluate,
    space: Space,
    budget: int,
    *,
    rounds: int = 2,
    keep: int = 3,
    seed: int = 0,
) -> Iterator[Trial]:
    """Random search, then random search around its best trials, and so on.

    Args:
        evaluate: as for `random_search`.
        space: {name: distribution} of the first round.
        budget: number of trials of all rounds together, at least `rounds`.
        rounds: how often to look, at least 1.
        keep: how many of the best trials so far the next round surrounds, at least 1; see `zoom`.
        seed: at least 0.

    Yields:
        `Trial(index, parameters, score, failed)`; the index runs through all rounds.

    Raises:
        TypeError, ValueError: as `random_search`; a budget below `rounds`; at once, not at the
            first trial.

    Example:
        >>> space = {"alpha": LogUniform(1e-6, 1)}
        >>> def score(p):
        ...     return -abs(math.log10(p["alpha"]) + 2)
        >>> best = rank(coarse_to_fine(score, space, 30))[0]
        >>> 0.009 < best.parameters["alpha"] < 0.011
        True

    Source: course 2, week 3.
    """
    rounds = check_count("rounds", rounds)
    budget = check_count("budget", budget, minimum=rounds)
    keep, seed = check_count("keep", keep), check_count("seed", seed, minimum=0)
    return _coarse_to_fine(
        _check_callable(evaluate), _check_space(space), budget, rounds, keep, seed
    )


def _coarse_to_fine(evaluate, space, budget, rounds, keep, seed):
    trials = []
    for i in range(rounds):
        count = budget * (i + 1) // rounds - len(trials)
        for trial in _run(evaluate, sample(space, count, seed + i), first=len(trials)):
            trials.append(trial)
            yield trial
        space = zoom(space, trials, keep)


# --- Data -----------------------------------------------------------------------------------------


def fit_normalization(X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of every input over the training set.

        mu = 1/m sum_i x_i,   sigma^2 = 1/m sum_i (x_i - mu)^2

    Args:
        X: inputs of the training set (n_x, m).

    Returns:
        mu: (n_x, 1).
        sigma: (n_x, 1); 1 where an input is the same in all examples, which then becomes 0.

    Raises:
        TypeError: not numbers.
        ValueError: not two axes, NaN or infinity.

    Example:
        >>> mu, sigma = fit_normalization(np.array([[1.0, 3.0], [5.0, 5.0]]))
        >>> mu.T, sigma.T
        (array([[2., 5.]]), array([[1., 1.]]))

    Source: course 2, week 1.
    """
    X = check_array("X", X, ("n_x", "m"))
    constant = (X[:, :1] == X).all(axis=1, keepdims=True)
    return X.mean(axis=1, keepdims=True), np.where(constant, 1, X.std(axis=1, keepdims=True))


def normalize(X: np.ndarray, mu: np.ndarray, sigma: np.ndarray) -> np.ndarray:
    """Any set on the scale of the training set: (X - mu) / sigma.

    Args:
        X: inputs (n_x, m) of the training, dev or test set.
        mu: mean of the training set (n_x, 1).
        sigma: standard deviation of the training set (n_x, 1), above 0.

    Returns:
        float64 (n_x, m).

    Raises:
        TypeError: not numbers.
        ValueError: shapes that do not fit, a deviation that is not above 0.

    Example:
        >>> X_train, X_test = np.array([[1.0, 3.0]]), np.array([[2.0, 5.0]])
        >>> normalize(X_test, *fit_normalization(X_train))
        array([[0., 3.]])

    Source: course 2, week 1.
    """
    X = check_array("X", X, ("n_x", "m"))
    shape, because = (("n_x", X.shape[0]), 1), f"`X` of shape {X.shape} sets n_x={X.shape[0]}"
    mu = check_array("mu", mu, shape, because=because)
    sigma = check_array("sigma", sigma, shape, because=because)
    if not (sigma > 0).all():
        raise InvalidValue(sentence("sigma", "hold positive numbers only", f"{sigma.min():g}"))
    return (X - mu) / sigma


SMALL, LARGE = 10_000, 1_000_000
"""Up to the first number of examples 60/20/20 is usual, from the second on 98/1/1."""


def split_sizes(m: int) -> tuple[int, int, int]:
    """How many examples for train, dev and test: 60/20/20 % of few, 98/1/1 % of a million.

    The lecture names no shares between 10,000 and a million.  There dev and test shrink from 20 to
    1 % along a straight line on two log scales, so that both still grow with m.

    Args:
        m: number of examples, at least 3.

    Returns:
        (train, dev, test), at least 1 each, m together.

    Raises:
        TypeError, ValueError: `m` is not a whole number of at least 3.

    Example:
        >>> split_sizes(1000), split_sizes(1_000_000)
        ((600, 200, 200), (980000, 10000, 10000))

    Source: course 2, week 1.
    """
    m = check_count("m", m, minimum=3)
    progress = math.log(m / SMALL) / math.log(LARGE / SMALL)  # 0 where small, 1 where large
    share = 0.20 * (0.01 / 0.20) ** min(max(progress, 0), 1)
    held = round(share * m)
    return m - 2 * held, held, held


def split(
    X: np.ndarray,
    Y: np.ndarray,
    sizes: Sequence[int] | None = None,
    seed: int = 0,
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Shuffle the examples and deal them out to train, dev and test, each to one of them.

    Args:
        X: inputs (n_x, m).
        Y: labels (n_y, m).
        sizes: (train, dev, test), together at most m; None takes `split_sizes(m)`.
        seed: of the shuffling, at least 0.

    Returns:
        {"train": (X, Y), "dev": (X, Y), "test": (X, Y)}, columns of the two arrays.

    Raises:
        TypeError: not numbers.
        ValueError: arrays that do not fit, sizes that are not three or more than there is.

    Example:
        >>> sets = split(np.arange(10.0)[None], np.ones((1, 10)))
        >>> {name: X.shape[1] for name, (X, Y) in sets.items()}
        {'train': 6, 'dev': 2, 'test': 2}

    Source: course 2, week 1.
    """
    X = check_array("X", X, ("n_x", "m"))
    m = X.shape[1]
    because = f"`X` of shape {X.shape} sets m={m}"
    Y = check_array("Y", Y, ("n_y", ("m", m)), because=because)
    sizes = split_sizes(m) if sizes is None else _check_sizes(sizes, m)
    random = np.random.default_rng(check_count("seed", seed, minimum=0))
    parts = np.split(random.permutation(m)[: sum(sizes)], np.cumsum(sizes)[:-1])
    return {
        name: (X[:, part], Y[:, part])
        for name, part in zip(("train", "dev", "test"), parts, strict=True)
    }


def _check_sizes(sizes, m):
    if not isinstance(sizes, (tuple, list)) or len(sizes) != 3:
        raise InvalidValue(sentence("sizes", "be (train, dev, test)", f"{sizes!r}"))
    sizes = [check_count(f"sizes[{i}]", size) for i, size in enumerate(sizes)]
    if sum(sizes) > m:
        expected = f"add up to at most m={m}"
        raise InvalidValue(sentence("sizes", expected, f"{sizes}, together {sum(sizes)}"))
    return sizes
