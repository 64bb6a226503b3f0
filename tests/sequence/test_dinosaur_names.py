"""Names letter by letter: published values, numerical gradients, sampling, bad input."""

import numpy as np
import pytest

from dlspec.datasets.names import load_names
from dlspec.sequence.dinosaur_names import (
    clip,
    generate,
    gradient_descent,
    initialize_parameters,
    model,
    name_to_indices,
    optimize,
    sample,
    update_parameters,
)
from dlspec.sequence.recurrent import _softmax, rnn_backward, rnn_forward
from dlspec.testing import assert_close, gradient_check
from tests.complaints import complaints_test

VOCABULARY = {"\n": 0, "a": 1, "b": 2}
INVERSE = {i: c for c, i in VOCABULARY.items()}
NAMES = ["ab", "abab", "b"]


def shaken(n_a=4, n_x=3, seed=0):
    random = np.random.default_rng(seed)
    p = initialize_parameters(n_a, n_x, n_x)
    return {name: value + random.normal(size=value.shape) / 2 for name, value in p.items()}


PARAMETERS = shaken()
A_PREV = np.full((4, 1), 0.3)
X, Y = [None, 1, 2, 1], [1, 2, 1, 0]
GRADIENTS = optimize(X, Y, A_PREV, PARAMETERS)[1]

PURE_CALLS = {
    "clip": (GRADIENTS, 0.1),
    "sample": (PARAMETERS, VOCABULARY, 0),
    "optimize": (X, Y, A_PREV, PARAMETERS),
    "update_parameters": (PARAMETERS, GRADIENTS),
    "initialize_parameters": (4, 3, 3),
    "gradient_descent": (NAMES, VOCABULARY, PARAMETERS),
    "model": (NAMES, INVERSE, VOCABULARY, 3, 4, 2, 3),
    "generate": (PARAMETERS, VOCABULARY, 5),
    "name_to_indices": ("abba", VOCABULARY),
}


# --- Published values (2017-2020 edition of course 5, week 1) -------------------------------------


@pytest.mark.parametrize(("limit", "last"), [(10, 8.45833407), (5, 5.0)])
def test_clip_published(limit, last):
    random = np.random.RandomState(3)
    shapes = {"dWax": (5, 3), "dWaa": (5, 5), "dWya": (2, 5), "db": (5, 1), "dby": (2, 1)}
    clipped = clip({name: random.randn(*shape) * 10 for name, shape in shapes.items()}, limit)
    assert clipped["dWaa"][1, 2] == limit
    assert clipped["dWax"][3, 1] == -limit
    assert_close(clipped["dWya"][1, 2], 0.29713815361, rtol=1e-9)
    assert clipped["db"][4, 0] == limit
    assert_close(clipped["dby"][1], [last], rtol=1e-8)


def test_optimize_published():
    random = np.random.RandomState(1)
    a_prev = random.randn(100, 1)
    shapes = {"Wax": (100, 27), "Waa": (100, 100), "Wya": (27, 100), "b": (100, 1), "by": (27, 1)}
    parameters = {name: random.randn(*shape) for name, shape in shapes.items()}
    X, Y = [12, 3, 5, 11, 22, 3], [4, 14, 11, 22, 25, 26]
    loss, gradients, a_last = optimize(X, Y, a_prev, parameters, learning_rate=0.01)
    assert_close(loss, 126.503975722, rtol=1e-10)
    assert_close(gradients["dWaa"][1, 2], 0.194709315347, rtol=1e-9)
    assert np.argmax(gradients["dWax"]) == 93
    assert_close(gradients["dWya"][1, 2], -0.007773876032, rtol=1e-8)
    assert_close(gradients["db"][4], [-0.06809825], rtol=1e-6)
    assert_close(gradients["dby"][1], [0.01538192], rtol=1e-6)
    assert_close(a_last[4], [-1.0], atol=1e-6)


@pytest.mark.course_data
def test_the_first_steps_on_the_course_file(course_data):
    """The course prints the smoothed loss 23.087336 at iteration 0 and, with 2000, 27.884160."""
    names = [*load_names().names]
    np.random.RandomState(0).shuffle(names)
    vocabulary = {c: i for i, c in enumerate(load_names().characters)}
    steps = gradient_descent(names, vocabulary, initialize_parameters(50, 27, 27))
    smoothed = np.log(27) * 7
    for j in range(2001):
        _, _, loss = next(steps)
        smoothed = 0.999 * smoothed + 0.001 * loss
        if j == 0:
            assert round(smoothed, 3) == 23.087
    assert round(smoothed, 2) == 27.88


# --- Learning -------------------------------------------------------------------------------------


def test_gradients_pass_the_check():
    """Without clipping: no gradient comes near 5 here."""

    def cost(p):
        return optimize(X, Y, p["a_prev"], {k: v for k, v in p.items() if k != "a_prev"})[0]

    assert max(np.abs(g).max() for g in GRADIENTS.values()) < 5
    learnt = PARAMETERS | {"a_prev": A_PREV}
    numerical = GRADIENTS | {"da_prev": backward_by_recurrent()[1]}
    gradient_check(cost, learnt, numerical)


def backward_by_recurrent():
    """The same with the columns written out, by the cells of `recurrent`."""
    x = np.stack([np.zeros((3, 1)) if i is None else np.eye(3)[:, [i]] for i in X], axis=2)
    p = {**PARAMETERS, "ba": PARAMETERS["b"]}
    a, y, caches = rnn_forward(x, A_PREV, p)
    dy = y - np.eye(3)[:, Y][:, None]
    da = np.tensordot(PARAMETERS["Wya"].T, dy, 1)
    gradients = rnn_backward(da, caches)
    dWya = np.einsum("imt,jmt->ij", dy, a)
    return gradients | {"dWya": dWya, "dby": dy.sum(axis=2)}, gradients["da0"]


def test_gradients_equal_those_of_recurrent():
    expected, _ = backward_by_recurrent()
    for name, theirs in (("dWax",) * 2, ("dWaa",) * 2, ("db", "dba"), ("dWya",) * 2, ("dby",) * 2):
        assert_close(GRADIENTS[name], expected[theirs], rtol=1e-12, atol=1e-15)


def test_steps_are_optimize_and_update_in_turn():
    steps = gradient_descent(NAMES, VOCABULARY, PARAMETERS, 0.1)
    parameters, a = PARAMETERS, np.zeros((4, 1))
    for name in (*NAMES, *NAMES):
        letters = name_to_indices(name, VOCABULARY)
        loss, gradients, a = optimize([None, *letters], [*letters, 0], a, parameters)
        parameters = update_parameters(parameters, gradients, 0.1)
        assert_close(next(steps), (parameters, a, loss), rtol=1e-14)
    again = gradient_descent(NAMES, VOCABULARY, PARAMETERS, 0.1)
    for _ in range(2):
        state = next(again)
    resumed = gradient_descent(NAMES, VOCABULARY, state[0], 0.1, a_prev=state[1], first=2)
    assert_close(next(resumed), next(again), rtol=0)


def test_model_is_the_course_loop(capsys):
    parameters, name = model(NAMES, INVERSE, VOCABULARY, 5, 4, 2, 3, verbose=True)
    shuffled = [*NAMES]
    np.random.RandomState(0).shuffle(shuffled)
    steps = gradient_descent(shuffled, VOCABULARY, initialize_parameters(4, 3, 3))
    for i in range(5):
        expected, *_ = next(steps)
        if i == 0:
            drawn = sample(expected, VOCABULARY, 1)  # the second of two names, after one step
    assert_close(parameters, expected, rtol=0)
    assert name == "".join(INVERSE[i] for i in drawn).capitalize()
    assert capsys.readouterr().out.startswith("Iteration: 0, Loss: 2.19")


def test_learning_finds_the_pattern():
    steps = gradient_descent(["ababab"], VOCABULARY, initialize_parameters(8, 3, 3), 0.1)
    for _ in range(400):
        parameters, _, loss = next(steps)
    assert loss < 1
    assert set(generate(parameters, VOCABULARY, 9, temperature=0.1)) <= {"ab", "abab", "ababab"}


# --- Sampling -------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [0, 7, 8])
def test_sample_draws_letter_t_with_seed_plus_2_t(seed):
    p = PARAMETERS | {"by": np.array([[-7.0], [0.0], [0.0]])}  # names are long
    state, letter, expected = np.zeros((4, 1)), None, []
    for t in range(50):
        x = np.zeros((3, 1)) if letter is None else np.eye(3)[:, [letter]]
        state = np.tanh(p["Wax"] @ x + p["Waa"] @ state + p["b"])
        y = _softmax(p["Wya"] @ state + p["by"])
        letter = int(np.random.RandomState(seed + 2 * t).choice(3, p=y.ravel()))
        expected.append(letter)
        if letter == 0:
            break
    expected += [0] if expected[-1] else []
    assert len(expected) > 3
    assert sample(p, VOCABULARY, seed) == expected


def test_a_name_ends_after_50_letters():
    endless = PARAMETERS | {"by": np.array([[-99.0], [9.0], [9.0]])}
    indices = sample(endless, VOCABULARY, 3)
    assert len(indices) == 51
    assert indices[-1] == 0
    assert 0 not in indices[:-1]
    assert {len(name) for name in generate(endless, VOCABULARY, 4)} == {50}


def test_generated_letters_have_the_models_probabilities():
    fair = {name: np.zeros_like(p) for name, p in PARAMETERS.items()}
    fair["by"] = np.log([[0.2], [0.5], [0.3]])
    names = generate(fair, VOCABULARY, 20000, seed=1)
    firsts = [name[:1] for name in names]
    for letter, probability in (("", 0.2), ("a", 0.5), ("b", 0.3)):
        assert_close(firsts.count(letter) / 20000, probability, atol=0.012)
    squared = np.array([0.04, 0.25, 0.09]) / 0.38  # temperature 1/2
    names = generate(fair, VOCABULARY, 20000, temperature=0.5, seed=2)
    assert_close([name[:1] for name in names].count("a") / 20000, squared[1], atol=0.012)
    mean = np.mean([len(name) for name in generate(fair, VOCABULARY, 5000)])
    assert_close(mean, 4.0, atol=0.3)  # geometric: (1 - 0.2) / 0.2


@pytest.mark.parametrize("temperature", [5e-324, 1e-300, 1e-3])
def test_towards_0_the_most_probable_letter_is_drawn(temperature):
    fair = {name: np.zeros_like(p) for name, p in PARAMETERS.items()}
    fair["by"] = np.log([[0.3], [0.2], [0.5]])
    assert generate(fair, VOCABULARY, 3, temperature) == ["b" * 50] * 3


def test_the_hottest_draw_is_blind():
    names = generate(PARAMETERS, VOCABULARY, 9000, temperature=1e308)
    assert_close([name[:1] for name in names].count("a") / 9000, 1 / 3, atol=0.02)


def test_the_loss_of_an_impossible_letter_is_finite():
    """exp(-2000) rounds to 0: the loss is that of the smallest normal number instead."""
    certain = {name: np.zeros_like(p) for name, p in PARAMETERS.items()}
    certain["by"] = np.array([[2000.0], [0.0], [0.0]])
    loss, gradients, _ = optimize([None], [1], A_PREV, certain)
    assert_close(loss, 1022 * np.log(2), rtol=1e-12)
    assert_close(gradients["dby"], np.array([[1.0], [-1.0], [0.0]]))


# --- Bad input ------------------------------------------------------------------------------------

COMPLAINTS = [
    (
        lambda folder: clip(GRADIENTS, 0),
        ValueError,
        "`maxValue` must be a positive finite number. Received: 0.",
    ),
    (
        lambda folder: clip([1.0], 5),
        TypeError,
        "`gradients` must be a dictionary. Received: list.",
    ),
    (
        lambda folder: clip({"db": "no"}, 5),
        TypeError,
        "`gradients['db']` must be an array of real numbers. Received: str.",
    ),
    (
        lambda folder: sample(PARAMETERS, ["a"], 0),
        TypeError,
        "`char_to_ix` must be a dictionary from character to index. Received: list.",
    ),
    (
        lambda folder: sample(PARAMETERS, {"a": 0, "b": 1, "c": 2}, 0),
        ValueError,
        "`char_to_ix` must hold the end of the line and number its characters 0, 1, 2, .... "
        "Received: 3 characters, without the end of the line.",
    ),
    (
        lambda folder: sample(PARAMETERS, {"\n": 0, "a": "1", "b": 2}, 0),
        ValueError,
        "`char_to_ix` must hold the end of the line and number its characters 0, 1, 2, .... "
        "Received: 3 characters, with the end of the line.",
    ),
    (
        lambda folder: sample(PARAMETERS, {"\n": 0, "a": 1}, 0),
        ValueError,
        "`parameters['Wax']` must have shape (n_a, n_x=2). Received: (4, 3).",
    ),
    (
        lambda folder: sample(PARAMETERS | {"Waa": np.eye(3)}, VOCABULARY, 0),
        ValueError,
        "`parameters['Waa']` must have shape (n_a=4, n_a=4). Received: (3, 3).",
    ),
    (
        lambda folder: sample(PARAMETERS, VOCABULARY, -1),
        ValueError,
        "`seed` must be at least 0. Received: -1.",
    ),
    (
        lambda folder: optimize(X, Y, A_PREV, PARAMETERS, 0),
        ValueError,
        "`learning_rate` must be a positive finite number. Received: 0.",
    ),
    (
        lambda folder: optimize(X, Y, A_PREV, {}),
        ValueError,
        "`parameters` must have the keys Wax, Waa, Wya, b, by. Received: an empty dictionary. "
        "Missing: Wax, Waa, Wya, b, by.",
    ),
    (
        lambda folder: optimize(X, Y[:2], A_PREV, PARAMETERS),
        ValueError,
        "`Y` must be as long as `X`, at least 1. Received: 2 for 4.",
    ),
    (
        lambda folder: optimize(X, [1, 2, 3, 0], A_PREV, PARAMETERS),
        ValueError,
        "`Y` must hold indices below n_x=3. Received: 3.",
    ),
    (
        lambda folder: optimize([-1, 1], [1, 0], A_PREV, PARAMETERS),
        ValueError,
        "`X` must be at least 0. Received: -1.",
    ),
    (
        lambda folder: optimize(X, Y, A_PREV[:2], PARAMETERS),
        ValueError,
        "`a_prev` must have shape (n_a=4, 1). Received: (2, 1). `parameters['Wax']` sets n_a=4.",
    ),
    (
        lambda folder: update_parameters(PARAMETERS, GRADIENTS, -1),
        ValueError,
        "`learning_rate` must be a positive finite number. Received: -1.",
    ),
    (
        lambda folder: update_parameters([], GRADIENTS),
        TypeError,
        "`parameters` must be a dictionary. Received: list.",
    ),
    (
        lambda folder: update_parameters(PARAMETERS, GRADIENTS | {"db": np.ones((3, 1))}),
        ValueError,
        "`gradients['db']` must have shape (4, 1). Received: (3, 1).",
    ),
    (
        lambda folder: initialize_parameters(0, 3, 3),
        ValueError,
        "`n_a` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: gradient_descent(NAMES, {"a": 0}, PARAMETERS),
        ValueError,
        "`char_to_ix` must hold the end of the line and number its characters 0, 1, 2, .... "
        "Received: 1 characters, without the end of the line.",
    ),
    (
        lambda folder: next(gradient_descent(NAMES, {"\n": 0, "a": 1}, PARAMETERS)),
        ValueError,
        "`parameters['Wax']` must have shape (n_a, n_x=2). Received: (4, 3).",
    ),
    (
        lambda folder: next(gradient_descent(NAMES, VOCABULARY, PARAMETERS, 0.0)),
        ValueError,
        "`learning_rate` must be a positive finite number. Received: 0.0.",
    ),
    (
        lambda folder: next(gradient_descent([""], VOCABULARY, PARAMETERS)),
        ValueError,
        "`names` must hold at least one letter. Received: none.",
    ),
    (
        lambda folder: next(gradient_descent(NAMES, VOCABULARY, PARAMETERS, a_prev=[[1.0]])),
        ValueError,
        "`a_prev` must have shape (n_a=4, 1). Received: (1, 1). `parameters` set n_a=4.",
    ),
    (
        lambda folder: next(gradient_descent(["abc"], VOCABULARY, PARAMETERS)),
        ValueError,
        "`name` must be written in the 3 characters of the vocabulary. Received: 'abc' with 'c'.",
    ),
    (
        lambda folder: name_to_indices("Ab", VOCABULARY),
        ValueError,
        "`name` must be written in the 3 characters of the vocabulary. Received: 'Ab' with 'A'. "
        "Use name.lower().",
    ),
    (
        lambda folder: name_to_indices("", VOCABULARY),
        ValueError,
        "`name` must hold at least one letter. Received: none.",
    ),
    (
        lambda folder: model("ab", INVERSE, VOCABULARY, vocab_size=3),
        TypeError,
        "`data_x` must be a list of texts. Received: str.",
    ),
    (
        lambda folder: model(["ab", 1], INVERSE, VOCABULARY, vocab_size=3),
        TypeError,
        "`data_x` must hold texts only. Received: 1.",
    ),
    (
        lambda folder: model(NAMES, INVERSE, VOCABULARY),
        ValueError,
        "`vocab_size` must be 3, with `ix_to_char` the inverse of `char_to_ix`. "
        "Received: 27, 3 and 3 characters.",
    ),
    (
        lambda folder: model(NAMES, INVERSE, {}, vocab_size=3),
        ValueError,
        "`char_to_ix` must hold the end of the line and number its characters 0, 1, 2, .... "
        "Received: 0 characters, without the end of the line.",
    ),
    (
        lambda folder: model(NAMES, INVERSE, VOCABULARY, 0, vocab_size=3),
        ValueError,
        "`num_iterations` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: generate(PARAMETERS, {}, 3),
        ValueError,
        "`char_to_ix` must hold the end of the line and number its characters 0, 1, 2, .... "
        "Received: 0 characters, without the end of the line.",
    ),
    (
        lambda folder: generate(PARAMETERS, {"\n": 0}, 3),
        ValueError,
        "`parameters['Wax']` must have shape (n_a, n_x=1). Received: (4, 3).",
    ),
    (
        lambda folder: generate(PARAMETERS, VOCABULARY, 3, temperature=0),
        ValueError,
        "`temperature` must be a positive finite number. Received: 0.",
    ),
    (
        lambda folder: generate(PARAMETERS, VOCABULARY, 3, seed=-2),
        ValueError,
        "`seed` must be at least 0. Received: -2.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
