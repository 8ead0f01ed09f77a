"""The recorded runs as a table and as a plot."""

import hashlib
import json
from pathlib import Path
from typing import Any

from benchmarks.contests import CONTESTS, LISTING
from benchmarks.records import Spread, Summary, faster

HEAD = [
    "Contest",
    "Side",
    "Runs",
    "Test score",
    "Seconds",
    "Times faster to the listing's score",
    "Ahead at the listing's seconds",
    "Parameters",
    "Peak memory, MiB",
]
TRICK_HEAD = [
    "Trick",
    "Training",
    "Runs",
    "Times less for as many epochs",
    "Times less to the plain training's score",
    "Validation score without",
    "Validation score with",
    "Verdict",
]
STALE = "of earlier code"
ALSO = {"exact": "share exactly right", "rouge": "ROUGE-1"}  # names of further figures
STYLES = {
    LISTING: ("#B35806", "--"),
    "ours": ("#2166AC", "-"),
    "ours, narrow, short": ("#762A83", "-."),
    None: ("#5AAE61", ":"),
}

__all__ = [
    "HEAD",
    "TRICK_HEAD",
    "conditions",
    "drawn",
    "markdown",
    "plot",
    "rows",
    "trick_rows",
]


def rows(summaries: list[Summary]) -> list[list[str]]:
    """Return the table's cells; a ratio in brackets is to the listing's figure."""
    return [
        [
            _contest(summary.contest),
            summary.side,
            f"{summary.score.runs}, {STALE}" if summary.stale else f"{summary.score.runs}",
            _text(summary.score, 4) + _also(summary.more),
            _text(summary.seconds, 3),
            _faster(summary),
            "–" if summary.ahead is None else _signed(summary.ahead),
            f"{summary.parameters:,}" + _times(summary.parameter_ratio),
            f"{summary.memory.mean:,.0f}"
            + _times(summary.memory_ratio.mean if summary.memory_ratio else None),
        ]
        for summary in summaries
    ]


def markdown(summaries: list[Summary]) -> str:
    """Return the table in Markdown."""
    lines = [HEAD, ["---"] * len(HEAD), *rows(summaries)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def conditions(runs: list[dict[str, Any]]) -> list[str]:
    """Return a line for each device, machine and set of versions, with the days of its runs."""
    days: dict[str, set[str]] = {}
    for run in runs:
        versions = ", ".join(f"{name} {number}" for name, number in run["versions"].items())
        days.setdefault(f"{run['device']}, {run['machine']}; {versions}", set()).add(run["date"])
    return [
        f"{made_with}; {' to '.join(sorted({min(dates), max(dates)}))}"
        for made_with, dates in sorted(days.items())
    ]


def plot(runs: list[dict[str, Any]], path: Path) -> None:
    """Draw the scores on the way against seconds, for each contest that has curves.

    The same runs give the same file, byte for byte; without curves none is written.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    curved = [name for name in CONTESTS if any(r["contest"] == name and r["scores"] for r in runs)]
    if not curved:
        return
    n_rows = -(-len(curved) // 2)
    with mpl.rc_context({"svg.hashsalt": "benchmarks", "svg.fonttype": "path"}):
        fig = Figure(figsize=(7.2, 2.9 * n_rows), layout="constrained")
        for number, name in enumerate(curved):
            ax = fig.add_subplot(n_rows, 2, number + 1)
            _draw(ax, name, [run for run in runs if run["contest"] == name and run["scores"]])
        path.parent.mkdir(parents=True, exist_ok=True)
        fig.savefig(path, metadata={"Date": None, "Description": drawn(runs)})


def drawn(runs: list[dict[str, Any]]) -> str:
    """Return what the plot says of the runs that it shows, to tell an old plot by."""
    curves = [[run["contest"], run["side"], run["seconds"], run["scores"]] for run in runs]
    digest = hashlib.sha256(json.dumps(curves).encode()).hexdigest()
    return f"Curves of the recorded runs, {digest[:12]}"


def trick_rows(tricks: list[dict[str, Any]]) -> list[list[str]]:
    """Return the cells of the table of tricks."""
    rows = []
    for trick in tricks:
        pairs = [(run["plain"], run["changed"]) for run in trick["runs"]]
        whole = Spread.of(plain["total"] / changed["total"] for plain, changed in pairs)
        sooner = [faster(*pair) for pair in pairs]
        scores = [Spread.of(pair[side]["scores"][-1] for pair in pairs) for side in (0, 1)]
        to_score = "not reached" if None in sooner else _text(Spread.of(sooner), 3)
        rows.append(
            [
                trick["name"],
                trick["task"],
                str(len(pairs)),
                _text(whole, 3),
                to_score,
                *(_text(score, 3) for score in scores),
                _verdict(sooner),
            ]
        )
    return rows


def _verdict(sooner: list[float | None]) -> str:
    """Return whether every run, or none, came to the plain training's score sooner."""
    if None in sooner:
        return "misses the score"
    if min(sooner) > 1.05:
        return "helps"
    return "costs time" if max(sooner) < 0.95 else "no difference"


def _draw(ax: Any, name: str, runs: list[dict[str, Any]]) -> None:
    from matplotlib import ticker

    contest, labelled = CONTESTS[name], set()
    for run in runs:
        side = LISTING if run["side"] == contest.rival else run["side"]
        color, line = STYLES.get(side, STYLES[None])
        label = None if run["side"] in labelled else run["side"]
        labelled.add(run["side"])
        ax.plot(run["seconds"], run["scores"], line, color=color, marker=".", label=label)
    score = contest.curve or f"validation {contest.measure}"
    ax.set(title=f"{name}: {contest.data}", xlabel="seconds", ylabel=score, xscale="log")
    ax.xaxis.set_major_locator(ticker.LogLocator(subs=(1, 2, 5)))
    ax.xaxis.set_major_formatter(ticker.StrMethodFormatter("{x:g}"))
    ax.xaxis.set_minor_formatter(ticker.NullFormatter())
    ax.legend(fontsize=8)


def _contest(name: str) -> str:
    contest = CONTESTS[name]
    published = f"; published: {contest.published}" if contest.published else ""
    return f"{name}: {contest.data}, {contest.measure}{published}"


def _faster(summary: Summary) -> str:
    parts = [] if summary.faster is None else [_text(summary.faster, 3)]
    if summary.missed:
        runs = summary.missed + (summary.faster.runs if summary.faster else 0)
        parts.append(f"not reached in {summary.missed} of {runs}")
    return ", ".join(parts) or "–"


def _signed(spread: Spread) -> str:
    text = _text(spread, 2)
    return text.replace("-", "−", 1) if text.startswith("-") else f"+{text}"


def _also(more: dict[str, float]) -> str:
    return "".join(f"; {ALSO.get(n, n)} {_number(value, 3)}" for n, value in more.items())


def _times(ratio: float | None) -> str:
    return "" if ratio is None else f" ({ratio:#.2g} times)"


def _text(spread: Spread, digits: int) -> str:
    mean = _number(spread.mean, digits)
    return mean if spread.spread is None else f"{mean} ± {_number(spread.spread, 2)}"


def _number(value: float, digits: int) -> str:
    """Return a number with so many digits, or all before its point, never with an exponent."""
    if abs(value) >= 10 ** (digits - 1):
        return f"{value:,.0f}"
    text = f"{value:#.{digits}g}"
    return f"{value:.4f}" if "e" in text else text
