"""The table that `results.report` shows, as text and as HTML."""

import html
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

HIGHLIGHT = "background:#ffe3d3;color:#222222"


class Row(NamedTuple):
    """One line of the table; `cells` has one text per column."""

    cells: tuple[str, ...]
    is_broken: bool


HEADER = ("Metric", "Measured", "Bounds", "Baseline", "Reference listing", "Best published")


def text_table(record: Mapping[str, Any], broken: Sequence[str]) -> str:
    """Return the table as aligned text, broken bounds marked in words."""
    header, rows = _table(record, broken)
    lines = [header, *(row.cells for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    padded = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    return "\n".join([*padded, _footer(record)])


def html_table(record: Mapping[str, Any], broken: Sequence[str]) -> str:
    """Return the table as HTML, rows with broken bounds highlighted and marked in words."""
    header, rows = _table(record, broken)
    head = "".join(f"<th scope='col'>{html.escape(cell)}</th>" for cell in header)
    body = "".join(_html_row(row) for row in rows)
    return (
        "<div role='region' aria-label='Measured results' tabindex='0' style='overflow-x:auto'>"
        "<table class='nnbook-results'>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        f"<p>{html.escape(_footer(record))}</p>"
    )


def _html_row(row: Row) -> str:
    style = f" class='nnbook-broken' style='{HIGHLIGHT}'" if row.is_broken else ""
    first, *others = (html.escape(cell) for cell in row.cells)
    cells = "".join(f"<td>{cell}</td>" for cell in others)
    return f"<tr{style}><th scope='row'>{first}</th>{cells}</tr>"


def _table(record: Mapping[str, Any], broken: Sequence[str]) -> tuple[tuple[str, ...], list[Row]]:
    metrics = record["metrics"]
    rows = [Row(_metric_cells(name, metrics, broken), name in broken) for name in metrics]
    rows += [Row(_ratio_cells(ratio), False) for ratio in record["ratios"].values()]
    used = [
        column
        for column in range(len(HEADER))
        if column < 3 or any(row.cells[column] for row in rows)
    ]
    narrowed = [Row(tuple(row.cells[column] for column in used), row.is_broken) for row in rows]
    return tuple(HEADER[column] for column in used), narrowed


def _metric_cells(
    name: str, metrics: Mapping[str, Mapping[str, Any]], broken: Sequence[str]
) -> tuple[str, ...]:
    metric = metrics[name]
    others = [
        metrics[metric[key]]["value"] if metric.get(key) else None
        for key in ("baseline", "listing")
    ]
    published = metric.get("published")
    return (
        metric["label"],
        _format(metric["value"]) + (" (out of bounds)" if name in broken else ""),
        _limits(metric),
        *("" if value is None else _format(value) for value in others),
        f"{_format(published['value'])}, {published['source']}" if published else "",
    )


def _ratio_cells(ratio: Mapping[str, Any]) -> tuple[str, ...]:
    aim = f"aim {_format(ratio['aim'])}" if "aim" in ratio else ""
    return (ratio["label"], _format(ratio["value"]), aim, "", "", "")


def _limits(metric: Mapping[str, Any]) -> str:
    if "max" not in metric:
        return f"at least {_format(metric['min'])}"
    if "min" not in metric:
        return f"at most {_format(metric['max'])}"
    return f"{_format(metric['min'])} to {_format(metric['max'])}"


def _footer(record: Mapping[str, Any]) -> str:
    budget = record["budget"]
    minutes, memory = (
        f" of {_format(budget[key])}" if budget.get(key) else ""
        for key in ("minutes", "peak_memory_gib")
    )
    return (
        f"Profile {record['profile']}, seed {record['seed']}, {record['device']}: "
        f"{_format(record['minutes'])}{minutes} minutes, "
        f"{_format(record['peak_memory_gib'])}{memory} GiB at the peak."
    )


def _format(value: float) -> str:
    return f"{value:.4g}"
