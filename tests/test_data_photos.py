import numpy as np
import pytest

from nnbook_utils import data
from nnbook_utils.data import _photos
from nnbook_utils.data._types import Images

LOADERS = pytest.mark.parametrize(
    "load",
    [data.load_digits_on_photos, lambda seed=0: data.make_digit_scenes(50, seed=seed)],
    ids=["digits_on_photos", "digit_scenes"],
)


@pytest.fixture(scope="module")
def on_photos():
    return data.load_digits_on_photos(seed=2)


@pytest.fixture(scope="module")
def scenes():
    return data.make_digit_scenes(1000, seed=2)


@pytest.fixture
def numbered(monkeypatch):
    """Photographs whose red and green tell the column, and whose blue tells the row."""
    photos = np.zeros((2, *_photos.PHOTO_SHAPE), np.uint8)
    columns, rows = np.arange(640), np.arange(427)
    photos[..., 0], photos[..., 1] = columns % 256, columns // 256
    photos[..., 2] = (rows // 2)[:, None]
    monkeypatch.setattr(_photos, "_photos", lambda: photos)


@pytest.fixture
def black(monkeypatch):
    photos = np.zeros((2, *_photos.PHOTO_SHAPE), np.uint8)
    monkeypatch.setattr(_photos, "_photos", lambda: photos)


def columns_of(backgrounds):
    red, green, _ = np.moveaxis(np.rint(backgrounds * 255).astype(int), -1, 0)
    return red + 256 * green


def test_digits_are_those_of_the_sample_in_the_middle_at_a_random_strength(on_photos):
    for part, plain in zip(on_photos, data.load_mnist_sample(seed=2), strict=True):
        np.testing.assert_array_equal(part.labels, plain.labels)
        middle = part.digits[:, 2:30, 2:30]
        strengths = middle.sum(axis=(1, 2)) / plain.images.sum(axis=(1, 2))
        np.testing.assert_allclose(middle, strengths[:, None, None] * plain.images, atol=1e-6)
        np.testing.assert_allclose(part.digits.sum(axis=(1, 2)), middle.sum(axis=(1, 2)), rtol=1e-6)
        assert strengths.min() >= 0.4 - 1e-6
        assert strengths.max() <= 1 + 1e-6
        np.testing.assert_allclose(np.quantile(strengths, (0.25, 0.75)), (0.55, 0.85), atol=0.05)


def test_images_are_what_the_digits_and_backgrounds_make(on_photos):
    for part, n_images in zip(on_photos, (3500, 500, 1000), strict=True):
        expected = abs(part.backgrounds - part.digits[..., None])
        np.testing.assert_array_equal(part.images, expected)
        assert part.images.shape == part.backgrounds.shape == (n_images, 32, 32, 3)
        types = {name: array.dtype for name, array in part._asdict().items()}
        assert types.pop("labels") == np.int64
        assert set(types.values()) == {np.dtype(np.float32)}
        for array in (part.images, part.digits, part.backgrounds):
            assert array.flags.c_contiguous
            assert 0 <= array.min() <= array.max() <= 1


def test_boxes_hold_the_ink_exactly(on_photos):
    for part, plain in zip(on_photos, data.load_mnist_sample(seed=2), strict=True):
        assert part.boxes.shape == (len(part.labels), 4)
        for digit, box in zip(plain.images, part.boxes, strict=True):
            rows, columns = np.nonzero(np.pad(digit, 2) > 0.5)
            expected = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
            assert tuple(box) == expected


def test_backgrounds_are_pieces_of_the_photographs_at_half_their_size(on_photos):
    from PIL import Image
    from sklearn.datasets import load_sample_image

    whole = [Image.fromarray(load_sample_image(name)) for name in ("china.jpg", "flower.jpg")]
    # Pillow rounds halves up, we to the even number; an odd last row is left out.
    photos = [np.asarray(photo.reduce(2)).astype(int)[:213] for photo in whole]
    windows = np.concatenate([_windows(photo) for photo in photos], axis=1)
    found = set()
    for background in on_photos[0].backgrounds[:8]:
        piece = np.rint(background * 255).astype(int)
        same_corner = np.argwhere((abs(windows[:, :, :, 0, 0] - piece[0, 0]) <= 1).all(axis=-1))
        places = [
            (row, column)
            for row, column in same_corner
            if abs(np.moveaxis(windows[row, column], 0, -1) - piece).max() <= 1
        ]
        assert places
        found.add(tuple(places[0]))
    assert len(found) == 8
    assert {column < 289 for _, column in found} == {True, False}


def _windows(photo):
    return np.lib.stride_tricks.sliding_window_view(photo, (32, 32), axis=(0, 1))


@pytest.mark.parametrize(
    ("load", "step"),
    [(data.load_digits_on_photos, 2), (lambda: data.make_digit_scenes(50), 1)],
    ids=["digits_on_photos", "digit_scenes"],
)
def test_no_background_pixel_is_in_two_parts(load, step, numbered, monkeypatch):
    monkeypatch.setattr(_photos, "blend", lambda backgrounds, digits: backgrounds)
    for part, (start, end) in zip(load(), ((128, 512), (0, 128), (512, 640)), strict=True):
        columns = columns_of(part.images)
        assert start <= columns.min() < columns.max() < end
        np.testing.assert_array_equal(np.diff(columns, axis=2), step)
        np.testing.assert_array_equal(np.diff(columns, axis=1), 0)
        assert len(np.unique(columns[:, 0, 0])) > min(10, len(columns) / 2)


def test_every_box_of_a_scene_is_tight_and_inside(scenes):
    for part in scenes:
        for labels, boxes, mask in zip(
            part.labels, part.boxes.astype(int), part.masks, strict=True
        ):
            rest = mask.copy()
            for label, (left, top, right, bottom) in zip(labels, boxes, strict=True):
                if label < 0:
                    assert (left, top, right, bottom) == (0, 0, 0, 0)
                    continue
                assert 0 <= left < right <= 64
                assert 0 <= top < bottom <= 64
                inside = rest[top:bottom, left:right]
                assert set(np.unique(inside)) <= {0, label + 1}
                for edge in (inside[0], inside[-1], inside[:, 0], inside[:, -1]):
                    assert edge.any()
                inside[...] = -1
            assert rest.max() <= 0, "ink outside of all boxes"
            areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
            assert (rest == -1).sum() == areas.sum(), "two boxes overlap"


def test_scenes_have_one_to_three_digits_of_12_to_32_pixels(scenes):
    assert [len(part.labels) for part in scenes] == [700, 100, 200]
    counts = np.concatenate([(part.labels >= 0).sum(axis=1) for part in scenes])
    assert np.bincount(counts, minlength=4)[1:].min() > 270
    for part in scenes:
        shown = part.labels >= 0
        assert (np.diff(shown.astype(int), axis=1) <= 0).all(), "a digit after an empty place"
        assert set(np.unique(part.labels)) == set(range(-1, 10))
        heights = (part.boxes[..., 3] - part.boxes[..., 1])[shown]
        widths = (part.boxes[..., 2] - part.boxes[..., 0])[shown]
        assert 9 <= heights.min() <= 12
        assert 29 <= heights.max() <= 32
        assert widths.max() <= 32
        assert part.images.dtype == part.boxes.dtype == np.float32
        assert part.labels.dtype == part.masks.dtype == np.int64
        assert 0 <= part.images.min() <= part.images.max() <= 1
        assert part.images.shape[1:] == (64, 64, 3)
        assert part.masks.shape[1:] == (64, 64)


def test_masks_show_the_ink(black):
    for part in data.make_digit_scenes(100):
        np.testing.assert_array_equal(part.masks > 0, part.images[..., 0] > 0.5)
        np.testing.assert_array_equal(part.images[..., 0], part.images[..., 2])
        assert (part.images.max(axis=(1, 2, 3)) == 1).all()


def test_scaled_digits_are_still_read_by_their_neighbours(black):
    """The nearest of MNIST's digits, brought to the height of the box, has the same label."""
    from skimage.transform import resize
    from sklearn.neighbors import KNeighborsClassifier

    def normalised(image, box):
        left, top, right, bottom = np.asarray(box, int)
        return resize(image[top:bottom, left:right], (20, 20), anti_aliasing=True).ravel()

    plain = data.load_mnist_sample()[0]
    boxes = _photos.ink_boxes(plain.images)
    model = KNeighborsClassifier(1)
    pairs = zip(plain.images[:1500], boxes, strict=False)
    model.fit([normalised(*pair) for pair in pairs], plain.labels[:1500])
    _, _, test = data.make_digit_scenes(200)
    shown = test.labels >= 0
    found = [
        normalised(test.images[scene, :, :, 0], test.boxes[scene, slot])
        for scene, slot in np.argwhere(shown)
    ]
    assert model.score(found, test.labels[shown]) > 0.8


def test_each_part_of_the_scenes_has_its_own_digits(monkeypatch):
    def parts_of_three_classes(seed):
        image = np.zeros((1, 28, 28), np.float32)
        image[0, 4:24, 10:14] = 1
        return tuple(Images(image, np.array([label])) for label in (3, 5, 7))

    monkeypatch.setattr(_photos, "load_mnist_sample", parts_of_three_classes)
    for part, label in zip(data.make_digit_scenes(30), (3, 5, 7), strict=True):
        assert set(np.unique(part.labels)) == {-1, label}
        assert set(np.unique(part.masks)) == {0, label + 1}


def test_form_of_a_digit_is_kept(black, monkeypatch):
    """A bar of 20 x 10 pixels stays twice as high as wide."""
    image = np.zeros((1, 28, 28), np.float32)
    image[0, 4:24, 9:19] = 1
    parts = (Images(image, np.array([0])),) * 3
    monkeypatch.setattr(_photos, "load_mnist_sample", lambda seed: parts)
    train, _, _ = data.make_digit_scenes(200)
    left, top, right, bottom = train.boxes[train.labels >= 0].T
    np.testing.assert_allclose((bottom - top) / 2, right - left, atol=0.51)
    assert set(bottom - top) == set(range(12, 33))


@pytest.mark.parametrize("size", [48, 128])
def test_size_of_a_scene(size):
    for part in data.make_digit_scenes(10, size=size):
        assert part.images.shape[1:] == (size, size, 3)
        assert part.boxes.max() <= size


@LOADERS
def test_the_seed_decides(load):
    first, again, other = load(seed=1), load(seed=1), load(seed=2)
    for part, same, different in zip(first, again, other, strict=True):
        for array, array_again in zip(part, same, strict=True):
            np.testing.assert_array_equal(array, array_again)
        assert (part.images != different.images).any()
    np.testing.assert_array_equal(load()[0].images, load(seed=0)[0].images)


@LOADERS
@pytest.mark.parametrize(("seed", "error"), [(-1, ValueError), (0.5, TypeError)])
def test_wrong_seed(load, seed, error):
    with pytest.raises(error, match="seed must be"):
        load(seed=seed)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"n_scenes": 9}, ValueError, "n_scenes must be at least 10, got 9"),
        ({"n_scenes": 20.0}, TypeError, "n_scenes must be a whole number"),
        ({"size": 47}, ValueError, "size must be at least 48, got 47"),
        ({"size": 129}, ValueError, "size must be between 48 and 128, got 129"),
        ({"size": "64"}, TypeError, "size must be a whole number"),
    ],
)
def test_wrong_arguments_of_scenes(arguments, error, message):
    with pytest.raises(error, match=message):
        data.make_digit_scenes(**arguments)


def test_more_digits_than_have_room(monkeypatch):
    monkeypatch.setattr(_photos, "HEIGHTS", (40, 40))
    monkeypatch.setattr(_photos, "MAX_ROUNDS", 3)
    with pytest.raises(RuntimeError, match="no room for the digits of a scene of 48 pixels"):
        data.make_digit_scenes(20, size=48)


@LOADERS
def test_photographs_that_cannot_be_read(load, monkeypatch):
    def fail():
        raise OSError("broken data stream")

    monkeypatch.setattr("sklearn.datasets.load_sample_images", fail)
    message = "photographs could not be read: broken data stream; run: pip install --force"
    with pytest.raises(data.DataError, match=message):
        load()


@LOADERS
def test_other_photographs(load, monkeypatch):
    from types import SimpleNamespace

    small = SimpleNamespace(images=[np.zeros((4, 5, 3), np.uint8)])
    monkeypatch.setattr("sklearn.datasets.load_sample_images", lambda: small)
    with pytest.raises(data.DataError, match=r"\[\(4, 5, 3\)\], expected two of \(427, 640, 3\)"):
        load()
