"""The live figures of the chapters on images: drawing, denoising, a walk over a plane of codes."""

import pytest
from live_pages import opened, settle, status


def number(figure, name):
    settle(figure.page)
    return float(figure.get_attribute(f"data-{name}"))


def shares(figure):
    settle(figure.page)
    return [float(text) for text in figure.locator(".nn-live-share").all_inner_texts()]


def pixels(canvas):
    settle(canvas.page)
    return canvas.evaluate("canvas => canvas.toDataURL()")


def press(figure, key, times=1):
    for _ in range(times):
        figure.page.keyboard.press(key)
    settle(figure.page)


def drag(sheet, places):
    """Draw with the mouse through places given as shares of the sheet's side."""
    sheet.scroll_into_view_if_needed()
    box, mouse = sheet.bounding_box(), sheet.page.mouse
    at = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in places]
    mouse.move(*at[0])
    mouse.down()
    for place in at[1:]:
        mouse.move(*place, steps=6)
    mouse.up()
    settle(sheet.page)


def test_stored_digits_are_read_as_what_they_are(visit):
    _, figure = opened(visit, "digit")
    chooser = figure.get_by_label("start from")
    options = chooser.locator("option").all_inner_texts()[1:]
    right = 0
    for index, option in enumerate(options):
        chooser.select_option(str(index))
        highest = max(range(10), key=shares(figure).__getitem__)
        assert highest == number(figure, "answer")
        assert sum(shares(figure)) == pytest.approx(1, abs=0.01)
        right += option.endswith(str(highest))
    assert right >= len(options) - 1


def test_a_one_drawn_by_mouse_moves_the_highest_bar_and_erasing_takes_it_back(visit):
    _, figure = opened(visit, "digit")
    sheet = figure.get_by_label("Sheet of 64")
    figure.get_by_role("button", name="Empty the sheet").click()
    empty = shares(figure)
    drag(sheet, [(0.5, 0.36), (0.5, 0.64)])
    drawn = shares(figure)
    assert drawn[1] > empty[1]
    assert drawn.index(max(drawn)) == 1
    figure.get_by_role("combobox", name="pen").select_option(label="erases")
    for x in (0.46, 0.5, 0.54):
        drag(sheet, [(x, 0.3), (x, 0.7)])
    assert shares(figure) == pytest.approx(empty, abs=0.002)


def test_the_keyboard_alone_draws(visit):
    _, figure = opened(visit, "digit")
    sheet = figure.get_by_label("Sheet of 64")
    figure.get_by_role("button", name="Empty the sheet").press("Enter")
    empty, blank = shares(figure), pixels(sheet)
    sheet.focus()
    press(figure, "ArrowUp", 8)
    assert shares(figure) == empty  # the pen is up
    press(figure, "Space")
    press(figure, "ArrowDown", 16)
    drawn = shares(figure)
    assert drawn.index(max(drawn)) == 1
    assert pixels(sheet) != blank
    assert "pen down" in sheet.get_attribute("aria-label")


def test_a_digit_moves_and_its_share_moves_with_it(visit):
    _, figure = opened(visit, "digit")
    still, sheet = shares(figure), figure.get_by_label("Sheet of 64")
    before = pixels(sheet)
    figure.get_by_label("move it right").focus()
    press(figure, "ArrowRight", 24)
    assert pixels(sheet) != before
    assert shares(figure) != still
    figure.get_by_label("start from").select_option("0")
    assert shares(figure) == still  # a new start stands in the middle


def test_another_class_and_another_layer_can_be_asked(visit):
    _, figure = opened(visit, "digit")
    heat = figure.get_by_label("The sheet in grey")
    maps = figure.locator("canvas").last
    of_answer, first_maps = pixels(heat), pixels(maps)
    other = (int(number(figure, "answer")) + 5) % 10
    bar = figure.locator(".nn-live-bars button").nth(other)
    bar.press("Enter")
    assert number(figure, "shown") == other
    assert f"what speaks for {other}" in status(figure)
    assert pixels(heat) != of_answer
    assert bar.evaluate("bar => bar === document.activeElement")
    figure.get_by_role("combobox", name="maps of layer").select_option(label="4")
    assert pixels(maps) != first_maps
    assert "96 maps of layer4" in maps.get_attribute("aria-label")


def test_more_noise_leaves_more_error_and_the_denoiser_takes_most_of_it_away(visit):
    _, figure = opened(visit, "denoise")
    slider = figure.get_by_label("standard deviation of the noise")
    before, after = number(figure, "before"), number(figure, "after")
    assert after < before / 4
    slider.focus()
    press(figure, "ArrowRight", 6)
    assert number(figure, "before") > before
    assert number(figure, "after") > after
    press(figure, "Home")
    assert number(figure, "before") == 0
    assert number(figure, "after") > 0  # it repairs what is whole
    figure.get_by_role("button", name="As in training").press("Enter")
    assert number(figure, "after") == pytest.approx(after)


def test_other_noise_and_another_digit_give_other_errors(visit):
    _, figure = opened(visit, "denoise")
    after = number(figure, "after")
    figure.get_by_role("button", name="Other noise").click()
    assert number(figure, "after") != after
    canvas = figure.locator("canvas")
    before = pixels(canvas)
    figure.get_by_label("validation digit").select_option("7")
    assert pixels(canvas) != before
    assert "A 7, clean" in canvas.get_attribute("aria-label")
    figure.get_by_label("strength of the digit").focus()
    press(figure, "Home")
    assert number(figure, "before") > 0.05  # nothing but noise is left


def test_pointing_at_the_plane_draws_another_digit(visit):
    _, figure = opened(visit, "plane")
    pad, drawing = figure.get_by_label("The code of two numbers"), figure.locator("canvas").nth(1)
    seen = set()
    for x, y in ((0.1, 0.2), (0.5, 0.5), (0.9, 0.3), (0.4, 0.8)):
        drag(pad, [(x, y), (x + 0.01, y)])
        seen.add(pixels(drawing))
        assert "digit" in status(figure)
    assert len(seen) == 4


def test_arrow_keys_sliders_and_chooser_walk_on_the_plane(visit):
    _, figure = opened(visit, "plane")
    pad, drawing = figure.get_by_label("The code of two numbers"), figure.locator("canvas").nth(1)
    start = pixels(drawing)
    pad.focus()
    press(figure, "ArrowRight", 6)
    moved = pixels(drawing)
    assert moved != start
    press(figure, "ArrowLeft", 6)
    assert "0.0" in status(figure)
    figure.get_by_label("second number").focus()
    press(figure, "End")
    assert pad.get_attribute("aria-valuetext").endswith("1.00 up")
    assert pixels(drawing) not in (start, moved)
    chooser = figure.get_by_label("go to the code")
    labels = chooser.locator("option").all_inner_texts()
    for index in (3, 5):
        chooser.select_option(str(index))
        settle(figure.page)
        assert figure.get_attribute("data-nearest") == labels[index]
        assert status(figure).endswith("0.00 away.")
