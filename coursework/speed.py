"""How many submissions a minute the grader takes here: `python -m coursework.speed`.

Solved notebooks of a chapter, each with a comment of its own, are graded as a class; with
`--nbgrader PROGRAM` nbgrader grades the same in the same run, from the source that `release` makes.
Wall time depends on what else the machine does, so processor time is given too.
"""

import argparse
import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from coursework.assignments import Assignment, find_chapters, read_assignment
from coursework.grading.course import grade_folder
from coursework.notebooks import as_bytes, solved_notebook
from coursework.release import packages

__all__ = ["main", "measure", "measure_nbgrader"]

ROOT = Path(__file__).resolve().parent.parent
SEED = 1


def measure(assignment: Assignment, n: int, n_workers: int) -> dict[str, float]:
    """Grade solved notebooks, and say how fast.

    Args:
        assignment: The assignment.
        n: Number of submissions.
        n_workers: Number of processes.

    Returns:
        `n`, `seconds` and `processor_seconds`, the start of the workers and all tables included.

    Raises:
        ValueError: If a solved notebook does not get all points.

    Example:
        >>> measure(assignment, 50, 2)["seconds"]  # doctest: +SKIP
        14.2
    """
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "handed-in").mkdir()
        for number in range(n):
            path = folder / "handed-in" / f"student{number:04}.ipynb"
            path.write_bytes(as_bytes(_solved(assignment, number)))
        begun, used = time.monotonic(), _processor_seconds()
        graded = grade_folder(
            assignment.chapter,
            folder / "handed-in",
            folder / "grades",
            ROOT,
            SEED,
            n_workers=n_workers,
        )
        taken = {"n": n, "seconds": time.monotonic() - begun}
        taken["processor_seconds"] = _processor_seconds() - used
    if any(one.points != assignment.points for one in graded.results):
        raise ValueError(f"{assignment.chapter}: a solved notebook did not get all points")
    return taken


def measure_nbgrader(assignment: Assignment, n: int, program: Path) -> dict[str, float]:
    """Have nbgrader grade solved notebooks, one process as nbgrader does, and say how fast.

    Args:
        assignment: The assignment.
        n: Number of submissions.
        program: nbgrader's program; its Python's kernel needs the book's packages.

    Returns:
        As of `measure`; only the step `autograde` is counted.

    Raises:
        CalledProcessError: If nbgrader fails.

    Example:
        >>> measure_nbgrader(assignment, 5, Path("bin/nbgrader"))["seconds"]  # doctest: +SKIP
        61.0
    """
    name = assignment.chapter
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (content,) = packages(assignment, {}, SEED).values()
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            archive.extractall(folder)
        source = json.loads((folder / f"source/{name}/{name}.ipynb").read_bytes())
        config = "c = get_config()\nc.ExecutePreprocessor.timeout = 600\n"
        (folder / "nbgrader_config.py").write_text(config, encoding="utf-8")
        _run(program, folder, "generate_assignment", name, "--create")
        for number in range(n):
            path = folder / f"submitted/student{number:04}/{name}/{name}.ipynb"
            path.parent.mkdir(parents=True)
            path.write_bytes(as_bytes(source))
        begun, used = time.monotonic(), _processor_seconds()
        _run(program, folder, "autograde", name, "--create")
        taken = {"n": n, "seconds": time.monotonic() - begun}
        taken["processor_seconds"] = _processor_seconds() - used
    return taken


def main(words: list[str] | None = None) -> int:
    """Measure the chapters that the command line names, and print a table.

    Returns:
        The exit status, 0.
    """
    options = _parser().parse_args(words)
    print("chapter  grader  submissions  a minute  a minute of processor time and core")
    for chapter in find_chapters(options.chapters, ROOT):
        assignment = read_assignment(chapter, ROOT, exercises_only=True)
        ours = measure(assignment, options.n, options.workers)
        print(_row(chapter, "coursework", ours, options.workers), flush=True)
        if options.nbgrader:
            theirs = measure_nbgrader(assignment, options.n_nbgrader, options.nbgrader)
            print(_row(chapter, "nbgrader", theirs, 1), flush=True)
            ratios = [
                ours["n"] / ours[name] * theirs[name] / theirs["n"]
                for name in ("seconds", "processor_seconds")
            ]
            print(f"{chapter}  ratio {ratios[0]:.1f}, of processor time {ratios[1]:.1f}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m coursework.speed", description=__doc__)
    parser.add_argument("chapters", nargs="+", metavar="CHAPTER")
    parser.add_argument("-n", type=int, default=120, help="submissions (default: %(default)s)")
    parser.add_argument("--workers", type=int, default=2, help="default: %(default)s")
    parser.add_argument("--nbgrader", type=Path, metavar="PROGRAM", help="nbgrader's program")
    parser.add_argument("--n-nbgrader", type=int, default=5, help="default: %(default)s")
    return parser


def _row(chapter: str, grader: str, taken: dict[str, float], n_workers: int) -> str:
    wall = 60 * taken["n"] / taken["seconds"]
    processor = 60 * taken["n"] / taken["processor_seconds"]
    return f"{chapter}  {grader} ({n_workers})  {taken['n']:g}  {wall:.0f}  {processor:.0f}"


def _solved(assignment: Assignment, number: int) -> dict:
    notebook = solved_notebook(assignment)
    for cell in notebook["cells"]:
        if cell["id"].startswith("stub-"):
            cell["source"] = [*cell["source"], f"\n# {number}"]
    return notebook


def _processor_seconds() -> float:
    own, others = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def _run(program: Path, folder: Path, *words: str) -> None:
    path = os.pathsep.join((str(program.absolute().parent), os.environ["PATH"]))  # of its tools
    subprocess.run(
        [program, *words],
        cwd=folder,
        check=True,
        capture_output=True,
        env=os.environ | {"PATH": path},
    )


if __name__ == "__main__":
    sys.exit(main())
