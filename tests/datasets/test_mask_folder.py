"""Pictures and masks of a user's: every kind of mask, pairs, everything that does not fit."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dlspec.datasets.mask_folder import load_mask_folder, read_mask, write_mask
from tests.complaints import complaints_test

IDS = np.arange(48, dtype=np.uint8).reshape(6, 8) % 5
COLORS = np.array([[0, 0, 0], [200, 0, 0], [0, 200, 0], [0, 0, 200], [99, 99, 99]])


def two_folders(folder: Path, names=("a", "b", "c"), ids=IDS) -> tuple[Path, Path]:
    """Folders of pictures (.jpg) and of palette masks (.png)."""
    places = folder / "photos", folder / "masks"
    for place in places:
        place.mkdir(exist_ok=True)
    for i, name in enumerate(names):
        Image.new("RGB", ids.shape[::-1], (40 * i, 90, 9)).save(places[0] / f"{name}.jpg")
        write_mask(places[1] / f"{name}.png", ids, np.zeros((64, 3)))
    return places


def load(folder, height=6, width=8, n_classes=None, **names):
    return load_mask_folder(*two_folders(folder, **names), height, width, n_classes)


def loaded_with(folder, picture: Image.Image, name="a.png", n_classes=None):
    """What comes of it when a mask is another."""
    photos, masks = two_folders(folder)
    (masks / "a.png").unlink()
    picture.save(masks / name)
    return load_mask_folder(photos, masks, 6, 8, n_classes)


# --- Pairs ----------------------------------------------------------------------------------------


def test_pairs_in_the_order_of_their_names(tmp_path):
    pairs = load(tmp_path, names=("c", "a", "b"))
    assert [path.name for path in pairs.files] == ["a.jpg", "b.jpg", "c.jpg"]
    assert pairs.images.shape == (3, 6, 8, 3)
    assert pairs.images.dtype == pairs.masks.dtype == np.uint8
    np.testing.assert_array_equal(pairs.masks, np.stack([IDS] * 3))
    np.testing.assert_allclose(pairs.images[:, 0, 0, 0].astype(int), [40, 80, 0], atol=4)
    assert pairs.n_classes == 5
    assert pairs.sizes == ((6, 8),) * 3
    assert pairs.converted == pairs.skipped == ()


def test_what_has_no_partner_or_cannot_be_read_is_skipped_and_named(tmp_path):
    photos, masks = two_folders(tmp_path, names="abcdefg")
    (photos / "a.jpg").unlink()
    (masks / "b.png").unlink()
    (photos / "c.jpg").write_text("I am a photo.")
    (masks / "d.png").write_bytes((masks / "d.png").read_bytes()[:60])
    (masks / "e.png").write_bytes(b"")
    (photos / "older").mkdir()
    (masks / ".hidden").touch()
    pairs = load_mask_folder(photos, masks, 6, 8)
    assert [path.name for path in pairs.files] == ["f.jpg", "g.jpg"]
    assert [(str(path.relative_to(tmp_path)), why) for path, why in pairs.skipped] == [
        ("photos/b.jpg", "no mask of this name"),
        ("masks/a.png", "no picture of this name"),
        ("photos/c.jpg", "not a picture that can be decoded (13 bytes)"),
        ("masks/d.png", "not a picture that can be decoded (60 bytes)"),
        ("masks/e.png", "an empty file"),
    ]


def test_pictures_that_are_not_rgb_are_converted_and_named(tmp_path):
    photos, masks = two_folders(tmp_path, names="abcde")
    for name, mode in (("a", "L"), ("b", "RGBA"), ("c", "1"), ("d", "LA")):
        (photos / f"{name}.jpg").unlink()
        Image.new(mode, (8, 6)).save(photos / f"{name}.png")
    pairs = load_mask_folder(photos, masks, 6, 8)
    assert [(path.name, was) for path, was in pairs.converted] == [
        ("a.png", "grey"),
        ("b.png", "transparent"),
        ("c.png", "black and white"),
        ("d.png", "grey and transparent"),
    ]
    assert (pairs.images[1] == 255).all()
    assert len(pairs.images) == 5


def test_masks_are_scaled_by_the_nearest_pixel(tmp_path):
    """Halves of 0 and 60: no id between them appears, and the border stays in the middle."""
    halves = np.zeros((30, 40), np.uint8)
    halves[:, 20:] = 60
    pairs = load(tmp_path, height=16, width=32, ids=halves)
    expected = np.zeros((16, 32), np.uint8)
    expected[:, 16:] = 60
    np.testing.assert_array_equal(pairs.masks[0], expected)
    assert pairs.sizes[0] == (30, 40)


def test_progress_counts_pairs(tmp_path):
    seen = []
    places = two_folders(tmp_path)
    load_mask_folder(*places, 6, 8, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


# --- Kinds of masks -------------------------------------------------------------------------------


def one_channel(channel, ids=IDS, channels=3):
    values = np.zeros((*ids.shape, channels), np.uint8)
    values[..., channel] = ids
    values[..., 3:] = 255
    return Image.fromarray(values)


@pytest.mark.parametrize(
    "picture",
    [
        Image.fromarray(IDS),
        Image.fromarray(IDS.astype(np.uint16)),
        Image.fromarray(IDS.astype(np.int32)),
        one_channel(0),  # as the course's, from a driving simulator
        one_channel(0, channels=4),
        one_channel(2),
        Image.fromarray(np.stack([IDS] * 3, axis=-1)),
        Image.fromarray(np.stack([np.where(IDS == 4, 255, IDS)] * 3, axis=-1).astype(np.uint8)),
    ],
    ids=["L", "I;16", "I", "red", "red of RGBA", "blue", "equal", "equal with void"],
)
def test_kinds_of_masks(tmp_path, picture):
    ending = "tiff" if picture.mode == "I" else "png"
    picture.save(tmp_path / f"mask.{ending}")
    found = read_mask(tmp_path / f"mask.{ending}")
    assert found.dtype == np.uint8
    np.testing.assert_array_equal(np.where(found == 255, 4, found), IDS)


def test_black_and_white_are_0_and_1(tmp_path):
    Image.fromarray(IDS > 2).save(tmp_path / "mask.png")
    np.testing.assert_array_equal(read_mask(tmp_path / "mask.png"), (IDS > 2).astype(np.uint8))


def test_255_is_no_class(tmp_path):
    pairs = load(tmp_path, ids=np.where(IDS == 4, 255, IDS).astype(np.uint8))
    assert pairs.n_classes == 4
    assert (pairs.masks[0] == 255).sum() == (IDS == 4).sum()


def test_a_written_mask_has_ids_and_colours(tmp_path):
    ids = np.where(IDS == 3, 255, IDS)
    write_mask(tmp_path / "mask.png", ids, COLORS)
    np.testing.assert_array_equal(read_mask(tmp_path / "mask.png"), ids)
    shown = np.asarray(Image.open(tmp_path / "mask.png").convert("RGB"))
    table = np.full((256, 3), 255)
    table[:5] = COLORS
    np.testing.assert_array_equal(shown, table[ids])


# --- Complaints -----------------------------------------------------------------------------------


def two_of_a_name(folder):
    photos, masks = two_folders(folder)
    Image.new("RGB", (8, 6)).save(photos / "a.png")
    return load_mask_folder(photos, masks)


def without_partners(folder):
    photos, masks = two_folders(folder, names="a")
    (masks / "a.png").rename(masks / "a_mask.png")
    return load_mask_folder(photos, masks)


def of_other_sizes(folder):
    photos, masks = two_folders(folder, names="abcdefg")
    for path in masks.iterdir():
        write_mask(path, IDS[:5], COLORS)
    return load_mask_folder(photos, masks)


def written(folder, *arguments):
    return write_mask(folder / "mask.png", *arguments)


def read(folder, content: bytes):
    (folder / "mask.png").write_bytes(content)
    return read_mask(folder / "mask.png")


def colored():
    return Image.fromarray(COLORS[IDS].astype(np.uint8))


def saved(folder, picture, name="mask.png"):
    picture.save(folder / name)
    return read_mask(folder / name)


REFUSED = " Save masks as PNG in greyscale or with a palette, as large as their pictures."

COMPLAINTS = [
    (
        lambda folder: load(folder, height=0),
        ValueError,
        "`height` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: load(folder, width=1.5),
        TypeError,
        "`width` must be a whole number. Received: 1.5 (float).",
    ),
    (
        lambda folder: load(folder, n_classes=1),
        ValueError,
        "`n_classes` must be at least 2. Received: 1.",
    ),
    (
        lambda folder: load_mask_folder(folder / "no", folder),
        ValueError,
        "`images` must be an existing folder. Received: {folder}/no.",
    ),
    (
        two_of_a_name,
        ValueError,
        "`{folder}/photos` must hold one file of each name. Received: a.jpg and a.png.",
    ),
    (
        without_partners,
        ValueError,
        "`masks` must hold a readable mask for at least one picture. Received: 0 pairs of the same "
        "name. A mask bears the name of its picture, such as a.jpg and a.png. a.jpg: no mask of "
        "this name. a_mask.png: no picture of this name.",
    ),
    (
        of_other_sizes,
        ValueError,
        "`masks` must hold class ids, pixel by pixel of their pictures. Received: a.png: 5 x 8, "
        "its picture 6 x 8; b.png: 5 x 8, its picture 6 x 8; c.png: 5 x 8, its picture 6 x 8; "
        "d.png: 5 x 8, its picture 6 x 8; e.png: 5 x 8, its picture 6 x 8; and 2 more." + REFUSED,
    ),
    (
        lambda folder: loaded_with(folder, colored()),
        ValueError,
        "`masks` must hold class ids, pixel by pixel of their pictures. Received: a.png: in "
        "colours, not ids." + REFUSED,
    ),
    (
        lambda folder: loaded_with(folder, Image.fromarray(IDS), "a.jpg"),
        ValueError,
        "`masks` must hold class ids, pixel by pixel of their pictures. Received: a.jpg: a JPEG, "
        "which changes ids." + REFUSED,
    ),
    (
        lambda folder: load(folder, n_classes=3),
        ValueError,
        "`masks` must hold class ids from 0 to 2, or 255 for pixels without. Received: 3, 4 in "
        "a.png; 3, 4 in b.png; 3, 4 in c.png. `n_classes` is 3.",
    ),
    (
        lambda folder: load(folder, ids=np.full((6, 8), 255)),
        ValueError,
        "`masks` must show at least two classes. Received: 255 only. Masks of black and white need "
        "1 in place of 255, which means no class.",
    ),
    (
        lambda folder: load(folder, ids=np.where(IDS > 2, 255, 0)),
        ValueError,
        "`masks` must show at least two classes. Received: 0 and 255 only. Masks of black and "
        "white need 1 in place of 255, which means no class.",
    ),
    (
        lambda folder: load(folder, ids=0 * IDS),
        ValueError,
        "`masks` must show at least two classes. Received: 0 only. Masks of black and white need 1 "
        "in place of 255, which means no class.",
    ),
    (
        lambda folder: loaded_with(folder, Image.fromarray(IDS * np.uint8(40))),
        ValueError,
        "`masks` must hold class ids below 64 where `n_classes` is not given. Received: ids up to "
        "160. Grey levels are no class ids. If these are, give n_classes.",
    ),
    (
        lambda folder: read_mask(folder / "mask.png"),
        ValueError,
        "`{folder}/mask.png` must be an existing mask. Received: nothing there.",
    ),
    (
        lambda folder: read(folder, b"no picture"),
        ValueError,
        "`{folder}/mask.png` must be a mask. Received: not a picture that can be decoded "
        "(10 bytes).",
    ),
    (
        lambda folder: saved(folder, colored()),
        ValueError,
        "`{folder}/mask.png` must hold class ids. Received: in colours, not ids.",
    ),
    (  # one channel alone, and yet a colour
        lambda folder: saved(folder, one_channel(0, np.where(IDS > 2, 255, 0))),
        ValueError,
        "`{folder}/mask.png` must hold class ids. Received: in colours, not ids.",
    ),
    (
        lambda folder: saved(folder, Image.new("LA", (8, 6))),
        ValueError,
        "`{folder}/mask.png` must hold class ids. Received: of mode LA, not ids.",
    ),
    (
        lambda folder: saved(folder, Image.fromarray(IDS.astype(np.uint16) * 100)),
        ValueError,
        "`{folder}/mask.png` must hold class ids. Received: ids up to 400, beyond 255.",
    ),
    (
        lambda folder: written(folder, IDS[0], COLORS),
        ValueError,
        "`mask` must have shape (height, width). Received: (8,).",
    ),
    (
        lambda folder: written(folder, IDS, COLORS + 100),
        ValueError,
        "`colors` must lie between 0 and 255. Received: values from 100 to 300.",
    ),
    (
        lambda folder: written(folder, IDS, COLORS[:4]),
        ValueError,
        "`mask` must hold class ids from 0 to 3, or 255. Received: 4. `colors` has 4 rows.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
