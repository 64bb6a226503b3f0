"""The database of faces: what is kept, what a crash leaves, which encoder it belongs to."""

import json
from unittest.mock import patch

import keras
import numpy as np
import pytest

from dlspec.cnn.face_database import NOT_RECOGNISED, FaceDatabase, fingerprint
from tests.cnn.painted_people import (
    COLOURS,
    GREEN,
    NO_ENCODER,
    OTHER_ENCODER,
    PEOPLE,
    RED,
    colour_encoder,
    filled,
    wide_model,
)
from tests.complaints import complaints_test

PURE_CALLS = {"fingerprint": (COLOURS,)}


def assert_same_people(first, second):
    assert list(first) == list(second)
    for name in first:
        np.testing.assert_array_equal(first[name], second[name], strict=True)


def test_what_is_kept_cannot_be_changed_from_outside():
    mine = RED.copy()
    database = FaceDatabase(COLOURS)
    database.add("red", mine)
    mine[:] = GREEN
    np.testing.assert_array_equal(database["red"], RED[None])
    with pytest.raises(ValueError, match="read-only"):
        database["red"][:] = 0


def test_saved_and_loaded(tmp_path):
    database, path = filled(), tmp_path / "faces.npz"
    database.add("Zoë 小明", RED)
    database.save(path)
    assert_same_people(FaceDatabase.load(path, COLOURS), database)
    assert [p.name for p in tmp_path.iterdir()] == ["faces.npz"]
    FaceDatabase(COLOURS).save(path)
    assert len(FaceDatabase.load(path, COLOURS)) == 0


def test_a_file_holds_encodings_only_and_nothing_pickled(tmp_path):
    filled().save(tmp_path / "faces.npz")
    with np.load(tmp_path / "faces.npz", allow_pickle=False) as file:
        assert sorted(file.files) == ["about", "counts", "encodings"]
        assert file["encodings"].shape == (4, 3)
        assert json.loads(str(file["about"]))["names"] == list(PEOPLE)


def breaks_half_way(file, **arrays):
    file.write(b"PK half of a file")
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    "broken",
    [
        patch("numpy.savez", breaks_half_way),
        patch("os.fsync", side_effect=KeyboardInterrupt),
        patch("os.replace", side_effect=KeyboardInterrupt),
    ],
)
def test_a_crash_while_saving_leaves_the_earlier_file(broken, tmp_path):
    path, database = tmp_path / "faces.npz", filled()
    database.save(path)
    before = path.read_bytes()
    database.remove("red")
    with broken, pytest.raises(KeyboardInterrupt):
        database.save(path)
    assert path.read_bytes() == before
    assert_same_people(FaceDatabase.load(path, COLOURS), filled())


def test_a_killed_process_leaves_the_earlier_file_too(tmp_path):
    """As after SIGKILL: what was begun is not even cleared away; the next time all is well."""
    path, database = tmp_path / "faces.npz", filled()
    database.save(path)
    database.remove("red")
    with (
        patch("numpy.savez", breaks_half_way),
        patch("pathlib.Path.unlink"),
        pytest.raises(KeyboardInterrupt),
    ):
        database.save(path)
    assert len(list(tmp_path.iterdir())) == 2
    assert_same_people(FaceDatabase.load(path, COLOURS), filled())
    database.save(path)
    assert [p.name for p in tmp_path.iterdir()] == ["faces.npz"]
    assert_same_people(FaceDatabase.load(path, COLOURS), database)


def test_every_truncation_is_noticed(tmp_path):
    path = tmp_path / "faces.npz"
    filled().save(path)
    whole = path.read_bytes()
    for length in [0, 1, *range(10, len(whole), 97), len(whole) - 1]:
        path.write_bytes(whole[:length])
        with pytest.raises(ValueError, match=r"is damaged or of another kind\.$"):
            FaceDatabase.load(path, COLOURS)


def test_the_fingerprint_is_that_of_the_weights(tmp_path):
    small = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Conv2D(2, 8)])
    small = keras.Model(small.inputs, keras.layers.Flatten()(small.outputs[0]))
    first = fingerprint(small)
    small.save(tmp_path / "encoder.keras")
    loaded = keras.saving.load_model(tmp_path / "encoder.keras")
    loaded.compile("adam", "mse")
    assert fingerprint(loaded) == first
    weights = loaded.get_weights()
    weights[-1][0] += 1e-6
    loaded.set_weights(weights)
    assert fingerprint(loaded) != first
    assert fingerprint(colour_encoder(9)) != fingerprint(COLOURS)
    assert fingerprint(colour_encoder(name="other")) == fingerprint(COLOURS)


# --- Complaints -----------------------------------------------------------------------------------


def written(folder, content):
    (folder / "faces.npz").write_bytes(content)
    return folder / "faces.npz"


def saved_database(folder, **changes):
    path = folder / "faces.npz"
    filled().save(path)
    with np.load(path) as file:
        content = {name: file[name] for name in file.files}
    np.savez(path, **(content | changes))
    return path


def a_file_as_folder(folder):
    return written(folder, b"") / "faces.npz"


COMPLAINTS = [
    (lambda _: FaceDatabase(wide_model()), ValueError, NO_ENCODER),
    (lambda _: fingerprint(wide_model()), ValueError, NO_ENCODER),
    (
        lambda _: filled().add(" ", RED),
        ValueError,
        "`name` must be a person's name. Received: ' '.",
    ),
    (
        lambda _: filled().add(NOT_RECOGNISED, RED),
        ValueError,
        "`name` must be a person's name. Received: 'not recognised'.",
    ),
    (
        lambda _: filled().add("red", RED),
        ValueError,
        "`name` must be new. Received: 'red', who is there. Use replace=True to put the new "
        "encodings in the place of the old.",
    ),
    (
        lambda _: filled().add("Ada", np.ones(4)),
        ValueError,
        "`encodings` must have shape (k, n=3). Received: (1, 4).",
    ),
    (
        lambda _: filled().add("Ada", [RED, 2 * GREEN]),
        ValueError,
        "`encodings` must have length 1. Received: 2. img_to_encoding and encode give such.",
    ),
    (
        lambda _: filled().remove("Ada"),
        ValueError,
        "`name` must be in the database. Received: 'Ada'. Known: red, green, blue.",
    ),
    (
        lambda folder: filled().save(folder / "missing" / "faces.npz"),
        ValueError,
        "`path` must be a file to write. Received: {folder}/missing/faces.npz (No such file or "
        "directory).",
    ),
    (
        lambda folder: filled().save(a_file_as_folder(folder)),
        ValueError,
        "`path` must be a file to write. Received: {folder}/faces.npz/faces.npz (Not a directory).",
    ),
    (
        lambda folder: FaceDatabase.load(folder / "faces.npz", COLOURS),
        ValueError,
        "`{folder}/faces.npz` must be a file that FaceDatabase.save wrote. Received: nothing "
        "there.",
    ),
    (
        lambda folder: FaceDatabase.load(written(folder, b"PK no more"), COLOURS),
        ValueError,
        "`{folder}/faces.npz` must be a file that FaceDatabase.save wrote. Received: a file "
        "that is damaged or of another kind.",
    ),
    (
        lambda folder: FaceDatabase.load(
            saved_database(folder, about=np.array('{"names": ["one"]}')), COLOURS
        ),
        ValueError,
        "`{folder}/faces.npz` must be a file that FaceDatabase.save wrote. Received: a file "
        "that is damaged or of another kind.",
    ),
    (
        lambda folder: FaceDatabase.load(saved_database(folder, counts=[1, 1, 1]), COLOURS),
        ValueError,
        "`{folder}/faces.npz` must be a file that FaceDatabase.save wrote. Received: a file "
        "that is damaged or of another kind.",
    ),
    (
        lambda folder: FaceDatabase.load(saved_database(folder), colour_encoder(9)),
        ValueError,
        "`{folder}/faces.npz` " + OTHER_ENCODER,
    ),
]

test_complaints = complaints_test(COMPLAINTS)
