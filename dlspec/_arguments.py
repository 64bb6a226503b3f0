"""The command-line parser of `dlspec` and of every script: one-line complaints, fast help.

Only argparse is imported, so that the command line starts fast.
"""

import argparse
import os
import re


class ArgumentParser(argparse.ArgumentParser):
    """argparse's parser, complaining in one line and never guessing at shortened options."""

    def __init__(self, **options) -> None:
        super().__init__(allow_abbrev=False, formatter_class=_formatter, **options)
        # A value and no option; here -1% too, so that what is wrong with it can be said.
        self._negative_number_matcher = re.compile(r"-(\d+|\d*\.\d+)%?$")

    def error(self, message: str):
        """End with status 2 and one line, without the usage that argparse prints before it."""
        self.exit(2, f"{self.prog}: {message}. `{self.prog} --help` lists what it takes.\n")


def _formatter(prog: str) -> argparse.HelpFormatter:
    """Help as wide as the terminal; argparse would import shutil to ask for its width."""
    try:
        width = os.get_terminal_size().columns
    except OSError:
        width = 100
    return argparse.RawDescriptionHelpFormatter(prog, width=width - 2)
