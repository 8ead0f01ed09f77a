"""Live figures in a real browser: they run, answer, and stay pictures where they cannot run."""

import re

import pytest
from live_pages import PAGES, opened, selector, settle, status

ENGINE_KB, PAYLOAD_KB = 12, 250  # aims: compressed, and of a whole page


def loss(figure):
    settle(figure.page)
    return float(figure.get_attribute("data-loss"))


@pytest.mark.parametrize("scheme", ["http", "file"])
@pytest.mark.parametrize("name", PAGES)
def test_figure_runs_and_its_example_comes_out_as_in_the_chapter(visit, name, scheme):
    visited, figure = opened(visit, name, scheme=scheme)
    assert float(figure.get_attribute("data-parity")) <= 1e-4
    assert figure.locator("img").count() == 0
    assert visited.problems == []
    assert visited.foreign == []


def test_gradient_steps_lower_the_loss_and_reach_the_chapters_weights(visit):
    _, figure = opened(visit, "neuron")
    start = loss(figure)
    assert start == pytest.approx(0.693147, abs=1e-5)  # ln 2: all weights zero
    figure.get_by_role("button", name="One gradient step").click()
    after_one = loss(figure)
    assert after_one < start
    for _ in range(5):
        figure.get_by_role("button", name="Ten steps").click()
    for _ in range(9):
        figure.get_by_role("button", name="One gradient step").click()
    assert "60 gradient steps" in status(figure)
    by_hand = loss(figure)
    figure.get_by_role("button", name="The chapter's weights").click()
    assert loss(figure) == pytest.approx(by_hand, abs=1e-4)  # the chapter took sixty steps, too
    figure.get_by_role("button", name="All zero").click()
    assert loss(figure) == pytest.approx(start, abs=1e-6)


def test_weights_move_by_keyboard(visit):
    _, figure = opened(visit, "neuron")
    start = loss(figure)
    for slider in figure.get_by_role("slider").all():
        slider.focus()
        figure.page.keyboard.press("ArrowRight")
        assert loss(figure) != start
        assert slider.get_attribute("aria-valuetext") == "0.05"
        figure.page.keyboard.press("ArrowLeft")
        assert loss(figure) == pytest.approx(start, abs=1e-6)


def right(figure):
    settle(figure.page)
    return int(figure.get_attribute("data-right"))


def test_scrubbing_goes_back_to_an_untrained_network(visit):
    _, figure = opened(visit, "spirals")
    trained = right(figure)
    figure.get_by_role("slider").focus()
    figure.page.keyboard.press("Home")
    assert right(figure) < trained
    assert status(figure).startswith("0 passes")
    figure.page.keyboard.press("End")
    assert right(figure) == trained


def test_silenced_units_change_the_border_and_come_back(visit):
    _, figure = opened(visit, "spirals")
    trained, units = right(figure), figure.locator(".nn-live-unit").all()
    before = figure.locator("canvas").first.evaluate("canvas => canvas.toDataURL()")
    for unit in units[: len(units) // 2]:
        unit.focus()
        figure.page.keyboard.press("Enter")
    assert units[0].get_attribute("aria-pressed") == "true"
    assert f"{len(units) // 2} units silent" in status(figure)
    assert right(figure) < trained
    assert figure.locator("canvas").first.evaluate("canvas => canvas.toDataURL()") != before
    figure.get_by_role("button", name="Wake all units").click()
    assert right(figure) == trained
    assert figure.locator('.nn-live-unit[aria-pressed="true"]').count() == 0


def test_the_other_layer_has_other_maps(visit):
    _, figure = opened(visit, "spirals")
    map_of_first = ".nn-live-unit canvas >> nth=0"
    second = figure.locator(map_of_first).evaluate("canvas => canvas.toDataURL()")
    figure.get_by_role("combobox").select_option(label="1")
    settle(figure.page)
    assert figure.locator(map_of_first).evaluate("canvas => canvas.toDataURL()") != second


@pytest.mark.parametrize("name", PAGES)
def test_without_scripts_there_is_a_picture(visit, name):
    figure = visit(PAGES[name], scheme="file", scripts=False).page.locator(selector(name))
    picture = figure.locator("img.nn-live-picture")
    assert picture.is_visible()
    assert len(picture.get_attribute("alt")) > 20


def cut(html):
    return re.sub(r'(type="application/json">.{500}).*?(</script>)', r"\1\2", html, flags=re.DOTALL)


def falsify(html):
    return re.sub(r'("output":\{[^}]*"data":\[)', r"\g<1>9", html)


def rename(html):
    """Give what every figure computes with, the kernels, another name."""
    return html.replace('["kernel",', '["magic",')


@pytest.mark.parametrize("damage", [cut, falsify, rename])
@pytest.mark.parametrize("name", PAGES)
def test_damaged_payload_leaves_the_picture_and_says_why_once(visit, name, damage, site):
    visited = visit("index.html")
    html = damage((site / PAGES[name]).read_text(encoding="utf-8"))
    assert html != (site / PAGES[name]).read_text(encoding="utf-8")
    visited.page.route(f"**/{PAGES[name]}", lambda route: route.fulfill(body=html))
    visited.page.goto(visited.base + PAGES[name])
    visited.page.wait_for_load_state("networkidle")
    assert visited.page.locator(f"{selector(name)} img.nn-live-picture").is_visible()
    assert visited.page.locator(".nn-live-host").count() == 0
    complaint = f'"{name}" stays a picture'
    assert len([problem for problem in visited.problems if complaint in problem]) == 1


@pytest.mark.parametrize("name", PAGES)
def test_controls_are_legible_in_the_dark_and_fit_a_phone(visit, name):
    visited, figure = opened(visit, name, theme="dark", width=390)
    color = figure.locator(".nn-live-status").evaluate("text => getComputedStyle(text).color")
    ground = visited.page.evaluate("getComputedStyle(document.body).backgroundColor")
    light, dark = (sum(map(int, re.findall(r"\d+", value)[:3])) for value in (color, ground))
    assert light - dark > 300
    box = figure.locator(".nn-live-host").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert visited.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_pages_without_live_figures_load_no_engine(visit):
    visited = visit("index.html")
    assert not [url for url in visited.requests if "/live/" in url]


def test_sizes(site):
    import gzip

    scripts = [file.read_bytes() for file in sorted((site / "live").glob("*.js"))]
    assert len(scripts) >= 5
    assert len(gzip.compress((site / "live" / "engine.js").read_bytes())) < ENGINE_KB * 1024
    for path in PAGES.values():
        html = (site / path).read_text(encoding="utf-8")
        payloads = re.findall(r'type="application/json">(.*?)</script>', html, flags=re.DOTALL)
        assert 0 < sum(map(len, payloads)) < PAYLOAD_KB * 1024
