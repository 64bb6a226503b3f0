"""Check data/emoji_sentences.csv, the sentences with emoji that were written by us.

    python data/emoji_sentences.py

A line is a sentence in plain lower-case words, its label from 0 to 4, and "train" or "test".  The
labels take turns.  The test sentences were written before anything was measured on them; they stay
as they are, and what is added goes to the training part.
"""

import csv
from pathlib import Path

TARGET = Path(__file__).resolve().parent / "emoji_sentences.csv"
LABELS = 5
LONGEST = 12  # words


def check(target: Path) -> list[list[str]]:
    """Read the rows, and stop at the first that is odd."""
    with open(target, encoding="ascii", newline="") as file:
        rows = list(csv.reader(file))
    seen = set()
    for number, (text, label, part) in enumerate(rows, start=1):
        words = text.split(" ")
        plain = len(words) <= LONGEST and all(w.isalpha() and w.islower() for w in words)
        if not plain or part not in ("train", "test") or int(label) != (number - 1) % LABELS:
            raise SystemExit(f"{target}, line {number}: {text!r}, {label}, {part}")
        if text in seen:
            raise SystemExit(f"{target}, line {number}: {text!r} stands there twice")
        seen.add(text)
    return rows


if __name__ == "__main__":
    parts = [part for _, _, part in check(TARGET)]
    print(f"{TARGET}: {parts.count('train')} to train, {parts.count('test')} to test")
