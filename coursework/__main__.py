"""Assign chapters of the book, and grade what comes back: `python -m coursework release|grade`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from coursework.assignments import due_date
from coursework.grading.sandbox import Limits
from coursework.release import FORMATS, SEEDED, release

ROOT = Path(__file__).resolve().parent.parent

EXAMPLE = """\
A worked example, in the repository's folder:

  python -m coursework release 3 --to ../week-3 --due 2026-12-01 --exercises-only

writes two files, of which students get the first and only the first:

  ../week-3/03_autoencoder-students.zip     notebook to complete, how to run and hand in
  ../week-3/03_autoencoder-instructors.zip  solved notebook, rubric, points, hidden tests

With nbgrader, unpack the one file of this command in the course's folder:

  python -m coursework release 3 --to ../course --format nbgrader --seed 7403

Grade what was handed in, and find feedback, an overview and grade files in ../grades-3:

  python -m coursework grade 3 ../handed-in --to ../grades-3 --seed 7403
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line.

    Example:
        >>> parser().parse_args(["release", "3", "--to", "week-3"]).chapters
        ['3']
    """
    layout = argparse.RawDescriptionHelpFormatter
    whole = argparse.ArgumentParser(
        prog="python -m coursework",
        description="Assign chapters of the book as coursework, and grade it.",
        epilog=EXAMPLE,
        formatter_class=layout,
    )
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    one = commands.add_parser(
        "release",
        help="write what students get, and what only instructors get",
        description="Write zip files of chapters: for students and for instructors, or for "
        "nbgrader, GitHub or Gradescope. All are written or none; the same command writes the "
        "same bytes.",
        epilog=EXAMPLE,
        formatter_class=layout,
    )
    one.add_argument(
        "chapters",
        nargs="+",
        metavar="CHAPTER",
        help="number or name, such as 3 or 03_autoencoder; all: every chapter with exercises",
    )
    one.add_argument("--to", required=True, type=Path, metavar="DIR", help="folder to write into")
    one.add_argument("--due", metavar="DATE", help="last day for handing in, such as 2026-12-01")
    one.add_argument("--title", metavar="TEXT", help="heading (default: the chapter's title)")
    one.add_argument(
        "--exercises-only",
        action="store_true",
        help="leave out all of the chapter but the exercises and the cells that they need",
    )
    one.add_argument("--format", choices=FORMATS, default=FORMATS[0], help="default: %(default)s")
    one.add_argument(
        "--seed",
        metavar="NUMBER",
        help="for nbgrader and Gradescope: secret whole number that the hidden tests draw their "
        "inputs from",
    )
    one.add_argument(
        "--overwrite", action="store_true", help="replace files that hold another content"
    )
    _add_grade(commands)
    return whole


def _add_grade(commands: argparse._SubParsersAction) -> None:
    one = commands.add_parser(
        "grade",
        help="grade a folder of notebooks in a sandbox",
        description="Grade the notebooks that students handed in for a chapter. Their code runs in "
        "a sandbox without network; where none works, nothing is graded. A run that was stopped "
        "goes on where it was when the same command is given again.",
    )
    one.add_argument("chapter", metavar="CHAPTER", help="number or name, such as 3")
    one.add_argument(
        "submissions",
        type=Path,
        metavar="SUBMISSIONS",
        help="folder or zip as Canvas or Moodle gives it, or a notebook or folder per student",
    )
    one.add_argument("--to", required=True, type=Path, metavar="DIR", help="folder to write into")
    one.add_argument(
        "--seed",
        required=True,
        metavar="NUMBER",
        help="secret whole number from 0, of which each student's hidden inputs are drawn",
    )
    one.add_argument("--title", metavar="TEXT", help="heading (default: the chapter's title)")
    one.add_argument(
        "--manual",
        type=Path,
        metavar="CSV",
        help="marks given by hand: columns student, exercise, points, and if wanted of, comment",
    )
    one.add_argument("--workers", type=int, metavar="N", help="processes (default: one a core)")
    one.add_argument("--scheduler", default="", metavar="ADDRESS", help="a Dask scheduler's")
    one.add_argument(
        "--image", default="", help="image for Docker, tried where bubblewrap does not work"
    )
    one.add_argument(
        "--seconds",
        type=float,
        default=Limits.seconds,
        help="time for one exercise (default: %(default)g)",
    )
    one.add_argument(
        "--memory",
        type=int,
        default=Limits.memory // 2**20,
        metavar="MIB",
        help="memory for one student beyond the chapter's imports (default: %(default)s)",
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that the command line gives, or say why not.

    Args:
        arguments: Words after the program's name; the process's own if left out.

    Returns:
        0 if everything was written, 1 if something was not.

    Example:
        >>> main(["release", "3", "--to", "week-3"])  # doctest: +SKIP
        0
    """
    options = parser().parse_args(arguments)
    return _grade(options) if options.command == "grade" else _release(options)


def _grade(options: argparse.Namespace) -> int:
    from coursework.grading.course import grade_folder  # a release needs no template engine

    try:
        graded = grade_folder(
            options.chapter,
            options.submissions,
            options.to,
            ROOT,
            _whole(options.seed),
            title=_title(options.title),
            manual=options.manual,
            n_workers=_positive("--workers", options.workers),
            scheduler=options.scheduler,
            image=options.image,
            limits=Limits(
                seconds=_positive("--seconds", options.seconds),
                memory=_positive("--memory", options.memory) * 2**20,
            ),
        )
    except (OSError, ValueError, ModuleNotFoundError) as error:
        print(f"No gradebook was written: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped; the same command goes on from here.", file=sys.stderr)
        return 130
    for path in graded.files:
        print(path)
    print(f"Feedback: {len(graded.results)} pages in {options.to / 'feedback'}.")
    if graded.n_not_graded:
        print(
            f"Not graded because of errors of the grader's own: {graded.n_not_graded}; they are "
            "flagged in the overview, and the same command tries them again.",
            file=sys.stderr,
        )
        return 1
    return 0


def _release(options: argparse.Namespace) -> int:
    try:
        released = release(
            options.chapters,
            options.to,
            ROOT,
            title=_title(options.title),
            due=None if options.due is None else due_date(options.due),
            exercises_only=options.exercises_only,
            format=options.format,
            seed=_seed(options.format, options.seed),
            overwrite=options.overwrite,
        )
    except (OSError, ValueError) as error:
        print(f"Nothing was written: {error}", file=sys.stderr)
        return 1
    for path in released.files:
        state = f"{path.stat().st_size:,} bytes" if path in released.written else "as it was"
        print(f"{path}  {state}")
    print(f"Files written: {len(released.written)} of {len(released.files)}.")
    if not released.installs:
        print(
            "The book has no address yet, so its notebooks cannot install the helpers on Colab; "
            "set it with: python -m tools.address URL",
            file=sys.stderr,
        )
    return 0


def _title(text: str | None) -> str | None:
    if text is not None and (not text.strip() or len(text.splitlines()) > 1):
        raise ValueError(f"the title must be one line of text, got {text!r}")
    return text and text.strip()


def _seed(format: str, text: str | None) -> int | None:
    if format not in SEEDED:
        if text is not None:
            raise ValueError(f"--seed goes with --format {' or '.join(SEEDED)} only")
        return None
    if text is None or not (text.isascii() and text.isdecimal()):
        got = "" if text is None else f", got {text!r}"
        raise ValueError(
            f"--format {format} needs --seed and a whole number from 0 that your students cannot "
            f"guess: the hidden tests draw their inputs from it{got}"
        )
    return int(text)


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise ValueError(f"--seed is a whole number from 0, got {text!r}")
    return int(text)


def _positive(name: str, number: float | None) -> float | None:
    if number is not None and not 0 < number < 10**6:
        raise ValueError(f"{name} must be positive, got {number}")
    return number


if __name__ == "__main__":
    sys.exit(main())
