"""The recorded runs as a table and as a plot."""

from pathlib import Path
from typing import Any

from benchmarks.records import Spread, Summary

HEAD = [
    "Contest",
    "Side",
    "Test score",
    "Seconds",
    "Times faster to the listing's score",
    "Memory, MiB",
    "Parameters",
    "Runs",
]

__all__ = ["HEAD", "markdown", "plot", "rows"]


def rows(summaries: list[Summary]) -> list[list[str]]:
    """Return the table's cells."""
    return [
        [
            summary.contest,
            summary.side,
            _text(summary.score, 4),
            _text(summary.seconds, 3),
            _ratio(summary),
            f"{summary.memory.mean:,.0f}",
            f"{summary.parameters:,}",
            str(summary.score.runs),
        ]
        for summary in summaries
    ]


def markdown(summaries: list[Summary]) -> str:
    """Return the table in Markdown."""
    lines = [HEAD, ["---"] * len(HEAD), *rows(summaries)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def plot(runs: list[dict[str, Any]], path: Path) -> None:
    """Draw validation score against seconds for each contest that has curves."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    from benchmarks.contests import CONTESTS, LISTING

    curved = [name for name in CONTESTS if any(r["contest"] == name and r["scores"] for r in runs)]
    if not curved:
        return
    n_rows = -(-len(curved) // 2)
    with mpl.rc_context({"svg.hashsalt": "benchmarks", "svg.fonttype": "path"}):
        fig, axes = plt.subplots(n_rows, 2, figsize=(7.2, 2.6 * n_rows), squeeze=False)
        for ax, name in zip(axes.flat, curved, strict=False):
            drawn = [run for run in runs if run["contest"] == name and run["scores"]]
            for side, style in ((LISTING, ("#B35806", "--")), ("ours", ("#2166AC", "-"))):
                for number, run in enumerate(r for r in drawn if r["side"] == side):
                    color, line = style
                    label = side if number == 0 else None
                    ax.plot(run["seconds"], run["scores"], line, color=color, marker=".",
                            label=label)  # fmt: skip
            ax.set(title=f"{name}: {CONTESTS[name].data}", xlabel="seconds", xscale="log")
            ax.legend(fontsize=8)
        for ax in list(axes.flat)[len(curved) :]:
            ax.remove()
        fig.tight_layout()
        fig.savefig(path, metadata={"Date": None})
        plt.close(fig)


def _text(spread: Spread, digits: int) -> str:
    if spread.spread is None:
        return f"{spread.mean:.{digits}g}"
    return f"{spread.mean:.{digits}g} ± {spread.spread:.2g}"


def _ratio(summary: Summary) -> str:
    parts = [] if summary.to_listing is None else [_text(summary.to_listing, 3)]
    if summary.missed:
        parts.append(f"not reached in {summary.missed} of {summary.score.runs}")
    return ", ".join(parts) or "–"
