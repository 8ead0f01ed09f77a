"""Time series: values in the order of time, cut and never shuffled."""

import datetime

import numpy as np

from nnbook_utils.data._package import read_table
from nnbook_utils.data._split import part_bounds
from nnbook_utils.data._types import DataError, Series

STATSMODELS = "statsmodels"
HALF_HOUR = 1800  # seconds


def load_co2() -> tuple[Series, Series, Series]:
    """Load the weekly concentration of carbon dioxide in the air over Mauna Loa, Hawaii.

    2,284 weeks from 29 March 1958 to 29 December 2001. 59 weeks without a measurement (53 of
    them before 1968, the longest stretch 18 weeks) are filled by linear interpolation between
    their neighbours in time; no gap touches a border between two parts.

    Returns:
        train, validation and test (the first 1370 weeks, the next 457, the last 457), each
        with `values`, float32, (n,), parts per million, 313 to 373.9;
        `times`, float64, (n,), decimal years.

    Raises:
        DataError: If statsmodels is not installed or its file is damaged.

    Source: file of the package statsmodels (BSD 3-clause); the data is in the public domain.
    Keeling and Whorf, Atmospheric CO2 concentrations derived from flask air samples at sites
    in the SIO network, Oak Ridge National Laboratory, 2004.

    Example:
        >>> train, validation, test = load_co2()
        >>> float(train.values[0]), round(float(train.times[0]), 3)
        (316.1..., 1958.238)
    """
    table = read_table("statsmodels", "datasets", "co2", "co2.csv", columns=("date", "co2"))
    times = np.array([_decimal_year(date) for date in table["date"]])
    values = _numbers(table["co2"].replace("", "nan"))
    known = np.isfinite(values)
    return _cut(np.interp(times, times[known], values[known]), times)


def load_sunspots() -> tuple[Series, Series, Series]:
    """Load the yearly mean number of sunspots, 1700 to 2008.

    Activity rises and falls in about eleven years, with uneven height. The numbers are on
    the scale used before the revision of 2015, which made all of them larger.

    Returns:
        train, validation and test (185, 62 and 62 years), each with
        `values`, float32, (n,), 0 to 190.2; `times`, float64, (n,), the year.

    Raises:
        DataError: If statsmodels is not installed or its file is damaged.

    Source: file of the package statsmodels (BSD 3-clause); the data is in the public domain.
    National Geophysical Data Center, Boulder, from the Solar Influences Data Analysis
    Center, Brussels.

    Example:
        >>> train, validation, test = load_sunspots()
        >>> len(train.values), int(test.times[-1])
        (185, 2008)
    """
    columns = ("YEAR", "SUNACTIVITY")
    table = read_table("statsmodels", "datasets", "sunspots", "sunspots.csv", columns=columns)
    return _cut(_numbers(table["SUNACTIVITY"]), _numbers(table["YEAR"]))


def load_sea_temperature() -> tuple[Series, Series, Series]:
    """Load the temperature of the sea off Maine every half hour, from February 2016 to March 2017.

    It falls and rises over the year, over the day with the sun, and twice a day with the tide,
    whose period of 12.42 hours is not half a day. The buoy missed 24 of the 19,249 half hours:
    one on 14 June and 23 in the night before 8 July 2016. They are filled by linear
    interpolation, so that a lag of 48 is a day everywhere; both gaps are in the training part.
    Of two readings of one moment, on 21 March 2017, the first is kept.

    Training ends in October 2016, validation in December: the test part is a winter.

    Returns:
        train, validation and test (the first 11549 half hours, the next 3850, the last 3850),
        each with `values`, float32, (n,), degrees Celsius, 3.612 to 22.15;
        `times`, float64, (n,), decimal years in universal time, half an hour apart.

    Raises:
        DataError: If bokeh_sampledata is not installed or its file is damaged.

    Source: file of the package bokeh_sampledata (BSD 3-clause); the data may be used and
    redistributed freely. Northeastern Regional Association of Coastal Ocean Observing Systems
    (NERACOOS), station B01, University of Maine.

    Example:
        >>> train, validation, test = load_sea_temperature()
        >>> len(train.values), round(float(train.times[0]), 3)
        (11549, 2016.123)
    """
    package = "bokeh_sampledata"
    columns = ("time (UTC)", "temperature (celsius)")
    table = read_table(package, "_data", "sea_surface_temperature.csv.gz", columns=columns)
    seconds = _seconds(table[columns[0]], package)
    values = _numbers(table[columns[1]], package)
    if not (np.isfinite(values).all() and (np.diff(seconds) >= 0).all()):
        raise _damaged("values must be numbers and times must not decrease", package)
    seconds, first = np.unique(seconds, return_index=True)
    grid = np.arange(seconds[0], seconds[-1] + 1, HALF_HOUR)
    return _cut(np.interp(grid, seconds, values[first]), _decimal_years(grid), package)


def _seconds(column, package: str) -> np.ndarray:
    """Return times such as 2016-02-15T00:30:00Z as seconds since 1970, int64."""
    try:
        return np.array([time.removesuffix("Z") for time in column], "datetime64[s]").astype(int)
    except ValueError as problem:
        raise _damaged(f"it has a time that cannot be read ({problem})", package) from problem


def _decimal_years(seconds: np.ndarray) -> np.ndarray:
    """Return seconds since 1970 as decimal years: the middle of 2 July 2015 is 2015.5."""
    years = seconds.astype("datetime64[s]").astype("datetime64[Y]")
    start, end = (edge.astype("datetime64[s]").astype(int) for edge in (years, years + 1))
    return 1970 + years.astype(int) + (seconds - start) / (end - start)


def _decimal_year(date: str) -> float:
    """Return a date in the form YYYYMMDD as a decimal year: 19580702 is 1958.4986."""
    try:
        day = datetime.datetime.strptime(date, "%Y%m%d")
    except ValueError as problem:
        raise _damaged(f"{date!r} is not a date like 19580329") from problem
    start = datetime.datetime(day.year, 1, 1)
    end = datetime.datetime(day.year + 1, 1, 1)
    return day.year + (day - start) / (end - start)


def _numbers(column, package: str = STATSMODELS) -> np.ndarray:
    try:
        return column.to_numpy().astype(np.float64)
    except ValueError as problem:
        raise _damaged(f"it has text where a number belongs ({problem})", package) from problem


def _cut(
    values: np.ndarray, times: np.ndarray, package: str = STATSMODELS
) -> tuple[Series, Series, Series]:
    if not (np.isfinite(values).all() and (np.diff(times) > 0).all()):
        raise _damaged("values must be numbers and times must increase", package)
    bounds = part_bounds(len(values))
    pairs = zip(np.split(values.astype(np.float32), bounds), np.split(times, bounds), strict=True)
    train, validation, test = (Series(*pair) for pair in pairs)
    return train, validation, test


def _damaged(reason: str, package: str = STATSMODELS) -> DataError:
    return DataError(
        f"the series in {package} cannot be used: {reason}; "
        f"run: pip install --force-reinstall {package}"
    )
