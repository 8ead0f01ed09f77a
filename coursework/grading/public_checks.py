"""The public checks of an assignment's repository, as its workflow on GitHub runs them.

`python -m coursework.grading.public_checks EXERCISE` exits with 0 if the answer passes the check,
and with 1 if not; without an exercise it adds up the points of the steps that passed. The check is
the one that was handed out, whatever the notebook now holds. There is no sandbox: the runner is
thrown away afterwards, and whoever writes the answer can change this program too.
"""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from coursework.exercise_files import Exercise
from coursework.grading.answers import find_answers, read_code

__all__ = ["check", "main", "total"]

CHECKS = Path(".github/autograding")


def main(words: list[str]) -> int:
    """Run one check, or add up the points; say what came out.

    Args:
        words: An exercise's id, or nothing.

    Returns:
        The exit status.
    """
    assignment = json.loads((CHECKS / "assignment.json").read_text(encoding="utf-8"))
    if not words:
        steps = json.loads(os.environ["STEPS"])
        said = total(assignment, {name: step["outcome"] for name, step in steps.items()})
        print(said)
        if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
            with open(summary, "a", encoding="utf-8") as stream:
                stream.write(said + "\n")
        return 0
    is_right, said = check(assignment, words[0])
    print(said)
    return 0 if is_right else 1


def check(assignment: Mapping[str, Any], exercise_id: str) -> tuple[bool, str]:
    """Run the check of one exercise on the answer in the notebook.

    Args:
        assignment: Content of assignment.json.
        exercise_id: The exercise.

    Returns:
        Whether it passed, and a sentence for the student.

    Raises:
        ValueError: If the assignment has no such exercise.
    """
    ids = [one["id"] for one in assignment["exercises"]]
    if exercise_id not in ids:
        raise ValueError(f"no exercise {exercise_id!r}; known: {', '.join(ids)}")
    given = {
        cell["id"]: cell["source"] for cell in read_code((CHECKS / "given.ipynb").read_bytes())
    }
    try:
        cells = read_code(Path(f"{assignment['chapter']}.ipynb").read_bytes())
    except (OSError, ValueError) as error:
        return False, f"No notebook could be read: {error}"
    namespace = _run_all({name: given[name] for name in ("imports", "settings")}, {})
    found = find_answers(cells, [_exercise(one) for one in assignment["exercises"]], given)
    answer = found[exercise_id]
    if answer.problem:
        return False, answer.problem
    from nnbook_utils import exercises  # brings matplotlib, so not before it is needed

    try:
        _run_all({"support": answer.support, "answer": answer.source}, namespace)
    except Exception as error:
        return False, f"The answer's cell was stopped by an error: {type(error).__name__}: {error}"
    _run_all({f"check-{exercise_id}": given[f"check-{exercise_id}"]}, namespace)
    status = exercises.status().get(exercise_id, "error")
    return status == "passed", f"{status}. {exercises.feedback(exercise_id)}".strip()


def total(assignment: Mapping[str, Any], outcomes: Mapping[str, str]) -> str:
    """Return a table of the points, as Markdown.

    Args:
        assignment: Content of assignment.json.
        outcomes: What became of each step of the workflow, by id: `"success"` or another word.

    Returns:
        A row for each exercise, and their sum.

    Example:
        >>> exercises = [{"id": "psnr", "title": "PSNR", "points": 3}]
        >>> total({"exercises": exercises}, {"psnr": "success"}).splitlines()[-1]
        '| *Together* | 3 of 3 |'
    """
    rows = ["| Exercise | Points |", "| --- | --- |"]
    earned = 0
    for one in assignment["exercises"]:
        points = one["points"] if outcomes.get(one["id"]) == "success" else 0
        earned += points
        title = one["title"].replace("|", "\\|")
        rows.append(f"| {title} | {points} of {one['points']} |")
    of = sum(one["points"] for one in assignment["exercises"])
    return "\n".join([*rows, f"| *Together* | {earned} of {of} |"])


def _run_all(sources: Mapping[str, str], namespace: dict[str, Any]) -> dict[str, Any]:
    namespace.setdefault("__name__", "__main__")
    for name, source in sources.items():
        exec(compile(source, name, "exec", dont_inherit=True), namespace)
    return namespace


def _exercise(values: Mapping[str, Any]) -> Exercise:
    """Return an exercise without solution and hidden test, which are not in the repository."""
    own = {name: values[name] for name in ("id", "title", "points", "function")}
    parts = {"setup": "", "solution": "", "hidden": "", "wrong": ()}
    return Exercise(chapter="", path=CHECKS, lines={}, **own, **parts)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
