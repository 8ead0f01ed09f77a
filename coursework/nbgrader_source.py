"""The source notebook of an nbgrader assignment.

nbgrader makes the students' notebook from it: it empties what stands between BEGIN SOLUTION and
END SOLUTION, and takes out what stands between BEGIN HIDDEN TESTS and END HIDDEN TESTS. A test cell
earns its points if it raises nothing, so behind the chapter's check, which only shows what is
wrong, stands an assert that raises. The hidden test needs nothing but the notebook.
"""

import ast
import inspect
import re
import textwrap
from typing import Any

from coursework import hidden_tests
from coursework.assignments import OPENING, Assignment
from coursework.exercise_files import Exercise
from coursework.notebooks import REST, student_notebook

__all__ = ["SCHEMA_VERSION", "nbgrader_notebook"]

SCHEMA_VERSION = 3
HOW_TO = (
    "In each exercise, replace the line `raise NotImplementedError()` by your code, run that cell, "
    "and run the check below it: it says what is wrong, and stops with an error until nothing is.\n"
    + REST
)
CHECK = '''\
{check}

import nnbook_utils.exercises

assert nnbook_utils.exercises.status().get("{id}") == "passed", (
    nnbook_utils.exercises.feedback("{id}") or "{id} is not solved yet"
)

### BEGIN HIDDEN TESTS
def hidden_test(answer, seed):
    """Compare the answer with the model solution on inputs from a seed."""
    import copy
    from collections.abc import Mapping, Sequence
    from typing import Any

    import numpy as np

{comparison}

{setup}

{solution}

    def compare(expected, actual, arguments):
        return difference(expected, actual, TOLERANCE)

{hidden}

    inputs = cases(np.random.default_rng(seed))
    for number, arguments in enumerate(inputs, start=1):
        expected = {function}(*copy.deepcopy(arguments))
        actual = answer(*copy.deepcopy(arguments))
        wrong = compare(expected, actual, copy.deepcopy(arguments))
        assert not wrong, f"hidden case {{number}} of {{len(inputs)}}: {{wrong}}"


hidden_test({function}, seed={seed})
### END HIDDEN TESTS'''


def nbgrader_notebook(assignment: Assignment, seed: int) -> dict[str, Any]:
    """Return the source notebook for nbgrader.

    Args:
        assignment: The assignment.
        seed: The class's secret whole number, at least 0; hidden tests draw their inputs from it.

    Returns:
        The notebook as JSON, with nbgrader's metadata: solution cells, test cells with points, and
        what exercises need (texts, imports, settings) locked.

    Raises:
        ValueError: If a stub or a solution is more than one function.

    Example:
        >>> notebook = nbgrader_notebook(assignment, seed=7)  # doctest: +SKIP
    """
    notebook = student_notebook(assignment, HOW_TO)
    exercises = {exercise.id: exercise for exercise in assignment.exercises}
    for cell in notebook["cells"]:
        kind, _, name = cell["id"].partition("-")
        source = "".join(cell["source"])
        if kind == "stub" and name in exercises:
            source = _solution_cell(source, exercises[name])
            metadata = _metadata(cell["id"], solution=True)
        elif kind == "check" and name in exercises:
            source = _test_cell(source, exercises[name], seed)
            metadata = _metadata(cell["id"], grade=True, locked=True)
            metadata["points"] = exercises[name].points
        elif cell["id"] in ("assignment", *OPENING) or (kind == "exercise" and name in exercises):
            metadata = _metadata(cell["id"], locked=True)
        else:
            continue
        cell["source"] = source.splitlines(keepends=True)
        cell["metadata"] = {**cell["metadata"], "nbgrader": metadata}
    return notebook


def _metadata(
    grade_id: str, *, grade: bool = False, solution: bool = False, locked: bool = False
) -> dict[str, Any]:
    return {
        "grade": grade,
        "grade_id": grade_id,
        "locked": locked,
        "schema_version": SCHEMA_VERSION,
        "solution": solution,
        "task": False,
    }


def _solution_cell(stub: str, exercise: Exercise) -> str:
    """Return the stub with the body of the solution where it raises, between nbgrader's marks."""
    function = _only_function(exercise.solution, f"the solution in {exercise.path}")
    stub_function = _only_function(stub, f"the cell stub-{exercise.id}")
    lines = exercise.solution.splitlines()
    first = function.body[0].lineno - 1
    while lines[first - 1].lstrip().startswith("#"):
        first -= 1
    setup = textwrap.indent(exercise.setup.strip(), "    ").splitlines()
    return "\n".join(
        [
            *stub.splitlines()[: stub_function.body[-1].lineno - 1],
            "    ### BEGIN SOLUTION",
            *([*setup, ""] if setup else []),
            *lines[first : function.end_lineno],
            "    ### END SOLUTION",
        ]
    )


def _only_function(source: str, place: str) -> ast.FunctionDef:
    body = ast.parse(source).body
    if len(body) != 1 or not isinstance(body[0], ast.FunctionDef):
        raise ValueError(f"{place} must be one function, or nbgrader could not empty it")
    return body[0]


def _test_cell(check: str, exercise: Exercise, seed: int) -> str:
    parts = {"setup": exercise.setup, "solution": exercise.solution, "hidden": exercise.hidden}
    inner = {name: textwrap.indent(text.strip(), "    ") for name, text in parts.items()}
    cell = CHECK.format(
        check=check.rstrip(),
        id=exercise.id,
        comparison=textwrap.indent(_comparison(), "    "),
        function=exercise.function,
        seed=seed,
        **inner,
    )
    return re.sub(r"\n{4,}", "\n\n\n", cell)


def _comparison() -> str:
    """Return the source of `hidden_tests.difference` and of all that it uses."""
    functions = [
        value
        for value in vars(hidden_tests).values()
        if inspect.isfunction(value)
        and value.__module__ == hidden_tests.__name__
        and (value is hidden_tests.difference or value.__name__.startswith("_"))
    ]
    constants = [
        f"DEFAULT_TOLERANCE = TOLERANCE = {hidden_tests.DEFAULT_TOLERANCE!r}",
        f"KINDS = {hidden_tests.KINDS!r}",
    ]
    return "\n\n".join(["\n".join(constants), *map(inspect.getsource, functions)])
