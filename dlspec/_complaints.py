"""The one sentence form of every complaint, and the exceptions that carry it.

A complaint says what was expected, what was received and, where that helps, what to do:

    `Y` must have shape (1, m=7). Received: (7,). Use Y.reshape(1, -1).

The command line turns a `Complaint` into that sentence and exit status 2; any other exception is a
bug of ours and keeps its traceback.  Nothing is imported here: the command line must start fast.
"""


class Complaint(Exception):
    """Base of every exception that dlspec raises about what it was given."""


class InvalidValue(Complaint, ValueError):
    """An argument, option or file of the right kind with a value that cannot be used."""


class InvalidType(Complaint, TypeError):
    """An argument of a kind that cannot be used."""


class Interrupted(Complaint, RuntimeError):
    """Training was stopped by Ctrl-C and left a checkpoint."""


def sentence(name: str, expected: str, received: object, advice: str = "") -> str:
    """Compose a complaint about `name`.

    Example:
        >>> sentence("learning_rate", "be a positive number", -1)
        '`learning_rate` must be a positive number. Received: -1.'
    """
    text = f"`{name}` must {expected}. Received: {received}."
    return f"{text} {advice}" if advice else text


def near_miss(wanted: str, known: list[str]) -> str:
    """Advice that lists the known names, the one that was probably meant first.

    Example:
        >>> near_miss("rleu", ["relu", "tanh"])
        'Did you mean relu? Known: relu, tanh.'
    """
    import difflib

    by_lower = {name.lower(): name for name in known}
    close = difflib.get_close_matches(str(wanted).lower(), by_lower, n=1, cutoff=0.5)
    hint = f"Did you mean {by_lower[close[0]]}? " if close else ""
    return f"{hint}Known: {', '.join(known)}."
