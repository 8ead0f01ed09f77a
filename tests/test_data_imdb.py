import dataclasses
import io
import json
import os
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest

from nnbook_utils import data
from nnbook_utils.data import _imdb, _reviews
from nnbook_utils.data._download import is_complete
from nnbook_utils.data._remote import REMOTES

WORDS = ["the", "and", "déjà", "it's", "bad"]
REVIEWS = {
    "train": [[1], [2, 3, 4], [5, 5], [1, 2, 3, 4, 5], [3], [4, 4]],
    "test": [[2, 1], [5], [3, 3, 3], [4, 1]],
}


def labels_of(part):
    return np.arange(len(REVIEWS[part])) % 2


def lists(values, dtype=object):
    array = np.empty(len(values), dtype)
    array[:] = values
    return array


def write_npz(path, **arrays):
    """Write arrays the way Keras did: lists are pickled."""
    with zipfile.ZipFile(path, "w") as archive:
        for key, array in arrays.items():
            file = io.BytesIO()
            np.lib.format.write_array(file, array, version=(1, 0), allow_pickle=True)
            archive.writestr(f"{key}.npy", file.getvalue())


def keras_arrays():
    found = {}
    for part, reviews in REVIEWS.items():
        found[f"x_{part}"], found[f"y_{part}"] = lists(reviews), labels_of(part)
    return found


def write_index(folder, ranks=None):
    ranks = ranks or {word: rank for rank, word in enumerate(WORDS, 1)}
    (folder / "imdb_word_index.json").write_text(
        json.dumps(dict(reversed(ranks.items()))), encoding="utf-8"
    )


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Put a small converted file into a data folder."""
    source = tmp_path / "source"
    source.mkdir()
    write_npz(source / "imdb.npz", **keras_arrays())
    write_index(source)
    np.savez(tmp_path / "imdb.npz", **_imdb.convert_imdb(source))
    shapes = dict.fromkeys(REMOTES["imdb"].shapes, (None,))
    monkeypatch.setitem(REMOTES, "imdb", dataclasses.replace(REMOTES["imdb"], shapes=shapes))
    monkeypatch.setenv("NNBOOK_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(_reviews, "N_VALIDATION", 2)
    return tmp_path


def change(folder, **changes):
    with np.load(folder / "imdb.npz") as archive:
        arrays = dict(archive)
    arrays.update(changes)
    kept = {key: array for key, array in arrays.items() if array is not None}
    np.savez(folder / "imdb.npz", **kept)


def pairs(*parts):
    return sorted((tuple(r), y) for p in parts for r, y in zip(p.tokens, p.labels, strict=True))


def test_reviews_and_labels_stay_together(folder):
    train, validation, test = data.fetch_imdb(seed=1)
    assert [len(part.labels) for part in (train, validation, test)] == [4, 2, 4]
    for name, parts in (("train", (train, validation)), ("test", (test,))):
        expected = zip(map(tuple, REVIEWS[name]), labels_of(name).tolist(), strict=True)
        assert pairs(*parts) == sorted(expected)
    for part in (train, validation, test):
        assert part.labels.dtype == np.int64
        assert all(review.dtype == np.int64 for review in part.tokens)
        assert part.words.tolist() == ["", *WORDS]
    assert " ".join(train.words[[3, 4, 5]]) == "déjà it's bad"


def test_the_seed_decides(folder):
    orders = {tuple(map(tuple, data.fetch_imdb(seed=seed)[0].tokens)) for seed in range(8)}
    assert len(orders) > 3
    again = [tuple(map(tuple, data.fetch_imdb(seed=3)[2].tokens)) for _ in range(2)]
    assert again[0] == again[1]
    tests = {tuple(map(tuple, data.fetch_imdb(seed=seed)[2].tokens)) for seed in range(8)}
    assert len(tests) > 3


@pytest.mark.parametrize(("seed", "error"), [(-1, ValueError), (0.5, TypeError)])
def test_wrong_seed_is_seen_before_anything_is_fetched(seed, error, monkeypatch):
    monkeypatch.setattr(_reviews._download, "fetch", lambda name: pytest.fail("fetched"))
    with pytest.raises(error, match="seed must be"):
        data.fetch_imdb(seed=seed)


def test_words_may_lie_beside_the_file(folder):
    change(folder, words=None)
    with pytest.raises(data.DataError, match=r"no array words, and there is no .*word_index"):
        data.fetch_imdb()
    assert not is_complete("imdb", folder)
    write_index(folder)
    assert data.fetch_imdb()[0].words.tolist() == ["", *WORDS]
    assert is_complete("imdb", folder)


@pytest.mark.parametrize("ranks", [{"a": 1, "b": 3}, {"a": 0, "b": 1}, {"a": 1, "b": 1}])
def test_words_with_odd_numbers(folder, ranks):
    change(folder, words=None)
    write_index(folder, ranks)
    with pytest.raises(data.DataError, match="are not 1, 2, 3 and so on"):
        data.fetch_imdb()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"train_lengths": np.array([1, 3, 2, 5, 1, 3])}, "train_lengths do not add up"),
        ({"test_lengths": np.array([2, 1, 3, 2, 0])}, "test_lengths do not add up"),
        ({"test_tokens": np.array([0, 1, 2, 3, 4, 5, 1, 1])}, "not from 1 to 5"),
        ({"test_tokens": np.array([6, 1, 2, 3, 4, 5, 1, 1])}, "not from 1 to 5"),
        ({"y_train": np.zeros(6, int)}, "y_train does not hold as many 0 as 1"),
        ({"y_test": np.array([0, 1, 1, 1])}, "y_test does not hold as many 0 as 1"),
        ({"y_test": np.array([0, 1, 2, 1])}, "y_test does not hold as many 0 as 1"),
        ({"train_tokens": np.full(14, 0.5)}, "train_tokens holds float64"),
        ({"train_tokens": np.ones((14, 1), int)}, "it holds"),
        ({"y_test": None}, "it holds"),
    ],
)
def test_damaged_file(folder, changes, message):
    change(folder, **changes)
    with pytest.raises(data.DataError, match=message):
        data.fetch_imdb()


def test_numpy_reads_the_same_lists(tmp_path):
    """The oracle is NumPy's own reader, which may unpickle here because we wrote the file."""
    write_npz(tmp_path / "imdb.npz", **keras_arrays())
    write_index(tmp_path)
    arrays = _imdb.convert_imdb(tmp_path)
    with np.load(tmp_path / "imdb.npz", allow_pickle=True) as archive:
        for part in ("train", "test"):
            theirs = archive[f"x_{part}"]
            assert arrays[f"{part}_tokens"].tolist() == [t for review in theirs for t in review]
            assert arrays[f"{part}_lengths"].tolist() == [len(review) for review in theirs]
            assert arrays[f"y_{part}"].tolist() == archive[f"y_{part}"].tolist()


class Harm:
    """Unpickling this with pickle's own unpickler writes a file."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


def test_a_pickle_that_calls_something_is_refused(tmp_path):
    harm = tmp_path / "harm"
    write_npz(tmp_path / "imdb.npz", **{**keras_arrays(), "x_train": lists([Harm(harm)])})
    with pytest.raises(ValueError, match=r"its pickle asks for .*, which is not run"):
        _imdb.convert_imdb(tmp_path)
    assert not harm.exists()
    with np.load(tmp_path / "imdb.npz", allow_pickle=True) as archive:
        archive["x_train"]
    assert harm.exists(), "the file would have done harm"


@pytest.mark.parametrize("module", ["numpy.core.multiarray", "numpy._core.multiarray"])
def test_names_of_old_and_new_numpy_are_understood(module):
    reviews = lists([[1, 2], [3]])
    content = pickle.dumps(reviews, protocol=3)
    for name in (b"numpy._core.multiarray", b"numpy.core.multiarray"):
        content = content.replace(name, module.encode())
    found = _imdb.ListUnpickler(io.BytesIO(content)).load()
    assert found.tolist() == [[1, 2], [3]]


def npy(array, version=(1, 0)):
    file = io.BytesIO()
    np.lib.format.write_array(file, array, version=version, allow_pickle=True)
    return file.getvalue()


def npy_of(shape, pickled):
    """An npy file whose header says that it holds lists, followed by any pickle."""
    file = io.BytesIO()
    header = {"descr": "|O", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(file, header)
    return file.getvalue() + pickled


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (npy(np.arange(3)), "it holds int64, expected lists"),
        (npy(lists([[1]]), version=(2, 0)), "version 2 is not what Keras published"),
        (npy(lists([[1], [2]]))[:-20], "its lists cannot be read"),
        (npy_of((1,), b""), "its lists cannot be read"),
        (npy_of((1,), pickle.dumps([1])), r"does not hold \(1,\) lists"),
        (npy_of((2,), pickle.dumps(lists([[1]]), protocol=2)), "its pickle asks|does not hold"),
    ],
)
def test_other_contents(content, message):
    with pytest.raises(ValueError, match=message):
        _imdb._read_lists(content)


def test_the_real_data():
    root = os.environ.get("NNBOOK_DATA_DIR")
    if not root or not Path(root, "imdb.npz").exists():
        pytest.skip(
            "needs the real file: python -m nnbook_utils.data download --to DIR imdb, "
            "then set NNBOOK_DATA_DIR to DIR"
        )
    train, _, test = parts = data.fetch_imdb()
    assert [len(part.labels) for part in parts] == [20_000, 5_000, 25_000]
    assert len(train.words) == 88_585
    assert train.words[:4].tolist() == ["", "the", "and", "a"]
    assert test.labels.mean() == 0.5
    lengths = [len(review) for part in parts for review in part.tokens]
    assert (min(lengths), max(lengths)) == (6, 2493)
    assert np.mean(lengths) == pytest.approx(233.75, abs=0.05)
    great, awful = (train.words.tolist().index(word) for word in ("excellent", "awful"))
    for token, positive in ((great, True), (awful, False)):
        share = np.mean([y for x, y in zip(test.tokens, test.labels, strict=True) if token in x])
        assert (share > 0.75) if positive else (share < 0.25)
