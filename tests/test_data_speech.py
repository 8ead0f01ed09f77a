import sys
import types

import numpy as np
import pytest

from nnbook_utils import data
from nnbook_utils.data import _package, _speech
from nnbook_utils.data._package import is_installed

HEAD = "#A comment with a : and a ,\n@problemName JapaneseVowels\n@classLabel true 1 2\n@data\n"
LENGTHS = {"TRAIN": 270, "TEST": 370}


def line(part, place):
    """A recording whose numbers tell where they belong: recording, channel, frame."""
    n_frames = 2 + place % 5 if part == "TRAIN" else 2 + place % 7
    channels = (
        ",".join(f"{place + channel / 100 + frame / 10000:.4f}" for frame in range(n_frames))
        for channel in range(12)
    )
    return ":".join((*channels, str(1 + place % 9)))


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Write the files into a package that is found in place of sktime or aeon."""

    def write(name="sktime", **changes):
        folder = tmp_path / name / "datasets" / "data" / "JapaneseVowels"
        folder.mkdir(parents=True, exist_ok=True)
        for part, n_lines in LENGTHS.items():
            text = HEAD + "\n".join(line(part, place) for place in range(n_lines)) + "\n"
            content = changes.get(part, text)
            content = content if isinstance(content, bytes) else content.encode()
            (folder / f"JapaneseVowels_{part}.ts").write_bytes(content)
        spec = types.SimpleNamespace(submodule_search_locations=[str(tmp_path / name)])
        monkeypatch.setattr(_package, "find_spec", {name: spec}.get)

    return write


def places_of(part):
    return np.floor(part.features[:, 0, 0]).astype(int)


@pytest.mark.parametrize("name", ["sktime", "aeon"])
def test_recordings_are_padded_and_masked(package, name):
    package(name)
    parts = data.load_japanese_vowels(seed=2)
    assert [len(part.labels) for part in parts] == [216, 54, 370]
    for part, source in zip(parts, ("TRAIN", "TRAIN", "TEST"), strict=True):
        assert part.features.shape[1:] == (8, 12)
        assert part.features.dtype == np.float32
        assert part.mask.dtype == np.bool_
        assert part.labels.dtype == np.int64
        for features, mask, label, place in zip(*part, places_of(part), strict=True):
            *channels, speaker = line(source, place).split(":")
            expected = np.array([channel.split(",") for channel in channels], np.float32).T
            np.testing.assert_array_equal(features[: len(expected)], expected)
            assert (features[len(expected) :] == 0).all()
            assert mask.tolist() == [True] * len(expected) + [False] * (8 - len(expected))
            assert label == int(speaker) - 1
    train, validation, test = parts
    assert sorted([*places_of(train), *places_of(validation)]) == list(range(270))
    assert places_of(test).tolist() == list(range(370))
    assert np.bincount(train.labels).tolist() == [24] * 9
    assert np.bincount(validation.labels).tolist() == [6] * 9
    assert (np.diff(places_of(train)) < 0).any(), "not shuffled"


def test_padding_changes_nothing_that_respects_the_mask():
    series = [np.ones((3, 2)), np.full((5, 2), 2.0), np.arange(2.0).reshape(1, 2)]
    features, mask = _speech.padded(series, 7)
    assert features.shape == (3, 7, 2)
    for frames, one, own in zip(series, features, mask, strict=True):
        np.testing.assert_array_equal(one[own], frames)
        np.testing.assert_allclose((one * own[:, None]).sum(axis=0), frames.sum(axis=0))
        assert not one[~own].any()


def test_the_seed_chooses_the_validation_part(package):
    package()
    first, again, other = (data.load_japanese_vowels(seed=seed) for seed in (1, 1, 2))
    for part, same in zip(first, again, strict=True):
        for array, array_again in zip(part, same, strict=True):
            np.testing.assert_array_equal(array, array_again)
    assert set(places_of(first[1])) != set(places_of(other[1]))
    np.testing.assert_array_equal(first[2].features, other[2].features)
    default, zero = data.load_japanese_vowels(), data.load_japanese_vowels(seed=0)
    np.testing.assert_array_equal(default[1].features, zero[1].features)


@pytest.mark.parametrize(("seed", "error"), [(-1, ValueError), (0.5, TypeError)])
def test_wrong_seed(seed, error):
    with pytest.raises(error, match="seed must be"):
        data.load_japanese_vowels(seed=seed)


def test_without_either_package(monkeypatch):
    monkeypatch.setattr(_package, "find_spec", lambda package: None)
    with pytest.raises(data.DataError, match="sktime, which is not installed; run: pip install s"):
        data.load_japanese_vowels()


FIRST = line("TRAIN", 0)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "it has no line @data"),
        (HEAD, "it has 0 recordings of 0 speakers, expected 270 of 9"),
        (HEAD + FIRST, "it has 1 recordings of 1 speakers, expected 270 of 9"),
        (HEAD + "\n".join([FIRST] * 270), "it has 270 recordings of 1 speakers"),
        (HEAD + FIRST.partition(":")[2], "does not hold 12 channels of one length"),
        (HEAD + "1," + FIRST, "does not hold 12 channels of one length"),
        (HEAD + FIRST.replace("0.0100", "?"), r"'\?'|could not convert"),
        (HEAD + FIRST.replace("0.0100", "nan"), "an infinite number or NaN"),
        (HEAD + FIRST[:-1] + "one", "'one'"),
        (b"\xff\xfe", "could not read"),
    ],
)
def test_damaged_file(package, content, message):
    package(TRAIN=content)
    with pytest.raises(data.DataError, match=message) as error:
        data.load_japanese_vowels()
    assert "JapaneseVowels_TRAIN.ts" in str(error.value)
    assert str(error.value).endswith("run: pip install --force-reinstall sktime")


def test_the_real_recordings():
    if not any(map(is_installed, _speech.PACKAGES)):
        pytest.skip("needs the optional package sktime: pip install sktime")
    before = set(sys.modules)
    train, validation, test = data.load_japanese_vowels()
    assert not {"sktime", "aeon"} & (set(sys.modules) - before)
    assert [part.features.shape for part in (train, validation, test)] == [
        *((216, 29, 12), (54, 29, 12)),
        (370, 29, 12),
    ]
    assert np.bincount(test.labels).tolist() == [31, 35, 88, 44, 29, 24, 40, 50, 29]
    lengths = np.concatenate([part.mask.sum(axis=1) for part in (train, validation, test)])
    assert (lengths.min(), lengths.max()) == (7, 29)
    values = np.concatenate([part.features for part in (train, validation, test)])
    assert -2 < values.min() < values.max() < 3
    means = [(part.features.sum(axis=1) / part.mask.sum(axis=1)[:, None]) for part in (train, test)]
    from sklearn.neighbors import KNeighborsClassifier

    assert KNeighborsClassifier(1).fit(means[0], train.labels).score(means[1], test.labels) > 0.9
