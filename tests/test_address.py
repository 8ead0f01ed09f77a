"""The address command: every place, nothing else, all or nothing, and back without a trace."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from IPython.core.inputtransformer2 import TransformerManager
from packaging.requirements import Requirement

from tools import address as command
from tools.address import UNSET_URL, Address, read_address, rewrite, set_address, setup_cell

ROOT = Path(__file__).resolve().parent.parent
UNSET = Address(UNSET_URL)
SET = Address("https://github.com/ada-lovelace/engine.notes", "autumn-2027")
NOT_COPIED = shutil.ignore_patterns(
    ".git", ".venv", "venv", "_build", "_vendor", "__pycache__", ".*_cache", "*.egg-info", "tests"
)
MAY_NAME_THE_PLACEHOLDER = {
    "_ext/nnbook_site/address.py",  # what the site leaves out while the address is unset
    "tools/address.py",
    "tests/test_address.py",
}


@pytest.fixture
def copy(tmp_path):
    """A copy of the repository whose address is unset."""
    folder = tmp_path / "copy"
    shutil.copytree(ROOT, folder, ignore=NOT_COPIED)
    set_address(folder, UNSET)
    return folder


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def holders(folder, address):
    """Return the files in which the address stands as an address, not as a bare name."""
    link = re.compile(rb"(?:github\.com|/github)/" + re.escape(address.path.encode()))
    return {
        path.relative_to(folder).as_posix()
        for path, content in contents(folder).items()
        if link.search(content)
    }


def test_a_sentence_about_the_placeholder_stays(copy):
    before = (copy / "CONTRIBUTING.md").read_text("utf-8")
    assert f"`{UNSET.path}`" in before
    set_address(copy, SET)
    assert f"`{UNSET.path}`" in (copy / "CONTRIBUTING.md").read_text("utf-8")


def test_every_place_holds_the_new_address_and_none_the_old(copy):
    before = holders(copy, UNSET) - MAY_NAME_THE_PLACEHOLDER
    notebooks = {
        path.relative_to(copy).as_posix()
        for folder in ("chapters", "templates")
        for path in copy.glob(f"{folder}/*.ipynb")
    }
    assert before >= notebooks | {"_config.yml", "README.md"}
    changed = {path.relative_to(copy).as_posix() for path in set_address(copy, SET)}
    assert changed == before == holders(copy, SET)
    assert holders(copy, UNSET) <= MAY_NAME_THE_PLACEHOLDER
    assert read_address(copy) == SET


def test_there_and_back_leaves_no_difference(copy):
    before = contents(copy)
    set_address(copy, SET)
    assert contents(copy) != before
    set_address(copy, Address("https://github.com/grace/book"))
    set_address(copy, UNSET)
    assert contents(copy) == before


def test_nothing_else_changes(copy):
    before = contents(copy)
    for path in set_address(copy, SET):
        if path.suffix == ".ipynb":
            continue  # their setup cell differs by more than the address; see below
        old, new = before[path].decode().splitlines(), path.read_text("utf-8").splitlines()
        for old_line, new_line in zip(old, new, strict=True):
            assert old_line == new_line or old_line == new_line.replace(
                SET.path, UNSET.path
            ).replace(SET.branch, UNSET.branch)


def test_notebooks_keep_all_but_link_and_setup_cell(copy):
    path = copy / "templates" / "chapter_template.ipynb"
    old = json.loads(path.read_text("utf-8"))
    set_address(copy, SET)
    new = json.loads(path.read_text("utf-8"))
    differing = [
        before["id"]
        for before, after in zip(old.pop("cells"), new["cells"], strict=True)
        if before != after
    ]
    assert differing == ["title", "colab-setup"]
    cells = {cell["id"]: "".join(cell["source"]) for cell in new.pop("cells")}
    assert old == new
    assert cells["colab-setup"] == setup_cell(SET)
    assert (
        f"/github/{SET.path}/blob/{SET.branch}/templates/chapter_template.ipynb" in cells["title"]
    )


def test_a_setup_cell_of_another_form_is_brought_into_form(copy):
    path = copy / "templates" / "chapter_template.ipynb"
    good = path.read_bytes()
    path.write_bytes(good.replace(b"    %pip install -q", b"    %pip install -q -U"))
    assert path.read_bytes() != good
    assert set_address(copy, UNSET) == [path]
    assert path.read_bytes() == good
    assert set_address(copy, UNSET) == []


@pytest.mark.parametrize("broken", ["rename", "write"])
def test_a_failure_on_the_way_leaves_all_as_it_was(copy, monkeypatch, broken):
    before = contents(copy)
    real, calls = os.replace, []

    def fail_third(*arguments, **options):
        calls.append(arguments)
        if len(calls) == 3:
            raise OSError("disk full")
        return real(*arguments, **options)

    if broken == "rename":
        monkeypatch.setattr("os.replace", fail_third)
    else:
        real = shutil.copymode
        monkeypatch.setattr("shutil.copymode", fail_third)
    with pytest.raises(OSError, match="disk full"):
        set_address(copy, SET)
    assert len(calls) >= 3
    assert contents(copy) == before


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace('"id": "colab-setup"', '"id": "setup"'),
        lambda text: json.dumps(json.loads(text), indent=4),
    ],
)
def test_a_notebook_that_cannot_be_rewritten_stops_all(copy, damage):
    path = copy / "templates" / "chapter_template.ipynb"
    path.write_text(damage(path.read_text("utf-8")), encoding="utf-8")
    before = contents(copy)
    with pytest.raises(ValueError, match="colab-setup, in a file written by Jupyter"):
        set_address(copy, SET)
    assert contents(copy) == before


def test_an_address_that_is_mentioned_already_is_refused(copy):
    with (copy / "README.md").open("a") as file:
        file.write(f"\nSee also {SET.url}.\n")
    before = contents(copy)
    with pytest.raises(ValueError, match="could not be set again"):
        set_address(copy, SET)
    assert contents(copy) == before


def test_config_without_an_address_is_named(copy):
    (copy / "_config.yml").write_text("title: A book\n")
    with pytest.raises(ValueError, match=r"must hold repository\.url"):
        set_address(copy, SET)


def test_a_branch_that_yaml_would_read_as_a_number_is_quoted(copy):
    set_address(copy, Address(UNSET_URL, "1.0"))
    assert yaml.safe_load((copy / "_config.yml").read_text())["repository"]["branch"] == "1.0"


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("", ""),
        ("somewhere", ""),
        ("https://github.com/ada", ""),
        ("https://gitlab.com/ada/book", ""),
        ("https://github.com/ada/book/tree/main", ""),
        ("https://github.com/-ada/book", ""),
        ("https://github.com/ada/book name", ""),
        ("https://github.com/ada/..", ""),
        ("ada/book", "; do you mean https://github.com/ada/book?"),
        ("https://github.com/ada/book/", "; do you mean https://github.com/ada/book?"),
        ("https://github.com/ada/book.git", "; do you mean https://github.com/ada/book?"),
        ("http://www.github.com/ada/book", "; do you mean https://github.com/ada/book?"),
        ("git@github.com:ada/book.git", "; do you mean https://github.com/ada/book?"),
    ],
)
def test_a_bad_address_is_explained(url, hint):
    with pytest.raises(ValueError, match="must have the form") as raised:
        Address(url)
    assert str(raised.value).endswith(f"{url!r}{hint}")


@pytest.mark.parametrize("branch", ["", "a b", "-x", "a..b", "a~1", "a/", ".x", "a.lock", "a//b"])
def test_a_bad_branch_is_explained(branch):
    with pytest.raises(ValueError, match="the branch must be a name"):
        Address(UNSET_URL, branch)


@pytest.mark.parametrize("branch", ["main", "v1.0", "term/2027", "feature_x"])
def test_good_branches_pass(branch):
    assert Address(UNSET_URL, branch).branch == branch


OLD, NEW = Address("https://github.com/ada/book"), Address("https://github.com/grace/notes", "v2")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://github.com/ada/book.", "https://github.com/grace/notes."),
        ("git+https://github.com/ada/book@main", "git+https://github.com/grace/notes@v2"),
        ("(https://github.com/ada/book/tree/main)", "(https://github.com/grace/notes/tree/v2)"),
        ("https://github.com/ada/book/issues", "https://github.com/grace/notes/issues"),
        ("https://github.com/ada/book.git", "https://github.com/grace/notes.git"),
        ("https://github.com/ada/book.js", None),
        ("https://github.com/ada/book-shop", None),
        ("https://github.com/ada/bookshop", None),
        ("https://github.com/ada/book@v1", "https://github.com/grace/notes@v1"),
        ("https://github.com/ada/book/blob/main-x/", "https://github.com/grace/notes/blob/main-x/"),
        ("`ada/book` stands for the address", None),
        ("https://example.org/ada/book", None),
    ],
)
def test_only_this_repository_is_rewritten(text, expected):
    assert rewrite(text, OLD, NEW) == (expected or text)


def test_the_way_back_must_be_clear():
    text = "https://github.com/ada/book and https://github.com/grace/notes"
    assert rewrite(rewrite(text, OLD, NEW), NEW, OLD) != text


def run_setup(source, monkeypatch, *, installed):
    """Run the cell as IPython would; return what it asked pip for."""
    asked = []

    class Shell:
        def run_line_magic(self, name, line):
            asked.append(f"{name} {line}")

    found = object() if installed else None
    monkeypatch.setattr("importlib.util.find_spec", lambda name: found)
    python = TransformerManager().transform_cell(source)
    exec(python, {"get_ipython": Shell})
    return asked


def test_the_set_cell_installs_the_helpers_alone(monkeypatch):
    (line,) = run_setup(setup_cell(SET), monkeypatch, installed=False)
    program, _, requirement = line.partition(" install -q ")
    assert program == "pip"
    wanted = Requirement(requirement.strip('"'))
    assert wanted.url == f"git+{SET.url}@{SET.branch}"
    assert not wanted.extras, "the extra would install TensorFlow"


def test_the_unset_cell_explains_itself_and_installs_nothing(monkeypatch):
    with pytest.raises(RuntimeError, match=r"does not know its address.* tools\.address URL"):
        run_setup(setup_cell(UNSET), monkeypatch, installed=False)


@pytest.mark.parametrize("address", [SET, UNSET])
def test_the_cell_does_nothing_where_the_helpers_are(address, monkeypatch):
    assert run_setup(setup_cell(address), monkeypatch, installed=True) == []


def test_a_set_cell_shows_no_trace_of_the_unset_one():
    assert not re.search(r"OWNER|REPOSITORY|raise", setup_cell(SET))


def test_the_command_reports_what_it_did(copy, monkeypatch, capsys):
    monkeypatch.setattr(command, "ROOT", copy)
    assert command.main([SET.url, "--branch", SET.branch]) == 0
    assert "templates/chapter_template.ipynb" in capsys.readouterr().out.replace("\\", "/")
    assert command.main([UNSET_URL]) == 0
    assert read_address(copy) == Address(UNSET_URL, SET.branch), "the branch stays unless given"


def test_the_command_says_why_nothing_was_done(copy, monkeypatch, capsys):
    monkeypatch.setattr(command, "ROOT", copy)
    before = contents(copy)
    assert command.main(["ada/book"]) == 1
    assert "Nothing was changed" in capsys.readouterr().err
    assert contents(copy) == before


def test_no_other_file_holds_the_address():
    """What the command does not know of, it could not rewrite."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout, so there is no list of files")
    url = read_address(ROOT).url.encode()
    known = {ROOT / command.CONFIG}
    for pattern in (*command.DOCUMENTS, *command.NOTEBOOKS):
        known |= set(ROOT.glob(pattern))
    holding = {
        name
        for name in listed.stdout.splitlines()
        if (ROOT / name).is_file() and url in (ROOT / name).read_bytes()
    }
    assert holding - MAY_NAME_THE_PLACEHOLDER <= {p.relative_to(ROOT).as_posix() for p in known}
