"""Gradescope's autograder: grades one submission, in the container that Gradescope gives it.

Files, places and the form of results.json are those of
https://gradescope-autograders.readthedocs.io/en/latest/specs/ and .../submission_metadata/.
Where bubblewrap works it holds the student's code; where it does not, the code runs under a user of
its own, who can read neither hidden tests nor seed and cannot write the results.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from coursework.grading.classes import Plan, read_plan_assignment, write_file
from coursework.grading.judge import MAX_FEEDBACK, Course, Result, grade, load
from coursework.grading.sandbox import ROOT, Limits
from coursework.grading.session import Room, find_sandbox
from coursework.grading.submissions import read_submission

__all__ = ["main", "results"]

KINDS = ("bubblewrap", "user")
NOBODY = "student"  # where Gradescope does not say who handed in


def main(autograder: Path) -> None:
    """Grade what lies in `submission`, and write `results/results.json`.

    Args:
        autograder: Gradescope's folder /autograder.

    Raises:
        NoSandboxError: If nothing could hold the student's code.
        Exception: Whatever our own code raises. Then there are no results, which Gradescope shows
            as a failure of the autograder and not as points.
    """
    begun = time.monotonic()
    settings = json.loads((autograder / "source/settings.json").read_text(encoding="utf-8"))
    limits = Limits(**settings.get("limits", {}))
    sandbox = find_sandbox(kinds=KINDS)
    own = autograder / "source/hidden"
    hidden = str(own) if own.is_dir() else ""
    plan = Plan(settings["chapter"], str(ROOT), settings["seed"], sandbox, limits, hidden)
    assignment = read_plan_assignment(plan)
    namespace, sources = load(assignment)
    submission = read_submission(_student(autograder), autograder / "submission")
    with Room(sandbox, sources, limits) as room:
        result = grade(Course(assignment, plan.seed, namespace, limits), submission, room)
    titles = {one.id: one.title for one in assignment.exercises}
    content = results(result, titles, time.monotonic() - begun, sandbox.kind)
    path = autograder / "results/results.json"
    write_file(path, json.dumps(content, indent=1).encode("ascii"))
    for place, mode in ((path, 0o644), (path.parent, 0o755)):  # the student's code has ended
        os.chmod(place, mode)


def results(result: Result, titles: dict[str, str], seconds: float, kind: str) -> dict[str, Any]:
    """Return what Gradescope reads: a test for each exercise, what is wrong for the student.

    Args:
        result: The marks.
        titles: The exercises' titles by id.
        seconds: Time that grading took.
        kind: The kind of sandbox, for the teacher.

    Returns:
        Values for results.json; the total is the sum of the tests' scores.

    Example:
        >>> results(Result("Ada", "files", ""), {}, 1.0, "user")["stdout_visibility"]
        'hidden'
    """
    tests = [
        {
            "name": titles[mark.exercise],
            "score": mark.points,
            "max_score": mark.of,
            "status": "passed" if mark.points == mark.of else "failed",
            "output": mark.feedback[:MAX_FEEDBACK],
            "output_format": "text",
            "visibility": "visible",
            "extra_data": {"exercise": mark.exercise, "status": mark.status, "flags": mark.flags},
        }
        for mark in result.marks
    ]
    return {
        "execution_time": round(seconds),
        "output": "\n".join(result.told)[:MAX_FEEDBACK],
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": {"sandbox": kind, "notebook": result.notebook, "flags": result.flags},
        "tests": tests,
    }


def _student(autograder: Path) -> str:
    """Return who handed in, all of a group, so that hidden inputs are their own."""
    try:
        text = (autograder / "submission_metadata.json").read_text(encoding="utf-8")
        users = json.loads(text)["users"]
        return ", ".join(sorted(str(one["id"]) for one in users)) or NOBODY
    except (OSError, ValueError, KeyError, TypeError):
        return NOBODY


if __name__ == "__main__":
    main(Path(sys.argv[1]))
