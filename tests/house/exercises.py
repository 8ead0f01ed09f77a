"""Rules on exercises: three cells each, a stub that parses, a check that can fail."""

import ast
import builtins

from tests.house.book import Cell, Notebook

EXERCISES = range(3, 6)
KIND_OF_CELL = {"exercise": "markdown", "stub": "code", "check": "code"}
KINDS = tuple(KIND_OF_CELL)


def exercise_cells(notebook: Notebook) -> list[str]:
    """An exercise is its task, its stub and its check, in a row, tagged and named alike."""
    complaints = []
    for index, cell in enumerate(notebook.cells):
        for kind in KINDS:
            is_named = cell.id.startswith(f"{kind}-") and cell.kind == KIND_OF_CELL[kind]
            if (kind in cell.tags) != is_named:
                complaints.append(f"{cell.id}: the tag {kind} and an id {kind}-ID go together")
        if "exercise" not in cell.tags:
            continue
        id = cell.id.removeprefix("exercise-")
        group = notebook.cells[index : index + 3]
        if [member.id for member in group] != [f"{kind}-{id}" for kind in KINDS]:
            complaints.append(f"{cell.id} must be followed by stub-{id} and check-{id}")
    tasks = [cell for cell in notebook.cells if "exercise" in cell.tags]
    for kind in KINDS[1:]:
        if sum(kind in cell.tags for cell in notebook.cells) != len(tasks):
            complaints.append(f"there must be one {kind} for each exercise")
    return complaints


def exercise_count(notebook: Notebook) -> list[str]:
    """A chapter asks three to five times."""
    n_exercises = sum("exercise" in cell.tags for cell in notebook.cells)
    if notebook.is_template or n_exercises in EXERCISES:
        return []
    return [f"{n_exercises} exercises, must be {EXERCISES[0]} to {EXERCISES[-1]}"]


def stubs(notebook: Notebook) -> list[str]:
    """A stub is functions with a docstring and nothing but raise NotImplementedError("ID")."""
    complaints = []
    for cell in (cell for cell in notebook.code if "stub" in cell.tags):
        id = cell.id.removeprefix("stub-")
        try:
            body = cell.tree.body
        except SyntaxError as error:
            complaints.append(f"{cell.id} does not parse: {error}")
            continue
        if not body or not all(_is_stub(node, id) for node in body):
            complaints.append(
                f"{cell.id} must hold functions of a docstring and "
                f'raise NotImplementedError("{id}"), nothing else'
            )
    return complaints


def checks(notebook: Notebook) -> list[str]:
    """A check runs `with exercise("ID"):` and asserts, each time saying what is wrong."""
    complaints = []
    for cell in (cell for cell in notebook.code if "check" in cell.tags):
        opening = f'with exercise("{cell.id.removeprefix("check-")}"):'
        body = cell.tree.body
        if len(body) != 1 or not isinstance(body[0], ast.With) or opening not in cell.source:
            complaints.append(f"{cell.id} must be one statement, {opening}")
            continue
        asserts = [node for node in ast.walk(body[0]) if isinstance(node, ast.Assert)]
        if not asserts:
            complaints.append(f"{cell.id} asserts nothing, so it cannot fail")
        if any(node.msg is None for node in asserts):
            complaints.append(f"{cell.id} has an assert without a message that names the mistake")
    return complaints


def exercise_scope(notebook: Notebook) -> list[str]:
    """Stub and check use only imports, settings and their own cells, and train nothing."""
    shared = set(dir(builtins))
    for id in ("imports", "settings"):
        shared |= _bound(notebook.cell(id)) if notebook.cell(id) else set()
    complaints = []
    for cell in (cell for cell in notebook.code if "check" in cell.tags):
        stub = notebook.cell(f"stub-{cell.id.removeprefix('check-')}")
        group = [member for member in (stub, cell) if member]
        known = shared.union(*map(_bound, group))
        used = set().union(*map(_loaded, group))
        for name in sorted(used - known):
            complaints.append(f"{cell.id} needs {name}, which is not in imports or settings")
        if any(".fit(" in member.source for member in group):
            complaints.append(f"{cell.id} trains a model: checks must be instant")
    return complaints


def _is_stub(node: ast.stmt, id: str) -> bool:
    if not isinstance(node, ast.FunctionDef) or ast.get_docstring(node) is None:
        return False
    return len(node.body) == 2 and ast.unparse(node.body[1]) == f"raise NotImplementedError('{id}')"


def _bound(cell: Cell) -> set[str]:
    names = set()
    for node in ast.walk(cell.tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            names.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.alias):
            names.add((node.asname or node.name).split(".")[0])
        elif isinstance(node, ast.ExceptHandler) and node.name:
            names.add(node.name)
    return names


def _loaded(cell: Cell) -> set[str]:
    nodes = (node for node in ast.walk(cell.tree) if isinstance(node, ast.Name))
    return {node.id for node in nodes if isinstance(node.ctx, ast.Load)}


RULES = [exercise_cells, exercise_count, stubs, checks, exercise_scope]
