"""Documentation strings of installed packages: texts whose first line is their summary."""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from nnbook_utils.data._package import package_folder
from nnbook_utils.data._split import split_indices
from nnbook_utils.data._types import DataError, Documents

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
PACKAGES = ("scipy", "sklearn", "skimage", "matplotlib")
LEAST_SENTENCES, MOST_SENTENCES = 3, 8
LEAST_WORDS = 3  # of a summary, and of each sentence
LEAST_DOCUMENTS = 300
# Where prose ends: an underlined heading, a directive, an example, a list, a heading with a colon.
NO_PROSE = re.compile(r"^(\.\.|>>>|[*+-] |\d+[.)] |[A-Z]\w+:$)|^-{3,}$", re.MULTILINE)
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")


def load_docstrings(seed: int = 0) -> tuple[Documents, Documents, Documents]:
    """Load documentation strings: a few sentences each, and the line that sums them up.

    By convention (PEP 257) the first line of a documentation string is a summary, and more
    sentences follow after a blank line. Kept are those of functions and classes of SciPy,
    scikit-learn, scikit-image and Matplotlib whose prose has 3 to 8 sentences; the code is read
    and not run. Texts that occur twice are kept once, and all texts of one file of code are in
    the same part. The texts are those of the installed versions, so their number (about 1,000) and
    every result differ a little between versions.

    Args:
        seed: Same seed, same split.

    Returns:
        train, validation and test (60, 20 and 20 % of the files), each with
        `names`, str, (n,), package and name like "scipy gaussian_kde";
        `summaries`, str, (n,), the first line;
        `sentences`, object, (n,), a tuple of 3 to 8 str for each text.

    Raises:
        DataError: If one of the packages is missing, or has hardly any such texts.
        TypeError: If the seed is no whole number.
        ValueError: If it is out of range.

    Source: the packages themselves (BSD licences; Matplotlib's own, which is like it), whose
    texts are read where they are installed.

    Example:
        >>> train, validation, test = load_docstrings()
        >>> min(len(sentences) for sentences in train.sentences)
        3
    """
    files: list[list[tuple[str, str, tuple[str, ...]]]] = []
    seen: set[str] = set()
    for package in PACKAGES:
        for path in sorted(package_folder(package).rglob("*.py")):
            if "tests" not in path.parts and "_vendor" not in path.parts:
                found = [text for text in _texts(package, path) if text[1] not in seen]
                seen.update(summary for _, summary, _ in found)
                if found:
                    files.append(found)
    if len(seen) < LEAST_DOCUMENTS:
        raise DataError(
            f"found only {len(seen)} documentation strings in {', '.join(PACKAGES)}; they may "
            "have been stripped: run pip install --force-reinstall scipy scikit-learn "
            "scikit-image matplotlib, and do not run Python with -OO"
        )
    parts = []
    for part in split_indices(len(files), seed=seed):
        names, summaries, sentences = zip(*(text for n in part for text in files[n]), strict=True)
        column = np.empty(len(sentences), dtype=object)
        column[:] = sentences
        parts.append(Documents(np.array(names), np.array(summaries), column))
    train, validation, test = parts
    return train, validation, test


def _texts(package: str, path: Path) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield name, summary and sentences of each text in a file that is long enough."""
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return  # a file for another version of Python
    summaries = set()
    for node in _definitions(tree.body):
        text = ast.get_docstring(node, clean=False) or ""
        if text.count("\n") < LEAST_SENTENCES:
            continue
        summary, sentences = _parse(inspect.cleandoc(text))
        is_long_enough = LEAST_SENTENCES <= len(sentences) <= MOST_SENTENCES
        if is_long_enough and summary not in summaries and len(summary.split()) >= LEAST_WORDS:
            summaries.add(summary)
            yield f"{package} {node.name}", summary, sentences


def _definitions(body: list[ast.stmt]) -> Iterator[Definition]:
    """Yield the functions and classes of a module, and those of its classes."""
    for node in body:
        if isinstance(node, Definition):
            yield node
        if isinstance(node, ast.ClassDef):
            yield from _definitions(node.body)


def _parse(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the summary and the sentences of the prose that follows it."""
    summary, *paragraphs = re.split(r"\n\s*\n", text)
    prose = []
    for paragraph in paragraphs:
        lines = "\n".join(line.strip() for line in paragraph.splitlines())
        if NO_PROSE.search(lines):
            break
        prose.append(lines)
    sentences = SENTENCE_END.split(" ".join(" ".join(prose).split()))
    kept = tuple(sentence for sentence in sentences if len(sentence.split()) >= LEAST_WORDS)
    return " ".join(summary.split()), kept
