"""Grading a whole class: many at a time, each grade kept as soon as it is known.

Every worker is a process of its own, with the chapter loaded and a sandbox that stays open. A grade
is written down under a name made of all that it depends on, so that a run that was killed goes on
where it was, and one after a change grades again what the change concerns.
"""

import hashlib
import json
import multiprocessing
import os
import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from coursework.assignments import Assignment, read_assignment
from coursework.grading.judge import Course, Mark, Result, grade, load
from coursework.grading.sandbox import Limits, NoSandboxError, Sandbox
from coursework.grading.session import Room
from coursework.grading.submissions import Submission
from coursework.hidden_tests import HIDDEN_DIR, own_tests

__all__ = ["HIDDEN_DIR", "Plan", "grade_class", "read_plan_assignment"]

KEPT = ".graded"  # folder of the grades that are known
NOT_GRADED = "not graded because of an error of the grader's own, start again: "


@dataclass(frozen=True)
class Plan:
    """What every worker needs to know.

    Attributes:
        chapter: The chapter notebook's name without ending.
        root: The repository's folder.
        seed: The class's secret whole number.
        sandbox: What students' code runs in.
        limits: What it may use.
        hidden: Folder of the teacher's own hidden tests, empty for the book's.
    """

    chapter: str
    root: str
    seed: int
    sandbox: Sandbox
    limits: Limits = field(default_factory=Limits)
    hidden: str = ""


def read_plan_assignment(plan: Plan) -> Assignment:
    """Read the chapter's assignment, with the teacher's own hidden tests where there are any.

    A test of the teacher's is `CHAPTER/EXERCISE_ID.py` in the folder (underscores for hyphens): it
    defines `cases(rng)` and, if need be, `TOLERANCE` or `compare`, as the hidden part of the book's
    own exercise files does.

    Raises:
        OSError: If a file cannot be read.
        ValueError: If the folder holds no test for this chapter.

    Example:
        >>> read_plan_assignment(plan).points  # doctest: +SKIP
        8
    """
    assignment = read_assignment(plan.chapter, Path(plan.root))
    if not plan.hidden:
        return assignment
    found = own_tests(Path(plan.hidden), plan.chapter, assignment.exercises)
    exercises = tuple(
        replace(
            one,
            hidden=found[one.path.name].read_text(encoding="utf-8"),
            lines={**one.lines, "hidden": 1},
        )
        if one.path.name in found
        else one
        for one in assignment.exercises
    )
    return replace(assignment, exercises=exercises)


def grade_class(
    plan: Plan,
    submissions: Sequence[Submission],
    folder: Path,
    *,
    n_workers: int | None = None,
    scheduler: str = "",
    quiet: bool = False,
) -> list[Result]:
    """Grade every submission, or take the grade that an earlier run has kept.

    Args:
        plan: What is graded, and how.
        submissions: What was handed in.
        folder: Where grades are kept, in a folder of their own in it.
        n_workers: Number of processes; as many as this process may use cores, if left out.
        scheduler: Address of a Dask scheduler whose workers are to grade; they need the same
            repository at the same place, and a sandbox.
        quiet: Whether to leave out the progress bar.

    Returns:
        A result for every submission, in their order.

    Raises:
        NoSandboxError: If a worker cannot start its sandbox.
        OSError: If a grade cannot be written.
        ModuleNotFoundError: If a scheduler is named and Dask is not installed.

    Example:
        >>> grade_class(plan, collect(Path("handed-in")), Path("grades"))  # doctest: +SKIP
    """
    kept = folder / KEPT
    kept.mkdir(parents=True, exist_ok=True)
    common = _common(plan)
    paths = [kept / f"{_key(common, one)}.json" for one in submissions]
    results = [_kept(path) for path in paths]
    waiting = [number for number, result in enumerate(results) if result is None]
    jobs = [(number, submissions[number]) for number in waiting]
    run = _on_dask(plan, jobs, scheduler) if scheduler else _here(plan, jobs, n_workers)
    bar = tqdm(
        run,
        total=len(submissions),
        initial=len(submissions) - len(waiting),
        unit="submission",
        disable=quiet or None,
    )
    for number, values in bar:
        results[number] = Result.from_json(values)
        if not any(flag.startswith(NOT_GRADED) for flag in results[number].flags):
            write_file(paths[number], json.dumps(values).encode())
    return [result for result in results if result is not None]


def write_file(path: Path, content: bytes) -> None:
    """Write a file under another name first, so that it is there whole or not at all."""
    number, name = tempfile.mkstemp(dir=path.parent, prefix=".unfinished-")
    try:
        with os.fdopen(number, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _kept(path: Path) -> Result | None:
    try:
        return Result.from_json(json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _common(plan: Plan) -> bytes:
    """Return a digest of all that the grades of a class depend on."""
    assignment = read_plan_assignment(plan)
    parts = [plan.chapter, str(plan.seed), repr(plan.limits), json.dumps(assignment.notebook)]
    parts += [one.setup + one.solution + one.hidden for one in assignment.exercises]
    here = Path(__file__).parent
    parts += [path.read_text(encoding="utf-8") for path in sorted(here.glob("*.py"))]
    return hashlib.sha256("\0".join(parts).encode()).digest()


def _key(common: bytes, submission: Submission) -> str:
    whole = hashlib.sha256(common)
    words = (submission.student, submission.source, submission.id, *submission.faults)
    whole.update("\0".join(words).encode("utf-8", "replace"))
    for name, content in sorted(submission.files.items()):
        whole.update(name.encode("utf-8", "replace") + b"\0" + hashlib.sha256(content).digest())
    return whole.hexdigest()[:40]


# Workers


_STATE: dict[Plan, tuple[Course, Room]] = {}
_ONE_AT_A_TIME = threading.Lock()  # checks write to variables that all threads share


def _grade_one(plan: Plan, submission: Submission) -> dict[str, Any]:
    """Grade one submission in this process; the first loads the chapter and opens the sandbox."""
    with _ONE_AT_A_TIME:
        if plan not in _STATE:
            assignment = read_plan_assignment(plan)
            namespace, sources = load(assignment)
            course = Course(assignment, plan.seed, namespace, plan.limits)
            _STATE[plan] = course, Room(plan.sandbox, sources, plan.limits)
        course, room = _STATE[plan]
        try:
            return grade(course, submission, room).as_json()
        except NoSandboxError:
            raise
        except Exception as error:  # of our own code, so that nobody else goes without a grade
            room.close()
            return _not_graded(course.assignment, submission, f"{type(error).__name__}: {error}")


def _not_graded(assignment: Assignment, submission: Submission, why: str) -> dict[str, Any]:
    said = "This could not be graded yet; your teacher knows."
    result = Result(submission.student, submission.source, submission.id)
    result.flags.append(NOT_GRADED + why)
    result.marks = [Mark(one.id, 0, one.points, "ungraded", said) for one in assignment.exercises]
    return result.as_json()


def _here(
    plan: Plan, jobs: Sequence[tuple[int, Submission]], n_workers: int | None
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Grade in processes of this machine; who makes one of them crash is graded alone."""
    left = dict(jobs)
    n_workers = min(len(left), n_workers or _cores()) or 1
    try:
        for number, values in _pool(plan, left.items(), n_workers):
            del left[number]
            yield number, values
    except BrokenProcessPool:
        pass
    for number, submission in left.items():
        try:
            yield from _pool(plan, [(number, submission)], 1)
        except BrokenProcessPool:
            assignment = read_plan_assignment(plan)
            yield number, _not_graded(assignment, submission, "the grader's process crashed")


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _pool(
    plan: Plan, jobs: Iterable[tuple[int, Submission]], n_workers: int
) -> Iterator[tuple[int, dict[str, Any]]]:
    context = multiprocessing.get_context("spawn")  # TensorFlow may be loaded here
    with ProcessPoolExecutor(n_workers, mp_context=context) as pool:
        futures = {pool.submit(_grade_one, plan, one): number for number, one in jobs}
        try:
            for future in as_completed(futures):
                yield futures[future], future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _on_dask(
    plan: Plan, jobs: Sequence[tuple[int, Submission]], scheduler: str
) -> Iterator[tuple[int, dict[str, Any]]]:
    if not jobs:
        return
    try:
        import distributed
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError("--scheduler needs Dask: pip install distributed") from error
    with distributed.Client(scheduler) as client:
        numbers = {}
        for number, submission in jobs:
            future = client.submit(_grade_one, plan, submission, pure=False)
            numbers[future] = number
        for future, values in distributed.as_completed(list(numbers), with_results=True):
            yield numbers[future], values
