import numpy as np

# %% [exercise] id="strided-convolution" title="A window that strides" points=3 function="slide"


# %% [solution]
def slide(image, kernel, stride):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)[::stride, ::stride]
    return (windows * kernel).sum(axis=(-2, -1))


# %% [hidden]
TOLERANCE = 1e-9


def cases(rng):
    shapes = [((7, 9), (3, 2), 1), ((10, 8), (3, 3), 2), ((11, 13), (2, 4), 3), ((4, 4), (4, 4), 2)]
    return [
        (rng.normal(size=image), rng.normal(size=kernel), stride)
        for image, kernel, stride in shapes
    ]


# %% [wrong] name="turned-the-kernel" expect="not turned around"
def slide(image, kernel, stride):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)[::stride, ::stride]
    return (windows * kernel[::-1, ::-1]).sum(axis=(-2, -1))


# %% [wrong] name="padded" expect="fits 5 x 6 times"
def slide(image, kernel, stride):
    image = np.pad(image, 1)
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)[::stride, ::stride]
    return (windows * kernel).sum(axis=(-2, -1))


# %% [wrong] name="strides-one-way-only" expect="with stride 2"
def slide(image, kernel, stride):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)[::stride]
    return (windows * kernel).sum(axis=(-2, -1))


# %% [wrong] name="right-shape-wrong-places" expect="two rows down"
def slide(image, kernel, stride):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    wanted = windows[::stride, ::stride].shape
    return (windows[: wanted[0], : wanted[1]] * kernel).sum(axis=(-2, -1))


# %% [wrong] name="whole-numbers-only" expect="broken numbers"
def slide(image, kernel, stride):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)[::stride, ::stride]
    return (windows * kernel).sum(axis=(-2, -1)).astype(int)
