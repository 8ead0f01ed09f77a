import numpy as np

# %% [exercise] id="one-hot" title="One-hot times matrix" points=2 function="look_up"


# %% [solution]
def look_up(codes, table):
    one_hot = np.asarray(codes)[..., None] == np.arange(len(table))
    return one_hot.astype(float) @ table


# %% [hidden]
TOLERANCE = 1e-9


def cases(rng):
    arguments = []
    for _ in range(3):
        n_words, n_embedding, n_texts, n_steps = rng.integers(2, 9, size=4)
        table = rng.normal(size=(n_words, n_embedding))
        arguments.append((rng.integers(-1, n_words + 1, size=(n_texts, n_steps)), table))
    return arguments


# %% [wrong] name="one-hot-only" expect="multiply them by the table"
def look_up(codes, table):
    return (np.asarray(codes)[..., None] == np.arange(len(table))).astype(float)


# %% [wrong] name="summed-over-steps" expect="do not sum over the steps"
def look_up(codes, table):
    one_hot = np.asarray(codes)[..., None] == np.arange(len(table))
    return (one_hot.astype(float) @ table).sum(axis=1)


# %% [wrong] name="begins-at-one" expect="numbers begin at 0"
def look_up(codes, table):
    one_hot = np.maximum(np.asarray(codes) - 1, 0)[..., None] == np.arange(len(table))
    return one_hot.astype(float) @ table


# %% [wrong] name="clipped" expect="outside the table shall give zeros"
def look_up(codes, table):
    return table[np.clip(codes, 0, len(table) - 1)]
