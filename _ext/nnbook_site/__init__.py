"""The book's own Sphinx extension: execution cache, tables from records, page stamps."""

from sphinx.application import Sphinx

from . import accessibility, execution, pages, tables


def setup(app: Sphinx) -> dict:
    """Set up the extension's parts."""
    for part in (execution, tables, pages, accessibility):
        part.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
