"""Data sets of the book.

The verb says where the data comes from: `load_` from an installed package, `fetch_` from a
download that is verified and kept, `make_` from a seed. Every one returns a training, a
validation and a test part, each a named tuple of plain NumPy arrays.

Example:
    >>> from nnbook_utils import data
    >>> train, validation, test = data.load_digits(seed=0)
    >>> train.images.shape, train.labels.shape
    ((1078, 8, 8), (1078,))
"""

from nnbook_utils.data._docstrings import load_docstrings
from nnbook_utils.data._families import make_family_trees
from nnbook_utils.data._grammar import make_reviews
from nnbook_utils.data._graphs import fetch_cora, load_digits_graph, load_karate_club
from nnbook_utils.data._images import (
    fetch_cifar10,
    fetch_fashion_mnist,
    fetch_mnist,
    load_digits,
    load_mnist_sample,
)
from nnbook_utils.data._info import DatasetInfo
from nnbook_utils.data._music import load_chorales
from nnbook_utils.data._numbers import make_number_translations
from nnbook_utils.data._photos import load_digits_on_photos, make_digit_scenes
from nnbook_utils.data._registry import info, list_datasets
from nnbook_utils.data._reviews import fetch_imdb
from nnbook_utils.data._sentences import fetch_french_english
from nnbook_utils.data._series import load_co2, load_sea_temperature, load_sunspots
from nnbook_utils.data._speech import load_japanese_vowels
from nnbook_utils.data._split import split
from nnbook_utils.data._synthetic import make_flip_flops, make_moved_digits, make_spiral
from nnbook_utils.data._tables import (
    fetch_california_housing,
    load_breast_cancer,
    load_diabetes,
    load_diamonds,
    load_german_credit,
)
from nnbook_utils.data._text import fetch_tiny_shakespeare, load_python_docs_text
from nnbook_utils.data._types import DataError
from nnbook_utils.data._videos import make_moving_digits

__all__ = [
    "DataError",
    "DatasetInfo",
    "fetch_california_housing",
    "fetch_cifar10",
    "fetch_cora",
    "fetch_fashion_mnist",
    "fetch_french_english",
    "fetch_imdb",
    "fetch_mnist",
    "fetch_tiny_shakespeare",
    "info",
    "list_datasets",
    "load_breast_cancer",
    "load_chorales",
    "load_co2",
    "load_diabetes",
    "load_diamonds",
    "load_digits",
    "load_digits_graph",
    "load_digits_on_photos",
    "load_docstrings",
    "load_german_credit",
    "load_japanese_vowels",
    "load_karate_club",
    "load_mnist_sample",
    "load_python_docs_text",
    "load_sea_temperature",
    "load_sunspots",
    "make_digit_scenes",
    "make_family_trees",
    "make_flip_flops",
    "make_moved_digits",
    "make_moving_digits",
    "make_number_translations",
    "make_reviews",
    "make_spiral",
    "split",
]
