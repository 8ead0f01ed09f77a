"""Reviews and what they think of a film."""

import numpy as np

from nnbook_utils.data import _download
from nnbook_utils.data._checks import checked_seed
from nnbook_utils.data._imdb import split_words
from nnbook_utils.data._types import TokenReviews

N_VALIDATION = 5_000


def fetch_imdb(seed: int = 0) -> tuple[TokenReviews, TokenReviews, TokenReviews]:
    """Fetch 50,000 reviews of films, half of them positive, as numbers of words.

    Words are lower case, without punctuation, and numbered by how often they occur in the
    training reviews: 1 is "the". There are no marks for padding, start or unknown words, which
    Keras' loader adds; its numbers are these plus 3. Reviews have 6 to 2,493 words, 234 on
    average. No film has reviews in both the training and the test part as published.

    Args:
        seed: Same seed, same order of the training reviews, the last 5,000 of which become the
            validation part. The published test reviews stay the test part, also shuffled.

    Returns:
        train, validation and test (20000, 5000 and 25000 reviews), each with
        `tokens`, object, (n,), for each review an array, int64, (number of words,), 1 to 88584;
        `labels`, int64, (n,), 1 for positive (7 to 10 of 10 stars), 0 for negative (1 to 4);
        `words`, str, (88585,), the word of each number, the empty text for 0; the same in all.

    Raises:
        DataError: If the data is neither in NNBOOK_DATA_DIR nor in the cache and cannot be
            downloaded, or a file is damaged.
        TypeError: If the seed is no whole number.
        ValueError: If the seed is negative.

    Source: the copy that Keras uses; no licence is stated, citation is asked for. Its lists are
    pickled; they are read by an unpickler that makes lists and arrays and refuses the rest.
    Maas, Daly, Pham, Huang, Ng and Potts, Learning Word Vectors for Sentiment Analysis,
    ACL 2011.

    Example:
        >>> train, validation, test = fetch_imdb()  # doctest: +SKIP
        >>> " ".join(train.words[train.tokens[0][:5]])  # doctest: +SKIP
        'this film was just brilliant'
    """
    checked_seed(seed)
    arrays = _download.fetch("imdb")
    words = split_words(arrays["words"])
    rng = np.random.default_rng(seed)
    reviews, labels = _shuffled(arrays, "train", rng)
    first = len(labels) - N_VALIDATION
    return (
        TokenReviews(reviews[:first], labels[:first], words),
        TokenReviews(reviews[first:], labels[first:], words),
        TokenReviews(*_shuffled(arrays, "test", rng), words),
    )


def _shuffled(
    arrays: dict[str, np.ndarray], part: str, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return the reviews of a part one by one, and their labels, in a random order."""
    ends = np.cumsum(arrays[f"{part}_lengths"], dtype=np.int64)
    reviews = np.empty(len(ends), dtype=object)
    reviews[:] = np.split(arrays[f"{part}_tokens"].astype(np.int64), ends[:-1])
    order = rng.permutation(len(reviews))
    return reviews[order], arrays[f"y_{part}"][order].astype(np.int64)
