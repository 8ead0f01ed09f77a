"""Tell the book where its repository is: `python -m tools.address URL [--branch NAME]`.

`_config.yml` owns the address. This command rewrites it there and wherever it is repeated: the
Colab link and the setup cell of every notebook, and the links and install lines of the documents.
All files change or none, nothing else in them changes, and setting another address and then the
first one again leaves every byte as it was.
"""

import argparse
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from tools._atomic import replace_all

ROOT = Path(__file__).resolve().parent.parent
CONFIG = "_config.yml"
DOCUMENTS = ("*.md", "pyproject.toml", "appendix/*.md", "coursework/*.md", ".github/*.md")
NOTEBOOKS = ("chapters/*.ipynb", "templates/*.ipynb")
UNSET_URL = "https://github.com/OWNER/REPOSITORY"

OWNER = r"[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38}"
REPOSITORY = r"(?!\.{1,2}$)(?!.*\.git$)[A-Za-z0-9._-]{1,100}"
URL = re.compile(rf"https://github\.com/{OWNER}/{REPOSITORY}")
NEAR_URL = re.compile(
    rf"(?:(?:(?:https?://)?(?:www\.)?github\.com|git@github\.com)[/:])?"
    rf"(?P<owner>{OWNER})/(?P<repository>[A-Za-z0-9._-]+?)(?:\.git)?/?"
)
BRANCH = re.compile(r"(?!.*(?:\.\.|//|/\.|\.lock$|\.lock/|[./]$))[A-Za-z0-9_][A-Za-z0-9._/-]*")
CONFIG_BRANCH = re.compile(r"^(repository:\n(?:[ #].*\n)*?  branch: *)([^\s#]+)", re.MULTILINE)
SETUP_SOURCE = re.compile(
    r'(?P<head>"id": "colab-setup",.*?"source": \[\n)(?P<lines>.*?)(?=\n   \])', re.DOTALL
)

SETUP_CELL = """\
# On Colab this installs the book's helpers; TensorFlow stays as it is.
import importlib.util

if importlib.util.find_spec("nnbook_utils") is None:
{guard}    %pip install -q "nnbook-utils @ git+{url}@{branch}\""""
GUARD = """\
    raise RuntimeError(
        "This copy of the book does not know its address, so it cannot install its helpers. "
        "Whoever publishes it sets the address with: python -m tools.address URL"
    )
"""


@dataclass(frozen=True)
class Address:
    """Where the repository is, and from which branch notebooks and helpers are taken.

    Attributes:
        url: `https://github.com/`, an owner, a slash and a repository.
        branch: A branch or tag.

    Raises:
        ValueError: If either has another form; the message says which is wanted.

    Example:
        >>> Address("https://github.com/ada/book").path
        'ada/book'
    """

    url: str
    branch: str = "main"

    def __post_init__(self) -> None:
        if not URL.fullmatch(self.url):
            raise ValueError(_bad_url(self.url))
        if not BRANCH.fullmatch(self.branch):
            raise ValueError(
                f"the branch must be a name such as 'main' or 'autumn-2027', got {self.branch!r}; "
                "letters, digits, '.', '_', '-' and '/' are possible"
            )

    @property
    def path(self) -> str:
        """Owner and repository, as Colab and GitHub write them."""
        return self.url.removeprefix("https://github.com/")

    @property
    def is_set(self) -> bool:
        """Whether this is a real address, not the one that stands for "not known yet"."""
        return self.url != UNSET_URL


def read_address(root: Path) -> Address:
    """Return the address that `_config.yml` in the folder `root` holds.

    Raises:
        ValueError: If it holds none, or none of the right form.
    """
    try:
        config = yaml.safe_load(_read(root / CONFIG))["repository"]
        return Address(str(config["url"]), str(config["branch"]))
    except (KeyError, TypeError) as error:
        raise ValueError(
            f"{root / CONFIG} must hold repository.url and repository.branch"
        ) from error


def setup_cell(address: Address) -> str:
    """Return the source of the cell `colab-setup` under `address`.

    It installs the helpers without TensorFlow, where they are missing. While the address is unset
    it refuses before pip runs: the repository under the placeholder's name may be a stranger's.
    """
    guard = "" if address.is_set else GUARD
    return SETUP_CELL.format(guard=guard, url=address.url, branch=address.branch)


def rewrite(text: str, old: Address, new: Address) -> str:
    """Return `text` with `new` in place of `old`.

    Rewritten are links to the repository and to its notebooks on Colab, and the branch in
    `/blob/`, `/edit/`, `/raw/`, `/tree/` and after `@`. Repositories whose name only begins alike,
    and other branches, stay.

    Example:
        >>> old, new = Address(UNSET_URL), Address("https://github.com/ada/book", "v2")
        >>> rewrite("git+https://github.com/OWNER/REPOSITORY@main", old, new)
        'git+https://github.com/ada/book@v2'
    """
    mention = re.compile(
        r"(?P<site>https://(?:github\.com|colab\.research\.google\.com/github)/)"
        rf"{re.escape(old.path)}(?![\w-]|\.(?!git\b)[\w-])"
        rf"(?:(?P<ref>(?:\.git)?@|/(?:blob|edit|raw|tree)/){re.escape(old.branch)}(?![\w-]|\.\w))?"
    )

    def renamed(found: re.Match) -> str:
        branch = found["ref"] + new.branch if found["ref"] else ""
        return f"{found['site']}{new.path}{branch}"

    return mention.sub(renamed, text)


def planned(root: Path, new: Address) -> dict[Path, bytes]:
    """Return the files of the repository at `root` that change under `new`, with their new bytes.

    Raises:
        ValueError: If a file cannot be rewritten, or could not be rewritten back.
    """
    old = read_address(root)
    contents = {root / CONFIG: _config(_read(root / CONFIG), old, new)}
    for path in _matching(root, DOCUMENTS):
        contents[path] = _document(path, old, new)
    for path in _matching(root, NOTEBOOKS):
        contents[path] = _notebook(path, old, new)
    encoded = {path: text.encode("utf-8") for path, text in contents.items()}
    return {path: content for path, content in encoded.items() if content != path.read_bytes()}


def set_address(root: Path, new: Address) -> list[Path]:
    """Write `new` into every file of the repository at `root` that holds the address.

    Args:
        root: The repository's folder.
        new: The address to set. The present one again brings setup cells that differ into form.

    Returns:
        The files that changed, none if all held `new` already.

    Raises:
        ValueError: If a file cannot be rewritten, or could not be rewritten back.
        OSError: If a file cannot be read or written. In every case all files are as they were.

    Example:
        >>> set_address(ROOT, Address("https://github.com/ada/book"))  # doctest: +SKIP
    """
    contents = planned(root, new)
    replace_all(contents)
    return sorted(contents)


def _matching(root: Path, patterns: Sequence[str]) -> list[Path]:
    return sorted(path for pattern in patterns for path in root.glob(pattern) if path.is_file())


def _read(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


def _document(path: Path, old: Address, new: Address) -> str:
    """Return the rewritten text of a file; refuse where the way back would not be clear."""
    text = _read(path)
    rewritten = rewrite(text, old, new)
    if rewrite(rewritten, new, old) != text:
        raise ValueError(
            f"{path} mentions {new.url} at {new.branch!r} already, so the present address could "
            "not be set again; take that mention out, or write it in another way"
        )
    return rewritten


def _config(text: str, old: Address, new: Address) -> str:
    branch = new.branch if yaml.safe_load(new.branch) == new.branch else json.dumps(new.branch)
    rewritten = CONFIG_BRANCH.sub(lambda found: found[1] + branch, rewrite(text, old, new), count=1)
    wanted = yaml.safe_load(text)
    wanted["repository"] |= {"url": new.url, "branch": new.branch}
    if yaml.safe_load(rewritten) != wanted:
        raise ValueError(f"{CONFIG} must hold url and branch on lines of their own in repository:")
    return rewritten


def _notebook(path: Path, old: Address, new: Address) -> str:
    """Return the notebook's rewritten text, its setup cell being the one of `new`."""
    text = _document(path, old, new)
    lines = ",\n".join(
        "    " + json.dumps(line, ensure_ascii=False)
        for line in setup_cell(new).splitlines(keepends=True)
    )
    rewritten = SETUP_SOURCE.sub(lambda found: found["head"] + lines, text, count=1)
    wanted = json.loads(text)
    setups = [cell for cell in wanted["cells"] if cell.get("id") == "colab-setup"]
    for cell in setups:
        cell["source"] = setup_cell(new).splitlines(keepends=True)
    if len(setups) != 1 or json.loads(rewritten) != wanted:
        raise ValueError(
            f"{path} must have one cell with the id colab-setup, in a file written by Jupyter; "
            "copy the cell from templates/chapter_template.ipynb, then run nbstripout --keep-id"
        )
    return rewritten


def _bad_url(url: str) -> str:
    found = NEAR_URL.fullmatch(url.strip())
    url_wanted = f"https://github.com/{found['owner']}/{found['repository']}" if found else ""
    hint = f"; do you mean {url_wanted}?" if URL.fullmatch(url_wanted) else ""
    return f"the address must have the form https://github.com/owner/repository, got {url!r}{hint}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Set the address that the command line gives, or say why not.

    Args:
        arguments: Words after the program's name; the process's own if left out.

    Returns:
        0 if all files hold the address now, 1 if something hindered it.
    """
    parser = argparse.ArgumentParser(prog="python -m tools.address", description=__doc__)
    parser.add_argument("url", help=f"such as https://github.com/ada/book; unset: {UNSET_URL}")
    parser.add_argument("--branch", help="branch or tag (default: the present one stays)")
    options = parser.parse_args(arguments)
    try:
        address = Address(options.url, options.branch or read_address(ROOT).branch)
        changed = set_address(ROOT, address)
    except (OSError, ValueError) as error:
        print(f"Nothing was changed: {error}", file=sys.stderr)
        return 1
    for path in changed:
        print(path.relative_to(ROOT))
    print(f"Files changed: {len(changed)}. Address: {address.url}, branch {address.branch}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
