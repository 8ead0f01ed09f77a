import gzip
import types

import numpy as np
import pytest

from nnbook_utils import data
from nnbook_utils.data import _package
from nnbook_utils.data._series import _decimal_year


@pytest.fixture
def files(tmp_path, monkeypatch):
    """Write both series files into a package that is found in place of statsmodels."""

    def write(co2="", sunspots=""):
        for name, text in (("co2", co2), ("sunspots", sunspots)):
            folder = tmp_path / "datasets" / name
            folder.mkdir(parents=True)
            (folder / f"{name}.csv").write_text(text)
        spec = types.SimpleNamespace(submodule_search_locations=[str(tmp_path)])
        monkeypatch.setattr(_package, "find_spec", lambda package: spec)

    return write


@pytest.fixture
def sea_file(tmp_path, monkeypatch):
    """Write a compressed file that is found in place of bokeh_sampledata's."""

    def write(lines, head="time (UTC),temperature (celsius)"):
        folder = tmp_path / "_data"
        folder.mkdir()
        content = gzip.compress("\n".join([head, *lines]).encode())
        (folder / "sea_surface_temperature.csv.gz").write_bytes(content)
        spec = types.SimpleNamespace(submodule_search_locations=[str(tmp_path)])
        monkeypatch.setattr(_package, "find_spec", {"bokeh_sampledata": spec}.get)

    return write


@pytest.mark.parametrize(
    ("load", "sizes"),
    [
        (data.load_co2, [1370, 457, 457]),
        (data.load_sunspots, [185, 62, 62]),
        (data.load_sea_temperature, [11549, 3850, 3850]),
    ],
)
def test_parts_follow_each_other_in_time(load, sizes):
    parts = load()
    assert [len(part.values) for part in parts] == sizes
    assert [len(part.times) for part in parts] == sizes
    assert all(part.values.dtype == np.float32 for part in parts)
    assert all(part.times.dtype == np.float64 for part in parts)
    assert (np.diff(np.concatenate([part.times for part in parts])) > 0).all()
    assert all(np.isfinite(part.values).all() for part in parts)


def test_co2_equals_statsmodels():
    frame = pytest.importorskip("statsmodels.datasets").co2.load_pandas().data
    values = np.concatenate([part.values for part in data.load_co2()])
    expected = frame["co2"].interpolate(method="linear").to_numpy()
    np.testing.assert_allclose(values, expected, rtol=1e-6)
    times = np.concatenate([part.times for part in data.load_co2()])
    years = frame.index.year + (frame.index.day_of_year - 1) / (365 + frame.index.is_leap_year)
    np.testing.assert_allclose(times, years, rtol=0, atol=1e-9)


def test_what_the_docstring_says_about_co2():
    frame = pytest.importorskip("statsmodels.datasets").co2.load_pandas().data
    gaps = frame["co2"].isna().to_numpy()
    assert gaps.sum() == 59
    assert gaps[frame.index.year < 1968].sum() == 53
    lengths = np.diff(np.flatnonzero(np.diff(np.r_[0, gaps, 0])))[::2]
    assert lengths.max() == 18
    assert not gaps[1368:1373].any()
    assert not gaps[1825:1830].any()
    parts = data.load_co2()
    assert parts[0].values.min() == 313
    assert parts[2].values.max() == np.float32(373.9)


def test_sunspots_equal_statsmodels():
    frame = pytest.importorskip("statsmodels.datasets").sunspots.load_pandas().data
    parts = data.load_sunspots()
    values = np.concatenate([part.values for part in parts])
    np.testing.assert_array_equal(values, frame["SUNACTIVITY"].astype(np.float32))
    np.testing.assert_array_equal(np.concatenate([part.times for part in parts]), frame["YEAR"])
    assert (values.min(), values.max()) == (0, np.float32(190.2))


@pytest.mark.parametrize(
    ("date", "year"),
    [
        ("19580101", 1958.0),
        ("19580702", 1958 + 182 / 365),
        ("19600702", 1960 + 183 / 366),
        ("19991231", 1999 + 364 / 365),
    ],
)
def test_decimal_year(date, year):
    assert _decimal_year(date) == pytest.approx(year, abs=1e-12)


def test_gaps_are_filled_along_time_and_not_along_rows(files):
    dates = ["19990101", "19990103", "19990104", "19990105", "19990106"]
    cells = ["1", "", "4", "5", "6"]
    lines = "\n".join(f"{date},{cell}" for date, cell in zip(dates, cells, strict=True))
    files(co2=f"date,co2\n{lines}\n")
    train, _, _ = data.load_co2()
    np.testing.assert_allclose(train.values, [1, 3, 4])


DAYS = "".join(f"1999010{day},{day}\n" for day in range(1, 10))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("date,ppm\n" + DAYS, "it has no column co2"),
        ("date,co2\n" + DAYS.replace("19990103", "3 January"), "'3 January' is not a date like"),
        (
            "date,co2\n" + DAYS.replace("19990103", "19990102"),
            "used: values must be numbers and",
        ),
        ("date,co2\n" + DAYS.replace("19990103", "19980103"), "times must increase"),
        ("date,co2\n" + DAYS.replace(",3\n", ",high\n"), "text where a number belongs .*high"),
    ],
)
def test_damaged_co2(files, text, message):
    files(co2=text)
    with pytest.raises(data.DataError, match=message) as error:
        data.load_co2()
    assert str(error.value).endswith("run: pip install --force-reinstall statsmodels")


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("", "text where a number belongs"),
        ("many", "text where a number belongs"),
        ("nan", "values must be numbers"),
        ("inf", "values must be numbers"),
    ],
)
def test_damaged_sunspots(files, cell, message):
    lines = [f"{year},{year % 7}" for year in range(1700, 1710)]
    files(sunspots="\n".join(["YEAR,SUNACTIVITY", *lines[:4], f"1704,{cell}", *lines[5:]]))
    with pytest.raises(data.DataError, match=f"series in statsmodels cannot be used: .*{message}"):
        data.load_sunspots()


def test_sea_temperature_equals_the_file():
    """pandas puts the readings on a grid of half hours and interpolates in time."""
    frame = pytest.importorskip("bokeh_sampledata.sea_surface_temperature").sea_surface_temperature
    series = frame["temperature"]
    series = series[~series.index.duplicated(keep="first")]
    regular = series.resample("30min").asfreq()
    assert regular.isna().sum() == 24
    parts = data.load_sea_temperature()
    values = np.concatenate([part.values for part in parts])
    np.testing.assert_allclose(values, regular.interpolate("time"), rtol=1e-6)
    assert (values.min(), values.max()) == (np.float32(3.612), np.float32(22.15))
    times = np.concatenate([part.times for part in parts])
    index = regular.index
    days = index.day_of_year - 1 + (index.hour + index.minute / 60) / 24
    np.testing.assert_allclose(times, index.year + days / (365 + index.is_leap_year), atol=1e-9)
    gaps = np.flatnonzero(regular.isna())
    assert gaps.max() < len(parts[0].values) - 1
    ends = [index[len(parts[0].values) - 1], index[-len(parts[2].values) - 1]]
    assert [(end.year, end.month) for end in ends] == [(2016, 10), (2016, 12)]


def test_persistence_on_the_sea():
    """The errors of the last value half an hour and a day later, as known for this series."""
    values = np.concatenate([part.values for part in data.load_sea_temperature()])
    assert np.abs(values[1:] - values[:-1]).mean() == pytest.approx(0.049, abs=0.001)
    assert np.abs(values[48:] - values[:-48]).mean() == pytest.approx(0.385, abs=0.001)


SEA = [f"2015-12-31T{hour:02}:{minute:02}:00Z,{hour}" for hour in range(24) for minute in (0, 30)]


def test_gaps_in_the_sea_are_filled_and_repeats_dropped(sea_file):
    sea_file([*SEA[:9], *SEA[11:20], SEA[19].replace(",9", ",99"), *SEA[20:]])
    parts = data.load_sea_temperature()
    values = np.concatenate([part.values for part in parts])
    expected = np.repeat(np.arange(24.0), 2)
    expected[8:12] = [4, 4 + 1 / 3, 4 + 2 / 3, 5]
    np.testing.assert_allclose(values, expected, rtol=1e-6)
    times = np.concatenate([part.times for part in parts])
    np.testing.assert_allclose(np.diff(times) * 365 * 48, 1, rtol=1e-6)
    assert times[24] == pytest.approx(2015 + 364.5 / 365, abs=1e-9)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([*SEA[:5], SEA[3], *SEA[5:]], "values must be numbers and times must not decrease"),
        ([*SEA[:5], SEA[5].replace(",2", ",nan"), *SEA[6:]], "values must be numbers and times"),
        ([*SEA[:5], SEA[5].replace(",2", ",warm")], "text where a number belongs .*warm"),
        ([*SEA[:5], "noon,4"], "a time that cannot be read .*noon"),
        ([], "it has no rows"),
    ],
)
def test_damaged_sea(sea_file, lines, message):
    sea_file(lines)
    with pytest.raises(data.DataError, match=message) as error:
        data.load_sea_temperature()
    assert str(error.value).endswith("run: pip install --force-reinstall bokeh_sampledata")


def test_sea_with_other_columns(sea_file):
    sea_file(SEA, head="time,temperature")
    with pytest.raises(data.DataError, match=r"no column time \(UTC\), temperature"):
        data.load_sea_temperature()


def test_sea_without_the_package(monkeypatch):
    monkeypatch.setattr(_package, "find_spec", lambda package: None)
    message = "bokeh_sampledata, which is not installed; run: pip install bokeh_sampledata"
    with pytest.raises(data.DataError, match=message):
        data.load_sea_temperature()
