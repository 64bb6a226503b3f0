"""Segmentation of a user's own pictures: options, what is told, masks that are written, weights."""

import json

import numpy as np
import pytest
from PIL import Image

from dlspec._complaints import InvalidValue
from dlspec.catalog import find
from dlspec.datasets import read_mask, write_mask
from dlspec.plots import mask_colors
from dlspec.runner import load_script

script = load_script(find("cnn/image_segmentation"))


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """Ten pictures of 40 x 64 pixels, bright where their masks are 1; one mask is missing."""
    folder = tmp_path_factory.mktemp("own")
    for name in ("photos", "masks"):
        (folder / name).mkdir()
    rng = np.random.default_rng(0)
    for i in range(11):
        mask = np.zeros((40, 64), np.uint8)
        mask[:, rng.integers(10, 50) :] = 1
        mask[:2] = 255
        noise = rng.integers(0, 40, (40, 64, 3))
        Image.fromarray((150 * (mask == 1)[..., None] + noise).astype(np.uint8)).save(
            folder / "photos" / f"{i:02}.png"
        )
        write_mask(folder / "masks" / f"{i:02}.png", mask, mask_colors(2))
    (folder / "masks" / "10.png").unlink()
    Image.open(folder / "photos" / "03.png").convert("L").save(folder / "photos" / "03.png")
    (folder / "names.txt").write_text("dark\nbright\n")
    return folder


def run(out, *options):
    return script.main(["--quick", "--out", str(out), *map(str, options)])


@pytest.fixture(scope="module")
def trained(own, tmp_path_factory):
    """A run on the user's pictures: (folder of results, metrics)."""
    out = tmp_path_factory.mktemp("trained")
    sides = ("--height", 32, "--width", 48)
    pictures = ("--images", own / "photos", "--masks", own / "masks")
    return out, run(out, *pictures, *sides, "--classes", own / "names.txt")


def test_a_fifth_of_the_pairs_is_held_out_and_its_masks_are_written(trained):
    out, metrics = trained
    assert metrics["skipped"] == ["10.png"]
    assert {"iou_dark", "iou_bright", "test_mean_iou"} <= metrics.keys()
    written = sorted(out.glob("mask_*.png"))
    assert len(written) == 2
    mask = read_mask(written[0])
    assert mask.shape == (40, 64)  # that of the picture, not of the network
    assert mask.max() <= 1
    assert (out / "unet.classes.txt").read_text() == "dark\nbright\n"


def test_a_network_of_an_earlier_run_looks_at_pictures_without_masks(trained, own, tmp_path):
    weights = trained[0] / "unet.keras"
    metrics = run(tmp_path, "--images", own / "photos", "--weights", weights)
    assert metrics["pictures_segmented"] == 11
    assert len(list(tmp_path.glob("mask_*.png"))) == 11
    files = json.loads((tmp_path / "metrics.json").read_text())["files"]
    assert {"photo_00.png", "mask_00.png"} <= set(files)


def test_with_masks_it_is_scored_on_all_pairs(trained, own, tmp_path, capsys):
    options = ("--images", own / "photos", "--masks", own / "masks")
    metrics = run(tmp_path, *options, "--weights", trained[0] / "unet.keras")
    assert 0 <= metrics["test_mean_iou"] <= 1
    assert len(list(tmp_path.glob("mask_*.png"))) == 10
    said = " ".join(capsys.readouterr().out.split())
    assert "10 pictures with masks, all to test on" in said
    assert "Converted to RGB: photos/03.png (grey)" in said
    assert "Skipped: photos/10.png (no mask of this name)" in said


def wrong(folder, name, content):
    path = folder / name
    path.write_text(content)
    return path


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--masks", "masks"], "`masks` must come with the pictures, --images. Received: no pict"),
        (["--weights", "unet.keras"], "`weights` must come with pictures, --images. Received: no"),
        (["--classes", "names.txt"], "`classes` must come with --masks or --weights. Received: "),
        (["--n-classes", "3"], "`n-classes` must come with --masks or --weights. Received: 3. The"),
        (["--height", "100"], "`height, width` must have a height and width that are multiples of"),
        (["--images", "photos/gone.png"], "`photos/gone.png` must be an existing picture file. "),
        (
            [
                "--images",
                "photos",
                "--masks",
                "masks",
                "--n-classes",
                "3",
                "--classes",
                "names.txt",
            ],
            "`names.txt` must hold as many names as --n-classes says, 3. Received: 2.",
        ),
        (
            ["--images", "photos", "--masks", "masks", "--classes", "gone.txt"],
            "`gone.txt` must be a file of names. Received: No such file or directory.",
        ),
        (
            ["--images", "photos", "--masks", "masks", "--classes", "one.txt"],
            "`one.txt` must name at least two classes. Received: 1.",
        ),
        (
            ["--images", "photos", "--masks", "high"],
            "`masks` must hold at least two pairs, one to learn from and one to test on. Rece",
        ),
        (
            ["--images", "photos", "--masks", "high", "--n-classes", "2"],
            "`masks` must hold class ids from 0 to 1, or 255 for pixels without. Received: 7 in "
            "00.png. `n_classes` is 2.",
        ),
        (
            ["--images", "photos", "--weights", "gone.keras"],
            "`gone.keras` must be a network of an earlier run, such as runs/image_segmentation/"
            "unet.keras. Received: nothing there.",
        ),
        (
            ["--images", "photos", "--weights", "one.txt"],
            "`one.txt` must be a network of an earlier run, such as runs/image_segmentation/"
            "unet.keras. Received: another file.",
        ),
    ],
)
def test_complaints_come_before_any_training(own, tmp_path, monkeypatch, options, says):
    (own / "one.txt").write_text("dark\n")
    (own / "high").mkdir(exist_ok=True)
    write_mask(own / "high" / "00.png", np.full((40, 64), 7), mask_colors(8))
    monkeypatch.chdir(own)
    with pytest.raises(InvalidValue) as caught:
        run(tmp_path, *options)
    assert str(caught.value).startswith(says)
    assert not (tmp_path / "metrics.json").exists()


def test_names_must_fit_the_network(trained, own, tmp_path):
    (tmp_path / "three.txt").write_text("a\nb\nc\n")
    options = ("--images", own / "photos", "--weights", trained[0] / "unet.keras")
    with pytest.raises(InvalidValue) as caught:
        run(tmp_path / "out", *options, "--classes", tmp_path / "three.txt")
    assert str(caught.value) == (
        f"`classes` must be the network's 2. Received: 3 names in {tmp_path / 'three.txt'}."
    )


# --- Parts ----------------------------------------------------------------------------------------


def test_rare_classes_weigh_more_and_void_nothing():
    """Nine pixels of 0 for one of 1: 3 to 1 the other way, and a mean of 1."""
    masks = np.array([0] * 9 + [1] + [255] * 5, np.uint8)
    weights = script.class_weights(masks, 2)
    assert weights.dtype == np.float32
    np.testing.assert_allclose(weights[1], 3 * weights[0], rtol=1e-6)
    np.testing.assert_allclose(weights[masks].sum(), 10, rtol=1e-6)
    assert not weights[2:].any()


def test_the_loss_is_the_weighted_mean_of_the_cross_entropy():
    import keras

    masks = np.array([[[0, 1, 255]]])
    logits = np.log(np.array([[[[0.5, 0.5], [0.2, 0.8], [0.1, 0.9]]]]))
    table = np.zeros(256, np.float32)
    table[:2] = 1, 3
    loss = script.weighted_loss(keras, table)(masks, logits.astype(np.float32))
    expected = [[[np.log(2), -3 * np.log(0.8), 0]]]
    np.testing.assert_allclose(np.asarray(loss), expected, rtol=1e-5)


def test_the_most_frequent_class_of_every_place():
    masks = np.array([[[0, 1]], [[2, 1]], [[2, 255]]], np.uint8)
    np.testing.assert_array_equal(script.most_frequent(masks, 3), [[2, 1]])


def test_pixels_near_a_border():
    masks = np.zeros((1, 5, 9), np.uint8)
    masks[:, :, 6:] = 1
    near = script.near_borders(masks)
    np.testing.assert_array_equal(near[0, 0], [0, 0, 0, 0, 1, 1, 1, 1, 0])


def test_pixels_without_a_class_are_not_scored():
    truth, predicted = np.array([[[0, 1, 255]]]), np.array([[[0, 0, 1]]])
    scores = script.score(truth, predicted, 2)
    assert scores.pixel_accuracy == 0.5
    np.testing.assert_array_equal(scores.counts, [[1, 0], [1, 0]])
