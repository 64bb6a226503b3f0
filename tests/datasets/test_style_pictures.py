"""Content and style: whose pictures are taken, and what is said about them."""

import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import load_sample_image

from dlspec.datasets.generated_paintings import make_painting
from dlspec.datasets.photos import photo_as_input
from dlspec.datasets.style_pictures import load_style_pictures
from tests.complaints import complaints_test


def write(path, mode="RGB", colour=None, size=(40, 30), **options):
    Image.new(mode, size, colour or 0).save(path, **options)
    return path


def test_what_comes_along():
    pictures = load_style_pictures(size=24, seed=3)
    assert pictures.source == "generated"
    assert pictures.files == ()
    assert pictures.notes == (
        "content: scikit-learn's photo of a temple",
        "style: a generated painting",
    )
    np.testing.assert_array_equal(pictures.style, make_painting(24, 3))
    temple = photo_as_input(load_sample_image("china.jpg"), 24)
    np.testing.assert_array_equal(pictures.content, temple)


def test_course_files_are_found_at_any_depth(tmp_path):
    (tmp_path / "week4").mkdir()
    content = write(tmp_path / "week4" / "louvre_small.jpg", colour=(250, 0, 0))
    style = write(tmp_path / "monet.jpg", colour=(0, 250, 0))
    pictures = load_style_pictures(tmp_path, size=20)
    assert pictures.source == "course files"
    assert pictures.files == (content, style)
    assert pictures.notes == ()
    assert pictures.content.shape == pictures.style.shape == (20, 20, 3)
    assert pictures.content[10, 10].argmax() == 0
    assert pictures.style[10, 10].argmax() == 1


def test_files_of_the_users_come_first(tmp_path):
    write(tmp_path / "louvre_small.jpg")
    monet = write(tmp_path / "monet.jpg", colour=(0, 250, 0))
    mine = write(tmp_path / "mine.png", colour=(0, 0, 250))
    pictures = load_style_pictures(tmp_path, content=str(mine), size=20)
    assert pictures.source == "files of the user's"
    assert pictures.files == (mine, monet)
    assert pictures.content[0, 0].tolist() == [0, 0, 250]
    alone = load_style_pictures(style=monet, size=20)
    assert alone.files == (monet,)
    assert alone.notes == ("content: scikit-learn's photo of a temple",)


@pytest.mark.parametrize(
    ("mode", "colour", "said", "seen"),
    [
        ("L", 100, "grey", [100, 100, 100]),
        ("LA", (100, 0), "grey and partly transparent", [255, 255, 255]),
        ("RGBA", (0, 0, 200, 0), "partly transparent", [255, 255, 255]),
        ("RGBA", (0, 0, 200, 255), "partly transparent", [0, 0, 200]),
        ("1", 1, "black and white", [255, 255, 255]),
    ],
)
def test_grey_and_transparent_pictures_are_converted_and_it_is_said(
    mode, colour, said, seen, tmp_path
):
    path = write(tmp_path / "odd.png", mode, colour)
    pictures = load_style_pictures(style=path, size=16)
    assert pictures.notes[-1] == f"odd.png is {said}: converted to RGB"
    assert pictures.style[8, 8].tolist() == seen


def test_a_palette_with_a_transparent_colour_is_told_too(tmp_path):
    path = write(tmp_path / "palette.gif", "P", 3, transparency=3)
    notes = load_style_pictures(style=path, size=16).notes
    assert notes[-1] == "palette.gif is partly transparent: converted to RGB"


COMPLAINTS = [
    (
        lambda _: load_style_pictures(size=15),
        ValueError,
        "`size` must be at least 16. Received: 15.",
    ),
    (
        lambda folder: load_style_pictures(content=folder / "none.jpg"),
        ValueError,
        "`{folder}/none.jpg` must be an existing picture file. Received: nothing there.",
    ),
    (
        lambda folder: load_style_pictures(style=_no_picture(folder)),
        ValueError,
        "`{folder}/text.png` must be a picture. Received: 5 bytes that cannot be decoded. "
        "Use a JPEG, PNG, WebP, GIF, BMP or TIFF file.",
    ),
]


def _no_picture(folder):
    (folder / "text.png").write_text("hello")
    return folder / "text.png"


test_complaints = complaints_test(COMPLAINTS)
