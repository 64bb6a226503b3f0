"""Faces: is this who it claims to be, and who is it?  (course 4, week 4)

A network f turns a picture into an encoding, a vector of length 1, and the distance of two
encodings says how different two faces are:

    d(x1, x2) = ||f(x1) - f(x2)||      verification, 1 : 1      same person if d < threshold
                                       recognition,  1 : K      the nearest of K people, if near

Nothing has to be trained again for a new person: one picture is encoded and kept (one-shot
learning).

f is trained on triplets of an anchor A, another picture P of the same person and a picture N of
somebody else.  The margin alpha keeps f = constant from being a solution:

    loss(A, P, N) = max(||f(A) - f(P)||^2 - ||f(A) - f(N)||^2 + alpha, 0)

With N at random most triplets soon cost nothing.  `SemiHardTripletLoss` looks in the batch for
negatives that are farther than the positive, but not by the margin:  d(A,P) < d(A,N) < d(A,P) +
alpha.  (One of the notes this package started from has "<= ... + alpha" where the margin is on the
other side.)

`verify` and `who_is_it` take the course's dictionary of encodings or a `FaceDatabase` of
`dlspec.cnn.face_database`.  Encoders are built in `dlspec.cnn.face_networks`;
`dlspec.cnn.face_measures` says how good they are.
"""

import os
from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from dlspec._complaints import InvalidType, InvalidValue, near_miss, sentence
from dlspec._validation import (
    check_array,
    check_count,
    check_interval,
    check_labels,
    check_positive,
)
from dlspec.cnn.face_database import (
    NOT_RECOGNISED,
    FaceDatabase,
    _check_same_encoder,
    _encodings_of,
)
from dlspec.cnn.face_networks import _check_encoder
from dlspec.datasets.photos import photo_as_input, read_photo

__all__ = [
    "PersonBatches",
    "SemiHardTripletLoss",
    "encode",
    "img_to_encoding",
    "semi_hard_triplets",
    "triplet_loss",
    "verify",
    "who_is_it",
]

DOOR = 0.7  # the course's: the door opens below
SIZE = 160  # of pictures for an encoder that takes any size, as in the course


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
        >>> from dlspec.cnn.face_networks import FaceEncoder
        >>> import tempfile
        >>> from PIL import Image
        >>> with tempfile.NamedTemporaryFile(suffix=".png") as file:
        ...     Image.new("RGB", (200, 100), "orange").save(file.name)
        ...     img_to_encoding(file.name, FaceEncoder()).shape
        (1, 64)

    Source: course 4, week 4, exercise 1.
    """
    size = _check_encoder(model) or SIZE
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
        >>> from dlspec.cnn.face_networks import FaceEncoder
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
        >>> from dlspec.cnn.face_networks import FaceEncoder
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
        >>> from dlspec.cnn.face_networks import FaceEncoder
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
        _check_same_encoder("database", database.fingerprint, model)
    if not database:
        advice = "Add people with database.add(name, img_to_encoding(image_path, model))."
        raise InvalidValue(sentence("database", "hold at least one person", "nobody", advice))
    n = model.output_shape[-1]
    return {
        name: _encodings_of(f"database[{name!r}]", value, n) for name, value in database.items()
    }


def _distance(encoding, encodings):
    return float(np.linalg.norm(encoding - encodings, axis=1).min())
