"""A small book with an address: what the address adds, and what leads astray is not found."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parent.parent
SITE = "https://someone.github.io/a-book/"
FILES = {
    "_config.yml": f"""
title: Small book
only_build_toc_files: true
repository: {{url: https://github.com/someone/a-book}}
html: {{use_repository_button: true}}
sphinx:
  recursive_update: true
  local_extensions: {{nnbook_site: '{(ROOT / "_ext").as_posix()}'}}
  config: {{html_context: {{default_mode: auto}}}}
""",
    "_toc.yml": "{format: jb-book, root: index, chapters: [{file: chapters/02_second}]}",
    "index.md": "# Home\n\nWhat it is.\n\n```{book-map}\n```\n\n```{solutions}\n```\n",
    "chapters/02_second.md": "# Second\n\nA formula, $x^2$, in a chapter.\n",
    "coursework/exercise_files.py": "def load_all(chapter):\n    return []\n",
}


@pytest.fixture(scope="module")
def html(tmp_path_factory):
    """The folder of the built pages."""
    root = tmp_path_factory.mktemp("book")
    for name, text in FILES.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text)
    start = "from jupyter_book.cli.main import main; main()"
    words = [sys.executable, "-P", "-c", start, "build", ".", "-W", "-n", "--keep-going"]
    settings = {**os.environ, "NO_COLOR": "1", "PYTHONUTF8": "1"}
    run = subprocess.run(words, cwd=root, env=settings, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-2000:]
    return root / "_build" / "html"


def test_sitemap_and_card_are_written(html):
    sitemap = (html / "sitemap.xml").read_text()
    assert f"<loc>{SITE}index.html</loc>" in sitemap
    assert f"<loc>{SITE}chapters/02_second.html</loc>" in sitemap
    assert (html / "_static" / "card.png").stat().st_size > 1000


def test_pages_tell_their_address(html):
    page = (html / "chapters" / "02_second.html").read_text()
    assert f'<link rel="canonical" href="{SITE}chapters/02_second.html"' in page
    assert f'property="og:url" content="{SITE}chapters/02_second.html"' in page
    assert f'property="og:image" content="{SITE}_static/card.png"' in page
    assert 'name="description" content="A formula, x^2, in a chapter."' in page


def test_not_found_page_starts_from_the_folder_of_the_site(html):
    page = (html / "404.html").read_text()
    assert 'href="/a-book/chapters/02_second.html"' in page
    assert 'src="/a-book/_static/' in page
    assert 'href="chapters/' not in page


def test_map_links_the_chapters_of_the_book_alone(html):
    page = BeautifulSoup((html / "index.html").read_text(), "html.parser")
    cards = page.select(".nnbook-map-cards > li")
    links = {link["href"]: link.get_text() for link in page.select(".nnbook-map a")}
    assert links == {"chapters/02_second.html": "2 Convolutional network"}
    assert len(cards) == 10
    assert sum("(in preparation)" in card.get_text() for card in cards) == 9


def test_formula_has_mathml_without_scripts(html):
    page = (html / "chapters" / "02_second.html").read_text()
    assert '<span class="nnbook-tex">\\(x^2\\)</span><noscript><math' in page


def test_theme_without_scripts_is_light(html):
    page = (html / "index.html").read_text()
    assert 'data-theme="light"' in page.split(">", 2)[1]
