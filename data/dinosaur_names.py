"""Tidy data/dinosaur_names.txt, the list of dinosaur genera that stands in for the course's file.

    python data/dinosaur_names.py

The names were written down by us, from memory; a genus name is a fact.  Add yours at any place and
run this: it sorts the list, drops what stands there twice, and refuses anything but letters.
"""

import os
from pathlib import Path

TARGET = Path(__file__).resolve().parent / "dinosaur_names.txt"


def tidy(target: Path) -> list[str]:
    """Rewrite `target` with one name per line, in alphabetical order; return the names."""
    names = sorted(set(target.read_text(encoding="ascii").split()), key=str.lower)
    odd = [name for name in names if not name.isalpha()]
    if odd:
        raise SystemExit(f"{target}: letters only, please: {', '.join(odd)}")
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    temporary.write_text("\n".join(names) + "\n", encoding="ascii")
    os.replace(temporary, target)
    return names


if __name__ == "__main__":
    print(f"{TARGET}: {len(tidy(TARGET))} names")
