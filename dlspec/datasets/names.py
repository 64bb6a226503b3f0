"""Names of dinosaurs, one per line: the course's file, a user's, or the list that comes with us."""

from dataclasses import dataclass
from pathlib import Path

from dlspec._complaints import InvalidValue, sentence
from dlspec.datasets.files import data_folder, find_course_files, packaged_file

__all__ = ["COURSE_FILE", "Names", "load_names", "read_text"]

COURSE_FILE = "dinos.txt"
EMBEDDED = "dinosaur_names.txt"


@dataclass(frozen=True)
class Names:
    """Names in lower case, in the order of the file, and where they come from.

    Attributes:
        names: at least one letter each.
        source: "course files", "our list" or "own file".
        files: the file that was read.
    """

    names: tuple[str, ...]
    source: str
    files: tuple[Path, ...] = ()

    @property
    def characters(self) -> list[str]:
        r"""All characters in order, the end of a line first.

        Example:
            >>> len(load_names().characters)
            27
        """
        return sorted({"\n", *"".join(self.names)})


def load_names(folder: str | Path | None = None, file: str | Path | None = None) -> Names:
    """Read a user's list, else the course's dinos.txt if it is found, else the one with us.

    Ours holds 869 genera, the course's 1536 names.

    Args:
        folder: where to look for dinos.txt, at any depth; None asks DLSPEC_DATA_DIR.
        file: a text file with one name per line, of anything; it goes before the others.

    Returns:
        The names.

    Raises:
        ValueError: the folder or file does not exist; the file is no text or holds no name.

    Example:
        >>> names = load_names()
        >>> names.names[:2], len(names.names)
        (('aardonyx', 'abelisaurus'), 869)

    Source: course 5, week 1; the list is ours.
    """
    if file is not None:
        path, source = Path(file).expanduser(), "own file"
    else:
        found = find_course_files([COURSE_FILE], data_folder(folder)).get(COURSE_FILE)
        path = found or packaged_file("data", EMBEDDED)
        source = "course files" if found else "our list"
    names = tuple(line.strip().lower() for line in read_text(path).splitlines() if line.strip())
    if not names:
        raise InvalidValue(sentence(str(path), "hold at least one name", "none"))
    return Names(names, source, (path,))


def read_text(path: str | Path) -> str:
    """The text of a file, in UTF-8.

    Args:
        path: an existing file.

    Returns:
        The text, without the byte order mark that some editors put before it.

    Raises:
        ValueError: there is no such file, or it is no text.

    Example:
        >>> read_text(packaged_file("data", "dinosaur_names.txt")).count("saurus") > 300
        True
    """
    path = Path(path).expanduser()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        received = f"byte {error.start:,} that is none"
        advice = "Save it as UTF-8."
        raise InvalidValue(sentence(str(path), "be text in UTF-8", received, advice)) from error
    except OSError as error:
        raise InvalidValue(sentence(str(path), "be a readable file", error.strerror)) from error
    if "\0" in text:  # UTF-8 allows it, but no text has it
        raise InvalidValue(sentence(str(path), "be text in UTF-8", "a binary file"))
    return text
