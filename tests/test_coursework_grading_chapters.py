"""Every exercise of the book through the sandbox: solutions pass, typical mistakes are named."""

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from coursework.assignments import read_assignment
from coursework.exercise_files import load_all
from coursework.grading import judge
from coursework.grading.sandbox import NoSandboxError
from coursework.grading.session import Room, find_sandbox
from coursework.grading.submissions import Submission

ROOT = Path(__file__).parent.parent
CHAPTERS = sorted({exercise.chapter for exercise in load_all()})
OPENING = ("imports", "settings")


@pytest.fixture(scope="module")
def assignments():
    return {chapter: read_assignment(chapter, ROOT) for chapter in CHAPTERS}


@pytest.fixture(scope="module")
def room(assignments):
    """One sandbox for all chapters: it loads what any of them imports."""
    sources = [(name, one.source("imports")) for name, one in assignments.items()]
    try:
        sandbox = find_sandbox()
    except NoSandboxError as error:
        if os.environ.get("CI") and sys.platform == "linux":
            pytest.fail(f"grading needs bubblewrap: apt install bubblewrap\n{error}")
        pytest.skip(f"grading needs bubblewrap: apt install bubblewrap\n{error}")
    with Room(sandbox, sources) as room:
        room.start()
        yield room


@pytest.fixture
def course(request, assignments, monkeypatch):
    assignment = assignments[request.param]
    opening = "\n".join(assignment.source(name) for name in OPENING) + "\n"
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
