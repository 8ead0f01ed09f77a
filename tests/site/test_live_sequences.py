"""The live figures of chapters 4 to 6 in a browser: letters, a review, a chorale."""

import pytest
from live_pages import opened, settle, status


def value(figure, name):
    settle(figure.page)
    return figure.get_attribute(f"data-{name}")


def numbers(figure, name):
    return [float(number) for number in value(figure, name).split()]


def picture(figure, place=0):
    settle(figure.page)
    return figure.locator("canvas").nth(place).evaluate("canvas => canvas.toDataURL()")


def bars(figure):
    """Return the text of each bar and its share, from above."""
    settle(figure.page)
    rows = figure.locator(".nn-live-bars li").all()
    texts = [
        [row.locator(f".nn-live-{part}").inner_text() for part in ("name", "share")] for row in rows
    ]
    return [(name, float(share)) for name, share in texts]


def test_after_th_the_likeliest_letter_is_an_e(visit):
    _, figure = opened(visit, "characters")
    text = figure.get_by_role("textbox")
    text.fill("some of th")
    (first, share), (_, second) = bars(figure)[:2]
    assert first == "e"
    assert share > 0.5 > second
    before = picture(figure)
    text.press_sequentially("e")
    assert bars(figure)[0][0] == "space"
    assert picture(figure) != before
    assert value(figure, "read") == "11"


def test_a_bar_adds_its_letter_and_keeps_the_keyboards_place(visit):
    _, figure = opened(visit, "characters")
    text = figure.get_by_role("textbox")
    text.fill("some of th")
    settle(figure.page)
    figure.locator(".nn-live-bars button").first.focus()
    figure.page.keyboard.press("Enter")
    settle(figure.page)
    assert text.input_value() == "some of the"
    figure.page.keyboard.press("Enter")  # the first bar still has the focus: a space
    settle(figure.page)
    assert text.input_value() == "some of the "


def test_a_replaced_letter_fades(visit):
    _, figure = opened(visit, "characters")
    figure.get_by_role("textbox").fill("Return the value of the named attribute of an object")
    settle(figure.page)
    figure.get_by_role("slider", name="replace a letter").focus()
    figure.page.keyboard.press("ArrowRight")
    near = float(value(figure, "change"))
    for _ in range(29):
        figure.page.keyboard.press("ArrowRight")
    far, apart = float(value(figure, "change")), numbers(figure, "apart")
    assert "30 letters before the end" in status(figure)
    assert len(apart) == 31
    assert apart[0] > 0.1 > 5 * apart[-1]
    assert far < near / 5


def test_it_writes_and_starts_again(visit):
    _, figure = opened(visit, "characters")
    text = figure.get_by_role("textbox")
    start = text.input_value()
    figure.get_by_role("button", name="Write 20 letters").click()
    assert text.input_value().startswith(start)
    assert len(text.input_value()) == len(start) + 20
    figure.get_by_role("button", name="Start again").click()
    assert text.input_value() == start


def test_letters_outside_of_the_alphabet_are_named(visit):
    _, figure = opened(visit, "characters")
    text = figure.get_by_role("textbox")
    text.fill("the Ω")
    assert "Not in its alphabet" in status(figure)
    assert "Ω" in status(figure)
    text.fill("")
    assert status(figure) == "Type something."
    assert bars(figure) == []


def test_not_turns_the_verdict(visit):
    _, figure = opened(visit, "reviews")
    text = figure.get_by_role("textbox")
    review = "i think that the story was {}very gripping and the cast was {}truly superb"
    text.fill(review.format("", ""))
    assert float(value(figure, "logit")) > 0
    assert "At the end: positive" in status(figure)
    text.fill(review.format("not ", "never "))
    assert float(value(figure, "logit")) < 0
    assert "At the end: negative" in status(figure)


def test_neutral_words_do_not_turn_it_back(visit):
    _, figure = opened(visit, "reviews")
    text = figure.get_by_role("textbox")
    text.fill("the story was very dull and the pace was truly stale")
    assert float(value(figure, "logit")) < 0
    text.press_sequentially(" it rained outside we took the bus")
    so_far = numbers(figure, "so-far")
    assert len(so_far) == 18
    assert max(so_far[-7:]) < 0


def test_words_outside_of_the_vocabulary_are_named(visit):
    _, figure = opened(visit, "reviews")
    figure.get_by_role("textbox").fill("The plot, it was a flabbergasting mess!")
    assert "flabbergasting, mess" in status(figure)
    figure.get_by_role("textbox").fill("")
    assert status(figure) == "Type a review, or choose one."


def test_single_units_and_words_by_keyboard(visit):
    _, figure = opened(visit, "reviews")
    mean, last = picture(figure), status(figure)
    figure.get_by_role("slider", name="look at word").focus()
    figure.page.keyboard.press("ArrowLeft")
    assert status(figure) != last
    assert "Up to" in status(figure)
    figure.get_by_role("combobox", name="gates and cell state of").focus()
    figure.page.keyboard.press("ArrowDown")
    assert picture(figure) != mean
    assert "size of c" not in status(figure)


def test_stored_reviews_are_judged_on_both_sides(visit):
    _, figure = opened(visit, "reviews")
    stored = figure.get_by_role("combobox", name="a review")
    logits = []
    for number in range(stored.locator("option").count()):
        stored.select_option(str(number))
        logits.append(float(value(figure, "logit")))
    assert min(logits) < -1
    assert max(logits) > 1


def hold(figure, gate, held):
    figure.get_by_role("combobox", name=gate).select_option(held)
    return float(value(figure, "surprise"))


def test_a_gate_that_is_held_costs_surprise(visit):
    _, figure = opened(visit, "chorale")
    free, table = float(value(figure, "surprise")), float(value(figure, "table"))
    assert free < table
    assert hold(figure, "update gate", "1") > free
    assert numbers(figure, "gates")[0] == 1
    hold(figure, "update gate", "0")
    assert numbers(figure, "gates")[0] == 0
    only_last = hold(figure, "reset gate", "0")
    assert free < only_last < hold(figure, "reset gate", "1")
    hold(figure, "reset gate", "")
    assert hold(figure, "update gate", "") == pytest.approx(free)


def test_a_deaf_network_expects_the_same_whatever_is_heard(visit):
    _, figure = opened(visit, "chorale")
    hold(figure, "update gate", "1")
    drawn = value(figure, "drawn")
    figure.get_by_role("combobox", name="opening").select_option("1")
    assert value(figure, "drawn") == drawn
    hold(figure, "update gate", "")
    assert value(figure, "drawn") != drawn


def test_notes_are_set_by_keyboard_and_by_pointing(visit):
    _, figure = opened(visit, "chorale")
    surprise, drawn = value(figure, "surprise"), value(figure, "drawn")
    roll = figure.get_by_role("application")
    roll.focus()
    figure.page.keyboard.press("ArrowRight")
    figure.page.keyboard.press("ArrowUp")
    place = figure.locator(".nn-live-place")
    settle(figure.page)
    assert place.inner_text().startswith("Frame 2, ")
    assert value(figure, "drawn") == drawn  # to look changes nothing
    figure.page.keyboard.press("Enter")
    settle(figure.page)
    assert place.inner_text().endswith("sounds.")
    assert value(figure, "surprise") != surprise
    figure.page.keyboard.press("Enter")
    assert value(figure, "surprise") == surprise
    box = roll.bounding_box()
    roll.click(position={"x": 0.5 * box["width"], "y": 0.1 * box["height"]})  # high, and alone
    assert float(value(figure, "surprise")) > float(surprise)
    figure.get_by_role("button", name="Bach's notes").click()
    assert value(figure, "surprise") == surprise


def test_it_draws_again_and_sounds_only_on_a_click(visit):
    visited, figure = opened(visit, "chorale")
    drawn, surprise = value(figure, "drawn"), value(figure, "surprise")
    assert len(drawn.split(" ")) == 24
    figure.get_by_role("button", name="Draw again").click()
    assert value(figure, "drawn") != drawn
    assert value(figure, "surprise") == surprise  # of the opening, which is as it was
    figure.get_by_role("button", name="Listen").click()
    figure.get_by_role("button", name="Stop").click()
    assert figure.get_by_role("button", name="Listen").is_visible()
    assert visited.problems == []
