import dataclasses
import hashlib
import itertools
import sys
import types
from pydoc_data.topics import topics as python_topics

import numpy as np
import pytest

from nnbook_utils import data
from nnbook_utils.data import _remote, _text


def paragraphs(text):
    return {" ".join(part.split()) for part in text.split("\n\n") if part.strip()}


def test_docs_are_the_topics_of_this_python():
    parts = data.load_python_docs_text()
    names = [name for part in parts for name in part.topics]
    assert names == sorted(set(names))
    for part in parts:
        assert part.text == "\n\n".join(python_topics[name] for name in part.topics)
        assert isinstance(part.text, str)
    n_characters = [len(part.text) for part in parts]
    assert sum(n_characters) > 300_000
    assert n_characters[0] / sum(n_characters) == pytest.approx(0.8, abs=0.07)
    assert n_characters[1] / sum(n_characters) == pytest.approx(0.1, abs=0.07)


def test_no_section_is_in_two_parts():
    found = [paragraphs(part.text) for part in data.load_python_docs_text()]
    for one, other in itertools.combinations(found, 2):
        shared = sum(map(len, one & other))
        assert shared < 0.03 * min(sum(map(len, one)), sum(map(len, other)))


def test_what_is_left_out_is_in_what_is_kept():
    kept = {name for part in data.load_python_docs_text() for name in part.topics}
    text = set.union(*(paragraphs(python_topics[name]) for name in kept))
    left_out = set(python_topics) - kept
    assert {"if", "while", "try", "else"} <= left_out
    assert {"compound", "assert", "yield"} <= kept
    for name in left_out:
        own = paragraphs(python_topics[name])
        assert sum(map(len, own & text)) >= sum(map(len, own)) / 2


def test_docs_are_the_same_every_time():
    first, again = data.load_python_docs_text(), data.load_python_docs_text()
    assert [part.text for part in first] == [part.text for part in again]


def test_topics_that_repeat_longer_ones():
    long = "First part of it.\n\n  Second part,\n  on two lines.\n\nThird part."
    topics = {"c": "Second part, on two lines.\n\nNew.", "b": long, "a": "Quite new.", "d": long}
    assert list(_text._without_repeats(topics)) == ["a", "b"]


@pytest.mark.parametrize(
    ("module", "message"),
    [
        (None, "lacks the module pydoc_data, which belongs to the standard library; install P"),
        (types.SimpleNamespace(topics={"a": "Little."}), "hardly any text in pydoc_data.topics"),
        (types.SimpleNamespace(topics={}), "hardly any text in pydoc_data.topics; install Pyth"),
    ],
)
def test_python_without_its_manual(module, message, monkeypatch):
    monkeypatch.setitem(sys.modules, "pydoc_data.topics", module)
    with pytest.raises(data.DataError, match=message):
        data.load_python_docs_text()


@pytest.fixture
def plays(tmp_path, monkeypatch):
    """Put a short play into a data folder, as the published file."""
    content = "".join(f"Citizen {n}:\nSpeak, speak.\n\n" for n in range(40)).encode()
    remote = _remote.REMOTES["tiny_shakespeare"]
    part = dataclasses.replace(remote.parts[0], sha256=hashlib.sha256(content).hexdigest())
    remote = dataclasses.replace(remote, parts=(part,), shapes={"text": (len(content),)})
    monkeypatch.setitem(_remote.REMOTES, "tiny_shakespeare", remote)
    monkeypatch.setenv("NNBOOK_DATA_DIR", str(tmp_path))
    path = tmp_path / "tiny_shakespeare.txt"
    path.write_bytes(content)
    return path


def test_the_last_tenth_of_shakespeare_is_for_testing(plays):
    parts = [part.text for part in data.fetch_tiny_shakespeare()]
    whole = plays.read_text()
    assert "".join(parts) == whole
    assert [len(part) / len(whole) for part in parts] == pytest.approx([0.8, 0.1, 0.1], abs=0.005)


def test_shakespeare_as_npz(plays):
    content = np.frombuffer(plays.read_bytes(), np.uint8)
    plays.unlink()
    np.savez(plays.with_name("tiny_shakespeare.npz"), text=content)
    assert (
        "".join(part.text for part in data.fetch_tiny_shakespeare()).encode() == content.tobytes()
    )


def test_another_shakespeare_is_refused(plays):
    plays.write_text(plays.read_text().replace("Speak", "Shout", 1))
    with pytest.raises(data.DataError, match="not the published file"):
        data.fetch_tiny_shakespeare()
