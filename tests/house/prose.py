"""Rules on the text: one sentence a line, few roles, known citations, bounds that are true."""

import re
from collections.abc import Iterator

from tests.house.book import Cell, Notebook

ROLES = {"cite", "numref", "eq", "term"}
ROLE = re.compile(r"\{([a-zA-Z][\w:.-]*)\}`([^`]*)`")
DIRECTIVE = re.compile(r"^\s*(?:`{3,}|~{3,}|:{3,})\s*\{|^\s*:{3,}", re.MULTILINE)
TARGET = re.compile(r"^\([\w-]+\)=\s*$", re.MULTILINE)
BOUND = re.compile(r"<!-- bound: (\w+)\.(min|max) -->")
QUOTED = re.compile(r"(-?\d[\d,]*(?:\.\d+)?)( ?%)?<!-- bound: (\w+)\.(min|max) -->")
EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0f]")
ABBREVIATIONS = re.compile(r"\b(?:e\.g|i\.e|et al|cf|vs|approx|Fig|Eq|Dr|St|No)\.$")
SENTENCE_END = re.compile(r"[.!?][\"')\]*_]*(?=\s+[\"'(*_`{$\[]*[A-Z])")
LINE_END = re.compile(r"[.!?:;][\"')\]*_`]*$|\\$|<!--.*-->[.!?:;]?$")
RUN_IN = re.compile(r"^\s*(?:[-*] )?\*\*[^*]+\*\*")  # a heading in bold on the line of its text
BLOCK = re.compile(r"\s*(?:[-*+] |\d+[.)] |: |> |\||#{1,6} |<|!\[|\[[^\]]*\]\([^)]*\)$)")


def sentence_lines(notebook: Notebook) -> list[str]:
    """One sentence a line: a line holds no two sentences, and no sentence runs over two lines."""
    complaints = []
    for cell in notebook.prose:
        for line, following in _text_lines(cell):
            if _holds_two_sentences(line):
                complaints.append(f"{cell.id}: two sentences on one line: {line.strip()[:70]}")
            is_text = following and not BLOCK.match(following) and not BLOCK.match(line)
            if is_text and not LINE_END.search(line.rstrip()):
                complaints.append(f"{cell.id}: a sentence runs on after: {line.strip()[-50:]}")
    return complaints


def portable_markup(notebook: Notebook) -> list[str]:
    """No directives or targets, and of the roles only cite, numref, eq and term."""
    complaints = []
    for cell in notebook.prose:
        if DIRECTIVE.search(cell.source) or TARGET.search(cell.source):
            complaints.append(f"{cell.id} holds a directive or target: Colab shows it raw")
        roles = {role for role, _ in ROLE.findall(cell.source)} - ROLES
        complaints += [f"{cell.id} uses the role {role}" for role in sorted(roles)]
    return complaints


def citations(notebook: Notebook) -> list[str]:
    """Every cited key stands in references.bib."""
    return [
        f"{cell.id} cites {key.strip()}, which is not in references.bib"
        for cell in notebook.prose
        for role, keys in ROLE.findall(cell.source)
        if role == "cite"
        for key in keys.split(",")
        if key.strip() not in notebook.book.citation_keys
    ]


def quoted_bounds(notebook: Notebook) -> list[str]:
    """A bound in the text equals the one in expected.yml, quick profile."""
    section = notebook.book.expected.get(notebook.name, {}).get("quick", {})
    metrics = section.get("metrics", {})
    complaints = []
    for cell in notebook.prose:
        quoted = QUOTED.findall(cell.source)
        if len(quoted) != len(BOUND.findall(cell.source)):
            complaints.append(f"{cell.id}: a bound comment must follow its number at once")
        for text, percent, metric, side in quoted:
            wanted = metrics.get(metric, {}).get(side)
            number = float(text.replace(",", ""))
            if wanted is None:
                complaints.append(f"{cell.id}: expected.yml has no {metric}.{side}")
            elif abs((number / 100 if percent else number) - wanted) > 1e-9:
                complaints.append(f"{cell.id} says {text}{percent}, {metric}.{side} is {wanted}")
    return complaints


def no_emoji(notebook: Notebook) -> list[str]:
    """No emoji, in text or code."""
    return [
        f"{cell.id} holds {found.group()!r}"
        for cell in notebook.cells
        if (found := EMOJI.search(cell.source))
    ]


def _holds_two_sentences(line: str) -> bool:
    bare = re.sub(r"`[^`]*`|\$[^$]*\$|<!--.*?-->", "x", RUN_IN.sub("", line))
    return any(
        not ABBREVIATIONS.search(bare[: end.start() + 1]) for end in SENTENCE_END.finditer(bare)
    )


def _text_lines(cell: Cell) -> Iterator[tuple[str, str]]:
    """Yield each line of prose with the line after it, code, mathematics and tables left out."""
    lines, inside = [], None
    for line in cell.source.splitlines():
        fence = next((mark for mark in ("```", "~~~", "$$") if line.strip().startswith(mark)), None)
        if inside:
            inside = None if fence == inside or line.rstrip().endswith(inside) else inside
            lines.append("")
        elif fence:
            closed = line.strip().count(fence) > 1
            inside = None if closed else fence
            lines.append("")
        else:
            lines.append("" if line.lstrip().startswith(("|", "#")) else line)
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if line.strip():
            yield line, following.strip() and following


RULES = [sentence_lines, portable_markup, citations, quoted_bounds, no_emoji]
