"""Tables: grades for Canvas, Moodle and spreadsheets, and the marks that a person gave by hand."""

import csv
import io
import math
from collections.abc import Sequence
from pathlib import Path

from coursework.assignments import Assignment
from coursework.grading.judge import Mark, Result
from nnbook_utils._names import nearest

__all__ = ["canvas", "merge_manual", "moodle", "table"]

MANUAL_COLUMNS = ("student", "exercise", "points")
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run what begins so


def table(results: Sequence[Result], assignment: Assignment) -> str:
    """Return all grades as comma-separated values: a line for each student, a column for each mark.

    Example:
        >>> print(table([], assignment).splitlines()[0])  # doctest: +SKIP
        student,number,psnr,...,points,of,flags
    """
    parts = _parts(results, assignment)
    rows = [["student", "number", *parts, "points", "of", "flags"]]
    for one in results:
        marks = {mark.exercise: _number(mark.points) for mark in one.marks}
        flags = [*one.flags, *(f"{m.exercise}: {flag}" for m in one.marks for flag in m.flags)]
        total = [_number(one.points), _number(sum(mark.of for mark in one.marks))]
        rows.append(
            [
                one.student,
                one.id,
                *(marks.get(part, "") for part in parts),
                *total,
                "; ".join(flags),
            ]
        )
    return _csv(rows)


def canvas(results: Sequence[Result], assignment: Assignment) -> str:
    """Return the file that Canvas imports into its gradebook (Grades > Import).

    Students go by the number that Canvas puts into the names of their files.

    Example:
        >>> print(canvas([], assignment).splitlines()[0])  # doctest: +SKIP
        Student,ID,SIS User ID,SIS Login ID,Section,Assignment: Autoencoders
    """
    of = max((sum(mark.of for mark in one.marks) for one in results), default=assignment.points)
    rows = [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", assignment.title],
        ["    Points Possible", "", "", "", "", _number(of)],
    ]
    for one in results:
        number = one.id if one.source == "canvas" else ""
        rows.append([one.student, number, "", "", "", _number(one.points)])
    return _csv(rows)


def moodle(results: Sequence[Result]) -> str:
    """Return the grading worksheet that Moodle's assignment takes (Upload grading worksheet).

    Students go by the participant's number that Moodle puts into the names of their folders. The
    comment is a line for each exercise that did not earn all points.

    Example:
        >>> print(moodle([]).strip())
        Identifier,Full name,Maximum grade,Grade,Feedback comments
    """
    rows = [["Identifier", "Full name", "Maximum grade", "Grade", "Feedback comments"]]
    for one in results:
        said = [f"{m.exercise}: {m.feedback.splitlines()[0]}" for m in one.marks if m.feedback]
        of = _number(sum(mark.of for mark in one.marks))
        name = f"Participant {one.id}" if one.source == "moodle" else ""
        rows.append([name, one.student, of, _number(one.points), "\n".join(said)])
    return _csv(rows)


def merge_manual(results: Sequence[Result], path: Path) -> None:
    """Put the marks of a person into results.

    Args:
        results: The results, which are changed.
        path: Comma-separated values with the columns `student`, `exercise` and `points`, and if
            wanted `of` and `comment`. An exercise of the chapter gets these points in place of its
            own; any other name is a part of its own, such as a written answer, and needs `of`.

    Raises:
        OSError: If the file cannot be read.
        ValueError: If a student is unknown, a number is none or out of its range, or a mark is
            given twice; names the line. Then no result has changed.

    Example:
        >>> merge_manual(results, Path("written.csv"))  # doctest: +SKIP
    """
    try:
        rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: save it as UTF-8 ({error.reason})") from error
    by_name = {one.student: one for one in results}
    marks: dict[tuple[str, str], Mark] = {}
    for line, row in enumerate(rows, start=2):
        missing = [name for name in MANUAL_COLUMNS if not (row.get(name) or "").strip()]
        if missing:
            raise ValueError(f"{path}, line {line}: nothing in the column {', '.join(missing)}")
        student = row["student"].strip()
        if student not in by_name:
            help_ = nearest(student, by_name)
            raise ValueError(f"{path}, line {line}: nobody is called {student!r}; {help_}")
        mark = _manual(row, by_name[student], f"{path}, line {line}")
        if (student, mark.exercise) in marks:
            raise ValueError(f"{path}, line {line}: {student} has {mark.exercise} twice")
        marks[student, mark.exercise] = mark
    for (student, exercise), mark in marks.items():
        own = by_name[student].marks
        places = [place for place, one in enumerate(own) if one.exercise == exercise]
        if places:
            own[places[0]] = mark
        else:
            own.append(mark)


def _manual(row: dict[str, str], result: Result, where: str) -> Mark:
    exercise = row["exercise"].strip()
    old = next((mark for mark in result.marks if mark.exercise == exercise), None)
    given = (row.get("of") or "").strip()
    if old is None and not given:
        raise ValueError(f"{where}: {exercise} is no exercise of the chapter, and needs `of`")
    of = _read(given, where) if given else old.of
    points = _read(row["points"], where)
    if points > of:
        raise ValueError(f"{where}: {points:g} points, and there are only {of:g}")
    comment = (row.get("comment") or "").strip()
    mark = Mark(exercise, points, of, "manual", comment, found="manual")
    if old is not None:
        mark.source = old.source
        mark.flags = [*old.flags, f"marked by hand, {old.points:g} before"]
    return mark


def _read(text: str, where: str) -> float:
    try:
        number = float(text)
    except ValueError as error:
        raise ValueError(f"{where}: {text!r} is no number") from error
    if not math.isfinite(number) or number < 0:
        raise ValueError(f"{where}: {text!r} is no number of points")
    return number


def _parts(results: Sequence[Result], assignment: Assignment) -> list[str]:
    parts = [one.id for one in assignment.exercises]
    for one in results:
        parts += [mark.exercise for mark in one.marks if mark.exercise not in parts]
    return parts


def _number(points: float) -> str:
    return f"{points:g}"


def _csv(rows: Sequence[Sequence[str]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    for row in rows:
        writer.writerow([_plain(str(cell)) for cell in row])
    return stream.getvalue()


def _plain(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return "'" + cell if cell.startswith(FORMULA) else cell
