"""Every exercise of every chapter: stub, solution, hidden test and typical wrong answers."""

import functools
import json
from pathlib import Path
from typing import NamedTuple

import pytest

from coursework import exercise_files, hidden_tests
from nnbook_utils import exercises
from nnbook_utils.cells import read_cells, run_cells, run_source

ROOT = Path(__file__).parents[1]
CHAPTERS = ROOT / "chapters"
SEEDS = (0, 1, 2, 3, 4)


class Case(NamedTuple):
    """One exercise and the notebook that asks it."""

    notebook: Path
    exercise: exercise_files.Exercise


CASES = [
    Case(CHAPTERS / f"{exercise.chapter}.ipynb", exercise) for exercise in exercise_files.load_all()
]
WRONG = [(case, wrong) for case in CASES for wrong in case.exercise.wrong]
NOTEBOOKS = sorted(CHAPTERS.glob("*.ipynb"))


def case_name(case):
    return f"{case.exercise.chapter}-{case.exercise.id}"


@functools.cache
def chapter_start(notebook):
    """Run a chapter's imports and settings, once for all its exercises."""
    return run_cells(notebook, "imports", "settings")


def outcome(case, answer):
    """Run an answer (None for the stub) and the chapter's check; return status and feedback."""
    namespace = dict(chapter_start(case.notebook))
    name = case.exercise.id
    if answer is None:
        run_cells(case.notebook, f"stub-{name}", namespace=namespace)
    else:
        run_source(answer, f"{case.exercise.path.name}#answer", namespace)
    exercises.clear()
    run_cells(case.notebook, f"check-{name}", namespace=namespace)
    assert name in exercises.status(), f"check-{name} must use `with exercise({name!r}):`"
    return exercises.status()[name], exercises.feedback(name)


def hidden_outcomes(case, answer):
    """Return the hidden test's feedback on an answer, one per seed, None where it passes."""
    start = chapter_start(case.notebook)
    namespace = run_source(answer, f"{case.exercise.path.name}#answer", dict(start))
    function = namespace[case.exercise.function]
    return [hidden_tests.hidden_feedback(case.exercise, function, seed, start) for seed in SEEDS]


def mismatches(notebook, found):
    """Return what a chapter's exercise cells and its exercise files do not agree on."""
    cells = read_cells(notebook)
    asked = [cell_id.removeprefix("exercise-") for cell_id in cells if cell_id[:9] == "exercise-"]
    filed = [exercise.id for exercise in found]
    problems = [f"no file for exercise-{name}" for name in asked if name not in filed]
    for exercise in found:
        for kind, tag in (("exercise", "exercise"), ("stub", "stub"), ("check", "check")):
            cell = cells.get(f"{kind}-{exercise.id}")
            if cell is None:
                problems.append(f"no cell {kind}-{exercise.id}")
            elif tag not in cell.tags:
                problems.append(f"cell {kind}-{exercise.id} lacks the tag {tag}")
        stub = cells.get(f"stub-{exercise.id}")
        if stub and f"def {exercise.function}(" not in stub.source:
            problems.append(f"stub-{exercise.id} does not define {exercise.function}")
    return problems


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_chapter_and_exercise_files_agree(notebook):
    assert mismatches(notebook, exercise_files.load_all(notebook.stem)) == []


def test_every_exercise_file_belongs_to_a_chapter():
    assert [case_name(case) for case in CASES if case.notebook not in NOTEBOOKS] == []


@pytest.mark.parametrize("case", CASES, ids=case_name)
def test_stub_is_unsolved(case):
    assert outcome(case, None) == ("unsolved", "")


@pytest.mark.parametrize("case", CASES, ids=case_name)
def test_solution_passes_the_chapters_check(case):
    assert outcome(case, case.exercise.solution) == ("passed", "")


@pytest.mark.parametrize("case", CASES, ids=case_name)
def test_solution_passes_the_hidden_test(case):
    assert hidden_outcomes(case, case.exercise.solution) == [None] * len(SEEDS)


@pytest.mark.parametrize(
    ("case", "wrong"), WRONG, ids=[f"{case_name(case)}-{wrong.name}" for case, wrong in WRONG]
)
def test_wrong_answer_is_named_and_fails_the_hidden_test(case, wrong):
    status, feedback = outcome(case, wrong.source)
    assert status in ("failed", "error")
    assert wrong.expect in feedback
    assert any(hidden_outcomes(case, wrong.source)), "passes the hidden test on every seed"


# The same functions on a small notebook, right and wrong in turn.

SMALL_EXERCISE = """# %% [exercise] id="mean" title="Mean" points=1 function="mean"
# %% [solution]
def mean(x):
    return x.sum() / len(x)
# %% [hidden]
def cases(rng):
    return [(rng.normal(size=N_VALUES),)]
# %% [wrong] name="sum" expect="divide by the number"
def mean(x):
    return x.sum()
# %% [wrong] name="no-return" expect="return a value"
def mean(x):
    x.mean()
# %% [wrong] name="lucky" expect="divide by the number"
def mean(x):
    return 2.0
"""


@pytest.fixture
def small(tmp_path):
    """A chapter of one exercise, and a function that changes its cells."""
    folder = tmp_path / "01_small"
    folder.mkdir()
    (folder / "mean.py").write_text(SMALL_EXERCISE, encoding="utf-8")
    sources = {
        "imports": "import numpy as np\nfrom nnbook_utils import exercise",
        "settings": "N_VALUES = 5",
        "exercise-mean": "Write the mean.",
        "stub-mean": 'def mean(x):\n    """Mean."""\n    raise NotImplementedError("mean")',
        "check-mean": (
            'with exercise("mean"):\n    value = mean(np.array([1.0, 3.0]))\n'
            '    assert value is not None, "return a value"\n'
            '    assert value == 2, "divide by the number of values"\n'
        ),
    }

    def build(**changes):
        cells = []
        for cell_id, source in {**sources, **changes}.items():
            if source is not None:
                kind = "markdown" if cell_id.startswith("exercise-") else "code"
                metadata = {"tags": [cell_id.split("-")[0]]}
                cells.append(
                    {"id": cell_id, "cell_type": kind, "source": source, "metadata": metadata}
                )
        path = tmp_path / "01_small.ipynb"
        path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
        chapter_start.cache_clear()
        return Case(path, exercise_files.read(folder / "mean.py"))

    yield build
    chapter_start.cache_clear()


def test_small_chapter_agrees(small):
    case = small()
    assert mismatches(case.notebook, [case.exercise]) == []


def test_small_chapter_outcomes(small):
    case = small()
    assert outcome(case, None) == ("unsolved", "")
    assert outcome(case, case.exercise.solution) == ("passed", "")
    assert hidden_outcomes(case, case.exercise.solution) == [None] * len(SEEDS)
    summed, nothing, lucky = (wrong.source for wrong in case.exercise.wrong)
    assert outcome(case, summed) == ("failed", "divide by the number of values")
    assert outcome(case, nothing) == ("failed", "return a value")
    assert outcome(case, lucky) == ("passed", ""), "a check alone can be fooled"
    assert all(hidden_outcomes(case, lucky)), "the hidden test cannot"


def test_answers_do_not_leak_into_each_other(small):
    case = small()
    outcome(case, case.exercise.solution)
    assert outcome(case, "pass")[0] == "error"


def test_disagreements_are_found(small):
    case = small(**{"exercise-median": "Write the median.", "check-mean": None})
    assert mismatches(case.notebook, [case.exercise]) == [
        "no file for exercise-median",
        "no cell check-mean",
    ]
    case = small(**{"stub-mean": "def average(x): ..."})
    assert mismatches(case.notebook, [case.exercise]) == ["stub-mean does not define mean"]
    cells = json.loads(case.notebook.read_text(encoding="utf-8"))
    cells["cells"][3]["metadata"] = {}
    case.notebook.write_text(json.dumps(cells), encoding="utf-8")
    assert "cell stub-mean lacks the tag stub" in mismatches(case.notebook, [case.exercise])


def test_a_check_without_exercise_is_found(small):
    case = small(**{"check-mean": "value = 1"})
    with pytest.raises(AssertionError, match=r"check-mean must use `with exercise\('mean'\):`"):
        outcome(case, case.exercise.solution)
