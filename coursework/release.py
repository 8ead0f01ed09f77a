"""Zip files of chapters: for students and instructors, nbgrader, GitHub or Gradescope."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from coursework import texts
from coursework.assignments import Assignment, find_chapters, read_assignment
from coursework.nbgrader_source import nbgrader_notebook
from coursework.notebooks import as_bytes, solved_notebook, student_notebook
from coursework.packing import write_all, zip_bytes
from coursework.platforms import github_package, gradescope_package
from coursework.rubric import points_table, rubric

__all__ = ["FORMATS", "Release", "packages", "release"]

FORMATS = ("zip", "nbgrader", "github", "gradescope")
SEEDED = ("nbgrader", "gradescope")  # whose hidden tests are packed with the class's seed
LICENCES = ("LICENSE", "LICENSE-text")


@dataclass(frozen=True)
class Release:
    """What was released.

    Attributes:
        files: Every file of the release, sorted.
        written: Those that were not there before with this content.
        installs: Whether the notebooks say where Colab finds the book's helpers.
    """

    files: tuple[Path, ...]
    written: tuple[Path, ...]
    installs: bool


def release(
    words: Sequence[str],
    folder: Path,
    root: Path,
    *,
    title: str | None = None,
    due: datetime.date | None = None,
    exercises_only: bool = False,
    format: str | None = None,
    seed: int | None = None,
    overwrite: bool = False,
) -> Release:
    """Write the zip files of some chapters into a folder, all or none.

    Args:
        words: What names the chapters, as `coursework.assignments.find_chapters` takes it.
        folder: Where to; made where it is missing.
        root: The repository's folder.
        title: What students read above everything; the chapter's title if left out.
        due: Last day for handing in.
        exercises_only: Whether to trim the notebooks to the exercises.
        format: `"zip"`, `"nbgrader"`, `"github"` or `"gradescope"`; nbgrader's where only a seed
            is given.
        seed: Whole number, at least 0, that hidden tests draw their inputs from, for nbgrader and
            Gradescope.
        overwrite: Whether files of another content may be replaced.

    Returns:
        What was written.

    Raises:
        ValueError: If a word names no chapter with exercises, or a chapter cannot be assigned.
        OSError: If a file cannot be read or written. Then nothing has changed in the folder.

    Example:
        >>> release(["3"], Path("week-3"), ROOT, due=due_date("2026-12-01"))  # doctest: +SKIP
    """
    format = format or ("zip" if seed is None else "nbgrader")
    if (seed is None) == (format in SEEDED):
        raise ValueError(f"a seed goes with {' and '.join(SEEDED)}, and only with them")
    contents: dict[str, bytes] = {}
    installs = True
    licences = {name: (root / name).read_bytes() for name in LICENCES}
    for chapter in find_chapters(words, root):
        assignment = read_assignment(
            chapter, root, title=title, due=due, exercises_only=exercises_only
        )
        if format == "github":
            contents[f"{chapter}-github.zip"] = github_package(assignment, licences, root)
        elif format == "gradescope":
            name = f"{chapter}-gradescope.zip"
            contents[name] = gradescope_package(assignment, licences, root, seed)
        else:
            contents |= packages(assignment, licences, seed)
        installs = installs and bool(assignment.install_from)
    written = write_all(folder, contents, overwrite=overwrite)
    files = tuple(folder / name for name in sorted(contents))
    return Release(files, tuple(written), installs)


def packages(
    assignment: Assignment, licences: dict[str, bytes], seed: int | None = None
) -> dict[str, bytes]:
    """Return the zip files of one assignment, by name.

    Args:
        assignment: The assignment.
        licences: Content of the licences' files by name; every zip holds them.
        seed: As in `release`.

    Returns:
        Bytes of `CHAPTER-students.zip` and `CHAPTER-instructors.zip`, or of `CHAPTER-nbgrader.zip`.

    Raises:
        ValueError: If nbgrader's source cannot be made.

    Example:
        >>> sorted(packages(assignment, {}))  # doctest: +SKIP
        ['03_autoencoder-instructors.zip', '03_autoencoder-students.zip']
    """
    name = assignment.chapter
    if seed is not None:
        source = {f"{name}.ipynb": as_bytes(nbgrader_notebook(assignment, seed))}
        return {f"{name}-nbgrader.zip": _zip(f"source/{name}", source | licences)}
    students = {
        f"{name}.ipynb": as_bytes(student_notebook(assignment)),
        "README.txt": texts.for_students(assignment).encode("utf-8"),
    }
    instructors = {
        f"{name}_solved.ipynb": as_bytes(solved_notebook(assignment)),
        "rubric.md": rubric(assignment).encode("utf-8"),
        "points.csv": points_table(assignment).encode("utf-8"),
        "README.txt": texts.for_instructors(assignment).encode("utf-8"),
    }
    for exercise in assignment.exercises:
        instructors[f"exercises/{exercise.path.name}"] = exercise.path.read_bytes()
    return {
        f"{name}-students.zip": _zip(name, students | licences),
        f"{name}-instructors.zip": _zip(f"{name}-instructors", instructors | licences),
    }


def _zip(folder: str, files: dict[str, bytes]) -> bytes:
    return zip_bytes({f"{folder}/{name}": content for name, content in files.items()})
