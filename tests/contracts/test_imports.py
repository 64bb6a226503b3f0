"""Imports point one way: scripts -> runner, datasets, plots -> course modules -> _validation."""

import subprocess
import sys

import pytest

from tests.contracts.source import (
    PACKAGE,
    all_sources,
    course_folders,
    course_modules,
    imported_names,
    name_of,
)

BASE = {"dlspec._validation", "dlspec._complaints"}

# What the courses themselves build on: notebook n uses what notebook n - 1 made.
REUSE = {
    "dlspec.nn_basics.logistic_regression": {"dlspec.nn_basics.numpy_basics"},
    "dlspec.nn_basics.planar_classification": {
        "dlspec.nn_basics.logistic_regression",
        "dlspec.nn_basics.numpy_basics",
    },
    "dlspec.nn_basics.deep_network": {
        "dlspec.nn_basics.logistic_regression",
        "dlspec.nn_basics.numpy_basics",
    },
    "dlspec.nn_basics.image_classification": {"dlspec.nn_basics.deep_network"},
    "dlspec.optimization.batch_normalization": {"dlspec.optimization.softmax_regression"},
    "dlspec.optimization.initialization": {
        "dlspec.nn_basics.deep_network",
        "dlspec.optimization._training",
    },
    "dlspec.optimization.regularization": {
        "dlspec.nn_basics.deep_network",
        "dlspec.nn_basics.logistic_regression",
        "dlspec.optimization._caches",
        "dlspec.optimization._training",
        "dlspec.optimization.initialization",
    },
    "dlspec.optimization.gradient_checking": {
        "dlspec.nn_basics.deep_network",
        "dlspec.optimization._caches",
        "dlspec.testing",
    },
    "dlspec.optimization.optimization_methods": {
        "dlspec.nn_basics.deep_network",
        "dlspec.optimization._training",
        "dlspec.optimization.initialization",
    },
    **{
        f"dlspec.strategy.{stem}": {"dlspec.strategy._report"}
        for stem in (
            "metrics",
            "goals",
            "splits",
            "human_level",
            "bias_variance",
            "error_analysis",
            "end_to_end",
            "transfer_learning",
            "multi_task",
        )
    },
    "dlspec.strategy.bird_recognition": {"dlspec.strategy._report"},
    "dlspec.strategy.autonomous_driving": {"dlspec.strategy.multi_task"},
    "dlspec.cnn.convolution_variants": {"dlspec.cnn.convolution"},
    **{
        f"dlspec.cnn.{stem}": {"dlspec.cnn._weights"}
        for stem in ("classic_networks", "inception", "mobilenet", "efficientnet")
    },
    "dlspec.cnn.car_detection": {"dlspec.cnn.boxes"},
    "dlspec.cnn.yolo": {"dlspec.cnn.boxes"},
    # The exercise takes file names; pictures are read where all of the user's files are.
    "dlspec.cnn.face_recognition": {
        "dlspec.cnn.face_database",
        "dlspec.cnn.face_networks",
        "dlspec.datasets.photos",
    },
    "dlspec.cnn.face_database": {"dlspec.cnn.face_networks"},
    "dlspec.cnn.style_transfer": {"dlspec.cnn.classic_networks"},
    "dlspec.sequence.embedding_losses": {"dlspec.sequence.word_pairs"},
    "dlspec.sequence.embedding_epochs": {
        "dlspec.sequence.embedding_losses",
        "dlspec.sequence.word_pairs",
    },
    "dlspec.sequence.embeddings": {
        "dlspec.sequence.embedding_epochs",
        "dlspec.sequence.embedding_losses",
        "dlspec.sequence.word_pairs",
        "dlspec.sequence.word_vectors",
    },
    "dlspec.sequence.emojify": {"dlspec.sequence.word_vectors"},
    "dlspec.sequence.word_vectors": {"dlspec.sequence.glove_files"},
    "dlspec.cnn.transfer_learning": {
        "dlspec.cnn.mobilenet",
        "dlspec.strategy.transfer_learning",
    },
    "dlspec.sequence.recurrent_layers": {"dlspec.sequence.recurrent"},
    "dlspec.sequence.dinosaur_names": {"dlspec.sequence.recurrent"},
    "dlspec.sequence.machine_translation": {"dlspec.sequence.language_model"},
    "dlspec.sequence.beam_search": {"dlspec.strategy.error_analysis"},
    "dlspec.sequence.transformer_decoding": {
        "dlspec.sequence.beam_search",
        "dlspec.sequence.transformer",
    },
    "dlspec.sequence.ner": {"dlspec.sequence.transformer"},
    "dlspec.sequence.question_answering": {
        "dlspec.sequence.ner",
        "dlspec.sequence.transformer",
    },
}

USES_KERAS = {
    "dlspec.nn_basics.models",
    "dlspec.optimization.models",
    "dlspec.optimization.tensorflow_introduction",
    "dlspec.strategy.transfer_learning",
    "dlspec.strategy.multi_task",
    "dlspec.strategy.bird_recognition",
    "dlspec.strategy.autonomous_driving",
    "dlspec.cnn.convolution_application",
    "dlspec.cnn.residual_networks",
    "dlspec.cnn.classic_networks",
    "dlspec.cnn.inception",
    "dlspec.cnn.mobilenet",
    "dlspec.cnn.efficientnet",
    "dlspec.cnn.architectures",
    "dlspec.cnn.image_segmentation",
    "dlspec.cnn.face_recognition",
    "dlspec.cnn.face_database",
    "dlspec.cnn.face_networks",
    "dlspec.cnn.car_detection",
    "dlspec.cnn.yolo",
    "dlspec.cnn.sliding_windows",
    "dlspec.cnn.transfer_learning",
    "dlspec.cnn.style_transfer",
    "dlspec.sequence.language_model",
    "dlspec.sequence.jazz_improvisation",
    "dlspec.sequence.emojify",
    "dlspec.sequence.machine_translation",
    "dlspec.sequence.encoder_decoder",
    "dlspec.sequence.transformer",
    "dlspec.sequence.transformer_decoding",
    "dlspec.sequence.ner",
    "dlspec.sequence.question_answering",
    "dlspec.sequence.trigger_word",
    "dlspec.sequence.ctc",
}

HEAVY = {"tensorflow", "keras", "jax", "matplotlib", "sklearn", "h5py", "PIL", "rich", "scipy"}


def project_modules(path):
    """Modules of the project that a file imports, without the names taken from them."""
    known = {name_of(p) for p in all_sources()}
    return {name for name in imported_names(path) if name in known}


@pytest.mark.parametrize("path", course_modules(), ids=name_of)
def test_course_modules_import_only_what_the_courses_build_on(path):
    allowed = BASE | REUSE.get(name_of(path), set())
    packages = {"dlspec", *(name_of(folder) for folder in course_folders())}
    assert project_modules(path) - packages <= allowed


# Commands over a course's modules stand above them, as scripts do.
COMMANDS = {"dlspec.cli_strategy"}

SHARED = [
    path
    for path in all_sources()
    if path.parent not in course_folders() and name_of(path) not in COMMANDS
]


@pytest.mark.parametrize("path", SHARED, ids=name_of)
def test_shared_parts_do_not_know_the_courses(path):
    courses = {folder.name for folder in course_folders()}
    assert not [name for name in project_modules(path) if set(name.split(".")[1:2]) & courses]


@pytest.mark.parametrize("path", all_sources(), ids=name_of)
def test_nothing_uses_pyplot(path):
    assert not {n for n in imported_names(path) if n.startswith("matplotlib.pyplot")}


@pytest.mark.parametrize("path", sorted((PACKAGE / "plots").glob("*.py")), ids=name_of)
def test_plots_import_no_other_part(path):
    other = {n for n in project_modules(path) if not n.startswith("dlspec.plots")}
    assert other - {"dlspec"} <= BASE


@pytest.mark.parametrize("path", course_modules(), ids=name_of)
def test_only_models_import_keras(path):
    heavy = {n.split(".")[0] for n in imported_names(path)} & {"keras", "tensorflow", "jax"}
    assert bool(heavy) == (name_of(path) in USES_KERAS)
    assert "jax" not in heavy


def loaded_by(code: str) -> set[str]:
    """Top-level modules in memory after running `code` in a fresh interpreter."""
    program = f"{code}\nimport sys\nprint(*sorted({{n.split('.')[0] for n in sys.modules}}))"
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return set(result.stdout.splitlines()[-1].split())


def test_importing_dlspec_loads_nothing_heavy():
    assert not loaded_by("import dlspec") & (HEAVY | {"numpy"})


@pytest.mark.parametrize(
    "path", [p for p in course_modules() if name_of(p) not in USES_KERAS], ids=name_of
)
def test_numpy_modules_load_numpy_only(path):
    loaded = loaded_by(f"import {name_of(path)}")
    assert "numpy" in loaded
    assert not loaded & HEAVY


@pytest.mark.parametrize("arguments", [["list"], ["show", "c1w2a2"]])
def test_the_list_answers_without_numpy(arguments):
    loaded = loaded_by(f"from dlspec.cli import main\nmain({arguments!r})")
    assert not loaded & (HEAVY | {"numpy", "argcomplete"})


def test_subpackages_are_attributes_once_they_are_used():
    program = "import dlspec; print(dlspec.nn_basics.__name__, dlspec.catalog.find('c1w2a1').name)"
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert result.stdout.split() == ["dlspec.nn_basics", "numpy_basics"]


def test_an_unknown_subpackage_is_an_attribute_error():
    import dlspec

    with pytest.raises(AttributeError, match="module 'dlspec' has no attribute 'course_nine'"):
        _ = dlspec.course_nine
    assert set(dlspec._SUBPACKAGES) <= set(dir(dlspec))
