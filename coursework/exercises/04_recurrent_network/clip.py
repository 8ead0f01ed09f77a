import numpy as np

# %% [exercise] id="clip" title="Clip by the norm of all" points=2 function="clip"


# %% [solution]
def clip(gradients, largest):
    norm = np.sqrt(sum(np.sum(gradient**2) for gradient in gradients))
    factor = min(1.0, largest / norm)
    return [factor * gradient for gradient in gradients]


# %% [hidden]
TOLERANCE = 1e-9


def cases(rng):
    arguments = []
    for largest in (0.1, 1.0, 1000.0):
        shapes = [tuple(rng.integers(1, 5, size=2)) for _ in range(3)]
        arguments.append(([rng.normal(size=shape) for shape in shapes], largest))
    return arguments


# %% [wrong] name="each-by-itself" expect="each array was clipped by itself"
def clip(gradients, largest):
    return [gradient * min(1.0, largest / np.linalg.norm(gradient)) for gradient in gradients]


# %% [wrong] name="number-by-number" expect="each number was cut off"
def clip(gradients, largest):
    return [np.clip(gradient, -largest, largest) for gradient in gradients]


# %% [wrong] name="no-root" expect="the root is missing"
def clip(gradients, largest):
    squares = sum(np.sum(gradient**2) for gradient in gradients)
    return [gradient * min(1.0, largest / squares) for gradient in gradients]


# %% [wrong] name="always-scaled" expect="never enlarge them"
def clip(gradients, largest):
    norm = np.sqrt(sum(np.sum(gradient**2) for gradient in gradients))
    return [gradient * largest / norm for gradient in gradients]
