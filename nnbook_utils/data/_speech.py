"""Recorded speech, as features of short stretches of sound."""

import numpy as np

from nnbook_utils.data._checks import checked_seed
from nnbook_utils.data._package import damaged, is_installed, package_file
from nnbook_utils.data._types import Utterances

PACKAGES = ("sktime", "aeon")  # both carry the same two files
FOLDERS = ("datasets", "data", "JapaneseVowels")
N_CHANNELS = 12
N_SPEAKERS = 9
N_UTTERANCES = {"TRAIN": 270, "TEST": 370}
N_VALIDATION = 6  # of each speaker


def load_japanese_vowels(seed: int = 0) -> tuple[Utterances, Utterances, Utterances]:
    """Load 640 recordings of nine men who say two Japanese vowels in a row, /ae/.

    The task is to tell who speaks. A recording is a series of 7 to 29 frames, each of 12
    numbers that describe the shape of the vocal tract in that moment (LPC cepstrum
    coefficients). Frames are 25.6 ms long and begin 6.4 ms apart.

    The published test part was recorded apart from the training part, between 24 and 88
    recordings a speaker.

    Args:
        seed: Same seed, same 54 of the 270 training recordings become the validation part,
            6 of each speaker. The published test part stays the test part.

    Returns:
        train, validation and test (216, 54 and 370 recordings), each with
        `features`, float32, (n, 29, 12), -1.86 to 2.21 and not scaled, 0 after the end;
        `mask`, bool, (n, 29), True up to the end of the recording;
        `labels`, int64, (n,), 0 to 8, the speaker.

    Raises:
        DataError: If neither sktime nor aeon is installed, or their file is damaged.
        TypeError: If the seed is no whole number.
        ValueError: If the seed is negative.

    Source: files of the package sktime or aeon (both BSD 3-clause), from the UCI repository
    (CC BY 4.0). Kudo, Toyama and Shimbo, Multidimensional Curve Classification Using
    Passing-Through Regions, Pattern Recognition Letters 20, 1999, doi:10.24432/C5NS47.

    Example:
        >>> train, validation, test = load_japanese_vowels()  # doctest: +SKIP
        >>> train.features.shape, train.mask.shape  # doctest: +SKIP
        ((216, 29, 12), (216, 29))
    """
    checked_seed(seed)
    package = next((name for name in PACKAGES if is_installed(name)), PACKAGES[0])
    known, labels = _read(package, "TRAIN")
    asked, test_labels = _read(package, "TEST")
    n_frames = max(map(len, known + asked))
    features, mask = padded(known, n_frames)
    order = np.random.default_rng(seed).permutation(len(labels))
    of_speakers = [order[labels[order] == speaker] for speaker in range(N_SPEAKERS)]
    validation = np.concatenate([rows[:N_VALIDATION] for rows in of_speakers])
    train = order[~np.isin(order, validation)]
    return (
        Utterances(features[train], mask[train], labels[train]),
        Utterances(features[validation], mask[validation], labels[validation]),
        Utterances(*padded(asked, n_frames), test_labels),
    )


def padded(series: list[np.ndarray], n_frames: int) -> tuple[np.ndarray, np.ndarray]:
    """Return series in one array with zeros after the end of each, and the mask.

    Args:
        series: Arrays (length, number of channels).
        n_frames: At least the greatest length.

    Returns:
        float32, (n, n_frames, number of channels), and bool, (n, n_frames), True up to the end.
    """
    lengths = np.array([len(frames) for frames in series])
    mask = np.arange(n_frames) < lengths[:, None]
    features = np.zeros((*mask.shape, series[0].shape[1]), np.float32)
    features[mask] = np.concatenate(series)
    return features, mask


def parse_ts(text: str) -> tuple[list[np.ndarray], list[int]]:
    """Read series in the format .ts: after @data a line each, channels and class between colons.

    Returns:
        The series, (length, 12), and their classes.

    Raises:
        ValueError: If the text is of another form.
    """
    _, found, body = text.partition("@data")
    if not found:
        raise ValueError("it has no line @data")
    series, labels = [], []
    for line in body.split():
        *channels, label = line.split(":")
        values = [np.array(channel.split(","), np.float32) for channel in channels]
        if len(values) != N_CHANNELS or len({len(channel) for channel in values}) != 1:
            raise ValueError(f"a line does not hold {N_CHANNELS} channels of one length")
        series.append(np.stack(values, axis=1))
        labels.append(int(label))
    if not all(np.isfinite(frames).all() for frames in series):
        raise ValueError("it holds an infinite number or NaN")
    return series, labels


def _read(package: str, part: str) -> tuple[list[np.ndarray], np.ndarray]:
    """Return the frames of each recording, (number of frames, 12), and the speakers."""
    path = package_file(package, *FOLDERS, f"JapaneseVowels_{part}.ts")
    try:
        recordings, labels = parse_ts(path.read_text(encoding="utf-8"))
        if len(labels) != N_UTTERANCES[part] or set(labels) != set(range(1, N_SPEAKERS + 1)):
            raise ValueError(
                f"it has {len(labels)} recordings of {len(set(labels))} speakers, expected "
                f"{N_UTTERANCES[part]} of {N_SPEAKERS}"
            )
    except (OSError, ValueError) as problem:
        raise damaged(package, path, str(problem)) from problem
    return recordings, np.array(labels) - 1
