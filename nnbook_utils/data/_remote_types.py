"""What is known of a data set that has to be downloaded."""

import hashlib
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

Arrays = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Part:
    """A file to download.

    Attributes:
        file: Its name.
        sha256: Its SHA-256, in hexadecimal.
        urls: Where it can be had; tried in this order, the same bytes everywhere.
        member: If it is a zip that everybody packs anew: the name of the one file in it that
            counts, in whatever folder. The SHA-256 is that file's then.
    """

    file: str
    sha256: str
    urls: tuple[str, ...]
    member: str = ""

    def verify(self, path: Path) -> None:
        """Raise ValueError unless the file at this path has the SHA-256.

        Raises:
            OSError, zipfile.BadZipFile, zlib.error: If it cannot be read.
        """
        content = read_member(path, self.member) if self.member else path.read_bytes()
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise ValueError("it is not the published file")


@dataclass(frozen=True)
class Remote:
    """A data set to download.

    Attributes:
        name: Name in the registry.
        megabytes: Size of the download, about.
        parts: The files to download.
        convert: Turns the folder with these files into the arrays that we keep.
        shapes: Name and shape of each array, in the order of the fingerprint; None stands for
            any length.
        dtype: Type of all arrays.
        fingerprint: SHA-256 of the contents of the arrays; None if shapes must do.
        enough: How many first rows of an array a file may hold instead of all; the fingerprint
            then covers no more of it.
        complete: Adds what a file may leave out, from another one in the folder given to it.
        check: Raises ValueError unless the arrays fit each other.
        is_plain: Whether NNBOOK_DATA_DIR may hold the one file to download instead of the npz.
    """

    name: str
    megabytes: int
    parts: tuple[Part, ...]
    convert: Callable[[Path], Arrays]
    shapes: Mapping[str, tuple[int | None, ...]]
    dtype: str
    fingerprint: str | None = None
    enough: Mapping[str, int] = field(default_factory=dict)
    complete: Callable[[Arrays, Path], Arrays] = lambda arrays, folder: arrays
    check: Callable[[Arrays], None] = lambda arrays: None
    is_plain: bool = False

    @property
    def least_shapes(self) -> dict[str, tuple[int | None, ...]]:
        """Name and shape of each array in a file that holds no more than enough."""
        return {
            key: (self.enough.get(key, shape[0]), *shape[1:]) for key, shape in self.shapes.items()
        }

    @property
    def file(self) -> str:
        """Name of the file in NNBOOK_DATA_DIR and in the cache."""
        return f"{self.name}.npz"


def read_member(path: Path, name: str) -> bytes:
    """Return the contents of the file of this name in a zip, in whatever folder of it.

    Raises:
        ValueError: If there is no such file, or several.
        OSError, zipfile.BadZipFile, zlib.error: If the zip cannot be read.
    """
    with zipfile.ZipFile(path) as archive:
        found = [place for place in archive.namelist() if place.rpartition("/")[2] == name]
        if len(found) != 1:
            raise ValueError(f"it holds {len(found)} files {name}, expected one")
        return archive.read(found[0])
