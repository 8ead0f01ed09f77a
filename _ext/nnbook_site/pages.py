"""What every page gets: the stamp in its footer, and none of the scripts the book does not use."""

import html
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from nnbook_utils import profile

from .execution import cached_notebook

RECORD = "application/vnd.nnbook.record+json"
AUTO, LIGHT = 'data-theme="auto"', 'data-theme="light"'
UNUSED_ASSETS = ("sphinx-thebe", "thebe_selector", "design-tabs")


def stamp(root: Path, docname: str) -> str:
    """Return the footer line that says which versions, device, profile and seed made a page."""
    record = _record(root / f"{docname}.ipynb", root) or {}
    versions = record.get("versions", profile.versions())
    facts = [f"{name} {version}" for name, version in versions.items()]
    facts.append(f"profile {record.get('profile', profile.name())}")
    facts.append(record.get("device", profile.device()))
    if record:
        facts += [f"seed {record['seed']}", f"run on {record['date']}"]
    return f"Made with {', '.join(facts)}."


def _record(source: Path, root: Path) -> dict | None:
    notebook = cached_notebook(source, root) if source.is_file() else None
    for cell in notebook.cells if notebook else ():
        for output in cell.get("outputs", ()):
            if RECORD in output.get("data", {}):
                return output["data"][RECORD]
    return None


def _add_to_page(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    text = html.escape(stamp(Path(app.srcdir), pagename))
    context["theme_extra_footer"] = f'<p class="nnbook-stamp">{text}</p>'
    context["theme_navbar_persistent"] = []  # a second search button, above the sidebar's own
    for kind in ("css_files", "script_files"):
        if kind in context:
            context[kind] = [asset for asset in context[kind] if not _is_unused(asset)]


def _is_unused(asset: Any) -> bool:
    described = f"{getattr(asset, 'filename', asset)} {getattr(asset, 'attributes', '')}"
    return any(name in described for name in UNUSED_ASSETS)


def _choose_theme_without_scripts(app: Sphinx, exception: Exception | None) -> None:
    """Say "light" where the theme says "auto", which only a script can resolve to colours."""
    if exception is None and app.builder.format == "html":
        for path in app.outdir.rglob("*.html"):
            text = path.read_text(encoding="utf-8")
            if AUTO in text:
                path.write_text(text.replace(AUTO, LIGHT, 1), encoding="utf-8", newline="\n")


def setup(app: Sphinx) -> None:
    """Connect to the writing of pages, after the theme has prepared its own parts."""
    app.connect("html-page-context", _add_to_page, priority=900)
    app.connect("build-finished", _choose_theme_without_scripts)
