"""Finding course files below a folder."""

from pathlib import Path

import pytest

from dlspec.datasets.files import VARIABLE, data_folder, find_course_files, packaged_file, sha256
from tests.complaints import complaints_test


def test_the_argument_goes_before_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert data_folder() == tmp_path
    (tmp_path / "other").mkdir()
    assert data_folder(tmp_path / "other") == tmp_path / "other"


def test_no_folder_when_none_is_named(monkeypatch):
    assert data_folder() is None
    monkeypatch.setenv(VARIABLE, "")
    assert data_folder() is None


def test_home_is_understood(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "course").mkdir()
    assert data_folder("~/course") == tmp_path / "course"


def test_files_are_found_at_any_depth_the_shallowest_first(tmp_path):
    deep, shallow = tmp_path / "a" / "b" / "c", tmp_path / "z"
    for folder in (deep, shallow):
        folder.mkdir(parents=True)
        (folder / "data.mat").write_text(folder.name)
    (deep / "dinos.txt").touch()
    (tmp_path / "data.mat.bak").touch()
    found = find_course_files(["data.mat", "dinos.txt", "shakespeare.txt"], tmp_path)
    assert found == {"data.mat": shallow / "data.mat", "dinos.txt": deep / "dinos.txt"}


def test_of_two_at_one_depth_the_first_in_order_is_found(tmp_path):
    for name in "ba":
        (tmp_path / name).mkdir()
        (tmp_path / name / "data.mat").touch()
    assert find_course_files(["data.mat"], tmp_path) == {"data.mat": tmp_path / "a" / "data.mat"}


def test_sha256_of_known_bytes(tmp_path):
    """FIPS 180-2, appendix B.1: the message "abc"."""
    path = tmp_path / "abc"
    path.write_bytes(b"abc")
    assert sha256(path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_scripts_and_data_come_with_the_package():
    assert packaged_file("assignments", "nn_basics/logistic_regression.py").is_file()
    assert packaged_file("data", "generated_cats.h5").is_file()


def unreadable(folder: Path):
    """A folder that vanishes between being named and being read."""
    return find_course_files(["data.mat"], folder / "gone")


def named_file(folder: Path) -> Path:
    path = folder / "file.txt"
    path.touch()
    return path


COMPLAINTS = [
    (
        lambda folder: data_folder(folder / "missing"),
        ValueError,
        "`data-dir` must name an existing folder. Received: {folder}/missing. "
        "Generated data is used when none is named.",
    ),
    (
        lambda folder: data_folder(named_file(folder)),
        ValueError,
        "`data-dir` must name an existing folder. Received: {folder}/file.txt. "
        "Generated data is used when none is named.",
    ),
    (
        unreadable,
        ValueError,
        "`data-dir` must be readable with everything below it. "
        "Received: {folder}/gone: No such file or directory.",
    ),
    (
        lambda folder: packaged_file("data", "nothing.h5"),
        ValueError,
        "`installation` must come with the package as data/nothing.h5. Received: no such file. "
        "Install dlspec again.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)


def test_the_environment_is_named_in_its_complaint(monkeypatch):
    monkeypatch.setenv(VARIABLE, "/nowhere/at/all")
    with pytest.raises(ValueError, match=f"`{VARIABLE}` must name an existing folder"):
        data_folder()
