"""Measured numbers under contract: bounds, the table of a chapter, the records of a book.

`expected.yml` holds the bounds of every metric. A chapter's last cell calls `report`, whose output
carries the record; `python -m nnbook_utils.results gather DIR --to FILE` collects the records.
"""

import argparse
import json
import math
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nnbook_utils import profile as _profile
from nnbook_utils._display import show
from nnbook_utils._expected import read_expected
from nnbook_utils._names import nearest
from nnbook_utils._record_files import only_record, recorded, records_in, write_atomically
from nnbook_utils._results_table import html_table, text_table

__all__ = ["RECORD_MIME", "BoundError", "bounds", "gather", "load_expected", "main", "report"]

RECORD_MIME = "application/vnd.nnbook.record+json"


class BoundError(AssertionError):
    """A measured number lies outside its bounds in `expected.yml`."""


def load_expected(path: str | os.PathLike | None = None) -> dict[str, Any]:
    """Read and check the bounds of every chapter.

    Args:
        path: Another file than the one that comes with this package; `NNBOOK_EXPECTED` does the
            same for a whole process.

    Returns:
        Dictionary chapter -> `title`, `quick`, `full`; a profile has `metrics` and may have
        `ratios`, `minutes` and `peak_memory_gib` (budgets, which never fail).

    Raises:
        OSError: If the file cannot be read.
        ValueError: If it is not YAML or not of this form; the message names the place.

    Example:
        >>> load_expected()["01_multilayer_perceptron"]["title"]  # doctest: +SKIP
        'Multilayer perceptron'
    """
    return read_expected(path)


def bounds(chapter: str, profile: str | None = None) -> dict[str, dict[str, Any]]:
    """Return the bounds of a chapter's metrics.

    Args:
        chapter: The notebook's name without ending.
        profile: `"quick"` or `"full"`; the current profile if left out.

    Returns:
        Dictionary metric -> `label`, `min` and/or `max`, and what else `expected.yml` says of it.

    Raises:
        ValueError: If the file knows no such chapter, or not in this profile.

    Example:
        >>> bounds("01_multilayer_perceptron", "quick")  # doctest: +SKIP
        {'breast_cancer_accuracy': {'label': 'Breast cancer, test accuracy', 'min': 0.95}}
    """
    return dict(_section(chapter, profile or _profile.name())["metrics"])


def report(
    chapter: str,
    metrics: Mapping[str, float],
    ratios: Mapping[str, float] | None = None,
    models: Mapping[str, Mapping[str, float]] | None = None,
) -> None:
    """Show what a chapter measured beside its bounds, and leave the record in the output.

    A number outside its bounds is an error where `NNBOOK_STRICT=1`, as in builds and tests. For a
    reader who changed a constant it is a highlighted row.

    Args:
        chapter: The notebook's name without ending, as given to `begin`.
        metrics: Measured value of every metric in `expected.yml`, no more and no fewer.
        ratios: Values that come from seconds or bytes; they have an aim and never fail.
        models: What the network behind a metric costs, for the scoreboard: metric ->
            `{"parameters": count, "seconds": training time of one run}`. Never fails a bound.

    Raises:
        BoundError: If `NNBOOK_STRICT=1` and a metric is out of bounds, after the table is shown.
        RuntimeError: If `begin` was not called.
        TypeError: If a value is not a number.
        ValueError: If a metric is missing, unknown or not finite, the cost of a model is
            incomplete or not positive, or the chapter is not the one that began.

    Example:
        >>> report("01_multilayer_perceptron", {"breast_cancer_accuracy": 0.97})  # doctest: +SKIP
        Metric                        Measured  Bounds
        Breast cancer, test accuracy  0.97      0.95 to 1
    """
    record = _record(chapter, metrics, ratios or {}, models or {})
    broken = _broken(record)
    show(text_table(record, broken), html_table(record, broken), RECORD_MIME, record)
    if broken and _is_strict():
        raise BoundError(_broken_message(record, broken))


def gather(
    executed_folder: str | os.PathLike, to: str | os.PathLike, *, keep: bool = False
) -> dict[str, dict[str, Any]]:
    """Collect the records of executed notebooks into one JSON file, written atomically.

    Args:
        executed_folder: Folder whose `*.ipynb` files hold their outputs.
        to: The file to write: a dictionary chapter -> record, sorted by chapter.
        keep: Keep the records of chapters in `to` that were not executed this time.

    Returns:
        What was written.

    Raises:
        OSError: If a file cannot be read or written; an existing `to` is then left as it was.
        ValueError: If a notebook is no JSON, a chapter of `expected.yml` left no record or several,
            a record names another chapter, profiles are mixed, or there is no record at all.

    Example:
        >>> gather("_build/executed", "results/quick.json")  # doctest: +SKIP
    """
    folder = Path(executed_folder)
    if not folder.is_dir():
        raise NotADirectoryError(f"{folder} is no folder; pass the folder of executed notebooks")
    known = load_expected()
    found = {}
    for path in sorted(folder.glob("*.ipynb")):
        records = records_in(path, RECORD_MIME)
        if records or path.stem in known:
            found[path.stem] = only_record(path, records)
    if not found:
        raise ValueError(f"no notebook in {folder} holds a record; execute the chapters first")
    if keep and Path(to).exists():
        found = {**recorded(Path(to)), **found}
    profiles = sorted({record["profile"] for record in found.values()})
    if len(profiles) > 1:
        raise ValueError(f"records of profiles {' and '.join(profiles)} do not go into one file")
    found = dict(sorted(found.items()))
    write_atomically(Path(to), json.dumps(found, indent=2) + "\n")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line: `python -m nnbook_utils.results gather DIR --to FILE [--keep]`.

    Args:
        arguments: Words after the program's name; the process's own if left out.

    Returns:
        The exit status, 0, or 1 after an error whose message went to stderr.

    Example:
        >>> main(["gather", "_build/executed", "--to", "results/quick.json"])  # doctest: +SKIP
        0
    """
    parser = argparse.ArgumentParser(prog="python -m nnbook_utils.results")
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("gather", help="collect the records of executed notebooks")
    command.add_argument("executed_folder", metavar="DIR", help="folder of executed notebooks")
    command.add_argument("--to", required=True, metavar="FILE", help="JSON file to write")
    command.add_argument("--keep", action="store_true", help="keep the other chapters in FILE")
    chosen = parser.parse_args(arguments)
    try:
        found = gather(chosen.executed_folder, chosen.to, keep=chosen.keep)
    except (OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"{chosen.to}: {', '.join(sorted(found))}")
    return 0


def _section(chapter: str, profile: str) -> dict[str, Any]:
    expected = load_expected()
    if chapter not in expected:
        raise ValueError(f"expected.yml knows no chapter {chapter!r}; {nearest(chapter, expected)}")
    if profile not in expected[chapter]:
        there = ", ".join(name for name in expected[chapter] if name != "title") or "none"
        raise ValueError(
            f"expected.yml has no profile {profile!r} for chapter {chapter!r} (it has: {there}); "
            "add its metrics and bounds there"
        )
    return {"title": expected[chapter]["title"], "ratios": {}, **expected[chapter][profile]}


def _record(
    chapter: str,
    metrics: Mapping[str, float],
    ratios: Mapping[str, float],
    models: Mapping[str, Mapping[str, float]],
) -> dict[str, Any]:
    run = _profile.current_run()
    if run.chapter != chapter:
        raise ValueError(
            f"report({chapter!r}, ...) in a run that began as {run.chapter!r}; "
            "give both the notebook's name"
        )
    section = _section(chapter, _profile.name())
    return {
        "chapter": chapter,
        "title": section["title"],
        "profile": _profile.name(),
        "metrics": _measured("metric", metrics, section["metrics"]),
        "ratios": _measured("ratio", ratios, section["ratios"]),
        "models": {name: _cost(name, models[name], section["metrics"]) for name in models},
        "minutes": round(_profile.minutes(), 2),
        "peak_memory_gib": round(_profile.peak_memory_gib(), 2),
        "budget": {key: section.get(key) for key in ("minutes", "peak_memory_gib")},
        "device": _profile.device(),
        "versions": _profile.versions(),
        "seed": run.seed,
        "date": datetime.now(UTC).date().isoformat(),
    }


def _measured(
    kind: str, values: Mapping[str, float], expected: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    missing = [name for name in expected if name not in values]
    if missing:
        raise ValueError(f"{kind} missing from the report: {', '.join(missing)}")
    unknown = [name for name in values if name not in expected]
    if unknown:
        raise ValueError(
            f"{kind} not in expected.yml: {', '.join(unknown)}; {nearest(unknown[0], expected)}"
        )
    return {
        name: {"value": _number(kind, name, values[name]), **expected[name]} for name in expected
    }


def _cost(
    name: str, model: Mapping[str, float], metrics: Mapping[str, Any]
) -> dict[str, float | int]:
    if name not in metrics:
        raise ValueError(f"model of an unknown metric: {name}; {nearest(name, metrics)}")
    if set(model) != {"parameters", "seconds"}:
        raise ValueError(f"model {name} needs parameters and seconds, got {sorted(model)}")
    parameters, seconds = (_number("model", f"{name} {key}", model[key]) for key in sorted(model))
    if parameters < 1 or parameters != round(parameters) or seconds <= 0:
        raise ValueError(
            f"model {name} must have a whole number of parameters and more than zero seconds, "
            f"got {parameters:g} and {seconds:g}"
        )
    return {"parameters": int(parameters), "seconds": round(seconds, 2)}


def _number(kind: str, name: str, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError) as error:
        raise TypeError(f"{kind} {name} must be one number, got {value!r}") from error
    if not math.isfinite(number):
        raise ValueError(f"{kind} {name} must be finite, got {number}; look for NaN in its inputs")
    return number


def _broken(record: Mapping[str, Any]) -> list[str]:
    return [
        name
        for name, metric in record["metrics"].items()
        if not metric.get("min", -math.inf) <= metric["value"] <= metric.get("max", math.inf)
    ]


def _broken_message(record: Mapping[str, Any], broken: Sequence[str]) -> str:
    lines = [f"{record['chapter']}, profile {record['profile']}: out of bounds"]
    for name in broken:
        metric = record["metrics"][name]
        limits = [f"{key} {metric[key]}" for key in ("min", "max") if key in metric]
        lines.append(f"  {name} = {metric['value']:.6g} ({', '.join(limits)})")
    return "\n".join(lines)


def _is_strict() -> bool:
    setting = os.environ.get("NNBOOK_STRICT") or "0"
    if setting not in ("0", "1"):
        raise ValueError(f"NNBOOK_STRICT must be 0 or 1, got {setting!r}")
    return setting == "1"


if __name__ == "__main__":
    sys.exit(main())
