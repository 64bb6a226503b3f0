"""Full runs on the course's real files give the course's published numbers.

Those of `logistic_regression` and `regularization` are held by the tests of their modules.
"""

import pytest
from PIL import Image

from dlspec.catalog import find
from dlspec.runner import load_script
from dlspec.testing import assert_close

pytestmark = pytest.mark.course_data


def run(name, out, *options):
    return load_script(find(name)).main(["--out", str(out), *options])


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
    # The course prints all digits of these two, and six of those.
    assert_close(metrics["two_layer_first_cost"], 0.6930497356599888, rtol=1e-12)
    assert_close(metrics["two_layer_last_cost"], 0.048554785628770226, rtol=1e-5)
    assert_close(metrics["four_layer_first_cost"], 0.771749, atol=5.1e-7)
    assert_close(metrics["four_layer_last_cost"], 0.092878, atol=5.1e-7)


def test_planar_classification(tmp_path):
    metrics = run("planar_classification", tmp_path)
    assert metrics["train_accuracy"] == 0.9075
