"""A folder of a user's pictures: every kind of picture, everything that is none, splits."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dlspec.datasets import image_folder
from dlspec.datasets.image_folder import (
    ImageFolder,
    find_images,
    load_image_folder,
    read_image,
    split_folder,
    stratified_split,
)
from tests.complaints import complaints_test

RED, BLUE = (250, 10, 10), (10, 10, 250)


def striped(width=60, height=20) -> Image.Image:
    """Left third red, the rest blue."""
    picture = Image.new("RGB", (width, height), BLUE)
    picture.paste(RED, (0, 0, width // 3, height))
    return picture


def two_classes(folder: Path) -> Path:
    for name in ("dog", "cat"):
        (folder / name).mkdir()
        striped().save(folder / name / "one.png")
    return folder


def named(images: ImageFolder) -> list[str]:
    return [f"{path.parent.name}/{path.name}" for path in images.files]


# --- Reading --------------------------------------------------------------------------------------


def test_classes_and_files_in_alphabetical_order(tmp_path):
    two_classes(tmp_path)
    for name in ("b.png", "a.png", "B.jpg"):
        striped().save(tmp_path / "cat" / name)
    images = load_image_folder(tmp_path, size=8)
    assert images.class_names == ("cat", "dog")
    assert named(images) == ["cat/B.jpg", "cat/a.png", "cat/b.png", "cat/one.png", "dog/one.png"]
    assert images.y.tolist() == [0, 0, 0, 0, 1]
    assert images.y.dtype == np.int64
    assert images.x.shape == (5, 8, 8, 3)
    assert images.x.dtype == np.uint8
    assert images.skipped == ()
    assert images.source == str(tmp_path)


@pytest.mark.parametrize(
    ("mode", "color", "ending", "expected"),
    [
        ("L", 77, "png", (77, 77, 77)),
        ("1", 1, "png", (255, 255, 255)),
        ("LA", (80, 255), "png", (80, 80, 80)),
        ("RGBA", (9, 9, 9, 0), "png", (255, 255, 255)),
        ("P", 0, "gif", (0, 0, 0)),
        ("CMYK", (0, 255, 255, 0), "jpg", (254, 0, 0)),
        ("I;16", 257 * 60, "png", (60, 60, 60)),
        ("I", 257 * 60, "tiff", (60, 60, 60)),
        ("RGB", RED, "webp", RED),
    ],
)
def test_every_kind_of_picture_becomes_rgb(tmp_path, mode, color, ending, expected):
    path = tmp_path / f"picture.{ending}"
    Image.new(mode, (20, 20), color).save(path)
    found = read_image(path, size=5)
    assert found.shape == (5, 5, 3)
    np.testing.assert_allclose(found[2, 2].astype(int), expected, atol=12)


def test_a_photo_taken_sideways_stands_upright(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    striped(60, 60).save(tmp_path / "sideways.jpg", exif=exif, quality=95)
    found = read_image(tmp_path / "sideways.jpg", size=12)
    np.testing.assert_allclose(found[1, 6].astype(int), RED, atol=40)
    np.testing.assert_allclose(found[10, 6].astype(int), BLUE, atol=40)


def test_crop_and_pad_keep_the_proportions(tmp_path):
    striped(60, 20).save(tmp_path / "wide.png")
    cropped, padded = (read_image(tmp_path / "wide.png", 30, fit) for fit in ("crop", "pad"))
    assert (cropped == BLUE).all(axis=-1).mean() > 0.9  # the middle third: no red left
    red = (np.abs(padded.astype(int) - RED) < 60).all(axis=-1)
    assert red.sum(axis=0).max() in (9, 10, 11)  # a third of the height
    assert red.sum(axis=1).max() in (9, 10, 11)  # a third of the width
    assert (padded[:9] == 127).all()
    assert (padded[-9:] == 127).all()


def test_a_large_jpeg_is_read_small_and_looks_the_same(tmp_path):
    y, x = np.mgrid[0:600, 0:800]
    smooth = np.stack([x * 255 / 800, y * 255 / 600, (x + y) * 255 / 1400], axis=-1)
    Image.fromarray(smooth.astype(np.uint8)).save(tmp_path / "large.jpg", quality=95)
    Image.open(tmp_path / "large.jpg").save(tmp_path / "large.png")
    pictures = [read_image(tmp_path / f"large.{e}", 32).astype(int) for e in ("jpg", "png")]
    assert np.abs(pictures[0] - pictures[1]).max() <= 3


# --- What is skipped ------------------------------------------------------------------------------


def test_what_cannot_be_read_is_skipped_and_named(tmp_path):
    two_classes(tmp_path)
    cat = tmp_path / "cat"
    (cat / "notes.txt").write_text("Seen in spring.")
    (cat / "empty.png").touch()
    (cat / "link.png").symlink_to(tmp_path / "gone.png")
    (cat / "kittens").mkdir()
    Image.effect_noise((64, 64), 50).save(cat / "cut.png")
    (cat / "cut.png").write_bytes((cat / "cut.png").read_bytes()[:1000])
    (tmp_path / "README.md").write_text("My pictures")
    os.mkfifo(cat / "pipe")
    images = load_image_folder(tmp_path, size=8)
    assert named(images) == ["cat/one.png", "dog/one.png"]
    assert {(str(p.relative_to(tmp_path)), why) for p, why in images.skipped} == {
        ("README.md", "outside the sub-folders"),
        ("cat/cut.png", "not a picture that can be decoded (1,000 bytes)"),
        ("cat/empty.png", "an empty file"),
        ("cat/kittens", "a folder inside a class: not searched"),
        ("cat/link.png", "a link to nothing"),
        ("cat/notes.txt", "not a picture that can be decoded (15 bytes)"),
        ("cat/pipe", "not a file"),
    }
    assert find_images(tmp_path).skipped == images.skipped


def test_a_file_without_permission_is_named_so(tmp_path, monkeypatch):
    two_classes(tmp_path)
    (tmp_path / "cat" / "secret.png").write_text("x")  # the owner of everything can read it
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert load_image_folder(tmp_path, 8).skipped[0][1] == "no permission to read it"


def test_hidden_files_and_folders_are_passed_over(tmp_path):
    two_classes(tmp_path)
    (tmp_path / ".git").mkdir()
    (tmp_path / ".DS_Store").touch()
    (tmp_path / "cat" / "._one.png").write_text("x")
    images = load_image_folder(tmp_path, size=8)
    assert images.class_names == ("cat", "dog")
    assert images.skipped == ()


def test_links_to_pictures_and_to_folders_are_followed(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    two_classes(elsewhere)
    folder = tmp_path / "images"
    folder.mkdir()
    (folder / "a").symlink_to(elsewhere / "cat")
    (folder / "b").mkdir()
    (folder / "b" / "linked.png").symlink_to(elsewhere / "dog" / "one.png")
    assert named(load_image_folder(folder, size=8)) == ["a/one.png", "b/linked.png"]


def test_progress_counts_all_files(tmp_path):
    two_classes(tmp_path)
    (tmp_path / "cat" / "notes.txt").touch()
    seen = []
    for read in (find_images, load_image_folder):
        read(tmp_path, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)] * 2


def test_listing_finds_what_loading_reads(tmp_path):
    two_classes(tmp_path)
    listed, loaded = find_images(tmp_path), load_image_folder(tmp_path, size=8)
    assert listed.x is None
    assert listed.files == loaded.files
    np.testing.assert_array_equal(listed.y, loaded.y)
    again = np.stack([read_image(path, 8) for path in listed.files])
    np.testing.assert_array_equal(again, loaded.x)


# --- Splitting ------------------------------------------------------------------------------------


def test_every_class_is_split_by_the_same_shares():
    y = np.random.default_rng(0).permutation(np.repeat([0, 1, 2], [100, 40, 7]))
    parts = stratified_split(y, (0.7, 0.15, 0.15), seed=3)
    np.testing.assert_array_equal(np.sort(np.concatenate(parts)), np.arange(147))
    counts = np.array([np.bincount(y[part]) for part in parts])
    np.testing.assert_array_equal(counts, [[70, 28, 5], [15, 6, 1], [15, 6, 1]])
    assert all((np.diff(part) > 0).all() for part in parts)


def test_counts_are_within_one_of_the_share_and_never_zero():
    for m in range(3, 40):
        counts = [len(p) for p in stratified_split(np.zeros(m, int), (0.8, 0.1, 0.1))]
        assert sum(counts) == m
        assert min(counts) >= 1
        if m >= 10:
            assert np.abs(np.array(counts) - np.array([0.8, 0.1, 0.1]) * m).max() < 1


def test_the_split_follows_from_the_seed():
    y = np.repeat([0, 1], 30)
    first, again, other = (stratified_split(y, (0.5, 0.5), seed)[0] for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_parts_of_a_folder_keep_pictures_labels_and_paths_together(tmp_path):
    two_classes(tmp_path)
    for name, color in (("cat", 10), ("dog", 200)):
        for i in range(5):
            Image.new("L", (8, 8), color + i).save(tmp_path / name / f"{i}.png")
        (tmp_path / name / "one.png").unlink()
    loaded = load_image_folder(tmp_path, size=4)
    for whole in (loaded, find_images(tmp_path)):
        parts = split_folder(whole, (0.6, 0.2, 0.2), seed=5)
        assert [len(part.files) for part in parts] == [6, 2, 2]
        assert sorted(path for part in parts for path in part.files) == sorted(whole.files)
        for part in parts:
            assert [whole.class_names[y] for y in part.y] == [p.parent.name for p in part.files]
    for part in split_folder(loaded, (0.5, 0.5)):
        expected = [(10, 200)[y] + int(p.stem) for y, p in zip(part.y, part.files, strict=True)]
        assert part.x[:, 0, 0, 0].tolist() == expected


# --- Bad input ------------------------------------------------------------------------------------


def with_pictures(folder, **options):
    return load_image_folder(two_classes(folder), **options)


def one_class(folder):
    (folder / "cat").mkdir()
    return folder


def no_dog(folder):
    two_classes(folder)
    (folder / "dog" / "one.png").write_text("I am a dog.")
    return folder


def unreadable(folder):
    """What a folder without permission does, also to the owner of everything."""

    class Locked(type(folder)):
        def iterdir(self):
            raise PermissionError(13, "Permission denied")

    return image_folder._visible(Locked(folder))


COMPLAINTS = [
    (
        lambda folder: load_image_folder(folder / "animals"),
        ValueError,
        "`images` must be an existing folder. Received: {folder}/animals.",
    ),
    (
        lambda folder: find_images(folder),
        ValueError,
        "`images` must hold at least two sub-folders, one per class. Received: 0 in {folder}.",
    ),
    (
        lambda folder: load_image_folder(one_class(folder)),
        ValueError,
        "`images` must hold at least two sub-folders, one per class. "
        "Received: 1 in {folder} (cat).",
    ),
    (
        lambda folder: load_image_folder(no_dog(folder)),
        ValueError,
        "`{folder}/dog` must hold at least one picture. Received: 1 files, none of them readable. "
        "one.png: not a picture that can be decoded (11 bytes).",
    ),
    (
        unreadable,
        ValueError,
        "`{folder}` must be a folder that can be read. Received: Permission denied.",
    ),
    (
        lambda folder: with_pictures(folder, size=0),
        ValueError,
        "`size` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: with_pictures(folder, fit="stretch"),
        ValueError,
        "`fit` must be a known name. Received: 'stretch'. Known: crop, pad.",
    ),
    (
        lambda folder: stratified_split(np.array([0.5, 1])),
        TypeError,
        "`y` must be (m,) whole numbers. Received: (2,) float64.",
    ),
    (
        lambda folder: stratified_split(np.array([0, 1]), (0.8, 0.3)),
        ValueError,
        "`shares` must be above 0 and 1 in sum. Received: (0.8, 0.3).",
    ),
    (
        lambda folder: stratified_split(np.array([0, 0, 1]), (0.5, 0.5)),
        ValueError,
        "`y` must have at least 2 examples of each class, one for each part. "
        "Received: 1 of class 1.",
    ),
    (
        lambda folder: stratified_split(np.array([0, 0]), (0.5, 0.5), seed=-1),
        ValueError,
        "`seed` must be at least 0. Received: -1.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
