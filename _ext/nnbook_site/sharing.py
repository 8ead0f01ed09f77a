"""What a page tells search engines, and services that show a card for a shared link."""

import html
import re
import textwrap
from itertools import pairwise
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

CARD = "_static/card.png"
CARD_SIZE = (1200, 630)  # pixels, the size that services ask for
LONGEST = 200  # characters of a description


def description(doctree: nodes.document) -> str:
    """Return a page's first paragraph as plain text, cut at a sentence or a word."""
    first = next(
        (node for node in doctree.findall(nodes.paragraph) if _is_prose(node)), nodes.paragraph()
    )
    text = re.sub(r"\s+", " ", first.astext()).strip()
    if len(text) <= LONGEST:
        return text
    sentences = text[:LONGEST].rpartition(". ")[0]
    return f"{sentences}." if sentences else text[: LONGEST - 3].rsplit(" ", 1)[0] + " ..."


def tags(title: str, text: str, site: str, address: str | None, page: str) -> str:
    """Return a page's meta tags.

    Args:
        title: The page's title.
        text: What it is about, in a sentence or two.
        site: The book's title.
        address: Where the site is found, or None: then nothing that needs an address is told.
        page: The page's path below the site's root.
    """
    facts = [("property", "og:title", title), ("property", "og:site_name", site)]
    facts.append(("property", "og:type", "website" if page == "index.html" else "article"))
    if text:
        facts += [("name", "description", text), ("property", "og:description", text)]
    if address:
        facts += [
            ("property", "og:url", address + ("" if page == "index.html" else page)),
            ("property", "og:image", address + CARD),
            ("property", "og:image:alt", f"{site}, beside a network of seven nodes"),
            ("property", "og:image:width", str(CARD_SIZE[0])),
            ("property", "og:image:height", str(CARD_SIZE[1])),
            ("name", "twitter:card", "summary_large_image"),
        ]
    lines = (f'<meta {kind}="{key}" content="{html.escape(value)}">' for kind, key, value in facts)
    return "\n" + "\n".join(lines) + "\n"


def draw_card(path: Any, title: str) -> None:
    """Draw the card of a shared link: the logo's network beside the book's title, as PNG."""
    from matplotlib.figure import Figure

    from nnbook_utils import _style

    width, height = CARD_SIZE
    size = width / 100, height / 100
    figure = Figure(figsize=size, dpi=100, facecolor=_style.PAPER, layout="none")
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, width), ylim=(0, height))
    ax.axis("off")
    columns = [
        [(90, 220), (90, 410)],
        [(230, 130), (230, 315), (230, 500)],
        [(370, 220), (370, 410)],
    ]
    for left, right in pairwise(columns):
        for start in left:
            for end in right:
                ax.plot(*zip(start, end, strict=True), color="#8fb9d9", linewidth=5, zorder=1)
    for column in columns:
        ax.scatter(*zip(*column, strict=True), s=3200, color=_style.BLUE, zorder=2)
    lines = "\n".join(textwrap.wrap(title, 11))
    ax.text(480, height / 2, lines, fontsize=58, color=_style.INK, weight="bold", va="center")
    figure.savefig(path, dpi="figure")  # whatever style this process has set


def _is_prose(node: nodes.paragraph) -> bool:
    inside = node.parent
    return isinstance(inside, nodes.section) and bool(node.astext().strip())


def _add_tags(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    if doctree is None:  # the index, the search page: nothing that anyone shares
        return
    title = re.sub("<[^>]+>", "", context["title"])
    own = tags(
        title=html.unescape(title),
        text=description(doctree),
        site=app.config.html_title or app.config.project,
        address=app.config.html_baseurl or None,
        page=app.builder.get_target_uri(pagename),
    )
    context["metatags"] = context.get("metatags", "") + own


def _draw(app: Sphinx, exception: Exception | None) -> None:
    card = app.outdir / CARD
    card.unlink(missing_ok=True)  # of a build under another address
    if exception is None and app.config.html_baseurl and app.builder.format == "html":
        draw_card(card, app.config.html_title or app.config.project)


def setup(app: Sphinx) -> None:
    """Add the tags to every page, and the card to a site that has an address."""
    app.connect("html-page-context", _add_tags)
    app.connect("build-finished", _draw)
