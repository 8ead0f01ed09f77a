import collections
import dataclasses
import hashlib
import io
import itertools
import os
import pickle
import struct
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from nnbook_utils import data
from nnbook_utils.data import _graphs, _planetoid
from nnbook_utils.data._download import download, fingerprint
from nnbook_utils.data._families import BASIC, RELATIONS
from nnbook_utils.data._remote import REMOTES


def assert_is_one_graph(parts, n_nodes, n_edges):
    """Check what every loader of a graph promises."""
    first = parts[0]
    assert first.edges.shape == (n_edges, 2)
    assert len(first.features) == n_nodes
    assert first.features.dtype == np.float32
    rows = first.edges.tolist()
    assert rows == sorted(rows)
    assert len(set(map(tuple, rows))) == n_edges
    assert all(0 <= a < b < n_nodes for a, b in rows)
    for part in parts:
        assert part.features is first.features
        assert part.edges is first.edges
        assert part.edges.dtype == part.labels.dtype == part.nodes.dtype == np.int32
        assert part.labels.shape == part.nodes.shape
        assert (np.diff(part.nodes) > 0).all()
    nodes = np.concatenate([part.nodes for part in parts])
    assert len(set(nodes.tolist())) == len(nodes)


def same(parts, others):
    return all(
        np.array_equal(a, b)
        for part, other in zip(parts, others, strict=True)
        for a, b in zip(part, other, strict=True)
    )


def test_karate_club_equals_networkx():
    import networkx as nx

    club = nx.karate_club_graph()
    parts = data.load_karate_club(seed=3)
    assert_is_one_graph(parts, 34, 78)
    np.testing.assert_array_equal(parts[0].features, np.eye(34))
    adjacency = nx.to_numpy_array(club, nodelist=range(34), weight=None)
    ours = np.zeros((34, 34))
    ours[tuple(parts[0].edges.T)] = 1
    np.testing.assert_array_equal(ours + ours.T, adjacency)
    assert [len(part.nodes) for part in parts] == [2, 8, 24]
    assert parts[0].nodes.tolist() == [0, 33]
    names = data.info("karate_club").class_names
    for part in parts:
        assert [names[label] for label in part.labels] == [
            club.nodes[int(node)]["club"] for node in part.nodes
        ]


@pytest.mark.parametrize(
    "load", [data.load_karate_club, data.load_digits_graph, data.make_family_trees]
)
def test_the_seed_decides(load):
    assert same(load(seed=1), load(seed=1))
    assert not same(load(seed=1)[1:2], load(seed=2)[1:2])
    assert same(load(), load(seed=0))


@pytest.mark.parametrize(
    "load", [data.load_karate_club, data.load_digits_graph, data.make_family_trees]
)
@pytest.mark.parametrize(("seed", "error"), [(-1, ValueError), (0.5, TypeError)])
def test_wrong_seed(load, seed, error):
    with pytest.raises(error, match="seed must be"):
        load(seed=seed)


def test_karate_club_without_networkx(monkeypatch):
    monkeypatch.setitem(sys.modules, "networkx", None)
    with pytest.raises(data.DataError, match="networkx, which is not installed; run: pip install"):
        data.load_karate_club()


@pytest.fixture(scope="module")
def bunch():
    from sklearn.datasets import load_digits

    return load_digits()


@pytest.mark.parametrize("n_neighbors", [1, 8])
def test_digits_are_joined_to_their_nearest(bunch, n_neighbors):
    from sklearn.neighbors import NearestNeighbors

    parts = data.load_digits_graph(n_neighbors)
    edges = parts[0].edges
    assert_is_one_graph(parts, 1797, len(edges))
    np.testing.assert_array_equal(parts[0].features, bunch.data.astype(np.float32) / 16)
    near = NearestNeighbors(n_neighbors=n_neighbors).fit(bunch.data).kneighbors()[0][:, -1]
    gaps = bunch.data[edges[:, 0]] - bunch.data[edges[:, 1]]
    squares = (gaps**2).sum(axis=1)
    reach = np.rint(near**2)  # as far as the nearest of each image lie
    assert (squares <= np.maximum(*reach[edges.T])).all()
    closer = np.bincount(edges.ravel(), weights=(squares[:, None] <= reach[edges]).ravel())
    assert (closer >= n_neighbors).all()
    assert 1797 * n_neighbors / 2 <= len(edges) <= 1797 * n_neighbors


def test_neighbours_by_hand():
    points = np.array([[0], [2], [4], [5], [9]])
    # 1 is as far from 0 as from 2, and takes the first of them; nobody's nearest is 4.
    assert _graphs._neighbor_edges(points, 1).tolist() == [[0, 1], [2, 3], [3, 4]]
    assert _graphs._neighbor_edges(points, 2).tolist() == [
        *([0, 1], [0, 2], [1, 2]),
        *([1, 3], [2, 3], [2, 4], [3, 4]),
    ]
    assert len(_graphs._neighbor_edges(points, 4)) == 10


@pytest.mark.parametrize("labels_per_class", [1, 2, 100])
def test_digits_graph_has_few_labels(bunch, labels_per_class):
    parts = data.load_digits_graph(labels_per_class=labels_per_class, seed=4)
    n_train = 10 * labels_per_class
    assert [len(part.nodes) for part in parts] == [n_train, 500, 1297 - n_train]
    assert np.bincount(parts[0].labels).tolist() == [labels_per_class] * 10
    for part in parts:
        np.testing.assert_array_equal(part.labels, bunch.target[part.nodes])
        assert set(part.labels) == set(range(10))


def test_most_neighbours_show_the_same_digit(bunch):
    edges = data.load_digits_graph()[0].edges
    assert (bunch.target[edges[:, 0]] == bunch.target[edges[:, 1]]).mean() > 0.9


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"n_neighbors": 0}, ValueError, "n_neighbors must be at least 1, got 0"),
        ({"n_neighbors": 1797}, ValueError, "n_neighbors must be between 1 and 1796, got 1797"),
        ({"n_neighbors": 2.0}, TypeError, "n_neighbors must be a whole number"),
        ({"labels_per_class": 0}, ValueError, "labels_per_class must be at least 1, got 0"),
        ({"labels_per_class": 101}, ValueError, "labels_per_class must be between 1 and 100, got"),
        ({"labels_per_class": "2"}, TypeError, "labels_per_class must be a whole number"),
    ],
)
def test_wrong_arguments_of_digits_graph(arguments, error, message):
    with pytest.raises(error, match=message):
        data.load_digits_graph(**arguments)


# A graph of seven nodes in Planetoid's layout. Rows of tx belong to nodes 6, 4 and 5.
ALLX = [[1, 0, 0], [0, 1, 0], [0, 1, 1], [1, 1, 1]]
TX = [[0, 0, 1], [1, 0, 1], [1, 1, 0]]
ALLY = [[1, 0], [0, 1], [0, 1], [1, 0]]
TY = [[0, 1], [1, 0], [0, 1]]
ORDER = [6, 4, 5]
NEIGHBOURS = {0: [6, 1, 1], 1: [0, 1], 2: [5], 4: [3, 0], 5: [2, 4], 6: [0]}
ASSEMBLED = {
    "features": [*ALLX, [1, 0, 1], [1, 1, 0], [0, 0, 1]],
    "labels": [0, 1, 1, 0, 0, 1, 1],
    "edges": [[0, 1], [0, 4], [0, 6], [2, 5], [3, 4], [4, 5]],
    "train_index": [0, 1],
    "validation_index": [2],
    "test_index": [4, 5, 6],
}


class OldPickler(pickle._Pickler):
    """Writes bytes the way Python 2 did: as its str, which Python 3 has no type for."""

    def save_bytes(self, content):
        if self.bin:
            self.write(pickle.BINSTRING + struct.pack("<i", len(content)) + content)
        else:
            self.write(pickle.STRING + repr(content)[1:].encode() + b"\n")
        self.memoize(content)

    dispatch = {**pickle._Pickler.dispatch, bytes: save_bytes}  # noqa: RUF012


def pickled(value, protocol=2):
    """Return the value as Python 2 pickled it, under the names of NumPy and SciPy at the time."""
    file = io.BytesIO()
    OldPickler(file, protocol).dump(value)
    content = file.getvalue().replace(b"numpy._core.", b"numpy.core.")
    return content.replace(b"scipy.sparse._csr", b"scipy.sparse.csr")


def objects(**changes):
    graph = collections.defaultdict(list, NEIGHBOURS)
    made = {
        **{"x": csr_matrix(ALLX[:2], dtype=np.float32), "y": np.array(ALLY[:2], np.int32)},
        **{"tx": csr_matrix(TX, dtype=np.float32), "ty": np.array(TY, np.int32)},
        **{"allx": csr_matrix(ALLX, dtype=np.float32), "ally": np.array(ALLY, np.int32)},
        "graph": graph,
    }
    return {**made, **changes}


def write_files(folder, protocol=2, order=ORDER, **changes):
    folder.mkdir(exist_ok=True)
    for key, value in objects(**changes).items():
        content = value if isinstance(value, bytes) else pickled(value, protocol)
        (folder / f"ind.cora.{key}").write_bytes(content)
    (folder / "ind.cora.test.index").write_text("".join(f"{node}\n" for node in order))
    return folder


@pytest.fixture(autouse=True)
def _one_validation_node(request, monkeypatch):
    if "real" not in request.node.name:
        monkeypatch.setattr(_planetoid, "N_VALIDATION", 1)


@pytest.mark.parametrize("protocol", [0, 2])
def test_planetoid_files_are_assembled(tmp_path, protocol):
    folder = write_files(tmp_path / "source", protocol)
    content = (folder / "ind.cora.allx").read_bytes()
    assert b"scipy.sparse.csr\ncsr_matrix" in content
    assert b"numpy.core.multiarray\n_reconstruct" in content
    assert b"_codecs" not in content, "Python 2 had no need of it"
    arrays = _planetoid.convert_cora(folder)
    assert list(arrays) == list(_planetoid.CORA_SHAPES) == list(ASSEMBLED)
    for key, expected in ASSEMBLED.items():
        assert arrays[key].tolist() == expected
    assert {array.dtype.name for array in arrays.values()} == {"uint8", "int32"}


def test_names_of_new_numpy_and_scipy_are_understood(tmp_path):
    new = {}
    for key, value in objects().items():
        old = pickled(value).replace(b"numpy.core.", b"numpy._core.")
        new[key] = old.replace(b"scipy.sparse.csr", b"scipy.sparse._csr")
    arrays = _planetoid.convert_cora(write_files(tmp_path / "source", **new))
    assert arrays["features"].tolist() == ASSEMBLED["features"]


@pytest.fixture
def small_cora(tmp_path, monkeypatch):
    """Let Cora be the graph of seven nodes; returns a function that puts its files in reach."""
    folder = write_files(tmp_path / "source")
    arrays = _planetoid.convert_cora(folder)
    shapes = {key: array.shape for key, array in arrays.items()}
    monkeypatch.delenv("NNBOOK_DATA_DIR", raising=False)
    monkeypatch.setenv("NNBOOK_CACHE_DIR", str(tmp_path / "cache"))
    retrieved = []

    def serve(**changes):
        write_files(folder, **changes)
        parts = tuple(
            dataclasses.replace(
                part, sha256=hashlib.sha256((folder / part.file).read_bytes()).hexdigest()
            )
            for part in REMOTES["cora"].parts
        )
        remote = dataclasses.replace(REMOTES["cora"], shapes=shapes, parts=parts)
        remote = dataclasses.replace(remote, fingerprint=fingerprint(arrays, remote))
        monkeypatch.setitem(REMOTES, "cora", remote)
        return retrieved

    def retrieve(url, known_hash, name, target, downloader):
        content = (folder / name).read_bytes()
        assert known_hash == f"sha256:{hashlib.sha256(content).hexdigest()}"
        Path(target, name).write_bytes(content)
        retrieved.append(url)

    monkeypatch.setattr("pooch.retrieve", retrieve)
    return serve


def test_cora_is_downloaded_once_and_then_read_from_the_cache(small_cora, tmp_path):
    retrieved = small_cora()
    parts = data.fetch_cora()
    assert len(retrieved) == 8
    assert all("af6abf468a772cc055bec88c52e4d6f51b7c37e3/data/ind.cora." in u for u in retrieved)
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["cora.npz"]
    assert same(parts, data.fetch_cora())
    assert len(retrieved) == 8
    assert_is_one_graph(parts, 7, 6)
    assert parts[0].features.tolist() == ASSEMBLED["features"]
    assert [part.nodes.tolist() for part in parts] == [[0, 1], [2], [4, 5, 6]]
    assert [part.labels.tolist() for part in parts] == [[0, 1], [1], [0, 1, 1]]


def test_cora_from_the_data_folder(small_cora, tmp_path, monkeypatch):
    retrieved = small_cora()
    monkeypatch.setenv("NNBOOK_DATA_DIR", str(download("cora", tmp_path / "data").parent))
    retrieved.clear()
    assert data.fetch_cora()[2].nodes.tolist() == [4, 5, 6]
    assert retrieved == []


def test_other_numbers_are_not_cora(small_cora):
    small_cora(graph={0: [1, 2, 3, 4], 1: [2, 3]})
    with pytest.raises(data.DataError, match="not those of the published data set"):
        data.fetch_cora()


class Harm:
    """Unpickling this with pickle's own unpickler runs a command."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.system, (f'echo harm > "{self.path}"',)


@pytest.mark.parametrize("key", ["allx", "ty", "graph"])
def test_a_pickle_that_calls_something_is_refused(small_cora, tmp_path, key):
    harm = tmp_path / "harm"
    content = pickle.dumps([Harm(harm)], protocol=2)
    small_cora(**{key: content})
    with pytest.raises(data.DataError, match=r"its pickle asks for (posix|nt)\.system, which is n"):
        data.fetch_cora()
    assert not harm.exists()
    assert not (tmp_path / "cache" / "cora.npz").exists()
    pickle.loads(content)
    assert harm.exists(), "the file would have done harm"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ally": np.array(ALLY[:3], np.int32)}, "not as many rows of labels as of features"),
        ({"ty": np.array(TY[:2], np.int32)}, "not as many rows of labels as of features"),
        ({"y": np.array(ALLY[:1], np.int32)}, "not as many rows of labels as of features"),
        ({"y": np.array(ALLY[1:3], np.int32)}, "x and y are not the first rows of allx and ally"),
        ({"x": csr_matrix(ALLX[1:3])}, "x and y are not the first rows of allx and ally"),
        ({"order": [4, 5, 5]}, "does not hold each of 4 to 6 once"),
        ({"order": [4, 5, 6, 7]}, "does not hold each of 4 to 6 once"),
        ({"order": [3, 4, 5]}, "does not hold each of 4 to 6 once"),
        ({"ty": TY}, "ind.cora.ty does not hold a table of numbers"),
        ({"ty": np.array([1, 0, 1])}, "ind.cora.ty does not hold a table of numbers"),
        ({"ty": np.array([["a"], ["b"]])}, "ind.cora.ty does not hold a table of numbers"),
        ({"tx": np.array(TX)}, "ind.cora.tx holds ndarray, expected a sparse matrix"),
        ({"tx": b"cscipy.sparse.csr\ncsr_matrix\n)\x81."}, "ind.cora.tx holds no complete sparse"),
        ({"tx": pickled(csr_matrix(TX))[:-30]}, "ind.cora.tx cannot be read"),
        ({"tx": b""}, "ind.cora.tx cannot be read"),
        ({"graph": [[0, 1]]}, "graph does not hold a list of neighbours for each node"),
        ({"graph": {0: 1}}, "graph does not hold a list of neighbours for each node"),
        ({"graph": {0: [7]}}, "graph names nodes other than 0 to 6"),
        ({"graph": {0: [-1]}}, "graph names nodes other than 0 to 6"),
        ({"graph": {0: [1.5]}}, "graph names nodes other than 0 to 6"),
        ({"graph": {}}, "graph names nodes other than 0 to 6"),
        ({"graph": {0: ["1"]}}, "graph names nodes other than 0 to 6"),
    ],
)
def test_other_contents(tmp_path, changes, message):
    with pytest.raises(ValueError, match=message):
        _planetoid.convert_cora(write_files(tmp_path / "source", **changes))


def test_only_empty_sparse_matrices_are_rebuilt():
    content = b"ccopy_reg\n_reconstructor\n(c__builtin__\nlist\nc__builtin__\nobject\nNtR."
    with pytest.raises(ValueError, match="makes an object other than a sparse matrix"):
        _planetoid.PlanetoidUnpickler(io.BytesIO(content)).load()


def test_the_real_data():
    folder = os.environ.get("NNBOOK_DATA_DIR")
    if not folder or not Path(folder, "cora.npz").exists():
        pytest.skip(
            "needs the real file: python -m nnbook_utils.data download --to DIR cora, "
            "then set NNBOOK_DATA_DIR to DIR"
        )
    parts = data.fetch_cora()
    assert_is_one_graph(parts, 2708, 5278)
    assert parts[0].features.shape == (2708, 1433)
    assert set(np.unique(parts[0].features)) == {0, 1}
    ranges = [(0, 140), (140, 640), (1708, 2708)]
    assert [(part.nodes[0], part.nodes[-1] + 1) for part in parts] == ranges
    assert [len(part.nodes) for part in parts] == [140, 500, 1000]
    assert np.bincount(parts[0].labels).tolist() == [20] * 7
    # The neighbours of the first two papers and the first labels, as published lists of Cora start.
    starts = {tuple(edge) for edge in parts[0].edges[:6].tolist()}
    assert starts == {(0, 633), (0, 1862), (0, 2582), (1, 2), (1, 652), (1, 654)}
    assert parts[0].labels[:5].tolist() == [3, 4, 4, 0, 3]
    assert len(data.info("cora").class_names) == 7


def names_of(part):
    return {
        (part.entities[head], part.relations[relation], part.entities[tail])
        for head, relation, tail in part.triples
    }


def closure(basic):
    """Return all facts that follow from the basic ones, relation by relation."""
    pairs = {name: {(h, t) for h, r, t in basic if r == name} for name in BASIC}
    men = {t for name in ("father", "husband", "son") for _, t in pairs[name]}
    parents, children = pairs["father"] | pairs["mother"], pairs["son"] | pairs["daughter"]
    spouses = pairs["husband"] | pairs["wife"]
    siblings = {(a, b) for a, b in join(parents, children) if a != b}
    aunts = join(parents, siblings)
    aunts |= join(aunts, spouses)
    facts = set(basic)
    for found, (man, woman) in (
        (siblings, ("brother", "sister")),
        (aunts, ("uncle", "aunt")),
        ({(b, a) for a, b in aunts}, ("nephew", "niece")),
        (join(parents, parents), ("grandfather", "grandmother")),
    ):
        facts |= {(a, man if b in men else woman, b) for a, b in found}
    return facts


def join(first, second):
    return {(a, d) for a, b in first for c, d in second if b == c}


@pytest.fixture(scope="module")
def trees():
    return data.make_family_trees(4, seed=5)


def test_all_facts_follow_from_the_basic_ones_in_training(trees):
    facts = [names_of(part) for part in trees]
    basic = {fact for fact in facts[0] if fact[1] in BASIC}
    assert closure(basic) == set.union(*facts)
    for part, found in zip(trees, facts, strict=True):
        assert len(part.triples) == len(found)
        assert part.triples.dtype == np.int32
        assert part.relations == RELATIONS
        assert part.entities is trees[0].entities
    for held_out in facts[1:]:
        assert held_out
        assert {relation for _, relation, _ in held_out} <= set(RELATIONS) - set(BASIC)


def test_basic_facts_agree_with_each_other(trees):
    basic = {fact for fact in names_of(trees[0]) if fact[1] in BASIC}
    for head, relation, tail in basic:
        back = {r for h, r, t in basic if (h, t) == (tail, head)}
        kinds = (("father", "mother"), ("son", "daughter")), (("husband",), ("wife",))
        (expected,) = (b for pair in kinds for a, b in (pair, pair[::-1]) if relation in a)
        assert len(back) == 1
        assert back <= set(expected)
    roles = collections.defaultdict(set)
    for _, relation, tail in basic:
        roles[tail].add(relation in ("father", "husband", "son"))
    assert set(roles) == set(trees[0].entities)
    assert all(len(genders) == 1 for genders in roles.values())


def test_no_held_out_fact_is_in_another_part_the_other_way_round(trees):
    pairs = [{frozenset((h, t)) for h, r, t in p.triples.tolist() if r >= 6} for p in trees]
    for one, other in itertools.combinations(pairs, 2):
        assert not one & other
    shares = np.array([len(part) for part in pairs]) / sum(map(len, pairs))
    np.testing.assert_allclose(shares, [0.7, 0.15, 0.15], atol=0.01)


def test_families_have_three_generations_and_are_apart(trees):
    basic = [fact for fact in names_of(trees[0]) if fact[1] in BASIC]
    family = {name: {name} for name in trees[0].entities}
    for head, _, tail in basic:
        joined = family[head] | family[tail]
        family.update(dict.fromkeys(joined, joined))
    assert len({frozenset(group) for group in family.values()}) == 4
    parents = collections.defaultdict(set)
    for head, relation, tail in basic:
        if relation in ("father", "mother"):
            parents[head].add(tail)
    assert {len(found) for found in parents.values()} == {2}

    def depth(person):
        return 1 + max((depth(parent) for parent in parents.get(person, ())), default=0)

    assert {max(map(depth, group)) for group in family.values()} == {3}


@pytest.mark.parametrize(("n_families", "most_children"), [(2, 2), (2, 10), (30, 3)])
def test_sizes_of_families(n_families, most_children):
    train, *held_out = data.make_family_trees(n_families, most_children=most_children)
    assert all(len(part.triples) for part in held_out)
    n_children = collections.Counter(h for h, r, t in train.triples.tolist() if r in (4, 5))
    assert max(n_children.values()) <= most_children
    assert n_families < 30 or set(n_children.values()) == set(range(1, most_children + 1))
    assert len(set(train.entities)) == len(train.entities) >= 7 * n_families


def test_default_size_of_family_trees():
    parts = data.make_family_trees()
    assert len(parts[0].entities) == 178
    assert sum(len(part.triples) for part in parts) == 1502
    sizes = [data.make_family_trees(seed=seed) for seed in range(20)]
    assert np.mean([len(s[0].entities) for s in sizes]) == pytest.approx(200, abs=15)
    n_facts = [sum(len(part.triples) for part in s) for s in sizes]
    assert np.mean(n_facts) == pytest.approx(1900, abs=150)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"n_families": 1}, ValueError, "n_families must be at least 2, got 1"),
        ({"n_families": 1001}, ValueError, "n_families must be between 2 and 1000, got 1001"),
        ({"n_families": 3.0}, TypeError, "n_families must be a whole number"),
        ({"most_children": 1}, ValueError, "most_children must be at least 2, got 1"),
        ({"most_children": 11}, ValueError, "most_children must be between 2 and 10, got 11"),
        ({"most_children": None}, TypeError, "most_children must be a whole number"),
    ],
)
def test_wrong_arguments_of_family_trees(arguments, error, message):
    with pytest.raises(error, match=message):
        data.make_family_trees(**arguments)
