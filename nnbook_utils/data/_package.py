"""Data files that come inside installed packages, found without importing the package."""

import zlib
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from nnbook_utils.data._types import DataError


def is_installed(package: str) -> bool:
    """Say whether a package is installed, without running it."""
    return find_spec(package) is not None


def package_file(package: str, *parts: str) -> Path:
    """Return the path of a file inside an installed package, without running the package.

    Importing plotnine or statsmodels takes seconds; their data are plain files.

    Args:
        package: Import name, which for the packages used here is also the name for pip.
        *parts: Folders and file name below the package's folder.

    Raises:
        DataError: If the package is not installed, or has no such file.
    """
    path = _path(package, *parts)
    if not path.is_file():
        raise DataError(
            f"the installed package {package} has no file {path}; "
            f"run: pip install --force-reinstall {package}"
        )
    return path


def package_folder(package: str, *parts: str) -> Path:
    """Return the path of a folder inside an installed package, without running the package.

    Arguments and errors are those of `package_file`.
    """
    path = _path(package, *parts)
    if not path.is_dir():
        raise DataError(
            f"the installed package {package} has no folder {path}; "
            f"run: pip install --force-reinstall {package}"
        )
    return path


def read_table(package: str, *parts: str, columns: tuple[str, ...]):
    """Read columns of a CSV file inside an installed package as a data frame of text.

    Args:
        package: Import name of the package.
        *parts: Folders and file name below the package's folder.
        columns: The columns wanted, in this order; others are dropped.

    Returns:
        A pandas DataFrame of str; an empty cell is the empty string.

    Raises:
        DataError: If the file is missing, unreadable, empty or has other columns.
    """
    import pandas as pd

    path = package_file(package, *parts)
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    except (OSError, ValueError) as problem:
        raise damaged(package, path, str(problem)) from problem
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise damaged(package, path, f"it has no column {', '.join(missing)}")
    if table.empty:
        raise damaged(package, path, "it has no rows")
    return table[list(columns)].copy()


def read_bytes(package: str, *parts: str, shape: tuple[int, int]) -> np.ndarray:
    """Read a CSV file inside an installed package that holds nothing but numbers from 0 to 255.

    Args:
        package: Import name of the package.
        *parts: Folders and file name below the package's folder; ".gz" is unpacked.
        shape: Rows and columns that the file must have; it has no line of names.

    Returns:
        uint8, of this shape.

    Raises:
        DataError: If the file is missing, unreadable, of another shape or holds anything else.
    """
    import pandas as pd

    path = package_file(package, *parts)
    try:
        table = pd.read_csv(path, header=None, dtype=np.uint8).to_numpy()
    except (OSError, EOFError, ValueError, OverflowError, zlib.error) as problem:
        raise damaged(package, path, str(problem)) from problem
    if table.shape != shape:
        raise damaged(package, path, f"it has {table.shape} rows and columns, expected {shape}")
    return table


def _path(package: str, *parts: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise DataError(
            f"this data set comes with the package {package}, which is not installed; "
            f"run: pip install {package}"
        )
    return Path(spec.submodule_search_locations[0], *parts)


def damaged(package: str, path: Path, reason: str) -> DataError:
    """Return the error for a file of a package that cannot be used."""
    return DataError(
        f"could not read {path}: {reason}; the file is damaged or the package has changed; "
        f"run: pip install --force-reinstall {package}"
    )
