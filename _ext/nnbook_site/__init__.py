"""The book's own Sphinx extension: execution cache, pages made from data, what every page gets."""

import zlib
from pathlib import Path

from sphinx.application import Sphinx

from . import (
    accessibility,
    address,
    contests,
    execution,
    formulas,
    images,
    map,
    not_found,
    pages,
    sharing,
    solutions,
    tables,
)

PARTS = (
    address,
    execution,
    map,
    tables,
    contests,
    solutions,
    pages,
    sharing,
    formulas,
    accessibility,
    not_found,
    images,
)


def setup(app: Sphinx) -> dict:
    """Set up the extension's parts; when one of them is edited, every page is read again."""
    for part in PARTS:
        part.setup(app)
    sources = sorted(Path(__file__).parent.glob("*.py"))
    return {
        "env_version": zlib.crc32(b"".join(path.read_bytes() for path in sources)),
        "parallel_read_safe": True,
        "parallel_write_safe": True,
        "version": "1",
    }
