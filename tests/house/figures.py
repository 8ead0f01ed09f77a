"""Rules on figures: each has a caption, a name and a text for those who cannot see it."""

import ast
import re

from tests.house.book import Cell, Notebook

SILENT = {"close", "rcParams", "style", "cm", "colormaps", "get_cmap", "setp"}
NOT_DRAWING = {"use_style", "boundary_grid", "COLORS"}
NAME = re.compile(r"fig-[a-z0-9]+(-[a-z0-9]+)*")


def figure_metadata(notebook: Notebook) -> list[str]:
    """A cell that draws has a caption, a name and alt text in its metadata."""
    complaints, seen = [], set()
    for cell in drawing_cells(notebook):
        mystnb = cell.metadata.get("mystnb", {})
        figure = mystnb.get("figure", {})
        alt, caption = mystnb.get("image", {}).get("alt", ""), figure.get("caption", "")
        name = figure.get("name", "")
        if not caption.strip().endswith("."):
            complaints.append(f"{cell.id} needs mystnb.figure.caption, in whole sentences")
        if not NAME.fullmatch(name) or name in seen:
            complaints.append(f"{cell.id} needs a mystnb.figure.name of its own, like fig-history")
        if not alt.strip() or alt.strip() == caption.strip():
            complaints.append(f"{cell.id} needs mystnb.image.alt: what is to be seen, in words")
        seen.add(name)
    return complaints


def figure_reading(notebook: Notebook) -> list[str]:
    """After a figure comes a sentence that reads it."""
    complaints = []
    drawing = {cell.id for cell in drawing_cells(notebook)}
    for cell, following in zip(notebook.cells, [*notebook.cells[1:], None], strict=True):
        if cell.id in drawing and (following is None or following.kind != "markdown"):
            complaints.append(f"{cell.id} draws; the next cell must say what to see in the figure")
    return complaints


def no_show(notebook: Notebook) -> list[str]:
    """Figures are shown by the notebook, not by plt.show()."""
    return [f"{cell.id} calls plt.show()" for cell in notebook.code if "plt.show(" in cell.source]


def drawing_cells(notebook: Notebook) -> list[Cell]:
    """Return the cells that make a figure, themselves or through a function of the notebook."""
    drawing_functions: set[str] = set()
    found = []
    for cell in notebook.code:
        for node in cell.tree.body:
            if isinstance(node, ast.FunctionDef) and _draws(node, drawing_functions):
                drawing_functions.add(node.name)
        statements = [
            node for node in cell.tree.body if not isinstance(node, ast.FunctionDef | ast.ClassDef)
        ]
        if any(_draws(node, drawing_functions) for node in statements):
            found.append(cell)
    return found


def _draws(tree: ast.AST, drawing_functions: set[str]) -> bool:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id in drawing_functions:
            return True
        if not isinstance(node.func, ast.Attribute):
            continue
        owner, attribute = ast.unparse(node.func.value), node.func.attr
        if owner == "plt" and attribute not in SILENT:
            return True
        gives_axes = any(keyword.arg == "ax" for keyword in node.keywords)
        if owner in ("plotting", "sns") and attribute not in NOT_DRAWING and not gives_axes:
            return True
    return False


RULES = [figure_metadata, figure_reading, no_show]
