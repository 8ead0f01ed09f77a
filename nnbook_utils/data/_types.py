"""The named tuples in which the loaders return one part of a data set, and their error."""

from typing import NamedTuple

import numpy as np


class DataError(OSError):
    """Data that cannot be had: a package, file or download is missing, damaged or not as expected.

    The message says what was tried and what to do next.

    Example:
        >>> from nnbook_utils import data
        >>> try:
        ...     train, validation, test = data.fetch_mnist()
        ... except data.DataError as problem:
        ...     print(problem)  # doctest: +SKIP
    """


class Classes(NamedTuple):
    """Rows of a table and the class of each.

    Attributes:
        features: float32, (n, number of features).
        labels: int64, (n,), class numbers from 0.
    """

    features: np.ndarray
    labels: np.ndarray


class Quantities(NamedTuple):
    """Rows of a table and a number to predict for each.

    Attributes:
        features: float32, (n, number of features).
        targets: float32, (n,).
    """

    features: np.ndarray
    targets: np.ndarray


class Credits(NamedTuple):
    """Credit applications: numbers, words and the outcome.

    Attributes:
        numbers: float32, (n, 7).
        categories: str, (n, 13).
        labels: int64, (n,), 1 for bad credit.
    """

    numbers: np.ndarray
    categories: np.ndarray
    labels: np.ndarray


class Images(NamedTuple):
    """Images and the class of each.

    Attributes:
        images: float32 in [0, 1]; grey, (n, height, width), 0 is background; or colour,
            (n, height, width, 3).
        labels: int64, (n,), class numbers from 0.
    """

    images: np.ndarray
    labels: np.ndarray


class PhotoDigits(NamedTuple):
    """Colour images of one digit on a photograph, and what they are made of.

    `images` equals `abs(backgrounds - digits[..., None])`.

    Attributes:
        images: float32 in [0, 1], (n, 32, 32, 3).
        labels: int64, (n,), 0 to 9.
        digits: float32 in [0, 1], (n, 32, 32), the digit alone; 0 is no stroke.
        backgrounds: float32 in [0, 1], (n, 32, 32, 3), the photograph alone.
        boxes: float32, (n, 4), left, top, right and bottom in pixels; right and bottom are one
            past the last pixel.
    """

    images: np.ndarray
    labels: np.ndarray
    digits: np.ndarray
    backgrounds: np.ndarray
    boxes: np.ndarray


class Scenes(NamedTuple):
    """Colour images with several objects, the box of each and the class of each pixel.

    Attributes:
        images: float32 in [0, 1], (n, height, width, 3).
        labels: int64, (n, most objects), class numbers from 0; -1 where there is no object.
        boxes: float32, (n, most objects, 4), left, top, right and bottom in pixels, right and
            bottom one past the last pixel; 0 where there is no object.
        masks: int64, (n, height, width), 0 for background, else 1 plus the class.
    """

    images: np.ndarray
    labels: np.ndarray
    boxes: np.ndarray
    masks: np.ndarray


class Series(NamedTuple):
    """A stretch of a time series, in order.

    Attributes:
        values: float32, (n,).
        times: float64, (n,), decimal years, increasing.
    """

    values: np.ndarray
    times: np.ndarray


class Points(NamedTuple):
    """Points in the plane and the class of each.

    Attributes:
        points: float32, (n, 2), columns x and y.
        labels: int64, (n,), class numbers from 0.
    """

    points: np.ndarray
    labels: np.ndarray


class Sequences(NamedTuple):
    """Sequences of tokens and the class of each sequence.

    Attributes:
        tokens: int64, (n, number of steps).
        labels: int64, (n,), class numbers from 0.
    """

    tokens: np.ndarray
    labels: np.ndarray


class Documents(NamedTuple):
    """Texts of a few sentences, each with a line that sums it up.

    Attributes:
        names: str, (n,), where a text is from.
        summaries: str, (n,).
        sentences: object, (n,), a tuple of str for each text.
    """

    names: np.ndarray
    summaries: np.ndarray
    sentences: np.ndarray


class Text(NamedTuple):
    """A long text.

    Attributes:
        text: str, all of it.
        topics: str, (number of topics,), the names of what it is about, in order.
    """

    text: str
    topics: np.ndarray


class Translations(NamedTuple):
    """Numbers, and their names in two languages.

    Attributes:
        numbers: int64, (n,).
        sources: str, (n,), in the language to translate from.
        targets: str, (n,), in the language to translate to.
    """

    numbers: np.ndarray
    sources: np.ndarray
    targets: np.ndarray


class SentencePairs(NamedTuple):
    """Sentences in two languages.

    Attributes:
        sources: str, (n,), words and marks separated by one space, in the language to translate
            from.
        targets: str, (n,), the same in the language to translate to.
    """

    sources: np.ndarray
    targets: np.ndarray


class Chorales(NamedTuple):
    """Music for four voices, a frame a beat, padded at the end.

    Attributes:
        rolls: float32, (n, n_frames, 88), 1 where a key of the piano sounds.
        mask: bool, (n, n_frames), True up to the end of the piece.
        voices: int64, (n, n_frames, 4), MIDI numbers of soprano, alto, tenor and bass, 0 for
            silence.
        names: str, (n,).
    """

    rolls: np.ndarray
    mask: np.ndarray
    voices: np.ndarray
    names: np.ndarray


class Videos(NamedTuple):
    """Grey videos and the class of each.

    Attributes:
        frames: float32 in [0, 1], (n, n_frames, height, width); 0 is background.
        labels: int64, (n,), class numbers from 0.
    """

    frames: np.ndarray
    labels: np.ndarray


class TokenReviews(NamedTuple):
    """Reviews as numbers of words, of unequal length, and the class of each.

    Attributes:
        tokens: object, (n,), for each review an array, int64, (number of words,), from 1.
        labels: int64, (n,), 1 for positive, 0 for negative.
        words: str, (number of words + 1,), the word of each number, the empty text for 0.
    """

    tokens: np.ndarray
    labels: np.ndarray
    words: np.ndarray


class Reviews(NamedTuple):
    """Reviews in words, the class of each, and how each is built.

    Attributes:
        texts: str, (n,), words separated by one space.
        labels: int64, (n,), 1 for positive, 0 for negative.
        kinds: str, (n,), "plain", "negation" or "contrast".
        gaps: int64, (n,), words after the last adjective that decides.
    """

    texts: np.ndarray
    labels: np.ndarray
    kinds: np.ndarray
    gaps: np.ndarray


class Utterances(NamedTuple):
    """Recordings of speech of unequal length, padded at the end, and who speaks.

    Attributes:
        features: float32, (n, n_frames, number of channels), 0 after the end.
        mask: bool, (n, n_frames), True up to the end of the recording.
        labels: int64, (n,), class numbers from 0.
    """

    features: np.ndarray
    mask: np.ndarray
    labels: np.ndarray


class GraphPart(NamedTuple):
    """A graph, and the labels of some of its nodes.

    `features` and `edges` are of the whole graph, the same arrays in all three parts.

    Attributes:
        features: float32, (n_nodes, number of features).
        edges: int32, (n_edges, 2), node numbers from 0; each edge once, the smaller number first.
        labels: int32, (n,), the class of each node of this part, from 0.
        nodes: int32, (n,), the numbers of these nodes, increasing.
    """

    features: np.ndarray
    edges: np.ndarray
    labels: np.ndarray
    nodes: np.ndarray


class Triples(NamedTuple):
    """Facts that each relate two entities.

    Attributes:
        triples: int32, (n, 3), columns head, relation and tail: numbers from 0 into the names.
        entities: tuple of str, the names of all entities, the same in all parts.
        relations: tuple of str, the names of all relations, the same in all parts.
    """

    triples: np.ndarray
    entities: tuple[str, ...]
    relations: tuple[str, ...]
