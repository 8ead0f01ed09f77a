"""Releasing chapters as coursework: what students get, what instructors get, nbgrader's source."""

import csv
import datetime
import errno
import functools
import io
import json
import os
import re
import shlex
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest

from coursework import __main__ as command
from coursework import packing
from coursework.assignments import due_date, find_chapters, read_assignment
from coursework.exercise_files import ExerciseFileError, load_all
from coursework.nbgrader_source import nbgrader_notebook
from coursework.notebooks import as_bytes, solved_notebook, student_notebook
from coursework.packing import write_all, zip_bytes
from coursework.references import Readable
from coursework.release import packages, release
from coursework.rubric import check_messages, rubric
from nnbook_utils import exercises
from nnbook_utils.cells import run_source

ROOT = Path(__file__).resolve().parent.parent
CHAPTERS = sorted({exercise.chapter for exercise in load_all()})
SEED = 7403
KINDS = ("exercise", "stub", "check")


@functools.cache
def assignment(chapter, exercises_only=True):
    due = datetime.date(2026, 12, 1)
    return read_assignment(chapter, ROOT, due=due, exercises_only=exercises_only)


@functools.cache
def files(chapter, exercises_only, seed=None):
    """Return the content of every file of the chapter's zips, by the zip's kind and its path."""
    found = {}
    for name, content in packages(assignment(chapter, exercises_only), {}, seed).items():
        kind = name.removesuffix(".zip").rpartition("-")[2]
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found[kind] = {entry: archive.read(entry) for entry in archive.namelist()}
    return found


def by_id(notebook):
    return {cell["id"]: cell for cell in notebook["cells"]}


def source(cell):
    return "".join(cell["source"])


def chapter_cells(chapter):
    return json.loads((ROOT / "chapters" / f"{chapter}.ipynb").read_bytes())["cells"]


# A book of one small chapter, which needs no TensorFlow.

MEAN = """import math

# %% [exercise] id="mean" title="Mean | of two" points=1 function="mean"
# %% [solution]
def mean(x):
    # Both count alike.
    return math.fsum(x) / len(x)
# %% [hidden]
def cases(rng):
    return [(list(rng.normal(size=5)),)]
# %% [wrong] name="sum" expect="divide by the number"
def mean(x):
    return sum(x)
# %% [wrong] name="no-return" expect="return a value"
def mean(x):
    sum(x)
# %% [wrong] name="lucky" expect="divide by the number"
def mean(x):
    return 2.0
"""
CELLS = {
    "title": "# Small means\n\nSee {numref}`fig-far`.",
    "colab-setup": '%pip install -q "nnbook-utils @ git+https://github.com/ada/book@main"',
    "imports": "from nnbook_utils import exercise",
    "settings": "N_VALUES = 2",
    "lesson-text": "$$\nm = \\frac{a + b}{2}\n$$ (eq-mean)\n\nand $$n = 2$$ (eq-number)",
    "lesson": "secret_of_the_lesson = 1",
    "exercises-text": "## Exercises",
    "exercise-mean": (
        "### Mean\n\nUse {eq}`eq-mean`, no {term}`sum <total>`; see {numref}`fig-far`."
    ),
    "stub-mean": 'def mean(x):\n    """Mean."""\n    raise NotImplementedError("mean")',
    "check-mean": (
        'with exercise("mean"):\n    value = mean([1.0, 3.0])\n'
        '    assert value is not None, "return a value"\n'
        '    assert value == 2, f"divide by the number of values, not {value}"'
    ),
}


def write_chapter(root, name, cells):
    content = []
    for cell_id, text in cells.items():
        is_text = cell_id in ("title", "exercises-text") or cell_id.startswith("exercise-")
        is_text = is_text or cell_id.endswith("-text")
        tags = [cell_id.split("-")[0]] if cell_id.split("-")[0] in KINDS else []
        cell = {"cell_type": "markdown" if is_text else "code", "id": cell_id}
        cell |= {"metadata": {"tags": tags}, "source": text.splitlines(keepends=True)}
        if cell_id == "lesson":
            figure = {"name": "fig-far", "caption": "Two means: far apart. More."}
            cell["metadata"]["mystnb"] = {"figure": figure}
        content.append(cell | ({} if is_text else {"execution_count": None, "outputs": []}))
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    notebook = {"cells": content, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    (root / "chapters").mkdir(parents=True, exist_ok=True)
    (root / "chapters" / f"{name}.ipynb").write_bytes(as_bytes(notebook))


@pytest.fixture
def book(tmp_path, monkeypatch):
    """The folder of a small book, which the command takes for its own."""
    root = tmp_path / "book"
    write_chapter(root, "01_small", CELLS)
    write_chapter(root, "02_bare", {"title": "# Bare"})
    folder = root / "coursework" / "exercises" / "01_small"
    folder.mkdir(parents=True)
    (folder / "mean.py").write_text(MEAN, encoding="utf-8")
    (root / "_config.yml").write_text("title: A small book\n", encoding="utf-8")
    (root / "references.bib").write_text("", encoding="utf-8")
    for name in ("LICENSE", "LICENSE-text"):
        (root / name).write_text(name, encoding="utf-8")
    monkeypatch.setattr(command, "ROOT", root)
    return root


def run(capsys, *words):
    status = command.main(["release", *map(str, words)])
    out, err = capsys.readouterr()
    return status, out, err


# Students


@pytest.mark.parametrize("chapter", CHAPTERS)
@pytest.mark.parametrize("exercises_only", [False, True])
def test_students_get_nothing_that_gives_an_answer_away(chapter, exercises_only):
    given = "\n".join(
        json.dumps(json.loads(content), ensure_ascii=False) if path.endswith("ipynb") else
        content.decode()
        for path, content in files(chapter, exercises_only)["students"].items()
    )  # fmt: skip
    public = "\n".join(source(cell) for cell in chapter_cells(chapter))
    secrets = set()
    for one in load_all(chapter):
        for text in (one.solution, one.hidden, *(wrong.source for wrong in one.wrong)):
            secrets |= {line.strip() for line in text.splitlines()}
        assert one.path.name not in given
    secrets = {line for line in secrets if len(line) > 12 and line not in public}
    assert len(secrets) > 20
    found = [line for line in secrets if json.dumps(line, ensure_ascii=False)[1:-1] in given]
    assert not found


def test_a_leak_would_be_found(book):
    solved = as_bytes(solved_notebook(read_assignment("01_small", book))).decode()
    assert "return math.fsum(x) / len(x)" in solved


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_whole_chapter_stays_as_it_is_below_a_first_cell(chapter):
    notebook = student_notebook(assignment(chapter, exercises_only=False))
    assert notebook["cells"][0]["id"] == "assignment"
    assert notebook["cells"][1:] == chapter_cells(chapter)
    original = (ROOT / "chapters" / f"{chapter}.ipynb").read_bytes()
    notebook["cells"] = notebook["cells"][1:]
    assert as_bytes(notebook) == original


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_trimmed_notebook_keeps_the_exercises_and_their_needs(chapter):
    notebook = student_notebook(assignment(chapter))
    nbformat.validate(nbformat.from_dict(notebook))
    before, after = by_id({"cells": chapter_cells(chapter)}), by_id(notebook)
    needed = [f"{kind}-{one.id}" for one in assignment(chapter).exercises for kind in KINDS]
    opening = ["assignment", "title", "colab-setup", "imports", "settings", "exercises-text"]
    assert list(after) == opening + needed
    for cell_id in list(after)[1:]:
        assert after[cell_id]["metadata"] == before[cell_id]["metadata"]
        if after[cell_id]["cell_type"] == "code":
            assert after[cell_id] == before[cell_id]
    text = "\n".join(source(cell) for cell in after.values() if cell["cell_type"] == "markdown")
    assert not re.search(r"\{(cite|numref|eq|term)\}|colab\.research|<!--", text)
    for label in re.findall(r"\{eq\}`([^`]+)`", "".join(source(before[name]) for name in needed)):
        assert label not in text
    assert text.count("$$") % 2 == 0


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_first_cell_lists_exercises_and_points(chapter):
    first = source(student_notebook(assignment(chapter))["cells"][0])
    rows = re.findall(r"^\| (.+) \| (\d+) \|$", first, flags=re.MULTILINE)
    wanted = [(one.title, str(one.points)) for one in assignment(chapter).exercises]
    assert rows == [*wanted, ("*Together*", str(sum(one.points for one in load_all(chapter))))]
    assert "Due on 1 December 2026." in first
    assert first.startswith("# Assignment: ")


def test_a_trimmed_cell_can_be_read_without_the_chapter(book):
    notebook = student_notebook(read_assignment("01_small", book, exercises_only=True))
    cells = by_id(notebook)
    assert source(cells["exercise-mean"]) == (
        '### Mean\n\nUse equation (A), no sum; see the chapter\'s figure "Two means".\n\n'
        "Equation (A) of the chapter:\n\n$$\nm = \\frac{a + b}{2}\n$$"
    )
    assert source(cells["title"]).startswith("# Exercises: Small means\n")
    assert "*A small book*" in source(cells["title"])
    assert "lesson" not in cells


def test_roles_become_text():
    references = "@book{a2020,\n  title  = {On {B}oxes},\n  year = {2020}\n}\n"
    cells = [{"cell_type": "markdown", "metadata": {}, "source": ["$$x$$ (eq-x) $$y$$ (eq-y)"]}]
    readable = Readable(cells, references)
    assert readable("{cite}`a2020,b2021` {numref}`fig-lost`") == (
        "(On Boxes, 2020; b2021) a figure of the chapter"
    )
    assert readable("By {eq}`eq-y`.") == (
        "By equation (A).\n\nEquation (A) of the chapter:\n\n$$\ny\n$$"
    )
    twice = readable("Equations {eq}`eq-x` and {eq}`eq-y`, see {eq}`eq-x`")
    assert twice.startswith("Equations (B) and (A), see (B)\n\nEquation (B)")
    assert readable("{eq}`eq-lost`") == "equation (C)"


def test_the_students_readme_says_how_to_run_and_hand_in(book):
    text = packed(book, "students")["01_small/README.txt"].decode()
    assert "git+https://github.com/ada/book@main" in text
    assert "Hand in 01_small.ipynb" in text
    assert "Due" not in text
    unset = CELLS["colab-setup"].replace("ada/book", "OWNER/REPOSITORY")
    write_chapter(book, "01_small", {**CELLS, "colab-setup": unset})
    text = packed(book, "students")["01_small/README.txt"].decode()
    assert "OWNER" not in text
    assert "Your teacher tells you how to install them" in text


def packed(book, kind, **options):
    release(["1"], book.parent / "out", book, overwrite=True, **options)
    with zipfile.ZipFile(book.parent / "out" / f"01_small-{kind}.zip") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# Instructors


@functools.cache
def namespace_after(*sources):
    """Run cells, once for all tests of a chapter."""
    return run_source("\n".join(sources), "imports and settings", {})


def outcomes(notebook, answers=None):
    """Run imports, settings and the exercises of a notebook; return statuses, and what raised."""
    cells = by_id(notebook)
    start = namespace_after(source(cells["imports"]), source(cells["settings"]))
    raised = {}
    for cell_id, cell in cells.items():
        if cell_id.startswith("stub-"):
            name = cell_id.removeprefix("stub-")
            namespace = dict(start)
            run_source(answers[name] if answers else source(cell), cell_id, namespace)
            try:
                run_source(source(cells[f"check-{name}"]), f"check-{name}", namespace)
            except Exception as error:
                raised[name] = str(error)
    return exercises.status(), raised


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_solved_and_nbgraders_notebooks_pass_every_check(chapter):
    passed = {one.id: "passed" for one in load_all(chapter)}
    assert outcomes(solved_notebook(assignment(chapter))) == (passed, {})
    exercises.clear()
    assert outcomes(nbgrader_notebook(assignment(chapter), SEED)) == (passed, {})


def test_the_solved_notebook_differs_in_the_stubs_only(book):
    one = read_assignment("01_small", book)
    students, solved = by_id(student_notebook(one)), by_id(solved_notebook(one))
    assert [name for name in students if students[name] != solved[name]] == [
        "assignment",
        "stub-mean",
    ]
    assert "not for students" in source(solved["assignment"])
    assert source(solved["stub-mean"]).startswith("import math\n")


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_instructors_get_the_exercise_files_and_the_points(chapter):
    given = files(chapter, True)["instructors"]
    folder = f"{chapter}-instructors"
    found = {name.rpartition("/")[2] for name in given if "/exercises/" in name}
    assert found == {one.path.name for one in load_all(chapter)}
    for one in load_all(chapter):
        assert given[f"{folder}/exercises/{one.path.name}"] == one.path.read_bytes()
    table = list(csv.DictReader(io.StringIO(given[f"{folder}/points.csv"].decode())))
    points = {row["exercise"]: int(row["points"]) for row in table}
    assert points == {one.id: one.points for one in load_all(chapter)}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_rubric_names_every_exercise_mistake_and_message(chapter):
    text = files(chapter, True)["instructors"][f"{chapter}-instructors/rubric.md"].decode()
    parts = re.split(r"^## \d+\. ", text, flags=re.MULTILINE)[1:]
    assert len(parts) == len(assignment(chapter).exercises)
    for part, one in zip(parts, assignment(chapter).exercises, strict=True):
        assert part.startswith(f"{one.title}: {one.points} point")
        for wrong in one.wrong:
            row = re.search(rf"^\| {wrong.name.replace('-', ' ')} \| (.+) \|$", part, re.MULTILINE)
            assert wrong.expect in row[1].replace("\\|", "|")
        for message in check_messages(assignment(chapter).source(f"check-{one.id}")):
            assert message in part


def test_messages_of_a_check():
    check = (
        'assert a, "one"\nassert b, f"two {b:.2f} {c!r}"\nassert a, "one"\nassert d, e\nassert f'
    )
    assert check_messages(check) == ["one", "two … …", "…"]


def test_a_mistake_that_raises_is_told_by_its_error(book):
    path = book / "coursework" / "exercises" / "01_small" / "mean.py"
    path.write_text(MEAN.replace('expect="return a', 'expect="TypeError | a'), encoding="utf-8")
    assert "| no return | TypeError \\| a value … |" in rubric(read_assignment("01_small", book))


# nbgrader. Rules of its metadata, version 3, as nbgrader 0.9.6 checks them: its JSON schema
# (nbgraderformat/v3.json), its validator (v3.py), and what generate_assignment refuses.

TYPES = {
    "schema_version": int,
    "grade": bool,
    "locked": bool,
    "solution": bool,
    "task": bool,
    "grade_id": str,
    "points": (int, float),
}


def nbgrader_faults(notebook):
    """Return what nbgrader would refuse in the metadata and the marks of a source notebook."""
    faults, ids = [], []
    for cell in notebook["cells"]:
        faults += mark_faults(cell)
        meta = cell["metadata"].get("nbgrader")
        if meta is not None:
            found = [what for what, is_so in cell_rules(cell["cell_type"], meta) if is_so]
            faults += [f"{cell['id']}: {what}" for what in found]
            ids.append(meta.get("grade_id"))
    return faults + [f"{one}: twice" for one in set(ids) if ids.count(one) > 1]


def cell_rules(cell_type, meta):
    """Yield each rule on a cell's metadata with whether it is broken."""
    required = {"schema_version", "grade", "locked", "solution"}
    yield "missing keys", bool(required - set(meta))
    yield "unknown keys", bool(set(meta) - set(TYPES))  # nbgrader itself adds two more
    known = [(key, value) for key, value in meta.items() if key in TYPES]
    yield "types", not all(isinstance(value, TYPES[key]) for key, value in known)
    yield "schema_version", meta.get("schema_version") != 3
    grade, solution = bool(meta.get("grade")), bool(meta.get("solution"))
    yield "grade_id", not re.fullmatch(r"[a-zA-Z0-9_\-]+", meta.get("grade_id", ""))
    yield "points", grade != ("points" in meta) or meta.get("points", 0) < 0
    is_text = cell_type == "markdown"
    yield "text is graded by hand or not at all", is_text and grade != solution
    yield "a task is text", bool(meta.get("task")) and not is_text


def mark_faults(cell):
    """Return what is wrong with the marks in a cell: pairs, unnested, in cells of their kind."""
    meta = cell["metadata"].get("nbgrader", {})
    faults = []
    for what, kind in (("SOLUTION", "solution"), ("HIDDEN TESTS", "grade")):
        marks = re.findall(rf"^\s*### (BEGIN|END) {what}$", source(cell), flags=re.MULTILINE)
        if marks != ["BEGIN", "END"] * (len(marks) // 2) or (marks and not meta.get(kind)):
            faults.append(f"{cell['id']}: marks {what}")
    return faults


@pytest.mark.parametrize("chapter", CHAPTERS)
@pytest.mark.parametrize("exercises_only", [False, True])
def test_nbgrader_would_take_the_notebook(chapter, exercises_only):
    path = f"source/{chapter}/{chapter}.ipynb"
    notebook = json.loads(files(chapter, exercises_only, SEED)["nbgrader"][path])
    nbformat.validate(nbformat.from_dict(notebook))
    assert nbgrader_faults(notebook) == []
    cells = by_id(notebook)
    for one in load_all(chapter):
        stub, check = cells[f"stub-{one.id}"], cells[f"check-{one.id}"]
        assert stub["metadata"]["tags"] == ["stub"]
        assert stub["metadata"]["nbgrader"]["solution"]
        assert check["metadata"]["nbgrader"]["points"] == one.points
        assert check["metadata"]["nbgrader"]["locked"]
        assert source(stub).count("### BEGIN SOLUTION") == 1
        assert source(check).count("### BEGIN HIDDEN TESTS") == 1
        assert cells[f"exercise-{one.id}"]["metadata"]["nbgrader"]["locked"]
    graded = [cell for cell in cells.values() if cell["metadata"].get("nbgrader", {}).get("grade")]
    assert len(graded) == len(load_all(chapter))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"extra": 1}, "unknown keys"),
        ({"grade": None}, "types"),
        ({"schema_version": 2}, "schema_version"),
        ({"grade_id": "a b"}, "grade_id"),
        ({"points": -1}, "points"),
        ({"task": True}, "a task is text"),
        ({"grade_id": "stub-mean"}, "twice"),
        ({"grade": False}, "marks HIDDEN TESTS"),
    ],
)
def test_nbgraders_rules_find_what_is_wrong(book, change, fault):
    notebook = nbgrader_notebook(read_assignment("01_small", book), SEED)
    by_id(notebook)["check-mean"]["metadata"]["nbgrader"] |= change
    assert any(fault in found for found in nbgrader_faults(notebook))


def test_nbgraders_rules_find_missing_keys_and_graded_text(book):
    notebook = nbgrader_notebook(read_assignment("01_small", book), SEED)
    cells = by_id(notebook)
    del cells["stub-mean"]["metadata"]["nbgrader"]["locked"]
    cells["exercise-mean"]["metadata"]["nbgrader"] |= {"grade": True, "points": 1}
    found = nbgrader_faults(notebook)
    assert "stub-mean: missing keys" in found
    assert "exercise-mean: text is graded by hand or not at all" in found


def as_students_get_it(notebook):
    """Return the notebook as nbgrader's generate_assignment leaves it."""
    for cell in notebook["cells"]:
        text = re.sub(
            r"^( *)### BEGIN SOLUTION\n.*?### END SOLUTION",
            r"\1# YOUR CODE HERE\n\1raise NotImplementedError()",
            source(cell),
            flags=re.DOTALL | re.MULTILINE,
        )
        text = re.sub(r"### BEGIN HIDDEN TESTS\n.*?### END HIDDEN TESTS", "", text, flags=re.DOTALL)
        cell["source"] = text.splitlines(keepends=True)
    return notebook


def test_nbgraders_cells_raise_until_check_and_hidden_test_pass(book):
    one = read_assignment("01_small", book)
    whole = nbgrader_notebook(one, SEED)
    assert outcomes(whole) == ({"mean": "passed"}, {})
    assert "# Both count alike." in source(by_id(whole)["stub-mean"])
    summed, nothing, lucky = (wrong.source for wrong in one.exercises[0].wrong)
    assert "divide by the number" in outcomes(whole, {"mean": summed})[1]["mean"]
    assert outcomes(whole, {"mean": nothing})[1] == {"mean": "return a value"}
    status, raised = outcomes(whole, {"mean": lucky})
    assert status == {"mean": "passed"}
    assert raised["mean"].startswith("hidden case 1 of 1: the result: off by up to")
    given = as_students_get_it(nbgrader_notebook(one, SEED))
    assert not re.search(rf"fsum|hidden|SOLUTION|{SEED}", json.dumps(given))
    assert outcomes(given) == ({"mean": "unsolved"}, {"mean": "mean is not solved yet"})
    assert outcomes(given, {"mean": lucky}) == ({"mean": "passed"}, {})


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_nbgraders_hidden_test_refuses_a_wrong_answer_of_each_exercise(chapter):
    one = assignment(chapter)
    notebook = nbgrader_notebook(one, SEED)
    setups = {exercise.id: exercise.setup for exercise in one.exercises}
    wrong = {
        exercise.id: f"{setups[exercise.id]}\n{exercise.wrong[0].source}"
        for exercise in one.exercises
    }
    for cell in notebook["cells"]:
        if cell["id"].startswith("check-"):  # the hidden test alone
            cell["source"] = ["### BEGIN" + source(cell).partition("### BEGIN")[2]]
    assert set(outcomes(notebook, wrong)[1]) == set(wrong)


def test_nbgrader_needs_functions(book):
    two = MEAN.replace("# %% [hidden]", "other = 1\n# %% [hidden]")
    path = book / "coursework" / "exercises" / "01_small" / "mean.py"
    path.write_text(two, encoding="utf-8")
    with pytest.raises(ValueError, match=r"the solution in .*mean\.py must be one function"):
        nbgrader_notebook(read_assignment("01_small", book), SEED)


# Files


@pytest.mark.parametrize("seed", [None, SEED])
def test_two_runs_give_the_same_bytes(book, tmp_path, seed):
    for name in ("one", "two"):
        assert release(["all"], tmp_path / name, book, seed=seed).installs
    written = {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}
    assert written == {path.name: path.read_bytes() for path in (tmp_path / "two").iterdir()}
    for content in written.values():
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
        names = [entry.filename for entry in entries]
        assert names == sorted(names)
        assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.external_attr >> 16 for entry in entries} == {0o100644}


def test_zips_do_not_depend_on_the_order_of_files():
    assert zip_bytes({"a": b"1", "b": b"2"}) == zip_bytes({"b": b"2", "a": b"1"})


def test_every_zip_holds_the_licences(book):
    for kind in ("students", "instructors"):
        names = {name.rpartition("/")[2] for name in packed(book, kind)}
        assert {"LICENSE", "LICENSE-text", "README.txt"} <= names
    assert "source/01_small/LICENSE" in packed(book, "nbgrader", seed=SEED)


def test_other_content_is_replaced_only_when_asked(book, tmp_path, capsys):
    out = tmp_path / "out"
    assert run(capsys, "1", "--to", out)[0] == 0
    before = {path: path.read_bytes() for path in out.iterdir()}
    status, text, _ = run(capsys, "1", "--to", out)
    assert status == 0
    assert "Files written: 0 of 2." in text
    status, _, error = run(capsys, "1", "--to", out, "--title", "Week 3")
    assert status == 1
    assert "give --overwrite to replace it" in error
    assert {path: path.read_bytes() for path in out.iterdir()} == before
    assert run(capsys, "1", "--to", out, "--title", "Week 3", "--overwrite")[0] == 0
    assert all(path.read_bytes() != content for path, content in before.items())


def test_a_failed_write_leaves_everything_as_it_was(tmp_path, monkeypatch):
    out = tmp_path / "new" / "out"
    replace, calls = os.replace, []

    def fails_at_the_second(source, target):
        calls.append(target)
        if len(calls) % 2 == 0:
            raise OSError(errno.ENOSPC, "no space left")
        replace(source, target)

    monkeypatch.setattr(packing.os, "replace", fails_at_the_second)
    with pytest.raises(OSError, match="no space left"):
        write_all(out, {"a": b"1", "b": b"2"})
    assert not (tmp_path / "new").exists()
    out.mkdir(parents=True)
    (out / "a").write_bytes(b"old")
    with pytest.raises(OSError, match="no space left"):
        write_all(out, {"a": b"1", "b": b"2"}, overwrite=True)
    assert [path.name for path in out.iterdir()] == ["a"]
    assert (out / "a").read_bytes() == b"old"


def test_a_folder_that_cannot_be_made_is_named(book, tmp_path, capsys, monkeypatch):
    (tmp_path / "file").write_text("here", encoding="utf-8")
    status, _, error = run(capsys, "1", "--to", tmp_path / "file")
    assert status == 1
    assert f"cannot make the folder {tmp_path / 'file'}: a file of that name stands" in error
    assert run(capsys, "1", "--to", tmp_path / "file" / "below")[0] == 1
    mkdir = Path.mkdir

    def refuses(path, *arguments, **options):
        if path.name == "inner":
            raise PermissionError(errno.EACCES, "permission denied")
        mkdir(path, *arguments, **options)

    monkeypatch.setattr(Path, "mkdir", refuses)
    status, _, error = run(capsys, "1", "--to", tmp_path / "outer" / "inner")
    assert "inner: permission denied" in error
    assert not (tmp_path / "outer").exists()


# The command


def test_chapters_go_by_number_and_by_name():
    every = ["03_autoencoder"]
    for word in ("3", "03", "03_autoencoder", "autoencoder"):
        assert find_chapters([word], ROOT) == every
    assert find_chapters(["4", "3", "03"], ROOT) == ["03_autoencoder", "04_recurrent_network"]
    assert find_chapters(["all"], ROOT) == CHAPTERS


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["01_smal"], "no chapter '01_smal'; did you mean '01_small'?"),
        (["77"], "no chapter '77'; known: '01_small', '02_bare'"),
        (["2"], "02_bare has no exercises to assign; chapters that have: 01_small"),
        (["1", "--due", "2026-02-30"], "'2026-02-30' is no date: the calendar has no such day"),
        (["1", "--due", "1.12.2026"], "'1.12.2026' is no date: write year, month and day"),
        (["1", "--due", ""], "'' is no date"),
        (["1", "--title", " "], "the title must be one line of text"),
        (["1", "--seed=1"], "--seed goes with --format nbgrader or gradescope only"),
        (["1", "--format", "nbgrader"], "needs --seed and a whole number"),
        (["1", "--format", "nbgrader", "--seed=-1"], "got '-1'"),
    ],
)
def test_mistakes_are_told_and_nothing_is_written(book, tmp_path, capsys, words, message):
    status, out, error = run(capsys, *words, "--to", tmp_path / "out")
    assert (status, out) == (1, "")
    assert error.startswith("Nothing was written: ")
    assert message in error
    assert not (tmp_path / "out").exists()


def test_a_book_without_chapters_or_exercises_says_so(book, tmp_path):
    (book / "coursework/exercises/01_small/mean.py").unlink()
    with pytest.raises(ValueError, match="no chapter has exercises to assign"):
        find_chapters(["all"], book)
    with pytest.raises(ValueError, match="holds no notebook"):
        find_chapters(["all"], tmp_path)


def test_a_chapter_that_lacks_cells_is_refused(book, tmp_path, capsys):
    write_chapter(book, "01_small", {k: v for k, v in CELLS.items() if k != "check-mean"})
    status, _, error = run(capsys, "1", "--to", tmp_path / "out")
    assert status == 1
    assert "01_small.ipynb lacks the cells check-mean" in error
    (book / "coursework/exercises/01_small/mean.py").write_text("x = (", encoding="utf-8")
    with pytest.raises(ExerciseFileError):
        read_assignment("01_small", book)


def test_title_and_due_date_head_everything(book):
    options = {"title": "Week 3", "due": due_date("2026-12-01")}
    first = json.loads(packed(book, "students", **options)["01_small/01_small.ipynb"])["cells"][0]
    assert source(first).startswith("# Week 3\n\nDue on 1 December 2026.\n")
    assert "| Mean \\| of two | 1 |" in source(first)
    given = packed(book, "instructors", **options)
    for name in ("rubric.md", "README.txt"):
        text = given[f"01_small-instructors/{name}"].decode()
        assert "Week 3" in text
        assert "Due on 1 December 2026." in text
    write_chapter(book, "01_small", {**CELLS, "title": "No heading"})
    assert read_assignment("01_small", book).title == "Assignment: 01_small"


def test_a_book_without_an_address_says_so(book, tmp_path, capsys):
    assert run(capsys, "1", "--to", tmp_path / "out")[2] == ""
    unset = CELLS["colab-setup"].replace("ada/book", "OWNER/REPOSITORY")
    write_chapter(book, "01_small", {**CELLS, "colab-setup": unset})
    error = run(capsys, "1", "--to", tmp_path / "other")[2]
    assert "python -m tools.address URL" in error


def commands(text):
    return [shlex.split(line) for line in re.findall(r"python -m coursework (release .*)", text)]


def test_the_help_has_a_worked_example_that_runs(tmp_path, capsys, monkeypatch):
    with pytest.raises(SystemExit) as stopped:
        command.main(["--help"])
    assert stopped.value.code == 0
    text = capsys.readouterr().out
    examples = commands(text)
    assert len(examples) == 2
    (tmp_path / "repository").mkdir()
    monkeypatch.chdir(tmp_path / "repository")
    for words in examples:
        assert command.main(words) == 0
    assert sorted(path.name for path in (tmp_path / "week-3").iterdir()) == [
        "03_autoencoder-instructors.zip",
        "03_autoencoder-students.zip",
    ]
    assert (tmp_path / "course" / "03_autoencoder-nbgrader.zip").is_file()


def test_the_commands_of_the_teachers_page_run(tmp_path, capsys, monkeypatch):
    page = (ROOT / "appendix" / "teaching.md").read_text(encoding="utf-8")
    (tmp_path / "repository").mkdir()
    monkeypatch.chdir(tmp_path / "repository")
    examples = commands(page)
    assert len(examples) >= 3
    for words in examples:
        assert command.main(words) == 0, words
    made = {path.name for path in tmp_path.glob("*/*.zip")}
    named = set(re.findall(r"[\w-]+\.zip", page))
    assert named
    assert named <= made
    for path in re.findall(r"`(03_autoencoder(?:-instructors)?/[^`]+)`", page):
        kind = "instructors" if "-instructors/" in path else "students"
        with zipfile.ZipFile(tmp_path / "week-3" / f"03_autoencoder-{kind}.zip") as archive:
            assert any(entry.startswith(path) for entry in archive.namelist()), path


def test_the_command_runs_as_a_module():
    words = [sys.executable, "-m", "coursework", "release", "autoencodr", "--to", "never"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "did you mean '03_autoencoder'?" in done.stderr
