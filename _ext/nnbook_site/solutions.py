"""The solutions of all exercises, read from the files that tests and graders use.

Every exercise of a chapter gets the anchor `exercise-ID`, so that its solution can lead to it.
"""

import importlib.util
import json
import re
import sys
from pathlib import Path
from types import ModuleType

from docutils import nodes
from docutils.statemachine import StringList
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from .map import pages_by_number

PREFIX = "exercise-"
NONE = "No chapter of the book has exercises yet."


def headings(notebook: Path) -> dict[str, str]:
    """Return the first heading of every text cell that has one, by the cell's id."""
    found = {}
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        heading = re.search(r"^#+ (.+)$", "".join(cell["source"]), flags=re.MULTILINE)
        if cell["cell_type"] == "markdown" and heading:
            found[cell.get("id", "")] = heading[1].strip()
    return found


def load_reader(root: Path) -> ModuleType:
    """Return `coursework/exercise_files.py` of the book at `root` as a module."""
    path = root / "coursework" / "exercise_files.py"
    spec = importlib.util.spec_from_file_location("nnbook_exercise_files", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def label(page: str, exercise_id: str) -> str:
    """Return the name under which references find an exercise of a page."""
    return f"{page.rpartition('/')[2]}-{PREFIX}{exercise_id}".lower()


class Solutions(SphinxDirective):
    """Write the solution of every exercise of every chapter in the book, folded."""

    def run(self) -> list[nodes.Node]:
        root = Path(self.env.srcdir)
        reader = load_reader(root)
        self.env.note_dependency(str(root / "_toc.yml"))
        sections = []
        for _, page in sorted(pages_by_number(self.env.found_docs).items()):
            exercises = reader.load_all(page.rpartition("/")[2])
            notebook = root / f"{page}.ipynb"
            if exercises and notebook.is_file():
                self.env.note_dependency(str(notebook))
                sections.append(self._chapter(page, headings(notebook), exercises))
        return sections or [nodes.paragraph(NONE, NONE)]

    def _chapter(self, page: str, titles: dict[str, str], exercises: list) -> nodes.section:
        """Write one chapter's exercises, in the order in which the chapter has them."""
        places = {cell_id: place for place, cell_id in enumerate(titles)}
        exercises = sorted(exercises, key=lambda one: places.get(PREFIX + one.id, len(places)))
        name = page.rpartition("/")[2]
        section = self._section(titles.get("title", name), f"solutions-{name}")
        for exercise in exercises:
            self.env.note_dependency(str(exercise.path))
            part = self._section(exercise.title, label(page, exercise.id).replace(PREFIX, ""))
            part += nodes.paragraph("", "", self._link(page, exercise))
            part += self._folded(exercise)
            section += part
        return section

    def _section(self, title: str, name: str) -> nodes.section:
        section = nodes.section("", nodes.title("", title), ids=[nodes.make_id(name)])
        section["names"] = [nodes.fully_normalize_name(name)]
        self.state.document.note_implicit_target(section, section)
        return section

    def _link(self, page: str, exercise) -> nodes.Node:
        return addnodes.pending_xref(
            "",
            nodes.inline("", "Read the exercise in its chapter"),
            refdomain="std",
            reftype="ref",
            reftarget=label(page, exercise.id),
            refexplicit=True,
            refwarn=True,
            refdoc=self.env.docname,
        )

    def _folded(self, exercise) -> list[nodes.Node]:
        code = f"{exercise.setup.strip()}\n\n\n{exercise.solution.strip()}".strip()
        lines = [f":::{{dropdown}} Solution: {exercise.title}", "```python"]
        lines += [*code.splitlines(), "```", ":::"]
        into = nodes.container()
        source, _ = self.get_source_info()
        self.state.nested_parse(StringList(lines, source), self.content_offset, into)
        return into.children


def _add_anchors(app: Sphinx, doctree: nodes.document) -> None:
    """Give the heading of every exercise of a chapter the id of its cell, and a label."""
    page = app.env.docname
    notebook = Path(app.env.doc2path(page))
    if notebook.suffix != ".ipynb":
        return
    cells = {
        _plain(text): cell_id
        for cell_id, text in headings(notebook).items()
        if cell_id.startswith(PREFIX)
    }
    labels = app.env.get_domain("std").anonlabels
    for section in doctree.findall(nodes.section):
        cell_id = cells.get(_plain(section[0].astext()))
        if cell_id and cell_id not in doctree.ids:
            section["ids"].append(cell_id)
            doctree.ids[cell_id] = section
            labels[label(page, cell_id.removeprefix(PREFIX))] = (page, cell_id)


def _plain(text: str) -> str:
    return re.sub(r"[`$*_\\\s]", "", text)


def setup(app: Sphinx) -> None:
    """Register the directive, and the anchors it leads to."""
    app.add_directive("solutions", Solutions)
    app.connect("doctree-read", _add_anchors)
