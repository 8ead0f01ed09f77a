"""The workflows: valid, frugal with rights, bounded in time, and running README's commands."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
README = (ROOT / "README.md").read_text(encoding="utf-8")
PINNED = re.compile(r"actions/[\w-]+@v\d+|[\w.-]+/[\w./-]+@[0-9a-f]{40}")
MAY_WRITE = {("pages.yml", "deploy"): {"pages": "write", "id-token": "write"}}


def validate(schema, path):
    """Hold a file against a schema that comes with check-jsonschema; no network is used."""
    words = ["--builtin-schema", f"vendor.{schema}", str(path)]
    return subprocess.run(
        [sys.executable, "-m", "check_jsonschema", *words],
        capture_output=True,
        text=True,
        check=False,
    )


def jobs():
    for path in WORKFLOWS:
        for name, job in yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].items():
            yield path.name, name, job


def commands():
    return [step["run"] for _, _, job in jobs() for step in job["steps"] if "run" in step]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflow_is_valid(path):
    done = validate("github-workflows", path)
    assert done.returncode == 0, done.stdout


def test_dependabot_settings_are_valid():
    done = validate("dependabot", GITHUB / "dependabot.yml")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("old", "new"),
    [("runs-on:", "run-on:"), ("timeout-minutes: 30", "timeout-minutes: soon"), ("uses:", "use:")],
)
def test_a_broken_workflow_would_be_noticed(old, new, tmp_path):
    text = (GITHUB / "workflows" / "tests.yml").read_text(encoding="utf-8")
    assert old in text
    broken = tmp_path / "tests.yml"
    broken.write_text(text.replace(old, new), encoding="utf-8")
    assert validate("github-workflows", broken).returncode == 1


def test_rights_are_given_to_jobs_and_only_where_needed():
    for path in WORKFLOWS:
        assert yaml.safe_load(path.read_text(encoding="utf-8"))["permissions"] == {}, path.name
    for workflow, name, job in jobs():
        wanted = MAY_WRITE.get((workflow, name), {"contents": "read"})
        assert job["permissions"] == wanted, f"{workflow}: {name}"


def test_every_job_is_bounded_in_time():
    assert all(job["timeout-minutes"] <= 120 for _, _, job in jobs())


def test_actions_are_pinned():
    """GitHub's own to a major version, which Dependabot moves; others to a commit."""
    used = [step["uses"] for _, _, job in jobs() for step in job["steps"] if "uses" in step]
    assert used
    assert [action for action in used if not PINNED.fullmatch(action)] == []


@pytest.mark.parametrize("action", ["actions/checkout@main", "someone/tool@v2", "actions/cache"])
def test_unpinned_actions_would_be_found(action):
    assert not PINNED.fullmatch(action)


def test_checkouts_leave_no_token_behind():
    for _, _, job in jobs():
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False


def test_no_command_is_built_from_an_expression():
    """What GitHub puts in place of an expression could end the command and begin another."""
    assert [command for command in commands() if "${{" in command] == []


@pytest.mark.parametrize("program", ["python -m tests", "jupyter-book build . -W -n --keep-going"])
def test_the_commands_of_readme_are_run_word_for_word(program):
    (command,) = (line for line in README.splitlines() if line.endswith(f".venv/bin/{program}"))
    assert command in commands()


def test_concurrent_deployments_wait_for_each_other():
    pages = yaml.safe_load((GITHUB / "workflows" / "pages.yml").read_text(encoding="utf-8"))
    assert pages["concurrency"] == {"group": "pages", "cancel-in-progress": False}
