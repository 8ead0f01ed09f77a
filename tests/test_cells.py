import json
import traceback

import pytest

from nnbook_utils.cells import Cell, read_cells, run_cells, run_source


def cell(cell_id, source, kind="code", **metadata):
    return {"id": cell_id, "cell_type": kind, "source": source, "metadata": metadata}


@pytest.fixture
def notebook(tmp_path):
    """A function that writes a notebook of the cells given and returns its path."""

    def write(*cells, name="01_small.ipynb"):
        path = tmp_path / name
        path.write_text(json.dumps({"cells": list(cells), "nbformat": 4}), encoding="utf-8")
        return path

    return write


@pytest.fixture
def small(notebook):
    return notebook(
        cell("title", "# Größen", "markdown"),
        cell("colab-setup", "%pip install x", tags=["remove-cell"]),
        cell("imports", ["import math\n", "import os"], tags=["a", "b"]),
        cell("settings", "RADIUS = 2.0"),
        cell("area", "area = math.pi * RADIUS**2\ndef fail():\n    return area / 0"),
        cell("shell", "x = 1\n  !ls"),
    )


def test_read_cells_by_id_in_order(small):
    cells = read_cells(small)
    assert list(cells) == ["title", "colab-setup", "imports", "settings", "area", "shell"]
    assert cells["title"] == Cell("markdown", "# Größen", (), {})
    assert cells["imports"] == Cell(
        "code", "import math\nimport os", ("a", "b"), {"tags": ["a", "b"]}
    )


def test_run_cells_into_a_namespace(small):
    namespace = run_cells(str(small), "imports", "settings", "area")
    assert namespace["area"] == pytest.approx(12.566370614)
    assert namespace["__name__"] == "__main__"


def test_run_cells_in_the_order_given(notebook):
    path = notebook(cell("one", "x = x + [1]"), cell("two", "x = x + [2]"))
    assert run_cells(path, "two", "one", "two", namespace={"x": []})["x"] == [2, 1, 2]


def test_run_cells_changes_the_namespace_given(small):
    namespace = {"math": "mine", "__name__": "elsewhere"}
    assert run_cells(small, "settings", namespace=namespace) is namespace
    assert namespace["RADIUS"] == 2.0
    assert (namespace["math"], namespace["__name__"]) == ("mine", "elsewhere")


def test_an_empty_namespace_given_is_used(small):
    namespace = {}
    assert run_cells(small, "settings", namespace=namespace) is namespace


def test_namespaces_do_not_leak(small):
    run_cells(small, "imports", "settings")
    with pytest.raises(NameError, match="math"):
        run_cells(small, "area")


def test_display_prints_where_there_is_no_jupyter(notebook, capsys):
    run_cells(notebook(cell("show", "display('shown')")), "show")
    assert capsys.readouterr().out == "shown\n"


def test_traceback_names_notebook_cell_and_line(small):
    namespace = run_cells(small, "imports", "settings", "area")
    with pytest.raises(ZeroDivisionError) as caught:
        namespace["fail"]()
    last = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert (last.filename, last.lineno) == ("01_small.ipynb#area", 3)
    assert last.line == "return area / 0"


def test_unknown_cell_suggests_the_nearest_before_anything_runs(small):
    namespace = {}
    with pytest.raises(ValueError, match=r"01_small.ipynb has no cell 'setings'; did you mean"):
        run_cells(small, "imports", "setings", namespace=namespace)
    assert namespace == {}


def test_colab_setup_is_refused_with_a_reason(small):
    with pytest.raises(ValueError, match="colab-setup installs packages on Colab"):
        run_cells(small, "colab-setup")


def test_markdown_is_refused(small):
    with pytest.raises(ValueError, match=r"cell 'title' of 01_small\.ipynb is markdown, not code"):
        run_cells(small, "title")


def test_magics_are_refused_with_a_reason(small):
    with pytest.raises(ValueError, match=r"01_small.ipynb#shell uses IPython's % or !"):
        run_cells(small, "shell")


def test_a_continued_modulo_is_no_magic():
    assert run_source("x = (7\n     % 4)", "cell", {})["x"] == 3


def test_a_syntax_error_stays_one():
    with pytest.raises(SyntaxError) as caught:
        run_source("x = = 1", "book.ipynb#cell", {})
    assert caught.value.filename == "book.ipynb#cell"


def test_our_future_imports_do_not_change_a_cell():
    assert run_source("def f(x: 1): pass", "cell", {})["f"].__annotations__ == {"x": 1}


def test_missing_file(tmp_path):
    with pytest.raises(FileNotFoundError, match="cannot read the notebook"):
        read_cells(tmp_path / "absent.ipynb")


@pytest.mark.parametrize(
    "text",
    ["", "no JSON", "[]", "{}", '{"cells": 3}', '{"cells": [{"id": "a"}]}', '{"cells": ["x"]}',
     "\udcff"],
)  # fmt: skip
def test_what_is_no_notebook(tmp_path, text):
    path = tmp_path / "bad.ipynb"
    path.write_bytes(text.encode("utf-8", errors="surrogateescape"))
    with pytest.raises(ValueError, match=r"bad.ipynb is not a notebook of format 4"):
        read_cells(path)


def test_cells_without_id_are_explained(notebook):
    lost = {"cell_type": "code", "source": "", "metadata": {}}
    path = notebook(cell("a", ""), lost)
    with pytest.raises(ValueError, match=r"cell 2 of .*01_small.ipynb has no id \(Colab drops"):
        read_cells(path)


def test_ids_used_twice_are_named(notebook):
    with pytest.raises(ValueError, match="two cells with id 'a'"):
        read_cells(notebook(cell("a", ""), cell("b", ""), cell("a", "")))
