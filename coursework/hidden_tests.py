"""Hidden tests: inputs from a secret seed, the student's outputs compared outside of their reach.

A grader takes `cases` to where the student's function runs, brings the outputs back, and compares
them here, so that nothing in the student's process decides the grade.
"""

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from coursework.exercise_files import Exercise
from nnbook_utils.cells import run_source

__all__ = ["HIDDEN_DIR", "HiddenTest", "difference", "hidden_feedback", "hidden_test", "own_tests"]

HIDDEN_DIR = "NNBOOK_HIDDEN_DIR"
DEFAULT_TOLERANCE = 1e-6
HIDDEN_NAMES = ("cases", "compare", "TOLERANCE")  # a chapter's own variables must not stand in
KINDS = {"b": "true or false", "i": "whole numbers", "u": "whole numbers", "U": "text", "S": "text"}


@dataclass(frozen=True)
class HiddenTest:
    """The inputs of one seed and what the model solution makes of them.

    Attributes:
        cases: Argument tuples.
        expected: The solution's output for each.
        compare: Function (expected, actual, arguments) -> None, or what is wrong.
    """

    cases: tuple[tuple[Any, ...], ...]
    expected: tuple[Any, ...]
    compare: Callable[[Any, Any, tuple[Any, ...]], str | None]

    def feedback(self, outputs: Sequence[Any]) -> str | None:
        """Compare a student's outputs with the solution's.

        Args:
            outputs: One per case, in order.

        Returns:
            None if all are right, else the first difference; inputs are never shown.

        Raises:
            ValueError: If there are more or fewer outputs than cases.
        """
        if len(outputs) != len(self.cases):
            raise ValueError(f"{len(self.cases)} cases need as many outputs, got {len(outputs)}")
        rows = zip(self.expected, outputs, self.cases, strict=True)
        for number, (expected, actual, arguments) in enumerate(rows, start=1):
            message = self.compare(expected, actual, copy.deepcopy(arguments))
            if message:
                return f"hidden case {number} of {len(self.cases)}: {message}"
        return None


def hidden_test(exercise: Exercise, seed: int, namespace: Mapping[str, Any]) -> HiddenTest:
    """Draw the inputs of a seed and run the model solution on them.

    Args:
        exercise: The exercise.
        seed: The class's or student's secret whole number, at least 0.
        namespace: What the chapter's `imports` and `settings` cells define; left unchanged.

    Returns:
        The test.

    Raises:
        ValueError: If `cases` returns no list of argument tuples.
        Exception: Whatever the exercise file's code raises.

    Example:
        >>> test = hidden_test(exercise, 7, namespace)  # doctest: +SKIP
        >>> test.feedback([student(*arguments) for arguments in test.cases])  # doctest: +SKIP
    """
    scope = {name: value for name, value in namespace.items() if name not in HIDDEN_NAMES}
    for part in ("setup", "solution", "hidden"):
        source = "\n" * (exercise.lines[part] - 1) + getattr(exercise, part)
        run_source(source, f"{exercise.path}#{part}", scope)
    cases = scope["cases"](np.random.default_rng(seed))
    if not cases or not all(isinstance(arguments, tuple) for arguments in cases):
        raise ValueError(
            f"{exercise.path}: cases(rng) must return a list of argument tuples, at least one; a "
            "single argument is written (x,)"
        )
    solution = scope[exercise.function]
    expected = tuple(solution(*copy.deepcopy(arguments)) for arguments in cases)
    tolerance = scope.get("TOLERANCE", DEFAULT_TOLERANCE)

    def default(expected: Any, actual: Any, arguments: tuple[Any, ...]) -> str | None:
        return difference(expected, actual, tolerance)

    return HiddenTest(tuple(cases), expected, scope.get("compare", default))


def hidden_feedback(
    exercise: Exercise, function: Callable[..., Any], seed: int, namespace: Mapping[str, Any]
) -> str | None:
    """Run a function on the hidden cases, in this process, and compare.

    For answers that are trusted; a grader runs a student's function in a sandbox and calls
    `HiddenTest.feedback`.

    Args:
        exercise: The exercise.
        function: The answer.
        seed: Secret whole number, at least 0.
        namespace: What the chapter's `imports` and `settings` cells define; left unchanged.

    Returns:
        None if every output is right, else what is wrong with the first that is not.

    Raises:
        Exception: What the exercise file's own code raises; the answer's errors become feedback.

    Example:
        >>> hidden_feedback(exercise, backward, 7, namespace)  # doctest: +SKIP
        'hidden case 1 of 5: expected shape (3,), got (3, 1)'
    """
    test = hidden_test(exercise, seed, namespace)
    outputs = []
    for number, arguments in enumerate(test.cases, start=1):
        try:
            outputs.append(function(*copy.deepcopy(arguments)))
        except Exception as error:
            message = f"{type(error).__name__}: {error}"
            return f"hidden case {number} of {len(test.cases)}: {message}"
    return test.feedback(outputs)


def own_tests(folder: Path, chapter: str, exercises: Sequence[Exercise]) -> dict[str, Path]:
    """Find a teacher's own hidden tests of a chapter.

    Args:
        folder: Folder with a folder for each chapter.
        chapter: The chapter notebook's name without ending.
        exercises: The chapter's exercises.

    Returns:
        The tests' files by name.

    Raises:
        ValueError: If there is none, or one that belongs to no exercise.

    Example:
        >>> own_tests(Path("own"), "03_autoencoder", exercises)  # doctest: +SKIP
        {'psnr.py': PosixPath('own/03_autoencoder/psnr.py')}
    """
    found = {path.name: path for path in sorted((folder / chapter).glob("*.py"))}
    if not found:
        raise ValueError(f"{HIDDEN_DIR} names {folder}, which has no tests in {folder / chapter}")
    unknown = found.keys() - {one.path.name for one in exercises}
    if unknown:
        have = ", ".join(one.path.name for one in exercises)
        raise ValueError(
            f"{folder / chapter}: no exercise for {', '.join(sorted(unknown))}; known: {have}"
        )
    return found


def difference(
    expected: Any, actual: Any, tolerance: float = DEFAULT_TOLERANCE, place: str = "the result"
) -> str | None:
    """Describe the first difference between two results, of any nesting.

    Args:
        expected: Numbers, texts, arrays, tensors or None, in tuples, lists or dictionaries.
        actual: What to compare with it.
        tolerance: Allowed absolute and relative difference of numbers.
        place: How to call the result.

    Returns:
        None if they agree. Whole numbers pass for real ones, and lists for tuples.

    Example:
        >>> difference((1.0, 2.0), (1.0, 2.5))
        'the result[1]: off by up to 0.5'
    """
    if expected is None or actual is None:
        return (
            None
            if expected is actual
            else f"{place}: expected {_kind(expected)}, got {_kind(actual)}"
        )
    if isinstance(expected, Mapping):
        return _mapping_difference(expected, actual, tolerance, place)
    if isinstance(expected, (tuple, list)):
        return _sequence_difference(expected, actual, tolerance, place)
    return _array_difference(expected, actual, tolerance, place)


def _kind(value: Any) -> str:
    """Return the name of a value's type; one of a student's own could carry hidden inputs."""
    if value is None:
        return "nothing (None)"
    kind = type(value)
    return kind.__name__ if kind.__module__ in ("builtins", "numpy") else "another object"


def _mapping_difference(
    expected: Mapping[Any, Any], actual: Any, tolerance: float, place: str
) -> str | None:
    if not isinstance(actual, Mapping):
        return f"{place}: expected a dictionary, got {_kind(actual)}"
    if set(expected) != set(actual):
        wanted = sorted(map(str, expected))
        n_present = len(set(expected) & set(actual))
        return (
            f"{place}: expected the keys {wanted}; {n_present} of them are there, and "
            f"{len(actual) - n_present} others"
        )
    found = (
        difference(expected[key], actual[key], tolerance, f"{place}[{key!r}]") for key in expected
    )
    return next((message for message in found if message), None)


def _sequence_difference(
    expected: Sequence[Any], actual: Any, tolerance: float, place: str
) -> str | None:
    if not isinstance(actual, (tuple, list)):
        return f"{place}: expected {len(expected)} values in a tuple or list, got {_kind(actual)}"
    if len(expected) != len(actual):
        return f"{place}: expected {len(expected)} values, got {len(actual)}"
    found = (
        difference(one, other, tolerance, f"{place}[{index}]")
        for index, (one, other) in enumerate(zip(expected, actual, strict=True))
    )
    return next((message for message in found if message), None)


def _array_difference(expected: Any, actual: Any, tolerance: float, place: str) -> str | None:
    try:
        wanted, got = np.asarray(expected), np.asarray(actual)
    except (TypeError, ValueError):
        return f"{place}: expected numbers, got {_kind(actual)}"
    if wanted.shape != got.shape:
        return f"{place}: expected shape {wanted.shape}, got {got.shape}"
    if not _fits(wanted.dtype, got.dtype):
        return f"{place}: expected {_numbers(wanted.dtype)}, got {_numbers(got.dtype)}"
    if wanted.dtype.kind not in "fc":
        n_wrong = int((wanted != got).sum())
        return f"{place}: {n_wrong} of {wanted.size} values differ" if n_wrong else None
    if (np.isfinite(wanted) & ~np.isfinite(got)).any():
        return f"{place}: holds NaN or infinite values"
    if (np.isfinite(got) & ~np.isfinite(wanted)).any():
        return f"{place}: expected NaN or infinite values in some places"
    if np.allclose(got, wanted, rtol=tolerance, atol=tolerance, equal_nan=True):
        return None
    with np.errstate(invalid="ignore"):
        return f"{place}: off by up to {np.nanmax(np.abs(wanted - got)):.3g}"


def _fits(wanted: np.dtype, got: np.dtype) -> bool:
    if wanted.kind == "f":
        return got.kind in "fiu"
    if wanted.kind == "c":
        return got.kind in "cfiu"
    return _numbers(wanted) == _numbers(got)


def _numbers(dtype: np.dtype) -> str:
    return KINDS.get(dtype.kind, "real numbers" if dtype.kind == "f" else f"{dtype} values")
