"""Full runs on the course's real files give the course's published numbers.

Those of `regularization` are held by the test of its module: the script takes 50 s.
"""

import pytest
from PIL import Image

from dlspec.catalog import find
from dlspec.runner import load_script

pytestmark = pytest.mark.course_data


def run(name, out, *options):
    return load_script(find(name)).main(["--out", str(out), *options])


def test_logistic_regression(course_data, tmp_path):
    metrics = run("logistic_regression", tmp_path)
    assert round(metrics["train_accuracy"], 4) == 0.9904
    assert metrics["test_accuracy"] == 0.70
    assert round(metrics["first_cost"], 6) == 0.693147
    assert round(metrics["costs"][19], 6) == 0.140872


def test_logistic_regression_on_a_photo_of_the_users(course_data, tmp_path):
    """The course's own Persian cat, at its own size."""
    photo = next(course_data.rglob("persian_cat.jpg"))
    metrics = run("logistic_regression", tmp_path, "--image", str(photo), "--quick")
    assert metrics["image_verdict"] in ("cat", "not a cat")
    assert (metrics["image_probability"] > 0.5) == (metrics["image_verdict"] == "cat")
    with Image.open(tmp_path / "photo.png") as figure:
        assert figure.width > 400


def test_image_classification(course_data, tmp_path):
    metrics = run("image_classification", tmp_path)
    assert metrics["two_layer_train_accuracy"] == 1.0
    assert metrics["two_layer_test_accuracy"] == 0.72
    assert round(metrics["four_layer_train_accuracy"], 4) == 0.9856
    assert metrics["four_layer_test_accuracy"] == 0.80


def test_planar_classification(tmp_path):
    metrics = run("planar_classification", tmp_path)
    assert metrics["train_accuracy"] == 0.9075
