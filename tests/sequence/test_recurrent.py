"""Recurrent cells and sequences: published values, by hand, numerical gradients, bad input."""

import numpy as np
import pytest

from dlspec.sequence import recurrent
from dlspec.sequence.recurrent import (
    gru_backward,
    gru_cell_backward,
    gru_cell_forward,
    gru_forward,
    lstm_backward,
    lstm_cell_backward,
    lstm_cell_forward,
    lstm_forward,
    rnn_backward,
    rnn_cell_backward,
    rnn_cell_forward,
    rnn_forward,
)
from dlspec.testing import assert_close, gradient_check
from tests.complaints import complaints_test

RNN_SHAPES = {"Waa": (5, 5), "Wax": (5, 3), "Wya": (2, 5), "ba": (5, 1), "by": (2, 1)}
LSTM_SHAPES = {
    **{f"{kind}{gate}": (5, columns) for gate in "fioc" for kind, columns in (("W", 8), ("b", 1))},
    "Wy": (2, 5),
    "by": (2, 1),
}


def published(shapes, *arrays):
    """The inputs of the course's tables: drawn one after the other after np.random.seed(1)."""
    random = np.random.RandomState(1)
    drawn = [random.randn(*shape) for shape in arrays]
    return *drawn, {name: random.randn(*shape) for name, shape in shapes.items()}


def parameters_of(kind, n_x=3, n_a=4, n_y=2, seed=0):
    """Random parameters, no bias at 0 and no gate at 1/2."""
    random = np.random.default_rng(seed)
    if kind == "rnn":
        shapes = {"Wax": (n_a, n_x), "Waa": (n_a, n_a), "ba": (n_a, 1), "Wya": (n_y, n_a)}
    else:
        gates = {"lstm": "fico", "gru_simplified": "uc"}.get(kind, "urc")
        shapes = {f"W{gate}": (n_a, n_a + n_x) for gate in gates}
        shapes |= {f"b{gate}": (n_a, 1) for gate in gates} | {"Wy": (n_y, n_a)}
    if kind == "gru_reset_after":
        shapes["bcc"] = (n_a, 1)
    shapes["by"] = (n_y, 1)
    return {name: random.normal(size=shape) / 2 for name, shape in shapes.items()}


RNN, LSTM, GRU = (parameters_of(kind) for kind in ("rnn", "lstm", "gru"))
_random = np.random.default_rng(7)
X, A0, DA = (_random.normal(size=shape) for shape in ((3, 6, 5), (4, 6), (4, 6, 5)))
XT, C0 = X[:, :, 0], A0[::-1]
RNN_CACHES = rnn_forward(X, A0, RNN)[-1]
LSTM_CACHES = lstm_forward(X, A0, LSTM)[-1]
GRU_CACHES = gru_forward(X, A0, GRU)[-1]

PURE_CALLS = {
    "rnn_cell_forward": (XT, A0, RNN),
    "rnn_forward": (X, A0, RNN),
    "rnn_cell_backward": (A0, RNN_CACHES[0][0]),
    "rnn_backward": (DA, RNN_CACHES),
    "lstm_cell_forward": (XT, A0, C0, LSTM),
    "lstm_forward": (X, A0, LSTM),
    "lstm_cell_backward": (A0, C0, LSTM_CACHES[0][0]),
    "lstm_backward": (DA, LSTM_CACHES),
    "gru_cell_forward": (XT, A0, GRU),
    "gru_forward": (X, A0, GRU),
    "gru_cell_backward": (A0, GRU_CACHES[0][0]),
    "gru_backward": (DA, GRU_CACHES),
}


# --- Published values (2017-2020 edition of course 5, week 1) -------------------------------------


def test_rnn_cell_published():
    xt, a_prev, parameters = published(RNN_SHAPES, (3, 10), (5, 10))
    a_next, yt_pred, cache = rnn_cell_forward(xt, a_prev, parameters)
    assert a_next.shape == (5, 10)
    assert yt_pred.shape == (2, 10)
    expected = [0.59584544, 0.18141802, 0.61311866, 0.99808218, 0.85016201, 0.99980978]
    assert_close(a_next[4, :6], expected, rtol=1e-7)
    expected = [0.9888161, 0.01682021, 0.21140899, 0.36817467, 0.98988387, 0.88945212]
    assert_close(yt_pred[1, :6], expected, rtol=1e-6)
    assert_close(cache, (a_next, a_prev, xt, parameters), rtol=0)


def test_rnn_published():
    x, a0, parameters = published(RNN_SHAPES, (3, 10, 4), (5, 10))
    a, y_pred, caches = rnn_forward(x, a0, parameters)
    assert_close(a[4, 1], [-0.99999375, 0.77911235, -0.99861469, -0.99833267], rtol=1e-7)
    assert_close(y_pred[1, 3], [0.79560373, 0.86224861, 0.11118257, 0.81515947], rtol=1e-7)
    expected = [-1.1425182, -0.34934272, -0.20889423, 0.58662319]
    assert_close(caches[1][1][3], expected, rtol=1e-7)
    assert len(caches) == 2
    assert len(caches[0]) == 4


def test_lstm_cell_published():
    xt, a_prev, c_prev, parameters = published(LSTM_SHAPES, (3, 10), (5, 10), (5, 10))
    a_next, c_next, yt, cache = lstm_cell_forward(xt, a_prev, c_prev, parameters)
    expected = [-0.66408471, 0.0036921, 0.02088357, 0.22834167, -0.85575339, 0.00138482]
    assert_close(a_next[4, :6], expected, atol=1e-8)
    expected = [0.63267805, 1.00570849, 0.35504474, 0.20690913, -1.64566718, 0.11832942]
    assert_close(c_next[2, :6], expected, atol=1e-8)
    expected = [0.79913913, 0.15986619, 0.22412122, 0.15606108, 0.97057211, 0.31146381]
    assert_close(yt[1, :6], expected, atol=1e-8)
    assert_close(cache[1][3, :3], [-0.16263996, 1.03729328, 0.72938082], atol=1e-8)
    assert len(cache) == 10


def test_lstm_published():
    x, a0, parameters = published(LSTM_SHAPES, (3, 10, 7), (5, 10))
    a, y, c, caches = lstm_forward(x, a0, parameters)
    assert a.shape == c.shape == (5, 10, 7)
    assert y.shape == (2, 10, 7)
    assert_close(a[4, 3, 6], 0.172117767533, rtol=1e-11)
    assert_close(y[1, 4, 3], 0.95087346185, rtol=1e-10)
    assert_close(c[1, 2, 1], -0.855544916718, rtol=1e-11)
    assert_close(caches[1][1, 1, :3], [0.82797464, 0.23009474, 0.76201118], rtol=1e-7)
    assert len(caches) == 2


def test_lstm_backward_of_fewer_steps_than_the_caches():
    """The course hands over 7 steps of x and 4 of da."""
    x, a0, parameters = published(LSTM_SHAPES, (3, 10, 7), (5, 10))
    *_, caches = lstm_forward(x, a0, parameters)
    gradients = lstm_backward(np.ones((5, 10, 4)), caches)
    assert gradients["dx"].shape == (3, 10, 4)
    assert gradients["da0"].shape == (5, 10)
    for gate in "fico":
        assert gradients[f"dW{gate}"].shape == (5, 8)
        assert gradients[f"db{gate}"].shape == (5, 1)
    short = lstm_backward(np.ones((5, 10, 4)), (caches[0][:4], x[:, :, :4]))
    assert_close(gradients, short, rtol=0)


def test_the_wrong_table_carries_nothing_from_step_to_step():
    """dx[1][2] of the table is what comes out when every step goes back on its own."""
    random = np.random.RandomState(1)
    x, a0 = random.randn(3, 10, 7), random.randn(5, 10)
    shapes = {name: shape for name, shape in LSTM_SHAPES.items() if "y" not in name}
    parameters = {name: random.randn(*shape) for name, shape in shapes.items()}
    da = random.randn(5, 10, 4)
    outputs = {"Wy": np.zeros((2, 5)), "by": np.zeros((2, 1))}
    *_, (steps, _) = lstm_forward(x, a0, parameters | outputs)
    nothing = np.zeros((5, 10))
    alone = [lstm_cell_backward(da[:, :, t], nothing, steps[t])["dxt"][1, 2] for t in range(4)]
    table = [-0.00173313, 0.08287442, -0.30545663, -0.43281115]
    assert_close(alone, table, atol=5e-9)
    carried = lstm_backward(da, (steps, x))["dx"][1, 2]
    assert_close(carried[3], alone[3], rtol=1e-12)
    assert np.abs(carried[:3] - alone[:3]).min() > 1e-3


# --- By hand --------------------------------------------------------------------------------------


def scalars(**values):
    return {name: np.array([np.atleast_1d(v)], dtype=float) for name, v in values.items()}


def test_rnn_cell_by_hand():
    p = scalars(Wax=2, Waa=-1, ba=0.5, Wya=3, by=1)
    a_next, y, _ = rnn_cell_forward([[0.25]], [[0.75]], p)
    assert_close(a_next, [[np.tanh(0.5 - 0.75 + 0.5)]], rtol=1e-15)
    assert_close(y, [[1.0]])  # a single class


def test_lstm_gates_are_their_own():
    """Saturated gates: forget keeps or drops, input takes or leaves, output shows or hides."""
    zero = {f"W{g}": [0, 0] for g in "fico"}
    for keep in (0, 1):
        for take in (0, 1):
            for show in (0, 1):
                biases = {"bf": 200 * keep - 100, "bi": 200 * take - 100, "bo": 200 * show - 100}
                p = scalars(**zero, **biases, bc=1, Wy=0, by=0)
                a_next, c_next, *_ = lstm_cell_forward([[0]], [[0]], [[3]], p)
                memory = 3 * keep + np.tanh(1) * take
                assert_close(c_next, [[memory]], atol=1e-15)
                assert_close(a_next, [[show * np.tanh(memory)]], atol=1e-15)


def test_gru_gates_are_their_own():
    p = scalars(Wu=[0, 0], bu=-100, Wr=[0, 0], br=0, Wc=[2, 1], bc=0, Wy=0, by=0)
    assert_close(gru_cell_forward([[1]], [[0.5]], p)[0], [[0.5]])  # keeps
    p |= scalars(bu=100)  # updates: the past counts half
    assert_close(gru_cell_forward([[1]], [[0.5]], p)[0], [[np.tanh(2 * 0.25 + 1)]], rtol=1e-15)
    p |= scalars(bcc=0.25)  # half of the product and of its bias
    assert_close(gru_cell_forward([[1]], [[0.5]], p)[0], [[np.tanh(0.625 + 1)]], rtol=1e-15)


def test_the_full_gru_with_an_open_gate_is_the_simplified_one():
    simplified = parameters_of("gru_simplified")
    full = simplified | {"Wr": np.zeros((4, 7)), "br": np.full((4, 1), 50.0)}
    after = full | {"bcc": np.zeros((4, 1))}
    expected = gru_forward(X, A0, simplified)
    for parameters in (full, after):
        assert_close(gru_forward(X, A0, parameters)[:2], expected[:2], rtol=1e-12)


def test_probabilities_sum_to_one():
    for y in (
        rnn_forward(X, A0, RNN)[1],
        lstm_forward(X, A0, LSTM)[1],
        gru_forward(X, A0, GRU)[1],
    ):
        assert_close(y.sum(axis=0), np.ones((6, 5)), rtol=1e-14)
        assert y.min() > 0


def test_sequences_are_their_cells_one_by_one():
    a, c = A0, np.zeros_like(A0)
    states = lstm_forward(X, A0, LSTM)
    for t in range(5):
        a, c, y, cache = lstm_cell_forward(X[:, :, t], a, c, LSTM)
        assert_close((a, y, c), tuple(s[:, :, t] for s in states[:3]), rtol=1e-14)
        assert_close(cache, states[3][0][t], rtol=1e-14)
    for cell, sequence, p in (
        (rnn_cell_forward, rnn_forward, RNN),
        (gru_cell_forward, gru_forward, GRU),
    ):
        a, states = A0, sequence(X, A0, p)
        for t in range(5):
            a, y, cache = cell(X[:, :, t], a, p)
            assert_close((a, y), tuple(s[:, :, t] for s in states[:2]), rtol=1e-14)
            assert_close(cache, states[2][0][t], rtol=1e-14)


def test_large_inputs_saturate_without_overflow():
    for forward, p in ((rnn_forward, RNN), (lstm_forward, LSTM), (gru_forward, GRU)):
        for output in forward(1e6 * X, A0, p)[:2]:
            assert np.isfinite(output).all()
    y = rnn_cell_forward(XT, A0, RNN | {"by": np.array([[1000.0], [-1000.0]])})[1]
    assert_close(y, np.repeat([[1.0], [0.0]], 6, axis=1), rtol=0)


# --- Numerical gradients --------------------------------------------------------------------------

KINDS = ("rnn", "lstm", "gru", "gru_simplified", "gru_reset_after")
FORWARD = {"rnn": rnn_forward, "lstm": lstm_forward, "gru": gru_forward}
BACKWARD = {"rnn": rnn_backward, "lstm": lstm_backward, "gru": gru_backward}


@pytest.mark.parametrize("kind", KINDS)
def test_sequences_pass_the_gradient_check(kind):
    """J = sum of da * a, so that dJ/da = da; outputs y do not matter."""
    family, parameters = kind.partition("_")[0], parameters_of(kind)
    learnt = {k: v for k, v in parameters.items() if "y" not in k} | {"x": X, "a0": A0}

    def cost(p):
        outputs = {k: v for k, v in parameters.items() if "y" in k}
        own = {k: v for k, v in p.items() if k not in ("x", "a0")}
        return float((DA * FORWARD[family](p["x"], p["a0"], own | outputs)[0]).sum())

    *_, caches = FORWARD[family](X, A0, parameters)
    gradients = BACKWARD[family](DA, caches)
    assert set(gradients) == {f"d{name}" for name in learnt}
    gradient_check(cost, learnt, gradients)


@pytest.mark.parametrize("kind", KINDS)
def test_cells_pass_the_gradient_check(kind):
    family, parameters = kind.partition("_")[0], parameters_of(kind)
    states = {"a_prev": A0} | ({"c_prev": C0} if kind == "lstm" else {})
    cell = getattr(recurrent, f"{family}_cell_forward")
    back = getattr(recurrent, f"{family}_cell_backward")
    d = [DA[:, :, i] for i in range(len(states))]

    def cost(p):
        given = [p.pop(name) for name in ("xt", *states)]
        result = cell(*given, p | {k: v for k, v in parameters.items() if "y" in k})
        return float(sum((di * s).sum() for di, s in zip(d, result, strict=False)))

    learnt = {k: v for k, v in parameters.items() if "y" not in k} | {"xt": XT} | states
    cache = cell(XT, *states.values(), parameters)[-1]
    gradients = back(*d, cache)
    assert set(gradients) == {f"d{name}" for name in learnt if name not in states} | set(
        f"d{name}" for name in states
    )
    gradient_check(lambda p: cost(dict(p)), learnt, gradients)


def test_gates_are_read_from_the_cache():
    """Caches of the course's checks are not consistent: the gates rule."""
    steps, _ = LSTM_CACHES
    *rest, _, xt, p = steps[0]
    cache = (*rest, np.zeros((4, 6)), xt, p)  # an output gate that is shut
    gradients = lstm_cell_backward(A0, np.zeros((4, 6)), cache)
    assert not any(gradients[name].any() for name in ("dxt", "da_prev", "dWo", "dc_prev"))


# --- Bad input ------------------------------------------------------------------------------------


def without(dictionary, key):
    return {k: v for k, v in dictionary.items() if k != key}


COMPLAINTS = [
    (
        lambda folder: rnn_cell_forward([1.0, 2.0], A0, RNN),
        ValueError,
        "`xt` must have shape (n_x, m). Received: (2,).",
    ),
    (
        lambda folder: rnn_cell_forward(XT, A0[:, :5], RNN),
        ValueError,
        "`a_prev` must have shape (n_a, m=6). Received: (4, 5). `xt` of shape (3, 6) sets m=6.",
    ),
    (
        lambda folder: lstm_cell_forward(XT, A0, C0[:3], LSTM),
        ValueError,
        "`c_prev` must have shape (n_a=4, m=6). Received: (3, 6). `xt` of shape (3, 6) sets m=6.",
    ),
    (
        lambda folder: rnn_cell_forward(XT, A0, without(RNN, "ba")),
        ValueError,
        "`parameters` must have the keys Wax, Waa, ba, Wya, by. Received: Wax, Waa, Wya, by. "
        "Missing: ba.",
    ),
    (
        lambda folder: rnn_cell_forward(XT, A0, RNN | {"Wya": np.ones((3, 4))}),
        ValueError,
        "`parameters['Wya']` must have shape (n_y=2, n_a). Received: (3, 4). "
        "`parameters['by']` sets n_y=2.",
    ),
    (
        lambda folder: lstm_cell_forward(XT, A0, C0, [1]),
        TypeError,
        "`parameters` must be a dictionary. Received: list.",
    ),
    (
        lambda folder: lstm_cell_forward(XT[:2], A0, C0, LSTM),
        ValueError,
        "`parameters['Wf']` must have shape (n_a=4, n_a + n_x=6). Received: (4, 7).",
    ),
    (
        lambda folder: gru_cell_forward(XT, A0[:, :1], GRU),
        ValueError,
        "`a_prev` must have shape (n_a, m=6). Received: (4, 1). `xt` of shape (3, 6) sets m=6.",
    ),
    (
        lambda folder: gru_cell_forward(XT, A0, without(GRU, "br")),
        ValueError,
        "`parameters` must have the keys Wu, Wc, Wr, bu, bc, br, Wy, by. "
        "Received: Wu, Wr, Wc, bu, bc, Wy, by. Missing: br.",
    ),
    (
        lambda folder: rnn_forward(XT, A0, RNN),
        ValueError,
        "`x` must have shape (n_x, m, T_x). Received: (3, 6).",
    ),
    (
        lambda folder: rnn_forward(X, A0, RNN | {"Waa": np.eye(3)}),
        ValueError,
        "`parameters['Waa']` must have shape (n_a=4, n_a=4). Received: (3, 3).",
    ),
    (
        lambda folder: lstm_forward(X, A0[:, :2], LSTM),
        ValueError,
        "`a0` must have shape (n_a, m=6). Received: (4, 2). `x` of shape (3, 6, 5) sets m=6.",
    ),
    (
        lambda folder: lstm_forward(X, A0, without(LSTM, "Wo")),
        ValueError,
        "`parameters` must have the keys Wf, Wi, Wc, Wo, bf, bi, bc, bo, Wy, by. "
        "Received: Wf, Wi, Wc, bf, bi, bc, bo, Wy, by. Missing: Wo.",
    ),
    (
        lambda folder: gru_forward(np.full((3, 6, 5), np.nan), A0, GRU),
        ValueError,
        "`x` must hold finite numbers only. Received: 90 NaN and 0 infinite of 90 values, the first"
        " at [0, 0, 0]. Remove or replace them.",
    ),
    (
        lambda folder: gru_forward(X, A0, without(GRU, "Wy")),
        ValueError,
        "`parameters` must have the keys Wu, Wc, Wr, bu, bc, br, Wy, by. "
        "Received: Wu, Wr, Wc, bu, br, bc, by. Missing: Wy.",
    ),
    (
        lambda folder: rnn_cell_backward(A0, LSTM_CACHES[0][0]),
        TypeError,
        "`cache` must be the tuple (a_next, a_prev, xt, parameters). Received: tuple of 10.",
    ),
    (
        lambda folder: lstm_cell_backward(A0, C0, [1]),
        TypeError,
        "`cache` must be the tuple (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, "
        "parameters). Received: list.",
    ),
    (
        lambda folder: rnn_cell_backward(A0[:, :5], RNN_CACHES[0][0]),
        ValueError,
        "`da_next` must have shape (n_a=4, m=6). Received: (4, 5). The cache sets n_a=4 and m=6.",
    ),
    (
        lambda folder: lstm_cell_backward(A0[:3], C0, LSTM_CACHES[0][0]),
        ValueError,
        "`da_next` must have shape (n_a=4, m=6). Received: (3, 6). The cache sets n_a=4 and m=6.",
    ),
    (
        lambda folder: lstm_cell_backward(A0, C0[:3], LSTM_CACHES[0][0]),
        ValueError,
        "`dc_next` must have shape (n_a=4, m=6). Received: (3, 6). The cache sets n_a=4 and m=6.",
    ),
    (
        lambda folder: rnn_cell_backward(A0, (A0[0], A0, XT, RNN)),
        ValueError,
        "`cache[0]` must have shape (n_a, m). Received: (6,).",
    ),
    (
        lambda folder: rnn_cell_backward(A0, (A0, A0[:, :3], XT, RNN)),
        ValueError,
        "`cache[1]` must have shape (n_a=4, m=6). Received: (4, 3). `cache[0]` sets n_a=4 and m=6.",
    ),
    (
        lambda folder: rnn_cell_backward(A0, (A0, A0, XT, without(RNN, "Wax"))),
        ValueError,
        "`cache[3]` must have the keys Wax, Waa, ba. Received: Waa, ba, Wya, by. Missing: Wax.",
    ),
    (
        lambda folder: gru_cell_backward(A0, (A0, A0)),
        TypeError,
        "`cache` must be the tuple (a_next, a_prev, ut, rt, cct, xt, parameters). "
        "Received: tuple of 2.",
    ),
    (
        lambda folder: gru_cell_backward(A0[0], GRU_CACHES[0][0]),
        ValueError,
        "`da_next` must have shape (n_a=4, m=6). Received: (6,). The cache sets n_a=4 and m=6.",
    ),
    (
        lambda folder: rnn_backward(np.zeros((4, 6, 7)), RNN_CACHES),
        ValueError,
        "`da` must have at most the 5 time steps of the caches. Received: 7.",
    ),
    (
        lambda folder: rnn_backward(DA[:, :3], RNN_CACHES),
        ValueError,
        "`da` must have shape (n_a=4, m=6, T). Received: (4, 3, 5). The caches set n_a=4 and m=6.",
    ),
    (
        lambda folder: lstm_backward(DA, LSTM_CACHES[0]),
        TypeError,
        "`caches` must be the tuple (list of caches, x). Received: list.",
    ),
    (
        lambda folder: lstm_backward(DA, RNN_CACHES),
        TypeError,
        "`caches[0][0]` must be the tuple (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, "
        "parameters). Received: tuple of 4.",
    ),
    (
        lambda folder: gru_backward(DA, ([], X)),
        ValueError,
        "`caches` must hold at least 1 step. Received: 0.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
