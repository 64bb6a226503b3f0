"""Beam search: exhaustive and greedy search as its ends, the loop, states, whose fault it is."""

from itertools import product

import numpy as np
import pytest

from dlspec._complaints import InvalidType, InvalidValue
from dlspec.sequence import beam_search as module
from dlspec.sequence.beam_search import (
    beam_search,
    beam_search_loop,
    explain_error,
    greedy_search,
    score_sequences,
)
from tests.complaints import complaints_test

V, EOS = 4, 0
START = np.array([V, V, V])


class Decoder:
    """A small recurrent network at random; log-probabilities depend on all that was said before.

    The state of each row is a nested one, as that of real decoders: what the input is, and a
    hidden state; `calls` holds the number of rows of each call.
    """

    def __init__(self, seed=0, scale=1.5):
        random = np.random.default_rng(seed)
        self.embedding, self.out = (
            random.normal(size=(V + 1, 5)),
            random.normal(size=(5, V)) * scale,
        )
        self.mix, self.x = random.normal(size=(5, 5)), random.normal(size=(len(START), 5))
        self.calls = []

    @property
    def start(self):
        return START, {"x": self.x, "hidden": [np.zeros((len(START), 5))]}

    def start_of(self, i):
        return START[:1], {"x": self.x[i : i + 1], "hidden": [np.zeros((1, 5))]}

    def __call__(self, tokens, state):
        self.calls.append(len(tokens))
        hidden = np.tanh(state["hidden"][0] @ self.mix + self.embedding[tokens] + state["x"])
        scores = hidden @ self.out
        log_p = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        return log_p, {"x": state["x"], "hidden": [hidden]}


def table(tokens, state):
    """The second sentence of the lecture's kind: 1 is likelier at first, 2 leads farther."""
    after = [[0.9, 0.05, 0.05], [0.4, 0.3, 0.3], [0.9, 0.05, 0.05], [0.1, 0.5, 0.4]]
    return np.log(after)[tokens], state


PURE_CALLS = {
    "beam_search": (table, [3], 2, 3, 0),
    "beam_search_loop": (table, [3], 2, 3, 0),
    "greedy_search": (table, [3], 3, 0),
    "score_sequences": (table, [3], [[1, 0]]),
    "explain_error": (table, [3], [[2, 0]], [[1, 0]]),
}


def all_sentences(max_len):
    """Every sentence that ends within max_len tokens, and every one that does not end."""
    for n in range(1, max_len + 1):
        for inner in product(range(V), repeat=n):
            if EOS not in inner[:-1] and (inner[-1] == EOS or n == max_len):
                yield list(inner)


def exhaustive(decoder, i, max_len, alpha):
    """(sentence, score) of all of them, the best first."""
    found = []
    for y in all_sentences(max_len):
        tokens, state = decoder.start_of(i)
        log_sum = 0.0
        for token in y:
            log_p, state = decoder(tokens, state)
            log_sum += log_p[0, token]
            tokens = np.array([token])
        found.append((y, log_sum / len(y) ** alpha))
    return sorted(found, key=lambda row: -row[1])


def rows(found, i):
    """(sentence, score) of all sentences that were found for input i."""
    count = (found.lengths[i] > 0).sum()
    lengths = found.lengths[i, :count]
    sentences = [y[:n].tolist() for y, n in zip(found.tokens[i, :count], lengths, strict=True)]
    return sentences, found.scores[i, :count]


# --- What it finds --------------------------------------------------------------------------------


def test_the_most_probable_beginning_may_lead_nowhere():
    """0.5 x 0.4 = 0.2 against 0.4 x 0.9 = 0.36, the most probable of all."""
    one, two = (beam_search(table, [3], width, 2, 0) for width in (1, 2))
    assert one.best()[0].tolist() == [1, 0]
    assert two.best()[0].tolist() == [2, 0]
    np.testing.assert_allclose(np.exp(one.log_probabilities[0, 0]), 0.2)
    np.testing.assert_allclose(np.exp(two.log_probabilities[0, 0]), 0.36)


@pytest.mark.parametrize("alpha", [0.0, 0.7, 1.0])
@pytest.mark.parametrize("seed", range(3))
def test_wide_enough_it_is_exhaustive_search(seed, alpha):
    decoder, max_len = Decoder(seed), 3
    found = beam_search(decoder, decoder.start, V**max_len, max_len, EOS, alpha)
    for i in range(len(START)):
        expected = exhaustive(decoder, i, max_len, alpha)
        sentences, scores = rows(found, i)
        assert sentences == [y for y, _ in expected]
        np.testing.assert_allclose(scores, [score for _, score in expected], rtol=1e-12)


@pytest.mark.parametrize("seed", range(6))
def test_of_width_1_it_is_greedy_search(seed):
    decoder = Decoder(seed)
    found = beam_search(decoder, decoder.start, 1, 12, EOS).best()
    greedy = greedy_search(decoder, decoder.start, 12, EOS)
    for y, expected in zip(found, greedy, strict=True):
        np.testing.assert_array_equal(y, expected, strict=True)


@pytest.mark.parametrize("width", [2, 3, 7])
@pytest.mark.parametrize("seed", range(3))
def test_all_sentences_at_once_are_one_after_the_other(seed, width):
    decoder = Decoder(seed)
    found = beam_search(decoder, decoder.start, width, 6, EOS)
    for i in range(len(START)):
        expected = beam_search_loop(decoder, decoder.start_of(i), width, 6, EOS)
        sentences, scores = rows(found, i)
        assert sentences == [y for y, _ in expected]
        np.testing.assert_allclose(scores, [score for _, score in expected], rtol=1e-12)


def test_found_sentences_have_the_scores_that_they_are_given():
    decoder = Decoder(1)
    found = beam_search(decoder, decoder.start, 4, 6, EOS, alpha=0.6)
    assert (np.diff(found.scores, axis=1) <= 0).all()
    for beam in range(4):
        sentences = [
            y[:n] for y, n in zip(found.tokens[:, beam], found.lengths[:, beam], strict=True)
        ]
        scores = score_sequences(decoder, decoder.start, sentences, alpha=0.6)
        np.testing.assert_allclose(found.scores[:, beam], scores, rtol=1e-12)
        np.testing.assert_allclose(
            found.log_probabilities[:, beam], scores * found.lengths[:, beam] ** 0.6, rtol=1e-12
        )


def test_wider_beams_find_better_sentences_on_the_whole():
    best = []
    for width in (1, 4, 16):
        scores = [
            beam_search(d, d.start, width, 8, EOS).scores[:, 0] for d in map(Decoder, range(8))
        ]
        best.append(np.mean(scores))
    assert best[0] < best[1] <= best[2]


def test_alpha_0_prefers_short_sentences_and_alpha_1_does_not():
    """Ending at once has log 0.4; going on to the end 0.6, 0.9, 0.9: a mean of -0.24."""

    def step_fn(tokens, state):
        return np.log([[0.1, 0.9], [0.1, 0.9], [0.4, 0.6]])[tokens], state

    short, long = (beam_search(step_fn, [2], 8, 3, 0, alpha).best()[0] for alpha in (0, 1))
    assert long.tolist() == [1, 1, 1]
    np.testing.assert_allclose(
        score_sequences(step_fn, [2], [long]) * 3**0.7, np.log(0.6 * 0.9 * 0.9), rtol=1e-12
    )
    assert short.tolist() == [1, 1, 1]  # 0.486 against 0.4
    assert beam_search(step_fn, [2], 8, 5, 0, 0).best()[0].tolist() == [0]  # 0.394 against 0.4


def test_impossible_tokens_are_never_chosen():
    def step_fn(tokens, state):
        return np.array([[-np.inf, 0.0]] * len(tokens)), state

    found = beam_search(step_fn, [0, 1], 3, 2, eos=0)
    assert found.tokens[:, 0].tolist() == [[1, 1], [1, 1]]
    assert found.lengths.tolist() == [[2, 0, 0]] * 2
    assert np.isneginf(found.scores[:, 1:]).all()


# --- How it calls ---------------------------------------------------------------------------------


def test_each_step_is_one_call_for_all_sentences_and_beams():
    decoder = Decoder(0)

    def endless(tokens, state):
        log_p, state = decoder(tokens, state)
        return np.where(np.arange(V) == EOS, -np.inf, log_p), state

    found = beam_search(endless, decoder.start, 5, 4, EOS)
    assert decoder.calls == [3, 15, 15, 15]
    assert (found.lengths == 4).all()


def test_it_stops_when_every_sentence_has_ended():
    def step_fn(tokens, state):
        return np.log([[0.98, 0.02]] * len(tokens)), state

    calls = []

    def counted(tokens, state):
        calls.append(len(tokens))
        return step_fn(tokens, state)

    assert beam_search(counted, [1, 1], 1, 50, 0).best()[1].tolist() == [0]
    assert calls == [2]
    assert [y.tolist() for y in greedy_search(counted, [1, 1], 50, 0)] == [[0], [0]]
    assert calls == [2, 2]


def test_rows_of_the_state_follow_the_beginnings_they_belong_to():
    """The state counts the ones that were said; wrong rows would count those of others."""

    def step_fn(tokens, state):
        count = state + (tokens == 1)
        log_p = np.log(np.where(count[:, None] >= 2, [[0.8, 0.1, 0.1]], [[0.1, 0.45, 0.45]]))
        return log_p, count

    best = beam_search(step_fn, (np.array([2]), np.zeros(1, int)), 9, 6, 0, alpha=0).best()[0]
    assert best.tolist() == [1, 1, 0]


def test_another_way_to_pick_rows_may_be_given():
    decoder, picked = Decoder(2), []

    def gather(array, chosen):
        picked.append(len(chosen))
        return np.take(array, chosen, axis=0)

    found = beam_search(decoder, decoder.start, 3, 4, EOS, gather=gather)
    expected = beam_search(decoder, decoder.start, 3, 4, EOS)
    np.testing.assert_array_equal(found.tokens, expected.tokens)
    assert set(picked) == {9}


# --- Search or model? -----------------------------------------------------------------------------


def test_a_narrow_beam_is_at_fault_where_a_wide_one_finds_better():
    one, two = (beam_search(table, [3], width, 2, 0).best() for width in (1, 2))
    assert explain_error(table, [3], two, one).search_at_fault.tolist() == [True]
    assert explain_error(table, [3], one, two).search_at_fault.tolist() == [False]


def test_sentences_that_are_right_are_no_mistakes():
    found = explain_error(table, [3, 3], [[2, 0], [1, 0]], [[2, 0], [2, 0]])
    assert found.search_at_fault.tolist() == [False]
    assert found.model_share == 1


def test_sentences_of_different_lengths_are_scored_together_as_one_by_one():
    sentences = [[1, 2, 0], [0], [2, 2, 2, 2, 1]]
    together = score_sequences(table, [3, 3, 3], sentences, alpha=0.5)
    alone = [score_sequences(table, [3], [y], alpha=0.5)[0] for y in sentences]
    np.testing.assert_allclose(together, alone, rtol=1e-15)
    by_hand = np.log([0.5 * 0.3 * 0.9, 0.1]) / np.sqrt([3, 1])
    np.testing.assert_allclose(together[:2], by_hand, rtol=1e-12)


def test_faults_are_judged_by_the_score_that_the_search_used():
    """log 0.36 = -1.02 and log 0.135 = -2.00: the right one is better, but not over Ty^3."""
    right, chosen = [[2, 0]], [[1, 2, 0]]
    assert explain_error(table, [3], right, chosen, alpha=0).search_at_fault.tolist() == [True]
    assert explain_error(table, [3], right, chosen, alpha=3).search_at_fault.tolist() == [False]


@pytest.mark.parametrize("seed", range(3))
def test_nothing_is_wrong_with_an_exhaustive_search(seed):
    decoder = Decoder(seed)
    found = beam_search(decoder, decoder.start, V**3, 3, EOS)
    others = [found.tokens[i, 5, : found.lengths[i, 5]] for i in range(len(START))]
    assert not explain_error(decoder, decoder.start, others, found.best()).search_at_fault.any()


def test_no_framework_is_needed():
    assert "keras" not in vars(module)


def shaped(*shape):
    return lambda tokens, state: (np.zeros(shape), state)


COMPLAINTS = [
    (
        lambda tmp: beam_search(table, [3], 0, 3, 0),
        InvalidValue,
        "`beam_width` must be at least 1. Received: 0.",
    ),
    (
        lambda tmp: beam_search(table, [3], 2, 0, 0),
        InvalidValue,
        "`max_len` must be at least 1. Received: 0.",
    ),
    (
        lambda tmp: beam_search(table, [3], 2, 3, -1),
        InvalidValue,
        "`eos` must be at least 0. Received: -1.",
    ),
    (
        lambda tmp: beam_search(table, [3], 2, 3, eos=3),
        InvalidValue,
        "`eos` must be one of the V=3 tokens that `step_fn` knows. Received: 3.",
    ),
    (
        lambda tmp: beam_search(table, [3], 2, 3, 0, alpha=-0.5),
        InvalidValue,
        "`alpha` must be at least 0. Received: -0.5.",
    ),
    (
        lambda tmp: beam_search(table, [3], 2, 3, 0, alpha=np.inf),
        InvalidValue,
        "`alpha` must be a finite number. Received: inf.",
    ),
    (
        lambda tmp: beam_search(table, [0.5], 2, 3, 0),
        InvalidType,
        "`start` must be a list of whole numbers. Received: shape (1,), dtype float64.",
    ),
    (
        lambda tmp: beam_search(table, [], 2, 3, 0),
        InvalidValue,
        "`start` must hold at least one token. Received: none.",
    ),
    (
        lambda tmp: beam_search(table, ([-1], None), 2, 3, 0),
        InvalidValue,
        "`start` must hold tokens from 0. Received: -1.",
    ),
    (
        lambda tmp: beam_search(shaped(1, 1, 4), [3], 2, 3, 0),
        InvalidValue,
        "`step_fn` must return log-probabilities of shape (rows=1, V). Received: (1, 1, 4).",
    ),
    (
        lambda tmp: beam_search(lambda t, s: (np.full((1, 2), 0.5), s), [3], 2, 3, 0),
        InvalidValue,
        "`step_fn` must return logarithms of at most 0. Received: up to 0.5. Use the logarithm of "
        "the softmax.",
    ),
    (
        lambda tmp: greedy_search(lambda t, s: (np.full((1, 2), np.nan), s), [3], 3, 0),
        InvalidValue,
        "`step_fn` must return logarithms of at most 0. Received: NaN. Use the logarithm of the "
        "softmax.",
    ),
    (
        lambda tmp: greedy_search(table, [3], 0, 0),
        InvalidValue,
        "`max_len` must be at least 1. Received: 0.",
    ),
    (
        lambda tmp: greedy_search(table, [3], 1, 0.5),
        InvalidType,
        "`eos` must be a whole number. Received: 0.5 (float).",
    ),
    (
        lambda tmp: greedy_search(table, [[3]], 1, 0),
        InvalidType,
        "`start` must be a list of whole numbers. Received: shape (1, 1), dtype int64.",
    ),
    (
        lambda tmp: beam_search_loop(table, [3], 2, 0, 0),
        InvalidValue,
        "`max_len` must be at least 1. Received: 0.",
    ),
    (
        lambda tmp: beam_search_loop(table, [3], 2, 3, -1),
        InvalidValue,
        "`eos` must be at least 0. Received: -1.",
    ),
    (
        lambda tmp: beam_search_loop(table, [3, 3], 2, 3, 0),
        InvalidValue,
        "`start` must hold one token. Received: 2 tokens.",
    ),
    (
        lambda tmp: beam_search_loop(table, [], 2, 3, 0),
        InvalidValue,
        "`start` must hold at least one token. Received: none.",
    ),
    (
        lambda tmp: beam_search_loop(table, [3], 0, 3, 0),
        InvalidValue,
        "`beam_width` must be at least 1. Received: 0.",
    ),
    (
        lambda tmp: beam_search_loop(table, [3], 2, 3, 0, alpha=-1),
        InvalidValue,
        "`alpha` must be at least 0. Received: -1.",
    ),
    (
        lambda tmp: score_sequences(table, [-3], [[0]]),
        InvalidValue,
        "`start` must hold tokens from 0. Received: -3.",
    ),
    (
        lambda tmp: score_sequences(table, [3], [[0]], alpha=-1),
        InvalidValue,
        "`alpha` must be at least 0. Received: -1.",
    ),
    (
        lambda tmp: score_sequences(table, [3], [[0], [1]]),
        InvalidValue,
        "`sequences` must hold a sentence for each of the m=1 inputs. Received: 2.",
    ),
    (
        lambda tmp: score_sequences(table, [3], [[]]),
        InvalidValue,
        "`sequences[0]` must hold at least one token. Received: none.",
    ),
    (
        lambda tmp: score_sequences(table, [3], [[3]]),
        InvalidValue,
        "`sequences` must hold tokens below V=3. Received: 3.",
    ),
    (
        lambda tmp: explain_error(table, [], [], []),
        InvalidValue,
        "`start` must hold at least one token. Received: none.",
    ),
    (
        lambda tmp: explain_error(table, [3], ["ab"], [[1]]),
        InvalidType,
        "`reference[0]` must be a list of whole numbers. Received: shape (), dtype <U2.",
    ),
    (
        lambda tmp: explain_error(table, [3], [[1]], [[-1]]),
        InvalidValue,
        "`beam_output[0]` must hold tokens from 0. Received: -1.",
    ),
    (
        lambda tmp: explain_error(table, [3], [[1, 0]], [[1, 0]]),
        InvalidValue,
        "`beam_output` must differ from `reference` somewhere. Received: the same sentences.",
    ),
]
test_complaints = complaints_test(COMPLAINTS)
