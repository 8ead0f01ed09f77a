"""The part of a chapter that given cells and names need, run without the rest of it.

A benchmark runs the chapter's own statements, never copies of them, and does not wait for the
studies that stand between a network and its data.
"""

import ast
import builtins
import hashlib
import symtable
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nnbook_utils.cells import read_cells, run_source

__all__ = ["Statement", "choose", "digests", "run_slice"]

WHOLE = ("imports", "settings")  # these cells run whole, before all others
LEFT_OUT = ("stub-", "check-", "results", "colab-setup")


@dataclass(frozen=True)
class Statement:
    """One top-level statement of a chapter.

    Attributes:
        cell: Id of its cell.
        source: Its code.
        binds: Names that it gives values.
        needs: Global names that it reads, in the functions that it defines too.
        updates: Of both, those that need a value from before, as in `x = x + 1`.
        defines: Whether it is a `def` or a `class`.
    """

    cell: str
    source: str
    binds: frozenset[str]
    needs: frozenset[str]
    updates: frozenset[str] = frozenset()
    defines: bool = False

    @property
    def digest(self) -> str:
        """Twelve hexadecimal digits of the code, whatever its comments and line breaks."""
        code = ast.unparse(ast.parse(self.source))
        return hashlib.sha256(code.encode()).hexdigest()[:12]


def run_slice(
    notebook_path: str | Path,
    names: Iterable[str] = (),
    cells: Iterable[str] = (),
    given: Mapping[str, Any] | None = None,
    ran: list[Statement] | None = None,
) -> dict[str, Any]:
    """Run the cells named, and before them whatever they and the names depend on.

    Imports and settings run whole. Of every other cell only those statements run that bind a name
    which is needed, in the order of the chapter. A statement that changes a value in place, as
    `table["row"] = 1` does, binds no name: it runs only if its cell is among `cells`.

    Args:
        notebook_path: The chapter.
        names: Names to define: functions, models, data.
        cells: Ids of cells to run whole.
        given: Values that stand in place of the chapter's, such as `SEED`; a setting has its given
            value for all settings after it.
        ran: A list to which the statements are appended on which the slice depends.

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
    path, given = Path(notebook_path), dict(given or {})
    statements = _statements(path)
    chosen = _choose(path, statements, names, cells, given)
    namespace: dict[str, Any] = {}
    for number, statement in enumerate(statements):
        if statement.cell in WHOLE:
            run_source(statement.source, f"{path.name}#{statement.cell}-{number}", namespace)
            namespace |= {name: given[name] for name in statement.binds & given.keys()}
    namespace |= given
    for number in sorted(chosen):
        statement = statements[number]
        if statement.cell not in WHOLE:
            run_source(statement.source, f"{path.name}#{statement.cell}-{number}", namespace)
    if ran is not None:
        ran += [statements[number] for number in sorted(chosen)]
    return namespace


def choose(
    notebook_path: str | Path,
    names: Iterable[str] = (),
    cells: Iterable[str] = (),
    given: Mapping[str, Any] | None = None,
) -> list[Statement]:
    """Return the statements on which a slice depends, in order, and run nothing.

    Of the settings those are among them that a chosen statement reads; imports are not.

    Args:
        notebook_path: The chapter.
        names: As for `run_slice`.
        cells: As for `run_slice`.
        given: As for `run_slice`.

    Returns:
        The statements.

    Raises:
        OSError, ValueError: As `run_slice` does, before anything runs.
    """
    path = Path(notebook_path)
    statements = _statements(path)
    chosen = _choose(path, statements, names, cells, dict(given or {}))
    return [statements[number] for number in sorted(chosen)]


def digests(notebook_path: str | Path) -> set[str]:
    """Return the digests of all statements of a chapter that a slice can hold."""
    return {statement.digest for statement in _statements(Path(notebook_path))}


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
            found.append(Statement(cell_id, source, *_names(source), _updates(node), defines))
    return found


def _updates(node: ast.stmt) -> frozenset[str]:
    """Return the names that an assignment both reads and binds."""
    if isinstance(node, ast.AugAssign):
        return frozenset({node.target.id} if isinstance(node.target, ast.Name) else ())
    if not isinstance(node, ast.Assign):
        return frozenset()
    names = [n for part in (node.value, *node.targets) for n in ast.walk(part)]
    names = [n for n in names if isinstance(n, ast.Name)]
    bound = {n.id for n in names if isinstance(n.ctx, ast.Store)}
    return frozenset(n.id for n in names if isinstance(n.ctx, ast.Load) and n.id in bound)


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


def _choose(
    path: Path,
    statements: list[Statement],
    names: Iterable[str],
    cells: Iterable[str],
    given: Mapping[str, Any],
) -> set[int]:
    """Return the places of the statements on which a slice depends."""
    cells, free = set(cells), set(given) | set(dir(builtins)) | {"display"}
    for cell in sorted(cells):
        if not any(statement.cell == cell for statement in statements):
            raise ValueError(f"{path.name} has no code cell {cell!r} that a slice can hold")
    chosen = {n for n, s in enumerate(statements) if s.cell in cells}
    wanted = [(name, None) for name in names]
    wanted += [(name, n) for n in sorted(chosen) for name in statements[n].needs]
    seen = set(wanted)
    while wanted:
        name, reader = wanted.pop()
        if name in free:
            continue
        for binder in _binders(path, statements, name, reader, cells):
            if binder not in chosen:
                chosen.add(binder)
                new = {(needed, binder) for needed in statements[binder].needs} - seen
                seen |= new
                wanted += new
    return {number for number in chosen if statements[number].cell != "imports"}


def _binders(
    path: Path, statements: list[Statement], name: str, reader: int | None, cells: set[str]
) -> list[int]:
    """Return the statements that give a name the value that a statement reads.

    First come imports and settings, then those before it in its own cell, then those of the cells
    that run whole, then a definition, then the last cell before it that binds the name.
    """
    binders = [n for n, s in enumerate(statements) if name in s.binds]
    if first := [n for n in binders if statements[n].cell in WHOLE]:
        return first
    if reader is not None:
        own = [n for n in binders if statements[n].cell == statements[reader].cell]
        before = [n for n in own if n < reader]
        if before or (reader in own and name not in statements[reader].updates):
            return before
        if reader in own:
            binders = [n for n in binders if n not in own]
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
