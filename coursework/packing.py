"""Zip files that are equal byte for byte whenever their contents are, written all or none."""

import io
import os
import tempfile
import zipfile
from collections.abc import Collection, Mapping
from pathlib import Path

__all__ = ["write_all", "zip_bytes"]

FIXED_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that the format knows
UNIX = 3
PERMISSIONS = 0o100644  # a plain file, which its owner may write and everybody read
EXECUTABLE = 0o100755


def zip_bytes(files: Mapping[str, bytes], executable: Collection[str] = ()) -> bytes:
    """Return the bytes of a zip of these files.

    Nothing is compressed: two versions of the compressor need not give the same bytes.

    Args:
        files: Content of each file by its path in the zip, parts separated by slashes.
        executable: Paths of those that are programs.

    Returns:
        The same bytes for the same files, whatever their order, the day and the machine.

    Example:
        >>> len(zip_bytes({"notes/README.txt": b"Hello"}))
        135
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, FIXED_TIME)
            entry.create_system = UNIX
            entry.external_attr = (EXECUTABLE if name in executable else PERMISSIONS) << 16
            archive.writestr(entry, files[name])
    return stream.getvalue()


def write_all(
    folder: Path, contents: Mapping[str, bytes], *, overwrite: bool = False
) -> list[Path]:
    """Write files into a folder: all of them, or none.

    Everything is first written into a temporary folder beside; only then do the files take their
    places, one rename each, and if one of these fails, those before it are taken back.

    Args:
        folder: Where to; it is made where it is missing.
        contents: Content of each file by its name.
        overwrite: Whether a file of that name and another content may be replaced.

    Returns:
        The files that were written; those that held their content already are not among them.

    Raises:
        OSError: If the folder or a file cannot be written, or a file with another content stands
            there and `overwrite` is False. Everything is then as it was before.

    Example:
        >>> write_all(Path("released"), {"a.zip": zip_bytes({})})  # doctest: +SKIP
        [PosixPath('released/a.zip')]
    """
    made = _make(folder)
    before: dict[Path, bytes | None] = {}
    try:
        wanted = {folder / name: content for name, content in sorted(contents.items())}
        present = {path: path.read_bytes() for path in wanted if path.exists()}
        changed = [path for path, content in wanted.items() if present.get(path) != content]
        in_the_way = [str(path) for path in changed if path in present]
        if in_the_way and not overwrite:
            raise FileExistsError(
                f"another content stands in {', '.join(in_the_way)}; give --overwrite to replace it"
            )
        with tempfile.TemporaryDirectory(dir=folder, prefix=".unfinished-") as temporary:
            for path in changed:
                (Path(temporary) / path.name).write_bytes(wanted[path])
            for path in changed:
                os.replace(Path(temporary) / path.name, path)
                before[path] = present.get(path)
    except BaseException:
        for path, content in before.items():
            path.unlink() if content is None else path.write_bytes(content)
        for empty in made:
            empty.rmdir()
        raise
    return changed


def _make(folder: Path) -> list[Path]:
    """Make a folder and those above it; return the new ones, the innermost first."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    made: list[Path] = []
    try:
        for path in reversed(missing):
            path.mkdir()
            made.insert(0, path)
        if not folder.is_dir():
            raise NotADirectoryError(20, "a file of that name stands there", str(folder))
    except OSError as error:
        for empty in made:
            empty.rmdir()
        reason = error.strerror or error
        raise OSError(f"cannot make the folder {folder}: {reason}") from error
    return made
