import re

import numpy as np
import pytest

from nnbook_utils import data
from nnbook_utils.data import _grammar

GOOD, BAD = set(_grammar.POSITIVE), set(_grammar.NEGATIVE)


@pytest.fixture(scope="module")
def parts():
    return data.make_reviews(1200, gap=7, seed=3)


def deciding_side(text):
    """Return the part of a review that decides, found by its connective."""
    if " but " in text:
        return text.split(" but ")[1]
    for word in (" even though ", " although "):
        before, found, after = f" {text}".partition(word)
        if found and before.split() and set(before.split()) & (GOOD | BAD):
            return before
        if found:  # in front: its two judgements come first
            return re.split(r" (?:to me|i find|in my eyes|for once) ", after, maxsplit=1)[1]
    return text


def opinion_of(text):
    """Return the label, by rule: the side of the adjectives, turned round by a negator."""
    words = deciding_side(text).split()
    sides = {word in GOOD for word in words if word in GOOD | BAD}
    assert len(sides) == 1, "two adjectives that agree"
    assert sum(word in GOOD | BAD for word in words) == 2
    negated = bool({"not", "never", "hardly"} & set(words))
    return int(sides.pop() != negated)


@pytest.mark.parametrize("gap", [0, 7])
def test_labels_follow_from_the_words(gap):
    for part in data.make_reviews(1200, gap=gap, seed=3):
        assert [opinion_of(text) for text in part.texts] == part.labels.tolist()


def test_kinds_are_what_the_words_say(parts):
    for part in parts:
        for text, kind in zip(part.texts, part.kinds, strict=True):
            negated = re.search(r"\b(not|never|hardly)\b", text) is not None
            opposed = re.search(r"\b(but|although|though)\b", text) is not None
            assert (negated, opposed) == (kind == "negation", kind == "contrast")
            assert len(set(text.split()) & GOOD) == 2 or len(set(text.split()) & BAD) == 2


def test_every_kind_is_equally_often_positive_and_negative(parts):
    assert [len(part.labels) for part in parts] == [720, 240, 240]
    for part in parts:
        for kind in _grammar.KINDS:
            chosen = part.labels[part.kinds == kind]
            assert len(chosen) == len(part.labels) / 3
            assert chosen.mean() == 0.5
        assert part.labels.dtype == part.gaps.dtype == np.int64
        assert part.texts.dtype.kind == part.kinds.dtype.kind == "U"


@pytest.mark.parametrize("gap", [0, 1, 2, 3, 8, 50])
def test_gaps_count_the_words_after_the_last_deciding_adjective(gap):
    for part in data.make_reviews(120, gap=gap):
        for text, found in zip(part.texts, part.gaps, strict=True):
            decisive = [word for word in deciding_side(text).split() if word in GOOD | BAD][-1]
            assert len(text.split()) - 1 - text.split().index(decisive) == found
        first = (part.kinds == "contrast") & (part.gaps > gap)
        assert (part.gaps[~first] == gap).all()
        assert 0 < first.sum() < (part.kinds == "contrast").sum()


def test_texts_are_plain_words_and_all_differ(parts):
    texts = [text for part in parts for text in part.texts]
    assert len(set(texts)) == 1200
    assert all(re.fullmatch(r"[a-z]+( [a-z]+)*", text) for text in texts)
    vocabulary = {word for text in texts for word in text.split()}
    assert vocabulary >= GOOD | BAD
    assert len(vocabulary) < 150
    assert not GOOD & BAD
    assert "" in _grammar.OPENINGS


def test_fillers_are_neutral_and_as_long_as_they_say():
    for n_words, phrases in _grammar.FILLERS.items():
        for phrase in phrases:
            assert len(phrase.split()) == n_words
            assert not set(phrase.split()) & (GOOD | BAD | {"not", "never", "hardly", "but"})


@pytest.mark.parametrize("longest", [1, 2])
def test_counting_words_or_pairs_of_words_is_guessing(longest):
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression

    train, _, test = data.make_reviews(3000)
    counts = CountVectorizer(ngram_range=(1, longest))
    model = LogisticRegression(max_iter=1000)
    model.fit(counts.fit_transform(train.texts), train.labels)
    score = model.score(counts.transform(test.texts), test.labels)
    assert score == pytest.approx(0.5, abs=0.08)


def test_kinds_can_be_chosen():
    for kinds in (("negation",), "negation", ["negation"]):
        train, _, test = data.make_reviews(60, kinds=kinds)
        assert set(train.kinds) == set(test.kinds) == {"negation"}
    train, _, _ = data.make_reviews(60, kinds=("contrast", "plain"))
    assert set(train.kinds) == {"plain", "contrast"}
    other, _, _ = data.make_reviews(60, kinds=("plain", "contrast"))
    np.testing.assert_array_equal(train.texts, other.texts)


def test_the_seed_decides():
    first, again, other = (data.make_reviews(60, seed=seed) for seed in (1, 1, 2))
    for part, same in zip(first, again, strict=True):
        for array, array_again in zip(part, same, strict=True):
            np.testing.assert_array_equal(array, array_again)
    assert not set(first[0].texts) & set(other[0].texts)
    default, zero = data.make_reviews(60), data.make_reviews(60, seed=0)
    np.testing.assert_array_equal(default[2].texts, zero[2].texts)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"n_reviews": 59}, ValueError, "n_reviews must be at least 60, got 59"),
        ({"n_reviews": 100.0}, TypeError, "n_reviews must be a whole number"),
        ({"gap": -1}, ValueError, "gap must be at least 0, got -1"),
        ({"gap": 501}, ValueError, "gap must be between 0 and 500, got 501"),
        ({"gap": None}, TypeError, "gap must be a whole number"),
        ({"kinds": ()}, ValueError, r"one or more of plain, negation, contrast, got \(\)"),
        ({"kinds": ("irony",)}, ValueError, r"plain, negation, contrast, got \('irony',\)"),
        ({"kinds": "irony"}, ValueError, "plain, negation, contrast, got 'irony'"),
        ({"seed": -1}, ValueError, "seed must be at least 0"),
        ({"seed": 0.5}, TypeError, "seed must be a whole number"),
    ],
)
def test_wrong_arguments(arguments, error, message):
    with pytest.raises(error, match=message):
        data.make_reviews(**arguments)


def test_more_reviews_than_there_are(monkeypatch):
    monkeypatch.setattr(_grammar, "OPENINGS", ("",))
    monkeypatch.setattr(_grammar, "NOUNS", ("plot", "cast"))
    monkeypatch.setattr(_grammar, "ADVERBS", ("very",))
    monkeypatch.setattr(_grammar, "ADJECTIVES", (("dull", "stale"), ("fresh", "funny")))
    with pytest.raises(ValueError, match="only 8 different reviews; ask for fewer, or for more ki"):
        data.make_reviews(60, kinds=("plain",))
