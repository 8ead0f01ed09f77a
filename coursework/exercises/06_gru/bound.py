import numpy as np

# %% [exercise] id="bound" title="Explain: why the state cannot count" points=2 function="highest_count"


# %% [solution]
def highest_count(gap):
    return int(np.floor(2 / gap + 1e-9))


# %% [hidden]
TOLERANCE = 0


def cases(rng):
    return [(float(2 / (n + 0.3)),) for n in rng.integers(1, 60, size=4)]


# %% [wrong] name="counts-for-gaps" expect="n + 1 values have n gaps"
def highest_count(gap):
    return int(np.floor(2 / gap + 1e-9)) + 1


# %% [wrong] name="half-the-interval" expect="the interval from -1 to 1 is 2 long"
def highest_count(gap):
    return int(np.floor(1 / gap + 1e-9))


# %% [wrong] name="not-rounded" expect="round down to a whole number"
def highest_count(gap):
    return 2 / gap
