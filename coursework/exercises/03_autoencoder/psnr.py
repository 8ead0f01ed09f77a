import numpy as np

# %% [exercise] id="psnr" title="Decibels" points=1 function="psnr"


# %% [solution]
def psnr(returned, originals, largest=1.0):
    errors = np.mean((returned - originals) ** 2, axis=(1, 2))
    return np.mean(10 * np.log10(largest**2 / errors))


# %% [hidden]
TOLERANCE = 1e-8


def cases(rng):
    arguments = []
    for n_images, largest in [(1, 1.0), (4, 255.0), (6, 7.0)]:
        originals = largest * rng.random((n_images, 5, 4))
        noise = largest * rng.normal(size=originals.shape)
        strengths = rng.uniform(0.01, 0.5, (n_images, 1, 1))
        arguments.append((originals + strengths * noise, originals, largest))
    return arguments


# %% [wrong] name="pooled-error" expect="each image gets its own decibels first"
def psnr(returned, originals, largest=1.0):
    return 10 * np.log10(largest**2 / np.mean((returned - originals) ** 2))


# %% [wrong] name="natural-logarithm" expect="logarithm to base 10"
def psnr(returned, originals, largest=1.0):
    errors = np.mean((returned - originals) ** 2, axis=(1, 2))
    return np.mean(10 * np.log(largest**2 / errors))


# %% [wrong] name="root-mean-square" expect="the error is squared"
def psnr(returned, originals, largest=1.0):
    errors = np.sqrt(np.mean((returned - originals) ** 2, axis=(1, 2)))
    return np.mean(10 * np.log10(largest / errors))


# %% [wrong] name="largest-not-squared" expect="divide largest squared by the MSE"
def psnr(returned, originals, largest=1.0):
    errors = np.mean((returned - originals) ** 2, axis=(1, 2))
    return np.mean(10 * np.log10(largest / errors))


# %% [wrong] name="one-per-image" expect="the mean over the images"
def psnr(returned, originals, largest=1.0):
    return 10 * np.log10(largest**2 / np.mean((returned - originals) ** 2, axis=(1, 2)))
