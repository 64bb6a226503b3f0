"""Every script runs with --quick, on generated data, and leaves what it promises."""

import json

import pytest
from PIL import Image

from dlspec.catalog import EXERCISES
from dlspec.runner import load_script


@pytest.fixture(scope="module", params=EXERCISES, ids=lambda e: e.path)
def quick_run(request, tmp_path_factory):
    """One quick run of each script: (exercise, folder of results, what main returned)."""
    out = tmp_path_factory.mktemp(request.param.name)
    return request.param, out, load_script(request.param).main(["--quick", "--out", str(out)])


def document(out):
    return json.loads((out / "metrics.json").read_text())


def test_the_record_is_complete(quick_run):
    exercise, out, metrics = quick_run
    record = document(out)
    assert record["name"] == exercise.name
    assert record["title"] == exercise.title
    assert record["quick"] is True
    assert record["metrics"].keys() == metrics.keys()
    assert record["metrics"]
    assert {"seed", "data", "seconds", "figures", "versions"} <= record.keys()
    source = record["data"]["source"]
    stand_ins = ("generated", "our list", "Python's documentation")
    offline = ("generated", "none", "scikit-learn's digits")
    assert source in (stand_ins if exercise.data else offline)


def test_figures_are_pictures_of_something(quick_run):
    _, out, _ = quick_run
    figures = document(out)["figures"]
    assert len(figures) >= 3
    for name in figures:
        with Image.open(out / name) as picture:
            assert min(picture.size) >= 200, name
            assert picture.convert("RGB").getcolors(maxcolors=10) is None, name  # there are more


def test_shares_lie_between_0_and_1(quick_run):
    _, _, metrics = quick_run
    shares = {k: v for k, v in metrics.items() if k.endswith("accuracy")}
    assert all(0 <= value <= 1 for value in shares.values())


def test_nothing_unfinished_is_left(quick_run):
    _, out, _ = quick_run
    record = document(out)
    assert sorted(p.name for p in out.iterdir()) == sorted([*record["files"], "metrics.json"])
