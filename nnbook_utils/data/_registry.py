"""The data sets by name: source, licence, citation, names of columns and classes."""

import difflib
from collections.abc import Iterable

from nnbook_utils.data._catalogue_graphs import GRAPHS
from nnbook_utils.data._catalogue_images import IMAGES
from nnbook_utils.data._catalogue_sequences import SEQUENCES
from nnbook_utils.data._catalogue_tables import TABLES
from nnbook_utils.data._info import DatasetInfo

_BY_NAME = {
    dataset.name: dataset
    for dataset in sorted((*TABLES, *IMAGES, *SEQUENCES, *GRAPHS), key=lambda dataset: dataset.name)
}


def list_datasets() -> tuple[str, ...]:
    """Return the names of all data sets, in alphabetical order.

    Example:
        >>> list_datasets()[:3]
        ('breast_cancer', 'california_housing', 'chorales')
    """
    return tuple(_BY_NAME)


def info(name: str) -> DatasetInfo:
    """Return what is known about a data set.

    Args:
        name: One of `list_datasets()`.

    Raises:
        TypeError: If the name is no text.
        ValueError: If there is no such data set; the message names the nearest one.

    Example:
        >>> info("breast_cancer").class_names
        ('malignant', 'benign')
    """
    if not isinstance(name, str):
        raise TypeError(f"name must be text like 'mnist', got {name!r} ({type(name).__name__})")
    if name not in _BY_NAME:
        raise ValueError(
            f"there is no data set {name!r}; did you mean {nearest(name, _BY_NAME)!r}? "
            f"There are {', '.join(_BY_NAME)}"
        )
    return _BY_NAME[name]


def nearest(word: str, words: Iterable[str]) -> str:
    """Return the one of `words` that is most like `word`."""
    return difflib.get_close_matches(word.lower(), list(words), cutoff=0.0)[0]
