"""Files that hold records: executed notebooks, and the JSON files gathered from them."""

import contextlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def records_in(path: Path, mime: str) -> list[dict[str, Any]]:
    """Return the records in an executed notebook's outputs.

    Raises:
        OSError: If the file cannot be read.
        ValueError: If it is no notebook.
    """
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        outputs = [output for cell in cells for output in cell.get("outputs", [])]
        bundles = [output.get("data", {}) for output in outputs]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path} is no notebook ({error!r}); execute the chapter again") from error
    return [bundle[mime] for bundle in bundles if mime in bundle]


def only_record(path: Path, records: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the one record of a chapter's notebook.

    Raises:
        ValueError: If there are none or several, or it is another chapter's.
    """
    if len(records) != 1:
        raise ValueError(
            f"{path} must hold one record, it holds {len(records)}; call results.report once, in "
            "the results cell, and execute the notebook to its end"
        )
    if records[0]["chapter"] != path.stem:
        raise ValueError(f"the record in {path} names another chapter: {records[0]['chapter']}")
    return records[0]


def recorded(path: Path) -> dict[str, dict[str, Any]]:
    """Return the records of a gathered file by chapter.

    Raises:
        OSError: If the file cannot be read.
        ValueError: If it holds no JSON object.
    """
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise ValueError(f"{path} holds no records ({error}); remove it and gather all") from error


def write_atomically(path: Path, text: str) -> None:
    """Write a text file whole or not at all, as UTF-8.

    Raises:
        OSError: If it cannot be written; what was there before is left.
    """
    draft = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(text, encoding="utf-8")
        os.replace(draft, path)
    except OSError as error:
        raise type(error)(
            error.errno, f"cannot write {path} ({error.strerror}); nothing was changed"
        ) from error
    finally:
        with contextlib.suppress(OSError):
            draft.unlink()
