"""Data made from a seed: as much as you like, with a known answer."""

import math

import numpy as np

from nnbook_utils.data import _split
from nnbook_utils.data._checks import checked_seed, number_between, whole_number
from nnbook_utils.data._images import load_digits
from nnbook_utils.data._types import Images, Points, Sequences

WAIT, SET, RESET = 0, 1, 2
MAX_DRAWS = 50


def make_spiral(
    n_points: int = 1000, *, noise: float = 0.2, n_turns: float = 1.0, seed: int = 0
) -> tuple[Points, Points, Points]:
    """Make two interleaved spirals, which no straight line can tell apart.

    Along an arm the radius grows evenly from 0.1 to 1 while the angle makes `n_turns` turns;
    the second arm is the first one turned by half a circle.

    Args:
        n_points: Points in all, half of them in each class, at least 10.
        noise: Standard deviation of the angle, in radians, 0 to 3; at 0.2 and one turn
            the classes stay apart.
        n_turns: Turns of each arm, 0 to 10; more are harder.
        seed: Same seed, same points and same split.

    Returns:
        train, validation and test (60, 20 and 20 %), each with
        `points`, float32, (n, 2), within the unit circle; `labels`, int64, (n,), 0 or 1.

    Raises:
        TypeError: If an argument is no number, or `n_points` or the seed no whole number.
        ValueError: If an argument is outside its range, NaN or infinite.

    Source: made here; the form follows the notes of the course CS231n, Stanford University.

    Example:
        >>> train, validation, test = make_spiral(500)
        >>> train.points.shape
        (300, 2)
    """
    n_points = whole_number("n_points", n_points, minimum=10)
    noise = number_between("noise", noise, 0, 3)
    n_turns = number_between("n_turns", n_turns, 0, 10)
    rng = np.random.default_rng(checked_seed(seed))
    labels = np.arange(n_points) % 2
    along = rng.random(n_points)
    angles = 2 * math.pi * n_turns * along + math.pi * labels + rng.normal(0, noise, n_points)
    radii = 0.1 + 0.9 * along
    points = np.stack([radii * np.cos(angles), radii * np.sin(angles)], axis=1)
    parts = _split.split(points.astype(np.float32), labels, seed=seed, stratify=labels)
    train, validation, test = (Points(*part) for part in parts)
    return train, validation, test


def make_moved_digits(seed: int = 0, size: int = 16) -> tuple[Images, Images, Images]:
    """Put each real 8x8 digit of `load_digits` at a random place on a larger empty image.

    Args:
        seed: Same seed, same places and same split.
        size: Height and width of the image in pixels, 8 to 64; 8 leaves no room to move.

    Returns:
        train, validation and test (1078, 360 and 359 images), each with `images`, float32
        in [0, 1], (n, size, size), bright strokes on 0; `labels`, int64, (n,), 0 to 9.

    Raises:
        TypeError: If the seed or the size is no whole number.
        ValueError: If the seed is negative or the size out of range.

    Source: made here from scikit-learn's digits; see `load_digits`.

    Example:
        >>> train, validation, test = make_moved_digits(size=16)
        >>> train.images.shape
        (1078, 16, 16)
    """
    size = whole_number("size", size, minimum=8)
    number_between("size", size, 8, 64)
    parts = load_digits(seed=seed)
    rng = np.random.default_rng(seed)
    train, validation, test = (Images(_move(p.images, size, rng), p.labels) for p in parts)
    return train, validation, test


def make_flip_flops(
    n_sequences: int, n_steps: int, *, wait: float = 0.8, seed: int = 0
) -> tuple[Sequences, Sequences, Sequences]:
    """Make sequences of set, reset and wait, to be labelled with the last set or reset.

    The task needs one bit of memory, kept through any number of waits: a flip-flop. The first
    token is a set or a reset. All sequences differ, so none of the test part was seen in
    training.

    Args:
        n_sequences: Sequences in all, at least 5.
        n_steps: Tokens a sequence, at least 2.
        wait: Probability of a wait at each step after the first, 0 to 0.99; set and reset
            share the rest equally.
        seed: Same seed, same sequences and same split.

    Returns:
        train, validation and test (60, 20 and 20 %), each with
        `tokens`, int64, (n, n_steps), 0 wait, 1 set, 2 reset;
        `labels`, int64, (n,), 1 if the last token that is no wait is a set, else 0.

    Raises:
        TypeError: If an argument is no number, or a count or the seed no whole number.
        ValueError: If an argument is outside its range, or so many different sequences of
            this length could not be found.

    Source: made here, after the flip-flop language of Liu, Ash, Goel, Krishnamurthy and
    Zhang, Exposing Attention Glitches with Flip-Flop Language Modeling, NeurIPS 2023.

    Example:
        >>> train, validation, test = make_flip_flops(1000, 20)
        >>> train.tokens.shape
        (600, 20)
    """
    n_sequences = whole_number("n_sequences", n_sequences, minimum=5)
    n_steps = whole_number("n_steps", n_steps, minimum=2)
    wait = number_between("wait", wait, 0, 0.99)
    rng = np.random.default_rng(checked_seed(seed))
    tokens = _different_sequences(n_sequences, n_steps, wait, rng)
    labels = _last_state(tokens)
    parts = _split.split(tokens, labels, seed=seed)
    train, validation, test = (Sequences(*part) for part in parts)
    return train, validation, test


def _move(images: np.ndarray, size: int, rng: np.random.Generator) -> np.ndarray:
    height = images.shape[1]
    corners = rng.integers(size - height + 1, size=(len(images), 2))
    canvas = np.zeros((len(images), size, size), np.float32)
    for target, image, (row, column) in zip(canvas, images, corners, strict=True):
        target[row : row + height, column : column + height] = image
    return canvas


def _different_sequences(
    n_sequences: int, n_steps: int, wait: float, rng: np.random.Generator
) -> np.ndarray:
    chances = (wait, (1 - wait) / 2, (1 - wait) / 2)
    found = np.empty((0, n_steps), np.int64)
    for _ in range(MAX_DRAWS):
        drawn = rng.choice([WAIT, SET, RESET], p=chances, size=(n_sequences, n_steps))
        drawn[:, 0] = rng.choice([SET, RESET], size=n_sequences)
        both = np.concatenate([found, drawn])
        first_places = np.sort(np.unique(both, axis=0, return_index=True)[1])
        found = both[first_places]
        if len(found) >= n_sequences:
            return found[:n_sequences]
    raise ValueError(
        f"found only {len(found)} different sequences of {n_steps} steps with wait={wait:g}, "
        f"not {n_sequences}; ask for fewer or longer sequences"
    )


def _last_state(tokens: np.ndarray) -> np.ndarray:
    steps = np.arange(tokens.shape[1])
    last = np.where(tokens == WAIT, -1, steps).max(axis=1)
    return (tokens[np.arange(len(tokens)), last] == SET).astype(np.int64)
