"""Instant feedback on exercises that never stops a notebook.

A check cell runs plain asserts inside `exercise("ID")`. What goes wrong there is shown as a
sentence for the student, and recorded for tests and graders.
"""

import html
import re
import traceback
from types import FrameType, TracebackType

from nnbook_utils._display import show
from nnbook_utils._names import nearest

__all__ = ["EXERCISE_MIME", "clear", "exercise", "feedback", "status"]

EXERCISE_MIME = "application/vnd.nnbook.exercise+json"
MAX_CHARACTERS = 2000  # a comparison of large arrays would bury the sentence that helps
HEADINGS = {
    "unsolved": "Not solved yet",
    "failed": "Not right yet",
    "error": "Stopped by an error",
    "passed": "Passed",
}
EDGES = {"unsolved": "#8a8a8a", "failed": "#d55e00", "error": "#d55e00", "passed": "#009e73"}

_outcomes: dict[str, tuple[str, str]] = {}


class exercise:  # noqa: N801 - reads as a verb: with exercise("relu")
    """Run the checks of one exercise, show one sentence of feedback, record the status.

    `NotImplementedError` from the stub means unsolved; an `AssertionError` shows its message; any
    other error shows its type, its message and the student's own failing line. The notebook goes
    on in every case. Only an interrupt from the keyboard passes through.

    Args:
        exercise_id: Kebab-case name, the same as in the cell ids `exercise-ID` and `check-ID`.

    Raises:
        ValueError: If the name is not kebab-case.

    Example:
        >>> with exercise("double"):
        ...     assert 2 * 2 == 4, "twice two is four"
        double: Passed
    """

    def __init__(self, exercise_id: str):
        if not isinstance(exercise_id, str) or not re.fullmatch(
            r"[a-z0-9]+(-[a-z0-9]+)*", exercise_id
        ):
            raise ValueError(
                f"an exercise needs a name in kebab-case such as 'backward-pass', got "
                f"{exercise_id!r}"
            )
        self.id = exercise_id

    def __enter__(self) -> "exercise":
        _outcomes.pop(self.id, None)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if error is not None and not isinstance(error, (Exception, SystemExit)):
            return False
        outcome, detail = ("passed", "") if error is None else _judge(self.id, error, trace)
        _outcomes[self.id] = (outcome, detail)
        _show_outcome(self.id, outcome, detail)
        return True


def status() -> dict[str, str]:
    """Return the status of every exercise checked in this process.

    Returns:
        A new dictionary from exercise id to `"unsolved"`, `"failed"`, `"error"` or `"passed"`, in
        the order in which the checks first ran to their end.

    Example:
        >>> clear()
        >>> with exercise("double"):
        ...     raise NotImplementedError("double")
        double: Not solved yet
        >>> status()
        {'double': 'unsolved'}
    """
    return {exercise_id: outcome for exercise_id, (outcome, _) in _outcomes.items()}


def feedback(exercise_id: str) -> str:
    """Return the sentence that the last check of an exercise showed.

    Args:
        exercise_id: The exercise's kebab-case name.

    Returns:
        The feedback without its heading; empty if the exercise passed or is unsolved.

    Raises:
        ValueError: If no check of that name has run; the message suggests the nearest.

    Example:
        >>> with exercise("double"):
        ...     assert 2 + 2 == 5, "two and two make four"
        double: Not right yet
        two and two make four
        >>> feedback("double")
        'two and two make four'
    """
    if exercise_id not in _outcomes:
        raise ValueError(
            f"no check of exercise {exercise_id!r} has run; {nearest(exercise_id, _outcomes)}"
        )
    return _outcomes[exercise_id][1]


def clear() -> None:
    """Forget every status, as before the first check.

    Example:
        >>> clear()
        >>> status()
        {}
    """
    _outcomes.clear()


def _judge(exercise_id: str, error: BaseException, trace: TracebackType | None) -> tuple[str, str]:
    frames = _notebook_frames(trace)
    if isinstance(error, NotImplementedError) and _is_stub(exercise_id, error, trace):
        return "unsolved", ""
    if isinstance(error, AssertionError):
        return "failed", _shorten(str(error).strip() or _bare_assert(frames))
    return "error", _shorten(_error_feedback(error, frames))


def _is_stub(exercise_id: str, error: NotImplementedError, trace: TracebackType | None) -> bool:
    """A stub names its exercise; a library's own NotImplementedError is the student's mistake."""
    if error.args == (exercise_id,):
        return True
    last = list(traceback.walk_tb(trace))[-1][0]
    return any(frame is last for frame, _ in _notebook_walk(trace))


def _notebook_walk(trace: TracebackType | None) -> list[tuple[FrameType, int]]:
    """Return the frames whose code was typed in the notebook: they share the check's globals."""
    walk = list(traceback.walk_tb(trace))
    return [pair for pair in walk if pair[0].f_globals is walk[0][0].f_globals]


def _notebook_frames(trace: TracebackType | None) -> traceback.StackSummary:
    return traceback.StackSummary.extract(iter(_notebook_walk(trace)))


def _bare_assert(frames: traceback.StackSummary) -> str:
    return f"This does not hold: {frames[-1].line}"


def _error_feedback(error: BaseException, frames: traceback.StackSummary) -> str:
    message = str(error).strip()
    what = type(error).__name__ + (f": {message}" if message else "")
    check, *students = frames
    if students:
        place = students[-1]
        return f"{what}\nin {place.name}, line {place.lineno} of its cell: {place.line}"
    if isinstance(error, NameError):
        return f"{what}\nRun the cell with your answer first, then this check again."
    return (
        f"{what}\nThe check could not use what your function returned: {check.line}\n"
        "Does it return a value, of the kind that the task describes?"
    )


def _shorten(text: str) -> str:
    if len(text) <= MAX_CHARACTERS:
        return text
    return text[:MAX_CHARACTERS].rstrip() + " ..."


def _show_outcome(exercise_id: str, outcome: str, detail: str) -> None:
    heading = HEADINGS[outcome]
    text = f"{exercise_id}: {heading}" + (f"\n{detail}" if detail else "")
    body = f"<pre style='margin:0.3em 0 0;white-space:pre-wrap'>{html.escape(detail)}</pre>"
    markup = (
        f"<div class='nnbook-exercise nnbook-{outcome}' role='status' "
        f"style='border-left:0.3em solid {EDGES[outcome]};padding:0.3em 0.8em'>"
        f"<strong>{html.escape(exercise_id)}: {heading}</strong>{body if detail else ''}</div>"
    )
    show(text, markup, EXERCISE_MIME, {"id": exercise_id, "status": outcome})
