"""Music: Bach's chorales, as the notes that sound on each beat."""

import zipfile
import zlib
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from nnbook_utils.data._checks import checked_seed
from nnbook_utils.data._package import package_folder
from nnbook_utils.data._split import split_indices
from nnbook_utils.data._types import Chorales, DataError

VOICES = ("Soprano", "Alto", "Tenor", "Bass")
N_CHORALES = 364
LOWEST_KEY = 21  # MIDI number of the piano's lowest key
N_KEYS = 88
N_INTERVALS = 8  # of the soprano; chorales that begin with the same ones share a melody
TICKS = 20_160  # parts of a quarter note in which time is counted
UNREADABLE = (
    *(OSError, EOFError, ValueError, TypeError, LookupError, ArithmeticError, SyntaxError),
    *(zipfile.BadZipFile, zlib.error),
)
SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}  # above a C


def load_chorales(seed: int = 0) -> tuple[Chorales, Chorales, Chorales]:
    """Load 364 chorales that Bach set for soprano, alto, tenor and bass, as piano rolls.

    A frame is the instant at which a quarter note begins, upbeat included; it holds the notes
    that sound then, so eighth notes off the beat are not heard and a repeated note looks like a
    held one. Keys are as written, nothing is transposed, repeats are not played out. Bach set
    many melodies more than once, sometimes almost alike. Chorales whose sopranos begin with the
    same eight intervals are in the same part, so the test part is of melodies that training
    has not heard.

    Polyphonic music in this form has been the first test of many recurrent networks. Published
    figures on "JSB chorales" are of another selection and split, so compare them roughly.

    Args:
        seed: Same seed, same split of the melodies.

    Returns:
        train, validation and test (60, 20 and 20 % of the 237 melodies, which is about as much
        of the chorales), each with
        `rolls`, float32, (n, n_frames, 88), 1 where a key sounds, from the piano's lowest key
        (A0, MIDI number 21) upwards, 0 elsewhere and after the end;
        `mask`, bool, (n, n_frames), True up to the end of the chorale;
        `voices`, int64, (n, n_frames, 4), MIDI number of what soprano, alto, tenor and bass
        sing (middle C is 60), 0 for silence and after the end;
        `names`, str, (n,), number in the catalogue of Bach's works, as in "bwv101.7".
        `n_frames` is the same in all three, that of the longest chorale (193); half of them
        have 48 or fewer.

    Raises:
        DataError: If music21 is not installed or its files are damaged.
        TypeError: If the seed is no whole number.
        ValueError: If the seed is negative.

    Source: files of the package music21 (BSD 3-clause). The music is in the public domain; it
    was encoded by Margaret Greentree, with whose permission music21 distributes it and warns
    that commercial use may be restricted. Task: Boulanger-Lewandowski, Bengio and Vincent,
    Modeling Temporal Dependencies in High-Dimensional Sequences, ICML 2012.

    Example:
        >>> train, validation, test = load_chorales()
        >>> train.rolls.shape[1:], train.mask.shape[1:]
        ((193, 88), (193,))
    """
    checked_seed(seed)
    folder = package_folder("music21", "corpus", "bach")
    scores = [(path.stem, _read_chorale(path)) for path in sorted(folder.glob("*.mxl"))]
    chorales = {name: voices for name, voices in scores if voices is not None}
    if len(chorales) != N_CHORALES:
        raise DataError(
            f"music21's folder {folder} has {len(chorales)} chorales for four voices, expected "
            f"{N_CHORALES}; run: pip install --force-reinstall music21"
        )
    parts = _split_melodies(list(chorales.values()), seed)
    names = np.array(list(chorales))
    voices, mask = _padded(list(chorales.values()))
    rolls = piano_rolls(voices)
    train, validation, test = (Chorales(rolls[r], mask[r], voices[r], names[r]) for r in parts)
    return train, validation, test


def piano_rolls(voices: np.ndarray) -> np.ndarray:
    """Return 1 for each key that a voice sings, float32, (..., 88), of MIDI numbers (..., 4)."""
    rolls = np.zeros((*voices.shape[:-1], N_KEYS), np.float32)
    places = np.nonzero(voices)
    rolls[(*places[:-1], voices[places] - LOWEST_KEY)] = 1
    return rolls


def _split_melodies(chorales: list[np.ndarray], seed: int) -> list[np.ndarray]:
    """Return the places of the chorales of each part; those of one melody stay together."""
    melodies: dict[tuple, list[int]] = {}
    for place, voices in enumerate(chorales):
        soprano = voices[:, 0]
        beginning = tuple(np.diff(soprano[soprano > 0])[:N_INTERVALS])
        melodies.setdefault(beginning, []).append(place)
    groups = list(melodies.values())
    parts = split_indices(len(groups), seed=seed)
    return [np.concatenate([groups[number] for number in part]) for part in parts]


def _padded(chorales: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return all chorales in one array, zeros after the end of each, and the mask."""
    lengths = np.array([len(chorale) for chorale in chorales])
    mask = np.arange(lengths.max()) < lengths[:, None]
    voices = np.zeros((*mask.shape, len(VOICES)), np.int64)
    voices[mask] = np.concatenate(chorales)
    return voices, mask


def _read_chorale(path: Path) -> np.ndarray | None:
    """Return the MIDI numbers on each beat, (n_frames, 4); None if it is not for four voices."""
    try:
        with zipfile.ZipFile(path) as archive:
            (name,) = (
                name
                for name in archive.namelist()
                if name.endswith((".xml", ".musicxml")) and not name.startswith("META-INF")
            )
            score = ElementTree.fromstring(archive.read(name))
        titles = tuple(part.findtext("part-name") for part in score.iter("score-part"))
        if titles != VOICES:
            return None
        voices = np.stack([_read_voice(part) for part in score.findall("part")], axis=1)
        (sounding,) = np.nonzero(voices.any(axis=1))
        return voices[sounding[0] : sounding[-1] + 1]
    except UNREADABLE as problem:
        raise DataError(
            f"could not read {path}: {problem}; run: pip install --force-reinstall music21"
        ) from problem


def _read_voice(part: ElementTree.Element) -> np.ndarray:
    """Return the MIDI number that sounds at each beat of a voice in MusicXML, 0 for none."""
    now = 0  # in ticks from the beginning
    divisions = 1  # of a quarter note, the unit of durations in the file
    sung = []
    for element in part.iterfind("measure/*"):
        divisions = int(element.findtext("divisions", default=str(divisions)))
        duration = round(int(element.findtext("duration", default="0")) * TICKS / divisions)
        if element.tag == "note":
            if element.find("chord") is not None:
                raise ValueError("a voice with a chord is not a single line")
            sung.append((now, now + duration, _midi_number(element.find("pitch"))))
        if element.tag in ("note", "forward"):
            now += duration
        elif element.tag == "backup":
            raise ValueError("a voice that goes back in time is not a single line")
    line = np.zeros(-(-now // TICKS), np.int64)
    for start, end, number in sung:
        line[-(-start // TICKS) : -(-end // TICKS)] = number
    return line


def _midi_number(pitch: ElementTree.Element | None) -> int:
    """Return the MIDI number of a pitch, 0 for a rest: C4, the middle C, is 60."""
    if pitch is None:
        return 0
    octave, alter = int(pitch.findtext("octave")), int(pitch.findtext("alter", default="0"))
    return 12 * (octave + 1) + SEMITONES[pitch.findtext("step")] + alter
