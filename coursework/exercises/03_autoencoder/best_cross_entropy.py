import numpy as np

# %% [exercise] id="best-cross-entropy" title="Explain: the lowest cross-entropy" points=2 function="lowest_cross_entropy"


# %% [solution]
def lowest_cross_entropy(targets):
    grey = targets[(targets > 0) & (targets < 1)]
    return -np.sum(grey * np.log(grey) + (1 - grey) * np.log(1 - grey)) / targets.size


# %% [hidden]
TOLERANCE = 1e-5


def cases(rng):
    grey = rng.random((3, 4, 4))
    mixed = np.clip(rng.normal(0.5, 0.6, (2, 5, 5)), 0, 1)
    return [(grey,), (mixed,), (rng.integers(0, 2, 7).astype(float),)]


# %% [wrong] name="perfect-is-zero" expect="even a perfect return of grey costs"
def lowest_cross_entropy(targets):
    return 0.0


# %% [wrong] name="white-term-only" expect="the second term counts too"
def lowest_cross_entropy(targets):
    grey = targets[(targets > 0) & (targets < 1)]
    return -np.sum(grey * np.log(grey)) / targets.size


# %% [wrong] name="bits" expect="nats, please"
def lowest_cross_entropy(targets):
    grey = targets[(targets > 0) & (targets < 1)]
    return -np.sum(grey * np.log2(grey) + (1 - grey) * np.log2(1 - grey)) / targets.size


# %% [wrong] name="grey-only-average" expect="black and white included"
def lowest_cross_entropy(targets):
    grey = targets[(targets > 0) & (targets < 1)]
    return -np.sum(grey * np.log(grey) + (1 - grey) * np.log(1 - grey)) / max(grey.size, 1)


# %% [wrong] name="zero-times-infinity" expect="0 log 0, which counts as 0"
def lowest_cross_entropy(targets):
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.mean(targets * np.log(targets) + (1 - targets) * np.log(1 - targets))
