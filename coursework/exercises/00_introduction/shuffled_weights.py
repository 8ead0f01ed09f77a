import numpy as np

# %% [exercise] id="shuffled-weights" title="Why the MLP did not notice" points=1 function="shuffled_weights"


# %% [solution]
def shuffled_weights(weights, order):
    return weights[order]


# %% [hidden]
TOLERANCE = 1e-12


def cases(rng):
    return [(rng.normal(size=(n, 3)), rng.permutation(n)) for n in (4, 9, 16)]


# %% [wrong] name="unchanged" expect="these are the old weights"
def shuffled_weights(weights, order):
    return weights


# %% [wrong] name="columns" expect="columns lead to outputs"
def shuffled_weights(weights, order):
    return weights[:, order]


# %% [wrong] name="inverse-order" expect="you undid the order"
def shuffled_weights(weights, order):
    return weights[np.argsort(order)]
