"""Named cells of a notebook as data, and as code that runs without Jupyter.

Tests, graders and benchmarks run a chapter's own cells instead of copies of them.
"""

import json
import linecache
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nnbook_utils._names import nearest

__all__ = ["Cell", "read_cells", "run_cells", "run_source"]


@dataclass(frozen=True)
class Cell:
    """One cell of a notebook.

    Attributes:
        kind: `"code"`, `"markdown"` or `"raw"`.
        source: The text, lines joined.
        tags: Tags such as `"stub"` or `"check"`.
        metadata: The cell's whole metadata.
    """

    kind: str
    source: str
    tags: tuple[str, ...] = ()
    metadata: dict[str, Any] = field(default_factory=dict)


def read_cells(notebook_path: str | os.PathLike) -> dict[str, Cell]:
    """Read a notebook's cells by id, in their order.

    Args:
        notebook_path: A notebook of format 4.5, whose cells have ids.

    Returns:
        Dictionary from cell id to `Cell`.

    Raises:
        OSError: If the file cannot be read.
        ValueError: If it is no notebook, a cell has no id (Colab drops them), or two share
            one.

    Example:
        >>> cells = read_cells("chapters/01_multilayer_perceptron.ipynb")  # doctest: +SKIP
        >>> cells["settings"].kind  # doctest: +SKIP
        'code'
    """
    path = Path(notebook_path)
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        entries = list(notebook["cells"])
        cells = [(entry.get("id"), _cell(entry)) for entry in entries]
    except OSError as error:
        raise type(error)(
            error.errno, f"cannot read the notebook ({error.strerror})", str(path)
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path} is not a notebook of format 4: {error!r}") from error
    found: dict[str, Cell] = {}
    for number, (cell_id, cell) in enumerate(cells, start=1):
        if not cell_id:
            raise ValueError(
                f"cell {number} of {path} has no id (Colab drops ids when it saves); take the "
                "notebook as it stands in the repository, nbformat 4.5"
            )
        if cell_id in found:
            raise ValueError(f"{path} has two cells with id {cell_id!r}; give each its own")
        found[cell_id] = cell
    return found


def run_cells(
    notebook_path: str | os.PathLike, *ids: str, namespace: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Run named code cells, in the order given, without Jupyter.

    Args:
        notebook_path: The notebook.
        *ids: Cell ids, such as `"imports", "settings"`.
        namespace: Variables to start with, changed in place; a new dictionary if left out.

    Returns:
        The namespace after the last cell. A cell's traceback names it as `notebook.ipynb#cell-id`.

    Raises:
        OSError: If the file cannot be read.
        ValueError: If an id is unknown (the message suggests the nearest), names no code cell, or
            a cell needs IPython's `%` or `!`.
        Exception: Whatever a cell raises.

    Example:
        >>> chapter = run_cells(path, "imports", "settings", "by-hand")  # doctest: +SKIP
        >>> chapter["forward"](features)  # doctest: +SKIP
    """
    path = Path(notebook_path)
    cells = read_cells(path)
    for cell_id in ids:
        _check_runnable(path, cell_id, cells)
    namespace = {} if namespace is None else namespace
    for cell_id in ids:
        run_source(cells[cell_id].source, f"{path.name}#{cell_id}", namespace)
    return namespace


def run_source(source: str, name: str, namespace: dict[str, Any]) -> dict[str, Any]:
    """Run Python source as if it were a notebook cell.

    Args:
        source: The code.
        name: What tracebacks show as the file; its lines are kept for them.
        namespace: Variables of the notebook, changed in place. `__name__` becomes `"__main__"`, and
            `display` prints where IPython's is absent.

    Returns:
        The same namespace.

    Raises:
        ValueError: If the source needs IPython's `%` or `!`.
        Exception: Whatever the source raises, `SyntaxError` included.

    Example:
        >>> run_source("total = 1 + 2", "cell", {})["total"]
        3
    """
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    try:
        code = compile(source, name, "exec", dont_inherit=True)
    except SyntaxError as error:
        if re.search(r"^\s*[%!]", source, flags=re.MULTILINE):
            raise ValueError(
                f"{name} uses IPython's % or !, which runs in Jupyter only; leave it out here"
            ) from error
        raise
    namespace.setdefault("__name__", "__main__")
    namespace.setdefault("display", print)
    exec(code, namespace)
    return namespace


def _cell(entry: dict[str, Any]) -> Cell:
    source = entry["source"]
    metadata = dict(entry.get("metadata", {}))
    return Cell(
        kind=entry["cell_type"],
        source=source if isinstance(source, str) else "".join(source),
        tags=tuple(metadata.get("tags", ())),
        metadata=metadata,
    )


def _check_runnable(path: Path, cell_id: str, cells: dict[str, Cell]) -> None:
    if cell_id == "colab-setup":
        raise ValueError(
            "colab-setup installs packages on Colab and needs IPython; leave it out, here the "
            "helpers are installed already"
        )
    if cell_id not in cells:
        raise ValueError(f"{path.name} has no cell {cell_id!r}; {nearest(cell_id, cells)}")
    if cells[cell_id].kind != "code":
        raise ValueError(f"cell {cell_id!r} of {path.name} is {cells[cell_id].kind}, not code")
