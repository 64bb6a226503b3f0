"""Course 5: BLEU of 2000 sentences, and beam search against greedy decoding of the same network."""

import random

import numpy as np

from tests.benchmarks.harness import Row

WORDS, SENTENCES = 3000, 2000
INPUTS, VOCABULARY, UNITS, LENGTH, BEAMS = 8, 500, 128, 30, 10


def _corpus():
    """Sentences of 5 to 35 words, as frequent as Zipf has it, and noisy translations."""
    draw = random.Random(0)
    words = [f"w{i}" for i in range(WORDS)]
    weights = [1 / (i + 1) for i in range(WORDS)]
    references = [draw.choices(words, weights, k=draw.randint(5, 35)) for _ in range(SENTENCES)]
    candidates = [
        [draw.choice(words) if draw.random() < 0.2 else t for t in tokens if draw.random() > 0.05]
        for tokens in references
    ]
    return candidates, [[reference] for reference in references]


def _against_nltk():
    from nltk.translate.bleu_score import corpus_bleu

    from dlspec.sequence.bleu import bleu

    candidates, references = _corpus()
    return lambda: bleu(candidates, references), lambda: corpus_bleu(references, candidates)


def _against_sacrebleu():
    from sacrebleu.metrics import BLEU

    from dlspec.sequence.bleu import bleu

    candidates, references = _corpus()
    metric = BLEU(tokenize="none", smooth_method="none")
    texts = [" ".join(tokens) for tokens in candidates]
    streams = [[" ".join(reference) for (reference,) in references]]

    def other():
        return metric.corpus_score(texts, streams).score / 100

    if abs(bleu(candidates, references) - other()) > 1e-12:
        raise AssertionError("another BLEU")
    return lambda: bleu(candidates, references), other


def _beam_against_greedy():
    import keras

    from dlspec.sequence.beam_search import beam_search, greedy_search

    keras.utils.set_random_seed(0)
    tokens = keras.Input((1,), dtype="int32")
    state = [keras.Input((UNITS,)), keras.Input((UNITS,))]
    x = keras.layers.Embedding(VOCABULARY, UNITS)(tokens)
    a, _, c = keras.layers.LSTM(UNITS, return_state=True, unroll=True)(x, initial_state=state)
    scores = keras.layers.Dense(VOCABULARY)(a)
    scores = keras.layers.Activation("log_softmax")(scores)
    model = keras.Model([tokens, *state], [scores, a, c])

    def step_fn(last, state):
        log_p, a, c = model.predict_on_batch([last[:, None], *state])
        log_p[:, 0] = -50.0  # nothing ends early: both take the same number of steps
        return log_p, (a, c)

    start = np.ones(INPUTS, int), tuple(np.zeros((2, INPUTS, UNITS), np.float32))
    return (
        lambda: beam_search(step_fn, start, BEAMS, LENGTH, eos=0),
        lambda: greedy_search(step_fn, start, LENGTH, eos=0),
    )


ROWS = [
    Row("corpus BLEU, 2000 sentences", "nltk", 0.25, _against_nltk, runs=7, warmup=1),
    Row("corpus BLEU, 2000 sentences", "sacrebleu", 0.35, _against_sacrebleu, runs=7, warmup=1),
    Row("beam search, B = 10", "greedy, same network", 2.5, _beam_against_greedy, runs=9),
]
