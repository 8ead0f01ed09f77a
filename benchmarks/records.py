"""The file of recorded runs, `results/benchmarks.json`, and the figures that follow from it."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, stdev
from typing import Any

from nnbook_utils._record_files import write_atomically
from nnbook_utils.cells import read_cells

ROOT = Path(__file__).resolve().parent.parent
KEYS = ("contest", "side", "seed", "score", "total", "seconds", "scores", "peak_memory_mib")
DEFAULT = ROOT / "results" / "benchmarks.json"

__all__ = ["DEFAULT", "Spread", "Summary", "add", "fingerprint", "load", "summaries"]


@dataclass(frozen=True)
class Spread:
    """Mean and spread of a figure over the runs; the spread of one run is unknown."""

    mean: float
    spread: float | None
    runs: int

    @classmethod
    def of(cls, values: list[float]) -> "Spread | None":
        """Return the spread of values, None for none."""
        if not values:
            return None
        return cls(mean(values), stdev(values) if len(values) > 1 else None, len(values))


@dataclass(frozen=True)
class Summary:
    """One side of one contest over its runs.

    Attributes:
        contest: Name of the contest.
        side: Name of the side.
        score: Scores on the test set.
        seconds: Seconds of training.
        to_listing: Times faster than the listing to the listing's own last validation score, run
            by run on the same split; None where nothing can be compared.
        missed: Runs that never reached that score.
        memory: Largest memory of the process in MiB.
        parameters: Weights.
        device, date: Of the last run.
    """

    contest: str
    side: str
    score: Spread
    seconds: Spread
    to_listing: Spread | None
    missed: int
    memory: Spread
    parameters: int
    device: str
    date: str


def load(path: Path = DEFAULT) -> list[dict[str, Any]]:
    """Return the recorded runs, none if there is no file.

    Raises:
        ValueError: If the file holds no list of runs.
    """
    if not path.is_file():
        return []
    try:
        runs = json.loads(path.read_text(encoding="utf-8"))
        missing = [key for run in runs for key in KEYS if key not in run]
        if missing:
            raise KeyError(missing[0])
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} holds no recorded runs ({error!r}); move it away") from error
    return runs


def add(run: dict[str, Any], path: Path = DEFAULT) -> None:
    """Add a run, in place of an earlier one of the same contest, side and seed."""
    same = [run[key] for key in ("contest", "side", "seed")]
    kept = [r for r in load(path) if [r["contest"], r["side"], r["seed"]] != same]
    runs = sorted([*kept, run], key=lambda r: (r["contest"], r["side"], r["seed"]))
    write_atomically(path, json.dumps(runs, indent=1) + "\n")


def fingerprint(notebook: Path) -> str:
    """Return a short digest of a chapter's code: runs of other code are made again."""
    code = "\n".join(cell.source for cell in read_cells(notebook).values() if cell.kind == "code")
    return hashlib.sha256(code.encode()).hexdigest()[:12]


def summaries(runs: list[dict[str, Any]]) -> list[Summary]:
    """Return a summary for each side of each contest, in the order of the runs."""
    by_side: dict[tuple[str, str], dict[int, dict]] = {}
    for run in runs:
        by_side.setdefault((run["contest"], run["side"]), {})[run["seed"]] = run
    found = []
    for (contest, side), own in by_side.items():
        listing = {} if side == "listing" else by_side.get((contest, "listing"), {})
        ratios = [_ratio(listing[seed], run) for seed, run in own.items() if seed in listing]
        last = own[max(own)]
        found.append(
            Summary(
                contest,
                side,
                Spread.of([run["score"] for run in own.values()]),
                Spread.of([run["total"] for run in own.values()]),
                Spread.of([ratio for ratio in ratios if ratio is not None]),
                sum(ratio is None for ratio in ratios),
                Spread.of([run["peak_memory_mib"] for run in own.values()]),
                last["parameters"],
                last["device"],
                max(run["date"] for run in own.values()),
            )
        )
    return found


def _ratio(listing: dict[str, Any], run: dict[str, Any]) -> float | None:
    """Return how many times sooner a run reached the listing's last validation score.

    Without a curve both count whole, whatever they scored: the scores stand beside the ratio.
    """
    if not listing["scores"] or not run["scores"]:
        return listing["total"] / run["total"]
    goal = listing["scores"][-1]
    reached = [
        next((s for s, score in zip(r["seconds"], r["scores"], strict=True) if score >= goal), None)
        for r in (listing, run)
    ]
    return None if reached[1] is None else reached[0] / reached[1]
