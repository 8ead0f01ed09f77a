import numpy as np

# %% [exercise] id="flip-kernel" title="Explain: why the kernel is not turned" points=3 function="convolve_like_mathematicians"


# %% [solution]
def convolve_like_mathematicians(image, kernel, slide_product):
    rows, columns = kernel.shape
    padded = np.pad(image, ((rows - 1, rows - 1), (columns - 1, columns - 1)))
    return slide_product(padded, kernel[::-1, ::-1])


# %% [hidden]
TOLERANCE = 1e-9


def product(larger, smaller):
    windows = np.lib.stride_tricks.sliding_window_view(larger, smaller.shape)
    return (windows * smaller).sum(axis=(-2, -1))


def cases(rng):
    shapes = [((5, 7), (2, 3)), ((3, 3), (3, 3)), ((2, 6), (4, 1))]
    return [(rng.normal(size=image), rng.normal(size=kernel), product) for image, kernel in shapes]


# %% [wrong] name="not-turned" expect="upside down"
def convolve_like_mathematicians(image, kernel, slide_product):
    rows, columns = kernel.shape
    padded = np.pad(image, ((rows - 1, rows - 1), (columns - 1, columns - 1)))
    return slide_product(padded, kernel)


# %% [wrong] name="rows-only" expect="rows only"
def convolve_like_mathematicians(image, kernel, slide_product):
    rows, columns = kernel.shape
    padded = np.pad(image, ((rows - 1, rows - 1), (columns - 1, columns - 1)))
    return slide_product(padded, kernel[::-1])


# %% [wrong] name="columns-only" expect="columns only"
def convolve_like_mathematicians(image, kernel, slide_product):
    rows, columns = kernel.shape
    padded = np.pad(image, ((rows - 1, rows - 1), (columns - 1, columns - 1)))
    return slide_product(padded, kernel[:, ::-1])


# %% [wrong] name="not-padded" expect="pad with zeros"
def convolve_like_mathematicians(image, kernel, slide_product):
    return slide_product(image, kernel[::-1, ::-1])
