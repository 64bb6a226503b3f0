import numpy as np

from dlspec import plots
from tests.complaints import complaints_test

POWER = np.outer(10.0 ** -np.arange(9), np.ones(4))  # 10 dB less in every row


def draw(**changes):
    given = {"power": POWER, "seconds": 10, "hertz": 4000, "title": "Sound"}
    return plots.spectrogram(**given | changes)


def test_power_is_drawn_in_decibels_low_frequencies_below():
    [ax] = draw().axes
    [image] = ax.images
    expected = -10.0 * np.minimum(np.arange(9), 6)  # 60 dB below the loudest is silence
    np.testing.assert_allclose(image.get_array()[:, 0], expected, atol=1e-9)
    assert image.origin == "lower"
    assert image.get_extent() == [0, 10, 0, 4] or tuple(image.get_extent()) == (0, 10, 0, 4)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("time (s)", "frequency (kHz)")


def test_silence_can_be_drawn():
    draw(power=np.zeros((3, 3))).draw_without_rendering()


def test_curves_share_the_seconds():
    top, bottom = draw(curves={"a": [0, 1, 0], "b": [1, 0]}, marks={"found": [2.5]}).axes
    a, b, found = bottom.lines
    assert a.get_xdata().tolist() == [0, 5, 10]
    assert b.get_xdata().tolist() == [0, 10]
    assert found.get_xdata().tolist() == [2.5]
    assert found.get_ydata()[0] > 1  # above the curves
    assert top.get_xlim() == bottom.get_xlim() == (0, 10)
    assert [t.get_text() for t in bottom.get_legend().get_texts()] == ["a", "b", "found"]


COMPLAINTS = [
    (
        lambda _: draw(power=-POWER),
        ValueError,
        "`power` must be 0 or above. Received: -1.",
    ),
    (
        lambda _: draw(power=POWER[0]),
        ValueError,
        "`power` must have shape (frequencies, columns). Received: (4,).",
    ),
    (
        lambda _: draw(seconds=0),
        ValueError,
        "`seconds` must be a positive finite number. Received: 0.",
    ),
    (
        lambda _: draw(marks={"found": [1]}),
        ValueError,
        "`marks` must come with curves. Received: none.",
    ),
    (
        lambda _: draw(curves={"y": [[1]]}),
        ValueError,
        "`curves['y']` must have shape (n,). Received: (1, 1).",
    ),
]
test_complaints = complaints_test(COMPLAINTS)
