import numpy as np

# %% [exercise] id="svd-code" title="A code without training" points=2 function="linear_return"


# %% [solution]
def linear_return(rows, size):
    mean = rows.mean(axis=0)
    kept = np.linalg.svd(rows - mean, full_matrices=False)[2][:size]
    return (rows - mean) @ kept.T @ kept + mean


# %% [hidden]
TOLERANCE = 1e-8


def cases(rng):
    arguments = []
    for n_rows, n_columns, size in [(12, 4, 1), (30, 7, 3), (9, 5, 5)]:
        scales = np.sort(rng.uniform(0.5, 5, size=n_columns)) * np.arange(1, n_columns + 1)
        rows = rng.normal(size=(n_rows, n_columns)) * scales
        turn = np.linalg.qr(rng.normal(size=(n_columns, n_columns)))[0]
        arguments.append((rows @ turn + rng.normal(size=n_columns), size))
    return arguments


# %% [wrong] name="mean-not-restored" expect="subtract it before coding and add it after"
def linear_return(rows, size):
    centred = rows - rows.mean(axis=0)
    kept = np.linalg.svd(centred, full_matrices=False)[2][:size]
    return centred @ kept.T @ kept


# %% [wrong] name="codes-only" expect="decode the codes again"
def linear_return(rows, size):
    centred = rows - rows.mean(axis=0)
    return centred @ np.linalg.svd(centred, full_matrices=False)[2][:size].T


# %% [wrong] name="weakest-directions" expect="the strongest come first"
def linear_return(rows, size):
    mean = rows.mean(axis=0)
    kept = np.linalg.svd(rows - mean, full_matrices=False)[2][-size:]
    return (rows - mean) @ kept.T @ kept + mean


# %% [wrong] name="first-columns" expect="sum of the squared singular values left out"
def linear_return(rows, size):
    mean = rows.mean(axis=0)
    kept = np.eye(rows.shape[1])[:size]
    return (rows - mean) @ kept.T @ kept + mean
