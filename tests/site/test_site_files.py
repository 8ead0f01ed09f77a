"""The built files: links, anchors, images, captions and stamps."""

import functools
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup


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
