"""Car detection on a user's own pictures: what is drawn, named, skipped and refused."""

import numpy as np
import pytest
from PIL import Image

from dlspec._complaints import InvalidValue
from dlspec.catalog import find
from dlspec.runner import load_script

script = load_script(find("cnn/car_detection"))
WIDTH = 1 / 32


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """Two cameras with a picture of the same name, names, anchors, and weights of a tiny YOLOv2."""
    folder = tmp_path_factory.mktemp("own")
    for camera in ("left", "right"):
        (folder / camera).mkdir()
        Image.effect_noise((80, 60), 60).save(folder / camera / "0001.png")
    (folder / "left" / "torn.jpg").write_bytes(b"\xff\xd8")
    (folder / "classes.txt").write_text("person\nbicycle\ncar\n")
    (folder / "anchors.txt").write_text("0.5, 0.6, 1.8, 2.0")
    return folder


def run(out, *options):
    return script.main(["--quick", "--out", str(out), *map(str, options)])


def test_yolov2_looks_at_pictures_of_the_same_name(own, tmp_path, capsys):
    from dlspec.cnn.yolo import YOLOv2, darknet_size

    network = YOLOv2((64, 64, 3), anchors=2, classes=3, width=WIDTH)
    header = np.array([0, 2, 0, 64, 0], "<i4").tobytes()
    weights = tmp_path / "tiny.weights"
    weights.write_bytes(header + bytes(darknet_size(network) - len(header)))
    own_files = ("--classes", own / "classes.txt", "--anchors", own / "anchors.txt")
    given = ("--weights", weights, "--width", WIDTH, "--size", 64, "--score", 0.1)
    images = f"{own / 'left'},{own / 'right'}"
    metrics = run(tmp_path / "out", "--images", images, *given, *own_files)
    drawn = sorted(path.name for path in (tmp_path / "out").glob("*.png"))
    assert drawn == ["photo_left_0001.png", "photo_right_0001.png"]
    assert metrics["objects_found"] > 0  # weights of 0: every box has p_c 1/2, and a third a class
    said = " ".join(capsys.readouterr().out.split())
    assert "torn.jpg: not a picture that can be decoded (2 bytes)" in said
    assert "0001.png: " in said


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--images", "gone"], "`gone` must be an existing picture file. Received: nothing there."),
        (["--score", "30"], "`score` must be a fraction in [0, 1]. Received: 30.0. 30 % is 0.3."),
        (["--iou", "-1"], "`iou` must be a fraction in [0, 1]. Received: -1.0."),
        (["--weights", "classes.txt"], "`weights` must come with pictures to look at. Received: "),
        (
            ["--images", "right", "--weights", "no", "--classes", "gone.txt"],
            "`classes` must name a file such as the course's coco_classes.txt. Received: gone.txt.",
        ),
        (
            ["--images", "right", "--weights", "no", "--classes", "classes.txt", "--anchors",
             "classes.txt"],
            "`classes.txt` must hold pairs of positive numbers with commas between. Received: ",
        ),
        (
            ["--images", "right", "--weights", "no", "--classes", "classes.txt", "--anchors",
             "anchors.txt", "--size", "64", "--width", str(WIDTH)],
            "`no` must be a weight file of Darknet. Received: No such file or directory.",
        ),
    ],
)  # fmt: skip
def test_complaints_come_before_any_training(own, tmp_path, monkeypatch, options, says):
    monkeypatch.chdir(own)
    with pytest.raises(InvalidValue) as caught:
        run(tmp_path, *options)
    assert str(caught.value).startswith(says)
    assert not (tmp_path / "metrics.json").exists()
