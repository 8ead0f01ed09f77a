"""Splitting arrays into training, validation and test parts."""

from collections.abc import Sequence

import numpy as np

from nnbook_utils.data._checks import checked_seed

FRACTIONS = (0.6, 0.2, 0.2)
PARTS = ("training", "validation", "test")


def split(
    *arrays: np.ndarray,
    fractions: Sequence[float] = FRACTIONS,
    seed: int,
    stratify: np.ndarray | None = None,
) -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
    """Shuffle the rows of some arrays together and cut them into three parts.

    Row i of every array goes into the same part, so features stay with their labels.

    Args:
        *arrays: One or more arrays of equal length; the first axis counts examples.
        fractions: Shares of training, validation and test, positive, with sum 1.
        seed: Same seed, same split.
        stratify: Class of each row, (n,): every part then has the classes in the
            proportions of the whole, to within one row a class. None: purely random.

    Returns:
        Three tuples (train, validation, test), each with one array for each argument;
        dtypes are kept. A single array comes back in tuples of one.

    Raises:
        TypeError: If the seed or a fraction is not a number.
        ValueError: If there are no arrays, their lengths differ, a part would stay empty,
            the fractions do not fit, or a class of `stratify` is too rare for three parts.

    Example:
        >>> import numpy as np
        >>> points, labels = np.zeros((10, 2)), np.arange(10) % 2
        >>> train, validation, test = split(points, labels, seed=0, stratify=labels)
        >>> [len(part_labels) for part_points, part_labels in (train, validation, test)]
        [6, 2, 2]
    """
    arrays = _equally_long(arrays)
    parts = split_indices(len(arrays[0]), fractions=fractions, seed=seed, stratify=stratify)
    train, validation, test = (tuple(array[index] for array in arrays) for index in parts)
    return train, validation, test


def split_indices(
    n_rows: int,
    *,
    fractions: Sequence[float] = FRACTIONS,
    seed: int,
    stratify: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the row numbers, int64, of the training, validation and test parts.

    Arguments and errors are those of `split`.
    """
    bounds = part_bounds(n_rows, fractions)
    rng = np.random.default_rng(checked_seed(seed))
    order = rng.permutation(n_rows)
    if stratify is None:
        train, validation, test = np.split(order, bounds)
        return train, validation, test
    classes, codes = _class_codes(stratify, n_rows)
    order = _spread_classes(order, codes, rng)
    train, validation, test = (rng.permutation(part) for part in np.split(order, bounds))
    _require_every_class(classes, codes, (train, validation, test))
    return train, validation, test


def part_bounds(n_rows: int, fractions: Sequence[float] = FRACTIONS) -> tuple[int, int]:
    """Return the row at which validation starts and the row at which test starts.

    Raises:
        TypeError: If a fraction is not a number.
        ValueError: If the fractions do not fit or a part would stay empty.
    """
    shares = _checked_fractions(fractions)
    first = round(n_rows * shares[0])
    second = round(n_rows * (shares[0] + shares[1]))
    sizes = (first, second - first, n_rows - second)
    for part, size in zip(PARTS, sizes, strict=True):
        if size < 1:
            raise ValueError(
                f"{n_rows} rows cut at {tuple(fractions)} leave the {part} part empty; "
                "give more rows or a larger fraction"
            )
    return first, second


def _equally_long(arrays: Sequence[np.ndarray]) -> list[np.ndarray]:
    if not arrays:
        raise ValueError(
            "split needs at least one array; for example split(images, labels, seed=0)"
        )
    arrays = [np.asarray(array) for array in arrays]
    if any(array.ndim == 0 for array in arrays):
        raise ValueError("split needs arrays with rows, got a single value; check the arguments")
    lengths = [len(array) for array in arrays]
    if len(set(lengths)) > 1:
        raise ValueError(
            f"arrays must have the same number of rows, got {lengths}; "
            "features and labels must belong to the same examples"
        )
    return arrays


def _checked_fractions(fractions: Sequence[float]) -> tuple[float, float, float]:
    try:
        shares = tuple(float(fraction) for fraction in fractions)
    except TypeError as problem:
        raise TypeError(
            f"fractions must be three numbers like (0.6, 0.2, 0.2), got {fractions!r}"
        ) from problem
    advice = "for 70/15/15 pass (0.7, 0.15, 0.15)"
    if len(shares) != len(PARTS):
        raise ValueError(f"fractions must be three numbers, got {len(shares)}: {shares}; {advice}")
    if not all(share > 0 for share in shares):
        raise ValueError(f"fractions must all be positive, got {shares}; {advice}")
    if not abs(sum(shares) - 1) < 1e-6:
        raise ValueError(f"fractions must sum to 1, got {shares} (sum {sum(shares):.2f}); {advice}")
    return shares


def _class_codes(stratify: np.ndarray, n_rows: int) -> tuple[np.ndarray, np.ndarray]:
    labels = np.asarray(stratify)
    if labels.shape != (n_rows,):
        raise ValueError(
            f"stratify must have shape ({n_rows},), one class a row, got {labels.shape}"
        )
    if labels.dtype.kind == "f" and np.isnan(labels).any():
        raise ValueError("stratify must not contain NaN; every row needs a class")
    return np.unique(labels, return_inverse=True)


def _spread_classes(order: np.ndarray, codes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Reorder rows so that every stretch holds the classes in their overall proportions."""
    quantiles = np.empty(len(order))
    for code in range(codes.max() + 1):
        members = order[codes[order] == code]
        quantiles[members] = (np.arange(len(members)) + rng.random()) / len(members)
    return np.argsort(quantiles, kind="stable")


def _require_every_class(classes: np.ndarray, codes: np.ndarray, parts: Sequence) -> None:
    for part, index in zip(PARTS, parts, strict=True):
        absent = np.setdiff1d(np.arange(len(classes)), codes[index])
        if absent.size:
            rare = absent[0]
            raise ValueError(
                f"class {classes[rare].item()!r} has {np.sum(codes == rare)} rows, too few for the "
                f"{part} part to get one; merge or drop it, or pass stratify=None"
            )
