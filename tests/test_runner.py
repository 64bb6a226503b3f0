"""What all scripts share, tried with a script that counts."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.figure import Figure

from dlspec import __version__
from dlspec._complaints import InvalidValue
from dlspec.runner import Interrupted, Setting, execute, load_script, start
from tests.complaints import complaints_test

NAME = "c1w2a1"
SETTINGS = [
    Setting("iterations", 250, quick=20, help="steps"),
    Setting("rate", 0.5, help="size of a step"),
    Setting("image", None, type=Path, help="a picture"),
    Setting("optimizer", "gd", choices=("gd", "adam"), help="which"),
    Setting("units", 4, minimum=1, help="hidden units"),
]
GENERATED = SimpleNamespace(source="generated", files=())


def counting(state):
    """w grows by one a step; the cost before step i is 100 - w."""
    w = state["w"]
    for _ in count():
        cost = 100.0 - w[0]
        w = w + 1
        yield {"w": w, "b": 0.5}, cost


def script(argv, fail=False):
    """A whole script in small."""
    with start(NAME, argv, SETTINGS) as run:
        run.uses(GENERATED)
        state, costs = run.train("counting", counting, {"w": np.zeros(1)}, run["iterations"])
        if fail:
            raise InvalidValue("stopped on purpose")
        run.metrics |= {"w": state["w"][0], "costs": costs, "rate": run["rate"]}
        run.figure("empty", Figure())
        run.arrays("parameters", state)
    return run.metrics


def record(out: Path) -> dict:
    return json.loads((out / "metrics.json").read_text())


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# --- Results --------------------------------------------------------------------------------------


def test_a_run_leaves_metrics_figures_and_arrays(tmp_path, capsys):
    metrics = script(["--out", str(tmp_path)])
    assert metrics["w"] == 250
    assert names(tmp_path) == ["empty.png", "metrics.json", "parameters.npz"]
    document = record(tmp_path)
    assert document["name"] == "numpy_basics"
    assert document["title"] == "Python basics with NumPy"
    assert document["seed"] == 1
    assert document["quick"] is False
    assert document["data"] == {"source": "generated", "files": []}
    assert document["metrics"] == {"w": 250.0, "costs": [100.0, 0.0, -100.0], "rate": 0.5}
    assert document["figures"] == ["empty.png"]
    assert document["files"] == ["empty.png", "parameters.npz"]
    assert document["settings"] == {
        "iterations": 250,
        "rate": 0.5,
        "image": None,
        "optimizer": "gd",
        "units": 4,
    }
    assert document["seconds"] >= 0
    assert document["versions"]["dlspec"] == __version__
    assert document["versions"]["numpy"] == np.__version__
    assert (tmp_path / "empty.png").read_bytes().startswith(b"\x89PNG")
    with np.load(tmp_path / "parameters.npz") as arrays:
        assert arrays["w"] == [250.0]
    output = capsys.readouterr().out
    assert "Data: generated" in output
    assert str(tmp_path / "empty.png") in output


def test_results_lie_below_runs_by_default(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    script(["--quick"])
    assert (tmp_path / "runs" / "numpy_basics" / "metrics.json").is_file()


def test_options_choose_between_full_quick_and_given(tmp_path):
    assert script(["--out", str(tmp_path), "--quick"])["w"] == 20
    given = ["--out", str(tmp_path), "--quick", "--iterations", "3", "--rate", "2"]
    assert script(given) == {"w": 3.0, "costs": [100.0], "rate": 2.0}


def test_course_files_are_named_in_output_and_record(tmp_path, capsys):
    with start(NAME, ["--out", str(tmp_path)]) as run:
        run.uses(SimpleNamespace(source="course files", files=(Path("a/b.h5"),)), "3 pictures")
    assert "Data: course files: a/b.h5; 3 pictures" in capsys.readouterr().out
    assert record(tmp_path)["data"] == {"source": "course files", "files": ["a/b.h5"]}


def test_the_same_run_again_replaces_its_results(tmp_path, capsys):
    script(["--out", str(tmp_path)])
    script(["--out", str(tmp_path)])
    assert names(tmp_path) == ["empty.png", "metrics.json", "parameters.npz"]
    assert "Kept in" not in capsys.readouterr().out


def test_results_of_other_settings_are_kept_and_said(tmp_path, capsys):
    script(["--out", str(tmp_path)])
    script(["--out", str(tmp_path), "--quick", "--seed", "4"])
    output = capsys.readouterr().out
    assert "seed 1 -> 4" in output
    assert "quick False -> True" in output
    assert "iterations 250 -> 20" in output
    (kept,) = (tmp_path / "earlier").iterdir()
    assert names(kept) == ["empty.png", "metrics.json", "parameters.npz"]
    assert record(kept)["metrics"]["w"] == 250
    assert record(tmp_path)["metrics"]["w"] == 20


def test_a_file_of_the_users_is_never_overwritten(tmp_path):
    (tmp_path / "empty.png").write_text("mine")
    (tmp_path / "notes.txt").write_text("mine too")
    script(["--out", str(tmp_path)])
    (kept,) = (tmp_path / "earlier").iterdir()
    assert (kept / "empty.png").read_text() == "mine"
    assert (tmp_path / "notes.txt").read_text() == "mine too"
    assert (tmp_path / "empty.png").read_bytes().startswith(b"\x89PNG")


def test_a_record_that_is_not_ours_is_kept(tmp_path):
    (tmp_path / "metrics.json").write_text("[1, 2]")
    script(["--out", str(tmp_path)])
    (kept,) = (tmp_path / "earlier").iterdir()
    assert (kept / "metrics.json").read_text() == "[1, 2]"


def test_files_named_outside_the_folder_are_not_moved(tmp_path):
    """A record could name anything; only files of the folder itself are touched."""
    outside = tmp_path / "outside.txt"
    outside.write_text("mine")
    out = tmp_path / "out"
    script(["--out", str(out)])
    document = record(out) | {"files": ["../outside.txt"]}
    (out / "metrics.json").write_text(json.dumps(document))
    script(["--out", str(out), "--quick"])
    assert outside.read_text() == "mine"


def test_after_a_failure_the_earlier_results_still_stand(tmp_path):
    script(["--out", str(tmp_path)])
    before = (tmp_path / "metrics.json").read_bytes()
    with pytest.raises(InvalidValue, match="on purpose"):
        script(["--out", str(tmp_path), "--iterations", "7"], fail=True)
    assert (tmp_path / "metrics.json").read_bytes() == before


def test_an_unfinished_file_leaves_nothing(tmp_path):
    class Broken:
        def savefig(self, path, **_):
            Path(path).write_bytes(b"half a picture")
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"), start(NAME, ["--out", str(tmp_path)]) as run:
        run.figure("broken", Broken())
    assert names(tmp_path) == []


def test_metrics_that_are_not_numbers_are_refused(tmp_path):
    with (
        pytest.raises(ValueError, match="JSON compliant"),
        start(NAME, ["--out", str(tmp_path)]) as run,
    ):
        run.metrics["accuracy"] = float("nan")
    assert not (tmp_path / "metrics.json").exists()


# --- Checkpoints ----------------------------------------------------------------------------------


def interrupted_at(step: int):
    """Steps that press Ctrl-C themselves."""

    def steps(state):
        for i, (new, cost) in enumerate(counting(state), start=1):
            if i == step:
                os.kill(os.getpid(), signal.SIGINT)
            yield new, cost

    return steps


def interrupt(out: Path, *options: str, at: int = 130) -> None:
    with (
        pytest.raises(Interrupted) as caught,
        start(NAME, ["--out", str(out), *options], SETTINGS) as run,
    ):
        run.uses(GENERATED)
        run.train("counting", interrupted_at(at), {"w": np.zeros(1)}, run["iterations"])
    assert str(caught.value) == (
        f"Stopped counting after {at} of 250 iterations. "
        f"Checkpoint: {out / 'checkpoint' / 'counting.npz'}. "
        "The same command with --resume goes on."
    )


def test_ctrl_c_leaves_a_checkpoint_and_resume_ends_as_if_nothing_had_happened(tmp_path, capsys):
    interrupt(tmp_path / "a")
    assert not (tmp_path / "a" / "metrics.json").exists()
    resumed = script(["--out", str(tmp_path / "a"), "--resume"])
    assert "counting: resumed after 130 of 250 iterations" in capsys.readouterr().out
    assert resumed == script(["--out", str(tmp_path / "b")])
    assert names(tmp_path / "a") == ["empty.png", "metrics.json", "parameters.npz"]


def test_steps_and_their_measure_are_called_what_they_are(tmp_path, capsys):
    call = {"unit": "trials", "measure": "dev error"}
    with (
        pytest.raises(Interrupted, match=r"^Stopped search after 2 of 3 trials"),
        start(NAME, ["--out", str(tmp_path)], SETTINGS) as run,
    ):
        run.uses(GENERATED)
        run.train("search", interrupted_at(2), {"w": np.zeros(1)}, 3, **call)
    with start(NAME, ["--out", str(tmp_path), "--resume"], SETTINGS) as run:
        run.uses(GENERATED)
        run.train("search", counting, {"w": np.zeros(1)}, 3, **call)
    out = capsys.readouterr().out
    assert "search: resumed after 2 of 3 trials" in out
    assert "dev error" in out


def test_without_resume_the_checkpoint_is_kept_aside(tmp_path, capsys):
    interrupt(tmp_path)
    assert script(["--out", str(tmp_path)])["w"] == 250
    assert "resumed" not in capsys.readouterr().out
    (kept,) = (tmp_path / "earlier").iterdir()
    assert names(kept) == ["counting.npz"]


def test_finished_stages_are_not_run_again(tmp_path):
    """Two stages, Ctrl-C in the second: on resuming the first takes no step."""

    def stages(argv, second):
        taken = []

        def first(state):
            for new, cost in counting(state):
                taken.append(1)
                yield new, cost

        with start(NAME, ["--out", str(tmp_path), *argv], SETTINGS) as run:
            one, _ = run.train("one", first, {"w": np.zeros(1)}, 5)
            two, _ = run.train("two", second, {"w": np.zeros(1)}, 6)
            run.metrics |= {"one": one["w"][0], "two": two["w"][0]}
        return len(taken), run.metrics

    with pytest.raises(Interrupted):
        stages([], interrupted_at(2))
    taken, metrics = stages(["--resume"], counting)
    assert taken == 0
    assert metrics == {"one": 5.0, "two": 6.0}


def test_ctrl_c_works_again_after_training(tmp_path):
    before = signal.getsignal(signal.SIGINT)
    interrupt(tmp_path)
    assert signal.getsignal(signal.SIGINT) is before


def test_training_in_another_thread_works(tmp_path):
    import threading

    found = {}
    thread = threading.Thread(
        target=lambda: found.update(script(["--quick", "--out", str(tmp_path)]))
    )
    thread.start()
    thread.join()
    assert found["w"] == 20


# --- Commands -------------------------------------------------------------------------------------


def test_execute_turns_complaints_into_one_line(capsys):
    def main(argv):
        raise InvalidValue("`X` must be right. Received: wrong.")

    assert execute(main) == 2
    assert capsys.readouterr().err == "dlspec: `X` must be right. Received: wrong.\n"


def test_execute_leaves_bugs_their_traceback():
    def main(argv):
        raise ValueError("a bug of ours")

    with pytest.raises(ValueError, match="a bug of ours"):
        execute(main)


def test_execute_says_interrupted(capsys):
    def main(argv):
        raise KeyboardInterrupt

    assert execute(main) == 130
    assert capsys.readouterr().err == "Stopped.\n"


def test_unknown_options_end_with_status_2(tmp_path, capsys):
    with pytest.raises(SystemExit) as caught:
        script(["--out", str(tmp_path), "--nonsense"])
    assert caught.value.code == 2
    assert "--nonsense" in capsys.readouterr().err


def test_help_names_every_option_with_its_defaults(capsys):
    with pytest.raises(SystemExit) as caught:
        script(["--help"])
    assert caught.value.code == 0
    text = " ".join(capsys.readouterr().out.split())
    for option in (
        "--iterations",
        "--rate",
        "--quick",
        "--seed",
        "--out",
        "--data-dir",
        "--resume",
    ):
        assert option in text
    assert "steps (default 250; 20 with --quick)" in text


def test_a_real_interrupt_from_outside(tmp_path):
    """The whole way: a process, a signal, status 130, --resume."""
    program = textwrap.dedent("""
        import sys, time
        import numpy as np
        from dlspec.runner import execute, start

        def slow(state):
            while True:
                time.sleep(0.01)
                state = {"w": state["w"] + 1}
                print("step", flush=True)
                yield state, 0.0

        def main(argv):
            with start("c1w2a1", argv) as run:
                state, _ = run.train("slow", slow, {"w": np.zeros(1)}, 200)
                run.metrics["w"] = state["w"][0]

        sys.exit(execute(main, sys.argv[1:]))
    """)
    command = [sys.executable, "-c", program, "--out", str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    for line in process.stdout:
        if line.startswith("step"):
            break
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert "of 200 iterations. Checkpoint: " in errors
    assert "Traceback" not in errors
    subprocess.run([*command, "--resume"], check=True, capture_output=True)
    assert record(tmp_path)["metrics"] == {"w": 200.0}


def under_a_file(folder: Path) -> Path:
    (folder / "file").touch()
    return folder / "file" / "out"


def spoilt_checkpoint(folder: Path):
    (folder / "checkpoint").mkdir()
    (folder / "checkpoint" / "counting.npz").write_bytes(b"half")
    return script(["--out", str(folder), "--resume"])


def resumed_with_other_settings(folder: Path):
    interrupt(folder)
    return script(["--out", str(folder), "--resume", "--rate", "0.1"])


COMPLAINTS = [
    (
        lambda folder: script(["--out", str(under_a_file(folder))]),
        ValueError,
        "`out` must be a folder that can be written. Received: {folder}/file/out (Not a directory)."
        " Name another folder with --out.",
    ),
    (
        lambda folder: script(["--out", str(folder), "--seed", "-1"]),
        ValueError,
        "`seed` must be at least 0. Received: -1.",
    ),
    (
        lambda folder: script(["--out", str(folder), "--iterations", "-5"]),
        ValueError,
        "`iterations` must be at least 0. Received: -5.",
    ),
    (
        spoilt_checkpoint,
        ValueError,
        "`{folder}/checkpoint/counting.npz` must be a whole checkpoint. Received: a damaged file. "
        "Run again without --resume.",
    ),
    (
        resumed_with_other_settings,
        ValueError,
        "`{folder}/checkpoint/counting.npz` must come from a run with the same settings to resume "
        "(rate 0.5 -> 0.1). Received: another run's. "
        "Give the earlier settings, or run without --resume.",
    ),
    (
        lambda folder: load_script(
            SimpleNamespace(script=folder / "nothing.py", path="nn_basics/nothing")
        ),
        ValueError,
        "`installation` must hold the script nn_basics/nothing.py. Received: no such file. "
        "Install dlspec again.",
    ),
    (
        lambda folder: script(["--out", str(folder), "--units", "0"]),
        ValueError,
        "`units` must be at least 1. Received: 0.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)


def test_time_between_checkpoints_is_bounded(tmp_path, monkeypatch):
    """A killed process loses at most what came since the last checkpoint."""
    monkeypatch.setattr("dlspec.runner.CHECKPOINT_SECONDS", 0)
    checkpoint = tmp_path / "checkpoint" / "counting.npz"
    seen = []

    def watched(state):
        for new, cost in counting(state):
            seen.append(checkpoint.exists())
            time.sleep(0.001)
            yield new, cost

    with start(NAME, ["--out", str(tmp_path)]) as run:
        run.train("counting", watched, {"w": np.zeros(1)}, 3)
    assert seen == [False, True, True]
