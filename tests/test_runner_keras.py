"""Training by Keras under the runner: Ctrl-C, checkpoint, resume."""

import json
import os
import signal
from contextlib import contextmanager

import keras
import numpy as np
import pytest

from dlspec.nn_basics.models import LogisticRegression
from dlspec.runner import Interrupted, Run, start
from tests.complaints import complaints_test

NAME = "c1x1"


def fit(out, *options, epochs=6, interrupt_at=None, rate=0.5, batch_size=32):
    """Logistic regression on eight points; returns the weights and the epochs that were run."""
    ran = []

    def note(epoch, logs):
        ran.append(epoch)
        if epoch == interrupt_at:
            os.kill(os.getpid(), signal.SIGINT)

    with start(NAME, ["--out", str(out), *options]) as run:
        keras.utils.set_random_seed(run.seed)
        model = LogisticRegression(2)
        model.compile(keras.optimizers.SGD(rate, momentum=0.9), "binary_crossentropy")
        X = np.linspace(-1, 1, 16, dtype="float32").reshape(8, 2)
        noted = keras.callbacks.LambdaCallback(on_epoch_begin=note)
        log = run.fit(
            "points",
            model,
            X,
            (X.sum(axis=1) > 0).astype(int),
            epochs=epochs,
            shuffle=False,
            batch_size=batch_size,
            callbacks=[noted],
        )
        run.metrics["weight"] = float(model.get_weights()[0][0, 0])
        run.metrics["losses"] = log["loss"]
        run.model("model", model)
    return model.get_weights(), ran


def test_a_finished_run_leaves_the_model_and_no_checkpoint(tmp_path):
    weights, ran = fit(tmp_path)
    assert ran == [0, 1, 2, 3, 4, 5]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["metrics.json", "model.keras"]
    loaded = keras.models.load_model(tmp_path / "model.keras")
    for a, b in zip(loaded.get_weights(), weights, strict=True):
        np.testing.assert_array_equal(a, b)


def test_ctrl_c_stops_after_the_epoch_and_resume_ends_as_if_nothing_had_happened(tmp_path, capsys):
    with pytest.raises(Interrupted) as caught:
        fit(tmp_path / "a", interrupt_at=2)
    assert str(caught.value).startswith("Stopped points after 3 of 6 epochs. Checkpoint: ")
    assert not (tmp_path / "a" / "metrics.json").exists()
    resumed, ran = fit(tmp_path / "a", "--resume")
    assert ran == [3, 4, 5]
    assert "points: resumed after 3 of 6 epochs\n" in capsys.readouterr().out
    straight, _ = fit(tmp_path / "b")
    for a, b in zip(resumed, straight, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6)
    np.testing.assert_allclose(losses(tmp_path / "a"), losses(tmp_path / "b"), rtol=1e-6)
    assert len(losses(tmp_path / "a")) == 6


def test_dropout_goes_on_where_it_stopped(tmp_path):
    """Keras does not count the states of random numbers among the weights that it keeps."""

    def fit_with_dropout(out, *options, interrupt_at=None):
        with start(NAME, ["--out", str(out), *options]) as run:
            keras.utils.set_random_seed(run.seed)
            layers = [keras.Input((16,)), keras.layers.Dropout(0.5), keras.layers.Dense(1)]
            model = keras.Sequential(layers)
            model.compile("sgd", "mse")

            def note(epoch, logs):
                if epoch == interrupt_at:
                    os.kill(os.getpid(), signal.SIGINT)

            noted = keras.callbacks.LambdaCallback(on_epoch_begin=note)
            X = np.random.default_rng(0).normal(size=(8, 16))
            run.fit("points", model, X, X[:, 0], epochs=4, shuffle=False, callbacks=[noted])
        return model.get_weights()[0]

    with pytest.raises(Interrupted):
        fit_with_dropout(tmp_path / "a", interrupt_at=1)
    resumed = fit_with_dropout(tmp_path / "a", "--resume")
    np.testing.assert_allclose(resumed, fit_with_dropout(tmp_path / "b"), rtol=1e-5)


def test_a_stage_after_a_resumed_one_begins_at_its_first_epoch(tmp_path):
    """Keras keeps on the model where a resumed `fit` began."""
    ran = {"one": [], "two": []}

    def two_stages(*options, interrupt_at=None):
        with start(NAME, ["--out", str(tmp_path), *options]) as run:
            model = LogisticRegression(2)
            model.compile("sgd", "binary_crossentropy")
            for stage, epochs in ran.items():

                def note(epoch, logs, stage=stage, epochs=epochs):
                    epochs.append(epoch)
                    if (stage, epoch) == ("one", interrupt_at):
                        os.kill(os.getpid(), signal.SIGINT)

                noted = keras.callbacks.LambdaCallback(on_epoch_begin=note)
                run.fit(stage, model, np.ones((4, 2)), np.ones(4), epochs=4, callbacks=[noted])

    with pytest.raises(Interrupted):
        two_stages(interrupt_at=1)
    two_stages("--resume")
    assert ran == {"one": [0, 1, 2, 3], "two": [0, 1, 2, 3]}


def losses(out):
    return json.loads((out / "metrics.json").read_text())["metrics"]["losses"]


def test_without_resume_the_checkpoint_is_kept_aside(tmp_path):
    with pytest.raises(Interrupted):
        fit(tmp_path, interrupt_at=2)
    _, ran = fit(tmp_path)
    assert ran == [0, 1, 2, 3, 4, 5]
    (kept,) = (tmp_path / "earlier").iterdir()
    assert (kept / "points").is_dir()


def resumed_with_another_seed(folder):
    with pytest.raises(Interrupted):
        fit(folder, interrupt_at=1)
    fit(folder, "--resume", "--seed", "2")


def resumed_from_half_a_file(folder):
    with pytest.raises(Interrupted):
        fit(folder, interrupt_at=1)
    weights = folder / "checkpoint" / "points" / "backup" / "latest.weights.h5"
    weights.write_bytes(weights.read_bytes()[:2000])
    fit(folder, "--resume")


@contextmanager
def shown_by_the_bar(monkeypatch):
    """Every call of the bar: epochs completed, and the note behind the cost."""
    seen = []

    @contextmanager
    def progress(run, stage, total, done, measure):
        yield lambda completed, cost, note="": seen.append((completed, note))

    monkeypatch.setattr(Run, "_progress", progress)
    yield seen


def test_the_bar_moves_within_an_epoch(tmp_path, monkeypatch):
    """Eight points in batches of two: quarters of an epoch, then the whole one."""
    with shown_by_the_bar(monkeypatch) as seen:
        fit(tmp_path, epochs=2, batch_size=2)
    quarters = [0.25, 0.5, 0.75, 1, 1, 1.25, 1.5, 1.75, 2, 2]
    assert seen == [(completed, "") for completed in quarters]


def test_after_ctrl_c_the_bar_says_that_the_epoch_is_finished_first(tmp_path, monkeypatch):
    with shown_by_the_bar(monkeypatch) as seen, pytest.raises(Interrupted):
        fit(tmp_path, epochs=2, batch_size=4, interrupt_at=1)
    note = ", stops after this epoch"
    assert seen == [(0.5, ""), (1, ""), (1, ""), (1.5, note), (2, note), (2, "")]
    with shown_by_the_bar(monkeypatch) as seen, pytest.raises(Interrupted):
        fit(tmp_path / "b", epochs=3, batch_size=4, interrupt_at=0)
    with shown_by_the_bar(monkeypatch) as seen:
        fit(tmp_path / "b", "--resume", epochs=3, batch_size=4)
    assert seen[0] == (1.5, "")


def test_after_a_failure_ctrl_c_is_the_callers_again(tmp_path):
    before = signal.getsignal(signal.SIGINT)

    def fail(epoch, logs):
        raise RuntimeError("broken on purpose")

    with (
        pytest.raises(RuntimeError, match="on purpose"),
        start(NAME, ["--out", str(tmp_path)]) as run,
    ):
        model = LogisticRegression(2)
        model.compile("sgd", "binary_crossentropy")
        broken = keras.callbacks.LambdaCallback(on_epoch_begin=fail)
        run.fit("points", model, np.ones((4, 2)), np.ones(4), epochs=2, callbacks=[broken])
    assert signal.getsignal(signal.SIGINT) is before


COMPLAINTS = [
    (
        resumed_with_another_seed,
        ValueError,
        "`{folder}/checkpoint/points/settings.json` must come from a run with the same settings to "
        "resume (seed 1 -> 2). Received: another run's. "
        "Give the earlier settings, or run without --resume.",
    ),
    (
        resumed_from_half_a_file,
        ValueError,
        "`{folder}/checkpoint/points/backup` must be a whole checkpoint. Received: a damaged one. "
        "Run again without --resume.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
