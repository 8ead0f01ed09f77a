"""What is known about the series, the texts and the other sequences."""

from nnbook_utils.data._info import DatasetInfo

SEQUENCES = (
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
        name="python_docs_text",
        title="Topics of Python's manual",
        source="Python's standard library",
        licence="PSF",
        citation="Python Software Foundation, The Python Language Reference",
        url="https://docs.python.org/3/library/pydoc.html",
        profile="quick",
        size="about 370,000 characters of English",
        loader="load_python_docs_text",
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
