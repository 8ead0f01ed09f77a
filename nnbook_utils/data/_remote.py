"""The data sets that have to be downloaded: where from, with what hash, and our own layout."""

import gzip
import math
import tarfile
from pathlib import Path

import numpy as np

from nnbook_utils.data._imdb import WORD_INDEX, add_words, check_imdb, convert_imdb
from nnbook_utils.data._planetoid import CORA_FILES, CORA_SHAPES, convert_cora
from nnbook_utils.data._remote_types import Part, Remote, read_member

KERAS = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
ZALANDO = (
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/"
    "b2617bb6d3ffa2e429640350f613e3291e10b141/data/fashion/"
)
CHAR_RNN = "https://raw.githubusercontent.com/karpathy/char-rnn/"
PLANETOID = "https://raw.githubusercontent.com/kimiyoung/planetoid/"
SHAKESPEARE_PATH = "/data/tinyshakespeare/input.txt"
FASHION_FILES = {
    "train-images-idx3-ubyte.gz": (
        "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"
    ),
    "train-labels-idx1-ubyte.gz": (
        "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"
    ),
    "t10k-images-idx3-ubyte.gz": (
        "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"
    ),
    "t10k-labels-idx1-ubyte.gz": (
        "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"
    ),
}
CIFAR_SHAPES = {
    "x_train": (50_000, 32, 32, 3),
    "y_train": (50_000, 1),
    "x_test": (10_000, 32, 32, 3),
    "y_test": (10_000, 1),
}
IMAGE_SHAPES = {
    "x_train": (60_000, 28, 28),
    "y_train": (60_000,),
    "x_test": (10_000, 28, 28),
    "y_test": (10_000,),
}


def convert_mnist(folder: Path) -> dict[str, np.ndarray]:
    """Read Keras' mnist.npz."""
    with np.load(folder / "mnist.npz", allow_pickle=False) as archive:
        return {key: archive[key] for key in IMAGE_SHAPES}


def convert_fashion_mnist(folder: Path) -> dict[str, np.ndarray]:
    """Read the four compressed files in the format of the original MNIST."""
    return {
        "x_train": read_idx(folder / "train-images-idx3-ubyte.gz"),
        "y_train": read_idx(folder / "train-labels-idx1-ubyte.gz"),
        "x_test": read_idx(folder / "t10k-images-idx3-ubyte.gz"),
        "y_test": read_idx(folder / "t10k-labels-idx1-ubyte.gz"),
    }


def convert_california_housing(folder: Path) -> dict[str, np.ndarray]:
    """Read StatLib's table and turn sums over a district into averages a household.

    The columns of the file are longitude, latitude, median house age, rooms, bedrooms,
    population, households, median income and median house value.
    """
    with tarfile.open(folder / "cal_housing.tgz") as archive:
        table = np.loadtxt(archive.extractfile("CaliforniaHousing/cal_housing.data"), delimiter=",")
    longitude, latitude, age, rooms, bedrooms, population, households, income, value = table.T
    columns = (
        *(income, age, rooms / households, bedrooms / households, population),
        *(population / households, latitude, longitude),
    )
    return {"features": np.stack(columns, axis=1), "targets": value / 100_000}


def convert_tiny_shakespeare(folder: Path) -> dict[str, np.ndarray]:
    """Read the text as bytes; it is plain ASCII."""
    content = (folder / "tiny_shakespeare.txt").read_bytes()
    return {"text": np.frombuffer(content, np.uint8)}


def convert_french_english(folder: Path) -> dict[str, np.ndarray]:
    """Read the lines of the one text in the zip as bytes; they are UTF-8."""
    content = read_member(folder / "fra-eng.zip", SENTENCES.member)
    return {"text": np.frombuffer(content, np.uint8)}


def convert_cifar10(folder: Path) -> dict[str, np.ndarray]:
    """Read the binary version of CIFAR-10: five files of training images and one of test images.

    A record is the label, then 1,024 bytes of red, 1,024 of green and 1,024 of blue, row by row.
    """
    with tarfile.open(folder / "cifar-10-binary.tar.gz") as archive:
        names = [*(f"data_batch_{number}" for number in range(1, 6)), "test_batch"]
        files = (archive.extractfile(f"cifar-10-batches-bin/{name}.bin") for name in names)
        batches = [np.frombuffer(file.read(), np.uint8).reshape(-1, 3073) for file in files]
    arrays = {}
    for part, records in (("train", np.concatenate(batches[:-1])), ("test", batches[-1])):
        arrays[f"x_{part}"] = records[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
        arrays[f"y_{part}"] = records[:, :1]
    return arrays


def read_idx(path: Path) -> np.ndarray:
    """Read a compressed file of bytes in the format of the original MNIST.

    Two zero bytes, the type (8: unsigned byte), the number of axes, the length of each axis as
    a big-endian 32-bit integer, then the values.

    Returns:
        uint8, of the shape that the file states.

    Raises:
        ValueError: If the file is of another format or shorter or longer than it states.
    """
    with gzip.open(path) as file:
        content = file.read()
    magic, n_axes = content[:3], content[3:4]
    start = 4 + 4 * int.from_bytes(n_axes)
    lengths = [int.from_bytes(content[place : place + 4]) for place in range(4, start, 4)]
    if magic != b"\x00\x00\x08" or not lengths or len(content) - start != math.prod(lengths):
        raise ValueError(f"{path.name} is not a complete idx file of unsigned bytes")
    return np.frombuffer(content, np.uint8, offset=start).reshape(lengths)


MNIST = Remote(
    name="mnist",
    megabytes=11,
    parts=(
        Part(
            "mnist.npz",
            "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
            (KERAS + "mnist.npz",),
        ),
    ),
    convert=convert_mnist,
    shapes=IMAGE_SHAPES,
    dtype="uint8",
    fingerprint="06b0d1f124c4e5fa796686ade41a9b778edacc8622f2195a352ef479ad44fc16",
)
FASHION_MNIST = Remote(
    name="fashion_mnist",
    megabytes=31,
    parts=tuple(
        Part(file, sha256, (KERAS + file, ZALANDO + file)) for file, sha256 in FASHION_FILES.items()
    ),
    convert=convert_fashion_mnist,
    shapes=IMAGE_SHAPES,
    dtype="uint8",
    fingerprint="ca3ab2a37f845e1b8ae23cab1b51749a3011ba3bf1d9016176d75cbaabac376f",
)
CALIFORNIA_HOUSING = Remote(
    name="california_housing",
    megabytes=1,
    parts=(
        Part(
            "cal_housing.tgz",
            "aaa5c9a6afe2225cc2aed2723682ae403280c4a3695a2ddda4ffb5d8215ea681",
            (
                "https://ndownloader.figshare.com/files/5976036",
                "https://www.dcc.fc.up.pt/~ltorgo/Regression/cal_housing.tgz",
            ),
        ),
    ),
    convert=convert_california_housing,
    shapes={"features": (20_640, 8), "targets": (20_640,)},
    dtype="float64",
)
CIFAR10 = Remote(
    name="cifar10",
    megabytes=170,
    parts=(
        Part(
            "cifar-10-binary.tar.gz",
            "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
            ("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",),
        ),
    ),
    convert=convert_cifar10,
    shapes=CIFAR_SHAPES,
    dtype="uint8",
    fingerprint="b9da7d04ca623295995371b79e9cccd8d61d31da6f40906d91b3aedbf2422f26",
    enough={"x_test": 1000, "y_test": 1000},
)
CORA = Remote(
    name="cora",
    megabytes=1,
    parts=tuple(
        Part(
            file,
            sha256,
            (
                PLANETOID + "af6abf468a772cc055bec88c52e4d6f51b7c37e3/data/" + file,
                PLANETOID + "master/data/" + file,
            ),
        )
        for file, sha256 in CORA_FILES.items()
    ),
    convert=convert_cora,
    shapes=CORA_SHAPES,
    dtype="int32",
    fingerprint="d59baf8c182dc377c711b34acef1d5975625dbb9c97b2b7652d62fadd32c05c4",
)
IMDB = Remote(
    name="imdb",
    megabytes=19,
    parts=(
        Part(
            "imdb.npz",
            "69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f",
            (KERAS + "imdb.npz",),
        ),
        Part(
            WORD_INDEX,
            "027313fe9a320280f3bf0fac5baf58c4a683cf39a7ed9c3d3d3912bde4284cf6",
            (KERAS + WORD_INDEX,),
        ),
    ),
    convert=convert_imdb,
    shapes={
        **{"train_tokens": (None,), "train_lengths": (25_000,), "y_train": (25_000,)},
        **{"test_tokens": (None,), "test_lengths": (25_000,), "y_test": (25_000,)},
        "words": (None,),
    },
    dtype="int32",
    complete=add_words,
    check=check_imdb,
)
TINY_SHAKESPEARE = Remote(
    name="tiny_shakespeare",
    megabytes=1,
    parts=(
        Part(
            "tiny_shakespeare.txt",
            "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
            (
                CHAR_RNN + "d1d7aa34fdb3626174bce1d753e6cc6845ce7087" + SHAKESPEARE_PATH,
                CHAR_RNN + "master" + SHAKESPEARE_PATH,
            ),
        ),
    ),
    convert=convert_tiny_shakespeare,
    shapes={"text": (1_115_394,)},
    dtype="uint8",
    is_plain=True,
)
SENTENCES = Part(
    "fra-eng.zip",
    "0bb85dbaa1c896844649094d7eaf2e34bee34e84fe362b26ce7e8f2e12aae104",
    (
        "https://d2l-data.s3-accelerate.amazonaws.com/fra-eng.zip",
        "https://storage.googleapis.com/download.tensorflow.org/data/fra-eng.zip",
    ),
    member="fra.txt",
)
FRENCH_ENGLISH = Remote(
    name="french_english",
    megabytes=3,
    parts=(SENTENCES,),
    convert=convert_french_english,
    shapes={"text": (11_669_748,)},
    dtype="uint8",
    fingerprint=SENTENCES.sha256,
    is_plain=True,
)
ALL = (
    *(CALIFORNIA_HOUSING, CIFAR10, CORA, FASHION_MNIST, FRENCH_ENGLISH, IMDB, MNIST),
    TINY_SHAKESPEARE,
)
REMOTES = {remote.name: remote for remote in ALL}
