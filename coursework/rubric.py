"""What a teacher reads while marking: points, what each check demands, typical mistakes."""

import ast
import csv
import io
import re
from collections.abc import Sequence

from coursework.assignments import Assignment
from coursework.exercise_files import Exercise
from coursework.references import Readable

__all__ = ["check_messages", "points_table", "rubric"]

GAP = "…"  # stands for what a message is given when the check runs


def rubric(assignment: Assignment) -> str:
    """Return the rubric of an assignment as Markdown.

    Args:
        assignment: The assignment.

    Returns:
        For each exercise its points, its task, what the check demands and the typical mistakes,
        each with what the check says to it.

    Example:
        >>> print(rubric(assignment))  # doctest: +SKIP
    """
    readable = Readable(assignment.notebook["cells"], assignment.references)
    lines = [f"# Rubric: {assignment.name}", ""]
    if assignment.due:
        lines += [f"Due on {assignment.due_text}.", ""]
    lines += [
        f"{assignment.title}, {len(assignment.exercises)} exercises, {assignment.points} points.",
        "An answer is right if it passes the chapter's check, and the hidden test too, whose inputs"
        " you draw from a seed that only you know.",
        f"The sign {GAP} stands for what is filled in when the check runs.",
    ]
    for number, exercise in enumerate(assignment.exercises, start=1):
        lines += ["", *_part(number, exercise, assignment, readable)]
    return "\n".join(lines) + "\n"


def points_table(assignment: Assignment) -> str:
    """Return the points of every exercise as comma-separated values, a line for each.

    Example:
        >>> print(points_table(assignment).splitlines()[0])  # doctest: +SKIP
        chapter,exercise,title,function,points
    """
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(["chapter", "exercise", "title", "function", "points"])
    for one in assignment.exercises:
        writer.writerow([assignment.chapter, one.id, one.title, one.function, one.points])
    return table.getvalue()


def check_messages(source: str) -> list[str]:
    """Return the messages of a check's asserts, in the order in which they stand, each once.

    Args:
        source: Python source of the check.

    Returns:
        Messages, with a sign in place of values that are filled in when the check runs.

    Example:
        >>> check_messages('assert x, f"got {x:.2f}, not 2"')
        ['got …, not 2']
    """
    asserts = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Assert)]
    asserts.sort(key=lambda node: node.lineno)
    messages = [_message(node.msg) for node in asserts if node.msg]
    return list(dict.fromkeys(messages))


def _part(number: int, exercise: Exercise, assignment: Assignment, readable: Readable) -> list[str]:
    messages = check_messages(assignment.source(f"check-{exercise.id}"))
    task = readable(assignment.source(f"exercise-{exercise.id}"))
    unit = "point" if exercise.points == 1 else "points"
    lines = [f"## {number}. {exercise.title}: {exercise.points} {unit}", ""]
    lines += [f"> {line}".rstrip() for line in _body(task)]
    lines += ["", f"Function `{exercise.function}`, cells `stub-{exercise.id}` and "]
    lines[-1] += f"`check-{exercise.id}`, hidden test in `exercises/{exercise.path.name}`."
    lines += [
        "",
        "The check goes through these points in order, and shows the first that is not met:",
        "",
    ]
    lines += [f"{place}. {message}" for place, message in enumerate(messages, start=1)]
    lines += ["", "Typical mistakes:", "", "| Mistake | The check says |", "| --- | --- |"]
    for wrong in exercise.wrong:
        said = _said(wrong.expect, messages).replace("|", "\\|")
        lines.append(f"| {wrong.name.replace('-', ' ')} | {said} |")
    return lines


def _body(task: str) -> list[str]:
    """Return the lines of a task without its heading."""
    return re.sub(r"\A#+ .*\n+", "", task).strip().splitlines()


def _said(expect: str, messages: Sequence[str]) -> str:
    """Return the message that holds the expected part, or the part where none does as it stands."""
    return next((message for message in messages if expect in message), f"{expect} {GAP}")


def _message(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else GAP for part in node.values
        )
    return GAP
