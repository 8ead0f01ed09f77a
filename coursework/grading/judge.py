"""Grading one submission: the check and the hidden test run here, the student's function inside.

The chapter's own check and the exercise's hidden test are run outside the sandbox, as they stand on
our side. They call a stand-in for the student's function, which sends the arguments in and brings
values out. So what is guaranteed, and what is not:

- Nothing of the student's is run outside, and what comes out is plain data. A patched `assert`,
  `numpy.allclose`, IPython or trace function changes the student's own process only.
- A right grade means that the function returned right values, for the check's inputs and for inputs
  drawn from the student's own seed. Not how: a function may look values up, or be copied.
- The check is public, and a function can tell its inputs; the hidden test's cannot be known before.
- A function cannot be seen to have changed its arguments, since it gets copies.
"""

import builtins
import contextlib
import dataclasses
import hashlib
import hmac
import io
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from coursework.assignments import Assignment
from coursework.exercise_files import Exercise
from coursework.grading.answers import Answer, best_notebook, find_answers, read_code
from coursework.grading.sandbox import Limits
from coursework.grading.session import Gone, Room, StudentError
from coursework.grading.submissions import Submission
from coursework.hidden_tests import hidden_test
from nnbook_utils import exercises
from nnbook_utils.cells import run_source

__all__ = ["Course", "Mark", "Result", "grade", "seed_of"]

MAX_FEEDBACK = 2000
STOPPED = {
    "time": "stopped after {seconds:g} seconds; does a loop never end?",
    "memory": "stopped because it took too much memory, more than {memory} MiB",
    "nonsense": "stopped because what came out of it could not be read",
}
HIDDEN = "The check passes, but with other inputs the answer is not right: "


@dataclass(frozen=True)
class Course:
    """What all students' work is held against.

    Attributes:
        assignment: The chapter and its exercises.
        seed: The class's secret whole number.
        namespace: What the chapter's imports and settings define, out here.
        limits: What a student's code may use.
    """

    assignment: Assignment
    seed: int
    namespace: Mapping[str, Any]
    limits: Limits = field(default_factory=Limits)

    @property
    def chapter(self) -> dict[str, str]:
        """The chapter's own code by cell id."""
        cells = self.assignment.cells.items()
        return {name: "".join(c["source"]) for name, c in cells if c["cell_type"] == "code"}


@dataclass
class Mark:
    """One exercise of one student.

    Attributes:
        exercise: The exercise's id.
        points: What it earns.
        of: What it can earn.
        status: `"passed"`, `"failed"` (the check), `"hidden"` (the hidden test), `"unsolved"`,
            `"error"`, `"stopped"`, `"missing"` or `"unreadable"`.
        feedback: What is wrong, for the student; empty if nothing is.
        source: The answer.
        found: How the answer was found.
        flags: What the teacher should look at.
    """

    exercise: str
    points: float
    of: float
    status: str
    feedback: str = ""
    source: str = ""
    found: str = "missing"
    flags: list[str] = field(default_factory=list)


@dataclass
class Result:
    """One student's marks.

    Attributes:
        student: Name, as in `Submission`.
        source: Where the submission's name came from.
        id: The student's number there.
        notebook: The file that was graded, empty if none could be.
        marks: One for each exercise, in the chapter's order.
        flags: What the teacher should look at.
        told: What the student is told about the file as a whole.
    """

    student: str
    source: str
    id: str
    notebook: str = ""
    marks: list[Mark] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    @property
    def points(self) -> float:
        """The sum over the exercises."""
        return sum(mark.points for mark in self.marks)

    def as_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "Result":
        """Return the result of which `as_json` returned these values."""
        marks = [Mark(**mark) for mark in values["marks"]]
        return cls(**{**values, "marks": marks})


def seed_of(seed: int, chapter: str, student: str, exercise: str) -> int:
    """Return the student's own seed for an exercise: the same every time, and of no use to others.

    Example:
        >>> seed_of(7403, "03_autoencoder", "Ada", "psnr") == seed_of(
        ...     7403, "03_autoencoder", "Alan", "psnr"
        ... )
        False
    """
    words = "\0".join((chapter, student, exercise)).encode()
    digest = hmac.new(str(seed).encode(), words, hashlib.sha256).digest()
    return int.from_bytes(digest[:8], "big")


def grade(course: Course, submission: Submission, room: Room) -> Result:
    """Grade one submission.

    Args:
        course: What it is held against.
        submission: What was handed in.
        room: The sandbox; whatever the student's code does, it is ready for the next one after.

    Returns:
        The result; whatever is wrong with the submission is a mark or a flag of it.

    Raises:
        NoSandboxError: If the sandbox does not start again.
        Exception: Whatever our own check, hidden test or model solution raises by itself.

    Example:
        >>> grade(course, submission, room).points  # doctest: +SKIP
        8
    """
    result = Result(submission.student, submission.source, submission.id)
    result.flags += submission.faults
    found: dict[str, dict[str, Answer]] = {}
    everything = course.assignment.exercises
    for name, content in submission.files.items():
        try:
            cells = read_code(content)
        except ValueError as error:
            result.flags.append(f"{name}: {error}")
            result.told.append(f"{name}: {error}")
        else:
            known = course.namespace.keys()
            found[name] = find_answers(cells, everything, course.chapter, known)
    answers: dict[str, Answer] = {}
    if found:
        result.notebook, others = best_notebook(found)
        answers = found[result.notebook]
        if others:
            result.flags.append(f"several notebooks; not graded: {', '.join(others)}")
            result.told.append(f"Several notebooks were handed in; graded: {result.notebook}")
        if all(answer.found == "missing" for answer in answers.values()):
            result.flags.append("no answer found in the notebook")
    else:
        result.told += [fault for fault in submission.faults if fault not in result.told]
    result.marks = _marks(course, submission.student, answers, room)
    return result


def _marks(course: Course, student: str, answers: Mapping[str, Answer], room: Room) -> list[Mark]:
    marks = []
    is_inside = False
    try:
        for one in course.assignment.exercises:
            answer = answers.get(one.id, Answer(problem="no notebook could be read"))
            mark = Mark(one.id, 0, one.points, "missing", source=answer.source, found=answer.found)
            mark.flags += answer.flags
            marks.append(mark)
            if answer.problem:
                mark.status = "unreadable" if answer.source else "missing"
                mark.feedback = answer.problem
                continue
            if not is_inside:
                room.enter()
                is_inside = True
            try:
                _judge(course, student, one, answer, room, mark)
            except Gone as gone:
                is_inside = False
                _stopped(mark, gone.reason, room.leave(), course.limits)
    finally:
        if is_inside:
            room.leave()
    return marks


def _stopped(mark: Mark, reason: str, ending: str, limits: Limits) -> None:
    mark.status, mark.points = "stopped", 0
    if reason == "ended" and ending in STOPPED:
        reason = ending
    said = STOPPED.get(reason, "ended its own process, or was ended ({ending})")
    megabytes = limits.memory // 2**20
    said = said.format(seconds=limits.seconds, memory=megabytes, ending=ending or "no reason known")
    mark.feedback = f"Your code was {said}" if said.startswith("stopped") else f"Your code {said}"
    mark.flags.append(said.removesuffix("; does a loop never end?"))


class _StandIn:
    """Called like the student's function; counts the seconds spent inside.

    Attributes:
        error: What the student's code raised last.
    """

    def __init__(self, room: Room, seconds: float):
        self.room, self.seconds = room, seconds
        self.error: StudentError | None = None

    def define(self, answer: Answer, function: str) -> None:
        self._timed(lambda deadline: self.room.define(answer, function, deadline))

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        return self._timed(lambda deadline: self.room.call(arguments, keywords, deadline))

    def _timed(self, ask: Callable[[float], Any]) -> Any:
        begun = time.monotonic()
        try:
            return ask(begun + self.seconds)
        except StudentError as error:
            self.error = error
            raise
        finally:
            self.seconds -= time.monotonic() - begun


def _judge(
    course: Course, student: str, one: Exercise, answer: Answer, room: Room, mark: Mark
) -> None:
    stand_in = _StandIn(room, course.limits.seconds)
    try:
        stand_in.define(answer, one.function)
    except StudentError as error:
        mark.status, mark.feedback = "error", _error_text(error)
        return
    mark.status, mark.feedback = _check(course, one, stand_in)
    if mark.status != "passed":
        return
    seed = seed_of(course.seed, course.assignment.chapter, student, one.id)
    wrong = _hidden(one, seed, course.namespace, stand_in)
    if wrong:
        mark.status, mark.feedback = "hidden", (HIDDEN + wrong)[:MAX_FEEDBACK]
        return
    mark.points = one.points


def _check(course: Course, one: Exercise, stand_in: _StandIn) -> tuple[str, str]:
    """Run the chapter's check; return the status and what the student is told."""
    name = f"check-{one.id}"
    namespace = {**course.namespace, one.function: stand_in}
    with _quietly():
        run_source(course.assignment.source(name), name, namespace)
    status, told = exercises.status()[one.id], exercises.feedback(one.id)
    error = stand_in.error
    if status in ("unsolved", "error") and error is not None:
        if error.name == "NotImplementedError" and (one.id,) == error.arguments:
            return "unsolved", "The stub is as it was: replace the line that raises the error."
        return "error", _error_text(error)
    if status == "unsolved":
        status = "error"
    return status, told[:MAX_FEEDBACK]


def _hidden(
    one: Exercise, seed: int, namespace: Mapping[str, Any], call: Callable[..., Any]
) -> str:
    """Run the hidden test; return what the student may know of what is wrong."""
    with _quietly():
        test = hidden_test(one, seed, namespace)
        outputs = []
        for arguments in test.cases:
            try:
                outputs.append(call(*arguments))
            except StudentError as error:
                return _without_inputs(error)
        try:
            wrong = test.feedback(outputs)
        except Exception as error:
            # The exercise's own comparison met values of a kind that it does not expect.
            return f"what the function returns cannot be compared ({type(error).__name__})"
    return (wrong or "").partition(": ")[2]


def _without_inputs(error: StudentError) -> str:
    """Return an error's type and line; any other word of it could carry the hidden inputs out."""
    kind = getattr(builtins, error.name, None)
    name = error.name if isinstance(kind, type) else "an error of your own kind"
    line = re.search(r"line (\d{1,5}) of its cell", error.line)
    return f"{name}, line {line[1]} of its cell" if line else name


def _error_text(error: StudentError) -> str:
    text = error.name + (f": {error}" if str(error) else "")
    return (text + (f"\n{error.line}" if error.line else ""))[:MAX_FEEDBACK]


@contextlib.contextmanager
def _quietly() -> Any:
    nowhere = io.StringIO()
    with contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
        yield


def load(assignment: Assignment) -> tuple[dict[str, Any], Sequence[tuple[str, str]]]:
    """Run a chapter's imports and settings out here; return the variables, and the cells to load.

    Example:
        >>> namespace, sources = load(assignment)  # doctest: +SKIP
    """
    sources = [(name, assignment.source(name)) for name in ("imports", "settings")]
    namespace: dict[str, Any] = {}
    with _quietly():
        for name, source in sources:
            run_source(source, f"{assignment.chapter}.ipynb#{name}", namespace)
    return namespace, sources
