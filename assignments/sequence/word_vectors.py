"""Operations on word vectors (course 5, week 2, assignment 1).

Which words are alike, what man is to woman as king is to, and how to take a prejudice out of the
vectors.  By default with the vectors that come along, learned from generated sentences by
data/generated_words.py; with glove.6B.50d.txt below the data folder, or any GloVe file, with those.
Analogies are asked for pairs of words that never stand in one sentence of that text.  Then
professions, four fifths he or she in it, lose their part along the bias direction, and pairs such
as man and woman are put at the same distance from all of them.  Figures: similarities, analogies
solved, what the pairs of the bias direction share, professions along it before and after, a map of
pairs (PCA), a map of words (t-SNE).

    dlspec run word_vectors
    dlspec run word_vectors --vectors glove.6B.300d.txt
    dlspec run word_vectors --word king --neighbours 10

Numbers to expect (2026-11-21, two cores: 4 s of processor time, --quick 2 s) with the vectors that
come along, seed 1:

    482 held-out analogies: 96 % by the course's score, 99.6 % by 3CosAdd; the least by the course's
        score are tenses, 89 %, and comparatives, 92 %
    professions along the bias direction: from -0.12 (engineer) to 0.20 (nanny), mean |cosine| 0.13
        before, 0 after
    of four pairs such as man and woman, how much closer one is to a nanny: 0.14 before, 0 after
    of what seven such pairs differ in, one direction explains 72 %
"""

import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from dlspec import plots
from dlspec.datasets import analogy_questions, data_folder, find_course_files, load_words
from dlspec.datasets.generated_corpus import NEUTRAL_WORDS
from dlspec.runner import Setting, execute, start
from dlspec.sequence.word_vectors import (
    WordVectors,
    analogy_accuracy,
    bias_direction,
    bias_subspace,
    complete_analogy,
    cosine_similarity,
    direct_bias,
    equalize,
    nearest_neighbors,
    neutralize,
    read_glove_vecs,
)

SETTINGS = [
    Setting("vectors", None, type=Path, help="a GloVe text file of any dimension"),
    Setting("word", "happy", help="whose neighbours are listed"),
    Setting("neighbours", 8, minimum=1, help="how many of them"),
]

COURSE_FILE = "glove.6B.50d.txt"
METHODS = ("course", "3cosadd")

SIMILARITIES = [
    ("father", "mother"),
    ("happy", "glad"),
    ("happy", "sad"),
    ("ball", "player"),
    ("ball", "delicious"),
    ("king", "throne"),
    ("king", "noodles"),
]
TRIPLES = [
    ("italy", "italian", "spain"),
    ("india", "delhi", "japan"),
    ("man", "woman", "boy"),
    ("small", "smaller", "big"),
    ("france", "paris", "italy"),
    ("walk", "walked", "drive"),
]
# Not (him, her): her stands for both his and him, and in two pairs that would show as gender.
DEFINITIONAL = [("man", "woman"), ("boy", "girl"), ("he", "she"), ("his", "her")]
DEFINITIONAL += [("father", "mother"), ("son", "daughter"), ("brother", "sister")]
EQUALIZED = [("man", "woman"), ("father", "mother"), ("king", "queen"), ("actor", "actress")]

MAP = {
    "joy": ["happy", "glad", "excited", "proud", "delighted", "smile", "celebrate"],
    "sorrow": ["sad", "lonely", "upset", "disappointed", "cry", "terrible", "awful"],
    "love": ["love", "adore", "kiss", "hug", "darling", "cute", "lovely"],
    "sports": ["baseball", "football", "ball", "player", "team", "match", "score"],
    "food": ["food", "pizza", "bread", "delicious", "dinner", "hungry", "restaurant"],
    "countries": ["france", "italy", "japan", "egypt", "norway", "peru"],
    "weather": ["rain", "snow", "wind", "storm"],
}


def main(argv: list[str] | None = None) -> dict:
    """Load, compare, complete, debias, draw; returns the metrics."""
    with start("sequence/word_vectors", argv, SETTINGS) as run:
        vectors = load(run)
        similarities = {
            f"{a}, {b}": cosine_similarity(vectors[a], vectors[b])
            for a, b in SIMILARITIES
            if a in vectors and b in vectors
        }
        neighbours = nearest_neighbors(run["word"], vectors, run["neighbours"])
        accuracies = solve_analogies(run, vectors)
        print_examples(run, vectors, neighbours)

        pairs = [pair for pair in DEFINITIONAL if all(word in vectors for word in pair)]
        g = bias_direction(pairs, vectors)
        directions, explained = bias_subspace(pairs, vectors, k=len(pairs))
        before, after = debias(vectors, g)
        run.metrics |= {
            "similarities": similarities,
            "neighbours": neighbours,
            "direct_bias_before": direct_bias(list(before), g, vectors),
            "direct_bias_after": float(np.mean(np.abs(list(after.values())))),
            "first_direction_explains": explained[0],
            "mean_and_svd_agree": cosine_similarity(g, directions[0]),
        }
        print_bias(run, vectors, g, before, after)

        run.figure("similarities", draw_similarities(similarities))
        run.figure("analogies", draw_analogies(accuracies))
        run.figure("bias_directions", draw_explained(explained))
        run.figure("bias", draw_bias(before, after))
        run.figure("pairs", draw_pairs(vectors))
        if not run.quick:
            run.figure("map", draw_map(vectors, run.seed))
    return run.metrics


def load(run) -> WordVectors:
    """The user's file, the course's, or what comes along."""
    path = run["vectors"]
    if path is None:
        path = find_course_files([COURSE_FILE], data_folder(run.data_dir)).get(COURSE_FILE)
    if path is None:
        words = load_words()
        run.uses(words, f"{len(words.words):,} words, {words.vectors.shape[1]} numbers each")
        return WordVectors(words.words, words.vectors)
    begin = time.perf_counter()
    _, vectors = read_glove_vecs(path)
    seconds = time.perf_counter() - begin
    size = f"{len(vectors):,} words, {vectors.vectors.shape[1]} numbers each, in {seconds:.1f} s"
    source = "your vectors" if run["vectors"] else "course files"
    run.uses(SimpleNamespace(source=source, files=(path,)), size)
    return vectors


# --- Analogies ------------------------------------------------------------------------------------


def solve_analogies(run, vectors) -> dict[str, dict[str, float]]:
    """Held-out accuracy by relation and method, and over all questions."""
    asked = {
        name: [q for q in questions if all(word in vectors for word in q)]
        for name, questions in analogy_questions().items()
    }
    asked = {name: questions for name, questions in asked.items() if questions}
    everything = [q for questions in asked.values() for q in questions]
    accuracies = {
        name: {method: analogy_accuracy(questions, vectors, method) for method in METHODS}
        for name, questions in asked.items()
    }
    run.metrics["analogies"] = accuracies
    run.metrics["questions"] = len(everything)
    for method in METHODS:
        run.metrics[f"{method}_analogy_accuracy"] = analogy_accuracy(everything, vectors, method)
    return accuracies


def print_examples(run, vectors, neighbours) -> None:
    """Some analogies, and the neighbours of a word."""
    for a, b, c in TRIPLES:
        if all(word in vectors for word in (a, b, c)):
            run.say(f"{a} is to {b} as {c} is to {complete_analogy(a, b, c, vectors)}")
    listed = ", ".join(f"{word} {similarity:.2f}" for word, similarity in neighbours)
    run.say(f"Nearest to {run['word']}: {listed}")


# --- Bias -----------------------------------------------------------------------------------------


def debias(vectors, g) -> tuple[dict[str, float], dict[str, float]]:
    """Similarity of every profession with the bias direction, before and after neutralizing."""
    professions = [word for word in NEUTRAL_WORDS if word in vectors]
    before = {word: cosine_similarity(vectors[word], g) for word in professions}
    before = dict(sorted(before.items(), key=lambda entry: entry[1]))
    after = {word: cosine_similarity(neutralize(word, g, vectors), g) for word in before}
    return before, after


def print_bias(run, vectors, g, before, after) -> None:
    """Pairs before and after equalizing: along g, and how they differ from a profession."""
    from rich.table import Table

    profession = max(before, key=lambda word: abs(before[word]))
    neutral = neutralize(profession, g, vectors)
    run.say(f"{profession} along the bias direction: {before[profession]:.3f} before, "
            f"{after[profession]:.1e} after")  # fmt: skip
    table = Table("pair", title=f"Similarity with the direction, and with {profession}")
    for column in ("before", "after", f"{profession} before", f"{profession} after"):
        table.add_column(column, justify="right")
    gaps = {"before": [], "after": []}
    for pair in EQUALIZED:
        if not all(word in vectors for word in pair):
            continue
        old, new = [vectors[word] for word in pair], equalize(pair, g, vectors)
        cells = []
        for axis, moment, ends in (
            (g, "", old),
            (g, "", new),
            (vectors[profession], "before", old),
            (neutral, "after", new),
        ):
            both = [cosine_similarity(end, axis) for end in ends]
            cells.append(" ".join(f"{value:+.2f}" for value in both))
            if moment:
                gaps[moment].append(abs(both[0] - both[1]))
        table.add_row(", ".join(pair), *cells)
    run.console.print(table)
    run.metrics |= {f"pair_gap_{moment}": float(np.mean(gap)) for moment, gap in gaps.items()}


# --- Figures --------------------------------------------------------------------------------------


def draw_similarities(similarities):
    """Cosines of some pairs."""
    return plots.bars(
        similarities,
        title="How alike are two words?",
        xlabel="cosine similarity",
        fmt="{:.2f}",
    )


def draw_analogies(accuracies):
    """Held-out accuracy by relation."""
    shown = {name: {m: 100 * v for m, v in row.items()} for name, row in accuracies.items()}
    return plots.bars(
        shown,
        title="Analogies solved whose pair never shared a sentence",
        xlabel="right answers (%)",
        fmt="{:.0f} %",
    )


def draw_explained(explained):
    """What the singular vectors of the pairs explain."""
    return plots.bars(
        {f"direction {i}": 100 * share for i, share in enumerate(explained[:6], start=1)},
        title="What pairs such as man and woman differ in",
        xlabel="share of the squared differences (%)",
        fmt="{:.0f} %",
    )


def draw_bias(before, after):
    """The five professions furthest out at either end, and where they are then."""
    extreme = [*before][:5] + [*before][-5:]
    return plots.bars(
        {
            word: {"before": before[word], "after": round(after[word], 9) + 0.0}
            for word in before
            if word in extreme
        },
        title="Professions along the bias direction, he (left) to she (right)",
        xlabel="cosine similarity with the direction",
        fmt="{:.2f}",
    )


def draw_pairs(vectors):
    """Countries and capitals in the plane of their largest differences."""
    from sklearn.decomposition import PCA

    pairs = list(dict.fromkeys(q[2:] for q in analogy_questions()["capitals"]))
    pairs = [pair for pair in pairs if all(word in vectors for word in pair)]
    words = [word for pair in pairs for word in pair]
    points = PCA(2).fit_transform(np.array([vectors[word] for word in words]))
    figure = plots.labelled_points(
        dict(zip(words, points, strict=True)),
        title="Countries and their capitals, held-out pairs (PCA)",
        xlabel="first principal component",
        ylabel="second principal component",
    )
    ax = figure.axes[0]
    for i, line in enumerate(list(ax.lines)):
        line.set_color(GROUP_COLORS[i % 2])
    for i in range(0, len(words), 2):
        ax.plot(*points[i : i + 2].T, color="#4D4D4D", linewidth=0.8, linestyle="--")
    return figure


def draw_map(vectors, seed):
    """Everyday words by t-SNE, one colour for each kind."""
    from sklearn.manifold import TSNE

    kinds = {kind: [w for w in words if w in vectors] for kind, words in MAP.items()}
    words = [word for kind in kinds.values() for word in kind]
    rows = np.array([vectors[word] for word in words])
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    perplexity = min(8, (len(words) - 1) / 3)
    points = TSNE(2, perplexity=perplexity, random_state=seed, init="pca").fit_transform(rows)
    figure = plots.labelled_points(
        dict(zip(words, points, strict=True)),
        title="A map of everyday words (t-SNE)",
        xlabel="t-SNE 1",
        ylabel="t-SNE 2",
    )
    colors = [GROUP_COLORS[i] for i, kind in enumerate(kinds.values()) for _ in kind]
    for line, color in zip(figure.axes[0].lines, colors, strict=True):
        line.set_color(color)
    return figure


GROUP_COLORS = ("#0072B2", "#D55E00", "#CC79A7", "#009E73", "#E69F00", "#4D4D4D", "#56B4E9")


if __name__ == "__main__":
    raise SystemExit(execute(main))
