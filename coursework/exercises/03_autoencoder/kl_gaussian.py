import numpy as np

# %% [exercise] id="kl-gaussian" title="The price of a code" points=2 function="kl_nats"


# %% [solution]
def kl_nats(mean, log_variance):
    return 0.5 * np.sum(mean**2 + np.exp(log_variance) - 1 - log_variance, axis=1)


# %% [hidden]
TOLERANCE = 1e-8


def cases(rng):
    return [
        (rng.normal(scale=2, size=(n_images, size)), rng.normal(size=(n_images, size)))
        for n_images, size in [(1, 1), (5, 3), (8, 16)]
    ]


# %% [wrong] name="no-minus-one" expect="is the minus one there"
def kl_nats(mean, log_variance):
    return 0.5 * np.sum(mean**2 + np.exp(log_variance) - log_variance, axis=1)


# %% [wrong] name="no-half" expect="one half is missing"
def kl_nats(mean, log_variance):
    return np.sum(mean**2 + np.exp(log_variance) - 1 - log_variance, axis=1)


# %% [wrong] name="deviation-for-variance" expect="is the variance already"
def kl_nats(mean, log_variance):
    return 0.5 * np.sum(mean**2 + np.exp(log_variance / 2) - 1 - log_variance, axis=1)


# %% [wrong] name="sign-of-the-logarithm" expect="never negative"
def kl_nats(mean, log_variance):
    return 0.5 * np.sum(mean**2 + np.exp(log_variance) - 1 + log_variance, axis=1)


# %% [wrong] name="averaged-over-images" expect="one number for each of the three images"
def kl_nats(mean, log_variance):
    return 0.5 * np.mean(np.sum(mean**2 + np.exp(log_variance) - 1 - log_variance, axis=1))
