"""What a chapter's outputs depend on beside its own cells, as one hash.

Jupyter Book's cache knows a notebook by its code cells alone. A chapter also depends on the helper
modules it imports, on its bounds, on the profile and on the installed packages; change one of them
and the cached outputs are stale.
"""

import ast
import hashlib
import json
import platform
import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PACKAGE = "nnbook_utils"
DISTRIBUTIONS = (f"{PACKAGE.replace('_', '-')}[tensorflow]", "ipykernel")


def fingerprint(notebook: Path, root: Path, profile: str) -> str:
    """Return a hash of everything outside `notebook` that its outputs depend on.

    Args:
        notebook: The chapter's source file.
        root: The repository's root, which holds the `nnbook_utils` package.
        profile: `"quick"` or `"full"`.

    Returns:
        64 hexadecimal digits. Comments and formatting of the helpers do not change them.
    """
    package = root / PACKAGE
    parts = {
        "bounds": _section(package / "expected.yml", notebook.stem, profile),
        "helpers": {
            str(path.relative_to(root)): _digest(path)
            for path in sorted(helper_files(code_of(notebook), package))
        },
        "profile": profile,
        "python": platform.python_version(),
        "versions": installed_versions(),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def code_of(notebook: Path) -> str:
    """Return the code cells of `notebook` as one source text, without IPython's magic lines."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = ("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    return re.sub(r"^(\s*)[%!].*$", r"\1pass", "\n".join(code), flags=re.MULTILINE)


def helper_files(code: str, package: Path) -> set[Path]:
    """Return the files of `package` that `code` needs: modules it imports, theirs, and their data.

    Imports inside functions count too. Data files belong to the package folder they lie in;
    `expected.yml` is left out, for each chapter owns one section of it.
    """
    found: set[Path] = set()
    waiting = list(_imported(ast.parse(code), package, inside=None))
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        waiting.extend(_imported(ast.parse(path.read_text(encoding="utf-8")), package, path))
    folders = {path.parent for path in found if path.name == "__init__.py"}
    return found | {path for folder in folders for path in _data_files(folder)}


def installed_versions() -> dict[str, str]:
    """Return name and version of every installed package that a chapter may run."""
    versions: dict[str, str] = {}
    waiting = [Requirement(distribution) for distribution in DISTRIBUTIONS]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if (name, frozenset(requirement.extras)) in seen:
            continue
        seen.add((name, frozenset(requirement.extras)))
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        versions[name] = distribution.version
        waiting.extend(_requirements(distribution, requirement.extras))
    return versions


def _requirements(distribution: metadata.Distribution, extras: set[str]) -> Iterator[Requirement]:
    for text in distribution.requires or ():
        requirement = Requirement(text)
        environments = [{"extra": extra} for extra in extras or {""}]
        if requirement.marker is None or any(map(requirement.marker.evaluate, environments)):
            yield requirement


def _imported(tree: ast.AST, package: Path, inside: Path | None) -> Iterator[Path]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _module_files(alias.name.split("."), package)
        elif isinstance(node, ast.ImportFrom):
            module = _absolute(node, package, inside)
            yield from _module_files(module, package)
            for alias in node.names:
                yield from _module_files([*module, alias.name], package)


def _absolute(node: ast.ImportFrom, package: Path, inside: Path | None) -> list[str]:
    named = node.module.split(".") if node.module else []
    if not node.level or inside is None:
        return named
    folder = inside.parent
    for _ in range(node.level - 1):
        folder = folder.parent
    return [*folder.relative_to(package.parent).parts, *named]


def _module_files(parts: list[str], package: Path) -> Iterator[Path]:
    """Yield the file of a dotted name and the `__init__.py` files on the way to it."""
    if not parts or parts[0] != package.name:
        return
    folder = package.parent
    for depth, part in enumerate(parts, start=1):
        folder = folder / part
        if (folder / "__init__.py").is_file():
            yield folder / "__init__.py"
        elif depth == len(parts) and folder.with_suffix(".py").is_file():
            yield folder.with_suffix(".py")


def _data_files(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_file() and path.suffix not in {".py", ".pyc"} and path.name != "expected.yml":
            yield path


def _digest(path: Path) -> str:
    content = path.read_bytes()
    if path.suffix == ".py":
        content = ast.unparse(ast.parse(content)).encode()
    return hashlib.sha256(content).hexdigest()


def _section(expected: Path, chapter: str, profile: str) -> dict:
    if not expected.is_file():
        return {}
    section = (yaml.safe_load(expected.read_text(encoding="utf-8")) or {}).get(chapter) or {}
    profiles = {"quick", "full"} - {profile}
    return {key: value for key, value in section.items() if key not in profiles}
