"""The movie reviews of IMDB: from Keras' file, which holds pickled lists, to plain arrays."""

import io
import json
import pickle
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

WORD_INDEX = "imdb_word_index.json"
# All that a pickled array of lists needs; numpy.core is the name that NumPy 1 wrote.
ALLOWED = {
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "_reconstruct"),
}


def convert_imdb(folder: Path) -> dict[str, np.ndarray]:
    """Read Keras' imdb.npz and imdb_word_index.json.

    Returns:
        For the training and the test part, `..._tokens`, int32, all reviews end to end;
        `..._lengths`, int32, (25000,), of each review; `y_...`, uint8, (25000,), 1 for
        positive. And `words`, uint8, the words in the order of their numbers, from 1, as UTF-8
        text with a line feed after each.

    Raises:
        ValueError: If a file is of another form.
    """
    arrays = {}
    with zipfile.ZipFile(folder / "imdb.npz") as archive:
        for part in ("train", "test"):
            reviews = _read_lists(archive.read(f"x_{part}.npy"))
            arrays[f"{part}_tokens"] = np.concatenate([np.array(r, np.int32) for r in reviews])
            arrays[f"{part}_lengths"] = np.array([len(review) for review in reviews], np.int32)
            labels = np.load(io.BytesIO(archive.read(f"y_{part}.npy")), allow_pickle=False)
            arrays[f"y_{part}"] = labels.astype(np.uint8)
    return add_words(arrays, folder)


def add_words(arrays: Mapping[str, np.ndarray], folder: Path) -> dict[str, np.ndarray]:
    """Return the arrays with `words`, from the file beside them if need be.

    Raises:
        ValueError: If that file is missing or of another form.
    """
    if "words" in arrays:
        return dict(arrays)
    path = Path(folder, WORD_INDEX)
    if not path.is_file():
        raise ValueError(f"it has no array words, and there is no file {path}")
    ranks = json.loads(path.read_text(encoding="utf-8"))
    words = sorted(ranks, key=ranks.get)
    if [ranks[word] for word in words] != list(range(1, len(words) + 1)):
        raise ValueError(f"the numbers of the words in {path} are not 1, 2, 3 and so on")
    text = "".join(f"{word}\n" for word in words)
    return {**arrays, "words": np.frombuffer(text.encode(), np.uint8)}


def split_words(text: np.ndarray) -> np.ndarray:
    """Return the words, str, by their numbers; number 0, which no word has, is the empty text."""
    words = text.astype(np.uint8).tobytes().decode().split("\n")  # the last one is empty
    return np.array(["", *words[:-1]])


def check_imdb(arrays: Mapping[str, np.ndarray]) -> None:
    """Raise ValueError unless lengths, labels and tokens fit each other."""
    n_words = int((arrays["words"] == ord("\n")).sum())
    for part in ("train", "test"):
        tokens, lengths = arrays[f"{part}_tokens"], arrays[f"{part}_lengths"]
        if lengths.min() < 1 or lengths.sum() != len(tokens):
            raise ValueError(f"{part}_lengths do not add up to the length of {part}_tokens")
        if tokens.min() < 1 or tokens.max() > n_words:
            raise ValueError(f"{part}_tokens holds numbers that are not from 1 to {n_words}")
        counts = np.bincount(arrays[f"y_{part}"])
        if len(counts) != 2 or counts[0] != counts[1]:
            raise ValueError(f"y_{part} does not hold as many 0 as 1")


class ListUnpickler(pickle.Unpickler):
    """An unpickler that makes lists, numbers and arrays, and refuses everything else."""

    def find_class(self, module: str, name: str):
        """Return what the pickle names, if it is allowed.

        Raises:
            ValueError: If it is not: a pickle can name any function and have it called.
        """
        if (module, name) not in ALLOWED:
            raise ValueError(f"its pickle asks for {module}.{name}, which is not run")
        return super().find_class(module.replace("numpy.core", "numpy._core"), name)


def _read_lists(content: bytes) -> np.ndarray:
    """Return the lists in an npy file of Python objects."""
    file = io.BytesIO(content)
    major, _ = np.lib.format.read_magic(file)
    if major != 1:
        raise ValueError(f"an npy file of version {major} is not what Keras published")
    shape, _, dtype = np.lib.format.read_array_header_1_0(file)
    if not dtype.hasobject:
        raise ValueError(f"it holds {dtype}, expected lists")
    try:
        lists = ListUnpickler(file).load()
    except (pickle.UnpicklingError, EOFError, LookupError, TypeError) as problem:
        raise ValueError(f"its lists cannot be read: {problem}") from problem
    if not isinstance(lists, np.ndarray) or lists.shape != shape:
        raise ValueError(f"it does not hold {shape} lists")
    return lists
