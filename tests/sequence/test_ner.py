"""Named entities: alignment of words and pieces, whole entities, the network, JAX, bad input."""

import keras
import numpy as np
import pytest
from keras import ops

from dlspec.sequence.ner import (
    IGNORED,
    EntityTagger,
    align_labels,
    encode_words,
    entities,
    entity_f1,
    label_names,
    learn_pieces,
    lookup_tagger,
    merge_labels,
    split_text,
    tag_words,
    word_pieces,
)
from dlspec.testing import assert_close
from tests.backends import Call, outputs_on
from tests.complaints import complaints_test

NAMES = label_names(["NAME", "JOB"])  # O, B-NAME, I-NAME, B-JOB, I-JOB
TEXTS = [["Ada", "lowers", "Lowell"], ["low"]]
LABELS = [["B-NAME", "O", "B-JOB"], ["O"]]
PIECES = ["[PAD]", "[UNK]", "[SEP]", "Ada", "low", "Low", "##ers", "##e", "##l"]
SIZE = (1, 8, 2, 16)

PURE_CALLS = {
    "split_text": ("Ada, 36.",),
    "tag_words": ("Ada codes.", [(0, 3, "NAME")]),
    "label_names": (["NAME", "JOB"],),
    "entities": (["B-NAME", "O"],),
    "entity_f1": (LABELS, LABELS),
    "learn_pieces": ({"low": 5, "lower": 2}, 12),
    "word_pieces": ("lowers", PIECES),
    "encode_words": (TEXTS, PIECES, 6),
    "align_labels": (LABELS, np.array([[0, 1, 1, 2], [0, -1, -1, -1]]), NAMES, True),
    "merge_labels": (np.array([[0, 1]]), np.array([[0, 1]]), [2], NAMES),
    "EntityTagger": (9, 5, 6, SIZE),
    "lookup_tagger": (TEXTS, LABELS),
}


# --- Words and labels -----------------------------------------------------------------------------


def test_words_are_found_where_they_stand():
    text = "C. O'Neil,\tOslo-based (2009)"
    found = split_text(text)
    assert [word for word, _, _ in found] == (
        ["C", ".", "O", "'", "Neil", ",", "Oslo", "-", "based", "(", "2009", ")"]
    )
    assert all(text[start:end] == word for word, start, end in found)


def test_spans_become_labels_of_words():
    text = "Ada Bell, data engineer in Oslo."
    words, labels = tag_words(text, [(10, 23, "JOB"), (0, 8, "NAME"), (28, 30, "PLACE")])
    assert dict(zip(words, labels, strict=True)) == {
        "Ada": "B-NAME",
        "Bell": "I-NAME",
        ",": "O",
        "data": "B-JOB",
        "engineer": "I-JOB",
        "in": "O",
        "Oslo": "B-PLACE",  # the span cut through it
        ".": "O",
    }


def test_two_names_side_by_side_stay_two():
    _, labels = tag_words("Ada Bell", [(0, 3, "NAME"), (4, 8, "NAME")])
    assert entities(labels) == [(0, 1, "NAME"), (1, 2, "NAME")]


@pytest.mark.parametrize(
    ("labels", "spans"),
    [
        ([], []),
        (["O", "O"], []),
        (["B-A", "I-A", "I-A"], [(0, 3, "A")]),
        (["I-A", "I-A"], [(0, 2, "A")]),
        (["B-A", "I-B"], [(0, 1, "A"), (1, 2, "B")]),
        (["B-A", "O", "I-A"], [(0, 1, "A"), (2, 3, "A")]),
        (["B-A", "B-A", "I-A"], [(0, 1, "A"), (1, 3, "A")]),
    ],
)
def test_entities_by_hand(labels, spans):
    assert entities(labels) == spans


def test_f1_by_hand():
    """Three true ones and three found: one right, one of another kind, one elsewhere."""
    true = [["B-A", "I-A", "O", "B-B"], ["B-A", "O"]]
    found = [["B-A", "I-A", "O", "B-A"], ["O", "B-B"]]
    scores = entity_f1(true, found)
    assert scores["all"] == {"precision": 1 / 3, "recall": 1 / 3, "f1": 1 / 3, "count": 3}
    assert scores["A"] == {"precision": 1 / 2, "recall": 1 / 2, "f1": 1 / 2, "count": 2}
    assert scores["B"] == {"precision": 0, "recall": 0, "f1": 0, "count": 1}
    assert entity_f1([["O"]], [["O"]])["all"]["f1"] == 0


# --- Word pieces ----------------------------------------------------------------------------------


def test_pieces_of_the_paper():
    """Sennrich et al., 2016, algorithm 1: its first joins are e-s, s-t (es-t), l-o, lo-w."""
    words = {"low": 5, "lower": 2, "newest": 6, "widest": 3}
    pieces = learn_pieces(words, 100)
    letters = [p for p in pieces[3:] if len(p.removeprefix("##")) == 1]
    joined = pieces[3 + len(letters) :]
    assert joined[:2] in (["##st", "##est"], ["##es", "##est"])
    assert {"lo", "low"} <= set(joined)
    assert set(words) <= set(joined)  # joined to the end


def test_the_longest_piece_comes_first():
    assert word_pieces("lowers", PIECES) == ["low", "##ers"]
    assert word_pieces("Lowell", PIECES) == ["Low", "##e", "##l", "##l"]
    assert word_pieces("lows", PIECES) == ["[UNK]"]


def test_pieces_put_together_are_the_word():
    words = {"banana": 3, "bandana": 2, "cab": 4}
    pieces = learn_pieces(words, 12)
    for word in [*words, "dab", "abba"]:
        joined = "".join(piece.removeprefix("##") for piece in word_pieces(word, pieces))
        assert joined == word or word_pieces(word, pieces) == ["[UNK]"]


def test_passing_over_pieces_gives_shorter_ones_of_the_same_word():
    pieces = {*PIECES, *"lowers", *(f"##{letter}" for letter in "lowers"), "lowers"}
    random = np.random.default_rng(0)
    found = {tuple(word_pieces("lowers", pieces, 0.5, random)) for _ in range(200)}
    assert {("lowers",), ("low", "##ers"), ("l", "##o", "##w", "##e", "##r", "##s")} <= found
    assert {"".join(p.removeprefix("##") for p in parts) for parts in found} == {"lowers"}
    first, again, other = (encode_words(TEXTS, PIECES, 9, 0.5, seed)[0] for seed in (0, 0, 3))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_words_as_tokens():
    tokens, word_ids = encode_words(TEXTS, PIECES, 6)
    np.testing.assert_array_equal(
        tokens, np.array([[3, 4, 6, 5, 7, 8], [4, 0, 0, 0, 0, 0]], np.int32), strict=True
    )
    np.testing.assert_array_equal(word_ids, [[0, 1, 1, 2, 2, 2], [0, -1, -1, -1, -1, -1]])


def test_labels_go_to_pieces_and_back():
    _, word_ids = encode_words(TEXTS, PIECES, 7)
    first = align_labels(LABELS, word_ids, NAMES)
    X = IGNORED
    np.testing.assert_array_equal(first, [[1, 0, X, 3, X, X, X], [0, X, X, X, X, X, X]])
    every = align_labels(LABELS, word_ids, NAMES, all_pieces=True)
    np.testing.assert_array_equal(every, [[1, 0, 0, 3, 4, 4, 4], [0, X, X, X, X, X, X]])
    for classes in (first, every):
        assert merge_labels(classes, word_ids, [3, 1], NAMES) == LABELS


def test_what_is_cut_off_becomes_no_entity():
    _, word_ids = encode_words(TEXTS, PIECES, 3)
    classes = align_labels(LABELS, word_ids, NAMES)
    assert merge_labels(classes, word_ids, [3, 1], NAMES) == [["B-NAME", "O", "O"], ["O"]]


def test_the_table_knows_what_it_has_seen_most():
    words = [["may", "May", "may"], ["may"]]
    labels = [["O", "B-NAME", "B-NAME"], ["O"]]
    assert lookup_tagger(words, labels) == {"may": "O", "May": "B-NAME"}


# --- Network --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def model():
    made, random = EntityTagger(9, 5, 8, SIZE), np.random.default_rng(0)
    made.set_weights([random.normal(size=w.shape) / 2 for w in made.get_weights()])
    return made


def test_parameters_by_hand(model):
    d, f = 8, 16
    layer = 4 * (d * d + d) + (2 * d * f + f + d) + 2 * 2 * d
    assert model.count_params() == 9 * d + layer + (d + 1) * 5


def test_padding_has_no_influence(model):
    tokens, _ = encode_words(TEXTS, PIECES, 8)
    whole = ops.convert_to_numpy(model(tokens, training=False))
    assert whole.shape == (2, 8, 5)
    alone = ops.convert_to_numpy(model(tokens[1:, :1], training=False))
    np.testing.assert_allclose(whole[1:, :1], alone, atol=1e-6)


def test_the_model_survives_a_file_and_runs_on_jax(model, tmp_path):
    tokens, _ = encode_words(TEXTS, PIECES, 8)
    expected = ops.convert_to_numpy(model(tokens, training=False))
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(ops.convert_to_numpy(again(tokens, training=False)), expected)
    assert [w.path for w in again.weights] == [w.path for w in EntityTagger(9, 5, 8, SIZE).weights]
    kwargs = {"vocab_size": 9, "num_labels": 5, "length": 8, "size": SIZE}
    call = Call("dlspec.sequence.ner.EntityTagger", kwargs, model.get_weights(), [tokens])
    [[found]] = outputs_on("jax", [call], tmp_path)
    assert_close(found, expected, rtol=1e-4, atol=2e-6)


def test_one_step_of_training_leaves_out_what_is_ignored():
    model = EntityTagger(9, 5, 8, SIZE, dropout_rate=0.0)
    tokens, word_ids = encode_words(TEXTS, PIECES, 8)
    classes = align_labels(LABELS, word_ids, NAMES)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=IGNORED)
    model.compile(keras.optimizers.SGD(0.5), loss, run_eagerly=True)
    logits = ops.convert_to_numpy(model(tokens, training=False)).astype(float)
    counted = classes != IGNORED
    log_p = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
    expected = -np.mean(log_p[counted, classes[counted]])
    before = model.get_weights()
    assert float(model.train_on_batch(tokens, classes)) == pytest.approx(expected, rel=1e-5)
    moved = [np.abs(a - b).max() for a, b in zip(before, model.get_weights(), strict=True)]
    assert np.median(moved) > 0
    assert float(model.evaluate(tokens, classes, verbose=0)) < expected


# --- Bad input ------------------------------------------------------------------------------------

COMPLAINTS = [
    (lambda folder: split_text(b"Ada"), TypeError, "`text` must be a text. Received: bytes."),
    (
        lambda folder: tag_words("Ada", [(0, 3, "A"), (2, 3, "B")]),
        ValueError,
        "`spans` must follow each other within the 3 characters. Received: (2, 3, 'B').",
    ),
    (
        lambda folder: entities(["NAME"]),
        ValueError,
        '`labels` must hold "O", "B-..." and "I-...". Received: \'NAME\'.',
    ),
    (
        lambda folder: entity_f1([["O"]], [["O", "O"]]),
        ValueError,
        "`predicted` must have a label for each word of `true`. Received: other numbers of texts "
        "or of words.",
    ),
    (
        lambda folder: learn_pieces({"low": 1}, "many"),
        TypeError,
        "`size` must be a whole number. Received: 'many' (str).",
    ),
    (
        lambda folder: learn_pieces({}, 9),
        ValueError,
        "`words` must hold at least one word. Received: none.",
    ),
    (
        lambda folder: learn_pieces({"low": 1}, 5),
        ValueError,
        "`size` must be at least 6, the letters of `words` and three more. Received: 5.",
    ),
    (
        lambda folder: word_pieces("", PIECES),
        ValueError,
        "`word` must have at least one letter. Received: ''.",
    ),
    (
        lambda folder: word_pieces("low", PIECES, 1.0),
        ValueError,
        "`skip` must be in [0, 1). Received: 1.0.",
    ),
    (
        lambda folder: encode_words(TEXTS, PIECES, 0),
        ValueError,
        "`length` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: align_labels(LABELS, np.zeros((1, 2), int), NAMES),
        ValueError,
        "`word_ids` must have a row for each of the 2 texts. Received: 1.",
    ),
    (
        lambda folder: align_labels([["O"]], np.array([[0, 1]]), NAMES),
        ValueError,
        "`labels` must have a label for word 1 of text 0. Received: 1 labels.",
    ),
    (
        lambda folder: align_labels([["B-CITY"]], np.array([[0]]), NAMES),
        ValueError,
        "`labels` must be among `names`. Received: 'B-CITY'.",
    ),
    (
        lambda folder: merge_labels(np.zeros((1, 2), int), np.zeros((1, 3), int), [1], NAMES),
        ValueError,
        "`classes` must have the shape of `word_ids`, (1, 3), and a count for each row. "
        "Received: (1, 2) and 1 counts.",
    ),
    (
        lambda folder: EntityTagger(9, 0, 8),
        ValueError,
        "`num_labels` must be at least 1. Received: 0.",
    ),
    (
        lambda folder: lookup_tagger([["a"]], []),
        ValueError,
        "`labels` must have a label for each word of `words`. Received: other numbers of texts or "
        "of words.",
    ),
]

test_complaints = complaints_test(COMPLAINTS)
