"""Connectionist temporal classification: speech without alignments (course 5, week 3).

Sound comes in many steps, its transcript in few symbols, and nobody says which step belongs to
which symbol.  The network names a symbol or the blank at every step; a path pi of T of them means
the transcript that is left when repeats are merged and then blanks dropped:

    ttt_h_eee___ ___qqq  ->  the q              B(pi) = l

The probability of a transcript is the sum over all paths that collapse to it,

    p(l | x) = sum over pi with B(pi) = l of  y_1(pi_1) ... y_T(pi_T),

found in T steps over l' = blank l_1 blank l_2 ... blank, of length S = 2 L + 1 (Graves et al.,
2006): alpha_t(s) is the probability of all ways to be at l'_s after step t,

    alpha_t(s) = y_t(l'_s) (alpha_{t-1}(s) + alpha_{t-1}(s-1) [+ alpha_{t-1}(s-2)]),

the last term only where l'_s is neither blank nor l'_{s-2}: two equal symbols need a blank between.
beta is the same from the end.  All of it in logarithms: y_1 ... y_T would underflow soon.

One sequence at a time: `logits` (T, K) of T steps and K symbols, of which `blank` is one (0, as in
Keras), before the softmax.
"""

from collections.abc import Sequence

import keras
import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import check_array, check_count, check_fraction

__all__ = [
    "SpeechRecognizer",
    "ctc_beam_decode",
    "ctc_collapse",
    "ctc_greedy_decode",
    "ctc_loss",
    "ctc_posteriors",
    "edit_distance",
    "label_error_rate",
]

IMPOSSIBLE = -np.inf  # the logarithm of 0

CONVOLUTION = (64, 7, 3)  # filters, columns that one sees, columns from one step to the next
GRU_UNITS = 64
DROPOUT = 0.2


# --- Loss -----------------------------------------------------------------------------------------


def ctc_collapse(path: str | Sequence[int], blank: str | int = "_") -> str | list[int]:
    """The transcript that a path means: merge repeats, then drop blanks.

    Args:
        path: one character or class number for every step.
        blank: which of them is the blank, such as "_" in a text and 0 among numbers.

    Returns:
        A text for a text, a list of numbers otherwise.

    Raises:
        TypeError: neither a text nor whole numbers.
        ValueError: a blank that is not one character.

    Example:
        >>> ctc_collapse("ttt_h_eee___ ___qqq")
        'the q'
        >>> ctc_collapse([0, 7, 7, 0, 7, 3], blank=0)
        [7, 7, 3]

    Source: course 5, week 3; Graves et al., 2006, section 3.1.
    """
    if isinstance(path, str):
        if not isinstance(blank, str) or len(blank) != 1:
            received = f"{blank!r}"
            raise InvalidValue(sentence("blank", "be one character, as `path` is text", received))
        symbols = list(path)
    else:
        blank = check_count("blank", blank, minimum=0)
        symbols = [check_count(f"path[{i}]", k, minimum=0) for i, k in enumerate(path)]
    merged = [k for i, k in enumerate(symbols) if i == 0 or k != symbols[i - 1]]
    kept = [k for k in merged if k != blank]
    return "".join(kept) if isinstance(path, str) else kept


def ctc_loss(logits: np.ndarray, labels: Sequence[int], blank: int = 0) -> tuple[float, np.ndarray]:
    """The loss -log p(labels | logits) of one sequence, and its gradient.

        dJ/dlogits_t(k) = y_t(k) - sum over s with l'_s = k of gamma_t(s)

    What the network says at step t, less what it should have said given the transcript: gamma, see
    `ctc_posteriors`.

    Args:
        logits: (T, K) before the softmax.
        labels: L class numbers from 0 to K - 1, none of them the blank; may be empty.
        blank: class number of the blank.

    Returns:
        loss: in nats, a sum over the sequence; infinite when T steps cannot hold the labels, with
            a gradient of 0.
        dlogits: (T, K).

    Raises:
        TypeError: not numbers.
        ValueError: another rank, NaN, labels that are no classes or the blank.

    Example:
        >>> loss, dlogits = ctc_loss(np.zeros((2, 2)), [1])  # 1 1, 0 1 and 1 0 of four paths
        >>> bool(np.isclose(loss, -np.log(3 / 4))), dlogits.shape
        (True, (2, 2))

    Source: Graves et al., Connectionist temporal classification, 2006, equations 6 to 16.
    """
    log_y, extended = _check_sequence(logits, labels, blank)
    alpha, beta = _forward(log_y, extended, blank), _backward(log_y, extended, blank)
    log_p = np.logaddexp.reduce(alpha[-1, -2:])
    if log_p == IMPOSSIBLE:
        return np.inf, np.zeros_like(log_y)
    gamma = _posteriors(alpha, beta, log_y, extended, log_p)
    dlogits = np.exp(log_y)
    for s, symbol in enumerate(extended):  # the blank stands at every other place
        dlogits[:, symbol] -= gamma[:, s]
    return float(-log_p), dlogits


def ctc_posteriors(logits: np.ndarray, labels: Sequence[int], blank: int = 0) -> np.ndarray:
    """Where in the sound every symbol of a known transcript probably is.

        gamma_t(s) = p(pi_t is the place s of l' | labels) = alpha_t(s) beta_t(s) / y_t(l'_s) / p

    Args:
        logits: (T, K) before the softmax.
        labels: L class numbers, none of them the blank.
        blank: class number of the blank.

    Returns:
        (T, 2 L + 1), every row sums to 1; place 2 i + 1 is label i, the others are blanks.

    Raises:
        TypeError: not numbers.
        ValueError: another rank, NaN, labels that are no classes or the blank, fewer steps than
            the labels need.

    Example:
        >>> ctc_posteriors(np.zeros((2, 2)), [1]).round(3)
        array([[0.333, 0.667, 0.   ],
               [0.   , 0.667, 0.333]])

    Source: Graves et al., Connectionist temporal classification, 2006, equation 14.
    """
    log_y, extended = _check_sequence(logits, labels, blank)
    alpha, beta = _forward(log_y, extended, blank), _backward(log_y, extended, blank)
    log_p = np.logaddexp.reduce(alpha[-1, -2:])
    if log_p == IMPOSSIBLE:
        repeats = int(np.sum(extended[3::2] == extended[1:-2:2]))
        needed = len(extended) // 2 + repeats
        expected = f"have at least {needed} steps for these labels"
        advice = "Two equal labels need a blank between them." if repeats else ""
        raise InvalidValue(sentence("logits", expected, len(log_y), advice))
    return _posteriors(alpha, beta, log_y, extended, log_p)


def _forward(log_y, extended, blank):
    """log alpha (T, S): all ways to be at a place after a step, that step's symbol included."""
    at_place = log_y[:, extended]
    may_skip = _may_skip(extended, blank)
    alpha = np.full(at_place.shape, IMPOSSIBLE)
    alpha[0, :2] = at_place[0, :2]
    for t in range(1, len(alpha)):
        alpha[t] = at_place[t] + _step(alpha[t - 1], may_skip)
    return alpha


def _step(before, may_skip):
    """Stay, come from the place before or, where that is allowed, from the one before that."""
    ways = np.full((3, before.size), IMPOSSIBLE)
    ways[0] = before
    ways[1, 1:] = before[:-1]
    ways[2, 2:] = np.where(may_skip[2:], before[:-2], IMPOSSIBLE)
    return np.logaddexp.reduce(ways, axis=0)


def _may_skip(extended, blank):
    skip = np.zeros(extended.size, bool)
    skip[2:] = (extended[2:] != blank) & (extended[2:] != extended[:-2])
    return skip


def _backward(log_y, extended, blank):
    """log beta (T, S): all ways to the end from a place, that step's symbol included.

    The forward pass over everything turned around, which l' reads the same way.
    """
    return _forward(log_y[::-1], extended[::-1], blank)[::-1, ::-1]


def _posteriors(alpha, beta, log_y, extended, log_p):
    at_place = log_y[:, extended]
    return np.exp(alpha + beta - at_place - log_p)


# --- Decoders -------------------------------------------------------------------------------------


def ctc_greedy_decode(logits: np.ndarray, blank: int = 0) -> tuple[list[int], float]:
    """Take the best symbol at every step and collapse: the best path, not the best transcript.

    Args:
        logits: (T, K) before the softmax.
        blank: class number of the blank.

    Returns:
        labels: class numbers.
        log_probability: of that one path, in nats.

    Raises:
        TypeError: not numbers.
        ValueError: another rank, NaN, a blank that is no class.

    Example:
        >>> ctc_greedy_decode(np.log([[0.6, 0.4], [0.6, 0.4]]))[0]  # yet 1 has 1 - 0.6^2 = 0.64
        []

    Source: Graves et al., Connectionist temporal classification, 2006, section 3.2.
    """
    log_y = _log_softmax(_check_logits(logits))
    blank = _check_blank(blank, log_y)
    best = log_y.argmax(axis=1)
    return ctc_collapse(best.tolist(), blank), float(log_y.max(axis=1).sum())


def ctc_beam_decode(
    logits: np.ndarray, beam_width: int = 10, blank: int = 0
) -> list[tuple[list[int], float]]:
    """Prefix beam search: keep the likeliest beginnings, each with all paths that collapse to it.

    For every beginning two sums are kept, over paths that end in a blank and over paths that end in
    its last symbol: only after a blank does that symbol, said again, make the transcript longer.

    Args:
        logits: (T, K) before the softmax.
        beam_width: beginnings kept after every step, at least 1.
        blank: class number of the blank.

    Returns:
        Up to `beam_width` transcripts with the logarithms of their probabilities, best first.

    Raises:
        TypeError: not numbers.
        ValueError: another rank, NaN, a blank that is no class, a width below 1.

    Example:
        >>> labels, log_p = ctc_beam_decode(np.log([[0.6, 0.4], [0.6, 0.4]]))[0]
        >>> labels, round(float(np.exp(log_p)), 2)
        ([1], 0.64)

    Source: Hannun et al., First-pass large vocabulary continuous speech recognition, 2014.
    """
    log_y = _log_softmax(_check_logits(logits))
    blank = _check_blank(blank, log_y)
    beam_width = check_count("beam_width", beam_width)
    beams = {(): (0.0, IMPOSSIBLE)}  # beginning: (log p ending in blank, in its last symbol)
    for log_now in log_y:
        grown: dict[tuple, tuple[float, float]] = {}
        for prefix, (in_blank, in_symbol) in beams.items():
            either = np.logaddexp(in_blank, in_symbol)
            _add(grown, prefix, in_blank=either + log_now[blank])
            for k in range(log_now.size):
                if k == blank:
                    continue
                repeats = bool(prefix) and k == prefix[-1]
                if repeats:  # the same symbol going on
                    _add(grown, prefix, in_symbol=in_symbol + log_now[k])
                before = in_blank if repeats else either
                _add(grown, (*prefix, k), in_symbol=before + log_now[k])
        ranked = sorted(grown.items(), key=lambda item: -np.logaddexp(*item[1]))
        beams = dict(ranked[:beam_width])
    return [(list(prefix), float(np.logaddexp(*p))) for prefix, p in beams.items()]


def _add(beams, prefix, in_blank=IMPOSSIBLE, in_symbol=IMPOSSIBLE):
    if in_blank == in_symbol == IMPOSSIBLE:
        return
    before = beams.get(prefix, (IMPOSSIBLE, IMPOSSIBLE))
    beams[prefix] = np.logaddexp(before[0], in_blank), np.logaddexp(before[1], in_symbol)


# --- Scores ---------------------------------------------------------------------------------------


def edit_distance(first: Sequence, second: Sequence) -> int:
    """Least number of symbols to insert, delete or replace to make one sequence of the other.

    Args:
        first: a text or any sequence.
        second: likewise.

    Returns:
        0 for equal ones.

    Raises:
        TypeError: no sequence.

    Example:
        >>> edit_distance("kitten", "sitting")
        3

    Source: Levenshtein, Binary codes capable of correcting deletions, 1966.
    """
    for name, value in (("first", first), ("second", second)):
        if not isinstance(value, (Sequence, np.ndarray)):
            raise InvalidType(sentence(name, "be a sequence", type(value).__name__))
    row = list(range(len(second) + 1))  # distances of first[:i] to every beginning of `second`
    for i, a in enumerate(first, start=1):
        above = row
        row = [i]
        for j, b in enumerate(second, start=1):
            row.append(min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a != b)))
    return row[-1]


def label_error_rate(found: Sequence[Sequence], true: Sequence[Sequence]) -> float:
    """Edits that would put all transcripts right, for each true symbol.

    Args:
        found: transcripts by the network.
        true: what was said, as many transcripts.

    Returns:
        0 if all are right; may exceed 1.

    Raises:
        TypeError: no sequences.
        ValueError: other numbers of transcripts, or nothing said in any of them.

    Example:
        >>> label_error_rate(["the q", "an r"], ["the q", "a r"])
        0.125

    Source: Graves et al., Connectionist temporal classification, 2006, equation 1, for all
    transcripts together.
    """
    if len(found) != len(true):
        expected = f"have a transcript for each of the {len(true)} in `true`"
        raise InvalidValue(sentence("found", expected, len(found)))
    said = sum(map(len, true))
    if not said:
        raise InvalidValue(sentence("true", "hold at least one symbol", "none"))
    return sum(edit_distance(f, t) for f, t in zip(found, true, strict=True)) / said


# --- The network ----------------------------------------------------------------------------------


def SpeechRecognizer(
    input_shape: tuple[int | None, int],
    classes: int,
    filters: int = CONVOLUTION[0],
    units: int = GRU_UNITS,
    dropout_rate: float = DROPOUT,
) -> keras.Model:
    """Build a small recogniser: a convolution, a bidirectional GRU, a symbol or blank at each step.

        features (T, n)
        convolution   64 filters over 7 columns, every 3; normalised, ReLU, dropout
        GRU           64 units in each direction, dropout
        dense         K + 1 logits at every step; class 0 is the blank

    Train it with `keras.losses.CTC()`, whose labels are class numbers 1 to K, filled up with 0.

    Args:
        input_shape: (T, n); T may be None.
        classes: K symbols beside the blank.
        filters: of the convolution.
        units: of the GRU in each direction.
        dropout_rate: share of the units that is left out while training, in [0, 1).

    Returns:
        A model (m, T, n) -> (m, (T - 7) // 3 + 1, K + 1).

    Raises:
        TypeError: sizes that are not whole numbers.
        ValueError: sizes below 1, fewer than 7 steps, a rate outside [0, 1).

    Example:
        >>> model = SpeechRecognizer((298, 101), classes=10)
        >>> model.output_shape
        (None, 98, 11)

    Source: course 5, week 3; Graves et al., 2006.
    """
    if not isinstance(input_shape, (tuple, list)) or len(input_shape) != 2:
        received = f"{input_shape!r} ({type(input_shape).__name__})"
        raise InvalidType(sentence("input_shape", "be (T, n)", received))
    _, kernel, stride = CONVOLUTION
    steps, features = input_shape
    if steps is not None:
        steps = check_count("input_shape[0]", steps, minimum=kernel)
    features = check_count("input_shape[1]", features)
    classes = check_count("classes", classes)
    filters, units = check_count("filters", filters), check_count("units", units)
    rate = check_fraction("dropout_rate", dropout_rate)
    if rate == 1:
        raise InvalidValue(sentence("dropout_rate", "leave some units in, below 1", "1"))

    inputs = keras.Input((steps, features), name="inputs")
    x = keras.layers.Conv1D(filters, kernel, strides=stride, name="convolution_1_conv")(inputs)
    x = keras.layers.BatchNormalization(name="convolution_1_norm")(x)
    x = keras.layers.ReLU(name="convolution_1_relu")(x)
    x = keras.layers.Dropout(rate, name="convolution_1_dropout")(x)
    gru = keras.layers.GRU(units, return_sequences=True, name="recurrent_1_gru")
    x = keras.layers.Bidirectional(gru, name="recurrent_1_both")(x)
    x = keras.layers.Dropout(rate, name="recurrent_1_dropout")(x)
    outputs = keras.layers.Dense(classes + 1, name="output_1_linear")(x)
    return keras.Model(inputs, outputs, name="speech_recognizer")


# --- Checks ---------------------------------------------------------------------------------------


def _check_sequence(logits, labels, blank):
    """log y (T, K), and l' = blank l_1 blank ... l_L blank."""
    log_y = _log_softmax(_check_logits(logits))
    blank = _check_blank(blank, log_y)
    extended = np.full(2 * len(labels) + 1, blank)
    for i, label in enumerate(labels):
        label = check_count(f"labels[{i}]", label, minimum=0)
        if label >= log_y.shape[1] or label == blank:
            expected = f"be a class from 0 to {log_y.shape[1] - 1} other than the blank {blank}"
            raise InvalidValue(sentence(f"labels[{i}]", expected, label))
        extended[2 * i + 1] = label
    return log_y, extended


def _check_logits(logits):
    return check_array("logits", logits, ("T", "K"))


def _check_blank(blank, log_y):
    blank = check_count("blank", blank, minimum=0)
    if blank >= log_y.shape[1]:
        expected = f"be a class from 0 to {log_y.shape[1] - 1}"
        raise InvalidValue(sentence("blank", expected, blank))
    return blank


def _log_softmax(logits):
    shifted = logits - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
