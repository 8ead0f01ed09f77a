"""The template is a chapter that runs: executed as CI executes chapters, bounds and all."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nnbook_site import execution

from nnbook_utils import results

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("executed")
    copy = Path(shutil.copy(TEMPLATES / "chapter_template.ipynb", folder))
    settings = {
        "NNBOOK_EXPECTED": str(TEMPLATES / "expected_section.yml"),
        "NNBOOK_PROFILE": "quick",
        "NNBOOK_STRICT": "1",
    }
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    words += ["--nbmake", "--overwrite", "--nbmake-timeout=300", str(copy)]
    run = subprocess.run(
        words, cwd=ROOT, env={**os.environ, **settings}, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout[-3000:]
    return copy


def test_template_runs_through(executed):
    assert execution.ran_through(executed)


def test_template_leaves_a_record_that_gather_finds(executed, tmp_path, monkeypatch):
    monkeypatch.setenv("NNBOOK_EXPECTED", str(TEMPLATES / "expected_section.yml"))
    records = results.gather(executed.parent, tmp_path / "quick.json")
    assert set(records["chapter_template"]["metrics"]) == {"test_error", "baseline_error"}


def test_template_shows_its_exercise_as_not_solved(executed):
    cells = {cell.id: cell for cell in nbformat.read(executed, 4).cells}
    shown = [output["data"]["text/plain"] for output in cells["check-mean-error"].outputs]
    assert "not solved yet" in " ".join(shown).lower()
