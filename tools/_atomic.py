"""Write several files, or none of them."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path


def replace_all(contents: Mapping[Path, bytes]) -> None:
    """Replace the content of existing files: all of them, or none.

    Each new content is first written beside its file. Only when all are there do they take the
    files' places, one rename each; if a rename fails, the renames before it are taken back.
    Permissions are kept.

    Args:
        contents: New bytes of each file.

    Raises:
        OSError: If a file cannot be read or written. Every file is then as it was.

    Example:
        >>> replace_all({Path("README.md"): b"# New title"})  # doctest: +SKIP
    """
    before = {path: path.read_bytes() for path in contents}
    staged: dict[Path, Path] = {}
    replaced: list[Path] = []
    try:
        for path, content in contents.items():
            staged[path] = _write_beside(path, content)
        for path, new in staged.items():
            os.replace(new, path)
            replaced.append(path)
    except BaseException:
        for path in replaced:
            os.replace(_write_beside(path, before[path]), path)
        raise
    finally:
        for new in staged.values():
            new.unlink(missing_ok=True)


def _write_beside(path: Path, content: bytes) -> Path:
    """Write `content` to a new file in the folder of `path`, with the permissions of `path`."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        shutil.copymode(path, new)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    return new
