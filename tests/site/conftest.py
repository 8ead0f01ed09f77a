"""A browser on the built site, over http and straight from disk."""

import functools
import http.server
import os
import shutil
import threading
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SITE = ROOT / "_build" / "html"
NOT_PAGES = ("_static", "_sources", "mathjax")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
MAC_BROWSER = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
NO_SITE = "the site is not built: run python -m tests --only site"
NO_BROWSER = (
    "no Chromium found: install it (Debian, Ubuntu: apt-get install chromium; elsewhere: "
    "playwright install chromium), or name one in NNBOOK_CHROMIUM"
)
# No sandbox: tests often run as root, and the only pages opened are the book's own.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def site_pages():
    """Return the built pages as paths below the site's root."""
    files = (path.relative_to(SITE) for path in SITE.rglob("*.html"))
    return sorted(path.as_posix() for path in files if path.parts[0] not in NOT_PAGES)


def pytest_generate_tests(metafunc):
    if "path" in metafunc.fixturenames:
        pages = site_pages() or [pytest.param("index.html", marks=pytest.mark.skip(NO_SITE))]
        metafunc.parametrize("path", pages)


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(item.path).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.site)


def installed_browser(playwright):
    """Return the path of a Chromium, or None."""
    named = os.environ.get("NNBOOK_CHROMIUM")
    found = [named] if named else [shutil.which(name) for name in BROWSERS]
    found += [MAC_BROWSER, playwright.chromium.executable_path]
    return next((path for path in found if path and Path(path).exists()), None)


@pytest.fixture(scope="session")
def site():
    """The folder of the built site."""
    if not (SITE / "index.html").is_file():
        pytest.skip(NO_SITE)
    return SITE


@pytest.fixture(scope="session")
def browser(site):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        executable = installed_browser(playwright)
        if executable is None:
            pytest.skip(NO_BROWSER)
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="session")
def server(site):
    """The address of a server of the built site."""
    handler = functools.partial(QuietHandler, directory=str(site))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture
def addresses(server, site):
    """Where the site is found, by scheme."""
    return {"http": server, "file": site.as_uri() + "/"}


class Visit:
    """A page that was opened, with what it asked for and what it complained about."""

    def __init__(self, page, base):
        self.page, self.base = page, base
        self.requests, self.problems = [], []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("requestfailed", lambda request: self.problems.append(f"failed: {request.url}"))
        page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        page.on("console", self._note)
        page.on("response", self._check)

    def open(self, path):
        self.page.goto(self.base + path)
        self.page.wait_for_load_state("networkidle")
        self.page.evaluate("window.MathJax?.startup?.promise")
        return self.page

    @property
    def foreign(self):
        own = (self.base, "data:", "blob:")
        return [url for url in self.requests if not url.startswith(own)]

    def _note(self, message):
        if message.type in ("error", "warning"):
            self.problems.append(f"console: {message.text}")

    def _check(self, response):
        if response.status >= 400:
            self.problems.append(f"status {response.status}: {response.url}")


@pytest.fixture
def visit(browser, addresses):
    """A function that opens a page: visit(path, scheme=, theme=, width=, scripts=)."""
    contexts = []

    def open_page(path, scheme="http", theme="light", width=1280, scripts=True):
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=theme,
            reduced_motion="reduce",
            java_script_enabled=scripts,
        )
        contexts.append(context)
        visited = Visit(context.new_page(), addresses[scheme])
        if scripts:
            visited.open(path)
        else:
            visited.page.goto(addresses[scheme] + path)
        return visited

    yield open_page
    for context in contexts:
        context.close()
