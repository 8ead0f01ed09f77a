"""Finding a student's answers in a notebook that may be renamed, reordered, or without cell ids.

An answer is looked for by the id of its cell, then by the name of its function. What it needs from
elsewhere in the notebook, such as an import or a function of the student's own, is taken along.
Nothing of the student's is run here.
"""

import ast
import builtins
import json
import re
import symtable
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from coursework.exercise_files import Exercise

__all__ = ["Answer", "best_notebook", "find_answers", "read_code", "without_magics"]

MAX_SOURCE = 200_000  # characters of one cell
MAX_CELLS = 5_000
MAX_VALUES = 5_000_000  # lists, objects and commas of the file: each costs far more than its sign
UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Answer:
    """A student's answer to one exercise.

    Attributes:
        source: The cell, empty if there is none.
        support: What it needs from other cells, in their order.
        found: `"id"`, `"name"` or `"missing"`.
        problem: Why it cannot be run, in words for the student; empty if it can.
        flags: What the teacher should know.
    """

    source: str = ""
    support: str = ""
    found: str = "missing"
    problem: str = ""
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Code:
    """A code cell; `tree` is None where Python cannot read it."""

    names: tuple[str, ...]
    source: str
    tree: ast.Module | None
    defines: frozenset[str] = field(default_factory=frozenset)
    problem: str = ""


def read_code(content: bytes) -> list[dict[str, Any]]:
    """Return a notebook's code cells as JSON, with `source` a text.

    Args:
        content: The file.

    Returns:
        The cells that have a source, in order.

    Raises:
        ValueError: If it is no notebook, with the reason in words for the student.

    Example:
        >>> read_code(b'{"cells": [{"cell_type": "code", "source": ["x = 1"]}]}')[0]["source"]
        'x = 1'
    """
    if sum(content.count(sign) for sign in (b"[", b"{", b",")) > MAX_VALUES:
        raise ValueError("the file holds too many values to be read; clear the outputs and save")
    try:
        notebook = json.loads(content.decode("utf-8-sig"))
        cells = notebook["cells"] if "cells" in notebook else notebook["worksheets"][0]["cells"]
        found = []
        for cell in cells:
            source = cell.get("source", cell.get("input", ""))
            text = source if isinstance(source, str) else "".join(source)
            text = text.encode("utf-8", "replace").decode("utf-8")  # half characters
            if cell.get("cell_type") == "code" and text.strip():
                found.append({**cell, "source": text})
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise ValueError(
            f"the file is not a notebook ({type(error).__name__}); hand in the .ipynb file that "
            "Jupyter or Colab saves"
        ) from error
    if len(found) > MAX_CELLS:
        raise ValueError(f"the notebook has {len(found):,} code cells; at most {MAX_CELLS:,}")
    return found


def find_answers(
    cells: Sequence[Mapping[str, Any]],
    exercises: Sequence[Exercise],
    chapter: Mapping[str, str],
    known: Collection[str] = (),
) -> dict[str, Answer]:
    """Find the answers in a student's code cells.

    Args:
        cells: What `read_code` returned.
        exercises: The chapter's exercises.
        chapter: The chapter's own code by cell id.
        known: Names that the chapter's imports and settings define.

    Returns:
        An answer for every exercise, by its id.

    Example:
        >>> find_answers([], exercises, {})["psnr"].found  # doctest: +SKIP
        'missing'
    """
    given = {source.strip() for name, source in chapter.items() if not name.startswith("stub-")}
    stubs = {chapter.get(f"stub-{one.id}", "").strip() for one in exercises}
    codes = [_code(cell) for cell in cells]
    answers = {}
    for one in exercises:
        own = [code for code in codes if code.source.strip() not in given]
        answers[one.id] = _answer(one, own, stubs, codes, set(known))
    return answers


def best_notebook(
    found: Mapping[str, Mapping[str, Answer]],
) -> tuple[str, tuple[str, ...]]:
    """Choose among several notebooks of one student the one with the most answers.

    Args:
        found: Answers by file name.

    Returns:
        The name, of equals the last, and the names of the others.

    Example:
        >>> best_notebook({"a.ipynb": {}, "b.ipynb": {}})
        ('b.ipynb', ('a.ipynb',))
    """

    def n_answers(name: str) -> int:
        return sum(one.found != "missing" for one in found[name].values())

    names = sorted(found)
    best = max(names, key=lambda name: (n_answers(name), names.index(name)))
    return best, tuple(name for name in names if name != best)


def without_magics(source: str) -> str:
    r"""Return source in which the lines that only IPython understands are comments.

    Example:
        >>> without_magics("%matplotlib inline\nx = 1")
        '# %matplotlib inline\nx = 1'
    """
    try:
        ast.parse(source)
    except SyntaxError:
        pass
    except UNREADABLE:
        return source
    else:
        return source
    lines = []
    for line in source.split("\n"):
        is_magic = re.match(r"\s*(%{1,2}\w|!)", line) or re.fullmatch(r"\s*[\w.]+\?{1,2}\s*", line)
        indent = line[: len(line) - len(line.lstrip())]
        lines.append((f"{indent}pass  # " if indent else "# ") + line.strip() if is_magic else line)
    return "\n".join(lines)


def _code(cell: Mapping[str, Any]) -> _Code:
    metadata = cell.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    nbgrader = metadata.get("nbgrader")
    names = [cell.get("id"), metadata.get("id")]
    names.append(nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None)
    ids = tuple(name for name in names if isinstance(name, str))
    if len(cell["source"]) > MAX_SOURCE:
        problem = f"the cell has {len(cell['source']):,} characters; at most {MAX_SOURCE:,}"
        return _Code(ids, cell["source"][:MAX_SOURCE], None, problem=problem)
    source = without_magics(cell["source"])
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        problem = f"Python cannot read this cell: {error.msg}, line {error.lineno} of the cell"
        return _Code(ids, source, None, problem=problem)
    except UNREADABLE as error:
        return _Code(ids, source, None, problem=f"Python cannot read this cell: {error}")
    defines = {name for statement in tree.body for name in _bound(statement)}
    return _Code(ids, source, tree, frozenset(defines))


def _bound(statement: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement at the top of a cell defines."""
    if isinstance(statement, DEFINITIONS):
        yield statement.name
    elif isinstance(statement, (ast.Import, ast.ImportFrom)):
        for alias in statement.names:
            yield alias.asname or alias.name.partition(".")[0]
    elif isinstance(statement, (ast.Assign, ast.AnnAssign)):
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id


def _answer(
    one: Exercise, own: list[_Code], stubs: set[str], codes: list[_Code], known: set[str]
) -> Answer:
    by_name = [code for code in own if one.function in code.defines]
    by_id = [code for code in own if f"stub-{one.id}" in code.names]
    defining = [code for code in by_id if code in by_name]
    candidates = [code for code in defining or by_name if code.source.strip() not in stubs]
    if not candidates:
        candidates = [code for code in by_name if code.source.strip() not in stubs]
    if not candidates:
        broken = [code for code in own if code.tree is None and _seems(code, one)]
        broken = [code for code in by_id if code.tree is None] or broken
        if broken:
            return Answer(broken[-1].source, found="id", problem=broken[-1].problem)
        if not by_name:
            return Answer(problem=f"no cell defines the function {one.function}")
        candidates = by_name
    chosen = candidates[-1]
    flags = []
    if len({code.source.strip() for code in candidates}) > 1:
        flags.append(f"{one.function} is defined in {len(candidates)} cells; the last was graded")
    return Answer(
        chosen.source,
        _support(chosen, one, codes, known),
        "id" if chosen in by_id else "name",
        flags=tuple(flags),
    )


def _seems(code: _Code, one: Exercise) -> bool:
    return bool(re.search(rf"^\s*def\s+{re.escape(one.function)}\b", code.source, re.MULTILINE))


def _support(chosen: _Code, one: Exercise, codes: list[_Code], known: set[str]) -> str:
    """Return the statements of other cells that define what an answer reads."""
    statements = [
        (place, statement)
        for place, code in enumerate(codes)
        if code.tree and code is not chosen and not any(n.startswith("check-") for n in code.names)
        for statement in code.tree.body
    ]
    available: dict[str, tuple[int, ast.stmt]] = {}
    stars = []
    for number, (_, statement) in enumerate(statements):
        for name in _bound(statement):
            if name == "*":
                stars.append((number, statement))
            elif name != one.function:
                available[name] = (number, statement)  # the last one wins, as in the notebook
    skipped = known | set(dir(builtins)) | set(chosen.defines)
    taken: dict[int, ast.stmt] = {}
    queue = [chosen.source]
    while queue:
        for name in sorted(_read(queue.pop()) - skipped):
            skipped.add(name)
            if name not in available:
                taken |= dict(stars)
            elif available[name][0] not in taken:
                number, statement = available[name]
                taken[number] = statement
                queue.append(_unparsed(statement))
    return "\n".join(_unparsed(taken[number]) for number in sorted(taken))


def _read(source: str) -> set[str]:
    """Return the names that source takes from outside of its functions."""
    found: set[str] = set()
    try:
        tables = [symtable.symtable(source, "answer", "exec")]
    except UNREADABLE:
        return found
    while tables:
        table = tables.pop()
        is_module = table.get_type() == "module"
        for symbol in table.get_symbols():
            if symbol.is_referenced() and (is_module or symbol.is_global()):
                found.add(symbol.get_name())
        tables += table.get_children()
    return found


def _unparsed(statement: ast.stmt) -> str:
    try:
        return ast.unparse(statement)
    except UNREADABLE:
        return ""
