"""Command line: fill a folder for NNBOOK_DATA_DIR, and list the data sets."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from nnbook_utils.data._download import download, is_complete
from nnbook_utils.data._registry import info, list_datasets
from nnbook_utils.data._remote import REMOTES
from nnbook_utils.data._types import DataError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: Words after `python -m nnbook_utils.data`; None takes those of the process.

    Returns:
        0 if all went well, 1 if not; wrong usage exits with 2.

    Example:
        >>> main(["list"])  # doctest: +ELLIPSIS
        breast_cancer...
        0
    """
    options = _parser().parse_args(arguments)
    if options.command == "list":
        return _list()
    return _download(options.names or sorted(REMOTES), Path(options.to))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m nnbook_utils.data", description="The data sets of the book."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="list all data sets")
    fill = commands.add_parser(
        "download",
        help="download data sets into a folder",
        description="Download data sets into a folder, to which NNBOOK_DATA_DIR can point "
        "on a machine without a network.",
    )
    fill.add_argument("--to", required=True, metavar="DIR", help="made if need be")
    fill.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help=f"default: all, that is {' '.join(sorted(REMOTES))}",
    )
    return parser


def _list() -> int:
    for name in list_datasets():
        dataset = info(name)
        print(f"{name:20}{dataset.profile:7}{dataset.size:56}{dataset.licence}")
    return 0


def _download(names: Sequence[str], folder: Path) -> int:
    failed = False
    for name in names:
        try:
            print(f"{name}: {_download_one(name, folder)}")
        except (DataError, ValueError) as problem:
            print(f"{name}: error: {problem}", file=sys.stderr)
            failed = True
    return int(failed)


def _download_one(name: str, folder: Path) -> str:
    dataset = info(name)
    if name not in REMOTES:
        return f"nothing to download ({dataset.loader} needs no file: {dataset.source})"
    if is_complete(name, folder):
        return f"already in {folder}"
    return f"saved as {download(name, folder)}"


if __name__ == "__main__":
    sys.exit(main())
