"""The built files: links, anchors, images, captions and stamps."""

import ast
import functools
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup

from coursework import exercise_files

ROOT = Path(__file__).resolve().parent.parent.parent
MODULES = ("profile", "data", "training", "plotting", "results", "exercises", "cells")


@functools.cache
def parsed(file):
    return BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")


@functools.cache
def anchors(file):
    soup = parsed(file)
    return {tag["id"] for tag in soup.select("[id]")} | {
        tag["name"] for tag in soup.select("a[name]")
    }


def broken(site, path, target):
    """Return whether a relative link from page `path` leads nowhere."""
    parts = urlsplit(target)
    if parts.scheme or target.startswith("//"):
        return parts.scheme not in ("https", "mailto", "data", "javascript")
    page = site / path
    file = (page.parent / unquote(parts.path)) if parts.path else page
    if not file.is_file():
        return True
    is_page = file.suffix == ".html"
    return bool(parts.fragment and is_page and unquote(parts.fragment) not in anchors(file))


def test_links_and_anchors_resolve(site, path):
    soup = parsed(site / path)
    targets = {tag["href"] for tag in soup.select("[href]")}
    targets |= {tag["src"] for tag in soup.select("[src]")}
    assert sorted(target for target in targets if broken(site, path, target)) == []


def test_a_broken_link_would_be_found(site):
    assert broken(site, "index.html", "no-such-page.html")
    assert broken(site, "index.html", "#no-such-anchor")
    assert broken(site, "index.html", "http://example.org/")
    assert not broken(site, "index.html", "#main-content")


def test_images_have_alternative_text(site, path):
    images = parsed(site / path).select("img:not(.logo__image)")  # the logo stands by its name
    assert [str(image)[:120] for image in images if not image.get("alt", "").strip()] == []


def test_figures_and_tables_are_numbered_and_captioned(site, path):
    soup = parsed(site / path)
    for figure in soup.select("article figure"):
        assert figure.select_one("figcaption .caption-number"), str(figure)[:200]
        assert figure.select_one("figcaption .caption-text").get_text(strip=True)
    if path.startswith("chapters/"):
        return  # Markdown tables of notebooks have no captions: directives would show on Colab
    for table in soup.select("article table.table"):
        assert table.select_one("caption .caption-number"), str(table)[:200]


def test_page_is_stamped(site, path):
    stamp = parsed(site / path).select_one(".nnbook-stamp")
    assert stamp is not None
    assert "TensorFlow" in stamp.get_text()
    if path.startswith("chapters/"):
        assert "seed" in stamp.get_text()


def test_page_has_one_title_and_its_language(site, path):
    soup = parsed(site / path)
    assert soup.html["lang"] == "en"
    if path != "genindex.html":
        assert len(soup.select("article h1, .bd-search-container h1")) == 1


def test_chapter_offers_colab_and_download(site, path):
    if not path.startswith("chapters/"):
        pytest.skip("not a chapter")
    links = [tag["href"] for tag in parsed(site / path).select("a[href]")]
    source = path.replace(".html", ".ipynb")
    colab = [link for link in links if link.startswith("https://colab.research.google.com/github/")]
    assert colab
    assert all(link.endswith(f"/blob/main/{source}") for link in colab)
    assert any(link.endswith(f"_sources/{source}") for link in links)


def test_page_describes_itself_and_names_no_unknown_address(site, path):
    if not path.startswith(("chapters/", "appendix/", "index")):
        pytest.skip("not a page of the book")
    soup = parsed(site / path)
    facts = {
        tag.get("property", tag.get("name")): tag.get("content") for tag in soup.select("meta")
    }
    title = soup.title.get_text().split(" — ")[0]
    assert facts["og:title"] == title
    assert facts["og:type"] == ("website" if path == "index.html" else "article")
    if path not in ("appendix/glossary.html", "appendix/bibliography.html"):  # lists, no paragraph
        assert facts["description"] == facts["og:description"]
        assert 20 < len(facts["description"]) <= 200
    assert "OWNER" not in "".join(map(str, facts.values()))
    assert ("og:url" in facts) == ("og:image" in facts) == (site / "sitemap.xml").is_file()


def test_not_found_page_leads_to_pages_from_anywhere(site):
    soup = parsed(site / "404.html")
    canonical = soup.select_one('link[rel="canonical"]')
    root = urlsplit(canonical["href"]).path.removesuffix("404.html") if canonical else "/"
    targets = {tag.get("href") or tag.get("src") for tag in soup.select("[href], [src]")}
    own = [target for target in targets if not target.startswith(("https://", "#"))]
    assert len(own) > 10
    assert [target for target in own if not target.startswith(root)] == []
    paths = (Path(urlsplit(target).path.removeprefix(root)) for target in own)
    assert [path for path in paths if not (site / path).is_file()] == []


def public_names(package, module):
    """Return the names in a module's `__all__`, without importing it."""
    files = (package / f"{module}.py", package / module / "__init__.py")
    tree = ast.parse(next(file for file in files if file.is_file()).read_text(encoding="utf-8"))
    lists = [
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and node.targets[0].id == "__all__"
    ]
    return lists[0]


@pytest.mark.parametrize("module", MODULES)
def test_reference_holds_every_public_name(site, module):
    names = public_names(ROOT / "nnbook_utils", module)
    found = anchors(site / "appendix" / "helpers.html")
    constants = [name for name in names if name.isupper()]
    assert [
        name
        for name in names
        if name not in constants and f"nnbook_utils.{module}.{name}" not in found
    ] == []


def test_solutions_are_all_there_folded_and_lead_to_their_exercises(site):
    page = parsed(site / "appendix" / "solutions.html")
    chapters = {file.stem for file in (site / "chapters").glob("*.html")}
    exercises = [one for one in exercise_files.load_all() if one.chapter in chapters]
    links = {tag["href"] for tag in page.select("article a.reference.internal")}
    code = [tag.get_text() for tag in page.select("article details pre")]
    assert len(code) == len(exercises) > 0
    for exercise in exercises:
        assert f"../chapters/{exercise.chapter}.html#exercise-{exercise.id}" in links
        assert any(exercise.solution.strip() in text for text in code)


def test_data_sets_show_source_licence_and_citation(site):
    from nnbook_utils import data

    rows = parsed(site / "appendix" / "datasets.html").select("article table.table tbody tr")
    texts = [" ".join(row.get_text(" ").split()) for row in rows]
    assert len(rows) == len(data.list_datasets())
    for info in map(data.info, data.list_datasets()):
        text = next(text for text in texts if text.startswith(info.loader))
        for fact in (info.citation, info.source, info.licence):
            assert plain(fact) in plain(text), info.name


def plain(text):
    return text.replace("’", "'").replace("–", "-").replace(" ", "")
