# %% [exercise] id="convolution-cost" title="Equal parameters, unequal work" points=1 function="convolution_cost"

# %% [solution]
def convolution_cost(n_places, n_in, n_out, window):
    weights = window * n_in * n_out
    return weights + n_out, n_places * weights


# %% [hidden]
TOLERANCE = 0


def cases(rng):
    return [tuple(int(n) for n in rng.integers(2, 50, size=3)) + (int(k),) for k in (1, 3, 5)]


# %% [wrong] name="no-biases" expect="the biases are missing"
def convolution_cost(n_places, n_in, n_out, window):
    weights = window * n_in * n_out
    return weights, n_places * weights


# %% [wrong] name="stored-everywhere" expect="they are stored once"
def convolution_cost(n_places, n_in, n_out, window):
    weights = window * n_in * n_out
    return n_places * weights + n_out, n_places * weights


# %% [wrong] name="one-place" expect="work at one place"
def convolution_cost(n_places, n_in, n_out, window):
    weights = window * n_in * n_out
    return weights + n_out, weights


# %% [wrong] name="biases-multiplied" expect="biases are added, not multiplied"
def convolution_cost(n_places, n_in, n_out, window):
    weights = window * n_in * n_out
    return weights + n_out, n_places * (weights + n_out)
