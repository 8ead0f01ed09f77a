"""The cache of executed chapters: where it lies, what is stale, what a test run puts into it."""

import json
import os
from collections.abc import Iterable
from pathlib import Path

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

from nnbook_utils import profile

from .fingerprint import fingerprint

FINGERPRINTS = "fingerprints.json"


def cache_folder(root: Path) -> Path:
    """Return the cache of the current profile, which no other profile shares."""
    return root / "_build" / ".jupyter_cache" / profile.name()


def chapter_files(root: Path) -> list[Path]:
    """Return the chapters' source files, in the order of their numbers."""
    return sorted((root / "chapters").glob("[0-9][0-9]_*.ipynb"))


def drop_stale(root: Path) -> list[str]:
    """Forget the cached outputs of every chapter whose fingerprint has changed.

    Args:
        root: The repository's root.

    Returns:
        Names of the chapters that will run again.
    """
    before = _read_fingerprints(root)
    now = {path.stem: fingerprint(path, root, profile.name()) for path in chapter_files(root)}
    stale = [name for name, digest in now.items() if before.get(name) != digest]
    _forget(root, stale)
    _write_fingerprints(root, now)
    return stale


def deposit(executed: Path, source: Path, root: Path) -> None:
    """Put an executed copy of a chapter into the cache, so that the build need not run it again.

    Args:
        executed: The executed copy.
        source: The chapter it was copied from.
        root: The repository's root.

    Raises:
        ValueError: If the copy's code cells are not those of the source.
    """
    notebook = nbformat.read(executed, nbformat.NO_CONVERT)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)  # timestamps: the source's cells have none
    notebook.metadata.pop("execution", None)
    notebook.metadata["kernelspec"] = nbformat.read(source, nbformat.NO_CONVERT).metadata[
        "kernelspec"
    ]
    cache = get_cache(cache_folder(root))
    if _key(cache, executed, notebook) != _key(cache, source):
        raise ValueError(
            f"{executed} is not an execution of {source} as it stands: their code cells differ; "
            "execute the chapter again"
        )
    _forget(root, [source.stem])
    bundle = CacheBundleIn(notebook, str(source), data={})
    cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
    digests = _read_fingerprints(root)
    digests[source.stem] = fingerprint(source, root, profile.name())
    _write_fingerprints(root, digests)


def ran_through(executed: Path) -> bool:
    """Return whether every code cell of a notebook was executed and none raised an error."""
    cells = nbformat.read(executed, nbformat.NO_CONVERT).cells
    return all(
        cell.execution_count is not None
        and not any(output.output_type == "error" for output in cell.outputs)
        for cell in cells
        if cell.cell_type == "code" and cell.source.strip()
    )


def is_cached(source: Path, root: Path) -> bool:
    """Return whether the cache holds outputs of `source` that are not stale."""
    digest = fingerprint(source, root, profile.name())
    return (
        _read_fingerprints(root).get(source.stem) == digest
        and cached_notebook(source, root) is not None
    )


def cached_notebook(source: Path, root: Path) -> nbformat.NotebookNode | None:
    """Return the cached execution of `source` (code cells only), or None if there is none."""
    if not cache_folder(root).is_dir():
        return None
    cache = get_cache(cache_folder(root))
    notebook = nbformat.read(source, nbformat.NO_CONVERT)
    try:
        record = cache.match_cache_notebook(notebook)
    except KeyError:
        return None
    return cache.get_cache_bundle(record.pk).nb


def _key(cache, path: Path, notebook: nbformat.NotebookNode | None = None) -> str:
    notebook = notebook or nbformat.read(path, nbformat.NO_CONVERT)
    return cache.create_hashed_notebook(notebook)[1]


def _forget(root: Path, chapters: Iterable[str]) -> None:
    if not cache_folder(root).is_dir():
        return
    chapters = set(chapters)
    cache = get_cache(cache_folder(root))
    for record in cache.list_cache_records():
        if Path(record.uri).stem in chapters:
            cache.remove_cache(record.pk)


def _read_fingerprints(root: Path) -> dict[str, str]:
    path = cache_folder(root) / FINGERPRINTS
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _write_fingerprints(root: Path, digests: dict[str, str]) -> None:
    path = cache_folder(root) / FINGERPRINTS
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(digests, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def _prepare(app: Sphinx, config: Config) -> None:
    root = Path(app.srcdir)
    os.environ["NNBOOK_STRICT"] = "1"
    os.environ.pop("NNBOOK_EXPECTED", None)  # a build is held to the book's own bounds
    drop_stale(root)
    config.nb_execution_cache_path = str(cache_folder(root))


def _outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Name the chapters whose outputs are newer than, or gone since, the last reading."""
    root = Path(app.srcdir)
    known = getattr(env, "nnbook_executions", {})
    outdated = []
    for source in chapter_files(root):
        docname = source.relative_to(root).with_suffix("").as_posix()
        state = _execution_time(source, root)
        if state is None or known.get(docname) != state:
            outdated.append(docname)
    return [docname for docname in outdated if docname in env.found_docs]


def _remember(app: Sphinx, env: BuildEnvironment) -> None:
    root = Path(app.srcdir)
    env.nnbook_executions = {
        source.relative_to(root).with_suffix("").as_posix(): _execution_time(source, root)
        for source in chapter_files(root)
    }


def _execution_time(source: Path, root: Path) -> str | None:
    if not cache_folder(root).is_dir():
        return None
    cache = get_cache(cache_folder(root))
    try:
        notebook = nbformat.read(source, nbformat.NO_CONVERT)
        return f"{profile.name()} {cache.match_cache_notebook(notebook).created.isoformat()}"
    except KeyError:
        return None


def setup(app: Sphinx) -> None:
    """Connect the cache to the build."""
    app.connect("config-inited", _prepare)
    app.connect("env-get-outdated", _outdated)
    app.connect("env-updated", _remember)
