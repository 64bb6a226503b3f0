"""`dlspec run --all`: every exercise in a process of its own, one display, one table at the end."""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from dlspec.catalog import EXERCISES, Exercise
from dlspec.runner import make_folder

__all__ = ["run_all"]


def run_all(options: argparse.Namespace) -> int:
    """Run all exercises; a failure does not stop the others.

    With `resume`, exercises that finished with the same --quick and --seed are not run again.

    Args:
        options: quick, seed, out (the folder above those of the exercises), data_dir, resume.

    Returns:
        0, 1 when any failed, 130 after Ctrl-C.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    root = Path(options.out or "runs")
    make_folder(root)
    console = Console()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    rows, interrupted = [], False
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=len(EXERCISES))
        for exercise in EXERCISES:
            progress.update(task, description=exercise.path)
            try:
                rows.append(_run_one(exercise, root, options))
            except KeyboardInterrupt:
                interrupted = True
                break
            progress.advance(task)
    _print_table(console, rows)
    if interrupted:
        print("Stopped. The same command with --resume goes on.", file=sys.stderr)
        return 130
    return 0 if all(row["status"] in ("done", "done before") for row in rows) else 1


def _run_one(exercise: Exercise, root: Path, options: argparse.Namespace) -> dict:
    out = root / exercise.folder
    if options.resume and _finished(out / "metrics.json", options):
        return {"exercise": exercise, "status": "done before", **_results(out)}
    command = [sys.executable, "-m", "dlspec", "run", exercise.path, "--out", str(out)]
    command += ["--quick"] if options.quick else []
    command += ["--resume"] if options.resume else []
    command += ["--seed", str(options.seed)] if options.seed is not None else []
    command += ["--data-dir", str(options.data_dir)] if options.data_dir else []
    log = root / f"{exercise.folder}.log"
    begin = time.perf_counter()
    with open(log, "w", encoding="utf-8") as file:
        environment = os.environ | {"PYTHONUNBUFFERED": "1", "COLUMNS": "100"}
        child = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT, env=environment)
        try:
            status = child.wait()
        except KeyboardInterrupt:
            child.wait()  # it heard Ctrl-C as well and is writing its checkpoint
            raise
    if status == 0:
        return {"exercise": exercise, "status": "done", **_results(out)}
    seconds = time.perf_counter() - begin
    last = [line for line in log.read_text(encoding="utf-8").splitlines() if line.strip()][-1:]
    note = " ".join([*last, f"(all of it: {log})"])
    return {"exercise": exercise, "status": f"failed ({status})", "seconds": seconds, "note": note}


def _finished(record: Path, options: argparse.Namespace) -> bool:
    try:
        earlier = json.loads(record.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    same_seed = options.seed is None or earlier.get("seed") == options.seed
    return same_seed and earlier.get("quick") == options.quick


def _results(out: Path) -> dict:
    document = json.loads((out / "metrics.json").read_text(encoding="utf-8"))
    numbers = {
        name: value
        for name, value in document["metrics"].items()
        if isinstance(value, (int, float)) and not isinstance(value, bool)
    }
    chosen = [name for name in numbers if name.endswith("accuracy")] or list(numbers)
    note = ", ".join(f"{name} {numbers[name]:.4g}" for name in chosen[:3])
    return {"seconds": document["seconds"], "note": note}


def _print_table(console, rows):
    from rich.table import Table

    table = Table("exercise", "status", "seconds", "result")
    table.columns[2].justify = "right"
    for row in rows:
        style = "red" if row["status"].startswith("failed") else None
        name, status = row["exercise"].path, row["status"]
        table.add_row(name, status, f"{row['seconds']:.1f}", row["note"], style=style)
    console.print(table)
