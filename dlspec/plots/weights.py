"""The weights of a neuron as a picture: what it looks at."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from dlspec._complaints import InvalidValue, sentence
from dlspec._validation import check_array, check_count
from dlspec.plots._style import INK, SMALL, TEXT, new_panels, style_picture

__all__ = ["weights_as_image"]

COLUMNS = 5
"""Neurons in a row."""


def weights_as_image(
    weights: np.ndarray, shape: Sequence[int], *, title: str = "What the neuron looks at"
) -> Figure:
    """Weights put back where their pixels are: red speaks for the class, blue against it.

    One neuron on colour pictures shows the mean over the channels and each channel beside it;
    several neurons show one mean each.  White is zero, and all panels share one scale.

    Args:
        weights: of one neuron (n,), (n, 1) or (1, n); or of k neurons (k, n), one a row.
        shape: of the pictures, (H, W, 3), (H, W, 1) or (H, W), with n numbers in all.
        title: above the figure.

    Returns:
        A figure with four panels for one neuron on colour pictures, otherwise one for each neuron,
        and a colour bar in the last axes.

    Raises:
        TypeError: weights that are not numbers, sizes that are not whole numbers.
        ValueError: shapes that do not fit, NaN or infinity.

    Example:
        >>> fig = weights_as_image(np.linspace(-1, 1, 12), (2, 2, 3))
        >>> [ax.get_title() for ax in fig.axes[:-1]]
        ['mean', 'red', 'green', 'blue']
    """
    shape = _check_shape(shape)
    neurons = _check_weights(weights, shape)
    panels = _panels(neurons)
    fig, axes = new_panels(len(panels), COLUMNS, (1.75, 1.75), title)
    strongest = max(np.abs(panel).max() for panel in panels.values()) or 1.0
    for ax, (name, panel) in zip(axes, panels.items(), strict=True):
        drawn = ax.imshow(
            panel, cmap="RdBu_r", vmin=-strongest, vmax=strongest, interpolation="nearest"
        )
        style_picture(ax, title=name)
    bar = fig.colorbar(drawn, ax=axes, aspect=15, pad=0.02)
    bar.set_label("weight", fontsize=TEXT, color=INK)
    bar.ax.tick_params(labelsize=SMALL, labelcolor=INK, color=INK)
    bar.outline.set_visible(False)
    return fig


def _check_shape(shape: object) -> tuple[int, ...]:
    sizes = tuple(shape) if isinstance(shape, Sequence) else (shape,)
    if len(sizes) not in (2, 3) or (len(sizes) == 3 and sizes[2] not in (1, 3)):
        raise InvalidValue(sentence("shape", "be (H, W, 3), (H, W, 1) or (H, W)", f"{shape!r}"))
    return tuple(check_count(f"shape[{i}]", size) for i, size in enumerate(sizes))


def _check_weights(weights: object, shape: tuple[int, ...]) -> np.ndarray:
    """Return the weights as (k, H, W) or (k, H, W, 3)."""
    n = int(np.prod(shape))
    weights = check_array("weights", weights)
    if weights.shape not in ((n,), (n, 1)) and (weights.ndim != 2 or weights.shape[1] != n):
        advice = f"`shape` {shape} sets n={n}."
        if weights.ndim == 2 and weights.shape[0] == n:
            advice += " Use weights.T."
        expected = f"have shape (n={n},), (n={n}, 1) or (k, n={n})"
        raise InvalidValue(sentence("weights", expected, weights.shape, advice))
    if weights.size == 0:
        raise InvalidValue(sentence("weights", "hold at least one neuron", weights.shape))
    grey = shape[:2] if shape[-1] == 1 and len(shape) == 3 else shape
    return weights.reshape(-1, *grey)


def _panels(neurons: np.ndarray) -> dict[str, np.ndarray]:
    means = neurons.mean(axis=3) if neurons.ndim == 4 else neurons
    if len(neurons) > 1:
        return {f"neuron {i}": mean for i, mean in enumerate(means)}
    if neurons.ndim == 3:
        return {"weights": means[0]}
    channels = {name: neurons[0, :, :, i] for i, name in enumerate(["red", "green", "blue"])}
    return {"mean": means[0], **channels}
