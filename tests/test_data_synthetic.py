import numpy as np
import pytest

from nnbook_utils import data


def stack(parts, field):
    return np.concatenate([getattr(part, field) for part in parts])


def make_spiral(**options):
    return data.make_spiral(200, **options)


def make_flip_flops(**options):
    return data.make_flip_flops(200, 12, **options)


MAKERS = pytest.mark.parametrize("make", [make_spiral, make_flip_flops, data.make_moved_digits])


@MAKERS
def test_same_seed_same_data_other_seed_other_data(make):
    first, again, other = make(seed=1), make(seed=1), make(seed=2)
    for part, same in zip(first, again, strict=True):
        for array, array_again in zip(part, same, strict=True):
            np.testing.assert_array_equal(array, array_again)
    assert not np.array_equal(first[0][0], other[0][0])
    for part, default in zip(make(seed=0), make(), strict=True):
        np.testing.assert_array_equal(part[0], default[0])


@MAKERS
@pytest.mark.parametrize(("seed", "error"), [(-1, ValueError), (0.5, TypeError), (None, TypeError)])
def test_wrong_seed(make, seed, error):
    with pytest.raises(error, match="seed must be"):
        make(seed=seed)


def test_spiral_shapes_types_and_balance():
    parts = data.make_spiral(1001, seed=5)
    assert [part.points.shape for part in parts] == [(601, 2), (200, 2), (200, 2)]
    for part in parts:
        assert part.points.dtype == np.float32
        assert part.labels.dtype == np.int64
        assert abs(part.labels.mean() - 0.5) < 0.01
    assert [len(part.labels) for part in data.make_spiral()] == [600, 200, 200]
    assert [len(part.labels) for part in data.make_spiral(10)] == [6, 2, 2]


@pytest.mark.parametrize("n_turns", [0.5, 1.0, 2.5])
def test_without_noise_the_points_lie_on_two_arms(n_turns):
    parts = data.make_spiral(400, noise=0, n_turns=n_turns, seed=3)
    points, labels = stack(parts, "points").astype(float), stack(parts, "labels")
    radii = np.hypot(*points.T)
    angles = 2 * np.pi * n_turns * (radii - 0.1) / 0.9 + np.pi * labels
    expected = radii[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    np.testing.assert_allclose(points, expected, atol=2e-5)
    assert 0.1 <= radii.min() < 0.13
    assert 0.97 < radii.max() <= 1


def test_default_spiral():
    default, spelled = data.make_spiral(), data.make_spiral(1000, noise=0.2, n_turns=1.0, seed=0)
    for part, same in zip(default, spelled, strict=True):
        np.testing.assert_array_equal(part.points, same.points)


def test_noise_of_the_spiral_is_the_spread_of_the_angle():
    parts = data.make_spiral(20_000, noise=0.3, n_turns=1.0)
    points, labels = stack(parts, "points").astype(float), stack(parts, "labels")
    arm = 2 * np.pi * (np.hypot(*points.T) - 0.1) / 0.9 + np.pi * labels
    off = np.angle(np.exp(1j * (np.arctan2(points[:, 1], points[:, 0]) - arm)))
    assert off.std() == pytest.approx(0.3, abs=0.01)
    assert off.mean() == pytest.approx(0, abs=0.01)


def test_no_line_but_a_neighbour_tells_the_arms_apart():
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier

    train, _, test = data.make_spiral(1000)
    assert LogisticRegression().fit(*train).score(*test) < 0.75
    assert KNeighborsClassifier(5).fit(*train).score(*test) > 0.98


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"n_points": 9}, ValueError, "n_points must be at least 10, got 9"),
        ({"n_points": 100.0}, TypeError, r"a whole number, got 100.0 \(float\); for example 100"),
        ({"noise": -0.1}, ValueError, "noise must be between 0 and 3, got -0.1"),
        ({"noise": 3.1}, ValueError, "noise must be between 0 and 3, got 3.1"),
        ({"noise": float("nan")}, ValueError, "noise must be between 0 and 3, got nan"),
        ({"noise": "much"}, TypeError, r"noise must be a number, got 'much' \(str\)"),
        ({"noise": True}, TypeError, "noise must be a number, got True"),
        ({"n_turns": -1}, ValueError, "n_turns must be between 0 and 10"),
        ({"n_turns": 11}, ValueError, "n_turns must be between 0 and 10"),
        ({"n_turns": float("inf")}, ValueError, "n_turns must be between 0 and 10"),
    ],
)
def test_wrong_spiral(options, error, message):
    with pytest.raises(error, match=message):
        data.make_spiral(**options)


@pytest.mark.parametrize("options", [{"noise": 3}, {"n_turns": 10}, {"noise": 0, "n_turns": 0}])
def test_spirals_at_the_limits(options):
    assert data.make_spiral(10, **options)[0].points.shape == (6, 2)


def test_moved_digits_hold_the_digits_unchanged():
    moved, still = data.make_moved_digits(seed=4, size=20), data.load_digits(seed=4)
    for part, original in zip(moved, still, strict=True):
        assert part.images.shape[1:] == (20, 20)
        assert part.images.dtype == np.float32
        np.testing.assert_array_equal(part.labels, original.labels)
        for canvas, image in zip(part.images[:50], original.images, strict=False):
            windows = np.lib.stride_tricks.sliding_window_view(canvas, (8, 8))
            assert (windows == image).all(axis=(2, 3)).any()
        np.testing.assert_allclose(part.images.sum((1, 2)), original.images.sum((1, 2)), rtol=1e-5)


def first_ink(images, axis):
    return (images.max(axis=axis) > 0).argmax(axis=1)


def test_digits_move_to_every_place_with_equal_chance():
    moved = stack(data.make_moved_digits(size=10), "images")
    still = stack(data.load_digits(), "images")
    rows, columns = (first_ink(moved, axis) - first_ink(still, axis) for axis in (2, 1))
    for shifts in (rows, columns):
        counts = np.bincount(shifts)
        assert len(counts) == 3
        assert counts.min() > 500
    assert abs(np.corrcoef(rows, columns)[0, 1]) < 0.1


def test_a_canvas_of_eight_leaves_digits_where_they_are():
    for part, original in zip(data.make_moved_digits(size=8), data.load_digits(), strict=True):
        np.testing.assert_array_equal(part.images, original.images)
    assert data.make_moved_digits()[0].images.shape == (1078, 16, 16)
    assert data.make_moved_digits(size=64)[0].images.shape == (1078, 64, 64)


@pytest.mark.parametrize(
    ("size", "error", "message"),
    [
        (7, ValueError, "size must be at least 8, got 7"),
        (65, ValueError, "size must be between 8 and 64, got 65"),
        (16.0, TypeError, "size must be a whole number"),
    ],
)
def test_wrong_canvas(size, error, message):
    with pytest.raises(error, match=message):
        data.make_moved_digits(size=size)


def last_write(sequence):
    state = None
    for token in sequence:
        state = {0: state, 1: 1, 2: 0}[int(token)]
    return state


def test_flip_flops_are_labelled_with_the_last_write():
    parts = data.make_flip_flops(500, 15, seed=2)
    assert [part.tokens.shape for part in parts] == [(300, 15), (100, 15), (100, 15)]
    tokens, labels = stack(parts, "tokens"), stack(parts, "labels")
    assert tokens.dtype == labels.dtype == np.int64
    assert [last_write(sequence) for sequence in tokens] == list(labels)
    assert set(tokens[:, 0]) == {1, 2}
    assert set(tokens.ravel()) == {0, 1, 2}
    assert abs(labels.mean() - 0.5) < 0.1


def test_all_flip_flops_differ():
    tokens = stack(data.make_flip_flops(2000, 20), "tokens")
    assert len(np.unique(tokens, axis=0)) == 2000


@pytest.mark.parametrize("wait", [0.0, 0.5, 0.9])
def test_waits_are_as_frequent_as_asked(wait):
    tokens = stack(data.make_flip_flops(500, 100, wait=wait), "tokens")[:, 1:]
    assert np.mean(tokens == 0) == pytest.approx(wait, abs=0.01)
    assert np.mean(tokens == 1) == pytest.approx((1 - wait) / 2, abs=0.01)


def test_default_wait():
    tokens = stack(data.make_flip_flops(500, 100), "tokens")[:, 1:]
    assert np.mean(tokens == 0) == pytest.approx(0.8, abs=0.01)


def test_every_short_flip_flop_can_be_found():
    tokens = stack(data.make_flip_flops(6, 2), "tokens")
    assert sorted(map(tuple, tokens)) == [(1, 0), (1, 1), (1, 2), (2, 0), (2, 1), (2, 2)]


@pytest.mark.parametrize(
    ("arguments", "options", "error", "message"),
    [
        (
            (7, 2),
            {},
            ValueError,
            "found only 6 different sequences of 2 steps with wait=0.8, not 7",
        ),
        ((4, 10), {}, ValueError, "n_sequences must be at least 5, got 4"),
        ((10, 1), {}, ValueError, "n_steps must be at least 2, got 1"),
        ((10.0, 5), {}, TypeError, "n_sequences must be a whole number"),
        ((10, "5"), {}, TypeError, "n_steps must be a whole number"),
        ((10, 5), {"wait": 1.0}, ValueError, "wait must be between 0 and 0.99, got 1.0"),
        ((10, 5), {"wait": -0.1}, ValueError, "wait must be between 0 and 0.99"),
        ((10, 5), {"wait": float("nan")}, ValueError, "wait must be between 0 and 0.99"),
    ],
)
def test_wrong_flip_flops(arguments, options, error, message):
    with pytest.raises(error, match=message):
        data.make_flip_flops(*arguments, **options)


def test_smallest_flip_flops():
    assert [len(part.labels) for part in data.make_flip_flops(5, 3, wait=0.99)] == [3, 1, 1]
