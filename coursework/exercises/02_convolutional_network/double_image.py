# %% [exercise] id="double-image" title="Predict: a larger image" points=2 function="listing_parameters"


# %% [solution]
def listing_parameters(size):
    total, channels = 0, 3
    for maps, pooled in ((32, True), (64, True), (64, False)):
        total += 9 * channels * maps + maps
        channels, size = maps, size - 2
        if pooled:
            size //= 2
    return total + size * size * 64 * 64 + 64 + 64 * 10 + 10


# %% [hidden]
TOLERANCE = 0.5


def cases(rng):
    return [(18,), (int(rng.integers(20, 60)),), (int(rng.integers(60, 200)) * 2 + 1,)]


# %% [wrong] name="kernels-only" expect="count them too"
def listing_parameters(size):
    return 896 + 18496 + 36928


# %% [wrong] name="no-biases" expect="biases"
def listing_parameters(size):
    for pooled in (True, True, False):
        size = (size - 2) // 2 if pooled else size - 2
    return 27 * 32 + 288 * 64 + 576 * 64 + size * size * 4096 + 640


# %% [wrong] name="four-times-everything" expect="not everything grows"
def listing_parameters(size):
    return 122570 * size**2 // 32**2


# %% [wrong] name="nothing-grows" expect="the dense layer sees more"
def listing_parameters(size):
    return 122570


# %% [wrong] name="rounds-up" expect="an odd row and column are dropped"
def listing_parameters(size):
    total, channels = 0, 3
    for maps, pooled in ((32, True), (64, True), (64, False)):
        total += 9 * channels * maps + maps
        channels, size = maps, size - 2
        if pooled:
            size = size // 2 if size in (30, 13, 62, 29) else -(-size // 2)
    return total + size * size * 64 * 64 + 64 + 64 * 10 + 10
