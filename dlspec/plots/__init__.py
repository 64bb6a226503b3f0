"""Figures: arrays in, `matplotlib.figure.Figure` out.

    curves       cost_curve, lines, histograms
    attention    attention_maps
    boundaries   scatter, scatters, decision_boundary, decision_boundaries
    boxes        draw_boxes
    images       image_grid, mislabelled, photo_verdict
    feature_maps feature_maps
    masks        draw_masks, mask_colors
    music        piano_roll, share_columns
    paths        descent_paths
    weights      weights_as_image
    scores       confusion_matrix, bars
    search       search_scatter
    tagged_text  tagged_text
    spectrograms spectrogram
    costs        labelled_points, stacked_bars

Every function draws on a figure of its own and leaves the rest to the caller:
`fig.savefig("cost.png")` writes it, `fig.axes` gives the parts to go on with.  None of them opens a
window or changes a setting of matplotlib.  Class 0 is blue and class 1 vermilion wherever classes
are drawn; colour-blind readers can tell the palette apart.
"""

from dlspec.plots.attention import attention_maps
from dlspec.plots.boundaries import decision_boundaries, decision_boundary, scatter, scatters
from dlspec.plots.boxes import draw_boxes
from dlspec.plots.costs import labelled_points, stacked_bars
from dlspec.plots.curves import cost_curve, histograms, lines
from dlspec.plots.feature_maps import feature_maps
from dlspec.plots.images import image_grid, mislabelled, photo_verdict
from dlspec.plots.masks import draw_masks, mask_colors
from dlspec.plots.music import piano_roll, share_columns
from dlspec.plots.paths import descent_paths
from dlspec.plots.scores import bars, confusion_matrix
from dlspec.plots.search import search_scatter
from dlspec.plots.spectrograms import spectrogram
from dlspec.plots.tagged_text import tagged_text
from dlspec.plots.weights import weights_as_image

__all__ = [
    "attention_maps",
    "bars",
    "confusion_matrix",
    "cost_curve",
    "decision_boundaries",
    "decision_boundary",
    "descent_paths",
    "draw_boxes",
    "draw_masks",
    "feature_maps",
    "histograms",
    "image_grid",
    "labelled_points",
    "lines",
    "mask_colors",
    "mislabelled",
    "photo_verdict",
    "piano_roll",
    "scatter",
    "scatters",
    "search_scatter",
    "share_columns",
    "spectrogram",
    "stacked_bars",
    "tagged_text",
    "weights_as_image",
]
