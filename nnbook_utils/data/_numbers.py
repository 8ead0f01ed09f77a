"""Numbers in English and French words: translations with a known right answer."""

from functools import cache

import numpy as np

from nnbook_utils.data._checks import checked_seed, whole_number
from nnbook_utils.data._registry import nearest
from nnbook_utils.data._split import split
from nnbook_utils.data._types import DataError, Translations

LARGEST = 10**12
SPREADS = ("numbers", "digits")


def make_number_translations(
    n_pairs: int = 10_000, *, maximum: int = 999_999, spread: str = "numbers", seed: int = 0
) -> tuple[Translations, Translations, Translations]:
    """Make pairs of the same number in English and in French words.

    "three hundred and seven" is "trois cent sept". French counts by twenties above sixty
    (97 is "quatre-vingt-dix-sept", four twenties and seventeen) and writes some words with or
    without an s ("deux cents", "deux cent un"), so words cannot be replaced one by one. All
    numbers differ, so no number of the test part was seen in training.

    Args:
        n_pairs: Pairs in all, at least 5 and at most `maximum` + 1.
        maximum: Largest number that can occur, 99 to 10**12; 0 is the smallest.
        spread: "numbers": every number is equally likely, so most are long; "digits": every
            number of digits is equally likely, as far as there are enough short numbers.
        seed: Same seed, same numbers and same split.

    Returns:
        train, validation and test (60, 20 and 20 %), each with
        `numbers`, int64, (n,);
        `sources`, str, (n,), the number in British English: lower case, with commas after
        groups of three digits, "and", and hyphens ("twenty-one");
        `targets`, str, (n,), the number in French: lower case, hyphens, no commas.

    Raises:
        DataError: If num2words is not installed.
        TypeError: If `n_pairs`, `maximum` or the seed is no whole number.
        ValueError: If one of them is out of range, or `spread` is neither of the two.

    Source: made here with the package num2words (LGPL, used as it is), which knows the words.

    Example:
        >>> train, validation, test = make_number_translations(1000)
        >>> len(train.numbers)
        600
        >>> print(in_words(307, "en"), "->", in_words(307, "fr"))
        three hundred and seven -> trois cent sept
    """
    maximum = whole_number("maximum", maximum, minimum=99)
    if maximum > LARGEST:
        raise ValueError(f"maximum must be at most 10**12, got {maximum}")
    n_pairs = whole_number("n_pairs", n_pairs, minimum=5)
    if n_pairs > maximum + 1:
        raise ValueError(
            f"there are only {maximum + 1} numbers up to {maximum}, not {n_pairs}; "
            "ask for fewer pairs or a larger maximum"
        )
    if spread not in SPREADS:
        raise ValueError(
            f"spread must be 'numbers' or 'digits', got {spread!r}; "
            f"did you mean {nearest(str(spread), SPREADS)!r}?"
        )
    rng = np.random.default_rng(checked_seed(seed))
    draw = _spread_numbers if spread == "numbers" else _spread_digits
    numbers = draw(n_pairs, maximum, rng)
    words = (np.array([in_words(int(n), language) for n in numbers]) for language in ("en", "fr"))
    train, validation, test = (Translations(*part) for part in split(numbers, *words, seed=seed))
    return train, validation, test


def in_words(number: int, language: str) -> str:
    """Return a number in words.

    num2words takes a fifth of a millisecond for a French number. Both languages say a number
    group by group of three digits, and there are only 999 groups of each size, so each is asked
    for once.

    Args:
        number: 0 to 10**12.
        language: "en" or "fr".
    """
    groups = [(number // 1000**power % 1000, power) for power in range(4, -1, -1)]
    words = [_group(digits * 1000**power, language) for digits, power in groups if digits]
    if not words:
        return _group(0, language)
    if language == "fr":
        return " ".join(words)
    last = groups[-1][0]
    if 0 < last < 100 and len(words) > 1:
        words[-2:] = [f"{words[-2]} and {words[-1]}"]
    return ", ".join(words)


@cache
def _group(number: int, language: str) -> str:
    try:
        from num2words import num2words
    except ImportError as problem:
        raise DataError(
            "this data set needs the package num2words, which is not installed; "
            "run: pip install num2words"
        ) from problem
    return num2words(number, lang=language)


def _spread_numbers(n_pairs: int, maximum: int, rng: np.random.Generator) -> np.ndarray:
    return rng.choice(maximum + 1, size=n_pairs, replace=False)


def _spread_digits(n_pairs: int, maximum: int, rng: np.random.Generator) -> np.ndarray:
    """Draw as many different numbers of each length, or all where there are fewer."""
    starts = [0, *(10**n_digits for n_digits in range(1, len(str(maximum))))]
    counts = np.diff([*starts, maximum + 1]).tolist()
    drawn = []
    missing = n_pairs
    fewest_first = sorted(zip(counts, starts, strict=True))
    for place, (count, start) in enumerate(fewest_first):
        n_drawn = min(missing // (len(counts) - place), count)
        drawn.append(start + rng.choice(count, size=n_drawn, replace=False))
        missing -= n_drawn
    return np.concatenate(drawn)
