"""Handwritten digits, 8 x 8 pixels: scikit-learn brings them along, so nothing is downloaded."""

from typing import NamedTuple

import numpy as np

from dlspec._complaints import InvalidValue, sentence
from dlspec._validation import check_count

__all__ = ["Digits", "load_digits"]


class Digits(NamedTuple):
    """The 1,797 digits as columns, in the order of the file.

    Attributes:
        X: float64 (64, 1797), 0 (paper) to 1 (ink) in steps of 1/16, row by row of the picture.
        Y: float64 (10, 1797), one 1 per column, in the row of the digit.
        source: where they come from.
        files: none of a user's.
    """

    X: np.ndarray
    Y: np.ndarray
    source: str = "scikit-learn's digits"
    files: tuple = ()

    def split(
        self, test: int = 450, seed: int = 1
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Shuffle, and keep some for the test.

        Args:
            test: number of digits to keep, less than there are.
            seed: of the shuffling, at least 0.

        Returns:
            X_train: (64, 1797 - test).
            Y_train: (10, 1797 - test).
            X_test: (64, test).
            Y_test: (10, test).

        Raises:
            TypeError, ValueError: not whole numbers, no digit for the test or none to learn from.

        Example:
            >>> [part.shape for part in load_digits().split(test=97)]
            [(64, 1700), (10, 1700), (64, 97), (10, 97)]
        """
        test, m = check_count("test", test), self.X.shape[1]
        if test >= m:
            raise InvalidValue(sentence("test", f"be less than the {m} digits", test))
        random = np.random.default_rng(check_count("seed", seed, minimum=0))
        held, learnt = np.split(random.permutation(m), [test])
        return self.X[:, learnt], self.Y[:, learnt], self.X[:, held], self.Y[:, held]


def load_digits() -> Digits:
    """Read the digits that scikit-learn brings along.

    43 people wrote them: the test half of the UCI set "Optical Recognition of Handwritten Digits".

    Returns:
        Pictures and labels.

    Example:
        >>> digits = load_digits()
        >>> digits.Y.sum(axis=1).astype(int).tolist()
        [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]

    Source: Alpaydin and Kaynak, 1998, https://archive.ics.uci.edu/dataset/80.
    """
    from sklearn import datasets

    pixels, labels = datasets.load_digits(return_X_y=True)
    return Digits(np.ascontiguousarray(pixels.T) / 16, np.eye(10)[:, labels])
