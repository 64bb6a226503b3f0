"""Names of dinosaurs: ours, the course's, a user's, and files that are none."""

import importlib.util
from pathlib import Path

import pytest

from dlspec.datasets.files import packaged_file
from dlspec.datasets.names import load_names, read_text
from tests.complaints import complaints_test


def test_the_list_that_comes_along():
    names = load_names()
    assert names.source == "our list"
    assert len(set(names.names)) == len(names.names) >= 500
    assert names.characters == ["\n", *"abcdefghijklmnopqrstuvwxyz"]
    assert {"tyrannosaurus", "triceratops", "velociraptor"} <= set(names.names)


def test_a_file_of_the_users(tmp_path):
    path = tmp_path / "towns.txt"
    path.write_text("Köln\n\n  Bad Tölz \n", encoding="utf-8")
    names = load_names(file=path)
    assert names.names == ("köln", "bad tölz")
    assert names.source == "own file"
    assert names.files == (path,)


def test_a_byte_order_mark_is_no_letter(tmp_path):
    """Notepad writes one before "UTF-8 with BOM"."""
    path = tmp_path / "towns.txt"
    path.write_bytes(b"\xef\xbb\xbfKoeln\r\nBonn\r\n")
    assert load_names(file=path).names == ("koeln", "bonn")


def test_course_file_by_name(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "dinos.txt").write_text("Aaa\nBbb")
    names = load_names(tmp_path)
    assert names.names == ("aaa", "bbb")
    assert names.source == "course files"


@pytest.mark.course_data
def test_the_course_file(course_data):
    names = load_names()
    assert len(names.names) == 1536
    assert len(names.characters) == 27


def test_the_script_tidies_a_list(tmp_path):
    script = packaged_file("data", "dinosaur_names.py")
    spec = importlib.util.spec_from_file_location("tidy_names", script)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    path = tmp_path / "names.txt"
    path.write_text("Yi\nMei\nYi\n")
    assert module.tidy(path) == ["Mei", "Yi"]
    assert path.read_text() == "Mei\nYi\n"
    path.write_text("T. rex\n")
    with pytest.raises(SystemExit, match="letters only"):
        module.tidy(path)
    own = Path(packaged_file("data", "dinosaur_names.txt"))
    assert own.read_text().split() == sorted(own.read_text().split(), key=str.lower)


def latin(folder):
    path = folder / "latin.txt"
    path.write_bytes("Köln".encode("latin-1"))
    return path


def binary(folder):
    path = folder / "notes.bin"
    path.write_bytes(b"abc\0\1\2def\n")
    return path


def empty(folder):
    path = folder / "empty.txt"
    path.write_text("\n \n")
    return path


COMPLAINTS = [
    (
        lambda folder: load_names(file=empty(folder)),
        ValueError,
        "`{folder}/empty.txt` must hold at least one name. Received: none.",
    ),
    (
        lambda folder: read_text(latin(folder)),
        ValueError,
        "`{folder}/latin.txt` must be text in UTF-8. Received: byte 1 that is none. "
        "Save it as UTF-8.",
    ),
    (
        lambda folder: read_text(binary(folder)),
        ValueError,
        "`{folder}/notes.bin` must be text in UTF-8. Received: a binary file.",
    ),
    (
        lambda folder: load_names(file=folder / "none.txt"),
        ValueError,
        "`{folder}/none.txt` must be a readable file. Received: No such file or directory.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
