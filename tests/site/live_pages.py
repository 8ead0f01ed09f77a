"""Where the live figures are, and how a test opens and reads one."""

import re
from pathlib import Path

from nnbook_utils.cells import read_cells

ROOT = Path(__file__).resolve().parent.parent.parent
FIGURE = ".nn-live"
PAGES = {
    name: f"chapters/{path.stem}.html"
    for path in sorted((ROOT / "chapters").glob("*.ipynb"))
    for cell in read_cells(path).values()
    for name in re.findall(r"live\.show\(\s*\"(\w+)\"", cell.source)
}


def selector(name):
    """Return the CSS selector of one figure; a page may have several."""
    return f'{FIGURE}[data-figure="{name}"]'


def opened(visit, name, **options):
    visited = visit(PAGES[name], **options)
    figure = visited.page.locator(selector(name))
    figure.locator(".nn-live-host").wait_for(timeout=10_000)
    settle(visited.page)
    return visited, figure


def settle(page):
    """Wait for two frames: figures draw on the next one."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def status(figure):
    settle(figure.page)
    return figure.locator(".nn-live-status").inner_text()
