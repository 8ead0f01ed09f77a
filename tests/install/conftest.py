"""The installed wheel: uv, a package index, and the lines that the summary shows."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.install import packages

NO_UV = "uv is not installed: pip install -r requirements.txt"
NO_INDEX = "no package index can be reached, so nothing can be installed"


def pytest_addoption(parser):
    parser.addoption(
        "--all-chapters",
        action="store_true",
        help="run every chapter on the oldest versions, not the quickest one alone",
    )


def pytest_generate_tests(metafunc):
    if "chapter" in metafunc.fixturenames:
        names = packages.chapters_by_minutes()
        everything = metafunc.config.getoption("--all-chapters", default=False)
        metafunc.parametrize("chapter", names if everything else names[:1])


def pytest_terminal_summary(terminalreporter):
    if packages.SUMMARY:
        terminalreporter.section("installed")
        for line in packages.SUMMARY:
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def uv():
    """The path of uv; without it, or without an index, the tests are skipped."""
    try:
        from uv import find_uv_bin

        path = find_uv_bin()
    except (ImportError, FileNotFoundError):
        pytest.skip(NO_UV)
    probe = subprocess.run(
        [path, "pip", "compile", "-q", "--refresh-package", "hatchling", "-"],
        input="hatchling",
        env={**os.environ, "UV_HTTP_TIMEOUT": "20"},
        capture_output=True,
        text=True,
        check=False,
    )
    if probe.returncode:
        pytest.skip(NO_INDEX)
    return path


@pytest.fixture(scope="session")
def wheel(uv, tmp_path_factory):
    """The helpers' wheel, built from the repository as it stands."""
    folder = tmp_path_factory.mktemp("wheel")
    packages.run(uv, "build", "-q", "--wheel", "-o", folder, packages.ROOT, folder=folder)
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="session")
def oldest(uv, wheel, tmp_path_factory):
    """Python in an environment of the wheel and the oldest versions that it allows."""
    folder = tmp_path_factory.mktemp("oldest")
    resolved = packages.oldest_pins(uv, folder)
    environment = folder / "environment"
    packages.run(uv, "venv", "-q", "--python", sys.executable, environment, folder=folder)
    python = environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    install = (uv, "pip", "install", "-q", "--python", python)
    packages.run(*install, "-r", "oldest.txt", folder=folder)
    packages.run(*install, "--no-deps", wheel, folder=folder)
    named = (f"{bound.name} {resolved[bound.name]}" for bound in packages.bounds())
    packages.SUMMARY.append("Oldest versions: " + ", ".join(named))
    return Path(python)
