"""The file of recorded runs, `results/benchmarks.json`, and the figures that follow from it.

A run is a dictionary: the fields of `contests.Run`, and contest, side, seed, largest memory,
device, machine, date, versions, and the digests of the chapter's statements that ran.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, stdev
from typing import Any

from benchmarks.contests import CHAPTERS, CONTESTS
from benchmarks.slices import digests
from nnbook_utils._record_files import write_atomically

ROOT = Path(__file__).resolve().parent.parent
NAMED_BY = ("contest", "side", "seed")
KEYS = (
    *(*NAMED_BY, "score", "total", "seconds", "scores", "parameters"),
    *("peak_memory_mib", "device", "machine", "date", "versions"),
)
OF_MANY_STARTS = ("runs", "spread")  # further figures of a run of many starts at once
DEFAULT = ROOT / "results" / "benchmarks.json"

__all__ = ["DEFAULT", "Spread", "Summary", "add", "faster", "load", "read", "stale", "summaries"]


@dataclass(frozen=True)
class Spread:
    """Mean and spread of a figure over the runs; the spread of one run is unknown."""

    mean: float
    spread: float | None
    runs: int

    @classmethod
    def of(cls, values: Iterable[float | None]) -> "Spread | None":
        """Return the spread of the values that are known, None if none is."""
        known = [value for value in values if value is not None]
        if not known:
            return None
        return cls(mean(known), stdev(known) if len(known) > 1 else None, len(known))


@dataclass(frozen=True)
class Summary:
    """One side of one contest over its runs; ratios are of two runs with the same seed.

    What is said of the listing holds for the rival where the contest has another one.

    Attributes:
        contest: Name of the contest.
        side: Name of the side.
        score: Scores on the test set.
        seconds: Seconds of training.
        faster: How many times sooner than the listing it reached the listing's own last validation
            score; None where nothing can be compared.
        missed: Runs that never reached that score.
        ahead: Validation score once the listing's seconds have passed, minus the listing's last;
            positive is better.
        memory: Largest memory of the process in MiB.
        memory_ratio: The same over the listing's.
        parameters: Weights.
        parameter_ratio: The same over the listing's.
        stale: Whether the chapter's code is another one since.
        more: Means of further figures by name, such as the share of exact translations.
    """

    contest: str
    side: str
    score: Spread
    seconds: Spread
    faster: Spread | None
    missed: int
    ahead: Spread | None
    memory: Spread
    memory_ratio: Spread | None
    parameters: int
    parameter_ratio: float | None
    stale: bool
    more: dict[str, float]


def read(path: Path) -> list[dict[str, Any]]:
    """Return the records of a file, none if there is no file.

    Raises:
        OSError: If the file cannot be read.
        ValueError: If it holds no list of records.
    """
    if not path.is_file():
        return []
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path} holds no records ({error}); move it away") from error
    if not isinstance(found, list) or not all(isinstance(record, dict) for record in found):
        raise ValueError(f"{path} holds no records (no list of objects); move it away")
    return found


def load(path: Path = DEFAULT) -> list[dict[str, Any]]:
    """Return the recorded runs, none if there is no file.

    Raises:
        OSError: If the file cannot be read.
        ValueError: If it holds no list of runs.
    """
    runs = read(path)
    for run in runs:
        if missing := [key for key in KEYS if key not in run]:
            raise ValueError(f"{path} holds no records (a run lacks {missing[0]!r}); move it away")
    return runs


def add(run: dict[str, Any], path: Path = DEFAULT) -> None:
    """Add a run, in place of an earlier one of the same contest, side and seed."""
    kept = [known for known in load(path) if _name(known) != _name(run)]
    write_atomically(path, json.dumps(sorted([*kept, run], key=_name), indent=1) + "\n")


def stale(runs: list[dict[str, Any]], chapters: Path = CHAPTERS) -> set[tuple[str, str, int]]:
    """Return contest, side and seed of the runs whose statements the chapter no longer has.

    Only the statements that ran count: a new figure in a chapter makes no run stale.
    """
    known = {
        contest: digests(chapters / f"{CONTESTS[contest].chapter}.ipynb")
        for contest in {run["contest"] for run in runs} & CONTESTS.keys()
    }
    return {
        _name(run)
        for run in runs
        if not run.get("statements")
        or not known.get(run["contest"], set()).issuperset(run["statements"])
    }


def summaries(
    runs: list[dict[str, Any]], out_of_date: Iterable[tuple[str, str, int]] = ()
) -> list[Summary]:
    """Return a summary for each side of each contest, in the order of the contests.

    Of a side some of whose runs are out of date only the others count.
    """
    old = set(out_of_date)
    by_side: dict[tuple[str, str], dict[int, dict[str, Any]]] = {}
    for contest in CONTESTS.values():
        for side in contest.sides:
            own = [run for run in runs if (run["contest"], run["side"]) == (contest.name, side)]
            own = [run for run in own if _name(run) not in old] or own
            if own:
                by_side[contest.name, side] = {run["seed"]: run for run in own}
    rivals = {contest.name: contest.rival for contest in CONTESTS.values()}
    return [
        _summary(own, by_side.get((name, rivals[name]), {}) if side != rivals[name] else {}, old)
        for (name, side), own in by_side.items()
    ]


def _name(run: dict[str, Any]) -> tuple[str, str, int]:
    return tuple(run[key] for key in NAMED_BY)


def _summary(
    own: dict[int, dict[str, Any]], listing: dict[int, dict[str, Any]], old: set
) -> Summary:
    runs = list(own.values())
    pairs = [(listing[seed], run) for seed, run in own.items() if seed in listing]
    sooner = [faster(*pair) for pair in pairs]
    last = runs[-1]
    return Summary(
        contest=last["contest"],
        side=last["side"],
        score=_scores(runs),
        seconds=Spread.of(run["total"] for run in runs),
        faster=Spread.of(sooner),
        missed=sooner.count(None),
        ahead=Spread.of(_ahead(*pair) for pair in pairs),
        memory=Spread.of(run["peak_memory_mib"] for run in runs),
        memory_ratio=Spread.of(b["peak_memory_mib"] / a["peak_memory_mib"] for a, b in pairs),
        parameters=last["parameters"],
        parameter_ratio=pairs[-1][1]["parameters"] / pairs[-1][0]["parameters"] if pairs else None,
        stale=any(_name(run) in old for run in runs),
        more=_more(runs),
    )


def _more(runs: list[dict[str, Any]]) -> dict[str, float]:
    """Return the means of the figures that all runs bring, beside those of `_scores`."""
    inner = [run.get("more", {}) for run in runs]
    names = [name for name in inner[0] if name not in OF_MANY_STARTS]
    return {n: mean(more[n] for more in inner) for n in names if all(n in more for more in inner)}


def _scores(runs: list[dict[str, Any]]) -> Spread:
    """Return the spread of the test scores; a run of many starts at once brings its own."""
    inner = [run.get("more", {}) for run in runs]
    if not all("spread" in more for more in inner):
        return Spread.of(run["score"] for run in runs)
    within = mean(more["spread"] ** 2 for more in inner) ** 0.5
    return Spread(mean(run["score"] for run in runs), within, sum(more["runs"] for more in inner))


def faster(listing: dict[str, Any], run: dict[str, Any]) -> float | None:
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


def _ahead(listing: dict[str, Any], run: dict[str, Any]) -> float | None:
    """Return what a run is ahead, on validation data, when the listing's seconds have passed.

    A run that ended sooner counts with its last score; without a curve, with its test score, if it
    took no longer than the listing.
    """
    if listing["scores"] and run["scores"]:
        known = zip(run["seconds"], run["scores"], strict=True)
        in_time = [score for second, score in known if second <= listing["seconds"][-1]]
        return in_time[-1] - listing["scores"][-1] if in_time else None
    sign = 1 if CONTESTS[run["contest"]].higher else -1
    within = run["total"] <= listing["total"]
    return sign * (run["score"] - listing["score"]) if within else None
