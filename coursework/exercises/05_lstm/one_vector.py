import numpy as np

# %% [exercise] id="one-vector" title="Why one vector fails" points=2 function="longest_message"


# %% [solution]
def longest_message(n_units, n_levels):
    # A trained encoder fails earlier: it must find such a code by gradient descent, leave it
    # undisturbed while it reads on, and use vectors far enough apart for the decoder.
    return len(str(n_levels**n_units)) - 1


# %% [hidden]
TOLERANCE = 0


def cases(rng):
    return [(int(rng.integers(2, 200)), int(rng.integers(2, 20))) for _ in range(5)]


# %% [wrong] name="two-levels" expect="use `n_levels`"
def longest_message(n_units, n_levels):
    return len(str(2**n_units)) - 1


# %% [wrong] name="added" expect="units combine by multiplication"
def longest_message(n_units, n_levels):
    return int(np.log10(n_levels * n_units))


# %% [wrong] name="rounded-up" expect="round down"
def longest_message(n_units, n_levels):
    return len(str(n_levels**n_units))


# %% [wrong] name="natural-logarithm" expect="the logarithm to base 10"
def longest_message(n_units, n_levels):
    return int(n_units * np.log(n_levels))
