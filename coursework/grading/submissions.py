"""What was handed in: a folder or zip of notebooks as Canvas, Moodle, Colab or people name them.

Nothing is unpacked onto the disk. A zip, the whole download as well as one student's upload, is
read in memory and within bounds, so that no path in it leads anywhere and a bomb stops early.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

__all__ = ["MAX_NOTEBOOK", "Submission", "collect", "read_submission"]

MAX_NOTEBOOK = 50 * 2**20  # bytes
MAX_ENTRIES = 20_000
MIB = 2**20
# Canvas: lovelaceada_LATE_1234_56789_Copy of 03_autoencoder-1.ipynb
CANVAS = re.compile(r"(?P<name>[^_/]+)_(?P<late>LATE_)?(?P<id>\d+)_(?P<upload>\d+)_(?P<file>.+)")
# Moodle: Ada Lovelace_1234_assignsubmission_file_/notebook.ipynb, or without the folder
MOODLE = re.compile(
    r"(?P<name>[^/]+?)_(?P<id>\d+)_assignsubmission_(file|onlinetext)_?(?P<file>.*)"
)
SKIPPED = ("__MACOSX", ".ipynb_checkpoints", ".git", ".github")
READ = (".ipynb", ".zip")


@dataclass(frozen=True)
class Submission:
    """One student's work.

    Attributes:
        student: Unique name; what the file or folder is called where nothing else is known.
        source: `"canvas"`, `"moodle"` or `"files"`, by the form of the name.
        id: The student's number there, empty for files.
        files: Content of the notebooks by path, those that could be read.
        faults: What could not be read, or looked dangerous, in words.
    """

    student: str
    source: str
    id: str
    files: dict[str, bytes]
    faults: tuple[str, ...] = ()


@dataclass
class _Entry:
    path: PurePosixPath
    content: bytes
    fault: str = ""


def collect(place: Path) -> list[Submission]:
    """Read a folder, or a zip, of submissions.

    A file directly in it belongs to the student that its name tells; a folder in it is one
    student's, whatever lies in there; so is an uploaded zip.

    Args:
        place: The folder or zip.

    Returns:
        Submissions by student's name, one per student: of several uploads that Canvas marks, the
        newest.

    Raises:
        OSError: If the folder cannot be read.
        ValueError: If it holds no submission.

    Example:
        >>> [one.student for one in collect(Path("handed-in"))]  # doctest: +SKIP
        ['Ada Lovelace', 'Alan Turing']
    """
    entries = _from_zip(place) if zipfile.is_zipfile(place) else _from_folder(place)
    grouped: dict[tuple[str, str, str], list[tuple[int, str, _Entry]]] = {}
    for entry in entries:
        if _is_skipped(entry):
            continue
        who, upload, name = _who(entry.path)
        grouped.setdefault(who, []).append((upload, name, entry))
    found = [_submission(who, parts) for who, parts in grouped.items()]
    found = [one for one in found if one.files or one.faults]
    if not found:
        raise ValueError(
            f"{place} holds no submissions; give the folder, or the zip, that Canvas or Moodle "
            "wrote, or a folder with one notebook or folder per student"
        )
    return sorted(_distinct(found), key=lambda one: (one.student.casefold(), one.student))


def read_submission(student: str, folder: Path) -> Submission:
    """Read a folder in which everything is one student's.

    Args:
        student: Unique name.
        folder: The folder.

    Returns:
        The submission; one without a notebook says so among its faults.

    Raises:
        OSError: If the folder cannot be read.

    Example:
        >>> read_submission("Ada", Path("submission")).files.keys()  # doctest: +SKIP
        dict_keys(['03_autoencoder.ipynb'])
    """
    entries = [entry for entry in _from_folder(folder) if not _is_skipped(entry)]
    parts = [(0, str(entry.path), entry) for entry in entries]
    if not parts:
        return Submission(student, "files", "", {}, ("nothing was handed in",))
    return _submission(("files", "", student), parts)


def _is_skipped(entry: _Entry) -> bool:
    return any(part in SKIPPED or part.startswith("._") for part in entry.path.parts)


def _printable(name: str) -> str:
    """Return a file's name with what is no UTF-8 spelled out, so that two names stay two."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def _from_folder(folder: Path) -> Iterator[_Entry]:
    if not folder.is_dir():
        raise NotADirectoryError(20, "neither a folder nor a zip", str(folder))
    for path in sorted(folder.rglob("*")):
        name = PurePosixPath(_printable(path.relative_to(folder).as_posix()))
        if path.is_symlink():
            yield _Entry(name, b"", "is a link, which is not followed")
        elif path.is_file() and name.suffix.lower() not in READ:
            yield _Entry(name, b"")
        elif path.is_file():
            try:
                size = path.stat().st_size
                content = path.read_bytes() if size <= MAX_NOTEBOOK else b""
            except OSError as error:
                yield _Entry(name, b"", f"cannot be read ({error.strerror})")
            else:
                yield _Entry(name, content, "" if size <= MAX_NOTEBOOK else _too_large(size))


def _from_zip(place: Path | io.BytesIO) -> Iterator[_Entry]:
    """Yield a zip's files without unpacking; a path that leads out of it is named, not followed."""
    with zipfile.ZipFile(place) as archive:
        n_left = 4 * MAX_NOTEBOOK if isinstance(place, io.BytesIO) else None
        for number, entry in enumerate(archive.infolist()):
            if entry.is_dir():
                continue
            parts = re.split(r"[/\\]", entry.filename)
            name = PurePosixPath(*[part for part in parts if part not in ("", ".", "..")] or ["_"])
            if number >= MAX_ENTRIES:
                yield _Entry(name, b"", f"the zip holds more than {MAX_ENTRIES:,} files")
                return
            if ".." in parts or entry.filename.startswith(("/", "\\")) or ":" in parts[0]:
                yield _Entry(name, b"", "its path leads out of the zip; it was not read")
            elif name.suffix.lower() not in READ:
                yield _Entry(name, b"")
            else:
                content, fault = _content(archive, entry, n_left)
                n_left = n_left and n_left - len(content)
                yield _Entry(name, content, fault)


def _content(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, n_left: int | None
) -> tuple[bytes, str]:
    limit = MAX_NOTEBOOK if n_left is None else min(MAX_NOTEBOOK, n_left)
    if entry.file_size > limit:
        return b"", _too_large(entry.file_size)
    try:
        with archive.open(entry) as stream:
            content = stream.read(limit + 1)  # the size that the zip names may be a lie
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError) as error:
        return b"", f"cannot be read from the zip ({error})"
    return (b"", _too_large(len(content))) if len(content) > limit else (content, "")


def _too_large(size: int) -> str:
    return f"{size / MIB:,.0f} MiB, and at most {MAX_NOTEBOOK // MIB} MiB are read"


def _who(path: PurePosixPath) -> tuple[tuple[str, str, str], int, str]:
    """Return (source, id, name) of the student, the upload's number, and the file's own name."""
    first, rest = path.parts[0], "/".join(path.parts[1:])
    moodle, canvas = MOODLE.fullmatch(first), CANVAS.fullmatch(first)
    if moodle:
        return ("moodle", moodle["id"], moodle["name"]), 0, rest or moodle["file"]
    if canvas and not rest:
        return ("canvas", canvas["id"], canvas["name"]), int(canvas["upload"]), canvas["file"]
    if rest:
        return ("files", "", first), 0, rest
    return ("files", "", path.stem), 0, first


def _submission(who: tuple[str, str, str], parts: list[tuple[int, str, _Entry]]) -> Submission:
    source, number, student = who
    newest = max(upload for upload, _, _ in parts)
    files: dict[str, bytes] = {}
    faults = []
    others = []
    for upload, name, entry in parts:
        if upload < newest:
            continue
        suffix = PurePosixPath(name).suffix.lower()
        if entry.fault:
            faults.append(f"{name}: {entry.fault}")
        elif suffix == ".zip":
            inner, wrong = _uploaded_zip(name, entry.content)
            files |= inner
            faults += wrong
        elif suffix == ".ipynb":
            files[name] = entry.content
        else:
            others.append(name)
    if not files and others:
        faults.append(f"no notebook, only {', '.join(sorted(others)[:3])}")
    return Submission(student, source, number, files, tuple(faults))


def _uploaded_zip(name: str, content: bytes) -> tuple[dict[str, bytes], list[str]]:
    files, faults = {}, []
    try:
        for entry in _from_zip(io.BytesIO(content)):
            inner = f"{name}/{entry.path}"
            if _is_skipped(entry):
                continue
            if entry.fault:
                faults.append(f"{inner}: {entry.fault}")
            elif entry.path.suffix.lower() == ".ipynb":
                files[inner] = entry.content
            elif entry.path.suffix.lower() == ".zip":
                faults.append(f"{inner}: a zip in a zip is not opened")
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        faults.append(f"{name}: no readable zip ({error})")
    if not files and not faults:
        faults.append(f"{name}: no notebook in it")
    return files, faults


def _distinct(found: list[Submission]) -> list[Submission]:
    """Give students of the same name their numbers, so that each has a name of their own."""
    names = [one.student for one in found]
    return [
        Submission(f"{one.student} {one.id}".strip(), one.source, one.id, one.files, one.faults)
        if names.count(one.student) > 1
        else one
        for one in found
    ]
