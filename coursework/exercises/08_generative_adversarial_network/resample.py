# %% [exercise] id="resample" title="Explain: why resampling misleads" points=2 function="expected_distinct"


# %% [solution]
def expected_distinct(n_images, n_drawn):
    return n_images * (1 - (1 - 1 / n_images) ** n_drawn)


# %% [hidden]
TOLERANCE = 1e-9


def cases(rng):
    return [(int(n), int(k)) for n, k in rng.integers(1, 200, size=(5, 2))]


# %% [wrong] name="all-different" expect="the same image may come twice"
def expected_distinct(n_images, n_drawn):
    return min(n_images, n_drawn)


# %% [wrong] name="share" expect="return their number"
def expected_distinct(n_images, n_drawn):
    return 1 - (1 - 1 / n_images) ** n_drawn


# %% [wrong] name="missing" expect="return how many are there"
def expected_distinct(n_images, n_drawn):
    return n_images * (1 - 1 / n_images) ** n_drawn
