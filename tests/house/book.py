"""Notebooks, and the facts of the book that they are held against, as plain data."""

import ast
import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import yaml
from pybtex.database import parse_string

from tools.address import Address, read_address


@dataclass(frozen=True)
class Cell:
    """One cell as it stands in the file."""

    id: str
    kind: str
    source: str
    metadata: dict
    raw: dict

    @property
    def tags(self) -> list[str]:
        return self.metadata.get("tags", [])

    @property
    def lines(self) -> list[str]:
        return self.source.splitlines()

    @cached_property
    def tree(self) -> ast.Module:
        """The cell's syntax tree; IPython's magic lines count as `pass`."""
        return ast.parse(re.sub(r"^(\s*)[%!].*$", r"\1pass", self.source, flags=re.MULTILINE))


@dataclass(frozen=True)
class Book:
    """What notebooks must agree with."""

    address: Address
    expected: dict
    citation_keys: frozenset[str]


@dataclass(frozen=True)
class Notebook:
    """A notebook and the book it belongs to."""

    name: str
    folder: str
    content: dict
    book: Book
    cells: list[Cell] = field(default_factory=list)

    @property
    def code(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.kind == "code"]

    @property
    def prose(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.kind == "markdown"]

    @property
    def lesson(self) -> list[Cell]:
        """Code cells but those of exercises and the one for Colab."""
        return [
            cell
            for cell in self.code
            if cell.id != "colab-setup" and not {"stub", "check"} & set(cell.tags)
        ]

    @property
    def is_template(self) -> bool:
        return self.folder == "templates"

    def cell(self, id: str) -> Cell | None:
        return next((cell for cell in self.cells if cell.id == id), None)

    @property
    def colab_link(self) -> str:
        address = self.book.address
        return (
            f"https://colab.research.google.com/github/{address.path}/blob/{address.branch}/"
            f"{self.folder}/{self.name}.ipynb"
        )


def read_book(root: Path) -> Book:
    """Read the facts from the repository at `root`."""
    expected = {}
    for path in (root / "nnbook_utils/expected.yml", root / "templates/expected_section.yml"):
        if path.is_file():
            expected.update(yaml.safe_load(path.read_text(encoding="utf-8")))
    references = parse_string((root / "references.bib").read_text(encoding="utf-8"), "bibtex")
    return Book(
        address=read_address(root),
        expected=expected,
        citation_keys=frozenset(references.entries),
    )


def read_notebook(path: Path, book: Book) -> Notebook:
    """Read the notebook at `path`."""
    content = json.loads(path.read_text(encoding="utf-8"))
    return notebook_from(content, path.stem, path.parent.name, book)


def notebook_from(content: dict, name: str, folder: str, book: Book) -> Notebook:
    """Return the notebook with this JSON content."""
    cells = [
        Cell(
            id=cell.get("id", ""),
            kind=cell["cell_type"],
            source="".join(cell["source"]),
            metadata=cell.get("metadata", {}),
            raw=cell,
        )
        for cell in content["cells"]
    ]
    return Notebook(name, folder, content, book, cells)
