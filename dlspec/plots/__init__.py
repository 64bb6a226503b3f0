"""Figures: arrays in, `matplotlib.figure.Figure` out.

    curves       cost_curve, lines
    boundaries   scatter, scatters, decision_boundary, decision_boundaries
    images       image_grid, mislabelled, photo_verdict
    weights      weights_as_image
    scores       confusion_matrix, bars

Every function draws on a figure of its own and leaves the rest to the caller:
`fig.savefig("cost.png")` writes it, `fig.axes` gives the parts to go on with.  None of them opens a
window or changes a setting of matplotlib.  Class 0 is blue and class 1 vermilion wherever classes
are drawn; colour-blind readers can tell the palette apart.
"""

from dlspec.plots.boundaries import decision_boundaries, decision_boundary, scatter, scatters
from dlspec.plots.curves import cost_curve, lines
from dlspec.plots.images import image_grid, mislabelled, photo_verdict
from dlspec.plots.scores import bars, confusion_matrix
from dlspec.plots.weights import weights_as_image

__all__ = [
    "bars",
    "confusion_matrix",
    "cost_curve",
    "decision_boundaries",
    "decision_boundary",
    "image_grid",
    "lines",
    "mislabelled",
    "photo_verdict",
    "scatter",
    "scatters",
    "weights_as_image",
]
