"""Where the book will be read: the one place that turns the repository's address into the site's.

While `repository.url` in `_config.yml` is the placeholder, the site has no address: there is then
no sitemap, no canonical link and no picture for shared links, and the not-found page takes the
site's root for the root of its host.
"""

import re
from urllib.parse import urlsplit
from xml.etree import ElementTree

from sphinx.application import Sphinx
from sphinx.config import Config

PLACEHOLDER = "https://github.com/OWNER/REPOSITORY"
REPOSITORY = re.compile(r"https://github\.com/([\w.-]+)/([\w.-]+?)(?:\.git)?/?")
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def site_address(repository: str) -> str | None:
    """Return the address at which GitHub Pages serves a repository's site.

    Args:
        repository: The repository's address, such as `https://github.com/someone/a-book`.

    Returns:
        `https://someone.github.io/a-book/`, always with a slash at its end; None for the
        placeholder.

    Raises:
        ValueError: If this is not the address of a repository on GitHub.

    Example:
        >>> site_address("https://github.com/Someone/someone.github.io")
        'https://someone.github.io/'
    """
    match = REPOSITORY.fullmatch(repository)
    if not match:
        raise ValueError(
            f"repository.url in _config.yml must look like {PLACEHOLDER}, got {repository!r}"
        )
    if match.group() == PLACEHOLDER:
        return None
    host = f"{match[1].lower()}.github.io"
    folder = "" if match[2].lower() == host else f"{match[2]}/"
    return f"https://{host}/{folder}"


def root_path(address: str | None) -> str:
    """Return the path of the site's root on its host, from slash to slash."""
    return urlsplit(address).path if address else "/"


def sitemap(urls: list[str]) -> bytes:
    """Return a sitemap of these addresses, as XML."""
    ElementTree.register_namespace("", NAMESPACE)
    root = ElementTree.Element(f"{{{NAMESPACE}}}urlset")
    for url in sorted(urls):
        entry = ElementTree.SubElement(root, f"{{{NAMESPACE}}}url")
        ElementTree.SubElement(entry, f"{{{NAMESPACE}}}loc").text = url
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _set_address(app: Sphinx, config: Config) -> None:
    repository = config.html_theme_options.get("repository_url")
    if repository and not config.html_baseurl:
        config.html_baseurl = site_address(repository) or ""


def _write_sitemap(app: Sphinx, exception: Exception | None) -> None:
    path = app.outdir / "sitemap.xml"
    path.unlink(missing_ok=True)
    if exception is None and app.config.html_baseurl and app.builder.format == "html":
        pages = app.env.found_docs
        urls = [app.config.html_baseurl + app.builder.get_target_uri(page) for page in pages]
        path.write_bytes(sitemap(urls))


def setup(app: Sphinx) -> None:
    """Set the address before anything reads it, and write the sitemap after the pages."""
    app.connect("config-inited", _set_address, priority=100)
    app.connect("build-finished", _write_sitemap)
