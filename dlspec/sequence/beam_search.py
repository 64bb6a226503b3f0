"""Beam search: the most probable sentence, as far as one can see (course 5, week 3).

A decoder says how probable each next token is, given those before.  The most probable sentence is
not made of the most probable tokens, and there are too many sentences to try all.  Beam search
keeps the `beam_width` most probable beginnings, makes every one longer by every token, and keeps
the best of those.  Logarithms are added so that nothing underflows, and the sum is divided by a
power of the length, for every further token makes a sentence less probable:

    score(y) = 1 / Ty^alpha  sum over t of log P(y<t> | x, y<1>, ..., y<t-1>)

alpha = 0 compares sums, alpha = 1 means; 0.7 lies between.  Ty counts the end of the sentence too.
(Without the logarithm, as some notes have it, nothing is normalised.)

A decoder is any function

    step_fn(tokens, state) -> log_probabilities, state

that takes the last token of each of some rows (rows,), whole numbers, and what the decoder keeps
for each of them, and returns log-probabilities (rows, V) and the new state.  Sentences and beams
are rows of one batch: each step is *one* call.  It has m rows in the first call, one for each
sentence, and m x beam_width in the later ones, sentence by sentence.

A state is an array whose first axis is the rows, or tuples, lists and dictionaries of such arrays,
or None: hidden states, key/value caches, encoder outputs.  Between two steps the search picks the
rows of the beginnings that survive (`state[rows]`), so that each goes on from its own past; nothing
is computed twice.  A Keras decoder with an LSTM, for instance:

    def step_fn(tokens, state):
        probabilities, a, c = step_model.predict_on_batch([tokens[:, None], *state])
        return np.log(probabilities), (a, c)

    found = beam_search(step_fn, (start_tokens, (a0, c0)), beam_width=10, max_len=30, eos=2)

States that should stay tensors of a framework want that framework's way of picking rows, such as
gather=lambda array, rows: keras.ops.take(array, rows, axis=0).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import check_count, check_finite
from dlspec.strategy.error_analysis import ComponentFaults, attribute_errors

__all__ = [
    "Beams",
    "beam_search",
    "beam_search_loop",
    "explain_error",
    "greedy_search",
    "score_sequences",
]

ABOVE_ZERO = 1e-3
"""How far rounding may bring a logarithm above 0."""

StepFunction = Callable[[np.ndarray, Any], tuple[np.ndarray, Any]]
Start = Any
"""Tokens (m,) that every sentence starts from, or a tuple (tokens, state)."""


@dataclass(frozen=True, eq=False)
class Beams:
    """What a beam search found, the best sentence first.

    Attributes:
        tokens: (m, beam_width, max_len), the start left out; `eos` fills what is left of a row.
        lengths: Ty, (m, beam_width); 0 where there are fewer sentences than the beam is wide.
        log_probabilities: sums, (m, beam_width); -inf where there is no sentence.
        scores: sums divided by Ty^alpha, (m, beam_width), falling.
    """

    tokens: np.ndarray
    lengths: np.ndarray
    log_probabilities: np.ndarray
    scores: np.ndarray

    def best(self) -> list[np.ndarray]:
        """The best sentence for each of the m inputs.

        Returns:
            Tokens (Ty,) of each, with the final `eos` unless it was cut at `max_len`.

        Example:
            >>> beam_search(lambda t, s: (np.log([[0.1, 0.9]]), s), [0], 1, 2, eos=0).best()
            [array([1, 1])]

        Source: course 5, week 3.
        """
        return [row[0, :n] for row, n in zip(self.tokens, self.lengths[:, 0], strict=True)]


def beam_search(
    step_fn: StepFunction,
    start: Start,
    beam_width: int,
    max_len: int,
    eos: int,
    alpha: float = 0.7,
    *,
    gather: Callable[[Any, np.ndarray], Any] | None = None,
) -> Beams:
    """Search for the sentences with the highest scores, all m inputs and all beams at once.

    A sentence that ends keeps its place in the beam, which narrows for the others; what has not
    ended after `max_len` tokens is taken as it is.  Width 1 is greedy search; a width of V^max_len
    tries everything.

    Args:
        step_fn: the decoder, see above.
        start: tokens (m,), or (tokens, state).
        beam_width: B, at least 1.
        max_len: most tokens of a sentence, its end included; at least 1.
        eos: the token that ends a sentence.
        alpha: power of the length, at least 0.
        gather: picks rows of an array of the state; by default as NumPy does.

    Returns:
        Up to B sentences for each input.

    Raises:
        TypeError: whole numbers that are none; tokens that are none.
        ValueError: a beam narrower than 1, a length below 1, an alpha below 0, no tokens to start
            from, log-probabilities of another shape, above 0 or NaN.

    Example:
        The most probable first token, 1, leads nowhere; the better sentence begins with 2:

        >>> after = [[0.9, 0.05, 0.05], [0.4, 0.3, 0.3], [0.9, 0.05, 0.05], [0.1, 0.5, 0.4]]
        >>> def step_fn(tokens, state):
        ...     return np.log(after)[tokens], state
        >>> for width in (1, 2):
        ...     found = beam_search(step_fn, [3], width, max_len=2, eos=0)
        ...     print(found.best()[0], np.exp(found.log_probabilities[0, 0]).round(2))
        [1 0] 0.2
        [2 0] 0.36

    Source: course 5, week 3; Graves, "Sequence transduction with recurrent neural networks", 2012;
    the normalisation: Wu et al., "Google's neural machine translation system", 2016, simplified.
    """
    tokens, state = _check_start(start)
    B, max_len = check_count("beam_width", beam_width), check_count("max_len", max_len)
    eos, alpha = check_count("eos", eos, minimum=0), _check_alpha(alpha)
    m, places, sentences = len(tokens), np.arange(B), np.arange(len(tokens))[:, None]
    found, lengths = np.full((m, B, max_len), eos), np.zeros((m, B), np.int64)
    sums = np.where(places == 0, 0.0, -np.inf) + np.zeros((m, 1))  # one empty beginning for each
    room = np.full((m, 1), B)  # places of the beam that no finished sentence keeps
    for t in range(max_len):
        log_p, state = _call(step_fn, tokens, state, eos)
        width, V = len(tokens) // m, log_p.shape[1]
        live = np.where(places < room, sums, -np.inf)[:, :width]
        longer, chosen = _largest((live[:, :, None] + log_p.reshape(m, width, V)).reshape(m, -1), B)

        # The best fill the free places; finished sentences stay where they are, behind them.
        kept = (places < room) & (longer > -np.inf)
        source = np.where(kept, chosen // V, places)
        found = found[sentences, source]
        found[kept, t] = (chosen % V)[kept]
        lengths = np.where(kept, t + 1, np.where(places < room, 0, lengths))
        sums = np.where(places < room, longer, sums)

        # Those that have ended now move behind the others, and leave less room.
        ended = (places >= room) | (kept & (chosen % V == eos))
        order = np.argsort(ended, axis=1, kind="stable")
        found, lengths, sums = (array[sentences, order] for array in (found, lengths, sums))
        room = B - ended.sum(axis=1, keepdims=True)
        if not (np.isfinite(sums) & (places < room)).any() or t + 1 == max_len:
            break
        rows = sentences * width + np.where(kept, chosen // V, 0)[sentences, order]
        state = _pick_rows(state, rows.ravel(), gather or _take)
        tokens = found[:, :, t].ravel()
    scores = _normalise(sums, lengths, alpha)
    order = np.argsort(-scores, axis=1, kind="stable")
    return Beams(*(array[sentences, order] for array in (found, lengths, sums, scores)))


def _largest(values, k):
    """The k largest of each row, falling, and their places; -inf where there are fewer."""
    if k == 1:
        places = values.argmax(axis=1)[:, None]
        return np.take_along_axis(values, places, axis=1), places
    if values.shape[1] < k:
        padding = np.full((len(values), k - values.shape[1]), -np.inf)
        values = np.hstack([values, padding])
    first = values.shape[1] - k  # from the end: that way nothing has to be negated
    places = np.sort(np.argpartition(values, first, axis=1)[:, first:], axis=1)
    largest = np.take_along_axis(values, places, axis=1)
    order = np.argsort(-largest, axis=1, kind="stable")
    return tuple(np.take_along_axis(array, order, axis=1) for array in (largest, places))


def _normalise(sums, lengths, alpha):
    return np.where(lengths > 0, sums, -np.inf) / np.maximum(lengths, 1) ** alpha


def _pick_rows(state, rows, gather):
    """The rows of every array of a nested state."""
    if state is None:
        return None
    if isinstance(state, dict):
        return {key: _pick_rows(value, rows, gather) for key, value in state.items()}
    if isinstance(state, (list, tuple)):
        return type(state)([_pick_rows(value, rows, gather) for value in state])
    return gather(state, rows)


def _take(array, rows):
    return np.asarray(array)[rows]


# --- The same step by step, and simpler searches --------------------------------------------------


def beam_search_loop(
    step_fn: StepFunction,
    start: Start,
    beam_width: int,
    max_len: int,
    eos: int,
    alpha: float = 0.7,
) -> list[tuple[list[int], float]]:
    """Beam search for one input as the lecture draws it; one call for each beginning and step.

    Args:
        step_fn: the decoder, as in `beam_search`.
        start: one token, in a list, or (tokens, state).
        beam_width: B, at least 1.
        max_len: most tokens of a sentence, its end included; at least 1.
        eos: the token that ends a sentence.
        alpha: power of the length, at least 0.

    Returns:
        (tokens, score) of up to B sentences, the best first.

    Raises:
        TypeError, ValueError: as `beam_search`; more than one input.

    Example:
        >>> def step_fn(tokens, state):
        ...     return np.log([[0.4, 0.6]]), state
        >>> [(tokens, round(score, 2)) for tokens, score in beam_search_loop(
        ...     step_fn, [1], beam_width=2, max_len=2, eos=0, alpha=0)]
        [([0], -0.92), ([1, 1], -1.02)]

    Source: course 5, week 3.
    """
    tokens, state = _check_start(start)
    B, max_len = check_count("beam_width", beam_width), check_count("max_len", max_len)
    eos, alpha = check_count("eos", eos, minimum=0), _check_alpha(alpha)
    if len(tokens) != 1:
        raise InvalidValue(sentence("start", "hold one token", f"{len(tokens)} tokens"))
    beginnings, finished = [(0.0, [], state)], []
    for _ in range(max_len):
        candidates = []
        for log_sum, before, state in beginnings:
            last = np.array(before[-1:]) if before else tokens
            log_p, after = _call(step_fn, last, state, eos)
            candidates += [
                (log_sum + log_p[0, v], [*before, v], after) for v in range(log_p.shape[1])
            ]
        candidates = [c for c in candidates if c[0] > -np.inf]
        best = sorted(candidates, key=lambda c: -c[0])[: B - len(finished)]
        finished += [c for c in best if c[1][-1] == eos]
        beginnings = [c for c in best if c[1][-1] != eos]
        if not beginnings:
            break
    scored = [(y, float(log_sum / len(y) ** alpha)) for log_sum, y, _ in beginnings + finished]
    return sorted(scored, key=lambda row: -row[1])


def greedy_search(step_fn: StepFunction, start: Start, max_len: int, eos: int) -> list[np.ndarray]:
    """Take the most probable token every time.

    Args:
        step_fn: the decoder, as in `beam_search`; it always has m rows.
        start: tokens (m,), or (tokens, state).
        max_len: most tokens of a sentence, its end included; at least 1.
        eos: the token that ends a sentence.

    Returns:
        Tokens (Ty,) for each input.

    Raises:
        TypeError, ValueError: as `beam_search`.

    Example:
        >>> greedy_search(lambda t, s: (np.log([[0.1, 0.9]]), s), [0], max_len=3, eos=0)
        [array([1, 1, 1])]

    Source: course 5, week 3.
    """
    tokens, state = _check_start(start)
    max_len, eos = check_count("max_len", max_len), check_count("eos", eos, minimum=0)
    found = np.full((len(tokens), max_len), eos)
    going = np.ones(len(tokens), bool)
    for t in range(max_len):
        log_p, state = _call(step_fn, tokens, state, eos)
        tokens = np.where(going, log_p.argmax(axis=1), eos)
        found[:, t] = tokens
        going &= tokens != eos
        if not going.any():
            break
    lengths = [int((row == eos).argmax()) + 1 if eos in row else max_len for row in found]
    return [row[:n] for row, n in zip(found, lengths, strict=True)]


# --- Search or model? -----------------------------------------------------------------------------


def score_sequences(
    step_fn: StepFunction, start: Start, sequences: Sequence[Sequence[int]], alpha: float = 0.7
) -> np.ndarray:
    """The score that a decoder gives to sentences that somebody else wrote.

    Args:
        step_fn: the decoder, as in `beam_search`; it always has m rows.
        start: tokens (m,), or (tokens, state).
        sequences: for each input the tokens of a sentence, its end included.
        alpha: power of the length, at least 0.

    Returns:
        Scores (m,); -inf where the decoder thinks a sentence impossible.

    Raises:
        TypeError: tokens that are no whole numbers.
        ValueError: as `beam_search`; other numbers of sentences than of inputs, an empty sentence,
            a token that the decoder does not know.

    Example:
        >>> def step_fn(tokens, state):
        ...     return np.log([[0.2, 0.8]]), state
        >>> np.exp(score_sequences(step_fn, [0], [[1, 1, 0]], alpha=0)).round(3)
        array([0.128])

    Source: course 5, week 3.
    """
    tokens, state = _check_start(start)
    alpha = _check_alpha(alpha)
    checked = _check_sequences("sequences", sequences, len(tokens))
    lengths = np.array([len(row) for row in checked])
    sums = np.zeros(len(tokens))
    for t in range(lengths.max()):
        log_p, state = _call(step_fn, tokens, state)
        going = np.flatnonzero(t < lengths)
        tokens = np.array([row[min(t, len(row) - 1)] for row in checked])
        if tokens.max() >= log_p.shape[1]:
            expected = f"hold tokens below V={log_p.shape[1]}"
            raise InvalidValue(sentence("sequences", expected, tokens.max()))
        sums[going] += log_p[going, tokens[going]]
    return _normalise(sums, lengths, alpha)


def explain_error(
    model: StepFunction,
    x: Start,
    reference: Sequence[Sequence[int]],
    beam_output: Sequence[Sequence[int]],
    *,
    alpha: float = 0.7,
) -> ComponentFaults:
    """Say for each wrong sentence whether the search or the model is at fault.

        score(y*) > score(yhat)     the search: a better sentence was there, and it was not found
        score(y*) <= score(yhat)    the model: it likes the wrong sentence as much or better

    Args:
        model: the decoder, a `step_fn` as in `beam_search`.
        x: the inputs that it starts from, tokens (m,) or (tokens, state).
        reference: y*, the right sentence for each input, its end included.
        beam_output: yhat, what the search returned, such as `Beams.best()`.
        alpha: the power of the length that the search used.

    Returns:
        Who is at fault for each mistake, shares, and what to work on; sentences that are right
        are no mistakes and left out.

    Raises:
        TypeError: tokens that are no whole numbers.
        ValueError: as `score_sequences`; no mistakes.

    Example:
        >>> def step_fn(tokens, state):
        ...     return np.log([[0.2, 0.8]] * len(tokens)), state
        >>> found = explain_error(step_fn, [0, 0], [[1, 0], [0]], [[0], [1, 0]], alpha=1)
        >>> found.search_at_fault
        array([ True, False])

    Source: course 5, week 3, error analysis in beam search.
    """
    tokens, _ = _check_start(x)
    right = _check_sequences("reference", reference, len(tokens))
    chosen = _check_sequences("beam_output", beam_output, len(tokens))
    mistakes = [i for i in range(len(tokens)) if right[i].tolist() != chosen[i].tolist()]
    if not mistakes:
        expected = "differ from `reference` somewhere"
        raise InvalidValue(sentence("beam_output", expected, "the same sentences"))
    right_scores, chosen_scores = (
        score_sequences(model, x, sequences, alpha)[mistakes] for sequences in (right, chosen)
    )
    return attribute_errors(right_scores, chosen_scores, search="beam search", model="the model")


# --- Checks ---------------------------------------------------------------------------------------


def _call(step_fn, tokens, state, eos=0):
    """One step of the decoder, its log-probabilities checked."""
    log_p, state = step_fn(tokens, state)
    log_p = np.asarray(log_p, dtype=np.float64)
    if log_p.ndim != 2 or len(log_p) != len(tokens):
        expected = f"return log-probabilities of shape (rows={len(tokens)}, V)"
        raise InvalidValue(sentence("step_fn", expected, log_p.shape))
    if eos >= log_p.shape[1]:
        expected = f"be one of the V={log_p.shape[1]} tokens that `step_fn` knows"
        raise InvalidValue(sentence("eos", expected, eos))
    if not log_p.max() <= ABOVE_ZERO:
        received = "NaN" if np.isnan(log_p).any() else f"up to {log_p.max():g}"
        advice = "Use the logarithm of the softmax."
        raise InvalidValue(sentence("step_fn", "return logarithms of at most 0", received, advice))
    return log_p, state


def _check_start(start):
    tokens, state = start if isinstance(start, tuple) and len(start) == 2 else (start, None)
    return _check_tokens("start", tokens), state


def _check_tokens(name, tokens):
    array = np.asarray(tokens)
    if array.ndim != 1 or (array.size and array.dtype.kind not in "iu"):
        received = f"shape {array.shape}, dtype {array.dtype}"
        raise InvalidType(sentence(name, "be a list of whole numbers", received))
    if not array.size:
        raise InvalidValue(sentence(name, "hold at least one token", "none"))
    if array.min() < 0:
        raise InvalidValue(sentence(name, "hold tokens from 0", array.min()))
    return array


def _check_sequences(name, sequences, m):
    if len(sequences) != m:
        expected = f"hold a sentence for each of the m={m} inputs"
        raise InvalidValue(sentence(name, expected, len(sequences)))
    return [_check_tokens(f"{name}[{i}]", row) for i, row in enumerate(sequences)]


def _check_alpha(alpha):
    if check_finite("alpha", alpha) < 0:
        raise InvalidValue(sentence("alpha", "be at least 0", alpha))
    return float(alpha)
