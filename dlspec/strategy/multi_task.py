"""Multi-task learning: several answers yes or no about one example, some of them unknown (week 2).

A picture from a car may show pedestrians, cars, stop signs and traffic lights, any number of them
at once.  One network answers all k questions: a trunk of layers that all tasks share, and k sigmoid
outputs.  It is not softmax regression, where each example has one label.  The loss sums over tasks,
and over those labels only that are known, since people often label for one task and not another:

    J = 1/n sum_i sum_{j known} L(yhat_j^(i), y_j^(i)),   L(p, y) = -y log p - (1 - y) log(1 - p)

with n the number of known labels in the batch.  (The lecture divides by m, the number of examples;
with labels missing, n keeps the loss the same however many are.)  A missing label is -1 here,
`MISSING`.  NaN would do as well on paper, but 0 * NaN is NaN, and an array of whole numbers cannot
hold it.

When does one network for k tasks serve better than k networks?
    1.  The tasks profit from the same low-level features.
    2.  The amount of data per task is quite similar; or rather: all other tasks together bring much
        more data to the features of each task than it has itself.  `count_labels` tells.
    3.  The network is big enough to do well on all of them.  Where it is not, multi-task learning
        can hurt; where it is, it rarely does.
In practice transfer learning is used more often; object detection is the exception.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import check_choice, check_count, check_image_shape, check_interval
from dlspec.strategy._report import Report, percent

__all__ = [
    "MISSING",
    "LabelCounts",
    "MaskedBinaryAccuracy",
    "MaskedBinaryCrossentropy",
    "MultiTaskNetwork",
    "count_labels",
    "labels_from_table",
]

MISSING = -1.0
ACTIVATIONS = ("sigmoid", "linear")


# --- Labels ---------------------------------------------------------------------------------------


def labels_from_table(
    rows: Sequence[Sequence[Any]],
    *,
    yes: Sequence[Any] = (1, "1", "yes", "true"),
    no: Sequence[Any] = (0, "0", "no", "false"),
    missing: Sequence[Any] = ("?", "", None),
) -> np.ndarray:
    """Turn a table of answers, "?" where one is missing, into the labels of the loss.

    Texts are compared without regard to case and to blanks around them, numbers by value, so that
    True and 1.0 mean 1.  NaN counts as missing, as pandas reads empty cells.

    Args:
        rows: one a example, one entry a task.
        yes: entries that become 1.
        no: entries that become 0.
        missing: entries that become -1.

    Returns:
        float32 of shape (m, k): 1, 0 or -1.

    Raises:
        TypeError: `rows` is not a table.
        ValueError: no rows, rows of different lengths, an entry that is none of the three.

    Example:
        >>> labels_from_table([["1", "0", "?"], ["?", "yes", 0]])
        array([[ 1.,  0., -1.],
               [-1.,  1.,  0.]], dtype=float32)

    Source: course 3, week 2, "Multi-task learning".
    """
    rows = _check_rows(rows)
    meaning = {_plain(entry): MISSING for entry in missing}
    meaning |= {_plain(entry): 0.0 for entry in no} | {_plain(entry): 1.0 for entry in yes}
    labels = np.empty((len(rows), len(rows[0])), np.float32)
    for i, row in enumerate(rows):
        for j, entry in enumerate(row):
            label = MISSING if _is_nan(entry) else meaning.get(_plain(entry))
            if label is None:
                known = ", ".join(repr(entry) for entry in (*yes, *no, *missing))
                raise InvalidValue(sentence(f"rows[{i}][{j}]", f"be one of {known}", repr(entry)))
            labels[i, j] = label
    return labels


def _check_rows(rows):
    is_table = isinstance(rows, (Sequence, np.ndarray)) and not isinstance(rows, (str, bytes))
    if not is_table or any(isinstance(r, (str, bytes)) or not hasattr(r, "__len__") for r in rows):
        raise InvalidType(sentence("rows", "be a list of rows", type(rows).__name__))
    if len(rows) == 0 or len(rows[0]) == 0:
        raise InvalidValue(sentence("rows", "hold at least one answer", "none"))
    for i, row in enumerate(rows):
        if len(row) != len(rows[0]):
            expected = f"have {len(rows[0])} entries, as the first row"
            raise InvalidValue(sentence(f"rows[{i}]", expected, len(row)))
    return rows


def _plain(entry):
    return entry.strip().lower() if isinstance(entry, str) else entry


def _is_nan(entry):
    return isinstance(entry, (float, np.floating)) and bool(np.isnan(entry))


@dataclass(frozen=True, kw_only=True)
class LabelCounts(Report):
    """How many labels every task has.

    Attributes:
        known: number of known labels by task.
        yes: share of 1 among them; NaN where a task has none.
    """

    known: dict[str, int]
    yes: dict[str, float]


def count_labels(labels: np.ndarray, tasks: Sequence[str] | None = None) -> LabelCounts:
    """Count the known labels of every task: does the data speak for one network for all?

    Args:
        labels: (m, k) of 1, 0 and -1, as `labels_from_table` gives.
        tasks: k names; None numbers them from 1.

    Returns:
        The counts, and for each task whether the others bring more data than it has itself.

    Raises:
        TypeError, ValueError: not (m, k), other labels, not k names.

    Example:
        >>> counts = count_labels(np.array([[1, 0, -1], [0, 1, -1], [-1, 1, 1]]))
        >>> counts.known
        {'1': 2, '2': 3, '3': 1}

    Source: course 3, week 2, "Multi-task learning".
    """
    labels = _check_labels(labels)
    names = _check_tasks(tasks, labels.shape[1])
    is_known = labels != MISSING
    known = dict(zip(names, is_known.sum(axis=0).tolist(), strict=True))
    yes = {
        name: int((column == 1).sum()) / known[name] if known[name] else float("nan")
        for name, column in zip(names, labels.T, strict=True)
    }
    total = sum(known.values())
    alone = [name for name, n in known.items() if total - n <= n]
    if len(names) == 1:
        conclusion = "There is one task: nothing to share."
    elif alone:
        conclusion = (
            f"{alone[0]} has at least as many labels as all other tasks together: sharing can help "
            "the others, hardly this one."
        )
    else:
        conclusion = "All other tasks together bring more labels to each task than it has itself."
    cannot_tell = (
        "Whether the tasks need the same low-level features, and whether the network is big "
        "enough: the dev error of one network for all and of one per task would tell.",
    )
    used = {"examples": len(labels), "tasks": len(names), "labels known": total}
    used |= {f"known for {name}": n for name, n in known.items()}
    used |= {f"yes for {name}": percent(yes[name]) for name, n in known.items() if n}
    return LabelCounts(
        conclusion=conclusion, used=used, cannot_tell=cannot_tell, known=known, yes=yes
    )


def _check_labels(labels):
    array = np.asarray(labels)
    if array.dtype.kind not in "biuf":
        raise InvalidType(sentence("labels", "be numbers", f"dtype {array.dtype}"))
    if array.ndim != 2 or 0 in array.shape:
        raise InvalidValue(sentence("labels", "have shape (m, k)", array.shape))
    odd = array[~np.isin(array, (0, 1, MISSING))]
    if odd.size:
        received = f"{odd.size} others such as {odd[0]}"
        raise InvalidValue(sentence("labels", "be 0, 1 or -1 (missing)", received))
    return array


def _check_tasks(tasks, k):
    names = list(map(str, range(1, k + 1))) if tasks is None else list(tasks)
    if len(names) != k or len(set(names)) != k:
        raise InvalidValue(sentence("tasks", f"be {k} different names", names))
    return names


# --- Network --------------------------------------------------------------------------------------


def MultiTaskNetwork(
    input_shape: tuple[int, int, int],
    tasks: int,
    *,
    filters: Sequence[int] = (16, 32, 64),
    dropout: float = 0.0,
    activation: str = "sigmoid",
    name: str = "multi_task_network",
) -> keras.Model:
    """[convolution -> batch norm -> ReLU -> max pooling] x blocks -> average -> k outputs.

    With tasks=1 it is the network of a single task, to compare with.  For k outputs on a trained
    trunk: `transfer_learning.replace_head(model, k, "sigmoid")`.

    Layers are named `trunk_<block>_conv`, `trunk_<block>_norm`, `trunk_<block>_relu`,
    `trunk_<block>_pool`, `features_1_pool`, `features_1_dropout`, `output_1_linear` and
    `output_1_activation`.

    Args:
        input_shape: (height, width, channels), both sides at least 2 to the number of blocks.
        tasks: k, at least 1.
        filters: of the 3x3 convolution of each block, at least one block.
        dropout: share of the features that is dropped while training, in [0, 1).
        activation: "sigmoid" for probabilities, "linear" for logits.
        name: name of the model.

    Returns:
        A functional model (batch, height, width, channels) -> (batch, k).

    Raises:
        TypeError, ValueError: not whole numbers of at least 1, sizes or shares out of range.

    Example:
        >>> MultiTaskNetwork((32, 32, 3), tasks=4).output.shape
        (None, 4)

    Source: course 3, week 2, "Multi-task learning"; Caruana, "Multitask learning", 1997.
    """
    tasks, filters = check_count("tasks", tasks), _check_sizes("filters", filters)
    shape = check_image_shape("input_shape", input_shape, minimum=2 ** len(filters))
    check_interval("dropout", dropout, "[0, 1)")
    check_choice("activation", activation, ACTIVATIONS)
    x = inputs = keras.Input(shape, name="inputs")
    for block, channels in enumerate(filters, start=1):
        x = _block(x, channels, f"trunk_{block}")
    x = keras.layers.GlobalAveragePooling2D(name="features_1_pool")(x)
    if dropout:
        x = keras.layers.Dropout(dropout, name="features_1_dropout")(x)
    x = keras.layers.Dense(tasks, name="output_1_linear")(x)
    if activation != "linear":
        x = keras.layers.Activation(activation, name="output_1_activation")(x)
    return keras.Model(inputs, x, name=name)


def _block(x, channels, name):
    x = keras.layers.Conv2D(channels, 3, padding="same", use_bias=False, name=f"{name}_conv")(x)
    x = keras.layers.BatchNormalization(name=f"{name}_norm")(x)
    x = keras.layers.ReLU(name=f"{name}_relu")(x)
    return keras.layers.MaxPooling2D(2, name=f"{name}_pool")(x)


def _check_sizes(name, sizes):
    if not isinstance(sizes, (tuple, list)) or not sizes:
        raise InvalidType(sentence(name, "be a tuple of whole numbers", repr(sizes)))
    return tuple(check_count(f"{name}[{i}]", size) for i, size in enumerate(sizes))


# --- Loss and metric ------------------------------------------------------------------------------


class _MaskedLoss(keras.losses.Loss):
    """What `MaskedBinaryCrossentropy` computes."""

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Losses (batch,) of the known labels of each example, scaled: their mean is sum / n.

        Args:
            y_true: (batch, k) of 1, 0 and -1; numbers between 0 and 1 are soft labels.
            y_pred: (batch, k) of probabilities or logits.
        """
        y_pred = keras.ops.convert_to_tensor(y_pred)
        y = keras.ops.cast(y_true, y_pred.dtype)
        known = keras.ops.not_equal(y, MISSING)
        y = keras.ops.where(known, y, 0.0)  # any number: `where` below drops it, gradient and all
        losses = keras.ops.where(known, self._losses(y, y_pred), 0.0)
        n = keras.ops.sum(keras.ops.cast(known, losses.dtype))
        m = keras.ops.cast(keras.ops.shape(y)[0], losses.dtype)
        return keras.ops.sum(losses, axis=-1) * (m / keras.ops.maximum(n, 1))

    def _losses(self, y, y_pred):
        if self.from_logits:
            return y * keras.ops.softplus(-y_pred) + (1 - y) * keras.ops.softplus(y_pred)
        epsilon = keras.config.epsilon()
        p = keras.ops.clip(y_pred, epsilon, 1 - epsilon)
        return -y * keras.ops.log(p) - (1 - y) * keras.ops.log(1 - p)

    def get_config(self) -> dict[str, Any]:
        """What rebuilds the loss."""
        return super().get_config() | {"from_logits": self.from_logits}


class _MaskedMetric(keras.metrics.Metric):
    """What `MaskedBinaryAccuracy` counts."""

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Count one batch.

        Args:
            y_true: (batch, k) of 1, 0 and -1.
            y_pred: (batch, k) of probabilities or logits.
            sample_weight: (batch,) or None.
        """
        y = keras.ops.cast(y_true, self.dtype)
        says_yes = keras.ops.convert_to_tensor(y_pred) > self.threshold
        if self.task is not None:
            chosen = slice(self.task, self.task + 1)
            y, says_yes = y[:, chosen], says_yes[:, chosen]
        known = keras.ops.cast(keras.ops.not_equal(y, MISSING), self.dtype)
        if sample_weight is not None:
            known = known * keras.ops.reshape(keras.ops.cast(sample_weight, self.dtype), (-1, 1))
        right = keras.ops.equal(keras.ops.cast(says_yes, self.dtype), y)
        self.right.assign_add(keras.ops.sum(known * keras.ops.cast(right, self.dtype)))
        self.known.assign_add(keras.ops.sum(known))

    def result(self) -> Any:
        """The share so far."""
        return keras.ops.divide_no_nan(self.right, self.known)

    def get_config(self) -> dict[str, Any]:
        """What rebuilds the metric."""
        return super().get_config() | {"threshold": self.threshold, "task": self.task}


@keras.saving.register_keras_serializable(package="dlspec")
class MaskedBinaryCrossentropy(_MaskedLoss):
    """Mean of the binary cross-entropy over the labels that are known.

    Where the label is -1 loss and gradient are exactly 0, whatever was predicted; with no known
    label in the batch the loss is 0.  The mean of all batches in an epoch weighs them alike, not by
    their known labels.

    Logits keep accuracy: with softplus(z) = log(1 + e^z), which never overflows,

        L = y softplus(-z) + (1 - y) softplus(z),   dL/dz = sigmoid(z) - y

    Args:
        from_logits: whether predictions are logits z; else probabilities, which are kept 1e-7 away
            from 0 and 1 as in Keras.
        name: of the loss.

    Example:
        >>> loss = MaskedBinaryCrossentropy()
        >>> y, p = np.array([[1.0, -1.0], [0.0, 1.0]]), np.array([[0.5, 0.9], [0.5, 0.5]])
        >>> round(float(loss(y, p)), 4), round(float(np.log(2)), 4)
        (0.6931, 0.6931)

    Source: course 3, week 2, "Multi-task learning".
    """

    def __init__(
        self, from_logits: bool = False, name: str = "masked_binary_crossentropy", **options: Any
    ):
        super().__init__(name=name, **options)
        self.from_logits = bool(from_logits)


@keras.saving.register_keras_serializable(package="dlspec")
class MaskedBinaryAccuracy(_MaskedMetric):
    """Share of the known labels that are predicted right, over all batches of an epoch.

    0 as long as no label was known.

    Args:
        threshold: predictions above it mean yes: 0.5 for probabilities, 0 for logits.
        task: number of the one task to look at, from 0; None for all together.
        name: of the metric.

    Example:
        >>> metric = MaskedBinaryAccuracy()
        >>> metric.update_state([[1.0, -1.0], [0.0, 1.0]], [[0.9, 0.9], [0.8, 0.7]])
        >>> round(float(metric.result()), 4)
        0.6667

    Source: course 3, week 2, "Multi-task learning".
    """

    def __init__(
        self,
        threshold: float = 0.5,
        task: int | None = None,
        name: str = "masked_binary_accuracy",
        **options: Any,
    ):
        super().__init__(name=name, **options)
        self.threshold = float(threshold)
        self.task = None if task is None else check_count("task", task, minimum=0)
        self.right = self.add_weight(name="right", initializer="zeros")
        self.known = self.add_weight(name="known", initializer="zeros")
