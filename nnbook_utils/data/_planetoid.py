"""The citation network Cora: from the files of Planetoid, which are pickled, to plain arrays."""

import collections
import pickle
from collections.abc import Mapping
from pathlib import Path

import numpy as np

N_VALIDATION = 500
PREFIX = "ind.cora."
CORA_FILES = {
    f"{PREFIX}x": "23cfa55d91c6f624233f5eb7b6e3f141f1bd2b2ae39608a63cf5d084bb27baab",
    f"{PREFIX}y": "94465c14eb53e04ca262198dcbb2521ee8af60fb3f3d546cd6ca24a511b0e7d1",
    f"{PREFIX}tx": "b9afbaa4a400df991f6f02ef677e1e44da55ffc04801fd02f9e673987829226a",
    f"{PREFIX}ty": "41f5ac76596a1699cc33f53084a2419e92961c42bb75f36fc38e616d348532ad",
    f"{PREFIX}allx": "9419ba2f26f5c35243db64aba110e0f35a04851609e0dc5433450676ca6b8543",
    f"{PREFIX}ally": "2b998f5cc7fedc86e7f97ca2498f47a1ffc1462c29e2d578b23bf3f62b6e7d71",
    f"{PREFIX}graph": "58f13302f39dde8852dad6fe6d15b89b077b6d7f837626bce671ef80344b383d",
    f"{PREFIX}test.index": "297ce89af2b51a6a194181c7dbe1796c6a1cf9cd9349a88383b1b1e227867875",
}
CORA_SHAPES = {
    "features": (2708, 1433),
    "labels": (2708,),
    "edges": (5278, 2),
    "train_index": (140,),
    "validation_index": (500,),
    "test_index": (1000,),
}


class SparseRows:
    """The attributes of a pickled SciPy matrix in CSR form; none of SciPy's code is run for it."""


def _rebuild(kind: type, base: type, state: None) -> object:
    """Make an empty object, which is what copy_reg does in pickles of protocols 0 and 1."""
    if (kind, base, state) != (SparseRows, object, None):
        raise ValueError("its pickle makes an object other than a sparse matrix, which is refused")
    return SparseRows()


_RECONSTRUCT = np.empty(0).__reduce__()[0]
# All that these pickles need, by the names of Python 2 and of old and new NumPy and SciPy.
ALLOWED = {
    ("__builtin__", "list"): list,
    ("__builtin__", "object"): object,
    ("collections", "defaultdict"): collections.defaultdict,
    ("copy_reg", "_reconstructor"): _rebuild,
    ("numpy", "dtype"): np.dtype,
    ("numpy", "ndarray"): np.ndarray,
    ("numpy._core.multiarray", "_reconstruct"): _RECONSTRUCT,
    ("numpy.core.multiarray", "_reconstruct"): _RECONSTRUCT,
    ("scipy.sparse._csr", "csr_matrix"): SparseRows,
    ("scipy.sparse.csr", "csr_matrix"): SparseRows,
}


class PlanetoidUnpickler(pickle.Unpickler):
    """An unpickler that makes lists, arrays and sparse matrices, and refuses everything else."""

    def find_class(self, module: str, name: str):
        """Return what the pickle names, if it is allowed.

        Raises:
            ValueError: If it is not: a pickle can name any function and have it called.
        """
        if (module, name) not in ALLOWED:
            raise ValueError(f"its pickle asks for {module}.{name}, which is not run")
        return ALLOWED[module, name]


def convert_cora(folder: Path) -> dict[str, np.ndarray]:
    """Read the eight files of Cora and assemble the graph as Planetoid does.

    The nodes of `allx` come first. The rows of `tx` belong to the nodes that `test.index` names,
    in that order. The first nodes, those of `x`, are the training part, the next 500 validation.

    Returns:
        `features`, uint8, (n_nodes, number of words), 1 for a word that occurs;
        `labels`, uint8, (n_nodes,);
        `edges`, int32, (n_edges, 2), each edge once, the smaller number first, sorted;
        `train_index`, `validation_index` and `test_index`, int32, node numbers, increasing.

    Raises:
        ValueError: If a file is of another form, or they do not fit each other.
    """
    x, tx, allx = (_read_features(folder / f"{PREFIX}{key}") for key in ("x", "tx", "allx"))
    y, ty, ally = (_read_labels(folder / f"{PREFIX}{key}") for key in ("y", "ty", "ally"))
    order = np.loadtxt(folder / f"{PREFIX}test.index", dtype=np.int64, ndmin=1)
    n_train, n_known, n_nodes = len(x), len(allx), len(allx) + len(tx)
    if (len(y), len(ally), len(ty)) != (n_train, n_known, len(tx)):
        raise ValueError("there are not as many rows of labels as of features")
    if not (np.array_equal(x, allx[:n_train]) and np.array_equal(y, ally[:n_train])):
        raise ValueError("x and y are not the first rows of allx and ally")
    if not np.array_equal(np.sort(order), np.arange(n_known, n_nodes)):
        raise ValueError(f"test.index does not hold each of {n_known} to {n_nodes - 1} once")
    features, labels = np.concatenate([allx, tx]), np.concatenate([ally, ty])
    features[order], labels[order] = tx, ty
    return {
        "features": features.astype(np.uint8),
        "labels": labels.astype(np.uint8),
        "edges": _edges(_read_pickle(folder / f"{PREFIX}graph"), n_nodes),
        "train_index": np.arange(n_train, dtype=np.int32),
        "validation_index": np.arange(n_train, n_train + N_VALIDATION, dtype=np.int32),
        "test_index": np.sort(order).astype(np.int32),
    }


def _read_pickle(path: Path):
    try:
        with path.open("rb") as file:
            return PlanetoidUnpickler(file, encoding="latin1").load()
    except (pickle.UnpicklingError, EOFError, LookupError, TypeError, AttributeError) as problem:
        raise ValueError(f"{path.name} cannot be read: {problem}") from problem


def _read_features(path: Path) -> np.ndarray:
    """Return the rows of a sparse matrix, with the zeros."""
    from scipy.sparse import csr_matrix

    rows = _read_pickle(path)
    if not isinstance(rows, SparseRows):
        raise ValueError(f"{path.name} holds {type(rows).__name__}, expected a sparse matrix")
    try:
        return csr_matrix((rows.data, rows.indices, rows.indptr), shape=rows._shape).toarray()
    except (AttributeError, TypeError) as problem:
        raise ValueError(f"{path.name} holds no complete sparse matrix: {problem}") from problem


def _read_labels(path: Path) -> np.ndarray:
    """Return the class of each row of a table that has a 1 at the row's class."""
    table = _read_pickle(path)
    if not isinstance(table, np.ndarray) or table.ndim != 2 or table.dtype.kind not in "iuf":
        raise ValueError(f"{path.name} does not hold a table of numbers")
    return table.argmax(axis=1)


def _edges(graph: Mapping, n_nodes: int) -> np.ndarray:
    """Return each edge of a mapping from node to neighbours once, and none from a node to itself.

    Raises:
        ValueError: If it is no such mapping.
    """
    if not isinstance(graph, Mapping) or not all(isinstance(v, list) for v in graph.values()):
        raise ValueError(f"{PREFIX}graph does not hold a list of neighbours for each node")
    edges = np.array([(u, v) for u, near in graph.items() for v in near]).reshape(-1, 2)
    if edges.dtype.kind != "i" or edges.min() < 0 or edges.max() >= n_nodes:
        raise ValueError(f"{PREFIX}graph names nodes other than 0 to {n_nodes - 1}")
    edges = np.sort(edges[edges[:, 0] != edges[:, 1]], axis=1)
    return np.unique(edges, axis=0).astype(np.int32)
