"""Assignments for GitHub and Gradescope, run as these services run them."""

import io
import json
import os
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml
from test_coursework_grading import RIGHT_HALF, RIGHT_TOTAL, WASTE, notebook, tiny_book

from coursework.grading.sandbox import SYSTEM, readable
from coursework.grading.submissions import collect
from coursework.hidden_tests import HIDDEN_DIR
from coursework.release import release

ROOT = Path(__file__).parent.parent
SEED = 7403
LIMITS = {"seconds": 3.0, "memory": 256 * 2**20, "processes": 16}
RIGHT = notebook(RIGHT_HALF, RIGHT_TOTAL)
WRONG = notebook("def half(values):\n    return values * 2", RIGHT_TOTAL)
# Docker's own choice, without CAP_SYS_ADMIN:
# https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities
DOCKER = ("CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP")


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A repository with one chapter that needs no TensorFlow, and all that a release packs."""
    root = tiny_book(tmp_path_factory.mktemp("book"))
    for name in ("pyproject.toml", "requirements.txt", "LICENSE", "LICENSE-text"):
        shutil.copy(ROOT / name, root / name)
    shutil.copytree(ROOT / "nnbook_utils", root / "nnbook_utils")
    return root


def released(root, folder, format):
    seed = SEED if format == "gradescope" else None
    (path,) = release(["1"], folder, root, format=format, seed=seed).files
    return path.read_bytes()


@pytest.mark.parametrize("format", ["github", "gradescope"])
def test_two_runs_give_the_same_bytes(root, tmp_path, format):
    one, two = (released(root, tmp_path / name, format) for name in ("one", "two"))
    assert one == two


# Gradescope


@pytest.fixture
def autograder(root, tmp_path):
    """Gradescope's folder, as https://gradescope-autograders.readthedocs.io/ describes it."""
    place = tmp_path / "autograder"
    with zipfile.ZipFile(io.BytesIO(released(root, tmp_path / "zips", "gradescope"))) as archive:
        archive.extractall(place / "source")
        modes = {entry.filename: entry.external_attr >> 16 for entry in archive.infolist()}
    assert modes["run_autograder"] == modes["setup.sh"] == 0o100755
    settings = json.loads((place / "source/settings.json").read_text())
    settings["limits"] = LIMITS
    (place / "source/settings.json").write_text(json.dumps(settings))
    shutil.copy(place / "source/run_autograder", place / "run_autograder")
    (place / "run_autograder").chmod(0o755)
    for name in ("submission", "results"):
        (place / name).mkdir()
    users = [{"email": "ada@example.org", "id": 12, "name": "Ada"}]
    (place / "submission_metadata.json").write_text(json.dumps({"id": 1, "users": users}))
    environment = tmp_path / "environment/bin"
    environment.mkdir(parents=True)
    program = f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n'
    (environment / "python").write_text(program)
    (environment / "python").chmod(0o755)
    return place


def container(autograder):
    """Return the words that run a program as root in a container without user namespaces."""
    words = [] if os.geteuid() == 0 else ["sudo", "-n"]
    words += ["bwrap", "--ro-bind", "/etc", "/etc", "--proc", "/proc", "--dev", "/dev"]
    for folder in SYSTEM:
        path = Path(folder)
        if path.is_symlink():
            words += ["--symlink", os.readlink(path), folder]
        elif path.is_dir():
            words += ["--ro-bind", folder, folder]
    words += ["--perms", "1777", "--tmpfs", "/tmp"]
    for path in readable():
        for parent in reversed(path.parents[:-1]):
            if parent != Path("/tmp"):
                words += ["--perms", "0755", "--dir", str(parent)]
        words += ["--ro-bind", str(path), str(path)]
    words += ["--ro-bind-try", "/dev/null", "/usr/bin/bwrap"]
    words += ["--ro-bind", str(autograder.parent / "environment"), "/environment"]
    words += ["--bind", str(autograder), "/autograder", "--chdir", "/autograder"]
    words += ["--unshare-pid", "--unshare-net", "--cap-drop", "ALL"]
    for name in DOCKER:
        words += ["--cap-add", f"CAP_{name}"]
    return [
        *words,
        "--clearenv",
        "--setenv",
        "PATH",
        "/usr/bin:/bin",
        "--setenv",
        "AUTOGRADER_ENVIRONMENT",
        "/environment",
    ]


@pytest.fixture(params=["bubblewrap", "user"])
def gradescope(request, autograder):
    """Return a function that hands in files and returns what Gradescope would read."""
    if sys.platform != "linux" or shutil.which("bwrap") is None:
        pytest.skip("grading needs bubblewrap: apt install bubblewrap")
    if request.param == "user" and os.geteuid() != 0 and not os.environ.get("CI"):
        pytest.skip("only root can run code under another user")

    def hand_in(files):
        for name, content in files.items():
            (autograder / "submission" / name).write_bytes(content)
        if request.param == "user":
            words, settings = [*container(autograder), "/autograder/run_autograder"], None
        else:
            words = [str(autograder / "run_autograder")]
            settings = {
                **os.environ,
                "AUTOGRADER_ROOT": str(autograder),
                "AUTOGRADER_ENVIRONMENT": str(autograder.parent / "environment"),
                "PYTHONPATH": "",
            }
        done = subprocess.run(
            words, env=settings, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr + done.stdout
        found = json.loads((autograder / "results/results.json").read_text())
        assert found["extra_data"]["sandbox"] == request.param
        return follows_the_format(found)

    return hand_in


WHEN = ("hidden", "after_due_date", "after_published", "visible")
FORMATS = ("text", "html", "simple_format", "md", "ansi")
WHOLE = {
    "execution_time": lambda value: type(value) is int and value >= 0,
    "output": lambda value: isinstance(value, str),
    "output_format": FORMATS.__contains__,
    "visibility": WHEN.__contains__,
    "stdout_visibility": WHEN.__contains__,
    "extra_data": lambda value: isinstance(value, dict),
    "tests": lambda value: isinstance(value, list),
}
ONE = {
    "name": lambda value: isinstance(value, str),
    "score": lambda value: isinstance(value, (int, float)),
    "max_score": lambda value: isinstance(value, (int, float)),
    "status": ("passed", "failed").__contains__,
    "output": lambda value: isinstance(value, str),
    "output_format": FORMATS.__contains__,
    "visibility": WHEN.__contains__,
    "extra_data": lambda value: isinstance(value, dict),
}


def follows_the_format(found):
    """Hold results.json against https://gradescope-autograders.readthedocs.io/en/latest/specs/."""
    for values, rules in [(found, WHOLE), *((test, ONE) for test in found["tests"])]:
        assert set(values) == set(rules)
        assert {name: value for name, value in values.items() if not rules[name](value)} == {}
    assert found["stdout_visibility"] == "hidden"
    for test in found["tests"]:
        assert 0 <= test["score"] <= test["max_score"]
    assert str(SEED) not in json.dumps(found)
    return found


def scores(found):
    return [test["score"] for test in found["tests"]]


def test_gradescope_grades_right_and_wrong_answers(gradescope):
    found = gradescope({"Any name.ipynb": RIGHT})
    assert scores(found) == [2, 3]
    assert [test["max_score"] for test in found["tests"]] == [2, 3]
    assert [test["output"] for test in found["tests"]] == ["", ""]
    found = gradescope({"Any name.ipynb": WRONG})
    assert scores(found) == [0, 3]
    assert "divide by two" in found["tests"][0]["output"]


@pytest.mark.parametrize("files", [{}, {"a.ipynb": b"no notebook"}, {"a.txt": b"text"}])
def test_gradescope_tells_what_is_no_notebook(gradescope, files):
    found = gradescope(files)
    assert scores(found) == [0, 0]
    assert "notebook" in found["output"] or "nothing was handed in" in found["output"]


SPY = """\
import glob, os
def half(values):
    found = []
    for top in ("/autograder", "/environment", {top!r}, "/proc"):
        for folder, _, names in os.walk(top):
            for name in names:
                path = os.path.join(folder, name)
                if top == "/proc" and name not in ("environ", "mem", "maps"):
                    continue
                try:
                    text = open(path, errors="replace").read(9999)
                except OSError:
                    continue
                if "def cases" in text or "7403" in text:
                    found.append(path)
                if top == "/autograder":
                    found.append(path)
    for path in ("/autograder/results/results.json", "/autograder/run_autograder"):
        try:
            open(path, "a")
            found.append(path)
        except OSError:
            pass
    for number in range(1, 200):
        try:
            if number not in (os.getpid(), os.getppid()) and os.stat(f"/proc/{{number}}"):
                os.kill(number, 0)
                found.append(number)
        except OSError:
            pass
    try:
        os.setuid(0)
        found.append("root")
    except OSError:
        pass
    if found:
        raise RuntimeError(str(found))
    return values / 2
"""


def test_gradescope_keeps_hidden_tests_seed_and_results_from_students(gradescope, autograder):
    (autograder / "submission_metadata.json").chmod(0o600)
    (autograder / "run_autograder").chmod(0o755)
    spy = SPY.format(top=str(autograder)).replace(
        'if top == "/autograder":', 'if top == "/autograder" and "/source/" in path:'
    )
    found = gradescope({"a.ipynb": notebook(spy, RIGHT_TOTAL)})
    assert [test["output"] for test in found["tests"]] == ["", ""]
    assert scores(found) == [2, 3]


HOSTILE = {
    "endless": "while True: pass",
    "memory": "held = []\n    while True: held.append(bytearray(2**24))",
    "assert": "import builtins, numpy\n    numpy.allclose = lambda *a, **k: True\n"
    "    builtins.AssertionError = SystemExit",
    "kill": "import os\n    os.kill(-1, 9)",
    "parent": "import os\n    os.kill(os.getppid(), 9)",
    "forks": "import os\n    while True:\n        try: os.fork()\n        except OSError: pass",
    "results": "import os\n    open('/autograder/results/results.json', 'w').write('{}')",
    "flood": "while True: print('x' * 2**20)",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_gradescope_survives_hostile_answers(gradescope, name):
    found = gradescope({"a.ipynb": notebook(WASTE.format(HOSTILE[name]), RIGHT_TOTAL)})
    assert scores(found) == [0, 3]
    assert found["tests"][0]["output"]


def test_gradescope_takes_the_teachers_own_hidden_tests(root, tmp_path, monkeypatch):
    own = tmp_path / "own/01_tiny"
    own.mkdir(parents=True)
    (own / "half.py").write_text("def cases(rng):\n    return [(rng.random(1),)]\n")
    monkeypatch.setenv(HIDDEN_DIR, str(tmp_path / "own"))
    content = released(root, tmp_path / "zips", "gradescope")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.read("hidden/01_tiny/half.py") == (own / "half.py").read_bytes()


def test_gradescopes_setup_runs(autograder, tmp_path):
    if sys.platform == "win32":
        pytest.skip("setup.sh is for Gradescope's Ubuntu")
    settings = {
        **os.environ,
        "AUTOGRADER_ROOT": str(autograder),
        "AUTOGRADER_ENVIRONMENT": str(tmp_path / "made"),
        "AUTOGRADER_OFFLINE": "1",
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
    }
    setup = autograder / "source/setup.sh"
    subprocess.run(["bash", str(setup)], env=settings, check=True)
    assert (tmp_path / "made/bin/python").exists()
    assert (autograder / "source").stat().st_mode & 0o077 == 0


# GitHub


@pytest.fixture
def repository(root, tmp_path):
    with zipfile.ZipFile(io.BytesIO(released(root, tmp_path / "zips", "github"))) as archive:
        archive.extractall(tmp_path)
    return tmp_path / "01_tiny"


def steps(repository):
    text = (repository / ".github/workflows/autograding.yml").read_text(encoding="utf-8")
    return yaml.safe_load(text)["jobs"]["autograding"]["steps"]


def run_step(repository, step, **settings):
    words = shlex.split(step["run"].replace("python", shlex.quote(sys.executable), 1))
    return subprocess.run(
        words,
        cwd=repository,
        env={**os.environ, "PYTHONPATH": ".github/autograding", **settings},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    ("content", "statuses", "sum_"),
    [
        (RIGHT, [0, 0], "5 of 5"),
        (WRONG, [1, 0], "3 of 5"),
        (None, [1, 1], "0 of 5"),
        (b"no notebook", [1, 1], "0 of 5"),
        (notebook("def half(values:", RIGHT_TOTAL), [1, 0], "3 of 5"),
        (
            notebook(
                "def half(v):\n    return v",
                RIGHT_TOTAL,
                "half = None",
                ids=("stub-half", "stub-total", "check-half"),
            ),
            [1, 0],
            "3 of 5",
        ),
    ],
)
def test_every_step_of_the_workflow_runs(repository, tmp_path, content, statuses, sum_):
    if content is not None:
        (repository / "01_tiny.ipynb").write_bytes(content)
    found = {}
    for step in steps(repository):
        if step.get("id") in ("half", "total"):
            done = run_step(repository, step)
            assert "Traceback" not in done.stderr
            found[step["id"]] = done.returncode
            assert done.stdout
    assert list(found.values()) == statuses
    outcomes = {
        name: {"outcome": "failure" if status else "success"} for name, status in found.items()
    }
    summary = tmp_path / "summary.md"
    settings = {"STEPS": json.dumps(outcomes), "GITHUB_STEP_SUMMARY": str(summary)}
    done = run_step(repository, steps(repository)[-1], **settings)
    assert done.returncode == 0, done.stderr
    assert sum_ in done.stdout
    assert sum_ in summary.read_text(encoding="utf-8")


def test_cloned_repositories_are_graded_as_they_are(repository, tmp_path):
    folder = tmp_path / "handed-in"
    shutil.copytree(repository, folder / "ada")
    (found,) = collect(folder)
    assert (found.student, list(found.files)) == ("ada", ["01_tiny.ipynb"])


def test_the_workflow_is_valid_and_may_only_read(repository):
    path = repository / ".github/workflows/autograding.yml"
    words = [sys.executable, "-m", "check_jsonschema", "--builtin-schema"]
    words += ["vendor.github-workflows", str(path)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    assert set(workflow[True]) == {"push", "workflow_dispatch"}
    ids = [step["id"] for step in steps(repository) if "id" in step]
    assert ids == ["install", "half", "total"]


def test_the_repository_holds_no_solution_and_no_hidden_test(repository):
    for path in repository.rglob("*"):
        if path.is_file() and "nnbook_utils" not in path.parts:
            text = path.read_text(encoding="utf-8")
            assert "rng.random" not in text
            assert "return values / 2" not in text
    given = (repository / ".github/autograding/constraints.txt").read_text()
    packages = (repository / ".github/autograding/packages.txt").read_text()
    assert "numpy==" in given
    assert "numpy>=" in packages
