"""From a folder of submissions to feedback, overview and grade files."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from coursework.assignments import Assignment, find_chapters
from coursework.grading import gradebooks, reports
from coursework.grading.classes import (
    HIDDEN_DIR,
    NOT_GRADED,
    Plan,
    grade_class,
    read_plan_assignment,
    write_file,
)
from coursework.grading.judge import Result
from coursework.grading.sandbox import Limits
from coursework.grading.session import find_sandbox
from coursework.grading.submissions import collect

__all__ = ["Graded", "grade_folder"]


@dataclass(frozen=True)
class Graded:
    """What was graded.

    Attributes:
        results: One for each student, by name.
        files: What was written: overview and grade files, without the feedback.
        n_not_graded: Submissions that the grader itself failed on, which the next run tries again.
    """

    results: tuple[Result, ...]
    files: tuple[Path, ...]
    n_not_graded: int


def grade_folder(
    word: str,
    place: Path,
    folder: Path,
    root: Path,
    seed: int,
    *,
    title: str | None = None,
    manual: Path | None = None,
    n_workers: int | None = None,
    scheduler: str = "",
    image: str = "",
    limits: Limits | None = None,
    quiet: bool = False,
) -> Graded:
    """Grade what was handed in for a chapter.

    Args:
        word: What names the chapter, as `coursework.assignments.find_chapters` takes it.
        place: Folder or zip of what was handed in.
        folder: Where feedback, overview and grade files go; made where it is missing.
        root: The repository's folder.
        seed: The class's secret whole number, from 0: the same for the same grades.
        title: Heading of pages and columns; the chapter's title if left out.
        manual: Marks given by hand, as `gradebooks.merge_manual` takes them.
        n_workers: Number of processes; as many as cores if left out.
        scheduler: Address of a Dask scheduler.
        image: Docker's image, for machines without bubblewrap.
        limits: What a student's code may use.
        quiet: Whether to leave out the progress bar.

    Returns:
        The results, and what was written.

    Raises:
        ValueError: If there is no chapter, no submission or no sandbox, or the marks given by hand
            do not fit.
        OSError: If a file cannot be read or written.

    Example:
        >>> grade_folder("3", Path("handed-in"), Path("grades"), ROOT, 7403)  # doctest: +SKIP
    """
    chapters = find_chapters([word], root)
    if len(chapters) != 1:
        raise ValueError("one chapter is graded at a time")
    submissions = collect(place)
    sandbox = find_sandbox(image)
    hidden = os.environ.get(HIDDEN_DIR, "")
    plan = Plan(
        chapters[0],
        str(root),
        seed,
        sandbox,
        limits or Limits(),
        str(Path(hidden).resolve()) if hidden else "",
    )
    assignment = read_plan_assignment(plan)
    if title:
        assignment = replace(assignment, title=title)
    results = grade_class(
        plan, submissions, folder, n_workers=n_workers, scheduler=scheduler, quiet=quiet
    )
    if manual is not None:
        gradebooks.merge_manual(results, manual)
    files = _write(results, assignment, folder)
    n_not_graded = sum(any(f.startswith(NOT_GRADED) for f in one.flags) for one in results)
    return Graded(tuple(results), files, n_not_graded)


def _write(results: Sequence[Result], assignment: Assignment, folder: Path) -> tuple[Path, ...]:
    pages = folder / "feedback"
    pages.mkdir(exist_ok=True)
    for one in results:
        content = reports.feedback_page(one, assignment)
        write_file(pages / reports.feedback_name(one.student), _bytes(content))
    texts = {
        "overview.html": reports.overview_page(results, assignment),
        "grades.csv": gradebooks.table(results, assignment),
        "canvas.csv": gradebooks.canvas(results, assignment),
        "moodle.csv": gradebooks.moodle(results),
    }
    for name, text in texts.items():
        write_file(folder / name, _bytes(text))
    return tuple(folder / name for name in texts)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")
