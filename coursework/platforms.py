"""An assignment for two services: a repository that GitHub checks, and Gradescope's autograder."""

import json
import os
import tomllib
from pathlib import Path

from coursework import texts
from coursework.assignments import Assignment
from coursework.hidden_tests import HIDDEN_DIR, own_tests
from coursework.notebooks import as_bytes, student_notebook
from coursework.packing import zip_bytes

__all__ = ["github_package", "gradescope_package"]

TEMPLATES = Path(__file__).parent / "templates"
CHECKS = ".github/autograding"  # what the workflow runs, apart from what students write
CHECKING = (  # of this package, what runs the public checks
    "__init__.py",
    "exercise_files.py",
    "grading/__init__.py",
    "grading/answers.py",
    "grading/public_checks.py",
)
EXECUTABLE = ("run_autograder", "setup.sh")


def github_package(assignment: Assignment, licences: dict[str, bytes], root: Path) -> bytes:
    """Return the zip of a template repository whose workflow runs the public checks.

    Hidden tests and solutions are not in it.

    Args:
        assignment: The assignment.
        licences: Content of the licences' files by name.
        root: The repository's folder.

    Returns:
        The zip, with everything in a folder named like the chapter.

    Example:
        >>> len(github_package(assignment, {}, ROOT)) > 10_000  # doctest: +SKIP
        True
    """
    notebook = as_bytes(student_notebook(assignment))
    own = {
        f"{assignment.chapter}.ipynb": notebook,
        "README.txt": texts.for_students(assignment).encode("utf-8"),
        ".github/workflows/autograding.yml": _workflow(assignment).encode("utf-8"),
    }
    exercises = [
        {"id": one.id, "title": one.title, "points": one.points, "function": one.function}
        for one in assignment.exercises
    ]
    checks = {
        "given.ipynb": notebook,
        "assignment.json": _json({"chapter": assignment.chapter, "exercises": exercises}),
        **_requirements(root),
        **_helpers(root),
    }
    for name in CHECKING:
        checks[f"coursework/{name}"] = (Path(__file__).parent / name).read_bytes()
    own |= {f"{CHECKS}/{name}": content for name, content in checks.items()} | licences
    return zip_bytes({f"{assignment.chapter}/{name}": content for name, content in own.items()})


def gradescope_package(
    assignment: Assignment, licences: dict[str, bytes], root: Path, seed: int
) -> bytes:
    """Return the zip to upload as an autograder to Gradescope.

    Args:
        assignment: The assignment.
        licences: Content of the licences' files by name.
        root: The repository's folder.
        seed: The class's secret whole number, from 0.

    Returns:
        The zip, with `setup.sh` and `run_autograder` at its root, where Gradescope wants them.

    Example:
        >>> len(gradescope_package(assignment, {}, ROOT, 7403)) > 10_000  # doctest: +SKIP
        True
    """
    here = Path(__file__).parent
    files = {name: (TEMPLATES / name).read_bytes() for name in EXECUTABLE}
    files["settings.json"] = _json({"chapter": assignment.chapter, "seed": seed})
    for path in sorted(here.glob("**/*.py")):
        if not path.is_relative_to(here / "exercises"):
            files[f"coursework/{path.relative_to(here).as_posix()}"] = path.read_bytes()
    for one in assignment.exercises:
        files[f"coursework/exercises/{one.chapter}/{one.path.name}"] = one.path.read_bytes()
    if folder := os.environ.get(HIDDEN_DIR):
        for name, path in own_tests(Path(folder), assignment.chapter, assignment.exercises).items():
            files[f"hidden/{assignment.chapter}/{name}"] = path.read_bytes()
    files[f"chapters/{assignment.chapter}.ipynb"] = as_bytes(assignment.notebook)
    for name in ("_config.yml", "references.bib"):
        files[name] = (root / name).read_bytes()
    return zip_bytes(files | _requirements(root) | _helpers(root) | licences, EXECUTABLE)


def _json(values: dict) -> bytes:
    return (json.dumps(values, indent=1) + "\n").encode("ascii")


def _helpers(root: Path) -> dict[str, bytes]:
    """Return the package nnbook_utils, so that nothing is fetched from the book's repository."""
    paths = sorted((root / "nnbook_utils").rglob("*"))
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in paths
        if path.is_file() and "__pycache__" not in path.parts
    }


def _requirements(root: Path) -> dict[str, bytes]:
    """Return what the helpers need, and the exact versions of it."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = project["dependencies"] + project["optional-dependencies"]["tensorflow"]
    pins = (root / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in pins if "==" in line and not line.startswith("#")]
    return {
        "packages.txt": ("\n".join(needed) + "\n").encode("utf-8"),
        "constraints.txt": ("\n".join(pins) + "\n").encode("utf-8"),
    }


def _workflow(assignment: Assignment) -> str:
    template = (TEMPLATES / "autograding.yml").read_text(encoding="utf-8")
    head, mark, tail = template.partition("      # the exercises\n")
    if not mark:
        raise ValueError("templates/autograding.yml lacks the line `# the exercises`")
    steps = "".join(
        f"      - name: {json.dumps(f'{one.title} ({one.points})')}\n"
        f"        id: {one.id}\n"
        "        if: ${{ !cancelled() && steps.install.outcome == 'success' }}\n"
        "        timeout-minutes: 5\n"
        f"        run: python -m coursework.grading.public_checks {one.id}\n"
        for one in assignment.exercises
    )
    return head + steps + tail
