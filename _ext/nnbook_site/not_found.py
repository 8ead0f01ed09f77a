"""The page that a server shows for an address that leads nowhere."""

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

from .address import root_path

PAGE = "404"
TEMPLATES = Path(__file__).with_name("templates")
# A server sends this page for any address, at any depth, so no link on it may be relative.
RELATIVE = re.compile(
    r'(?<=[ \n])(href|src|action|data-content_root)="(?![#/"]|[a-z][a-z+.-]*:)([^"]*)"'
)


def with_absolute_links(html: str, root: str) -> str:
    """Return a page of the site's root folder with every relative address made absolute.

    Args:
        html: The page's markup.
        root: Path of the site's root on its host, from slash to slash.
    """

    def absolute(match: re.Match) -> str:
        path = posixpath.normpath(match[2])
        folder = "/" if match[2].endswith("/") and path != "." else ""
        return f'{match[1]}="{root}{"" if path == "." else path}{folder}"'

    return RELATIVE.sub(absolute, html)


def _add_templates(app: Sphinx, config: Config) -> None:
    config.templates_path.append(str(TEMPLATES))


def _collect(app: Sphinx) -> Iterator[tuple[str, dict, str]]:
    yield PAGE, {"title": "Page not found"}, "not_found.html"


def _make_absolute(app: Sphinx, exception: Exception | None) -> None:
    path = app.outdir / f"{PAGE}.html"
    if exception is None and path.is_file():
        html = with_absolute_links(
            path.read_text(encoding="utf-8"), root_path(app.config.html_baseurl)
        )
        path.write_text(html, encoding="utf-8", newline="\n")


def setup(app: Sphinx) -> None:
    """Write the page with the others, and free it from its place afterwards."""
    app.connect("config-inited", _add_templates)
    app.connect("html-collect-pages", _collect)
    app.connect("build-finished", _make_absolute)
