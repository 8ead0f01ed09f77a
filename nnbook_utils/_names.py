"""Suggestions for misspelt names, shared by the messages of all helpers."""

import difflib
from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a sentence part that helps with an unknown name.

    Args:
        name: What was asked for.
        known: The names that exist.

    Returns:
        `did you mean 'quick'?` when a known name is close, else `known: 'full', 'quick'`.

    Example:
        >>> nearest("quik", ["quick", "full"])
        "did you mean 'quick'?"
    """
    known = sorted(known)
    by_lower = {candidate.lower(): candidate for candidate in known}
    close = difflib.get_close_matches(str(name).lower(), by_lower, n=1)
    if close:
        return f"did you mean {by_lower[close[0]]!r}?"
    return "known: " + (", ".join(repr(candidate) for candidate in known) or "none")
