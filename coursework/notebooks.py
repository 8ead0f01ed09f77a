"""The notebooks of an assignment: the students', and the same with the model solutions."""

import copy
import json
from typing import Any

from coursework.assignments import KINDS, OPENING, Assignment
from coursework.exercise_files import Exercise
from coursework.references import Readable

__all__ = ["REST", "as_bytes", "solved_notebook", "student_notebook"]

REST = (
    "An exercise needs the cells `colab-setup`, `imports` and `settings` (the first three with "
    "code) and its own two cells; no other has to run.\n"
    "Leave the checks, the names of the functions and the order of the cells as they are."
)
HOW_TO = (
    "In each exercise, replace the line `raise NotImplementedError(...)` by your code, run that "
    "cell, and run the check below it: it says what is wrong, or *Passed*.\n" + REST
)
FOR_TEACHERS = "**With the model solutions: not for students.**"


def student_notebook(assignment: Assignment, how_to: str = HOW_TO) -> dict[str, Any]:
    """Return the notebook that students get: a first cell on the assignment, then the chapter's.

    Args:
        assignment: The assignment.
        how_to: What the first cell says below the table of exercises.

    Returns:
        The chapter's notebook as JSON, whole or trimmed to the exercises, ids and tags kept.

    Example:
        >>> notebook = student_notebook(assignment)  # doctest: +SKIP
        >>> notebook["cells"][0]["id"]  # doctest: +SKIP
        'assignment'
    """
    notebook = copy.deepcopy(assignment.notebook)
    if assignment.exercises_only:
        notebook["cells"] = _trimmed(assignment)
    notebook["cells"].insert(0, _markdown("assignment", _overview(assignment, how_to)))
    return notebook


def solved_notebook(assignment: Assignment) -> dict[str, Any]:
    """Return the students' notebook with the model solution in place of every stub.

    Args:
        assignment: The assignment.

    Returns:
        The notebook as JSON.

    Example:
        >>> notebook = solved_notebook(assignment)  # doctest: +SKIP
    """
    notebook = student_notebook(assignment, FOR_TEACHERS)
    solutions = {f"stub-{one.id}": _solution(one) for one in assignment.exercises}
    for cell in notebook["cells"]:
        if cell["id"] in solutions:
            cell["source"] = solutions[cell["id"]].splitlines(keepends=True)
    return notebook


def _solution(exercise: Exercise) -> str:
    """Return a solution with what it imports, complete in itself."""
    return f"{exercise.setup.strip()}\n\n\n{exercise.solution.strip()}".strip()


def _markdown(cell_id: str, text: str) -> dict[str, Any]:
    """Return a text cell as JSON."""
    source = text.splitlines(keepends=True)
    return {"cell_type": "markdown", "id": cell_id, "metadata": {}, "source": source}


def as_bytes(notebook: dict[str, Any]) -> bytes:
    """Return the bytes of a notebook's file, in the form in which Jupyter writes it."""
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode("utf-8")


def _overview(assignment: Assignment, how_to: str) -> str:
    lines = [f"# {assignment.title}", ""]
    if assignment.due:
        lines += [f"Due on {assignment.due_text}.", ""]
    lines += ["| Exercise | Points |", "| --- | --- |"]
    for exercise in assignment.exercises:
        name = exercise.title.replace("|", "\\|")
        lines.append(f"| {name} | {exercise.points} |")
    lines += [f"| *Together* | {assignment.points} |", "", how_to]
    return "\n".join(lines)


def _trimmed(assignment: Assignment) -> list[dict[str, Any]]:
    kept = {f"{kind}-{one.id}" for one in assignment.exercises for kind in KINDS}
    kept |= {"title", *OPENING, "exercises-text"}
    cells = [copy.deepcopy(cell) for cell in assignment.notebook["cells"] if cell["id"] in kept]
    readable = Readable(assignment.notebook["cells"], assignment.references)
    for cell in cells:
        if cell["id"] == "title":
            cell["source"] = _title(assignment).splitlines(keepends=True)
        elif cell["cell_type"] == "markdown":
            cell["source"] = readable("".join(cell["source"])).splitlines(keepends=True)
    return cells


def _title(assignment: Assignment) -> str:
    return (
        f"# Exercises: {assignment.name}\n\n"
        f"These are the exercises of a chapter of *{assignment.book}*, without the chapter, which "
        "you read first.\n"
        'Where a task says "above" or "the listing", it means the chapter.'
    )
