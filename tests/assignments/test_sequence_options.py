"""Recurrent networks: options and files that cannot be used are refused before any training."""

from dlspec._complaints import InvalidValue
from dlspec.catalog import find
from dlspec.runner import load_script
from tests.complaints import complaints_test
from tests.datasets.test_text import poem_files


def run(name, out, *options):
    return load_script(find(f"sequence/{name}")).main(["--quick", "--out", str(out), *options])


def short_text(folder):
    path = folder / "short.txt"
    path.write_text("One sentence. And a second one. A third?\n", encoding="utf-8")
    return str(path)


COMPLAINTS = [
    (
        lambda folder: run("recurrent", folder, "--learning-rate", "0"),
        InvalidValue,
        "`learning-rate` must be a positive finite number. Received: 0.0.",
    ),
    (
        lambda folder: run("dinosaur_names", folder, "--learning-rate", "nan"),
        InvalidValue,
        "`learning-rate` must be a positive finite number. Received: nan.",
    ),
    (
        lambda folder: run("language_model", folder, "--text", short_text(folder)),
        InvalidValue,
        "`{folder}/short.txt` must hold at least 20 sentences, of which a tenth are for the test. "
        "Received: 3.",
    ),
    (
        lambda folder: run(
            "language_model", folder, "--data-dir", str(poem_files(folder)), "--line", "abc 42"
        ),
        InvalidValue,
        "`line` must be written in the 38 characters of the poem model. Received: ' ', '2', '4'.",
    ),
    (
        lambda folder: run("jazz_improvisation", folder, "--temperature", "0"),
        InvalidValue,
        "`temperature` must be a positive finite number. Received: 0.0.",
    ),
    (
        lambda folder: run("jazz_improvisation", folder, "--solos", "2", "--steps", "500"),
        InvalidValue,
        "`steps` must be at most 62, the number of words of the longest solo. Received: 500.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
