"""The live figures of chapters 08 and 09, acted on by mouse and by keyboard."""

import itertools
import json

import pytest
from live_pages import opened, settle, status

MARGIN, WIDTH, HEIGHT = 22, 420, 300  # of the club's drawing


def number(figure, name):
    settle(figure.page)
    return float(figure.get_attribute(f"data-{name}"))


def play(figure, game):
    figure.get_by_role("combobox", name="game").select_option(label=game)
    settle(figure.page)


def drag(page, start, end):
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=4)
    page.mouse.up()


def test_training_finds_the_modes(visit):
    _, figure = opened(visit, "ring")
    covered, missed = number(figure, "modes"), number(figure, "off")
    steps = figure.get_by_role("slider", name="training steps")
    steps.focus()
    figure.page.keyboard.press("Home")
    assert status(figure).startswith("0 steps")
    assert number(figure, "modes") < covered
    assert number(figure, "off") > missed
    figure.page.keyboard.press("End")
    assert number(figure, "modes") == covered
    assert number(figure, "off") == missed


def test_a_slow_judge_leaves_modes_empty(visit):
    _, figure = opened(visit, "ring")
    fast, fast_off = number(figure, "modes"), number(figure, "off")
    play(figure, "slow judge")
    assert number(figure, "modes") < fast
    assert number(figure, "off") > fast_off


def test_the_pad_moves_the_drawn_point_by_keyboard_and_by_mouse(visit):
    _, figure = opened(visit, "ring")
    pad = figure.get_by_role("slider", name="Noise from which one point is drawn")
    places = {(number(figure, "x"), number(figure, "y"))}
    pad.focus()
    for key in ("ArrowRight", "ArrowUp"):
        figure.page.keyboard.press(key)
        places.add((number(figure, "x"), number(figure, "y")))
    assert len(places) == 3
    assert "0.05 up" in pad.get_attribute("aria-valuetext")
    box = pad.bounding_box()
    page = figure.page
    page.mouse.click(box["x"] + 0.9 * box["width"], box["y"] + box["height"] / 2)
    right = number(figure, "x"), number(figure, "y")
    page.mouse.click(box["x"] + 0.1 * box["width"], box["y"] + box["height"] / 2)
    left = number(figure, "x"), number(figure, "y")
    assert right not in places
    assert abs(right[0] - left[0]) + abs(right[1] - left[1]) > 1  # the other end of the noise


def test_the_noise_between_two_modes_falls_on_none(visit):
    """A continuous generator cannot jump: on the way through its noise it leaves a mode."""
    _, figure = opened(visit, "ring")
    pad = figure.get_by_role("slider", name="Noise from which one point is drawn")
    pad.focus()
    said = []
    for _ in range(40):
        figure.page.keyboard.press("ArrowRight")
        said.append(status(figure).rsplit(", on ", 1)[1])
    seen = [text for text, before in zip(said, [None, *said], strict=False) if text != before]
    assert "no mode." in seen
    assert all("no mode." in pair for pair in itertools.pairwise(seen))


def chances(figure):
    settle(figure.page)
    return [float(text) for text in figure.get_attribute("data-chances").split()]


def place_of(figure, member):
    """Return where a member stands on the page, in pixels, if nobody was moved."""
    data = json.loads(figure.locator('script[type="application/json"]').text_content())["data"]
    canvas = figure.locator("canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    x, y = data["places"][member]
    return (
        box["x"] + (MARGIN + x * (WIDTH - 2 * MARGIN)) / WIDTH * box["width"],
        box["y"] + (MARGIN + y * (HEIGHT - 2 * MARGIN)) / HEIGHT * box["height"],
    )


def choose(figure, member, partner):
    figure.get_by_role("combobox", name="member", exact=True).select_option(label=str(member))
    figure.get_by_role("combobox", name="and member").select_option(label=str(partner))
    settle(figure.page)


def pulls(figure):
    """Return the pull of each sender on the chosen member, as the table gives it."""
    settle(figure.page)
    rows = figure.locator("tbody tr").all()
    return {
        row.locator("th").inner_text(): float(row.locator("td").last.inner_text().replace("−", "-"))
        for row in rows
    }


def test_the_pulls_add_up_to_the_answer(visit):
    _, figure = opened(visit, "club")
    for member in (0, 8, 33):
        choose(figure, member, 5)
        total, chance = sum(pulls(figure).values()), chances(figure)[member]
        assert (total > 0) == (chance > 0.5)


def test_a_parted_edge_sends_no_message_and_comes_back(visit):
    _, figure = opened(visit, "club")
    choose(figure, 8, 0)
    before, answers, edges = pulls(figure), chances(figure), number(figure, "edges")
    assert "0" in before
    figure.get_by_role("button", name="Part 8 and 0").press("Enter")
    settle(figure.page)
    assert set(before) - set(pulls(figure)) == {"0"}
    assert number(figure, "edges") == edges - 1
    assert chances(figure)[8] > answers[8]  # away from the instructor
    figure.get_by_role("button", name="Join 8 and 0").press("Enter")
    assert pulls(figure) == before
    assert chances(figure) == answers


def test_friends_in_the_other_camp_turn_a_member(visit):
    _, figure = opened(visit, "club")
    member, others = 16, (33, 32, 23, 29, 26)
    assert chances(figure)[member] < 0.5
    for other in others:
        choose(figure, member, other)
        figure.get_by_role("button", name=f"Join {member} and {other}").press("Enter")
    assert chances(figure)[member] > 0.5
    assert number(figure, "flipped") >= 1
    figure.get_by_role("button", name="The club as it was").press("Enter")
    assert number(figure, "flipped") == 0
    assert chances(figure)[member] < 0.5


def test_clicks_choose_join_and_part(visit):
    _, figure = opened(visit, "club")
    page = figure.page
    page.mouse.click(*place_of(figure, 16))
    assert status(figure).startswith("Member 16")
    edges = number(figure, "edges")
    figure.get_by_role("button", name="Clicks join or part").click()
    page.mouse.click(*place_of(figure, 33))
    assert number(figure, "edges") == edges + 1
    assert "33" in pulls(figure)
    page.mouse.click(*place_of(figure, 33))
    assert number(figure, "edges") == edges


@pytest.mark.parametrize("way", ["drag", "circle"])
def test_places_carry_no_information(visit, way):
    _, figure = opened(visit, "club")
    canvas, before = figure.locator("canvas"), chances(figure)
    picture = canvas.evaluate("canvas => canvas.toDataURL()")
    if way == "drag":
        start = place_of(figure, 16)
        drag(figure.page, start, (start[0] + 60, start[1] + 40))
    else:
        figure.get_by_role("button", name="Place all on a circle").press("Enter")
    settle(figure.page)
    assert canvas.evaluate("canvas => canvas.toDataURL()") != picture
    assert chances(figure) == before
    assert status(figure).startswith("Member 8")  # a drag is no click
