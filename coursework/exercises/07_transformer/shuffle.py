import numpy as np

# %% [exercise] id="shuffle" title="Predict: shuffle the input" points=1 function="unshuffle"


# %% [solution]
def unshuffle(shuffled_output, order):
    return shuffled_output[np.argsort(order)]


# %% [hidden]
def cases(rng):
    found = []
    for n in rng.integers(4, 12, size=4):
        order = rng.permutation(n)
        while np.array_equal(order[order], np.arange(n)):  # its own inverse
            order = rng.permutation(n)
        found.append((rng.normal(size=(n, 3)), order))
    return found


# %% [wrong] name="shuffles-again" expect="use the inverse order"
def unshuffle(shuffled_output, order):
    return shuffled_output[order]


# %% [wrong] name="does-nothing" expect="nothing has been put back"
def unshuffle(shuffled_output, order):
    return shuffled_output


# %% [wrong] name="reverses" expect="belongs to word order"
def unshuffle(shuffled_output, order):
    return shuffled_output[::-1]
