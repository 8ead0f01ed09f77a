"""Short reviews made by a grammar: what they think depends on negation and contrast."""

import itertools

import numpy as np

from nnbook_utils.data._checks import checked_seed, number_between, whole_number
from nnbook_utils.data._split import split
from nnbook_utils.data._types import Reviews

KINDS = ("plain", "negation", "contrast")
POSITIVE = (
    *("wonderful", "gripping", "lovely", "brilliant", "charming", "clever", "moving"),
    *("funny", "superb", "fresh", "elegant", "thrilling"),
)
NEGATIVE = (
    *("dull", "awful", "clumsy", "boring", "silly", "lifeless", "tedious"),
    *("stale", "dreadful", "shallow", "messy", "annoying"),
)
ADJECTIVES = (NEGATIVE, POSITIVE)  # in the order of the labels
NOUNS = (
    *("acting", "story", "music", "ending", "script", "dialogue", "cast", "editing"),
    *("beginning", "plot", "camera work", "main role", "humour", "pace"),
)
NEGATORS = ("not", "never", "hardly", "not at all")
# Between a negator and its adjective, so that no two neighbouring words tell the side.
ADVERBS = ("really", "very", "truly", "so very")
# Of two judgements that contradict each other, {judgement} decides and {concession} does not.
CONTRASTS = (
    "{concession} {tail} but {judgement}",
    "although {concession} {tail} {judgement}",
    "{judgement} {tail} although {concession}",
    "{judgement} {tail} even though {concession}",
)
TAILS = ("to me", "i find", "in my eyes", "for once")
OPENINGS = (
    *("", "well", "in this film", "i think that", "on the whole", "as for me"),
    *("in the new film", "to be short", "my view is that", "what i saw is that"),
)
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
PEOPLE = ("brother", "sister", "cousin", "aunt", "uncle", "neighbour", "friend")
# Neutral phrases for the gap, by their number of words.
FILLERS = {
    1: ("anyway", "meanwhile", "then"),
    2: ("that evening", "this week", "last month"),
    3: ("it rained outside", "we walked home", *(f"it was {day}" for day in DAYS)),
    4: ("we took the bus", *(f"my {person} came along" for person in PEOPLE)),
    5: ("tickets are sold at noon", *(f"we went on a {day}" for day in DAYS)),
    6: ("the film runs for two hours", *(f"it is shown on {day} evening" for day in DAYS)),
    7: tuple(f"my {person} had the seat beside me" for person in PEOPLE),
}
MAX_DRAWS = 200


def make_reviews(
    n_reviews: int = 3000,
    *,
    gap: int = 0,
    kinds: tuple[str, ...] = KINDS,
    seed: int = 0,
) -> tuple[Reviews, Reviews, Reviews]:
    """Make short reviews of films whose opinion cannot be read off single words.

    - plain: "the story was very gripping and the cast was truly superb" is positive.
    - negation: "the story was not very gripping and the cast was hardly so very superb" is
      negative.
    - contrast: "although the story was very dull and the pace was truly stale i find the cast
      was really superb and the music was so very lovely" is positive: the main clause decides,
      or what follows "but".

    Each kind is equally often positive and negative, so neither an adjective, nor "not", nor the
    last word tells the answer by itself: who only counts words guesses. An adverb stands before
    each adjective, so neighbouring words do not tell it either. Each judgement names two
    things that agree, so the company of an adjective shows its side even without labels.

    Args:
        n_reviews: Reviews in all, at least 60; all differ.
        gap: Neutral words after the last judgement, 0 to 500.
        kinds: The kinds to make, in equal numbers.
        seed: Same seed, same reviews and same split.

    Returns:
        train, validation and test (60, 20 and 20 %, kinds and labels in proportion), each with
        `texts`, str, (n,), lower case, words separated by one space, no punctuation;
        `labels`, int64, (n,), 1 for positive, 0 for negative;
        `kinds`, str, (n,), how the review is built;
        `gaps`, int64, (n,), words after the last adjective that decides: `gap`, or more in a
        contrast whose main clause comes first.

    Raises:
        TypeError: If `n_reviews`, `gap` or the seed is no whole number.
        ValueError: If one of them is out of range, `kinds` is empty or holds another word, or
            so many different reviews of these kinds could not be found.

    Source: made here, after the tests of negation and of "X but Y" of Socher et al., Recursive
    Deep Models for Semantic Compositionality over a Sentiment Treebank, EMNLP 2013.

    Example:
        >>> train, validation, test = make_reviews(600, gap=5)
        >>> len(train.texts), sorted(set(train.kinds.tolist()))
        (360, ['contrast', 'negation', 'plain'])
    """
    n_reviews = whole_number("n_reviews", n_reviews, minimum=60)
    gap = whole_number("gap", gap, minimum=0)
    number_between("gap", gap, 0, 500)
    kinds = _checked_kinds(kinds)
    rng = np.random.default_rng(checked_seed(seed))
    made: dict[str, tuple[int, str, int]] = {}
    wanted = itertools.islice(itertools.cycle(itertools.product(kinds, (0, 1))), n_reviews)
    for kind, label in wanted:
        text, decided = _new_review(kind, label, gap, made, rng)
        made[text] = (label, kind, decided)
    labels, names, gaps = (np.array(column) for column in zip(*made.values(), strict=True))
    groups = np.char.add(names, labels.astype(str))
    parts = split(np.array(list(made)), labels, names, gaps, seed=seed, stratify=groups)
    train, validation, test = (Reviews(*part) for part in parts)
    return train, validation, test


def _checked_kinds(kinds: tuple[str, ...]) -> tuple[str, ...]:
    chosen = (kinds,) if isinstance(kinds, str) else tuple(kinds)
    if not chosen or not set(chosen) <= set(KINDS):
        raise ValueError(f"kinds must be one or more of {', '.join(KINDS)}, got {kinds!r}")
    return tuple(kind for kind in KINDS if kind in chosen)


def _new_review(
    kind: str, label: int, gap: int, made: dict, rng: np.random.Generator
) -> tuple[str, int]:
    """Return a review that is not in `made`, and its words after the last deciding adjective."""
    for _ in range(MAX_DRAWS):
        opinion, after = _opinion(kind, label, rng)
        text = " ".join(part for part in (_one(OPENINGS, rng), opinion, _filler(gap, rng)) if part)
        if text not in made:
            return text, after + gap
    raise ValueError(f"found only {len(made)} different reviews; ask for fewer, or for more kinds")


def _opinion(kind: str, label: int, rng: np.random.Generator) -> tuple[str, int]:
    """Return what is said, and the number of its words after the last adjective that decides."""
    nouns = rng.permutation(NOUNS).tolist()
    if kind == "negation":
        return _judgement(nouns[:2], 1 - label, rng, NEGATORS), 0
    judgement = _judgement(nouns[:2], label, rng)
    if kind == "plain":
        return judgement, 0
    concession = _judgement(nouns[2:4], 1 - label, rng)
    words = {"judgement": judgement, "concession": concession, "tail": _one(TAILS, rng)}
    text = _one(CONTRASTS, rng).format(**words)
    return text, len(text.split(judgement)[1].split())


def _judgement(
    nouns: list[str], side: int, rng: np.random.Generator, negators: tuple[str, ...] = ()
) -> str:
    """Return "the story was very gripping and the cast was truly superb", both of one side."""
    adjectives = rng.choice(ADJECTIVES[side], size=2, replace=False)
    parts = []
    for noun, adjective in zip(nouns, adjectives, strict=True):
        negator = (_one(negators, rng),) if negators else ()
        parts.append(" ".join(("the", noun, "was", *negator, _one(ADVERBS, rng), adjective)))
    return " and ".join(parts)


def _filler(n_words: int, rng: np.random.Generator) -> str:
    """Return neutral phrases of so many words together."""
    phrases = []
    while n_words:
        rest = (n for n in FILLERS if n > 2 and (n == n_words or n_words - n > 2))
        length = int(_one(tuple(rest) or (n_words,), rng))
        phrases.append(_one(FILLERS[length], rng))
        n_words -= length
    return " ".join(phrases)


def _one(choices: tuple, rng: np.random.Generator):
    return choices[rng.integers(len(choices))]
