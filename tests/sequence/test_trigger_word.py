import tempfile
from pathlib import Path

import h5py
import keras
import numpy as np
import pytest
from matplotlib import mlab

from dlspec.datasets import load_trigger_clips
from dlspec.sequence.trigger_word import (
    TriggerWordDetector,
    chime_on_activate,
    create_training_example,
    detect_triggerword,
    get_random_time_segment,
    insert_audio_clip,
    insert_ones,
    is_overlapping,
    load_course_weights,
    match_loudness,
    mix_clip,
    modelf,
    score_detections,
    spectrogram,
    trigger_times,
)
from tests.backends import Call, constant_initialisers, outputs_on
from tests.complaints import complaints_test

RATE, TY = 44_100, 1375


def noise(size=10 * RATE, seed=0, scale=0.02):
    return np.clip(np.random.default_rng(seed).normal(scale=scale, size=size), -1, 1)


def rng(seed=0):
    return np.random.default_rng(seed)


NOISE = noise()
WORDS = [noise(30_000 + 3000 * k, k, 0.2) for k in range(3)]
Y = insert_ones(np.zeros((1, TY)), 4251)
SMALL = {"input_shape": [None, 101], "filters": 3, "units": 2, "logarithm": True}


def answers(model, x):
    return keras.ops.convert_to_numpy(model(x, training=False))


def small(**changes):
    """A narrow network whose weights are none of them 0 or 1."""
    with constant_initialisers():
        model = TriggerWordDetector(**{**SMALL, **changes})
    random = rng(1)

    def draw(shape):  # kernels keep the size of signals; scales and variances are above 0
        scale = np.sqrt(np.prod(shape[:-1]))
        return (
            random.normal(size=shape) / scale if len(shape) > 1 else random.uniform(0.3, 1, shape)
        )

    model.set_weights([draw(w.shape) for w in model.get_weights()])
    return model


@pytest.fixture(scope="module")
def full():
    with constant_initialisers():
        return modelf(input_shape=(5511, 101))


MODEL = small()


def write_weights(model, path, rename=str, whole=False):
    """A file as Keras 2.4 wrote it, with what `model` holds."""
    kinds = {"conv": "conv1d", "norm": "batch_normalization", "gru": "gru"}
    with h5py.File(path, "w") as file:
        group = file.create_group("model_weights") if whole else file
        names, seen = [], {}
        for layer in model.layers:
            kind = kinds.get(layer.name.rsplit("_")[-1], "time_distributed")
            kind = kind if layer.weights else "dropout"
            number = seen[kind] = seen.get(kind, -1) + 1
            name = rename(f"{kind}_{number}" if number else kind)
            names.append(name)
            place = group.create_group(name)
            weights = [f"{name}/cell_6/{w.name}:0" for w in layer.weights]
            if kind != "dropout":
                place.attrs["weight_names"] = [w.encode() for w in weights]
                for w, variable in zip(weights, layer.weights, strict=True):
                    place[w] = keras.ops.convert_to_numpy(variable)
        group.attrs["layer_names"] = [n.encode() for n in names]
    return path


FOLDER = tempfile.TemporaryDirectory()
FILE = write_weights(MODEL, Path(FOLDER.name, "weights.h5"))

PURE_CALLS = {
    "get_random_time_segment": (900, rng()),
    "is_overlapping": (np.array([950, 1430]), [np.array([2000, 2550])]),
    "insert_audio_clip": (NOISE, WORDS[0], [np.array([0, 900])], rng()),
    "insert_ones": (Y, 9000),
    "create_training_example": (NOISE, WORDS, WORDS, TY, rng(3)),
    "mix_clip": (NOISE, WORDS, WORDS, rng(3)),
    "spectrogram": (NOISE,),
    "match_loudness": (NOISE, -10.0),
    "modelf": SMALL,
    "load_course_weights": (MODEL, FILE),
    "detect_triggerword": (NOISE[:9000], MODEL),
    "trigger_times": (Y,),
    "chime_on_activate": (NOISE, Y, 0.5, WORDS[0]),
    "score_detections": ([np.array([1.0])], [np.array([1.2])]),
}


# --- The exercise's own checks --------------------------------------------------------------------


def test_overlaps_of_the_exercise():
    assert is_overlapping((950, 1430), [(2000, 2550), (260, 949)]) is False
    assert is_overlapping((2305, 2950), [(824, 1532), (1900, 2305), (3424, 3656)]) is True
    assert not is_overlapping((5, 6), [])
    assert is_overlapping((0, 9999), [(5, 6)])
    assert is_overlapping((5, 6), [(0, 9999)])


@pytest.mark.parametrize(
    ("before", "segment"), [((3790, 4400), (2254, 3169)), ((0, 4400), (7286, 8201))]
)
def test_segments_of_the_exercise_follow_its_seed(before, segment):
    """The exercise seeds NumPy with 5; its recording lasts 916 ms."""
    state = np.random.get_state()
    np.random.seed(5)
    try:
        mixed, found = insert_audio_clip(NOISE, noise(40_395), [before])
    finally:
        np.random.set_state(state)
    assert found == segment
    assert (mixed != NOISE).any()


def test_a_full_background_stays_as_it_is():
    mixed, segment = insert_audio_clip(NOISE, WORDS[0], [(0, 9999)], rng())
    assert segment == (10_000, 10_000)
    np.testing.assert_array_equal(mixed, NOISE)


def test_ones_of_the_exercise():
    y = insert_ones(insert_ones(np.zeros((1, TY)), 9700), 4251)
    assert (y[0, 1333], y[0, 634], y[0, 635]) == (0, 1, 0)
    assert y.sum() == 50 + TY - 1334


@pytest.mark.parametrize("end_ms", [0, 3.5, 4251, 9500, 9990, 10_000])
def test_ones_are_the_fifty_steps_after_the_word(end_ms):
    y = insert_ones(np.zeros((1, TY)), end_ms)
    last = int(end_ms / 10_000 * TY)
    expected = [float(last < step <= last + 50) for step in range(TY)]
    np.testing.assert_array_equal(y, [expected])


def test_the_example_has_the_shapes_and_labels_of_the_exercise():
    for seed in range(4):
        x, y = create_training_example(NOISE, WORDS, WORDS, TY, rng(seed))
        assert x.shape == (101, 5511)
        assert y.shape == (1, TY)
        assert set(np.unique(y)) <= {0, 1}


@pytest.mark.parametrize(("reset_after", "parameters"), [(False, 522_561), (True, 523_329)])
def test_parameters_of_the_exercise(reset_after, parameters, full):
    model = full
    if not reset_after:
        with constant_initialisers():
            model = modelf((5511, 101), reset_after=False)
    assert model.count_params() == parameters
    assert model.output_shape == (None, TY, 1)
    assert sum(np.prod(w.shape) for w in model.non_trainable_weights if "seed" not in w.name) == 904


# --- Mixing ---------------------------------------------------------------------------------------


def test_segments_stay_within_the_clip_and_reach_its_ends():
    random = rng()
    segments = [get_random_time_segment(9990, random) for _ in range(200)]
    assert {end - start for start, end in segments} == {9989}
    assert min(segments)[0] == 0
    assert max(segments)[1] == 9998  # as in the exercise: the last millisecond is never reached


def test_a_clip_is_added_at_its_millisecond():
    clip = np.full(441, 0.25)
    mixed, (start, end) = insert_audio_clip(np.zeros(10 * RATE), clip, [], rng())
    assert end - start + 1 == 10
    assert np.flatnonzero(mixed).tolist() == list(range(int(44.1 * start), int(44.1 * start) + 441))


def test_sums_are_cut_at_the_ends_of_the_scale():
    mixed, _ = insert_audio_clip(np.full(10 * RATE, 0.9), np.full(441, 0.5), [], rng())
    assert mixed.max() == 1
    assert (mixed == 1).sum() == 441


def test_what_is_mixed_is_labelled():
    """Words of a constant are found again in the audio; ends lie where they stop."""
    ones, twos = np.full(44_100, 0.1), np.full(22_050, 0.2)
    quiet = np.full(10 * RATE, 1e-6)
    for seed in range(6):
        audio, ends_ms = mix_clip(quiet, [ones], [twos], rng(seed))
        if not ends_ms:
            continue
        levels = np.unique(np.round(audio / audio[audio > 0.01].min()))
        assert set(levels) <= {0, 1, 2}  # none over another
        for end in ends_ms:
            last = int((end + 1) * 44.1)
            assert audio[last - 40] > 0.01 > audio[last + 60] - 1e-9 or audio[last + 60] > 0.01
        np.testing.assert_allclose(np.sqrt(np.mean(audio**2)), 0.1, rtol=0.01)


def test_as_many_words_are_mixed_as_asked_for():
    counts = [len(mix_clip(NOISE, WORDS, WORDS, rng(k), (2, 5))[1]) for k in range(12)]
    assert set(counts) == {0, 1, 2}
    audio, ends_ms = mix_clip(NOISE, WORDS, WORDS, rng(), (0, 0))
    assert ends_ms == []
    np.testing.assert_allclose(audio, match_loudness(NOISE / 10))


def test_loudness_is_that_of_a_square_wave():
    square = np.tile([0.5, -0.5], 500)
    np.testing.assert_allclose(match_loudness(square, -20.0), 0.2 * square, strict=True)
    np.testing.assert_allclose(match_loudness(square, 0.0), 2 * square, strict=True)
    assert np.abs(match_loudness(square, 20.0)).max() == 1


# --- Spectrogram ----------------------------------------------------------------------------------


def test_the_spectrogram_is_that_of_matplotlib():
    samples = np.round(noise(4000, scale=0.2) * 32_768)
    expected, _, _ = mlab.specgram(samples, 200, 8000, noverlap=120)  # as the exercise calls it
    ours = spectrogram(samples / 32_768)
    np.testing.assert_allclose(ours, expected, rtol=1e-9, atol=1e-9)


def test_a_tone_is_a_row():
    tone = np.sin(2 * np.pi * 22_050 * 37 / 100 * np.arange(4000) / RATE)
    assert set(spectrogram(tone).argmax(axis=0)) == {37}


def test_the_left_channel_counts():
    two = np.stack([noise(800), noise(800, 1)], axis=1)
    np.testing.assert_array_equal(spectrogram(two), spectrogram(two[:, 0]))


# --- Audio segments, as pydub has them ------------------------------------------------------------


class AudioSegment:
    """What the exercise uses of pydub's: 16-bit samples in several channels, milliseconds."""

    sample_width = 2

    def __init__(self, samples, channels=2):
        self.samples, self.channels = np.asarray(samples, np.int64), channels

    def __len__(self):
        return round(1000 * len(self.samples) / self.channels / RATE)

    def _with(self, samples):
        cut = np.clip(np.floor(samples), -32_768, 32_767)
        return AudioSegment(cut, self.channels)

    def overlay(self, other, position=0):
        samples = self.samples.copy()
        first = int(position * 44.1) * self.channels
        samples[first : first + len(other.samples)] += other.samples[: len(samples) - first]
        return self._with(samples)

    def apply_gain(self, decibels):
        return self._with(self.samples * 10 ** (decibels / 20))

    def __sub__(self, decibels):
        return self.apply_gain(-decibels)

    @property
    def dBFS(self):
        rms = int(np.sqrt(np.mean(self.samples**2.0)))
        return 20 * np.log10(rms / 32_768) if rms else -np.inf

    def get_array_of_samples(self):
        return self.samples.astype(np.int16)


def as_segment(audio):
    return AudioSegment(np.repeat(np.round(audio * 32_768), 2))


def test_segments_give_the_same_clips_as_arrays():
    words = [as_segment(word) for word in WORDS]
    x, y = create_training_example(NOISE, WORDS, WORDS, TY, rng(3))
    x_segment, y_segment = create_training_example(as_segment(NOISE), words, words, TY, rng(3))
    assert y.any()
    np.testing.assert_array_equal(y, y_segment)
    loud = x > 10  # where rounding to 16 bits says little
    np.testing.assert_allclose(np.log(x_segment[loud]), np.log(x[loud]), atol=0.2)
    background = as_segment(NOISE)
    same, segment = insert_audio_clip(background, words[0], [(0, 9999)])
    assert same is background
    assert segment == (10_000, 10_000)
    assert len(chime_on_activate(background, Y, 0.5, words[0])) == 10_000
    with pytest.raises(ValueError, match="must be audible"):
        match_loudness(AudioSegment([0, 0]))


# --- The network ----------------------------------------------------------------------------------

X = rng(2).uniform(0, 1000, size=(2, 60, 101)).astype(np.float32)


def test_table_of_the_network(full):
    names = [layer.name for layer in full.layers]
    assert names == [
        "inputs",
        "convolution_1_conv",
        "convolution_1_norm",
        "convolution_1_relu",
        "convolution_1_dropout",
        "recurrent_1_gru",
        "recurrent_1_dropout",
        "recurrent_1_norm",
        "recurrent_2_gru",
        "recurrent_2_dropout",
        "recurrent_2_norm",
        "output_1_dropout",
        "output_1_linear",
    ]
    assert modelf is TriggerWordDetector
    assert {layer.rate for layer in full.layers if "dropout" in layer.name} == {0.8}


def test_it_never_looks_ahead():
    later = X.copy()
    later[:, 40:] += 100  # of the steps 0 to 11, those before step 7 end before column 40
    before, after = answers(MODEL, X), answers(MODEL, later)
    np.testing.assert_array_equal(before[:, :7], after[:, :7])
    assert (before[:, 7:] != after[:, 7:]).all()


def test_it_is_saved_and_loaded(tmp_path):
    MODEL.save(tmp_path / "m.keras")
    again = keras.saving.load_model(tmp_path / "m.keras")
    np.testing.assert_array_equal(answers(again, X), answers(MODEL, X))


def test_one_step_moves_every_weight():
    model = TriggerWordDetector(**SMALL)
    before = model.get_weights()
    model.compile("sgd", "binary_crossentropy", run_eagerly=True)
    assert np.isfinite(model.train_on_batch(X, np.ones((2, 12, 1))))
    moved = [(a != b).any() for a, b in zip(before, model.get_weights(), strict=True)]
    names = [w.path for w in model.weights]
    assert [n for n, m in zip(names, moved, strict=True) if not m and "seed" not in n] == []


def test_the_same_on_jax(tmp_path):
    name = "dlspec.sequence.trigger_word.TriggerWordDetector"
    [[y]] = outputs_on("jax", [Call(name, SMALL, MODEL.get_weights(), [X])], tmp_path)
    np.testing.assert_allclose(y, answers(MODEL, X), rtol=1e-4, atol=1e-5)


def test_the_logarithm_is_taken_of_the_whole_spectrogram():
    layer = MODEL.get_layer("convolution_1_log")
    np.testing.assert_allclose(keras.ops.convert_to_numpy(layer(X)), np.log1p(X), rtol=1e-6)


# --- Weights of the exercise ----------------------------------------------------------------------


@pytest.mark.parametrize("whole", [False, True])
def test_weights_are_mapped_by_layer(tmp_path, whole):
    path = write_weights(MODEL, tmp_path / "w.h5", whole=whole)
    with constant_initialisers():
        other = TriggerWordDetector(**SMALL)
    assert not np.array_equal(answers(other, X), answers(MODEL, X))
    load_course_weights(other, path)
    np.testing.assert_array_equal(answers(other, X), answers(MODEL, X))


@pytest.mark.course_data
def test_the_exercises_weights_hear_its_recordings(course_data):
    clips = load_trigger_clips(course_data)
    assert list(map(len, (clips.activates, clips.negatives, clips.backgrounds))) == [10, 10, 2]
    model = modelf((None, 101))
    load_course_weights(model, course_data / "models" / "trigger_word_model.h5")
    found, true = [], []
    for seed in range(6):
        audio, ends_ms = mix_clip(
            clips.backgrounds[seed % 2], clips.activates, clips.negatives, rng(seed)
        )
        found.append(trigger_times(detect_triggerword(audio, model), 10.0, 0.5))
        true.append([end / 1000 for end in ends_ms])
    assert score_detections(found, true).f1 >= 0.8


# --- Detection ------------------------------------------------------------------------------------


def times_of_the_exercise(predictions, threshold, duration, go_on):
    """The loop of `chime_on_activate` in the exercise, with its counter."""
    Ty = len(predictions)
    times, consecutive, i = [], 0, 0
    while i < Ty:
        consecutive += 1
        if consecutive > 20:
            times.append(i / Ty * duration)
            consecutive = 0
            i = go_on(i)
            continue
        if predictions[i] < threshold:
            consecutive = 0
        i += 1
    return times


def test_detections_are_those_of_the_exercise():
    random = rng()
    some = 0
    for _ in range(50):
        p = np.repeat(random.random(40), random.integers(5, 60, size=40))[:TY]
        found = trigger_times(p, 10.0, 0.4)
        assert found == times_of_the_exercise(p, 0.4, 10.0, lambda i: i + 75)
        some += len(found)
    assert some > 100


def test_labels_are_detected_shortly_after_the_words():
    ends = [1000, 4251, 8000]
    y = np.zeros((1, TY))
    for end in ends:
        y = insert_ones(y, end)
    delays = np.array(trigger_times(y)) - np.array(ends) / 1000
    assert (delays > 0.14).all()
    assert (delays < 0.17).all()
    # The exercise's own rule hears the third word twice.
    assert len(times_of_the_exercise(y[0], 0.5, 10.0, lambda i: 75 * (i // 75 + 1))) == 4
    assert trigger_times(np.zeros(TY)) == []


def test_the_network_listens_to_any_length():
    y = detect_triggerword(WORDS[0], MODEL)
    columns = (WORDS[0].size - 120) // 80
    assert y.shape == (1, (columns - 15) // 4 + 1, 1)
    louder = detect_triggerword(WORDS[0] * 0.5, MODEL)
    np.testing.assert_allclose(louder, y, rtol=1e-4)


def test_the_chime_rings_where_the_word_was_heard():
    silent, chime = np.zeros(10 * RATE), np.full(100, 0.5)
    rung = chime_on_activate(silent, Y, 0.5, chime)
    [time] = trigger_times(Y)
    first = np.flatnonzero(rung)[0]
    assert abs(first / RATE - time) < 0.001
    np.testing.assert_array_equal(rung[first : first + 100], chime)
    np.testing.assert_array_equal(chime_on_activate(silent, Y, 1.0 - 1e-9, chime), rung)
    assert not chime_on_activate(silent, 0 * Y, 0.5, chime).any()


@pytest.mark.parametrize(
    ("found", "true", "counts"),
    [
        ([[1.4]], [[1.0]], (1, 0, 0)),
        ([[1.6]], [[1.0]], (0, 1, 1)),
        ([[0.4]], [[1.0]], (0, 1, 1)),  # before the word has ended
        ([[1.1, 1.2]], [[1.0]], (1, 1, 0)),  # a word counts once
        ([[1.3, 1.7]], [[1.0, 1.4]], (2, 0, 0)),  # the nearest first would leave one over
        ([[], [2.0]], [[2.0], []], (0, 1, 1)),  # clips do not mix
        ([[]], [[]], (0, 0, 0)),
    ],
)
def test_detections_are_counted(found, true, counts):
    scores = score_detections(found, true)
    assert (scores.hits, scores.false_alarms, scores.misses) == counts
    hits, false_alarms, misses = counts
    if hits:
        precision, recall = hits / (hits + false_alarms), hits / (hits + misses)
        assert (scores.precision, scores.recall) == (precision, recall)
        np.testing.assert_allclose(scores.f1, 2 / (1 / precision + 1 / recall))


# --- Complaints -----------------------------------------------------------------------------------


def _text_file(folder):
    (folder / "w.h5").write_text("no weights")
    return folder / "w.h5"


def _empty_file(folder):
    h5py.File(folder / "w.h5", "w").close()
    return folder / "w.h5"


COMPLAINTS = [
    (
        lambda _: get_random_time_segment(0.5),
        TypeError,
        "`segment_ms` must be a whole number. Received: 0.5 (float).",
    ),
    (
        lambda _: get_random_time_segment(10_000),
        ValueError,
        "`segment_ms` must be less than the 10000 ms of a training clip. Received: 10000. Cut the "
        "clip to the word alone.",
    ),
    (
        lambda _: is_overlapping((5, 4), []),
        ValueError,
        "`segment_time` must start before it ends. Received: (5, 4).",
    ),
    (
        lambda _: is_overlapping((5,), []),
        ValueError,
        "`segment_time` must have shape (2,). Received: (1,).",
    ),
    (
        lambda _: is_overlapping((5, 6), [(1, 2), "a"]),
        TypeError,
        "`previous_segments[1]` must be an array of real numbers. Received: str.",
    ),
    (
        lambda _: insert_audio_clip(NOISE[:RATE], WORDS[0], []),
        ValueError,
        "`background` must last 10 s, 441000 samples at 44100 Hz. Received: 1 s.",
    ),
    (
        lambda _: insert_audio_clip(NOISE * 32_768, WORDS[0], []),
        ValueError,
        f"`background` must lie in [-1, 1]. Received: values up to "
        f"{np.abs(NOISE * 32_768).max():g}. Divide 16-bit samples by 32768.",
    ),
    (
        lambda _: insert_audio_clip(NOISE, "word.wav", []),
        TypeError,
        "`audio_clip` must be an array of real numbers. Received: str.",
    ),
    (
        lambda _: insert_audio_clip(NOISE, NOISE[:10], []),
        ValueError,
        "`segment_ms` must be at least 1. Received: 0.",
    ),
    (
        lambda _: insert_audio_clip(NOISE, WORDS[0], [(3, 1)]),
        ValueError,
        "`previous_segments[0]` must start before it ends. Received: (3, 1).",
    ),
    (
        lambda _: insert_audio_clip(NOISE, as_segment(WORDS[0]), []),
        TypeError,
        "`audio_clip` must be an array, as what it is laid over. Received: AudioSegment.",
    ),
    (
        lambda _: chime_on_activate(as_segment(NOISE), Y, 0.5, WORDS[0]),
        TypeError,
        "`chime` must be an `AudioSegment`, as what it is laid over. Received: ndarray.",
    ),
    (
        lambda _: insert_ones(np.zeros(TY), 3),
        ValueError,
        "`y` must have shape (1, Ty). Received: (1375,). Use y.reshape(1, -1).",
    ),
    (
        lambda _: insert_ones(Y, "3"),
        TypeError,
        "`segment_end_ms` must be a real number. Received: '3' (str).",
    ),
    (
        lambda _: insert_ones(Y, 10_001),
        ValueError,
        "`segment_end_ms` must be a time in the clip, 0 to 10000 ms. Received: 10001.",
    ),
    (
        lambda _: create_training_example(NOISE, WORDS, WORDS, 0),
        ValueError,
        "`Ty` must be at least 1. Received: 0.",
    ),
    (
        lambda _: mix_clip(NOISE, [], WORDS),
        ValueError,
        "`activates` must hold at least one recording. Received: none.",
    ),
    (
        lambda _: mix_clip(NOISE, WORDS, [WORDS[0], [[1.0]]]),
        ValueError,
        "`negatives[1]` must have shape (n,). Received: (1, 1).",
    ),
    (
        lambda _: mix_clip(NOISE[1:50], WORDS, WORDS),
        ValueError,
        "`background` must last 10 s, 441000 samples at 44100 Hz. Received: 0.001 s.",
    ),
    (
        lambda _: mix_clip(NOISE, WORDS, WORDS, most=3),
        ValueError,
        "`most` must be two numbers, of trigger words and of others. Received: 3.",
    ),
    (
        lambda _: mix_clip(NOISE, WORDS, WORDS, most=(-1, 2)),
        ValueError,
        "`most[0]` must be at least 0. Received: -1.",
    ),
    (
        lambda _: spectrogram(NOISE[:199]),
        ValueError,
        "`audio` must hold at least 200 samples, one window. Received: 199.",
    ),
    (
        lambda _: spectrogram(np.full(300, np.nan)),
        ValueError,
        "`audio` must hold finite numbers only. Received: 300 NaN and 0 infinite of 300 values, "
        "the first at [0]. Remove or replace them.",
    ),
    (
        lambda _: match_loudness(np.zeros(500)),
        ValueError,
        "`audio` must be audible. Received: silence. Check the microphone.",
    ),
    (
        lambda _: match_loudness("loud"),
        TypeError,
        "`audio` must be an array of real numbers. Received: str.",
    ),
    (
        lambda _: match_loudness(NOISE, np.inf),
        ValueError,
        "`target_dbfs` must be a finite number. Received: inf.",
    ),
    (
        lambda _: modelf(5511),
        TypeError,
        "`input_shape` must be (Tx, frequencies). Received: 5511 (int).",
    ),
    (
        lambda _: modelf((14, 101)),
        ValueError,
        "`input_shape[0]` must be at least 15. Received: 14.",
    ),
    (
        lambda _: modelf((None, 0)),
        ValueError,
        "`input_shape[1]` must be at least 1. Received: 0.",
    ),
    (
        lambda _: modelf((None, 101), filters=0),
        ValueError,
        "`filters` must be at least 1. Received: 0.",
    ),
    (
        lambda _: modelf((None, 101), dropout_rate=80),
        ValueError,
        "`dropout_rate` must be a fraction in [0, 1]. Received: 80. 80 % is 0.8.",
    ),
    (
        lambda _: modelf((None, 101), dropout_rate=1),
        ValueError,
        "`dropout_rate` must leave some units in, below 1. Received: 1.",
    ),
    (
        lambda folder: load_course_weights("model", folder / "w.h5"),
        TypeError,
        "`model` must be a Keras model. Received: str.",
    ),
    (
        lambda folder: load_course_weights(MODEL, folder / "w.h5"),
        ValueError,
        "`{folder}/w.h5` must be an HDF5 file of weights. Received: nothing that can be read.",
    ),
    (
        lambda folder: load_course_weights(MODEL, _text_file(folder)),
        ValueError,
        "`{folder}/w.h5` must be an HDF5 file of weights. Received: nothing that can be read.",
    ),
    (
        lambda folder: load_course_weights(MODEL, _empty_file(folder)),
        ValueError,
        "`{folder}/w.h5` must hold convolution_1_conv kernel (15, 101, 3), bias (3,); "
        "convolution_1_norm gamma (3,), beta (3,), moving_mean (3,), moving_variance (3,); "
        "recurrent_1_gru kernel (3, 6), recurrent_kernel (2, 6), bias (2, 6); recurrent_1_norm "
        "gamma (2,), beta (2,), moving_mean (2,), moving_variance (2,); recurrent_2_gru kernel "
        "(2, 6), recurrent_kernel (2, 6), bias (2, 6); recurrent_2_norm gamma (2,), beta (2,), "
        "moving_mean (2,), moving_variance (2,); output_1_linear kernel (2, 1), bias (1,). "
        "Received: no layers.",
    ),
    (
        lambda _: detect_triggerword(NOISE, "model"),
        TypeError,
        "`model` must be a Keras model. Received: str.",
    ),
    (
        lambda _: detect_triggerword(NOISE[:1000], MODEL),
        ValueError,
        "`audio` must have a spectrogram of at least 15 columns. Received: 11.",
    ),
    (
        lambda _: trigger_times("high"),
        TypeError,
        "`predictions` must be an array of real numbers. Received: str.",
    ),
    (
        lambda _: trigger_times(Y, 0),
        ValueError,
        "`duration` must be a positive finite number. Received: 0.",
    ),
    (
        lambda _: trigger_times(Y, 10, 50),
        ValueError,
        "`threshold` must be a fraction in [0, 1]. Received: 50. 50 % is 0.5.",
    ),
    (
        lambda _: chime_on_activate("a.wav", Y, 0.5, WORDS[0]),
        TypeError,
        "`audio` must be an array of real numbers. Received: str.",
    ),
    (
        lambda _: chime_on_activate(NOISE, Y, 0.5, "chime.wav"),
        TypeError,
        "`chime` must be an array of real numbers. Received: str.",
    ),
    (
        lambda _: score_detections([[1.0]], [[1.0], []]),
        ValueError,
        "`found` must have times for each of the 2 clips in `true`. Received: 1.",
    ),
    (
        lambda _: score_detections([], [], 0),
        ValueError,
        "`tolerance` must be a positive finite number. Received: 0.",
    ),
]
test_complaints = complaints_test(COMPLAINTS)
