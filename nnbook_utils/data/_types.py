"""The named tuples in which the loaders return one part of a data set, and their error."""

from typing import NamedTuple

import numpy as np


class DataError(OSError):
    """Data that cannot be had: a package, file or download is missing, damaged or not as expected.

    The message says what was tried and what to do next.

    Example:
        >>> from nnbook_utils import data
        >>> try:
        ...     train, validation, test = data.fetch_mnist()
        ... except data.DataError as problem:
        ...     print(problem)  # doctest: +SKIP
    """


class Classes(NamedTuple):
    """Rows of a table and the class of each.

    Attributes:
        features: float32, (n, number of features).
        labels: int64, (n,), class numbers from 0.
    """

    features: np.ndarray
    labels: np.ndarray


class Quantities(NamedTuple):
    """Rows of a table and a number to predict for each.

    Attributes:
        features: float32, (n, number of features).
        targets: float32, (n,).
    """

    features: np.ndarray
    targets: np.ndarray


class Credits(NamedTuple):
    """Credit applications: numbers, words and the outcome.

    Attributes:
        numbers: float32, (n, 7).
        categories: str, (n, 13).
        labels: int64, (n,), 1 for bad credit.
    """

    numbers: np.ndarray
    categories: np.ndarray
    labels: np.ndarray


class Images(NamedTuple):
    """Grey images and the class of each.

    Attributes:
        images: float32 in [0, 1], (n, height, width); 0 is background.
        labels: int64, (n,), class numbers from 0.
    """

    images: np.ndarray
    labels: np.ndarray


class Series(NamedTuple):
    """A stretch of a time series, in order.

    Attributes:
        values: float32, (n,).
        times: float64, (n,), decimal years, increasing.
    """

    values: np.ndarray
    times: np.ndarray


class Points(NamedTuple):
    """Points in the plane and the class of each.

    Attributes:
        points: float32, (n, 2), columns x and y.
        labels: int64, (n,), class numbers from 0.
    """

    points: np.ndarray
    labels: np.ndarray


class Sequences(NamedTuple):
    """Sequences of tokens and the class of each sequence.

    Attributes:
        tokens: int64, (n, number of steps).
        labels: int64, (n,), class numbers from 0.
    """

    tokens: np.ndarray
    labels: np.ndarray
