"""Rules on the code of a chapter: imports, names, constants, and the test set."""

import ast
import re
from collections.abc import Iterator

from tests.house.book import Cell, Notebook

PUBLIC = {
    "begin",
    "data",
    "exercise",
    "live",
    "pick",
    "plotting",
    "profile",
    "results",
    "training",
}
FORBIDDEN_NAMES = {"net": "model", "lr": "learning_rate", "X2": "a name that says what it is"}
OTHER_CHAPTERS = re.compile(r"%run|run_cells|\bchapters[./]|\b(?:coursework|tests)\b")
TEST_NAME = re.compile(r"tests?(_.*)?|.*_tests?(_.*)?")
SPLIT = ("train", "validation", "test")
LOADER = re.compile(r"\b(load|fetch|make)_")


def imports(notebook: Notebook) -> list[str]:
    """All imports stand in the imports cell; of the helpers, only public modules."""
    complaints = []
    for cell in notebook.code:
        for node in _walk(cell, ast.Import, ast.ImportFrom):
            if cell.id not in ("imports", "colab-setup"):
                complaints.append(f"{cell.id} imports: move it to the imports cell")
            complaints += [f"{cell.id}: {problem}" for problem in _helper_problems(node)]
        for node in _walk(cell, ast.Attribute):
            module = node.value.id if isinstance(node.value, ast.Name) else ""
            if module in PUBLIC and node.attr.startswith("_"):
                complaints.append(f"{cell.id} uses {module}.{node.attr}, which is private")
    return complaints


def other_chapters(notebook: Notebook) -> list[str]:
    """A chapter stands alone: it imports, runs and reads no other chapter."""
    return [
        f"{cell.id} reaches outside the chapter: {found.group()}"
        for cell in notebook.code
        if (found := OTHER_CHAPTERS.search(cell.source))
    ]


def names(notebook: Notebook) -> list[str]:
    """Spelled-out names: never net, lr or X2."""
    complaints = []
    for cell in notebook.code:
        used = {node.id for node in _walk(cell, ast.Name)}
        used |= {node.arg for node in _walk(cell, ast.arg, ast.keyword) if node.arg}
        used |= {node.attr for node in _walk(cell, ast.Attribute)}
        used |= {node.name for node in _walk(cell, ast.FunctionDef, ast.ClassDef)}
        for name in sorted(used & set(FORBIDDEN_NAMES)):
            complaints.append(f"{cell.id} uses the name {name}; write {FORBIDDEN_NAMES[name]}")
    return complaints


def constants(notebook: Notebook) -> list[str]:
    """Settings are upper-case constants, each with a comment on its line or the line above."""
    settings = notebook.cell("settings")
    complaints = []
    for node in settings.tree.body if settings else ():
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            name = ast.unparse(target)
            if not name.isupper():
                complaints.append(f"settings: {name} must be in upper case")
            around = settings.lines[max(node.lineno - 2, 0) : node.end_lineno]
            if not any("#" in line for line in around):
                complaints.append(f"settings: {name} needs a comment: what it is, in which unit")
    return complaints


def results_cell(notebook: Notebook) -> list[str]:
    """One cell, `results`, reports once, under the notebook's name."""
    reporting = [cell.id for cell in notebook.code if "results.report(" in cell.source]
    if reporting != ["results"]:
        return [f"results.report must be called in the results cell alone, found in {reporting}"]
    calls = [
        node
        for node in _walk(notebook.cell("results"), ast.Call)
        if ast.unparse(node.func) == "results.report"
    ]
    first = calls[0].args[0] if calls[0].args else None
    named = first.value if isinstance(first, ast.Constant) else None
    if len(calls) != 1 or named != notebook.name:
        return [f'the results cell must call results.report("{notebook.name}", ...) once']
    return []


def split_names(notebook: Notebook) -> list[str]:
    """Of three parts from a loader, the second is named validation and the third test.

    Names such as `digits_test` and `_` are fine; the first part's name must say neither.
    """
    complaints = []
    for cell in notebook.code:
        for node in _walk(cell, ast.Assign):
            target = node.targets[0]
            if not (isinstance(target, ast.Tuple) and len(target.elts) == len(SPLIT)):
                continue
            if not LOADER.search(ast.unparse(node.value)):
                continue
            for wanted, element in zip(SPLIT, target.elts, strict=True):
                name = ast.unparse(element)
                said = set(name.split("_")) & {"validation", "test"}
                if name != "_" and said != {wanted} - {"train"}:
                    complaints.append(f"{cell.id} calls the {wanted} part {name}")
    return complaints


def test_set(notebook: Notebook) -> list[str]:
    """The test set is read only in cells that say so in their id, and never trained on.

    Reading means using a name such as `test`, `test_inputs` or `digits_test`. Free are: unpacking
    it from a loader, preparing it (an assignment to another such name), and a function's parameter.
    """
    complaints = []
    first = notebook.cell("imports")
    aliases = _walk(first, ast.alias) if first else ()
    imported = frozenset(alias.asname or alias.name for alias in aliases)
    for cell in notebook.code:
        read = sorted(set(_test_names_read(cell, imported)))
        if read and cell.id != "results" and "test" not in cell.id.split("-"):
            complaints.append(f"{cell.id} reads {read}; only cells with 'test' in their id may")
        for node in _walk(cell, ast.Call):
            called = ast.unparse(node.func).split(".")[-1]
            if called in ("fit", "train_on_batch"):
                given = [*node.args, *(keyword.value for keyword in node.keywords)]
                names = {name for part in given for name in _test_names(part)}
                if names:
                    complaints.append(f"{cell.id} hands {sorted(names)} to {called}")
    return complaints


def _walk(cell: Cell, *types: type) -> Iterator[ast.AST]:
    return (node for node in ast.walk(cell.tree) if isinstance(node, types))


def _helper_problems(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        found = [alias.name for alias in node.names if alias.name.startswith("nnbook_utils")]
        return [f"write 'from nnbook_utils import ...', not 'import {name}'" for name in found]
    if not (node.module or "").startswith("nnbook_utils"):
        return []
    if node.module != "nnbook_utils":
        return [f"import modules, not what is in them: from {node.module} import ..."]
    foreign = [alias.name for alias in node.names if alias.name not in PUBLIC]
    return [f"{name} is no public part of nnbook_utils" for name in foreign]


def _test_names_read(cell: Cell, imported: frozenset[str]) -> Iterator[str]:
    """Yield names of test data read in `cell`; imports and functions' parameters are free."""
    waiting: list[tuple[ast.AST, frozenset[str]]] = [(cell.tree, imported)]
    while waiting:
        node, free = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.Lambda):
            arguments = (part for part in ast.walk(node.args) if isinstance(part, ast.arg))
            free = free | {argument.arg for argument in arguments}
        if isinstance(node, ast.Assign) and any(map(_test_names, node.targets)):
            continue
        is_read = isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        if is_read and TEST_NAME.fullmatch(node.id) and node.id not in free:
            yield node.id
        waiting.extend((child, free) for child in ast.iter_child_nodes(node))


def _test_names(tree: ast.AST) -> set[str]:
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return {name for name in names if TEST_NAME.fullmatch(name)}


RULES = [imports, other_chapters, names, constants, results_cell, split_names, test_set]
