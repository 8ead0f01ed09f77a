"""Graphs whose nodes have classes: a karate club, handwritten digits, scientific papers."""

import numpy as np

from nnbook_utils.data import _download
from nnbook_utils.data._checks import checked_seed, number_between, whole_number
from nnbook_utils.data._types import DataError, GraphPart

CLUBS = ("Mr. Hi", "Officer")  # in the order of the labels
LEADERS = (0, 33)  # the instructor and the administrator
N_VALIDATION_CLUB = 8
N_DIGITS = 1797
MOST_LABELS = 100  # of a class; the rarest digit has 174 images
N_VALIDATION_DIGITS = 500

Parts = tuple[GraphPart, GraphPart, GraphPart]


def load_karate_club(seed: int = 0) -> Parts:
    """Load the 34 members of a karate club, who meets whom, and which club each joined later.

    Over a dispute the club split in two: some followed the instructor, called Mr. Hi in the
    paper (node 0), the others the administrator, called the officer (node 33). An edge joins two
    members who met outside the club's lessons and meetings; how often they did is left out. The
    training part is the two leaders, one label a class.

    Args:
        seed: Same seed, same 8 nodes in the validation part.

    Returns:
        train, validation and test (2, 8 and 24 nodes), each with
        `features`, float32, (34, 34), the identity: nothing is known of a member but who it is;
        `edges`, int32, (78, 2), each edge once, the smaller number first, sorted;
        `labels`, int32, (n,), of this part's nodes, 0 with Mr. Hi, 1 with the officer;
        `nodes`, int32, (n,), the numbers of this part's nodes, increasing.
        `features` and `edges` are the same arrays in all parts.

    Raises:
        DataError: If networkx is not installed.
        TypeError: If the seed is no whole number.
        ValueError: If the seed is negative.

    Source: `karate_club_graph` of networkx (BSD 3-clause); nodes are numbered from 0, members in
    the paper from 1. Zachary, An Information Flow Model for Conflict and Fission in Small Groups,
    Journal of Anthropological Research 33(4), 1977.

    Example:
        >>> train, validation, test = load_karate_club()
        >>> train.nodes.tolist(), train.labels.tolist(), train.edges.shape
        ([0, 33], [0, 1], (78, 2))
    """
    rng = np.random.default_rng(checked_seed(seed))
    try:
        from networkx import karate_club_graph
    except ImportError as problem:
        raise DataError(
            "this data set comes with the package networkx, which is not installed; "
            "run: pip install networkx"
        ) from problem
    club = karate_club_graph()
    labels = np.array([CLUBS.index(club.nodes[node]["club"]) for node in range(len(club))])
    edges = np.array(sorted(tuple(sorted(edge)) for edge in club.edges))
    others = rng.permutation(np.setdiff1d(np.arange(len(club)), LEADERS))
    nodes = (np.array(LEADERS), *np.split(others, [N_VALIDATION_CLUB]))
    return _parts(np.eye(len(club)), edges, labels, nodes)


def load_digits_graph(n_neighbors: int = 8, labels_per_class: int = 2, seed: int = 0) -> Parts:
    """Load 1,797 handwritten digits as a graph that joins each image to those most like it.

    An edge joins two images if one is among the `n_neighbors` nearest of the other, by the
    Euclidean distance of their pixels. Of images at the same distance the first in the file
    counts as nearer. Most nodes therefore have more neighbours than `n_neighbors`, and none has
    fewer. Only a few images have a label in the training part.

    Args:
        n_neighbors: Nearest images that each image is joined to, 1 to 1796.
        labels_per_class: Training nodes of each digit, 1 to 100.
        seed: Same seed, same nodes in each part. The graph does not depend on it.

    Returns:
        train, validation and test (`10 * labels_per_class`, 500 and all other nodes), each with
        `features`, float32 in [0, 1], (1797, 64), the pixels row by row, bright strokes on 0;
        `edges`, int32, (n_edges, 2), each edge once, the smaller number first, sorted;
        `labels`, int32, (n,), of this part's nodes, 0 to 9;
        `nodes`, int32, (n,), the numbers of this part's nodes, increasing.
        `features` and `edges` are the same arrays in all parts.

    Raises:
        TypeError: If an argument is no whole number.
        ValueError: If an argument is outside its range.

    Source: scikit-learn, the test half of Optical Recognition of Handwritten Digits in the
    UCI repository (CC BY 4.0). Alpaydin and Kaynak, 1998, doi:10.24432/C50P49.

    Example:
        >>> train, validation, test = load_digits_graph()
        >>> len(train.nodes), len(validation.nodes), len(test.nodes), train.features.shape
        (20, 500, 1277, (1797, 64))
    """
    n_neighbors = whole_number("n_neighbors", n_neighbors, minimum=1)
    number_between("n_neighbors", n_neighbors, 1, N_DIGITS - 1)
    labels_per_class = whole_number("labels_per_class", labels_per_class, minimum=1)
    number_between("labels_per_class", labels_per_class, 1, MOST_LABELS)
    rng = np.random.default_rng(checked_seed(seed))
    from sklearn.datasets import load_digits

    pixels, labels = load_digits(return_X_y=True)
    order = rng.permutation(N_DIGITS)
    train = np.concatenate([order[labels[order] == k][:labels_per_class] for k in range(10)])
    rest = order[~np.isin(order, train)]
    nodes = (train, *np.split(rest, [N_VALIDATION_DIGITS]))
    return _parts(pixels / 16, _neighbor_edges(pixels, n_neighbors), labels, nodes)


def fetch_cora() -> Parts:
    """Fetch Cora: 2,708 papers on machine learning, their words, topics and citations.

    An edge joins two papers of which one cites the other; the direction is left out. The parts
    are those on which most results are published: 20 labels of each topic for training, 500
    nodes for validation and 1,000 for test; the other 1,068 papers have no label in any part.
    `info("cora").class_names` names the topics.

    Returns:
        train, validation and test (140, 500 and 1000 nodes), each with
        `features`, float32, (2708, 1433), 1 if a word occurs in the paper, else 0;
        `edges`, int32, (5278, 2), each edge once, the smaller number first, sorted;
        `labels`, int32, (n,), of this part's nodes, 0 to 6;
        `nodes`, int32, (n,), the numbers of this part's nodes, increasing.
        `features` and `edges` are the same arrays in all parts.

    Raises:
        DataError: If the data is neither in NNBOOK_DATA_DIR nor in the cache and cannot be
            downloaded, or a file is damaged.

    Source: https://github.com/kimiyoung/planetoid (MIT), which prepared the data; for the data
    itself no licence is stated. The files are pickled; they are read by an unpickler that makes
    lists and arrays and refuses the rest. Sen, Namata, Bilgic, Getoor, Gallagher and
    Eliassi-Rad, Collective Classification in Network Data, AI Magazine 29(3), 2008; the parts:
    Yang, Cohen and Salakhutdinov, Revisiting Semi-Supervised Learning with Graph Embeddings,
    ICML 2016.

    Example:
        >>> train, validation, test = fetch_cora()  # doctest: +SKIP
        >>> train.features.shape, train.labels.shape  # doctest: +SKIP
        ((2708, 1433), (140,))
    """
    arrays = _download.fetch("cora")
    nodes = tuple(arrays[f"{part}_index"] for part in ("train", "validation", "test"))
    return _parts(arrays["features"], arrays["edges"], arrays["labels"], nodes)


def _neighbor_edges(points: np.ndarray, n_neighbors: int) -> np.ndarray:
    """Return the edges, int64, (n_edges, 2), between points and their nearest ones, sorted.

    Args:
        points: (n, number of coordinates), small whole numbers, so that distances are exact.
        n_neighbors: Less than n.
    """
    n_points = len(points)
    squares = (points**2).sum(axis=1)
    distances = (squares[:, None] + squares - 2 * points @ points.T).astype(np.int64)
    keys = distances * n_points + np.arange(n_points)  # of equal distances the first is nearer
    np.fill_diagonal(keys, np.iinfo(np.int64).max)
    near = np.argpartition(keys, n_neighbors - 1)[:, :n_neighbors]
    pairs = np.stack([np.repeat(np.arange(n_points), n_neighbors), near.ravel()], axis=1)
    return np.unique(np.sort(pairs, axis=1), axis=0)


def _parts(
    features: np.ndarray, edges: np.ndarray, labels: np.ndarray, nodes: tuple[np.ndarray, ...]
) -> Parts:
    """Return a part for each array of nodes, all with the same features and edges."""
    features, edges = features.astype(np.float32), edges.astype(np.int32)
    chosen = [np.sort(part).astype(np.int32) for part in nodes]
    train, validation, test = (
        GraphPart(features, edges, labels[part].astype(np.int32), part) for part in chosen
    )
    return train, validation, test
