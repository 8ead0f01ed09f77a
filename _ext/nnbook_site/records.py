"""The recorded results as rows, for README's table and the scoreboard page."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

CHAPTERS = "chapters"


@dataclass(frozen=True)
class Row:
    """One headline metric of one chapter, as recorded."""

    chapter: str
    title: str
    label: str
    measured: float
    bound: str
    baseline: float | None
    parameters: int | None
    seconds: float | None
    minutes: float
    device: str
    date: str


def load(root: Path, profile: str) -> dict[str, dict]:
    """Return the records of `results/<profile>.json` by chapter; empty if there is no such file."""
    path = root / "results" / f"{profile}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def load_expected(root: Path) -> dict[str, dict]:
    """Return the parsed `expected.yml`, empty if it is missing."""
    path = root / "nnbook_utils" / "expected.yml"
    return (yaml.safe_load(path.read_text(encoding="utf-8")) or {}) if path.is_file() else {}


def missing_metrics(root: Path, profile: str) -> list[str]:
    """Return `chapter.metric` for every metric under contract that has no record."""
    records = load(root, profile)
    return [
        f"{chapter}.{metric}"
        for chapter, section in load_expected(root).items()
        for metric in section.get(profile, {}).get("metrics", {})
        if metric not in records.get(chapter, {}).get("metrics", {})
    ]


def headline_rows(root: Path, profile: str) -> list[Row]:
    """Return a row for each metric marked `headline` in expected.yml, in chapter order."""
    records = load(root, profile)
    rows = []
    for chapter, section in sorted(load_expected(root).items()):
        if chapter not in records:
            continue
        for name, contract in section[profile]["metrics"].items():
            if contract.get("headline"):
                rows.append(_row(chapter, section["title"], name, contract, records[chapter]))
    return rows


def bound_text(low: float | None, high: float | None) -> str:
    """Return a bound in words that fit a table cell."""
    if low is None:
        return f"at most {high:g}"
    if high is None:
        return f"at least {low:g}"
    return f"{low:g} to {high:g}"


def number(value: float | None) -> str:
    """Return a measured number with three digits, or all before its point; a dash for none."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:#.3g}"


def markdown_table(head: list[str], body: Iterable[list[str]]) -> str:
    """Return a Markdown table; bars inside cells are escaped."""
    lines = [head, ["---"] * len(head), *body]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |" for cells in lines
    )


def _row(chapter: str, title: str, name: str, contract: dict, record: dict) -> Row:
    model = record.get("models", {}).get(name, {})
    baseline = record["metrics"].get(contract.get("baseline"), {}).get("value")
    return Row(
        chapter=chapter,
        title=title,
        label=contract["label"],
        measured=record["metrics"][name]["value"],
        bound=bound_text(contract.get("min"), contract.get("max")),
        baseline=baseline,
        parameters=model.get("parameters"),
        seconds=model.get("seconds"),
        minutes=record["minutes"],
        device=record["device"],
        date=record["date"],
    )
