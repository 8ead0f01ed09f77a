import numpy as np

# %% [exercise] id="half-life" title="Why clipping cannot revive it" points=2 function="influence"


# %% [solution]
def influence(factor, n_steps, largest):
    return np.log(0.5) / np.log(factor), factor**n_steps


# %% [hidden]
TOLERANCE = 1e-9


def cases(rng):
    return [
        (float(rng.uniform(0.5, 0.99)), int(rng.integers(1, 60)), float(rng.uniform(0.01, 2)))
        for _ in range(4)
    ]


# %% [wrong] name="equal-amounts" expect="does not fall by equal amounts"
def influence(factor, n_steps, largest):
    return 0.5 / (1 - factor), factor**n_steps


# %% [wrong] name="upside-down" expect="upside down"
def influence(factor, n_steps, largest):
    return np.log(factor) / np.log(0.5), factor**n_steps


# %% [wrong] name="wrong-sign" expect="a half-life is positive"
def influence(factor, n_steps, largest):
    return np.log(2) / np.log(factor), factor**n_steps


# %% [wrong] name="not-divided" expect="divide it by the present one"
def influence(factor, n_steps, largest):
    scale = min(1, largest / np.hypot(1, factor**n_steps))
    return np.log(0.5) / np.log(factor), factor**n_steps * scale


# %% [wrong] name="each-by-itself" expect="one factor serves both"
def influence(factor, n_steps, largest):
    early, present = min(factor**n_steps, largest), min(1, largest)
    return np.log(0.5) / np.log(factor), early / present
