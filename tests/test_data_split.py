import numpy as np
import pytest

from nnbook_utils import data
from nnbook_utils.data._split import part_bounds, split_indices

ROWS = np.arange(100)


def test_rows_stay_together_and_none_is_lost_or_repeated():
    squares = ROWS**2
    parts = data.split(ROWS, squares, seed=3)
    for rows, row_squares in parts:
        np.testing.assert_array_equal(rows**2, row_squares)
    assert [len(rows) for rows, _ in parts] == [60, 20, 20]
    assert sorted(np.concatenate([rows for rows, _ in parts])) == list(ROWS)


def test_a_single_array_comes_back_in_tuples_of_one():
    (train,), (validation,), (test,) = data.split(ROWS, seed=0)
    assert (len(train), len(validation), len(test)) == (60, 20, 20)


def test_dtype_and_inner_shape_are_kept():
    images = np.zeros((10, 8, 8), np.float16)
    words = np.array(list("abcdefghij"))
    train, _, test = data.split(images, words, seed=0)
    assert train[0].dtype == np.float16
    assert test[0].shape == (2, 8, 8)
    assert train[1].dtype == words.dtype


def test_lists_are_accepted():
    train, _, _ = data.split([1, 2, 3, 4, 5], seed=0)
    assert isinstance(train[0], np.ndarray)


def test_the_same_seed_gives_the_same_split_and_another_seed_another():
    first, again, other = (split_indices(100, seed=seed)[0] for seed in (5, 5, 6))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_parts_are_shuffled():
    train, validation, test = split_indices(100, seed=0)
    for part in (train, validation, test):
        assert not np.array_equal(part, np.sort(part))
    stratified = split_indices(100, seed=0, stratify=ROWS % 2)
    for part in stratified:
        assert not np.array_equal(part, np.sort(part))


def test_splits_of_known_seeds():
    train, validation, test = split_indices(10, seed=0)
    assert [list(train), list(validation), list(test)] == [[4, 6, 2, 7, 3, 5], [9, 0], [8, 1]]
    parts = split_indices(10, seed=0, stratify=np.arange(10) // 5)
    assert [list(part) for part in parts] == [[7, 2, 4, 6, 3, 5], [9, 0], [1, 8]]


def test_fractions_are_respected():
    assert part_bounds(1000, (0.7, 0.15, 0.15)) == (700, 850)
    assert part_bounds(10, (0.34, 0.33, 0.33)) == (3, 7)
    assert part_bounds(3, (0.34, 0.33, 0.33)) == (1, 2)
    train, validation, test = data.split(ROWS, fractions=[0.5, 0.25, 0.25], seed=0)
    assert (len(train[0]), len(validation[0]), len(test[0])) == (50, 25, 25)


@pytest.mark.parametrize("seed", range(5))
def test_stratified_parts_hold_every_class_in_proportion(seed):
    labels = np.repeat(["common", "rare", "third"], [700, 30, 270])
    parts = split_indices(1000, seed=seed, stratify=labels)
    for part, share in zip(parts, (0.6, 0.2, 0.2), strict=True):
        assert len(part) == 1000 * share
        for label, n_rows in (("common", 700), ("rare", 30), ("third", 270)):
            assert abs(np.sum(labels[part] == label) - n_rows * share) <= 1
    assert sorted(np.concatenate(parts)) == list(range(1000))


def test_stratification_chooses_among_the_rows_of_a_class_at_random():
    labels = np.repeat([0, 1], 50)
    tests = [set(split_indices(100, seed=seed, stratify=labels)[2]) for seed in range(30)]
    assert set().union(*tests) == set(range(100))


def test_stratification_does_not_favour_a_class():
    labels = np.repeat([0, 1], [50, 53])
    sizes = [np.sum(split_indices(103, seed=seed, stratify=labels)[2] < 50) for seed in range(60)]
    assert len(set(sizes)) > 1
    assert 9.5 < np.mean(sizes) < 10.5


def test_no_arrays():
    with pytest.raises(ValueError, match=r"^split needs at least one array; for example split\("):
        data.split(seed=0)


def test_a_single_value():
    with pytest.raises(ValueError, match="arrays with rows, got a single value"):
        data.split(ROWS, 3.0, seed=0)


def test_arrays_of_different_length():
    with pytest.raises(ValueError, match=r"same number of rows, got \[100, 99\]"):
        data.split(ROWS, ROWS[1:], seed=0)


@pytest.mark.parametrize("n_rows", [0, 1, 2])
def test_too_few_rows(n_rows):
    with pytest.raises(ValueError, match=f"^{n_rows} rows cut at .* leave the .* part empty"):
        data.split(ROWS[:n_rows], seed=0)


@pytest.mark.parametrize(
    ("n_rows", "fractions", "part"),
    [
        (4, (0.1, 0.5, 0.4), "training"),
        (10, (0.59, 0.01, 0.4), "validation"),
        (10, (0.6, 0.39, 0.01), "test"),
    ],
)
def test_the_empty_part_is_named(n_rows, fractions, part):
    with pytest.raises(ValueError, match=f"leave the {part} part empty; give more rows"):
        part_bounds(n_rows, fractions)


@pytest.mark.parametrize(
    ("fractions", "message"),
    [
        ((0.7, 0.2, 0.2), r"must sum to 1, got \(0.7, 0.2, 0.2\) \(sum 1.10\); for 70/15/15 pass"),
        ((0.6, 0.2, 0.1), r"sum 0.90"),
        ((0.8, 0.2), r"three numbers, got 2: \(0.8, 0.2\); for 70/15/15"),
        ((0.4, 0.2, 0.2, 0.2), "three numbers, got 4"),
        ((0.8, 0.2, 0.0), "all be positive"),
        ((1.2, -0.1, -0.1), "all be positive"),
        ((float("nan"), 0.5, 0.5), "all be positive"),
        ((float("inf"), 0.5, 0.5), "must sum to 1"),
        ((0.6, 0.2, 0.20001), "must sum to 1"),
    ],
)
def test_wrong_fractions(fractions, message):
    with pytest.raises(ValueError, match=message):
        data.split(ROWS, fractions=fractions, seed=0)


def test_fractions_may_be_off_by_rounding():
    assert part_bounds(100, (0.6, 0.2, 0.2000001)) == (60, 80)


@pytest.mark.parametrize("fractions", [0.8, None, (None, 0.5, 0.5)])
def test_fractions_that_are_no_numbers(fractions):
    with pytest.raises(TypeError, match=r"three numbers like \(0.6, 0.2, 0.2\), got"):
        data.split(ROWS, fractions=fractions, seed=0)


@pytest.mark.parametrize("seed", [None, 1.0, "1", True])
def test_seed_of_the_wrong_type(seed):
    with pytest.raises(TypeError, match=f"seed must be a whole number, got {seed!r}"):
        data.split(ROWS, seed=seed)


def test_negative_seed():
    with pytest.raises(ValueError, match="seed must be at least 0, got -1"):
        data.split(ROWS, seed=-1)


def test_seed_from_numpy():
    assert np.array_equal(split_indices(9, seed=np.int64(4))[0], split_indices(9, seed=4)[0])


@pytest.mark.parametrize("labels", [ROWS[:99], ROWS.reshape(50, 2), np.zeros((100, 1))])
def test_stratify_of_the_wrong_shape(labels):
    with pytest.raises(ValueError, match=r"must have shape \(100,\), one class a row, got"):
        data.split(ROWS, seed=0, stratify=labels)


def test_stratify_with_nan():
    labels = np.zeros(100)
    labels[7] = np.nan
    with pytest.raises(ValueError, match="must not contain NaN"):
        data.split(ROWS, seed=0, stratify=labels)


def test_stratify_by_floats():
    train, _, _ = split_indices(100, seed=0, stratify=(ROWS % 2).astype(float))
    assert np.sum(train % 2) == 30


def test_a_class_too_rare_for_three_parts():
    labels = np.array(["many"] * 98 + ["few"] * 2)
    message = r"^class 'few' has 2 rows, too few for the \w+ part to get one; merge or drop it, or"
    with pytest.raises(ValueError, match=message):
        data.split(ROWS, seed=0, stratify=labels)
