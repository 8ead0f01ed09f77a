"""Formulas for readers without scripts: MathML beside the TeX source that MathJax typesets."""

import re
from collections.abc import Callable
from typing import ClassVar

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)
SOURCE = "nnbook-tex"
STYLE = f"<noscript><style>.{SOURCE} {{ display: none; }}</style></noscript>"
KEPT = "nnbook-keep"
PUNCTUATION = re.compile(r"[,.;:!?)\]]+")
# The opening tag with the equation's number, the source, the closing tag.
FORMULA = re.compile(
    r'(<(?:span|div) [^>]*>(?:<span class="eqno">.*?</span>)?)(.*)(</(?:span|div)>\s*)', re.DOTALL
)
LABEL = re.compile(r"\\label\s*\{[^}]*\}")
# What the converter does not know, by a name that it knows.
OTHER_ROWS = re.compile(r"\\(begin|end)\{(?:aligned|gather|gathered|multline|split)\*?\}")
WITHOUT_NUMBERS = re.compile(r"\\(begin|end)\{(equation|displaymath|math)\*?\}")


def mathml(tex: str, display: bool) -> str:
    """Return a formula as MathML.

    Args:
        tex: Its source, without dollar signs.
        display: Whether it stands on a line of its own.

    Raises:
        ValueError: If the converter cannot read the source, or left a command of it unread.
    """
    tex = WITHOUT_NUMBERS.sub("", LABEL.sub("", tex)).strip()
    tex = OTHER_ROWS.sub(r"\\\1{align*}", tex)
    if r"\\" in tex and r"\begin" not in tex:
        tex = rf"\begin{{align*}}{tex}\end{{align*}}"
    try:
        markup = convert(tex, display="block" if display else "inline")
    except Exception as error:  # the converter has an exception for each kind of mistake
        raise ValueError(f"cannot turn {tex!r} into MathML: {error!r}") from error
    if "\\" in markup:
        raise ValueError(f"MathML of {tex!r} would show TeX commands")
    return markup


def beside_source(html: str, markup: str) -> str:
    """Return a formula's element with its TeX source wrapped, and `markup` for want of scripts."""
    opening, source, closing = FORMULA.fullmatch(html).groups()
    return f'{opening}<span class="{SOURCE}">{source}</span><noscript>{markup}</noscript>{closing}'


class KeepPunctuation(SphinxPostTransform):
    """Put a formula and the comma after it into one box: browsers would break a line between."""

    default_priority = 900
    formats: ClassVar[tuple[str, ...]] = ("html",)

    def run(self, **kwargs: object) -> None:
        keep_punctuation(self.document)


def keep_punctuation(document: nodes.document) -> None:
    """Wrap each inline formula that punctuation follows at once, together with it."""
    for formula in list(document.findall(nodes.math)):
        following = formula.next_node(nodes.Text, descend=False, siblings=True)
        place = formula.parent.index(formula)
        if following is None or formula.parent.index(following) != place + 1:
            continue
        if mark := PUNCTUATION.match(following):
            parent, rest = formula.parent, nodes.Text(following[mark.end() :])
            kept = nodes.inline("", "", formula, nodes.Text(mark.group()), classes=[KEPT])
            parent[place : place + 2] = [kept, rest]


def _with_mathml(original: Callable, display: bool) -> Callable:
    def visit(self: HTML5Translator, node: nodes.math | nodes.math_block) -> None:
        start = len(self.body)
        try:
            original(self, node)
        except nodes.SkipNode:
            try:
                markup = mathml(node.astext(), display)
            except ValueError as error:  # then the source itself has to do
                logger.info("%s", error, location=node)
                markup = f"<code>{self.encode(node.astext())}</code>"
            self.body[start:] = [beside_source("".join(self.body[start:]), markup)]
            raise

    return visit


def _wrap_renderers(app: Sphinx) -> None:
    registry = app.registry
    for renderers, display in (
        (registry.html_inline_math_renderers, False),
        (registry.html_block_math_renderers, True),
    ):
        visit, depart = renderers["mathjax"]
        if not hasattr(visit, "nnbook"):
            wrapped = _with_mathml(visit, display)
            wrapped.nnbook = True
            renderers["mathjax"] = (wrapped, depart)


def _add_style(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    context["metatags"] = context.get("metatags", "") + STYLE


def setup(app: Sphinx) -> None:
    """Wrap Sphinx's own renderers once all extensions are loaded."""
    app.add_post_transform(KeepPunctuation)
    app.connect("builder-inited", _wrap_renderers)
    app.connect("html-page-context", _add_style)
