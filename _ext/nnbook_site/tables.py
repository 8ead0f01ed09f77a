"""Directives whose tables come from data: `scoreboard` from records, `datasets` from loaders."""

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from .records import Row, headline_rows, markdown_table, number

PROFILES = ("quick", "full")
SCOREBOARD_HEAD = [
    "Chapter",
    "Measured",
    "Result",
    "Baseline",
    "Bound",
    "Parameters",
    "Training, seconds",
    "Chapter, minutes",
    "Device",
    "Date",
]
EMPTY = "No run of this kind has been recorded yet."


class TableDirective(SphinxDirective):
    """A table written as Markdown and parsed in place, so that links and numbers work."""

    option_spec: ClassVar[dict] = {"name": directives.unchanged_required}
    required_arguments = 1
    final_argument_whitespace = True

    def table(self, head: list[str], body: Iterable[list[str]]) -> list[nodes.Node]:
        fence = [f":::{{table}} {self.arguments[0]}", f":name: {self.options['name']}", ""]
        lines = [*fence, *markdown_table(head, body).splitlines(), ":::"]
        container = nodes.container()
        source, _ = self.get_source_info()
        self.state.nested_parse(StringList(lines, source), self.content_offset, container)
        return container.children


class Scoreboard(TableDirective):
    """Tabulate the recorded headline results of one profile, given by `:profile:`."""

    option_spec: ClassVar[dict] = {
        **TableDirective.option_spec,
        "profile": lambda argument: directives.choice(argument, PROFILES),
    }

    def run(self) -> list[nodes.Node]:
        root = Path(self.env.srcdir)
        profile = self.options["profile"]
        for path in (root / "results" / f"{profile}.json", root / "nnbook_utils" / "expected.yml"):
            self.env.note_dependency(str(path))
        rows = headline_rows(root, profile)
        if not rows:
            return [nodes.paragraph(EMPTY, EMPTY)]
        return self.table(SCOREBOARD_HEAD, map(self._cells, rows))

    def _cells(self, row: Row) -> list[str]:
        return [
            f"[{row.title}](/chapters/{row.chapter}.ipynb)",
            row.label,
            number(row.measured),
            number(row.baseline),
            row.bound,
            "–" if row.parameters is None else f"{row.parameters:,}",
            number(row.seconds),
            f"{row.minutes:.1f}",
            row.device,
            row.date,
        ]


class Datasets(TableDirective):
    """Tabulate every data set that `nnbook_utils.data` knows."""

    def run(self) -> list[nodes.Node]:
        from nnbook_utils import data

        for path in Path(data.__file__).parent.glob("*.py"):
            self.env.note_dependency(str(path))
        infos = [data.info(name) for name in data.list_datasets()]
        head = ["Loader", "What, and its citation", "Size", "Profile", "Source and licence"]
        body = [
            [
                f"{{py:func}}`{info.loader} <nnbook_utils.data.{info.loader}>`",
                f"**{info.title}.** {info.citation}",
                info.size,
                info.profile,
                f"{self._source(info)}; {info.licence}",
            ]
            for info in infos
        ]
        return self.table(head, body)

    def _source(self, info) -> str:
        return f"[{info.source}]({info.url})" if info.url else info.source


def setup(app: Sphinx) -> None:
    """Register the directives."""
    app.add_directive("scoreboard", Scoreboard)
    app.add_directive("datasets", Datasets)
