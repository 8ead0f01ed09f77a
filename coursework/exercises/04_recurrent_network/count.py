# %% [exercise] id="count" title="Predict: how many parameters?" points=2 function="count"

# %% [solution]
def count(n_characters, n_embedding, n_units, n_steps):
    table = n_characters * n_embedding
    recurrent = n_units * (n_embedding + n_units + 1)
    return table + recurrent + (n_units + 1) * n_characters


# %% [hidden]
TOLERANCE = 0


def cases(rng):
    return [tuple(int(n) for n in rng.integers(2, 300, size=4)) for _ in range(4)]


# %% [wrong] name="weights-per-step" expect="the number of steps does not enter"
def count(n_characters, n_embedding, n_units, n_steps):
    recurrent = n_units * (n_embedding + n_units + 1)
    return n_characters * n_embedding + n_steps * recurrent + (n_units + 1) * n_characters


# %% [wrong] name="no-biases" expect="the biases are missing"
def count(n_characters, n_embedding, n_units, n_steps):
    return n_characters * n_embedding + n_units * (n_embedding + n_units) + n_units * n_characters


# %% [wrong] name="no-recurrent-weights" expect="the recurrent weights are missing"
def count(n_characters, n_embedding, n_units, n_steps):
    return n_characters * n_embedding + n_units * (n_embedding + 1) + (n_units + 1) * n_characters


# %% [wrong] name="no-embedding" expect="the embedding's table is trained too"
def count(n_characters, n_embedding, n_units, n_steps):
    return n_units * (n_embedding + n_units + 1) + (n_units + 1) * n_characters
