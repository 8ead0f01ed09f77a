"""Directives that show the recorded benchmarks: tables of contests and tricks, plot, machines."""

import importlib
import sys
from pathlib import Path
from types import ModuleType
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from .tables import EMPTY, TableDirective


def load(root: Path, name: str) -> ModuleType:
    """Return a module of `benchmarks` of the book at `root`."""
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    return importlib.import_module(f"benchmarks.{name}")


class Benchmarks(TableDirective):
    """Tabulate every side of every contest on record."""

    def run(self) -> list[nodes.Node]:
        root = Path(self.env.srcdir)
        records, report = load(root, "records"), load(root, "report")
        path = root / "results" / "benchmarks.json"
        for source in (path, *root.glob("benchmarks/*.py"), *root.glob("chapters/*.ipynb")):
            self.env.note_dependency(str(source))
        runs = records.load(path)
        if not runs:
            return [nodes.paragraph(EMPTY, EMPTY)]
        summaries = records.summaries(runs, records.stale(runs))
        return self.table(report.HEAD, report.rows(summaries))


class Plot(SphinxDirective):
    """Show the plot of the runs as a figure, its caption the directive's content."""

    has_content = True
    option_spec: ClassVar[dict] = {
        "name": directives.unchanged_required,
        "alt": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        path = Path(self.env.srcdir) / "results" / "benchmarks.svg"
        self.env.note_dependency(str(path))
        if not path.is_file():
            return [nodes.paragraph(EMPTY, EMPTY)]
        options = [f":{name}: {value}" for name, value in self.options.items()]
        lines = [":::{figure} /results/benchmarks.svg", *options, "", *self.content, ":::"]
        container = nodes.container()
        source, _ = self.get_source_info()
        self.state.nested_parse(StringList(lines, source), self.content_offset, container)
        return container.children


class Machines(SphinxDirective):
    """Say on what, with which versions and when the runs of a file of results were made."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        root = Path(self.env.srcdir)
        path = root / "results" / self.arguments[0]
        self.env.note_dependency(str(path))
        lines = load(root, "report").conditions(load(root, "records").read(path))
        return [nodes.bullet_list("", *(_item(line) for line in lines))] if lines else []


class Tricks(TableDirective):
    """Tabulate what each trick gained."""

    def run(self) -> list[nodes.Node]:
        root = Path(self.env.srcdir)
        path = root / "results" / "tricks.json"
        for source in (path, *root.glob("benchmarks/*.py")):
            self.env.note_dependency(str(source))
        report = load(root, "report")
        tricks = load(root, "records").read(path)
        if not tricks:
            return [nodes.paragraph(EMPTY, EMPTY)]
        return self.table(report.TRICK_HEAD, report.trick_rows(tricks))


def _item(line: str) -> nodes.list_item:
    return nodes.list_item("", nodes.paragraph(line, line))


def setup(app: Sphinx) -> None:
    """Register the directives."""
    app.add_directive("benchmarks", Benchmarks)
    app.add_directive("benchmark-plot", Plot)
    app.add_directive("benchmark-machines", Machines)
    app.add_directive("tricks", Tricks)
