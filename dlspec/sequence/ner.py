"""Named entities: which words are a name, an employer, a skill? (course 5, week 4)

    text -> words -> pieces -> Transformer encoder -> a label for each piece -> for each word

A vocabulary of whole words knows no new name.  Word pieces do: frequent words are one piece, others
fall into several, "##" before those that go on ("Quigley" -> "Qu", "##i", "##g", "##ley"), down to
letters.  The labels belong to words, so they are aligned: the first piece of a word has its label,
and the others have it too or are left out of the loss (-100).  On the way back the first piece
decides.

Labels say where an entity begins and goes on: B-NAME I-NAME O B-JOB (two names side by side stay
two).  What counts is whole entities, kind and both ends right:

    precision = right / predicted,   recall = right / true,   F1 = 2 p r / (p + r)

Accuracy by word would flatter: most words are O.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

import keras
import numpy as np

from dlspec._complaints import InvalidType, InvalidValue, sentence
from dlspec._validation import check_count, check_interval
from dlspec.sequence.transformer import Size, transformer_encoder

__all__ = [
    "IGNORED",
    "EntityTagger",
    "align_labels",
    "encode_words",
    "entities",
    "entity_f1",
    "label_names",
    "learn_pieces",
    "lookup_tagger",
    "merge_labels",
    "split_text",
    "tag_words",
    "word_pieces",
]

IGNORED = -100
"""The label of pieces that the loss leaves out."""

PAD, UNKNOWN, SEPARATOR = SPECIAL = "[PAD]", "[UNK]", "[SEP]"
GOES_ON = "##"


# --- Words and labels -----------------------------------------------------------------------------


def split_text(text: str) -> list[tuple[str, int, int]]:
    """Words and punctuation marks with their places.

    Args:
        text: any text.

    Returns:
        (word, start, end) of each, characters start to end - 1.

    Raises:
        TypeError: no text.

    Example:
        >>> split_text("Ada, 36.")
        [('Ada', 0, 3), (',', 3, 4), ('36', 5, 7), ('.', 7, 8)]

    Source: course 5, week 4.
    """
    if not isinstance(text, str):
        raise InvalidType(sentence("text", "be a text", type(text).__name__))
    return [(m.group(), m.start(), m.end()) for m in re.finditer(r"\w+|[^\w\s]", text)]


def tag_words(text: str, spans: Sequence[tuple[int, int, str]]) -> tuple[list[str], list[str]]:
    """Labels of words out of spans of characters.

    A word that lies in a span in part belongs to it, so that "Oslo-based" with "Oslo" marked is
    labelled for "Oslo" alone, and a span that cuts through a word takes the whole word.

    Args:
        text: any text.
        spans: (start, end, kind) of each entity; they must not overlap.

    Returns:
        words: as `split_text` finds them.
        labels: "O", or "B-" (begins) or "I-" (goes on) with the kind.

    Raises:
        TypeError: no text.
        ValueError: a span that is empty, leaves the text or overlaps another.

    Example:
        >>> tag_words("Ada Bell codes.", [(0, 8, "NAME")])
        (['Ada', 'Bell', 'codes', '.'], ['B-NAME', 'I-NAME', 'O', 'O'])

    Source: course 5, week 4, exercise on named entities; Ramshaw and Marcus, "Text chunking", 1995.
    """
    words = split_text(text)
    labels, last = ["O"] * len(words), 0
    for start, end, kind in sorted(spans):
        if not last <= start < end <= len(text):
            expected = f"follow each other within the {len(text)} characters"
            raise InvalidValue(sentence("spans", expected, (start, end, kind)))
        last, inside = end, False
        for i, (_, first, after) in enumerate(words):
            if first < end and start < after:
                labels[i] = f"{'I' if inside else 'B'}-{kind}"
                inside = True
    return [word for word, _, _ in words], labels


def label_names(kinds: Sequence[str]) -> list[str]:
    """All labels: "O" first, then "B-" and "I-" of each kind.

    Args:
        kinds: of entities.

    Returns:
        Two labels for each kind and one more; their places are the classes of the network.

    Example:
        >>> label_names(["NAME", "JOB"])
        ['O', 'B-NAME', 'I-NAME', 'B-JOB', 'I-JOB']

    Source: course 5, week 4.
    """
    return ["O", *(f"{place}-{kind}" for kind in kinds for place in "BI")]


def entities(labels: Sequence[str]) -> list[tuple[int, int, str]]:
    """Spans of words out of labels.

    An entity begins at "B-", and at an "I-" that does not go on with the kind before it: a network
    that forgets a "B-" has found the entity nevertheless.

    Args:
        labels: of the words of a text.

    Returns:
        (first word, one past the last, kind) of each entity.

    Raises:
        ValueError: a label of another form.

    Example:
        >>> entities(["B-NAME", "I-NAME", "B-NAME", "O", "I-JOB"])
        [(0, 2, 'NAME'), (2, 3, 'NAME'), (4, 5, 'JOB')]

    Source: Tjong Kim Sang and De Meulder, "Introduction to the CoNLL-2003 shared task", 2003, and
    its script `conlleval`.
    """
    found, before = [], ""
    for i, label in enumerate(labels):
        place, _, kind = label.partition("-")
        if label != "O" and (place not in ("B", "I") or not kind):
            raise InvalidValue(sentence("labels", 'hold "O", "B-..." and "I-..."', repr(label)))
        if place == "I" and kind == before:
            found[-1] = (found[-1][0], i + 1, kind)
        elif place != "O":
            found.append((i, i + 1, kind))
        before = kind
    return found


def entity_f1(
    true: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]]
) -> dict[str, dict[str, float]]:
    """Precision, recall and F1 of whole entities, over all texts, by kind and together.

    Args:
        true: for each text the labels of its words.
        predicted: alike.

    Returns:
        {"all": {"precision", "recall", "f1", "count"}, kind: ...}; count is the number of true
        entities, and a share of nothing is 0.

    Raises:
        ValueError: other numbers of texts or of words.

    Example:
        >>> scores = entity_f1([["B-NAME", "I-NAME", "B-JOB"]], [["B-NAME", "O", "B-JOB"]])
        >>> scores["all"]["f1"], scores["JOB"]["f1"]
        (0.5, 1.0)

    Source: Tjong Kim Sang and De Meulder, 2003.
    """
    lengths = [[len(labels) for labels in texts] for texts in (true, predicted)]
    if lengths[0] != lengths[1]:
        expected = "have a label for each word of `true`"
        raise InvalidValue(sentence("predicted", expected, "other numbers of texts or of words"))
    counts = {"all": Counter()}
    for wanted, found in zip(true, predicted, strict=True):
        wanted, found = set(entities(wanted)), set(entities(found))
        for name, spans in (("true", wanted), ("predicted", found), ("right", wanted & found)):
            for _, _, kind in spans:
                counts.setdefault(kind, Counter())[name] += 1
                counts["all"][name] += 1
    return {kind: _scores(count) for kind, count in counts.items()}


def _scores(count):
    precision = count["right"] / max(count["predicted"], 1)
    recall = count["right"] / max(count["true"], 1)
    f1 = 2 * count["right"] / max(count["predicted"] + count["true"], 1)
    return {"precision": precision, "recall": recall, "f1": f1, "count": count["true"]}


# --- Word pieces ----------------------------------------------------------------------------------


def learn_pieces(words: Mapping[str, int], size: int) -> list[str]:
    """Learn a vocabulary of word pieces: letters, and what most often follows each other.

    Starting from letters, the two pieces that stand side by side most often are joined, again and
    again (byte-pair encoding).

    Args:
        words: how often each word occurs.
        size: pieces in all, "[PAD]" (0), "[UNK]" (1), "[SEP]" (2) and all letters included.

    Returns:
        The pieces; those within a word begin with "##".

    Raises:
        TypeError, ValueError: no words, no whole number, or fewer pieces than letters.

    Example:
        >>> learn_pieces({"low": 5, "lower": 2}, 9)[3:]
        ['##e', '##o', '##r', '##w', 'l', 'lo']

    Source: Sennrich et al., "Neural machine translation of rare words with subword units", 2016;
    the "##" of Devlin et al., "BERT", 2019.
    """
    size = check_count("size", size)
    if not words:
        raise InvalidValue(sentence("words", "hold at least one word", "none"))
    split = {word: [word[0], *(GOES_ON + letter for letter in word[1:])] for word in words}
    letters = sorted({piece for parts in split.values() for piece in parts})
    pieces = dict.fromkeys([*SPECIAL, *letters], True)
    if size < len(pieces):
        expected = f"be at least {len(pieces)}, the letters of `words` and three more"
        raise InvalidValue(sentence("size", expected, size))
    pairs, holders = Counter(), defaultdict(set)

    def count(word, times):
        for pair in pairwise(split[word]):
            pairs[pair] += times * words[word]
            holders[pair].add(word)

    for word in split:
        count(word, 1)
    while len(pieces) < size and any(pairs.values()):
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        pieces[best[0] + best[1].removeprefix(GOES_ON)] = True  # two ways may lead to one piece
        for word in holders.pop(best):
            count(word, -1)
            split[word] = _join(split[word], *best)
            count(word, 1)
    return list(pieces)


def _join(parts, left, right):
    joined = []
    for part in parts:
        if joined and joined[-1] == left and part == right:
            joined[-1] = left + right.removeprefix(GOES_ON)
        else:
            joined.append(part)
    return joined


def word_pieces(
    word: str,
    pieces: Mapping[str, int] | Sequence[str],
    skip: float = 0.0,
    random: np.random.Generator | None = None,
) -> list[str]:
    """Take a word apart, the longest piece that fits first.

    A network that has seen each name in one piece knows nothing of how names look.  With `skip`,
    pieces that fit are passed over at random, and shorter ones come instead, down to letters.

    Args:
        word: without spaces.
        pieces: the vocabulary; a dictionary or set is faster than a list.
        skip: share of the fitting pieces that are passed over, in [0, 1).
        random: generator for that.

    Returns:
        Its pieces, or ["[UNK]"] where some letter is not known.

    Raises:
        TypeError, ValueError: an empty word, a share out of range.

    Example:
        >>> word_pieces("lower", ["low", "l", "##ow", "##e", "##r"])
        ['low', '##e', '##r']

    Source: Wu et al., "Google's neural machine translation system", 2016, section 4.1; Devlin et
    al., 2019; `skip`: Provilkov et al., "BPE-dropout", 2020, Hiraoka, "MaxMatch-Dropout", 2022.
    """
    if not word:
        raise InvalidValue(sentence("word", "have at least one letter", repr(word)))
    if check_interval("skip", skip, "[0, 1)") and random is None:
        random = np.random.default_rng()
    found, start = [], 0
    while start < len(word):
        for end in range(len(word), start, -1):
            piece = (GOES_ON if start else "") + word[start:end]
            passed_over = skip and end > start + 1 and random.random() < skip
            if piece in pieces and not passed_over:
                break
        else:
            return [UNKNOWN]
        found.append(piece)
        start = end
    return found


def encode_words(
    texts: Sequence[Sequence[str]],
    pieces: Sequence[str],
    length: int,
    skip: float = 0.0,
    seed: int = 0,
) -> tuple[np.ndarray, np.ndarray]:
    """Pieces of words as tokens, and which word each belongs to.

    Args:
        texts: for each text its words.
        pieces: the vocabulary, as `learn_pieces` gives it.
        length: tokens of a text at most; what does not fit is left out.
        skip: share of the pieces that are passed over, see `word_pieces`; for training texts.
        seed: for that.

    Returns:
        tokens: (m, length) int32, padded with 0.
        word_ids: (m, length), the place of the word in its text, -1 for padding.

    Raises:
        TypeError, ValueError: no whole number of at least 1, a share out of range.

    Example:
        >>> pieces = ["[PAD]", "[UNK]", "low", "##er"]
        >>> tokens, word_ids = encode_words([["low", "lower"]], pieces, 4)
        >>> tokens.tolist(), word_ids.tolist()
        ([[2, 2, 3, 0]], [[0, 1, 1, -1]])

    Source: course 5, week 4.
    """
    length, random = check_count("length", length), np.random.default_rng(seed)
    number = {piece: i for i, piece in enumerate(pieces)}
    tokens = np.zeros((len(texts), length), np.int32)
    word_ids = np.full((len(texts), length), -1)
    for i, words in enumerate(texts):
        split = [word_pieces(word, number, skip, random) for word in words]
        row = [(number[piece], place) for place, parts in enumerate(split) for piece in parts]
        row = row[:length]
        tokens[i, : len(row)] = [token for token, _ in row]
        word_ids[i, : len(row)] = [place for _, place in row]
    return tokens, word_ids


def align_labels(
    labels: Sequence[Sequence[str]],
    word_ids: np.ndarray,
    names: Sequence[str],
    all_pieces: bool = False,
) -> np.ndarray:
    """Classes of pieces out of labels of words.

    Args:
        labels: for each text the labels of its words.
        word_ids: (m, n) as `encode_words` gives them.
        names: all labels, as `label_names` gives them.
        all_pieces: whether every piece of a word has its label ("B-" becomes "I-" after the
            first), or only the first; the others are then `IGNORED`.

    Returns:
        (m, n) int32: places in `names`, `IGNORED` for padding.

    Raises:
        ValueError: other numbers of texts, a word without a label, a label that is not in `names`.

    Example:
        >>> align_labels([["O", "B-NAME"]], np.array([[0, 1, 1, -1]]), ["O", "B-NAME", "I-NAME"])
        array([[   0,    1, -100, -100]], dtype=int32)

    Source: course 5, week 4, exercise on named entities.
    """
    if len(labels) != len(word_ids):
        expected = f"have a row for each of the {len(labels)} texts"
        raise InvalidValue(sentence("word_ids", expected, len(word_ids)))
    number = {name: i for i, name in enumerate(names)}
    classes = np.full(word_ids.shape, IGNORED, np.int32)
    for i, (row, ids) in enumerate(zip(labels, word_ids, strict=True)):
        if ids.max(initial=-1) >= len(row):
            expected = f"have a label for word {ids.max()} of text {i}"
            raise InvalidValue(sentence("labels", expected, f"{len(row)} labels"))
        for j, word in enumerate(ids):
            first = j == 0 or ids[j - 1] != word
            if word < 0 or not (first or all_pieces):
                continue
            label = row[word] if first else row[word].replace("B-", "I-", 1)
            if label not in number:
                raise InvalidValue(sentence("labels", "be among `names`", repr(label)))
            classes[i, j] = number[label]
    return classes


def merge_labels(
    classes: np.ndarray, word_ids: np.ndarray, counts: Sequence[int], names: Sequence[str]
) -> list[list[str]]:
    """Labels of words out of classes of pieces: the first piece of a word decides.

    Args:
        classes: (m, n) places in `names`.
        word_ids: (m, n) as `encode_words` gives them.
        counts: words of each text; those whose pieces were cut off become "O".
        names: all labels.

    Returns:
        For each text the labels of its words.

    Raises:
        ValueError: shapes that do not fit.

    Example:
        >>> classes, word_ids = np.array([[0, 1, 2, 0]]), np.array([[0, 1, 1, -1]])
        >>> merge_labels(classes, word_ids, [2], ["O", "B-A", "I-A"])
        [['O', 'B-A']]

    Source: course 5, week 4.
    """
    if np.shape(classes) != np.shape(word_ids) or len(counts) != len(word_ids):
        expected = f"have the shape of `word_ids`, {np.shape(word_ids)}, and a count for each row"
        received = f"{np.shape(classes)} and {len(counts)} counts"
        raise InvalidValue(sentence("classes", expected, received))
    merged = []
    for row, ids, count in zip(classes, word_ids, counts, strict=True):
        labels = ["O"] * count
        words, places = np.unique(ids, return_index=True)
        for word, place in zip(words, places, strict=True):
            if word >= 0:
                labels[word] = names[row[place]]
        merged.append(labels)
    return merged


# --- Network and baseline -------------------------------------------------------------------------


def EntityTagger(
    vocab_size: int,
    num_labels: int,
    length: int,
    size: str | Size = "tiny",
    dropout_rate: float = 0.1,
    name: str = "entity_tagger",
) -> keras.Model:
    """A Transformer encoder with a label for each piece.

    Train it with SparseCategoricalCrossentropy(from_logits=True, ignore_class=IGNORED).

    Args:
        vocab_size: pieces.
        num_labels: classes.
        length: pieces of the longest text.
        size: see `transformer.build_transformer`.
        dropout_rate: in [0, 1).
        name: name of the model.

    Returns:
        A model (m, n) of tokens -> logits (m, n, num_labels).

    Raises:
        TypeError, ValueError: not whole numbers of at least 1, an unknown size.

    Example:
        >>> EntityTagger(100, 5, 32).output.shape
        (None, None, 5)

    Source: course 5, week 4; Devlin et al., "BERT", 2019, section 5.3, without pre-training.
    """
    units = check_count("num_labels", num_labels)
    tokens = keras.Input((None,), dtype="int32", name="tokens")
    x, _ = transformer_encoder(tokens, vocab_size, length, size, dropout_rate)
    logits = keras.layers.Dense(units, name="head_1_logits")(x)
    return keras.Model(tokens, logits, name=name)


def lookup_tagger(
    words: Sequence[Sequence[str]], labels: Sequence[Sequence[str]]
) -> dict[str, str]:
    """The simplest tagger: for each word the label that it has most often; for others "O".

    What a network gains over it, it has from the words around.

    Args:
        words: for each text its words.
        labels: alike.

    Returns:
        {word: label}; use `table.get(word, "O")`.

    Raises:
        ValueError: other numbers of texts or of words.

    Example:
        >>> lookup_tagger([["Ada", "codes"], ["Ada"]], [["B-NAME", "O"], ["B-NAME"]])
        {'Ada': 'B-NAME', 'codes': 'O'}

    Source: course 5, week 4; a usual baseline.
    """
    if [len(row) for row in words] != [len(row) for row in labels]:
        expected = "have a label for each word of `words`"
        raise InvalidValue(sentence("labels", expected, "other numbers of texts or of words"))
    counts = {}
    for row, tags in zip(words, labels, strict=True):
        for word, tag in zip(row, tags, strict=True):
            counts.setdefault(word, Counter())[tag] += 1
    return {word: count.most_common(1)[0][0] for word, count in counts.items()}
