"""Texts: English prose about Python, and Shakespeare."""

import re

import numpy as np

from nnbook_utils.data import _download
from nnbook_utils.data._types import DataError, Text

SHARES = (0.8, 0.9)  # where the training part and the validation part of a text end
LEAST_CHARACTERS = 100_000


def load_python_docs_text() -> tuple[Text, Text, Text]:
    """Load the chapters of Python's manual that `help()` shows: English prose about Python.

    They come with Python itself, so nothing is installed or downloaded, and they are those of
    the Python in use: 3.11.7 gives 57 topics and 373,223 characters, another version a few
    thousand more or less, so results differ a little between versions. Topics that mostly
    repeat a longer one ("if" is a section of "compound") are left out, as one copy could be in
    training and the other in test. The topics are in alphabetical order and cut between two
    topics, as near as possible to 80 and 90 % of the characters.

    Returns:
        train, validation and test, each with `text`, one str of the topics joined by blank
        lines; `topics`, str, (number of topics,), their names in order. No character is
        changed: lines end in a line feed, and there are about 100 different characters.

    Raises:
        DataError: If this Python lacks the text or has only little of it.

    Source: module pydoc_data.topics of Python's standard library (PSF licence). Python Software
    Foundation, The Python Language Reference.

    Example:
        >>> train, validation, test = load_python_docs_text()
        >>> print(train.text[:60])
        The "assert" statement
        **********************
        <BLANKLINE>
        Assert statem
    """
    topics = _without_repeats(_python_topics())
    if sum(map(len, topics.values())) < LEAST_CHARACTERS:
        raise DataError(
            "this Python has hardly any text in pydoc_data.topics; "
            "install Python from python.org or your system's full package"
        )
    ends = np.cumsum([len(text) for text in topics.values()])
    cuts = [int(np.abs(ends - share * ends[-1]).argmin()) + 1 for share in SHARES]
    names, texts = np.array(list(topics)), np.array(list(topics.values()), dtype=object)
    parts = zip(np.split(names, cuts), np.split(texts, cuts), strict=True)
    train, validation, test = (Text("\n\n".join(t), n) for n, t in parts)
    return train, validation, test


def fetch_tiny_shakespeare() -> tuple[Text, Text, Text]:
    """Fetch Tiny Shakespeare: scenes from the plays, 1,115,394 characters, 65 different ones.

    The last tenth, on which results are published, is the test part; the tenth before it is the
    validation part.

    Returns:
        train, validation and test, each with `text`, one str (892315, 111539 and 111540
        characters, ASCII, lines end in a line feed), and `topics`, str, (1,), a name.

    Raises:
        DataError: If the text is neither in NNBOOK_DATA_DIR nor in the cache and cannot be
            downloaded, or a file is damaged.

    Source: https://github.com/karpathy/char-rnn, by Andrej Karpathy; the plays are in the public
    domain. The tenth held out is that of nanoGPT (https://github.com/karpathy/nanoGPT).

    Example:
        >>> train, validation, test = fetch_tiny_shakespeare()  # doctest: +SKIP
        >>> print(train.text[:14])  # doctest: +SKIP
        First Citizen:
    """
    text = _download.fetch("tiny_shakespeare")["text"].astype(np.uint8).tobytes().decode("ascii")
    first, second = (int(share * len(text)) for share in SHARES)
    name = np.array(["Tiny Shakespeare"])
    parts = (text[:first], text[first:second], text[second:])
    train, validation, test = (Text(part, name) for part in parts)
    return train, validation, test


def _python_topics() -> dict[str, str]:
    try:
        from pydoc_data.topics import topics
    except ImportError as problem:
        raise DataError(
            "this Python lacks the module pydoc_data, which belongs to the standard library; "
            "install Python from python.org or your system's full package"
        ) from problem
    return topics


def _without_repeats(topics: dict[str, str]) -> dict[str, str]:
    """Return the topics in alphabetical order without those that mostly repeat longer ones."""
    seen: set[str] = set()
    kept = []
    for name in sorted(topics, key=lambda name: (-len(topics[name]), name)):
        paragraphs = _paragraphs(topics[name])
        n_new = sum(len(paragraph) for paragraph in paragraphs if paragraph not in seen)
        if 2 * n_new > sum(map(len, paragraphs)):
            kept.append(name)
            seen.update(paragraphs)
    return {name: topics[name] for name in sorted(kept)}


def _paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text, each on one line, however it was indented or broken."""
    paragraphs = (" ".join(part.split()) for part in re.split(r"\n\s*\n", text))
    return [paragraph for paragraph in paragraphs if paragraph]
