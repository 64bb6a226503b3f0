"""Faces: is this who it claims to be, and who is it?  (course 4, week 4)

A network f turns a picture into an encoding, a vector of length 1, and the distance of two
encodings says how different two faces are:

    d(x1, x2) = ||f(x1) - f(x2)||      verification, 1 : 1      same person if d < threshold
                                       recognition,  1 : K      the nearest of K people, if near

Nothing has to be trained again for a new person: one picture is encoded and kept (one-shot
learning).  A verification that errs once in a hundred does not do for recognition: with K = 100
people in the database each newcomer is compared a hundred times.

f is trained on triplets of an anchor A, another picture P of the same person and a picture N of
somebody else.  The margin alpha keeps f = constant from being a solution:

    loss(A, P, N) = max(||f(A) - f(P)||^2 - ||f(A) - f(N)||^2 + alpha, 0)

With N at random most triplets soon cost nothing.  `SemiHardTripletLoss` looks in the batch for
negatives that are farther than the positive, but not by the margin:  d(A,P) < d(A,N) < d(A,P) +
alpha.  Another way is a Siamese network: one encoder looks at both pictures, and a logistic unit
on the differences of the encodings says "same" or not (`SiameseHead`):

    y^ = sigmoid(sum_k w_k diff_k + b)     diff_k = |f_k - g_k|  or  (f_k - g_k)^2 / (f_k + g_k)

The notes this package started from contain slips, not repeated: they write the chi-square
similarity as (f_k + g_k) / 2, and one has "<= ... + alpha" where the margin is on the other side.
Encodings here have both signs, so that the chi-square form divides by |f_k| + |g_k|.

`verify` and `who_is_it` take the course's dictionary of encodings or a `FaceDatabase`, which knows
which encoder made them, adds and removes people, and is saved without pictures and without pickle.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile

import keras
import numpy as np
from keras import ops

from dlspec._complaints import InvalidType, InvalidValue, near_miss, sentence
from dlspec._validation import (
    check_array,
    check_choice,
    check_count,
    check_image_shape,
    check_interval,
    check_labels,
    check_positive,
)
from dlspec.datasets.photos import photo_as_input, read_photo

__all__ = [
    "NOT_RECOGNISED",
    "EncodingDifference",
    "FaceDatabase",
    "FaceEncoder",
    "InceptionFaceNet",
    "OneShotTrials",
    "PersonBatches",
    "RocCurve",
    "SemiHardTripletLoss",
    "SiameseHead",
    "SiameseNetwork",
    "choose_threshold",
    "encode",
    "fingerprint",
    "img_to_encoding",
    "nearest",
    "one_shot_trials",
    "roc_curve",
    "semi_hard_triplets",
    "triplet_loss",
    "verification_pairs",
    "verify",
    "who_is_it",
]

NOT_RECOGNISED = "not recognised"
"""What `who_is_it` calls a person who is not in the database."""

DOOR = 0.7  # the course's: the door opens below
SIZE = 160  # of pictures for an encoder that takes any size, as in the course
UNIT = 1e-3  # how far from 1 the length of an encoding may be


# --- Triplets -------------------------------------------------------------------------------------


def triplet_loss(y_true: Any, y_pred: Sequence, alpha: float = 0.2) -> Any:
    """Sum of max(||A - P||^2 - ||A - N||^2 + alpha, 0) over the triplets of a batch.

    Args:
        y_true: not used; Keras hands labels to every loss.
        y_pred: three tensors or arrays (m, n): encodings of anchors, positives and negatives.
        alpha: margin, at least 0.

    Returns:
        Scalar tensor of the backend, the sum over the m triplets.

    Raises:
        TypeError, ValueError: not three tensors of one shape, a margin out of range.

    Example:
        >>> A, P, N = [[1.0, 0.0]], [[0.0, 1.0]], [[1.0, 1.0]]
        >>> round(float(triplet_loss(None, (A, P, N))), 4)
        1.2

    Source: Schroff et al., "FaceNet", 2015, equation 2; course 4, week 4, exercise 1.
    """
    alpha = check_interval("alpha", alpha, "[0, inf)")
    anchor, positive, negative = _three_alike(y_pred)
    loss = _squared_distance(anchor, positive) - _squared_distance(anchor, negative) + alpha
    return ops.sum(ops.maximum(loss, 0.0))


def _three_alike(y_pred):
    if not isinstance(y_pred, (tuple, list)) or len(y_pred) != 3:
        count = f" of {len(y_pred)}" if isinstance(y_pred, (tuple, list)) else ""
        expected = "hold three tensors: anchors, positives, negatives"
        raise InvalidType(sentence("y_pred", expected, f"{type(y_pred).__name__}{count}"))
    tensors = [ops.convert_to_tensor(tensor) for tensor in y_pred]
    shapes = [tuple(tensor.shape) for tensor in tensors]
    if len(set(shapes)) > 1 or len(shapes[0]) != 2:
        expected = "hold three tensors of one shape (m, n)"
        raise InvalidValue(sentence("y_pred", expected, ", ".join(map(str, shapes))))
    return tensors


def _squared_distance(a, b):
    return ops.sum(ops.square(a - b), axis=-1)


def semi_hard_triplets(encodings: np.ndarray, labels: Sequence, alpha: float = 0.2) -> np.ndarray:
    """Choose a negative for every two pictures of one person, as `SemiHardTripletLoss` does.

    For anchor a and positive p that is, in this order,

    1. semi-hard, or too easy: the nearest negative that is farther than p.  Within the margin
       the triplet costs something, beyond it nothing.
    2. where all negatives are nearer than p: the farthest of them.  The nearest, which cost most,
       often are bad pictures, and early in training they make f collapse to a constant.

    This is the loop of the lecture; the loss does the same for a whole batch at once.

    Args:
        encodings: (m, n).
        labels: (m,) who each is.
        alpha: margin, at least 0.

    Returns:
        (triplets, 3) int64, places of anchor, positive and negative; all ordered pairs of two
        pictures of a person, if there is anybody else.

    Raises:
        TypeError, ValueError: shapes that do not fit, a margin out of range.

    Example:
        >>> encodings = np.array([[0.0], [1.0], [0.5], [1.1], [3.0]])
        >>> semi_hard_triplets(encodings, ["a", "a", "b", "c", "d"]).tolist()
        [[0, 1, 3], [1, 0, 4]]

    Source: Schroff et al., "FaceNet", 2015, section 3.2; course 4, week 4.
    """
    check_interval("alpha", alpha, "[0, inf)")
    f, who = _check_encodings(encodings, labels)
    d = np.sum((f[:, None] - f[None]) ** 2, axis=-1)
    triplets = []
    for a in range(len(f)):
        others = np.flatnonzero(who != who[a])
        for p in np.flatnonzero(who == who[a]):
            if p == a or not others.size:
                continue
            farther = others[d[a, others] > d[a, p]]
            n = farther[d[a, farther].argmin()] if farther.size else others[d[a, others].argmax()]
            triplets.append((a, p, n))
    return np.array(triplets, dtype=np.int64).reshape(-1, 3)


def _check_encodings(encodings, labels):
    f = check_array("encodings", encodings, ("m", "n"))
    who = check_labels("labels", labels)
    return f, check_labels("labels", who, ("encodings", np.zeros(len(f), who.dtype)))


@keras.saving.register_keras_serializable(package="dlspec")
class SemiHardTripletLoss(keras.losses.Loss):
    """Mean triplet loss over all pairs of one person in a batch, each with a semi-hard negative.

    Compile an encoder with it and fit it on (pictures, numbers of the people), several pictures of
    each of several people in a batch (`PersonBatches`).  Which negative a pair gets, also where no
    semi-hard one exists, is told at `semi_hard_triplets`.

    Args:
        alpha: margin, at least 0.
        name: of the loss.
        kwargs: for `keras.losses.Loss`, such as `dtype`.

    Raises:
        TypeError, ValueError: a margin out of range.

    Example:
        >>> encodings = np.array([[0.0], [1.0], [0.5], [1.1], [3.0]])
        >>> round(float(SemiHardTripletLoss(0.5)([0, 0, 1, 2, 3], encodings)), 3)  # 1 - 1.21 + 0.5
        0.145
    """

    def __init__(self, alpha: float = 0.2, name: str = "semi_hard_triplets", **kwargs: Any) -> None:
        super().__init__(name=name, **kwargs)
        self.alpha = check_interval("alpha", alpha, "[0, inf)")

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Return the mean loss of the pairs.

        Args:
            y_true: (m,) or (m, 1) numbers of the people.
            y_pred: (m, n) encodings.

        Returns:
            Scalar; 0 where no two pictures show one person.

        Example:
            >>> float(SemiHardTripletLoss().call([0, 1], [[1.0, 0.0], [0.0, 1.0]]))
            0.0

        Source: Schroff et al., "FaceNet", 2015, section 3.2.
        """
        who = ops.reshape(y_true, (-1,))
        same = ops.equal(who[:, None], who[None, :])
        place = ops.arange(ops.shape(who)[0])
        is_pair = ops.logical_and(same, ops.not_equal(place[:, None], place[None, :]))

        squares = ops.sum(ops.square(y_pred), axis=1)
        products = ops.matmul(y_pred, ops.transpose(y_pred))
        d = ops.maximum(squares[:, None] + squares[None, :] - 2.0 * products, 0.0)

        d_ap, d_an = d[:, :, None], d[:, None, :]  # anchor, positive, negative
        other = ops.logical_not(same)[:, None, :]
        farther = ops.logical_and(other, d_an > d_ap)
        nearest_farther = ops.min(ops.where(farther, d_an, float("inf")), axis=2)
        farthest = ops.max(ops.where(other, d_an, 0.0), axis=2)
        chosen = ops.where(ops.any(farther, axis=2), nearest_farther, farthest)

        counts = ops.logical_and(is_pair, ops.any(other, axis=2))
        loss = ops.where(counts, ops.maximum(d - chosen + self.alpha, 0.0), 0.0)
        return ops.sum(loss) / ops.maximum(ops.sum(ops.cast(counts, loss.dtype)), 1.0)

    def get_config(self) -> dict:
        """Return what rebuilds the loss.

        Returns:
            Arguments by name.

        Example:
            >>> SemiHardTripletLoss(0.5).get_config()["alpha"]
            0.5

        Source: ours.
        """
        return {**super().get_config(), "alpha": self.alpha}


class PersonBatches(keras.utils.PyDataset):
    """Batches of `people` people with `pictures` pictures each, in a new order every epoch.

    Each picture comes at most once an epoch; people and pictures that do not fill a batch wait for
    another one.  The order follows from `seed` and the number of the epoch.  Pass shuffle=False to
    `fit`, which would else shuffle the batches once more.

    Args:
        x: (m, height, width, channels), uint8 levels or floats in [0, 1].
        labels: (m,) number of the person on each.
        people: in a batch, at least 2.
        pictures: of each, at least 2.
        seed: of the order, at least 0.
        kwargs: for `keras.utils.PyDataset`.

    Raises:
        TypeError, ValueError: lengths that do not fit, numbers out of range, too few pictures for
            one batch.

    Example:
        >>> data = PersonBatches(np.zeros((9, 4, 4, 3)), [0, 0, 0, 1, 1, 1, 2, 2, 2], people=3)
        >>> len(data), data[0][0].shape, sorted(data[0][1].tolist())
        (1, (6, 4, 4, 3), [0, 0, 1, 1, 2, 2])
    """

    def __init__(
        self,
        x: np.ndarray,
        labels: Sequence,
        people: int = 16,
        pictures: int = 2,
        seed: int = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.x = np.asarray(x)
        self.y = check_labels("labels", labels, ("x", np.zeros(len(self.x))))
        self.people = check_count("people", people, 2)
        self.pictures = check_count("pictures", pictures, 2)
        self.seed, self.epoch = check_count("seed", seed, 0), 0
        self.batches = self._cut()
        if not self.batches:
            expected = f"show at least {people} people {pictures} times each"
            shown = np.unique(self.y, return_counts=True)[1]
            received = f"{np.sum(shown >= pictures)} such people"
            raise InvalidValue(sentence("labels", expected, received))

    def _cut(self):
        """Places of the pictures of each batch; in rounds, so that nobody is twice in one."""
        rng = np.random.default_rng([self.seed, self.epoch])
        rows = {p: rng.permutation(np.flatnonzero(self.y == p)) for p in np.unique(self.y)}
        batches, taken, k = [], 0, self.pictures
        while True:
            ready = [p for p, row in rows.items() if len(row) >= taken + k]
            if len(ready) < self.people:
                return batches
            order = rng.permutation(len(ready))
            for i in range(0, len(ready) - self.people + 1, self.people):
                chosen = [rows[ready[j]][taken : taken + k] for j in order[i : i + self.people]]
                batches.append(np.concatenate(chosen))
            taken += k

    def __len__(self) -> int:
        return len(self.batches)

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        places = self.batches[index]
        return _as_floats(self.x[places]), self.y[places]

    def on_epoch_end(self) -> None:
        """Draw the order of the next epoch.

        Example:
            >>> data = PersonBatches(np.zeros((4, 2, 2, 3)), [0, 0, 1, 1], people=2)
            >>> data.on_epoch_end()
            >>> data.epoch
            1

        Source: ours.
        """
        self.epoch += 1
        self.batches = self._cut()


def _as_floats(pictures):
    scale = np.float32(255 if pictures.dtype == np.uint8 else 1)
    return pictures.astype(np.float32) / scale


# --- Pictures to encodings ------------------------------------------------------------------------


def img_to_encoding(image_path: str | os.PathLike, model: keras.Model) -> np.ndarray:
    """Encode the picture in a file.

    The middle square is cut out and scaled to the size that the model takes, 160 x 160 if it takes
    any.  Grey pictures become RGB and transparent ones stand on white; photos taken sideways are
    turned upright.  (The course stretches the whole picture instead, which is the same for squares;
    its photos already have the right size.)  Faces must fill the picture: nothing looks for them.

    Args:
        image_path: any common format, any size.
        model: an encoder of RGB pictures with pixels in [0, 1].

    Returns:
        (1, n) encoding of length 1.

    Raises:
        TypeError, ValueError: no such file, not a picture, or not an encoder.

    Example:
        >>> import tempfile
        >>> from PIL import Image
        >>> with tempfile.NamedTemporaryFile(suffix=".png") as file:
        ...     Image.new("RGB", (200, 100), "orange").save(file.name)
        ...     img_to_encoding(file.name, FaceEncoder()).shape
        (1, 64)

    Source: course 4, week 4, exercise 1.
    """
    size = _check_encoder(model)
    picture = photo_as_input(read_photo(image_path, at_least=2 * size), size)
    return encode(picture[None], model)


def encode(pictures: np.ndarray, model: keras.Model) -> np.ndarray:
    """Encode pictures of the size that the model takes.

    Args:
        pictures: (m, height, width, 3), uint8 levels or floats in [0, 1].
        model: an encoder of RGB pictures with pixels in [0, 1].

    Returns:
        (m, n) encodings of length 1.

    Raises:
        TypeError, ValueError: not an encoder, pictures that do not fit, an encoding that is 0 or
            not finite.

    Example:
        >>> encode(np.full((2, 48, 48, 3), 0.5), FaceEncoder(encoding_size=8)).shape
        (2, 8)

    Source: course 4, week 4, exercise 1.
    """
    _check_encoder(model)
    x = _as_floats(_check_pictures(pictures, model))
    encodings = model.predict_on_batch(x) if len(x) == 1 else model.predict(x, verbose=0)
    lengths = np.linalg.norm(encodings, axis=1, keepdims=True)
    if not (np.isfinite(lengths) & (lengths > 0)).all():
        expected = "give encodings that have a direction"
        raise InvalidValue(sentence("model", expected, "zeros, NaN or infinity"))
    return encodings / lengths


def _check_encoder(model):
    """The side of the pictures that an encoder takes."""
    if not isinstance(model, keras.Model):
        raise InvalidType(sentence("model", "be a Keras model", type(model).__name__))
    shapes = model.input_shape, model.output_shape
    sides = shapes[0][1:3]
    if len(shapes[0]) != 4 or shapes[0][3] != 3 or sides[0] != sides[1] or len(shapes[1]) != 2:
        expected = "turn square RGB pictures (m, H, H, 3) into encodings (m, n)"
        raise InvalidValue(sentence("model", expected, f"{shapes[0]} to {shapes[1]}"))
    return sides[0] or SIZE


def _check_pictures(pictures, model):
    x, wanted = np.asarray(pictures), model.input_shape[1:]
    fits = x.ndim == 4 and all(w in (None, n) for w, n in zip(wanted, x.shape[1:], strict=True))
    if not fits or not x.size:
        raise InvalidValue(sentence("pictures", f"have shape (m, {str(wanted)[1:]}", x.shape))
    if x.dtype != np.uint8 and not (x.dtype.kind == "f" and x.min() >= 0 and x.max() <= 1):
        received = f"{x.dtype} from {x.min():g} to {x.max():g}"
        raise InvalidValue(sentence("pictures", "be uint8, or floats in [0, 1]", received))
    return x


# --- Verification and recognition -----------------------------------------------------------------


def verify(
    image_path: str | os.PathLike,
    identity: str,
    database: Mapping[str, np.ndarray],
    model: keras.Model,
    threshold: float = DOOR,
) -> tuple[float, bool]:
    """Is the person in the picture `identity`?

    Args:
        image_path: picture, as for `img_to_encoding`.
        identity: name in the database.
        database: a `FaceDatabase`, or a dictionary from name to encoding (n,) or (1, n), or to
            several (k, n), of which the nearest counts.
        model: the encoder that made them.
        threshold: the door opens for distances below; 0.7 is the course's, for its network.  One
            for yours is chosen with `choose_threshold`.

    Returns:
        dist: ||encoding of the picture - encoding of the identity||, 0 to 2.
        door_open: whether dist < threshold.

    Raises:
        TypeError, ValueError: nobody of that name, an empty database, one made by another encoder,
            a picture that cannot be read, not an encoder.

    Example:
        >>> import tempfile
        >>> from PIL import Image
        >>> encoder = FaceEncoder()
        >>> with tempfile.NamedTemporaryFile(suffix=".png") as file:
        ...     Image.new("RGB", (50, 50), "orange").save(file.name)
        ...     database = {"orange": img_to_encoding(file.name, encoder)}
        ...     verify(file.name, "orange", database, encoder)
        (0.0, True)

    Source: course 4, week 4, exercise 2.
    """
    threshold = check_positive("threshold", threshold)
    known = _known_people(database, model)
    if identity not in known:
        expected = "be in the database"
        advice = near_miss(identity, list(map(str, known)))
        raise InvalidValue(sentence("identity", expected, f"{identity!r}", advice))
    dist = _distance(img_to_encoding(image_path, model), known[identity])
    return dist, dist < threshold


def who_is_it(
    image_path: str | os.PathLike,
    database: Mapping[str, np.ndarray],
    model: keras.Model,
    threshold: float = DOOR,
) -> tuple[float, str]:
    """Who of the database is the person in the picture?

    Where the nearest is farther than `threshold`, the answer is `NOT_RECOGNISED`.  (The course then
    prints that the person is not in the database, and returns the nearest name all the same.)

    Args:
        image_path: picture, as for `img_to_encoding`.
        database: as for `verify`.
        model: the encoder that made it.
        threshold: distances above it are strangers'; 0.7 is the course's, for its network.

    Returns:
        min_dist: distance to the nearest encoding of the database, 0 to 2.
        identity: the name it belongs to, or `NOT_RECOGNISED`.

    Raises:
        TypeError, ValueError: as `verify`.

    Example:
        >>> import tempfile
        >>> from PIL import Image
        >>> encoder = FaceEncoder()
        >>> with tempfile.NamedTemporaryFile(suffix=".png") as file:
        ...     Image.new("RGB", (50, 50), "orange").save(file.name)
        ...     who_is_it(file.name, {"orange": img_to_encoding(file.name, encoder)}, encoder)
        (0.0, 'orange')

    Source: course 4, week 4, exercise 3.
    """
    threshold = check_positive("threshold", threshold)
    known = _known_people(database, model)
    encoding = img_to_encoding(image_path, model)
    distances = {name: _distance(encoding, encodings) for name, encodings in known.items()}
    identity = min(distances, key=distances.get)
    min_dist = distances[identity]
    return min_dist, identity if min_dist <= threshold else NOT_RECOGNISED


def _known_people(database, model):
    """{name: (k, n) encodings} of a dictionary or `FaceDatabase`, if they fit the model."""
    if not isinstance(database, Mapping):
        expected = "be a FaceDatabase or a dictionary of encodings"
        raise InvalidType(sentence("database", expected, type(database).__name__))
    _check_encoder(model)
    if isinstance(database, FaceDatabase):
        _check_fingerprint("database", database.fingerprint, model)
    if not database:
        advice = "Add people with database.add(name, img_to_encoding(image_path, model))."
        raise InvalidValue(sentence("database", "hold at least one person", "nobody", advice))
    n = model.output_shape[-1]
    return {name: _rows(f"database[{name!r}]", value, n) for name, value in database.items()}


def _rows(name, value, n):
    """Encodings (k, n); one alone may be (n,)."""
    return check_array(name, np.atleast_2d(value), ("k", ("n", n)), keep_float32=True)


def _distance(encoding, encodings):
    return float(np.linalg.norm(encoding - encodings, axis=1).min())


# --- Database -------------------------------------------------------------------------------------


def fingerprint(model: keras.Model) -> str:
    """Hash of what makes an encoder: its kinds of layers, its shapes and its weights.

    Names do not count, nor whether and how it was compiled; a saved and loaded copy has the same.

    Args:
        model: an encoder.

    Returns:
        64 hexadecimal digits (SHA-256).

    Raises:
        TypeError, ValueError: not an encoder.

    Example:
        >>> keras.utils.set_random_seed(0)
        >>> one, other = FaceEncoder(), FaceEncoder()
        >>> fingerprint(one) == fingerprint(one), fingerprint(one) == fingerprint(other)
        (True, False)

    Source: ours.
    """
    _check_encoder(model)
    kinds = [type(layer).__name__ for layer in model.layers]
    digest = hashlib.sha256(repr((model.input_shape, model.output_shape, kinds)).encode())
    for weight in model.get_weights():
        digest.update(f"{weight.shape}{weight.dtype}".encode())
        digest.update(np.ascontiguousarray(weight).tobytes())
    return digest.hexdigest()


def _check_fingerprint(name, made_by, model):
    if made_by != fingerprint(model):
        advice = "Encodings of two encoders cannot be compared: enrol the people again."
        received = "encodings of another one"
        raise InvalidValue(sentence(name, "come from this encoder", received, advice))


class FaceDatabase(Mapping):
    """People by name with the encodings of their pictures, never the pictures themselves.

    Reads like a dictionary from name to encodings (k, n).  It belongs to one encoder, and is
    refused with another, since their distances mean nothing to each other.

    Args:
        model: the encoder.

    Attributes:
        fingerprint: of the encoder.
        encoding_size: n.

    Raises:
        TypeError, ValueError: not an encoder.

    Example:
        >>> encoder = FaceEncoder()
        >>> database = FaceDatabase(encoder)
        >>> database.add("Ada", encode(np.full((2, 48, 48, 3), 0.5), encoder))
        >>> list(database), database["Ada"].shape
        (['Ada'], (2, 64))
    """

    def __init__(self, model: keras.Model) -> None:
        self.fingerprint = fingerprint(model)
        self.encoding_size = model.output_shape[-1]
        self._people: dict[str, np.ndarray] = {}

    def __getitem__(self, name: str) -> np.ndarray:
        return self._people[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._people)

    def __len__(self) -> int:
        return len(self._people)

    def add(self, name: str, encodings: np.ndarray, replace: bool = False) -> None:
        """Enrol a person.

        Args:
            name: not empty, and not yet there.
            encodings: of one or more pictures, (n,) or (k, n), each of length 1.
            replace: True puts the encodings in the place of earlier ones.

        Raises:
            TypeError, ValueError: not a name, one that is taken, encodings that do not fit.

        Example:
            >>> encoder = FaceEncoder(encoding_size=2)
            >>> database = FaceDatabase(encoder)
            >>> database.add("Ada", np.array([0.6, 0.8]))
            >>> len(database)
            1

        Source: course 4, week 4, exercise 1.
        """
        if not isinstance(name, str) or not name.strip() or name == NOT_RECOGNISED:
            raise InvalidValue(sentence("name", "be a person's name", f"{name!r}"))
        if name in self._people and not replace:
            advice = "Use replace=True to put the new encodings in the place of the old."
            raise InvalidValue(sentence("name", "be new", f"{name!r}, who is there", advice))
        rows = _rows("encodings", encodings, self.encoding_size).astype(np.float32)
        lengths = np.linalg.norm(rows, axis=1)
        if (np.abs(lengths - 1) > UNIT).any():
            odd = lengths[np.abs(lengths - 1).argmax()]
            advice = "img_to_encoding and encode give such."
            raise InvalidValue(sentence("encodings", "have length 1", f"{odd:g}", advice))
        rows.flags.writeable = False
        self._people[name] = rows

    def remove(self, name: str) -> None:
        """Forget a person.

        Args:
            name: in the database.

        Raises:
            ValueError: nobody of that name.

        Example:
            >>> database = FaceDatabase(FaceEncoder(encoding_size=2))
            >>> database.add("Ada", np.array([0.6, 0.8]))
            >>> database.remove("Ada")
            >>> len(database)
            0

        Source: ours.
        """
        if name not in self._people:
            advice = near_miss(name, list(self._people))
            raise InvalidValue(sentence("name", "be in the database", f"{name!r}", advice))
        del self._people[name]

    def save(self, path: str | os.PathLike) -> None:
        """Write all people to a file, whole or not at all.

        What is written first goes to another file beside it, and to the disk; only then it takes
        the name.  Whatever breaks in between, the earlier file is still there.

        Args:
            path: file name, usually .npz.

        Raises:
            ValueError: the folder is missing, or cannot be written.

        Example:
            >>> import tempfile
            >>> encoder = FaceEncoder(encoding_size=2)
            >>> database = FaceDatabase(encoder)
            >>> database.add("Ada", np.array([0.6, 0.8]))
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     database.save(Path(folder, "faces.npz"))
            ...     list(FaceDatabase.load(Path(folder, "faces.npz"), encoder))
            ['Ada']

        Source: ours.
        """
        path = Path(path).expanduser()
        partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
        about = {"fingerprint": self.fingerprint, "names": list(self)}
        counts = [len(rows) for rows in self.values()]
        rows = np.concatenate([np.empty((0, self.encoding_size), np.float32), *self.values()])
        try:
            with open(partial, "wb") as file:
                np.savez(file, about=np.array(json.dumps(about)), counts=counts, encodings=rows)
                file.flush()
                os.fsync(file.fileno())
            os.replace(partial, path)
        except OSError as error:
            received = f"{path} ({error.strerror})"
            raise InvalidValue(sentence("path", "be a file to write", received)) from error
        finally:
            with contextlib.suppress(OSError):
                partial.unlink()

    @classmethod
    def load(cls, path: str | os.PathLike, model: keras.Model) -> "FaceDatabase":
        """Read what `save` wrote.

        Args:
            path: of the file.
            model: the encoder that made the encodings.

        Returns:
            The database.

        Raises:
            TypeError, ValueError: no such file, a damaged one or another kind, encodings of
                another encoder, not an encoder.

        Example:
            >>> FaceDatabase.load("nowhere.npz", FaceEncoder())
            Traceback (most recent call last):
            ...
            dlspec._complaints.InvalidValue: `nowhere.npz` must be a file that FaceDatabase.save \
wrote. Received: nothing there.

        Source: ours.
        """
        database = cls(model)
        path = Path(path).expanduser()
        expected = "be a file that FaceDatabase.save wrote"
        if not path.is_file():
            raise InvalidValue(sentence(str(path), expected, "nothing there"))
        content = _read_database(path)
        if content is None:
            received = "a file that is damaged or of another kind"
            raise InvalidValue(sentence(str(path), expected, received))
        about, counts, rows = content
        _check_fingerprint(str(path), about["fingerprint"], model)
        parts = np.split(rows, np.cumsum(counts)[:-1]) if len(counts) else []
        for name, encodings in zip(about["names"], parts, strict=True):
            database.add(name, encodings)
        return database


def _read_database(path):
    """What the file holds, or None where it is damaged or its parts do not fit together."""
    try:
        with open(path, "rb") as file:
            content = np.load(file, allow_pickle=False)
            about = json.loads(str(content["about"]))
            counts, rows = content["counts"].astype(np.int64), content["encodings"]
        names = [about["fingerprint"], *about["names"]][1:]
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile):
        return None
    fits = len(names) == len(set(names)) == len(counts) and counts.sum() == len(rows)
    return (about, counts, rows) if fits else None


# --- Encoders -------------------------------------------------------------------------------------

# 1x1; 3x3: reduce, filters, stride; 5x5: the same; pooling: kind, stride, 1x1 behind it.
NN4_SMALL2 = {
    "3a": (64, (96, 128, 1), (16, 32, 1), ("max", 2, 32)),
    "3b": (64, (96, 128, 1), (32, 64, 1), ("average", 3, 64)),
    "3c": (None, (128, 256, 2), (32, 64, 2), ("max", 2, None)),
    "4a": (256, (96, 192, 1), (32, 64, 1), ("average", 3, 128)),
    "4e": (None, (160, 256, 2), (64, 128, 2), ("max", 2, None)),
    "5a": (256, (96, 384, 1), None, ("average", 3, 96)),
    "5b": (256, (96, 384, 1), None, ("max", 2, 96)),
}
EPSILON = 1e-5  # of its batch normalisation
MINIMUM = 96  # smaller maps would vanish in block 5a

# Of FaceEncoder: (times the width, convolutions); behind each but the last the sides are halved.
STAGES = ((1, 1), (2, 2), (4, 2), (8, 2))
MOMENTUM = 0.9  # averages of a few hundred steps, not of the usual thousands


def InceptionFaceNet(
    input_shape: tuple[int, int, int] = (96, 96, 3),
    encoding_size: int = 128,
    name: str = "inception_face_net",
) -> keras.Model:
    """NN4-small2, the network behind OpenFace and behind the course's encodings.

    The branches of a block that pool become smaller than the others, and zeros are put around them.
    Pools of blocks 3b, 4a and 5a take the average, as the course's do; OpenFace's take the root of
    the sum of squares.

    Args:
        input_shape: (height, width, channels), at least 96 pixels each way.
        encoding_size: n, at least 1.
        name: of the model.

    Returns:
        A model from pictures with pixels in [0, 1] to encodings (m, n) of length 1; as called
        without arguments it has 3,743,280 parameters, 9,312 of them not trainable.  The weights are
        random.

    Raises:
        TypeError, ValueError: sizes out of range.

    Example:
        >>> InceptionFaceNet().count_params()
        3743280

    Source: Amos et al., "OpenFace", 2016, nn4.small2; Schroff et al., "FaceNet", 2015; course 4,
    week 4, exercise 1.
    """
    shape = check_image_shape("input_shape", input_shape, MINIMUM)
    encoding_size = check_count("encoding_size", encoding_size)

    inputs = keras.Input(shape, name="inputs")
    x = _conv(inputs, 64, 7, "stem_1_7x7", stride=2, epsilon=EPSILON)
    x = _max_pool(x, "stem_1_pool")
    x = _conv(x, 64, 1, "stem_2_1x1", epsilon=EPSILON)
    x = _conv(x, 192, 3, "stem_3_3x3", epsilon=EPSILON)
    x = _max_pool(x, "stem_3_pool")
    for block, row in NN4_SMALL2.items():
        x = _face_block(x, *row, name=f"inception_{block}")
    x = keras.layers.GlobalAveragePooling2D(name="head_1_pool")(x)
    return keras.Model(inputs, _encoding(x, encoding_size), name=name)


def _face_block(x, one, three, five, pool, name):
    """Branches side by side, all with batch normalisation and ReLU."""
    branches = []
    for side, row in ((3, three), (5, five)):
        if row is not None:
            reduce, filters, stride = row
            y = _conv(x, reduce, 1, f"{name}_{side}x{side}_reduce", epsilon=EPSILON)
            y = _conv(y, filters, side, f"{name}_{side}x{side}", stride, epsilon=EPSILON)
            branches.append(y)
    kind, stride, filters = pool
    layer = {"max": keras.layers.MaxPooling2D, "average": keras.layers.AveragePooling2D}[kind]
    y = layer(3, strides=stride, name=f"{name}_pool")(x)
    if filters is not None:
        y = _conv(y, filters, 1, f"{name}_pool_1x1", epsilon=EPSILON)
    branches.append(_grown(y, branches[0], f"{name}_pool_pad"))
    if one is not None:
        branches.append(_conv(x, one, 1, f"{name}_1x1", epsilon=EPSILON))
    return keras.layers.Concatenate(name=f"{name}_concatenate")(branches)


def _grown(x, like, name):
    """Zeros around maps, so that they become as large as others."""
    missing = [b - a for a, b in zip(x.shape[1:3], like.shape[1:3], strict=True)]
    return keras.layers.ZeroPadding2D([(n // 2, n - n // 2) for n in missing], name=name)(x)


def _conv(x, filters, side, name, stride=1, epsilon=1e-3, momentum=0.99):
    if side > 1:
        x = keras.layers.ZeroPadding2D(side // 2, name=f"{name}_pad")(x)
    x = keras.layers.Conv2D(filters, side, strides=stride, name=f"{name}_conv")(x)
    norm = keras.layers.BatchNormalization(momentum=momentum, epsilon=epsilon, name=f"{name}_norm")
    return keras.layers.ReLU(name=f"{name}_relu")(norm(x))


def _max_pool(x, name):
    """Halve the sides; nothing is below zero behind a ReLU, so zeros around change nothing."""
    x = keras.layers.ZeroPadding2D(1, name=f"{name}_pad")(x)
    return keras.layers.MaxPooling2D(3, strides=2, name=name)(x)


def _encoding(x, size):
    x = keras.layers.Dense(size, name="head_1_linear")(x)
    return keras.layers.UnitNormalization(name="head_1_unit_length")(x)


def FaceEncoder(
    input_shape: tuple[int, int, int] = (48, 48, 3),
    encoding_size: int = 64,
    width: int = 16,
    name: str = "face_encoder",
) -> keras.Model:
    """A small encoder that a laptop trains in minutes.

    Args:
        input_shape: (height, width, channels), at least 16 pixels each way.
        encoding_size: n, at least 1.
        width: filters of the first layers, at least 1; the last have eight times as many.
        name: of the model.

    Returns:
        A model from pictures with pixels in [0, 1] to encodings (m, n) of length 1; as called
        without arguments it has 369,232 parameters.

    Raises:
        TypeError, ValueError: sizes out of range.

    Example:
        >>> FaceEncoder().output_shape
        (None, 64)

    Source: ours, trained as in Schroff et al., "FaceNet", 2015.
    """
    shape = check_image_shape("input_shape", input_shape, 16)
    encoding_size = check_count("encoding_size", encoding_size)
    width = check_count("width", width)

    inputs = keras.Input(shape, name="inputs")
    x = _conv(inputs, width, 3, "stem_1", stride=2, momentum=MOMENTUM)
    for i, (times, count) in enumerate(STAGES, 1):
        if i > 1:
            x = keras.layers.MaxPooling2D(2, name=f"stage_{i}_pool")(x)
        for j in range(1, count + 1):
            x = _conv(x, times * width, 3, f"stage_{i}_{j}", momentum=MOMENTUM)
    x = keras.layers.Flatten(name="head_1_flatten")(x)
    return keras.Model(inputs, _encoding(x, encoding_size), name=name)


# --- Siamese networks -----------------------------------------------------------------------------

DIFFERENCES = {
    "abs": lambda f, g: ops.abs(f - g),
    "squared": lambda f, g: ops.square(f - g),
    "chi_square": lambda f, g: ops.square(f - g) / (ops.abs(f) + ops.abs(g) + 1e-6),
}


@keras.saving.register_keras_serializable(package="dlspec")
class EncodingDifference(keras.layers.Layer):
    """Differences of two encodings, component by component.

    Args:
        kind: "abs" |f - g|, "squared" (f - g)^2 or "chi_square" (f - g)^2 / (|f| + |g|).
        kwargs: for `keras.layers.Layer`.

    Raises:
        ValueError: another kind.

    Example:
        >>> f, g = np.array([[1.0, 0.0]]), np.array([[0.5, 0.25]])
        >>> keras.ops.convert_to_numpy(EncodingDifference("abs")([f, g])).tolist()
        [[0.5, 0.25]]
    """

    def __init__(self, kind: str = "abs", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind = check_choice("kind", kind, tuple(DIFFERENCES))

    def call(self, inputs: Sequence) -> Any:
        """Return the differences.

        Args:
            inputs: two tensors (m, n).

        Returns:
            (m, n), none below 0.

        Example:
            >>> pair = [np.array([[1.0]]), np.array([[3.0]])]
            >>> float(EncodingDifference("squared").call(pair)[0, 0])
            4.0

        Source: Taigman et al., "DeepFace", 2014, section 4; course 4, week 4.
        """
        return DIFFERENCES[self.kind](*inputs)

    def get_config(self) -> dict:
        """Return what rebuilds the layer.

        Returns:
            Arguments by name.

        Example:
            >>> EncodingDifference("squared").get_config()["kind"]
            'squared'

        Source: ours.
        """
        return {**super().get_config(), "kind": self.kind}


def SiameseHead(
    encoding_size: int = 64, difference: str = "abs", name: str = "siamese_head"
) -> keras.Model:
    """Two encodings in, the probability that they show one person out: a logistic unit.

    It takes encodings that were computed before, such as those of a database.

    Args:
        encoding_size: n, at least 1.
        difference: "abs", "squared" or "chi_square", as `EncodingDifference`.
        name: of the model.

    Returns:
        A model [(m, n), (m, n)] -> (m, 1) in (0, 1), with n + 1 parameters.

    Raises:
        TypeError, ValueError: a size out of range, another difference.

    Example:
        >>> SiameseHead(128).count_params()
        129

    Source: Taigman et al., "DeepFace", 2014, section 4; course 4, week 4.
    """
    size = check_count("encoding_size", encoding_size)
    check_choice("difference", difference, tuple(DIFFERENCES))
    pair = [keras.Input((size,), name=f"pair_{i}_encoding") for i in (1, 2)]
    x = EncodingDifference(difference, name="head_1_difference")(pair)
    x = keras.layers.Dense(1, activation="sigmoid", name="head_1_sigmoid")(x)
    return keras.Model(pair, x, name=name)


def SiameseNetwork(
    encoder: keras.Model, difference: str = "abs", name: str = "siamese_network"
) -> keras.Model:
    """Two pictures through one encoder, with the same weights, and a `SiameseHead` on top.

    Args:
        encoder: pictures to encodings; it is shared, not copied: training the network trains it.
        difference: as for `SiameseHead`.
        name: of the model.

    Returns:
        A model [(m, height, width, 3), (m, height, width, 3)] -> (m, 1) in (0, 1).

    Raises:
        TypeError, ValueError: not an encoder, another difference.

    Example:
        >>> encoder = FaceEncoder()
        >>> SiameseNetwork(encoder).count_params() - encoder.count_params()
        65

    Source: Taigman et al., "DeepFace", 2014; course 4, week 4.
    """
    _check_encoder(encoder)
    head = SiameseHead(encoder.output_shape[-1], difference)
    pair = [keras.Input(encoder.input_shape[1:], name=f"pair_{i}_picture") for i in (1, 2)]
    return keras.Model(pair, head([encoder(picture) for picture in pair]), name=name)


# --- How good is it? ------------------------------------------------------------------------------


def verification_pairs(labels: Sequence, seed: int = 0) -> tuple[np.ndarray, ...]:
    """All pairs of pictures of one person, and as many of two people at random.

    Args:
        labels: (m,) who each picture shows.
        seed: of the pairs of two people, at least 0.

    Returns:
        first, second: (pairs,) places of the pictures.
        same: (pairs,) bool, whether both show one person.

    Raises:
        TypeError, ValueError: not labels; no two pictures of one person, or too few people.

    Example:
        >>> first, second, same = verification_pairs(["a", "a", "b", "b"])
        >>> same.tolist()
        [True, True, False, False]

    Source: Huang et al., "Labeled faces in the wild", 2007.
    """
    who = check_labels("labels", labels)
    seed = check_count("seed", seed, 0)
    first, second = np.triu_indices(len(who), 1)
    same = who[first] == who[second]
    if not 0 < same.sum() <= (~same).sum():
        expected = "show people twice or more, and enough different ones"
        received = f"{same.sum()} pairs of one person, {(~same).sum()} of two"
        raise InvalidValue(sentence("labels", expected, received))
    random = np.random.default_rng(seed)
    others = random.choice(np.flatnonzero(~same), same.sum(), replace=False)
    chosen = np.concatenate([np.flatnonzero(same), others])
    return first[chosen], second[chosen], same[chosen]


class RocCurve(NamedTuple):
    """What each threshold lets in: people who may, and people who may not.

    Attributes:
        thresholds: increasing; "same" is said of distances at most as large.
        false_accept: share of the pairs of two people that pass, for each threshold.
        true_accept: share of the pairs of one person that pass.
        area: under true_accept over false_accept; 0.5 is chance, 1 perfect.
    """

    thresholds: np.ndarray
    false_accept: np.ndarray
    true_accept: np.ndarray
    area: float


def roc_curve(distances: np.ndarray, same: Sequence) -> RocCurve:
    """Shares of pairs that every possible threshold would let in.

    Args:
        distances: (m,) of pairs of pictures.
        same: (m,) 1 or True where both show one person.

    Returns:
        Thresholds, from -inf to the largest distance, with their shares, and the area.

    Raises:
        TypeError, ValueError: shapes that do not fit, only one kind of pairs.

    Example:
        >>> roc_curve([0.2, 0.4, 0.3, 0.9], [1, 1, 0, 0]).area
        0.75

    Source: course 4, week 4 (similarity function); the curve is Fawcett, "ROC analysis", 2006.
    """
    d, same = _check_pairs(distances, same)
    thresholds = np.concatenate([[-np.inf], np.unique(d)])
    false_accept, true_accept = (
        np.searchsorted(np.sort(part), thresholds, side="right") / part.size
        for part in (d[~same], d[same])
    )
    area = float(np.trapezoid(true_accept, false_accept))
    return RocCurve(thresholds, false_accept, true_accept, area)


def choose_threshold(distances: np.ndarray, same: Sequence) -> tuple[float, float]:
    """The threshold with the highest accuracy on these pairs, for instance of a validation set.

    Args:
        distances: (m,) of pairs of pictures, none negative.
        same: (m,) 1 or True where both show one person.

    Returns:
        threshold: halfway between two distances; of equally good ones the lowest.
        accuracy: share of the pairs that it puts on the right side.

    Raises:
        TypeError, ValueError: as `roc_curve`.

    Example:
        >>> choose_threshold([0.2, 0.4, 0.6, 0.9], [1, 1, 0, 0])
        (0.5, 1.0)

    Source: Schroff et al., "FaceNet", 2015, section 4; course 4, week 4.
    """
    d, same = _check_pairs(distances, same)
    levels = np.unique(d)
    halfway = (levels[:-1] + levels[1:]) / 2
    candidates = np.concatenate([[levels[0] / 2], halfway, [levels[-1] + 1e-6]])
    accepted = np.searchsorted(np.sort(d[same]), candidates)
    rejected = np.sum(~same) - np.searchsorted(np.sort(d[~same]), candidates)
    accuracy = (accepted + rejected) / d.size
    best = accuracy.argmax()
    return float(candidates[best]), float(accuracy[best])


def _check_pairs(distances, same):
    d = check_array("distances", distances, ("m",))
    truth = check_labels("same", same, ("distances", d)) != 0
    if truth.all() or not truth.any():
        expected = "mark pairs of one person and pairs of two"
        raise InvalidValue(sentence("same", expected, f"{truth.sum()} of {truth.size} of one"))
    return d, truth


class OneShotTrials(NamedTuple):
    """Draws of people who are enrolled with one picture each, and of who then comes along.

    Attributes:
        enrolled: (draws, people) places of the pictures that are kept.
        known: (draws, people) another picture of each of them, in the same order.
        unknown: (draws, people) pictures of people who are not enrolled.
    """

    enrolled: np.ndarray
    known: np.ndarray
    unknown: np.ndarray


def one_shot_trials(
    labels: Sequence, people: int = 20, draws: int = 100, seed: int = 0
) -> OneShotTrials:
    """Draw who is enrolled with one picture, and who is to be recognised or turned away.

    Args:
        labels: (m,) who each picture shows; twice as many people as `people`, with two pictures
            or more each.
        people: enrolled in each draw, at least 1.
        draws: at least 1.
        seed: of the draws, at least 0.

    Returns:
        Places of the pictures.

    Raises:
        TypeError, ValueError: too few people or pictures, numbers out of range.

    Example:
        >>> trials = one_shot_trials(np.repeat([0, 1, 2, 3], 2), people=2, draws=5)
        >>> trials.enrolled.shape
        (5, 2)

    Source: Lake et al., "Human-level concept learning", 2015 (20-way one-shot); course 4, week 4.
    """
    who = check_labels("labels", labels)
    people, draws = check_count("people", people), check_count("draws", draws)
    rng = np.random.default_rng(check_count("seed", seed, 0))
    places = [np.flatnonzero(who == p) for p in np.unique(who)]
    places = [row for row in places if len(row) > 1]
    if len(places) < 2 * people:
        expected = f"show {2 * people} people twice or more, to enrol {people} and turn away others"
        raise InvalidValue(sentence("labels", expected, f"{len(places)} such people"))
    trials = np.empty((draws, 3, people), np.int64)
    for draw in trials:
        order = rng.permutation(len(places))[: 2 * people]
        two = np.array([rng.choice(places[i], 2, replace=False) for i in order])
        draw[:] = two[:people, 0], two[:people, 1], two[people:, 0]
    return OneShotTrials(*trials.transpose(1, 0, 2))


def nearest(queries: np.ndarray, enrolled: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each query, the nearest of the enrolled encodings.

    Args:
        queries: (..., q, n) encodings.
        enrolled: (..., k, n) encodings.

    Returns:
        distances: (..., q) to the nearest.
        places: (..., q) which it is.

    Raises:
        TypeError, ValueError: not encodings of one size.

    Example:
        >>> distances, places = nearest([[0.0, 0.0]], [[3.0, 4.0], [1.0, 0.0]])
        >>> distances.tolist(), places.tolist()
        ([1.0], [1])

    Source: course 4, week 4, exercise 3, for many pictures at once.
    """
    f = check_array("queries", queries, keep_float32=True)
    g = check_array("enrolled", enrolled, keep_float32=True)
    if min(f.ndim, g.ndim) < 2 or f.shape[-1] != g.shape[-1] or f.shape[:-2] != g.shape[:-2]:
        expected = "have shape (..., k, n) where `queries` has (..., q, n)"
        raise InvalidValue(sentence("enrolled", expected, f"{g.shape}, and {f.shape}"))
    squares = np.sum(f**2, axis=-1)[..., None] + np.sum(g**2, axis=-1)[..., None, :]
    d = np.sqrt(np.maximum(squares - 2 * f @ np.swapaxes(g, -1, -2), 0))
    return d.min(axis=-1), d.argmin(axis=-1)
