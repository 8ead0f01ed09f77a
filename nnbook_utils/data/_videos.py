"""Videos made from a seed: digits that move."""

import numpy as np

from nnbook_utils.data._checks import number_between, whole_number
from nnbook_utils.data._images import load_digits
from nnbook_utils.data._split import part_bounds
from nnbook_utils.data._types import Videos

# Pixels to the right and down in one step, clockwise from right; opposite ones are 4 apart.
DIRECTIONS = ((1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1))
SPEEDS = (1, 2)  # steps a frame


def make_moving_digits(
    n_videos: int = 1000,
    *,
    n_frames: int = 8,
    size: int = 20,
    n_digits: int = 1,
    seed: int = 0,
) -> tuple[Videos, Videos, Videos]:
    """Make videos of handwritten digits that move in one of eight directions.

    What leaves at one edge comes in at the opposite one, and a digit starts anywhere, so each
    single frame looks the same whatever the direction. The frames in a random order show the
    axis of the motion but not which way along it: who ignores time is right in at most half of
    the videos. The speed, one or two steps a frame, is drawn for each video.

    Args:
        n_videos: Videos in all, at least 40.
        n_frames: Frames of each, 2 to 100.
        size: Height and width of a frame in pixels, 12 to 64.
        n_digits: Digits in each video, 1 or 2; two move alike and show both where they overlap.
        seed: Same seed, same videos and same split.

    Returns:
        train, validation and test (60, 20 and 20 %, as many of each direction as can be), each
        with `frames`, float32 in [0, 1], (n, n_frames, size, size), bright strokes on 0;
        `labels`, int64, (n,), 0 for right, then clockwise in eighths of a turn to 7 for up
        right, named by `info("moving_digits").class_names`. Digits of the test part are in no
        training video.

    Raises:
        TypeError: If an argument is no whole number.
        ValueError: If an argument is out of range.

    Source: made here from scikit-learn's digits (see `load_digits`), after the moving digits of
    Srivastava, Mansimov and Salakhutdinov, Unsupervised Learning of Video Representations using
    LSTMs, ICML 2015.

    Example:
        >>> train, validation, test = make_moving_digits(100)
        >>> train.frames.shape
        (60, 8, 20, 20)
    """
    n_videos = whole_number("n_videos", n_videos, minimum=40)
    for name, value, low, high in (
        ("n_frames", n_frames, 2, 100),
        ("size", size, 12, 64),
        ("n_digits", n_digits, 1, 2),
    ):
        number_between(name, whole_number(name, value, minimum=low), low, high)
    parts = load_digits(seed=seed)
    rng = np.random.default_rng(seed)
    made = []
    for part, n_part in zip(parts, np.diff([0, *part_bounds(n_videos), n_videos]), strict=True):
        labels = rng.permutation(np.arange(n_part) % len(DIRECTIONS))
        digits = part.images[rng.integers(len(part.images), size=(n_part, n_digits))]
        made.append(Videos(_film(digits, labels, n_frames, size, rng), labels))
    train, validation, test = made
    return train, validation, test


def _film(
    digits: np.ndarray, labels: np.ndarray, n_frames: int, size: int, rng: np.random.Generator
) -> np.ndarray:
    """Return frames (n, n_frames, size, size) of digits (n, n_digits, 8, 8) on their way."""
    n_videos, n_digits, height, width = digits.shape
    start = rng.integers(size, size=(n_videos, n_digits, 1, 2))
    speed = rng.choice(SPEEDS, size=(n_videos, 1, 1, 1))
    step = np.array(DIRECTIONS)[labels][:, None, None] * speed
    x, y = np.moveaxis(start + step * np.arange(n_frames)[:, None], -1, 0)  # (n, digits, frames)
    canvas = np.zeros((n_videos, n_digits, size, size), np.float32)
    canvas[:, :, :height, :width] = digits
    # The pixel of a frame at `row` shows row `row - y` of the canvas, around the edge.
    rows = (np.arange(size) - y[..., None]) % size
    columns = (np.arange(size) - x[..., None]) % size
    video, digit = np.arange(n_videos)[:, None, None], np.arange(n_digits)[None, :, None]
    index = (video[..., None, None], digit[..., None, None])
    return canvas[*index, rows[..., :, None], columns[..., None, :]].max(axis=1)
