"""Weights go back to the place of their pixels."""

import numpy as np
import pytest

from dlspec._complaints import InvalidType, InvalidValue
from dlspec.plots import weights_as_image
from tests.complaints import complaints_test

W = np.linspace(-1.0, 0.5, 2 * 3 * 3)


def _panels(fig):
    return {ax.get_title(): ax.images[0].get_array() for ax in fig.axes[:-1]}


@pytest.mark.parametrize("weights", [W, W.reshape(-1, 1), W.reshape(1, -1), W.tolist()])
def test_one_neuron_shows_the_mean_and_every_channel(weights):
    panels = _panels(weights_as_image(weights, (2, 3, 3)))
    pixels = W.reshape(2, 3, 3)
    assert list(panels) == ["mean", "red", "green", "blue"]
    np.testing.assert_allclose(panels["mean"], pixels.sum(axis=2) / 3)
    for i, name in enumerate(["red", "green", "blue"]):
        np.testing.assert_array_equal(panels[name], pixels[:, :, i])


def test_several_neurons_show_one_mean_each():
    panels = _panels(weights_as_image(np.stack([W, -W]), (2, 3, 3)))
    assert list(panels) == ["neuron 0", "neuron 1"]
    np.testing.assert_array_equal(panels["neuron 1"], -panels["neuron 0"])


@pytest.mark.parametrize("shape", [(3, 6), (3, 6, 1), [3, 6]])
def test_grey_weights_have_one_panel(shape):
    panels = _panels(weights_as_image(W, shape))
    assert list(panels) == ["weights"]
    np.testing.assert_array_equal(panels["weights"], W.reshape(3, 6))


def test_all_panels_share_one_scale_around_zero():
    fig = weights_as_image(W, (2, 3, 3), title="Cat neuron")
    assert {ax.images[0].get_clim() for ax in fig.axes[:-1]} == {(-1.0, 1.0)}
    assert fig.axes[-1].get_ylabel() == "weight"
    assert fig.get_suptitle() == "Cat neuron"


def test_weights_that_are_all_zero_are_white():
    picture = weights_as_image(np.zeros(4), (2, 2)).axes[0].images[0]
    assert picture.get_clim() == (-1.0, 1.0)
    assert min(picture.cmap(picture.norm(0.0))) > 0.95


COMPLAINTS = [
    (
        lambda tmp: weights_as_image(W, (2, 3)),
        InvalidValue,
        "`weights` must have shape (n=6,), (n=6, 1) or (k, n=6). Received: (18,). `shape` (2, 3) "
        "sets n=6.",
    ),
    (
        lambda tmp: weights_as_image(np.stack([W, W], axis=1), (2, 3, 3)),
        InvalidValue,
        "`weights` must have shape (n=18,), (n=18, 1) or (k, n=18). Received: (18, 2). `shape` "
        "(2, 3, 3) sets n=18. Use weights.T.",
    ),
    (
        lambda tmp: weights_as_image(np.zeros((0, 4)), (2, 2)),
        InvalidValue,
        "`weights` must hold at least one neuron. Received: (0, 4).",
    ),
    (
        lambda tmp: weights_as_image([0, np.inf], (1, 2)),
        InvalidValue,
        "`weights` must hold finite numbers only. Received: 0 NaN and 1 infinite of 2 values, the "
        "first at [1]. Remove or replace them.",
    ),
    (
        lambda tmp: weights_as_image(W, 18),
        InvalidValue,
        "`shape` must be (H, W, 3), (H, W, 1) or (H, W). Received: 18.",
    ),
    (
        lambda tmp: weights_as_image(W, (3, 3, 2)),
        InvalidValue,
        "`shape` must be (H, W, 3), (H, W, 1) or (H, W). Received: (3, 3, 2).",
    ),
    (
        lambda tmp: weights_as_image(W, (9.0, 2)),
        InvalidType,
        "`shape[0]` must be a whole number. Received: 9.0 (float).",
    ),
]


test_complaints = complaints_test(COMPLAINTS)
