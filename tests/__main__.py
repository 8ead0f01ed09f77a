"""All tests of the book, in order and to the end: `python -m tests`.

Lint; unit and house tests; each chapter executed once, on a copy; those executions into the
build's cache; the book, warnings as errors; the built site in a browser; the wheel as others
install it. One chapter execution serves as test, as page and as record.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "_ext")]

from nnbook_site import execution, readme  # noqa: E402 - the extension lies in this repository

BUILD = ROOT / "_build"
SECONDS_PER_CELL = 600
SECONDS_PER_CHAPTER = 1800
CHAPTERS_AT_ONCE = 2  # one hardly occupies more than one core
AT_ONCE = "--numprocesses=2"  # of other tests
BOOK = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", "."]
STRICTLY = ["-W", "-n", "--keep-going"]


@dataclass
class Outcome:
    """What a step came to: counts of tests, where a step without tests counts as one."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Outcome") -> "Outcome":
        """Return the sum of both."""
        return Outcome(
            self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped
        )

    def __str__(self) -> str:
        """Return the counts in words."""
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


def lint(options: argparse.Namespace) -> Outcome:
    """Check style and formatting of modules and notebooks."""
    checks = (["check", "."], ["format", "--check", "."])
    return sum((command([sys.executable, "-m", "ruff", *check]) for check in checks), Outcome())


def unit(options: argparse.Namespace) -> Outcome:
    """Run the unit tests and the house tests, with the coverage of the helpers."""
    apart = ("--ignore=tests/site", "--ignore=tests/install")
    return pytest("unit", "tests", AT_ONCE, *apart, "--cov", "--cov-report=term")


def chapters(options: argparse.Namespace) -> Outcome:
    """Execute a copy of every chapter, and put what ran through into the build's cache."""
    folder = executed_folder()
    folder.mkdir(parents=True, exist_ok=True)
    outcome, sources = Outcome(), []
    for source in execution.chapter_files(ROOT):
        if (
            options.cached
            and (folder / source.name).is_file()
            and execution.is_cached(source, ROOT)
        ):
            print(f"{source.name}: unchanged, its last execution is kept")
            outcome += Outcome(passed=1)
        else:
            sources.append(source)
    n_at_once = 1 if options.update_records else CHAPTERS_AT_ONCE  # minutes are those of one alone
    return outcome + execute(sources, folder, n_at_once) if sources else outcome


def execute(sources: Sequence[Path], folder: Path, n_at_once: int) -> Outcome:
    """Execute copies of `sources` once, and leave them in `folder` and in the build's cache.

    They run in a temporary folder, because nbmake leaves out what lies below a `_build`.
    """
    shared = {"NNBOOK_SHARED": "1"} if n_at_once > 1 else {}  # for the minutes on the pages
    settings = [f"--nbmake-timeout={SECONDS_PER_CELL}", f"--timeout={SECONDS_PER_CHAPTER}"]
    if n_at_once > 1:
        settings += [f"--numprocesses={n_at_once}", "--maxschedchunk=1"]
    with tempfile.TemporaryDirectory() as temporary:
        copies = [Path(shutil.copy(source, temporary)) for source in sources]
        paths = ["-c", "pyproject.toml", "--rootdir=.", *map(str, copies)]
        outcome = pytest("chapters", "--nbmake", "--overwrite", *settings, *paths, **shared)
        for source, copy in zip(sources, copies, strict=True):
            executed = Path(shutil.copy(copy, folder))
            if execution.ran_through(executed):
                execution.deposit(executed, source, ROOT)
    return outcome


def book(options: argparse.Namespace) -> Outcome:
    """Build the book from its sources and the cache, every warning an error."""
    shutil.rmtree(BUILD / "html", ignore_errors=True)
    return command([*BOOK, "--all", *STRICTLY])


def site(options: argparse.Namespace) -> Outcome:
    """Test the built site in a browser."""
    return pytest("site", "tests/site", AT_ONCE)


def install(options: argparse.Namespace) -> Outcome:
    """Install the wheel on Colab's and on the oldest versions, and run a chapter on it."""
    return pytest("install", "tests/install", *(["--all-chapters"] * options.all_chapters))


def update_records(options: argparse.Namespace) -> Outcome:
    """Write results/quick.json from the executed chapters, and README's table from that."""
    gather = [sys.executable, "-m", "nnbook_utils.results", "gather", str(executed_folder())]
    outcome = command([*gather, "--to", "results/quick.json"])
    if not outcome.failed:
        print("README.md: " + ("table rewritten" if readme.update(ROOT) else "unchanged"))
    return outcome


def executed_folder() -> Path:
    """Return the folder of executed copies."""
    return BUILD / "executed" / "quick"


def command(words: Sequence[str]) -> Outcome:
    """Run a command in the repository's root; it counts as one test."""
    status = subprocess.run(words, cwd=ROOT, env=environment(), check=False).returncode
    return Outcome(failed=1) if status else Outcome(passed=1)


def pytest(name: str, *arguments: str, **variables: str) -> Outcome:
    """Run pytest, with these environment variables too, and return its counts.

    A crash or an unmet coverage counts as one failure.
    """
    report = BUILD / "reports" / f"{name}.xml"
    report.unlink(missing_ok=True)
    words = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *arguments]
    variables = {**environment(), **variables}
    status = subprocess.run(words, cwd=ROOT, env=variables, check=False).returncode
    outcome = counts(report) if report.is_file() else Outcome()
    if status and not outcome.failed:
        outcome.failed = 1
    return outcome


def counts(report: Path) -> Outcome:
    """Return the counts in a JUnit XML report."""
    suite = ElementTree.parse(report).getroot().find("testsuite")
    n_tests, n_failures, n_errors, n_skipped = (
        int(suite.get(key)) for key in ("tests", "failures", "errors", "skipped")
    )
    failed = n_failures + n_errors
    return Outcome(n_tests - failed - n_skipped, failed, n_skipped)


def environment() -> dict[str, str]:
    """Return the environment of every step: quick profile, the book's own bounds, strictly."""
    kept = {key: value for key, value in os.environ.items() if key != "NNBOOK_EXPECTED"}
    return {**kept, "NNBOOK_PROFILE": "quick", "NNBOOK_STRICT": "1", "PYTHONUTF8": "1"}


STEPS: dict[str, tuple[Callable[[argparse.Namespace], Outcome], ...]] = {
    "unit": (lint, unit),
    "chapters": (chapters,),
    "site": (book, site),
    "install": (install,),
}


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests", description=__doc__.split("\n")[0])
    parser.add_argument("--only", choices=STEPS, help="run one part of the tests")
    parser.add_argument(
        "--cached", action="store_true", help="keep executions of unchanged chapters"
    )
    parser.add_argument(
        "--all-chapters",
        action="store_true",
        help="in the part install, run every chapter on the oldest versions, not one",
    )
    parser.add_argument(
        "--update-records",
        action="store_true",
        help="execute the chapters, then write results/quick.json and README's table",
    )
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the steps that the command line asks for and print a summary.

    Args:
        arguments: Words after the program's name; the process's own if left out.

    Returns:
        0 if nothing failed, else 1.
    """
    options = parse(arguments)
    os.environ.update(environment())
    os.environ.pop("NNBOOK_EXPECTED", None)
    if options.update_records:
        steps = (chapters, update_records)
    else:
        parts = [options.only] if options.only else list(STEPS)
        steps = tuple(step for part in parts for step in STEPS[part])
    began = time.monotonic()
    total, lines = Outcome(), []
    for step in steps:
        print(f"\n=== {step.__name__}: {step.__doc__}", flush=True)
        step_began = time.monotonic()
        outcome = step(options)
        total += outcome
        lines.append(f"{step.__name__:15}{outcome} in {time.monotonic() - step_began:.0f} s")
    print("\n=== summary", *lines, sep="\n")
    print(f"{total} in {time.monotonic() - began:.0f} s")
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main())
