"""Text with entities: words in reading order, colours by kind, marks below mistakes."""

import matplotlib.patches
import pytest
from matplotlib.colors import to_rgb

from dlspec.plots import tagged_text
from dlspec.plots._style import WRONG, pale_rgb
from tests.complaints import complaints_test

KINDS = ["NAME", "PLACE"]
TEXT = [("Ada", "NAME"), ("Bell", "NAME"), ("lives", ""), ("in", ""), ("Oslo", "PLACE")]


def test_words_stand_in_reading_order_on_the_colour_of_their_kind():
    (ax,) = tagged_text([TEXT], kinds=KINDS).axes
    assert [text.get_text() for text in ax.texts] == [word for word, _ in TEXT]
    lefts = [text.get_position()[0] for text in ax.texts]
    assert lefts == sorted(lefts)
    boxes = [p for p in ax.patches if isinstance(p, matplotlib.patches.Rectangle)]
    colours = [tuple(box.get_facecolor()[:3]) for box in boxes]
    expected = [tuple(pale_rgb(i)) for i in (0, 0, 1)]
    for found, wanted in zip(colours, expected, strict=True):
        assert found == pytest.approx(wanted)


def test_lines_break_and_paragraphs_stand_apart():
    (ax,) = tagged_text([TEXT * 12, TEXT], kinds=KINDS, width=4).axes
    heights = [round(text.get_position()[1], 3) for text in ax.texts]
    assert heights == sorted(heights)
    assert len(set(heights)) > 5
    room = ax.get_xlim()[1]
    ends = [text.get_window_extent() for text in ax.texts]
    right = ax.transData.inverted().transform([(end.x1, end.y0) for end in ends])[:, 0]
    assert right.max() <= room + 0.1


def test_mistakes_are_underlined():
    marks = [[False, True, False, False, True]]
    (ax,) = tagged_text([TEXT], kinds=KINDS, wrong=marks).axes
    assert [to_rgb(line.get_color()) for line in ax.lines] == [to_rgb(WRONG)] * 2
    assert [line.get_xdata()[0] for line in ax.lines] == [
        ax.texts[i].get_position()[0] for i in (1, 4)
    ]


def test_the_legend_names_the_kinds():
    fig = tagged_text([TEXT], kinds=KINDS, title="Two kinds")
    assert [text.get_text() for text in fig.legends[0].get_texts()] == KINDS
    assert fig.get_suptitle() == "Two kinds"


COMPLAINTS = [
    (
        lambda folder: tagged_text([], kinds=KINDS),
        ValueError,
        "`texts` must hold paragraphs with words. Received: none.",
    ),
    (
        lambda folder: tagged_text([["Ada"]], kinds=KINDS),
        TypeError,
        "`texts` must hold pairs (word, kind). Received: 'Ada'.",
    ),
    (
        lambda folder: tagged_text([[("Ada", "JOB")]], kinds=KINDS),
        ValueError,
        "`texts` must hold kinds among NAME, PLACE. Received: 'JOB'.",
    ),
    (
        lambda folder: tagged_text([TEXT], kinds=KINDS, wrong=[[True]]),
        ValueError,
        "`wrong` must have one mark for each word. Received: another count.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
