"""A user's own photo: formats, orientation, transparency, size."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dlspec.datasets import photos
from dlspec.datasets.photos import find_photos, photo_as_input, read_photo
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


# --- Finding --------------------------------------------------------------------------------------


def two_cameras(folder: Path) -> tuple[Path, Path]:
    for camera in ("left", "right"):
        (folder / camera).mkdir()
        for name in ("1.png", "2.jpg"):
            half_red_half_blue().save(folder / camera / name)
    return folder / "left", folder / "right"


def test_a_file_a_folder_and_several(tmp_path):
    left, right = two_cameras(tmp_path)
    assert find_photos(left / "2.jpg").files == {"2": left / "2.jpg"}
    assert find_photos(left).files == {"1": left / "1.png", "2": left / "2.jpg"}
    assert list(find_photos(f"{left / '2.jpg'}, {left / '1.png'}").files) == ["2", "1"]
    assert list(find_photos(f"{left},{left / '1.png'}").files) == ["1", "2"]  # once each
    assert list(find_photos(f"{left},{right}").files.values()) == [
        camera / name for camera in (left, right) for name in ("1.png", "2.jpg")
    ]


def test_pictures_of_one_name_get_different_short_names(tmp_path):
    left, right = two_cameras(tmp_path)
    for name in ("1.jpg", "Left_2.png", "One.png"):
        half_red_half_blue().save(left / name)
    half_red_half_blue().save(right / "one.png")
    found = find_photos(f"{left},{right}").files
    assert {name: str(path.relative_to(tmp_path)) for name, path in found.items()} == {
        "left_1_jpg": "left/1.jpg",
        "left_1_png": "left/1.png",
        "left_2": "left/2.jpg",
        "left_One": "left/One.png",
        "left_Left_2": "left/Left_2.png",
        "right_1": "right/1.png",
        "right_2": "right/2.jpg",
        "right_one": "right/one.png",
    }


def test_the_same_folder_by_two_ways_is_numbered(tmp_path):
    left, _ = two_cameras(tmp_path)
    (tmp_path / "link").mkdir()
    (tmp_path / "link" / "left").symlink_to(left)
    found = find_photos(f"{left / '1.png'},{tmp_path / 'link' / 'left' / '1.png'}").files
    assert list(found) == ["1_2", "1_3"]


def test_a_comma_in_a_name(tmp_path):
    half_red_half_blue().save(tmp_path / "red, blue.png")
    assert list(find_photos(tmp_path / "red, blue.png").files) == ["red, blue"]


def test_in_a_folder_what_cannot_be_read_is_skipped_and_named(tmp_path):
    left, _ = two_cameras(tmp_path)
    cut_off(left)
    (left / "notes.txt").write_text("The left camera.")
    (left / "._1.png").touch()
    found = find_photos(left)
    assert list(found.files) == ["1", "2"]
    why = "not a picture that can be decoded (1,000 bytes)"
    assert found.skipped == ((left / "cut.png", why),)


# --- Complaints -----------------------------------------------------------------------------------


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


def unreadable(folder):
    """What a folder without permission does, also to the owner of everything."""

    class Locked(type(folder)):
        def iterdir(self):
            raise PermissionError(13, "Permission denied")

    return photos._pictures_in(Locked(folder))


COMPLAINTS = [
    (
        lambda folder: find_photos(folder / "cat.jpg"),
        ValueError,
        "`{folder}/cat.jpg` must be an existing picture file. Received: nothing there.",
    ),
    (
        lambda folder: find_photos(not_a_picture(folder)),
        ValueError,
        "`{folder}/notes.jpg` must be a picture. Received: 16 bytes that cannot be decoded. "
        "Use a JPEG, PNG, WebP, GIF, BMP or TIFF file.",
    ),
    (
        lambda folder: find_photos(folder),
        ValueError,
        "`{folder}` must hold pictures such as .jpg or .png. Received: a folder without any.",
    ),
    (
        lambda folder: find_photos(not_a_picture(folder).parent),
        ValueError,
        "`{folder}` must hold pictures such as .jpg or .png. Received: 1, none of them readable. "
        "notes.jpg: not a picture that can be decoded (16 bytes).",
    ),
    (
        lambda folder: find_photos(" , "),
        ValueError,
        "`images` must name a picture or a folder. Received: ' , '.",
    ),
    (
        unreadable,
        ValueError,
        "`{folder}` must be a folder that can be read. Received: Permission denied.",
    ),
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
