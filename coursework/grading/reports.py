"""Pages of a graded class: feedback for each student, and an overview for instructors."""

import hashlib
import re
import statistics
import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jinja2

from coursework.assignments import Assignment
from coursework.grading.judge import Mark, Result
from coursework.grading.similarity import MIN_TOKENS, alike

__all__ = ["BOOK", "feedback_name", "feedback_page", "overview_page"]

TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
)
BOOK = "the book's solution"
N_BARS = 10
BAR_WIDTH = 20  # rem for all students
SAID = {
    "passed": "Right",
    "failed": "Not right yet",
    "hidden": "Right in the check, not for other inputs",
    "unsolved": "Not solved yet",
    "error": "Stopped by an error",
    "stopped": "Stopped by the grader",
    "missing": "Not found",
    "unreadable": "Cannot be read",
    "manual": "Marked by your teacher",
    "ungraded": "Not graded yet",
}
LOOK = {
    "failed": "run the check in your notebook; it shows the same.",
    "hidden": "inputs of other sizes and values, and the cases that the task names.",
    "error": "the line above, with the values that the check gives your function.",
    "stopped": "loops that never end, and arrays or files larger than the task needs.",
    "missing": "keep the function's name, and hand in the notebook that holds it.",
    "unreadable": "run the cell once more before you hand in.",
}


def feedback_name(student: str) -> str:
    """Return the name of a student's feedback file: harmless everywhere, and nobody else's.

    Example:
        >>> feedback_name("Ada Lovelace")
        'Ada-Lovelace-0a97bb7e.html'
    """
    plain = unicodedata.normalize("NFKD", student).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")[:60]
    digest = hashlib.sha256(student.encode("utf-8", "replace")).hexdigest()[:8]
    return f"{plain}-{digest}.html".lstrip("-")


def feedback_page(result: Result, assignment: Assignment) -> str:
    """Return what a student reads: each exercise's points, what failed, and what to look at.

    Example:
        >>> "<h1>" in feedback_page(result, assignment)  # doctest: +SKIP
        True
    """
    titles = _titles(assignment)
    parts = [
        {
            "title": titles.get(mark.exercise, mark.exercise),
            "said": SAID.get(mark.status, mark.status),
            "full": mark.points >= mark.of,
            "points": f"{mark.points:g}",
            "of": f"{mark.of:g}",
            "feedback": mark.feedback,
            "look": LOOK.get(mark.status, ""),
            "source": mark.source,
        }
        for mark in result.marks
    ]
    return TEMPLATES.get_template("feedback.html").render(
        title=assignment.title,
        result=result,
        points=f"{result.points:g}",
        of=f"{_of(result):g}",
        parts=parts,
    )


def overview_page(results: Sequence[Result], assignment: Assignment) -> str:
    """Return the instructor's page: distribution, difficulty, flags, answers that are alike.

    Example:
        >>> "Distribution" in overview_page(results, assignment)  # doctest: +SKIP
        True
    """
    points = [one.points for one in results] or [0]
    of = max((_of(one) for one in results), default=assignment.points)
    exercises, statuses = _exercises(results, assignment)
    return TEMPLATES.get_template("overview.html").render(
        title=assignment.title,
        n=len(results),
        mean=f"{statistics.fmean(points):.1f}",
        median=f"{statistics.median(points):g}",
        of=f"{of:g}",
        distribution=_distribution(points, of),
        exercises=exercises,
        statuses=[SAID[name] for name in statuses],
        flags=_flags(results),
        pairs=_pairs(results, assignment),
        min_tokens=MIN_TOKENS,
        students=[
            {
                "name": one.student,
                "points": f"{one.points:g}",
                "of": f"{_of(one):g}",
                "file": feedback_name(one.student),
            }
            for one in results
        ],
    )


def _of(result: Result) -> float:
    return sum(mark.of for mark in result.marks)


def _titles(assignment: Assignment) -> dict[str, str]:
    return {one.id: one.title for one in assignment.exercises}


def _distribution(points: Sequence[float], of: float) -> list[dict[str, Any]]:
    n_bars = min(N_BARS, max(1, round(of)))
    step = of / n_bars
    counts = Counter(min(int(one / step), n_bars - 1) if step else 0 for one in points)
    rows = []
    for place in range(n_bars):
        share = counts[place] / len(points)
        end = "and more" if place == n_bars - 1 else f"to under {step * (place + 1):g}"
        rows.append(
            {
                "label": f"{step * place:g} {end}",
                "n": counts[place],
                "share": f"{100 * share:.0f}",
                "width": f"{BAR_WIDTH * share:.2f}",
            }
        )
    return rows


def _exercises(
    results: Sequence[Result], assignment: Assignment
) -> tuple[list[dict[str, Any]], list[str]]:
    titles = _titles(assignment)
    by_exercise: dict[str, list[Mark]] = {}
    for one in results:
        for mark in one.marks:
            by_exercise.setdefault(mark.exercise, []).append(mark)
    seen = {mark.status for marks in by_exercise.values() for mark in marks}
    statuses = [name for name in SAID if name in seen]
    rows = []
    for name, marks in by_exercise.items():
        counts = Counter(mark.status for mark in marks)
        said = Counter(mark.feedback.splitlines()[0] for mark in marks if mark.feedback)
        earned = sum(mark.points for mark in marks) / (sum(mark.of for mark in marks) or 1)
        rows.append(
            {
                "title": titles.get(name, name),
                "share": f"{100 * earned:.0f}",
                "counts": [counts[status] for status in statuses],
                "common": [(text, n) for text, n in said.most_common(3) if n > 1],
            }
        )
    return rows, statuses


def _flags(results: Sequence[Result]) -> list[tuple[str, str]]:
    found = []
    for one in results:
        found += [(one.student, flag) for flag in one.flags]
        found += [(one.student, f"{m.exercise}: {flag}") for m in one.marks for flag in m.flags]
    return found


def _pairs(results: Sequence[Result], assignment: Assignment) -> list[dict[str, str]]:
    rows = []
    for exercise in assignment.exercises:
        answers = {
            one.student: mark.source
            for one in results
            for mark in one.marks
            if mark.exercise == exercise.id and mark.source and mark.status != "unsolved"
        }
        for group in alike(answers | {BOOK: exercise.solution}):
            rows.append(
                {
                    "title": exercise.title,
                    "names": ", ".join(group.names),
                    "share": f"{100 * group.share:.0f}",
                }
            )
    return rows
