import numpy as np

# %% [exercise] id="counter" title="A counter by hand" points=3 function="counter"


# %% [solution]
def counter():
    kernel = np.array([[-60, -60, 0, 0], [0, 0, 30, 0]])
    return kernel, np.array([30, 30, 0, 0])


# %% [hidden]
def cases(rng):
    return [(), ()]


def compare(expected, actual, arguments):
    kernel, bias = (np.asarray(values, float) for values in actual)
    if kernel.shape != (2, 4) or bias.shape != (4,):
        return "return a kernel of shape (2, 4) and a bias of shape (4,)"
    state, truth = 0.0, 0
    for letter in np.random.default_rng(len(kernel)).integers(0, 8, 400) > 0:
        i, f, g, _ = kernel[int(letter)] + bias
        state = state / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i))
        truth = truth + 1 if letter else 0
        if abs(state - truth) > 1e-2:
            return f"the count should be {truth}, the cell state is {state:.2f}"
    return None


# %% [wrong] name="never-cleared" expect="close the forget gate"
def counter():
    kernel = np.array([[-60, 0, 0, 0], [0, 0, 30, 0]])
    return kernel, np.array([30, 30, 0, 0])


# %% [wrong] name="first-letter-counted" expect="close the input gate there"
def counter():
    kernel = np.array([[0, -60, 30, 0], [0, 0, 30, 0]])
    return kernel, np.array([30, 30, 0, 0])


# %% [wrong] name="weak-gates" expect="use larger weights"
def counter():
    kernel = np.array([[-60, -60, 0, 0], [0, 0, 30, 0]])
    return kernel, np.array([30, 7, 0, 0])
