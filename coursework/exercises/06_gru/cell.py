import numpy as np

# %% [exercise] id="cell" title="The GRU, in both forms" points=3 function="one_step"


# %% [solution]
def one_step(x, h, kernel, recurrent, bias, reset_after):
    cut = 2 * h.shape[1]
    from_x, from_h = x @ kernel + bias[0], h @ recurrent + bias[1]
    z, r = np.split(1 / (1 + np.exp(-(from_x + from_h)[:, :cut])), 2, axis=1)
    if reset_after:
        g = np.tanh(from_x[:, cut:] + r * from_h[:, cut:])
    else:
        g = np.tanh(from_x[:, cut:] + (r * h) @ recurrent[:, cut:] + bias[1, cut:])
    return z * h + (1 - z) * g


# %% [hidden]
TOLERANCE = 1e-8


def cases(rng):
    arguments = []
    for reset_after in (False, True, False, True):
        n_sequences, n_features, n_units = rng.integers(2, 7, size=3)
        arguments.append(
            (
                rng.normal(size=(n_sequences, n_features)),
                rng.normal(size=(n_sequences, n_units)),
                rng.normal(size=(n_features, 3 * n_units)),
                rng.normal(size=(n_units, 3 * n_units)),
                rng.normal(size=(2, 3 * n_units)),
                reset_after,
            )
        )
    return arguments


# %% [wrong] name="keep-and-write-exchanged" expect="z keeps the old state"
def one_step(x, h, kernel, recurrent, bias, reset_after):
    cut = 2 * h.shape[1]
    from_x, from_h = x @ kernel + bias[0], h @ recurrent + bias[1]
    z, r = np.split(1 / (1 + np.exp(-(from_x + from_h)[:, :cut])), 2, axis=1)
    if reset_after:
        g = np.tanh(from_x[:, cut:] + r * from_h[:, cut:])
    else:
        g = np.tanh(from_x[:, cut:] + (r * h) @ recurrent[:, cut:] + bias[1, cut:])
    return (1 - z) * h + z * g


# %% [wrong] name="always-after" expect="reset before: this is the other form"
def one_step(x, h, kernel, recurrent, bias, reset_after):
    cut = 2 * h.shape[1]
    from_x, from_h = x @ kernel + bias[0], h @ recurrent + bias[1]
    z, r = np.split(1 / (1 + np.exp(-(from_x + from_h)[:, :cut])), 2, axis=1)
    g = np.tanh(from_x[:, cut:] + r * from_h[:, cut:])
    return z * h + (1 - z) * g


# %% [wrong] name="reset-first" expect="the update gate comes first"
def one_step(x, h, kernel, recurrent, bias, reset_after):
    cut = 2 * h.shape[1]
    from_x, from_h = x @ kernel + bias[0], h @ recurrent + bias[1]
    z, r = np.split(1 / (1 + np.exp(-(from_x + from_h)[:, :cut])), 2, axis=1)
    if reset_after:
        g = np.tanh(from_x[:, cut:] + r * from_h[:, cut:])
    else:
        g = np.tanh(from_x[:, cut:] + (r * h) @ recurrent[:, cut:] + bias[1, cut:])
    return r * h + (1 - r) * g
