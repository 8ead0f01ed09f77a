import numpy as np

# %% [exercise] id="cell" title="The cell" points=3 function="one_step"


# %% [solution]
def one_step(x, h, c, kernel, recurrent, bias):
    i, f, g, o = np.split(x @ kernel + h @ recurrent + bias, 4, axis=-1)
    i, f, o = (1 / (1 + np.exp(-z)) for z in (i, f, o))
    c = f * c + i * np.tanh(g)
    return o * np.tanh(c), c


# %% [hidden]
TOLERANCE = 1e-8


def cases(rng):
    arguments = []
    for _ in range(3):
        n_sequences, n_features, n_units = rng.integers(2, 7, size=3)
        arguments.append(
            (
                rng.normal(size=(n_sequences, n_features)),
                rng.normal(size=(n_sequences, n_units)),
                rng.normal(size=(n_sequences, n_units)),
                rng.normal(size=(n_features, 4 * n_units)),
                rng.normal(size=(n_units, 4 * n_units)),
                rng.normal(size=4 * n_units),
            )
        )
    return arguments


# %% [wrong] name="input-and-forget-exchanged" expect="input and forget gate are exchanged"
def one_step(x, h, c, kernel, recurrent, bias):
    f, i, g, o = np.split(x @ kernel + h @ recurrent + bias, 4, axis=-1)
    i, f, o = (1 / (1 + np.exp(-z)) for z in (i, f, o))
    c = f * c + i * np.tanh(g)
    return o * np.tanh(c), c


# %% [wrong] name="candidate-last" expect="the candidate is the third quarter"
def one_step(x, h, c, kernel, recurrent, bias):
    i, f, o, g = np.split(x @ kernel + h @ recurrent + bias, 4, axis=-1)
    i, f, o = (1 / (1 + np.exp(-z)) for z in (i, f, o))
    c = f * c + i * np.tanh(g)
    return o * np.tanh(c), c


# %% [wrong] name="sigmoid-candidate" expect="the candidate is a tanh"
def one_step(x, h, c, kernel, recurrent, bias):
    i, f, g, o = np.split(1 / (1 + np.exp(-(x @ kernel + h @ recurrent + bias))), 4, axis=-1)
    c = f * c + i * g
    return o * np.tanh(c), c


# %% [wrong] name="no-tanh-of-c" expect="passes through a tanh"
def one_step(x, h, c, kernel, recurrent, bias):
    i, f, g, o = np.split(x @ kernel + h @ recurrent + bias, 4, axis=-1)
    i, f, o = (1 / (1 + np.exp(-z)) for z in (i, f, o))
    c = f * c + i * np.tanh(g)
    return o * c, c


# %% [wrong] name="old-cell-state-shown" expect="with the new c"
def one_step(x, h, c, kernel, recurrent, bias):
    i, f, g, o = np.split(x @ kernel + h @ recurrent + bias, 4, axis=-1)
    i, f, o = (1 / (1 + np.exp(-z)) for z in (i, f, o))
    return o * np.tanh(c), f * c + i * np.tanh(g)


# %% [wrong] name="states-exchanged" expect="h comes first"
def one_step(x, h, c, kernel, recurrent, bias):
    i, f, g, o = np.split(x @ kernel + h @ recurrent + bias, 4, axis=-1)
    i, f, o = (1 / (1 + np.exp(-z)) for z in (i, f, o))
    c = f * c + i * np.tanh(g)
    return c, o * np.tanh(c)
