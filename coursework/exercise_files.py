"""Exercise files: task, model solution, hidden test and typical wrong answers in one Python file.

`coursework/exercises/CHAPTER/EXERCISE_ID.py` (underscores for hyphens) is plain Python in cells:

    import numpy as np

    # %% [exercise] id="backward-pass" title="Backward pass" points=3 function="backward"

    # %% [solution]
    def backward(...): ...

    # %% [hidden]
    TOLERANCE = 1e-6
    def cases(rng): ...                           # a list of argument tuples
    def compare(expected, actual, arguments): ... # optional: None, or what is wrong

    # %% [wrong] name="forgot-mean" expect="divide by the number of examples"
    def backward(...): ...

What stands before the solution is run before every other cell. `expect` is part of the feedback
that the chapter's own check must show for that wrong answer.
"""

import ast
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["MIN_WRONG_ANSWERS", "Exercise", "ExerciseFileError", "WrongAnswer", "load_all", "read"]

EXERCISES = Path(__file__).parent / "exercises"
MIN_WRONG_ANSWERS = 3
ATTRIBUTES = {
    "exercise": ("id", "title", "points", "function"),
    "solution": (),
    "hidden": (),
    "wrong": ("name", "expect"),
}
KEBAB_CASE = r"[a-z0-9]+(-[a-z0-9]+)*"


class ExerciseFileError(ValueError):
    """An exercise file is not of the form that this module describes; names file and line."""


@dataclass(frozen=True)
class WrongAnswer:
    """A typical mistake.

    Attributes:
        name: Kebab-case name of the mistake.
        expect: Part of the feedback that the chapter's check must show.
        source: Python source that defines the exercise's function.
        line: Line of the file on which the source begins, from 1.
    """

    name: str
    expect: str
    source: str
    line: int


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    Attributes:
        chapter: The chapter notebook's name without ending.
        id: Kebab-case name, as in the chapter's cell ids.
        title: What students and gradebooks read.
        points: At least 1.
        function: Name of the function to write.
        setup: Python source that is run before any other of this file.
        solution: Python source of the model solution.
        hidden: Python source of the hidden test.
        wrong: Typical mistakes, at least `MIN_WRONG_ANSWERS`.
        path: The file.
        lines: Line on which `setup`, `solution` and `hidden` begin, from 1.
    """

    chapter: str
    id: str
    title: str
    points: int
    function: str
    setup: str
    solution: str
    hidden: str
    wrong: tuple[WrongAnswer, ...]
    path: Path
    lines: dict[str, int]


@dataclass
class _Section:
    kind: str
    attributes: dict[str, str]
    header_line: int
    lines: list[str]

    @property
    def source(self) -> str:
        return "\n".join(self.lines).strip("\n") + "\n"

    @property
    def first_line(self) -> int:
        blank = next((i for i, line in enumerate(self.lines) if line.strip()), 0)
        return self.header_line + 1 + blank


def read(path: str | Path) -> Exercise:
    """Read and check one exercise file.

    Args:
        path: `.../CHAPTER/EXERCISE_ID.py`; the folder's name is the chapter.

    Returns:
        The exercise.

    Raises:
        OSError: If the file cannot be read.
        ExerciseFileError: If it is malformed; the message names file and line.

    Example:
        >>> read("coursework/exercises/01_multilayer_perceptron/relu.py").points  # doctest: +SKIP
        2
    """
    path = Path(path)
    text = path.read_text(encoding="utf-8")
    try:
        ast.parse(text)
    except SyntaxError as error:
        raise _error(path, error.lineno or 1, f"not valid Python: {error.msg}") from error
    preamble, sections = _sections(path, text)
    header, solution, hidden = (
        _only(path, sections, kind) for kind in ("exercise", "solution", "hidden")
    )
    if sections[0] is not header:
        raise _error(path, sections[0].header_line, "the first cell must be [exercise]")
    _check_header(path, header)
    function = header.attributes["function"]
    _check_defines(path, solution, function)
    _check_defines(path, hidden, "cases")
    return Exercise(
        chapter=path.parent.name,
        id=header.attributes["id"],
        title=header.attributes["title"],
        points=int(header.attributes["points"]),
        function=function,
        setup="\n".join([*preamble, "", *header.lines]),
        solution=solution.source,
        hidden=hidden.source,
        wrong=_wrong_answers(path, sections, function),
        path=path,
        lines={"setup": 1, "solution": solution.first_line, "hidden": hidden.first_line},
    )


def load_all(chapter: str | None = None, root: str | Path = EXERCISES) -> list[Exercise]:
    """Read every exercise file, or those of one chapter.

    Args:
        chapter: A chapter notebook's name without ending; all chapters if left out.
        root: Folder with one folder per chapter.

    Returns:
        Exercises sorted by chapter and file name; empty where there is none.

    Raises:
        ExerciseFileError: If a file is malformed.

    Example:
        >>> [exercise.id for exercise in load_all("01_multilayer_perceptron")]  # doctest: +SKIP
        ['backward-pass', 'forward-pass']
    """
    paths = sorted(Path(root).glob(f"{chapter or '*'}/*.py"))
    return [read(path) for path in paths if path.name != "__init__.py"]


def _error(path: Path, line: int, message: str) -> ExerciseFileError:
    return ExerciseFileError(f"{path}, line {line}: {message}")


def _sections(path: Path, text: str) -> tuple[list[str], list[_Section]]:
    preamble: list[str] = []
    sections: list[_Section] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("# %%"):
            sections.append(_section(path, number, line))
        else:
            (sections[-1].lines if sections else preamble).append(line)
    if not sections:
        raise _error(path, 1, "no cell; begin with  # %% [exercise] id=... title=... points=...")
    return preamble, sections


def _section(path: Path, number: int, line: str) -> _Section:
    match = re.fullmatch(r"# %% \[(\w+)\](.*)", line.rstrip())
    if not match or match[1] not in ATTRIBUTES:
        kinds = ", ".join(f"[{kind}]" for kind in ATTRIBUTES)
        raise _error(path, number, f"a cell begins with  # %% and one of {kinds}; got {line!r}")
    kind = match[1]
    attributes = _attributes(path, number, match[2])
    missing = [name for name in ATTRIBUTES[kind] if not attributes.get(name)]
    unknown = [name for name in attributes if name not in ATTRIBUTES[kind]]
    if missing or unknown:
        wanted = ", ".join(ATTRIBUTES[kind]) or "no attributes"
        raise _error(
            path, number, f"[{kind}] takes {wanted}; missing: {missing}, unknown: {unknown}"
        )
    return _Section(kind, attributes, number, [])


def _attributes(path: Path, number: int, text: str) -> dict[str, str]:
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise _error(path, number, f"cannot read the attributes ({error}): {text}") from error
    attributes = {}
    for word in words:
        name, separator, value = word.partition("=")
        if not separator or name in attributes:
            raise _error(path, number, f'expected name="value", each once, got {word!r}')
        attributes[name] = value
    return attributes


def _only(path: Path, sections: Sequence[_Section], kind: str) -> _Section:
    found = [section for section in sections if section.kind == kind]
    if len(found) != 1:
        line = found[1].header_line if found else sections[-1].header_line
        raise _error(path, line, f"one [{kind}] cell is needed, found {len(found)}")
    return found[0]


def _check_header(path: Path, header: _Section) -> None:
    values, line = header.attributes, header.header_line
    if not re.fullmatch(KEBAB_CASE, values["id"]):
        raise _error(path, line, f"id must be kebab-case, got {values['id']!r}")
    file_name = values["id"].replace("-", "_") + ".py"
    if path.name != file_name:
        raise _error(path, line, f"id {values['id']!r} belongs into a file named {file_name}")
    if not re.fullmatch(r"[1-9]\d*", values["points"]):
        raise _error(path, line, f"points must be a whole number from 1, got {values['points']!r}")
    if not values["function"].isidentifier():
        raise _error(path, line, f"function must be a Python name, got {values['function']!r}")


def _check_defines(path: Path, section: _Section, function: str) -> None:
    kinds = (ast.FunctionDef, ast.ClassDef)
    body = ast.parse(section.source).body
    if not any(isinstance(node, kinds) and node.name == function for node in body):
        raise _error(path, section.header_line, f"[{section.kind}] must define {function}")


def _wrong_answers(
    path: Path, sections: Sequence[_Section], function: str
) -> tuple[WrongAnswer, ...]:
    found: dict[str, WrongAnswer] = {}
    for section in (section for section in sections if section.kind == "wrong"):
        name, line = section.attributes["name"], section.header_line
        if not re.fullmatch(KEBAB_CASE, name) or name in found:
            raise _error(path, line, f"name must be kebab-case and unique, got {name!r}")
        _check_defines(path, section, function)
        expect = section.attributes["expect"]
        found[name] = WrongAnswer(name, expect, section.source, section.first_line)
    if len(found) < MIN_WRONG_ANSWERS:
        line = sections[-1].header_line
        raise _error(path, line, f"{MIN_WRONG_ANSWERS} wrong answers needed, found {len(found)}")
    return tuple(found.values())
