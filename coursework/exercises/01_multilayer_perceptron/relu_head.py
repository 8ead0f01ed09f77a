import numpy as np

# %% [exercise] id="relu-head" title="Predict: where a ReLU head is deaf" points=2 function="share_without_gradient"


# %% [solution]
def share_without_gradient(sums, targets):
    return np.mean((sums <= 0) | (sums == targets))


# %% [hidden]
TOLERANCE = 1e-9


def cases(rng):
    arguments = []
    for n_examples in (5, 40):
        sums = rng.normal(size=n_examples)
        targets = rng.normal(size=n_examples)
        met = rng.random(n_examples) < 0.3
        targets[met] = sums[met]
        arguments.append((sums, targets))
    return arguments


# %% [wrong] name="only-when-the-target-is-negative-too" expect="a head that is silent stays silent"
def share_without_gradient(sums, targets):
    return np.mean((sums <= 0) & (targets <= 0))


# %% [wrong] name="all-negative-targets" expect="negative targets still give a gradient"
def share_without_gradient(sums, targets):
    return np.mean((sums <= 0) | (targets < 0))


# %% [wrong] name="forgot-the-met-target" expect="meets its target exactly"
def share_without_gradient(sums, targets):
    return np.mean(sums <= 0)


# %% [wrong] name="one-flag-per-example" expect="one number"
def share_without_gradient(sums, targets):
    return (sums <= 0) | (sums == targets)
