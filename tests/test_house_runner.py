"""The command that runs all tests counts what its steps report, and fails when one fails."""

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def runner():
    return runpy.run_path(str(ROOT / "tests" / "__main__.py"), run_name="tests_main")


def test_outcomes_add_up(runner):
    outcome = runner["Outcome"]
    total = outcome(passed=2, skipped=1) + outcome(passed=1, failed=1)
    assert str(total) == "3 passed, 1 failed, 1 skipped"
    assert str(outcome(passed=1)) == "1 passed, 0 failed"


def test_counts_come_from_the_report(runner, tmp_path):
    report = tmp_path / "report.xml"
    report.write_text(
        '<testsuites><testsuite tests="9" failures="1" errors="2" skipped="3"/></testsuites>'
    )
    assert runner["counts"](report) == runner["Outcome"](passed=3, failed=3, skipped=3)


@pytest.mark.parametrize(("status", "expected"), [("0", (1, 0)), ("3", (0, 1))])
def test_a_command_counts_as_one_test(runner, status, expected):
    import sys

    outcome = runner["command"]([sys.executable, "-c", f"raise SystemExit({status})"])
    assert (outcome.passed, outcome.failed) == expected


def test_steps_run_strictly_in_the_quick_profile(runner, monkeypatch):
    monkeypatch.setenv("NNBOOK_PROFILE", "full")
    monkeypatch.setenv("NNBOOK_EXPECTED", "elsewhere.yml")
    environment = runner["environment"]()
    assert environment["NNBOOK_PROFILE"] == "quick"
    assert environment["NNBOOK_STRICT"] == "1"
    assert "NNBOOK_EXPECTED" not in environment


def test_options_choose_a_part(runner):
    assert runner["parse"](["--only", "site"]).only == "site"
    with pytest.raises(SystemExit):
        runner["parse"](["--only", "everything"])


@pytest.mark.parametrize("words", [[], ["--all-chapters"]])
def test_an_option_runs_all_chapters_on_the_oldest_versions(runner, monkeypatch, words):
    called = []
    monkeypatch.setitem(runner["install"].__globals__, "pytest", lambda *a: called.append(a))
    runner["install"](runner["parse"](words))
    assert called == [("install", "tests/install", *words)]
