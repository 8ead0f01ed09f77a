"""README's table of chapters, written from the recorded results between two markers."""

from pathlib import Path

from .records import headline_rows, markdown_table, number

BEGIN = "<!-- chapters: begin (python -m tests --update-records writes this table) -->"
END = "<!-- chapters: end -->"
HEAD = ["Chapter", "Measured", "Result", "Baseline", "Bound", "Minutes"]


def chapter_table(root: Path) -> str:
    """Return the table of headline results in the quick profile, as Markdown."""
    body = [
        [
            f"[{row.title}](chapters/{row.chapter}.ipynb)",
            row.label,
            number(row.measured),
            number(row.baseline),
            row.bound,
            f"{row.minutes:.1f}",
        ]
        for row in headline_rows(root, "quick")
    ]
    return markdown_table(HEAD, body) if body else "No chapter has been recorded yet."


def with_table(readme: str, table: str) -> str:
    """Return the text of README with `table` between the markers.

    Raises:
        ValueError: If a marker is missing or they stand in the wrong order.
    """
    start, end = readme.find(BEGIN), readme.find(END)
    if start < 0 or end < start:
        raise ValueError(f"README.md must hold the markers {BEGIN!r} and {END!r}, in this order")
    return f"{readme[: start + len(BEGIN)]}\n\n{table}\n\n{readme[end:]}"


def update(root: Path) -> bool:
    """Rewrite README's table from the records; return whether anything changed."""
    path = root / "README.md"
    before = path.read_text(encoding="utf-8")
    after = with_table(before, chapter_table(root))
    path.write_text(after, encoding="utf-8", newline="\n")
    return after != before
