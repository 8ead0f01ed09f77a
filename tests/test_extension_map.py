"""The map of the book: its table, its arrows, and which chapters it links."""

import re
from pathlib import Path

import pytest
import yaml
from nnbook_site import map as book_map

ROOT = Path(__file__).resolve().parent.parent
TWO = """
- name: First
  assumes: Nothing.
  chapters:
    - {{number: "00", title: Start, column: 0}}
- name: Second
  assumes: Something.
  chapters:
    - {{number: "{number}", title: Next, column: {column}, after: ["{after}"]}}
"""


def written(tmp_path, number="01", column=1, after="00"):
    path = tmp_path / "map.yml"
    path.write_text(TWO.format(number=number, column=column, after=after))
    return path


def test_map_holds_the_ten_chapters_once():
    numbers = [chapter.number for group in book_map.read_map() for chapter in group.chapters]
    assert sorted(numbers) == [f"{number:02d}" for number in range(10)]


def test_map_knows_every_chapter_of_the_book():
    numbers = {chapter.number for group in book_map.read_map() for chapter in group.chapters}
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    files = [entry["file"] for part in toc["parts"] for entry in part["chapters"]]
    assert set(book_map.pages_by_number(files)) <= numbers


def test_nothing_is_to_be_read_before_itself():
    first = {
        chapter.number: chapter.after for group in book_map.read_map() for chapter in group.chapters
    }
    done = set()
    while len(done) < len(first):
        ready = {number for number, after in first.items() if set(after) <= done} - done
        assert ready, f"read each other first: {set(first) - done}"
        done |= ready


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"number": "00"}, "chapter 00 must stand once"),
        ({"column": 5}, "in a column from 0 to 4"),
        ({"after": "07"}, "comes after 07, which must stand on the map in column 0"),
        ({"column": 2}, "must stand on the map in column 1"),
    ],
)
def test_errors_in_the_table_are_named(tmp_path, change, message):
    assert len(book_map.read_map(written(tmp_path))) == 2
    with pytest.raises(ValueError, match=message):
        book_map.read_map(written(tmp_path, **change))


def test_an_arrow_turns_on_the_border_and_ends_at_its_chapter(tmp_path):
    drawing = book_map.arrows(book_map.read_map(written(tmp_path)))
    lines = re.findall(r'x1="(.*?)%" y1="(.*?)%" x2="(.*?)%" y2="(.*?)%"', drawing)
    assert [tuple(map(float, line)) for line in lines] == [(10, 25, 20, 25), (20, 25, 20, 75)]
    assert 'x="20.00%" y="75.00%"' in drawing
    assert 'aria-hidden="true"' in drawing


def test_pages_are_found_by_number():
    names = ["index", "appendix/notation", "chapters/01_perceptron", "chapters/extra"]
    assert book_map.pages_by_number(names) == {"01": "chapters/01_perceptron"}
