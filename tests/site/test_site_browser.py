"""Every page in a real browser: no foreign request, no error, accessible, narrow, by keyboard."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

SCHEMES = ["http", "file"]
THEMES = ["light", "dark"]
NARROW = 390
MOST_TABS = 1500

FOCUS = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const style = getComputedStyle(element), box = element.getBoundingClientRect();
  return {
    html: element.outerHTML.slice(0, 120),
    visible: (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0)
      || style.boxShadow !== 'none',
    inside: box.width > 0 && box.height > 0,
  };
}"""
TAG_CONTROLS = """() => {
  const shown = (element) => element.checkVisibility({visibilityProperty: true})
    && element.getClientRects().length > 0;
  const controls = [...document.querySelectorAll('a[href], button, input, summary, select')]
    .filter((element) => shown(element) && !element.disabled && element.tabIndex >= 0);
  window.reached = new Set();
  document.addEventListener('focusin', (event) => window.reached.add(event.target));
  window.wanted = controls;
  return controls.length;
}"""
NOT_REACHED = """() => window.wanted.filter((element) => !window.reached.has(element))
  .map((element) => element.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("scheme", SCHEMES)
def test_page_asks_no_other_host_and_logs_no_problem(visit, path, scheme):
    visited = visit(path, scheme)
    assert visited.foreign == []
    assert visited.problems == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_formulas_are_typeset(visit, path, scheme):
    page = visit(path, scheme).page
    n_formulas = page.locator(".math").count()
    n_typeset = page.locator(".math mjx-container").count()
    assert n_typeset >= n_formulas
    assert page.locator("mjx-merror").count() == 0


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", [NARROW, 1280])
def test_axe_finds_no_violation(visit, path, theme, width):
    page = visit(path, theme=theme, width=width).page
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    violations = Axe().run(page).response["violations"]
    found = [
        f"{violation['id']}: {node['html'][:150]}"
        for violation in violations
        for node in violation["nodes"]
    ]
    assert found == []


def test_page_fits_a_narrow_screen(visit, path):
    page = visit(path, width=NARROW).page
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW


def test_everything_is_reached_by_keyboard_with_visible_focus(visit, path):
    page = visit(path).page
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    n_controls = page.evaluate(TAG_CONTROLS)
    hidden = []
    for _ in range(min(2 * n_controls + 50, MOST_TABS)):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus is None:
            break
        if focus["inside"] and not focus["visible"]:
            hidden.append(focus["html"])
    assert hidden == []
    assert page.evaluate(NOT_REACHED) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_search_finds_each_page_by_its_title(visit, path, scheme):
    visited = visit(path, scheme)
    title = visited.page.locator("h1").first.inner_text()
    words = re.findall(r"[A-Za-z]{4,}", title)
    if path in ("search.html", "genindex.html") or not words:
        pytest.skip("this page is not in the search index")
    term = max(words, key=len)
    visited.page.keyboard.press("Control+K")
    visited.page.locator("#pst-search-dialog input").fill(term)
    visited.page.keyboard.press("Enter")
    visited.page.wait_for_url("**/search.html?**")
    results = visited.page.locator("#search-results li > a")
    results.first.wait_for()
    links = [link.get_attribute("href") for link in results.all()]
    assert any(path in link for link in links), f"{term}: {links}"
    assert visited.foreign == []
    assert visited.problems == []


def test_theme_button_changes_the_theme(visit):
    page = visit("index.html").page
    before = page.evaluate("document.documentElement.dataset.mode")
    page.locator(".theme-switch-button").first.click()
    assert page.evaluate("document.documentElement.dataset.mode") != before


def test_text_and_figures_need_no_script(visit, path):
    page = visit(path, scripts=False).page
    if path != "search.html":
        assert page.locator("article h1").first.is_visible()
        assert all(image.is_visible() for image in page.locator("figure img").all())
