"""One way to show a result, in a notebook or a terminal."""

import sys
from typing import Any


def show(text: str, html: str, mime: str, record: Any) -> None:
    """Display an output that people and programs can read; print the text outside IPython.

    Args:
        text: What a terminal shows.
        html: What a notebook shows.
        mime: Type of the other part: a machine-readable one ends in `+json`.
        record: That part: plain JSON values, or a picture as base64.

    Example:
        >>> show("passed", "<b>passed</b>", "application/vnd.nnbook.exercise+json", {"id": "a"})
        passed
    """
    ipython = sys.modules.get("IPython")
    if ipython is None or ipython.get_ipython() is None:
        print(text)
        return
    bundle = {"text/plain": text, "text/html": html, mime: record}
    ipython.display.display(bundle, raw=True)
