"""Repairs of markup that screen readers stumble over and that comes from below the book."""

from typing import ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator


class EmptyHeaderCells(SphinxPostTransform):
    """Turn the empty header cells of pandas' HTML tables into ordinary empty cells."""

    default_priority = 900  # after the choice among an output's representations
    formats: ClassVar[tuple[str, ...]] = ("html",)

    def run(self, **kwargs: object) -> None:
        for node in list(self.document.findall(nodes.raw)):
            if "<th></th>" in node.astext():
                text = node.astext().replace("<th></th>", "<td></td>")
                node.replace_self(nodes.raw(text, text, **node.attributes))


def _open_citation(self: HTML5Translator, node: nodes.citation) -> None:
    """Write a bibliography entry without the roles that docutils gives it, now deprecated."""
    self.body.append(self.starttag(node, "div", CLASS="citation"))


def _close_citation(self: HTML5Translator, node: nodes.citation) -> None:
    self.body.append("</div>\n")


def setup(app: Sphinx) -> None:
    """Register the repairs."""
    app.add_post_transform(EmptyHeaderCells)
    app.add_node(nodes.citation, override=True, html=(_open_citation, _close_citation))
