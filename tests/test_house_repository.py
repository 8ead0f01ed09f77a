"""Files beside the notebooks: links, records, pins and commands agree with one another."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from nnbook_site import readme, records
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.install import packages
from tools.address import read_address

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "RELEASING.md"]
LINK = re.compile(r"\]\(([^)\s]+)\)")
POSIX = "python3 -m venv .venv && .venv/bin/pip install -r requirements.txt && .venv/bin/"
BUILD = f"{POSIX}jupyter-book build . -W -n --keep-going"
TESTS = f"{POSIX}python -m tests"
FOREIGN = re.compile(
    r"/(?:tmp|work|home|root|opt|Users)/[a-z]|[A-Z]:\\Users|--(?:extra-)?index-url|--find-links"
)
MAY_NAME_PATHS = {"tests/test_house_repository.py"}


def tracked_texts():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout, so there is no list of files")
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if not name.startswith("_vendor/") and path.is_file():
            yield name, path.read_bytes().decode("utf-8", errors="ignore")


def test_no_file_names_a_machine_or_a_package_index():
    found = [
        f"{name}: {match.group()}"
        for name, text in tracked_texts()
        if name not in MAY_NAME_PATHS
        for match in FOREIGN.finditer(text)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("line", ["/tmp/w" + "ork", "--index-url x", "C:\\Users\\me", "/home/me"])
def test_foreign_paths_would_be_found(line):
    assert FOREIGN.search(line)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_to_files_and_headings(name):
    broken = [target for target in links(name) if not resolves(target, ROOT / name)]
    assert not broken, f"{name} links to {broken}"


def test_a_broken_link_would_be_found():
    assert not resolves("no-such-file.md", ROOT / "README.md")
    assert not resolves("README.md#no-such-heading", ROOT / "README.md")
    assert resolves("README.md", ROOT / "README.md")


def links(name):
    return LINK.findall((ROOT / name).read_text(encoding="utf-8"))


def resolves(target, document):
    if target.startswith(("https://", "mailto:")):
        return True
    path, _, anchor = target.partition("#")
    file = document.parent / path if path else document
    return file.exists() and (not anchor or anchor in anchors(file))


def anchors(document):
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {
        re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings
    }


@pytest.mark.parametrize("command", [BUILD, TESTS])
def test_readme_gives_both_commands(command):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert command in text
    windows = command.replace("python3 -m venv", "py -m venv").replace(
        ".venv/bin/", ".venv\\Scripts\\"
    )
    assert windows in text


def test_ci_runs_the_command_in_readme():
    assert TESTS in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_readme_table_is_made_from_the_records():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    made = readme.with_table(text, readme.chapter_table(ROOT))
    assert text == made, "run: python -m tests --update-records"


def test_records_cover_every_metric_under_contract():
    missing = records.missing_metrics(ROOT, "quick")
    assert not missing, f"{missing}; run: python -m tests --update-records"


def test_contract_covers_every_chapter():
    chapters = {path.stem for path in ROOT.glob("chapters/*.ipynb")}
    assert chapters == set(records.load_expected(ROOT))


def test_every_chapter_under_contract_has_a_headline():
    for chapter, section in records.load_expected(ROOT).items():
        metrics = section["quick"]["metrics"].values()
        assert any(metric.get("headline") for metric in metrics), chapter


def test_pins_satisfy_the_bounds_of_pyproject():
    pins = pinned_versions()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"]]
    wanted += project["project"]["optional-dependencies"]["tensorflow"]
    wanted += [line for group in project["dependency-groups"].values() for line in group]
    for requirement in map(Requirement, wanted):
        version = pins[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version, prereleases=True), (
            f"{requirement}: {version}"
        )


def test_helper_package_has_no_upper_bounds_on_what_colab_has():
    colab = packages.colab_pins()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    everything = [*project["dependencies"], *project["optional-dependencies"]["tensorflow"]]
    for requirement in map(Requirement, everything):
        operators = {part.operator for part in requirement.specifier}
        lacking = canonicalize_name(requirement.name) not in colab
        assert lacking or operators <= {">="}, f"{requirement} would replace Colab's own package"


def test_no_bound_is_above_what_colab_has():
    colab = packages.colab_pins()
    for requirement in packages.bounds():
        version = colab.get(canonicalize_name(requirement.name))
        assert version is None or requirement.specifier.contains(version), (
            f"{requirement} would replace Colab's {version}"
        )


def pinned_versions():
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pins = [line.split(";")[0].strip() for line in lines if "==" in line and line[0] != "#"]
    return {canonicalize_name(name): version for name, version in (pin.split("==") for pin in pins)}


def test_requirements_end_with_the_helpers_themselves():
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert lines[-1] == "-e ."
    assert all(line.startswith("#") or "==" in line for line in lines[:-1])


def test_pre_commit_hooks_are_local():
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert {repository["repo"] for repository in config["repos"]} == {"local"}


def test_documents_hold_the_address_of_the_configuration():
    address = read_address(ROOT)
    installs, links = [], []
    for path in [*ROOT.glob("*.md"), *ROOT.glob("appendix/*.md")]:
        text = path.read_text(encoding="utf-8")
        installs += re.findall(r"git\+https://[^\s\"'`]+", text)
        links += re.findall(r"colab\.research\.google\.com/github/([^/]+/[^/]+/blob/[^/]+)/", text)
    assert f"git+{address.url}@{address.branch}" in installs, "README must say how to install"
    assert set(installs) == {f"git+{address.url}@{address.branch}"}
    assert set(links) <= {f"{address.path}/blob/{address.branch}"}
