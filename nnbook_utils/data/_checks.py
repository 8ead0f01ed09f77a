"""Checks of arguments that several loaders share."""

from numbers import Integral, Real


def whole_number(name: str, value: int, minimum: int) -> int:
    """Return `value` as an int of at least `minimum`.

    Raises:
        TypeError: If `value` is no whole number (True and 3.0 are none).
        ValueError: If `value` is less than `minimum`.
    """
    if isinstance(value, bool) or not isinstance(value, Integral):
        kind = type(value).__name__
        raise TypeError(f"{name} must be a whole number, got {value!r} ({kind}); for example 100")
    if value < minimum:
        raise ValueError(f"{name} must be at least {minimum}, got {value}")
    return int(value)


def checked_seed(seed: int) -> int:
    """Return `seed` as an int.

    Raises:
        TypeError: If `seed` is no whole number; None would give another result every time.
        ValueError: If `seed` is negative.
    """
    return whole_number("seed", seed, minimum=0)


def number_between(name: str, value: float, low: float, high: float) -> float:
    """Return `value` as a float in [low, high].

    Raises:
        TypeError: If `value` is no number.
        ValueError: If `value` is NaN or outside [low, high].
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name} must be a number, got {value!r} ({type(value).__name__})")
    if not low <= value <= high:
        raise ValueError(f"{name} must be between {low:g} and {high:g}, got {value}")
    return float(value)
