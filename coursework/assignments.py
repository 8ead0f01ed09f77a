"""An assignment: a chapter, its exercises in the chapter's order, a title and a due date."""

import datetime
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from coursework.exercise_files import Exercise, load_all
from nnbook_utils._names import nearest

__all__ = ["ALL", "Assignment", "due_date", "find_chapters", "read_assignment"]

ALL = "all"
KINDS = ("exercise", "stub", "check")  # the three cells of an exercise
OPENING = ("colab-setup", "imports", "settings")  # all that exercises need beside their own cells
UNSET_ADDRESS = "OWNER/REPOSITORY"


@dataclass(frozen=True)
class Assignment:
    """What is released of one chapter.

    Attributes:
        chapter: The chapter notebook's name without ending.
        name: The chapter's own title.
        title: What students read above everything.
        due: Last day for handing in, or None.
        exercises_only: Whether the notebook is trimmed to the exercises and what they need.
        exercises: The chapter's exercises, in its order.
        notebook: The chapter's notebook as JSON, never changed.
        book: The book's title.
        references: Text of references.bib.
    """

    chapter: str
    name: str
    title: str
    due: datetime.date | None
    exercises_only: bool
    exercises: tuple[Exercise, ...]
    notebook: dict[str, Any]
    book: str
    references: str

    @cached_property
    def cells(self) -> dict[str, dict[str, Any]]:
        """The chapter's cells by id, as JSON."""
        return {cell["id"]: cell for cell in self.notebook["cells"]}

    def source(self, cell_id: str) -> str:
        """Return the text of a cell of the chapter."""
        return "".join(self.cells[cell_id]["source"])

    @property
    def points(self) -> int:
        """What all exercises give together."""
        return sum(exercise.points for exercise in self.exercises)

    @property
    def due_text(self) -> str:
        """The due date in words, empty without one."""
        return f"{self.due.day} {self.due:%B %Y}" if self.due else ""

    @property
    def install_from(self) -> str:
        """What pip installs the helpers from, empty while the book has no address."""
        found = re.search(r"nnbook-utils @ (git\+[^\"\\\s]+)", self.source("colab-setup"))
        return found[1] if found and UNSET_ADDRESS not in found[1] else ""


def due_date(text: str) -> datetime.date:
    """Read a date of the form 2026-12-01.

    Raises:
        ValueError: If it has another form, or is no day of the calendar.

    Example:
        >>> due_date("2026-12-01")
        datetime.date(2026, 12, 1)
    """
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, flags=re.ASCII):
            return datetime.date.fromisoformat(text)
        why = "write year, month and day, such as 2026-12-01"
    except ValueError as error:
        why = f"the calendar has no such day ({error})"
    raise ValueError(f"{text!r} is no date: {why}")


def find_chapters(words: Sequence[str], root: Path) -> list[str]:
    """Return the chapters that these words name.

    Args:
        words: Numbers such as `"3"` or `"03"`, names such as `"03_autoencoder"` or `"autoencoder"`,
            or `"all"` for every chapter that has exercises.
        root: The repository's folder.

    Returns:
        Notebooks' names without ending, in the book's order, each once.

    Raises:
        ValueError: If a word names no chapter (the message suggests the nearest), or a chapter
            without exercises.

    Example:
        >>> find_chapters(["4", "autoencoder"], ROOT)  # doctest: +SKIP
        ['03_autoencoder', '04_recurrent_network']
    """
    chapters = sorted(path.stem for path in (root / "chapters").glob("*.ipynb"))
    if not chapters:
        raise ValueError(f"{root / 'chapters'} holds no notebook")
    exercised = {exercise.chapter for exercise in load_all(root=_exercises(root))}
    found = set()
    for word in words:
        if word == ALL:
            found.update(exercised.intersection(chapters))
            continue
        chapter = _chapter(word, chapters)
        if chapter not in exercised:
            have = ", ".join(sorted(exercised)) or "none"
            raise ValueError(f"{chapter} has no exercises to assign; chapters that have: {have}")
        found.add(chapter)
    if not found:
        raise ValueError("no chapter has exercises to assign")
    return sorted(found)


def read_assignment(
    chapter: str,
    root: Path,
    *,
    title: str | None = None,
    due: datetime.date | None = None,
    exercises_only: bool = False,
) -> Assignment:
    """Read a chapter and its exercise files.

    Args:
        chapter: A chapter notebook's name without ending.
        root: The repository's folder.
        title: What students read above everything; "Assignment: " and the chapter's if left out.
        due: Last day for handing in.
        exercises_only: Whether to trim the notebook to the exercises.

    Returns:
        The assignment.

    Raises:
        OSError: If a file cannot be read.
        ValueError: If the notebook lacks cells of an exercise, or an exercise file is malformed.

    Example:
        >>> read_assignment("03_autoencoder", ROOT).points  # doctest: +SKIP
        8
    """
    path = root / "chapters" / f"{chapter}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    exercises = load_all(chapter, _exercises(root))
    ids = [cell.get("id") for cell in notebook["cells"]]
    needed = [f"{kind}-{exercise.id}" for exercise in exercises for kind in KINDS]
    missing = [cell_id for cell_id in ("title", *OPENING, *needed) if cell_id not in ids]
    if missing:
        raise ValueError(f"{path} lacks the cells {', '.join(missing)}")
    opening = "".join(notebook["cells"][ids.index("title")]["source"])
    heading = re.search(r"^# (.+)$", opening, flags=re.MULTILINE)
    name = heading[1].strip() if heading else chapter
    return Assignment(
        chapter=chapter,
        name=name,
        title=title or f"Assignment: {name}",
        due=due,
        exercises_only=exercises_only,
        exercises=tuple(sorted(exercises, key=lambda one: ids.index(f"exercise-{one.id}"))),
        notebook=notebook,
        book=yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))["title"],
        references=(root / "references.bib").read_text(encoding="utf-8"),
    )


def _exercises(root: Path) -> Path:
    return root / "coursework" / "exercises"


def _chapter(word: str, chapters: Sequence[str]) -> str:
    for chapter in chapters:
        number, _, name = chapter.partition("_")
        is_number = word.isdecimal() and number.isdecimal() and int(word) == int(number)
        if is_number or word in (chapter, name):
            return chapter
    raise ValueError(f"no chapter {word!r}; {nearest(word, chapters)}")
