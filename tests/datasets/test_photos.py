"""A user's own photo: formats, orientation, transparency, size."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dlspec.datasets.photos import photo_as_input, read_photo
from tests.complaints import complaints_test

RED, BLUE = (250, 10, 10), (10, 10, 250)


def half_red_half_blue(width=40, height=20) -> Image.Image:
    picture = Image.new("RGB", (width, height), BLUE)
    picture.paste(RED, (0, 0, width // 2, height))
    return picture


@pytest.mark.parametrize("ending", ["png", "jpg", "webp", "gif", "bmp", "tiff"])
def test_common_formats(tmp_path, ending):
    path = tmp_path / f"photo.{ending}"
    half_red_half_blue().save(path)
    photo = read_photo(path)
    assert photo.shape == (20, 40, 3)
    assert photo.dtype == np.uint8
    np.testing.assert_allclose(photo[10, 5], RED, atol=16)
    np.testing.assert_allclose(photo[10, 35], BLUE, atol=16)


def test_grey_becomes_rgb(tmp_path):
    Image.new("L", (8, 8), 77).save(tmp_path / "grey.png")
    assert (read_photo(tmp_path / "grey.png") == 77).all()


def test_transparency_is_shown_on_white(tmp_path):
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(tmp_path / "clear.png")
    assert (read_photo(tmp_path / "clear.png") == 255).all()


def test_a_photo_taken_sideways_is_turned_upright(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: rotate by 90 degrees clockwise to see it upright
    half_red_half_blue().save(tmp_path / "sideways.png", exif=exif)
    photo = read_photo(tmp_path / "sideways.png")
    assert photo.shape == (40, 20, 3)
    np.testing.assert_allclose(photo[5, 10], RED)
    np.testing.assert_allclose(photo[35, 10], BLUE)


def test_the_middle_square_is_cut_out():
    photo = np.asarray(half_red_half_blue(width=60, height=20))
    seen = photo_as_input(photo, size=64)
    assert seen.shape == (64, 64, 3)
    np.testing.assert_allclose(seen[32, 2], RED, atol=2)
    np.testing.assert_allclose(seen[32, 61], BLUE, atol=2)


def not_a_picture(folder: Path) -> Path:
    path = folder / "notes.jpg"
    path.write_text("These are notes.")
    return path


def cut_off(folder: Path) -> Path:
    path = folder / "cut.png"
    Image.effect_noise((64, 64), 50).save(path)
    path.write_bytes(path.read_bytes()[:1000])
    return path


FORMATS = "Use a JPEG, PNG, WebP, GIF, BMP or TIFF file."

COMPLAINTS = [
    (
        lambda folder: read_photo(folder / "cat.jpg"),
        ValueError,
        "`{folder}/cat.jpg` must be an existing picture file. Received: nothing there.",
    ),
    (
        lambda folder: read_photo(not_a_picture(folder)),
        ValueError,
        "`{folder}/notes.jpg` must be a picture. Received: 16 bytes that cannot be decoded. "
        + FORMATS,
    ),
    (
        lambda folder: read_photo(cut_off(folder)),
        ValueError,
        "`{folder}/cut.png` must be a picture. Received: 1,000 bytes that cannot be decoded. "
        + FORMATS,
    ),
    (
        lambda folder: photo_as_input(np.zeros((4, 4, 3))),
        ValueError,
        "`photo` must be (height, width, 3) uint8. Received: (4, 4, 3) float64.",
    ),
    (
        lambda folder: photo_as_input(np.zeros((4, 4, 3), np.uint8), size=0),
        ValueError,
        "`size` must be at least 1. Received: 0.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
