"""Every page in a real browser: no foreign request, no error, accessible, narrow, by keyboard.

A page is opened once for each situation (wide, narrow, from disk, without scripts), and the tests
of that situation share it: opening a chapter takes longer than looking at it.
"""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

MOST_TABS = 1500
VIOLATIONS_ONLY = {"resultTypes": ["violations"]}
CONTRAST_ONLY = {**VIOLATIONS_ONLY, "runOnly": ["color-contrast"]}
# Thousands of code tokens and formula parts take axe most of its time. A formula has the colour of
# its text, and the colour of a token follows from its class: one of each is looked at.
FRAME = [[".bd-sidebar-primary"], [".bd-sidebar-secondary"], [".bd-header-article"], ["footer"]]
BULK = [[".highlight pre"], ["mjx-container"]]
TOKEN_COLOURS = """() => {
  const found = {};
  const opaque = (element) => {
    const color = getComputedStyle(element).backgroundColor;
    return color.endsWith(', 0)') ? opaque(element.parentElement) : color;
  };
  for (const token of document.querySelectorAll('.highlight pre, .highlight pre span[class]')) {
    const kind = `${token.closest('.highlight').parentElement.className} ${token.className}`;
    found[kind] ??= [getComputedStyle(token).color, opaque(token)];
  }
  return found;
}"""
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
STUCK_SCROLLERS = """() => [...document.querySelectorAll('pre, mjx-container, article div')]
  .filter((element) => element.scrollWidth > element.clientWidth + 1
    && ['auto', 'scroll'].includes(getComputedStyle(element).overflowX)
    && element.tabIndex < 0 && !element.querySelector('a[href], button, [tabindex="0"]'))
  .map((element) => element.outerHTML.slice(0, 120))"""
CODE_THAT_SCROLLS = """() => [...document.querySelectorAll('.cell_input pre')]
  .filter((element) => element.scrollWidth > element.clientWidth)
  .map((element) => element.innerText.slice(0, 120))"""
# Letters a line in the longest paragraph, its last and partly filled line left out.
LETTERS_A_LINE = """() => {
  const paragraphs = [...document.querySelectorAll('article section > p')]
    .filter((element) => !element.querySelector('.math'))
    .sort((one, other) => other.innerText.length - one.innerText.length);
  if (!paragraphs.length) return null;
  const lines = paragraphs[0].getBoundingClientRect().height
    / parseFloat(getComputedStyle(paragraphs[0]).lineHeight);
  return lines < 4 ? null : paragraphs[0].innerText.length / (lines - 0.5);
}"""
ILLEGIBLE_FORMULAS = """() => [...document.querySelectorAll('article .math')]
  .filter((element) => !element.querySelector('math, code')?.getClientRects().length
    || element.querySelector('.nnbook-tex').getClientRects().length)
  .map((element) => element.outerHTML.slice(0, 200))"""


def violations(page, context, options):
    found = Axe().run(page, context=context, options=options).response["violations"]
    return [f"{rule['id']}: {node['html'][:150]}" for rule in found for node in rule["nodes"]]


def all_violations(page):
    return violations(page, {"exclude": BULK}, VIOLATIONS_ONLY) + faint_code(page)


def faint_code(page):
    """Return the kinds of code tokens whose contrast is too low."""
    return [
        f"{kind}: {colors}"
        for kind, colors in page.evaluate(TOKEN_COLOURS).items()
        if contrast(*(re.findall(r"[\d.]+", color)[:3] for color in colors)) < 4.5
    ]


def contrast(*colors):
    """Return the contrast of two colours, as WCAG defines it."""
    dark, light = sorted(map(luminance, colors))
    return (light + 0.05) / (dark + 0.05)


def luminance(color):
    values = [float(value) / 255 for value in color]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values]
    return sum(share * value for share, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_contrast_knows_its_extremes():
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((118, 118, 118), (255, 255, 255)) == pytest.approx(4.54, abs=0.01)


@pytest.fixture(params=["wide", "from_disk"])
def opened(request, wide, from_disk):
    """A page over http and from disk, one after the other."""
    return {"wide": wide, "from_disk": from_disk}[request.param]


def test_page_asks_no_other_host_and_logs_no_problem(opened):
    assert opened.foreign == []
    assert opened.problems == []


def test_formulas_are_typeset(opened):
    page = opened.page
    n_formulas = page.locator(".math").count()
    assert page.locator(".math mjx-container").count() >= n_formulas
    assert page.locator("mjx-merror").count() == 0


def test_axe_finds_no_violation_in_light(wide):
    assert wide.page.evaluate("document.documentElement.dataset.theme") == "light"
    assert all_violations(wide.page) == []


def test_axe_finds_no_violation_in_the_dark_on_a_phone(narrow):
    assert narrow.page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert all_violations(narrow.page) == []


def test_what_only_a_wide_window_shows_has_contrast_in_the_dark_too(wide):
    page = wide.page
    page.emulate_media(color_scheme="dark")
    try:
        page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
        shown = [part for part in FRAME if page.locator(part[0]).count()]
        assert violations(page, {"include": shown}, CONTRAST_ONLY) == []
    finally:
        page.emulate_media(color_scheme="light")


def test_page_fits_a_narrow_screen(narrow):
    width = narrow.page.viewport_size["width"]
    assert narrow.page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_scrolls_can_be_scrolled_by_keyboard(narrow):
    assert narrow.page.evaluate(STUCK_SCROLLERS) == []


def test_lines_of_text_and_code_have_a_readable_length(wide):
    letters = wide.page.evaluate(LETTERS_A_LINE)
    assert letters is None or 55 <= letters <= 85
    assert wide.page.evaluate(CODE_THAT_SCROLLS) == []


def test_everything_is_reached_by_keyboard_with_visible_focus(wide):
    page = wide.page
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


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_search_finds_a_term_of_each_page(searches, path, scheme, terms):
    if path not in terms:
        pytest.skip("this page is not in the search index")
    visited = searches[scheme]
    visited.page.goto(f"{visited.base}search.html?q={terms[path]}")
    # The results are added one after another: wait for this one, not for the first.
    visited.page.locator(f"#search-results li > a[href*='{path}']").first.wait_for()
    assert visited.foreign == []
    assert visited.problems == []


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_search_starts_from_the_keyboard(visit, scheme):
    page = visit("appendix/notation.html", scheme).page
    page.keyboard.press("Control+K")
    page.locator("#pst-search-dialog input").fill("glossary")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?**")
    page.locator("#search-results li > a[href*='glossary']").first.wait_for()


def test_theme_button_changes_the_theme(visit):
    page = visit("index.html").page
    before = page.evaluate("document.documentElement.dataset.mode")
    page.locator(".theme-switch-button").first.click()
    assert page.evaluate("document.documentElement.dataset.mode") != before


def test_text_and_figures_need_no_script(without_scripts, path):
    page = without_scripts.page
    assert page.locator("html").get_attribute("data-theme") == "light"
    if path != "search.html":
        assert page.locator("article h1").first.is_visible()
        assert all(image.is_visible() for image in page.locator("figure img").all())


def test_formulas_are_legible_without_scripts(without_scripts):
    assert without_scripts.page.evaluate(ILLEGIBLE_FORMULAS) == []


def test_solutions_unfold_by_keyboard_without_scripts(visit):
    page = visit("appendix/solutions.html", "file", scripts=False).page
    summary = page.locator("article summary").first
    code = page.locator("article details pre").first
    assert not code.is_visible()
    summary.focus()
    page.keyboard.press("Enter")
    assert code.is_visible()


def test_map_links_chapters_by_keyboard_and_shows_arrows_where_there_is_room(visit):
    wide, phone = visit("index.html").page, visit("index.html", width=390).page
    assert wide.locator(".nnbook-map-arrows").is_visible()
    assert not phone.locator(".nnbook-map-arrows").is_visible()
    assert phone.locator(".nnbook-map-after").first.bounding_box()["height"] > 10
    link = wide.locator(".nnbook-map a", has_text="Multilayer perceptron")
    link.focus()
    wide.keyboard.press("Enter")
    wide.wait_for_url("**/chapters/01_multilayer_perceptron.html")


def test_cards_of_the_map_do_not_overlap(visit):
    boxes = [
        card.bounding_box() for card in visit("index.html").page.locator(".nnbook-map li").all()
    ]
    for number, one in enumerate(boxes):
        for other in boxes[:number]:
            beside = one["x"] >= other["x"] + other["width"] or (
                other["x"] >= one["x"] + one["width"]
            )
            above = one["y"] >= other["y"] + other["height"] or (
                other["y"] >= one["y"] + one["height"]
            )
            assert beside or above


@pytest.mark.parametrize("address", ["missing.html", "chapters/no/such/page"])
def test_not_found_page_works_at_any_depth(visit, address):
    visited = visit(address)
    page = visited.page
    assert page.locator("h1", has_text="Page not found").is_visible()
    assert visited.foreign == []
    missing = [problem for problem in visited.problems if address not in problem]
    assert [problem for problem in missing if "status of 404" not in problem] == []
    assert all_violations(page) == []
    page.locator("article a").click()
    page.wait_for_url("**/index.html")
    assert page.locator("article h1").first.is_visible()
