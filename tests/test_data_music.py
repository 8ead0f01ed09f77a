import itertools
import types
import zipfile

import numpy as np
import pytest

from nnbook_utils import data
from nnbook_utils.data import _music, _package
from nnbook_utils.data._package import package_folder


@pytest.fixture(scope="module")
def parts():
    return data.load_chorales(seed=1)


def test_every_chorale_is_in_one_part(parts):
    names = [name for part in parts for name in part.names]
    assert len(names) == len(set(names)) == 364
    assert [0.5 < len(parts[0].names) / 364 < 0.7, 0.1 < len(parts[1].names) / 364 < 0.3] == [
        True
    ] * 2
    for part in parts:
        assert part.rolls.shape == (len(part.names), 193, 88)
        assert part.mask.shape == (len(part.names), 193)
        assert part.voices.shape == (len(part.names), 193, 4)
        assert part.rolls.dtype == np.float32
        assert part.mask.dtype == np.bool_
        assert part.voices.dtype == np.int64
    lengths = np.concatenate([part.mask.sum(axis=1) for part in parts])
    assert lengths.max() == 193
    assert np.median(lengths) == 48


def test_rolls_hold_the_voices_and_nothing_else(parts):
    for part in parts:
        places = {tuple(place) for place in np.argwhere(part.rolls)}
        sung = np.argwhere(part.voices)
        keys = part.voices[tuple(sung.T)] - 21
        assert places == {(n, frame, key) for (n, frame, _), key in zip(sung, keys, strict=True)}
        assert set(np.unique(part.rolls)) == {0, 1}


def test_mask_ends_where_the_music_ends(parts):
    for part in parts:
        for mask, voices in zip(part.mask, part.voices, strict=True):
            sounding = np.nonzero(voices.any(axis=1))[0]
            assert sounding[0] == 0
            assert mask.sum() == sounding[-1] + 1
            assert mask[: mask.sum()].all()


def test_voices_lie_in_their_ranges(parts):
    voices = np.concatenate([part.voices[part.mask] for part in parts])
    for voice, (low, high) in enumerate([(57, 81), (52, 76), (46, 71), (36, 66)]):
        sung = voices[:, voice][voices[:, voice] > 0]
        assert low <= sung.min() < sung.max() <= high
        assert len(sung) > 0.98 * len(voices)
    assert (np.diff(voices[(voices > 0).all(axis=1)].mean(axis=0)) < -4).all()


@pytest.mark.parametrize("name", ["bwv101.7", "bwv371", "bwv281"])
def test_frames_equal_those_of_music21(parts, name):
    """music21 itself reads the score; each beat is looked up in its list of notes."""
    corpus = pytest.importorskip("music21.corpus")
    found = [(part, place) for part in parts for place in np.flatnonzero(part.names == name)]
    ((part, place),) = found
    ours = part.voices[place][part.mask[place]]
    score = corpus.parse(f"bach/{name}.mxl")
    theirs = np.zeros((int(np.ceil(score.highestTime)), 4), np.int64)
    for voice, line in enumerate(score.parts):
        for note in line.flatten().notes:
            for beat in range(len(theirs)):
                if note.offset <= beat < note.offset + note.quarterLength:
                    theirs[beat, voice] = note.pitch.midi
    sounding = np.nonzero(theirs.any(axis=1))[0]
    np.testing.assert_array_equal(ours, theirs[sounding[0] : sounding[-1] + 1])


def test_no_melody_is_in_two_parts(parts):
    melodies = [
        {tuple(np.diff([n for n in voices[:, 0] if n])[:8]) for voices in part.voices}
        for part in parts
    ]
    assert not any(one & other for one, other in itertools.combinations(melodies, 2))
    where = {name: number for number, part in enumerate(parts) for name in part.names}
    for one, other in (("bwv279", "bwv158.4"), ("bwv274", "bwv62.6"), ("bwv414", "bwv253")):
        assert where[one] == where[other]


def test_the_seed_decides(parts):
    again, other = data.load_chorales(seed=1), data.load_chorales(seed=2)
    for part, same, different in zip(parts, again, other, strict=True):
        for array, array_again in zip(part, same, strict=True):
            np.testing.assert_array_equal(array, array_again)
        assert set(part.names) != set(different.names)


@pytest.mark.parametrize(("seed", "error"), [(-1, ValueError), (0.5, TypeError)])
def test_wrong_seed(seed, error):
    with pytest.raises(error, match="seed must be"):
        data.load_chorales(seed=seed)


def test_without_music21(monkeypatch):
    monkeypatch.setattr(_package, "find_spec", lambda package: None)
    with pytest.raises(data.DataError, match="music21, which is not installed; run: pip"):
        data.load_chorales()


def test_music21_without_its_corpus(monkeypatch, tmp_path):
    spec = types.SimpleNamespace(submodule_search_locations=[str(tmp_path)])
    monkeypatch.setattr(_package, "find_spec", lambda package: spec)
    with pytest.raises(data.DataError, match=r"music21 has no folder .*bach; run: pip"):
        data.load_chorales()


NOTE = "<note><pitch><step>{}</step>{}<octave>{}</octave></pitch><duration>{}</duration></note>"
REST = "<note><rest/><duration>{}</duration></note>"
DIVISIONS = "<attributes><divisions>{}</divisions></attributes>"


def score(voice, n_voices=4):
    titles = "".join(
        f'<score-part id="{title}"><part-name>{title}</part-name></score-part>'
        for title in ("Soprano", "Alto", "Tenor", "Bass", "Horn")[:n_voices]
    )
    body = f'<part id="P"><measure>{voice}</measure><measure/></part>' * n_voices
    return f"<score-partwise><part-list>{titles}</part-list>{body}</score-partwise>"


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    """Write chorales into a folder that is found in place of music21's."""
    folder = tmp_path / "music21" / "corpus" / "bach"
    folder.mkdir(parents=True)
    spec = types.SimpleNamespace(submodule_search_locations=[str(tmp_path / "music21")])
    monkeypatch.setattr(_package, "find_spec", {"music21": spec}.get)
    monkeypatch.setattr(_music, "N_CHORALES", 5)

    def write(name, content, member="score.xml"):
        with zipfile.ZipFile(folder / name, "w") as archive:
            archive.writestr("META-INF/container.xml", "<container/>")
            archive.writestr(member, content)

    for number, steps in enumerate(("CD", "CE", "CF", "CG", "CA")):
        write(f"{number}.mxl", score("".join(NOTE.format(step, "", 4, 1) for step in steps)))
    return write


def test_what_sounds_on_a_beat(corpus):
    sharp, flat = "<alter>1</alter>", "<alter>-1</alter>"
    voice = (
        DIVISIONS.format(2)  # a quarter note has two: start, end and what is heard
        + REST.format(2)  # 0 to 1: silence, cut off
        + NOTE.format("C", "", 4, 1)  # 1 to 1.5: heard at 1
        + NOTE.format("F", sharp, 4, 1)  # 1.5 to 2: not heard
        + "<note><grace/><pitch><step>A</step><octave>9</octave></pitch></note>"
        + NOTE.format("B", flat, 3, 3)  # 2 to 3.5: heard at 2 and 3
        + DIVISIONS.format(3)
        + NOTE.format("D", "", 4, 1)  # a sixth of a half note: 3.5 to 3.833, not heard
        + "<forward><duration>3</duration></forward>"  # silence at 4
        + NOTE.format("E", sharp, 5, 2)  # 4.833 to 5.5: heard at 5
        + REST.format(30)
    )
    corpus("4.mxl", score(voice))
    found = [part for part in data.load_chorales() if "4" in part.names]
    ((part,), place) = found, list(found[0].names).index("4")
    expected = [60, 58, 58, 0, 77]
    np.testing.assert_array_equal(part.voices[place], np.tile(expected, (4, 1)).T)
    assert part.mask[place].tolist() == [True] * 5


def test_a_format_with_another_ending_is_read_and_other_ensembles_are_not(corpus):
    corpus("4.mxl", score(NOTE.format("A", "", 0, 1) * 3), member="score.musicxml")
    corpus("horn.mxl", score(NOTE.format("C", "", 4, 1), n_voices=5))
    names = sorted(name for part in data.load_chorales() for name in part.names)
    assert names == list("01234")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "no element found"),
        ("<score-partwise>", "no element found"),
        (score(""), "not enough|at least|stack|index|out of bounds"),
        (score(NOTE.format("H", "", 4, 1)), "'H'"),
        (score(NOTE.format("C", "", "four", 1)), "four"),
        (score(DIVISIONS.format(0) + REST.format(1)), "division by zero"),
        (score("<note><chord/><duration>1</duration></note>"), "with a chord is not a single"),
        (score("<backup><duration>1</duration></backup>"), "goes back in time is not a single"),
        (score("<note><pitch><step>C</step></pitch></note>"), "could not read"),
    ],
)
def test_damaged_score(corpus, content, message):
    corpus("3.mxl", content)
    with pytest.raises(data.DataError, match=message) as error:
        data.load_chorales()
    assert "3.mxl" in str(error.value)
    assert str(error.value).endswith("run: pip install --force-reinstall music21")


def test_damaged_archives(corpus, tmp_path):
    path = tmp_path / "music21" / "corpus" / "bach" / "2.mxl"
    whole = path.read_bytes()
    for content in (b"", b"no zip", whole[:-30], whole[:60] + b"\xff" * 10 + whole[70:]):
        path.write_bytes(content)
        with pytest.raises(data.DataError, match=r"could not read .*2\.mxl"):
            data.load_chorales()
    path.unlink()
    with pytest.raises(data.DataError, match="has 4 chorales for four voices, expected 5; run"):
        data.load_chorales()


def test_the_real_folder_is_used():
    assert (package_folder("music21", "corpus", "bach") / "bwv101.7.mxl").is_file()
