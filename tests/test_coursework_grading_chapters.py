"""Every exercise of the book through the sandbox: solutions pass, typical mistakes are named."""

import csv
import json
import os
import re
import shlex
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from coursework.__main__ import main
from coursework.assignments import read_assignment
from coursework.exercise_files import load_all
from coursework.grading import classes, gradebooks, judge
from coursework.grading.reports import feedback_name
from coursework.grading.sandbox import NoSandboxError
from coursework.grading.session import Room, find_sandbox
from coursework.grading.submissions import Submission
from coursework.notebooks import as_bytes, solved_notebook

ROOT = Path(__file__).parent.parent
CHAPTERS = sorted({exercise.chapter for exercise in load_all()})
OPENING = ("imports", "settings")
SLOW = r"^(begin|threadpoolctl)\b.*$"  # seconds for all answers, and no name defined


@pytest.fixture(scope="module")
def assignments():
    return {chapter: read_assignment(chapter, ROOT) for chapter in CHAPTERS}


@pytest.fixture(scope="module")
def sandbox():
    try:
        return find_sandbox()
    except NoSandboxError as error:
        if os.environ.get("CI") and sys.platform == "linux":
            pytest.fail(f"grading needs bubblewrap: apt install bubblewrap\n{error}")
        pytest.skip(f"grading needs bubblewrap: apt install bubblewrap\n{error}")


@pytest.fixture(scope="module")
def room(sandbox, assignments):
    """One sandbox for all chapters: it loads what any of them imports."""
    sources = [(name, one.source("imports")) for name, one in assignments.items()]
    with Room(sandbox, sources) as room:
        room.start()
        yield room


@pytest.fixture
def course(request, assignments, monkeypatch):
    assignment = assignments[request.param]
    opening = "\n".join(assignment.source(name) for name in OPENING) + "\n"
    opening = re.sub(SLOW, "", opening, flags=re.MULTILINE)
    find = judge.find_answers

    def with_opening(*arguments):
        found = find(*arguments)
        return {key: replace(one, support=opening + one.support) for key, one in found.items()}

    monkeypatch.setattr(judge, "find_answers", with_opening)
    return judge.Course(assignment, 7403, judge.load(assignment)[0])


def hand_in(course, room, sources):
    cells = [
        {"cell_type": "code", "id": f"stub-{one.id}", "source": f"{one.setup}\n{source}"}
        for one, source in sources
    ]
    files = {"a.ipynb": json.dumps({"cells": cells}).encode()}
    result = judge.grade(course, Submission("Ada", "files", "", files), room)
    return {mark.exercise: mark for mark in result.marks}


@pytest.mark.parametrize("course", CHAPTERS, indirect=True)
def test_solutions_get_all_points_and_mistakes_are_named(course, room):
    exercises = course.assignment.exercises
    marks = hand_in(course, room, [(one, one.solution) for one in exercises])
    said = {name: mark.feedback for name, mark in marks.items() if mark.points != mark.of}
    assert said == {}
    for place in range(max(len(one.wrong) for one in exercises)):
        chosen = [(one, one.wrong[place]) for one in exercises if place < len(one.wrong)]
        marks = hand_in(course, room, [(one, wrong.source) for one, wrong in chosen])
        for one, wrong in chosen:
            assert marks[one.id].points == 0, (one.id, wrong.name)
            assert wrong.expect in marks[one.id].feedback, (one.id, wrong.name)


def test_the_worked_example_of_the_teachers_page(
    sandbox, assignments, tmp_path, monkeypatch, capsys
):
    page = (ROOT / "appendix/teaching.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"^python -m coursework (grade .*)$", page, flags=re.MULTILINE)
    (tmp_path / "repository").mkdir()
    (tmp_path / "handed-in").mkdir()
    monkeypatch.chdir(tmp_path / "repository")
    monkeypatch.setattr(classes, "_cores", lambda: 1)
    handed_in = solved_notebook(assignments["03_autoencoder"])
    (tmp_path / "handed-in/ada.ipynb").write_bytes(as_bytes(handed_in))
    stub = next(cell for cell in handed_in["cells"] if cell["id"] == "stub-psnr")
    stub["source"] = ["def psnr(*images):\n", "    return 30.0\n"]
    (tmp_path / "handed-in/alan.ipynb").write_bytes(as_bytes(handed_in))
    marks = re.search(r"```text\n(.*?)```", page, flags=re.DOTALL)[1]
    (tmp_path / "marks.csv").write_text(marks, encoding="utf-8")
    assert main([*shlex.split(line), "--manual", str(tmp_path / "marks.csv")]) == 0
    grades = tmp_path / "grades-3"
    for name in re.findall(r"^- `([\w./]+)`", page, flags=re.MULTILINE):
        if not name.startswith("03_"):
            assert (grades / name).exists(), name
    with (grades / "grades.csv").open(encoding="utf-8") as stream:
        points = {row["student"]: row["points"] for row in csv.DictReader(stream)}
    assert points == {"ada": "12", "alan": "7"}
    feedback = (grades / "feedback" / feedback_name("alan")).read_text(encoding="utf-8")
    assert "Marked by your teacher" not in feedback
    assert "Stopped by an error" in feedback
    assert "TypeError" in feedback
    assert "7403" not in feedback
    assert tuple(marks.split(",")[:3]) == gradebooks.MANUAL_COLUMNS
