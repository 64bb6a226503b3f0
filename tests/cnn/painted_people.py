"""Faces in plain colours: an encoder whose distances can be told by hand, and who is enrolled."""

import keras
import numpy as np

from dlspec.cnn.face_database import FaceDatabase


def colour_encoder(side=8, name="colours"):
    """Encodes a picture as its mean colour."""
    x = inputs = keras.Input((side, side, 3))
    x = keras.layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, keras.layers.UnitNormalization()(x), name=name)


COLOURS = colour_encoder()
RED, GREEN, BLUE = np.eye(3, dtype=np.float32)
PEOPLE = {"red": RED, "green": GREEN[None], "blue": np.stack([BLUE, -BLUE])}


def filled(model=COLOURS):
    database = FaceDatabase(model)
    for name, encodings in PEOPLE.items():
        database.add(name, encodings)
    return database


def wide_model():
    inputs = keras.Input((8, 9, 3))
    return keras.Model(inputs, keras.layers.Flatten()(inputs))


NO_ENCODER = (
    "`model` must turn square RGB pictures (m, H, H, 3) into encodings (m, n). "
    "Received: (None, 8, 9, 3) to (None, 216)."
)
OTHER_ENCODER = (
    "must come from this encoder. Received: encodings of another one. Encodings of two encoders "
    "cannot be compared: enrol the people again."
)
