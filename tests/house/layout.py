"""Rules on the file, the order of its cells and their sizes."""

import re
from collections import Counter
from itertools import pairwise

from tests.house.book import Notebook
from tools.address import setup_cell

MOST_LINES = 45
USUAL_LINES = 20
USUAL_SHARE = 2 / 3
CODE_CELLS = range(30, 71)
NEIGHBOURS = 2
OPENING = ["title", "colab-setup", "imports", "settings"]
KEBAB_CASE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
RANDOM_ID = re.compile(r"(?=.*\d)[0-9a-f]{8,}")


def file_format(notebook: Notebook) -> list[str]:
    """The format is nbformat 4.5, and the file's metadata name the kernel and nothing local."""
    content = notebook.content
    version = (content.get("nbformat"), content.get("nbformat_minor"))
    complaints = [] if version == (4, 5) else [f"nbformat is {version}, must be (4, 5)"]
    metadata = content.get("metadata", {})
    if metadata.get("kernelspec", {}).get("name") != "python3":
        complaints.append("metadata.kernelspec.name must be 'python3': the build's cache needs it")
    extra = set(metadata) - {"kernelspec", "language_info"}
    if extra:
        complaints.append(f"metadata holds {sorted(extra)}; keep kernelspec and language_info")
    return complaints


def stripped(notebook: Notebook) -> list[str]:
    """No outputs, execution counts or timestamps are committed."""
    return [
        f"{cell.id} keeps its output, count or timestamps: run nbstripout --keep-id on the file"
        for cell in notebook.code
        if cell.raw.get("outputs")
        or cell.raw.get("execution_count") is not None
        or "execution" in cell.metadata
    ]


def cell_ids(notebook: Notebook) -> list[str]:
    """Every cell has an id of its own, readable and in kebab-case."""
    counts = Counter(cell.id for cell in notebook.cells)
    complaints = [f"id {id!r} is used {n} times" for id, n in counts.items() if n > 1]
    for cell in notebook.cells:
        if not KEBAB_CASE.fullmatch(cell.id) or RANDOM_ID.fullmatch(cell.id):
            complaints.append(f"id {cell.id!r} is not a name in kebab-case (Colab loses ids)")
    return complaints


def opening(notebook: Notebook) -> list[str]:
    """The notebook opens with title, colab-setup, imports and settings, as `begin` wants them."""
    ids = [cell.id for cell in notebook.cells]
    complaints = []
    if [id for id in ids if id in OPENING] != OPENING or ids[:1] != ["title"]:
        complaints.append(f"the first cells must be {OPENING}, in this order")
    elif [cell.id for cell in notebook.code[:3]] != OPENING[1:]:
        complaints.append(f"no other code cell may come before or between {OPENING[1:]}")
    settings = notebook.cell("settings")
    begin = f'begin("{notebook.name}", seed=SEED)'
    if settings and settings.lines[-1:] != [begin]:
        complaints.append(f"the settings cell must end with {begin}")
    setup = notebook.cell("colab-setup")
    if setup and "remove-cell" not in setup.tags:
        complaints.append("colab-setup needs the tag remove-cell: the page does not show it")
    return complaints


def colab(notebook: Notebook) -> list[str]:
    """The install line and the links agree with the repository named in _config.yml."""
    complaints = []
    setup = notebook.cell("colab-setup")
    wanted = setup_cell(notebook.book.address)
    if setup is None or setup.source != wanted:
        complaints.append(f"colab-setup must be exactly:\n{wanted}")
    title = notebook.cell("title")
    if title is None or notebook.colab_link not in title.source:
        complaints.append(f"the title cell must link to {notebook.colab_link}")
    for cell in notebook.prose:
        links = re.findall(r"https://colab\.research\.google\.com/[^\s)\]]+", cell.source)
        complaints += [
            f"{cell.id} links to {link}" for link in links if link != notebook.colab_link
        ]
    return complaints


def headings(notebook: Notebook) -> list[str]:
    """One heading of level 1, in the first cell, and no level is skipped."""
    levels = [
        (cell.id, len(mark))
        for cell in notebook.prose
        for mark in re.findall(r"^(#{1,6}) ", cell.source, flags=re.MULTILINE)
    ]
    complaints = []
    if [id for id, level in levels if level == 1] != ["title"]:
        complaints.append("the title cell must hold the one heading of level 1")
    for (_, before), (id, level) in pairwise(levels):
        if level > before + 1:
            complaints.append(f"{id} jumps from heading level {before} to {level}")
    return complaints


def cell_sizes(notebook: Notebook) -> list[str]:
    """No code cell is over 45 lines, and two thirds are under 20."""
    complaints = [
        f"{cell.id} has {len(cell.lines)} lines, at most {MOST_LINES} are allowed"
        for cell in notebook.code
        if len(cell.lines) > MOST_LINES
    ]
    long = [cell.id for cell in notebook.code if len(cell.lines) >= USUAL_LINES]
    if len(long) > (1 - USUAL_SHARE) * len(notebook.code):
        complaints.append(f"more than a third of the code cells have 20 lines or more: {long}")
    return complaints


def cell_count(notebook: Notebook) -> list[str]:
    """A chapter has 30 to 70 code cells, exercises and colab-setup not counted."""
    n_cells = len(notebook.lesson)
    if notebook.is_template or n_cells in CODE_CELLS:
        return []
    return [f"{n_cells} code cells, must be {CODE_CELLS[0]} to {CODE_CELLS[-1]}"]


def prose_between(notebook: Notebook) -> list[str]:
    """After the opening, no more than two code cells follow each other without a sentence."""
    lesson = {cell.id for cell in notebook.lesson} - set(OPENING)
    complaints, run = [], 0
    for cell in notebook.cells:
        run = run + 1 if cell.id in lesson else 0
        if run > NEIGHBOURS:
            complaints.append(f"{cell.id} is code cell {run} in a row: say first why it is there")
    return complaints


RULES = [
    file_format,
    stripped,
    cell_ids,
    opening,
    colab,
    headings,
    cell_sizes,
    cell_count,
    prose_between,
]
