"""The build runs a chapter again when, and only when, something it depends on has changed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nnbook_site import execution, fingerprint

ROOT = Path(__file__).resolve().parent.parent
FIRST = {"01_drawing"}
HELPERS = {
    "__init__.py": "from nnbook_utils.profile import pick\n",
    "profile.py": "def pick():\n    return 1\n",
    "plotting.py": "from . import _style\n",
    "_style.py": "INK = 'black'\n",
    "training.py": "def late():\n    from nnbook_utils import profile\n",
    "data/__init__.py": "from nnbook_utils.data._tables import load\n",
    "data/_tables.py": "def load():\n    return 0\n",
    "data/table.csv": "1,2\n",
}
EXPECTED = """
01_drawing: {title: A, quick: {minutes: 1}, full: {minutes: 9}}
02_loading: {title: B, quick: {minutes: 1}}
"""
CONFIG = f"""
title: Small book
only_build_toc_files: true
execute: {{execute_notebooks: cache, timeout: 60}}
sphinx:
  local_extensions: {{nnbook_site: '{(ROOT / "_ext").as_posix()}'}}
"""
TOC = """
format: jb-book
root: index
chapters: [{file: chapters/01_drawing}, {file: chapters/02_loading}]
"""


def write_notebook(path, *sources):
    cells = [nbformat.v4.new_markdown_cell("# Title", id="title")]
    cells += [nbformat.v4.new_code_cell(source, id=f"code-{n}") for n, source in enumerate(sources)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    path.parent.mkdir(exist_ok=True)
    nbformat.write(notebook, path)


@pytest.fixture
def small_book(tmp_path):
    """A book of two chapters beside a small package: one imports plotting, one imports data."""
    for name, text in HELPERS.items():
        path = tmp_path / "nnbook_utils" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "nnbook_utils" / "expected.yml").write_text(EXPECTED)
    unused = "if False:\n    from nnbook_utils import {}\n"
    write_notebook(tmp_path / "chapters/01_drawing.ipynb", unused.format("plotting"), "print(1)")
    write_notebook(tmp_path / "chapters/02_loading.ipynb", unused.format("data"), "print(2)")
    (tmp_path / "_config.yml").write_text(CONFIG)
    (tmp_path / "_toc.yml").write_text(TOC)
    (tmp_path / "index.md").write_text("# Home\n")
    return tmp_path


def prints(root, profile="quick"):
    chapters = execution.chapter_files(root)
    return {path.stem: fingerprint.fingerprint(path, root, profile) for path in chapters}


def changed(root, before):
    return {name for name, digest in prints(root).items() if before[name] != digest}


def edit(root, name, text):
    (root / "nnbook_utils" / name).write_text(text)


@pytest.mark.parametrize(
    ("name", "text", "affected"),
    [
        ("_style.py", "INK = 'blue'\n", {"01_drawing"}),
        ("data/_tables.py", "def load():\n    return 1\n", {"02_loading"}),
        ("data/table.csv", "3,4\n", {"02_loading"}),
        ("profile.py", "def pick():\n    return 2\n", {"01_drawing", "02_loading"}),
        ("training.py", "x = 1\n", set()),
        ("_style.py", "# a comment\nINK = ('black')\n", set()),
        ("expected.yml", EXPECTED.replace("minutes: 9", "minutes: 8"), set()),
        (
            "expected.yml",
            EXPECTED.replace("A, quick: {minutes: 1", "A, quick: {minutes: 2"),
            {"01_drawing"},
        ),
    ],
)
def test_fingerprint_changes_for_affected_chapters_only(small_book, name, text, affected):
    before = prints(small_book)
    edit(small_book, name, text)
    assert changed(small_book, before) == affected


def test_fingerprint_depends_on_profile_and_installed_packages(small_book, monkeypatch):
    before = prints(small_book)
    assert prints(small_book, "full") != before
    monkeypatch.setattr(fingerprint, "installed_versions", lambda: {"numpy": "0"})
    assert changed(small_book, before) == {"01_drawing", "02_loading"}


def test_imports_inside_functions_count(small_book):
    package = small_book / "nnbook_utils"
    files = fingerprint.helper_files("from nnbook_utils import training", package)
    assert package / "profile.py" in files


def test_magic_lines_do_not_hide_imports(small_book):
    path = small_book / "chapters" / "03_magic.ipynb"
    write_notebook(path, "if True:\n    %pip install x\nfrom nnbook_utils import data")
    assert "from nnbook_utils import data" in fingerprint.code_of(path)
    assert "pip" not in fingerprint.code_of(path)


def test_installed_versions_follow_requirements():
    assert {"numpy", "tensorflow", "ipykernel", "keras"} <= set(fingerprint.installed_versions())


def executed_copy(source, folder):
    notebook = nbformat.read(source, 4)
    for count, cell in enumerate(notebook.cells[1:], start=1):
        cell.execution_count = count
        cell.metadata["execution"] = {"iopub.status.busy": "2026-01-01"}
        cell.outputs = [nbformat.v4.new_output("stream", text="from the test\n")]
    notebook.metadata["language_info"] = {"name": "python", "pygments_lexer": "ipython3"}
    copy = folder / source.name
    nbformat.write(notebook, copy)
    return copy


def test_deposit_serves_the_build_until_a_helper_changes(small_book, tmp_path_factory):
    source = small_book / "chapters" / "01_drawing.ipynb"
    assert not execution.is_cached(source, small_book)
    copy = executed_copy(source, tmp_path_factory.mktemp("executed"))
    assert execution.ran_through(copy)
    execution.deposit(copy, source, small_book)
    assert execution.is_cached(source, small_book)
    edit(small_book, "_style.py", "INK = 'blue'\n")
    assert not execution.is_cached(source, small_book)
    assert "01_drawing" in execution.drop_stale(small_book)
    assert execution.cached_notebook(source, small_book) is None


def test_deposit_refuses_another_notebook(small_book, tmp_path):
    source = small_book / "chapters" / "01_drawing.ipynb"
    other = executed_copy(small_book / "chapters" / "02_loading.ipynb", tmp_path)
    with pytest.raises(ValueError, match="execute the chapter again"):
        execution.deposit(other, source, small_book)


def test_a_notebook_with_an_error_did_not_run_through(small_book, tmp_path):
    copy = executed_copy(small_book / "chapters" / "01_drawing.ipynb", tmp_path)
    content = json.loads(copy.read_text())
    content["cells"][-1]["outputs"] = [
        {"output_type": "error", "ename": "E", "evalue": "", "traceback": []}
    ]
    copy.write_text(json.dumps(content))
    assert not execution.ran_through(copy)


def build(root):
    """Build `root`; return the chapters that were executed."""
    start = "from jupyter_book.cli.main import main; main()"
    words = [sys.executable, "-P", "-c", start, "build", "."]  # -P: not the small package itself
    settings = {**os.environ, "NO_COLOR": "1", "PYTHONUTF8": "1"}
    run = subprocess.run(
        [*words, "-W", "-n", "--keep-going"], cwd=root, env=settings, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-2000:]
    lines = (run.stdout + run.stderr).splitlines()
    return {Path(line.split(":")[0]).stem for line in lines if "Executing notebook" in line}


def test_builds_execute_what_has_changed(small_book, tmp_path_factory):
    page = small_book / "_build" / "html" / "chapters" / "01_drawing.html"
    assert build(small_book) == {"01_drawing", "02_loading"}
    assert build(small_book) == set()
    edit(small_book, "data/_tables.py", "def load():\n    return 1\n")
    assert build(small_book) == {"02_loading"}
    source = small_book / "chapters" / "01_drawing.ipynb"
    copy = executed_copy(source, tmp_path_factory.mktemp("executed"))
    execution.deposit(copy, source, small_book)
    assert build(small_book) == set()
    assert "from the test" in page.read_text()
