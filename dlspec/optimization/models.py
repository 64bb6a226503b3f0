"""The tools of course 2 in Keras: a regularised network and the learning-rate schedules.

Each option of `RegularizedNetwork` has its twin in NumPy, in the modules on initialisation,
regularisation and batch normalisation; the schedules are the formulas of the exercise on
optimisation methods.

Keras wants examples as rows: where NumPy's X is (n_x, m), Keras reads X.T, and a kernel is W.T.
"""

from collections.abc import Sequence

import keras

from dlspec._complaints import InvalidValue, sentence
from dlspec._validation import (
    check_choice,
    check_count,
    check_finite,
    check_layer_sizes,
    check_positive,
)

__all__ = [
    "ExponentialDecay",
    "InverseTimeDecay",
    "RegularizedNetwork",
    "SquareRootDecay",
    "StaircaseDecay",
]

OUTPUT = ("sigmoid", "softmax")

# Variance of the weights as scale / units; fan_avg is (n_prev + n) / 2.
VARIANCE = {
    "he": (2.0, "fan_in"),
    "xavier": (1.0, "fan_in"),
    "glorot": (1.0, "fan_avg"),
}
INITIALIZERS = (*VARIANCE, "random", "zeros")


# --- Network --------------------------------------------------------------------------------------


def RegularizedNetwork(
    layer_dims: Sequence[int],
    *,
    output: str = "softmax",
    l1: float = 0.0,
    l2: float = 0.0,
    dropout: float = 0.0,
    batch_norm: bool = False,
    initializer: str = "he",
    name: str = "regularized_network",
) -> keras.Model:
    """[linear -> batch norm -> ReLU -> dropout] x (L - 1) -> linear -> output.

    The penalties stand for all kernels, the last included, and for no bias:

        l1 sum |w| + l2 sum w^2;   the course's lambda / (2 m) sum w^2 is l2 = lambda / (2 m)

    Initialisers draw from normal distributions as in the course, with zero biases:

        "he" 2 / n_prev,   "xavier" 1 / n_prev,   "glorot" 2 / (n_prev + n)    variances
        "random" 10 randn,   "zeros"                                        how not to do it

    Layers are named `hidden_<l>_linear`, `hidden_<l>_norm`, `hidden_<l>_activation`,
    `hidden_<l>_dropout`, `output_1_linear` and `output_1_activation`.

    Args:
        layer_dims: units of every layer, the inputs first; at least two numbers.
        output: of the last layer, "sigmoid" or "softmax".
        l1: weight of the absolute values, at least 0.
        l2: weight of the squares, at least 0.
        dropout: share of each hidden layer that is dropped while training, in [0, 1); the course's
            1 - keep_prob.
        batch_norm: normalise before each ReLU; the linear layer then has no bias.
        initializer: "he", "xavier", "glorot", "random" or "zeros".
        name: name of the model.

    Returns:
        A functional model (batch, n_x) -> (batch, n_y) with the sum of n[l] (n[l-1] + 1)
        parameters; batch normalisation has 4 n[l] in place of the n[l] biases, half of them
        trained.

    Raises:
        TypeError, ValueError: not a list of at least two whole numbers of at least 1, numbers out
            of range, an unknown name.

    Example:
        >>> RegularizedNetwork([64, 32, 10]).count_params()
        2410
        >>> RegularizedNetwork([64, 32, 10], batch_norm=True, dropout=0.2).count_params()
        2506

    Source: course 2, weeks 1 and 3; Srivastava et al., "Dropout", 2014; Ioffe and Szegedy, "Batch
    normalization", 2015; He et al., "Delving deep into rectifiers", 2015.
    """
    sizes = check_layer_sizes("layer_dims", layer_dims)
    check_choice("output", output, OUTPUT)
    check_choice("initializer", initializer, INITIALIZERS)
    penalties = {"l1": _check_not_negative("l1", l1), "l2": _check_not_negative("l2", l2)}
    if not 0 <= check_finite("dropout", dropout) < 1:
        raise InvalidValue(sentence("dropout", "lie in [0, 1)", dropout))
    x = inputs = keras.Input((sizes[0],), name="inputs")
    for l, units in enumerate(sizes[1:-1], start=1):
        stage = f"hidden_{l}"
        x = _linear(x, units, initializer, penalties, stage, use_bias=not batch_norm)
        if batch_norm:
            x = keras.layers.BatchNormalization(name=f"{stage}_norm")(x)
        x = keras.layers.Activation("relu", name=f"{stage}_activation")(x)
        if dropout:
            x = keras.layers.Dropout(dropout, name=f"{stage}_dropout")(x)
    x = _linear(x, sizes[-1], initializer, penalties, "output_1")
    x = keras.layers.Activation(output, name="output_1_activation")(x)
    return keras.Model(inputs, x, name=name)


def _linear(x, units, initializer, penalties, stage, use_bias=True):
    return keras.layers.Dense(
        units,
        use_bias=use_bias,
        kernel_initializer=_initializer(initializer),
        kernel_regularizer=keras.regularizers.L1L2(**penalties)
        if any(penalties.values())
        else None,
        name=f"{stage}_linear",
    )(x)


def _initializer(name):
    """A new one for every layer: Keras lets one initialiser draw its numbers only once."""
    if name == "zeros":
        return keras.initializers.Zeros()
    if name == "random":
        return keras.initializers.RandomNormal(stddev=10.0)
    scale, mode = VARIANCE[name]
    return keras.initializers.VarianceScaling(scale, mode, "untruncated_normal")


def _check_not_negative(name, value):
    if check_finite(name, value) < 0:
        raise InvalidValue(sentence(name, "be at least 0", value))
    return float(value)


# --- Learning-rate schedules ----------------------------------------------------------------------


class _EpochSchedule(keras.optimizers.schedules.LearningRateSchedule):
    """A rate for every epoch, counted from 0: Keras counts steps, the course epochs.

    A subclass gives `_factor(epoch)`, which multiplies the first rate; `_options` are the names of
    its other arguments.
    """

    _options: tuple[str, ...] = ()

    def __init__(self, learning_rate0, steps_per_epoch):
        self.learning_rate0 = check_positive("learning_rate0", learning_rate0)
        self.steps_per_epoch = check_count("steps_per_epoch", steps_per_epoch)

    def __call__(self, step):
        epoch = keras.ops.floor_divide(step, self.steps_per_epoch)  # whole numbers stay exact
        return self.learning_rate0 * self._factor(keras.ops.cast(epoch, "float32"))

    def get_config(self):
        names = ("learning_rate0", "steps_per_epoch", *self._options)
        return {name: getattr(self, name) for name in names}


@keras.saving.register_keras_serializable(package="dlspec")
class InverseTimeDecay(_EpochSchedule):
    """alpha = alpha_0 / (1 + decay_rate * epoch).

    The same as `keras.optimizers.schedules.InverseTimeDecay` with decay_steps=steps_per_epoch and
    staircase=True; without the staircase, Keras decays within an epoch too.

    Args:
        learning_rate0: rate of the first epoch, above 0.
        steps_per_epoch: mini-batches in an epoch, at least 1.
        decay_rate: at least 0.

    Example:
        >>> rate = InverseTimeDecay(0.2, steps_per_epoch=10, decay_rate=1.0)
        >>> [round(float(rate(step)), 4) for step in (0, 9, 10, 30)]
        [0.2, 0.2, 0.1, 0.05]

    Source: course 2, week 2.
    """

    _options = ("decay_rate",)

    def __init__(self, learning_rate0: float, steps_per_epoch: int, decay_rate: float = 1.0):
        super().__init__(learning_rate0, steps_per_epoch)
        self.decay_rate = _check_not_negative("decay_rate", decay_rate)

    def _factor(self, epoch):
        return 1 / (1 + self.decay_rate * epoch)


@keras.saving.register_keras_serializable(package="dlspec")
class StaircaseDecay(_EpochSchedule):
    """alpha = alpha_0 / (1 + decay_rate * floor(epoch / time_interval)).

    Args:
        learning_rate0: rate of the first epochs, above 0.
        steps_per_epoch: mini-batches in an epoch, at least 1.
        decay_rate: at least 0.
        time_interval: epochs on one stair, at least 1.

    Example:
        >>> rate = StaircaseDecay(0.2, steps_per_epoch=1, time_interval=100)
        >>> [round(float(rate(epoch)), 4) for epoch in (0, 99, 100, 300)]
        [0.2, 0.2, 0.1, 0.05]

    Source: course 2, week 2.
    """

    _options = ("decay_rate", "time_interval")

    def __init__(
        self,
        learning_rate0: float,
        steps_per_epoch: int,
        decay_rate: float = 1.0,
        time_interval: int = 1000,
    ):
        super().__init__(learning_rate0, steps_per_epoch)
        self.decay_rate = _check_not_negative("decay_rate", decay_rate)
        self.time_interval = check_count("time_interval", time_interval)

    def _factor(self, epoch):
        return 1 / (1 + self.decay_rate * keras.ops.floor_divide(epoch, self.time_interval))


@keras.saving.register_keras_serializable(package="dlspec")
class ExponentialDecay(_EpochSchedule):
    """alpha = base^epoch * alpha_0.

    The same as `keras.optimizers.schedules.ExponentialDecay` with decay_steps=steps_per_epoch and
    staircase=True.

    Args:
        learning_rate0: rate of the first epoch, above 0.
        steps_per_epoch: mini-batches in an epoch, at least 1.
        base: share of the rate that an epoch leaves, above 0 and at most 1.

    Example:
        >>> rate = ExponentialDecay(0.2, steps_per_epoch=10)
        >>> [round(float(rate(step)), 4) for step in (0, 10, 20)]
        [0.2, 0.19, 0.1805]

    Source: course 2, week 2.
    """

    _options = ("base",)

    def __init__(self, learning_rate0: float, steps_per_epoch: int, base: float = 0.95):
        super().__init__(learning_rate0, steps_per_epoch)
        self.base = check_positive("base", base)
        if self.base > 1:
            raise InvalidValue(sentence("base", "be at most 1", base))

    def _factor(self, epoch):
        return self.base**epoch


@keras.saving.register_keras_serializable(package="dlspec")
class SquareRootDecay(_EpochSchedule):
    """alpha = k / sqrt(epoch + 1) * alpha_0.

    The lecture writes k / sqrt(epoch) and counts epochs from 1; here they count from 0 as in the
    other schedules.

    Args:
        learning_rate0: with k the rate of the first epoch, above 0.
        steps_per_epoch: mini-batches in an epoch, at least 1.
        k: above 0.

    Example:
        >>> rate = SquareRootDecay(0.2, steps_per_epoch=10)
        >>> [round(float(rate(step)), 4) for step in (0, 30, 150)]
        [0.2, 0.1, 0.05]

    Source: course 2, week 2.
    """

    _options = ("k",)

    def __init__(self, learning_rate0: float, steps_per_epoch: int, k: float = 1.0):
        super().__init__(learning_rate0, steps_per_epoch)
        self.k = check_positive("k", k)

    def _factor(self, epoch):
        return self.k / keras.ops.sqrt(epoch + 1)
