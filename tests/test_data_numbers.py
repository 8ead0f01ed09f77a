import sys

import numpy as np
import pytest
from num2words import num2words

from nnbook_utils import data
from nnbook_utils.data import _numbers

EDGES = [
    *range(1101),
    *(1999, 2000, 2001, 2080, 9999, 10_000, 80_000, 80_080, 99_099, 200_000, 200_200, 999_999),
    *(1_000_000, 1_000_001, 1_000_100, 1_001_000, 80_000_000, 200_000_200, 280_280_280_280),
    *(10**9, 10**9 + 1, 10**9 + 999, 2 * 10**9, 10**12 - 1, 10**12, 71_071_071_071),
]


def stack(parts, field):
    return np.concatenate([getattr(part, field) for part in parts])


@pytest.mark.parametrize("language", ["en", "fr"])
def test_group_by_group_equals_num2words(language):
    rng = np.random.default_rng(0)
    drawn = [int(n) for power in range(3, 13) for n in rng.integers(10**power, size=60)]
    for number in EDGES + drawn:
        assert _numbers.in_words(number, language) == num2words(number, lang=language)


@pytest.mark.parametrize("spread", ["numbers", "digits"])
@pytest.mark.parametrize("maximum", [99, 150, 999_999, 10**12])
def test_sources_and_targets_are_the_numbers(maximum, spread):
    parts = data.make_number_translations(100, maximum=maximum, spread=spread, seed=1)
    assert [len(part.numbers) for part in parts] == [60, 20, 20]
    numbers = stack(parts, "numbers")
    assert len(set(numbers)) == 100
    assert 0 <= numbers.min() <= numbers.max() <= maximum
    for part in parts:
        assert part.numbers.dtype == np.int64
        assert part.sources.dtype.kind == part.targets.dtype.kind == "U"
        assert list(part.sources) == [num2words(n, lang="en") for n in part.numbers.tolist()]
        assert list(part.targets) == [num2words(n, lang="fr") for n in part.numbers.tolist()]


def test_every_number_is_equally_likely():
    numbers = stack(data.make_number_translations(5000, maximum=9_999_999), "numbers")
    assert numbers.mean() == pytest.approx(5e6, rel=0.03)
    assert (numbers >= 10**6).mean() == pytest.approx(0.9, abs=0.02)


def test_every_length_is_equally_likely():
    numbers = stack(data.make_number_translations(9000, spread="digits"), "numbers")
    lengths = np.bincount([len(str(n)) for n in numbers], minlength=7)[1:]
    assert lengths[:3].tolist() == [10, 90, 900]
    assert lengths[3:].max() - lengths[3:].min() <= 1
    assert lengths.sum() == len(set(numbers)) == 9000


@pytest.mark.parametrize(("n_pairs", "maximum"), [(1000, 999), (1005, 1004), (900, 1004)])
@pytest.mark.parametrize("spread", ["numbers", "digits"])
def test_as_many_pairs_as_there_are_numbers(n_pairs, maximum, spread):
    parts = data.make_number_translations(n_pairs, maximum=maximum, spread=spread)
    numbers = stack(parts, "numbers")
    assert len(set(numbers)) == len(numbers) == n_pairs


@pytest.mark.parametrize("spread", ["numbers", "digits"])
def test_the_seed_decides(spread):
    first, again, other = (
        data.make_number_translations(50, spread=spread, seed=seed) for seed in (1, 1, 2)
    )
    for part, same in zip(first, again, strict=True):
        for array, array_again in zip(part, same, strict=True):
            np.testing.assert_array_equal(array, array_again)
    assert set(stack(first, "numbers")) != set(stack(other, "numbers"))
    default, zero = data.make_number_translations(50), data.make_number_translations(50, seed=0)
    np.testing.assert_array_equal(default[2].numbers, zero[2].numbers)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"n_pairs": 4}, ValueError, "n_pairs must be at least 5, got 4"),
        ({"n_pairs": 10.0}, TypeError, "n_pairs must be a whole number"),
        ({"maximum": 98}, ValueError, "maximum must be at least 99, got 98"),
        ({"maximum": 10**12 + 1}, ValueError, r"maximum must be at most 10\*\*12, got 1000000000"),
        ({"maximum": 1e6}, TypeError, "maximum must be a whole number"),
        ({"n_pairs": 101, "maximum": 99}, ValueError, "only 100 numbers up to 99, not 101; ask"),
        ({"spread": "digit"}, ValueError, "'numbers' or 'digits', got 'digit'; .*mean 'digits'"),
        ({"spread": None}, ValueError, "spread must be 'numbers' or 'digits', got None"),
        ({"seed": -1}, ValueError, "seed must be at least 0"),
        ({"seed": 0.5}, TypeError, "seed must be a whole number"),
    ],
)
def test_wrong_arguments(arguments, error, message):
    with pytest.raises(error, match=message):
        data.make_number_translations(**arguments)


def test_without_num2words(monkeypatch):
    monkeypatch.setitem(sys.modules, "num2words", None)
    _numbers._group.cache_clear()
    with pytest.raises(data.DataError, match="num2words, which is not installed; run: pip install"):
        data.make_number_translations(10)
