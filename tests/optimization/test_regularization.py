"""Regularization: the course's values, Keras, numerical gradients, the football file, bad input."""

from itertools import islice

import numpy as np
import pytest

from dlspec.datasets.football import load_football
from dlspec.nn_basics import deep_network
from dlspec.nn_basics.deep_network import L_model_backward, L_model_forward, compute_cost
from dlspec.optimization.regularization import (
    average_predictions,
    backward_propagation_with_dropout,
    backward_propagation_with_regularization,
    compute_cost_with_regularization,
    forward_propagation,
    forward_propagation_with_dropout,
    gradient_descent,
    l1_penalty,
    l2_penalty,
    model,
    stop_early,
)
from dlspec.testing import assert_close, gradient_check
from tests.complaints import complaints_test

SHAPES = {"W1": (2, 3), "b1": (2, 1), "W2": (3, 2), "b2": (3, 1), "W3": (1, 3), "b3": (1, 1)}


def course_case():
    """Inputs and parameters of the course's checks (seed 1)."""
    random = np.random.RandomState(1)
    return random.randn(3, 5), {name: random.randn(*shape) for name, shape in SHAPES.items()}


X, PARAMETERS = course_case()
Y = np.array([[1, 1, 0, 1, 0]])
A3, CACHE = forward_propagation(X, PARAMETERS)
DROPPED = forward_propagation_with_dropout(X, PARAMETERS, 0.5)[1]
STEPS = [({"W1": np.array([[w]])}, 0.0) for w in (3.0, 2.0, 1.0, 0.0, -1.0, -2.0)]


def from_one(parameters):
    return abs(parameters["W1"].item() - 1)


PURE_CALLS = {
    "average_predictions": ([PARAMETERS, PARAMETERS], X),
    "backward_propagation_with_dropout": (X, Y, DROPPED, 0.8),
    "backward_propagation_with_regularization": (X, Y, CACHE, 0.7),
    "compute_cost_with_regularization": (A3, Y, PARAMETERS, 0.1),
    "forward_propagation": (X, PARAMETERS),
    "forward_propagation_with_dropout": (X, PARAMETERS, 0.7),
    "gradient_descent": (PARAMETERS, X, Y),
    "l1_penalty": (PARAMETERS, 0.7, 5),
    "l2_penalty": (PARAMETERS, 0.7, 5),
    "model": (X, Y, 0.3, 3, False, 0.7, 0.8),
    "stop_early": (STEPS, from_one, 6, 2),
}


# --- The course's values --------------------------------------------------------------------------


def test_cost_course_values():
    """The same draws without the inputs before them."""
    random = np.random.RandomState(1)
    parameters = {name: random.randn(*shape) for name, shape in SHAPES.items()}
    A3 = np.array([[0.40682402, 0.01629284, 0.16722898, 0.10118111, 0.40682402]])
    cost = compute_cost_with_regularization(A3, Y, parameters, lambd=0.1)
    assert_close(cost, 1.7864859451590758, rtol=1e-14)


def test_l2_gradients_course_values():
    grads = backward_propagation_with_regularization(X, Y, CACHE, lambd=0.7)
    expected = {
        "dW1": [[-0.25604646, 0.12298827, -0.28297129], [-0.17706303, 0.34536094, -0.4410571]],
        "dW2": [[0.79276486, 0.85133918], [-0.0957219, -0.01720463], [-0.13100772, -0.03750433]],
        "dW3": [[-1.77691347, -0.11832879, -0.09397446]],
    }
    assert_close({name: grads[name] for name in expected}, expected, atol=5e-8)
    order = ["dZ3", "dW3", "db3", "dA2", "dZ2", "dW2", "db2", "dA1", "dZ1", "dW1", "db1"]
    assert [*grads] == order


def test_dropout_course_values():
    A3, _ = forward_propagation_with_dropout(X, PARAMETERS, keep_prob=0.7)
    assert_close(A3, [[0.36974721, 0.00305176, 0.04565099, 0.49683389, 0.36974721]], atol=5e-9)
    grads = backward_propagation_with_dropout(X, Y, DROPPED, keep_prob=0.8)
    expected = {
        "dA1": [[0.36544439, 0, -0.00188233, 0, -0.17408748], [0.65515713, 0, -0.00337459, 0, 0]],
        "dA2": [
            [0.58180856, 0, -0.00299679, 0, -0.27715731],
            [0, 0.53159854, 0, 0.53159854, -0.34089673],
            [0, 0, -0.00292733, 0, 0],
        ],
    }
    assert_close({name: grads[name] for name in expected}, expected, atol=6e-9)


FOOTBALL = {
    "none": ({}, 200 / 211, 0.915, [0.6557412523, 0.1632998753, 0.1385164242]),
    "L2": ({"lambd": 0.7}, 198 / 211, 0.93, [0.6974484493, 0.2684918873, 0.2680916337]),
    "dropout": ({"keep_prob": 0.86}, 196 / 211, 0.95, [0.6543912405, 0.0610169866, 0.0605824358]),
}
"""The course prints 94.79, 93.84 and 92.89 % on 211 training points, and costs every 10,000."""


@pytest.mark.course_data
@pytest.mark.parametrize("case", FOOTBALL)
def test_the_football_file_gives_the_course_accuracies_and_costs(case, course_data, capsys):
    options, train, test, costs = FOOTBALL[case]
    data = load_football(course_data)
    parameters = model(data.X_train, data.Y_train, **options)
    lines = capsys.readouterr().out.splitlines()
    assert lines == [f"Cost after iteration {10000 * i}: {c:.6f}" for i, c in enumerate(costs)]
    for X, Y, share in (
        (data.X_train, data.Y_train, train),
        (data.X_test, data.Y_test, test),
    ):
        assert_close(np.mean((L_model_forward(X, parameters)[0] > 0.5) == Y), share, rtol=1e-12)


def test_on_the_generated_pitch_regularization_trades_training_for_test_accuracy():
    """The story of the exercise, as an inequality."""
    data = load_football()
    train, test = {}, {}
    for name, (options, *_) in FOOTBALL.items():
        parameters = model(data.X_train, data.Y_train, 0.3, 12000, False, **options)
        for shares, X, Y in (
            (train, data.X_train, data.Y_train),
            (test, data.X_test, data.Y_test),
        ):
            shares[name] = np.mean((L_model_forward(X, parameters)[0] > 0.5) == Y)
    assert train["none"] > max(train["L2"], train["dropout"])
    assert test["L2"] > test["none"]
    assert train["none"] - test["none"] > train["dropout"] - test["dropout"]


# --- Numerical gradients --------------------------------------------------------------------------


@pytest.mark.parametrize("lambd", [0, 0.7, 5])
def test_l2_passes_the_gradient_check(lambd):
    def cost(parameters):
        A3, _ = forward_propagation(X, parameters)
        return compute_cost_with_regularization(A3, Y, parameters, lambd)

    gradient_check(cost, PARAMETERS, backward_propagation_with_regularization(X, Y, CACHE, lambd))


@pytest.mark.parametrize("penalty", [l1_penalty, l2_penalty])
def test_penalties_pass_the_gradient_check(penalty):
    _, grads = penalty(PARAMETERS, 0.7, 5)
    biases = {f"d{name}": np.zeros(p.shape) for name, p in PARAMETERS.items() if name[0] == "b"}
    gradient_check(lambda p: penalty(p, 0.7, 5)[0], PARAMETERS, grads | biases)


@pytest.mark.parametrize("keep_prob", [0.3, 0.8, 1])
def test_dropout_passes_the_gradient_check_while_the_masks_hold_still(keep_prob):
    """The course's seed makes the cost a function of the parameters."""
    random = np.random.default_rng(1)
    X, Y = random.normal(size=(3, 9)), random.integers(0, 2, size=(1, 9))

    def forward(parameters):
        return forward_propagation_with_dropout(X, parameters, keep_prob)

    gradient_check(
        lambda p: compute_cost(forward(p)[0], Y),
        PARAMETERS,
        backward_propagation_with_dropout(X, Y, forward(PARAMETERS)[1], keep_prob),
    )


# --- A second route -------------------------------------------------------------------------------


def test_penalties_are_keras_regularizers():
    import keras

    m, lambd = 4, 0.5  # Keras reads the factor as float32: 1/16 has no digits to lose
    with np.errstate(all="ignore"):
        for ours, theirs in (
            (l2_penalty, keras.regularizers.L2(lambd / (2 * m))),
            (l1_penalty, keras.regularizers.L1(lambd / (2 * m))),
        ):
            kernels = [p.T for name, p in PARAMETERS.items() if name[0] == "W"]
            expected = sum(float(theirs(keras.ops.convert_to_tensor(k))) for k in kernels)
            assert_close(ours(PARAMETERS, lambd, m)[0], expected, rtol=1e-12)


def test_dropout_is_a_keras_network_with_the_same_masks():
    """Kept units are scaled by 1 / keep_prob after the activation; gradients by autodiff."""
    import keras
    import tensorflow as tf

    keep_prob = 0.8
    A3, cache = forward_propagation_with_dropout(X, PARAMETERS, keep_prob)
    masks = [cache[1], cache[6]]
    with np.errstate(all="ignore"):
        variables = {name: tf.Variable(p) for name, p in PARAMETERS.items()}
        with tf.GradientTape() as tape:
            A = tf.constant(X)
            for l, mask in enumerate(masks, start=1):
                A = keras.ops.relu(variables[f"W{l}"] @ A + variables[f"b{l}"]) * mask / keep_prob
            Z = variables["W3"] @ A + variables["b3"]
            losses = keras.ops.binary_crossentropy(tf.constant(Y, tf.float64), Z, from_logits=True)
            cost = keras.ops.mean(losses)
        gradients = tape.gradient(cost, variables)
        theirs = {f"d{name}": gradient.numpy() for name, gradient in gradients.items()}
        assert_close(A3, tf.sigmoid(Z).numpy(), rtol=1e-12)
    grads = backward_propagation_with_dropout(X, Y, cache, keep_prob)
    assert_close({name: grads[name] for name in theirs}, theirs, rtol=1e-10)


def test_dropout_by_hand():
    """The masks are np.random.seed(1)'s, layer after layer; kept units grow by 1 / keep_prob."""
    random = np.random.RandomState(1)
    D1, D2 = random.rand(2, 5) < 0.5, random.rand(3, 5) < 0.5
    Z1, M1, A1, W1, b1, Z2, M2, A2, W2, b2, Z3, AL, W3, b3 = DROPPED
    assert (M1 == D1).all()
    assert (M2 == D2).all()
    assert_close(A1, np.maximum(0, W1 @ X + b1) * D1 / 0.5, rtol=1e-14)
    assert_close(A2, np.maximum(0, W2 @ A1 + b2) * D2 / 0.5, rtol=1e-14)
    assert_close((Z1, Z2, Z3), (W1 @ X + b1, W2 @ A1 + b2, W3 @ A2 + b3), rtol=1e-14)
    assert_close(AL, 1 / (1 + np.exp(-Z3)), rtol=1e-13)


def test_dropout_keeps_the_expected_activation():
    X = np.full((1, 200_000), 2.0)
    one = {"W1": np.ones((1, 1)), "b1": np.zeros((1, 1)), "W2": np.ones((1, 1)), "b2": [[0.0]]}
    _, (_, D1, A1, *_) = forward_propagation_with_dropout(X, one, keep_prob=0.8)
    assert abs(D1.mean() - 0.8) < 0.004  # four standard errors
    assert set(np.unique(A1)) == {0.0, 2.5}


def test_nothing_dropped_and_nothing_penalised_is_the_engine_of_course_1():
    AL, caches = L_model_forward(X, PARAMETERS)
    expected = L_model_backward(AL, Y, caches)
    del expected["dA0"]
    kept, cache = forward_propagation_with_dropout(X, PARAMETERS, keep_prob=1)
    assert_close(kept, AL, rtol=0)
    for grads in (
        backward_propagation_with_dropout(X, Y, cache, 1),
        backward_propagation_with_regularization(X, Y, CACHE, 0),
    ):
        assert_close({name: grads[name] for name in expected}, expected, rtol=1e-12)
    assert_close(
        compute_cost_with_regularization(AL, Y, PARAMETERS, 0), compute_cost(AL, Y), rtol=0
    )
    own = gradient_descent(PARAMETERS, X, Y)
    theirs = deep_network.gradient_descent(PARAMETERS, X, Y, 0.3)
    for _ in range(20):
        (parameters, cost), (expected, expected_cost) = next(own), next(theirs)
        assert_close(cost, expected_cost, rtol=1e-12)
        assert_close(parameters, expected, rtol=1e-10)


@pytest.mark.parametrize(("lambd", "keep_prob"), [(0.7, 1), (0, 0.8), (0.7, 0.8)])
def test_descent_equals_the_graded_functions_put_together(lambd, keep_prob):
    own, steps = PARAMETERS, gradient_descent(PARAMETERS, X, Y, lambd=lambd, keep_prob=keep_prob)
    for parameters, cost in islice(steps, 5):
        AL, cache = forward_propagation_with_dropout(X, own, keep_prob)
        assert_close(cost, compute_cost_with_regularization(AL, Y, own, lambd), rtol=1e-12)
        grads = backward_propagation_with_dropout(X, Y, cache, keep_prob)
        _, more = l2_penalty(own, lambd, 5)
        own = {
            name: p - 0.3 * (grads[f"d{name}"] + more.get(f"d{name}", 0)) for name, p in own.items()
        }
        assert_close(parameters, own, rtol=1e-12)


def test_l1_makes_weights_small_where_l2_only_shrinks_them():
    steps = gradient_descent(PARAMETERS, X, Y, 0.05, lambd=0.4, penalty="l1")
    parameters, cost = next(steps)
    AL, cache = forward_propagation(X, PARAMETERS)
    grads = backward_propagation_with_regularization(X, Y, cache, 0)
    step = grads["dW2"] + 0.04 * np.sign(PARAMETERS["W2"])  # lambda / (2m) = 0.04
    assert_close(parameters["W2"], PARAMETERS["W2"] - 0.05 * step, rtol=1e-12)
    sizes = sum(np.abs(p).sum() for name, p in PARAMETERS.items() if name[0] == "W")
    assert_close(cost, compute_cost(AL, Y) + 0.04 * sizes, rtol=1e-12)


def test_masks_are_the_same_in_all_steps_unless_fresh_ones_are_asked_for():
    """Twelve steps that change next to nothing show the masks in the cost."""
    for fresh, different in ((False, 1), (True, 8)):
        steps = gradient_descent(PARAMETERS, X, Y, 1e-12, keep_prob=0.5, fresh_masks=fresh)
        costs = {round(cost, 6) for _, cost in islice(steps, 12)}
        assert len(costs) >= different
        assert fresh or len(costs) == 1


# --- The loop -------------------------------------------------------------------------------------


def test_model_prints_every_ten_thousandth_cost_only_when_asked(capsys):
    model(X, Y, num_iterations=10001)
    assert [line.split()[3] for line in capsys.readouterr().out.splitlines()] == ["0:", "10000:"]
    model(X, Y, num_iterations=1, print_cost=False)
    assert capsys.readouterr().out == ""


def test_model_starts_from_the_course_weights():
    random = np.random.RandomState(3)
    parameters = model(X, Y, num_iterations=0)
    assert [p.shape for p in parameters.values()][::2] == [(20, 3), (3, 20), (1, 3)]
    assert_close(parameters["W1"], random.randn(20, 3) / np.sqrt(3), rtol=1e-15)
    assert_close(parameters["W2"], random.randn(3, 20) / np.sqrt(20), rtol=1e-15)


def test_ctrl_c_ends_the_training_with_what_was_learned(monkeypatch, capsys):
    from dlspec.optimization import regularization

    def stopped(*args, **options):
        yield from islice(gradient_descent(*args, **options), 3)
        raise KeyboardInterrupt

    monkeypatch.setattr(regularization, "gradient_descent", stopped)
    parameters = model(X, Y, num_iterations=50, lambd=0.1)
    message = "Stopped after 3 of 50 iterations, with what was learned so far."
    assert capsys.readouterr().out.splitlines()[-1] == message
    monkeypatch.undo()
    assert_close(parameters, model(X, Y, num_iterations=3, print_cost=False, lambd=0.1), rtol=0)


# --- Early stopping and ensembles -----------------------------------------------------------------


def test_early_stopping_returns_to_the_best_step():
    best = stop_early(STEPS, from_one, num_iterations=6, patience=2)
    assert best.step == 3
    assert_close(best.parameters, {"W1": [[1.0]]})
    assert best.dev_costs == [2, 1, 0, 1, 2]


def test_early_stopping_measures_only_as_often_as_asked_and_ends_in_time():
    best = stop_early(STEPS, from_one, num_iterations=5, patience=3, every=2)
    assert (best.step, best.dev_costs) == (2, [1, 1])
    assert stop_early(STEPS, from_one, num_iterations=2).step == 2


def test_early_stopping_keeps_copies_of_parameters_that_go_on_changing():
    parameters = {"W1": np.array([[2.0]])}

    def steps():
        for _ in range(9):
            parameters["W1"] -= 1
            yield parameters, 0.0

    assert_close(stop_early(steps(), from_one, 9, patience=3).parameters, {"W1": [[1.0]]})


@pytest.mark.parametrize("patience", [1, 2, 3])
def test_early_stopping_stops_where_keras_does(patience):
    import keras

    costs = [5.0, 4.0, 4.5, 3.0, 3.0, 3.5, 2.0, 9.0, 9.0, 9.0, 1.0]
    steps = [({"W1": np.array([[c]])}, 0.0) for c in costs]
    best = stop_early(steps, lambda p: p["W1"].item(), len(costs), patience)
    with np.errstate(all="ignore"):
        theirs = keras.callbacks.EarlyStopping("loss", patience=patience, restore_best_weights=True)
        theirs.set_model(keras.Sequential([keras.layers.Dense(1)]))
        theirs.model.build((None, 1))
        theirs.model.stop_training = False
        theirs.on_train_begin()
        for epoch, cost in enumerate(costs):
            theirs.on_epoch_end(epoch, {"loss": cost})
            if theirs.model.stop_training:
                break
    assert best.step == theirs.best_epoch + 1
    assert len(best.dev_costs) == epoch + 1


def test_an_ensemble_is_the_mean_and_no_worse_than_its_members_on_average():
    random = np.random.default_rng(0)
    models = [
        {"W1": random.normal(size=(1, 3)), "b1": random.normal(size=(1, 1))} for _ in range(4)
    ]
    predictions = [L_model_forward(X, parameters)[0] for parameters in models]
    mean = average_predictions(models, X)
    assert_close(mean, sum(predictions) / 4, rtol=1e-13)
    assert compute_cost(mean, Y) < np.mean([compute_cost(A, Y) for A in predictions])


# --- Complaints -----------------------------------------------------------------------------------

NO_KEYS = "`parameters` must have the keys W1, b1. Received: an empty dictionary. Missing: W1, b1."
LAMBDA = "`lambd` must be in [0, inf). Received: -1."
KEEP = "`keep_prob` must be in (0, 1]. Received: {}."
FORM = "`cache` must be (Z1, {}A1, W1, b1, ..., ZL, AL, WL, bL). Received: {} entries."
LABELS = "`Y` must hold only 0 and 1. Received: 1 other value such as 2."
FLAT_X = "`X` must have shape (n_x, m). Received: (5,)."
ODD = np.array([[1, 1, 0, 1, 2]])

COMPLAINTS = [
    (lambda folder: forward_propagation(X[0], PARAMETERS), ValueError, FLAT_X),
    (lambda folder: forward_propagation(X, {}), ValueError, NO_KEYS),
    (lambda folder: l2_penalty({}, 1, 1), ValueError, NO_KEYS),
    (lambda folder: l2_penalty(PARAMETERS, -1, 1), ValueError, LAMBDA),
    (
        lambda folder: l2_penalty(PARAMETERS, np.inf, 1),
        ValueError,
        "`lambd` must be in [0, inf). Received: inf.",
    ),
    (
        lambda folder: l2_penalty(PARAMETERS, 1, 0),
        ValueError,
        "`m` must be at least 1. Received: 0.",
    ),
    (lambda folder: l1_penalty({}, 1, 1), ValueError, NO_KEYS),
    (
        lambda folder: compute_cost_with_regularization(A3[0], Y, PARAMETERS, 1),
        ValueError,
        "`A3` must have shape (n_y, m). Received: (5,).",
    ),
    (
        lambda folder: compute_cost_with_regularization([[0.5, 1.5]], [[1, 0]], PARAMETERS, 1),
        ValueError,
        "`A3` must lie in [0, 1]. Received: 1 other value such as 1.5. Logits become "
        "probabilities by sigmoid or softmax.",
    ),
    (
        lambda folder: compute_cost_with_regularization(A3, Y[:, :3], PARAMETERS, 1),
        ValueError,
        "`Y` must have shape (n_y=1, m=5). Received: (1, 3). `A3` of shape (1, 5) sets n_y=1, m=5.",
    ),
    (lambda folder: compute_cost_with_regularization(A3, Y, {}, 1), ValueError, NO_KEYS),
    (lambda folder: compute_cost_with_regularization(A3, Y, PARAMETERS, -1), ValueError, LAMBDA),
    (
        lambda folder: backward_propagation_with_regularization(X, Y, DROPPED, 1),
        ValueError,
        FORM.format("", 14),
    ),
    (
        lambda folder: backward_propagation_with_regularization(X, ODD, CACHE, 1),
        ValueError,
        LABELS,
    ),
    (
        lambda folder: backward_propagation_with_regularization(X, Y, CACHE, -1),
        ValueError,
        LAMBDA,
    ),
    (lambda folder: forward_propagation_with_dropout(X[0], PARAMETERS), ValueError, FLAT_X),
    (
        lambda folder: forward_propagation_with_dropout(X, PARAMETERS, 0),
        ValueError,
        KEEP.format(0),
    ),
    (
        lambda folder: forward_propagation_with_dropout(X, PARAMETERS, 1.01),
        ValueError,
        KEEP.format(1.01),
    ),
    (
        lambda folder: forward_propagation_with_dropout(X, PARAMETERS, None),
        TypeError,
        "`keep_prob` must be a real number. Received: None (NoneType).",
    ),
    (
        lambda folder: backward_propagation_with_dropout(X, Y, CACHE, 0.5),
        ValueError,
        FORM.format("D1, ", 12),
    ),
    (
        lambda folder: backward_propagation_with_dropout(
            X, Y, (DROPPED[0], DROPPED[0], *DROPPED[2:]), 0.5
        ),
        ValueError,
        "`cache[1]` must hold only 0 and 1. Received: 10 other values such as -1.98044, -1.52855, "
        "-0.759421.",
    ),
    (lambda folder: backward_propagation_with_dropout(X, ODD, DROPPED, 0.5), ValueError, LABELS),
    (
        lambda folder: backward_propagation_with_dropout(X, Y, DROPPED, 0),
        ValueError,
        KEEP.format(0),
    ),
    (lambda folder: gradient_descent(PARAMETERS, X[0], Y), ValueError, FLAT_X),
    (lambda folder: gradient_descent(PARAMETERS, X, ODD), ValueError, LABELS),
    (
        lambda folder: gradient_descent(PARAMETERS, X, Y, penalty="l3"),
        ValueError,
        "`penalty` must be a known name. Received: 'l3'. Did you mean l2? Known: l2, l1.",
    ),
    (lambda folder: gradient_descent(PARAMETERS, X, Y, lambd=-1), ValueError, LAMBDA),
    (
        lambda folder: gradient_descent(PARAMETERS, X, Y, keep_prob=0),
        ValueError,
        KEEP.format(0),
    ),
    (
        lambda folder: gradient_descent(PARAMETERS, X, Y, 0),
        ValueError,
        "`learning_rate` must be a positive finite number. Received: 0.",
    ),
    (lambda folder: model(X, ODD), ValueError, LABELS),
    (
        lambda folder: model(X, Y, num_iterations=-1),
        ValueError,
        "`num_iterations` must be at least 0. Received: -1.",
    ),
    (lambda folder: model(X, Y, keep_prob=-0.5), ValueError, KEEP.format(-0.5)),
    (
        lambda folder: stop_early(STEPS, from_one, 0),
        ValueError,
        "`num_iterations` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: stop_early(STEPS, from_one, 5, patience=0),
        ValueError,
        "`patience` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: stop_early(STEPS, from_one, 5, every=6),
        ValueError,
        "`every` must be at most num_iterations=5. Received: 6.",
    ),
    (
        lambda folder: stop_early(STEPS, 0.5, 5),
        TypeError,
        "`dev_cost` must be a function of parameters. Received: float.",
    ),
    (
        lambda folder: stop_early(STEPS, lambda p: np.nan, 5),
        ValueError,
        "`dev_cost(parameters)` must be a finite number. Received: nan.",
    ),
    (
        lambda folder: stop_early([], from_one, 5, every=2),
        ValueError,
        "`steps` must reach step 2. Received: fewer steps.",
    ),
    (
        lambda folder: average_predictions(PARAMETERS, X),
        TypeError,
        "`models` must be a list of dictionaries. Received: dict.",
    ),
    (
        lambda folder: average_predictions([], X),
        ValueError,
        "`models` must hold at least one model. Received: an empty list.",
    ),
    (
        lambda folder: average_predictions(
            [PARAMETERS, {"W1": np.ones((2, 3)), "b1": np.ones((2, 1))}], X
        ),
        ValueError,
        "`models` must have as many outputs each. Received: [1, 2].",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
