"""What pages get beside their content: address, tags, links of the not-found page, MathML."""

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import matplotlib
import pytest
from docutils import nodes
from docutils.utils import new_document
from matplotlib import image
from nnbook_site import address, formulas, not_found, sharing

from nnbook_utils import _style

ROOT = Path(__file__).resolve().parent.parent
PAGE = "https://someone.github.io/a-book/"


@pytest.mark.parametrize(
    ("repository", "site"),
    [
        ("https://github.com/Someone/a-book", PAGE),
        ("https://github.com/someone/a-book.git", PAGE),
        ("https://github.com/someone/a-book/", PAGE),
        ("https://github.com/Someone/someone.github.io", "https://someone.github.io/"),
        (address.PLACEHOLDER, None),
    ],
)
def test_site_address_follows_from_the_repository(repository, site):
    assert address.site_address(repository) == site


@pytest.mark.parametrize("wrong", ["https://example.org/a/b", "github.com/a/b", "", "a/b"])
def test_another_address_is_refused(wrong):
    with pytest.raises(ValueError, match=r"repository\.url in _config\.yml must look like"):
        address.site_address(wrong)


def test_root_path():
    assert address.root_path(PAGE) == "/a-book/"
    assert address.root_path(None) == "/"


def test_sitemap_lists_the_addresses():
    tree = ElementTree.fromstring(address.sitemap([PAGE + "b.html?x&y", PAGE]))
    found = [entry[0].text for entry in tree]
    assert tree.tag == f"{{{address.NAMESPACE}}}urlset"
    assert found == [PAGE, PAGE + "b.html?x&y"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<a href="index.html">', '<a href="/a-book/index.html">'),
        ('<a href="./chapters/01.html#x">', '<a href="/a-book/chapters/01.html#x">'),
        (
            '<html lang="en" data-content_root="./">',
            '<html lang="en" data-content_root="/a-book/">',
        ),
        ('<script src="_static/x.js?v=1">', '<script src="/a-book/_static/x.js?v=1">'),
        ('<a href="#main">', '<a href="#main">'),
        ('<a href="https://github.com/x">', '<a href="https://github.com/x">'),
        ('<img src="data:image/png;base64,x">', '<img src="data:image/png;base64,x">'),
        ('<a href="/kept">', '<a href="/kept">'),
        ('<a data-href="kept">', '<a data-href="kept">'),
    ],
)
def test_not_found_page_has_absolute_links(before, after):
    assert not_found.with_absolute_links(before, "/a-book/") == after


def document(*paragraphs):
    made = new_document("page")
    texts = [nodes.paragraph("", text) for text in paragraphs]
    made += nodes.section("", nodes.title("", "Title"), *texts)
    return made


def test_description_is_the_first_paragraph():
    assert sharing.description(document("What\nit is.", "More.")) == "What it is."
    assert sharing.description(document()) == ""


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("One sentence. " + "word " * 60, "One sentence."),
        ("word " * 60, "word " * 38 + "word ..."),
    ],
)
def test_long_description_is_cut(text, wanted):
    cut = sharing.description(document(text))
    assert cut == wanted
    assert len(cut) <= sharing.LONGEST


def test_tags_without_an_address_name_none():
    made = sharing.tags('A "title"', "What it is.", "The book", None, "page.html")
    assert 'property="og:title" content="A &quot;title&quot;"' in made
    assert 'name="description" content="What it is."' in made
    assert "http" not in made


def test_tags_with_an_address_are_absolute():
    made = sharing.tags("Title", "", "The book", PAGE, "chapters/01.html")
    assert f'property="og:url" content="{PAGE}chapters/01.html"' in made
    assert f'property="og:image" content="{PAGE}_static/card.png"' in made
    assert "description" not in made
    assert f'content="{PAGE}"' in sharing.tags("Title", "", "The book", PAGE, "index.html")


@pytest.mark.parametrize("dpi", ["figure", 110])
def test_card_has_the_size_that_the_tags_tell(tmp_path, monkeypatch, dpi):
    monkeypatch.setitem(matplotlib.rcParams, "savefig.dpi", dpi)
    sharing.draw_card(tmp_path / "card.png", "Neural Network Blueprints")
    pixels = image.imread(tmp_path / "card.png")
    assert pixels.shape[1::-1] == sharing.CARD_SIZE
    margin = pixels[:, -40:].reshape(-1, pixels.shape[2])
    assert (margin == margin[0]).all(), "the title runs over the edge"
    assert len({tuple(color) for color in pixels.reshape(-1, pixels.shape[2])[::97]}) > 2


@pytest.mark.parametrize(
    ("tex", "parts"),
    [
        (r"\sigma(z) = \frac{1}{1 + e^{-z}}", ["<mfrac>", "<msup>"]),
        (r"\begin{align} a &= b \label{eq-x} \\ c &= d \end{align}", ["<mtable", "<mtr>"]),
        (r"a \\ b", ["<mtable", "<mtr>"]),
        (r"\begin{aligned} a &= b \\ c &= d \end{aligned}", ["<mtable", "<mtr>"]),
        (r"\begin{equation} \hat{y} = x \end{equation}", ["<mover "]),
    ],
)
def test_mathml(tex, parts):
    markup = formulas.mathml(tex, display=True)
    tree = ElementTree.fromstring(markup)
    assert tree.get("display") == "block"
    assert all(part in markup for part in parts)
    assert "\\" not in "".join(tree.itertext())
    assert "label" not in markup


@pytest.mark.parametrize("tex", [r"\nosuchcommand{x}", r"\left( x"])
def test_unreadable_formula_is_refused(tex):
    with pytest.raises(ValueError, match="MathML"):
        formulas.mathml(tex, display=False)


def test_formula_keeps_its_number_and_anchor():
    html = (
        '<div class="math" id="eq"><span class="eqno">(1)<a href="#eq">#</a></span>\\[x\\]</div>\n'
    )
    assert formulas.beside_source(html, "<math>x</math>") == (
        '<div class="math" id="eq"><span class="eqno">(1)<a href="#eq">#</a></span>'
        '<span class="nnbook-tex">\\[x\\]</span><noscript><math>x</math></noscript></div>\n'
    )


def test_a_formula_keeps_the_comma_after_it():
    parts = [nodes.math("", "a"), nodes.Text("), and "), nodes.math("", "b"), nodes.Text(" so")]
    made = new_document("page")
    made += nodes.paragraph("", "", *parts, nodes.math("", "c"))
    before = made.astext()
    formulas.keep_punctuation(made)
    kept = list(made.findall(nodes.inline))
    assert [box.astext() for box in kept] == ["a),"]
    assert kept[0]["classes"] == [formulas.KEPT]
    assert made.astext() == before


def declared(block):
    """Return the custom properties of the first rule of the stylesheet with this selector."""
    css = (ROOT / "_static" / "custom.css").read_text(encoding="utf-8")
    body = css.split(f"\n{block} {{", 1)[1].split("}", 1)[0]
    pairs = (line.strip().rstrip(";").split(": ") for line in body.splitlines() if ": " in line)
    return dict(pairs)


@pytest.mark.parametrize(
    "name", ["PAPER", "INK", "BLUE", "ORANGE", "GREEN", "PURPLE", "BROWN", "WINE"]
)
def test_site_and_figures_share_their_colours(name):
    assert declared("html")[f"--nnbook-{name.lower()}"] == getattr(_style, name)


def luminance(color):
    values = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_knows_its_extremes():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(
    ("theme", "backgrounds"), [("light", ["#ffffff", "#f3f4f5"]), ("dark", ["#121212", "#29313d"])]
)
def test_colours_of_words_reach_aa_on_page_and_surface(theme, backgrounds):
    colors = declared(f'html[data-theme="{theme}"]')
    words = {key: value for key, value in colors.items() if key.startswith("--pst-color")}
    assert len(words) == 7
    for name, color in words.items():
        for background in backgrounds:
            assert contrast(color, background) >= 4.5, f"{name} on {background}"
