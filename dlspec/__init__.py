"""The Deep Learning Specialization as a package: run it, import it, check against it.

One subpackage per course, each with the graded functions of the exercises under the course's names:

    nn_basics      Neural Networks and Deep Learning
    optimization   Improving Deep Neural Networks
    strategy       Structuring Machine Learning Projects
    cnn            Convolutional Neural Networks
    sequence       Sequence Models

Subpackages load when first used; importing `dlspec` loads neither TensorFlow nor Keras nor
matplotlib.  `dlspec list` on the command line shows what can be run.
"""

import importlib

__version__ = "0.1.0"

_SUBPACKAGES = (
    "catalog",
    "cnn",
    "datasets",
    "nn_basics",
    "optimization",
    "plots",
    "runner",
    "sequence",
    "strategy",
    "testing",
)

__all__ = ["__version__", *_SUBPACKAGES]


def __getattr__(name: str):
    if name in _SUBPACKAGES:
        return importlib.import_module(f"dlspec.{name}")
    raise AttributeError(f"module 'dlspec' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted(__all__)
