# %% [exercise] id="count" title="Predict: how many parameters?" points=2 function="count"

# %% [solution]
def count(n_words, n_embedding, n_units):
    return n_words * n_embedding + 4 * n_units * (n_embedding + n_units + 1) + n_units + 1


# %% [hidden]
TOLERANCE = 0


def cases(rng):
    return [tuple(int(n) for n in rng.integers(2, 300, size=3)) for _ in range(4)]


# %% [wrong] name="one-layer" expect="four such layers"
def count(n_words, n_embedding, n_units):
    return n_words * n_embedding + n_units * (n_embedding + n_units + 1) + n_units + 1


# %% [wrong] name="three-layers" expect="four layers, not three"
def count(n_words, n_embedding, n_units):
    return n_words * n_embedding + 3 * n_units * (n_embedding + n_units + 1) + n_units + 1


# %% [wrong] name="no-embedding" expect="the embedding's table is trained too"
def count(n_words, n_embedding, n_units):
    return 4 * n_units * (n_embedding + n_units + 1) + n_units + 1


# %% [wrong] name="no-biases" expect="the biases are missing"
def count(n_words, n_embedding, n_units):
    return n_words * n_embedding + 4 * n_units * (n_embedding + n_units) + n_units
