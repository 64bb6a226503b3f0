"""Bird recognition, a case study: candidates, what they cost, and one knob at a time (course 3).

A city wants to see birds in the pictures of its cameras.  Candidates are small convolutional
networks, each a row of numbers:

    candidate    pictures    filters of the stages
    small         24 x 24    8, 16
    large         48 x 48    16, 32, 64

Beside its errors a candidate has a run time and a memory; both are measured here, and
`goals.choose` takes them as limits.

Orthogonal knobs.  A network has to do well on four things, one after the other, and each has knobs
of its own:

    on                gap                         knobs
    training set      human to train              bigger network, longer training, better optimizer
    dev set           train to dev                more training data, regularization
    test set          dev to test                 bigger dev set
    in real use       test to real use            another dev set, another metric

A knob is orthogonal when it closes one gap and opens no other.  `turn_knobs` says which gap is the
largest, and, where knobs were really turned and the errors measured again, what each of them did.
The lecture's example of one that is not orthogonal is early stopping: it closes the gap of the dev
set by opening that of the training set.  The notes this package started from list it among the
knobs for both sets; the lecture advises against it.  Measured, other knobs do a little of that,
too: a bigger network learns more of its training set by heart, a regularized one less.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import keras
import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, near_miss, sentence
from dlspec._validation import check_count, check_fraction, check_image_shape, check_interval
from dlspec.strategy._report import Bar, Report, Section, percent, points

__all__ = [
    "AIMS",
    "KNOBS",
    "BirdNetwork",
    "Effect",
    "Knobs",
    "Memory",
    "RunTime",
    "measure_run_time",
    "model_memory",
    "turn_knobs",
]

POOL = 2  # each stage halves height and width
BRIGHTEST = 255.0


# --- Candidates -----------------------------------------------------------------------------------


def BirdNetwork(
    input_shape: Sequence[int] = (64, 64, 3),
    filters: Sequence[int] = (8, 16, 32),
    *,
    dropout: float = 0.0,
    l2: float = 0.0,
    name: str = "bird_network",
) -> keras.Model:
    """[3 x 3 convolution -> batch norm -> ReLU -> pooling] x stages -> strongest answers -> bird?

    The strongest answer of each filter, wherever in the picture, goes into one sigmoid: a bird may
    be anywhere.  Layers are named `input_1_scale`, `stage_<l>_conv`, `stage_<l>_norm`,
    `stage_<l>_activation`, `stage_<l>_pool`, `head_1_pool`, `head_1_dropout`, `head_1_linear` and
    `head_1_activation`.

    Args:
        input_shape: height, width and channels of the pictures; pixels from 0 to 255.
        filters: of every stage; each stage halves height and width.
        dropout: share of the answers that is dropped while training, in [0, 1).
        l2: weight of the squares of all kernels, at least 0.
        name: name of the model.

    Returns:
        A functional model (batch, height, width, channels) -> (batch, 1), the probability of a
        bird.  A stage has 9 f_prev f weights and 4 f numbers of batch normalisation, the head
        f + 1.

    Raises:
        TypeError, ValueError: not whole numbers of at least 1, pictures too small for the stages,
            `dropout` or `l2` out of range.

    Example:
        >>> BirdNetwork((24, 24, 3), filters=(8, 16)).count_params()
        1481

    Source: course 3, week 1 (the candidates of the case study); the layers are those of course 4.
    """
    height, width, channels = check_image_shape("input_shape", input_shape)
    filters = _check_filters(filters, min(height, width))
    dropout = check_interval("dropout", dropout, "[0, 1)")
    penalty = check_interval("l2", l2, "[0, inf)")

    x = inputs = keras.Input((height, width, channels), name="inputs")
    x = keras.layers.Rescaling(1 / BRIGHTEST, name="input_1_scale")(x)
    for l, f in enumerate(filters, start=1):
        x = _stage(x, f, penalty, f"stage_{l}")
    x = keras.layers.GlobalMaxPooling2D(name="head_1_pool")(x)
    if dropout:
        x = keras.layers.Dropout(dropout, name="head_1_dropout")(x)
    x = keras.layers.Dense(1, kernel_regularizer=_regularizer(penalty), name="head_1_linear")(x)
    x = keras.layers.Activation("sigmoid", name="head_1_activation")(x)
    return keras.Model(inputs, x, name=name)


def _stage(x, f, penalty, name):
    x = keras.layers.Conv2D(
        f,
        3,
        padding="same",
        use_bias=False,  # batch normalisation has its own
        kernel_initializer="he_normal",
        kernel_regularizer=_regularizer(penalty),
        name=f"{name}_conv",
    )(x)
    x = keras.layers.BatchNormalization(momentum=0.9, name=f"{name}_norm")(x)
    x = keras.layers.Activation("relu", name=f"{name}_activation")(x)
    return keras.layers.MaxPooling2D(POOL, name=f"{name}_pool")(x)


def _regularizer(penalty):
    return keras.regularizers.L2(penalty) if penalty else None


def _check_filters(filters, side):
    sizes = _check_sizes("filters", filters)
    stages = int(np.log2(side))
    if not 1 <= len(sizes) <= stages:
        expected = f"have 1 to {stages} stages, as often as {side} pixels can be halved"
        raise InvalidValue(sentence("filters", expected, f"{len(sizes)} stages"))
    return sizes


def _check_sizes(name, sizes):
    if not isinstance(sizes, list | tuple):
        raise InvalidType(sentence(name, "be a list of whole numbers", f"{sizes!r}"))
    return [check_count(f"{name}[{i}]", size) for i, size in enumerate(sizes)]


# --- What a candidate costs -----------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class RunTime(Report):
    """How long a model takes.

    Attributes:
        milliseconds: for one picture, the median over the repeats.
        fastest: milliseconds for one picture, of the fastest repeat.
        slowest: of the slowest.
        batch_size: pictures that were handed over at once.
    """

    milliseconds: float
    fastest: float
    slowest: float
    batch_size: int


def measure_run_time(model: keras.Model, images: np.ndarray, repeats: int = 20) -> RunTime:
    """Measure milliseconds per picture: the median of several repeats, all pictures as one batch.

    The first two calls are not counted: they translate the model and fetch memory.  Together in a
    batch pictures take less time each than one by one.

    Args:
        model: a Keras model with one input.
        images: pictures (m, ...) as the model takes them.
        repeats: number of timed calls, at least 1.

    Returns:
        A report.

    Raises:
        TypeError, ValueError: no model, pictures of another shape, no repeats.

    Example:
        >>> measured = measure_run_time(BirdNetwork((8, 8, 3), [4]), np.zeros((5, 8, 8, 3)), 3)
        >>> measured.batch_size, 0 < measured.fastest <= measured.milliseconds <= measured.slowest
        (5, True)

    Source: course 3, week 1 (run time as a satisficing metric).
    """
    images = _check_images(_check_model(model), images)
    repeats = check_count("repeats", repeats)
    for _ in range(2):
        model.predict_on_batch(images)
    m, seconds = len(images), []
    for _ in range(repeats):
        begin = time.perf_counter()
        model.predict_on_batch(images)
        seconds.append(time.perf_counter() - begin)
    per_picture = 1000 * np.array(seconds) / m
    median, fastest, slowest = (float(f(per_picture)) for f in (np.median, np.min, np.max))
    return RunTime(
        conclusion=f"{median:.3g} ms per picture, in batches of {m}.",
        used={
            "pictures in a batch": m,
            "repeats": repeats,
            "fastest (ms)": fastest,
            "slowest (ms)": slowest,
        },
        cannot_tell=("Run time on another machine: only measuring there would tell.",),
        milliseconds=median,
        fastest=fastest,
        slowest=slowest,
        batch_size=m,
    )


@dataclass(frozen=True, kw_only=True)
class Memory(Report):
    """How much memory a model takes.

    Attributes:
        weights: bytes of all weights.
        largest_activation: bytes of the largest output of a layer, for one picture.
        total: their sum.
    """

    weights: int
    largest_activation: int
    total: int


def model_memory(model: keras.Model) -> Memory:
    """Count bytes: all weights, and the largest output of a layer for one picture.

    Args:
        model: a functional Keras model whose inputs have fixed sizes.

    Returns:
        A report.

    Raises:
        TypeError, ValueError: no model, a size that is not fixed.

    Example:
        >>> memory = model_memory(BirdNetwork((24, 24, 3), filters=(8, 16)))
        >>> memory.weights, memory.largest_activation
        (5924, 18432)

    Source: course 3, week 1 (memory as a satisficing metric).
    """
    layers = _check_model(model).layers
    weights = sum(_bytes(w.shape, w.dtype) for w in model.weights)
    outputs = {layer.name: _output_bytes(layer) for layer in layers}
    largest = max(outputs, key=outputs.get)
    total = weights + outputs[largest]
    return Memory(
        conclusion=f"{total:,} bytes: {weights:,} of weights, {outputs[largest]:,} of activations.",
        used={"numbers in weights": model.count_params(), "largest output": f"that of {largest}"},
        cannot_tell=(
            "What the program around the network takes: measuring the whole process would tell.",
        ),
        weights=weights,
        largest_activation=outputs[largest],
        total=total,
    )


def _bytes(shape, dtype):
    return int(np.prod(shape, dtype=np.int64)) * np.dtype(dtype).itemsize


def _output_bytes(layer):
    tensors = keras.tree.flatten(layer.output)
    if any(None in tensor.shape[1:] for tensor in tensors):
        received = f"{tuple(tensors[0].shape)} at {layer.name}"
        raise InvalidValue(sentence("model", "have inputs of fixed sizes", received))
    return sum(_bytes(tensor.shape[1:], tensor.dtype) for tensor in tensors)


def _check_model(model):
    if not isinstance(model, keras.Model):
        raise InvalidType(sentence("model", "be a Keras model", type(model).__name__))
    return model


def _check_images(model, images):
    images = np.asarray(images)
    sizes = model.input_shape[1:]
    fits = images.ndim == len(sizes) + 1 and len(images) > 0
    if not fits or any(n not in (None, k) for n, k in zip(sizes, images.shape[1:], strict=True)):
        expected = f"have shape (m, {', '.join(map(str, sizes))}), as the model's input"
        raise InvalidValue(sentence("images", expected, images.shape))
    return images


# --- Orthogonal knobs -----------------------------------------------------------------------------

ERRORS = ("human", "train", "dev", "test", "real use")
AIMS = ("training set", "dev set", "test set", "real use")
"""What has to go well, one after the other; AIMS[i] is the step from ERRORS[i] to ERRORS[i + 1]."""

KNOBS = {
    "training set": ("bigger network", "longer training", "better optimizer"),
    "dev set": ("more training data", "regularization"),
    "test set": ("bigger dev set",),
    "real use": ("another dev set", "another metric"),
}
"""The knobs of each aim.  Early stopping belongs to none: it moves two gaps at once."""

MEASURED = AIMS[:2]  # what training another network changes


@dataclass(frozen=True)
class Effect:
    """What turning one knob did, in differences of errors: negative is better.

    Attributes:
        knob: its name.
        train: change of the training error.
        dev: change of the dev error.
        moved: {aim: change of its gap}, of human to train and of train to dev.
        closes: the gaps that became smaller by more than noise.
        opens: the gaps that became larger by more than noise; a knob that opens none is orthogonal.
        meant_for: the gap that the course names; None for a knob that it names for none.
    """

    knob: str
    train: float
    dev: float
    moved: Mapping[str, float]
    closes: tuple[str, ...]
    opens: tuple[str, ...]
    meant_for: str | None


@dataclass(frozen=True, kw_only=True)
class Knobs(Report):
    """Which knob to turn, and what the knobs that were turned did.

    Attributes:
        gaps: {aim: size of its gap}, of those known.
        aim: the largest gap, None where none is more than noise.
        knobs: those of that gap, in the course's order.
        effects: what was measured, the best dev error first.
    """

    gaps: Mapping[str, float]
    aim: str | None
    knobs: tuple[str, ...]
    effects: tuple[Effect, ...]

    def sections(self) -> list[Section]:
        """The tables above the conclusion: the gaps with their knobs, and the effects.

        Returns:
            One or two tables.

        Example:
            >>> [s.title for s in turn_knobs({"train": 0.08, "dev": 0.1}).sections()]
            ['Gaps and their knobs']

        Source: course 3, week 1.
        """
        longest = max(*self.gaps.values(), 0) or 1.0
        rows = [
            (aim, points(gap), Bar(max(gap, 0) / longest), ", ".join(KNOBS[aim]))
            for aim, gap in self.gaps.items()
        ]
        sections = [Section("Gaps and their knobs", ("to do well on", "gap", "", "knobs"), rows)]
        if self.effects:
            columns = ("knob", "train", "dev", "gap of dev", "closes", "opens")
            rows = [
                (
                    e.knob,
                    *map(_signed, (e.train, e.dev, e.dev - e.train)),
                    ", ".join(e.closes) or "-",
                    ", ".join(e.opens) or "-",
                )
                for e in self.effects
            ]
            sections.append(Section("What each knob changed, in points", columns, rows))
        return sections


def turn_knobs(
    errors: Mapping[str, float],
    turned: Mapping[str, Mapping[str, float]] | None = None,
    *,
    noise: float = 0.01,
) -> Knobs:
    """Say which gap is the largest, which knobs belong to it, and what turning knobs did.

    Turning a knob changes the gap human to train by the change of the training error, and the gap
    train to dev by the change of (dev - train).  An orthogonal knob closes one and opens none.

    Args:
        errors: before any knob was turned: "train" and "dev", and as far as known "human", "test"
            and "real use"; fractions in [0, 1].  Without "human" the Bayes error is taken as 0.
        turned: {knob: {"train": error, "dev": error}} with this knob alone turned.
        noise: changes and gaps up to this size count as none, a fraction in [0, 1].

    Returns:
        A report.

    Raises:
        TypeError, ValueError: errors that are missing, unknown or no fractions.

    Example:
        >>> report = turn_knobs(
        ...     {"human": 0.01, "train": 0.08, "dev": 0.10},
        ...     {"bigger network": {"train": 0.03, "dev": 0.05}},
        ... )
        >>> report.aim, report.effects[0].closes, report.effects[0].opens
        ('training set', ('training set',), ())
        >>> report.knobs
        ('bigger network', 'longer training', 'better optimizer')

    Source: course 3, week 1 (orthogonalization).
    """
    errors = _check_errors("errors", errors)
    turned = _check_turned(turned)
    noise = check_fraction("noise", noise)
    known = [name for name in ERRORS if name in errors or name == "human"]
    gaps = {
        AIMS[ERRORS.index(upper) - 1]: round(errors[upper] - errors.get(lower, 0.0), 12)
        for lower, upper in pairwise(known)
    }
    largest = max(gaps, key=gaps.get)
    aim = largest if gaps[largest] > noise else None
    effects = [_effect(knob, after, errors, noise) for knob, after in turned.items()]
    effects = tuple(sorted(effects, key=lambda e: e.dev))
    return Knobs(
        conclusion=" ".join(_conclusions(gaps, aim, effects, errors)),
        used={**errors, "noise": noise, **{f"{k}: turned": v for k, v in turned.items()}},
        cannot_tell=tuple(_open_questions(errors, effects)),
        gaps=gaps,
        aim=aim,
        knobs=KNOBS[aim] if aim else (),
        effects=effects,
    )


def _effect(knob, after, errors, noise):
    train, dev = (round(after[name] - errors[name], 12) for name in ("train", "dev"))
    moved = dict(zip(MEASURED, (train, round(dev - train, 12)), strict=True))
    closes = tuple(aim for aim, change in moved.items() if change < -noise)
    opens = tuple(aim for aim, change in moved.items() if change > noise)
    meant_for = next((aim for aim, knobs in KNOBS.items() if knob in knobs), None)
    return Effect(knob, train, dev, moved, closes, opens, meant_for)


def _conclusions(gaps, aim, effects, errors):
    if aim is None:
        yield "No gap is more than noise: no knob is called for."
    else:
        gap = points(gaps[aim])
        yield f"The largest gap is that of the {aim}, {gap}: turn {_either(KNOBS[aim])}."
    if effects and effects[0].dev < 0:
        best, dev = effects[0], percent(errors["dev"] + effects[0].dev)
        yield f"Of those turned, {best.knob} brought the dev error lowest, to {dev}."
    elif effects:
        yield "None of those turned brought the dev error down."
    orthogonal = [effect.knob for effect in effects if effect.closes and not effect.opens]
    if orthogonal:
        yield f"Closed a gap and opened none: {', '.join(orthogonal)}."
    for closed, opened in (MEASURED, MEASURED[::-1]):
        traded = [e.knob for e in effects if closed in e.closes and opened in e.opens]
        if traded:
            names = ", ".join(traded)
            yield f"Closed the gap of the {closed} and opened that of the {opened}: {names}."


def _open_questions(errors, effects):
    if "human" not in errors:
        yield "How much of the training error can be avoided: the human error would tell."
    for name, aim in (("test", "overfitted to the dev set"), ("real use", "good in real use")):
        if name not in errors:
            yield f"Whether it is {aim}: the error in {name} would tell."
    if effects:
        yield "Whether a change is chance: the spread over several seeds would tell."


def _either(knobs):
    return " or ".join(knobs)


def _signed(change):
    return f"{100 * change + 0.0:+.1f}"


def _check_errors(name, errors, needed=("train", "dev"), known=ERRORS):
    if not isinstance(errors, Mapping):
        expected = "be a dictionary such as {'train': 0.08, 'dev': 0.1}"
        raise InvalidType(sentence(name, expected, type(errors).__name__))
    for key in errors:
        if key not in known:
            advice = near_miss(str(key), list(known))
            raise InvalidValue(sentence(name, "name known errors", f"{key!r}", advice))
    missing = [key for key in needed if key not in errors]
    if missing:
        have = ", ".join(errors) or "nothing"
        raise InvalidValue(sentence(name, f"hold {' and '.join(needed)}", have))
    return {key: check_fraction(f"{name}['{key}']", errors[key]) for key in known if key in errors}


def _check_turned(turned):
    if turned is not None and not isinstance(turned, Mapping):
        expected = "be a dictionary {knob: {'train': error, 'dev': error}}"
        raise InvalidType(sentence("turned", expected, type(turned).__name__))
    measured = ("train", "dev")
    return {
        str(knob): _check_errors(f"turned['{knob}']", after, measured, measured)
        for knob, after in (turned or {}).items()
    }
