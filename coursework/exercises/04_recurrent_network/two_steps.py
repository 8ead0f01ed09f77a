import numpy as np

# %% [exercise] id="two-steps" title="Backwards through two steps" points=3 function="two_steps"


# %% [solution]
def two_steps(x_1, x_2, w, u):
    h_1 = np.tanh(w * x_1)
    h_2 = np.tanh(w * x_2 + u * h_1)
    delta_2 = 1 - h_2**2
    delta_1 = delta_2 * u * (1 - h_1**2)
    return delta_2 * x_2 + delta_1 * x_1, delta_2 * h_1


# %% [hidden]
TOLERANCE = 1e-9


def cases(rng):
    return [tuple(rng.normal(size=4)) for _ in range(5)]


# %% [wrong] name="second-step-only" expect="w was used at the first step too"
def two_steps(x_1, x_2, w, u):
    h_1 = np.tanh(w * x_1)
    h_2 = np.tanh(w * x_2 + u * h_1)
    return (1 - h_2**2) * x_2, (1 - h_2**2) * h_1


# %% [wrong] name="first-step-only" expect="add both ways"
def two_steps(x_1, x_2, w, u):
    h_1 = np.tanh(w * x_1)
    h_2 = np.tanh(w * x_2 + u * h_1)
    return (1 - h_2**2) * u * (1 - h_1**2) * x_1, (1 - h_2**2) * h_1


# %% [wrong] name="one-slope" expect="meets a second slope"
def two_steps(x_1, x_2, w, u):
    h_1 = np.tanh(w * x_1)
    h_2 = np.tanh(w * x_2 + u * h_1)
    return (1 - h_2**2) * (x_2 + u * x_1), (1 - h_2**2) * h_1


# %% [wrong] name="no-recurrent-weight" expect="multiplied by u"
def two_steps(x_1, x_2, w, u):
    h_1 = np.tanh(w * x_1)
    h_2 = np.tanh(w * x_2 + u * h_1)
    return (1 - h_2**2) * (x_2 + (1 - h_1**2) * x_1), (1 - h_2**2) * h_1


# %% [wrong] name="no-slope-for-u" expect="slope of the second tanh is missing"
def two_steps(x_1, x_2, w, u):
    h_1 = np.tanh(w * x_1)
    h_2 = np.tanh(w * x_2 + u * h_1)
    return (1 - h_2**2) * (x_2 + u * (1 - h_1**2) * x_1), h_1
