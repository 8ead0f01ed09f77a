"""The part of a chapter that given cells and names need, run without the rest of it.

A benchmark runs the chapter's own statements, never copies of them, and does not wait for the
studies that stand between a network and its data.
"""

import ast
import builtins
import symtable
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nnbook_utils.cells import read_cells, run_source

__all__ = ["run_slice"]

WHOLE = ("imports", "settings")  # these cells run whole, before all others
LEFT_OUT = ("stub-", "check-", "results", "colab-setup")


@dataclass(frozen=True)
class Statement:
    """One top-level statement: cell, source, names bound and needed; is it a `def` or `class`?"""

    cell: str
    source: str
    binds: frozenset[str]
    needs: frozenset[str]
    defines: bool = False


def run_slice(
    notebook_path: str | Path,
    names: Iterable[str] = (),
    cells: Iterable[str] = (),
    given: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Run the cells named, and before them whatever they and the names depend on.

    Imports and settings run whole. Of every other cell only those statements run that bind a name
    which is needed, in the order of the chapter.

    Args:
        notebook_path: The chapter.
        names: Names to define: functions, models, data.
        cells: Ids of cells to run whole.
        given: Values that stand in place of the chapter's, such as `SEED`; set after the settings.

    Returns:
        The names of the chapter after the last statement.

    Raises:
        OSError, ValueError: If the chapter cannot be read, a cell is unknown, no statement binds a
            name, or several do (say then which cell, or give a value).
        Exception: Whatever a statement raises.

    Example:
        >>> chapter = run_slice(path, names=["build_mlp"], given={"SEED": 1})  # doctest: +SKIP
        >>> chapter["build_mlp"](20, 1)  # doctest: +SKIP
    """
    path, given, cells = Path(notebook_path), dict(given or {}), list(cells)
    statements = _statements(path)
    for cell in cells:
        if not any(statement.cell == cell for statement in statements):
            raise ValueError(f"{path.name} has no code cell {cell!r} that a slice can hold")
    known = {name for s in statements if s.cell in WHOLE for name in s.binds}
    known |= set(given) | set(dir(builtins)) | {"display"}
    chosen = _chosen(path, statements, set(names), set(cells), known)
    namespace: dict[str, Any] = {}
    for number, statement in enumerate(statements):
        if statement.cell in WHOLE:
            run_source(statement.source, f"{path.name}#{statement.cell}-{number}", namespace)
    namespace |= given
    for number in sorted(chosen):
        statement = statements[number]
        run_source(statement.source, f"{path.name}#{statement.cell}-{number}", namespace)
    return namespace


def _statements(path: Path) -> list[Statement]:
    found = []
    for cell_id, cell in read_cells(path).items():
        if cell.kind != "code" or cell_id.startswith(LEFT_OUT):
            continue
        for node in ast.parse(cell.source).body:
            source = ast.get_source_segment(cell.source, node)
            defines = isinstance(node, ast.FunctionDef | ast.ClassDef)
            if defines and node.decorator_list:
                first = node.decorator_list[0].lineno - 1
                source = "\n".join(cell.source.splitlines()[first : node.end_lineno])
            found.append(Statement(cell_id, source, *_names(source), defines))
    return found


def _names(source: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names that a statement binds at the top level, and the global names it reads."""
    top = symtable.symtable(source, "statement", "exec")
    binds = {s.get_name() for s in top.get_symbols() if s.is_assigned() or s.is_imported()}
    binds |= {s.get_name() for s in top.get_symbols() if s.is_namespace()}
    needs = {s.get_name() for s in top.get_symbols() if s.is_referenced()}
    waiting = list(top.get_children())
    while waiting:
        table = waiting.pop()
        needs |= {s.get_name() for s in table.get_symbols() if s.is_global()}
        waiting += table.get_children()
    return frozenset(binds), frozenset(needs)


def _chosen(
    path: Path, statements: list[Statement], names: set[str], cells: set[str], known: set[str]
) -> set[int]:
    """Return the places of the statements to run."""
    chosen = {n for n, s in enumerate(statements) if s.cell in cells}
    wanted = [(name, None) for name in names]
    wanted += [(name, n) for n in sorted(chosen) for name in statements[n].needs]
    seen = set(wanted)
    while wanted:
        name, reader = wanted.pop()
        if name in known:
            continue
        for binder in _binders(path, statements, name, reader, cells):
            if binder not in chosen:
                chosen.add(binder)
                new = {(needed, binder) for needed in statements[binder].needs} - seen
                seen |= new
                wanted += new
    return chosen


def _binders(
    path: Path, statements: list[Statement], name: str, reader: int | None, cells: set[str]
) -> list[int]:
    """Return the statements that give a name the value that a statement reads.

    First come those before it in its own cell, then those of the cells that run whole, then a
    definition, then the last cell before it that binds the name.
    """
    binders = [n for n, s in enumerate(statements) if name in s.binds and s.cell not in WHOLE]
    if reader is not None:
        own = [n for n in binders if statements[n].cell == statements[reader].cell]
        if own and (min(own) < reader or reader in own):
            return [n for n in own if n < reader]
    whole = [n for n in binders if statements[n].cell in cells]
    if whole:
        return whole
    binders = [n for n in binders if statements[n].defines] or binders
    if reader is not None and any(n < reader for n in binders):
        last = max(n for n in binders if n < reader)
        return [n for n in binders if statements[n].cell == statements[last].cell]
    places = {statements[n].cell for n in binders}
    if len(places) != 1:
        where = ", ".join(sorted(places)) or "no cell"
        raise ValueError(
            f"{path.name}: {name!r} is bound in {where}; name the cell that should run, or give "
            "the value"
        )
    return binders
