"""Every chapter, and the template, keeps every house rule."""

from pathlib import Path

import pytest

from tests.house import RULES, read_book, read_notebook

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted([*ROOT.glob("chapters/*.ipynb"), *ROOT.glob("templates/*.ipynb")])


@pytest.fixture(scope="module")
def book():
    return read_book(ROOT)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_keeps_rule(path, rule, book):
    complaints = rule(read_notebook(path, book))
    assert not complaints, f"{rule.__doc__}\n" + "\n".join(complaints)


def test_chapter_files_are_numbered_and_in_the_table_of_contents():
    chapters = [path for path in NOTEBOOKS if path.parent.name == "chapters"]
    toc = (ROOT / "_toc.yml").read_text(encoding="utf-8")
    for path in chapters:
        assert path.stem[:2].isdigit(), f"{path.name} must start with the chapter's number"
        assert f"chapters/{path.stem}\n" in toc, f"{path.name} is not in _toc.yml"
