"""The wheel on the oldest versions that it allows runs a chapter that lies alone in a folder."""

import json
import shutil
import sys

import pytest
from packaging.version import Version

from nnbook_utils.results import RECORD_MIME
from tests.install import packages

EXECUTE = "import sys; from nbclient.cli import main; sys.argv[0] = 'jupyter-execute'; main()"
SECONDS_PER_CELL = 600
FIRST_WITHOUT_WHEELS = (3, 13)
PROBE = """
import json
from importlib import metadata
import nnbook_utils
found = [(d.metadata["Name"], d.version) for d in metadata.distributions()]
versions = {name.lower().replace("_", "-"): version for name, version in found}
print(json.dumps([nnbook_utils.__file__, versions]))
"""


@pytest.mark.timeout(1200)
def test_the_environment_holds_the_wheel_and_the_oldest_versions(oldest, tmp_path):
    file, versions = json.loads(packages.run(oldest, "-c", PROBE, folder=tmp_path))
    assert packages.ROOT.as_posix() not in file.replace("\\", "/")
    for requirement in packages.bounds():
        (bound,) = (Version(part.version) for part in requirement.specifier)
        version = Version(versions[requirement.name])
        # Some of the oldest versions have no wheels for the newer Pythons.
        assert version == bound or (sys.version_info >= FIRST_WITHOUT_WHEELS and version > bound)


@pytest.mark.timeout(1800)
def test_a_chapter_runs_alone(oldest, chapter, tmp_path):
    """Strictly: the bounds that hold for the pins hold for the oldest versions too."""
    notebook = tmp_path / f"{chapter}.ipynb"
    shutil.copy(packages.ROOT / "chapters" / notebook.name, notebook)
    settings = {"NNBOOK_PROFILE": "quick", "NNBOOK_STRICT": "1", "JUPYTER_PREFER_ENV_PATH": "1"}
    words = [f"--timeout={SECONDS_PER_CELL}", "--inplace", notebook.name]
    packages.run(oldest, "-c", EXECUTE, *words, folder=tmp_path, **settings)
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert [cell["id"] for cell in code if cell["execution_count"] is None] == []
    (record,) = (
        output["data"][RECORD_MIME]
        for cell in code
        for output in cell["outputs"]
        if RECORD_MIME in output.get("data", {})
    )
    assert record["chapter"] == chapter
    versions = ", ".join(f"{name} {version}" for name, version in record["versions"].items())
    packages.SUMMARY.append(f"{chapter} on {versions}: {record['minutes']:.1f} minutes")
