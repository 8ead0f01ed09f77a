import numpy as np

# %% [exercise] id="by-hand" title="One step with a pencil" points=2 function="pencil"


# %% [solution]
def pencil():
    z = r = 1 / (1 + np.exp(-0.75))
    g = np.tanh(0.5 + r * 0.25)
    return z, r, g, z * 0.5 + (1 - z) * g


# %% [hidden]
TOLERANCE = 2e-3


def cases(rng):
    return [()]


# %% [wrong] name="without-the-state" expect="z also hears the old state"
def pencil():
    z = r = 1 / (1 + np.exp(-0.5))
    g = np.tanh(0.5 + r * 0.25)
    return z, r, g, z * 0.5 + (1 - z) * g


# %% [wrong] name="no-reset" expect="r times the old state"
def pencil():
    z = r = 1 / (1 + np.exp(-0.75))
    g = np.tanh(0.75)
    return z, r, g, z * 0.5 + (1 - z) * g


# %% [wrong] name="keep-and-write-exchanged" expect="z keeps the old state"
def pencil():
    z = r = 1 / (1 + np.exp(-0.75))
    g = np.tanh(0.5 + r * 0.25)
    return z, r, g, (1 - z) * 0.5 + z * g
