"""The table of exercises: looking up, near misses, signatures."""

import inspect

import pytest

from dlspec import catalog
from dlspec.nn_basics import logistic_regression
from tests.complaints import complaints_test


@pytest.mark.parametrize(
    "name",
    [
        "logistic_regression",
        "Logistic-Regression",
        "nn_basics/logistic_regression",
        "c1w2a2",
        " C1W2A2 ",
    ],
)
def test_find_takes_stem_path_and_number(name):
    assert catalog.find(name).module == "dlspec.nn_basics.logistic_regression"


@pytest.mark.parametrize("course", ["nn_basics", "nn-basics", "1", "c1"])
def test_of_course_takes_name_and_number(course):
    assert [e.course for e in catalog.of_course(course)] == ["nn_basics"] * 6


def test_of_course_without_a_name_gives_all():
    assert tuple(catalog.of_course()) == catalog.EXERCISES


def test_signatures_read_off_the_source_are_those_of_the_functions():
    exercise = catalog.find("logistic_regression")
    lines = catalog.graded_functions(exercise)
    for line, name in zip(lines, exercise.graded, strict=True):
        function = getattr(logistic_regression, name)
        bare = inspect.signature(function)
        parameters = [p.replace(annotation=p.empty) for p in bare.parameters.values()]
        expected = bare.replace(parameters=parameters, return_annotation=bare.empty)
        assert line.replace("=", "").replace(" ", "") == (
            f"{name}{expected}".replace("=", "").replace(" ", "")
        )
        assert lines[line] == inspect.getdoc(function).splitlines()[0]


def test_rows_stand_in_the_order_of_the_courses():
    numbers = [e.number for e in catalog.EXERCISES]
    assert numbers == sorted(numbers)  # "x", for what is ours, comes after "w"


def test_folders_of_results_are_unique():
    folders = [e.folder for e in catalog.EXERCISES]
    assert len(set(folders)) == len(folders)


def test_a_shared_stem_gets_a_folder_with_its_course(monkeypatch):
    twin = catalog.find("models")._replace(course="optimization", number="c2x1")
    monkeypatch.setattr(catalog, "EXERCISES", (*catalog.EXERCISES, twin))
    assert catalog.find("optimization/models") is twin
    assert twin.folder == "optimization_models"
    assert catalog.find("logistic_regression").folder == "logistic_regression"


NAMES = ", ".join(e.name for e in catalog.EXERCISES)
NUMBERS = ", ".join(e.number for e in catalog.EXERCISES)
PATHS = ", ".join(e.path for e in catalog.EXERCISES)


def ambiguous(folder):
    """Two exercises of one name, for as long as the call takes."""
    twin = catalog.find("models")._replace(course="optimization", number="c2x1")
    before = catalog.EXERCISES
    catalog.EXERCISES = (*before, twin)
    try:
        catalog.find("models")
    finally:
        catalog.EXERCISES = before


COMPLAINTS = [
    (
        lambda folder: catalog.find("logistic"),
        ValueError,
        "`NAME` must name an exercise. Received: logistic. Did you mean logistic_regression? "
        f"Known: {NAMES}.",
    ),
    (
        lambda folder: catalog.find("c1w2a3"),
        ValueError,
        f"`NAME` must name an exercise. Received: c1w2a3. Did you mean c1w2a2? Known: {NUMBERS}.",
    ),
    (
        lambda folder: catalog.find("nn_basic/deep_network"),
        ValueError,
        "`NAME` must name an exercise. Received: nn_basic/deep_network. "
        f"Did you mean nn_basics/deep_network? Known: {PATHS}.",
    ),
    (
        ambiguous,
        ValueError,
        "`NAME` must name one exercise. Received: models, which several courses have. "
        "Use one of nn_basics/models, optimization/models.",
    ),
    (
        lambda folder: catalog.of_course("6"),
        ValueError,
        "`course` must name a course. Received: 6. "
        "Known: nn_basics, optimization, strategy, cnn, sequence, 1, 2, 3, 4, 5.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
