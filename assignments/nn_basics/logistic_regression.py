"""Logistic regression as a cat classifier (course 1, week 2, assignment 2).

One neuron looks at 12,288 pixels and says cat or not.  It learns the training pictures nearly by
heart and is right about 7 unseen ones out of 10: enough to see what one neuron can do, and why the
course goes on.  Figures: the cost, the cost at three learning rates, the weights as a picture, the
mistakes on the test set, the confusion matrix.

    dlspec run logistic_regression
    dlspec run logistic_regression --image my_cat.jpg
    dlspec run logistic_regression --data-dir FOLDER_WITH_THE_COURSE_FILES

Numbers to expect (2026-11-21, two cores: 4 s, --quick 1 s), the same for every seed of the course's
photos since the weights start from zero:

                         course's photos    generated pictures (seed 1)
    training pictures        99.04 %            100 %
    test pictures            70 %                70 %
    first and last cost      0.693147, 0.140872  0.693147, 0.141856
"""

from pathlib import Path

import numpy as np

from dlspec import plots
from dlspec.datasets import load_cats, photo_as_input, read_photo
from dlspec.datasets.cats import as_columns
from dlspec.nn_basics.logistic_regression import (
    gradient_descent,
    initialize_with_zeros,
    predict,
    sigmoid,
)
from dlspec.runner import Setting, execute, start

SETTINGS = [
    Setting("iterations", 2000, quick=200, help="gradient-descent steps"),
    Setting("learning-rate", 0.005, help="step size alpha"),
    Setting("image", None, type=Path, help="a photo of yours to classify, any size and format"),
]

OTHER_RATES = (0.01, 0.001, 0.0001)


def main(argv: list[str] | None = None) -> dict:
    """Train, measure, draw; returns the metrics."""
    with start("nn_basics/logistic_regression", argv, SETTINGS) as run:
        photo = read_photo(run["image"]) if run["image"] else None
        cats = load_cats(run.data_dir, run.seed)
        run.uses(cats, f"{len(cats.train_x)} training and {len(cats.test_x)} test pictures")
        X_train, Y_train, X_test, Y_test = cats.as_columns()

        def train(rate):
            w, b = initialize_with_zeros(X_train.shape[0])
            return run.train(
                f"learning rate {rate:g}",
                lambda state: gradient_descent(**state, X=X_train, Y=Y_train, learning_rate=rate),
                {"w": w, "b": b},
                run["iterations"],
            )

        neuron, costs = train(run["learning-rate"])
        other_rates = [rate for rate in OTHER_RATES if rate != run["learning-rate"]]
        curves = {f"alpha {rate:g}": train(rate)[1] for rate in other_rates}

        predictions = predict(**neuron, X=X_test)
        probabilities = sigmoid(neuron["w"].T @ X_test + neuron["b"])
        run.metrics |= {
            "train_accuracy": float(np.mean(predict(**neuron, X=X_train) == Y_train)),
            "test_accuracy": float(np.mean(predictions == Y_test)),
            "costs": costs,
        }
        if costs:
            run.metrics |= {"first_cost": costs[0], "last_cost": costs[-1]}

        run.arrays("parameters", neuron)
        if costs:
            run.figure("cost", plots.cost_curve(costs, every=100, title="Cost while learning"))
            curves = {f"alpha {run['learning-rate']:g}": costs} | curves
            title = "What the learning rate does"
            run.figure("learning_rates", plots.cost_curve(curves, every=100, title=title))
        title = "What the neuron looks for"
        run.figure("weights", plots.weights_as_image(neuron["w"], (64, 64, 3), title=title))
        run.figure(
            "mistakes",
            plots.mislabelled(
                cats.test_x,
                Y_test,
                predictions,
                probabilities=probabilities,
                class_names=cats.class_names,
            ),
        )
        matrix = plots.confusion_matrix(Y_test, predictions, class_names=cats.class_names)
        run.figure("confusion", matrix)
        if photo is not None:
            classify_photo(run, photo, neuron)
    return run.metrics


def classify_photo(run, photo, neuron) -> None:
    """Say whether the user's photo shows a cat, and draw it beside what the neuron saw."""
    seen = photo_as_input(photo)
    probability = float(sigmoid(neuron["w"].T @ as_columns(seen[None]) + neuron["b"]).item())
    verdict = "cat" if probability > 0.5 else "not a cat"
    certainty = max(probability, 1 - probability)
    run.say(f"{run['image']}: {verdict} ({certainty:.1%})")
    run.metrics |= {"image_verdict": verdict, "image_probability": probability}
    run.figure(
        "photo", plots.photo_verdict(photo, verdict=verdict, probability=certainty, seen=seen)
    )


if __name__ == "__main__":
    raise SystemExit(execute(main))
