"""Finding, downloading, verifying and keeping the data sets that no package brings along."""

import errno
import hashlib
import os
import tempfile
import warnings
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from nnbook_utils.data._remote import REMOTES, Part, Remote
from nnbook_utils.data._types import DataError

TIMEOUT = 30  # seconds without a byte until a server counts as silent
CHUNK = 65_536  # bytes read at a time
UNREADABLE = (OSError, ValueError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error)
KINDS = {
    "uint8": "ui",
    "int32": "ui",
    "float64": "uif",
}  # kinds of number that may be stored for each type


def fetch(name: str) -> dict[str, np.ndarray]:
    """Return the arrays of a data set, from NNBOOK_DATA_DIR, the cache or a download.

    Args:
        name: A key of `REMOTES`.

    Raises:
        DataError: If none of the three has them; the message says what was tried and the ways
            out. Also if NNBOOK_DATA_DIR is not a folder or has the file, but damaged.
    """
    remote = REMOTES[name]
    tried = []
    folder = _data_folder()
    if folder is None:
        tried.append("NNBOOK_DATA_DIR: not set")
    elif (folder / remote.file).exists():
        return read_arrays(folder / remote.file, remote)
    elif remote.is_plain and (folder / remote.parts[0].file).exists():
        return _read_plain(folder / remote.parts[0].file, remote)
    else:
        tried.append(f"NNBOOK_DATA_DIR: no file {folder / remote.file}")
    cached = cache_folder() / remote.file
    if cached.exists():
        try:
            return read_arrays(cached, remote)
        except DataError as problem:
            warnings.warn(f"{problem} Downloading it again now.", stacklevel=3)
            tried.append(f"cache: {problem}")
    else:
        tried.append(f"cache: no file {cached}")
    try:
        return read_arrays(download(name, cached.parent), remote)
    except DataError as problem:
        tried.append(f"download: {problem}")
        raise DataError(_no_data(name, tried)) from None


def download(name: str, folder: Path) -> Path:
    """Download a data set, verify it and put it into a folder as one npz file.

    Everything is written to a temporary folder beside the file; only the finished, checked file
    is renamed, so no other process and no interruption ever leaves half of one.

    Args:
        name: A key of `REMOTES`.
        folder: Made if it does not exist.

    Returns:
        The path of the file.

    Raises:
        DataError: If the network, the disk or the contents fail.
    """
    remote = REMOTES[name]
    target = Path(folder, remote.file)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".download-", dir=target.parent) as temporary:
            for part in remote.parts:
                _retrieve(part, Path(temporary))
            arrays = remote.convert(Path(temporary))
            _check(arrays, remote)
            finished = Path(temporary, "finished.npz")
            np.savez_compressed(finished, **arrays)
            os.replace(finished, target)
    except DataError:
        raise
    except ValueError as problem:
        raise DataError(f"the files of {name} are not as expected: {problem}") from problem
    except OSError as problem:
        raise DataError(_no_room(problem, target.parent, remote)) from problem
    return target


def is_complete(name: str, folder: Path) -> bool:
    """Say whether a folder has an undamaged file of a data set."""
    path = Path(folder, REMOTES[name].file)
    if not path.exists():
        return False
    try:
        read_arrays(path, REMOTES[name])
    except DataError:
        return False
    return True


def read_arrays(path: Path, remote: Remote) -> dict[str, np.ndarray]:
    """Read and verify the arrays of a data set; nothing is ever unpickled.

    Raises:
        DataError: If the file cannot be read or holds something else.
    """
    try:
        if not zipfile.is_zipfile(path):
            raise ValueError("it is not an npz archive, or cut off")
        with np.load(path, allow_pickle=False) as archive:
            arrays = {key: archive[key] for key in remote.shapes if key in archive.files}
        arrays = dict(remote.complete(arrays, path.parent))
        _check(arrays, remote)
    except UNREADABLE as problem:
        raise DataError(
            f"cannot use {path}: {problem}. Delete it and run: "
            f"python -m nnbook_utils.data download --to {path.parent} {remote.name}"
        ) from problem
    return arrays


def _read_plain(path: Path, remote: Remote) -> dict[str, np.ndarray]:
    """Read and verify a data set from its one file as it is downloaded."""
    try:
        remote.parts[0].verify(path)
    except UNREADABLE as problem:
        raise DataError(f"cannot use {path}: {problem}. Delete or replace it") from problem
    return dict(remote.convert(path.parent))


def cache_folder() -> Path:
    """Return the folder for downloads: NNBOOK_CACHE_DIR, else the user's cache folder."""
    chosen = os.environ.get("NNBOOK_CACHE_DIR")
    if chosen:
        return Path(chosen).expanduser()
    from platformdirs import user_cache_path

    return user_cache_path("nnbook", appauthor=False)


def fingerprint(arrays: Mapping[str, np.ndarray], remote: Remote) -> str:
    """Return the SHA-256 of the contents of the arrays, whatever way they are stored.

    Of an array of which fewer rows are enough, only these count.
    """
    digest = hashlib.sha256()
    for key, (n_rows, *_) in remote.least_shapes.items():
        digest.update(np.ascontiguousarray(arrays[key][:n_rows], dtype=remote.dtype).data)
    return digest.hexdigest()


def _data_folder() -> Path | None:
    chosen = os.environ.get("NNBOOK_DATA_DIR")
    if not chosen:
        return None
    folder = Path(chosen).expanduser()
    if not folder.is_dir():
        raise DataError(
            f"NNBOOK_DATA_DIR is {chosen!r}, which is not a folder; set it to a folder filled by "
            "python -m nnbook_utils.data download --to DIR, or unset it"
        )
    return folder


def _retrieve(part: Part, folder: Path) -> None:
    """Download one file from the first of its addresses that delivers the right bytes."""
    import pooch
    from requests.exceptions import RequestException

    problems = []
    downloader = pooch.HTTPDownloader(progressbar=True, chunk_size=CHUNK, timeout=TIMEOUT)
    known = None if part.member else f"sha256:{part.sha256}"
    for url in part.urls:
        try:
            pooch.retrieve(url, known, part.file, folder, downloader=downloader)
            if part.member:
                part.verify(folder / part.file)
        except (RequestException, ValueError, zipfile.BadZipFile, zlib.error) as problem:
            problems.append(f"{url}: {problem}")
            (folder / part.file).unlink(missing_ok=True)  # or it would pass for the next one's
        else:
            return
    raise DataError(f"could not get {part.file} ({'; '.join(problems)})")


def _check(arrays: Mapping[str, np.ndarray], remote: Remote) -> None:
    """Raise ValueError unless the arrays are those of the data set."""
    found = {key: array.shape for key, array in arrays.items()}
    wanted = dict(remote.shapes)
    if not (_fit(found, wanted) or _fit(found, remote.least_shapes)):
        raise ValueError(f"it holds {found or 'none of the arrays'}, expected {wanted}")
    for key, array in arrays.items():
        if array.dtype.kind not in KINDS[remote.dtype] or not np.isfinite(array).all():
            raise ValueError(f"{key} holds {array.dtype} or NaN, expected {remote.dtype}")
        if not np.array_equal(array, array.astype(remote.dtype)):
            raise ValueError(f"{key} holds numbers that do not fit {remote.dtype}")
    remote.check(arrays)
    if remote.fingerprint not in (None, fingerprint(arrays, remote)):
        raise ValueError("the numbers in it are not those of the published data set")


def _fit(found: Mapping[str, tuple], wanted: Mapping[str, tuple]) -> bool:
    """Say whether the shapes are those wanted, where None is any length."""
    return found.keys() == wanted.keys() and all(
        len(found[key]) == len(shape)
        and all(b is None or a == b for a, b in zip(found[key], shape, strict=True))
        for key, shape in wanted.items()
    )


def _no_room(problem: OSError, folder: Path, remote: Remote) -> str:
    reason = problem.strerror or problem
    if problem.errno == errno.ENOSPC:
        advice = f"free about {5 * remote.megabytes} MB there or choose a folder on another disk"
    else:
        advice = "choose a folder that you can write to"
    return f"cannot write to {folder}: {reason}; {advice} (the cache's is NNBOOK_CACHE_DIR)"


def _no_data(name: str, tried: list[str]) -> str:
    lines = "\n".join(f"  - {attempt}" for attempt in tried)
    return (
        f"the data set {name} is not here and could not be downloaded. Tried:\n{lines}\n"
        "Two ways out:\n"
        "  - set NNBOOK_PROFILE=quick, which needs no download; or\n"
        f"  - where there is a network, run: python -m nnbook_utils.data download --to DIR {name}\n"
        "    then copy DIR to this machine and set NNBOOK_DATA_DIR to it."
    )
