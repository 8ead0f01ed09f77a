import numpy as np
from scipy import special, stats

# %% [exercise] id="best-judge" title="The best discriminator" points=3 function="best_discriminator"


# %% [solution]
def best_discriminator(x, real_mean, real_width, fake_mean, fake_width):
    log_real = -((x - real_mean) ** 2) / (2 * real_width**2) - np.log(real_width)
    log_fake = -((x - fake_mean) ** 2) / (2 * fake_width**2) - np.log(fake_width)
    return special.expit(log_real - log_fake)


# %% [hidden]
TOLERANCE = 1e-9


def cases(rng):
    found = []
    for reach in (1.0, 3.0, 3.0, 60.0):
        means, widths = rng.normal(0, 2, size=2), rng.uniform(0.3, 2, size=2)
        x = reach * rng.normal(size=rng.integers(3, 9))
        found.append((x, means[0], widths[0], means[1], widths[1]))
    return found


# %% [wrong] name="other-way-round" expect="p belongs into the numerator"
def best_discriminator(x, real_mean, real_width, fake_mean, fake_width):
    log_real = -((x - real_mean) ** 2) / (2 * real_width**2) - np.log(real_width)
    log_fake = -((x - fake_mean) ** 2) / (2 * fake_width**2) - np.log(fake_width)
    return special.expit(log_fake - log_real)


# %% [wrong] name="ratio-of-densities" expect="when both densities are equal"
def best_discriminator(x, real_mean, real_width, fake_mean, fake_width):
    return stats.norm.pdf(x, real_mean, real_width) / stats.norm.pdf(x, fake_mean, fake_width)


# %% [wrong] name="widths-forgotten" expect="each is divided by its width"
def best_discriminator(x, real_mean, real_width, fake_mean, fake_width):
    log_real = -((x - real_mean) ** 2) / (2 * real_width**2)
    log_fake = -((x - fake_mean) ** 2) / (2 * fake_width**2)
    return special.expit(log_real - log_fake)


# %% [wrong] name="underflow" expect="subtract log densities"
def best_discriminator(x, real_mean, real_width, fake_mean, fake_width):
    p, q = stats.norm.pdf(x, real_mean, real_width), stats.norm.pdf(x, fake_mean, fake_width)
    with np.errstate(all="ignore"):
        return p / (p + q)
