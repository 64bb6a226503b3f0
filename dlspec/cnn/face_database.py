"""People by name with the encodings of their faces, in a file that survives (course 4, week 4).

The course keeps encodings in a dictionary.  A `FaceDatabase` reads like one, knows which encoder
made the encodings, adds and removes people, and is saved without pictures and without pickle.
`dlspec.cnn.face_recognition` asks it who somebody is.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from zipfile import BadZipFile

import keras
import numpy as np

from dlspec._complaints import InvalidValue, near_miss, sentence
from dlspec._validation import check_array
from dlspec.cnn.face_networks import _check_encoder

__all__ = [
    "NOT_RECOGNISED",
    "FaceDatabase",
    "fingerprint",
]

NOT_RECOGNISED = "not recognised"
"""What `face_recognition.who_is_it` calls a person who is not in the database."""

UNIT = 1e-3  # how far from 1 the length of an encoding may be


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
        >>> from dlspec.cnn.face_networks import FaceEncoder
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


def _check_same_encoder(name, made_by, model):
    if made_by != fingerprint(model):
        advice = "Encodings of two encoders cannot be compared: enrol the people again."
        received = "encodings of another one"
        raise InvalidValue(sentence(name, "come from this encoder", received, advice))


def _encodings_of(name, value, n):
    """Encodings (k, n); one alone may be (n,)."""
    return check_array(name, np.atleast_2d(value), ("k", ("n", n)), keep_float32=True)


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
        >>> from dlspec.cnn.face_networks import FaceEncoder
        >>> encoder = FaceEncoder()
        >>> database = FaceDatabase(encoder)
        >>> database.add("Ada", np.eye(2, 64))  # two pictures of her
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
            >>> from dlspec.cnn.face_networks import FaceEncoder
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
        rows = _encodings_of("encodings", encodings, self.encoding_size).astype(np.float32)
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
            >>> from dlspec.cnn.face_networks import FaceEncoder
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
            >>> from dlspec.cnn.face_networks import FaceEncoder
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
            >>> from dlspec.cnn.face_networks import FaceEncoder
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
        _check_same_encoder(str(path), about["fingerprint"], model)
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
