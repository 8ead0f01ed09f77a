import numpy as np
import pytest

from nnbook_utils import data
from nnbook_utils.data import _videos
from nnbook_utils.data._types import Images

# Columns to the right and rows down that each direction goes, by its name.
STEPS = {"right": (1, 0), "left": (-1, 0), "down": (0, 1), "up": (0, -1)}


def step_of(label):
    words = data.info("moving_digits").class_names[label].split()
    return np.sum([STEPS[word] for word in words], axis=0)


@pytest.mark.parametrize(("n_digits", "size"), [(1, 20), (2, 16)])
def test_every_frame_is_the_first_one_moved(n_digits, size):
    for part in data.make_moving_digits(200, n_digits=n_digits, size=size, seed=3):
        for video, label in zip(part.frames, part.labels, strict=True):
            across, down = step_of(label)
            moved = {
                speed: [
                    np.roll(video[0], (speed * down * t, speed * across * t), axis=(0, 1))
                    for t in range(len(video))
                ]
                for speed in (1, 2)
            }
            assert any(np.array_equal(video, frames) for frames in moved.values())


def test_both_speeds_and_every_direction_occur():
    train, validation, test = data.make_moving_digits(400)
    assert [len(part.labels) for part in (train, validation, test)] == [240, 80, 80]
    for part in (train, validation, test):
        assert np.bincount(part.labels).tolist() == [len(part.labels) // 8] * 8
    right = train.frames[train.labels == 0]
    slow = [np.array_equal(np.roll(video[0], 1, axis=1), video[1]) for video in right]
    assert 5 <= sum(slow) <= len(slow) - 5


def test_shape_type_and_range():
    for part in data.make_moving_digits(50, n_frames=5, size=14):
        assert part.frames.shape[1:] == (5, 14, 14)
        assert part.frames.dtype == np.float32
        assert part.labels.dtype == np.int64
        assert (part.frames.min(), part.frames.max()) == (0, 1)


def test_digits_are_real():
    sorted_pixels = {
        tuple(np.sort(image[image > 0]))
        for part in data.load_digits(seed=4)
        for image in part.images
    }
    for part in data.make_moving_digits(100, seed=4):
        for video in part.frames:
            assert tuple(np.sort(video[0][video[0] > 0])) in sorted_pixels


def test_parts_do_not_share_digits(monkeypatch):
    greys = (0.25, 0.5, 1.0)
    parts = [Images(np.full((1, 8, 8), grey, np.float32), np.array([0])) for grey in greys]
    monkeypatch.setattr(_videos, "load_digits", lambda seed: parts)
    for part, grey in zip(data.make_moving_digits(50), greys, strict=True):
        assert set(np.unique(part.frames)) == {0, grey}


def test_two_digits_show_more_ink_than_one():
    one, two = (data.make_moving_digits(80, n_digits=n)[0].frames for n in (1, 2))
    assert 1.6 < two.mean() / one.mean() < 2


def test_a_single_frame_does_not_tell_the_direction():
    from sklearn.linear_model import LogisticRegression

    train, _, test = data.make_moving_digits(4000, size=12)
    model = LogisticRegression(max_iter=200)
    model.fit(train.frames[:, 4].reshape(-1, 144), train.labels)
    score = model.score(test.frames[:, 4].reshape(-1, 144), test.labels)
    assert score == pytest.approx(1 / 8, abs=0.04)


def test_no_place_is_preferred_by_any_direction():
    train, _, _ = data.make_moving_digits(6000, size=12)
    for label in range(8):
        ink = train.frames[train.labels == label][:, -1].mean(axis=0)
        assert ink.std() / ink.mean() < 0.15


def test_the_seed_decides():
    first, again, other = (data.make_moving_digits(50, seed=seed) for seed in (1, 1, 2))
    for part, same, different in zip(first, again, other, strict=True):
        np.testing.assert_array_equal(part.frames, same.frames)
        np.testing.assert_array_equal(part.labels, same.labels)
        assert (part.frames != different.frames).any()
    default, zero = data.make_moving_digits(50), data.make_moving_digits(50, seed=0)
    np.testing.assert_array_equal(default[2].frames, zero[2].frames)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"n_videos": 39}, ValueError, "n_videos must be at least 40, got 39"),
        ({"n_videos": 50.0}, TypeError, "n_videos must be a whole number"),
        ({"n_frames": 1}, ValueError, "n_frames must be at least 2, got 1"),
        ({"n_frames": 101}, ValueError, "n_frames must be between 2 and 100, got 101"),
        ({"size": 11}, ValueError, "size must be at least 12, got 11"),
        ({"size": 65}, ValueError, "size must be between 12 and 64, got 65"),
        ({"n_digits": 0}, ValueError, "n_digits must be at least 1, got 0"),
        ({"n_digits": 3}, ValueError, "n_digits must be between 1 and 2, got 3"),
        ({"n_digits": True}, TypeError, "n_digits must be a whole number"),
        ({"seed": -1}, ValueError, "seed must be at least 0"),
        ({"seed": 0.5}, TypeError, "seed must be a whole number"),
    ],
)
def test_wrong_arguments(arguments, error, message):
    with pytest.raises(error, match=message):
        data.make_moving_digits(**arguments)
