import dataclasses
import hashlib
import itertools
import os
import zipfile
from pathlib import Path

import numpy as np
import pooch
import pytest

from nnbook_utils import data
from nnbook_utils.data import _download, _remote, _sentences

ODD_LINES = [
    "Go.\tVa !",
    "Go!\tVa !",
    "Go on!\tVa\u202f!",
    "GO ON.\tContinue.",
    "Keep going.\tContinue…",
    "Don’t ask him 2 things, Ann-Marie!\tNe lui demande pas l’heure, s’il te plaît !",
    'He said "no".\tIl a dit : « non ».',
    "He said no.\tIl a dit non.",
]
LINES = ODD_LINES + [f"It is number {n} of them.\tC'est le numéro {n}." for n in range(40)]


def write_zip(path, lines=LINES, folder="fra-eng/"):
    content = "".join(f"{line}\n" for line in lines).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{folder}_about.txt", "Attribution: tatoeba.org")
        archive.writestr(f"{folder}fra.txt", content)
        archive.writestr(f"__MACOSX/{folder}._fra.txt", b"of no use")
    return content


def expect(content, monkeypatch, **changes):
    """Let these be the published contents."""
    remote = _remote.REMOTES["french_english"]
    digest = hashlib.sha256(content).hexdigest()
    part = dataclasses.replace(remote.parts[0], sha256=digest, **changes)
    remote = dataclasses.replace(
        remote, parts=(part,), shapes={"text": (len(content),)}, fingerprint=digest
    )
    monkeypatch.setitem(_remote.REMOTES, "french_english", remote)


@pytest.fixture
def path(tmp_path, monkeypatch):
    """Put a small zip into a data folder, as the published file."""
    path = tmp_path / "fra-eng.zip"
    expect(write_zip(path), monkeypatch)
    monkeypatch.setenv("NNBOOK_DATA_DIR", str(tmp_path))
    return path


def pairs_of(*parts):
    return {pair for part in parts for pair in zip(part.sources, part.targets, strict=True)}


def without_marks(texts):
    return {" ".join(word for word in text.split() if word not in ".,!?") for text in texts}


def assert_nothing_shared(parts):
    for one, other in itertools.combinations(parts, 2):
        assert not without_marks(one.sources) & without_marks(other.sources)
        assert not without_marks(one.targets) & without_marks(other.targets)


def test_sentences_are_words_and_marks(path):
    parts = data.fetch_french_english(20)
    found = pairs_of(*parts)
    assert ("go .", "va !") in found
    assert ("go on !", "va !") in found
    assert ("keep going .", "continue . . .") in found
    assert (
        "don't ask him 2 things , ann marie !",
        "ne lui demande pas l' heure , s' il te plaît !",
    ) in found
    assert ("he said no .", "il a dit non .") in found
    assert len(found) == sum(len(part.sources) for part in parts) == len(LINES) - 1
    for part in parts:
        assert part.sources.dtype.kind == part.targets.dtype.kind == "U"
        assert len(part.sources) == len(part.targets) > 0


def test_no_sentence_is_in_two_parts_for_any_seed(path):
    for seed in range(20):
        assert_nothing_shared(data.fetch_french_english(20, seed=seed))


def test_groups_are_joined_by_sentences_whatever_their_marks():
    sources = ["a .", "a !", "b", "c , d", "c d", "e", "!"]
    targets = ["x", "y", "y ?", "z", "w", "v .", "u"]
    groups = _sentences._groups(sources, targets)
    assert len({*groups[:3]}) == len({*groups[3:5]}) == 1
    assert len({*groups}) == groups.max() + 1 == 4


def test_short_sentences_stay_in_their_part(path):
    short = data.fetch_french_english(7, seed=3)
    long = data.fetch_french_english(20, seed=3)
    for few, all_of_them in zip(short, long, strict=True):
        kept = [p for p in zip(*all_of_them, strict=True) if max(len(s.split()) for s in p) <= 7]
        assert kept == list(zip(*few, strict=True))


def test_the_seed_decides(path):
    def order(seed):
        return [tuple(part.sources) for part in data.fetch_french_english(20, seed=seed)]

    assert order(1) == order(1) != order(2)
    assert len({frozenset(order(seed)[2]) for seed in range(8)}) > 3
    assert [tuple(part.sources) for part in data.fetch_french_english(20)] == order(0)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"most_words": 0}, ValueError, "most_words must be at least 1, got 0"),
        ({"most_words": 8.0}, TypeError, "most_words must be a whole number"),
        ({"seed": -1}, ValueError, "seed must be at least 0"),
        ({"seed": None}, TypeError, "seed must be a whole number"),
    ],
)
def test_wrong_arguments_are_seen_before_anything_is_fetched(
    arguments, error, message, monkeypatch
):
    monkeypatch.setattr(_sentences._download, "fetch", lambda name: pytest.fail("fetched"))
    with pytest.raises(error, match=message):
        data.fetch_french_english(**arguments)


def test_too_short_sentences_leave_a_part_empty(path):
    with pytest.raises(ValueError, match="with most_words=1 a part stays empty; allow longer"):
        data.fetch_french_english(1)


@pytest.mark.parametrize("folder", ["", "fra-eng/", "a/b/"])
def test_any_packing_of_the_text_will_do(path, folder):
    expected = pairs_of(*data.fetch_french_english(20))
    write_zip(path, folder=folder)
    assert pairs_of(*data.fetch_french_english(20)) == expected


def test_sentences_as_npz(path):
    expected = pairs_of(*data.fetch_french_english(20))
    arrays = _download.fetch("french_english")
    assert arrays["text"].dtype == np.uint8
    path.unlink()
    np.savez(path.with_name("french_english.npz"), **arrays)
    assert pairs_of(*data.fetch_french_english(20)) == expected
    assert _download.is_complete("french_english", path.parent)
    arrays["text"] = arrays["text"][::-1]
    np.savez(path.with_name("french_english.npz"), **arrays)
    with pytest.raises(data.DataError, match="not those of the published data set"):
        data.fetch_french_english()


def test_another_text_is_refused(path):
    write_zip(path, ["Stop.\tArrête.", *LINES[1:]])
    message = r"cannot use .*fra-eng\.zip: it is not the published file\. Delete or replace it"
    with pytest.raises(data.DataError, match=message):
        data.fetch_french_english()


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["fra-eng/deu.txt"], "it holds 0 files fra.txt, expected one"),
        (["a/fra.txt", "b/fra.txt"], "it holds 2 files fra.txt, expected one"),
    ],
)
def test_a_zip_of_something_else_is_refused(path, names, message):
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "Go.\tVa !\n")
    with pytest.raises(data.DataError, match=message):
        data.fetch_french_english()


def test_damage_at_every_place_is_noticed(path):
    content = path.read_bytes()
    expected = pairs_of(*data.fetch_french_english(20))
    for place in range(0, len(content), 11):
        path.write_bytes(content[:place])
        with pytest.raises(data.DataError, match=r"cannot use .*fra-eng\.zip: "):
            data.fetch_french_english(20)
        path.write_bytes(content[:place] + bytes([content[place] ^ 255]) + content[place + 1 :])
        try:
            found = pairs_of(*data.fetch_french_english(20))
        except data.DataError:
            continue
        assert found == expected


class Network:
    """Stands for pooch: addresses that end in "none" fail, the others deliver a zip."""

    def __init__(self, monkeypatch, **lines):
        self.lines, self.asked = lines, []
        monkeypatch.setattr(pooch, "retrieve", self.retrieve)

    def retrieve(self, url, known_hash, fname, path, downloader):
        assert known_hash is None, "everybody packs the zip anew"
        self.asked.append(url)
        target = Path(path, fname)
        assert not target.exists(), "what another address delivered is in the way"
        if url in self.lines:
            write_zip(target, self.lines[url])
        else:
            target.write_bytes(b"<html>moved</html>")


@pytest.fixture
def empty_folder(tmp_path, monkeypatch):
    monkeypatch.delenv("NNBOOK_DATA_DIR", raising=False)
    monkeypatch.setenv("NNBOOK_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path


def test_first_address_with_the_text_is_kept(empty_folder, monkeypatch):
    content = write_zip(empty_folder / "fra-eng.zip")
    expect(content, monkeypatch, urls=("page", "other", "right", "never"))
    network = Network(monkeypatch, other=LINES[:9], right=LINES)
    assert len(pairs_of(*data.fetch_french_english(20))) == len(LINES) - 1
    assert network.asked == ["page", "other", "right"]
    kept = [file.name for file in (empty_folder / "cache").iterdir()]
    assert kept == ["french_english.npz"]
    assert len(pairs_of(*data.fetch_french_english(20))) == len(LINES) - 1
    assert len(network.asked) == 3


def test_without_file_and_network_the_ways_out_are_named(empty_folder, monkeypatch):
    content = write_zip(empty_folder / "fra-eng.zip")
    expect(content, monkeypatch, urls=("page", "other"))
    Network(monkeypatch, other=LINES[:9])
    with pytest.raises(data.DataError) as error:
        data.fetch_french_english()
    text = str(error.value)
    assert "the data set french_english is not here and could not be downloaded" in text
    assert "page: File is not a zip file; other: it is not the published file)" in text
    assert "python -m nnbook_utils.data download --to DIR french_english" in text
    assert list((empty_folder / "cache").iterdir()) == []


def test_the_real_data():
    root = os.environ.get("NNBOOK_DATA_DIR")
    if not root or not any(Path(root, n).exists() for n in ("fra-eng.zip", "french_english.npz")):
        pytest.skip(
            "needs the real file: python -m nnbook_utils.data download --to DIR french_english, "
            "then set NNBOOK_DATA_DIR to DIR"
        )
    parts = data.fetch_french_english()
    assert_nothing_shared(parts)
    sizes = np.array([len(part.sources) for part in parts])
    assert sizes.tolist() == [106_225, 13_321, 13_178]
    for texts in (text for part in parts for text in part):
        n_words = np.char.count(texts, " ") + 1
        assert (n_words.min() > 0, n_words.max()) == (True, 10)
        assert not set("".join(texts)) & set("ABCÉ\t\n\u202f\xa0’«»-")
    assert max(len(part.sources) for part in data.fetch_french_english(63)) < 166_911 * 0.82
