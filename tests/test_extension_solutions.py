"""The solutions page: every exercise, in the order of its chapter, with a way back."""

from pathlib import Path

import nbformat
import pytest
from nnbook_site import solutions

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def notebook(tmp_path):
    cells = [
        nbformat.v4.new_markdown_cell("# A title\n\nText.\n\n## Not this", id="title"),
        nbformat.v4.new_markdown_cell("Text first.\n\n### Fold $W$ and `b`", id="exercise-fold"),
        nbformat.v4.new_code_cell("# not a heading", id="exercise-code"),
        nbformat.v4.new_markdown_cell("No heading.", id="exercise-none"),
    ]
    path = tmp_path / "01_x.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def test_headings_are_read_by_cell(notebook):
    assert solutions.headings(notebook) == {
        "title": "A title",
        "exercise-fold": "Fold $W$ and `b`",
    }


def test_labels_tell_chapters_apart():
    assert solutions.label("chapters/01_x", "fold") == "01_x-exercise-fold"
    assert solutions.label("chapters/02_y", "fold") != solutions.label("chapters/01_x", "fold")


def test_exercise_files_are_read_as_the_tests_read_them():
    from coursework import exercise_files

    reader = solutions.load_reader(ROOT)
    chapter = "01_multilayer_perceptron"
    ours = [(one.id, one.solution) for one in reader.load_all(chapter)]
    assert ours == [(one.id, one.solution) for one in exercise_files.load_all(chapter)]
    assert ours


@pytest.mark.parametrize("chapter", sorted((ROOT / "chapters").glob("[0-9]*.ipynb")))
def test_every_exercise_has_a_heading_to_lead_to(chapter):
    reader = solutions.load_reader(ROOT)
    found = solutions.headings(chapter)
    for exercise in reader.load_all(chapter.stem):
        assert solutions.PREFIX + exercise.id in found, exercise.path
