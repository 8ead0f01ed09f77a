"""The map of the book: chapters by what their architecture assumes, and what to read first.

`map.yml` beside this file declares it. The directive writes ordinary lists and links, which every
reader and every width can use; on wide pages a grid and a drawing of arrows lie over them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

TABLE = Path(__file__).with_name("map.yml")
N_COLUMNS = 5
IN_PREPARATION = "(in preparation)"


@dataclass(frozen=True)
class Chapter:
    """One chapter on the map."""

    number: str
    title: str
    column: int
    after: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Number and title as people read them."""
        return f"{int(self.number)} {self.title}"


@dataclass(frozen=True)
class Group:
    """Chapters whose architectures make the same assumption."""

    name: str
    assumes: str
    chapters: tuple[Chapter, ...]


def read_map(path: Path = TABLE) -> list[Group]:
    """Return the groups in the order of the file.

    Raises:
        ValueError: If a chapter stands twice, in no column, or not one column after what is to
            be read first.
    """
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    groups = [
        Group(entry["name"], entry["assumes"], tuple(map(_chapter, entry["chapters"])))
        for entry in entries
    ]
    _check(groups)
    return groups


def pages_by_number(docnames: Iterable[str]) -> dict[str, str]:
    """Return the chapters' pages among `docnames` by the two digits their names start with."""
    stems = {name: name.rpartition("/")[2] for name in docnames if name.startswith("chapters/")}
    return {stem[:2]: name for name, stem in stems.items() if stem[:2].isdigit()}


def arrows(groups: list[Group]) -> str:
    """Return the arrows as SVG without words; positions are shares of the grid.

    An arrow leaves the middle of a cell, turns on the border of the next column, and ends at the
    card there. The cards lie over its beginning.
    """
    rows = {chapter.number: row for row, group in enumerate(groups) for chapter in group.chapters}
    chapters = {chapter.number: chapter for group in groups for chapter in group.chapters}
    parts = []
    for chapter in chapters.values():
        for first in chapter.after:
            start, turn = (chapters[first].column + 0.5) / N_COLUMNS, chapter.column / N_COLUMNS
            above, below = ((rows[n] + 0.5) / len(groups) for n in (first, chapter.number))
            parts += [_line(start, above, turn, above), _line(turn, above, turn, below)]
            parts.append(
                f'<svg x="{turn:.2%}" y="{below:.2%}" overflow="visible">'
                '<path d="M0 0H11M6 -4L11 0L6 4"/></svg>'
            )
    drawing = "".join(dict.fromkeys(parts))
    return f'<svg class="nnbook-map-arrows" aria-hidden="true" focusable="false">{drawing}</svg>'


def _chapter(entry: dict) -> Chapter:
    return Chapter(**{**entry, "after": tuple(entry.get("after", ()))})


def _check(groups: list[Group]) -> None:
    chapters: dict[str, Chapter] = {}
    for chapter in (chapter for group in groups for chapter in group.chapters):
        if chapter.number in chapters or chapter.column not in range(N_COLUMNS):
            raise ValueError(
                f"chapter {chapter.number} must stand once on the map, in a column from 0 to "
                f"{N_COLUMNS - 1}"
            )
        chapters[chapter.number] = chapter
    for chapter in chapters.values():
        for first in chapter.after:
            if first not in chapters or chapters[first].column != chapter.column - 1:
                raise ValueError(
                    f"chapter {chapter.number} comes after {first}, which must stand on the map "
                    f"in column {chapter.column - 1}"
                )


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.2%}" y1="{y1:.2%}" x2="{x2:.2%}" y2="{y2:.2%}"/>'


class BookMap(SphinxDirective):
    """Show the map; chapters that are not in the book yet are marked as such."""

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(TABLE))
        self.env.note_dependency(str(Path(self.env.srcdir) / "_toc.yml"))
        groups = read_map()
        names = {chapter.number: chapter for group in groups for chapter in group.chapters}
        pages = pages_by_number(self.env.found_docs)
        rows = nodes.container(classes=["nnbook-map-rows"])
        rows += nodes.raw("", arrows(groups), format="html")
        for group in groups:
            rows += self._group(group, names, pages)
        return [nodes.container("", rows, classes=["nnbook-map"])]

    def _group(
        self, group: Group, names: dict[str, Chapter], pages: dict[str, str]
    ) -> nodes.container:
        label = nodes.paragraph(classes=["nnbook-map-label"])
        label += [nodes.strong("", group.name), nodes.Text(" "), nodes.inline("", group.assumes)]
        cards = nodes.bullet_list(classes=["nnbook-map-cards"])
        for chapter in group.chapters:
            line = nodes.paragraph("", "", *self._card(chapter, names, pages))
            classes = [f"nnbook-map-column-{chapter.column}"]
            cards += nodes.list_item("", line, classes=classes)
        return nodes.container("", label, cards, classes=["nnbook-map-group"])

    def _card(
        self, chapter: Chapter, names: dict[str, Chapter], pages: dict[str, str]
    ) -> Iterator[nodes.Node]:
        page = pages.get(chapter.number)
        if page:
            yield self._link(chapter.name, page)
        else:
            yield nodes.inline("", chapter.name)
            yield nodes.Text(" ")
            yield nodes.inline("", IN_PREPARATION, classes=["nnbook-map-missing"])
        if chapter.after:
            first = " and ".join(names[number].name for number in chapter.after)
            yield nodes.Text(" ")
            yield nodes.inline("", f"read first: {first}", classes=["nnbook-map-after"])

    def _link(self, text: str, page: str) -> nodes.Node:
        return addnodes.pending_xref(
            "",
            nodes.inline("", text),
            refdomain="std",
            reftype="doc",
            reftarget=f"/{page}",
            refexplicit=True,
            refwarn=True,
            refdoc=self.env.docname,
        )


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("book-map", BookMap)
