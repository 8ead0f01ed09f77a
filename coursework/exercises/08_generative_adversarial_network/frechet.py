import numpy as np

# %% [exercise] id="frechet" title="Fréchet distance without correlations" points=2 function="diagonal_frechet"


# %% [solution]
def diagonal_frechet(mean_1, variances_1, mean_2, variances_2):
    widths = np.sqrt(variances_1) - np.sqrt(variances_2)
    return np.sum((mean_1 - mean_2) ** 2) + np.sum(widths**2)


# %% [hidden]
TOLERANCE = 1e-9


def cases(rng):
    found = []
    for n in rng.integers(1, 8, size=4):
        means, variances = rng.normal(size=(2, n)), rng.uniform(0.1, 4, size=(2, n))
        found.append((means[0], variances[0], means[1], variances[1]))
    return found


# %% [wrong] name="variances-compared" expect="compares their square roots"
def diagonal_frechet(mean_1, variances_1, mean_2, variances_2):
    return np.sum((mean_1 - mean_2) ** 2) + np.sum((variances_1 - variances_2) ** 2)


# %% [wrong] name="not-summed" expect="return one number"
def diagonal_frechet(mean_1, variances_1, mean_2, variances_2):
    return (mean_1 - mean_2) ** 2 + (np.sqrt(variances_1) - np.sqrt(variances_2)) ** 2


# %% [wrong] name="no-product" expect="the root of the product is missing"
def diagonal_frechet(mean_1, variances_1, mean_2, variances_2):
    return np.sum((mean_1 - mean_2) ** 2) + np.sum(variances_1 + variances_2)


# %% [wrong] name="means-not-squared" expect="enters squared"
def diagonal_frechet(mean_1, variances_1, mean_2, variances_2):
    widths = np.sqrt(variances_1) - np.sqrt(variances_2)
    return np.sqrt(np.sum((mean_1 - mean_2) ** 2)) + np.sum(widths**2)
