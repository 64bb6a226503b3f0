"""CVs: every name is where its span says, tests have other names, words mean several things."""

import numpy as np
import pytest

from dlspec.datasets import _names as names
from dlspec.datasets.generated_resumes import KINDS, make_resumes
from tests.complaints import complaints_test


@pytest.fixture(scope="module")
def resumes():
    return make_resumes(2000, seed=1)


@pytest.fixture(scope="module")
def others():
    return make_resumes(500, seed=1, new=True)


def found(resumes, *kinds):
    """Words of the names of some kinds."""
    return {
        word
        for text, spans in resumes
        for start, end, kind in spans
        if kind in kinds and text != text.lower()
        for word in text[start:end].split()
    }


def test_spans_are_names_in_their_order(resumes):
    for text, spans in resumes:
        ends = [0]
        for start, end, kind in spans:
            assert ends[-1] <= start < end <= len(text)
            assert kind in KINDS
            assert text[start:end] == text[start:end].strip(" .,:;")
            ends.append(end)
        assert "{" not in text


def test_every_kind_comes_often_and_most_words_are_none(resumes):
    counts = {kind: 0 for kind in KINDS}
    for _, spans in resumes:
        for _, _, kind in spans:
            counts[kind] += 1
    assert min(counts.values()) > 200
    letters = sum(len(text) for text, _ in resumes)
    marked = sum(end - start for _, spans in resumes for start, end, _ in spans)
    assert 0.3 < marked / letters < 0.65


def test_names_of_the_tests_are_not_among_those_to_learn_from(resumes, others):
    for pool in (names.FIRST, names.LAST, names.CITY, names.EMPLOYER, names.SKILL):
        assert not set(pool.known) & set(pool.new)
        assert len(set(pool.known)) == len(pool.known)
        assert len(set(pool.new)) == len(pool.new)
    for kind in ("PLACE", "SKILL"):
        assert not found(resumes, kind) & found(others, kind) - {"machine", "Cape", "data"}


def test_some_words_are_of_several_kinds(resumes):
    assert "Jackson" in found(resumes, "NAME") & found(resumes, "PLACE") & found(resumes, "COMPANY")
    plain = " ".join(text for text, spans in resumes if not spans) or ""
    text = " ".join(text for text, _ in resumes) + plain
    assert " excel in a" in text
    assert "Excel" in found(resumes, "SKILL")


def test_made_up_names_are_hardly_ever_the_same():
    made_up = found(make_resumes(300, seed=1, made_up=1.0), "PLACE")
    assert len(made_up) > 150
    assert not made_up & {*names.CITY.known, *names.CITY.new}
    half = found(make_resumes(300, seed=1, made_up=0.5), "PLACE")
    assert half & set(names.CITY.known)


def test_texts_follow_the_seed(resumes):
    assert make_resumes(20, seed=1) == make_resumes(20, seed=1)
    assert make_resumes(20, seed=1) == resumes[:20]
    assert make_resumes(20, seed=2) != resumes[:20]
    small = np.mean([text == text.lower() for text, _ in resumes])
    assert small == pytest.approx(0.1, abs=0.03)


COMPLAINTS = [
    (
        lambda folder: make_resumes(1, made_up=60),
        ValueError,
        "`made_up` must be a fraction in [0, 1]. Received: 60. 60 % is 0.6.",
    ),
    (
        lambda folder: make_resumes(0),
        ValueError,
        "`count` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: make_resumes(1, -1),
        ValueError,
        "`seed` must be at least 0. Received: -1.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
