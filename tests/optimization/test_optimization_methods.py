"""Optimizers: the course's values, Keras step by step, hand-made steps, bad input."""

from itertools import islice

import numpy as np
import pytest

from dlspec.datasets.circles_and_moons import make_moons
from dlspec.nn_basics.deep_network import (
    L_model_backward,
    L_model_forward,
    compute_cost,
    gradient_descent,
)
from dlspec.optimization.initialization import initialize_parameters_he
from dlspec.optimization.optimization_methods import (
    exponential_decay,
    exponentially_weighted_average,
    initialize_adam,
    initialize_rmsprop,
    initialize_state,
    initialize_velocity,
    inverse_sqrt_decay,
    mini_batch_descent,
    model,
    random_mini_batches,
    schedule_lr_decay,
    update_lr,
    update_parameters_with_adam,
    update_parameters_with_gd,
    update_parameters_with_momentum,
    update_parameters_with_rmsprop,
)
from dlspec.testing import assert_close
from tests.complaints import complaints_test

SHAPES = {"W1": (2, 3), "b1": (2, 1), "W2": (3, 3), "b2": (3, 1)}


def drawn(random, prefix=""):
    return {f"{prefix}{name}": random.randn(*shape) for name, shape in SHAPES.items()}


def course_case():
    """Parameters and gradients of the course's checks (seed 1; its W1 and W2 do not chain)."""
    random = np.random.RandomState(1)
    return drawn(random), drawn(random, "d")


PARAMETERS, GRADS = course_case()
ZEROS = {f"d{name}": np.zeros(shape) for name, shape in SHAPES.items()}
X, Y = np.array([[1.0, -2.0, 0.5], [0.25, 3.0, -1.0]]), np.array([[1, 0, 1]])
CHAIN = {
    "W1": np.ones((3, 2)),
    "b1": np.zeros((3, 1)),
    "W2": np.ones((1, 3)),
    "b2": np.ones((1, 1)),
}
STATE = CHAIN | {"t": 0, "epoch": 0}
V = {f"d{name}": np.zeros(p.shape) for name, p in CHAIN.items()}

PURE_CALLS = {
    "exponential_decay": (0.1, 3, 0.9),
    "exponentially_weighted_average": (np.arange(5.0), 0.9),
    "initialize_adam": (PARAMETERS,),
    "initialize_rmsprop": (PARAMETERS,),
    "initialize_state": (CHAIN, "adam"),
    "initialize_velocity": (PARAMETERS,),
    "inverse_sqrt_decay": (0.1, 3),
    "mini_batch_descent": (STATE, X, Y, "gd", 0.1, 2),
    "model": (X, Y, [2, 3, 1], "adam", 0.1, 2, 0.9, 0.9, 0.999, 1e-8, 3, False),
    "random_mini_batches": (X, Y, 2),
    "schedule_lr_decay": (0.1, 3, 0.9),
    "update_lr": (0.1, 3, 0.9),
    "update_parameters_with_adam": (PARAMETERS, GRADS, ZEROS, ZEROS, 1),
    "update_parameters_with_gd": (PARAMETERS, GRADS, 0.1),
    "update_parameters_with_momentum": (PARAMETERS, GRADS, ZEROS, 0.9, 0.1),
    "update_parameters_with_rmsprop": (PARAMETERS, GRADS, ZEROS, 0.9, 0.1),
}


# --- The course's values: single steps (edition 2017-2020) ----------------------------------------


def test_gradient_descent_course_values():
    expected = {
        "W1": [[1.63535156, -0.62320365, -0.53718766], [-1.07799357, 0.85639907, -2.29470142]],
        "b1": [[1.74604067], [-0.75184921]],
        "W2": [
            [0.32171798, -0.25467393, 1.46902454],
            [-2.05617317, -0.31554548, -0.3756023],
            [1.1404819, -1.09976462, -0.1612551],
        ],
        "b2": [[-0.88020257], [0.02561572], [0.57539477]],
    }
    assert_close(update_parameters_with_gd(PARAMETERS, GRADS, 0.01), expected, atol=5e-9)


V_AFTER_ONE_STEP = {
    "dW1": [[-0.11006192, 0.11447237, 0.09015907], [0.05024943, 0.09008559, -0.06837279]],
    "db1": [[-0.01228902], [-0.09357694]],
    "dW2": [
        [-0.02678881, 0.05303555, -0.06916608],
        [-0.03967535, -0.06871727, -0.08452056],
        [-0.06712461, -0.00126646, -0.11173103],
    ],
    "db2": [[0.02344157], [0.16598022], [0.07420442]],
}


def test_momentum_course_values():
    assert_close(initialize_velocity(PARAMETERS), ZEROS)
    parameters, v = update_parameters_with_momentum(PARAMETERS, GRADS, ZEROS, 0.9, 0.01)
    expected = {
        "W1": [[1.62544598, -0.61290114, -0.52907334], [-1.07347112, 0.86450677, -2.30085497]],
        "b1": [[1.74493465], [-0.76027113]],
        "W2": [
            [0.31930698, -0.24990073, 1.4627996],
            [-2.05974396, -0.32173003, -0.38320915],
            [1.13444069, -1.0998786, -0.1713109],
        ],
        "b2": [[-0.87809283], [0.04055394], [0.58207317]],
    }
    assert_close(parameters, expected, atol=5e-9)
    assert_close(v, V_AFTER_ONE_STEP, atol=5e-9)


def test_adam_course_values():
    """With t = 2 from averages of 0, as the course checks it.

    The published W2[2, 1] comes from sqrt(s + eps); the paper's sqrt(s) + eps, which the course's
    own text has, differs from it by 4.5e-7.
    """
    v, s = initialize_adam(PARAMETERS)
    assert_close((v, s), (ZEROS, ZEROS))
    parameters, v, s, v_corrected, s_corrected = update_parameters_with_adam(
        PARAMETERS, GRADS, v, s, t=2
    )
    expected = {
        "W1": [[1.63178673, -0.61919778, -0.53561312], [-1.08040999, 0.85796626, -2.29409733]],
        "b1": [[1.75225313], [-0.75376553]],
        "W2": [
            [0.32648046, -0.25681174, 1.46954931],
            [-2.05269934, -0.31497584, -0.37661299],
            [1.14121081, -1.09245036, -0.16498684],
        ],
        "b2": [[-0.88529978], [0.03477238], [0.57537385]],
    }
    assert_close(parameters, expected, atol=6e-7)
    assert_close(v, V_AFTER_ONE_STEP, atol=5e-9)
    squares = {
        "dW1": [[0.00121136, 0.00131039, 0.00081287], [0.0002525, 0.00081154, 0.00046748]],
        "db1": [[1.51020075e-05], [8.75664434e-04]],
        "dW2": [
            [7.17640232e-05, 2.81276921e-04, 4.78394595e-04],
            [1.57413361e-04, 4.72206320e-04, 7.14372576e-04],
            [4.50571368e-04, 1.60392066e-07, 1.24838242e-03],
        ],
        "db2": [[5.49507194e-05], [2.75494327e-03], [5.50629536e-04]],
    }
    assert_close(s, squares, atol=5e-9)
    assert_close(v_corrected, {name: value / 0.19 for name, value in v.items()}, rtol=1e-13)
    assert_close(s_corrected, {name: value / 0.001999 for name, value in s.items()}, rtol=1e-12)


def test_mini_batches_course_values():
    random = np.random.RandomState(1)
    X, Y = random.randn(12288, 148), random.randn(1, 148) < 0.5
    batches = random_mini_batches(X, Y, 64, seed=0)
    shapes = [(X_part.shape, Y_part.shape) for X_part, Y_part in batches]
    assert shapes == [((12288, n), (1, n)) for n in (64, 64, 20)]
    assert_close(batches[0][0][0, :3], [0.90085595, -0.7612069, 0.2344157], rtol=1e-7)


def test_learning_rates_course_values():
    assert_close(update_lr(0.5, epoch_num=2, decay_rate=1), 0.5 / 3)
    assert schedule_lr_decay(0.5, 10, 0.3, time_interval=100) == 0.5
    assert schedule_lr_decay(0.5, 100, 0.3, time_interval=100) == 0.3846153846153846


# --- The course's values: 5000 epochs on the moons ------------------------------------------------

MOONS = make_moons()

EXPERIMENTS = {
    "gd": (0.7167, [0.702405, 0.668101, 0.635288, 0.600491, 0.573367]),
    "momentum": (0.7167, [0.702413, 0.668167, 0.635388, 0.600591, 0.573444]),
    "adam": (0.9433, [0.702166, 0.167845, 0.141316, 0.138788, 0.136066]),
    "gd inverse_time 0.1": (0.6533, [0.701091, 0.661884, 0.658620, 0.656765, 0.655486]),
    "gd staircase 0.1": (0.9433, [0.701091, 0.127161, 0.120304, 0.117033, 0.117512]),
    "momentum staircase 0.1": (0.9533, [0.702226, 0.128974, 0.125965, 0.123375, 0.123218]),
    "adam staircase 0.01": (0.94, [0.699346, 0.130074, 0.129826, 0.129282, 0.128361]),
}


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_moons_give_the_course_accuracies_and_costs(experiment, capsys):
    accuracy, costs = EXPERIMENTS[experiment]
    optimizer, decay, rate = [*experiment.split(), None, 0.0007][:3]
    parameters = model(*MOONS, [2, 5, 2, 1], optimizer, float(rate), decay=decay)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(",")[0] for line in lines] == [
        f"Cost after epoch {1000 * i}: {cost:.6f}" for i, cost in enumerate(costs)
    ]
    X, Y = MOONS
    predictions = L_model_forward(X, parameters)[0] > 0.5
    assert round(float(np.mean(predictions == Y)), 4) == accuracy


# --- A second route: Keras, step by step ----------------------------------------------------------
# Keras reads rates and betas as float32: those below have no digits to lose.


def keras_steps(optimizer, before_step=lambda t: None, steps=6):
    """What a Keras optimizer makes of PARAMETERS and one set of random gradients a step."""
    import keras

    with np.errstate(all="ignore"):
        names = list(SHAPES)
        variables = [keras.Variable(PARAMETERS[name], dtype="float64") for name in names]
        optimizer.build(variables)
        for t, grads in enumerate(islice(random_gradients(), steps), start=1):
            before_step(t)
            gradients = [keras.ops.convert_to_tensor(grads[f"d{name}"]) for name in names]
            optimizer.apply(gradients, variables)
            values = [keras.ops.convert_to_numpy(v) for v in variables]
            yield t, grads, dict(zip(names, values, strict=True))


def random_gradients():
    random = np.random.RandomState(7)
    while True:
        yield drawn(random, "d")


def test_momentum_is_keras_sgd_at_a_smaller_learning_rate():
    """No (1 - beta) in Keras."""
    import keras

    own, v = PARAMETERS, ZEROS
    for _, grads, theirs in keras_steps(keras.optimizers.SGD(0.5 * (1 - 0.875), momentum=0.875)):
        own, v = update_parameters_with_momentum(own, grads, v, 0.875, 0.5)
        assert_close(own, theirs, rtol=1e-12)


def test_gradient_descent_is_keras_sgd():
    import keras

    own = PARAMETERS
    for _, grads, theirs in keras_steps(keras.optimizers.SGD(0.0625)):
        own = update_parameters_with_gd(own, grads, 0.0625)
        assert_close(own, theirs, rtol=1e-12)


def test_rmsprop_is_keras_rmsprop_but_for_the_place_of_epsilon():
    """theta -= alpha g / (sqrt s + eps) here, alpha g / sqrt(s + eps) there: one gradient of 1."""
    import keras

    own, s = PARAMETERS, ZEROS
    optimizer = keras.optimizers.RMSprop(0.0625, rho=0.9, epsilon=1e-30)
    for _, grads, theirs in keras_steps(optimizer):
        own, s = update_parameters_with_rmsprop(own, grads, s, 0.9, 0.0625, epsilon=1e-30)
        assert_close(own, theirs, rtol=1e-12)
    zero, one = {"W": np.zeros((1, 1))}, {"dW": np.ones((1, 1))}
    ours, _ = update_parameters_with_rmsprop(zero, one, {"dW": np.zeros((1, 1))}, 0.75, 1.0, 0.5)
    assert_close(ours["W"], [[-1 / (0.5 + 0.5)]])
    with np.errstate(all="ignore"):
        variable = keras.Variable([[0.0]], dtype="float64")
        keras.optimizers.RMSprop(1.0, rho=0.75, epsilon=0.5).apply(
            [keras.ops.ones((1, 1), dtype="float64")], [variable]
        )
        assert_close(keras.ops.convert_to_numpy(variable), [[-1 / np.sqrt(0.25 + 0.5)]])


def test_adam_is_keras_adam_with_epsilon_rescaled():
    """Keras applies the corrections to alpha, which leaves eps sqrt(1 - beta2^t) of our eps."""
    import keras

    epsilon = 0.125  # large, so that its place shows
    optimizer = keras.optimizers.Adam(0.0625, beta_1=0.875, beta_2=0.96875)

    def rescale(t):
        optimizer.epsilon = epsilon * np.sqrt(1 - 0.96875**t)

    own, v, s = PARAMETERS, ZEROS, ZEROS
    for t, grads, theirs in keras_steps(optimizer, rescale):
        own, v, s, *_ = update_parameters_with_adam(
            own, grads, v, s, t, 0.0625, 0.875, 0.96875, epsilon
        )
        assert_close(own, theirs, rtol=1e-11)


def test_decays_are_keras_schedules():
    import keras

    schedules = keras.optimizers.schedules
    twins = [
        (update_lr, schedules.InverseTimeDecay(0.5, 1, 0.3)),
        (schedule_lr_decay, schedules.InverseTimeDecay(0.5, 1000, 0.3, staircase=True)),
        (exponential_decay, schedules.ExponentialDecay(0.5, 1, 0.3)),
    ]
    with np.errstate(all="ignore"):
        for ours, theirs in twins:
            for epoch in (0, 1, 2, 7, 999, 1000, 2500):
                if ours is not exponential_decay or epoch < 10:
                    expected = float(keras.ops.convert_to_numpy(theirs(epoch)))
                    assert_close(ours(0.5, epoch, 0.3), expected, rtol=3e-6)


# --- A second route: by hand ----------------------------------------------------------------------


def test_momentum_and_rmsprop_and_adam_unrolled():
    """v_t = (1 - beta) sum beta^(t-i) g_i, written out for three steps."""
    g = [3.0, -1.0, 2.0]
    beta, alpha = 0.5, 0.1
    v3 = 0.5 * (0.25 * g[0] + 0.5 * g[1] + g[2])
    s3 = 0.5 * (0.25 * g[0] ** 2 + 0.5 * g[1] ** 2 + g[2] ** 2)
    one = {"w": np.array([1.0])}
    p, v, q, s = one, {"dw": np.zeros(1)}, one, {"dw": np.zeros(1)}
    for x in g:
        before, before_q = p["w"], q["w"]
        p, v = update_parameters_with_momentum(p, {"dw": np.array([x])}, v, beta, alpha)
        q, s = update_parameters_with_rmsprop(q, {"dw": np.array([x])}, s, beta, alpha)
    assert_close(v["dw"], [v3], rtol=1e-15)
    assert_close(p["w"], before - alpha * v3, rtol=1e-15)
    assert_close(s["dw"], [s3], rtol=1e-15)
    assert_close(q["w"], before_q - alpha * 2.0 / (np.sqrt([s3]) + 1e-8), rtol=1e-15)


def test_the_first_step_of_adam_is_alpha_whatever_the_gradient():
    for gradient in (1e-3, -1e5):
        grads = {"dw": np.array([gradient])}
        zero = {"dw": np.zeros(1)}
        new, *_ = update_parameters_with_adam({"w": np.zeros(1)}, grads, zero, zero, 1, 0.25)
        assert_close(new["w"], [-0.25 * np.sign(gradient)], rtol=1e-4)


def test_zero_gradients_move_nothing():
    assert_close(update_parameters_with_rmsprop(PARAMETERS, ZEROS, ZEROS, 0.9, 1.0)[0], PARAMETERS)
    assert_close(update_parameters_with_adam(PARAMETERS, ZEROS, ZEROS, ZEROS, 1)[0], PARAMETERS)
    assert_close(initialize_rmsprop(PARAMETERS), ZEROS)


def test_moments_without_memory_are_the_gradients():
    _, v = update_parameters_with_momentum(PARAMETERS, GRADS, ZEROS, 0.0, 0.1)
    assert_close(v, GRADS)


def test_weighted_average_is_the_weighted_sum():
    x = np.random.default_rng(0).normal(size=(7, 2))
    for correction in (True, False):
        weights = np.array([[0.2 * 0.8 ** (t - i) * (i <= t) for i in range(7)] for t in range(7)])
        if correction:
            weights /= weights.sum(axis=1, keepdims=True)
        assert_close(exponentially_weighted_average(x, 0.8, correction), weights @ x, rtol=1e-12)


def test_weighted_average_of_a_constant_is_the_constant():
    assert_close(exponentially_weighted_average(np.full(30, 4.0), 0.98), np.full(30, 4.0), 1e-13)
    assert_close(exponentially_weighted_average([1, 2, 3], 0.0), [1.0, 2.0, 3.0])


def test_decays_by_hand():
    assert exponential_decay(0.2, 0, 0.95) == 0.2
    assert_close(exponential_decay(0.2, 2, 0.95), 0.2 * 0.9025, rtol=1e-15)
    assert inverse_sqrt_decay(0.2, 0) == 0.2
    assert_close(inverse_sqrt_decay(0.2, 8, decay_rate=0.5), 0.1 / 3, rtol=1e-15)
    assert update_lr(0.2, 100, 0) == 0.2


# --- Mini-batches and training --------------------------------------------------------------------


@pytest.mark.parametrize(("m", "size"), [(6, 2), (7, 3), (3, 64), (3, 1), (1, 1)])
def test_mini_batches_hold_every_example_once_beside_its_label(m, size):
    X, Y = np.arange(2 * m).reshape(2, m), 10 * np.arange(m)[None]
    batches = random_mini_batches(X, Y, size, seed=5)
    assert [part.shape[1] for part, _ in batches] == [size] * (m // size) + [m % size] * (
        m % size > 0
    )
    X_all, Y_all = (np.hstack(parts) for parts in zip(*batches, strict=True))
    assert (Y_all == 10 * X_all[:1]).all()
    assert (np.sort(X_all) == X).all()
    assert X_all.dtype == X.dtype


def test_seeds_shuffle_differently():
    X, Y = np.arange(20)[None], np.zeros((1, 20))
    first, again, other = (random_mini_batches(X, Y, 20, seed)[0][0] for seed in (0, 0, 1))
    assert (first == again).all()
    assert (first != other).any()


def test_one_whole_batch_of_gradient_descent_is_the_engine_of_course_1():
    X, Y = MOONS
    start = initialize_parameters_he([2, 5, 2, 1])
    own = mini_batch_descent(initialize_state(start, "gd"), X, Y, "gd", 0.1, mini_batch_size=300)
    for (state, cost), (parameters, expected) in zip(
        islice(own, 20), gradient_descent(start, X, Y, 0.1), strict=False
    ):
        assert_close(cost, expected, rtol=1e-12)
        assert_close({name: state[name] for name in parameters}, parameters, rtol=1e-10)


@pytest.mark.parametrize("optimizer", ["gd", "momentum", "rmsprop", "adam"])
def test_descent_equals_the_graded_functions_put_together(optimizer):
    """Two epochs, with the exercise's own functions for every part."""
    X, Y = MOONS
    own = initialize_parameters_he([2, 4, 1])
    v, s = initialize_adam(own)
    t, costs = 0, []
    for epoch in range(2):
        total = 0.0
        for X_part, Y_part in random_mini_batches(X, Y, 64, seed=11 + epoch):
            AL, caches = L_model_forward(X_part, own)
            total += compute_cost(AL, Y_part) * X_part.shape[1]
            grads = L_model_backward(AL, Y_part, caches)
            t += 1
            if optimizer == "gd":
                own = update_parameters_with_gd(own, grads, 0.05)
            elif optimizer == "momentum":
                own, v = update_parameters_with_momentum(own, grads, v, 0.8, 0.05)
            elif optimizer == "rmsprop":
                own, s = update_parameters_with_rmsprop(own, grads, s, 0.8, 0.05, 1e-6)
            else:
                own, v, s, *_ = update_parameters_with_adam(
                    own, grads, v, s, t, 0.05, 0.7, 0.99, 1e-6
                )
        costs.append(total / 300)
    steps = mini_batch_descent(
        initialize_state(initialize_parameters_he([2, 4, 1]), optimizer),
        X,
        Y,
        optimizer,
        0.05,
        beta=0.8,
        beta1=0.7,
        beta2=0.99,
        epsilon=1e-6,
    )
    states, found = zip(*islice(steps, 2), strict=True)
    assert_close(found, tuple(costs), rtol=1e-12)
    assert_close({name: states[1][name] for name in own}, own, rtol=1e-10)
    assert (states[1]["t"], states[1]["epoch"]) == (10, 2)


def test_a_kept_state_goes_on_where_it_was_left():
    X, Y = MOONS
    options = {"learning_rate": 0.1, "decay": "exponential", "decay_rate": 0.5}
    start = initialize_state(initialize_parameters_he([2, 4, 1]), "adam")
    whole = [state for state, _ in islice(mini_batch_descent(start, X, Y, "adam", **options), 6)]
    rest = mini_batch_descent(whole[2], X, Y, "adam", **options)
    assert_close([*islice(rest, 3)][-1][0], whole[5], rtol=0)


def test_the_learning_rate_is_lowered_after_an_epoch_by_a_function_or_by_name():
    X, Y = MOONS
    asked = []

    def decay(learning_rate0, epoch_num, decay_rate):
        asked.append((learning_rate0, epoch_num, decay_rate))
        return update_lr(learning_rate0, epoch_num, decay_rate)

    start = initialize_state(initialize_parameters_he([2, 4, 1]), "gd")
    steps = mini_batch_descent(start, X, Y, "gd", 0.5, decay=decay, decay_rate=2)
    assert asked == [(0.5, 0, 2)]  # tried out before training
    own = [state for state, _ in islice(steps, 3)]
    assert asked[1:] == [(0.5, 0, 2), (0.5, 1, 2)]
    by_name = mini_batch_descent(start, X, Y, "gd", 0.5, decay="inverse_time", decay_rate=2)
    assert_close([*islice(by_name, 3)][-1][0], own[-1], rtol=0)


def test_model_prints_every_thousandth_cost_only_when_asked(capsys):
    model(X, Y, [2, 3, 1], "adam", num_epochs=1001)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[3] for line in lines] == ["0:", "1000:"]
    model(X, Y, [2, 3, 1], "gd", 0.5, num_epochs=2, decay=update_lr)
    assert capsys.readouterr().out.endswith(", learning rate 0.500000\n")
    model(X, Y, [2, 3, 1], "adam", num_epochs=1, print_cost=False)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("print_cost", [True, False])
def test_ctrl_c_ends_the_training_with_what_was_learned(print_cost, capsys):
    calls = []

    def decay(learning_rate0, epoch_num, decay_rate):
        calls.append(epoch_num)
        if epoch_num == 3:
            raise KeyboardInterrupt
        return learning_rate0

    options = {"learning_rate": 0.1, "print_cost": print_cost}
    parameters = model(X, Y, [2, 3, 1], "adam", num_epochs=50, decay=decay, **options)
    printed = capsys.readouterr().out
    expected = model(X, Y, [2, 3, 1], "adam", num_epochs=4, **options | {"print_cost": False})
    assert_close(parameters, expected, rtol=0)
    message = "Stopped after 4 of 50 epochs, with what was learned so far.\n"
    assert printed.endswith(message) if print_cost else printed == ""


def test_no_epochs_give_the_start():
    expected = initialize_parameters_he([2, 3, 1])
    assert_close(model(X, Y, [2, 3, 1], "adam", num_epochs=0), expected)


def test_several_outputs_and_a_single_layer():
    both = np.vstack([Y, 1 - Y])
    parameters = model(X, both, [2, 2], "rmsprop", 0.1, num_epochs=200, print_cost=False)
    assert ((L_model_forward(X, parameters)[0] > 0.5) == both).all()


# --- Complaints -----------------------------------------------------------------------------------

NAN = {"W1": np.array([[np.nan]])}
EMPTY = "`parameters` must hold at least one array. Received: an empty dictionary."
NO_GRADS = "`grads` must have the keys dW1, db1, dW2, db2. Received: dW1. Missing: db1, dW2, db2."
HALF_V = "`v` must have the keys dW1, db1, dW2, db2. Received: an empty dictionary. Missing: "
HALF_V += "dW1, db1, dW2, db2."
BETA = "`beta` must be in [0, 1). Received: 1."


def momentum(grads=GRADS, v=ZEROS, beta=0.9, rate=0.1, parameters=PARAMETERS):
    return update_parameters_with_momentum(parameters, grads, v, beta, rate)


def rmsprop(grads=GRADS, s=ZEROS, beta=0.9, rate=0.1, epsilon=1e-8, parameters=PARAMETERS):
    return update_parameters_with_rmsprop(parameters, grads, s, beta, rate, epsilon)


def adam(parameters=PARAMETERS, grads=GRADS, v=ZEROS, s=ZEROS, t=1, **options):
    return update_parameters_with_adam(parameters, grads, v, s, t, **options)


def descent(state=STATE, X=X, Y=Y, optimizer="gd", **options):
    return mini_batch_descent(state, X, Y, optimizer, **options)


COMPLAINTS = [
    (lambda folder: update_parameters_with_gd({}, {}, 0.1), ValueError, EMPTY),
    (
        lambda folder: update_parameters_with_gd([1], {}, 0.1),
        TypeError,
        "`parameters` must be a dictionary. Received: list.",
    ),
    (
        lambda folder: update_parameters_with_gd(NAN, {}, 0.1),
        ValueError,
        "`parameters['W1']` must hold finite numbers only. Received: 1 NaN and 0 infinite of 1 "
        "values, the first at [0, 0]. Remove or replace them.",
    ),
    (
        lambda folder: update_parameters_with_gd(PARAMETERS, {"dW1": ZEROS["dW1"]}, 0.1),
        ValueError,
        NO_GRADS,
    ),
    (
        lambda folder: update_parameters_with_gd(PARAMETERS, GRADS | {"dW1": np.ones((3, 2))}, 1),
        ValueError,
        "`grads['dW1']` must have shape (2, 3). Received: (3, 2). Use grads['dW1'].T.",
    ),
    (
        lambda folder: update_parameters_with_gd(PARAMETERS, GRADS, 0),
        ValueError,
        "`learning_rate` must be a positive finite number. Received: 0.",
    ),
    (lambda folder: initialize_velocity({}), ValueError, EMPTY),
    (lambda folder: initialize_rmsprop({}), ValueError, EMPTY),
    (lambda folder: initialize_adam({}), ValueError, EMPTY),
    (lambda folder: momentum(parameters={}), ValueError, EMPTY),
    (lambda folder: momentum(grads={"dW1": ZEROS["dW1"]}), ValueError, NO_GRADS),
    (lambda folder: momentum(v={}), ValueError, HALF_V),
    (lambda folder: momentum(beta=1), ValueError, BETA),
    (
        lambda folder: momentum(beta=-0.1),
        ValueError,
        "`beta` must be in [0, 1). Received: -0.1.",
    ),
    (
        lambda folder: momentum(beta=float("nan")),
        ValueError,
        "`beta` must be in [0, 1). Received: nan.",
    ),
    (
        lambda folder: momentum(beta="0.9"),
        TypeError,
        "`beta` must be a real number. Received: '0.9' (str).",
    ),
    (
        lambda folder: momentum(rate=-1),
        ValueError,
        "`learning_rate` must be a positive finite number. Received: -1.",
    ),
    (lambda folder: rmsprop(parameters={}), ValueError, EMPTY),
    (lambda folder: rmsprop(grads={"dW1": ZEROS["dW1"]}), ValueError, NO_GRADS),
    (
        lambda folder: rmsprop(s=ZEROS | {"db1": np.array([[0.0], [-2.0]])}),
        ValueError,
        "`s['db1']` must hold averages of squares, not below 0. Received: -2.",
    ),
    (lambda folder: rmsprop(s={}), ValueError, HALF_V.replace("`v`", "`s`")),
    (lambda folder: rmsprop(beta=1), ValueError, BETA),
    (
        lambda folder: rmsprop(epsilon=0),
        ValueError,
        "`epsilon` must be a positive finite number. Received: 0.",
    ),
    (
        lambda folder: rmsprop(rate=0),
        ValueError,
        "`learning_rate` must be a positive finite number. Received: 0.",
    ),
    (lambda folder: adam(parameters={}), ValueError, EMPTY),
    (lambda folder: adam(grads={"dW1": ZEROS["dW1"]}), ValueError, NO_GRADS),
    (lambda folder: adam(v={}), ValueError, HALF_V),
    (
        lambda folder: adam(s={name: value - 1 for name, value in ZEROS.items()}),
        ValueError,
        "`s['dW1']` must hold averages of squares, not below 0. Received: -1.",
    ),
    (lambda folder: adam(t=0), ValueError, "`t` must be at least 1. Received: 0."),
    (
        lambda folder: adam(t=1.0),
        TypeError,
        "`t` must be a whole number. Received: 1.0 (float).",
    ),
    (
        lambda folder: adam(learning_rate=0),
        ValueError,
        "`learning_rate` must be a positive finite number. Received: 0.",
    ),
    (
        lambda folder: adam(beta1=1.5),
        ValueError,
        "`beta1` must be in [0, 1). Received: 1.5.",
    ),
    (
        lambda folder: adam(beta2=-1),
        ValueError,
        "`beta2` must be in [0, 1). Received: -1.",
    ),
    (
        lambda folder: adam(epsilon=-1e-8),
        ValueError,
        "`epsilon` must be a positive finite number. Received: -1e-08.",
    ),
    (
        lambda folder: exponentially_weighted_average([], 0.9),
        ValueError,
        "`values` must hold at least one value along its first axis. Received: shape (0,).",
    ),
    (
        lambda folder: exponentially_weighted_average(3.0, 0.9),
        ValueError,
        "`values` must hold at least one value along its first axis. Received: shape ().",
    ),
    (
        lambda folder: exponentially_weighted_average(["a"], 0.9),
        TypeError,
        "`values` must be an array of real numbers. Received: list of dtype <U1.",
    ),
    (lambda folder: exponentially_weighted_average([1.0], 1), ValueError, BETA),
    (
        lambda folder: update_lr(0, 1, 1),
        ValueError,
        "`learning_rate0` must be a positive finite number. Received: 0.",
    ),
    (
        lambda folder: update_lr(0.1, -1, 1),
        ValueError,
        "`epoch_num` must be at least 0. Received: -1.",
    ),
    (
        lambda folder: update_lr(0.1, 1, -1),
        ValueError,
        "`decay_rate` must be in [0, inf). Received: -1.",
    ),
    (
        lambda folder: schedule_lr_decay(0.1, 1, 1, time_interval=0),
        ValueError,
        "`time_interval` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: exponential_decay(0, 1, 1),
        ValueError,
        "`learning_rate0` must be a positive finite number. Received: 0.",
    ),
    (
        lambda folder: exponential_decay(0.1, 1, 0),
        ValueError,
        "`decay_rate` must be in (0, 1]. Received: 0.",
    ),
    (
        lambda folder: inverse_sqrt_decay(0, 1),
        ValueError,
        "`learning_rate0` must be a positive finite number. Received: 0.",
    ),
    (
        lambda folder: inverse_sqrt_decay(0.1, 1, 0),
        ValueError,
        "`decay_rate` must be a positive finite number. Received: 0.",
    ),
    (
        lambda folder: random_mini_batches(X[0], Y),
        ValueError,
        "`X` must have shape (n_x, m). Received: (3,).",
    ),
    (
        lambda folder: random_mini_batches(X, Y[:, :2]),
        ValueError,
        "`Y` must have shape (n_y, m=3). Received: (1, 2). `X` of shape (2, 3) sets m=3.",
    ),
    (
        lambda folder: random_mini_batches(X, Y, 0),
        ValueError,
        "`mini_batch_size` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: random_mini_batches(X, Y, 1, -1),
        ValueError,
        "`seed` must be at least 0. Received: -1.",
    ),
    (
        lambda folder: initialize_state({"W1": [[1.0]]}, "gd"),
        ValueError,
        "`parameters` must have the keys W1, b1. Received: W1. Missing: b1.",
    ),
    (
        lambda folder: initialize_state(CHAIN, "adagrad"),
        ValueError,
        "`optimizer` must be a known name. Received: 'adagrad'. Did you mean adam? "
        "Known: gd, momentum, rmsprop, adam.",
    ),
    (
        lambda folder: descent(optimizer="sgd"),
        ValueError,
        "`optimizer` must be a known name. Received: 'sgd'. Did you mean gd? "
        "Known: gd, momentum, rmsprop, adam.",
    ),
    (
        lambda folder: descent([1]),
        TypeError,
        "`state` must be a dictionary. Received: list.",
    ),
    (
        lambda folder: descent({"W1": [[1.0]], "t": 0, "epoch": 0}),
        ValueError,
        "`state` must have the keys W1, b1. Received: W1. Missing: b1.",
    ),
    (
        lambda folder: descent(STATE, optimizer="momentum"),
        ValueError,
        "`state` must have the keys v_dW1, v_db1, v_dW2, v_db2. Received: W1, b1, W2, b2, t, "
        "epoch. Missing: v_dW1, v_db1, v_dW2, v_db2.",
    ),
    (
        lambda folder: descent(CHAIN),
        ValueError,
        "`state` must have the keys t, epoch. Received: W1, b1, W2, b2. Missing: t, epoch.",
    ),
    (
        lambda folder: descent(STATE | {"epoch": -1}),
        ValueError,
        "`state['epoch']` must be at least 0. Received: -1.",
    ),
    (
        lambda folder: descent(STATE | {"t": -1}),
        ValueError,
        "`state['t']` must be at least 0. Received: -1.",
    ),
    (
        lambda folder: descent(Y=[[1, 0, 2]]),
        ValueError,
        "`Y` must hold only 0 and 1. Received: 1 other value such as 2.",
    ),
    (
        lambda folder: descent(X=np.ones((3, 3))),
        ValueError,
        "`state['W1']` must have shape (n, n_prev=3). Received: (3, 2). `X` of shape (3, 3) sets "
        "n_x=3; use state['W1'].T.",
    ),
    (
        lambda folder: descent(mini_batch_size=0),
        ValueError,
        "`mini_batch_size` must be at least 1. Received: 0.",
    ),
    (lambda folder: descent(beta=1), ValueError, BETA),
    (lambda folder: descent(beta1=1), ValueError, BETA.replace("beta", "beta1")),
    (lambda folder: descent(beta2=1), ValueError, BETA.replace("beta", "beta2")),
    (
        lambda folder: descent(epsilon=0),
        ValueError,
        "`epsilon` must be a positive finite number. Received: 0.",
    ),
    (
        lambda folder: descent(learning_rate=0),
        ValueError,
        "`learning_rate` must be a positive finite number. Received: 0.",
    ),
    (
        lambda folder: descent(decay="stairs"),
        ValueError,
        "`decay` must be a known name. Received: 'stairs'. Did you mean staircase? "
        "Known: inverse_time, staircase, exponential, inverse_sqrt.",
    ),
    (
        lambda folder: descent(decay=0.5),
        TypeError,
        "`decay` must be None, a function or one of inverse_time, staircase, exponential, "
        "inverse_sqrt. Received: 0.5 (float).",
    ),
    (
        lambda folder: descent(decay=lambda rate, epoch, decay_rate: -rate, learning_rate=0.5),
        ValueError,
        "`decay(..., 0, ...)` must be in [0, inf). Received: -0.5.",
    ),
    (
        lambda folder: model(X, Y, [2], "gd"),
        ValueError,
        "`layers_dims` must hold the inputs and at least 1 layer. Received: [2].",
    ),
    (
        lambda folder: model(X, Y, [3, 1], "gd"),
        ValueError,
        "`layers_dims` must begin with n_x=2. Received: [3, 1].",
    ),
    (
        lambda folder: model(X, Y, [2, 3], "gd"),
        ValueError,
        "`Y` must have shape (n_y=3, m=3). Received: (1, 3). `X` of shape (2, 3) sets m=3.",
    ),
    (
        lambda folder: model(X, Y, [2, 1], "gd", num_epochs=-1),
        ValueError,
        "`num_epochs` must be at least 0. Received: -1.",
    ),
    (
        lambda folder: model(X, Y, [2, 1], "Adam"),
        ValueError,
        "`optimizer` must be a known name. Received: 'Adam'. Did you mean adam? "
        "Known: gd, momentum, rmsprop, adam.",
    ),
    (
        lambda folder: model(X, Y, [2, 1], "gd", 0),
        ValueError,
        "`learning_rate` must be a positive finite number. Received: 0.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
