"""Hyperparameters: the lecture's scales, scipy and scikit-learn, searches that find their mark."""

import math
from itertools import islice

import numpy as np
import pytest
from scipy import stats
from sklearn.model_selection import ParameterGrid
from sklearn.preprocessing import StandardScaler

from dlspec.optimization.hyperparameters import (
    Choice,
    Integers,
    LogUniform,
    Momentum,
    Trial,
    Uniform,
    coarse_to_fine,
    fit_normalization,
    grid,
    grid_search,
    normalize,
    random_search,
    rank,
    sample,
    split,
    split_sizes,
    zoom,
)
from dlspec.testing import assert_close
from tests.complaints import complaints_test

SPACE = {
    "alpha": LogUniform(1e-4, 1.0),
    "beta": Momentum(0.9, 0.999),
    "units": Integers(50, 100),
    "dropout": Uniform(0.0, 0.5),
    "activation": Choice(("relu", "tanh")),
}
PLANE = {"alpha": LogUniform(1e-4, 1.0), "dropout": Uniform(0.0, 0.5)}
X = np.array([[1.0, 2.0, 6.0, 3.0], [5.0, 5.0, 5.0, 5.0], [0.1, -4.0, 2.0, 7.0]])
Y = np.array([[1, 0, 0, 1]])


def distance(p):
    """Best at alpha = 0.01; dropout hardly matters."""
    return -abs(math.log10(p["alpha"]) + 2) - 1e-3 * p.get("dropout", 0)


TRIALS = list(random_search(distance, PLANE, 20))

PURE_CALLS = {
    "sample": (SPACE, 3),
    "grid": (SPACE, 32),
    "random_search": (distance, PLANE, 4),
    "grid_search": (distance, PLANE, 4),
    "coarse_to_fine": (distance, PLANE, 4),
    "rank": (TRIALS,),
    "zoom": (PLANE, TRIALS),
    "fit_normalization": (X,),
    "normalize": (X, np.ones((3, 1)), np.ones((3, 1))),
    "split_sizes": (10,),
    "split": (X, Y),
}


def draws(distribution, count=4000):
    return np.array([draw["x"] for draw in sample({"x": distribution}, count)])


# --- Scales ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("distribution", "scale"),
    [
        (Uniform(2.0, 7.0), lambda x: (x - 2) / 5),
        (LogUniform(1e-4, 1.0), lambda x: (np.log10(x) + 4) / 4),
        (Momentum(0.9, 0.999), lambda x: (-np.log10(1 - x) - 1) / 2),
    ],
)
def test_draws_are_uniform_on_their_scale(distribution, scale):
    """Kolmogorov-Smirnov against the uniform distribution; the seed is fixed."""
    assert stats.kstest(scale(draws(distribution)), "uniform").pvalue > 0.05


def test_log_scale_equals_scipy():
    other = stats.loguniform(1e-4, 1.0)
    assert stats.kstest(draws(LogUniform(1e-4, 1.0)), other.cdf).pvalue > 0.05


def test_the_lecture_on_learning_rates():
    """A quarter of the trials for each power of ten, where uniform spends 90 % on the last."""
    powers = np.floor(np.log10(draws(LogUniform(1e-4, 1.0))))
    for power in (-4, -3, -2, -1):
        assert_close(np.mean(powers == power), 0.25, atol=0.02)
    assert_close(np.mean(draws(Uniform(1e-4, 1.0)) > 0.1), 0.9, atol=0.02)


def test_the_lecture_on_beta():
    """r from -1 to -3: half of the trials average over less than 100 numbers, half over more."""
    betas = draws(Momentum(0.9, 0.999))
    assert_close(np.mean(betas < 0.99), 0.5, atol=0.02)
    assert betas.min() >= 0.9
    assert betas.max() <= 0.999


@pytest.mark.parametrize("distribution", [Integers(50, 59), Choice(tuple(range(50, 60)))])
def test_whole_numbers_and_choices_are_all_alike(distribution):
    values, counts = np.unique(draws(distribution), return_counts=True)
    assert_close(values, np.arange(50, 60))
    assert stats.chisquare(counts).pvalue > 0.05


def test_draws_are_seeded_and_of_plain_types():
    assert sample(SPACE, 5) == sample(SPACE, 5, seed=0)
    assert sample(SPACE, 5) != sample(SPACE, 5, seed=1)
    kinds = {name: type(value) for name, value in sample(SPACE, 1)[0].items()}
    assert kinds == {
        "alpha": float,
        "beta": float,
        "units": int,
        "dropout": float,
        "activation": str,
    }


def test_grid_values_by_hand():
    axes = {name: [p[name] for p in grid({name: d}, 5)] for name, d in SPACE.items()}
    assert_close(axes["alpha"], [1e-4, 1e-3, 1e-2, 1e-1, 1.0], rtol=1e-12)
    assert_close(axes["dropout"], [0.0, 0.125, 0.25, 0.375, 0.5], rtol=1e-15)
    assert_close(1 - np.array(axes["beta"]), 10.0 ** -np.arange(1, 3.5, 0.5), rtol=1e-10)
    assert axes["units"] == [50, 62, 75, 88, 100]
    assert axes["activation"] == ["relu", "tanh"]


def test_the_ends_are_exact():
    """10^log10(x) may be rounded past x."""
    for low, high in ((3e-5, 0.7), (0.0123, 0.0456), (0.3, 0.9)):
        for kind in (LogUniform, Momentum, Uniform):
            first, last = (p["x"] for p in grid({"x": kind(low, high)}, 2))
            assert low <= first <= low * (1 + 1e-14)
            assert high * (1 - 1e-14) <= last <= high


def test_grid_has_all_combinations_within_the_budget():
    found = grid(PLANE, 11)
    axes = {name: sorted({p[name] for p in found}) for name in PLANE}
    assert {name: len(values) for name, values in axes.items()} == {"alpha": 3, "dropout": 3}

    def key(p):
        return sorted(p.items())

    assert sorted(found, key=key) == sorted(ParameterGrid(axes), key=key)
    assert [len(grid(PLANE, budget)) for budget in (1, 3, 4, 8, 9, 25)] == [1, 1, 4, 4, 9, 25]
    assert len(grid(SPACE, 3**5)) == 3**4 * 2
    assert grid(PLANE, 1) == [{"alpha": pytest.approx(0.01), "dropout": 0.25}]


def test_grid_repeats_no_value_and_keeps_to_its_budget():
    """An axis has no more values than its distribution; a choice may get less than all."""
    assert [p["x"] for p in grid({"x": Integers(2, 4)}, 9)] == [2, 3, 4]
    choice = {"x": Choice(("relu", "tanh", "sigmoid"))}
    assert [p["x"] for p in grid(choice, 2)] == ["relu", "tanh"]
    assert [p["x"] for p in grid(choice, 9)] == ["relu", "tanh", "sigmoid"]


# --- Search ---------------------------------------------------------------------------------------


def test_random_search_tries_more_of_what_matters_than_a_grid():
    """The lecture's picture: 25 trials, 5 values of each on the grid, 25 at random."""
    for search, values in ((grid_search, 5), (random_search, 25)):
        trials = list(search(distance, PLANE, 25))
        assert len(trials) == 25
        for name in PLANE:
            assert len({trial.parameters[name] for trial in trials}) == values


@pytest.mark.parametrize("search", [random_search, grid_search, coarse_to_fine])
def test_searches_are_seeded(search):
    def tried(**seed):
        return [trial.parameters for trial in search(distance, PLANE, 9, **seed)]

    assert tried() == tried(seed=0)
    assert tried() != tried(seed=1)


def test_searches_try_what_sample_and_grid_say():
    tried = [trial.parameters for trial in random_search(distance, PLANE, 9, seed=4)]
    assert tried == sample(PLANE, 9, seed=4)
    tried = [trial.parameters for trial in grid_search(distance, PLANE, 9, seed=4)]
    assert tried != grid(PLANE, 9)
    assert sorted(map(str, tried)) == sorted(map(str, grid(PLANE, 9)))


@pytest.mark.parametrize("search", [random_search, grid_search, coarse_to_fine])
def test_searches_train_only_when_asked_for_the_next_trial(search):
    calls = []

    def evaluate(p):
        calls.append(p)
        return distance(p)

    trials = search(evaluate, PLANE, 9)
    assert not calls
    first = list(islice(trials, 3))
    assert [trial.index for trial in first] == [0, 1, 2]
    assert [trial.parameters for trial in first] == calls
    assert [trial.score for trial in first] == [distance(p) for p in calls]


def test_a_stopped_search_leaves_its_trials():
    def evaluate(p):
        if len(trials) == 4:
            raise KeyboardInterrupt
        return distance(p)

    trials = []
    with pytest.raises(KeyboardInterrupt):
        for trial in random_search(evaluate, PLANE, 9):
            trials.append(trial)
    assert rank(trials)[0].score == max(trial.score for trial in TRIALS[:4])


def test_a_training_may_change_its_own_copy_only():
    trial = next(random_search(lambda p: p.pop("alpha"), PLANE, 1))
    assert trial.parameters == sample(PLANE, 1)[0]


def test_failures_are_recorded_and_ranked_last():
    scores = [0.7, math.nan, 0.9, -math.inf, 0.7, math.inf]
    remaining = iter(scores)
    trials = list(random_search(lambda p: next(remaining), PLANE, 6))
    assert [trial.failed for trial in trials] == [False, True, False, True, False, True]
    assert [trial.index for trial in rank(trials)] == [2, 0, 4, 1, 3, 5]
    assert_close([trial.score for trial in trials], scores)


def test_zoom_by_hand():
    """The best at 1e-3 and 1e-2 stand at 1/4 and 1/2 of the scale; a quarter more on each side."""
    trials = [
        Trial(0, {"alpha": 1e-3, "units": 70, "activation": "tanh"}, 3.0, False),
        Trial(1, {"alpha": 1e-2, "units": 72, "activation": "tanh"}, 2.0, False),
        Trial(2, {"alpha": 1.0, "units": 50, "activation": "relu"}, 1.0, False),
        Trial(3, {"alpha": 1.0, "units": 50, "activation": "relu"}, math.nan, True),
    ]
    space = {name: SPACE[name] for name in ("alpha", "units", "activation")}
    found = zoom(space, trials, keep=2, margin=0.25)
    assert_close([found["alpha"].low, found["alpha"].high], [1e-4, 1e-1], rtol=1e-12)
    # 51 units: 70 stands at 20.5/51 and 72 at 22.5/51; 12.75/51 more gives the 8th and 36th.
    assert found["units"] == Integers(57, 85)
    assert found["activation"] == Choice(("tanh",))
    everything = zoom(space, trials, keep=9)
    assert (everything["units"].low, everything["activation"]) == (50, SPACE["activation"])


@pytest.mark.parametrize("name", ["alpha", "beta", "units", "dropout"])
def test_zoom_keeps_the_best_inside_and_stays_inside(name):
    space = {name: SPACE[name]}
    for seed in range(30):
        (best,) = random_search(lambda p: 0.0, space, 1, seed=seed)
        found = zoom(space, [best])[name]
        assert space[name].low <= found.low <= best.parameters[name] <= found.high
        assert found.high <= space[name].high
        assert found != space[name]


def test_zoom_without_a_success_changes_nothing():
    assert zoom(PLANE, []) == PLANE
    assert zoom(PLANE, random_search(lambda p: math.nan, PLANE, 3)) == PLANE


def test_coarse_to_fine_looks_closer_round_by_round():
    trials = list(coarse_to_fine(distance, PLANE, 20, rounds=3, keep=2, seed=7))
    assert [trial.index for trial in trials] == list(range(20))
    assert [t.parameters for t in trials[:6]] == sample(PLANE, 6, seed=7)
    finer = zoom(PLANE, trials[:6], keep=2)
    assert [t.parameters for t in trials[6:13]] == sample(finer, 7, seed=8)
    finest = zoom(finer, trials[:13], keep=2)
    assert [t.parameters for t in trials[13:]] == sample(finest, 7, seed=9)


def test_coarse_to_fine_beats_one_round_of_the_same_budget():
    """Not always, but with most seeds; the mark is alpha = 0.01."""

    def error(search, seed):
        return -rank(search(distance, {"alpha": PLANE["alpha"]}, 30, seed=seed))[0].score

    wins = [error(coarse_to_fine, seed) < error(random_search, seed) for seed in range(100)]
    assert np.mean(wins) > 0.6


def test_coarse_to_fine_survives_failures():
    trials = list(coarse_to_fine(lambda p: math.nan, PLANE, 6, rounds=3))
    assert [trial.failed for trial in trials] == [True] * 6


# --- Data -----------------------------------------------------------------------------------------


def test_normalization_by_hand():
    mu, sigma = fit_normalization([[1.0, 2.0, 6.0, 3.0]])
    assert_close((mu, sigma), ([[3.0]], [[np.sqrt(3.5)]]), rtol=1e-15)
    assert_close(normalize([[10.0]], [[4.0]], [[3.0]]), [[2.0]], rtol=1e-15)


def test_normalization_equals_sklearn():
    random = np.random.default_rng(0)
    train, test = random.normal(5, 3, size=(4, 50)), random.normal(size=(4, 20))
    train[2] = 0.1  # the same everywhere: NumPy's deviation is a rounding error, not 0
    scaler = StandardScaler().fit(train.T)
    for inputs in (train, test):
        own = normalize(inputs, *fit_normalization(train))
        assert_close(own, scaler.transform(inputs.T).T, rtol=1e-12, atol=1e-14)


def test_the_training_set_gets_mean_0_and_variance_1():
    normalized = normalize(X, *fit_normalization(X))
    assert_close(normalized.mean(axis=1), np.zeros(3), atol=1e-15)
    assert_close(normalized.var(axis=1), [1.0, 0.0, 1.0], rtol=1e-14)


def test_split_sizes_of_the_lecture():
    for m in (100, 1_000, 10_000):
        assert split_sizes(m) == (m * 6 // 10, m * 2 // 10, m * 2 // 10)
    assert split_sizes(1_000_000) == (980_000, 10_000, 10_000)
    assert split_sizes(5_000_000) == (4_900_000, 50_000, 50_000)


def test_split_sizes_between_grow_with_the_data():
    """Half-way on the log scale, at 100,000, the share is the geometric mean of 20 and 1 %."""
    assert split_sizes(100_000)[1] == round(100_000 * math.sqrt(0.2 * 0.01))
    sizes = [split_sizes(m) for m in (10_000, 20_000, 50_000, 100_000, 500_000, 1_000_000)]
    assert all((np.diff([size[i] for size in sizes]) > 0).all() for i in range(3))


def test_every_set_gets_at_least_one_example():
    for m in range(3, 60):
        train, dev, test = split_sizes(m)
        assert train + dev + test == m
        assert min(train, dev, test) >= 1
    assert split_sizes(3) == (1, 1, 1)


def test_split_deals_every_example_out_once_with_its_label():
    numbers = np.arange(50.0)
    sets = split(np.vstack([numbers, -numbers]), numbers[None] * 10, seed=3)
    assert [sets[name][0].shape[1] for name in ("train", "dev", "test")] == [30, 10, 10]
    together = np.concatenate([inputs[0] for inputs, _ in sets.values()])
    assert not np.array_equal(together, numbers)
    assert_close(np.sort(together), numbers)
    for inputs, labels in sets.values():
        assert_close(labels[0], inputs[0] * 10)
        assert_close(inputs[1], -inputs[0])


def test_split_takes_sizes_and_a_seed():
    numbers = np.arange(50.0)[None]
    sets = split(numbers, numbers, (5, 6, 7))
    assert [inputs.shape[1] for inputs, _ in sets.values()] == [5, 6, 7]
    assert len({x for inputs, _ in sets.values() for x in inputs[0]}) == 18
    assert_close(split(numbers, numbers), split(numbers, numbers, seed=0))
    other = split(numbers, numbers, seed=1)["train"][0]
    assert not np.array_equal(split(numbers, numbers)["train"][0], other)


# --- Bad input ------------------------------------------------------------------------------------

COMPLAINTS = [
    (
        lambda folder: Uniform(1, 1),
        ValueError,
        "`low` must be smaller than high=1. Received: 1.",
    ),
    (
        lambda folder: Uniform(0, math.inf),
        ValueError,
        "`high` must be a finite number. Received: inf.",
    ),
    (
        lambda folder: LogUniform(0, 1),
        ValueError,
        "`low` must lie between 0 and infinity. Received: 0.",
    ),
    (
        lambda folder: LogUniform(1, 0.1),
        ValueError,
        "`low` must be smaller than high=0.1. Received: 1.",
    ),
    (
        lambda folder: Momentum(0.9, 1),
        ValueError,
        "`high` must lie between 0 and 1. Received: 1.",
    ),
    (
        lambda folder: Momentum("0.9", 0.99),
        TypeError,
        "`low` must be a real number. Received: '0.9' (str).",
    ),
    (
        lambda folder: Integers(2.5, 4),
        TypeError,
        "`low` must be a whole number. Received: 2.5 (float).",
    ),
    (
        lambda folder: Integers(2, 1),
        ValueError,
        "`high` must be at least 2. Received: 1.",
    ),
    (
        lambda folder: Choice(()),
        ValueError,
        "`values` must be a tuple of at least one value. Received: ().",
    ),
    (
        lambda folder: Choice("relu"),
        ValueError,
        "`values` must be a tuple of at least one value. Received: 'relu'.",
    ),
    (
        lambda folder: sample({}, 3),
        TypeError,
        "`space` must be a dictionary of distributions. Received: {}.",
    ),
    (
        lambda folder: sample({"alpha": (0.1, 1)}, 3),
        TypeError,
        "`space['alpha']` must be a distribution. Received: (0.1, 1) (tuple).",
    ),
    (
        lambda folder: sample(PLANE, 0),
        ValueError,
        "`count` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: sample(PLANE, 3, seed=-1),
        ValueError,
        "`seed` must be at least 0. Received: -1.",
    ),
    (
        lambda folder: grid([PLANE], 3),
        TypeError,
        f"`space` must be a dictionary of distributions. Received: {[PLANE]!r}.",
    ),
    (
        lambda folder: grid(PLANE, 0),
        ValueError,
        "`budget` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: random_search(distance, PLANE, 2.5),
        TypeError,
        "`budget` must be a whole number. Received: 2.5 (float).",
    ),
    (
        lambda folder: random_search(0.9, PLANE, 3),
        TypeError,
        "`evaluate` must be a function from parameters to score. Received: 0.9.",
    ),
    (
        lambda folder: grid_search(None, PLANE, 3),
        TypeError,
        "`evaluate` must be a function from parameters to score. Received: None.",
    ),
    (
        lambda folder: grid_search(distance, PLANE, 3, seed=None),
        TypeError,
        "`seed` must be a whole number. Received: None (NoneType).",
    ),
    (
        lambda folder: coarse_to_fine(None, PLANE, 3),
        TypeError,
        "`evaluate` must be a function from parameters to score. Received: None.",
    ),
    (
        lambda folder: coarse_to_fine(distance, None, 3),
        TypeError,
        "`space` must be a dictionary of distributions. Received: None.",
    ),
    (
        lambda folder: coarse_to_fine(distance, PLANE, 3, rounds=4),
        ValueError,
        "`budget` must be at least 4. Received: 3.",
    ),
    (
        lambda folder: coarse_to_fine(distance, PLANE, 3, rounds=0),
        ValueError,
        "`rounds` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: coarse_to_fine(distance, PLANE, 3, keep=0),
        ValueError,
        "`keep` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: coarse_to_fine(distance, PLANE, 3, seed=-1),
        ValueError,
        "`seed` must be at least 0. Received: -1.",
    ),
    (
        lambda folder: zoom(None, TRIALS),
        TypeError,
        "`space` must be a dictionary of distributions. Received: None.",
    ),
    (
        lambda folder: zoom(PLANE, TRIALS, keep=0),
        ValueError,
        "`keep` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: zoom(PLANE, TRIALS, margin=0),
        ValueError,
        "`margin` must lie between 0 and 1. Received: 0.",
    ),
    (
        lambda folder: zoom(PLANE, TRIALS, margin="wide"),
        TypeError,
        "`margin` must be a real number. Received: 'wide' (str).",
    ),
    (
        lambda folder: fit_normalization([1.0, 2.0]),
        ValueError,
        "`X` must have shape (n_x, m). Received: (2,).",
    ),
    (
        lambda folder: normalize([1.0, 2.0], 0, 1),
        ValueError,
        "`X` must have shape (n_x, m). Received: (2,).",
    ),
    (
        lambda folder: normalize(X, np.zeros(3), np.ones((3, 1))),
        ValueError,
        "`mu` must have shape (n_x=3, 1). Received: (3,). `X` of shape (3, 4) sets n_x=3; "
        "use mu.reshape(-1, 1).",
    ),
    (
        lambda folder: normalize(X, np.zeros((3, 1)), np.ones((2, 1))),
        ValueError,
        "`sigma` must have shape (n_x=3, 1). Received: (2, 1). `X` of shape (3, 4) sets n_x=3.",
    ),
    (
        lambda folder: normalize(X, np.zeros((3, 1)), [[1.0], [0.0], [2.0]]),
        ValueError,
        "`sigma` must hold positive numbers only. Received: 0.",
    ),
    (
        lambda folder: split_sizes(2),
        ValueError,
        "`m` must be at least 3. Received: 2.",
    ),
    (
        lambda folder: split(X[0], Y),
        ValueError,
        "`X` must have shape (n_x, m). Received: (4,).",
    ),
    (
        lambda folder: split(X, Y[:, :3]),
        ValueError,
        "`Y` must have shape (n_y, m=4). Received: (1, 3). `X` of shape (3, 4) sets m=4.",
    ),
    (
        lambda folder: split(X, Y, seed=-1),
        ValueError,
        "`seed` must be at least 0. Received: -1.",
    ),
    (
        lambda folder: split(X, Y, (2, 2)),
        ValueError,
        "`sizes` must be (train, dev, test). Received: (2, 2).",
    ),
    (
        lambda folder: split(X, Y, (2, 2, 0)),
        ValueError,
        "`sizes[2]` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: split(X, Y, (2, 2, 1)),
        ValueError,
        "`sizes` must add up to at most m=4. Received: [2, 2, 1], together 5.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
