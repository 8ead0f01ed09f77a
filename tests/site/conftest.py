"""A browser on the built site, over http and straight from disk."""

import collections
import functools
import http.server
import os
import re
import shutil
import threading
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parent.parent.parent
SITE = ROOT / "_build" / "html"
NOT_PAGES = ("_static", "_sources", "mathjax")
NOT_FOUND = "404.html"  # its addresses are absolute, so it is tested from a server only
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
MAC_BROWSER = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
NOT_INDEXED = ("search.html", "genindex.html")
NARROW = 390
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
    names = (path.as_posix() for path in files if path.parts[0] not in NOT_PAGES)
    return sorted(name for name in names if name != NOT_FOUND)


def pytest_generate_tests(metafunc):
    if "path" in metafunc.fixturenames:
        pages = site_pages() or [pytest.param("index.html", marks=pytest.mark.skip(NO_SITE))]
        metafunc.parametrize("path", pages, scope="module")  # all tests of a page in a row


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
def terms(site):
    """For each page with text, the word of it that the fewest other pages have."""
    words = {path: words_of(site / path) for path in site_pages()}
    others = collections.Counter(word for found in words.values() for word in found)
    return {
        path: min(found, key=lambda word: (others[word], -len(word), word))
        for path, found in words.items()
        if found and path not in NOT_INDEXED
    }


def words_of(file):
    """Return the plain words of a page's headings and paragraphs, in lower case."""
    soup = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")
    for part in soup.select("noscript, .math, pre, code"):
        part.decompose()
    texts = (tag.get_text(" ") for tag in soup.select("article :is(h1, h2, p)"))
    return {word for text in texts for word in re.findall(r"\b[a-z]{5,}\b", text)}


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


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves the not-found page as GitHub Pages does: at any depth, with status 404."""

    def log_message(self, *arguments):
        pass

    def send_error(self, code, message=None, explain=None):
        page = (Path(self.directory) / NOT_FOUND).read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)


@pytest.fixture(scope="session")
def server(site):
    """The address of a server of the built site."""
    handler = functools.partial(Handler, directory=str(site))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture(scope="session")
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


@pytest.fixture(scope="session")
def new_visit(browser, addresses):
    """A function that opens a page: new_visit(path, scheme=, theme=, width=, scripts=)."""

    def open_page(path, scheme="http", theme="light", width=1280, scripts=True):
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=theme,
            reduced_motion="reduce",
            java_script_enabled=scripts,
        )
        visited = Visit(context.new_page(), addresses[scheme])
        if scripts:
            visited.open(path)
        else:
            visited.page.goto(addresses[scheme] + path)
        return visited

    return open_page


@pytest.fixture
def visit(new_visit):
    """Like `new_visit`, and closes what it opened after the test."""
    visits = []

    def open_page(*arguments, **options):
        visits.append(new_visit(*arguments, **options))
        return visits[-1]

    yield open_page
    for visited in visits:
        visited.page.context.close()


@pytest.fixture(scope="session")
def searches(new_visit):
    """The search page, by scheme."""
    visits = {scheme: new_visit("search.html", scheme) for scheme in ("http", "file")}
    yield visits
    for visited in visits.values():
        visited.page.context.close()


@pytest.fixture(scope="module")
def wide(new_visit, path):
    """A page over http in a wide window, shared by tests that leave it as it was."""
    visited = new_visit(path)
    yield visited
    visited.page.context.close()


@pytest.fixture(scope="module")
def narrow(new_visit, path):
    """A page over http on a phone in the dark, shared by tests that leave it as it was."""
    visited = new_visit(path, theme="dark", width=NARROW)
    yield visited
    visited.page.context.close()


@pytest.fixture(scope="module")
def from_disk(new_visit, path):
    """A page opened as a file, shared by tests that leave it as it was."""
    visited = new_visit(path, "file")
    yield visited
    visited.page.context.close()


@pytest.fixture(scope="module")
def without_scripts(new_visit, path):
    """A page in a browser that runs no scripts."""
    visited = new_visit(path, "file", scripts=False)
    yield visited
    visited.page.context.close()
