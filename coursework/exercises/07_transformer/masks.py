import numpy as np

# %% [exercise] id="masks" title="Both masks" points=2 function="decoder_mask"


# %% [solution]
def decoder_mask(rows):
    n_steps = rows.shape[1]
    is_past = np.tril(np.ones((n_steps, n_steps), bool))
    return is_past & (rows != 0)[:, None, :]


# %% [hidden]
def cases(rng):
    found = []
    for n_steps in rng.integers(2, 9, size=4):
        rows = rng.integers(1, 9, size=(4, n_steps))
        lengths = rng.integers(1, n_steps + 1, size=4)
        found.append((np.where(np.arange(n_steps) < lengths[:, None], rows, 0),))
    return found


# %% [wrong] name="future" expect="step 0 must not see step 1"
def decoder_mask(rows):
    return np.repeat((rows != 0)[:, None, :], rows.shape[1], axis=1)


# %% [wrong] name="padding-seen" expect="nobody may see padding"
def decoder_mask(rows):
    n_steps = rows.shape[1]
    return np.repeat(np.tril(np.ones((1, n_steps, n_steps), bool)), len(rows), axis=0)


# %% [wrong] name="hides-what-may-be-seen" expect="the other way round"
def decoder_mask(rows):
    n_steps = rows.shape[1]
    is_past = np.tril(np.ones((n_steps, n_steps), bool))
    return ~(is_past & (rows != 0)[:, None, :])


# %% [wrong] name="not-itself" expect="every word may see itself"
def decoder_mask(rows):
    n_steps = rows.shape[1]
    is_past = np.tril(np.ones((n_steps, n_steps), bool), k=-1)
    return is_past & (rows != 0)[:, None, :]
