"""Trigger word detection: clips made of pieces, their labels, and the network (course 5, week 3).

Few recordings become many examples.  Ten seconds of background get 0 to 4 recordings of the trigger
word and 0 to 2 of other words laid over them, none over another, so that the labels are known
without anybody listening: 1 for the 50 steps after a trigger word ends, 0 elsewhere.

    audio x (441000,)        10 s at 44.1 kHz, floats in [-1, 1]
    -> spectrogram (101, Tx = 5511)
    -> network               a convolution reads 15 columns every 4: Ty = (5511 - 15) // 4 + 1
    -> probabilities (Ty = 1375): has the trigger word just been said?

Time is in milliseconds (0 to 9999) where clips are mixed, in seconds where triggers are reported.
Every function that takes audio also takes an `AudioSegment` of pydub, as the exercise does.  What
is drawn at random comes from `rng`; without one from NumPy's global state, which the exercise has
its caller seed.
"""

import math
import os
from collections.abc import Sequence
from typing import Any, NamedTuple

import keras
import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import (
    check_array,
    check_count,
    check_finite,
    check_fraction,
    check_positive,
)

__all__ = [
    "CLIP_MS",
    "RATE",
    "Scores",
    "TriggerWordDetector",
    "chime_on_activate",
    "create_training_example",
    "detect_triggerword",
    "get_random_time_segment",
    "insert_audio_clip",
    "insert_ones",
    "is_overlapping",
    "load_course_weights",
    "match_loudness",
    "mix_clip",
    "modelf",
    "score_detections",
    "spectrogram",
    "trigger_times",
]

RATE = 44_100
"""Samples per second of all audio."""
CLIP_MS = 10_000
"""Length of a training clip in milliseconds."""
SAMPLES = RATE * CLIP_MS // 1000

NOWHERE = (CLIP_MS, CLIP_MS)  # the segment of a clip that found no room
ONES = 50  # steps labelled 1 after a trigger word
IN_A_ROW, PAUSE = 20, 75  # steps above the threshold; steps until the search goes on
RETRIES = 6  # further places that are tried for a clip
QUIETER, LOUDNESS = -20.0, -20.0  # dB: backgrounds are turned down, clips brought to so many dBFS

WINDOW, OVERLAP = 200, 120  # samples
NOMINAL_RATE = 8000  # Hz; what the course tells its spectrogram, whatever the rate of the audio
FULL_SCALE = 32_768  # of 16-bit samples, on whose scale the course's spectrograms are

CONVOLUTION = (196, 15, 4)  # filters, columns that one sees, columns from one step to the next
GRU_UNITS = 128
DROPOUT = 0.8  # share of the units that is left out
_, KERNEL, STRIDE = CONVOLUTION


# --- The graded functions -------------------------------------------------------------------------


def get_random_time_segment(
    segment_ms: int, rng: np.random.Generator | None = None
) -> tuple[int, int]:
    """Draw a place for a clip within the ten seconds.

    Args:
        segment_ms: length of the clip in milliseconds, from 1 to 9999.
        rng: source of randomness; None for NumPy's global one.

    Returns:
        First and last millisecond of the place, both part of it.

    Raises:
        TypeError: not a whole number.
        ValueError: below 1, or too long.

    Example:
        >>> start, end = get_random_time_segment(916, np.random.default_rng(0))
        >>> end - start + 1
        916

    Source: course 5, week 3.
    """
    segment_ms = check_count("segment_ms", segment_ms)
    if segment_ms >= CLIP_MS:
        expected = f"be less than the {CLIP_MS} ms of a training clip"
        advice = "Cut the clip to the word alone."
        raise InvalidValue(sentence("segment_ms", expected, segment_ms, advice))
    start = int(_integers(rng, 0, CLIP_MS - segment_ms))
    return start, start + segment_ms - 1


def is_overlapping(
    segment_time: tuple[int, int], previous_segments: Sequence[tuple[int, int]]
) -> bool:
    """Whether a segment shares a millisecond with one of those before.

    Args:
        segment_time: its first and last millisecond.
        previous_segments: likewise, any number of them.

    Returns:
        True if one of them starts before the segment ends and ends after it starts.

    Raises:
        TypeError: not numbers.
        ValueError: not pairs, or an end before its start.

    Example:
        >>> is_overlapping((950, 1430), [(2000, 2550), (260, 949)])
        False
        >>> is_overlapping((2305, 2950), [(824, 1532), (1900, 2305), (3424, 3656)])
        True

    Source: course 5, week 3.
    """
    start, end = _check_segment("segment_time", segment_time)
    before = _check_segments(previous_segments)
    return any(start <= last and end >= first for first, last in before)


def insert_audio_clip(
    background: Any,
    audio_clip: Any,
    previous_segments: Sequence[tuple[int, int]],
    rng: np.random.Generator | None = None,
) -> tuple[Any, tuple[int, int]]:
    """Lay a clip over the background where it overlaps no other, if such a place is found.

    Up to seven places are drawn.  The exercise appends the segment to `previous_segments`; here
    the list stays as it is and the caller appends what is returned.

    Args:
        background: ten seconds of audio, (441000,); or an `AudioSegment`.
        audio_clip: (n,) shorter than that; or an `AudioSegment`.
        previous_segments: first and last milliseconds of the clips that lie there.
        rng: source of randomness; None for NumPy's global one.

    Returns:
        background: with the clip added and sums cut to [-1, 1]; as it was when no place was found.
        segment_time: first and last millisecond of the clip; (10000, 10000) when there is none.

    Raises:
        TypeError: not audio, or of two kinds; segments that are not numbers.
        ValueError: a background of another length, a clip that is too long or shorter than a
            millisecond.

    Example:
        >>> background, clip = np.zeros(441_000), np.full(44_100, 0.5)
        >>> mixed, (start, end) = insert_audio_clip(
        ...     background, clip, [(0, 4400)], np.random.default_rng(0)
        ... )
        >>> start > 4400, end - start + 1, float(mixed.sum())
        (True, 1000, 22050.0)
        >>> insert_audio_clip(background, clip, [(0, 9999)])[1]
        (10000, 10000)

    Source: course 5, week 3.
    """
    background = _check_background(background)
    audio_clip = _check_audio("audio_clip", audio_clip, like=background)
    before = _check_segments(previous_segments)
    for _ in range(1 + RETRIES):
        segment_time = get_random_time_segment(_milliseconds(audio_clip), rng)
        if not is_overlapping(segment_time, before):
            return _overlay(background, audio_clip, segment_time[0]), segment_time
    return background, NOWHERE


def insert_ones(y: np.ndarray, segment_end_ms: float) -> np.ndarray:
    """Label the 50 steps after a trigger word.

    The word ends within step floor(segment_end_ms Ty / 10000); the ones begin with the next step
    and are cut where the clip ends.

    Args:
        y: (1, Ty) labels so far, 0 or 1.
        segment_end_ms: last millisecond of the word, 0 to 10000.

    Returns:
        A copy of `y` with the ones.

    Raises:
        TypeError: not numbers.
        ValueError: another shape, a time outside the clip.

    Example:
        >>> y = insert_ones(np.zeros((1, 1375)), 4251)
        >>> y[0, [584, 585, 634, 635]]
        array([0., 1., 1., 0.])

    Source: course 5, week 3.
    """
    y = check_array("y", y, (1, "Ty")).copy()
    end_ms = check_finite("segment_end_ms", segment_end_ms)
    if not 0 <= end_ms <= CLIP_MS:
        expected = f"be a time in the clip, 0 to {CLIP_MS} ms"
        raise InvalidValue(sentence("segment_end_ms", expected, f"{segment_end_ms!r}"))
    end = int(end_ms * y.shape[1] / CLIP_MS)
    y[0, end + 1 : end + 1 + ONES] = 1
    return y


def create_training_example(
    background: Any,
    activates: Sequence[Any],
    negatives: Sequence[Any],
    Ty: int,
    rng: np.random.Generator | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Make one example: a background, 0 to 4 trigger words, 0 to 2 other words.

    The background is turned down by 20 dB, the sum brought to -20 dBFS: how loud a recording was
    must not tell what was said.

    Args:
        background: ten seconds of audio, (441000,); or an `AudioSegment`.
        activates: recordings of the trigger word, (n,) each; or `AudioSegment`s.
        negatives: recordings of other words, likewise.
        Ty: number of labels, 1375 for the network of the exercise.
        rng: source of randomness; None for NumPy's global one.

    Returns:
        x: (101, 5511) spectrogram.
        y: (1, Ty) labels, 0 or 1.

    Raises:
        TypeError: not audio.
        ValueError: a background of another length, no recordings, one that is too long, silence.

    Example:
        >>> rng = np.random.default_rng(5)
        >>> noise, word = rng.normal(size=441_000) / 10, np.sin(np.arange(30_000))
        >>> x, y = create_training_example(noise, [word], [word / 2], 1375, rng)
        >>> x.shape, y.shape, int(y.sum()) % 50
        ((101, 5511), (1, 1375), 0)

    Source: course 5, week 3.
    """
    Ty = check_count("Ty", Ty)
    audio, ends_ms = mix_clip(background, activates, negatives, rng)
    y = np.zeros((1, Ty))
    for end_ms in ends_ms:
        y = insert_ones(y, end_ms)
    return spectrogram(audio), y


def mix_clip(
    background: Any,
    activates: Sequence[Any],
    negatives: Sequence[Any],
    rng: np.random.Generator | None = None,
    most: tuple[int, int] = (4, 2),
) -> tuple[Any, list[int]]:
    """Make the audio of one example: a background, 0 to 4 trigger words, 0 to 2 other words.

    Args:
        background: ten seconds of audio, (441000,); or an `AudioSegment`.
        activates: recordings of the trigger word, (n,) each; or `AudioSegment`s.
        negatives: recordings of other words, likewise.
        rng: source of randomness; None for NumPy's global one.
        most: trigger words and other words at most, the exercise's numbers by default.

    Returns:
        audio: (441000,), the background turned down by 20 dB with the words over it, all at -20
            dBFS.
        ends_ms: last milliseconds of the trigger words, in the order they were laid.

    Raises:
        TypeError: not audio.
        ValueError: a background of another length, no recordings, one that is too long, silence,
            `most` not two numbers of 0 or more.

    Example:
        >>> rng = np.random.default_rng(3)
        >>> noise, word = rng.normal(size=441_000) / 10, np.sin(np.arange(30_000))
        >>> audio, ends_ms = mix_clip(noise, [word], [word / 2], rng)
        >>> audio.shape, len(ends_ms) <= 4
        ((441000,), True)

    Source: course 5, week 3.
    """
    activates = _check_recordings("activates", activates)
    negatives = _check_recordings("negatives", negatives)
    mixed = _change_loudness(_check_background(background), QUIETER)
    previous_segments: list[tuple[int, int]] = []
    ends_ms = []
    for recordings, limit in zip((activates, negatives), _check_most(most), strict=True):
        count = _integers(rng, 0, limit + 1)
        for index in _integers(rng, 0, len(recordings), count):
            mixed, segment_time = insert_audio_clip(
                mixed, recordings[index], previous_segments, rng
            )
            if segment_time == NOWHERE:
                continue
            previous_segments.append(segment_time)
            if recordings is activates:
                ends_ms.append(segment_time[1])
    return match_loudness(mixed, LOUDNESS), ends_ms


# --- Audio ----------------------------------------------------------------------------------------


def spectrogram(audio: Any) -> np.ndarray:
    """Power by frequency and time, numbers equal to those of matplotlib's `specgram`.

    Column t is the squared spectrum of 200 samples from sample 80 t on, under a Hann window; all
    but its first and last row are doubled, for the negative frequencies.  It is divided by 8000 Hz
    and by the sum of the squared window, so that row k tells the power near k 22050 / 100 Hz.  The
    exercise says 8000 Hz for audio of 44100 Hz: its numbers and its weights mean that scale.

    Args:
        audio: (n,) floats in [-1, 1], at least 200 samples; (n, channels) counts the first channel
            only, as the exercise does; or an `AudioSegment`.

    Returns:
        (101, (n - 120) // 80), in squared units of 16-bit samples per Hz.

    Raises:
        TypeError: not audio.
        ValueError: too short, another rank, NaN.

    Example:
        >>> spectrogram(np.zeros(441_000)).shape
        (101, 5511)

    Source: course 5, week 3; Hunter, Matplotlib, 2007.
    """
    samples = _samples("audio", audio)
    if samples.size < WINDOW:
        expected = f"hold at least {WINDOW} samples, one window"
        raise InvalidValue(sentence("audio", expected, samples.size))
    frames = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[:: WINDOW - OVERLAP]
    window = np.hanning(WINDOW)
    spectrum = np.fft.rfft(frames * (window * FULL_SCALE))
    power = spectrum.real**2 + spectrum.imag**2
    power[:, 1:-1] *= 2
    return power.T / (NOMINAL_RATE * np.sum(window**2))


def match_loudness(audio: Any, target_dbfs: float = LOUDNESS) -> Any:
    """Make audio so loud that its root mean square is `target_dbfs` decibels of full scale.

        dBFS = 20 log10(root mean square)          0 dBFS: a square wave from -1 to 1

    Args:
        audio: (n,) floats in [-1, 1]; or an `AudioSegment`.
        target_dbfs: wanted loudness; the exercise's is -20.

    Returns:
        The louder or quieter audio, peaks cut to [-1, 1].

    Raises:
        TypeError: not audio.
        ValueError: silence, which no factor makes louder.

    Example:
        >>> tone = np.sin(np.arange(44_100) / 10)
        >>> louder = match_loudness(tone, -20)
        >>> round(float(20 * np.log10(np.sqrt(np.mean(louder**2)))), 3)
        -20.0

    Source: course 5, week 3.
    """
    audio = _check_audio("audio", audio)
    target = check_finite("target_dbfs", target_dbfs)
    now = audio.dBFS if _is_segment(audio) else _dbfs(audio)
    if now == -math.inf:
        raise InvalidValue(sentence("audio", "be audible", "silence", "Check the microphone."))
    return _change_loudness(audio, target - now)


def _dbfs(audio):
    power = np.mean(np.square(audio))
    return 10 * math.log10(power) if power else -math.inf


def _change_loudness(audio, decibels):
    if _is_segment(audio):
        return audio.apply_gain(decibels)
    return np.clip(audio * 10 ** (decibels / 20), -1, 1)


def _overlay(background, clip, start_ms):
    """The sum of both, the clip from `start_ms` on."""
    if _is_segment(background):
        return background.overlay(clip, position=start_ms)
    first = int(start_ms * RATE / 1000)
    mixed = background.copy()
    part = mixed[first : first + clip.size]
    np.clip(part + clip[: part.size], -1, 1, out=part)
    return mixed


def _milliseconds(audio):
    return len(audio) if _is_segment(audio) else round(1000 * audio.size / RATE)


def _samples(name, audio):
    """The first channel of audio as floats in [-1, 1]."""
    if _is_segment(audio):
        values = np.array(audio.get_array_of_samples()).reshape(-1, audio.channels)[:, 0]
        return values / (1 << (8 * audio.sample_width - 1))
    values = np.asarray(audio)
    return check_array(name, values[:, 0] if values.ndim == 2 else values, ("n",))


def _is_segment(audio):
    """An `AudioSegment` of pydub, known by what it can do: pydub need not be installed."""
    return hasattr(audio, "overlay") and hasattr(audio, "get_array_of_samples")


# --- The network ----------------------------------------------------------------------------------


@keras.saving.register_keras_serializable(package="dlspec")
def _log1p(x):
    return keras.ops.log1p(x)


def modelf(
    input_shape: tuple[int | None, int],
    filters: int = CONVOLUTION[0],
    units: int = GRU_UNITS,
    dropout_rate: float = DROPOUT,
    reset_after: bool = True,
    logarithm: bool = False,
) -> keras.Model:
    """Build the network: a convolution, two GRUs that look back only, a sigmoid at every step.

        spectrogram (Tx, 101)
        convolution   196 filters over 15 columns, every 4 -> (Ty, 196); normalised, ReLU, dropout
        GRU           128 units; dropout, normalised
        GRU           128 units; dropout, normalised, dropout
        dense         1 unit at every step, sigmoid -> (Ty, 1)

    It has 523,329 parameters, 522,561 with reset_after=False (the exercise's older form).  No unit
    looks ahead, so that a trigger word is known as soon as it has been said.

    Args:
        input_shape: (Tx, frequencies), (5511, 101) in the exercise; Tx None for any length.
        filters: of the convolution.
        units: of each GRU.
        dropout_rate: share of the units that is left out while training, in [0, 1).
        reset_after: whether a GRU applies its reset gate after the matrix product, as on a GPU.
        logarithm: take log(1 + x) of the spectrogram first.  Ears hear ratios; a network as well
            learns much sooner from them.  The exercise does without.

    Returns:
        A model (m, Tx, frequencies) -> (m, (Tx - 15) // 4 + 1, 1).

    Raises:
        TypeError: sizes that are not whole numbers.
        ValueError: sizes below 1, fewer than 15 columns, a rate outside [0, 1).

    Example:
        >>> model = TriggerWordDetector((5511, 101))
        >>> model.output_shape, model.count_params()
        ((None, 1375, 1), 523329)

    Source: course 5, week 3; Cho et al., Learning Phrase Representations, 2014.
    """
    shape = _check_input_shape(input_shape)
    filters, units = check_count("filters", filters), check_count("units", units)
    rate = check_fraction("dropout_rate", dropout_rate)
    if rate == 1:
        raise InvalidValue(sentence("dropout_rate", "leave some units in, below 1", "1"))

    inputs = keras.Input(shape, name="inputs")
    x = inputs
    if logarithm:
        x = keras.layers.Activation(_log1p, name="convolution_1_log")(x)
    x = keras.layers.Conv1D(filters, KERNEL, strides=STRIDE, name="convolution_1_conv")(x)
    x = keras.layers.BatchNormalization(name="convolution_1_norm")(x)
    x = keras.layers.ReLU(name="convolution_1_relu")(x)
    x = keras.layers.Dropout(rate, name="convolution_1_dropout")(x)
    for k in (1, 2):
        name = f"recurrent_{k}"
        x = keras.layers.GRU(
            units, return_sequences=True, reset_after=reset_after, name=f"{name}_gru"
        )(x)
        x = keras.layers.Dropout(rate, name=f"{name}_dropout")(x)
        x = keras.layers.BatchNormalization(name=f"{name}_norm")(x)
    x = keras.layers.Dropout(rate, name="output_1_dropout")(x)
    outputs = keras.layers.Dense(1, activation="sigmoid", name="output_1_linear")(x)
    return keras.Model(inputs, outputs, name="trigger_word_detector")


TriggerWordDetector = modelf


def load_course_weights(model: keras.Model, path: str | os.PathLike) -> None:
    """Fill a network with the weights of a file in Keras 2's layout, such as the exercise's.

    The layers of the file, in its order, are a convolution, three normalisations, two GRUs and a
    dense layer; their numbers go to the layer of the same role here.  The model's weights are
    changed; nothing is changed when the file does not fit.

    Args:
        model: of `TriggerWordDetector`, with the sizes of the file; the exercise's file holds GRUs
            with `reset_after`.
        path: an HDF5 file of weights, or of a whole model.

    Raises:
        TypeError: not a model.
        ValueError: no such file, not HDF5, other layers, shapes that do not fit.

    Example:
        >>> load_course_weights(TriggerWordDetector((None, 101), 4, 4), "none.h5")
        Traceback (most recent call last):
        dlspec._complaints.InvalidValue: `none.h5` must be an HDF5 file of weights. Received:
        nothing that can be read.

    Source: course 5, week 3.
    """
    import h5py

    if not isinstance(model, keras.Model):
        raise InvalidType(sentence("model", "be a Keras model", type(model).__name__))
    places = [layer for layer in model.layers if layer.weights]
    try:
        with h5py.File(path, "r") as file:
            tables = _read_layers(file.get("model_weights", file))
    except OSError as error:
        expected = "be an HDF5 file of weights"
        raise InvalidValue(sentence(str(path), expected, "nothing that can be read")) from error
    expected = [_weight_shapes({w.name: w for w in layer.weights}) for layer in places]
    if [_weight_shapes(table) for table in tables.values()] != expected:
        received = "; ".join(f"{k} {_write_shapes(table)}" for k, table in tables.items())
        wanted = "; ".join(f"{layer.name} {_write_shapes_of(layer)}" for layer in places)
        raise InvalidValue(sentence(str(path), f"hold {wanted}", received or "no layers"))
    for layer, table in zip(places, tables.values(), strict=True):
        for weight in layer.weights:
            weight.assign(table[weight.name])


def _read_layers(group):
    """{layer: {weight: values}} of the layers that have weights, in the order of the file."""
    tables = {}
    for layer in _texts(group.attrs.get("layer_names", ())):
        names = _texts(group[layer].attrs.get("weight_names", ()))
        if names:
            tables[layer] = {
                name.rsplit("/", 1)[-1].split(":")[0]: group[layer][name][...] for name in names
            }
    return tables


def _texts(names):
    return [name.decode() if isinstance(name, bytes) else str(name) for name in names]


def _weight_shapes(table):
    return {name: tuple(weight.shape) for name, weight in table.items()}


def _write_shapes(table):
    return ", ".join(f"{name} {shape}" for name, shape in _weight_shapes(table).items())


def _write_shapes_of(layer):
    return _write_shapes({weight.name: weight for weight in layer.weights})


# --- Using it -------------------------------------------------------------------------------------


def detect_triggerword(audio: Any, model: keras.Model) -> np.ndarray:
    """Probabilities, step by step, that the trigger word has just been said.

    The audio is brought to -20 dBFS first, as the training clips were.

    Args:
        audio: (n,) floats in [-1, 1] at 44.1 kHz; or an `AudioSegment`.
        model: of `TriggerWordDetector`, for audio of this length or of any.

    Returns:
        (1, Ty, 1) numbers in [0, 1].

    Raises:
        TypeError: not audio, not a model.
        ValueError: silence, or audio of a length that the model does not take.

    Example:
        >>> model = TriggerWordDetector((None, 101), filters=4, units=4)
        >>> detect_triggerword(np.sin(np.arange(44_100) / 10), model).shape
        (1, 134, 1)

    Source: course 5, week 3.
    """
    if not isinstance(model, keras.Model):
        raise InvalidType(sentence("model", "be a Keras model", type(model).__name__))
    x = spectrogram(match_loudness(audio)).T
    columns = model.input_shape[1]
    if columns not in (None, len(x)) or len(x) < KERNEL:
        expected = f"have a spectrogram of {columns or f'at least {KERNEL}'} columns"
        advice = "Build the model with input_shape=(None, 101) for audio of any length."
        raise InvalidValue(sentence("audio", expected, len(x), advice if columns else ""))
    return model.predict(x[np.newaxis].astype(np.float32), verbose=0)


def trigger_times(
    predictions: np.ndarray, duration: float = CLIP_MS / 1000, threshold: float = 0.5
) -> list[float]:
    """When the trigger word was heard: as soon as 20 steps in a row reach the threshold.

    Then the search goes on 75 steps later, half a second, so that one word is reported once.  (The
    exercise goes on at the next multiple of 75, which may come while the word still rings: then it
    chimes twice.)

    Args:
        predictions: Ty probabilities, of any shape such as (1, Ty, 1).
        duration: of the audio in seconds.
        threshold: in [0, 1].

    Returns:
        Seconds from the start, in order.

    Raises:
        TypeError: not numbers.
        ValueError: NaN, a duration not above 0, a threshold outside [0, 1].

    Example:
        >>> y = insert_ones(np.zeros((1, 1375)), 4251)
        >>> [round(t, 2) for t in trigger_times(y)]
        [4.4]

    Source: course 5, week 3, `chime_on_activate`.
    """
    probabilities = check_array("predictions", predictions).ravel()
    duration = check_positive("duration", duration)
    high = probabilities >= check_fraction("threshold", threshold)
    times, in_a_row, step = [], 0, 0
    while step < high.size:
        if in_a_row == IN_A_ROW:
            times.append(step / high.size * duration)
            in_a_row, step = 0, step + PAUSE
        else:
            in_a_row = in_a_row + 1 if high[step] else 0
            step += 1
    return times


def chime_on_activate(audio: Any, predictions: np.ndarray, threshold: float, chime: Any) -> Any:
    """Lay a chime over the audio wherever the trigger word was heard.

    Args:
        audio: (n,) floats in [-1, 1] at 44.1 kHz; or an `AudioSegment`.
        predictions: Ty probabilities for it, of any shape.
        threshold: in [0, 1], see `trigger_times`.
        chime: (k,) audio; or an `AudioSegment`.

    Returns:
        Audio as long as before, sums cut to [-1, 1].

    Raises:
        TypeError: not audio, not numbers.
        ValueError: NaN, a threshold outside [0, 1].

    Example:
        >>> y = insert_ones(np.zeros((1, 1375)), 4251)
        >>> rung = chime_on_activate(np.zeros(441_000), y, 0.5, np.full(441, 0.25))
        >>> int(np.flatnonzero(rung)[0]) // 44_100, int((rung > 0).sum())
        (4, 441)

    Source: course 5, week 3.
    """
    audio = _check_audio("audio", audio)
    chime = _check_audio("chime", chime, like=audio)
    duration = _milliseconds(audio) / 1000
    for time in trigger_times(predictions, duration, threshold):
        audio = _overlay(audio, chime, round(1000 * time))
    return audio


class Scores(NamedTuple):
    """How well detections match the words said.

    Attributes:
        precision: share of the detections that are right; 1 without detections.
        recall: share of the words that were detected; 1 without words.
        f1: harmonic mean of both.
        hits: detections that are right.
        false_alarms: others.
        misses: words that were not detected.
    """

    precision: float
    recall: float
    f1: float
    hits: int
    false_alarms: int
    misses: int


def score_detections(
    found: Sequence[Sequence[float]],
    true: Sequence[Sequence[float]],
    tolerance: float = 0.5,
) -> Scores:
    """Compare detections in several clips with when the words really ended.

    A detection is right if a word ended within the tolerance; every word counts for one detection
    at most, so that a second one for the same word is a false alarm.

    Args:
        found: for every clip the times of detections, in seconds.
        true: for every clip the times when a trigger word ended.
        tolerance: largest difference of a detection that is right, in seconds.

    Returns:
        Precision, recall, F1 and the counts behind them.

    Raises:
        TypeError: not numbers.
        ValueError: other numbers of clips, a tolerance not above 0.

    Example:
        >>> score_detections([[1.2, 5.0], []], [[1.0], [3.0]])
        Scores(precision=0.5, recall=0.5, f1=0.5, hits=1, false_alarms=1, misses=1)

    Source: van Rijsbergen, Information Retrieval, 1979, for precision, recall and F1.
    """
    tolerance = check_positive("tolerance", tolerance)
    if len(found) != len(true):
        expected = f"have times for each of the {len(true)} clips in `true`"
        raise InvalidValue(sentence("found", expected, len(found)))
    hits = sum(_matches(f, t, tolerance) for f, t in zip(found, true, strict=True))
    false_alarms = sum(map(len, found)) - hits
    misses = sum(map(len, true)) - hits
    return Scores(
        precision=hits / (hits + false_alarms) if hits + false_alarms else 1.0,
        recall=hits / (hits + misses) if hits + misses else 1.0,
        f1=2 * hits / (2 * hits + false_alarms + misses) if hits + false_alarms + misses else 1.0,
        hits=hits,
        false_alarms=false_alarms,
        misses=misses,
    )


def _matches(found, true, tolerance):
    """Largest number of pairs within the tolerance: in order of time, the earliest that fits."""
    left = sorted(true)
    hits = 0
    for time in sorted(found):
        left = [t for t in left if t >= time - tolerance]
        if left and left[0] <= time + tolerance:
            left.pop(0)
            hits += 1
    return hits


# --- Checks ---------------------------------------------------------------------------------------


def _integers(rng, low, high, size=None):
    """Whole numbers from `low` to `high` - 1."""
    return np.random.randint(low, high, size) if rng is None else rng.integers(low, high, size)


def _check_segment(name, segment):
    start, end = check_array(name, segment, (2,))
    if end < start:
        received = f"({start:g}, {end:g})"
        raise InvalidValue(sentence(name, "start before it ends", received))
    return start, end


def _check_segments(segments):
    return [
        _check_segment(f"previous_segments[{i}]", segment) for i, segment in enumerate(segments)
    ]


def _check_audio(name, audio, like=None):
    """An `AudioSegment` as it is, the rest as float64 (n,) in [-1, 1]; of the kind of `like`."""
    if like is not None and _is_segment(audio) != _is_segment(like):
        kind = "an `AudioSegment`" if _is_segment(like) else "an array"
        expected = f"be {kind}, as what it is laid over"
        raise InvalidType(sentence(name, expected, type(audio).__name__))
    if _is_segment(audio):
        return audio
    samples = check_array(name, audio, ("n",))
    peak = np.abs(samples).max()
    if peak > 1:
        advice = f"Divide 16-bit samples by {FULL_SCALE}."
        raise InvalidValue(sentence(name, "lie in [-1, 1]", f"values up to {peak:g}", advice))
    return samples


def _check_background(background):
    audio = _check_audio("background", background)
    length = _milliseconds(audio)
    if length != CLIP_MS:
        expected = f"last {CLIP_MS // 1000} s, {SAMPLES} samples at {RATE} Hz"
        received = f"{length / 1000:g} s"
        raise InvalidValue(sentence("background", expected, received))
    return audio


def _check_recordings(name, recordings):
    checked = [_check_audio(f"{name}[{i}]", recording) for i, recording in enumerate(recordings)]
    if not checked:
        raise InvalidValue(sentence(name, "hold at least one recording", "none"))
    return checked


def _check_most(most):
    if not isinstance(most, (tuple, list)) or len(most) != 2:
        expected = "be two numbers, of trigger words and of others"
        raise InvalidValue(sentence("most", expected, f"{most!r}"))
    return [check_count(f"most[{i}]", count, minimum=0) for i, count in enumerate(most)]


def _check_input_shape(shape):
    if not isinstance(shape, (tuple, list)) or len(shape) != 2:
        received = f"{shape!r} ({type(shape).__name__})"
        raise InvalidType(sentence("input_shape", "be (Tx, frequencies)", received))
    columns, rows = shape
    if columns is not None:
        columns = check_count("input_shape[0]", columns, minimum=KERNEL)
    return columns, check_count("input_shape[1]", rows)
