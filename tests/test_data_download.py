import contextlib
import dataclasses
import errno
import functools
import gzip
import hashlib
import http.server
import io
import tarfile
import threading
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pooch
import pytest

from nnbook_utils import data
from nnbook_utils.data import _download, _images, _remote
from nnbook_utils.data.__main__ import main
from nnbook_utils.data._package import package_file

SHAPES = {"x_train": (6, 2, 2), "y_train": (6,), "x_test": (4, 2, 2), "y_test": (4,)}
KEYS_TO_FILES = {
    "x_train": "train-images-idx3-ubyte.gz",
    "y_train": "train-labels-idx1-ubyte.gz",
    "x_test": "t10k-images-idx3-ubyte.gz",
    "y_test": "t10k-labels-idx1-ubyte.gz",
}
RNG = np.random.default_rng(0)
ARRAYS = {key: RNG.integers(0, 256, shape, np.uint8) for key, shape in SHAPES.items()}
NAME = "fashion_mnist"
HOUSING = np.column_stack(
    [
        *(RNG.uniform(-124, -114, 30), RNG.uniform(32, 42, 30), RNG.integers(1, 52, 30)),
        *(RNG.integers(100, 5000, 30), RNG.integers(50, 900, 30), RNG.integers(200, 3000, 30)),
        *(RNG.integers(50, 1000, 30), RNG.uniform(0.5, 15, 30), RNG.integers(15000, 500000, 30)),
    ]
)


def idx(array):
    shape = b"".join(size.to_bytes(4, "big") for size in array.shape)
    return bytes([0, 0, 8, array.ndim]) + shape + array.tobytes()


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves files; one whose name starts with "cut-" breaks off half-way."""

    requested = None

    def do_GET(self):
        self.requested.append(self.path)
        name = self.path.removeprefix("/cut-")
        if name == self.path:
            super().do_GET()
            return
        with open(self.translate_path("/" + name), "rb") as file:
            content = file.read()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2])

    def log_message(self, *arguments):
        pass


@pytest.fixture
def server(tmp_path, monkeypatch):
    """Serve the files of two small data sets from this machine; returns the registry and log."""
    folder = tmp_path / "served"
    folder.mkdir()
    for key, file in KEYS_TO_FILES.items():
        (folder / file).write_bytes(gzip.compress(idx(ARRAYS[key])))
    np.savez(folder / "mnist.npz", **ARRAYS)
    requested = []
    handler = type("LoggingHandler", (Handler,), {"requested": requested})
    handler = functools.partial(handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
        address = f"http://127.0.0.1:{running.server_port}/"
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        for name in ("mnist", NAME):
            _serve(name, folder, address, monkeypatch)
        yield Served(folder, address, requested)
        running.shutdown()


@dataclasses.dataclass
class Served:
    folder: object
    address: str
    requested: list


def _serve(name, folder, address, monkeypatch):
    remote = _remote.REMOTES[name]
    parts = tuple(
        dataclasses.replace(
            part,
            sha256=hashlib.sha256((folder / part.file).read_bytes()).hexdigest(),
            urls=(address + part.file,),
        )
        for part in remote.parts
    )
    remote = dataclasses.replace(remote, parts=parts, shapes=SHAPES)
    remote = dataclasses.replace(remote, fingerprint=_download.fingerprint(ARRAYS, remote))
    monkeypatch.setitem(_remote.REMOTES, name, remote)


def change_urls(monkeypatch, *urls, name=NAME):
    """Let every part be sought at these addresses, in which * stands for the file's name."""
    remote = _remote.REMOTES[name]
    parts = tuple(
        dataclasses.replace(part, urls=tuple(url.replace("*", part.file) for url in urls))
        for part in remote.parts
    )
    monkeypatch.setitem(_remote.REMOTES, name, dataclasses.replace(remote, parts=parts))


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.delenv("NNBOOK_DATA_DIR", raising=False)
    folder = tmp_path / "cache"
    monkeypatch.setenv("NNBOOK_CACHE_DIR", str(folder))
    return folder


def assert_equal(arrays):
    assert list(arrays) == list(ARRAYS)
    for key, array in arrays.items():
        np.testing.assert_array_equal(array, ARRAYS[key])


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("name", ["mnist", NAME])
def test_download_converts_and_keeps_one_file(server, tmp_path, name):
    path = _download.download(name, tmp_path / "new" / "folder")
    assert path == tmp_path / "new" / "folder" / f"{name}.npz"
    assert names(path.parent) == [path.name]
    with np.load(path, allow_pickle=False) as archive:
        assert_equal(dict(archive))
    assert _download.is_complete(name, path.parent)
    assert_equal(_download.read_arrays(path, _remote.REMOTES[name]))


def test_fetch_downloads_once_and_then_reads_the_cache(server, cache):
    assert_equal(_download.fetch(NAME))
    assert len(server.requested) == 4
    assert names(cache) == ["fashion_mnist.npz"]
    assert_equal(_download.fetch(NAME))
    assert len(server.requested) == 4


def test_data_folder_comes_first(server, cache, tmp_path, monkeypatch):
    folder = _download.download(NAME, tmp_path / "data").parent
    server.requested.clear()
    monkeypatch.setenv("NNBOOK_DATA_DIR", str(folder))
    cache.mkdir()
    (cache / "fashion_mnist.npz").write_bytes(b"never looked at")
    assert_equal(_download.fetch(NAME))
    assert server.requested == []


def test_data_folder_without_the_file_leads_to_cache_and_download(
    server, cache, tmp_path, monkeypatch
):
    monkeypatch.setenv("NNBOOK_DATA_DIR", str(tmp_path))
    assert_equal(_download.fetch(NAME))
    assert names(cache) == ["fashion_mnist.npz"]
    assert not (tmp_path / "fashion_mnist.npz").exists()


def test_damaged_file_in_the_data_folder_is_an_error_even_if_the_network_works(
    server, cache, tmp_path, monkeypatch
):
    monkeypatch.setenv("NNBOOK_DATA_DIR", str(tmp_path))
    (tmp_path / "fashion_mnist.npz").write_bytes(b"PK\x03\x04 damaged")
    with pytest.raises(data.DataError, match=r"cannot use .*fashion_mnist.npz: it is not an npz"):
        _download.fetch(NAME)
    assert server.requested == []


@pytest.mark.parametrize("content", [None, b"a file"])
def test_data_folder_that_is_no_folder(server, cache, tmp_path, monkeypatch, content):
    place = tmp_path / "place"
    if content:
        place.write_bytes(content)
    monkeypatch.setenv("NNBOOK_DATA_DIR", str(place))
    message = r"^NNBOOK_DATA_DIR is '.*place', which is not a folder; set it to a folder filled by"
    with pytest.raises(data.DataError, match=message):
        _download.fetch(NAME)
    assert server.requested == []


def test_empty_variables_count_as_unset(server, monkeypatch, cache):
    monkeypatch.setenv("NNBOOK_DATA_DIR", "")
    assert_equal(_download.fetch(NAME))
    monkeypatch.setenv("NNBOOK_CACHE_DIR", "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    assert _download.cache_folder().name.lower() in ("nnbook", "cache")


def test_cache_is_the_users_unless_chosen(monkeypatch):
    import platformdirs

    monkeypatch.delenv("NNBOOK_CACHE_DIR", raising=False)
    expected = platformdirs.user_cache_path("nnbook", appauthor=False)
    assert _download.cache_folder() == expected
    monkeypatch.setattr(platformdirs, "user_cache_path", lambda *names, **options: (names, options))
    assert _download.cache_folder() == (("nnbook",), {"appauthor": False})
    monkeypatch.setenv("NNBOOK_CACHE_DIR", "~/elsewhere")
    assert _download.cache_folder().name == "elsewhere"
    assert "~" not in str(_download.cache_folder())


def test_home_in_the_data_folder(server, cache, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    _download.download(NAME, tmp_path / "mine")
    server.requested.clear()
    monkeypatch.setenv("NNBOOK_DATA_DIR", "~/mine")
    assert_equal(_download.fetch(NAME))
    assert server.requested == []


def test_damaged_cache_is_reported_and_replaced(server, cache, monkeypatch):
    monkeypatch.setattr(_images, "N_VALIDATION", 2)
    cache.mkdir()
    (cache / "fashion_mnist.npz").write_bytes(b"damaged")
    message = r"cannot use .*fashion_mnist.npz.* Downloading it again"
    with pytest.warns(UserWarning, match=message):
        data.fetch_fashion_mnist()
    assert _download.is_complete(NAME, cache)


def test_no_network_says_what_was_tried_and_the_ways_out(server, cache, tmp_path, monkeypatch):
    change_urls(monkeypatch, "http://127.0.0.1:9/*")
    with pytest.raises(data.DataError) as error:
        _download.fetch(NAME)
    text = str(error.value)
    assert text.startswith("the data set fashion_mnist is not here and could not be downloaded.")
    assert "- NNBOOK_DATA_DIR: not set\n" in text
    assert f"- cache: no file {cache / 'fashion_mnist.npz'}\n" in text
    assert "- download: could not get train-images-idx3-ubyte.gz (http://127.0.0.1:9/train" in text
    assert "set NNBOOK_PROFILE=quick, which needs no download; or\n" in text
    assert "run: python -m nnbook_utils.data download --to DIR fashion_mnist\n" in text
    assert text.endswith("copy DIR to this machine and set NNBOOK_DATA_DIR to it.")
    assert names(cache) == []
    monkeypatch.setenv("NNBOOK_DATA_DIR", str(tmp_path))
    with pytest.raises(data.DataError, match=r"NNBOOK_DATA_DIR: no file .*fashion_mnist.npz\n"):
        _download.fetch(NAME)


def test_no_network_and_a_damaged_cache(server, cache, monkeypatch):
    change_urls(monkeypatch, "http://127.0.0.1:9/*")
    cache.mkdir()
    (cache / "fashion_mnist.npz").write_bytes(b"damaged")
    with (
        pytest.warns(UserWarning, match="Downloading it again"),
        pytest.raises(data.DataError, match="- cache: cannot use "),
    ):
        _download.fetch(NAME)
    assert (cache / "fashion_mnist.npz").read_bytes() == b"damaged"


def test_name_that_does_not_resolve(server, cache, monkeypatch):
    change_urls(monkeypatch, "http://no-such-host.invalid/*")
    with pytest.raises(data.DataError, match=r"could not get train-images.*no-such-host.invalid"):
        _download.download(NAME, cache)


def test_second_address_serves_when_the_first_fails(server, cache, monkeypatch):
    (server.folder / "wrong").write_bytes(b"other bytes")
    change_urls(
        monkeypatch, server.address + "none", server.address + "wrong", server.address + "*"
    )
    assert_equal(_download.fetch(NAME))
    assert server.requested.count("/none") == server.requested.count("/wrong") == 4


def test_first_address_is_enough(server, cache, monkeypatch):
    change_urls(monkeypatch, server.address + "*", server.address + "none")
    _download.download(NAME, cache)
    assert "/none" not in server.requested


@pytest.mark.parametrize(
    ("url", "message"),
    [("none", "404"), ("cut-*", "cut-train-images"), ("mnist.npz", "(?i)hash of downloaded file")],
)
def test_missing_truncated_and_wrong_files_leave_nothing(server, cache, monkeypatch, url, message):
    change_urls(monkeypatch, server.address + url)
    with pytest.raises(data.DataError, match=message):
        _download.download(NAME, cache)
    assert names(cache) == []


def test_failed_download_keeps_the_old_file(server, cache, monkeypatch):
    path = _download.download(NAME, cache)
    before = path.read_bytes()
    change_urls(monkeypatch, server.address + "none", server.address + "nothing")
    with pytest.raises(data.DataError, match=r"\(http.*none: .*404.*[^X]; http.*nothing: .*404"):
        _download.download(NAME, cache)
    assert path.read_bytes() == before
    assert names(cache) == ["fashion_mnist.npz"]


def half_written(problem, seen=None):
    def write(self, url, output_file, pooch, check_only=False):
        if seen is not None:
            seen.append(Path(output_file))
        with open(output_file, "wb") as file:
            file.write(b"half of it")
        raise problem

    return write


FULL = OSError(errno.ENOSPC, "No space left on device")


def test_full_disk_while_downloading(server, cache, monkeypatch):
    monkeypatch.setattr(pooch.HTTPDownloader, "__call__", half_written(FULL))
    message = r"^cannot write to .*cache: No space left on device; free about 155 MB there or"
    with pytest.raises(data.DataError, match=message) as error:
        _download.download(NAME, cache)
    assert "NNBOOK_CACHE_DIR" in str(error.value)
    assert names(cache) == []


def test_temporary_files_are_hidden_and_on_the_same_disk(server, cache, monkeypatch):
    seen = []
    monkeypatch.setattr(pooch.HTTPDownloader, "__call__", half_written(FULL, seen))
    with pytest.raises(data.DataError):
        _download.download(NAME, cache)
    assert seen[0].parents[1] == cache
    assert seen[0].parent.name.startswith(".download-")


def test_full_disk_while_converting(server, cache, monkeypatch):
    def write(path, **arrays):
        assert path.parents[1] == cache
        path.write_bytes(b"half of it")
        raise FULL

    monkeypatch.setattr(np, "savez_compressed", write)
    with pytest.raises(data.DataError, match="No space left on device; free about 155 MB"):
        _download.download(NAME, cache)
    assert names(cache) == []
    with pytest.raises(data.DataError, match=r"- download: cannot write to .*No space left"):
        _download.fetch(NAME)


def test_interrupted_download_leaves_nothing(server, cache, monkeypatch):
    monkeypatch.setattr(pooch.HTTPDownloader, "__call__", half_written(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        _download.fetch(NAME)
    assert names(cache) == []


def test_folder_that_cannot_be_made(server, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    message = r"cannot write to .*folder: .*; choose a folder that you can write to"
    with pytest.raises(data.DataError, match=message) as error:
        _download.download(NAME, tmp_path / "file" / "folder")
    assert "free about" not in str(error.value)


def test_error_without_a_system_text(server, cache, monkeypatch):
    monkeypatch.setattr(pooch.HTTPDownloader, "__call__", half_written(OSError("odd")))
    with pytest.raises(data.DataError, match=r"cannot write to .*: odd; choose a folder"):
        _download.download(NAME, cache)


def test_published_bytes_with_unexpected_contents(server, cache, monkeypatch):
    remote = dataclasses.replace(_remote.REMOTES[NAME], fingerprint="0" * 64)
    monkeypatch.setitem(_remote.REMOTES, NAME, remote)
    message = "the files of fashion_mnist are not as expected: the numbers in it are not those of"
    with pytest.raises(data.DataError, match=message):
        _download.download(NAME, cache)
    assert names(cache) == []


def test_silent_servers_are_given_up(server, cache, monkeypatch):
    monkeypatch.setattr(pooch, "HTTPDownloader", lambda **options: options)
    monkeypatch.setattr(pooch, "retrieve", lambda *_, downloader: seen.append(downloader))
    seen = []
    with pytest.raises(data.DataError):
        _download.download(NAME, cache)
    assert seen[0] == {"progressbar": True, "chunk_size": 65_536, "timeout": 30}


def save(path, **changes):
    arrays = {key: array for key, array in {**ARRAYS, **changes}.items() if array is not None}
    np.savez(path, **arrays)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"y_test": None}, r"it holds \{'x_train': \(6, 2, 2\).*expected .*'y_test': \(4,\)"),
        (dict.fromkeys(ARRAYS), "it holds none of the arrays, expected"),
        ({"y_test": np.zeros(3, np.uint8)}, r"'y_test': \(3,\)"),
        ({"y_test": np.zeros(4)}, "y_test holds float64 or NaN, expected uint8"),
        ({"y_test": np.array(list("abcd"))}, "y_test holds <U1 or NaN, expected uint8"),
        ({"y_test": ARRAYS["y_test"].astype(int) + 256}, "y_test holds numbers that do not fit"),
        ({"x_test": ARRAYS["x_test"][::-1]}, "not those of the published data set"),
        ({"y_test": ARRAYS["y_test"] + np.uint8(1)}, "not those of the published data set"),
        ({"y_test": np.array([None] * 4)}, "Object arrays cannot be loaded"),
    ],
)
def test_archive_with_other_contents(server, tmp_path, changes, message):
    path = tmp_path / "fashion_mnist.npz"
    save(path, **changes)
    with pytest.raises(data.DataError, match=message) as error:
        _download.read_arrays(path, _remote.REMOTES[NAME])
    assert str(error.value).startswith(f"cannot use {path}: ")
    assert str(error.value).endswith(f"download --to {tmp_path} fashion_mnist")
    assert not _download.is_complete(NAME, tmp_path)


def test_other_storage_of_the_same_numbers_is_accepted(server, tmp_path):
    path = tmp_path / "fashion_mnist.npz"
    images = np.asfortranarray(ARRAYS["x_train"])
    save(path, y_test=ARRAYS["y_test"].astype(np.int64), x_train=images, extra=np.zeros(1))
    assert_equal(_download.read_arrays(path, _remote.REMOTES[NAME]))


def test_damage_at_every_place_is_noticed(server, cache):
    path = _download.download(NAME, cache)
    content = path.read_bytes()
    for place in range(0, len(content), 7):
        path.write_bytes(content[:place])
        assert not _download.is_complete(NAME, cache)
    for place in range(0, len(content), 7):
        path.write_bytes(content[:place] + bytes([content[place] ^ 255]) + content[place + 1 :])
        with contextlib.suppress(data.DataError):
            assert_equal(_download.read_arrays(path, _remote.REMOTES[NAME]))


def test_unreadable_file(server, tmp_path):
    (tmp_path / "fashion_mnist.npz").mkdir()
    with pytest.raises(data.DataError, match=r"cannot use .*fashion_mnist.npz: "):
        _download.read_arrays(tmp_path / "fashion_mnist.npz", _remote.REMOTES[NAME])


def test_no_file_is_not_complete(server, tmp_path):
    assert not _download.is_complete(NAME, tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\x00\x08",
        b"\x00\x00\x08\x01\x00",
        idx(ARRAYS["x_test"])[:-1],
        idx(ARRAYS["x_test"]) + b"0",
        b"\x00\x00\x09" + idx(ARRAYS["x_test"])[3:],
        b"\x00\x00\x08\x00" + b"1",
    ],
)
def test_wrong_idx_file(tmp_path, content):
    path = tmp_path / "some-idx.gz"
    path.write_bytes(gzip.compress(content))
    with pytest.raises(ValueError, match=r"some-idx.gz is not a complete idx file"):
        _remote.read_idx(path)


def write_housing(folder):
    text = "\n".join(",".join(map(repr, row)) for row in HOUSING.tolist()).encode()
    entry = tarfile.TarInfo("CaliforniaHousing/cal_housing.data")
    entry.size = len(text)
    with tarfile.open(folder / "cal_housing.tgz", "w:gz") as archive:
        archive.addfile(entry, io.BytesIO(text))


def test_california_housing_equals_scikit_learn(tmp_path, monkeypatch):
    from sklearn.datasets import _california_housing

    write_housing(tmp_path)
    ours = _remote.convert_california_housing(tmp_path)
    monkeypatch.setattr(
        _california_housing, "_fetch_remote", lambda *_, **__: tmp_path / "cal_housing.tgz"
    )
    bunch = _california_housing.fetch_california_housing(data_home=tmp_path)
    np.testing.assert_array_equal(ours["features"], bunch.data)
    np.testing.assert_array_equal(ours["targets"], bunch.target)
    assert data.info("california_housing").feature_names == tuple(bunch.feature_names)
    archive = _california_housing.ARCHIVE
    (part,) = _remote.CALIFORNIA_HOUSING.parts
    assert (part.sha256, part.urls[0]) == (archive.checksum, archive.url)


def test_fetch_california_housing(tmp_path, monkeypatch):
    write_housing(tmp_path)
    arrays = _remote.convert_california_housing(tmp_path)
    shapes = {"features": (30, 8), "targets": (30,)}
    remote = dataclasses.replace(_remote.CALIFORNIA_HOUSING, shapes=shapes)
    monkeypatch.setitem(_remote.REMOTES, "california_housing", remote)
    monkeypatch.setenv("NNBOOK_DATA_DIR", str(tmp_path))
    np.savez(tmp_path / "california_housing.npz", **arrays)
    parts = data.fetch_california_housing(seed=1)
    order = np.concatenate(data._split.split_indices(30, seed=1))
    features = np.concatenate([part.features for part in parts])
    targets = np.concatenate([part.targets for part in parts])
    np.testing.assert_array_equal(features, arrays["features"][order].astype(np.float32))
    np.testing.assert_array_equal(targets, arrays["targets"][order].astype(np.float32))
    assert features.dtype == targets.dtype == np.float32
    zero, default = data.fetch_california_housing(seed=0), data.fetch_california_housing()
    np.testing.assert_array_equal(zero[0].targets, default[0].targets)
    arrays["features"][3, 3] = np.nan
    np.savez(tmp_path / "california_housing.npz", **arrays)
    with pytest.raises(data.DataError, match="features holds float64 or NaN, expected float64"):
        data.fetch_california_housing()


@pytest.mark.parametrize(("seed", "error"), [(-1, ValueError), (0.5, TypeError)])
def test_california_housing_with_a_wrong_seed(seed, error, monkeypatch):
    monkeypatch.setattr(_download, "fetch", lambda name: pytest.fail("fetched"))
    with pytest.raises(error, match="seed must be"):
        data.fetch_california_housing(seed=seed)


def test_cifar10_is_read_from_its_binary_version(tmp_path):
    """A record is a label, then all red, all green, all blue: see the page of the data set."""
    names = [*(f"data_batch_{number}.bin" for number in (1, 2, 3, 4, 5)), "test_batch.bin"]
    with tarfile.open(tmp_path / "cifar-10-binary.tar.gz", "w:gz") as archive:
        for number, name in enumerate(names):
            records = np.zeros((2, 3073), np.uint8)
            records[:, 0] = number, 9
            records[0, 1 + 2 * 1024 + 3 * 32 + 4] = 200 + number  # blue, row 3, column 4
            records[1, 1 + 1024 + 31] = 100  # green, row 0, column 31
            entry = tarfile.TarInfo(f"cifar-10-batches-bin/{name}")
            entry.size = records.size
            archive.addfile(entry, io.BytesIO(records.tobytes()))
    arrays = _remote.convert_cifar10(tmp_path)
    assert list(arrays) == list(_remote.CIFAR10.shapes)
    assert arrays["x_train"].shape == (10, 32, 32, 3)
    np.testing.assert_array_equal(arrays["x_train"][::2, 3, 4, 2], [200, 201, 202, 203, 204])
    np.testing.assert_array_equal(arrays["x_train"][1::2, 0, 31, 1], [100] * 5)
    assert arrays["x_train"].sum() == sum(range(200, 205)) + 500
    np.testing.assert_array_equal(arrays["y_train"][:, 0], [0, 9, 1, 9, 2, 9, 3, 9, 4, 9])
    assert arrays["x_test"][0, 3, 4, 2] == 205
    np.testing.assert_array_equal(arrays["y_test"], [[5], [9]])


def test_hashes_and_addresses_are_well_formed():
    for name, remote in _remote.REMOTES.items():
        assert name == remote.name
        assert data.info(name).profile == "full"
        assert remote.file == f"{name}.npz"
        for part in remote.parts:
            assert len(part.sha256) == 64
            assert set(part.sha256) <= set("0123456789abcdef")
            assert all(url.startswith("https://") for url in part.urls)
            renamed = {"california_housing", "tiny_shakespeare"}  # there it has another name
            assert name in renamed or all(url.endswith(part.file) for url in part.urls)
        assert remote.fingerprint is None or len(remote.fingerprint) == 64


def test_a_published_file_is_never_unpickled(tmp_path):
    np.savez(tmp_path / "mnist.npz", **{**ARRAYS, "y_test": np.array([None])})
    with pytest.raises(ValueError, match="Object arrays cannot be loaded"):
        _remote.convert_mnist(tmp_path)


def test_mnist_comes_from_where_keras_takes_it():
    if find_spec("keras") is None:
        pytest.skip("needs keras: pip install keras")
    source = package_file("keras", "src", "datasets", "mnist.py").read_text(encoding="utf-8")
    (part,) = _remote.MNIST.parts
    assert part.sha256 in source
    assert part.urls[0].removesuffix("mnist.npz") in source


def test_command_downloads_what_is_named(server, tmp_path, capsys):
    folder = tmp_path / "classroom"
    assert main(["download", "--to", str(folder), "mnist"]) == 0
    assert names(folder) == ["mnist.npz"]
    assert f"mnist: saved as {folder / 'mnist.npz'}\n" in capsys.readouterr().out
    server.requested.clear()
    assert main(["download", "--to", str(folder), "mnist"]) == 0
    assert capsys.readouterr().out == f"mnist: already in {folder}\n"
    assert server.requested == []


def test_command_replaces_a_damaged_file(server, tmp_path):
    (tmp_path / "mnist.npz").write_bytes(b"damaged")
    assert main(["download", "--to", str(tmp_path), "mnist"]) == 0
    assert _download.is_complete("mnist", tmp_path)


def test_command_without_names_downloads_all(server, tmp_path, monkeypatch, capsys):
    for name in set(_remote.REMOTES) - {"mnist", NAME}:
        monkeypatch.delitem(_remote.REMOTES, name)
    assert main(["download", "--to", str(tmp_path / "all")]) == 0
    assert names(tmp_path / "all") == ["fashion_mnist.npz", "mnist.npz"]


def test_command_goes_on_after_a_failure_and_reports_it(server, tmp_path, monkeypatch, capsys):
    change_urls(monkeypatch, server.address + "none")
    assert main(["download", "--to", str(tmp_path / "two"), NAME, "mnist"]) == 1
    assert names(tmp_path / "two") == ["mnist.npz"]
    streams = capsys.readouterr()
    assert "fashion_mnist: error: could not get train-images" in streams.err
    assert "mnist: saved as" in streams.out


def test_command_with_an_unknown_name(tmp_path, capsys):
    assert main(["download", "--to", str(tmp_path), "mnits"]) == 1
    assert "mnits: error: there is no data set 'mnits'; did you mean 'mnist'?" in (
        capsys.readouterr().err
    )


def test_command_for_data_that_needs_no_download(tmp_path, capsys):
    assert main(["download", "--to", str(tmp_path), "digits"]) == 0
    assert capsys.readouterr().out == (
        "digits: nothing to download (load_digits needs no file: scikit-learn)\n"
    )
    assert names(tmp_path) == []


def test_command_lists_all(capsys):
    assert main(["list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines] == [
        [name, data.info(name).profile] for name in data.list_datasets()
    ]
    assert all(data.info(line.split()[0]).size in line for line in lines)
    assert all(line.endswith(" " + data.info(line.split()[0]).licence) for line in lines)


@pytest.mark.parametrize("arguments", [[], ["download"], ["download", "mnist"], ["upload"]])
def test_wrong_usage(arguments, capsys):
    with pytest.raises(SystemExit) as error:
        main(arguments)
    assert error.value.code == 2
    assert "usage: python -m nnbook_utils.data" in capsys.readouterr().err


def test_help_explains_the_folder(capsys):
    with pytest.raises(SystemExit) as error:
        main(["download", "--help"])
    assert error.value.code == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "Download data sets into a folder, to which NNBOOK_DATA_DIR can point on a mach" in text
    assert (
        "NAME default: all, that is california_housing cifar10 cora fashion_mnist french_english "
        in text
    )
    assert "--to DIR made if need be" in text
    assert text.endswith("be")


def test_help_names_the_commands(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    text = " ".join(capsys.readouterr().out.split())
    assert " The data sets of the book. " in text
    assert " list list all data sets download download data sets into a folder options:" in text


def test_module_runs(monkeypatch, capsys):
    import runpy
    import sys

    monkeypatch.setattr(sys, "argv", ["nnbook_utils.data", "list"])
    monkeypatch.delitem(sys.modules, "nnbook_utils.data.__main__")
    with pytest.raises(SystemExit) as error:
        runpy.run_module("nnbook_utils.data", run_name="__main__")
    assert error.value.code == 0
    assert "mnist" in capsys.readouterr().out
