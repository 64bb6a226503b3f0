"""What all scripts share: options, seeds, output folder, progress, checkpoints, metrics, figures.

A script reads top-down and leaves the rest to `start`:

    def main(argv=None):
        with start("c1w2a2", argv, SETTINGS) as run:
            cats = load_cats(run.data_dir, run.seed)
            run.uses(cats)
            steps = lambda state: gradient_descent(state, ...)
            parameters, costs = run.train("one neuron", steps, initial, run["iterations"])
            run.metrics["test_accuracy"] = ...
            run.figure("cost_curve", cost_curve(costs, every=100))
        return run.metrics

Files appear whole or not at all.  What an earlier run with other settings left is moved aside.
"""

import argparse
import importlib.util
import json
import os
import re
import signal
import sys
import textwrap
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile

import numpy as np

from dlspec import __version__
from dlspec._arguments import ArgumentParser
from dlspec._complaints import Complaint, Interrupted, InvalidValue, sentence
from dlspec._validation import check_count
from dlspec.catalog import Exercise, find

__all__ = ["Run", "Setting", "execute", "load_keras", "load_script", "make_folder", "start"]

CHECKPOINT_SECONDS = 10
EARLIER = "earlier"
METAVARS = {int: "INT", float: "FLOAT", str: "TEXT"}


class Setting(NamedTuple):
    """One option of a script beyond those that all share.

    Attributes:
        name: as on the command line without the dashes, such as "learning-rate".
        full: value of a full run; None when the option has no default.
        quick: value with --quick; None for the same as `full`.
        type: converts the text; by default the type of `full`.
        help: one line.
        choices: the values admitted, or None.
        minimum: the smallest whole number admitted, or None.
    """

    name: str
    full: Any
    quick: Any = None
    type: Callable | None = None
    help: str = ""
    choices: Sequence[str] | None = None
    minimum: int | None = None


class Run:
    """One run of a script: what was asked for, and where results go.

    Attributes:
        exercise: its row of the catalogue.
        quick: whether --quick was given.
        seed: for whatever the script draws at random.
        out: folder of the results.
        data_dir: folder with course files, or None.
        metrics: fill with numbers, strings and lists; becomes part of metrics.json.

    `run["name"]` is the value of a `Setting`.
    """

    def __init__(self, exercise: Exercise, options: argparse.Namespace, settings: dict) -> None:
        self.exercise = exercise
        self.quick, self.resume = options.quick, options.resume
        self.seed = check_count("seed", options.seed, minimum=0)
        self.data_dir = options.data_dir
        self.out = Path(options.out or Path("runs", exercise.folder))
        self.metrics: dict[str, Any] = {}
        self._settings = settings
        self._data: dict[str, Any] = {"source": "none", "files": []}
        self._written: list[str] = []
        self._figures: list[str] = []
        self._begin = time.perf_counter()
        self._moved_earlier = False
        make_folder(self.out)

    def __getitem__(self, name: str) -> Any:
        """Value of a setting."""
        return self._settings[name]

    # --- Talking ----------------------------------------------------------------------------------

    @property
    def console(self):
        """The rich console that everything is printed on."""
        return _console()

    def say(self, text: str) -> None:
        """Print a line."""
        self.console.print(text, highlight=False, markup=False, soft_wrap=True)

    def uses(self, data: Any, note: str = "") -> None:
        """Say which data the run uses, and remember it for metrics.json.

        Args:
            data: has `source` ("course files", "generated", ...) and `files`; or just the source.
            note: what else a reader should know, such as counts.
        """
        source, paths = (data, ()) if isinstance(data, str) else (data.source, data.files)
        files = [str(path) for path in paths]
        self._data = {"source": source, "files": files}
        where = f": {', '.join(files)}" if files and source != "generated" else ""
        self.say(f"Data: {source}{where}{'; ' + note if note else ''}")

    # --- Training ---------------------------------------------------------------------------------

    def train(
        self,
        stage: str,
        steps: Callable[[dict], Iterator[tuple]],
        initial: dict[str, Any],
        iterations: int,
        cost_every: int = 100,
        *,
        unit: str = "iterations",
        measure: str = "cost",
    ) -> tuple[dict[str, Any], list[float]]:
        """Take steps with a progress bar, a checkpoint every ten seconds and a clean Ctrl-C.

        Args:
            stage: what is trained; names the checkpoint, unique within a script.
            steps: maps a state to an endless iterator of (state after the step, ..., cost before).
            initial: named arrays and numbers to start from.
            iterations: number of steps, at least 0.
            cost_every: the cost of every such iteration is kept.
            unit: what a step is called when the run says how far it is, such as "epochs".
            measure: what the last number of a step is called beside the bar, such as "score".

        Returns:
            state: after the last step, or `initial` when there is none.
            costs: at iterations 0, cost_every, 2 cost_every, ...

        Raises:
            Interrupted: Ctrl-C; the checkpoint is written and --resume goes on from it.
            ValueError: a negative number of iterations, or a checkpoint that does not fit.
        """
        check_count("iterations", iterations, minimum=0)
        checkpoint = self._checkpoint(stage).with_suffix(".npz")
        state, done, costs = initial, 0, []
        loaded = self._load_checkpoint(checkpoint) if checkpoint.exists() else None
        if loaded:
            state, done, costs = loaded
            self.say(f"{stage}: resumed after {done:,} of {iterations:,} {unit}")
        iterator = steps(state)
        last_saved = time.monotonic()
        with (
            self._progress(stage, iterations, done, measure) as bar,
            _interruptible() as interrupted,
        ):
            for i, step in zip(range(done, iterations), iterator, strict=False):
                state, cost, done = step[0], step[-1], i + 1
                if i % cost_every == 0:
                    costs.append(float(cost))
                bar(done, cost)
                if interrupted() or time.monotonic() - last_saved > CHECKPOINT_SECONDS:
                    self._save_checkpoint(checkpoint, state, done, costs)
                    last_saved = time.monotonic()
                if interrupted():
                    raise Interrupted(
                        f"Stopped {stage} after {done:,} of {iterations:,} {unit}. "
                        f"Checkpoint: {checkpoint}. The same command with --resume goes on."
                    )
        self._save_checkpoint(checkpoint, state, done, costs)
        return state, costs

    @contextmanager
    def _progress(self, stage, total, done, measure):
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[note]}"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=self.console) as progress:
            task = progress.add_task(stage, total=total, completed=done, note="")
            shown = 0.0

            def bar(completed, cost, note=""):
                nonlocal shown
                now = time.monotonic()
                if now - shown > 0.1 or completed == total:
                    shown = now
                    text = f"{measure} {cost:.4f}{note}"
                    progress.update(task, completed=completed, note=text)

            yield bar

    def fit(
        self, stage: str, model: Any, *data: Any, epochs: int, **options: Any
    ) -> dict[str, list[float]]:
        """Call `model.fit` with a progress bar, a checkpoint every epoch and a clean Ctrl-C.

        Keras' own BackupAndRestore keeps weights, optimizer and epoch, and beside it lie the states
        of what draws at random, such as dropout; with --resume `fit` goes on where it stopped.

        Args:
            stage: what is trained; names the checkpoint, unique within a script.
            model: a compiled and built `keras.Model`, changed in place.
            data: x and y as for `fit`.
            epochs: number of passes in all, those before an interruption included.
            options: further ones for `fit`.

        Returns:
            What was logged, one number per epoch: {"loss": [...], ...}.

        Raises:
            Interrupted: Ctrl-C; the epoch is finished, and --resume goes on after it.
            ValueError: a checkpoint that does not fit.
        """
        import keras

        check_count("epochs", epochs)
        folder = self._checkpoint(stage)
        if folder.exists():
            self._check_resumable(folder / "settings.json")
        make_folder(folder)
        _write_json(folder / "settings.json", self._fingerprint())
        done = _epochs_in(folder / "backup")
        if done:
            self.say(f"{stage}: resumed after {done} of {epochs} epochs")

        seeds = folder / "seeds.json"

        def restore(logs):
            if done and seeds.exists():
                values = json.loads(seeds.read_text(encoding="utf-8"))
                for state, value in zip(_seed_states(model), values, strict=True):
                    state.assign(value)

        def begin(epoch, logs):
            nonlocal done
            done = epoch

        def within(batch, logs):
            part = (batch + 1) / show.params["steps"] if show.params["steps"] else 0
            bar(done + part, logs["loss"], ", stops after this epoch" if interrupted() else "")

        def follow(epoch, logs):
            nonlocal done
            done = epoch + 1
            bar(done, logs["loss"])
            states = [keras.ops.convert_to_numpy(state) for state in _seed_states(model)]
            _write_json(seeds, [state.tolist() for state in states])
            if interrupted():
                model.stop_training = True

        backup = keras.callbacks.BackupAndRestore(str(folder / "backup"), delete_checkpoint=False)
        log = keras.callbacks.CSVLogger(str(folder / "log.csv"), append=True)
        show = keras.callbacks.LambdaCallback(
            on_train_begin=restore,
            on_epoch_begin=begin,
            on_train_batch_end=within,
            on_epoch_end=follow,
        )
        callbacks = [backup, log, show, *options.pop("callbacks", ())]
        with self._progress(stage, epochs, done, "loss") as bar, _interruptible() as interrupted:
            try:
                model._initial_epoch = None  # where an earlier `fit` of it was resumed
                model.fit(*data, epochs=epochs, verbose=0, callbacks=callbacks, **options)
            finally:
                if log.csv_file:  # Keras leaves it open when `fit` fails
                    log.csv_file.close()
        if interrupted():
            raise Interrupted(
                f"Stopped {stage} after {done} of {epochs} epochs. "
                f"Checkpoint: {folder}. The same command with --resume goes on."
            )
        table = np.genfromtxt(folder / "log.csv", delimiter=",", names=True, ndmin=1)
        return {name: table[name].tolist() for name in table.dtype.names if name != "epoch"}

    # --- Checkpoints ------------------------------------------------------------------------------

    def _checkpoint(self, stage):
        """Place for the checkpoint of a stage, its name in letters, digits and underscores."""
        return self.out / "checkpoint" / re.sub(r"\W+", "_", stage).strip("_")

    def _fingerprint(self) -> dict[str, Any]:
        """What must be equal for two runs to be the same run."""
        settings = {name: _as_json(value) for name, value in self._settings.items()}
        data = {"source": self._data["source"], "files": self._data["files"]}
        return {"seed": self.seed, "quick": self.quick, "settings": settings, "data": data}

    def _save_checkpoint(self, path, state, done, costs):
        make_folder(path.parent)
        arrays = {f"state/{name}": np.asarray(value) for name, value in state.items()}
        settings = np.array(json.dumps(self._fingerprint()))
        with _replacing(path) as partial, open(partial, "wb") as file:
            np.savez(file, done=done, costs=np.array(costs), settings=settings, **arrays)

    def _load_checkpoint(self, path):
        if not self.resume:
            self._set_aside([path])
            return None
        try:
            with np.load(path, allow_pickle=False) as file:
                content = {name: file[name] for name in file.files}
            settings = json.loads(str(content["settings"]))
            state = {
                name.removeprefix("state/"): value if value.ndim else value.item()
                for name, value in content.items()
                if name.startswith("state/")
            }
            done, costs = int(content["done"]), content["costs"].tolist()
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
            advice = "Run again without --resume."
            raise InvalidValue(
                sentence(str(path), "be a whole checkpoint", "a damaged file", advice)
            ) from error
        self._check_same(path, settings)
        return state, done, costs

    def _check_resumable(self, settings_file):
        if not self.resume:
            self._set_aside([settings_file.parent])
        elif settings_file.is_file():
            self._check_same(settings_file, json.loads(settings_file.read_text()))

    def _check_same(self, path, settings):
        changes = _differences(settings, self._fingerprint())
        if changes:
            expected = f"come from a run with the same settings to resume ({', '.join(changes)})"
            advice = "Give the earlier settings, or run without --resume."
            raise InvalidValue(sentence(str(path), expected, "another run's", advice))

    # --- Results ----------------------------------------------------------------------------------

    def file(self, name: str) -> Path:
        """Claim a file of the output folder; whatever stood there of another run moves aside.

        Args:
            name: file name.

        Returns:
            Its path, for writing (use `figure` and `arrays` for whole files).
        """
        self._move_earlier_run()
        path = self.out / name
        if path.exists() and name not in self._written:
            self._set_aside([path])
        if name not in self._written:
            self._written.append(name)
        return path

    def figure(self, name: str, figure: Any) -> None:
        """Write a matplotlib figure as `name`.png.

        Args:
            name: file name without the ending.
            figure: a `matplotlib.figure.Figure`.
        """
        path = self.file(f"{name}.png")
        with _replacing(path) as partial:
            figure.savefig(partial, format="png", dpi=150)
        self._figures.append(path.name)

    def arrays(self, name: str, arrays: dict[str, Any]) -> None:
        """Write named arrays, such as trained parameters, as `name`.npz.

        Args:
            name: file name without the ending.
            arrays: {name: array or number}.
        """
        with _replacing(self.file(f"{name}.npz")) as partial, open(partial, "wb") as file:
            np.savez(file, **{key: np.asarray(value) for key, value in arrays.items()})

    def model(self, name: str, model: Any) -> None:
        """Write a Keras model as `name`.keras.

        Args:
            name: file name without the ending.
            model: a `keras.Model`.
        """
        with _replacing(self.file(f"{name}.keras")) as partial:
            model.save(partial)

    def finish(self) -> None:
        """Write metrics.json, drop the checkpoints and print what came out."""
        self._move_earlier_run()
        document = {
            "name": self.exercise.name,
            "title": self.exercise.title,
            **self._fingerprint(),
            "metrics": {name: _as_json(value) for name, value in self.metrics.items()},
            "seconds": round(time.perf_counter() - self._begin, 3),
            "finished": datetime.now().astimezone().isoformat(timespec="seconds"),
            "figures": self._figures,
            "files": self._written,
            "versions": _versions(),
        }
        _write_json(self.out / "metrics.json", document)
        _remove_folder(self.out / "checkpoint")
        self._print_summary(document["seconds"])

    def _print_summary(self, seconds):
        from rich.table import Table

        title = f"{self.exercise.title} ({seconds:.1f} s)"
        table = Table("metric", "value", title=title, min_width=len(title))
        table.columns[1].justify = "right"
        for name, value in self.metrics.items():
            if not isinstance(value, (list, dict)):
                table.add_row(name, f"{value:.6g}" if isinstance(value, float) else str(value))
        self.console.print(table)
        figures = f"{len(self._figures)} figures, " if self._figures else ""
        self.say(f"In {self.out}{os.sep}: {figures}metrics.json")
        for name in self._figures:
            self.say(f"  {self.out / name}")

    def _move_earlier_run(self):
        """Once a run: results of other settings go to earlier/, the same run's are replaced."""
        if self._moved_earlier:
            return
        self._moved_earlier = True
        record = self.out / "metrics.json"
        if not record.exists():
            return
        try:
            earlier = json.loads(record.read_text(encoding="utf-8"))
            files = [self.out / str(name) for name in earlier["files"]]
            changes = _differences({k: earlier.get(k) for k in _FINGERPRINT}, self._fingerprint())
        except (ValueError, KeyError, TypeError, AttributeError):
            files, changes = [], ["metrics.json that is not ours"]
        if changes:
            self._set_aside([p for p in files if p.parent == self.out] + [record], changes)
        else:
            self._written = [path.name for path in files]

    def _set_aside(self, paths: Iterable[Path], changes: Sequence[str] = ()):
        present = [path for path in paths if path.exists()]
        if not present:
            return
        stamp = datetime.now().strftime("%Y%m%d-%H%M%S-%f")
        place = self.out / EARLIER / stamp
        make_folder(place)
        for path in present:
            os.replace(path, place / path.name)
        names = ", ".join(path.name for path in present)
        reason = f" (other settings: {', '.join(changes)})" if changes else ""
        self.say(f"Kept in {place}{reason}: {names}")


_FINGERPRINT = ("seed", "quick", "settings", "data")


@contextmanager
def start(
    name: str, argv: Sequence[str] | None, settings: Sequence[Setting] = (), seed: int = 1
) -> Iterator[Run]:
    """Parse the options of a script, hand out a `Run`, and write metrics.json when all went well.

    Args:
        name: the exercise, as `catalog.find` takes it.
        argv: command-line arguments without the program's name; None for those of the process.
        settings: options of this script beyond --quick, --seed, --out, --data-dir and --resume.
        seed: default of --seed, the course's.

    Yields:
        The run.

    Raises:
        SystemExit: --help, or options that cannot be parsed (status 2).
        Complaint: bad values; nothing was written.

    Example:
        >>> with start("c1w2a1", ["--help"]) as run:
        ...     pass
        Traceback (most recent call last):
        SystemExit: 0
    """
    exercise = find(name)
    parser = _parser(exercise, settings, seed)
    options = parser.parse_args(argv)
    chosen = {s.name: _choose(options, s) for s in settings}
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # before TensorFlow is imported, if it is
    run = Run(exercise, options, chosen)
    run.say(f"{exercise.number}  {exercise.title}{'  (quick)' if run.quick else ''}")
    yield run
    run.finish()


def _choose(options, setting):
    given = getattr(options, setting.name.replace("-", "_"))
    if given is not None:
        return (
            given if setting.minimum is None else check_count(setting.name, given, setting.minimum)
        )
    return setting.quick if options.quick and setting.quick is not None else setting.full


def _parser(exercise, settings, seed):
    parser = ArgumentParser(
        prog=f"dlspec run {exercise.name}",
        description="\n".join(textwrap.wrap(f"{exercise.title}. {exercise.teaches}", 96)),
    )
    own = parser.add_argument_group("this exercise") if settings else None
    for s in settings:
        kind = s.type or type(s.full)
        text = s.help
        if s.full is not None:
            quick = f"; {s.quick} with --quick" if s.quick is not None else ""
            text = f"{text} (default {s.full}{quick})"
        metavar = None if s.choices else METAVARS.get(kind, "FILE")
        own.add_argument(f"--{s.name}", type=kind, choices=s.choices, metavar=metavar, help=text)
    every = parser.add_argument_group("every exercise")
    every.add_argument("--quick", action="store_true", help="a short run, to see that all works")
    every.add_argument("--seed", type=int, default=seed, metavar="INT", help=f"default {seed}")
    out = f"folder of the results (default runs/{exercise.folder})"
    every.add_argument("--out", type=Path, metavar="DIR", help=out)
    data = "folder that holds the course's files at any depth (default DLSPEC_DATA_DIR)"
    every.add_argument("--data-dir", type=Path, metavar="DIR", help=data)
    every.add_argument("--resume", action="store_true", help="go on where a run was interrupted")
    return parser


def load_script(exercise: Exercise) -> Any:
    """Import the script of an exercise from its file.

    Args:
        exercise: a row of the catalogue.

    Returns:
        The module, with `main(argv=None)`.

    Raises:
        ValueError: the installation lacks the script.

    Example:
        >>> load_script(find("c1w2a2")).main.__name__
        'main'
    """
    if not os.path.isfile(exercise.script):
        expected = f"hold the script {exercise.path}.py"
        raise InvalidValue(
            sentence("installation", expected, "no such file", "Install dlspec again.")
        )
    name = f"dlspec_assignment_{exercise.course}_{exercise.name}"
    spec = importlib.util.spec_from_file_location(name, exercise.script)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def load_keras() -> Any:
    """Import Keras, without the lines that TensorFlow logs while it starts.

    They go straight to the error stream of the process, and no setting of TensorFlow's stops them
    all.  Import Keras inside `main`, so that --help need not wait for it.

    Returns:
        The module `keras`.

    Example:
        >>> load_keras().__name__
        'keras'
    """
    sys.stderr.flush()
    kept, silence = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 2)
    try:
        import keras

        keras.ops.zeros(1)  # starts the devices, which TensorFlow also has something to say about
        with suppress(ImportError):
            import tensorflow  # noqa: F401  On JAX, `fit` would import it later
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(silence)
    return keras


def execute(main: Callable, argv: Sequence[str] | None = None) -> int:
    """Run `main` as a command: complaints become one line and a status instead of a traceback.

    Args:
        main: takes `argv`.
        argv: command-line arguments; None for those of the process.

    Returns:
        0, 2 after a complaint about input, or 130 after Ctrl-C.

    Example:
        >>> execute(lambda argv: {"accuracy": 1.0})
        0
    """
    try:
        main(argv)
    except Interrupted as stop:
        print(stop, file=sys.stderr)
        return 130
    except Complaint as complaint:
        print(f"dlspec: {complaint}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    return 0


# --- Small parts ----------------------------------------------------------------------------------


def _console():
    from rich.console import Console

    return Console()


@contextmanager
def _interruptible():
    """Turn Ctrl-C into a flag that is read between two steps, when the state is whole."""
    pressed = []
    try:
        before = signal.signal(signal.SIGINT, lambda *_: pressed.append(True))
    except ValueError:  # not in the main thread: Ctrl-C is somebody else's
        yield lambda: False
        return
    try:
        yield lambda: bool(pressed)
    finally:
        signal.signal(signal.SIGINT, before)


def make_folder(folder: Path) -> None:
    """Make a folder for results, and see that it can be written.

    Args:
        folder: may exist.

    Raises:
        ValueError: it cannot be made or written.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as place:
        ...     make_folder(Path(place, "runs"))
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".dlspec-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        received = f"{folder} ({error.strerror})"
        advice = "Name another folder with --out."
        raise InvalidValue(
            sentence("out", "be a folder that can be written", received, advice)
        ) from error


def _epochs_in(backup):
    """How many epochs a checkpoint of Keras' BackupAndRestore holds; 0 where there is none."""
    import h5py

    if not backup.exists():
        return 0
    try:
        done = json.loads((backup / "training_metadata.json").read_text(encoding="utf-8"))["epoch"]
        h5py.File(backup / "latest.weights.h5").close()
    except (OSError, ValueError, KeyError) as error:
        expected, advice = "be a whole checkpoint", "Run again without --resume."
        raise InvalidValue(sentence(str(backup), expected, "a damaged one", advice)) from error
    return done


def _seed_states(model):
    """States of the random numbers of a model, which Keras does not count among its weights."""
    return [v for v in model.variables if v.path.endswith("seed_generator_state")]


def _remove_folder(folder):
    import shutil

    if folder.is_dir():
        shutil.rmtree(folder)


@contextmanager
def _replacing(path):
    """A path to write to that becomes `path` when all is written, and vanishes when not."""
    partial = path.with_name(f".{path.stem}.partial{path.suffix}")
    try:
        yield partial
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def _write_json(path, document):
    text = json.dumps(document, indent=2, allow_nan=False)
    with _replacing(path) as partial:
        partial.write_text(text + "\n", encoding="utf-8")


def _as_json(value):
    if isinstance(value, (np.integer, np.floating, np.bool_)):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, dict):
        return {str(key): _as_json(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_as_json(entry) for entry in value]
    return value


def _differences(before: dict, now: dict, prefix: str = "") -> list[str]:
    """Readable list of what changed between two fingerprints."""
    changes = []
    for key in now:
        old, new = (before or {}).get(key), now[key]
        if isinstance(new, dict):
            changes += _differences(old, new, f"{prefix}{key} " if key == "data" else "")
        elif old != new:
            changes.append(f"{prefix}{key} {old} -> {new}")
    return changes


def _versions():
    versions = {"dlspec": __version__, "python": ".".join(map(str, sys.version_info[:3]))}
    for package in ("numpy", "keras", "tensorflow", "jax", "sklearn", "matplotlib"):
        if package in sys.modules:
            try:
                versions[package] = version({"sklearn": "scikit-learn"}.get(package, package))
            except PackageNotFoundError:
                versions[package] = "unknown"
    return versions
