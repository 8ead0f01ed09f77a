"""Everyday sentences in English and French."""

import re
import unicodedata
from collections.abc import Iterable

import numpy as np

from nnbook_utils.data import _download
from nnbook_utils.data._checks import checked_seed, whole_number
from nnbook_utils.data._split import split_indices
from nnbook_utils.data._types import SentencePairs

SHARES = (0.8, 0.1, 0.1)
MARKS = re.compile(r" ?[.,!?]")
# An English word holds its apostrophe ("don't"), a French one ends with it ("l' eau").
ENGLISH = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[.,!?]")
FRENCH = re.compile(r"[^\W_]+'?|[.,!?]")


def fetch_french_english(
    most_words: int = 10, *, seed: int = 0
) -> tuple[SentencePairs, SentencePairs, SentencePairs]:
    """Fetch everyday sentences in English, each with a translation into French by volunteers.

    Many sentences have several translations, and each is a pair of its own. All pairs that share
    an English or a French sentence, directly or through others, form a group, and whole groups go
    into one part. So no sentence stands in two parts, in neither language, nor does one that
    differs in its marks only. The seed alone decides about the part, whatever `most_words` is.

    Sentences are in lower case. Words and the marks . , ! ? stand apart, every other sign is a
    space. An English word holds its apostrophe ("don't"), a French one ends with it ("l' eau").
    Pairs that these rules make equal are kept once.

    Args:
        most_words: Longest sentence, in words, marks included; pairs with a longer one in either
            language are left out. The longest of all has 63.
        seed: Same seed, same split and same order.

    Returns:
        train, validation and test (80, 10 and 10 % of the groups; 10 words leave about
        106,000, 13,000 and 13,000 pairs), each with
        `sources`, str, (n,), the English sentence;
        `targets`, str, (n,), the French one.

    Raises:
        DataError: If the data is neither in NNBOOK_DATA_DIR nor in the cache and cannot be
            downloaded, or a file is damaged.
        TypeError: If `most_words` or the seed is no whole number.
        ValueError: If one of them is out of range, or a part would stay empty.

    Source: the sentences of Tatoeba (https://tatoeba.org) as paired by
    https://www.manythings.org/anki/ in April 2019, CC BY 2.0. The site itself has a newer text
    by now; copies of this one are kept elsewhere. NNBOOK_DATA_DIR may hold such a fra-eng.zip.

    Example:
        >>> train, validation, test = fetch_french_english(5)  # doctest: +SKIP
        >>> print(train.sources[0], "->", train.targets[0])  # doctest: +SKIP
        you may go there . -> tu peux y aller .
    """
    most_words = whole_number("most_words", most_words, minimum=1)
    checked_seed(seed)
    sources, targets = _sentences(_download.fetch("french_english")["text"])
    groups = _groups(sources, targets)
    parts_of_groups = np.zeros(groups.max() + 1, np.int8)
    for number, part in enumerate(split_indices(len(parts_of_groups), fractions=SHARES, seed=seed)):
        parts_of_groups[part] = number
    longest = np.array([max(map(_n_words, pair)) for pair in zip(sources, targets, strict=True)])
    order = np.random.default_rng(seed).permutation(len(sources))
    order = order[longest[order] <= most_words]
    parts = []
    for number in range(len(SHARES)):
        rows = order[parts_of_groups[groups[order]] == number]
        if not len(rows):
            raise ValueError(
                f"with most_words={most_words} a part stays empty; allow longer sentences"
            )
        parts.append(SentencePairs(*(np.array([c[n] for n in rows]) for c in (sources, targets))))
    train, validation, test = parts
    return train, validation, test


def _sentences(text: np.ndarray) -> tuple[list[str], list[str]]:
    """Return the English and the French sentence of each line, no pair twice."""
    lines = text.astype(np.uint8).tobytes().decode().lower()
    lines = unicodedata.normalize("NFKC", lines).replace("’", "'").split("\n")
    pairs = {}
    for line in lines[:-1]:  # after the last line there is nothing
        english, french = line.split("\t")
        pairs[" ".join(ENGLISH.findall(english)), " ".join(FRENCH.findall(french))] = None
    sources, targets = zip(*pairs, strict=True)
    return list(sources), list(targets)


def _groups(sources: list[str], targets: list[str]) -> np.ndarray:
    """Return for each pair the number of its group: pairs joined by shared sentences."""
    from scipy import sparse

    places = [_numbers(MARKS.sub("", text).strip() for text in c) for c in (sources, targets)]
    n_english = places[0].max() + 1
    n_nodes = n_english + places[1].max() + 1
    links = sparse.coo_array(
        (np.ones(len(sources), bool), (places[0], n_english + places[1])), shape=(n_nodes, n_nodes)
    )
    _, groups = sparse.csgraph.connected_components(links, directed=False)
    return groups[places[0]]


def _numbers(texts: Iterable[str]) -> np.ndarray:
    """Return a number for each text, the same for equal ones."""
    known: dict[str, int] = {}
    return np.array([known.setdefault(text, len(known)) for text in texts])


def _n_words(text: str) -> int:
    return text.count(" ") + 1
